//! One system against another.

use super::{bounds, figure, line};
use crate::evaluate::compare::Comparison;
use std::fmt::Write as _;

/// The table of a comparison.
pub(super) fn block(comparison: &Comparison) -> String {
    let mut out = String::new();
    line(&mut out, "comparison", &format!("{} against {}", comparison.second, comparison.first));
    let (sentences, articles) = (comparison.sentences, comparison.articles);
    line(&mut out, "common", &format!("{sentences} sentences that both answered, in {articles} articles"));
    let _ = writeln!(
        out,
        "\n{:<20} {:>9} {:>9} {:>10}  95 % interval of it  the second is",
        "", "first", "second", "difference"
    );
    for row in &comparison.differences {
        let bounds = bounds(&row.difference);
        let (first, second) = (figure(row.first), figure(row.second));
        let _ = writeln!(
            out,
            "{:<20} {first:>9} {second:>9} {:>+10.3}  {bounds:<19}  {}",
            row.figure, row.difference.value, row.verdict
        );
    }
    let (one, two) = (comparison.only_first_right, comparison.only_second_right);
    let _ = writeln!(
        out,
        "\nright in the first alone {one}, in the second alone {two}: McNemar's exact p = {}\n\
         (McNemar takes sentences as independent; the intervals draw whole articles)",
        p_value(comparison.mcnemar_p)
    );
    out
}

/// A p-value as it is read.
pub(super) fn p_value(p: f64) -> String {
    if p < 0.0001 { "< 0.0001".into() } else { format!("{p:.4}") }
}
