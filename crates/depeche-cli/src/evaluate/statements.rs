//! Statements against gold: the content by its characters, the source by overlap.

use std::collections::BTreeSet;

use depeche::Record;
use depeche::record::StatementKind;
use serde_json::Value;

use super::words::{WORDS, word_at};
use super::{Counts, Tally, overlap, span};

type Stretch = (usize, usize);

/// Pairs whose contents share so much, of all characters of both, are of one statement.
const SAME: f64 = 0.5;
/// One that shares so much with a required statement is not taken for an optional one.
const USED: f64 = 0.2;
/// One that shares so much with an optional statement counts neither way.
const OPTIONAL: f64 = 0.3;

/// What is compared of a statement.
struct Said {
    /// Places of the letters and digits of its content.
    letters: BTreeSet<usize>,
    /// The same, without what may stand at the edges.
    core: BTreeSet<usize>,
    cue: Option<Stretch>,
    source: Option<Stretch>,
    optional: bool,
    /// How the gold says it is rendered.
    kind: Option<String>,
    /// How the marks around its words say it is.
    shown: Option<&'static str>,
    speaker: Option<String>,
}

/// A pair of a gold statement and a found one, by number, with what they share.
struct Pair {
    gold: usize,
    found: usize,
    share: f64,
    common: usize,
}

pub(super) fn tally(gold: &Value, record: Option<&Record>) -> Tally {
    let text: Vec<char> = gold["text"].as_str().unwrap_or_default().chars().collect();
    let quoted = quoted(&text);
    let list = gold["statements"].as_array();
    let all = list.into_iter().flatten().map(|s| of_gold(&text, &quoted, s));
    let all: Vec<Said> = all.filter(|s| !s.letters.is_empty()).collect();
    let (optional, gold): (Vec<Said>, Vec<Said>) =
        all.into_iter().partition(|s| s.optional);
    let found = record.map_or_else(Vec::new, |r| of_record(&text, &quoted, r));
    let everyone: Vec<usize> = (0..found.len()).collect();
    let pairs = pairs(&gold, &found, &everyone);
    let used: BTreeSet<usize> =
        pairs.iter().filter(|p| p.share >= USED).map(|p| p.found).collect();
    let rest: Vec<usize> =
        everyone.iter().copied().filter(|n| !used.contains(n)).collect();
    let ignored: BTreeSet<usize> = self::pairs(&optional, &found, &rest)
        .iter()
        .filter(|p| p.share >= OPTIONAL)
        .map(|p| p.found)
        .collect();
    let mine: Vec<usize> =
        everyone.iter().copied().filter(|n| !ignored.contains(n)).collect();
    let live: Vec<&Pair> = pairs.iter().filter(|p| !ignored.contains(&p.found)).collect();
    let good: Vec<&Pair> = pairs.iter().filter(|p| p.share >= SAME).collect();
    let source = |p: &&&Pair| overlap(gold[p.gold].source, found[p.found].source);
    let bare =
        |p: &&&Pair| gold[p.gold].source.is_none() && found[p.found].source.is_none();
    let hits: Vec<&Pair> =
        good.iter().filter(|p| source(p) || bare(p)).copied().collect();

    let mut tally: Tally = Vec::new();
    let exact = live.iter().filter(|p| gold[p.gold].core == found[p.found].core).count();
    tally.push(("content exact", Counts::of(exact, mine.len(), gold.len())));
    let part = |of: fn(&Pair, &[Said], &[Said]) -> usize| -> f64 {
        live.iter().map(|p| p.common as f64 / of(p, &gold, &found) as f64).sum()
    };
    let precise = part(|p, _, found| found[p.found].letters.len());
    let recalled = part(|p, gold, _| gold[p.gold].letters.len());
    let soft = Counts([precise, mine.len() as f64, recalled, gold.len() as f64]);
    tally.push(("content soft", soft));
    tally.push(("content char", characters(&gold, &optional, &found, &mine)));
    tally.push(("cue", cues(&gold, &optional, &found)));
    let with = |said: &[Said], which: &[usize]| {
        which.iter().filter(|n| said[**n].source.is_some()).count()
    };
    let sources = gold.iter().filter(|g| g.source.is_some()).count();
    let named = with(&found, &mine);
    let right = good.iter().filter(source).count();
    tally.push(("source overlap", Counts::of(right, named, sources)));
    let same_source = |p: &&&Pair| {
        let trimmed = |s: Option<Stretch>| s.map(|(s, e)| trim(&text, s, e, false));
        let (one, other) = (trimmed(gold[p.gold].source), trimmed(found[p.found].source));
        one.is_some() && one == other
    };
    let right = good.iter().filter(same_source).count();
    tally.push(("source exact", Counts::of(right, named, sources)));
    tally.push(("statement", Counts::of(hits.len(), mine.len(), gold.len())));
    tally.push(("content IoU", Counts::of(good.len(), mine.len(), gold.len())));
    for (name, kind) in KINDS {
        let of_gold = |n: usize| gold[n].kind.as_deref().or(gold[n].shown) == Some(kind);
        let of_found = |n: usize| found[n].shown == Some(kind) && !ignored.contains(&n);
        let counts = [
            hits.iter().filter(|p| of_found(p.found)).count(),
            mine.iter().filter(|n| of_found(**n)).count(),
            hits.iter().filter(|p| of_gold(p.gold)).count(),
            (0..gold.len()).filter(|n| of_gold(*n)).count(),
        ];
        tally.push((name, Counts(counts.map(|n| n as f64))));
    }
    let named = good.iter().filter(|p| gold[p.gold].speaker.is_some());
    let (mut right, mut asked) = (0, 0);
    for pair in named {
        let found = &found[pair.found];
        let words = found.source.map(|(s, e)| slice(&text, s, e));
        let name = found.speaker.clone().or(words).unwrap_or_default();
        let expected = gold[pair.gold].speaker.as_deref().unwrap_or_default();
        asked += 1;
        right += usize::from(!name.is_empty() && same_name(expected, &name));
    }
    tally.push(("speaker", Counts::of(right, asked, asked)));
    tally
}

