//! What was said? The content of each construction.

use std::ops::Range;

use depeche_record::CueClass;
use depeche_rule::ClassId;
use depeche_text::syntax::Deprel;
use depeche_text::{Gap, PronType, Upos, VerbForm};

use super::{Construction, Content, Cue, Finder};

impl Finder<'_> {
    /// The words that a cue introduces in a construction; `None` when it is not this one.
    pub(super) fn content(
        &self,
        cue: &Cue,
        c: &Construction,
    ) -> Option<Vec<Range<usize>>> {
        match c.content {
            Content::Clause => self.clause(cue, c.marker?),
            Content::Infinitive => self.infinitive(cue, c.marker),
            Content::Quotation => self.quotation(cue),
            Content::Object => self.object(cue, c.marker),
            Content::Phrase => self.phrase(cue, c.marker),
            Content::Predicate => self.predicate(cue),
            Content::Host => match c.marker {
                Some(marker) => self.host_of_clause(cue, marker),
                None => self.host_of_phrase(cue),
            },
            Content::Insertion => self.insertion(cue),
            Content::Colon => self.after_colon(cue),
            Content::List => self.list(cue),
        }
    }

    // --- clauses

    /// « affirme que … », « demande si … »: the clause that hangs on the cue.
    fn clause(&self, cue: &Cue, class: ClassId) -> Option<Vec<Range<usize>>> {
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
    fn clause_limit(&self, start: usize, cue: &Cue) -> usize {
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

    /// Where a phrase really ends: what follows it without a pause belongs to it, unless it is
    /// the speaker of an inverted cue, or another clause begins.
    fn whole_phrase(&self, start: usize, end: usize, cue: &Cue) -> usize {
        let l = self.l;
        let limit = self.clause_limit(start, cue);
        let follows = |t: usize| {
            !l.is_punct(t)
                && !matches!(
                    l.upos(t),
                    Upos::Verb | Upos::Aux | Upos::Sconj | Upos::Cconj | Upos::Pron
                )
        };
        let closes = |t: usize| {
            let until = l.quotes.partition_point(|q| q.outside.start < t);
            let near = l.quotes[..until].iter().rev().take(4);
            near.into_iter().any(|q| q.outside.end == t + 1 && q.outside.start >= start)
        };
        // « le décor « criard » et daté »
        let joins = |t: usize| {
            l.upos(t) == Upos::Cconj
                && closes(t - 1)
                && t + 1 < limit
                && (l.upos(t + 1) == Upos::Adj
                    || l.morph(t + 1).verb == Some(VerbForm::PartPast)
                        && !l.children_by(t + 1, &[Deprel::Aux]).any(|_| true))
                && !self.is_cue[t + 1]
        };
        let mut end = end;
        while end < limit {
            let one = follows(end)
                || closes(end)
                || l.is_infinitive(end) && end > 0 && l.upos(end - 1) == Upos::Adp;
            if !(one || end > start && joins(end)) {
                break;
            }
            end += 1 + usize::from(!one);
        }
        end
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

    /// « a annoncé que l'épidémie reculait, tout en appelant à la prudence », « …, ajoutant que
    /// … »: a participle that says something more is the speaker's, and no part of what was said.
    fn before_further_saying(&self, start: usize, end: usize) -> usize {
        let l = self.l;
        let says = |t: usize| {
            self.is_cue[t]
                && l.morph(t).verb == Some(VerbForm::PartPres)
                && l.quotation_at(t) == l.quotation_at(start)
        };
        let comma = |t: usize| {
            let from = t.saturating_sub(3).max(start + 1);
            (from..t).rev().find(|&c| l.word(c) == ",").filter(|&c| {
                (c + 1..t)
                    .all(|w| matches!(l.upos(w), Upos::Adv | Upos::Adp | Upos::Pron))
            })
        };
        (start + 1..end).filter(|&t| says(t)).find_map(comma).unwrap_or(end)
    }

    /// Whether a cue at a token is set into the words before it: « …, a-t-il dit ».
    fn opens_insertion(&self, token: usize) -> bool {
        self.l
            .verb_group(token)
            .start
            .checked_sub(1)
            .is_some_and(|t| self.l.word(t) == ",")
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

    pub(super) fn holds_finite(&self, mut range: Range<usize>) -> bool {
        let l = self.l;
        range.any(|t| {
            matches!(l.upos(t), Upos::Verb | Upos::Aux) && l.morph(t).is_finite()
        })
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

    pub(super) fn in_time(&self, token: usize) -> bool {
        let at = self.l.times.partition_point(|t| t.tokens.end <= token);
        self.l.times.get(at).is_some_and(|t| t.tokens.contains(&token))
    }

    pub(super) fn is_clitic(&self, token: usize) -> bool {
        self.l.hit(token, self.rules.classes.clitic_subject).is_some()
    }

    /// Where the clause that starts at a token ends: at the end of its sentence, or where the
    /// quotation around it does.
    fn clause_end(&self, start: usize) -> usize {
        let sentence = self.l.sentence(start);
        let quotation = self.l.quotation_at(start).map(|n| self.l.quotes[n].inside.end);
        quotation.map_or(sentence.end, |end| end.min(sentence.end))
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

    fn stop_at_sentence(&self, range: Range<usize>) -> Range<usize> {
        let mut end = range.end;
        while end > range.start && matches!(self.l.word(end - 1), "." | ";" | "," | ":") {
            end -= 1;
        }
        range.start..end.max(range.start)
    }

    // --- infinitives

    fn infinitive(
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
                    let start = self.from_negation(start, cue);
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

    // --- objects and predicates

    /// A noun phrase that holds words in marks.
    fn object(&self, cue: &Cue, marker: Option<ClassId>) -> Option<Vec<Range<usize>>> {
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
    fn phrase(&self, cue: &Cue, marker: Option<ClassId>) -> Option<Vec<Range<usize>>> {
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
    fn predicate(&self, cue: &Cue) -> Option<Vec<Range<usize>>> {
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

    // --- hosts

    /// « Selon la police, le suspect a fui »: the clause around the cue and its complement.
    fn host_of_phrase(&self, cue: &Cue) -> Option<Vec<Range<usize>>> {
        let l = self.l;
        let phrase = self.source_phrase(cue)?;
        let sentence = self.within_quotation(cue.head, l.sentence(cue.head));
        let pause = (sentence.start..phrase.start)
            .rev()
            .find(|&t| matches!(l.word(t), ":" | ";"));
        let from = pause.map_or(sentence.start, |t| t + 1);
        let before = self.behind_joint(from, phrase.start)..phrase.start;
        let after = phrase.end..sentence.end;
        if !self.is_source(cue, &before, &after) {
            return None;
        }
        let opens = before.clone().all(|t| {
            l.is_punct(t)
                || l.upos(t) == Upos::Cconj
                || l.upos(t) == Upos::Adv && t + 2 >= phrase.start
        });
        if opens {
            return Some(vec![self.one_clause(after)]);
        }
        // « Nous cherchons. Rien n'est exclu », selon les enquêteurs: all that is quoted.
        let closed = (0..2).find_map(|n| self.quote_until(phrase.start.checked_sub(n)?));
        if let Some(quote) = closed.map(|n| &l.quotes[n]).filter(|q| {
            q.outside.start < sentence.start
                && q.closed
                && self.holds_finite(q.inside.clone())
        }) {
            return Some(vec![quote.inside.clone()]);
        }
        // Set off by commas in the middle, or at the end of its clause.
        let last = after.clone().all(|t| l.is_punct(t));
        let clause = self.host_clause(phrase.start, &before, &phrase);
        if last {
            return Some(vec![clause]);
        }
        let goes_on = self.belongs_to(&after, &clause, &phrase);
        let mut parts = vec![clause];
        if goes_on {
            parts.push(self.one_clause(after));
        }
        Some(parts)
    }

    /// « affirme que, selon un témoin, … », « …, mais selon un témoin, … », « même si, … »: the clause of a
    /// source at the head of a further clause begins behind the word that joins it.
    fn behind_joint(&self, from: usize, phrase: usize) -> usize {
        let l = self.l;
        let word = (from..phrase).rev().find(|&t| !l.is_punct(t));
        let joint = word.filter(|&t| match l.upos(t) {
            Upos::Sconj => true,
            Upos::Cconj => self.holds_finite(from..t),
            // « du scrutin, qui, selon un témoin, s'est tenu dans le calme »
            Upos::Pron => l.is_relative(t) && self.holds_finite(from..t),
            _ => false,
        });
        joint.map_or(from, |t| t + 1)
    }

    /// Whether the complement of a preposition is a source: somebody or something that speaks,
    /// set apart where the preposition has many other uses.
    fn is_source(&self, cue: &Cue, before: &Range<usize>, after: &Range<usize>) -> bool {
        let l = self.l;
        if cue.speaker.as_deref() != Some("complement") {
            return true;
        }
        let Some(complement) = self.complement(cue) else { return false };
        let mark = |t: usize| {
            matches!(
                l.word(t),
                "," | "«"
                    | "»"
                    | "\""
                    | "“"
                    | "”"
                    | "("
                    | ")"
                    | "–"
                    | "—"
                    | ":"
                    | ";"
                    | "."
            )
        };
        let opens = before.clone().next_back().is_none_or(mark);
        let closes = after.clone().next().is_none_or(mark);
        let apart = opens && closes;
        let needs = |what: &str| cue.needs.iter().any(|n| n == what);
        let first = before
            .clone()
            .all(|t| l.is_punct(t) || matches!(l.upos(t), Upos::Adv | Upos::Cconj));
        if needs("apart") && !apart
            || needs("first") && !first
            || needs("somebody") && !self.actors.is_somebody(l, complement)
        {
            return false;
        }
        let speech = self.is_cue[complement]
            || l.words
                .hits_at(complement)
                .iter()
                .any(|h| l.pack.class_name(h.class) == "title");
        // « …, selon les services de l'État. »: nothing varies behind a comma.
        let last =
            before.end > before.start && opens && after.clone().all(|t| l.is_punct(t));
        let speaks = self.actors.can_speak(l, complement)
            || (last || cue.tokens.len() > 1) && self.actors.may_speak(l, complement);
        (speaks || speech) && !(self.actors.measures(l, complement) && !speech && !opens)
    }

    /// The cue, its complement and what hangs on that: « selon le porte-parole de l'armée ».
    pub(super) fn source_phrase(&self, cue: &Cue) -> Option<Range<usize>> {
        let l = self.l;
        if cue.speaker.as_deref() != Some("complement") {
            let end = l.tree.reach(cue.head).end.min(cue.tokens.end + 12);
            return Some(cue.tokens.start..end.max(cue.tokens.end));
        }
        let complement = self.complement(cue)?;
        let mut end = l.tree.reach(complement).end;
        let sentence = l.sentence(cue.head);
        // A complement that swallowed the clause was parsed amiss: it ends at its comma.
        let phrase = l.noun_phrase(complement);
        let comma = (phrase.end..end.min(sentence.end)).find(|&t| l.word(t) == ",");
        let finite = (phrase.end..end).any(|t| {
            l.is_finite(t)
                && matches!(l.upos(t), Upos::Verb | Upos::Aux)
                && l.deprel(l.clause_head(t)) != Deprel::AclRelcl
        });
        if finite || end - cue.tokens.start > 30 {
            end = comma.unwrap_or(phrase.end);
        }
        while end > phrase.end && l.is_punct(end - 1) {
            end -= 1;
        }
        end = self.with_apposition(complement, end.max(phrase.end));
        Some(cue.tokens.start..end)
    }

    /// « Selon Jean Dupont, l'un des élus, … »: what stands between two commas behind a name,
    /// short and without a verb, says who that is.
    fn with_apposition(&self, name: usize, end: usize) -> usize {
        let l = self.l;
        let sentence = l.sentence(name);
        let comma = |t: usize| t < sentence.end && l.word(t) == ",";
        let opens = comma(end)
            && l.upos(name) == Upos::Propn
            && end + 1 < sentence.end
            && matches!(l.upos(end + 1), Upos::Det | Upos::Noun | Upos::Pron);
        if !opens {
            return end;
        }
        let close = (end + 2..sentence.end.min(end + 16)).find(|&t| comma(t));
        close
            .filter(|&close| {
                (end + 1..close).all(|t| {
                    !(l.is_punct(t) || matches!(l.upos(t), Upos::Verb | Upos::Aux))
                })
            })
            .unwrap_or(end)
    }

    /// « soutient n'avoir rien reçu »: the negation before an infinitive is said too, whatever
    /// the parser hangs it on.
    fn from_negation(&self, start: usize, cue: &Cue) -> usize {
        let negated = start > cue.tokens.end
            && self.l.hit(start - 1, self.rules.classes.negation).is_some();
        if negated { start - 1 } else { start }
    }

    /// The noun that a preposition of speech takes.
    pub(super) fn complement(&self, cue: &Cue) -> Option<usize> {
        let l = self.l;
        // UD hangs the preposition on the noun.
        let head = l.head(cue.head).filter(|&h| h >= cue.tokens.end);
        let nominal = |t: usize| {
            matches!(
                l.upos(t),
                Upos::Noun | Upos::Propn | Upos::Pron | Upos::Adj | Upos::X | Upos::Num
            )
        };
        // Unless the parser reached over a nearer noun: « Selon Jean Dupont, l'un des élus, ».
        let next = |h: usize| l.noun_phrase(h).start <= cue.tokens.end + 1;
        if let Some(head) = head.filter(|&h| nominal(h) && next(h)) {
            return Some(head);
        }
        // Or it is the head itself: the first noun behind it.
        let sentence = l.sentence(cue.head);
        (cue.tokens.end..sentence.end.min(cue.tokens.end + 8))
            .find(|&t| matches!(l.upos(t), Upos::Noun | Upos::Propn | Upos::Pron))
            .filter(|&t| !self.in_time(t))
    }

    /// The words before a phrase that its clause is made of.
    fn host_clause(
        &self,
        at: usize,
        before: &Range<usize>,
        phrase: &Range<usize>,
    ) -> Range<usize> {
        let l = self.l;
        let head = l.head_of(phrase);
        let governor = l.head(head).filter(|h| before.contains(h));
        let mut start = before.start;
        if let Some(governor) = governor {
            let clause = l.clause_head(governor);
            let coordinated = l.deprel(clause) == Deprel::Conj;
            let reach = l.tree.reach(clause);
            // « A est vrai, selon X, et B ne l'est pas, selon Y »
            let earlier = (before.start..reach.start.min(at))
                .any(|t| self.is_cue[t] && l.upos(t) == Upos::Adp);
            if coordinated
                && earlier
                && before.contains(&reach.start)
                && l.own_subject(clause).is_some()
            {
                start = reach.start;
                while start < clause && l.upos(start) == Upos::Cconj {
                    start += 1;
                }
            }
        }
        // An earlier source in the sentence has its own clause.
        start..at
    }

    /// Whether what follows a phrase goes on with the clause before it.
    fn belongs_to(
        &self,
        after: &Range<usize>,
        clause: &Range<usize>,
        phrase: &Range<usize>,
    ) -> bool {
        let l = self.l;
        let first = after.clone().find(|&t| !l.is_punct(t));
        let Some(first) = first else { return false };
        if l.upos(first) == Upos::Cconj {
            return false;
        }
        let finite = clause.clone().any(|t| {
            matches!(l.upos(t), Upos::Verb | Upos::Aux) && l.morph(t).is_finite()
        });
        if !finite {
            return true;
        }
        // Its words hang on the clause rather than on the phrase.
        let mut hang = [0usize; 2];
        for t in after.clone() {
            match l.head(t) {
                Some(h) if clause.contains(&h) => hang[0] += 1,
                Some(h) if phrase.contains(&h) => hang[1] += 1,
                _ => {}
            }
        }
        hang[0] > hang[1]
    }

    /// A stretch of a sentence, cut before a further clause that has its own source; whole where
    /// a quotation in it goes on over a full stop.
    fn one_clause(&self, range: Range<usize>) -> Range<usize> {
        let l = self.l;
        let own_source = |t: usize| {
            let subject = l.children_by(t, &[Deprel::Nsubj]).next()?;
            let phrase = l.noun_phrase(subject);
            let further = self.is_cue[t]
                && l.is_finite(t)
                && l.quotation_at(t).is_none()
                && phrase.end <= t
                && phrase.start > range.start + 2
                && l.word(phrase.start - 1) == ",";
            further.then_some(phrase.start)
        };
        let end = range.clone().find_map(own_source).unwrap_or(range.end);
        let open = l.quotes[..l.quotes.partition_point(|q| q.outside.start < end)]
            .iter()
            .rev()
            .take(4)
            .find(|q| q.outside.start >= range.start && q.outside.end > end);
        match open {
            Some(quote) if quote.inside.len() < 200 => range.start..quote.outside.end,
            _ => self.stop_at_sentence(range.start..end),
        }
    }

    /// Inside a quotation a source speaks of what is inside it.
    fn within_quotation(&self, token: usize, sentence: Range<usize>) -> Range<usize> {
        match self.l.quotation_at(token) {
            Some(n) => {
                let inside = &self.l.quotes[n].inside;
                sentence.start.max(inside.start)..sentence.end.min(inside.end)
            }
            None => sentence,
        }
    }

    /// « comme l'a dit X, … »: the sentence without the clause of the cue.
    fn host_of_clause(&self, cue: &Cue, marker: ClassId) -> Option<Vec<Range<usize>>> {
        let l = self.l;
        let sentence = self.within_quotation(cue.head, l.sentence(cue.head));
        let window =
            cue.tokens.start.saturating_sub(4).max(sentence.start)..cue.tokens.start;
        let mark = window.rev().find(|&t| l.words.hit(t, marker).is_some())?;
        let end = self.clause_of_cue(cue, mark).end;
        let before = self.words_of(sentence.start..mark);
        let after = self.words_of(end..sentence.end);
        let parts: Vec<Range<usize>> = before.into_iter().chain(after).collect();
        (!parts.is_empty()).then_some(parts)
    }

    /// From a token to the end of the clause of a cue: its subject and what follows that up to
    /// a comma.
    pub(super) fn clause_of_cue(&self, cue: &Cue, start: usize) -> Range<usize> {
        let l = self.l;
        let sentence = l.sentence(cue.head);
        let subject = self.inverted_subject(cue).map_or(cue.tokens.end, |(s, _)| s.end);
        let from = subject.max(cue.tokens.end);
        let end = (from..sentence.end)
            .find(|&t| {
                matches!(
                    l.word(t),
                    "," | "."
                        | ";"
                        | ":"
                        | "»"
                        | "\""
                        | "”"
                        | "«"
                        | "“"
                        | ")"
                        | "–"
                        | "—"
                )
            })
            .unwrap_or(sentence.end);
        start..end
    }

    // --- insertions

    /// « Le barrage, assure l'ingénieur, tiendra »: the sentence around a cue whose subject
    /// stands behind it.
    fn insertion(&self, cue: &Cue) -> Option<Vec<Range<usize>>> {
        let l = self.l;
        if !self.has_finite(cue) || self.is_passive(cue) {
            return None;
        }
        self.inverted_subject(cue)?;
        let sentence = self.within_quotation(cue.head, l.sentence(cue.head));
        let left = self.left_edge(cue);
        let comma = left.checked_sub(1).filter(|&t| t > sentence.start)?;
        let set_off =
            matches!(l.word(comma), "," | "»" | "”" | "\"" | "–" | "—" | "!" | "?" | "-");
        if !set_off {
            return None;
        }
        let before =
            self.words_of(self.behind_lead(sentence.start, comma, cue)..comma)?;
        let speaks = (before.start..sentence.end).any(|t| {
            matches!(l.upos(t), Upos::Verb | Upos::Aux)
                && !cue.tokens.contains(&t)
                && l.morph(t).is_finite()
                && (t < comma || t > cue.tokens.end + 1)
        });
        // « Beaucoup de bruit pour rien, résume un diplomate. »
        let opens = !matches!(l.upos(before.start), Upos::Adp | Upos::Adv | Upos::Sconj)
            && !self.in_time(before.start);
        let verbless = opens && before.len() >= 3 && self.noun_at_end(cue).is_some();
        if !speaks && !verbless {
            return None;
        }
        if l.upos(before.start) == Upos::Sconj && before.len() < 6 {
            return None;
        }
        let clause = self.clause_of_cue(cue, left);
        let after = clause.end..sentence.end;
        let mut parts = vec![before.clone()];
        let rest = self.words_of(after.clone());
        // « Le président, Jean Dupont, a félicité Anna Weber. »: words without a verb before the
        // cue are cut off from what they belong to, by a comma on either side.
        let apart = clause.end < sentence.end && l.is_punct(clause.end);
        let cut = apart && !matches!(l.word(clause.end), "«" | "“" | "\"" | ".");
        let whole = verbless || self.holds_finite(before.clone());
        if !whole && !cut {
            return None;
        }
        // « Le vaccin est prêt – assure X – et sera livré »: what stands between two dashes
        // stands inside.
        let dash = |t: usize| matches!(l.word(t), "–" | "—");
        let dashes = dash(comma) && clause.end < sentence.end && dash(clause.end);
        if let Some(rest) = rest
            && (dashes || self.belongs_to(&after, &before, &clause))
        {
            parts.push(rest);
        }
        Some(parts)
    }

    /// « La mer monte, répond l'instituteur. »: one comma, a verb of speech and somebody at the
    /// end of the sentence. No subject stands before a single comma, whatever the parser says.
    pub(super) fn noun_at_end(&self, cue: &Cue) -> Option<(Range<usize>, usize)> {
        let l = self.l;
        let sentence = self.within_quotation(cue.head, l.sentence(cue.head));
        let comma = self.left_edge(cue).checked_sub(1).filter(|&t| l.word(t) == ",")?;
        let single = sentence.start < comma
            && !(sentence.start..comma)
                .any(|t| matches!(l.word(t), "," | ";" | ":" | "("));
        // « La commission, qui siège à Rome, entendra le maire, annonce sa présidente. »
        let whole = || {
            (sentence.start + 1..comma).any(|t| {
                l.is_finite(t)
                    && l.upos(t) == Upos::Verb
                    && !matches!(
                        l.deprel(t),
                        Deprel::AclRelcl | Deprel::Advcl | Deprel::Ccomp
                    )
                    && l.word(t - 1) != ","
            })
        };
        if !(single || whole()) || !cue.takes.iter().any(|t| t == "incise") {
            return None;
        }
        let noun = (cue.tokens.end..sentence.end.min(cue.tokens.end + 6))
            .find(|&t| {
                !matches!(l.upos(t), Upos::Det | Upos::Adv | Upos::Adj | Upos::Num)
            })
            .filter(|&t| matches!(l.upos(t), Upos::Noun | Upos::Propn))?;
        let phrase = l.noun_phrase(noun);
        let last = (phrase.end..sentence.end).all(|t| l.is_punct(t));
        (last && phrase.start >= cue.tokens.end && self.actors.can_speak(l, noun))
            .then_some((phrase, noun))
    }

    /// « Le ministre s'est voulu rassurant : rien ne presse, a-t-il dit »: where the words of a
    /// speaker who stands before a colon begin.
    pub(super) fn behind_lead(&self, start: usize, end: usize, cue: &Cue) -> usize {
        let l = self.l;
        let colon = (start..end)
            .rev()
            .find(|&t| l.word(t) == ":" && l.quotation_at(t) == l.quotation_at(cue.head));
        let leads = |&colon: &usize| {
            self.clitic_subject(cue).is_some() && self.holds_finite(start..colon)
        };
        colon.filter(leads).map_or(start, |colon| colon + 1)
    }

    /// Whether a cue is finite: by its head, or by a verb before that, « fait remarquer ».
    pub(super) fn has_finite(&self, cue: &Cue) -> bool {
        let l = self.l;
        let own = |t: usize| {
            matches!(l.upos(t), Upos::Verb | Upos::Aux) && l.morph(t).is_finite()
        };
        l.is_finite(cue.head) || cue.tokens.clone().any(own)
    }

    /// The first token of the cue's own clause: its auxiliary, or a small word before it.
    pub(super) fn left_edge(&self, cue: &Cue) -> usize {
        let l = self.l;
        let mut left = cue.tokens.start;
        while left > 0 {
            let t = left - 1;
            let clitic = matches!(l.upos(t), Upos::Pron)
                && l.head(t) == Some(cue.head)
                && l.deprel(t) != Deprel::Nsubj;
            let adverb = l.upos(t) == Upos::Adv && l.head(t) == Some(cue.head);
            if !(clitic || adverb) {
                break;
            }
            left = t;
        }
        left
    }

    // --- colons

    /// « Elle est formelle : personne n'est sorti. »
    fn after_colon(&self, cue: &Cue) -> Option<Vec<Range<usize>>> {
        let l = self.l;
        let sentence = l.sentence(cue.head);
        let verbal = matches!(l.upos(cue.head), Upos::Verb | Upos::Aux);
        let initial = cue.tokens.start <= sentence.start + 1;
        let until = if verbal {
            // Verbs of direct speech take a colon right behind them, others their own.
            let own = cue.takes.iter().any(|t| t == "colon");
            cue.tokens.end + if own { 12 } else { 1 }
        } else if initial {
            cue.tokens.end + 10
        } else {
            l.noun_phrase(cue.head).end.max(cue.tokens.end) + 2
        };
        let until = sentence.end.min(until);
        let colon = (cue.tokens.end..until)
            .take_while(|&t| verbal || l.upos(t) != Upos::Verb)
            .find(|&t| l.word(t) == ":")?;
        let behind = colon + 1..sentence.end;
        let dash = usize::from(self.opens_item(colon + 1));
        if let Some(quote) = self.quote_from(colon + 1 + dash) {
            let quote = &l.quotes[quote];
            return (!self.is_taken_behind(quote, cue))
                .then(|| vec![quote.inside.clone()]);
        }
        // A list is no speech: there is a verb in what follows, or a noun at the head of the
        // sentence sums it up: « Bilan de la police : trois blessés ».
        let heads = !verbal && initial;
        let infinitive = behind.clone().next().is_some_and(|t| l.is_infinitive(t));
        let speaks = self.holds_finite(behind.clone()) || infinitive || heads;
        speaks.then_some(vec![behind])
    }

    /// « réclame : – une hausse ; – un calendrier. »: the items of a list behind a colon.
    fn list(&self, cue: &Cue) -> Option<Vec<Range<usize>>> {
        const FARTHEST: usize = 15;
        const ITEMS: usize = 30;
        const WORDS: usize = 60;
        let l = self.l;
        let sentence = l.sentence(cue.head);
        let mut behind = cue.tokens.end..sentence.end.min(cue.tokens.end + FARTHEST);
        let colon = behind
            .by_ref()
            .take_while(|&t| !(l.is_finite(t) && l.upos(t) == Upos::Verb))
            .find(|&t| l.word(t) == ":" && self.opens_item(t + 1))?;
        let mut items = Vec::new();
        let mut at = colon + 1;
        while self.opens_item(at) && items.len() < ITEMS {
            let limit = l.tokens.len().min(at + WORDS);
            let end = (at + 1..limit)
                .find(|&t| l.word(t) == ";" || l.tokens[t].gap >= Gap::Line)
                .unwrap_or(limit);
            // Quotations behind dashes are statements of their own.
            if self.quote_from(at + 1).is_some() {
                return None;
            }
            items.push(at + 1..end);
            let mark = end < l.tokens.len() && l.word(end) == ";";
            at = end + usize::from(mark);
        }
        (items.len() > 1).then_some(items)
    }

    /// Whether a token is the dash or dot before an item of a list: on a line of its own, or
    /// behind a colon or semicolon.
    pub(super) fn opens_item(&self, token: usize) -> bool {
        let l = self.l;
        token > 0
            && token + 1 < l.tokens.len()
            && matches!(l.word(token), "-" | "–" | "—" | "•" | "*")
            && (l.tokens[token].gap >= Gap::Line
                || matches!(l.word(token - 1), ":" | ";"))
    }

    /// The quotation that opens at a token.
    pub(super) fn quote_from(&self, token: usize) -> Option<usize> {
        let at = self.l.quotes.partition_point(|q| q.outside.start < token);
        (at < self.l.quotes.len() && self.l.quotes[at].outside.start == token)
            .then_some(at)
    }
}
