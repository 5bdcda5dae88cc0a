//! `depeche serve`: an archive in the browser and for programs; `--get` answers one path.

use std::ffi::OsString;
use std::io::{self, Write};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use clap::Args;
use depeche::{Document, Languages, Meta};
use depeche_formats::read;
use depeche_web::Options;

use crate::flags::About;
use crate::{Outcome, archive, engine};

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Serve {
    /// The archive; none for a server that only reads what it is sent
    #[arg(value_name = "ARCHIVE")]
    archive: Option<PathBuf>,
    /// The port; 0 takes one that is free
    #[arg(short, long, value_name = "N", default_value_t = PORT)]
    port: u16,
    /// The address to listen on. Any but this machine's own needs a token
    #[arg(long, value_name = "IP", default_value = "127.0.0.1")]
    host: IpAddr,
    /// What callers must know: `Authorization: Bearer TOKEN`, or ?token=TOKEN in a browser
    ///
    /// Better in the variable `DEPECHE_TOKEN`: the arguments of a command can be seen by others.
    #[arg(long, value_name = "TOKEN")]
    token: Option<String>,
    /// Refuse corrections
    #[arg(long)]
    read_only: bool,
    /// Who decides, when a correction does not say [default: the user of this machine]
    #[arg(long, value_name = "NAME")]
    author: Option<String>,
    /// Open it in the browser
    #[arg(short, long)]
    open: bool,
    /// Say nothing about requests
    #[arg(short, long)]
    quiet: bool,
    /// Print what the server would answer to a path, and start none
    #[arg(long, value_name = "PATH", conflicts_with = "open")]
    get: Option<String>,
}

const EXAMPLES: &str = "\
`depeche ARCHIVE.depeche` means `depeche serve ARCHIVE.depeche`.

Examples:
  depeche ukraine.depeche -o
  depeche serve ukraine.depeche --port 8000 --read-only
  depeche serve                                      no archive: reads what it is sent
  depeche --get '/v1/statements.csv?who=RUS' ukraine.depeche
  DEPECHE_TOKEN=… depeche serve ukraine.depeche --host 0.0.0.0";

/// The usual port.
const PORT: u16 = 7700;

/// The ending of an archive's name.
const ENDING: &str = ".depeche";

/// Puts in the verb that is meant when the arguments name an archive and no verb.
pub(crate) fn with_verb(mut arguments: Vec<OsString>, verbs: &[String]) -> Vec<OsString> {
    let rest = arguments.get(1..).unwrap_or_default();
    let is_verb = |a: &OsString| verbs.iter().any(|verb| *a == **verb);
    let is_archive = |a: &OsString| a.to_string_lossy().ends_with(ENDING);
    let first_word = rest.iter().find(|a| !a.to_string_lossy().starts_with('-'));
    let asks = rest.first().is_some_and(|a| a == "--get");
    if (first_word.is_some_and(is_archive) || asks) && !rest.iter().any(is_verb) {
        arguments.insert(1, "serve".into());
    }
    arguments
}

impl Serve {
    /// A server of an archive as it is when nothing else is asked for.
    pub(crate) fn of(archive: PathBuf, open: bool) -> Serve {
        Serve {
            archive: Some(archive),
            port: PORT,
            host: IpAddr::from([127, 0, 0, 1]),
            token: None,
            read_only: false,
            author: None,
            open,
            quiet: true,
            get: None,
        }
    }

    pub(crate) fn run(self) -> Result<Outcome> {
        let languages: &'static Languages = Box::leak(Box::new(Languages::shipped()));
        let mut options = options(languages, self.archive);
        options.host = self.host;
        options.port = self.port;
        options.token = self.token.or_else(|| std::env::var("DEPECHE_TOKEN").ok());
        options.read_only = self.read_only;
        if let Some(author) = self.author {
            options.author = author;
        }
        if let Some(path) = &self.get {
            return get(options, path);
        }
        if !self.quiet {
            options.log = Some(Arc::new(|line| anstream::eprintln!("{line}")));
        }
        // A token is asked for in the browser once.
        let token = options.token.clone();
        depeche_web::serve(options, |address| {
            anstream::println!("http://{}", reachable(address));
            let _ = io::stdout().flush();
            if self.open {
                let query = token.map_or_else(String::new, |t| format!("?token={t}"));
                browse(&format!("http://{}/{query}", reachable(address)));
            }
        })?;
        Ok(Outcome::Whole)
    }
}

