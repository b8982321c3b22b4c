use super::*;
use crate::error::Hint;
use std::fs;
use std::io::{self, BufReader, Read};

fn lines(input: impl AsRef<[u8]>) -> Vec<Result<Article, ReadError>> {
    let options = ReadOptions { max_line: 1000, ..ReadOptions::default() };
    JsonLines::new(input.as_ref(), "f.jsonl".into(), "f".into(), options).collect()
}

/// The one error of an input, as `message | hint`; every other row must be fine.
fn error(input: impl AsRef<[u8]>) -> String {
    let mut errors = lines(input).into_iter().filter_map(Result::err);
    let first = errors.next().unwrap();
    assert!(errors.next().is_none());
    format!("{first} | {}", first.hint().unwrap())
}

const GOOD: &str = "{\"text\":\"A.\"}\n";

#[test]
fn good_rows_around_blank_lines_and_a_mark() {
    let got = lines(format!("\u{feff}{GOOD}\n  \r\n{{\"id\":\"x\",\"text\":\"B\\u0000.\"}}"));
    let got: Vec<_> = got.into_iter().map(Result::unwrap).collect();
    assert_eq!(got.len(), 2);
    assert_eq!((got[0].id.as_str(), got[1].id.as_str()), ("f:1", "x"));
    assert_eq!(got[1].text, "B\0.");
}

#[test]
fn each_bad_row_is_named_and_the_next_is_read() {
    let cases: [(&[u8], &[&str]); 9] = [
        (b"{\"text\": \"A\",}", &["f.jsonl:2: broken JSON at column 14"]),
        (b"{\"text\": \"A", &["f.jsonl:2: broken JSON", "cut off"]),
        (b"{\"text\": \"A\"} {}", &["trailing", "one JSON object a line"]),
        (b"{\"text\": \"\\ud800 x\"}", &["f.jsonl:2: broken JSON", "half a character pair"]),
        (b"{\"text\": \"\xff\"}", &["f.jsonl:2: invalid UTF-8 at byte 10", "iconv"]),
        (b"{\"body\": \"A\"}", &["missing field \"text\"", "--field text=body"]),
        (b"{\"text\": 5}", &["\"text\" is a number", "--field text=KEY"]),
        (b"[{\"text\": \"A\"}]", &["found a list", "jq -c"]),
        (b"{\"text\": \"\"}", &["f.jsonl:2: \"text\" is empty", "leave the row out"]),
    ];
    for (row, parts) in cases {
        let input = [GOOD.as_bytes(), row, b"\n", GOOD.as_bytes()].concat();
        assert_eq!(lines(&input).len(), 3);
        let message = error(&input);
        for part in parts {
            assert!(message.contains(part), "{message} lacks {part}");
        }
    }
}

#[test]
fn a_key_twice_is_fine() {
    let got = lines("{\"text\":\"A\",\"text\":\"B\"}");
    assert_eq!(got[0].as_ref().unwrap().text, "B");
}

#[test]
fn a_long_line_is_skipped() {
    let long = format!("{{\"text\":\"{}\"}}\n", "x".repeat(2000));
    let message = error(format!("{GOOD}{long}{GOOD}"));
    assert!(message.contains("f.jsonl:2: the line is 2011 bytes long, the limit is 1000"));
    assert!(message.contains("--max-line 2011"));
}

#[test]
fn files_of_another_kind_are_named_once() {
    assert!(error("").contains("no rows"));
    assert!(error("\n \n").contains("no rows"));
    assert!(error("[\n {\"text\": \"A\"},\n").contains("jq -c '.[]' f.jsonl"));
    assert!(error("{\n \"text\": \"A\"\n}\n").contains("jq -c '.' f.jsonl"));
    assert!(error(b"\xff\xfe{\0\n\0").contains("UTF-16"));
}

