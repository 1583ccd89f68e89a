//! Analytics events of Segment and PostHog, streamed.
//!
//! One [`Event`] per call, compact: who, on which account, what, where. Failures and rage clicks are recognised by the
//! tools' own names, by the words of an act's name, and by properties that say so. A PostHog survey answer is words,
//! so it becomes a record.
//! `Identity` events: for `identify` the object is the e-mail address (else the anonymous id), for `group` the
//! company's name, for `alias` the earlier id.
//! Surfaces are paths without query in which ids are written `:id`, so that one page is one surface.
//! Cost: one scan and one parse without copying; measured in `examples/throughput.rs`.
//! Source: Segment spec (identify, track, page, screen, group, alias); PostHog capture API and event properties.

use crate::dates;
use crate::decode::{At, Text};
use crate::feedback::json::Shape;
use crate::feedback::node::Node;
use crate::fields::part_by;
use crate::intake::Intake;
use crate::json_stream::{self, Layout};
use throughline_model::event::EventKind;
use throughline_model::{Author, Event, EventId, PartRole, RawRecord, Side, SourceKind, Timestamp};

const LAYOUT: Layout<'_> = Layout { arrays: &["batch", "results", "events", "data"], wrappers: &[] };

pub(crate) fn is_like_posthog(shape: &Shape) -> bool {
    shape.ends(&["event", "distinct_id"]) || shape.ends(&["event", "properties.distinct_id"])
}

pub(crate) fn is_like_segment(shape: &Shape) -> bool {
    shape.ends(&["type"])
        && (shape.ends(&["userId"]) || shape.ends(&["anonymousId"]) || shape.ends(&["messageId"]))
        && (shape.ends(&["properties"])
            || shape.ends(&["traits"])
            || shape.ends(&["event"])
            || shape.ends(&["context"]))
}

pub(crate) fn read_segment(text: &mut Text<'_>, intake: &mut Intake<'_>) {
    intake.set_format("segment", SourceKind::Analytics);
    json_stream::each(text, intake, &LAYOUT, &mut |intake, element| {
        let node: Node<'_> = serde_json::from_str(element.json)?;
        if !element.is_envelope {
            match segment(&node, element.json, intake) {
                Some(event) => intake.event(event),
                None => intake.reject(
                    1,
                    "event-without-name",
                    "this element is no event: it has no type or name".to_owned(),
                    element.at,
                ),
            }
        }
        Ok(())
    });
}

pub(crate) fn read_posthog(text: &mut Text<'_>, intake: &mut Intake<'_>) {
    intake.set_format("posthog", SourceKind::Analytics);
    json_stream::each(text, intake, &LAYOUT, &mut |intake, element| {
        let node: Node<'_> = serde_json::from_str(element.json)?;
        if element.is_envelope {
            return Ok(());
        }
        if node.text("event") == Some("survey sent") {
            survey(&node, element.at, intake);
            return Ok(());
        }
        match posthog(&node, element.json, intake) {
            Some(event) => intake.event(event),
            None => intake.reject(
                1,
                "event-without-name",
                "this element is no event: it has no name".to_owned(),
                element.at,
            ),
        }
        Ok(())
    });
}

fn event_id(source: &str, id: Option<String>, json: &str) -> EventId {
    match id {
        Some(id) => EventId::of(&[source.as_bytes(), id.as_bytes()]),
        None => EventId::of(&[source.as_bytes(), json.as_bytes()]),
    }
}

fn when(node: &Node<'_>, keys: &[&str]) -> Option<Timestamp> {
    keys.iter().find_map(|key| match node.get(key) {
        Node::Text(text) => dates::parse_lone(text),
        Node::Number(number) => dates::from_unix(*number),
        _ => None,
    })
}

