//! Label Studio's JSON and JSON-MIN exports, and its task format: a list of tasks.
//!
//! A task is an article whose spans are labelled (`type: labels`), or a sentence that got
//! a choice (`type: choices`). Offsets count Unicode characters since 2021, UTF-16 units
//! before; the span's own text tells which.

use super::chars::Chars;
use super::marked::{Mark, Marked};
use super::row::{Fault, Object, scalar};
use super::{Emit, Wanted};
use crate::article::Span;
use serde_json::Value;

/// Gives the rows of one task.
pub(super) fn task(number: usize, task: &Object, wanted: &Wanted, emit: &mut Emit) -> Result<(), Fault> {
    let data = task.get("data").and_then(Value::as_object).unwrap_or(task);
    let text = data.get("text").and_then(Value::as_str).ok_or_else(|| {
        Fault::new("a task without `data.text`", "the project's text must be in the field `text` of its tasks")
    })?;
    let article = ["article", "doc_id", "id"].iter().find_map(|name| data.get(*name).and_then(scalar));
    let article = article.or_else(|| task.get("id").and_then(scalar)).unwrap_or_else(|| number.to_string());
    let base = |annotator: Option<String>| {
        let mut fields = data.clone();
        fields.retain(|_, value| scalar(value).is_some());
        Marked { article: article.clone(), text: text.into(), annotator, fields, ..Marked::default() }
    };
    let Some(annotations) = task.get("annotations").or_else(|| task.get("completions")).and_then(Value::as_array)
    else {
        return short(number, task, base(task.get("annotator").and_then(scalar)), wanted, emit);
    };
    let several = annotations.len() > 1;
    for annotation in annotations.iter().filter(|a| a["was_cancelled"] != Value::Bool(true)) {
        let by = &annotation["completed_by"];
        let by = scalar(by).or_else(|| scalar(&by["email"])).or_else(|| scalar(&by["id"]));
        let by = by.or_else(|| several.then(|| annotation["id"].to_string()));
        let mut marked = base(by);
        let results = annotation["result"].as_array().map(Vec::as_slice).unwrap_or_default();
        let mut choice = None;
        for result in results {
            let value = &result["value"];
            match result["type"].as_str() {
                Some("choices") => choice = value["choices"].get(0).and_then(scalar),
                Some("labels") => {
                    let label = value["labels"].get(0).and_then(scalar).unwrap_or_default();
                    let id = scalar(&result["id"]).unwrap_or_default();
                    marked.spans.push(Mark { id, span: span(text, value)?, label });
                }
                Some("relation") => {
                    let end = |name: &str| scalar(&result[name]).unwrap_or_default();
                    marked.relations.push((end("from_id"), end("to_id")));
                }
                _ => {}
            }
        }
        finish(number, marked, choice, wanted, emit)?;
    }
    Ok(())
}

/// A task of JSON-MIN: the result is in the field `label`.
fn short(number: usize, task: &Object, mut marked: Marked, wanted: &Wanted, emit: &mut Emit) -> Result<(), Fault> {
    let given = task.get(&wanted.label);
    for (at, value) in given.and_then(Value::as_array).into_iter().flatten().enumerate() {
        let label = value["labels"].get(0).and_then(scalar).unwrap_or_default();
        marked.spans.push(Mark { id: at.to_string(), span: span(&marked.text, value)?, label });
    }
    finish(number, marked, given.and_then(scalar), wanted, emit)
}

fn finish(
    number: usize,
    mut marked: Marked,
    choice: Option<String>,
    wanted: &Wanted,
    emit: &mut Emit,
) -> Result<(), Fault> {
    if let Some(label) = choice {
        // The task is a sentence: its place, if any, is among the fields.
        let mut row = std::mem::take(&mut marked.fields);
        row.insert("article".into(), marked.article.into());
        row.insert("text".into(), marked.text.into());
        row.insert("annotator".into(), marked.annotator.into());
        row.insert(wanted.label.clone(), label.into());
        return emit(number, &row);
    }
    marked.emit(number, &wanted.label, emit)
}

fn span(text: &str, value: &Value) -> Result<Span, Fault> {
    let chars = Chars::new(text);
    let (start, end) = (value["start"].as_u64().map(|n| n as usize), value["end"].as_u64().map(|n| n as usize));
    let (Some(start), Some(end)) = (start, end) else {
        return Err(Fault::new(format!("a span without `start` and `end`: {value}"), "export the project as JSON"));
    };
    let fits = |span: &Span| value["text"].as_str().is_none_or(|own| span.of(text) == own);
    let (points, units) = (chars.span(start, end), chars.utf16(start, end));
    points.filter(fits).or(units.filter(fits)).or(points).ok_or_else(|| {
        Fault::new(
            format!("a span from {start} to {end} is not in the text"),
            "was the text changed after the annotation?",
        )
    })
}
