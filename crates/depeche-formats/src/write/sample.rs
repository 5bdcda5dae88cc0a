//! Items drawn for people to code: strata of like size, the same draw for the same seed.

use std::collections::BTreeMap;
use std::io::Write;

use depeche_record::{Event, Position, Record, Statement, StatementKind, Time};
use sha2::{Digest, Sha256};

use super::Entry;
use super::arrow::{name_of, words};
use super::sink::Error;
use super::text::Offsets;

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// Events.
    Events,
    /// Statements, without words in marks that nobody says.
    Statements,
    /// Positions.
    Positions,
    /// Time expressions.
    Times,
}

/// By what it is spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stratum {
    /// PLOVER type, kind of statement, stance, TIMEX3 type.
    Type,
    /// Who published the article.
    Outlet,
    /// Year of publication.
    Year,
    /// Year and month of publication.
    Month,
    /// Language.
    Lang,
    /// FactBank value, of events.
    Factuality,
    /// Class of the cue, of statements.
    Class,
}

/// Draws while articles come: keeps no more than the sample may need of each stratum.
#[derive(Debug)]
pub struct Sampler {
    layer: Layer,
    strata: Vec<Stratum>,
    size: usize,
    seed: u64,
    found: BTreeMap<String, Found>,
}

#[derive(Debug, Default)]
struct Found {
    /// How many items it has.
    count: u64,
    /// Those with the smallest hashes.
    drawn: BTreeMap<[u8; 16], Row>,
}

/// An item as people see it.
#[derive(Debug)]
struct Row {
    article: [String; 6],
    item: String,
    span: (u32, u32),
    words: String,
    sentence: String,
    system: Vec<String>,
}

/// An item that may be drawn.
struct Item<'a> {
    id: &'a str,
    span: (u32, u32),
    words: String,
    kind: String,
    factuality: String,
    class: String,
    system: Vec<String>,
}

impl Layer {
    /// What the system says of an item, by the names of its columns.
    fn system(self) -> &'static [&'static str] {
        match self {
            Layer::Events => {
                &["type", "mode", "actor", "recipient", "date", "place", "factuality"]
            }
            Layer::Statements => &["kind", "speaker", "cue", "class"],
            Layer::Positions => &["actor", "stance", "issue"],
            Layer::Times => &["type", "value", "edtf"],
        }
    }

    /// What people fill in.
    fn asked(self) -> &'static [&'static str] {
        match self {
            Layer::Events => {
                &["is_event", "type", "actor", "recipient", "date", "place", "factuality"]
            }
            Layer::Statements => &["is_statement", "content", "speaker", "kind"],
            Layer::Positions => &["is_position", "actor", "stance", "issue"],
            Layer::Times => &["is_time", "type", "value"],
        }
    }
}

impl Sampler {
    /// Begins a draw of so many items.
    pub fn new(layer: Layer, strata: Vec<Stratum>, size: usize, seed: u64) -> Sampler {
        Sampler { layer, strata, size, seed, found: BTreeMap::new() }
    }

    /// Takes an article. What an earlier one of its dispatch has is no item of its own.
    pub fn add(&mut self, article: Entry<'_>) {
        let record = article.record;
        let offsets = Offsets::new(&record.article.text);
        for item in items(self.layer, record) {
            if article.repeats(item.id) {
                continue;
            }
            let stratum = self.stratum(article, &item);
            let hash = self.hash(record, item.id);
            let found = self.found.entry(stratum).or_default();
            found.count += 1;
            let full = found.drawn.len() >= self.size;
            if full && found.drawn.last_key_value().is_some_and(|(last, _)| *last < hash)
            {
                continue;
            }
            found.drawn.insert(hash, row(record, &offsets, item));
            if full {
                found.drawn.pop_last();
            }
        }
    }

