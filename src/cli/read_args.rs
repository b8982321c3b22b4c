//! Arguments that say how articles are read.

use clap::{Args, ValueEnum};

/// How to read.
#[derive(Debug, Args)]
pub(crate) struct ReadArgs {
    /// What the inputs hold [default: told by the ending of each, or else by its content]
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub(crate) input_format: Option<InputFormat>,

    /// Label articles that are not English too; without, they are left out and counted
    #[arg(long)]
    pub(crate) any_language: bool,
}

/// What an input holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum InputFormat {
    /// One article
    Text,
    /// One JSON object a line
    Jsonl,
    /// A table; what parts its cells is found out
    Csv,
    /// A table with tabs
    Tsv,
    /// Apache Parquet
    Parquet,
    /// A web page
    Html,
    /// A web crawl: WARC or WET
    Warc,
}
