//! What was said in a noun phrase or a predicate: « dénonce un « simulacre » », « juge le seuil trop élevé ».

use std::ops::Range;

use depeche_record::CueClass;
use depeche_rule::ClassId;
use depeche_text::syntax::Deprel;
use depeche_text::{Upos, VerbForm};

use crate::statement::{Cue, Finder};

impl Finder<'_> {
    /// A noun phrase that holds words in marks.
    pub(super) fn object(
        &self,
        cue: &Cue,
        marker: Option<ClassId>,
    ) -> Option<Vec<Range<usize>>> {
        let l = self.l;
        let relations: &[Deprel] = match marker {
            Some(_) => {
                &[Deprel::Obl, Deprel::Nmod, Deprel::Obj, Deprel::Iobj, Deprel::Xcomp]
            }
            None => &[Deprel::Obj, Deprel::NsubjPass, Deprel::Xcomp, Deprel::Ccomp],
        };
        for child in l.children_by(cue.head, relations) {
            let introduced = match marker {
                Some(class) => l.marker(child, class).map(|m| m.end),
                None => Some(l.tree.reach(child).start),
            };
            // « décrit la victime comme »: an object inside the cue is not what is said of it.
            let outside = |start: usize| match start > cue.head {
                true => start.max(cue.tokens.end),
                false => start,
            };
            let Some(start) = introduced.map(outside) else { continue };
            let end = self.before_further_saying(start, l.tree.reach(child).end);
            let range = start..end;
            if range.is_empty() || range.contains(&cue.head) {
                continue;
            }
            // « a rejeté toute discussion « tant que les armes parlent » »
            let beside = self.quote_from(range.end).map(|n| l.quotes[n].outside.end);
            if let Some(end) = beside.filter(|_| child > cue.head) {
                let end = self.whole_phrase(range.start, end, cue);
                return Some(vec![self.stop_at_sentence(range.start..end)]);
            }
            if self.holds_quotation(&range) {
                let end = self.whole_phrase(range.start, range.end, cue);
                return Some(vec![self.stop_at_sentence(range.start..end)]);
            }
        }
        let charges =
            cue.class == CueClass::Accuse && cue.takes.iter().any(|t| t == "de-inf");
        if charges && marker.is_some() {
            return self.accusation(cue, marker?);
        }
        // The marks may have led the parser astray: a quotation right behind the cue.
        let mut at = cue.tokens.end;
        if let Some(class) = marker {
            at = l.words.hit(at, class)?.end as usize;
        }
        let from = at;
        while at < l.tokens.len()
            && at < from + 5
            && matches!(l.upos(at), Upos::Det | Upos::Adv | Upos::Adj | Upos::Noun)
        {
            at += 1;
        }
        let quote = self.quote_from(at)?;
        let end = self.whole_phrase(from, l.quotes[quote].outside.end, cue);
        Some(vec![from..end])
    }

    /// « se pose en défenseur des libertés », « a refusé tout commentaire »: the noun phrase right
    /// behind the cue and its marker, with or without marks in it.
    pub(super) fn phrase(
        &self,
        cue: &Cue,
        marker: Option<ClassId>,
    ) -> Option<Vec<Range<usize>>> {
        let l = self.l;
        let start = match marker {
            // The cue may hold its marker: « se pose en ».
            Some(class) if l.hit(cue.tokens.end - 1, Some(class)).is_none() => {
                l.words.hit(cue.tokens.end, class)?.end as usize
            }
            _ => cue.tokens.end,
        };
        let end = l.sentence(cue.head).end;
        let nominal = |t: usize| matches!(l.upos(t), Upos::Noun | Upos::Propn);
        let before = |t: &usize| {
            matches!(l.upos(*t), Upos::Det | Upos::Adj | Upos::Num | Upos::Punct)
                && !matches!(l.word(*t), "," | "." | ";" | ":")
        };
        let noun =
            (start..end.min(start + 6)).find(|t| !before(t)).filter(|&t| nominal(t))?;
        let reach = l.tree.reach(noun);
        let reach = l.without_clauses(noun, reach);
        let stop = self.whole_phrase(start, reach.end.max(noun + 1), cue);
        Some(vec![self.stop_at_sentence(start..stop)])
    }

    /// « accuse le gouvernement de partialité »: the charge.
    fn accusation(&self, cue: &Cue, marker: ClassId) -> Option<Vec<Range<usize>>> {
        let l = self.l;
        let object = l.children_by(cue.head, &[Deprel::Obj]).next();
        let charge = l
            .children_by(cue.head, &[Deprel::Obl, Deprel::Iobj])
            .chain(object.into_iter().flat_map(|o| l.children_by(o, &[Deprel::Nmod])))
            .find(|&c| c > cue.head && l.marker(c, marker).is_some())?;
        let start = l.marker(charge, marker)?.end;
        let end = self.whole_phrase(start, l.tree.reach(charge).end, cue);
        Some(vec![start..end])
    }

    fn holds_quotation(&self, range: &Range<usize>) -> bool {
        let from = self.l.quotes.partition_point(|q| q.outside.start < range.start);
        self.l.quotes[from..]
            .iter()
            .take_while(|q| q.outside.start < range.end)
            .any(|q| q.outside.end <= range.end + 1)
    }

    /// « se dit prêt à négocier », « juge la prime dérisoire », « qualifié de trahison ».
    pub(super) fn predicate(&self, cue: &Cue) -> Option<Vec<Range<usize>>> {
        let l = self.l;
        let of = self.rules.classes.marker_of;
        let mut parts: Vec<Range<usize>> = Vec::new();
        let is_predicate = |c: usize| {
            let adjectival = matches!(l.upos(c), Upos::Adj | Upos::Noun | Upos::Propn)
                || l.morph(c).verb == Some(VerbForm::PartPast);
            adjectival && !l.is_finite(c)
        };
        let predicate = l
            .children_by(
                cue.head,
                &[Deprel::Xcomp, Deprel::Amod, Deprel::Ccomp, Deprel::Advcl],
            )
            .find(|&c| c > cue.head && is_predicate(c))
            .map(|c| {
                let reach = l.tree.reach(c);
                reach.start..self.whole_phrase(reach.start, reach.end, cue)
            })
            .or_else(|| {
                // « qualifier l'accord de trahison »
                l.children_by(cue.head, &[Deprel::Obl, Deprel::Nmod, Deprel::Iobj])
                    .filter(|&c| c > cue.head)
                    .find_map(|c| {
                        let marker = l.marker(c, of?)?;
                        let range = marker.end..l.tree.reach(c).end;
                        self.holds_quotation(&range).then_some(range)
                    })
            })
            .or_else(|| {
                // « juge le seuil trop élevé »
                let object =
                    l.children_by(cue.head, &[Deprel::Obj]).find(|&o| o > cue.head)?;
                let degree = l.children_by(object, &[Deprel::Amod]).find(|&a| {
                    let graded = |t: usize| {
                        l.hit(t, self.rules.classes.degree).is_some() && t > object
                    };
                    a > object && l.children_by(a, &[Deprel::Advmod]).any(graded)
                })?;
                let start = l.noun_phrase(object).start;
                Some(start..l.tree.reach(degree).end)
            })
            .or_else(|| {
                // The marks may have led the parser astray: « qualifié par l'ONU de « crime » ».
                let near =
                    cue.tokens.end..self.clause_end(cue.head).min(cue.tokens.end + 10);
                let verb = |t: &usize| l.upos(*t) == Upos::Verb;
                near.into_iter().take_while(|t| !verb(t)).find_map(|t| {
                    let marker = l.hit(t, of)?.end as usize;
                    Some(l.quotes[self.quote_from(marker)?].outside.clone())
                })
            })
            .or_else(|| {
                // « juge la prime « dérisoire » »
                let near =
                    cue.tokens.end..self.clause_end(cue.head).min(cue.tokens.end + 6);
                let nominal = |t: &usize| {
                    matches!(l.upos(*t), Upos::Det | Upos::Noun | Upos::Propn | Upos::Adj)
                };
                let at = near.clone().find(|t| !nominal(t))?;
                let quote = &l.quotes[self.quote_from(at)?];
                let end = self.whole_phrase(near.start, quote.outside.end, cue);
                Some(near.start..end)
            })?;
        // « qualifier l'accord de trahison » says « trahison ».
        let named = of.is_some_and(|of| {
            predicate.start > 0
                && l.hit(predicate.start - 1, Some(of)).is_some()
                && l.own_object_before(cue.head, predicate.start)
        });
        if named {
            return Some(vec![self.stop_at_sentence(predicate)]);
        }
        let object = l.children_by(cue.head, &[Deprel::Obj]).next();
        if let Some(object) = object {
            if l.is_relative(object) {
                parts.extend(l.antecedent(object).map(|a| l.noun_phrase(a)));
            } else if !matches!(l.upos(object), Upos::Pron | Upos::Sconj) {
                parts.push(l.noun_phrase(object));
            }
        }
        parts.push(self.stop_at_sentence(predicate));
        parts.sort_by_key(|r| r.start);
        // Side by side they are one piece.
        if let [a, b] = parts.as_slice()
            && b.start <= a.end + 1
        {
            return Some(vec![a.start..b.end.max(a.end)]);
        }
        Some(parts)
    }
}
