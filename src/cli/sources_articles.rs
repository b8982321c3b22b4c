//! `veracity sources LABELLED...`: sources of labelled articles.

use super::args::SourcesArgs;
use super::message;
use super::settings::terminal_width;
use super::sources::{failed, part, rated, ratings, tables};
use super::sources_list::read;
use super::stop::{BAD_INPUT, OK, Outcome, Stop};
use crate::attribute::Aliases;
use crate::error::{Hint, ReadError};
use crate::observe::{Observations, Prepared, Report, page, read_outcomes};
use crate::reliability::{Estimate, Outcomes, estimate_with};
use crate::report::{TableStyle, sources_table};
use anstream::{AutoStream, ColorChoice};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

/// Reads rows, estimates, prints the table and writes what is asked for.
pub(super) fn run(args: &SourcesArgs) -> Outcome {
    let ratings = ratings(args)?;
    let aliases = args.aliases.as_deref().map(Aliases::read).transpose().map_err(|e| Stop::bad(&e))?;
    let (mut rows, mut code) = (Vec::new(), OK);
    for file in &args.files {
        let bad = |error: ReadError| {
            message::error(&error, error.hint().as_deref());
            code = BAD_INPUT;
        };
        read(file, bad, |row| rows.push(row));
    }
    let seen = Observations::new(rows, &aliases.unwrap_or_default());
    let prepared = seen.claims(&ratings);
    if prepared.claims.is_empty() {
        return Err(Stop::usage(
            "the articles hold no claim: no sentence is a fact, and no attribution has source and content",
            "give what `veracity label ARTICLES -o labelled.jsonl` wrote, with a model that finds attributions",
        ));
    }
    let outcomes = match &args.outcomes {
        Some(path) => read_outcomes(path, &seen, &prepared).map_err(|e| Stop::bad(&e))?,
        None => Outcomes::none(&prepared.claims),
    };
    if let Some(path) = args.outcomes.as_ref().filter(|_| outcomes.without_claims > 0) {
        let what = format!("{} of its rows meet no claim of these articles", outcomes.without_claims);
        message::note(&format!("note: {}: {what}; they are left out", path.display()));
    }
    let found = estimate_with(&prepared.claims, &outcomes, &prepared.context);
    let known = |name: &str| seen.speakers.values().any(|s| s.name == name || s.id == name);
    rated(args, &found, ratings.names().filter(|name| !known(name)).count());
    let report = Report::new(&seen, &prepared, &outcomes, &found);
    write(args, &report, &prepared, &found)?;
    if !found.with_outcomes {
        message::note(
            &"note: no outcomes: trust is agreement with independent sources; none is ranked or graded (see --outcomes)",
        );
    }
    if !args.quiet {
        let mut stdout = std::io::stdout();
        let style = TableStyle {
            width: if stdout.is_terminal() { terminal_width() } else { TableStyle::WIDTH },
            color: AutoStream::choice(&stdout) != ColorChoice::Never,
        };
        stdout.write_all(sources_table(&report, style).as_bytes()).map_err(|e| Stop::stdout(&e))?;
        message::note(&summary(&seen, &report));
    }
    Ok(code)
}

/// All files that are asked for, or none.
fn write(args: &SourcesArgs, report: &Report, prepared: &Prepared, found: &Estimate) -> Result<(), Stop> {
    let more = [&args.outcomes, &args.ratings, &args.aliases].into_iter().flatten();
    let inputs: Vec<&Path> = args.files.iter().chain(more).map(PathBuf::as_path).collect();
    let json = args.json.as_ref().map(|path| {
        part(path, &inputs, |mut out| {
            serde_json::to_writer_pretty(&mut out, report)?;
            out.write_all(b"\n")
        })
    });
    let json = json.transpose()?;
    let html = args.html.as_ref().map(|path| part(path, &inputs, |out| out.write_all(page(report).as_bytes())));
    let html = html.transpose()?;
    let csv = args
        .out
        .as_ref()
        .map(|out| tables(out, &inputs, &prepared.claims, found, &prepared.context.pooled))
        .transpose()?;
    for file in [json, html].into_iter().flatten().chain(csv.into_iter().flatten()) {
        file.commit().map_err(failed)?;
    }
    Ok(())
}

fn summary(seen: &Observations, report: &Report) -> String {
    let mut text = format!(
        "{} articles: {} statements of {} sources make {} claims on {} subjects",
        report.articles,
        report.statements,
        report.sources.len(),
        report.claims.len(),
        seen.subjects.len(),
    );
    if seen.repeated > 0 {
        text.push_str(&format!("; {} rows came twice and count once", seen.repeated));
    }
    text
}
