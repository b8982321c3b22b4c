//! Spans put together: which source and content a cue has.

use super::cue::{self, Side};
use super::quotes::{around, first_letter};
use crate::article::Span;
use crate::decode::Spans;
use std::collections::{BTreeMap, HashMap};

/// One attribution, as places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) source: Option<Span>,
    pub(super) cue: Option<Span>,
    pub(super) content: Option<Span>,
    /// Who passes it on, where he is named beside the source.
    pub(super) channel: Option<Span>,
    /// The sentence in which the cue, or else the content, begins.
    pub(super) sentence: usize,
    /// The link whose source speaks here too: a quotation that goes on.
    pub(super) follows: Option<usize>,
    /// Whether the text means nobody: "is expected".
    pub(super) nobody: bool,
}

/// An article's text, sentences and quotations.
pub(super) struct Page<'a> {
    pub(super) text: &'a str,
    pub(super) sentences: &'a [Span],
    pub(super) quotations: &'a [Span],
}

impl Page<'_> {
    /// The sentence of the first letter of `span`.
    pub(super) fn sentence(&self, span: Span) -> Option<usize> {
        let at = first_letter(self.text, span);
        let next = self.sentences.partition_point(|sentence| sentence.end <= at);
        (next < self.sentences.len()).then_some(next)
    }
}

/// Puts the spans of an article together, in the order of the text.
pub(super) fn pair(page: &Page, spans: &Spans) -> Vec<Link> {
    let by_sentence = |all: &[Span]| {
        let mut found = vec![Vec::new(); page.sentences.len()];
        for span in all {
            if let Some(at) = page.sentence(*span) {
                found[at].push(*span);
            }
        }
        found
    };
    let (sources, cues, contents) = (by_sentence(&spans.source), by_sentence(&spans.cue), by_sentence(&spans.content));
    let mut links: Vec<Link> = Vec::new();
    let mut taken: Vec<Vec<Span>> = vec![Vec::new(); page.sentences.len()];
    for (at, begun) in contents.iter().enumerate() {
        let borrowed = borrowed(page, at, &sources, &cues[at]);
        let mut own = std::mem::take(&mut taken[at]);
        for content in begun {
            match later(page, *content, at, &cues) {
                Some(cue) if cue > at => taken[cue].push(*content),
                _ => own.push(*content),
            }
        }
        own.sort_unstable();
        let sources = borrowed.as_ref().unwrap_or(&sources[at]);
        for [sources, cues, contents] in stretches(page.sentences[at], [sources, &cues[at], &own]) {
            sentence(page, at, &sources, &cues, &contents, &mut links);
        }
    }
    links.sort_by_key(|link| (link.sentence, link.content.or(link.cue).map(|span| span.start)));
    follow(page, &mut links);
    links
}

/// Bytes of a sentence that are looked at together.
const STRETCH: usize = 2000;

/// The spans of a sentence in pieces: one, but for a sentence that is longer than any that is
/// written, whose spans would otherwise be compared each with each.
fn stretches(sentence: Span, spans: [&[Span]; 3]) -> Vec<[Vec<Span>; 3]> {
    let place = |span: &Span| span.start.saturating_sub(sentence.start) / STRETCH;
    let mut found: BTreeMap<usize, [Vec<Span>; 3]> = BTreeMap::new();
    for (role, all) in spans.into_iter().enumerate() {
        for span in all {
            let at = if sentence.len() > 2 * STRETCH { place(span) } else { 0 };
            found.entry(at).or_default()[role].push(*span);
        }
    }
    found.into_values().collect()
}

/// The last source of the sentence before, for a cue that goes on in lower case where an
/// abbreviation has split the sentence: "Rep. Lee (D-Mo.)" "said".
fn borrowed(page: &Page, at: usize, sources: &[Vec<Span>], cues: &[Span]) -> Option<Vec<Span>> {
    let goes_on = page.sentences[at].of(page.text).trim_start().starts_with(char::is_lowercase);
    let last = sources.get(at.checked_sub(1)?)?.last()?;
    (goes_on && sources[at].is_empty() && !cues.is_empty()).then(|| vec![*last])
}

/// The later sentence whose cue a content without one of its own leads up to:
/// `"One. Two," she said.`
fn later(page: &Page, content: Span, at: usize, cues: &[Vec<Span>]) -> Option<usize> {
    if !cues[at].is_empty() {
        return None;
    }
    let last = page.sentences.partition_point(|sentence| sentence.end < content.end).min(page.sentences.len() - 1);
    (at + 1..=last).find(|&next| cues[next].iter().any(|cue| gap(*cue, content) <= NEAR))
}

