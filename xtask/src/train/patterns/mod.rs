//! What do treebanks not show? Trees put together from patterns and pieces of treebanks.
//!
//! Newspapers of the treebanks have few inserted cues and few verbs in the present; the file
//! of patterns says which trees the press adds. Its slots are filled with phrases and clauses
//! cut out of the treebanks, and with the verbs and nouns of the cue files.

mod pieces;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use depeche_rule::VerbForms;
use depeche_text::conllu::Word;
use depeche_text::{Morph, Number, Upos, VerbForm};
use serde::Deserialize;

use self::pieces::{Piece, Pieces, cut};
use super::params::Rng;

/// Of the present verbs inside clauses, how many give way to another verb.
const SWAPPED: f32 = 0.3;

/// The file of patterns.
#[derive(Deserialize)]
struct File {
    /// Tense to the ends of the third person: singular, plural.
    forms: BTreeMap<String, toml::Value>,
    tenses: BTreeMap<String, toml::Value>,
    articles: HashMap<String, String>,
    contractions: BTreeMap<String, String>,
    elision: HashMap<String, String>,
    marks: HashMap<String, String>,
    pattern: Vec<Pattern>,
}

#[derive(Deserialize)]
struct Pattern {
    name: String,
    share: usize,
    rows: String,
}

/// Writes sentences after patterns.
pub(super) struct Composer<'a> {
    file: File,
    pieces: Pieces,
    cues: Cues,
    verbs: &'a VerbForms,
    everyday: Vec<String>,
}

