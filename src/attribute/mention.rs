//! What the words of a source say of it: its name, kind, gender and number.

use super::conjunction;
use super::grammar;
use super::kind;
use super::lexicon::{self, Gender, Noun};
use super::name::name_words;
use super::phrase::{self, Common, Phrase};
use super::words::{Break, Word};
use crate::label::SourceKind;

/// How a source is spoken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// "he", "she", "his".
    Person(Option<Gender>),
    /// "it", "its".
    It,
    /// "they", "their".
    They,
    /// "I", "we".
    Speaker,
    /// "who", "which", "that".
    Relative,
    /// By name.
    Name,
    /// By a noun that points to somebody known: "the newspaper", "his lawyer".
    Nominal,
    /// Somebody or some people who are not named.
    Unnamed,
}

/// One way of speaking of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mention {
    /// How it is spoken of.
    pub(super) form: Form,
    /// The name, or the noun phrase where there is none; white space as in the text.
    pub(super) name: String,
    /// The words of the name as they are compared.
    pub(super) words: Vec<String>,
    /// The kind, where the words tell.
    pub(super) kind: Option<SourceKind>,
    /// The gender, where the words tell.
    pub(super) gender: Option<Gender>,
    /// Whether it is more than one.
    pub(super) plural: bool,
    /// Nouns that say what it is, singular or as written: "spokeswoman", "newspaper".
    pub(super) roles: Vec<String>,
    /// For whom an unnamed person speaks: "ministry" of "a ministry spokesman".
    pub(super) speaks_for: Option<String>,
    /// Whether a title or office stands before the name, so that it is a person's.
    pub(super) titled: bool,
    /// Whether it is where something is: "in Orla".
    pub(super) place: bool,
}

impl Mention {
    fn of(form: Form) -> Self {
        Self {
            form,
            name: String::new(),
            words: Vec::new(),
            kind: None,
            gender: None,
            plural: false,
            roles: Vec::new(),
            speaks_for: None,
            titled: false,
            place: false,
        }
    }

    pub(super) fn named(&self) -> bool {
        self.form == Form::Name
    }

    /// Whether it is one person without a name.
    pub(super) fn somebody(&self) -> bool {
        matches!(self.form, Form::Nominal | Form::Unnamed) && !self.plural && self.kind == Some(SourceKind::Anonymous)
    }
}

/// A word in lower case without what is run together with it: "they" of "they've".
fn bare(word: &str) -> &str {
    word.split(['\'', '\u{2019}']).next().unwrap_or(word)
}

fn pronoun(word: &str) -> Option<Form> {
    Some(match bare(word) {
        "he" | "him" | "his" | "himself" => Form::Person(Some(Gender::Male)),
        "she" | "her" | "hers" | "herself" => Form::Person(Some(Gender::Female)),
        "it" | "its" | "itself" => Form::It,
        "they" | "them" | "their" | "theirs" | "themselves" => Form::They,
        "i" | "me" | "my" | "mine" | "myself" | "we" | "us" | "our" | "ours" | "ourselves" => Form::Speaker,
        "who" | "whom" | "which" | "that" | "whose" => Form::Relative,
        _ => return None,
    })
}

/// "you", "no one": whoever it is, no source.
fn nobody(words: &[Word]) -> bool {
    let first = words[0].lower();
    let no_one = first == "no" && words.get(1).is_some_and(|word| word.text == "one");
    no_one || matches!(bare(&first), "you" | "your" | "yours" | "yourself" | "yourselves" | "nobody" | "none" | "there")
}

