//! From layers to the record: bytes become code points, places in lists become ids.

use std::iter;
use std::ops::Range;

use depeche_record as r;
use depeche_text::{Document, Note, Span, Wire};
use depeche_time::{Anchored, TimexType};
use sha2::{Digest, Sha256};

use crate::language::hex;
use crate::pipeline::publication_date;
use crate::{Analysis, VERSION};

impl Analysis<'_> {
    /// What is handed over.
    pub fn record(&self) -> r::Record {
        self.record_with("")
    }

    /// What is handed over, with a hash of the options that it was made under.
    pub(crate) fn record_with(&self, options: &str) -> r::Record {
        let text = self.document.text();
        Builder { a: self, points: Points::new(text) }.record(options)
    }
}

/// The record of an article in a language that was not built in: its text, and why there is
/// nothing else.
pub(crate) fn unread(
    document: &Document,
    code: &str,
    built_in: &[&str],
    options: &str,
) -> r::Record {
    let meta = document.meta();
    r::Record {
        schema: r::SCHEMA.to_owned(),
        run: run(hash(b""), options),
        article: r::Article {
            id: hash(document.text().as_bytes()),
            key: meta.key.clone(),
            lang: code.to_owned(),
            title: meta.title.clone(),
            published: meta.published.clone(),
            outlet: meta.outlet.clone(),
            agency: None,
            url: meta.url.clone(),
            rights: meta.rights.clone(),
            byline: meta.byline.clone(),
            wire: wire(&meta.wire),
            text: document.text().to_owned(),
            blocks: Vec::new(),
        },
        actors: Vec::new(),
        times: Vec::new(),
        places: Vec::new(),
        statements: Vec::new(),
        events: Vec::new(),
        positions: Vec::new(),
        warnings: {
            let unsupported = r::Warning {
                code: "language-not-supported".into(),
                text: format!(
                    "The article looks like `{code}`, and depeche reads {}. If that is wrong, \
                     give its language: --lang, or `lang` in JSONL.",
                    built_in.join(", ")
                ),
            };
            iter::once(unsupported).chain(notes(document)).collect()
        },
    }
}

/// How a wire service marks the article, if one does.
fn wire(wire: &Wire) -> Option<r::Wire> {
    (*wire != Wire::default()).then(|| r::Wire {
        slug: wire.slug.clone(),
        version: wire.version.clone(),
        versioned: wire.versioned.clone(),
        urgency: wire.urgency.clone(),
        status: wire.status.clone(),
        embargo: wire.embargo.clone(),
        dateline: wire.dateline.clone(),
        editorial: wire.editorial.clone(),
    })
}

/// What was remarked when the input was read.
fn notes(document: &Document) -> impl Iterator<Item = r::Warning> {
    let warning =
        |note: &Note| r::Warning { code: note.code.clone(), text: note.text.clone() };
    document.meta().notes.iter().map(warning)
}

fn run(engine: String, options: &str) -> r::Run {
    r::Run {
        tool: format!("depeche {VERSION}"),
        engine,
        options: hash(options.as_bytes()),
    }
}

/// From bytes to code points.
struct Points {
    /// Code points before every 64th byte.
    checkpoints: Vec<u32>,
    ascii: bool,
}

const STEP: usize = 64;

impl Points {
    fn new(text: &str) -> Points {
        if text.is_ascii() {
            return Points { checkpoints: Vec::new(), ascii: true };
        }
        let mut checkpoints = Vec::with_capacity(text.len() / STEP + 1);
        let mut count = 0;
        for (i, byte) in text.bytes().enumerate() {
            if i % STEP == 0 {
                checkpoints.push(count);
            }
            // A byte that continues a character starts none.
            count += u32::from(byte & 0xC0 != 0x80);
        }
        checkpoints.push(count);
        Points { checkpoints, ascii: false }
    }

    /// How many code points begin before a byte.
    fn before(&self, text: &str, byte: u32) -> u32 {
        if self.ascii {
            return byte;
        }
        let byte = byte as usize;
        let block = byte / STEP;
        let rest = &text.as_bytes()[block * STEP..byte];
        self.checkpoints[block] + rest.iter().filter(|b| *b & 0xC0 != 0x80).count() as u32
    }
}

