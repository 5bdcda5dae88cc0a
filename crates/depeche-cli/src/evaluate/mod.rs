//! `depeche evaluate`: how much of what people found does depeche find, and how much of what it
//! finds is right?

mod events;
mod statements;
mod times;
mod words;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;
use depeche::Record;
use serde_json::{Value, json};

use crate::Outcome;
use crate::sample::records;

/// So many times articles are drawn again for an interval.
const DRAWS: usize = 1000;

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Evaluate {
    /// Records of the gold's articles, as `depeche read --json` writes them
    #[arg(value_name = "SYSTEM")]
    system: PathBuf,
    /// What people found: JSON lines with `id`, `text` and `statements`, `timex` or `events`
    #[arg(long, value_name = "GOLD")]
    gold: PathBuf,
    /// One JSON object, for programs
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Prints precision, recall and F1 with an interval: 95 % of F1 when articles are drawn again 1,000
times. Articles are joined by the gold's `id`, which is the record's `article.key`; an article that
was not read counts as one in which nothing was found. Offsets are Unicode code points.

statements  {\"content\": [[s,e],…], \"cue\": [s,e], \"source\": [s,e], \"speaker\": name, \"kind\", \"optional\"}
timex       {\"span\": [s,e], \"type\", \"value\"}
events      {\"code\", \"ontology\", \"source\", \"target\", \"trigger\": [s,e], \"factuality\", \"optional\"}

Examples:
  depeche read --json gold.jsonl | depeche evaluate - --gold gold.jsonl
  depeche corrections ukraine.depeche > gold.jsonl";

impl Evaluate {
    pub(crate) fn run(self) -> Result<Outcome> {
        let shown = self.gold.display().to_string();
        let text = fs::read_to_string(&self.gold).with_context(|| shown.clone())?;
        let mut gold = Vec::new();
        for (n, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
            let value: Value = serde_json::from_str(line)
                .with_context(|| format!("{shown}:{}: no JSON", n + 1))?;
            gold.push(value);
        }
        let mut found: BTreeMap<String, Record> = BTreeMap::new();
        for record in records(&self.system)? {
            let record = record?;
            let key = record.article.key.clone();
            found.insert(key.unwrap_or_else(|| record.article.id.clone()), record);
        }
        let has = |field: &str| gold.iter().any(|g| g[field].is_array());
        let one: fn(&Value, Option<&Record>) -> Tally = if has("statements") {
            statements::tally
        } else if has("timex") {
            times::tally
        } else if has("events") {
            let coded =
                |e: &Value| e.get("actor_code").is_some() || e.get("code").is_none();
            let events = || gold.iter().filter_map(|g| g["events"].as_array()).flatten();
            if events().next().is_some() && events().all(coded) {
                bail!(
                    "{shown}: events without `code`: this shape of gold is not evaluated"
                );
            }
            events::tally
        } else {
            bail!("{shown}: no `statements`, `timex` or `events` in any line");
        };
        let mut missing = 0;
        let mut tallies = Vec::new();
        for article in &gold {
            let record = article["id"].as_str().and_then(|id| found.get(id));
            missing += usize::from(record.is_none());
            tallies.push(one(article, record));
        }
        let figures = figures(&tallies);
        self.print(&figures, gold.len(), missing)
    }

    fn print(
        &self,
        figures: &[Figure],
        articles: usize,
        missing: usize,
    ) -> Result<Outcome> {
        let mut out = std::io::stdout().lock();
        if self.json {
            let measures: Vec<Value> = figures.iter().map(Figure::json).collect();
            let all =
                json!({"articles": articles, "missing": missing, "measures": measures});
            writeln!(out, "{all}")?;
        } else {
            for figure in figures {
                writeln!(out, "{figure}")?;
            }
            writeln!(out, "{articles} articles, {missing} of them not read")?;
        }
        Ok(if missing == 0 { Outcome::Whole } else { Outcome::Partial })
    }
}

/// What one article adds to each measure.
type Tally = Vec<(&'static str, Counts)>;

/// Right ones among those found, found ones, right ones among those that should be, those that
/// should be. The two kinds of right ones differ where a part counts as a part.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Counts([f64; 4]);

impl Counts {
    /// So many right ones, of so many found, and of so many that should be.
    fn of(right: usize, found: usize, gold: usize) -> Counts {
        Counts([right as f64, found as f64, right as f64, gold as f64])
    }

    fn add(&mut self, other: Counts) {
        for (sum, more) in self.0.iter_mut().zip(other.0) {
            *sum += more;
        }
    }

    /// Precision, recall and F1.
    fn scores(self) -> [f64; 3] {
        let share = |part: f64, of: f64| if of > 0.0 { part / of } else { 0.0 };
        let [right, found, recalled, gold] = self.0;
        let (p, r) = (share(right, found), share(recalled, gold));
        [p, r, if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 }]
    }
}

/// A measure over all articles.
struct Figure {
    name: &'static str,
    counts: Counts,
    interval: [f64; 2],
}

impl Figure {
    fn json(&self) -> Value {
        let [p, r, f1] = self.counts.scores();
        json!({
            "measure": self.name, "precision": p, "recall": r, "f1": f1,
            "f1_low": self.interval[0], "f1_high": self.interval[1],
            "found": self.counts.0[1], "gold": self.counts.0[3],
        })
    }
}

impl std::fmt::Display for Figure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [p, r, f1] = self.counts.scores().map(|share| share * 100.0);
        let [low, high] = self.interval.map(|share| share * 100.0);
        write!(
            f,
            "{:20} P {p:5.1}  R {r:5.1}  F1 {f1:5.1}  [{low:.1}, {high:.1}]  (found {}, gold {})",
            self.name, self.counts.0[1], self.counts.0[3]
        )
    }
}

/// The measures in the order in which the first article that has each names them.
fn figures(tallies: &[Tally]) -> Vec<Figure> {
    let mut names: Vec<&'static str> = Vec::new();
    for (name, _) in tallies.iter().flatten() {
        if !names.contains(name) {
            names.push(name);
        }
    }
    let figure = |name: &'static str| {
        let of = |tally: &Tally| {
            let mut counts = Counts::default();
            let mine = tally.iter().filter(|(n, _)| *n == name);
            mine.for_each(|(_, more)| counts.add(*more));
            counts
        };
        let each: Vec<Counts> = tallies.iter().map(of).collect();
        let mut counts = Counts::default();
        each.iter().for_each(|more| counts.add(*more));
        Figure { name, counts, interval: interval(&each) }
    };
    // What neither side has is no figure.
    let told = |f: &Figure| f.counts.0[1] > 0.0 || f.counts.0[3] > 0.0;
    names.into_iter().map(figure).filter(told).collect()
}

/// Between which values F1 lies in 95 % of draws of as many articles, each drawn any number of
/// times. The draws are the same in every run.
fn interval(articles: &[Counts]) -> [f64; 2] {
    let mut state = 7_u64;
    let mut next = |below: usize| {
        // SplitMix64 (Steele, Lea and Flood 2014).
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % below.max(1) as u64) as usize
    };
    let mut draws: Vec<f64> = (0..DRAWS)
        .map(|_| {
            let mut counts = Counts::default();
            articles.iter().for_each(|_| counts.add(articles[next(articles.len())]));
            counts.scores()[2]
        })
        .collect();
    draws.sort_by(f64::total_cmp);
    [draws[DRAWS / 40], draws[DRAWS - 1 - DRAWS / 40]]
}

/// A stretch of text in a gold line: `[start, end]`.
fn span(value: &Value) -> Option<(usize, usize)> {
    let number = |n: usize| value.get(n)?.as_u64()?.try_into().ok();
    Some((number(0)?, number(1)?))
}

/// Whether two stretches share a character.
fn overlap(a: Option<(usize, usize)>, b: Option<(usize, usize)>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if a.0 < b.1 && b.0 < a.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_of_nothing_are_nothing() {
        assert_eq!(Counts::default().scores(), [0.0; 3]);
        assert_eq!(Counts::of(1, 2, 1).scores()[..2], [0.5, 1.0]);
    }

    #[test]
    fn an_interval_is_the_same_in_every_run_and_holds_the_figure() {
        let articles: Vec<Counts> = (0..40).map(|n| Counts::of(n % 3, 3, 4)).collect();
        let [low, high] = interval(&articles);
        assert_eq!(interval(&articles), [low, high]);
        let mut all = Counts::default();
        articles.iter().for_each(|a| all.add(*a));
        assert!(low < all.scores()[2] && all.scores()[2] < high);
    }
}
