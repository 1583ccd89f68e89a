//! GitHub issues as the REST API and `gh issue list --json` give them.
//!
//! One record per issue; pull requests are kept and tagged `pull-request`. Comments become replies where the export
//! holds them (the REST list only counts them). HTML comments of issue templates are nobody's words and go.
//! Source: GitHub REST API, Issues; `gh` manual.

use crate::decode::Text;
use crate::feedback::json::Shape;
use crate::fields::{at, count, first_text, first_time, items, names, part_by, text as text_at};
use crate::intake::Intake;
use crate::json_stream::{self, Layout};
use serde_json::Value;
use throughline_model::{Author, PartRole, RawRecord, Side, SourceKind};

pub(crate) fn is_like(shape: &Shape) -> bool {
    shape.ends(&["number", "title"])
        && (shape.ends(&["user.login"]) || shape.ends(&["author.login"]) || shape.ends(&["html_url"]))
}

pub(crate) fn read(text: &mut Text<'_>, intake: &mut Intake<'_>) {
    intake.set_format("github", SourceKind::Tracker);
    let layout = Layout { arrays: &["items", "issues", "data"], wrappers: &["data"] };
    let mut first_repository: Option<String> = None;
    json_stream::each_value(text, intake, &layout, &mut |intake, element, value| {
        if element.is_envelope {
            return;
        }
        let Some(mut record) = issue(&value, intake) else {
            intake.reject(1, "not-feedback", "this element is no issue: it has no number".to_owned(), element.at);
            return;
        };
        // Numbers are unique in one repository only.
        if let Some(repository) = repository(&value) {
            if first_repository.as_ref().is_some_and(|first| *first != repository) {
                record.external_id = format!("{repository}#{}", record.external_id);
            }
            first_repository.get_or_insert(repository);
        }
        intake.record(record, element.at);
    });
}

/// `owner/name` from an issue's addresses.
fn repository(value: &Value) -> Option<String> {
    let url = first_text(value, &["html_url", "url", "repository_url"])?;
    let path = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    let mut pieces = path.split('/').skip(1).skip_while(|piece| matches!(*piece, "repos" | "api" | "v3"));
    Some(format!("{}/{}", pieces.next()?, pieces.next()?))
}

/// Where the API and the command line say how somebody belongs to the repository.
const ASSOCIATION: &[&str] = &["author_association", "authorAssociation"];

fn author(value: &Value, association: Option<&str>) -> Author {
    let login = text_at(value, "login");
    let is_bot = matches!(text_at(value, "type").as_deref(), Some("Bot"))
        || matches!(at(value, "is_bot"), Value::Bool(true))
        || login.as_deref().is_some_and(|login| login.ends_with("[bot]"));
    let side = match association {
        _ if is_bot => Side::Machine,
        Some("OWNER" | "MEMBER" | "COLLABORATOR") => Side::Team,
        _ => Side::Unknown,
    };
    Author { name: text_at(value, "name"), email: text_at(value, "email"), handle: login, side, ..Author::default() }
}

fn issue(value: &Value, intake: &Intake<'_>) -> Option<RawRecord> {
    let mut record = intake.new_record(text_at(value, "number")?);
    record.created_at = first_time(value, &["created_at", "createdAt"]);
    record.url = first_text(value, &["html_url", "url"]);
    record.tags = names(value, "labels");
    if !at(value, "pull_request").is_null() || record.url.as_deref().is_some_and(|url| url.contains("/pull/")) {
        record.tags.push("pull-request".to_owned());
    }
    record.tags.extend(text_at(value, "state").map(|word| format!("status:{}", word.to_lowercase())));
    record.tags.extend(
        first_text(value, &["state_reason", "stateReason"]).map(|word| format!("resolution:{}", word.to_lowercase())),
    );
    record.tags.extend(text_at(value, "type.name").map(|word| format!("type:{word}")));
    let thumbs =
        items(value, "reactionGroups").iter().find(|group| text_at(group, "content").as_deref() == Some("THUMBS_UP"));
    record.votes = count(value, "reactions.+1").or_else(|| count(thumbs?, "users.totalCount"));
    let user = if at(value, "user").is_object() { at(value, "user") } else { at(value, "author") };
    let by = author(user, first_text(value, ASSOCIATION).as_deref());
    if let Some(title) = text_at(value, "title") {
        record.parts.push(part_by(PartRole::Title, Some(by.clone()), None, title));
    }
    if let Some(body) = text_at(value, "body") {
        record.parts.push(part_by(PartRole::Body, Some(by), None, without_comments(&body)));
    }
    for comment in items(value, "comments") {
        let user = if at(comment, "user").is_object() { at(comment, "user") } else { at(comment, "author") };
        let by = author(user, first_text(comment, ASSOCIATION).as_deref());
        if let Some(body) = text_at(comment, "body") {
            record.parts.push(part_by(
                PartRole::Reply,
                Some(by),
                first_time(comment, &["created_at", "createdAt"]),
                without_comments(&body),
            ));
        }
    }
    Some(record)
}

/// Markdown without `<!-- ... -->`, which templates use to instruct the writer.
fn without_comments(body: &str) -> String {
    let mut out = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(start) = rest.find("<!--") {
        let Some(len) = rest[start..].find("-->") else {
            break;
        };
        out.push_str(&rest[..start]);
        rest = &rest[start + len + 3..];
    }
    out.push_str(rest);
    out
}
