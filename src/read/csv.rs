//! Tables as text: a row is an article, the first row names the columns.

mod rows;

use super::peek::Bytes;
use super::record::{self, Problem};
use super::source::Context;
use super::{Field, suggest, utf8};
use crate::article::Article;
use crate::error::ReadError;
use rows::{Found, Rows};
use serde_json::{Map, Value};

/// What may part the cells of a row.
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];
/// Longest name of a column in a table that does not say by its name that it is one.
const LONGEST_NAME: usize = 100;

/// Yields the articles of a table; holds one row at a time.
pub(super) struct Table {
    rows: Rows,
    delimiter: Option<u8>,
    context: Context,
    columns: Columns,
    started: bool,
    done: bool,
}

/// Which cells of a row are needed.
#[derive(Default)]
struct Columns {
    names: Vec<String>,
    /// Position of the column and the key of its field.
    needed: Vec<(usize, Field)>,
}

impl Table {
    /// Reads `bytes`, whose cells are parted by `delimiter`, or by what parts the names.
    pub(super) fn new(bytes: Bytes, delimiter: Option<u8>, context: Context) -> Self {
        let rows = Rows::new(bytes, context.options.max_line);
        Self { rows, delimiter, context, columns: Columns::default(), started: false, done: false }
    }

    /// Reads the names of the columns; `None` when all is well.
    fn start(&mut self) -> Option<ReadError> {
        let names = [Field::Text, Field::Sentences].map(|field| self.context.options.fields.path(field));
        let delimiter = match self.rows.first_line() {
            Err(error) => return Some(self.context.io(error)),
            Ok(line) if utf8::is_utf16(&line) => {
                return Some(self.context.file("not UTF-8", utf8::utf16_hint(&self.context.place)));
            }
            Ok(line) => self.delimiter.unwrap_or_else(|| delimiter(&line, &names)),
        };
        self.rows.part_by(delimiter);
        match self.rows.next_row() {
            Err(error) => Some(self.context.io(error)),
            Ok(Found::End) => Some(self.context.file(
                "the table is empty",
                "the first row names the columns, such as id,title,text; each other row is an article",
            )),
            Ok(Found::TooLong(length)) => Some(self.context.file(
                format!("the first row is {length} bytes long"),
                "the first row names the columns; is this a table?",
            )),
            Ok(Found::Row) => {
                let names: Vec<String> =
                    self.rows.cells().map(|cell| String::from_utf8_lossy(cell).trim().to_owned()).collect();
                let fields = &self.context.options.fields;
                let find = |field: Field| names.iter().position(|name| name == fields.path(field));
                let needed = Field::ALL.into_iter().filter_map(|field| Some((find(field)?, field))).collect();
                self.columns = Columns { names, needed };
                None
            }
        }
    }

    /// Why no row can be an article, if none can: no column holds a text.
    fn no_text(&self) -> Option<ReadError> {
        let found = |field| self.columns.needed.iter().any(|(_, known)| *known == field);
        if found(Field::Text) || found(Field::Sentences) {
            return None;
        }
        let cell = |cell| Value::from(String::from_utf8_lossy(cell));
        let first: Map<_, _> = self.columns.names.iter().cloned().zip(self.rows.cells().map(cell)).collect();
        let text = self.context.options.fields.path(Field::Text);
        let hint = match suggest::similar(&Value::Object(first), Field::Text) {
            Some(name) => format!("the table has \"{name}\"; if that is it, pass --field text={name}"),
            None => "the first row names the columns; say which holds the text with --field text=NAME".into(),
        };
        Some(self.context.file(format!("no column \"{text}\""), hint))
    }

