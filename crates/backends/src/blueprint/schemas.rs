//! Tables as schemas of the interface, with examples that fit them.

use super::yaml::{Node, list, map, plain, text};
use throughline_model::blueprint::{Blueprint, Column, ColumnType, Table};

/// Which properties of a row a schema holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// All.
    Whole,
    /// Those that a caller gives for a new row.
    Create,
    /// Those that a caller may change.
    Change,
}

impl Shape {
    fn has(self, column: &Column) -> bool {
        self == Self::Whole || !column.is_set_by_service
    }
}

/// Whether a caller can give anything of a row.
pub(super) fn has_writable(table: &Table, blueprint: &Blueprint) -> bool {
    table.columns.iter().any(|column| !column.is_set_by_service) || lists(table, blueprint).next().is_some()
}

/// Lists that a row holds: name and the column of an entry.
pub(super) fn lists<'b>(table: &'b Table, blueprint: &'b Blueprint) -> impl Iterator<Item = (&'b str, &'b Column)> {
    blueprint.tables.iter().filter_map(|other| match &other.list_of {
        Some((owner, name)) if *owner == table.name => Some((name.as_str(), other.columns.last()?)),
        _ => None,
    })
}

/// The schema of a row.
pub(super) fn schema_of(table: &Table, blueprint: &Blueprint, shape: Shape) -> Node {
    let columns: Vec<&Column> = table.columns.iter().filter(|column| shape.has(column)).collect();
    let mut properties = Node::Map(Vec::new());
    for column in &columns {
        properties = properties.with(&column.name, property(column));
    }
    for (name, item) in lists(table, blueprint) {
        let item = kind(&item.holds);
        properties = properties.with(name, map([("type", text("array")), ("items", item), ("maxItems", plain(1000))]));
    }
    let required: Vec<Node> =
        columns.iter().filter(|column| !column.is_optional).map(|column| text(&column.name)).collect();
    let said = match shape {
        Shape::Whole => format!("One {}.", table.one),
        Shape::Create => format!("What a new {} is made from.", table.one),
        Shape::Change => format!("What changes in one {}.", table.one),
    };
    let mut node = map([("type", text("object")), ("description", text(said))]);
    if shape == Shape::Change {
        node = node.with("minProperties", plain(1));
    } else if !required.is_empty() {
        node = node.with("required", list(required));
    }
    node.with("properties", properties)
}

fn property(column: &Column) -> Node {
    let mut node = kind(&column.holds);
    if column.is_optional {
        node = nullable(node);
    }
    if column.is_set_by_service {
        node = node.with("readOnly", plain(true));
    }
    node
}

/// The same schema, or null.
fn nullable(node: Node) -> Node {
    let Node::Map(entries) = node else { return node };
    let entries = entries
        .into_iter()
        .map(|(key, value)| match (key.as_str(), value) {
            ("type", kind) => (key, list([kind, text("null")])),
            ("enum", Node::List(mut values)) => {
                values.push(plain("null"));
                (key, Node::List(values))
            }
            (_, value) => (key, value),
        })
        .collect();
    Node::Map(entries)
}

fn kind(holds: &ColumnType) -> Node {
    let string = |format: &str| map([("type", text("string")), ("format", text(format))]);
    match holds {
        ColumnType::Uuid | ColumnType::Reference(_) => string("uuid"),
        ColumnType::Text => map([("type", text("string")), ("maxLength", plain(2000))]),
        ColumnType::Currency => map([("type", text("string")), ("minLength", plain(3)), ("maxLength", plain(3))]),
        ColumnType::Integer => map([("type", text("integer")), ("format", text("int64"))]),
        // As words, so that no reader rounds it.
        ColumnType::Money | ColumnType::Decimal => {
            map([("type", text("string")), ("pattern", text(r"^-?[0-9]+(\.[0-9]{1,4})?$"))])
        }
        ColumnType::Boolean => map([("type", text("boolean"))]),
        ColumnType::Date => string("date"),
        ColumnType::Timestamp => string("date-time"),
        ColumnType::Json => map([("type", text("object")), ("additionalProperties", plain(true))]),
        ColumnType::Choice(values) => map([("type", text("string")), ("enum", list(values.iter().map(text)))]),
    }
}

/// An example of a row.
pub(super) fn example_of(table: &Table, blueprint: &Blueprint, shape: Shape) -> Node {
    let mut node = Node::Map(Vec::new());
    let columns = table.columns.iter().filter(|column| shape.has(column));
    let most = if shape == Shape::Change { 2 } else { usize::MAX };
    for column in columns.take(most) {
        node = node.with(&column.name, value(table, column));
    }
    if shape != Shape::Change || matches!(&node, Node::Map(entries) if entries.is_empty()) {
        for (name, item) in lists(table, blueprint) {
            node = node.with(name, list([value(table, item)]));
        }
    }
    node
}

fn value(table: &Table, column: &Column) -> Node {
    match &column.holds {
        ColumnType::Uuid => text(uuid(&format!("{} {}", table.name, column.name))),
        ColumnType::Reference(target) => text(uuid(&format!("{target} id"))),
        ColumnType::Text => text(words(&column.name)),
        ColumnType::Currency => text("EUR"),
        ColumnType::Integer => plain(3),
        ColumnType::Money => text("1240.50"),
        ColumnType::Decimal => text("7.5"),
        ColumnType::Boolean => plain(true),
        ColumnType::Date => text("2026-05-04"),
        ColumnType::Timestamp => text("2026-05-04T08:30:00Z"),
        ColumnType::Json => map([("note", text("night"))]),
        ColumnType::Choice(values) => text(values.first().cloned().unwrap_or_default()),
    }
}

/// A word that such a column may hold.
pub(super) fn words(name: &str) -> String {
    match name {
        "name" | "title" | "label" => "Ward 3, nights".to_owned(),
        "email" => "mara.lind@northbay.test".to_owned(),
        "mime" => "application/pdf".to_owned(),
        "timezone" => "Europe/Lisbon".to_owned(),
        "language" => "en-GB".to_owned(),
        "url" | "file_url" | "pdf_url" => "https://files.test/a1".to_owned(),
        "site" | "city" => "Northbay".to_owned(),
        "colour" => "teal".to_owned(),
        "ip" => "192.0.2.7".to_owned(),
        _ => name.replace('_', " "),
    }
}

/// A UUID of version 4 in form, the same for the same words.
pub(super) fn uuid(of: &str) -> String {
    // FNV-1a: stable over releases, and nothing depends on it but examples.
    let hash =
        |seed: u64| of.bytes().fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    let (a, b) = (hash(0xcbf2_9ce4_8422_2325), hash(0x8422_2325_cbf2_9ce4));
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        a >> 32,
        (a >> 16) & 0xffff,
        a & 0xfff,
        b >> 52,
        b & 0xffff_ffff_ffff
    )
}