/// Reads the words of a source.
pub(super) fn read(text: &str, words: &[Word], common: &Common) -> Option<Mention> {
    let first = words.first()?;
    if let ([only], Some(form)) = (words, pronoun(&first.lower())) {
        // "US" and "IT" are written in capitals.
        if !only.acronym() || matches!(only.text, "I" | "WE") {
            return Some(Mention { plural: form == Form::They, ..Mention::of(form) });
        }
    }
    // "half of them"
    if let [.., of, last] = words
        && of.text == "of"
        && last.text == "them"
        && first.lower() != "one"
    {
        return Some(Mention { plural: true, ..Mention::of(Form::They) });
    }
    if let Some(found) = conjunction::list(words) {
        return several(text, words, found, common);
    }
    if nobody(words) {
        return None;
    }
    // "they both", "who has endorsed her": the pronoun leads.
    let leads = !matches!(first.lower().as_str(), "his" | "her" | "their" | "its" | "my" | "our" | "whose" | "that");
    if let Some(form) = pronoun(&first.lower()).filter(|_| leads && !first.acronym()) {
        return Some(Mention { plural: form == Form::They, ..Mention::of(form) });
    }
    let pieces: Vec<&[Word]> = words.split_inclusive(|word| word.after >= Break::Comma).collect();
    let (lead, rest) = pieces.split_first()?;
    let phrase = phrase::read(lead, common)?;
    let mut found = phrase_mention(text, &phrase)?;
    // "an email from the Department for Culture, Media and Sport" is not called "Media".
    if matches!(found.form, Form::Nominal | Form::Unnamed)
        && found.kind != Some(SourceKind::Document)
        && let Some(next) = rest.iter().find(|piece| !matches!(piece, [only] if only.acronym()))
    {
        // "the mayor, Ann Lee,"
        let named = phrase::read(next, common).and_then(|phrase| phrase_mention(text, &phrase));
        let whole = |named: &Mention| {
            let office = |word: &&Word| {
                let person = lexicon::noun(&word.lower()).is_some_and(|noun| noun.kind == SourceKind::Person);
                lexicon::title(&word.lower()).is_some() || person
            };
            let titles = next.iter().take_while(office).count();
            named.named() && name_words(span_text(text, &next[titles.min(next.len() - 1)..])).len() == named.words.len()
        };
        if let Some(named) = named.filter(whole)
            && !found.plural
        {
            let roles = std::mem::take(&mut found.roles);
            let kind = found.kind.filter(|kind| *kind != SourceKind::Anonymous).or(named.kind);
            return Some(Mention { roles, kind, gender: found.gender.or(named.gender), ..named });
        }
    }
    if found.named() {
        let roles = found.roles.len();
        for piece in rest.iter().take(2) {
            if found.roles.len() == roles {
                describe(&mut found, piece);
            }
        }
        // People have no article.
        if found.kind.is_none() && phrase.the_name() {
            found.kind = Some(SourceKind::Organisation);
        }
    }
    Some(found)
}

fn span_text<'a>(text: &'a str, words: &[Word]) -> &'a str {
    match (words.first(), words.last()) {
        (Some(first), Some(last)) => text.get(first.span.start..last.span.end).unwrap_or(""),
        _ => "",
    }
}

/// "Sanders and Clinton", "he and his staff": `end` is where the list ends.
fn several(text: &str, words: &[Word], end: usize, common: &Common) -> Option<Mention> {
    let list = &words[..end];
    let named = list.iter().any(|word| {
        word.capital() && !common(word) && !lexicon::calendar(&word.lower()) && pronoun(&word.lower()).is_none()
    });
    let name = span_text(text, list).to_owned();
    let words = name_words(&name);
    let form = if named { Form::Name } else { Form::Unnamed };
    (!words.is_empty()).then(|| Mention {
        name,
        words,
        kind: Some(SourceKind::Collective),
        plural: true,
        ..Mention::of(form)
    })
}

/// Adds what an apposition says of a name: "Ann Lee, a spokeswoman for".
pub(super) fn describe(mention: &mut Mention, piece: &[Word]) {
    let mut head = None;
    let mut last = "";
    for (at, word) in piece.iter().enumerate().take(10) {
        let lower = word.lower();
        if grammar::cuts(&lower) || lower == "and" {
            // "a House of Representatives lawmaker"
            let body = at > 0 && piece[at - 1].capital() && phrase::organisation(&piece[at - 1].lower());
            let within = body && piece.get(at + 1).is_some_and(Word::capital);
            if within && matches!(lower.as_str(), "of" | "for" | "and") {
                continue;
            }
            break;
        }
        if let Some(noun) = kind::noun_at(piece, at).filter(|noun| !noun.plural && !word.possessive) {
            head = Some((lower, noun));
        }
        last = word.text;
    }
    let Some((word, noun)) = head else { return };
    // "a team hydrologer": the trade is in no list, but its ending tells that it is no team.
    let trade = ["er", "or", "ist", "ian", "man", "woman"].iter().any(|end| last.ends_with(end));
    if trade && last.starts_with(char::is_lowercase) && lexicon::noun(last).is_none() {
        role(mention, last, Noun { kind: SourceKind::Person, gender: None, generic: false, plural: false });
    } else {
        role(mention, &word, noun);
    }
}

