//! What can be asked of the command? One struct a subcommand; help is written from these.

use std::iter;
use std::path::PathBuf;

use crate::archive;
use crate::demo::Demo;
use crate::export::formats;
use crate::serve::{Mcp, Serve};
use crate::{evaluate, sample};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use depeche_formats::read::{self, FORMATS, Format};
use depeche_formats::write;

/// Reads press articles and writes a sourced record: who said what, who did what to whom, what
/// each actor's position is, when and where, each with the words it rests on.
#[derive(Debug, Parser)]
#[command(name = "depeche", version, after_help = EXAMPLES, max_term_width = 100)]
pub(crate) struct Flags {
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Colour,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXAMPLES: &str = "\
Examples:
  depeche read article.txt                     the article with its evidence lit, and tables
  depeche read --json corpus/*.jsonl > records.jsonl
  depeche explain article.txt --find 'a déclaré'

Exit codes: 0 everything was read; 1 some articles could not be read, each is named on stderr;
2 nothing could be done.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read articles: coloured text and tables on a terminal, one JSON record a line elsewhere
    Read(Read),
    /// Read articles into an archive, one file that is searched and corrected
    Add(archive::Add),
    /// Find words in what was said, or in whole articles of an archive
    Search(archive::Search),
    /// Statements of an archive: by whom, of whom, when, in which way
    Statements(archive::Statements),
    /// Events of an archive: who did what to whom, where, when, and whether it is certain
    Events(archive::Events),
    /// Positions of an archive, by actor and issue, with what changed
    Positions(archive::Positions),
    /// An actor of an archive: its names, and how much it said and did with whom
    Actor(archive::Actor),
    /// How much an actor said and did, month by month
    Timeline(archive::Timeline),
    /// Open the evidence that an answer names, lit in its text
    Show(archive::Show),
    /// Check a quotation: exact, a part, altered, or not found; the earliest first
    CheckQuote(archive::CheckQuote),
    /// Decide who is one actor and who is two; every decision has a reason and can be undone
    Actors(archive::Actors),
    /// Correct an item of an archive, for every later reading too
    Correct(archive::Correct),
    /// Print corrected articles as gold for evaluation
    Corrections(archive::Corrections),
    /// Read every article of an archive again with the present engine, and print what changed
    Refresh(archive::Refresh),
    /// Write an archive, or a part of it, as tables or in an exchange format
    Export(archive::Export),
    /// See whether an archive is whole; make it anew from what can be read
    Check(archive::Check),
    /// Draw items for people to code, the same for the same seed
    Sample(sample::Sample),
    /// Compare records with what people found: precision, recall, F1 with intervals
    Evaluate(evaluate::Evaluate),
    /// Serve an archive in the browser and to programs, on this machine
    Serve(Serve),
    /// Make an archive of the project's own articles, to look around in
    Demo(Demo),
    /// Give an archive to an assistant, by the Model Context Protocol on standard input and output
    Mcp(Mcp),
    /// Print the `OpenAPI` description of what is served to programs
    Openapi,
    /// Show what was found at a place of an article, by which rule, and that rule's examples
    Explain(Explain),
    /// Run the examples of the rules: those of a language folder, your own, or the built-in ones
    Rules(Rules),
    /// Print tokens, lemmas, tags and dependencies of a text as CoNLL-U
    Parse(Parse),
    /// Print the JSON Schema of the record
    Schema,
}

/// What is known about the articles from outside.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct About {
    /// Date of publication, for articles whose input gives none: 2025-02-18, 2025-02, 2025
    ///
    /// EDTF (ISO 8601-2), as precise as you know it. It goes before a first line such as
    /// `date 2025-02` in the text, and after the `date` of a JSONL line.
    #[arg(short, long, value_name = "EDTF")]
    pub(crate) date: Option<String>,
    /// Who published them, for articles whose input does not say
    #[arg(long, value_name = "NAME")]
    pub(crate) outlet: Option<String>,
    /// Language, for articles whose input does not say; told from the text otherwise
    #[arg(short, long, value_name = "CODE")]
    pub(crate) lang: Option<String>,
    /// Folder of your own rules, read beside the built-in ones
    ///
    /// Its files are named and written as those of a language folder (`words/…`, `time/…`,
    /// `statements/…`, `events/…`): see `lang/README.md`. They extend French unless --lang
    /// names another language.
    #[arg(long, value_name = "DIR")]
    pub(crate) rules: Option<PathBuf>,
    /// How articles are written down
    #[arg(long, value_name = "FORMAT", default_value = "auto", value_parser = input_formats())]
    pub(crate) format: Chosen,
}

#[derive(Args, Debug)]
#[command(after_help = READ_EXAMPLES)]
pub(crate) struct Read {
    /// Articles: files in any format of the press, folders of them; `-` or nothing is standard
    /// input
    ///
    /// Text, JSON, JSONL, CSV, Parquet, HTML, RSS, Atom, JSON Feed, OPML, WARC, ninjs, NewsML-G2 and
    /// NITF are told by their content, also in gzip or zstd; see --format. Lines of JSONL and rows of
    /// tables have `text`, and as far as known `id`, `date`, `title`, `outlet`, `url`, `rights`,
    /// `lang`.
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) about: About,
    /// One JSON record a line, also on a terminal
    #[arg(long, conflicts_with = "table")]
    pub(crate) json: bool,
    /// Coloured text and tables, also in a pipe
    #[arg(long)]
    pub(crate) table: bool,
    /// Write tables or an exchange format into this folder, without an archive
    #[arg(short = 'o', long, value_name = "DIR", conflicts_with_all = ["json", "table"])]
    pub(crate) out: Option<PathBuf>,
    /// The format of --out [default: parquet]
    #[arg(long, value_name = "FORMAT", requires = "out", value_parser = formats())]
    pub(crate) to: Option<&'static write::Format>,
    /// How many articles to read side by side [default: one a core]
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) threads: Option<u16>,
}

const READ_EXAMPLES: &str = "\
Examples:
  depeche read dispatch.txt --date 2025-02-18 --outlet 'Le Courrier'
  pbpaste | depeche read
  depeche read --json corpus/ | jq -c '.statements[] | [.speaker.text, .content[0].text]'
  depeche read articles.jsonl -j 8 > records.jsonl
  depeche read --json page.html corpus/ > records.jsonl
  depeche read corpus/ -o tables/ --to parquet";

#[derive(Args, Debug)]
#[command(after_help = EXPLAIN_EXAMPLES)]
pub(crate) struct Explain {
    /// The article; `-` is standard input. Of a JSONL file, its first article or that of --id
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Place in the text, in Unicode code points from 0, as records count
    #[arg(long, value_name = "N", required_unless_present = "find")]
    pub(crate) at: Option<u32>,
    /// Place in the text: the first time that these words occur
    #[arg(long, value_name = "WORDS", conflicts_with = "at")]
    pub(crate) find: Option<String>,
    /// Which article of a JSONL file
    #[arg(long, value_name = "ID")]
    pub(crate) id: Option<String>,
    #[command(flatten)]
    pub(crate) about: About,
    /// One JSON object an item, for programs
    #[arg(long)]
    pub(crate) json: bool,
}

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  depeche explain dispatch.txt --at 412
  depeche explain dispatch.txt --find 'a déclaré'
  depeche explain articles.jsonl --id 2025-02-18-7 --at 90 --json";

#[derive(Args, Debug)]
#[command(after_help = RULES_EXAMPLES)]
pub(crate) struct Rules {
    /// Files or folders of rules, or parts of rule ids; nothing is every built-in rule
    ///
    /// A path inside a language folder (one with a `language.toml` at its head) is compiled
    /// anew from that folder, so that an edit shows at once.
    #[arg(value_name = "WHAT")]
    pub(crate) what: Vec<String>,
    /// Folder of your own rules: their examples are run beside the built-in ones
    #[arg(long, value_name = "DIR")]
    pub(crate) rules: Option<PathBuf>,
    /// The language that your own rules extend
    #[arg(short, long, value_name = "CODE", default_value = "fr")]
    pub(crate) lang: String,
    /// Also name rules that never fire in any example
    #[arg(long)]
    pub(crate) idle: bool,
}

const RULES_EXAMPLES: &str = "\
Examples:
  depeche rules lang/fr/time              the rules of a folder, as they stand in its files
  depeche rules weekday                   the built-in rules with `weekday` in their id
  depeche rules --rules mine              your own rules";

#[derive(Args, Debug)]
pub(crate) struct Parse {
    /// The text; `-` or nothing is standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) about: About,
}

/// The format of every input, if somebody names it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Chosen(pub(crate) Option<&'static Format>);

/// The formats that are read, from their own table; without a name the content tells.
fn input_formats() -> impl TypedValueParser<Value = Chosen> {
    let auto = PossibleValue::new("auto").help("told from the content");
    let of_table = FORMATS.iter().map(|f| PossibleValue::new(f.name).help(f.about));
    let values: Vec<PossibleValue> = iter::once(auto).chain(of_table).collect();
    PossibleValuesParser::new(values).map(|name| Chosen(read::format(&name)))
}

/// When to use colour.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    Always,
    Never,
}

impl Colour {
    pub(crate) fn apply(self) {
        let choice = match self {
            Colour::Auto => anstream::ColorChoice::Auto,
            Colour::Always => anstream::ColorChoice::Always,
            Colour::Never => anstream::ColorChoice::Never,
        };
        choice.write_global();
    }
}
