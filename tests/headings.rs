//! Headings that people really use, as the program reads and refuses them.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use rust_xlsxwriter::{Format, Workbook};
use serde_json::Value;
use tempfile::TempDir;

/// A folder that is also the home of whoever works in it.
struct Desk(TempDir);

struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Ran {
    /// What is printed as the next command, as words behind the program's name.
    fn next(&self) -> Vec<String> {
        let text = [self.err.as_str(), &self.out].join("\n");
        let line =
            text.lines().find_map(|line| line.strip_prefix("next: livegoods ")).expect("a next command");
        let mut words = vec![String::new()];
        let mut quoted = false;
        for letter in line.chars() {
            match letter {
                '\'' => quoted = !quoted,
                ' ' if !quoted => words.push(String::new()),
                _ => words.last_mut().expect("a word").push(letter),
            }
        }
        words
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.out).expect("one JSON object")
    }
}

impl Desk {
    fn new() -> Self {
        Self(TempDir::new().expect("a folder"))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// A sheet with these headings; its one row fits them.
    fn sheet(&self, name: &str, headings: &str) -> &Self {
        let cells = headings.split(',').map(|heading| match heading {
            "图片" => "SANDBOX-COVER-IMAGE-01",
            "链接" => "pages/tea?id=1",
            "价格类型" => "3",
            heading if heading.contains("原价") => "99",
            heading if heading.contains("价") => "88",
            _ => "正山小种",
        });
        let cells: Vec<&str> = cells.collect();
        fs::write(self.path().join(name), format!("{headings}\n{}\n", cells.join(","))).expect("a sheet");
        self
    }

    fn run(&self, words: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_livegoods"));
        command.env_clear().env("HOME", self.path()).current_dir(self.path());
        let output = command.args(words).output().expect("a run");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        Ran {
            code: output.status.code().expect("an end"),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }
}

#[test]
fn check_says_which_columns_were_read_as_what_and_which_were_not() {
    let desk = Desk::new();
    desk.sheet("a.csv", "品名,图片,零售价,直播价(元),价格类型,链接,款号,备注,成本价");
    let told = desk.run(&["check", "a.csv"]);
    let line = "read: 品名=name, 图片=coverImgUrl, 零售价=price, 直播价(元)=price2, 价格类型=priceType, 链接=url, \
                款号=sku; not read: 备注, 成本价";
    assert!(told.out.contains(line), "{}", told.out);
    let file = &desk.run(&["check", "a.csv", "--json"]).json()["files"][0];
    assert_eq!(
        (&file["columns"]["品名"], &file["columns"]["直播价(元)"]),
        (&"name".into(), &"price2".into())
    );
    assert_eq!(file["columns_not_read"], serde_json::json!(["备注", "成本价"]));
}

#[test]
fn imports_and_dry_runs_say_which_columns_were_read_as_what() {
    let desk = Desk::new();
    desk.sheet("a.csv", "品名,图片,直播价,链接,备注");
    let line = "read: 品名=name, 图片=coverImgUrl, 直播价=price, 链接=url; not read: 备注";
    for words in [
        &["import", "a.csv", "--sandbox", "--dry-run"][..],
        &["import", "a.csv", "--sandbox"],
        &["update", "a.csv", "--sandbox", "--dry-run"],
        &["update", "a.csv", "--sandbox"],
    ] {
        let told = desk.run(words);
        assert_eq!(told.code, 0, "{words:?}: {}", told.err);
        assert!(told.out.contains(line), "{words:?}: {}", told.out);
        let json = desk.run(&[words, &["--json"]].concat()).json();
        assert_eq!(json["columns"]["直播价"], "price", "{words:?}");
        assert_eq!(json["columns_not_read"], serde_json::json!(["备注"]), "{words:?}");
    }
    let results = desk.run(&["status", "reports/a.sandbox.results.csv", "--sandbox", "--json"]).json();
    assert_eq!(results.get("columns"), None, "results are no sheet");
}

#[test]
fn a_heading_that_speaks_of_an_unknown_price_ends_every_verb_and_its_next_command_goes_on() {
    for verb in [&["check"][..], &["import", "--sandbox"], &["import", "--sandbox", "--dry-run"]] {
        let desk = Desk::new();
        desk.sheet("a.csv", "品名,图片,价格,链接,团购价,代理价（含税）");
        let told = desk.run(&[verb, &["a.csv"]].concat());
        assert_eq!(told.code, 65, "{verb:?}");
        for part in
            ["a.csv: row 1, column E", "--map '团购价=price2'", "--map '团购价='", "--map '代理价（含税）='"]
        {
            assert!(told.err.contains(part), "{part}: {}", told.err);
        }
        assert!(!desk.path().join("reports").exists(), "nothing is left behind");
        let next = told.next();
        let next: Vec<&str> = next.iter().map(String::as_str).collect();
        let again = desk.run(&next);
        assert_eq!(again.code, 0, "{next:?}: {}", again.err);
        assert!(!desk.path().join("reports").exists(), "nobody chose a price yet, so nothing is sent");
    }
}

#[test]
fn the_next_command_reads_a_second_price_where_a_type_stands_beside_it() {
    let desk = Desk::new();
    desk.sheet("a.csv", "品名,图片,原价,链接,团购价,价格类型");
    let next = desk.run(&["check", "a.csv"]).next();
    assert!(next.contains(&"团购价=price2".to_owned()), "{next:?}");
    let next: Vec<&str> = next.iter().map(String::as_str).collect();
    let told = desk.run(&next);
    assert_eq!(told.code, 0, "{}", told.out);
    assert!(told.out.contains("团购价=price2"), "{}", told.out);
}

#[test]
fn results_are_worked_on_whatever_prices_stand_in_them_but_no_price_is_taken_from_them_unread() {
    let desk = Desk::new();
    desk.sheet("a.csv", "品名,图片,价格,链接,团购价");
    assert_eq!(desk.run(&["import", "a.csv", "--sandbox", "--map", "团购价="]).code, 0);
    let results = "reports/a.sandbox.results.csv";
    assert_eq!(desk.run(&["status", results, "--sandbox"]).code, 0);
    for verb in [&["import", "--sandbox"][..], &["update", "--sandbox"], &["check"]] {
        let told = desk.run(&[verb, &[results]].concat());
        assert_eq!(told.code, 65, "{verb:?}");
        assert!(told.err.contains("--map '团购价='"), "{}", told.err);
    }
}

#[test]
fn a_map_takes_chinese_names_sets_columns_aside_and_does_no_harm_where_its_heading_is_missing() {
    let desk = Desk::new();
    desk.sheet("a.csv", "品名,图片,原价,链接,团购价,价格类型,库存金额");
    let maps = ["--map", "团购价=现价", "--map", "库存金额=", "--map", "货架=货号"];
    let told = desk.run(&[&["check", "a.csv"][..], &maps].concat());
    assert_eq!(told.code, 0, "{}{}", told.out, told.err);
    assert!(told.out.contains("团购价=price2") && told.out.contains("not read: 库存金额"), "{}", told.out);
    assert!(!told.out.contains("货架") || told.out.contains("next:"), "{}", told.out);
    let told = desk.run(&["check", "a.csv", "--map", "团购价=团购"]);
    assert_eq!(told.code, 2);
    assert!(told.err.contains("price2") && told.err.contains("现价"), "{}", told.err);
}

#[test]
fn maps_of_settings_environment_and_flags_add_to_each_other() {
    let desk = Desk::new();
    desk.sheet("a.csv", "品类名,图片,原价,链接,团购价,价格类型,库存金额,三方价");
    let folder = desk.path().join(".config/livegoods");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("config.toml"), "map = ['品类名=商品名称', '团购价=']\n").expect("settings");
    fs::write(desk.path().join("livegoods.toml"), "map = { '团购价' = '现价' }\n").expect("settings");
    let mut command = Command::new(env!("CARGO_BIN_EXE_livegoods"));
    command.env_clear().env("HOME", desk.path()).env("LIVEGOODS_MAP", "库存金额=").current_dir(desk.path());
    let output = command.args(["check", "a.csv", "--map", "三方价=", "--json"]).output().expect("a run");
    let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let file = &told["files"][0];
    assert_eq!((&file["columns"]["品类名"], &file["columns"]["团购价"]), (&"name".into(), &"price2".into()));
    assert_eq!(file["columns_not_read"], serde_json::json!(["库存金额", "三方价"]));
}

#[test]
fn two_headings_for_one_field_are_refused_and_the_next_command_sets_one_aside() {
    let desk = Desk::new();
    desk.sheet("a.csv", "品名,图片,价格,链接,货号,条码");
    let told = desk.run(&["check", "a.csv"]);
    assert_eq!(told.code, 65);
    assert!(
        told.err.contains("two headings for sku: '货号' (column E) and '条码' (column F)"),
        "{}",
        told.err
    );
    let next = told.next();
    let next: Vec<&str> = next.iter().map(String::as_str).collect();
    assert_eq!(desk.run(&next).code, 0, "{next:?}");
}

#[test]
fn without_a_heading_row_the_likeliest_rows_are_quoted_and_what_is_missing_can_be_typed() {
    let desk = Desk::new();
    desk.sheet("a.csv", "品类名,图片,链接,商品价格");
    let text = fs::read_to_string(desk.path().join("a.csv")).expect("the sheet");
    fs::write(desk.path().join("a.csv"), format!("双十一直播,,,\n制表,小王,2026-11-01,\n\n{text}"))
        .expect("a sheet");
    let told = desk.run(&["check", "a.csv", "--map", "品类=name"]);
    assert_eq!(told.code, 65);
    for part in [
        "row 4 holds 品类名 | 图片 | 链接 | 商品价格",
        "lacks a heading for name and price",
        "--map '品类名=name' --map '商品价格=price'",
        "no row holds '品类', which --map names",
    ] {
        assert!(told.err.contains(part), "{part}: {}", told.err);
    }
    let next = told.next();
    let next: Vec<&str> = next.iter().map(String::as_str).collect();
    assert_eq!(desk.run(&next).code, 0, "{next:?}");
}

#[test]
fn a_workbook_without_a_heading_row_is_told_of_by_the_sheet_that_looks_most_like_goods() {
    let desk = Desk::new();
    let mut book = Workbook::new();
    book.add_worksheet().set_name("说明").expect("a name").write(0, 0, "怎么填").expect("a cell");
    let goods = book.add_worksheet().set_name("商品").expect("a name");
    goods.write_row(0, 0, ["品类名", "图片", "价格"]).expect("cells");
    book.save(desk.path().join("a.xlsx")).expect("saved");
    let told = desk.run(&["check", "a.xlsx"]);
    assert!(
        told.err.contains("of sheet \"商品\"") && told.err.contains("--map '品类名=name'"),
        "{}",
        told.err
    );
}

#[test]
fn two_heading_rows_are_refused_and_both_named() {
    let desk = Desk::new();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.merge_range(0, 0, 1, 0, "商品名称", &Format::new()).expect("merged");
    sheet.merge_range(0, 1, 0, 2, "价格", &Format::new()).expect("merged");
    sheet.write_row(1, 1, ["原价", "现价"]).expect("cells");
    sheet.write(2, 0, "茶").expect("a cell").write_row(2, 1, [9, 8]).expect("cells");
    book.save(desk.path().join("a.xlsx")).expect("saved");
    fs::write(desk.path().join("b.csv"), "商品名称,价格,,链接\n,日常,直播间,\n茶,9,8,pages/a\n")
        .expect("a sheet");
    for name in ["a.xlsx", "b.csv"] {
        let told = desk.run(&["check", name]);
        assert_eq!(told.code, 65, "{name}");
        assert!(told.err.contains("two heading rows: row 1") && told.err.contains("row 2"), "{}", told.err);
    }
}

#[test]
fn a_column_of_codes_that_is_not_read_is_worth_a_warning_where_no_sku_is() {
    let desk = Desk::new();
    desk.sheet("a.csv", "品名,图片,价格,链接,商品编号");
    let told = desk.run(&["check", "a.csv"]);
    assert_eq!(told.code, 0);
    assert!(told.out.contains("a.csv: heading '商品编号' (column 5)"), "{}", told.out);
    assert!(told.out.contains("--map '商品编号=sku'"), "{}", told.out);
    let json = desk.run(&["check", "a.csv", "--json"]).json();
    let file = &json["files"][0];
    assert_eq!(file["notes"][0]["code"], "codes-unread");
    assert!(file["heading_warnings"][0].as_str().is_some_and(|text| text.contains("商品编号=sku")), "{file}");
    let told = desk.run(&["import", "a.csv", "--sandbox", "--dry-run"]);
    assert!(told.err.contains("--map '商品编号=sku'"), "{}", told.err);
    let told = desk.run(&["check", "a.csv", "--map", "商品编号="]);
    assert!(
        !told.out.contains("seems to hold codes"),
        "a column set aside is nobody's question: {}",
        told.out
    );
}
