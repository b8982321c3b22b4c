//! Ragged batches: ids and cumulative lengths, the currency between encode and engine.

use super::window::Window;
use std::ops::Range;

/// Windows put end to end; nothing is padded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Token ids of all windows, shape `[tokens]`.
    pub ids: Vec<u32>,
    /// Cumulative lengths, shape `[windows + 1]`, from 0 to `ids.len()`.
    pub bounds: Vec<usize>,
    /// Rows of `ids` that belong to each sentence piece, in order, each within one window.
    pub pieces: Vec<Range<usize>>,
    /// Cumulative number of pieces, shape `[windows + 1]`.
    pub piece_bounds: Vec<usize>,
}

impl Default for Batch {
    fn default() -> Self {
        Self { ids: Vec::new(), bounds: vec![0], pieces: Vec::new(), piece_bounds: vec![0] }
    }
}

impl Batch {
    /// Adds a window at the end.
    pub fn push(&mut self, window: &Window) {
        let base = self.ids.len();
        self.ids.extend_from_slice(&window.ids);
        self.bounds.push(self.ids.len());
        self.pieces.extend(window.pieces.iter().map(|p| base + p.tokens.start..base + p.tokens.end));
        self.piece_bounds.push(self.pieces.len());
    }

    /// For each row of some windows whether it belongs to a piece.
    pub fn in_pieces(&self, windows: Range<usize>) -> Vec<bool> {
        let base = self.bounds[windows.start];
        let mut inside = vec![false; self.bounds[windows.end] - base];
        let pieces = &self.pieces[self.piece_bounds[windows.start]..self.piece_bounds[windows.end]];
        pieces.iter().for_each(|piece| inside[piece.start - base..piece.end - base].fill(true));
        inside
    }

    /// Number of windows.
    pub fn len(&self) -> usize {
        self.bounds.len() - 1
    }

    /// Whether there is no window.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Rows of window `w` in `ids`.
    pub fn rows(&self, w: usize) -> Range<usize> {
        self.bounds[w]..self.bounds[w + 1]
    }

    /// Pieces of window `w`, as rows of `ids`.
    pub fn window_pieces(&self, w: usize) -> &[Range<usize>] {
        &self.pieces[self.piece_bounds[w]..self.piece_bounds[w + 1]]
    }
}

impl<'a> FromIterator<&'a Window> for Batch {
    fn from_iter<I: IntoIterator<Item = &'a Window>>(windows: I) -> Self {
        let mut batch = Self::default();
        windows.into_iter().for_each(|w| batch.push(w));
        batch
    }
}
