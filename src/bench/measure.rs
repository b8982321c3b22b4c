//! Times one way of computing on one workload.

use super::host::peak_memory;
use super::spread::{Spread, quantile};
use super::workload::Workload;
use crate::engine::native::{Precision, peak};
use crate::error::LabelError;
use crate::label::LabelledArticle;
use crate::pipeline::{EngineKind, Labeler, OpenError, Options};
use crate::write::{JsonlSink, Sink};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::time::{Duration, Instant};

/// How long and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Runs that are not counted.
    pub warm_up: usize,
    /// Runs that are, at least 1.
    pub runs: usize,
    /// Articles that are labelled alone for the latency.
    pub latencies: usize,
    /// How long the machine's ceiling is measured; nothing without.
    pub peak: Option<Duration>,
    /// Whether labels are compared with those of the native engine in f32.
    pub agreement: bool,
}

/// One row of a benchmark.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    /// `native` or `torch`.
    pub engine: String,
    /// `f32`, `bf16` or `int8`.
    pub precision: String,
    /// Vector instructions of the native engine.
    pub isa: String,
    /// Threads.
    pub threads: usize,
    /// Tokens in one call of the engine.
    pub batch_tokens: usize,
    /// Articles in a run.
    pub articles: usize,
    /// Sentences in a run.
    pub sentences: usize,
    /// Tokens in a run, special tokens and context counted.
    pub tokens: usize,
    /// Seconds from nothing to a labeler that is ready.
    pub load_seconds: f64,
    /// Sentences a second, from text to labels.
    pub sentences_per_second: Spread,
    /// Tokens a second, likewise.
    pub tokens_per_second: Spread,
    /// Sentences a second of inference alone, on tokens that are ready.
    pub infer_sentences_per_second: Spread,
    /// Seconds of inference in one run, median.
    pub infer_seconds: f64,
    /// One article at a time.
    pub latency: Latency,
    /// Seconds of each stage, one after the other.
    pub stages: Stages,
    /// How text lies in windows.
    pub windows: Windows,
    /// Operations a second in inference, in billions.
    pub gops: f64,
    /// The machine's ceiling with the same threads, precision and instructions; `None` for the
    /// engine torch, and when it was not measured.
    pub peak_gops: Option<f64>,
    /// Share of the one in the other.
    pub share_of_peak: Option<f64>,
    /// Share of the sentences whose label is that of the native engine in f32, over the
    /// articles once; `None` when it was not counted.
    #[serde(default)]
    pub agreement: Option<f64>,
    /// The most memory that the process has had until then, in bytes.
    pub peak_rss_bytes: Option<u64>,
}

/// Milliseconds from one article's text to its labels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Latency {
    /// Articles that were timed.
    pub articles: usize,
    /// Half of them took at most this.
    pub p50_ms: f64,
    /// 95 of 100.
    pub p95_ms: f64,
    /// 99 of 100.
    pub p99_ms: f64,
}

/// Seconds of each stage for the whole workload, one stage after the other, with all threads.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stages {
    /// Files to articles.
    pub read: f64,
    /// Articles to sentences.
    pub segment: f64,
    /// Sentences to tokens and windows.
    pub tokenize: f64,
    /// Tokens to logits.
    pub infer: f64,
    /// Logits to labels and attributions.
    pub decode: f64,
    /// Labels to JSON lines.
    pub write: f64,
}

/// Windows of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Windows {
    /// Their number.
    pub count: usize,
    /// Share of the computed positions that are padding; engines here compute none.
    pub padding: f64,
    /// Share that would be, in batches of 32 windows in the order of the input.
    pub padding_of_batches: f64,
}

/// Why a measurement could not be made.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// The model or the engine.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// An article could not be labelled.
    #[error(transparent)]
    Label(#[from] LabelError),
    /// The ceiling could not be measured.
    #[error(transparent)]
    Engine(#[from] crate::error::EngineError),
}

impl crate::error::Hint for BenchError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Open(e) => e.hint(),
            Self::Label(e) => e.hint(),
            Self::Engine(e) => e.hint(),
        }
    }
}

