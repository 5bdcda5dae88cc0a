//! How do records agree with the project's own gold, `articles/gold/*.toml`?

use std::fmt::Write;
use std::fs;
use std::ops::Range;
use std::path::Path;

use anyhow::{Context, Result};
use depeche_record::{Record, StatementKind};
use serde::Deserialize;

use super::construction::Said;

/// What a gold file holds; the strings are found in the text.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Gold {
    #[serde(default)]
    time: Vec<Time>,
    #[serde(default)]
    statement: Vec<Statement>,
    #[serde(default)]
    event: Vec<Event>,
    #[serde(default)]
    position: Vec<Position>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Time {
    text: String,
    value: String,
    #[serde(rename = "type")]
    kind: String,
    nth: Option<usize>,
    #[serde(default)]
    optional: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Statement {
    content: Vec<String>,
    cue: Option<String>,
    speaker: Option<String>,
    name: Option<String>,
    kind: String,
    nth: Option<usize>,
    #[serde(default)]
    optional: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    trigger: String,
    #[serde(rename = "type")]
    kind: String,
    actor: Vec<String>,
    recipient: Vec<String>,
    factuality: String,
    nth: Option<usize>,
    #[serde(default)]
    optional: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Position {
    actor: String,
    stance: String,
    object: String,
    nth: Option<usize>,
    #[serde(default)]
    optional: bool,
}

/// A stretch of a text, in bytes while gold is read, in code points when it is compared.
type Extent = Range<usize>;

/// Right, wanted and found.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    right: usize,
    gold: usize,
    system: usize,
}

impl Count {
    fn line(self, name: &str) -> String {
        let share = |of: usize| if of == 0 { 0.0 } else { self.right as f64 / of as f64 };
        let (p, r) = (share(self.system), share(self.gold));
        let f = if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 };
        format!(
            "{name:<22} P {:5.1}  R {:5.1}  F1 {:5.1}   ({} right, {} wanted, {} found)\n",
            100.0 * p,
            100.0 * r,
            100.0 * f,
            self.right,
            self.gold,
            self.system
        )
    }

    fn share(self, name: &str) -> String {
        let share = 100.0 * self.right as f64 / self.gold.max(1) as f64;
        format!("{name:<22} {share:5.1} %   ({} of {})\n", self.right, self.gold)
    }
}

#[derive(Default)]
struct Counts {
    time_strict: Count,
    time_relaxed: Count,
    time_value: Count,
    content: Count,
    statement: Count,
    cue: Count,
    speaker: Count,
    event_trigger: Count,
    event_type: Count,
    actor: Count,
    recipient: Count,
    factuality: Count,
    position: Count,
    position_actor: Count,
    errors: Vec<String>,
}

/// The figures, as text.
pub(super) fn score(records: &str, told: &str, errors: bool) -> Result<String> {
    let mut counts = Counts::default();
    for line in records.lines() {
        let record: Record = serde_json::from_str(line)?;
        let key = record.article.key.clone().context("demo articles have an id")?;
        let gold = gold_of(&key)?;
        Compare { key: &key, record: &record, counts: &mut counts }.all(&gold)?;
    }
    let mut out = String::from(
        "The project's own gold: articles/gold, read by one reader. `depeche read` on articles/demo.jsonl.\n\n",
    );
    let c = &counts;
    out += &c.statement.line("statement");
    out += &c.content.line("  content");
    out += &c.cue.line("  cue");
    out += &c.speaker.share("  speaker named right");
    out += &c.event_type.line("event type");
    out += &c.event_trigger.line("  trigger");
    out += &c.actor.share("  actor");
    out += &c.recipient.share("  recipient");
    out += &c.factuality.share("  factuality");
    out += &c.position.line("position");
    out += &c.position_actor.share("  actor");
    out += &c.time_strict.line("time strict");
    out += &c.time_relaxed.line("  relaxed");
    out += &c.time_value.line("  value");
    out += &false_events(told)?;
    if errors {
        out += "\n";
        out += &counts.errors.join("\n");
    }
    Ok(out)
}