/// What a server is told by this command: the clock, the user, the options of reading.
pub(crate) fn options(
    languages: &'static Languages,
    archive: Option<PathBuf>,
) -> Options {
    let mut options = Options::new(languages, Arc::new(archive::now));
    options.archive = archive;
    options.author = archive::user();
    options.reading = engine::options(&About::default());
    options.pages = Some(Arc::new(page));
    options
}

/// The article of a page of HTML.
fn page(bytes: &[u8], defaults: Meta) -> std::result::Result<Document, String> {
    let options = read::Options { defaults, format: read::format("html") };
    let mut articles = read::bytes(bytes.to_vec(), "the page", &options);
    let draft = articles.next().ok_or("the page has no article")?;
    match draft.finish() {
        Ok(article) => Ok(article.document),
        Err(problem) => Err(problem.message),
    }
}

/// An address that a browser of this machine can open.
fn reachable(address: SocketAddr) -> SocketAddr {
    match address.ip().is_unspecified() {
        true => SocketAddr::new(IpAddr::from([127, 0, 0, 1]), address.port()),
        false => address,
    }
}

fn get(options: Options, path: &str) -> Result<Outcome> {
    let shown = options.archive.as_ref().map(|a| a.display().to_string());
    let answer = depeche_web::get(options, path);
    let answer = answer.with_context(|| shown.unwrap_or_else(|| "no archive".into()))?;
    if !answer.status.is_success() {
        bail!("{}: {}", answer.status, String::from_utf8_lossy(&answer.body));
    }
    let mut out = io::stdout().lock();
    out.write_all(&answer.body)?;
    if !answer.body.ends_with(b"\n") {
        out.write_all(b"\n")?;
    }
    Ok(Outcome::Whole)
}

/// Opens an address in the user's browser. Should there be none, its address was printed.
fn browse(address: &str) {
    let (program, arguments): (&str, &[&str]) = match std::env::consts::OS {
        "macos" => ("open", &[]),
        "windows" => ("cmd", &["/C", "start", ""]),
        _ => ("xdg-open", &[]),
    };
    let mut command = Command::new(program);
    command.args(arguments).arg(address);
    let _ =
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
}

#[derive(Args, Debug)]
#[command(after_help = MCP_EXAMPLES)]
pub(crate) struct Mcp {
    /// The archive
    #[arg(value_name = "ARCHIVE")]
    archive: PathBuf,
}

const MCP_EXAMPLES: &str = "\
Tools: search, evidence, check_quotation, positions. Nothing is written to the archive.

In the settings of an assistant:
  {\"mcpServers\": {\"press\": {\"command\": \"depeche\", \"args\": [\"mcp\", \"/path/ukraine.depeche\"]}}}";

impl Mcp {
    pub(crate) fn run(self) -> Result<Outcome> {
        let languages: &'static Languages = Box::leak(Box::new(Languages::shipped()));
        let shown = self.archive.display().to_string();
        let mut options = options(languages, Some(self.archive));
        options.read_only = true;
        depeche_web::mcp(options).context(shown)?;
        Ok(Outcome::Whole)
    }
}

/// `depeche openapi`: the description of the API.
pub(crate) fn openapi() -> Result<Outcome> {
    let mut out = io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &depeche_web::openapi())
        .map_err(io::Error::from)?;
    out.write_all(b"\n")?;
    Ok(Outcome::Whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_alone_is_served() {
        let verbs = ["serve".to_owned(), "read".to_owned()];
        let with = |line: &str| {
            let arguments = line.split(' ').map(OsString::from).collect();
            with_verb(arguments, &verbs)
                .join(" ".as_ref())
                .into_string()
                .expect("it is text")
        };
        assert_eq!(with("depeche a.depeche -o"), "depeche serve a.depeche -o");
        assert_eq!(with("depeche -o a.depeche"), "depeche serve -o a.depeche");
        assert_eq!(
            with("depeche --get /v1 a.depeche"),
            "depeche serve --get /v1 a.depeche"
        );
        assert_eq!(with("depeche serve a.depeche"), "depeche serve a.depeche");
        assert_eq!(with("depeche read a.txt"), "depeche read a.txt");
        assert_eq!(with("depeche --version"), "depeche --version");
    }
}
