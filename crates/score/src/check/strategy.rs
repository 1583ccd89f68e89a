//! Strategic alignment: which objective, promise, rule and principle an insight touches, and which it runs against.
//!
//! Likeness of texts is the cosine of their static embeddings (see [`crate::likeness::Likeness`]), so these checks say how
//! near words are, never that one thing causes another. Every answer names the line of the strategy it rests on.

use super::{Answer, cite, list, percent};
use crate::facts::{Case, Facts};
use throughline_model::strategy::{KeyResult, Objective};
use throughline_model::time::DAY_SECS;
use throughline_model::{AccountId, Category, Citation};

/// From this likeness on, an item of the strategy counts as matched. Chosen on the example by eye.
const MATCHED: f64 = 0.5;

fn path(of: &str, id: &str) -> Citation {
    Citation::Strategy { path: format!("strategy.{of}.{id}") }
}

/// How well an objective fits, 0..=1: likeness, its keywords, and the words of its key results.
fn fit(facts: &Facts<'_>, case: &Case<'_>, objective: &Objective) -> f64 {
    let metrics: Vec<String> = objective.key_results.iter().map(|kr| kr.metric.clone()).collect();
    let likeness = facts.likeness.to(case.insight.id, &objective.text);
    let by_metric = metrics.iter().map(|metric| facts.likeness.to(case.insight.id, metric)).fold(0.0, f64::max);
    let keywords = facts.share_of_members_with(case, &objective.keywords);
    (0.5 * likeness.max(by_metric) + 0.3 * (keywords / 0.5).min(1.0) + 0.2 * by_metric).clamp(0.0, 1.0)
}

fn fits<'a>(facts: &'a Facts<'_>, case: &Case<'_>) -> Vec<(&'a Objective, f64)> {
    facts.settings.strategy.objectives.iter().map(|objective| (objective, fit(facts, case, objective))).collect()
}

fn best<'a>(facts: &'a Facts<'_>, case: &Case<'_>) -> Option<(&'a Objective, f64)> {
    fits(facts, case).into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.id.cmp(&a.0.id)))
}

const NO_OBJECTIVE: &str = "an objective: declare strategy.objectives in throughline.toml";

pub(super) fn best_objective(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let Some((objective, x)) = best(facts, case) else {
        return Answer::unknown(NO_OBJECTIVE);
    };
    let mut evidence = vec![path("objectives", &objective.id)];
    evidence.extend(case.members.iter().take(2).map(|signal| cite(signal)));
    Answer::number(x, format!("closest: {} “{}” ({x:.2})", objective.id, objective.text), evidence)
}

pub(super) fn weighted_pull(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let fits = fits(facts, case);
    if fits.is_empty() {
        return Answer::unknown(NO_OBJECTIVE);
    }
    let weight = |objective: &Objective| objective.weight_unit.unwrap_or(1.0);
    let all: f64 = fits.iter().map(|(objective, _)| weight(objective)).sum();
    let x = if all > 0.0 { fits.iter().map(|(o, fit)| weight(o) * fit).sum::<f64>() / all } else { 0.0 };
    let evidence = fits.iter().map(|(objective, _)| path("objectives", &objective.id)).collect();
    Answer::number(x, format!("weighted match over {} objectives {x:.2}", fits.len()), evidence)
}

/// The key result that is nearest, with its likeness.
fn nearest_key_result<'a>(facts: &'a Facts<'_>, case: &Case<'_>) -> Option<(&'a Objective, &'a KeyResult, f64)> {
    let all = facts.settings.strategy.objectives.iter().flat_map(|o| o.key_results.iter().map(move |kr| (o, kr)));
    all.map(|(objective, kr)| (objective, kr, facts.likeness.to(case.insight.id, &kr.metric)))
        .max_by(|a, b| a.2.total_cmp(&b.2).then(b.1.id.cmp(&a.1.id)))
}

pub(super) fn moves_key_result(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let Some((_, kr, likeness)) = nearest_key_result(facts, case) else {
        return Answer::unknown("a key result with a metric: declare strategy.objectives.key_results");
    };
    // Likeness of words shows kinship at most; a declared cause or the same metric would need a declared link.
    let class = if likeness >= MATCHED { "same_family" } else { "none" };
    let words = if likeness >= MATCHED { "same family" } else { "no key result is near" };
    Answer::class(
        class,
        format!("{words}: {} ({likeness:.2})", kr.metric),
        vec![path("objectives.key_results", &kr.id)],
    )
}