/// Events that were found in sentences that hold none.
fn false_events(told: &str) -> Result<String> {
    let (mut sentences, mut with) = (0, 0);
    let mut found: Vec<String> = Vec::new();
    for line in told.lines() {
        let record: Record = serde_json::from_str(line)?;
        sentences += 1;
        with += usize::from(!record.events.is_empty());
        let text = &record.article.text;
        found.extend(
            record.events.iter().map(|e| {
                format!("    {:?} « {} » in: {text}", e.kind, e.mentions[0].text)
            }),
        );
    }
    let share = 100.0 * with as f64 / sentences.max(1) as f64;
    let mut out = format!(
        "\nSentences that only say something (articles/speech-only.txt): {with} of {sentences} \
         with a false event, {share:.1} %\n"
    );
    for line in found {
        writeln!(out, "{line}")?;
    }
    Ok(out)
}

/// The statements of the project's own gold, each article's text with them.
pub(super) fn statements(records: &str) -> Result<Vec<(String, Vec<Said>)>> {
    let mut articles = Vec::new();
    for line in records.lines() {
        let record: Record = serde_json::from_str(line)?;
        let key = record.article.key.clone().context("demo articles have an id")?;
        let gold = gold_of(&key)?;
        let mut counts = Counts::default();
        let compare = Compare { key: &key, record: &record, counts: &mut counts };
        let said = gold.statement.iter().filter(|s| s.kind != "scare");
        let said = said.map(|s| compare.located(s)).collect::<Result<_>>()?;
        articles.push((record.article.text.clone(), said));
    }
    Ok(articles)
}

/// The gold of the article of that key.
fn gold_of(key: &str) -> Result<Gold> {
    let path = Path::new("articles/gold").join(format!("{key}.toml"));
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    toml::from_str(&text).with_context(|| path.display().to_string())
}

struct Compare<'a> {
    key: &'a str,
    record: &'a Record,
    counts: &'a mut Counts,
}

fn shared(a: &Extent, b: &Extent) -> usize {
    a.end.min(b.end).saturating_sub(a.start.max(b.start))
}

fn points(start: u32, end: u32) -> Extent {
    start as usize..end as usize
}

/// Pairs gold with what was found, the best first; each is used once.
fn pairs(
    gold: usize,
    system: usize,
    score: impl Fn(usize, usize) -> Option<f64>,
) -> Vec<(usize, usize)> {
    let mut all: Vec<(f64, usize, usize)> = (0..gold)
        .flat_map(|g| (0..system).map(move |s| (g, s)))
        .filter_map(|(g, s)| score(g, s).map(|v| (v, g, s)))
        .collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let (mut used_gold, mut used_system) = (vec![false; gold], vec![false; system]);
    let mut chosen = Vec::new();
    for (_, g, s) in all {
        if !used_gold[g] && !used_system[s] {
            used_gold[g] = true;
            used_system[s] = true;
            chosen.push((g, s));
        }
    }
    chosen
}

/// Adds pairs to a count; whatever meets a don't-care is left out.
fn tally(
    count: &mut Count,
    chosen: &[(usize, usize)],
    optional: &[bool],
    system: usize,
    idle: &[usize],
) {
    let free = chosen.iter().filter(|(g, _)| optional[*g]).count();
    let paired: Vec<usize> = chosen.iter().map(|&(_, s)| s).collect();
    let idle = idle.iter().filter(|s| !paired.contains(s)).count();
    count.right += chosen.len() - free;
    count.gold += optional.iter().filter(|o| !**o).count();
    count.system += system - free - idle;
}

