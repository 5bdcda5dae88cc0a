//! Time expressions against gold, after TempEval-3: spans equal or overlapping, and their values.
//! Function words at the left edge are no part of a span; lengths that are equal are equal.

use depeche::Record;
use serde_json::Value;

use super::words::{WORDS, word_at};
use super::{Counts, Tally, span};

type Stretch = (usize, usize);

struct Timex {
    span: Stretch,
    kind: String,
    value: Option<String>,
}

pub(super) fn tally(gold: &Value, record: Option<&Record>) -> Tally {
    let text: Vec<char> = gold["text"].as_str().unwrap_or_default().chars().collect();
    let lang = gold["lang"].as_str().unwrap_or("fr");
    let words = WORDS.time.get(lang).or_else(|| WORDS.time.get("fr"));
    let edge = |span: Stretch| words.map_or(span, |words| trim(words, &text, span));
    let of_gold = |t: &Value| {
        Some(Timex {
            span: edge(span(&t["span"])?),
            kind: t["type"].as_str().unwrap_or_default().to_owned(),
            value: t["value"].as_str().map(str::to_owned),
        })
    };
    let list = gold["timex"].as_array();
    let gold: Vec<Timex> = list.into_iter().flatten().filter_map(of_gold).collect();
    let found: Vec<Timex> = record
        .into_iter()
        .flat_map(|r| &r.times)
        .map(|t| Timex {
            span: edge((t.start as usize, t.end as usize)),
            kind: serde_json::to_value(t.kind)
                .ok()
                .and_then(|k| k.as_str().map(str::to_owned))
                .unwrap_or_default(),
            value: Some(t.value.clone()),
        })
        .collect();
    let pairs = pairs(&gold, &found);
    let strict = pairs.iter().filter(|p| p.2).count();
    let kinds = pairs.iter().filter(|p| gold[p.0].kind == found[p.1].kind).count();
    // What the gold leaves open is no part of any count of values.
    let open = |p: &&(usize, usize, bool)| gold[p.0].value.is_none();
    let valued = gold.iter().filter(|t| t.value.is_some()).count();
    let counted = found.len() - pairs.iter().filter(open).count();
    let right: Vec<&(usize, usize, bool)> = pairs
        .iter()
        .filter(|p| {
            !open(p) && same(gold[p.0].value.as_deref(), found[p.1].value.as_deref())
        })
        .collect();
    let both = right.iter().filter(|p| p.2).count();
    let all = |right: usize| Counts::of(right, found.len(), gold.len());
    vec![
        ("strict", all(strict)),
        ("relaxed", all(pairs.len())),
        ("type", all(kinds)),
        ("value", Counts::of(right.len(), counted, valued)),
        ("strict and value", Counts::of(both, counted, valued)),
    ]
}

/// A stretch without function words at its left edge, and never nothing.
fn trim(words: &[String], text: &[char], (mut start, end): Stretch) -> Stretch {
    let end = end.min(text.len());
    while start < end {
        let Some(after) = word_at(words, text, start, end) else { break };
        let blanks = text[after..end].iter().take_while(|c| c.is_whitespace()).count();
        let elided = matches!(text[after - 1], '\'' | '’');
        if after + blanks >= end || blanks == 0 && !elided {
            break;
        }
        start = after + blanks;
    }
    (start, end)
}

/// One found expression a gold one: equal spans first, then those that share most.
fn pairs(gold: &[Timex], found: &[Timex]) -> Vec<(usize, usize, bool)> {
    let mut all = Vec::new();
    for (i, g) in gold.iter().enumerate() {
        for (j, f) in found.iter().enumerate() {
            let common = g.span.1.min(f.span.1).saturating_sub(g.span.0.max(f.span.0));
            if common > 0 {
                let equal = g.span == f.span;
                let order = (!equal, std::cmp::Reverse(common), g.span.0, f.span.0, i, j);
                all.push((order, (i, j, equal)));
            }
        }
    }
    all.sort_unstable();
    let (mut of_gold, mut of_found) = (vec![false; gold.len()], vec![false; found.len()]);
    let mut pairs = Vec::new();
    for (_, pair) in all {
        if !of_gold[pair.0] && !of_found[pair.1] {
            (of_gold[pair.0], of_found[pair.1]) = (true, true);
            pairs.push(pair);
        }
    }
    pairs
}

