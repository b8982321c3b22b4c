//! The mark that may end a sentence: stops, and what closes with them.

use super::chars::{
    char_at, char_before, is_closing_bracket, is_closing_quote, is_ideographic_stop, is_invisible, is_loud,
    is_opening_quote, is_terminator, skip_white,
};
use super::quotes;

/// What kind of stop a mark is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// One full stop, two by slip, or one with an ellipsis.
    Stop,
    /// Three stops, or the one sign for them.
    Ellipsis,
    /// A question or exclamation mark, alone or among others.
    Loud,
    /// A full stop of a script that puts no white space after it.
    Ideographic,
}

/// A run of stops with the quotation marks and brackets that close after it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    /// First byte of the first stop.
    pub(super) start: usize,
    /// One past the last closing mark.
    pub(super) end: usize,
    /// What kind of stop it is.
    pub(super) kind: Kind,
    /// Whether a quotation closes with it.
    pub(super) quoted: bool,
    /// Whether a bracket closes with it.
    pub(super) bracketed: bool,
    /// Whether a straight quotation is open after it.
    pub(super) open: bool,
}

impl Mark {
    /// Reads the mark whose first stop is at `start`; `open` says whether a
    /// straight quotation is open there.
    pub(super) fn read(text: &str, start: usize, open: bool) -> Self {
        let (end, kind) = run(text, start);
        let mut mark = Self { start, end, kind, quoted: false, bracketed: false, open };
        mark.end = footnote(text, mark.end);
        while let Some(next) = mark.closer(text) {
            mark.end = next;
        }
        mark
    }

    /// Where the closing mark after this one ends, if one is there.
    fn closer(&mut self, text: &str) -> Option<usize> {
        let at = skip_white(text, self.end);
        let spaced = at > self.end;
        let c = char_at(text, at)?;
        let next = at + c.len_utf8();
        if is_closing_bracket(c) {
            self.bracketed = true;
            return Some(next);
        }
        if is_invisible(c) && !spaced {
            return Some(next);
        }
        if is_opening_quote(c) && !spaced && char_at(text, next).is_none_or(char::is_whitespace) {
            self.quoted = true;
            return Some(next);
        }
        if is_closing_quote(c) {
            let alone = char_at(text, next).is_none_or(|after| !after.is_alphanumeric());
            let closes = if c == '’' { alone } else { !spaced || alone };
            self.quoted |= closes;
            return closes.then_some(next);
        }
        if let Some(len) = quotes::double_at(text, at) {
            let closes = quotes::closes(text, at, len, self.open);
            self.open &= !closes;
            self.quoted |= closes;
            return closes.then_some(at + len);
        }
        let closes = c == '\'' && !spaced && quotes::closes(text, at, 1, false);
        self.quoted |= closes;
        closes.then_some(next)
    }
}

/// The end and the kind of the run of stops at `start`; ". . ." is one run.
fn run(text: &str, start: usize) -> (usize, Kind) {
    let (mut end, mut dots) = (start, 0_usize);
    let (mut loud, mut ideographic, mut long) = (false, false, false);
    while let Some(c) = char_at(text, end) {
        let spaced = matches!(c, ' ' | '\u{a0}') && dots > 0 && !loud && stop_alone(text, end + c.len_utf8());
        if !is_terminator(c) && !spaced {
            break;
        }
        dots += usize::from(c == '.');
        loud |= is_loud(c);
        ideographic |= is_ideographic_stop(c);
        long |= c == '…';
        end += c.len_utf8();
    }
    let kind = if ideographic {
        Kind::Ideographic
    } else if loud {
        Kind::Loud
    } else if (long && dots == 0) || dots == 3 {
        Kind::Ellipsis
    } else {
        Kind::Stop
    };
    (end, kind)
}

/// Whether a stop stands at `at` that starts no number or name, as ".38" does.
fn stop_alone(text: &str, at: usize) -> bool {
    char_at(text, at) == Some('.') && char_at(text, at + 1).is_none_or(|c| !c.is_alphanumeric())
}

/// The end of a reference such as "[12]" at `at`, or `at`.
fn footnote(text: &str, at: usize) -> usize {
    let Some(rest) = text.get(at..).and_then(|rest| rest.strip_prefix('[')) else {
        return at;
    };
    let digits = rest.bytes().take(4).take_while(u8::is_ascii_digit).count();
    let closed = rest.as_bytes().get(digits) == Some(&b']');
    if (1..=3).contains(&digits) && closed && char_before(text, at) != Some(' ') { at + digits + 2 } else { at }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, open: bool) -> (&str, Kind) {
        let start = text.find(is_terminator).unwrap_or(0);
        let mark = Mark::read(text, start, open);
        (&text[mark.start..mark.end], mark.kind)
    }

    #[test]
    fn closers_belong_to_the_mark() {
        assert_eq!(read("end.\") Next", true), (".\")", Kind::Stop));
        assert_eq!(read("end . '' Next", true), (". ''", Kind::Stop));
        assert_eq!(read("end. \"Next", false), (".", Kind::Stop));
        assert_eq!(read("end.“ Next", false), (".“", Kind::Stop));
        assert_eq!(read("end?!” Next", false), ("?!”", Kind::Loud));
        assert_eq!(read("end . . . next", false), (". . .", Kind::Ellipsis));
        assert_eq!(read("end.[12] Next", false), (".[12]", Kind::Stop));
        assert_eq!(read("U.S.’s", false).0, ".");
    }
}
