//! What happened to the sheet and to the results file between two runs, and the calls the second may make.

use std::sync::Arc;

use csv::Terminator;
use encoding_rs::GBK;
use livegoods::exit::Exit;
use livegoods::plan::ImportOptions;
use livegoods::wechat::Service;

use crate::support::{APPID, Desk, Fuse, Ran, Shelf, Table, Wishes};

/// Rows of the sheet of most tests.
const ROWS: usize = 5;

/// What somebody did to the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sheet {
    Untouched,
    RowsGained,
    RowLost,
    Reordered,
    PriceEdited,
    NameEdited,
    TitleAdded,
    SkuDropped,
    SkuAdded,
    HeadingsRespelt,
}

/// What somebody did to the results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum File {
    Untouched,
    SortedByName,
    SavedByAProgram,
    ColumnsMoved,
    ColumnAdded,
    LineDeleted,
    LeftUnfolded,
    UnfoldedAndSorted,
    IdsDragged,
    IdRounded,
    ChecksDeleted,
    TimesEmptied,
    ChecksSwapped,
}

const SHEETS: [Sheet; 9] = [
    Sheet::Untouched,
    Sheet::RowsGained,
    Sheet::RowLost,
    Sheet::Reordered,
    Sheet::PriceEdited,
    Sheet::NameEdited,
    Sheet::TitleAdded,
    Sheet::SkuDropped,
    Sheet::HeadingsRespelt,
];

const FILES: [File; 13] = [
    File::Untouched,
    File::SortedByName,
    File::SavedByAProgram,
    File::ColumnsMoved,
    File::ColumnAdded,
    File::LineDeleted,
    File::LeftUnfolded,
    File::UnfoldedAndSorted,
    File::IdsDragged,
    File::IdRounded,
    File::ChecksDeleted,
    File::TimesEmptied,
    File::ChecksSwapped,
];

impl Sheet {
    fn edit(self, table: &mut Table) {
        match self {
            Self::Untouched | Self::SkuAdded => {}
            Self::RowsGained => {
                let mut more = Table::of(ROWS + 2);
                if table.rows[0][0] != "货号" {
                    more.drop_column("货号");
                }
                table.rows.extend(more.rows[ROWS + 1..].iter().cloned());
                table.rows.swap(1, ROWS + 1);
            }
            Self::RowLost => drop(table.rows.remove(2)),
            Self::Reordered => table.rows[1..].reverse(),
            Self::PriceEdited => table.set(2, "价格", "1.25"),
            Self::NameEdited => table.set(2, "商品名称", "新名字的壶"),
            Self::TitleAdded => table.rows.insert(0, vec!["春季直播选品".to_owned()]),
            Self::SkuDropped => table.drop_column("货号"),
            Self::HeadingsRespelt => {
                let (name, price, note) =
                    (table.column("商品名称"), table.column("价格"), table.column("备注"));
                table.rows[0][name] = " Name ".to_owned();
                table.rows.iter_mut().for_each(|row| row.swap(price, note));
            }
        }
    }

    /// New goods, whatever happened to the results.
    fn adds(self) -> u64 {
        if self == Self::RowsGained { 2 } else { 0 }
    }

    /// Whether a row has lost its line: without a sku, another name is another identity.
    fn is_renamed(self, sku: bool) -> bool {
        self == Self::NameEdited && !sku
    }

    /// Lines that no row meets any more.
    fn orphans(self, sku: bool) -> usize {
        match self {
            Self::RowLost => 1,
            _ => usize::from(self.is_renamed(sku)),
        }
    }
}

