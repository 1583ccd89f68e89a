//! Decisions of architecture that a change forces, from the catalogue in `data/decisions.toml`.
//!
//! A decision is listed only when something in the blueprint triggers it; what triggered it is named in its context.

use crate::statement::default;
use crate::words;
use serde::Deserialize;
use std::sync::LazyLock;
use throughline_model::blueprint::{Answer, Blueprint, ColumnType, Decision, DecisionOption, Operation, Table};

#[derive(Deserialize)]
struct File {
    decision: Vec<Known>,
}

#[derive(Deserialize)]
struct Known {
    key: String,
    when: String,
    title: String,
    context: String,
    outcome: String,
    consequences: Vec<String>,
    cost: String,
    option: Vec<Way>,
}

#[derive(Deserialize)]
struct Way {
    name: String,
    pros: Vec<String>,
    cons: Vec<String>,
}

static KNOWN: LazyLock<Vec<Known>> = LazyLock::new(|| {
    toml::from_str::<File>(include_str!("../../data/decisions.toml")).map_or_else(|_| Vec::new(), |file| file.decision)
});

/// What the blueprint forces to be decided.
pub(super) fn decisions(blueprint: &Blueprint) -> Vec<Decision> {
    KNOWN.iter().filter_map(|known| decision(known, blueprint)).collect()
}

fn decision(known: &Known, blueprint: &Blueprint) -> Option<Decision> {
    let causes = causes(&known.when, blueprint);
    if causes.is_empty() {
        return None;
    }
    let named = words::listed(&causes);
    let reason = blueprint.deployable.as_ref().map_or("", |deployable| deployable.reason.text.as_str());
    let fill = |text: &str| {
        let text = ["{operations}", "{tables}", "{deployable}"]
            .iter()
            .fold(text.to_owned(), |text, place| text.replace(place, &named));
        text.replace("{placement_reason}", reason)
    };
    let path = |part: &str| format!("decisions.{}.{part}", known.key);
    let stated = |part: &str, text: &str| default(words::capitalised(&fill(text)), path(part));
    Some(Decision {
        key: known.key.clone(),
        title: known.title.clone(),
        context: stated("context", &known.context),
        options: known
            .option
            .iter()
            .map(|way| DecisionOption { name: way.name.clone(), pros: way.pros.clone(), cons: way.cons.clone() })
            .collect(),
        outcome: stated("outcome", &known.outcome),
        consequences: known.consequences.iter().map(|text| stated("consequences", text)).collect(),
        cost: stated("cost", &known.cost),
    })
}

/// What in the blueprint triggers a decision, each in words.
fn causes(when: &str, blueprint: &Blueprint) -> Vec<String> {
    let calls = |which: &dyn Fn(&&Operation) -> bool| {
        blueprint.operations.iter().filter(which).map(|o| format!("{} {}", o.method, o.path)).collect::<Vec<_>>()
    };
    let tables = |which: &dyn Fn(&&Table) -> bool| {
        blueprint.tables.iter().filter(which).map(|table| table.many.clone()).collect::<Vec<_>>()
    };
    let holding = |holds: &ColumnType| tables(&|table| table.columns.iter().any(|column| column.holds == *holds));
    match when {
        "begun" => calls(&|operation| operation.answer == Answer::Begun),
        "deployable" => blueprint.deployable.iter().map(|deployable| deployable.does.clone()).collect(),
        "polymorphic" => tables(&|table| table.column("object_type").is_some() && table.column("object_id").is_some()),
        "json" => holding(&ColumnType::Json),
        "money" => holding(&ColumnType::Money),
        "create" => calls(&|operation| operation.takes_idempotency_key),
        "removal" => calls(&|operation| operation.method == "DELETE"),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_reads_and_every_decision_has_options_with_both_sides() {
        assert!(!KNOWN.is_empty());
        for known in KNOWN.iter() {
            assert!(known.option.len() >= 2, "{}", known.key);
            assert!(known.option.iter().all(|way| !way.pros.is_empty() && !way.cons.is_empty()), "{}", known.key);
            assert!(known.cost.starts_with("Cost: "), "{}", known.key);
        }
    }
}
