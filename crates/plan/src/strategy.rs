//! The rules a declared strategy is held to (ST-1 to ST-7, and the arithmetic beneath them).
//!
//! In: settings, and what a run found. Out: findings, each with the path of the part at fault, and for [`usable`] the
//! settings without the numbers that mean nothing: a part at fault counts as not declared, the rest is used.
//! Invariant: absences are faults only of a strategy that was begun, that is, one with an objective or a north star;
//! an empty file is no bad strategy.
//! Source: OKRs as re:Work describes them, north stars as Amplitude's playbook does, non-goals as Yien's template asks.

use std::collections::{BTreeMap, BTreeSet};
use throughline_model::strategy::{Day, KeyResult, NorthStar, Objective};
use throughline_model::time::DAY_SECS;
use throughline_model::{Account, CheckState, Settings, Severity, Timestamp};

/// A reading may be this much newer than the newest record before it lies in the future: exports are often weeks old.
const FUTURE_DAYS: i64 = 31;
/// Weights may differ from a sum of 1 by this much, for people round them.
const SUM_SLACK: f64 = 0.05;
/// So many of the first insights are looked at for one that no objective stands behind.
const TOP: usize = 10;

/// A fault of a strategy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Code of the diagnostic; its page is `docs/errors/CODE.md`.
    pub code: &'static str,
    /// An error where the part cannot be used as it stands, a warning where it can.
    pub severity: Severity,
    /// Keys and positions from the file's root, joined by dots: `strategy.objectives.0.key_results.1`.
    pub path: String,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to do about it, in one sentence.
    pub remedy: String,
}

/// Collects findings.
struct Found(Vec<Finding>);

impl Found {
    fn add(&mut self, code: &'static str, severity: Severity, path: impl Into<String>, message: String, remedy: &str) {
        self.0.push(Finding { code, severity, path: path.into(), message, remedy: remedy.to_owned() });
    }

    fn error(&mut self, code: &'static str, path: impl Into<String>, message: String, remedy: &str) {
        self.add(code, Severity::Error, path, message, remedy);
    }

    fn warning(&mut self, code: &'static str, path: impl Into<String>, message: String, remedy: &str) {
        self.add(code, Severity::Warning, path, message, remedy);
    }
}

/// Faults that the settings show by themselves.
#[must_use]
pub fn findings(settings: &Settings) -> Vec<Finding> {
    let mut found = Found(Vec::new());
    let strategy = &settings.strategy;
    let is_begun = !strategy.objectives.is_empty() || strategy.north_star.is_some();
    if is_begun {
        objectives(settings, &mut found);
        north_star(strategy.north_star.as_ref(), &mut found);
        non_goals(settings, &mut found);
        references(settings, &mut found);
    }
    people(settings, &mut found);
    weights(settings, &mut found);
    dates(settings, &mut found);
    capacity(settings, &mut found);
    found.0
}

/// The first word of a text, lower-case.
fn head(text: &str) -> String {
    text.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty()).unwrap_or_default().to_lowercase()
}

/// Whether a text begins with the making of a thing: then it names work, not what is to be true.
fn is_deliverable(text: &str) -> bool {
    const VERBS: [&str; 10] =
        ["launch", "build", "ship", "implement", "release", "deliver", "develop", "create", "introduce", "deploy"];
    let head = head(text);
    VERBS.iter().any(|verb| {
        let stem = verb.trim_end_matches('e');
        head == *verb
            || head.strip_prefix(stem).is_some_and(|end| ["s", "es", "ed", "ing", "ping", "ped"].contains(&end))
    })
}

/// ST-1 to ST-4.
fn objectives(settings: &Settings, found: &mut Found) {
    let objectives = &settings.strategy.objectives;
    if objectives.is_empty() {
        found.error(
            "strategy-objective",
            "strategy",
            "no objective is declared".to_owned(),
            "add one to five [[strategy.objectives]], each a sentence that will be true when it is reached",
        );
    }
    if objectives.len() > 5 {
        found.error(
            "strategy-objective",
            "strategy.objectives.5",
            format!("{} objectives are declared for one period; the sixth begins here", objectives.len()),
            "keep the one to five that decide the period and move the others to the next",
        );
    }
    for (i, objective) in objectives.iter().enumerate() {
        let path = format!("strategy.objectives.{i}");
        objective_text(settings, objective, &path, found);
        let n = objective.key_results.len();
        if !(2..=5).contains(&n) {
            found.error(
                "strategy-objective",
                path.clone(),
                match n {
                    0 => {
                        format!("nothing shows whether objective {} is reached: it has no key result", named(objective))
                    }
                    1 => format!(
                        "objective {} has one key result, which can be met while the rest gets worse",
                        named(objective)
                    ),
                    _ => format!("objective {} has {n} key results", named(objective)),
                },
                "give it two to five key results",
            );
        }
        for (k, result) in objective.key_results.iter().enumerate() {
            key_result(settings, result, &format!("{path}.key_results.{k}"), found);
        }
    }
}

