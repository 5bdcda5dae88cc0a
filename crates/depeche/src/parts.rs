//! How is a text read that is longer than any article? In parts.
//!
//! Whom a word stands for, and who says what, is told by looking back and forth over the
//! text: work that grows with the square of its length. An article is one part. A longer
//! text is cut at the ends of sentences and each part is read by itself, so that the whole
//! takes time in proportion to its length, whatever it holds.

use std::collections::BTreeMap;
use std::ops::Range;

use depeche_extract::actor::{Actor, Mention};
use depeche_extract::event::{Event, Filler};
use depeche_extract::position::Position;
use depeche_extract::statement::{Circumstance, Statement};
use depeche_extract::{Block, Layout, Tree};
use depeche_text::Quotation;
use depeche_text::syntax::Syntax;
use depeche_time::Timex;

use crate::Analysis;

/// The longest part, in tokens: a long report in a weekly.
const LONGEST: usize = 8192;

/// The parts of a text, as ranges of tokens: whole sentences, as many as fit.
pub(crate) fn parts(sentences: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    for sentence in sentences {
        match parts.last_mut() {
            Some(part) if sentence.end - part.start <= LONGEST => part.end = sentence.end,
            _ => parts.push(sentence.clone()),
        }
    }
    parts
}

/// What two ranges share, counted from the start of the first; `None` when that is nothing.
fn within(part: &Range<usize>, tokens: &Range<usize>) -> Option<Range<usize>> {
    let start = tokens.start.max(part.start);
    let end = tokens.end.min(part.end);
    (start < end).then(|| start - part.start..end - part.start)
}

/// Moves a range from a part to where it stands in the whole.
fn shift(tokens: &mut Range<usize>, by: usize) {
    tokens.start += by;
    tokens.end += by;
}

