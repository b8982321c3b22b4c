//! What the command line takes.
//!
//! build.rs compiles this file too, to write completions and manual pages; so it
//! uses nothing but clap and std.

#[path = "evaluate_args.rs"]
pub(crate) mod evaluate_args;

pub(crate) use evaluate_args::{CalibrateArgs, EvaluateArgs};

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use std::num::NonZeroUsize;
use std::path::PathBuf;

#[path = "sources_args.rs"]
mod sources_args;
pub(crate) use sources_args::SourcesArgs;

#[path = "read_args.rs"]
mod read_args;
#[allow(unused_imports)]
pub(crate) use read_args::{InputFormat, ReadArgs};
#[path = "merge_args.rs"]
mod merge_args;
#[path = "output_args.rs"]
pub(crate) mod output_args;
pub(crate) use merge_args::MergeArgs;
pub(crate) use output_args::OutputArgs;

#[path = "report_args.rs"]
mod report_args;
pub(crate) use report_args::ReportArgs;

#[path = "serve_args.rs"]
mod serve_args;
pub(crate) use serve_args::ServeArgs;

const EXIT_CODES: &str = "\
Exit codes:
  0    all went well
  1    labelling failed, or the output did
  2    bad usage, a bad model, or some input was bad (the other inputs are done all the same)
  130  interrupted; whole rows written so far are kept";

const LABEL_HELP: &str = "\
Examples:
  veracity label article.txt
  veracity label news/ -o labels.jsonl
  veracity label 'crawl/**/*.warc.gz' -o labels.jsonl
  veracity label dump.jsonl --field text=body.plain --field id=uuid > labels.jsonl
  curl -s https://example.org/feed.jsonl | veracity label - --format table
  veracity label news/ --format label-studio -o tasks.json
  veracity label news/ --target-risk 0.05 -o labels.jsonl
  veracity label news/ -o labels.parquet
  veracity label corpus/ -o labelled/ --format parquet     # parts; can be stopped and goes on
  veracity label article.txt --view
  veracity label news/ -o labels.jsonl --html report.html

Input:
  One article: .txt, .html. Many: .jsonl, .ndjson and .json (an object a line), .csv,
  .tsv and .parquet (a row each), .warc and .wet. A row has \"text\" or \"sentences\" (a
  list of strings), and if you like \"id\", \"title\", \"source\", \"date\" and \"url\";
  --field names other keys or columns. Any of them may be compressed with gzip or zstd.
  Other files, and standard input, are told by how they begin. Offsets count bytes of
  UTF-8. Articles that are not English are left out, counted, and no error.

Exit codes:
  0    all went well
  1    labelling failed, or the output did
  2    bad usage, a bad model, or some input was bad (the other inputs are done all the same)
  130  interrupted; whole rows written so far are kept (of -o OUT in OUT.partial, of -o DIR/
       in its parts: the same command goes on)";

const TRAIN_HELP: &str = "\
Example:
  veracity train --train train.jsonl.gz --dev dev.jsonl.gz --encoder .encoder/all-MiniLM-L6-v2 --out runs/mine

A row is a sentence with a label, or a document with attribution spans;
docs/training.md describes both. CUDA is used when there is one.

Exit codes:
  0    all went well
  1    the training failed
  2    bad usage, or a file or row is bad
  130  interrupted; --resume goes on from the last finished epoch";

const COMPLETIONS_HELP: &str = "\
Examples:
  veracity completions bash > ~/.local/share/bash-completion/completions/veracity
  veracity completions zsh > ~/.zfunc/_veracity
  veracity completions fish > ~/.config/fish/completions/veracity.fish";

const MAN_HELP: &str = "\
Examples:
  veracity man | man -l -
  veracity man label | man -l -
  veracity man --out ~/.local/share/man/man1";

/// Labels the sentences of news articles as fact, allegation or background.
#[derive(Debug, Parser)]
#[command(name = "veracity", version, about, after_help = EXIT_CODES)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,

    /// When to use colour; NO_COLOR in the environment is honoured
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t = When::Auto)]
    pub(crate) color: When,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Label the sentences of articles
    Label(Box<LabelArgs>),
    /// Join the folders that label has written
    Merge(MergeArgs),
    /// Look at a model folder
    Model(ModelArgs),
    /// Score predicted labels against gold labels
    Evaluate(Box<EvaluateArgs>),
    /// Fit a model's confidence to gold labels; its labels stay
    Calibrate(CalibrateArgs),
    /// Show labelled articles as a page for the browser
    Report(ReportArgs),
    /// Say how reliable sources are
    Sources(SourcesArgs),
    /// Label articles over HTTP, and in a page for the browser
    Serve(ServeArgs),
    /// Measure speed
    Bench(super::bench_args::BenchArgs),
    /// Train a model (in builds with the feature torch)
    Train(Box<TrainArgs>),
    /// Print the completion script of a shell
    Completions(CompletionsArgs),
    /// Print a manual page, or write all of them
    Man(ManArgs),
}

