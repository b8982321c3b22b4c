//! Guesses which key of a record holds a field that was not found.

use super::fields::Field;
use serde_json::Value;

/// Keys that other sources use.
fn aliases(field: Field) -> &'static [&'static str] {
    match field {
        Field::Id => &["uid", "uuid", "guid", "doc_id", "article_id"],
        Field::Text => &[
            "body",
            "content",
            "article",
            "article_text",
            "fulltext",
            "full_text",
            "maintext",
            "bodytext",
            "story",
            "plain",
            "plaintext",
            "raw_text",
            "document",
        ],
        Field::Sentences => &["sents", "lines"],
        Field::Title => &["headline", "name"],
        Field::Source => &["publisher", "outlet", "publication", "domain", "name"],
        Field::Date => &["published", "published_at", "pubdate", "timestamp"],
        Field::Url => &["link", "href", "uri"],
    }
}

/// A string this long may well be the article.
const LONG: usize = 100;

/// The path of the string in `record` that most likely is `field`.
pub(super) fn similar(record: &Value, field: Field) -> Option<String> {
    let mut strings = Vec::new();
    collect(record, "", 0, &mut strings);
    let best = strings.iter().filter_map(|(path, _)| Some((score(path, field)?, path))).min_by_key(|(score, _)| *score);
    if let Some((_, path)) = best {
        return Some(path.clone());
    }
    strings
        .iter()
        .filter(|(_, length)| field == Field::Text && *length >= LONG)
        .max_by_key(|(_, length)| *length)
        .map(|(path, _)| path.clone())
}

fn collect(value: &Value, prefix: &str, depth: usize, out: &mut Vec<(String, usize)>) {
    let Value::Object(map) = value else { return };
    for (key, value) in map.iter().take(200) {
        let path = format!("{prefix}{key}");
        match value {
            Value::String(text) => out.push((path, text.len())),
            Value::Object(_) if depth < 2 => collect(value, &format!("{path}."), depth + 1, out),
            _ => {}
        }
    }
}

/// Lower is better; `None` when nothing in the path resembles the field.
fn score(path: &str, field: Field) -> Option<usize> {
    let parts: Vec<String> = path.split('.').map(str::to_lowercase).collect();
    let last = parts.last()?;
    let depth = parts.len();
    if last == field.name() {
        return Some(depth);
    }
    if last.len() <= field.name().len() + 2 && distance(last, field.name()) <= 1 {
        return Some(10 + depth);
    }
    let known = aliases(field);
    if let Some(rank) = known.iter().position(|alias| alias == last) {
        return Some(20 + rank + depth);
    }
    parts.iter().any(|part| known.contains(&part.as_str()) || part == field.name()).then_some(50 + depth)
}

/// Edits between two short words; two letters that changed places are one edit.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    rows[0] = (0..=b.len()).collect();
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = change.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_likely_key_is_found() {
        let text = |record: Value| similar(&record, Field::Text);
        assert_eq!(text(json!({"id": "1", "Text": "x"})).as_deref(), Some("Text"));
        assert_eq!(text(json!({"id": "1", "txet": "x"})).as_deref(), Some("txet"));
        assert_eq!(text(json!({"title": "t", "body": "x"})).as_deref(), Some("body"));
        let nested = json!({"body": {"html": "<p>", "plain": "x"}});
        assert_eq!(text(nested).as_deref(), Some("body.plain"));
        let long = json!({"a": "short", "zz": "x".repeat(200)});
        assert_eq!(text(long).as_deref(), Some("zz"));
        assert_eq!(text(json!({"a": "short"})), None);
        assert_eq!(text(json!({"date": "x"})), None);
        let source = json!({"source": {"id": null, "name": "Daily"}});
        assert_eq!(similar(&source, Field::Source).as_deref(), Some("source.name"));
    }
}
