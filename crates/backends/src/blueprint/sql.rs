//! Tables as SQL for PostgreSQL and SQLite, whole and as a migration up and down.
//!
//! Invariants: both dialects print the same tables, columns and checks; what is taken to exist is made only when it is
//! missing and never dropped, so a migration down leaves it alone. A table that is there is never made by a migration: it
//! gains its new columns, empty, because rows are there already. What it needs to be there stands in a file of its own,
//! with which the migration can be tried on an empty database.

use throughline_model::blueprint::{Blueprint, Column, ColumnType, Presence, Table};

/// Which database reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// PostgreSQL 15 and later.
    Postgres,
    /// `SQLite` 3.38 and later.
    Sqlite,
}

/// Words that PostgreSQL or `SQLite` keep for themselves and that frames use as names.
const RESERVED: [&str; 34] = [
    "all", "analyse", "and", "any", "as", "asc", "between", "case", "check", "column", "create", "default", "desc",
    "do", "end", "from", "group", "in", "index", "is", "key", "like", "limit", "not", "of", "on", "or", "order", "row",
    "select", "table", "to", "user", "when",
];

/// All tables as they stand after the change.
pub(super) fn schema(blueprint: &Blueprint, dialect: Dialect) -> String {
    each(blueprint, dialect, |table| Some(create(table, blueprint, dialect, |_| true)))
}

/// What is there before the change, as far as it is read; nothing when none of it is known to be there.
pub(super) fn before(blueprint: &Blueprint, dialect: Dialect) -> Option<String> {
    let text = each(blueprint, dialect, |table| {
        (!is_made(table)).then(|| create(table, blueprint, dialect, |column| !column.is_added))
    });
    let note = "-- The part of what is there that the change builds on, to try it on an empty database. Not to be run on \
                one that is in use.\n";
    blueprint.tables.iter().any(is_there).then(|| format!("{note}{text}"))
}

fn each(blueprint: &Blueprint, dialect: Dialect, print: impl Fn(&Table) -> Option<String>) -> String {
    let mut out = match dialect {
        Dialect::Postgres => "-- For PostgreSQL 15 and later.\n".to_owned(),
        Dialect::Sqlite => "-- For SQLite 3.38 and later. Run with: pragma foreign_keys = on\n".to_owned(),
    };
    for text in blueprint.tables.iter().filter_map(print) {
        out.push('\n');
        out.push_str(&text);
    }
    out
}

/// Takes everything back, the last first.
pub(super) fn down(blueprint: &Blueprint) -> String {
    let mut out = "-- Takes back what the migration up made. What it keeps is lost: export it first.\n".to_owned();
    // A table that stays lets go of what refers to a table that goes.
    for table in blueprint.tables.iter().rev().filter(|table| is_there(table)) {
        for (i, column) in table.columns.iter().enumerate().rev().filter(|(_, column)| column.is_added) {
            if i == 0 || matches!(column.holds, ColumnType::Reference(_)) {
                let name = index_name(table, std::slice::from_ref(&column.name));
                out.push_str(&format!("drop index {};\n", quoted(&name)));
            }
            out.push_str(&format!("alter table {} drop column {};\n", quoted(&table.name), quoted(&column.name)));
        }
    }
    for table in blueprint.tables.iter().rev().filter(|table| is_made(table)) {
        out.push_str(&format!("drop table {};\n", quoted(&table.name)));
    }
    out
}

/// The migration up, in one transaction.
pub(super) fn up(blueprint: &Blueprint, dialect: Dialect) -> String {
    let text = each(blueprint, dialect, |table| {
        Some(if is_there(table) {
            change(table, blueprint, dialect)
        } else {
            create(table, blueprint, dialect, |_| true)
        })
    });
    format!("begin;\n{text}\ncommit;\n")
}

/// The migration down, in one transaction.
pub(super) fn down_migration(blueprint: &Blueprint) -> String {
    format!("begin;\n{}commit;\n", down(blueprint))
}

/// Whether the change makes the table.
fn is_made(table: &Table) -> bool {
    matches!(table.presence, Presence::New | Presence::NotKnown)
}

/// Whether the code was seen to hold it.
const fn is_there(table: &Table) -> bool {
    matches!(table.presence, Presence::Exists { .. })
}

fn heading(table: &Table) -> String {
    let presence = match &table.presence {
        Presence::Assumed => "taken to exist; only its key is named here".to_owned(),
        other => one_line(&other.words()),
    };
    format!("-- {}: {presence}.\n", one_line(&table.many))
}

fn create(table: &Table, blueprint: &Blueprint, dialect: Dialect, is_shown: impl Fn(&Column) -> bool) -> String {
    let name = quoted(&table.name);
    let if_missing = if is_made(table) { "" } else { "if not exists " };
    let mut out = format!("{}create table {if_missing}{name} (\n", heading(table));
    let shown = |name: &String| table.column(name).is_some_and(&is_shown);
    let mut lines: Vec<String> = table
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| is_shown(column))
        .map(|(i, column)| format!("  {}", line(column, i == 0, blueprint, dialect)))
        .collect();
    // Of a table that is there only its columns are read.
    for columns in table.unique.iter().filter(|columns| !is_there(table) && columns.iter().all(shown)) {
        lines.push(format!("  unique ({})", quoted_list(columns)));
    }
    out.push_str(&lines.join(",\n"));
    out.push_str("\n);\n");
    if is_made(table) {
        for column in &table.columns {
            if matches!(column.holds, ColumnType::Reference(_)) {
                out.push_str(&index(table, std::slice::from_ref(&column.name)));
            }
        }
        for columns in &table.indexes {
            out.push_str(&index(table, columns));
        }
    }
    out
}

