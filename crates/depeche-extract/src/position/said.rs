//! What is said around a stance? Statements and events near its words, found without a walk over
//! all of them.

use std::ops::Range;

use depeche_record::StatementKind;
use depeche_text::syntax::Deprel;

use super::complement::Object;
use super::{Finder, Found};
use crate::statement::Statement;

/// Where statements and events stand.
#[derive(Clone, Debug)]
pub(super) struct Index {
    /// The head of each cue, with its statement, in order.
    cues: Vec<(usize, usize)>,
    /// The start and end of each mention of an event, with its event, in order.
    mentions: Vec<(usize, usize, usize)>,
}

impl Index {
    pub(super) fn new(found: &Found<'_>) -> Index {
        let cues = found.statements.iter().enumerate();
        let cues = cues.filter(|(_, s)| s.kind != StatementKind::Scare);
        let mut cues: Vec<(usize, usize)> =
            cues.filter_map(|(n, s)| Some((s.cue.as_ref()?.head, n))).collect();
        cues.sort_unstable();
        let events = found.happened.iter().enumerate();
        let mut mentions: Vec<(usize, usize, usize)> = events
            .flat_map(|(n, e)| e.mentions.iter().map(move |m| (m.start, m.end, n)))
            .collect();
        mentions.sort_unstable();
        Index { cues, mentions }
    }
}

/// How many statements may begin between the start of one and a word of it.
const DEEP: usize = 64;
/// How far behind a trigger its sentence is followed, in tokens.
const FAR: usize = 200;

impl Finder<'_> {
    /// The event that an object is: the one on its head, or the first inside.
    pub(super) fn event_in(&self, object: &Range<usize>, head: usize) -> Option<usize> {
        let mentions = &self.index.mentions;
        let from = mentions.partition_point(|m| m.0 < object.start);
        let inside = || {
            let within = mentions[from..].iter().take_while(|m| m.0 < object.end);
            within.filter(|m| m.1 <= object.end)
        };
        let on_head = inside().find(|m| m.0 <= head && head < m.1);
        on_head.or_else(|| inside().next()).map(|m| m.2)
    }

    /// Whether the words are asked, not said. What a relative clause tells is not asked.
    pub(super) fn asks(&self, head: usize) -> bool {
        let l = self.l;
        let mut node = head;
        for _ in 0..4 {
            if l.deprel(node) == Deprel::AclRelcl {
                return false;
            }
            let Some(governor) = l.head(node) else { break };
            node = governor;
        }
        let end = l.sentence(head).end.min(head + FAR);
        let stop = (head..end).find(|&t| matches!(l.word(t), "." | "!" | "?" | "…"));
        stop.is_some_and(|t| l.word(t) == "?")
    }

    /// The smallest statement that holds a trigger, or the one that it introduces.
    pub(super) fn statement_of(&self, trigger: &Range<usize>) -> Option<usize> {
        let statements = self.found.statements;
        let size =
            |n: usize| statements[n].content.iter().map(|r| r.len()).sum::<usize>();
        let until = statements.partition_point(|s| s.content[0].start <= trigger.start);
        (0..until)
            .rev()
            .take(DEEP)
            .filter(|&n| {
                statements[n].kind != StatementKind::Scare && self.says(n, trigger)
            })
            .min_by_key(|&n| (size(n), n))
            .or_else(|| Some(self.introduced(trigger)?.0))
    }

    /// Whether a statement has a trigger in its words.
    pub(super) fn says(&self, n: usize, trigger: &Range<usize>) -> bool {
        let content = &self.found.statements[n].content;
        content.iter().any(|r| r.start <= trigger.start && trigger.end <= r.end)
    }

    /// The statement whose cue is in a trigger.
    pub(super) fn introduced(
        &self,
        trigger: &Range<usize>,
    ) -> Option<(usize, &Statement)> {
        let from = self.index.cues.partition_point(|c| c.0 < trigger.start);
        let &(_, n) = self.index.cues.get(from).filter(|c| c.0 < trigger.end)?;
        Some((n, &self.found.statements[n]))
    }

    /// What a trigger that introduces speech says, when the tree does not tie it to the
    /// trigger.
    pub(super) fn said_object(&self, trigger: &Range<usize>) -> Option<Object> {
        let (_, said) = self.introduced(trigger)?;
        if !matches!(said.kind, StatementKind::Indirect | StatementKind::Mixed) {
            return None;
        }
        let tokens = said.content[0].start..said.content[said.content.len() - 1].end;
        let head = self.l.head_of(&tokens);
        let negated = self.found.events.factuality.negated(self.l, head);
        Some(Object { tokens, head, negated, none: false, doubt: 0.1 })
    }

    /// « …, regrette une militante »: who speaks behind the trigger is no object.
    pub(super) fn is_speaker(&self, object: &Object, trigger: &Range<usize>) -> bool {
        let speaker = self.introduced(trigger).and_then(|(_, s)| s.speaker.as_ref());
        speaker.is_some_and(|(words, _)| words.contains(&object.head))
    }

    /// The speakers of a statement that a trigger introduces: « …, réclament-ils ».
    pub(super) fn introduced_by(
        &self,
        trigger: &Range<usize>,
    ) -> Vec<(usize, Range<usize>)> {
        let Some((n, s)) = self.introduced(trigger) else { return Vec::new() };
        let able = |&&(_, head): &&(Range<usize>, usize)| {
            let named = self.l.antecedent(head).unwrap_or(head);
            self.author(named) == Some(named) && self.can_hold(named)
        };
        let Some((words, _)) = s.speaker.as_ref().filter(able) else { return Vec::new() };
        let vouching = self.found.speakers[n].iter();
        vouching.map(|&(actor, _)| (actor, words.clone())).collect()
    }
}
