//! Labels of the sample's sentences under changes that do not touch their meaning.

use super::{common, hold, labeler};
use veracity::article::{Article, Span};
use veracity::label::LabelledArticle;

/// At least this share of the labels must stay.
const FLOOR: f64 = 0.97;

/// Labels the sample and a changed copy of it, sentence for sentence.
///
/// Articles are given as sentences, so that a change cannot move their borders.
fn stays(what: &str, change: impl Fn(&str) -> String) {
    let Some(labeler) = labeler() else { return };
    let plain: Vec<Article> = common::sample();
    let label = |articles: &[Article]| -> Vec<LabelledArticle> {
        labeler.label(articles).into_iter().map(|article| article.unwrap()).collect()
    };
    let found = label(&plain);
    let with = |change: &dyn Fn(&str) -> String| -> Vec<Article> {
        let one = |(article, found): (&Article, &LabelledArticle)| {
            let sentences: Vec<String> = found.sentences.iter().map(|s| change(&s.text)).collect();
            Article { title: article.title.as_deref().map(change), ..given(article, &sentences) }
        };
        plain.iter().zip(&found).map(one).collect()
    };
    let before = label(&with(&str::to_owned));
    let after = label(&with(&change));
    let pairs = before.iter().zip(&after).flat_map(|(a, b)| {
        assert_eq!(a.sentences.len(), b.sentences.len(), "{}", a.id);
        a.sentences.iter().zip(&b.sentences)
    });
    let (mut same, mut all) = (0, 0);
    for (a, b) in pairs {
        all += 1;
        same += usize::from(a.label == b.label);
        if a.label != b.label {
            println!("  {} -> {}: {}", a.label, b.label, b.text);
        }
    }
    hold(what, same, all, FLOOR);
}

/// The article with these sentences, as if they had been given.
fn given(article: &Article, sentences: &[String]) -> Article {
    let mut text = String::new();
    let mut spans = Vec::new();
    for sentence in sentences {
        spans.push(Span::new(text.len(), text.len() + sentence.len()));
        text += sentence;
        text += "\n\n";
    }
    Article { id: article.id.clone(), text, sentences: Some(spans), ..Article::default() }
}

#[test]
fn typographic_quotes_and_dashes() {
    stays("straight marks made typographic", |text| {
        let mut open = true;
        let marks = text.chars().map(|c| match c {
            '"' => {
                open = !open;
                if open { '”' } else { '“' }
            }
            '\'' => '’',
            c => c,
        });
        marks.collect::<String>().replace(" - ", " – ")
    });
    stays("typographic marks made straight", |text| {
        text.replace(['“', '”'], "\"").replace(['‘', '’'], "'").replace(['–', '—'], "-")
    });
}

/// Names of the sample and others in their place, the longer ones first.
fn names() -> Vec<(&'static str, &'static str)> {
    include_str!("names.tsv").lines().filter_map(|line| line.split_once('\t')).collect()
}

fn replace_all(text: &str, with: impl Fn(&str, &str) -> String) -> String {
    names().into_iter().fold(text.to_owned(), |text, (old, new)| text.replace(old, &with(old, new)))
}

#[test]
fn changed_names() {
    stays("another name", |text| replace_all(text, |_, new| new.to_owned()));
}

#[test]
fn case_of_names() {
    stays("names in capitals", |text| replace_all(text, |old, _| old.to_uppercase()));
    stays("names in small letters", |text| replace_all(text, |old, _| old.to_lowercase()));
}

#[test]
fn white_space() {
    stays("two spaces for one", |text| text.replace(' ', "  "));
    stays("no-break spaces", |text| text.replace(' ', "\u{a0}"));
    stays("line breaks for spaces", |text| text.replace(' ', "\n"));
}
