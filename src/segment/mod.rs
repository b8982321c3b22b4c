//! Splits an article's text into headings and sentences, with exact byte offsets.
//!
//! Paragraphs come first (`paragraph`), then those that are headings are set
//! aside (`heading`), and the rest is split at the marks that end a sentence
//! (`split`). Nothing is dropped: every visible character lies in exactly one
//! heading or one sentence.

mod abbreviation;
mod attribution;
mod chars;
mod decide;
mod glued;
mod heading;
mod lines;
mod mark;
mod neighbour;
mod paragraph;
#[cfg(test)]
mod properties;
mod quotes;
mod split;
mod words;

use crate::article::{Article, Span};

/// An article's text taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Segmented {
    /// The headline, given by the input or found as the first paragraph.
    pub title: Option<String>,
    /// Title, repeated title, subheads: paragraphs that carry no label.
    pub headings: Vec<Span>,
    /// Sentences in order, trimmed of surrounding white space, never overlapping.
    pub sentences: Vec<Span>,
}

/// Takes an article apart. Sentences that the input gave are kept as they are.
///
/// ```
/// use veracity::article::Article;
/// use veracity::segment::segment;
///
/// let text = "\"Absolutely not!\" Mr. Brown replied. He left at 5 p.m. Monday.";
/// let article = Article { text: text.to_owned(), ..Article::default() };
/// let parts = segment(&article);
/// assert_eq!(parts.sentences.len(), 2);
/// assert_eq!(parts.sentences[1].of(text), "He left at 5 p.m. Monday.");
/// ```
pub fn segment(article: &Article) -> Segmented {
    if let Some(sentences) = &article.sentences {
        return Segmented { title: article.title.clone(), headings: Vec::new(), sentences: sentences.clone() };
    }
    let text = article.text.as_str();
    let paragraphs = paragraph::paragraphs(text);
    let (title, marked) = heading::find(text, &paragraphs, article.title.as_deref());
    let mut parts = Segmented { title, ..Segmented::default() };
    for (span, is_heading) in paragraphs.into_iter().zip(marked) {
        if is_heading {
            parts.headings.push(span);
        } else {
            split::split(text, span, &mut parts.sentences);
        }
    }
    parts
}
