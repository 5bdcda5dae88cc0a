//! Which ways of reporting speech are found, and which are not? Recall and precision by
//! construction, told from the words of a statement, so that gold and records count alike.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::ops::Range;
use std::path::Path;

use anyhow::{Context, Result};
use depeche::extract::Layers;
use depeche::text::syntax::Deprel;
use depeche::text::{Upos, VerbForm};
use depeche::{Analysis, Document, Language, Meta, Pipeline};
use serde::Deserialize;

use super::own;

/// The rows, in the order in which they are shown.
const ROWS: &[&str] = &[
    "cue before",
    "cue after",
    "cue inside",
    "cue inverted",
    "que",
    "si",
    "infinitive",
    "de, à + infinitive",
    "noun or adjective",
    "colon",
    "participle",
    "noun of speech",
    "selon, d'après",
    "pour, aux yeux de",
    "unnamed source",
    "communiqué",
    "cité par",
    "hearsay conditional",
    "passive",
    "no cue",
    "nested",
    "two speakers",
];

/// Words of a language that tell some rows apart.
#[derive(Debug, Deserialize)]
struct Words {
    viewpoint: Vec<String>,
    unnamed: Vec<String>,
    release: Vec<String>,
    carried: Vec<String>,
}

/// A statement, in code points, as gold and records give it.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    pub(super) content: Vec<Range<usize>>,
    pub(super) cue: Option<Range<usize>>,
    pub(super) source: Option<Range<usize>>,
    pub(super) optional: bool,
}

/// The same, in tokens.
struct InTokens {
    content: Vec<Range<usize>>,
    words: BTreeSet<usize>,
    cue: Option<Range<usize>>,
    source: Option<Range<usize>>,
    optional: bool,
}

