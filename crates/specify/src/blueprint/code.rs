//! A blueprint beside the code that exists: what is there already, what is new, which files change.

use super::{column_name, plan};
use crate::words;
use std::collections::BTreeSet;
use throughline_model::InsightId;
use throughline_model::blueprint::{Blueprint, ColumnType, Presence};
use throughline_model::code::{CodeFile, CodeMap, CodePlace, DataChange, NeededPart};
use throughline_model::spec::Spec;

/// Most files that a task names: what comes after them is too unlikely to open.
const MOST_FILES: usize = 5;

/// Makes the blueprint of a specification a delta over the code of the product. Without a mapping of its insight nothing
/// changes: what exists is then not known.
pub fn ground(spec: &mut Spec, code: &CodeMap) {
    let Some(touch) = code.touches.get(&spec.insight_id) else { return };
    let Some(mut blueprint) = spec.blueprint.take() else { return };
    blueprint.is_delta = true;
    for table in &mut blueprint.tables {
        let found = stands(&touch.parts, &[&table.entity, &table.name]);
        if found != Presence::New || table.presence != Presence::Assumed {
            table.presence = found;
        }
    }
    mark_added(&mut blueprint, &touch.data);
    for operation in &mut blueprint.operations {
        operation.presence = stands(&touch.parts, &[&format!("{} {}", operation.method, operation.path)]);
    }
    let touched: Vec<(String, Presence)> =
        touch.files.iter().take(MOST_FILES).map(|(path, _)| (path.clone(), of_file(path, code))).collect();
    blueprint.tasks = plan::tasks(spec, &blueprint);
    for task in &mut blueprint.tasks {
        // What stands somewhere already is worked on there.
        if task.files.is_empty() {
            task.files.clone_from(&touched);
        }
    }
    spec.blueprint = Some(blueprint);
}

/// What [`ground`] reads of the code for one insight; nothing where it is not mapped.
#[must_use]
pub fn read_of(code: &CodeMap, insight: InsightId) -> Option<CodeMap> {
    let touch = code.touches.get(&insight)?;
    let named = touch.files.iter().take(MOST_FILES).map(|(path, _)| path);
    let placed = touch.parts.iter().filter_map(|part| part.found.as_ref()).map(|place| &place.file);
    let there = named.chain(placed).filter(|path| code.files.contains_key(*path));
    Some(CodeMap {
        files: there.map(|path| (path.clone(), CodeFile::default())).collect(),
        touches: [(insight, touch.clone())].into(),
        ..CodeMap::default()
    })
}

fn stands(parts: &[NeededPart], names: &[&str]) -> Presence {
    let part = parts.iter().find(|part| names.iter().any(|name| is_named(part, name)));
    match part.and_then(|part| part.found.as_ref()) {
        Some(CodePlace { file, line, .. }) => Presence::Exists { file: file.clone(), line: *line },
        None => Presence::New,
    }
}

fn of_file(path: &str, code: &CodeMap) -> Presence {
    if code.files.contains_key(path) { Presence::Exists { file: path.to_owned(), line: 1 } } else { Presence::New }
}

/// Marks the columns that tables lack which are there: those that the map calls new, and those that refer to a table
/// which is not there yet.
fn mark_added(blueprint: &mut Blueprint, changes: &[DataChange]) {
    let made: BTreeSet<String> = blueprint
        .tables
        .iter()
        .filter(|table| table.presence == Presence::New)
        .map(|table| table.name.clone())
        .collect();
    for table in &mut blueprint.tables {
        if !matches!(table.presence, Presence::Exists { .. }) {
            continue;
        }
        let joined = |name: &str| words::ascii_words(name).concat();
        let (entity, name) = (joined(&table.entity), joined(&table.name));
        let is_called_new = |column: &str| {
            changes.iter().any(|change| match change {
                DataChange::NewField(field) => field.rsplit_once('.').is_some_and(|(of, field)| {
                    let of = joined(of);
                    (of == entity || of == name) && column_name(field) == column
                }),
                _ => false,
            })
        };
        // The first column is the key, which is there with its table.
        for column in table.columns.iter_mut().skip(1) {
            let refers_to_new = matches!(&column.holds, ColumnType::Reference(target) if made.contains(target));
            column.is_added = refers_to_new || is_called_new(&column.name);
        }
    }
}

/// `ReportRun`, `report_run` and `report run` are one name.
fn is_named(part: &NeededPart, name: &str) -> bool {
    let joined = |name: &str| words::ascii_words(name).concat();
    part.name == name || joined(&part.name) == joined(name)
}
