//! How do treebanks come in? CoNLL-U, with contractions kept as the one word that is written.
//!
//! A treebank of Universal Dependencies takes `du` apart into `de` and `le`. The text has one
//! word, and a span needs one word: a [`Word`] here is a surface token, headed as the part
//! whose head lies outside the token.

use crate::Morph;

/// One surface word of a treebank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// As written.
    pub form: String,
    /// Its lemma; of a contraction, that of the part that heads it.
    pub lemma: String,
    /// Part of speech and features.
    pub morph: Morph,
    /// The head, as an index into the sentence; `None` at the root.
    pub head: Option<usize>,
    /// The relation to the head, subtype included: `nsubj:pass`.
    pub deprel: String,
    /// Whether a space follows in the text.
    pub space_after: bool,
}

/// The sentences of a CoNLL-U file.
///
/// # Errors
///
/// The line number and what is wrong with it.
pub fn read(text: &str) -> Result<Vec<Vec<Word>>, String> {
    let mut sentences = Vec::new();
    let mut rows: Vec<Row> = Vec::new();
    for (n, line) in text.lines().enumerate() {
        if line.is_empty() {
            if !rows.is_empty() {
                let sentence = merge(&rows).map_err(|e| format!("line {n}: {e}"))?;
                sentences.push(sentence);
                rows.clear();
            }
        } else if !line.starts_with('#') {
            rows.extend(Row::parse(line).map_err(|e| format!("line {}: {e}", n + 1))?);
        }
    }
    if !rows.is_empty() {
        sentences.push(merge(&rows)?);
    }
    Ok(sentences)
}

struct Row<'a> {
    /// First and last word id: a contraction covers several.
    ids: (usize, usize),
    columns: Vec<&'a str>,
}

impl<'a> Row<'a> {
    /// `None` for an empty node (`8.1`), which no character of the text stands for.
    fn parse(line: &'a str) -> Result<Option<Row<'a>>, String> {
        let columns: Vec<&str> = line.split('\t').collect();
        if columns.len() != 10 {
            return Err(format!("10 columns wanted, {} found", columns.len()));
        }
        if columns[0].contains('.') {
            return Ok(None);
        }
        let (first, last) =
            columns[0].split_once('-').unwrap_or((columns[0], columns[0]));
        let id = |s: &str| s.parse().map_err(|_| format!("{s:?} is no word id"));
        Ok(Some(Row { ids: (id(first)?, id(last)?), columns }))
    }

    fn is_contraction(&self) -> bool {
        self.ids.0 != self.ids.1
    }

    fn head(&self) -> Result<usize, String> {
        self.columns[6].parse().map_err(|_| format!("{:?} is no head", self.columns[6]))
    }
}

fn merge(rows: &[Row<'_>]) -> Result<Vec<Word>, String> {
    // Surface tokens in order, and for each syntactic word the token that holds it.
    let mut tokens: Vec<&Row<'_>> = Vec::new();
    let mut token_of = vec![0];
    for row in rows {
        if row.is_contraction() {
            tokens.push(row);
        } else {
            if row.ids.0 != token_of.len() {
                return Err(format!("word id {} is out of order", row.ids.0));
            }
            let inside = tokens.last().is_some_and(|t| t.ids.1 >= row.ids.0);
            if !inside {
                tokens.push(row);
            }
            token_of.push(tokens.len() - 1);
        }
    }
    let words: Vec<&Row<'_>> = rows.iter().filter(|r| !r.is_contraction()).collect();
    let word = |id: usize| words.get(id - 1).ok_or_else(|| format!("no word {id}"));
    tokens
        .iter()
        .map(|token| {
            let (first, last) = token.ids;
            let mut heading = first;
            for id in first..=last {
                let head = word(id)?.head()?;
                if head == 0 || !(first..=last).contains(&head) {
                    heading = id;
                    break;
                }
            }
            let row = word(heading)?;
            let head = row.head()?;
            let of = *token_of.get(head).ok_or_else(|| format!("no word {head}"))?;
            Ok(Word {
                form: token.columns[1].to_owned(),
                lemma: row.columns[2].to_owned(),
                morph: Morph::from_conllu(row.columns[3], row.columns[5]),
                head: (head != 0).then_some(of),
                deprel: row.columns[7].to_owned(),
                space_after: !token.columns[9].split('|').any(|m| m == "SpaceAfter=No"),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Upos;

    const SAMPLE: &str = "\
# text = Le vol du soir
1\tLe\tle\tDET\t_\tDefinite=Def|Gender=Masc|Number=Sing\t2\tdet\t_\t_
2\tvol\tvol\tNOUN\t_\tGender=Masc|Number=Sing\t0\troot\t_\t_
3-4\tdu\t_\t_\t_\t_\t_\t_\t_\t_
3\tde\tde\tADP\t_\t_\t5\tcase\t_\t_
4\tle\tle\tDET\t_\tDefinite=Def\t5\tdet\t_\t_
5\tsoir\tsoir\tNOUN\t_\tGender=Masc|Number=Sing\t2\tnmod\t_\tSpaceAfter=No

";

    #[test]
    fn a_contraction_is_one_word() {
        let sentences = read(SAMPLE).unwrap();
        let forms: Vec<&str> = sentences[0].iter().map(|w| w.form.as_str()).collect();
        assert_eq!(forms, ["Le", "vol", "du", "soir"]);
        let heads: Vec<_> = sentences[0].iter().map(|w| w.head).collect();
        assert_eq!(heads, [Some(1), None, Some(3), Some(1)]);
        assert_eq!(sentences[0][2].morph.upos, Upos::Adp);
        assert!(!sentences[0][3].space_after);
    }

    #[test]
    fn a_fault_is_told_with_its_line() {
        assert_eq!(read("1\tLe\n").unwrap_err(), "line 1: 10 columns wanted, 2 found");
    }
}
