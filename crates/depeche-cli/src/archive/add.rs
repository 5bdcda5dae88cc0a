//! `depeche add`: articles into an archive.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use clap::Args;
use depeche::Languages;
use depeche_archive::{Added, Archive, Identity, Prepared, Writer};
use depeche_formats::read::Draft;
use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressStyle};
use serde_json::json;

use crate::engine::{Engine, Job, languages};
use crate::flags::About;
use crate::input::{self, Problem, Step};
use crate::{Outcome, show};

/// So many articles are written in one transaction, at most.
const BATCH: usize = 512;
/// And so many bytes of text.
const BATCH_BYTES: usize = 8 << 20;
/// So long a transaction waits for more articles.
const WAIT: Duration = Duration::from_millis(250);
/// So many read articles may wait to be written.
const WAITING: usize = 256;

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Add {
    /// The archive, made where there is none: `ukraine.depeche`
    #[arg(value_name = "ARCHIVE")]
    archive: PathBuf,
    /// Articles, as for `depeche read`: files in any format of the press, folders; `-` or nothing
    /// is standard input
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    about: About,
    /// Where to write what could not be read, one JSON object a line
    /// [default: errors.jsonl beside the archive]
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,
    /// One JSON object an article, written once it is safe on the disk
    #[arg(long)]
    json: bool,
    /// How many articles to read side by side [default: one a core]
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
}

const EXAMPLES: &str = "\
An article that is there already (the same text from the same outlet, with the same address and
id) is passed over, so a run that was cut off goes on where it stopped when it is started again.

Examples:
  depeche add ukraine.depeche corpus/ flux.opml crawl.warc.gz
  depeche add ukraine.depeche dispatch.txt --date 2025-02-18 --outlet 'Le Courrier'
  cat articles.jsonl | depeche add ukraine.depeche --json

Exit codes: 0 everything is in; 1 some articles could not be read, see errors.jsonl; 2 it could
not go on: what was acknowledged is safe.";

impl Add {
    pub(crate) fn run(self) -> Result<Outcome> {
        let shown = self.archive.display().to_string();
        let mut writer = Writer::open(&self.archive).with_context(|| shown.clone())?;
        let known = Archive::open(&self.archive).with_context(|| shown.clone())?;
        let languages: &'static Languages = Box::leak(Box::new(languages(&self.about)?));
        let likely = self.about.lang.as_deref().or_else(|| languages.codes().next());
        likely.and_then(|code| languages.get(code));
        depeche_web::teach(&mut writer, languages).with_context(|| shown.clone())?;
        let engine = Engine::new(languages, &self.about, self.threads);
        let packer = writer.packer();
        let (send, receive) = sync_channel(WAITING);
        let known = Known { archive: Mutex::new(known), send: send.clone() };
        let begun = super::now();
        let mut report = Report::new(self.json, self.errors_path());
        let written = thread::scope(|scope| {
            let (writer, report) = (&mut writer, &mut report);
            // It owns the receiver: when it ends early, nobody waits to be heard.
            let writing = scope.spawn(move || write(writer, &receive, report));
            let drafts = input::articles(&self.paths, &self.about);
            let read = engine.run(
                drafts.map(|draft| Fresh { draft, known: &known }),
                |record| packer.prepare(record),
                |origin, outcome| pass(&send, origin, outcome),
            );
            // The writer ends when nobody can send any more.
            drop((known, send));
            let written =
                writing.join().map_err(|_| anyhow!("the writer broke: a bug"))?;
            // Whatever kept the reader from going on came from the writer.
            written.and(read)
        });
        let counts = [report.added, report.known, report.copies, report.failed];
        report.done(written.is_ok())?;
        written.with_context(|| shown.clone())?;
        writer
            .note_session("add", &begun, &super::now(), counts)
            .with_context(|| shown.clone())?;
        writer.finish().with_context(|| shown)?;
        Ok(if report.failed == 0 { Outcome::Whole } else { Outcome::Partial })
    }

