//! `depeche refresh`: every article read again by the present engine, and what that changes.

use std::path::PathBuf;
use std::sync::mpsc::sync_channel;
use std::thread;

use anyhow::{Context, Result, anyhow};
use clap::Args;
use depeche::record::Warning;
use depeche::text::{Note, Wire};
use depeche::{Document, Languages, Meta};
use depeche_archive::{Archive, Reread, Writer};
use indicatif::HumanCount;
use serde_json::json;

use super::output::one_line;
use crate::engine::{Engine, languages};
use crate::flags::{About, Chosen};
use crate::input::{Article, Problem, Step};
use crate::{Outcome, show};

/// So many articles wait between archive, readers and writer.
const WAITING: usize = 64;

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Refresh {
    /// The archive
    #[arg(value_name = "ARCHIVE")]
    archive: PathBuf,
    /// Folder of your own rules, read beside the built-in ones
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// Only count what changed
    #[arg(short, long)]
    quiet: bool,
    /// One JSON object for each article that changed
    #[arg(long, conflicts_with = "quiet")]
    json: bool,
    /// How many articles to read side by side [default: one a core]
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
}

const EXAMPLES: &str = "\
Corrections and decisions hold: they are put over the new reading, as over the old one. A run that
was cut off can be started again.

Examples:
  depeche refresh ukraine.depeche
  depeche refresh ukraine.depeche --rules mine/ --quiet";

impl Refresh {
    pub(crate) fn run(self) -> Result<Outcome> {
        let shown = self.archive.display().to_string();
        let archive = super::open(&self.archive)?;
        let mut writer = Writer::open(&self.archive).with_context(|| shown.clone())?;
        let about = About {
            date: None,
            outlet: None,
            lang: None,
            rules: self.rules.clone(),
            format: Chosen::default(),
        };
        let languages: &'static Languages = Box::leak(Box::new(languages(&about)?));
        depeche_web::teach(&mut writer, languages).with_context(|| shown.clone())?;
        let engine = Engine::new(languages, &about, self.threads);
        let packer = writer.packer();
        let begun = super::now();
        let mut tally = [0_u64; 4];
        thread::scope(|scope| -> Result<()> {
            let (send, receive) = sync_channel::<Step>(WAITING);
            // The archive stays with one thread; its articles go to the readers by a channel.
            let reading =
                scope.spawn(move || feed(&archive, &|step| send.send(step).is_ok()));
            let read = engine.run(
                receive.into_iter(),
                |record| packer.prepare(record),
                |origin, outcome| {
                    match outcome {
                        Ok(article) => {
                            tally[0] += 1;
                            if let Some(reread) = writer.reread(&article)? {
                                let same =
                                    reread.gone.is_empty() && reread.new.is_empty();
                                tally[1] += u64::from(!same);
                                tally[2] += reread.gone.len() as u64;
                                tally[3] += reread.new.len() as u64;
                                self.tell(origin, &reread);
                            }
                        }
                        Err(Problem { origin, message }) => {
                            anstream::eprintln!("{}", show::problem(&origin, &message));
                        }
                    }
                    Ok(())
                },
            );
            let fed = reading
                .join()
                .map_err(|_| anyhow!("reading the archive broke: a bug"))?;
            read.and(fed)
        })
        .with_context(|| shown.clone())?;
        let [read, changed, gone, new] = tally;
        writer.note_session(
            "refresh",
            &begun,
            &super::now(),
            [changed, read - changed, 0, 0],
        )?;
        writer.finish().with_context(|| shown)?;
        anstream::println!(
            "{} articles read again, {} changed: {} statements, events and positions gone, {} new",
            HumanCount(read),
            HumanCount(changed),
            HumanCount(gone),
            HumanCount(new)
        );
        Ok(Outcome::Whole)
    }

    fn tell(&self, origin: &str, reread: &Reread) {
        if self.json {
            anstream::println!(
                "{}",
                json!({"ref": origin, "gone": reread.gone, "new": reread.new})
            );
        } else if !(self.quiet || reread.gone.is_empty() && reread.new.is_empty()) {
            anstream::println!("{origin}");
            for (sign, items) in [('-', &reread.gone), ('+', &reread.new)] {
                for (kind, words) in items {
                    anstream::println!("  {sign} {kind} {}", one_line(words, 160));
                }
            }
        }
    }
}

/// Hands on every article of an archive as a document, until nobody wants more.
fn feed(archive: &Archive, hand_on: &dyn Fn(Step) -> bool) -> Result<()> {
    archive.each_record(|reference, record| {
        let a = record.article;
        let origin = reference.to_string();
        let meta = Meta {
            key: a.key,
            title: a.title,
            published: a.published,
            outlet: a.outlet,
            url: a.url,
            rights: a.rights,
            lang: Some(a.lang),
            byline: a.byline,
            wire: a.wire.map(wire).unwrap_or_default(),
            notes: record.warnings.into_iter().filter_map(note).collect(),
        };
        let step = match Document::new(a.text, meta) {
            Ok(document) => Ok(Article { origin, document }),
            Err(error) => Err(Problem { origin, message: error.to_string() }),
        };
        hand_on(step)
    })?;
    Ok(())
}

/// How a wire service marked the article, as documents hold it.
fn wire(wire: depeche::record::Wire) -> Wire {
    Wire {
        slug: wire.slug,
        version: wire.version,
        versioned: wire.versioned,
        urgency: wire.urgency,
        status: wire.status,
        embargo: wire.embargo,
        dateline: wire.dateline,
        editorial: wire.editorial,
    }
}

/// A remark on the input, which a new reading of the text could not make again.
fn note(warning: Warning) -> Option<Note> {
    let of_input = warning.code.starts_with(Note::PREFIX);
    of_input.then_some(Note { code: warning.code, text: warning.text })
}
