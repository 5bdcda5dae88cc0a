//! Which rows does a record become? The typed tables, written from it, and taken away again.

use depeche_record::{Actor, Event, Position, Record, Statement, Time};
use rusqlite::types::Value;
use rusqlite::{Connection, Transaction, params};
use rustc_hash::FxHashSet;

use crate::columns;
use crate::day::Day;
use crate::entity::{Entities, is_identified};
use crate::error::{Error, Result};
use crate::id::{ArticleId, ITEM, MOST_ITEMS, number_of};
use crate::prepare::content_of;
use crate::tally::{Changes, Field};
use crate::write::Words;

/// Roles in statements and events, as numbers of `said` and `did`.
pub(crate) const SPEAKER: i64 = 1;
pub(crate) const ABOUT: i64 = 2;
pub(crate) const ADDRESSEE: i64 = 3;
pub(crate) const ACTOR: i64 = 1;
pub(crate) const RECIPIENT: i64 = 2;
/// Role in positions, as the number of `held`.
pub(crate) const HOLDER: i64 = 1;

/// Writes the rows of one article.
pub(crate) struct Rows<'w, 'tx> {
    pub(crate) tx: &'w Transaction<'tx>,
    pub(crate) words: &'w mut Words,
    pub(crate) entities: &'w mut Entities,
    pub(crate) id: ArticleId,
    pub(crate) record: &'w Record,
    /// The entity of each actor, in order; filled first.
    roots: Vec<Option<i64>>,
    /// Where each mention starts, and of which actor, in order.
    mentions: Vec<(u32, usize)>,
    /// What the article adds to the months of entities.
    changes: Changes,
}

impl<'w, 'tx> Rows<'w, 'tx> {
    /// Writes them all.
    pub(crate) fn write(
        tx: &'w Transaction<'tx>,
        words: &'w mut Words,
        entities: &'w mut Entities,
        id: ArticleId,
        record: &'w Record,
    ) -> Result<()> {
        let of = |(n, actor): (usize, &'w Actor)| {
            actor.mentions.iter().map(move |m| (m.start, n))
        };
        let mut mentions: Vec<_> =
            record.actors.iter().enumerate().flat_map(of).collect();
        mentions.sort_unstable();
        let mut rows = Rows {
            tx,
            words,
            entities,
            id,
            record,
            roots: Vec::new(),
            mentions,
            changes: Changes::default(),
        };
        rows.actors()?;
        let sites = rows.places()?;
        // By their ids, not by their places: a correction may have taken some away.
        for statement in &record.statements {
            rows.statement(number_of(&statement.id), statement)?;
        }
        for event in &record.events {
            rows.event(number_of(&event.id), event, &sites)?;
        }
        for (n, position) in record.positions.iter().enumerate() {
            rows.position(n + 1, position)?;
        }
        rows.changes.write(tx, id)
    }

    fn actors(&mut self) -> Result<()> {
        let record = self.record;
        let parts = parts(record);
        let mut entities = Vec::new();
        for actor in &record.actors {
            if !is_identified(actor) && !parts.contains(actor.id.as_str()) {
                self.roots.push(None);
                continue;
            }
            let entity = self.entity(actor)?;
            self.roots.push(Some(self.entities.root(self.tx, entity)?));
            entities.push(entity);
        }
        entities.sort_unstable();
        entities.dedup();
        let sql = "INSERT INTO actor (entity, article) VALUES (?, ?)";
        let mut put = self.tx.prepare_cached(sql)?;
        for entity in &entities {
            put.execute([*entity, self.id.0])?;
        }
        let sql = "UPDATE article SET actors = ? WHERE id = ?";
        self.tx
            .prepare_cached(sql)?
            .execute(params![columns::steps(&entities), self.id.0])?;
        Ok(())
    }

    fn entity(&mut self, actor: &Actor) -> Result<i64> {
        let raw = self.entities.of(self.tx, self.words, actor)?;
        self.entities.split(self.tx, raw, self.id)
    }

    fn root(&self, actor: &str) -> Option<i64> {
        self.roots.get(number_of(actor).checked_sub(1)?).copied().flatten()
    }

