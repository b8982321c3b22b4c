//! Agreement of annotators.

use super::line;
use crate::evaluate::annotators::Agreement;
use crate::report::one_line;

/// Who, how many, how alike.
pub(super) fn block(agreement: &Agreement) -> String {
    let mut out = String::new();
    let (shared, all, disputed) = (agreement.shared, agreement.sentences, agreement.disputed);
    line(
        &mut out,
        "annotators",
        &format!("{}; the gold label is their consensus (Dawid-Skene)", agreement.annotators.len()),
    );
    line(&mut out, "shared", &format!("{shared} of {all} sentences, {disputed} of them disputed"));
    for annotator in &agreement.annotators {
        let share = 100.0 * annotator.with_consensus;
        let name = one_line(&annotator.name);
        line(&mut out, "", &format!("{name}: {} sentences, {share:.1} % with the consensus", annotator.sentences));
    }
    let shown = |value: Option<f64>| value.map_or("undefined".into(), |value| format!("{value:.3}"));
    for pair in &agreement.cohen {
        let names = format!("{} and {}", one_line(&pair.first), one_line(&pair.second));
        line(&mut out, "Cohen", &format!("{} {names} ({} sentences)", shown(pair.kappa), pair.sentences));
    }
    line(&mut out, "Fleiss", &format!("{} over the sentences that all labelled", shown(agreement.fleiss)));
    line(&mut out, "alpha", &format!("{} (Krippendorff, nominal)", shown(agreement.alpha)));
    out
}
