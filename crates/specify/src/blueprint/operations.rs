//! Endpoints as operations: what each is about, what it is sent and what it answers.
//!
//! In: endpoints in the notation of frames, and tables. Out: operations by path, then method; the same call asked for by
//! two needs is one operation.
//! Invariants: ids are unique; every operation can refuse; a page is answered to a GET only.

use crate::words;
use std::collections::{BTreeMap, BTreeSet};
use throughline_model::Basis;
use throughline_model::blueprint::{Answer, Body, Operation, Presence, Query, Table};
use throughline_model::spec::Endpoint;

/// Words of paths that do not share a stem with the entity they are about.
const ABOUT: [(&str, &str); 7] = [
    ("trash", "DeletionRecord"),
    ("billing", "Subscription"),
    ("sync", "OutboxItem"),
    ("log", "SyncRecord"),
    ("data", "ReportRun"),
    ("report", "MigrationIssue"),
    ("file", "DataRequest"),
];

/// Last words of paths that answer with one thing though they are read.
const SINGLE: [&str; 6] = ["billing", "data", "report", "file", "preview", "preferences"];

/// Last words of paths that are acts on what stands before them.
const ACTS: [&str; 21] = [
    "archive", "restore", "copy", "undo", "cancel", "run", "resume", "read", "test", "decision", "accept", "use",
    "change", "outcome", "publish", "withdraw", "preview", "assignee", "merge", "sync", "tags",
];

/// Operations of all endpoints.
pub(super) fn operations(endpoints: &[Endpoint], tables: &[Table], subject: &str, is_delta: bool) -> Vec<Operation> {
    let mut by_call: BTreeMap<(String, String), Operation> = BTreeMap::new();
    // Two needs may name the parameter of one path differently: it is one path.
    let mut path_from_shape: BTreeMap<String, String> = BTreeMap::new();
    for endpoint in endpoints {
        let mut operation = operation(endpoint, tables, subject, is_delta);
        let path = path_from_shape.entry(shape(&operation.path)).or_insert_with(|| operation.path.clone());
        operation.path.clone_from(path);
        match by_call.entry((operation.path.clone(), operation.method.clone())) {
            std::collections::btree_map::Entry::Vacant(place) => drop(place.insert(operation)),
            std::collections::btree_map::Entry::Occupied(mut place) => join(place.get_mut(), operation),
        }
    }
    let mut out: Vec<Operation> = by_call.into_values().collect();
    let mut ids = BTreeSet::new();
    for operation in &mut out {
        let base = operation.id.clone();
        let mut n = 2;
        while !ids.insert(operation.id.clone()) {
            operation.id = format!("{base}{n}");
            n += 1;
        }
    }
    out
}

/// A path without the names of its parameters and without its query.
pub(crate) fn shape(path: &str) -> String {
    let path = path.split('?').next().unwrap_or_default();
    path.split('/').map(|step| if step.starts_with('{') { "{}" } else { step }).collect::<Vec<_>>().join("/")
}

fn join(known: &mut Operation, other: Operation) {
    for query in other.query {
        if !known.query.iter().any(|other| other.name == query.name) {
            known.query.push(query);
        }
    }
    known.refusals.extend(other.refusals);
    known.refusals.sort_unstable();
    known.refusals.dedup();
    for key in other.story_keys {
        if !known.story_keys.contains(&key) {
            known.story_keys.push(key);
        }
    }
}

