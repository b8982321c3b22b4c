//! The source of each attribution, and through whom it speaks.

use super::kind::kind_of_name;
use super::lexicon;
use super::mention;
use super::name::normalised_id;
use super::pair::{Link, Page};
use super::reader::{Found, quotation};
use super::words::{Break, words};
use crate::article::{Article, Span};
use crate::label::{Entity, SourceKind};
use std::collections::HashMap;

/// Who speaks, and through whom, the nearest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Who {
    pub(super) entity: Option<Entity>,
    pub(super) via: Vec<Entity>,
}

/// How deep attributions may stand in one another.
const DEPTH: usize = 4;

/// The source of each link, and through whom it speaks.
pub(super) fn resolve(
    article: &Article,
    page: &Page,
    links: &[Link],
    found: &Found,
    entities: &[Option<Entity>],
) -> Vec<Who> {
    let own = article.source.as_deref().map(normalised_id);
    let of_span = |span: Option<Span>| -> Option<Entity> {
        let mut entity = entities.get(*found.of_span.get(&span?)?)?.clone()?;
        // The article's own outlet, whatever it is called.
        if own.as_deref() == Some(entity.id.as_str()) {
            entity.kind = SourceKind::Outlet;
        }
        Some(entity)
    };
    let contents = Contents::of(page, links);
    let outer: Vec<Option<usize>> = (0..links.len()).map(|at| contents.outer(links, at)).collect();
    let mut who: Vec<Who> = links.iter().map(|link| Who { entity: of_span(link.source), via: Vec::new() }).collect();
    // "I" within a quotation is who speaks there, who may be "I" again.
    for _ in 0..DEPTH {
        for at in 0..links.len() {
            if who[at].entity.is_some() || !links[at].source.is_some_and(|span| found.speakers.contains(&span)) {
                continue;
            }
            let speaker = outer[at].or_else(|| contents.same_quotation(page, links, at));
            who[at].entity = speaker.and_then(|speaker| who[speaker].entity.clone());
        }
        for (at, link) in links.iter().enumerate() {
            if let (None, Some(before)) = (&who[at].entity, link.follows) {
                who[at].entity = who[before].entity.clone();
            }
        }
    }
    let direct: Vec<Option<Entity>> = who.iter().map(|who| who.entity.clone()).collect();
    for (at, link) in links.iter().enumerate() {
        let mut chain: Vec<Entity> = Vec::new();
        chain.extend(of_span(link.channel));
        chain.extend(link.cue.and_then(|cue| told(page.text, cue)).filter(|outlet| Some(&outlet.id) != own.as_ref()));
        let mut next = outer[at];
        for _ in 0..DEPTH {
            let Some(outer_link) = next else { break };
            chain.extend(direct[outer_link].clone());
            next = outer[outer_link];
        }
        let mut seen = vec![direct[at].clone()];
        chain.retain(|entity| {
            let new = !seen.contains(&Some(entity.clone()));
            seen.push(Some(entity.clone()));
            new
        });
        if direct[at].is_some() {
            who[at].via = chain;
        }
    }
    for (at, link) in links.iter().enumerate() {
        if let Some(before) = link.follows.filter(|_| who[at].via.is_empty()) {
            who[at].via = who[before].via.clone();
        }
    }
    who
}

/// Where the contents of an article's links are.
struct Contents {
    /// Contents by where they begin, with the number of their link.
    by_start: Vec<(Span, usize)>,
    /// The links in whose content a quotation begins, by quotation.
    of_quotation: HashMap<usize, Vec<usize>>,
}

/// How many contents or links around a place are looked at, so that an article that is very
/// long, or all one quotation, takes no time that grows with the square of its length.
const AROUND: usize = 200;

impl Contents {
    fn of(page: &Page, links: &[Link]) -> Self {
        let contents = || links.iter().enumerate().filter_map(|(at, link)| Some((link.content?, at)));
        let mut by_start: Vec<(Span, usize)> = contents().collect();
        by_start.sort_by_key(|(content, at)| (content.start, *at));
        let mut of_quotation: HashMap<usize, Vec<usize>> = HashMap::new();
        for (content, at) in contents() {
            if let Some(here) = quotation(page, content) {
                of_quotation.entry(here).or_default().push(at);
            }
        }
        Self { by_start, of_quotation }
    }

    /// The attribution in whose content another stands: the shortest such content.
    fn outer(&self, links: &[Link], at: usize) -> Option<usize> {
        let link = &links[at];
        let mark = link.cue.or(link.source)?;
        let within = |(content, other): &&(Span, usize)| {
            (links[*other].cue != link.cue || links[*other].source != link.source)
                && *other != at
                && mark.end <= content.end
                && link.source.is_none_or(|source| content.start <= source.start && source.end <= content.end)
        };
        let end = self.by_start.partition_point(|(content, _)| content.start <= mark.start);
        let near = self.by_start[..end].iter().rev().take(AROUND);
        near.filter(within).min_by_key(|(content, other)| (content.len(), *other)).map(|(_, other)| *other)
    }

    /// The attribution of the quotation in which a source stands.
    fn same_quotation(&self, page: &Page, links: &[Link], at: usize) -> Option<usize> {
        let here = self.of_quotation.get(&quotation(page, links[at].source?)?)?;
        let (before, after) = here.split_at(here.partition_point(|other| *other < at));
        let other = |other: &&usize| links[**other].source != links[at].source;
        let before = before.iter().rev().take(AROUND).find(other);
        let after = after.iter().take(AROUND).find(other);
        [before, after].into_iter().flatten().min_by_key(|other| other.abs_diff(at)).copied()
    }
}

/// The outlet that was told: "told the Harbour Post", "said in an interview with CNN".
fn told(text: &str, cue: Span) -> Option<Entity> {
    let lower = cue.of(text).to_lowercase();
    let end = text.len().min(cue.end + 80);
    let end = (cue.end..=end).rev().find(|at| text.is_char_boundary(*at))?;
    let rest = words(text, Span::new(cue.end, end));
    let mut from = 0;
    if !lower.ends_with("told") {
        let interview = rest.iter().take(4).position(|word| word.text == "interview")?;
        from = interview + 1;
        if !rest.get(from).is_some_and(|word| matches!(word.text, "with" | "on")) {
            return None;
        }
        from += 1;
    }
    if rest.get(from).is_some_and(|word| word.text == "the") {
        from += 1;
    }
    let mut to = from;
    while rest.get(to).is_some_and(|word| word.capital())
        && (to == from || rest[to - 1].after == Break::None && !rest[to - 1].possessive)
    {
        to += 1;
    }
    let name = rest.get(from..to).filter(|name| !name.is_empty())?;
    let outlet = kind_of_name(name).is_some_and(|found| found.kind == SourceKind::Outlet);
    let after = rest
        .get(to)
        .is_some_and(|word| lexicon::noun(&word.lower()).is_some_and(|noun| noun.kind == SourceKind::Outlet));
    let mention = mention::read(text, name, &|_| false)?;
    (outlet || after).then(|| super::outlet(&mention.name)).flatten()
}
