//! What does the margin say of an item? What it is, why, and how it can be corrected.

use std::collections::BTreeMap;

use depeche::Record;
use depeche::record::{Event, Position, Span, Statement, Time};
use serde_json::Value;

use super::labels::Labels;
use super::screen;
use super::segments::Layer;
use super::text::calm;
use crate::query::escape;

/// What the margin says of one item.
#[derive(Clone, Debug)]
pub(crate) struct Card {
    /// `s1`, `e2`.
    pub(crate) id: String,
    /// `statement`, `event`, `position`, `time`.
    pub(crate) sort: &'static str,
    /// Where its words start: it stands beside them.
    pub(crate) start: u32,
    /// Its words, as a reference: `120-186`.
    pub(crate) span: String,
    /// What it is, in a word or two.
    pub(crate) kind: String,
    /// Whose it is, each with the address of the actor's page.
    pub(crate) who: Vec<(String, String)>,
    /// Facts about it.
    pub(crate) facts: Vec<Fact>,
    /// The words it is about.
    pub(crate) words: String,
    /// What decided, one reason after the other.
    pub(crate) why: Vec<String>,
    /// The rule that found it; empty for what a person decided.
    pub(crate) rule: String,
    /// How sure, in per cent.
    pub(crate) confidence: Option<u64>,
    /// The address of its words.
    pub(crate) link: String,
    /// What to paste elsewhere: its words, by whom, from where.
    pub(crate) citation: String,
    /// What it says now that can be corrected.
    pub(crate) fix: Option<Fix>,
}

/// A fact of a card.
#[derive(Clone, Debug)]
pub(crate) struct Fact {
    /// The key of its label.
    pub(crate) label: &'static str,
    pub(crate) value: String,
    /// Where it leads, if anywhere.
    pub(crate) href: Option<String>,
}

/// What can be corrected.
#[derive(Clone, Debug)]
pub(crate) enum Fix {
    /// Of a statement: its speaker, its words, that it is one.
    Statement { speaker: String, words: String },
    /// Of an event: its type, whether it happened, that it is one.
    Event { kind: String, factuality: String },
}

/// What cards of an article are made from.
pub(crate) struct Maker<'a> {
    pub(crate) record: &'a Record,
    pub(crate) labels: &'static Labels,
    /// The reference of the article; none for one that is in no archive.
    pub(crate) reference: Option<&'a str>,
    /// What comes before a path in a citation: `http://localhost:7700`.
    pub(crate) base: &'a str,
    pub(crate) may_write: bool,
}

/// Scheme and all of a label's key for a code.
type Code = Value;

fn code<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(Code::String(code)) => code,
        _ => String::new(),
    }
}

