//! From a citation's path to what the team declared there.
//!
//! In: settings and a path such as `strategy.objectives.O1`, `strategy.objectives.key_results.O1-KR2`, `surfaces.rota`.
//! Out: the declared thing as JSON, or its words. Of a list, a part of a path names the item with that id or name; a part
//! that names none goes into a field of every item.

use serde_json::Value;
use throughline_model::Settings;

/// What is declared at `path`; none when nothing is.
#[must_use]
pub fn at(settings: &Settings, path: &str) -> Option<Value> {
    let whole = serde_json::to_value(settings).ok()?;
    let mut found: Vec<&Value> = vec![&whole];
    let mut rest = path;
    while !rest.is_empty() {
        // An id may hold dots: the whole rest is tried first.
        let named: Vec<&Value> =
            found.iter().flat_map(|value| items(value)).filter(|item| is_named(item, rest)).collect();
        if !named.is_empty() {
            found = named;
            break;
        }
        let (part, after) = rest.split_once('.').unwrap_or((rest, ""));
        found = found.into_iter().flat_map(|value| step(value, part)).collect();
        rest = after;
    }
    found.into_iter().find(|value| !value.is_null()).cloned()
}

/// The words declared at `path`: the text of an objective, the metric of a key result, the rule, the name.
#[must_use]
pub fn words(settings: &Settings, path: &str) -> Option<String> {
    const FIELDS: [&str; 7] = ["text", "metric", "what", "rule", "name", "id", "customer"];
    match at(settings, path)? {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(fields) => FIELDS
            .iter()
            .find_map(|field| fields.get(*field)?.as_str().filter(|text| !text.is_empty()))
            .map(str::to_owned),
        Value::Array(items) => Some(format!("{} declared", items.len())),
        Value::Bool(_) | Value::Null => None,
    }
}

/// The items of a list; anything else is one item.
fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice)
}

fn is_named(item: &Value, name: &str) -> bool {
    ["id", "name"].iter().any(|key| item.get(key).and_then(Value::as_str) == Some(name))
}

fn step<'v>(value: &'v Value, part: &str) -> Vec<&'v Value> {
    match value {
        Value::Object(_) if is_named(value, part) => vec![value],
        Value::Object(fields) => fields.get(part).into_iter().collect(),
        Value::Array(all) => {
            let named: Vec<&Value> = all.iter().filter(|item| is_named(item, part)).collect();
            if named.is_empty() {
                let fields = all.iter().filter_map(|item| item.get(part));
                fields
                    .flat_map(|field| field.as_array().map_or_else(|| vec![field], |items| items.iter().collect()))
                    .collect()
            } else {
                named
            }
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_to_what_was_declared() {
        let settings: Settings = toml::from_str(
            "[[strategy.objectives]]\nid = 'O1'\ntext = 'Hours reach payroll'\n\
             [[strategy.objectives.key_results]]\nid = 'O1.KR1'\nmetric = 'edits'\n\
             [strategy.stage_focus]\nretain_unit = 0.5\n[strategy.north_star]\nmetric = 'weeks'\n",
        )
        .unwrap();
        assert_eq!(words(&settings, "strategy.objectives.O1").as_deref(), Some("Hours reach payroll"));
        assert_eq!(words(&settings, "strategy.objectives.key_results.O1.KR1").as_deref(), Some("edits"));
        assert_eq!(words(&settings, "strategy.stage_focus.retain_unit").as_deref(), Some("0.5"));
        assert_eq!(words(&settings, "strategy.north_star.metric").as_deref(), Some("weeks"));
        assert_eq!(at(&settings, "strategy.objectives.O9"), None);
    }
}
