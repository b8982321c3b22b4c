//! Columns to rows: what [`batch`](super::batch()) wrote, back.

use super::schema::Per;
use crate::label::{Attribution, Entity, LabelledArticle, LabelledSentence, Probabilities, SourceKind, TextSpan};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef, RecordBatch, StructArray};
use arrow_schema::{ArrowError, DataType};
use std::ops::Range;

/// The articles of a batch. A row a sentence is put to the article of the row before it unless
/// it is sentence 0, so that batches which begin in the middle of an article do not lose it:
/// the first article then has no sentence 0.
pub fn articles(batch: &RecordBatch, per: Per) -> Result<Vec<LabelledArticle>, ArrowError> {
    let table = StructArray::from(batch.clone());
    let range = 0..batch.num_rows();
    match per {
        Per::Sentence => {
            let (ids, outlets) = (texts(&table, "article")?, texts(&table, "outlet")?);
            let dates = texts(&table, "date")?;
            let mut all: Vec<LabelledArticle> = Vec::new();
            for (at, mut row) in sentences(&table, range)?.into_iter().enumerate() {
                row.article = ids.must(at)?;
                row.outlet = outlets.get(at);
                row.date = dates.get(at);
                match all.last_mut() {
                    Some(article) if row.sentence > 0 => article.sentences.push(row),
                    _ => all.push(LabelledArticle {
                        id: row.article.clone(),
                        title: None,
                        source: row.outlet.clone(),
                        date: row.date.clone(),
                        sentences: vec![row],
                    }),
                }
            }
            Ok(all)
        }
        Per::Article => {
            let (ids, titles) = (texts(&table, "article")?, texts(&table, "title")?);
            let (outlets, dates) = (texts(&table, "outlet")?, texts(&table, "date")?);
            let (values, bounds) = list(&table, "sentences")?;
            // Lists follow each other without gaps.
            let first = if range.is_empty() { 0 } else { bounds(0).start };
            let mut rest = sentences(values, first..values.len())?.into_iter();
            let one = |at: usize| {
                let mut article = LabelledArticle {
                    id: ids.must(at)?,
                    title: titles.get(at),
                    source: outlets.get(at),
                    date: dates.get(at),
                    sentences: rest.by_ref().take(bounds(at).len()).collect(),
                };
                for row in &mut article.sentences {
                    row.article.clone_from(&article.id);
                    row.outlet.clone_from(&article.source);
                    row.date.clone_from(&article.date);
                }
                Ok(article)
            };
            range.map(one).collect()
        }
    }
}

fn sentences(table: &StructArray, range: Range<usize>) -> Result<Vec<LabelledSentence>, ArrowError> {
    let number = column(table, "sentence")?.as_primitive_opt::<Int32Type>().ok_or_else(|| wrong("sentence"))?;
    let confidence =
        column(table, "confidence")?.as_primitive_opt::<Float32Type>().ok_or_else(|| wrong("confidence"))?;
    let (start, end) = (places(table, "start")?, places(table, "end")?);
    let (text, label) = (texts(table, "text")?, texts(table, "label")?);
    let shares = structure(table, "probabilities")?;
    let names = shares.column_names();
    let mut columns = Vec::new();
    for (name, values) in names.iter().zip(shares.columns()) {
        columns.push((*name, values.as_primitive_opt::<Float32Type>().ok_or_else(|| wrong(name))?));
    }
    let (found, bounds) = list(table, "attributions")?;
    let found = Found::new(found)?;
    range
        .map(|at| {
            let share = |(name, values): &(&str, &arrow_array::Float32Array)| {
                values.is_valid(at).then(|| ((*name).to_owned(), values.value(at)))
            };
            Ok(LabelledSentence {
                article: String::new(),
                outlet: None,
                date: None,
                sentence: usize::try_from(number.value(at)).map_err(|_| wrong("sentence"))?,
                start: start(at)?,
                end: end(at)?,
                text: text.must(at)?,
                label: label.must(at)?,
                confidence: confidence.value(at),
                probabilities: columns.iter().filter_map(share).collect::<Probabilities>(),
                attributions: attributions(&found, bounds(at))?,
            })
        })
        .collect()
}

fn attributions(found: &Found, range: Range<usize>) -> Result<Vec<Attribution>, ArrowError> {
    let one = |at| {
        let [source, cue, content] = &found.parts;
        let via = (found.bounds)(at).map(|at| found.via.must(at)).collect::<Result<_, _>>()?;
        Ok(Attribution {
            source: source.get(at)?,
            cue: cue.get(at)?,
            content: content.get(at)?,
            entity: found.entity.get(at)?,
            via,
        })
    };
    range.map(one).collect()
}

/// The columns of all attributions.
struct Found<'a> {
    parts: [Spans<'a>; 3],
    entity: Entities<'a>,
    via: Entities<'a>,
    bounds: Bounds<'a>,
}

impl<'a> Found<'a> {
    fn new(table: &'a StructArray) -> Result<Self, ArrowError> {
        let span = |name| Spans::new(structure(table, name)?);
        let (via, bounds) = list(table, "via")?;
        Ok(Self {
            parts: [span("source")?, span("cue")?, span("content")?],
            entity: Entities::new(structure(table, "entity")?)?,
            via: Entities::new(via)?,
            bounds,
        })
    }
}

