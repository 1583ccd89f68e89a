//! Intercom conversations: one at a time, a list, or one per line.
//!
//! One record per conversation: its first message, then the parts that hold words. Bodies are HTML. The list call of
//! the API leaves the parts out, and a single call gives at most 500 of them; both are said.
//! Source: Intercom API reference, Conversations.

use crate::decode::{At, Text};
use crate::feedback::json::Shape;
use crate::fields::{at, count, first_text, first_time, items, names, number, part_by, text as text_at, time};
use crate::html;
use crate::intake::Intake;
use crate::json_stream::{self, Layout};
use serde_json::Value;
use throughline_model::{Author, PartRole, RawRecord, Side, SourceKind};

pub(crate) fn is_like(shape: &Shape) -> bool {
    shape.ends(&["conversation_parts"])
        || shape.ends(&["source.delivered_as"])
        || (shape.ends(&["source.body", "source.author"]) && shape.ends(&["created_at"]))
}

pub(crate) fn read(text: &mut Text<'_>, intake: &mut Intake<'_>) {
    intake.set_format("intercom", SourceKind::Support);
    let layout = Layout { arrays: &["conversations", "data", "items"], wrappers: &["data"] };
    json_stream::each_value(text, intake, &layout, &mut |intake, element, value| {
        if element.is_envelope {
            return;
        }
        // A webhook wraps the conversation.
        let inner = at(&value, "data.item");
        let value = if inner.is_object() { inner } else { &value };
        match conversation(value, element.at, intake) {
            Some(record) => intake.record(record, element.at),
            None => intake.reject(1, "not-feedback", "this is no conversation: it has no id".to_owned(), element.at),
        }
    });
}

fn author(value: &Value) -> Author {
    let side = match text_at(value, "type").as_deref() {
        Some("user" | "lead" | "contact" | "visitor") => Side::Customer,
        Some("admin" | "team" | "teammate") => Side::Team,
        Some("bot" | "operator") => Side::Machine,
        _ => Side::Unknown,
    };
    Author {
        name: text_at(value, "name"),
        email: text_at(value, "email"),
        handle: first_text(value, &["external_id", "id"]),
        company: first_text(value, &["company.name", "companies.companies.0.name"]),
        role: None,
        side,
    }
}

fn conversation(value: &Value, place: At, intake: &mut Intake<'_>) -> Option<RawRecord> {
    let id = text_at(value, "id")?;
    let mut record = intake.new_record(id.clone());
    record.created_at = time(value, "created_at");
    record.url = first_text(value, &["url", "links.conversation_web"]);
    record.tags = names(value, "tags.tags");
    record.tags.extend(names(value, "tags"));
    record.tags.extend(text_at(value, "state").map(|word| format!("status:{word}")));
    record.rating_unit = number(value, "conversation_rating.rating")
        .filter(|rating| (1.0..=5.0).contains(rating))
        .map(|rating| (rating - 1.0) / 4.0);
    let first = author(at(value, "source.author"));
    let title = first_text(value, &["title", "source.subject"]).map(|title| html::to_text(&title));
    if let Some(title) = title {
        record.parts.push(part_by(PartRole::Title, Some(first.clone()), None, title));
    }
    if let Some(body) = text_at(value, "source.body") {
        record.parts.push(part_by(PartRole::Body, Some(first.clone()), None, html::to_text(&body)));
    }
    let parts = match at(value, "conversation_parts.conversation_parts") {
        Value::Array(parts) => parts.as_slice(),
        _ => items(value, "conversation_parts"),
    };
    for part in parts {
        let Some(body) = text_at(part, "body") else {
            continue;
        };
        let mut by = author(at(part, "author"));
        if text_at(part, "part_type").as_deref() == Some("note") && by.side != Side::Machine {
            by.side = Side::Team;
        }
        if by.handle.is_some() && by.handle == first.handle {
            by.company = by.company.or_else(|| first.company.clone());
        }
        record.parts.push(part_by(
            PartRole::Reply,
            Some(by),
            first_time(part, &["created_at", "updated_at"]),
            html::to_text(&body),
        ));
    }
    if let Some(remark) = text_at(value, "conversation_rating.remark") {
        record.parts.push(part_by(
            PartRole::Reply,
            Some(first),
            time(value, "conversation_rating.created_at"),
            html::to_text_if_html(remark),
        ));
    }
    let n_all =
        count(value, "conversation_parts.total_count").or_else(|| count(value, "statistics.count_conversation_parts"));
    if let Some(n_all) = n_all.filter(|n| *n > parts.len() as u64) {
        let message = format!("conversation {id} has {n_all} parts, the export holds {}", parts.len());
        intake.warn("parts-missing", message, place);
    }
    Some(record)
}
