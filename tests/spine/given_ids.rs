//! Rows that bring a goodsId along: there already where results know it, and nothing to believe otherwise.

use std::fs;

use livegoods::sandbox::Call;

use crate::support::{Ended, Table, adds, shop};

/// A sheet of two goods, whose column 商品ID holds these ids.
fn with_ids(heading: &str, ids: [&str; 2]) -> Table {
    let mut table = Table::of(2);
    table.rows[0].push(heading.to_owned());
    (1..).zip(ids).for_each(|(row, id)| table.rows[row].push(id.to_owned()));
    table
}

fn code(ended: &Ended) -> &str {
    ended.summary["issues"][0]["code"].as_str().unwrap_or_default()
}

#[test]
fn ids_that_no_results_know_are_named_and_add_nothing() {
    let (sandbox, program) = shop(&with_ids("商品ID", ["1", "2"]), &[]);
    for words in [&["--dry-run"][..], &[], &[]] {
        let ended = program.import(words);
        assert_eq!((ended.count("invalid"), adds(&sandbox)), (2, 0), "{ended:?}");
    }
    let ended = program.import(&[]);
    assert_eq!((ended.code, code(&ended)), (Some(1), "goods-id-unverified"));
    let results = Table::read(&program.results());
    assert_eq!(results.cells("goodsId"), ["", ""]);
    let note = results.cell(1, "note");
    for part in ["goods-id-unverified: ", "--as-new", "--trust-ids", "--map '商品ID=sku'"] {
        assert!(note.contains(part), "{part}: {note}");
    }
    assert_eq!(
        sandbox.calls().log().filter(|asked| asked.call != Call::Token).count(),
        0,
        "nothing is asked"
    );
}

#[test]
fn the_shops_own_codes_are_read_as_such_by_the_next_command() {
    for (heading, has_sku, map) in [
        ("商品ID", false, "商品ID=sku"),
        ("goodsId", false, "goodsId=sku"),
        ("商品ID", true, "商品ID="),
        ("goodsId", true, "goodsId="),
    ] {
        let mut table = with_ids(heading, ["1", "2"]);
        if !has_sku {
            table.rows.iter_mut().for_each(|row| drop(row.remove(0)));
        }
        let (sandbox, program) = shop(&table, &[]);
        let ended = program.import(&[]);
        assert_eq!(ended.summary["next_command"], format!("livegoods import tea.csv --json --map {map}"));
        for _ in 0..2 {
            let ended = program.import(&["--map", map]);
            assert_eq!((ended.code, ended.count("ok"), adds(&sandbox)), (Some(0), 2, 2), "{map}: {ended:?}");
        }
        let words = ["status", "reports/tea.results.csv", "--map", map, "--json"];
        let ended = program.run(&words);
        assert_eq!((ended.code, ended.count("ok")), (Some(0), 2), "{map}: {ended:?}");
    }
}

#[test]
fn ids_that_somebody_trusts_are_taken_over_as_they_stand() {
    let (sandbox, program) = shop(&with_ids("商品ID", ["525022184000", ""]), &[]);
    let ended = program.import(&[]);
    assert_eq!((ended.code, ended.count("ok"), ended.count("invalid")), (Some(1), 1, 1), "{ended:?}");
    assert_eq!(ended.summary["next_command"], "livegoods import tea.csv --json --trust-ids");
    for words in [&["--trust-ids"][..], &[]] {
        let ended = program.import(words);
        assert_eq!((ended.code, ended.count("ok"), adds(&sandbox)), (Some(0), 2, 1), "{words:?}: {ended:?}");
        assert_eq!(Table::read(&program.results()).cell(1, "goodsId"), "525022184000");
    }
    for words in [&["--as-new"][..], &["--as-new"]] {
        let ended = program.import(words);
        assert_eq!((ended.code, adds(&sandbox)), (Some(0), 2), "one copy: {ended:?}");
    }
}

#[test]
fn copies_of_rows_with_unknown_ids_are_added_once() {
    let (sandbox, program) = shop(&with_ids("商品ID", ["1", "2"]), &[]);
    for words in [&["--as-new"][..], &["--as-new"], &[]] {
        let ended = program.import(words);
        assert_eq!((ended.code, ended.count("ok"), adds(&sandbox)), (Some(0), 2, 2), "{words:?}: {ended:?}");
    }
}

#[test]
fn ids_that_other_results_or_an_export_know_are_there() {
    let (sandbox, program) = shop(&Table::of(2), &[]);
    program.import(&["-j", "1"]);
    let results = Table::read(&program.results());
    let ids: Vec<String> = results.cells("goodsId").into_iter().map(str::to_owned).collect();
    let noted = |ids: [&str; 2]| {
        let mut table = with_ids("商品ID", ids);
        table.set(1, "货号", "OTHER-1");
        table.set(2, "货号", "OTHER-2");
        table.write(&program.path("noted.csv"));
    };
    noted([&ids[0], &ids[1]]);
    let import = || program.run(&["import", "noted.csv", "--json"]);
    let ended = import();
    assert_eq!((ended.code, ended.count("ok"), adds(&sandbox)), (Some(0), 2, 2), "{ended:?}");
    assert_eq!(Table::read(&program.path("reports/noted.results.csv")).cells("goodsId"), ids);
    // An export among the reports knows them as well as the results do.
    assert_eq!(program.run(&["export", "-o", "reports/library.csv", "--json"]).code, Some(0));
    fs::remove_file(program.results()).expect("removed");
    fs::remove_file(program.path("reports/noted.results.csv")).expect("removed");
    assert_eq!((import().code, adds(&sandbox)), (Some(0), 2));
    // What somebody changed in them vouches for nothing.
    fs::remove_file(program.path("reports/noted.results.csv")).expect("removed");
    let mut library = Table::read(&program.path("reports/library.csv"));
    library.set(1, "goodsId", "77");
    library.write(&program.path("reports/library.csv"));
    noted(["77", &ids[1]]);
    let ended = import();
    assert_eq!(
        (ended.code, ended.count("ok"), code(&ended)),
        (Some(1), 1, "goods-id-unverified"),
        "{ended:?}"
    );
}

#[test]
fn rows_of_results_that_carry_an_id_are_there_in_whatever_form_they_come() {
    let (sandbox, program) = shop(&Table::of(2), &[]);
    program.import(&[]);
    fs::create_dir(program.path("elsewhere")).expect("a folder");
    fs::rename(program.results(), program.path("elsewhere/kept.csv")).expect("moved");
    let ended = program.run(&["import", "elsewhere/kept.csv", "-r", "fresh.csv", "--json"]);
    assert_eq!((ended.code, ended.count("ok"), adds(&sandbox)), (Some(0), 2, 2), "{ended:?}");
}

#[test]
fn update_leaves_rows_with_unknown_ids_to_import() {
    let (sandbox, program) = shop(&Table::of(1), &[]);
    program.import(&[]);
    let mut table = with_ids("商品ID", ["", "7"]);
    table.set(2, "货号", "OTHER-2");
    table.write(&program.path("tea.csv"));
    let ended = program.run(&["update", "tea.csv", "--json"]);
    assert_eq!((ended.code, ended.count("ok"), ended.count("skipped")), (Some(0), 1, 1), "{ended:?}");
    assert_eq!(adds(&sandbox), 1);
}
