//! `veracity label`: read, label and write, each on threads of its own, in order.

use super::args::LabelArgs;
use super::destination::{Destination, Form};
use super::interrupt::Gate;
use super::log::Log;
use super::output::{Output, folder_failed, kept};
use super::progress::Progress;
use super::settings::LabelSettings;
use super::stop::{BAD_INPUT, FAILED, OK, Outcome, Stop};
use super::summary::{Summary, count};
use crate::article::Article;
use crate::attribute::Aliases;
use crate::corpus::{self, Counts, Parts, Place, Plan, Reject};
use crate::error::{LabelError, ReadError};
use crate::label::LabelledArticle;
use crate::pipeline::Labeler;
use crate::pipeline::stages::{self, Busy, Event, Stage, Started};
use crate::read::{Articles, Input, Skipped};
use crate::write::{Lineage, Rows};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Labels all inputs.
pub(super) fn run(args: LabelArgs) -> Outcome {
    let log = if args.out.log_json { Log::Json } else { Log::Text };
    match LabelSettings::resolve(args).and_then(|settings| label(&settings, log)) {
        Err(Stop::Error { code, what, hint }) => {
            log.error(&what, hint.as_deref());
            Ok(code)
        }
        outcome => outcome,
    }
}

fn label(settings: &LabelSettings, log: Log) -> Outcome {
    let articles = Articles::open(&settings.inputs, settings.read.clone());
    let skipped = articles.skipped();
    let files: Vec<PathBuf> = articles.files().map(Path::to_owned).collect();
    let progress = Progress::start(settings.quiet, log);
    let gate = Gate::new(Output::open(settings, &files)?);
    if let Err(error) = gate.watch(&progress, log) {
        progress.aside(|| log.error(&format!("no care for Ctrl-C: {error}"), None));
    }
    let (labeler, resumed) = match open(settings, &files, &gate, &progress) {
        Ok(opened) => opened,
        Err(stop) => {
            progress.clear();
            // The process is ending: an interrupt has nothing left to keep.
            let mut held = gate.hold();
            held.output.discard()?;
            return Err(stop);
        }
    };
    progress.restart(total(settings, &files), articles.counter());

    let labels = labeler.labels().to_vec();
    let busy = Arc::new(Busy::default());
    let done = resumed.items;
    let complete = resumed.complete;
    let mut run = Run {
        counts: resumed.counts.clone(),
        resumed,
        gate: gate.clone(),
        progress,
        log,
        busy: busy.clone(),
        skipped,
        min_confidence: settings.min_confidence,
        aliases: settings.aliases.clone(),
        max_errors: settings.max_errors,
    };
    let mut whole = true;
    if !complete {
        let shard = settings.shard;
        let own = (0u64..).zip(articles).filter(move |(item, article)| shard.has(*item, article));
        let own = own.zip(0u64..).map(|((item, article), own)| (Place { own, item }, article));
        let own = own.skip(usize::try_from(done).unwrap_or(usize::MAX));
        let Started { events, threads } = stages::start(own, labeler, busy);
        let done = run.all(events);
        run.progress.clear();
        // The reader may be waiting for input for ever; then the process ends without it.
        if let Err(stop) = done {
            return Err(run.stopped(stop));
        }
        // All of them are waited for, also when one has failed.
        whole = threads.map(|thread| thread.join().is_ok()).into_iter().all(|whole| whole);
    }
    run.progress.clear();
    // An interrupt from here on comes too late: the guard lives until the process ends.
    let gate = run.gate.clone();
    let mut held = gate.hold();
    let code = run.end(&mut held.output, whole, labels, settings.quiet);
    std::mem::forget(held);
    code
}

/// What earlier runs have done.
#[derive(Default)]
struct Resumed {
    items: u64,
    parts: usize,
    counts: Counts,
    complete: bool,
}

