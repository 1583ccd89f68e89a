//! The technical part of a specification: entities, endpoints, screens, read from a frame's notation.
//!
//! In: templates such as `Export(id:uuid, format:enum[csv|pdf])` and `POST /exports -> 202 | 403`. Out: typed items
//! with names filled in. What a customer's noun usually holds comes from `data/nouns.toml` and is marked as a default.

use crate::wording::Wording;
use crate::words;
use serde::Deserialize;
use std::sync::LazyLock;
use throughline_frames::{Frame, Template};
use throughline_model::spec::{Case, Endpoint, Entity, Field, Region, Screen, Story};
use throughline_model::{Basis, InsightId, SpecItemId};

#[derive(Deserialize)]
struct NounFile {
    kind: Vec<NounKind>,
}

#[derive(Deserialize)]
struct NounKind {
    name: String,
    nouns: Vec<String>,
    fields: Vec<String>,
}

static KINDS: LazyLock<Vec<NounKind>> = LazyLock::new(|| {
    toml::from_str::<NounFile>(include_str!("../data/nouns.toml")).map_or_else(|_| Vec::new(), |file| file.kind)
});

/// Kind of thing that a noun names, for instance `money` for `invoice`.
#[must_use]
pub fn kind_of_noun(one: &str) -> &'static str {
    kind(one).map_or("thing", |kind| kind.name.as_str())
}

/// Names of the facts that things of a noun's kind usually hold, which nobody asked for.
pub(crate) fn usual(one: &str) -> Vec<String> {
    kind(one).into_iter().flat_map(|kind| kind.fields.iter().map(|text| field(text).name)).collect()
}

/// The entity that the change is about, with the facts that things of its kind usually hold and `extra` ones that
/// somebody named.
#[must_use]
pub fn subject(insight: InsightId, wording: &Wording, extra: &[String], story_keys: &[String]) -> Entity {
    let object = &wording.object;
    let mut fields = vec![field("id:uuid")];
    fields.extend(kind(&object.one).into_iter().flat_map(|kind| kind.fields.iter().map(|text| field(text))));
    for name in extra {
        let snake = words::snake(name);
        let is_known = fields.iter().any(|field| field.name == snake);
        if !snake.is_empty() && !is_known && snake.len() <= 40 {
            fields.push(Field { name: snake.clone(), type_name: guess_type(&snake).to_owned(), is_optional: true });
        }
    }
    let name = object.pascal();
    Entity {
        id: item_id(insight, "entity", &name),
        name,
        one: object.one.clone(),
        many: object.many.clone(),
        fields,
        story_keys: story_keys.to_vec(),
        basis: Basis::Default,
    }
}

/// Entities of a frame. Facts of the subject itself are returned apart, to be added to it.
#[must_use]
pub fn entities(
    insight: InsightId,
    frame: &Frame,
    wording: &Wording,
    story_keys: &[String],
) -> (Vec<Entity>, Vec<Field>) {
    let subject_name = wording.object.pascal();
    let mut entities = Vec::new();
    let mut of_subject = Vec::new();
    for template in frame.entities.iter().map(Template::as_str) {
        let (name, fields) = template.split_once('(').unwrap_or((template, ""));
        let name = named(name, wording);
        let fields: Vec<Field> = parted(fields.strip_suffix(')').unwrap_or(fields))
            .filter(|text| !text.starts_with("attributes:"))
            .map(|text| field(&named(text, wording)))
            .collect();
        if name == subject_name {
            of_subject.extend(fields.into_iter().filter(|field| field.name != "id"));
            continue;
        }
        let one = words_of_pascal(&name);
        entities.push(Entity {
            id: item_id(insight, "entity", &name),
            name,
            many: words::plural(&one),
            one,
            fields,
            story_keys: story_keys.to_vec(),
            basis: Basis::Default,
        });
    }
    (entities, of_subject)
}