impl Compare<'_> {
    fn all(&mut self, gold: &Gold) -> Result<()> {
        self.times(gold)?;
        self.statements(gold)?;
        self.events(gold)?;
        self.positions(gold)
    }

    /// Where a string stands for the nth time, in code points.
    fn find(&self, needle: &str, nth: Option<usize>) -> Result<Extent> {
        let text = &self.record.article.text;
        let (byte, _) =
            text.match_indices(needle).nth(nth.unwrap_or(1) - 1).with_context(|| {
                format!("{}: « {needle} » is not in the article", self.key)
            })?;
        Ok(self.extent(byte, needle))
    }

    /// Where a string stands nearest to something, as whole words.
    fn near(&self, needle: &str, to: &Extent) -> Result<Extent> {
        let text = &self.record.article.text;
        let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        text.match_indices(needle)
            .filter(|(i, n)| {
                edge(text[..*i].chars().next_back())
                    && edge(text[i + n.len()..].chars().next())
            })
            .map(|(i, _)| self.extent(i, needle))
            .min_by_key(|e| e.start.abs_diff(to.start))
            .with_context(|| {
                format!("{}: « {needle} » is no word of the article", self.key)
            })
    }

    fn extent(&self, byte: usize, needle: &str) -> Extent {
        let start = self.record.article.text[..byte].chars().count();
        start..start + needle.chars().count()
    }

    fn error(&mut self, layer: &str, what: &str, words: &str) {
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        self.counts
            .errors
            .push(format!("{:<28} {layer:<10} {what:<8} {words}", self.key));
    }

    fn times(&mut self, gold: &Gold) -> Result<()> {
        let extents: Vec<Extent> =
            gold.time.iter().map(|t| self.find(&t.text, t.nth)).collect::<Result<_>>()?;
        // The header that carries the date of a file is no part of its text.
        let system: Vec<&depeche_record::Time> = self.record.times.iter().collect();
        let found: Vec<Extent> = system.iter().map(|t| points(t.start, t.end)).collect();
        let optional: Vec<bool> = gold.time.iter().map(|t| t.optional).collect();
        // An article or a preposition at the edge is a matter of taste.
        let core = |e: &Extent| {
            let words: String =
                self.record.article.text.chars().skip(e.start).take(e.len()).collect();
            let cut =
                ["le ", "la ", "les ", "l'", "l’", "Le ", "La ", "Les ", "L'", "L’"]
                    .iter()
                    .find(|a| words.starts_with(**a))
                    .map_or(0, |a| a.chars().count());
            e.start + cut..e.end
        };
        let strict = pairs(extents.len(), found.len(), |g, s| {
            (core(&extents[g]) == core(&found[s])).then_some(1.0)
        });
        let relaxed = pairs(extents.len(), found.len(), |g, s| {
            let both = shared(&extents[g], &found[s]);
            (both > 0).then_some(both as f64)
        });
        let value: Vec<(usize, usize)> = relaxed
            .iter()
            .copied()
            .filter(|&(g, s)| gold.time[g].value == system[s].value)
            .collect();
        let free = |s: usize| relaxed.iter().any(|&(g, t)| t == s && optional[g]);
        let idle: Vec<usize> = (0..found.len()).filter(|&s| free(s)).collect();
        tally(&mut self.counts.time_strict, &strict, &optional, found.len(), &idle);
        tally(&mut self.counts.time_relaxed, &relaxed, &optional, found.len(), &idle);
        tally(&mut self.counts.time_value, &value, &optional, found.len(), &idle);
        for (g, t) in gold.time.iter().enumerate().filter(|(_, t)| !t.optional) {
            match relaxed.iter().find(|p| p.0 == g) {
                None => self.error(
                    "time",
                    "missed",
                    &format!("{} ({} {})", t.text, t.kind, t.value),
                ),
                Some(&(_, s)) if system[s].value != t.value => {
                    let words = format!(
                        "{}: {} wanted, {} found",
                        t.text, t.value, system[s].value
                    );
                    self.error("time", "value", &words);
                }
                Some(_) => {}
            }
        }
        for (s, t) in system.iter().enumerate() {
            if !relaxed.iter().any(|p| p.1 == s) {
                self.error("time", "extra", &t.text);
            }
        }
        Ok(())
    }

    fn statements(&mut self, gold: &Gold) -> Result<()> {
        let said: Vec<&Statement> =
            gold.statement.iter().filter(|s| s.kind != "scare").collect();
        let (mut contents, mut cues, mut speakers) = (Vec::new(), Vec::new(), Vec::new());
        for s in &said {
            let s = self.located(s)?;
            contents.push(s.content);
            cues.push(s.cue);
            speakers.push(s.source);
        }
        let system: Vec<&depeche_record::Statement> = self
            .record
            .statements
            .iter()
            .filter(|s| s.kind != StatementKind::Scare)
            .collect();
        let found: Vec<Vec<Extent>> = system
            .iter()
            .map(|s| s.content.iter().map(|c| points(c.start, c.end)).collect())
            .collect();
        let optional: Vec<bool> = said.iter().map(|s| s.optional).collect();
        let content = |g: usize, s: usize| {
            let (both, all) = overlap(&contents[g], &found[s]);
            let iou = both as f64 / all as f64;
            (iou >= 0.5).then_some(iou)
        };
        let same_source = |g: usize, s: usize| {
            let speaker = system[s].speaker.as_ref().map(|p| points(p.start, p.end));
            match (&speakers[g], speaker) {
                (Some(wanted), Some(got)) => shared(wanted, &got) > 0,
                (Some(_), None) => false,
                // Speech that goes on: no words near by name the speaker.
                (None, _) => true,
            }
        };
        let by_content = pairs(contents.len(), found.len(), content);
        let whole = pairs(contents.len(), found.len(), |g, s| {
            content(g, s).filter(|_| same_source(g, s))
        });
        let touching = |s: usize| {
            (0..contents.len())
                .any(|g| optional[g] && overlap(&contents[g], &found[s]).0 > 0)
        };
        let idle: Vec<usize> = (0..found.len()).filter(|&s| touching(s)).collect();
        tally(&mut self.counts.content, &by_content, &optional, found.len(), &idle);
        tally(&mut self.counts.statement, &whole, &optional, found.len(), &idle);
        self.cues(&cues, &optional, &system, &idle);
        for &(g, s) in by_content.iter().filter(|(g, _)| !optional[*g]) {
            let Some(name) = &said[g].name else { continue };
            self.counts.speaker.gold += 1;
            let got: Vec<&str> = system[s]
                .speakers
                .iter()
                .filter_map(|id| self.record.actors.iter().find(|a| a.id == *id))
                .map(|a| a.name.as_str())
                .collect();
            if name.split(';').all(|n| got.iter().any(|g| same_name(n, g))) {
                self.counts.speaker.right += 1;
            } else {
                self.error(
                    "speaker",
                    "other",
                    &format!("{name} wanted, {} found", got.join("; ")),
                );
            }
        }
        for (g, s) in said.iter().enumerate().filter(|(g, _)| !optional[*g]) {
            if !whole.iter().any(|p| p.0 == g) {
                let why =
                    if by_content.iter().any(|p| p.0 == g) { "source" } else { "missed" };
                let cue = s.cue.as_deref().unwrap_or("no cue");
                let by = s.speaker.as_deref().unwrap_or("nobody");
                self.error(
                    "statement",
                    why,
                    &format!("[{cue}] {by}: {}", s.content.join(" … ")),
                );
            }
        }
        for (s, found) in system.iter().enumerate() {
            if !whole.iter().any(|p| p.1 == s) && !idle.contains(&s) {
                let cue = found.cue.as_ref().map_or("no cue", |c| &c.text);
                let by = found.speaker.as_ref().map_or("nobody", |p| &p.text);
                let words: Vec<&str> =
                    found.content.iter().map(|c| c.text.as_str()).collect();
                let words =
                    format!("[{cue}] {by}: {} ({})", words.join(" … "), found.rule);
                self.error("statement", "extra", &words);
            }
        }
        Ok(())
    }

    /// Where the words of a statement stand.
    fn located(&self, s: &Statement) -> Result<Said> {
        let mut content = vec![self.find(&s.content[0], s.nth)?];
        for piece in &s.content[1..] {
            let from = content.last().map_or(0, |p| p.end);
            content.push(self.near(piece, &(from..from))?);
        }
        let anchor = content[0].clone();
        let cue = s.cue.as_ref().map(|c| self.near(c, &anchor)).transpose()?;
        let near = cue.clone().unwrap_or(anchor);
        let source = s.speaker.as_ref().map(|p| self.near(p, &near)).transpose()?;
        Ok(Said { content, cue, source, optional: s.optional })
    }

    fn cues(
        &mut self,
        cues: &[Option<Extent>],
        optional: &[bool],
        system: &[&depeche_record::Statement],
        idle: &[usize],
    ) {
        let gold: Vec<&Extent> = cues.iter().flatten().collect();
        let free: Vec<bool> = cues
            .iter()
            .zip(optional)
            .filter(|(c, _)| c.is_some())
            .map(|(_, o)| *o)
            .collect();
        let found: Vec<Extent> = system
            .iter()
            .filter_map(|s| s.cue.as_ref())
            .map(|c| points(c.start, c.end))
            .collect();
        let chosen = pairs(gold.len(), found.len(), |g, s| {
            let both = shared(gold[g], &found[s]);
            (both > 0).then_some(both as f64)
        });
        let with_cue: Vec<usize> =
            (0..system.len()).filter(|&s| system[s].cue.is_some()).collect();
        let idle: Vec<usize> =
            (0..with_cue.len()).filter(|&n| idle.contains(&with_cue[n])).collect();
        tally(&mut self.counts.cue, &chosen, &free, found.len(), &idle);
    }

    fn events(&mut self, gold: &Gold) -> Result<()> {
        let extents: Vec<Extent> = gold
            .event
            .iter()
            .map(|e| self.find(&e.trigger, e.nth))
            .collect::<Result<_>>()?;
        let optional: Vec<bool> = gold.event.iter().map(|e| e.optional).collect();
        let system: Vec<(&depeche_record::Event, Extent)> = self
            .record
            .events
            .iter()
            .flat_map(|e| e.mentions.iter().map(move |m| (e, points(m.start, m.end))))
            .collect();
        let kind = |e: &depeche_record::Event| text_of(&e.kind);
        let over = |g: usize, s: usize| {
            let both = shared(&extents[g], &system[s].1);
            (both > 0).then_some(both as f64)
        };
        let triggers = pairs(extents.len(), system.len(), over);
        let types = pairs(extents.len(), system.len(), |g, s| {
            over(g, s).filter(|_| gold.event[g].kind == kind(system[s].0))
        });
        let idle: Vec<usize> = (0..system.len())
            .filter(|&s| (0..extents.len()).any(|g| optional[g] && over(g, s).is_some()))
            .collect();
        tally(&mut self.counts.event_trigger, &triggers, &optional, system.len(), &idle);
        tally(&mut self.counts.event_type, &types, &optional, system.len(), &idle);
        for &(g, s) in types.iter().filter(|(g, _)| !optional[*g]) {
            let (wanted, got) = (&gold.event[g], system[s].0);
            self.roles(wanted, got)?;
            self.counts.factuality.gold += 1;
            let value = text_of(&got.factuality);
            if value == wanted.factuality {
                self.counts.factuality.right += 1;
            } else {
                let words = format!(
                    "{}: {} wanted, {value} found",
                    wanted.trigger, wanted.factuality
                );
                self.error("fact", "other", &words);
            }
        }
        for (g, e) in gold.event.iter().enumerate().filter(|(g, _)| !optional[*g]) {
            if !types.iter().any(|p| p.0 == g) {
                self.error("event", "missed", &format!("{} {}", e.kind, e.trigger));
            }
        }
        for (s, (e, _)) in system.iter().enumerate() {
            if !types.iter().any(|p| p.1 == s) && !idle.contains(&s) {
                self.error(
                    "event",
                    "extra",
                    &format!("{} {} ({})", kind(e), e.mentions[0].text, e.rule),
                );
            }
        }
        Ok(())
    }

    /// Whether the words in a role, or the name of the actor, are those of the gold.
    fn roles(&mut self, wanted: &Event, got: &depeche_record::Event) -> Result<()> {
        use depeche_record::RoleKind;
        for (role, names, actors) in [
            (RoleKind::Actor, &wanted.actor, &got.actor),
            (RoleKind::Recipient, &wanted.recipient, &got.recipient),
        ] {
            if names.is_empty() {
                continue;
            }
            let words =
                got.roles.iter().filter(|r| r.role == role).map(|r| r.text.as_str());
            let known = actors
                .iter()
                .filter_map(|id| self.record.actors.iter().find(|a| a.id == *id))
                .flat_map(|a| {
                    a.mentions.iter().map(|m| m.text.as_str()).chain([a.name.as_str()])
                });
            let found: Vec<&str> = words.chain(known).collect();
            let right = names.iter().any(|n| found.iter().any(|f| same_name(n, f)));
            let count = match role {
                RoleKind::Actor => &mut self.counts.actor,
                _ => &mut self.counts.recipient,
            };
            count.gold += 1;
            count.right += usize::from(right);
            if !right {
                let first = found.first().copied().unwrap_or("nobody");
                let words = format!(
                    "{} of {}: {} wanted, {first} found",
                    text_of(&role),
                    wanted.trigger,
                    names.join(", ")
                );
                self.error("role", "other", &words);
            }
        }
        Ok(())
    }

    fn positions(&mut self, gold: &Gold) -> Result<()> {
        let extents: Vec<Extent> = gold
            .position
            .iter()
            .map(|p| self.find(&p.object, p.nth))
            .collect::<Result<_>>()?;
        let optional: Vec<bool> = gold.position.iter().map(|p| p.optional).collect();
        let system = &self.record.positions;
        let stance = |p: &depeche_record::Position| text_of(&p.stance);
        let chosen = pairs(extents.len(), system.len(), |g, s| {
            let object = points(system[s].object.start, system[s].object.end);
            let both = shared(&extents[g], &object);
            (both > 0 && stance(&system[s]) == gold.position[g].stance)
                .then_some(both as f64)
        });
        tally(&mut self.counts.position, &chosen, &optional, system.len(), &[]);
        for &(g, s) in chosen.iter().filter(|(g, _)| !optional[*g]) {
            let actor = self.record.actors.iter().find(|a| a.id == system[s].actor);
            let names = actor.map_or_else(Vec::new, |a| {
                a.mentions
                    .iter()
                    .map(|m| m.text.as_str())
                    .chain([a.name.as_str()])
                    .collect()
            });
            let right = names.iter().any(|n| same_name(&gold.position[g].actor, n));
            self.counts.position_actor.gold += 1;
            self.counts.position_actor.right += usize::from(right);
            if !right {
                let found = names.last().copied().unwrap_or("nobody");
                let words = format!("{} wanted, {found} found", gold.position[g].actor);
                self.error("position", "actor", &words);
            }
        }
        for (g, p) in gold.position.iter().enumerate().filter(|(g, _)| !optional[*g]) {
            if !chosen.iter().any(|c| c.0 == g) {
                let words = format!("{} {} {}", p.actor, p.stance, p.object);
                self.error("position", "missed", &words);
            }
        }
        for (s, p) in system.iter().enumerate() {
            if !chosen.iter().any(|c| c.1 == s) {
                let words = format!("{} {} ({})", stance(p), p.object.text, p.rule);
                self.error("position", "extra", &words);
            }
        }
        Ok(())
    }
}

/// Code points that both have, and that either has.
fn overlap(a: &[Extent], b: &[Extent]) -> (usize, usize) {
    let size = |e: &[Extent]| e.iter().map(ExactSizeIterator::len).sum::<usize>();
    let both = a.iter().flat_map(|x| b.iter().map(move |y| shared(x, y))).sum();
    (both, (size(a) + size(b) - both).max(1))
}

/// Whether two names may be those of one: one holds the other.
fn same_name(a: &str, b: &str) -> bool {
    let fold = |s: &str| -> String {
        depeche_text::fold(s).chars().filter(|c| c.is_alphanumeric()).collect()
    };
    let (a, b) = (fold(a), fold(b));
    let shorter = a.chars().count().min(b.chars().count());
    a == b && !a.is_empty() || shorter > 3 && (a.contains(&b) || b.contains(&a))
}

/// The word that a value is written as.
fn text_of(value: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).expect("a value of a closed list is a word");
    value.as_str().unwrap_or_default().to_owned()
}
