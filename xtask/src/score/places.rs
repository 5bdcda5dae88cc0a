//! How do records agree with gold for places: the project's own, and the places of events in the
//! shared articles? Every error is listed, with what is known about its cause.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::ops::Range;
use std::path::Path;

use anyhow::{Context, Result};
use depeche_record::{Place, Record, RoleKind};
use serde::Deserialize;

/// `articles/places.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Gold {
    article: Vec<Article>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Article {
    id: String,
    places: Vec<Named>,
    events: Vec<Sited>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    text: String,
    nth: Option<usize>,
    country: Option<String>,
    #[serde(default)]
    optional: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sited {
    trigger: String,
    nth: Option<usize>,
    #[serde(rename = "where")]
    place: String,
    #[serde(default)]
    noun: bool,
    #[serde(default)]
    optional: bool,
}

/// `scores/places.toml`: what is known about the cause of an error.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Notes {
    #[serde(default)]
    note: Vec<Note>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Note {
    article: String,
    /// The error as it is listed, from its start on.
    error: String,
    why: String,
}

/// An article of the shared gold.
#[derive(Deserialize)]
struct Shared {
    id: String,
    events: Vec<SharedEvent>,
}

#[derive(Deserialize)]
struct SharedEvent {
    trigger: (usize, usize),
    place: Option<(usize, usize)>,
    #[serde(default)]
    optional: bool,
}

/// An event of the gold: its trigger, and the words of its place with whether they name it.
struct Wanted {
    trigger: Range<usize>,
    place: Option<(Range<usize>, bool)>,
    optional: bool,
}

#[derive(Default)]
struct Tally {
    /// Names of places: right, wanted, found; of the right ones, those of the right country.
    names: [usize; 3],
    country: usize,
    /// Events found: with the place that a name states, right and wanted; left open where
    /// nothing is stated, right and wanted; told by a noun, left open and wanted.
    stated: [usize; 2],
    open: [usize; 2],
    nouns: [usize; 2],
    invented: usize,
    wrong: usize,
    errors: Vec<(String, String)>,
}

/// The figures for the project's own articles and, where it is there, the shared gold.
pub(super) fn score(
    own: &str,
    shared: Option<(&Path, &str)>,
    scores: &Path,
) -> Result<String> {
    let notes = notes(&scores.join("places.toml"))?;
    let mut out = String::from(
        "Places. A name of a place that stands for who acts there is none; an event has a place \
         when the text\nties one to it, and none otherwise. Events are those that were found. A \
         place told by a noun (« le\npays », « l'usine ») has no name to look up, and is left \
         open but for « la capitale » with an adjective.\nBoth sets were looked at while the \
         rules were made: they show what is left to do, not what to expect.\n",
    );
    let tally = score_own(own)?;
    out += "\nThe demo articles: articles/places.toml, read by one reader.\n\n";
    out += &tally.names_text();
    out += &tally.events_text();
    out += &tally.errors_text(&notes);
    if let Some((gold, records)) = shared {
        let tally = score_shared(gold, records)?;
        out += "\nThe shared articles (wikinews_fr.events): places of events.\n\n";
        out += &tally.events_text();
        out += &tally.errors_text(&notes);
    }
    Ok(out)
}

fn notes(path: &Path) -> Result<Notes> {
    match fs::read_to_string(path) {
        Ok(text) => toml::from_str(&text).with_context(|| path.display().to_string()),
        Err(_) => Ok(Notes::default()),
    }
}

fn score_own(records: &str) -> Result<Tally> {
    let path = Path::new("articles/places.toml");
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let gold: Gold = toml::from_str(&text).with_context(|| path.display().to_string())?;
    let mut tally = Tally::default();
    for (record, article) in read(records)?.iter().zip(&gold.article) {
        let text = &record.article.text;
        let mut wanted = Vec::new();
        for name in &article.places {
            let extent = find(text, &name.text, name.nth.unwrap_or(1))
                .with_context(|| format!("{}: no {}", article.id, name.text))?;
            wanted.push((extent, name));
        }
        tally.names(&article.id, record, &wanted);
        let mut events = Vec::new();
        for event in &article.events {
            let trigger = find(text, &event.trigger, event.nth.unwrap_or(1))
                .with_context(|| format!("{}: no {}", article.id, event.trigger))?;
            let place = nearest(text, &event.place, trigger.start)
                .with_context(|| format!("{}: no {}", article.id, event.place))?;
            events.push(Wanted {
                trigger,
                place: Some((place, !event.noun)),
                optional: event.optional,
            });
        }
        for event in &record.events {
            let trigger = extent(&event.mentions[0]);
            if !events.iter().any(|w| overlap(&w.trigger, &trigger)) {
                events.push(Wanted { trigger, place: None, optional: false });
            }
        }
        tally.events(&article.id, record, &events);
    }
    Ok(tally)
}

fn score_shared(gold: &Path, records: &str) -> Result<Tally> {
    let text = fs::read_to_string(gold).with_context(|| gold.display().to_string())?;
    let mut tally = Tally::default();
    for (record, line) in read(records)?.iter().zip(text.lines()) {
        let article: Shared = serde_json::from_str(line)?;
        let named = |place: &Range<usize>| names(&record.article.text, place);
        let events: Vec<Wanted> = article
            .events
            .iter()
            .map(|e| Wanted {
                trigger: e.trigger.0..e.trigger.1,
                place: e.place.map(|(s, t)| (s..t, named(&(s..t)))),
                optional: e.optional,
            })
            .collect();
        tally.events(&article.id, record, &events);
    }
    Ok(tally)
}

fn read(records: &str) -> Result<Vec<Record>> {
    records.lines().map(|l| Ok(serde_json::from_str(l)?)).collect()
}

impl Tally {
    fn names(&mut self, id: &str, record: &Record, wanted: &[(Range<usize>, &Named)]) {
        let at = |p: &Place| p.start as usize..p.end as usize;
        for place in &record.places {
            let gold = wanted.iter().find(|(w, _)| overlap(w, &at(place)));
            match gold {
                Some((_, gold)) if gold.optional => {}
                Some((_, gold)) => {
                    self.names[2] += 1;
                    self.names[0] += 1;
                    if gold.country == place.country {
                        self.country += 1;
                    } else {
                        self.error(
                            id,
                            &format!("country of {}: {:?}", place.text, place.country),
                        );
                    }
                }
                None => {
                    self.names[2] += 1;
                    self.error(
                        id,
                        &format!("no place here: {} ({})", place.text, place.why),
                    );
                }
            }
        }
        for (extent, gold) in wanted.iter().filter(|(_, g)| !g.optional) {
            self.names[1] += 1;
            if !record.places.iter().any(|p| overlap(extent, &at(p))) {
                self.error(id, &format!("missed: {}", gold.text));
            }
        }
    }

    fn events(&mut self, id: &str, record: &Record, wanted: &[Wanted]) {
        let text = &record.article.text;
        for gold in wanted.iter().filter(|w| !w.optional) {
            let found = record
                .events
                .iter()
                .find(|e| e.mentions.iter().any(|m| overlap(&gold.trigger, &extent(m))));
            let Some(event) = found else { continue };
            let trigger = slice(text, &gold.trigger);
            let sites: Vec<Range<usize>> = event
                .roles
                .iter()
                .filter(|r| r.role == RoleKind::Place)
                .filter(|r| r.refers.as_ref().is_some_and(|p| p.starts_with('p')))
                .map(|r| r.start as usize..r.end as usize)
                .collect();
            let said: Vec<&str> = sites.iter().map(|s| slice(text, s)).collect();
            let said = said.join(" + ");
            match (&gold.place, sites.is_empty()) {
                (None, true) => {
                    self.open[0] += 1;
                    self.open[1] += 1;
                }
                (None, false) => {
                    self.open[1] += 1;
                    self.invented += 1;
                    self.error(id, &format!("invented: {trigger} @ {said}"));
                }
                (Some((place, named)), open) => {
                    let counts = if *named { &mut self.stated } else { &mut self.nouns };
                    counts[1] += 1;
                    let place_text = slice(text, place);
                    if sites.iter().any(|s| overlap(s, place) || beside(text, s, place)) {
                        counts[0] += 1;
                    } else if open && *named {
                        let why = &event.where_why;
                        self.error(
                            id,
                            &format!("open: {trigger} @ {place_text} ({why})"),
                        );
                    } else if !open {
                        self.wrong += 1;
                        self.error(
                            id,
                            &format!("wrong: {trigger} @ {said}, wanted {place_text}"),
                        );
                    }
                }
            }
        }
    }

    fn error(&mut self, id: &str, error: &str) {
        let error = error.split_whitespace().collect::<Vec<_>>().join(" ");
        self.errors.push((id.to_owned(), error));
    }

    fn names_text(&self) -> String {
        let [right, gold, system] = self.names;
        format!(
            "names                  P {:5.1}  R {:5.1}   ({right} right, {gold} wanted, {system} found)\n\
             country of these       {}\n",
            percent(right, system),
            percent(right, gold),
            share(self.country, right),
        )
    }

    fn events_text(&self) -> String {
        let mut out = String::new();
        let mut line = |name: &str, [right, of]: [usize; 2]| {
            let _ = writeln!(out, "{name:<22} {}", share(right, of));
        };
        line("a name states it", self.stated);
        line("nothing does: open", self.open);
        line("a noun states it", self.nouns);
        let given = self.stated[0] + self.nouns[0] + self.wrong + self.invented;
        line("right where given", [self.stated[0] + self.nouns[0], given]);
        out
    }

    fn errors_text(&self, notes: &Notes) -> String {
        let mut by_article: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (id, error) in &self.errors {
            by_article.entry(id).or_default().push(error);
        }
        let mut out = format!("\n{} errors:\n", self.errors.len());
        for (id, errors) in by_article {
            let _ = writeln!(out, "  {id}");
            for error in errors {
                let known = notes
                    .note
                    .iter()
                    .find(|n| n.article == id && error.starts_with(&n.error));
                let why = known.map_or("not looked into", |n| &n.why);
                let _ = writeln!(out, "    {error}\n      {why}");
            }
        }
        out
    }
}

/// Whether the words of a place hold a name: a capital that no start of a sentence gives.
fn names(text: &str, place: &Range<usize>) -> bool {
    let before = slice(text, &(place.start.saturating_sub(2)..place.start));
    let starts = before.contains(['.', ':', '!', '?', '\n']) || before.is_empty();
    let mut words = slice(text, place).split([' ', '-', '\'', '’']);
    if starts {
        words.next();
    }
    words.any(|w| w.starts_with(char::is_uppercase))
}

fn percent(right: usize, of: usize) -> f64 {
    100.0 * right as f64 / of.max(1) as f64
}

fn share(right: usize, of: usize) -> String {
    format!("{:5.1} %   ({right} of {of})", percent(right, of))
}

fn extent(span: &depeche_record::Span) -> Range<usize> {
    span.start as usize..span.end as usize
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// Whether two names of one place stand side by side: « Gap (Hautes-Alpes) ».
fn beside(text: &str, a: &Range<usize>, b: &Range<usize>) -> bool {
    let between = a.end.min(b.end)..a.start.max(b.start);
    between.len() <= 3 && !slice(text, &between).contains(char::is_alphanumeric)
}

fn slice<'t>(text: &'t str, extent: &Range<usize>) -> &'t str {
    let byte = |n: usize| text.char_indices().nth(n).map_or(text.len(), |(byte, _)| byte);
    text.get(byte(extent.start)..byte(extent.end)).unwrap_or_default()
}

/// The nth occurrence of some words, in code points.
fn find(text: &str, words: &str, nth: usize) -> Option<Range<usize>> {
    let (byte, _) = text.match_indices(words).nth(nth.checked_sub(1)?)?;
    let start = text[..byte].chars().count();
    Some(start..start + words.chars().count())
}

/// The occurrence of some words that is nearest to a place.
fn nearest(text: &str, words: &str, at: usize) -> Option<Range<usize>> {
    let count = text.match_indices(words).count();
    (1..=count)
        .filter_map(|nth| find(text, words, nth))
        .min_by_key(|found| found.start.abs_diff(at))
}
