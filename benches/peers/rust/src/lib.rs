//! What the Rust peers share: arguments, batches and the conversation with `bench`.
//!
//! A peer is a process. It is started as `PEER MODEL_DIR WORK_DIR STREAMS THREADS
//! VARIANT`, reads token ids from `WORK_DIR/ids.json`, prints one line of JSON when it is
//! ready, and then answers each line of standard input with one line:
//!
//! - `{"do": "pass", "batch": 32, "subset": "all"}`: `{"seconds": 1.25}`, the time for all
//!   rows (or for the rows of `sample`), with the padded arrays made beforehand;
//! - `{"do": "answer", "batch": 32, "path": "/some/where"}`: `{}`, after the logits of all
//!   rows, in their order, are in `/some/where.sentences` and `/some/where.tokens` as
//!   little-endian f32.

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::time::Instant;

/// What `ids.json` holds.
#[derive(Deserialize)]
pub struct Rows {
    /// The id that fills a short row.
    pub pad: u32,
    /// One list of ids a sentence, special tokens first and last.
    pub ids: Vec<Vec<u32>>,
    /// Indices of the rows that settings are chosen on.
    pub sample: Vec<usize>,
}

/// Where things are, and how many may run at once.
pub struct Job {
    /// The model folder.
    pub model: PathBuf,
    /// The folder with ids and exported models.
    pub work: PathBuf,
    /// Batches computed at the same time.
    pub streams: usize,
    /// Threads for each of them.
    pub threads: usize,
    /// Which of the peer's ways of computing.
    pub variant: String,
}

/// Rows padded to one length.
pub struct Padded {
    /// Which rows these are.
    pub rows: Vec<usize>,
    /// Length of each row without padding.
    pub lengths: Vec<usize>,
    /// Length with padding.
    pub width: usize,
    /// Shape `[rows, width]`.
    pub ids: Vec<u32>,
    /// 1 for a token, 0 for padding; shape `[rows, width]`.
    pub mask: Vec<f32>,
    /// Share of each token in the sentence's mean; shape `[rows, width]`.
    pub pool: Vec<f32>,
}

/// Logits of a batch.
pub struct Logits {
    /// Shape `[rows, labels]`.
    pub sentences: Vec<f32>,
    /// Shape `[rows, width, tags]`.
    pub tokens: Vec<f32>,
}

/// One stream of an engine: takes a batch, gives logits.
pub trait Engine: Send {
    /// Computes one batch.
    fn run(&mut self, batch: &Padded) -> Result<Logits>;
}

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "lowercase")]
enum Request {
    Pass { batch: usize, subset: String },
    Answer { batch: usize, path: PathBuf },
}

/// The body of a peer: reads the arguments, opens the streams, answers until the input ends.
pub fn serve<E: Engine>(version: &str, open: impl Fn(&Job) -> Result<E>) -> Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let [_, model, work, streams, threads, variant] = args.as_slice() else {
        bail!("usage: {} MODEL_DIR WORK_DIR STREAMS THREADS VARIANT", args[0]);
    };
    let job = Job {
        model: model.into(),
        work: work.into(),
        streams: streams.parse().context("STREAMS")?,
        threads: threads.parse().context("THREADS")?,
        variant: variant.clone(),
    };
    let path = job.work.join("ids.json");
    let rows: Rows = serde_json::from_slice(&std::fs::read(&path).with_context(|| path.display().to_string())?)?;
    let mut engines = (0..job.streams).map(|_| open(&job)).collect::<Result<Vec<E>>>()?;
    say(&serde_json::json!({ "ready": true, "version": version }));
    for line in std::io::stdin().lock().lines() {
        match serde_json::from_str(&line?)? {
            Request::Pass { batch, subset } => {
                let all: Vec<usize> = (0..rows.ids.len()).collect();
                let batches = rows.padded(if subset == "sample" { &rows.sample } else { &all }, batch);
                let start = Instant::now();
                each(&mut engines, &batches)?;
                say(&serde_json::json!({ "seconds": start.elapsed().as_secs_f64() }));
            }
            Request::Answer { batch, path } => {
                let all: Vec<usize> = (0..rows.ids.len()).collect();
                let batches = rows.padded(&all, batch);
                let logits = each(&mut engines, &batches)?;
                write(&path, &rows, &batches, &logits)?;
                say(&serde_json::json!({}));
            }
        }
    }
    Ok(())
}

