//! Sources and their claims as tables.

use super::TableStyle;
use super::text::one_line;
use crate::observe::Report;
use comfy_table::{Attribute, Cell, CellAlignment, ColumnConstraint, ContentArrangement, Table, Width, presets};

/// Claims in the table; JSON and HTML have all.
const CLAIMS: usize = 20;

/// The sources, one a line, and then the claims on which there is more than one voice. Ends
/// with a line break.
pub fn sources_table(report: &Report, style: TableStyle) -> String {
    let mut sources = table(style, &["source", "kind", "trust", "90 %", "conf.", "corr.", "indep.", "grade"]);
    for s in &report.sources {
        let right = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
        sources.add_row([
            Cell::new(one_line(&s.name)),
            Cell::new(s.kind),
            right(format!("{:.2}", s.trust)),
            right(format!("{:.2}-{:.2}", s.low, s.high)),
            right(s.confirmed.to_string()),
            right(s.corroborated.to_string()),
            right(format!("{:.1}", s.independent)),
            Cell::new(&s.grade),
        ]);
    }
    narrow(&mut sources, 0, style);
    let mut out = lines(&sources);
    let contested = |n: usize| report.claims.iter().filter(|c| c.subject == report.claims[n].subject).count() > 1;
    let shown: Vec<usize> =
        (0..report.claims.len()).filter(|n| report.claims[*n].said.len() > 1 || contested(*n)).collect();
    if shown.is_empty() {
        return out;
    }
    let mut claims = table(style, &["claim", "prob.", "cred.", "indep.", "said by", "what"]);
    for claim in shown.iter().take(CLAIMS).map(|n| &report.claims[*n]) {
        let mut names: Vec<String> = Vec::new();
        for name in claim.said.iter().map(|s| one_line(&s.name)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let text = one_line(&claim.text);
        claims.add_row([
            Cell::new(one_line(&claim.id)),
            Cell::new(claim.probability.map_or("-".into(), |p| format!("{p:.2}"))),
            Cell::new(claim.credibility),
            Cell::new(format!("{:.1}", claim.independent)),
            Cell::new(names.join("; ")),
            Cell::new(if claim.negative { format!("not so: {text}") } else { text }),
        ]);
    }
    narrow(&mut claims, 4, style);
    out.push('\n');
    out.push_str(&lines(&claims));
    if shown.len() > CLAIMS {
        out.push_str(&format!("and {} more claims (see --json or --html)\n", shown.len() - CLAIMS));
    }
    out
}

fn table(style: TableStyle, head: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(style.width.max(TableStyle::NARROWEST));
    if style.color {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    table.set_header(head.iter().map(|name| Cell::new(name).add_attribute(Attribute::Dim)));
    table
}

/// Keeps a column from taking the others' room.
fn narrow(table: &mut Table, column: usize, style: TableStyle) {
    let most = Width::Fixed((style.width / 3).clamp(12, 32));
    if let Some(column) = table.column_mut(column) {
        column.set_constraint(ColumnConstraint::UpperBoundary(most));
    }
}

fn lines(table: &Table) -> String {
    table.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}
