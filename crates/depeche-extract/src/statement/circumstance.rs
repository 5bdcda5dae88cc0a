//! When was it said, to whom, and about whom? What stands around a cue, outside of what was said.
//!
//! Which words lead there is data: the `[[circumstance]]` entries of a language.

use std::ops::Range;

use depeche_record::{ActorKind, CueClass};
use depeche_rule::{ClassId, Entry, Pack};
use depeche_text::syntax::Deprel;
use depeche_text::{Upos, VerbForm};
use depeche_time::{Dct, Timex, TimexType};

use super::cue::class_of;
use super::{Cue, Statement};
use crate::Layers;
use crate::actor::{ActorRules, Cast};

/// How many words before and behind a cue are looked at.
const WINDOW: usize = 40;
/// How many mentions of a speaker are looked at for the title.
const MENTIONS: usize = 20;
/// How many dependencies may lie between a word and its cue.
const STEPS: usize = 5;

/// When something was said, to whom and about whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Circumstance {
    /// The time expression, by its place in the list.
    pub said_at: Option<usize>,
    /// To whom: actors.
    pub addressee: Vec<usize>,
    /// About whom: actors.
    pub about: Vec<usize>,
    /// In whose name: actors whose spokesperson says it.
    pub behalf: Vec<usize>,
    /// The entries of the pack that led there.
    pub entries: Vec<usize>,
}

/// What an entry tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gives {
    SaidAt,
    Addressee,
    About,
    Behalf,
}

/// By which way words hang on their cue.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Way {
    /// What the cue acts on, whichever voice it has.
    Object,
    /// A time expression.
    Time,
    /// The pronoun that leans on the cue: « lui a répondu ».
    Clitic,
    /// Whom the title of the speaker names: « son porte-parole », « le porte-parole de X ».
    Title,
    /// The noun behind a preposition, by the value that the language gives it.
    Behind(String),
}

/// One `[[circumstance]]`.
#[derive(Clone, Debug)]
struct Rule {
    entry: usize,
    gives: Gives,
    ways: Vec<Way>,
    /// Cues of these words only.
    of: Option<ClassId>,
    /// Cues of these classes only.
    cues: Vec<CueClass>,
    /// Actors of these kinds only.
    kinds: Vec<ActorKind>,
    /// Words between the cue and the noun: « dans un communiqué publié mardi ».
    through: Option<ClassId>,
    /// Words that do not fill it.
    except: Option<ClassId>,
    /// Whether the words may hang on the speaker too: « a déclaré la reine devant le Parlement ».
    beside_speaker: bool,
}

/// The circumstances that a language tells apart, ready to run.
#[derive(Clone, Debug)]
pub struct CircumstanceRules {
    rules: Vec<Rule>,
    preposition: Option<ClassId>,
    listener: Option<ClassId>,
    bound: Option<ClassId>,
}

impl CircumstanceRules {
    /// The circumstances of a pack.
    ///
    /// # Errors
    ///
    /// The id of an entry with a field that means nothing, and which.
    pub fn new(pack: &Pack) -> Result<CircumstanceRules, String> {
        let entries = pack.entries_of("statements");
        let mut rules = Vec::new();
        for (n, entry) in entries.filter(|(_, e)| e.table == "circumstance") {
            rules.push(rule(pack, n, entry)?);
        }
        Ok(CircumstanceRules {
            rules,
            preposition: pack.class("circumstance-preposition"),
            listener: pack.class("listener"),
            bound: pack.class("time-bound"),
        })
    }
}

