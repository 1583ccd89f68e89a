//! A decision is opened again by a premise that changed, and by that alone. One premise changes at a time.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod fixture;

use fixture::{Made, check, made, ranked};
use throughline_model::decision::{Decision, Standing, Verdict};
use throughline_model::strategy::{KeyResult, Objective};
use throughline_model::{InsightId, Settings, SignalId};
use throughline_plan::decision::{Results, decide, standings};

fn settings() -> Settings {
    let objective = |id: &str, text: &str| Objective {
        id: id.into(),
        text: text.into(),
        key_results: vec![KeyResult { id: format!("{id}-KR1"), metric: "weeks".into(), ..KeyResult::default() }],
        ..Objective::default()
    };
    let mut settings = Settings::default();
    settings.strategy.objectives = vec![objective("O1", "A week stands"), objective("O2", "Hours reach payroll")];
    settings
}

fn world() -> Vec<Made> {
    vec![
        made(1, 40.0, 4.0)
            .with_check(check("SA-01", 0.8, Some(0.7), &["strategy.objectives.O1"]))
            .with_check(check("SA-02", 0.5, Some(0.5), &["strategy.objectives.O1", "strategy.objectives.O2"]))
            .with_check(check("SA-03", 0.5, None, &["strategy.objectives.key_results.O1-KR1"])),
        made(2, 30.0, 4.0),
        made(3, 20.0, 4.0),
    ]
}

fn with<T>(settings: &Settings, all: &[Made], ask: impl FnOnce(&Results<'_>) -> T) -> T {
    let plan = ranked(all);
    let insights = all.iter().map(|made| &made.insight).collect();
    let scores = all.iter().map(|made| &made.score).collect();
    ask(&Results { settings, as_of: None, plan: &plan, insights, scores })
}

fn taken() -> Decision {
    with(&settings(), &world(), |results| decide(results, InsightId(1), Verdict::Accept, " why ", "Ann")).unwrap()
}

fn standing(settings: &Settings, all: &[Made]) -> Standing {
    with(settings, all, |results| standings(results, &[taken()])).remove(0)
}

/// The one premise that changed.
fn only(standing: &Standing) -> (&str, &str) {
    let [changed] = &standing.changed[..] else { panic!("{standing:?}") };
    (&changed.premise, &changed.how)
}

#[test]
fn a_decision_keeps_what_it_rests_on() {
    let decision = taken();
    assert_eq!((decision.why.as_str(), decision.by.as_str()), ("why", "Ann"));
    assert_eq!(decision.alternatives.iter().map(|other| other.rank).collect::<Vec<_>>(), [2, 3]);
    let paths: Vec<&str> = decision.premises.strategy.keys().map(String::as_str).collect();
    assert_eq!(paths, ["strategy.objectives.O1", "strategy.objectives.key_results.O1-KR1"]);
    assert!(standing(&settings(), &world()).holds());
}

#[test]
fn a_changed_score_opens_it_and_a_small_drift_does_not() {
    let mut all = world();
    all[0].score.total = 40.8;
    assert!(standing(&settings(), &all).holds());
    all[0].score.total = 33.0;
    let open = standing(&settings(), &all);
    let (premise, how) = only(&open);
    assert_eq!(premise, "score");
    assert!(how.starts_with("40.0 points when it was decided, 33.0 now: below band 4"), "{how}");
}

#[test]
fn changed_evidence_opens_it() {
    let mut all = world();
    all[0].insight.members.push(SignalId(777));
    let open = standing(&settings(), &all);
    assert_eq!(only(&open), ("evidence", "2 statements when it was decided, 3 now: 1 new, 0 gone"));
    all[0].insight.members.remove(0);
    let open = standing(&settings(), &all);
    assert_eq!(only(&open), ("evidence", "2 statements when it was decided, 2 now: 1 new, 1 gone"));
}

#[test]
fn a_changed_part_of_the_strategy_opens_it_and_another_part_does_not() {
    let mut changed = settings();
    changed.strategy.objectives[0].text = "A week may move".into();
    let open = standing(&changed, &world());
    assert_eq!(only(&open), ("strategy.objectives.O1", "text was “A week stands”, is “A week may move”"));
    let mut changed = settings();
    changed.strategy.objectives[0].key_results[0].unit = Some("%".into());
    let open = standing(&changed, &world());
    assert_eq!(only(&open), ("strategy.objectives.key_results.O1-KR1", "unit was not declared, is “%”"));
    let mut changed = settings();
    changed.strategy.objectives.remove(0);
    assert_eq!(standing(&changed, &world()).changed.len(), 2);
    // A part it does not rest on, and a reading.
    let mut changed = settings();
    changed.strategy.objectives[1].text = "Something else".into();
    changed.strategy.objectives[0].key_results[0].current = Some(3.0);
    changed.product.name = Some("Another name".into());
    assert!(standing(&changed, &world()).holds());
}

#[test]
fn what_happens_to_other_insights_leaves_it() {
    let mut all = world();
    all[1].insight.members.push(SignalId(777));
    all[2].score.total = 70.0;
    all.push(made(4, 55.0, 2.0));
    assert!(standing(&settings(), &all).holds());
}

#[test]
fn it_follows_its_statements_where_the_insight_is_gone() {
    let mut all = world();
    // Merged: the other insight took its statements.
    let members = all[0].insight.members.clone();
    all[1].insight.members.extend(members);
    all.remove(0);
    let open = standing(&settings(), &all);
    assert_eq!(open.insight_id, Some(InsightId(2)));
    assert!(open.changed.iter().any(|changed| changed.how.contains("went into")), "{open:?}");
    // Nothing of it is left.
    let gone = standing(&settings(), &[made(9, 10.0, 1.0)]);
    assert_eq!((gone.insight_id, gone.holds()), (None, false));
}

#[test]
fn a_later_decision_takes_the_place_of_an_earlier_one() {
    let later = Decision { verdict: Verdict::Reject, ..taken() };
    let found = with(&settings(), &world(), |results| standings(results, &[taken(), later]));
    assert_eq!(found.iter().map(Standing::holds).collect::<Vec<_>>(), [false, true]);
}
