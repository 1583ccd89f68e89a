//! A clickable prototype in one file: a product that looks like one, over sample data, that plays its own scenarios.
//!
//! In: a dossier. Out: HTML with its style, scripts and data inside. The scripts are in `runtime/`: `prototype.js` (the
//! product), `acts.js` (what each capability can do), `play.js` (scenarios, coverage, why an element is there).
//! Invariants: no request leaves the page; data stands in a JSON block in which `<` is escaped, and is escaped again
//! where it is shown; a scenario that cannot be played says so.

mod sample;

use crate::dossier::{Dossier, Evidence};
use crate::html;
use crate::text::story_sentence;
use maud::{PreEscaped, html};
use serde_json::{Value, json};
use throughline_model::sentence::capitalised;
use throughline_model::spec::{Criterion, Entity, Field, Fix, Spec, Statement, Story};
use throughline_model::{Basis, Need, Polarity, SlotName};

const CSS: &str = include_str!("../../runtime/prototype.css");
const SCRIPTS: [&str; 3] = [
    include_str!("../../runtime/prototype.js"),
    include_str!("../../runtime/acts.js"),
    include_str!("../../runtime/play.js"),
];

/// The instant that sample data stands around when no feedback is dated: a Monday, 5 January 2026.
const UNDATED_NOW_SECS: i64 = 1_767_571_200;

/// Fields that a frame adds for the machine and that no list shows.
const HIDDEN_FIELDS: [&str; 12] = [
    "id",
    "attributes",
    "version",
    "state",
    "archived_at",
    "state_changed_at",
    "updated_by",
    "created_by",
    "copied_from",
    "snapshot",
    "purge_at",
    "deleted_at",
];

/// The prototype.
#[must_use]
pub fn html(dossier: &Dossier<'_>) -> String {
    let spec = dossier.spec;
    let data = data(dossier).to_string().replace('<', "\\u003c");
    let roles = roles(spec);
    let body = html! {
        div id="review" {
            span class="name" { a href="prd.html" { (spec.title) } }
            label { "Role " select id="role" { @for (id, name, _) in &roles { option value=(id) { (name) } } } }
            label { "State "
                select id="state" {
                    @for state in ["ideal", "empty", "loading", "partial", "error", "permission"] { option value=(state) { (state) } }
                }
            }
            button type="button" data-review="overlay" aria-pressed="false" { "Why is this here?" }
            button type="button" data-review="scenarios" aria-expanded="false" { "Scenarios " span id="scenario-count" {} }
            button type="button" data-review="theme" { "Light or dark" }
        }
        div id="app" {
            aside class="side" { div class="product" { (dossier.product_name) } nav id="nav" aria-label="Main" {} }
            div class="stage" { main id="main" {} }
        }
        dialog id="form" aria-label="Form" {}
        p id="live" class="sr" role="status" aria-live="polite" {}
        section id="scenarios" class="sheet" aria-label="Scenarios" hidden {}
        section id="why" class="sheet" aria-label="Why this is here" hidden {}
        script type="application/json" id="data" { (PreEscaped(data)) }
    };
    html::shell(&format!("Prototype: {}", spec.title), CSS, &SCRIPTS.join("\n"), &body)
}

/// Everything the scripts read.
fn data(dossier: &Dossier<'_>) -> Value {
    let spec = dossier.spec;
    let evidence = Evidence::of(dossier);
    let now_secs = dossier.corpus.as_of.map_or(UNDATED_NOW_SECS, |at| at.0);
    let fallback = fallback_entity();
    let subject = spec.entities.iter().find(|entity| entity.name == spec.subject).unwrap_or(&fallback);
    let fields = shown_fields(subject);
    let stories: Vec<Value> = spec.stories.iter().map(|story| story_json(spec, story, &evidence)).collect();
    let mut acts: Vec<String> = Vec::new();
    for story in &spec.stories {
        let frame = frame_of(spec, story);
        if !acts.contains(&frame) {
            acts.push(frame);
        }
    }
    let scenarios: Vec<Value> = spec
        .stories
        .iter()
        .flat_map(|story| story.criteria.iter().map(|criterion| scenario_json(story, criterion)))
        .collect();
    json!({
        "now": now_secs * 1000,
        "subject": { "one": subject.one, "many": subject.many, "fields": fields_json(&fields) },
        "records": (0..sample::N_RECORDS).map(|i| sample::record(subject, &fields, now_secs, i)).collect::<Vec<_>>(),
        "people": sample::PEOPLE,
        "roles": roles(spec).iter().map(|(id, name, may)| json!({ "id": id, "name": name, "may": may })).collect::<Vec<_>>(),
        "acts": acts.iter().map(|frame| json!({ "frame": frame })).collect::<Vec<_>>(),
        "own": own_entity(spec).map(|entity| {
            json!({ "one": entity.one, "many": entity.many, "fields": fields_json(&shown_fields(entity)) })
        }),
        "fix": spec.fix.as_ref().map(|fix| fix_json(fix, &evidence)),
        "copy": copy(spec, subject),
        "words": words(spec, subject),
        "stories": stories,
        "scenarios": scenarios,
        "voices": evidence.voices.iter().map(|voice| {
            json!({ "number": voice.number, "text": voice.text, "speaker": voice.speaker, "date": voice.date })
        }).collect::<Vec<_>>(),
    })
}

