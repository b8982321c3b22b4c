//! Any text through the segmenter: its parts are in order, trimmed, and cover the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use veracity::article::Article;
use veracity::segment::segment;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data).into_owned();
    let article = Article { text, ..Article::default() };
    let parts = segment(&article);
    let mut all: Vec<_> = parts.headings.iter().chain(&parts.sentences).collect();
    all.sort();
    let mut last = 0;
    for span in all {
        let gap = article.text.get(last..span.start).expect("in order");
        assert!(gap.trim().is_empty(), "left out: {gap:?}");
        let part = article.text.get(span.start..span.end).expect("whole characters");
        assert!(!part.is_empty() && part == part.trim());
        last = span.end;
    }
    assert!(article.text[last..].trim().is_empty());
});
