//! Diagrams as Mermaid text: entities and relations, sequences, context and containers.
//!
//! Invariant: words from people are stripped of what Mermaid would read as its own.

use throughline_model::blueprint::{Blueprint, ColumnType, Deployable, Presence, Sequence};

/// Entities and relations, from the same tables as the SQL.
pub(super) fn entities(blueprint: &Blueprint) -> String {
    let mut out = "erDiagram\n".to_owned();
    for table in &blueprint.tables {
        out.push_str(&format!("  {} {{\n", table.name));
        for (i, column) in table.columns.iter().enumerate() {
            let key = match &column.holds {
                _ if i == 0 => " PK",
                ColumnType::Reference(_) => " FK",
                _ => "",
            };
            let note = match &table.presence {
                Presence::Exists { .. } if column.is_added => " \"new\"".to_owned(),
                Presence::Exists { .. } | Presence::New if i == 0 => format!(" \"{}\"", words(&table.presence.words())),
                _ => String::new(),
            };
            out.push_str(&format!("    {} {}{key}{note}\n", type_word(&column.holds), attribute(&column.name)));
        }
        out.push_str("  }\n");
    }
    for table in &blueprint.tables {
        for column in &table.columns {
            if let ColumnType::Reference(target) = &column.holds {
                let one = if column.is_optional { "|o" } else { "||" };
                out.push_str(&format!("  {target} {one}--o{{ {} : \"{}\"\n", table.name, words(&column.name)));
            }
        }
    }
    out
}

/// A word for what a column holds.
pub(super) const fn type_word(holds: &ColumnType) -> &'static str {
    match holds {
        ColumnType::Uuid | ColumnType::Reference(_) => "uuid",
        ColumnType::Text => "text",
        ColumnType::Currency => "currency",
        ColumnType::Integer => "int",
        ColumnType::Money => "money",
        ColumnType::Decimal => "decimal",
        ColumnType::Boolean => "bool",
        ColumnType::Date => "date",
        ColumnType::Timestamp => "timestamp",
        ColumnType::Json => "json",
        ColumnType::Choice(_) => "choice",
    }
}

/// Who says what to whom.
pub(super) fn sequence(sequence: &Sequence) -> String {
    let mut out = "sequenceDiagram\n".to_owned();
    for (i, lane) in sequence.lanes.iter().enumerate() {
        let kind = if i == 0 { "actor" } else { "participant" };
        out.push_str(&format!("  {kind} L{i} as {}\n", words(lane)));
    }
    let mut is_refused = false;
    for message in &sequence.messages {
        if message.is_refusal && !is_refused {
            out.push_str("  opt without the right\n");
            is_refused = true;
        }
        let indent = if is_refused { "    " } else { "  " };
        let arrow = if message.is_answer { "-->>" } else { "->>" };
        out.push_str(&format!("{indent}L{}{arrow}L{}: {}\n", message.from, message.to, words(&message.text)));
    }
    if is_refused {
        out.push_str("  end\n");
    }
    out
}

/// The product and what it talks to.
pub(super) fn context(product: &str, actor: &str, deployable: &Deployable) -> String {
    let mut out = format!(
        "C4Context\n  title {product} with {name}\n  Person(actor, \"{actor}\")\n  System(product, \"{product}\", \"holds the data and checks rights\")\n",
        product = words(product),
        name = words(&deployable.name),
        actor = words(actor),
    );
    for (i, outside) in deployable.talks_to.iter().enumerate() {
        out.push_str(&format!("  System_Ext(out{i}, \"{}\")\n", words(outside)));
    }
    out.push_str("  Rel(actor, product, \"uses\")\n");
    for i in 0..deployable.talks_to.len() {
        out.push_str(&format!("  Rel(product, out{i}, \"sends and receives\")\n"));
    }
    out
}

/// What runs inside the product.
pub(super) fn containers(product: &str, actor: &str, deployable: &Deployable) -> String {
    let mut out = format!(
        "C4Container\n  title Containers of {product}\n  Person(actor, \"{actor}\")\n  System_Boundary(product, \"{product}\") {{\n    Container(core, \"Core\", \"existing\", \"screens and interface, stays where it is\")\n    Container(added, \"{name}\", \"{kind}, new\", \"{does}\")\n    ContainerDb(data, \"Database\", \"PostgreSQL\", \"what both read and write\")\n  }}\n",
        product = words(product),
        actor = words(actor),
        name = words(&deployable.name),
        kind = deployable.placement.word(),
        does = words(&deployable.does),
    );
    for (i, outside) in deployable.talks_to.iter().enumerate() {
        out.push_str(&format!("  System_Ext(out{i}, \"{}\")\n", words(outside)));
    }
    out.push_str("  Rel(actor, core, \"uses\")\n  Rel(core, data, \"reads and writes\")\n  Rel(added, data, \"takes what waits, writes how far it is\")\n");
    for i in 0..deployable.talks_to.len() {
        out.push_str(&format!("  Rel(added, out{i}, \"sends and receives\")\n"));
    }
    out
}

/// A name that Mermaid takes for an attribute.
fn attribute(name: &str) -> String {
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) { name.to_owned() } else { format!("c_{name}") }
}

/// Words without what Mermaid reads as its own; the word `end` alone would close a block.
pub(super) fn words(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|c| match c {
            ';' | '#' | '"' | '\n' | '\r' | '<' | '>' | '%' | '`' => ' ',
            '{' => '(',
            '}' => ')',
            _ => c,
        })
        .collect();
    let words: Vec<&str> = text.split_whitespace().map(|word| if word == "end" { "the end" } else { word }).collect();
    words.join(" ")
}
