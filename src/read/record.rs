//! From one JSON value to one article.

use super::fields::{Field, FieldMap};
use super::suggest;
use crate::article::{Article, Span};
use serde_json::Value;

/// What is wrong with a record, and what to do about it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) reason: String,
    pub(super) hint: String,
}

impl Problem {
    pub(super) fn new(reason: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { reason: reason.into(), hint: hint.into() }
    }
}

/// Builds the article; `fallback` is its id when the record has none.
pub(super) fn article(record: &Value, map: &FieldMap, fallback: impl FnOnce() -> String) -> Result<Article, Problem> {
    if !record.is_object() {
        let hint = if record.is_array() {
            "write one object a line, not one list; jq -c '.[]' takes a list apart"
        } else {
            "each line is one JSON object such as {\"id\": \"a1\", \"text\": \"...\"}"
        };
        return Err(Problem::new(format!("expected a JSON object, found {}", kind(record)), hint));
    }
    let id = id(record, map)?.unwrap_or_else(fallback);
    let given = sentences(record, map)?;
    let (text, spans) = match (string(record, map, Field::Text)?, given) {
        (Some(text), Some(given)) => {
            let spans = locate(&text, &given)?;
            (text, Some(spans))
        }
        (Some(text), None) => (text, None),
        (None, Some(given)) => {
            let (text, spans) = join(&given);
            (text, Some(spans))
        }
        (None, None) => return Err(missing(record, map)),
    };
    if text.trim().is_empty() {
        return Err(Problem::new(
            format!("\"{}\" is empty", map.path(Field::Text)),
            "leave the row out, or give it a text",
        ));
    }
    Ok(Article {
        id,
        text,
        title: string(record, map, Field::Title)?,
        source: string(record, map, Field::Source)?,
        date: string(record, map, Field::Date)?,
        url: string(record, map, Field::Url)?,
        sentences: spans,
    })
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn missing(record: &Value, map: &FieldMap) -> Problem {
    let (text, sentences) = (map.path(Field::Text), map.path(Field::Sentences));
    let hint = match suggest::similar(record, Field::Text) {
        Some(path) => format!("the row has \"{path}\"; if that is it, pass --field text={path}"),
        None => format!(
            "give each row \"{text}\" or \"{sentences}\", \
             or name the key that holds the text with --field text=KEY"
        ),
    };
    Problem::new(format!("missing field \"{text}\" (and no \"{sentences}\")"), hint)
}

fn wrong_type(record: &Value, map: &FieldMap, field: Field, wanted: &str, found: &Value) -> Problem {
    let path = map.path(field);
    let inner = found.is_object().then(|| suggest::similar(found, field)).flatten();
    let hint = match inner.or_else(|| suggest::similar(record, field).filter(|p| p != path)) {
        Some(inner) if found.is_object() && !inner.starts_with(path) => {
            format!("pass --field {}={path}.{inner}", field.name())
        }
        Some(other) => format!("pass --field {}={other} if that is it", field.name()),
        None => format!("make it {wanted}, or name another key with --field {}=KEY", field.name()),
    };
    Problem::new(format!("\"{path}\" is {}, expected {wanted}", kind(found)), hint)
}

fn string(record: &Value, map: &FieldMap, field: Field) -> Result<Option<String>, Problem> {
    match map.find(record, field) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(Value::Number(number)) if field == Field::Date => Ok(Some(number.to_string())),
        Some(other) => Err(wrong_type(record, map, field, "a string", other)),
    }
}

fn id(record: &Value, map: &FieldMap) -> Result<Option<String>, Problem> {
    match map.find(record, Field::Id) {
        None => Ok(None),
        Some(Value::String(text)) => Ok((!text.is_empty()).then(|| text.clone())),
        // A whole number that did not fit 64 bits has lost its last digits here.
        Some(Value::Number(number)) if number.as_f64().is_some_and(|x| number.is_f64() && x.abs() >= 9e15) => {
            Err(Problem::new(
                format!("\"{}\" is too large a number to keep exactly", map.path(Field::Id)),
                "write the id as a string",
            ))
        }
        Some(Value::Number(number)) => Ok(Some(number.to_string())),
        Some(other) => Err(wrong_type(record, map, Field::Id, "a string or a number", other)),
    }
}

fn sentences<'a>(record: &'a Value, map: &FieldMap) -> Result<Option<Vec<&'a str>>, Problem> {
    let path = map.path(Field::Sentences);
    let items = match map.find(record, Field::Sentences) {
        None => return Ok(None),
        Some(Value::Array(items)) if items.is_empty() => return Ok(None),
        Some(Value::Array(items)) => items,
        Some(other) => {
            return Err(wrong_type(record, map, Field::Sentences, "a list of strings", other));
        }
    };
    let one = |(index, item): (usize, &'a Value)| match item {
        Value::String(text) if text.trim().is_empty() => {
            Err(Problem::new(format!("\"{path}\"[{index}] is empty"), "leave empty sentences out"))
        }
        Value::String(text) => Ok(text.as_str()),
        other => Err(Problem::new(
            format!("\"{path}\"[{index}] is {}, expected a string", kind(other)),
            "give the sentences as a list of strings, or leave the field out and give the text",
        )),
    };
    items.iter().enumerate().map(one).collect::<Result<_, _>>().map(Some)
}

