//! Answers: JSON, and errors that say what to do.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// An error as the client gets it.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) error: String,
    pub(super) hint: String,
    /// Seconds after which to try again.
    pub(super) retry: Option<u64>,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, error: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { status, error: error.into(), hint: hint.into(), retry: None }
    }

    /// The input is wrong.
    pub(super) fn bad(error: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error, hint)
    }

    /// The input is too large.
    pub(super) fn large(error: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, error, "send less at once; veracity serve --help names the limits")
    }

    /// There is too much to do.
    pub(super) fn busy(retry: u64) -> Self {
        let refusal = Self::new(StatusCode::TOO_MANY_REQUESTS, "too much is waiting already", "try again later");
        Self { retry: Some(retry), ..refusal }
    }

    /// As it stands in an answer.
    pub(super) fn value(&self) -> Value {
        if self.hint.is_empty() {
            json!({"error": self.error})
        } else {
            json!({"error": self.error, "hint": self.hint})
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = json_answer(self.status, &self.value());
        if let Some(retry) = self.retry {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// A JSON answer, ending with a line break.
pub(super) fn json_answer(status: StatusCode, value: &impl serde::Serialize) -> Response {
    let mut text = serde_json::to_vec(value).unwrap_or_else(|_| b"{\"error\": \"no JSON could be written\"}".to_vec());
    text.push(b'\n');
    typed(status, "application/json", text)
}

/// An answer of a type.
pub(super) fn typed(status: StatusCode, kind: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}
