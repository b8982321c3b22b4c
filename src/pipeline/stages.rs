//! The stages on threads of their own: while one chunk is computed, the next is read and
//! tokenised and the last is used. Everything stays in order, and little is held at once.

use super::{Labeler, Prepared};
use crate::article::Article;
use crate::error::{EncodeError, LabelError};
use crate::label::LabelledArticle;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// A chunk is labelled when it has this many articles,
const CHUNK_ARTICLES: usize = 64;
/// or this much text,
const CHUNK_BYTES: usize = 256 << 10;
/// or when no input has come for this long, so that a slow source is not held up.
const CHUNK_WAIT: Duration = Duration::from_millis(20);
/// Articles that are read ahead.
const READ_AHEAD: usize = 16;
/// Chunks that wait between two stages.
const CHUNK_AHEAD: usize = 1;

/// An item with a tag that comes out beside its result.
type Item<T, E> = (T, Result<Article, E>);

/// What comes out at the end, in the order of the input; but what could not be read goes
/// ahead of at most a chunk of articles.
pub(crate) enum Event<T, E> {
    /// Could not be read.
    Rejected(T, E),
    /// Articles of a chunk, as they were read and labelled.
    Labelled(Vec<(T, Article)>, Vec<Result<LabelledArticle, LabelError>>),
}

/// What goes from tokenising to inference.
enum Step<T, E> {
    Rejected(T, E),
    Ready(Chunk<T>, Vec<Result<Prepared, EncodeError>>),
}

struct Chunk<T> {
    tags: Vec<T>,
    articles: Vec<Article>,
}

/// Nanoseconds that each stage has worked; waiting for another stage does not count.
#[derive(Debug, Default)]
pub(crate) struct Busy([AtomicU64; Stage::ALL.len()]);

/// A stage that is timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Read,
    Encode,
    Infer,
    Decode,
    Write,
}

impl Stage {
    pub(crate) const ALL: [Self; 5] = [Self::Read, Self::Encode, Self::Infer, Self::Decode, Self::Write];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Encode => "encode",
            Self::Infer => "infer",
            Self::Decode => "decode",
            Self::Write => "write",
        }
    }
}

impl Busy {
    /// Runs `work` and counts its time.
    pub(crate) fn time<R>(&self, stage: Stage, work: impl FnOnce() -> R) -> R {
        let start = Instant::now();
        let result = work();
        let nanos = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.0[stage as usize].fetch_add(nanos, Ordering::Relaxed);
        result
    }

    /// Seconds of a stage.
    pub(crate) fn seconds(&self, stage: Stage) -> f64 {
        self.0[stage as usize].load(Ordering::Relaxed) as f64 * 1e-9
    }
}

/// Starts the stages; each ends when the one before it does, or when nobody takes what it
/// makes.
pub(crate) fn start<T, E, I>(items: I, labeler: Arc<Labeler>, busy: Arc<Busy>) -> Started<T, E>
where
    T: Send + 'static,
    E: Send + 'static,
    I: Iterator<Item = Item<T, E>> + Send + 'static,
{
    let (send_item, taken) = sync_channel::<Item<T, E>>(READ_AHEAD);
    let (send_step, steps) = sync_channel::<Step<T, E>>(CHUNK_AHEAD);
    let (send_event, events) = sync_channel::<Event<T, E>>(CHUNK_AHEAD);
    let reading = busy.clone();
    let reader = std::thread::spawn(move || {
        let mut items = items;
        while let Some(item) = reading.time(Stage::Read, || items.next()) {
            if send_item.send(item).is_err() {
                return;
            }
        }
    });
    let (tokenizer, encoding) = (labeler.clone(), busy.clone());
    let preparer = std::thread::spawn(move || prepare(&taken, &send_step, &tokenizer, &encoding));
    let computer = std::thread::spawn(move || {
        for step in steps {
            if send_event.send(compute(step, &labeler, &busy)).is_err() {
                return;
            }
        }
    });
    Started { events, threads: [reader, preparer, computer] }
}

/// Stages at work.
pub(crate) struct Started<T, E> {
    /// What they make.
    pub(crate) events: Receiver<Event<T, E>>,
    /// They have ended well when all of these have.
    pub(crate) threads: [JoinHandle<()>; 3],
}

fn compute<T, E>(step: Step<T, E>, labeler: &Labeler, busy: &Busy) -> Event<T, E> {
    match step {
        Step::Rejected(tag, error) => Event::Rejected(tag, error),
        Step::Ready(chunk, prepared) => {
            let logits = busy.time(Stage::Infer, || labeler.infer(&prepared));
            let labelled = busy.time(Stage::Decode, || labeler.decode(&chunk.articles, prepared, &logits));
            Event::Labelled(chunk.tags.into_iter().zip(chunk.articles).collect(), labelled)
        }
    }
}

/// Fills chunks and tokenises them, until there is no more input or nobody to take it.
fn prepare<T, E>(items: &Receiver<Item<T, E>>, steps: &SyncSender<Step<T, E>>, labeler: &Labeler, busy: &Busy) {
    loop {
        let mut chunk = Chunk { tags: Vec::new(), articles: Vec::new() };
        let more = fill(items, steps, &mut chunk);
        if !chunk.articles.is_empty() {
            let prepared = busy.time(Stage::Encode, || {
                let segmented = labeler.segment(&chunk.articles);
                labeler.prepare(&chunk.articles, segmented)
            });
            if steps.send(Step::Ready(chunk, prepared)).is_err() {
                return;
            }
        }
        if !more {
            return;
        }
    }
}

/// Fills a chunk; false when nothing is left. An error goes ahead of the chunk that is being
/// filled: it is told as soon as it is known.
fn fill<T, E>(items: &Receiver<Item<T, E>>, steps: &SyncSender<Step<T, E>>, chunk: &mut Chunk<T>) -> bool {
    let mut bytes = 0;
    let mut deadline = None;
    loop {
        let item = match deadline {
            None => items.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(end) => items.recv_timeout(Instant::saturating_duration_since(&end, Instant::now())),
        };
        match item {
            Ok((tag, Ok(article))) => {
                bytes += article.text.len();
                chunk.tags.push(tag);
                chunk.articles.push(article);
                deadline.get_or_insert_with(|| Instant::now() + CHUNK_WAIT);
            }
            Ok((tag, Err(error))) => {
                if steps.send(Step::Rejected(tag, error)).is_err() {
                    return false;
                }
                continue;
            }
            Err(RecvTimeoutError::Timeout) => return true,
            Err(RecvTimeoutError::Disconnected) => return false,
        }
        if chunk.articles.len() >= CHUNK_ARTICLES || bytes >= CHUNK_BYTES {
            return true;
        }
    }
}
