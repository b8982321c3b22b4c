//! The report as one HTML file without scripts that needs no network: sources with their
//! intervals, their claims with who says them, and who copies. Light or dark as the reader's
//! system is. All text of articles is escaped.

use super::report::{ClaimReport, Report, Said, SourceReport};
use super::{Stance, report};
use std::fmt::Write as _;

const STYLE: &str = include_str!("style.css");
/// Most sources in the plot; the table has all.
const PLOTTED: usize = 80;
/// Height of a line of the plot.
const LINE: usize = 22;

/// The whole page.
pub fn page(report: &Report) -> String {
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Sources and their claims</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <h1>Sources and their claims</h1>\n<p class=\"note\">{} articles, {} statements, {} sources, {} claims.</p>\n",
        report.articles,
        report.statements,
        report.sources.len(),
        report.claims.len()
    );
    out.push_str(if report.with_outcomes {
        "<p class=\"note\">Trust is the probability that a source's next claim is right, with its 90 % interval. \
         Wide intervals mean that little is known. F: cannot be judged.</p>\n"
    } else {
        "<p class=\"warn\">There are no outcomes. Trust is agreement with independent others and no more: the sources \
         go by name, none is ranked or graded, and others may be wrong together.</p>\n"
    });
    out.push_str(&plot(&report.sources));
    out.push_str(&table(report));
    out.push_str("<h2>Claims</h2>\n");
    for (n, claims) in report.claims.chunk_by(|a, b| a.subject == b.subject).enumerate() {
        out.push_str(&subject(n, claims));
    }
    out.push_str(&copies(&report.copies));
    out.push_str("</body>\n</html>\n");
    out
}

fn plot(sources: &[SourceReport]) -> String {
    let shown: Vec<&SourceReport> = sources.iter().take(PLOTTED).collect();
    let height = shown.len() * LINE + 30;
    let x = |p: f64| 230.0 + 400.0 * p;
    let mut out = format!(
        "<figure>\n<svg viewBox=\"0 0 640 {height}\" role=\"img\" aria-label=\"Trust of each source with its 90 % interval\">\n"
    );
    for tick in [0.0, 0.25, 0.5, 0.75, 1.0] {
        let _ = writeln!(
            out,
            "<line class=\"axis\" x1=\"{0:.1}\" x2=\"{0:.1}\" y1=\"4\" y2=\"{1}\"/><text class=\"soft\" x=\"{0:.1}\" y=\"{2}\" text-anchor=\"middle\">{tick}</text>",
            x(tick),
            height - 24,
            height - 8
        );
    }
    for (n, source) in shown.iter().enumerate() {
        let y = n * LINE + 15;
        let _ = writeln!(
            out,
            "<g><title>{0}: {1:.2}, 90 % interval {2:.2} to {3:.2}</title><text x=\"220\" y=\"{4}\" text-anchor=\"end\">{5}</text>\
             <line class=\"one\" x1=\"{6:.1}\" x2=\"{7:.1}\" y1=\"{y}\" y2=\"{y}\"/><circle class=\"dot\" cx=\"{8:.1}\" cy=\"{y}\" r=\"4\"/></g>",
            escape(&source.name),
            source.trust,
            source.low,
            source.high,
            y + 4,
            escape(&short(&source.name, 34)),
            x(source.low),
            x(source.high),
            x(source.trust),
        );
    }
    let left = sources.len() - shown.len();
    let more = if left > 0 { format!(" {left} more sources are in the table.") } else { String::new() };
    let _ = write!(out, "</svg>\n<figcaption>Trust and its 90 % interval.{more}</figcaption>\n</figure>\n");
    out
}

fn table(report: &Report) -> String {
    let mut out = String::from(
        "<h2>Sources</h2>\n<div class=\"scroll\"><table>\n<tr><th>source</th><th>kind</th><th>trust</th><th>90 % interval</th>\
         <th>confirmed</th><th>corroborated</th><th>independent</th><th>prior share</th><th>grade</th></tr>\n",
    );
    for s in &report.sources {
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{:.2}</td><td>{:.2} to {:.2}</td><td>{}</td><td>{}</td><td>{:.1}</td><td>{:.0} %</td><td>{}</td></tr>",
            escape(&s.name),
            s.kind,
            s.trust,
            s.low,
            s.high,
            s.confirmed,
            s.corroborated,
            s.independent,
            s.prior_share * 100.0,
            escape(&s.grade)
        );
    }
    out.push_str("</table></div>\n");
    out
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
        claim.said.iter().for_each(|said| out.push_str(&item(said)));
        out.push_str("</ul>\n");
        if !claim.unspecific.is_empty() {
            out.push_str("<p class=\"soft\">On the same matter, without a number:</p>\n<ul>\n");
            claim.unspecific.iter().for_each(|said| out.push_str(&item(said)));
            out.push_str("</ul>\n");
        }
    }
    out.push_str("</section>\n");
    out
}

fn item(said: &Said) -> String {
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
        "<li><b>{}</b> {how}{} <span class=\"soft\">({}{}, sentence {}{})</span><br>{}</li>\n",
        escape(&said.name),
        escape(&via),
        escape(&reported),
        escape(&said.article),
        said.sentence,
        escape(&date),
        escape(&said.text)
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

/// The first characters of a text.
fn short(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}\u{2026}", text[..at].trim_end()),
        None => text.to_owned(),
    }
}

/// Text as HTML.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Control characters have no place in HTML.
            c if c.is_control() && !c.is_whitespace() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
