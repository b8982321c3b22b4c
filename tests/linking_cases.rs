//! Whom an attribution means: a table of hard cases (tests/linking_cases.txt).
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use veracity::article::{Article, Span};
use veracity::attribute::attribute;
use veracity::decode::Spans;
use veracity::label::Attribution;
use veracity::segment::segment;

struct Case<'a> {
    name: &'a str,
    text: String,
    spans: Spans,
    want: Vec<&'a str>,
}

fn cases(file: &str) -> Vec<Case<'_>> {
    let mut cases: Vec<Case> = Vec::new();
    for line in file.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        if let Some(name) = line.strip_prefix("= ") {
            cases.push(Case { name, text: String::new(), spans: Spans::default(), want: Vec::new() });
        } else if let Some(want) = line.strip_prefix("> ") {
            cases.last_mut().unwrap().want.push(want);
        } else {
            let case = cases.last_mut().unwrap();
            (case.text, case.spans) = marked(line);
        }
    }
    cases
}

/// The text without its marks, and the spans that they mark.
fn marked(line: &str) -> (String, Spans) {
    let (mut text, mut spans, mut open) = (String::new(), Spans::default(), Vec::new());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            '[' => {
                open.push((chars.next().unwrap(), text.len()));
                assert_eq!(chars.next(), Some('|'), "{line}");
            }
            ']' => {
                let (role, start) = open.pop().unwrap();
                let list = match role {
                    's' => &mut spans.source,
                    'c' => &mut spans.cue,
                    't' => &mut spans.content,
                    other => panic!("no role {other}: {line}"),
                };
                list.push(Span::new(start, text.len()));
            }
            c => text.push(c),
        }
    }
    for list in [&mut spans.source, &mut spans.cue, &mut spans.content] {
        list.sort_unstable();
    }
    (text, spans)
}

fn shown(found: &Attribution) -> String {
    let Some(entity) = &found.entity else { return "-".into() };
    let via: Vec<&str> = found.via.iter().map(|entity| entity.name.as_str()).collect();
    let via = if via.is_empty() { String::new() } else { format!(" via {}", via.join(", ")) };
    format!("{} / {}{via}", entity.name, entity.kind)
}

fn found(case: &Case) -> Vec<String> {
    let article = Article { id: "case".into(), text: case.text.clone(), ..Article::default() };
    let sentences = segment(&article).sentences;
    attribute(&article, &sentences, &case.spans).iter().flatten().map(shown).collect()
}

#[test]
fn every_case_is_right() {
    let cases = cases(include_str!("linking_cases.txt"));
    assert!(cases.len() >= 40);
    let wrong: Vec<String> = cases
        .iter()
        .map(|case| (case, found(case)))
        .filter(|(case, found)| *found != case.want)
        .map(|(case, found)| format!("{}\n  wanted {:?}\n  found  {found:?}", case.name, case.want))
        .collect();
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn a_source_without_a_name_is_of_its_article_alone() {
    let (text, spans) = marked("[c|According to] [s|a report], [t|the dam is safe]. [s|Officials] [c|agreed].");
    let article = Article { id: "lake".into(), text, ..Article::default() };
    let sentences = segment(&article).sentences;
    let rows = attribute(&article, &sentences, &spans);
    let ids: Vec<&str> =
        rows.iter().flatten().filter_map(|found| found.entity.as_ref()).map(|e| e.id.as_str()).collect();
    assert_eq!(ids, ["report@lake", "officials"]);
}

proptest! {
    /// Whatever the text and the spans: no panic, one list a sentence, and spans as they were.
    #[test]
    fn any_spans_go_through(
        text in "(said|by|of|and|who|the|Mrs\\.|Ann|Lee|Ministry|he|“|”|\"|''|,|\\.|\n\n|I|é|Bank|told|quoted|'s|\\(|FAO\\)| ){0,40}",
        places in prop::collection::vec((0usize..3, 0usize..160, 0usize..40), 0..12),
    ) {
        let article = Article { id: "a".into(), text: text.clone(), ..Article::default() };
        let sentences = segment(&article).sentences;
        let mut spans = Spans::default();
        let mut count = 0;
        for (role, start, length) in places {
            let span = Span::new(start, start + length);
            let whole = text.is_char_boundary(span.start) && text.is_char_boundary(span.end) && span.end <= text.len();
            if whole && length > 0 {
                let list = [&mut spans.source, &mut spans.cue, &mut spans.content];
                list.into_iter().nth(role).unwrap().push(span);
                count += 1;
            }
        }
        for list in [&mut spans.source, &mut spans.cue, &mut spans.content] {
            list.sort_unstable();
        }
        let rows = attribute(&article, &sentences, &spans);
        prop_assert_eq!(rows.len(), sentences.len());
        prop_assert!(rows.iter().flatten().count() <= count);
        for part in rows.iter().flatten().flat_map(|found| [&found.source, &found.cue, &found.content]).flatten() {
            prop_assert_eq!(&part.text, part.span().of(&text));
        }
    }
}