impl<'a> Composer<'a> {
    /// A composer for the language in `folder`, with the pieces of these trees.
    pub(super) fn new(
        folder: &Path,
        verbs: &'a VerbForms,
        trees: &[Vec<Word>],
    ) -> Result<Composer<'a>> {
        let path = folder.join("models/patterns.toml");
        let text = fs::read_to_string(&path)
            .with_context(|| format!("no patterns in {}", path.display()))?;
        let file: File =
            toml::from_str(&text).with_context(|| path.display().to_string())?;
        Ok(Composer {
            cues: Cues::read(folder, verbs)?,
            pieces: Pieces::cut(trees),
            everyday: verbs.lemmas(),
            verbs,
            file,
        })
    }

    /// So many sentences, each pattern by its share.
    pub(super) fn compose(&self, count: usize, rng: &mut Rng) -> Result<Vec<Vec<Word>>> {
        let shares: Vec<&Pattern> = self
            .file
            .pattern
            .iter()
            .flat_map(|p| std::iter::repeat_n(p, p.share))
            .collect();
        (0..count)
            .map(|_| {
                let pattern = pick(&shares, rng).context("no pattern")?;
                self.fill(pattern, rng)
                    .with_context(|| format!("pattern {:?}", pattern.name))
            })
            .collect()
    }

    /// Gives half of the sentences the marks of the press in the place of plain ones.
    pub(super) fn mark(&self, trees: &mut [Vec<Word>], rng: &mut Rng) {
        let mark = |name: &str| self.file.marks.get(name).map_or("", String::as_str);
        for tree in trees {
            if rng.unit() < 0.5 {
                continue;
            }
            let plain = tree.iter_mut().filter(|w| w.form == mark("plain"));
            for (n, word) in plain.enumerate() {
                mark(if n % 2 == 0 { "open" } else { "close" })
                    .clone_into(&mut word.form);
            }
        }
    }

    fn fill(&self, pattern: &Pattern, rng: &mut Rng) -> Result<Vec<Word>> {
        let rows: Vec<Vec<&str>> =
            pattern.rows.lines().map(|l| l.split_whitespace().collect()).collect();
        let mut halves = None;
        let mut pieces: Vec<Piece> = Vec::new();
        for row in &rows {
            let slot = row[0].strip_prefix('{').and_then(|s| s.strip_suffix('}'));
            pieces.push(match slot {
                Some("subject") => {
                    let (subject, predicate) = self.halves(rng)?;
                    halves = Some(predicate);
                    subject
                }
                Some("predicate") => match halves.take() {
                    Some(predicate) => predicate,
                    None => self.halves(rng)?.1,
                },
                Some(slot) => self.slot(slot, rng)?,
                None => vec![fixed(row)?],
            });
        }
        let sentence = join(&rows, pieces)?;
        Ok(self.spell(sentence))
    }

    fn slot(&self, slot: &str, rng: &mut Rng) -> Result<Piece> {
        let mut parts = slot.split(':');
        let (kind, takes) = (parts.next().unwrap_or_default(), parts.next());
        let plural = parts.next() == Some("p");
        let missing = || anyhow!("nothing for {{{slot}}}");
        match (kind, takes) {
            ("np", number) => {
                let of = &self.pieces.phrases[usize::from(number == Some("p"))];
                pick(of, rng).cloned().with_context(missing)
            }
            ("clause", None) => {
                let mut clause =
                    pick(&self.pieces.clauses, rng).with_context(missing)?.0.clone();
                self.swap_verbs(&mut clause, rng);
                Ok(clause)
            }
            ("inf", None) => {
                pick(&self.pieces.infinitives, rng).cloned().with_context(missing)
            }
            ("the", None) => {
                let feats = "Definite=Def|Number=Sing|PronType=Art";
                Ok(vec![word("{the}", Upos::Det, feats)])
            }
            ("verb", Some(takes)) => {
                let tense = self.tense(rng)?;
                let word = |lemma: &str| self.finite(lemma, tense, plural);
                one_of(self.cues.verbs.get(takes), word, rng).with_context(missing)
            }
            ("part", Some(takes)) => {
                let word = |lemma: &str| self.participle(lemma);
                one_of(self.cues.verbs.get(takes), word, rng).with_context(missing)
            }
            ("noun", Some(takes)) => {
                let word = |noun: &str| self.noun(noun);
                one_of(self.cues.nouns.get(takes), word, rng).with_context(missing)
            }
            _ => bail!("no slot {{{slot}}}"),
        }
    }

    /// The halves of a clause that begins with its subject.
    fn halves(&self, rng: &mut Rng) -> Result<(Piece, Piece)> {
        for _ in 0..1000 {
            let of = pick(&self.pieces.clauses, rng).context("no clause")?;
            let (clause, Some(end)) = of else { continue };
            let one = clause[..*end].iter().all(|w| w.morph.number != Some(Number::Plur));
            let halves = (cut(clause, 0..*end), cut(clause, *end..clause.len()));
            if let (true, (Some(subject), Some(predicate))) = (one, halves) {
                return Ok((subject, predicate));
            }
        }
        bail!("no clause begins with its subject")
    }

    fn tense(&self, rng: &mut Rng) -> Result<VerbForm> {
        let weights: Vec<(VerbForm, i64)> = self
            .file
            .tenses
            .iter()
            .filter_map(|(name, n)| Some((tense(name)?, n.as_integer()?)))
            .collect();
        let total: i64 = weights.iter().map(|w| w.1).sum();
        let mut at = (rng.unit() * total as f32) as i64;
        for (tense, n) in weights {
            if at < n {
                return Ok(tense);
            }
            at -= n;
        }
        bail!("no tense has a weight")
    }

    /// The third person of a verb.
    fn finite(&self, lemma: &str, form: VerbForm, plural: bool) -> Option<Word> {
        let (name, ends) =
            self.file.forms.iter().find(|(n, _)| tense(n) == Some(form))?;
        let ends = ends.as_array()?.get(usize::from(plural))?.as_str()?;
        let forms = self.verbs.forms(lemma);
        let mut of_tense = forms.iter().filter(|(_, f)| *f == form);
        let (found, _) =
            of_tense.find(|(f, _)| ends.split(' ').any(|end| f.ends_with(end)))?;
        let number = if plural { "Plur" } else { "Sing" };
        let mood = if name == "Cnd" { "Mood=Cnd" } else { "Mood=Ind" };
        let time = if name == "Cnd" { "Pres" } else { name };
        let feats = format!("{mood}|Number={number}|Person=3|Tense={time}|VerbForm=Fin");
        Some(word(found, Upos::Verb, &feats))
    }

    fn participle(&self, lemma: &str) -> Option<Word> {
        let forms = self.verbs.forms(lemma);
        let (form, _) = forms.iter().find(|(_, f)| *f == VerbForm::PartPast)?;
        let feats = "Gender=Masc|Number=Sing|Tense=Past|VerbForm=Part";
        Some(word(form, Upos::Verb, feats))
    }

    /// A noun whose gender the treebanks know.
    fn noun(&self, noun: &str) -> Option<Word> {
        let gender = self.pieces.genders.get(noun)?;
        let feats = format!("Gender={}|Number=Sing", gender.name());
        Some(word(noun, Upos::Noun, &feats))
    }

    /// Puts other verbs in the place of some that stand in the present.
    fn swap_verbs(&self, clause: &mut [Word], rng: &mut Rng) {
        for at in 0..clause.len() {
            let morph = &clause[at].morph;
            let is_third = morph.upos == Upos::Verb
                && morph.verb == Some(VerbForm::Pres)
                && morph.person == Some(3);
            let (Some(number), true) = (morph.number, is_third) else { continue };
            // Of what takes a clause, a verb that takes none cannot stand in the place.
            let governs = clause.iter().any(|w| {
                w.head == Some(at) && ["xcomp", "ccomp"].contains(&w.deprel.as_str())
            });
            if governs || rng.unit() >= SWAPPED {
                continue;
            }
            let Some(lemma) = pick(&self.everyday, rng) else { continue };
            let plural = number == Number::Plur;
            if let Some(other) = self.finite(lemma, VerbForm::Pres, plural) {
                // A clitic or a hyphen beside it binds the form: « l'a », « dit-il ».
                let bound = at > 0 && clause[at - 1].form.ends_with('\'')
                    || clause.get(at + 1).is_some_and(|w| w.form.starts_with('-'));
                if !bound {
                    clause[at].form = other.form;
                    clause[at].morph = other.morph;
                }
            }
        }
    }

    /// Articles, elisions, contractions and the capital at the beginning.
    fn spell(&self, mut sentence: Vec<Word>) -> Vec<Word> {
        let vowels = self.file.elision.get("vowels").map_or("", String::as_str);
        let open = |w: &Word| {
            w.form
                .chars()
                .next()
                .is_some_and(|c| vowels.contains(c.to_lowercase().next().unwrap_or(c)))
        };
        for at in 0..sentence.len() {
            let before_vowel = sentence.get(at + 1).is_some_and(&open);
            let word = &sentence[at];
            if word.form == "{the}" {
                let gender = sentence.get(at + 1).and_then(|w| w.morph.gender);
                let key = if before_vowel {
                    "elided"
                } else {
                    gender.map_or("Masc", |g| g.name())
                };
                let form = self.file.articles.get(key).cloned().unwrap_or_default();
                sentence[at].form = form;
                sentence[at].morph.gender = gender.filter(|_| !before_vowel);
            } else if let Some((full, elided)) = word.form.split_once('|') {
                let form = if before_vowel { elided } else { full };
                sentence[at].form = form.to_owned();
            }
        }
        self.contract(&mut sentence);
        if let Some(first) = sentence.iter_mut().find(|w| w.morph.upos != Upos::Punct) {
            let mut letters = first.form.chars();
            if let Some(c) = letters.next() {
                first.form = c.to_uppercase().chain(letters).collect();
            }
        }
        sentence
    }

    fn contract(&self, sentence: &mut Vec<Word>) {
        let mut at = 0;
        while at + 1 < sentence.len() {
            let pair = format!("{} {}", sentence[at].form, sentence[at + 1].form);
            let article = &sentence[at + 1];
            let free = article.morph.upos == Upos::Det
                && sentence.iter().all(|w| w.head != Some(at + 1));
            match self.file.contractions.get(&pair) {
                Some(one) if free => {
                    sentence[at].form = one.clone();
                    sentence.remove(at + 1);
                    for word in sentence.iter_mut() {
                        word.head = word.head.map(|h| if h > at { h - 1 } else { h });
                    }
                }
                _ => at += 1,
            }
        }
    }
}