fn named(objective: &Objective) -> &str {
    if objective.id.is_empty() { &objective.text } else { &objective.id }
}

fn objective_text(settings: &Settings, objective: &Objective, path: &str, found: &mut Found) {
    let text = objective.text.trim();
    let at = format!("{path}.text");
    if text.is_empty() {
        found.error(
            "strategy-objective",
            path,
            format!("objective {} says nothing", named(objective)),
            "add text = \"...\": one sentence that will be true when it is reached",
        );
    } else if text.chars().any(|c| c.is_ascii_digit()) {
        found.error(
            "strategy-objective",
            at,
            format!("objective {} holds a number: “{text}”", named(objective)),
            "say the direction in words and move the number into a key result",
        );
    } else if is_deliverable(text) {
        found.error(
            "strategy-objective",
            at,
            format!("objective {} names a thing to make: “{text}”", named(objective)),
            "say what will be true for customers; the thing to make goes to the roadmap",
        );
    }
    let lower = text.to_lowercase();
    let feature = settings.roadmap.iter().flatten().map(|item| item.what.as_str());
    if let Some(feature) = feature.filter(|what| !what.is_empty()).find(|what| lower.contains(&what.to_lowercase())) {
        found.error(
            "strategy-objective",
            format!("{path}.text"),
            format!("objective {} names the feature “{feature}” of the roadmap", named(objective)),
            "say what will be true for customers, however it is brought about",
        );
    }
}

fn key_result(settings: &Settings, result: &KeyResult, path: &str, found: &mut Found) {
    let is_blank = |text: &Option<String>| text.as_deref().is_none_or(|text| text.trim().is_empty());
    let due = result.due_on.or(settings.strategy.ends_on);
    let missing: Vec<&str> = [
        ("metric", result.metric.trim().is_empty()),
        ("unit", is_blank(&result.unit)),
        ("start", result.start.is_none()),
        ("target", result.target.is_none()),
        ("due_on", due.is_none()),
        ("source", is_blank(&result.source)),
    ]
    .into_iter()
    .filter_map(|(name, is_missing)| is_missing.then_some(name))
    .collect();
    let name = if result.id.is_empty() { &result.metric } else { &result.id };
    if !missing.is_empty() {
        found.error(
            "strategy-key-result",
            path,
            format!("key result {name} cannot be graded: it has no {}", missing.join(", no ")),
            "state metric, unit, start, target, due_on and the source of the reading; until then its readings count as unknown",
        );
    }
    if let (Some(start), Some(target)) = (result.start, result.target)
        && (start - target).abs() < f64::EPSILON
    {
        found.error(
            "strategy-key-result",
            format!("{path}.target"),
            format!("key result {name} starts at its target, {target}: no reading between them can be graded"),
            "set a target that differs from the start",
        );
    }
    if is_deliverable(&result.metric) {
        found.warning(
            "strategy-outcome",
            format!("{path}.metric"),
            format!("key result {name} is met by doing a task: “{}”", result.metric),
            "measure what the task should change for customers, and move the task to the roadmap",
        );
    }
    if !matches!(result.kind.as_deref(), Some("committed" | "aspirational")) {
        let stated = result.kind.as_deref().map_or_else(|| "nothing".to_owned(), |kind| format!("“{kind}”"));
        found.warning(
            "strategy-kind",
            if result.kind.is_some() { format!("{path}.kind") } else { path.to_owned() },
            format!("key result {name} says {stated} where it should say whether it is promised or hoped for"),
            "add kind = \"committed\" (1.0 is expected) or kind = \"aspirational\" (0.7 is good)",
        );
    }
}