pub(super) fn behind_plan(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let near = nearest_key_result(facts, case).filter(|(_, _, likeness)| *likeness >= MATCHED);
    let Some((_, kr, _)) = near else {
        return Answer::unknown("a key result that this moves");
    };
    let begins = kr.start_on.or(facts.settings.strategy.starts_on);
    let (Some(start), Some(target), Some(current), Some(due), Some(begins), Some(as_of)) =
        (kr.start, kr.target, kr.current, kr.due_on, begins, facts.as_of)
    else {
        return Answer::unknown(format!("start, current, target and dates of {}", kr.id));
    };
    let whole = (due.0.0 - begins.0.0) as f64;
    if whole <= 0.0 || (target - start).abs() < f64::EPSILON {
        return Answer::unknown(format!("a target that differs from the start, and dates in order, of {}", kr.id));
    }
    let expected = ((as_of.0 - begins.0.0) as f64 / whole).clamp(0.0, 1.0);
    let actual = (current - start) / (target - start);
    let behind = expected - actual;
    let words =
        if behind > 0.0 { format!("{} behind plan", percent(behind)) } else { "on or ahead of plan".to_owned() };
    Answer::number(
        behind,
        format!("{} is {words} (now {current}, start {start}, target {target})", kr.metric),
        vec![path("objectives.key_results", &kr.id)],
    )
}

pub(super) fn in_time(_: &Facts<'_>, _: &Case<'_>) -> Answer {
    Answer::unknown("an estimate of effort: connect a repository")
}

pub(super) fn fits_capacity(facts: &Facts<'_>, _: &Case<'_>) -> Answer {
    if facts.settings.capacity.is_none() {
        return Answer::unknown("capacity: declare people-days per period, and connect a repository for the effort");
    }
    Answer::unknown("an estimate of effort: connect a repository")
}

pub(super) fn north_star_path(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let Some(star) = &facts.settings.strategy.north_star else {
        return Answer::unknown("a north star: declare strategy.north_star");
    };
    let near = |text: &str| facts.likeness.to(case.insight.id, text) >= MATCHED;
    let mut evidence = vec![path("north_star", "metric")];
    if let Some(input) = star.inputs.iter().find(|input| near(&input.metric)) {
        evidence.push(path("north_star.inputs", &input.id));
        return Answer::class("input_metric", format!("moves an input of the north star: {}", input.metric), evidence);
    }
    let linked =
        nearest_key_result(facts, case).filter(|(_, kr, likeness)| *likeness >= MATCHED && !kr.feeds.is_empty());
    if let Some((_, kr, _)) = linked {
        evidence.push(path("objectives.key_results", &kr.id));
        return Answer::class("one_hop", format!("one hop: {} feeds {}", kr.metric, list(&kr.feeds)), evidence);
    }
    Answer::class("no_path", "no declared link leads to the north star", evidence)
}

pub(super) fn several_objectives(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    if facts.settings.strategy.objectives.len() < 2 {
        return Answer::unknown("a second objective");
    }
    let matched: Vec<&Objective> =
        fits(facts, case).into_iter().filter(|(_, x)| *x >= MATCHED).map(|(o, _)| o).collect();
    let ids: Vec<String> = matched.iter().map(|objective| objective.id.clone()).collect();
    let sentence =
        if ids.is_empty() { "serves no objective closely".to_owned() } else { format!("serves {}", list(&ids)) };
    Answer::number(ids.len() as f64, sentence, matched.iter().map(|o| path("objectives", &o.id)).collect())
}

/// Whether an account's segment is one the plan is made for; none when either is not stated.
fn is_target(facts: &Facts<'_>, id: AccountId) -> Option<bool> {
    let value = facts.corpus.accounts.get(&id)?.facts.segment.as_deref()?.to_lowercase();
    let segments = facts.settings.strategy.segments.as_ref()?;
    let is_meant = |words: &[String]| words.iter().any(|word| word.to_lowercase() == value);
    Some(
        segments
            .iter()
            .any(|s| s.is_target && (is_meant(&s.crm_values) || s.name.to_lowercase() == value || s.id == value)),
    )
}

