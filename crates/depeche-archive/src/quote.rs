//! Did somebody say these words, and in these words?

use rusqlite::params;
use rustc_hash::FxHashMap;

use crate::archive::Archive;
use crate::ask::StatementHit;
use crate::error::{Error, Result};
use crate::id::{ArticleId, LAST_WORD_ROW, WORD_ITEM};
use crate::terms::{Query, Token, tokens};

/// How a quotation agrees with what an article has.
#[derive(Clone, Debug, PartialEq)]
pub enum Match {
    /// Word for word, and the whole statement.
    Exact,
    /// Word for word, out of a longer statement: what stands before and after.
    Partial {
        /// What was left out before.
        before: String,
        /// What was left out after.
        after: String,
    },
    /// In other words: runs of words, those of the statement that the quotation lacks, and
    /// those of the quotation that the statement lacks.
    Altered(Vec<Piece>),
}

/// A run of words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// In both.
    Same(String),
    /// In the article only.
    Missing(String),
    /// In the quotation only.
    Added(String),
}

/// A statement that a quotation agrees with.
#[derive(Clone, Debug, PartialEq)]
pub struct QuoteHit {
    /// How.
    pub how: Match,
    /// From 0 to 1: the share of words that both have, in order.
    pub score: f64,
    /// The statement.
    pub statement: StatementHit,
}

/// From this share of common words on, two texts are one in other words.
const ALIKE: f64 = 0.6;
/// The longest words of a quotation lead to the statements that may have it.
const LEADS: usize = 8;
/// So many rows of the index are looked at for each.
const ROWS: i64 = 50_000;
/// So many statements are compared word for word.
const COMPARED: usize = 300;
/// A longer quotation is compared up to so many words.
const LONGEST: usize = 400;

impl Archive {
    /// Statements that agree with a quotation: exact ones first, then parts, then altered ones,
    /// each the earliest first.
    ///
    /// # Errors
    ///
    /// When the quotation has no words, or the file cannot be read.
    pub fn quoted(&self, quotation: &str, limit: usize) -> Result<Vec<QuoteHit>> {
        let mut words = tokens(quotation);
        words.truncate(LONGEST);
        if words.is_empty() {
            return Err(Error::asked("write the words of the quotation"));
        }
        let mut hits = Vec::new();
        for id in self.likely(quotation, &words)? {
            let statement = self.statement(id)?;
            let (how, score) = compare(&words, quotation, &statement.content);
            if score >= ALIKE {
                hits.push((id, QuoteHit { how, score, statement }));
            }
        }
        hits.sort_by_key(|(id, hit)| (hit.how.rank(), *id));
        hits.truncate(limit);
        Ok(hits.into_iter().map(|(_, hit)| hit).collect())
    }

    /// Statements that share many of the quotation's longest words.
    fn likely(&self, quotation: &str, words: &[Token]) -> Result<Vec<i64>> {
        let mut leads: Vec<&Token> = words.iter().filter(|w| !w.elided).collect();
        leads.sort_by_key(|w| std::cmp::Reverse(w.fold.chars().count()));
        leads.dedup_by(|a, b| a.fold == b.fold);
        leads.truncate(LEADS);
        let languages = self.languages()?;
        let mut shared: FxHashMap<i64, usize> = FxHashMap::default();
        let sql =
            "SELECT rowid FROM statement_words WHERE statement_words MATCH ? LIMIT ?";
        let mut ask = self.db.prepare_cached(sql)?;
        for lead in &leads {
            let Some(query) = Query::new(&quotation[lead.span.clone()], &languages)
            else {
                continue;
            };
            let rows =
                ask.query_map(params![query.expression, ROWS], |row| row.get(0))?;
            for row in rows {
                *shared.entry(row?).or_default() += 1;
            }
        }
        let fewest = leads.len().div_ceil(2).max(1);
        let mut likely: Vec<(i64, usize)> =
            shared.into_iter().filter(|(_, n)| *n >= fewest).collect();
        likely.sort_by_key(|(row, n)| (std::cmp::Reverse(*n), *row));
        likely.truncate(COMPARED);
        let mut ids = Vec::new();
        for (row, _) in likely {
            self.statements_of(row, &mut ids)?;
        }
        Ok(ids)
    }

