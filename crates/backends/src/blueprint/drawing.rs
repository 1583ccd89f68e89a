//! The diagrams as drawings: small, without a library, readable in light and dark.
//!
//! Colours are those of the text around them, so a drawing needs none of its own; alone as a file it states both.
//! Invariant: each drawing has a title and a description that say what it shows without being seen.

use super::mermaid::type_word;
use maud::{Markup, PreEscaped, html};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use throughline_model::blueprint::{Blueprint, ColumnType, Presence, Sequence, Table};

const ROW: usize = 18;
const BOX: usize = 250;
const GAP: usize = 60;
const PER_ROW: usize = 3;
const LETTER: usize = 7;

/// How it is coloured where no page around it says so.
const ALONE: &str =
    "svg{color:#1c2430;background:#fff}@media(prefers-color-scheme:dark){svg{color:#e8ecf2;background:#12161d}}";

/// A drawing as a file of its own.
pub(super) fn file(drawing: &Markup) -> String {
    // After the title: it must come first to be read aloud.
    let text = drawing.0.replacen("</title>", &format!("</title><style>{ALONE}</style>"), 1);
    format!("{text}\n")
}

/// Tables as boxes, three a row, with a line for each reference.
pub(super) fn entities(blueprint: &Blueprint, id: &str) -> Markup {
    let mut place: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut y = 30;
    for row in blueprint.tables.chunks(PER_ROW) {
        for (i, table) in row.iter().enumerate() {
            place.insert(&table.name, (10 + i * (BOX + GAP), y));
        }
        y += row.iter().map(height).max().unwrap_or(0) + GAP;
    }
    let n = blueprint.tables.len().min(PER_ROW);
    let (width, height) = (20 + GAP / 2 + n * BOX + n.saturating_sub(1) * GAP, y - GAP + 10);
    let references = blueprint.tables.iter().flat_map(|table| {
        table.columns.iter().enumerate().filter_map(move |(row, column)| match &column.holds {
            ColumnType::Reference(target) if *target != table.name => Some((table, row, target.as_str())),
            _ => None,
        })
    });
    let lines: Vec<String> = references
        .filter_map(|(table, row, target)| {
            let (&(x1, y1), &(x2, y2)) = (place.get(table.name.as_str())?, place.get(target)?);
            let from = y1 + 28 + row * ROW + ROW / 2;
            let to = y2 + 14;
            let (a, b) = match x1.cmp(&x2) {
                Ordering::Greater => (x1, x2 + BOX),
                Ordering::Less => (x1 + BOX, x2),
                Ordering::Equal => (x1 + BOX, x2 + BOX),
            };
            // Beside the columns and above the rows nothing stands: lines run there.
            let beside = |side: usize, box_left: usize| if side > box_left { side + GAP / 2 } else { side - GAP / 2 };
            let (out, into) = (beside(a, x1), beside(b, x2));
            let over = if out == into { String::new() } else { format!("V{}H{into}", y2 - 10) };
            Some(format!("M{a} {from}H{out}{over}V{to}H{b}"))
        })
        .collect();
    let said: Vec<String> = blueprint.tables.iter().map(said).collect();
    html! {
        svg xmlns="http://www.w3.org/2000/svg" class="diagram" role="img" viewBox=(format!("0 0 {width} {height}")) width=(width) height=(height) aria-labelledby=(format!("{id}-t {id}-d")) font-family="system-ui, sans-serif" font-size="12" {
            title id=(format!("{id}-t")) { "Tables and how they refer to each other" }
            desc id=(format!("{id}-d")) { (said.join(" ")) }
            @for line in &lines { path d=(line) fill="none" stroke="currentColor" stroke-opacity="0.55" {} }
            @for table in &blueprint.tables { (boxed(table, place[table.name.as_str()])) }
        }
    }
}

fn height(table: &Table) -> usize {
    34 + table.columns.len() * ROW
}

fn said(table: &Table) -> String {
    let refers: Vec<String> = table
        .columns
        .iter()
        .filter_map(|column| match &column.holds {
            ColumnType::Reference(target) => Some(format!("{} to {target}", column.name)),
            _ => None,
        })
        .collect();
    let columns =
        if table.columns.len() == 1 { "1 column".to_owned() } else { format!("{} columns", table.columns.len()) };
    let there =
        if table.presence == Presence::NotKnown { String::new() } else { format!(", {}", table.presence.words()) };
    if refers.is_empty() {
        format!("{}: {columns}{there}.", table.name)
    } else {
        format!("{}: {columns}{there}; refers by {}.", table.name, refers.join(", "))
    }
}

