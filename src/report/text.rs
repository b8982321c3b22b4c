//! Text that is safe to show in a terminal.

/// On one line: each run of white space is one space, and control characters,
/// with which a text could steer the terminal, are shown as U+FFFD.
pub fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    plain(&words.join(" "))
}

/// Shows control characters, all but line breaks, as U+FFFD.
pub fn plain(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' => '\n',
            // Besides control characters those that turn the reading direction.
            c if c.is_control() => '\u{fffd}',
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_the_terminal() {
        assert_eq!(one_line(" a\n\tb\u{1b}[31m "), "a b\u{fffd}[31m");
        assert_eq!(plain("a\nb\rc\u{202e}"), "a\nb\u{fffd}c\u{fffd}");
    }
}