/// Right, wanted and found, by row.
#[derive(Default)]
struct Tally(BTreeMap<&'static str, [usize; 3]>);

impl Tally {
    fn add(&mut self, rows: &[&'static str], column: usize) {
        for row in rows {
            self.0.entry(row).or_default()[column] += 1;
        }
    }
}

/// The table: development gold and the project's own articles, and the examples of the rules.
pub(super) fn score(shared: &Path, own_records: &str) -> Result<String> {
    let language = Language::with_notes("fr").context("French is built in")?;
    let words: BTreeMap<String, Words> =
        toml::from_str(include_str!("constructions.toml"))?;
    let words = words.get("fr").context("French has its words")?;
    let mut table = Table { language: &language, words, gold: Tally::default() };
    for set in [
        "seed/statements.gold.jsonl",
        "gold/articles/wikinews_fr.statements.jsonl",
        "gold/statements/er_fr.dev.jsonl",
        "gold/statements/ud_fr_sent.dev.jsonl",
    ] {
        let text =
            fs::read_to_string(shared.join(set)).with_context(|| set.to_owned())?;
        for line in text.lines() {
            let article: Article = serde_json::from_str(line)?;
            let gold: Vec<Said> = article
                .statements
                .iter()
                .filter(|s| s.kind != "scare")
                .map(Statement::said)
                .collect();
            table.article(&article.text, &gold);
        }
    }
    for (text, gold) in own::statements(own_records)? {
        table.article(&text, &gold);
    }
    let examples = table.examples();
    let mut out = String::from(
        "By construction: the four sets above and articles/gold together (a statement counts in every row\n\
         that fits it; right: content half the same and source touching, where gold has a cue or words of the source);\n\
         and the examples of the rules.\n",
    );
    for row in ROWS {
        let [right, wanted, found] = table.gold.0.get(row).copied().unwrap_or_default();
        let [held, all, _] = examples.0.get(row).copied().unwrap_or_default();
        let share = |n: usize, of: usize| match of {
            0 => "    -".to_owned(),
            _ => format!("{:5.1}", 100.0 * n as f64 / of as f64),
        };
        writeln!(
            out,
            "    {row:<20} P {}  R {}  ({right:3} right, {wanted:3} wanted, {found:3} found)   \
             examples {} % of {all}",
            share(right, found),
            share(right, wanted),
            share(held, all),
        )?;
    }
    Ok(out)
}

#[derive(Deserialize)]
struct Article {
    text: String,
    statements: Vec<Statement>,
}

#[derive(Deserialize)]
struct Statement {
    kind: String,
    content: Vec<[usize; 2]>,
    cue: Option<[usize; 2]>,
    source: Option<[usize; 2]>,
    #[serde(default)]
    optional: bool,
}

impl Statement {
    fn said(&self) -> Said {
        let range = |&[start, end]: &[usize; 2]| start..end;
        Said {
            content: self.content.iter().map(range).collect(),
            cue: self.cue.as_ref().map(range),
            source: self.source.as_ref().map(range),
            optional: self.optional,
        }
    }
}

struct Table<'l> {
    language: &'l Language,
    words: &'l Words,
    gold: Tally,
}

impl Table<'_> {
    fn article(&mut self, text: &str, gold: &[Said]) {
        let language = self.language;
        let document = Document::new(text.to_owned(), Meta::default())
            .expect("gold is shorter than a book");
        let analysis = Pipeline::new(language).analyze(&document);
        let l = analysis.layers();
        let points: Vec<usize> = text
            .char_indices()
            .map(|(i, _)| i)
            .chain(std::iter::once(text.len()))
            .collect();
        let gold: Vec<InTokens> =
            gold.iter().map(|s| in_tokens(&l, s, &points)).collect();
        let system: Vec<InTokens> = found(&analysis);
        let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
        for (g, wanted) in gold.iter().enumerate() {
            for (s, got) in system.iter().enumerate() {
                let both = wanted.words.intersection(&got.words).count();
                let all = wanted.words.union(&got.words).count().max(1);
                let least = if wanted.optional { 30 } else { 50 };
                if both * 100 >= all * least
                    && (wanted.optional || same_source(wanted, got))
                {
                    pairs.push((both * 1000 / all, g, s));
                }
            }
        }
        pairs.sort_by_key(|&(share, g, s)| (gold[g].optional, usize::MAX - share, g, s));
        let (mut of_gold, mut of_system) = (BTreeMap::new(), BTreeMap::new());
        for (_, g, s) in pairs {
            if !of_gold.contains_key(&g) && !of_system.contains_key(&s) {
                of_gold.insert(g, s);
                of_system.insert(s, g);
            }
        }
        for (g, wanted) in gold.iter().enumerate().filter(|(_, s)| !s.optional) {
            let rows = self.rows(&l, wanted, &gold);
            self.gold.add(&rows, 1);
            if of_gold.contains_key(&g) {
                self.gold.add(&rows, 0);
                // What is right counts among what was found, under the same rows.
                self.gold.add(&rows, 2);
            }
        }
        for (s, got) in system.iter().enumerate() {
            if !of_system.contains_key(&s) {
                let rows = self.rows(&l, got, &system);
                self.gold.add(&rows, 2);
            }
        }
    }

    /// The rows of every example of the rules: how many there are, and how many hold.
    fn examples(&self) -> Tally {
        let mut tally = Tally::default();
        for (_, entry) in self.language.pack().entries_of("statements") {
            for example in &entry.examples {
                let document = Document::new(example.text.clone(), Meta::default())
                    .expect("an example is shorter than a book");
                let analysis = Pipeline::new(self.language).analyze(&document);
                let l = analysis.layers();
                let content: Vec<Range<usize>> = example
                    .marks
                    .iter()
                    .map(|&(start, end)| tokens(&l, start as usize, end as usize))
                    .collect();
                let speaker = example.wants.get("speaker").and_then(|v| v.text());
                let source = speaker.and_then(|words| {
                    let start = example.text.find(words)?;
                    Some(tokens(&l, start, start + words.len()))
                });
                let said = InTokens {
                    words: content.iter().cloned().flatten().collect(),
                    cue: cue_of(&analysis, &entry.find_text, &content),
                    content,
                    source,
                    optional: false,
                };
                let mut rows = self.rows(&l, &said, &[]);
                // An example has a cue, even where nothing tells which words it is.
                rows.retain(|row| *row != "no cue");
                tally.add(&rows, 1);
                if example.missed().is_none() {
                    tally.add(&rows, 0);
                }
            }
        }
        tally
    }

    /// The rows that a statement counts in.
    fn rows(&self, l: &Layers<'_>, s: &InTokens, all: &[InTokens]) -> Vec<&'static str> {
        let mut rows = Vec::new();
        let (Some(first), Some(last)) = (s.content.first(), s.content.last()) else {
            return rows;
        };
        let nested = all.iter().any(|outer| {
            outer.words.len() > s.words.len()
                && s.words.is_subset(&outer.words)
                && s.cue.as_ref().is_some_and(|c| outer.words.contains(&c.start))
        });
        if nested {
            rows.push("nested");
        }
        if let Some(source) = &s.source
            && source.clone().any(|t| l.upos(t) == Upos::Cconj)
        {
            rows.push("two speakers");
        }
        let Some(cue) = &s.cue else {
            rows.push("no cue");
            return rows;
        };
        let head = l.head_of(cue);
        let verbal = matches!(l.upos(head), Upos::Verb | Upos::Aux);
        rows.push(if cue.end <= first.start {
            "cue before"
        } else if cue.start >= last.end {
            "cue after"
        } else {
            "cue inside"
        });
        let inverted = s.source.as_ref().is_some_and(|p| p.start >= cue.start);
        if verbal && inverted {
            rows.push("cue inverted");
        }
        rows.extend(self.of_source(l, s, cue));
        if !verbal {
            let viewpoint = self.starts_with(l, cue, &self.words.viewpoint);
            rows.push(match l.upos(head) {
                _ if viewpoint => "pour, aux yeux de",
                Upos::Adp | Upos::Adv => "selon, d'après",
                _ => "noun of speech",
            });
        } else {
            let form = |t: usize| l.morph(t).verb;
            if form(head) == Some(VerbForm::PartPres) {
                rows.push("participle");
            }
            if cue.clone().any(|t| form(t) == Some(VerbForm::Cnd)) {
                rows.push("hearsay conditional");
            }
            if l.is_passive(head)
                || l.children_by(head, &[Deprel::OblAgent]).next().is_some()
            {
                rows.push("passive");
            }
        }
        rows.extend(self.of_opening(l, first.start, cue));
        rows
    }

    /// What the words around the source say of it.
    fn of_source(
        &self,
        l: &Layers<'_>,
        s: &InTokens,
        cue: &Range<usize>,
    ) -> Vec<&'static str> {
        let near = s
            .source
            .clone()
            .map_or(cue.clone(), |p| p.start.min(cue.start)..p.end.max(cue.end));
        let sentence = l.sentence(cue.start);
        let near = near.start..(near.end + 8).min(sentence.end).max(near.end);
        let near: Vec<usize> = near.filter(|t| !s.words.contains(t)).collect();
        let has = |list: &[String]| {
            near.iter().any(|&t| list.iter().any(|w| *w == l.word(t).to_lowercase()))
        };
        let mut rows = Vec::new();
        for (list, row) in [
            (&self.words.unnamed, "unnamed source"),
            (&self.words.release, "communiqué"),
            (&self.words.carried, "cité par"),
        ] {
            if has(list) {
                rows.push(row);
            }
        }
        rows
    }

    /// What opens the content.
    fn of_opening(
        &self,
        l: &Layers<'_>,
        start: usize,
        cue: &Range<usize>,
    ) -> Option<&'static str> {
        let class = |name: &str| l.pack.class(name);
        let before = (cue.end..start).rev().find(|&t| !l.is_punct(t));
        let opens = |name: &str| {
            let hit = |t: usize| l.hit(t, class(name)).is_some();
            start >= cue.end && (hit(start) || before.is_some_and(hit))
        };
        if start < cue.end {
            return None;
        }
        let colon = (cue.end..start).any(|t| l.word(t) == ":");
        let infinitive = (start..l.tokens.len().min(start + 4))
            .take_while(|&t| !matches!(l.upos(t), Upos::Noun | Upos::Propn))
            .any(|t| l.is_infinitive(t));
        if colon {
            Some("colon")
        } else if opens("complementizer") {
            Some("que")
        } else if infinitive {
            let marked = opens("marker-de") || opens("marker-to");
            Some(if marked { "de, à + infinitive" } else { "infinitive" })
        } else if opens("whether") {
            Some("si")
        } else {
            let verbal = matches!(l.upos(l.head_of(cue)), Upos::Verb | Upos::Aux);
            let marks = l.quotation_at(start).is_some()
                && start > 0
                && (start..l.tokens.len().min(start + 6)).any(|t| l.morph(t).is_finite());
            (verbal && !marks).then_some("noun or adjective")
        }
    }

    fn starts_with(&self, l: &Layers<'_>, cue: &Range<usize>, list: &[String]) -> bool {
        let text = l.text_of(cue).to_lowercase().replace('’', "'");
        list.iter().any(|w| text.starts_with(w.as_str()))
    }
}

