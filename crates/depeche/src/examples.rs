//! Do the rules do what their examples say? Every example of a language, run through the
//! whole engine.

use depeche_extract::actor::{Actor, Mention};
use depeche_extract::event::Event;
use depeche_extract::place::Place;
use depeche_extract::position::Position;
use depeche_extract::statement::{Circumstance, Statement};
use depeche_record::{Factuality, RoleKind};
use depeche_rule::{Entry, Example, Pack};
use depeche_text::{Document, Meta};

use crate::{Analysis, Language, Pipeline};

/// An example that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The file of the rule, inside the language's folder.
    pub file: String,
    /// The line of the example.
    pub line: u32,
    /// The rule.
    pub rule: String,
    /// What was wanted and what was found, one above the other.
    pub message: String,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}\n{}", self.file, self.line, self.rule, self.message)
    }
}

/// How many examples were run, and those that do not hold.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Rules whose examples were run.
    pub rules: usize,
    /// Sentences that were read.
    pub sentences: usize,
    /// Examples that are known not to hold yet, and do not.
    pub missed: usize,
    /// What does not hold.
    pub failures: Vec<Failure>,
    /// Ids of the rules among them that fire in none of the examples.
    pub idle: Vec<String>,
}

/// Runs the examples of the rules that are `wanted`.
pub fn check(language: &Language, wanted: impl Fn(&Entry) -> bool) -> Report {
    let pack = &language.pack;
    let mut check = Check {
        pipeline: Pipeline::new(language),
        pack,
        fired: vec![false; pack.entries.len()],
        report: Report::default(),
    };
    let chosen: Vec<(usize, &Entry)> =
        pack.entries.iter().enumerate().filter(|(_, e)| wanted(e)).collect();
    for &(n, entry) in &chosen {
        check.entry(n, entry);
    }
    let idle = chosen.iter().filter(|(n, _)| !check.fired[*n]).map(|(_, e)| e.id.clone());
    check.report.idle = idle.collect();
    check.report.rules = chosen.len();
    check.report
}

fn factuality_name(factuality: Factuality) -> &'static str {
    match factuality {
        Factuality::CertainPositive => "CT+",
        Factuality::ProbablePositive => "PR+",
        Factuality::PossiblePositive => "PS+",
        Factuality::CertainNegative => "CT-",
        Factuality::ProbableNegative => "PR-",
        Factuality::PossibleNegative => "PS-",
        Factuality::CertainUnknown => "CTu",
        Factuality::Unknown => "Uu",
    }
}

/// Where the letters of some stretches stand: marks and blanks do not count.
fn letters(text: &str, spans: impl Iterator<Item = (u32, u32)>) -> Vec<usize> {
    let mut letters: Vec<usize> = spans
        .flat_map(|(start, end)| {
            let (start, end) = (start as usize, end as usize);
            text[start..end]
                .char_indices()
                .filter(|(_, c)| c.is_alphanumeric())
                .map(move |(i, _)| start + i)
        })
        .collect();
    letters.sort_unstable();
    letters
}

struct Check<'l> {
    pipeline: Pipeline<'l>,
    pack: &'l Pack,
    /// Of each entry, whether it has found anything yet.
    fired: Vec<bool>,
    report: Report,
}