pub(super) fn target_segments(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let known: Vec<(AccountId, bool)> =
        case.accounts.iter().filter_map(|id| Some((*id, is_target(facts, *id)?))).collect();
    if known.is_empty() {
        return Answer::unknown("target segments, and the segment of an account that speaks");
    }
    let k = known.iter().filter(|(_, target)| *target).count();
    let evidence =
        super::one_per(&case.members, |signal| signal.account.filter(|id| is_target(facts, *id) == Some(true)));
    Answer::share(k, known.len(), format!("{k} of {} accounts are in target segments", known.len()), evidence)
}

pub(super) fn target_revenue(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let known: Vec<(AccountId, f64)> =
        case.accounts.iter().filter_map(|id| Some((*id, *facts.arr_from_account.get(id)?))).collect();
    let has_segments =
        facts.settings.strategy.segments.as_ref().is_some_and(|segments| segments.iter().any(|s| s.is_target));
    if !has_segments || known.is_empty() || known.len() * 2 < case.accounts.len() {
        return Answer::unknown("target segments, and yearly revenue of at least half of the accounts that speak");
    }
    let all: f64 = known.iter().map(|(_, arr)| arr).sum();
    let target: Vec<&(AccountId, f64)> = known.iter().filter(|(id, _)| is_target(facts, *id) == Some(true)).collect();
    let share = if all > 0.0 { target.iter().map(|(_, arr)| arr).sum::<f64>() / all } else { 0.0 };
    let evidence = target.iter().map(|(id, _)| Citation::Account { id: *id, field: "arr".into() }).collect();
    Answer::number(share, format!("{} of the ARR behind it is in target segments", percent(share)), evidence)
}

pub(super) fn target_personas(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let Some(personas) = &facts.settings.strategy.personas else {
        return Answer::unknown("personas: declare strategy.personas with the job titles that mean them");
    };
    let with_role: Vec<(throughline_model::PersonId, String)> =
        case.people.iter().filter_map(|id| Some((*id, facts.role(*id)?))).collect();
    if with_role.is_empty() {
        return Answer::unknown("the role of an author: add roles to contacts");
    }
    let persona_of = |role: &str| personas.iter().find(|p| p.name == role);
    let (mut matched, mut n_matched) = (0.0, 0);
    for (_, role) in &with_role {
        if let Some(persona) = persona_of(role) {
            matched += if persona.is_primary { 1.0 } else { 0.5 };
            n_matched += 1;
        }
    }
    let evidence =
        super::one_per(&case.members, |signal| facts.role(signal.person?).filter(|role| persona_of(role).is_some()));
    Answer::known(
        crate::scale::Quantity::Share { k: matched, n: with_role.len() as f64 },
        format!("{n_matched} of {} authors with a role match a persona", with_role.len()),
        evidence,
    )
}

pub(super) fn right_stage(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let Some(focus) = &facts.settings.strategy.stage_focus else {
        return Answer::unknown("a stage focus: declare strategy.stage_focus");
    };
    let (stage, weight) = match case.insight.category {
        Category::Acquisition => ("winning customers", focus.acquire_unit),
        Category::Activation => ("first value", focus.activate_unit),
        Category::Retention | Category::CostToServe | Category::TrustAndRisk => {
            ("keeping customers", focus.retain_unit)
        }
        Category::Expansion => ("growing with customers", focus.earn_unit),
    };
    let all = [focus.acquire_unit, focus.activate_unit, focus.retain_unit, focus.earn_unit, focus.refer_unit];
    let largest = all.into_iter().flatten().fold(0.0, f64::max);
    let Some(weight) = weight.filter(|_| largest > 0.0) else {
        return Answer::unknown("the weight of this insight's stage in strategy.stage_focus");
    };
    let mut evidence = vec![path("stage_focus", stage.split(' ').next().unwrap_or(stage))];
    evidence.extend(case.members.iter().take(2).map(|signal| cite(signal)));
    Answer::number(weight / largest, format!("stage: {stage}, weight {weight:.2} of {largest:.2}"), evidence)
}

