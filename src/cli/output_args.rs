//! How `veracity label` writes; nothing but clap and std, as build.rs compiles it too.

use clap::{Args, ValueEnum, ValueHint};
use std::num::NonZeroU64;
use std::path::PathBuf;

/// Output, resume and faults.
#[derive(Debug, Args)]
pub(crate) struct OutputArgs {
    /// What a row of jsonl, csv or parquet stands for
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = PerArg::Sentence)]
    pub(crate) per: PerArg,

    /// Articles in a part of -o DIR/, bad rows counted [default: 2000]
    #[arg(long, value_name = "N")]
    pub(crate) part_size: Option<NonZeroU64>,

    /// Label only share I of N, told by the articles' ids; `veracity merge` joins the shares
    #[arg(long, value_name = "I/N")]
    pub(crate) shard: Option<String>,

    /// Write what could not be labelled to this file, as JSON lines with file, line and reason
    /// (of -o DIR/ it is in DIR/rejects.jsonl)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) rejects: Option<PathBuf>,

    /// Stop at the first row or file that cannot be labelled
    #[arg(long)]
    pub(crate) strict: bool,

    /// Stop when more than this many rows or files cannot be labelled
    #[arg(long, value_name = "N", conflicts_with = "strict")]
    pub(crate) max_errors: Option<u64>,

    /// Write progress, errors and summary to standard error as JSON, one object a line
    #[arg(long)]
    pub(crate) log_json: bool,
}

/// What a row stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PerArg {
    /// A sentence
    Sentence,
    /// An article, with a list of its sentences
    Article,
}