/// What the page of a fault shows.
fn fix_json(fix: &Fix, evidence: &Evidence) -> Value {
    let said = |statements: &[Statement]| -> Vec<Value> {
        statements
            .iter()
            .map(|statement| json!({ "text": statement.text, "voices": evidence.numbers(&statement.citations) }))
            .collect()
    };
    json!({
        "expected": said(&fix.expected),
        "actual": said(&fix.actual),
        "place": said(&fix.place),
        "workaround": said(&fix.workaround),
    })
}

/// Id, name and rights of the roles that one can switch to.
fn roles(spec: &Spec) -> [(&'static str, String, &'static str); 3] {
    let actor = spec.stories.first().map_or("member", |story| story.actor.text.as_str());
    [
        ("actor", capitalised(actor), "read, create, change"),
        ("reader", "Reader".to_owned(), "read"),
        ("admin", "Admin".to_owned(), "everything, and grant rights"),
    ]
}

fn story_json(spec: &Spec, story: &Story, evidence: &Evidence) -> Value {
    let mut voices = evidence.numbers(&story.means.citations);
    voices.extend(evidence.numbers(&story.benefit.citations));
    voices.sort_unstable();
    voices.dedup();
    json!({
        "key": story.key,
        "title": story.title,
        "sentence": story_sentence(story),
        "frame": frame_of(spec, story),
        "voices": voices,
    })
}

fn scenario_json(story: &Story, criterion: &Criterion) -> Value {
    let mut steps = criterion.steps.iter();
    let mut line = |text: &String| {
        let calls = steps.next().cloned().unwrap_or_default();
        json!({ "text": text, "calls": calls.iter().map(|call| json!({ "verb": call.verb, "args": call.args })).collect::<Vec<_>>() })
    };
    let given: Vec<Value> = criterion.given.iter().map(&mut line).collect();
    let when = line(&criterion.when);
    let then: Vec<Value> = criterion.then.iter().map(&mut line).collect();
    json!({
        "key": criterion.key,
        "story": story.key,
        "title": criterion.title,
        "case": criterion.case.word(),
        "given": given,
        "when": when,
        "then": then,
    })
}

/// The capability that a story is about; `_remove` or `_keep` for what is to go or to stay.
fn frame_of(spec: &Spec, story: &Story) -> String {
    let need = spec.needs.iter().find(|need| need.id == story.need_id);
    match need {
        Some(need) => match need.polarity {
            Polarity::Remove => "_remove".to_owned(),
            Polarity::Keep => "_keep".to_owned(),
            Polarity::Want | Polarity::Fix => need.frame.clone(),
        },
        None => "view".to_owned(),
    }
}

/// The entity that the capability itself brings, such as an export or a rule: the first of its frame that is neither
/// the subject nor a link between two others.
fn own_entity(spec: &Spec) -> Option<&Entity> {
    let first = spec.stories.first()?;
    let is_own = |entity: &&Entity| {
        entity.name != spec.subject
            && entity.story_keys.contains(&first.key)
            && entity.fields.iter().any(|field| field.name == "id")
    };
    let preferred = match frame_of(spec, first).as_str() {
        "api_webhook" => "ApiToken",
        "schedule" => "Schedule",
        "automate" => "Rule",
        "integrate" => "Connection",
        "sso_login" => "IdentityProvider",
        "billing" => "Invoice",
        "permission" => "Role",
        _ => "",
    };
    let named = spec.entities.iter().find(|entity| entity.name == preferred);
    named.or_else(|| spec.entities.iter().find(is_own))
}

fn shown_fields(entity: &Entity) -> Vec<&Field> {
    entity
        .fields
        .iter()
        .filter(|field| !HIDDEN_FIELDS.contains(&field.name.as_str()))
        .filter(|field| !matches!(field.type_name.as_str(), "uuid" | "json") && !field.type_name.starts_with("list["))
        .filter(|field| !field.type_name.starts_with("ref[") || field.type_name == "ref[Person]")
        .filter(|field| !field.name.ends_with("_hash") && !field.name.ends_with("_ref"))
        .take(9)
        .collect()
}

