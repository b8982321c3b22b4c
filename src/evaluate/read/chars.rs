//! Offsets in characters to offsets in bytes.

use crate::article::Span;

/// The byte offset of every character border of a text.
pub(crate) struct Chars {
    /// By Unicode character, as Python counts.
    points: Vec<usize>,
    /// By UTF-16 code unit, as JavaScript counts; `None` in the middle of a pair.
    units: Option<Vec<Option<usize>>>,
}

impl Chars {
    /// Counts the characters of `text`.
    pub(crate) fn new(text: &str) -> Self {
        let points: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let wide = text.chars().any(|c| c.len_utf16() == 2);
        let units = wide.then(|| {
            let of = |(at, c): (usize, char)| [Some(at), None].into_iter().take(c.len_utf16());
            text.char_indices().flat_map(of).chain([Some(text.len())]).collect()
        });
        Self { points, units }
    }

    /// The bytes from character `start` up to `end`; `None` when that is no stretch.
    pub(crate) fn span(&self, start: usize, end: usize) -> Option<Span> {
        let (start, end) = (*self.points.get(start)?, *self.points.get(end)?);
        (start < end).then(|| Span::new(start, end))
    }

    /// As [`Self::span`], counted in UTF-16 code units.
    pub(crate) fn utf16(&self, start: usize, end: usize) -> Option<Span> {
        let Some(units) = &self.units else { return self.span(start, end) };
        let (start, end) = ((*units.get(start)?)?, (*units.get(end)?)?);
        (start < end).then(|| Span::new(start, end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_and_units() {
        let chars = Chars::new("é😀x");
        assert_eq!(chars.span(1, 2), Some(Span::new(2, 6)));
        assert_eq!(chars.utf16(1, 3), Some(Span::new(2, 6)));
        assert_eq!(chars.utf16(1, 2), None);
        assert_eq!(chars.span(2, 3), Some(Span::new(6, 7)));
        assert_eq!(chars.span(3, 3), None);
        assert_eq!(chars.span(0, 4), None);
    }
}
