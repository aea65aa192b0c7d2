//! `livegoods import` against the fastest that its own tools allow, within one run: requests a second, and how much
//! of them the durable results cost.
//!
//! `cargo bench --bench import` prints a table, `cargo bench --bench import -- at-once` (latency, slow-disk, rate,
//! opening) one part of it. `TMPDIR` chooses the disk. The service is a process of its own that answers at once or after
//! a latency and knows nothing but canned replies; the sides take turns, so that a busy machine is busy for both.

mod bare;
mod service;

use std::error::Error;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bare::{bare, committed};
use csv::StringRecord;
use livegoods::clock::{Clock, SystemClock};
use livegoods::event::Silence;
use livegoods::goods::{Cover, Goods, Keys, Pricing};
use livegoods::pass::{Add, Calls, Pass, Rules, StopCell};
use livegoods::plan::AddTask;
use livegoods::quota::{Bucket, DayRule, Ledger, LedgerSettings, Pacer, StateDir};
use livegoods::results::{Action, Disk, FileDisk, Held, Journal, Line, Outcome as RowOutcome};
use livegoods::wechat::{Client, KeptToken, Settings, TokenKey, TokenStore};
use service::serve;

/// How often both sides of an instant answer take turns.
const TURNS: u32 = 5;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words[..] {
        ["serve", latency] => serve(latency),
        ["bare", address, threads, requests] => bare(address, threads, requests, &|| Ok(())),
        ["committed", address, threads, requests, file] => {
            committed(address, threads, requests, Path::new(file))
        }
        ["at-once", ..] => at_once(),
        ["latency", ..] => with_latency(),
        ["slow-disk", ..] => with_a_slow_disk(),
        ["rate", ..] => at_a_rate(),
        ["opening", ..] => opening(),
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
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}

fn compare() -> Outcome<()> {
    at_once()?;
    with_latency()?;
    with_a_slow_disk()?;
    at_a_rate()?;
    opening()
}

/// Against a server that answers at once: import's rows a second over a bare loop's requests a second, and so that
/// of the same loop when it waits for the disk as import does and does nothing else.
fn at_once() -> Outcome<()> {
    const ROWS: u64 = 20_000;
    let server = Server::start(0)?;
    let place = tempfile::tempdir()?;
    let sheet = sheet(place.path(), ROWS)?;
    let file = place.path().join("commits");
    for jobs in [8_u64, 32, 64] {
        let (threads, rows) = (jobs.to_string(), ROWS.to_string());
        let bare = ["bare", &server.address, &threads, &rows];
        let committed =
            ["committed", &server.address, &threads, &rows, file.to_str().ok_or("a path that is text")?];
        let mut sides = [Vec::new(), Vec::new()];
        for _ in 0..TURNS {
            let bare = per_second(ROWS, || again(&bare))?;
            sides[0].push((
                per_second(ROWS, || server.import(&sheet, &["--rate", "0", "--jobs", &threads]))?,
                bare,
            ));
            sides[1].push((per_second(ROWS, || again(&committed))?, bare));
        }
        for (name, turns) in ["import", "the loop with a group commit a row"].into_iter().zip(&sides) {
            report(
                &format!("answers at once, {jobs} jobs: {name} over a bare loop of requests"),
                turns,
                "rows/s",
            );
        }
    }
    Ok(())
}

/// With 200 ms of latency and 32 jobs: rows a second over the 160 that latency allows.
fn with_latency() -> Outcome<()> {
    const ROWS: u64 = 6_400;
    let server = Server::start(200)?;
    let place = tempfile::tempdir()?;
    let sheet = sheet(place.path(), ROWS)?;
    let allowed = 32.0 / 0.2;
    let ratios = turns(1, || {
        let import = per_second(ROWS, || server.import(&sheet, &["--rate", "0", "--jobs", "32"]))?;
        Ok((import, allowed))
    })?;
    report("200 ms of latency, 32 jobs: import over 32 / 0.2 s", &ratios, "rows/s");
    Ok(())
}

/// With 50 ms of latency: a pass whose every sync takes 5 ms over the same pass on this disk.
fn with_a_slow_disk() -> Outcome<()> {
    for jobs in [8, 32] {
        let server = Server::start(50)?;
        let rows = jobs * 150;
        let ratios = turns(3, || {
            let slow = per_second(rows, || server.pass(rows, jobs, Duration::from_millis(5)))?;
            let free = per_second(rows, || server.pass(rows, jobs, Duration::ZERO))?;
            Ok((slow, free))
        })?;
        let name = format!("50 ms of latency, {jobs} jobs: syncs of 5 ms over syncs as they are");
        report(&name, &ratios, "rows/s");
    }
    Ok(())
}

