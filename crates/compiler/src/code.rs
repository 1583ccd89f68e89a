//! The map of the code that a workspace is read beside.
//!
//! In: the files that `[[repositories]]` name as `map`. Out: one [`CodeMap`] of all of them, none where none is named or
//! readable, with diagnostics; a map that cannot be used is told, and everything goes on without it.

use crate::settings::FILE_NAME;
use std::path::Path;
use throughline_frontends::ReadMap;
use throughline_model::settings::Repository;
use throughline_model::{CodeMap, Diagnostic, Host, Severity};

/// The maps of all repositories as one. Where two name a file alike, the first counts.
pub(crate) fn read(
    host: &dyn Host,
    folder: &Path,
    text: &str,
    repositories: &[Repository],
) -> (Option<CodeMap>, Vec<Diagnostic>) {
    let mut out: Option<CodeMap> = None;
    let mut diagnostics = Vec::new();
    for name in repositories.iter().filter_map(|repository| repository.map.as_ref()) {
        let mut bytes = Vec::new();
        let read = host.open(&folder.join(name)).and_then(|mut input| input.read_to_end(&mut bytes));
        // What cannot be opened is wrong in the settings, what cannot be read in the file itself.
        let read = match read {
            Ok(_) => throughline_frontends::code_map(&bytes).map_err(|no| (name.as_str(), Some(no.line), no.why)),
            Err(why) => Err((FILE_NAME, line_of(text, name), why.to_string())),
        };
        match read {
            Ok(ReadMap { map, unlisted }) => {
                if let Some(first) = unlisted.first() {
                    let n = unlisted.len();
                    let message = format!("{n} of its parts name a file that it does not list, such as {first}");
                    let remedy = "list the file under files, or print the map again; these parts are left out";
                    let found = Diagnostic::new("code-map-file", Severity::Warning, message, remedy);
                    diagnostics.push(found.at(name, None, None));
                }
                join(out.get_or_insert_with(CodeMap::default), map);
            }
            Err((file, line, why)) => {
                let message = format!("the map of the code {name} cannot be read: {why}");
                let remedy =
                    "give the path of a map of the code (manual, \"Beside the code\"), relative to the settings file";
                let found = Diagnostic::new("code-map-unreadable", Severity::Error, message, remedy);
                diagnostics.push(found.at(file, line, None));
            }
        }
    }
    (out, diagnostics)
}

fn join(all: &mut CodeMap, more: CodeMap) {
    for (path, file) in more.files {
        all.files.entry(path).or_insert(file);
    }
    all.endpoints.extend(more.endpoints);
    all.tables.extend(more.tables);
    all.coupling.extend(more.coupling);
}

/// The line of the settings that names a map.
fn line_of(text: &str, name: &str) -> Option<u64> {
    let is_it = |line: &str| line.trim_start().starts_with("map") && line.contains(name);
    text.lines().position(is_it).map(|at| at as u64 + 1)
}
