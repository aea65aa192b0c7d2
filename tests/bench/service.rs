//! The canned service: answers at once or after a latency, and remembers when the adds came in.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::{Outcome, say};

/// When the adds came in.
#[derive(Default)]
struct Seen(Mutex<Vec<Instant>>);

/// Serves until it is killed; the first line on stdout is the address.
pub fn serve(latency: &str) -> Outcome<()> {
    let latency = Duration::from_millis(latency.parse()?);
    let listener = TcpListener::bind("127.0.0.1:0")?;
    say(&listener.local_addr()?.to_string());
    let (seen, next) = (Arc::new(Seen::default()), Arc::new(AtomicU64::new(52_000_000_001)));
    for stream in listener.incoming() {
        let (seen, next, stream) = (Arc::clone(&seen), Arc::clone(&next), stream?);
        std::thread::spawn(move || answer_all(stream, latency, &seen, &next));
    }
    Ok(())
}

/// One connection, until it is closed.
fn answer_all(stream: TcpStream, latency: Duration, seen: &Seen, next: &AtomicU64) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let is_stats = |first: &str| first.contains("/stats");
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream;
    loop {
        let mut first = String::new();
        if reader.read_line(&mut first)? == 0 {
            return Ok(());
        }
        let mut length = 0;
        loop {
            let mut header = String::new();
            reader.read_line(&mut header)?;
            if header.trim().is_empty() {
                break;
            }
            let lower = header.to_ascii_lowercase();
            if let Some(value) = lower.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        io::copy(&mut reader.by_ref().take(length), &mut io::sink())?;
        if first.contains("/goods/add")
            && let Ok(mut seen) = seen.0.lock()
        {
            seen.push(Instant::now());
        }
        std::thread::sleep(latency);
        let body = reply(&first, seen, next);
        write!(
            writer,
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )?;
        if is_stats(&first) {
            return Ok(());
        }
    }
}

fn reply(first: &str, seen: &Seen, next: &AtomicU64) -> String {
    if first.contains("/goods/add") {
        let id = next.fetch_add(1, Ordering::Relaxed);
        format!(r#"{{"errcode":0,"errmsg":"ok","goodsId":{id},"auditId":{id}}}"#)
    } else if first.contains("stable_token") {
        r#"{"access_token":"token","expires_in":7200}"#.to_owned()
    } else if first.contains("quota/get") {
        r#"{"errcode":0,"errmsg":"ok","quota":{"daily_limit":100000000,"used":0,"remain":100000000},"rate_limit":{"call_count":1000000,"refresh_second":60}}"#.to_owned()
    } else {
        seen.0.lock().map(|seen| stats(&seen)).unwrap_or_default()
    }
}

/// The rate from the first add to the last, and the most in any second.
fn stats(seen: &[Instant]) -> String {
    let (Some(first), Some(last)) = (seen.first(), seen.last()) else { return "0 0".to_owned() };
    let rate = (seen.len() - 1) as f64 / (*last - *first).as_secs_f64();
    let mut from = 0;
    let most = (0..seen.len()).map(|to| {
        while seen[to] - seen[from] >= Duration::from_secs(1) {
            from += 1;
        }
        to - from + 1
    });
    format!("{rate} {}", most.max().unwrap_or(0))
}
