//! Document windows: `[CLS] title [SEP] s1 [SEP] s2 [SEP] ...`.

use super::tokens::Encoded;
use crate::article::Span;
use std::ops::Range;

/// How windows are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Longest window in tokens, special tokens counted.
    pub window: usize,
    /// Most tokens of the title.
    pub title: usize,
    /// One window a sentence, no title and no context.
    pub lone: bool,
    /// Token before a window.
    pub first: u32,
    /// Token after the title and after each sentence.
    pub last: u32,
}

/// The part of a window that holds (a piece of) one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Which sentence of the article.
    pub sentence: usize,
    /// Rows in the window.
    pub tokens: Range<usize>,
    /// Which of the sentence's tokens these are: the index of the first.
    pub offset: usize,
}

/// One sequence for the model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// Token ids, special tokens included.
    pub ids: Vec<u32>,
    /// The sentences to label in this window; context is in `ids` alone.
    pub pieces: Vec<Piece>,
}

impl Layout {
    /// Lays an article's encoded sentences out in windows.
    ///
    /// Every token of every sentence is in exactly one piece. A window after the first
    /// starts with the sentence before it as context, cut at its start when there is no
    /// room. A sentence that exceeds a window is cut into pieces, a window each.
    /// Sentences without tokens are in no window.
    pub fn windows(&self, title: &Encoded, sentences: &[Encoded]) -> Vec<Window> {
        let title = &title.ids[..title.ids.len().min(self.title)];
        let mut windows = Vec::new();
        let mut next = 0;
        while next < sentences.len() {
            if sentences[next].ids.is_empty() {
                next += 1;
            } else if self.lone {
                self.pieces(&[], next, &sentences[next], &mut windows);
                next += 1;
            } else if sentences[next].ids.len() > self.room(title) {
                self.pieces(title, next, &sentences[next], &mut windows);
                next += 1;
            } else {
                next = self.pack(title, sentences, next, &mut windows);
            }
        }
        windows
    }

    /// Tokens of one sentence that fit beside the title.
    fn room(&self, title: &[u32]) -> usize {
        self.window - self.head(title) - 1
    }

    fn head(&self, title: &[u32]) -> usize {
        if self.lone || title.is_empty() { 1 } else { title.len() + 2 }
    }

    fn start(&self, title: &[u32]) -> Window {
        let mut ids = Vec::with_capacity(self.window);
        ids.push(self.first);
        if !title.is_empty() {
            ids.extend_from_slice(title);
            ids.push(self.last);
        }
        Window { ids, pieces: Vec::new() }
    }

    /// One window from sentence `next` on; returns the first sentence that did not fit.
    fn pack(&self, title: &[u32], sentences: &[Encoded], next: usize, out: &mut Vec<Window>) -> usize {
        let mut window = self.start(title);
        if let Some(before) = next.checked_sub(1).map(|i| &sentences[i].ids).filter(|ids| !ids.is_empty()) {
            let room = self.room(title).saturating_sub(sentences[next].ids.len() + 1);
            // Context never takes more than half a window.
            let keep = before.len().min(room).min(self.window / 2);
            if keep > 0 {
                window.ids.extend_from_slice(&before[before.len() - keep..]);
                window.ids.push(self.last);
            }
        }
        let mut at = next;
        while let Some(sentence) = sentences.get(at) {
            let start = window.ids.len();
            if start + sentence.ids.len() + 1 > self.window {
                break;
            }
            if !sentence.ids.is_empty() {
                window.ids.extend_from_slice(&sentence.ids);
                window.pieces.push(Piece { sentence: at, tokens: start..window.ids.len(), offset: 0 });
                window.ids.push(self.last);
            }
            at += 1;
        }
        out.push(window);
        at
    }

    /// Windows of one sentence alone, in as many pieces of even length as it takes.
    fn pieces(&self, title: &[u32], index: usize, sentence: &Encoded, out: &mut Vec<Window>) {
        let count = sentence.ids.len().div_ceil(self.room(title));
        let length = sentence.ids.len().div_ceil(count);
        for (n, ids) in sentence.ids.chunks(length).enumerate() {
            let mut window = self.start(title);
            let start = window.ids.len();
            window.ids.extend_from_slice(ids);
            window.pieces.push(Piece { sentence: index, tokens: start..window.ids.len(), offset: n * length });
            window.ids.push(self.last);
            out.push(window);
        }
    }
}

/// Byte ranges of a piece's tokens in the article, given the sentence's own start.
pub fn token_spans<'a>(piece: &Piece, sentence: &'a Encoded, start: usize) -> impl Iterator<Item = Span> + 'a {
    let range = piece.offset..piece.offset + piece.tokens.len();
    sentence.offsets[range].iter().map(move |s| Span::new(start + s.start, start + s.end))
}
