//! What the eye sees of a cell beside its text: a format, a merge, a formula without a value.

/// Something a person sees in a cell, or misses there, that its text alone does not tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// A formula whose value was never calculated: there is nothing to read.
    NotCalculated,
    /// A number shown as a percentage.
    Percent,
    /// A number shown in a currency that is not the yuan: its sign or code, as the format spells it.
    Currency(Box<str>),
    /// A number that its format shows as something else than its amount: with words, scaled, or not at all.
    Otherwise,
    /// A number shown in scientific form.
    Scientific,
    /// A date or a time.
    Date,
    /// A number of more than 15 digits, of which the spreadsheet program lost the rest.
    DigitsLost,
    /// The value of a merge that begins in a row above.
    Merged,
    /// A merge that begins in another column: its value is what a person sees here.
    MergedAcross,
    /// A quoted cell of a CSV file with more text behind its closing quote.
    BehindQuote,
}