    fn errors_path(&self) -> PathBuf {
        let beside = self.archive.parent().unwrap_or(Path::new("")).join("errors.jsonl");
        self.errors.clone().unwrap_or(beside)
    }
}

/// What the reader tells the writer.
enum Message {
    Article { origin: String, article: Box<Prepared> },
    Known { origin: String },
    Problem(Problem),
}

/// What is in the archive already.
struct Known {
    archive: Mutex<Archive>,
    send: SyncSender<Message>,
}

/// An article that is read if it is not in the archive yet.
struct Fresh<'k> {
    draft: Draft,
    known: &'k Known,
}

impl Job for Fresh<'_> {
    fn size(&self) -> usize {
        self.draft.size()
    }

    fn step(self) -> Option<Step> {
        let step = self.draft.finish();
        let Ok(article) = &step else { return Some(step) };
        let meta = article.document.meta();
        let identity = Identity::of_text(
            article.document.text(),
            meta.outlet.as_deref(),
            meta.url.as_deref(),
            meta.key.as_deref(),
        );
        let archive = self.known.archive.lock().unwrap_or_else(PoisonError::into_inner);
        // What cannot be asked here the writer will meet, and say.
        if !archive.holds(identity).unwrap_or(false) {
            return Some(step);
        }
        let origin = article.origin.clone();
        // A writer that is gone says why itself.
        let _ = self.known.send.send(Message::Known { origin });
        None
    }
}

fn pass(
    send: &SyncSender<Message>,
    origin: &str,
    outcome: Result<Prepared, Problem>,
) -> Result<()> {
    let message = match outcome {
        Ok(article) => {
            Message::Article { origin: origin.to_owned(), article: Box::new(article) }
        }
        Err(problem) => Message::Problem(problem),
    };
    send.send(message).map_err(|_| anyhow!("the archive could not be written"))
}

/// Writes what comes, batch after batch, until nothing comes any more.
fn write(
    writer: &mut Writer,
    receive: &Receiver<Message>,
    report: &mut Report,
) -> Result<()> {
    let mut open = true;
    while open {
        let (origins, articles) = next_batch(receive, report, &mut open)?;
        if articles.is_empty() {
            continue;
        }
        let added = writer.commit(articles)?;
        for (origin, added) in origins.iter().zip(added) {
            report.one(origin, &added)?;
        }
        report.tick();
    }
    Ok(())
}

/// Articles up to a batch, or as many as come before the writer would idle for long.
fn next_batch(
    receive: &Receiver<Message>,
    report: &mut Report,
    open: &mut bool,
) -> Result<(Vec<String>, Vec<Prepared>)> {
    let (mut origins, mut articles) = (Vec::new(), Vec::new());
    let mut bytes = 0;
    let deadline = Instant::now() + WAIT;
    while articles.len() < BATCH && bytes < BATCH_BYTES {
        let left = deadline.saturating_duration_since(Instant::now());
        match receive.recv_timeout(left.max(Duration::from_millis(1))) {
            Ok(Message::Article { origin, article }) => {
                bytes += article.text_bytes();
                origins.push(origin);
                articles.push(*article);
            }
            Ok(Message::Known { origin }) => report.one(&origin, &Added::Known)?,
            Ok(Message::Problem(problem)) => report.problem(&problem)?,
            Err(RecvTimeoutError::Timeout) => break,
            Err(RecvTimeoutError::Disconnected) => {
                *open = false;
                break;
            }
        }
    }
    Ok((origins, articles))
}

/// Counts what became of the articles, and says so.
struct Report {
    added: u64,
    copies: u64,
    known: u64,
    failed: u64,
    json: bool,
    path: PathBuf,
    errors: Option<File>,
    bar: ProgressBar,
    begun: Instant,
}

