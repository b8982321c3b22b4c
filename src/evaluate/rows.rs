//! Rows of gold and prediction files: JSON lines, plain or gzipped.

use super::places::{Places, places};
use super::{EvaluateError, Options};
use crate::article::Span;
use flate2::bufread::MultiGzDecoder;
use serde_json::{Map, Value};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

type Object = Map<String, Value>;

/// One sentence of a gold or prediction file.
#[derive(Debug, Default)]
pub(super) struct Row {
    /// Line of the file, from 1.
    pub(super) line: usize,
    /// The article's id.
    pub(super) article: String,
    /// Position in the article as given in the field `sentence`.
    pub(super) sentence: Option<usize>,
    /// Place in the article's text.
    pub(super) span: Option<Span>,
    /// The sentence; empty when the row has none.
    pub(super) text: String,
    /// The label, when it has one.
    pub(super) label: Option<String>,
    /// Names in the field `probabilities`: the labels that the model knows.
    pub(super) classes: Vec<String>,
    /// Whether the row passes [`Options::only`].
    pub(super) kept: bool,
    /// Attribution spans; `None` when the row does not speak of attributions.
    pub(super) places: Option<Places>,
}

/// The rows of a gold file; filtered rows are kept and marked.
pub(super) fn read_gold(path: &Path, options: &Options) -> Result<Vec<Row>, EvaluateError> {
    let field = options.label_field.as_str();
    let mut seen_field = false;
    let rows = read(path, |object| {
        seen_field |= object.contains_key(field);
        let mut row = row(object, field)?;
        row.kept = options
            .only
            .iter()
            .all(|(name, value)| object.get(name).and_then(scalar).is_some_and(|given| given == *value));
        Ok(row)
    })?;
    let empty = |reason: String, hint: &str| EvaluateError::Empty { path: path.into(), reason, hint: hint.into() };
    if rows.is_empty() {
        return Err(empty("no rows".into(), "gold is one JSON object a line, each with a sentence and its label"));
    }
    if !seen_field && rows.iter().all(|row| row.places.is_none()) {
        return Err(empty(format!("no row has a field `{field}`"), "name the field that holds the gold label"));
    }
    if !rows.iter().any(|row| row.kept) {
        let wanted: Vec<String> = options.only.iter().map(|(name, value)| format!("{name}={value}")).collect();
        return Err(empty(
            format!("no row has {}", wanted.join(" and ")),
            "values are compared as JSON text: true, 1, dev; check the field's name and value",
        ));
    }
    if !rows.iter().any(|row| row.kept && (row.label.is_some() || row.places.is_some())) {
        return Err(empty(
            format!("no row to count: `{field}` is null or absent in every row"),
            "label some rows, or name another field for the gold label",
        ));
    }
    Ok(rows)
}

/// The rows of a prediction file; each must have a label.
pub(super) fn read_predictions(path: &Path) -> Result<Vec<Row>, EvaluateError> {
    let rows = read(path, |object| {
        let mut row = row(object, "label")?;
        row.kept = true;
        match row.label {
            Some(_) => Ok(row),
            None => Err((
                "a prediction without `label`",
                "predictions are rows as veracity writes them; are gold and predictions the wrong way round?",
            )
                .into()),
        }
    })?;
    if rows.is_empty() {
        return Err(EvaluateError::Empty {
            path: path.into(),
            reason: "no rows".into(),
            hint: "label the gold file's articles first, and give that output".into(),
        });
    }
    Ok(rows)
}

/// What is wrong with a row, and the remedy.
pub(super) struct Fault {
    pub(super) reason: String,
    pub(super) hint: String,
}

impl From<(&str, &str)> for Fault {
    fn from((reason, hint): (&str, &str)) -> Self {
        Self { reason: reason.into(), hint: hint.into() }
    }
}

fn read(path: &Path, mut parse: impl FnMut(&Object) -> Result<Row, Fault>) -> Result<Vec<Row>, EvaluateError> {
    let io = |error| EvaluateError::Io { path: path.into(), error };
    let mut plain = BufReader::new(File::open(path).map_err(io)?);
    let zipped = plain.fill_buf().map_err(io)?.starts_with(&[0x1f, 0x8b]);
    let mut lines: Box<dyn BufRead> =
        if zipped { Box::new(BufReader::new(MultiGzDecoder::new(plain))) } else { Box::new(plain) };

    let mut rows = Vec::new();
    let mut bytes = Vec::new();
    let mut line = 0;
    while lines.read_until(b'\n', &mut bytes).map_err(io)? > 0 {
        line += 1;
        let record = bytes.strip_prefix(b"\xef\xbb\xbf".as_slice()).filter(|_| line == 1).unwrap_or(&bytes);
        if !record.trim_ascii().is_empty() {
            let parsed = serde_json::from_slice::<Object>(record)
                .map_err(|error| Fault {
                    reason: format!("not a JSON object: {error}"),
                    hint: "write one JSON object a line (JSON Lines)".into(),
                })
                .and_then(|object| parse(&object));
            let row = parsed.map_err(|Fault { reason, hint }| EvaluateError::Row {
                path: path.into(),
                line,
                reason,
                hint,
            })?;
            rows.push(Row { line, ..row });
        }
        bytes.clear();
    }
    Ok(rows)
}

fn row(object: &Object, label_field: &str) -> Result<Row, Fault> {
    let article = ["article", "doc_id", "id"].iter().find_map(|name| object.get(*name).and_then(scalar));
    let article = article.ok_or(("no article id", "name the row's article in `article` or `doc_id`"))?;
    let span = match (number(object, "start"), number(object, "end")) {
        (Some(start), Some(end)) if start < end => Some(Span::new(start, end)),
        (Some(_), Some(_)) => {
            return Err(("`end` is not after `start`", "offsets are bytes, and `end` is one past the last").into());
        }
        _ => None,
    };
    let text = object.get("text").and_then(Value::as_str).unwrap_or_default().to_owned();
    if span.is_none() && text.trim().is_empty() {
        return Err(("neither `text` nor `start` and `end`", "a sentence is found by its text or its offsets").into());
    }
    let label = match object.get(label_field) {
        None | Some(Value::Null) => None,
        Some(value) => Some(scalar(value).ok_or_else(|| Fault {
            reason: format!("`{label_field}` is not a label but {value}"),
            hint: "a label is a string; null leaves the row out".into(),
        })?),
    };
    let classes = object.get("probabilities").and_then(Value::as_object);
    Ok(Row {
        line: 0,
        article,
        sentence: number(object, "sentence"),
        span,
        text,
        label,
        classes: classes.map(|map| map.keys().cloned().collect()).unwrap_or_default(),
        kept: true,
        places: places(object.get("attributions"))?,
    })
}

fn number(object: &Object, name: &str) -> Option<usize> {
    object.get(name).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok())
}

/// The text of a JSON scalar: a string as it is, other scalars as JSON writes them.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(_) | Value::Object(_) => None,
        other => Some(other.to_string()),
    }
}
