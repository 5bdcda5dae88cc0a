//! Where did it happen? The place that the sentence ties to an event, or why there is none.

use std::ops::Range;

use depeche_record::{EventType, Quad};
use depeche_text::Upos;
use depeche_text::syntax::Deprel;

use super::{Evidence, Place, PlaceRules, Refusal};
use crate::event::Event;
use crate::statement::Statement;
use crate::{BlockKind, Layers};

/// The place of an event, and how the text gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The places, by their places in the list: more than one when they are joined.
    pub places: Vec<usize>,
    /// `stated`, or why there is none: `not-stated`, `dateline` (only the dateline names a
    /// place, and that is where it was written), `metonym` (the only place is named for who
    /// acts there), `noun` (only a noun tells it, and not which), `elsewhere` (what the sentence names is not tied to the event).
    pub why: &'static str,
}

/// So many words between an event and what it hangs together with are followed.
const REACH: usize = 5;
/// So many tokens before and behind an event are looked at, however long its sentence is.
const WINDOW: usize = 120;

/// The places of events, one for each of them.
pub fn locate(
    rules: &PlaceRules,
    l: &Layers<'_>,
    events: &[Event],
    statements: &[Statement],
    places: &[Place],
    refused: &[Refusal],
) -> Vec<Site> {
    let happen = events
        .iter()
        .flat_map(|e| e.mentions.iter().map(|m| (l.head_of(m), Some(e.kind))));
    let said = statements
        .iter()
        .filter_map(|s| Some((l.head_of(&s.cue.as_ref()?.tokens), None)));
    let mut heads: Vec<(usize, Option<EventType>)> = happen.chain(said).collect();
    heads.sort_unstable();
    heads.dedup();
    let dateline = places.iter().any(|p| p.evidence == Evidence::Dateline);
    let finder = Finder { rules, l, places, refused, dateline, heads };
    events.iter().map(|e| finder.site(e)).collect()
}

/// The place where words were said: what the cue itself has beside it.
pub fn venue(
    rules: &PlaceRules,
    l: &Layers<'_>,
    statement: &Statement,
    places: &[Place],
) -> Option<usize> {
    let cue = statement.cue.as_ref()?;
    let head = l.head_of(&cue.tokens);
    let sentence = around(l, head);
    let said = |p: &Place| {
        statement.content.iter().any(|c| c.contains(&p.head))
            || statement.speaker.as_ref().is_some_and(|(s, _)| s.contains(&p.head))
    };
    near(places, &sentence)
        .filter(|&n| {
            let from = matches!(places[n].evidence, Evidence::Preposition { token, .. }
                if l.hit(token, rules.speaking_from).is_some());
            !said(&places[n]) && (from || places[n].is_inside(false))
        })
        .filter_map(|n| {
            let own = |t: usize| t == head || cue.tokens.contains(&t);
            Some((steps_to(rules, l, &places[n], None, own)?, n))
        })
        .filter(|(steps, _)| *steps <= 2)
        .min()
        .map(|(_, n)| n)
}

/// The tokens of a sentence that stand around one of them.
fn around(l: &Layers<'_>, head: usize) -> Range<usize> {
    let sentence = l.sentence(head);
    let from = head.saturating_sub(WINDOW).max(sentence.start);
    from..(head + WINDOW).min(sentence.end)
}

/// The places of a stretch of text.
fn near(places: &[Place], tokens: &Range<usize>) -> Range<usize> {
    let from = places.partition_point(|p| p.tokens.start < tokens.start);
    let to = places.partition_point(|p| p.tokens.start < tokens.end);
    from..to
}

impl Place {
    /// Whether something happens there when the words tie the two together.
    fn is_inside(&self, material: bool) -> bool {
        match self.evidence {
            Evidence::Preposition { outward, ground, .. } => {
                !outward && (material || !ground)
            }
            Evidence::Locality(_) | Evidence::Happening(_) | Evidence::Object(_) => true,
            Evidence::Joined(_) => true,
            Evidence::Dateline | Evidence::Label | Evidence::Parent | Evidence::Name => {
                false
            }
        }
    }
}

