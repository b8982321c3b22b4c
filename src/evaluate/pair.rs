//! Gold rows with the predicted rows that answer for them.

use super::align::{How, align};
use super::document::Document;
use super::read::{Row, Rows};
use super::sample::Sample;
use crate::label::UNCERTAIN;
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};

/// A labelled gold row and its prediction.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    /// Index of the gold article.
    pub(super) article: usize,
    /// Index of the row in its article.
    pub(super) at: usize,
    pub(super) gold: &'a Row,
    pub(super) pred: &'a Row,
    /// The predicted article and the row's index in it.
    pub(super) place: (&'a Document, usize),
}

/// What was found for all gold rows.
pub(super) struct Paired<'a> {
    /// The pairs that count, article by article.
    pub(super) pairs: Vec<Pair<'a>>,
    /// Rows whose prediction abstained.
    pub(super) abstained: usize,
    pub(super) aligned_by: AlignedBy,
    /// Labelled gold rows without a prediction.
    pub(super) unaligned: Vec<&'a Row>,
    /// Gold articles without any prediction.
    pub(super) missing: Vec<&'a Document>,
    /// Predicted articles that gold does not have.
    pub(super) extra: Vec<&'a Document>,
    /// Gold articles and their predictions.
    pub(super) documents: Vec<(&'a Document, &'a Document)>,
}

/// Counted sentences by the way they were found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AlignedBy {
    /// Same offsets.
    pub offsets: usize,
    /// Same text.
    pub text: usize,
    /// Greatest overlap in bytes.
    pub overlap: usize,
    /// Most words in common.
    pub fuzzy: usize,
}

/// Pairs every kept and labelled gold row with a predicted one.
pub(super) fn pair<'a>(gold: &'a [Document], pred: &'a [Document]) -> Paired<'a> {
    let by_id: HashMap<&str, &Document> = pred.iter().map(|doc| (&*doc.id, doc)).collect();
    let known: BTreeSet<&str> = gold.iter().map(|doc| &*doc.id).collect();
    let abstains = !gold.iter().flat_map(|doc| &doc.rows).any(|row| row.label.as_deref() == Some(UNCERTAIN));
    let mut all = Paired {
        pairs: Vec::new(),
        abstained: 0,
        aligned_by: AlignedBy::default(),
        unaligned: Vec::new(),
        missing: Vec::new(),
        extra: pred.iter().filter(|doc| !known.contains(&*doc.id)).collect(),
        documents: Vec::new(),
    };
    for (article, doc) in gold.iter().enumerate().filter(|(_, doc)| doc.rows.iter().any(|row| row.kept)) {
        let Some(&theirs) = by_id.get(&*doc.id) else {
            all.missing.push(doc);
            all.unaligned.extend(doc.rows.iter().filter(|row| row.kept && row.label.is_some()));
            continue;
        };
        all.documents.push((doc, theirs));
        let found = align(&doc.rows.iter().collect::<Vec<_>>(), &theirs.rows);
        for (at, (gold, found)) in doc.rows.iter().zip(found).enumerate() {
            if !gold.kept || gold.label.is_none() {
                continue;
            }
            let Some((row, how)) = found else {
                all.unaligned.push(gold);
                continue;
            };
            match how {
                How::Offsets => all.aligned_by.offsets += 1,
                How::Text => all.aligned_by.text += 1,
                How::Overlap => all.aligned_by.overlap += 1,
                How::Fuzzy => all.aligned_by.fuzzy += 1,
            }
            let pred = &theirs.rows[row];
            if abstains && pred.label.as_deref() == Some(UNCERTAIN) {
                all.abstained += 1;
            } else {
                all.pairs.push(Pair { article, at, gold, pred, place: (theirs, row) });
            }
        }
    }
    all
}

/// The pairs as numbers; `rows` is where the predictions come from.
pub(super) fn sample(pairs: &[Pair], rows: &Rows) -> Sample {
    let label = |row: &'_ Row| -> String { row.label.as_deref().unwrap_or_default().to_owned() };
    let mut used: BTreeSet<String> = BTreeSet::new();
    for pair in pairs {
        for row in [pair.gold, pair.pred] {
            if !used.contains(row.label.as_deref().unwrap_or_default()) {
                used.insert(label(row));
            }
        }
    }
    let occurring = used.len();
    let more: BTreeSet<String> = rows.classes.iter().filter(|class| !used.contains(*class)).cloned().collect();
    let classes: Vec<String> = used.into_iter().chain(more).collect();
    let index: HashMap<String, u16> = classes.iter().enumerate().map(|(at, name)| (name.clone(), at as u16)).collect();
    let class = |row: &Row| index.get(row.label.as_deref().unwrap_or_default()).copied().unwrap_or_default();

    let mut articles: HashMap<usize, u32> = HashMap::new();
    let mut sample = Sample { occurring, ..Sample::default() };
    for pair in pairs {
        let next = articles.len() as u32;
        sample.article.push(*articles.entry(pair.article).or_insert(next));
        sample.gold.push(class(pair.gold));
        sample.pred.push(class(pair.pred));
    }
    sample.articles = articles.len();
    if !pairs.is_empty() && pairs.iter().all(|pair| pair.pred.probabilities.is_some()) {
        let places: Vec<usize> = rows.classes.iter().map(|name| usize::from(index[name])).collect();
        let mut all = vec![0.0; pairs.len() * classes.len()];
        for (pair, row) in pairs.iter().zip(all.chunks_exact_mut(classes.len())) {
            let given = pair.pred.probabilities.as_deref().unwrap_or_default();
            for (place, p) in places.iter().zip(given).filter(|(_, p)| !p.is_nan()) {
                row[*place] = *p;
            }
        }
        sample.probabilities = Some(all);
    }
    sample.classes = classes;
    sample.confidence = (0..pairs.len())
        .map(|at| pairs[at].pred.confidence.or_else(|| sample.row(at).map(|row| row[usize::from(sample.pred[at])])))
        .collect();
    sample
}
