//! One request into one JSON object, or into what its absence means for the call.

use std::error::Error;
use std::io::Read;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::blocking::multipart::{Form, Part};
use reqwest::blocking::{Client as Http, RequestBuilder, Response};
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Url, redirect, retry};
use serde_json::Value;

use crate::clock::Clock;

use super::client::ClientError;
use super::service::Failure;

/// More than any documented reply by far: a page of a hundred goods is some 60 KB.
const LARGEST_REPLY: u64 = 8 * 1024 * 1024;

/// Shorter than the idle time of common servers, so that a connection they are about to close is not used.
const IDLE: Duration = Duration::from_secs(15);

/// What a request carries.
pub(super) enum Body<'a> {
    /// A GET.
    None,
    /// A POST of JSON.
    Json(Vec<u8>),
    /// A POST of a form whose part `media` is a picture.
    Picture { bytes: &'a [u8], filename: &'a str },
}

/// One request, to be sent exactly once.
pub(super) struct Request<'a> {
    path: &'a str,
    query: Vec<(&'a str, String)>,
    body: Body<'a>,
}

impl<'a> Request<'a> {
    pub(super) fn new(path: &'a str, body: Body<'a>) -> Self {
        Self { path, query: Vec::new(), body }
    }

    /// Adds a parameter to the address.
    pub(super) fn with(mut self, name: &'a str, value: impl ToString) -> Self {
        self.query.push((name, value.to_string()));
        self
    }
}

/// The connections to one service.
pub(super) struct Wire {
    base: Url,
    http: Http,
    timeout: Duration,
    clock: Arc<dyn Clock>,
}

impl Wire {
    /// Connections for `jobs` threads to the service at `api_base`.
    pub(super) fn new(
        api_base: &str,
        timeout: Duration,
        jobs: usize,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, ClientError> {
        let base = service_address(api_base)?;
        let http = connections(&base, timeout, jobs)
            .map_err(|error| ClientError::Tls(root_cause(&error.without_url())))?;
        Ok(Self { base, http, timeout, clock })
    }

    /// Sends one request and reads its JSON object.
    pub(super) fn send(&self, request: Request<'_>) -> Result<Value, Failure> {
        let started = self.clock.elapsed();
        let response = self.build(request).send().map_err(|error| self.failure(error))?;
        let status = response.status();
        if !status.is_success() {
            return Err(Failure::Lost(format!("HTTP status {}", status.as_u16())));
        }
        let body = self.read(response, started)?;
        let text = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&body);
        match serde_json::from_slice(text) {
            Ok(value @ Value::Object(_)) => Ok(value),
            // The body is not shown: an error page may repeat the address, and with it the token.
            _ => Err(Failure::Lost(format!("{} bytes that are not a JSON object", body.len()))),
        }
    }

    fn build(&self, request: Request<'_>) -> RequestBuilder {
        let mut url = self.base.clone();
        url.set_path(&format!("{}{}", self.base.path().trim_end_matches('/'), request.path));
        if !request.query.is_empty() {
            url.query_pairs_mut().extend_pairs(request.query);
        }
        match request.body {
            Body::None => self.http.get(url),
            Body::Json(body) => self
                .http
                .post(url)
                .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
                .body(body),
            Body::Picture { bytes, filename } => {
                let part = Part::bytes(bytes.to_vec()).file_name(filename.to_owned());
                self.http.post(url).multipart(Form::new().part("media", part))
            }
        }
    }

    /// Reads a body, at most [`LARGEST_REPLY`] of it, and all of it within the timeout: the HTTP client
    /// limits each read alone, which a server that drips would stretch without end.
    fn read(&self, mut response: Response, started: Duration) -> Result<Vec<u8>, Failure> {
        let mut body = Vec::new();
        let mut chunk = [0; 4 * 1024];
        loop {
            let read = response.read(&mut chunk).map_err(|error| self.cut(&error))?;
            if read == 0 {
                return Ok(body);
            }
            body.extend_from_slice(&chunk[..read]);
            if body.len() as u64 > LARGEST_REPLY {
                return Err(Failure::Lost(format!("a reply of more than {LARGEST_REPLY} bytes")));
            }
            if self.clock.elapsed().saturating_sub(started) > self.timeout {
                return Err(Failure::Lost(self.too_late()));
            }
        }
    }

    /// Only where no connection was made is it certain that nothing was sent.
    fn failure(&self, error: reqwest::Error) -> Failure {
        let error = error.without_url();
        if error.is_connect() || error.is_builder() {
            Failure::NotSent(format!("could not connect: {}", root_cause(&error)))
        } else if error.is_timeout() {
            Failure::Lost(self.too_late())
        } else {
            Failure::Lost(root_cause(&error))
        }
    }

    fn cut(&self, error: &std::io::Error) -> Failure {
        let timed_out = error.get_ref().and_then(|inner| inner.downcast_ref::<reqwest::Error>());
        if timed_out.is_some_and(reqwest::Error::is_timeout) {
            Failure::Lost(self.too_late())
        } else {
            Failure::Lost("the connection was cut within the reply".into())
        }
    }

    fn too_late(&self) -> String {
        format!("no complete reply within {} s", self.timeout.as_secs_f64())
    }
}

/// The innermost cause, for the outer ones only say that a request failed; one that is itself an HTTP
/// client's error may hold an address and is not shown.
fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    if cause.is::<reqwest::Error>() { "the request failed".into() } else { cause.to_string() }
}

/// One shared client: on two cores a client for each thread was measured to be no faster.
fn connections(base: &Url, timeout: Duration, jobs: usize) -> reqwest::Result<Http> {
    let builder = Http::builder()
        .user_agent(concat!("livegoods/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .timeout(timeout)
        .connect_timeout(timeout.mul_f64(0.75).min(Duration::from_secs(10)))
        .pool_max_idle_per_host(jobs.max(1))
        .pool_idle_timeout(IDLE)
        .tcp_nodelay(true);
    // Without TLS no certificate is ever looked at, and a machine that has none still reaches a stand-in.
    let builder = if base.scheme() == "http" { builder.tls_certs_only([]) } else { builder };
    let builder = if is_loopback(base) { builder.no_proxy() } else { builder };
    builder.build()
}

fn service_address(api_base: &str) -> Result<Url, ClientError> {
    let url = Url::parse(api_base).map_err(|_| ClientError::Address)?;
    let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if matches!(url.scheme(), "http" | "https") && url.has_host() && plain {
        Ok(url)
    } else {
        Err(ClientError::Address)
    }
}

fn is_loopback(url: &Url) -> bool {
    url.host_str().is_some_and(|host| {
        host == "localhost"
            || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    })
}