    /// The article of the row that was read last.
    fn article(&self) -> Result<Article, Problem> {
        let (cells, columns) = (self.rows.len(), self.columns.names.len());
        let surplus = self.rows.cells().skip(columns).any(|cell| !cell.is_empty());
        if cells < columns || surplus {
            return Err(Problem::new(
                format!("the row has {cells} cells, the first row names {columns} columns"),
                "a cell with line breaks, quotation marks or what parts cells is put in \"...\", \
                 and a \" in it is written \"\"",
            ));
        }
        let fields = &self.context.options.fields;
        let mut record = Map::new();
        for &(at, field) in &self.columns.needed {
            let cell = self.rows.cell(at);
            let text = std::str::from_utf8(cell).map_err(|error| {
                let at = error.valid_up_to();
                let reason = format!("\"{}\" is invalid UTF-8 at byte {at} (0x{:02x})", fields.path(field), cell[at]);
                Problem::new(reason, utf8::hint(&self.context.place))
            })?;
            let value = match field {
                _ if text.is_empty() => continue,
                Field::Sentences => list(text, fields.path(field))?,
                _ => Value::from(text),
            };
            record.insert(fields.path(field).to_owned(), value);
        }
        // The column is there, but the cell is empty.
        if ![Field::Text, Field::Sentences].iter().any(|field| record.contains_key(fields.path(*field))) {
            record.insert(fields.path(Field::Text).to_owned(), Value::from(""));
        }
        let name = || format!("{}:{}", self.context.name, self.rows.line());
        record::article(&Value::Object(record), fields, name)
    }
}

impl Iterator for Table {
    type Item = Result<Article, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        let first = !std::mem::replace(&mut self.started, true);
        let fault = if first { self.start() } else { None };
        self.done |= fault.is_some();
        if let Some(error) = fault {
            return Some(Err(error));
        }
        if self.done {
            return None;
        }
        match self.rows.next_row() {
            Err(error) => {
                self.done = true;
                Some(Err(self.context.io(error)))
            }
            Ok(Found::End) => {
                self.done = true;
                first.then(|| {
                    let error =
                        || self.context.file("the table holds no rows", "each row below the names is an article");
                    Err(self.no_text().unwrap_or_else(error))
                })
            }
            Ok(Found::TooLong(length)) => Some(Err(self.context.row(
                self.rows.line(),
                format!("the row is {length} bytes long, the limit is {}", self.context.options.max_line),
                format!("is a quotation mark left open? else raise the limit: --max-line {length}"),
            ))),
            Ok(Found::Row) => {
                if let Some(error) = first.then(|| self.no_text()).flatten() {
                    self.done = true;
                    return Some(Err(error));
                }
                let article = self.article();
                Some(article.map_err(|problem| self.context.row(self.rows.line(), problem.reason, problem.hint)))
            }
        }
    }
}

/// A list of strings in one cell.
fn list(text: &str, name: &str) -> Result<Value, Problem> {
    match serde_json::from_str(text) {
        Ok(value @ Value::Array(_)) => Ok(value),
        _ => Err(Problem::new(
            format!("\"{name}\" is not a list"),
            "write sentences as a JSON list, [\"First.\", \"Second.\"], \
             or name another column with --field sentences=NAME",
        )),
    }
}

/// The cells of a line without line breaks in them, quotation marks taken off.
fn cells(line: &[u8], delimiter: u8) -> impl Iterator<Item = &[u8]> {
    line.strip_suffix(b"\r").unwrap_or(line).split(move |&byte| byte == delimiter).map(unquoted)
}

fn unquoted(cell: &[u8]) -> &[u8] {
    cell.strip_prefix(b"\"").and_then(|inner| inner.strip_suffix(b"\"")).unwrap_or(cell)
}

/// Whether a line is the first of a table: it has short cells, and one of them names a text.
pub(super) fn is_header(line: &[u8], names: &[&str; 2]) -> bool {
    DELIMITERS.iter().any(|&delimiter| {
        let named = cells(line, delimiter).any(|cell| names.iter().any(|name| cell == name.as_bytes()));
        named
            && cells(line, delimiter).nth(1).is_some()
            && cells(line, delimiter).all(|cell| cell.len() <= LONGEST_NAME)
    })
}

/// What parts the cells of the first row: what leaves the name of a text alone, or else
/// what stands there most often.
fn delimiter(line: &[u8], names: &[&str; 2]) -> u8 {
    let named = DELIMITERS.into_iter().find(|&delimiter| {
        cells(line, delimiter).any(|cell| names.iter().any(|name| cell == name.as_bytes())) && line.contains(&delimiter)
    });
    let count = |delimiter: u8| line.iter().filter(|&&byte| byte == delimiter).count();
    // Of equals the first.
    named.unwrap_or_else(|| DELIMITERS.into_iter().rev().max_by_key(|&delimiter| count(delimiter)).unwrap_or(b','))
}

#[cfg(test)]
mod tests;
