//! doccano's JSONL exports: sequence labelling (`label` or `labels` as [start, end,
//! label], or `entities` and `relations`), and text classification (`label` as a list of
//! names). Offsets count Unicode characters.

use super::chars::Chars;
use super::marked::{Mark, Marked};
use super::row::{Fault, Object, scalar};
use super::{Emit, Wanted};
use serde_json::Value;

/// Gives the rows of one record.
pub(super) fn record(line: usize, record: &Object, wanted: &Wanted, emit: &mut Emit) -> Result<(), Fault> {
    let hint = "doccano writes `text` and, in `label`, [start, end, name] or names";
    let text = record.get("text").or_else(|| record.get("data")).and_then(Value::as_str);
    let text = text.ok_or_else(|| Fault::new("no `text`", hint))?;
    let name = ["article", "doc_id"].iter().find_map(|name| record.get(*name).and_then(scalar));
    let article = name.or_else(|| record.get("id").and_then(scalar)).unwrap_or_else(|| line.to_string());
    let mut fields = record.clone();
    fields.retain(|_, value| scalar(value).is_some());
    let annotator = ["annotator", "username", "user"].iter().find_map(|name| record.get(*name).and_then(scalar));
    let mut marked = Marked { article, text: text.into(), annotator, fields, ..Marked::default() };
    let chars = Chars::new(text);
    let mut mark = |id: String, start: &Value, end: &Value, label: &Value| {
        let span = start.as_u64().zip(end.as_u64()).and_then(|(start, end)| chars.span(start as usize, end as usize));
        let span = span.ok_or_else(|| Fault::new(format!("{start} to {end} is no span of the text"), hint))?;
        marked.spans.push(Mark { id, span, label: scalar(label).unwrap_or_default() });
        Ok::<(), Fault>(())
    };
    let list = |name: &str| record.get(name).and_then(Value::as_array);
    let labels = list(&wanted.label).or_else(|| list("label")).or_else(|| list("labels"));
    let mut choice = None;
    for (at, label) in labels.into_iter().flatten().enumerate() {
        match label {
            Value::Array(parts) if parts.len() == 3 => mark(at.to_string(), &parts[0], &parts[1], &parts[2])?,
            other => choice = choice.or_else(|| scalar(other)),
        }
    }
    for entity in list("entities").into_iter().flatten() {
        let id = scalar(&entity["id"]).unwrap_or_default();
        mark(id, &entity["start_offset"], &entity["end_offset"], &entity["label"])?;
    }
    for relation in list("relations").into_iter().flatten() {
        let end = |name: &str| scalar(&relation[name]).unwrap_or_default();
        marked.relations.push((end("from_id"), end("to_id")));
    }
    if let Some(label) = choice {
        let mut row = std::mem::take(&mut marked.fields);
        row.insert("article".into(), marked.article.into());
        row.insert("annotator".into(), marked.annotator.into());
        row.insert(wanted.label.clone(), label.into());
        return emit(line, &row);
    }
    marked.emit(line, &wanted.label, emit)
}