/// `veracity label`.
#[derive(Debug, Args)]
#[command(after_help = LABEL_HELP)]
pub(crate) struct LabelArgs {
    /// Files, folders (searched for all of the endings below, but .json), patterns in quotes
    /// such as 'news/**/*.jsonl.gz', or - for standard input
    #[arg(required = true, value_name = "INPUT", value_hint = ValueHint::AnyPath)]
    pub(crate) inputs: Vec<PathBuf>,

    /// Write to this file, which is OUT.partial until the run has ended well; or, if it is a
    /// folder or ends in /, to parts in it: a run that was stopped then goes on where it was
    #[arg(short, long, value_name = "OUT", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,

    /// Form of the output [default: told by the ending of OUT, else table on a terminal and
    /// jsonl elsewhere]
    #[arg(short, long, value_name = "FORMAT", value_enum)]
    pub(crate) format: Option<OutputFormat>,

    /// What is written, and what happens to bad input.
    #[command(flatten)]
    pub(crate) out: OutputArgs,

    /// Show each article as prose, tinted by label, with the sources in the margin
    #[arg(long, conflicts_with = "format")]
    pub(crate) view: bool,

    /// Write a page for the browser, too; see `veracity report`
    #[arg(long, value_name = "OUT", value_hint = ValueHint::FilePath)]
    pub(crate) html: Option<PathBuf>,

    /// What computes the model
    #[arg(long, value_name = "ENGINE", value_enum, default_value_t = Engine::Native)]
    pub(crate) engine: Engine,

    /// Label sentences below this confidence `uncertain`, to be left to a person
    #[arg(long, value_name = "SHARE", value_parser = share, conflicts_with = "target_risk")]
    pub(crate) min_confidence: Option<f64>,

    /// Label as many sentences as the model can with at most this share of errors, as far
    /// as `veracity calibrate` could tell, and the others `uncertain`
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub(crate) target_risk: Option<f64>,

    /// Model folder, or the name of one in models/ here or where the program is installed, such
    /// as veracity-base [default: VERACITY_MODEL, else veracity-small]
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) model: Option<PathBuf>,

    /// Arithmetic; auto is the fastest that the model's config.json states to keep 99.5 % of the
    /// labels of f32, and f32 with the engine torch, which has no int8
    #[arg(long, value_name = "KIND", value_enum, default_value_t = Precision::Auto)]
    pub(crate) precision: Precision,

    /// Vector instructions of the native engine, such as portable or avx2 [default: the
    /// best of this processor]
    #[arg(long, value_name = "NAME")]
    pub(crate) isa: Option<String>,

    /// Threads for computing [default: one for each core]
    #[arg(short, long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,

    /// Which key of a JSON row or column of a table holds a field, such as
    /// text=body.plain; names are id, text, sentences, title, source, date, url. Can be
    /// given several times
    #[arg(long = "field", value_name = "NAME=PATH", value_parser = field)]
    pub(crate) fields: Vec<(String, String)>,

    /// Longest line, row, page or text, in bytes or with k, M, G, Ki, Mi, Gi; longer ones
    /// are skipped
    #[arg(long, value_name = "SIZE", value_parser = size, default_value = "16M")]
    pub(crate) max_line: usize,

    /// Names that are of one source: a CSV file with the columns alias,name[,kind]
    #[arg(long, value_name = "ALIASES", value_hint = ValueHint::FilePath)]
    pub(crate) aliases: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) read: ReadArgs,

    /// Show no progress and no summary; errors are shown all the same
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// `veracity model`.
#[derive(Debug, Args)]
#[command(subcommand_required = true, arg_required_else_help = true, after_help = EXIT_CODES)]
pub(crate) struct ModelArgs {
    /// What to do with the folder.
    #[command(subcommand)]
    pub(crate) command: ModelCommand,
}

/// The commands of `veracity model`.
#[derive(Debug, Subcommand)]
pub(crate) enum ModelCommand {
    /// Say what a model is: labels, sizes, where it comes from
    Info(ModelDirArgs),
    /// Check every tensor of a model: name, shape, type, finite values
    Verify(ModelDirArgs),
}

/// The folder that a `veracity model` command is about.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct ModelDirArgs {
    /// Model folder [default: the one that label uses]
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) dir: Option<PathBuf>,
}