impl File {
    fn edit(self, desk: &Desk) {
        let mut table = Table::read(&desk.results);
        match self {
            Self::Untouched | Self::LeftUnfolded => return,
            Self::SortedByName | Self::UnfoldedAndSorted => {
                let name = table.column("商品名称");
                table.rows[1..].sort_by(|a, b| b[name].cmp(&a[name]));
            }
            Self::SavedByAProgram => {
                let text = String::from_utf8(table.bytes(b';', Terminator::Any(b'\n'))).expect("text");
                return std::fs::write(&desk.results, GBK.encode(&text).0).expect("written");
            }
            Self::ColumnsMoved => table.rows.iter_mut().for_each(|row| row.rotate_right(3)),
            Self::ColumnAdded => {
                for (number, row) in table.rows.iter_mut().enumerate() {
                    row.push(if number == 0 { "负责人".to_owned() } else { format!("小{number}") });
                }
            }
            Self::LineDeleted => drop(table.rows.remove(4)),
            Self::IdsDragged => {
                let first: u64 = table.cell(1, "goodsId").parse().expect("an id");
                (1..=ROWS as u64).for_each(|row| {
                    table.set(row as usize, "goodsId", &(first + row - 1).to_string());
                });
            }
            Self::IdRounded => table.set(3, "goodsId", "9.01E+15"),
            Self::ChecksDeleted => table.drop_column("check"),
            Self::TimesEmptied => (1..=ROWS).for_each(|row| table.set(row, "updatedAt", "")),
            Self::ChecksSwapped => {
                let check = table.column("check");
                let (first, second) = (table.rows[1][check].clone(), table.rows[2][check].clone());
                table.set(1, "check", &second);
                table.set(2, "check", &first);
            }
        }
        table.write(&desk.results);
    }

    /// The rows that are named when the file is refused.
    fn distrusted(self) -> Option<Vec<u32>> {
        match self {
            Self::IdsDragged => Some(vec![3, 4, 5, 6]),
            Self::IdRounded => Some(vec![4]),
            Self::ChecksDeleted => Some(vec![2, 3, 4, 5, 6]),
            Self::ChecksSwapped => Some(vec![2, 3]),
            _ => None,
        }
    }
}

fn import(desk: &Desk, shelf: &Arc<Shelf>, wishes: Wishes) -> Ran {
    let service: Arc<dyn Service> = Arc::clone(shelf) as _;
    desk.import(&service, wishes)
}

/// A desk whose sheet was imported; `unfolded` leaves the results as a kill leaves them.
fn imported(table: &Table, unfolded: bool) -> (Desk, Arc<Shelf>) {
    let (desk, shelf) = (Desk::new(), Arc::new(Shelf::default()));
    table.write(&desk.sheet);
    let fuse = Fuse::endless();
    import(&desk, &shelf, Wishes { fuse: Arc::clone(&fuse), ..Wishes::default() });
    if !unfolded {
        return (desk, shelf);
    }
    let (desk, shelf) = (Desk::new(), Arc::new(Shelf::default()));
    table.write(&desk.sheet);
    // The step after the last sync: everything is on disk, and nothing is folded.
    import(&desk, &shelf, Wishes { fuse: Fuse::of(fuse.steps()), ..Wishes::default() });
    (desk, shelf)
}

fn base(sku: bool) -> Table {
    let mut table = Table::of(ROWS);
    if !sku {
        table.drop_column("货号");
    }
    table
}

