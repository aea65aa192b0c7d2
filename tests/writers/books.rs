//! What each book of `fixtures/writers` holds, and what must be read of it.

/// One content that several programs wrote, and what must be read of it.
pub struct Book {
    /// The word in front of the programs' in the files' names.
    pub name: &'static str,
    /// The programs, each with its extension.
    pub by: &'static [&'static str],
    /// The rows that are read, by the number a spreadsheet program shows.
    pub rows: &'static [u64],
    /// Every issue: row, field, code. `*` is any field, for what is wrong with a row rather than with one cell.
    pub issues: &'static [(u64, &'static str, &'static str)],
    /// How many of the rows are invalid.
    pub invalid: u64,
    /// What stands under a heading in each of the rows; `?` is not asserted.
    pub cells: &'static [(&'static str, &'static [&'static str])],
}

pub const PLAIN: Book = Book {
    name: "plain",
    by: &[
        "openpyxl.xlsx",
        "openpyxl.xltx",
        "xlsxwriter.xlsx",
        "xlsxwriter.xlsm",
        "xlwt.xls",
        "odfpy.ods",
        "script.xlsb",
        "sheetjs.xlsx",
        "sheetjs.xlsb",
        "sheetjs.xls",
        "libreoffice.xlsx",
        "libreoffice.xls",
        "libreoffice.csv",
        "gnumeric.xlsx",
        "gnumeric.xls",
        "strict.xlsx",
        "prefixed.xlsx",
        "unnumbered.xlsx",
        "named-otherwise.xlsx",
        "from-the-root.xlsx",
        "1904.xlsx",
        "grouped.ods",
    ],
    rows: &[2, 3, 4, 5],
    issues: &[],
    invalid: 0,
    cells: &[
        ("商品名称", &["真丝围巾 红色", "保温杯 500ml", "盘子 & 碗 <小>", "白茶饼测试4号"]),
        ("商品图片", &[COVER, COVER, COVER, COVER]),
        ("价格类型", &["折扣价", "价格区间", "1", ""]),
        ("原价", &["299", "76251.04", "3.3", "19.9"]),
        ("现价", &["199", "88000.5", "", ""]),
        (
            "链接",
            &[
                "pages/goods/detail?id=1",
                "pages/goods/detail?id=2",
                "pages/goods/detail?id=3",
                "pages/goods/detail?id=4",
            ],
        ),
        ("货号", &["T-1", "000123", "A-7", "69012345678901"]),
        ("备注", &["首发", "", "", "第一行\n第二行"]),
        ("上架", &["2026-11-21", "2026-11-21", "", ""]),
        ("在售", &["TRUE", "FALSE", "", ""]),
    ],
};

/// The same by programs whose `.ods` loses something: SheetJS the date's format, Gnumeric (as LibreOffice shows it)
/// the line break, LibreOffice that truth is no number.
pub const PLAIN_IN_OTHER_ODS: Book = Book {
    by: &["sheetjs.ods", "gnumeric.ods", "libreoffice.ods"],
    cells: &[PLAIN.cells[0], PLAIN.cells[2], PLAIN.cells[3], PLAIN.cells[4], PLAIN.cells[5], PLAIN.cells[6]],
    ..PLAIN
};

pub const MERGED: Book = Book {
    name: "merged",
    by: &[
        "openpyxl.xlsx",
        "xlsxwriter.xlsx",
        "xlwt.xls",
        "odfpy.ods",
        "script.xlsb",
        "sheetjs.xlsb",
        "libreoffice.xlsx",
        "libreoffice.ods",
        "libreoffice.xls",
        "gnumeric.ods",
    ],
    rows: &[2, 3, 4, 5],
    issues: &[
        (3, "priceType", "merged-filled"),
        (3, "price2", "merged-filled"),
        (4, "priceType", "merged-filled"),
        (4, "price2", "merged-filled"),
    ],
    invalid: 0,
    cells: &[
        ("价格类型", &["折扣价", "折扣价", "折扣价", "1"]),
        ("原价", &["299", "299", "329", "99.5"]),
        ("现价", &["199", "199", "199", ""]),
    ],
};

pub const MERGED_OVER_OLD_VALUES: Book = Book {
    name: "merged-over-old-values",
    by: &["xlsxwriter.xlsx", "xlwt.xls", "odfpy.ods", "script.xlsb"],
    cells: &[("价格类型", &["折扣价", "折扣价", "折扣价", ""]), ("现价", &["199", "199", "199", ""])],
    ..MERGED
};

pub const MERGED_PAIRS: Book = Book {
    name: "merged-pairs",
    by: &["openpyxl.xlsx", "xlwt.xls", "odfpy.ods", "script.xlsb", "libreoffice.ods"],
    rows: &[2, 4, 6],
    issues: &[],
    invalid: 0,
    cells: &[
        ("商品名称", &["白茶饼测试1号", "白茶饼测试2号", "白茶饼测试3号"]),
        ("现价", &["199", "", "199"]),
        ("货号", &["T-1", "T-2", "T-3"]),
    ],
};