/// Bytes between a quotation and the words that attribute it, a source between them counted in.
const NEAR: usize = 60;

fn sentence(page: &Page, at: usize, sources: &[Span], cues: &[Span], contents: &[Span], links: &mut Vec<Link>) {
    let sides: Vec<Side> = cues.iter().map(|cue| cue::side(cue.of(page.text))).collect();
    let given = assign(page, sources, cues, &sides, contents);
    let mut used = vec![false; cues.len()];
    let link = |cue: Option<usize>, content: Option<Span>| {
        let (source, channel) = cue.map_or((None, None), |cue| given[cue]);
        Link {
            source,
            channel,
            cue: cue.map(|cue| cues[cue]),
            content,
            sentence: at,
            follows: None,
            nobody: cue.is_some_and(|cue| source.is_none() && sides[cue] == Side::Nobody),
        }
    };
    for content in contents {
        let cue = cue_of(page, cues, *content);
        if let Some(cue) = cue {
            used[cue] = true;
        }
        let mut found = link(cue, Some(*content));
        // "Clinton: 'No.'": a source that says without a cue.
        if let (None, [only]) = (cue, sources)
            && !only.overlaps(content)
        {
            found.source = Some(*only);
        }
        links.push(found);
    }
    links.extend((0..cues.len()).filter(|cue| !used[*cue]).map(|cue| link(Some(cue), None)));
}

/// Bytes between two spans; 0 when they touch or overlap.
fn gap(a: Span, b: Span) -> usize {
    a.start.saturating_sub(b.end).max(b.start.saturating_sub(a.end))
}

/// The cue of a content: the nearest outside it, where "that" and what follows a colon
/// belong to the cue before them.
fn cue_of(page: &Page, cues: &[Span], content: Span) -> Option<usize> {
    let clause = {
        let lower: String = content.of(page.text).chars().take(5).collect::<String>().to_lowercase();
        lower.starts_with("that ") || lower.starts_with("to ")
    };
    (0..cues.len()).min_by_key(|&at| {
        let cue = cues[at];
        let wrong = clause && cue.start >= content.end;
        (cue.overlaps(&content), gap(cue, content) + if wrong { 200 } else { 0 })
    })
}

type Given = (Option<Span>, Option<Span>);

/// The source, and him who passes it on, of each cue.
fn assign(page: &Page, sources: &[Span], cues: &[Span], sides: &[Side], contents: &[Span]) -> Vec<Given> {
    let cost = |cue: usize, source: usize| cost(page, cues, cue, sides[cue], sources[source], contents);
    let mut pairs: Vec<(usize, usize, usize)> = (0..cues.len())
        .flat_map(|cue| (0..sources.len()).map(move |source| (cue, source)))
        .filter_map(|(cue, source)| Some((cost(cue, source)?, cue, source)))
        .collect();
    pairs.sort_unstable();
    let mut of_cue: Vec<Option<usize>> = vec![None; cues.len()];
    let mut taken = vec![false; sources.len()];
    for &(_, cue, source) in &pairs {
        if of_cue[cue].is_none() && !taken[source] {
            of_cue[cue] = Some(source);
            taken[source] = true;
        }
    }
    // One speaker may have several cues: "she said ..., adding ...".
    for &(_, cue, source) in &pairs {
        of_cue[cue].get_or_insert(source);
    }
    let channel = |cue: usize, source: usize| match sides[cue] {
        Side::Quotes => sources[..source].iter().rev().find(|other| other.end <= cues[cue].start).copied(),
        Side::Quoted => sources[source + 1..].iter().find(|other| by(page.text, cues[cue], **other)).copied(),
        _ => None,
    };
    let given = |(cue, source): (usize, &Option<usize>)| match *source {
        None => (None, None),
        // "The paper quoted him" may have no source but the paper.
        Some(source) => (Some(sources[source]), channel(cue, source)),
    };
    of_cue.iter().enumerate().map(given).collect()
}

/// Whether "by" stands between a cue, or within it, and what follows it.
fn by(text: &str, cue: Span, source: Span) -> bool {
    let between = Span::new(cue.start, source.start.max(cue.start)).of(text);
    source.start >= cue.start
        && ["by", " by the", " by a", " by an"].iter().any(|end| between.trim_end().ends_with(end))
}

