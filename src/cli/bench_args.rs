//! What `veracity bench` takes; nothing but clap and std, as build.rs compiles it too.

use super::args::{Engine, Precision};
use clap::{Args, ValueHint};
use std::num::NonZeroUsize;
use std::path::PathBuf;

const BENCH_HELP: &str = "\
Examples:
  veracity bench
  veracity bench news.jsonl --precision f32,bf16,int8 --threads 1,2
  veracity bench --lone --json now.json --baseline before.json --max-slowdown 5%

The articles are repeated until there are --sentences of them; every way of computing
that the lists allow is timed in turn. Nothing else should run on the machine.

Exit codes:
  0    all went well
  1    labelling failed, or something is slower than the baseline allows
  2    bad usage, a bad model or bad input";

/// `veracity bench`.
#[derive(Debug, Args)]
#[command(after_help = BENCH_HELP)]
pub(crate) struct BenchArgs {
    /// Files or folders of articles [default: data/sample here or where the program is
    /// installed]
    #[arg(value_name = "INPUT", value_hint = ValueHint::AnyPath)]
    pub(crate) inputs: Vec<PathBuf>,

    /// Model folder [default: the one that label uses]
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) model: Option<PathBuf>,

    /// Engines to time
    #[arg(long, value_name = "LIST", value_enum, value_delimiter = ',', default_value = "native")]
    pub(crate) engine: Vec<Engine>,

    /// Arithmetics of the native engine to time
    #[arg(long, value_name = "LIST", value_enum, value_delimiter = ',', default_value = "auto")]
    pub(crate) precision: Vec<Precision>,

    /// Vector instructions of the native engine to time, such as portable,avx2 [default: the
    /// best of this processor]
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub(crate) isa: Vec<String>,

    /// Numbers of threads to time [default: one for each core]
    #[arg(short, long, value_name = "LIST", value_delimiter = ',')]
    pub(crate) threads: Vec<NonZeroUsize>,

    /// Tokens in one call of the engine, to time
    #[arg(long, value_name = "LIST", value_delimiter = ',', default_value = "32768")]
    pub(crate) batch_tokens: Vec<NonZeroUsize>,

    /// Label each sentence alone, without title or neighbours
    #[arg(long)]
    pub(crate) lone: bool,

    /// Sentences in a run, at least
    #[arg(long, value_name = "N", default_value_t = 2000)]
    pub(crate) sentences: usize,

    /// Runs that are counted
    #[arg(long, value_name = "N", default_value = "7")]
    pub(crate) runs: NonZeroUsize,

    /// Runs before them that are not
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) warm_up: usize,

    /// Articles that are labelled alone, for the latency
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(crate) latencies: usize,

    /// Also count the labels that are those of f32, over the articles once
    #[arg(long)]
    pub(crate) agreement: bool,

    /// Do not measure the machine's own ceiling
    #[arg(long)]
    pub(crate) no_peak: bool,

    /// Write all figures to this file as JSON
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) json: Option<PathBuf>,

    /// Write a plot to this file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) svg: Option<PathBuf>,

    /// Print Markdown
    #[arg(long)]
    pub(crate) markdown: bool,

    /// JSON of an earlier run to compare with
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) baseline: Option<PathBuf>,

    /// How much slower than the baseline a row may be, such as 5% or 0.05
    #[arg(long, value_name = "SHARE", value_parser = share, default_value = "5%", requires = "baseline")]
    pub(crate) max_slowdown: f64,

    /// Show no progress
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

fn share(value: &str) -> Result<f64, String> {
    let (number, unit) = value.strip_suffix('%').map_or((value, 1.0), |v| (v, 100.0));
    let share = number.trim().parse::<f64>().map_err(|e| e.to_string())? / unit;
    if (0.0..1.0).contains(&share) { Ok(share) } else { Err("expected a share such as 5% or 0.05".into()) }
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn shares() {
        assert_eq!((share("5%"), share("0.05"), share(" 10 %")), (Ok(0.05), Ok(0.05), Ok(0.1)));
        for bad in ["x", "-1%", "100%", "nan"] {
            assert!(share(bad).is_err(), "{bad}");
        }
    }
}
