//! A map of the code, a JSON object of a published shape (manual, "Beside the code"): files, calls, tables, functions, and what changes together.
//!
//! In: the bytes of one JSON object. Out: a [`CodeMap`] without commits and without what insights touch, which nobody
//! can tell from code alone. Keys that are not read here are passed over, so that a later printer may add some.
//! Errors: what is not of this shape is told with line and column. A part that names a file which `files` does not list
//! is left out and counted: nothing may be said to stand where nobody looked.

use serde::Deserialize;
use std::collections::BTreeMap;
use throughline_model::CodePlace;
use throughline_model::code::{CodeColumn, CodeEndpoint, CodeFile, CodeFunction, CodeMap, CodeTable, Coupling};

#[derive(Deserialize)]
struct Document {
    files: Vec<File>,
    #[serde(default)]
    endpoints: Vec<Endpoint>,
    #[serde(default)]
    tables: Vec<Table>,
    #[serde(default)]
    functions: Vec<Function>,
    #[serde(default)]
    debt: Vec<Spot>,
    #[serde(default)]
    coupling: Vec<Pair>,
}

#[derive(Deserialize)]
struct File {
    path: String,
    #[serde(default)]
    loc: u64,
    #[serde(default)]
    revisions: u64,
}

#[derive(Deserialize)]
struct Endpoint {
    method: String,
    path: String,
    handler: Spot,
}

#[derive(Deserialize)]
struct Spot {
    file: String,
    #[serde(default)]
    line: u32,
    symbol: Option<String>,
}

#[derive(Deserialize)]
struct Table {
    name: String,
    #[serde(default)]
    fields: Vec<Field>,
    file: String,
    #[serde(default)]
    line: u32,
}

#[derive(Deserialize)]
struct Field {
    name: String,
    #[serde(rename = "type", default)]
    type_name: String,
    #[serde(default)]
    nullable: bool,
    #[serde(default)]
    key: bool,
}

#[derive(Deserialize)]
struct Function {
    file: String,
    name: String,
    #[serde(default)]
    line: u32,
    #[serde(default)]
    cyclomatic: u32,
}

#[derive(Deserialize)]
struct Pair {
    a: String,
    b: String,
    #[serde(default)]
    degree: f64,
    #[serde(default)]
    shared: u32,
}

/// What was read of a map.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ReadMap {
    /// The map.
    pub map: CodeMap,
    /// Files that parts name and that the map does not list, in the order in which they stand; these parts are left out.
    pub unlisted: Vec<String>,
}

/// Why bytes are no map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoMap {
    /// One-based.
    pub line: u64,
    /// In words, with line and column.
    pub why: String,
}

/// Reads a map.
///
/// # Errors
/// When the bytes are no such object.
pub fn code_map(bytes: &[u8]) -> Result<ReadMap, NoMap> {
    let no_map = |error: serde_json::Error| NoMap { line: error.line().max(1) as u64, why: error.to_string() };
    let document: Document = serde_json::from_slice(bytes).map_err(no_map)?;
    let mut map = CodeMap::default();
    for File { path, loc, revisions } in document.files {
        let module = path.rsplit_once('/').map_or_else(String::new, |(folder, _)| folder.to_owned());
        map.files.insert(path, CodeFile { n_lines: loc, churn: revisions, module, ..CodeFile::default() });
    }
    let mut unlisted: Vec<String> = Vec::new();
    let mut is_listed = |files: &BTreeMap<String, CodeFile>, file: &str| {
        let is_listed = files.contains_key(file);
        if !is_listed {
            unlisted.push(file.to_owned());
        }
        is_listed
    };
    for Endpoint { method, path, handler } in document.endpoints {
        if is_listed(&map.files, &handler.file) {
            let method = method.to_ascii_uppercase();
            let path = braced(&path);
            map.endpoints.push(CodeEndpoint { method, path, place: place(handler) });
        }
    }
    for Table { name, fields, file, line } in document.tables {
        if is_listed(&map.files, &file) {
            let column = |Field { name, type_name, nullable, key }| CodeColumn {
                name,
                type_name,
                is_optional: nullable,
                is_key: key,
            };
            let columns = fields.into_iter().map(column).collect();
            map.tables.push(CodeTable { name, columns, place: place(Spot { file, line, symbol: None }) });
        }
    }
    for Function { file, name, line, cyclomatic } in document.functions {
        if is_listed(&map.files, &file)
            && let Some(of) = map.files.get_mut(&file)
        {
            of.functions.push(CodeFunction { name, line, complexity: cyclomatic, ..CodeFunction::default() });
        }
    }
    for Spot { file, line, .. } in document.debt {
        if is_listed(&map.files, &file)
            && let Some(of) = map.files.get_mut(&file)
        {
            of.debt.push(line);
        }
    }
    for Pair { a, b, degree, shared } in document.coupling {
        if is_listed(&map.files, &a) && is_listed(&map.files, &b) {
            map.coupling.push(Coupling { a, b, degree_unit: degree, shared });
        }
    }
    Ok(ReadMap { map, unlisted })
}

