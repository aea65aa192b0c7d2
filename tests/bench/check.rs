//! `livegoods check` against bare readers of the same bytes, within one run: wall time and peak memory.
//!
//! `cargo bench --bench check` makes its sheets in the target directory and prints a table. Every side is a
//! process of its own, so that each pays for its start, and the sides take turns, so that a busy machine is
//! busy for all of them. Memory is the kernel's `VmHWM`, watched in a run that is not timed.

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use calamine::{Reader, Xlsx, open_workbook};
use rust_xlsxwriter::Workbook;

type Outcome<T> = Result<T, Box<dyn Error>>;

const HEADINGS: [&str; 8] =
    ["商品名称", "商品图片", "价格类型", "价格", "现价", "商品链接", "商品编码", "备注"];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words[..] {
        ["bare-csv", file] => bare_csv(Path::new(file)),
        ["bare-xlsx", file] => bare_xlsx(Path::new(file)),
        _ => compare(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("{error}"));
            ExitCode::FAILURE
        }
    }
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}");
}

/// The floor: every record seen once, nothing done with it.
fn bare_csv(file: &Path) -> Outcome<()> {
    let mut reader = csv::Reader::from_path(file)?;
    let mut record = csv::ByteRecord::new();
    let mut cells = 0;
    while reader.read_byte_record(&mut record)? {
        cells += record.len();
    }
    say(&cells.to_string());
    Ok(())
}

fn bare_xlsx(file: &Path) -> Outcome<()> {
    let mut workbook: Xlsx<_> = open_workbook(file)?;
    let sheet = workbook.sheet_names().remove(0);
    let mut reader = workbook.worksheet_cells_reader(&sheet)?;
    let mut cells = 0;
    while reader.next_cell()?.is_some() {
        cells += 1;
    }
    say(&cells.to_string());
    Ok(())
}

fn compare() -> Outcome<()> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let csv = folder.join("million.csv");
    let xlsx = folder.join("hundred-thousand.xlsx");
    let (small, small_xlsx) = (folder.join("ten.csv"), folder.join("ten.xlsx"));
    write_csv(&csv, 1_000_000)?;
    write_xlsx(&xlsx, 100_000)?;
    write_csv(&small, 10)?;
    write_xlsx(&small_xlsx, 10)?;
    let size = |file: &Path| fs::metadata(file).map(|data| data.len() as f64 / 1e6);
    say(&format!("million.csv {:.0} MB, hundred-thousand.xlsx {:.1} MB", size(&csv)?, size(&xlsx)?));
    say("sheet                    bare        check       ratio  bare memory  check memory  ratio");
    table_row("1,000,000 rows, csv", &Sides::of("bare-csv", &csv)?, 9)?;
    table_row("100,000 rows, xlsx", &Sides::of("bare-xlsx", &xlsx)?, 9)?;
    // What both programs take before they read anything to speak of.
    table_row("10 rows, xlsx", &Sides::of("bare-xlsx", &small_xlsx)?, 51)?;
    table_row("10 rows, csv", &Sides::of("bare-csv", &small)?, 51)
}

/// The two processes that are compared.
struct Sides {
    bare: (PathBuf, [String; 2]),
    check: (PathBuf, [String; 2]),
    report: PathBuf,
}

impl Sides {
    fn of(mode: &str, file: &Path) -> Outcome<Self> {
        let path = file.to_str().ok_or("a path that is text")?;
        Ok(Self {
            bare: (std::env::current_exe()?, [mode.to_owned(), path.to_owned()]),
            check: (env!("CARGO_BIN_EXE_livegoods").into(), ["check".to_owned(), path.to_owned()]),
            report: file.with_extension("report"),
        })
    }

    fn start(&self, (program, words): &(PathBuf, [String; 2])) -> Outcome<std::process::Child> {
        Ok(Command::new(program)
            .args(words)
            .stdout(File::create(&self.report)?)
            .stderr(Stdio::null())
            .spawn()?)
    }

