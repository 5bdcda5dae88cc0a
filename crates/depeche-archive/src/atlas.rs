//! Where did events happen? Places with their coordinates, and how many events each has.

use std::collections::BTreeMap;

use rusqlite::OptionalExtension;

use crate::archive::Archive;
use crate::ask::Filter;
use crate::error::Result;

/// A place with events.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// Its usual name in the language of the articles.
    pub name: String,
    /// ISO 3166-1 alpha-3; none where it is disputed, shared or not told.
    pub country: Option<String>,
    /// Whether states dispute it, or some do not recognise it.
    pub disputed: bool,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// How many events happened there, each one of a dispatch once.
    pub events: u64,
}

impl Archive {
    /// Where the newest events that a filter lets through happened, and how many of them nobody
    /// places: those with most events first.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn placed(&self, filter: &Filter) -> Result<(Vec<Placed>, u64)> {
        let mut counts: BTreeMap<i64, u64> = BTreeMap::new();
        let mut nowhere = 0;
        let mut ask = self.db.prepare_cached("SELECT site FROM event WHERE id = ?")?;
        for id in self.event_ids(filter)? {
            match ask.query_row([id], |row| row.get::<_, Option<i64>>(0))? {
                Some(site) => *counts.entry(site).or_default() += 1,
                None => nowhere += 1,
            }
        }
        let sql = "SELECT s.name, c.text, s.disputed, s.lat, s.lon FROM site s \
                   LEFT JOIN word c ON c.id = s.country WHERE s.id = ?";
        let mut ask = self.db.prepare_cached(sql)?;
        let mut placed = Vec::new();
        for (site, events) in counts {
            let found = ask.query_row([site], |row| {
                let (lat, lon): (Option<f64>, Option<f64>) = (row.get(3)?, row.get(4)?);
                let Some((lat, lon)) = lat.zip(lon) else { return Ok(None) };
                let (name, country, disputed) = (row.get(0)?, row.get(1)?, row.get(2)?);
                Ok(Some(Placed { name, country, disputed, lat, lon, events }))
            });
            match found.optional()?.flatten() {
                Some(place) => placed.push(place),
                None => nowhere += events,
            }
        }
        placed.sort_by(|a, b| b.events.cmp(&a.events).then_with(|| a.name.cmp(&b.name)));
        Ok((placed, nowhere))
    }
}
