//! Is a confidence of 0.9 right nine times in ten? A table over the development gold, and the
//! weights that make it so.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use clap::Args;
use serde_json::Value;

use super::{build, records};

/// The gold sets, by a short name.
const SETS: &[(&str, &str)] = &[
    ("articles", "gold/articles/wikinews_fr.statements.jsonl"),
    ("er", "gold/statements/er_fr.dev.jsonl"),
    ("ud", "gold/statements/ud_fr_sent.dev.jsonl"),
    ("seed", "seed/statements.gold.jsonl"),
];

/// Where the weights stand.
const WEIGHTS: &str = "lang/fr/statements/certainty.toml";

/// How strongly weights are held near nothing: so much that a set left out is told as well.
const RIDGE: f64 = 2.0;

/// A statement that was found, and whether the gold has it.
struct Item {
    set: &'static str,
    confidence: f64,
    features: Vec<String>,
    right: bool,
}

/// The table, as text.
pub(super) fn score(binary: &Path, shared: &Path) -> Result<String> {
    let items = items(binary, shared)?;
    let mut out = String::from(
        "Of the statements that were given a confidence, how many are right: words (IoU 0.5 or \
         more)\nand speaker. Weights are fitted to these sets; « left out » fits them to the \
         others each time.\n\n",
    );
    let all: Vec<(f64, bool)> = items.iter().map(|i| (i.confidence, i.right)).collect();
    table(&mut out, "all", &all);
    for (set, _) in SETS {
        let own = items.iter().filter(|i| i.set == *set);
        let own: Vec<(f64, bool)> = own.map(|i| (i.confidence, i.right)).collect();
        table(&mut out, set, &own);
    }
    table(&mut out, "left out", &left_out(&items));
    Ok(out)
}

/// Each set told by weights that were fitted to the others.
fn left_out(items: &[Item]) -> Vec<(f64, bool)> {
    let mut told = Vec::new();
    for (set, _) in SETS {
        let weights = fit(items.iter().filter(|i| i.set != *set));
        let own = items.iter().filter(|i| i.set == *set);
        told.extend(own.map(|i| (likely(&weights, &i.features), i.right)));
    }
    told
}

/// Rows of a tenth each: how many, their mean confidence, how many are right.
fn table(out: &mut String, name: &str, told: &[(f64, bool)]) {
    let _ = writeln!(out, "{name}\n    confidence    items   mean   right");
    for bin in 0..10 {
        let low = f64::from(bin) / 10.0;
        let within = |p: f64| p >= low && (p < low + 0.1 || bin == 9);
        let rows: Vec<&(f64, bool)> = told.iter().filter(|(p, _)| within(*p)).collect();
        if rows.is_empty() {
            continue;
        }
        let mean = rows.iter().map(|(p, _)| p).sum::<f64>() / rows.len() as f64;
        let right = rows.iter().filter(|(_, right)| *right).count();
        let _ = writeln!(
            out,
            "    {low:.1} to {:.1}    {:5}  {mean:.2}  {:4.0} %",
            low + 0.1,
            rows.len(),
            100.0 * right as f64 / rows.len() as f64
        );
    }
    out.push('\n');
}

/// Fit the weights of confidence to the development gold, and write them.
#[derive(Args, Debug)]
pub(crate) struct Calibrate {
    /// The folder of shared gold
    #[arg(long, value_name = "DIR", default_value = "../shared")]
    shared: std::path::PathBuf,
}

