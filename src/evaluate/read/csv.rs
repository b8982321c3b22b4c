//! CSV and TSV with a header. Columns are called like the fields of our JSON rows;
//! probabilities are in columns `probabilities.LABEL`, `prob_LABEL` or `p_LABEL`.

use super::Emit;
use super::row::{Fault, Object};
use crate::evaluate::EvaluateError;
use serde_json::{Map, Value};
use std::io::BufRead;
use std::path::Path;

const PROBABILITY: [&str; 3] = ["probabilities.", "prob_", "p_"];
const NUMBERS: [&str; 4] = ["sentence", "start", "end", "confidence"];

/// Reads rows separated by `separator`.
pub(super) fn read(path: &Path, bytes: Box<dyn BufRead>, separator: u8, emit: &mut Emit) -> Result<(), EvaluateError> {
    let hint = "write a header, then one row a sentence; a field with commas or line breaks stands in double quotes";
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).from_reader(bytes);
    let bad = |error: &csv::Error| {
        let line = error.position().map_or(1, |place| place.line() as usize);
        EvaluateError::row(path, line, Fault::new(error.to_string(), hint))
    };
    let header = reader.headers().map_err(|error| bad(&error))?.clone();
    let names: Vec<&str> = header.iter().map(|name| name.trim().trim_start_matches('\u{feff}')).collect();
    for record in reader.records() {
        let record = record.map_err(|error| bad(&error))?;
        let line = record.position().map_or(1, |place| place.line() as usize);
        let mut row = Object::new();
        let mut probabilities = Map::new();
        for (name, value) in names.iter().zip(&record) {
            if let Some(class) = PROBABILITY.iter().find_map(|prefix| name.strip_prefix(prefix)) {
                probabilities.insert(class.to_owned(), number(value));
            } else if NUMBERS.contains(name) && !value.trim().is_empty() {
                row.insert((*name).to_owned(), number(value));
            } else if !value.is_empty() {
                row.insert((*name).to_owned(), value.into());
            }
        }
        if probabilities.values().any(|p| p.as_str().is_none_or(|text| !text.trim().is_empty())) {
            row.insert("probabilities".into(), Value::Object(probabilities));
        }
        // The empty cells count as fields too: a column of labels may begin with gaps.
        names.iter().filter(|name| !name.is_empty()).for_each(|name| {
            row.entry(*name).or_insert(Value::Null);
        });
        emit(line, &row).map_err(|fault| EvaluateError::row(path, line, fault))?;
    }
    Ok(())
}

/// A number, or the text that is none.
fn number(text: &str) -> Value {
    let text = text.trim();
    let whole = text.parse::<u64>().ok().map(Value::from);
    whole
        .or_else(|| text.parse::<f64>().ok().and_then(serde_json::Number::from_f64).map(Value::Number))
        .unwrap_or_else(|| text.into())
}