struct Builder<'a> {
    a: &'a Analysis<'a>,
    points: Points,
}

impl Builder<'_> {
    fn record(&self, options: &str) -> r::Record {
        r::Record {
            schema: r::SCHEMA.to_owned(),
            run: run(self.a.language.hash.clone(), options),
            article: self.article(),
            actors: self.actors(),
            times: self.times(),
            places: self.places(),
            statements: self.statements(),
            events: self.events(),
            positions: self.positions(),
            warnings: self.warnings(),
        }
    }

    fn ends(&self, span: Span) -> (u32, u32) {
        let text = self.a.document.text();
        (self.points.before(text, span.start), self.points.before(text, span.end))
    }

    fn slice(&self, span: Span) -> String {
        span.of(self.a.document.text()).to_owned()
    }

    fn span(&self, span: Span) -> r::Span {
        let (start, end) = self.ends(span);
        r::Span { start, end, text: self.slice(span) }
    }

    fn tokens(&self, tokens: &Range<usize>) -> Span {
        let all = &self.a.tokens;
        Span::new(all[tokens.start].span.start, all[tokens.end - 1].span.end)
    }

    fn article(&self) -> r::Article {
        let a = self.a;
        let meta = a.document.meta();
        let blocks = a.layout.blocks.iter().map(|b| {
            // A header reaches back to the start of the text, blanks included.
            let first = b.tokens.start == 0 && b.kind == r::BlockKind::Dateline;
            let mut span = self.tokens(&b.tokens);
            if first {
                span.start = 0;
            }
            let (start, end) = self.ends(span);
            r::Block { kind: b.kind, start, end }
        });
        r::Article {
            id: hash(a.document.text().as_bytes()),
            key: meta.key.clone(),
            lang: a.language.code().to_owned(),
            title: meta.title.clone(),
            published: a.dct.edtf().map(ToString::to_string),
            outlet: meta.outlet.clone(),
            agency: None,
            url: meta.url.clone(),
            rights: meta.rights.clone(),
            byline: meta.byline.clone(),
            wire: wire(&meta.wire),
            text: a.document.text().to_owned(),
            blocks: blocks.collect(),
        }
    }

    fn actors(&self) -> Vec<r::Actor> {
        let mention = |m: &depeche_extract::actor::Mention| {
            let span = self.tokens(&m.tokens);
            let (start, end) = self.ends(span);
            r::Mention { start, end, text: self.slice(span), form: m.form }
        };
        let actor = |(n, actor): (usize, &depeche_extract::actor::Actor)| r::Actor {
            id: actor_id(n),
            name: actor.name.clone(),
            kind: actor.kind,
            country: actor.country.clone(),
            sector: actor.sector.clone(),
            office: actor.office.clone(),
            qid: actor.qid.clone(),
            why: actor.why.to_owned(),
            mentions: actor.mentions.iter().map(mention).collect(),
        };
        self.a.actors.iter().enumerate().map(actor).collect()
    }

    fn times(&self) -> Vec<r::Time> {
        let time = |(n, t): (usize, &depeche_time::Timex)| {
            let (start, end) = self.ends(t.span);
            let (earliest, latest) =
                t.edtf.as_ref().map(|e| e.bounds()).unwrap_or_default();
            let rule = &self.a.language.pack.entries[t.entry];
            let own = rule.id.rsplit('.').next().unwrap_or_default();
            r::Time {
                id: format!("t{}", n + 1),
                start,
                end,
                text: self.slice(t.span),
                kind: match t.kind {
                    TimexType::Date => r::TimeKind::Date,
                    TimexType::Time => r::TimeKind::Time,
                    TimexType::Duration => r::TimeKind::Duration,
                    TimexType::Set => r::TimeKind::Set,
                },
                value: t.value.clone(),
                modifier: t.modifier.clone(),
                quant: t.quant.clone(),
                freq: t.freq.clone(),
                edtf: t.edtf.as_ref().map(ToString::to_string),
                earliest: earliest.map(|d| d.to_string()),
                latest: latest.map(|d| d.to_string()),
                anchor: match t.anchor {
                    Anchored::Itself => "text",
                    Anchored::Published => "published",
                    Anchored::Story => "story",
                }
                .to_owned(),
                why: if t.why.is_empty() {
                    own.to_owned()
                } else {
                    format!("{own}: {}", t.why)
                },
                rule: rule.id.clone(),
            }
        };
        self.a.times.iter().enumerate().map(time).collect()
    }

    fn places(&self) -> Vec<r::Place> {
        let layers = self.a.layers();
        let place = |(n, p): (usize, &depeche_extract::place::Place)| {
            let span = self.tokens(&p.tokens);
            let (start, end) = self.ends(span);
            r::Place {
                id: place_id(n),
                start,
                end,
                text: self.slice(span),
                name: p.name.clone(),
                kind: p.kind,
                country: p.country.clone(),
                disputed: p.disputed,
                geonames: p.geonames,
                lat: p.point.map(|(lat, _)| lat),
                lon: p.point.map(|(_, lon)| lon),
                why: format!("{}; {}", p.evidence.describe(&layers), p.sense),
            }
        };
        self.a.places.iter().enumerate().map(place).collect()
    }

    /// The words that give an event its place.
    fn place_role(&self, place: usize) -> r::Role {
        let span = self.tokens(&self.a.places[place].tokens);
        let (start, end) = self.ends(span);
        r::Role {
            role: r::RoleKind::Place,
            refers: Some(place_id(place)),
            start,
            end,
            text: self.slice(span),
        }
    }

    fn statements(&self) -> Vec<r::Statement> {
        let a = self.a;
        let layers = a.layers();
        let pack = &a.language.pack;
        let ids = |actors: &[usize]| actors.iter().map(|&n| actor_id(n)).collect();
        let statement = |(n, s): (usize, &depeche_extract::statement::Statement)| {
            let cue = s.cue.as_ref().map(|c| {
                let span = self.tokens(&c.tokens);
                let (start, end) = self.ends(span);
                let rule = pack.entries[c.entry].id.clone();
                let lemma = rule.rsplit('.').next().unwrap_or_default();
                r::Cue {
                    start,
                    end,
                    text: self.slice(span),
                    lemma: lemma.to_owned(),
                    class: c.class,
                    rule,
                }
            });
            let speaker = s.speaker.as_ref().map(|(tokens, _)| {
                let span = self.tokens(tokens);
                let (start, end) = self.ends(span);
                let first = a.speakers[n].first();
                r::Speaker {
                    start,
                    end,
                    text: self.slice(span),
                    actor: first.map(|(actor, _)| actor_id(*actor)),
                    via: first.map(|(_, via)| (*via).to_owned()),
                    candidates: ids(&a.rivals[n]),
                    behalf: ids(&a.circumstances[n].behalf),
                }
            });
            r::Statement {
                id: format!("s{}", n + 1),
                kind: s.kind,
                content: s.content.iter().map(|r| self.span(self.tokens(r))).collect(),
                cue,
                speaker,
                speakers: a.speakers[n]
                    .iter()
                    .map(|(actor, _)| actor_id(*actor))
                    .collect(),
                addressee: ids(&a.circumstances[n].addressee),
                about: ids(&a.circumstances[n].about),
                said_at: a.circumstances[n].said_at.map(|t| format!("t{}", t + 1)),
                venue: a.venues[n].map(place_id),
                nested_in: s.nested_in.map(|n| format!("s{}", n + 1)),
                block: layers.block_index(s.content[0].start).map(|b| b as u32),
                confidence: s.confidence,
                rule: s.entry.map_or_else(
                    || format!("{}.statements.continued", pack.code),
                    |e| pack.entries[e].id.clone(),
                ),
            }
        };
        a.statements.iter().enumerate().map(statement).collect()
    }

    fn events(&self) -> Vec<r::Event> {
        let a = self.a;
        let pack = &a.language.pack;
        let ids = |actors: &[usize]| actors.iter().map(|&n| actor_id(n)).collect();
        let event = |(n, e): (usize, &depeche_extract::event::Event)| {
            let entry = &pack.entries[e.entry];
            let mut roles: Vec<r::Role> = Vec::new();
            for filler in &e.roles {
                let span = self.tokens(&filler.tokens);
                let (start, end) = self.ends(span);
                let refers = filler.actors.first().map(|&n| actor_id(n));
                roles.push(r::Role {
                    role: filler.role,
                    refers,
                    start,
                    end,
                    text: self.slice(span),
                });
            }
            if let Some(t) = e.when {
                let span = a.times[t].span;
                let (start, end) = self.ends(span);
                roles.push(r::Role {
                    role: r::RoleKind::Time,
                    refers: Some(format!("t{}", t + 1)),
                    start,
                    end,
                    text: self.slice(span),
                });
            }
            let site = &a.sites[n];
            roles.extend(site.places.iter().map(|&p| self.place_role(p)));
            let edtf = e.when.and_then(|t| a.times[t].edtf.as_ref());
            let plover = e.kind.plover();
            r::Event {
                id: format!("e{}", n + 1),
                kind: e.kind,
                mode: entry.text("mode").map(str::to_owned),
                contexts: e.contexts.clone(),
                cameo: Some(
                    entry
                        .text("cameo")
                        .map_or_else(|| format!("{}0", plover.cameo), str::to_owned),
                ),
                quad: plover.quad as u8,
                mentions: e.mentions.iter().map(|m| self.span(self.tokens(m))).collect(),
                actor: ids(&e.actor),
                recipient: ids(&e.recipient),
                reciprocal: e.reciprocal,
                roles,
                when: e.when.map(|t| format!("t{}", t + 1)),
                edtf: edtf.map(ToString::to_string),
                place: site.places.first().map(|&p| place_id(p)),
                where_why: site.why.to_owned(),
                factuality: e.verdict.factuality(),
                aux: e.verdict.aux(),
                source_statement: e.source.map(|s| format!("s{}", s + 1)),
                confidence: e.confidence,
                rule: entry.id.clone(),
            }
        };
        a.events.iter().enumerate().map(event).collect()
    }

    fn positions(&self) -> Vec<r::Position> {
        let a = self.a;
        let pack = &a.language.pack;
        let position = |(n, p): (usize, &depeche_extract::position::Position)| {
            let spans = |words: &[Range<usize>]| {
                words.iter().map(|w| self.span(self.tokens(w))).collect::<Vec<_>>()
            };
            r::Position {
                id: format!("q{}", n + 1),
                actor: actor_id(p.actor),
                stance: p.stance,
                object: self.span(self.tokens(&p.object)),
                object_event: p.event.map(|e| format!("e{}", e + 1)),
                issue: p.issue.clone(),
                statement: p.statement.map(|s| format!("s{}", s + 1)),
                evidence: spans(&[p.trigger.clone(), p.object.clone(), p.holder.clone()]),
                strength: spans(&p.strength),
                confidence: p.confidence,
                rule: pack.entries[p.entry].id.clone(),
            }
        };
        a.positions.iter().enumerate().map(position).collect()
    }

    fn warnings(&self) -> Vec<r::Warning> {
        let mut warnings = Vec::new();
        let mut warn = |code: &str, text: String| {
            warnings.push(r::Warning { code: code.into(), text });
        };
        let meta = self.a.document.meta();
        let said = meta.published.as_deref();
        if let Some(said) = said.filter(|p| publication_date(p).is_none()) {
            warn(
                "unreadable-publication-date",
                format!(
                    "`{said}` is no date of EDTF (ISO 8601-2), such as 2025-02-18 or 2025-02."
                ),
            );
        } else if self.a.dct.edtf().is_none() {
            warn(
                "no-publication-date",
                "Nothing says when the article was published, so days that are told from it \
                 stay open. Give --date, `date` in JSONL, or a first line such as `date 2025-02`."
                    .into(),
            );
        }
        if let (Some(dateline), Some(given)) = (self.a.dct.against(), self.a.dct.edtf()) {
            warn(
                "dateline-disagrees",
                format!(
                    "The dateline says {dateline}, which is not within {given}, the publication \
                     date that came with the article; days are counted from the latter."
                ),
            );
        }
        if self.a.tokens.is_empty() {
            warn("empty-text", "The article has no words.".into());
        }
        warnings.extend(notes(self.a.document));
        warnings
    }
}

fn actor_id(n: usize) -> String {
    format!("a{}", n + 1)
}

fn place_id(n: usize) -> String {
    format!("p{}", n + 1)
}

fn hash(bytes: &[u8]) -> String {
    format!("sha256:{}", hex(&Sha256::digest(bytes)))
}