    fn roots<'a>(&self, actors: impl IntoIterator<Item = &'a String>) -> Vec<i64> {
        let mut roots: Vec<i64> =
            actors.into_iter().filter_map(|a| self.root(a)).collect();
        roots.sort_unstable();
        roots.dedup();
        roots
    }

    /// Writes the places, and returns their sites in order.
    fn places(&mut self) -> Result<Vec<i64>> {
        let sql = "INSERT INTO place (id, start, stop, site) VALUES (?, ?, ?, ?)";
        let mut sites = Vec::with_capacity(self.record.places.len());
        for (n, place) in self.record.places.iter().enumerate() {
            let site = self.words.site(self.tx, place)?;
            let id = self.id.item(n + 1);
            self.tx.prepare_cached(sql)?.execute(params![
                id,
                place.start,
                place.end,
                site
            ])?;
            sites.push(site);
        }
        Ok(sites)
    }

    fn statement(&mut self, n: usize, s: &Statement) -> Result<()> {
        let id = self.id.item(n);
        let (kind, cue, class) = (
            self.words.code(self.tx, &s.kind)?,
            self.words.maybe(self.tx, s.cue.as_ref().map(|c| c.lemma.as_str()))?,
            match &s.cue {
                Some(cue) => Some(self.words.code(self.tx, &cue.class)?),
                None => None,
            },
        );
        let start = s.content.iter().map(|c| c.start).min().unwrap_or(0);
        let stop = s.content.iter().map(|c| c.end).max().unwrap_or(start);
        let said = s.said_at.as_ref().and_then(|t| self.time(t)).map(days_of);
        let (first, last) = said.unwrap_or((None, None));
        // A speaker known only by the words before the cue vouches all the same.
        let speaker = s.speaker.as_ref().and_then(|p| p.actor.as_ref());
        let speakers = self.roots(s.speakers.iter().chain(speaker));
        let mut about = self.spoken_of(s);
        about.retain(|entity| !speakers.contains(entity));
        let addressees = self.roots(&s.addressee);
        let sql = "INSERT INTO statement (id, kind, cue, class, start, stop, content, speakers, about, addressees, first, last, \
                   confidence, nested) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        self.tx.prepare_cached(sql)?.execute(params![
            id,
            kind,
            cue,
            class,
            start,
            stop,
            content_of(s),
            listed(&speakers),
            listed(&about),
            listed(&addressees),
            first,
            last,
            per_cent(s.confidence),
            s.nested_in.as_deref().map(|s| self.id.item(number_of(s))),
        ])?;
        let parts = [(&speakers, SPEAKER), (&about, ABOUT), (&addressees, ADDRESSEE)];
        self.parts(&STATEMENTS, id, &parts)
    }

    /// Actors whom a statement names, and those of whom the record says that it speaks.
    fn spoken_of(&self, s: &Statement) -> Vec<i64> {
        let named = s.content.iter().flat_map(|span| {
            let first = self.mentions.partition_point(|m| m.0 < span.start);
            self.mentions[first..].iter().take_while(|m| m.0 < span.end)
        });
        let actors = named.map(|m| &self.record.actors[m.1].id);
        self.roots(s.about.iter().chain(actors))
    }

    /// Writes who has which part in an item, and counts it.
    fn parts(
        &mut self,
        items: &Items,
        item: i64,
        parts: &[(&Vec<i64>, i64)],
    ) -> Result<()> {
        let Items { table, column, .. } = items;
        let sql = format!(
            "INSERT INTO {table} (entity, role, {column}, copy) VALUES (?, ?, ?, 0)"
        );
        let mut put = self.tx.prepare_cached(&sql)?;
        let mut all = Vec::new();
        for (entities, role) in parts {
            let countries = entities.iter().map(|e| self.entities.country(self.tx, *e));
            let countries = countries.collect::<Result<Vec<_>>>()?;
            with_countries(entities, &countries, *role, &mut all);
        }
        for (entity, role) in &all {
            put.execute([*entity, *role, item])?;
        }
        items.count(&all, &mut self.changes, 1);
        Ok(())
    }

    fn time(&self, id: &str) -> Option<&'w Time> {
        time_of(self.record, id)
    }

    fn event(&mut self, n: usize, e: &Event, sites: &[i64]) -> Result<()> {
        let id = self.id.item(n);
        let first_mention = e.mentions.first();
        let words: Vec<&str> = e.mentions.iter().map(|m| m.text.as_str()).collect();
        let place = e.place.as_deref().and_then(|p| number_of(p).checked_sub(1));
        let country = place.and_then(|p| self.record.places.get(p)?.country.as_deref());
        let (first, last) = days_of_event(self.record, e);
        let aux = (!e.aux.is_empty()).then(|| e.aux.join(" "));
        let sql = "INSERT INTO event (id, type, mode, cameo, quad, start, stop, words, \
                   actors, recipients, edtf, first, last, site, country, factuality, aux, \
                   source, confidence) \
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        let (actors, recipients) = (self.roots(&e.actor), self.roots(&e.recipient));
        let (tx, w) = (self.tx, &mut *self.words);
        let row = params![
            id,
            w.code(tx, &e.kind)?,
            w.maybe(tx, e.mode.as_deref())?,
            w.maybe(tx, e.cameo.as_deref())?,
            e.quad,
            first_mention.map_or(0, |m| m.start),
            first_mention.map_or(0, |m| m.end),
            words.join(", "),
            listed(&actors),
            listed(&recipients),
            edtf_of(e, first, last),
            first,
            last,
            place.and_then(|p| sites.get(p)),
            w.maybe(tx, country)?,
            w.code(tx, &e.factuality)?,
            w.maybe(tx, aux.as_deref())?,
            e.source_statement.as_deref().map(|s| self.id.item(number_of(s))),
            per_cent(e.confidence),
        ];
        tx.prepare_cached(sql)?.execute(row)?;
        self.parts(&EVENTS, id, &[(&actors, ACTOR), (&recipients, RECIPIENT)])
    }

    fn position(&mut self, n: usize, p: &Position) -> Result<()> {
        // Whoever holds it is always of the record; one who is not holds nothing.
        let Some(entity) = self.root(&p.actor) else { return Ok(()) };
        let stance = self.words.code(self.tx, &p.stance)?;
        let issue = self.words.maybe(self.tx, p.issue.as_deref())?;
        let statement = p.statement.as_deref().map(|s| self.id.item(number_of(s)));
        let sql = "INSERT INTO position (id, entity, stance, issue, start, stop, object, \
                   statement, confidence) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
        self.tx.prepare_cached(sql)?.execute(params![
            self.id.item(n),
            entity,
            stance,
            issue,
            p.object.start,
            p.object.end,
            p.object.text,
            statement,
            per_cent(p.confidence),
        ])?;
        self.parts(&POSITIONS, self.id.item(n), &[(&vec![entity], HOLDER)])
    }
}