fn operation(endpoint: &Endpoint, tables: &[Table], subject: &str, is_delta: bool) -> Operation {
    let (path, query) = endpoint.path.split_once('?').unwrap_or((&endpoint.path, ""));
    let steps: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
    let last = steps.last().copied().unwrap_or_default();
    let table = if last == "status" { None } else { about(&steps, tables, subject) };
    let method = endpoint.method.as_str();
    let success = endpoint.codes.iter().copied().find(|code| (200..300).contains(code)).unwrap_or(200);
    let is_item = last.starts_with('{');
    let is_act = ACTS.contains(&last) && steps.len() > 1 && !is_item;
    let answer = match (method, success) {
        _ if last == "status" => Answer::Health,
        (_, 204) => Answer::Nothing,
        (_, 202) => Answer::Begun,
        ("GET", _) if !is_item && !SINGLE.contains(&last) && !is_act => Answer::Page,
        _ => Answer::One,
    };
    let body = match method {
        "POST" if success == 201 && !is_act => Body::Create,
        "POST" if success == 202 && !is_act => Body::Create,
        "POST" | "PUT" if is_act => Body::Act,
        "POST" => Body::Act,
        "PUT" | "PATCH" => Body::Change,
        _ => Body::None,
    };
    let mut refusals: Vec<u16> = endpoint.codes.iter().copied().filter(|code| *code >= 400).collect();
    refusals.push(401);
    if path.contains('{') {
        refusals.push(404);
    }
    if answer == Answer::Page {
        refusals.push(400);
    }
    refusals.sort_unstable();
    refusals.dedup();
    let (one, many) = table.map_or(("service state", "service states"), |table| (&table.one, &table.many));
    let summary = words::capitalised(&summary(method, &steps, answer, body, one, many));
    Operation {
        id: lower_first(&words::pascal(&format!("{} {}", verb_of(method, answer), id_words(&steps)))),
        method: method.to_owned(),
        description: described(&summary, method, answer, body, one, many),
        summary,
        tag: tag(&steps),
        table: table.map(|table| table.name.clone()).unwrap_or_default(),
        query: query.split('&').filter(|part| !part.is_empty()).map(asked).collect(),
        path: path.to_owned(),
        takes_idempotency_key: method == "POST" && matches!(success, 201 | 202),
        presence: match (endpoint.basis, is_delta) {
            (Basis::Code, _) => Presence::Assumed,
            (_, true) => Presence::New,
            (_, false) => Presence::NotKnown,
        },
        story_keys: endpoint.story_keys.clone(),
        asked_as: String::new(),
        body,
        answer,
        success,
        refusals,
    }
}

/// The table that a path is about: read from its end, by name, by stem, else the subject's.
fn about<'t>(steps: &[&str], tables: &'t [Table], subject: &str) -> Option<&'t Table> {
    let own = |table: &&Table| !table.columns.is_empty() && table.list_of.is_none();
    for step in steps.iter().rev().filter(|step| !step.starts_with('{')) {
        let words = step.replace('-', " ");
        let one = words::singular(&words);
        let snake = words.replace(' ', "_");
        let fixed = ABOUT.iter().find(|(word, _)| word == step).map(|(_, entity)| *entity);
        let by_name =
            tables.iter().filter(own).find(|table| table.name == snake || Some(table.entity.as_str()) == fixed);
        let stem = |table: &&Table| {
            let ends = format!(" {one}");
            let begins = format!("{one} ");
            table.one.ends_with(&ends)
                || table.one.starts_with(&begins)
                || table.one == one
                || shares_stem(&table.one, &one)
        };
        let is_act = ACTS.contains(step) && steps.len() > 1;
        let is_about = |table: &&Table| own(table) && table.columns.len() > 1 && (!is_act || *step == "preview");
        if let Some(table) = by_name.or_else(|| tables.iter().filter(is_about).find(stem)) {
            return Some(table);
        }
    }
    tables.iter().find(|table| table.entity == subject).or_else(|| tables.first())
}

/// `assignee` and `assignment`.
fn shares_stem(one: &str, other: &str) -> bool {
    one.len() > 7 && other.len() > 7 && !one.contains(' ') && one.get(..6) == other.get(..6)
}

fn asked(part: &str) -> Query {
    let (name, value) = part.split_once('=').unwrap_or((part, ""));
    Query {
        name: name.to_owned(),
        is_flag: value == "true",
        example: match (name, value) {
            (_, "true") => "true".to_owned(),
            ("sort", _) => "-created_at".to_owned(),
            ("filter", _) => "status:open".to_owned(),
            (_, "") => "night".to_owned(),
            (_, value) => value.to_owned(),
        },
    }
}

