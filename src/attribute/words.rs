//! Words of an article with their places.

use crate::article::Span;

/// One word: letters and digits, with apostrophes, hyphens and points inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word<'a> {
    /// The word without a possessive ending.
    pub(super) text: &'a str,
    /// Its place, the possessive ending left out.
    pub(super) span: Span,
    /// Whether it ends in `'s`, or in an apostrophe after an s.
    pub(super) possessive: bool,
    /// What stands between the word and the next.
    pub(super) after: Break,
}

/// How strongly a word is parted from the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Break {
    /// White space, or the full stop of an abbreviation.
    None,
    /// A comma, dash, colon, bracket or quotation mark.
    Comma,
    /// The end of a sentence or paragraph.
    Stop,
}

impl Word<'_> {
    /// Whether it begins with a capital, or is a number that begins a name such as "9to5".
    pub(super) fn capital(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_uppercase)
    }

    /// Whether it is written in capitals only, and has two letters or more.
    pub(super) fn acronym(&self) -> bool {
        let letters = self.text.chars().filter(|c| c.is_alphabetic());
        letters.clone().count() >= 2 && letters.clone().all(char::is_uppercase)
    }

    /// In lower case.
    pub(super) fn lower(&self) -> String {
        self.text.to_lowercase()
    }
}

const fn apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}')
}

/// Whether `c` holds together a word when letters or digits stand on both sides.
const fn joins(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '-' | '\u{2010}' | '\u{2011}' | '.' | '&')
}

/// The words of `span`, in order.
pub(super) fn words(text: &str, span: Span) -> Vec<Word<'_>> {
    let part = span.of(text);
    let mut found: Vec<Word> = Vec::new();
    let mut chars = part.char_indices().peekable();
    let mut open: Option<usize> = None;
    let mut before = ' ';
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map_or(' ', |(_, c)| *c);
        let inside = c.is_alphanumeric()
            || (open.is_some() && joins(c) && before.is_alphanumeric() && letter(next) && !run_on(c, before, next))
            || (c == ',' && before.is_ascii_digit() && next.is_ascii_digit())
            || (open.is_some() && pointed(&part[at..], c, before));
        match (open, inside) {
            (None, true) => open = Some(at),
            (Some(start), false) => {
                found.push(word(part, span.start, start, at));
                open = None;
            }
            _ => {}
        }
        if !inside {
            mark(&mut found, c, before, next);
        }
        before = c;
    }
    if let Some(start) = open {
        found.push(word(part, span.start, start, part.len()));
    }
    found
}

/// The point and the hyphen of "U.S.-based"; `rest` begins with `c`.
fn pointed(rest: &str, c: char, before: char) -> bool {
    let letter = |at: usize| rest.chars().nth(at).is_some_and(char::is_alphanumeric);
    (c == '.' && before.is_alphanumeric() && rest.starts_with(".-") && letter(2))
        || (c == '-' && before == '.' && letter(1))
}

/// "the environment.Regulators": the white space after a sentence was lost.
fn run_on(c: char, before: char, next: char) -> bool {
    c == '.' && before.is_lowercase() && next.is_uppercase()
}

fn letter(c: char) -> bool {
    c.is_alphanumeric()
}

fn word(part: &str, offset: usize, start: usize, end: usize) -> Word<'_> {
    let whole = &part[start..end];
    let cut = whole.strip_suffix(['s', 'S']).and_then(|rest| rest.strip_suffix(apostrophe));
    let text = cut.filter(|rest| !rest.is_empty()).unwrap_or(whole);
    Word {
        text,
        span: Span::new(offset + start, offset + start + text.len()),
        possessive: text.len() < whole.len(),
        after: Break::None,
    }
}

/// Notes what the character `c` after the last word means for it.
fn mark(found: &mut [Word], c: char, before: char, next: char) {
    let Some(last) = found.last_mut() else { return };
    if apostrophe(c) && before == 's' && !apostrophe(next) && last.after == Break::None {
        last.possessive |= next.is_whitespace() && last.text.len() > 1;
        return;
    }
    let found = match c {
        // "Mr. Lee", "J. Smith" and "U.S. officials" go on; so does a short word before a point.
        '.' if abbreviates(last.text) => Break::None,
        '.' | '!' | '?' => Break::Stop,
        c if c.is_whitespace() || matches!(c, '@' | '#' | '%') => Break::None,
        // "the Upper/Lower Orla council".
        '/' if before.is_alphanumeric() && next.is_alphanumeric() => Break::None,
        _ => Break::Comma,
    };
    last.after = last.after.max(found);
}

const SHORT: [&str; 42] = [
    "brig", "ph", "mr", "mrs", "ms", "dr", "prof", "rev", "hon", "sen", "rep", "gov", "gen", "col", "maj", "capt",
    "lt", "sgt", "cpl", "adm", "fr", "st", "jr", "sr", "inc", "corp", "ltd", "co", "messrs", "dept", "univ", "reps",
    "sens", "atty", "supt", "insp", "det", "cmdr", "pvt", "pres", "asst", "no",
];

/// Whether a point after `word` is a mark of abbreviation.
fn abbreviates(word: &str) -> bool {
    let single = word.chars().count() == 1 || word.contains('.');
    single || SHORT.contains(&word.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<(&str, bool, Break)> {
        words(text, Span::new(0, text.len())).iter().map(|w| (w.text, w.possessive, w.after)).collect()
    }

    #[test]
    fn words_hold_together() {
        use Break::{Comma, None, Stop};
        assert_eq!(
            split("Mr. O'Neill's son-in-law, the officials' aide. ''No''"),
            [
                ("Mr", false, None),
                ("O'Neill", true, None),
                ("son-in-law", false, Comma),
                ("the", false, None),
                ("officials", true, None),
                ("aide", false, Stop),
                ("No", false, Comma),
            ]
        );
        assert_eq!(split("14,000 aid.Ann"), [("14,000", false, None), ("aid", false, Stop), ("Ann", false, None)]);
        assert_eq!(split("Ph.D. U.S. aid")[1..], [("D", false, None), ("U.S", false, None), ("aid", false, None)]);
        assert_eq!(split("U.S. aid"), [("U.S", false, None), ("aid", false, None)]);
        assert_eq!(split("U.S.-based, U.S.-"), [("U.S.-based", false, Comma), ("U.S", false, Comma)]);
        assert_eq!(split("Upper/Lower Orla"), [("Upper", false, None), ("Lower", false, None), ("Orla", false, None)]);
        assert_eq!(split(""), []);
    }
}
