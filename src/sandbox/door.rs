//! HTTP into requests of the documented calls, and answers into HTTP.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{self, Body};
use axum::extract::{ConnectInfo, DefaultBodyLimit, FromRequest, Multipart, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::call::Call;
use super::connection::Scissors;
use super::media::Part;
use super::service::{Answer, Request, Service};
use super::wire::Sent;

/// Bodies beyond this are cut off: five times the largest picture.
const LARGEST_BODY: usize = 10 * 1024 * 1024;

/// A picture of one pixel, for the addresses that replies give for covers.
const PIXEL: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

/// What every request is answered from.
#[derive(Clone)]
pub(super) struct Counter {
    pub(super) service: Arc<Mutex<Service>>,
    pub(super) latency: Duration,
}

pub(super) fn router(counter: Counter) -> Router {
    // The body is limited where it is read; the framework's own limit is below the largest picture's.
    Router::new().fallback(answer).layer(DefaultBodyLimit::disable()).with_state(counter)
}

async fn answer(
    State(counter): State<Counter>,
    ConnectInfo(scissors): ConnectInfo<Scissors>,
    request: axum::extract::Request,
) -> Response {
    let Some(call) = Call::of_path(request.uri().path()) else { return elsewhere(&request) };
    let Ok(request) = read(call, request).await else { return page(StatusCode::PAYLOAD_TOO_LARGE) };
    if !counter.latency.is_zero() {
        tokio::time::sleep(counter.latency).await;
    }
    let answer = counter.service.lock().unwrap_or_else(PoisonError::into_inner).answer(&request);
    match answer {
        Answer::Json(text) => {
            ([(header::CONTENT_TYPE, "application/json; encoding=utf-8")], text).into_response()
        }
        Answer::Page(status) => page(StatusCode::from_u16(status).unwrap_or_default()),
        Answer::Cut => {
            scissors.cut();
            StatusCode::OK.into_response()
        }
        Answer::Never => std::future::pending().await,
    }
}

async fn read(call: Call, request: axum::extract::Request) -> Result<Request, axum::Error> {
    let method = request.method().clone();
    let query = Query::<HashMap<String, String>>::try_from_uri(request.uri()).map(|query| query.0);
    let json = is_json(request.headers());
    let (head, body) = request.into_parts();
    let bytes = body::to_bytes(body, LARGEST_BODY).await?;
    let mut request = Request {
        call,
        method,
        query: query.unwrap_or_default(),
        sent: Sent { json, bytes },
        parts: Vec::new(),
    };
    if call == Call::Upload {
        let bytes = std::mem::take(&mut request.sent.bytes);
        request.parts = parts(axum::extract::Request::from_parts(head, Body::from(bytes))).await;
    }
    Ok(request)
}

/// The parts of a multipart body; none of a body that is something else or breaks off.
async fn parts(request: axum::extract::Request) -> Vec<Part> {
    let mut parts = Vec::new();
    let Ok(mut multipart) = Multipart::from_request(request, &()).await else { return parts };
    while let Ok(Some(field)) = multipart.next_field().await {
        let (name, filename) = (field.name().map(str::to_owned), field.file_name().map(str::to_owned));
        let Ok(bytes) = field.bytes().await else { return Vec::new() };
        parts.push(Part { name, filename, bytes });
    }
    parts
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

fn elsewhere(request: &axum::extract::Request) -> Response {
    if request.uri().path().starts_with("/picture/") {
        return ([(header::CONTENT_TYPE, "image/gif")], PIXEL).into_response();
    }
    page(StatusCode::NOT_FOUND)
}

fn page(status: StatusCode) -> Response {
    let html = format!("<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>");
    (status, [(header::CONTENT_TYPE, "text/html")], html).into_response()
}