impl Maker<'_> {
    /// Every card, in the order of the text, and the stretches of the text that belong to them.
    pub(crate) fn all(&self) -> (Vec<Card>, Vec<Layer>) {
        let record = self.record;
        let mut cards: Vec<Card> = Vec::new();
        let mut layers = Vec::new();
        for s in &record.statements {
            cards.extend(self.statement(s));
            let content = s.content.iter().map(|c| (c.start, c.end, "said"));
            let cue = s.cue.iter().map(|c| (c.start, c.end, "cue"));
            let who = s.speaker.iter().map(|p| (p.start, p.end, "who"));
            lay(&mut layers, &s.id, content.chain(cue).chain(who));
        }
        for e in &record.events {
            cards.extend(self.event(e));
            lay(&mut layers, &e.id, e.mentions.iter().map(|m| (m.start, m.end, "event")));
        }
        for q in &record.positions {
            cards.push(self.position(q));
            let object = [(q.object.start, q.object.end, "object")];
            lay(&mut layers, &q.id, object.into_iter());
        }
        for t in &record.times {
            cards.push(self.time(t));
            lay(&mut layers, &t.id, [(t.start, t.end, "date")].into_iter());
        }
        layers.retain(|l| l.start < l.end);
        layers.sort_by(|a, b| (a.start, b.end, &a.item).cmp(&(b.start, a.end, &b.item)));
        cards.sort_by_key(|c| c.start);
        (cards, layers)
    }

    fn term(&self, family: &str, code: &str) -> String {
        self.labels.term(family, code).to_owned()
    }

    fn name(&self, id: &str) -> Option<(String, String)> {
        let actor = self.record.actors.iter().find(|a| a.id == id)?;
        let name = calm(&actor.name);
        Some((name.clone(), screen::actor(&name)))
    }

    fn names(&self, ids: &[String]) -> Vec<(String, String)> {
        ids.iter().filter_map(|id| self.name(id)).collect()
    }

    fn blank(
        &self,
        id: &str,
        sort: &'static str,
        spans: &[(u32, u32)],
        words: String,
    ) -> Card {
        let start = spans.iter().map(|s| s.0).min().unwrap_or(0);
        let end = spans.iter().map(|s| s.1).max().unwrap_or(start);
        Card {
            id: id.to_owned(),
            sort,
            start,
            span: format!("{start}-{end}"),
            kind: String::new(),
            who: Vec::new(),
            facts: Vec::new(),
            why: Vec::new(),
            rule: String::new(),
            confidence: None,
            link: self.link(start, end, &words),
            words,
            citation: String::new(),
            fix: None,
        }
    }

    /// The address of a stretch: its characters, and its words for browsers that light them.
    fn link(&self, start: u32, end: u32, words: &str) -> String {
        match self.reference {
            Some(reference) => {
                format!("/article/{reference}:{start}-{end}#passage{}", fragment(words))
            }
            None => format!("#w{start}"),
        }
    }

    fn statement(&self, s: &Statement) -> Option<Card> {
        let words = joined(&s.content);
        let mut card = self.blank(&s.id, "statement", &spans(&s.content), words);
        if s.content.is_empty() {
            return None;
        }
        card.kind = self.term("kind", &code(&s.kind));
        card.who = self.names(&s.speakers);
        if let Some(speaker) = &s.speaker {
            card.fact("fact.speaker_words", calm(&speaker.text), None);
            if let Some(via) = &speaker.via {
                card.why.push(self.term("via", via));
            }
            for (name, href) in self.names(&speaker.candidates) {
                card.fact("fact.or", name, Some(href));
            }
            for (name, href) in self.names(&speaker.behalf) {
                card.fact("fact.behalf", name, Some(href));
            }
        }
        if let Some(cue) = &s.cue {
            let class = self.term("class", &code(&cue.class));
            card.fact("fact.cue", format!("{} ({class})", calm(&cue.text)), None);
        }
        for (name, href) in self.names(&s.addressee) {
            card.fact("fact.addressee", name, Some(href));
        }
        for (name, href) in self.names(&s.about) {
            card.fact("fact.about", name, Some(href));
        }
        self.when(&mut card, "fact.said_at", s.said_at.as_deref());
        self.place(&mut card, "fact.venue", s.venue.as_deref());
        if let Some(outer) = &s.nested_in {
            card.fact("fact.nested", outer.clone(), Some(format!("#{outer}")));
        }
        card.rule.clone_from(&s.rule);
        card.confidence = Some(percent(s.confidence));
        let direct = matches!(code(&s.kind).as_str(), "direct" | "scare");
        card.citation = self.citation(&card, direct);
        card.fix = self.may_write.then(|| Fix::Statement {
            speaker: card.who.first().map(|(name, _)| name.clone()).unwrap_or_default(),
            words: s.content.first().map(|c| c.text.clone()).unwrap_or_default(),
        });
        Some(card)
    }

    fn event(&self, e: &Event) -> Option<Card> {
        let words = joined(&e.mentions);
        let first = e.mentions.first()?;
        let mut card = self.blank(&e.id, "event", &[(first.start, first.end)], words);
        let kind = e.kind.plover().name;
        card.kind = self.term("event", kind);
        if let Some(mode) = &e.mode {
            card.kind = format!("{} · {}", card.kind, self.term("mode", mode));
        }
        card.who = self.names(&e.actor);
        for (name, href) in self.names(&e.recipient) {
            let label = if e.reciprocal { "fact.with" } else { "fact.recipient" };
            card.fact(label, name, Some(href));
        }
        let factuality = code(&e.factuality);
        card.fact("fact.factuality", self.term("factuality", &factuality), None);
        for aux in &e.aux {
            card.fact("fact.aux", self.term("aux", aux), None);
        }
        match &e.edtf {
            Some(edtf) => {
                let href = e.when.as_ref().map(|t| format!("#{t}"));
                card.fact("fact.when", self.labels.date(edtf), href);
            }
            None => card.fact("fact.when", self.labels.say("date.none").to_owned(), None),
        }
        match &e.place {
            Some(_) => self.place(&mut card, "fact.where", e.place.as_deref()),
            None => card.fact("fact.where", self.term("where_why", &e.where_why), None),
        }
        if let Some(source) = &e.source_statement {
            card.fact("fact.source", source.clone(), Some(format!("#{source}")));
        }
        let cameo =
            e.cameo.as_deref().map(|c| format!(" · CAMEO {c}")).unwrap_or_default();
        card.fact("fact.code", format!("PLOVER {kind}{cameo}"), None);
        card.rule.clone_from(&e.rule);
        card.confidence = Some(percent(e.confidence));
        card.citation = self.citation(&card, false);
        card.fix =
            self.may_write.then(|| Fix::Event { kind: kind.to_owned(), factuality });
        Some(card)
    }

    fn position(&self, q: &Position) -> Card {
        let spans = [(q.object.start, q.object.end)];
        let mut card = self.blank(&q.id, "position", &spans, q.object.text.clone());
        card.kind = self.term("stance", &code(&q.stance));
        card.who = self.name(&q.actor).into_iter().collect();
        if let Some(issue) = &q.issue {
            let href = format!("/matrix?issue={}", escape(issue));
            card.fact("fact.issue", issue.clone(), Some(href));
        }
        if let Some(statement) = &q.statement {
            card.fact("fact.source", statement.clone(), Some(format!("#{statement}")));
        }
        let strength: Vec<String> = q.strength.iter().map(|s| calm(&s.text)).collect();
        if !strength.is_empty() {
            card.fact("fact.strength", strength.join(", "), None);
        }
        card.rule.clone_from(&q.rule);
        card.confidence = Some(percent(q.confidence));
        card.citation = self.citation(&card, false);
        card
    }

    fn time(&self, t: &Time) -> Card {
        let mut card = self.blank(&t.id, "time", &[(t.start, t.end)], t.text.clone());
        card.kind = match &t.edtf {
            Some(edtf) => self.labels.date(edtf),
            None => self.term("time", &code(&t.kind)),
        };
        card.fact("fact.value", t.value.clone(), None);
        if let Some(edtf) = t.edtf.as_ref().filter(|e| **e != t.value) {
            card.fact("fact.edtf", edtf.clone(), None);
        }
        card.fact("fact.anchor", self.term("anchor", &t.anchor), None);
        card.why.push(t.why.clone());
        card.rule.clone_from(&t.rule);
        card
    }

    fn when(&self, card: &mut Card, label: &'static str, id: Option<&str>) {
        let time = id.and_then(|id| self.record.times.iter().find(|t| t.id == id));
        if let Some(time) = time {
            let date = time.edtf.as_deref().map(|e| self.labels.date(e));
            let value = date.unwrap_or_else(|| calm(&time.text));
            card.fact(label, value, Some(format!("#{}", time.id)));
        }
    }

    fn place(&self, card: &mut Card, label: &'static str, id: Option<&str>) {
        let place = id.and_then(|id| self.record.places.iter().find(|p| p.id == id));
        if let Some(place) = place {
            let mut value = calm(&place.name);
            if place.disputed {
                value = format!("{value} ({})", self.labels.say("fact.disputed"));
            }
            card.fact(label, value, None);
        }
    }

    fn citation(&self, card: &Card, direct: bool) -> String {
        let article = &self.record.article;
        let who: Vec<&str> = card.who.iter().map(|(name, _)| name.as_str()).collect();
        let who = match who.is_empty() {
            true => self.labels.say("cite.nobody").to_owned(),
            false => who.join(", "),
        };
        let key = if direct { "cite.direct" } else { "cite.indirect" };
        let outlet = article.outlet.as_deref().map(calm);
        let date = article.published.as_deref().map(|d| self.labels.date(d));
        let from: Vec<String> = outlet.into_iter().chain(date).collect();
        let address = match (self.reference, &article.url) {
            (Some(_), _) => format!("{}{}", self.base, card.link),
            (None, Some(url)) => url.clone(),
            (None, None) => String::new(),
        };
        // All at once: what one of them holds is not looked at again.
        let values = BTreeMap::from([
            ("words", calm(&card.words)),
            ("who", who),
            ("from", from.join(", ")),
            ("link", address),
        ]);
        fill(self.labels.say(key), &values)
    }
}

