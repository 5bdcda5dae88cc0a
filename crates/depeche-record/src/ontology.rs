//! Which kinds of events are there? PLOVER 2.0, from `ontology/plover.toml`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

include!(concat!(env!("OUT_DIR"), "/plover.rs"));

/// The four quadrants of cooperation and conflict, in words and in deeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quad {
    /// 1.
    VerbalCooperation = 1,
    /// 2.
    MaterialCooperation = 2,
    /// 3.
    VerbalConflict = 3,
    /// 4.
    MaterialConflict = 4,
}

/// What PLOVER says about a type.
#[derive(Debug)]
pub struct Plover {
    /// The type.
    pub event: EventType,
    /// Its code: `CONSULT`.
    pub name: &'static str,
    /// Its quadrant.
    pub quad: Quad,
    /// The CAMEO root that it comes from.
    pub cameo: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// The modes it has.
    pub modes: &'static [&'static str],
}

impl EventType {
    /// What PLOVER says about it.
    pub fn plover(self) -> &'static Plover {
        PLOVER.iter().find(|p| p.event == self).expect("the table has every type")
    }

    /// The type of that code, in any case: `consult`.
    ///
    /// ```
    /// use depeche_record::{EventType, Quad};
    ///
    /// let consult = EventType::from_code("consult").unwrap();
    /// assert_eq!(consult.plover().quad, Quad::VerbalCooperation);
    /// assert!(EventType::from_code("meet").is_none());
    /// ```
    pub fn from_code(code: &str) -> Option<EventType> {
        PLOVER.iter().find(|p| p.name.eq_ignore_ascii_case(code)).map(|p| p.event)
    }
}
