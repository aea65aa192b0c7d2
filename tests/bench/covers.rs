//! Photos prepared as covers, against `vipsthumbnail` and a Pillow loop over the same files, within one run.
//!
//! `cargo bench --bench covers` makes its photos in the target directory and prints a table. Every side is a
//! process of its own and writes what it made, the sides take turns, and the ratio is the median of the
//! turns' ratios, so that a busy machine is busy for all of them. A program that is not installed is named and
//! left out; `PYTHON` names another interpreter than `python3`. Memory is the kernel's `VmHWM`.

use std::error::Error;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use image::codecs::jpeg::JpegEncoder;
use livegoods::cover::Preparer;
use rayon::prelude::*;

type Outcome<T> = Result<T, Box<dyn Error>>;

const PHOTOS: u32 = 64;
const WIDTH: u32 = 4000;
const HEIGHT: u32 = 3000;
const TURNS: usize = 5;
const THREADS: usize = 2;

const PILLOW: &str = "
import os, sys
from PIL import Image
for name in sys.argv[2:]:
    picture = Image.open(name).convert('RGB')
    picture = picture.resize((300, 225), Image.LANCZOS)
    picture.save(os.path.join(sys.argv[1], os.path.basename(name)), quality=90)
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let done = match words.first().map(String::as_str) {
        Some("prepare") => prepare(Path::new(&words[1]), &words[2..]),
        _ => compare(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}");
}

/// Our side: one photo a task, as many tasks at a time as the others have processes.
fn prepare(into: &Path, photos: &[String]) -> Outcome<()> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(THREADS).build()?;
    let preparer = Preparer::new();
    pool.install(|| {
        photos.par_iter().try_for_each(|photo| {
            let source = fs::read(photo).map_err(|error| format!("{photo}: {error}"))?;
            let prepared = preparer.prepare(&source).map_err(|fault| format!("{photo}: {fault:?}"))?;
            let name = Path::new(photo).file_name().ok_or("a file")?;
            fs::write(into.join(name), prepared.bytes).map_err(|error| format!("{photo}: {error}"))
        })
    })
    .map_err(|error: String| error.into())
}

/// What one turn of a side took, in seconds.
#[derive(Clone, Copy)]
struct Cost {
    wall: f64,
    /// Of all its processes and threads together: what stays the same when others use the machine too.
    processors: f64,
}

/// What processes that have ended used of the processors, in seconds; the kernel counts in hundredths.
fn processors_used() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(13).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// What one side is and how its processes are started.
struct Side {
    name: &'static str,
    commands: Vec<(PathBuf, Vec<String>)>,
}

impl Side {
    fn start(&self) -> Outcome<Vec<Child>> {
        let start = |(program, words): &(PathBuf, Vec<String>)| {
            Command::new(program).args(words).stdout(Stdio::null()).stderr(Stdio::inherit()).spawn()
        };
        Ok(self.commands.iter().map(start).collect::<Result<_, _>>()?)
    }

    fn cost(&self) -> Outcome<Cost> {
        let (start, before) = (Instant::now(), processors_used());
        for mut child in self.start()? {
            if !child.wait()?.success() {
                return Err(format!("{} failed", self.name).into());
            }
        }
        Ok(Cost { wall: start.elapsed().as_secs_f64(), processors: processors_used() - before })
    }

