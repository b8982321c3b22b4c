//! Rows to columns.

use super::schema::{self, Per};
use crate::label::{Attribution, Entity, LabelledArticle, LabelledSentence, TextSpan};
use arrow_array::builder::StringDictionaryBuilder;
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, Float32Array, Int32Array, Int64Array, ListArray, RecordBatch, StringArray, StructArray};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::{ArrowError, Fields};
use std::sync::Arc;

/// All rows of some articles of a model with these labels, as [`schema`](super::schema()) has
/// them. Fails only when a column would hold 2 GiB of text or more.
pub fn batch(labels: &[String], per: Per, articles: &[LabelledArticle]) -> Result<RecordBatch, ArrowError> {
    let rows: Vec<&LabelledSentence> = articles.iter().flat_map(|article| &article.sentences).collect();
    let columns = match per {
        Per::Sentence => {
            let mut columns: Vec<ArrayRef> = vec![
                repeated(rows.iter().map(|row| Some(row.article.as_str())))?,
                repeated(rows.iter().map(|row| row.outlet.as_deref()))?,
                maybe(rows.iter().map(|row| row.date.as_deref()))?,
            ];
            columns.extend(sentences(labels, &rows)?);
            columns
        }
        Per::Article => {
            let inner = sentences(labels, &rows)?;
            let lengths = articles.iter().map(|article| article.sentences.len());
            let fields = fields_of(labels);
            vec![
                maybe(articles.iter().map(|article| Some(article.id.as_str())))?,
                maybe(articles.iter().map(|article| article.title.as_deref()))?,
                repeated(articles.iter().map(|article| article.source.as_deref()))?,
                maybe(articles.iter().map(|article| article.date.as_deref()))?,
                list(lengths, fields, inner, rows.len())?,
            ]
        }
    };
    RecordBatch::try_new(schema::schema(labels, per), columns)
}

/// The fields of a sentence within an article.
fn fields_of(labels: &[String]) -> Fields {
    schema::schema(labels, Per::Sentence).fields().iter().skip(3).cloned().collect()
}

fn sentences(labels: &[String], rows: &[&LabelledSentence]) -> Result<Vec<ArrayRef>, ArrowError> {
    let places = |of: fn(&LabelledSentence) -> usize| -> ArrayRef {
        Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| place(of(row)))))
    };
    let numbers = rows.iter().map(|row| i32::try_from(row.sentence).unwrap_or(i32::MAX));
    let probability = |label: &String| -> ArrayRef {
        let of = |row: &&LabelledSentence| row.probabilities.iter().find(|(name, _)| name == label).map(|(_, p)| *p);
        Arc::new(Float32Array::from_iter(rows.iter().map(of)))
    };
    let probabilities = StructArray::try_new_with_length(
        schema::probabilities(labels),
        labels.iter().map(probability).collect(),
        None,
        rows.len(),
    )?;
    Ok(vec![
        Arc::new(Int32Array::from_iter_values(numbers)),
        places(|row| row.start),
        places(|row| row.end),
        strings(rows.iter().map(|row| row.text.as_str()))?,
        repeated(rows.iter().map(|row| Some(row.label.as_str())))?,
        Arc::new(Float32Array::from_iter_values(rows.iter().map(|row| row.confidence))),
        Arc::new(probabilities),
        attributions(rows)?,
    ])
}

fn attributions(rows: &[&LabelledSentence]) -> Result<ArrayRef, ArrowError> {
    let all: Vec<&Attribution> = rows.iter().flat_map(|row| &row.attributions).collect();
    let spans = |of: fn(&Attribution) -> Option<&TextSpan>| spans(&all.iter().map(|a| of(a)).collect::<Vec<_>>());
    let entity: Vec<Option<&Entity>> = all.iter().map(|a| a.entity.as_ref()).collect();
    let via: Vec<Option<&Entity>> = all.iter().flat_map(|a| a.via.iter().map(Some)).collect();
    let via_columns = entity_columns(&via)?;
    let columns = vec![
        spans(|a| a.source.as_ref())?,
        spans(|a| a.cue.as_ref())?,
        spans(|a| a.content.as_ref())?,
        Arc::new(StructArray::try_new(schema::entity(), entity_columns(&entity)?, nulls(&entity))?),
        list(all.iter().map(|a| a.via.len()), schema::entity(), via_columns, via.len())?,
    ];
    list(rows.iter().map(|row| row.attributions.len()), schema::attribution(), columns, all.len())
}

fn spans(items: &[Option<&TextSpan>]) -> Result<ArrayRef, ArrowError> {
    let places = |of: fn(&TextSpan) -> usize| -> ArrayRef {
        Arc::new(Int64Array::from_iter_values(items.iter().map(|span| span.map_or(0, |span| place(of(span))))))
    };
    let columns = vec![
        strings(items.iter().map(|span| span.map_or("", |span| span.text.as_str())))?,
        places(|span| span.start),
        places(|span| span.end),
    ];
    Ok(Arc::new(StructArray::try_new(schema::span(), columns, nulls(items))?))
}

fn entity_columns(items: &[Option<&Entity>]) -> Result<Vec<ArrayRef>, ArrowError> {
    let column = |of: fn(&Entity) -> &str| strings(items.iter().map(|entity| entity.map_or("", of)));
    Ok(vec![column(|e| &e.id)?, column(|e| &e.name)?, column(|e| e.kind.name())?])
}

fn nulls<T>(items: &[Option<T>]) -> Option<NullBuffer> {
    Some(NullBuffer::from(items.iter().map(Option::is_some).collect::<Vec<_>>()))
}

fn list(
    lengths: impl Iterator<Item = usize>,
    fields: Fields,
    columns: Vec<ArrayRef>,
    items: usize,
) -> Result<ArrayRef, ArrowError> {
    let values = StructArray::try_new_with_length(fields.clone(), columns, None, items)?;
    let offsets = OffsetBuffer::from_lengths(lengths);
    Ok(Arc::new(ListArray::try_new(schema::element(fields), offsets, Arc::new(values), None)?))
}

fn place(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// Offsets are of 32 bits: more text than they reach is refused before it is copied.
fn check<'a>(items: impl Iterator<Item = &'a str>) -> Result<(), ArrowError> {
    let bytes: u64 = items.map(|text| text.len() as u64).sum();
    match i32::try_from(bytes) {
        Ok(_) => Ok(()),
        Err(_) => Err(ArrowError::InvalidArgumentError(format!("{bytes} bytes of text are too many for a column"))),
    }
}

fn strings<'a>(items: impl Iterator<Item = &'a str> + Clone) -> Result<ArrayRef, ArrowError> {
    check(items.clone())?;
    Ok(Arc::new(StringArray::from_iter_values(items)))
}

fn maybe<'a>(items: impl Iterator<Item = Option<&'a str>> + Clone) -> Result<ArrayRef, ArrowError> {
    check(items.clone().flatten())?;
    Ok(Arc::new(StringArray::from_iter(items)))
}

fn repeated<'a>(items: impl Iterator<Item = Option<&'a str>> + Clone) -> Result<ArrayRef, ArrowError> {
    check(items.clone().flatten())?;
    let mut builder = StringDictionaryBuilder::<Int32Type>::new();
    for item in items {
        match item {
            Some(text) => {
                builder.append(text)?;
            }
            None => builder.append_null(),
        }
    }
    Ok(Arc::new(builder.finish()))
}
