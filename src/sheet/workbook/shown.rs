//! A number format into what a person sees of the number: a date, a percentage, a currency, a code of digits.

use std::sync::Arc;

use super::super::currency::{is_foreign_currency, is_home};

/// What a cell's number format shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Shown {
    /// The number, more or less.
    #[default]
    Number,
    /// A day, an hour, or both.
    Date,
    /// A span of hours, minutes and seconds.
    Duration,
    /// A percentage.
    Percent,
    /// An amount in a currency that is not the yuan.
    Currency(Arc<str>),
    /// A whole number as a code: zeros in front, signs between the digits.
    Code(Arc<str>),
    /// A number in scientific form.
    Scientific,
    /// Something else than the number: with words beside it, by thousands, or not at all.
    Otherwise,
}

impl Shown {
    /// What one of the formats shows that every spreadsheet program knows by number (ECMA-376, 18.8.30); what is a
    /// currency there is the one of the user's own system.
    pub fn built_in(id: u32) -> Self {
        match id {
            9 | 10 => Self::Percent,
            11 | 48 => Self::Scientific,
            14..=22 | 27..=36 | 45 | 47 | 50..=58 => Self::Date,
            46 => Self::Duration,
            _ => Self::Number,
        }
    }

    /// What a format's code shows of a number above zero: the first of its sections.
    pub fn of(code: &str) -> Self {
        if code.len() > LONGEST || code.to_ascii_lowercase().contains("general") || code.contains("通用") {
            return Self::Number;
        }
        let mut reading = Reading::default();
        let mut signs = code.chars();
        while let Some(sign) = signs.next() {
            match sign {
                ';' => break,
                '"' => reading.literal.extend(signs.by_ref().take_while(|sign| *sign != '"')),
                '\\' | '!' => reading.literal.extend(signs.next()),
                '_' | '*' => drop(signs.next()),
                '[' => {
                    let inside: String = signs.by_ref().take_while(|sign| *sign != ']').collect();
                    reading.bracket(&inside);
                }
                '%' | '％' => reading.percent = true,
                'E' | 'e' if signs.as_str().starts_with(['+', '-']) => reading.scientific = true,
                'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' | 'e' | 'g' => {
                    reading.date = true;
                    reading.words.push(sign);
                }
                '0' => {
                    reading.digit(sign);
                    reading.zeros += 1;
                    reading.code.push('0');
                }
                '@' => return Self::Number,
                ',' => reading.commas += 1,
                '#' | '?' | '.' | '/' => reading.digit(sign),
                other => reading.literal.push(other),
            }
            reading.keep_literal();
        }
        reading.shown()
    }

    /// Whether a code has words in it that are not the yuan's.
    pub fn has_words(&self) -> bool {
        let Self::Code(pattern) = self else { return false };
        let words: String = pattern.split(LITERAL).skip(1).filter_map(|part| part.chars().next()).collect();
        !words.trim().is_empty() && !is_home(&words)
    }

    /// The digits of a whole number as this format shows them; `None` where it shows no code, or not of this number.
    pub fn code_of(&self, number: f64) -> Option<String> {
        let Self::Code(pattern) = self else { return None };
        if !(0.0..1e15).contains(&number) || number.fract() != 0.0 {
            return None;
        }
        let mut signs = pattern.chars();
        let mut parts = Vec::new();
        while let Some(sign) = signs.next() {
            parts.push(if sign == LITERAL { signs.next() } else { None });
        }
        let zeros = parts.iter().filter(|literal| literal.is_none()).count();
        let digits = format!("{number:0zeros$}");
        let mut digits = digits.chars();
        // More digits than zeros: they all stand where the first zero does.
        let mut surplus = digits.as_str().len() - zeros;
        let mut code = String::new();
        for literal in parts {
            match literal {
                Some(sign) => code.push(sign),
                None => code.extend(digits.by_ref().take(1 + std::mem::take(&mut surplus))),
            }
        }
        Some(code)
    }
}

/// No spreadsheet program takes a longer code, in bytes.
const LONGEST: usize = 1024;

/// Stands before each literal sign of a [`Shown::Code`]'s pattern.
const LITERAL: char = '\u{1}';

/// What was found in a section so far.
#[derive(Default)]
struct Reading {
    literal: String,
    /// The same with the letters of dates among it: some programs write a currency's code without quotes.
    words: String,
    /// How much of `literal` is in `code` already.
    kept: usize,
    code: String,
    zeros: usize,
    currency: Option<String>,
    percent: bool,
    date: bool,
    duration: bool,
    scientific: bool,
    /// How many commas stand behind the last digit: each shows a thousandth of the number.
    commas: usize,
    /// The same before the point.
    scaled: bool,
    /// Whether there is a place for a digit.
    digits: bool,
    /// There is something in it that makes it no code of digits.
    plain: bool,
}

impl Reading {
    fn bracket(&mut self, inside: &str) {
        if let Some(currency) = inside.strip_prefix('$') {
            let (sign, locale) = currency.split_once('-').unwrap_or((currency, ""));
            let yen = locale.ends_with("411") || locale.to_ascii_lowercase().starts_with("ja");
            if !sign.is_empty() && (yen || !is_home(sign)) {
                self.currency = Some(sign.to_owned());
            }
            self.plain |= !sign.is_empty();
        } else if ["h", "hh", "m", "mm", "s", "ss"].iter().any(|span| inside.eq_ignore_ascii_case(span)) {
            self.duration = true;
        }
    }

