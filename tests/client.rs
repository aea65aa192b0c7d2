//! The client against servers that misbehave: what was sent, how often, and what an answer means.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use livegoods::clock::{Clock, ManualClock, SystemClock};
use livegoods::goods::{AuditId, AuditStatus, GoodsId, Pricing};
use livegoods::library::{Change, GoodsInfo};
use livegoods::quota::StateDir;
use livegoods::wechat::{
    Added, Call, Client, Failure, KeptToken, RateLimit, Service, Settings, StateTokens, TokenKey, TokenStore,
};

const SECRET: &str = "0123456789-the-secret";
const TOKEN: &str = "69_token/with+signs=";

/// What the server does with one request, after reading all of it.
enum Answer {
    /// A whole reply of JSON.
    Json(String),
    /// These bytes, then the connection is cut.
    Raw(Vec<u8>),
    /// Nothing: the connection is cut.
    Cut,
    /// Nothing, for longer than anybody waits.
    Hang,
    /// A head that promises a body, and a byte of it now and then.
    Drip,
}

fn json(text: &str) -> Answer {
    Answer::Json(text.to_owned())
}

fn token_reply() -> Answer {
    json(&format!(r#"{{"access_token":"{TOKEN}","expires_in":7200}}"#))
}

/// A server that answers from a script and remembers every request.
#[derive(Clone)]
struct Server {
    address: String,
    seen: Arc<Mutex<Vec<String>>>,
    script: Arc<Mutex<VecDeque<Answer>>>,
}

impl Server {
    fn start(script: impl IntoIterator<Item = Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let server = Self {
            address,
            seen: Arc::default(),
            script: Arc::new(Mutex::new(script.into_iter().collect())),
        };
        let serving = server.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let serving = serving.clone();
                thread::spawn(move || serving.serve(stream));
            }
        });
        server
    }

    fn serve(&self, stream: TcpStream) {
        let mut reader = BufReader::new(stream.try_clone().expect("a handle"));
        let mut writer = stream;
        while let Some(request) = read_request(&mut reader) {
            lock(&self.seen).push(request);
            let answer = lock(&self.script).pop_front().unwrap_or(Answer::Cut);
            match answer {
                Answer::Json(body) => {
                    let head = format!(
                        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
                        body.len()
                    );
                    // One write: a reader must never see a head whose body is still to come.
                    writer.write_all((head + &body).as_bytes()).expect("written");
                }
                Answer::Raw(bytes) => {
                    // A reader that has had enough closes early.
                    let _ = writer.write_all(&bytes);
                    return;
                }
                Answer::Cut => return,
                Answer::Hang => thread::park(),
                Answer::Drip => drip(&mut writer),
            }
        }
    }

    fn seen(&self) -> Vec<String> {
        lock(&self.seen).clone()
    }

    /// How many requests went to `path`.
    fn count(&self, path: &str) -> usize {
        self.seen().iter().filter(|request| request.contains(path)).count()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn read_request(reader: &mut BufReader<TcpStream>) -> Option<String> {
    let mut head = String::new();
    loop {
        let start = head.len();
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
        if &head[start..] == "\r\n" {
            break;
        }
    }
    let length = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(0, |(_, length)| length.trim().parse().expect("a length"));
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(head + &String::from_utf8_lossy(&body))
}

fn drip(writer: &mut TcpStream) {
    let _ = writer.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n");
    while writer.write_all(b" ").is_ok() {
        thread::park_timeout(Duration::from_millis(40));
    }
}

/// Keeps one token in memory.
#[derive(Default)]
struct Pocket(Mutex<Option<KeptToken>>);

impl TokenStore for Pocket {
    fn load(&self, _key: &TokenKey) -> Option<KeptToken> {
        lock(&self.0).clone()
    }

    fn save(&self, _key: &TokenKey, token: &KeptToken) {
        *lock(&self.0) = Some(token.clone());
    }
}

fn settings(api_base: &str, timeout: Duration) -> Settings {
    Settings {
        api_base: api_base.to_owned(),
        appid: "wx0123456789abcdef".into(),
        secret: SECRET.into(),
        timeout,
        jobs: 4,
        tokens: Arc::new(Pocket::default()),
        clock: Arc::new(SystemClock::new()),
    }
}

fn client(server: &Server) -> Client {
    Client::new(settings(&server.address, Duration::from_secs(20))).expect("a client")
}

fn hasty_client(server: &Server) -> Client {
    Client::new(settings(&server.address, Duration::from_millis(800))).expect("a client")
}

fn goods() -> GoodsInfo {
    GoodsInfo {
        cover_img_url: "SANDBOX-COVER-IMAGE-01".into(),
        name: "手冲咖啡壶".into(),
        pricing: Pricing::Range("9.90".parse().expect("a price"), "19.90".parse().expect("a price")),
        url: "pages/goods/detail?id=1".into(),
        third_party_appid: String::new(),
    }
}

fn lost(result: Result<Added, Failure>) -> String {
    match result {
        Err(failure @ Failure::Lost(_)) => failure.to_string(),
        other => panic!("not lost: {other:?}"),
    }
}

#[test]
fn an_add_is_spelt_as_the_documents_say_and_its_ids_are_exact() {
    let server = Server::start([
        token_reply(),
        json(r#"{"errcode":0,"errmsg":"ok","goodsId":9007199254740993,"auditId":"9007199254740995"}"#),
    ]);
    let added = client(&server).add(&goods()).expect("added");
    assert_eq!(added.goods_id, GoodsId(9_007_199_254_740_993));
    assert_eq!(added.audit_id, Some(AuditId(9_007_199_254_740_995)));
    let seen = server.seen();
    assert!(seen[0].starts_with("POST /cgi-bin/stable_token HTTP/1.1\r\n"), "{}", seen[0]);
    assert!(seen[0].contains(r#""force_refresh":false"#), "{}", seen[0]);
    let path = "POST /wxaapi/broadcast/goods/add?access_token=69_token%2Fwith%2Bsigns%3D HTTP/1.1\r\n";
    assert!(seen[1].starts_with(path), "{}", seen[1]);
    assert!(seen[1].contains("content-type: application/json\r\n"), "{}", seen[1]);
    assert!(seen[1].contains("user-agent: livegoods/"), "{}", seen[1]);
    assert!(
        seen[1].contains(r#"{"goodsInfo":{"#) && seen[1].contains(r#""price":9.9,"price2":19.9,"#),
        "{}",
        seen[1]
    );
}

#[test]
fn a_list_is_a_get_with_its_status() {
    let server = Server::start([token_reply(), json(r#"{"errcode":0,"total":0,"goods":[]}"#)]);
    let page = client(&server).list(AuditStatus::Refused, 200, 100).expect("a page");
    assert_eq!((page.total, page.goods.len()), (0, 0));
    let request = &server.seen()[1];
    assert!(request.starts_with("GET /wxaapi/broadcast/goods/getapproved?"), "{request}");
    assert!(request.contains("offset=200&limit=100&status=3"), "{request}");
}

#[test]
fn the_other_calls_send_their_documented_bodies() {
    let done = || json(r#"{"errcode":0,"errmsg":"ok"}"#);
    let server = Server::start([
        token_reply(),
        done(),
        json(r#"{"errcode":0,"auditId":77}"#),
        done(),
        done(),
        json(
            r#"{"errcode":0,"quota":{"daily_limit":500,"used":3,"remain":497},"rate_limit":{"call_count":5000,"refresh_second":60}}"#,
        ),
        json(r#"{"type":"image","media_id":"MEDIA","created_at":1}"#),
    ]);
    let client = client(&server);
    client.withdraw(GoodsId(5), AuditId(6)).expect("withdrawn");
    assert_eq!(client.resubmit(GoodsId(5)), Ok(AuditId(77)));
    client.delete(GoodsId(5)).expect("deleted");
    let change = Change { name: Some("新名字".into()), ..Change::default() };
    client.update(GoodsId(5), &change).expect("updated");
    let figures = client.quota(Call::Add).expect("figures");
    assert_eq!((figures.daily_limit, figures.used, figures.remain), (500, 3, 497));
    assert_eq!(figures.rate_limit, Some(RateLimit { call_count: 5000, refresh_second: 60 }));
    assert_eq!(client.upload(b"\x89PNG", "a.png"), Ok("MEDIA".into()));
    let seen = server.seen();
    let sent = ["resetaudit", "goods/audit", "goods/delete", "goods/update", "quota/get", "media/upload"];
    for (request, path) in seen[1..].iter().zip(sent) {
        assert!(request.lines().next().is_some_and(|line| line.contains(path)), "{request}");
    }
    assert!(seen[1].ends_with(r#"{"auditId":6,"goodsId":5}"#), "{}", seen[1]);
    assert!(seen[4].ends_with(r#"{"goodsInfo":{"goodsId":5,"name":"新名字"}}"#), "{}", seen[4]);
    assert!(seen[5].ends_with(r#"{"cgi_path":"/wxaapi/broadcast/goods/add"}"#), "{}", seen[5]);
    assert!(seen[6].contains(r#"name="media"; filename="a.png""#), "{}", seen[6]);
}

#[test]
fn a_connection_that_was_never_made_means_that_nothing_was_sent() {
    let address = {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        format!("http://{}", listener.local_addr().expect("an address"))
    };
    let client = Client::new(settings(&address, Duration::from_secs(5))).expect("a client");
    let Err(failure @ Failure::NotSent(_)) = client.add(&goods()) else { panic!("sent to nobody") };
    assert!(failure.to_string().contains("refused"), "{failure}");
}

#[test]
fn an_add_whose_connection_is_cut_is_lost_and_never_sent_twice() {
    let on_a_reused_connection =
        [token_reply(), json(r#"{"errcode":0,"total":0,"goods":[]}"#), Answer::Cut, Answer::Cut, Answer::Cut];
    let server = Server::start(on_a_reused_connection);
    let client = client(&server);
    client.list(AuditStatus::Approved, 0, 1).expect("a page");
    lost(client.add(&goods()));
    assert_eq!(server.count("goods/add"), 1);
    lost(client.add(&goods()));
    assert_eq!(server.count("goods/add"), 2, "nor on a new connection");
}

#[test]
fn what_is_not_the_documented_json_is_lost() {
    let http = |status: &str, body: &str| {
        // Said beforehand, so that the next request does not run into a connection that is just being closed.
        let head =
            format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
        Answer::Raw((head + body).into_bytes())
    };
    let good = r#"{"errcode":0,"goodsId":1,"auditId":2}"#;
    let garbage = [
        http("502 Bad Gateway", "<html>bad gateway</html>"),
        http("500 Internal Server Error", good),
        http("302 Found\r\nlocation: http://127.0.0.1:9/", good),
        http("404 Not Found", good),
        http("200 OK", ""),
        http("200 OK", "<html>maintenance</html>"),
        http("200 OK", "[1,2]"),
        http("200 OK", r#"{"errcode":0,"goodsId":1,"#),
        http("200 OK", r#"{"auditId":2}"#),
        http("200 OK", r#"{"errcode":"none","goodsId":1,"auditId":2}"#),
        http("200 OK", &"[".repeat(100_000)),
        Answer::Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"errcode\":0".to_vec()),
        Answer::Raw(b"HTTP/1.1 200 OK\r\ncontent-le".to_vec()),
        Answer::Raw(b"\0\xff\xfe nothing like HTTP\r\n\r\n".to_vec()),
        Answer::Raw(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n".to_vec()),
    ];
    let cases = garbage.len();
    let server = Server::start(std::iter::once(token_reply()).chain(garbage));
    let client = client(&server);
    for case in 0..cases {
        let Err(Failure::Lost(_)) = client.add(&goods()) else { panic!("case {case} is not lost") };
        assert_eq!(server.count("goods/add"), case + 1, "case {case} is sent once");
    }
}

#[test]
fn goods_that_a_reply_names_exist_whatever_else_it_lacks() {
    for (reply, audit_id) in [
        (r#"{"errcode":0,"errmsg":"ok","goodsId":7}"#, None),
        (r#"{"errcode":0,"goodsId":7,"auditId":""}"#, None),
        (r#"{"errcode":0,"goodsId":7,"auditId":0}"#, None),
        (r#"{"goodsId":7,"auditId":2}"#, Some(AuditId(2))),
    ] {
        let server = Server::start([token_reply(), json(reply)]);
        let added = client(&server).add(&goods()).expect("added");
        assert_eq!((added.goods_id, added.audit_id), (GoodsId(7), audit_id), "{reply}");
    }
}

#[test]
fn an_add_that_was_done_without_saying_to_what_is_not_taken_for_lost() {
    for reply in [r#"{"errcode":0,"auditId":2}"#, r#"{"errcode":0,"goodsId":0,"auditId":2}"#] {
        let server = Server::start([token_reply(), json(reply)]);
        let answer = client(&server).add(&goods());
        assert!(matches!(answer, Err(Failure::Unnamed(_))), "{reply}: {answer:?}");
    }
}

#[test]
fn a_reply_that_does_not_end_is_lost() {
    let huge = [b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), vec![b' '; 9 * 1024 * 1024]].concat();
    let server = Server::start([token_reply(), Answer::Raw(huge)]);
    assert!(lost(client(&server).add(&goods())).contains("more than"));
}

#[test]
fn a_service_that_hangs_or_drips_is_lost_within_the_timeout() {
    let server = Server::start([token_reply(), Answer::Hang, Answer::Drip]);
    let client = hasty_client(&server);
    assert!(lost(client.add(&goods())).contains("0.8 s"));
    assert!(lost(client.add(&goods())).contains("0.8 s"));
    assert_eq!(server.count("goods/add"), 2);
}

#[test]
fn a_refusal_keeps_the_message_and_the_goods_that_came_along() {
    let server = Server::start([
        token_reply(),
        json(r#"{"errcode":"300021","errmsg":"added rid: 1234abcd-5678ef90","goods_id":"42"}"#),
    ]);
    let Err(Failure::Refused(refusal)) = client(&server).add(&goods()) else { panic!("not refused") };
    assert_eq!((refusal.code, refusal.goods_id), (300_021, Some(GoodsId(42))));
    assert_eq!(refusal.message, "added rid: 1234abcd-5678ef90");
    assert_eq!(refusal.token, 1);
}

#[test]
fn neither_token_nor_secret_appears_in_any_failure() {
    let page = format!("<html>GET /x?access_token={TOKEN} secret={SECRET}</html>");
    let http =
        format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{page}", page.len());
    let server = Server::start([
        token_reply(),
        Answer::Raw(http.into_bytes()),
        Answer::Cut,
        Answer::Hang,
        json(&format!(r#"{{"errcode":40001,"errmsg":"token {TOKEN} of {SECRET}\nis stale"}}"#)),
    ]);
    let client = hasty_client(&server);
    for _ in 0..4 {
        let failure = client.add(&goods()).expect_err("a failure");
        for text in [format!("{failure:?}"), failure.to_string()] {
            for secret in [TOKEN, "69_token", SECRET, "access_token=", "127.0.0.1"] {
                assert!(!text.contains(secret), "{text}");
            }
            assert!(!text.contains('\n'), "{text}");
        }
    }
    let kept = KeptToken { token: TOKEN.into(), renew_at: jiff::Timestamp::UNIX_EPOCH };
    assert!(!format!("{kept:?}").contains(TOKEN));
}

#[test]
fn an_api_base_that_is_no_address_is_refused() {
    for address in ["", "api.weixin.qq.com", "ftp://a", "http://a/?b=c", "http://u@a"] {
        assert!(Client::new(settings(address, Duration::from_secs(1))).is_err(), "{address}");
    }
}

#[test]
fn credentials_that_are_refused_reach_the_caller_as_they_are() {
    let server = Server::start([json(r#"{"errcode":40125,"errmsg":"invalid appsecret"}"#)]);
    let Err(Failure::Refused(refusal)) = client(&server).add(&goods()) else { panic!("not refused") };
    assert_eq!(refusal.code, 40125);
    assert_eq!(server.count("goods/add"), 0);
}

#[test]
fn a_token_call_that_fails_is_tried_again_twice_and_leaves_its_call_unsent() {
    let system_error = || json(r#"{"errcode":-1,"errmsg":"system error"}"#);
    let server = Server::start([
        Answer::Cut,
        system_error(),
        json(r#"{"access_token":"","expires_in":7200}"#),
        json(r#"{"errcode":45009,"errmsg":"reach max api daily quota limit"}"#),
        system_error(),
        token_reply(),
        json(r#"{"errcode":0,"total":0,"goods":[]}"#),
    ]);
    let clock = Arc::new(ManualClock::at("2026-11-21T02:00:00Z".parse().expect("a timestamp")));
    let settings = settings(&server.address, Duration::from_secs(20));
    let client = Client::new(Settings { clock: clock.clone(), ..settings }).expect("a client");
    // A hiccup passes, a spent quota does not.
    for pauses in [&[1, 2][..], &[1, 2]] {
        let Err(Failure::NotSent(_)) = client.add(&goods()) else { panic!("an add without a token") };
        assert_eq!(
            clock.sleeps(),
            pauses.iter().map(|pause| Duration::from_secs(*pause)).collect::<Vec<_>>()
        );
    }
    assert_eq!(server.count("goods/add"), 0);
    client.list(AuditStatus::Approved, 0, 1).expect("a page, after one more pause");
    assert_eq!(clock.sleeps().len(), 3);
}

#[test]
fn threads_that_meet_one_stale_token_renew_it_once() {
    let empty = || json(r#"{"errcode":0,"total":0,"goods":[]}"#);
    let server = Server::start([token_reply(), empty(), token_reply()]);
    let client = client(&server);
    client.list(AuditStatus::Approved, 0, 1).expect("a page");
    let renewed = thread::scope(|scope| {
        let threads: Vec<_> = (0..16).map(|_| scope.spawn(|| client.renew(1).expect("a token"))).collect();
        threads.into_iter().map(|thread| thread.join().expect("a thread")).filter(|own| *own).count()
    });
    assert_eq!(renewed, 1, "and one of them says that it did");
    assert_eq!(server.count("stable_token"), 2);
    assert_eq!(client.renew(1), Ok(false), "a thread that comes later still finds it renewed");
    assert_eq!(server.count("stable_token"), 2);
}

#[test]
fn a_token_is_used_until_shortly_before_it_expires_and_kept_between_runs() {
    let dir = tempfile::tempdir().expect("a directory");
    let state = StateDir::open(dir.path()).expect("a state directory");
    let clock = Arc::new(ManualClock::at("2026-11-21T02:00:00Z".parse().expect("a timestamp")));
    let empty = || json(r#"{"errcode":0,"total":0,"goods":[]}"#);
    let server =
        Server::start([token_reply(), empty(), empty(), token_reply(), empty(), token_reply(), empty()]);
    let run = |appid: &str| {
        let settings = Settings {
            appid: appid.into(),
            tokens: Arc::new(StateTokens::open(&state).expect("tokens")),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            ..settings(&server.address, Duration::from_secs(20))
        };
        let client = Client::new(settings).expect("a client");
        client.list(AuditStatus::Approved, 0, 1).expect("a page");
    };
    run("wx1");
    clock.step(Duration::from_secs(7139));
    run("wx1");
    assert_eq!(server.count("stable_token"), 1, "the second run found it");
    clock.step(Duration::from_secs(1));
    run("wx1");
    assert_eq!(server.count("stable_token"), 2, "a minute before its end it is renewed");
    run("wx2");
    assert_eq!(server.count("stable_token"), 3, "each mini-program has its own");
}

#[test]
fn a_kept_token_that_turns_out_stale_is_not_taken_again() {
    let pocket = Arc::new(Pocket::default());
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let renew_at = clock.now() + Duration::from_secs(3600);
    *lock(&pocket.0) = Some(KeptToken { token: "OLD".into(), renew_at });
    let server = Server::start([
        json(r#"{"errcode":40001,"errmsg":"stale"}"#),
        token_reply(),
        json(r#"{"errcode":0,"goodsId":1,"auditId":2}"#),
    ]);
    let settings = Settings { tokens: pocket, clock, ..settings(&server.address, Duration::from_secs(20)) };
    let client = Client::new(settings).expect("a client");
    let Err(Failure::Refused(refusal)) = client.add(&goods()) else { panic!("not refused") };
    client.renew(refusal.token).expect("renewed");
    client.add(&goods()).expect("added");
    let seen = server.seen();
    assert!(seen[0].contains("access_token=OLD") && seen[2].contains("access_token=69_token"), "{seen:?}");
}
