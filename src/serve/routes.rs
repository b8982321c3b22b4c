//! Which path does what, and what holds for all: the token, the log, the headers.

use super::answer::{Refusal, json_answer, typed};
use super::batch::Batcher;
use super::metrics::Metrics;
use super::{Limits, Log, Settings, assets, body, docs, label, sources};
use crate::pipeline::Labeler;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};
use std::future::Future;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Paths that the log and the metrics name, and whether they need the token.
const PATHS: [(&str, bool); 11] = [
    ("/", false),
    ("/app.js", false),
    ("/app.css", false),
    ("/api", false),
    ("/healthz", false),
    ("/readyz", false),
    ("/openapi.json", false),
    ("/metrics", true),
    ("/v1/model", true),
    ("/v1/label", true),
    ("/v1/sources", true),
];

/// Bodies that are held at a time, in units of the longest one.
const BODIES: usize = 4;

/// What all requests share.
pub(super) struct App {
    pub(super) batcher: Batcher,
    pub(super) limits: Limits,
    pub(super) ready: AtomicBool,
    metrics: Arc<Metrics>,
    bodies: Arc<Semaphore>,
    token: Option<String>,
    model: Value,
    log: Log,
}

impl App {
    pub(super) fn new(labeler: Arc<Labeler>, settings: Settings) -> io::Result<Self> {
        let Settings { token, limits, model, log, .. } = settings;
        let metrics = Arc::new(Metrics::default());
        let batcher = Batcher::start(labeler, limits.queue, limits.sentences, metrics.clone())?;
        let bodies = Arc::new(Semaphore::new(limits.body.saturating_mul(BODIES).min(Semaphore::MAX_PERMITS)));
        Ok(Self { batcher, limits, ready: AtomicBool::new(true), metrics, bodies, token, model, log })
    }

    /// A whole body, with the room that it takes until it has been read.
    pub(super) async fn take(
        &self,
        headers: &HeaderMap,
        body: Body,
    ) -> Result<(Vec<u8>, OwnedSemaphorePermit), Refusal> {
        let limit = self.limits.body;
        let length = body::length(headers, limit)?.unwrap_or(limit).max(1);
        let permits = u32::try_from(length).map_err(|_| body::too_long(limit))?;
        let room = self.bodies.clone().try_acquire_many_owned(permits).map_err(|_| Refusal::busy(1))?;
        let bytes = self.in_time(body::whole(body, limit)).await?;
        Ok((bytes, room))
    }

    /// Gives up what takes too long.
    pub(super) async fn in_time<T>(&self, work: impl Future<Output = Result<T, Refusal>>) -> Result<T, Refusal> {
        let late = || {
            let error = format!("not done within {} s", self.limits.time.as_secs_f64());
            let refusal = Refusal::new(StatusCode::SERVICE_UNAVAILABLE, error, "send less at once, or try again later");
            Refusal { retry: Some(5), ..refusal }
        };
        tokio::time::timeout(self.limits.time, work).await.unwrap_or_else(|_| Err(late()))
    }

    /// Whether a request has the token, if one is needed. Compared in constant time.
    fn allows(&self, headers: &HeaderMap) -> bool {
        let Some(token) = &self.token else { return true };
        let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let given = given.strip_prefix("Bearer ").unwrap_or_default().trim();
        blake3::hash(given.as_bytes()) == blake3::hash(token.as_bytes())
    }
}

/// All paths.
pub(super) fn router(app: Arc<App>) -> Router {
    let text = |kind: &'static str, text: &'static str| get(move || async move { typed(StatusCode::OK, kind, text) });
    Router::new()
        .route("/", text("text/html; charset=utf-8", assets::PAGE))
        .route("/app.js", get(|| async { typed(StatusCode::OK, "text/javascript; charset=utf-8", assets::script()) }))
        .route("/app.css", get(|| async { typed(StatusCode::OK, "text/css; charset=utf-8", assets::style()) }))
        .route("/api", get(|| async { typed(StatusCode::OK, "text/html; charset=utf-8", docs::page()) }))
        .route("/openapi.json", get(|| async { json_answer(StatusCode::OK, &docs::openapi()) }))
        .route("/healthz", text("text/plain; charset=utf-8", "ok\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .route("/v1/model", get(model))
        .route("/v1/label", post(label::label))
        .route("/v1/sources", post(sources::sources))
        .fallback(|| async { Refusal::new(StatusCode::NOT_FOUND, "no such path", "/api lists them") })
        .method_not_allowed_fallback(|| async {
            Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "another method is needed", "/api lists them")
        })
        .layer(from_fn_with_state(app.clone(), around))
        .with_state(app)
}

async fn ready(State(app): State<Arc<App>>) -> Response {
    let ready = app.ready.load(Ordering::Relaxed);
    let (status, text) =
        if ready { (StatusCode::OK, "ready\n") } else { (StatusCode::SERVICE_UNAVAILABLE, "ending\n") };
    typed(status, "text/plain; charset=utf-8", text)
}

async fn metrics(State(app): State<Arc<App>>) -> Response {
    typed(StatusCode::OK, "text/plain; version=0.0.4", app.metrics.text(app.batcher.waiting()))
}

async fn model(State(app): State<Arc<App>>) -> Response {
    let limits = json!({
        "body_bytes": app.limits.body,
        "sentences": app.limits.sentences,
        "seconds": app.limits.time.as_secs_f64(),
        "queue_bytes": app.limits.queue,
    });
    let mut model = app.model.clone();
    model["limits"] = limits;
    json_answer(StatusCode::OK, &model)
}

/// Checks the token, answers, counts and logs.
async fn around(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let (path, guarded) = PATHS.into_iter().find(|(path, _)| *path == request.uri().path()).unwrap_or(("-", true));
    let method = request.method().to_string();
    let mut response = if guarded && !app.allows(request.headers()) {
        let hint = "send the header Authorization: Bearer TOKEN";
        Refusal::new(StatusCode::UNAUTHORIZED, "a token is needed", hint).into_response()
    } else {
        next.run(request).await
    };
    for (name, value) in assets::HEADERS {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    let (status, seconds) = (response.status().as_u16(), start.elapsed().as_secs_f64());
    app.metrics.request(path, status, seconds);
    let time = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64());
    let ms = (seconds * 1e6).round() / 1e3;
    (app.log)(&super::Request { time: (time * 1e3).round() / 1e3, method, path, status, ms });
    response
}
