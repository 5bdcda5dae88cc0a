//! The command `depeche`.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "the command reads files, writes files and speaks to people"
)]

mod archive;
mod check;
mod demo;
mod engine;
mod evaluate;
mod explain;
mod export;
mod flags;
mod input;
mod parse;
mod read;
mod sample;
mod serve;
mod show;

use std::io;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use flags::{Command, Flags};

/// Articles are read by allocating and dropping millions of small things.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What a run came to; the exit code says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Everything was read.
    Whole,
    /// Some of it could not be read, and was reported.
    Partial,
}

fn main() -> ExitCode {
    let verbs: Vec<String> =
        Flags::command().get_subcommands().map(|c| c.get_name().to_owned()).collect();
    let flags =
        Flags::parse_from(serve::with_verb(std::env::args_os().collect(), &verbs));
    flags.color.apply();
    let outcome = match flags.command {
        Command::Read(read) => read.run(),
        Command::Add(add) => add.run(),
        Command::Search(search) => search.run(),
        Command::Statements(statements) => statements.run(),
        Command::Events(events) => events.run(),
        Command::Positions(positions) => positions.run(),
        Command::Actor(actor) => actor.run(),
        Command::Timeline(timeline) => timeline.run(),
        Command::Show(show) => show.run(),
        Command::CheckQuote(quote) => quote.run(),
        Command::Actors(actors) => actors.run(),
        Command::Correct(correct) => correct.run(),
        Command::Corrections(corrections) => corrections.run(),
        Command::Refresh(refresh) => refresh.run(),
        Command::Export(export) => export.run(),
        Command::Check(check) => check.run(),
        Command::Sample(sample) => sample.run(),
        Command::Evaluate(evaluate) => evaluate.run(),
        Command::Explain(explain) => explain.run(),
        Command::Rules(rules) => rules.run(),
        Command::Parse(parse) => parse.run(),
        Command::Serve(serve) => serve.run(),
        Command::Demo(demo) => demo.run(),
        Command::Mcp(mcp) => mcp.run(),
        Command::Openapi => serve::openapi(),
        Command::Schema => schema(),
    };
    match outcome {
        Ok(Outcome::Whole) => ExitCode::SUCCESS,
        Ok(Outcome::Partial) => ExitCode::from(1),
        // Whoever read our output has seen enough: `depeche read … | head`.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            anstream::eprintln!(
                "{}error:{} {error:#}",
                show::BAD,
                show::BAD.render_reset()
            );
            ExitCode::from(2)
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|e| e.downcast_ref::<io::Error>())
        .any(|e| e.kind() == io::ErrorKind::BrokenPipe)
}

/// Prints the JSON Schema of the record.
fn schema() -> anyhow::Result<Outcome> {
    let schema = depeche::record::schema();
    let mut out = io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &schema).map_err(io::Error::from)?;
    io::Write::write_all(&mut out, b"\n")?;
    Ok(Outcome::Whole)
}
