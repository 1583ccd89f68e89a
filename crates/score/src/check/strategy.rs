//! Strategic alignment: which objective, promise, rule and principle an insight touches, and which it runs against.
//!
//! Likeness of texts is the cosine of their static embeddings (see [`crate::likeness::Likeness`]), so these checks say how
//! near words are, never that one thing causes another. Every answer names the line of the strategy it rests on.

use super::{Answer, cite, list, percent};
use crate::facts::{Case, Facts};
use throughline_model::code::Estimate;
use throughline_model::strategy::{KeyResult, NorthStarInput, Objective};
use throughline_model::time::DAY_SECS;
use throughline_model::{AccountId, Category, Citation, Kind, Polarity, Timestamp};

/// From this likeness on, an item of the strategy counts as matched. Chosen on the example by eye.
const MATCHED: f64 = 0.5;
/// From this likeness on, two texts say the same. Chosen, untested.
const SAME: f64 = 0.8;
/// Working days to measure what was built.
const MEASURE_DAYS: f64 = 10.0;

fn path(of: &str, id: &str) -> Citation {
    Citation::Strategy { path: format!("strategy.{of}.{id}") }
}

/// How well each objective fits, 0..=1: likeness, its keywords, and the words of its key results. Asked by four checks, so
/// kept with the case.
fn fits<'a>(facts: &'a Facts<'_>, case: &Case<'_>) -> Vec<(&'a Objective, f64)> {
    let objectives = &facts.settings.strategy.objectives;
    let fits = case.fits.get_or_init(|| {
        let keywords: Vec<Vec<String>> =
            objectives.iter().map(|o| o.keywords.iter().map(|word| word.to_lowercase()).collect()).collect();
        let shares = facts.shares_with(case, &keywords);
        let fit = |(objective, keywords): (&Objective, f64)| {
            let likeness = facts.likeness.to(case.insight.id, &objective.text);
            let metrics = objective.key_results.iter().map(|kr| facts.likeness.to(case.insight.id, &kr.metric));
            let by_metric = metrics.fold(0.0, f64::max);
            (0.5 * likeness.max(by_metric) + 0.3 * (keywords / 0.5).min(1.0) + 0.2 * by_metric).clamp(0.0, 1.0)
        };
        objectives.iter().zip(shares).map(fit).collect()
    });
    objectives.iter().zip(fits.iter().copied()).collect()
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
    // Likeness of words shows kinship at most. The same words are the same metric; a declared link (the key result feeds
    // an input of the north star that is near) is a declared cause.
    let fed =
        near_input(facts, case).filter(|input| facts.settings.strategy.objectives.iter().any(|o| feeds(o, input)));
    let (class, words) = if likeness >= SAME {
        ("same_metric", "the same metric".to_owned())
    } else if let Some(input) = fed {
        ("declared_cause", format!("moves “{}”, which a key result feeds; nearest", input.metric))
    } else if likeness >= MATCHED {
        ("same_family", "same family".to_owned())
    } else {
        ("none", "no key result is near; nearest".to_owned())
    };
    Answer::class(
        class,
        format!("{words}: {} ({likeness:.2})", kr.metric),
        vec![path("objectives.key_results", &kr.id)],
    )
}

/// The first input of the north star that is near.
fn near_input<'a>(facts: &'a Facts<'_>, case: &Case<'_>) -> Option<&'a NorthStarInput> {
    let inputs = &facts.settings.strategy.north_star.as_ref()?.inputs;
    inputs.iter().find(|input| facts.likeness.to(case.insight.id, &input.metric) >= MATCHED)
}

fn feeds(objective: &Objective, input: &NorthStarInput) -> bool {
    objective.key_results.iter().any(|kr| kr.feeds.contains(&input.id))
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

/// The estimate of an insight's effort with what it rests on, or the input that is missing.
fn estimate<'a>(facts: &'a Facts<'_>, case: &Case<'_>) -> Result<(&'a Estimate, Vec<Citation>), String> {
    let code = facts.code.as_ref().ok_or("an estimate of effort: connect a repository")?;
    let site = code.site(case.insight.id)?;
    let estimate = site.touch.estimate.as_ref().ok_or("an estimate of effort for the code that this touches")?;
    Ok((estimate, site.cite_files(3)))
}