/// Whether two values of TIMEX3 mean the same.
fn same(one: Option<&str>, other: Option<&str>) -> bool {
    let (one, other) = (one.map(canonical), other.map(canonical));
    if one == other {
        return true;
    }
    let length = |value: &Option<String>| value.as_deref().and_then(length);
    let one = length(&one);
    one.is_some() && one == length(&other)
}

/// One spelling of values that mean the same by ISO 8601.
fn canonical(value: &str) -> String {
    let mut value = value.trim().to_uppercase();
    let digits = |s: &str| s.len() == 2 && s.bytes().all(|b| b.is_ascii_digit());
    let clock = value.rsplit_once('T').map(|(_, clock)| clock.to_owned());
    if let Some(clock) = clock {
        let parts: Vec<&str> = clock.split(':').collect();
        match parts.as_slice() {
            [hour, minute, "00"] if digits(hour) && digits(minute) => {
                value.truncate(value.len() - 3);
            }
            [hour] if digits(hour) => value += ":00",
            _ => {}
        }
    }
    if let Some(local) = value.strip_suffix('Z') {
        value = local.to_owned();
    }
    let number = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    match (value.len(), value.strip_suffix("XX"), value.strip_suffix('X')) {
        (4, Some(century), _) if number(century) => century.to_owned(),
        (4, _, Some(decade)) if number(decade) => decade.to_owned(),
        _ => value,
    }
}

/// A length as months and seconds: two years are 24 months, a week is seven days.
fn length(value: &str) -> Option<(f64, f64)> {
    const UNITS: [(&str, f64, f64); 7] = [
        ("DE", 120.0, 0.0),
        ("CE", 1200.0, 0.0),
        ("Y", 12.0, 0.0),
        ("M", 1.0, 0.0),
        ("Q", 3.0, 0.0),
        ("W", 0.0, 604_800.0),
        ("D", 0.0, 86_400.0),
    ];
    const CLOCK: [(&str, f64, f64); 3] =
        [("H", 0.0, 3600.0), ("M", 0.0, 60.0), ("S", 0.0, 1.0)];
    let rest = value.strip_prefix('P')?;
    let (date, clock) = rest.split_once('T').unwrap_or((rest, ""));
    let (mut months, mut seconds) = (0.0, 0.0);
    for (mut part, units) in [(date, &UNITS[..]), (clock, &CLOCK[..])] {
        while !part.is_empty() {
            let end = part.find(|c: char| !c.is_ascii_digit() && c != '.')?;
            let number: f64 = part[..end].parse().ok()?;
            let (unit, m, s) =
                units.iter().find(|(unit, _, _)| part[end..].starts_with(unit))?;
            (months, seconds) = (months + number * m, seconds + number * s);
            part = &part[end + unit.len()..];
        }
    }
    Some((months, seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_mean_the_same_are_the_same() {
        let equal = |a, b| same(Some(a), Some(b));
        assert!(equal("1999-06-05T17:00:00", "1999-06-05t17") && equal("196X", "196"));
        assert!(equal("P24M", "P2Y") && equal("PT24H", "P1D") && equal("18XX", "18"));
        assert!(!equal("P1M", "P30D") && !equal("1999", "P1D"));
    }

    #[test]
    fn an_edge_never_takes_all() {
        let words = &WORDS.time["fr"];
        let trimmed = |text: &str| {
            let text: Vec<char> = text.chars().collect();
            trim(words, &text, (0, text.len()))
        };
        assert_eq!(trimmed("le"), (0, 2));
        assert_eq!(trimmed("l'an prochain"), (2, 13));
        assert_eq!(trimmed("le 13 février"), (3, 13));
    }
}
