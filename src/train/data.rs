//! Training rows: sentences with labels, or documents with attribution spans.

use super::settings::TrainError;
use crate::article::Span;
use serde::Deserialize;
use std::collections::HashMap;
use std::io::BufRead;
use std::path::Path;

/// Names of the fields that hold label and weight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields {
    /// Field of the label.
    pub label: String,
    /// Field that is false on a borderline row.
    pub firm: String,
}

/// One sentence to learn from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Example {
    /// The sentence.
    pub text: String,
    /// Its label, if it has one.
    pub label: Option<String>,
    /// False when its annotator called it borderline.
    pub firm: bool,
    /// For each role its spans in the sentence, in bytes; the flag says that the span
    /// began in an earlier sentence. `None` when the row carries no annotation of spans.
    pub spans: Option<[Vec<(Span, bool)>; 3]>,
    /// A teacher's probabilities of the labels, in the order of the logits.
    pub taught: Option<Vec<f32>>,
}

/// One article to learn from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// Identity.
    pub id: String,
    /// Headline, or empty.
    pub title: String,
    /// Sentences in order.
    pub sentences: Vec<Example>,
}

/// One line of a training file.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Row {
    /// A whole document; offsets count characters.
    Document {
        /// Identity.
        #[serde(alias = "article", alias = "id")]
        doc_id: String,
        /// The text.
        text: String,
        /// Headline.
        #[serde(default)]
        title: Option<String>,
        /// Start and end of each sentence.
        sentences: Vec<[usize; 2]>,
        /// Attribution spans.
        attributions: Vec<DocumentAttribution>,
    },
    /// One sentence; rows of a document follow one another.
    Sentence {
        /// The document.
        #[serde(alias = "article")]
        doc_id: String,
        /// The sentence.
        text: String,
        /// Headline of the document.
        #[serde(default)]
        title: Option<String>,
        /// Place of the sentence in its document's text, in bytes: what `attributions` count from.
        #[serde(default)]
        start: usize,
        /// Attributions as `veracity label` writes them.
        #[serde(default)]
        attributions: Option<Vec<crate::label::Attribution>>,
        /// Everything else, the label among it.
        #[serde(flatten)]
        rest: HashMap<String, serde_json::Value>,
    },
    /// The labels of a document whose sentences stand in another file.
    Labels {
        /// The document.
        #[serde(alias = "article")]
        doc_id: String,
        /// A label for each sentence, null for none.
        labels: Vec<Option<String>>,
        /// For each sentence false when it is borderline.
        firm: Vec<bool>,
    },
}

/// Spans of one attribution; each role may be split or absent.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct DocumentAttribution {
    /// Who says it.
    #[serde(default)]
    pub source: Vec<[usize; 2]>,
    /// The words that attribute.
    #[serde(default)]
    pub cue: Vec<[usize; 2]>,
    /// What is said.
    #[serde(default)]
    pub content: Vec<[usize; 2]>,
}

/// Reads files of all kinds, plain or compressed. Rows of the same id are one document:
/// spans from the document row, labels and title from the sentence rows, and from a row of
/// labels those that are still missing. Labels without sentences are an error.
pub fn read_documents(paths: &[impl AsRef<Path>], fields: &Fields) -> Result<Vec<Document>, TrainError> {
    let mut all: Vec<Document> = Vec::new();
    let mut at: HashMap<String, usize> = HashMap::new();
    for path in paths {
        for document in read_file(path.as_ref(), fields)? {
            match at.get(&document.id) {
                Some(&i) => merge(&mut all[i], document)?,
                None => {
                    at.insert(document.id.clone(), all.len());
                    all.push(document);
                }
            }
        }
    }
    match all.iter().find(|document| document.sentences.iter().any(|s| s.text.is_empty() && s.label.is_some())) {
        None => Ok(all),
        Some(document) => Err(TrainError::Settings {
            reason: format!("document {}: labels, but no sentences", document.id),
            hint: "name the file of its sentences with --train as well".into(),
        }),
    }
}

fn read_file(path: &Path, fields: &Fields) -> Result<Vec<Document>, TrainError> {
    let io = |error| TrainError::Io { path: path.into(), error };
    let mut documents: Vec<Document> = Vec::new();
    let mut goes_on = false;
    for (n, line) in crate::read::open(path).map_err(io)?.lines().enumerate() {
        let line = line.map_err(io)?;
        if line.trim().is_empty() {
            continue;
        }
        let bad = |reason: String| TrainError::Row { path: path.into(), line: n + 1, reason };
        let row: Row = serde_json::from_str(&line).map_err(|e| {
            // An untagged enum hides the reason; a broken line has its own.
            match serde_json::from_str::<serde_json::Value>(&line) {
                Ok(_) => bad("neither a row of a sentence, nor of a document, nor of labels".into()),
                Err(_) => bad(e.to_string()),
            }
        })?;
        // A sentence row goes on with the document of the sentence row before it.
        let sentence = matches!(row, Row::Sentence { .. });
        add(&mut documents, row, goes_on, fields).map_err(bad)?;
        goes_on = sentence;
    }
    Ok(documents)
}