pub(super) fn in_time(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let Some((objective, _)) = best(facts, case) else {
        return Answer::unknown(NO_OBJECTIVE);
    };
    let due = objective.key_results.iter().filter_map(|kr| kr.due_on).max().or(facts.settings.strategy.ends_on);
    let (Some(due), Some(as_of)) = (due, facts.as_of) else {
        return Answer::unknown(format!(
            "the end of {}: declare due_on of its key results or strategy.ends_on",
            objective.id
        ));
    };
    let (estimate, mut evidence) = match estimate(facts, case) {
        Ok(known) => known,
        Err(missing) => return Answer::unknown(missing),
    };
    let parallel =
        facts.settings.capacity.as_ref().and_then(|capacity| capacity.people_in_parallel).unwrap_or(1.0).max(1.0);
    let needed = estimate.p50_days / parallel + MEASURE_DAYS;
    let left = working_days(as_of, due.0);
    // Past the end nothing fits any more: far above where points end.
    let x = if left > 0.0 { needed / left } else { f64::MAX };
    evidence.insert(0, path("objectives", &objective.id));
    let shown = if left > 0.0 { percent(x) } else { "more than all".to_owned() };
    let sentence = format!(
        "needs {shown} of the time left: {needed:.0} working days (10 of them to measure) of {left:.0} until {}",
        due.0.long_date()
    );
    Answer::number(x, sentence, evidence)
}

/// Mondays to Fridays after `from`, up to and with `to`.
fn working_days(from: Timestamp, to: Timestamp) -> f64 {
    let day = |at: Timestamp| at.0.div_euclid(DAY_SECS);
    // Whole weeks have five; 1 January 1970 was a Thursday, so day 4 of the week below is a Monday.
    let is_working = |day: &i64| (day + 3).rem_euclid(7) < 5;
    let n = (day(to) - day(from)).max(0);
    let rest = (day(from) + 1..=day(from) + n % 7).filter(is_working).count();
    (n / 7 * 5) as f64 + rest as f64
}

pub(super) fn fits_capacity(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let Some(capacity) = &facts.settings.capacity else {
        return Answer::unknown("capacity: declare people-days per period, and connect a repository for the effort");
    };
    let (estimate, mut evidence) = match estimate(facts, case) {
        Ok(known) => known,
        Err(missing) => return Answer::unknown(missing),
    };
    let is_ahead = |end: Option<throughline_model::strategy::Day>| {
        end.is_none_or(|end| facts.as_of.is_none_or(|as_of| end.0 >= as_of))
    };
    let periods = capacity.periods.iter().filter(|period| is_ahead(period.ends_on));
    let declared: f64 =
        periods.filter_map(|p| Some((p.people_days? - p.committed_people_days.unwrap_or(0.0)).max(0.0))).sum();
    let all = if declared > 0.0 { declared } else { capacity.people_days_per_period.unwrap_or(0.0) };
    let team = estimate.team.as_ref().and_then(|name| capacity.teams.iter().find(|team| team.name == *name));
    let free = all * team.and_then(|team| team.share_unit).unwrap_or(1.0);
    if free <= 0.0 {
        return Answer::unknown(
            "free people-days: declare capacity.periods with people_days and committed_people_days",
        );
    }
    let x = estimate.p50_days / free;
    evidence.insert(0, Citation::Strategy { path: "capacity.periods".into() });
    let whose = team.map_or_else(|| "the free capacity".to_owned(), |team| format!("what {} has free", team.name));
    Answer::number(
        x,
        format!("takes {} of {whose} ({:.0} of {free:.0} people-days)", percent(x), estimate.p50_days),
        evidence,
    )
}

