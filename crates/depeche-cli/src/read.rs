//! `depeche read`: articles in, records out.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use indicatif::{HumanCount, ProgressBar, ProgressStyle};

use depeche::{Languages, Record};
use depeche_formats::write::FORMATS;

use crate::engine::{Engine, languages};
use crate::export::{self, Exporter, into_folder};
use crate::flags::Read;
use crate::{Outcome, input, show};

/// A record with one of these warnings needs somebody's attention.
const SERIOUS: &[&str] = &["language-not-supported", "unreadable-publication-date"];
/// Why reading stops when nothing can be written any more.
const STOPPED: &str = "the export cannot be written";
/// A run that is over sooner needs no progress bar.
const SHORT: Duration = Duration::from_millis(400);

impl Read {
    pub(crate) fn run(self) -> Result<Outcome> {
        let to_people = self.table || !self.json && io::stdout().is_terminal();
        if self.paths.is_empty() && io::stdin().is_terminal() {
            anstream::eprintln!(
                "Paste an article, then press Ctrl-D on a line of its own."
            );
        }
        // Whoever ends with the process need not tidy up: freeing every word takes a while.
        let languages: &'static Languages = Box::leak(Box::new(languages(&self.about)?));
        // The likely language is made ready here: memory comes cheaper to the main thread.
        let likely = self.about.lang.as_deref().or_else(|| languages.codes().next());
        likely.and_then(|code| languages.get(code));
        let engine = Engine::new(languages, &self.about, self.threads);
        let articles = input::articles(&self.paths, &self.about);
        let progress = Progress::new();
        let mut tally = Tally::default();
        let width = show::width();
        let exporter = match &self.out {
            Some(folder) => {
                let format = self.to.unwrap_or(&FORMATS[0]);
                Some(Exporter::start(into_folder(format, folder)?))
            }
            None => None,
        };
        let exports = exporter.is_some();
        // Made where the article is read, so that articles are written side by side too.
        let render = |record: Record| {
            let warnings = record.warnings.clone();
            let made = if exports {
                Made::Record(Box::new(record))
            } else if to_people {
                Made::Line(show::record(&record, width))
            } else {
                let line = serde_json::to_string(&record);
                Made::Line(line.expect("a record is plain data"))
            };
            (warnings, made)
        };
        let mut out = Output::new(to_people);
        let read = engine.run(articles, render, |origin, outcome| {
            match outcome {
                Ok((warnings, made)) => {
                    tally.read += 1;
                    for warning in &warnings {
                        if SERIOUS.contains(&warning.code.as_str()) {
                            tally.problems += 1;
                            progress.say(&show::problem(origin, &warning.text));
                        }
                    }
                    match made {
                        Made::Line(line) => out.line(&line, &progress)?,
                        Made::Record(record) => {
                            let taken = exporter.as_ref().map(|e| e.add(*record, None));
                            // What keeps it from being written is told at the end.
                            if taken == Some(false) {
                                bail!(STOPPED);
                            }
                        }
                    }
                }
                Err(problem) => {
                    tally.problems += 1;
                    progress.say(&show::problem(&problem.origin, &problem.message));
                }
            }
            progress.at(&tally);
            Ok(())
        });
        progress.done();
        if let (Some(exporter), Some(folder)) = (exporter, &self.out) {
            let shown = || folder.display().to_string();
            export::report(exporter.finish().with_context(shown)?, folder);
        }
        read?;
        out.flush()?;
        tally.report();
        Ok(if tally.problems == 0 { Outcome::Whole } else { Outcome::Partial })
    }
}

/// What is made of a record.
enum Made {
    /// What is shown of it.
    Line(String),
    /// Itself, to be exported.
    Record(Box<Record>),
}

/// How many articles were read, and how many gave trouble.
#[derive(Debug, Default)]
struct Tally {
    read: u64,
    problems: u64,
}

impl Tally {
    /// Tells a person how it went, when one article and its output do not say it all.
    fn report(&self) {
        if self.problems > 0 && self.read + self.problems > 1 {
            let (read, problems) = (HumanCount(self.read), HumanCount(self.problems));
            anstream::eprintln!("{read} articles read, {problems} with problems");
        }
    }
}

/// Where records go: coloured for people, plain for programs.
enum Output {
    People(anstream::AutoStream<io::Stdout>),
    Programs(io::BufWriter<io::Stdout>),
}

impl Output {
    fn new(to_people: bool) -> Output {
        if to_people {
            Output::People(anstream::AutoStream::auto(io::stdout()))
        } else {
            Output::Programs(io::BufWriter::with_capacity(1 << 16, io::stdout()))
        }
    }

    fn line(&mut self, text: &str, progress: &Progress) -> io::Result<()> {
        match self {
            Output::People(out) => progress.aside(|| writeln!(out, "{text}")),
            // Whoever waits at the other end has it at once.
            Output::Programs(out) => writeln!(out, "{text}").and_then(|()| out.flush()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Output::People(out) => out.flush(),
            Output::Programs(out) => out.flush(),
        }
    }
}

/// A line on stderr that says how far a long run is. It shows on a terminal only.
struct Progress {
    bar: ProgressBar,
    begun: Instant,
}

impl Progress {
    fn new() -> Progress {
        let bar = ProgressBar::no_length();
        let style = ProgressStyle::with_template(
            "{spinner} {human_pos} articles, {per_sec}{msg}",
        )
        .expect("the template is well formed");
        bar.set_style(style);
        Progress { bar, begun: Instant::now() }
    }

    fn at(&self, tally: &Tally) {
        if self.begun.elapsed() < SHORT {
            return;
        }
        if tally.problems > 0 {
            self.bar
                .set_message(format!(", {} with problems", HumanCount(tally.problems)));
        }
        self.bar.set_position(tally.read + tally.problems);
    }

    fn say(&self, text: &str) {
        self.bar.suspend(|| anstream::eprintln!("{text}"));
    }

    fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bar.suspend(print)
    }

    fn done(&self) {
        self.bar.finish_and_clear();
    }
}
