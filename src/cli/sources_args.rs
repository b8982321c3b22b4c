//! What `veracity sources` takes. Compiled by build.rs too, as args.rs is.

use clap::{Args, ValueHint};
use std::path::PathBuf;

const SOURCES_HELP: &str = "\
Examples:
  veracity label news/ -o labelled.jsonl && veracity sources labelled.jsonl
  veracity sources labelled.jsonl --html sources.html --json sources.json
  veracity sources labelled.jsonl --outcomes known.csv --aliases names.csv -o reliability/
  veracity sources --claims claims.csv --outcomes truth.csv --out reliability/
  veracity sources --list labelled.jsonl --aliases names.csv

Labelled articles:
  What veracity label wrote. An attribution with content is a claim of its source, a fact
  sentence without one a claim of the outlet. Claims of the same thing are put together
  across articles; one text, or one agency, is one vote. Dates (of the articles) tell what
  was said first. known.csv has the columns claim,outcome or article,sentence,outcome: a
  claim's id as --json or --html shows it, or a sentence, and true or false.

Claims:
  claims.csv has the columns source,object,value and, if you like, date and kind: one
  row for each thing that a source says of an object. Of two rows of one source on one
  object the later date counts, or else the later row. kind groups sources that share a
  prior (outlet, agency, person). truth.csv has the columns object,value: what turned
  out to be true. DIR/trust.csv has the columns
  source,trust,low,high,confirmed,corroborated,independent,prior_share,grade and
  DIR/truth.csv object,value,probability.

All tables may be compressed with gzip or zstd. Without outcomes, trust is agreement with independent others
and nothing more: the sources are then in order of their names, and none has a grade. An F
means that the source cannot be judged, not that it is bad.

Exit codes:
  0    all went well
  1    the output could not be written
  2    bad usage, or bad input; a bad row of labelled articles is left out, a bad table
       ends the run";

/// `veracity sources`.
#[derive(Debug, Args)]
#[command(after_help = SOURCES_HELP)]
pub(crate) struct SourcesArgs {
    /// Labelled articles, as veracity label writes them, plain, gzip or zstd
    #[arg(value_name = "LABELLED", value_hint = ValueHint::FilePath, required_unless_present = "claims")]
    pub(crate) files: Vec<PathBuf>,

    /// Judge nobody: list each source of the articles (- is standard input) with its claims in
    /// context
    #[arg(long, requires = "files", conflicts_with_all = ["outcomes", "ratings", "html", "json", "out"])]
    pub(crate) list: bool,

    /// Instead of articles, a table of claims: source,object,value[,date,kind]
    #[arg(long, value_name = "CLAIMS", value_hint = ValueHint::FilePath, conflicts_with = "files", requires = "out")]
    pub(crate) claims: Option<PathBuf>,

    /// What turned out: claim,outcome or article,sentence,outcome; with a table of claims,
    /// object,value
    #[arg(long, value_name = "TRUTH", value_hint = ValueHint::FilePath)]
    pub(crate) outcomes: Option<PathBuf>,

    /// Ratings of sources that you have: source,rating, from 0 to 1 or from 0 to 100. They
    /// count as far as they turn out to tell something
    #[arg(long, value_name = "RATINGS", value_hint = ValueHint::FilePath)]
    pub(crate) ratings: Option<PathBuf>,

    /// Other names of sources: alias,name[,kind]
    #[arg(long, value_name = "ALIASES", value_hint = ValueHint::FilePath, requires = "files")]
    pub(crate) aliases: Option<PathBuf>,

    /// Values of which one holds the other, as a country its towns: value,parent
    #[arg(long, value_name = "HIERARCHY", value_hint = ValueHint::FilePath, requires = "claims")]
    pub(crate) hierarchy: Option<PathBuf>,

    /// Write a page with the sources, their claims, and who copies
    #[arg(long, value_name = "HTML", value_hint = ValueHint::FilePath, requires = "files")]
    pub(crate) html: Option<PathBuf>,

    /// Write the sources, claims and copies as JSON
    #[arg(long, value_name = "JSON", value_hint = ValueHint::FilePath, requires = "files")]
    pub(crate) json: Option<PathBuf>,

    /// Folder for trust.csv and truth.csv; it is made if need be
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) out: Option<PathBuf>,

    /// Show no table and no summary; warnings are shown all the same
    #[arg(short, long)]
    pub(crate) quiet: bool,
}