/// What the engine found, without marks that quote nobody.
fn found(a: &Analysis<'_>) -> Vec<InTokens> {
    let scare = |s: &&depeche::extract::statement::Statement| {
        s.kind != depeche_record::StatementKind::Scare
    };
    let statement = |s: &depeche::extract::statement::Statement| InTokens {
        words: words(&a.layers(), &s.content),
        content: s.content.clone(),
        cue: s.cue.as_ref().map(|c| c.tokens.clone()),
        source: s.speaker.as_ref().map(|(words, _)| words.clone()),
        optional: false,
    };
    a.statements.iter().filter(scare).map(statement).collect()
}

fn words(l: &Layers<'_>, content: &[Range<usize>]) -> BTreeSet<usize> {
    content.iter().cloned().flatten().filter(|&t| !l.is_punct(t)).collect()
}

/// Whether the words of the speaker touch those that gold has. Of speech without a cue gold often names the
/// speaker and no words of his: then there are none to touch.
fn same_source(wanted: &InTokens, got: &InTokens) -> bool {
    match (&wanted.source, &got.source) {
        (Some(a), Some(b)) => a.start < b.end && b.start < a.end,
        (None, None) => true,
        (None, Some(_)) => wanted.cue.is_none(),
        (Some(_), None) => false,
    }
}

