//! `livegoods sandbox` as a person would use it, in a cleaned environment.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use serde_json::{Value, json};

const LIST: &str = "/wxaapi/broadcast/goods/getapproved";
const ADD: &str = "/wxaapi/broadcast/goods/add";

fn command(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_livegoods"));
    command.env_clear().env("HOME", home).current_dir(home).arg("sandbox").stdin(Stdio::null());
    command
}

/// A sandbox that runs until the value is dropped.
struct Running {
    child: Child,
    stdout: BufReader<ChildStdout>,
    base_url: String,
}

impl Running {
    fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("a process");
        let mut stdout = BufReader::new(child.stdout.take().expect("its stdout"));
        let mut first = String::new();
        stdout.read_line(&mut first).expect("a line");
        let base_url = first.trim_end().strip_prefix("listening on ").expect("an address").to_owned();
        assert!(base_url.starts_with("http://127.0.0.1:"), "{base_url}");
        Self { child, stdout, base_url }
    }

    fn signal(&self, name: &str) {
        let status = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status();
        assert!(status.expect("kill").success());
    }

    fn token(&self, appid: &str, secret: &str) -> Value {
        let body = json!({ "grant_type": "client_credential", "appid": appid, "secret": secret });
        self.post(&format!("{}/cgi-bin/stable_token", self.base_url), &body)
    }

    fn url(&self, path: &str) -> String {
        let reply = self.token("wxsandbox000000001", "sandbox-secret-of-no-value");
        let token = reply["access_token"].as_str().unwrap_or_else(|| panic!("a token in {reply}"));
        format!("{}{path}?access_token={token}", self.base_url)
    }

    fn post(&self, url: &str, body: &Value) -> Value {
        reqwest::blocking::Client::new().post(url).json(body).send().expect("an answer").json().expect("JSON")
    }

    fn in_review(&self) -> Value {
        let url = format!("{}&status=1", self.url(LIST));
        let reply: Value = reqwest::blocking::get(url).expect("an answer").json().expect("JSON");
        reply["total"].clone()
    }

    fn add(&self) -> Value {
        let info = json!({ "coverImgUrl": "SANDBOX-COVER-IMAGE-01", "name": "示例商品", "priceType": 1,
            "price": 9.9, "url": "pages/a" });
        self.post(&self.url(ADD), &json!({ "goodsInfo": info }))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already, which is what some tests are about.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn ends_with(output: &Output, code: i32) -> String {
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{stderr}");
    assert!(output.stdout.is_empty());
    assert!(stderr.contains("next: livegoods sandbox"), "{stderr}");
    stderr
}

#[test]
fn it_says_where_it_listens_and_which_credentials_it_made_up_and_stops_at_a_signal() {
    let home = tempfile::tempdir().expect("a directory");
    for signal in ["TERM", "INT"] {
        let mut running = Running::start(&mut command(home.path()));
        running.signal(signal);
        let mut rest = String::new();
        running.stdout.read_to_string(&mut rest).expect("the rest");
        let wanted = "made up: export LIVEGOODS_APPID=wxsandbox000000001\n\
                      made up: export LIVEGOODS_SECRET=sandbox-secret-of-no-value\n";
        assert_eq!(rest, wanted);
        assert_eq!(running.child.wait().expect("an end").code(), Some(0), "{signal}");
    }
}

#[test]
fn credentials_of_the_environment_are_taken_and_never_printed() {
    let home = tempfile::tempdir().expect("a directory");
    let mut command = command(home.path());
    command.env("LIVEGOODS_APPID", "wx0000000000000009").env("LIVEGOODS_SECRET", "only-for-me");
    let mut running = Running::start(&mut command);
    assert!(running.token("wx0000000000000009", "only-for-me")["access_token"].is_string());
    assert_eq!(running.token("wx0000000000000009", "sandbox-secret-of-no-value")["errcode"], 40125);
    running.signal("TERM");
    let mut rest = String::new();
    running.stdout.read_to_string(&mut rest).expect("the rest");
    assert_eq!(rest, "");
}

#[test]
fn what_was_answered_outlives_a_kill() {
    let home = tempfile::tempdir().expect("a directory");
    let running = Running::start(&mut command(home.path()));
    for _ in 0..3 {
        assert_eq!(running.add()["errcode"], 0);
    }
    running.signal("KILL");
    drop(running);
    let running = Running::start(&mut command(home.path()));
    assert_eq!(running.in_review(), 3);
    drop(running);
    let forgetful = Running::start(command(home.path()).arg("--forget"));
    assert_eq!(forgetful.in_review(), 0);
}

#[test]
fn flags_reach_the_service() {
    let home = tempfile::tempdir().expect("a directory");
    let running = Running::start(command(home.path()).args([
        "--quota=submit=2",
        "--fault=add:-1=1x",
        "--console-goods=2",
        "--replies=documented",
        "--reply-prices=fen",
        "--review-time=0",
    ]));
    let codes: Vec<Value> = (0..4).map(|_| running.add()["errcode"].clone()).collect();
    assert_eq!(codes, [json!(-1), json!(0), json!(0), json!(300_012)]);
    let url = format!("{}&status=2", running.url(LIST));
    let reply: Value = reqwest::blocking::get(url).expect("an answer").json().expect("JSON");
    assert_eq!(reply["total"], 4, "two of the console, two that were approved at once");
    assert_eq!(reply["goods"][0]["price"], 990);
}

#[test]
fn an_address_that_others_can_reach_is_a_usage_error() {
    let home = tempfile::tempdir().expect("a directory");
    for bad in ["0.0.0.0:0", "localhost:0", "127.0.0.1"] {
        let output = command(home.path()).args(["--listen", bad]).output().expect("an end");
        assert!(ends_with(&output, 2).contains("127.0.0.1:PORT"));
    }
    let output = command(home.path()).args(["--fault", "lost=1"]).output().expect("an end");
    assert!(ends_with(&output, 2).contains("lost-before"));
    assert_eq!(std::fs::read_dir(home.path()).expect("a directory").count(), 0, "nothing was touched");
}

#[test]
fn a_port_that_is_taken_ends_with_69_and_a_command_that_works() {
    let home = tempfile::tempdir().expect("a directory");
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let output = command(home.path()).args(["--listen", &address]).output().expect("an end");
    let stderr = ends_with(&output, 69);
    assert!(stderr.contains(&address) && stderr.contains("--listen 127.0.0.1:0"), "{stderr}");
}

#[test]
fn a_state_that_cannot_be_written_ends_with_73() {
    let home = tempfile::tempdir().expect("a directory");
    let file = home.path().join("file");
    File::create(&file).expect("a file");
    let output = command(home.path()).arg("--state").arg(&file).output().expect("an end");
    assert!(ends_with(&output, 73).contains(&file.display().to_string()));
}

#[test]
fn an_appid_that_is_none_ends_with_78() {
    let home = tempfile::tempdir().expect("a directory");
    let output = command(home.path()).env("LIVEGOODS_APPID", "../wx").output().expect("an end");
    ends_with(&output, 78);
}
