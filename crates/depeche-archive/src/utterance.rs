//! Where else was the same thing reported, and in which words?
//!
//! Two statements are reports of one utterance when their speakers may be one, their dates allow
//! it, and what they say is made of the same rare words: what everybody says weighs little. Words are
//! compared as stems, so that « nous n'enverrons pas de troupes » meets « il a exclu l'envoi de
//! troupes » as far as stems do.

use rusqlite::types::Value;
use rusqlite::{OptionalExtension, params};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::archive::Archive;
use crate::ask::StatementHit;
use crate::error::Result;
use crate::id::{ArticleId, Reference, WORD_ITEM};
use crate::quote::compare;
use crate::rows::unlisted;
use crate::terms::{Analyser, Token, tokens};

/// Another report of an utterance.
#[derive(Clone, Debug, PartialEq)]
pub struct Echo {
    /// In which words.
    pub how: Likeness,
    /// From 0 to 1: how much of what the shorter one says the longer one says too, rare words
    /// counting more.
    pub score: f64,
    /// The statement.
    pub statement: StatementHit,
}

/// How the words of two reports compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// Word for word, or nearly, in whole or in part.
    SameWords,
    /// In other words.
    Paraphrase,
}

impl Likeness {
    /// `same words`, `paraphrase`.
    pub fn name(self) -> &'static str {
        match self {
            Likeness::SameWords => "same words",
            Likeness::Paraphrase => "paraphrase",
        }
    }
}

/// What is said is reported within so many days.
const DAYS: i64 = 4;
/// So many of the rarest words lead to the reports.
const LEADS: usize = 12;
/// A word that more statements have is as common as any.
const COMMON: i64 = 5_000;
/// So many candidates are compared.
const COMPARED: usize = 40;
/// A candidate has this share of the weight of the leads, at least.
const LED: f64 = 0.25;
/// Of fewer telling words in common it cannot be said that they tell the same; less is needed
/// where one person speaks.
const FEWEST: usize = 4;
const FEWEST_OF_ONE: usize = 3;
/// Nearly the same words: this share of them, in order.
const VERBATIM: f64 = 0.8;
/// So many words are needed for that.
const TELLING: usize = 5;
/// Words of fewer letters are grammar, or as good as.
const LONG: usize = 4;

/// What two speakers have to do with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Speakers {
    /// One of them is named, and the other is another.
    Other,
    /// One of them is only described: « un responsable ».
    Described,
    /// One of them is not told at all.
    Untold,
    /// One is the state of the other: « Moscou », « le ministre russe ».
    Compatriots,
    /// They are one.
    Same,
}

impl Speakers {
    /// How much of the shorter one must be in the longer one, and how much both must share of
    /// all that they say: the less is known of the speakers, the more.
    fn thresholds(self) -> Option<(f64, f64)> {
        match self {
            Speakers::Same => Some((0.5, 0.2)),
            Speakers::Compatriots => Some((0.6, 0.3)),
            Speakers::Untold => Some((0.7, 0.4)),
            Speakers::Described => Some((0.8, 0.5)),
            Speakers::Other => None,
        }
    }
}

/// A statement, as far as it is compared.
struct Said {
    id: i64,
    dispatch: i64,
    published: Option<i64>,
    days: Option<(i64, i64)>,
    speakers: Vec<Speaker>,
    content: String,
    /// Whether some of it stands in quotation marks.
    quoted: bool,
    lang: String,
}

/// A speaker: entity, country, whether it is a state, and whether it is known who it is.
#[derive(Clone, Copy)]
struct Speaker {
    entity: i64,
    country: Option<i64>,
    state: bool,
    identified: bool,
}

/// How rare words are, remembered.
struct Rarity<'a> {
    archive: &'a Archive,
    statements: f64,
    known: FxHashMap<String, f64>,
}

