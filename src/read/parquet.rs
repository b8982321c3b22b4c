//! Apache Parquet: a row is an article. Of the file only the columns that are needed are
//! read, some rows at a time.

mod value;

use super::record;
use super::source::Context;
use super::{Batches, Counter, Field, guarded, suggest};
use crate::article::Article;
use crate::error::ReadError;
use arrow_array::RecordBatch;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::file::metadata::ParquetMetaData;
use parquet::schema::types::SchemaDescriptor;
use serde_json::{Map, Value};
use std::fs::File;

/// Bytes that a batch of rows should have,
const BATCH_BYTES: i64 = 4 << 20;
/// and the most rows of one.
const MOST_ROWS: i64 = 1024;

/// Yields the articles of a file; holds one batch of rows.
pub(super) struct ParquetReader {
    batches: Batches,
    batch: Option<RecordBatch>,
    /// The next row of the batch.
    at: usize,
    /// Rows that were read, of all batches.
    row: usize,
    context: Context,
    counter: Counter,
    /// Bytes of the file for each of its rows.
    row_bytes: f64,
    done: bool,
}

impl ParquetReader {
    /// Reads the schema, and fails when no column can be a text.
    pub(super) fn open(file: File, context: Context, counter: Counter) -> Result<Self, ReadError> {
        // The types that Arrow would rather see are left aside: as Parquet has them, a text
        // is a text, however its writer held it.
        let bytes = file.metadata().map_or(0, |meta| meta.len());
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let builder = guarded(|| ParquetRecordBatchReaderBuilder::try_new_with_options(file, options));
        let builder = builder.map_err(|error| {
            context
                .file(format!("not a Parquet file, or one that is cut off: {error}"), "copy or download the file again")
        })?;
        let schema = builder.parquet_schema();
        let needed = needed(schema, &context);
        if needed.is_empty() {
            return Err(no_text(schema, &context));
        }
        let all = builder.metadata().file_metadata().num_rows().max(1);
        let row_bytes = bytes as f64 / all as f64;
        let rows = batch_rows(builder.metadata(), &needed);
        let mask = ProjectionMask::leaves(schema, needed);
        let batches = Batches::of(builder.with_projection(mask).with_batch_size(rows))
            .map_err(|error| broken(&context, 0, &error))?;
        Ok(Self { batches, batch: None, at: 0, row: 0, context, counter, row_bytes, done: false })
    }

    fn article(&self, batch: &RecordBatch) -> Result<Article, record::Problem> {
        let max = self.context.options.max_line;
        let fields = &self.context.options.fields;
        let mut record = Map::new();
        for (field, column) in batch.schema_ref().fields().iter().zip(batch.columns()) {
            record.insert(field.name().clone(), value::of(column.as_ref(), self.at));
        }
        let article =
            record::article(&Value::Object(record), fields, || format!("{}:{}", self.context.name, self.row))?;
        let length = article.text.len();
        if length > max {
            return Err(record::Problem::new(
                format!("the text is {length} bytes long, the limit is {max}"),
                format!("raise the limit: --max-line {length}"),
            ));
        }
        Ok(article)
    }
}

impl Iterator for ParquetReader {
    type Item = Result<Article, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.done {
            if let Some(batch) = self.batch.take().filter(|batch| self.at < batch.num_rows()) {
                self.row += 1;
                let article = self.article(&batch);
                self.at += 1;
                self.batch = Some(batch);
                return Some(article.map_err(|problem| self.context.row(self.row, problem.reason, problem.hint)));
            }
            self.at = 0;
            match self.batches.next() {
                Some(Ok(batch)) => {
                    self.counter.add((batch.num_rows() as f64 * self.row_bytes) as u64);
                    self.batch = Some(batch);
                }
                Some(Err(error)) => {
                    self.done = true;
                    return Some(Err(broken(&self.context, self.row, &error)));
                }
                None => {
                    self.done = true;
                    if self.row == 0 {
                        return Some(Err(self.context.file("the file holds no rows", "each row is an article")));
                    }
                }
            }
        }
        None
    }
}

fn broken(context: &Context, rows: usize, error: &dyn std::fmt::Display) -> ReadError {
    let s = if rows == 1 { "" } else { "s" };
    context.file(
        format!("broken after {rows} row{s}: {error}"),
        "what came before was read; copy or download the file again, or write it anew",
    )
}

/// The leaf columns of the fields; none when neither a text nor sentences are among them.
fn needed(schema: &SchemaDescriptor, context: &Context) -> Vec<usize> {
    let fields = &context.options.fields;
    let below = |field: Field| {
        let path = fields.path(field).to_owned();
        let leaves = schema.columns().iter().enumerate();
        leaves.filter(move |(_, column)| {
            column.path().string().strip_prefix(&path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    };
    if below(Field::Text).chain(below(Field::Sentences)).next().is_none() {
        return Vec::new();
    }
    Field::ALL.into_iter().flat_map(|field| below(field).map(|(leaf, _)| leaf).collect::<Vec<_>>()).collect()
}

/// As many rows as make a batch of a fair size.
fn batch_rows(metadata: &ParquetMetaData, needed: &[usize]) -> usize {
    let per_row = |group: &parquet::file::metadata::RowGroupMetaData| {
        let bytes: i64 = needed
            .iter()
            .filter_map(|&leaf| group.columns().get(leaf))
            .fold(0, |sum, column| column.uncompressed_size().max(0).saturating_add(sum));
        bytes / group.num_rows().max(1)
    };
    let most = metadata.row_groups().iter().map(per_row).max().unwrap_or(0).max(1);
    usize::try_from((BATCH_BYTES / most).clamp(1, MOST_ROWS)).unwrap_or(1)
}

fn no_text(schema: &SchemaDescriptor, context: &Context) -> ReadError {
    let mut record = Value::Object(Map::new());
    for column in schema.columns() {
        let mut place = &mut record;
        for part in column.path().parts() {
            if !place.is_object() {
                *place = Value::Object(Map::new());
            }
            place = &mut place[part.as_str()];
        }
        if column.physical_type() == parquet::basic::Type::BYTE_ARRAY {
            *place = Value::from("");
        }
    }
    let text = context.options.fields.path(Field::Text);
    let hint = match suggest::similar(&record, Field::Text) {
        Some(path) => format!("the file has \"{path}\"; if that is it, pass --field text={path}"),
        None => "say which column holds the text with --field text=NAME".into(),
    };
    context.file(format!("no column \"{text}\""), hint)
}
