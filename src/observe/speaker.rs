//! Who says something.

use crate::attribute::{Aliases, normalised_id};
use crate::label::{Attribution, Entity, SourceKind};

/// A source across articles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Speaker {
    /// The name in lower case with hyphens.
    pub id: String,
    /// The name.
    pub name: String,
    /// What sort of source it is.
    pub kind: SourceKind,
}

const PRONOUNS: &[&str] = &["he", "she", "they", "it", "we", "i", "you", "who", "him", "her", "them"];
const NOBODY: &[&str] = &[
    "official",
    "officials",
    "source",
    "sources",
    "witness",
    "witnesses",
    "resident",
    "residents",
    "people",
    "spokesman",
    "spokeswoman",
    "spokesperson",
    "diplomat",
    "diplomats",
    "lawyer",
    "lawyers",
    "neighbour",
    "neighbours",
    "man",
    "woman",
];
const MANY: &[&str] =
    &["critics", "supporters", "experts", "analysts", "scientists", "media", "activists", "economists"];

impl Speaker {
    fn named(name: &str, kind: SourceKind, aliases: &Aliases) -> Self {
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        Self::meant(&Entity { id: normalised_id(&name), name, kind }, aliases)
    }

    fn meant(entity: &Entity, aliases: &Aliases) -> Self {
        let Entity { id, name, kind } = aliases.resolve(entity);
        Self { id, name, kind }
    }

    /// The outlet that published an article.
    pub(super) fn outlet(name: &str, aliases: &Aliases) -> Self {
        Self::named(name, SourceKind::Outlet, aliases)
    }

    /// The outlet of an article that names none.
    pub(super) fn unnamed_outlet(article: &str) -> Self {
        let name = format!("publisher of {article}");
        Self { id: normalised_id(&name), name, kind: SourceKind::Outlet }
    }

    /// Who is meant by an attribution; `None` when it names nobody. Without an entity, the
    /// text of the source stands for itself.
    pub(super) fn of(attribution: &Attribution, aliases: &Aliases) -> Option<Self> {
        if let Some(entity) = &attribution.entity {
            return Some(Self::meant(entity, aliases));
        }
        let bare = bare_name(&attribution.source.as_ref()?.text);
        let words: Vec<String> = bare.split_whitespace().map(str::to_lowercase).collect();
        let last = words.iter().rev().find(|w| !is_article(w))?.as_str();
        let named =
            bare.split_whitespace().skip(usize::from(is_article(&words[0]))).any(|w| w.starts_with(char::is_uppercase));
        let kind = if words.iter().any(|w| MANY.contains(&w.as_str())) {
            SourceKind::Collective
        } else if PRONOUNS.contains(&last) || (!named && words.iter().any(|w| NOBODY.contains(&w.as_str()))) {
            SourceKind::Anonymous
        } else if named && words.len() <= 3 && !is_article(&words[0]) {
            SourceKind::Person
        } else {
            SourceKind::Organisation
        };
        Some(Self::named(bare, kind, aliases))
    }
}

/// The name in the text of a source: without a clause ("Mira Holt, who ..."), an apposition
/// ("The operator, Blue Line"), or an office before the name ("its spokesman Jon Brekke").
fn bare_name(text: &str) -> &str {
    let text = text.trim().trim_matches([',', '"', '\u{201c}', '\u{201d}']).trim();
    let clause = [" who ", " whose ", " which ", " that ", " where "].iter().filter_map(|w| text.find(w)).min();
    let text = clause.map_or(text, |at| &text[..at]).trim_end_matches([',', ' ']);
    // Where a name starts: the first word with a capital, unless it is an article.
    let name = |part: &str| {
        let mut capitals = part.split_whitespace().filter(|w| w.starts_with(char::is_uppercase));
        capitals.find(|w| !is_article(&w.to_lowercase())).and_then(|word| part.find(word))
    };
    let parts = text.split(", ").map(str::trim);
    let part = parts.clone().find(|p| name(p).is_some()).or(parts.clone().next()).unwrap_or(text);
    let named = match name(part) {
        // "The Harbour Board" keeps its article, "its spokesman Jon Brekke" not its office.
        Some(at) if !part.starts_with(char::is_uppercase) => &part[at..],
        _ => part,
    };
    named.strip_suffix("'s").or_else(|| named.strip_suffix("\u{2019}s")).unwrap_or(named)
}

fn is_article(word: &str) -> bool {
    matches!(word, "the" | "a" | "an")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::TextSpan;

    fn kind(text: &str) -> SourceKind {
        let source = Some(TextSpan { text: text.into(), start: 0, end: text.len() });
        Speaker::of(&Attribution { source, ..Attribution::default() }, &Aliases::default()).unwrap().kind
    }

    #[test]
    fn without_an_entity_the_text_tells_the_kind() {
        assert_eq!(kind("officials"), SourceKind::Anonymous);
        assert_eq!(kind("She"), SourceKind::Anonymous);
        assert_eq!(kind("Rui Valadao"), SourceKind::Person);
        assert_eq!(kind("the civil protection service"), SourceKind::Organisation);
        assert_eq!(kind("critics of the plan"), SourceKind::Collective);
        for (text, name) in [
            ("Mira Holt, who had worked on the ship until January", "Mira Holt"),
            ("The operator, Blue Line,", "Blue Line"),
            ("its spokesman Jon Brekke", "Jon Brekke"),
            ("The Harbour Board", "The Harbour Board"),
            ("a farmer who was ploughing", "a farmer"),
            ("the harbour master's", "the harbour master"),
        ] {
            assert_eq!(bare_name(text), name, "{text}");
        }
    }
}