impl Rarity<'_> {
    fn new(archive: &Archive) -> Result<Rarity<'_>> {
        let sql = "SELECT count(*) FROM (SELECT 1 FROM statement LIMIT ?)";
        let mut ask = archive.db.prepare_cached(sql)?;
        let statements: i64 = ask.query_row([4 * COMMON], |row| row.get(0))?;
        Ok(Rarity { archive, statements: statements as f64, known: FxHashMap::default() })
    }

    /// The inverse frequency of a word among statements, as a logarithm.
    fn of(&mut self, stem: &str) -> Result<f64> {
        if let Some(weight) = self.known.get(stem) {
            return Ok(*weight);
        }
        let sql = "SELECT count(*) FROM (SELECT 1 FROM statement_words \
                   WHERE statement_words MATCH ? LIMIT ?)";
        let mut ask = self.archive.db.prepare_cached(sql)?;
        let having: i64 =
            ask.query_row(params![format!("\"{stem}\""), COMMON], |row| row.get(0))?;
        let weight = (1.0 + self.statements / having.max(1) as f64).ln();
        self.known.insert(stem.to_owned(), weight);
        Ok(weight)
    }
}

impl Archive {
    /// Where else, outside its own dispatch, an utterance was reported: in the same words first,
    /// each the earliest first.
    ///
    /// # Errors
    ///
    /// When there is no such article, or the file cannot be read.
    pub fn elsewhere(&self, reference: &Reference, limit: usize) -> Result<Vec<Echo>> {
        let article = self.id_of(reference)?;
        let Some(said) = self.said_at(article, reference.span)? else {
            return Ok(Vec::new());
        };
        let mut rarity = Rarity::new(self)?;
        let ours = stems(&said.content, &said.lang);
        let mut echoes = Vec::new();
        for candidate in self.candidates(&said, &ours, &mut rarity)? {
            let speakers = relation(&said.speakers, &candidate.speakers);
            if let Some((how, score)) =
                alike(&said, &ours, &candidate, speakers, &mut rarity)?
            {
                echoes.push((how, candidate.id, score));
            }
        }
        echoes.sort_by_key(|(how, id, _)| (*how, *id));
        // An article that reports it twice, as a whole and in a part, reports it.
        let mut met = FxHashSet::default();
        echoes.retain(|(_, id, _)| met.insert(ArticleId::of_item(*id)));
        echoes.truncate(limit);
        let echo =
            |(how, id, score)| Ok(Echo { how, score, statement: self.statement(id)? });
        echoes.into_iter().map(echo).collect()
    }

    /// The statement of an article that shares most with a stretch.
    fn said_at(
        &self,
        article: ArticleId,
        span: Option<(u32, u32)>,
    ) -> Result<Option<Said>> {
        let Some((start, end)) = span else { return Ok(None) };
        let sql = "SELECT id FROM statement WHERE id >= ?1 AND id < ?2 AND start < ?4 AND stop > ?3 \
                   ORDER BY min(stop, ?4) - max(start, ?3) DESC, stop - start LIMIT 1";
        let bounds = params![article.item(0), article.end_of_items(), start, end];
        let mut ask = self.db.prepare_cached(sql)?;
        let id: Option<i64> = ask.query_row(bounds, |row| row.get(0)).optional()?;
        id.map(|id| self.said(id)).transpose()
    }

    fn said(&self, id: i64) -> Result<Said> {
        let sql = "SELECT a.dispatch, a.first, s.first, s.last, s.speakers, s.content, l.text, k.text \
                   FROM statement s JOIN article a ON a.id = s.id >> 14 \
                   JOIN word l ON l.id = a.lang JOIN word k ON k.id = s.kind WHERE s.id = ?";
        let mut ask = self.db.prepare_cached(sql)?;
        let (mut said, speakers) = ask.query_row([id], |row| {
            let (first, last): (Option<i64>, Option<i64>) = (row.get(2)?, row.get(3)?);
            let said = Said {
                id,
                dispatch: row.get(0)?,
                published: row.get(1)?,
                days: first.zip(last),
                speakers: Vec::new(),
                content: row.get(5)?,
                quoted: matches!(row.get::<_, String>(7)?.as_str(), "direct" | "mixed"),
                lang: row.get(6)?,
            };
            Ok((said, unlisted(&row.get::<_, Value>(4)?)))
        })?;
        let sql = "SELECT e.country, k.text, e.identified FROM entity e \
                   LEFT JOIN word k ON k.id = e.kind WHERE e.id = ?";
        let mut ask = self.db.prepare_cached(sql)?;
        for entity in speakers {
            let speaker = ask.query_row([entity], |row| {
                Ok(Speaker {
                    entity,
                    country: row.get(0)?,
                    state: row.get::<_, Option<String>>(1)?.as_deref() == Some("state"),
                    identified: row.get(2)?,
                })
            })?;
            said.speakers.push(speaker);
        }
        Ok(said)
    }

