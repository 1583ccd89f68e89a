//! Entities as tables: types, keys, references, lists apart, money with its currency.
//!
//! In: the entities of a specification. Out: tables, those that others refer to first. A referenced thing that the
//! specification does not hold becomes a table of its id alone, marked as taken to exist.
//! Invariants: every table has a key of one column; every reference points to a table that stands before, or to itself.

use crate::words;
use std::collections::{BTreeMap, BTreeSet};
use throughline_model::Basis;
use throughline_model::blueprint::{Column, ColumnType, Presence, Table};
use throughline_model::spec::{Entity, Field};

/// Longest identifier: PostgreSQL cuts at 63 bytes, and indexes carry two names and a prefix.
const LONGEST_NAME: usize = 40;

/// Things that no caller fills in, by the end of their name. Chosen with the frames' notation in hand.
const SET_BY_SERVICE: [&str; 20] = [
    "_at",
    "_by",
    "status",
    "hash",
    "version",
    "total",
    "done",
    "failed",
    "created",
    "updated",
    "skipped",
    "row_count",
    "file_url",
    "pdf_url",
    "requested_by",
    "attempts",
    "sha256",
    "scan",
    "used",
    "uses",
];

/// Things that are empty until something happened.
const LATER: [&str; 22] = [
    "archived_at",
    "archived_by",
    "deleted_at",
    "deleted_by",
    "purge_at",
    "read_at",
    "sent_at",
    "done_at",
    "decided_at",
    "edited_at",
    "expires_at",
    "last_used_at",
    "last_synced_at",
    "last_seen_at",
    "next_run_at",
    "published_at",
    "error",
    "detail",
    "parent_id",
    "copied_from",
    "file_url",
    "pdf_url",
];

/// Decimals that are money.
const MONEY: [&str; 11] =
    ["amount", "price", "cost", "tax", "fee", "total_price", "balance", "salary", "budget", "refund", "charge"];

/// Tables of all entities.
pub(super) fn tables(entities: &[Entity], is_delta: bool) -> Vec<Table> {
    let mut out: Vec<Table> = Vec::new();
    let mut lists: Vec<Table> = Vec::new();
    let mut names = Names::default();
    let named: BTreeMap<&str, String> =
        entities.iter().map(|entity| (entity.name.as_str(), names.table(&entity.many))).collect();
    let mut outside: BTreeMap<String, String> = BTreeMap::new();
    for entity in entities {
        let mut table = of_entity(entity, is_delta, named[entity.name.as_str()].clone());
        for field in &entity.fields {
            let name = column_name(&field.name);
            if let Some(item) = inside(&field.type_name, "list") {
                lists.push(of_list(&table, &name, item, &mut names));
                continue;
            }
            if table.column(&name).is_some() {
                continue;
            }
            let holds = match inside(&field.type_name, "ref") {
                Some(target) => ColumnType::Reference(match named.get(target) {
                    Some(name) => name.clone(),
                    None => outside
                        .entry(target.to_owned())
                        .or_insert_with(|| names.table(&words::plural(&spaced(target))))
                        .clone(),
                }),
                None => holds(&name, &field.type_name),
            };
            table.columns.push(column(field, name, holds));
        }
        settle(&mut table);
        out.push(table);
    }
    out.extend(outside.into_iter().map(|(target, name)| assumed(&target, name)));
    let mut out = ordered(out);
    out.extend(lists);
    out
}

fn of_entity(entity: &Entity, is_delta: bool, name: String) -> Table {
    let presence = match (entity.basis, is_delta) {
        // Where it stands is filled in from the code map.
        (Basis::Code, _) => Presence::Assumed,
        (_, true) => Presence::New,
        (_, false) => Presence::NotKnown,
    };
    let has_id = entity.fields.iter().any(|field| field.name == "id");
    let because = if has_id { "" } else { "a row needs a key by which the interface names it" };
    Table {
        name,
        entity: component(&entity.name),
        one: entity.one.clone(),
        many: entity.many.clone(),
        columns: vec![key(because)],
        presence,
        story_keys: entity.story_keys.clone(),
        ..Table::default()
    }
}

fn key(because: &str) -> Column {
    Column {
        name: "id".to_owned(),
        holds: ColumnType::Uuid,
        is_optional: false,
        is_set_by_service: true,
        added_because: because.to_owned(),
        is_added: false,
        stored_as: String::new(),
    }
}

fn column(field: &Field, name: String, holds: ColumnType) -> Column {
    let is_set_by_service = SET_BY_SERVICE.iter().any(|end| name == end.trim_start_matches('_') || name.ends_with(end));
    let is_optional = field.is_optional || LATER.contains(&name.as_str());
    Column {
        name,
        holds,
        is_optional,
        is_set_by_service,
        added_because: String::new(),
        is_added: false,
        stored_as: String::new(),
    }
}

fn of_list(table: &Table, name: &str, item: &str, names: &mut Names) -> Table {
    let plain = |name: &str, holds| Column {
        name: name.to_owned(),
        holds,
        is_optional: false,
        is_set_by_service: false,
        added_because: "an entry of the list".to_owned(),
        is_added: false,
        stored_as: String::new(),
    };
    let owner = words::snake(&table.one);
    let owner = format!("{}_id", cut(&owner, LONGEST_NAME - 3));
    Table {
        name: names.table(&format!("{} {name}", table.one)),
        entity: format!("{}{}", table.entity, words::pascal(&name.replace('_', " "))),
        one: format!("entry of {} of {} {}", name.replace('_', " "), words::article(&table.one), table.one),
        many: format!("{} of {}", name.replace('_', " "), table.many),
        columns: vec![
            key("a row needs a key"),
            plain(&owner, ColumnType::Reference(table.name.clone())),
            plain("position", ColumnType::Integer),
            plain("value", holds("value", item)),
        ],
        unique: vec![vec![owner, "position".to_owned()]],
        list_of: Some((table.name.clone(), name.to_owned())),
        presence: table.presence.clone(),
        story_keys: table.story_keys.clone(),
        ..Table::default()
    }
}

