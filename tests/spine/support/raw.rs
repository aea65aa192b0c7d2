//! A server that answers tokens and quotas well and every other call as a test says, byte for byte.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// The token it gives.
pub const TOKEN: &str = "TOKEN-abcdefghijklmnopqrstuvwxyz/0123456789";

/// One call: its path with the query, and its body.
pub struct Asked {
    pub path: String,
    pub body: String,
}

/// What a test does about a call: it writes whatever it likes; `true` keeps the connection.
pub type Answer = dyn Fn(&Asked, &mut TcpStream) -> bool + Send + Sync;

/// The server; it ends with the value.
pub struct RawServer {
    pub base: String,
    asked: Arc<Mutex<Vec<String>>>,
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl RawServer {
    /// Serves until dropped.
    pub fn start(answer: impl Fn(&Asked, &mut TcpStream) -> bool + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let (asked, over) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let answer: Arc<Answer> = Arc::new(answer);
        let (log, ended) = (Arc::clone(&asked), Arc::clone(&over));
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if ended.load(Ordering::SeqCst) {
                    return;
                }
                let (answer, log) = (Arc::clone(&answer), Arc::clone(&log));
                std::thread::spawn(move || serve(stream, &*answer, &log));
            }
        });
        Self { base, asked, over, thread: Some(thread) }
    }

    /// How often a path was asked for.
    pub fn count(&self, path: &str) -> usize {
        self.asked.lock().expect("a lock").iter().filter(|asked| asked.contains(path)).count()
    }
}

impl Drop for RawServer {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.base.trim_start_matches("http://"));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Writes a good answer with this JSON.
pub fn json(stream: &mut TcpStream, text: &str) -> bool {
    page(stream, "200 OK", text)
}

/// Writes an answer with this status.
pub fn page(stream: &mut TcpStream, status: &str, text: &str) -> bool {
    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{text}", text.len()).is_ok()
}

/// Numbers that are given out once.
#[derive(Default)]
pub struct Numbers(AtomicU64);

impl Numbers {
    /// The next one, from 1.
    pub fn next(&self) -> u64 {
        self.0.fetch_add(1, Ordering::SeqCst) + 1
    }
}

fn serve(stream: TcpStream, answer: &Answer, log: &Mutex<Vec<String>>) {
    let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
    let mut stream = stream;
    while let Some(asked) = read(&mut reader) {
        log.lock().expect("a lock").push(asked.path.clone());
        let kept = if asked.path.contains("/stable_token") {
            json(&mut stream, &format!(r#"{{"access_token":"{TOKEN}","expires_in":7200}}"#))
        } else if asked.path.contains("/quota/get") {
            let quota = r#"{"daily_limit":500,"used":0,"remain":500}"#;
            json(&mut stream, &format!(r#"{{"errcode":0,"errmsg":"ok","quota":{quota}}}"#))
        } else {
            answer(&asked, &mut stream)
        };
        if !kept {
            return;
        }
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Asked> {
    let mut first = String::new();
    reader.read_line(&mut first).ok().filter(|read| *read > 0)?;
    let path = first.split(' ').nth(1)?.to_owned();
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Asked { path, body: String::from_utf8_lossy(&body).into_owned() })
}