fn segment(node: &Node<'_>, json: &str, intake: &Intake<'_>) -> Option<Event> {
    let kind_word = node.text("type").or_else(|| node.get("event").is_text().then_some("track"))?;
    let (properties, traits, context) = (node.get("properties"), node.get("traits"), node.get("context"));
    let who = node.word("userId").or_else(|| node.word("anonymousId")).unwrap_or_default();
    let account = node
        .word("groupId")
        .or_else(|| context.word("groupId"))
        .or_else(|| context.get("traits").word("accountId"))
        .or_else(|| properties.word("groupId"))
        .or_else(|| properties.word("account_id"))
        .or_else(|| traits.get("company").word("id"))
        .or_else(|| traits.word("company"))
        .unwrap_or_default();
    let surface = surface_of(&[
        properties.text("path"),
        properties.text("url"),
        context.get("page").text("path"),
        context.get("page").text("url"),
        context.get("screen").text("name"),
    ]);
    let (kind, name, object) = match kind_word {
        "identify" => {
            let object = traits
                .word("email")
                .map(|email| email.to_lowercase())
                .or_else(|| node.word("anonymousId").filter(|id| *id != who));
            (EventKind::Identity, "identify".to_owned(), object.unwrap_or_default())
        }
        "group" => (EventKind::Identity, "group".to_owned(), traits.word("name").unwrap_or_default()),
        "alias" => (EventKind::Identity, "alias".to_owned(), node.word("previousId").unwrap_or_default()),
        "page" | "screen" => {
            let name = node.word("name").or_else(|| properties.word("name")).unwrap_or_else(|| surface.clone());
            (EventKind::View, name, properties.word("title").unwrap_or_default())
        }
        _ => {
            let name = node.word("event").or_else(|| node.word("name"))?;
            let kind = kind_of(&name, properties);
            let object = object_of(properties, kind);
            (kind, name, object)
        }
    };
    Some(Event {
        id: event_id(intake.source(), node.word("messageId"), json),
        source: intake.source().to_owned(),
        at: when(node, &["timestamp", "originalTimestamp", "sentAt", "receivedAt"]),
        kind,
        name,
        who,
        account,
        surface,
        object,
    })
}

fn posthog(node: &Node<'_>, json: &str, intake: &Intake<'_>) -> Option<Event> {
    let name = node.word("event")?;
    let properties = node.get("properties");
    let surface = surface_of(&[
        properties.text("$pathname"),
        properties.text("path"),
        properties.text("$current_url"),
        properties.text("$screen_name"),
        properties.text("url"),
    ]);
    let (kind, name, object) = match name.as_str() {
        "$pageview" | "$screen" => {
            let page = properties.word("$screen_name").unwrap_or_else(|| surface.clone());
            (EventKind::View, page, properties.word("title").unwrap_or_default())
        }
        "$exception" => {
            let message = properties
                .word("$exception_message")
                .or_else(|| properties.get("$exception_list").first().word("value"))
                .or_else(|| properties.word("$exception_type"))
                .unwrap_or_default();
            (EventKind::Failure, name, message)
        }
        "$rageclick" | "$dead_click" => (EventKind::Rage, name, element_text(properties)),
        "$identify" | "$create_alias" | "$merge_dangerously" => {
            let email =
                properties.get("$set").word("email").or_else(|| node.get("person").get("properties").word("email"));
            let object = email
                .map(|email| email.to_lowercase())
                .or_else(|| properties.word("$anon_distinct_id"))
                .or_else(|| properties.word("alias"));
            (
                EventKind::Identity,
                if name == "$identify" { "identify" } else { "alias" }.to_owned(),
                object.unwrap_or_default(),
            )
        }
        "$groupidentify" => {
            (EventKind::Identity, "group".to_owned(), properties.get("$group_set").word("name").unwrap_or_default())
        }
        "$set" => (
            EventKind::Identity,
            "identify".to_owned(),
            properties.get("$set").word("email").unwrap_or_default().to_lowercase(),
        ),
        "$autocapture" => {
            let act = properties.word("$event_type").unwrap_or_else(|| "click".to_owned());
            (EventKind::Act, act, element_text(properties))
        }
        _ => {
            let kind = kind_of(&name, properties);
            let object = object_of(properties, kind);
            (kind, name, object)
        }
    };
    Some(Event {
        id: event_id(intake.source(), node.word("uuid").or_else(|| properties.word("$insert_id")), json),
        source: intake.source().to_owned(),
        at: when(node, &["timestamp", "sent_at", "created_at"]).or_else(|| when(properties, &["timestamp", "$time"])),
        kind,
        name,
        who: node.word("distinct_id").or_else(|| properties.word("distinct_id")).unwrap_or_default(),
        account: posthog_account(properties),
        surface,
        object,
    })
}

