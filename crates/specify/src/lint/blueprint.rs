//! Rules for the technical blueprint.
//!
//! What public programs say of the printed files (OpenAPI, SQL, Mermaid, manifests) is asked by `tests/checkers`; here it
//! is checked that the items they are printed from hold together.

use super::Report;
use crate::blueprint::{column_name, holds, inside, shape};
use std::collections::BTreeSet;
use throughline_model::blueprint::{Answer, Blueprint, Body, ColumnType, Must, Operation, Presence, Table};
use throughline_model::code::CodeMap;
use throughline_model::spec::{Size, Spec};

/// Headings of ISO/IEC 25010:2023.
const HEADINGS: [&str; 9] = [
    "Functional suitability",
    "Performance efficiency",
    "Compatibility",
    "Interaction capability",
    "Reliability",
    "Security",
    "Maintainability",
    "Flexibility",
    "Safety",
];

/// Checks the blueprint, beside the code where it was read. A fix has none.
pub(super) fn check(spec: &Spec, code: Option<&CodeMap>, report: &mut Report) {
    let Some(blueprint) = &spec.blueprint else {
        if spec.size != Size::Fix {
            report.error("BP-3", "blueprint", "a change that is more than a fix has no blueprint");
        }
        return;
    };
    interface(blueprint, report);
    data(blueprint, report);
    agreement(spec, blueprint, report);
    diagrams(spec, blueprint, report);
    decisions(blueprint, report);
    targets(spec, blueprint, report);
    placement(blueprint, report);
    delta(blueprint, code, report);
    tasks(spec, blueprint, report);
}

/// BP-1.
fn interface(blueprint: &Blueprint, report: &mut Report) {
    let mut ids = BTreeSet::new();
    for operation in &blueprint.operations {
        let call = format!("{} {}", operation.method, operation.path);
        let is_safe = !operation.id.is_empty() && operation.id.chars().all(|c| c.is_ascii_alphanumeric());
        if !is_safe || !ids.insert(&operation.id) {
            report.error("BP-1", &call, "the operation's id is not safe in an address or not unique");
        }
        if operation.summary.is_empty() || operation.description.is_empty() || operation.tag.is_empty() {
            report.error("BP-1", &call, "summary, description or tag is missing");
        }
        if !operation.refusals.iter().any(|code| (400..500).contains(code)) {
            report.error("BP-1", &call, "it can refuse nothing");
        }
        let creates = operation.method == "POST" && operation.body == Body::Create;
        if creates && !operation.takes_idempotency_key {
            report.error("BP-1", &call, "it creates and takes no key against being sent twice");
        }
        if operation.answer == Answer::Page && operation.method != "GET" {
            report.error("BP-1", &call, "only what is read comes in pages");
        }
    }
    for (i, one) in blueprint.operations.iter().enumerate() {
        if let Some(other) = blueprint.operations[i + 1..].iter().find(|other| are_ambiguous(one, other)) {
            report.error("BP-1", &one.path, format!("cannot be told from {}", other.path));
        }
    }
}

fn are_ambiguous(one: &Operation, other: &Operation) -> bool {
    let is_parameter = |step: &str| step.starts_with('{');
    let (a, b): (Vec<&str>, Vec<&str>) = (one.path.split('/').collect(), other.path.split('/').collect());
    one.path != other.path
        && a.len() == b.len()
        && a.iter().zip(&b).all(|(a, b)| a == b || is_parameter(a) || is_parameter(b))
}

/// BP-2.
fn data(blueprint: &Blueprint, report: &mut Report) {
    let mut before: BTreeSet<&str> = BTreeSet::new();
    for table in &blueprint.tables {
        let key = table.columns.first();
        if !key.is_some_and(|key| key.name == "id" && key.holds == ColumnType::Uuid && !key.is_optional) {
            report.error("BP-2", &table.name, "it has no key");
        }
        let mut names = BTreeSet::new();
        for column in &table.columns {
            let place = format!("{}.{}", table.name, column.name);
            if !names.insert(&column.name) {
                report.error("BP-2", &place, "the column is there twice");
            }
            if let ColumnType::Reference(target) = &column.holds
                && *target != table.name
                && !before.contains(target.as_str())
            {
                report.error("BP-2", &place, format!("refers to {target}, which does not stand before it"));
            }
            if column.holds == ColumnType::Money && table.column("currency").is_none() {
                report.error("BP-2", &place, "an amount has no currency beside it");
            }
            let base = column.name.strip_suffix("_name");
            if base.is_some_and(|base| table.column(&format!("{base}_id")).is_some()) {
                report.error("BP-2", &place, "the name depends on the id beside it, not on the key");
            }
            let group = column.name.trim_end_matches(|c: char| c.is_ascii_digit());
            let is_first = group.len() < column.name.len() && column.name.ends_with('1');
            if is_first && table.column(&format!("{group}2")).is_some() {
                report.error("BP-2", &place, "numbered columns are a list");
            }
        }
        if !before.insert(&table.name) {
            report.error("BP-2", &table.name, "the table is there twice");
        }
    }
}