/// The verbs and nouns of the cue files, by what they take.
struct Cues {
    verbs: HashMap<String, Vec<String>>,
    nouns: HashMap<String, Vec<String>>,
}

impl Cues {
    fn read(folder: &Path, verbs: &VerbForms) -> Result<Cues> {
        #[derive(Deserialize)]
        struct File {
            #[serde(default)]
            cue: Vec<Cue>,
        }
        #[derive(Deserialize)]
        struct Cue {
            find: Vec<String>,
            #[serde(default)]
            takes: Vec<String>,
        }
        let known: HashSet<String> = verbs.lemmas().into_iter().collect();
        let mut cues = Cues { verbs: HashMap::new(), nouns: HashMap::new() };
        let folder = folder.join("statements/cues");
        let mut files: Vec<_> = fs::read_dir(&folder)
            .with_context(|| format!("no cues in {}", folder.display()))?
            .map(|entry| entry.map(|e| e.path()))
            .collect::<Result<_, _>>()?;
        files.sort();
        for path in files {
            let file: File = toml::from_str(&fs::read_to_string(&path)?)
                .with_context(|| path.display().to_string())?;
            for cue in file.cue {
                for lemma in cue.find.iter().filter_map(|f| f.strip_prefix('~')) {
                    let of = if known.contains(lemma) {
                        &mut cues.verbs
                    } else if lemma.chars().all(char::is_alphabetic) {
                        &mut cues.nouns
                    } else {
                        continue;
                    };
                    for takes in &cue.takes {
                        of.entry(takes.clone()).or_default().push(lemma.to_owned());
                    }
                }
            }
        }
        Ok(cues)
    }
}

