//! Zendesk: pages of the incremental export, or tickets one per line.
//!
//! One record per ticket: subject, description, then the comments. Names, addresses and roles come from the `users`
//! and `organizations` that an export may carry beside its tickets; they often stand after them, so tickets whose
//! requester is not known yet wait for the end of the page.
//! Source: Zendesk API reference, Incremental Exports and Tickets.

use crate::decode::{At, Text};
use crate::feedback::json::Shape;
use crate::fields::{at, count, first_text, items, names, part_by, text as text_at, time};
use crate::html;
use crate::intake::Intake;
use crate::json_stream::{self, Layout};
use serde_json::Value;
use std::collections::BTreeMap;
use throughline_model::{Author, PartRole, RawRecord, Side, SourceKind};

/// Tickets that may wait for the users of their page; beyond it they go out without names.
const MAX_WAITING: usize = 50_000;

pub(crate) fn is_like(shape: &Shape) -> bool {
    shape.has(&["tickets.subject"])
        || shape.has(&["tickets.requester_id"])
        || shape.has(&["requester_id", "subject"])
        || shape.has(&["requester_id", "description"])
        || shape.has(&["ticket.requester_id"])
}

#[derive(Default)]
struct People {
    authors: BTreeMap<String, Author>,
    companies: BTreeMap<String, String>,
    company_of_user: BTreeMap<String, String>,
}

struct Waiting {
    record: RawRecord,
    place: At,
    organization: Option<String>,
}

pub(crate) fn read(text: &mut Text<'_>, intake: &mut Intake<'_>) {
    intake.set_format("zendesk", SourceKind::Support);
    let layout = Layout {
        arrays: &["tickets", "users", "organizations", "results", "groups", "metric_sets", "comment_events"],
        wrappers: &[],
    };
    let mut people = People::default();
    let mut waiting: Vec<Waiting> = Vec::new();
    json_stream::each_value(text, intake, &layout, &mut |intake, element, value| match element.key {
        "users" => people.add_user(&value),
        "organizations" => {
            if let (Some(id), Some(name)) = (text_at(&value, "id"), text_at(&value, "name")) {
                people.companies.insert(id, name);
            }
        }
        "groups" | "metric_sets" | "comment_events" => {}
        _ if element.is_envelope => {
            waiting.drain(..).for_each(|ticket| people.hand_out(ticket, intake));
        }
        _ => {
            let inner = at(&value, "ticket");
            let value = if inner.is_object() { inner } else { &value };
            let Some(ticket) = ticket(value, element.at, intake) else {
                let message = "this is no ticket: it has neither an id nor a text".to_owned();
                intake.reject(1, "not-feedback", message, element.at);
                return;
            };
            if element.key.is_empty() || waiting.len() >= MAX_WAITING {
                waiting.drain(..).for_each(|ticket| people.hand_out(ticket, intake));
                people.hand_out(ticket, intake);
            } else {
                waiting.push(ticket);
            }
        }
    });
    waiting.drain(..).for_each(|ticket| people.hand_out(ticket, intake));
}

impl People {
    fn add_user(&mut self, user: &Value) {
        let Some(id) = text_at(user, "id") else {
            return;
        };
        let side = match text_at(user, "role").as_deref() {
            Some("agent" | "admin") => Side::Team,
            Some("end-user") => Side::Customer,
            _ => Side::Unknown,
        };
        if let Some(organization) = text_at(user, "organization_id") {
            self.company_of_user.insert(id.clone(), organization);
        }
        let author = Author {
            name: text_at(user, "name"),
            email: text_at(user, "email"),
            handle: Some(id.clone()),
            role: text_at(user, "details"),
            company: None,
            side,
        };
        self.authors.insert(id, author);
    }