impl<'a> Analysis<'a> {
    /// The layers over one part, counted from its start: what is not read from a part alone.
    pub(crate) fn part(&self, part: &Range<usize>) -> Analysis<'a> {
        let base = part.start as u32;
        let sentences = self.sentences.iter();
        let blocks = self.layout.blocks.iter();
        let syntax = Syntax {
            morph: self.syntax.morph[part.clone()].to_vec(),
            head: self.syntax.head[part.clone()]
                .iter()
                .map(|head| head.map(|h| h - base))
                .collect(),
            deprel: self.syntax.deprel[part.clone()].to_vec(),
        };
        Analysis {
            language: self.language,
            document: self.document,
            dct: self.dct.clone(),
            tokens: self.tokens[part.clone()].to_vec(),
            sentences: sentences.filter_map(|s| within(part, s)).collect(),
            words: self.words.part(part),
            tree: Tree::new(&syntax),
            syntax,
            quotes: self.quotes.iter().filter_map(|q| quotation(part, q)).collect(),
            layout: Layout {
                blocks: blocks
                    .filter_map(|b| {
                        Some(Block { kind: b.kind, tokens: within(part, &b.tokens)? })
                    })
                    .collect(),
                ..Layout::default()
            },
            times: self.times[self.times_of(part)]
                .iter()
                .filter_map(|t| {
                    Some(Timex { tokens: within(part, &t.tokens)?, ..t.clone() })
                })
                .collect(),
            actors: Vec::new(),
            statements: Vec::new(),
            speakers: Vec::new(),
            rivals: Vec::new(),
            circumstances: Vec::new(),
            events: Vec::new(),
            positions: Vec::new(),
            places: Vec::new(),
            not_places: Vec::new(),
            sites: Vec::new(),
            venues: Vec::new(),
        }
    }

    /// The time expressions of a part: none reaches over the end of its sentence.
    fn times_of(&self, part: &Range<usize>) -> Range<usize> {
        let before =
            |token: usize| self.times.partition_point(|t| t.tokens.start < token);
        before(part.start)..before(part.end)
    }

    /// Takes over what was read from a part. Actors that go by the same name are one.
    pub(crate) fn take(
        &mut self,
        part: &Range<usize>,
        read: Analysis<'_>,
        known: &mut BTreeMap<String, usize>,
    ) {
        let Analysis {
            actors,
            statements,
            speakers,
            rivals,
            circumstances,
            events,
            positions,
            ..
        } = read;
        let base = part.start;
        let first_time = self.times_of(part).start;
        let first_statement = self.statements.len();
        let first_event = self.events.len();
        let places: Vec<usize> =
            actors.into_iter().map(|actor| self.actor(base, actor, known)).collect();
        self.statements.extend(statements.into_iter().map(|mut s| {
            for tokens in &mut s.content {
                shift(tokens, base);
            }
            if let Some(cue) = &mut s.cue {
                shift(&mut cue.tokens, base);
                cue.head += base;
            }
            if let Some((tokens, head)) = &mut s.speaker {
                shift(tokens, base);
                *head += base;
            }
            let nested_in = s.nested_in.map(|n| n + first_statement);
            Statement { nested_in, ..s }
        }));
        self.speakers.extend(speakers.into_iter().map(|list| {
            list.into_iter().map(|(actor, via)| (places[actor], via)).collect()
        }));
        self.positions.extend(positions.into_iter().map(|mut p| {
            for tokens in [&mut p.holder, &mut p.trigger, &mut p.object] {
                shift(tokens, base);
            }
            for tokens in &mut p.strength {
                shift(tokens, base);
            }
            Position {
                actor: places[p.actor],
                head: p.head + base,
                event: p.event.map(|n| n + first_event),
                statement: p.statement.map(|n| n + first_statement),
                ..p
            }
        }));
        let whole = |actors: Vec<usize>| actors.into_iter().map(|a| places[a]).collect();
        self.rivals.extend(rivals.into_iter().map(whole));
        self.circumstances.extend(circumstances.into_iter().map(|c| Circumstance {
            said_at: c.said_at.map(|n| n + first_time),
            addressee: whole(c.addressee),
            about: whole(c.about),
            behalf: whole(c.behalf),
            ..c
        }));
        self.events.extend(events.into_iter().map(|mut e| {
            for tokens in &mut e.mentions {
                shift(tokens, base);
            }
            let roles = e.roles.into_iter().map(|mut filler| {
                shift(&mut filler.tokens, base);
                Filler { actors: whole(filler.actors), ..filler }
            });
            Event {
                roles: roles.collect(),
                head: e.head + base,
                actor: whole(e.actor),
                recipient: whole(e.recipient),
                when: e.when.map(|n| n + first_time),
                source: e.source.map(|n| n + first_statement),
                ..e
            }
        }));
    }

    /// The place of an actor of a part among those of the whole.
    fn actor(
        &mut self,
        base: usize,
        mut actor: Actor,
        known: &mut BTreeMap<String, usize>,
    ) -> usize {
        for Mention { tokens, head, .. } in &mut actor.mentions {
            shift(tokens, base);
            *head += base;
        }
        let next = self.actors.len();
        let place = match actor.identity() {
            Some(identity) => *known.entry(identity.to_owned()).or_insert(next),
            None => next,
        };
        match self.actors.get_mut(place) {
            Some(old) => old.mentions.append(&mut actor.mentions),
            None => self.actors.push(actor),
        }
        place
    }
}

/// A quotation as far as it lies in a part.
fn quotation(part: &Range<usize>, quote: &Quotation) -> Option<Quotation> {
    let inside = within(part, &quote.inside)?;
    let outside = within(part, &quote.outside)?;
    let whole = outside.len() == quote.outside.len();
    Some(Quotation { inside, outside, closed: quote.closed && whole, ..quote.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_whole_sentences_without_a_hole() {
        let sentences: Vec<Range<usize>> =
            (0..1000).map(|n| n * 100..(n + 1) * 100).collect();
        let parts = parts(&sentences);
        assert_eq!(parts.first().map(|p| p.start), Some(0));
        assert_eq!(parts.last().map(|p| p.end), Some(100_000));
        assert!(parts.windows(2).all(|w| w[0].end == w[1].start));
        assert!(parts.iter().all(|p| p.len() <= LONGEST && p.len() % 100 == 0));
    }
}
