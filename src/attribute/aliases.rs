//! Names that a user knows to be of one source, from a CSV file.

use super::name::normalised_id;
use crate::error::Hint;
use crate::label::{Attribution, Entity, LabelledArticle, SourceKind};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Which names are of one source: columns `alias,name` and, if you like, `kind`.
///
/// A name is compared by its [`normalised_id`]. A row whose alias and name are the same
/// states a kind alone. An alias of an alias is an alias of its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aliases {
    by_id: HashMap<String, Target>,
}

/// What an alias stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Target {
    id: String,
    name: String,
    kind: Option<SourceKind>,
}

/// Why an alias file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AliasError {
    /// The file could not be read.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's own error.
        #[source]
        error: std::io::Error,
    },
    /// A row is not what it has to be, or contradicts another.
    #[error("{}:{line}: {reason}", path.display())]
    Row {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
        /// What the user can do.
        hint: String,
    },
}

impl Hint for AliasError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Io { error, .. } if error.kind() == std::io::ErrorKind::NotFound => Some("check the path".into()),
            Self::Io { .. } => None,
            Self::Row { hint, .. } => Some(hint.clone()),
        }
    }
}

const COLUMNS: &str = "the first line is `alias,name` or `alias,name,kind`";

/// One row, checked.
struct Row {
    line: usize,
    alias: String,
    target: Target,
}

impl Aliases {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, AliasError> {
        let bytes = std::fs::read(path).map_err(|error| AliasError::Io { path: path.into(), error })?;
        Self::parse(&bytes).map_err(|(line, reason, hint)| AliasError::Row { path: path.into(), line, reason, hint })
    }

    /// BLAKE3 of what it says, in hexadecimal: two files that mean the same have the same.
    pub fn fingerprint(&self) -> String {
        let mut lines: Vec<String> =
            self.by_id.iter().map(|(alias, target)| format!("{alias:?} {target:?}\n")).collect();
        lines.sort_unstable();
        blake3::hash(lines.concat().as_bytes()).to_hex().to_string()
    }

    /// Whether there is no alias.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// The source that an entity is: its own, or that of which its name is an alias.
    pub fn resolve(&self, entity: &Entity) -> Entity {
        match self.by_id.get(&entity.id) {
            Some(target) => Entity {
                id: target.id.clone(),
                name: if target.id == entity.id { entity.name.clone() } else { target.name.clone() },
                kind: target.kind.unwrap_or(entity.kind),
            },
            None => entity.clone(),
        }
    }

    /// Puts the right sources into an attribution. One who speaks through himself does not.
    pub fn apply(&self, attribution: &mut Attribution) {
        attribution.entity = attribution.entity.as_ref().map(|entity| self.resolve(entity));
        let mut via: Vec<Entity> = Vec::new();
        for entity in &attribution.via {
            let entity = self.resolve(entity);
            if Some(&entity) != attribution.entity.as_ref() && !via.contains(&entity) {
                via.push(entity);
            }
        }
        attribution.via = via;
    }

    /// Puts the right sources into a labelled article.
    pub fn apply_to(&self, article: &mut LabelledArticle) {
        if !self.is_empty() {
            article.sentences.iter_mut().flat_map(|row| &mut row.attributions).for_each(|found| self.apply(found));
        }
    }

    fn parse(bytes: &[u8]) -> Result<Self, (usize, String, String)> {
        let rows = rows(bytes)?;
        let mut by_alias: HashMap<&str, &Row> = HashMap::new();
        let mut kinds: HashMap<&str, (&Row, SourceKind)> = HashMap::new();
        for row in &rows {
            let own = row.alias == row.target.id;
            if let Some(kind) = row.target.kind {
                let (first, known) = *kinds.entry(&row.target.id).or_insert((row, kind));
                if known != kind {
                    let reason = format!("{} is {kind} here and {known} in line {}", row.target.name, first.line);
                    return Err((row.line, reason, "give a source one kind".into()));
                }
            }
            if own {
                continue;
            }
            let first = *by_alias.entry(&row.alias).or_insert(row);
            if first.target.id != row.target.id {
                let (name, other) = (&row.target.name, &first.target.name);
                let reason = format!("an alias of {name} here and of {other} in line {}", first.line);
                return Err((row.line, reason, "an alias stands for one name; remove one of the two rows".into()));
            }
        }
        let mut by_id = HashMap::new();
        for row in &rows {
            let last = last(&by_alias, row)?;
            let kind = kinds.get(last.id.as_str()).map(|(_, kind)| *kind);
            let target = Target { kind, ..last.clone() };
            by_id.insert(last.id.clone(), target.clone());
            by_id.insert(row.alias.clone(), target);
        }
        Ok(Self { by_id })
    }
}

/// What a row's alias stands for in the end.
fn last<'a>(by_alias: &HashMap<&str, &'a Row>, row: &'a Row) -> Result<&'a Target, (usize, String, String)> {
    let mut seen = vec![row.alias.as_str()];
    let mut target = &row.target;
    while let Some(next) = by_alias.get(target.id.as_str()) {
        if target.id == row.alias && seen.len() == 1 {
            break;
        }
        if seen.contains(&target.id.as_str()) {
            let chain = format!("{} -> {}", seen.join(" -> "), target.id);
            return Err((
                row.line,
                format!("aliases in a circle: {chain}"),
                "one name of the circle must be no alias".into(),
            ));
        }
        seen.push(&target.id);
        target = &next.target;
    }
    Ok(target)
}