    /// Writes the sample as CSV, in random order; `blind` leaves out what the system says. Returns
    /// how many items it has.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn write(self, blind: bool, out: impl Write) -> Result<usize, Error> {
        let mut csv = csv::Writer::from_writer(out);
        let mut head: Vec<String> = HEAD.map(str::to_owned).to_vec();
        if !blind {
            head.extend(self.layer.system().iter().map(|name| format!("system_{name}")));
        }
        head.push("coder".into());
        head.extend(self.layer.asked().iter().map(|name| format!("coded_{name}")));
        head.push("note".into());
        csv.write_record(&head)?;
        let counts: Vec<usize> = self.found.values().map(|f| f.drawn.len()).collect();
        let shares = shares(&counts, self.size);
        let mut rows = Vec::new();
        for ((stratum, found), share) in self.found.into_iter().zip(shares) {
            let weight = found.count as f64 / share.max(1) as f64;
            let drawn = found.drawn.into_iter().take(share);
            rows.extend(
                drawn
                    .map(|(hash, row)| (hash, stratum.clone(), found.count, weight, row)),
            );
        }
        rows.sort_by_key(|row| row.0);
        let blank = vec![String::new(); self.layer.asked().len() + 2];
        for (n, (_, stratum, count, weight, row)) in rows.iter().enumerate() {
            let mut line = vec![(n + 1).to_string()];
            line.extend(row.article.iter().cloned());
            line.extend([
                row.item.clone(),
                row.span.0.to_string(),
                row.span.1.to_string(),
                stratum.clone(),
                count.to_string(),
                format!("{weight:.4}"),
                row.words.clone(),
                row.sentence.clone(),
            ]);
            if !blind {
                line.extend(row.system.iter().cloned());
            }
            line.extend(blank.iter().cloned());
            csv.write_record(&line)?;
        }
        csv.flush()?;
        Ok(rows.len())
    }

    fn stratum(&self, article: Entry<'_>, item: &Item<'_>) -> String {
        let of = &article.record.article;
        let value = |stratum: &Stratum| match stratum {
            Stratum::Type => item.kind.clone(),
            Stratum::Factuality => item.factuality.clone(),
            Stratum::Class => item.class.clone(),
            Stratum::Outlet => of.outlet.clone().unwrap_or_default(),
            Stratum::Lang => of.lang.clone(),
            Stratum::Month => article.month().to_string(),
            Stratum::Year => {
                article.month().to_string().split('/').next().unwrap_or_default().into()
            }
        };
        self.strata.iter().map(value).collect::<Vec<_>>().join(" | ")
    }

    /// Where an item stands in the draw: the same wherever its article stands in the input.
    fn hash(&self, record: &Record, item: &str) -> [u8; 16] {
        let article = &record.article;
        let key = article.key.as_deref().unwrap_or_default();
        let outlet = article.outlet.as_deref().unwrap_or_default();
        let seed = self.seed.to_string();
        let name = [&seed, article.id.as_str(), key, outlet, item].join("\u{0}");
        let hash = Sha256::digest(name);
        std::array::from_fn(|n| hash[n])
    }
}

/// The columns that every sample begins with.
const HEAD: [&str; 15] = [
    "number",
    "article_id",
    "article_key",
    "outlet",
    "published",
    "title",
    "url",
    "item",
    "start",
    "end",
    "stratum",
    "stratum_size",
    "weight",
    "words",
    "sentence",
];

/// How many are drawn from each stratum: as many from each, and what a small one lacks from the
/// others.
fn shares(counts: &[usize], size: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..counts.len()).collect();
    order.sort_by_key(|n| (counts[*n], *n));
    let mut shares = vec![0; counts.len()];
    let mut left = size;
    for (done, n) in order.iter().enumerate() {
        let fair = left.div_ceil(counts.len() - done);
        shares[*n] = counts[*n].min(fair).min(left);
        left -= shares[*n];
    }
    shares
}