pub(super) fn principles(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let Some(principles) = facts.settings.strategy.principles.as_ref().filter(|p| !p.is_empty()) else {
        return Answer::unknown("a principle: declare strategy.principles");
    };
    // People who complain that a principle is broken ask for it to be kept: likeness to what breaks it supports.
    let applies: Vec<_> = principles
        .iter()
        .filter(|p| {
            let broken = p.broken_when.as_deref().map_or(0.0, |text| facts.likeness.to(case.insight.id, text));
            facts.likeness.to(case.insight.id, &p.text).max(broken) >= MATCHED
        })
        .collect();
    if applies.is_empty() {
        return Answer::unknown("a principle that applies to this");
    }
    let ids: Vec<String> = applies.iter().map(|p| p.id.clone()).collect();
    let mut evidence: Vec<Citation> = applies.iter().map(|p| path("principles", &p.id)).collect();
    evidence.extend(case.members.iter().take(1).map(|signal| cite(signal)));
    Answer::number(1.0, format!("supports {}; no conflict was found", list(&ids)), evidence)
}

pub(super) fn non_goals(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let nearest = facts.settings.strategy.non_goals.as_ref().and_then(|goals| {
        let all = goals.iter().map(|goal| (goal, facts.likeness.to(case.insight.id, &goal.text)));
        all.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.id.cmp(&a.0.id)))
    });
    let Some((goal, x)) = nearest else {
        return Answer::unknown("a non-goal: declare strategy.non_goals");
    };
    Answer::number(x, format!("closest non-goal: {} ({x:.2})", goal.text), vec![path("non_goals", &goal.id)])
}

pub(super) fn promises(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let (Some(commitments), Some(as_of)) = (&facts.settings.strategy.commitments, facts.as_of) else {
        return Answer::unknown("commitments: declare strategy.commitments, or an empty list");
    };
    let mut sum = 0.0;
    let mut evidence = Vec::new();
    let mut named = Vec::new();
    for promise in commitments {
        if facts.likeness.to(case.insight.id, &promise.what) < MATCHED {
            continue;
        }
        let strength = match promise.strength.as_deref() {
            Some("contract") => 1.0,
            Some("written") => 0.7,
            _ => 0.4,
        };
        let days = promise.due_on.map_or(365.0, |due| ((due.0.0 - as_of.0) as f64 / DAY_SECS as f64).max(0.0));
        sum += strength * libm::exp2(-days / 60.0);
        evidence.push(path("commitments", &promise.id));
        let by = promise.due_on.map_or_else(String::new, |due| format!(" by {}", due.0.long_date()));
        named.push(format!("{}{by}", promise.customer));
    }
    let sentence = if named.is_empty() {
        "nothing like it was promised".to_owned()
    } else {
        format!("promised to {}", list(&named))
    };
    Answer::number(sum.min(1.0), sentence, evidence)
}

pub(super) fn obligations(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let (Some(rules), Some(as_of)) = (&facts.settings.strategy.obligations, facts.as_of) else {
        return Answer::unknown("obligations: declare strategy.obligations, or an empty list");
    };
    let near = |rule: &throughline_model::strategy::Obligation| {
        let what = rule.what.as_deref().map_or(0.0, |text| facts.likeness.to(case.insight.id, text));
        what.max(facts.likeness.to(case.insight.id, &rule.rule))
    };
    let nearest =
        rules.iter().map(|rule| (rule, near(rule))).max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.id.cmp(&a.0.id)));
    let Some((rule, _)) = nearest.filter(|(_, x)| *x >= MATCHED) else {
        return Answer::class("none", "no declared rule is near", Vec::new());
    };
    let months = rule.applies_from.map_or(0.0, |from| (from.0.0 - as_of.0) as f64 / (30.4 * DAY_SECS as f64));
    let class = match rule.kind.as_deref() {
        Some("guidance") => "guidance",
        _ if months <= 3.0 => "due_within_3m_or_breach",
        _ if months <= 12.0 => "due_within_12m",
        _ => "due_beyond_12m",
    };
    Answer::class(class, format!("{}: {}", class.replace('_', " "), rule.rule), vec![path("obligations", &rule.id)])
}

pub(super) fn difference(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let nearest = facts.settings.strategy.differentiators.as_ref().and_then(|all| {
        let all = all.iter().map(|item| (item, facts.likeness.to(case.insight.id, &item.text)));
        all.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.id.cmp(&a.0.id)))
    });
    let Some((item, x)) = nearest else {
        return Answer::unknown("a differentiator: declare strategy.differentiators");
    };
    let names_competitor = case.members.iter().any(|signal| signal.has_phrase("competitor"));
    let class = match (x >= MATCHED, names_competitor) {
        (true, _) => "strengthens",
        (false, true) => "parity_for_target",
        (false, false) => "neutral",
    };
    Answer::class(
        class,
        format!("{}: {} ({x:.2})", class.replace('_', " "), item.text),
        vec![path("differentiators", &item.id)],
    )
}

