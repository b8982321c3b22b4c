//! `veracity sources --list`: the sources of labelled rows, with their claims.

use super::args::SourcesArgs;
use super::message;
use super::stop::{BAD_INPUT, OK, Outcome, Stop};
use crate::attribute::{Aliases, Source, SourceList};
use crate::error::{Hint, ReadError};
use crate::label::LabelledSentence;
use crate::read::labelled_rows;
use crate::report::one_line;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Reads all rows, and prints the sources. A bad row or file is reported, and the rest listed.
pub(super) fn run(args: &SourcesArgs) -> Outcome {
    let aliases = match &args.aliases {
        Some(path) => Aliases::read(path).map_err(|error| Stop::bad(&error))?,
        None => Aliases::default(),
    };
    let mut list = SourceList::default();
    let mut code = OK;
    for path in &args.files {
        let mut bad = |error: ReadError| {
            code = BAD_INPUT;
            message::error(&error, error.hint().as_deref());
        };
        read(path, &mut bad, |mut row| {
            row.attributions.iter_mut().for_each(|found| aliases.apply(found));
            list.add(&row);
        });
    }
    let mut out = BufWriter::new(io::stdout().lock());
    print(&list.sorted(), &mut out).and_then(|()| out.flush()).map_err(|error| Stop::stdout(&error))?;
    Ok(code)
}

/// Gives the rows of a file to `see`, and what is wrong with the others to `bad`.
pub(super) fn read(path: &Path, mut bad: impl FnMut(ReadError), mut see: impl FnMut(LabelledSentence)) {
    match labelled_rows(path) {
        Ok(rows) => rows.for_each(|row| match row {
            Ok(row) => see(row),
            Err(error) => bad(error),
        }),
        Err(error) => bad(error),
    }
}

fn print(sources: &[Source], out: &mut impl Write) -> io::Result<()> {
    for (at, source) in sources.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        let counts = format!("{} in {}", count(source.claims.len(), "claim"), count(source.articles, "article"));
        match &source.entity {
            Some(entity) if entity.kind.pooled() => writeln!(out, "{}: {counts}", one_line(&entity.name))?,
            Some(entity) => writeln!(out, "{} ({}): {counts}", one_line(&entity.name), entity.kind)?,
            None => writeln!(out, "source not known: {counts}")?,
        }
        for claim in &source.claims {
            let words = claim.words.as_deref().map(|words| format!("\"{}\"", one_line(words)));
            let parts: Vec<String> = words.into_iter().chain(claim.cue.as_deref().map(one_line)).collect();
            let via: String = claim.via.iter().map(|name| format!(", via {}", one_line(name))).collect();
            let head = format!("{}:{} {}", one_line(&claim.article), claim.sentence, one_line(&claim.label));
            writeln!(out, "  {head}: {}{via}", if parts.is_empty() { "goes on".into() } else { parts.join(" ") })?;
            writeln!(out, "    {}", one_line(&claim.text))?;
        }
    }
    Ok(())
}

fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
