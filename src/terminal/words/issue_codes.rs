//! The codes of issues of rows into what each means and what to do.

/// Issues of rows: code, meaning, remedy.
pub(super) static ISSUES: &[(&str, &str, &str)] = &[
    ("cell-error", "The cell holds the error of a formula.", "Mend the formula, or type the value."),
    (
        "cell-too-long",
        "The cell is longer than a spreadsheet's cell can be.",
        "Look for a quote that is never closed.",
    ),
    (
        "formula-not-calculated",
        "The cell holds a formula whose value was never calculated, so nothing is shown there.",
        "Open the file in Excel or WPS and save it, or type the value.",
    ),
    (
        "merged-filled",
        "The cell is part of a merge over several rows; the merge's value was read for each of them.",
        "Nothing has to be done, unless the rows differ: then take the merge apart.",
    ),
    (
        "merged-columns",
        "The cell is part of a merge over the columns of several fields; nobody can tell which one its value is for.",
        "Take the merge apart and fill each cell.",
    ),
    (
        "quote-misplaced",
        "Text stands behind the closing quote of a quoted cell of a CSV file.",
        "Double each quote that belongs to the text, or save the sheet as .xlsx.",
    ),
    (
        "row-ragged",
        "The row has another number of cells than there are headings, so they may stand under the wrong ones.",
        "Put a cell that holds the delimiter in quotes, such as \"1,299.00\", and write blank cells too.",
    ),
    (
        "text-damaged",
        "The text holds U+FFFD, where a character was lost, or a character that only one font knows.",
        "Type the text again.",
    ),
    (
        "text-entity",
        "The text holds a sign as web pages write it, such as &amp;, and is sent as it stands.",
        "Type the sign itself.",
    ),
    (
        "text-invisible",
        "The text held characters nobody sees, and was read and sent without them.",
        "Nothing has to be done.",
    ),
    ("name-missing", "The goods have no name.", "Type one of 3 to 14 Chinese characters."),
    (
        "name-too-long",
        "The name is wider than 28, a Chinese character counting 2.",
        "Shorten it to 14 Chinese characters or 28 letters.",
    ),
    (
        "name-short",
        "The name is narrower than 6; the service has refused such names with 300002.",
        "Lengthen it to 3 Chinese characters to be safe.",
    ),
    (
        "name-control-character",
        "A line break, tab or control character stands inside the name.",
        "Take it out.",
    ),
    (
        "cover-missing",
        "The goods have no picture.",
        "Insert a picture into the row, or give a path, an http address or a media id.",
    ),
    (
        "cover-unknown",
        "The cell is neither a media id nor a path nor an address, and no picture sits in the row.",
        "Give one of them, or insert a picture into the row.",
    ),
    (
        "cover-several-addresses",
        "The cell holds several addresses, and goods have one picture.",
        "Leave one of them.",
    ),
    (
        "cover-address-schemeless",
        "The address of the picture begins with // and lacks its scheme.",
        "Write https: in front.",
    ),
    (
        "cover-file-missing",
        "There is no file at the cover's path.",
        "Put it into the sheet's folder, or mend the path.",
    ),
    (
        "cover-file-outside",
        "The cover's path leaves the sheet's folder.",
        "Put the picture there, or allow its folder with --cover-root.",
    ),
    (
        "cover-file-unreadable",
        "The cover's path leads to a folder, or to a file that cannot be read.",
        "Name a picture that can be read.",
    ),
    ("cover-too-many-bytes", "The file of the picture is too large.", "Save a smaller copy of the picture."),
    (
        "cover-not-picture",
        "What was found is not a JPEG, PNG, GIF, WebP or BMP picture.",
        "Save it as JPEG or PNG.",
    ),
    ("cover-damaged", "The picture is cut short or damaged.", "Save or download it again."),
    (
        "cover-too-many-pixels",
        "The picture has more pixels than can be decoded safely.",
        "Save a copy of at most 3000 pixels a side.",
    ),
    (
        "cover-address-malformed",
        "The cover is not an http or https address.",
        "Copy it again from the browser.",
    ),
    (
        "cover-address-private",
        "The address, or one it redirects to, is not of the public internet.",
        "Allow such hosts with --allow-private-covers if you trust the sheet.",
    ),
    (
        "cover-address-failed",
        "No picture came from the address.",
        "Open it in a browser, or save the picture beside the sheet.",
    ),
    (
        "cover-picture-missing",
        "The cell shows a picture that is not in the sheet.",
        "Insert it again and save the workbook as .xlsx.",
    ),
    (
        "cover-picture-ambiguous",
        "Several pictures sit in the row, and none of them alone in the cover's column.",
        "Leave one of them in the cover's column.",
    ),
    (
        "cover-rotated",
        "The sheet shows the picture turned by an angle that is no quarter; it is sent upright.",
        "Turn it by quarters, or turn the picture itself.",
    ),
    (
        "price-type-missing",
        "There is a second price and no price type.",
        "Type 2 for a price range, or 3 for a discount.",
    ),
    (
        "price-type-unknown",
        "The price type is none of the three.",
        "Type 1 (一口价), 2 (价格区间) or 3 (折扣价).",
    ),
    ("price-missing", "The goods have no price.", "Type it in yuan, such as 99.50."),
    (
        "price2-missing",
        "The price type needs a second price.",
        "Type the upper bound (2) or the current price (3), or set the type to 1.",
    ),
    (
        "price2-unwanted",
        "A fixed price has no second one.",
        "Clear the second price, or set the type to 2 or 3.",
    ),
    (
        "price-not-number",
        "The price is no amount, or could be read in two ways.",
        "Type it in yuan, such as 99.50 or 1,299.00; two prices are a range (type 2) or a discount (type 3).",
    ),
    (
        "price-format",
        "The cell's number format shows the price as something else than its amount: with words, by thousands, or not at all.",
        "Format the cell as a number, and see whether the price is right.",
    ),
    (
        "price-percent",
        "The price is a percentage, or a number that the cell shows as one.",
        "Type the price in yuan, and format the cell as a number.",
    ),
    (
        "price-currency",
        "The price is in another currency than yuan, by its text or by how the cell shows it.",
        "Type the amount in yuan, and format the cell as a number.",
    ),
    (
        "price-scientific",
        "A spreadsheet program rounded the price.",
        "Format the column as a number and type the price again.",
    ),
    ("price-decimals", "The price has more than two decimals.", "Round it to whole fen."),
    ("price-not-positive", "The price is not above 0.", "The service takes no free goods: type a price."),
    ("price-too-large", "The price is higher than this program takes.", "Look for a misplaced point."),
    (
        "price-range-equal",
        "Both bounds of the price range are the same.",
        "Set the type to 1 and clear the second price.",
    ),
    ("price-range-reversed", "The upper bound is below the lower one.", "Exchange the two prices."),
    (
        "discount-dearer",
        "The current price is above the original one.",
        "Exchange the two prices, or set the type to 2.",
    ),
    (
        "discount-equal",
        "The discount takes nothing off, so none is shown.",
        "Set the type to 1 and clear the second price.",
    ),
    (
        "url-missing",
        "The goods have no page path.",
        "Type a page of the released version, such as pages/goods/detail?id=1.",
    ),
    (
        "url-address",
        "An address of the web stands where a page of the mini-program is meant.",
        "Type the page's path, such as pages/goods/detail?id=1.",
    ),
    ("url-fragment", "A page path has no #.", "Take it out, or write it as %23 inside a parameter."),
    ("url-backslash", "The page path holds a backslash.", "Write it with /."),
    (
        "url-control-character",
        "A line break, tab or control character stands in the page path.",
        "Take it out.",
    ),
    (
        "url-leading-slash",
        "The page path began with a slash, and was sent without.",
        "Nothing has to be done; write it without.",
    ),
    (
        "url-encoded",
        "The page path held characters the service refuses, and was sent percent-encoded.",
        "Nothing has to be done, if the page understands it so.",
    ),
    (
        "url-address-encoded",
        "A parameter that is an address was sent percent-encoded.",
        "Nothing has to be done, if the page decodes it.",
    ),
    (
        "url-address-ambiguous",
        "A parameter is an address with parameters of its own; what follows & was taken for the page's.",
        "Write & as %26 inside the address if it belongs there.",
    ),
    (
        "appid-malformed",
        "The third party's appid has not the shape of one.",
        "It is wx and 16 letters or digits; the cell stays empty for your own goods.",
    ),
    (
        "sku-scientific",
        "A spreadsheet program rounded the code, so that several goods may share it.",
        "Format the column as text and type the code again.",
    ),
    (
        "sku-date",
        "The code is a date, most likely made of a code such as 12-1 by a spreadsheet program.",
        "Format the column as text and type the code again.",
    ),
    (
        "sku-digits-lost",
        "The code is a number of more than 15 digits, of which a spreadsheet program loses the rest.",
        "Format the column as text and type the code again.",
    ),
    (
        "goods-id-mangled",
        "The goodsId is no number any more: a spreadsheet program rounded it.",
        "Format the column as text and take the id from a copy of the results.",
    ),
    (
        "audit-id-mangled",
        "The auditId is no number any more: a spreadsheet program rounded it.",
        "Format the column as text and take the id from a copy of the results.",
    ),
    (
        "repeat",
        "An earlier row has the same sku, or the same name, url and appid; that one goes first.",
        "Delete this row, or give each a sku of its own.",
    ),
];