/// A table of items, the table that ties actors to them, and how they are counted.
pub(crate) struct Items {
    pub(crate) name: &'static str,
    table: &'static str,
    column: &'static str,
    /// Columns that list entities, and the roles that these have.
    lists: &'static [(&'static str, i64)],
    /// As what each role is counted.
    fields: &'static [(i64, Field)],
}

const STATEMENTS: Items = Items {
    name: "statement",
    table: "said",
    column: "statement",
    lists: &[("speakers", SPEAKER), ("about", ABOUT), ("addressees", ADDRESSEE)],
    fields: &[(SPEAKER, Field::Said), (ABOUT, Field::About)],
};

const EVENTS: Items = Items {
    name: "event",
    table: "did",
    column: "event",
    lists: &[("actors", ACTOR), ("recipients", RECIPIENT)],
    fields: &[(ACTOR, Field::Events), (RECIPIENT, Field::Events)],
};

const POSITIONS: Items = Items {
    name: "position",
    table: "held",
    column: "position",
    lists: &[("entity", HOLDER)],
    fields: &[(HOLDER, Field::Positions)],
};

/// All tables of items.
pub(crate) const ITEMS: [&Items; 3] = [&STATEMENTS, &EVENTS, &POSITIONS];

impl Items {
    /// Those of a table.
    pub(crate) fn of(name: &str) -> &'static Items {
        ITEMS.into_iter().find(|i| i.name == name).expect("it is a table of items")
    }

    /// Who has which part in an item, countries included.
    fn parts(&self, db: &Connection, item: i64) -> Result<Vec<(i64, i64)>> {
        let mut all = Vec::new();
        let mut country = db.prepare_cached("SELECT country FROM entity WHERE id = ?")?;
        for (column, role) in self.lists {
            let sql = format!("SELECT {column} FROM {} WHERE id = ?", self.name);
            let listed = db.prepare_cached(&sql)?.query_row([item], |row| row.get(0))?;
            let entities = unlisted(&listed);
            let countries = entities.iter().map(|e| country.query_row([e], |r| r.get(0)));
            let countries = countries.collect::<rusqlite::Result<Vec<_>>>()?;
            with_countries(&entities, &countries, *role, &mut all);
        }
        Ok(all)
    }

    /// Counts an item once for each entity and field.
    fn count(&self, parts: &[(i64, i64)], changes: &mut Changes, n: i64) {
        let mut seen: Vec<(i64, Field)> = Vec::with_capacity(parts.len());
        for (entity, role) in parts {
            let Some((_, field)) = self.fields.iter().find(|(r, _)| r == role) else {
                continue;
            };
            if !seen.contains(&(*entity, *field)) {
                changes.add(*entity, *field, n);
                seen.push((*entity, *field));
            }
        }
    }

    /// Ties an item to the one that says the same before it, or to none.
    pub(crate) fn tie(
        &self,
        tx: &Transaction<'_>,
        item: i64,
        same: Option<i64>,
    ) -> Result<()> {
        let Items { name, table, column, .. } = self;
        let sql = format!("SELECT same IS NOT NULL FROM {name} WHERE id = ?");
        let was: bool = tx.prepare_cached(&sql)?.query_row([item], |row| row.get(0))?;
        let sql = format!("UPDATE {name} SET same = ? WHERE id = ?");
        tx.prepare_cached(&sql)?.execute(params![same, item])?;
        if was == same.is_some() {
            return Ok(());
        }
        let parts = self.parts(tx, item)?;
        let sql = format!(
            "UPDATE {table} SET copy = ? WHERE entity = ? AND role = ? AND {column} = ?"
        );
        let mut put = tx.prepare_cached(&sql)?;
        for (entity, role) in &parts {
            put.execute(params![same.is_some(), entity, role, item])?;
        }
        let mut changes = Changes::default();
        self.count(&parts, &mut changes, if was { 1 } else { -1 });
        changes.write(tx, ArticleId::of_item(item))
    }

    /// Takes away who has a part in the items of an article.
    fn untie(&self, tx: &Transaction<'_>, id: ArticleId) -> Result<()> {
        let Items { name, table, column, .. } = self;
        let sql = format!("SELECT id, same IS NULL FROM {name} WHERE id >= ? AND id < ?");
        let items = tx
            .prepare_cached(&sql)?
            .query_map([id.item(0), id.end_of_items()], |r| Ok((r.get(0)?, r.get(1)?)))?
            .collect::<rusqlite::Result<Vec<(i64, bool)>>>()?;
        let sql =
            format!("DELETE FROM {table} WHERE entity = ? AND role = ? AND {column} = ?");
        let mut delete = tx.prepare_cached(&sql)?;
        let mut changes = Changes::default();
        for (item, counted) in items {
            let parts = self.parts(tx, item)?;
            for (entity, role) in &parts {
                delete.execute([*entity, *role, item])?;
            }
            self.count(&parts, &mut changes, -i64::from(counted));
        }
        changes.write(tx, id)
    }

    /// Writes the parts of whole countries, from those of who belongs to them.
    pub(crate) fn fill_countries(&self, db: &Connection) -> Result<()> {
        let Items { table, column, .. } = self;
        db.execute_batch(&format!(
            "DELETE FROM {table} WHERE entity < 0; \
             INSERT INTO {table} (entity, role, {column}, copy) \
             SELECT DISTINCT -e.country, p.role, p.{column}, p.copy \
             FROM {table} p JOIN entity e ON e.id = p.entity \
             WHERE e.country IS NOT NULL ORDER BY 1, 2, 3"
        ))?;
        Ok(())
    }

    /// How many parts of whole countries are there, and how many there should be.
    pub(crate) fn countries(&self, db: &Connection) -> Result<(i64, i64)> {
        let Items { table, column, .. } = self;
        let sql = format!(
            "SELECT (SELECT count(*) FROM {table} WHERE entity < 0), \
             (SELECT count(*) FROM (SELECT DISTINCT e.country, p.role, p.{column}, p.copy \
             FROM {table} p JOIN entity e ON e.id = p.entity WHERE e.country IS NOT NULL))"
        );
        Ok(db.query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?)
    }
}

