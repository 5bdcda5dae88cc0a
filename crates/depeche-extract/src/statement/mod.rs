//! Who said what? Cues with the constructions they take, and quotations.
//!
//! Cues and constructions are data (`lang/<code>/statements/`); what a construction may ask for
//! is the closed list of [`Content`] and [`Source`]. Every cue of a sentence tries the
//! constructions it takes, the surest first; quotations that no cue claims go on with the
//! speech before them, or are no speech.

mod certainty;
mod circumstance;
mod content;
mod cue;
mod quoted;
mod source;

use std::ops::Range;

use depeche_record::{CueClass, StatementKind};
use depeche_rule::{ClassId, Matcher, Pack};
use depeche_text::syntax::Deprel;
use depeche_text::{Upos, VerbForm};

pub use certainty::Certainty;
pub use circumstance::{Circumstance, CircumstanceRules, circumstance};
pub use cue::Cue;

use crate::Layers;
use crate::actor::ActorRules;

/// A statement, in tokens.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// How it is rendered.
    pub kind: StatementKind,
    /// The words, in order.
    pub content: Vec<Range<usize>>,
    /// What introduces them.
    pub cue: Option<Cue>,
    /// The words of the speaker, and their head.
    pub speaker: Option<(Range<usize>, usize)>,
    /// The statement it lies in, by its place in the list.
    pub nested_in: Option<usize>,
    /// The construction: an entry of the pack; `None` for speech that goes on without a cue.
    pub entry: Option<usize>,
    /// How sure, from 0 to 1.
    pub confidence: f32,
}

/// Where a construction has its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    Quotation,
    Insertion,
    Clause,
    Infinitive,
    Object,
    Phrase,
    Predicate,
    Host,
    Colon,
    List,
}

/// Where a construction has its speaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Subject,
    Complement,
    Noun,
    Agent,
    Nobody,
}

/// A construction, as the data states it.
#[derive(Clone, Debug)]
pub(crate) struct Construction {
    entry: usize,
    takes: String,
    content: Content,
    marker: Option<ClassId>,
    source: Source,
    attributed: bool,
    confidence: f32,
}

/// The statement rules of a language, ready to run.
#[derive(Clone, Debug)]
pub struct StatementRules {
    pub(crate) cues: Matcher,
    pub(crate) constructions: Vec<Construction>,
    pub(crate) classes: Classes,
}

/// Word classes that the constructions speak of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Classes {
    pub(crate) complementizer: Option<ClassId>,
    pub(crate) clitic_subject: Option<ClassId>,
    pub(crate) possessive: Option<ClassId>,
    pub(crate) marker_of: Option<ClassId>,
    pub(crate) marker_by: Option<ClassId>,
    pub(crate) negation: Option<ClassId>,
    pub(crate) subject_pronoun: Option<ClassId>,
    pub(crate) binds_that: Option<ClassId>,
    pub(crate) binds_nothing: Option<ClassId>,
    pub(crate) unsaid: Option<ClassId>,
    pub(crate) impersonal: Option<ClassId>,
    pub(crate) degree: Option<ClassId>,
    pub(crate) side: Option<ClassId>,
    pub(crate) listener: Option<ClassId>,
    pub(crate) demonym: Option<ClassId>,
}

