//! The counted sentences as numbers: what every figure is computed from.

/// Sentences with gold and predicted class; all lists are parallel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sample {
    /// Names of the classes. First those that occur in gold or predictions, sorted, then
    /// those that have a probability but never occur, sorted.
    pub classes: Vec<String>,
    /// How many of them occur.
    pub occurring: usize,
    /// Number of articles.
    pub articles: usize,
    /// Index of each sentence's article.
    pub article: Vec<u32>,
    /// Gold class.
    pub gold: Vec<u16>,
    /// Predicted class.
    pub pred: Vec<u16>,
    /// Probability of each class, sentence after sentence, shape `[sentences, classes]`;
    /// 0 for a class that the predictions name no probability of.
    pub probabilities: Option<Vec<f64>>,
    /// Probability of the predicted class, in [0, 1].
    pub confidence: Option<Vec<f64>>,
}

impl Sample {
    /// Number of sentences.
    pub fn len(&self) -> usize {
        self.gold.len()
    }

    /// Whether there is no sentence.
    pub fn is_empty(&self) -> bool {
        self.gold.is_empty()
    }

    /// The probabilities of one sentence, in the order of `classes`.
    pub fn row(&self, at: usize) -> Option<&[f64]> {
        let width = self.classes.len();
        self.probabilities.as_ref().map(|all| &all[at * width..(at + 1) * width])
    }

    /// Whether sentence `at` is labelled right.
    pub fn right(&self, at: usize) -> bool {
        self.gold[at] == self.pred[at]
    }
}
