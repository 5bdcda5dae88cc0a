//! Where does a text speak of time? The rules of `time/` at work, in rounds.
//!
//! The first round looks at words and numbers; later ones build on what was found: « il y a
//! <duration> », « début <date> ». Of two finds, the longer stays.

use std::collections::BTreeSet;
use std::ops::Range;

use depeche_rule::{Item, Matcher, NameId, Pack, View};

use crate::meaning::{Formula, Meaning};

/// The time rules of a language, ready to run.
#[derive(Clone, Debug)]
pub struct TimeRules {
    rules: Vec<Rule>,
    /// From an entry of the pack to its rule.
    of_entry: Vec<Option<u32>>,
    first: Matcher,
    later: Matcher,
    /// The name that narrows what a rule finds to a part of its match.
    it: Option<NameId>,
}

#[derive(Clone, Debug)]
struct Rule {
    makes: Option<NameId>,
    formula: Formula,
    modifier: Option<String>,
    quant: Option<String>,
    freq: Option<String>,
}

/// A time expression, before anybody knows when it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// What it says.
    pub meaning: Meaning,
    /// TIMEX3 `mod`: `START`, `APPROX`, …
    pub modifier: Option<String>,
    /// TIMEX3 `quant`: `EVERY`.
    pub quant: Option<String>,
    /// TIMEX3 `freq`: `2X`.
    pub freq: Option<String>,
    /// The rule: an entry of the pack.
    pub entry: usize,
}

/// A find with what decides between finds.
#[derive(Clone, Debug)]
struct Candidate {
    found: Found,
    makes: Option<NameId>,
    /// The whole match, of which `found.tokens` may be a part.
    cover: Range<usize>,
}

/// The candidates so far, each once.
#[derive(Debug, Default)]
struct Candidates {
    list: Vec<Candidate>,
    /// Rule, words and cover of each.
    known: BTreeSet<(usize, [usize; 4])>,
}

impl Candidates {
    fn add(&mut self, candidate: Candidate) {
        let (tokens, cover) = (&candidate.found.tokens, &candidate.cover);
        let place = [tokens.start, tokens.end, cover.start, cover.end];
        if self.known.insert((candidate.found.entry, place)) {
            self.list.push(candidate);
        }
    }
}

/// Rounds after the first; « vers la fin de la semaine dernière » needs three.
const ROUNDS: usize = 4;

impl TimeRules {
    /// The time rules of a pack.
    ///
    /// # Errors
    ///
    /// The id of a rule whose `value` cannot be read, and why.
    pub fn new(pack: &Pack) -> Result<TimeRules, String> {
        let mut rules = Vec::new();
        let mut of_entry = vec![None; pack.entries.len()];
        let (mut first, mut later) = (Vec::new(), Vec::new());
        for (n, entry) in pack.entries_of("time") {
            let text = |field: &str| entry.text(field).map(str::to_owned);
            let value = text("value").unwrap_or_default();
            let formula =
                Formula::parse(&value).map_err(|why| format!("{}: {why}", entry.id))?;
            of_entry[n] = Some(rules.len() as u32);
            rules.push(Rule {
                makes: entry.text("makes").and_then(|name| pack.name_id(name)),
                formula,
                modifier: text("mod"),
                quant: text("quant"),
                freq: text("freq"),
            });
            // A pattern with an item waits for the second round.
            if entry.builds_on_items() { later.push(n) } else { first.push(n) }
        }
        Ok(TimeRules {
            rules,
            of_entry,
            first: Matcher::new(pack, first),
            later: Matcher::new(pack, later),
            it: pack.name_id("it"),
        })
    }

    /// The time expressions of a text, in order, none over another.
    pub fn recognise(&self, pack: &Pack, view: &View<'_>) -> Vec<Found> {
        let mut candidates = Candidates::default();
        self.add(pack, &self.first, view, &[], &mut candidates);
        for _ in 0..ROUNDS {
            let before = candidates.list.len();
            let base = longest(&candidates.list);
            self.add(pack, &self.later, view, &base, &mut candidates);
            if candidates.list.len() == before {
                break;
            }
        }
        choose(candidates.list)
    }

