use super::super::{ReadOptions, Skipped};
use super::*;
use crate::error::Hint;
use std::io::Cursor;
use std::sync::Arc;

const TEXT: &str = "The council of Lake Orla voted on Monday to close the old footbridge.";

fn read_with(bytes: impl AsRef<[u8]>, max_line: usize) -> (Vec<Result<Article, ReadError>>, Arc<Skipped>) {
    let skipped = Arc::<Skipped>::default();
    let options = ReadOptions { max_line, ..ReadOptions::default() };
    let context = Context { place: "f.warc".into(), name: "f".into(), options, skipped: skipped.clone() };
    (WarcReader::new(Box::new(Cursor::new(bytes.as_ref().to_vec())), context).collect(), skipped)
}

fn read(bytes: impl AsRef<[u8]>) -> Vec<Result<Article, ReadError>> {
    read_with(bytes, 10_000).0
}

fn record(kind: &str, media: &str, fields: &str, body: &str) -> String {
    format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nContent-Type: {media}\r\n{fields}Content-Length: {}\r\n\r\n{body}\r\n\r\n",
        body.len()
    )
}

fn text(fields: &str) -> String {
    record("conversion", "text/plain", fields, TEXT)
}

#[test]
fn ids_by_address_record_and_place() {
    let got = read(
        [
            text("WARC-Target-URI: <https://a.example/x>\r\nWARC-Date: 2024-01-02T03:04:05Z\r\n"),
            text("WARC-Record-ID: <urn:uuid:1>\r\n"),
            text(""),
        ]
        .concat(),
    );
    let got: Vec<Article> = got.into_iter().map(Result::unwrap).collect();
    assert_eq!(got.iter().map(|a| a.id.as_str()).collect::<Vec<_>>(), ["https://a.example/x", "urn:uuid:1", "f:3"]);
    assert_eq!(got[0].url.as_deref(), Some("https://a.example/x"));
    assert_eq!(got[0].date.as_deref(), Some("2024-01-02T03:04:05Z"));
    assert!(got.iter().all(|article| article.text == TEXT));
}

#[test]
fn heads_as_they_come() {
    let odd = "\r\n\n\u{feff}WARC/1.1\nwarc-type:conversion\nContent-Type:\n  text/plain; charset=utf-8\ncontent-length:  2 \n\nA.";
    assert_eq!(read(odd)[0].as_ref().unwrap().text, "A.");
}

#[test]
fn pages_without_http_around_them() {
    let page = format!("<html><title>Bridge</title><body><article><p>{TEXT}</p><p>{TEXT}</p></article></body></html>");
    let got = read(record("resource", "text/html", "", &page));
    assert!(got[0].as_ref().unwrap().text.contains(TEXT));
    assert_eq!(got[0].as_ref().unwrap().title.as_deref(), Some("Bridge"));
}

#[test]
fn a_broken_file_is_read_up_to_there() {
    let good = text("");
    let cases = [
        ("what is this?\r\n", "record 2: expected WARC/1.0"),
        ("WARC/1.0\r\nno name\r\n\r\n", "record 2: a line of the head has no name"),
        ("WARC/1.0\r\nWARC-Type: response\r\n\r\n", "record 2: no Content-Length"),
        ("WARC/1.0\r\nContent-Length: 18446744073709551616\r\n\r\n", "no Content-Length"),
        ("WARC/1.0\r\nContent-Length: 18446744073709551615\r\n\r\nx", "record 2: the file is cut off"),
        ("WARC/1.0\r\nContent-Le", "record 2: the file is cut off"),
        (&good[..good.len() - 9], "record 2: the file is cut off"),
    ];
    for (bad, part) in cases {
        let got = read([good.as_str(), bad].concat());
        assert_eq!(got.len(), 2, "{part}");
        assert!(got[0].is_ok());
        let error = got[1].as_ref().unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
        assert!(error.hint().is_some());
    }
    let long = format!("WARC/1.0\r\nA: {}\r\n", "x".repeat(70_000));
    assert!(read(long)[0].as_ref().unwrap_err().to_string().contains("longer than 65536 bytes"));
    let many = format!("WARC/1.0\r\n{}", "a: b\r\n".repeat(2000));
    assert!(read(many)[0].as_ref().unwrap_err().to_string().contains("more than 1000 lines"));
    assert!(read("")[0].as_ref().unwrap_err().to_string().contains("holds no records"));
}

#[test]
fn bad_and_long_records_cost_only_themselves() {
    let bytes = [
        text("").into_bytes(),
        record("conversion", "text/plain", "", &"x".repeat(2000)).into_bytes(),
        record("conversion", "text/plain", "", "caf?").replace('?', "\u{1}").into_bytes(),
        record("response", "application/http", "", &"x".repeat(2000)).into_bytes(),
        record("metadata", "text/plain", "", "x: y").into_bytes(),
        text("").into_bytes(),
    ]
    .concat();
    let bytes: Vec<u8> = bytes.into_iter().map(|byte| if byte == 1 { 0xe9 } else { byte }).collect();
    let (got, skipped) = read_with(bytes, 1000);
    let said: Vec<String> = got.iter().filter_map(|r| r.as_ref().err()).map(ToString::to_string).collect();
    assert_eq!(said[0], "f.warc:2: the record is 2000 bytes long, the limit is 1000");
    assert_eq!(said[1], "f.warc:3: invalid UTF-8 at byte 3 of the text");
    assert_eq!((said.len(), got.len(), skipped.pages()), (2, 4, 1));
}