/// Endpoints of a frame.
#[must_use]
pub fn endpoints(insight: InsightId, frame: &Frame, wording: &Wording, story_keys: &[String]) -> Vec<Endpoint> {
    frame
        .endpoints
        .iter()
        .map(Template::as_str)
        .filter_map(|template| {
            let (call, codes) = template.split_once(" -> ")?;
            let (method, path) = call.split_once(' ')?;
            let path = path
                .replace("{objects}", &wording.object.kebab_many())
                .replace("{object}", &words::kebab(&wording.object.one));
            let codes = codes.split([' ', '|']).filter_map(|code| code.parse().ok()).collect();
            Some(Endpoint {
                id: item_id(insight, "endpoint", &format!("{method} {path}")),
                method: method.to_owned(),
                path,
                codes,
                story_keys: story_keys.to_vec(),
                basis: Basis::Default,
            })
        })
        .collect()
}

/// Screens of a frame: the subject's own first, then one for each `page:`.
#[must_use]
pub fn screens(insight: InsightId, frame: &Frame, wording: &Wording, story: &Story) -> Vec<Screen> {
    let objects = &wording.object.many;
    let title = words::capitalised(objects);
    let mut out = vec![screen(insight, &title, wording)];
    for template in frame.screen.iter().map(Template::as_str) {
        let Some((kind, label)) = template.split_once(':') else { continue };
        let label = named_in_words(label, wording);
        if kind == "page" {
            if !out.iter().any(|screen| screen.title == label) {
                out.push(screen(insight, &label, wording));
            }
            continue;
        }
        if let Some(last) = out.last_mut() {
            last.regions.push(Region { kind: kind.to_owned(), label, serves: serves(kind, story) });
        }
    }
    // A page that only names the list of the subject is that list.
    out.retain(|screen| {
        !screen.regions.is_empty() || out_of_frame(&screen.title, frame, wording) || screen.title == title
    });
    out
}

fn out_of_frame(title: &str, frame: &Frame, wording: &Wording) -> bool {
    frame
        .screen
        .iter()
        .map(Template::as_str)
        .filter_map(|template| template.strip_prefix("page:"))
        .any(|label| named_in_words(label, wording) == title)
}

fn screen(insight: InsightId, title: &str, wording: &Wording) -> Screen {
    let objects = &wording.object.many;
    let thing = title.to_lowercase();
    let about = if thing == objects.to_lowercase() { objects.clone() } else { format!("entries under “{title}”") };
    let states = [
        ("ideal", words::capitalised(title)),
        ("empty", format!("No {about} yet. What is missing here appears as soon as there is one.")),
        ("loading", format!("Loading {about}. The frame stays, so that nothing jumps.")),
        ("partial", format!("Some {about} could not be loaded. The rest is complete; try again for the missing ones.")),
        ("error", format!("The {about} could not be loaded. Nothing was lost. Try again.")),
        ("permission", format!("Seeing {about} needs a right that you do not have. An admin can grant it.")),
    ];
    Screen {
        id: item_id(insight, "screen", title),
        title: title.to_owned(),
        regions: Vec::new(),
        copy_by_state: states
            .into_iter()
            .map(|(state, text)| (state.to_owned(), crate::wording::tidy(&text)))
            .collect(),
    }
}

/// Keys of the story and of the criteria that a kind of region answers.
fn serves(kind: &str, story: &Story) -> Vec<String> {
    let cases: &[Case] = match kind {
        "button" | "dialog" | "field" | "picker" | "toggle" | "menu" => &[Case::Happy, Case::Permission],
        "toast" | "progress" => &[Case::Happy, Case::Failure],
        "badge" | "banner" | "chip" => &[Case::Limit, Case::Failure],
        _ => &[Case::Happy, Case::Empty],
    };
    let criteria = story.criteria.iter().filter(|criterion| cases.contains(&criterion.case)).map(|c| c.key.clone());
    std::iter::once(story.key.clone()).chain(criteria).collect()
}

/// A stable id of one item of the specification of an insight.
#[must_use]
pub fn item_id(insight: InsightId, kind: &str, name: &str) -> SpecItemId {
    SpecItemId::of(&[&insight.0.to_le_bytes(), kind.as_bytes(), name.as_bytes()])
}

