//! `veracity label`: read, label and write, each on threads of its own, in order.

use super::interrupt::Gate;
use super::message;
use super::output::Output;
use super::progress::Progress;
use super::settings::LabelSettings;
use super::stages::{self, Event};
use super::stop::{BAD_INPUT, FAILED, OK, Outcome, Stop};
use super::summary::Summary;
use crate::article::Article;
use crate::attribute::Aliases;
use crate::error::{Hint, LabelError};
use crate::label::LabelledArticle;
use crate::pipeline::Labeler;
use crate::read::{Articles, Skipped};
use std::sync::Arc;

/// Labels all inputs.
pub(super) fn run(settings: LabelSettings) -> Outcome {
    let articles = Articles::open(&settings.inputs, settings.read.clone());
    let skipped = articles.skipped();
    let output = Output::open(&settings, articles.files())?;
    let mut progress = Progress::start(settings.quiet);
    let gate = Gate::new(output.partial());
    if let Err(error) = gate.watch(&progress) {
        progress.aside(|| message::error(&format!("no care for Ctrl-C: {error}"), None));
    }
    let labeler = match Labeler::with(&settings.model, &settings.options) {
        Ok(labeler) => Arc::new(labeler),
        Err(error) => {
            progress.clear();
            let _held = gate.hold();
            output.discard()?;
            return Err(Stop::bad(&error));
        }
    };
    progress.restart();

    let summary = Summary::new(labeler.labels());
    let (events, threads) = stages::start(articles, labeler);
    let (min_confidence, aliases) = (settings.min_confidence, settings.aliases);
    let mut run = Run { skipped, summary, output, gate: gate.clone(), progress, min_confidence, aliases };
    let done = run.all(events);
    run.progress.clear();
    // The reader may be waiting for input for ever; then the process ends without it.
    done?;
    // All of them are waited for, also when one has failed.
    let whole = threads.map(|thread| thread.join().is_ok()).into_iter().all(|whole| whole);
    // An interrupt from here on comes too late: the guard lives until the process ends.
    let held = gate.hold();
    std::mem::forget(held);
    run.end(whole, settings.quiet)
}

struct Run {
    skipped: Arc<Skipped>,
    output: Output,
    gate: Gate,
    progress: Progress,
    summary: Summary,
    min_confidence: f32,
    aliases: Aliases,
}

impl Run {
    fn all(&mut self, events: impl IntoIterator<Item = Event>) -> Result<(), Stop> {
        for event in events {
            match event {
                Event::Rejected(error) => {
                    self.summary.reject(&error);
                    self.report(&error, error.hint().as_deref());
                }
                Event::Labelled(sources, articles) => self.write(&sources, articles)?,
            }
        }
        Ok(())
    }

    fn write(&mut self, sources: &[Article], articles: Vec<Result<LabelledArticle, LabelError>>) -> Result<(), Stop> {
        for (source, labelled) in sources.iter().zip(articles) {
            match labelled {
                Ok(mut article) => {
                    article.abstain(self.min_confidence);
                    self.aliases.apply_to(&mut article);
                    let mut written = self.gate.hold();
                    let output = &mut self.output;
                    self.progress.aside(|| output.article(source, &article))?;
                    written.articles += 1;
                    self.summary.add(&article);
                }
                Err(error) => {
                    self.summary.failed += 1;
                    self.report(&error, error.hint().as_deref());
                }
            }
        }
        let summary = &self.summary;
        self.progress.show(summary.articles, summary.sentences, summary.errors());
        Ok(())
    }

    fn report(&self, error: &dyn std::fmt::Display, hint: Option<&str>) {
        self.progress.aside(|| message::error(error, hint));
        let summary = &self.summary;
        self.progress.show(summary.articles, summary.sentences, summary.errors());
    }

    /// Names the output if the run went well, and says what it did.
    fn end(mut self, whole: bool, quiet: bool) -> Outcome {
        self.summary.seconds = self.progress.seconds();
        self.summary.foreign = self.skipped.foreign();
        self.summary.pages = self.skipped.pages();
        let summary = self.summary;
        if !whole {
            message::error(&"a thread stopped in the middle", Some("please report this as a bug"));
        }
        let code = match (whole && summary.failed == 0, summary.rows + summary.files) {
            (false, _) => FAILED,
            (true, 0) => OK,
            (true, _) => BAD_INPUT,
        };
        let partial = self.output.partial();
        if code != FAILED && (summary.articles > 0 || code == OK) {
            self.output.commit()?;
        } else if summary.articles == 0 {
            // An older output is worth more than an empty one.
            self.output.discard()?;
        } else if let Some(path) = partial {
            let hint = format!("the rows that could be labelled are kept in {}", path.display());
            message::error(&"the output is not complete", Some(&hint));
        }
        if !quiet {
            message::note(&summary);
        }
        Ok(code)
    }
}