impl Calibrate {
    pub(crate) fn run(self) -> Result<()> {
        let binary = build()?;
        let weights = fit(items(&binary, &self.shared)?.iter());
        let text = fs::read_to_string(WEIGHTS).unwrap_or_default();
        let head: Vec<&str> =
            text.lines().take_while(|l| !l.starts_with("base")).collect();
        let mut out = head.join("\n");
        let of = |name: &str| weights.get(name).copied().unwrap_or_default();
        for (field, name) in
            [("base", ""), ("short", "short"), ("nested", "nested"), ("rivals", "rivals")]
        {
            let _ = write!(out, "\n{field} = {:.2}", of(name));
        }
        for field in ["construction", "via", "class", "kind"] {
            let own = weights.iter().filter_map(|(name, w)| {
                Some((name.strip_prefix(field)?.strip_prefix(':')?, w))
            });
            let rows: Vec<String> =
                own.map(|(name, w)| format!("{name} = {w:.2}")).collect();
            let _ = write!(out, "\n{field} = {{ {} }}", rows.join(", "));
        }
        fs::write(WEIGHTS, out + "\n").context("the weights cannot be written")
    }
}

/// Logistic regression by plain descent; deterministic. The weight of nothing is the base.
fn fit<'i>(items: impl Iterator<Item = &'i Item>) -> BTreeMap<String, f64> {
    let items: Vec<&Item> = items.collect();
    let mut weights: BTreeMap<String, f64> = BTreeMap::new();
    let step = 1.0 / items.len().max(1) as f64;
    for _ in 0..600 {
        let mut slope: BTreeMap<&str, f64> = BTreeMap::new();
        for item in &items {
            let error =
                likely(&weights, &item.features) - f64::from(u8::from(item.right));
            *slope.entry("").or_default() += error;
            for feature in &item.features {
                *slope.entry(feature).or_default() += error;
            }
        }
        for (feature, slope) in slope {
            let weight = weights.entry(feature.to_owned()).or_default();
            let held = if feature.is_empty() { 0.0 } else { RIDGE * *weight };
            *weight -= 2.0 * step * (slope + held);
        }
    }
    weights
}

fn likely(weights: &BTreeMap<String, f64>, features: &[String]) -> f64 {
    let weight = |name: &str| weights.get(name).copied().unwrap_or_default();
    let sum: f64 = weight("") + features.iter().map(|f| weight(f)).sum::<f64>();
    1.0 / (1.0 + (-sum).exp())
}

// --- what is right

fn items(binary: &Path, shared: &Path) -> Result<Vec<Item>> {
    let mut items = Vec::new();
    for (set, path) in SETS {
        let gold = shared.join(path);
        let found = records(binary, &gold, &[])?;
        let mut by_key = BTreeMap::new();
        for record in found.lines() {
            let record: Value = serde_json::from_str(record)?;
            let key = record["article"]["key"].as_str().unwrap_or_default().to_owned();
            by_key.insert(key, record);
        }
        let gold = fs::read_to_string(&gold)?;
        for line in gold.lines().filter(|l| !l.trim().is_empty()) {
            let gold: Value = serde_json::from_str(line)?;
            let key = gold["id"].as_str().unwrap_or_default();
            if let Some(record) = by_key.get(key) {
                compare(set, &gold, record, &mut items);
            }
        }
    }
    Ok(items)
}

/// The letters that some spans cover.
fn letters(
    text: &[char],
    spans: impl Iterator<Item = (usize, usize)>,
) -> BTreeSet<usize> {
    let inside = spans.flat_map(|(start, end)| start..end.min(text.len()));
    inside.filter(|&i| text[i].is_alphanumeric()).collect()
}

