//! A bar of label shares.

use super::escape;
use super::palette::Palette;
use std::fmt::Write as _;

/// How many sentences have each label of a palette.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally(Vec<usize>);

impl Tally {
    pub(super) fn add(&mut self, label: usize) {
        if self.0.len() <= label {
            self.0.resize(label + 1, 0);
        }
        self.0[label] += 1;
    }

    pub(super) fn extend(&mut self, other: &Self) {
        self.0.resize(self.0.len().max(other.0.len()), 0);
        other.0.iter().enumerate().for_each(|(at, count)| self.0[at] += count);
    }

    pub(super) fn of(&self, label: usize) -> usize {
        self.0.get(label).copied().unwrap_or(0)
    }

    pub(super) fn all(&self) -> usize {
        self.0.iter().sum()
    }

    /// Share of a label; 0 of nothing.
    pub(super) fn share(&self, label: usize) -> f64 {
        self.of(label) as f64 / self.all().max(1) as f64
    }
}

/// The bar as SVG, 100 units wide, with the shares in words for those who cannot see it.
/// Of no sentences there is none.
pub(super) fn bar(tally: &Tally, palette: &Palette) -> String {
    if tally.all() == 0 {
        return String::new();
    }
    let shown = || (0..palette.len()).filter(|at| tally.of(*at) > 0);
    let words: Vec<String> =
        shown().map(|at| format!("{} {:.0} %", palette.name(at), 100.0 * tally.share(at))).collect();
    let words = escape(&words.join(", "));
    let mut out = format!(
        "<svg class=\"shares\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{words}\">\
         <title>{words}</title>"
    );
    let mut x = 0.0;
    for at in shown() {
        let width = 100.0 * tally.share(at);
        let _ = write!(
            out,
            "<rect class=\"{}\" x=\"{x:.2}\" width=\"{:.2}\" height=\"8\"/>",
            palette.class(at),
            (width - 0.5).max(0.2)
        );
        x += width;
    }
    out + "</svg>"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up_and_are_said_in_words() {
        let mut tally = Tally::default();
        [0, 0, 2, 1].into_iter().for_each(|label| tally.add(label));
        assert_eq!((tally.all(), tally.share(0)), (4, 0.5));
        let bar = bar(&tally, &Palette::default());
        assert!(bar.contains("aria-label=\"fact 50 %, allegation 25 %, background 25 %\""), "{bar}");
        assert!(bar.contains("class=\"k2\" x=\"75.00\""), "{bar}");
        assert_eq!(super::bar(&Tally::default(), &Palette::default()), "");
    }
}
