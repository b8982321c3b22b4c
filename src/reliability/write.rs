//! trust.csv and truth.csv.

use super::{Claims, Estimate};
use std::collections::HashSet;
use std::io::{self, Write};

/// Writes one row a source. With outcomes the most trusted comes first; without, sources
/// go by name, for there is nothing to rank them by but agreement. Sources of a kind among
/// `pooled`, who are judged as one, make one row, `(kind)`.
pub fn write_trust(claims: &Claims, estimate: &Estimate, pooled: &[String], out: impl Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    let columns =
        ["source", "trust", "low", "high", "confirmed", "corroborated", "independent", "prior_share", "grade"];
    csv.write_record(columns)?;
    let mut order: Vec<usize> = (0..claims.sources.len()).collect();
    order.sort_by(|a, b| {
        let by_trust = estimate.sources[*b].trust.total_cmp(&estimate.sources[*a].trust);
        let by_name = claims.sources.get_index(*a).cmp(&claims.sources.get_index(*b));
        if estimate.with_outcomes { by_trust.then(by_name) } else { by_name }
    });
    let mut kinds = HashSet::new();
    for s in order {
        let t = &estimate.sources[s];
        let kind = claims.kinds.get_index(claims.source_kind[s] as usize).filter(|kind| pooled.contains(kind));
        let name = match kind {
            Some(kind) if !kinds.insert(kind) => continue,
            Some(kind) => format!("({kind})"),
            None => claims.sources.get_index(s).cloned().unwrap_or_default(),
        };
        let (low, high) = t.interval();
        csv.write_record([
            name.as_str(),
            &format!("{:.4}", t.trust),
            &format!("{low:.4}"),
            &format!("{high:.4}"),
            &t.confirmed.to_string(),
            &t.corroborated.to_string(),
            &format!("{:.2}", t.independent),
            &format!("{:.4}", t.prior_share),
            &t.grade.to_string(),
        ])?;
    }
    csv.flush()
}

/// Writes the most probable value of each object.
pub fn write_truth(claims: &Claims, estimate: &Estimate, out: impl Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(["object", "value", "probability"])?;
    for (object, truth) in claims.objects.iter().zip(&estimate.truths) {
        csv.write_record([object, &truth.value, &format!("{:.4}", truth.probability)])?;
    }
    csv.flush()
}
