//! Reads a part back.

use super::error::CorpusError;
use crate::label::{Attribution, LabelledArticle, LabelledSentence};
use crate::read::{Batches, guarded};
use crate::write::{ArticleRow, Packing, Per, Rows, SentenceRow, TableFormat, arrow};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// Articles of a part, in order. Of a part with a row a sentence, articles without a sentence
/// are not there.
pub(super) type Articles = Box<dyn Iterator<Item = Result<LabelledArticle, CorpusError>>>;

/// Opens a part.
pub(super) fn read(path: &Path, format: TableFormat, per: Per) -> Result<Articles, CorpusError> {
    let file = File::open(path).map_err(CorpusError::io(path))?;
    let damaged = damaged(path);
    let pieces: Articles = match format.rows {
        Rows::Parquet => {
            let builder = guarded(|| ParquetRecordBatchReaderBuilder::try_new(file));
            let batches = builder.and_then(Batches::of).map_err(|error| damaged(error.to_string()))?;
            Box::new(batches.flat_map(move |table| match table.and_then(|table| Ok(arrow::articles(&table, per)?)) {
                Ok(articles) => articles.into_iter().map(Ok).collect(),
                Err(error) => vec![Err(damaged(error.to_string()))],
            }))
        }
        Rows::Jsonl => {
            let lines = BufReader::new(unpacked(file, format.packing).map_err(CorpusError::io(path))?).lines();
            Box::new(lines.map(move |line| {
                let line = line.map_err(|error| damaged(error.to_string()))?;
                json(&line, per).map_err(|error| damaged(error.to_string()))
            }))
        }
        Rows::Csv => {
            let mut table = csv::Reader::from_reader(unpacked(file, format.packing).map_err(CorpusError::io(path))?);
            let header = table.headers().map_err(|error| damaged(error.to_string()))?.clone();
            Box::new(table.into_records().map(move |row| {
                let row = row.map_err(|error| damaged(error.to_string()))?;
                csv_row(&header, &row, per).map_err(&damaged)
            }))
        }
    };
    Ok(Box::new(Joined { pieces: pieces.peekable() }))
}

fn damaged(path: &Path) -> impl Fn(String) -> CorpusError + use<> {
    let path: PathBuf = path.into();
    move |reason| CorpusError::Damaged { path: path.clone(), reason }
}

fn unpacked(file: File, packing: Packing) -> io::Result<Box<dyn Read>> {
    Ok(match packing {
        Packing::Plain => Box::new(file),
        Packing::Gzip => Box::new(flate2::read::MultiGzDecoder::new(file)),
        Packing::Zstd => Box::new(zstd::Decoder::new(file)?),
    })
}

/// Puts the rows of an article together: sentence 0 begins one.
struct Joined<I: Iterator> {
    pieces: std::iter::Peekable<I>,
}

impl<I: Iterator<Item = Result<LabelledArticle, CorpusError>>> Iterator for Joined<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<Self::Item> {
        let mut article = match self.pieces.next()? {
            Ok(article) => article,
            error => return Some(error),
        };
        let goes_on = |next: &Self::Item| {
            next.as_ref().is_ok_and(|next| next.sentences.first().is_some_and(|row| row.sentence > 0))
        };
        while let Some(Ok(more)) = self.pieces.next_if(goes_on) {
            article.sentences.extend(more.sentences);
        }
        Some(Ok(article))
    }
}

fn alone(row: LabelledSentence) -> LabelledArticle {
    LabelledArticle {
        id: row.article.clone(),
        title: None,
        source: row.outlet.clone(),
        date: row.date.clone(),
        sentences: vec![row],
    }
}

fn json(line: &str, per: Per) -> serde_json::Result<LabelledArticle> {
    Ok(match per {
        Per::Sentence => alone(serde_json::from_str(line)?),
        Per::Article => serde_json::from_str::<ArticleRow>(line)?.into(),
    })
}

fn csv_row(header: &csv::StringRecord, row: &csv::StringRecord, per: Per) -> Result<LabelledArticle, String> {
    let cell = |name: &str| {
        let found = header.iter().position(|known| known == name).and_then(|at| row.get(at));
        found.ok_or_else(|| format!("no column `{name}`"))
    };
    let known = |name| cell(name).map(|text| (!text.is_empty()).then(|| text.to_owned()));
    let number = |name| cell(name)?.parse::<usize>().map_err(|error| format!("`{name}`: {error}"));
    let article = cell("article")?.to_owned();
    if per == Per::Article {
        let sentences: Vec<SentenceRow> =
            serde_json::from_str(cell("sentences")?).map_err(|error| format!("`sentences`: {error}"))?;
        let (title, outlet, date) = (known("title")?, known("outlet")?, known("date")?);
        return Ok(ArticleRow { article, title, outlet, date, sentences }.into());
    }
    let share = |text: &str| text.parse::<f32>().map_err(|error| format!("`{text}`: {error}"));
    let attributions: Vec<Attribution> =
        serde_json::from_str(cell("attributions")?).map_err(|error| format!("`attributions`: {error}"))?;
    let labels = header.iter().zip(row).filter_map(|(name, text)| Some((name.strip_prefix("p_")?, text)));
    let probabilities =
        labels.filter(|(_, text)| !text.is_empty()).map(|(name, text)| Ok((name.to_owned(), share(text)?)));
    Ok(alone(LabelledSentence {
        article,
        outlet: known("outlet")?,
        date: known("date")?,
        sentence: number("sentence")?,
        start: number("start")?,
        end: number("end")?,
        text: cell("text")?.to_owned(),
        label: cell("label")?.to_owned(),
        confidence: share(cell("confidence")?)?,
        probabilities: probabilities.collect::<Result<_, String>>()?,
        attributions,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file at which the Parquet reader panics.
    #[test]
    fn a_damaged_part_is_an_error() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/formats/negative.parquet");
        let format = TableFormat { rows: Rows::Parquet, packing: Packing::Plain };
        let found: Vec<_> = read(&path, format, Per::Sentence).unwrap().collect();
        assert!(matches!(found[..], [Err(CorpusError::Damaged { .. })]), "{found:?}");
    }
}
