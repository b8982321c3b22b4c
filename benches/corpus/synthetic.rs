//! Makes articles to try large runs with: short, of random words, the same for the same seed.
//!
//! `cargo run --release --example synthetic -- 100000 articles.parquet` (or `.jsonl`)
//!
//! Columns, or keys: `id`, `title`, `text`, `source`, `date`. benches/corpus/README.md says
//! what they are for.
#![allow(clippy::print_stderr)]

use arrow_array::{ArrayRef, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

const WHO: [&str; 8] = [
    "The council",
    "The mayor",
    "A spokeswoman",
    "The water board",
    "An engineer",
    "The union",
    "A witness",
    "The court",
];
const DID: [&str; 6] = ["closed", "inspected", "approved", "sold", "repaired", "criticised"];
const WHAT: [&str; 8] =
    ["the bridge", "the budget", "a ferry", "the stadium", "the plan", "a school", "the survey", "the harbour"];
const WHEN: [&str; 5] = ["on Monday", "last week", "in 1998", "overnight", "before the vote"];
const SAID: [&str; 4] = ["said", "claimed", "denied", "announced"];

/// Articles in a batch of Parquet.
const BATCH: usize = 10_000;

struct Row {
    id: String,
    title: String,
    text: String,
    source: String,
    date: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(number), Some(path)) = (args.next().and_then(|n| n.parse::<usize>().ok()), args.next()) else {
        eprintln!("usage: synthetic ARTICLES FILE.parquet|FILE.jsonl");
        std::process::exit(2);
    };
    let mut random = StdRng::seed_from_u64(1);
    let rows = (0..number).map(move |i| row(i, &mut random));
    if Path::new(&path).extension().is_some_and(|ending| ending == "parquet") {
        write_parquet(rows, File::create(&path)?)
    } else {
        write_lines(rows, File::create(&path)?)
    }
}

fn row(number: usize, random: &mut StdRng) -> Row {
    let sentences: Vec<String> = (0..random.random_range(2..=4)).map(|_| sentence(random)).collect();
    Row {
        id: format!("s{number:07}"),
        title: sentence(random).trim_end_matches('.').to_owned(),
        text: sentences.join(" "),
        source: format!("Outlet {}", random.random_range(1..=20)),
        date: format!("2024-{:02}-{:02}", random.random_range(1..=12), random.random_range(1..=28)),
    }
}

fn sentence(random: &mut StdRng) -> String {
    let mut pick = |words: &[&'static str]| words.choose(random).copied().unwrap_or_default();
    let (who, did, what, when) = (pick(&WHO), pick(&DID), pick(&WHAT), pick(&WHEN));
    match pick(&["", "", "x"]) {
        "x" => format!("{who} {did} {what} {when}, {} {}.", pick(&WHO).to_lowercase(), pick(&SAID)),
        _ => format!("{who} {did} {what} {when}."),
    }
}

fn write_lines(rows: impl Iterator<Item = Row>, file: File) -> Result<(), Box<dyn Error>> {
    let mut out = BufWriter::new(file);
    for Row { id, title, text, source, date } in rows {
        let row = serde_json::json!({"id": id, "title": title, "text": text, "source": source, "date": date});
        writeln!(out, "{row}")?;
    }
    Ok(out.flush()?)
}

fn write_parquet(rows: impl Iterator<Item = Row>, file: File) -> Result<(), Box<dyn Error>> {
    let mut rows = rows.peekable();
    let mut file = Some(file);
    let mut writer = None;
    while rows.peek().is_some() || file.is_some() {
        let part: Vec<Row> = rows.by_ref().take(BATCH).collect();
        let column =
            |of: fn(&Row) -> &str| -> ArrayRef { Arc::new(StringArray::from_iter_values(part.iter().map(of))) };
        let batch = RecordBatch::try_from_iter([
            ("id", column(|row| &row.id)),
            ("title", column(|row| &row.title)),
            ("text", column(|row| &row.text)),
            ("source", column(|row| &row.source)),
            ("date", column(|row| &row.date)),
        ])?;
        if let Some(file) = file.take() {
            writer = Some(ArrowWriter::try_new(file, batch.schema(), None)?);
        }
        if let Some(writer) = &mut writer {
            writer.write(&batch)?;
        }
    }
    if let Some(writer) = writer {
        writer.close()?;
    }
    Ok(())
}