pub const MERGED_ACROSS: Book = Book {
    name: "merged-across",
    by: &["openpyxl.xlsx", "xlwt.xls", "odfpy.ods", "script.xlsb", "libreoffice.ods"],
    rows: &[2, 3, 4],
    issues: &[(3, "*", "merged-columns")],
    invalid: 1,
    cells: &[("现价", &["199", "?", "199"])],
};

pub const FORMULAS: Book = Book {
    name: "formulas",
    by: &[
        "xlsxwriter.xlsx",
        "script.xlsb",
        "sheetjs.xlsb",
        "libreoffice.xlsx",
        "libreoffice.ods",
        "libreoffice.xls",
        "gnumeric.ods",
        "gnumeric.xls",
    ],
    rows: &[2, 3, 4, 5, 6],
    issues: &[],
    invalid: 0,
    cells: &[
        ("商品名称", &["白茶饼测试1号", "白茶饼测试2号", "白茶饼测试3号", "白茶饼测试4号", "白茶饼测试5号"]),
        ("现价", &["80.8", "82", "199", "199", "199"]),
        ("链接", &["?", "?", "?", "?", "pages/goods/detail?id=5"]),
        ("货号", &["T-1", "T-2", "T-3", "T-4", "T-5"]),
    ],
};

pub const NEVER_CALCULATED: Book = Book {
    name: "never-calculated",
    by: &["openpyxl.xlsx", "xlsxwriter.xlsx", "xlwt.xls", "odfpy.ods"],
    rows: &[2, 3, 4, 5, 6, 7],
    issues: &[
        (2, "price2", "formula-not-calculated"),
        (3, "price", "formula-not-calculated"),
        (4, "name", "formula-not-calculated"),
        (5, "sku", "formula-not-calculated"),
        (6, "url", "formula-not-calculated"),
    ],
    invalid: 5,
    cells: &[("现价", &["?", "199", "199", "199", "199", "199"])],
};

pub const ERRORS: Book = Book {
    name: "errors",
    by: &[
        "xlsxwriter.xlsx",
        "xlwt.xls",
        "script.xlsb",
        "libreoffice.ods",
        "libreoffice.xls",
        "gnumeric.xlsx",
        "gnumeric.ods",
    ],
    rows: &[2, 3, 4, 5, 6, 7, 8],
    issues: &[
        (2, "price2", "cell-error"),
        (3, "price", "cell-error"),
        (4, "url", "cell-error"),
        (5, "sku", "cell-error"),
        (6, "name", "cell-error"),
        (7, "priceType", "cell-error"),
    ],
    invalid: 6,
    cells: &[("现价", &["?", "199", "199", "199", "199", "199", "199"])],
};

/// Beside those of Excel 2007 to 2016: `#SPILL!`, `#CALC!`, `#BUSY!` and their like, as words or as bare numbers.
pub const NEWER_ERRORS: Book = Book {
    name: "newer",
    by: &["errors.xlsx"],
    rows: &[2, 3, 4, 5, 6, 7, 8, 9, 10],
    issues: &[
        (2, "price2", "cell-error"),
        (3, "price2", "cell-error"),
        (4, "price2", "cell-error"),
        (5, "price2", "cell-error"),
        (6, "price2", "cell-error"),
        (7, "price2", "cell-error"),
        (8, "price2", "cell-error"),
        (9, "price2", "cell-error"),
        (10, "price2", "cell-error"),
    ],
    invalid: 9,
    cells: &[],
};

pub const NEWER_ERRORS_AS_NUMBERS: Book = Book {
    by: &["errors.xlsb"],
    rows: &[2, 3, 4, 5, 6],
    issues: &[
        NEWER_ERRORS.issues[0],
        NEWER_ERRORS.issues[1],
        NEWER_ERRORS.issues[2],
        NEWER_ERRORS.issues[3],
        NEWER_ERRORS.issues[4],
    ],
    invalid: 5,
    ..NEWER_ERRORS
};

pub const FORMATS: Book = Book {
    name: "formats",
    by: &[
        "openpyxl.xlsx",
        "xlsxwriter.xlsx",
        "xlwt.xls",
        "script.xlsb",
        "sheetjs.xlsb",
        "libreoffice.xlsx",
        "libreoffice.ods",
        "libreoffice.xls",
    ],
    rows: &[2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27],
    issues: &[
        // The yen, by the locale of its sign.
        (16, "price", "price-currency"),
        (14, "price", "price-currency"),
        (15, "price", "price-currency"),
        (17, "price", "price-currency"),
        (18, "price", "price-currency"),
        (19, "price", "price-currency"),
        (20, "price", "price-currency"),
        (21, "price", "price-currency"),
        (22, "price", "price-currency"),
        (23, "price", "price-currency"),
        (24, "price", "price-currency"),
        (25, "price", "price-percent"),
        (26, "price", "price-percent"),
        (27, "price2", "price-percent"),
    ],
    invalid: 14,
    cells: &[(
        "原价",
        &[
            "99.5", "99.5", "99.5", "99.5", "99.5", "99.5", "99.5", "99.5", "99.5", "99.5", "99.5", "99.5",
            "?", "?", "?", "?", "?", "?", "?", "?", "?", "?", "?", "?", "?", "?",
        ],
    )],
};

