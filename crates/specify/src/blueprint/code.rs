//! A blueprint beside the code that exists: what is there already, what is new, which files change.
//!
//! In: a specification and the map of the code. Out: its blueprint as a change of that code. What an insight is said to
//! touch goes before what is found by name: a table by its name or the name of its entity, a call by its method and path.
//! What a part of the name alone tells is marked likely, for people to confirm.
//! Invariant: nothing is said to be there that the map does not place, and no file is named as there that it does not hold.

use super::operations::shape;
use super::{column_name, decisions, flow, plan};
use crate::{in_code, schema, words};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use throughline_model::InsightId;
use throughline_model::blueprint::{Blueprint, Column, ColumnType, Operation, Presence, Table};
use throughline_model::code::{CodeEndpoint, CodeFile, CodeMap, CodePlace, CodeTable, DataChange, NeededPart, Touch};
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
    in_code::say(spec, code, touch);
}

fn grounded(spec: &mut Spec, mut blueprint: Blueprint, code: &CodeMap, touch: Option<&Touch>) {
    let nothing = Touch::default();
    let near = Near { code, touch: touch.unwrap_or(&nothing) };
    let tables = near.tables(&blueprint.tables);
    let operations: Vec<Option<(CodePlace, Option<String>)>> =
        blueprint.operations.iter().map(|operation| near.operation(operation)).collect();
    if touch.is_none() && tables.iter().all(Option::is_none) && operations.iter().all(Option::is_none) {
        blueprint.is_unmapped = true;
        spec.blueprint = Some(blueprint);
        return;
    }
    blueprint.is_delta = true;
    blueprint.base_path = base_path(code);
    let mut name_from_ours: BTreeMap<String, String> = BTreeMap::new();
    for (table, found) in blueprint.tables.iter_mut().zip(&tables) {
        // What others refer to is there, wherever it stands.
        if found.is_some() || table.presence != Presence::Assumed {
            table.presence = presence(found.as_ref().map(|found| found.place.clone()));
        }
        if let Some(kept) = found.as_ref().and_then(|found| found.kept) {
            table.is_likely = found.as_ref().is_some_and(|found| found.is_likely);
            name_from_ours.insert(table.name.clone(), own_name(&kept.name).to_owned());
        }
    }
    let mut path_from_asked: BTreeMap<String, String> = BTreeMap::new();
    for (operation, found) in blueprint.operations.iter_mut().zip(operations) {
        let (place, path) = found.map_or((None, None), |(place, path)| (Some(place), path));
        operation.presence = presence(place);
        if let Some(path) = path {
            path_from_asked.insert(operation.path.clone(), path);
        }
    }
    name_as_kept(&mut blueprint, &name_from_ours);
    route_as_there(&mut blueprint, &path_from_asked);
    let kept: Vec<Option<&CodeTable>> =
        tables.iter().map(|found| found.as_ref().and_then(|found| found.kept)).collect();
    mark_added(&mut blueprint, &kept, &near);
    leave_out(&mut blueprint, &spec.subject, &near);
    blueprint.sequences = flow::sequences(spec, &blueprint);
    blueprint.decisions = decisions::decisions(&blueprint);
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

/// A table that is there.
struct Found<'c> {
    place: CodePlace,
    /// With its columns, where the map names them.
    kept: Option<&'c CodeTable>,
    /// Whether a part of the name alone says so.
    is_likely: bool,
}

