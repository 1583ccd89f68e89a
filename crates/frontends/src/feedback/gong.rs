//! Gong transcripts: one record per call, one utterance per monologue, `n_items` counts its sentences.
//!
//! Names come from `parties`, which stand in the call itself or beside the transcripts. Times are in milliseconds or
//! seconds, which nothing in the file says: people speak some fifteen characters a second, and that decides.
//! Source: Gong API, `POST /v2/calls/transcript` and `/v2/calls/extensive`.

use crate::decode::{At, Text};
use crate::feedback::json::Shape;
use crate::fields::{at, first_text, first_time, items, number, text as text_at};
use crate::intake::Intake;
use crate::json_stream::{self, Layout};
use serde_json::Value;
use std::collections::BTreeMap;
use throughline_model::{Author, PartRole, RawPart, Side, SourceKind, Timestamp};

pub(crate) fn is_like(shape: &Shape) -> bool {
    shape.ends(&["callTranscripts"]) || shape.ends(&["transcript.sentences"])
}

/// What is known of a call beside its transcript.
#[derive(Default)]
struct Facts {
    title: Option<String>,
    started: Option<Timestamp>,
    url: Option<String>,
    company: Option<String>,
}

pub(crate) fn read(text: &mut Text<'_>, intake: &mut Intake<'_>) {
    intake.set_format("gong", SourceKind::Call);
    let folder = crate::source_name::folder(&intake.file).map(crate::source_name::slug).filter(|slug| !slug.is_empty());
    intake.set_source(folder.unwrap_or_else(|| "calls".to_owned()));
    let layout = Layout { arrays: &["callTranscripts", "calls", "parties"], wrappers: &[] };
    let mut people: BTreeMap<String, Author> = BTreeMap::new();
    let mut facts: BTreeMap<String, Facts> = BTreeMap::new();
    let mut waiting: Vec<(Value, At)> = Vec::new();
    json_stream::each_value(text, intake, &layout, &mut |intake, element, value| {
        if element.is_envelope {
            add_people(&mut people, &value);
        } else if element.key == "parties" {
            add_person(&mut people, &value);
        } else if items(&value, "transcript").is_empty()
            && (at(&value, "metaData").is_object() || at(&value, "parties").is_array())
        {
            add_people(&mut people, &value);
            if let Some(id) = first_text(&value, &["metaData.id", "id", "callId"]) {
                facts.insert(id, facts_of(&value));
            }
        } else if text_at(&value, "callId").is_some() || !items(&value, "transcript").is_empty() {
            waiting.push((value, element.at));
        } else {
            intake.reject(1, "not-feedback", "this element is no transcript".to_owned(), element.at);
        }
    });
    for (value, place) in waiting {
        add_people(&mut people, &value);
        call(&value, place, &people, &facts, intake);
    }
}

fn facts_of(value: &Value) -> Facts {
    Facts {
        title: first_text(value, &["metaData.title", "title"]),
        started: first_time(value, &["metaData.started", "metaData.scheduled", "started", "date"]),
        url: first_text(value, &["metaData.url", "url"]),
        company: first_text(value, &["account.name", "metaData.account", "company"]),
    }
}

fn add_people(people: &mut BTreeMap<String, Author>, value: &Value) {
    for path in ["parties", "speakers", "metaData.parties"] {
        items(value, path).iter().for_each(|person| add_person(people, person));
    }
}

fn add_person(people: &mut BTreeMap<String, Author>, value: &Value) {
    let Some(id) = first_text(value, &["speakerId", "id"]) else {
        return;
    };
    let side = match text_at(value, "affiliation").map(|word| word.to_lowercase()).as_deref() {
        Some("internal" | "company") => Side::Team,
        Some("external" | "non-company") => Side::Customer,
        _ => Side::Unknown,
    };
    let author = Author {
        name: text_at(value, "name"),
        email: first_text(value, &["emailAddress", "email"]),
        handle: Some(id.clone()),
        role: text_at(value, "title"),
        company: first_text(value, &["company", "account.name", "context.0.objects.0.fields.0.value"]),
        side,
    };
    people.insert(id, author);
}

fn call(
    value: &Value,
    place: At,
    people: &BTreeMap<String, Author>,
    facts: &BTreeMap<String, Facts>,
    intake: &mut Intake<'_>,
) {
    let id = first_text(value, &["callId", "id", "metaData.id"])
        .unwrap_or_else(|| crate::source_name::stem(&intake.file).to_owned());
    let own = facts_of(value);
    let known = facts.get(&id).unwrap_or(&own);
    let monologues = items(value, "transcript");
    let scale = clock_scale(monologues);
    let mut record = intake.new_record(id);
    record.n_items = 0;
    record.created_at = known.started.or_else(|| crate::dates::in_file_name(crate::source_name::stem(&intake.file)));
    record.url.clone_from(&known.url);
    record.tags.extend(known.title.clone());
    for monologue in monologues {
        let sentences = items(monologue, "sentences");
        record.n_items += (sentences.len() as u64).max(1);
        let words: Vec<String> = sentences.iter().filter_map(|sentence| text_at(sentence, "text")).collect();
        let start = sentences.first().and_then(|sentence| number(sentence, "start"));
        let end = sentences.last().and_then(|sentence| number(sentence, "end"));
        let clock_ms = start
            .zip(end)
            .map(|(start, end)| ((start.max(0.0) * scale) as u64, (end.max(start).max(0.0) * scale) as u64));
        let speaker = text_at(monologue, "speakerId");
        let mut author = speaker.as_ref().and_then(|id| people.get(id)).cloned().unwrap_or_default();
        author.handle = author.handle.or(speaker);
        author.name = author.name.or_else(|| text_at(monologue, "speakerName"));
        if author.company.is_none() && author.side == Side::Customer {
            author.company.clone_from(&known.company);
        }
        record.parts.push(RawPart {
            role: PartRole::Utterance,
            author: (author != Author::default()).then_some(author),
            at: None,
            clock_ms,
            text: words.join(" "),
        });
    }
    intake.record(record, place);
}

/// 1 where times are in milliseconds, 1000 where they are in seconds.
fn clock_scale(monologues: &[Value]) -> f64 {
    let (mut n_chars, mut span) = (0usize, 0.0);
    for sentence in monologues.iter().flat_map(|monologue| items(monologue, "sentences")) {
        if let (Some(start), Some(end)) = (number(sentence, "start"), number(sentence, "end")) {
            n_chars += text_at(sentence, "text").map_or(0, |text| text.len());
            span += (end - start).max(0.0);
        }
    }
    // Fifteen characters a second are 0.015 a millisecond; the middle between the two on a scale of ratios is 0.5.
    if span > 0.0 && n_chars as f64 / span > 0.5 { 1000.0 } else { 1.0 }
}
