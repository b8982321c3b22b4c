//! Who says it: from spans of source, cue and content to attributions with their sources.
//!
//! [`attribute`] puts the spans of an article together (`pair`), reads what its words say of
//! each source (`mention`, `phrase`, `conjunction`, `grammar`, `lexicon`), finds whom names, nouns and pronouns mean
//! (`cast`, `reader`), and through whom it is said (`via`). docs/attribution.md states the
//! rules and how well they do.

mod aliases;
mod cast;
mod conjunction;
mod cue;
mod dateline;
mod entity;
mod grammar;
mod kind;
mod lexicon;
mod list;
mod mention;
mod name;
mod pair;
mod phrase;
mod quotes;
mod reader;
mod via;
mod words;

pub use aliases::{AliasError, Aliases};
pub(crate) use dateline::without_dateline;
pub use list::{Listed, Source, SourceList};
pub use name::{name_words, normalised_id};

use crate::article::{Article, Span};
use crate::decode::Spans;
use crate::label::{Attribution, Entity, SourceKind, TextSpan};
use pair::Page;

/// The attributions of an article by sentence: each in the sentence where its cue, or
/// without one its content, begins.
///
/// A content in several pieces gives one attribution a piece. An attribution without words
/// for its source has an `entity` all the same where a quotation goes on.
pub fn attribute(article: &Article, sentences: &[Span], spans: &Spans) -> Vec<Vec<Attribution>> {
    let text = &article.text;
    let mut rows = vec![Vec::new(); sentences.len()];
    if spans.source.is_empty() && spans.cue.is_empty() && spans.content.is_empty() {
        return rows;
    }
    let quotations = quotes::quotations(text);
    let page = Page { text, sentences, quotations: &quotations };
    let links = pair::pair(&page, spans);
    let found = reader::read(&page, &spans.source, &spans.content);
    let entities: Vec<Option<Entity>> = found.cast.all.iter().map(|known| known.entity(&article.id)).collect();
    let who = via::resolve(article, &page, &links, &found, &entities);
    let part = |span: Option<Span>| span.map(|span| TextSpan::new(text, span));
    for (link, who) in links.iter().zip(who) {
        rows[link.sentence].push(Attribution {
            source: part(link.source),
            cue: part(link.cue),
            content: part(link.content),
            entity: who.entity,
            via: who.via,
        });
    }
    rows
}

/// An outlet as a source, with the id that it has where an article names it.
pub fn outlet(name: &str) -> Option<Entity> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let id = normalised_id(&name);
    (!id.is_empty()).then_some(Entity { id, name, kind: SourceKind::Outlet })
}

/// What a name is, as far as its own words tell.
///
/// Returns the name without titles and what follows it ("police spokeswoman Maria Lopes, who
/// ..." gives "Maria Lopes"), or `None` where `source` names nobody.
pub fn head_name(source: &str) -> Option<String> {
    let words = words::words(source, Span::new(0, source.len()));
    let found = mention::read(source, &words, &|_| false)?;
    found.named().then_some(found.name)
}
