//! What does a row say besides its words? Plain values, as TOML writes them.

use std::borrow::{Borrow, Cow};
use std::ops::Deref;

use serde::{Deserialize, Serialize};

/// A value of a language file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub enum Value {
    /// `"RUS"`.
    Text(Text),
    /// `12`.
    Integer(i64),
    /// `0.5`.
    Float(f64),
    /// `true`.
    Flag(bool),
    /// `["subj", "poss"]`.
    List(Vec<Value>),
    /// `{ country = "RUS" }`.
    Table(Fields),
}

/// A text that stays where it lies, when that is in the bytes of a pack.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Text(#[serde(borrow)] Cow<'static, str>);

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        self
    }
}

impl From<String> for Text {
    fn from(text: String) -> Text {
        Text(text.into())
    }
}

/// Names and what stands under them, by name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Fields(Vec<(Text, Value)>);

impl Fields {
    /// What stands under a name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(n, _)| **n == *name).map(|(_, value)| value)
    }

    /// Whether something stands under a name.
    pub fn contains_key(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The names, with what stands under them, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (&**name, value))
    }

    /// Puts something under a name, in place of what stood there.
    pub(crate) fn insert(&mut self, name: String, value: Value) {
        match self.0.binary_search_by(|(n, _)| (**n).cmp(&name)) {
            Ok(at) => self.0[at].1 = value,
            Err(at) => self.0.insert(at, (name.into(), value)),
        }
    }
}

impl FromIterator<(String, Value)> for Fields {
    fn from_iter<T: IntoIterator<Item = (String, Value)>>(pairs: T) -> Fields {
        let mut fields = Fields::default();
        for (name, value) in pairs {
            fields.insert(name, value);
        }
        fields
    }
}

impl Value {
    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        if let Value::Text(text) = self { Some(text) } else { None }
    }

    /// The whole number, if it is one.
    pub fn integer(&self) -> Option<i64> {
        if let Value::Integer(n) = self { Some(*n) } else { None }
    }

    /// The number, whole or not, if it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Integer(n) => Some(*n as f64),
            Value::Float(x) => Some(*x),
            _ => None,
        }
    }

    /// Whether it is `true`.
    pub fn is_true(&self) -> bool {
        *self == Value::Flag(true)
    }

    /// The texts of a list; a single text counts as a list of one.
    pub fn texts(&self) -> Vec<&str> {
        match self {
            Value::Text(text) => vec![text],
            Value::List(items) => items.iter().filter_map(Value::text).collect(),
            _ => Vec::new(),
        }
    }

    /// A field of a table.
    pub fn get(&self, key: &str) -> Option<&Value> {
        if let Value::Table(table) = self { table.get(key) } else { None }
    }

    /// How the kind of value is called in an error.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Value::Text(_) => "a text",
            Value::Integer(_) => "a whole number",
            Value::Float(_) => "a number",
            Value::Flag(_) => "true or false",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }
}
