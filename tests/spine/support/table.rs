//! A sheet or a results file as headings and rows, to be changed as people change them.

use std::path::Path;

use csv::{ReaderBuilder, Terminator, WriterBuilder};

/// Headings and rows of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// A sheet of goods with these names, each with a page and a price of its own.
    pub fn of_goods(names: &[&str]) -> Self {
        let headings = ["货号", "商品名称", "商品图片", "价格", "链接", "备注"];
        let mut rows = vec![headings.map(str::to_owned).to_vec()];
        rows.extend((1..).zip(names).map(|(number, name)| {
            vec![
                format!("SKU-{number}"),
                (*name).to_owned(),
                format!("SANDBOX-COVER-IMAGE-0{}", 1 + number % 8),
                format!("{number}9.5"),
                format!("pages/detail?id={number}"),
                format!("=备注 \"{number}\", 一"),
            ]
        }));
        Self { rows }
    }

    /// A sheet of `count` sound goods.
    pub fn of(count: usize) -> Self {
        let names: Vec<String> = (1..=count).map(|number| format!("手冲咖啡壶 {number} 号")).collect();
        Self::of_goods(&names.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// Reads a results file as we write it.
    pub fn read(path: &Path) -> Self {
        Self::parse(&std::fs::read(path).expect("a file"))
    }

    /// Reads the bytes of a results file as we write it.
    pub fn parse(bytes: &[u8]) -> Self {
        let text = bytes.strip_prefix(b"\xEF\xBB\xBF").expect("a byte order mark");
        let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text);
        let rows = reader.records().map(|record| record.expect("text").iter().map(str::to_owned).collect());
        Self { rows: rows.collect() }
    }

    /// Writes UTF-8 with a mark and CRLF.
    pub fn write(&self, path: &Path) {
        let mut bytes = b"\xEF\xBB\xBF".to_vec();
        bytes.extend(self.bytes(b',', Terminator::CRLF));
        std::fs::write(path, bytes).expect("written");
    }

    /// The text with another delimiter and line end.
    pub fn bytes(&self, delimiter: u8, end: Terminator) -> Vec<u8> {
        let mut writer =
            WriterBuilder::new().flexible(true).delimiter(delimiter).terminator(end).from_writer(Vec::new());
        self.rows.iter().for_each(|row| writer.write_record(row).expect("memory"));
        writer.into_inner().expect("memory")
    }

    /// The column under a heading.
    pub fn column(&self, heading: &str) -> usize {
        self.rows[0].iter().position(|own| own == heading).unwrap_or_else(|| panic!("no column {heading}"))
    }

    /// The cell of a row, counted from 1 below the headings.
    pub fn cell(&self, row: usize, heading: &str) -> &str {
        &self.rows[row][self.column(heading)]
    }

    /// Changes that cell.
    pub fn set(&mut self, row: usize, heading: &str, text: &str) {
        let column = self.column(heading);
        self.rows[row][column] = text.to_owned();
    }

    /// All cells below a heading.
    pub fn cells(&self, heading: &str) -> Vec<&str> {
        let column = self.column(heading);
        self.rows[1..].iter().map(|row| row[column].as_str()).collect()
    }

    /// Takes a column out.
    pub fn drop_column(&mut self, heading: &str) {
        let column = self.column(heading);
        self.rows.iter_mut().for_each(|row| drop(row.remove(column)));
    }
}