fn tag(steps: &[&str]) -> String {
    let first = steps.iter().find(|step| !step.starts_with('{') && **step != "me" && **step != "s");
    words::capitalised(&first.copied().unwrap_or("shared").replace('-', " "))
}

const fn verb_of(method: &str, answer: Answer) -> &'static str {
    match (method.as_bytes(), answer) {
        (b"GET", Answer::Page) => "list",
        (b"GET", _) => "get",
        (b"POST", _) => "post",
        (b"PUT", _) => "put",
        (b"PATCH", _) => "change",
        _ => "delete",
    }
}

fn id_words(steps: &[&str]) -> String {
    let words: Vec<String> = steps
        .iter()
        .map(|step| match step.strip_prefix('{').and_then(|step| step.strip_suffix('}')) {
            Some(name) => format!("by {}", name.replace('_', " ")),
            None => step.replace('-', " "),
        })
        .collect();
    words.join(" ")
}

fn summary(method: &str, steps: &[&str], answer: Answer, body: Body, one: &str, many: &str) -> String {
    let a_one = format!("{} {one}", words::article(one));
    let last = steps.last().copied().unwrap_or_default();
    let before = steps.iter().rev().nth(1).is_some_and(|step| step.starts_with('{'));
    match (method, answer, body) {
        (_, Answer::Health, _) => "read the state of the service".to_owned(),
        ("GET", Answer::Page, _) if last == "duplicates" => format!("list {many} that look alike"),
        ("GET", Answer::Page, _) if last == "search" => "search everything".to_owned(),
        ("GET", Answer::Page, _) => format!("list {many}"),
        ("GET", _, _) if before && last != "preview" => format!("read the {} of {a_one}", last.replace('-', " ")),
        ("GET", _, _) => format!("read {a_one}"),
        ("DELETE", _, _) => format!("remove {a_one}"),
        ("PATCH" | "PUT", _, Body::Change) => format!("change {a_one}"),
        ("POST", Answer::Begun, Body::Create) => format!("begin {a_one}"),
        ("POST", _, Body::Create) => format!("create {a_one}"),
        ("PUT", _, _) => format!("set the {} of {a_one}", last.replace('-', " ")),
        _ => format!("{} {a_one}", act_words(last)),
    }
}

fn act_words(last: &str) -> String {
    match last {
        "read" => "mark as read".to_owned(),
        "run" => "run".to_owned(),
        "decision" => "decide on".to_owned(),
        "outcome" => "tell the outcome of".to_owned(),
        "suggestions" => "ask for".to_owned(),
        "archive" | "restore" | "copy" | "undo" | "cancel" | "resume" | "test" | "accept" | "use" | "change"
        | "publish" | "withdraw" | "preview" | "merge" | "sync" => last.to_owned(),
        _ => format!("send {} for", last.replace('-', " ")),
    }
}

fn described(summary: &str, method: &str, answer: Answer, body: Body, one: &str, many: &str) -> String {
    let mut out = vec![format!("{summary}.")];
    match answer {
        Answer::Page => out.push(format!(
            "Only {many} that the caller may see are in it, a page at a time; follow `next_cursor` until it is null."
        )),
        Answer::Begun => {
            out.push("The work goes on after the answer; the address in `Location` tells how far it is.".to_owned());
        }
        Answer::Health => out.push("Says whether the service works and since when.".to_owned()),
        Answer::One | Answer::Nothing => {}
    }
    match body {
        Body::Create if method == "POST" => {
            out.push(format!("Sent twice with the same `Idempotency-Key`, it makes one {one}."));
        }
        Body::Change if method == "PUT" => out.push("What is sent takes the place of what was there.".to_owned()),
        Body::Change => out.push("What is not sent stays as it is.".to_owned()),
        _ => {}
    }
    if method != "GET" {
        out.push("When it is refused, nothing changed.".to_owned());
    }
    out.join(" ")
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
