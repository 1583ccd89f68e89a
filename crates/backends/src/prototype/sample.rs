//! Sample records for a prototype: made up, plausible, the same on every machine.
//!
//! In: the fields of the entity and what kind of thing it is. Out: values for each field. Names of people and places are
//! invented; nothing of a customer's data but their own noun goes in.

use serde_json::{Map, Value, json};
use throughline_model::id::hash_parts;
use throughline_model::sentence::capitalised;
use throughline_model::spec::{Entity, Field};
use throughline_model::time::DAY_SECS;

/// Records in a prototype. Chosen: more than fit on a screen, few enough to read.
pub(super) const N_RECORDS: usize = 24;

/// People of the prototype, invented.
pub(super) const PEOPLE: [&str; 12] = [
    "Amara Osei",
    "Jonas Lindholm",
    "Mei Tanaka",
    "Rafael Duarte",
    "Sofia Marchetti",
    "Tom Whitfield",
    "Leila Haddad",
    "Piotr Nowak",
    "Nora Bright",
    "Kwame Boateng",
    "Ines Carvalho",
    "Hanna Vogel",
];

const SITES: [&str; 6] = ["Harbour House", "Elm Court", "North Wing", "Riverside", "Old Mill", "Station Road"];
const CITIES: [&str; 6] = ["Leeds", "Aarhus", "Porto", "Ghent", "Graz", "Turku"];
const ROLES: [&str; 5] = ["planner", "team lead", "assistant", "manager", "trainee"];
const COMPANIES: [&str; 6] = ["Alder & Finch", "Blue Quarry", "Copperfield", "Delta Nine", "Evermore", "Fernway"];
const MONTHS: [&str; 6] = ["April", "May", "June", "July", "August", "September"];
const TIMES: [&str; 6] = ["Early", "Late", "Night", "Short", "Weekend", "Split"];
const TOPICS: [&str; 8] = [
    "before the weekend",
    "for the new team",
    "after the change",
    "from Monday on",
    "waiting for an answer",
    "for the night team",
    "second try",
    "at short notice",
];

/// Values of the i-th record.
pub(super) fn record(entity: &Entity, fields: &[&Field], now_secs: i64, i: usize) -> Value {
    let mut out = Map::new();
    for (at, field) in fields.iter().enumerate() {
        out.insert(field.name.clone(), value(entity, field, at == 0, now_secs, i));
    }
    Value::Object(out)
}

fn value(entity: &Entity, field: &Field, is_first: bool, now_secs: i64, i: usize) -> Value {
    let pick =
        |n: usize| (hash_parts("prototype sample", &[field.name.as_bytes(), &i.to_le_bytes()]) % n as u64) as usize;
    let day = now_secs.div_euclid(DAY_SECS) * DAY_SECS + (pick(40) as i64 - 20) * DAY_SECS;
    let name = field.name.as_str();
    if field.is_optional && !is_first && pick(6) == 0 && !field.type_name.starts_with("enum") {
        return Value::Null;
    }
    if let Some(options) = options(&field.type_name) {
        return json!(options[pick(options.len())]);
    }
    match field.type_name.as_str() {
        "date" => json!(day * 1000),
        "timestamp" => {
            let hour = [6, 7, 8, 9, 13, 14, 16, 21][pick(8)];
            let end = if name == "ends_at" { 8 } else { 0 };
            // A start and its end share a day: the day comes from the record, not from the field.
            let shared = (hash_parts("prototype day", &[&i.to_le_bytes()]) % 40) as i64 - 20;
            // What has been noted down has happened; only what is planned may lie ahead.
            let is_planned =
                ["starts", "ends", "due", "next", "expires", "until"].iter().any(|word| name.starts_with(word));
            let shared = if is_planned { shared } else { -1 - shared.abs() };
            let day = now_secs.div_euclid(DAY_SECS) * DAY_SECS + shared * DAY_SECS;
            let start = if matches!(name, "starts_at" | "ends_at") { [6, 7, 13, 21][i % 4] } else { hour };
            json!((day + (start + end) * 3600) * 1000)
        }
        "int" => json!(match name {
            "size_kb" => 120 + pick(4000),
            "members" => 3 + pick(60),
            "quantity" => 1 + pick(40),
            _ => 2 + pick(480),
        }),
        "decimal" => json!(match name {
            "hours" => [4.0, 6.0, 7.5, 7.75, 8.0, 10.0][pick(6)],
            _ => (20 + pick(900)) as f64 + [0.0, 0.5, 0.9][pick(3)],
        }),
        "bool" => json!(pick(2) == 0),
        type_name if type_name.starts_with("ref[") => json!(PEOPLE[(pick(97) + i) % PEOPLE.len()]),
        _ => json!(text(entity, name, is_first, pick(97), i)),
    }
}

fn text(entity: &Entity, name: &str, is_first: bool, pick: usize, i: usize) -> String {
    let one = capitalised(&entity.one);
    let of = |list: &[&str]| list[pick % list.len()].to_owned();
    match name {
        "site" | "applies_to" => of(&SITES),
        "city" => of(&CITIES),
        "role" => of(&ROLES),
        "customer" => of(&COMPANIES),
        "currency" => "EUR".to_owned(),
        "period" => month(i),
        "email" => {
            let person = PEOPLE[i % PEOPLE.len()].to_lowercase().replace(' ', ".");
            format!("{person}@example.com")
        }
        "cost_centre" => format!("CC-{}", 4100 + (pick % 8) * 10),
        "number" => format!("{}", 2041 + i),
        "code" => format!("{}-{}", initials(&entity.one), 104 + i),
        "name" if has(entity, "email") => PEOPLE[i % PEOPLE.len()].to_owned(),
        "name" if has(entity, "city") => place(i),
        "title" if has(entity, "starts_at") && is_week(&entity.one) => format!("{one}, week {}", 30 + i),
        "title" if has(entity, "starts_at") => {
            let time = TIMES[i % TIMES.len()];
            format!("{time} {}, {}", entity.one, SITES[(i / TIMES.len() + i) % SITES.len()])
        }
        "title" if has(entity, "rows") => format!("{one}, {}", month(i)),
        _ if is_first || matches!(name, "title" | "name" | "subject") => {
            if has(entity, "site") {
                format!("{one} {:02}", i + 1)
            } else {
                format!("{one}, {}", place(i))
            }
        }
        _ => of(&TOPICS),
    }
}

/// A month of its own for each record of a kind that covers one.
fn month(i: usize) -> String {
    format!("{} {}", MONTHS[i % MONTHS.len()], 2026 - i / MONTHS.len())
}

/// A place of its own for each of the 24 records: `Harbour House`, `Harbour House East`.
fn place(i: usize) -> String {
    format!("{}{}", SITES[i % SITES.len()], ["", " East", " West", " North"][(i / SITES.len()) % 4])
}

/// The options of an `enum[a|b]`.
pub(super) fn options(type_name: &str) -> Option<Vec<&str>> {
    let inner = type_name.strip_prefix("enum[")?.strip_suffix(']')?;
    Some(inner.split('|').collect())
}

fn has(entity: &Entity, name: &str) -> bool {
    entity.fields.iter().any(|field| field.name == name)
}

fn is_week(one: &str) -> bool {
    let head = one.to_lowercase();
    ["rota", "roster", "schedule", "plan", "dienstplan", "week"].iter().any(|word| head.ends_with(word))
}

fn initials(one: &str) -> String {
    one.chars().filter(char::is_ascii_alphabetic).take(2).collect::<String>().to_uppercase()
}
