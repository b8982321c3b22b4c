//! Inputs at and beyond the limits: bounded time and memory, and no panic. Time that grew
//! with the square of the length would be minutes here, and not seconds.
#![allow(clippy::unwrap_used)]

use std::io::{BufReader, Read};
use std::path::Path;
use veracity::article::{Article, Span};
use veracity::attribute::attribute;
use veracity::decode::Spans;
use veracity::encode::Tokens;
use veracity::error::{Hint, ReadError};
use veracity::read::{Format, ReadOptions, read_bytes};
use veracity::segment::segment;

const MB: usize = 1_000_000;

fn read(bytes: impl Read + Send + 'static, format: Format) -> Vec<Result<Article, ReadError>> {
    let options = ReadOptions { format: Some(format), ..ReadOptions::default() };
    read_bytes(BufReader::new(bytes), "f", "f", options).unwrap().collect()
}

/// Text of `length` bytes made of `part`.
fn long(part: &str, length: usize) -> String {
    part.repeat(length.div_ceil(part.len()))
}

#[test]
fn a_line_and_a_text_of_100_mb() {
    let line = || std::io::repeat(b'x').take(100 * MB as u64);
    let good = &b"\n{\"id\":\"good\",\"text\":\"A.\"}\n"[..];
    let got = read(line().chain(good), Format::Lines);
    assert!(got[0].as_ref().unwrap_err().to_string().contains("100000000 bytes long, the limit is 16000000"));
    assert_eq!(got[1].as_ref().unwrap().id, "good");

    let got = read((&b"text\n\""[..]).chain(line()).chain(&b"\"\nB.\n"[..]), Format::Csv);
    assert!(got[0].as_ref().unwrap_err().hint().unwrap().contains("--max-line 100000000"));
    assert_eq!(got[1].as_ref().unwrap().text, "B.");

    for format in [Format::Text, Format::Html] {
        let got = read(line(), format);
        assert!(got[0].as_ref().unwrap_err().to_string().contains("longer than 16000000 bytes"));
    }
}

#[test]
fn a_million_empty_articles() {
    let rows = std::io::Cursor::new("{\"text\":\"\"}\n".repeat(MB));
    let options = ReadOptions { format: Some(Format::Lines), ..ReadOptions::default() };
    let errors = read_bytes(BufReader::new(rows), "f", "f", options).unwrap().filter(Result::is_err);
    assert_eq!(errors.count(), MB);
}

#[test]
fn odd_characters_are_text() {
    let odd = "A\u{0}\u{202e}b\u{200b}\u{2066}c\u{feff}\u{ad}. The \u{1f469}\u{200d}\u{1f680} said e\u{301}\u{301} so.";
    let row = format!("{}\n", serde_json::json!({ "text": odd }));
    let got = read(std::io::Cursor::new(row), Format::Lines);
    assert_eq!(got[0].as_ref().unwrap().text, odd);
    let parts = segment(got[0].as_ref().unwrap());
    assert!(parts.sentences.iter().all(|span| odd.get(span.start..span.end).is_some()));
    for half in ["\\ud800", "\\udc00 x", "\\ud83d\\u0041"] {
        let got = read(std::io::Cursor::new(format!("{{\"text\":\"{half}\"}}\n")), Format::Lines);
        assert!(got[0].as_ref().unwrap_err().hint().unwrap().contains("half a character pair"), "{half}");
    }
}

#[test]
fn long_paragraphs_are_split_in_time_that_grows_with_their_length() {
    let parts = [
        "The mayor said so. ",
        "word ",
        "x",
        "A.",
        "A. ",
        ". ",
        ".",
        "...x ",
        "!?",
        "\" ",
        "\".\" ",
        "''",
        "(",
        ").",
        "“",
        ".”",
        ".’ ",
        ".\u{200b}",
        "Mr. ",
        "a.m. ",
        "U.S. ",
        "1.",
        "•\n",
        "\n",
        "a\n",
        "a\n\n",
        "A b\n\nC d.\n\n",
        "\r",
        " ",
        ".[1]",
        ". \u{2014} ",
        "é。",
        "Dr. Who \"said! \" he ",
        "\u{2029}",
    ];
    for part in parts {
        let article = Article { text: long(part, MB / 2), ..Article::default() };
        segment(&article);
        let title = Article { title: Some(long(part, 1000)), ..article };
        segment(&title);
    }
}

#[test]
fn an_article_of_10_mb_is_read_and_split() {
    let text = long("The council met on Monday, the mayor said. \"We vote\", he added.\n\n", 10 * MB);
    let row = format!("{}\n", serde_json::json!({ "text": text }));
    let got = read(std::io::Cursor::new(row), Format::Lines);
    let parts = segment(got[0].as_ref().unwrap());
    assert!(parts.sentences.len() > 250_000);
}

#[test]
fn a_sentence_of_any_length_is_tokenised() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/document/tokenizer.json");
    let tokens = Tokens::open(&path, 1 << 20).unwrap();
    for part in ["the council ", "x", "é", ".", "\u{200b}", " ", "e\u{301}", "中"] {
        let text = long(part, MB / 5);
        let encoded = tokens.encode(&text).unwrap();
        assert_eq!(encoded.ids.len(), encoded.offsets.len());
    }
}

#[test]
fn attributions_are_linked_in_time_that_grows_with_their_number() {
    const MANY: usize = 30_000;
    let cases = [
        ("Ann Lee said it rained. ", ["Ann Lee", "said", "it rained"]),
        ("“It rained,” she said. ", ["she", "said", "“It rained,”"]),
        // A quotation that never ends, and is nobody's.
        ("“It rained. ", ["", "", "It rained"]),
        ("I said “we know”. ", ["I", "said", "we know"]),
        ("A ministry spokesman # said no. ", ["A ministry spokesman #", "said", "no"]),
        ("Ann Lee# said no. ", ["Ann Lee#", "said", "no"]),
        ("Ann Lee (said no. ", ["Ann Lee", "said", "no"]),
    ];
    for (part, [source, cue, content]) in cases {
        let mut article = Article::default();
        let (mut sentences, mut spans) = (Vec::new(), Spans::default());
        for n in 0..MANY {
            let (start, number) = (article.text.len(), n.to_string());
            let sentence = part.replace('#', &number);
            for (role, words) in [(&mut spans.source, source), (&mut spans.cue, cue), (&mut spans.content, content)] {
                let words = words.replace('#', &number);
                let at = start + sentence.find(&words).unwrap();
                role.extend((!words.is_empty()).then(|| Span::new(at, at + words.len())));
            }
            article.text.push_str(&sentence);
            sentences.push(Span::new(start, start + sentence.trim_end().len()));
        }
        let whole = [Span::new(0, article.text.trim_end().len())];
        for sentences in [&sentences[..], &whole] {
            let found: usize = attribute(&article, sentences, &spans).iter().map(Vec::len).sum();
            // Where a sentence without end is cut, a cue may stand without its content.
            assert!((MANY..MANY + MANY / 10).contains(&found), "{part}: {found}");
        }
    }
}
