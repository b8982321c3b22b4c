//! What another model makes of the sentences: probabilities to learn from beside the labels, or
//! where there is no label (Hinton, Vinyals and Dean, Distilling the knowledge in a neural
//! network, 2015).

use super::data::Document;
use super::settings::TrainError;
use serde::Deserialize;
use std::collections::HashMap;
use std::io::BufRead;
use std::path::{Path, PathBuf};

/// What is needed of a row of `veracity label`.
#[derive(Deserialize)]
struct Row {
    #[serde(alias = "doc_id")]
    article: String,
    probabilities: HashMap<String, f32>,
}

/// Puts the probabilities of labelled files into the documents of the same ids, sentence by
/// sentence, in the order of `labels`.
pub(super) fn teach(documents: &mut [Document], paths: &[PathBuf], labels: &[String]) -> Result<(), TrainError> {
    let at: HashMap<String, usize> = documents.iter().enumerate().map(|(i, d)| (d.id.clone(), i)).collect();
    for path in paths {
        for (id, rows) in read(path, labels)? {
            let unfit = |reason: String| TrainError::Settings {
                reason: format!("{}: document {id}: {reason}", path.display()),
                hint: "a teacher's rows are what `veracity label` makes of the documents of --train, split alike"
                    .into(),
            };
            let Some(document) = at.get(&id).map(|&i| &mut documents[i]) else {
                return Err(unfit("it is in no file of --train".into()));
            };
            if document.sentences.len() != rows.len() {
                return Err(unfit(format!("{} sentences, {} in --train", rows.len(), document.sentences.len())));
            }
            for (sentence, row) in document.sentences.iter_mut().zip(rows) {
                sentence.taught = Some(row);
            }
        }
    }
    Ok(())
}

/// A document's id, and the probabilities of each of its sentences.
type Taught = (String, Vec<Vec<f32>>);

/// The documents of a file.
fn read(path: &Path, labels: &[String]) -> Result<Vec<Taught>, TrainError> {
    let io = |error| TrainError::Io { path: path.into(), error };
    let mut documents: Vec<Taught> = Vec::new();
    for (n, line) in crate::read::open(path).map_err(io)?.lines().enumerate() {
        let line = line.map_err(io)?;
        if line.trim().is_empty() {
            continue;
        }
        let bad = |reason: String| TrainError::Row { path: path.into(), line: n + 1, reason };
        let row: Row = serde_json::from_str(&line).map_err(|e| bad(e.to_string()))?;
        let shares = shares(&row.probabilities, labels).map_err(bad)?;
        match documents.last_mut() {
            Some((id, rows)) if *id == row.article => rows.push(shares),
            _ => documents.push((row.article, vec![shares])),
        }
    }
    Ok(documents)
}

/// In the order of `labels`, with a sum of 1.
fn shares(of: &HashMap<String, f32>, labels: &[String]) -> Result<Vec<f32>, String> {
    let values: Option<Vec<f32>> = labels.iter().map(|label| of.get(label).copied()).collect();
    let values = values.ok_or_else(|| format!("`probabilities` does not name each of {}", labels.join(", ")))?;
    let sum: f32 = values.iter().sum();
    if values.iter().any(|v| !(0.0..=1.0).contains(v)) || (sum - 1.0).abs() > 0.01 {
        return Err(format!("`probabilities` are {values:?}, not shares of 1"));
    }
    Ok(values.into_iter().map(|v| v / sum).collect())
}
