//! What `veracity evaluate` takes. Part of args.rs: nothing but clap and std.

use clap::{Args, ValueEnum, ValueHint};
use std::path::PathBuf;

const EVALUATE_HELP: &str = "\
Examples:
  veracity evaluate --gold gold.jsonl --pred labels.jsonl
  veracity evaluate --gold rows.jsonl.gz --pred labels.jsonl --label-field label_adj --only adj_firm=true
  veracity evaluate --gold gold.jsonl --pred labels.jsonl --json > scores.json

docs/evaluation.md says how each figure is computed.

Exit codes:
  0    all went well
  1    the scores could not be written
  2    bad usage, or some input was bad";

/// `veracity evaluate`.
#[derive(Debug, Args)]
#[command(after_help = EVALUATE_HELP)]
pub(crate) struct EvaluateArgs {
    /// File with the gold labels, or a folder of brat's
    #[arg(long, value_name = "GOLD", value_hint = ValueHint::AnyPath)]
    pub(crate) gold: PathBuf,

    /// File with the predicted labels. Can be given several times, to compare systems
    #[arg(long, required = true, value_name = "PRED", value_hint = ValueHint::FilePath)]
    pub(crate) pred: Vec<PathBuf>,

    /// Format of the gold file [default: told by its name and content]
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub(crate) gold_format: Option<GoldFormat>,

    /// Field of a gold row that holds its label
    #[arg(long, value_name = "FIELD", default_value = "label")]
    pub(crate) label_field: String,

    /// Rename a gold label to what the predictions call it, such as Main=fact. Can be
    /// given several times
    #[arg(long, value_name = "GOLD=LABEL", value_parser = pair)]
    pub(crate) map: Vec<(String, String)>,

    /// Count only gold rows whose field has this value. Can be given several times
    #[arg(long, value_name = "FIELD=VALUE", value_parser = pair)]
    pub(crate) only: Vec<(String, String)>,

    /// Bootstrap draws for the 95 % intervals, whole articles drawn; 0 for no intervals
    #[arg(long, value_name = "N", default_value_t = 2000)]
    pub(crate) draws: usize,

    /// Seed of the bootstrap
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,

    /// Print the scores as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// How gold is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GoldFormat {
    /// One JSON object a line
    Jsonl,
    /// Comma-separated, with a header
    Csv,
    /// Tab-separated, with a header
    Tsv,
    /// Export of Label Studio, JSON or JSON-MIN
    LabelStudio,
    /// Export of doccano, JSONL
    Doccano,
    /// Output of Prodigy's db-out, JSONL
    Prodigy,
    /// brat's .ann beside .txt, or a folder of them
    Brat,
    /// Two columns: sentence and label, or word and tag
    Conll,
}

fn pair(value: &str) -> Result<(String, String), String> {
    let (name, value) = value.split_once('=').ok_or("expected NAME=VALUE, such as firm=true")?;
    Ok((name.into(), value.into()))
}
