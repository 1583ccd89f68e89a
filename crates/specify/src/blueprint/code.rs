//! A blueprint beside the code that exists: what is there already, what is new, which files change.
//!
//! In: a specification and the map of the code. Out: its blueprint as a change of that code. What an insight is said to
//! touch goes before what is found by name: a table by its name or the name of its entity, a call by its method and path.
//! Invariant: nothing is said to be there that the map does not place, and no file is named as there that it does not hold.

use super::operations::shape;
use super::{column_name, plan};
use crate::{in_code, words};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use throughline_model::InsightId;
use throughline_model::blueprint::{Blueprint, ColumnType, Operation, Presence, Table};
use throughline_model::code::{CodeFile, CodeMap, CodePlace, CodeTable, DataChange, NeededPart, Touch};
use throughline_model::spec::Spec;

/// Most files that a task names: what comes after them is too unlikely to open.
const MOST_FILES: usize = 5;

/// Makes the blueprint of a specification a delta over the code of the product. Where nothing of the map is near it,
/// that is said, and what exists stays unknown.
pub fn ground(spec: &mut Spec, code: &CodeMap) {
    let touch = code.touches.get(&spec.insight_id);
    if let Some(blueprint) = spec.blueprint.take() {
        grounded(spec, blueprint, code, touch);
    }
    in_code::say(spec, touch);
}

fn grounded(spec: &mut Spec, mut blueprint: Blueprint, code: &CodeMap, touch: Option<&Touch>) {
    let nothing = Touch::default();
    let near = Near { code, touch: touch.unwrap_or(&nothing) };
    let tables: Vec<Option<CodePlace>> = blueprint.tables.iter().map(|table| near.table(table)).collect();
    let operations: Vec<Option<CodePlace>> =
        blueprint.operations.iter().map(|operation| near.operation(operation)).collect();
    if touch.is_none() && tables.iter().chain(&operations).all(Option::is_none) {
        blueprint.is_unmapped = true;
        spec.blueprint = Some(blueprint);
        return;
    }
    blueprint.is_delta = true;
    blueprint.base_path = base_path(code);
    for (table, found) in blueprint.tables.iter_mut().zip(tables) {
        // What others refer to is there, wherever it stands.
        if found.is_some() || table.presence != Presence::Assumed {
            table.presence = presence(found);
        }
    }
    for (operation, found) in blueprint.operations.iter_mut().zip(operations) {
        operation.presence = presence(found);
    }
    name_as_kept(&mut blueprint, code);
    mark_added(&mut blueprint, &near);
    blueprint.tasks = plan::tasks(spec, &blueprint, &near.sites(spec, &blueprint));
    spec.blueprint = Some(blueprint);
}

/// What [`ground`] reads of the code for one insight.
#[must_use]
pub fn read_of(code: &CodeMap, insight: InsightId) -> CodeMap {
    let touch = code.touches.get(&insight);
    let named = touch.into_iter().flat_map(|touch| touch.files.iter().take(MOST_FILES).map(|(path, _)| path));
    let placed = touch
        .into_iter()
        .flat_map(|touch| touch.parts.iter().filter_map(|part| part.found.as_ref()))
        .chain(code.endpoints.iter().map(|endpoint| &endpoint.place))
        .chain(code.tables.iter().map(|table| &table.place))
        .map(|place| &place.file);
    let folders: BTreeSet<&str> = code.tables.iter().map(|table| folder(&table.place.file)).collect();
    let beside = code.files.keys().filter(|path| folders.contains(folder(path)));
    let there = named.chain(placed).chain(beside).filter(|path| code.files.contains_key(*path));
    CodeMap {
        files: there.map(|path| (path.clone(), CodeFile::default())).collect(),
        touches: touch.map(|touch| (insight, touch.clone())).into_iter().collect(),
        endpoints: code.endpoints.clone(),
        tables: code.tables.clone(),
        ..CodeMap::default()
    }
}

/// The code as one insight sees it.
struct Near<'a> {
    code: &'a CodeMap,
    touch: &'a Touch,
}

