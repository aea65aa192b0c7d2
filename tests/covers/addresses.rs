//! Pictures at addresses, and every way an address can be refused.

use std::io::{BufRead, BufReader, Write};
use std::net::{IpAddr, Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use livegoods::clock::SystemClock;
use livegoods::cover::{AddressRules, Addresses, CoverFault, is_public};

/// A server that answers by path, and counts what it is asked.
struct Server {
    base: String,
    asked: Arc<AtomicUsize>,
}

impl Server {
    fn start(answer: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let asked = Arc::new(AtomicUsize::new(0));
        let (counter, answer) = (Arc::clone(&asked), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (counter, answer) = (Arc::clone(&counter), Arc::clone(&answer));
                std::thread::spawn(move || serve(stream, &counter, &*answer));
            }
        });
        Self { base, asked }
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn port(&self) -> &str {
        self.base.rsplit(':').next().expect("a port")
    }
}

fn serve(mut stream: TcpStream, counter: &AtomicUsize, answer: &dyn Fn(&str, &mut TcpStream)) {
    let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
    let mut line = String::new();
    if reader.read_line(&mut line).is_err() || line.is_empty() {
        return;
    }
    counter.fetch_add(1, Ordering::SeqCst);
    let path = line.split(' ').nth(1).unwrap_or("/").to_owned();
    while reader.read_line(&mut line).is_ok_and(|read| read > 2) {}
    answer(&path, &mut stream);
}

fn send(stream: &mut TcpStream, head: &str, body: &[u8]) {
    let _ = write!(stream, "HTTP/1.1 {head}\r\nConnection: close\r\n\r\n");
    let _ = stream.write_all(body);
}

fn redirect(stream: &mut TcpStream, to: &str) {
    send(stream, &format!("302 Found\r\nContent-Length: 0\r\nLocation: {to}"), b"");
}

fn get(reachable: fn(IpAddr) -> bool, address: &str) -> Result<Vec<u8>, CoverFault> {
    let rules = AddressRules { reachable, timeout: Duration::from_secs(5), largest: 1000 };
    Addresses::new(rules, Arc::new(SystemClock::new())).get(address, drop).map(|(bytes, ())| bytes)
}

fn anywhere(_: IpAddr) -> bool {
    true
}

fn one_host(address: IpAddr) -> bool {
    address == IpAddr::V4(Ipv4Addr::LOCALHOST)
}

#[test]
fn a_picture_comes_over_redirects_that_end() {
    let server = Server::start(|path, stream| match path {
        "/a" => redirect(stream, "/b/c"),
        "/b/c" => redirect(stream, "d?x=%20"),
        "/b/d?x=%20" => send(stream, "200 OK\r\nContent-Length: 7", b"picture"),
        _ => send(stream, "404 Not Found", b""),
    });
    assert_eq!(get(anywhere, &format!("{}/a", server.base)), Ok(b"picture".to_vec()));
    assert_eq!(server.asked(), 3);
}

#[test]
fn redirects_without_end_are_given_up() {
    let server = Server::start(|_, stream| redirect(stream, "/again"));
    let fault = get(anywhere, &format!("{}/", server.base)).expect_err("no end");
    assert!(
        matches!(&fault, CoverFault::AddressFailed { why, .. } if why.contains("redirects")),
        "{fault:?}"
    );
    assert_eq!(server.asked(), 6, "the first, and five redirects");
}

#[test]
fn what_the_server_refuses_is_told_with_its_status_and_without_the_address() {
    let server = Server::start(|_, stream| send(stream, "403 Forbidden\r\nContent-Length: 0", b""));
    let fault = get(anywhere, &format!("{}/a?key=secret", server.base)).expect_err("refused");
    let told = format!("{fault:?}");
    assert!(told.contains("403") && !told.contains("secret"), "{told}");
}

