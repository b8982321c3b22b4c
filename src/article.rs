//! An article and the places in it.

use serde::{Deserialize, Serialize};

/// A half-open range of byte offsets into an article's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The span from `start` up to, not including, `end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Length in bytes.
    pub const fn len(&self) -> usize {
        self.end - self.start
    }

    /// Whether the span covers no byte.
    pub const fn is_empty(&self) -> bool {
        self.end == self.start
    }

    /// Whether the two spans share at least one byte.
    pub const fn overlaps(&self, other: &Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The text under the span; empty when the span does not fit `text`.
    pub fn of<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

/// One news article as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Article {
    /// Identity in the output: the input's `id`, or file name and line.
    pub id: String,
    /// The text that all offsets refer to.
    pub text: String,
    /// The headline, where the input names one.
    pub title: Option<String>,
    /// The outlet that published the article.
    pub source: Option<String>,
    /// Publication date as given.
    pub date: Option<String>,
    /// Address as given.
    pub url: Option<String>,
    /// Sentences that the input has split already; kept as they are.
    pub sentences: Option<Vec<Span>>,
}