/// Gnumeric writes into an .ods how a price looks, and nothing of the country that its sign is of: the yen's is the
/// yuan's then, for whoever looks at it.
pub const FORMATS_BY_GNUMERIC: Book = Book {
    by: &["gnumeric.ods"],
    issues: match FORMATS.issues {
        [_yen, others @ ..] => others,
        [] => &[],
    },
    invalid: FORMATS.invalid - 1,
    ..FORMATS
};

pub const SKUS: Book = Book {
    name: "skus",
    by: &[
        "openpyxl.xlsx",
        "xlsxwriter.xlsx",
        "xlwt.xls",
        "script.xlsb",
        "libreoffice.ods",
        "libreoffice.xls",
        "gnumeric.ods",
    ],
    rows: &[2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
    issues: &[
        (4, "sku", "sku-digits-lost"),
        (5, "sku", "sku-digits-lost"),
        (6, "sku", "sku-date"),
        (10, "sku", "sku-date"),
    ],
    invalid: 4,
    cells: &[(
        "货号",
        &["000012", "100001", "?", "?", "?", "000123", "123456789012345", "0012", "?", "20261121"],
    )],
};

pub const HIDDEN_ROWS: Book = Book {
    name: "hidden-rows",
    by: &["openpyxl.xlsx", "xlwt.xls", "odfpy.ods", "script.xlsb", "libreoffice.xls"],
    rows: &[2, 3, 4, 5],
    issues: &[],
    invalid: 0,
    cells: &[("货号", &["T-1", "T-2", "T-3", "T-4"])],
};

pub const FILTERED: Book =
    Book { name: "filtered", by: &["xlsxwriter.xlsx", "libreoffice.ods", "libreoffice.xls"], ..HIDDEN_ROWS };

pub const TOTALS: Book = Book {
    name: "totals",
    by: &["xlsxwriter.xlsx", "xlwt.xls", "script.xlsb", "libreoffice.ods"],
    rows: &[2, 3, 4],
    issues: &[],
    invalid: 0,
    cells: &[("货号", &["T-1", "T-2", "T-3"])],
};

/// A title over merged cells, a blank row inside, a hidden sheet of old goods before, and more goods behind.
pub const LAYOUT: Book = Book {
    name: "layout",
    by: &["openpyxl.xlsx", "xlwt.xls", "odfpy.ods", "script.xlsb", "libreoffice.ods", "libreoffice.xls"],
    rows: &[4, 6],
    issues: &[],
    invalid: 0,
    cells: &[("货号", &["T-1", "T-2"])],
};

/// Rich runs, phonetic ones, CDATA, `_x…_` escapes, blanks that are kept, comments and entities.
pub const TEXTS: Book = Book {
    name: "texts",
    by: &["shared.xlsx", "inline.xlsx"],
    rows: &[2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
    issues: &[(7, "name", "name-control-character"), (10, "name", "text-entity")],
    invalid: 1,
    cells: &[(
        "商品名称",
        &[
            "红茶 礼盒装",
            "抹茶生巧克力",
            "红茶 & 礼盒装",
            "红茶 & 绿茶礼盒",
            "A款白茶饼",
            "?",
            "白茶饼测试",
            "_x0041_饼测试",
            "红茶 &amp; 礼盒",
            "白茶饼测试",
            "白茶饼测试",
        ],
    )],
};

/// CDATA, spans, counted blanks, a link, ruby, a comment and a text box on the cell, two paragraphs, an entity.
pub const TEXTS_OF_ODS: Book = Book {
    by: &["odfpy.ods"],
    rows: &[2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
    issues: &[(9, "name", "name-control-character"), (11, "name", "text-entity")],
    cells: &[(
        "商品名称",
        &[
            "红茶 & 礼盒装",
            "红茶 & 绿茶礼盒",
            "红茶  礼盒装",
            "白茶饼测试",
            "抹茶生巧克力",
            "白茶饼测试",
            "白茶饼测试",
            "?",
            "白茶饼测试",
            "红茶 &amp; 礼盒",
        ],
    )],
    ..TEXTS
};

pub const BOOKS: [Book; 20] = [
    PLAIN,
    PLAIN_IN_OTHER_ODS,
    MERGED,
    MERGED_OVER_OLD_VALUES,
    MERGED_PAIRS,
    MERGED_ACROSS,
    FORMULAS,
    NEVER_CALCULATED,
    ERRORS,
    NEWER_ERRORS,
    NEWER_ERRORS_AS_NUMBERS,
    FORMATS,
    FORMATS_BY_GNUMERIC,
    SKUS,
    HIDDEN_ROWS,
    FILTERED,
    TOTALS,
    LAYOUT,
    TEXTS,
    TEXTS_OF_ODS,
];

/// The picture of every row.
const COVER: &str = "SANDBOX-COVER-IMAGE-01";