/// Sentences one below the other, with their places.
fn join(sentences: &[&str]) -> (String, Vec<Span>) {
    let mut text = String::with_capacity(sentences.iter().map(|s| s.len() + 1).sum());
    let mut spans = Vec::with_capacity(sentences.len());
    for sentence in sentences {
        if !spans.is_empty() {
            text.push('\n');
        }
        let start = text.len();
        text.push_str(sentence);
        spans.push(Span::new(start, text.len()));
    }
    (text, spans)
}

/// The places of sentences in a text, each behind the one before.
fn locate(text: &str, sentences: &[&str]) -> Result<Vec<Span>, Problem> {
    let mut from = 0;
    let mut spans = Vec::with_capacity(sentences.len());
    for (index, sentence) in sentences.iter().enumerate() {
        let rest = &text[from..];
        let found = rest
            .find(sentence)
            .map(|at| (at, sentence.len()))
            .or_else(|| rest.find(sentence.trim()).map(|at| (at, sentence.trim().len())));
        let Some((at, length)) = found else {
            let before = match index {
                0 => String::new(),
                _ => format!(" behind \"sentences\"[{}]", index - 1),
            };
            return Err(Problem::new(
                format!("\"sentences\"[{index}] ({:?}) is not in the text{before}", short(sentence)),
                "give the sentences in order, spelled as in the text, \
                 or give only one of text and sentences",
            ));
        };
        spans.push(Span::new(from + at, from + at + length));
        from += at + length;
    }
    Ok(spans)
}

fn short(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(record: Value) -> Result<Article, Problem> {
        article(&record, &FieldMap::default(), || "f:1".into())
    }

    #[test]
    fn all_fields() {
        let got = read(json!({"id": 7, "text": "A. B.", "title": "T", "source": "S",
            "date": 2024, "url": null, "other": [1]}))
        .unwrap();
        assert_eq!(got.id, "7");
        assert_eq!(got.title.as_deref(), Some("T"));
        assert_eq!(got.date.as_deref(), Some("2024"));
        assert_eq!((got.url, got.sentences), (None, None));
    }

    #[test]
    fn ids() {
        assert_eq!(read(json!({"text": "A"})).unwrap().id, "f:1");
        assert_eq!(read(json!({"id": "", "text": "A"})).unwrap().id, "f:1");
        assert_eq!(read(json!({"id": -3, "text": "A"})).unwrap().id, "-3");
        assert!(read(json!({"id": 1e20, "text": "A"})).is_err());
        assert!(read(json!({"id": [1], "text": "A"})).is_err());
    }

    #[test]
    fn sentences_are_joined_or_found() {
        let got = read(json!({"sentences": ["Aé.", "B."]})).unwrap();
        assert_eq!(got.text, "Aé.\nB.");
        assert_eq!(got.sentences.unwrap(), [Span::new(0, 4), Span::new(5, 7)]);
        let got = read(json!({"text": "x A.  A. y", "sentences": ["A.", "A. "]})).unwrap();
        assert_eq!(got.sentences.unwrap(), [Span::new(2, 4), Span::new(6, 9)]);
        let got = read(json!({"text": "A. B.", "sentences": ["A. ", "B. "]})).unwrap();
        assert_eq!(got.sentences.unwrap(), [Span::new(0, 3), Span::new(3, 5)]);
    }

    #[test]
    fn sentences_out_of_order_are_an_error() {
        let error = read(json!({"text": "A. B.", "sentences": ["B.", "A."]})).unwrap_err();
        assert!(error.reason.contains("\"sentences\"[1]"), "{error:?}");
        for bad in [json!(["A.", 1]), json!(["A.", " "]), json!("A."), json!({"a": 1})] {
            assert!(read(json!({"sentences": bad})).is_err());
        }
    }

    #[test]
    fn remedies_name_the_key() {
        let hint = |record| read(record).unwrap_err().hint;
        assert!(hint(json!({"body": "A"})).contains("--field text=body"));
        assert!(hint(json!({"text": {"plain": "A"}})).contains("--field text=text.plain"));
        let nested = json!({"text": "A", "source": {"id": 1, "name": "S"}});
        assert!(hint(nested).contains("--field source=source.name"));
        assert!(hint(json!({"text": 1, "body": "A"})).contains("--field text=body"));
        assert!(hint(json!([1])).contains("jq"));
        assert!(hint(json!({"text": "  "})).contains("leave the row out"));
    }
}
