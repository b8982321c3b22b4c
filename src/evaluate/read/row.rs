//! One sentence of a gold or prediction file, checked.

use super::places::{Places, places};
use crate::article::Span;
use crate::evaluate::said::Said;
use serde_json::{Map, Value};
use std::collections::HashSet;
use std::sync::Arc;

/// A record of any format, brought into the shape of our JSON rows.
pub(crate) type Object = Map<String, Value>;

/// One sentence. A file may have a million: what repeats is shared.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    /// Line of the file, or number of the record where records are no lines; from 1.
    pub(crate) line: u32,
    /// The article's id.
    pub(crate) article: Arc<str>,
    /// Position in the article as given in the field `sentence`.
    pub(crate) sentence: Option<u32>,
    /// Place in the article's text, in bytes.
    pub(crate) span: Option<Span>,
    /// The sentence; empty when the row has none.
    pub(crate) text: Box<str>,
    /// The label, when it has one.
    pub(crate) label: Option<Arc<str>>,
    /// Who gave the label.
    pub(crate) annotator: Option<Arc<str>>,
    /// Probabilities in the order of [`Names::classes`]; NaN for a class not named.
    pub(crate) probabilities: Option<Box<[f64]>>,
    /// Probability of the label as given.
    pub(crate) confidence: Option<f64>,
    /// Whether the row passes the filters.
    pub(crate) kept: bool,
    /// Attribution spans; `None` when the row does not speak of attributions.
    pub(crate) places: Option<Box<Places>>,
    /// The same by attribution, with the names of the sources.
    pub(crate) said: Box<[Said]>,
    /// Values of the fields that were asked for, in their order.
    pub(crate) fields: Box<[Option<Arc<str>>]>,
}

/// What is wrong with a record, and the remedy.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) reason: String,
    pub(crate) hint: String,
}

impl Fault {
    pub(crate) fn new(reason: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { reason: reason.into(), hint: hint.into() }
    }
}

/// Which fields of a record matter.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// Field of the label.
    pub(crate) label: String,
    /// Label names to replace: (as in the file, as wanted).
    pub(crate) map: Vec<(String, String)>,
    /// Filters, all of which must hold.
    pub(crate) only: Vec<(String, String)>,
    /// Further fields to keep.
    pub(crate) fields: Vec<String>,
}

/// Names that a file's rows share.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// Names in the field `probabilities`, in order of appearance.
    pub(crate) classes: Vec<String>,
    shared: HashSet<Arc<str>>,
}

impl Names {
    fn share(&mut self, name: String) -> Arc<str> {
        if let Some(known) = self.shared.get(name.as_str()) {
            return Arc::clone(known);
        }
        let name: Arc<str> = name.into();
        self.shared.insert(Arc::clone(&name));
        name
    }

    /// Checks a record and keeps what matters of it.
    pub(crate) fn row(&mut self, object: &Object, wanted: &Wanted) -> Result<Row, Fault> {
        let article = ["article", "doc_id", "id"].iter().find_map(|name| object.get(*name).and_then(scalar));
        let article =
            article.ok_or_else(|| Fault::new("no article id", "name the row's article in `article` or `doc_id`"))?;
        let span = match (number(object, "start"), number(object, "end")) {
            (Some(start), Some(end)) if start < end => Some(Span::new(start, end)),
            (Some(_), Some(_)) => {
                return Err(Fault::new(
                    "`end` is not after `start`",
                    "offsets are bytes, and `end` is one past the last",
                ));
            }
            _ => None,
        };
        let text = object.get("text").and_then(Value::as_str).unwrap_or_default();
        if span.is_none() && text.trim().is_empty() {
            return Err(Fault::new(
                "neither `text` nor `start` and `end`",
                "a sentence is found by its text or its offsets",
            ));
        }
        let label = match object.get(&wanted.label) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) if text.trim().is_empty() => None,
            Some(value) => Some(scalar(value).ok_or_else(|| {
                Fault::new(
                    format!("`{}` is not a label but {value}", wanted.label),
                    "a label is a string; null leaves the row out",
                )
            })?),
        };
        let renamed = |label: String| match wanted.map.iter().find(|(from, _)| *from == label) {
            Some((_, to)) => to.clone(),
            None => label,
        };
        let holds =
            |(name, value): &(String, String)| object.get(name).and_then(scalar).is_some_and(|given| given == *value);
        let (places, mut said) = places(object.get("attributions"))?.unzip();
        let own = span.map(|span| (span.start, text));
        said.iter_mut().flatten().for_each(|said| said.take_words(own));
        let field = |name: &String| object.get(name).and_then(scalar);
        Ok(Row {
            line: 0,
            article: self.share(article),
            sentence: number(object, "sentence").and_then(|n| u32::try_from(n).ok()),
            span,
            text: text.into(),
            label: label.map(renamed).map(|label| self.share(label)),
            annotator: object.get("annotator").and_then(scalar).map(|name| self.share(name)),
            probabilities: self.probabilities(object.get("probabilities"))?,
            confidence: confidence(object.get("confidence"))?,
            kept: wanted.only.iter().all(holds),
            places: places.map(Box::new),
            said: said.unwrap_or_default().into(),
            fields: wanted.fields.iter().map(field).map(|value| value.map(|value| self.share(value))).collect(),
        })
    }

    fn probabilities(&mut self, value: Option<&Value>) -> Result<Option<Box<[f64]>>, Fault> {
        let Some(value) = value.filter(|value| !value.is_null()) else { return Ok(None) };
        let hint = "`probabilities` is an object from label to probability, each from 0 to 1, that add up to 1";
        let map = value.as_object().ok_or_else(|| Fault::new(format!("`probabilities` is {value}"), hint))?;
        if map.is_empty() {
            return Ok(None);
        }
        let mut row = vec![f64::NAN; self.classes.len()];
        let mut sum = 0.0;
        for (class, value) in map {
            let p = share(value)
                .ok_or_else(|| Fault::new(format!("the probability of `{class}` is {}", shown(value)), hint))?;
            sum += p;
            match self.classes.iter().position(|known| known == class) {
                Some(at) => row[at] = p,
                None => {
                    self.classes.push(class.clone());
                    row.push(p);
                }
            }
        }
        if (sum - 1.0).abs() > 0.01 {
            return Err(Fault::new(format!("the probabilities add up to {sum:.3}"), hint));
        }
        Ok(Some(row.into()))
    }
}

fn confidence(value: Option<&Value>) -> Result<Option<f64>, Fault> {
    let Some(value) = value.filter(|value| !value.is_null()) else { return Ok(None) };
    let fault = || Fault::new(format!("`confidence` is {}", shown(value)), "it is a probability from 0 to 1");
    share(value).map(Some).ok_or_else(fault)
}

/// A number from 0 to 1.
fn share(value: &Value) -> Option<f64> {
    value.as_f64().filter(|p| (0.0..=1.0).contains(p))
}

/// A value as an error names it; a string is what a reader made of text that is no number.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "null".into(),
        other => other.to_string(),
    }
}

fn number(object: &Object, name: &str) -> Option<usize> {
    object.get(name).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok())
}

/// The text of a JSON scalar: a string as it is, other scalars as JSON writes them.
pub(crate) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
        other => Some(other.to_string()),
    }
}
