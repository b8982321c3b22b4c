//! Gold as articles that a model can label.

use super::document::{Document, group};
use super::{EvaluateError, Options, annotators, read};
use crate::article::{Article, Span};
use std::path::Path;

/// Fields that say more of the article.
const FIELDS: [&str; 3] = ["title", "outlet", "date"];

/// The articles of a gold file, their sentences kept as gold splits them.
///
/// Offsets are kept where the rows have them, so that attribution spans can be compared;
/// what lies between the sentences is not known, and is white space.
pub fn gold_articles(gold: &Path, options: &Options) -> Result<Vec<Article>, EvaluateError> {
    let with = Options { by: FIELDS.map(String::from).to_vec(), ..options.clone() };
    let (rows, _) = annotators::consensus(read::gold(gold, &with)?.rows);
    if let Some(row) = rows.iter().find(|row| row.text.trim().is_empty()) {
        let fault =
            read::Fault::new("a sentence without `text`", "a model needs the text; give --pred instead of --model");
        return Err(EvaluateError::row(gold, row.line as usize, fault));
    }
    Ok(group(rows).iter().map(article).collect())
}

fn article(doc: &Document) -> Article {
    let placed = placed(doc).unwrap_or_else(|| joined(doc));
    let field = |at: usize| doc.rows.iter().find_map(|row| row.fields[at].as_deref().map(str::to_owned));
    Article {
        id: doc.id.to_string(),
        text: placed.0,
        title: field(0),
        source: field(1),
        date: field(2),
        url: None,
        sentences: Some(placed.1),
    }
}

/// The text with every sentence at its offset; `None` where offsets lack or overlap.
fn placed(doc: &Document) -> Option<(String, Vec<Span>)> {
    let mut text = String::new();
    let mut spans = Vec::new();
    for row in &doc.rows {
        let span = row.span.filter(|span| span.len() == row.text.len())?;
        let gap = span.start.checked_sub(text.len())?;
        text.extend(std::iter::repeat_n(' ', gap));
        text.push_str(&row.text);
        spans.push(span);
    }
    Some((text, spans))
}

fn joined(doc: &Document) -> (String, Vec<Span>) {
    let mut text = String::new();
    let mut spans = Vec::new();
    for row in &doc.rows {
        if !text.is_empty() {
            text.push(' ');
        }
        let start = text.len();
        text.push_str(&row.text);
        spans.push(Span::new(start, text.len()));
    }
    (text, spans)
}
