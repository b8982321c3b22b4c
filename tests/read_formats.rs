//! Every reader on files that its format's own standard tool has written
//! (tests/fixtures/formats/make.py).
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::{Path, PathBuf};
use veracity::article::Article;
use veracity::error::Hint;
use veracity::read::{Articles, Field, Format, ReadOptions};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/formats").join(name)
}

fn with(map: &[(Field, &str)]) -> ReadOptions {
    let mut options = ReadOptions::default();
    for (field, path) in map {
        options.fields.set(*field, *path);
    }
    options
}

fn read_with(path: &Path, options: ReadOptions) -> Vec<Article> {
    Articles::open(&[path.into()], options)
        .map(|article| article.unwrap_or_else(|e| panic!("{e} ({:?})", e.hint())))
        .collect()
}

fn read(name: &str) -> Vec<Article> {
    read_with(&fixture(name), ReadOptions::default())
}

/// The articles as they must come out of every file.
fn wanted() -> Vec<Article> {
    let articles = read("articles.jsonl.zst");
    assert_eq!(articles.len(), 3);
    assert_eq!(articles[1].title.as_deref(), Some("Ferry line says engine fault, not \"sabotage\""));
    assert!(articles[0].text.contains("\n\n“Nobody was told,” said Tomáš Ruzek"));
    articles
}

/// The ids of all errors of a file, after how many articles.
fn broken(path: &Path) -> (usize, String) {
    let all: Vec<_> =
        Articles::open(&[path.into(), fixture("articles.csv").as_path().into()], ReadOptions::default()).collect();
    let errors: Vec<_> = all.iter().filter_map(|item| item.as_ref().err()).collect();
    assert_eq!(errors.len(), 1, "{errors:?}");
    let at = all.iter().position(Result::is_err).unwrap();
    assert_eq!(all.len(), at + 4, "the next file was not read");
    (at, format!("{} | {}", errors[0], errors[0].hint().unwrap()))
}

#[test]
fn compressed_by_gzip_and_zstd() {
    assert_eq!(read("articles.jsonl.gz"), wanted());
}

#[test]
fn a_name_says_nothing_about_compression() {
    let dir = tempfile::tempdir().unwrap();
    for (from, name) in [
        ("articles.jsonl.gz", "articles.jsonl"),
        ("articles.jsonl.zst", "articles"),
        ("articles.csv", "articles.csv.gz"),
    ] {
        let path = dir.path().join(name);
        std::fs::copy(fixture(from), &path).unwrap();
        assert_eq!(read_with(&path, ReadOptions::default()), wanted(), "{name}");
    }
    for name in ["articles.csv", "pandas.parquet", "utf8.html", "crawl.warc"] {
        let bytes = std::fs::read(fixture(name)).unwrap();
        let path = dir.path().join(format!("{name}.zst"));
        std::fs::write(&path, zstd::encode_all(&bytes[..], 3).unwrap()).unwrap();
        assert_eq!(read_with(&path, ReadOptions::default()), read(name), "{name}");
    }
}

#[test]
fn tables_of_pandas() {
    for name in ["articles.csv", "index.csv", "articles.tsv"] {
        assert_eq!(read(name), wanted(), "{name}");
    }
    let windows: Vec<Article> =
        read("excel.csv").into_iter().map(|a| Article { text: a.text.replace("\r\n", "\n"), ..a }).collect();
    assert_eq!(windows, wanted());
}

#[test]
fn parquet_of_pandas_and_of_every_kind_of_text() {
    for name in ["pandas", "string", "large_string", "string_view", "dictionary"] {
        assert_eq!(read(&format!("{name}.parquet")), wanted(), "{name}");
    }
}

#[test]
fn nested_columns_of_parquet() {
    let path = fixture("nested.parquet");
    let got = read_with(&path, with(&[(Field::Text, "content.plain")]));
    for (got, want) in got.iter().zip(wanted()) {
        assert_eq!(got.text, want.text);
        assert_eq!(got.sentences.as_ref().unwrap().len(), 1);
    }
    // Without a text, the sentences are the text.
    assert!(read_with(&path, ReadOptions::default())[1].text.ends_with("the coast guard said."));
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cut.parquet");
    let bytes = std::fs::read(fixture("nested.parquet")).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() - 9]).unwrap();
    let (read, message) = broken(&path);
    assert_eq!(read, 0);
    assert!(message.contains("cut.parquet: not a Parquet file, or one that is cut off"), "{message}");
}

