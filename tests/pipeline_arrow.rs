//! The labeler on iterators and on record batches.
#![allow(clippy::unwrap_used)]

use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{
    Array, ArrayRef, DictionaryArray, Int64Array, LargeStringArray, RecordBatch, StringArray, StringViewArray,
};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use veracity::article::Article;
use veracity::error::Hint;
use veracity::pipeline::{Columns, EngineKind, Labeler, label_batch};
use veracity::write::{Per, arrow};

fn labeler() -> Labeler {
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/document");
    Labeler::open(&model, EngineKind::Native, 2).unwrap()
}

fn article(i: usize) -> Article {
    let text = format!("The council met on day {i}. Its mayor said that it was late.\n\nIt was built in 1998.");
    Article { id: format!("a{i}"), text, source: Some("Post".into()), ..Article::default() }
}

#[test]
fn a_stream_gives_what_one_by_one_gives_in_order() {
    let labeler = Arc::new(labeler());
    let articles: Vec<Article> = (0..200).map(article).collect();
    let got: Vec<_> = labeler.stream(articles.clone()).collect();
    assert_eq!(got.len(), 200);
    for (want, (source, labelled)) in articles.iter().zip(got) {
        assert_eq!(&source, want);
        assert_eq!(labelled.unwrap(), labeler.label(std::slice::from_ref(want)).remove(0).unwrap());
    }
    assert_eq!(labeler.stream(Vec::new()).count(), 0);
}

#[test]
fn a_stream_looks_ahead_by_a_bounded_number() {
    let taken = Arc::new(AtomicUsize::new(0));
    let counted = taken.clone();
    let endless = (0..).map(move |i| {
        counted.fetch_add(1, Ordering::SeqCst);
        article(i)
    });
    let mut stream = Arc::new(labeler()).stream(endless);
    for i in 0..10 {
        assert_eq!(stream.next().unwrap().0.id, format!("a{i}"));
    }
    std::thread::sleep(std::time::Duration::from_millis(300));
    let ahead = taken.load(Ordering::SeqCst);
    assert!(ahead < 600, "{ahead}");
    drop(stream);
}

#[test]
fn a_panic_of_the_source_is_the_callers() {
    let articles = (0..5).map(|i| if i == 3 { panic!("no more") } else { article(i) });
    let stream = Arc::new(labeler()).stream(articles);
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| stream.count()));
    assert_eq!(panic.unwrap_err().downcast_ref::<&str>(), Some(&"no more"));
}

fn table(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true))).unwrap()
}

#[test]
fn every_type_of_text_is_read() {
    let labeler = labeler();
    let articles: Vec<Article> = (0..3).map(article).collect();
    let want: Vec<_> = articles.iter().map(|a| labeler.label(std::slice::from_ref(a)).remove(0).unwrap()).collect();
    let texts = || articles.iter().map(|a| a.text.as_str());
    let ids: ArrayRef = Arc::new(StringArray::from_iter_values(articles.iter().map(|a| &a.id)));
    let outlet: ArrayRef = Arc::new(StringArray::from(vec!["Post"; 3]));
    let kinds: [ArrayRef; 4] = [
        Arc::new(StringArray::from_iter_values(texts())),
        Arc::new(LargeStringArray::from_iter_values(texts())),
        Arc::new(StringViewArray::from_iter_values(texts())),
        Arc::new(texts().collect::<DictionaryArray<Int32Type>>()),
    ];
    for body in kinds {
        let batch = table(vec![("url", ids.clone()), ("body", body), ("paper", outlet.clone())]);
        let columns = Columns { id: Some("url".into()), outlet: Some("paper".into()), ..Columns::new("body") };
        let got = label_batch(&labeler, &batch, &columns, Per::Sentence).unwrap();
        assert_eq!(got.schema(), arrow::schema(labeler.labels(), Per::Sentence));
        let rows: Vec<_> =
            arrow::articles(&got, Per::Sentence).unwrap().into_iter().flat_map(|a| a.sentences).collect();
        assert_eq!(rows, want.iter().flat_map(|a| a.sentences.clone()).collect::<Vec<_>>());
        let got = label_batch(&labeler, &batch, &columns, Per::Article).unwrap();
        assert_eq!(arrow::articles(&got, Per::Article).unwrap(), want);
    }
}

#[test]
fn ids_nulls_and_slices() {
    let labeler = labeler();
    let text: ArrayRef = Arc::new(StringArray::from(vec![Some("One came. Two left."), None, Some("Three stayed.")]));
    let batch = table(vec![("text", text), ("id", Arc::new(Int64Array::from(vec![Some(7), Some(8), None])))]);
    let columns = Columns::of(&batch.schema());
    assert_eq!(columns, Columns { id: Some("id".into()), ..Columns::new("text") });
    let names = |batch: &RecordBatch| {
        let got = label_batch(&labeler, batch, &columns, Per::Article).unwrap();

        got.column(0).as_string::<i32>().iter().map(|id| id.unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&batch), ["7", "8", "2"]);
    assert_eq!(names(&batch.slice(1, 1)), ["8"]);
    assert_eq!(label_batch(&labeler, &batch.slice(1, 1), &columns, Per::Sentence).unwrap().num_rows(), 0);
    assert_eq!(label_batch(&labeler, &batch.slice(0, 0), &columns, Per::Sentence).unwrap().num_rows(), 0);
    let whole = label_batch(&labeler, &batch, &columns, Per::Sentence).unwrap();
    let last = label_batch(&labeler, &batch.slice(2, 1), &Columns::new("text"), Per::Sentence).unwrap();
    assert_eq!(whole.column(7).slice(2, 1).to_data(), last.column(7).slice(0, 1).to_data());
}

#[test]
fn wrong_columns_are_named() {
    let labeler = labeler();
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![1]));
    let batch = table(vec![("text", numbers), ("body", Arc::new(StringArray::from(vec!["A."])))]);
    let error = label_batch(&labeler, &batch, &Columns::new("text"), Per::Sentence).unwrap_err();
    assert!(error.to_string().contains("column `text` has type Int64, expected text (Utf8)"), "{error}");
    assert!(error.hint().unwrap().contains("Utf8"));
    let error = label_batch(&labeler, &batch, &Columns::new("content"), Per::Sentence).unwrap_err();
    assert_eq!(error.to_string(), "the batch has no column `content`; it has text, body");
    let columns = Columns { title: Some("headline".into()), ..Columns::new("body") };
    assert!(label_batch(&labeler, &batch, &columns, Per::Sentence).unwrap_err().to_string().contains("headline"));
}
