//! The columns of every table, each beside where its value comes from.

use std::borrow::Cow;

use depeche_record::{Actor, Event, Mention, Place, Position, Role, Statement, Time};

use super::cell::{Cell, Column, Kind};
use super::context::{Context, code, day_of, days, name_of, slices, words};

/// What may be missing, as a cell takes it.
fn maybe<'a>(text: Option<&'a String>) -> Option<Cow<'a, str>> {
    text.map(|t| Cow::Borrowed(t.as_str()))
}

/// Texts, as a cell takes them.
fn texts(list: &[String]) -> Vec<Cow<'_, str>> {
    list.iter().map(|t| Cow::Borrowed(t.as_str())).collect()
}

/// How many there are.
fn count<T>(list: &[T]) -> i32 {
    i32::try_from(list.len()).unwrap_or(i32::MAX)
}

/// Declares the columns of a table and, of an instance, the cells in the same order.
macro_rules! table {
    (
        $(#[$doc:meta])*
        $table:ident($context:ident, $item:pat => $type:ty) {
            $($name:ident: $kind:ident = $value:expr, $meaning:literal;)*
        }
    ) => {
        $(#[$doc])*
        pub(super) mod $table {
            use super::*;

            pub(in super::super) const COLUMNS: &[Column] = &[$(
                Column { name: stringify!($name), kind: Kind::$kind, meaning: $meaning },
            )*];

            pub(in super::super) fn cells<'a>(
                $context: &Context<'a>,
                $item: $type,
                row: &mut Vec<Cell<'a>>,
            ) {
                $(row.push(Cell::$kind(($value).into()));)*
            }
        }
    };
}

/// The columns that every table begins with.
pub(super) const LEAD: &[Column] = lead::COLUMNS;

/// Their cells for a row that is a copy, or not, or nobody knows.
pub(super) fn lead<'a>(
    context: &Context<'a>,
    is_copy: Option<bool>,
    row: &mut Vec<Cell<'a>>,
) {
    lead::cells(context, is_copy, row);
}

table! {
    lead(c, is_copy => Option<bool>) {
        article_id: Text = c.record.article.id.as_str(),
            "SHA-256 of the article's text";
        article_key: MaybeText = maybe(c.record.article.key.as_ref()),
            "The id that the input gave the article";
        outlet: MaybeText = maybe(c.record.article.outlet.as_ref()),
            "Who published the article";
        published: MaybeText = maybe(c.record.article.published.as_ref()),
            "When the article was published, as EDTF, as precise as its source says";
        published_first: MaybeDay = c.published.0,
            "The first day that the date of publication may mean";
        published_last: MaybeDay = c.published.1,
            "The last day that the date of publication may mean";
        is_copy: MaybeFlag = is_copy,
            "Whether an earlier article of the same dispatch has this already; null where \
             copies were not grouped. Count rows where it is not true";
        dispatch_id: MaybeText = c.origin.map(|o| Cow::Borrowed(o.dispatch.as_str())),
            "The earliest article of the dispatch, as the archive calls it; null where copies \
             were not grouped";
    }
}

table! {
    articles(c, a => &'a depeche_record::Article) {
        ref: MaybeText = c.origin.map(|o| Cow::Borrowed(o.reference.as_str())),
            "What opens the article in its archive: depeche show ARCHIVE REF";
        relation: MaybeText = c.origin.and_then(|o| maybe(o.relation.as_ref())),
            "What a copy is to the earliest article: identical, shortened, extended, altered";
        lang: Text = a.lang.as_str(), "Language, as BCP 47";
        title: MaybeText = maybe(a.title.as_ref()), "The headline";
        agency: MaybeText = maybe(a.agency.as_ref()),
            "The wire agency that the article comes from, as its text says";
        url: MaybeText = maybe(a.url.as_ref()), "Where the article can be found";
        rights: MaybeText = maybe(a.rights.as_ref()), "What may be done with the article";
        text: Text = a.text.as_str(),
            "The text, as it came; spans count its Unicode code points";
        length: Int = a.text.chars().count() as i32, "Length of the text in code points";
        actors: Int = count(&c.record.actors), "How many actors the article has";
        statements: Int = count(&c.record.statements), "How many statements";
        events: Int = count(&c.record.events), "How many events";
        positions: Int = count(&c.record.positions), "How many positions";
        warnings: Texts = c.record.warnings.iter()
            .map(|w| Cow::Borrowed(w.code.as_str())).collect::<Vec<_>>(),
            "What the reader of the record should know: no-publication-date, …";
        tool: Text = c.record.run.tool.as_str(), "What read the article: name and version";
        engine: Text = c.record.run.engine.as_str(),
            "SHA-256 of the language pack and the model";
        options: Text = c.record.run.options.as_str(),
            "SHA-256 of the options that change a record";
    }
}