fn say(value: &serde_json::Value) {
    println!("{value}");
    std::io::stdout().flush().ok();
}

impl Rows {
    /// Batches of `size` rows of about the same length, longest first.
    fn padded(&self, rows: &[usize], size: usize) -> Vec<Padded> {
        let mut rows = rows.to_vec();
        rows.sort_by_key(|&r| (std::cmp::Reverse(self.ids[r].len()), r));
        rows.chunks(size).map(|rows| self.pad(rows)).collect()
    }

    fn pad(&self, rows: &[usize]) -> Padded {
        let width = self.ids[rows[0]].len();
        let n = rows.len() * width;
        let (mut ids, mut mask, mut pool) = (vec![self.pad; n], vec![0.0; n], vec![0.0; n]);
        for (i, &row) in rows.iter().enumerate() {
            let (at, length) = (i * width, self.ids[row].len());
            ids[at..at + length].copy_from_slice(&self.ids[row]);
            mask[at..at + length].fill(1.0);
            pool[at + 1..at + length - 1].fill(1.0 / (length - 2).max(1) as f32);
        }
        let lengths = rows.iter().map(|&r| self.ids[r].len()).collect();
        Padded { rows: rows.to_vec(), lengths, width, ids, mask, pool }
    }
}

/// Runs all batches, a stream a thread; each takes the next batch when it is free.
fn each<E: Engine>(engines: &mut [E], batches: &[Padded]) -> Result<Vec<Logits>> {
    if let [engine] = engines {
        return batches.iter().map(|b| engine.run(b)).collect();
    }
    let next = AtomicUsize::new(0);
    let (send, receive) = channel();
    std::thread::scope(|scope| {
        for engine in engines {
            let (next, send) = (&next, send.clone());
            scope.spawn(move || {
                while let Some(batch) = batches.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let i = batches.iter().position(|b| std::ptr::eq(b, batch));
                    if send.send((i, engine.run(batch))).is_err() {
                        break;
                    }
                }
            });
        }
    });
    drop(send);
    let mut done = receive.iter().map(|(i, logits)| Ok((i, logits?))).collect::<Result<Vec<_>>>()?;
    done.sort_by_key(|(i, _)| *i);
    Ok(done.into_iter().map(|(_, logits)| logits).collect())
}

/// Writes logits in the order of the rows, without those of padding.
fn write(path: &Path, rows: &Rows, batches: &[Padded], logits: &[Logits]) -> Result<()> {
    let mut sentences = vec![Vec::new(); rows.ids.len()];
    let mut tokens = vec![Vec::new(); rows.ids.len()];
    for (batch, logits) in batches.iter().zip(logits) {
        let labels = logits.sentences.len() / batch.rows.len();
        let tags = logits.tokens.len() / (batch.rows.len() * batch.width);
        for (i, &row) in batch.rows.iter().enumerate() {
            sentences[row] = logits.sentences[i * labels..(i + 1) * labels].to_vec();
            let at = i * batch.width * tags;
            tokens[row] = logits.tokens[at..at + batch.lengths[i] * tags].to_vec();
        }
    }
    for (ending, values) in [("sentences", sentences), ("tokens", tokens)] {
        let bytes: Vec<u8> = values.iter().flatten().flat_map(|v| v.to_le_bytes()).collect();
        std::fs::write(path.with_extension(ending), bytes)?;
    }
    Ok(())
}
