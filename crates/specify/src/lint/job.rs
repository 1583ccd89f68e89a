//! Rules JB: job stories tell a situation and no product, outcomes count one thing each, forces are shown or open.

use super::{Beside, Report, customers_words, prose};
use std::collections::BTreeSet;
use throughline_model::Basis;
use throughline_model::job::{ForceKind, Job};
use throughline_model::spec::{Size, Spec};

/// Words of a product rather than of progress (rule JB-2).
const FEATURES: [&str; 11] =
    ["feature", "button", "app", "dashboard", "widget", "menu", "dialog", "integration", "api", "plugin", "checkbox"];

/// Openings of a circumstance that name a role instead of a situation (rule JB-1).
const ROLES: [&str; 4] = ["as a ", "as an ", "i am a ", "i'm a "];

pub(super) fn check(spec: &Spec, beside: &Beside<'_>, report: &mut Report) {
    if spec.size == Size::Fix {
        return;
    }
    if spec.jobs.is_empty() {
        report.error("JB-1", "jobs", "There is no job.");
    }
    let own = customers_words(spec);
    for job in &spec.jobs {
        story(job, report);
        names_no_product(job, beside, &own, report);
        forces(job, report);
        outcomes(job, report);
        opportunities(job, report);
    }
}

fn story(job: &Job, report: &mut Report) {
    let parts = [("circumstance", &job.circumstance), ("motivation", &job.motivation), ("progress", &job.progress)];
    for (name, part) in parts {
        if part.text.trim().is_empty() {
            report.error("JB-1", &job.key, format!("The {name} is left blank."));
        }
    }
    let circumstance = job.circumstance.text.to_lowercase();
    if ROLES.iter().any(|role| circumstance.starts_with(role)) || circumstance.split_whitespace().count() < 3 {
        report.error("JB-1", &job.key, format!("“{}” is no situation.", job.circumstance.text));
    }
}

fn names_no_product(job: &Job, beside: &Beside<'_>, own: &BTreeSet<String>, report: &mut Report) {
    // The circumstance may be the customer's own words, who may name what they like.
    let texts = [&job.motivation, &job.circumstance]
        .into_iter()
        .filter(|statement| statement.basis != Basis::Evidence)
        .map(|statement| statement.text.as_str())
        .chain(job.outcomes.iter().flat_map(|outcome| [outcome.object.as_str(), outcome.context.as_str()]));
    for text in texts {
        let lower = prose::without_quotes(text).to_lowercase();
        let words: BTreeSet<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
        if let Some(word) = FEATURES.iter().find(|word| words.contains(**word) && !own.contains(**word)) {
            report.error("JB-2", &job.key, format!("“{text}” names a feature: “{word}”."));
        }
        if let Some(product) = beside.product_name.filter(|name| lower.contains(&name.to_lowercase())) {
            report.error("JB-2", &job.key, format!("“{text}” names the product {product}."));
        }
    }
    if beside.product_name.is_none() {
        report.not_known("JB-2", &job.key, "The product has no declared name to look for.");
    }
}

fn forces(job: &Job, report: &mut Report) {
    for kind in ForceKind::ALL {
        let found = job.forces.iter().find(|force| force.kind == kind);
        match found {
            None => report.warn("JB-3", &job.key, format!("The force “{}” is neither shown nor open.", kind.word())),
            Some(force) => {
                let is_shown = force.statement.basis == Basis::Evidence && !force.statement.citations.is_empty();
                if !is_shown && force.statement.basis != Basis::Open && force.statement.basis != Basis::Assumption {
                    report.warn("JB-3", &job.key, format!("Nothing shows the force “{}”.", kind.word()));
                }
            }
        }
    }
}

fn outcomes(job: &Job, report: &mut Report) {
    if job.outcomes.is_empty() {
        report.error("JB-4", &job.key, "It says nowhere how one tells that it went well.");
    }
    for outcome in &job.outcomes {
        let text = &outcome.statement.text;
        if !text.starts_with(outcome.direction.word()) || !text.contains(outcome.metric.word()) {
            report.error("JB-4", &job.key, format!("“{text}” does not begin with a direction and a metric."));
        }
        if outcome.object.trim().is_empty() || outcome.context.trim().is_empty() {
            report.error("JB-4", &job.key, format!("“{text}” lacks an object or a context."));
        }
        let own = format!(" {} ", prose::without_quotes(text).to_lowercase());
        if own.contains(" and ") {
            report.error("JB-4", &job.key, format!("“{text}” joins two outcomes."));
        }
    }
}

fn opportunities(job: &Job, report: &mut Report) {
    if job.opportunities.iter().all(|opportunity| opportunity.score().is_none()) {
        report.not_known("JB-5", &job.key, "Nobody was asked how much it matters and how content they are.");
    }
    for opportunity in &job.opportunities {
        let is_counted = |mark: Option<f64>, n: u32| mark.is_none() || n > 0;
        if !is_counted(opportunity.importance, opportunity.n_importance)
            || !is_counted(opportunity.satisfaction, opportunity.n_satisfaction)
        {
            report.warn("JB-5", &job.key, format!("A mark of {} is of nobody.", opportunity.segment));
        }
        if opportunity.segment.trim().is_empty() {
            report.warn("JB-5", &job.key, "An opportunity is of no segment.");
        }
    }
}
