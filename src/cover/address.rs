//! An http(s) address into a picture's bytes: bounded in time, size and redirects, and kept off private networks.

use std::error::Error;
use std::io::{self, Read};
use std::net::IpAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::blocking::{Client as Http, Response};
use reqwest::header::{ACCEPT, LOCATION};
use reqwest::{Url, redirect};

use crate::clock::Clock;

use super::CoverFault;
use super::pace::Pace;
use super::resolve::{Resolver, Unreachable};

/// Redirects followed before an address is said to lead nowhere.
const MOST_REDIRECTS: usize = 5;

/// The longest address shown in a message, in characters.
const SHOWN: usize = 120;

/// How addresses are asked.
#[derive(Clone, Copy, Debug)]
pub struct AddressRules {
    /// Which IP addresses may be connected to, see [`super::is_public`].
    pub reachable: fn(IpAddr) -> bool,
    /// How long one picture may take, redirects included.
    pub timeout: Duration,
    /// The most bytes of one picture.
    pub largest: u64,
}

/// The connections over which pictures come: one pool, each host at a pace of its own.
pub struct Addresses {
    rules: AddressRules,
    clock: Arc<dyn Clock>,
    pace: Pace,
    plain: OnceLock<Result<Http, String>>,
    secure: OnceLock<Result<Http, String>>,
}

impl Addresses {
    /// Connections that have asked for nothing yet.
    pub fn new(rules: AddressRules, clock: Arc<dyn Clock>) -> Self {
        let pace = Pace::new(Arc::clone(&clock));
        Self { rules, clock, pace, plain: OnceLock::new(), secure: OnceLock::new() }
    }