impl StatementRules {
    /// The statement rules of a pack.
    ///
    /// # Errors
    ///
    /// The id of a rule with a field that means nothing, and which.
    pub fn new(pack: &Pack) -> Result<StatementRules, String> {
        let mut constructions = Vec::new();
        let mut cues = Vec::new();
        for (n, entry) in pack.entries_of("statements") {
            if entry.table == "cue" {
                cues.push(n);
                continue;
            }
            if entry.table != "rule" {
                continue;
            }
            let field = |name: &str| entry.text(name).unwrap_or_default();
            let unknown = |name: &str| {
                format!("{}: `{}` means nothing as a {name}", entry.id, field(name))
            };
            let marker = match entry.text("marker") {
                Some(class) => Some(pack.class(class).ok_or_else(|| unknown("marker"))?),
                None => None,
            };
            let confidence = entry.fields.get("confidence").and_then(|v| v.number());
            constructions.push(Construction {
                entry: n,
                takes: field("takes").to_owned(),
                content: content_of(field("content"))
                    .ok_or_else(|| unknown("content"))?,
                marker,
                source: source_of(field("speaker")).ok_or_else(|| unknown("speaker"))?,
                attributed: field("kind") == "attributed",
                confidence: confidence.unwrap_or(0.7) as f32,
            });
        }
        Ok(StatementRules {
            cues: Matcher::new(pack, cues),
            constructions,
            classes: Classes {
                complementizer: pack.class("complementizer"),
                clitic_subject: pack.class("clitic-subject"),
                possessive: pack.class("possessive"),
                marker_of: pack.class("marker-de"),
                marker_by: pack.class("marker-par"),
                negation: pack.class("negation"),
                subject_pronoun: pack.class("subject-pronoun"),
                binds_that: pack.class("binds-that"),
                binds_nothing: pack.class("binds-nothing"),
                unsaid: pack.class("unsaid"),
                impersonal: pack.class("impersonal"),
                degree: pack.class("degree"),
                side: pack.class("side"),
                listener: pack.class("listener"),
                demonym: pack.class("demonym"),
            },
        })
    }
}

fn content_of(name: &str) -> Option<Content> {
    Some(match name {
        "quotation" => Content::Quotation,
        "insertion" => Content::Insertion,
        "clause" => Content::Clause,
        "infinitive" => Content::Infinitive,
        "object" => Content::Object,
        "phrase" => Content::Phrase,
        "predicate" => Content::Predicate,
        "host" => Content::Host,
        "colon" => Content::Colon,
        "list" => Content::List,
        _ => return None,
    })
}

fn source_of(name: &str) -> Option<Source> {
    Some(match name {
        "subject" => Source::Subject,
        "complement" => Source::Complement,
        "noun" => Source::Noun,
        "agent" => Source::Agent,
        "none" => Source::Nobody,
        _ => return None,
    })
}

/// The statements of a text, by where their content starts.
pub fn statements(
    rules: &StatementRules,
    actors: &ActorRules,
    layers: &Layers<'_>,
) -> Vec<Statement> {
    let mut finder = Finder {
        rules,
        actors,
        l: layers,
        claimed: vec![false; layers.quotes.len()],
        is_cue: vec![false; layers.tokens.len()],
        found: Vec::new(),
    };
    let cues = cue::cues(rules, layers);
    finder.with_cues(&cues);
    finder.without_carriers();
    finder.behind_colon();
    finder.continued();
    finder.scare();
    let mut found = finder.found;
    for statement in &mut found {
        statement.content.sort_by_key(|r| r.start);
    }
    found.sort_by_key(|s| {
        let first = s.content.first().cloned().unwrap_or(0..0);
        (first.start, usize::MAX - first.end)
    });
    nest(&mut found);
    reach_inner(&mut found);
    found
}

/// The search at work.
pub(crate) struct Finder<'a> {
    pub(crate) rules: &'a StatementRules,
    pub(crate) actors: &'a ActorRules,
    pub(crate) l: &'a Layers<'a>,
    /// Of each token, whether it heads a cue.
    pub(crate) is_cue: Vec<bool>,
    /// Of each quotation, whether a statement has it.
    pub(crate) claimed: Vec<bool>,
    pub(crate) found: Vec<Statement>,
}