/// Loads the model and makes the output ready for rows.
fn open(
    settings: &LabelSettings,
    files: &[PathBuf],
    gate: &Gate,
    progress: &Progress,
) -> Result<(Arc<Labeler>, Resumed), Stop> {
    let folder = match &settings.output {
        Destination::Folder(dir) => Some(dir),
        Destination::Stdout | Destination::File(_) => None,
    };
    if let Some(dir) = folder {
        let named = settings.inputs.iter().filter_map(|input| match input {
            Input::Path(path) => Some(path.as_path()),
            _ => None,
        });
        corpus::refuse_among(dir, named, files.iter().map(PathBuf::as_path)).map_err(|error| folder_failed(&error))?;
    }
    let labeler = Labeler::with(&settings.model, &settings.options).map_err(|error| Stop::bad(&error))?;
    let needed = matches!(settings.form, Form::Table(format) if folder.is_some() || format.rows != Rows::Jsonl);
    let lineage = || {
        let lineage = Lineage::of(&settings.model, &settings.options, &labeler, settings.min_confidence);
        lineage.map_err(|error| Stop::bad(&error))
    };
    let lineage = needed.then(lineage).transpose()?;
    let mut resumed = Resumed::default();
    if let (Some(dir), Form::Table(format), Some(lineage)) = (folder, settings.form, &lineage) {
        progress.say("reading the input to know it again");
        let inputs = corpus::identify(files.iter().map(PathBuf::as_path), |_| {});
        let plan = Plan {
            lineage: lineage.clone(),
            settings: corpus::Settings {
                format: format.to_string(),
                per: settings.per.name().into(),
                part_size: settings.part_size,
                shard: settings.shard,
                read: format!("{:?}", settings.read),
                aliases: Some(&settings.aliases).filter(|all| !all.is_empty()).map(Aliases::fingerprint),
            },
            inputs,
        };
        let parts = Parts::open(dir, plan, format, settings.per).map_err(|error| folder_failed(&error))?;
        let (number, counts) = parts.resumed();
        resumed = Resumed { items: parts.done_items(), parts: number, counts, complete: parts.is_complete() };
        gate.hold().output = Output::Parts(Box::new(parts));
    } else {
        gate.hold().output.start(settings, lineage.as_ref())?;
    }
    Ok((Arc::new(labeler), resumed))
}

/// Bytes of all inputs, where that is known.
fn total(settings: &LabelSettings, files: &[PathBuf]) -> Option<u64> {
    if settings.inputs.contains(&Input::Stdin) {
        return None;
    }
    let sizes = files.iter().map(|path| std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file));
    sizes.map(|meta| meta.map(|meta| meta.len())).sum()
}

struct Run {
    skipped: Arc<Skipped>,
    gate: Gate,
    progress: Progress,
    log: Log,
    busy: Arc<Busy>,
    /// Of this run and those before it.
    counts: Counts,
    resumed: Resumed,
    min_confidence: f32,
    aliases: Aliases,
    max_errors: Option<u64>,
}

impl Run {
    fn all(&mut self, events: impl IntoIterator<Item = Event<Place, ReadError>>) -> Result<(), Stop> {
        self.limit()?;
        for event in events {
            match event {
                Event::Rejected(place, error) => {
                    self.transient(&error)?;
                    self.reject(place, Reject::unread(place.item, &error), &error)?;
                }
                Event::Labelled(articles, labelled) => self.write(&articles, labelled)?,
            }
        }
        Ok(())
    }

    fn write(
        &mut self,
        articles: &[(Place, Article)],
        labelled: Vec<Result<LabelledArticle, LabelError>>,
    ) -> Result<(), Stop> {
        for ((place, source), labelled) in articles.iter().zip(labelled) {
            match labelled {
                Ok(mut article) => {
                    article.abstain(self.min_confidence);
                    self.aliases.apply_to(&mut article);
                    let mut written = self.gate.hold();
                    let output = &mut written.output;
                    let write = || self.busy.time(Stage::Write, || output.article(*place, source, &article));
                    self.progress.aside(write)?;
                    written.articles += 1;
                    self.counts.article(&article);
                }
                Err(error) => self.reject(*place, Reject::failed(place.item, &source.id, &error), &error)?,
            }
        }
        self.show();
        Ok(())
    }