/// ST-5.
fn north_star(star: Option<&NorthStar>, found: &mut Found) {
    let Some(star) = star else {
        found.error(
            "strategy-north-star",
            "strategy",
            "no north star is declared".to_owned(),
            "add [strategy.north_star]: the one number that rises only when customers get what they came for",
        );
        return;
    };
    let path = "strategy.north_star";
    if star.metric.trim().is_empty() {
        found.error(
            "strategy-north-star",
            path,
            "the north star has no metric".to_owned(),
            "add metric = \"...\": what is counted",
        );
    }
    if !(3..=6).contains(&star.inputs.len()) {
        found.error(
            "strategy-north-star",
            if star.inputs.len() > 6 { format!("{path}.inputs.6") } else { path.to_owned() },
            format!("the north star has {} inputs", star.inputs.len()),
            "declare the three to six numbers that it is made of, as [[strategy.north_star.inputs]]",
        );
    }
    const LAGGING: [&str; 14] = [
        "revenue",
        "arr",
        "mrr",
        "sales",
        "bookings",
        "profit",
        "active users",
        "dau",
        "mau",
        "wau",
        "sign-ups",
        "signups",
        "downloads",
        "page views",
    ];
    let words = format!(" {} ", star.metric.to_lowercase().replace(|c: char| !c.is_alphanumeric() && c != '-', " "));
    if let Some(lagging) = LAGGING.iter().find(|lagging| words.contains(&format!(" {lagging} "))) {
        found.warning(
            "strategy-north-star",
            format!("{path}.metric"),
            format!("the north star counts {lagging}, which can rise while customers get less"),
            "count what customers came for; money and heads follow from it",
        );
    } else if star.why.as_deref().is_none_or(|why| why.trim().is_empty()) {
        found.warning(
            "strategy-north-star",
            path,
            "nothing says why the north star leads and rises only when customers get value".to_owned(),
            "add why = \"...\"",
        );
    }
}

/// ST-6.
fn non_goals(settings: &Settings, found: &mut Found) {
    let goals = settings.strategy.non_goals.as_deref().unwrap_or_default();
    if goals.is_empty() {
        found.error(
            "strategy-non-goals",
            if settings.strategy.non_goals.is_some() { "strategy.non_goals" } else { "strategy" },
            "nothing is declared that will not be done".to_owned(),
            "add [[strategy.non_goals]] with text and reason: a plan that excludes nothing decides nothing",
        );
    }
    for (i, goal) in goals.iter().enumerate() {
        let missing = match (goal.text.trim().is_empty(), goal.reason.trim().is_empty()) {
            (true, _) => "does not say what",
            (_, true) => "has no reason",
            _ => continue,
        };
        found.error(
            "strategy-non-goals",
            format!("strategy.non_goals.{i}"),
            format!("non-goal {} {missing}", if goal.id.is_empty() { &goal.text } else { &goal.id }),
            "add text and reason, so that whoever asks again gets an answer",
        );
    }
    for (i, principle) in settings.strategy.principles.iter().flatten().enumerate() {
        if principle.broken_when.as_deref().is_none_or(|text| text.trim().is_empty()) {
            found.error(
                "strategy-principle",
                format!("strategy.principles.{i}"),
                format!("nobody can tell when principle {} is broken", principle.id),
                "add broken_when = \"...\": what one would see",
            );
        }
    }
}

/// One primary persona; target segments among segments.
fn people(settings: &Settings, found: &mut Found) {
    if let Some(personas) = settings.strategy.personas.as_deref().filter(|personas| !personas.is_empty()) {
        let primary: Vec<usize> = (0..personas.len()).filter(|i| personas[*i].is_primary).collect();
        if primary.len() != 1 {
            found.warning(
                "strategy-people",
                primary.get(1).map_or_else(|| "strategy.personas.0".to_owned(), |i| format!("strategy.personas.{i}")),
                format!(
                    "{} personas are primary",
                    if primary.is_empty() { "no".to_owned() } else { primary.len().to_string() }
                ),
                "set is_primary = true for exactly one",
            );
        }
        for (i, persona) in personas.iter().enumerate() {
            if ["user", "users", "customer", "everyone"].contains(&persona.name.trim().to_lowercase().as_str()) {
                found.warning(
                    "strategy-people",
                    format!("strategy.personas.{i}.name"),
                    format!("“{}” is nobody in particular", persona.name),
                    "name the role that people have at work",
                );
            }
        }
    }
    if let Some(segments) = settings.strategy.segments.as_deref().filter(|segments| !segments.is_empty())
        && segments.iter().all(|segment| !segment.is_target)
    {
        found.warning(
            "strategy-people",
            "strategy.segments.0",
            "no segment is one that the plan is made for".to_owned(),
            "set is_target = true for at least one",
        );
    }
}