#[test]
fn a_failing_disk_ends_the_file() {
    struct Fails;
    impl Read for Fails {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("disk"))
        }
    }
    let bytes = BufReader::new(GOOD.as_bytes().chain(Fails));
    let mut rows = JsonLines::new(bytes, "f".into(), "f".into(), ReadOptions::default());
    assert!(rows.next().unwrap().is_ok());
    assert_eq!(rows.next().unwrap().unwrap_err().to_string(), "f: disk");
    assert!(rows.next().is_none());
}

#[test]
fn a_folder_is_read_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let put = |name: &str, what: &str| {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, what).unwrap();
    };
    put("b.txt", "B.");
    put("a.jsonl", &GOOD.repeat(2));
    put("sub/b.TXT", "C.");
    put("sub/c.ndjson", GOOD);
    put("readme.md", "no");
    put(".hidden.txt", "no");
    put("old.jsonl.partial", "no");
    let articles = Articles::open(&[dir.path().into()], ReadOptions::default());
    assert_eq!(articles.files().count(), 4);
    let ids: Vec<_> = articles.map(|a| a.unwrap().id).collect();
    assert_eq!(ids, ["a:1", "a:2", "b", "sub/b", "sub/c:1"]);
}

#[test]
fn missing_files_and_empty_folders_do_not_stop_the_rest() {
    let dir = tempfile::tempdir().unwrap();
    let good = dir.path().join("good.txt");
    let empty = dir.path().join("empty");
    fs::create_dir(&empty).unwrap();
    fs::write(&good, "A.").unwrap();
    let inputs: Vec<Input> = [&dir.path().join("none.txt"), &empty, &good].map(|path| path.as_path().into()).into();
    let got: Vec<_> = Articles::open(&inputs, ReadOptions::default()).collect();
    assert_eq!(got.len(), 3);
    let hint = |i: usize| got[i].as_ref().unwrap_err().hint().unwrap();
    assert!(hint(0).contains("check the path"));
    assert!(hint(1).contains(".jsonl"));
    assert_eq!(got[2].as_ref().unwrap().id, "good");
}

#[test]
fn other_endings_are_told_by_their_first_character() {
    let dir = tempfile::tempdir().unwrap();
    for (text, want) in [("\u{feff} \n {\"text\":\"A\"}", "x:2"), ("\u{feff} A {", "x"), (" A {", "x")] {
        let path = dir.path().join("x.md");
        fs::write(&path, text).unwrap();
        let got: Vec<_> = Articles::open(&[path.as_path().into()], ReadOptions::default()).collect();
        assert_eq!(got.len(), 1);
        assert_eq!(got[0].as_ref().unwrap().id, want);
    }
}

#[test]
fn a_long_row_fits_the_usual_limit() {
    let row = format!("{{\"text\":\"{}\"}}", "x ".repeat(5_000_000));
    let mut rows = JsonLines::new(row.as_bytes(), "f".into(), "f".into(), ReadOptions::default());
    assert_eq!(rows.next().unwrap().unwrap().text.len(), 10_000_000);
}

proptest::proptest! {
    /// Whatever the bytes are, each line that is not blank gives one item, and a row
    /// that is fine is read behind them.
    #[test]
    fn any_bytes_cost_only_their_own_line(
        rows in proptest::collection::vec("[{}\\[\\]\":,a-d\\\\ué \u{0}]{0,12}", 0..6),
        cut in proptest::collection::vec(0usize..12, 6),
    ) {
        let mut input = GOOD.as_bytes().to_vec();
        let mut want = 2;
        for (row, cut) in rows.iter().zip(cut) {
            let bytes = &row.as_bytes()[..cut.min(row.len())];
            want += usize::from(!bytes.trim_ascii().is_empty());
            input.extend_from_slice(bytes);
            input.push(b'\n');
        }
        input.extend_from_slice(GOOD.as_bytes());
        let got = lines(&input);
        proptest::prop_assert_eq!(got.len(), want);
        proptest::prop_assert!(got[want - 1].is_ok());
    }
}