/// How many words lie between a place and the first governor that is wanted; nothing when a
/// clause ends before. What is done to a body or a building is done where it stands; what is
/// said to somebody or about it is not said there.
fn steps_to(
    rules: &PlaceRules,
    l: &Layers<'_>,
    place: &Place,
    kind: Option<EventType>,
    wanted: impl Fn(usize) -> bool,
) -> Option<usize> {
    let mut node = place.head;
    for steps in 0..REACH {
        let followed = match l.deprel(node) {
            Deprel::Nmod | Deprel::Obl | Deprel::Dep => {
                steps == 0 || transmits(rules, l, node, kind)
            }
            Deprel::Appos | Deprel::Conj | Deprel::Flat | Deprel::Acl | Deprel::Amod => {
                true
            }
            Deprel::Advmod => l.hit(node, rules.during).is_some(),
            Deprel::Obj | Deprel::NsubjPass | Deprel::Nsubj => is_material(kind),
            _ => false,
        };
        if !followed {
            return None;
        }
        node = l.head(node)?;
        if wanted(node) {
            return Some(steps);
        }
        // Another verb has its own place; a participle shares that of its noun.
        let shared = matches!(l.deprel(node), Deprel::Acl | Deprel::Amod);
        if matches!(l.upos(node), Upos::Verb | Upos::Aux) && !shared {
            return None;
        }
    }
    None
}

/// Deeds, not words.
fn is_material(kind: Option<EventType>) -> bool {
    kind.is_some_and(|k| {
        matches!(k.plover().quad, Quad::MaterialCooperation | Quad::MaterialConflict)
    })
}

/// Whether what governs a noun takes place where the noun is: « dans un hôtel de Gao », « lors
/// d'une visite à Gao », « le centre de Gao »; « une attaque contre un hôtel », but no « marche
/// contre la guerre ».
fn transmits(
    rules: &PlaceRules,
    l: &Layers<'_>,
    noun: usize,
    kind: Option<EventType>,
) -> bool {
    let first = l.tree.reach(noun).start.max(noun.saturating_sub(8));
    let starts = |class: Option<depeche_rule::ClassId>| l.hit(first, class);
    if starts(rules.during).is_some() || starts(rules.of).is_some() {
        return true;
    }
    let locative = rules.locative.iter().find_map(|&class| starts(class));
    locative.is_some_and(|hit| {
        let ground = l.value(hit).text() == Some("ground");
        !ground || is_material(kind) && kind != Some(EventType::Protest)
    })
}

struct Finder<'a> {
    rules: &'a PlaceRules,
    l: &'a Layers<'a>,
    places: &'a [Place],
    refused: &'a [Refusal],
    /// Whether the dateline names a place.
    dateline: bool,
    /// The heads of events, with their types, and of cues, sorted: what hangs on one of them
    /// belongs to it.
    heads: Vec<(usize, Option<EventType>)>,
}