fn posthog_account(properties: &Node<'_>) -> String {
    let groups = properties.get("$groups");
    ["company", "organization", "organisation", "account", "workspace"]
        .iter()
        .find_map(|key| groups.word(key))
        .or_else(|| properties.word("$group_0"))
        .or_else(|| groups.any_word())
        .or_else(|| properties.word("$group_key"))
        .unwrap_or_default()
}

fn element_text(properties: &Node<'_>) -> String {
    properties.word("$el_text").or_else(|| properties.get("$elements").first().word("$el_text")).unwrap_or_default()
}

/// What a custom act's name and properties say of its kind.
fn kind_of(name: &str, properties: &Node<'_>) -> EventKind {
    let words = crate::fields::fold_header(name);
    let mut is_failure = false;
    let mut is_click = false;
    let mut is_angry = false;
    for word in words.split(' ') {
        match word {
            "rageclick" | "rageclicked" | "rageclicks" => return EventKind::Rage,
            "rage" | "dead" => is_angry = true,
            "click" | "clicked" | "clicks" | "tap" | "taps" => is_click = true,
            "failed" | "failure" | "fail" | "fails" | "error" | "errors" | "errored" | "exception" | "crash"
            | "crashed" | "timeout" | "timedout" => {
                is_failure = true;
            }
            _ => {}
        }
    }
    if is_angry && is_click {
        return EventKind::Rage;
    }
    let says_error = ["error", "error_message", "errorMessage", "error_code", "exception"].iter().any(|key| {
        properties.word(key).is_some_and(|word| !matches!(word.as_str(), "" | "0" | "false" | "none" | "null"))
    });
    let says_no = matches!(properties.get("success"), Node::Bool(false));
    let has_bad_status = ["status", "status_code", "statusCode"]
        .iter()
        .any(|key| properties.number(key).is_some_and(|status| (400.0..600.0).contains(&status)));
    if is_failure || says_error || says_no || has_bad_status { EventKind::Failure } else { EventKind::Act }
}

/// What an act was on: the first property that names a thing.
fn object_of(properties: &Node<'_>, kind: EventKind) -> String {
    const FAILURES: &[&str] =
        &["error_message", "errorMessage", "message", "error", "error_code", "exception", "status", "status_code"];
    const NAMES: &[&str] = &[
        "object",
        "object_name",
        "objectName",
        "item_name",
        "item",
        "name",
        "title",
        "report",
        "report_name",
        "feature",
        "feature_name",
        "label",
        "document",
        "file_name",
        "fileName",
        "template",
        "integration",
        "form",
        "button",
        "target",
        "resource",
        "query",
        "search_term",
    ];
    let failures: &[&str] = if kind == EventKind::Failure { FAILURES } else { &[] };
    let text = failures.iter().chain(NAMES).find_map(|key| properties.word(key)).unwrap_or_default();
    crate::intake::shorten(&text, 200)
}

/// The first address or name as a path without query, ids written `:id`.
fn surface_of(candidates: &[Option<&str>]) -> String {
    let Some(given) = candidates.iter().flatten().find(|text| !text.trim().is_empty()) else {
        return String::new();
    };
    let given = given.trim();
    let path = match given.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |i| &rest[i..]),
        None => given,
    };
    // A hash may be the route itself.
    let path = match path.split_once('#') {
        Some((_, route)) if route.starts_with('/') || route.starts_with("!/") => route.trim_start_matches('!'),
        Some((path, _)) => path,
        None => path,
    };
    let path = path.split('?').next().unwrap_or_default();
    if !path.starts_with('/') {
        return path.to_owned();
    }
    let mut out = String::with_capacity(path.len());
    for piece in path.split('/').filter(|piece| !piece.is_empty()) {
        out.push('/');
        out.push_str(if is_id(piece) { ":id" } else { piece });
    }
    if out.is_empty() { "/".to_owned() } else { out }
}