    /// Peak resident memory of all its processes together, in MB.
    fn memory(&self) -> Outcome<f64> {
        let mut children = self.start()?;
        let mut peaks = vec![0_u64; children.len()];
        let mut running = true;
        while running {
            running = false;
            for (child, peak) in children.iter_mut().zip(&mut peaks) {
                running |= child.try_wait()?.is_none();
                let text = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
                let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
                let seen = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
                *peak = seen.unwrap_or(0).max(*peak);
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        Ok(peaks.iter().sum::<u64>() as f64 / 1e3)
    }
}

fn compare() -> Outcome<()> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("covers");
    fs::create_dir_all(folder.join("made"))?;
    let photos = photos(&folder)?;
    let bytes: u64 = photos.iter().filter_map(|photo| fs::metadata(photo).ok()).map(|data| data.len()).sum();
    say(&format!(
        "{} photos of {WIDTH}x{HEIGHT}, {:.1} MB each on average",
        photos.len(),
        bytes as f64 / 1e6 / photos.len() as f64
    ));
    let ours = ours(&folder, &photos)?;
    say("side                        median of 5   times ours   processor time   times ours     memory");
    let mut own = Vec::new();
    for other in [vips(&folder, &photos), pillow(&folder, &photos)].into_iter().flatten() {
        let mut turns = Vec::new();
        for _ in 0..TURNS {
            turns.push((ours.cost()?, other.cost()?));
        }
        own.extend(turns.iter().map(|turn| (turn.0, turn.0)));
        table_row(other.name, &turns, other.memory()?);
    }
    if own.is_empty() {
        let cost = ours.cost()?;
        own.push((cost, cost));
    }
    table_row(ours.name, &own, ours.memory()?);
    Ok(())
}

/// The medians of the second of each pair, and of its ratio to the first.
fn table_row(name: &str, turns: &[(Cost, Cost)], memory: f64) {
    let of = |value: fn(&(Cost, Cost)) -> f64| median(turns.iter().map(value).collect());
    say(&format!(
        "{name:<27} {:>9.2} s {:>11.2}x {:>14.2} s {:>11.2}x {memory:>7.1} MB",
        of(|(_, two)| two.wall),
        of(|(one, two)| two.wall / one.wall),
        of(|(_, two)| two.processors),
        of(|(one, two)| two.processors / one.processors),
    ));
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn ours(folder: &Path, photos: &[String]) -> Outcome<Side> {
    let words = ["prepare".to_owned(), made(folder)].into_iter().chain(photos.iter().cloned()).collect();
    Ok(Side { name: "livegoods, 2 threads", commands: vec![(std::env::current_exe()?, words)] })
}

/// The photos in two halves, a process for each.
fn vips(folder: &Path, photos: &[String]) -> Option<Side> {
    if !is_there("vipsthumbnail", &["--vips-version"]) {
        say("vipsthumbnail is not installed (package libvips-tools): left out");
        return None;
    }
    let output = format!("{}/%s.jpg[Q=90]", made(folder));
    let commands = photos.chunks(photos.len().div_ceil(THREADS)).map(|half| {
        let words = ["-s", "300x300", "-o", &output].map(str::to_owned);
        ("vipsthumbnail".into(), words.into_iter().chain(half.iter().cloned()).collect())
    });
    Some(Side { name: "vipsthumbnail, 2 processes", commands: commands.collect() })
}

fn pillow(folder: &Path, photos: &[String]) -> Option<Side> {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    if !is_there(&python, &["-c", "import PIL"]) {
        say("Pillow is not installed for python3 (set PYTHON to one that has it): left out");
        return None;
    }
    let words = ["-c".to_owned(), PILLOW.to_owned(), made(folder)];
    let words = words.into_iter().chain(photos.iter().cloned()).collect();
    Some(Side { name: "Pillow, decoding in full", commands: vec![(python.into(), words)] })
}

fn made(folder: &Path) -> String {
    folder.join("made").display().to_string()
}

fn is_there(program: &str, words: &[&str]) -> bool {
    let quiet = Command::new(program).args(words).stdout(Stdio::null()).stderr(Stdio::null()).status();
    quiet.is_ok_and(|status| status.success())
}

fn photos(folder: &Path) -> Outcome<Vec<String>> {
    (0..PHOTOS)
        .into_par_iter()
        .map(|number| {
            let path = folder.join(format!("photo-{number:02}.jpg"));
            if !path.exists() {
                write_photo(&path, number).map_err(|error| error.to_string())?;
            }
            Ok(path.display().to_string())
        })
        .collect::<Result<_, String>>()
        .map_err(Into::into)
}

/// Light that changes slowly, shapes with edges, and the grain of a sensor.
fn write_photo(path: &Path, number: u32) -> Outcome<()> {
    let mut grain = u64::from(number) * 2 + 1;
    let phase = f64::from(number);
    let waves = |side: u32, length: f64| -> Vec<i32> {
        (0..side).map(|at| ((f64::from(at) / length + phase).sin() * 50.0) as i32).collect()
    };
    let (across, down) = (waves(WIDTH, 311.0), waves(HEIGHT, 173.0));
    let photo = image::RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        grain = grain.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let noise = (grain >> 58) as i32 / 5 - 6;
        let shape = if (x / 190 + y / 230 + number).is_multiple_of(7) { 40 } else { 0 };
        let light = 110 + across[x as usize] + down[y as usize] + shape + noise;
        let clip = |light: i32| light.clamp(0, 255) as u8;
        image::Rgb([clip(light + 20), clip(light), clip(light + across[y as usize] / 2)])
    });
    let part = path.with_extension("part");
    let mut encoder = JpegEncoder::new_with_quality(File::create(&part)?, 88);
    encoder.encode_image(&photo)?;
    Ok(fs::rename(part, path)?)
}