    /// Whether `text` is an address that may be asked, as far as that can be told without the network.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self, text: &str) -> Result<(), CoverFault> {
        self.allowed(&parsed(text)?)
    }

    /// Gets the picture at an address, once `room` has been made for as many bytes as it may have.
    ///
    /// # Errors
    /// Why there is none. The host is named, never the address: its query may hold a key.
    pub fn get<R>(&self, text: &str, room: impl FnOnce(u64) -> R) -> Result<(Vec<u8>, R), CoverFault> {
        let started = self.clock.elapsed();
        let mut url = parsed(text)?;
        for _ in 0..=MOST_REDIRECTS {
            self.allowed(&url)?;
            let host = host_of(&url).to_owned();
            if !self.pace.wait(&host) {
                return Err(failed(&host, "the run was stopped"));
            }
            let response = self.ask(&url, started)?;
            let status = response.status();
            if status.is_redirection()
                && let Some(place) = response.headers().get(LOCATION)
            {
                let place = place.to_str().ok().and_then(|place| url.join(place).ok());
                url = place.ok_or_else(|| failed(&host, "it redirects to what is no address"))?;
                continue;
            }
            if !status.is_success() {
                return Err(failed(&host, &format!("HTTP status {}", status.as_u16())));
            }
            let limit = self.rules.largest;
            let size = response.content_length().unwrap_or(limit);
            if size > limit {
                return Err(CoverFault::TooManyBytes { limit });
            }
            let room = room(size);
            return Ok((self.read(response, &host, started)?, room));
        }
        Err(failed(host_of(&url), &format!("more than {MOST_REDIRECTS} redirects")))
    }

    /// A host that is a number is never resolved, so it is judged here.
    fn allowed(&self, url: &Url) -> Result<(), CoverFault> {
        let host = host_of(url);
        if !matches!(url.scheme(), "http" | "https") || host.is_empty() {
            return Err(malformed(url.as_str()));
        }
        match host.trim_matches(['[', ']']).parse::<IpAddr>() {
            Ok(address) if !(self.rules.reachable)(address) => {
                Err(CoverFault::AddressPrivate { host: host.to_owned() })
            }
            _ => Ok(()),
        }
    }

    fn ask(&self, url: &Url, started: Duration) -> Result<Response, CoverFault> {
        let host = host_of(url);
        let left = self.rules.timeout.saturating_sub(self.clock.elapsed().saturating_sub(started));
        if left.is_zero() {
            return Err(self.too_late(host));
        }
        let http = self.http(url.scheme()).map_err(|why| failed(host, why))?;
        let request = http.get(url.clone()).timeout(left).header(ACCEPT, "image/*,*/*;q=0.8");
        request.send().map_err(|error| self.fault(host, &error))
    }

    /// Without TLS no certificate is ever looked at, so that a machine that has none still gets plain pictures.
    fn http(&self, scheme: &str) -> Result<&Http, &str> {
        let built = match scheme {
            "http" => self.plain.get_or_init(|| self.build(|builder| builder.tls_certs_only([]))),
            _ => self.secure.get_or_init(|| self.build(|builder| builder)),
        };
        built.as_ref().map_err(String::as_str)
    }

    fn build(
        &self,
        tls: impl FnOnce(reqwest::blocking::ClientBuilder) -> reqwest::blocking::ClientBuilder,
    ) -> Result<Http, String> {
        let resolver = Resolver { reachable: self.rules.reachable };
        let builder = Http::builder()
            .user_agent(concat!("livegoods/", env!("CARGO_PKG_VERSION")))
            // Each step is judged before it is taken.
            .redirect(redirect::Policy::none())
            // A proxy would resolve the name anew, and may reach what must not be.
            .no_proxy()
            .dns_resolver(Arc::new(resolver))
            .connect_timeout(self.rules.timeout.min(Duration::from_secs(10)));
        tls(builder).build().map_err(|error| format!("cannot set up TLS: {}", root_cause(&error)))
    }

    /// Reads all of it within the time that is left: the client limits each read alone, which a server that
    /// drips would stretch without end.
    fn read(&self, mut response: Response, host: &str, started: Duration) -> Result<Vec<u8>, CoverFault> {
        let limit = self.rules.largest;
        let mut bytes = Vec::new();
        let mut chunk = [0; 16 << 10];
        loop {
            let read = match response.read(&mut chunk) {
                Ok(0) => return Ok(bytes),
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) if self.is_late(started) => return Err(self.too_late(host)),
                Err(_) => return Err(failed(host, "the connection was cut within the picture")),
            };
            bytes.extend_from_slice(&chunk[..read]);
            if bytes.len() as u64 > limit {
                return Err(CoverFault::TooManyBytes { limit });
            }
            if self.is_late(started) {
                return Err(self.too_late(host));
            }
        }
    }

    fn is_late(&self, started: Duration) -> bool {
        self.clock.elapsed().saturating_sub(started) >= self.rules.timeout
    }

    fn too_late(&self, host: &str) -> CoverFault {
        failed(host, &format!("no whole picture within {} s", self.rules.timeout.as_secs_f64()))
    }

    fn fault(&self, host: &str, error: &reqwest::Error) -> CoverFault {
        let mut cause: Option<&dyn Error> = Some(error);
        while let Some(error) = cause {
            if let Some(Unreachable { host }) = error.downcast_ref() {
                return CoverFault::AddressPrivate { host: host.clone() };
            }
            cause = error.source();
        }
        if error.is_timeout() { self.too_late(host) } else { failed(host, &root_cause(error)) }
    }
}

fn parsed(text: &str) -> Result<Url, CoverFault> {
    Url::parse(text).map_err(|_| malformed(text))
}

fn host_of(url: &Url) -> &str {
    url.host_str().unwrap_or_default()
}

fn malformed(text: &str) -> CoverFault {
    CoverFault::AddressMalformed { address: text.chars().take(SHOWN).collect() }
}

fn failed(host: &str, why: &str) -> CoverFault {
    CoverFault::AddressFailed { host: host.to_owned(), why: why.to_owned() }
}

/// The innermost cause, for the outer ones only say that a request failed, and may hold the address.
fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    if cause.is::<reqwest::Error>() { "the request failed".to_owned() } else { cause.to_string() }
}
