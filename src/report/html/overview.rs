//! The head of the report: counts, filters, and the bars by outlet and article.

use super::bar::{Tally, bar};
use super::escape;
use super::palette::Palette;
use super::sources::Sources;
use std::fmt::Write as _;

/// One row of a table of bars.
pub(super) struct Line {
    /// HTML.
    pub(super) name: String,
    /// Further cells, HTML.
    pub(super) more: Vec<String>,
    pub(super) tally: Tally,
}

/// Counts, and what each label looks like; the boxes fade sentences with or without script.
pub(super) fn legend(all: &Tally, articles: usize, palette: &Palette, sources: &Sources) -> String {
    let plural = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let mut out = format!(
        "<p class=\"meta\">{} \u{b7} {} \u{b7} {} named</p>\n<div class=\"controls\">\n<ul class=\"legend\" aria-label=\"Labels\">\n",
        plural(articles, "article"),
        plural(all.all(), "sentence"),
        plural(sources.len(), "source")
    );
    for at in (0..palette.len()).filter(|at| all.of(*at) > 0) {
        let (class, letter) = (palette.class(at), escape(palette.letter_of(at)));
        let _ = writeln!(
            out,
            "<li><label><input type=\"checkbox\" checked value=\"{class}\"> \
             <span class=\"s {class}\" data-l=\"{letter}\">{}</span> <span class=\"soft\">{:.0} %</span></label></li>",
            escape(palette.name(at)),
            100.0 * all.share(at)
        );
    }
    out.push_str("</ul>\n<div class=\"filters\" hidden>\n");
    if sources.len() > 0 {
        let _ = writeln!(
            out,
            "<label>who says it <select id=\"who\"><option value=\"\">anybody</option>{}</select></label>",
            sources.options()
        );
    }
    out.push_str(
        "<label>contains <input id=\"words\" type=\"search\"></label>\n\
         <span id=\"shown\" role=\"status\"></span>\n</div>\n</div>\n",
    );
    out
}

/// Longer tables are closed at first, so that the articles are not far.
pub(super) const OPEN: usize = 25;

/// The labels that there are.
pub(super) fn shown(palette: &Palette, all: &Tally) -> Vec<usize> {
    (0..palette.len()).filter(|at| all.of(*at) > 0).collect()
}

/// The names of labels as heads of columns.
pub(super) fn heads(shown: &[usize], palette: &Palette) -> String {
    let head = |at: &usize| {
        let (class, letter, name) = (palette.class(*at), palette.letter_of(*at), palette.name(*at));
        format!(
            "<th class=\"num\"><span class=\"s {class}\" data-l=\"{}\">{}</span></th>",
            escape(letter),
            escape(name)
        )
    };
    shown.iter().map(head).collect()
}

/// A table of bars, closed where it is long; nothing without lines.
pub(super) fn table(title: &str, head: &[&str], lines: &[Line], palette: &Palette, all: &Tally) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let shown = shown(palette, all);
    let open = if lines.len() <= OPEN { " open" } else { "" };
    let mut out = format!(
        "<details class=\"overview\"{open}>\n<summary><h2>{title} <span class=\"soft\">{}</span></h2></summary>\n\
         <div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{title}\"><table>\n<thead><tr>",
        lines.len()
    );
    head.iter().for_each(|name| {
        let _ = write!(out, "<th>{name}</th>");
    });
    out.push_str("<th>Labels</th>");
    out.push_str(&heads(&shown, palette));
    out.push_str("</tr></thead>\n<tbody>\n");
    for line in lines {
        let _ = write!(out, "<tr><td class=\"name\">{}</td>", line.name);
        line.more.iter().for_each(|cell| {
            let _ = write!(out, "<td>{cell}</td>");
        });
        let _ = write!(out, "<td>{}</td>", bar(&line.tally, palette));
        for at in &shown {
            let _ = write!(out, "<td class=\"num\">{:.0} %</td>", 100.0 * line.tally.share(*at));
        }
        out.push_str("</tr>\n");
    }
    out + "</tbody></table></div>\n</details>\n"
}
