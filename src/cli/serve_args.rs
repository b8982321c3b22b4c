//! What `veracity serve` takes. Part of args.rs: nothing but clap and std.

use super::{Engine, Precision, size};
use clap::{Args, ValueHint};
use std::net::IpAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;

const SERVE_HELP: &str = "\
Examples:
  veracity serve
  curl -s localhost:8080/v1/label -d '{\"text\": \"The bridge is closed. It was built in 1998.\"}'
  curl -s localhost:8080/v1/label -H 'Content-Type: application/x-ndjson' -T articles.jsonl -X POST
  veracity serve --host 0.0.0.0 --port 80 --token-file token.txt

The page is at /, the description of the interface at /api; docs/serve.md says more. Only this
machine can connect, unless --host opens it. SIGTERM and Ctrl-C end the server when it has
finished what it accepted.

Exit codes:
  0    ended by a signal
  1    the server could not listen
  2    bad usage, or a bad model";

/// `veracity serve`.
#[derive(Debug, Args)]
#[command(after_help = SERVE_HELP)]
pub(crate) struct ServeArgs {
    /// Address to listen on; 0.0.0.0 or :: is every network of this machine
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub(crate) host: IpAddr,

    /// Port to listen on; 0 takes any that is free
    #[arg(long, value_name = "PORT", default_value_t = 8080)]
    pub(crate) port: u16,

    /// File with a token that requests must give: Authorization: Bearer TOKEN
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) token_file: Option<PathBuf>,

    /// Longest request, and longest line of a stream, in bytes or with k, M, G, Ki, Mi, Gi
    #[arg(long, value_name = "SIZE", value_parser = size, default_value = "8M")]
    pub(crate) max_body: usize,

    /// Most sentences of one article
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub(crate) max_sentences: usize,

    /// Text that may wait for the model; more is refused with 429
    #[arg(long, value_name = "SIZE", value_parser = size, default_value = "16M")]
    pub(crate) queue: usize,

    /// Seconds that a request may take, a stream excepted
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) timeout: u64,

    /// What computes the model
    #[arg(long, value_name = "ENGINE", value_enum, default_value_t = Engine::Native)]
    pub(crate) engine: Engine,

    /// Model folder [default: the one that label uses]
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) model: Option<PathBuf>,

    /// Arithmetic
    #[arg(long, value_name = "KIND", value_enum, default_value_t = Precision::Auto)]
    pub(crate) precision: Precision,

    /// Vector instructions of the native engine [default: the best of this processor]
    #[arg(long, value_name = "NAME")]
    pub(crate) isa: Option<String>,

    /// Threads for computing [default: one for each core]
    #[arg(short, long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,

    /// Write no log; errors are shown all the same
    #[arg(short, long)]
    pub(crate) quiet: bool,
}