    fn wall(&self, side: &(PathBuf, [String; 2])) -> Outcome<Duration> {
        let start = Instant::now();
        self.start(side)?.wait()?;
        Ok(start.elapsed())
    }

    /// Peak resident memory in KB.
    fn memory(&self, side: &(PathBuf, [String; 2])) -> Outcome<u64> {
        let mut child = self.start(side)?;
        let status = format!("/proc/{}/status", child.id());
        let mut peak = 0;
        while child.try_wait()?.is_none() {
            let text = fs::read_to_string(&status).unwrap_or_default();
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let seen = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
            // The newest counts: until the program is loaded the child shows the memory of this process.
            peak = seen.unwrap_or(peak);
            std::thread::sleep(Duration::from_micros(200));
        }
        Ok(peak)
    }
}

/// The medians of the two sides, taking turns, and the median of the ratios of each turn.
fn table_row(name: &str, sides: &Sides, turns: usize) -> Outcome<()> {
    let mut rounds = Vec::new();
    for _ in 0..turns {
        rounds.push((sides.wall(&sides.bare)?, sides.wall(&sides.check)?));
    }
    let median = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let millis = |wall: Duration| wall.as_secs_f64() * 1e3;
    let bare = median(rounds.iter().map(|round| millis(round.0)).collect());
    let check = median(rounds.iter().map(|round| millis(round.1)).collect());
    let ratio = median(rounds.iter().map(|round| round.1.as_secs_f64() / round.0.as_secs_f64()).collect());
    let (bare_memory, check_memory) = (sides.memory(&sides.bare)?, sides.memory(&sides.check)?);
    let memory_ratio = check_memory as f64 / bare_memory.max(1) as f64;
    say(&format!(
        "{name:<20} {bare:>8.1} ms {check:>9.1} ms {ratio:>8.2}x {:>9.1} MB {:>10.1} MB {memory_ratio:>7.2}x",
        bare_memory as f64 / 1e3,
        check_memory as f64 / 1e3,
    ));
    Ok(())
}

/// The cells of one row; about one in a hundred breaks a rule, half have a sku.
fn cells(row: u64) -> [String; 8] {
    const TEAS: [&str; 5] = ["正山小种", "西湖龙井（明前）", "Earl Grey", "白毫银针", "凤凰单丛·鸭屎香"];
    let mixed = row.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 33;
    let tea = TEAS[(mixed % 5) as usize];
    let price = match mixed % 200 {
        0 => "9.999".to_owned(),
        1 => "面议".to_owned(),
        _ => format!("{}.{:02}", 1 + mixed % 2000, mixed % 100),
    };
    let (kind, price2) = if row.is_multiple_of(4) { ("3", "0.99") } else { ("", "") };
    let sku = if row.is_multiple_of(2) { format!("TEA-{row:07}") } else { String::new() };
    [
        format!("{tea} {row}"),
        "hw7zsntcr0rE-RBfBAaF_553DqBk-J02UtWsP8VqrUh3tKu3jO_JwEO8n1cWTJ5Y".to_owned(),
        kind.to_owned(),
        price,
        price2.to_owned(),
        format!("pages/goods/detail?id={row}&from=live"),
        sku,
        if row.is_multiple_of(7) { "“包邮”, 48 小时内发货".to_owned() } else { String::new() },
    ]
}

fn write_csv(path: &Path, rows: u64) -> Outcome<()> {
    let mut writer = csv::Writer::from_writer(BufWriter::new(File::create(path)?));
    writer.write_record(HEADINGS)?;
    for row in 1..=rows {
        writer.write_record(cells(row))?;
    }
    Ok(writer.flush()?)
}

fn write_xlsx(path: &Path, rows: u64) -> Outcome<()> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_row(0, 0, HEADINGS)?;
    for row in 1..=rows {
        for (column, cell) in cells(row).iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let (line, column) = (u32::try_from(row)?, u16::try_from(column)?);
            match cell.parse::<f64>() {
                Ok(number) => sheet.write_number(line, column, number)?,
                Err(_) => sheet.write_string(line, column, cell)?,
            };
        }
    }
    Ok(workbook.save(path)?)
}
