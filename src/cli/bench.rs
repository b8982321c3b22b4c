//! `veracity bench`: how fast, and where the time goes.

use super::bench_args::BenchArgs;
use super::settings;
use super::stop::{FAILED, OK, Outcome, Stop};
use super::{args, model_dir};
use crate::article::Article;
use crate::bench::{BenchReport, Host, Settings, Verdict, Workload, compare, measure};
use crate::model::Model;
use crate::pipeline::{EngineKind, Options};
use crate::read::{Articles, Input, ReadOptions};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long the ceiling of the machine is measured.
const PEAK: Duration = Duration::from_millis(200);

/// Measures, prints, and compares.
pub(super) fn run(args: BenchArgs) -> Outcome {
    let host = Host::look();
    let model = model_dir::find(args.model.as_deref())?;
    let grid = grid(&args)?;
    let baseline = args.baseline.as_deref().map(read_baseline).transpose()?;
    let work = workload(&args)?;
    let settings = Settings {
        warm_up: args.warm_up,
        runs: args.runs.get(),
        latencies: args.latencies,
        peak: (!args.no_peak).then_some(PEAK),
        agreement: args.agreement,
    };
    let bar = bar(&args, grid.len() * (args.warm_up + args.runs.get()));
    let mut measurements = Vec::new();
    for options in &grid {
        let measured = measure(&model, options, &work, &settings, |_| bar.inc(1));
        measurements.push(measured.map_err(|e| {
            bar.finish_and_clear();
            Stop::bad(&e)
        })?);
    }
    bar.finish_and_clear();
    let mut report = BenchReport {
        host,
        model: Model::open(&model).map_err(|e| Stop::bad(&e))?.hash(),
        inputs: work.inputs.iter().map(|p| p.display().to_string()).collect(),
        lone: args.lone,
        measurements,
        changes: Vec::new(),
    };
    if let Some(before) = &baseline {
        report.changes = compare(before, &report, args.max_slowdown);
        if report.changes.is_empty() {
            return Err(Stop::usage(
                "the baseline has no row of this engine, precision, instructions, threads and batch",
                "measure both with the same options",
            ));
        }
    }
    if let Some(path) = &args.json {
        let json = serde_json::to_string_pretty(&report).map_err(|e| failed(path, &e))?;
        std::fs::write(path, json + "\n").map_err(|e| failed(path, &e))?;
    }
    if let Some(path) = &args.svg {
        std::fs::write(path, report.to_svg()).map_err(|e| failed(path, &e))?;
    }
    let text = if args.markdown { report.to_markdown() } else { report.to_text() };
    std::io::stdout().lock().write_all(text.as_bytes()).map_err(|e| Stop::stdout(&e))?;
    Ok(if report.changes.iter().any(|c| c.verdict == Verdict::Slower) { FAILED } else { OK })
}

/// Every way of computing that the lists allow.
fn grid(args: &BenchArgs) -> Result<Vec<Options>, Stop> {
    let names: Vec<Option<&str>> =
        if args.isa.is_empty() { vec![None] } else { args.isa.iter().map(|n| Some(n.as_str())).collect() };
    let threads: Vec<usize> = if args.threads.is_empty() {
        vec![settings::threads(None)]
    } else {
        args.threads.iter().map(|n| n.get()).collect()
    };
    let mut grid = Vec::new();
    for &engine in &args.engine {
        for &threads in &threads {
            for batch in &args.batch_tokens {
                let base = Options { batch_tokens: batch.get(), ..Options::new(settings::engine(engine)?, threads) };
                if engine == args::Engine::Torch {
                    grid.push(base);
                    continue;
                }
                for &precision in &args.precision {
                    for name in &names {
                        let (precision, isa) = (settings::precision(precision), settings::isa(*name)?);
                        grid.push(Options { engine: EngineKind::Native, precision, isa, ..base });
                    }
                }
            }
        }
    }
    Ok(grid)
}

fn workload(args: &BenchArgs) -> Result<Workload, Stop> {
    let inputs = if args.inputs.is_empty() { vec![sample()?] } else { args.inputs.clone() };
    let started = Instant::now();
    let from: Vec<Input> = inputs.iter().map(|path| path.as_path().into()).collect();
    let articles: Vec<Article> =
        Articles::open(&from, ReadOptions::default()).collect::<Result<_, _>>().map_err(|e| Stop::bad(&e))?;
    let seconds = started.elapsed().as_secs_f64();
    Workload::new(inputs, articles, args.sentences, args.lone, seconds)
        .ok_or_else(|| Stop::usage("the input holds no sentence", "give a file or folder of articles"))
}

/// The articles that come with the program.
fn sample() -> Result<PathBuf, Stop> {
    let beside = std::env::current_exe().ok().and_then(|p| p.parent().map(Path::to_owned));
    let near = beside.into_iter().flat_map(|dir| ["../..", "../../..", "../share/veracity"].map(|up| dir.join(up)));
    std::iter::once(PathBuf::new())
        .chain(near)
        .map(|dir| dir.join("data/sample/articles.jsonl"))
        .find(|file| file.is_file())
        .ok_or_else(|| Stop::usage("no input, and data/sample is not here", "name a file or folder of articles"))
}

fn read_baseline(path: &Path) -> Result<BenchReport, Stop> {
    let hint = "the file is what --json wrote in an earlier run";
    let wrong = |what: String| Stop::usage(format!("{}: {what}", path.display()), hint);
    let bytes = std::fs::read(path).map_err(|e| wrong(e.to_string()))?;
    serde_json::from_slice(&bytes).map_err(|e| wrong(e.to_string()))
}

fn failed(path: &Path, error: &dyn std::fmt::Display) -> Stop {
    Stop::Error { code: FAILED, what: format!("{}: {error}", path.display()), hint: None }
}

fn bar(args: &BenchArgs, runs: usize) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(runs as u64), ProgressDrawTarget::stderr());
    if args.quiet || !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    if let Ok(style) = ProgressStyle::with_template("{bar:30} run {pos} of {len}, {eta} left") {
        bar.set_style(style);
    }
    bar
}
