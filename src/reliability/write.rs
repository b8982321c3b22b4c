//! trust.csv and truth.csv.

use super::{Claims, Estimate};
use indexmap::IndexMap;
use std::io::{self, Write};

/// Writes one row a source. With outcomes the most trusted comes first; without, sources
/// go by name, for there is nothing to rank them by but agreement. Sources of a kind among
/// `pooled`, who are judged as one, make one row, `(kind)`.
pub fn write_trust(claims: &Claims, estimate: &Estimate, pooled: &[String], out: impl Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    let columns =
        ["source", "trust", "low", "high", "confirmed", "corroborated", "independent", "prior_share", "grade"];
    csv.write_record(columns)?;
    let mut rows = IndexMap::new();
    for (source, (name, kind)) in estimate.sources.iter().zip(claims.sources.iter().zip(&claims.source_kind)) {
        let kind = claims.kinds.get_index(*kind as usize).filter(|kind| pooled.contains(kind));
        rows.entry(kind.map_or_else(|| name.clone(), |kind| format!("({kind})"))).or_insert(source);
    }
    rows.sort_by(|a, s, b, t| {
        let by_trust = t.trust.total_cmp(&s.trust);
        if estimate.with_outcomes { by_trust.then(a.cmp(b)) } else { a.cmp(b) }
    });
    for (name, t) in &rows {
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
