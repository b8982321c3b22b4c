//! Agreement of several annotators.
//!
//! Each takes counts: for each item how many annotators chose each class, shape
//! `[items, classes]`.

/// Fleiss' kappa (Fleiss 1971, "Measuring nominal scale agreement among many raters").
/// `None` where items differ in the number of annotators, or have fewer than two, or
/// where chance alone agrees always.
pub fn fleiss_kappa(counts: &[Vec<u32>]) -> Option<f64> {
    let raters = f64::from(counts.first()?.iter().sum::<u32>());
    if raters < 2.0 || counts.iter().any(|row| f64::from(row.iter().sum::<u32>()) != raters) {
        return None;
    }
    let items = counts.len() as f64;
    let squares = |row: &Vec<u32>| row.iter().map(|&n| f64::from(n).powi(2)).sum::<f64>();
    let agree = counts.iter().map(|row| (squares(row) - raters) / (raters * (raters - 1.0))).sum::<f64>() / items;
    let share = |class: usize| counts.iter().map(|row| f64::from(row[class])).sum::<f64>() / (items * raters);
    let chance: f64 = (0..counts[0].len()).map(|class| share(class).powi(2)).sum();
    (1.0 - chance > 1e-12).then(|| (agree - chance) / (1.0 - chance))
}

/// Krippendorff's alpha for nominal data; items may differ in the number of annotators,
/// and those with fewer than two do not count (Krippendorff 2011, "Computing
/// Krippendorff's alpha-reliability"). `None` where no item has two, or where only one
/// class occurs.
pub fn krippendorff_alpha(counts: &[Vec<u32>]) -> Option<f64> {
    let classes = counts.first()?.len();
    let mut totals = vec![0.0; classes];
    let mut observed = 0.0;
    for row in counts {
        let raters = f64::from(row.iter().sum::<u32>());
        if raters < 2.0 {
            continue;
        }
        let pairs = raters * raters - row.iter().map(|&n| f64::from(n).powi(2)).sum::<f64>();
        observed += pairs / (raters - 1.0);
        totals.iter_mut().zip(row).for_each(|(total, &n)| *total += f64::from(n));
    }
    let all: f64 = totals.iter().sum();
    let expected = (all * all - totals.iter().map(|n| n * n).sum::<f64>()) / (all - 1.0);
    (expected > 0.0).then(|| 1.0 - observed / expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fleiss 1971's own kind of table, worked by hand: three items, two annotators.
    #[test]
    fn by_hand() {
        let counts = [vec![2, 0], vec![1, 1], vec![0, 2]];
        // Agreement 2/3, chance 1/2.
        assert!((fleiss_kappa(&counts).unwrap_or(9.0) - 1.0 / 3.0).abs() < 1e-12);
        // Observed 2, expected (36 - 18) / 5.
        assert!((krippendorff_alpha(&counts).unwrap_or(9.0) - (1.0 - 2.0 / 3.6)).abs() < 1e-12);
    }

    #[test]
    fn undefined() {
        assert_eq!(fleiss_kappa(&[]), None);
        assert_eq!(fleiss_kappa(&[vec![2, 0], vec![1, 0]]), None);
        assert_eq!(fleiss_kappa(&[vec![2, 0]]), None);
        assert_eq!(krippendorff_alpha(&[vec![1, 0]]), None);
        assert_eq!(krippendorff_alpha(&[vec![3, 0]]), None);
    }
}