#[test]
fn a_column_that_may_be_the_text_is_named() {
    let error = Articles::open(&[fixture("nested.parquet").as_path().into()], with(&[(Field::Sentences, "none")]));
    let errors: Vec<_> = error.map(Result::unwrap_err).collect();
    assert_eq!(errors.len(), 1);
    assert!(errors[0].to_string().ends_with("no column \"text\""));
    assert!(errors[0].hint().unwrap().contains("--field text=content.plain"), "{:?}", errors[0].hint());
}

#[test]
fn pages() {
    let want = &wanted()[0];
    for name in ["utf8", "latin2"] {
        let got = read(&format!("{name}.html"));
        assert_eq!(got.len(), 1);
        assert!(got[0].text.ends_with(&want.text), "{:?}", got[0].text);
        assert_eq!((&got[0].title, &got[0].source, &got[0].date), (&want.title, &want.source, &want.date));
        assert_eq!(got[0].id, name);
    }
}

#[test]
fn crawls() {
    for name in ["crawl.warc", "crawl.warc.gz"] {
        let articles = Articles::open(&[fixture(name).as_path().into()], ReadOptions::default());
        let skipped = articles.skipped();
        let got: Vec<Article> = articles.map(Result::unwrap).collect();
        assert_eq!(got.len(), 3, "{name}");
        for (got, want) in got.iter().zip(wanted()) {
            assert!(got.text.ends_with(&want.text), "{:?}", got.text);
            assert_eq!(got.id, format!("https://news.example/{}", want.id));
            assert_eq!((&got.source, &got.date), (&want.source, &want.date));
        }
        assert_eq!(skipped.pages(), 2, "a picture, and a page that is gone");
    }
    let got = read("crawl.warc.wet.gz");
    for (got, want) in got.iter().zip(wanted()) {
        assert_eq!(got.text, want.text);
        assert_eq!(got.date.as_deref(), Some("2024-06-01T08:00:00Z"));
        assert_eq!(got.url.as_deref(), Some(got.id.as_str()));
    }
    assert_eq!(got.len(), 3);
}

#[test]
fn streams_that_are_cut_off_or_corrupt() {
    let dir = tempfile::tempdir().unwrap();
    let rows = (0..2000).map(|n| format!("{{\"text\": \"Row {n} of {}.\"}}\n", n * 7919 % 2003)).collect::<String>();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut gzip, rows.as_bytes()).unwrap();
    let mut zstd = zstd::Encoder::new(Vec::new(), 1).unwrap();
    zstd.include_checksum(true).unwrap();
    std::io::Write::write_all(&mut zstd, rows.as_bytes()).unwrap();
    for (bytes, kind) in [(gzip.finish().unwrap(), "gzip"), (zstd.finish().unwrap(), "zstd")] {
        let path = dir.path().join(format!("{kind}.jsonl"));
        std::fs::write(&path, &bytes[..bytes.len() - 4]).unwrap();
        let (read, message) = broken(&path);
        assert!(
            message.contains(&format!("{kind}.jsonl: the {kind} stream is cut off after {read} articles")),
            "{message}"
        );
        // The checksum alone: other damage may make rows of its own.
        let mut bad = bytes;
        let at = bad.len() - if kind == "gzip" { 8 } else { 4 };
        bad[at..at + 4].iter_mut().for_each(|byte| *byte ^= 0xff);
        std::fs::write(&path, &bad).unwrap();
        let (read, message) = broken(&path);
        assert!(message.contains(&format!("the {kind} stream is corrupt")), "{message}");
        assert!(message.contains(&format!("after {read} article")), "{message}");
    }
    let crawl = std::fs::read(fixture("crawl.warc")).unwrap();
    let path = dir.path().join("cut.warc");
    std::fs::write(&path, &crawl[..crawl.len() - 300]).unwrap();
    let (read, message) = broken(&path);
    assert_eq!(read, 2);
    assert!(message.contains("cut.warc: record 7: the file is cut off"), "{message}");
}

