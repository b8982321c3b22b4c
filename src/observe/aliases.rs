//! Names that mean one source: `alias,name[,kind]`.

use crate::label::SourceKind;
use crate::reliability::{ReliabilityError, TableReader};
use indexmap::IndexMap;
use std::path::Path;

/// Other names of sources.
#[derive(Debug, Default)]
pub struct Aliases {
    /// By the alias in lower case.
    names: IndexMap<String, (String, Option<SourceKind>, u64)>,
}

impl Aliases {
    /// Reads `alias,name[,kind]`. Aliases that lead back to themselves and aliases of two
    /// names are errors that name the line.
    pub fn read(path: &Path) -> Result<Self, ReliabilityError> {
        let mut table = TableReader::open(path, &["alias", "name"], &["kind"])?;
        let mut new = Self::default();
        let fault =
            |line, reason, hint: &str| ReliabilityError::Row { path: path.into(), line, reason, hint: hint.into() };
        while let Some(row) = table.next()? {
            let kind = match row.optional(0) {
                None => None,
                Some(text) => Some(SourceKind::ALL.into_iter().find(|k| k.name() == text).ok_or_else(|| {
                    let kinds = SourceKind::ALL.map(SourceKind::name).join(", ");
                    fault(row.line, format!("no kind `{text}`"), &format!("the kinds are {kinds}"))
                })?),
            };
            let (alias, name) = (row.get(0).to_lowercase(), row.get(1));
            match new.names.get(&alias) {
                Some((first, _, line)) if first != name => {
                    let reason = format!("`{}` means `{name}` here and `{first}` on line {line}", row.get(0));
                    return Err(fault(
                        row.line,
                        reason,
                        "an alias has one name; remove the wrong one of the two lines",
                    ));
                }
                _ => new.names.insert(alias, (name.to_owned(), kind, row.line)),
            };
        }
        for (alias, (_, _, line)) in &new.names {
            if new.walk(alias).is_none() {
                let reason = format!("`{alias}` leads back to itself");
                return Err(fault(
                    *line,
                    reason,
                    "let every alias lead to the full name, which is no alias of another",
                ));
            }
        }
        Ok(new)
    }

    /// The name and kind that a name leads to; `None` when it leads in a circle.
    fn walk(&self, name: &str) -> Option<(&str, Option<SourceKind>)> {
        let (mut key, mut found) = (name.to_lowercase(), None);
        for _ in 0..=self.names.len() {
            match self.names.get(&key) {
                // A name may stand for itself, to give it a kind.
                Some((next, kind, _)) if next.to_lowercase() != key => {
                    found = Some((next.as_str(), kind.or(found.and_then(|(_, kind)| kind))));
                    key = next.to_lowercase();
                }
                Some((next, kind, _)) => return Some((next, kind.or(found.and_then(|(_, kind)| kind)))),
                None => return found.or(Some(("", None))),
            }
        }
        None
    }

    /// The full name of a source, and its kind if that is given; `None` for a name that is no
    /// alias.
    pub(super) fn resolve(&self, name: &str) -> Option<(&str, Option<SourceKind>)> {
        self.walk(name).filter(|(name, _)| !name.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Aliases, String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        Aliases::read(file.path()).map_err(|e| e.to_string())
    }

    #[test]
    fn aliases_lead_to_names() {
        let aliases = read("alias,name,kind\nCoastguard,Orla Coast Guard,government\nOCG,Coastguard,\n").unwrap();
        assert_eq!(aliases.resolve("ocg"), Some(("Orla Coast Guard", Some(SourceKind::Government))));
        assert_eq!(aliases.resolve("somebody"), None);
    }

    #[test]
    fn circles_and_doubts_are_refused() {
        assert!(read("alias,name\na,b\nb,c\nc,a\n").unwrap_err().contains(":2: `a` leads back to itself"));
        assert!(read("alias,name\na,b\na,c\n").unwrap_err().contains(":3: `a` means `c` here and `b` on line 2"));
        assert!(read("alias,name,kind\na,b,planet\n").unwrap_err().contains("no kind `planet`"));
    }
}
