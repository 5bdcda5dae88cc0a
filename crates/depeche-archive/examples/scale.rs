//! How does an archive grow, and how fast does it answer?
//!
//! ```text
//! cargo run --release -p depeche-archive --example scale -- RECORDS.jsonl OUT.depeche N…
//! ```
//!
//! RECORDS are of `depeche read --json`. They are multiplied to each N in turn: names and most
//! longer words are changed for other words of the corpus of the same length, so that spans
//! hold and copies are no near-duplicates; there are 55 articles a day, one in twenty of them
//! comes late, and one in twelve comes again from another outlet. At each N it prints size, time
//! and memory of writing (what readers make ready side by side, and what the one writer does), and how long questions take, all in CPU time; for an N of 0 only the
//! questions. The engine does not run: see bench/archive.md for its share.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a measuring tool"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use depeche_archive::{Archive, Day, Filter, Order, Who, Writer};
use depeche_record::Record;
use serde_json::Value;

/// The allocator of the program, so that its times hold here.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Articles of a transaction.
const BATCH: usize = 512;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [records, out, sizes @ ..] = arguments.as_slice() else {
        panic!("RECORDS.jsonl OUT.depeche N…");
    };
    let base: Vec<Value> = fs::read_to_string(records)
        .unwrap()
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    let words = Words::of(&base);
    let path = Path::new(out);
    // An archive that is there grows on; of its raw text nothing is known then.
    let there = Archive::open(path).and_then(|a| a.facts()).map_or(0, |f| f.articles);
    let mut written = usize::try_from(there).unwrap();
    let mut raw = 0;
    println!(
        "{:>9} {:>9} {:>8} {:>8} {:>12} {:>12} {:>8}",
        "articles", "raw MB", "MB", "× raw", "ready, ms", "written, ms", "peak MB"
    );
    for size in sizes.iter().map(|s| s.parse::<usize>().unwrap()) {
        if size == 0 {
            questions(path);
            continue;
        }
        let mut writer = Writer::open(path).unwrap();
        let packer = writer.packer();
        let (from, mut making, mut preparing) = (cpu(), 0.0, 0.0);
        let begun = written;
        while written < size {
            let made = cpu();
            let batch: Vec<Record> = (written..(written + BATCH).min(size))
                .map(|n| words.record(&base, n))
                .collect();
            making += cpu() - made;
            raw += batch.iter().map(|r| r.article.text.len()).sum::<usize>();
            written += batch.len();
            let begun = cpu();
            let ready = batch.into_iter().map(|r| packer.prepare(r)).collect();
            preparing += cpu() - begun;
            writer.commit(ready).unwrap();
        }
        writer.finish().unwrap();
        let seconds = cpu() - from - making;
        let bytes = fs::metadata(path).unwrap().len();
        println!(
            "{size:>9} {:>9.1} {:>8.1} {:>8.2} {:>12.3} {:>12.3} {:>8.0}",
            if there == 0 { raw as f64 / 1e6 } else { f64::NAN },
            bytes as f64 / 1e6,
            if there == 0 { bytes as f64 / raw as f64 } else { f64::NAN },
            1e3 * preparing / (size - begun) as f64,
            1e3 * (seconds - preparing) / (size - begun) as f64,
            peak()
        );
        questions(path);
        // What the questions held is no memory of writing.
        let _ = fs::write("/proc/self/clear_refs", "5");
    }
}

/// Seconds of CPU that this process has used.
fn cpu() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or("").split(' ').collect();
    let ticks =
        |n: usize| fields.get(n).and_then(|t| t.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}

/// Milliseconds of CPU that this thread has used: what others do at the same time is no matter.
fn cpu_of_thread() -> f64 {
    // Linux brings the figure up to date when the thread lets others go first.
    std::thread::yield_now();
    let stat = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = stat.split(' ').next().and_then(|n| n.parse::<f64>().ok());
    nanoseconds.unwrap_or(0.0) / 1e6
}

/// The most memory that this process held, in MB.
fn peak() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM:")).unwrap_or("");
    let kilobytes = line.split_whitespace().nth(1).and_then(|k| k.parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) / 1000.0
}

