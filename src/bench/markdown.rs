//! Measurements as Markdown, for a README or an issue.

use super::report::{BenchReport, stages};

impl BenchReport {
    /// A table, the stages and the warnings.
    pub fn to_markdown(&self) -> String {
        let (head, rows) = self.table();
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let mut out = format!("{}\n\n", self.headline());
        out.push_str(&line(head.iter().map(ToString::to_string).collect()));
        out.push_str(&line(head.iter().enumerate().map(|(i, _)| if i == 0 { "---" } else { "--:" }.into()).collect()));
        rows.into_iter().for_each(|row| out.push_str(&line(row)));
        out.push('\n');
        self.measurements.iter().for_each(|m| out.push_str(&format!("- {}: {}\n", m.name(), stages(m))));
        self.changes.iter().for_each(|change| out.push_str(&format!("- {change}\n")));
        self.warnings().iter().for_each(|warning| out.push_str(&format!("- warning: {warning}\n")));
        out
    }
}
