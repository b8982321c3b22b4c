//! Properties that hold for any text at all.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::segment;
use crate::article::Article;

/// Checks all that must hold of any split.
fn check(text: &str, title: Option<&str>) {
    let article = Article { text: text.to_owned(), title: title.map(str::to_owned), ..Article::default() };
    let parts = segment(&article);
    let mut covered = vec![0_u8; text.len()];
    for list in [&parts.headings, &parts.sentences] {
        let mut last = 0;
        for span in list {
            assert!(span.start >= last && span.start < span.end && span.end <= text.len(), "{span:?} in {text:?}");
            let part = text.get(span.start..span.end).unwrap();
            assert_eq!(part, part.trim(), "untrimmed");
            covered[span.start..span.end].iter_mut().for_each(|count| *count += 1);
            last = span.end;
        }
    }
    for (at, c) in text.char_indices() {
        assert!(covered[at] <= 1, "twice: {at} in {text:?}");
        assert!(c.is_whitespace() || covered[at] == 1, "left out: {at} in {text:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in any::<String>()) {
        check(&text, None);
    }

    #[test]
    fn text_full_of_marks(text in "([ \n\r\t\u{a0}\u{2029}.!?…\"'’“”()\\[\\]—*•。]|Mr\\.|U\\.S\\.|The|said|a\\.m\\.|[0-9]|é|\u{200b}|😀|i[A-Z]){0,80}") {
        check(&text, None);
        check(&text, Some("The said"));
    }
}
