//! What `veracity merge` takes; nothing but clap and std, as build.rs compiles it too.

use super::OutputFormat;
use clap::{Args, ValueHint};
use std::path::PathBuf;

const MERGE_HELP: &str = "\
Examples:
  veracity label news/ -o whole/ && veracity merge whole/ -o labels.parquet
  veracity label news/ --shard 1/2 -o one/         # on one machine
  veracity label news/ --shard 2/2 -o two/         # on another
  veracity merge one/ two/ -o labels.jsonl.zst --rejects rejects.jsonl

Every part is checked against the hash that its folder's manifest.json has of it. The rows
come out in the order of the input, as one run without --shard would have written them.

Exit codes:
  0    all went well
  1    the output could not be written
  2    bad usage, or folders that are not all shards of one run";

/// `veracity merge`.
#[derive(Debug, Args)]
#[command(after_help = MERGE_HELP)]
pub(crate) struct MergeArgs {
    /// Folders that `veracity label -o DIR/` has written: of all shards of one run
    #[arg(required = true, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) dirs: Vec<PathBuf>,

    /// File to write; it is OUT.partial until it is whole
    #[arg(short, long, value_name = "OUT", value_hint = ValueHint::FilePath)]
    pub(crate) output: PathBuf,

    /// Form of the output [default: told by the ending of OUT, else that of the parts]
    #[arg(short, long, value_name = "FORMAT", value_enum)]
    pub(crate) format: Option<OutputFormat>,

    /// Write the rejects of all folders to this file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) rejects: Option<PathBuf>,

    /// Show no summary
    #[arg(short, long)]
    pub(crate) quiet: bool,
}
