//! Any bytes as labelled rows, as `report`, `sources` and `evaluate` read them: the first byte
//! chooses which, and bytes of 255 part rows, predictions and text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::fs;
use veracity::article::Article;
use veracity::attribute::Aliases;
use veracity::evaluate::{GoldFormat, Options, Predictions, evaluate};
use veracity::label::LabelledSentence;
use veracity::observe::{Observations, Report, page};
use veracity::read::labelled_rows;
use veracity::reliability::{Outcomes, Ratings, estimate_with};
use veracity::report::{HtmlReport, TableStyle, TrustTable, article_view, labelled_articles, sources_table};

const GOLD: [GoldFormat; 9] = [
    GoldFormat::Jsonl,
    GoldFormat::Csv,
    GoldFormat::Tsv,
    GoldFormat::LabelStudio,
    GoldFormat::Doccano,
    GoldFormat::Prodigy,
    GoldFormat::Conll,
    GoldFormat::Gum,
    GoldFormat::Brat,
];

fuzz_target!(init: veracity::read::hush_caught_panics(), |data: &[u8]| {
    let Some((&first, bytes)) = data.split_first() else { return };
    let mut pieces = bytes.split(|&byte| byte == 255);
    let rows = pieces.next().unwrap_or_default();
    let predictions = pieces.next().unwrap_or(rows);
    let text = pieces.next().unwrap_or(predictions);
    match first {
        0 => report(rows, text),
        1 => sources(bytes),
        _ => score(rows, predictions, text, GOLD[usize::from(first - 2) % GOLD.len()]),
    }
});

fn report(rows: &[u8], text: &[u8]) {
    let source = Article { text: String::from_utf8_lossy(text).into_owned(), ..Article::default() };
    let mut report = HtmlReport::default();
    let file = file(rows);
    let Ok(articles) = labelled_articles(file.path()) else { return };
    for article in articles.flatten() {
        // The program gives a source only with rows that are of its text.
        let whole = |row: &LabelledSentence| source.text.get(row.start..row.end) == Some(row.text.as_str());
        let source = article.sentences.iter().all(whole).then_some(&source);
        report.add(source, &article);
        let _ = article_view(source, &article, TableStyle::default());
    }
    let _ = report.finish("title", &TrustTable::default());
}

fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    fs::write(file.path(), bytes).expect("room for it");
    file
}

fn sources(bytes: &[u8]) {
    let file = file(bytes);
    let Ok(rows) = labelled_rows(file.path()) else { return };
    let rows = rows.flatten().collect();
    let seen = Observations::new(rows, &Aliases::default());
    let prepared = seen.claims(&Ratings::default());
    if prepared.claims.is_empty() {
        return;
    }
    let outcomes = Outcomes::none(&prepared.claims);
    let found = estimate_with(&prepared.claims, &outcomes, &prepared.context);
    let report = Report::new(&seen, &prepared, &outcomes, &found);
    let _ = page(&report);
    let _ = sources_table(&report, TableStyle::default());
}

fn score(gold: &[u8], rows: &[u8], text: &[u8], format: GoldFormat) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let put = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        fs::write(&path, bytes).expect("room for it");
        path
    };
    // brat's annotations have their text beside them.
    put("orla-1.txt", text);
    let gold = put(if format == GoldFormat::Brat { "orla-1.ann" } else { "gold.txt" }, gold);
    let rows = put("rows.jsonl", rows);
    let options = Options { gold_format: Some(format), draws: 5, suspects: 3, errors: 3, ..Options::default() };
    let predictions = [Predictions::File(&rows), Predictions::File(&rows)];
    if let Ok(report) = evaluate(&gold, &predictions, &options) {
        let _ = (report.to_text(), report.to_html());
    }
}