impl Report {
    fn new(json: bool, path: PathBuf) -> Report {
        let bar = ProgressBar::no_length();
        let style = ProgressStyle::with_template("{spinner} {msg}");
        bar.set_style(style.expect("the template is well formed"));
        Report {
            added: 0,
            copies: 0,
            known: 0,
            failed: 0,
            json,
            path,
            errors: None,
            bar,
            begun: Instant::now(),
        }
    }

    /// Acknowledges an article: it is in the archive, or cannot be.
    fn one(&mut self, origin: &str, added: &Added) -> Result<()> {
        let line = match added {
            Added::New { reference, copy_of } => {
                self.added += 1;
                self.copies += u64::from(copy_of.is_some());
                let copy_of = copy_of.as_ref().map(ToString::to_string);
                let reference = reference.to_string();
                json!({"origin": origin, "state": "added", "ref": reference, "copy_of": copy_of})
            }
            Added::Known => {
                self.known += 1;
                json!({"origin": origin, "state": "known"})
            }
            Added::Refused(reason) => {
                let origin = origin.to_owned();
                return self.problem(&Problem { origin, message: reason.clone() });
            }
        };
        self.line(&line)
    }

    fn problem(&mut self, problem: &Problem) -> Result<()> {
        self.failed += 1;
        let (file, line) = place_of(&problem.origin);
        let (file, record) = record_of(file);
        let fault = json!({"file": file, "line": line, "record": record, "reason": problem.message});
        let path = &self.path;
        let context = || format!("{} cannot be written", path.display());
        let file = match &mut self.errors {
            Some(file) => file,
            none => none.insert(File::create(path).with_context(context)?),
        };
        writeln!(file, "{fault}").with_context(context)?;
        let shown = show::problem(&problem.origin, &problem.message);
        self.bar.suspend(|| anstream::eprintln!("{shown}"));
        self.line(
            &json!({"origin": problem.origin, "state": "failed", "reason": problem.message}),
        )
    }

    fn line(&self, line: &serde_json::Value) -> Result<()> {
        if self.json {
            self.bar.suspend(|| writeln!(io::stdout(), "{line}"))?;
        }
        Ok(())
    }

    fn tick(&self) {
        self.bar.set_message(self.counts());
        self.bar.tick();
    }

    fn counts(&self) -> String {
        let rate = self.added as f64 / self.begun.elapsed().as_secs_f64().max(0.001);
        format!(
            "{} articles added, {rate:.0}/s · {} of them copies · {} known · {} failed",
            HumanCount(self.added),
            HumanCount(self.copies),
            HumanCount(self.known),
            HumanCount(self.failed),
        )
    }

    fn done(&mut self, whole: bool) -> Result<()> {
        self.bar.finish_and_clear();
        if let Some(file) = &mut self.errors {
            file.flush()?;
        }
        let errors = match self.failed {
            0 => String::new(),
            _ => format!(", see {}", self.path.display()),
        };
        let quiet = self.json && !io::stderr().is_terminal() && whole;
        if !quiet {
            let took = HumanDuration(self.begun.elapsed());
            anstream::eprintln!("{}{errors} · {took}", self.counts());
        }
        Ok(())
    }
}

/// The file of an origin, and its line if it has one.
fn place_of(origin: &str) -> (&str, Option<u64>) {
    // The colon of an address is none of ours.
    if origin.contains("://") {
        return (origin, None);
    }
    let parts = origin.rsplit_once(':');
    match parts.and_then(|(file, line)| Some((file, line.parse().ok()?))) {
        Some((file, line)) => (file, Some(line)),
        None => (origin, None),
    }
}

/// The file of an origin, and the record or item in it if it names one: `crawl.warc.gz#12 https://…`.
fn record_of(origin: &str) -> (&str, Option<u64>) {
    let record = origin.match_indices('#').find_map(|(at, _)| {
        let number = origin[at + 1..].split(' ').next()?;
        Some((&origin[..at], Some(number.parse().ok()?)))
    });
    record.unwrap_or((origin, None))
}
