//! Beside a map of the code a blueprint is a change of that code: what is there is used and named where it stands, the
//! rest is new. Without a map, with one in which nothing is near and with one that cannot be read it is as it was.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking and prints what it measured")]

mod connected;
mod disk;

use connected::{example, import, run, settings};
use disk::Disk;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use throughline_compiler::Session;
use throughline_compiler::artifacts::Compiled;
use throughline_model::Diagnostic;

const REPOSITORY: &str = "path = \"code/rotaboard.bundle\"\n";

/// The example product compiled beside a map with this text, and what opening the workspace told.
fn beside(map: Option<&str>) -> (Compiled, Vec<Diagnostic>) {
    let folder = tempfile::tempdir().unwrap();
    let mut text = settings();
    assert!(text.contains(REPOSITORY));
    if let Some(map) = map {
        text = text.replace(REPOSITORY, &format!("{REPOSITORY}map = \"map.json\"\n"));
        if !map.is_empty() {
            fs::write(folder.path().join("map.json"), map).unwrap();
        }
    }
    fs::write(folder.path().join("throughline.toml"), text).unwrap();
    let mut session = Session::open(folder.path(), &Disk).unwrap();
    import(&mut session, &example().join("feedback"));
    run(&mut session);
    (session.compile(&[]).unwrap(), session.diagnostics().to_vec())
}

