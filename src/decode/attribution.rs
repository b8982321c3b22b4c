//! Spans of source, cue and content to attributions.

use crate::article::Span;
use crate::label::{Attribution, TextSpan};

/// Spans of each role in one article, each in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spans {
    /// Who says it.
    pub source: Vec<Span>,
    /// The words that attribute.
    pub cue: Vec<Span>,
    /// What is said.
    pub content: Vec<Span>,
}

/// Puts spans together, sentence by sentence: returns for each sentence the attributions
/// that start in it.
///
/// A cue takes the nearest source of its sentence that no nearer cue takes, and every
/// content piece of its sentence to which it is the nearest cue. A content piece in a
/// sentence without a cue (a quotation that goes on) stands alone. An attribution whose
/// content is split yields one entry a piece, with the same source and cue.
pub fn attributions(text: &str, sentences: &[Span], spans: &Spans) -> Vec<Vec<Attribution>> {
    sentences.iter().map(|s| in_sentence(text, *s, spans)).collect()
}

fn in_sentence(text: &str, sentence: Span, spans: &Spans) -> Vec<Attribution> {
    let inside = |all: &[Span]| -> Vec<Span> {
        all.iter().copied().filter(|s| sentence.start <= s.start && s.start < sentence.end).collect()
    };
    let (sources, cues, contents) = (inside(&spans.source), inside(&spans.cue), inside(&spans.content));
    let source_of = nearest_pairs(&cues, &sources);
    let text_span = |s: Span| TextSpan::new(text, s);
    let mut found: Vec<(usize, Attribution)> = Vec::new();
    let mut used = vec![false; cues.len()];
    for content in &contents {
        let cue = nearest(&cues, *content);
        if let Some(c) = cue {
            used[c] = true;
        }
        let attribution = Attribution {
            source: cue.and_then(|c| source_of[c]).map(|s| text_span(sources[s])),
            cue: cue.map(|c| text_span(cues[c])),
            content: Some(text_span(*content)),
            ..Attribution::default()
        };
        found.push((content.start, attribution));
    }
    for (c, cue) in cues.iter().enumerate().filter(|(c, _)| !used[*c]) {
        let source = source_of[c].map(|s| text_span(sources[s]));
        found.push((cue.start, Attribution { source, cue: Some(text_span(*cue)), ..Attribution::default() }));
    }
    found.sort_by_key(|(start, _)| *start);
    found.into_iter().map(|(_, a)| a).collect()
}

/// Bytes between two spans; 0 when they touch or overlap.
fn gap(a: Span, b: Span) -> usize {
    a.start.saturating_sub(b.end).max(b.start.saturating_sub(a.end))
}

/// The cue nearest to a content piece; of equals, one outside the piece before one inside.
fn nearest(cues: &[Span], content: Span) -> Option<usize> {
    (0..cues.len()).min_by_key(|&c| (cues[c].overlaps(&content), gap(cues[c], content)))
}

/// Gives each cue at most one source and each source to at most one cue, nearest first.
/// A cue left without a source takes its nearest one all the same: one speaker may
/// have two cues ("she said ..., adding ...").
fn nearest_pairs(cues: &[Span], sources: &[Span]) -> Vec<Option<usize>> {
    let mut pairs: Vec<(usize, usize, usize)> = (0..cues.len())
        .flat_map(|c| (0..sources.len()).map(move |s| (c, s)))
        .map(|(c, s)| (gap(cues[c], sources[s]), c, s))
        .collect();
    pairs.sort_unstable();
    let mut of_cue = vec![None; cues.len()];
    let mut taken = vec![false; sources.len()];
    for &(_, c, s) in &pairs {
        if of_cue[c].is_none() && !taken[s] {
            of_cue[c] = Some(s);
            taken[s] = true;
        }
    }
    for &(_, c, s) in &pairs {
        of_cue[c].get_or_insert(s);
    }
    of_cue
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(text: &str, part: &str) -> Span {
        let start = text.find(part).unwrap();
        Span::new(start, start + part.len())
    }

    fn parts(a: &Attribution) -> [Option<&str>; 3] {
        [&a.source, &a.cue, &a.content].map(|s| s.as_ref().map(|s| s.text.as_str()))
    }

    #[test]
    fn pairs_cue_with_source_and_split_content() {
        let text = "\"We left,\" Ann Lee said, \"at dawn.\" Bo denied it.";
        let sentences = [find(text, "\"We left,\" Ann Lee said, \"at dawn.\""), find(text, "Bo denied it.")];
        let spans = Spans {
            source: vec![find(text, "Ann Lee"), find(text, "Bo")],
            cue: vec![find(text, "said"), find(text, "denied")],
            content: vec![find(text, "\"We left,\""), find(text, "\"at dawn.\""), find(text, "it")],
        };
        let found = attributions(text, &sentences, &spans);
        assert_eq!(parts(&found[0][0]), [Some("Ann Lee"), Some("said"), Some("\"We left,\"")]);
        assert_eq!(parts(&found[0][1]), [Some("Ann Lee"), Some("said"), Some("\"at dawn.\"")]);
        assert_eq!(parts(&found[1][0]), [Some("Bo"), Some("denied"), Some("it")]);
    }

    #[test]
    fn one_speaker_may_have_two_cues() {
        let text = "Ann said it was late, adding that it rained.";
        let spans = Spans {
            source: vec![find(text, "Ann")],
            cue: vec![find(text, "said"), find(text, "adding")],
            content: vec![find(text, "it was late"), find(text, "that it rained")],
        };
        let found = attributions(text, &[Span::new(0, text.len())], &spans);
        assert_eq!(parts(&found[0][1]), [Some("Ann"), Some("adding"), Some("that it rained")]);
    }

    #[test]
    fn a_cue_without_content_and_a_content_without_cue_stay() {
        let text = "He spoke. \"More of it.\"";
        let spans =
            Spans { source: vec![], cue: vec![find(text, "spoke")], content: vec![find(text, "\"More of it.\"")] };
        let found = attributions(text, &[Span::new(0, 9), Span::new(10, text.len())], &spans);
        assert_eq!(parts(&found[0][0]), [None, Some("spoke"), None]);
        assert_eq!(parts(&found[1][0]), [None, None, Some("\"More of it.\"")]);
    }
}
