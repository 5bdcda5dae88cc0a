//! What does a row say besides its words? Plain values, as TOML writes them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A value of a language file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// `"RUS"`.
    Text(String),
    /// `12`.
    Integer(i64),
    /// `0.5`.
    Float(f64),
    /// `true`.
    Flag(bool),
    /// `["subj", "poss"]`.
    List(Vec<Value>),
    /// `{ country = "RUS" }`.
    Table(BTreeMap<String, Value>),
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
