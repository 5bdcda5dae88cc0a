//! Events against gold, sentence by sentence: types, quadrants, actors by the head of their code.

use std::collections::{BTreeMap, BTreeSet};

use depeche::Record;
use depeche::record::{Actor, EventType, RoleKind};
use serde_json::Value;

use super::{Counts, Tally, overlap, span};

type Stretch = (usize, usize);

/// Which PLOVER type a root of CAMEO is; 01 and what is no code has none.
const ROOTS: [(&str, &str); 18] = [
    ("02", "REQUEST"),
    ("03", "AGREE"),
    ("04", "CONSULT"),
    ("05", "SUPPORT"),
    ("06", "COOPERATE"),
    ("07", "AID"),
    ("09", "ACCUSE"),
    ("10", "REQUEST"),
    ("11", "ACCUSE"),
    ("12", "REJECT"),
    ("13", "THREATEN"),
    ("14", "PROTEST"),
    ("15", "MOBILIZE"),
    ("16", "SANCTION"),
    ("17", "COERCE"),
    ("18", "ASSAULT"),
    ("19", "ASSAULT"),
    ("20", "ASSAULT"),
];
/// Codes of another type than their root.
const EXCEPTIONS: [(&str, &str); 10] = [
    ("055", "CONCEDE"),
    ("056", "CONCEDE"),
    ("163", "COERCE"),
    ("1712", "ASSAULT"),
    ("175", "ASSAULT"),
    ("191", "COERCE"),
    ("192", "COERCE"),
    ("201", "ASSAULT"),
    ("0813", "CONCEDE"),
    ("0814", "CONCEDE"),
];
/// What types of PLOVER were called before 2.0.
const EARLIER: [(&str, &str); 4] = [
    ("DEMAND", "REQUEST"),
    ("DISAPPROVE", "ACCUSE"),
    ("INVESTIGATE", "ACCUSE"),
    ("FIGHT", "ASSAULT"),
];

/// What is compared of an event.
#[derive(Clone, Default)]
struct Coded {
    kind: Option<String>,
    /// The quadrant, when the gold gives it beside a type that has none.
    quad: Option<u64>,
    source: Option<String>,
    target: Option<String>,
    spans: [Option<Stretch>; 3],
    factuality: Option<String>,
    optional: bool,
    alternatives: Vec<String>,
}

