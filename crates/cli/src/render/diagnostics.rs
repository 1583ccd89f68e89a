//! Diagnostics on standard error: place, what is wrong, what to do. Many of one kind are shown a few times and counted.

use super::{Style, err};
use std::collections::BTreeMap;
use std::fmt::Write;
use throughline_model::{Diagnostic, Severity};

/// How many diagnostics of one code are written out.
const SHOWN_PER_CODE: usize = 5;

/// Writes diagnostics, worst first within the order given.
pub(crate) fn show(diagnostics: &[Diagnostic], style: Style) {
    let mut n_by_code: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for diagnostic in diagnostics {
        let n = n_by_code.entry((&diagnostic.place.file, &diagnostic.code)).or_default();
        *n += 1;
        if *n <= SHOWN_PER_CODE {
            err(&one(diagnostic, style));
        }
    }
    for ((file, code), n) in n_by_code {
        if n > SHOWN_PER_CODE {
            err(&style.dim(&format!("  ... and {} more of [{code}] in {file}", n - SHOWN_PER_CODE)));
        }
    }
}

fn one(diagnostic: &Diagnostic, style: Style) -> String {
    let word = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let place = &diagnostic.place;
    let mut at = place.file.clone();
    if let Some(line) = place.line {
        let _ = write!(at, ":{line}");
    }
    if let Some(byte) = place.byte {
        let _ = write!(at, " (byte {byte})");
    }
    let head = format!("{}[{}] {}", style.bold(word), diagnostic.code, diagnostic.message);
    format!("{head}\n  {} {at}\n  {} {}", style.dim("-->"), style.dim("do: "), diagnostic.remedy)
}