fn add(documents: &mut Vec<Document>, row: Row, goes_on: bool, fields: &Fields) -> Result<(), String> {
    match row {
        Row::Document { doc_id, text, title, sentences, attributions } => {
            let title = title.unwrap_or_default();
            documents.push(Document {
                id: doc_id,
                title,
                sentences: document_sentences(&text, &sentences, &attributions)?,
            });
        }
        Row::Labels { doc_id, labels, firm } => {
            if labels.len() != firm.len() {
                return Err(format!("{} labels, but `firm` has {} values", labels.len(), firm.len()));
            }
            let sentence = |(label, firm)| Example { label, firm, ..Example::default() };
            let sentences = labels.into_iter().zip(firm).map(sentence).collect();
            documents.push(Document { id: doc_id, title: String::new(), sentences });
        }
        Row::Sentence { doc_id, text, title, start, attributions, rest } => {
            if !goes_on || documents.last().is_none_or(|d| d.id != doc_id) {
                documents.push(Document { id: doc_id, title: title.unwrap_or_default(), sentences: Vec::new() });
            }
            // Files with names of their own and rows as veracity writes them can go together.
            let field = |name: &str, ours: &str| rest.get(name).or_else(|| rest.get(ours));
            let label = match field(&fields.label, "label") {
                None | Some(serde_json::Value::Null) => None,
                Some(serde_json::Value::String(label)) => Some(label.clone()),
                Some(other) => return Err(format!("field `{}` is {other}, not a label", fields.label)),
            };
            let firm = field(&fields.firm, "firm").is_none_or(|v| v.as_bool() != Some(false));
            let spans = attributions.map(|all| sentence_spans(&all, start, text.len()));
            if let Some(document) = documents.last_mut() {
                document.sentences.push(Example { text, label, firm, spans, taught: None });
            }
        }
    }
    Ok(())
}

fn document_sentences(
    text: &str,
    sentences: &[[usize; 2]],
    attributions: &[DocumentAttribution],
) -> Result<Vec<Example>, String> {
    let bytes: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
    let span = |[start, end]: [usize; 2]| -> Result<Span, String> {
        match (bytes.get(start), bytes.get(end)) {
            (Some(&s), Some(&e)) if s <= e => Ok(Span::new(s, e)),
            _ => Err(format!("offsets {start}..{end} do not fit a text of {} characters", bytes.len() - 1)),
        }
    };
    let mut roles: [Vec<Span>; 3] = Default::default();
    for attribution in attributions {
        for (role, spans) in [&attribution.source, &attribution.cue, &attribution.content].into_iter().enumerate() {
            for &pair in spans {
                roles[role].push(span(pair)?);
            }
        }
    }
    roles.iter_mut().for_each(|r| {
        r.sort_unstable();
        r.dedup();
    });
    sentences
        .iter()
        .map(|&pair| {
            let place = span(pair)?;
            let spans = roles.each_ref().map(|role| role.iter().filter_map(|s| clip(*s, place)).collect());
            Ok(Example { text: place.of(text).into(), label: None, firm: true, spans: Some(spans), taught: None })
        })
        .collect()
}

/// The part of a span that lies in a sentence, counted from the sentence's start.
fn clip(span: Span, sentence: Span) -> Option<(Span, bool)> {
    if !span.overlaps(&sentence) {
        return None;
    }
    let start = span.start.max(sentence.start) - sentence.start;
    let end = span.end.min(sentence.end) - sentence.start;
    Some((Span::new(start, end), span.start < sentence.start))
}

fn sentence_spans(all: &[crate::label::Attribution], start: usize, length: usize) -> [Vec<(Span, bool)>; 3] {
    let sentence = Span::new(start, start + length);
    let mut roles: [Vec<(Span, bool)>; 3] = Default::default();
    for attribution in all {
        for (role, part) in [&attribution.source, &attribution.cue, &attribution.content].into_iter().enumerate() {
            roles[role].extend(part.as_ref().and_then(|p| clip(p.span(), sentence)));
        }
    }
    roles.iter_mut().for_each(|r| {
        r.sort_unstable();
        r.dedup();
    });
    roles
}

/// Joins two readings of one document, sentence by sentence.
fn merge(into: &mut Document, other: Document) -> Result<(), TrainError> {
    if into.sentences.len() != other.sentences.len() {
        return Err(TrainError::Settings {
            reason: format!(
                "document {}: {} sentences in one reading, {} in another",
                into.id,
                into.sentences.len(),
                other.sentences.len()
            ),
            hint: "rows of one id must be split alike and follow one another".into(),
        });
    }
    if into.title.is_empty() {
        into.title = other.title;
    }
    for (a, b) in into.sentences.iter_mut().zip(other.sentences) {
        if a.label.is_none() {
            a.label = b.label;
            a.firm = b.firm;
        }
        if (a.spans.is_none() && b.spans.is_some()) || a.text.is_empty() {
            a.spans = b.spans;
            a.text = b.text;
        }
    }
    Ok(())
}
