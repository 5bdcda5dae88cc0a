//! What was said in a clause: « dit que… », « demande si… », « promet de… ».

use std::ops::Range;

use depeche_rule::ClassId;
use depeche_text::syntax::Deprel;
use depeche_text::{PronType, Upos, VerbForm};

use crate::statement::{Cue, Finder};

impl Finder<'_> {
    /// « affirme que … », « demande si … »: the clause that hangs on the cue.
    pub(super) fn clause(&self, cue: &Cue, class: ClassId) -> Option<Vec<Range<usize>>> {
        let l = self.l;
        const CLAUSES: &[Deprel] = &[
            Deprel::Ccomp,
            Deprel::Xcomp,
            Deprel::Obj,
            Deprel::Advcl,
            Deprel::Acl,
            Deprel::Csubj,
            Deprel::Parataxis,
            Deprel::Dep,
            Deprel::Obl,
            Deprel::AclRelcl,
            Deprel::Nmod,
            Deprel::Appos,
            Deprel::Conj,
            Deprel::Dislocated,
            Deprel::Nsubj,
            Deprel::NsubjPass,
        ];
        let bare = self.rules.classes.complementizer == Some(class);
        let governors = std::iter::once(cue.head).chain(self.complements(cue));
        let hanging = governors.flat_map(|g| l.children_by(g, CLAUSES));
        for child in hanging.filter(|&c| c > cue.head) {
            let Some(marker) = l.marker(child, class) else { continue };
            // « la lettre qu'il adressa » is no speech.
            if l.morph(marker.start).pron == Some(PronType::Rel)
                && bare
                && !self.is_whole(child, marker.start, cue)
                || marker.start > cue.tokens.end && self.is_bound(marker.start, bare)
            {
                continue;
            }
            if marker.start < cue.tokens.end.min(cue.head + 1) {
                continue;
            }
            // « s'était » holds no « si », and what a quotation asks is quoted.
            if !bare && self.is_reflexive_marker(marker.start)
                || self.is_quoted(marker.start, cue, bare)
            {
                continue;
            }
            // « dit vouloir partir s'il perd »: a condition of the other verb.
            let verb_between =
                (cue.tokens.end..marker.start).any(|t| l.upos(t) == Upos::Verb);
            if !bare && verb_between {
                continue;
            }
            let start = if bare { marker.end } else { self.after_whether(&marker) };
            let end = self.whole_clause(start, l.tree.reach(child).end, cue);
            // « n'est assuré que le lundi » restricts, and says nothing.
            if bare && !self.holds_finite(start..end) {
                continue;
            }
            let end = self.before_next_cue(start, end, cue);
            let end = self.before_further_saying(start, end);
            return Some(self.split_by_marker(start..end, class, bare));
        }
        self.clause_by_order(cue, class, bare)
    }

    /// « l'annonce de la marque que… », « la promesse de la ministre de l'Eau de… »: the nouns
    /// behind a noun of speech, on which the parser hangs what belongs to that.
    fn complements(&self, cue: &Cue) -> Vec<usize> {
        let l = self.l;
        let mut nouns = Vec::new();
        let mut noun = cue.head;
        if matches!(l.upos(cue.head), Upos::Verb | Upos::Aux) {
            return nouns;
        }
        const COMPLEMENTS: &[Deprel] =
            &[Deprel::Nmod, Deprel::Obl, Deprel::OblAgent, Deprel::Appos];
        while let Some(next) = l.children_by(noun, COMPLEMENTS).find(|&c| c > noun)
            && nouns.len() < 3
        {
            nouns.push(next);
            noun = next;
        }
        nouns
    }

    /// « l'affirmation de la préfète que la décharge est sûre »: a clause with « que » behind a
    /// noun of speech lacks nothing, as a relative clause does.
    fn is_whole(&self, clause: usize, marker: usize, cue: &Cue) -> bool {
        let l = self.l;
        let noun = !matches!(l.upos(cue.head), Upos::Verb | Upos::Aux);
        let own = l.children(clause).any(|c| {
            c != marker
                && matches!(
                    l.deprel(c),
                    Deprel::Obj
                        | Deprel::Cop
                        | Deprel::Xcomp
                        | Deprel::Ccomp
                        | Deprel::AuxPass
                )
        });
        let mood = matches!(
            l.morph(clause).verb,
            Some(VerbForm::Sub | VerbForm::Cnd | VerbForm::Fut)
        );
        noun && (own || mood)
    }

    /// Where the words of a noun of speech that opens its sentence end: before the verb of the
    /// main clause, for the parser may draw that into them. `open` verbs are still to come.
    fn before_main_verb(
        &self,
        start: usize,
        end: usize,
        cue: &Cue,
        mut open: usize,
    ) -> usize {
        let l = self.l;
        let sentence = l.sentence(cue.head);
        let opens = matches!(l.upos(cue.head), Upos::Noun | Upos::Propn)
            && !(sentence.start..cue.tokens.start).any(|t| l.is_finite(t));
        if !opens {
            return end;
        }
        let mut at = start;
        while at < end {
            let verb =
                matches!(l.upos(at), Upos::Verb | Upos::Aux) && l.morph(at).is_finite();
            if verb && open == 0 {
                let small =
                    |t: usize| matches!(l.upos(t), Upos::Pron | Upos::Adv) && t > start;
                let mut left = at;
                while small(left - 1) {
                    left -= 1;
                }
                return left;
            }
            if verb {
                open -= 1;
            }
            let joins = l.upos(at) == Upos::Cconj
                && (at + 1..end.min(at + 4)).any(|t| l.morph(t).is_finite());
            open += usize::from(joins || l.upos(at) == Upos::Sconj || l.is_relative(at));
            at += 1;
        }
        end
    }

    /// Where a clause really ends: with the quotation it begins, and not before a pause. The
    /// parser may have cut it short, above all where marks stand in it.
    fn whole_clause(&self, start: usize, end: usize, cue: &Cue) -> usize {
        let l = self.l;
        let limit = self.clause_limit(start, cue);
        let verbal = matches!(l.upos(cue.head), Upos::Verb | Upos::Aux);
        let mut end =
            if verbal { end.max(start) } else { end.clamp(start, limit.max(start)) };
        while end < limit {
            let pause = matches!(
                l.word(end),
                "," | ";" | ":" | "." | "?" | "!" | "(" | ")" | "…" | "..."
            );
            let cue_here =
                self.is_cue[end] && !l.is_infinitive(end) && self.opens_insertion(end);
            if pause || cue_here {
                break;
            }
            end += 1;
        }
        // A quotation that opens in the clause is said whole, over full stops too.
        let from =
            l.quotes.partition_point(|q| q.outside.start < start.saturating_sub(1));
        for quote in &l.quotes[from..] {
            if quote.outside.start >= end {
                break;
            }
            if quote.outside.end > end && quote.inside.len() < 200 {
                end = quote.outside.end;
            }
        }
        end
    }

    /// The farthest that the words of a cue may reach.
    pub(super) fn clause_limit(&self, start: usize, cue: &Cue) -> usize {
        let l = self.l;
        if cue.head >= start {
            return cue.tokens.start;
        }
        let end = self.clause_end(start);
        if matches!(l.upos(cue.head), Upos::Verb | Upos::Aux) {
            return end;
        }
        // « L'annonce que le site fermera a surpris »: up to the verb of the noun's own clause.
        let verb = l.clause_head(cue.head);
        let subject = matches!(l.deprel(cue.head), Deprel::Nsubj | Deprel::NsubjPass);
        let end =
            if subject && verb > start { l.verb_group(verb).start.min(end) } else { end };
        let infinitive =
            l.is_infinitive(start) || start + 1 < end && l.is_infinitive(start + 1);
        self.before_main_verb(start, end, cue, usize::from(!infinitive))
    }

    /// « a nié que… et estimé que… »: what one participle governs ends before the next.
    fn before_next_cue(&self, start: usize, end: usize, cue: &Cue) -> usize {
        let l = self.l;
        let participle = |t: usize| l.morph(t).verb == Some(VerbForm::PartPast);
        if !participle(cue.head) {
            return end;
        }
        let next = (start + 1..end).find(|&t| {
            self.is_cue[t]
                && participle(t)
                && l.upos(t - 1) == Upos::Cconj
                && l.children_by(t, &[Deprel::Aux, Deprel::AuxPass]).next().is_none()
        });
        next.map_or(end, |t| t - 1)
    }

    /// « si » stays outside; a word that asks for something (« pourquoi ») is part of it.
    fn after_whether(&self, marker: &Range<usize>) -> usize {
        let l = self.l;
        let asks = l.upos(marker.start) != Upos::Sconj && l.word(marker.start).len() > 2;
        // « n'a pas précisé depuis quels pays »
        let governed = marker.start > 0 && l.upos(marker.start - 1) == Upos::Adp;
        match asks {
            true if governed && !self.is_cue[marker.start - 1] => marker.start - 1,
            true => marker.start,
            false => marker.end,
        }
    }

    /// When the tree does not say so: the marker right after the cue and its small change.
    fn clause_by_order(
        &self,
        cue: &Cue,
        class: ClassId,
        bare: bool,
    ) -> Option<Vec<Range<usize>>> {
        let l = self.l;
        let sentence = l.sentence(cue.head);
        for at in cue.tokens.end..sentence.end.min(cue.tokens.end + 10) {
            let hit = l.words.hit(at, class);
            let hit = hit.filter(|_| bare || !self.is_reflexive_marker(at));
            if hit.is_some() && self.is_quoted(at, cue, bare) {
                return None;
            }
            if let Some(hit) = hit {
                let beside = at == cue.tokens.end;
                if !bare
                    && !beside
                    && l.upos(at) == Upos::Sconj
                    && l.deprel(at) == Deprel::Mark
                {
                    // « X dit si … »: a condition, unless it hangs on the cue.
                    return None;
                }
                let relative = l.morph(at).pron == Some(PronType::Rel)
                    || bare && l.upos(at) == Upos::Pron;
                if relative || !beside && self.is_bound(at, bare) {
                    return None;
                }
                let marker = hit.start as usize..hit.end as usize;
                let start = if bare { marker.end } else { self.after_whether(&marker) };
                let end = self.clause_limit(start, cue);
                let end = self.before_next_cue(start, end, cue);
                let clause = start..self.before_further_saying(start, end);
                let told = !bare || self.holds_finite(clause.clone());
                return told.then(|| self.split_by_marker(clause, class, bare));
            }
            let skips = matches!(l.upos(at), Upos::Adv | Upos::Punct)
                && !matches!(l.word(at), "." | ";" | ":" | "?" | "!")
                || self.in_time(at)
                || matches!(
                    l.upos(at),
                    Upos::Adp | Upos::Det | Upos::Noun | Upos::Propn | Upos::Adj
                )
                || self.is_clitic(at);
            if !skips {
                return None;
            }
        }
        None
    }

    /// « s'interroge : « Pourquoi partir ? » », « écrit : « Qu'ils viennent ! » »: a word that
    /// opens a clause inside marks belongs to what is quoted, unless « que » begins the marks.
    fn is_quoted(&self, marker: usize, cue: &Cue, bare: bool) -> bool {
        let l = self.l;
        let Some(n) =
            l.quotation_at(marker).filter(|&n| l.quotation_at(cue.head) != Some(n))
        else {
            return false;
        };
        let open = l.quotes[n].outside.start;
        !bare || open > 0 && l.word(open - 1) == ":"
    }

    /// Whether what looks like « s' » for « si » is a pronoun.
    fn is_reflexive_marker(&self, marker: usize) -> bool {
        self.l.upos(marker) == Upos::Pron
            && self.l.hit(marker, self.l.reflexive).is_some()
    }

    /// « parce que », « ne … que »; « …, si l'on frappe ».
    fn is_bound(&self, marker: usize, bare: bool) -> bool {
        let l = self.l;
        let Some(before) = marker.checked_sub(1) else { return false };
        if !bare {
            return l.word(before) == "," && l.upos(marker) == Upos::Sconj;
        }
        // « affirmant entre autres que »
        let aside = before > 0
            && l.hit(before - 1, self.rules.classes.binds_nothing)
                .is_some_and(|h| h.end as usize == marker);
        !aside && l.hit(before, self.rules.classes.binds_that).is_some()
            || before > 0
                && l.hit(before - 1, self.rules.classes.binds_that).is_some()
                && l.upos(before - 1) == Upos::Adv
                && l.upos(before) == Upos::Adv
    }

    /// « que … et que … »: one piece a marker.
    fn split_by_marker(
        &self,
        range: Range<usize>,
        class: ClassId,
        bare: bool,
    ) -> Vec<Range<usize>> {
        let l = self.l;
        let range = self.stop_at_sentence(range);
        if !bare {
            return vec![range];
        }
        let mut pieces = Vec::new();
        let mut start = range.start;
        for at in range.clone() {
            let joins = at > range.start
                && l.upos(at - 1) == Upos::Cconj
                && l.upos(at) == Upos::Sconj
                && l.words.hit(at, class).is_some();
            if joins {
                pieces.push(start..at - 1);
                start = at + 1;
            }
        }
        pieces.push(start..range.end);
        pieces
    }

    pub(super) fn infinitive(
        &self,
        cue: &Cue,
        marker: Option<ClassId>,
    ) -> Option<Vec<Range<usize>>> {
        let l = self.l;
        const CLAUSES: &[Deprel] = &[
            Deprel::Xcomp,
            Deprel::Ccomp,
            Deprel::Obl,
            Deprel::Advcl,
            Deprel::Acl,
            Deprel::Obj,
            Deprel::Nmod,
            Deprel::Dep,
            Deprel::Csubj,
            Deprel::Parataxis,
        ];
        // The object of the cue may govern the infinitive: « invite ses voisins à partir ».
        let governors: Vec<usize> = std::iter::once(cue.head)
            .chain(l.children_by(cue.head, &[Deprel::Obj, Deprel::Iobj, Deprel::Obl]))
            .chain(self.complements(cue))
            .collect();
        for (n, &governor) in governors.iter().enumerate() {
            for child in l.children_by(governor, CLAUSES).filter(|&c| c > cue.head) {
                if !l.is_infinitive(child) || n > 0 && marker.is_none() {
                    continue;
                }
                let group = l.verb_group(child);
                let introduced = match marker {
                    Some(class) => l.marker(child, class).map(|m| m.end),
                    None => {
                        let free = !l
                            .children_by(child, &[Deprel::Mark, Deprel::Case])
                            .any(|m| m < group.start);
                        free.then_some(l.tree.reach(child).start.max(cue.tokens.end))
                    }
                };
                if let Some(start) = introduced {
                    let start = self.with_negation(start, cue);
                    let end = self.whole_clause(start, l.tree.reach(child).end, cue);
                    let end = self.before_afterthought(start, end, child);
                    let end = self.before_further_saying(start, end);
                    if start < end {
                        return Some(vec![self.stop_at_sentence(start..end)]);
                    }
                }
            }
        }
        // By order: the infinitive right behind the cue, or behind its marker.
        let mut at = cue.tokens.end;
        while at < l.tokens.len() && l.upos(at) == Upos::Adv {
            at += 1;
        }
        if let Some(class) = marker {
            // « accuse la banque d'avoir « perdu… » »: marks may have led the parser astray.
            let object = l.children_by(cue.head, &[Deprel::Obj]).find(|&o| o >= at);
            let behind = object.map(|o| l.noun_phrase(o).end);
            let marked = l.words.hit(at, class).or_else(|| {
                let behind = behind.filter(|&t| t < l.sentence(cue.head).end)?;
                l.words.hit(behind, class)
            });
            at = marked?.end as usize;
        }
        let infinitive = at < l.sentence(cue.head).end
            && matches!(l.upos(at), Upos::Verb | Upos::Aux)
            && l.morph(at).verb == Some(VerbForm::Inf);
        infinitive.then(|| vec![self.stop_at_sentence(at..self.clause_limit(at, cue))])
    }

    /// Cuts « …, disant que… », « …, sans attendre » off an infinitive: the writer goes on.
    fn before_afterthought(&self, start: usize, end: usize, verb: usize) -> usize {
        let l = self.l;
        let after = l.children_by(verb, &[Deprel::Advcl, Deprel::Acl, Deprel::Parataxis]);
        after
            .map(|c| l.tree.reach(c).start)
            .filter(|&s| s > start && s < end && l.word(s - 1) == ",")
            .min()
            .map_or(end, |s| s - 1)
    }

    /// « soutient n'avoir rien reçu »: the negation before an infinitive is said too, whatever
    /// the parser hangs it on.
    fn with_negation(&self, start: usize, cue: &Cue) -> usize {
        let negated = start > cue.tokens.end
            && self.l.hit(start - 1, self.rules.classes.negation).is_some();
        if negated { start - 1 } else { start }
    }
}