impl Near<'_> {
    /// Where a table stands, if it does.
    fn table(&self, table: &Table) -> Option<CodePlace> {
        let said = part(&self.touch.parts, &[&table.entity, &table.name]);
        said.or_else(|| kept(table, self.code).map(|kept| kept.place.clone()))
    }

    /// Where an operation is answered, if it is.
    fn operation(&self, operation: &Operation) -> Option<CodePlace> {
        let call = format!("{} {}", operation.method, operation.path);
        let path = path_key(&operation.path);
        let is_it = |method: &str, other: &str| method == operation.method && path_key(without_base(other).1) == path;
        part(&self.touch.parts, &[&call]).or_else(|| {
            let endpoint = self.code.endpoints.iter().find(|endpoint| is_it(&endpoint.method, &endpoint.path));
            endpoint.map(|endpoint| endpoint.place.clone())
        })
    }

    /// Which files each piece of work opens.
    fn sites(&self, spec: &Spec, blueprint: &Blueprint) -> plan::Sites {
        let touched = self.touch.files.iter().take(MOST_FILES);
        let touched: Vec<_> = touched.map(|(path, _)| (path.clone(), of_file(path, self.code))).collect();
        let of_operation = |operation: &Operation| match &operation.presence {
            Presence::Exists { file, .. } => vec![(file.clone(), operation.presence.clone())],
            _ => self.beside(operation),
        };
        plan::Sites {
            data: self.next_migration(&spec.subject).into_iter().collect(),
            operations: blueprint.operations.iter().map(of_operation).collect(),
            rest: touched,
        }
    }

    /// The file that answers most of the calls below the same first step of the path: a new call stands there, too.
    fn beside(&self, operation: &Operation) -> Vec<(String, Presence)> {
        let first = |path: &str| path_key(path).into_iter().next().unwrap_or_default();
        let own = first(&operation.path);
        let mut n_by_file: BTreeMap<&CodePlace, u32> = BTreeMap::new();
        let mut place_by_file: BTreeMap<&str, &CodePlace> = BTreeMap::new();
        let is_near = |path: &str| first(without_base(path).1) == own;
        for endpoint in self.code.endpoints.iter().filter(|endpoint| is_near(&endpoint.path)) {
            let place = *place_by_file.entry(&endpoint.place.file).or_insert(&endpoint.place);
            *n_by_file.entry(place).or_default() += 1;
        }
        let most = n_by_file.into_iter().max_by_key(|(place, n)| (*n, Reverse(*place)));
        most.map(|(place, _)| (place.file.clone(), presence(Some(place.clone())))).into_iter().collect()
    }

    /// The file of the next migration, where migrations are numbered one after the other.
    fn next_migration(&self, subject: &str) -> Option<(String, Presence)> {
        let folder_of_newest = self.code.tables.iter().map(|table| folder(&table.place.file)).max()?;
        let newest = self.code.files.keys().filter(|path| folder(path) == folder_of_newest).max()?;
        let name = newest.rsplit('/').next()?;
        let digits: String = name.chars().take_while(char::is_ascii_digit).collect();
        // Longer ones are the time at which somebody began.
        if !(1..=6).contains(&digits.len()) || !name[digits.len()..].starts_with('_') {
            return None;
        }
        let next = digits.parse::<u32>().ok()? + 1;
        let end = name.rsplit_once('.').map_or("", |(_, end)| end);
        let name = format!("{next:0width$}_{}.{end}", column_name(subject), width = digits.len());
        let path = if folder_of_newest.is_empty() { name } else { format!("{folder_of_newest}/{name}") };
        Some((path, Presence::New))
    }
}

fn presence(found: Option<CodePlace>) -> Presence {
    found.map_or(Presence::New, |place| Presence::Exists { file: place.file, line: place.line, symbol: place.symbol })
}

fn of_file(path: &str, code: &CodeMap) -> Presence {
    let place = || CodePlace { file: path.to_owned(), line: 1, symbol: None };
    presence(code.files.contains_key(path).then(place))
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Where a part stands that is called one of these names.
fn part(parts: &[NeededPart], names: &[&str]) -> Option<CodePlace> {
    let is_it = |part: &&NeededPart| names.iter().any(|name| part.name == *name || joined(&part.name) == joined(name));
    parts.iter().find(is_it)?.found.clone()
}

/// The table of the code in which these rows are kept.
fn kept<'c>(table: &Table, code: &'c CodeMap) -> Option<&'c CodeTable> {
    let names = [joined(&table.name), joined(&table.entity)];
    code.tables.iter().find(|other| names.contains(&joined(own_name(&other.name))))
}