/// The pieces of a pattern's rows as one sentence.
fn join(rows: &[Vec<&str>], pieces: Vec<Piece>) -> Result<Vec<Word>> {
    let root_of =
        |piece: &Piece| piece.iter().position(|w| w.head.is_none()).unwrap_or(0);
    let mut starts = Vec::new();
    let mut at = 0;
    for piece in &pieces {
        starts.push(at);
        at += piece.len();
    }
    let roots: Vec<usize> =
        pieces.iter().zip(&starts).map(|(p, start)| start + root_of(p)).collect();
    let mut sentence = Vec::new();
    for ((row, piece), start) in rows.iter().zip(pieces).zip(&starts) {
        let [_, head, deprel, ..] = row.as_slice() else {
            bail!("a row needs a word, a head and a relation: {}", row.join(" "))
        };
        let head: usize =
            head.parse().with_context(|| format!("{head:?} is no number of a row"))?;
        let head = match head.checked_sub(1) {
            None => None,
            Some(n) => Some(*roots.get(n).with_context(|| format!("no row {head}"))?),
        };
        for mut word in piece {
            match word.head {
                Some(inside) => word.head = Some(start + inside),
                None => {
                    word.head = head;
                    (*deprel).clone_into(&mut word.deprel);
                }
            }
            sentence.push(word);
        }
    }
    Ok(sentence)
}

/// A row that is a word: form, head, relation, part of speech, features.
fn fixed(row: &[&str]) -> Result<Word> {
    let [form, _, _, upos, feats] = row else {
        bail!("a word needs five columns: {}", row.join(" "))
    };
    let upos =
        Upos::from_name(upos).with_context(|| format!("no part of speech {upos}"))?;
    Ok(word(form, upos, feats))
}

