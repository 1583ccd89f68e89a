//! What the terminal shows: tables, diagnostics, progress. Data comes in typed; nothing here decides anything.

pub(crate) mod diagnostics;
pub(crate) mod progress;
pub(crate) mod table;

use std::io::{IsTerminal, Write};

/// Writes a line to standard output. A closed pipe (`| head`) ends the program quietly.
pub(crate) fn out(line: &str) {
    if writeln!(std::io::stdout().lock(), "{line}").is_err() {
        std::process::exit(0);
    }
}

/// Writes a line to standard error. Where nobody reads it any more the work still goes on.
pub(crate) fn err(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Writes text to standard output as it stands.
pub(crate) fn out_raw(text: &str) {
    if std::io::stdout().lock().write_all(text.as_bytes()).is_err() {
        std::process::exit(0);
    }
}

/// How text is set off: with terminal codes, or not at all in pipes and where `NO_COLOR` is set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    pub(crate) is_rich: bool,
}

impl Style {
    /// For standard output.
    pub(crate) fn for_stdout() -> Self {
        Self { is_rich: std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none() }
    }

    /// For standard error.
    pub(crate) fn for_stderr() -> Self {
        Self { is_rich: std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none() }
    }

    pub(crate) fn bold(self, text: &str) -> String {
        self.wrap("1", text)
    }

    pub(crate) fn dim(self, text: &str) -> String {
        self.wrap("2", text)
    }

    pub(crate) fn accent(self, text: &str) -> String {
        self.wrap("36", text)
    }

    fn wrap(self, code: &str, text: &str) -> String {
        if self.is_rich { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}
