//! What the plan promises: capacity is kept, gates and promises come first, a non-goal never without an override, order
//! between insights is kept, and every place says why.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod fixture;

use fixture::{Made, check, made, ranked, with_capacity};
use proptest::prelude::*;
use std::collections::BTreeMap;
use throughline_model::decision::Verdict;
use throughline_model::plan::{EffortBasis, Horizon, Place, Plan};
use throughline_model::settings::{DeclaredEffort, Period};
use throughline_model::strategy::{Commitment, Day};
use throughline_model::{InsightId, Settings, Timestamp};
use throughline_plan::schedule::{Candidate, Ruling, schedule};

fn plan_with(settings: &Settings, all: &[Made], rulings: &BTreeMap<InsightId, Ruling>) -> Plan {
    let candidates: Vec<Candidate<'_>> = all
        .iter()
        .map(|made| Candidate {
            insight: &made.insight,
            needs: &made.needs,
            score: &made.score,
            total: made.score.total,
        })
        .collect();
    schedule(settings, Timestamp::from_date(2026, 9, 30), ranked(all), &candidates, rulings)
}

fn plan(settings: &Settings, all: &[Made]) -> Plan {
    plan_with(settings, all, &BTreeMap::new())
}

fn place(plan: &Plan, id: u64) -> &Place {
    plan.places.iter().find(|place| place.insight_id == InsightId(id)).unwrap()
}

fn ruling(verdict: Verdict) -> Ruling {
    Ruling { verdict, because: "Ann says so".into() }
}

#[test]
fn without_capacity_nothing_is_promised_and_the_plan_says_what_to_declare() {
    let plan = plan(&Settings::default(), &[made(1, 40.0, 10.0)]);
    assert_eq!(place(&plan, 1).horizon, Horizon::Unplanned);
    assert!(place(&plan, 1).reason.contains("people_days_per_period"));
    assert_eq!(place(&plan, 1).effort.as_ref().map(|effort| effort.likely_days), Some(5.0));
    assert_eq!((plan.windows.len(), plan.proof), (0, None));
}

#[test]
fn without_an_effort_nothing_is_promised_and_a_declared_one_is_used() {
    let mut settings = with_capacity(20.0);
    let all = [made(1, 40.0, 0.0)];
    let unknown = plan(&settings, &all);
    assert_eq!((place(&unknown, 1).horizon, &place(&unknown, 1).effort), (Horizon::Unplanned, &None));
    assert!(place(&unknown, 1).reason.contains("[[effort]]"), "{}", place(&unknown, 1).reason);
    let duty = plan(&settings, &[made(1, 40.0, 0.0).with_badge("must do")]);
    assert_eq!(place(&duty, 1).horizon, Horizon::Unplanned);
    assert!(place(&duty, 1).reason.starts_with("must do: a reason; but what it takes is not known"));
    let insight = all[0].insight.id.to_string();
    settings.effort = vec![DeclaredEffort { insight, people_days: Some(7.0), ..DeclaredEffort::default() }];
    let known = plan(&settings, &all);
    let effort = place(&known, 1).effort.as_ref().unwrap();
    assert_eq!(
        (place(&known, 1).horizon, effort.likely_days, effort.basis),
        (Horizon::Now, 7.0, EffortBasis::Declared)
    );
}

#[test]
fn gates_come_before_higher_totals_and_run_over_when_they_must() {
    let all =
        [made(1, 60.0, 16.0), made(2, 20.0, 30.0).with_badge("fix now"), made(3, 10.0, 4.0).with_badge("must do")];
    let plan = plan(&with_capacity(10.0), &all);
    // Two days for the duty, eight of fifteen for the fix, the rest of it in the next period; then three are left.
    assert_eq!(place(&plan, 3).horizon, Horizon::Now);
    assert_eq!(place(&plan, 2).horizon, Horizon::Now);
    assert!(place(&plan, 2).reason.contains("7 of them in the period after"), "{}", place(&plan, 2).reason);
    assert_eq!(place(&plan, 1).horizon, Horizon::Later);
    assert_eq!(plan.windows.iter().map(|window| window.taken_days).collect::<Vec<_>>(), [10.0, 7.0]);
}

#[test]
fn a_non_goal_is_never_planned_without_an_override_and_a_rejection_never() {
    let settings = with_capacity(100.0);
    let all = [made(1, 60.0, 10.0).with_badge("against a non-goal"), made(2, 50.0, 10.0)];
    let without = plan(&settings, &all);
    assert_eq!(place(&without, 1).horizon, Horizon::Never);
    assert!(place(&without, 1).reason.contains("accept"));
    let with = plan_with(&settings, &all, &[(InsightId(1), ruling(Verdict::Accept))].into());
    assert_eq!(place(&with, 1).horizon, Horizon::Now);
    let against = plan_with(&settings, &all, &[(InsightId(2), ruling(Verdict::Reject))].into());
    assert_eq!(place(&against, 2).horizon, Horizon::Never);
    let deferred = plan_with(&settings, &all, &[(InsightId(2), ruling(Verdict::Defer))].into());
    assert_eq!((place(&deferred, 2).horizon, place(&deferred, 2).reason.as_str()), (Horizon::Later, "Ann says so"));
}

