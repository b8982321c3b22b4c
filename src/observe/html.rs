//! The report as one HTML file without scripts that needs no network: sources with their
//! intervals, their claims with who says them, and who copies. Light or dark as the reader's
//! system is. All text of articles is escaped.

use super::report::{ClaimReport, Report, Said, SourceReport};
use super::{Stance, report};
use crate::report::html::{self, escape, scroll, whisker};
use std::fmt::Write as _;

const STYLE: &str = include_str!("style.css");
/// Longer lists of claims that one voice makes are closed at first.
const OPEN: usize = 25;

/// The whole page.
pub fn page(report: &Report) -> String {
    let mut out = format!(
        "<main>\n<h1>Sources and their claims</h1>\n<p class=\"note\">{} articles, {} statements, {} sources, {} claims.</p>\n",
        report.articles,
        report.statements,
        report.sources.len(),
        report.claims.len()
    );
    out.push_str(if report.with_outcomes {
        "<p class=\"note\">Trust is the probability that a source's next claim is right, with its 90 % interval. \
         Wide intervals mean that little is known. Grades go from A to E; F: cannot be judged.</p>\n"
    } else {
        "<p class=\"warn\">There are no outcomes. Trust is agreement with independent others and no more: the sources \
         go by name, none is ranked or graded, and others may be wrong together.</p>\n"
    });
    out.push_str(&sources(report));
    out.push_str(&claims(&report.claims));
    out.push_str(&copies(&report.copies));
    html::page("Sources and their claims", STYLE, "", &(out + "</main>\n"))
}

fn sources(report: &Report) -> String {
    let graded = if report.with_outcomes { "<th>grade</th>" } else { "" };
    let mut out = format!(
        "<table>\n<thead><tr><th>source</th><th>kind</th><th class=\"trust\">trust, 90 % interval</th><th>confirmed</th>\
         <th>corroborated</th><th>independent</th><th>prior share</th>{graded}</tr></thead>\n<tbody>\n"
    );
    report.sources.iter().for_each(|source| out.push_str(&row(source, report.with_outcomes)));
    format!(
        "<h2>Sources</h2>\n{}<p class=\"note\">Bars go from 0 to 1. Confirmed: claims that an outcome has decided. \
         Corroborated: claims that independent sources make too; independent: by how many, on average. Prior share: \
         100 % where nothing is known of the source itself.</p>\n",
        scroll("Sources", &(out + "</tbody></table>"))
    )
}

fn row(s: &SourceReport, graded: bool) -> String {
    let grade = if graded { format!("<td><b>{}</b></td>", escape(&s.grade)) } else { String::new() };
    format!(
        "<tr><td><bdi>{}</bdi></td><td>{}</td><td class=\"trust\">{} {:.2} <span class=\"soft\">[{:.2}, {:.2}]</span></td>\
         <td>{}</td><td>{}</td><td>{:.1}</td><td>{:.0} %</td>{grade}</tr>\n",
        escape(&s.name),
        s.kind,
        whisker(s.trust, s.low, s.high),
        s.trust,
        s.low,
        s.high,
        s.confirmed,
        s.corroborated,
        s.independent,
        s.prior_share * 100.0
    )
}

/// Claims by subject, those first on which there is more than one voice.
fn claims(claims: &[ClaimReport]) -> String {
    let voices =
        |claims: &[ClaimReport]| claims.iter().map(|claim| claim.said.len() + claim.unspecific.len()).sum::<usize>();
    let subjects = claims.chunk_by(|a, b| a.subject == b.subject).enumerate();
    let (several, one): (Vec<_>, Vec<_>) = subjects.partition(|(_, claims)| voices(claims) > 1);
    let mut out = String::new();
    for (title, subjects) in [("Claims with several voices", several), ("Claims of one voice", one)] {
        if subjects.is_empty() {
            continue;
        }
        let open = if out.is_empty() || subjects.len() <= OPEN { " open" } else { "" };
        let count = subjects.len();
        let _ =
            write!(out, "<details{open}>\n<summary><h2>{title} <span class=\"soft\">{count}</span></h2></summary>\n");
        subjects.into_iter().for_each(|(n, claims)| out.push_str(&subject(n, claims)));
        out.push_str("</details>\n");
    }
    out + "<p class=\"note\">Credibility goes from 1 (confirmed) to 5 (improbable); 6: cannot be judged.</p>\n"
}

/// All claims on one thing.
fn subject(number: usize, claims: &[ClaimReport]) -> String {
    let mut out = format!("<section class=\"subject\" id=\"s{number}\">\n");
    for claim in claims {
        let probability = claim.probability.map_or("only held possible".into(), |p| format!("probability {p:.2}"));
        let outcome = match claim.outcome {
            Some(true) => "; turned out true",
            Some(false) => "; turned out false",
            None => "",
        };
        let _ = write!(
            out,
            "<h3>{}{}</h3>\n<p class=\"soft\">{}; {probability}; {:.1} independent sources; credibility {}{outcome}</p>\n<ul>\n",
            if claim.negative { "Not so: " } else { "" },
            escape(&claim.text),
            escape(&claim.id),
            claim.independent,
            claim.credibility
        );
        claim.said.iter().for_each(|said| out.push_str(&item(said, &claim.text)));
        out.push_str("</ul>\n");
        if !claim.unspecific.is_empty() {
            out.push_str("<p class=\"soft\">On the same matter, without a number:</p>\n<ul>\n");
            claim.unspecific.iter().for_each(|said| out.push_str(&item(said, &claim.text)));
            out.push_str("</ul>\n");
        }
    }
    out.push_str("</section>\n");
    out
}

/// A statement of a claim; its words, unless the claim's own are the same.
fn item(said: &Said, claim: &str) -> String {
    let words = if said.text == claim { String::new() } else { format!("<br>{}", escape(&said.text)) };
    let how = match (said.own_voice, said.stance) {
        (true, Stance::Hedge) => "holds it possible, in its own voice",
        (true, _) => "in its own voice",
        (false, Stance::Assert) => "says so",
        (false, Stance::Deny) => "denies it",
        (false, Stance::Hedge) => "holds it possible",
    };
    let via = if said.via.is_empty() { String::new() } else { format!(" through {}", said.via.join(", ")) };
    let date = said.date.as_deref().map_or(String::new(), |d| format!(", {d}"));
    let reported = if said.own_voice { String::new() } else { format!("{}, ", said.outlet) };
    format!(
        "<li><b><bdi>{}</bdi></b> {how}{} <span class=\"soft\">({}{}, sentence {}{})</span>{words}</li>\n",
        escape(&said.name),
        escape(&via),
        escape(&reported),
        escape(&said.article),
        said.sentence,
        escape(&date)
    )
}

fn copies(copies: &[report::CopyReport]) -> String {
    if copies.is_empty() {
        return "<h2>Copies</h2>\n<p class=\"note\">No article repeats another, and no source another.</p>\n".into();
    }
    let mut out = String::from("<h2>Copies</h2>\n<p class=\"note\">What is copied counts as one vote.</p>\n<ul>\n");
    for copy in copies {
        let articles =
            if copy.articles.is_empty() { String::new() } else { format!(" ({})", copy.articles.join(", ")) };
        let _ = writeln!(
            out,
            "<li><b>{}</b>{}: {}</li>",
            escape(&copy.sources.join(", ")),
            escape(&articles),
            escape(&copy.why)
        );
    }
    out.push_str("</ul>\n");
    out
}
