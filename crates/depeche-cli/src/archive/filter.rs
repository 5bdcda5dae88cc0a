//! What may be asked of statements, events and positions alike.

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args;
use depeche_archive::{Archive, Day, Filter, Who};

use super::output::Form;

#[derive(Args, Clone, Debug)]
pub(crate) struct Asked {
    /// The archive
    #[arg(value_name = "ARCHIVE")]
    pub(crate) archive: PathBuf,
    /// Words, by their stems, accents or not; "…" or « … » for words exactly as they stand
    #[arg(value_name = "WORDS")]
    pub(crate) words: Vec<String>,
    /// Who speaks, acts or holds the position: a name, a Wikidata id, or the ISO code of a
    /// country for its state and all who belong to it (RUS)
    #[arg(long, value_name = "ACTOR")]
    pub(crate) who: Option<String>,
    /// Only from that day on: 2025-02-18, 2025-02, 2025, or any EDTF
    ///
    /// The day on which something was said or done, where the text tells it, and that of
    /// publication otherwise. What may lie on both sides is kept.
    #[arg(long, value_name = "EDTF")]
    pub(crate) since: Option<String>,
    /// Only up to that day
    #[arg(long, value_name = "EDTF")]
    pub(crate) until: Option<String>,
    /// Only what is sure: events that certainly are or are not; statements of a confidence of
    /// 80 % and more, positions of 70 %
    #[arg(long)]
    pub(crate) certain: bool,
    /// Only from outlets whose name has these letters
    #[arg(long, value_name = "NAME")]
    pub(crate) outlet: Option<String>,
    /// Also show what only copies of a dispatch say again
    #[arg(long)]
    pub(crate) copies: bool,
    /// How many to show
    #[arg(short = 'n', long, value_name = "N", default_value_t = 25)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) form: Form,
}

impl Asked {
    /// The filter, without what only some commands know.
    pub(crate) fn filter(&self, archive: &Archive) -> Result<Filter> {
        let words = self.words.join(" ");
        Ok(Filter {
            words: (!words.trim().is_empty()).then_some(words),
            who: who(archive, self.who.as_deref())?,
            since: day(self.since.as_deref(), "--since", |(first, _)| first)?,
            until: day(self.until.as_deref(), "--until", |(_, last)| last)?,
            certain: self.certain,
            outlet: self.outlet.clone(),
            copies: self.copies,
            limit: self.limit,
            ..Filter::default()
        })
    }
}

/// The actors of a name; says on stderr whom it was taken for, when it may be several.
pub(crate) fn who(archive: &Archive, name: Option<&str>) -> Result<Option<Who>> {
    let Some(name) = name else { return Ok(None) };
    let who = archive.who(name)?;
    if who.count > 1 {
        let shown = who.names.iter().take(6).cloned().collect::<Vec<_>>().join(", ");
        let more = if who.count > 6 { ", …" } else { "" };
        anstream::eprintln!("{name}: {} actors: {shown}{more}", who.count);
    }
    Ok(Some(who))
}

fn day(
    edtf: Option<&str>,
    flag: &str,
    end: impl Fn((Option<Day>, Option<Day>)) -> Option<Day>,
) -> Result<Option<Day>> {
    let Some(edtf) = edtf else { return Ok(None) };
    match end(Day::bounds(edtf)) {
        Some(day) => Ok(Some(day)),
        None => bail!(
            "{flag} {edtf}: no date in EDTF with that end; write 2025-02-18, 2025-02 or 2025"
        ),
    }
}