table! {
    actors(_c, a => &'a Actor) {
        actor_id: Text = a.id.as_str(), "Id of the actor within the article";
        name: Text = a.name.as_str(),
            "The fullest name the article gives, or the canonical one of a known actor";
        kind: Text = name_of(&a.kind),
            "person, state, government, organisation, group, media, unknown";
        country: MaybeText = maybe(a.country.as_ref()), "ISO 3166-1 alpha-3";
        sector: MaybeText = maybe(a.sector.as_ref()),
            "PLOVER sector; IGO for organisations of states";
        code: MaybeText = code(a), "Country and sector: RUSGOV";
        office: MaybeText = maybe(a.office.as_ref()), "Canonical title of the office";
        qid: MaybeText = maybe(a.qid.as_ref()), "Wikidata";
        why: Text = a.why.as_str(),
            "How the actor was identified: name, apposition, metonym, …";
        mentions: Int = count(&a.mentions), "How often the text speaks of the actor";
        first_mention: MaybeSpan = a.mentions.first().map(Into::into),
            "Where the text first does";
    }
}

table! {
    mentions(_c, (a, m) => (&'a Actor, &'a Mention)) {
        actor_id: Text = a.id.as_str(), "Id of the actor within the article";
        name: Text = a.name.as_str(), "Name of the actor";
        span: Span = m, "Where the text speaks of the actor";
        form: Text = name_of(&m.form), "name, title, metonym, nominal, pronoun";
    }
}

table! {
    times(_c, t => &'a Time) {
        time_id: Text = t.id.as_str(), "Id of the time within the article";
        span: Span = t, "The expression";
        type: Text = name_of(&t.kind), "TIMEX3 type: DATE, TIME, DURATION, SET";
        value: Text = t.value.as_str(), "TIMEX3 value";
        mod: MaybeText = maybe(t.modifier.as_ref()), "TIMEX3 mod";
        quant: MaybeText = maybe(t.quant.as_ref()), "TIMEX3 quant";
        freq: MaybeText = maybe(t.freq.as_ref()), "TIMEX3 freq";
        edtf: MaybeText = maybe(t.edtf.as_ref()),
            "What can be said of the date, no more, as EDTF";
        first: MaybeDay = day_of(t.earliest.as_ref()), "The first day that it may mean";
        last: MaybeDay = day_of(t.latest.as_ref()), "The last day that it may mean";
        anchor: Text = t.anchor.as_str(),
            "From where it was understood: published, story, text";
        why: Text = t.why.as_str(), "What decided";
        rule: Text = t.rule.as_str(), "The rule: depeche rules RULE";
    }
}

table! {
    places(_c, p => &'a Place) {
        place_id: Text = p.id.as_str(), "Id of the place within the article";
        span: Span = p, "Where the text speaks of the place";
        name: Text = p.name.as_str(), "Its usual name in the language of the article";
        kind: MaybeText = p.kind.map(|k| Cow::Owned(name_of(&k))),
            "country, region, city, water, site";
        country: MaybeText = maybe(p.country.as_ref()), "ISO 3166-1 alpha-3";
        disputed: Flag = p.disputed,
            "Whether states dispute it, or some do not recognise it";
        geonames: MaybeInt = p.geonames.and_then(|g| i32::try_from(g).ok()), "GeoNames id";
        lat: MaybeReal = p.lat, "Degrees north";
        lon: MaybeReal = p.lon, "Degrees east";
        why: Text = p.why.as_str(), "What shows that it is a place, and which";
    }
}