/// The number under which a country has its parts, by the word of its code.
pub(crate) fn country_as_entity(country: i64) -> i64 {
    -country
}

/// Entities in a role, and the countries to which they belong, each once.
fn with_countries(
    entities: &[i64],
    countries: &[Option<i64>],
    role: i64,
    all: &mut Vec<(i64, i64)>,
) {
    all.extend(entities.iter().map(|e| (*e, role)));
    for country in countries.iter().flatten() {
        let part = (country_as_entity(*country), role);
        if !all.contains(&part) {
            all.push(part);
        }
    }
}

/// Takes the rows of an article away, so that they can be written anew.
pub(crate) fn remove(tx: &Transaction<'_>, id: ArticleId) -> Result<()> {
    let bounds = [id.item(0), id.end_of_items()];
    ITEMS.iter().try_for_each(|items| items.untie(tx, id))?;
    for table in ["place", "statement", "event", "position"] {
        let sql = format!("DELETE FROM {table} WHERE id >= ? AND id < ?");
        tx.prepare_cached(&sql)?.execute(bounds)?;
    }
    let sql = "SELECT actors FROM article WHERE id = ?";
    let actors: Vec<u8> = tx.prepare_cached(sql)?.query_row([id.0], |row| row.get(0))?;
    let sql = "DELETE FROM actor WHERE entity = ? AND article = ?";
    let mut delete = tx.prepare_cached(sql)?;
    for entity in columns::of_steps(&actors)? {
        delete.execute([entity, id.0])?;
    }
    Ok(())
}

