//! Parquet: typed columns, compressed with zstd, with the lineage in the file's metadata.

use super::arrow::{batch, schema};
use super::{Lineage, Per, Sink};
use crate::article::Article;
use crate::label::LabelledArticle;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use std::io::{self, Write};

/// Rows are turned to columns when there are so many of them,
const BATCH_ROWS: usize = 4096;
/// or so much text. Bounds the memory.
const BATCH_BYTES: usize = 32 << 20;
/// Rows of a row group,
const GROUP_ROWS: usize = 64 * 1024;
/// and its bytes, about.
const GROUP_BYTES: usize = 64 << 20;

/// Writes a table. What is written depends on the articles alone, in their order.
pub struct ParquetSink<W: Write + Send> {
    writer: ArrowWriter<W>,
    labels: Vec<String>,
    per: Per,
    held: Vec<LabelledArticle>,
    rows: usize,
    bytes: usize,
}

impl<W: Write + Send> ParquetSink<W> {
    /// Writes to `out` what the model of `lineage` says.
    pub fn new(lineage: &Lineage, per: Per, out: W) -> io::Result<Self> {
        let pairs = lineage.pairs().into_iter();
        let pairs = pairs.map(|(key, value)| KeyValue::new(format!("veracity.{key}"), value)).collect();
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .set_max_row_group_bytes(Some(GROUP_BYTES))
            .set_key_value_metadata(Some(pairs))
            .build();
        let labels = lineage.labels.clone();
        let writer = ArrowWriter::try_new(out, schema(&labels, per), Some(properties)).map_err(system)?;
        Ok(Self { writer, labels, per, held: Vec::new(), rows: 0, bytes: 0 })
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.held.is_empty() {
            let table = batch(&self.labels, self.per, &self.held).map_err(io::Error::other)?;
            self.held.clear();
            (self.rows, self.bytes) = (0, 0);
            self.writer.write(&table).map_err(system)?;
        }
        Ok(())
    }
}

impl<W: Write + Send> Sink for ParquetSink<W> {
    fn article(&mut self, _source: &Article, article: &LabelledArticle) -> io::Result<()> {
        // An article without a sentence has no row; it must not decide where a batch ends.
        if self.per == Per::Sentence && article.sentences.is_empty() {
            return Ok(());
        }
        self.rows += article.sentences.len().max(1);
        let parts = article.sentences.iter().flat_map(|row| &row.attributions);
        let parts = parts.flat_map(|a| [&a.source, &a.cue, &a.content]).flatten().map(|span| span.text.len());
        self.bytes += article.sentences.iter().map(|row| row.text.len()).chain(parts).sum::<usize>();
        self.held.push(article.clone());
        if self.rows >= BATCH_ROWS || self.bytes >= BATCH_BYTES {
            self.flush()?;
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.flush()?;
        self.writer.finish().map_err(system)?;
        self.writer.inner_mut().flush()
    }
}

/// The system's own error, where there is one: a full disk must be told as such.
fn system(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(inner) => *inner,
            Err(inner) => io::Error::other(inner),
        },
        other => io::Error::other(other.to_string()),
    }
}