impl Check<'_> {
    fn entry(&mut self, n: usize, entry: &Entry) {
        for example in &entry.examples {
            let fault = match entry.place() {
                "time" => self.time(n, entry, example),
                "statements" if entry.table == "circumstance" => {
                    self.circumstance(n, example)
                }
                "statements" => self.statement(entry, n, example),
                "events" => self.event(n, example),
                "positions" => self.position(n, example),
                "places" => self.place(n, example),
                "actors" => self.actor(n, example),
                _ => Ok(()),
            };
            match (fault, example.missed()) {
                (Err(message), None) => self.fail(entry, example.line, message),
                (Err(_), Some(_)) => self.report.missed += 1,
                (Ok(()), Some(_)) => {
                    let message = format!(
                        "    {}\n    holds now: take `missed` away",
                        example.text
                    );
                    self.fail(entry, example.line, message);
                }
                (Ok(()), None) => {}
            }
        }
        if !entry.examples.is_empty()
            && entry.examples.iter().all(|e| e.missed().is_some())
        {
            let message =
                "    none of its examples holds: a rule must do something".to_owned();
            self.fail(entry, entry.examples[0].line, message);
        }
        for sentence in &entry.not {
            let found = match entry.place() {
                "time" => self.read(sentence, None, |a| {
                    let found = a.times.iter().find(|t| t.entry == n)?;
                    Some(found.span.of(a.document.text()).to_owned())
                }),
                "events" => self.read(sentence, None, |a| {
                    let found = a.events.iter().find(|e| e.entry == n)?;
                    Some(a.layers().text_of(&found.mentions[0]).to_owned())
                }),
                "positions" => self.read(sentence, None, |a| {
                    let found = a.positions.iter().find(|p| p.entry == n)?;
                    Some(a.layers().text_of(&found.trigger).to_owned())
                }),
                "actors" => self.read(sentence, None, |a| {
                    let found = a.actors.first()?;
                    Some(a.layers().text_of(&found.mentions[0].tokens).to_owned())
                }),
                "places" => self.read(sentence, None, |a| {
                    let found = a.places.first()?;
                    Some(a.layers().text_of(&found.tokens).to_owned())
                }),
                "statements" if entry.table == "circumstance" => {
                    self.read(sentence, None, |a| {
                        let mut led = a.circumstances.iter();
                        let led = led.position(|c| c.entries.contains(&n))?;
                        let cue = a.statements[led].cue.as_ref()?;
                        Some(a.layers().text_of(&cue.tokens).to_owned())
                    })
                }
                "statements" => self.read(sentence, None, |a| {
                    let l = a.layers();
                    let by = |s: &&Statement| {
                        s.entry == Some(n) || s.cue.as_ref().is_some_and(|c| c.entry == n)
                    };
                    let found = a.statements.iter().find(by)?;
                    Some(l.text_of(&found.content[0]).to_owned())
                }),
                _ => None,
            };
            if let Some(found) = found {
                let message =
                    format!("    {sentence}\n    should find nothing, finds ⟦{found}⟧");
                self.fail(entry, entry.line, message);
            }
        }
    }

    fn fail(&mut self, entry: &Entry, line: u32, message: String) {
        self.report.failures.push(Failure {
            file: entry.file.clone(),
            line,
            rule: entry.id.clone(),
            message,
        });
    }

    fn read<T>(
        &mut self,
        text: &str,
        dct: Option<&str>,
        look: impl FnOnce(&Analysis<'_>) -> T,
    ) -> T {
        self.report.sentences += 1;
        let meta = Meta { published: dct.map(str::to_owned), ..Meta::default() };
        let document = Document::new(text.to_owned(), meta)
            .expect("an example is shorter than a book");
        let analysis = self.pipeline.analyze(&document);
        for entry in analysis.entries() {
            self.fired[entry] = true;
        }
        look(&analysis)
    }

    /// The cue or construction finds the marked words, and the speaker that the example names.
    fn statement(
        &mut self,
        entry: &Entry,
        n: usize,
        example: &Example,
    ) -> Result<(), String> {
        let want = |field: &str| example.wants.get(field).and_then(|v| v.text());
        let is_cue = entry.table == "cue";
        self.read(&example.text, None, |a| {
            let l = a.layers();
            let described = |s: &Statement| {
                let content: Vec<String> =
                    s.content.iter().map(|r| format!("⟦{}⟧", l.text_of(r))).collect();
                let speaker = s.speaker.as_ref().map_or("nobody", |(r, _)| l.text_of(r));
                let cue = s.cue.as_ref().map_or("no cue", |c| l.text_of(&c.tokens));
                format!("{} by {speaker}, cue {cue}", content.join(" "))
            };
            let by = |s: &&Statement| {
                if is_cue {
                    s.cue.as_ref().is_some_and(|c| c.entry == n)
                } else {
                    s.entry == Some(n)
                }
            };
            let fault = |why: &str, found: &[&Statement]| {
                let marked: Vec<String> = example
                    .marks
                    .iter()
                    .map(|&(s, e)| format!("⟦{}⟧", &example.text[s as usize..e as usize]))
                    .collect();
                let found: Vec<String> = found.iter().map(|s| described(s)).collect();
                let found =
                    if found.is_empty() { "nothing".into() } else { found.join("; ") };
                let by = want("speaker").unwrap_or("nobody");
                Err(format!(
                    "    {}\n    {why}\n    wanted {} by {by}\n    found  {found}",
                    example.text,
                    marked.join(" ")
                ))
            };
            let all: Vec<&Statement> = a.statements.iter().collect();
            let found: Vec<&Statement> = a.statements.iter().filter(by).collect();
            let Some(s) = found.first() else { return fault("is not found", &all) };
            let text = a.document.text();
            let wanted = letters(text, example.marks.iter().map(|&(s, e)| (s, e)));
            let got = letters(
                text,
                s.content.iter().map(|r| {
                    let span = l.span(r);
                    (span.start, span.end)
                }),
            );
            if wanted != got {
                return fault("has other words", &found);
            }
            let speaker = s.speaker.as_ref().map(|(r, _)| l.text_of(r));
            let same = match (want("speaker"), speaker) {
                (None, None) => true,
                (Some(wanted), Some(got)) => {
                    got.trim_start_matches("-t-").trim_start_matches('-') == wanted
                        || got.contains(wanted)
                        || wanted.contains(got)
                }
                _ => false,
            };
            if !same {
                return fault("has another speaker", &found);
            }
            if let Some(kind) = want("kind")
                && format!("{:?}", s.kind).to_lowercase() != kind
            {
                return fault(&format!("is {:?}, not {kind}", s.kind), &found);
            }
            Ok(())
        })
    }

    /// The entry leads from the statement that is marked to when, to whom and about whom it was
    /// said; what the example does not state is not asked for, and « - » stands for nothing.
    fn circumstance(&mut self, n: usize, example: &Example) -> Result<(), String> {
        let want = |field: &str| example.wants.get(field).and_then(|v| v.text());
        let dct = want("dct").map(str::to_owned);
        self.read(&example.text, dct.as_deref(), |a| {
            let l = a.layers();
            let told = |field: &str, c: &Circumstance| {
                let names = |who: &[usize]| {
                    let names: Vec<&str> =
                        who.iter().map(|&n| a.actors[n].name.as_str()).collect();
                    names.join(" + ")
                };
                let text = match field {
                    "addressee" => names(&c.addressee),
                    "about" => names(&c.about),
                    "behalf" => names(&c.behalf),
                    _ => c.said_at.map_or_else(String::new, |t| {
                        let time = &a.times[t];
                        let edtf = time.edtf.as_ref().map(ToString::to_string);
                        edtf.unwrap_or_else(|| time.value.clone())
                    }),
                };
                if text.is_empty() { "-".to_owned() } else { text }
            };
            let (start, end) = example.marks[0];
            let marked = a.statements.iter().position(|s| {
                s.content.iter().any(|r| {
                    let span = l.span(r);
                    span.start < end && start < span.end
                })
            });
            let fault = |why: String| Err(format!("    {}\n    {why}", example.text));
            let Some(c) = marked.map(|s| &a.circumstances[s]) else {
                return fault("no statement is found there".into());
            };
            for field in ["said_at", "addressee", "about", "behalf"] {
                if let Some(wanted) = want(field) {
                    let got = told(field, c);
                    if got != wanted {
                        return fault(format!("wanted {field} {wanted}, is {got}"));
                    }
                }
            }
            if !c.entries.contains(&n) {
                return fault("another entry leads there, or none".into());
            }
            Ok(())
        })
    }

    /// The frame finds the marked trigger, its roles and whether it happened.
    fn event(&mut self, n: usize, example: &Example) -> Result<(), String> {
        let want = |field: &str| example.wants.get(field).and_then(|v| v.text());
        let pack = self.pack;
        self.read(&example.text, None, |a| {
            let l = a.layers();
            let filler = |e: &Event, role: RoleKind| {
                let words: Vec<&str> = e
                    .roles
                    .iter()
                    .filter(|f| f.role == role)
                    .map(|f| l.text_of(&f.tokens))
                    .collect();
                words.join(" + ")
            };
            let described = |e: &Event| {
                format!(
                    "⟦{}⟧ {} by {} to {} ({:?}) by {}",
                    l.text_of(&e.mentions[0]),
                    e.kind.plover().name,
                    filler(e, RoleKind::Actor),
                    filler(e, RoleKind::Recipient),
                    e.verdict.factuality(),
                    pack.entries[e.entry].id
                )
            };
            let fault = |why: String| {
                let all: Vec<String> = a.events.iter().map(described).collect();
                let all =
                    if all.is_empty() { "nothing".to_owned() } else { all.join("; ") };
                Err(format!("    {}\n    {why}\n    found  {all}", example.text))
            };
            for &(start, end) in &example.marks {
                let wanted = &example.text[start as usize..end as usize];
                let found = a.events.iter().find(|e| {
                    e.entry == n
                        && e.mentions.iter().any(|m| {
                            let span = l.span(m);
                            span.start < end && start < span.end
                        })
                });
                let Some(e) = found else {
                    return fault(format!("wanted ⟦{wanted}⟧"));
                };
                for (field, role) in
                    [("actor", RoleKind::Actor), ("recipient", RoleKind::Recipient)]
                {
                    if let Some(wanted) = want(field) {
                        let got = filler(e, role);
                        if !got.contains(wanted)
                            && (got.is_empty() || !wanted.contains(&got))
                        {
                            return fault(format!("wanted {field} {wanted}"));
                        }
                    }
                }
                if let Some(wanted) = want("factuality") {
                    let got = factuality_name(e.verdict.factuality());
                    if got != wanted {
                        return fault(format!("wanted {wanted}, is {got}"));
                    }
                }
            }
            Ok(())
        })
    }

    /// The frame finds a stance at the marked words, with its holder, object and issue.
    fn position(&mut self, n: usize, example: &Example) -> Result<(), String> {
        let want = |field: &str| example.wants.get(field).and_then(|v| v.text());
        let pack = self.pack;
        self.read(&example.text, None, |a| {
            let l = a.layers();
            let stance = |p: &Position| format!("{:?}", p.stance).to_lowercase();
            let described = |p: &Position| {
                format!(
                    "⟦{}⟧ {} by {} on {} ({}) by {}",
                    l.text_of(&p.trigger),
                    stance(p),
                    l.text_of(&p.holder),
                    l.text_of(&p.object),
                    p.issue.as_deref().unwrap_or("no issue"),
                    pack.entries[p.entry].id
                )
            };
            let fault = |why: String| {
                let all: Vec<String> = a.positions.iter().map(described).collect();
                let all =
                    if all.is_empty() { "nothing".to_owned() } else { all.join("; ") };
                Err(format!("    {}\n    {why}\n    found  {all}", example.text))
            };
            for &(start, end) in &example.marks {
                let wanted = &example.text[start as usize..end as usize];
                let at_mark: Vec<&Position> = a
                    .positions
                    .iter()
                    .filter(|p| {
                        let span = l.span(&p.trigger);
                        p.entry == n && span.start < end && start < span.end
                    })
                    .collect();
                if at_mark.is_empty() {
                    return fault(format!("wanted ⟦{wanted}⟧"));
                }
                let says = |p: &Position, field: &str, wanted: &str| match field {
                    "stance" => stance(p) == wanted,
                    "actor" => l.text_of(&p.holder).contains(wanted),
                    "object" => l.text_of(&p.object) == wanted,
                    _ => p.issue.as_deref() == Some(wanted),
                };
                let stated: Vec<(&str, &str)> = ["stance", "actor", "object", "issue"]
                    .into_iter()
                    .filter_map(|field| Some((field, want(field)?)))
                    .collect();
                let holds = |p: &&Position| stated.iter().all(|(f, w)| says(p, f, w));
                if !at_mark.iter().any(holds) {
                    let stated: Vec<String> =
                        stated.iter().map(|(f, w)| format!("{f} {w}")).collect();
                    return fault(format!("wanted {}", stated.join(", ")));
                }
            }
            Ok(())
        })
    }

    /// All that is marked are mentions of one actor, who is what the example states. `via` and
    /// `candidates` are those of the last statement's speaker. « - » stands for nothing.
    fn actor(&mut self, n: usize, example: &Example) -> Result<(), String> {
        let want = |field: &str| example.wants.get(field).and_then(|v| v.text());
        let dct = want("dct").map(str::to_owned);
        let outcome = self.read(&example.text, dct.as_deref(), |a| {
            let l = a.layers();
            let at = |&(start, end): &(u32, u32)| {
                let is = |m: &Mention| {
                    let span = l.span(&m.tokens);
                    (span.start, span.end) == (start, end)
                };
                a.actors.iter().position(|actor| actor.mentions.iter().any(is))
            };
            let told = || {
                let actor = |actor: &Actor| {
                    let said = actor.mentions.iter().map(|m| l.text_of(&m.tokens));
                    let said: Vec<&str> = said.collect();
                    format!("{} ⟦{}⟧", actor.name, said.join("⟧ ⟦"))
                };
                a.actors.iter().map(actor).collect::<Vec<_>>().join("; ")
            };
            let fault = |why: String| {
                Err(format!("    {}\n    {why}\n    found  {}", example.text, told()))
            };
            let found: Vec<Option<usize>> = example.marks.iter().map(at).collect();
            let [Some(first), rest @ ..] = found.as_slice() else {
                return fault("nobody is found at the mark".into());
            };
            if rest.iter().any(|other| *other != Some(*first)) {
                return fault("the marks are not one actor".into());
            }
            let actor = &a.actors[*first];
            let names = |who: &[usize]| {
                let names = who.iter().map(|&n| a.actors[n].name.as_str());
                names.collect::<Vec<_>>().join(" + ")
            };
            let is = |field: &str| match field {
                "name" => Some(actor.name.clone()),
                "kind" => Some(format!("{:?}", actor.kind).to_lowercase()),
                "country" => actor.country.clone(),
                "sector" => actor.sector.clone(),
                "office" => actor.office.clone(),
                "via" => {
                    let by = a.speakers.iter().rev().find_map(|s| s.first());
                    by.map(|(_, via)| (*via).to_owned())
                }
                "candidates" => {
                    let rivals = a.rivals.last().filter(|r| !r.is_empty());
                    rivals.map(|r| names(r))
                }
                _ => Some(actor.why.to_owned()),
            };
            const FIELDS: [&str; 8] = [
                "name",
                "kind",
                "country",
                "sector",
                "office",
                "why",
                "via",
                "candidates",
            ];
            for field in FIELDS {
                let Some(wanted) = want(field) else { continue };
                let got = is(field).unwrap_or_else(|| "-".into());
                if got != wanted {
                    return fault(format!("wanted {field} {wanted}, is {got}"));
                }
            }
            Ok(())
        });
        self.fired[n] |= outcome.is_ok();
        outcome
    }

    /// Exactly what is marked is a place, and each place, the first event and the first
    /// statement say what the example states. « - » stands for nothing.
    fn place(&mut self, n: usize, example: &Example) -> Result<(), String> {
        let want = |field: &str| example.wants.get(field).and_then(|v| v.text());
        let outcome = self.read(&example.text, None, |a| {
            let l = a.layers();
            let name = |p: usize| a.places[p].name.clone();
            let told = |p: &Place| {
                let country = p.country.as_deref().unwrap_or("-");
                format!("⟦{}⟧ {} {country}, {}", l.text_of(&p.tokens), p.name, p.sense)
            };
            let fault = |why: String| {
                let all: Vec<String> = a.places.iter().map(told).collect();
                Err(format!(
                    "    {}\n    {why}\n    found  {}",
                    example.text,
                    all.join("; ")
                ))
            };
            let found: Vec<(u32, u32)> = a
                .places
                .iter()
                .map(|p| l.span(&p.tokens))
                .map(|s| (s.start, s.end))
                .collect();
            if found != example.marks {
                return fault("other words are places".into());
            }
            let first = a.places.first();
            let site = a.sites.first();
            let is = |field: &str| match field {
                "name" => first.map(|p| p.name.clone()),
                "country" => first.and_then(|p| p.country.clone()),
                "kind" => {
                    first.and_then(|p| p.kind).map(|k| format!("{k:?}").to_lowercase())
                }
                "where" => site.and_then(|s| s.places.first()).map(|&p| name(p)),
                "why" => site.map(|s| s.why.to_owned()),
                _ => a.venues.first().copied().flatten().map(name),
            };
            for field in ["name", "country", "kind", "where", "why", "venue"] {
                if let Some(wanted) = want(field) {
                    let got = is(field).unwrap_or_else(|| "-".into());
                    if got != wanted {
                        return fault(format!("wanted {field} {wanted}, is {got}"));
                    }
                }
            }
            Ok(())
        });
        self.fired[n] |= outcome.is_ok();
        outcome
    }

    /// The rule finds exactly the marked extent, and says what the example states.
    fn time(&mut self, n: usize, entry: &Entry, example: &Example) -> Result<(), String> {
        let want = |field: &str| example.wants.get(field).and_then(|v| v.text());
        let pack = self.pack;
        let dct = want("dct").map(str::to_owned);
        // What a rule keeps from the others is not to be seen.
        if entry.text("value") == Some("nothing") {
            let (start, end) = example.marks[0];
            return self.read(&example.text, dct.as_deref(), |a| {
                let over = |s: depeche_text::Span| s.start < end && start < s.end;
                match a.times.iter().find(|t| over(t.span)) {
                    Some(t) => Err(format!(
                        "    {}\n    should find nothing there, finds ⟦{}⟧ by {}",
                        example.text,
                        t.span.of(&example.text),
                        pack.entries[t.entry].id
                    )),
                    None => Ok(()),
                }
            });
        }
        self.read(&example.text, dct.as_deref(), |a| {
            let (start, end) = example.marks[0];
            let found =
                a.times.iter().find(|t| (t.span.start, t.span.end) == (start, end));
            let Some(t) = found else {
                let all: Vec<String> = a
                    .times
                    .iter()
                    .map(|t| {
                        let rule = &pack.entries[t.entry].id;
                        format!("⟦{}⟧ by {rule}", t.span.of(&example.text))
                    })
                    .collect();
                let marked = &example.text[start as usize..end as usize];
                return Err(format!(
                    "    {}\n    wanted ⟦{marked}⟧\n    found  {}",
                    example.text,
                    if all.is_empty() { "nothing".to_owned() } else { all.join(", ") }
                ));
            };
            let edtf = t.edtf.as_ref().map(ToString::to_string);
            let is = |field: &str| match field {
                "type" => Some(t.kind.name().to_owned()),
                "value" => Some(t.value.clone()),
                "mod" => t.modifier.clone(),
                "quant" => t.quant.clone(),
                "freq" => t.freq.clone(),
                "edtf" => edtf.clone(),
                _ => None,
            };
            for field in ["type", "value", "mod", "quant", "freq", "edtf"] {
                if let Some(wanted) = want(field)
                    && is(field).as_deref() != Some(wanted)
                {
                    return Err(format!(
                        "    {}\n    wanted {field} {wanted}\n    found  {field} {} ({})",
                        example.text,
                        is(field).unwrap_or_else(|| "none".into()),
                        t.why
                    ));
                }
            }
            if t.entry != n {
                return Err(format!(
                    "    {}\n    is found, but by {}",
                    example.text, pack.entries[t.entry].id
                ));
            }
            Ok(())
        })
    }
}
