//! Commands on an archive: one file a command.

mod actor;
mod actors;
mod add;
mod check;
mod check_quote;
mod correct;
mod events;
mod export;
mod filter;
mod output;
mod positions;
mod refresh;
mod search;
mod show;
mod signed;
mod statements;
mod timeline;

use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context, Result};
use depeche_archive::Archive;

pub(crate) use actor::Actor;
pub(crate) use actors::Actors;
pub(crate) use add::Add;
pub(crate) use check::Check;
pub(crate) use check_quote::CheckQuote;
pub(crate) use correct::{Correct, Corrections};
pub(crate) use events::Events;
pub(crate) use export::Export;
pub(crate) use positions::Positions;
pub(crate) use refresh::Refresh;
pub(crate) use search::Search;
pub(crate) use show::Show;
pub(crate) use statements::Statements;
pub(crate) use timeline::Timeline;

/// Opens an archive for reading.
fn open(path: &Path) -> Result<Archive> {
    Archive::open(path).with_context(|| path.display().to_string())
}

/// Date and time now, in UTC: `2025-02-18T13:05:00Z`.
pub(crate) fn now() -> String {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let seconds = since.map_or(0, |s| s.as_secs()).try_into().unwrap_or(0);
    jiff::Timestamp::from_second(seconds)
        .map_or_else(|_| String::new(), |t| t.to_string())
}

/// Who uses this machine.
pub(crate) fn user() -> String {
    let user = std::env::var("USER").or_else(|_| std::env::var("USERNAME"));
    user.unwrap_or_else(|_| "unknown".into())
}
