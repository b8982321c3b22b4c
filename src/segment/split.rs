//! Splits one paragraph into sentences.

use super::chars::{char_at, is_opening_bracket, is_terminator, skip_white};
use super::decide;
use super::mark::Mark;
use super::neighbour::{Next, Start, word_at};
use super::quotes;
use crate::article::Span;

/// First words of a desk's note before a story: "(Updates with comment)".
const NOTES: &[&str] = &[
    "Adds",
    "Changes",
    "Clarifies",
    "Corrects",
    "Fixes",
    "Recasts",
    "Refiles",
    "Removes",
    "Repeats",
    "Rewrites",
    "Updates",
    "Writes",
];
/// No note is longer, in bytes.
const LONGEST_NOTE: usize = 400;

/// Appends the sentences of the paragraph `part` of `text` to `out`.
pub(super) fn split(text: &str, part: Span, out: &mut Vec<Span>) {
    let body = part.of(text);
    let (mut from, mut at) = (0, 0);
    let (mut worded, mut open) = (false, false);
    if let Some(end) = note(body) {
        out.push(Span::new(part.start, part.start + end));
        from = skip_white(body, end);
        at = from;
    }
    while let Some(c) = char_at(body, at) {
        if !is_terminator(c) {
            worded |= c.is_alphanumeric();
            open = quotes::open_after(body, at, open);
            at += c.len_utf8();
            continue;
        }
        let mark = Mark::read(body, at, open);
        open = mark.open;
        at = mark.end;
        if worded && at < body.len() && decide::breaks(body, from, &mark) {
            out.push(Span::new(part.start + from, part.start + at));
            from = skip_white(body, at);
            at = from;
            worded = false;
        }
    }
    if from >= body.len() {
        return;
    }
    match out.last_mut() {
        Some(last) if !worded && last.start >= part.start => last.end = part.end,
        _ => out.push(Span::new(part.start + from, part.end)),
    }
}

/// The end of a note at the start of a story, where the story follows it.
fn note(body: &str) -> Option<usize> {
    if !body.starts_with(is_opening_bracket) || !NOTES.contains(&word_at(body, 1)) {
        return None;
    }
    let end = body.char_indices().take_while(|(at, _)| *at < LONGEST_NOTE).find(|(_, c)| *c == ')')?.0 + 1;
    let next = Next::read(body, end);
    (next.gap && next.start == Start::Upper).then_some(end)
}
