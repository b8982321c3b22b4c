//! `veracity calibrate`: fits a model's confidence to gold labels.

use super::args::CalibrateArgs;
use super::evaluate::{format, label_gold};
use super::model_dir;
use super::stop::{OK, Outcome, Stop};
use crate::calibrate::{CalibrateError, Calibration, Change, calibrate};
use crate::evaluate::{Estimate, Options, Predictions, sample};
use crate::model::ModelConfig;
use std::fmt::Write as _;
use std::io::Write;

/// Labels gold, fits, stores, and says what changed.
pub(super) fn run(args: CalibrateArgs) -> Outcome {
    let dir = model_dir::find(Some(&args.model))?;
    let options = Options {
        label_field: args.label_field,
        gold_format: args.gold_format.map(format),
        map: args.map,
        only: args.only,
        seed: args.seed,
        ..Options::default()
    };
    let config = ModelConfig::read(&dir.join("config.json")).map_err(|e| Stop::bad(&e))?;
    let name = dir.display().to_string();
    let articles = match &args.pred {
        Some(_) => Vec::new(),
        None => label_gold(&args.gold, &dir, args.threads, &options)?,
    };
    let answers = args.pred.as_deref().map_or(Predictions::Labelled(&name, &articles), Predictions::File);
    let sample = sample(&args.gold, answers, &options).map_err(|e| Stop::bad(&e))?;
    let gold = args.gold.file_name().unwrap_or_default().to_string_lossy();
    let gold = format!("{gold} ({})", options.label_field);
    let how = crate::calibrate::Options { seed: args.seed, ..Default::default() };
    let now = config.temperature();
    let found = calibrate(&sample, now.into(), &gold, &how).map_err(|e| Stop::bad(&e))?;
    if !args.dry_run {
        found.store(&dir).map_err(|error| match error {
            CalibrateError::Write(_) => Stop::failed(&error),
            _ => Stop::bad(&error),
        })?;
    }
    let mut text = text(&found, now);
    let done = if args.dry_run { "nothing written (--dry-run)" } else { "written to config.json and calibration.json" };
    let _ = writeln!(text, "{done}");
    std::io::stdout().lock().write_all(text.as_bytes()).map_err(|error| Stop::stdout(&error))?;
    Ok(OK)
}

fn text(found: &Calibration, now: f32) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "gold         {}: {} sentences in {} articles", found.gold, found.sentences, found.articles);
    let _ = writeln!(out, "temperature  {now:.4} -> {:.4}\n", found.temperature);
    let _ = writeln!(out, "{:<10} {:<24} after, on articles not fitted to", "", "before");
    for (name, Change { before, after }) in [("ECE", found.ece), ("log-loss", found.log_loss), ("Brier", found.brier)] {
        let _ = writeln!(out, "{name:<10} {:<24} {}", shown(&before), shown(&after));
    }
    let _ = writeln!(out, "\n{:<14} {:>15} {:>9}", "at most wrong", "min. confidence", "coverage");
    for risk in [0.01, 0.02, 0.05, 0.1] {
        let best = found.coverage.iter().filter(|point| point.risk <= risk);
        let best = best.max_by(|a, b| a.coverage.total_cmp(&b.coverage));
        let row = best.map_or_else(
            || format!("{:>15} {:>9}", "-", "-"),
            |point| format!("{:>15.3} {:>7.1} %", point.min_confidence, 100.0 * point.coverage),
        );
        let _ = writeln!(out, "{:>12} % {row}", 100.0 * risk);
    }
    out.push('\n');
    out
}

fn shown(estimate: &Estimate) -> String {
    let bounds = estimate.interval.map_or(String::new(), |i| format!(" [{:.4}, {:.4}]", i.low, i.high));
    format!("{:.4}{bounds}", estimate.value)
}