/// A table's name without that of its schema.
fn own_name(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// `ReportRun`, `report_run` and `report run` are one name.
fn joined(name: &str) -> String {
    words::ascii_words(name).concat()
}

/// A path in what stands before all of them, such as `/api` and `/v1`, and the rest.
fn without_base(path: &str) -> (&str, &str) {
    let is_version = |step: &str| step.strip_prefix('v').is_some_and(|n| n.parse::<u16>().is_ok());
    let mut rest = path;
    while let Some(after) = rest.strip_prefix('/') {
        let step = after.split('/').next().unwrap_or_default();
        if step != "api" && !is_version(step) {
            break;
        }
        rest = &after[step.len()..];
    }
    path.split_at(path.len() - rest.len())
}

/// What stands before most paths of the code.
fn base_path(code: &CodeMap) -> Option<String> {
    let mut n_by_base: BTreeMap<&str, u32> = BTreeMap::new();
    for endpoint in &code.endpoints {
        *n_by_base.entry(without_base(&endpoint.path).0).or_default() += 1;
    }
    let most = n_by_base.into_iter().max_by_key(|(base, n)| (*n, Reverse(*base)));
    most.map(|(base, _)| base.to_owned())
}

/// Steps of a path, whatever its parameters are called and however its words are joined.
fn path_key(path: &str) -> Vec<String> {
    let shape = shape(path);
    let steps = shape.split('/').filter(|step| !step.is_empty());
    steps.map(|step| if step.starts_with(['{', ':']) { "{}".to_owned() } else { joined(step) }).collect()
}

/// Gives the tables that are there the name by which the database knows them.
fn name_as_kept(blueprint: &mut Blueprint, code: &CodeMap) {
    let is_there = |table: &&Table| matches!(table.presence, Presence::Exists { .. });
    let renamed: BTreeMap<String, String> = blueprint
        .tables
        .iter()
        .filter(is_there)
        .filter_map(|table| Some((table.name.clone(), own_name(&kept(table, code)?.name).to_owned())))
        .filter(|(_, theirs)| blueprint.tables.iter().all(|other| other.name != *theirs))
        .collect();
    let rename = |name: &mut String| {
        if let Some(kept) = renamed.get(name.as_str()) {
            name.clone_from(kept);
        }
    };
    for table in &mut blueprint.tables {
        rename(&mut table.name);
        if let Some((owner, _)) = &mut table.list_of {
            rename(owner);
        }
        for column in &mut table.columns {
            if let ColumnType::Reference(target) = &mut column.holds {
                rename(target);
            }
        }
    }
    blueprint.operations.iter_mut().for_each(|operation| rename(&mut operation.table));
}

/// Marks the columns that tables lack which are there, and how those are stored which they have. Where the code does not
/// name a table's columns, those are new that the map calls new or that refer to a table which is new itself.
fn mark_added(blueprint: &mut Blueprint, near: &Near<'_>) {
    let is_new = |table: &&Table| table.presence == Presence::New;
    let made: BTreeSet<String> = blueprint.tables.iter().filter(is_new).map(|table| table.name.clone()).collect();
    for table in &mut blueprint.tables {
        if !matches!(table.presence, Presence::Exists { .. }) {
            continue;
        }
        let of = [joined(&table.entity), joined(&table.name)];
        let is_called_new = |column: &str| {
            near.touch.data.iter().any(|change| match change {
                DataChange::NewField(field) => {
                    let named = field.rsplit_once('.');
                    named.is_some_and(|(table, field)| of.contains(&joined(table)) && column_name(field) == column)
                }
                _ => false,
            })
        };
        let kept = kept(table, near.code).map(|kept| &kept.columns);
        for (i, column) in table.columns.iter_mut().enumerate() {
            let stored = kept.map(|all| all.iter().find(|other| joined(&other.name) == joined(&column.name)));
            let refers_to_new = matches!(&column.holds, ColumnType::Reference(target) if made.contains(target));
            match stored {
                Some(Some(stored)) => {
                    column.stored_as.clone_from(&stored.type_name);
                    // What it holds today cannot be of a table that is not there yet.
                    if refers_to_new {
                        column.holds = ColumnType::Uuid;
                    }
                }
                Some(None) => column.is_added = true,
                // The first column is the key, which is there with its table.
                None => column.is_added = i > 0 && (refers_to_new || is_called_new(&column.name)),
            }
        }
    }
}
