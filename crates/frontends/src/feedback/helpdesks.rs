//! Help Scout conversations and Chatwoot messages.
//!
//! Help Scout: one record per conversation; a list holds only a preview of each, which is said. Chatwoot's webhook
//! sends single messages: they are gathered by conversation, and `n_items` is the number of messages.
//! Source: Help Scout Mailbox API 2.0, Conversations; Chatwoot webhooks.

use crate::decode::{At, Text};
use crate::feedback::json::Shape;
use crate::fields::{at, count, first_text, first_time, items, names, part_by, text as text_at};
use crate::html;
use crate::intake::Intake;
use crate::json_stream::{self, Layout};
use serde_json::Value;
use std::collections::BTreeMap;
use throughline_model::{Author, PartRole, RawRecord, Side, SourceKind};

pub(crate) fn is_like_help_scout(shape: &Shape) -> bool {
    shape.ends(&["preview"])
        && ["threadCount", "threads", "mailboxId", "mailbox", "primaryCustomer"].iter().any(|key| shape.ends(&[key]))
}

pub(crate) fn read_help_scout(text: &mut Text<'_>, intake: &mut Intake<'_>) {
    intake.set_format("helpscout", SourceKind::Support);
    let layout = Layout { arrays: &["conversations", "items"], wrappers: &["_embedded"] };
    json_stream::each_value(text, intake, &layout, &mut |intake, element, value| {
        if element.is_envelope {
            return;
        }
        match help_scout(&value, element.at, intake) {
            Some(record) => intake.record(record, element.at),
            None => intake.reject(1, "not-feedback", "this is no conversation: it has no id".to_owned(), element.at),
        }
    });
}

fn help_scout_person(value: &Value) -> Author {
    let name = text_at(value, "name").or_else(|| {
        let first = first_text(value, &["first", "firstName"]);
        let last = first_text(value, &["last", "lastName"]);
        match (first, last) {
            (Some(first), Some(last)) => Some(format!("{first} {last}")),
            (first, last) => first.or(last),
        }
    });
    Author {
        name,
        email: text_at(value, "email"),
        handle: text_at(value, "id"),
        company: first_text(value, &["organization", "company"]),
        role: text_at(value, "jobTitle"),
        side: match text_at(value, "type").as_deref() {
            Some("customer") => Side::Customer,
            Some("user") => Side::Team,
            _ => Side::Unknown,
        },
    }
}

fn help_scout(value: &Value, place: At, intake: &mut Intake<'_>) -> Option<RawRecord> {
    let id = first_text(value, &["id", "number"])?;
    let mut record = intake.new_record(id.clone());
    record.created_at = first_time(value, &["createdAt", "created_at"]);
    record.url = first_text(value, &["_links.web.href", "url"]);
    record.tags = names(value, "tags");
    record.tags.extend(text_at(value, "status").map(|word| format!("status:{word}")));
    let mut customer = ["customer", "primaryCustomer", "createdBy"]
        .iter()
        .map(|key| at(value, key))
        .find(|person| person.is_object())
        .map(help_scout_person)
        .unwrap_or_default();
    if customer.side == Side::Unknown {
        customer.side = Side::Customer;
    }
    if let Some(subject) = text_at(value, "subject") {
        record.parts.push(part_by(PartRole::Title, Some(customer.clone()), None, subject));
    }
    let threads = match at(value, "_embedded.threads") {
        Value::Array(threads) => threads.as_slice(),
        _ => items(value, "threads"),
    };
    // Threads come newest first.
    let mut said: Vec<(Option<throughline_model::Timestamp>, Author, String)> = Vec::new();
    for thread in threads {
        let Some(body) = first_text(thread, &["body", "text"]) else {
            continue;
        };
        let mut by = ["createdBy", "customer"]
            .iter()
            .map(|key| at(thread, key))
            .find(|person| person.is_object())
            .map(help_scout_person)
            .unwrap_or_default();
        match text_at(thread, "type").as_deref() {
            Some("customer" | "chat" | "phone" | "beaconchat") if by.side == Side::Unknown => by.side = Side::Customer,
            Some("note" | "message" | "reply") if by.side != Side::Customer => by.side = Side::Team,
            Some("note") => by.side = Side::Team,
            Some("lineitem") => by.side = Side::Machine,
            _ => {}
        }
        said.push((first_time(thread, &["createdAt", "created_at"]), by, html::to_text_if_html(body)));
    }
    if said.first().zip(said.last()).is_some_and(|(first, last)| first.0 > last.0) {
        said.reverse();
    }
    for (i, (when, by, body)) in said.into_iter().enumerate() {
        record.parts.push(part_by(if i == 0 { PartRole::Body } else { PartRole::Reply }, Some(by), when, body));
    }
    let n_all = count(value, "threadCount").or_else(|| count(value, "threads")).unwrap_or(0);
    if threads.is_empty()
        && let Some(preview) = text_at(value, "preview")
    {
        let is_all = n_all <= 1 && preview.chars().count() < 100;
        record.parts.push(part_by(PartRole::Body, Some(customer), None, html::to_text_if_html(preview)));
        if !is_all {
            intake.warn("parts-missing", format!("conversation {id} is a preview only, of {n_all} messages"), place);
        }
    }
    Some(record)
}