fn fields_json(fields: &[&Field]) -> Vec<Value> {
    fields
        .iter()
        .enumerate()
        .map(|(i, field)| {
            let kind = if field.type_name.starts_with("enum[") {
                "text"
            } else if field.type_name.starts_with("ref[") {
                "ref"
            } else {
                field.type_name.as_str()
            };
            json!({
                "name": field.name,
                "label": label(&field.name),
                "type": kind,
                "options": sample::options(&field.type_name),
                "required": i == 0 || (!field.is_optional && field.name == "status"),
                "sensitive": matches!(field.name.as_str(), "email" | "amount" | "hours" | "cost_centre"),
            })
        })
        .collect()
}

/// `starts_at` as `Starts`, `cost_centre` as `Cost centre`.
fn label(name: &str) -> String {
    let words = name.trim_end_matches("_at").trim_end_matches("_kb").replace('_', " ");
    capitalised(&words)
}

fn copy(spec: &Spec, subject: &Entity) -> Value {
    let screen = spec.screens.first();
    let of = |state: &str, otherwise: String| {
        screen
            .and_then(|screen| screen.copy_by_state.iter().find(|(name, _)| name == state))
            .map_or(otherwise, |(_, text)| text.clone())
    };
    let many = &subject.many;
    json!({
        "empty": format!("{} appear here for everyone who may see them. A name is enough to create the first one.", capitalised(many)),
        "loading": of("loading", format!("Loading {many}.")),
        "partial": of("partial", format!("Some {many} could not be loaded.")),
        "error": of("error", format!("The {many} could not be loaded. Nothing was lost. Try again.")),
        "permission": of("permission", format!("Seeing {many} needs a right that you do not have.")),
    })
}

/// Words of the need that acts and messages use.
fn words(spec: &Spec, subject: &Entity) -> Value {
    let need = spec.needs.first();
    let said = |name: SlotName| need.and_then(|need| stated(need, name));
    let first = spec.stories.first();
    let happy_event = first.and_then(|story| story.criteria.first()).map_or("", |criterion| criterion.when.as_str());
    let means = first.map_or("", |story| story.means.text.as_str());
    let frame = first.map(|story| frame_of(spec, story)).unwrap_or_default();
    let trigger =
        ["set a time for ", "have a rule ", "have "].iter().find_map(|head| means.strip_prefix(head)).unwrap_or(means);
    let destination = said(SlotName::Destination).unwrap_or_else(|| {
        match frame.as_str() {
            "notify" => "the product and email",
            "share" => "a named person",
            "migrate" => "the previous tool",
            "sso_login" => "the company’s identity provider",
            _ => "the other system",
        }
        .to_owned()
    });
    json!({
        "format": said(SlotName::Format).map_or_else(|| "CSV".to_owned(), |format| format_name(&format)),
        "destination": destination,
        "trigger": trigger,
        "triggering": trigger,
        "triggered": if frame == "notify" { happy_event.to_owned() } else { format!("a {} changes", subject.one) },
        "eventLabel": "Let it happen",
        "actLabel": capitalised(means),
        "setting": said(SlotName::Attributes).unwrap_or_else(|| subject.many.clone()),
    })
}

/// `csv` as `CSV`: short names of formats are spelt in capitals, however they were typed.
fn format_name(said: &str) -> String {
    let is_short = said.len() <= 4 && said.bytes().all(|byte| byte.is_ascii_alphabetic());
    if is_short { said.to_uppercase() } else { said.to_owned() }
}

fn stated(need: &Need, name: SlotName) -> Option<String> {
    let slot = need.slots.get(&name)?;
    matches!(slot.basis, Basis::Evidence | Basis::Code | Basis::Strategy).then(|| slot.value.clone())
}

/// What a prototype is about when the specification has no entity: a plain list of things.
fn fallback_entity() -> Entity {
    let field = |name: &str, type_name: &str| Field {
        name: name.to_owned(),
        type_name: type_name.to_owned(),
        is_optional: false,
    };
    Entity {
        id: throughline_model::SpecItemId(0),
        name: "Entry".to_owned(),
        one: "entry".to_owned(),
        many: "entries".to_owned(),
        fields: vec![field("name", "text"), field("owner", "ref[Person]"), field("status", "enum[open|done]")],
        story_keys: Vec::new(),
        basis: Basis::Default,
    }
}
