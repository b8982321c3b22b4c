//! Where spans begin and end: at words, and as people mark them.

use super::Spans;
use crate::article::Span;

/// Pairs of quotation marks.
const PAIRS: [(&str, &str); 3] = [("\u{201c}", "\u{201d}"), ("\"", "\""), ("''", "''")];

/// Moves the borders of spans. A span never begins or ends within a word; a source with an
/// apposition takes its closing comma in ("Ann Lee, the mayor,"); a content has no comma at its
/// ends and no full stop at its end, and a quotation its closing mark. Each of these is what
/// the annotators of PolNeAR do, and raises exact F1 on its training part.
pub fn borders(text: &str, spans: Spans) -> Spans {
    let each = |all: Vec<Span>, tidy: &dyn Fn(&str, Span) -> Span| {
        let mut all: Vec<Span> =
            all.into_iter().map(|span| tidy(text, trim(text, whole_words(text, span), "", ""))).collect();
        all.retain(|span| !span.is_empty());
        all.dedup();
        all
    };
    Spans {
        source: each(spans.source, &closing_comma),
        cue: each(spans.cue, &|_, span| span),
        content: each(spans.content, &|text, span| closing_mark(text, trim(text, span, ",", ",."))),
    }
}

/// The span with the rest of the words at its ends.
fn whole_words(text: &str, span: Span) -> Span {
    let word = |c: &char| c.is_alphanumeric();
    let part = span.of(text);
    let (Some(before), Some(after)) = (text.get(..span.start), text.get(span.end..)) else { return span };
    let mut found = span;
    if part.chars().next().as_ref().is_some_and(word) {
        found.start -= before.chars().rev().take_while(word).map(char::len_utf8).sum::<usize>();
    }
    if part.chars().next_back().as_ref().is_some_and(word) {
        found.end += after.chars().take_while(word).map(char::len_utf8).sum::<usize>();
    }
    found
}

/// The span without white space and the given characters at its ends.
fn trim(text: &str, span: Span, start: &str, end: &str) -> Span {
    let part = span.of(text);
    let left = part.trim_start_matches(|c: char| c.is_whitespace() || start.contains(c));
    let right = left.trim_end_matches(|c: char| c.is_whitespace() || end.contains(c));
    let start = span.start + part.len() - left.len();
    Span::new(start, start + right.len())
}

fn closing_comma(text: &str, span: Span) -> Span {
    let part = span.of(text);
    let open =
        part.contains(',') && !part.ends_with(',') && text.get(span.end..).is_some_and(|rest| rest.starts_with(','));
    Span::new(span.start, span.end + usize::from(open))
}

fn closing_mark(text: &str, span: Span) -> Span {
    let part = span.of(text);
    let Some((open, close)) = PAIRS.iter().find(|(open, _)| part.starts_with(open)) else { return span };
    let Some(rest) = text.get(span.end..).filter(|_| !part[open.len()..].ends_with(close)) else { return span };
    let stop = usize::from(rest.starts_with(['.', ',', '?', '!']));
    let closes = rest[stop..].starts_with(close);
    Span::new(span.start, span.end + if closes { stop + close.len() } else { 0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tidy(text: &str, role: usize, part: &str) -> String {
        let start = text.find(part).unwrap();
        let mut spans = [vec![], vec![], vec![]];
        spans[role] = vec![Span::new(start, start + part.len())];
        let [source, cue, content] = spans;
        let found = borders(text, Spans { source, cue, content });
        let all = [found.source, found.cue, found.content].concat();
        all.iter().map(|span| span.of(text)).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn borders_are_those_of_words() {
        assert_eq!(tidy("Ferrandini said", 0, "randin"), "Ferrandini");
        assert_eq!(tidy("He's claiming it", 1, "'s claim"), "'s claiming");
        assert_eq!(tidy("Élan won’t say", 0, "lan"), "Élan");
        assert_eq!(tidy("a  said ", 1, " said "), "said");
    }

    #[test]
    fn ends_are_as_people_mark_them() {
        assert_eq!(tidy("Ann Lee, the mayor, said", 0, "Ann Lee, the mayor"), "Ann Lee, the mayor,");
        assert_eq!(tidy("Ann Lee, said", 0, "Ann Lee"), "Ann Lee");
        assert_eq!(tidy("She said, that it rained.", 2, ", that it rained."), "that it rained");
        assert_eq!(tidy("“It rained,” she said", 2, "“It rained"), "“It rained,”");
        assert_eq!(tidy("\"It rained\" she said", 2, "\"It rained"), "\"It rained\"");
        assert_eq!(tidy("\"It rained\" and \"hail\"", 2, "\"It rained\""), "\"It rained\"");
        assert_eq!(tidy("so , it", 2, " , "), "");
    }

    proptest! {
        #[test]
        fn never_fails_and_stays_in_the_text(text in "[a-zé“”\"', .\n]{0,30}", a in 0usize..40, b in 0usize..40) {
            let (a, b) = (a.min(b).min(text.len()), a.max(b).min(text.len()));
            let spans = vec![Span::new(a, b)];
            let found = borders(&text, Spans { source: spans.clone(), cue: spans.clone(), content: spans });
            for span in [found.source, found.cue, found.content].concat() {
                prop_assert!(span.start < span.end && text.get(span.start..span.end).is_some());
            }
        }
    }
}
