//! `veracity evaluate`: scores predictions against gold labels.

use super::args::EvaluateArgs;
use super::args::evaluate_args::GoldFormat;
use super::message;
use super::output::refused;
use super::settings::threads;
use super::stop::{FAILED, OK, Outcome, Stop};
use crate::error::Hint;
use crate::evaluate::{self, Options, Predictions, Report, gold_articles};
use crate::label::LabelledArticle;
use crate::pipeline::{EngineKind, Labeler};
use crate::write::PartialFile;
use std::io::Write;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// Articles that go to the model together.
const CHUNK: usize = 64;

/// Errors in the HTML report.
const ERRORS: usize = 500;

/// Scores and prints the report.
pub(super) fn run(args: EvaluateArgs) -> Outcome {
    let options = Options {
        label_field: args.label_field,
        gold_format: args.gold_format.map(format),
        map: args.map,
        only: args.only,
        by: args.by,
        suspects: args.suspects,
        errors: if args.html.is_some() { ERRORS } else { 0 },
        draws: args.draws,
        seed: args.seed,
    };
    let mut labelled = Vec::new();
    for model in &args.model {
        labelled.push((model.display().to_string(), label_gold(&args.gold, model, args.threads, &options)?));
    }
    let files = args.pred.iter().map(|path| Predictions::File(path));
    let models = labelled.iter().map(|(name, articles)| Predictions::Labelled(name, articles));
    let systems: Vec<Predictions> = files.chain(models).collect();
    // An output that cannot be written is told before the work.
    let inputs = args.pred.iter().chain([&args.gold]).map(PathBuf::as_path);
    let html = args.html.as_ref().map(|path| PartialFile::create(path, inputs)).transpose();
    let html = html.map_err(|e| refused(&e))?;
    let report = match evaluate::evaluate(&args.gold, &systems, &options) {
        Ok(report) => report,
        Err(error) => {
            html.map_or(Ok(()), PartialFile::discard).map_err(|e| Stop::failed(&e))?;
            return Err(Stop::bad(&error));
        }
    };
    if let Some(mut html) = html {
        let done = html.write_all(report.to_html().as_bytes());
        done.map_err(|e| Stop::failed(&html.error(e)))?;
        html.commit().map_err(|e| Stop::failed(&e))?;
    }
    let text = if args.json { json(&report)? } else { report.to_text() };
    std::io::stdout().lock().write_all(text.as_bytes()).map_err(|error| Stop::stdout(&error))?;
    Ok(OK)
}

/// Labels the sentences of a gold file. An article that fails is reported, and left out.
pub(super) fn label_gold(
    gold: &Path,
    model: &Path,
    threads_given: Option<NonZeroUsize>,
    options: &Options,
) -> Result<Vec<LabelledArticle>, Stop> {
    let articles = gold_articles(gold, options).map_err(|e| Stop::bad(&e))?;
    let labeler = Labeler::open(model, EngineKind::Native, threads(threads_given)).map_err(|e| Stop::bad(&e))?;
    let mut all = Vec::new();
    for chunk in articles.chunks(CHUNK) {
        for labelled in labeler.label(chunk) {
            match labelled {
                Ok(article) => all.push(article),
                Err(error) => message::error(&error, error.hint().as_deref()),
            }
        }
    }
    Ok(all)
}

fn json(report: &Report) -> Result<String, Stop> {
    let json = serde_json::to_string_pretty(report);
    let json = json.map_err(|e| Stop::Error { code: FAILED, what: e.to_string(), hint: None })?;
    Ok(json + "\n")
}

pub(super) const fn format(format: GoldFormat) -> evaluate::GoldFormat {
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
        GoldFormat::Gum => To::Gum,
    }
}