struct Spans<'a> {
    table: &'a StructArray,
    text: Texts<'a>,
    start: Places<'a>,
    end: Places<'a>,
}

impl<'a> Spans<'a> {
    fn new(table: &'a StructArray) -> Result<Self, ArrowError> {
        let (start, end) = (places(table, "start")?, places(table, "end")?);
        Ok(Self { table, text: texts(table, "text")?, start, end })
    }

    fn get(&self, at: usize) -> Result<Option<TextSpan>, ArrowError> {
        if self.table.is_null(at) {
            return Ok(None);
        }
        Ok(Some(TextSpan { text: self.text.must(at)?, start: (self.start)(at)?, end: (self.end)(at)? }))
    }
}

struct Entities<'a> {
    table: &'a StructArray,
    id: Texts<'a>,
    name: Texts<'a>,
    kind: Texts<'a>,
}

impl<'a> Entities<'a> {
    fn new(table: &'a StructArray) -> Result<Self, ArrowError> {
        Ok(Self { table, id: texts(table, "id")?, name: texts(table, "name")?, kind: texts(table, "kind")? })
    }

    fn get(&self, at: usize) -> Result<Option<Entity>, ArrowError> {
        if self.table.is_null(at) { Ok(None) } else { self.must(at).map(Some) }
    }

    fn must(&self, at: usize) -> Result<Entity, ArrowError> {
        let kind = self.kind.must(at)?;
        let kind = SourceKind::ALL.into_iter().find(|known| known.name() == kind).ok_or_else(|| wrong("kind"))?;
        Ok(Entity { id: self.id.must(at)?, name: self.name.must(at)?, kind })
    }
}

type Bounds<'a> = Box<dyn Fn(usize) -> Range<usize> + 'a>;
type Places<'a> = Box<dyn Fn(usize) -> Result<usize, ArrowError> + 'a>;

fn wrong(name: &str) -> ArrowError {
    ArrowError::SchemaError(format!("column `{name}` is not as veracity writes it"))
}

fn column<'a>(table: &'a StructArray, name: &str) -> Result<&'a ArrayRef, ArrowError> {
    table.column_by_name(name).ok_or_else(|| ArrowError::SchemaError(format!("column `{name}` is missing")))
}

fn structure<'a>(table: &'a StructArray, name: &str) -> Result<&'a StructArray, ArrowError> {
    column(table, name)?.as_struct_opt().ok_or_else(|| wrong(name))
}

/// The structures of a list column, and which of them belong to a row.
fn list<'a>(table: &'a StructArray, name: &str) -> Result<(&'a StructArray, Bounds<'a>), ArrowError> {
    let list = column(table, name)?.as_list_opt::<i32>().ok_or_else(|| wrong(name))?;
    let values = list.values().as_struct_opt().ok_or_else(|| wrong(name))?;
    // Offsets of an Arrow array never fall, and start at 0 or more.
    let bound = |offset: i32| usize::try_from(offset).unwrap_or(0);
    Ok((values, Box::new(move |at| bound(list.value_offsets()[at])..bound(list.value_offsets()[at + 1]))))
}

fn places<'a>(table: &'a StructArray, name: &'a str) -> Result<Places<'a>, ArrowError> {
    let values = column(table, name)?.as_primitive_opt::<Int64Type>().ok_or_else(|| wrong(name))?;
    Ok(Box::new(move |at| usize::try_from(values.value(at)).map_err(|_| wrong(name))))
}

/// A column of text of any of Arrow's types for it.
pub(crate) struct Texts<'a> {
    array: &'a dyn Array,
    /// Of a dictionary: for each row the place of its value.
    keys: Option<Vec<usize>>,
    values: &'a ArrayRef,
    name: &'a str,
}

fn texts<'a>(table: &'a StructArray, name: &'a str) -> Result<Texts<'a>, ArrowError> {
    Texts::new(column(table, name)?, name)
}

impl<'a> Texts<'a> {
    /// Fails when `array` holds no text.
    pub(crate) fn new(array: &'a ArrayRef, name: &'a str) -> Result<Self, ArrowError> {
        let text = |kind: &DataType| matches!(kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View);
        let (keys, values) = match array.as_any_dictionary_opt() {
            // Keys of a dictionary without values are all null.
            Some(all) if all.values().is_empty() => (Some(Vec::new()), all.values()),
            Some(all) => (Some(all.normalized_keys()), all.values()),
            None => (None, array),
        };
        if !text(values.data_type()) {
            let kind = array.data_type();
            return Err(ArrowError::SchemaError(format!("column `{name}` has type {kind}, expected text (Utf8)")));
        }
        Ok(Self { array, keys, values, name })
    }

    /// The text of a row, unless it is null.
    pub(crate) fn get(&self, row: usize) -> Option<String> {
        if self.array.is_null(row) {
            return None;
        }
        let at = self.keys.as_ref().map_or(Some(row), |keys| keys.get(row).copied())?;
        if self.values.is_null(at) {
            return None;
        }
        if let Some(values) = self.values.as_string_opt::<i32>() {
            return Some(values.value(at).to_owned());
        }
        if let Some(values) = self.values.as_string_opt::<i64>() {
            return Some(values.value(at).to_owned());
        }
        self.values.as_string_view_opt().map(|values| values.value(at).to_owned())
    }

    fn must(&self, row: usize) -> Result<String, ArrowError> {
        self.get(row).ok_or_else(|| wrong(self.name))
    }
}
