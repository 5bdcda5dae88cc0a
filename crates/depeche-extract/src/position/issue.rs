//! Which issue is it? One key for the same thing in other words: `deploy/forces/NATO/UKR`.
//!
//! A key names, in this order, what is done, what it is done to or with, the bodies and the
//! states (ISO 3166-1 alpha-3) that are named. Within a kind the parts stand in the order of
//! the alphabet, so that the order of words does not matter.

use std::ops::Range;

use depeche_rule::{ClassId, Pack, Value};
use depeche_text::Upos;
use depeche_text::syntax::Deprel;

use super::Position;
use crate::Layers;

/// Word classes that issues are told by.
#[derive(Clone, Copy, Debug)]
pub(super) struct IssueRules {
    act: Option<ClassId>,
    thing: Option<ClassId>,
    body: Option<ClassId>,
    /// What opens an aside: « même sous un autre drapeau ».
    aside: Option<ClassId>,
    /// Names and adjectives of states.
    states: [Option<ClassId>; 3],
    demonstrative: Option<ClassId>,
}

/// The most parts of a kind that a key names: a longer list is no issue but a programme.
const PARTS: usize = 3;

impl IssueRules {
    pub(super) fn new(pack: &Pack) -> IssueRules {
        IssueRules {
            act: pack.class("issue-act"),
            thing: pack.class("issue-thing"),
            body: pack.class("issue-body"),
            aside: pack.class("issue-aside"),
            states: [pack.class("state"), pack.class("demonym"), pack.class("capital")],
            demonstrative: pack.class("demonstrative"),
        }
    }

    /// Whether a word names what issues are about.
    pub(super) fn is_thing(&self, l: &Layers<'_>, token: usize) -> bool {
        l.hit(token, self.thing).is_some()
    }

    /// The key of some words; nothing, when neither an act nor a thing is known in them.
    pub(super) fn key(
        &self,
        l: &Layers<'_>,
        object: &Range<usize>,
        head: usize,
    ) -> Option<String> {
        let counted: Vec<usize> = self.counted(l, object);
        let acts = self.texts(l, &counted, self.act);
        let mut things = self.texts(l, &counted, self.thing);
        // The act on the head, else the first.
        let act =
            acts.iter().find(|(t, _)| *t == head).or(acts.first()).map(|(_, id)| *id);
        // « la levée des sanctions » lifts sanctions; a further act is what it is done to.
        if things.is_empty() {
            things = acts.iter().filter(|(_, id)| Some(*id) != act).copied().collect();
        }
        if act.is_none() && things.is_empty() {
            return None;
        }
        let bodies = self.texts(l, &counted, self.body);
        let states = self.countries(l, &counted);
        let parts: Vec<&str> = act
            .into_iter()
            .chain(ordered(things))
            .chain(ordered(bodies))
            .chain(ordered(states))
            .collect();
        Some(parts.join("/"))
    }

    /// The tokens of an object that count: asides do not.
    fn counted(&self, l: &Layers<'_>, object: &Range<usize>) -> Vec<usize> {
        let mut counted = Vec::new();
        let mut aside_until = object.start;
        for token in object.clone() {
            if token >= aside_until && l.hit(token, self.aside).is_some() {
                let governor = l.head(token).filter(|h| object.contains(h) && *h > token);
                let reach = governor.map_or(token + 1, |g| l.tree.reach(g).end);
                aside_until = reach.min(object.end);
            }
            if token >= aside_until {
                counted.push(token);
            }
        }
        counted
    }

    fn texts<'l>(
        &self,
        l: &Layers<'l>,
        tokens: &[usize],
        class: Option<ClassId>,
    ) -> Vec<(usize, &'l str)> {
        let text = |&t: &usize| Some((t, l.value(l.hit(t, class)?).text()?));
        tokens.iter().filter_map(text).collect()
    }

    fn countries<'l>(&self, l: &Layers<'l>, tokens: &[usize]) -> Vec<(usize, &'l str)> {
        let country = |&t: &usize| {
            let hit = self.states.iter().find_map(|&class| l.hit(t, class))?;
            // « Bruxelles » stands for the Union more often than for Belgium.
            let other = l.value(hit).get("org").is_some();
            let country = l.value(hit).get("country").and_then(Value::text)?;
            (!other).then_some((t, country))
        };
        tokens.iter().filter_map(country).collect()
    }

    /// « ce déploiement »: a key that names nobody is that of the last position which it is a
    /// part of, when the words point back.
    pub(super) fn complete(&self, l: &Layers<'_>, positions: &mut [Position]) {
        for n in 1..positions.len() {
            let points_back = self.points_back(l, &positions[n]);
            let Some(short) =
                positions[n].issue.clone().filter(|k| points_back && is_short(k))
            else {
                continue;
            };
            let holds =
                |key: &String| short.split('/').all(|p| key.split('/').any(|q| p == q));
            let earlier =
                positions[..n].iter().rev().take(12).filter_map(|p| p.issue.clone());
            let whole = earlier.into_iter().find(|key| !is_short(key) && holds(key));
            if let Some(whole) = whole {
                positions[n].issue = Some(whole);
            }
        }
    }

    fn points_back(&self, l: &Layers<'_>, position: &Position) -> bool {
        let first = position.object.start;
        let demonstrative = l.hit(first, self.demonstrative).is_some();
        let noun = l.upos(position.head) == Upos::Noun && l.deprel(first) == Deprel::Det;
        demonstrative || noun && position.object.len() <= 2
    }
}

/// Whether a key names no body and no state: those are written in capitals.
fn is_short(key: &str) -> bool {
    !key.split('/').any(|part| part.starts_with(|c: char| c.is_ascii_uppercase()))
}

fn ordered(mut parts: Vec<(usize, &str)>) -> impl Iterator<Item = &str> {
    parts.sort_by_key(|&(_, id)| id);
    parts.dedup_by_key(|&mut (_, id)| id);
    parts.into_iter().map(|(_, id)| id).take(PARTS)
}
