//! Reviews of the App Store (App Store Connect) and of Google Play, as JSON.
//!
//! One record per review. The store's reply by the developer is a part on the team's side.
//! Source: Google Play Developer API, reviews; App Store Connect API, customer reviews.

use crate::decode::{At, Text};
use crate::feedback::json::Shape;
use crate::fields::{at, count, first_text, first_time, items, number, on_side, part_by, text as text_at, time};
use crate::intake::Intake;
use crate::json_stream::{self, Layout};
use serde_json::Value;
use throughline_model::{Author, PartRole, RawRecord, Side, SourceKind};

pub(crate) fn is_like_app_store(shape: &Shape) -> bool {
    shape.ends(&["attributes.rating"])
        && (shape.ends(&["attributes.body"]) || shape.ends(&["attributes.review"]) || shape.ends(&["attributes.title"]))
}

pub(crate) fn is_like_google_play(shape: &Shape) -> bool {
    shape.ends(&["comments.userComment"]) || shape.ends(&["userComment.text"])
}

pub(crate) fn read_app_store(text: &mut Text<'_>, intake: &mut Intake<'_>) {
    intake.set_format("appstore", SourceKind::Review);
    let layout = Layout { arrays: &["data"], wrappers: &[] };
    json_stream::each_value(text, intake, &layout, &mut |intake, element, value| {
        if element.is_envelope {
            return;
        }
        let review = app_store(&value, intake);
        hand_out(review, element.at, intake);
    });
}

pub(crate) fn read_google_play(text: &mut Text<'_>, intake: &mut Intake<'_>) {
    intake.set_format("google-play", SourceKind::Review);
    let layout = Layout { arrays: &["reviews"], wrappers: &[] };
    json_stream::each_value(text, intake, &layout, &mut |intake, element, value| {
        if element.is_envelope {
            return;
        }
        let review = google_play(&value, intake);
        hand_out(review, element.at, intake);
    });
}

fn hand_out(review: Option<RawRecord>, place: At, intake: &mut Intake<'_>) {
    match review {
        Some(record) => intake.record(record, place),
        None => intake.reject(1, "not-feedback", "this element is no review".to_owned(), place),
    }
}

fn stars(value: &Value, path: &str) -> Option<f64> {
    number(value, path).filter(|stars| (1.0..=5.0).contains(stars)).map(|stars| (stars - 1.0) / 4.0)
}

fn app_store(value: &Value, intake: &Intake<'_>) -> Option<RawRecord> {
    let attributes = at(value, "attributes");
    let mut record = intake.new_record(text_at(value, "id")?);
    let author = Author {
        name: first_text(attributes, &["reviewerNickname", "nickname", "userName", "author"]),
        ..on_side(Side::Customer)
    };
    record.rating_unit = stars(attributes, "rating");
    record.created_at = first_time(attributes, &["createdDate", "date", "updated"]);
    record.tags.extend(first_text(attributes, &["territory", "storefront"]).map(|word| format!("territory:{word}")));
    record.tags.extend(first_text(attributes, &["appVersionString", "version"]).map(|word| format!("version:{word}")));
    if let Some(title) = text_at(attributes, "title") {
        record.parts.push(part_by(PartRole::Title, Some(author.clone()), None, title));
    }
    if let Some(body) = first_text(attributes, &["body", "review", "content"]) {
        record.parts.push(part_by(PartRole::Body, Some(author), None, body));
    }
    if let Some(reply) = first_text(attributes, &["response.responseBody", "developerResponse.body"]) {
        record.parts.push(part_by(PartRole::Reply, Some(on_side(Side::Team)), None, reply));
    }
    Some(record)
}

fn google_play(value: &Value, intake: &Intake<'_>) -> Option<RawRecord> {
    let mut record = intake.new_record(text_at(value, "reviewId")?);
    let author = Author { name: text_at(value, "authorName"), ..on_side(Side::Customer) };
    for comment in items(value, "comments") {
        let said = at(comment, "userComment");
        if said.is_object() {
            let when = time(said, "lastModified.seconds").or_else(|| time(said, "lastModified"));
            record.created_at = record.created_at.or(when);
            record.rating_unit = record.rating_unit.or_else(|| stars(said, "starRating"));
            record.votes = record.votes.or_else(|| count(said, "thumbsUpCount"));
            for (path, label) in [("reviewerLanguage", "language"), ("appVersionName", "version"), ("device", "device")]
            {
                record.tags.extend(text_at(said, path).map(|word| format!("{label}:{word}")));
            }
            // The words as written, where the store also gives a translation. A tab separates title and body.
            let original = match at(said, "originalText") {
                Value::String(text) if !text.trim().is_empty() => Some(text.as_str()),
                _ => at(said, "text").as_str(),
            };
            let (title, body) =
                original.and_then(|text| text.split_once('\t')).unwrap_or(("", original.unwrap_or_default()));
            for (role, words) in [(PartRole::Title, title), (PartRole::Body, body)] {
                if !words.trim().is_empty() {
                    record.parts.push(part_by(role, Some(author.clone()), None, words));
                }
            }
        }
        let reply = at(comment, "developerComment");
        if let Some(words) = text_at(reply, "text") {
            let when = time(reply, "lastModified.seconds");
            record.parts.push(part_by(PartRole::Reply, Some(on_side(Side::Team)), when, words));
        }
    }
    Some(record)
}