/// BP-3: what the specification names, the database holds and the interface serves.
fn agreement(spec: &Spec, blueprint: &Blueprint, report: &mut Report) {
    let snake = crate::words::snake;
    let of =
        |name: &str| blueprint.tables.iter().find(|table| table.list_of.is_none() && snake(&table.one) == snake(name));
    for entity in &spec.entities {
        let Some(table) = of(&entity.one) else {
            report.error("BP-3", &entity.name, "no table holds it");
            continue;
        };
        for field in &entity.fields {
            let place = format!("{}.{}", entity.name, field.name);
            let name = column_name(&field.name);
            if inside(&field.type_name, "list").is_some() {
                let is_held = |other: &Table| {
                    other.list_of.as_ref().is_some_and(|(owner, list)| *owner == table.name && *list == name)
                };
                if !blueprint.tables.iter().any(is_held) {
                    report.error("BP-3", &place, "no table holds the list");
                }
                continue;
            }
            if table.left_out.contains(&name) {
                continue;
            }
            let Some(column) = table.column(&name) else {
                report.error("BP-3", &place, "no column holds it");
                continue;
            };
            let is_reference = inside(&field.type_name, "ref").is_some();
            let is_same = match &column.holds {
                ColumnType::Reference(_) => is_reference,
                // Where references go in a circle, one of them is only an id.
                ColumnType::Uuid if is_reference => true,
                other => *other == holds(&name, &field.type_name),
            };
            if !is_same {
                report.error("BP-3", &place, format!("is {} here and something else in the table", field.type_name));
            }
            if field.is_optional && !column.is_optional {
                report.error("BP-3", &place, "may be empty here and not in the table");
            }
        }
    }
    for operation in &blueprint.operations {
        let is_held = blueprint.tables.iter().any(|table| table.name == operation.table);
        if operation.answer != Answer::Health && !is_held {
            report.error("BP-3", &operation.path, "no table holds what it is about");
        }
    }
    for endpoint in &spec.endpoints {
        let path = shape(&endpoint.path);
        let is_it = |o: &Operation| [&o.path, &o.asked_as].iter().any(|other| shape(other) == path);
        if !blueprint.operations.iter().any(|o| is_it(o) && o.method == endpoint.method) {
            report.error("BP-3", &endpoint.path, "no operation serves it");
        }
    }
}

/// BP-4.
fn diagrams(spec: &Spec, blueprint: &Blueprint, report: &mut Report) {
    for story in spec.stories.iter().filter(|story| story.priority == 1) {
        let n = blueprint.sequences.iter().filter(|sequence| sequence.story_key == story.key).count();
        if n != 1 {
            report.error("BP-4", &story.key, format!("a story of the first priority has {n} sequences"));
        }
    }
    for sequence in &blueprint.sequences {
        let n = sequence.lanes.len();
        let is_off = |lane: u8| usize::from(lane) >= n;
        if sequence.messages.is_empty() || sequence.messages.iter().any(|m| is_off(m.from) || is_off(m.to)) {
            report.error("BP-4", &sequence.story_key, "the sequence says nothing, or to nobody");
        }
    }
}

/// BP-5.
fn decisions(blueprint: &Blueprint, report: &mut Report) {
    for decision in &blueprint.decisions {
        let n = decision.options.len();
        if n < 2 || decision.options.iter().any(|option| option.pros.is_empty() || option.cons.is_empty()) {
            report.error("BP-5", &decision.key, "needs two options, each with what speaks for and against it");
        }
        if decision.context.text.is_empty() || decision.outcome.text.is_empty() || decision.consequences.is_empty() {
            report.error("BP-5", &decision.key, "context, outcome or consequences are missing");
        }
        if !decision.cost.text.to_lowercase().contains("cost") {
            report.error("BP-5", &decision.key, "does not say what it costs");
        }
    }
}