/// The kind of work an insight is, as buckets are usually cut.
fn bucket_of(case: &Case<'_>) -> &'static [&'static str] {
    match (case.insight.kind, case.insight.category) {
        (throughline_model::Kind::Problem, _) | (_, Category::TrustAndRisk) => {
            &["upkeep", "maintenance", "quality", "run"]
        }
        (_, Category::Acquisition | Category::Expansion | Category::Activation) => &["growth", "grow"],
        _ => &["core"],
    }
}

pub(super) fn portfolio(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let Some(buckets) = facts.settings.strategy.buckets.as_ref().filter(|buckets| !buckets.is_empty()) else {
        return Answer::unknown("buckets of work with target shares: declare strategy.buckets");
    };
    let names = bucket_of(case);
    let bucket = buckets.iter().find(|bucket| names.contains(&bucket.name.to_lowercase().as_str()));
    let Some((bucket, target, committed)) =
        bucket.and_then(|b| Some((b, b.target_share_unit?, b.committed_share_unit?)))
    else {
        return Answer::unknown(format!("target and committed share of a bucket named {}", names.join(" or ")));
    };
    let gap = target - committed;
    let words = if gap >= 0.0 {
        format!("{:.0} points under target", gap * 100.0)
    } else {
        format!("{:.0} points over target", -gap * 100.0)
    };
    Answer::number(gap, format!("{} work is {words}", bucket.name), vec![path("buckets", &bucket.name)])
}

pub(super) fn unlocks(_: &Facts<'_>, _: &Case<'_>) -> Answer {
    Answer::unknown("links of dependency between insights")
}

pub(super) fn risks(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let Some(risks) = &facts.settings.strategy.risks else {
        return Answer::unknown("a risk register: declare strategy.risks, or an empty list");
    };
    let matched: Vec<_> =
        risks.iter().filter(|risk| facts.likeness.to(case.insight.id, &risk.text) >= MATCHED).collect();
    let sum: f64 =
        matched.iter().map(|risk| risk.severity_unit.unwrap_or(0.5) * risk.likelihood_unit.unwrap_or(0.5)).sum();
    let ids: Vec<String> = matched.iter().map(|risk| risk.id.clone()).collect();
    let sentence =
        if ids.is_empty() { "no declared risk is near".to_owned() } else { format!("bears on {}", list(&ids)) };
    Answer::number(sum.min(1.0), sentence, matched.iter().map(|risk| path("risks", &risk.id)).collect())
}

pub(super) fn teaches(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let Some(beliefs) = &facts.settings.strategy.assumptions else {
        return Answer::unknown("assumptions: declare strategy.assumptions, or an empty list");
    };
    let matched: Vec<_> =
        beliefs.iter().filter(|belief| facts.likeness.to(case.insight.id, &belief.text) >= MATCHED).collect();
    let doubt = |p: f64| 4.0 * p * (1.0 - p);
    let sum: f64 = matched.iter().map(|belief| doubt(belief.belief_unit.unwrap_or(0.5))).sum();
    let ids: Vec<String> = matched.iter().map(|belief| belief.id.clone()).collect();
    let sentence =
        if ids.is_empty() { "tests no declared assumption".to_owned() } else { format!("tests {}", list(&ids)) };
    Answer::number(sum.min(1.0), sentence, matched.iter().map(|belief| path("assumptions", &belief.id)).collect())
}

pub(super) fn in_hand(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let nearest = facts.settings.roadmap.as_ref().and_then(|items| {
        let all = items.iter().map(|item| (item, facts.likeness.to(case.insight.id, &item.what)));
        all.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.id.cmp(&a.0.id)))
    });
    let Some((item, x)) = nearest else {
        return Answer::unknown("shipped and in-flight items: declare the roadmap");
    };
    let state = item.state.replace('_', " ");
    Answer::number(
        x,
        format!("closest item ({state}): {} ({x:.2})", item.what),
        vec![Citation::Strategy { path: format!("roadmap.{}", item.id) }],
    )
}
