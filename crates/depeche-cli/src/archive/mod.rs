//! Commands on an archive: one file a command.

mod add;

use std::time::SystemTime;

pub(crate) use add::Add;

/// Date and time now, in UTC: `2025-02-18T13:05:00Z`.
fn now() -> String {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let seconds = since.map_or(0, |s| s.as_secs()).try_into().unwrap_or(0);
    jiff::Timestamp::from_second(seconds)
        .map_or_else(|_| String::new(), |t| t.to_string())
}
