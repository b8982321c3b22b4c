//! Who claims how much, and how far they can be trusted.

use super::bar::Tally;
use super::overview::{OPEN, heads, shown};
use super::palette::Palette;
use super::{escape, whisker};
use crate::report::trust::{Trust, TrustTable};
use crate::report::who::Who;
use indexmap::IndexMap;
use std::fmt::Write as _;

/// Sources of all articles, by key.
#[derive(Debug, Default)]
pub(super) struct Sources {
    all: IndexMap<String, Source>,
}

#[derive(Debug)]
struct Source {
    who: Who,
    claims: usize,
    articles: usize,
    last_article: usize,
    labels: Tally,
}

/// Sources in the table; the page says how many more there are.
const SHOWN: usize = 1000;

impl Sources {
    /// Counts a claim of article number `article`, in a sentence with `label`; gives the
    /// number of the source.
    pub(super) fn add(&mut self, who: Who, article: usize, label: usize) -> usize {
        let entry = self.all.entry(who.key.clone());
        let at = entry.index();
        let source = entry.or_insert_with(|| Source {
            who,
            claims: 0,
            articles: 0,
            last_article: usize::MAX,
            labels: Tally::default(),
        });
        source.claims += 1;
        source.labels.add(label);
        if source.last_article != article {
            source.articles += 1;
            source.last_article = article;
        }
        at
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// Numbers of the sources, those with most claims first.
    fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.all.len()).collect();
        order.sort_by(|a, b| self.all[*b].claims.cmp(&self.all[*a].claims).then(a.cmp(b)));
        order
    }

    /// Options of the filter by source.
    pub(super) fn options(&self) -> String {
        let mut out = String::new();
        for at in self.order().into_iter().take(SHOWN) {
            let source = &self.all[at];
            let _ = write!(out, "<option value=\"{at}\">{} ({})</option>", escape(&source.who.name), source.claims);
        }
        out
    }

    /// The table, with trust where it is known; `all` tells which labels there are.
    pub(super) fn table(&self, palette: &Palette, all: &Tally, trust: &TrustTable) -> String {
        if self.all.is_empty() {
            return String::new();
        }
        let graded = if trust.is_empty() { "" } else { "<th>Trust, 90 % interval</th><th>Grade</th>" };
        let shown = shown(palette, all);
        let mut out = format!(
            "<details class=\"overview\" id=\"sources\"{}>\n<summary><h2>Sources <span class=\"soft\">{}</span></h2></summary>\n\
             <div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Sources\"><table>\n\
             <thead><tr><th>Source</th><th>Kind</th><th class=\"num\">Articles</th><th class=\"num\">Claims</th>{}{graded}</tr>\
             </thead>\n<tbody>\n",
            if self.all.len() <= OPEN { " open" } else { "" },
            self.all.len(),
            heads(&shown, palette)
        );
        let order = self.order();
        for at in order.iter().take(SHOWN) {
            let source = &self.all[*at];
            let kind = source.who.kind.map_or(String::new(), |kind| kind.to_string());
            let _ = write!(
                out,
                "<tr><td class=\"name\" data-source=\"{at}\"><bdi>{}</bdi></td><td class=\"soft\">{kind}</td>\
                 <td class=\"num\">{}</td><td class=\"num\">{}</td>",
                escape(&source.who.name),
                source.articles,
                source.claims
            );
            for at in &shown {
                let _ = write!(out, "<td class=\"num\">{}</td>", source.labels.of(*at));
            }
            if !trust.is_empty() {
                out.push_str(&trust.of(&source.who).map_or_else(unknown, known));
            }
            out.push_str("</tr>\n");
        }
        out.push_str("</tbody></table></div>\n");
        if order.len() > SHOWN {
            let _ = writeln!(out, "<p class=\"note\">and {} more with fewer claims.</p>", order.len() - SHOWN);
        }
        if !trust.is_empty() {
            out.push_str(
                "<p class=\"note\">Trust is the share of a source's claims that is expected to be true; the bar is \
                 its 90 % interval. Grades are the Admiralty's, A (reliable) to E, and F where it cannot be judged.</p>\n",
            );
        }
        out + "</details>\n"
    }
}

fn unknown() -> String {
    "<td class=\"soft\">no figures</td><td></td>".into()
}

fn known(trust: &Trust) -> String {
    let Trust { trust, low, high, grade } = trust;
    format!(
        "<td>{} {trust:.2} <span class=\"soft\">[{low:.2}, {high:.2}]</span></td><td><b>{}</b></td>",
        whisker(*trust, *low, *high),
        escape(grade)
    )
}
