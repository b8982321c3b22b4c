//! The report of labelled articles as one file.

use super::bar::Tally;
use super::overview::{Line, legend, table};
use super::palette::Palette;
use super::sources::Sources;
use super::{ARTICLE_STYLE, READER_SCRIPT, article, escape, page};
use crate::article::Article;
use crate::label::LabelledArticle;
use crate::report::trust::TrustTable;
use indexmap::IndexMap;

const STYLE: &str = include_str!("report.css");

/// Collects labelled articles, and makes one page of them: prose with tinted sentences, who
/// says what in the margin, shares of labels, and a table of sources.
///
/// The page needs no network, and no script to be read.
#[derive(Default)]
pub struct HtmlReport {
    palette: Palette,
    sources: Sources,
    body: String,
    lines: Vec<Line>,
    /// Articles and labels of each outlet.
    outlets: IndexMap<String, (usize, Tally)>,
    all: Tally,
}

impl HtmlReport {
    /// Adds an article. `source` is the article as it was read, where it is at hand: its
    /// paragraphs and subheads are exact then, and otherwise guessed from the offsets.
    pub fn add(&mut self, source: Option<&Article>, labelled: &LabelledArticle) {
        let number = self.lines.len();
        let done = article::article(number, source, labelled, &mut self.palette, &mut self.sources);
        self.body.push_str(&done.html);
        self.all.extend(&done.tally);
        if let Some(outlet) = &labelled.source {
            let (articles, tally) = self.outlets.entry(outlet.clone()).or_default();
            *articles += 1;
            tally.extend(&done.tally);
        }
        self.lines.push(Line {
            name: format!("<a href=\"#a{number}\"><bdi>{}</bdi></a>", escape(&done.title)),
            more: vec![escape(labelled.source.as_deref().unwrap_or_default())],
            tally: done.tally,
        });
    }

    /// How many articles there are.
    pub fn articles(&self) -> usize {
        self.lines.len()
    }

    /// The page. `trust` is what is known of the sources, perhaps nothing.
    pub fn finish(&self, title: &str, trust: &TrustTable) -> String {
        let palette = &self.palette;
        let outlet = |(name, (articles, tally)): (&String, &(usize, Tally))| Line {
            name: format!("<bdi>{}</bdi>", escape(name)),
            more: vec![articles.to_string()],
            tally: tally.clone(),
        };
        let outlets: Vec<Line> = self.outlets.iter().map(outlet).collect();
        let articles = if self.lines.len() > 1 { &self.lines[..] } else { &[] };
        let body = format!(
            "<main>\n<h1><bdi>{}</bdi></h1>\n{}{}{}{}<p class=\"note\">A label says how an article presents a sentence, never \
             whether it is true.</p>\n{}</main>\n",
            escape(title),
            legend(&self.all, self.lines.len(), palette, &self.sources),
            table("Outlets", &["Outlet", "Articles"], &outlets, palette, &self.all),
            table("Articles", &["Article", "Outlet"], articles, palette, &self.all),
            self.sources.table(palette, &self.all, trust),
            self.body
        );
        page(title, &format!("{ARTICLE_STYLE}{STYLE}"), READER_SCRIPT, &body)
    }
}