/// Files by path below the folder of specifications.
fn files(compiled: &Compiled) -> BTreeMap<&str, &str> {
    compiled.files.iter().map(|file| (file.path.as_str(), std::str::from_utf8(&file.bytes).unwrap())).collect()
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// The place that a thing is said to stand at: file, line, symbol.
fn place(thing: &Value) -> Option<(String, u64, Option<String>)> {
    let there = thing["presence"].get("exists")?;
    let symbol = there["symbol"].as_str().map(str::to_owned);
    Some((there["file"].as_str().unwrap().to_owned(), there["line"].as_u64().unwrap(), symbol))
}

/// A path without what stands before all paths and without the names of parameters.
fn shape(path: &str) -> String {
    let path = path.strip_prefix("/v1").unwrap_or(path);
    path.split('/').map(|step| if step.starts_with('{') { "{}" } else { step }).collect::<Vec<_>>().join("/")
}

#[test]
fn the_example_is_specified_as_a_change_of_its_code() {
    let text = fs::read_to_string(example().join("code/map.json")).unwrap();
    let map: Value = serde_json::from_str(&text).unwrap();
    let named: BTreeSet<&str> = list(&map, "files").iter().map(|file| file["path"].as_str().unwrap()).collect();
    let kept: BTreeMap<&str, BTreeSet<&str>> = list(&map, "tables")
        .iter()
        .map(|table| {
            let fields = list(table, "fields").iter().map(|field| field["name"].as_str().unwrap());
            (table["name"].as_str().unwrap(), fields.collect())
        })
        .collect();
    let table_places =
        list(&map, "tables").iter().map(|table| (table["file"].clone(), table["line"].clone(), Value::Null));
    let calls = list(&map, "endpoints").iter().map(|call| &call["handler"]);
    let call_places = calls.map(|place| (place["file"].clone(), place["line"].clone(), place["symbol"].clone()));
    let places: Vec<(Value, Value, Value)> = table_places.chain(call_places).collect();
    let answered: BTreeSet<(&str, String)> = list(&map, "endpoints")
        .iter()
        .map(|call| (call["method"].as_str().unwrap(), shape(call["path"].as_str().unwrap())))
        .collect();

    let (compiled, told) = beside(Some(&text));
    assert_eq!(told, []);
    let files = files(&compiled);
    let (mut n_delta, mut n_tables, mut n_calls, mut n_columns, mut n_new, mut n_symbols) = (0, 0, 0, 0, 0, 0);
    for (path, text) in files.iter().filter(|(path, _)| path.ends_with("/spec.json")) {
        let folder = path.trim_end_matches("spec.json");
        let spec: Value = serde_json::from_str(text).unwrap();
        let blueprint = &spec["blueprint"];
        if blueprint["is_delta"] != true {
            continue;
        }
        n_delta += 1;
        let (tables, calls) = (list(blueprint, "tables"), list(blueprint, "operations"));
        for thing in tables.iter().chain(calls) {
            if let Some((file, line, symbol)) = place(thing) {
                assert!(named.contains(file.as_str()), "{path}: {file} is not in the map");
                let found = (Value::from(file), Value::from(line), symbol.map_or(Value::Null, Value::from));
                assert!(places.contains(&found), "{path}: nothing stands at {found:?}");
                n_symbols += usize::from(!found.2.is_null());
            }
        }
        let document = files[format!("{folder}blueprint/blueprint.md").as_str()];
        assert!(document.contains("A change of the code that was read"), "{document}");
        let up = files[format!("{folder}blueprint/migrations/postgres.up.sql").as_str()];
        for table in tables {
            let name = table["name"].as_str().unwrap();
            let is_made = up.contains(&format!("create table {name} ("));
            if let Some((file, line, _)) = place(table) {
                n_tables += 1;
                assert!(document.contains(&format!("exists at `{file}:{line}`")), "{document}");
                assert!(!is_made && !up.contains(&format!("create table if not exists {name} (")), "{up}");
                for column in list(table, "columns") {
                    let column_name = column["name"].as_str().unwrap();
                    let is_added = column["is_added"] == true;
                    assert_eq!(is_added, !kept[name].contains(column_name), "{path}: {name}.{column_name}");
                    let alters = format!("alter table {name} add column ");
                    let is_altered = up.lines().any(|line| {
                        line.strip_prefix(&alters)
                            .is_some_and(|rest| rest.trim_start_matches('"').starts_with(column_name))
                    });
                    assert_eq!(is_altered, is_added, "{path}: {name}.{column_name}: {up}");
                    n_columns += usize::from(is_added);
                }
            } else {
                assert!(!kept.contains_key(name), "{path}: {name} is there and said to be new");
                n_new += usize::from(table["presence"] == "new" && is_made);
            }
        }
        for call in calls {
            let is_there =
                answered.contains(&(call["method"].as_str().unwrap(), shape(call["path"].as_str().unwrap())));
            assert_eq!(place(call).is_some(), is_there, "{path}: {call}");
            assert!(is_there || call["presence"] == "new", "{path}: {call}");
            n_calls += usize::from(is_there);
        }
        for task in list(blueprint, "tasks") {
            for file in list(task, "files") {
                let name = file[0].as_str().unwrap();
                assert_eq!(named.contains(name), file[1] != "new", "{path}: {task}");
            }
        }
    }
    println!(
        "{n_delta} deltas: {n_tables} tables and {n_calls} calls there, {n_symbols} symbols, {n_columns} columns added, {n_new} tables new"
    );
    assert!(n_delta >= 5 && n_tables >= 5 && n_calls >= 3 && n_symbols >= 3 && n_columns >= 3 && n_new >= 5);
    let wrong: Vec<_> = compiled.findings.iter().filter(|found| found.finding.rule == "BP-8").collect();
    let wrong: Vec<_> = wrong
        .into_iter()
        .filter(|found| found.finding.severity == throughline_specify::lint::Severity::Error)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_map_in_which_nothing_is_near_is_said_and_changes_nothing_else() {
    let (without, _) = beside(None);
    let far = r#"{"files": [{"path": "src/turbine.rs"}],
        "endpoints": [{"method": "GET", "path": "/turbines", "handler": {"file": "src/turbine.rs", "line": 3}}],
        "tables": [{"name": "turbines", "fields": [], "file": "src/turbine.rs", "line": 1}]}"#;
    let (with, told) = beside(Some(far));
    assert_eq!(told, []);
    let (without, with) = (files(&without), files(&with));
    assert_eq!(without.keys().collect::<Vec<_>>(), with.keys().collect::<Vec<_>>());
    let mut n = 0;
    for (path, text) in &with {
        if path.ends_with("blueprint/blueprint.md") {
            n += 1;
            assert!(text.contains("nothing in it is called as what this change needs"), "{text}");
            assert!(without[path].contains("No code was read"), "{path}");
            assert!(!text.contains("turbine") && !text.contains("exists at"), "{text}");
        } else if path.contains("/blueprint/") {
            assert_eq!(text, &without[path], "{path}");
        }
    }
    assert!(n >= 5, "{n} blueprints");
}

#[test]
fn a_map_that_cannot_be_read_is_told_at_its_line_and_the_rest_goes_on() {
    let (without, _) = beside(None);
    let line_of_map = settings().lines().position(|line| format!("{line}\n") == REPOSITORY).unwrap() as u64 + 2;
    for (map, code, file, line) in [
        ("", "code-map-unreadable", "throughline.toml", Some(line_of_map)),
        ("{\"files\": [\n {\"path\": 7}]}", "code-map-unreadable", "map.json", Some(2)),
        ("{\"files\": [], \"tables\": [{\"name\": \"t\", \"file\": \"a.sql\"}]}", "code-map-file", "map.json", None),
    ] {
        let (compiled, told) = beside(Some(map));
        let [only] = &told[..] else { panic!("{map}: {told:#?}") };
        assert_eq!((only.code.as_str(), only.place.file.as_str(), only.place.line), (code, file, line), "{only:?}");
        assert!(!only.remedy.is_empty() && !only.message.is_empty());
        if code == "code-map-unreadable" {
            assert!(compiled.files == without.files, "{map}: what cannot be read changes nothing");
        }
    }
}
