//! Articles of all requests, put together into batches for one computing thread.

use super::answer::Refusal;
use super::metrics::Metrics;
use crate::article::Article;
use crate::error::{Hint, LabelError};
use crate::label::LabelledArticle;
use crate::pipeline::{Labeler, Prepared};
use axum::http::StatusCode;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

/// Tokens that are computed together. More would make a request wait longer for those that
/// came with it; a batch of so many already runs at full speed.
const BATCH_TOKENS: usize = 8192;

/// Room in the queue, given back when the last who holds it is done.
pub(super) type Room = Arc<OwnedSemaphorePermit>;

/// The queue and the thread behind it.
pub(super) struct Batcher {
    labeler: Arc<Labeler>,
    jobs: mpsc::UnboundedSender<Job>,
    room: Arc<Semaphore>,
    capacity: usize,
    sentences: usize,
    /// Bytes of text a second, as lately measured.
    rate: Arc<AtomicU64>,
}

struct Job {
    article: Article,
    prepared: Prepared,
    tokens: usize,
    reply: oneshot::Sender<Result<LabelledArticle, LabelError>>,
    _room: Room,
}

impl Batcher {
    /// Starts the computing thread. At most `capacity` bytes of text are in the queue or being
    /// computed, and an article has at most `sentences`.
    pub(super) fn start(
        labeler: Arc<Labeler>,
        capacity: usize,
        sentences: usize,
        metrics: Arc<Metrics>,
    ) -> io::Result<Self> {
        let (jobs, queue) = mpsc::unbounded_channel();
        let rate = Arc::new(AtomicU64::new(100_000));
        let capacity = capacity.min(u32::MAX as usize).min(Semaphore::MAX_PERMITS);
        let worker = Worker { labeler: labeler.clone(), rate: rate.clone(), metrics };
        std::thread::Builder::new().name("veracity-batch".into()).spawn(move || worker.work(queue))?;
        Ok(Self { labeler, jobs, room: Arc::new(Semaphore::new(capacity)), capacity, sentences, rate })
    }

    /// Room for so many bytes of text, or a refusal that says when to come again.
    pub(super) fn admit(&self, bytes: usize) -> Result<Room, Refusal> {
        let permit = self.room.clone().try_acquire_many_owned(self.permits(bytes)?);
        permit.map(Arc::new).map_err(|_| Refusal::busy(self.retry()))
    }

    /// As [`Self::admit`], but waits for room.
    pub(super) async fn wait(&self, bytes: usize) -> Result<Room, Refusal> {
        let permit = self.room.clone().acquire_many_owned(self.permits(bytes)?).await;
        permit.map(Arc::new).map_err(|_| Refusal::busy(self.retry()))
    }

    fn permits(&self, bytes: usize) -> Result<u32, Refusal> {
        let fits = u32::try_from(bytes.max(1)).ok().filter(|bytes| *bytes as usize <= self.capacity);
        fits.ok_or_else(|| Refusal::large(format!("more than {} bytes of text at once", self.capacity)))
    }

    /// Bytes of text in the queue or being computed.
    pub(super) fn waiting(&self) -> usize {
        self.capacity - self.room.available_permits()
    }

    /// Seconds until what waits is done.
    fn retry(&self) -> u64 {
        (self.waiting() as u64).div_ceil(self.rate.load(Ordering::Relaxed).max(1)).clamp(1, 60)
    }

    /// Labels an article, in whatever batch it comes.
    pub(super) async fn label(&self, article: Article, room: Room) -> Result<LabelledArticle, Refusal> {
        let (labeler, most) = (self.labeler.clone(), self.sentences);
        let prepare = move || prepare(&labeler, article, most);
        let prepared = tokio::task::spawn_blocking(prepare).await.map_err(|_| broken())?;
        let (article, prepared) = prepared?;
        let tokens = prepared.window_lengths().sum();
        let (reply, answer) = oneshot::channel();
        self.jobs.send(Job { article, prepared, tokens, reply, _room: room }).map_err(|_| broken())?;
        answer.await.map_err(|_| broken())?.map_err(|error| failed(&error))
    }
}

fn prepare(labeler: &Labeler, article: Article, most: usize) -> Result<(Article, Prepared), Refusal> {
    let segmented = labeler.segment(std::slice::from_ref(&article));
    let sentences: usize = segmented.iter().map(|parts| parts.sentences.len()).sum();
    if sentences > most {
        return Err(Refusal::large(format!("an article of {sentences} sentences; at most {most} are taken")));
    }
    let prepared = labeler.prepare(std::slice::from_ref(&article), segmented).pop().ok_or_else(broken)?;
    let prepared = prepared.map_err(|error| failed(&LabelError::Encode(error)))?;
    Ok((article, prepared))
}

fn failed(error: &LabelError) -> Refusal {
    Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string(), error.hint().unwrap_or_default())
}

fn broken() -> Refusal {
    Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "the computation stopped", "please report this as a bug")
}

struct Worker {
    labeler: Arc<Labeler>,
    rate: Arc<AtomicU64>,
    metrics: Arc<Metrics>,
}

impl Worker {
    fn work(self, mut queue: mpsc::UnboundedReceiver<Job>) {
        while let Some(first) = queue.blocking_recv() {
            let mut tokens = first.tokens;
            let mut batch = vec![first];
            while tokens < BATCH_TOKENS {
                let Ok(job) = queue.try_recv() else { break };
                tokens += job.tokens;
                batch.push(job);
            }
            // Whoever has gone away wants no answer.
            batch.retain(|job| !job.reply.is_closed());
            if !batch.is_empty() {
                self.compute(batch);
            }
        }
    }

    fn compute(&self, batch: Vec<Job>) {
        let start = Instant::now();
        let tokens: usize = batch.iter().map(|job| job.tokens).sum();
        let bytes: usize = batch.iter().map(|job| job.article.text.len()).sum();
        let (mut articles, mut prepared, mut replies) = (Vec::new(), Vec::new(), Vec::new());
        for job in batch {
            articles.push(job.article);
            prepared.push(Ok(job.prepared));
            replies.push((job.reply, job._room));
        }
        // A fault in one batch must not end the service.
        let labelled = catch_unwind(AssertUnwindSafe(|| {
            let logits = self.labeler.infer(&prepared);
            self.labeler.decode(&articles, prepared, &logits)
        }));
        let seconds = start.elapsed().as_secs_f64();
        self.metrics.batch(tokens, seconds);
        let now = bytes as f64 / seconds.max(1e-6);
        let before = self.rate.load(Ordering::Relaxed) as f64;
        self.rate.store((0.8 * before + 0.2 * now) as u64, Ordering::Relaxed);
        // Without an answer the receiver knows that the computation stopped.
        for ((reply, _room), result) in replies.into_iter().zip(labelled.into_iter().flatten()) {
            if let Ok(article) = &result {
                self.metrics.labelled(article.sentences.len());
            }
            let _ = reply.send(result);
        }
    }
}