#[test]
fn patterns_and_folders() {
    let dir = tempfile::tempdir().unwrap();
    let put = |name: &str| {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::copy(fixture("articles.jsonl.gz"), path).unwrap();
    };
    for name in
        ["b/x.jsonl.gz", "a/y.jsonl.gz", "a/c/z.jsonl.gz", ".h/x.jsonl.gz", "a/[1].jsonl", "a/old.jsonl.partial"]
    {
        put(name);
    }
    std::fs::copy(fixture("crawl.warc.gz"), dir.path().join("b/w.warc.gz")).unwrap();
    let files = |pattern: &str| -> Vec<String> {
        let pattern = dir.path().join(pattern);
        let articles = Articles::open(&[pattern.as_path().into()], ReadOptions::default());
        articles.files().map(|path| path.strip_prefix(dir.path()).unwrap().display().to_string()).collect()
    };
    assert_eq!(files("**/*.jsonl.gz"), ["a/c/z.jsonl.gz", "a/y.jsonl.gz", "b/x.jsonl.gz"]);
    assert_eq!(files("?/*.gz"), ["a/y.jsonl.gz", "b/w.warc.gz", "b/x.jsonl.gz"]);
    assert_eq!(files("a/[1].jsonl"), ["a/[1].jsonl"]);
    assert_eq!(files(""), ["a/[1].jsonl", "a/c/z.jsonl.gz", "a/y.jsonl.gz", "b/w.warc.gz", "b/x.jsonl.gz"]);
    let none = |pattern: &str| {
        let path = dir.path().join(pattern);
        let error = Articles::open(&[path.as_path().into()], ReadOptions::default()).next().unwrap().unwrap_err();
        format!("{error} | {}", error.hint().unwrap())
    };
    assert!(none("x/*.gz").contains("no file matches"));
    assert!(none("a**/x").contains("not a pattern"));

    // Rows without ids are named by the file below the fixed part of the pattern.
    std::fs::write(dir.path().join("a/c/n.csv"), "text\nA.\n").unwrap();
    let ids: Vec<String> =
        read_with(&dir.path().join("*/c/*.csv"), ReadOptions::default()).into_iter().map(|a| a.id).collect();
    assert_eq!(ids, ["a/c/n:2"]);
}

#[test]
fn a_forced_format() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.txt");
    std::fs::write(&path, "text,id\nA.,1\n").unwrap();
    let forced = |format| read_with(&path, ReadOptions { format, ..ReadOptions::default() });
    assert_eq!(forced(None)[0].text, "text,id\nA.,1\n");
    assert_eq!(forced(Some(Format::Csv))[0].text, "A.");
}

#[test]
fn other_languages_are_left_out_and_counted() {
    let dir = tempfile::tempdir().unwrap();
    let foreign = std::fs::read_to_string(fixture("../languages/foreign.txt")).unwrap();
    let path = dir.path().join("a.tsv");
    std::fs::write(&path, format!("id\ttext\n{foreign}en\tThe mayor said that it was all right.\n")).unwrap();
    let articles = Articles::open(&[path.as_path().into()], ReadOptions::default());
    let skipped = articles.skipped();
    let ids: Vec<String> = articles.map(|article| article.unwrap().id).collect();
    assert_eq!(ids, ["en"]);
    assert_eq!(skipped.foreign(), foreign.lines().count());
    let all = read_with(&path, ReadOptions { any_language: true, ..ReadOptions::default() });
    assert_eq!(all.len(), 1 + foreign.lines().count());
}

#[test]
fn the_shipped_articles_are_english() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in ["data/sample/articles.jsonl", "data/sample/lake-orla.txt", "data/sample/attache-vienna.txt"] {
        let articles = Articles::open(&[root.join(name).as_path().into()], ReadOptions::default());
        let skipped = articles.skipped();
        assert!(articles.count() > 0);
        assert_eq!(skipped.foreign(), 0, "{name}");
    }
}

/// A column of this file has a negative place, at which the Parquet reader itself panics; a
/// fuzzer made it.
#[test]
fn a_damaged_parquet_file_is_an_error() {
    let found: Vec<_> =
        Articles::open(&[fixture("negative.parquet").as_path().into()], ReadOptions::default()).collect();
    assert_eq!(found.len(), 1);
    let error = found[0].as_ref().unwrap_err().to_string();
    assert!(error.contains("column start and length should not be negative"), "{error}");
}