/// One cell of the matrix.
fn second_run(sku: bool, sheet: Sheet, file: File) {
    let at = format!("sku {sku}, sheet {sheet:?}, file {file:?}");
    let unfolded = matches!(file, File::LeftUnfolded | File::UnfoldedAndSorted);
    let (desk, shelf) = imported(&base(sku), unfolded);
    assert_eq!(shelf.calls(), (ROWS as u64, 0), "{at}: the first run");
    let mut edited = if sheet == Sheet::SkuAdded { Table::of(ROWS) } else { base(sku) };
    sheet.edit(&mut edited);
    edited.write(&desk.sheet);
    file.edit(&desk);
    let before = std::fs::read(&desk.results).expect("results");
    let ids: Vec<String> = (1..=ROWS)
        .filter_map(|n| shelf.id_of(&format!("手冲咖啡壶 {n} 号")))
        .map(|id| id.0.to_string())
        .collect();

    let ran = import(&desk, &shelf, Wishes::default());

    if let Some(rows) = file.distrusted() {
        assert_eq!((ran.exit, ran.distrusted), (Exit::BadInput, rows), "{at}");
        assert_eq!(std::fs::read(&desk.results).expect("results"), before, "{at}: untouched");
        assert_eq!(shelf.calls(), (ROWS as u64, 0), "{at}: no call");
        return;
    }
    // A row whose line somebody deleted is a new one: nothing says otherwise.
    let forgotten = u64::from(file == File::LineDeleted);
    let adds = sheet.adds() + forgotten;
    let renamed = sheet.is_renamed(sku);
    let exit = if renamed { Exit::SomeFailed } else { Exit::Done };
    assert_eq!((ran.exit, ran.counts.invalid), (exit, u64::from(renamed)), "{at}: {ran:?}");
    assert_eq!(shelf.calls(), (ROWS as u64 + adds, 0), "{at}");
    let table = Table::read(&desk.results);
    let rows = edited.rows.len() - 1 - usize::from(sheet == Sheet::TitleAdded);
    assert_eq!(table.rows.len(), 1 + rows + sheet.orphans(sku), "{at}");
    let not_ok = table.cells("outcome").iter().filter(|outcome| **outcome != "ok").count();
    let told = table.cells("note").iter().filter(|note| note.starts_with("identity-changed: ")).count();
    assert_eq!((not_ok, told), (usize::from(renamed), usize::from(renamed)), "{at}");
    let held = table.cells("goodsId");
    for (number, id) in (1..).zip(&ids) {
        assert!(
            held.contains(&id.as_str()) || (forgotten == 1 && number == 4),
            "{at}: goods {number} are lost"
        );
    }
    let user = if sheet == Sheet::TitleAdded { &edited.rows[1..] } else { &edited.rows[..] };
    for (line, row) in table.rows.iter().zip(user) {
        let cells =
            row.iter().map(|cell| if cell.starts_with('=') { format!("'{cell}") } else { cell.clone() });
        assert_eq!(line[..row.len()], cells.collect::<Vec<_>>(), "{at}: the user's own columns");
    }
    let again = import(&desk, &shelf, Wishes::default());
    assert_eq!((again.exit, shelf.calls().0), (exit, ROWS as u64 + adds), "{at}: a third run");
}

#[test]
fn rows_with_a_sku_meet_their_lines_whatever_happened_to_both() {
    for sheet in SHEETS {
        FILES.into_iter().for_each(|file| second_run(true, sheet, file));
    }
}

#[test]
fn rows_without_a_sku_meet_their_lines_by_name_and_page() {
    for sheet in SHEETS.into_iter().filter(|sheet| *sheet != Sheet::SkuDropped) {
        FILES.into_iter().for_each(|file| second_run(false, sheet, file));
    }
}

#[test]
fn a_sku_column_that_comes_later_adds_nothing() {
    FILES.into_iter().for_each(|file| second_run(false, Sheet::SkuAdded, file));
}

#[test]
fn a_last_line_torn_at_any_byte_is_kept_whole_or_settled() {
    let (desk, shelf) = imported(&Table::of_goods(&["咖啡壶一号", "茶壶, \"二\" 号"]), true);
    let journal = std::fs::read(&desk.results).expect("results");
    let last = journal[..journal.len() - 2].windows(2).rposition(|end| end == b"\r\n").expect("lines") + 2;
    for end in last..=journal.len() {
        let lists = shelf.calls().1;
        std::fs::write(&desk.results, &journal[..end]).expect("written");
        let ran = import(&desk, &shelf, Wishes::default());
        let at = format!("{} of {} bytes", end - last, journal.len() - last);
        assert_eq!((ran.exit, shelf.calls().0), (Exit::Done, 2), "{at}: {ran:?}");
        let table = Table::read(&desk.results);
        assert_eq!(table.cells("outcome"), ["ok", "ok"], "{at}");
        let whole = end + 2 >= journal.len();
        let (looked, audit) = (shelf.calls().1 - lists, table.cell(2, "auditId").to_owned());
        assert_eq!((looked > 0, audit.is_empty()), (!whole, !whole), "{at}");
    }
}

