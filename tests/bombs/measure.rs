//! A sheet into what the program's end costs: its code, its time and the peak of its memory.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use nix::sys::resource::{Resource, UsageWho, getrusage, setrlimit};
use tempfile::TempDir;

use super::pieces::{Part, write};

/// No end takes longer.
const TIME: Duration = Duration::from_secs(20);
/// Nor more memory, in bytes.
const MEMORY: u64 = 300_000_000;
/// What a program that does not keep to that may reserve at most, so that it harms no other.
const GUARD: u64 = 8 << 30;

/// Names the sheet to the process that measures.
const SHEET: &str = "BOMB_SHEET";
/// Names the file that process writes its finding to.
const FINDING: &str = "BOMB_FINDING";

/// One bomb at a time, so that none steals another's time.
static ALONE: Mutex<()> = Mutex::new(());

/// Runs `check` on the sheet that the environment names, as the only child of this process: the peak of memory that
/// the system tells of children is then its own.
#[test]
fn the_one_child_of_a_process_is_measured() {
    let (Some(sheet), Some(finding)) = (env::var_os(SHEET), env::var_os(FINDING)) else { return };
    setrlimit(Resource::RLIMIT_AS, GUARD, GUARD).expect("a limit");
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_livegoods"));
    let folder = Path::new(&sheet).parent().expect("a folder");
    command.env_clear().env("HOME", folder).current_dir(folder).timeout(TIME);
    let began = Instant::now();
    let output = command.args(["check", "-q"]).arg(&sheet).output().expect("a run");
    let seconds = began.elapsed().as_secs_f32();
    let code = output.status.code().map_or(i64::from(i32::MIN), i64::from);
    let kilobytes = getrusage(UsageWho::RUSAGE_CHILDREN).expect("figures").max_rss();
    let error: String = String::from_utf8_lossy(&output.stderr).chars().take(300).collect();
    fs::write(finding, format!("{code} {kilobytes} {seconds:.1} {error}")).expect("a finding");
}

/// How the program ended on a sheet: its exit code, `None` when it was killed; its peak of memory; in words.
pub fn end_on(work: &TempDir, name: &str) -> (Option<i32>, u64, String) {
    let (sheet, finding) = (work.path().join(name), work.path().join("finding"));
    let measured = Command::new(env::current_exe().expect("this test"))
        .args(["--exact", "measure::the_one_child_of_a_process_is_measured"])
        .env(SHEET, &sheet)
        .env(FINDING, &finding)
        .output()
        .expect("a run");
    assert!(measured.status.success(), "{name}: {}", String::from_utf8_lossy(&measured.stdout));
    let told = fs::read_to_string(finding).expect("a finding");
    let mut words = told.splitn(4, ' ');
    let mut next = || words.next().unwrap_or_default();
    let (code, kilobytes, seconds, error) = (next(), next(), next(), next());
    let code = code.parse::<i32>().ok().filter(|code| *code >= 0);
    let peak = kilobytes.parse::<u64>().expect("a number") * 1024;
    let ended = code.map_or("killed".to_owned(), |code| format!("exit {code}"));
    (code, peak, format!("{name}: {ended} after {seconds} s, {} MB: {error}", peak / 1_000_000))
}

/// What is wrong with how the program ends on a sheet, if anything is.
pub fn harm(work: &TempDir, name: &str) -> Option<String> {
    let (code, peak, words) = end_on(work, name);
    let sound = code.is_some_and(|code| [0, 1, 65].contains(&code)) && peak < MEMORY;
    (!sound).then_some(words)
}

/// Whether the program reads a sheet and finds goods in it, however faulty: a bomb that is refused for its form
/// would prove nothing.
pub fn is_read(name: &str, parts: &[Part]) -> Result<(), String> {
    let work = TempDir::new().expect("a folder");
    write(&work.path().join(name), parts);
    let (code, _, words) = end_on(&work, name);
    if code == Some(1) { Ok(()) } else { Err(words) }
}

/// Writes each bomb and checks it, one after the other; a bomb is its name and the parts it is made of.
pub fn none_harms(bombs: Vec<(&str, Vec<Part>)>) {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let mut harms = Vec::new();
    for (name, parts) in bombs {
        let work = TempDir::new().expect("a folder");
        let path = work.path().join(name);
        write(&path, &parts);
        assert!(fs::metadata(&path).expect("written").len() < 64 << 20, "{name} is no small file");
        harms.extend(harm(&work, name));
    }
    assert!(harms.is_empty(), "{harms:#?}");
}