fn kind(one: &str) -> Option<&'static NounKind> {
    let lower = one.to_lowercase();
    let last = lower.rsplit(' ').next().unwrap_or(&lower);
    let whole = KINDS.iter().find(|kind| kind.nouns.contains(&lower));
    let by_head = || KINDS.iter().find(|kind| kind.nouns.iter().any(|noun| noun == last));
    // "member of staff", "piece of feedback": what comes before "of" decides when the head does not.
    let by_unit = || {
        let unit = lower.split(" of ").next().unwrap_or(&lower);
        KINDS.iter().find(|kind| kind.nouns.iter().any(|noun| noun == unit))
    };
    whole.or_else(by_head).or_else(by_unit).or_else(|| KINDS.last())
}

fn named(text: &str, wording: &Wording) -> String {
    text.replace("{Object}", &wording.object.pascal())
        .replace("{object}", &wording.object.snake())
        .replace("{objects}", &words::snake(&wording.object.many))
}

fn named_in_words(text: &str, wording: &Wording) -> String {
    let text = text
        .replace("{Object}s", &words::capitalised(&wording.object.many))
        .replace("{Object}", &words::capitalised(&wording.object.one))
        .replace("{object}", &wording.object.one)
        .replace("{objects}", &wording.object.many);
    crate::wording::tidy(&text)
}

/// `WebhookDelivery` as `webhook delivery`.
fn words_of_pascal(name: &str) -> String {
    let mut out = String::new();
    for (i, c) in name.chars().enumerate() {
        if c.is_uppercase() && i > 0 {
            out.push(' ');
        }
        out.extend(c.to_lowercase());
    }
    words::recase(&out)
}

fn field(text: &str) -> Field {
    let (name, type_name) = text.split_once(':').unwrap_or((text, "text"));
    let is_optional = type_name.ends_with('?');
    Field { name: name.trim().to_owned(), type_name: type_name.trim_end_matches('?').trim().to_owned(), is_optional }
}

/// Parts of a field list, parted by commas outside brackets.
fn parted(text: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_i32;
    text.split(move |c| {
        depth += i32::from(c == '[') - i32::from(c == ']');
        c == ',' && depth == 0
    })
    .map(str::trim)
    .filter(|part| !part.is_empty())
}

fn guess_type(snake: &str) -> &'static str {
    let ends = |suffixes: &[&str]| suffixes.iter().any(|suffix| snake.ends_with(suffix));
    if ends(&["date", "day", "due", "deadline", "birthday"]) {
        "date"
    } else if ends(&["time", "_at"]) {
        "timestamp"
    } else if ends(&["amount", "price", "cost", "rate", "hours", "total", "balance"]) {
        "decimal"
    } else if ends(&["count", "number_of", "quantity", "seats", "limit"]) {
        "int"
    } else {
        "text"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_found_by_head() {
        assert_eq!(kind_of_noun("open shift"), "appointment");
        assert_eq!(kind_of_noun("member of night staff"), "person");
        assert_eq!(kind_of_noun("payroll run"), "money");
        assert_eq!(kind_of_noun("hour"), "time");
        assert_eq!(kind_of_noun("CSV"), "document");
        assert_eq!(kind_of_noun("gizmo"), "thing");
    }

    #[test]
    fn field_lists_are_parted_outside_brackets() {
        let parts: Vec<&str> = parted("id:uuid, kind:enum[a|b], of:list[text], n:int?").collect();
        assert_eq!(parts, ["id:uuid", "kind:enum[a|b]", "of:list[text]", "n:int?"]);
        assert!(field("n:int?").is_optional);
    }

    #[test]
    fn every_field_of_the_nouns_file_has_a_known_type() {
        for kind in KINDS.iter() {
            for text in &kind.fields {
                let field = field(text);
                let known = ["text", "int", "decimal", "date", "timestamp", "bool"].contains(&field.type_name.as_str())
                    || field.type_name.starts_with("enum[")
                    || field.type_name.starts_with("ref[");
                assert!(known, "{text}");
            }
        }
    }
}
