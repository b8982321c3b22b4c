//! What `veracity sources` takes. Compiled by build.rs too, as args.rs is.

use clap::{Args, ValueHint};
use std::path::PathBuf;

#[path = "sources_list_args.rs"]
mod sources_list_args;
pub(crate) use sources_list_args::SourcesListArgs;

const SOURCES_HELP: &str = "\
Examples:
  veracity sources --claims claims.csv --out reliability/
  veracity sources --claims claims.csv.gz --outcomes truth.csv --out reliability/
  veracity sources --list labelled.jsonl --aliases aliases.csv

Input:
  claims.csv has the columns source,object,value and, if you like, date and kind: one
  row for each thing that a source says of an object. Of two rows of one source on one
  object the later date counts, or else the later row. kind groups sources that share a
  prior (outlet, agency, person). truth.csv has the columns object,value: what turned
  out to be true. Both may be gzipped.

Output:
  DIR/trust.csv   source,trust,low,high,confirmed,corroborated,independent,prior_share,grade
  DIR/truth.csv   object,value,probability
  Without outcomes, trust is agreement with independent others and nothing more: the
  sources are then in order of their names, and none has a grade. An F means that the
  source cannot be judged, not that it is bad.

Exit codes:
  0    all went well
  1    the output could not be written
  2    bad usage, or bad input; nothing is written (--list lists the rows that are good)";

/// `veracity sources`.
#[derive(Debug, Args)]
#[command(after_help = SOURCES_HELP)]
pub(crate) struct SourcesArgs {
    /// Claims: a CSV file with the columns source,object,value[,date,kind]
    #[arg(long, value_name = "CLAIMS", value_hint = ValueHint::FilePath, required_unless_present = "list", conflicts_with = "list")]
    pub(crate) claims: Option<PathBuf>,

    /// What turned out to be true: a CSV file with the columns object,value
    #[arg(long, value_name = "TRUTH", value_hint = ValueHint::FilePath, conflicts_with = "list")]
    pub(crate) outcomes: Option<PathBuf>,

    /// Folder for trust.csv and truth.csv; it is made if need be
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath, required_unless_present = "list", conflicts_with = "list")]
    pub(crate) out: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) list: SourcesListArgs,

    /// Show no summary; warnings are shown all the same
    #[arg(short, long)]
    pub(crate) quiet: bool,
}
