//! CSV, Parquet and compressed output: the same rows in every form.
#![allow(clippy::unwrap_used)]

mod corpus_common;

use corpus_common::{corpus, ended, label, said, tiny_model, veracity};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use tempfile::{TempDir, tempdir};
use veracity::label::{LabelledArticle, LabelledSentence};
use veracity::write::{ArticleRow, Per, arrow};

fn setup() -> (TempDir, PathBuf) {
    let dir = tempdir().unwrap();
    let input = dir.path().join("in.jsonl");
    let odd = serde_json::json!({"id": "odd,\"id\"", "source": "A, B\nC", "title": "T",
        "text": "He said \"no\",\nand\tleft, É\u{2028}🙂 said. \u{0} The rest, he said, was silence."});
    fs::write(&input, format!("{}{odd}\n", corpus(40))).unwrap();
    (dir, input)
}

fn rows(jsonl: &str) -> Vec<LabelledSentence> {
    jsonl.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn parquet(path: &Path, per: Per) -> Vec<LabelledArticle> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap().build().unwrap();
    reader.flat_map(|table| arrow::articles(&table.unwrap(), per).unwrap()).collect()
}

fn sentences(articles: Vec<LabelledArticle>) -> Vec<LabelledSentence> {
    articles.into_iter().flat_map(|article| article.sentences).collect()
}

#[test]
fn every_format_has_the_same_rows() {
    let (dir, input) = setup();
    let run = |name: &str, more: &[&str]| {
        let out = dir.path().join(name);
        ended(&label(&input, &out, &[&["-q"], more].concat()), 2);
        out
    };
    let plain = fs::read_to_string(run("a.jsonl", &[])).unwrap();
    let want = rows(&plain);
    assert!(want.iter().any(|row| row.outlet.as_deref() == Some("A, B\nC")));

    let mut text = String::new();
    let zst = File::open(run("a.jsonl.zst", &[])).unwrap();
    zstd::Decoder::new(zst).unwrap().read_to_string(&mut text).unwrap();
    assert_eq!(text, plain);
    text.clear();
    let gz = File::open(run("b", &["--format", "jsonl.gz"])).unwrap();
    flate2::read::GzDecoder::new(gz).read_to_string(&mut text).unwrap();
    assert_eq!(text, plain);

    assert_eq!(sentences(parquet(&run("a.parquet", &[]), Per::Sentence)), want);

    let mut table = csv::Reader::from_path(run("a.csv", &[])).unwrap();
    let header: Vec<String> = table.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(&header[..9], ["article", "outlet", "date", "sentence", "start", "end", "text", "label", "confidence"]);
    assert_eq!(&header[header.len() - 4..], ["source", "cue", "content", "attributions"]);
    let cells: Vec<csv::StringRecord> = table.records().map(|row| row.unwrap()).collect();
    assert_eq!(cells.len(), want.len());
    for (cells, row) in cells.iter().zip(&want) {
        let cell = |name: &str| &cells[header.iter().position(|known| known == name).unwrap()];
        assert_eq!((cell("article"), cell("text"), cell("label")), (&*row.article, &*row.text, &*row.label));
        assert_eq!(cell("start").parse::<usize>().unwrap(), row.start);
        assert_eq!(cell("confidence").parse::<f32>().unwrap(), row.confidence);
        for (label, p) in &row.probabilities {
            assert_eq!(cell(&format!("p_{label}")).parse::<f32>().unwrap(), *p);
        }
        let first = row.attributions.first();
        assert_eq!(cell("cue"), first.and_then(|a| a.cue.as_ref()).map_or("", |cue| &cue.text));
        let attributions: Value = serde_json::from_str(cell("attributions")).unwrap();
        assert_eq!(attributions, serde_json::to_value(&row.attributions).unwrap());
    }
}

#[test]
fn a_row_an_article_holds_its_sentences() {
    let (dir, input) = setup();
    let run = |name: &str, per: &str| {
        let out = dir.path().join(format!("{per}-{name}"));
        ended(&label(&input, &out, &["-q", "--per", per]), 2);
        out
    };
    let want = rows(&fs::read_to_string(run("a.jsonl", "sentence")).unwrap());
    let lines = fs::read_to_string(run("a.jsonl", "article")).unwrap();
    let articles: Vec<LabelledArticle> =
        lines.lines().map(|line| serde_json::from_str::<ArticleRow>(line).unwrap().into()).collect();
    assert_eq!(articles.len(), 39);
    assert!(articles.iter().any(|article| article.title.as_deref() == Some("T")));
    assert_eq!(parquet(&run("a.parquet", "article"), Per::Article), articles);
    assert_eq!(sentences(articles), want);
    let mut table = csv::Reader::from_path(run("a.csv", "article")).unwrap();
    assert_eq!(
        table.headers().unwrap().iter().collect::<Vec<_>>(),
        ["article", "title", "outlet", "date", "sentences"]
    );
    assert_eq!(table.records().count(), 39);
    let refused = label(&input, &dir.path().join("t.txt"), &["--per", "article", "--format", "table"]);
    ended(&refused, 2);
    assert!(said(&refused).contains("hint: give --format jsonl, csv or parquet"), "{}", said(&refused));
}

#[test]
fn parquet_says_where_it_comes_from() {
    let (dir, input) = setup();
    let out = dir.path().join("a.parquet");
    ended(&label(&input, &out, &["-q", "--precision", "f32"]), 2);
    let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(&out).unwrap()).unwrap();
    let pairs = builder.metadata().file_metadata().key_value_metadata().unwrap();
    let get = |key: &str| pairs.iter().find(|pair| pair.key == key).and_then(|pair| pair.value.clone());
    let model = veracity::model::Model::open(&tiny_model()).unwrap();
    assert_eq!(get("veracity.model"), Some(model.hash()));
    assert_eq!(get("veracity.labels"), Some(model.config.labels.join(",")));
    assert_eq!(get("veracity.precision").as_deref(), Some("f32"));
    assert_eq!(get("veracity.version").as_deref(), Some(env!("CARGO_PKG_VERSION")));
    assert!(get("veracity.config").unwrap().len() == 64);
    let schema = builder.schema();
    assert_eq!(schema.field(0).data_type().to_string(), "Dictionary(Int32, Utf8)");
    assert_eq!(schema.field_with_name("label").unwrap().data_type().to_string(), "Dictionary(Int32, Utf8)");
}

#[test]
fn standard_output_takes_every_format() {
    let (_dir, input) = setup();
    let plain = veracity().args(["label", "-q"]).arg(&input).output().unwrap().stdout;
    let packed = veracity().args(["label", "-q", "--format", "jsonl.zst"]).arg(&input).output().unwrap().stdout;
    assert_eq!(zstd::decode_all(&packed[..]).unwrap(), plain);
    let table = veracity().args(["label", "-q", "--format", "parquet"]).arg(&input).output().unwrap().stdout;
    assert!(table.starts_with(b"PAR1") && table.ends_with(b"PAR1"));
}
