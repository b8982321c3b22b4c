//! `veracity label`: read, label and write in chunks, in order.

use super::interrupt::Gate;
use super::message;
use super::output::Output;
use super::progress::Progress;
use super::settings::LabelSettings;
use super::stop::{BAD_INPUT, FAILED, OK, Outcome, Stop};
use super::summary::Summary;
use crate::article::Article;
use crate::error::{Hint, ReadError};
use crate::pipeline::Labeler;
use crate::read::Articles;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

/// A chunk is labelled when it has this many articles,
const CHUNK_ARTICLES: usize = 64;
/// or this much text,
const CHUNK_BYTES: usize = 256 << 10;
/// or when no input has come for this long, so that a slow source is not held up.
const CHUNK_WAIT: Duration = Duration::from_millis(20);
/// Articles that are read ahead.
const AHEAD: usize = 16;

type Item = Result<Article, ReadError>;

/// Labels all inputs.
pub(super) fn run(settings: LabelSettings) -> Outcome {
    let articles = Articles::open(&settings.inputs, settings.read.clone());
    let output = Output::open(&settings, articles.files())?;
    let mut progress = Progress::start(settings.quiet);
    let gate = Gate::new(output.partial());
    if let Err(error) = gate.watch(&progress) {
        progress.aside(|| message::error(&format!("no care for Ctrl-C: {error}"), None));
    }
    let labeler = match Labeler::open(&settings.model, settings.engine, settings.threads) {
        Ok(labeler) => labeler,
        Err(error) => {
            progress.clear();
            let _held = gate.hold();
            output.discard()?;
            return Err(Stop::bad(&error));
        }
    };
    progress.restart();

    let (send, items) = sync_channel::<Item>(AHEAD);
    let reader = std::thread::spawn(move || {
        for item in articles {
            // The other end is gone when the output has failed.
            if send.send(item).is_err() {
                break;
            }
        }
    });
    let mut run = Run {
        summary: Summary::new(labeler.labels()),
        labeler,
        output,
        gate: gate.clone(),
        progress,
        min_confidence: settings.min_confidence,
    };
    let done = run.all(&items);
    run.progress.clear();
    // The reader may be waiting for input for ever; then the process ends without it.
    done?;
    let whole = reader.join().is_ok();
    // An interrupt from here on comes too late: the guard lives until the process ends.
    let held = gate.hold();
    std::mem::forget(held);
    run.end(whole, settings.quiet)
}

struct Run {
    labeler: Labeler,
    output: Output,
    gate: Gate,
    progress: Progress,
    summary: Summary,
    min_confidence: f32,
}

impl Run {
    fn all(&mut self, items: &Receiver<Item>) -> Result<(), Stop> {
        let mut chunk = Vec::new();
        while self.fill(items, &mut chunk) {
            self.label(&chunk)?;
            chunk.clear();
        }
        Ok(())
    }

    /// Fills a chunk; false when nothing is left.
    fn fill(&mut self, items: &Receiver<Item>, chunk: &mut Vec<Article>) -> bool {
        let mut bytes = 0;
        let mut deadline = None;
        loop {
            let item = match deadline {
                None => items.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(end) => items.recv_timeout(Instant::saturating_duration_since(&end, Instant::now())),
            };
            match item {
                Ok(Ok(article)) => {
                    bytes += article.text.len();
                    chunk.push(article);
                    deadline.get_or_insert_with(|| Instant::now() + CHUNK_WAIT);
                }
                Ok(Err(error)) => {
                    self.summary.reject(&error);
                    self.report(&error, error.hint().as_deref());
                    continue;
                }
                Err(RecvTimeoutError::Timeout) => return true,
                Err(RecvTimeoutError::Disconnected) => return !chunk.is_empty(),
            }
            if chunk.len() >= CHUNK_ARTICLES || bytes >= CHUNK_BYTES {
                return true;
            }
        }
    }

    fn label(&mut self, chunk: &[Article]) -> Result<(), Stop> {
        for (source, labelled) in chunk.iter().zip(self.labeler.label(chunk)) {
            match labelled {
                Ok(mut article) => {
                    article.abstain(self.min_confidence);
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
        let summary = self.summary;
        if !whole {
            message::error(&"the reader stopped in the middle", Some("please report this as a bug"));
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