impl Finder<'_> {
    fn site(&self, event: &Event) -> Site {
        let stated = event
            .mentions
            .iter()
            .find_map(|m| self.stated(m, event.kind).or_else(|| self.where_clause(m)));
        match stated {
            Some(place) => Site { places: self.joined(place), why: "stated" },
            None => Site { places: Vec::new(), why: self.silence(event) },
        }
    }

    /// The place that hangs together most closely with a trigger.
    fn stated(&self, trigger: &Range<usize>, kind: EventType) -> Option<usize> {
        let l = self.l;
        let head = l.head_of(trigger);
        let hosts = self.hosts(head, kind);
        let twins = self.twins(head, kind);
        let material = is_material(Some(kind));
        let ranked = near(self.places, &around(l, head)).filter_map(|n| {
            let place = &self.places[n];
            // « l'explosion à Paris et cette fusillade »: what stands between is the first's.
            let shared = |t: usize| {
                twins.contains(&t) && !(t < place.head && place.head < head)
            };
            let own = |t: usize| t == head || trigger.contains(&t) || shared(t);
            let apart = place.head.abs_diff(head);
            if matches!(place.evidence, Evidence::Object(verb) | Evidence::Happening(verb) if own(verb)) {
                return Some((0, apart, n));
            }
            if !place.is_inside(material) {
                return None;
            }
            // « signent à Istanbul un accord »
            if trigger.contains(&place.head) {
                return Some((0, apart, n));
            }
            if let Some(steps) = steps_to(self.rules, l, place, Some(kind), own) {
                return self.is_free(place.head, head, kind).then_some((1 + steps, apart, n));
            }
            let host = hosts.iter().position(|&host| {
                steps_to(self.rules, l, place, None, |t| t == host)
                    .is_some_and(|s| s <= 1 && self.is_free(place.head, host, kind))
            })?;
            Some((10 + host, apart, n))
        });
        ranked.min().map(|(_, _, n)| n)
    }

    /// Whether no other event stands between a place and what governs it.
    fn is_free(&self, place: usize, governor: usize, kind: EventType) -> bool {
        let mut node = place;
        for _ in 0..REACH {
            match self.l.head(node) {
                Some(head) if head != governor => node = head,
                _ => return true,
            }
            if self.is_other(node, kind) && !self.frames(node) {
                return false;
            }
        }
        true
    }

    /// « signé lors d'une visite à Rome »: what happens meanwhile happens there.
    fn frames(&self, noun: usize) -> bool {
        let l = self.l;
        let during = |t: usize| l.hit(t, self.rules.during).is_some();
        during(l.tree.reach(noun).start) || l.head(noun).is_some_and(during)
    }

    /// « ont été tuées et blessées dans un attentat à Mogadiscio »: events of one type that are
    /// joined share their place.
    fn twins(&self, head: usize, kind: EventType) -> Vec<usize> {
        let l = self.l;
        let same = |t: &usize| self.heads.binary_search(&(*t, Some(kind))).is_ok();
        let up = l.head(head).filter(|_| l.deprel(head) == Deprel::Conj);
        l.children_by(head, &[Deprel::Conj]).chain(up).filter(same).collect()
    }

    /// Whether a token heads a statement, or an event of another type.
    fn is_other(&self, token: usize, kind: EventType) -> bool {
        let from = self.heads.partition_point(|(t, _)| *t < token);
        let here = self.heads[from..].iter().take_while(|(t, _)| *t == token);
        here.clone().next().is_some() && here.clone().all(|(_, k)| *k != Some(kind))
    }

    /// « au Yémen, où deux camps se battent »: the place that a clause hangs on.
    fn where_clause(&self, trigger: &Range<usize>) -> Option<usize> {
        let l = self.l;
        let mut node = l.head_of(trigger);
        for _ in 0..REACH {
            if l.deprel(node) == Deprel::AclRelcl {
                break;
            }
            node = l.head(node)?;
        }
        let noun = l.head(node).filter(|_| l.deprel(node) == Deprel::AclRelcl)?;
        let clause = l.tree.reach(node);
        let opens = (clause.start..clause.end.min(clause.start + 3))
            .any(|t| l.hit(t, self.rules.where_pronoun).is_some());
        let near = near(self.places, &around(l, noun));
        near.into_iter().find(|&n| opens && self.places[n].tokens.contains(&noun))
    }

    /// The verbs that carry an event, so that what stands beside them stands beside it: « le
    /// sommet s'est tenu à Ryad ». A verb that tells of something else carries nothing.
    fn hosts(&self, head: usize, kind: EventType) -> Vec<usize> {
        let l = self.l;
        // « un sommet qui se tient à Ryad »
        let carries = |&t: &usize| l.hit(t, self.rules.carrier).is_some();
        let mut hosts: Vec<usize> =
            l.children_by(head, &[Deprel::AclRelcl]).filter(carries).collect();
        let mut node = head;
        for _ in 0..REACH {
            let carried = matches!(
                l.deprel(node),
                Deprel::Obj
                    | Deprel::Nsubj
                    | Deprel::NsubjPass
                    | Deprel::Obl
                    | Deprel::Xcomp
                    | Deprel::Conj
            );
            let Some(next) = l.head(node).filter(|_| carried) else { break };
            if self.is_other(next, kind) {
                break;
            }
            if carries(&next) {
                hosts.push(next);
            } else if !matches!(l.deprel(node), Deprel::Xcomp | Deprel::Conj) {
                break;
            }
            node = next;
        }
        hosts
    }

    /// A place and those that are joined to it.
    fn joined(&self, place: usize) -> Vec<usize> {
        let head = self.places[place].head;
        let sentence = around(self.l, head);
        let tied = |&n: &usize| {
            let other = &self.places[n];
            let tied = self.l.deprel(other.head) == Deprel::Conj
                && self.l.head(other.head) == Some(head);
            n == place
                || tied
                || matches!(other.evidence, Evidence::Joined(first) if first == head)
        };
        near(self.places, &sentence).filter(tied).collect()
    }

    /// Why an event has no place.
    fn silence(&self, event: &Event) -> &'static str {
        let l = self.l;
        let sentence = around(l, event.head);
        let from = self.refused.partition_point(|r| r.tokens.start < sentence.start);
        let to = self.refused.partition_point(|r| r.tokens.start < sentence.end);
        let acts = self.refused[from..to].iter().any(|r| {
            matches!(r.why, "acts" | "addressed")
                && l.clause_head(l.head_of(&r.tokens)) == l.clause_head(event.head)
        });
        if !near(self.places, &sentence).is_empty() {
            return "elsewhere";
        }
        if acts {
            return "metonym";
        }
        if self.refused[from..to].iter().any(|r| r.why == "noun") {
            return "noun";
        }
        let lede = l.block_index(event.head).map(|b| l.blocks[b].kind);
        if lede == Some(BlockKind::Lede) && self.dateline {
            "dateline"
        } else {
            "not-stated"
        }
    }
}
