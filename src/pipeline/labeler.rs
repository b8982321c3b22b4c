//! The whole way of an article: segment, encode, infer, decode.

use super::{EngineKind, OpenError, Options};
use crate::article::{Article, Span};
use crate::attribute::attribute;
use crate::decode::{Spans, TagLogits, argmax, best_tags, borders, role_logits, softmax, spans};
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
use std::sync::Arc;

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
    pool: Arc<rayon::ThreadPool>,
    batch_tokens: usize,
    operations: Operations,
}

/// What a token costs in the encoder.
#[derive(Clone, Copy, Debug)]
struct Operations {
    /// In dense layers.
    dense: f64,
    /// In attention, for each token of the window.
    attention: f64,
}

/// An article on its way: its sentences and their windows.
pub struct Prepared {
    segmented: Segmented,
    encoded: Vec<Encoded>,
    windows: Vec<Window>,
}

impl Prepared {
    /// Number of sentences.
    pub fn sentences(&self) -> usize {
        self.segmented.sentences.len()
    }

    /// Lengths of the windows in tokens, special tokens counted.
    pub fn window_lengths(&self) -> impl Iterator<Item = usize> + '_ {
        self.windows.iter().map(|w| w.ids.len())
    }
}

impl Labeler {
    /// Opens a model folder with an engine; `threads` is at least 1.
    pub fn open(dir: &Path, engine: EngineKind, threads: usize) -> Result<Self, OpenError> {
        Self::with(dir, &Options::new(engine, threads))
    }

    /// Opens a model folder.
    pub fn with(dir: &Path, options: &Options) -> Result<Self, OpenError> {
        let model = Model::open(dir)?;
        let pool = Arc::new(thread_pool(options.threads)?);
        Ok(Self {
            engine: super::engine(&model, options, pool.clone())?,
            pool,
            layout: model.layout(),
            labels: model.config.labels.clone(),
            temperature: model.config.temperature(),
            tokens: model.tokens,
            batch_tokens: options.batch_tokens.max(1),
            operations: {
                let c = &model.config;
                let (h, f, layers) = (c.hidden as f64, c.intermediate as f64, c.layers as f64);
                Operations { dense: layers * 2.0 * (4.0 * h * h + 2.0 * h * f), attention: layers * 4.0 * h }
            },
        })
    }

    /// The engine in use.
    pub fn engine(&self) -> &dyn Engine {
        &*self.engine
    }

    /// Labels of the model, in the order of its logits.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// Operations that the encoder needs for an article, a product and a sum being two; heads,
    /// norms and activations are left out. Counted in full: the engine `native` leaves out a
    /// part of the last layer, at most some 2 % of all, that no head reads.
    pub fn operations(&self, prepared: &Prepared) -> f64 {
        let Operations { dense, attention } = self.operations;
        prepared.window_lengths().map(|n| n as f64 * (dense + attention * n as f64)).sum()
    }

    /// Labels articles; one result an article, in order. An article that fails
    /// does not stop the others.
    pub fn label(&self, articles: &[Article]) -> Vec<Result<LabelledArticle, LabelError>> {
        let segmented = self.segment(articles);
        let prepared = self.prepare(articles, segmented);
        let logits = self.infer(&prepared);
        self.decode(articles, prepared, &logits)
    }

    /// The first stage: sentences.
    pub fn segment(&self, articles: &[Article]) -> Vec<Segmented> {
        self.pool.install(|| articles.par_iter().map(segment).collect())
    }

    /// The second stage: tokens and windows.
    pub fn prepare(&self, articles: &[Article], segmented: Vec<Segmented>) -> Vec<Result<Prepared, EncodeError>> {
        let both = articles.par_iter().zip(segmented);
        self.pool.install(|| both.map(|(article, segmented)| self.encode(article, segmented)).collect())
    }

