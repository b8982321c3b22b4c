//! Tells whether a straight quotation mark opens or closes.

use super::chars::{char_at, char_before, is_closing_bracket, is_dash, is_opening_bracket, is_quote};

/// The length of the straight double quotation mark at `at`: `"`, or `''` and
/// ` `` ` as typists write it. Nothing where there is none.
pub(super) fn double_at(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    if rest.starts_with('"') {
        return Some(1);
    }
    if rest.starts_with('＂') {
        return Some('＂'.len_utf8());
    }
    (rest.starts_with("''") || rest.starts_with("``")).then_some(2)
}

/// Whether the straight mark at `at`, `len` bytes long, closes. What stands on
/// both sides decides; where that says nothing, whether a quotation is `open`.
pub(super) fn closes(text: &str, at: usize, len: usize, open: bool) -> bool {
    let before = char_before(text, at).is_none_or(leads);
    let after = char_at(text, at + len).is_none_or(trails);
    match (before, after) {
        (false, true) => true,
        (true, false) => false,
        _ => open,
    }
}

/// Whether a quotation is open after the character at `at`.
pub(super) fn open_after(text: &str, at: usize, open: bool) -> bool {
    match double_at(text, at) {
        Some(len) if char_before(text, at) != char_at(text, at) || len == 1 => !closes(text, at, len, open),
        _ => open,
    }
}

/// What stands before an opening mark.
fn leads(c: char) -> bool {
    c.is_whitespace() || is_opening_bracket(c) || is_dash(c)
}

/// What stands after a closing mark.
fn trails(c: char) -> bool {
    c.is_whitespace()
        || is_closing_bracket(c)
        || is_quote(c)
        || is_dash(c)
        || matches!(c, ',' | ';' | ':' | '.' | '?' | '!')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_decide_then_parity() {
        let text = "He \"said.\"The \" a";
        assert!(!closes(text, 3, 1, true));
        assert!(closes(text, 9, 1, true));
        assert!(!closes(text, 9, 1, false));
        assert!(closes(text, 14, 1, true));
    }
}
