//! Work that goes on: what it has done so far, in words, for whoever looks now and for whoever listens.

use crate::app::lock;
use crate::pages::words;
use serde::Serialize;
use std::sync::Mutex;
use throughline_compiler::import::ImportProgress;
use throughline_compiler::{RunProgress, StageReport};
use throughline_model::host::FoundFile;
use tokio::sync::watch;

/// What a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A file was taken in.
    Taken,
    /// A stage began or is done.
    Stage,
    /// What became of earlier insights.
    Note,
}

/// One line of progress.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    /// What it is about.
    pub kind: Kind,
    /// A file or a stage.
    pub what: String,
    /// What came of it; empty while it goes on.
    pub said: String,
}

/// How a job stands.
#[derive(Debug, Clone, Serialize)]
pub struct State {
    /// So far, in order.
    pub lines: Vec<Line>,
    /// None while it goes on; then how it ended: empty when well.
    pub ended: Option<String>,
}

/// One import and run.
pub struct Job {
    /// Counts from 1 since the server started.
    pub number: u64,
    state: Mutex<State>,
    news: watch::Sender<usize>,
}

impl Job {
    pub(crate) fn new(number: u64) -> Self {
        let state = State { lines: Vec::new(), ended: None };
        Self { number, state: Mutex::new(state), news: watch::Sender::new(0) }
    }

    /// How it stands.
    #[must_use]
    pub fn state(&self) -> State {
        lock(&self.state).clone()
    }

    /// Whether it goes on.
    #[must_use]
    pub fn is_going(&self) -> bool {
        lock(&self.state).ended.is_none()
    }

    /// Hears when something is new.
    #[must_use]
    pub fn listen(&self) -> watch::Receiver<usize> {
        self.news.subscribe()
    }

    /// Adds a line, or completes the last one about the same thing.
    pub(crate) fn say(&self, kind: Kind, what: &str, said: &str) {
        let mut state = lock(&self.state);
        let line = Line { kind, what: what.to_owned(), said: said.to_owned() };
        match state.lines.last_mut() {
            Some(last) if last.kind == kind && last.what == what && !what.is_empty() => *last = line,
            _ => state.lines.push(line),
        }
        drop(state);
        self.news.send_modify(|n| *n += 1);
    }

    pub(crate) fn end(&self, how: Result<(), String>) {
        lock(&self.state).ended = Some(how.err().unwrap_or_default());
        self.news.send_modify(|n| *n += 1);
    }

    pub(crate) fn importing<'a>(&'a self, name: &'a str) -> Importing<'a> {
        Importing { job: self, name }
    }

    pub(crate) fn running(&self) -> Running<'_> {
        Running(self)
    }
}

pub(crate) struct Importing<'a> {
    job: &'a Job,
    name: &'a str,
}

impl ImportProgress for Importing<'_> {
    fn file(&mut self, _file: &FoundFile) {
        self.job.say(Kind::Taken, self.name, "");
    }

    fn acknowledged(&mut self, n_items: u64) {
        self.job.say(Kind::Taken, self.name, &format!("{} safe on disk so far", words::number(n_items)));
    }
}

pub(crate) struct Running<'a>(&'a Job);

impl RunProgress for Running<'_> {
    fn stage_started(&mut self, name: &'static str) {
        self.0.say(Kind::Stage, words::stage(name), "");
    }

    fn stage_done(&mut self, stage: &StageReport) {
        self.0.say(Kind::Stage, words::stage(&stage.stage), &words::stage_done(stage));
    }
}