pub(super) fn north_star_path(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    if facts.settings.strategy.north_star.is_none() {
        return Answer::unknown("a north star: declare strategy.north_star");
    }
    let mut evidence = vec![path("north_star", "metric")];
    if let Some(input) = near_input(facts, case) {
        evidence.push(path("north_star.inputs", &input.id));
        return Answer::class("input_metric", format!("moves an input of the north star: {}", input.metric), evidence);
    }
    if let Some((objective, kr, _)) = nearest_key_result(facts, case).filter(|(_, _, likeness)| *likeness >= MATCHED) {
        evidence.push(path("objectives.key_results", &kr.id));
        if !kr.feeds.is_empty() {
            return Answer::class("one_hop", format!("one hop: {} feeds {}", kr.metric, list(&kr.feeds)), evidence);
        }
        if let Some(other) = objective.key_results.iter().find(|other| !other.feeds.is_empty()) {
            evidence.push(path("objectives.key_results", &other.id));
            let sentence =
                format!("two hops: beside {} stands {}, which feeds {}", kr.metric, other.metric, list(&other.feeds));
            return Answer::class("two_hops", sentence, evidence);
        }
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
    let mut target: Vec<&(AccountId, f64)> =
        known.iter().filter(|(id, _)| is_target(facts, *id) == Some(true)).collect();
    target.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
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
    let (stage, key, weight) = match case.insight.category {
        Category::Acquisition => ("winning customers", "acquire_unit", focus.acquire_unit),
        Category::Activation => ("first value", "activate_unit", focus.activate_unit),
        Category::Retention | Category::CostToServe | Category::TrustAndRisk => {
            ("keeping customers", "retain_unit", focus.retain_unit)
        }
        Category::Expansion => ("growing with customers", "earn_unit", focus.earn_unit),
    };
    let all = [focus.acquire_unit, focus.activate_unit, focus.retain_unit, focus.earn_unit, focus.refer_unit];
    let largest = all.into_iter().flatten().fold(0.0, f64::max);
    let Some(weight) = weight.filter(|_| largest > 0.0) else {
        return Answer::unknown("the weight of this insight's stage in strategy.stage_focus");
    };
    let mut evidence = vec![path("stage_focus", key)];
    evidence.extend(case.members.iter().take(2).map(|signal| cite(signal)));
    Answer::number(weight / largest, format!("stage: {stage}, weight {weight:.2} of {largest:.2}"), evidence)
}

pub(super) fn principles(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let Some(principles) = facts.settings.strategy.principles.as_ref().filter(|p| !p.is_empty()) else {
        return Answer::unknown("a principle: declare strategy.principles");
    };
    // Who complains that a principle is broken asks for it to be kept. Who wants just what would break it asks against it.
    let is_wish = case.needs.first().map_or(case.insight.kind == Kind::Request, |need| need.polarity == Polarity::Want);
    let (mut supported, mut against, mut is_hard) = (Vec::new(), Vec::new(), false);
    for principle in principles {
        let kept = facts.likeness.to(case.insight.id, &principle.text);
        let broken = principle.broken_when.as_deref().map_or(0.0, |text| facts.likeness.to(case.insight.id, text));
        if kept.max(broken) < MATCHED {
            continue;
        }
        if is_wish && broken > kept {
            is_hard |= broken >= SAME;
            against.push(principle.id.clone());
        } else {
            supported.push(principle.id.clone());
        }
    }
    let n = supported.len() + against.len();
    if n == 0 {
        return Answer::unknown("a principle that applies to this");
    }
    let x = if is_hard { -1.0 } else { (supported.len() as f64 - against.len() as f64) / n as f64 };
    let mut evidence: Vec<Citation> = supported.iter().chain(&against).map(|id| path("principles", id)).collect();
    evidence.extend(case.members.iter().take(1).map(|signal| cite(signal)));
    let words = |ids: &[String]| if ids.is_empty() { "none".to_owned() } else { list(ids) };
    Answer::number(x, format!("supports {}, asks against {}", words(&supported), words(&against)), evidence)
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
    let is_to_go = case.needs.first().is_some_and(|need| need.polarity == Polarity::Remove);
    let class = match (x >= MATCHED, names_competitor) {
        (true, _) if is_to_go => "dilutes",
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
        (Kind::Problem, _) | (_, Category::TrustAndRisk) => &["upkeep", "maintenance", "quality", "run"],
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

pub(super) fn unlocks(facts: &Facts<'_>, case: &Case<'_>) -> Answer {
    let unlocked = match facts.links.unlocked_by(case.insight.id) {
        Some(unlocked) if !case.needs.is_empty() => unlocked,
        _ => return Answer::unknown("links to other insights: no statement says clearly enough what is asked for"),
    };
    let n = unlocked.n_others;
    let parts: Vec<String> = unlocked.parts.into_iter().map(str::to_owned).collect();
    let sentence = match n {
        0 => "no other insight needs a part that this would bring".to_owned(),
        1 => format!("brings {} that 1 other insight needs", list(&parts)),
        n => format!("brings {} that {n} other insights need", list(&parts)),
    };
    let evidence: Vec<Citation> = unlocked.named.into_iter().map(|id| Citation::Insight { id }).collect();
    let n_unlisted = n - evidence.len();
    Answer::number(n as f64, sentence, evidence).and_unlisted(n_unlisted)
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