/// BP-6.
fn targets(spec: &Spec, blueprint: &Blueprint, report: &mut Report) {
    for target in &blueprint.targets {
        if !HEADINGS.contains(&target.heading.as_str()) {
            report.error("BP-6", &target.heading, "is no heading of ISO 25010");
        }
        if target.metric.is_empty() || target.load.is_empty() || target.measured_by.is_empty() {
            report.error("BP-6", &target.heading, "measure, load or how it is measured is missing");
        }
    }
    for i in 0..spec.qualities.len() {
        let is_measured = |must: &Must| matches!(must, Must::AsQuality(of) if usize::from(*of) == i);
        if !blueprint.targets.iter().any(|target| is_measured(&target.must)) {
            report.error("BP-6", "qualities", format!("quality {} is not measured", i + 1));
        }
    }
}

/// BP-7.
fn placement(blueprint: &Blueprint, report: &mut Report) {
    let Some(deployable) = &blueprint.deployable else { return };
    let is_name = !deployable.name.is_empty()
        && deployable.name.len() <= 50
        && deployable.name.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    if !is_name {
        report.error("BP-7", "placement", "its name is none that a cluster takes");
    }
    if deployable.reason.text.is_empty() {
        report.error("BP-7", "placement", "no reason is given for where it runs");
    }
}

/// BP-8.
fn delta(blueprint: &Blueprint, code: Option<&CodeMap>, report: &mut Report) {
    if !blueprint.is_delta {
        let why = if blueprint.is_unmapped { "nothing in the code map is near it" } else { "no code was read" };
        report.not_known("BP-8", "blueprint", format!("{why}, so what exists is not known"));
        return;
    }
    let tables = blueprint.tables.iter().map(|table| (&table.name, &table.presence));
    let operations = blueprint.operations.iter().map(|operation| (&operation.path, &operation.presence));
    let files = blueprint.tasks.iter().flat_map(|task| &task.files).map(|(path, presence)| (path, presence));
    for (name, presence) in tables.chain(operations).chain(files) {
        match (presence, code) {
            (Presence::NotKnown, _) => report.error("BP-8", name, "is marked neither as there nor as new"),
            (Presence::Exists { file, .. }, Some(code)) if !code.files.contains_key(file) => {
                report.error("BP-8", name, format!("is said to stand in {file}, which is not in the code"));
            }
            _ => {}
        }
    }
    for table in blueprint.tables.iter().filter(|table| matches!(table.presence, Presence::Exists { .. })) {
        for column in table.columns.iter().filter(|column| !column.is_added) {
            let is_new = |other: &&Table| {
                other.presence == Presence::New
                    && matches!(&column.holds, ColumnType::Reference(target) if *target == other.name)
            };
            if let Some(target) = blueprint.tables.iter().find(is_new) {
                let place = format!("{}.{}", table.name, column.name);
                report.error(
                    "BP-8",
                    &place,
                    format!("is said to be there and refers to {}, which is new", target.name),
                );
            }
        }
    }
    if code.is_none() {
        report.not_known("BP-8", "blueprint", "the code is not at hand, so named places cannot be looked up");
    }
}

/// BP-9.
fn tasks(spec: &Spec, blueprint: &Blueprint, report: &mut Report) {
    let keys: BTreeSet<&str> = spec
        .stories
        .iter()
        .flat_map(|story| std::iter::once(&story.key).chain(story.criteria.iter().map(|criterion| &criterion.key)))
        .map(String::as_str)
        .collect();
    let mut before: BTreeSet<&str> = BTreeSet::new();
    for task in &blueprint.tasks {
        if task.after.iter().any(|key| !before.contains(key.as_str())) {
            report.warn("BP-9", &task.key, "stands before a task that it needs");
        }
        if task.serves.is_empty() || task.serves.iter().any(|key| !keys.contains(key.as_str())) {
            report.warn("BP-9", &task.key, "serves no story or criterion that is there");
        }
        if task.test.is_empty() {
            report.warn("BP-9", &task.key, "no test shows that it is done");
        }
        before.insert(&task.key);
    }
    if blueprint.tasks.iter().any(|task| task.files.is_empty()) {
        report.not_known("BP-9", "tasks", "which files a task changes is not known without the code");
    }
}
