//! Stops with no white space after them: "ended.The next", but no "Amazon.Com".

use super::abbreviation;
use super::chars::{char_at, char_before, is_closing_bracket, is_closing_quote};
use super::mark::{Kind, Mark};
use super::neighbour::{Next, word_before};

/// Ends of addresses and file names.
const ENDINGS: &[&str] = &[
    "ai", "app", "biz", "co", "com", "cpp", "css", "csv", "doc", "docx", "edu", "exe", "fm", "gov", "html", "info",
    "int", "io", "java", "jpg", "js", "json", "ly", "me", "mil", "mobi", "mp", "net", "news", "org", "pdf", "png",
    "pro", "py", "rs", "tv", "txt", "uk", "us", "xls", "xml", "zip",
];

/// Whether a sentence ends at a mark with no white space after it.
pub(super) fn breaks(text: &str, mark: &Mark, next: &Next<'_>) -> bool {
    if next.dash || mark.kind == Kind::Ellipsis {
        return false;
    }
    let before = word_before(text, mark.start);
    let solid = mark.quoted || mark.bracketed || ends_plainly(before);
    solid && !before.contains(['/', '@', '_', '\\', '=', ':']) && starts_plainly(text, next)
}

/// Whether a word is plain English: small letters at its end, or a year.
fn ends_plainly(word: &str) -> bool {
    let mut tail = word.chars().rev();
    let small = tail.by_ref().take(2).filter(|c| c.is_lowercase()).count() == 2;
    let year = word.len() >= 2 && word.chars().all(|c| c.is_ascii_digit());
    let mixed = word.chars().skip(1).any(char::is_uppercase);
    (small || year || word.ends_with([')', '”']))
        && !mixed
        && !word.contains('.')
        && abbreviation::class(word).is_none()
}

/// Whether the text goes on with a capitalised word that no name would contain.
fn starts_plainly(text: &str, next: &Next<'_>) -> bool {
    let rest = text.get(next.at..).unwrap_or("");
    if rest.starts_with(['#', '@']) || rest.starts_with("http://") || rest.starts_with("https://") {
        return true;
    }
    let word = next.word;
    let mut chars = word.chars();
    let capital = chars.next().is_some_and(char::is_uppercase);
    let tail = chars.as_str();
    let shaped = if tail.is_empty() { matches!(word, "A" | "I") } else { tail.starts_with(char::is_lowercase) };
    let end = next.at + word.len();
    let ended = match char_at(text, end) {
        None => true,
        Some('.') => char_at(text, end + 1).is_none_or(|c| !c.is_alphanumeric()),
        Some(c) => {
            c.is_whitespace()
                || is_closing_quote(c)
                || is_closing_bracket(c)
                || matches!(c, ',' | ';' | '!' | '?' | '"' | '\'')
        }
    };
    let opened = next.quote || char_before(text, next.at).is_some_and(|c| !c.is_whitespace());
    capital && shaped && ended && opened && !ENDINGS.contains(&word.to_lowercase().as_str())
}