/// A text with values in place of their names: `{who}`.
fn fill(text: &str, values: &BTreeMap<&str, String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, after)) = after.split_once('}') else { break };
        out.push_str(values.get(name).map_or("", String::as_str));
        rest = after;
    }
    out.push_str(rest);
    out.trim().to_owned()
}

impl Card {
    fn fact(&mut self, label: &'static str, value: String, href: Option<String>) {
        self.facts.push(Fact { label, value, href });
    }

    /// Whether it is a date, of which the page shows less.
    pub(crate) fn is_time(&self) -> bool {
        self.sort == "time"
    }
}

fn lay(
    layers: &mut Vec<Layer>,
    item: &str,
    spans: impl Iterator<Item = (u32, u32, &'static str)>,
) {
    layers.extend(spans.map(|(start, end, class)| Layer {
        start,
        end,
        class,
        item: item.to_owned(),
    }));
}

fn spans(spans: &[Span]) -> Vec<(u32, u32)> {
    spans.iter().map(|s| (s.start, s.end)).collect()
}

fn joined(spans: &[Span]) -> String {
    let words: Vec<&str> = spans.iter().map(|s| s.text.as_str()).collect();
    words.join(" […] ")
}

fn percent(confidence: f32) -> u64 {
    (f64::from(confidence) * 100.0).round() as u64
}

/// A text fragment, which a browser scrolls to and lights: the words, or the first and the last
/// of many.
fn fragment(words: &str) -> String {
    const WHOLE: usize = 12;
    const ENDS: usize = 5;
    // Words that were interrupted do not stand in the text as they are.
    if words.contains(" […] ") {
        return String::new();
    }
    let all: Vec<&str> = words.split_whitespace().collect();
    let part = |words: &[&str]| escape(&words.join(" ")).replace('-', "%2D");
    match all.len() {
        0 => String::new(),
        n if n <= WHOLE => format!(":~:text={}", part(&all)),
        n => format!(":~:text={},{}", part(&all[..ENDS]), part(&all[n - ENDS..])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fragment_names_words() {
        assert_eq!(fragment("peut-être, oui"), ":~:text=peut%2D%C3%AAtre%2C%20oui");
        let long = "un deux trois quatre cinq six sept huit neuf dix onze douze treize";
        assert_eq!(
            fragment(long),
            ":~:text=un%20deux%20trois%20quatre%20cinq,neuf%20dix%20onze%20douze%20treize"
        );
        assert_eq!(fragment("a […] b"), "");
    }

    #[test]
    fn values_are_not_read_as_names() {
        let values =
            BTreeMap::from([("who", "{words}".to_owned()), ("words", "x".to_owned())]);
        assert_eq!(fill("« {words} », {who}. {link}", &values), "« x », {words}.");
    }
}
