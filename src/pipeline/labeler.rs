//! The whole way of an article: segment, encode, infer, decode.

use super::{EngineKind, OpenError, open_engine};
use crate::article::{Article, Span};
use crate::decode::{Spans, TagLogits, argmax, attributions, best_tags, role_logits, softmax, spans};
use crate::encode::{Batch, Encoded, Layout, Tokens, Window, token_spans};
use crate::engine::{Engine, Logits, thread_pool};
use crate::error::{EncodeError, EngineError, LabelError};
use crate::label::{LabelledArticle, LabelledSentence};
use crate::model::{Model, ROLES};
use crate::segment::{Segmented, segment};
use ndarray::{Array1, s};
use rayon::prelude::*;
use std::ops::Range;
use std::path::Path;

/// Tokens in one call of the engine. Bounds the memory; it does not change any result.
const BATCH_TOKENS: usize = 32 * 1024;

/// A model, its tokenizer and an engine, ready to label.
///
/// The same article gets the same labels and bit-equal probabilities alone and
/// among others, with any number of threads.
pub struct Labeler {
    tokens: Tokens,
    layout: Layout,
    labels: Vec<String>,
    temperature: f32,
    engine: Box<dyn Engine>,
    pool: rayon::ThreadPool,
}

/// An article on its way.
struct Prepared {
    segmented: Segmented,
    encoded: Vec<Encoded>,
    windows: Vec<Window>,
}

impl Labeler {
    /// Opens a model folder with an engine; `threads` is at least 1.
    pub fn open(dir: &Path, engine: EngineKind, threads: usize) -> Result<Self, OpenError> {
        let model = Model::open(dir)?;
        Ok(Self {
            engine: open_engine(&model, engine, threads)?,
            pool: thread_pool(threads)?,
            layout: model.layout(),
            labels: model.config.labels.clone(),
            temperature: model.config.temperature(),
            tokens: model.tokens,
        })
    }

    /// Labels of the model, in the order of its logits.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// Labels articles; one result an article, in order. An article that fails
    /// does not stop the others.
    pub fn label(&self, articles: &[Article]) -> Vec<Result<LabelledArticle, LabelError>> {
        let prepare = || articles.par_iter().map(|a| self.prepare(a)).collect();
        let prepared: Vec<Result<Prepared, EncodeError>> = self.pool.install(prepare);
        let windows: Vec<&Window> = prepared.iter().flatten().flat_map(|p| &p.windows).collect();
        let logits = self.infer(&windows);
        let mut at = 0;
        articles
            .iter()
            .zip(prepared)
            .map(|(article, prepared)| {
                let prepared = prepared?;
                let range = at..at + prepared.windows.len();
                at = range.end;
                let logits = logits[range].iter().map(|l| l.as_ref().map_err(Clone::clone));
                let logits = logits.collect::<Result<Vec<_>, _>>()?;
                Ok(self.decode(article, prepared, &logits))
            })
            .collect()
    }

    fn prepare(&self, article: &Article) -> Result<Prepared, EncodeError> {
        let segmented = segment(article);
        let encode =
            |text: &str| self.tokens.encode(text).map_err(|reason| EncodeError { article: article.id.clone(), reason });
        let encoded: Vec<Encoded> =
            segmented.sentences.iter().map(|s| encode(s.of(&article.text))).collect::<Result<_, _>>()?;
        let title = encode(segmented.title.as_deref().unwrap_or(""))?;
        let windows = self.layout.windows(&title, &encoded);
        Ok(Prepared { segmented, encoded, windows })
    }

    /// Logits of each window, in order.
    fn infer(&self, windows: &[&Window]) -> Vec<Result<Logits, EngineError>> {
        let mut all = Vec::with_capacity(windows.len());
        for part in parts(windows) {
            let batch: Batch = windows[part.clone()].iter().copied().collect();
            match self.engine.forward(&batch) {
                Ok(logits) => all.extend((0..batch.len()).map(|w| self.finite(of_window(&logits, &batch, w)))),
                Err(e) => all.extend(part.map(|_| Err(e.clone()))),
            }
        }
        all
    }