/// `--rate`: what is reached of it, and the most that went out in any second.
fn at_a_rate() -> Outcome<()> {
    for rate in [20_u64, 200, 1000] {
        let server = Server::start(0)?;
        let place = tempfile::tempdir()?;
        let sheet = sheet(place.path(), rate * 10)?;
        server.import(&sheet, &["--rate", &rate.to_string(), "--jobs", "16"])?;
        let stats = server.stats()?;
        let (reached, most) = (stats.rate, stats.most_in_a_second);
        say(&format!(
            "--rate {rate}: {reached:.1} a second reached ({:.1} %), at most {most} in any second",
            100.0 * reached / rate as f64
        ));
    }
    Ok(())
}

/// Opening results and planning from them.
fn opening() -> Outcome<()> {
    let mut walls = Vec::new();
    for rows in [50_000, 100_000, 200_000] {
        let server = Server::start(0)?;
        let place = tempfile::tempdir()?;
        let sheet = sheet(place.path(), rows)?;
        server.import(&sheet, &["--rate", "0", "--jobs", "32"])?;
        let mut best = Vec::new();
        for _ in 0..5 {
            let start = Instant::now();
            server.import(&sheet.with_file_name("results.csv"), &["--dry-run", "-q"])?;
            best.push(start.elapsed().as_secs_f64());
        }
        best.sort_by(f64::total_cmp);
        walls.push(format!("{rows} rows {:.3} s", best[best.len() / 2]));
    }
    say(&format!("opening a results file and planning from it: {}", walls.join(", ")));
    Ok(())
}

/// Runs both sides in turn; the rates of each turn.
fn turns(count: usize, mut turn: impl FnMut() -> Outcome<(f64, f64)>) -> Outcome<Vec<(f64, f64)>> {
    (0..count).map(|_| turn()).collect()
}

/// Another process of this program.
fn again(words: &[&str]) -> Outcome<()> {
    run(Command::new(std::env::current_exe()?).args(words))
}

fn per_second(count: u64, work: impl FnOnce() -> Outcome<()>) -> Outcome<f64> {
    let start = Instant::now();
    work()?;
    Ok(count as f64 / start.elapsed().as_secs_f64())
}

fn report(name: &str, turns: &[(f64, f64)], unit: &str) {
    let median = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let ours = median(turns.iter().map(|turn| turn.0).collect());
    let theirs = median(turns.iter().map(|turn| turn.1).collect());
    let ratio = median(turns.iter().map(|turn| turn.0 / turn.1).collect());
    say(&format!("{name}: {ours:.0} {unit} / {theirs:.0} {unit} = {ratio:.2}"));
}

fn sheet(folder: &Path, rows: u64) -> Outcome<PathBuf> {
    let path = folder.join("sheet.csv");
    let mut writer = csv::Writer::from_writer(BufWriter::new(File::create(&path)?));
    writer.write_record(["sku", "name", "cover", "price", "url"])?;
    for row in 0..rows {
        let cells = [
            format!("TEA-{row:07}"),
            format!("正山小种 {row}"),
            "SANDBOX-COVER-IMAGE-01".to_owned(),
            format!("{}.{:02}", 1 + row % 900, row % 100),
            format!("pages/goods/detail?id={row}"),
        ];
        writer.write_record(cells)?;
    }
    writer.flush()?;
    Ok(path)
}

/// The canned service, as a process.
struct Server {
    process: Child,
    address: String,
}

/// What the service saw of the adds.
struct Stats {
    rate: f64,
    most_in_a_second: u64,
}