fn pair(span: &Value) -> Option<(usize, usize)> {
    let number = |v: &Value| v.as_u64().map(|n| n as usize);
    match span {
        Value::Array(ends) => Some((number(ends.first()?)?, number(ends.get(1)?)?)),
        span => Some((number(&span["start"])?, number(&span["end"])?)),
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// Adds what was found in one article: statements that the gold leaves open are left out.
fn compare(set: &'static str, gold: &Value, record: &Value, items: &mut Vec<Item>) {
    let text: Vec<char> = gold["text"].as_str().unwrap_or_default().chars().collect();
    let content = |s: &Value| letters(&text, list(&s["content"]).filter_map(pair));
    let wanted: Vec<(&Value, BTreeSet<usize>)> =
        list(&gold["statements"]).map(|s| (s, content(s))).collect();
    let found: Vec<(&Value, BTreeSet<usize>)> = list(&record["statements"])
        .filter(|s| s["kind"] != "scare")
        .map(|s| (s, content(s)))
        .collect();
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (g, (_, want)) in wanted.iter().enumerate() {
        for (f, (_, got)) in found.iter().enumerate() {
            let shared = want.intersection(got).count();
            if shared > 0 {
                let all = want.union(got).count();
                pairs.push((shared as f64 / all as f64, g, f));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let mut partner: BTreeMap<usize, (f64, usize)> = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for (overlap, g, f) in pairs {
        if !partner.contains_key(&f) && taken.insert(g) {
            partner.insert(f, (overlap, g));
        }
    }
    for (f, (statement, _)) in found.iter().enumerate() {
        let mate = partner.get(&f).map(|&(overlap, g)| (overlap, wanted[g].0));
        if mate.is_some_and(|(overlap, g)| g["optional"] == true && overlap >= 0.3) {
            continue;
        }
        let right = mate.is_some_and(|(overlap, g)| {
            overlap >= 0.5 && g["optional"] != true && same_speaker(g, statement, record)
        });
        items.push(Item {
            set,
            confidence: statement["confidence"].as_f64().unwrap_or_default(),
            features: features(statement),
            right,
        });
    }
}

fn same_speaker(gold: &Value, statement: &Value, record: &Value) -> bool {
    let beside = match (pair(&gold["source"]), pair(&statement["speaker"])) {
        (Some(a), Some(b)) => a.0 < b.1 && b.0 < a.1,
        (None, None) => true,
        _ => false,
    };
    let Some(name) = gold["speaker"].as_str() else { return beside };
    let actor = &statement["speaker"]["actor"];
    let known = list(&record["actors"]).find(|a| a["id"] == *actor);
    let told = known.map_or(&statement["speaker"]["text"], |a| &a["name"]);
    beside && told.as_str().is_some_and(|told| same_name(name, told))
}

/// Whether two names share their last part, or one has no part that the other lacks.
fn same_name(a: &str, b: &str) -> bool {
    let parts = |name: &str| -> Vec<String> {
        let name = depeche_text::fold(name);
        let parts = name.split(|c: char| !c.is_alphanumeric());
        parts.filter(|p| p.chars().count() > 2).map(str::to_owned).collect()
    };
    let (a, b) = (parts(a), parts(b));
    let within = |a: &[String], b: &[String]| a.iter().all(|p| b.contains(p));
    !a.is_empty()
        && !b.is_empty()
        && (a.last() == b.last() || within(&a, &b) || within(&b, &a))
}

/// What a confidence is made of, as the engine sees it.
fn features(statement: &Value) -> Vec<String> {
    let text = |v: &Value| v.as_str().map(str::to_owned);
    let rule = text(&statement["rule"]).unwrap_or_default();
    let unled = if statement["speaker"].is_null() { "nobody" } else { "unknown" };
    let words: usize = list(&statement["content"])
        .filter_map(|c| Some(c["text"].as_str()?.split_whitespace().count()))
        .sum();
    let mut features = vec![
        format!("construction:{}", rule.rsplit('.').next().unwrap_or_default()),
        format!("via:{}", text(&statement["speaker"]["via"]).unwrap_or(unled.into())),
        format!("class:{}", text(&statement["cue"]["class"]).unwrap_or("none".into())),
        format!("kind:{}", text(&statement["kind"]).unwrap_or_default()),
    ];
    let rivals = list(&statement["speaker"]["candidates"]).next().is_some();
    let flags = [
        ("short", words < 4),
        ("nested", !statement["nested_in"].is_null()),
        ("rivals", rivals),
    ];
    features
        .extend(flags.iter().filter(|(_, holds)| *holds).map(|(f, _)| (*f).to_owned()));
    features
}