/// Asks what people ask, and prints the times.
fn questions(path: &Path) {
    let archive = Archive::open(path).unwrap();
    let asked = |words: Option<&str>, who: Option<&Who>| Filter {
        words: words.map(str::to_owned),
        who: who.cloned(),
        limit: 25,
        ..Filter::default()
    };
    let actors: Vec<Who> =
        ["USA", "FRA", "RUS", "France", "États-Unis", "Turquie", "Q22686"]
            .iter()
            .filter_map(|name| archive.who(name).ok())
            .collect();
    let common =
        ["pays", "président", "France", "accord", "ministre", "\"a été\"", "élections"];
    let mut times: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let mut time = |name: &'static str, ask: &mut dyn FnMut()| {
        let begun = cpu_of_thread();
        ask();
        times.entry(name).or_default().push(cpu_of_thread() - begun);
    };
    for _ in 0..6 {
        for word in common {
            time("statements, words", &mut || {
                archive.statements(&asked(Some(word), None)).unwrap();
            });
            time("articles, words", &mut || {
                archive.search(&asked(Some(word), None)).unwrap();
            });
            let ranked = Filter { order: Order::Relevance, ..asked(Some(word), None) };
            time("statements, words, by relevance", &mut || {
                archive.statements(&ranked).unwrap();
            });
            time("articles, words, by relevance", &mut || {
                archive.search(&ranked).unwrap();
            });
        }
        for who in &actors {
            time("statements, actor", &mut || {
                archive.statements(&asked(None, Some(who))).unwrap();
            });
            time("statements, actor and words", &mut || {
                archive.statements(&asked(Some("pays"), Some(who))).unwrap();
            });
            time("statements, actor, type, days", &mut || {
                let since = Day::bounds("2019").0;
                let types = vec!["direct".to_owned()];
                let filter = Filter { since, types, ..asked(None, Some(who)) };
                archive.statements(&filter).unwrap();
            });
            time("events, actor", &mut || {
                archive.events(&asked(None, Some(who))).unwrap();
            });
            time("positions, the newest 5,000", &mut || {
                archive.newest_positions(&asked(None, Some(who)), 5_000).unwrap();
            });
            time("positions, all", &mut || {
                archive.positions(&asked(None, Some(who))).unwrap();
            });
            time("actor × month", &mut || {
                archive.timeline(who).unwrap();
            });
        }
    }
    for (name, mut times) in times {
        times.sort_by(f64::total_cmp);
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
        println!(
            "          {name:<32} median {:>7.1} ms   p95 {:>7.1} ms",
            at(0.5),
            at(0.95)
        );
    }
}

/// Words of the corpus by length, capitalised or not.
struct Words {
    by_shape: BTreeMap<(usize, bool), Vec<String>>,
}

impl Words {
    fn of(base: &[Value]) -> Words {
        let mut by_shape: BTreeMap<(usize, bool), Vec<String>> = BTreeMap::new();
        for record in base {
            for word in split(record["article"]["text"].as_str().unwrap()) {
                if word.chars().all(char::is_alphabetic) {
                    by_shape.entry(shape(word)).or_default().push(word.to_owned());
                }
            }
        }
        // Repetitions stay: a word is drawn as often as it is written.
        Words { by_shape }
    }

    /// A word of the same shape; the same one for the same word of the same copy.
    fn other<'a>(&'a self, word: &'a str, copy: usize) -> &'a str {
        let (length, capital) = shape(word);
        let draw = word.bytes().fold(copy as u64 + 1, |sum, b| {
            (sum ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3).rotate_left(23)
        });
        if copy == 0 || length < 4 || !capital && draw % 10 < 4 {
            return word;
        }
        let like = self.by_shape.get(&(length, capital));
        like.map_or(word, |like| &like[(draw / 16) as usize % like.len()])
    }

    fn text(&self, text: &str, copy: usize) -> String {
        split(text).map(|word| self.other(word, copy)).collect()
    }

    /// The n-th article.
    fn record(&self, base: &[Value], n: usize) -> Record {
        // One in twelve is the article before it, from another outlet.
        let again = n % 12 == 11;
        let n_of = if again { n - 1 } else { n };
        let mut value = base[n_of % base.len()].clone();
        let copy = n_of / base.len();
        let text = self.text(value["article"]["text"].as_str().unwrap(), copy);
        let points: Vec<char> = text.chars().collect();
        self.change(&mut value, copy, &points);
        // In order of date, as news comes, but for one article in twenty that comes late.
        let late = if n_of % 20 == 7 { (n_of * 7919 % 900) as i64 } else { 0 };
        let day = 152_000 + (n_of / 55) as i64 - late + i64::from(again);
        let mut record: Record = serde_json::from_value(value).unwrap();
        record.article.text = text;
        record.article.id = format!("sha256:{n_of:064x}");
        record.article.key = Some(format!("{n}"));
        record.article.published = Some(Day::from_number(day).to_string());
        record.article.outlet =
            Some(format!("Outlet {}", if again { 40 } else { n % 40 }));
        record
    }

    fn change(&self, value: &mut Value, copy: usize, points: &[char]) {
        match value {
            Value::Object(object) => {
                let bound = |key| object.get(key).and_then(Value::as_u64);
                if let (Some(start), Some(end)) = (bound("start"), bound("end"))
                    && object.contains_key("text")
                {
                    let slice: String =
                        points[start as usize..end as usize].iter().collect();
                    object.insert("text".into(), slice.into());
                }
                for key in ["name", "title"] {
                    if let Some(Value::String(name)) = object.get(key) {
                        let name = self.text(name, copy);
                        object.insert(key.into(), name.into());
                    }
                }
                object.values_mut().for_each(|v| self.change(v, copy, points));
            }
            Value::Array(list) => {
                list.iter_mut().for_each(|v| self.change(v, copy, points));
            }
            _ => {}
        }
    }
}

fn shape(word: &str) -> (usize, bool) {
    (word.chars().count(), word.chars().next().is_some_and(char::is_uppercase))
}

/// Words and what stands between them, in order.
fn split(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let end = rest.find(|c: char| c.is_alphabetic() != first.is_alphabetic());
        let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after;
        Some(word)
    })
}
