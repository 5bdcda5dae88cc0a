//! How does an assistant cite instead of inventing? The archive as tools of the Model Context
//! Protocol: find statements, open evidence, check a quotation, see who stands where.

use depeche_archive::{Archive, Reference};
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{CallToolResult, Implementation, ServerCapabilities, ServerConfig};
use rmcp::{ServerHandler, ServiceExt, tool, tool_handler, tool_router};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};

use crate::Error;
use crate::api::evidence;
use crate::api::quote::Checked;
use crate::api::shape::{Event, Position, Statement};
use crate::error::Problem;
use crate::options::Options;
use crate::query::Query;
use crate::state::App;

/// Answers on standard input and output, until the other side ends.
///
/// # Errors
///
/// When the archive cannot be opened.
pub fn mcp(options: Options) -> Result<(), Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let app = App::new(options)?;
        speak(&app, tokio::io::stdin(), tokio::io::stdout()).await
    })
}

/// Answers what comes in, until it ends.
///
/// # Errors
///
/// When the other side does not speak the protocol.
pub async fn speak(
    app: &App,
    input: impl AsyncRead + Send + Unpin + 'static,
    output: impl AsyncWrite + Send + Unpin + 'static,
) -> Result<(), Error> {
    let running = Tools { app: app.clone() }.serve((input, output)).await;
    let running = running.map_err(|e| std::io::Error::other(e.to_string()))?;
    running.waiting().await.map_err(|e| std::io::Error::other(e.to_string()))?;
    Ok(())
}

/// The tools.
#[derive(Clone, Debug)]
struct Tools {
    app: App,
}

/// What an assistant is told first.
const INSTRUCTIONS: &str = "An archive of press articles, read into statements with their \
    speakers, events and positions. Cite with the `ref` of a hit: `evidence` opens it and gives \
    the words as they stand in the article. Never quote words that no tool has returned; check a \
    quotation with `check_quotation` first, and say so when it is only partial, altered or not \
    found.";

/// What to look for.
#[derive(Debug, Deserialize, JsonSchema)]
struct Search {
    /// Words, by their stems; words in quotation marks exactly as they stand.
    words: Option<String>,
    /// Who speaks or acts: a name, a Wikidata id, or the ISO code of a country.
    who: Option<String>,
    /// Of whom it is spoken. For statements only.
    about: Option<String>,
    /// `statements` (as long as nothing is said) or `events`.
    kind: Option<Kind>,
    /// Only from that day on: 2025-02-18, 2025-02 or 2025.
    since: Option<String>,
    /// Only up to that day.
    until: Option<String>,
    /// How many, 20 as long as nothing is said, at most 100.
    limit: Option<usize>,
}

/// What is looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Kind {
    #[default]
    Statements,
    Events,
}

/// What to open.
#[derive(Debug, Deserialize, JsonSchema)]
struct Open {
    /// The `ref` of a hit: 3fa94c0b21d7:120-186.
    #[serde(rename = "ref")]
    reference: String,
}

/// What to check.
#[derive(Debug, Deserialize, JsonSchema)]
struct Quotation {
    /// The words, as somebody quotes them.
    words: String,
}

/// Whose positions, on what.
#[derive(Debug, Deserialize, JsonSchema)]
struct Stands {
    /// Who holds them: a name, a Wikidata id, or the ISO code of a country.
    who: Option<String>,
    /// A part of the key of an issue, or words of the object.
    issue: Option<String>,
    /// Only from that day on.
    since: Option<String>,
    /// Only up to that day.
    until: Option<String>,
    /// How many, 20 as long as nothing is said, at most 100.
    limit: Option<usize>,
}

const USUAL: usize = 20;
const MOST: usize = 100;
/// So many statements are shown for a quotation.
const QUOTED: usize = 5;

fn how_many(limit: Option<usize>) -> Option<usize> {
    Some(limit.unwrap_or(USUAL).clamp(1, MOST))
}