fn rows(bytes: &[u8]) -> Result<Vec<Row>, (usize, String, String)> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf".as_slice()).unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(bytes);
    let broken = |error: csv::Error| {
        let line = error.position().map_or(1, |position| position.line() as usize);
        (line, format!("not CSV in UTF-8: {error}"), "save the file as CSV in UTF-8".into())
    };
    let header = reader.headers().map_err(broken)?.clone();
    let column = |name: &str| header.iter().position(|own| own.eq_ignore_ascii_case(name));
    let (Some(alias), Some(name)) = (column("alias"), column("name")) else {
        let given: Vec<&str> = header.iter().collect();
        return Err((1, format!("no columns `alias` and `name` but `{}`", given.join(",")), COLUMNS.into()));
    };
    let kind = column("kind");
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(broken)?;
        let line = record.position().map_or(1, |position| position.line() as usize);
        let field = |at: usize| record.get(at).unwrap_or_default();
        if record.iter().all(str::is_empty) {
            continue;
        }
        let ids = [alias, name].map(|at| normalised_id(field(at)));
        for (id, what) in ids.iter().zip(["alias", "name"]) {
            if id.is_empty() {
                return Err((line, format!("no {what}"), "give a name with at least one letter or digit".into()));
            }
        }
        let [alias, id] = ids;
        let kind = match kind.map(field).filter(|kind| !kind.is_empty()) {
            None => None,
            Some(given) => Some(kind_of(given).ok_or_else(|| {
                let all: Vec<&str> = SourceKind::ALL.iter().map(|kind| kind.name()).collect();
                (line, format!("unknown kind `{given}`"), format!("the kinds are {}", all.join(", ")))
            })?),
        };
        rows.push(Row { line, alias, target: Target { id, name: field(name).to_owned(), kind } });
    }
    Ok(rows)
}

fn kind_of(name: &str) -> Option<SourceKind> {
    SourceKind::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entity(name: &str, kind: SourceKind) -> Entity {
        Entity { id: normalised_id(name), name: name.into(), kind }
    }

    fn fails(csv: &str) -> (usize, String) {
        let (line, reason, hint) = Aliases::parse(csv.as_bytes()).unwrap_err();
        assert!(!hint.is_empty());
        (line, reason)
    }

    #[test]
    fn chains_end_at_the_last_name() {
        let csv = "alias,name,kind\nNYT,N.Y. Times,\nN.Y. Times,The New York Times,outlet\nThe New York Times,The New York Times,\n";
        let aliases = Aliases::parse(csv.as_bytes()).unwrap();
        let want = entity("The New York Times", SourceKind::Outlet);
        assert_eq!(aliases.resolve(&entity("NYT", SourceKind::Organisation)), want);
        assert_eq!(aliases.resolve(&entity("N.Y. Times", SourceKind::Person)), want);
        assert_eq!(aliases.resolve(&entity("New York Times", SourceKind::Person)).kind, SourceKind::Outlet);
        let other = entity("Ann Lee", SourceKind::Person);
        assert_eq!(aliases.resolve(&other), other);
    }

    #[test]
    fn a_source_does_not_speak_through_itself() {
        let aliases = Aliases::parse(b"alias,name\nNYT,New York Times\n").unwrap();
        let mut found = Attribution {
            entity: Some(entity("NYT", SourceKind::Outlet)),
            via: vec![entity("New York Times", SourceKind::Outlet), entity("Bo", SourceKind::Person)],
            ..Attribution::default()
        };
        aliases.apply(&mut found);
        assert_eq!(found.entity.map(|e| e.id).as_deref(), Some("new-york-times"));
        assert_eq!(found.via, [entity("Bo", SourceKind::Person)]);
    }

    #[test]
    fn bad_files_are_named_with_their_line() {
        assert_eq!(fails("alias,name\na,b\nb,c\nc,a\n"), (2, "aliases in a circle: a -> b -> c -> a".into()));
        assert_eq!(fails("alias,name\na,b\na,c\n"), (3, "an alias of c here and of b in line 2".into()));
        assert_eq!(fails("alias,name,kind\na,b,person\nd,b,outlet\n").0, 3);
        assert_eq!(fails("alias,name,kind\na,b,human\n"), (2, "unknown kind `human`".into()));
        assert_eq!(fails("alias,name\n,b\n"), (2, "no alias".into()));
        assert_eq!(fails("alias,name\na\n"), (2, "no name".into()));
        assert_eq!(fails("from,to\na,b\n").0, 1);
        assert_eq!(fails("").0, 1);
        assert!(Aliases::parse(b"\xef\xbb\xbfalias,name\n\nA,B\nA,B\n").is_ok());
        assert!(Aliases::parse(b"alias,name\n\xff,b\n").is_err());
    }
}
