//! Who says it: the name under which an attribution is shown and counted.

use super::text::one_line;
use crate::label::{Attribution, SourceKind};

/// A source as reports know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Who {
    /// The same for the same source: the entity's id, else the words in lower case, without
    /// an article before them.
    pub(crate) key: String,
    /// The entity's name, else the words.
    pub(crate) name: String,
    /// What sort of source it is, where that is known.
    pub(crate) kind: Option<SourceKind>,
}

impl Who {
    /// The source of an attribution; `None` where nobody is named or meant.
    pub(crate) fn of(attribution: &Attribution) -> Option<Self> {
        if let Some(entity) = &attribution.entity {
            return Some(Self { key: entity.id.clone(), name: one_line(&entity.name), kind: Some(entity.kind) });
        }
        let name = one_line(&attribution.source.as_ref()?.text);
        (!name.is_empty()).then(|| Self { key: key(&name), name, kind: None })
    }
}

/// A name as a key.
pub(crate) fn key(name: &str) -> String {
    let name = name.to_lowercase();
    let bare = ["the ", "a ", "an "].iter().find_map(|article| name.strip_prefix(article));
    bare.unwrap_or(&name).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::{Entity, TextSpan};

    #[test]
    fn entity_first_then_words() {
        let span = TextSpan { text: "The\nMinistry".into(), start: 0, end: 12 };
        let mut said = Attribution { source: Some(span), ..Attribution::default() };
        let who = Who::of(&said).unwrap();
        assert_eq!((who.key.as_str(), who.name.as_str()), ("ministry", "The Ministry"));
        let kind = SourceKind::Government;
        said.entity = Some(Entity { id: "ministry-of-health".into(), name: "Ministry of Health".into(), kind });
        assert_eq!(Who::of(&said).unwrap().key, "ministry-of-health");
        assert_eq!(Who::of(&Attribution::default()), None);
    }
}