#[test]
fn a_sending_line_torn_at_any_byte_is_settled_before_its_row_is_sent() {
    let names = ["咖啡壶一号", "茶壶二号"];
    // Dies before the second add: *sending* is the last line.
    let (desk, shelf) = imported(&Table::of_goods(&names[..1]), true);
    Table::of_goods(&names).write(&desk.sheet);
    let fuse = Fuse::of(5);
    import(&desk, &shelf, Wishes { fuse, ..Wishes::default() });
    let journal = std::fs::read(&desk.results).expect("results");
    assert!(String::from_utf8_lossy(&journal).contains("sending"));
    assert_eq!(shelf.calls().0, 1, "the second add never went out");
    let last = journal[..journal.len() - 2].windows(2).rposition(|end| end == b"\r\n").expect("lines") + 2;
    for end in (last..=journal.len()).step_by(7) {
        let service: Arc<dyn Service> = Arc::new(Shelf::default());
        let other = Arc::new(Shelf::default());
        drop(service);
        std::fs::write(&desk.results, &journal[..end]).expect("written");
        let ran = import(&desk, &other, Wishes::default());
        let looks = if end == last { 0 } else { 8 };
        assert_eq!((ran.exit, other.calls()), (Exit::Done, (1, looks)), "{} bytes", end - last);
    }
}

#[test]
fn other_results_than_ones_own_are_refused_with_78_and_left_alone() {
    let (desk, shelf) = imported(&base(true), false);
    let before = std::fs::read(&desk.results).expect("results");
    let service: Arc<dyn Service> = Arc::clone(&shelf) as _;
    let ran = desk.import_as("wx0000000000000002", &service, Wishes::default());
    assert_eq!((ran.exit, shelf.calls().0), (Exit::Configuration, ROWS as u64));
    assert_eq!(std::fs::read(&desk.results).expect("results"), before);
    assert_ne!(APPID, "wx0000000000000002");
}

#[test]
fn a_refused_row_goes_again_when_its_content_changed_or_somebody_says_so() {
    let (desk, shelf) = imported(&Table::of_goods(&["违规的壶一号", "茶壶二号"]), false);
    assert_eq!(shelf.calls().0, 2);
    assert_eq!(import(&desk, &shelf, Wishes::default()).counts.failed, 1);
    assert_eq!(shelf.calls().0, 2, "unchanged");
    let options = ImportOptions { retry_failed: true, ..ImportOptions::default() };
    import(&desk, &shelf, Wishes { options, ..Wishes::default() });
    assert_eq!(shelf.calls().0, 3, "somebody said so");
    let mut note = Table::of_goods(&["违规的壶一号", "茶壶二号"]);
    note.set(1, "备注", "别的备注");
    note.write(&desk.sheet);
    import(&desk, &shelf, Wishes::default());
    assert_eq!(shelf.calls().0, 3, "a column that is not sent changes nothing");
    let mut priced = note.clone();
    priced.set(1, "价格", "1.50");
    priced.write(&desk.sheet);
    import(&desk, &shelf, Wishes::default());
    assert_eq!(shelf.calls().0, 4, "another price");
    Table::of_goods(&["好名字的壶一号", "茶壶二号"]).write(&desk.sheet);
    let ran = import(&desk, &shelf, Wishes::default());
    assert_eq!((ran.exit, shelf.calls().0), (Exit::Done, 5));
}

#[test]
fn a_row_that_repeats_another_has_a_line_of_its_own_and_disturbs_nobody() {
    let mut table = Table::of(3);
    table.rows.push(table.rows[1].clone());
    let (desk, shelf) = imported(&table, false);
    let repeat = "invalid";
    assert_eq!(Table::read(&desk.results).cells("outcome"), ["ok", "ok", "ok", repeat]);
    table.rows.remove(1);
    table.write(&desk.sheet);
    let ran = import(&desk, &shelf, Wishes::default());
    assert_eq!((ran.exit, shelf.calls().0), (Exit::Done, 3), "the later one takes the line over");
}

