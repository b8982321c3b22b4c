//! Request bodies, within limits of size and time.

use super::answer::Refusal;
use crate::article::Article;
use crate::error::{Hint, ReadError};
use crate::read::read_value;
use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use http_body_util::BodyExt;
use hyper::body::Bytes;
use serde_json::Value;
use std::time::Duration;

/// A sender that is silent for longer is given up.
pub(super) const SILENCE: Duration = Duration::from_secs(20);

/// What a body holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Json,
    Lines,
    Text,
}

/// The kind by `Content-Type`; JSON where nothing is said.
pub(super) fn kind(headers: &HeaderMap) -> Result<Kind, Refusal> {
    let Some(value) = headers.get(header::CONTENT_TYPE) else { return Ok(Kind::Json) };
    let name = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match name.as_str() {
        // What curl --data sends when nothing is said.
        "application/json" | "application/x-www-form-urlencoded" => Ok(Kind::Json),
        "application/x-ndjson" | "application/jsonl" | "application/ndjson" => Ok(Kind::Lines),
        "text/plain" => Ok(Kind::Text),
        _ => Err(Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unknown content type",
            "send application/json, application/x-ndjson or text/plain",
        )),
    }
}

/// The next piece of a body; `None` at its end.
pub(super) async fn piece(body: &mut Body) -> Result<Option<Bytes>, Refusal> {
    loop {
        let frame = tokio::time::timeout(SILENCE, body.frame()).await;
        let frame = frame.map_err(|_| Refusal::new(StatusCode::REQUEST_TIMEOUT, "the body did not come", ""))?;
        match frame {
            None => return Ok(None),
            Some(Err(_)) => return Err(Refusal::bad("the body broke off", "")),
            Some(Ok(frame)) => {
                if let Ok(bytes) = frame.into_data() {
                    return Ok(Some(bytes));
                }
            }
        }
    }
}

/// The length that the headers give, if it is within the limit.
pub(super) fn length(headers: &HeaderMap, limit: usize) -> Result<Option<usize>, Refusal> {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    match length {
        Some(length) if length > limit => Err(too_long(limit)),
        length => Ok(length),
    }
}

/// A whole body of at most `limit` bytes.
pub(super) async fn whole(mut body: Body, limit: usize) -> Result<Vec<u8>, Refusal> {
    let mut all = Vec::new();
    while let Some(bytes) = piece(&mut body).await? {
        if all.len() + bytes.len() > limit {
            return Err(too_long(limit));
        }
        all.extend_from_slice(&bytes);
    }
    Ok(all)
}

pub(super) fn too_long(limit: usize) -> Refusal {
    Refusal::large(format!("more than {limit} bytes"))
}

/// A JSON value.
pub(super) fn json(bytes: &[u8]) -> Result<Value, Refusal> {
    serde_json::from_slice(bytes).map_err(|error| {
        Refusal::bad(
            format!("no JSON: {error}"),
            "send {\"text\": \"...\"}, {\"article\": {...}} or {\"articles\": [...]}",
        )
    })
}

/// An article from one JSON value; errors call it `line` of the request.
pub(super) fn article(value: &Value, line: usize) -> Result<Article, Refusal> {
    read_value(value, "request", line, &format!("request:{line}")).map_err(|error| {
        let reason = match &error {
            ReadError::Row { reason, .. } => reason.clone(),
            other => other.to_string(),
        };
        Refusal::bad(reason, error.hint().unwrap_or_default())
    })
}
