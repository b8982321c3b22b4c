//! The places of a row's attributions, and the names of their sources.

use super::row::Fault;
use crate::article::Span;
use crate::evaluate::said::Said;
use serde::Deserialize;
use serde_json::Value;

/// The three parts of an attribution, in the order of [`Places`].
pub(crate) const ROLES: [&str; 3] = ["source", "cue", "content"];

/// Spans of each role, in the order of [`ROLES`].
pub(crate) type Places = [Vec<Span>; 3];

#[derive(Deserialize)]
struct Parts {
    source: Option<Words>,
    cue: Option<Span>,
    content: Option<Span>,
    entity: Option<Meant>,
}

#[derive(Deserialize)]
struct Words {
    #[serde(flatten)]
    span: Span,
    text: Option<String>,
}

#[derive(Deserialize)]
struct Meant {
    name: Option<String>,
}

/// Reads the field `attributions`; absent or null is `None`.
pub(crate) fn places(field: Option<&Value>) -> Result<Option<(Places, Vec<Said>)>, Fault> {
    let Some(value) = field.filter(|value| !value.is_null()) else { return Ok(None) };
    let attributions = Vec::<Parts>::deserialize(value).map_err(|error| Fault {
        reason: format!("bad `attributions`: {error}"),
        hint: "a list of objects with `source`, `cue` and `content`, each null or with byte offsets `start` and `end`"
            .into(),
    })?;
    let mut places = Places::default();
    let mut all = Vec::with_capacity(attributions.len());
    for Parts { source, cue, content, entity } in attributions {
        let said = Said {
            source: source.as_ref().map(|words| words.span),
            cue,
            content,
            words: source.and_then(|words| words.text).map(Into::into),
            entity: entity.and_then(|meant| meant.name).map(Into::into),
        };
        for (role, span) in [said.source, cue, content].into_iter().enumerate() {
            let Some(span) = span else { continue };
            if span.start >= span.end {
                return Err(Fault {
                    reason: format!("{} from {} to {} is empty", ROLES[role], span.start, span.end),
                    hint: "offsets are bytes, and `end` is one past the last".into(),
                });
            }
            places[role].push(span);
        }
        all.push(said);
    }
    Ok(Some((places, all)))
}
