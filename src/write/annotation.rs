//! What the annotation tools have in common: spans in Unicode characters, each with an
//! id, and links between the parts of an attribution.

use crate::article::{Article, Span};
use crate::label::LabelledArticle;

/// A labelled stretch of an article's text.
#[derive(Debug, PartialEq)]
pub(super) struct Mark {
    /// A label, or source, cue or content.
    pub(super) label: String,
    /// Place in characters.
    pub(super) start: usize,
    pub(super) end: usize,
    /// The text under it.
    pub(super) text: String,
    /// Confidence of a sentence's label.
    pub(super) score: Option<f32>,
}

/// An article's marks: its sentences in order, then the parts of attributions, each once.
/// `links` are pairs of indices: the cue (or source, where there is no cue) and another
/// part of the same attribution.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Marks {
    pub(super) marks: Vec<Mark>,
    pub(super) links: Vec<(usize, usize)>,
}

impl Marks {
    /// The marks of a labelled article.
    pub(super) fn of(source: &Article, article: &LabelledArticle) -> Self {
        let mut counter = Counter { text: &source.text, byte: 0, chars: 0 };
        let mut all = Self::default();
        let mut spans: Vec<(&str, Span)> = Vec::new();
        let mut scores = Vec::new();
        for row in &article.sentences {
            spans.push((&row.label, Span::new(row.start, row.end)));
            scores.push(Some(row.confidence));
        }
        let sentences = spans.len();
        for attribution in article.sentences.iter().flat_map(|row| &row.attributions) {
            let parts = [("cue", &attribution.cue), ("source", &attribution.source), ("content", &attribution.content)];
            let mut head = None;
            for (role, part) in parts {
                let Some(part) = part else { continue };
                let mark = (role, part.span());
                let known = spans.iter().skip(sentences).position(|known| *known == mark);
                let at = known.map_or(spans.len(), |at| at + sentences);
                if at == spans.len() {
                    spans.push(mark);
                    scores.push(None);
                }
                match head {
                    None => head = Some(at),
                    Some(head) if !all.links.contains(&(head, at)) => all.links.push((head, at)),
                    Some(_) => {}
                }
            }
        }
        for ((label, span), score) in spans.into_iter().zip(scores) {
            let (start, end) = (counter.at(span.start), counter.at(span.end));
            let text = span.of(&source.text).to_owned();
            all.marks.push(Mark { label: label.to_owned(), start, end, text, score });
        }
        all
    }
}

/// Counts characters, going on from the last place where it can.
struct Counter<'a> {
    text: &'a str,
    byte: usize,
    chars: usize,
}

impl Counter<'_> {
    fn at(&mut self, byte: usize) -> usize {
        let from = if byte < self.byte { (0, 0) } else { (self.byte, self.chars) };
        let between = self.text.get(from.0..byte).unwrap_or_default();
        (self.byte, self.chars) = (byte, from.1 + between.chars().count());
        self.chars
    }
}
