//! Records of a web crawl (WARC 1.0 and 1.1): pages, or their text (WET).

mod http;
mod record;

use super::peek::Bytes;
use super::source::Context;
use super::{charset, html};
use crate::article::Article;
use crate::error::ReadError;
use record::{Record, Records};
use std::sync::atomic::Ordering::Relaxed;

/// Yields the articles of the records that are pages or text; holds one record at a time.
///
/// Redirects, pictures, feeds and pages without an article are counted in
/// [`Skipped`](super::Skipped), and are no errors: every crawl is full of them.
pub(super) struct WarcReader {
    records: Records,
    context: Context,
    done: bool,
}

/// What becomes of a record.
enum Fate {
    Article(Article),
    /// It was meant to be read, and holds no article.
    Left,
    /// It belongs to the crawl, such as a request.
    Other,
    Bad(String, String),
}

impl WarcReader {
    pub(super) fn new(bytes: Bytes, context: Context) -> Self {
        Self { records: Records::new(bytes), context, done: false }
    }

    fn error(&self, fault: record::Fault) -> ReadError {
        match fault {
            record::Fault::Io(error) => self.context.io(error),
            record::Fault::Form(reason) => self.context.file(
                format!("record {}: {reason}", self.records.count()),
                "the records before it were read; copy or download the file again",
            ),
        }
    }

    /// Reads the body of a record, if it is one of those that hold articles.
    fn judge(&mut self, record: &Record) -> Result<Fate, record::Fault> {
        let kind = record.get("warc-type").unwrap_or("");
        let media = record.get("content-type").unwrap_or("").to_ascii_lowercase();
        let page = is_page(&media);
        let plain = media.starts_with("text/plain");
        let http = kind == "response" && media.starts_with("application/http");
        let wanted = http || (kind == "resource" && (page || plain)) || (kind == "conversion" && plain);
        if !wanted {
            self.records.skip()?;
            return Ok(if kind == "resource" { Fate::Left } else { Fate::Other });
        }
        let max = self.context.options.max_line;
        let Some(body) = self.records.body(max)? else {
            // What is not held cannot be told apart, and a film is more likely than an article.
            let page = page || plain;
            return Ok(if page { too_long(record.length, max) } else { Fate::Left });
        };
        if plain {
            return Ok(self.text(record, body));
        }
        if page {
            return Ok(self.page(record, &body, Some(&media)));
        }
        match http::message(&body, max) {
            Ok(Some(message)) if message.status == 200 && is_page(&message.media) => {
                Ok(self.page(record, &message.body, Some(&message.media)))
            }
            Ok(_) => Ok(Fate::Left),
            Err(reason) => Ok(Fate::Bad(reason, "the page is left out; the next record was read".into())),
        }
    }

    fn text(&self, record: &Record, body: Vec<u8>) -> Fate {
        match String::from_utf8(body) {
            Ok(text) if text.trim().is_empty() => Fate::Left,
            Ok(text) => Fate::Article(self.named(record, Article { text, ..Article::default() })),
            Err(error) => Fate::Bad(
                format!("invalid UTF-8 at byte {} of the text", error.utf8_error().valid_up_to()),
                "the text of a WET record is UTF-8; the record is left out".into(),
            ),
        }
    }

    fn page(&self, record: &Record, body: &[u8], media: Option<&str>) -> Fate {
        match html::article(&charset::decode(body, media), String::new()) {
            Ok(article) => Fate::Article(self.named(record, article)),
            Err(_) => Fate::Left,
        }
    }

    /// Names an article by its address, and dates it by its page or else by the crawl.
    fn named(&self, record: &Record, article: Article) -> Article {
        let own = |name: &str| record.get(name).map(|text| text.trim_matches(['<', '>']).to_owned());
        let url = own("warc-target-uri").filter(|url| !url.is_empty());
        let count = || format!("{}:{}", self.context.name, self.records.count());
        let id = url.clone().or_else(|| own("warc-record-id")).unwrap_or_else(count);
        let date = article.date.or_else(|| own("warc-date"));
        Article { id, date, url: url.or(article.url), ..article }
    }
}

fn is_page(media: &str) -> bool {
    media.starts_with("text/html") || media.starts_with("application/xhtml+xml")
}

fn too_long(length: u64, max: usize) -> Fate {
    Fate::Bad(
        format!("the record is {length} bytes long, the limit is {max}"),
        format!("raise the limit: --max-line {length}"),
    )
}

impl Iterator for WarcReader {
    type Item = Result<Article, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.done {
            let fate = match self.records.next_record() {
                Ok(Some(record)) => self.judge(&record),
                Ok(None) if self.records.count() == 0 => {
                    self.done = true;
                    return Some(Err(self.context.file("the file holds no records", "leave an empty file out")));
                }
                Ok(None) => break,
                Err(fault) => Err(fault),
            };
            match fate {
                Ok(Fate::Article(article)) => return Some(Ok(article)),
                Ok(Fate::Left) => _ = self.context.skipped.pages.fetch_add(1, Relaxed),
                Ok(Fate::Other) => {}
                Ok(Fate::Bad(reason, hint)) => return Some(Err(self.context.row(self.records.count(), reason, hint))),
                Err(fault) => {
                    self.done = true;
                    return Some(Err(self.error(fault)));
                }
            }
        }
        self.done = true;
        None
    }
}

#[cfg(test)]
mod tests;
