use super::super::{FieldMap, ReadOptions};
use super::*;
use crate::error::Hint;
use std::io::Cursor;

fn read_with(text: impl AsRef<[u8]>, delimiter: Option<u8>, options: ReadOptions) -> Vec<Result<Article, ReadError>> {
    let bytes = Box::new(Cursor::new(text.as_ref().to_vec()));
    let context = Context { place: "f.csv".into(), name: "f".into(), options, skipped: Default::default() };
    Table::new(bytes, delimiter, context).collect()
}

fn read(text: impl AsRef<[u8]>) -> Vec<Result<Article, ReadError>> {
    read_with(text, None, ReadOptions { max_line: 1000, ..ReadOptions::default() })
}

/// Every error as `message | hint`.
fn errors(got: Vec<Result<Article, ReadError>>) -> Vec<String> {
    got.into_iter().filter_map(Result::err).map(|e| format!("{e} | {}", e.hint().unwrap())).collect()
}

#[test]
fn quotes_line_breaks_and_marks() {
    for end in ["\n", "\r\n"] {
        let text =
            "\u{feff}id,\"title\",text,other\n1,T,\"A \"\"b\"\",\nc.\",x\n\n2,,\"é\",\n,T,Last,".replace('\n', end);
        let got: Vec<Article> = read(text).into_iter().map(Result::unwrap).collect();
        assert_eq!(got.len(), 3);
        assert_eq!(got[0].text, format!("A \"b\",{end}c."));
        assert_eq!((got[0].id.as_str(), got[0].title.as_deref()), ("1", Some("T")));
        assert_eq!((got[1].text.as_str(), got[1].title.as_deref()), ("é", None));
        assert_eq!(got[2].id, "f:6");
    }
}

#[test]
fn what_parts_cells_is_found() {
    for delimiter in [',', ';', '\t', '|'] {
        let text = "date;text;a\n2024;One, two | three.;\n".replace(';', &delimiter.to_string());
        let text = if matches!(delimiter, ',' | '|') { text.replace("One, two | three.", "One.") } else { text };
        let got = read(text);
        assert_eq!(got[0].as_ref().unwrap().date.as_deref(), Some("2024"), "{delimiter:?}");
    }
    assert_eq!(read("text\nA, b.\n").len(), 1);
    let mut fields = FieldMap::default();
    fields.set(Field::Text, "the text");
    let got = read_with("a|b,the text\n1|2,A.", None, ReadOptions { fields, ..ReadOptions::default() });
    assert_eq!(got[0].as_ref().unwrap().text, "A.");
}

#[test]
fn bad_rows_cost_only_themselves() {
    let got = read(b"id,text\n1,A\n2\n3,C,d\n4,\n5,\xe9\n6,F,\n");
    let ok: Vec<&str> = got.iter().filter_map(|r| r.as_ref().ok()).map(|a| a.id.as_str()).collect();
    assert_eq!(ok, ["1", "6"]);
    let errors = errors(got);
    assert!(errors[0].contains("f.csv:3: the row has 1 cells"), "{errors:?}");
    assert!(errors[1].contains("f.csv:4: the row has 3 cells"));
    assert!(errors[2].contains("f.csv:5: \"text\" is empty"));
    assert!(errors[3].contains("f.csv:6: \"text\" is invalid UTF-8 at byte 0 (0xe9)"));
}

#[test]
fn a_long_row_is_skipped_and_not_held() {
    let long = "x".repeat(5_000_000);
    let got = read(format!("id,text\n1,{long}\n2,B\n3,\"{long}\n,,,\n\n\n4,D\n"));
    assert_eq!(got[1].as_ref().unwrap().id, "2");
    let errors = errors(got);
    assert_eq!(errors.len(), 2);
    assert!(errors[0].contains("f.csv:2: the row is 5000001 bytes long, the limit is 1000"), "{}", errors[0]);
    assert!(errors[1].contains("left open"), "{}", errors[1]);
}

#[test]
fn sentences_in_a_cell() {
    let got = read("sentences;id\n\"[\"\"A.\"\", \"\"B.\"\"]\";1\n['A.'];2\n;3\n");
    assert_eq!(got[0].as_ref().unwrap().sentences.as_ref().unwrap().len(), 2);
    let errors = errors(got);
    assert!(errors[0].contains("f.csv:3: \"sentences\" is not a list"));
    assert!(errors[1].contains("\"text\" is empty"));
}

#[test]
fn a_table_without_text_is_said_once() {
    let told = errors(read("id,body\n1,A\n2,B\n"));
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("no column \"text\"") && told[0].contains("--field text=body"), "{told:?}");
    assert!(errors(read("id,a\n1,A\n"))[0].contains("--field text=NAME"));
    assert!(errors(read(""))[0].contains("the table is empty"));
    assert!(errors(read("id,text\n"))[0].contains("holds no rows"));
    assert!(errors(read(b"\xff\xfei\0d\0\n\0"))[0].contains("UTF-16"));
    assert!(errors(read("x".repeat(2000)))[0].contains("the first row is 2000 bytes long"));
}

#[test]
fn many_cells_are_bounded() {
    let got = read_with(format!("text,a\nA,b\n{}\nC,d\n", ",".repeat(200_000)), None, ReadOptions::default());
    assert_eq!(got.len(), 3);
    assert_eq!(got[2].as_ref().unwrap().text, "C");
}