/// The tokens that some bytes touch.
fn tokens(l: &Layers<'_>, start: usize, end: usize) -> Range<usize> {
    let first = l.tokens.partition_point(|t| t.span.end as usize <= start);
    let last = l.tokens.partition_point(|t| (t.span.start as usize) < end);
    first..last.max(first + 1).min(l.tokens.len().max(first + 1))
}

fn in_tokens(l: &Layers<'_>, said: &Said, points: &[usize]) -> InTokens {
    let range = |r: &Range<usize>| tokens(l, points[r.start], points[r.end]);
    let content: Vec<Range<usize>> = said.content.iter().map(range).collect();
    InTokens {
        words: words(l, &content),
        content,
        cue: said.cue.as_ref().map(range),
        source: said.source.as_ref().map(range),
        optional: said.optional,
    }
}

/// Where the cue of an example stands: what was found, else the first word that its pattern
/// names.
fn cue_of(
    a: &Analysis<'_>,
    find: &[String],
    content: &[Range<usize>],
) -> Option<Range<usize>> {
    let touches =
        |r: &Range<usize>| content.iter().any(|c| c.start < r.end && r.start < c.end);
    let found = a
        .statements
        .iter()
        .find(|s| s.content.iter().any(touches))
        .and_then(|s| s.cue.as_ref().map(|c| c.tokens.clone()));
    found.or_else(|| {
        let named: Vec<&str> = find
            .iter()
            .flat_map(|p| p.split(|c: char| !c.is_alphabetic()))
            .filter(|w| w.chars().count() > 2)
            .collect();
        (0..a.tokens.len())
            .find(|&t| {
                !content.iter().any(|c| c.contains(&t))
                    && named.contains(&a.lemma(t).as_str())
            })
            .map(|t| t..t + 1)
    })
}