/// The actor who speaks, where the text says who.
fn speaker<'a>(c: &Context<'a>, s: &'a Statement) -> Option<&'a Actor> {
    c.actor(s.speaker.as_ref()?.actor.as_ref()?)
}

table! {
    statements(c, s => &'a Statement) {
        statement_id: Text = s.id.as_str(), "Id of the statement within the article";
        kind: Text = name_of(&s.kind),
            "direct, indirect, mixed, attributed (selon X), scare (marks without a speaker)";
        text: Text = words(&s.content), "The words said; … where the article interrupts them";
        content: Spans = slices(&s.content), "The words said, in their parts";
        cue: MaybeSpan = s.cue.as_ref().map(Into::into), "What introduces them";
        cue_lemma: MaybeText = s.cue.as_ref().map(|c| Cow::Borrowed(c.lemma.as_str())),
            "Its lemma";
        cue_class: MaybeText = s.cue.as_ref().map(|c| Cow::Owned(name_of(&c.class))),
            "say, assert, claim, concede, doubt, deny, accuse, demand, promise, announce, ask, \
             judge, quote";
        speaker: MaybeSpan = s.speaker.as_ref().map(Into::into),
            "The words that name who said them";
        speaker_id: MaybeText = speaker(c, s).map(|a| Cow::Borrowed(a.id.as_str())),
            "The actor they lead to";
        speaker_name: MaybeText = speaker(c, s).map(|a| Cow::Borrowed(a.name.as_str())),
            "Its name";
        speaker_kind: MaybeText = speaker(c, s).map(|a| Cow::Owned(name_of(&a.kind))),
            "Its kind";
        speaker_country: MaybeText = speaker(c, s).and_then(|a| maybe(a.country.as_ref())),
            "Its country, ISO 3166-1 alpha-3";
        speaker_sector: MaybeText = speaker(c, s).and_then(|a| maybe(a.sector.as_ref())),
            "Its PLOVER sector";
        speaker_qid: MaybeText = speaker(c, s).and_then(|a| maybe(a.qid.as_ref())),
            "Its Wikidata id";
        speaker_via: MaybeText = s.speaker.as_ref().and_then(|p| maybe(p.via.as_ref())),
            "How the words led to it: name, apposition, metonym, pronoun, …";
        speakers: Texts = c.names(&s.speakers), "Everybody who vouches for the words";
        speaker_ids: Texts = texts(&s.speakers), "Their ids within the article";
        candidates: Texts = s.speaker.as_ref()
            .map(|p| c.names(&p.candidates)).unwrap_or_default(),
            "Others whom the speaker's words fit nearly as well";
        behalf: Texts = s.speaker.as_ref().map(|p| c.names(&p.behalf)).unwrap_or_default(),
            "In whose name a spokesperson speaks";
        addressees: Texts = c.names(&s.addressee), "To whom the words are said";
        addressee_ids: Texts = texts(&s.addressee), "Their ids within the article";
        about: Texts = c.names(&s.about), "Of whom the words speak";
        about_ids: Texts = texts(&s.about), "Their ids within the article";
        said: MaybeText = c.time(s.said_at.as_ref()).and_then(|t| maybe(t.edtf.as_ref())),
            "When they were said, as EDTF; null when the text does not tell";
        said_first: MaybeDay =
            c.time(s.said_at.as_ref()).and_then(|t| day_of(t.earliest.as_ref())),
            "The first day that this may mean";
        said_last: MaybeDay =
            c.time(s.said_at.as_ref()).and_then(|t| day_of(t.latest.as_ref())),
            "The last day that this may mean";
        venue: MaybeText =
            c.place(s.venue.as_ref()).map(|p| Cow::Borrowed(p.name.as_str())),
            "Where they were said";
        venue_country: MaybeText =
            c.place(s.venue.as_ref()).and_then(|p| maybe(p.country.as_ref())),
            "In which country, ISO 3166-1 alpha-3";
        nested_in: MaybeText = maybe(s.nested_in.as_ref()),
            "The statement that this one is part of";
        block: MaybeText = s.block
            .and_then(|b| c.record.article.blocks.get(b as usize))
            .map(|b| Cow::Owned(name_of(&b.kind))),
            "Where it stands: dateline, title, lede, heading, paragraph";
        confidence: Share = s.confidence, "How sure, from 0 to 1";
        rule: Text = s.rule.as_str(), "The rule: depeche rules RULE";
    }
}

