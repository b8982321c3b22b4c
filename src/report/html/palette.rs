//! How a label looks: a class of the style sheet and a letter, so that it is told without
//! colour too.

use crate::label::UNCERTAIN;

/// Labels in the order in which they are shown, with their letters.
#[derive(Debug)]
pub(super) struct Palette {
    labels: Vec<(String, String)>,
}

/// Looks that the style sheet has beside that of `uncertain`.
const LOOKS: usize = 8;

impl Default for Palette {
    fn default() -> Self {
        let mut palette = Self { labels: Vec::new() };
        for label in ["fact", "allegation", "background"] {
            palette.index(label);
        }
        palette
    }
}

impl Palette {
    /// The place of a label, which gets one if it has none.
    pub(super) fn index(&mut self, label: &str) -> usize {
        if let Some(at) = self.labels.iter().position(|(name, _)| name == label) {
            return at;
        }
        let letter = self.letter(label);
        self.labels.push((label.to_owned(), letter));
        self.labels.len() - 1
    }

    /// The first of the label's beginnings that no other label has.
    fn letter(&self, label: &str) -> String {
        if label == UNCERTAIN {
            return "?".into();
        }
        let start = |length: usize| -> String {
            let mut chars = label.chars().take(length);
            chars.next().map_or("-".into(), |first| first.to_uppercase().chain(chars).collect())
        };
        let taken = |letter: &String| self.labels.iter().any(|(_, other)| other == letter);
        (1..=4).map(start).find(|letter| !taken(letter)).unwrap_or_else(|| self.labels.len().to_string())
    }

    pub(super) fn name(&self, at: usize) -> &str {
        &self.labels[at].0
    }

    pub(super) fn letter_of(&self, at: usize) -> &str {
        &self.labels[at].1
    }

    /// The class of the style sheet.
    pub(super) fn class(&self, at: usize) -> String {
        if self.labels[at].0 == UNCERTAIN { "kx".into() } else { format!("k{}", at % LOOKS) }
    }

    pub(super) fn len(&self) -> usize {
        self.labels.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_unique() {
        let mut palette = Palette::default();
        for label in ["false", "allegation", "", "uncertain"] {
            palette.index(label);
        }
        let letters: Vec<&str> = (0..palette.len()).map(|at| palette.letter_of(at)).collect();
        assert_eq!(letters, ["F", "A", "B", "Fa", "-", "?"]);
        assert_eq!(palette.class(5), "kx");
    }
}