impl Server {
    fn start(latency: u64) -> Outcome<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .args(["serve", &latency.to_string()])
            .stdout(Stdio::piped())
            .spawn()?;
        let out = process.stdout.take().ok_or("a pipe")?;
        let mut address = String::new();
        BufReader::new(out).read_line(&mut address)?;
        Ok(Self { process, address: address.trim().to_owned() })
    }

    /// A whole import of `sheet` by the program, into results beside it.
    fn import(&self, sheet: &Path, words: &[&str]) -> Outcome<()> {
        let folder = sheet.parent().ok_or("a folder")?;
        let results = folder.join("results.csv");
        let is_sheet = sheet != results;
        if is_sheet && results.exists() {
            std::fs::remove_file(&results)?;
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_livegoods"));
        command.arg("import").arg(sheet).args(words).env_clear();
        command.args(["--api-base", &format!("http://{}", self.address)]);
        command.arg("--state").arg(folder.join("state")).arg("--no-progress");
        if is_sheet {
            command.arg("--results").arg(&results);
        }
        command.env("LIVEGOODS_APPID", "wx0123456789abcdef").env("LIVEGOODS_SECRET", "secret");
        run(&mut command)
    }

    /// A pass alone, in this process, over a disk whose every sync takes `sync` longer.
    fn pass(&self, rows: u64, jobs: u64, sync: Duration) -> Outcome<()> {
        let place = tempfile::tempdir()?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let appid = "wx0123456789abcdef".to_owned();
        let rule = DayRule::parse(None, None)?;
        let given = vec![(Bucket::Submit, 100_000_000)];
        let settings = LedgerSettings { appid: appid.clone(), rule, given };
        let state = StateDir::open(&place.path().join("state"))?;
        let client = Client::new(Settings {
            api_base: format!("http://{}", self.address),
            appid: appid.clone(),
            secret: "secret".to_owned().into(),
            timeout: Duration::from_secs(30),
            jobs: usize::try_from(jobs)?,
            tokens: Arc::new(NoStore),
            clock: Arc::clone(&clock),
        })?;
        let calls = Calls {
            service: Arc::new(client),
            ledger: Arc::new(Ledger::open(&state, settings, Arc::clone(&clock))?),
            pacer: Arc::new(Pacer::new(None, Arc::clone(&clock))),
            clock: Arc::clone(&clock),
            listener: Arc::new(Silence),
            stop: StopCell::default(),
        };
        let results = place.path().join("results.csv");
        File::create(&results)?;
        let disk = SlowDisk { disk: FileDisk::open(&results)?, sync };
        let journal = Journal::start(Box::new(disk), 0, clock, None);
        let tasks: Vec<AddTask> = (0..rows).map(task).collect::<Outcome<_>>()?;
        let mut lines: Vec<Held> =
            tasks.iter().map(|task| Held { line: task.fresh.clone(), keys: task.keys.clone() }).collect();
        let add = Add { appid, wording: livegoods::terminal::words::note, covers: None };
        let rules = Rules { jobs: usize::try_from(jobs)?, wait: false, too_many_errors: &|_| false };
        let ended = Pass::new(&add, &calls, &journal, rules, &mut lines).run(tasks, Vec::new());
        if let Some(stop) = ended.stop {
            return Err(format!("the pass stopped: {stop:?}").into());
        }
        Ok(())
    }

    fn stats(&self) -> Outcome<Stats> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.write_all(b"GET /stats HTTP/1.1\r\nConnection: close\r\n\r\n")?;
        let mut reply = String::new();
        stream.read_to_string(&mut reply)?;
        let body = reply.rsplit("\r\n\r\n").next().unwrap_or_default();
        let mut numbers = body.split_whitespace();
        let mut number = || -> Outcome<f64> { Ok(numbers.next().ok_or("a number")?.parse()?) };
        Ok(Stats { rate: number()?, most_in_a_second: number()? as u64 })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn run(command: &mut Command) -> Outcome<()> {
    let output = command.stdout(Stdio::null()).stderr(Stdio::piped()).output()?;
    if output.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned().into())
    }
}

fn task(row: u64) -> Outcome<AddTask> {
    let goods = Goods {
        name: format!("正山小种 {row}"),
        cover: Cover::MediaId("SANDBOX-COVER-IMAGE-01".to_owned()),
        pricing: Pricing::Fixed(99.into()),
        url: format!("pages/goods/detail?id={row}"),
        third_party_appid: String::new(),
        sku: String::new(),
        goods_id: None,
        audit_id: None,
    };
    let fresh = Line {
        user: StringRecord::new(),
        row: u32::try_from(row)?,
        action: Some(Action::Add),
        outcome: Some(RowOutcome::Pending),
        ..Line::default()
    };
    let keys = Keys { sku: None, page: goods.url.clone() };
    Ok(AddTask { line: usize::try_from(row)?, fresh, keys, goods: Some(goods), cover: None, doubt: None })
}

/// A disk whose every sync takes so much longer.
struct SlowDisk {
    disk: FileDisk,
    sync: Duration,
}

impl Disk for SlowDisk {
    fn reserve(&mut self, bytes: u64) -> io::Result<()> {
        self.disk.reserve(bytes)
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.disk.append(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        std::thread::sleep(self.sync);
        self.disk.sync()
    }
}

struct NoStore;

impl TokenStore for NoStore {
    fn load(&self, _key: &TokenKey) -> Option<KeptToken> {
        None
    }

    fn save(&self, _key: &TokenKey, _token: &KeptToken) {}
}
