//! In which order is a document read?

use std::collections::BTreeMap;

use depeche_extract::actor::Cast;
use depeche_extract::event::{background, events};
use depeche_extract::place::{locate, places, venue};
use depeche_extract::position::{Found, positions};
use depeche_extract::statement::{circumstance, statements};
use depeche_extract::{
    Tree, agree, free_bodies, free_charges, free_names, free_participles, free_relatives,
    free_speakers, join_perfects, layout, one_subject, settle, whole_clauses,
};
use depeche_record::StatementKind;
use depeche_rule::{View, Words, mend_inverted, mend_participles, mend_verbs};
use depeche_text::syntax::{Deprel, Parser, Syntax};
use depeche_text::{Document, Span, sentences};
use depeche_time::{Context, Dct, Edtf, Meaning, direction, resolve};

use crate::headline::{halves, join_halves};
use crate::parts::parts;
use crate::whereabouts::drop_mere_places;
use crate::{Analysis, Language};

/// The engine at work: a language, and memory that is reused from document to document.
///
/// Reading is pure: the same document gives the same analysis, whatever was read before. A
/// pipeline belongs to one thread; a [`Language`] is shared by all.
#[derive(Debug)]
pub struct Pipeline<'l> {
    language: &'l Language,
    parser: Parser<'l>,
}

/// The date that the input gives an article: EDTF, or a date and time as programs write them
/// (`2025-02-18 13:05:00`).
pub(crate) fn publication_date(text: &str) -> Option<Edtf> {
    let text = text.trim();
    let day = || text.get(..10).filter(|_| text[10..].starts_with(['T', ' ']));
    text.parse().ok().or_else(|| day()?.parse().ok())
}

impl<'l> Pipeline<'l> {
    /// An engine for this language.
    pub fn new(language: &'l Language) -> Pipeline<'l> {
        Pipeline { language, parser: Parser::new(&language.model) }
    }

    /// The language it reads.
    pub fn language(&self) -> &'l Language {
        self.language
    }

