//! Gold and prediction files of any format, as rows.
//!
//! Every reader brings its records into the shape of our JSON rows; what a row must have
//! is checked in one place, [`row`].

mod brat;
mod chars;
mod conll;
mod csv;
mod doccano;
mod document;
mod format;
mod gum;
mod jsonl;
mod label_studio;
mod marked;
mod places;
mod prodigy;
mod row;

pub use format::GoldFormat;

pub(crate) use places::{Places, ROLES};
pub(crate) use row::{Fault, Names, Object, Row, Wanted};

use super::{EvaluateError, Options};
use crate::label::LabelledArticle;
use std::io::BufRead;
use std::path::Path;

/// Takes a record: its line or number, and what it holds.
type Emit<'a> = dyn FnMut(usize, &Object) -> Result<(), Fault> + 'a;

/// The rows of a file.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(crate) rows: Vec<Row>,
    /// Names of the probabilities.
    pub(crate) classes: Vec<String>,
}

/// The rows of a gold file; filtered rows are kept and marked.
pub(crate) fn gold(path: &Path, options: &Options) -> Result<Rows, EvaluateError> {
    let field = options.label_field.as_str();
    let wanted = Wanted {
        label: field.into(),
        map: options.map.clone(),
        only: options.only.clone(),
        fields: options.by.clone(),
    };
    let mut seen_field = false;
    let rows = rows(path, options.gold_format, &wanted, |object| seen_field |= object.contains_key(field))?;
    let all = &rows.rows;
    let empty = |reason: String, hint: &str| EvaluateError::Empty { path: path.into(), reason, hint: hint.into() };
    if all.is_empty() {
        return Err(empty(
            "no rows".into(),
            "gold holds sentences with their labels, in any format that --gold-format names",
        ));
    }
    if !seen_field && all.iter().all(|row| row.places.is_none()) {
        return Err(empty(
            format!("no row has a field `{field}`"),
            "name the field that holds the gold label: --label-field",
        ));
    }
    if !all.iter().any(|row| row.kept) {
        let wanted: Vec<String> = options.only.iter().map(|(name, value)| format!("{name}={value}")).collect();
        return Err(empty(
            format!("no row has {}", wanted.join(" and ")),
            "values are compared as JSON text: true, 1, dev; check the field's name and value",
        ));
    }
    if !all.iter().any(|row| row.kept && (row.label.is_some() || row.places.is_some())) {
        return Err(empty(
            format!("no row to count: `{field}` is null or absent in every row"),
            "label some rows, or name another field for the gold label",
        ));
    }
    Ok(rows)
}

/// The rows of a prediction file; each must have a label.
pub(crate) fn predictions(path: &Path, options: &Options) -> Result<Rows, EvaluateError> {
    let wanted = Wanted { label: "label".into(), fields: options.by.clone(), ..Wanted::default() };
    let rows = rows(path, None, &wanted, |_| ())?;
    if let Some(row) = rows.rows.iter().find(|row| row.label.is_none()) {
        let fault = Fault::new(
            "a prediction without `label`",
            "predictions are rows as veracity writes them; are gold and predictions the wrong way round?",
        );
        return Err(EvaluateError::row(path, row.line as usize, fault));
    }
    if rows.rows.is_empty() {
        return Err(EvaluateError::Empty {
            path: path.into(),
            reason: "no rows".into(),
            hint: "label the gold file's articles first, and give that output".into(),
        });
    }
    Ok(rows)
}

/// The rows of articles that a model has just labelled.
pub(crate) fn labelled(name: &Path, articles: &[LabelledArticle], options: &Options) -> Result<Rows, EvaluateError> {
    let wanted = Wanted { label: "label".into(), fields: options.by.clone(), ..Wanted::default() };
    let mut names = Names::default();
    let mut rows = Vec::new();
    for row in articles.iter().flat_map(|article| &article.sentences) {
        let value = serde_json::to_value(row).unwrap_or_default();
        let object = value.as_object().cloned().unwrap_or_default();
        let row = names.row(&object, &wanted).map_err(|fault| EvaluateError::row(name, rows.len() + 1, fault))?;
        rows.push(row);
    }
    Ok(Rows { rows, classes: names.classes })
}

fn rows(
    path: &Path,
    format: Option<GoldFormat>,
    wanted: &Wanted,
    mut see: impl FnMut(&Object),
) -> Result<Rows, EvaluateError> {
    let mut names = Names::default();
    let mut rows = Vec::new();
    let mut emit = |line: usize, object: &Object| {
        see(object);
        let row = names.row(object, wanted)?;
        rows.push(Row { line: u32::try_from(line).unwrap_or(u32::MAX), ..row });
        Ok(())
    };
    // A folder is not opened as a file, nor is an .ann file, which comes with its text.
    let brat =
        format == Some(GoldFormat::Brat) || path.is_dir() || path.extension().is_some_and(|ending| ending == "ann");
    if brat {
        brat::read(path, wanted, &mut emit)?;
        return Ok(Rows { rows, classes: names.classes });
    }
    let mut bytes = open(path)?;
    let start = bytes.fill_buf().map_err(|error| EvaluateError::Io { path: path.into(), error })?;
    let format = format.unwrap_or_else(|| GoldFormat::detect(path, start));
    match format {
        GoldFormat::Csv => csv::read(path, bytes, b',', &mut emit)?,
        GoldFormat::Tsv => csv::read(path, bytes, b'\t', &mut emit)?,
        GoldFormat::Gum => gum::read(path, bytes, wanted, &mut emit)?,
        GoldFormat::Conll => conll::read(path, bytes, wanted, &mut emit)?,
        GoldFormat::Jsonl => jsonl::read(path, bytes, &mut |line, object: &Object| {
            if !document::is_document(object) {
                return emit(line, object);
            }
            document::rows(object)?.iter().try_for_each(|row| emit(line, row))
        })?,
        GoldFormat::LabelStudio => {
            jsonl::list(path, bytes, &mut |at, task: &Object| label_studio::task(at, task, wanted, &mut emit))?;
        }
        GoldFormat::Doccano => {
            jsonl::read(path, bytes, &mut |line, record: &Object| doccano::record(line, record, wanted, &mut emit))?;
        }
        GoldFormat::Prodigy => {
            jsonl::read(path, bytes, &mut |line, record: &Object| prodigy::record(line, record, wanted, &mut emit))?;
        }
        GoldFormat::Brat => {}
    }
    Ok(Rows { rows, classes: names.classes })
}

fn open(path: &Path) -> Result<Box<dyn BufRead>, EvaluateError> {
    match crate::read::open(path) {
        Ok(bytes) => Ok(bytes),
        Err(error) => Err(EvaluateError::Io { path: path.into(), error }),
    }
}
