//! `veracity evaluate`: scores predictions against gold labels.

use super::args::EvaluateArgs;
use super::args::evaluate_args::GoldFormat;
use super::stop::{FAILED, OK, Outcome, Stop};
use crate::evaluate::{self, Options, evaluate};
use std::io::Write;

/// Scores and prints the report.
pub(super) fn run(args: EvaluateArgs) -> Outcome {
    let options = Options {
        label_field: args.label_field,
        gold_format: args.gold_format.map(format),
        map: args.map,
        only: args.only,
        draws: args.draws,
        seed: args.seed,
    };
    let report = evaluate(&args.gold, &args.pred, &options).map_err(|e| Stop::bad(&e))?;
    let text = if args.json {
        let json = serde_json::to_string_pretty(&report).map_err(|e| Stop::Error {
            code: FAILED,
            what: e.to_string(),
            hint: None,
        })?;
        json + "\n"
    } else {
        report.to_text()
    };
    std::io::stdout().lock().write_all(text.as_bytes()).map_err(|error| Stop::stdout(&error))?;
    Ok(OK)
}

const fn format(format: GoldFormat) -> evaluate::GoldFormat {
    use evaluate::GoldFormat as To;
    match format {
        GoldFormat::Jsonl => To::Jsonl,
        GoldFormat::Csv => To::Csv,
        GoldFormat::Tsv => To::Tsv,
        GoldFormat::LabelStudio => To::LabelStudio,
        GoldFormat::Doccano => To::Doccano,
        GoldFormat::Prodigy => To::Prodigy,
        GoldFormat::Brat => To::Brat,
        GoldFormat::Conll => To::Conll,
    }
}
