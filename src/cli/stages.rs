//! The stages of `veracity label`: while one chunk is computed, the next is read and
//! tokenised and the last is written. Everything stays in order, and little is held at once.

use crate::article::Article;
use crate::error::{EncodeError, LabelError, ReadError};
use crate::label::LabelledArticle;
use crate::pipeline::{Labeler, Prepared};
use std::sync::Arc;
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

type Item = Result<Article, ReadError>;

/// What comes out at the end, in the order of the input.
pub(super) enum Event {
    /// A row or file could not be read.
    Rejected(ReadError),
    /// Articles of a chunk, as they were read and labelled.
    Labelled(Vec<Article>, Vec<Result<LabelledArticle, LabelError>>),
}

/// What goes from tokenising to inference.
enum Step {
    Rejected(ReadError),
    Ready(Vec<Article>, Vec<Result<Prepared, EncodeError>>),
}

/// Starts the stages; each ends when the one before it does, or when nobody takes what it
/// makes.
pub(super) fn start<I>(articles: I, labeler: Arc<Labeler>) -> (Receiver<Event>, [JoinHandle<()>; 3])
where
    I: Iterator<Item = Item> + Send + 'static,
{
    let (send_item, items) = sync_channel::<Item>(READ_AHEAD);
    let (send_step, steps) = sync_channel::<Step>(CHUNK_AHEAD);
    let (send_event, events) = sync_channel::<Event>(CHUNK_AHEAD);
    let reader = std::thread::spawn(move || {
        for item in articles {
            if send_item.send(item).is_err() {
                return;
            }
        }
    });
    let tokenizer = labeler.clone();
    let preparer = std::thread::spawn(move || prepare(&items, &send_step, &tokenizer));
    let computer = std::thread::spawn(move || {
        for step in steps {
            if send_event.send(compute(step, &labeler)).is_err() {
                return;
            }
        }
    });
    (events, [reader, preparer, computer])
}

fn compute(step: Step, labeler: &Labeler) -> Event {
    match step {
        Step::Rejected(error) => Event::Rejected(error),
        Step::Ready(articles, prepared) => {
            let logits = labeler.infer(&prepared);
            let labelled = labeler.decode(&articles, prepared, &logits);
            Event::Labelled(articles, labelled)
        }
    }
}

/// Fills chunks and tokenises them, until there is no more input or nobody to take it.
fn prepare(items: &Receiver<Item>, steps: &SyncSender<Step>, labeler: &Labeler) {
    loop {
        let mut chunk = Vec::new();
        let more = fill(items, steps, &mut chunk);
        if !chunk.is_empty() {
            let prepared = labeler.prepare(&chunk, labeler.segment(&chunk));
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
fn fill(items: &Receiver<Item>, steps: &SyncSender<Step>, chunk: &mut Vec<Article>) -> bool {
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
                if steps.send(Step::Rejected(error)).is_err() {
                    return false;
                }
                continue;
            }
            Err(RecvTimeoutError::Timeout) => return true,
            Err(RecvTimeoutError::Disconnected) => return false,
        }
        if chunk.len() >= CHUNK_ARTICLES || bytes >= CHUNK_BYTES {
            return true;
        }
    }
}
