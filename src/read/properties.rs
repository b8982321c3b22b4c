//! What must hold of any bytes at all: no panic, no endless run, and a good file behind.

use super::*;
use proptest::prelude::*;
use std::io::Cursor;

const FORMATS: [Format; 8] =
    [Format::Text, Format::Lines, Format::Csv, Format::Tsv, Format::Parquet, Format::Html, Format::Warc, Format::Sniff];

/// Files to start from, in the order of [`FORMATS`] as far as there are any.
const FILES: [(Format, &[u8]); 8] = [
    (Format::Csv, include_bytes!("../../tests/fixtures/formats/excel.csv")),
    (Format::Tsv, include_bytes!("../../tests/fixtures/formats/articles.tsv")),
    (Format::Parquet, include_bytes!("../../tests/fixtures/formats/dictionary.parquet")),
    (Format::Parquet, include_bytes!("../../tests/fixtures/formats/nested.parquet")),
    (Format::Html, include_bytes!("../../tests/fixtures/formats/utf8.html")),
    (Format::Warc, include_bytes!("../../tests/fixtures/formats/crawl.warc")),
    (Format::Sniff, include_bytes!("../../tests/fixtures/formats/articles.jsonl.zst")),
    (Format::Sniff, include_bytes!("../../tests/fixtures/formats/crawl.warc.gz")),
];

/// Reads all of it; every article must be sound.
fn read(bytes: Vec<u8>, format: Format) {
    let options = ReadOptions { format: Some(format), max_line: 100_000, ..ReadOptions::default() };
    let Ok(articles) = read_bytes(Cursor::new(bytes), "f", "f", options) else { return };
    for article in articles.flatten() {
        assert!(!article.text.trim().is_empty());
        for span in article.sentences.iter().flatten() {
            assert!(article.text.get(span.start..span.end).is_some());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        for format in FORMATS {
            read(bytes.clone(), format);
        }
    }

    #[test]
    fn a_file_with_some_bytes_changed(
        file in 0..FILES.len(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in any::<prop::sample::Index>(),
        cuts in any::<bool>(),
    ) {
        let (format, bytes) = FILES[file];
        let mut bytes = bytes.to_vec();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if cuts {
            bytes.truncate(cut.index(bytes.len()));
        }
        read(bytes, format);
    }
}