impl Finder<'_> {
    fn with_cues(&mut self, cues: &[Cue]) {
        for cue in cues.iter().filter(|c| !c.takes.is_empty()) {
            self.is_cue[cue.head] = true;
        }
        let mut n = 0;
        while n < cues.len() {
            // Several entries may share a verb: « demander que », « demander si ».
            let same = cues[n..].iter().take_while(|c| c.head == cues[n].head).count();
            self.cue(&cues[n..n + same]);
            n += same;
        }
    }

    /// Tries the constructions of one cue, the surest first.
    fn cue(&mut self, cues: &[Cue]) {
        let rules = self.rules;
        let mut order: Vec<(&Cue, &Construction)> = cues
            .iter()
            .flat_map(|cue| {
                let direct = cue.takes.iter().any(|t| t == "direct");
                // What may be said in a clause, a noun or a quotation may be said in a list.
                let many = ["direct", "que", "obj", "colon"];
                let listed = cue.takes.iter().any(|t| many.contains(&t.as_str()));
                let takes = move |c: &&Construction| {
                    cue.takes.contains(&c.takes)
                        || direct && c.content == Content::Colon
                        || listed && c.content == Content::List
                };
                rules.constructions.iter().filter(takes).map(move |c| (cue, c))
            })
            .collect();
        // Who is named by « par » is looked for in passives first, and only there.
        order.retain(|(cue, c)| c.source != Source::Agent || self.is_passive(cue));
        // « « Combien de temps ? », s'interroge X, pour qui … »: what stands before goes first.
        let told = cues.first().is_some_and(|cue| self.is_told_before(cue));
        order.sort_by_key(|(_, c)| {
            let before = told && c.content == Content::Quotation;
            (!before, c.source != Source::Agent, rank(c.content))
        });
        for (cue, construction) in order {
            let Some(statement) = self.try_construction(cue, construction) else {
                continue;
            };
            if !self.is_known(&statement) {
                self.claim(&statement);
                self.found.push(statement);
                return;
            }
            // The quotation of a cue is told already: the cue has nothing else to tell.
            if construction.content == Content::Quotation {
                return;
            }
        }
    }

    /// « … », a déclaré X, cité par Y: Y carries the words of X, who said them. A participle
    /// that names who carries makes a statement only where nobody else is said to speak.
    fn without_carriers(&mut self) {
        let l = self.l;
        let carries = |s: &Statement| {
            let participle = |c: &Cue| {
                l.morph(c.head).verb == Some(VerbForm::PartPast) && !l.is_finite(c.head)
            };
            s.kind == StatementKind::Attributed && s.cue.as_ref().is_some_and(participle)
        };
        let told = self.found.iter().filter_map(|s| s.cue.as_ref());
        let mut cues: Vec<usize> = told.clone().map(|c| c.head).collect();
        cues.sort_unstable();
        let mut ends: Vec<usize> = told.map(|c| c.tokens.end).collect();
        ends.sort_unstable();
        let holds_cue = |r: &Range<usize>| {
            let next = cues.partition_point(|&c| c < r.start);
            cues.get(next).is_some_and(|&c| c < r.end)
        };
        // « …, a-t-on appris de source diplomatique »
        let follows = |s: &Statement| {
            let start = s.cue.as_ref().map(|c| c.tokens.start);
            s.kind == StatementKind::Attributed
                && start.is_some_and(|start| ends.binary_search(&start).is_ok())
        };
        self.found
            .retain(|s| !((carries(s) || follows(s)) && s.content.iter().any(holds_cue)));
    }

    fn try_construction(&self, cue: &Cue, c: &Construction) -> Option<Statement> {
        let l = self.l;
        // « soutenu par le sénateur »: a participle that describes a noun says nothing, unless
        // it names its agent.
        let bare = l.morph(cue.head).verb == Some(VerbForm::PartPast)
            && !l.is_finite(cue.head)
            && !l.is_infinitive(cue.head)
            && cue.tokens.start == cue.head;
        let agent = l.children_by(cue.head, &[Deprel::OblAgent]).next().is_some();
        if bare && (!agent || c.content == Content::Insertion) && cue.speaker.is_none() {
            return None;
        }
        let content = self.content(cue, c)?;
        // « selon les propos confiés par un témoin, « … » »: a participle takes a quotation only
        // behind a colon.
        let behind_colon =
            || content[0].start >= 2 && l.word(content[0].start - 2) == ":";
        if bare && c.content == Content::Quotation && !behind_colon() {
            return None;
        }
        if c.content != Content::Quotation && self.is_unsaid(cue) {
            return None;
        }
        let mut content = self.before_agent(cue, content);
        // « se disait vendredi « consternée » »
        if let (Content::Predicate, Some(first)) = (c.content, content.first_mut())
            && let Some(time) = l.times.iter().find(|t| t.tokens.start == first.start)
            && time.tokens.end < first.end
        {
            first.start = time.tokens.end;
        }
        let content: Vec<Range<usize>> =
            content.into_iter().filter_map(|r| self.words_of(r)).collect();
        if content.is_empty() || !self.shares_marks(cue, &content) {
            return None;
        }
        let content = self.with_joined(cue, content, c.marker);
        let speaker = self.source(cue, c, &content).map(|s| self.without_preposition(s));
        if !self.is_told(cue, c, speaker.as_ref().map(|(_, head)| *head)) {
            return None;
        }
        // Marks that hold the cue as well are those of whoever reports it.
        let around = c.marker.and_then(|_| self.l.quotation_at(cue.tokens.start));
        let kind = if c.attributed {
            StatementKind::Attributed
        } else {
            self.kind_of(&content, around)
        };
        let mut confidence = c.confidence;
        if speaker.is_none() {
            confidence -= 0.15;
        }
        Some(Statement {
            kind,
            content,
            cue: Some(cue.clone()),
            speaker,
            nested_in: None,
            entry: Some(c.entry),
            confidence,
        })
    }

    /// « qualifie l'accord de « recul » et de « trahison »: the quotations that are joined to the one
    /// that ends some words.
    fn with_joined(
        &self,
        cue: &Cue,
        mut content: Vec<Range<usize>>,
        marker: Option<ClassId>,
    ) -> Vec<Range<usize>> {
        let l = self.l;
        let markers = [marker, self.rules.classes.marker_of];
        for _ in 0..JOINED {
            let Some(last) = content.last_mut().filter(|r| r.start > cue.head) else {
                break;
            };
            let closes = |q: &&depeche_text::Quotation| {
                q.outside.end == last.end || q.inside.end == last.end
            };
            let from = l.quotes.partition_point(|q| q.outside.start + 1 < last.start);
            let near = l.quotes[from..].iter().take_while(|q| q.outside.start < last.end);
            let Some(ended) = near.filter(closes).last() else { break };
            let joint = ended.outside.end;
            if joint >= l.tokens.len() || l.upos(joint) != Upos::Cconj {
                break;
            }
            let marked = markers.iter().find_map(|&class| l.hit(joint + 1, class));
            let at = marked.map_or(joint + 1, |hit| hit.end as usize);
            let Some(next) = self.quote_from(at).map(|n| &l.quotes[n]) else { break };
            let whole = last.end == ended.outside.end;
            if whole {
                last.end = next.outside.end;
            } else {
                content.push(next.inside.clone());
            }
        }
        content
    }

    /// « est qualifiée de « recul » par les syndicats »: who says it is no part of it.
    fn before_agent(
        &self,
        cue: &Cue,
        mut content: Vec<Range<usize>>,
    ) -> Vec<Range<usize>> {
        let agent = Some(cue).filter(|c| self.is_passive(c)).and_then(|c| self.agent(c));
        if let (Some(agent), Some(last)) = (agent, content.last_mut())
            && last.contains(&agent)
        {
            let by = self.l.noun_phrase(agent).start.saturating_sub(1);
            last.end = by.max(last.start + 1);
        }
        content
    }

    /// « appris de source diplomatique », « selon le ministère, à des propos… »: a preposition
    /// before or behind a comma is no part of who speaks.
    fn without_preposition(
        &self,
        (mut words, head): (Range<usize>, usize),
    ) -> (Range<usize>, usize) {
        let l = self.l;
        // The head may stand behind its words: a « qui » behind those that it takes up.
        let last = head.min(words.end.saturating_sub(1));
        let first = words.start;
        // « comme par exemple X »: a noun in front that hangs on X by a preposition goes with it.
        let hangs = |t: usize| {
            t > first && l.deprel(t) == Deprel::Nmod && l.head(t).is_some_and(|h| h > t)
        };
        while words.start < last
            && (l.upos(words.start) == Upos::Adp || hangs(words.start))
        {
            words.start += 1;
        }
        let aside = (head + 1..words.end.saturating_sub(1))
            .find(|&t| l.word(t) == "," && l.upos(t + 1) == Upos::Adp);
        words.end = aside.unwrap_or(words.end);
        (words, head)
    }

    /// « permet d'affirmer que », « invite à dire que »: an infinitive under a verb that leaves
    /// open whether anything is said.
    fn is_unsaid(&self, cue: &Cue) -> bool {
        let l = self.l;
        if !l.is_infinitive(cue.head) || cue.speaker.as_deref() == Some("complement") {
            return false;
        }
        // « Prétendre que… est faux »
        let subject = matches!(l.deprel(cue.head), Deprel::Csubj | Deprel::Nsubj)
            || l.sentence(cue.head).start == cue.tokens.start
            || l.quotation_at(cue.head)
                .is_some_and(|n| self.l.quotes[n].inside.start == cue.tokens.start);
        // « il est à noter que »
        let due = l
            .children_by(cue.head, &[Deprel::Cop, Deprel::Aux])
            .any(|c| c < cue.tokens.start && l.is_finite(c));
        let governor = l.head(cue.head).filter(|&h| h < cue.head);
        subject
            || due
            || governor.is_some_and(|h| l.hit(h, self.rules.classes.unsaid).is_some())
    }

    /// Whoever speaks inside a quotation says nothing that stands outside of it.
    fn shares_marks(&self, cue: &Cue, content: &[Range<usize>]) -> bool {
        let Some(n) = self.l.quotation_at(cue.head) else { return true };
        let outside = &self.l.quotes[n].outside;
        content.iter().all(|r| outside.start <= r.start && r.end <= outside.end)
    }

    /// Whether somebody tells the article something here: not the writer himself, not nobody,
    /// not a verb that only describes a noun.
    fn is_told(&self, cue: &Cue, c: &Construction, speaker: Option<usize>) -> bool {
        let l = self.l;
        let verbal = matches!(l.upos(cue.head), Upos::Verb | Upos::Aux);
        let form = l.morph(cue.head).verb;
        if let Some(speaker) = speaker {
            let first = |t: usize| matches!(l.morph(t).person, Some(1 | 2));
            // « je crois que », by the writer or inside somebody's words, is no report.
            let writer = first(speaker) && l.upos(speaker) == Upos::Pron
                || first(cue.head) && verbal;
            // Deeds and judgements are told of people; a photograph may show, not demand.
            let deed = !matches!(
                c.content,
                Content::Quotation | Content::Insertion | Content::Host
            );
            let named = l.antecedent(speaker).unwrap_or(speaker);
            let able =
                !deed || self.actors.may_speak(l, named) || self.is_pointing(speaker);
            let nobody = |t: usize| self.actors.is_nobody(l, t);
            return able && !writer && !nobody(speaker) && !nobody(named);
        }
        if !verbal {
            return cue.speaker.as_deref() == Some("none");
        }
        // « il vous est demandé de »: the writer speaks to his readers.
        let addressed = l
            .children(cue.head)
            .any(|c| l.upos(c) == Upos::Pron && matches!(l.morph(c).person, Some(1 | 2)));
        if addressed && c.content == Content::Infinitive {
            return false;
        }
        // Nobody is named: that something was announced may be told, that it should be noted
        // may not.
        let passive = c.source == Source::Agent || self.is_passive(cue);
        let spoken = c.content == Content::Quotation && l.is_finite(cue.head)
            || c.content == Content::Insertion && self.is_of_nobody(cue);
        let described = form == Some(VerbForm::PartPast) && !l.is_finite(cue.head);
        cue.speaker.as_deref() == Some("none")
            || (passive
                && l.is_finite(cue.head)
                && self.is_passive(cue)
                && (c.content == Content::Clause && self.tells_somebody(cue)
                    || c.content == Content::Infinitive
                        && self.is_charge_or_order(cue, c.marker))
                || spoken && form != Some(VerbForm::Imperative))
                && !described
    }

    /// Whether what a cue says is done to its subject.
    pub(crate) fn is_passive(&self, cue: &Cue) -> bool {
        !cue.with_auxiliary && self.l.is_passive(cue.head)
    }

    /// A pronoun or possessive that stands for the speaker: « a-t-il dit », « sa promesse de ».
    fn is_pointing(&self, token: usize) -> bool {
        let classes = &self.rules.classes;
        self.is_clitic(token)
            || self.l.hit(token, classes.possessive).is_some()
            || self.l.hit(token, classes.subject_pronoun).is_some()
    }

    /// « Il est demandé aux riverains de », « il est accusé d'avoir »; but « il est invité à »
    /// is said of somebody.
    fn is_charge_or_order(&self, cue: &Cue, marker: Option<ClassId>) -> bool {
        cue.class == CueClass::Accuse
            || cue.class == CueClass::Demand
                && self.is_impersonal(cue)
                && marker == self.rules.classes.marker_of
    }

    /// « il a été annoncé que », « les pilotes ont été avertis que »: what is said is no subject.
    fn tells_somebody(&self, cue: &Cue) -> bool {
        let subject = self.l.own_subject(cue.head);
        self.is_impersonal(cue)
            || subject.is_some_and(|(subject, _)| self.actors.can_speak(self.l, subject))
    }

    /// « il a été révélé que », but not « l'état de catastrophe sera reconnu ».
    fn is_impersonal(&self, cue: &Cue) -> bool {
        self.l.own_subject(cue.head).is_none_or(|(subject, _)| {
            self.l.hit(subject, self.rules.classes.subject_pronoun).is_some()
        })
    }

    /// A range without the marks and blanks at its ends; `None` when no word is left.
    pub(crate) fn words_of(&self, range: Range<usize>) -> Option<Range<usize>> {
        if range.is_empty() {
            return None;
        }
        let mut range = range;
        while range.start < range.end && self.is_mark(range.start) {
            range.start += 1;
        }
        while range.end > range.start && self.is_mark(range.end - 1) {
            range.end -= 1;
        }
        // A mark inside whose partner was cut off comes back.
        if let Some(q) = self.l.quotes.iter().find(|q| {
            q.closed && q.outside.end == range.end + 1 && q.outside.start >= range.start
        }) && q.outside.start > range.start
        {
            range.end += 1;
        }
        if let Some(q) = self.l.quotes.iter().find(|q| {
            q.closed && q.outside.start + 1 == range.start && q.outside.end <= range.end
        }) && q.outside.end < range.end
        {
            range.start -= 1;
        }
        (!range.is_empty()).then_some(range)
    }

    fn is_mark(&self, token: usize) -> bool {
        let word = self.l.word(token);
        matches!(
            word,
            "," | ";"
                | ":"
                | "«"
                | "»"
                | "\""
                | "“"
                | "”"
                | "„"
                | "‹"
                | "›"
                | "–"
                | "—"
                | "-"
                | "‘"
                | "’"
                | "'"
                | "."
                | "*"
        ) && (word != "." || token + 1 >= self.l.tokens.len() || self.l.is_punct(token))
    }

    /// How some words are rendered, by how much of them stands in marks other than those around
    /// the cue as well.
    fn kind_of(&self, content: &[Range<usize>], around: Option<usize>) -> StatementKind {
        let (mut all, mut marked) = (0, 0);
        for token in content.iter().cloned().flatten().filter(|&t| !self.l.is_punct(t)) {
            all += 1;
            let marks = self.l.quotation_at(token);
            marked += usize::from(marks.is_some() && marks != around);
        }
        match marked {
            0 => StatementKind::Indirect,
            n if n == all => StatementKind::Direct,
            _ => StatementKind::Mixed,
        }
    }

    /// Whether a statement with almost these words is there already.
    fn is_known(&self, new: &Statement) -> bool {
        let near = self.found.iter().rev().take(6);
        near.into_iter().any(|old| {
            let same_speaker = match (&old.speaker, &new.speaker) {
                // « Le maire est clair : « … », a-t-il dit »: the pronoun is who spoke already.
                (Some((_, a)), Some((_, b))) => a == b || self.is_clitic(*b),
                _ => true,
            };
            let (shared, all) = overlap(&old.content, &new.content);
            same_speaker && shared * 10 >= all * 8
        })
    }

    fn claim(&mut self, statement: &Statement) {
        for (n, quote) in self.l.quotes.iter().enumerate() {
            let inside = |r: &Range<usize>| {
                r.start <= quote.inside.start && quote.inside.end <= r.end + 1
            };
            let within = |r: &Range<usize>| {
                quote.inside.start <= r.start && r.end <= quote.inside.end
            };
            // « Certains disent que nous partons. Rien n'est plus faux. »: what a quotation says that
            // somebody said is not the quotation, unless the cue only breaks into it.
            let told_inside =
                statement.cue.as_ref().is_some_and(|c| quote.inside.contains(&c.head))
                    && statement.content.iter().all(|r| r.start > quote.inside.start + 1);
            if told_inside {
                continue;
            }
            if statement.content.iter().any(|r| inside(r) || within(r)) {
                self.claimed[n] = true;
            }
        }
    }
}

