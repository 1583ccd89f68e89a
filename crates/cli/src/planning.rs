//! The commands of strategy, plan and decisions.

use crate::End;
use crate::arguments::Check;
use crate::commands::print_json;
use crate::host::OsHost;
use crate::render::{Style, diagnostics, out};
use serde_json::{Value, json};
use std::path::Path;
use throughline_compiler::{Error, Session};
use throughline_model::{Diagnostic, Severity};

/// `check`.
pub(crate) fn check(host: &OsHost, folder: &Path, arguments: &Check) -> Result<End, Error> {
    let session = Session::open(folder, host)?;
    let found = session.review()?;
    let n_errors = found.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
    if arguments.sarif {
        print_json(&sarif(&found));
    } else if arguments.json {
        print_json(&json!({ "findings": found, "errors": n_errors, "warnings": found.len() - n_errors }));
    } else {
        diagnostics::show(&found, Style::for_stderr());
        out(&format!("{n_errors} errors, {} warnings", found.len() - n_errors));
    }
    Ok(if n_errors > 0 { End::Findings } else { End::Fine })
}

/// Findings as SARIF 2.1.0 (OASIS), the part of it that code hosts read.
fn sarif(found: &[Diagnostic]) -> Value {
    let mut codes: Vec<&str> = found.iter().map(|diagnostic| diagnostic.code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    let rules: Vec<Value> = codes.iter().map(|code| json!({ "id": code })).collect();
    let result = |diagnostic: &Diagnostic| {
        let level = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        let line = diagnostic.place.line.unwrap_or(1);
        json!({
            "ruleId": diagnostic.code,
            "level": level,
            "message": { "text": format!("{}. To do: {}", diagnostic.message, diagnostic.remedy) },
            "locations": [{ "physicalLocation": {
                "artifactLocation": { "uri": diagnostic.place.file },
                "region": { "startLine": line },
            } }],
        })
    };
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "throughline", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "results": found.iter().map(result).collect::<Vec<_>>(),
        }],
    })
}
