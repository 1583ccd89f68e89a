//! Rules UC: use cases are complete, their steps name who acts, extensions refer to steps, guarantees are checked.

use super::Report;
use std::collections::{BTreeMap, BTreeSet};
use throughline_model::spec::{Case, Size, Spec};
use throughline_model::use_case::{Ending, Level, UseCase};

pub(super) fn check(spec: &Spec, report: &mut Report) {
    if spec.size == Size::Fix {
        return;
    }
    if spec.use_cases.is_empty() {
        report.error("UC-1", "use cases", "There is none.");
    }
    let cases: BTreeMap<&str, Case> = spec
        .stories
        .iter()
        .flat_map(|story| &story.criteria)
        .map(|criterion| (criterion.key.as_str(), criterion.case))
        .collect();
    for case in &spec.use_cases {
        fields(case, spec, report);
        steps(case, report);
        extensions(case, &cases, report);
        guarantees(case, &cases, report);
        if case.level != Level::UserGoal {
            let n_used = spec.use_cases.iter().filter(|other| other.title == case.title).count();
            if case.level == Level::Summary || n_used < 2 {
                report.warn("UC-4", &case.key, format!("Its level is {}, not a user's goal.", case.level.word()));
            }
        }
    }
}

fn fields(case: &UseCase, spec: &Spec, report: &mut Report) {
    let missing = [
        ("title", case.title.trim().is_empty()),
        ("primary actor", case.primary_actor.trim().is_empty()),
        ("goal in context", case.goal.text.trim().is_empty()),
        ("scope", case.scope.trim().is_empty()),
        ("stakeholders", case.stakeholders.is_empty()),
        ("precondition", case.preconditions.is_empty()),
        ("minimal guarantee", case.minimal_guarantees.is_empty()),
        ("success guarantee", case.success_guarantees.is_empty()),
        ("trigger", case.trigger.text.trim().is_empty()),
        ("extensions", case.extensions.is_empty()),
        ("variations", case.variations.is_empty()),
    ];
    for (name, _) in missing.into_iter().filter(|(_, is_missing)| *is_missing) {
        report.error("UC-1", &case.key, format!("It has no {name}."));
    }
    match spec.stories.iter().find(|story| story.key == case.story_key) {
        None => report.error("UC-1", &case.key, format!("The story {} does not exist.", case.story_key)),
        Some(story) => {
            if story.actor.text != case.primary_actor || story.title != case.title {
                report.error("UC-1", &case.key, format!("It says another actor or goal than {}.", story.key));
            }
        }
    }
}

fn steps(case: &UseCase, report: &mut Report) {
    let n = case.steps.len();
    if !(3..=9).contains(&n) {
        report.error("UC-2", &case.key, format!("Its main scenario has {n} steps; three to nine read well."));
    }
    for (i, step) in case.steps.iter().enumerate() {
        if step.number as usize != i + 1 {
            report.error("UC-2", &case.key, format!("Step {} stands where {} should.", step.number, i + 1));
        }
        let begins =
            step.text.chars().next().is_some_and(char::is_uppercase) || step.text.starts_with(|c: char| c.is_numeric());
        if !begins || !step.text.ends_with(['.', '!', '?', '”']) || step.text.split_whitespace().count() < 3 {
            report.error("UC-2", &case.key, format!("“{}” is no whole sentence.", step.text));
        }
    }
    let acts = |name: &str| case.steps.iter().any(|step| step.text.to_lowercase().contains(&name.to_lowercase()));
    if !acts(&case.scope) {
        report.error("UC-2", &case.key, format!("In no step does {} act.", case.scope));
    }
}

fn extensions(case: &UseCase, cases: &BTreeMap<&str, Case>, report: &mut Report) {
    let numbers: BTreeSet<u32> = case.steps.iter().map(|step| step.number).collect();
    let mut ids = BTreeSet::new();
    for extension in &case.extensions {
        let digits: String = extension.id.chars().take_while(char::is_ascii_digit).collect();
        let letter = &extension.id[digits.len()..];
        let is_well_formed = letter.len() == 1 && letter.chars().all(|c| c.is_ascii_lowercase());
        if !is_well_formed || !digits.parse().is_ok_and(|number: u32| numbers.contains(&number)) {
            report.error("UC-3", &case.key, format!("The extension {} refers to no step.", extension.id));
        }
        if !ids.insert(&extension.id) {
            report.error("UC-3", &case.key, format!("The extension {} stands twice.", extension.id));
        }
        if extension.condition.trim().is_empty() || extension.handling.is_empty() {
            report.error(
                "UC-3",
                &case.key,
                format!("The extension {} lacks a condition or what then happens.", extension.id),
            );
        }
        let is_at_step = extension.rejoins_at.is_none_or(|step| numbers.contains(&step));
        if (extension.ending == Ending::Rejoins) != extension.rejoins_at.is_some() || !is_at_step {
            report.error("UC-3", &case.key, format!("The extension {} does not say where it goes on.", extension.id));
        }
        if !cases.contains_key(extension.criterion_key.as_str()) {
            report.error("UC-3", &case.key, format!("The criterion {} does not exist.", extension.criterion_key));
        }
    }
}

fn guarantees(case: &UseCase, cases: &BTreeMap<&str, Case>, report: &mut Report) {
    let is_unwanted =
        |key: &String| matches!(cases.get(key.as_str()), Some(Case::Failure | Case::Limit | Case::Permission));
    for guarantee in &case.minimal_guarantees {
        if !guarantee.criterion_keys.iter().any(is_unwanted) {
            let text = format!("No criterion of failure checks “{}”.", guarantee.statement.text);
            report.error("UC-5", &case.key, text);
        }
    }
}
