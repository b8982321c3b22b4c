//! What `veracity evaluate` takes. Part of args.rs: nothing but clap and std.

use clap::{Args, ValueEnum, ValueHint};
use std::num::NonZeroUsize;
use std::path::PathBuf;

const EVALUATE_HELP: &str = "\
Examples:
  veracity evaluate --gold gold.jsonl --pred labels.jsonl
  veracity evaluate --gold rows.jsonl.gz --pred labels.jsonl --label-field label_adj --only adj_firm=true
  veracity evaluate --gold export.json --model models/veracity-small
  veracity evaluate --gold gold.jsonl --pred a.jsonl --pred b.jsonl
  veracity evaluate --gold gold.jsonl --pred labels.jsonl --by outlet --by length --suspects 20
  veracity evaluate --gold gold.jsonl --pred labels.jsonl --html report.html
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
    #[arg(long, required_unless_present = "model", value_name = "PRED", value_hint = ValueHint::FilePath)]
    pub(crate) pred: Vec<PathBuf>,

    /// Model that labels gold's sentences first. Can be given several times, and beside --pred
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) model: Vec<PathBuf>,

    /// Threads for computing [default: one for each core]
    #[arg(short, long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,

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

    /// Accuracy by length, position, attributed, or any field of the rows, such as outlet;
    /// names what is significantly below average. Can be given several times
    #[arg(long, value_name = "FIELD")]
    pub(crate) by: Vec<String>,

    /// List so many gold labels that are likely wrong, and as many sentences to label next
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) suspects: usize,

    /// Bootstrap draws for the 95 % intervals, whole articles drawn; 0 for no intervals
    #[arg(long, value_name = "N", default_value_t = 2000)]
    pub(crate) draws: usize,

    /// Seed of the bootstrap
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,

    /// Write the report with plots and errors as one HTML file, too
    #[arg(long, value_name = "OUT", value_hint = ValueHint::FilePath)]
    pub(crate) html: Option<PathBuf>,

    /// Print the scores as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

const CALIBRATE_HELP: &str = "\
Examples:
  veracity calibrate --gold dev.jsonl --model runs/mine
  veracity calibrate --gold rows.jsonl.gz --label-field label_adj --model runs/mine --dry-run

The temperature is written to config.json of the model folder, and the coverage-risk
curve, by which label --target-risk goes, to calibration.json. No label changes. Use
articles that the model was not trained on. docs/evaluation.md says more.

Exit codes:
  0    all went well
  1    labelling failed, or the model folder could not be written
  2    bad usage, a bad model, or gold is bad";

/// `veracity calibrate`.
#[derive(Debug, Args)]
#[command(after_help = CALIBRATE_HELP)]
pub(crate) struct CalibrateArgs {
    /// File with the gold labels, in any format that evaluate reads
    #[arg(long, value_name = "GOLD", value_hint = ValueHint::AnyPath)]
    pub(crate) gold: PathBuf,

    /// What this model, as it is, has answered on gold; else gold is labelled first
    #[arg(long, value_name = "PRED", value_hint = ValueHint::FilePath)]
    pub(crate) pred: Option<PathBuf>,

    /// Model folder to calibrate
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) model: PathBuf,

    /// Format of the gold file [default: told by its name and content]
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub(crate) gold_format: Option<GoldFormat>,

    /// Field of a gold row that holds its label
    #[arg(long, value_name = "FIELD", default_value = "label")]
    pub(crate) label_field: String,

    /// Rename a gold label to what the model calls it. Can be given several times
    #[arg(long, value_name = "GOLD=LABEL", value_parser = pair)]
    pub(crate) map: Vec<(String, String)>,

    /// Use only gold rows whose field has this value. Can be given several times
    #[arg(long, value_name = "FIELD=VALUE", value_parser = pair)]
    pub(crate) only: Vec<(String, String)>,

    /// Seed of the folds and of the bootstrap
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,

    /// Threads for computing [default: one for each core]
    #[arg(short, long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,

    /// Say what would be written, and leave the model as it is
    #[arg(long)]
    pub(crate) dry_run: bool,
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
    /// GUM's CoNLL-U: labels where its discourse relations decide them
    Gum,
}

fn pair(value: &str) -> Result<(String, String), String> {
    let (name, value) = value.split_once('=').ok_or("expected NAME=VALUE, such as firm=true")?;
    Ok((name.into(), value.into()))
}
