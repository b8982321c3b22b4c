use super::{Batch, Encoded, Layout, Window};
use crate::article::Span;
use proptest::prelude::*;

const FIRST: u32 = 1;
const LAST: u32 = 2;

fn layout(window: usize) -> Layout {
    Layout { window, title: window / 4, lone: false, first: FIRST, last: LAST }
}

/// Sentences of the given lengths; token ids count up from 10 over the article.
fn sentences(lengths: &[usize]) -> Vec<Encoded> {
    let mut id = 10;
    let mut sentence = |n: usize| {
        let ids = (id..id + n as u32).collect();
        id += n as u32;
        Encoded { ids, offsets: (0..n).map(|i| Span::new(i, i + 1)).collect() }
    };
    lengths.iter().map(|&n| sentence(n)).collect()
}

fn ids(windows: &[Window]) -> Vec<Vec<u32>> {
    windows.iter().map(|w| w.ids.clone()).collect()
}

#[test]
fn packs_title_and_context() {
    let title = Encoded { ids: vec![5, 6], offsets: vec![] };
    let windows = layout(16).windows(&title, &sentences(&[4, 5, 3]));
    assert_eq!(
        ids(&windows),
        [
            vec![1, 5, 6, 2, 10, 11, 12, 13, 2, 14, 15, 16, 17, 18, 2],
            vec![1, 5, 6, 2, 14, 15, 16, 17, 18, 2, 19, 20, 21, 2],
        ]
    );
    assert_eq!(windows[1].pieces.len(), 1);
    assert_eq!(windows[1].pieces[0].tokens, 10..13);
}

#[test]
fn cuts_an_over_long_sentence_into_even_pieces() {
    let windows = layout(16).windows(&Encoded::default(), &sentences(&[30]));
    assert_eq!(windows.iter().map(|w| w.pieces[0].tokens.len()).collect::<Vec<_>>(), [10, 10, 10]);
    assert_eq!(windows.iter().map(|w| w.pieces[0].offset).collect::<Vec<_>>(), [0, 10, 20]);
}

#[test]
fn lone_sentences_have_no_title_and_no_context() {
    let title = Encoded { ids: vec![5], offsets: vec![] };
    let windows = Layout { lone: true, ..layout(16) }.windows(&title, &sentences(&[2, 0, 1]));
    assert_eq!(ids(&windows), [vec![1, 10, 11, 2], vec![1, 12, 2]]);
}

proptest! {
    #[test]
    fn every_token_is_labelled_exactly_once(
        lengths in prop::collection::vec(0usize..60, 0..30),
        title in 0usize..40,
        window in 16usize..64,
        lone: bool,
    ) {
        let sentences = sentences(&lengths);
        let title = Encoded { ids: vec![5; title], offsets: vec![] };
        let windows = Layout { lone, ..layout(window) }.windows(&title, &sentences);
        let mut seen = vec![0usize; lengths.iter().sum()];
        for w in &windows {
            prop_assert!(w.ids.len() <= window);
            prop_assert_eq!(w.ids[0], FIRST);
            prop_assert_eq!(*w.ids.last().unwrap(), LAST);
            prop_assert!(!w.pieces.is_empty());
            for p in &w.pieces {
                prop_assert_eq!(
                    &w.ids[p.tokens.clone()],
                    &sentences[p.sentence].ids[p.offset..p.offset + p.tokens.len()]
                );
                w.ids[p.tokens.clone()].iter().for_each(|&id| seen[id as usize - 10] += 1);
            }
        }
        prop_assert!(seen.iter().all(|&n| n == 1));
        let batch: Batch = windows.iter().collect();
        prop_assert_eq!(batch.len(), windows.len());
        for (w, window) in windows.iter().enumerate() {
            prop_assert_eq!(&batch.ids[batch.rows(w)], &window.ids[..]);
            prop_assert_eq!(batch.window_pieces(w).len(), window.pieces.len());
        }
    }
}
