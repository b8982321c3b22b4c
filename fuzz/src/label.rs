//! Any text through the whole of `veracity label`, with a tiny model that finds a source, a cue
//! or a content anywhere: what a row says of the text is in the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::path::Path;
use std::sync::LazyLock;
use veracity::article::Article;
use veracity::label::TextSpan;
use veracity::pipeline::{EngineKind, Labeler};

static LABELER: LazyLock<Labeler> = LazyLock::new(|| {
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/document");
    Labeler::open(&model, EngineKind::Native, 1).expect("the model of the tests")
});

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data).into_owned();
    let article = Article { id: "a".into(), source: Some("Post".into()), text, ..Article::default() };
    let Some(Ok(labelled)) = LABELER.label(std::slice::from_ref(&article)).pop() else { return };
    let fits = |start: usize, end: usize, text: &str| article.text.get(start..end) == Some(text);
    for row in &labelled.sentences {
        assert!(fits(row.start, row.end, &row.text));
        for said in &row.attributions {
            let spans = [&said.source, &said.cue, &said.content];
            assert!(spans.into_iter().flatten().all(|TextSpan { text, start, end }| fits(*start, *end, text)));
        }
    }
});