const KINDS: [(&str, &str); 3] = [
    ("statement direct", "direct"),
    ("statement mixed", "mixed"),
    ("statement indirect", "indirect"),
];

fn of_gold(text: &[char], quoted: &[bool], s: &Value) -> Said {
    let content: Vec<Stretch> =
        s["content"].as_array().into_iter().flatten().filter_map(span).collect();
    let word = |field: &str| {
        s[field].as_str().filter(|word| !word.is_empty()).map(str::to_owned)
    };
    Said {
        cue: span(&s["cue"]),
        source: span(&s["source"]),
        optional: s["optional"].as_bool().unwrap_or(false),
        kind: word("kind"),
        speaker: word("speaker"),
        ..said(text, quoted, &content)
    }
}

fn of_record(text: &[char], quoted: &[bool], record: &Record) -> Vec<Said> {
    let stretch = |start: u32, end: u32| (start as usize, end as usize);
    let one = |s: &depeche::record::Statement| {
        let content: Vec<Stretch> =
            s.content.iter().map(|c| stretch(c.start, c.end)).collect();
        let actor = s.speaker.as_ref().and_then(|p| p.actor.as_ref());
        let actor = actor.and_then(|id| record.actors.iter().find(|a| a.id == *id));
        Said {
            cue: s.cue.as_ref().map(|c| stretch(c.start, c.end)),
            source: s.speaker.as_ref().map(|p| stretch(p.start, p.end)),
            speaker: actor.map(|a| a.name.clone()),
            ..said(text, quoted, &content)
        }
    };
    let told = record.statements.iter().filter(|s| s.kind != StatementKind::Scare);
    told.map(one).filter(|s| !s.letters.is_empty()).collect()
}

/// What follows from the content alone.
fn said(text: &[char], quoted: &[bool], content: &[Stretch]) -> Said {
    let letters = letters(text, content);
    let mut core: Vec<Stretch> = content
        .iter()
        .filter(|(s, e)| e > s)
        .map(|(s, e)| trim(text, *s, *e, false))
        .collect();
    core.sort_unstable();
    if let Some(first) = core.first_mut() {
        *first = trim(text, first.0, first.1, true);
    }
    let inside = letters.iter().filter(|n| quoted[**n]).count();
    let shown = match letters.len() {
        0 => None,
        all if inside as f64 >= 0.97 * all as f64 => Some("direct"),
        _ if inside > 0 => Some("mixed"),
        _ => Some("indirect"),
    };
    Said {
        core: self::letters(text, &core),
        letters,
        cue: None,
        source: None,
        optional: false,
        kind: None,
        shown,
        speaker: None,
    }
}

/// Places of letters and digits: marks, blanks and punctuation never count.
fn letters(text: &[char], spans: &[Stretch]) -> BTreeSet<usize> {
    let places = spans.iter().flat_map(|(s, e)| *s..(*e).min(text.len()));
    places.filter(|n| text[*n].is_alphanumeric()).collect()
}

/// Of each character, whether it stands in quotation marks.
fn quoted(text: &[char]) -> Vec<bool> {
    let (mut depth, mut straight) = (0_usize, false);
    let mut quoted = Vec::with_capacity(text.len());
    for (n, c) in text.iter().enumerate() {
        match c {
            '«' | '“' | '„' => depth += 1,
            '»' | '”' => depth = depth.saturating_sub(1),
            '"' => straight = !straight,
            '\n' => {
                straight = false;
                // A quotation that goes on opens anew; one that was never closed ends.
                let next = text[n + 1..].iter().find(|c| !c.is_whitespace());
                if next.is_none_or(|c| matches!(c, '«' | '“' | '„')) {
                    depth = 0;
                }
            }
            _ => {}
        }
        quoted.push(depth > 0 || straight);
    }
    quoted
}

