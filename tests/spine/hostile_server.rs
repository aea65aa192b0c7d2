//! Servers that do their work and answer badly, or do not answer: no goods are added twice, and nothing of what
//! they say harms the file.

use std::collections::HashMap;
use std::io::Write;
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::support::raw::{Asked, Numbers, RawServer, TOKEN, json, page};
use crate::support::{Program, Table};

/// A library behind a bad line: `spoil` answers the first adds, a good answer follows.
fn library(
    spoiled: u64,
    spoil: impl Fn(&mut TcpStream, u64) -> bool + Send + Sync + 'static,
) -> (RawServer, Arc<Mutex<HashMap<String, u64>>>) {
    let (goods, numbers) = (Arc::new(Mutex::new(HashMap::new())), Numbers::default());
    let shelf = Arc::clone(&goods);
    let server = RawServer::start(move |asked, stream| {
        if asked.path.contains("/getapproved") {
            return list(asked, stream, &shelf.lock().expect("a lock"));
        }
        let number = numbers.next();
        let id = 9_007_199_254_740_993 + number;
        assert!(shelf.lock().expect("a lock").insert(asked.body.clone(), id).is_none(), "added twice");
        if number <= spoiled {
            return spoil(stream, id);
        }
        json(stream, &format!(r#"{{"errcode":0,"errmsg":"ok","goods_id":"{id}","audit_id":"{number}"}}"#))
    });
    (server, goods)
}

/// Everything is in review.
fn list(asked: &Asked, stream: &mut TcpStream, goods: &HashMap<String, u64>) -> bool {
    if !asked.path.contains("status=1") {
        return json(stream, r#"{"errcode":0,"total":0,"goods":[]}"#);
    }
    let listed: Vec<String> = goods
        .iter()
        .map(|(body, id)| {
            let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
            let info = &body["goodsInfo"];
            format!(
                r#"{{"goods_id":"{id}","name":{},"price":{},"url":{},"price_type":"1"}}"#,
                info["name"], info["price"], info["url"]
            )
        })
        .collect();
    json(stream, &format!(r#"{{"errcode":"0","total":{},"goods":[{}]}}"#, listed.len(), listed.join(",")))
}

/// Imports three rows over a line whose first answer is spoiled; the ids of the library are in the results.
fn spoiled(spoil: impl Fn(&mut TcpStream, u64) -> bool + Send + Sync + 'static) {
    let (server, goods) = library(1, spoil);
    let program = Program::new(&Table::of(3), &server.base);
    let ended = program.import(&["--timeout", "1", "-j", "1", "--rate", "0"]);
    assert_eq!((ended.code, ended.count("ok")), (Some(0), 3), "{ended:?}");
    let results = Table::read(&program.results());
    let mut ids = results.cells("goodsId").iter().map(|id| id.parse().expect("an id")).collect::<Vec<u64>>();
    ids.sort_unstable();
    let mut held: Vec<u64> = goods.lock().expect("a lock").values().copied().collect();
    held.sort_unstable();
    assert_eq!(ids, held);
    assert_eq!(results.cell(1, "auditId"), "", "it was told in the lost answer only");
    assert!(results.cell(1, "note").starts_with("audit-id-unknown"));
}

#[test]
fn a_connection_that_is_cut_after_the_work_is_settled_by_the_list() {
    spoiled(|_, _| false);
}

#[test]
fn headers_without_a_body_are_waited_for_as_long_as_the_timeout_says() {
    spoiled(|stream, _| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n");
        std::thread::sleep(Duration::from_secs(3));
        false
    });
}

#[test]
fn a_good_status_with_a_page_of_html_is_no_answer() {
    spoiled(|stream, _| page(stream, "200 OK", "<html>维护中</html>"));
}

#[test]
fn a_body_shorter_than_it_was_said_to_be_is_no_answer() {
    spoiled(|stream, id| {
        let text = format!(r#"{{"errcode":0,"goodsId":{id},"auditId":1}}"#);
        let _ = write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{text}", text.len() + 9);
        false
    });
}

#[test]
fn goods_that_a_reply_names_without_an_audit_id_are_there() {
    spoiled(|stream, id| json(stream, &format!(r#"{{"errcode":0,"errmsg":"ok","goodsId":{id}}}"#)));
}

#[test]
fn a_redirect_to_elsewhere_is_not_followed() {
    let elsewhere = RawServer::start(|_, stream| json(stream, "{}"));
    let address = elsewhere.base.clone();
    spoiled(move |stream, _| {
        let head =
            format!("HTTP/1.1 307 Temporary\r\nLocation: {address}/wxaapi\r\nContent-Length: 0\r\n\r\n");
        stream.write_all(head.as_bytes()).is_ok()
    });
    assert_eq!(elsewhere.count("/"), 0);
}

#[test]
fn a_body_without_an_end_is_not_read_to_its_end() {
    let begun = Instant::now();
    spoiled(|stream, _| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        let chunk = [&b"10000\r\n"[..], &[b' '; 0x10000], b"\r\n"].concat();
        while stream.write_all(&chunk).is_ok() {}
        false
    });
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
}

#[test]
fn a_body_that_drips_does_not_stretch_the_timeout() {
    let begun = Instant::now();
    spoiled(|stream, _| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n");
        while stream.write_all(b" ").is_ok() {
            std::thread::sleep(Duration::from_millis(50));
        }
        false
    });
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

#[test]
fn what_the_service_says_stays_text_and_gives_no_secret_away() {
    let server = RawServer::start(|asked, stream| {
        if asked.path.contains("/goods/add") {
            let message = format!("=cmd|' /C calc'!A0\\u0000\\r\\n\\\"茶\\\"; at {}", asked.path);
            return json(stream, &format!(r#"{{"errcode":300002,"errmsg":"{message}"}}"#));
        }
        json(stream, r#"{"errcode":0,"total":0,"goods":[]}"#)
    });
    let program = Program::new(&Table::of(2), &server.base);
    let ended = program.import(&["--log-file", "run.log", "-v", "--rate", "0"]);
    assert_eq!((ended.code, ended.count("failed")), (Some(1), 2), "{ended:?}");
    let results = Table::read(&program.results());
    let message = results.cell(1, "errmsg");
    assert!(message.starts_with("'=cmd|' /C calc'!A0"), "{message:?}");
    assert!(!message.contains(char::is_control), "{message:?}");
    let log = std::fs::read_to_string(program.path("run.log")).expect("a log");
    let said = [
        std::fs::read_to_string(program.results()).expect("text"),
        log,
        ended.stderr,
        ended.summary.to_string(),
    ];
    let spellings = [TOKEN.to_owned(), TOKEN.replace('/', "%2F"), "sandbox-secret-of-no-value".to_owned()];
    for text in said {
        assert!(spellings.iter().all(|secret| !text.contains(secret.as_str())), "{text}");
    }
    let again = program.import(&[]);
    assert_eq!((again.code, server.count("/goods/add")), (Some(1), 2), "{again:?}");
}
