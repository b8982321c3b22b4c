//! Rows put together by article.

use super::read::{Places, Row};
use super::said::Said;
use std::collections::HashMap;
use std::sync::Arc;

/// The rows of one article, in the file's order.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) id: Arc<str>,
    pub(super) rows: Vec<Row>,
}

impl Document {
    /// The distinct spans of each role, sorted; `None` when no row has the field.
    pub(super) fn places(&self) -> Option<Places> {
        let mut given = self.rows.iter().filter_map(|row| row.places.as_deref()).peekable();
        given.peek()?;
        let mut all = Places::default();
        for places in given {
            for (mine, theirs) in all.iter_mut().zip(places.iter()) {
                mine.extend(theirs);
            }
        }
        for spans in &mut all {
            spans.sort_unstable();
            spans.dedup();
        }
        Some(all)
    }

    /// The distinct attributions, in the order of the rows.
    pub(super) fn said(&self) -> Vec<Said> {
        let mut all: Vec<Said> = Vec::new();
        for said in self.rows.iter().flat_map(|row| &row.said) {
            if !all.contains(said) {
                all.push(said.clone());
            }
        }
        all
    }
}

/// Groups rows by article, articles in order of first appearance. A row without a
/// position gets the number of rows before it.
pub(super) fn group(rows: Vec<Row>) -> Vec<Document> {
    let mut documents: Vec<Document> = Vec::new();
    let mut by_id: HashMap<Arc<str>, usize> = HashMap::new();
    for mut row in rows {
        let at = *by_id.entry(row.article.clone()).or_insert_with(|| {
            documents.push(Document { id: row.article.clone(), rows: Vec::new() });
            documents.len() - 1
        });
        let document = &mut documents[at];
        row.sentence.get_or_insert(document.rows.len() as u32);
        document.rows.push(row);
    }
    documents
}
