//! Does the sentence look back or ahead? What the verb over a date says about where it lies.

use std::ops::Range;

use depeche_rule::{ClassId, Pack, Words};
use depeche_text::syntax::{Deprel, Syntax};
use depeche_text::{Upos, VerbForm};

use crate::point::Direction;

/// The words of a language that look ahead or back by themselves.
#[derive(Clone, Copy, Debug)]
pub struct TenseWords {
    ahead: Option<ClassId>,
    back: Option<ClassId>,
    /// What leads to a time that is to come: « d'ici à ».
    leads_ahead: Option<ClassId>,
    /// Verbs whose present is a timetable: « la finale se joue samedi ».
    timetable: Option<ClassId>,
    /// Words that take back the one behind them: « non prévu ».
    denial: Option<ClassId>,
    /// Verbs whose infinitive is to come: « a décidé de partir lundi ».
    governs_future: [Option<ClassId>; 2],
}

impl TenseWords {
    /// The classes `@looks-ahead`, `@looks-back`, `@leads-ahead`, `@timetable`, `@denial`, `@plans` and
    /// `@wishes`.
    pub fn new(pack: &Pack) -> TenseWords {
        TenseWords {
            ahead: pack.class("looks-ahead"),
            back: pack.class("looks-back"),
            leads_ahead: pack.class("leads-ahead"),
            timetable: pack.class("timetable"),
            denial: pack.class("denial"),
            governs_future: [pack.class("plans"), pack.class("wishes")],
        }
    }

    fn is_in(class: Option<ClassId>, words: &Words, token: usize) -> bool {
        class.is_some_and(|c| words.hit(token, c).is_some())
    }
}

/// How far up the tree one looks for a verb.
const STEPS: usize = 12;

/// Where the sentence over some tokens looks.
pub fn direction(
    tense: TenseWords,
    words: &Words,
    syntax: &Syntax,
    tokens: &Range<usize>,
) -> Option<Direction> {
    let outside = |t: &usize| {
        let head = syntax.head[*t].map(|h| h as usize);
        head.is_none_or(|h| !tokens.contains(&h))
    };
    let look = Look { syntax };
    // « d'ici à mercredi »
    let leads = (tokens.start.saturating_sub(3)..tokens.start).any(|t| {
        let hit = tense.leads_ahead.and_then(|class| words.hit(t, class));
        hit.is_some_and(|hit| hit.end as usize == tokens.start)
    });
    if leads {
        return Some(Direction::Future);
    }
    let mut node = tokens.clone().find(outside)?;
    let mut open_infinitive = false;
    for _ in 0..STEPS {
        if !tokens.contains(&node) {
            let denied = node > 0 && TenseWords::is_in(tense.denial, words, node - 1);
            let ahead = TenseWords::is_in(tense.ahead, words, node) && !denied;
            // « l'avait convoqué dimanche » looks back for all that.
            if ahead && !look.is_pluperfect(node) {
                return Some(Direction::Future);
            }
            let governs = tense.governs_future.iter();
            if open_infinitive
                && governs.into_iter().any(|&c| TenseWords::is_in(c, words, node))
            {
                return Some(Direction::Future);
            }
            if TenseWords::is_in(tense.back, words, node) {
                return Some(Direction::Past);
            }
        }
        match look.predicate(node) {
            Tells::Direction(direction) => return Some(direction),
            Tells::Infinitive => open_infinitive = true,
            // « Le ministre rencontre lundi… », « la réunion est organisée lundi ».
            Tells::Present => {
                let ahead =
                    open_infinitive || TenseWords::is_in(tense.timetable, words, node);
                return ahead.then_some(Direction::Future);
            }
            Tells::Nothing => {}
        }
        match syntax.head[node] {
            Some(head) => node = head as usize,
            None => break,
        }
    }
    open_infinitive.then_some(Direction::Future)
}

/// What one word says about direction.
enum Tells {
    Direction(Direction),
    /// An infinitive that has not happened: its governor says more.
    Infinitive,
    /// A present: today, or a future in the press.
    Present,
    Nothing,
}

struct Look<'a> {
    syntax: &'a Syntax,
}

impl Look<'_> {
    fn predicate(&self, node: usize) -> Tells {
        use Direction::{Future, Past};
        let morph = self.syntax.morph[node];
        let helpers = self.helpers(node);
        let helper = helpers.iter().find_map(|&(deprel, form)| {
            let finite =
                !matches!(form, VerbForm::Inf | VerbForm::PartPast | VerbForm::PartPres);
            finite.then_some((deprel, form))
        });
        let participle = morph.verb == Some(VerbForm::PartPast);
        let perfect = helpers.iter().any(|(deprel, _)| *deprel == Deprel::Aux);
        let own = morph.verb.filter(|_| morph.is_finite());
        let Some((deprel, form)) = helper.or(own.map(|f| (Deprel::Root, f))) else {
            return match morph.verb {
                Some(VerbForm::PartPast) if helpers.is_empty() => Tells::Direction(Past),
                Some(VerbForm::PartPast | VerbForm::Inf) if perfect => {
                    Tells::Direction(Past)
                }
                Some(VerbForm::Inf) => Tells::Infinitive,
                _ => Tells::Nothing,
            };
        };
        match form {
            VerbForm::Fut | VerbForm::Imperative => Tells::Direction(Future),
            VerbForm::Past | VerbForm::Imp => Tells::Direction(Past),
            VerbForm::Pres | VerbForm::Sub | VerbForm::Cnd
                if deprel == Deprel::Aux && participle =>
            {
                Tells::Direction(Past)
            }
            VerbForm::Cnd | VerbForm::Sub => Tells::Direction(Future),
            _ => Tells::Present,
        }
    }

    fn is_pluperfect(&self, node: usize) -> bool {
        self.helpers(node).contains(&(Deprel::Aux, VerbForm::Imp))
    }

    /// Auxiliaries and copula of a predicate, with their forms.
    fn helpers(&self, node: usize) -> Vec<(Deprel, VerbForm)> {
        let window = node.saturating_sub(8)..(node + 4).min(self.syntax.head.len());
        window
            .filter(|&t| self.syntax.head[t] == Some(node as u32))
            .filter(|&t| {
                matches!(
                    self.syntax.deprel[t],
                    Deprel::Aux | Deprel::AuxPass | Deprel::Cop | Deprel::AuxCaus
                ) && matches!(self.syntax.morph[t].upos, Upos::Aux | Upos::Verb)
            })
            .filter_map(|t| Some((self.syntax.deprel[t], self.syntax.morph[t].verb?)))
            .collect()
    }
}