#[test]
fn no_private_address_is_ever_connected_to() {
    let server = Server::start(|_, stream| send(stream, "200 OK", b"picture"));
    let port = server.port();
    for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "[::1]", "2130706433", "0x7f.1", "0"] {
        let fault = get(is_public, &format!("http://{host}:{port}/")).expect_err("private");
        assert_eq!(fault.code(), "cover-address-private", "{host}: {fault:?}");
    }
    assert_eq!(server.asked(), 0);
}

#[test]
fn a_redirect_into_a_private_network_is_not_followed() {
    let inner = Server::start(|_, stream| send(stream, "200 OK", b"secret"));
    let port = inner.port().to_owned();
    let server = Server::start(move |path, stream| {
        redirect(stream, &format!("http://{}:{port}/", path.trim_start_matches('/')));
    });
    for host in ["127.0.0.2", "[::ffff:127.0.0.2]", "[::1]", "169.254.169.254"] {
        let fault = get(one_host, &format!("{}/{host}", server.base)).expect_err("private");
        assert_eq!(fault.code(), "cover-address-private", "{host}: {fault:?}");
    }
    assert_eq!(inner.asked(), 0);
    assert_eq!(get(one_host, &format!("{}/127.0.0.1", server.base)), Ok(b"secret".to_vec()));
}

#[test]
fn a_redirect_to_another_scheme_is_not_followed() {
    for to in ["ftp://127.0.0.1/a.png", "file:///etc/hostname", "gopher://127.0.0.1/"] {
        let server = Server::start(move |_, stream| redirect(stream, to));
        let fault = get(anywhere, &format!("{}/", server.base)).expect_err("refused");
        assert_eq!(fault.code(), "cover-address-malformed", "{to}");
    }
}

#[test]
fn a_picture_of_too_many_bytes_is_not_read_to_its_end() {
    let announced = Server::start(|_, stream| send(stream, "200 OK\r\nContent-Length: 1001", &[0; 1001]));
    let endless = Server::start(|_, stream| {
        let _ = write!(stream, "HTTP/1.1 200 OK\r\n\r\n");
        while stream.write_all(&[0; 4096]).is_ok() {}
    });
    for server in [announced, endless] {
        let fault = get(anywhere, &server.base).expect_err("too large");
        assert_eq!(fault, CoverFault::TooManyBytes { limit: 1000 });
    }
}

#[test]
fn a_server_that_never_answers_or_stops_amid_the_picture_is_given_up_in_time() {
    let silent = Server::start(|_, stream| {
        let _ = stream.read_timeout();
        std::thread::park();
    });
    let halting = Server::start(|_, stream| {
        let _ = write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        std::thread::park();
    });
    for server in [silent, halting] {
        let timeout = Duration::from_millis(300);
        let rules = AddressRules { reachable: anywhere, timeout, largest: 1000 };
        let fault =
            Addresses::new(rules, Arc::new(SystemClock::new())).get(&server.base, drop).expect_err("late");
        let late = matches!(&fault, CoverFault::AddressFailed { why, .. } if why.contains("within 0.3 s"));
        assert!(late, "{fault:?}");
    }
}

#[test]
fn a_text_that_is_no_web_address_is_malformed_without_the_network() {
    let rules = AddressRules { reachable: is_public, timeout: Duration::from_secs(5), largest: 1000 };
    let addresses = Addresses::new(rules, Arc::new(SystemClock::new()));
    for text in ["http://", "http://a b/c.png", "http://[::1/", "ftp://a.com/b.png"] {
        assert_eq!(
            addresses.check(text).map_err(|fault| fault.code()),
            Err("cover-address-malformed"),
            "{text}"
        );
    }
    for text in ["http://a.com", "HTTPS://例子.com/茶 1.png?x=1"] {
        assert_eq!(addresses.check(text), Ok(()), "{text}");
    }
    assert_eq!(
        addresses.check("http://10.0.0.1/a.png").map_err(|fault| fault.code()),
        Err("cover-address-private")
    );
}