    fn encode(&self, article: &Article, segmented: Segmented) -> Result<Prepared, EncodeError> {
        let encode =
            |text: &str| self.tokens.encode(text).map_err(|reason| EncodeError { article: article.id.clone(), reason });
        let encoded: Vec<Encoded> =
            segmented.sentences.iter().map(|s| encode(s.of(&article.text))).collect::<Result<_, _>>()?;
        let title = encode(segmented.title.as_deref().unwrap_or(""))?;
        let windows = self.layout.windows(&title, &encoded);
        Ok(Prepared { segmented, encoded, windows })
    }

    /// The third stage: logits of each window, in order.
    pub fn infer(&self, prepared: &[Result<Prepared, EncodeError>]) -> Vec<Result<Logits, EngineError>> {
        let windows: Vec<&Window> = prepared.iter().flatten().flat_map(|p| &p.windows).collect();
        let mut all = Vec::with_capacity(windows.len());
        for part in parts(&windows, self.batch_tokens) {
            let batch: Batch = windows[part.clone()].iter().copied().collect();
            match self.engine.forward(&batch) {
                Ok(logits) => all.extend((0..batch.len()).map(|w| self.finite(of_window(&logits, &batch, w)))),
                Err(e) => all.extend(part.map(|_| Err(e.clone()))),
            }
        }
        all
    }

    /// The last stage: labels and attributions.
    pub fn decode(
        &self,
        articles: &[Article],
        prepared: Vec<Result<Prepared, EncodeError>>,
        logits: &[Result<Logits, EngineError>],
    ) -> Vec<Result<LabelledArticle, LabelError>> {
        let mut at = 0;
        let bounds: Vec<Range<usize>> = prepared
            .iter()
            .map(|p| {
                let start = at;
                at += p.as_ref().map_or(0, |p| p.windows.len());
                start..at
            })
            .collect();
        let one = |((article, prepared), range): ((&Article, Result<Prepared, EncodeError>), Range<usize>)| {
            let prepared = prepared?;
            let logits = logits[range].iter().map(|l| l.as_ref().map_err(Clone::clone));
            let logits = logits.collect::<Result<Vec<_>, _>>()?;
            Ok(self.read(article, prepared, &logits))
        };
        self.pool.install(|| articles.par_iter().zip(prepared).zip(bounds).map(one).collect())
    }

    /// Finite weights can still overflow; no label is made of that.
    fn finite(&self, logits: Logits) -> Result<Logits, EngineError> {
        if logits.sentences.iter().chain(&logits.tokens).all(|v| v.is_finite()) {
            return Ok(logits);
        }
        let reason = "a logit is not finite: the model's weights are too large".into();
        Err(EngineError::Compute { engine: self.engine.name(), reason })
    }

    fn read(&self, article: &Article, prepared: Prepared, logits: &[&Logits]) -> LabelledArticle {
        let Prepared { segmented, encoded, windows } = prepared;
        let sentences = self.sentence_logits(encoded.len(), &windows, logits);
        let found = tag_spans(&segmented.sentences, &encoded, &windows, logits);
        let found = borders(&article.text, found);
        let attributed = attribute(article, &segmented.sentences, &found);
        let rows = segmented.sentences.iter().zip(sentences).zip(attributed).enumerate();
        let sentences = rows
            .map(|(i, ((span, logits), attributions))| {
                let p = softmax(logits.view(), self.temperature);
                let best = argmax(&p);
                LabelledSentence {
                    article: article.id.clone(),
                    outlet: article.source.clone(),
                    date: article.date.clone(),
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
        LabelledArticle {
            id: article.id.clone(),
            title: segmented.title,
            source: article.source.clone(),
            date: article.date.clone(),
            sentences,
        }
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
fn parts(windows: &[&Window], most: usize) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut tokens = 0;
    for (i, window) in windows.iter().enumerate() {
        tokens += window.ids.len();
        match parts.last_mut() {
            Some(part) if tokens <= most => part.end = i + 1,
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
