//! McNemar's exact test.

/// Two-sided p-value of McNemar's exact test (McNemar 1947; the binomial form of
/// Dietterich 1998) for `only_a` rows that only the first system has right and `only_b`
/// that only the second has right: twice the lower tail of Binomial(only_a + only_b, 1/2)
/// up to the smaller count, at most 1. 1 when the systems never differ.
///
/// The test takes rows as independent; sentences of one article are not.
pub fn mcnemar_exact(only_a: u64, only_b: u64) -> f64 {
    let (n, small) = (only_a + only_b, only_a.min(only_b));
    // P(X = small) in logarithms, then each lower term from the one above it.
    let first = log_choose(n, small) - n as f64 * std::f64::consts::LN_2;
    let (mut term, mut sum) = (1.0, 1.0);
    for k in (1..=small).rev() {
        term *= k as f64 / (n - k + 1) as f64;
        sum += term;
        if term < sum * 1e-18 {
            break;
        }
    }
    (2.0 * first.exp() * sum).min(1.0)
}

fn log_choose(n: u64, k: u64) -> f64 {
    let log_factorial = |n: u64| libm::lgamma(n as f64 + 1.0);
    log_factorial(n) - log_factorial(k) - log_factorial(n - k)
}

#[cfg(test)]
mod tests {
    use super::mcnemar_exact;

    #[test]
    fn by_hand() {
        let close = |a: u64, b: u64, p: f64| assert!((mcnemar_exact(a, b) - p).abs() < 1e-12, "{a} {b}");
        close(0, 0, 1.0);
        close(1, 0, 1.0);
        close(5, 5, 1.0);
        close(0, 5, 2.0 / 32.0);
        close(8, 1, 2.0 * 10.0 / 512.0);
    }
}