/// A path whose parameters stand in braces: of `/users/:id`, `/users/{id}`.
fn braced(path: &str) -> String {
    let step = |step: &str| step.strip_prefix(':').map_or_else(|| step.to_owned(), |name| format!("{{{name}}}"));
    path.split('/').map(step).collect::<Vec<_>>().join("/")
}

fn place(Spot { file, line, symbol }: Spot) -> CodePlace {
    CodePlace { file, line: line.max(1), symbol }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_placed_and_what_names_no_listed_file_is_left_out() {
        let text = br#"{"files": [{"path": "api/shifts.ts", "language": "typescript", "loc": 90, "revisions": 7}],
            "endpoints": [{"method": "get", "path": "/v1/shifts/:id", "handler": {"file": "api/shifts.ts", "line": 9,
                "symbol": "listShifts"}, "framework": "express", "auth": null},
                {"method": "GET", "path": "/ghosts", "handler": {"file": "api/ghosts.ts", "line": 1}}],
            "tables": [{"name": "shifts", "fields": [{"name": "id", "type": "uuid", "nullable": false, "key": true},
                {"name": "note", "type": "text", "nullable": true, "key": false}], "relations": [],
                "file": "api/shifts.ts", "line": 3}],
            "functions": [{"file": "api/shifts.ts", "name": "listShifts", "line": 9, "cyclomatic": 4}],
            "debt": [{"id": "d1", "kind": "todo", "file": "api/shifts.ts", "line": 12, "minutes": 5, "evidence": "TODO"}],
            "coupling": [{"a": "api/shifts.ts", "b": "api/ghosts.ts", "degree": 0.5, "shared": 4}],
            "seconds": 0.1}"#;
        let ReadMap { map, unlisted } = code_map(text).unwrap();
        assert_eq!(unlisted, ["api/ghosts.ts", "api/ghosts.ts"]);
        let endpoint = &map.endpoints[0];
        assert_eq!((map.endpoints.len(), endpoint.method.as_str(), endpoint.place.line), (1, "GET", 9));
        assert_eq!(endpoint.place.symbol.as_deref(), Some("listShifts"));
        assert_eq!(endpoint.path, "/v1/shifts/{id}");
        assert_eq!(map.tables[0].columns.iter().map(|c| c.is_optional).collect::<Vec<_>>(), [false, true]);
        let file = &map.files["api/shifts.ts"];
        assert_eq!(
            (file.n_lines, file.churn, file.debt.as_slice(), file.functions[0].complexity),
            (90, 7, &[12][..], 4)
        );
        assert!(map.coupling.is_empty() && map.touches.is_empty());
    }

    #[test]
    fn what_is_no_map_is_told_with_its_line() {
        for text in ["", "[]", "{\n \"files\": 3}", "{\"files\": [{\"path\": 1}]}", "{}", "{\"files\": ["] {
            let NoMap { line, why } = code_map(text.as_bytes()).unwrap_err();
            assert!(line >= 1 && !why.is_empty(), "{text}: {why}");
        }
        assert_eq!(code_map(b"{\n \"files\": 3}").unwrap_err().line, 2);
    }
}
