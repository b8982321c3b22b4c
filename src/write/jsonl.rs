//! JSON lines: one row a sentence.

use super::{ArticleRow, Per, Sink};
use crate::article::Article;
use crate::label::LabelledArticle;
use serde::Serialize;
use std::io::{self, Write};

/// Writes one JSON object a sentence, or [one an article](ArticleRow).
///
/// Each line goes out in one write, so that a process that ends between two
/// writes leaves whole lines. Give it a writer that holds nothing back.
pub struct JsonlSink<W> {
    out: W,
    per: Per,
    line: Vec<u8>,
}

impl<W: Write> JsonlSink<W> {
    /// Writes one object a sentence to `out`.
    pub const fn new(out: W) -> Self {
        Self::per(Per::Sentence, out)
    }

    /// Writes one object a sentence or article to `out`.
    pub const fn per(per: Per, out: W) -> Self {
        Self { out, per, line: Vec::new() }
    }

    /// The writer, back.
    pub fn into_inner(self) -> W {
        self.out
    }
}

impl<W: Write> JsonlSink<W> {
    fn line(&mut self, row: &impl Serialize) -> io::Result<()> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, row)?;
        self.line.push(b'\n');
        self.out.write_all(&self.line)
    }
}

impl<W: Write> Sink for JsonlSink<W> {
    fn article(&mut self, _source: &Article, article: &LabelledArticle) -> io::Result<()> {
        match self.per {
            Per::Sentence => article.sentences.iter().try_for_each(|row| self.line(row)),
            Per::Article => self.line(&ArticleRow::from(article)),
        }
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Span;
    use crate::label::{Attribution, Entity, LabelledSentence, SourceKind, TextSpan};

    /// Counts writes, and the lines that they end.
    #[derive(Default)]
    struct Pieces(Vec<Vec<u8>>);

    impl Write for Pieces {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.push(bytes.to_vec());
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn article() -> LabelledArticle {
        let text = "Ann said \"no\".\u{2028}";
        let row = LabelledSentence {
            article: "a".into(),
            outlet: None,
            date: None,
            sentence: 0,
            start: 0,
            end: 14,
            text: text.into(),
            label: "fact".into(),
            confidence: 0.75,
            probabilities: vec![("fact".into(), 0.75), ("background".into(), 0.25)],
            attributions: vec![Attribution {
                source: Some(TextSpan::new(text, Span::new(0, 3))),
                ..Attribution::default()
            }],
        };
        let next = LabelledSentence { sentence: 1, attributions: vec![], ..row.clone() };
        LabelledArticle { id: "a".into(), sentences: vec![row, next], ..Default::default() }
    }

    #[test]
    fn one_write_a_line_and_the_keys_in_order() {
        let mut sink = JsonlSink::new(Pieces::default());
        sink.article(&Article::default(), &article()).unwrap();
        sink.finish().unwrap();
        let pieces = sink.into_inner().0;
        assert_eq!(pieces.len(), 2);
        let first = String::from_utf8(pieces[0].clone()).unwrap();
        assert_eq!(
            first,
            "{\"article\":\"a\",\"sentence\":0,\"start\":0,\"end\":14,\
             \"text\":\"Ann said \\\"no\\\".\u{2028}\",\"label\":\"fact\",\"confidence\":0.75,\
             \"probabilities\":{\"fact\":0.75,\"background\":0.25},\
             \"attributions\":[{\"source\":{\"text\":\"Ann\",\"start\":0,\"end\":3},\
             \"cue\":null,\"content\":null}]}\n"
        );
        let back: LabelledSentence = serde_json::from_str(&first).unwrap();
        assert_eq!(back, article().sentences[0]);
    }

    #[test]
    fn outlet_date_and_entity_are_written_where_they_are_known() {
        let mut labelled = article();
        let row = &mut labelled.sentences[0];
        (row.outlet, row.date) = (Some("Harbour Post".into()), Some("2024-03-01".into()));
        row.attributions[0].entity = Some(Entity { id: "ann".into(), name: "Ann".into(), kind: SourceKind::Person });
        let mut sink = JsonlSink::new(Vec::new());
        sink.article(&Article::default(), &labelled).unwrap();
        let text = String::from_utf8(sink.into_inner()).unwrap();
        let first = text.lines().next().unwrap();
        assert!(
            first.starts_with("{\"article\":\"a\",\"outlet\":\"Harbour Post\",\"date\":\"2024-03-01\",\"sentence\":0,")
        );
        let entity = "\"content\":null,\"entity\":{\"id\":\"ann\",\"name\":\"Ann\",\"kind\":\"person\"}}]}";
        assert!(first.ends_with(entity), "{first}");
        let back: LabelledSentence = serde_json::from_str(first).unwrap();
        assert_eq!(back, labelled.sentences[0]);
    }
}
