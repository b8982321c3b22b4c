//! The spans that a model finds.

use crate::article::Span;

/// Spans of each role in one article, each in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spans {
    /// Who says it.
    pub source: Vec<Span>,
    /// The words that attribute.
    pub cue: Vec<Span>,
    /// What is said.
    pub content: Vec<Span>,
}
