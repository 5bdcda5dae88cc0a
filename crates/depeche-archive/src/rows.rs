//! Which rows does a record become? The typed tables, written from it, and taken away again.

use depeche_record::{Actor, Event, Position, Record, Statement, Time};
use rusqlite::types::Value;
use rusqlite::{Transaction, params};
use rustc_hash::FxHashSet;

use crate::columns;
use crate::day::Day;
use crate::entity::{Entities, is_identified};
use crate::error::{Error, Result};
use crate::id::{ArticleId, ITEM, MOST_ITEMS, number_of};
use crate::prepare::content_of;
use crate::write::Words;

/// Roles in statements and events, as numbers of `said` and `did`.
pub(crate) const SPEAKER: i64 = 1;
pub(crate) const ABOUT: i64 = 2;
pub(crate) const ADDRESSEE: i64 = 3;
pub(crate) const ACTOR: i64 = 1;
pub(crate) const RECIPIENT: i64 = 2;

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
        let roots = Vec::new();
        let mut rows = Rows { tx, words, entities, id, record, roots, mentions };
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
        Ok(())
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
        self.said(&speakers, SPEAKER, id)?;
        self.said(&about, ABOUT, id)?;
        self.said(&addressees, ADDRESSEE, id)
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

    fn said(&self, entities: &[i64], role: i64, statement: i64) -> Result<()> {
        let sql = "INSERT INTO said (entity, role, statement, copy) VALUES (?, ?, ?, 0)";
        let mut put = self.tx.prepare_cached(sql)?;
        for entity in entities {
            put.execute([*entity, role, statement])?;
        }
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
        let sql = "INSERT INTO did (entity, role, event, copy) VALUES (?, ?, ?, 0)";
        let mut put = tx.prepare_cached(sql)?;
        for (entities, role) in [(actors, ACTOR), (recipients, RECIPIENT)] {
            for entity in entities {
                put.execute([entity, role, id])?;
            }
        }
        Ok(())
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
        Ok(())
    }
}

/// Takes the rows of an article away, so that they can be written anew.
pub(crate) fn remove(tx: &Transaction<'_>, id: ArticleId) -> Result<()> {
    let bounds = [id.item(0), id.end_of_items()];
    for (items, columns, table, name) in [
        ("statement", "speakers, about, addressees", "said", "statement"),
        ("event", "actors, recipients, NULL", "did", "event"),
    ] {
        let sql = format!("SELECT id, {columns} FROM {items} WHERE id >= ? AND id < ?");
        let mut ask = tx.prepare_cached(&sql)?;
        let mut rows = ask.query(bounds)?;
        let sql = format!(
            "DELETE FROM {table} WHERE entity = ? AND role BETWEEN 1 AND 3 AND {name} = ?"
        );
        let mut delete = tx.prepare_cached(&sql)?;
        while let Some(row) = rows.next()? {
            let item: i64 = row.get(0)?;
            for column in 1..=3 {
                for entity in unlisted(&row.get(column)?) {
                    delete.execute([entity, item])?;
                }
            }
        }
    }
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
