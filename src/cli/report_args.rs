//! What `veracity report` takes. Part of args.rs: nothing but clap and std.

use clap::{Args, ValueHint};
use std::path::PathBuf;

const REPORT_HELP: &str = "\
Examples:
  veracity report labelled.jsonl -o report.html
  veracity report labelled.jsonl --articles news.jsonl --trust reliability/trust.csv -o report.html
  veracity label news/ | veracity report - -o report.html

The page needs no network, and no JavaScript to be read. With --articles, titles, paragraphs
and subheads are those of the articles; without, paragraphs are told from the offsets.

Exit codes:
  0    all went well
  1    the report could not be written
  2    bad usage, or some input was bad (the rest is in the report all the same)";

/// `veracity report`.
#[derive(Debug, Args)]
#[command(after_help = REPORT_HELP)]
pub(crate) struct ReportArgs {
    /// Rows as `veracity label` writes them, plain, gzip or zstd, or - for standard input
    #[arg(required = true, value_name = "LABELLED", value_hint = ValueHint::FilePath)]
    pub(crate) inputs: Vec<PathBuf>,

    /// Write to this file [default: standard output]
    #[arg(short, long, value_name = "OUT", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,

    /// The articles as they were labelled, for their titles, paragraphs and subheads. Can be
    /// given several times
    #[arg(long, value_name = "INPUT", value_hint = ValueHint::AnyPath)]
    pub(crate) articles: Vec<PathBuf>,

    /// Show how far sources can be trusted: the trust.csv of `veracity sources`
    #[arg(long, value_name = "CSV", value_hint = ValueHint::FilePath)]
    pub(crate) trust: Option<PathBuf>,

    /// Title of the page
    #[arg(long, value_name = "TEXT", default_value = "Labelled articles")]
    pub(crate) title: String,
}