/// `veracity train`.
#[derive(Debug, Args)]
#[command(after_help = TRAIN_HELP)]
pub(crate) struct TrainArgs {
    /// Training files: rows of sentences or of documents, plain, gzip or zstd
    #[arg(long, required = true, num_args = 1.., value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) train: Vec<PathBuf>,

    /// Development files, for early stopping and for the model card
    #[arg(long, required = true, num_args = 1.., value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) dev: Vec<PathBuf>,

    /// Another model's probabilities to learn from: what `veracity label` wrote of the documents of
    /// --train
    #[arg(long, num_args = 1.., value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) teacher: Vec<PathBuf>,

    /// Share of the teacher's probabilities in what a sentence with a label teaches
    #[arg(long, value_name = "SHARE", default_value_t = 0.5)]
    pub(crate) teacher_share: f64,

    /// Folder of the base encoder: BERT or MPNet, with config.json, tokenizer.json, model.safetensors
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) encoder: PathBuf,

    /// Folder of the model to make
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) out: PathBuf,

    /// Go on from the last finished epoch of a stopped run
    #[arg(long)]
    pub(crate) resume: bool,

    /// Labels in the order of the logits
    #[arg(long, value_name = "LABELS", value_delimiter = ',', default_value = "fact,allegation,background")]
    pub(crate) labels: Vec<String>,

    /// Field of a row that holds its label
    #[arg(long, value_name = "FIELD", default_value = "label")]
    pub(crate) label_field: String,

    /// Field of a row that is false where the label is borderline
    #[arg(long, value_name = "FIELD", default_value = "firm")]
    pub(crate) firm_field: String,

    /// Passes over the data
    #[arg(long, value_name = "N", default_value_t = 4)]
    pub(crate) epochs: usize,

    /// Peak learning rate of the encoder
    #[arg(long, value_name = "RATE", default_value_t = 1.5e-4)]
    pub(crate) lr: f64,

    /// Peak learning rate of the heads
    #[arg(long, value_name = "RATE", default_value_t = 1e-3)]
    pub(crate) head_lr: f64,

    /// Tokens in a step, padding counted
    #[arg(long, value_name = "N", default_value_t = 3072)]
    pub(crate) batch_tokens: usize,

    /// Longest window in tokens
    #[arg(long, value_name = "N", default_value_t = 384)]
    pub(crate) window: usize,

    /// Share of the sentences that are also shown alone, without title or neighbours
    #[arg(long, value_name = "SHARE", default_value_t = 0.25)]
    pub(crate) lone: f64,

    /// Weight of a borderline row
    #[arg(long, value_name = "WEIGHT", default_value_t = 0.5)]
    pub(crate) borderline: f64,

    /// Label smoothing of the sentence head
    #[arg(long, value_name = "SHARE", default_value_t = 0.05)]
    pub(crate) smoothing: f64,

    /// Weight of the token head's loss
    #[arg(long, value_name = "WEIGHT", default_value_t = 1.0)]
    pub(crate) token_weight: f64,

    /// Exponent of the inverse label frequency in the row weights; 0 leaves them alone
    #[arg(long, value_name = "EXPONENT", default_value_t = 0.0)]
    pub(crate) balance: f64,

    /// Share of the weights that the run started from in those that are written
    #[arg(long, value_name = "SHARE", default_value_t = 0.0)]
    pub(crate) keep: f64,

    /// Let the heads read the last layer alone, not a learned mixture of all layers
    #[arg(long)]
    pub(crate) last_layer: bool,

    /// Use the first N layers of the encoder [default: all]
    #[arg(long, value_name = "N")]
    pub(crate) layers: Option<NonZeroUsize>,

    /// Top layers that start from random values
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) reinit: usize,

    /// Dropout
    #[arg(long, value_name = "SHARE", default_value_t = 0.1)]
    pub(crate) dropout: f64,

    /// Decoupled weight decay
    #[arg(long, value_name = "RATE", default_value_t = 0.01)]
    pub(crate) weight_decay: f64,

    /// Share of the run in which the learning rate rises
    #[arg(long, value_name = "SHARE", default_value_t = 0.06)]
    pub(crate) warmup: f64,

    /// Largest norm of the gradient
    #[arg(long, value_name = "NORM", default_value_t = 1.0)]
    pub(crate) clip: f64,

    /// Epochs without a better macro-F1 on the development files after which to stop
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(crate) patience: usize,

    /// Seed of everything random
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,

    /// Arithmetic of the passes; the optimiser always works in f32
    #[arg(long, value_name = "KIND", value_enum, default_value_t = TrainPrecision::F32)]
    pub(crate) precision: TrainPrecision,

    /// Threads on the CPU [default: one for each core]
    #[arg(short, long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,

    /// Show no progress
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// Arithmetic of training.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TrainPrecision {
    /// Single precision
    F32,
    /// bfloat16: faster on processors that have it
    Bf16,
}