    fn add(
        &self,
        pack: &Pack,
        matcher: &Matcher,
        view: &View<'_>,
        base: &[Candidate],
        candidates: &mut Candidates,
    ) {
        let mut items = Vec::new();
        let mut meanings = Vec::new();
        for candidate in base {
            if let Some(name) = candidate.makes {
                let Range { start, end } = candidate.found.tokens;
                items.push(Item { name, start, end });
                meanings.push(candidate.found.meaning.clone());
            }
        }
        for found in matcher.run(view, &items) {
            let rule =
                self.of_entry[found.entry].expect("the matcher holds time rules only");
            let rule = &self.rules[rule as usize];
            let Some(meaning) = rule.formula.meaning(pack, &found, &meanings) else {
                continue;
            };
            let part = self.it.and_then(|it| found.capture(it));
            let tokens = part.map_or(found.tokens.clone(), |p| p.tokens.clone());
            // « début <date> » keeps what the date was: « vers » the start of it.
            let modifier = |part: &Range<usize>| {
                let first = base.partition_point(|c| c.found.tokens.start < part.start);
                let here = base[first..].iter();
                let here = here.take_while(|c| c.found.tokens.start == part.start);
                let same = here.filter(|c| c.found.tokens == *part);
                same.clone().find_map(|c| c.found.modifier.clone())
            };
            let mut parts: Vec<&Range<usize>> =
                found.captures.iter().map(|p| &p.tokens).collect();
            parts.sort_by_key(|p| (p.start, usize::MAX - p.end));
            let inherited = parts.into_iter().find_map(modifier);
            let candidate = Candidate {
                found: Found {
                    tokens,
                    meaning,
                    modifier: rule.modifier.clone().or(inherited),
                    quant: rule.quant.clone(),
                    freq: rule.freq.clone(),
                    entry: found.entry,
                },
                makes: rule.makes,
                cover: found.tokens,
            };
            candidates.add(candidate);
        }
    }
}

/// The candidates that lie in no longer one: what the next round builds on.
fn longest(candidates: &[Candidate]) -> Vec<Candidate> {
    // What is no time hides nothing yet: « il y a trois ans » is longer than « a trois ans ».
    let times = candidates.iter().filter(|c| c.found.meaning != Meaning::Nothing);
    let mut order: Vec<&Candidate> = times.collect();
    order.sort_by_key(|c| (c.found.tokens.start, usize::MAX - c.found.tokens.end));
    let mut kept: Vec<Candidate> = Vec::new();
    let mut reach = 0..0;
    for candidate in order {
        let tokens = &candidate.found.tokens;
        let inside = tokens.start >= reach.start && tokens.end <= reach.end;
        if !inside || *tokens == reach {
            kept.push(candidate.clone());
        }
        if tokens.end > reach.end {
            reach = tokens.clone();
        }
    }
    kept
}

/// The longest first, nothing over another; of equals, what looked at more, then what was
/// built last, then the order of the files.
fn choose(mut candidates: Vec<Candidate>) -> Vec<Found> {
    let rank = |c: &Candidate| {
        let (tokens, cover) = (&c.found.tokens, &c.cover);
        (usize::MAX - tokens.len(), usize::MAX - cover.len(), tokens.start, c.found.entry)
    };
    candidates.sort_by_key(rank);
    let mut chosen: Vec<Found> = Vec::new();
    let end = candidates.iter().map(|c| c.found.tokens.end).max().unwrap_or_default();
    let mut taken = vec![false; end];
    for candidate in candidates {
        let place = &mut taken[candidate.found.tokens.clone()];
        if !place.contains(&true) {
            place.fill(true);
            chosen.push(candidate.found);
        }
    }
    chosen.retain(|f| f.meaning != Meaning::Nothing);
    chosen.sort_by_key(|f| f.tokens.start);
    chosen
}