    /// The statements of a row of the index that count: not those of copies.
    pub(crate) fn statements_of(&self, row: i64, ids: &mut Vec<i64>) -> Result<()> {
        let article = ArticleId(row >> WORD_ITEM);
        let n = (row & LAST_WORD_ROW as i64) as usize;
        let end = match n == LAST_WORD_ROW {
            true => article.end_of_items(),
            false => article.item(n + 1),
        };
        let sql =
            "SELECT id FROM statement WHERE id >= ? AND id < ? AND same IS NULL LIMIT ?";
        let mut ask = self.db.prepare_cached(sql)?;
        let found = ask
            .query_map(params![article.item(n), end, COMPARED as i64], |row| {
                row.get(0)
            })?;
        for id in found {
            ids.push(id?);
        }
        Ok(())
    }
}

impl Match {
    fn rank(&self) -> u8 {
        match self {
            Match::Exact => 0,
            Match::Partial { .. } => 1,
            Match::Altered(_) => 2,
        }
    }
}

/// How a quotation agrees with a statement, and how much.
pub(crate) fn compare(words: &[Token], quotation: &str, statement: &str) -> (Match, f64) {
    let mut theirs = tokens(statement);
    theirs.truncate(2 * LONGEST);
    let phrase: Vec<String> = words.iter().map(|w| w.fold.clone()).collect();
    if let Some(at) = crate::terms::find(&theirs, &phrase) {
        if phrase.len() == theirs.len() {
            return (Match::Exact, 1.0);
        }
        let start = theirs[at].span.start;
        let end = theirs[at + phrase.len() - 1].span.end;
        let (before, after) =
            (statement[..start].to_owned(), statement[end..].to_owned());
        return (Match::Partial { before, after }, 1.0);
    }
    let (pieces, common) = align(words, quotation, &theirs, statement);
    // What a quotation leaves out is less against it than what it adds.
    (
        Match::Altered(pieces),
        common as f64 / words.len().max(theirs.len().min(words.len() * 2)) as f64,
    )
}

/// The longest common run of words, in order, with what only one of them has.
fn align(
    ours: &[Token],
    quotation: &str,
    theirs: &[Token],
    statement: &str,
) -> (Vec<Piece>, usize) {
    let (n, m) = (ours.len(), theirs.len());
    let mut longest = vec![0_u32; (n + 1) * (m + 1)];
    let at = |i: usize, j: usize| i * (m + 1) + j;
    for i in (0..n).rev() {
        for j in (0..m).rev() {
            longest[at(i, j)] = match ours[i].fold == theirs[j].fold {
                true => longest[at(i + 1, j + 1)] + 1,
                false => longest[at(i + 1, j)].max(longest[at(i, j + 1)]),
            };
        }
    }
    let mut pieces = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < n || j < m {
        if i < n && j < m && ours[i].fold == theirs[j].fold {
            push(&mut pieces, Piece::Same(statement[theirs[j].span.clone()].to_owned()));
            (i, j) = (i + 1, j + 1);
        } else if j < m && (i == n || longest[at(i, j + 1)] >= longest[at(i + 1, j)]) {
            push(
                &mut pieces,
                Piece::Missing(statement[theirs[j].span.clone()].to_owned()),
            );
            j += 1;
        } else {
            push(&mut pieces, Piece::Added(quotation[ours[i].span.clone()].to_owned()));
            i += 1;
        }
    }
    (pieces, longest[0] as usize)
}

/// Adds a word to the last run if it is of the same sort.
fn push(pieces: &mut Vec<Piece>, word: Piece) {
    match (pieces.last_mut(), word) {
        (Some(Piece::Same(run)), Piece::Same(word))
        | (Some(Piece::Missing(run)), Piece::Missing(word))
        | (Some(Piece::Added(run)), Piece::Added(word)) => {
            run.push(' ');
            run.push_str(&word);
        }
        (_, word) => pieces.push(word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "Nous n'enverrons pas de troupes, ni cette année ni la suivante";

    fn how(quotation: &str) -> (Match, f64) {
        compare(&tokens(quotation), quotation, SAID)
    }

    #[test]
    fn a_quotation_is_exact_partial_altered_or_none() {
        assert_eq!(
            how("nous n’enverrons pas de troupes ni cette annee ni la suivante").0,
            Match::Exact
        );
        let part = Match::Partial {
            before: "Nous n'".into(),
            after: " de troupes, ni cette année ni la suivante".into(),
        };
        assert_eq!(how("enverrons pas").0, part);
        let (altered, score) =
            how("Nous enverrons des troupes, ni cette année ni la suivante");
        assert!(score > ALIKE, "{score}");
        let Match::Altered(pieces) = altered else { panic!("it is altered") };
        assert!(pieces.contains(&Piece::Missing("pas de".into())), "{pieces:?}");
        assert!(pieces.contains(&Piece::Added("des".into())), "{pieces:?}");
        assert!(how("Le port restera fermé toute la semaine.").1 < ALIKE);
    }
}