fn word(form: &str, upos: Upos, feats: &str) -> Word {
    Word {
        form: form.to_owned(),
        lemma: String::new(),
        morph: Morph::from_conllu(upos.name(), feats),
        head: None,
        deprel: String::new(),
        space_after: true,
    }
}

fn tense(name: &str) -> Option<VerbForm> {
    [
        ("Pres", VerbForm::Pres),
        ("Imp", VerbForm::Imp),
        ("Past", VerbForm::Past),
        ("Fut", VerbForm::Fut),
        ("Cnd", VerbForm::Cnd),
    ]
    .into_iter()
    .find_map(|(n, form)| (n == name).then_some(form))
}

/// The word of one lemma; some lemmas have none, and another is drawn.
fn one_of(
    lemmas: Option<&Vec<String>>,
    word: impl Fn(&str) -> Option<Word>,
    rng: &mut Rng,
) -> Option<Piece> {
    (0..100).find_map(|_| word(pick(lemmas?, rng)?)).map(|word| vec![word])
}

fn pick<'a, T>(of: &'a [T], rng: &mut Rng) -> Option<&'a T> {
    of.get((rng.next() % of.len().max(1) as u64) as usize)
}

#[cfg(test)]
mod tests {
    use super::pieces::subtree;
    use super::*;

    /// Pieces for every slot: phrases, clauses, an infinitive, nouns of cues with a gender.
    const TREES: &str = "\
1\tLe\tle\tDET\t_\tGender=Masc|Number=Sing\t2\tdet\t_\t_
2\tport\tport\tNOUN\t_\tGender=Masc|Number=Sing\t3\tnsubj\t_\t_
3\tpromet\tpromettre\tVERB\t_\tMood=Ind|Number=Sing|Person=3|Tense=Pres|VerbForm=Fin\t0\troot\t_\t_
4\tde\tde\tADP\t_\t_\t5\tmark\t_\t_
5\trouvrir\trouvrir\tVERB\t_\tVerbForm=Inf\t3\txcomp\t_\t_
6\t.\t.\tPUNCT\t_\t_\t3\tpunct\t_\t_

1\tLes\tle\tDET\t_\tNumber=Plur\t2\tdet\t_\t_
2\tannonces\tannonce\tNOUN\t_\tGender=Fem|Number=Plur\t3\tnsubj\t_\t_
3\trassurent\trassurer\tVERB\t_\tMood=Ind|Number=Plur|Person=3|Tense=Pres|VerbForm=Fin\t0\troot\t_\t_
4\tles\tle\tDET\t_\tNumber=Plur\t5\tdet\t_\t_
5\tpromesses\tpromesse\tNOUN\t_\tGender=Fem|Number=Plur\t3\tobj\t_\t_
6\t.\t.\tPUNCT\t_\t_\t3\tpunct\t_\t_

";

    #[test]
    fn every_pattern_makes_whole_trees() -> Result<()> {
        let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../lang/fr"));
        let trees = depeche_text::conllu::read(TREES).map_err(anyhow::Error::msg)?;
        let french = depeche::Language::shipped("fr").context("French is built in")?;
        let composer = Composer::new(folder, &french.pack().verbs, &trees)?;
        let mut rng = Rng::new(1);
        for pattern in &composer.file.pattern {
            let tree = composer.fill(pattern, &mut rng)?;
            let forms: Vec<&str> = tree.iter().map(|w| w.form.as_str()).collect();
            let text = forms.join(" ");
            let roots = tree.iter().filter(|w| w.head.is_none()).count();
            assert_eq!(roots, 1, "{}: {text}", pattern.name);
            let whole = tree.iter().position(|w| w.head.is_none());
            let span = whole.and_then(|root| subtree(&tree, root));
            assert_eq!(span, Some(0..tree.len()), "{}: {text}", pattern.name);
            assert!(!text.contains("de le "), "{text}");
            assert!(!text.contains(['{', '|']), "{text}");
        }
        Ok(())
    }
}