/// Ids that are there twice, and references to ids that are not there.
fn references(settings: &Settings, found: &mut Found) {
    let strategy = &settings.strategy;
    let inputs: BTreeSet<&str> =
        strategy.north_star.iter().flat_map(|star| &star.inputs).map(|input| input.id.as_str()).collect();
    let mut seen: BTreeMap<&str, String> = BTreeMap::new();
    for (i, objective) in strategy.objectives.iter().enumerate() {
        let results = objective.key_results.iter().enumerate();
        let ids = std::iter::once((objective.id.as_str(), format!("strategy.objectives.{i}")))
            .chain(results.map(|(k, result)| (result.id.as_str(), format!("strategy.objectives.{i}.key_results.{k}"))));
        for (id, path) in ids {
            if id.is_empty() {
                found.error(
                    "strategy-reference",
                    path,
                    "a part that scores cite has no id".to_owned(),
                    "add a short id that nothing else has",
                );
            } else if seen.insert(id, path.clone()).is_some() {
                found.error(
                    "strategy-reference",
                    format!("{path}.id"),
                    format!("the id {id} is there twice, so a citation of it would mean two things"),
                    "give each objective and each key result an id of its own",
                );
            }
        }
        for (k, result) in objective.key_results.iter().enumerate() {
            for input in result.feeds.iter().filter(|input| !inputs.contains(input.as_str())) {
                found.error(
                    "strategy-reference",
                    format!("strategy.objectives.{i}.key_results.{k}.feeds"),
                    format!("key result {} feeds “{input}”, which is no input of the north star", result.id),
                    "name the id of one of [[strategy.north_star.inputs]]",
                );
            }
        }
    }
}

fn is_unit(x: f64) -> bool {
    (0.0..=1.0).contains(&x)
}

/// Shares and weights: each from 0 to 1, and columns that sum to 1.
fn weights(settings: &Settings, found: &mut Found) {
    const CODE: &str = "strategy-weights";
    let strategy = &settings.strategy;
    let mut units: Vec<(String, Option<f64>)> = Vec::new();
    for (i, objective) in strategy.objectives.iter().enumerate() {
        units.push((format!("strategy.objectives.{i}.weight_unit"), objective.weight_unit));
    }
    for (i, risk) in strategy.risks.iter().flatten().enumerate() {
        units.push((format!("strategy.risks.{i}.severity_unit"), risk.severity_unit));
        units.push((format!("strategy.risks.{i}.likelihood_unit"), risk.likelihood_unit));
    }
    for (i, belief) in strategy.assumptions.iter().flatten().enumerate() {
        units.push((format!("strategy.assumptions.{i}.belief_unit"), belief.belief_unit));
    }
    for (i, bucket) in strategy.buckets.iter().flatten().enumerate() {
        units.push((format!("strategy.buckets.{i}.target_share_unit"), bucket.target_share_unit));
        units.push((format!("strategy.buckets.{i}.committed_share_unit"), bucket.committed_share_unit));
    }
    for (i, team) in settings.capacity.iter().flat_map(|capacity| &capacity.teams).enumerate() {
        units.push((format!("capacity.teams.{i}.share_unit"), team.share_unit));
    }
    if let Some(focus) = &strategy.stage_focus {
        let stages = [
            ("acquire_unit", focus.acquire_unit),
            ("activate_unit", focus.activate_unit),
            ("retain_unit", focus.retain_unit),
            ("earn_unit", focus.earn_unit),
            ("refer_unit", focus.refer_unit),
        ];
        units.extend(stages.map(|(name, weight)| (format!("strategy.stage_focus.{name}"), weight)));
    }
    for (path, weight) in units {
        if let Some(weight) = weight.filter(|weight| !is_unit(*weight)) {
            found.error(
                CODE,
                path,
                format!("{weight} is no share or weight"),
                "use a number from 0 to 1; until then the weights beside it count as not declared",
            );
        }
    }
    let weights: Vec<Option<f64>> = strategy.objectives.iter().map(|objective| objective.weight_unit).collect();
    column("objectives", "strategy.objectives", &weights, "every objective counts the same", found);
    let buckets = strategy.buckets.as_deref().unwrap_or_default();
    let shares: Vec<Option<f64>> = buckets.iter().map(|bucket| bucket.target_share_unit).collect();
    column("target shares of buckets", "strategy.buckets", &shares, "the shares count as not declared", found);
}

fn column(what: &str, path: &str, weights: &[Option<f64>], until: &str, found: &mut Found) {
    let declared: Vec<f64> = weights.iter().flatten().copied().collect();
    if declared.is_empty() || declared.iter().any(|weight| !is_unit(*weight)) {
        return;
    }
    if let Some(without) = weights.iter().position(Option::is_none) {
        found.error(
            "strategy-weights",
            format!("{path}.{without}"),
            format!("{} of {} {what} have a weight and this one has none", declared.len(), weights.len()),
            &format!("give each a weight or none; until then {until}"),
        );
        return;
    }
    let sum: f64 = declared.iter().sum();
    if (sum - 1.0).abs() > SUM_SLACK {
        found.error(
            "strategy-weights",
            format!("{path}.0"),
            format!("the weights of {} {what} sum to {sum:.2}", weights.len()),
            &format!("let them sum to 1; until then {until}"),
        );
    }
}