    /// Takes in a place for a digit, or a sign that belongs to a number.
    fn digit(&mut self, sign: char) {
        self.plain |= self.commas > 0 || sign != '0';
        self.scaled |= self.commas > 0 && sign == '.';
        self.digits |= sign != '.';
        self.commas = 0;
    }

    fn keep_literal(&mut self) {
        for sign in self.literal[self.kept..].chars() {
            self.words.push(sign);
            self.code.extend([LITERAL, sign]);
        }
        self.kept = self.literal.len();
    }

    fn shown(self) -> Shown {
        let amount = self.zeros > 0 && !self.literal.contains(':');
        let words = self.words.trim();
        let foreign = || (amount && !is_home(words) && is_foreign_currency(words)).then(|| words.to_owned());
        let odd = !words.trim_matches(['-', '+', '(', ')', ' ', '\u{A0}']).is_empty() && !is_home(words);
        if self.duration {
            Shown::Duration
        } else if self.percent {
            Shown::Percent
        } else if let Some(sign) = self.currency.clone().or_else(foreign) {
            Shown::Currency(sign.into())
        } else if self.date && !amount {
            Shown::Date
        } else if self.scientific {
            Shown::Scientific
        } else if !self.plain && self.commas == 0 && !self.date && self.zeros > 0 && self.code != "0" {
            Shown::Code(self.code.into())
        } else if odd || self.scaled || self.commas > 0 || !self.digits {
            Shown::Otherwise
        } else {
            Shown::Number
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_shows_what_a_spreadsheet_program_shows() {
        let currency = |sign: &str| Shown::Currency(sign.into());
        for (code, shown) in [
            ("General", Shown::Number),
            ("G/通用格式", Shown::Number),
            ("0", Shown::Number),
            ("0.00", Shown::Number),
            ("#,##0.00_ ", Shown::Number),
            ("0.00E+00", Shown::Scientific),
            ("# ?/?", Shown::Number),
            ("@", Shown::Number),
            ("0%", Shown::Percent),
            ("0.00%;[Red]-0.00%", Shown::Percent),
            ("yyyy-mm-dd", Shown::Date),
            ("yyyy\"年\"m\"月\"d\"日\"", Shown::Date),
            ("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", Shown::Date),
            ("h:mm AM/PM", Shown::Date),
            ("[h]:mm:ss", Shown::Duration),
            ("mm:ss.0", Shown::Date),
            ("USD 0.00", currency("USD")),
            ("0.0\"折\"", Shown::Otherwise),
            ("0.00\"万\"", Shown::Otherwise),
            ("0.00,", Shown::Otherwise),
            ("#,##0,.00", Shown::Otherwise),
            ("0,,", Shown::Otherwise),
            ("\"免费\"", Shown::Otherwise),
            (";;;", Shown::Otherwise),
            ("\"¥\"0.00 \"港币\"", Shown::Otherwise),
            ("0.00\" yuan\"", Shown::Number),
            ("RMB 0.00", Shown::Number),
            ("\"$\"#,##0.00", currency("$")),
            ("$#,##0.00_);($#,##0.00)", currency("$")),
            ("[$$-409]#,##0.00", currency("$")),
            ("[$€-407] #,##0.00", currency("€")),
            ("#,##0.00 [$USD]", currency("USD")),
            ("[$¥-411]#,##0", currency("¥")),
            ("[$￥-ja-JP]#,##0", currency("￥")),
            ("0.00\"美元\"", currency("美元")),
            ("¥#,##0.00", Shown::Number),
            ("[$¥-804]#,##0.00", Shown::Number),
            ("[$CNY] #,##0.00", Shown::Number),
            ("_ \"¥\"* #,##0.00_ ;_ \"¥\"* \\-#,##0.00_ ", Shown::Number),
            ("0.00\"元\"", Shown::Number),
            ("\"RMB\"0.00", Shown::Number),
            ("[DBNum1][$-804]General", Shown::Number),
        ] {
            assert_eq!(Shown::of(code), shown, "{code}");
        }
    }

    #[test]
    fn the_formats_that_every_program_knows_by_number_show_what_their_codes_say() {
        for (id, code) in [
            (1, "0"),
            (4, "#,##0.00"),
            (9, "0%"),
            (11, "0.00E+00"),
            (14, "yyyy-mm-dd"),
            (48, "##0.0E+0"),
            (46, "[h]:mm:ss"),
            (49, "@"),
        ] {
            assert_eq!(Shown::built_in(id), Shown::of(code), "{code}");
        }
    }

    #[test]
    fn a_format_of_zeros_shows_a_code() {
        for (code, number, text) in [
            ("000000", 12.0, Some("000012")),
            ("000", 12345.0, Some("12345")),
            ("\"SKU-\"0000", 7.0, Some("SKU-0007")),
            ("000-0000", 1_234_567.0, Some("123-4567")),
            ("000-0000", 91_234_567.0, Some("9123-4567")),
            ("\"A0\"00", 5.0, Some("A005")),
            ("000000", 1.5, None),
            ("0\"元起\"", 99.0, Some("99元起")),
            ("000000", -1.0, None),
            ("0.00", 1.0, None),
        ] {
            assert_eq!(Shown::of(code).code_of(number).as_deref(), text, "{code}");
        }
    }
}