    /// Statements of other dispatches, published at that time, that have the rarest words.
    fn candidates(
        &self,
        said: &Said,
        ours: &[Vec<String>],
        rarity: &mut Rarity<'_>,
    ) -> Result<Vec<Said>> {
        let mut leads: Vec<(f64, &Vec<String>)> = Vec::new();
        for stems in ours {
            leads.push((weight(stems, rarity)?, stems));
        }
        leads.sort_by(|a, b| b.0.total_cmp(&a.0));
        leads.truncate(LEADS);
        let total: f64 = leads.iter().map(|(weight, _)| weight).sum();
        let day = ArticleId::of_item(said.id).day();
        let bound = |days: i64| {
            let day = crate::day::Day::from_number(day.number() + days);
            ArticleId::floor(day).word_row(0)
        };
        let sql = "SELECT rowid FROM statement_words WHERE statement_words MATCH ? \
                   AND rowid >= ? AND rowid < ? LIMIT ?";
        let mut ask = self.db.prepare_cached(sql)?;
        let mut shared: FxHashMap<i64, f64> = FxHashMap::default();
        for (weight, stems) in &leads {
            let any: Vec<String> = stems.iter().map(|s| format!("\"{s}\"")).collect();
            let bounds = params![any.join(" OR "), bound(-DAYS), bound(DAYS + 1), COMMON];
            for row in ask.query_map(bounds, |row| row.get(0))? {
                *shared.entry(row?).or_default() += weight;
            }
        }
        let own = ArticleId::of_item(said.id);
        let mut likely: Vec<(i64, f64)> = shared
            .into_iter()
            .filter(|(row, weight)| {
                *weight >= LED * total && ArticleId(row >> WORD_ITEM) != own
            })
            .collect();
        likely.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        likely.truncate(COMPARED);
        let mut ids = Vec::new();
        for (row, _) in likely {
            self.statements_of(row, &mut ids)?;
        }
        let mut candidates = Vec::new();
        for id in ids {
            let candidate = self.said(id)?;
            if candidate.dispatch != said.dispatch && said.may_be_when(&candidate) {
                candidates.push(candidate);
            }
        }
        Ok(candidates)
    }
}

impl Said {
    /// Whether both may have been said at one time.
    fn may_be_when(&self, other: &Said) -> bool {
        let near = |a: i64, b: i64| (a - b).abs() <= DAYS;
        match (self.days, other.days) {
            (Some(a), Some(b)) => a.0 <= b.1 + 1 && b.0 <= a.1 + 1,
            _ => self.published.zip(other.published).is_none_or(|(a, b)| near(a, b)),
        }
    }
}

/// What the speakers of two statements have to do with each other, at best.
fn relation(ours: &[Speaker], theirs: &[Speaker]) -> Speakers {
    let pair = |a: &Speaker, b: &Speaker| {
        let country = a.country.zip(b.country);
        match (a.identified, b.identified) {
            (true, true) if a.entity == b.entity => Speakers::Same,
            _ if (a.state || b.state) && country.is_some_and(|(a, b)| a == b) => {
                Speakers::Compatriots
            }
            (true, true) => Speakers::Other,
            // Two that are described in two ways are two, as far as anybody knows.
            (false, false) if a.entity != b.entity => Speakers::Other,
            _ if country.is_some_and(|(a, b)| a != b) => Speakers::Other,
            _ => Speakers::Described,
        }
    };
    let pairs = ours.iter().flat_map(|a| theirs.iter().map(move |b| pair(a, b)));
    pairs.max().unwrap_or(Speakers::Untold)
}

