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

/// What sort of source it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// Somebody.
    Person,
    /// A company, party, agency of news, university, club.
    Organisation,
    /// A newspaper, broadcaster or site; also the one that publishes the article.
    Outlet,
    /// A state, ministry, court, police or parliament.
    Government,
    /// A report, study, statement, poll or law.
    Document,
    /// People who are not named: "officials", "a witness".
    Anonymous,
    /// Many at once: "South Korean media", "critics of the plan".
    Collective,
}

impl SourceKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Person,
        Self::Organisation,
        Self::Outlet,
        Self::Government,
        Self::Document,
        Self::Anonymous,
        Self::Collective,
    ];

    /// The name as it stands in rows.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Organisation => "organisation",
            Self::Outlet => "outlet",
            Self::Government => "government",
            Self::Document => "document",
            Self::Anonymous => "anonymous",
            Self::Collective => "collective",
        }
    }

    /// Whether such sources are not one individual, and are judged together as a kind.
    pub const fn pooled(self) -> bool {
        matches!(self, Self::Anonymous | Self::Collective)
    }
}

impl std::fmt::Display for SourceKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Who a source is, whatever the words that stand for it at one place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Entity {
    /// The same for the same source in every article: its name in lower case, with hyphens.
    pub id: String,
    /// The fullest name that the article gives it.
    pub name: String,
    /// What sort of source it is.
    pub kind: SourceKind,
}

/// Who says what: one attribution, with the parts that were found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribution {
    /// Who says it; `None` when the text names nobody.
    pub source: Option<TextSpan>,
    /// The words that attribute: "said", "according to".
    pub cue: Option<TextSpan>,
    /// What is said.
    pub content: Option<TextSpan>,
    /// The source that `source` stands for, or that is meant where the text names nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity: Option<Entity>,
    /// Through whom it is said, the nearest first: in "the paper quoted officials as saying",
    /// officials speak through the paper.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub via: Vec<Entity>,
}

/// Class probabilities in the model's order of labels; written as a JSON object.
pub type Probabilities = Vec<(String, f32)>;

/// One labelled sentence: one row of the output.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LabelledSentence {
    /// The article's id.
    pub article: String,
    /// Who published the article, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outlet: Option<String>,
    /// When it was published, as it was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
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
    /// When it was published, as it was given.
    pub date: Option<String>,
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

pub(crate) mod probability_map {
    use serde::de::{MapAccess, Visitor};
    use serde::{Deserializer, Serializer, ser::SerializeMap};

    pub(crate) fn serialize<S: Serializer>(rows: &[(String, f32)], s: S) -> Result<S::Ok, S::Error> {
        let mut map = s.serialize_map(Some(rows.len()))?;
        for (label, p) in rows {
            map.serialize_entry(label, p)?;
        }
        map.end()
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<(String, f32)>, D::Error> {
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