/// Days in the wrong order.
fn dates(settings: &Settings, found: &mut Found) {
    let strategy = &settings.strategy;
    let mut in_order = |path: String, first: (&str, Option<Day>), then: (&str, Option<Day>)| {
        if let (Some(a), Some(b)) = (first.1, then.1)
            && a > b
        {
            found.error(
                "strategy-dates",
                format!("{path}.{}", then.0),
                format!("{} is {a}, after {} {b}", first.0, then.0),
                "correct one of the two days; until then what they date counts as unknown",
            );
        }
    };
    in_order("strategy".into(), ("starts_on", strategy.starts_on), ("ends_on", strategy.ends_on));
    for (i, objective) in strategy.objectives.iter().enumerate() {
        for (k, result) in objective.key_results.iter().enumerate() {
            let path = format!("strategy.objectives.{i}.key_results.{k}");
            let start = ("start_on", result.start_on.or(strategy.starts_on));
            in_order(path.clone(), start, ("due_on", result.due_on));
            in_order(path, start, ("current_on", result.current_on));
        }
    }
    for (i, promise) in strategy.commitments.iter().flatten().enumerate() {
        in_order(format!("strategy.commitments.{i}"), ("made_on", promise.made_on), ("due_on", promise.due_on));
    }
    for (i, period) in settings.capacity.iter().flat_map(|capacity| &capacity.periods).enumerate() {
        in_order(format!("capacity.periods.{i}"), ("starts_on", period.starts_on), ("ends_on", period.ends_on));
    }
}

/// People-days that cannot be.
fn capacity(settings: &Settings, found: &mut Found) {
    const CODE: &str = "capacity-value";
    let Some(capacity) = &settings.capacity else { return };
    let is_nonsense = |days: f64| !days.is_finite() || days < 0.0;
    if let Some(days) = capacity.people_days_per_period.filter(|days| is_nonsense(*days) || *days == 0.0) {
        found.error(
            CODE,
            "capacity.people_days_per_period",
            format!("{days} people-days are no capacity"),
            "state how many working days of people a period has",
        );
    }
    for (i, period) in capacity.periods.iter().enumerate() {
        let path = format!("capacity.periods.{i}");
        let days = period.people_days.or(capacity.people_days_per_period);
        let Some(days) = days else {
            found.error(
                CODE,
                path,
                format!("period {} has no people-days", period.id),
                "add people_days to it, or people_days_per_period to [capacity]",
            );
            continue;
        };
        let spoken_for = period.committed_people_days.unwrap_or(0.0);
        if is_nonsense(days) || is_nonsense(spoken_for) || spoken_for > days {
            found.error(
                CODE,
                path.clone(),
                format!("period {} has {days} people-days, of which {spoken_for} are spoken for", period.id),
                "let people_days be at least 0 and at least committed_people_days; until then the period is left out",
            );
        }
        let before = i.checked_sub(1).map(|before| &capacity.periods[before]);
        if let (Some(ends), Some(starts)) = (before.and_then(|before| before.ends_on), period.starts_on)
            && starts <= ends
        {
            found.warning(
                CODE,
                format!("{path}.starts_on"),
                format!("period {} starts on {starts}, before the one before it has ended on {ends}", period.id),
                "list periods in their order and without overlap",
            );
        }
    }
    for (i, effort) in settings.effort.iter().enumerate() {
        let range = [effort.low_people_days, effort.people_days, effort.high_people_days];
        let days: Vec<f64> = range.into_iter().flatten().collect();
        let is_wrong = effort.people_days.is_none() && effort.needs.is_empty()
            || days.iter().any(|days| is_nonsense(*days))
            || days.windows(2).any(|pair| pair[0] > pair[1]);
        if is_wrong {
            found.error(
                CODE,
                format!("effort.{i}"),
                format!("the effort of {} cannot be used", effort.insight),
                "state people_days, and low_people_days <= people_days <= high_people_days where a range is known",
            );
        }
    }
}