    /// Reads a document. There is always an answer, for any text.
    pub fn analyze<'a>(&mut self, document: &'a Document) -> Analysis<'a>
    where
        'l: 'a,
    {
        let language = self.language;
        let text = document.text();
        let tokens = language.tokenizer.tokens(text);
        let words = Words::new(&language.lexicon, text, &tokens);
        let orthography = &language.pack.orthography;
        let layout = layout(&language.pack, orthography, &words, text, &tokens);
        let sentences = layout.sentences(sentences(&language.tokenizer, text, &tokens));
        let published = document.meta().published.as_deref().and_then(publication_date);
        let published = published.or_else(|| layout.header_date.clone());
        let mut a = Analysis {
            language,
            document,
            dct: Dct::new(published.as_ref()),
            quotes: language.marks.quotations(text, &tokens),
            tokens,
            sentences,
            words,
            layout,
            syntax: Syntax::default(),
            tree: Tree::default(),
            times: Vec::new(),
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
        };
        self.syntax(&mut a);
        let times = self.times(&mut a);
        self.in_parts(&mut a);
        self.spoken_times(&mut a, times);
        background(&mut a.events, &a.times, &a.dct);
        self.places(&mut a);
        drop_mere_places(&mut a);
        a
    }

    /// Reads what is told by looking back and forth, a part of the text at a time.
    fn in_parts(&mut self, a: &mut Analysis<'_>) {
        let parts = parts(&a.sentences);
        if parts.len() < 2 {
            return self.people(a);
        }
        let mut known = BTreeMap::new();
        for tokens in parts {
            let mut part = a.part(&tokens);
            self.people(&mut part);
            a.take(&tokens, part, &mut known);
        }
    }

    fn people(&mut self, a: &mut Analysis<'_>) {
        let language = self.language;
        let layers = a.layers();
        let mut cast = Cast::new(language.actors.clone(), &layers, &a.dct);
        let mut found = statements(&language.statements, &language.actors, &layers);
        cast.quote(&found);
        let mut speakers = Vec::with_capacity(found.len());
        let mut rivals = Vec::with_capacity(found.len());
        let mut circumstances = Vec::with_capacity(found.len());
        for statement in &found {
            let head = statement.speaker.as_ref().map(|(_, head)| *head);
            let named = head.map_or_else(Vec::new, |head| cast.identify(&layers, head));
            // Who is quoted by somebody is not who goes on speaking.
            match (head, named.as_slice(), statement.nested_in) {
                (Some(head), [(actor, _)], None) => cast.hear(Some(*actor), head),
                (Some(head), [], None) => cast.hear(None, head),
                _ => {}
            }
            speakers.push(named);
            rivals.push(head.map_or_else(Vec::new, |head| cast.rivals(&layers, head)));
            circumstances.push(circumstance(
                &language.circumstances,
                &language.actors,
                &layers,
                statement,
                &a.dct,
                &mut cast,
            ));
        }
        let mut happened =
            events(&language.events, &language.actors, &layers, &mut cast, &found);
        let read = Found {
            events: &language.events,
            actors: &language.actors,
            statements: &found,
            speakers: &speakers,
            happened: &happened,
        };
        let mut stands = positions(&language.positions, read, &layers, &mut cast);
        for (n, statement) in found.iter_mut().enumerate() {
            let scare = statement.kind == StatementKind::Scare;
            if let Some(certainty) = language.certainty.as_ref().filter(|_| !scare) {
                let via = speakers[n].first().map(|(_, via)| *via);
                let rivals = !rivals[n].is_empty();
                statement.confidence = certainty.of(&layers, statement, via, rivals);
            }
        }
        let (mut actors, places) = cast.finish();
        settle(&mut actors, &language.actors, &layers);
        stands.retain(|p| places[p.actor].is_some());
        for position in &mut stands {
            position.actor = places[position.actor].unwrap_or(position.actor);
        }
        for list in &mut speakers {
            list.retain(|(actor, _)| places[*actor].is_some());
            for (actor, _) in list.iter_mut() {
                *actor = places[*actor].unwrap_or(*actor);
            }
        }
        let told = circumstances
            .iter_mut()
            .flat_map(|c| [&mut c.addressee, &mut c.about, &mut c.behalf]);
        for list in told.chain(&mut rivals) {
            list.retain(|actor| places[*actor].is_some());
            for actor in list.iter_mut() {
                *actor = places[*actor].unwrap_or(*actor);
            }
            list.dedup();
        }
        for event in &mut happened {
            let fillers = event.roles.iter_mut().map(|f| &mut f.actors);
            for list in
                [&mut event.actor, &mut event.recipient].into_iter().chain(fillers)
            {
                list.retain(|actor| places[*actor].is_some());
                for actor in list.iter_mut() {
                    *actor = places[*actor].unwrap_or(*actor);
                }
                list.dedup();
            }
        }
        a.events = happened;
        a.positions = stands;
        a.statements = found;
        a.actors = actors;
        a.speakers = speakers;
        a.rivals = rivals;
        a.circumstances = circumstances;
    }

    fn places(&mut self, a: &mut Analysis<'_>) {
        let language = self.language;
        let layers = a.layers();
        let (found, refused) =
            places(&language.places, &language.gazetteer, &layers, &a.actors);
        let sites =
            locate(&language.places, &layers, &a.events, &a.statements, &found, &refused);
        let venues = a
            .statements
            .iter()
            .map(|s| venue(&language.places, &layers, s, &found))
            .collect();
        a.places = found;
        a.not_places = refused;
        a.sites = sites;
        a.venues = venues;
    }

    fn syntax(&mut self, a: &mut Analysis<'_>) {
        let text = a.document.text();
        let forms: Vec<&str> = a.tokens.iter().map(|t| t.span.of(text)).collect();
        a.syntax = self.parser.parse(&forms, &a.sentences);
        let halves = halves(&a.tokens, text, &a.syntax, &a.layout, &a.sentences);
        if !halves.is_empty() {
            let again = self.parser.parse(&forms, &halves);
            join_halves(&mut a.syntax, &again, &halves);
        }
        mend_verbs(&self.language.lexicon, text, &a.tokens, &mut a.syntax.morph);
        let auxiliary = [Deprel::Aux, Deprel::AuxPass];
        let helped = a.syntax.deprel.iter().zip(&a.syntax.head);
        let helped = helped
            .filter(|(relation, _)| auxiliary.contains(relation))
            .filter_map(|(_, head)| head.map(|h| h as usize));
        mend_participles(
            &self.language.lexicon,
            text,
            &a.tokens,
            helped,
            &mut a.syntax.morph,
        );
        let behind_quotations = a.quotes.iter().map(|q| {
            let end = q.outside.end;
            let comma = a.tokens.get(end).is_some_and(|t| t.span.of(text) == ",");
            end + usize::from(comma)
        });
        let behind_quotations = behind_quotations.filter(|&t| t < a.tokens.len());
        mend_inverted(
            &self.language.lexicon,
            text,
            &a.tokens,
            behind_quotations,
            &mut a.syntax.morph,
        );
        let lemmas = self.language.model.lemmas();
        a.words.tag(&self.language.lexicon, text, &a.tokens, &a.syntax.morph, |w, m| {
            lemmas.lemma(w, m)
        });
        agree(&mut a.syntax);
        join_perfects(&self.language.pack, &a.words, &mut a.syntax);
        whole_clauses(&a.quotes, &mut a.syntax);
        one_subject(&mut a.syntax);
        free_names(&self.language.pack, &a.words, &mut a.syntax);
        free_speakers(&self.language.pack, &a.words, &mut a.syntax);
        free_relatives(&mut a.syntax);
        free_charges(&self.language.pack, &a.words, &mut a.syntax);
        free_bodies(&self.language.pack, &a.words, &mut a.syntax);
        free_participles(&self.language.pack, &a.words, &mut a.syntax);
        a.tree = Tree::new(&a.syntax);
    }

    /// The time expressions, understood as far as they stand by themselves; they are handed
    /// back for [`Pipeline::spoken_times`].
    fn times(&mut self, a: &mut Analysis<'_>) -> Times {
        let language = self.language;
        let view = View {
            text: a.document.text(),
            tokens: &a.tokens,
            sentences: &a.sentences,
            words: &a.words,
            morph: &[],
        };
        let found = language.time.recognise(&language.pack, &view);
        let layers = a.layers();
        let context = |found: &depeche_time::Found| Context {
            direction: direction(language.tense, &a.words, &a.syntax, &found.tokens),
            verbless: {
                let sentence = layers.sentence_index(found.tokens.start);
                let tokens = a.sentences.get(sentence).cloned().unwrap_or_default();
                !a.syntax.morph[tokens].iter().any(|m| m.is_finite() || m.verb.is_some())
            },
            quoted: layers.quotation_at(found.tokens.start).is_some(),
            sentence: layers.sentence_index(found.tokens.start),
            paragraph: layers.block_index(found.tokens.start).unwrap_or_default(),
            said: None,
        };
        let contexts = found.iter().map(context).collect();
        let times = Times { found, contexts };
        a.dct = times.written(a);
        a.times = times.resolve(a);
        times
    }

    /// What is quoted is understood from the day on which it was said, where the statement
    /// tells that day.
    fn spoken_times(&mut self, a: &mut Analysis<'_>, mut times: Times) {
        let mut told = false;
        let mut speech: Option<(usize, usize, usize)> = None;
        let layers = a.layers();
        for (n, statement) in a.statements.iter().enumerate() {
            let speaker = a.speakers[n].first().map(|(actor, _)| *actor);
            let block =
                layers.block_index(statement.content[0].start).unwrap_or_default();
            // Who goes on speaking in the next paragraph speaks on the same day.
            let goes_on = speech.filter(|&(who, at, _)| {
                speaker == Some(who) && block <= at + 1 && statement.nested_in.is_none()
            });
            let said = a.circumstances[n].said_at.or(goes_on.map(|(_, _, t)| t));
            let Some(said) = said else { continue };
            if let (Some(who), None) = (speaker, statement.nested_in) {
                speech = Some((who, block, said));
            }
            for content in &statement.content {
                let from =
                    times.found.partition_point(|f| f.tokens.start < content.start);
                let within = times.found[from..].iter();
                let count = within.take_while(|f| f.tokens.end <= content.end).count();
                for context in &mut times.contexts[from..from + count] {
                    if context.quoted {
                        context.said = Some(said);
                        told = true;
                    }
                }
            }
        }
        if told {
            a.times = times.resolve(a);
        }
    }
}