/// Actors who say or do something, or of whom something is said.
pub(crate) fn parts(record: &Record) -> FxHashSet<&str> {
    let statements = record.statements.iter().flat_map(|s| {
        let speaker = s.speaker.iter().filter_map(|p| p.actor.as_ref());
        s.speakers.iter().chain(&s.addressee).chain(&s.about).chain(speaker)
    });
    let events = record.events.iter().flat_map(|e| e.actor.iter().chain(&e.recipient));
    let positions = record.positions.iter().map(|p| &p.actor);
    statements.chain(events).chain(positions).map(String::as_str).collect()
}

/// Refuses an article with more items than an archive can number.
pub(crate) fn refuse_too_many(record: &Record) -> Result<()> {
    let most = [
        record.actors.len(),
        record.times.len(),
        record.places.len(),
        record.statements.len(),
        record.events.len(),
        record.positions.len(),
    ];
    let most = most.into_iter().max().unwrap_or(0);
    if most > MOST_ITEMS {
        return Err(Error::asked(format!(
            "{most} items of one kind are more than one article of an archive may have \
             (2^{ITEM} - 1): cut the text into its articles"
        )));
    }
    Ok(())
}

/// Entities as a column holds them: a number, or some with commas between.
pub(crate) fn listed(entities: &[i64]) -> Value {
    match entities {
        [] => Value::Null,
        [one] => Value::Integer(*one),
        many => {
            let many: Vec<String> = many.iter().map(i64::to_string).collect();
            Value::Text(many.join(","))
        }
    }
}

/// The entities of a column that [`listed`] wrote.
pub(crate) fn unlisted(column: &Value) -> Vec<i64> {
    match column {
        Value::Integer(one) => vec![*one],
        Value::Text(many) => many.split(',').filter_map(|n| n.parse().ok()).collect(),
        _ => Vec::new(),
    }
}

/// The date of an event as its row has it: empty where the days say the same.
fn edtf_of(e: &Event, first: Option<i64>, last: Option<i64>) -> Option<&str> {
    let edtf = e.edtf.as_deref()?;
    let day = first.filter(|day| Some(*day) == last).map(Day::from_number);
    Some(if day.is_some_and(|d| d.to_string() == edtf) { "" } else { edtf })
}

/// The first and the last day on which an event may have been, as numbers.
pub(crate) fn days_of_event(record: &Record, e: &Event) -> (Option<i64>, Option<i64>) {
    match e.edtf.as_deref().map(Day::bounds) {
        Some((first, last)) => (first.map(Day::number), last.map(Day::number)),
        None => {
            let when = e.when.as_ref().and_then(|t| time_of(record, t));
            when.map_or((None, None), days_of)
        }
    }
}

fn time_of<'r>(record: &'r Record, id: &str) -> Option<&'r Time> {
    record.times.get(number_of(id).checked_sub(1)?)
}

fn days_of(t: &Time) -> (Option<i64>, Option<i64>) {
    let day = |d: &Option<String>| d.as_deref().and_then(|d| Day::bounds(d).0);
    (day(&t.earliest).map(Day::number), day(&t.latest).map(Day::number))
}

fn per_cent(share: f32) -> i64 {
    (share * 100.0).round() as i64
}