pub(crate) fn is_like_chatwoot(shape: &Shape) -> bool {
    shape.ends(&["message_type"])
        && ["inbox.id", "conversation.inbox_id", "conversation.id", "inbox_id", "messages.message_type"]
            .iter()
            .any(|path| shape.ends(&[path]))
}

/// Messages of one conversation.
struct Gathered {
    record: RawRecord,
    place: At,
}

pub(crate) fn read_chatwoot(text: &mut Text<'_>, intake: &mut Intake<'_>) {
    intake.set_format("chatwoot", SourceKind::Support);
    let layout = Layout { arrays: &["payload", "data", "conversations"], wrappers: &["data"] };
    let mut order: Vec<String> = Vec::new();
    let mut by_conversation: BTreeMap<String, Gathered> = BTreeMap::new();
    json_stream::each_value(text, intake, &layout, &mut |intake, element, value| {
        if element.is_envelope {
            return;
        }
        if let Value::Array(messages) = at(&value, "messages") {
            let Some(id) = first_text(&value, &["id", "display_id"]) else {
                intake.reject(1, "not-feedback", "this conversation has no id".to_owned(), element.at);
                return;
            };
            let mut record = intake.new_record(format!("conversation-{id}"));
            record.thread = Some(id);
            record.tags = names(&value, "labels");
            messages.iter().for_each(|message| chatwoot_message(message, &mut record));
            intake.record(record, element.at);
            return;
        }
        let event = text_at(&value, "event");
        let is_message = event.as_deref().is_none_or(|event| event.starts_with("message"));
        if !is_message || text_at(&value, "content").is_none() {
            let message = format!("'{}' carries no message", event.as_deref().unwrap_or("this element"));
            intake.leave_out(1, "not-feedback", message, element.at);
            return;
        }
        let id = first_text(&value, &["conversation.id", "conversation_id", "conversation.display_id", "id"])
            .unwrap_or_default();
        let gathered = by_conversation.entry(id.clone()).or_insert_with(|| {
            order.push(id.clone());
            let mut record = intake.new_record(format!("conversation-{id}"));
            record.thread = Some(id);
            record.n_items = 0;
            record.tags = names(&value, "conversation.labels");
            Gathered { record, place: element.at }
        });
        gathered.record.n_items += 1;
        if event.as_deref() == Some("message_updated") {
            chatwoot_update(&value, &mut gathered.record);
        } else {
            chatwoot_message(&value, &mut gathered.record);
        }
    });
    for id in order {
        if let Some(gathered) = by_conversation.remove(&id) {
            intake.record(gathered.record, gathered.place);
        }
    }
}

fn chatwoot_message(message: &Value, record: &mut RawRecord) {
    let Some(content) = text_at(message, "content") else {
        return;
    };
    let sender = at(message, "sender");
    let mut side = match text_at(message, "message_type").as_deref() {
        Some("incoming" | "0") => Side::Customer,
        Some("outgoing" | "1") => Side::Team,
        Some("template" | "activity" | "2" | "3") => Side::Machine,
        _ => Side::Unknown,
    };
    match text_at(sender, "type").as_deref() {
        Some("agent_bot" | "captain_assistant" | "bot") => side = Side::Machine,
        Some("user" | "agent") if side == Side::Unknown => side = Side::Team,
        Some("contact") if side == Side::Unknown => side = Side::Customer,
        _ => {}
    }
    let author = Author {
        name: text_at(sender, "name"),
        email: text_at(sender, "email"),
        handle: text_at(sender, "id"),
        company: text_at(sender, "additional_attributes.company_name"),
        role: None,
        side,
    };
    let when = first_time(message, &["created_at", "timestamp"]);
    record.created_at = match (record.created_at, when) {
        (Some(known), Some(when)) => Some(known.min(when)),
        (known, when) => known.or(when),
    };
    let role = if record.parts.is_empty() { PartRole::Body } else { PartRole::Reply };
    record.parts.push(part_by(role, Some(author), when, html::to_text_if_html(content)));
}

/// A changed message replaces the one that was sent at the same moment by the same person, if it is here.
fn chatwoot_update(message: &Value, record: &mut RawRecord) {
    let mut single = RawRecord { parts: Vec::new(), ..record.clone() };
    chatwoot_message(message, &mut single);
    let Some(part) = single.parts.pop() else {
        return;
    };
    let is_same = |known: &&mut throughline_model::RawPart| known.at == part.at && known.author == part.author;
    match record.parts.iter_mut().find(is_same) {
        Some(known) => known.text = part.text,
        None => record.parts.push(part),
    }
}