impl<'c> Near<'c> {
    /// Which tables are there. One of the code is taken for one of ours, by its whole name before a part of it.
    fn tables(&self, tables: &[Table]) -> Vec<Option<Found<'c>>> {
        let mut out: Vec<Option<Found<'c>>> = tables
            .iter()
            .map(|table| {
                let kept = kept(table, self.code);
                let said = part(&self.touch.parts, &[&table.entity, &table.name]);
                let place = said.or_else(|| kept.map(|kept| kept.place.clone()))?;
                Some(Found { place, kept, is_likely: false })
            })
            .collect();
        let mut taken: BTreeSet<String> =
            out.iter().flatten().filter_map(|found| Some(found.kept?.name.clone())).collect();
        for (table, found) in tables.iter().zip(&mut out) {
            if found.is_none()
                && table.presence != Presence::Assumed
                && table.list_of.is_none()
                && let Some(kept) = only(self.code.tables.iter().filter(|other| {
                    !taken.contains(&other.name) && is_alike(&singular(&table.one), &singular(own_name(&other.name)))
                }))
            {
                taken.insert(kept.name.clone());
                *found = Some(Found { place: kept.place.clone(), kept: Some(kept), is_likely: true });
            }
        }
        out
    }

    /// Where an operation is answered, if it is, and under which path when that is another.
    fn operation(&self, operation: &Operation) -> Option<(CodePlace, Option<String>)> {
        let call = format!("{} {}", operation.method, operation.path);
        if let Some(place) = part(&self.touch.parts, &[&call]) {
            return Some((place, None));
        }
        let own = path_key(&operation.path);
        let all = || self.code.endpoints.iter().filter(|endpoint| endpoint.method == operation.method);
        let path = |endpoint: &'c CodeEndpoint| without_base(&endpoint.path).1;
        if let Some(endpoint) = all().find(|endpoint| path_key(path(endpoint)) == own) {
            return Some((endpoint.place.clone(), None));
        }
        let endpoint = only(all().filter(|endpoint| leads_alike(&own, &path_key(path(endpoint)))))?;
        Some((endpoint.place.clone(), Some(path(endpoint).to_owned())))
    }

    /// Whether what is known of the insight calls a column of a table new.
    fn calls_new(&self, table: &[String; 2], column: &str) -> bool {
        self.touch.data.iter().any(|change| match change {
            DataChange::NewField(field) => {
                let named = field.rsplit_once('.');
                named.is_some_and(|(of, field)| table.contains(&joined(of)) && column_name(field) == column)
            }
            _ => false,
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
            data: self.next_migration(spec, blueprint).into_iter().collect(),
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
    fn next_migration(&self, spec: &Spec, blueprint: &Blueprint) -> Option<(String, Presence)> {
        let subject =
            blueprint.tables.iter().find(|table| table.entity == spec.subject).or(blueprint.tables.first())?;
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
        let name = format!("{next:0width$}_{}.{end}", subject.name, width = digits.len());
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
    steps.map(|step| if step.starts_with('{') { "{}".to_owned() } else { joined(step) }).collect()
}

/// The one of them, if there is one alone.
fn only<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    all.next().filter(|_| all.next().is_none())
}

/// Words of a name, each in the singular.
fn singular(name: &str) -> Vec<String> {
    words::ascii_words(&name.replace(['_', '-'], " ")).iter().map(|word| words::singular(word)).collect()
}

/// Words that say of a table no more than that it keeps something.
const PLAIN: [&str; 5] = ["request", "record", "entry", "item", "log"];

/// Whether two tables go by the same last word and one of them says more of it: `exports` and `payroll_exports`; or one
/// adds a word that says nothing: `swaps` and `swap_requests`.
fn is_alike(ours: &[String], theirs: &[String]) -> bool {
    let is_in = |few: &[String], many: &[String]| few.iter().all(|word| many.contains(word));
    let is_same_end = ours.last().is_some() && ours.last() == theirs.last();
    let is_plain = theirs.split_last().is_some_and(|(last, rest)| rest == ours && PLAIN.contains(&last.as_str()));
    (is_same_end && (is_in(ours, theirs) || is_in(theirs, ours))) || is_plain
}

/// Whether two paths have as many parameters and the words of one stand in the other in their order, by their stems.
fn leads_alike(ours: &[String], theirs: &[String]) -> bool {
    let n = |path: &[String]| path.iter().filter(|step| *step == "{}").count();
    if n(ours) != n(theirs) || ours.last().is_some_and(|step| step == "{}") != theirs.last().is_some_and(|s| s == "{}")
    {
        return false;
    }
    let mut rest = theirs.iter();
    !ours.is_empty() && ours.iter().all(|step| rest.any(|other| stem(other) == stem(step)))
}

/// `approve` and `approvals`. Chosen: six letters tell acts apart and forms of one act do not differ in them.
fn stem(step: &str) -> String {
    const LETTERS: usize = 6;
    words::singular(step).chars().take(LETTERS).collect()
}

/// Gives the tables that are there the name by which the database knows them.
fn name_as_kept(blueprint: &mut Blueprint, name_from_ours: &BTreeMap<String, String>) {
    let is_free = |theirs: &String| blueprint.tables.iter().all(|other| other.name != *theirs);
    let renamed: BTreeMap<&String, &String> = name_from_ours.iter().filter(|(_, theirs)| is_free(theirs)).collect();
    let rename = |name: &mut String| {
        if let Some(kept) = renamed.get(name) {
            *name = (*kept).clone();
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

/// Gives the calls that are there under another path that path, and what stands below a list of them, too.
fn route_as_there(blueprint: &mut Blueprint, path_from_asked: &BTreeMap<String, String>) {
    for operation in &mut blueprint.operations {
        let asked = operation.path.clone();
        let below = path_from_asked.iter().filter(|(list, _)| !list.contains('{'));
        let mut below = below.filter_map(|(list, there)| {
            let rest = asked.strip_prefix(list.as_str())?;
            rest.starts_with('/').then(|| format!("{there}{rest}"))
        });
        let is_there = matches!(operation.presence, Presence::Exists { .. });
        // Under its own path it is there already.
        let path = path_from_asked.get(&asked).cloned().or_else(|| if is_there { None } else { below.next_back() });
        if let Some(path) = path {
            operation.path = path;
            operation.asked_as = asked;
        }
    }
    blueprint.operations.sort_by(|a, b| (&a.path, &a.method).cmp(&(&b.path, &b.method)));
}

/// Leaves out of a subject that is there what things of its kind usually hold: nobody asked for it to be added. What only
/// that referred to goes, too.
fn leave_out(blueprint: &mut Blueprint, subject: &str, near: &Near<'_>) {
    for table in blueprint.tables.iter_mut().filter(|table| table.entity == subject) {
        let usual = schema::usual(&table.one);
        let of = [joined(&table.entity), joined(&table.name)];
        let is_left =
            |column: &Column| column.is_added && usual.contains(&column.name) && !near.calls_new(&of, &column.name);
        table.left_out =
            table.columns.iter().skip(1).filter(|column| is_left(column)).map(|c| c.name.clone()).collect();
        let left = table.left_out.clone();
        table.columns.retain(|column| !left.contains(&column.name));
    }
    let named: BTreeSet<String> = blueprint
        .tables
        .iter()
        .flat_map(|table| &table.columns)
        .filter_map(
            |column| if let ColumnType::Reference(target) = &column.holds { Some(target.clone()) } else { None },
        )
        .collect();
    blueprint.tables.retain(|table| !table.story_keys.is_empty() || named.contains(&table.name));
}

/// Marks the columns that tables lack which are there, and how those are stored which they have. Where the code does not
/// name a table's columns, those are new that the map calls new or that refer to a table which is new itself.
fn mark_added(blueprint: &mut Blueprint, kept: &[Option<&CodeTable>], near: &Near<'_>) {
    let is_new = |table: &&Table| table.presence == Presence::New;
    let made: BTreeSet<String> = blueprint.tables.iter().filter(is_new).map(|table| table.name.clone()).collect();
    for (table, kept) in blueprint.tables.iter_mut().zip(kept) {
        if !matches!(table.presence, Presence::Exists { .. }) {
            continue;
        }
        let of = [joined(&table.entity), joined(&table.name)];
        let kept = kept.map(|kept| &kept.columns);
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
                Some(None) => {
                    match kept.filter(|_| i == 0).and_then(|all| only(all.iter().filter(|other| other.is_key))) {
                        // It has a key of its own, and gets no second one.
                        Some(key) => {
                            column.name.clone_from(&key.name);
                            column.stored_as.clone_from(&key.type_name);
                        }
                        None => column.is_added = true,
                    }
                }
                // The first column is the key, which is there with its table.
                None => column.is_added = i > 0 && (refers_to_new || near.calls_new(&of, &column.name)),
            }
        }
    }
}