/// What is known of a table's being there, in a word.
const fn mark(table: &Table) -> &'static str {
    match &table.presence {
        Presence::Exists { .. } => "exists",
        Presence::New => "new",
        Presence::Assumed => "assumed",
        Presence::NotKnown => "",
    }
}

fn boxed(table: &Table, (x, y): (usize, usize)) -> Markup {
    html! {
        rect x=(x) y=(y) width=(BOX) height=(height(table)) rx="4" fill="none" stroke="currentColor" {}
        path d=(format!("M{x} {}h{BOX}", y + 26)) stroke="currentColor" {}
        @let mark = mark(table);
        text x=(x + 10) y=(y + 18) fill="currentColor" font-weight="600" { (cut(&table.name, if mark.is_empty() { 32 } else { 24 })) }
        @if !mark.is_empty() {
            text x=(x + BOX - 10) y=(y + 18) fill="currentColor" fill-opacity="0.75" text-anchor="end" { (mark) }
        }
        @for (i, column) in table.columns.iter().enumerate() {
            text x=(x + 10) y=(y + 28 + i * ROW + 13) fill="currentColor" {
                (cut(&column.name, 22)) @if column.is_optional { "?" } @if column.is_added { " (new)" }
            }
            text x=(x + BOX - 10) y=(y + 28 + i * ROW + 13) fill="currentColor" fill-opacity="0.75" text-anchor="end" {
                (if i == 0 { "key" } else if matches!(column.holds, ColumnType::Reference(_)) { "reference" } else { type_word(&column.holds) })
            }
        }
    }
}

/// Lanes with messages between them.
pub(super) fn sequence(sequence: &Sequence, id: &str) -> Markup {
    let step = 190;
    let width = 40 + step * sequence.lanes.len();
    let height = 70 + sequence.messages.len() * 34;
    let at = |lane: u8| 20 + step / 2 + usize::from(lane) * step;
    let said: Vec<String> = sequence
        .messages
        .iter()
        .map(|message| {
            let lane = |i: u8| sequence.lanes.get(usize::from(i)).map_or("", String::as_str);
            format!("{} to {}: {}.", lane(message.from), lane(message.to), message.text)
        })
        .collect();
    html! {
        svg xmlns="http://www.w3.org/2000/svg" class="diagram" role="img" viewBox=(format!("0 0 {width} {height}")) width=(width) height=(height) aria-labelledby=(format!("{id}-t {id}-d")) font-family="system-ui, sans-serif" font-size="12" {
            title id=(format!("{id}-t")) { "Who says what to whom in " (sequence.story_key) }
            desc id=(format!("{id}-d")) { (said.join(" ")) }
            @for (i, lane) in sequence.lanes.iter().enumerate() {
                @let x = at(i as u8);
                rect x=(x - 80) y="8" width="160" height="26" rx="4" fill="none" stroke="currentColor" {}
                text x=(x) y="25" text-anchor="middle" fill="currentColor" font-weight="600" { (cut(lane, 22)) }
                path d=(format!("M{x} 34V{}", height - 8)) stroke="currentColor" stroke-opacity="0.35" stroke-dasharray="3 4" {}
            }
            @for (i, message) in sequence.messages.iter().enumerate() {
                (arrow(at(message.from), at(message.to), 66 + i * 34, &message.text, message.is_answer))
            }
        }
    }
}

fn arrow(from: usize, to: usize, y: usize, text: &str, is_answer: bool) -> Markup {
    let (left, right) = (from.min(to), from.max(to));
    let room = (right - left) / LETTER + 2;
    let head =
        if to > from { format!("M{} {}l8 4l-8 4", to - 8, y - 4) } else { format!("M{} {}l-8 4l8 4", to + 8, y - 4) };
    html! {
        text x=(left.midpoint(right)) y=(y - 6) text-anchor="middle" fill="currentColor" font-size="11" { (cut(text, room)) }
        path d=(format!("M{from} {y}H{to}")) stroke="currentColor" stroke-dasharray=(if is_answer { "4 3" } else { "none" }) {}
        path d=(head) fill="none" stroke="currentColor" {}
    }
}

/// What fits; the description holds the whole.
fn cut(text: &str, most: usize) -> PreEscaped<String> {
    let n = text.chars().count();
    let shown = if n > most {
        format!("{}…", text.chars().take(most.saturating_sub(1)).collect::<String>().trim_end())
    } else {
        text.to_owned()
    };
    html! { (shown) }
}
