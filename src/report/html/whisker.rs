//! A share with its interval as a small picture beside its number.

/// The line from 0 to 1, on it the band of the interval and the mark of the share.
pub(crate) fn whisker(share: f64, low: f64, high: f64) -> String {
    let at = |share: f64| 100.0 * share.clamp(0.0, 1.0);
    format!(
        "<svg class=\"whisker\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <path class=\"axis\" d=\"M0 4H100\"/><rect class=\"band\" x=\"{:.1}\" width=\"{:.1}\" y=\"1.5\" height=\"5\"/>\
         <rect class=\"mark\" x=\"{:.1}\" width=\"1.5\" height=\"8\"/></svg>",
        at(low),
        (at(high) - at(low)).max(0.5),
        at(share).min(98.5)
    )
}