pub(super) fn tally(gold: &Value, record: Option<&Record>) -> Tally {
    let list = gold["events"].as_array();
    let all: Vec<Coded> = list.into_iter().flatten().map(of_gold).collect();
    let (optional, gold): (Vec<Coded>, Vec<Coded>) =
        all.into_iter().partition(|e| e.optional);
    let mut found = record.map_or_else(Vec::new, of_record);
    admit(&gold, &optional, &mut found);
    let gold: Vec<Coded> = gold.into_iter().filter(|e| e.kind.is_some()).collect();
    found.retain(|e| e.kind.is_some());

    let mut tally: Tally = Vec::new();
    let (any, some) = (usize::from(!gold.is_empty()), usize::from(!found.is_empty()));
    tally.push(("detect", Counts::of(any * some, some, any)));
    let kinds = |events: &[Coded]| set(events, |e| e.kind.clone());
    tally.push(("type", sets(&kinds(&gold), &kinds(&found))));
    tally.push(("quad", sets(&set(&gold, quad), &set(&found, quad))));
    type Code = fn(&Coded) -> Option<String>;
    let codes: [(&'static str, Code); 4] = [
        ("source", |e| e.source.clone()),
        ("target", |e| e.target.clone()),
        ("dyad", |e| Some(format!("{} {}", e.source.as_ref()?, e.target.as_ref()?))),
        ("tuple", |e| {
            let (source, target) = (e.source.as_ref()?, e.target.as_ref()?);
            Some(format!("{source} {} {target}", e.kind.as_ref()?))
        }),
    ];
    // What the gold does not code is not asked for.
    for (name, code) in codes {
        let of_gold = set(&gold, code);
        if !of_gold.is_empty() {
            tally.push((name, sets(&of_gold, &set(&found, code))));
        }
    }
    for (n, name) in ["source span", "target span", "trigger"].into_iter().enumerate() {
        if gold.iter().any(|e| e.spans[n].is_some()) {
            tally.push((name, spans(&gold, &found, n)));
        }
    }
    let (mut right, mut asked) = (0, 0);
    for event in gold.iter().filter(|e| e.factuality.is_some()) {
        let same =
            found.iter().filter(|f| f.kind == event.kind && f.factuality.is_some());
        let values: Vec<&Option<String>> = same.map(|f| &f.factuality).collect();
        asked += usize::from(!values.is_empty());
        right += usize::from(values.contains(&&event.factuality));
    }
    tally.push(("factuality", Counts::of(right, asked, asked)));
    tally
}

/// Optional gold events and other types that the gold admits neither help nor hurt: a found
/// event that meets one is taken out or renamed.
fn admit(gold: &[Coded], optional: &[Coded], found: &mut Vec<Coded>) {
    let wanted: BTreeSet<Option<String>> = gold.iter().map(|e| e.kind.clone()).collect();
    let mut other: BTreeMap<Option<String>, Option<String>> = BTreeMap::new();
    for event in gold {
        let names = event.alternatives.iter().cloned();
        other.extend(names.map(|name| (Some(name), event.kind.clone())));
    }
    let mut free: BTreeSet<Option<String>> = BTreeSet::new();
    for event in optional {
        free.insert(event.kind.clone());
        free.extend(event.alternatives.iter().cloned().map(Some));
    }
    for event in found.iter_mut().filter(|e| !wanted.contains(&e.kind)) {
        if let Some(kind) = other.get(&event.kind) {
            event.kind.clone_from(kind);
        }
    }
    found.retain(|e| wanted.contains(&e.kind) || !free.contains(&e.kind));
}

fn of_gold(e: &Value) -> Coded {
    let text = |field: &str| e[field].as_str().map(str::to_owned);
    let code = e["code"].as_str().filter(|code| !code.is_empty());
    let ontology = e["ontology"].as_str().unwrap_or("PLOVER").to_uppercase();
    let kind = match (ontology.as_str(), code) {
        ("PENTA", _) | (_, None) => text("plover"),
        ("CAMEO", Some(code)) => of_cameo(code).map(str::to_owned),
        (_, Some(code)) => {
            let code = code.to_uppercase();
            let now = EARLIER.iter().find(|(before, _)| *before == code);
            Some(now.map_or(code, |(_, now)| (*now).to_owned()))
        }
    };
    let alternatives = e["alternatives"].as_array().into_iter().flatten();
    Coded {
        kind: kind.filter(|kind| kind != "CRIME"),
        quad: e["quad"].as_u64(),
        source: e["source"].as_str().and_then(head),
        target: e["target"].as_str().and_then(head),
        spans: ["source_span", "target_span", "trigger"].map(|f| span(&e[f])),
        factuality: text("factuality").filter(|f| !f.is_empty()),
        optional: e["optional"].as_bool().unwrap_or(false),
        alternatives: alternatives
            .filter_map(|a| a.as_str().map(str::to_owned))
            .collect(),
    }
}

/// One event a mention, so that gold of sentences can be met.
fn of_record(record: &Record) -> Vec<Coded> {
    let code = |ids: &[String]| {
        let actor = ids.first().and_then(|id| record.actors.iter().find(|a| a.id == *id));
        actor.and_then(code_of).as_deref().and_then(head)
    };
    let mut all = Vec::new();
    for e in &record.events {
        let of = |kind: RoleKind| {
            let role = e.roles.iter().find(|r| r.role == kind);
            role.map(|r| (r.start as usize, r.end as usize))
        };
        let modes = ["negation", "hypothetical", "future"];
        let names = ["negated", "hypothetical", "planned"];
        let mode = modes.iter().position(|m| e.aux.iter().any(|aux| aux == m));
        for m in &e.mentions {
            all.push(Coded {
                kind: Some(e.kind.plover().name.to_owned()),
                quad: None,
                source: code(&e.actor),
                target: code(&e.recipient),
                spans: [
                    of(RoleKind::Actor),
                    of(RoleKind::Recipient),
                    Some((m.start as usize, m.end as usize)),
                ],
                factuality: Some(mode.map_or("asserted", |n| names[n]).to_owned()),
                ..Coded::default()
            });
        }
    }
    all
}

fn code_of(actor: &Actor) -> Option<String> {
    let parts: Vec<&str> = [&actor.country, &actor.sector]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    (!parts.is_empty()).then(|| parts.concat())
}

/// The PLOVER type of a CAMEO code.
fn of_cameo(code: &str) -> Option<&'static str> {
    let code: String = code.chars().filter(char::is_ascii_digit).collect();
    let root = code.get(..2)?;
    let exact = EXCEPTIONS.iter().find(|(c, _)| *c == code);
    if let Some((_, kind)) = exact {
        return Some(kind);
    }
    if root == "08" {
        let material = matches!(code.as_bytes().get(2), Some(b'4'..=b'7'));
        return Some(if material { "RETREAT" } else { "CONCEDE" });
    }
    ROOTS.iter().find(|(r, _)| *r == root).map(|(_, kind)| *kind)
}

/// The first three letters of an actor code; none when it begins with a role. Organisations of
/// states are one.
fn head(code: &str) -> Option<String> {
    let code = code.trim().to_uppercase();
    let head = code.get(..3).filter(|h| h.bytes().all(|b| b.is_ascii_uppercase()))?;
    Some(if matches!(head, "UNO" | "EUR") { "IGO".into() } else { head.to_owned() })
}

fn quad(event: &Coded) -> Option<String> {
    if event.kind.as_deref() == Some("YIELD") {
        return Some(event.quad.filter(|q| *q > 0).unwrap_or(2).to_string());
    }
    let kind = EventType::from_code(event.kind.as_deref()?)?;
    Some((kind.plover().quad as u8).to_string())
}

fn set(events: &[Coded], value: impl Fn(&Coded) -> Option<String>) -> BTreeSet<String> {
    events.iter().filter_map(value).collect()
}

fn sets(gold: &BTreeSet<String>, found: &BTreeSet<String>) -> Counts {
    Counts::of(gold.intersection(found).count(), found.len(), gold.len())
}

/// Stretches one to one, each gold one with the first found one that shares a character.
fn spans(gold: &[Coded], found: &[Coded], n: usize) -> Counts {
    let of = |events: &[Coded]| -> Vec<Stretch> {
        events.iter().filter_map(|e| e.spans[n]).collect()
    };
    let (gold, found) = (of(gold), of(found));
    let mut used = vec![false; found.len()];
    let mut right = 0;
    for one in &gold {
        let met =
            (0..found.len()).find(|n| !used[*n] && overlap(Some(*one), Some(found[*n])));
        if let Some(met) = met {
            used[met] = true;
            right += 1;
        }
    }
    Counts::of(right, found.len(), gold.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_other_books_have_a_type() {
        assert_eq!(of_cameo("190"), Some("ASSAULT"));
        assert_eq!(of_cameo("0841"), Some("RETREAT"));
        assert_eq!(of_cameo("081"), Some("CONCEDE"));
        assert_eq!(of_cameo("010"), None);
        assert_eq!(head("USAGOV").as_deref(), Some("USA"));
        assert_eq!((head("---MIL"), head("~GOV")), (None, None));
    }
}