/// Adds what the noun before a name says of it: the newspaper "Harbour Post".
pub(super) fn preceded(mention: &mut Mention, word: &str) {
    if let Some(noun) = lexicon::noun(word).filter(|noun| !noun.plural) {
        role(mention, word, noun);
    }
}

fn role(mention: &mut Mention, word: &str, noun: Noun) {
    mention.roles.push(word.to_owned());
    mention.gender = mention.gender.or(noun.gender);
    let sure = matches!(mention.kind, Some(kind) if kind != SourceKind::Person)
        || (mention.titled && phrase::organisation(word));
    if !sure {
        mention.kind = Some(match noun.kind {
            SourceKind::Anonymous | SourceKind::Collective => SourceKind::Person,
            kind => kind,
        });
    }
}

/// A phrase of one piece as a mention.
fn phrase_mention(text: &str, phrase: &Phrase) -> Option<Mention> {
    let shown = |words: &[Word]| span_text(text, words).to_owned();
    let name = phrase.name();
    if let Some(name) = name {
        let mut mention = Mention::of(Form::Name);
        mention.name = shown(name);
        mention.words = name_words(&mention.name);
        if mention.words.is_empty() {
            return None;
        }
        mention.plural = kind::several(name);
        let own = kind::kind_of_name(name);
        mention.kind = if mention.plural { Some(SourceKind::Collective) } else { own.map(|found| found.kind) };
        if mention.kind == Some(SourceKind::Person) || mention.kind.is_none() {
            mention.gender =
                name.first().filter(|_| name.len() > 1).and_then(|word| lexicon::first_name(&word.lower()));
        }
        let sure = own.is_some_and(|found| found.sure);
        let before = phrase.before_name();
        for (at, word) in before.iter().enumerate() {
            let lower = word.lower();
            if let Some(of) = lexicon::title(&lower) {
                mention.titled = true;
                mention.gender = of.or(mention.gender);
                if !sure && !mention.plural {
                    mention.kind = Some(SourceKind::Person);
                }
            }
            if let Some(noun) = kind::noun_at(before, at).filter(|noun| !noun.plural) {
                // "Secretary of State John Kerry" is no state.
                let of_office = mention.titled && word.capital() && phrase::organisation(&lower);
                mention.roles.push(lower);
                mention.gender = noun.gender.or(mention.gender);
                if !sure && !mention.plural && !of_office {
                    mention.kind = Some(match noun.kind {
                        SourceKind::Anonymous | SourceKind::Collective => SourceKind::Person,
                        kind => kind,
                    });
                }
            }
        }
        return Some(mention);
    }
    let head = phrase.head()?;
    let lower = head.lower();
    let noun = phrase.head_noun();
    let plural = !phrase.one() && (lexicon::plural(&lower) || phrase.counted());
    let mut mention = Mention::of(Form::Unnamed);
    mention.plural = plural;
    mention.gender = noun.and_then(|noun| noun.gender);
    mention.roles.push(lower.clone());
    mention.name = shown(phrase.described());
    mention.words = name_words(&mention.name);
    let kind = noun.map(|noun| noun.kind);
    let person = matches!(kind, None | Some(SourceKind::Person | SourceKind::Anonymous | SourceKind::Collective));
    mention.kind = Some(match kind {
        Some(kind @ (SourceKind::Government | SourceKind::Document)) => kind,
        // "local media", "newspapers", "companies": many, and none of them meant alone.
        Some(SourceKind::Outlet | SourceKind::Organisation) if plural => SourceKind::Collective,
        Some(kind @ (SourceKind::Outlet | SourceKind::Organisation)) => kind,
        Some(SourceKind::Collective) if !phrase.one() => SourceKind::Collective,
        Some(SourceKind::Person) if plural && grammar::class(&lower) => SourceKind::Collective,
        None if plural => SourceKind::Collective,
        _ => SourceKind::Anonymous,
    });
    if phrase.definite() && !phrase.one() && !plural && noun.is_some() {
        mention.form = Form::Nominal;
    }
    if person && !plural && lower.starts_with("spokes") {
        mention.speaks_for = phrase.speaks_for().map(shown);
    }
    Some(mention)
}