/// Whether a piece of a path names one thing and not a kind of thing: mostly digits, or long and with digits.
fn is_id(piece: &str) -> bool {
    let n_digits = piece.bytes().filter(u8::is_ascii_digit).count();
    let n_words = piece.bytes().filter(u8::is_ascii_alphanumeric).count();
    n_digits >= 3 || (n_digits > 0 && n_digits * 2 > n_words) || (n_digits > 0 && piece.len() >= 20)
}

/// An answer to a survey as a record: each answer in words is a part.
fn survey(node: &Node<'_>, place: At, intake: &mut Intake<'_>) {
    let properties = node.get("properties");
    let id = node.word("uuid").or_else(|| properties.word("$insert_id"));
    let created_at = when(node, &["timestamp", "sent_at"]);
    let who = node.word("distinct_id").or_else(|| properties.word("distinct_id"));
    let mut record: RawRecord = intake.new_record(id.clone().or_else(|| who.clone()).unwrap_or_default());
    record.is_keyed = id.is_some();
    // Whatever the file as a whole was declared to be: these are words, and words are no behaviour.
    record.source_kind = SourceKind::Survey;
    record.created_at = created_at;
    record.tags.extend(properties.word("$survey_name"));
    let person = node.get("person").get("properties");
    let author = Author {
        name: person.word("name").or_else(|| properties.get("$set").word("name")),
        email: person.word("email").or_else(|| properties.get("$set").word("email")),
        handle: who,
        company: Some(posthog_account(properties)),
        role: None,
        side: Side::Customer,
    };
    let mut answers: Vec<String> = Vec::new();
    let mut rating = None;
    let mut take = |answer: &Node<'_>| match answer {
        Node::Text(text) => match text.trim().parse::<f64>() {
            Ok(number) => rating = rating.or(Some(number)),
            Err(_) if !text.trim().is_empty() && !answers.iter().any(|known| known == text.as_ref()) => {
                answers.push(text.to_string());
            }
            Err(_) => {}
        },
        Node::Number(number) => rating = rating.or(Some(*number)),
        Node::List(choices) => {
            let words: Vec<String> = choices.iter().filter_map(Node::as_word).collect();
            if !words.is_empty() {
                answers.push(words.join(", "));
            }
        }
        _ => {}
    };
    for (key, answer) in properties.entries() {
        if key.starts_with("$survey_response") {
            take(answer);
        }
    }
    if let Node::List(questions) = properties.get("$survey_questions") {
        questions.iter().for_each(|question| take(question.get("response")));
    }
    // Ten and zero only occur on the scale of ten; anything else is left alone, for the scale is not in the event.
    record.rating_unit =
        rating.filter(|rating| (6.0..=10.0).contains(rating) || *rating == 0.0).map(|rating| rating / 10.0);
    for answer in answers {
        record.parts.push(part_by(PartRole::Body, Some(author.clone()), None, answer));
    }
    intake.record(record, place);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surfaces_are_pages() {
        for (given, surface) in [
            ("https://app.x.example/reports/8123?tab=2#top", "/reports/:id"),
            ("/sites/003-1/rota", "/sites/:id/rota"),
            ("/api/v2/users/", "/api/v2/users"),
            ("https://app.x.example", "/"),
            ("https://app.x.example/#/settings/billing", "/settings/billing"),
            ("Rota screen", "Rota screen"),
            ("/o/6f1c2ab0-77aa-4b1e-9d2b-000000000000/team", "/o/:id/team"),
        ] {
            assert_eq!(surface_of(&[None, Some(given)]), surface, "{given}");
        }
    }

    #[test]
    fn failures_are_told_by_name_and_by_properties() {
        let kind = |name: &str, json: &str| kind_of(name, &serde_json::from_str(json).unwrap());
        assert_eq!(kind("Export Failed", "{}"), EventKind::Failure);
        assert_eq!(kind("request_sent", r#"{"status":504}"#), EventKind::Failure);
        assert_eq!(kind("saved", r#"{"success":false}"#), EventKind::Failure);
        assert_eq!(kind("saved", r#"{"success":true,"status":200,"error":null}"#), EventKind::Act);
        assert_eq!(kind("rage_click", "{}"), EventKind::Rage);
        assert_eq!(kind("terror_movie_opened", "{}"), EventKind::Act);
    }
}