fn is_edge(c: char) -> bool {
    " \t\r\n\u{a0}\u{202f}\"'«»“”„‘’.,;:!?…–—-()[]".contains(c)
}

/// A stretch without marks and punctuation at its ends and, on demand, a complementizer.
fn trim(text: &[char], mut s: usize, e: usize, lead: bool) -> Stretch {
    let mut e = e.min(text.len());
    s = s.min(e);
    let skip = |mut s: usize, e: usize| {
        while s < e && is_edge(text[s]) {
            s += 1;
        }
        s
    };
    s = skip(s, e);
    while e > s && is_edge(text[e - 1]) {
        e -= 1;
    }
    if lead && let Some(after) = word_at(&WORDS.said, text, s, e).filter(|end| *end < e) {
        s = skip(after, e);
    }
    (s, e)
}

/// Pairs of one gold statement and one found one, those that share most first; a better source
/// decides between equals.
fn pairs(gold: &[Said], found: &[Said], among: &[usize]) -> Vec<Pair> {
    let mut all: Vec<(f64, bool, Pair)> = Vec::new();
    for (g, of_gold) in gold.iter().enumerate() {
        for (order, f) in among.iter().enumerate() {
            let of_found = &found[*f];
            let common = of_gold.letters.intersection(&of_found.letters).count();
            if common > 0 {
                let both = of_gold.letters.len() + of_found.letters.len() - common;
                let share = common as f64 / both as f64;
                let source = overlap(of_gold.source, of_found.source);
                let pair = Pair { gold: g, found: order, share, common };
                all.push((share, source, pair));
            }
        }
    }
    all.sort_by(|(a, s, p), (b, t, q)| {
        b.total_cmp(a).then(t.cmp(s)).then((p.gold, p.found).cmp(&(q.gold, q.found)))
    });
    let (mut of_gold, mut of_found) = (BTreeSet::new(), BTreeSet::new());
    let mut pairs = Vec::new();
    for (_, _, pair) in all {
        if !of_gold.contains(&pair.gold) && !of_found.contains(&pair.found) {
            of_gold.insert(pair.gold);
            of_found.insert(pair.found);
            pairs.push(Pair { found: among[pair.found], ..pair });
        }
    }
    pairs
}

fn characters(
    gold: &[Said],
    optional: &[Said],
    found: &[Said],
    mine: &[usize],
) -> Counts {
    let all = |said: &[Said]| -> BTreeSet<usize> {
        said.iter().flat_map(|s| s.letters.iter().copied()).collect()
    };
    let (gold, optional) = (all(gold), all(optional));
    let found: BTreeSet<usize> =
        mine.iter().flat_map(|n| found[*n].letters.iter().copied()).collect();
    let found: BTreeSet<usize> =
        found.into_iter().filter(|n| gold.contains(n) || !optional.contains(n)).collect();
    Counts::of(found.intersection(&gold).count(), found.len(), gold.len())
}

/// Cues, each once, whatever they introduce.
fn cues(gold: &[Said], optional: &[Said], found: &[Said]) -> Counts {
    let all = |said: &[Said]| -> BTreeSet<Stretch> {
        said.iter().filter_map(|s| s.cue).collect()
    };
    let (gold, mut left) = (all(gold), all(found));
    let right = gold
        .iter()
        .filter(|cue| {
            let met = left.iter().find(|f| overlap(Some(**cue), Some(**f))).copied();
            met.is_some_and(|met| left.remove(&met))
        })
        .count();
    let optional: Vec<Stretch> = all(optional).difference(&gold).copied().collect();
    let wrong = left
        .iter()
        .filter(|f| !optional.iter().any(|o| overlap(Some(*o), Some(**f))))
        .count();
    Counts::of(right, right + wrong, gold.len())
}

fn slice(text: &[char], start: usize, end: usize) -> String {
    text[start.min(text.len())..end.min(text.len())].iter().collect()
}

/// The words of a name in lower case, without accents.
fn parts(name: &str) -> Vec<String> {
    let folded = depeche_archive::fold(name);
    let word = |c: char| !c.is_alphanumeric() && c != '_';
    folded.split(word).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// Whether two names may be of one actor: the words of one are among those of the other, or the
/// last ones are the same.
fn same_name(one: &str, other: &str) -> bool {
    let without = |name: &str| -> Vec<String> {
        let all = parts(name).into_iter();
        all.filter(|w| !WORDS.titles.contains(w)).collect()
    };
    let (a, b) = (without(one), without(other));
    if a.is_empty() || b.is_empty() {
        return parts(one) == parts(other);
    }
    let within = |a: &[String], b: &[String]| a.iter().all(|w| b.contains(w));
    within(&a, &b) || within(&b, &a) || a.last() == b.last()
}