fn rule(pack: &Pack, n: usize, entry: &Entry) -> Result<Rule, String> {
    let fault = |field: &str, value: &str| {
        format!("{}: `{value}` means nothing as `{field}`", entry.id)
    };
    let class = |field: &str| match entry.text(field) {
        Some(name) => pack.class(name).map(Some).ok_or_else(|| fault(field, name)),
        None => Ok(None),
    };
    let gives = entry.text("gives").unwrap_or_default();
    let cues = entry.texts("cues").into_iter();
    let kinds = entry.texts("kinds").into_iter();
    Ok(Rule {
        entry: n,
        gives: match gives {
            "said_at" => Gives::SaidAt,
            "addressee" => Gives::Addressee,
            "about" => Gives::About,
            "behalf" => Gives::Behalf,
            other => return Err(fault("gives", other)),
        },
        ways: entry.texts("way").into_iter().map(way).collect(),
        of: class("of")?,
        cues: cues
            .map(|c| class_of(c).ok_or_else(|| fault("cues", c)))
            .collect::<Result<_, _>>()?,
        kinds: kinds
            .map(|k| kind_of(k).ok_or_else(|| fault("kinds", k)))
            .collect::<Result<_, _>>()?,
        through: class("through")?,
        except: class("except")?,
        beside_speaker: entry.text("also") == Some("speaker"),
    })
}

fn way(name: &str) -> Way {
    match name {
        "obj" => Way::Object,
        "time" => Way::Time,
        "clitic" => Way::Clitic,
        "title" => Way::Title,
        preposition => Way::Behind(preposition.to_owned()),
    }
}

fn kind_of(name: &str) -> Option<ActorKind> {
    Some(match name {
        "person" => ActorKind::Person,
        "state" => ActorKind::State,
        "government" => ActorKind::Government,
        "organisation" => ActorKind::Organisation,
        "group" => ActorKind::Group,
        "media" => ActorKind::Media,
        "unknown" => ActorKind::Unknown,
        _ => return None,
    })
}

/// What stands around a statement.
pub fn circumstance(
    rules: &CircumstanceRules,
    actors: &ActorRules,
    l: &Layers<'_>,
    statement: &Statement,
    dct: &Dct,
    cast: &mut Cast,
) -> Circumstance {
    let mut found = Circumstance::default();
    let Some(cue) = &statement.cue else { return found };
    let finder = Finder { rules, actors, l, statement, cue };
    for rule in rules.rules.iter().filter(|r| finder.is_of(r)) {
        match rule.gives {
            Gives::SaidAt if found.said_at.is_none() => {
                found.said_at = finder.time(rule, dct);
                if found.said_at.is_some() {
                    found.entries.push(rule.entry);
                }
            }
            Gives::SaidAt => {}
            Gives::Addressee if found.addressee.is_empty() => {
                let who = finder.somebody(rule, cast);
                if !who.is_empty() {
                    found.entries.push(rule.entry);
                }
                found.addressee = who;
            }
            Gives::About if found.about.is_empty() => {
                let who = finder.somebody(rule, cast);
                if !who.is_empty() {
                    found.entries.push(rule.entry);
                }
                found.about = who;
            }
            Gives::Behalf if found.behalf.is_empty() => {
                found.behalf = finder.behalf(rule, cast);
                if !found.behalf.is_empty() {
                    found.entries.push(rule.entry);
                }
            }
            Gives::Addressee | Gives::About | Gives::Behalf => {}
        }
    }
    found
}

struct Finder<'a> {
    rules: &'a CircumstanceRules,
    actors: &'a ActorRules,
    l: &'a Layers<'a>,
    statement: &'a Statement,
    cue: &'a Cue,
}

