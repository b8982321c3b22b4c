//! The error browser.

use super::escape;
use crate::evaluate::report::ErrorRow;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Wrongly labelled sentences, surest first, each between its neighbours; `wrong` is how
/// many there are in all.
pub(super) fn browser(errors: &[ErrorRow], wrong: usize) -> String {
    if errors.is_empty() {
        return String::new();
    }
    let gold: BTreeSet<&str> = errors.iter().map(|row| row.gold.as_str()).collect();
    let pred: BTreeSet<&str> = errors.iter().map(|row| row.predicted.as_str()).collect();
    let some =
        if errors.len() < wrong { format!("the surest {} of {wrong}", errors.len()) } else { format!("all {wrong}") };
    let mut out = format!(
        "<section class=\"browser\">\n<h3>Errors</h3>\n<p class=\"note\">{some}, surest first. \
         <span class=\"shown\"></span></p>\n<div class=\"filters\" hidden>\n{}{}\
         <label>contains <input type=\"search\"></label>\n</div>\n",
        select("gold", &gold),
        select("predicted", &pred)
    );
    for row in errors {
        let sure = row.confidence.map_or(String::new(), |p| format!(", confidence {p:.3}"));
        let (gold, pred) = (escape(&row.gold), escape(&row.predicted));
        let _ = writeln!(
            out,
            "<div class=\"error\" data-gold=\"{gold}\" data-pred=\"{pred}\">\n\
             <p class=\"head\">{}, line {}: gold <b>{gold}</b>, predicted <b class=\"bad\">{pred}</b>{sure}</p>",
            escape(&row.article),
            row.line
        );
        for (text, near) in [(&row.before, true), (&row.text, false), (&row.after, true)] {
            if !text.is_empty() {
                let class = if near { " class=\"near\"" } else { "" };
                let _ = writeln!(out, "<p{class}>{}</p>", escape(text));
            }
        }
        out.push_str("</div>\n");
    }
    out + "</section>\n"
}

fn select(name: &str, labels: &BTreeSet<&str>) -> String {
    let mut out = format!("<label>{name} <select><option value=\"\">any</option>");
    for label in labels {
        let label = escape(label);
        let _ = write!(out, "<option value=\"{label}\">{label}</option>");
    }
    out + "</select></label>\n"
}