/// What it costs, in bytes of distance, that `source` is who speaks by a cue; `None` where
/// it cannot be.
fn cost(page: &Page, cues: &[Span], cue: usize, side: Side, source: Span, contents: &[Span]) -> Option<usize> {
    let this = cues[cue];
    let follows = source.start >= this.end;
    let agent = follows && by(page.text, this, source);
    let order = match side {
        Side::Nobody if agent => 0,
        Side::Nobody => return None,
        Side::After if follows => 0,
        Side::After => 120,
        Side::Quotes if follows => 0,
        Side::Quotes => 60,
        Side::Quoted if agent => 200,
        Side::Quoted if follows => 60,
        Side::Any if follows && !inverted(page, this, contents) => 20,
        Side::Any if follows && source.start <= this.end + 2 => 0,
        Side::Any if follows => 20,
        Side::Quoted | Side::Any => 0,
    };
    let (low, high) = (this.end.min(source.end), this.start.max(source.start));
    let between = cues.iter().filter(|other| low <= other.start && other.end <= high).count();
    let apart = contents.iter().filter(|content| inside(source, **content) != inside(this, **content)).count();
    Some(gap(this, source) + order + 15 * between + 30 * apart)
}

fn inside(span: Span, content: Span) -> bool {
    content.start <= span.start && span.end <= content.end
}

/// Whether a content ends right before the cue: `"No," said Ann`.
fn inverted(page: &Page, cue: Span, contents: &[Span]) -> bool {
    contents.iter().any(|content| {
        content.end <= cue.start && !Span::new(content.end, cue.start).of(page.text).contains(char::is_alphanumeric)
    })
}

/// Finds for each content without cue and source the link that it goes on.
fn follow(page: &Page, links: &mut [Link]) {
    let quoted: Vec<Option<usize>> =
        links.iter().map(|link| link.content.and_then(|content| around(page.quotations, page.text, content))).collect();
    // The next link that speaks in the same quotation, and later the last one.
    let (mut next, mut near) = (vec![None; links.len()], HashMap::new());
    for (at, link) in links.iter().enumerate().rev() {
        let Some(quotation) = quoted[at] else { continue };
        next[at] = near.get(&quotation).copied();
        if speaks(link) {
            near.insert(quotation, at);
        }
    }
    near.clear();
    for at in 0..links.len() {
        let Some(quotation) = quoted[at] else { continue };
        if speaks(&links[at]) {
            near.insert(quotation, at);
        }
        let link = &links[at];
        let Some(content) = link.content.filter(|_| link.cue.is_none() && link.source.is_none()) else { continue };
        let outside = |other: &usize| links[*other].content.is_some_and(|other| !inside(other, content));
        let before = || (0..at).rev().take(BACK).find(outside);
        let next_to = |other: &usize| {
            let other = &links[*other];
            let last = other.content.map_or(other.sentence, |span| last_sentence(page, span)).max(other.sentence);
            link.sentence <= last + 1 && speaks_here(page, other, content)
        };
        let same = [near.get(&quotation).copied(), next[at]].into_iter().flatten();
        let found = same
            .min_by_key(|other| other.abs_diff(at))
            .or_else(|| before().filter(next_to).filter(|other| speaks(&links[*other])))
            .or_else(|| ahead(page, links, at, &quoted));
        links[at].follows = found;
        if speaks(&links[at]) {
            near.insert(quotation, at);
        }
    }
}

/// How many links back the content before another is looked for.
const BACK: usize = 200;

/// Whether a link says who speaks.
const fn speaks(link: &Link) -> bool {
    link.content.is_some() && !link.nobody && (link.source.is_some() || link.follows.is_some())
}

/// The last sentence that a span touches.
fn last_sentence(page: &Page, span: Span) -> usize {
    page.sentences.partition_point(|sentence| sentence.start < span.end).saturating_sub(1)
}

/// Whether nothing but quotations stands between a link and a content after it, but for the
/// words that attribute the link.
fn speaks_here(page: &Page, link: &Link, content: Span) -> bool {
    let end = [link.content, link.cue, link.source].iter().flatten().map(|span| span.end).max().unwrap_or(0);
    end <= content.start || link.sentence < page.sentence(content).unwrap_or(0)
}

/// The next link, where its quotation follows at once and is the same speech:
/// `"One." "Two," she said.`
fn ahead(page: &Page, links: &[Link], at: usize, quoted: &[Option<usize>]) -> Option<usize> {
    quoted[at]?;
    let content = links[at].content?;
    let next = (at + 1..links.len()).find(|next| links[*next].content.is_some())?;
    let start = links[next].content?.start;
    let letters = Span::new(content.end, start.max(content.end)).of(page.text).contains(char::is_alphanumeric);
    (quoted[next].is_some() && !letters && links[next].source.is_some() && links[next].cue.is_some()).then_some(next)
}