#[test]
fn a_doubtful_row_whose_sheet_changed_is_looked_for_as_it_was_sent() {
    for (heading, text) in
        [("价格", "7.25"), ("商品名称", "改了名字的壶"), ("链接", "pages/other"), ("货号", "")]
    {
        let (desk, shelf) = (Desk::new(), Arc::new(Shelf::default()));
        let mut table = Table::of(2);
        table.write(&desk.sheet);
        // Dies once the first add was carried out and before its answer is on disk.
        import(&desk, &shelf, Wishes { fuse: Fuse::of(8), ..Wishes::default() });
        assert_eq!(shelf.calls().0, 1, "{heading}");
        table.set(1, heading, text);
        table.write(&desk.sheet);
        let ran = import(&desk, &shelf, Wishes::default());
        assert_eq!(ran.exit, Exit::Done, "{heading}: {ran:?}");
        assert_eq!(shelf.calls().0, 2, "{heading}: only the second row was left to add");
        assert_eq!(Table::read(&desk.results).cell(1, heading), text);
    }
}

#[test]
fn a_quote_that_went_astray_is_damage_and_not_a_torn_end() {
    let (desk, shelf) = imported(&base(true), false);
    let text = String::from_utf8(std::fs::read(&desk.results).expect("results")).expect("text");
    let id = Table::read(&desk.results).cell(2, "goodsId").to_owned();
    for broken in [text.replace(&id, &format!("\"{id}")), text.replacen("SKU-2", "\"SKU-2", 1)] {
        std::fs::write(&desk.results, &broken).expect("written");
        let ran = import(&desk, &shelf, Wishes::default());
        assert_eq!((ran.exit, shelf.calls()), (Exit::BadInput, (ROWS as u64, 0)));
        assert_eq!(std::fs::read(&desk.results).expect("results"), broken.as_bytes());
    }
}

#[test]
fn results_that_somebody_damaged_are_refused_and_left_as_they_are() {
    let (desk, shelf) = imported(&base(true), false);
    let whole = std::fs::read(&desk.results).expect("results");
    let text = String::from_utf8(whole.clone()).expect("text");
    let mut undecodable = whole.clone();
    let at = text.find("手冲").expect("a name");
    undecodable[at] = 0xFF;
    let mut nul = whole.clone();
    nul[at] = 0;
    let cases = [
        undecodable,
        nul,
        text.replacen(",ok,", ",okay,", 1).into_bytes(),
        text.replacen(",ok,", ",", 1).into_bytes(),
        text.replacen(",ok,", ",ok,,", 1).into_bytes(),
        text.replacen(",add,", ",buy,", 1).into_bytes(),
        // Without its mark it is a file that another program saved.
        text.trim_start_matches('\u{FEFF}').replacen(",ok,", ",ok,,", 1).into_bytes(),
    ];
    for (number, damaged) in cases.into_iter().enumerate() {
        std::fs::write(&desk.results, &damaged).expect("written");
        let ran = import(&desk, &shelf, Wishes::default());
        assert_eq!((ran.exit, shelf.calls()), (Exit::BadInput, (ROWS as u64, 0)), "case {number}");
        assert_eq!(std::fs::read(&desk.results).expect("results"), damaged, "case {number}");
    }
}

#[test]
fn a_doubtful_line_whose_cells_were_edited_is_never_sent_again() {
    let (desk, shelf) = (Desk::new(), Arc::new(Shelf::default()));
    Table::of(1).write(&desk.sheet);
    import(&desk, &shelf, Wishes { fuse: Fuse::of(8), ..Wishes::default() });
    let mut results = Table::read(&desk.results);
    // Both lines of the row: what it was, and *sending*.
    (1..=2).for_each(|line| results.set(line, "价格", "5-7"));
    results.write(&desk.results);
    let mut priced = Table::of(1);
    priced.set(1, "价格", "77");
    priced.write(&desk.sheet);
    let ran = import(&desk, &shelf, Wishes::default());
    assert_eq!((ran.exit, shelf.calls().0), (Exit::SomeInDoubt, 1));
    assert!(Table::read(&desk.results).cell(1, "note").starts_with("content-unknown"));
}
