//! What outlives a stand-in.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use livegoods::sandbox::{Options, Replies, Sandbox, SandboxError};
use serde_json::json;

use crate::caller::*;

fn remembering(directory: &Path) -> Options {
    Options { memory: Some(directory.to_owned()), replies: Replies::Documented, ..Options::default() }
}

#[test]
fn a_restart_keeps_goods_tokens_pictures_and_quotas() {
    let directory = tempfile::tempdir().expect("a directory");
    let caller = caller_of(remembering(directory.path()));
    let (goods_id, audit_id) = caller.add("示例商品");
    let picture = caller.upload("media", Some("a.gif"), b"GIF89a\x01\0\x01\0".to_vec());
    let (before, token) = (caller.sandbox.goods().expect("goods"), caller.token.clone());
    caller.sandbox.stop();
    let caller = caller_of(remembering(directory.path()));
    assert_eq!(caller.sandbox.goods().expect("goods"), before);
    assert_eq!(caller.token, token);
    assert_eq!(caller.used(ADD)["used"], 1);
    assert_eq!(caller.add_with(&json!({ "coverImgUrl": picture["media_id"] })), 0);
    assert_eq!(caller.code(WITHDRAW, &json!({ "goodsId": goods_id, "auditId": audit_id })), 0);
}

#[test]
fn two_at_once_share_one_memory() {
    let directory = tempfile::tempdir().expect("a directory");
    let (one, two) = (caller_of(remembering(directory.path())), caller_of(remembering(directory.path())));
    assert_eq!(one.token, two.token);
    std::thread::scope(|scope| {
        for caller in [&one, &two] {
            scope.spawn(move || (0..50).map(|number| caller.add(&format!("商品{number:04}"))).count());
        }
    });
    assert_eq!(one.sandbox.goods().expect("goods").len(), 100);
    assert_eq!(two.used(ADD)["used"], 100);
}

#[test]
fn every_appid_has_a_memory_of_its_own_that_nobody_else_can_read() {
    let directory = tempfile::tempdir().expect("a directory");
    let place = directory.path().join("state");
    caller_of(remembering(&place)).add("示例商品");
    let other = Options { appid: "wx0000000000000002".to_owned(), ..remembering(&place) };
    assert_eq!(caller_of(other).sandbox.goods().expect("goods"), []);
    for entry in std::fs::read_dir(&place).expect("files") {
        let entry = entry.expect("a file");
        let mode = entry.metadata().expect("metadata").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", entry.path().display());
    }
}

#[test]
fn reviews_go_on_while_nothing_runs() {
    let directory = tempfile::tempdir().expect("a directory");
    let caller = caller_of(remembering(directory.path()));
    let (goods_id, _) = caller.add("示例商品");
    let clock = caller.clock.clone();
    caller.sandbox.stop();
    clock.step(Duration::from_secs(60));
    let caller = start(Options { clock: clock.clone(), ..remembering(directory.path()) }, clock);
    assert_eq!(caller.audit_status(goods_id), 2);
}

#[test]
fn a_memory_that_cannot_be_used_is_named_with_the_remedy() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("sandbox-wxsandbox000000001.sqlite");
    std::fs::write(&file, "not a database, but long enough to be taken for a file of one".repeat(20))
        .expect("a file");
    let error = Sandbox::start(remembering(directory.path())).err().expect("an error").to_string();
    assert!(error.contains(&file.display().to_string()) && error.contains("--state"), "{error}");
    let error = Sandbox::start(remembering(&file.join("below"))).err().expect("an error").to_string();
    assert!(error.contains("below") && error.contains("--state"), "{error}");
}

#[test]
fn it_listens_on_loopback_addresses_only() {
    let listen = "0.0.0.0:0".parse().expect("an address");
    let error = Sandbox::start(Options { listen, ..Options::default() }).err();
    assert!(matches!(error, Some(SandboxError::NotLoopback(address)) if address == listen));
    let listen = "[::1]:0".parse().expect("an address");
    let error = Sandbox::start(Options { listen, appid: "../wx".to_owned(), ..Options::default() }).err();
    assert!(matches!(error, Some(SandboxError::BadAppid(_))));
}