impl Finder<'_> {
    /// Whether a rule speaks of a cue like this.
    fn is_of(&self, rule: &Rule) -> bool {
        let named = rule.of.is_none()
            || self.cue.tokens.clone().any(|t| self.l.hit(t, rule.of).is_some());
        named && (rule.cues.is_empty() || rule.cues.contains(&self.cue.class))
    }

    /// The words around the cue that are in its sentence.
    fn around(&self) -> Range<usize> {
        let sentence = self.l.sentence(self.cue.head);
        let from = self.cue.tokens.start.saturating_sub(WINDOW).max(sentence.start);
        from..(self.cue.tokens.end + WINDOW).min(sentence.end)
    }

    /// Whether a word is part of what was said.
    fn is_said(&self, token: usize) -> bool {
        self.statement.content.iter().any(|c| c.contains(&token))
    }

    /// Whether a word is part of who said it.
    fn is_speaker(&self, token: usize) -> bool {
        self.statement.speaker.as_ref().is_some_and(|(words, _)| words.contains(&token))
    }

    /// Whether the words between a word and its cue are those that the rule allows, and the
    /// cue is reached.
    fn reaches(&self, from: usize, rule: &Rule) -> bool {
        let l = self.l;
        let speaker = self.statement.speaker.as_ref().map(|(_, head)| *head);
        let mut node = from;
        let mut passed = rule.through.is_none();
        for _ in 0..STEPS {
            // « a dit qu'il partirait mardi »: another clause has its own circumstances.
            let own_clause = matches!(
                l.deprel(node),
                Deprel::Ccomp | Deprel::AclRelcl | Deprel::Csubj | Deprel::Parataxis
            );
            let Some(head) = l.head(node).filter(|_| !own_clause) else { return false };
            if head == self.cue.head || self.cue.tokens.contains(&head) {
                return passed;
            }
            let through = self.is_through(head, rule);
            if Some(head) == speaker {
                // « interrogé par l'AFP, le maire a dit »; « selon un communiqué publié mardi »
                return passed && rule.through.is_some()
                    || through
                    || rule.beside_speaker && node == from && from > self.cue.head;
            }
            // « lors d'une conférence »: the noun hangs on the adverb of its preposition.
            let small = matches!(l.upos(head), Upos::Adv | Upos::Adp);
            if !(through || small) || self.is_said(head) {
                return false;
            }
            passed |= through;
            node = head;
        }
        false
    }

    /// Whether a word, or the words it is the last of, may stand between.
    fn is_through(&self, token: usize, rule: &Rule) -> bool {
        let covers = |start: usize| {
            self.l.hit(start, rule.through).is_some_and(|h| h.end as usize > token)
        };
        rule.through.is_some() && (token.saturating_sub(3)..=token).any(covers)
    }

    // --- when

    fn time(&self, rule: &Rule, dct: &Dct) -> Option<usize> {
        let l = self.l;
        let around = self.around();
        let first = l.times.partition_point(|t| t.tokens.start < around.start);
        let near = l.times[first..].iter().enumerate();
        let near = near.take_while(|(_, t)| t.tokens.start < around.end);
        let told = near
            .filter(|(_, t)| matches!(t.kind, TimexType::Date | TimexType::Time))
            .filter(|(_, t)| !self.is_said(t.tokens.start) && !is_ahead(t, dct))
            .filter(|(_, t)| !self.is_bound(t.tokens.start))
            .filter(|(_, t)| self.is_beside(t, rule) || self.hangs(t, rule));
        let apart = |t: &Timex| t.tokens.start.abs_diff(self.cue.head);
        told.min_by_key(|(_, t)| apart(t)).map(|(n, _)| first + n)
    }

    /// « a annoncé mardi le ministre »: right behind the cue, adverbs between.
    fn is_beside(&self, time: &Timex, rule: &Rule) -> bool {
        let l = self.l;
        let verbal = matches!(l.upos(self.cue.head), Upos::Verb | Upos::Aux);
        let from = self.cue.tokens.end;
        verbal
            && rule.through.is_none()
            && (from..from + 4).contains(&time.tokens.start)
            && (from..time.tokens.start).all(|t| {
                matches!(l.upos(t), Upos::Adv | Upos::Det)
                    || l.is_punct(t) && l.word(t) == ","
                    || self.is_speaker(t) && l.upos(t) == Upos::Pron
                    || l.upos(t) == Upos::Adp && t + 1 == time.tokens.start
            })
    }

    fn hangs(&self, time: &Timex, rule: &Rule) -> bool {
        let head = self.l.head_of(&time.tokens);
        let within = self.is_speaker(head) && rule.through.is_none();
        !within && self.reaches(head, rule)
    }

    /// « pour mardi », « depuis mardi »: no day on which something was said.
    fn is_bound(&self, time: usize) -> bool {
        let bound = |t: usize| {
            self.l.hit(t, self.rules.bound).is_some_and(|h| h.end as usize >= time)
        };
        (time.saturating_sub(4)..time).any(bound)
    }

    // --- who

    fn somebody(&self, rule: &Rule, cast: &mut Cast) -> Vec<usize> {
        let l = self.l;
        let fits = |token: usize, cast: &Cast| {
            !self.is_said(token)
                && l.hit(token, rule.except).is_none()
                && self.can_be(token, rule, cast)
        };
        let heads = rule.ways.iter().flat_map(|way| match way {
            Way::Object => self.object(),
            Way::Behind(preposition) => self.behind(preposition, rule),
            Way::Time | Way::Clitic | Way::Title => Vec::new(),
        });
        let own: Vec<usize> =
            self.statement.speaker.iter().flat_map(|&(_, s)| cast.known(l, s)).collect();
        let clitic = rule.ways.contains(&Way::Clitic).then(|| self.clitic()).flatten();
        if let Some(clitic) = clitic {
            let who = cast.identify(l, clitic).into_iter().map(|(actor, _)| actor);
            return who.filter(|actor| !own.contains(actor)).collect();
        }
        let Some(head) = heads.into_iter().find(|&t| fits(t, cast)) else {
            return Vec::new();
        };
        let mut who: Vec<usize> =
            cast.identify(l, head).into_iter().map(|(actor, _)| actor).collect();
        who.retain(|actor| !own.contains(actor));
        who
    }

    /// « lui a répondu »: a pronoun before the cue that is neither its subject nor its object.
    fn clitic(&self) -> Option<usize> {
        let l = self.l;
        l.children_by(self.cue.head, &[Deprel::Iobj]).find(|&t| {
            t < self.cue.head
                && l.upos(t) == Upos::Pron
                && l.morph(t).person == Some(3)
                && l.hit(t, l.reflexive).is_none()
                && !self.is_said(t)
                && !self.is_speaker(t)
        })
    }

    /// In whose name a spokesperson speaks: where the title stands, here or at another mention
    /// of the speaker, its complement or possessive says it.
    fn behalf(&self, rule: &Rule, cast: &mut Cast) -> Vec<usize> {
        let l = self.l;
        let Some((words, head)) = &self.statement.speaker else { return Vec::new() };
        let speaker = cast.known(l, *head);
        let mentions = speaker.into_iter().flat_map(|a| &cast.actor(a).mentions);
        let elsewhere = mentions.map(|m| m.tokens.clone()).take(MENTIONS);
        let titles: Vec<usize> = std::iter::once(words.clone())
            .chain(elsewhere)
            .flatten()
            .filter(|&t| l.hit(t, rule.through).is_some())
            .collect();
        for title in titles {
            let owners: Vec<usize> = l
                .children_by(title, &[Deprel::Nmod, Deprel::Det])
                .filter(|&c| cast.is_owner(l, title, c))
                .collect();
            for owner in owners {
                let who = cast.principal(l, owner).filter(|a| {
                    Some(*a) != speaker && rule.kinds.contains(&cast.actor(*a).kind)
                });
                if let Some(actor) = who {
                    return vec![actor];
                }
            }
        }
        Vec::new()
    }

    /// Whether a noun can be who is wanted: somebody known of a right kind, or one of those
    /// that words are said to.
    fn can_be(&self, token: usize, rule: &Rule, cast: &Cast) -> bool {
        let l = self.l;
        let timed = |t: &Timex| t.tokens.contains(&token);
        if !matches!(l.upos(token), Upos::Noun | Upos::Propn | Upos::X)
            || l.times.iter().any(timed)
        {
            return false;
        }
        let listens =
            rule.gives == Gives::Addressee && l.hit(token, self.rules.listener).is_some();
        let unknown = || {
            rule.kinds.contains(&ActorKind::Unknown) && self.actors.may_speak(l, token)
        };
        match cast.kind_at(token) {
            // « une tentative de coup d'État »: by its ending, no group.
            Some(ActorKind::Group | ActorKind::Unknown)
                if !self.actors.may_speak(l, token) =>
            {
                listens
            }
            Some(kind) => listens || rule.kinds.contains(&kind),
            None => listens || unknown(),
        }
    }

    /// What the cue acts on: its object, or the subject of a passive.
    fn object(&self) -> Vec<usize> {
        let l = self.l;
        let verb = self.cue.head;
        let passive = l.own_subject(verb).filter(|(_, passive)| *passive);
        let described = (l.morph(verb).verb == Some(VerbForm::PartPast)
            && l.deprel(verb) == Deprel::Acl)
            .then(|| l.head(verb))
            .flatten();
        let own = l.children_by(verb, &[Deprel::Obj, Deprel::Iobj]);
        let objects = own.filter(|&o| o > verb && !self.is_speaker(o));
        // « a accusé mardi Moscou »: the parser hangs the object on the day.
        let times = l.children_by(verb, &[Deprel::Obl]).filter(|&t| t > verb);
        let on_time = times
            .filter(|t| l.times.iter().any(|time| time.tokens.contains(t)))
            .flat_map(|t| l.children_by(t, &[Deprel::Nmod]).collect::<Vec<_>>())
            .filter(|&o| {
                l.upos(o) == Upos::Propn
                    && l.children_by(o, &[Deprel::Case]).next().is_none()
            });
        passive
            .map(|(s, _)| s)
            .into_iter()
            .chain(described)
            .chain(objects)
            .chain(on_time)
            .collect()
    }

    /// The nouns that a preposition ties to the cue.
    fn behind(&self, preposition: &str, rule: &Rule) -> Vec<usize> {
        let l = self.l;
        let is = |t: &usize| {
            l.hit(*t, self.rules.preposition)
                .is_some_and(|h| l.value(h).text() == Some(preposition))
        };
        let hits = self.around().filter(is).filter(|&t| !self.is_said(t));
        hits.filter_map(|t| {
            let hit = l.hit(t, self.rules.preposition)?;
            let words = hit.start as usize..hit.end as usize;
            let noun = noun_behind(l, &words)?;
            // Of a preposition of several words, the first hangs on the governor.
            let mut node = noun;
            while let Some(head) = l.head(node).filter(|h| words.contains(h)) {
                node = head;
            }
            let tied = self.reaches(node, rule)
                // « a dit à l'AFP »: right behind the cue, wherever it hangs.
                || rule.through.is_none()
                    && words.start == self.cue.tokens.end
                    && !self.is_speaker(noun)
                    && matches!(l.deprel(node), Deprel::Obl | Deprel::Iobj);
            tied.then_some(noun)
        })
        .collect()
    }
}

/// Whether a time lies behind the day of writing: nothing was said then yet.
fn is_ahead(time: &Timex, dct: &Dct) -> bool {
    let earliest = time.edtf.as_ref().and_then(|e| e.bounds().0);
    let written = dct.days().map(|(_, last)| last);
    earliest.zip(written).is_some_and(|(earliest, written)| earliest > written)
}

/// The noun that a preposition introduces.
fn noun_behind(l: &Layers<'_>, preposition: &Range<usize>) -> Option<usize> {
    let last = preposition.end - 1;
    let head = l.head(last)?;
    let noun = if preposition.contains(&head) {
        // « au sujet de X »: the noun hangs on the preposition's own.
        let below = l.children_by(head, &[Deprel::Nmod, Deprel::Obl]);
        below.into_iter().find(|&c| c > last).or_else(|| l.head(head))?
    } else {
        head
    };
    (noun > last).then_some(noun)
}