    fn reject(&mut self, place: Place, reject: Reject, what: &dyn std::fmt::Display) -> Result<(), Stop> {
        self.progress.aside(|| self.log.reject(&reject, what));
        self.counts.reject(&reject);
        self.gate.hold().output.reject(place, reject)?;
        self.show();
        self.limit()
    }

    /// Whether there have been too many errors.
    fn limit(&self) -> Result<(), Stop> {
        match self.max_errors {
            Some(most) if self.counts.rejects() > most => {
                let (what, flag) = match most {
                    0 => ("stopped at the first row or file that cannot be labelled".into(), "--strict"),
                    _ => (format!("stopped: more than {}", count(most, "error")), "--max-errors"),
                };
                Err(Stop::usage(what, format!("mend the input, or leave {flag} out to skip what is bad")))
            }
            _ => Ok(()),
        }
    }

    /// A folder is to hold what another run would make of the same input: an error of the
    /// moment, in the middle of a file that could be read before, is not part of that.
    fn transient(&self, error: &ReadError) -> Result<(), Stop> {
        use ErrorKind::{InvalidData, InvalidInput, IsADirectory, NotFound, PermissionDenied, UnexpectedEof};
        let lasting = [
            NotFound,
            PermissionDenied,
            InvalidData,
            InvalidInput,
            UnexpectedEof,
            IsADirectory,
            ErrorKind::Unsupported,
        ];
        match error {
            ReadError::Io { error: inner, .. } if !lasting.contains(&inner.kind()) => {
                let written = self.gate.hold();
                let Output::Parts(parts) = &written.output else { return Ok(()) };
                Err(Stop::Error { code: FAILED, what: error.to_string(), hint: Some(kept(parts)) })
            }
            _ => Ok(()),
        }
    }

    fn show(&self) {
        let (all, before) = (&self.counts, &self.resumed.counts);
        let (articles, sentences) = (all.articles - before.articles, all.sentences - before.sentences);
        self.progress.show(articles, sentences, all.rejects());
    }

    /// The run cannot go on: nothing half-written stays in a folder.
    fn stopped(&self, stop: Stop) -> Stop {
        if let Output::Parts(parts) = &mut self.gate.hold().output {
            parts.abandon();
        }
        stop
    }

    /// Names the output if the run went well, and says what it did.
    fn end(self, output: &mut Output, whole: bool, labels: Vec<String>, quiet: bool) -> Outcome {
        let counts = &self.counts;
        if !whole {
            self.log.error(&"a thread stopped in the middle", Some("please report this as a bug"));
        }
        let code = match (whole && counts.failed == 0, counts.bad_rows + counts.bad_files) {
            (false, _) => FAILED,
            (true, 0) => OK,
            (true, _) => BAD_INPUT,
        };
        if matches!(output, Output::Parts(_)) {
            if whole && !self.resumed.complete {
                self.busy.time(Stage::Write, || output.commit())?;
            }
        } else if code != FAILED && (counts.articles > 0 || code == OK) {
            self.busy.time(Stage::Write, || output.commit())?;
        } else if counts.articles == 0 {
            // An older output is worth more than an empty one.
            output.discard()?;
        } else {
            let hint = output.interrupted(&count(counts.articles, "article"));
            self.log.error(&"the output is not complete", Some(&hint));
        }
        if !quiet {
            let seconds = self.progress.seconds();
            let stages = Stage::ALL.map(|stage| (stage.name(), self.busy.seconds(stage))).to_vec();
            let resumed = (self.resumed.parts, self.resumed.counts.articles);
            let (foreign, pages) = (self.skipped.foreign() as u64, self.skipped.pages() as u64);
            let counts = self.counts.clone();
            let summary = Summary { labels, counts, resumed, foreign, pages, seconds, stages };
            self.log.note("summary", &summary, summary.json());
        }
        Ok(code)
    }
}
