//! Where a report begins: "ORLA (Meridian) - ".

/// A sentence without the place and agency before it.
pub(crate) fn without_dateline(text: &str) -> &str {
    let dash = |rest: &str| rest.trim_start().strip_prefix(['-', '\u{2013}', '\u{2014}']).map(str::len);
    let close = text.find(')').filter(|at| *at < 100 && text[..*at].contains('('));
    let left = close.and_then(|at| dash(&text[at + 1..]));
    left.map_or(text, |left| text[text.len() - left..].trim_start())
}

/// Length of the dateline before the words of a source: only of one in capitals, for
/// "Ann Lee (D-Orla) - a critic" has none.
pub(super) fn before_source(text: &str) -> usize {
    let length = text.len() - without_dateline(text).len();
    let place = text[..length].split('(').next().unwrap_or_default();
    if place.contains(char::is_lowercase) { 0 } else { length }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn place_and_agency_go() {
        for (text, rest) in [
            ("CARSON MESA (Capitol Ledger) - Gov. Lena Hartsock", "Gov. Lena Hartsock"),
            ("ORLA (Meridian) \u{2014} Two ferries", "Two ferries"),
            ("The harbour (in Orla) is shut.", "The harbour (in Orla) is shut."),
            ("Ann Lee", "Ann Lee"),
        ] {
            assert_eq!(without_dateline(text), rest);
        }
    }
}
