//! `veracity report`: labelled sentences as a page for the browser.

use super::args::ReportArgs;
use super::message;
use super::output::refused;
use super::stop::{BAD_INPUT, OK, Outcome, Stop};
use crate::article::Article;
use crate::error::{Hint, ReadError};
use crate::read::{Articles, Input, ReadOptions};
use crate::report::{HtmlReport, TrustTable, labelled_articles};
use crate::segment::segment;
use crate::write::PartialFile;
use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Reads all rows and writes the page.
pub(super) fn run(args: ReportArgs) -> Outcome {
    let trust = match &args.trust {
        Some(path) => TrustTable::read(path).map_err(|error| Stop::bad(&error))?,
        None => TrustTable::default(),
    };
    let inputs = args.inputs.iter().chain(&args.articles).chain(&args.trust).map(PathBuf::as_path);
    let target = args.output.filter(|path| path.as_os_str() != "-");
    let file = target.map(|path| PartialFile::create(&path, inputs)).transpose().map_err(|error| refused(&error))?;
    let mut bad = Bad(0);
    let sources = sources(&args.articles, &mut bad);
    let mut report = HtmlReport::default();
    for path in &args.inputs {
        add(path, &sources, &mut report, &mut bad);
    }
    if report.articles() == 0 && bad.0 > 0 {
        file.map_or(Ok(()), PartialFile::discard).map_err(|error| Stop::failed(&error))?;
        return Ok(BAD_INPUT);
    }
    let page = report.finish(&args.title, &trust);
    match file {
        Some(mut file) => {
            let done = file.write_all(page.as_bytes());
            done.map_err(|error| Stop::failed(&file.error(error)))?;
            file.commit().map_err(|error| Stop::failed(&error))?;
        }
        None => std::io::stdout().lock().write_all(page.as_bytes()).map_err(|error| Stop::stdout(&error))?,
    }
    Ok(if bad.0 > 0 { BAD_INPUT } else { OK })
}

/// Counts what could not be read, and says so.
struct Bad(usize);

impl Bad {
    fn report(&mut self, error: &ReadError) {
        self.0 += 1;
        message::error(error, error.hint().as_deref());
    }
}

/// Articles by id.
fn sources(inputs: &[PathBuf], bad: &mut Bad) -> HashMap<String, Article> {
    let inputs: Vec<Input> = inputs.iter().map(|path| path.as_path().into()).collect();
    let mut all = HashMap::new();
    for article in Articles::open(&inputs, ReadOptions::default()) {
        match article {
            Ok(mut article) => {
                article.title = segment(&article).title;
                all.insert(article.id.clone(), article);
            }
            Err(error) => bad.report(&error),
        }
    }
    all
}

fn add(path: &Path, sources: &HashMap<String, Article>, report: &mut HtmlReport, bad: &mut Bad) {
    let articles = match labelled_articles(path) {
        Ok(articles) => articles,
        Err(error) => return bad.report(&error),
    };
    for labelled in articles {
        match labelled {
            Ok(labelled) => {
                // The rows must be of this very text, not of another version of it.
                let fits = |article: &&Article| {
                    labelled.sentences.iter().all(|row| article.text.get(row.start..row.end) == Some(row.text.as_str()))
                };
                report.add(sources.get(&labelled.id).filter(fits), &labelled);
            }
            Err(error) => bad.report(&error),
        }
    }
}
