//! Any bytes through every reader: the first byte chooses the format.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::io::Cursor;
use veracity::read::{Format, ReadOptions, read_bytes};

const FORMATS: [Format; 8] =
    [Format::Sniff, Format::Text, Format::Lines, Format::Csv, Format::Tsv, Format::Parquet, Format::Html, Format::Warc];

fuzz_target!(init: veracity::read::hush_caught_panics(), |data: &[u8]| {
    let Some((&first, bytes)) = data.split_first() else { return };
    let format = FORMATS[usize::from(first) % FORMATS.len()];
    let options = ReadOptions { format: Some(format), max_line: 1 << 20, ..ReadOptions::default() };
    let Ok(articles) = read_bytes(Cursor::new(bytes.to_vec()), "f", "f", options) else { return };
    for article in articles.flatten() {
        assert!(!article.text.trim().is_empty());
        for span in article.sentences.iter().flatten() {
            assert!(article.text.get(span.start..span.end).is_some());
        }
    }
});
