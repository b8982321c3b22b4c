//! JSON lines in, JSON lines out, while they come.

use super::answer::{Refusal, typed};
use super::body::{self, piece};
use super::routes::App;
use crate::label::LabelledArticle;
use axum::body::Body;
use axum::http::StatusCode;
use axum::response::Response;
use hyper::body::{Bytes, Frame};
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// Articles of a stream that are worked on at a time.
const AHEAD: usize = 64;
/// Answers that wait for the client to take them.
const WRITTEN: usize = 16;

type Labelled = (usize, JoinHandle<Result<LabelledArticle, Refusal>>);

/// The answer to a stream: each article's rows in the order of the input, and a line with
/// `error` and `line` for each that is bad.
pub(super) fn answer(app: Arc<App>, body: Body) -> Response {
    let (articles, queue) = mpsc::channel(AHEAD);
    let (out, lines) = mpsc::channel(WRITTEN);
    tokio::spawn(read(app, body, articles, out.clone()));
    tokio::spawn(write(queue, out));
    typed(StatusCode::OK, "application/x-ndjson", Body::new(Lines(lines)))
}

/// Starts the labelling of each line. Ends when nobody takes the answers any more.
async fn read(app: Arc<App>, mut body: Body, articles: mpsc::Sender<Labelled>, out: mpsc::Sender<Bytes>) {
    let mut buffer: Vec<u8> = Vec::new();
    let mut number = 0;
    loop {
        let next = tokio::select! {
            next = piece(&mut body) => next,
            () = out.closed() => return,
        };
        let end = match next {
            Ok(Some(bytes)) => {
                buffer.extend_from_slice(&bytes);
                false
            }
            Ok(None) => true,
            Err(refusal) => {
                let failed = tokio::spawn(async move { Err(refusal) });
                let _ = articles.send((number + 1, failed)).await;
                return;
            }
        };
        let mut from = 0;
        while from < buffer.len() {
            let length = match buffer[from..].iter().position(|byte| *byte == b'\n') {
                Some(length) => length,
                None if end => buffer.len() - from,
                None => break,
            };
            number += 1;
            let line = buffer[from..from + length].to_vec();
            from = (from + length + 1).min(buffer.len());
            if line.trim_ascii().is_empty() {
                continue;
            }
            let task = tokio::spawn(one(app.clone(), line, number));
            if articles.send((number, task)).await.is_err() {
                return;
            }
        }
        buffer.drain(..from);
        if buffer.len() > app.limits.body {
            let limit = app.limits.body;
            let failed = tokio::spawn(async move { Err(body::too_long(limit)) });
            let _ = articles.send((number + 1, failed)).await;
            return;
        }
        if end {
            return;
        }
    }
}

async fn one(app: Arc<App>, line: Vec<u8>, number: usize) -> Result<LabelledArticle, Refusal> {
    let article = body::article(&body::json(&line)?, number)?;
    drop(line);
    let room = app.batcher.wait(article.text.len()).await?;
    app.batcher.label(article, room).await
}

async fn write(mut queue: mpsc::Receiver<Labelled>, out: mpsc::Sender<Bytes>) {
    while let Some((number, task)) = queue.recv().await {
        let labelled = match task.await {
            Ok(labelled) => labelled,
            Err(_) => Err(Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "the computation stopped", "")),
        };
        if out.send(rows(number, labelled).into()).await.is_err() {
            return;
        }
    }
}

/// The rows of an article, as `veracity label` writes them, or the error.
fn rows(number: usize, labelled: Result<LabelledArticle, Refusal>) -> Vec<u8> {
    let mut out = Vec::new();
    match labelled {
        Ok(article) => {
            for row in &article.sentences {
                // Writing into a vector cannot fail, nor can a row be no JSON.
                let _ = serde_json::to_writer(&mut out, row);
                out.push(b'\n');
            }
        }
        Err(refusal) => {
            let mut value = refusal.value();
            value["line"] = number.into();
            let _ = serde_json::to_writer(&mut out, &value);
            out.push(b'\n');
        }
    }
    out
}

/// What is sent into a channel, as a body.
struct Lines(mpsc::Receiver<Bytes>);

impl hyper::body::Body for Lines {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(context).map(|bytes| bytes.map(|bytes| Ok(Frame::data(bytes))))
    }
}