/// The telling words of a statement, each with its stems.
fn stems(content: &str, lang: &str) -> Vec<Vec<String>> {
    let analyser = Analyser::new(lang);
    let mut seen = FxHashSet::default();
    let words = tokens(content);
    let telling = words.iter().filter(|t| {
        let digits = t.fold.bytes().all(|b| b.is_ascii_digit());
        !t.elided && (digits || t.fold.chars().count() >= LONG)
    });
    telling
        .map(|t| analyser.stems(&content[t.span.clone()], &t.fold))
        .filter(|stems| seen.insert(stems[0].clone()))
        .collect()
}

fn weight(stems: &[String], rarity: &mut Rarity<'_>) -> Result<f64> {
    let mut least = f64::MAX;
    for stem in stems {
        least = least.min(rarity.of(stem)?);
    }
    Ok(least)
}

/// Whether the numbers in digits that one text has are among those of the other.
fn numbers_agree(ours: &[Token], theirs: &[Token]) -> bool {
    let numbers = |list: &[Token]| -> FxHashSet<String> {
        let digits = list.iter().filter(|t| t.fold.bytes().all(|b| b.is_ascii_digit()));
        digits.map(|t| t.fold.clone()).collect()
    };
    let (ours, theirs) = (numbers(ours), numbers(theirs));
    ours.is_subset(&theirs) || theirs.is_subset(&ours)
}

/// How two statements are reports of one utterance, and how much; `None` when they are not.
fn alike(
    said: &Said,
    ours: &[Vec<String>],
    other: &Said,
    speakers: Speakers,
    rarity: &mut Rarity<'_>,
) -> Result<Option<(Likeness, f64)>> {
    let (words, there) = (tokens(&said.content), tokens(&other.content));
    let verbatim = |few: &[Token], from: &str, many: &str| {
        let (_, score) = compare(few, from, many);
        (few.len() >= TELLING && score >= VERBATIM)
            .then_some((Likeness::SameWords, score))
    };
    let same = match words.len() <= there.len() {
        true => verbatim(&words, &said.content, &other.content),
        false => verbatim(&there, &other.content, &said.content),
    };
    // The same words in another mouth are worth a look where they are somebody's very words.
    let alone = matches!(speakers, Speakers::Same | Speakers::Untold);
    if same.is_some() && (alone || said.quoted || other.quoted) {
        return Ok(same);
    }
    let Some((contained, alike)) = speakers.thresholds() else { return Ok(None) };
    if !numbers_agree(&words, &there) {
        return Ok(None);
    }
    let theirs = stems(&other.content, &other.lang);
    let has = |list: &[Vec<String>], stems: &[String]| {
        list.iter().any(|s| s.iter().any(|stem| stems.contains(stem)))
    };
    let (mut own, mut common, mut shared) = (0.0, 0.0, 0);
    for stems in ours {
        let weight = weight(stems, rarity)?;
        own += weight;
        if has(&theirs, stems) {
            common += weight;
            shared += 1;
        }
    }
    let mut their = 0.0;
    for stems in &theirs {
        their += weight(stems, rarity)?;
    }
    let score = common / f64::min(own, their).max(f64::MIN_POSITIVE);
    let of_all = common / (own + their - common).max(f64::MIN_POSITIVE);
    let fewest = match speakers {
        Speakers::Same => FEWEST_OF_ONE,
        // A headline is no report of the speech in which its words occur.
        Speakers::Untold => TELLING,
        _ => FEWEST,
    };
    let enough = shared >= fewest && score >= contained && of_all >= alike;
    let how = same.map_or(Likeness::Paraphrase, |(how, _)| how);
    Ok(enough.then_some((how, score.min(1.0))))
}