/// The settings without what the findings show to mean nothing, as of a day where one is known: readings of key results
/// without a unit, with days in the wrong order or in the future; weights that do not add up; impossible capacity.
#[must_use]
pub fn usable(settings: &Settings, as_of: Option<Timestamp>) -> Settings {
    let mut usable = settings.clone();
    let all = findings(settings);
    let has = |code: &str, prefix: &str| {
        all.iter().any(|finding| {
            let below = finding.path.strip_prefix(prefix);
            finding.code == code
                && finding.severity == Severity::Error
                && below.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    };
    for (i, objective) in usable.strategy.objectives.iter_mut().enumerate() {
        for (k, result) in objective.key_results.iter_mut().enumerate() {
            let path = format!("strategy.objectives.{i}.key_results.{k}");
            let is_future = result.current_on.is_some_and(|on| is_future(on, as_of));
            if has("strategy-key-result", &path) || has("strategy-dates", &path) || is_future {
                (result.start, result.target, result.current) = (None, None, None);
            }
        }
    }
    if has("strategy-weights", "strategy.objectives") {
        usable.strategy.objectives.iter_mut().for_each(|objective| objective.weight_unit = None);
    }
    if has("strategy-weights", "strategy.buckets") {
        usable.strategy.buckets.iter_mut().flatten().for_each(|bucket| {
            (bucket.target_share_unit, bucket.committed_share_unit) = (None, None);
        });
    }
    if has("strategy-weights", "strategy.stage_focus") {
        usable.strategy.stage_focus = None;
    }
    for (i, risk) in usable.strategy.risks.iter_mut().flatten().enumerate() {
        if has("strategy-weights", &format!("strategy.risks.{i}")) {
            (risk.severity_unit, risk.likelihood_unit) = (None, None);
        }
    }
    for (i, belief) in usable.strategy.assumptions.iter_mut().flatten().enumerate() {
        if has("strategy-weights", &format!("strategy.assumptions.{i}")) {
            belief.belief_unit = None;
        }
    }
    for (i, promise) in usable.strategy.commitments.iter_mut().flatten().enumerate() {
        if has("strategy-dates", &format!("strategy.commitments.{i}")) {
            promise.due_on = None;
        }
    }
    if let Some(capacity) = &mut usable.capacity {
        if has("capacity-value", "capacity.people_days_per_period") {
            capacity.people_days_per_period = None;
        }
        let mut at = 0;
        capacity.periods.retain(|_| {
            let path = format!("capacity.periods.{at}");
            at += 1;
            !has("capacity-value", &path) && !has("strategy-dates", &path)
        });
        let mut at = 0;
        usable.effort.retain(|_| {
            at += 1;
            !has("capacity-value", &format!("effort.{}", at - 1))
        });
    }
    usable
}

fn is_future(day: Day, as_of: Option<Timestamp>) -> bool {
    as_of.is_some_and(|as_of| day.0.0 - as_of.0 > FUTURE_DAYS * DAY_SECS)
}

/// What a run tells of a strategy.
pub struct Seen<'a> {
    /// The scoring instant.
    pub as_of: Option<Timestamp>,
    /// Accounts as resolved.
    pub accounts: &'a [Account],
    /// Names and scores of insights in rank order.
    pub ranked: &'a [(&'a str, &'a throughline_model::Score)],
}

/// Faults that show only beside the data: readings from the future, currencies without a rate, objectives that nobody
/// speaks for and first insights that no objective stands behind (ST-7).
#[must_use]
pub fn findings_beside(settings: &Settings, seen: &Seen<'_>) -> Vec<Finding> {
    let mut found = Found(Vec::new());
    future(settings, seen.as_of, &mut found);
    currencies(settings, seen.accounts, &mut found);
    untouched(settings, seen.ranked, &mut found);
    found.0
}

fn future(settings: &Settings, as_of: Option<Timestamp>, found: &mut Found) {
    let Some(now) = as_of else { return };
    let mut check = |path: String, what: &str, day: Option<Day>| {
        if let Some(day) = day.filter(|day| is_future(*day, as_of)) {
            found.error(
                "strategy-dates",
                path,
                format!("{what} is dated {day}, but the newest record is of {}", now.date()),
                "correct the day, or import what came in since; until then the reading counts as unknown",
            );
        }
    };
    if let Some(star) = &settings.strategy.north_star {
        check("strategy.north_star.current_on".into(), "the reading of the north star", star.current_on);
    }
    for (i, objective) in settings.strategy.objectives.iter().enumerate() {
        for (k, result) in objective.key_results.iter().enumerate() {
            let what = format!("the reading of {}", result.id);
            check(format!("strategy.objectives.{i}.key_results.{k}.current_on"), &what, result.current_on);
        }
    }
    for (i, promise) in settings.strategy.commitments.iter().flatten().enumerate() {
        let what = format!("the promise {}", promise.id);
        check(format!("strategy.commitments.{i}.made_on"), &what, promise.made_on);
    }
    for (i, item) in settings.roadmap.iter().flatten().enumerate() {
        if item.state == "shipped" {
            check(format!("roadmap.{i}.shipped_on"), &format!("the shipping of {}", item.id), item.shipped_on);
        }
    }
}

fn currencies(settings: &Settings, accounts: &[Account], found: &mut Found) {
    let base = settings.product.currency.as_deref();
    let mut n_by_currency: BTreeMap<&str, usize> = BTreeMap::new();
    for account in accounts.iter().filter(|account| account.facts.arr.is_some()) {
        if let Some(currency) = account.facts.currency.as_deref() {
            *n_by_currency.entry(currency).or_default() += 1;
        }
    }
    let counted = |names: &[(&str, usize)]| {
        names.iter().map(|(currency, n)| format!("{currency} ({n} accounts)")).collect::<Vec<_>>().join(", ")
    };
    let all: Vec<(&str, usize)> = n_by_currency.into_iter().collect();
    let Some(base) = base else {
        if all.len() > 1 {
            found.error(
                "strategy-currency",
                "product",
                format!("revenue is in {}, and nothing says in which it is added up", counted(&all)),
                "add currency = \"...\" and exchange_rates to [product]; until then revenue counts as unknown",
            );
        }
        return;
    };
    let without: Vec<(&str, usize)> = all
        .into_iter()
        .filter(|(currency, _)| *currency != base && !settings.product.exchange_rates.contains_key(*currency))
        .collect();
    if let Some((first, _)) = without.first() {
        let has_rates = !settings.product.exchange_rates.is_empty();
        found.error(
            "strategy-currency",
            if has_rates { "product.exchange_rates" } else { "product.currency" },
            format!("revenue is in {}, and there is no rate to {base}", counted(&without)),
            &format!(
                "add exchange_rates = {{ {first} = ... }} to [product]; until then the revenue of these accounts counts as unknown"
            ),
        );
    }
    for (currency, rate) in &settings.product.exchange_rates {
        if !rate.is_finite() || *rate <= 0.0 {
            found.error(
                "strategy-currency",
                format!("product.exchange_rates.{currency}"),
                format!("{rate} is no rate"),
                "state what one unit of the currency is worth, a number above 0",
            );
        }
    }
}

/// ST-7.
fn untouched(settings: &Settings, ranked: &[(&str, &throughline_model::Score)], found: &mut Found) {
    let objectives = &settings.strategy.objectives;
    let known: Vec<(&str, Vec<String>)> =
        ranked.iter().filter_map(|(label, score)| Some((*label, touched(score)?))).collect();
    if objectives.is_empty() || known.is_empty() {
        return;
    }
    for (i, objective) in objectives.iter().enumerate() {
        if !known.iter().any(|(_, ids)| ids.contains(&objective.id)) {
            found.warning(
                "strategy-untouched",
                format!("strategy.objectives.{i}"),
                format!(
                    "objective {} has no evidence: none of {} insights touches “{}”",
                    objective.id,
                    known.len(),
                    objective.text
                ),
                "add the words that customers use for it to its keywords, connect a source where they speak of it, or ask why nobody does",
            );
        }
    }
    let outside: Vec<&str> =
        known.iter().take(TOP).filter(|(_, ids)| ids.is_empty()).map(|(label, _)| *label).collect();
    if !outside.is_empty() {
        found.warning(
            "strategy-untouched",
            "strategy.objectives.0",
            format!(
                "{} of the first {} insights lie outside the strategy: {}",
                outside.len(),
                known.len().min(TOP),
                outside.join("; ")
            ),
            "decide on each: `throughline decide ID reject|defer --why ...`, or an objective that it serves",
        );
    }
}

/// Ids of the objectives that an insight touches; none where that is unknown.
pub(crate) fn touched(score: &throughline_model::Score) -> Option<Vec<String>> {
    let scored = |id: &str| score.checks.iter().find(|check| check.id == id && check.state == CheckState::Scored);
    let cited = |check: &throughline_model::CheckResult| {
        let paths = check.evidence.iter().filter_map(|citation| match citation {
            throughline_model::Citation::Strategy { path } => path.strip_prefix("strategy.objectives."),
            _ => None,
        });
        paths.map(str::to_owned).collect::<Vec<_>>()
    };
    // Either check alone is enough: the closest objective where its match earns anything, or all that match well.
    let closest = scored("SA-01")?;
    let mut ids = if closest.points > 0.0 { cited(closest) } else { Vec::new() };
    ids.extend(scored("SA-07").map(cited).unwrap_or_default());
    ids.sort();
    ids.dedup();
    Some(ids)
}

#[cfg(test)]
mod tests {
    use super::*;
    use throughline_model::{AccountId, CheckResult, Citation, InsightId, RawAccount, Score};

    fn account(id: u64, currency: &str) -> Account {
        let facts = RawAccount {
            arr: Some(1000.0),
            currency: Some(currency.into()),
            name: id.to_string(),
            ..RawAccount::default()
        };
        Account { id: AccountId(id), facts }
    }

    fn score(objective: Option<&str>) -> Score {
        let check = CheckResult {
            id: "SA-01".into(),
            state: CheckState::Scored,
            points: if objective.is_some() { 0.5 } else { 0.0 },
            x: None,
            of: None,
            sentence: String::new(),
            evidence: vec![Citation::Strategy { path: format!("strategy.objectives.{}", objective.unwrap_or("O1")) }],
            n_unlisted: 0,
            missing: None,
        };
        Score {
            insight_id: InsightId(1),
            rubric_version: String::new(),
            checks: vec![check],
            groups: BTreeMap::new(),
            earned: 0.0,
            knowable: 1,
            coverage: 0.0,
            floor: 0.0,
            ceiling: 0.0,
            total: 0.0,
            confidence: 0.0,
            weighted_total: None,
            badges: Vec::new(),
        }
    }

    fn beside(settings: &Settings, accounts: &[Account], scores: &[Score]) -> Vec<(&'static str, String)> {
        let ranked: Vec<(&str, &Score)> = scores.iter().map(|score| ("a label", score)).collect();
        let seen = Seen { as_of: Timestamp::from_date(2026, 9, 30), accounts, ranked: &ranked };
        findings_beside(settings, &seen).into_iter().map(|finding| (finding.code, finding.path)).collect()
    }

    fn with_objectives(ids: &[&str]) -> Settings {
        let mut settings = Settings::default();
        settings.strategy.objectives =
            ids.iter().map(|id| Objective { id: (*id).into(), ..Objective::default() }).collect();
        settings
    }

    #[test]
    fn mixed_currencies_are_told_with_what_is_missing() {
        let mut settings = Settings::default();
        let accounts = [account(1, "EUR"), account(2, "USD"), account(3, "GBP")];
        assert_eq!(beside(&settings, &accounts, &[]), [("strategy-currency", "product".to_owned())]);
        assert_eq!(beside(&settings, &accounts[..1], &[]), []);
        settings.product.currency = Some("EUR".into());
        assert_eq!(beside(&settings, &accounts, &[]), [("strategy-currency", "product.currency".to_owned())]);
        settings.product.exchange_rates = [("USD".to_owned(), 0.9), ("GBP".to_owned(), 1.17)].into();
        assert_eq!(beside(&settings, &accounts, &[]), []);
        settings.product.exchange_rates.insert("USD".into(), 0.0);
        assert_eq!(beside(&settings, &accounts, &[]).len(), 1);
    }

    #[test]
    fn a_reading_from_the_future_is_told_and_not_used() {
        let mut settings = with_objectives(&["O1"]);
        let day = |month, day| Some(Day(Timestamp::from_date(2026, month, day).unwrap()));
        let reading = |on| KeyResult {
            id: "K".into(),
            metric: "weeks".into(),
            unit: Some("%".into()),
            start: Some(1.0),
            target: Some(2.0),
            current: Some(1.5),
            due_on: day(12, 31),
            current_on: on,
            source: Some("events".into()),
            ..KeyResult::default()
        };
        settings.strategy.objectives[0].key_results = vec![reading(day(10, 15)), reading(day(12, 1))];
        assert_eq!(
            beside(&settings, &[], &[]),
            [("strategy-dates", "strategy.objectives.0.key_results.1.current_on".to_owned())]
        );
        let used = usable(&settings, Timestamp::from_date(2026, 9, 30));
        let current: Vec<_> = used.strategy.objectives[0].key_results.iter().map(|result| result.current).collect();
        assert_eq!(current, [Some(1.5), None]);
    }

    #[test]
    fn an_objective_without_evidence_and_an_insight_without_objective_are_told() {
        let settings = with_objectives(&["O1", "O2"]);
        assert_eq!(beside(&settings, &[], &[score(Some("O1")), score(Some("O2"))]), []);
        assert_eq!(
            beside(&settings, &[], &[score(Some("O1"))]),
            [("strategy-untouched", "strategy.objectives.1".to_owned())]
        );
        assert_eq!(
            beside(&settings, &[], &[score(Some("O1")), score(None), score(Some("O2"))]),
            [("strategy-untouched", "strategy.objectives.0".to_owned())]
        );
    }
}
