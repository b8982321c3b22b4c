//! Arrow in, Arrow out: one function for whatever engine moves record batches.

use super::Labeler;
use crate::article::Article;
use crate::error::{Hint, LabelError};
use crate::label::LabelledArticle;
use crate::write::Per;
use crate::write::arrow::{Texts, batch};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, Schema};

/// Which columns of a batch hold the articles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    /// The text: Utf8, LargeUtf8, Utf8View, or a dictionary of them. A null is an empty text.
    pub text: String,
    /// The id: text, or integers. Without it, and where it is null, the row's number, from 0.
    pub id: Option<String>,
    /// The headline.
    pub title: Option<String>,
    /// Who published the article.
    pub outlet: Option<String>,
    /// When.
    pub date: Option<String>,
}

impl Columns {
    /// The text in the column `text`, and nothing else.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), id: None, title: None, outlet: None, date: None }
    }

    /// The columns `text`, `id`, `title`, `outlet` and `date`, those but the first where the
    /// schema has them.
    pub fn of(schema: &Schema) -> Self {
        let there = |name: &str| schema.field_with_name(name).is_ok().then(|| name.to_owned());
        let (id, title, outlet, date) = (there("id"), there("title"), there("outlet"), there("date"));
        Self { text: "text".into(), id, title, outlet, date }
    }
}

/// Why a batch could not be labelled.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// A column is missing.
    #[error("the batch has no column `{name}`; it has {}", there.join(", "))]
    Missing {
        /// The column.
        name: String,
        /// Those that there are.
        there: Vec<String>,
    },
    /// A column is of a wrong type, or the result does not fit a batch.
    #[error(transparent)]
    Arrow(#[from] ArrowError),
    /// An article could not be labelled.
    #[error("row {row}: {error}")]
    Label {
        /// The row, from 0.
        row: usize,
        /// Why.
        #[source]
        error: LabelError,
    },
}

impl Hint for BatchError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Missing { .. } => Some("name the column in `Columns`".into()),
            Self::Arrow(ArrowError::SchemaError(_)) => Some("cast the column to Utf8".into()),
            Self::Arrow(_) => Some("give smaller batches".into()),
            Self::Label { error, .. } => error.hint(),
        }
    }
}

/// Labels the articles of a batch, a row each. The result has one row a sentence (an article
/// without a sentence has none) or one an article, with the schema
/// [`write::arrow::schema`](crate::write::arrow::schema()), in the order of the input.
///
/// The same batch gives the same result, bit for bit on one machine, however the articles are
/// divided into batches.
///
/// ```no_run
/// # use veracity::pipeline::{Columns, EngineKind, Labeler, label_batch};
/// # use veracity::write::Per;
/// # fn run(batch: &arrow_array::RecordBatch) -> Result<(), Box<dyn std::error::Error>> {
/// let labeler = Labeler::open("models/veracity-small".as_ref(), EngineKind::Native, 2)?;
/// let columns = Columns { id: Some("url".into()), ..Columns::new("body") };
/// let labelled = label_batch(&labeler, batch, &columns, Per::Sentence)?;
/// # drop(labelled); Ok(())
/// # }
/// ```
pub fn label_batch(
    labeler: &Labeler,
    batch_in: &RecordBatch,
    columns: &Columns,
    per: Per,
) -> Result<RecordBatch, BatchError> {
    let articles = articles(batch_in, columns)?;
    let labelled = labeler.label(&articles).into_iter().enumerate();
    let labelled = labelled.map(|(row, article)| article.map_err(|error| BatchError::Label { row, error }));
    let labelled: Vec<LabelledArticle> = labelled.collect::<Result<_, _>>()?;
    Ok(batch(labeler.labels(), per, &labelled)?)
}

/// The articles of a batch.
fn articles(batch: &RecordBatch, columns: &Columns) -> Result<Vec<Article>, BatchError> {
    let text = texts(batch, &columns.text)?;
    let id = columns.id.as_deref().map(|name| column(batch, name)).transpose()?;
    let (title, outlet, date) =
        (optional(batch, &columns.title)?, optional(batch, &columns.outlet)?, optional(batch, &columns.date)?);
    let names = id.zip(columns.id.as_deref()).map(|(array, name)| Ids::new(array, name)).transpose()?;
    let get = |column: &Option<Texts<'_>>, row| column.as_ref().and_then(|column| column.get(row));
    let one = |row: usize| Article {
        id: names.as_ref().and_then(|names| names.get(row)).unwrap_or_else(|| row.to_string()),
        text: text.get(row).unwrap_or_default(),
        title: get(&title, row),
        source: get(&outlet, row),
        date: get(&date, row),
        ..Article::default()
    };
    Ok((0..batch.num_rows()).map(one).collect())
}

fn column<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a ArrayRef, BatchError> {
    batch.column_by_name(name).ok_or_else(|| BatchError::Missing {
        name: name.into(),
        there: batch.schema().fields().iter().map(|field| field.name().clone()).collect(),
    })
}

fn texts<'a>(batch: &'a RecordBatch, name: &'a str) -> Result<Texts<'a>, BatchError> {
    Ok(Texts::new(column(batch, name)?, name)?)
}

fn optional<'a>(batch: &'a RecordBatch, name: &'a Option<String>) -> Result<Option<Texts<'a>>, BatchError> {
    name.as_deref().map(|name| texts(batch, name)).transpose()
}

/// Ids are text or integers.
enum Ids<'a> {
    Texts(Texts<'a>),
    Signed(&'a arrow_array::Int64Array),
    Short(&'a arrow_array::Int32Array),
    Unsigned(&'a arrow_array::UInt64Array),
}

impl<'a> Ids<'a> {
    fn new(array: &'a ArrayRef, name: &'a str) -> Result<Self, ArrowError> {
        let any = array.as_any();
        if let Some(values) = any.downcast_ref() {
            return Ok(Self::Signed(values));
        }
        if let Some(values) = any.downcast_ref() {
            return Ok(Self::Short(values));
        }
        if let Some(values) = any.downcast_ref() {
            return Ok(Self::Unsigned(values));
        }
        Texts::new(array, name).map(Self::Texts)
    }

    fn get(&self, row: usize) -> Option<String> {
        match self {
            Self::Texts(texts) => texts.get(row),
            Self::Signed(values) => values.is_valid(row).then(|| values.value(row).to_string()),
            Self::Short(values) => values.is_valid(row).then(|| values.value(row).to_string()),
            Self::Unsigned(values) => values.is_valid(row).then(|| values.value(row).to_string()),
        }
    }
}
