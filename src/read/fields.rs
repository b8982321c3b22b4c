//! Where a record keeps each field.

use serde_json::Value;

/// A field of an article that a record can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// Identity.
    Id,
    /// The text.
    Text,
    /// Sentences that are split already.
    Sentences,
    /// The headline.
    Title,
    /// The outlet.
    Source,
    /// Publication date.
    Date,
    /// Address.
    Url,
}

impl Field {
    /// All fields.
    pub const ALL: [Self; 7] =
        [Self::Id, Self::Text, Self::Sentences, Self::Title, Self::Source, Self::Date, Self::Url];

    /// The field's name, which is also its key where no other is given.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Text => "text",
            Self::Sentences => "sentences",
            Self::Title => "title",
            Self::Source => "source",
            Self::Date => "date",
            Self::Url => "url",
        }
    }

    /// The field called `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }
}

/// Which key of a record holds which field; dots lead into nested objects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldMap {
    given: Vec<(Field, String)>,
}

impl FieldMap {
    /// Says that `field` is at `path`; the last call for a field counts.
    pub fn set(&mut self, field: Field, path: impl Into<String>) {
        self.given.retain(|(known, _)| *known != field);
        self.given.push((field, path.into()));
    }

    /// The key or dotted path of `field`.
    pub fn path(&self, field: Field) -> &str {
        self.given.iter().find(|(known, _)| *known == field).map_or(field.name(), |(_, path)| path)
    }

    /// The value of `field`; `None` when it is absent or null.
    pub(super) fn find<'a>(&self, record: &'a Value, field: Field) -> Option<&'a Value> {
        lookup(record, self.path(field)).filter(|value| !value.is_null())
    }
}

/// Follows a dotted path; a key that itself holds the dots wins.
fn lookup<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    match value {
        Value::Object(map) => {
            if let Some(found) = map.get(path) {
                return Some(found);
            }
            path.match_indices('.')
                .find_map(|(dot, _)| map.get(&path[..dot]).and_then(|inner| lookup(inner, &path[dot + 1..])))
        }
        Value::Array(items) => {
            let (index, rest) = path.split_once('.').map_or((path, None), |(i, r)| (i, Some(r)));
            let item = items.get(index.parse::<usize>().ok()?)?;
            rest.map_or(Some(item), |rest| lookup(item, rest))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths_lead_into_objects_and_lists() {
        let record = json!({"a": {"b": 1, "c.d": 2}, "a.x": 3, "l": [{"t": 4}], "n": null});
        let at = |path: &str| lookup(&record, path).and_then(Value::as_i64);
        assert_eq!(at("a.b"), Some(1));
        assert_eq!(at("a.c.d"), Some(2));
        assert_eq!(at("a.x"), Some(3));
        assert_eq!(at("l.0.t"), Some(4));
        assert_eq!(at("l.1.t"), None);
        assert_eq!(at("a.b.c"), None);
        let mut map = FieldMap::default();
        map.set(Field::Text, "x");
        map.set(Field::Text, "n");
        assert_eq!(map.path(Field::Text), "n");
        assert_eq!(map.find(&record, Field::Text), None);
        assert_eq!(map.path(Field::Id), "id");
    }
}
