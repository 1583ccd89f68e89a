//! Progress of imports and runs on standard error: a bar in terminals, plain lines in pipes.

use super::{Style, err};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use throughline_compiler::import::ImportProgress;
use throughline_compiler::{RunProgress, StageReport};
use throughline_model::host::FoundFile;

/// Follows an import: `ack N` after each durable commit.
pub(crate) struct Importing {
    pub(crate) is_quiet: bool,
}

impl ImportProgress for Importing {
    fn file(&mut self, file: &FoundFile) {
        if !self.is_quiet {
            err(&format!("reading {}", file.shown));
        }
    }

    fn acknowledged(&mut self, n_items: u64) {
        if !self.is_quiet {
            err(&format!("ack {n_items}"));
        }
    }
}

/// Follows a run: a bar over the eleven stages, and a line per stage when it is done.
pub(crate) struct Running {
    bar: ProgressBar,
    style: Style,
}

impl Running {
    pub(crate) fn new() -> Self {
        let bar = ProgressBar::with_draw_target(Some(11), ProgressDrawTarget::stderr());
        let template = ProgressStyle::with_template("{bar:24.cyan/dim} {pos:>2}/{len} {msg}");
        bar.set_style(template.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self { bar, style: Style::for_stderr() }
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl RunProgress for Running {
    fn stage_started(&mut self, name: &'static str) {
        self.bar.set_message(name);
    }

    fn stage_done(&mut self, stage: &StageReport) {
        self.bar.inc(1);
        let line = format!(
            "{:<12} {:>9} in {:>9} out {:>9} cached {:>8.2} s",
            stage.stage, stage.n_in, stage.n_out, stage.n_cached, stage.seconds
        );
        self.bar.suspend(|| err(&self.style.dim(&line)));
    }
}