fn assumed(target: &str, name: String) -> Table {
    let one = spaced(target);
    Table {
        name,
        entity: component(target),
        many: words::plural(&one),
        one,
        columns: vec![key("")],
        presence: Presence::Assumed,
        ..Table::default()
    }
}

/// Currency beside money, keys of tables that only link, looking up by what an object is.
fn settle(table: &mut Table) {
    let has = |name: &str| table.columns.iter().any(|column| column.name == name);
    let has_money = table.columns.iter().any(|column| column.holds == ColumnType::Money);
    if has_money && !has("currency") {
        table.columns.push(Column {
            name: "currency".to_owned(),
            holds: ColumnType::Currency,
            is_optional: false,
            is_set_by_service: false,
            added_because: "an amount without its currency is not money".to_owned(),
            is_added: false,
            stored_as: String::new(),
        });
    }
    for kind in ["object_type", "scope_type"] {
        let id = kind.replace("_type", "_id");
        if table.column(kind).is_some() && table.column(&id).is_some() {
            table.indexes.push(vec![kind.to_owned(), id]);
        }
    }
    let is_keyless = !table.columns[0].added_because.is_empty();
    let links: Vec<String> = table
        .columns
        .iter()
        .filter(|column| !column.name.ends_with("_by") && column.name != "id")
        .filter(|column| {
            matches!(column.holds, ColumnType::Reference(_) | ColumnType::Uuid) || column.name == "scope_type"
        })
        .map(|column| column.name.clone())
        .collect();
    if is_keyless && links.len() >= 2 {
        table.unique.push(links);
    }
}

/// Those that others refer to first. A reference in a circle is broken where it closes: the column stays, the
/// constraint goes.
fn ordered(tables: Vec<Table>) -> Vec<Table> {
    let mut waiting = tables;
    let mut out: Vec<Table> = Vec::new();
    while !waiting.is_empty() {
        let placed: BTreeSet<String> = out.iter().map(|table| table.name.clone()).collect();
        let is_ready = |table: &Table| {
            table.columns.iter().all(|column| match &column.holds {
                ColumnType::Reference(target) => *target == table.name || placed.contains(target),
                _ => true,
            })
        };
        let i = waiting.iter().position(is_ready).unwrap_or(0);
        let mut table = waiting.remove(i);
        let own = table.name.clone();
        for column in &mut table.columns {
            if matches!(&column.holds, ColumnType::Reference(target) if *target != own && !placed.contains(target)) {
                column.holds = ColumnType::Uuid;
            }
        }
        out.push(table);
    }
    out
}

/// Type of a column in the notation of frames.
pub(crate) fn holds(name: &str, type_name: &str) -> ColumnType {
    if let Some(values) = inside(type_name, "enum") {
        return ColumnType::Choice(values.split('|').map(|value| value.trim().to_owned()).collect());
    }
    match type_name {
        "uuid" => ColumnType::Uuid,
        "int" => ColumnType::Integer,
        "decimal" if MONEY.iter().any(|word| name == *word || name.ends_with(&format!("_{word}"))) => ColumnType::Money,
        "decimal" => ColumnType::Decimal,
        "bool" => ColumnType::Boolean,
        "date" => ColumnType::Date,
        "timestamp" => ColumnType::Timestamp,
        "json" => ColumnType::Json,
        _ if name == "currency" => ColumnType::Currency,
        _ => ColumnType::Text,
    }
}

/// What stands in the brackets of `word[…]`.
pub(crate) fn inside<'a>(type_name: &'a str, word: &str) -> Option<&'a str> {
    type_name.strip_prefix(word)?.strip_prefix('[')?.strip_suffix(']')
}

/// The name of a field as a column.
pub(crate) fn column_name(name: &str) -> String {
    let name = words::snake(&name.replace('_', " "));
    if name.is_empty() { "value".to_owned() } else { cut(&name, LONGEST_NAME) }
}

/// The name of an entity as a component of the interface: ASCII, never empty.
pub(super) fn component(name: &str) -> String {
    let name = words::pascal(&spaced(name));
    let is_usable =
        name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(|c| c.is_ascii_alphanumeric());
    if is_usable {
        name
    } else {
        format!("Thing{}", name.chars().filter(char::is_ascii_alphanumeric).collect::<String>())
    }
}

fn spaced(pascal: &str) -> String {
    let mut out = String::new();
    let mut was_upper = true;
    for c in pascal.chars() {
        if c.is_uppercase() && !was_upper {
            out.push(' ');
        }
        was_upper = c.is_uppercase();
        out.extend(c.to_lowercase());
    }
    out
}

fn cut(name: &str, most: usize) -> String {
    name.chars().take(most).collect::<String>().trim_end_matches('_').to_owned()
}

/// Names of tables, each given once.
#[derive(Default)]
struct Names(BTreeSet<String>);

impl Names {
    fn table(&mut self, many: &str) -> String {
        let base = cut(&words::snake(&many.replace('_', " ")), LONGEST_NAME);
        let base = if base.is_empty() { "things".to_owned() } else { base };
        let mut name = base.clone();
        let mut n = 2;
        while !self.0.insert(name.clone()) {
            name = format!("{base}_{n}");
            n += 1;
        }
        name
    }
}