/// What of a time says when an event was, where it has one; the event's own date otherwise.
fn event_days(c: &Context<'_>, e: &Event) -> (Option<i32>, Option<i32>) {
    match c.time(e.when.as_ref()) {
        Some(time) if time.edtf == e.edtf => {
            (day_of(time.earliest.as_ref()), day_of(time.latest.as_ref()))
        }
        _ => days(e.edtf.as_deref()),
    }
}

table! {
    events(c, e => &'a Event) {
        event_id: Text = e.id.as_str(), "Id of the event within the article";
        type: Text = e.kind.plover().name, "PLOVER 2.0 type";
        mode: MaybeText = maybe(e.mode.as_ref()), "PLOVER mode";
        contexts: Texts = texts(&e.contexts), "PLOVER contexts";
        cameo: MaybeText = maybe(e.cameo.as_ref()), "CAMEO code";
        quad: Int = i32::from(e.quad),
            "1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict";
        text: Text = words(&e.mentions), "The words that tell it; … between them";
        mentions: Spans = slices(&e.mentions), "Every place where the article tells it";
        actors: Texts = c.names(&e.actor), "Who did it";
        actor_ids: Texts = texts(&e.actor), "Their ids within the article";
        actor_countries: MaybeTexts =
            c.of_actors(&e.actor, |a| maybe(a.country.as_ref())),
            "Their countries, ISO 3166-1 alpha-3";
        actor_codes: MaybeTexts = c.of_actors(&e.actor, code), "Country and sector: RUSGOV";
        actor_qids: MaybeTexts = c.of_actors(&e.actor, |a| maybe(a.qid.as_ref())),
            "Their Wikidata ids";
        recipients: Texts = c.names(&e.recipient), "To whom";
        recipient_ids: Texts = texts(&e.recipient), "Their ids within the article";
        recipient_countries: MaybeTexts =
            c.of_actors(&e.recipient, |a| maybe(a.country.as_ref())),
            "Their countries, ISO 3166-1 alpha-3";
        recipient_codes: MaybeTexts = c.of_actors(&e.recipient, code),
            "Country and sector: RUSGOV";
        recipient_qids: MaybeTexts =
            c.of_actors(&e.recipient, |a| maybe(a.qid.as_ref())), "Their Wikidata ids";
        reciprocal: Flag = e.reciprocal, "Whether the sides do it to each other";
        date: MaybeText = maybe(e.edtf.as_ref()),
            "When, as EDTF; null when the text does not tell";
        date_first: MaybeDay = event_days(c, e).0, "The first day that this may mean";
        date_last: MaybeDay = event_days(c, e).1, "The last day that this may mean";
        place: MaybeText = c.place(e.place.as_ref()).map(|p| Cow::Borrowed(p.name.as_str())),
            "Where";
        place_country: MaybeText =
            c.place(e.place.as_ref()).and_then(|p| maybe(p.country.as_ref())),
            "In which country, ISO 3166-1 alpha-3";
        geonames: MaybeInt = c.place(e.place.as_ref())
            .and_then(|p| p.geonames).and_then(|g| i32::try_from(g).ok()), "GeoNames id";
        lat: MaybeReal = c.place(e.place.as_ref()).and_then(|p| p.lat), "Degrees north";
        lon: MaybeReal = c.place(e.place.as_ref()).and_then(|p| p.lon), "Degrees east";
        where_why: Text = e.where_why.as_str(), "stated, or why there is no place";
        factuality: Text = name_of(&e.factuality),
            "FactBank: CT+, PR+, PS+, CT-, PR-, PS-, CTu, Uu";
        aux: Texts = texts(&e.aux),
            "PLOVER auxiliary modes: historical, future, hypothetical, negation";
        source_statement: MaybeText = maybe(e.source_statement.as_ref()),
            "The statement that is its only source; null when the article asserts it";
        confidence: Share = e.confidence, "How sure, from 0 to 1";
        rule: Text = e.rule.as_str(), "The rule: depeche rules RULE";
    }
}

