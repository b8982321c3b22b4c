//! The words on both sides of a mark.

use super::chars::{
    char_at, char_before, is_bullet, is_closing_bracket, is_dash, is_invisible, is_opening_bracket, is_opening_quote,
    is_quote, is_straight_quote, is_terminator, skip_white,
};

/// No word that matters is longer, in characters.
const LONGEST_WORD: usize = 40;
/// No more than this many marks open before a word.
const MOST_OPENERS: usize = 6;

/// The word that ends at the stop at `at`, without the stop.
pub(super) fn word_before(text: &str, at: usize) -> &str {
    let head = text.get(..at).unwrap_or("").trim_end();
    let from = head.char_indices().rev().take(LONGEST_WORD).take_while(|(_, c)| !parts_words(*c)).last();
    let word = from.map_or("", |(start, _)| head.get(start..).unwrap_or(""));
    word.trim_start_matches(|c: char| !c.is_alphanumeric())
}

/// The word before `word`, which must be a part of `text`.
pub(super) fn word_before_that<'a>(text: &'a str, at: usize, word: &str) -> &'a str {
    let head = text.get(..at).unwrap_or("").trim_end();
    word_before(text, head.len().saturating_sub(word.len()))
}

/// Whether a character stands between words.
fn parts_words(c: char) -> bool {
    let double = is_quote(c) && !matches!(c, '\'' | '’');
    c.is_whitespace() || double || is_opening_bracket(c) || is_closing_bracket(c) || matches!(c, '–' | '—' | '/')
}

/// How the text after a mark starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// A capital, a letter of a script without case, or a brand such as "iPhone".
    Upper,
    /// A small letter.
    Lower,
    /// A digit, or a sign before an amount.
    Digit,
    /// A sign such as "@" or a bullet, with which a sentence can start.
    Sign,
    /// Anything else: a comma, say.
    Other,
}

/// What follows a mark.
#[derive(Clone, Copy, Debug)]
pub(super) struct Next<'a> {
    /// Whether white space lies between.
    pub(super) gap: bool,
    /// Whether a quotation opens.
    pub(super) quote: bool,
    /// Whether a bracket opens.
    pub(super) bracket: bool,
    /// Whether a dash comes first.
    pub(super) dash: bool,
    /// Where the first word starts.
    pub(super) at: usize,
    /// The first word, without the signs that end it.
    pub(super) word: &'a str,
    /// How it starts.
    pub(super) start: Start,
}

impl<'a> Next<'a> {
    /// Reads on from `end`.
    pub(super) fn read(text: &'a str, end: usize) -> Self {
        let mut at = skip_white(text, end);
        let mut next =
            Next { gap: at > end, quote: false, bracket: false, dash: false, at, word: "", start: Start::Other };
        let mut bullet = false;
        for _ in 0..MOST_OPENERS {
            let Some(c) = char_at(text, at) else { break };
            let apostrophe = c == '’' && char_before(text, at).is_none_or(opens);
            if is_opening_quote(c) || is_straight_quote(c) || apostrophe {
                next.quote = true;
            } else if is_opening_bracket(c) {
                next.bracket = true;
            } else if is_dash(c) {
                next.dash = true;
            } else if is_bullet(c) || c == '*' {
                bullet = true;
            } else if !(matches!(c, '¿' | '¡' | '…') || is_invisible(c) || (c == '.' && next.gap)) {
                break;
            }
            at = skip_white(text, at + c.len_utf8());
        }
        next.at = at;
        next.word = word_at(text, at);
        next.start = if bullet { Start::Sign } else { start(text, at) };
        next
    }

    /// Whether the word is an initial or another word with a stop after it.
    pub(super) fn stopped(&self, text: &str) -> bool {
        char_at(text, self.at + self.word.len()) == Some('.')
    }
}

/// The word at `at`: letters, digits, and what joins them.
pub(super) fn word_at(text: &str, at: usize) -> &str {
    let rest = text.get(at..).unwrap_or("");
    let joins = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '’' | '-' | '&');
    let end = rest.char_indices().take(LONGEST_WORD).take_while(|(_, c)| joins(*c)).last();
    let word = end.map_or("", |(last, c)| rest.get(..last + c.len_utf8()).unwrap_or(""));
    word.trim_end_matches(['\'', '’', '-', '&'])
}

/// What stands before an apostrophe that opens: "“’House of Cards’".
fn opens(c: char) -> bool {
    c.is_whitespace() || is_opening_quote(c) || is_straight_quote(c)
}

/// How the text at `at` starts.
fn start(text: &str, at: usize) -> Start {
    let Some(first) = char_at(text, at) else {
        return Start::Other;
    };
    if first.is_lowercase() {
        let brand = word_at(text, at).chars().skip(1).take(2).any(char::is_uppercase);
        return if brand { Start::Upper } else { Start::Lower };
    }
    if first.is_alphabetic() {
        return Start::Upper;
    }
    if first.is_numeric() || matches!(first, '$' | '€' | '£' | '¥') {
        return Start::Digit;
    }
    let weak = is_terminator(first) || is_closing_bracket(first) || is_quote(first) || is_dash(first);
    if weak || matches!(first, ',' | ';' | ':' | '&' | '/' | '%' | '+' | '=' | '|' | '<' | '>') {
        return Start::Other;
    }
    Start::Sign
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_on_both_sides() {
        let text = "said (Rep. “Bob” Dole, R-Ky. ) iPhone";
        assert_eq!(word_before(text, 9), "Rep");
        let stop = text.find(". )").unwrap_or(0);
        assert_eq!(word_before(text, stop), "R-Ky");
        assert_eq!(word_before_that(text, stop, "R-Ky"), "Dole,");
        let next = Next::read(text, 10);
        assert_eq!((next.word, next.quote, next.gap), ("Bob", true, true));
        assert_eq!(Next::read(text, text.len() - 7).start, Start::Upper);
    }
}
