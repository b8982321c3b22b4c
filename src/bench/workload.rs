//! What is labelled.

use crate::article::Article;
use crate::segment::segment;
use std::path::PathBuf;

/// Articles, repeated until there is enough to time.
pub struct Workload {
    /// Where they come from.
    pub inputs: Vec<PathBuf>,
    /// The articles of one run.
    pub articles: Vec<Article>,
    /// How many of them come before the first repetition.
    pub distinct: usize,
    /// Whether each sentence is an article of its own.
    pub lone: bool,
    /// Seconds that reading took, the repetitions counted in.
    pub read_seconds: f64,
}

impl Workload {
    /// Repeats articles, in order, until they have at least `sentences` sentences; with
    /// `lone`, each sentence becomes an article without title. `None` without a sentence.
    pub fn new(
        inputs: Vec<PathBuf>,
        articles: Vec<Article>,
        sentences: usize,
        lone: bool,
        read_seconds: f64,
    ) -> Option<Self> {
        let parts: Vec<(Vec<Article>, usize)> = articles
            .into_iter()
            .map(|article| {
                let spans = segment(&article).sentences;
                let count = spans.len();
                if !lone {
                    return (vec![article], count);
                }
                let one = |(i, text): (usize, &str)| Article {
                    id: format!("{}:{i}", article.id),
                    text: text.to_owned(),
                    sentences: Some(vec![crate::article::Span::new(0, text.len())]),
                    ..Article::default()
                };
                (spans.iter().map(|s| s.of(&article.text)).enumerate().map(one).collect(), count)
            })
            .collect();
        let once: usize = parts.iter().map(|(_, n)| n).sum();
        if once == 0 {
            return None;
        }
        let distinct: usize = parts.iter().map(|(articles, _)| articles.len()).sum();
        let mut all = Vec::new();
        let mut count = 0;
        for (articles, n) in parts.iter().cycle() {
            if count >= sentences.max(1) {
                break;
            }
            all.extend(articles.iter().cloned());
            count += n;
        }
        let read_seconds = read_seconds * count as f64 / once as f64;
        let distinct = distinct.min(all.len());
        Some(Self { inputs, articles: all, distinct, lone, read_seconds })
    }
}