table! {
    event_actors(c, (e, side, id) => (&'a Event, &'static str, &'a String)) {
        event_id: Text = e.id.as_str(), "Id of the event within the article";
        side: Text = side, "actor or recipient";
        actor_id: Text = id.as_str(), "Id of the actor within the article";
        name: Text = c.actor(id).map_or(id.as_str(), |a| a.name.as_str()), "Its name";
        kind: MaybeText = c.actor(id).map(|a| Cow::Owned(name_of(&a.kind))),
            "person, state, government, organisation, group, media, unknown";
        country: MaybeText = c.actor(id).and_then(|a| maybe(a.country.as_ref())),
            "ISO 3166-1 alpha-3";
        sector: MaybeText = c.actor(id).and_then(|a| maybe(a.sector.as_ref())),
            "PLOVER sector";
        code: MaybeText = c.actor(id).and_then(code), "Country and sector: RUSGOV";
        qid: MaybeText = c.actor(id).and_then(|a| maybe(a.qid.as_ref())), "Wikidata";
        type: Text = e.kind.plover().name, "PLOVER 2.0 type of the event";
        mode: MaybeText = maybe(e.mode.as_ref()), "PLOVER mode of the event";
        quad: Int = i32::from(e.quad), "Quadrant of the event, from 1 to 4";
        date_first: MaybeDay = event_days(c, e).0, "The first day of the event, at most";
        factuality: Text = name_of(&e.factuality), "FactBank value of the event";
    }
}

table! {
    event_roles(_c, (e, r) => (&'a Event, &'a Role)) {
        event_id: Text = e.id.as_str(), "Id of the event within the article";
        role: Text = name_of(&r.role), "actor, recipient, place, time, instrument, topic";
        ref: MaybeText = maybe(r.refers.as_ref()),
            "The actor, time or place within the article; null when it is none of these";
        span: Span = r, "The words that have the part";
    }
}

table! {
    positions(c, p => &'a Position) {
        position_id: Text = p.id.as_str(), "Id of the position within the article";
        actor_id: Text = p.actor.as_str(), "Who holds it, by id within the article";
        actor: Text = c.actor(&p.actor).map_or(p.actor.as_str(), |a| a.name.as_str()),
            "Name of the actor";
        actor_kind: MaybeText = c.actor(&p.actor).map(|a| Cow::Owned(name_of(&a.kind))),
            "Its kind";
        actor_country: MaybeText = c.actor(&p.actor).and_then(|a| maybe(a.country.as_ref())),
            "Its country, ISO 3166-1 alpha-3";
        actor_sector: MaybeText = c.actor(&p.actor).and_then(|a| maybe(a.sector.as_ref())),
            "Its PLOVER sector";
        actor_qid: MaybeText = c.actor(&p.actor).and_then(|a| maybe(a.qid.as_ref())),
            "Its Wikidata id";
        stance: Text = name_of(&p.stance),
            "oppose, support, demand, offer, accept, refuse, doubt, deny, open, condition";
        issue: MaybeText = maybe(p.issue.as_ref()),
            "The same key for the same issue in other words: deploy/forces/NATO/UKR";
        object: Span = &p.object, "On what, in the article's words";
        object_event: MaybeText = maybe(p.object_event.as_ref()),
            "The event that the object is";
        statement: MaybeText = maybe(p.statement.as_ref()),
            "The statement that it was taken from";
        evidence: Spans = slices(&p.evidence), "The words that show it";
        strength: Spans = slices(&p.strength), "Words that make it stronger or weaker";
        confidence: Share = p.confidence, "How sure, from 0 to 1";
        rule: Text = p.rule.as_str(), "The rule: depeche rules RULE";
    }
}
