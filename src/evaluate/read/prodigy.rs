//! Prodigy's JSONL: `spans` (ner.manual, spans.manual, rel.manual), or one text with a
//! `label` (textcat) or with `accept` (choice). What was not accepted has no label.
//! Offsets count Unicode characters.

use super::chars::Chars;
use super::marked::{Mark, Marked};
use super::row::{Fault, Object, scalar};
use super::{Emit, Wanted};
use serde_json::Value;

/// Gives the rows of one record.
pub(super) fn record(line: usize, record: &Object, wanted: &Wanted, emit: &mut Emit) -> Result<(), Fault> {
    let hint = "Prodigy writes `text` and `spans` with `start`, `end` and `label` (db-out)";
    let text = record.get("text").and_then(Value::as_str).ok_or_else(|| Fault::new("no `text`", hint))?;
    let meta = record.get("meta").and_then(Value::as_object);
    let find = |name: &str| record.get(name).or_else(|| meta?.get(name)).and_then(scalar);
    let article = ["article", "doc_id", "id", "_input_hash"].iter().find_map(|name| find(name));
    let annotator = ["annotator", "_annotator_id", "_session_id"].iter().find_map(|name| find(name));
    let mut fields = meta.cloned().unwrap_or_default();
    fields.extend(record.iter().map(|(name, value)| (name.clone(), value.clone())));
    fields.retain(|_, value| scalar(value).is_some());
    let article = article.unwrap_or_else(|| line.to_string());
    let accepted = record.get("answer").and_then(Value::as_str).is_none_or(|answer| answer == "accept");
    let Some(spans) = record.get("spans").and_then(Value::as_array) else {
        let chosen = record.get("accept").and_then(|all| all.get(0)).or_else(|| record.get("label"));
        let label = chosen.and_then(scalar).filter(|_| accepted);
        fields.insert("article".into(), article.into());
        fields.insert("annotator".into(), annotator.into());
        fields.insert(wanted.label.clone(), label.into());
        return emit(line, &fields);
    };
    if !accepted {
        return Ok(());
    }
    let chars = Chars::new(text);
    let key = |start: &Value, end: &Value| format!("{start}-{end}");
    let mut marked = Marked { article, text: text.into(), annotator, fields, ..Marked::default() };
    for mark in spans {
        let (start, end) = (&mark["start"], &mark["end"]);
        let span = start.as_u64().zip(end.as_u64()).and_then(|(start, end)| chars.span(start as usize, end as usize));
        let span = span.ok_or_else(|| Fault::new(format!("{start} to {end} is no span of the text"), hint))?;
        marked.spans.push(Mark { id: key(start, end), span, label: scalar(&mark["label"]).unwrap_or_default() });
    }
    for relation in record.get("relations").and_then(Value::as_array).into_iter().flatten() {
        let end = |name: &str| key(&relation[name]["start"], &relation[name]["end"]);
        marked.relations.push((end("head_span"), end("child_span")));
    }
    marked.emit(line, &wanted.label, emit)
}
