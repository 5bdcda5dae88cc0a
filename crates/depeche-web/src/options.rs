//! What may be asked of a server?

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use depeche::{Document, Languages, Meta};

/// Tells date and time in UTC: `2025-02-18T13:05:00Z`.
pub type Clock = Arc<dyn Fn() -> String + Send + Sync>;
/// Takes a line about a request.
pub type Log = Arc<dyn Fn(&str) + Send + Sync>;

/// Takes the article out of a page of HTML, given what is known of it; or says why it cannot.
pub type Pages = Arc<dyn Fn(&[u8], Meta) -> Result<Document, String> + Send + Sync>;

/// How a server is set up.
#[derive(Clone)]
pub struct Options {
    /// The archive; none for a server that only reads what it is sent.
    pub archive: Option<PathBuf>,
    /// Where to listen.
    pub host: IpAddr,
    /// On which port; 0 takes one that is free.
    pub port: u16,
    /// What a caller must know. Needed for every address but the machine's own.
    pub token: Option<String>,
    /// Refuse to write.
    pub read_only: bool,
    /// Who decides, when a correction does not say.
    pub author: String,
    /// What time it is.
    pub clock: Clock,
    /// The languages that are read.
    pub languages: &'static Languages,
    /// The options that records say they were made with.
    pub reading: String,
    /// What takes articles out of pages of HTML; without it they are refused.
    pub pages: Option<Pages>,
    /// Where lines about requests go, if anywhere.
    pub log: Option<Log>,
    /// How much at most.
    pub limits: Limits,
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The token is a secret.
        f.debug_struct("Options")
            .field("archive", &self.archive)
            .field("host", &self.host)
            .field("port", &self.port)
            .field("read_only", &self.read_only)
            .finish_non_exhaustive()
    }
}

impl Options {
    /// A server of this machine alone, without an archive.
    pub fn new(languages: &'static Languages, clock: Clock) -> Options {
        Options {
            archive: None,
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 7700,
            token: None,
            read_only: false,
            author: "unknown".into(),
            clock,
            languages,
            reading: String::new(),
            pages: None,
            log: None,
            limits: Limits::default(),
        }
    }
}

/// How much a server takes on.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a body, as sent and unpacked.
    pub body: usize,
    /// Bytes of one article that is read while somebody waits.
    pub article: usize,
    /// From the head of a request to its answer.
    pub answer: Duration,
    /// From the start of a connection, or the last answer, to the head of the next request.
    pub head: Duration,
    /// For which a caller may leave an answer unread.
    pub unread: Duration,
    /// For open requests when the server is told to stop.
    pub farewell: Duration,
    /// Connections that are open at once.
    pub connections: usize,
    /// Requests that are answered at once; those beyond are told to come again.
    pub requests: usize,
    /// Questions to the archive that are answered at once; others wait.
    pub readers: usize,
    /// Articles that are read at once; others wait.
    pub engines: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Limits {
            body: 16 << 20,
            article: 512 << 10,
            answer: Duration::from_secs(30),
            head: Duration::from_secs(10),
            unread: Duration::from_secs(30),
            farewell: Duration::from_secs(5),
            connections: 2048,
            requests: 256,
            readers: 2 * cores,
            engines: cores,
        }
    }
}
