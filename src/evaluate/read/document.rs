//! Rows of whole documents, as docs/training.md describes them: text, sentences as
//! `[start, end]` and attributions as lists of such pairs, all in characters.

use super::chars::Chars;
use super::row::{Fault, Object, scalar};
use crate::article::Span;
use serde_json::{Value, json};

const ROLES: [&str; 3] = ["source", "cue", "content"];

/// Whether a row is a document.
pub(super) fn is_document(object: &Object) -> bool {
    let lists = |value: &Value| value.as_array().is_some_and(|all| all.first().is_none_or(Value::is_array));
    object.get("sentences").is_some_and(lists) && object.contains_key("text")
}

/// The sentences of a document as rows of their own. An attribution belongs to the
/// sentence in which its first part begins; a source, cue or content in several pieces
/// gives an attribution for each.
pub(super) fn rows(object: &Object) -> Result<Vec<Object>, Fault> {
    let hint = "a document has `text`, `sentences` as [start, end] in characters, and `attributions` with \
                `source`, `cue` and `content` as lists of such pairs";
    let fault = |reason: &str| Fault::new(reason, hint);
    let text = object.get("text").and_then(Value::as_str).ok_or_else(|| fault("`text` is no string"))?;
    let id = ["article", "doc_id", "id"].iter().find_map(|name| object.get(*name).and_then(scalar));
    let id = id.ok_or_else(|| fault("no article id"))?;
    let chars = Chars::new(text);
    let span = |value: &Value| -> Result<Span, Fault> {
        let pair = value.as_array().filter(|pair| pair.len() == 2);
        let pair = pair.and_then(|pair| Some((pair[0].as_u64()? as usize, pair[1].as_u64()? as usize)));
        let pair = pair.and_then(|(start, end)| chars.span(start, end));
        pair.ok_or_else(|| fault(&format!("{value} is not a span of the text")))
    };
    let list = |name: &str| object.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let sentences = list("sentences").iter().map(span).collect::<Result<Vec<_>, _>>()?;

    let mut attributions: Vec<(usize, Value)> = Vec::new();
    for entry in list("attributions") {
        let mut parts: Vec<Vec<Option<Span>>> = Vec::new();
        for role in ROLES {
            let pieces = entry.get(role).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            let pieces = pieces.iter().map(|piece| span(piece).map(Some)).collect::<Result<Vec<_>, _>>()?;
            parts.push(if pieces.is_empty() { vec![None] } else { pieces });
        }
        for (source, cue, content) in product(&parts) {
            let Some(first) = [source, cue, content].iter().flatten().map(|span| span.start).min() else { continue };
            let part = |part: Option<Span>| {
                part.map(|span| json!({"text": span.of(text), "start": span.start, "end": span.end}))
            };
            let value = json!({"source": part(source), "cue": part(cue), "content": part(content)});
            attributions.push((first, value));
        }
    }
    let row = |(at, span): (usize, &Span)| {
        let own = attributions.iter().filter(|(first, _)| (span.start..span.end).contains(first));
        let own: Vec<&Value> = own.map(|(_, value)| value).collect();
        let mut row = object.clone();
        for name in ["sentences", "id", "doc_id"] {
            row.remove(name);
        }
        row.extend([
            ("article".into(), json!(id)),
            ("sentence".into(), json!(at)),
            ("start".into(), json!(span.start)),
            ("end".into(), json!(span.end)),
            ("text".into(), json!(span.of(text))),
            ("attributions".into(), json!(own)),
        ]);
        row
    };
    Ok(sentences.iter().enumerate().map(row).collect())
}

type Triple = (Option<Span>, Option<Span>, Option<Span>);

fn product(parts: &[Vec<Option<Span>>]) -> Vec<Triple> {
    let [sources, cues, contents] = parts else { return Vec::new() };
    let mut all = Vec::new();
    for &source in sources {
        for &cue in cues {
            all.extend(contents.iter().map(|&content| (source, cue, content)));
        }
    }
    all
}
