//! Abbreviations of English-language news, by what may follow their stop.

use super::words;

/// What the stop of an abbreviation means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// A sentence never ends here: "Mr.", "vs.", "e.g.".
    Never,
    /// A number belongs to it: "No. 5", "p. 12".
    Number,
    /// A month: a number belongs to it.
    Month,
    /// A day of the week: a date belongs to it.
    Day,
    /// "a.m.", "p.m.": a day or a time zone belongs to it.
    Clock,
    /// A sentence may end here; the word after it tells: "U.S.", "Inc.", "J."
    Either,
    /// A sentence may end here before any capital: "etc.", "lbs."
    Loose,
}

/// Titles before a name.
const TITLES: &[&str] = &[
    "adm", "amb", "ass", "asst", "atty", "bp", "brig", "capt", "cmdr", "cmdt", "col", "comdr", "comr", "cpl", "det",
    "dir", "dr", "drs", "ens", "fr", "gen", "gens", "gov", "govs", "hon", "insp", "lt", "maj", "messrs", "mlle", "mme",
    "mr", "mrs", "ms", "mt", "mx", "pfc", "pres", "prof", "profs", "pte", "pvt", "rep", "reps", "rev", "revs", "rt",
    "sec", "sen", "sens", "sgt", "spc", "sr.", "supt", "treas", "vice-adm",
];
/// What stays an abbreviation in capitals; "SEC." and "RT." do not.
const SHOUTED: &[&str] = &[
    "aug", "capt", "co", "col", "corp", "dec", "dr", "feb", "ft", "gen", "gov", "inc", "jan", "jr", "lt", "ltd", "maj",
    "mr", "mrs", "ms", "mt", "no", "nov", "oct", "prof", "rep", "rev", "sen", "sens", "sept", "sgt", "sr", "st",
];
/// Small words that lean on what follows.
const LEANING: &[&str] = &[
    "a.k.a", "approx", "c.f", "ca", "cf", "e.g", "eg", "esp", "f.k.a", "feat", "i.e", "ie", "incl", "n.b", "v", "viz",
    "vs",
];
/// Words before a number.
const NUMBERED: &[&str] = &[
    "app", "apt", "art", "arts", "ch", "chap", "cl", "exh", "fig", "figs", "hwy", "no", "nos", "op", "p", "par",
    "para", "pg", "pp", "rm", "rte", "sect", "ste", "tel", "vol", "vols",
];
/// Months.
const MONTHS: &[&str] = &["apr", "aug", "dec", "feb", "jan", "jul", "jun", "mar", "nov", "oct", "sep", "sept"];
/// Days of the week.
const DAYS: &[&str] = &["fri", "mon", "sat", "sun", "thu", "thur", "thurs", "tue", "tues", "wed"];
/// Firms, places, degrees, kinship: a sentence may end with them.
const EITHER: &[&str] = &[
    "admin", "al", "assn", "assoc", "ave", "balt", "bldg", "blvd", "bros", "cie", "co", "comm", "corp", "cos", "cpa",
    "ct", "dept", "dist", "div", "esq", "est", "fed", "ft", "gmbh", "govt", "gov't", "hq", "inc", "inst", "int'l",
    "intl", "jr", "lab", "llc", "llp", "ltd", "mfg", "mgmt", "natl", "nat'l", "ph", "pl", "plc", "pt", "pty", "rd",
    "sr", "st", "sts", "ste", "twp", "univ", "ust",
];
/// States and provinces; only with a capital.
const STATES: &[&str] = &[
    "Ala", "Alta", "Ariz", "Ark", "Cal", "Calif", "Colo", "Conn", "Del", "Fla", "Ga", "Ill", "Ind", "Kan", "Kans",
    "Ky", "La", "Man", "Mass", "Md", "Mich", "Minn", "Miss", "Mo", "Mont", "Neb", "Nebr", "Nev", "Okla", "Ont", "Ore",
    "Pa", "Penn", "Que", "Sask", "Tenn", "Tex", "Va", "Vt", "Wash", "Wis", "Wisc", "Wyo",
];
/// Measures, and "etc."
const LOOSE: &[&str] = &[
    "cu", "dol", "etc", "gal", "hr", "hrs", "kg", "km", "lb", "lbs", "mi", "min", "mins", "mph", "oz", "secs", "sq",
    "yd", "yds", "yr", "yrs",
];

/// The class of `word`, given without its last stop; none for a plain word.
pub(super) fn class(word: &str) -> Option<Class> {
    let bare = word.rsplit('-').next().unwrap_or(word);
    let small = bare.to_lowercase();
    let small = small.as_str();
    let capital = bare.starts_with(char::is_uppercase);
    if matches!(small, "a.m" | "p.m") {
        return Some(Class::Clock);
    }
    let shouted = bare.chars().count() > 1 && !bare.contains('.') && bare.chars().all(char::is_uppercase);
    if LEANING.contains(&small) && !shouted {
        return Some(Class::Never);
    }
    if is_initial(bare) {
        return Some(Class::Either);
    }
    if shouted && !SHOUTED.contains(&small) {
        return is_state(bare).then_some(Class::Either);
    }
    if capital && (TITLES.contains(&small) || TITLES.contains(&word.to_lowercase().as_str())) {
        return Some(Class::Never);
    }
    if capital && MONTHS.contains(&small) {
        return Some(Class::Month);
    }
    if capital && DAYS.contains(&small) {
        return Some(Class::Day);
    }
    if NUMBERED.contains(&small) {
        return Some(Class::Number);
    }
    if is_dotted(bare) || is_state(bare) {
        return Some(Class::Either);
    }
    if EITHER.contains(&small) && (capital || !words::is_plain_word(small)) {
        return Some(Class::Either);
    }
    LOOSE.contains(&small).then_some(Class::Loose)
}

/// Whether `word` is a title before a name, such as "Mr".
pub(super) fn is_title(word: &str) -> bool {
    class(word) == Some(Class::Never)
}

/// "U.S", "Ph.D", "N.J", "J.K": short groups of letters with stops between.
fn is_dotted(word: &str) -> bool {
    let mut groups = word.split(['.', '&']).filter(|group| !group.is_empty());
    let many = word.contains('.');
    let short = |group: &str| {
        let length = group.chars().count();
        (1..=2).contains(&length) && group.chars().all(char::is_alphabetic)
    };
    many && groups.all(short) && word.chars().any(char::is_uppercase)
}

/// One capital.
pub(super) fn is_initial(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(char::is_uppercase) && chars.next().is_none()
}

/// A state, "Calif" or "CALIF".
fn is_state(word: &str) -> bool {
    STATES.iter().any(|state| *state == word || (word.len() > 2 && state.to_uppercase() == word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes() {
        assert_eq!(class("Gov"), Some(Class::Never));
        assert_eq!(class("D-N.J"), Some(Class::Either));
        assert_eq!(class("R-Ky"), Some(Class::Either));
        assert_eq!(class("Dec"), Some(Class::Month));
        assert_eq!(class("Ph.D"), Some(Class::Either));
        assert_eq!(class("sun"), None);
        assert_eq!(class("col"), None);
        assert_eq!(class("RT"), None);
        assert_eq!(class("IE"), None);
        assert_eq!(class("P"), Some(Class::Either));
        assert_eq!(class("example.com"), None);
    }
}
