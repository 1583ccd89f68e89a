//! Idea portals and notes: Canny as JSON, Productboard notes as JSON. (Fider, Quackback and exports as CSV are tables.)
//!
//! One record per post, comment or note; companies and opportunities become accounts. A single vote holds no words:
//! the post carries their number.
//! Source: Canny API reference; Productboard API, Notes.

use crate::decode::Text;
use crate::feedback::accounts;
use crate::feedback::json::Shape;
use crate::fields::{at, count, first_text, items, names, on_side, part_by, text as text_at, time};
use crate::html;
use crate::intake::Intake;
use crate::json_stream::{self, Layout};
use serde_json::Value;
use throughline_model::{Author, PartRole, RawRecord, Side, SourceKind};

pub(crate) fn is_like_canny(shape: &Shape) -> bool {
    shape.ends(&["details", "score", "title"])
        || shape.ends(&["mergeHistory"])
        || (shape.ends(&["voter"]) && shape.ends(&["post"]))
        || shape.ends(&["postIDs"])
        || shape.has(&["companies.monthlySpend"])
        || (shape.ends(&["value", "author", "post.id"]))
}

pub(crate) fn read_canny(text: &mut Text<'_>, intake: &mut Intake<'_>) {
    intake.set_format("canny", SourceKind::Community);
    let layout =
        Layout { arrays: &["posts", "comments", "votes", "companies", "opportunities", "items"], wrappers: &[] };
    json_stream::each_value(text, intake, &layout, &mut |intake, element, value| {
        if element.is_envelope {
            return;
        }
        let has = |key: &str| !at(&value, key).is_null();
        let source = intake.source().to_owned();
        let is_company = element.key == "companies" || (has("monthlySpend") && has("name") && !has("title"));
        let is_opportunity = element.key == "opportunities" || has("postIDs");
        if is_company || is_opportunity {
            let account = if is_company {
                accounts::portal_company(&value, &source)
            } else {
                accounts::portal_opportunity(&value, &source)
            };
            match account {
                Some(account) => intake.account(account),
                None => {
                    intake.reject(1, "account-without-name", "this element names no account".to_owned(), element.at);
                }
            }
        } else if has("title") || has("details") {
            match canny_post(&value, intake) {
                Some(record) => intake.record(record, element.at),
                None => intake.reject(1, "not-feedback", "this post has no id".to_owned(), element.at),
            }
        } else if has("value") {
            match canny_comment(&value, intake) {
                Some(record) => intake.record(record, element.at),
                None => intake.reject(1, "not-feedback", "this comment has no id".to_owned(), element.at),
            }
        } else {
            intake.leave_out(
                1,
                "not-feedback",
                "a single vote holds no words; posts carry their number".to_owned(),
                element.at,
            );
        }
    });
}

fn canny_person(value: &Value) -> Author {
    Author {
        name: text_at(value, "name"),
        email: text_at(value, "email"),
        handle: first_text(value, &["userID", "id"]),
        company: first_text(value, &["companies.0.name", "company.name"]),
        role: text_at(value, "customFields.role"),
        side: match at(value, "isAdmin") {
            Value::Bool(true) => Side::Team,
            Value::Bool(false) => Side::Customer,
            _ => Side::Unknown,
        },
    }
}

fn canny_post(value: &Value, intake: &Intake<'_>) -> Option<RawRecord> {
    let mut record = intake.new_record(text_at(value, "id")?);
    record.created_at = first_text(value, &["created", "createdAt"]).as_deref().and_then(crate::dates::parse_lone);
    record.votes = count(value, "score");
    record.url = text_at(value, "url");
    record.tags = names(value, "tags");
    record.tags.extend(text_at(value, "category.name"));
    record.tags.extend(text_at(value, "board.name").map(|word| format!("board:{word}")));
    record.tags.extend(text_at(value, "status").map(|word| format!("status:{word}")));
    for merged in items(value, "mergeHistory") {
        record.duplicate_of.extend(first_text(merged, &["post.id", "post"]));
    }
    // A post by an admin "by" somebody else is on behalf of its author.
    let author = canny_person(at(value, "author"));
    if let Some(title) = text_at(value, "title") {
        record.parts.push(part_by(PartRole::Title, Some(author.clone()), None, title));
    }
    if let Some(details) = text_at(value, "details") {
        record.parts.push(part_by(PartRole::Body, Some(author), None, html::to_text_if_html(details)));
    }
    Some(record)
}

fn canny_comment(value: &Value, intake: &Intake<'_>) -> Option<RawRecord> {
    let mut record = intake.new_record(text_at(value, "id")?);
    record.created_at = time(value, "created");
    record.votes = count(value, "likeCount");
    record.thread = first_text(value, &["post.id", "postID"]);
    record.url = text_at(value, "post.url");
    let mut author = canny_person(at(value, "author"));
    if at(value, "internal") == &Value::Bool(true) || at(value, "private") == &Value::Bool(true) {
        author.side = Side::Team;
    }
    record.parts.push(part_by(PartRole::Reply, Some(author), None, html::to_text_if_html(text_at(value, "value")?)));
    Some(record)
}

pub(crate) fn is_like_productboard(shape: &Shape) -> bool {
    shape.ends(&["displayUrl", "content"]) || (shape.ends(&["content", "source.origin"]) && shape.ends(&["state"]))
}

pub(crate) fn read_productboard(text: &mut Text<'_>, intake: &mut Intake<'_>) {
    intake.set_format("productboard", SourceKind::Sales);
    let layout = Layout { arrays: &["data", "notes"], wrappers: &["data"] };
    json_stream::each_value(text, intake, &layout, &mut |intake, element, value| {
        if element.is_envelope {
            return;
        }
        match note(&value, intake) {
            Some(record) => intake.record(record, element.at),
            None => intake.reject(1, "not-feedback", "this note has no id".to_owned(), element.at),
        }
    });
}

fn note(value: &Value, intake: &Intake<'_>) -> Option<RawRecord> {
    let mut record = intake.new_record(text_at(value, "id")?);
    record.created_at = time(value, "createdAt").or_else(|| time(value, "created_at"));
    record.url = first_text(value, &["displayUrl", "externalDisplayUrl"]);
    record.tags = names(value, "tags");
    record.tags.extend(text_at(value, "state").map(|word| format!("status:{word}")));
    record.tags.extend(text_at(value, "source.origin").map(|word| format!("origin:{word}")));
    record.thread = text_at(value, "source.record_id");
    let user = at(value, "user");
    let author = Author {
        name: text_at(user, "name"),
        email: text_at(user, "email"),
        handle: first_text(user, &["external_id", "id"]),
        company: first_text(value, &["company.name", "company.domain", "user.company.name"]),
        ..on_side(if user.is_object() { Side::Customer } else { Side::Unknown })
    };
    if let Some(title) = text_at(value, "title") {
        record.parts.push(part_by(PartRole::Title, Some(author.clone()), None, html::to_text_if_html(title)));
    }
    if let Some(content) = text_at(value, "content") {
        record.parts.push(part_by(PartRole::Body, Some(author), None, html::to_text(&content)));
    }
    Some(record)
}
