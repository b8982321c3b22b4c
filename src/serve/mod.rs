//! A server: articles in by HTTP, labelled sentences out, and a page to try it.
//!
//! Every request's articles go through one queue (`batch`) to one computing thread, which
//! takes as many tokens at once as a batch holds, so that many small requests cost what one
//! large one does. The queue is bounded in bytes: what does not fit is refused with 429.
//! docs/serve.md describes the interface.

mod answer;
mod assets;
mod batch;
mod body;
mod docs;
mod http;
mod label;
mod metrics;
mod routes;
mod sources;
mod stream;

use crate::pipeline::Labeler;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

/// What a server may be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Longest body, and longest line of a stream, in bytes.
    pub body: usize,
    /// Most sentences of one article.
    pub sentences: usize,
    /// Longest time that a request may take, a stream excepted.
    pub time: Duration,
    /// Bytes of article text that may wait or be worked on.
    pub queue: usize,
    /// Connections at a time; more wait to be accepted.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { body: 8_000_000, sentences: 10_000, time: Duration::from_secs(60), queue: 16_000_000, connections: 1024 }
    }
}

/// One request that was answered, for the log. It holds nothing of any article.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Request {
    /// Seconds since 1970.
    pub time: f64,
    /// The method.
    pub method: String,
    /// The path, if it is one of ours; else `-`.
    pub path: &'static str,
    /// Status of the answer.
    pub status: u16,
    /// Milliseconds until the answer began.
    pub ms: f64,
}

/// Takes log entries.
pub type Log = Arc<dyn Fn(&Request) + Send + Sync>;

/// What a server needs to start.
pub struct Settings {
    /// Where to listen; port 0 takes any that is free.
    pub address: SocketAddr,
    /// What `Authorization: Bearer` must give, if anything.
    pub token: Option<String>,
    /// See [`Limits`].
    pub limits: Limits,
    /// What `/v1/model` answers.
    pub model: serde_json::Value,
    /// Takes log entries.
    pub log: Log,
}

/// A server that listens.
pub struct Server {
    runtime: tokio::runtime::Runtime,
    listener: tokio::net::TcpListener,
    app: Arc<routes::App>,
    limits: Limits,
}

/// Threads for what waits: connections and bodies. Tokenising has [`BLOCKING`] of its own.
const THREADS: usize = 2;
/// Threads for segmenting and tokenising.
const BLOCKING: usize = 4;

impl Server {
    /// Listens, and starts the computing thread.
    pub fn bind(labeler: Arc<Labeler>, settings: Settings) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(THREADS)
            .max_blocking_threads(BLOCKING)
            .enable_all()
            .build()?;
        let listener = runtime.block_on(tokio::net::TcpListener::bind(settings.address))?;
        let limits = settings.limits;
        let app = Arc::new(routes::App::new(labeler, settings)?);
        Ok(Self { runtime, listener, app, limits })
    }

    /// Where it listens.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers requests until SIGTERM or SIGINT; then finishes what it has accepted.
    pub fn run(self) -> io::Result<()> {
        let Self { runtime, listener, app, limits } = self;
        let done = runtime.block_on(async {
            let stop = http::stop_signal()?;
            http::serve(listener, app, limits.connections, stop).await;
            Ok(())
        });
        runtime.shutdown_timeout(Duration::from_secs(1));
        done
    }
}
