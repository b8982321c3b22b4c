//! What a file holds, told by its name or by how it begins.

use super::fields::{Field, FieldMap};
use super::peek::{self, Bytes};
use super::{csv, utf8};
use std::ffi::OsStr;
use std::io;
use std::path::Path;

/// A page says within so many bytes that it is one.
const PAGE_START: usize = 1024;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One article, plain text.
    Text,
    /// One JSON object a line.
    Lines,
    /// A table whose first row names the columns; what parts them is found out.
    Csv,
    /// The same with tabs.
    Tsv,
    /// Apache Parquet.
    Parquet,
    /// A web page.
    Html,
    /// Records of a web crawl: pages (WARC) or their text (WET).
    Warc,
    /// To be told by how the content begins.
    Sniff,
}

/// Endings of names, without those of compressions.
const ENDINGS: &[(&str, Format)] = &[
    ("txt", Format::Text),
    ("jsonl", Format::Lines),
    ("ndjson", Format::Lines),
    ("json", Format::Lines),
    ("csv", Format::Csv),
    ("tsv", Format::Tsv),
    ("parquet", Format::Parquet),
    ("html", Format::Html),
    ("htm", Format::Html),
    ("warc", Format::Warc),
    ("wet", Format::Warc),
];
/// Endings of compressed files; whether they are compressed is told by their content.
const COMPRESSED: [&str; 2] = ["gz", "zst"];

impl Format {
    /// Told by the ending of the name, that of a compression left out.
    pub fn of(path: &Path) -> Self {
        ENDINGS.iter().find(|(known, _)| ending(path).eq_ignore_ascii_case(known)).map_or(Self::Sniff, |(_, f)| *f)
    }

    /// Whether a folder is searched for files of this name. A `.json` file is as likely to
    /// be settings as articles, so it must be named.
    pub(super) fn wanted(path: &Path) -> bool {
        Self::of(path) != Self::Sniff && !ending(path).eq_ignore_ascii_case("json")
    }
}

/// The name without the ending of a compression.
fn plain(path: &Path) -> &Path {
    let compressed = path.extension().and_then(OsStr::to_str).unwrap_or("");
    match path.file_stem() {
        Some(stem) if COMPRESSED.iter().any(|known| compressed.eq_ignore_ascii_case(known)) => Path::new(stem),
        _ => path,
    }
}

fn ending(path: &Path) -> &str {
    plain(path).extension().and_then(OsStr::to_str).unwrap_or("")
}

/// The file's name without its endings: `news` of `a/news.jsonl.gz`.
pub(super) fn stem(path: &Path) -> String {
    plain(path).file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// Reads as much as tells the format, and puts it back.
pub(super) fn sniff(bytes: Bytes, fields: &FieldMap) -> io::Result<(Format, Bytes)> {
    let (seen, bytes) = peek::peek(bytes, |seen| told(seen, false, fields).is_some())?;
    Ok((told(&seen, true, fields).unwrap_or(Format::Text), bytes))
}

/// The format of what starts with `seen`; nothing when more must be seen, unless that is
/// the `whole` of what there is.
fn told(seen: &[u8], whole: bool, fields: &FieldMap) -> Option<Format> {
    if !whole && utf8::MARK.starts_with(seen) {
        return None;
    }
    let start = utf8::without_mark(seen).trim_ascii_start();
    for (mark, format) in [(&b"PAR1"[..], Format::Parquet), (b"WARC/", Format::Warc), (b"{", Format::Lines)] {
        if start.starts_with(mark) {
            return Some(format);
        }
        if !whole && mark.starts_with(start) {
            return None;
        }
    }
    if start.starts_with(b"<") {
        let head = start[..start.len().min(PAGE_START)].to_ascii_lowercase();
        let says = |what: &str| head.windows(what.len()).any(|part| part == what.as_bytes());
        if says("<!doctype html") || says("<html") {
            return Some(Format::Html);
        }
        return (whole || start.len() >= PAGE_START).then_some(Format::Text);
    }
    let names = [fields.path(Field::Text), fields.path(Field::Sentences)];
    match start.iter().position(|&byte| byte == b'\n') {
        None if !whole => None,
        end => {
            let line = &start[..end.unwrap_or(start.len())];
            Some(if csv::is_header(line, &names) { Format::Csv } else { Format::Text })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let of = |name: &str| Format::of(Path::new(name));
        for (ending, format) in ENDINGS {
            assert_eq!(of(&format!("a.{ending}")), *format);
            assert_eq!(of(&format!("a.{}.GZ", ending.to_uppercase())), *format);
            assert_eq!(stem(Path::new(&format!("d/a.b.{ending}.zst"))), "a.b");
        }
        assert_eq!((of("a.gz"), of("a"), of("a.md")), (Format::Sniff, Format::Sniff, Format::Sniff));
        assert_eq!((stem(Path::new("a.gz")), stem(Path::new("a"))), ("a".into(), "a".into()));
        assert!(Format::wanted(Path::new("a.csv.gz")) && !Format::wanted(Path::new("a.json")));
    }

    #[test]
    fn content() {
        let cases: [(&str, Format); 14] = [
            ("\u{feff} \n {\"text\"", Format::Lines),
            ("PAR1\u{0}", Format::Parquet),
            ("WARC/1.0\r\n", Format::Warc),
            ("WARSAW", Format::Text),
            ("\n<!DOCTYPE HTML>", Format::Html),
            ("<?xml version=\"1.0\"?><!-- c --><html lang=en>", Format::Html),
            ("<b>no page", Format::Text),
            ("id,text\n1,A", Format::Csv),
            ("\"text\";\"id\"\r\n", Format::Csv),
            (",title\ttext\n", Format::Csv),
            ("text\nof an article", Format::Text),
            ("The text, id", Format::Text),
            ("", Format::Text),
            (" \n", Format::Text),
        ];
        for (content, want) in cases {
            let bytes: Bytes = Box::new(io::Cursor::new(content.as_bytes().to_vec()));
            let (format, mut rest) = sniff(bytes, &FieldMap::default()).unwrap();
            assert_eq!(format, want, "{content:?}");
            let mut back = String::new();
            io::Read::read_to_string(&mut rest, &mut back).unwrap();
            assert_eq!(back, content);
        }
    }

    #[test]
    fn a_slow_source_is_not_waited_for() {
        struct Slow(&'static [u8]);
        impl io::Read for Slow {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                let (first, rest) = self.0.split_first().expect("read too far");
                buffer[0] = *first;
                self.0 = rest;
                Ok(1)
            }
        }
        let bytes: Bytes = Box::new(io::BufReader::new(Slow(b"\xef\xbb\xbf {")));
        assert_eq!(sniff(bytes, &FieldMap::default()).unwrap().0, Format::Lines);
        let bytes: Bytes = Box::new(io::BufReader::new(Slow(b"Words\n")));
        assert_eq!(sniff(bytes, &FieldMap::default()).unwrap().0, Format::Text);
    }
}