    /// Finite weights can still overflow; no label is made of that.
    fn finite(&self, logits: Logits) -> Result<Logits, EngineError> {
        if logits.sentences.iter().chain(&logits.tokens).all(|v| v.is_finite()) {
            return Ok(logits);
        }
        let reason = "a logit is not finite: the model's weights are too large".into();
        Err(EngineError::Compute { engine: self.engine.name(), reason })
    }

    fn decode(&self, article: &Article, prepared: Prepared, logits: &[&Logits]) -> LabelledArticle {
        let Prepared { segmented, encoded, windows } = prepared;
        let sentences = self.sentence_logits(encoded.len(), &windows, logits);
        let found = tag_spans(&segmented.sentences, &encoded, &windows, logits);
        let attributed = attributions(&article.text, &segmented.sentences, &found);
        let rows = segmented.sentences.iter().zip(sentences).zip(attributed).enumerate();
        let sentences = rows
            .map(|(i, ((span, logits), attributions))| {
                let p = softmax(logits.view(), self.temperature);
                let best = argmax(&p);
                LabelledSentence {
                    article: article.id.clone(),
                    sentence: i,
                    start: span.start,
                    end: span.end,
                    text: span.of(&article.text).to_owned(),
                    label: self.labels[best].clone(),
                    confidence: p[best],
                    probabilities: self.labels.iter().cloned().zip(p).collect(),
                    attributions,
                }
            })
            .collect();
        LabelledArticle { id: article.id.clone(), title: segmented.title, source: article.source.clone(), sentences }
    }

    /// Logits of each sentence: of its only piece, or the mean of its pieces by tokens.
    /// A sentence without tokens has equal logits.
    fn sentence_logits(&self, sentences: usize, windows: &[Window], logits: &[&Logits]) -> Vec<Array1<f32>> {
        let mut sums = vec![(Array1::<f32>::zeros(self.labels.len()), 0usize); sentences];
        for (window, logits) in windows.iter().zip(logits) {
            for (piece, row) in window.pieces.iter().zip(logits.sentences.rows()) {
                let (sum, tokens) = &mut sums[piece.sentence];
                sum.scaled_add(piece.tokens.len() as f32, &row);
                *tokens += piece.tokens.len();
            }
        }
        sums.into_iter().map(|(sum, tokens)| sum / tokens.max(1) as f32).collect()
    }
}

/// Runs of windows that go through the engine together.
fn parts(windows: &[&Window]) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut tokens = 0;
    for (i, window) in windows.iter().enumerate() {
        tokens += window.ids.len();
        match parts.last_mut() {
            Some(part) if tokens <= BATCH_TOKENS => part.end = i + 1,
            _ => {
                tokens = window.ids.len();
                parts.push(i..i + 1);
            }
        }
    }
    parts
}

/// The rows of window `w`.
fn of_window(logits: &Logits, batch: &Batch, w: usize) -> Logits {
    let pieces = batch.piece_bounds[w]..batch.piece_bounds[w + 1];
    Logits {
        sentences: logits.sentences.slice(s![pieces, ..]).to_owned(),
        tokens: logits.tokens.slice(s![batch.rows(w), ..]).to_owned(),
    }
}

/// Spans of all roles over the article's tokens in order.
fn tag_spans(sentences: &[Span], encoded: &[Encoded], windows: &[Window], logits: &[&Logits]) -> Spans {
    let mut places = Vec::new();
    let mut rows: [Vec<TagLogits>; ROLES.len()] = Default::default();
    for (window, logits) in windows.iter().zip(logits) {
        if logits.tokens.ncols() == 0 {
            return Spans::default();
        }
        for piece in &window.pieces {
            places.extend(token_spans(piece, &encoded[piece.sentence], sentences[piece.sentence].start));
            for row in piece.tokens.clone() {
                let row = logits.tokens.row(row);
                rows.iter_mut().enumerate().for_each(|(role, rows)| rows.push(role_logits(row, role)));
            }
        }
    }
    let [source, cue, content] = rows.map(|rows| spans(best_tags(&rows).into_iter().zip(places.iter().copied())));
    Spans { source, cue, content }
}
