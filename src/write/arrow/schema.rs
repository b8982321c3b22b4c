//! Names and types of the columns.

use arrow_schema::{DataType, Field, Fields, Schema, SchemaRef};
use std::sync::Arc;

/// What a row of the output stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Per {
    /// One row a sentence.
    #[default]
    Sentence,
    /// One row an article, with a list of its sentences; also articles without a sentence.
    Article,
}

impl Per {
    /// The name on the command line and in manifests.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sentence => "sentence",
            Self::Article => "article",
        }
    }
}

/// The schema for a model with these labels. Places are byte offsets into the article's text;
/// labels, articles and outlets are dictionary-encoded; `probabilities` has a field a label.
pub fn schema(labels: &[String], per: Per) -> SchemaRef {
    let mut fields = Vec::new();
    match per {
        Per::Sentence => {
            fields.extend([repeated("article", false), repeated("outlet", true), text("date", true)]);
            fields.extend(sentence(labels));
        }
        Per::Article => {
            fields.extend([text("article", false), text("title", true), repeated("outlet", true), text("date", true)]);
            fields.push(list("sentences", Fields::from(sentence(labels))));
        }
    }
    Arc::new(Schema::new(fields))
}

fn sentence(labels: &[String]) -> Vec<Field> {
    vec![
        Field::new("sentence", DataType::Int32, false),
        place("start"),
        place("end"),
        text("text", false),
        repeated("label", false),
        Field::new("confidence", DataType::Float32, false),
        Field::new("probabilities", DataType::Struct(probabilities(labels)), false),
        list("attributions", attribution()),
    ]
}

/// One number a label.
pub(super) fn probabilities(labels: &[String]) -> Fields {
    labels.iter().map(|label| Field::new(label, DataType::Float32, true)).collect()
}

/// The parts of an attribution.
pub(super) fn attribution() -> Fields {
    let part = |name| Field::new(name, DataType::Struct(span()), true);
    Fields::from(vec![
        part("source"),
        part("cue"),
        part("content"),
        Field::new("entity", DataType::Struct(entity()), true),
        list("via", entity()),
    ])
}

/// A stretch of text and its place.
pub(super) fn span() -> Fields {
    Fields::from(vec![text("text", false), place("start"), place("end")])
}

/// Who a source is.
pub(super) fn entity() -> Fields {
    Fields::from(vec![text("id", false), text("name", false), text("kind", false)])
}

/// The field of a list's items, named as the Parquet specification says.
pub(super) fn element(fields: Fields) -> Arc<Field> {
    Arc::new(Field::new("element", DataType::Struct(fields), false))
}

fn list(name: &str, fields: Fields) -> Field {
    Field::new(name, DataType::List(element(fields)), false)
}

fn text(name: &str, nullable: bool) -> Field {
    Field::new(name, DataType::Utf8, nullable)
}

fn repeated(name: &str, nullable: bool) -> Field {
    let kind = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    Field::new(name, kind, nullable)
}

fn place(name: &str) -> Field {
    Field::new(name, DataType::Int64, false)
}