#[tool_router]
impl Tools {
    /// Finds statements or events, newest first.
    #[tool(
        name = "search",
        description = "Find statements (who said what) or events (who did what to whom), newest \
                       first, each utterance of a dispatch once. Each has a `ref` that opens its \
                       evidence."
    )]
    async fn search(&self, Parameters(asked): Parameters<Search>) -> CallToolResult {
        let query = Query {
            q: asked.words,
            who: asked.who,
            about: asked.about,
            since: asked.since,
            until: asked.until,
            limit: how_many(asked.limit),
            ..Query::default()
        };
        let kind = asked.kind.unwrap_or_default();
        if kind == Kind::Events && query.about.is_some() {
            return told(Err::<Value, _>(Problem::asked(
                "`about` is for statements only",
            )));
        }
        let found = self.app.read(move |archive| {
            let filter = query.filter(archive)?;
            let found = match kind {
                Kind::Statements => hits(archive.statements(&filter)?, Statement::from),
                Kind::Events => hits(archive.events(&filter)?, Event::from),
            };
            Ok(found)
        });
        told(found.await)
    }

    /// Opens the evidence of a hit.
    #[tool(
        name = "evidence",
        description = "Open the `ref` of a hit: the item with its rule and confidence, the actors \
                       that it names, the article, and the paragraph in which its words stand."
    )]
    async fn evidence(&self, Parameters(open): Parameters<Open>) -> CallToolResult {
        let found = self.app.read(move |archive: &Archive| {
            let reference: Reference = open.reference.parse()?;
            evidence::of(archive, &reference)
        });
        told(found.await)
    }

    /// Checks a quotation.
    #[tool(
        name = "check_quotation",
        description = "Did somebody say these words, and in these words? exact, partial (what was \
                       left out is shown), altered (what differs is shown) or not-found; the \
                       earliest article first."
    )]
    async fn check_quotation(
        &self,
        Parameters(asked): Parameters<Quotation>,
    ) -> CallToolResult {
        let found = self
            .app
            .read(move |archive| Ok(Checked::of(archive.quoted(&asked.words, QUOTED)?)));
        told(found.await)
    }

    /// Lists positions.
    #[tool(
        name = "positions",
        description = "Who stands where on an issue (oppose, support, demand, offer, accept, \
                       refuse, doubt, deny, open, condition), newest first, each with a `ref`."
    )]
    async fn positions(&self, Parameters(asked): Parameters<Stands>) -> CallToolResult {
        let query = Query {
            who: asked.who,
            issue: asked.issue,
            since: asked.since,
            until: asked.until,
            limit: how_many(asked.limit),
            ..Query::default()
        };
        let found = self.app.read(move |archive| {
            let filter = query.filter(archive)?;
            Ok(hits(archive.page_of_positions(&filter)?, Position::from))
        });
        told(found.await)
    }
}

#[tool_handler]
impl ServerHandler for Tools {
    fn get_info(&self) -> ServerConfig {
        let mut info =
            ServerConfig::new(ServerCapabilities::builder().enable_tools().build());
        info.server_info = Implementation::new("depeche", depeche::VERSION);
        info.instructions = Some(INSTRUCTIONS.into());
        info
    }
}

/// Hits, and whether there are more.
fn hits<H, T: Serialize>(found: depeche_archive::Found<H>, shape: fn(H) -> T) -> Value {
    let more = found.next.is_some();
    let items: Vec<T> = found.hits.into_iter().map(shape).collect();
    json!({"items": items, "more": more})
}

/// An answer, or why there is none.
fn told(answer: Result<impl Serialize, Problem>) -> CallToolResult {
    match answer.map(serde_json::to_value) {
        Ok(Ok(value)) => CallToolResult::structured(value),
        Ok(Err(_)) => {
            CallToolResult::structured_error(json!({"error": "a bug in depeche"}))
        }
        Err(problem) => {
            CallToolResult::structured_error(json!({"error": problem.detail()}))
        }
    }
}