#[test]
fn promises_are_out_by_their_day() {
    let day = |month, day| Some(Day(Timestamp::from_date(2026, month, day).unwrap()));
    let mut settings = with_capacity(10.0);
    settings.capacity.as_mut().unwrap().periods = vec![
        Period { id: "over".into(), starts_on: day(8, 1), ends_on: day(9, 15), ..Period::default() },
        Period { id: "a".into(), starts_on: day(10, 1), ends_on: day(11, 13), ..Period::default() },
        Period { id: "b".into(), starts_on: day(11, 16), ends_on: day(12, 31), ..Period::default() },
    ];
    let promise = |id: &str, due, strength: &str| Commitment {
        id: id.into(),
        customer: "Fjordhelse".into(),
        due_on: due,
        strength: Some(strength.into()),
        ..Commitment::default()
    };
    settings.strategy.commitments = Some(vec![
        promise("C1", day(12, 1), "contract"),
        promise("C2", day(12, 31), "written"),
        promise("C3", day(10, 1), "verbal"),
    ]);
    let promised = |id: u64, path: &str| made(id, 10.0, 10.0).with_check(check("SA-14", 0.5, None, &[path]));
    let all = [
        made(9, 60.0, 20.0),
        promised(1, "strategy.commitments.C1"),
        promised(2, "strategy.commitments.C2"),
        promised(3, "strategy.commitments.C3"),
    ];
    let plan = plan(&settings, &all);
    assert_eq!(plan.windows.iter().map(|window| window.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    // Due before the second period ends: now. Due when it has ended: next. By word of mouth: no claim.
    assert_eq!(place(&plan, 1).horizon, Horizon::Now);
    assert!(place(&plan, 1).reason.starts_with("promised to Fjordhelse by 1 Dec 2026 (contract)"));
    assert_eq!(place(&plan, 2).horizon, Horizon::Next);
    assert!(!place(&plan, 3).reason.contains("promised"));
}

#[test]
fn what_another_one_is_built_on_comes_first() {
    let base = made(1, 10.0, 16.0).with_need("export", "payroll report");
    let upper = made(2, 60.0, 4.0).with_need("schedule", "payroll report");
    let other = made(3, 30.0, 4.0).with_need("schedule", "shift list");
    let plan = plan(&with_capacity(8.0), &[base.clone(), upper.clone(), other.clone()]);
    assert_eq!(place(&plan, 2).waits_for, [InsightId(1)]);
    assert_eq!(place(&plan, 3).waits_for, []);
    let at = |id| place(&plan, id).horizon;
    assert!(at(1) <= at(2), "{:?} before {:?}", at(1), at(2));
    assert!(place(&plan, 2).reason.contains("export before schedule"), "{}", place(&plan, 2).reason);
    // Too large for any period: what needs it waits as long, and says for what.
    let too_large = made(1, 10.0, 60.0).with_need("export", "payroll report");
    let mut settings = with_capacity(8.0);
    settings.effort = vec![DeclaredEffort {
        insight: upper.insight.id.to_string(),
        needs: vec![too_large.insight.id.to_string()],
        ..DeclaredEffort::default()
    }];
    let plan = self::plan(&settings, &[too_large, upper]);
    assert_eq!(place(&plan, 2).horizon, Horizon::Later);
    assert!(place(&plan, 2).reason.contains("declared in [[effort]]"), "{}", place(&plan, 2).reason);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn capacity_is_kept_and_the_order_of_input_does_not_matter(
        items in prop::collection::vec((0u32..70, 1u32..60, 0u32..12), 1..60),
        days in 1u32..80,
        turn in 0usize..60,
    ) {
        let settings = with_capacity(f64::from(days));
        let mut all: Vec<Made> = items
            .iter()
            .enumerate()
            .map(|(i, (total, movements, badge))| {
                let made = made(i as u64 + 1, f64::from(*total), f64::from(*movements));
                match badge {
                    0 => made.with_badge("must do"),
                    1 => made.with_badge("fix now"),
                    2 => made.with_badge("against a non-goal"),
                    _ => made,
                }
            })
            .collect();
        let once = plan(&settings, &all);
        for window in &once.windows {
            prop_assert!(window.taken_days <= window.capacity_days + 1e-6);
        }
        for place in &once.places {
            prop_assert!(!place.reason.is_empty());
        }
        let at = turn % all.len();
        all.rotate_left(at);
        prop_assert_eq!(&plan(&settings, &all), &once);
        prop_assert_eq!(&on_another_thread(|| plan(&settings, &all)), &once);
    }
}

fn on_another_thread<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| scope.spawn(work).join().unwrap())
}