/// The time expressions of a text, and what is asked about each.
struct Times {
    found: Vec<depeche_time::Found>,
    contexts: Vec<Context>,
}

impl Times {
    fn resolve(&self, a: &Analysis<'_>) -> Vec<depeche_time::Timex> {
        let span = |tokens: &std::ops::Range<usize>| {
            Span::new(
                a.tokens[tokens.start].span.start,
                a.tokens[tokens.end - 1].span.end,
            )
        };
        resolve(&self.found, &self.contexts, &a.dct, span)
    }

    /// When the article was written: what the input says, with what its dateline adds and
    /// what the dates of its own narrator leave.
    fn written(&self, a: &Analysis<'_>) -> Dct {
        let head = a.layout.dateline.clone().unwrap_or_default();
        let told: Vec<_> = self
            .found
            .iter()
            .zip(&self.contexts)
            .filter(|(f, c)| !c.quoted && !head.contains(&f.tokens.start))
            .map(|(f, c)| (&f.meaning, c.direction))
            .collect();
        let mut dct = a.dct.clone();
        // « Publié le 12 mars 2024, mis à jour le 14 »: the first is the day of writing.
        let dated =
            |meaning: &Meaning| matches!(meaning, Meaning::Date { day: Some(_), .. });
        let of_head = |f: &&depeche_time::Found| {
            head.contains(&f.tokens.start)
                && match &f.meaning {
                    Meaning::At { of: Some(of), .. } => dated(of),
                    meaning => dated(meaning),
                }
        };
        if let Some(found) = self.found.iter().find(of_head) {
            let dated = dct.clone().dated(&found.meaning);
            if !dated.is_overtaken(&told) {
                dct = dated;
            }
        }
        dct.narrowed(&told)
    }
}
