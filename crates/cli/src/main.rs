//! The `throughline` command: arguments in, a session asked, the answer rendered.
//!
//! Exit codes: 0 fine; 1 findings (problems in the input under `--strict`, a stage that did not complete); 2 the command
//! could not do its work. JSON goes to standard output alone; progress and diagnostics to standard error.

mod arguments;
mod commands;
mod demo;
mod explain;
mod filter;
mod host;
mod judging;
mod outcome;
mod planning;
mod render;
mod revising;
mod serve;

use crate::arguments::{Arguments, Command};
use crate::render::err;
use clap::{CommandFactory, Parser};
use std::error::Error;
use std::process::ExitCode;
use throughline_compiler::Error as CompilerError;

/// How a command ended.
pub(crate) enum End {
    /// Fine.
    Fine,
    /// It found something.
    Findings,
    /// It could not do its work, and said why.
    Unable,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Err(error) = set_threads(arguments.threads) {
        err(&format!("error: {error}"));
        return ExitCode::from(2);
    }
    match run(&arguments) {
        Ok(End::Fine) => ExitCode::SUCCESS,
        Ok(End::Findings) => ExitCode::from(1),
        Ok(End::Unable) => ExitCode::from(2),
        Err(error) => {
            show(&error);
            // An interrupted run is a stage that did not complete, not a command that could not work.
            ExitCode::from(if matches!(error, CompilerError::Engine(_)) { 1 } else { 2 })
        }
    }
}

fn set_threads(n: usize) -> Result<(), String> {
    throughline_compiler::set_threads(n).map_err(|error| error.to_string())
}

fn run(arguments: &Arguments) -> Result<End, CompilerError> {
    let host = host::OsHost::new();
    let folder = &arguments.directory;
    match &arguments.command {
        Command::Demo(demo) => demo::run(&host, demo),
        Command::Init(init) => commands::init(&host, init.dir.as_deref().unwrap_or(folder)),
        Command::Import(import) => commands::import(&host, folder, import),
        Command::Run(run) => commands::run(&host, folder, run),
        Command::Insights(insights) => commands::insights(&host, folder, insights),
        Command::Show(one) => commands::show(&host, folder, one),
        Command::Explain(one) => explain::explain(&host, folder, one),
        Command::Plan(plan) => planning::plan(&host, folder, plan),
        Command::Decide(decide) => planning::decide(&host, folder, decide),
        Command::Decisions(decisions) => planning::decisions(&host, folder, decisions.json),
        Command::Outcome(told) => outcome::outcome(&host, folder, told),
        Command::Outcomes(outcomes) => outcome::outcomes(&host, folder, outcomes.json),
        Command::BlindSpots(spots) => planning::blind_spots(&host, folder, spots.json),
        Command::Compile(compile) => commands::compile(&host, folder, compile),
        Command::Export(export) => commands::export(&host, folder, export),
        Command::Links(links) => judging::links(&host, folder, &links.act),
        Command::Rename(rename) => judging::rename(&host, folder, rename),
        Command::Move(place) => judging::place(&host, folder, place),
        Command::Pin(pin) => judging::pin(&host, folder, pin),
        Command::Judgements(judgements) => judging::judgements(&host, folder, judgements.json),
        Command::Undo(undo) => revising::undo(&host, folder, undo),
        Command::Sentences(one) => revising::sentences(&host, folder, one),
        Command::Edit(edit) => revising::edit(&host, folder, edit),
        Command::Status(status) => revising::status(&host, folder, status),
        Command::Edits(edits) => revising::edits(&host, folder, &edits.act),
        Command::Accept(accept) => revising::accept(&host, folder, accept),
        Command::Revisions(revisions) => revising::revisions(&host, folder, revisions),
        Command::Forget(forget) => commands::forget(&host, folder, forget),
        Command::Check(check) => planning::check(&host, folder, check),
        Command::Doctor(doctor) => commands::doctor(&host, folder, doctor.json),
        Command::Understand(_) => filter::understand(),
        Command::Nearest(nearest) => filter::nearest(&host, folder, &nearest.text, nearest.json),
        Command::Serve(serve) => serve::serve(&host, folder, &serve.address),
        Command::Completions(completions) => {
            clap_complete::generate(
                completions.shell,
                &mut Arguments::command(),
                "throughline",
                &mut std::io::stdout().lock(),
            );
            Ok(End::Fine)
        }
    }
}

/// An error with its causes, each on a line.
fn show(error: &CompilerError) {
    err(&format!("error[{}] {error}", error.code()));
    let mut cause = error.source();
    while let Some(inner) = cause {
        err(&format!("  because: {inner}"));
        cause = inner.source();
    }
    if error.is_retryable() {
        err("  trying again may help");
    }
}
