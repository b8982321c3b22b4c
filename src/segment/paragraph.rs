//! Finds the paragraphs of a text.
//!
//! Blank lines part paragraphs. A single newline does so where whoever wrote it
//! chose to break the line: the next word would still have fitted in, or most
//! lines end as sentences do. In hard-wrapped text it is white space.

use super::abbreviation;
use super::chars::{is_bullet, is_closing_bracket, is_quote, is_terminator};
use super::lines::lines;
use crate::article::Span;

/// Longer lines than this are not the work of a hard wrap.
const WIDEST_WRAP: usize = 200;

/// The paragraphs of `text` in order, trimmed, none empty.
pub(super) fn paragraphs(text: &str) -> Vec<Span> {
    let all = lines(text);
    let layout = Layout::of(text, &all);
    let mut found: Vec<Span> = Vec::new();
    let mut last: Option<Span> = None;
    for line in all {
        if line.is_empty() {
            last = None;
            continue;
        }
        match (last, found.last_mut()) {
            (Some(above), Some(open)) if !layout.parts(text, above, line) => open.end = line.end,
            _ => found.push(line),
        }
        last = Some(line);
    }
    found
}

/// How the lines of a text are laid out.
struct Layout {
    /// Length in bytes of the longest line.
    width: usize,
    /// Whether a single newline may end a paragraph at all.
    newline_counts: bool,
    /// Whether one line is one paragraph, whatever its length.
    line_is_paragraph: bool,
}

impl Layout {
    fn of(text: &str, all: &[Span]) -> Self {
        let width = all.iter().map(Span::len).max().unwrap_or(0);
        let (mut singles, mut closed, mut blanks) = (0_usize, 0_usize, 0_usize);
        let mut filled = 0_usize;
        let mut gap = false;
        for line in all {
            if line.is_empty() {
                gap = true;
                continue;
            }
            if filled > 0 {
                if gap { blanks += 1 } else { singles += 1 }
            }
            gap = false;
            filled += 1;
            closed += usize::from(ends_sentence(line.of(text)));
        }
        Self {
            width,
            newline_counts: blanks == 0 || width > WIDEST_WRAP || singles > 2 * blanks,
            line_is_paragraph: width > WIDEST_WRAP || closed * 10 >= filled * 6,
        }
    }

    /// Whether the newline between two lines ends a paragraph.
    fn parts(&self, text: &str, above: Span, below: Span) -> bool {
        let (above, below) = (above.of(text), below.of(text));
        if starts_item(below) {
            return true;
        }
        if !self.newline_counts || below.starts_with(char::is_lowercase) || leans_on(above) {
            return false;
        }
        let word = below.split_whitespace().next().map_or(0, str::len);
        self.line_is_paragraph || above.len() + 1 + word <= self.width
    }
}

/// Whether a line ends as sentences do.
fn ends_sentence(line: &str) -> bool {
    let bare = line.trim_end_matches(|c| is_quote(c) || is_closing_bracket(c));
    let word = bare.split_whitespace().next_back().unwrap_or("");
    if word.strip_suffix('.').is_some_and(|word| abbreviation::class(word).is_some()) {
        return false;
    }
    bare.ends_with(is_terminator) || (bare.len() < line.len() && bare.ends_with(','))
}

/// Whether a line cannot stand without the next: it ends in a comma, or in "Mr.".
fn leans_on(line: &str) -> bool {
    let word = line.split_whitespace().next_back().unwrap_or("");
    line.ends_with([',', ';']) || word.strip_suffix('.').is_some_and(abbreviation::is_title)
}

/// Whether a line starts with the sign of a list item.
fn starts_item(line: &str) -> bool {
    let mut chars = line.chars();
    match (chars.next(), chars.next()) {
        (Some(sign), Some(_)) if is_bullet(sign) => true,
        (Some('*'), Some(gap)) => gap.is_whitespace(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        paragraphs(text).iter().map(|part| part.of(text)).collect()
    }

    #[test]
    fn blank_lines_part() {
        assert_eq!(texts("One\nwent.\n \t\nTwo.\r\n\r\nThree"), ["One\nwent.", "Two.", "Three"]);
        assert!(texts(" \n\n ").is_empty());
    }

    #[test]
    fn hard_wrap_is_white_space() {
        let text = "The president said on Tuesday that he would meet\nCongressional leaders to talk about the budget and\nTaxes next week.";
        assert_eq!(texts(text).len(), 1);
    }

    #[test]
    fn a_line_each() {
        let text = "Mayor quits\nThe mayor of the town quit on Tuesday, she said.\nNo one knows why she did so.";
        assert_eq!(texts(text).len(), 3);
        assert_eq!(
            texts("He met with the chief of staff, Mr.\nBrown, on Tuesday at the White House in Washington.").len(),
            1
        );
    }

    #[test]
    fn bullets_part() {
        assert_eq!(texts("Points:\n• first thing\n• second thing\n\nEnd.").len(), 4);
    }
}
