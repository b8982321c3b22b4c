//! Decides whether a sentence ends at a mark.

use super::abbreviation::{self, Class};
use super::attribution;
use super::chars::{char_before, is_opening_bracket, is_terminator};
use super::glued;
use super::mark::{Kind, Mark};
use super::neighbour::{Next, Start, word_before, word_before_that};
use super::words;

/// Whether the sentence that starts at `from` ends at `mark`, which is not the
/// end of `text`.
pub(super) fn breaks(text: &str, from: usize, mark: &Mark) -> bool {
    let next = Next::read(text, mark.end);
    if mark.kind == Kind::Ideographic {
        return !(mark.quoted && matches!(next.start, Start::Lower | Start::Other));
    }
    if !next.gap {
        return glued::breaks(text, mark, &next);
    }
    if next.dash && mark.quoted {
        return false;
    }
    match mark.kind {
        Kind::Loud => loud(text, from, mark, &next),
        Kind::Ellipsis => ellipsis(text, mark, &next),
        _ => stop(text, from, mark, &next),
    }
}

/// After a question or exclamation mark.
fn loud(text: &str, from: usize, mark: &Mark, next: &Next<'_>) -> bool {
    if matches!(next.start, Start::Lower | Start::Other) {
        return false;
    }
    let starter = words::is_starter(next.word, next.stopped(text));
    if mark.quoted {
        return next.quote || !(words::is_date(next.word) || attribution::follows(text, next.at));
    }
    if mark.bracketed {
        let whole = text.get(from..).is_some_and(|sentence| sentence.starts_with(is_opening_bracket));
        return whole || starter || next.quote;
    }
    !words::exclaims(word_before(text, mark.start)) || starter || next.quote
}

/// After three stops.
fn ellipsis(text: &str, mark: &Mark, next: &Next<'_>) -> bool {
    if next.start != Start::Upper && next.start != Start::Sign {
        return false;
    }
    if mark.quoted {
        return !attribution::follows(text, next.at);
    }
    let spaced = char_before(text, mark.start).is_none_or(char::is_whitespace);
    !spaced || next.quote || words::is_starter(next.word, next.stopped(text))
}

/// After a full stop.
fn stop(text: &str, from: usize, mark: &Mark, next: &Next<'_>) -> bool {
    let word = word_before(text, mark.start);
    if next.start == Start::Other || is_item(text, from, mark, word) {
        return false;
    }
    let class = abbreviation::class(word);
    if next.start == Start::Lower {
        let plain = word.chars().count() > 2 && word.chars().all(char::is_lowercase);
        let single = text.get(mark.start + 1..).is_some_and(|rest| !rest.starts_with(is_terminator));
        return plain && single && class.is_none() && !mark.quoted && !mark.bracketed;
    }
    let Some(class) = class else { return true };
    if next.dash {
        return false;
    }
    if mark.quoted {
        return class != Class::Never;
    }
    let digit = next.start == Start::Digit;
    match class {
        Class::Never => false,
        Class::Number => !digit && !is_roman(next.word),
        Class::Month => !digit,
        Class::Day => !digit && !words::is_date(next.word),
        Class::Clock => !words::is_date(next.word) && !is_zone(text, next) && !next.bracket,
        Class::Loose => !digit,
        Class::Either => {
            let letter = abbreviation::is_initial(word) && words::is_lettered(word_before_that(text, mark.start, word));
            letter || words::is_starter(next.word, next.stopped(text))
        }
    }
}

/// Whether the sentence so far is the number or the letter of a list item.
fn is_item(text: &str, from: usize, mark: &Mark, word: &str) -> bool {
    let head = text.get(from..mark.start).unwrap_or("");
    let short = head.len() <= word.len() + 1 && head.ends_with(word);
    let number = word.len() <= 2 && !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
    let letter = word.len() == 1 && word.bytes().all(|b| b.is_ascii_alphabetic());
    short && (number || letter || is_roman(word))
}

/// A time zone, "ET" or "E.T."
fn is_zone(text: &str, next: &Next<'_>) -> bool {
    let rest = text.get(next.at..).unwrap_or("");
    let letters = rest.chars().take(8).take_while(|c| c.is_ascii_uppercase() || *c == '.').filter(|c| *c != '.');
    words::is_zone(next.word) || words::is_zone(letters.collect::<String>().as_str())
}

/// A number in Roman digits.
fn is_roman(word: &str) -> bool {
    !word.is_empty() && word.len() <= 5 && word.bytes().all(|b| matches!(b, b'I' | b'V' | b'X' | b'i' | b'v' | b'x'))
}