/// What a table that is there gains. Its rows have nothing in a new column yet, so it may be empty.
fn change(table: &Table, blueprint: &Blueprint, dialect: Dialect) -> String {
    let mut out = heading(table);
    if table.columns.iter().all(|column| !column.is_added) {
        out.push_str("-- It stays as it is.\n");
    }
    for (i, column) in table.columns.iter().enumerate().filter(|(_, column)| column.is_added) {
        if !column.is_optional {
            out.push_str(&format!("-- {} is to be filled for every row, and only then required.\n", column.name));
        }
        let empty = Column { is_optional: true, ..column.clone() };
        let line = line(&empty, false, blueprint, dialect);
        out.push_str(&format!("alter table {} add column {line};\n", quoted(&table.name)));
        let name = std::slice::from_ref(&column.name);
        if i == 0 {
            // Another column is the key; this one is what the interface and references go by.
            out.push_str(&format!("create unique {}", index(table, name).trim_start_matches("create ")));
        } else if matches!(column.holds, ColumnType::Reference(_)) {
            out.push_str(&index(table, name));
        }
    }
    out
}

fn index(table: &Table, columns: &[String]) -> String {
    let name = index_name(table, columns);
    format!("create index {} on {} ({});\n", quoted(&name), quoted(&table.name), quoted_list(columns))
}

/// PostgreSQL cuts names at 63 bytes.
fn index_name(table: &Table, columns: &[String]) -> String {
    format!("ix_{}_{}", table.name, columns.join("_")).chars().take(63).collect()
}

fn line(column: &Column, is_key: bool, blueprint: &Blueprint, dialect: Dialect) -> String {
    let name = quoted(&column.name);
    let holds = stored(column, blueprint);
    let mut out = format!("{name} {}", type_of(&holds, dialect));
    if is_key {
        out.push_str(" primary key");
        if dialect == Dialect::Postgres && holds == ColumnType::Uuid {
            out.push_str(" default gen_random_uuid()");
        }
    }
    // A key of words may be empty in SQLite unless it says otherwise.
    let says_so_already = is_key && dialect == Dialect::Postgres;
    if !column.is_optional && !says_so_already {
        out.push_str(" not null");
    }
    match &column.holds {
        ColumnType::Reference(target) => {
            let is_entry = blueprint.tables.iter().any(|table| {
                table.list_of.as_ref().is_some_and(|(owner, _)| owner == target) && table.column(&column.name).is_some()
            });
            let on_delete = if is_entry { " on delete cascade" } else { "" };
            let of = blueprint.tables.iter().find(|table| table.name == *target);
            let key = of.and_then(|table| table.columns.first()).map_or("id", |key| key.name.as_str());
            out.push_str(&format!(" references {} ({}){on_delete}", quoted(target), quoted(key)));
        }
        ColumnType::Choice(values) => {
            let values: Vec<String> = values.iter().map(|value| literal(value)).collect();
            out.push_str(&format!(" check ({name} in ({}))", values.join(", ")));
        }
        ColumnType::Currency => out.push_str(&format!(" check (length({name}) = 3)")),
        ColumnType::Boolean if dialect == Dialect::Sqlite => out.push_str(&format!(" check ({name} in (0, 1))")),
        ColumnType::Json if dialect == Dialect::Sqlite => {
            // SQLite takes nothing for no JSON.
            let or_nothing = if column.is_optional { format!("{name} is null or ") } else { String::new() };
            out.push_str(&format!(" check ({or_nothing}json_valid({name}))"));
        }
        _ => {}
    }
    out
}

/// What a column holds in the database: of what is there, its key and what refers to it as they are stored.
fn stored(column: &Column, blueprint: &Blueprint) -> ColumnType {
    let key = match &column.holds {
        ColumnType::Reference(target) => {
            let target = blueprint.tables.iter().find(|table| table.name == *target);
            target.and_then(|table| table.columns.first()).unwrap_or(column)
        }
        _ => column,
    };
    let is_id = matches!(key.holds, ColumnType::Uuid | ColumnType::Reference(_));
    let kind = key.stored_as.to_lowercase();
    let is = |words: &[&str]| words.iter().any(|word| kind.contains(word));
    match &column.holds {
        _ if !is_id || kind.is_empty() || is(&["uuid"]) => column.holds.clone(),
        _ if is(&["int", "serial"]) => ColumnType::Integer,
        _ => ColumnType::Text,
    }
}

const fn type_of(holds: &ColumnType, dialect: Dialect) -> &'static str {
    match (holds, dialect) {
        (ColumnType::Uuid | ColumnType::Reference(_), Dialect::Postgres) => "uuid",
        (ColumnType::Integer, Dialect::Postgres) => "bigint",
        (ColumnType::Money, Dialect::Postgres) => "numeric(19,4)",
        (ColumnType::Money, Dialect::Sqlite) | (ColumnType::Decimal, _) => "numeric",
        (ColumnType::Boolean, Dialect::Postgres) => "boolean",
        (ColumnType::Date, Dialect::Postgres) => "date",
        (ColumnType::Timestamp, Dialect::Postgres) => "timestamptz",
        (ColumnType::Json, Dialect::Postgres) => "jsonb",
        (ColumnType::Integer | ColumnType::Boolean, Dialect::Sqlite) => "integer",
        _ => "text",
    }
}

/// A name, in quotes when it could be read otherwise.
fn quoted(name: &str) -> String {
    let is_plain = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !RESERVED.contains(&name);
    if is_plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

fn quoted_list(names: &[String]) -> String {
    names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