/// `veracity completions`.
#[derive(Debug, Args)]
#[command(after_help = COMPLETIONS_HELP)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

/// `veracity man`.
#[derive(Debug, Args)]
#[command(after_help = MAN_HELP)]
pub(crate) struct ManArgs {
    /// The command to print the page of, such as label or model-info
    #[arg(value_name = "COMMAND", conflicts_with = "out")]
    pub(crate) page: Option<String>,

    /// Write all pages to this folder
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) out: Option<PathBuf>,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Form of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    /// One JSON object a sentence (or article)
    Jsonl,
    /// The same, compressed
    #[value(name = "jsonl.gz")]
    JsonlGz,
    /// The same, compressed with Zstandard
    #[value(name = "jsonl.zst")]
    JsonlZst,
    /// CSV with a header
    Csv,
    /// The same, compressed
    #[value(name = "csv.gz")]
    CsvGz,
    /// The same, compressed with Zstandard
    #[value(name = "csv.zst")]
    CsvZst,
    /// Parquet: typed columns
    Parquet,
    /// A table for people
    Table,
    /// Tasks for Label Studio, pre-annotated
    LabelStudio,
    /// JSON lines for doccano, pre-annotated
    Doccano,
    /// JSON lines for Prodigy, pre-annotated
    Prodigy,
    /// Prose for the terminal: what --view asks for
    #[value(skip)]
    View,
}

/// What computes the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    /// Pure Rust, on the processor
    Native,
    /// libtorch (in builds with the feature torch)
    Torch,
}

/// Arithmetic of an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Precision {
    /// The fastest that keeps the labels of f32
    Auto,
    /// Single precision
    F32,
    /// bfloat16
    Bf16,
    /// Bytes
    Int8,
}

/// Shells with a completion script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shell {
    /// bash
    Bash,
    /// zsh
    Zsh,
    /// fish
    Fish,
    /// PowerShell
    Powershell,
    /// Elvish
    Elvish,
}

/// Names that `--field` takes.
pub(crate) const FIELDS: [&str; 7] = ["id", "text", "sentences", "title", "source", "date", "url"];

fn field(value: &str) -> Result<(String, String), String> {
    let (name, path) = value
        .split_once('=')
        .filter(|(_, path)| !path.is_empty())
        .ok_or("expected NAME=PATH, such as text=body.plain")?;
    if !FIELDS.contains(&name) {
        return Err(format!("no field `{name}`; the fields are {}", FIELDS.join(", ")));
    }
    Ok((name.into(), path.into()))
}

fn share(value: &str) -> Result<f64, String> {
    let share: Option<f64> = value.parse().ok();
    share.filter(|share| (0.0..=1.0).contains(share)).ok_or_else(|| "expected a number from 0 to 1".into())
}

fn size(value: &str) -> Result<usize, String> {
    let digits = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
    let (number, unit) = value.split_at(digits);
    let unit = unit.trim().to_ascii_lowercase();
    let factor: usize = match unit.strip_suffix('b').unwrap_or(&unit) {
        "" => 1,
        "k" => 1_000,
        "m" => 1_000_000,
        "g" => 1_000_000_000,
        "ki" => 1 << 10,
        "mi" => 1 << 20,
        "gi" => 1 << 30,
        _ => return Err("expected a size such as 500k, 16M or 16MiB".into()),
    };
    let number: usize = number.parse().map_err(|_| "expected a size such as 500k, 16M or 16MiB")?;
    match number.checked_mul(factor) {
        // One byte of room above the bound is needed to tell that a line is longer.
        Some(size) if (1..usize::MAX / 2).contains(&size) => Ok(size),
        _ => Err("the size must be at least 1 byte, and fit this machine".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn sizes() {
        for (given, want) in
            [("7", 7), ("7B", 7), ("16M", 16_000_000), ("16 MB", 16_000_000), ("2KiB", 2048), ("1g", 1_000_000_000)]
        {
            assert_eq!(size(given), Ok(want), "{given}");
        }
        for bad in ["", "M", "0", "-1", "1.5M", "7x", "99999999999999999999", "99999999999999G"] {
            assert!(size(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn fields() {
        assert_eq!(field("text=a=b"), Ok(("text".into(), "a=b".into())));
        for bad in ["text", "text=", "=a", "body=x"] {
            assert!(field(bad).is_err(), "{bad}");
        }
    }
}