/// Measures. `watch` hears after each run how many are done.
pub fn measure(
    model: &Path,
    options: &Options,
    work: &Workload,
    settings: &Settings,
    mut watch: impl FnMut(usize),
) -> Result<Measurement, BenchError> {
    let started = Instant::now();
    let labeler = Labeler::with(model, options)?;
    let load_seconds = started.elapsed().as_secs_f64();
    let articles = &work.articles;

    let segmented = labeler.segment(articles);
    let prepared = labeler.prepare(articles, segmented);
    let prepared_ok = || prepared.iter().flatten();
    let sentences: usize = prepared_ok().map(|p| p.sentences()).sum();
    let lengths: Vec<usize> = prepared_ok().flat_map(|p| p.window_lengths()).collect();
    let tokens: usize = lengths.iter().sum();
    let operations: f64 = prepared_ok().map(|p| labeler.operations(p)).sum();

    let (mut whole, mut infer) = (Vec::new(), Vec::new());
    for run in 0..settings.warm_up + settings.runs.max(1) {
        let (labelled, seconds) = timed(|| labeler.label(articles));
        labelled.into_iter().collect::<Result<Vec<_>, _>>()?;
        let (_, inferred) = timed(|| labeler.infer(&prepared));
        if run >= settings.warm_up {
            whole.push(seconds);
            infer.push(inferred);
        }
        watch(run + 1);
    }
    let latency = latency(&labeler, work, settings.latencies);
    let stages = stages(&labeler, work)?;
    let peak_rss_bytes = peak_memory();
    let native = options.engine == EngineKind::Native;
    let precision = match labeler.engine().precision() {
        "bf16" => Precision::Bf16,
        "int8" => Precision::Int8,
        _ => Precision::F32,
    };
    let ceiling = match settings.peak {
        Some(time) if native => Some(peak(precision, options.isa, options.threads, time)? / 1e9),
        _ => None,
    };
    let agreement = settings.agreement.then(|| agreement(model, &labeler, options, work)).transpose()?;
    let infer = Spread::of(&infer);
    let gops = operations / infer.median / 1e9;
    let seconds = Spread::of(&whole);
    Ok(Measurement {
        engine: labeler.engine().name().into(),
        precision: labeler.engine().precision().into(),
        isa: if native { options.isa.name().into() } else { String::new() },
        threads: options.threads,
        batch_tokens: options.batch_tokens,
        articles: articles.len(),
        sentences,
        tokens,
        load_seconds,
        sentences_per_second: seconds.map(|s| sentences as f64 / s),
        tokens_per_second: seconds.map(|s| tokens as f64 / s),
        infer_sentences_per_second: infer.map(|s| sentences as f64 / s),
        infer_seconds: infer.median,
        latency,
        stages,
        windows: Windows { count: lengths.len(), padding: 0.0, padding_of_batches: padding(&lengths) },
        gops,
        peak_gops: ceiling,
        share_of_peak: ceiling.map(|c| gops / c),
        agreement,
        peak_rss_bytes,
    })
}

/// Share of sentences with the label of f32.
fn agreement(model: &Path, labeler: &Labeler, options: &Options, work: &Workload) -> Result<f64, BenchError> {
    let options = Options { engine: EngineKind::Native, precision: Precision::F32, ..*options };
    let exact = Labeler::with(model, &options)?;
    let articles = &work.articles[..work.distinct];
    let labels = |labeler: &Labeler| -> Result<Vec<String>, LabelError> {
        let labelled: Vec<LabelledArticle> = labeler.label(articles).into_iter().collect::<Result<_, _>>()?;
        Ok(labelled.into_iter().flat_map(|a| a.sentences).map(|s| s.label).collect())
    };
    let (mine, theirs) = (labels(labeler)?, labels(&exact)?);
    Ok(mine.iter().zip(&theirs).filter(|(a, b)| a == b).count() as f64 / mine.len().max(1) as f64)
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let started = Instant::now();
    let value = work();
    (value, started.elapsed().as_secs_f64())
}

/// Times articles alone, spread evenly over the workload.
fn latency(labeler: &Labeler, work: &Workload, most: usize) -> Latency {
    let step = work.articles.len().div_ceil(most.max(1)).max(1);
    let one = |article| timed(|| labeler.label(std::slice::from_ref(article))).1 * 1e3;
    let mut times: Vec<f64> = work.articles.iter().step_by(step).take(most).map(one).collect();
    times.sort_by(f64::total_cmp);
    let at = |share| quantile(&times, share);
    Latency { articles: times.len(), p50_ms: at(0.5), p95_ms: at(0.95), p99_ms: at(0.99) }
}

fn stages(labeler: &Labeler, work: &Workload) -> Result<Stages, LabelError> {
    let articles = &work.articles;
    let (segmented, segment) = timed(|| labeler.segment(articles));
    let (prepared, tokenize) = timed(|| labeler.prepare(articles, segmented));
    let (logits, infer) = timed(|| labeler.infer(&prepared));
    let (labelled, decode) = timed(|| labeler.decode(articles, prepared, &logits));
    let labelled: Vec<LabelledArticle> = labelled.into_iter().collect::<Result<_, _>>()?;
    let (_, write) = timed(|| {
        let mut sink = JsonlSink::new(std::io::sink());
        articles.iter().zip(&labelled).try_for_each(|(source, article)| sink.article(source, article))
    });
    Ok(Stages { read: work.read_seconds, segment, tokenize, infer, decode, write })
}

/// Share of padding in batches of 32.
fn padding(lengths: &[usize]) -> f64 {
    let filled: usize = lengths.iter().sum();
    let computed: usize = lengths.chunks(32).map(|c| c.len() * c.iter().max().copied().unwrap_or(0)).sum();
    if computed == 0 { 0.0 } else { 1.0 - filled as f64 / computed as f64 }
}

#[cfg(test)]
mod tests {
    use super::padding;

    #[test]
    fn padding_by_hand() {
        assert_eq!(padding(&[]), 0.0);
        assert_eq!(padding(&[4, 4]), 0.0);
        // Two windows of 2 and 4 make a batch of 8, of which 2 are padding.
        assert_eq!(padding(&[2, 4]), 0.25);
    }
}
