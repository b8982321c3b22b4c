//! What veracity says of a sentence.

use crate::article::Span;
use serde::{Deserialize, Serialize};

/// A stretch of an article's text, with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextSpan {
    /// The text under the span.
    pub text: String,
    /// First byte in the article's text.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl TextSpan {
    /// The stretch of `text` under `span`.
    pub fn new(text: &str, span: Span) -> Self {
        Self { text: span.of(text).to_owned(), start: span.start, end: span.end }
    }

    /// The place alone.
    pub const fn span(&self) -> Span {
        Span::new(self.start, self.end)
    }
}

/// Who says what: one attribution, with the parts that were found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribution {
    /// Who says it; `None` when the text names nobody.
    pub source: Option<TextSpan>,
    /// The words that attribute: "said", "according to".
    pub cue: Option<TextSpan>,
    /// What is said.
    pub content: Option<TextSpan>,
}

/// Class probabilities in the model's order of labels; written as a JSON object.
pub type Probabilities = Vec<(String, f32)>;

/// One labelled sentence: one row of the output.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LabelledSentence {
    /// The article's id.
    pub article: String,
    /// Position in the article, from 0; headlines are not counted.
    pub sentence: usize,
    /// First byte in the article's text.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The sentence.
    pub text: String,
    /// The most probable label.
    pub label: String,
    /// Its probability.
    pub confidence: f32,
    /// Probability of each label.
    #[serde(with = "probability_map")]
    pub probabilities: Probabilities,
    /// Attributions whose cue, or else content, starts in this sentence.
    #[serde(default)]
    pub attributions: Vec<Attribution>,
}

/// All rows of one article.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LabelledArticle {
    /// The article's id.
    pub id: String,
    /// The headline, given or found.
    pub title: Option<String>,
    /// The outlet.
    pub source: Option<String>,
    /// One row a sentence, in order.
    pub sentences: Vec<LabelledSentence>,
}

/// The label of a sentence that is left to a person.
pub const UNCERTAIN: &str = "uncertain";

impl LabelledArticle {
    /// Labels every sentence below this confidence as [`UNCERTAIN`]. Its probabilities
    /// stay, and `confidence` is still the highest of them.
    pub fn abstain(&mut self, min_confidence: f32) {
        for row in self.sentences.iter_mut().filter(|row| row.confidence < min_confidence) {
            row.label = UNCERTAIN.into();
        }
    }
}

mod probability_map {
    use serde::de::{MapAccess, Visitor};
    use serde::{Deserializer, Serializer, ser::SerializeMap};

    pub(super) fn serialize<S: Serializer>(rows: &[(String, f32)], s: S) -> Result<S::Ok, S::Error> {
        let mut map = s.serialize_map(Some(rows.len()))?;
        for (label, p) in rows {
            map.serialize_entry(label, p)?;
        }
        map.end()
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<(String, f32)>, D::Error> {
        struct Rows;
        impl<'de> Visitor<'de> for Rows {
            type Value = Vec<(String, f32)>;
            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("an object from label to probability")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut rows = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    rows.push(entry);
                }
                Ok(rows)
            }
        }
        d.deserialize_map(Rows)
    }
}
