//! What single characters mean at the edge of a sentence.

/// Marks that may end a sentence.
pub(super) const fn is_terminator(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…') || is_ideographic_stop(c) || matches!(c, '‼' | '⁇' | '⁈' | '⁉' | '۔' | '؟' | '।')
}

/// Full stops of scripts that put no white space after them.
pub(super) const fn is_ideographic_stop(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '｡' | '．')
}

/// Question and exclamation marks.
pub(super) const fn is_loud(c: char) -> bool {
    matches!(c, '!' | '?' | '！' | '？' | '‼' | '⁇' | '⁈' | '⁉' | '؟')
}

/// Quotation marks whose shape says that they close.
pub(super) const fn is_closing_quote(c: char) -> bool {
    matches!(c, '”' | '’' | '»' | '›' | '」' | '』')
}

/// Quotation marks whose shape says that they open.
pub(super) const fn is_opening_quote(c: char) -> bool {
    matches!(c, '“' | '‘' | '«' | '‹' | '„' | '‚' | '「' | '『')
}

/// Quotation marks that look the same on both sides.
pub(super) const fn is_straight_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '＂')
}

/// Any quotation mark.
pub(super) const fn is_quote(c: char) -> bool {
    is_closing_quote(c) || is_opening_quote(c) || is_straight_quote(c)
}

/// Brackets that open.
pub(super) const fn is_opening_bracket(c: char) -> bool {
    matches!(c, '(' | '[' | '{' | '（')
}

/// Brackets that close.
pub(super) const fn is_closing_bracket(c: char) -> bool {
    matches!(c, ')' | ']' | '}' | '）')
}

/// Dashes as written between words.
pub(super) const fn is_dash(c: char) -> bool {
    matches!(c, '-' | '–' | '—' | '―' | '−')
}

/// Signs at the start of a list item.
pub(super) const fn is_bullet(c: char) -> bool {
    matches!(c, '•' | '▪' | '‣' | '◦' | '●' | '■' | '►' | '▶')
}

/// Characters that show nothing and that `char::is_whitespace` leaves out.
pub(super) const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

/// Characters that end a line.
pub(super) const fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// The character that starts at `at`.
pub(super) fn char_at(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next()
}

/// The character that ends at `at`.
pub(super) fn char_before(text: &str, at: usize) -> Option<char> {
    text.get(..at)?.chars().next_back()
}

/// Where the white space that starts at `at` ends.
pub(super) fn skip_white(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or("");
    text.len() - rest.trim_start().len()
}
