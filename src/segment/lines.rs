//! The lines of a text, without their ends.

use super::chars::is_line_end;
use crate::article::Span;

/// The lines of `text`, white space trimmed; a blank line is an empty span.
/// A form feed or a paragraph separator counts as a blank line.
pub(super) fn lines(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut after_return = false;
    for (at, c) in text.char_indices() {
        if !is_line_end(c) {
            after_return = false;
            continue;
        }
        let next = at + c.len_utf8();
        if !(c == '\n' && after_return) {
            found.push(trimmed(text, start, at));
            if matches!(c, '\u{c}' | '\u{2029}') {
                found.push(Span::new(next, next));
            }
        }
        after_return = c == '\r';
        start = next;
    }
    found.push(trimmed(text, start, text.len()));
    found
}

/// The span without the white space around it.
pub(super) fn trimmed(text: &str, start: usize, end: usize) -> Span {
    let part = text.get(start..end).unwrap_or("");
    let from = end - part.trim_start().len();
    let to = start + part.trim_end().len();
    if from >= to { Span::new(start, start) } else { Span::new(from, to) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        lines(text).iter().map(|line| line.of(text)).collect()
    }

    #[test]
    fn every_kind_of_line_end() {
        assert_eq!(texts("a\r\n b \rc\n\nd"), ["a", "b", "c", "", "d"]);
        assert_eq!(texts("a\u{2029}b"), ["a", "", "b"]);
        assert_eq!(texts(""), [""]);
    }
}