fn row(record: &Record, offsets: &Offsets<'_>, item: Item<'_>) -> Row {
    let a = &record.article;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let (start, end) = offsets.sentence(record, item.span.0, item.span.1);
    Row {
        article: [
            a.id.clone(),
            text(&a.key),
            text(&a.outlet),
            text(&a.published),
            text(&a.title),
            text(&a.url),
        ],
        item: item.id.to_owned(),
        span: item.span,
        words: item.words,
        sentence: offsets.slice(start, end).to_owned(),
        system: item.system,
    }
}

fn items(layer: Layer, record: &Record) -> Vec<Item<'_>> {
    let told = |s: &&Statement| s.kind != StatementKind::Scare;
    match layer {
        Layer::Events => record.events.iter().map(|e| event(record, e)).collect(),
        Layer::Statements => {
            record.statements.iter().filter(told).map(|s| statement(record, s)).collect()
        }
        Layer::Positions => {
            record.positions.iter().map(|p| position(record, p)).collect()
        }
        Layer::Times => record.times.iter().map(time).collect(),
    }
}

fn names(record: &Record, ids: &[String]) -> String {
    let name =
        |id: &String| record.actors.iter().find(|a| a.id == *id).map(|a| a.name.as_str());
    ids.iter().filter_map(name).collect::<Vec<_>>().join("; ")
}

fn event<'a>(record: &'a Record, e: &'a Event) -> Item<'a> {
    let place =
        e.place.as_ref().and_then(|id| record.places.iter().find(|p| p.id == *id));
    let kind = e.kind.plover().name.to_owned();
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    Item {
        id: &e.id,
        span: e.mentions.first().map_or((0, 0), |m| (m.start, m.end)),
        words: words(&e.mentions[..e.mentions.len().min(1)]).into_owned(),
        factuality: name_of(&e.factuality),
        class: String::new(),
        system: vec![
            kind.clone(),
            text(&e.mode),
            names(record, &e.actor),
            names(record, &e.recipient),
            text(&e.edtf),
            place.map_or_else(String::new, |p| p.name.clone()),
            name_of(&e.factuality),
        ],
        kind,
    }
}

fn statement<'a>(record: &'a Record, s: &'a Statement) -> Item<'a> {
    let start = s.content.iter().map(|c| c.start).min().unwrap_or(0);
    let class = s.cue.as_ref().map_or_else(String::new, |c| name_of(&c.class));
    let cue = s.cue.as_ref().map_or_else(String::new, |c| c.text.clone());
    let speaker = match s.speakers.is_empty() {
        true => s.speaker.as_ref().map_or_else(String::new, |p| p.text.clone()),
        false => names(record, &s.speakers),
    };
    Item {
        id: &s.id,
        span: (start, s.content.iter().map(|c| c.end).max().unwrap_or(start)),
        words: words(&s.content).into_owned(),
        kind: name_of(&s.kind),
        factuality: String::new(),
        system: vec![name_of(&s.kind), speaker, cue, class.clone()],
        class,
    }
}

fn position<'a>(record: &'a Record, p: &'a Position) -> Item<'a> {
    let stance = name_of(&p.stance);
    let actor = names(record, std::slice::from_ref(&p.actor));
    Item {
        id: &p.id,
        span: (p.object.start, p.object.end),
        words: p.object.text.clone(),
        system: vec![actor, stance.clone(), p.issue.clone().unwrap_or_default()],
        kind: stance,
        factuality: String::new(),
        class: String::new(),
    }
}

fn time(t: &Time) -> Item<'_> {
    let kind = name_of(&t.kind);
    Item {
        id: &t.id,
        span: (t.start, t.end),
        words: t.text.clone(),
        system: vec![kind.clone(), t.value.clone(), t.edtf.clone().unwrap_or_default()],
        kind,
        factuality: String::new(),
        class: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strata_get_like_shares_and_small_ones_all() {
        assert_eq!(shares(&[2, 50, 50], 20), [2, 9, 9]);
        assert_eq!(shares(&[1, 1], 9), [1, 1]);
        assert_eq!(shares(&[5, 5, 5], 7).iter().sum::<usize>(), 7);
        assert!(shares(&[], 7).is_empty());
    }
}
