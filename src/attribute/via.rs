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
    let outer: Vec<Option<usize>> = (0..links.len()).map(|at| outer(links, at)).collect();
    let mut who: Vec<Who> = links.iter().map(|link| Who { entity: of_span(link.source), via: Vec::new() }).collect();
    // "I" within a quotation is who speaks there, who may be "I" again.
    for _ in 0..DEPTH {
        for at in 0..links.len() {
            if who[at].entity.is_some() || !links[at].source.is_some_and(|span| found.speakers.contains(&span)) {
                continue;
            }
            let speaker = outer[at].or_else(|| same_quotation(page, links, at));
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

/// The attribution in whose content another stands: the shortest such content.
fn outer(links: &[Link], at: usize) -> Option<usize> {
    let link = &links[at];
    let mark = link.cue.or(link.source)?;
    let within = |other: &&usize| {
        let other = &links[**other];
        let content = other.content.filter(|_| other.cue != link.cue || other.source != link.source);
        content.is_some_and(|content| {
            content.start <= mark.start
                && mark.end <= content.end
                && link.source.is_none_or(|source| content.start <= source.start && source.end <= content.end)
        })
    };
    let all: Vec<usize> = (0..links.len()).filter(|other| *other != at).collect();
    all.iter().filter(within).min_by_key(|other| links[**other].content.map_or(0, |content| content.len())).copied()
}

/// The attribution of the quotation in which a source stands.
fn same_quotation(page: &Page, links: &[Link], at: usize) -> Option<usize> {
    let here = quotation(page, links[at].source?)?;
    let same = |other: &usize| {
        *other != at
            && links[*other].content.is_some_and(|content| quotation(page, content) == Some(here))
            && links[*other].source != links[at].source
    };
    (0..links.len()).filter(same).min_by_key(|other| other.abs_diff(at))
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