    /// Fills in what is known of the people of a ticket, and hands it out.
    fn hand_out(&self, ticket: Waiting, intake: &mut Intake<'_>) {
        let mut record = ticket.record;
        for part in &mut record.parts {
            let Some(author) = &mut part.author else {
                continue;
            };
            let Some(id) = author.handle.clone() else {
                continue;
            };
            if let Some(known) = self.authors.get(&id) {
                author.name = author.name.take().or_else(|| known.name.clone());
                author.email = author.email.take().or_else(|| known.email.clone());
                author.role = author.role.take().or_else(|| known.role.clone());
                if known.side != Side::Unknown && author.side != Side::Machine {
                    author.side = known.side;
                }
            }
            if author.company.is_none() && author.side == Side::Customer {
                let organization = ticket.organization.as_ref().or_else(|| self.company_of_user.get(&id));
                author.company = organization.and_then(|id| self.companies.get(id)).cloned();
            }
        }
        intake.record(record, ticket.place);
    }
}

fn ticket(value: &Value, place: At, intake: &Intake<'_>) -> Option<Waiting> {
    let id = text_at(value, "id")?;
    let requester = text_at(value, "requester_id").or_else(|| text_at(value, "requester.id"));
    let assignee = text_at(value, "assignee_id");
    let side_of = |author: &str| match (Some(author) == requester.as_deref(), Some(author) == assignee.as_deref()) {
        (true, _) => Side::Customer,
        (_, true) => Side::Team,
        _ => Side::Unknown,
    };
    let by_requester = Author {
        name: first_text(value, &["requester.name", "via.source.from.name"]),
        email: first_text(value, &["requester.email", "via.source.from.address"]),
        handle: requester.clone(),
        company: first_text(value, &["organization.name"]),
        side: Side::Customer,
        ..Author::default()
    };
    let created_at = time(value, "created_at");
    let mut record = intake.new_record(id);
    record.created_at = created_at;
    record.url = first_text(value, &["html_url", "url"]);
    record.tags = names(value, "tags");
    for (key, label) in [("status", "status"), ("priority", "priority"), ("type", "type")] {
        if let Some(word) = text_at(value, key) {
            record.tags.push(format!("{label}:{word}"));
        }
    }
    record.votes = count(value, "votes");
    record.rating_unit = match text_at(value, "satisfaction_rating.score").as_deref() {
        Some("good") => Some(1.0),
        Some("bad") => Some(0.0),
        _ => None,
    };
    if let Some(subject) = first_text(value, &["subject", "raw_subject"]) {
        record.parts.push(part_by(PartRole::Title, Some(by_requester.clone()), None, subject));
    }
    let description = text_at(value, "description").map(html::to_text_if_html);
    if let Some(description) = &description {
        record.parts.push(part_by(PartRole::Body, Some(by_requester.clone()), None, description.clone()));
    }
    for comment in items(value, "comments") {
        let body = text_at(comment, "plain_body").or_else(|| {
            let body = first_text(comment, &["body", "html_body", "value"])?;
            Some(html::to_text_if_html(body))
        });
        let Some(body) = body else {
            continue;
        };
        // The first comment is the description again.
        if description.as_ref().is_some_and(|known| known.trim() == body.trim()) {
            continue;
        }
        let author_id = first_text(comment, &["author_id", "author.id"]);
        let mut side = author_id.as_deref().map_or(Side::Unknown, side_of);
        if at(comment, "public") == &Value::Bool(false) {
            side = Side::Team;
        }
        if text_at(comment, "via.channel").is_some_and(|channel| matches!(channel.as_str(), "rule" | "system")) {
            side = Side::Machine;
        }
        let author = if author_id.is_some() && author_id == requester && side == Side::Customer {
            by_requester.clone()
        } else {
            Author {
                name: first_text(comment, &["author.name"]),
                email: first_text(comment, &["author.email"]),
                handle: author_id,
                side,
                ..Author::default()
            }
        };
        record.parts.push(part_by(PartRole::Reply, Some(author), time(comment, "created_at"), body));
    }
    if let Some(remark) = text_at(value, "satisfaction_rating.comment") {
        record.parts.push(part_by(PartRole::Reply, Some(by_requester), None, remark));
    }
    Some(Waiting { record, place, organization: text_at(value, "organization_id") })
}
