//! A reported statement and the same in the article's own voice: `pairs.tsv` holds kind,
//! a sentence before it, `X said that S`, and `S`.

use super::{hold, labeler};
use veracity::article::Article;

/// At least these shares must be right: of reported statements, and of those in own voice.
const FLOORS: [f64; 2] = [0.9, 0.9];

#[test]
fn a_statement_is_an_allegation_by_its_source_alone() {
    let Some(labeler) = labeler() else { return };
    let pairs: Vec<[&str; 4]> = include_str!("pairs.tsv")
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>().try_into().unwrap())
        .collect();
    assert!(pairs.len() >= 200);
    // The sentence before stands in front of both.
    let label = |which: usize| -> Vec<String> {
        let article = |(n, pair): (usize, &[&str; 4])| Article {
            id: n.to_string(),
            text: format!("{}\n\n{}", pair[1], pair[which]),
            ..Article::default()
        };
        let articles: Vec<Article> = pairs.iter().enumerate().map(article).collect();
        let labelled = labeler.label(&articles).into_iter().map(Result::unwrap);
        labelled
            .zip(&articles)
            .map(|(found, article)| {
                let start = article.text.find("\n\n").unwrap();
                found.sentences.iter().find(|s| s.start > start).unwrap().label.clone()
            })
            .collect()
    };
    let (reported, own) = (label(2), label(3));
    let mut passed = [0; 2];
    for ((pair, reported), own) in pairs.iter().zip(&reported).zip(&own) {
        passed[0] += usize::from(reported == "allegation");
        passed[1] += usize::from(own != "allegation");
        if reported != "allegation" {
            println!("  {reported}: {}", pair[2]);
        }
        if own == "allegation" {
            println!("  {own}: {}", pair[3]);
        }
    }
    hold("reported statements that are allegations", passed[0], pairs.len(), FLOORS[0]);
    hold("statements in own voice that are none", passed[1], pairs.len(), FLOORS[1]);
}