/// So many quotations are joined at most.
const JOINED: usize = 4;

/// Which construction is tried first.
fn rank(content: Content) -> u8 {
    match content {
        Content::List => 0,
        Content::Clause => 1,
        Content::Quotation => 2,
        Content::Infinitive => 3,
        Content::Predicate => 4,
        Content::Object => 5,
        Content::Phrase => 6,
        Content::Host => 7,
        Content::Insertion => 8,
        Content::Colon => 9,
    }
}

/// Tokens that two contents share, and tokens that either has.
pub(crate) fn overlap(a: &[Range<usize>], b: &[Range<usize>]) -> (usize, usize) {
    let size = |r: &[Range<usize>]| r.iter().map(|r| r.len()).sum::<usize>();
    let mut shared = 0;
    for x in a {
        for y in b {
            shared += x.end.min(y.end).saturating_sub(x.start.max(y.start));
        }
    }
    (shared, size(a) + size(b) - shared)
}

/// What is said inside something that is said belongs to both: « a dit qu'il espérait que… ».
fn reach_inner(found: &mut [Statement]) {
    for i in 0..found.len() {
        let Some(last) = found[i].content.last().cloned() else { continue };
        let inner_end = found
            .iter()
            .filter(|s| {
                let inside = s.cue.as_ref().is_some_and(|c| {
                    last.start <= c.tokens.start && c.tokens.end <= last.end
                });
                inside
                    && s.content
                        .first()
                        .is_some_and(|r| r.start >= last.end && r.start <= last.end + 2)
            })
            .filter_map(|s| s.content.last().map(|r| r.end))
            .max();
        if let Some(end) = inner_end
            && let Some(content) = found[i].content.last_mut()
        {
            content.end = content.end.max(end);
        }
    }
}

/// Says of each statement which one it lies in: the smallest that holds its words and its cue.
fn nest(found: &mut [Statement]) {
    for i in 0..found.len() {
        let within = |outer: &Statement, range: &Range<usize>| {
            outer.content.iter().any(|r| r.start <= range.start && range.end <= r.end)
        };
        let mut best: Option<(usize, usize)> = None;
        for (j, outer) in found.iter().enumerate().filter(|&(j, _)| j != i) {
            let inner = &found[i];
            let holds = inner.content.iter().all(|r| within(outer, r))
                && inner.cue.as_ref().is_some_and(|c| within(outer, &c.tokens));
            let size: usize = outer.content.iter().map(|r| r.len()).sum();
            if holds && best.is_none_or(|(_, smallest)| size < smallest) {
                best = Some((j, size));
            }
        }
        found[i].nested_in = best.map(|(j, _)| j);
    }
}
