//! What must hold of every score, whatever the workspace: points have evidence that resolves and is verbatim, a source
//! that goes leaves unknowns and no zeros, one more voice never lowers reach, and the order of input does not show.
//!
//! Workspaces are generated from a seed: accounts, people, statements over two years in several insights, needs, a
//! declared strategy, usage and a code map, each of which may be absent.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking and prints what it measured")]

mod generated;
mod workspace;

use generated::{Parts, generated};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use throughline_model::{CheckState, Citation, Score};
use throughline_score::check::EVIDENCE_MAX;
use throughline_score::scale::Quantity;
use throughline_score::{Facts, Rubric};
use workspace::Workspace;

static RUBRIC: LazyLock<Rubric> = LazyLock::new(Rubric::builtin);

/// Checks that one more voice never lowers while the reference sizes stay.
const MONOTONE: [&str; 8] = ["BI-01", "BI-02", "BI-03", "BI-09", "BI-13", "BI-29", "BI-30", "BI-31"];

fn parts() -> impl Strategy<Value = Parts> {
    prop::array::uniform6(any::<bool>()).prop_map(|[accounts, people, dates, strategy, usage, code]| Parts {
        accounts,
        people,
        dates,
        strategy,
        usage,
        code,
    })
}

fn state_of(score: &Score) -> BTreeMap<&str, (CheckState, f64)> {
    score.checks.iter().map(|check| (check.id.as_str(), (check.state, check.points))).collect()
}

/// Whether what is cited exists and says what is quoted.
fn resolves(workspace: &Workspace, citation: &Citation) -> bool {
    let corpus = &workspace.corpus;
    match citation {
        Citation::Signal { id, span, quote } => {
            corpus.signals.iter().find(|signal| signal.id == *id).is_some_and(|signal| {
                let text = &corpus.record(signal.record_id).unwrap().text;
                span.is_none_or(|span| signal.span.contains(span) && text.get(span.range()) == quote.as_deref())
            })
        }
        Citation::Record { id } => corpus.record(*id).is_some(),
        Citation::Account { id, .. } => corpus.accounts.contains_key(id),
        Citation::Insight { id } => workspace.insights.iter().any(|insight| insight.id == *id),
        Citation::Strategy { path } => throughline_score::declared::at(&workspace.settings, path).is_some(),
        Citation::Default { path } => {
            path.strip_prefix("frames.").is_some_and(|id| throughline_frames::Frames::builtin().get(id).is_some())
        }
        Citation::Code { file, .. } => workspace.code.as_ref().is_some_and(|map| {
            map.files.contains_key(file)
                || ["ci.yml", "deploy.yml", "runbook.md"].contains(&file.as_str())
                || file.ends_with("_test.rs")
        }),
        // What people write into a specification is not what a score rests on.
        Citation::Edit { .. } => false,
    }
}

/// The first check that reads otherwise when insights, needs and members come in the opposite order.
fn what_order_shows(seed: u64, parts: Parts) -> Option<String> {
    let workspace = generated(seed, parts);
    let mut turned = workspace.clone();
    turned.insights.reverse();
    turned.needs.reverse();
    for insight in &mut turned.insights {
        insight.members.reverse();
    }
    let mut again = turned.scores(&RUBRIC);
    again.reverse();
    let ordered = |scores: Vec<Score>| -> Vec<Vec<(String, f64, Vec<Citation>)>> {
        let sorted = |mut evidence: Vec<Citation>| {
            evidence.sort();
            evidence
        };
        let of = |score: Score| score.checks.into_iter().map(|c| (c.id, c.points, sorted(c.evidence))).collect();
        scores.into_iter().map(of).collect()
    };
    let pairs = ordered(workspace.scores(&RUBRIC)).into_iter().flatten().zip(ordered(again).into_iter().flatten());
    pairs.filter(|(one, other)| one != other).map(|(one, _)| one.0).next()
}

/// Ratings whose sum depends on the order in which they are added.
#[test]
fn the_order_of_ratings_does_not_show() {
    let none = Parts { accounts: false, people: false, dates: false, strategy: false, usage: false, code: false };
    assert_eq!(what_order_shows(8_935_540_992_624_962_220, none), None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn points_have_evidence_that_resolves(seed: u64, parts in parts()) {
        let workspace = generated(seed, parts);
        for score in workspace.scores(&RUBRIC) {
            for check in &score.checks {
                prop_assert!((0.0..=1.0).contains(&check.points), "{} {}", check.id, check.points);
                if check.state == CheckState::Unknown {
                    prop_assert!(check.points == 0.0 && check.missing.as_ref().is_some_and(|m| !m.is_empty()), "{check:?}");
                }
                prop_assert!(check.points == 0.0 || !check.evidence.is_empty(), "{check:?}");
                for citation in &check.evidence {
                    prop_assert!(resolves(&workspace, citation), "{}: {citation:?}", check.id);
                }
            }
            let sum: f64 = score.checks.iter().map(|check| check.points).sum();
            let by_group: f64 = score.groups.values().map(|group| group.earned).sum();
            prop_assert!((sum - score.earned).abs() < 1e-6 && (by_group - score.earned).abs() < 1e-6);
        }
    }

    #[test]
    fn what_is_disconnected_is_unknown_and_never_zero(seed: u64, which in 0..6usize) {
        let whole = generated(seed, Parts::ALL);
        let less = generated(seed, Parts::without(which));
        for (with, without) in whole.scores(&RUBRIC).iter().zip(less.scores(&RUBRIC)) {
            let without = state_of(&without);
            for check in &RUBRIC.checks {
                let needs_it = check.needs.iter().any(|need| Parts::feeds(which, need));
                let is_scored = state_of(with)[check.id.as_str()].0 == CheckState::Scored;
                if needs_it && is_scored {
                    let (state, _) = without[check.id.as_str()];
                    prop_assert_eq!(state, CheckState::Unknown, "{} without {}", check.id, Parts::NAMES[which]);
                }
            }
        }
    }

    #[test]
    fn one_more_voice_never_lowers_reach(seed: u64, parts in parts()) {
        let before = generated(seed, parts);
        let after = before.clone().with_another_voice();
        let facts = |workspace: &Workspace| {
            // The reference sizes are held: they belong to the workspace, not to the voice.
            let mut facts = Facts::new(workspace.given(), &workspace.insights, &workspace.needs, &RUBRIC.references);
            facts.references.clone_from(&RUBRIC.references);
            throughline_score::scores(&RUBRIC, &facts, &workspace.insights, &workspace.needs).swap_remove(0)
        };
        let (before, after) = (facts(&before), facts(&after));
        for id in MONOTONE {
            let ((was, points_before), (is, points_after)) = (state_of(&before)[id], state_of(&after)[id]);
            if was == CheckState::Scored && is == CheckState::Scored {
                prop_assert!(points_after >= points_before - 1e-9, "{id}: {points_before} became {points_after}");
            }
        }
    }

    #[test]
    fn the_order_of_input_does_not_show(seed: u64, parts in parts()) {
        prop_assert_eq!(what_order_shows(seed, parts), None);
    }
}

#[test]
fn the_same_workspace_gives_the_same_bytes() {
    let bytes = || postcard::to_allocvec(&generated(7, Parts::ALL).scores(&RUBRIC)).unwrap();
    assert_eq!(bytes(), bytes());
}

/// Phrase checks ask what is said. With words that have nothing to do with it they fall to what any text gives.
#[test]
fn other_words_drop_the_phrase_checks_to_their_base_rate() {
    const PHRASES: [&str; 8] = ["BI-10", "BI-12", "BI-13", "BI-18", "BI-19", "BI-20", "BI-22", "BI-30"];
    let mean = |workspaces: &[Workspace]| {
        let points: Vec<f64> = workspaces
            .iter()
            .flat_map(|workspace| workspace.scores(&RUBRIC))
            .flat_map(|score| score.checks)
            .filter(|check| PHRASES.contains(&check.id.as_str()) && check.state == CheckState::Scored)
            .map(|check| check.points)
            .collect();
        points.iter().sum::<f64>() / points.len() as f64
    };
    let told: Vec<Workspace> = (0..20).map(|seed| generated(seed, Parts::ALL)).collect();
    let swapped: Vec<Workspace> = told.iter().cloned().map(Workspace::with_other_words).collect();
    let (told, base) = (mean(&told), mean(&swapped));
    println!("phrase checks: {told:.3} points with the words, {base:.3} with unrelated ones");
    assert!(told > 0.1 && base < 0.01, "{told} and {base}");
}

/// Ranks under longer and shorter scales are made from what is kept of an answer, so that nothing is asked again.
#[test]
fn what_is_kept_of_an_answer_gives_its_points_again() {
    // These two count voices by a scale of their own where no revenue is known.
    const STAND_IN: [&str; 2] = ["BI-10", "BI-12"];
    let mut n_compared = 0;
    for seed in 0..20 {
        let workspace = generated(seed, Parts::ALL);
        let facts = Facts::new(workspace.given(), &workspace.insights, &workspace.needs, &RUBRIC.references);
        for score in throughline_score::scores(&RUBRIC, &facts, &workspace.insights, &workspace.needs) {
            for (check, kept) in RUBRIC.checks.iter().zip(&score.checks) {
                let Some(x) = kept.x.filter(|_| !STAND_IN.contains(&check.id.as_str())) else { continue };
                let quantity = kept.of.map_or(Quantity::Number(x), |n| Quantity::Share { k: x * n, n });
                let points = RUBRIC.points(check, &quantity, &facts.references).unwrap();
                assert!((points - kept.points).abs() < 2e-9, "{}: {points} of {kept:?}", check.id);
                n_compared += 1;
            }
        }
    }
    assert!(n_compared > 2_000, "{n_compared}");
}

/// However much is said, a dozen citations are kept, of as many accounts as there are; the sentence counts them all.
#[test]
fn what_is_kept_of_an_answer_does_not_grow_with_what_is_said() {
    let mut text = String::from("as-of 2026-09-30\n");
    for account in 0..9 {
        text.push_str(&format!("account A{account} segment=Care arr=1000 seats=5 plan=pro\n"));
    }
    text.push_str("insight Payroll\n");
    for i in 0..400 {
        // One account says most of it, and last.
        let account = if i < 8 { i } else { 8 };
        text.push_str(&format!("s{i} 2026-0{}-{:02} @A{account} support: this is urgent\n", 1 + i / 50, 1 + i % 28));
    }
    let workspace = Workspace::read(&text);
    for check in workspace.scores(&RUBRIC).swap_remove(0).checks {
        let n_said = check.evidence.iter().filter(|c| !matches!(c, Citation::Strategy { .. })).count();
        assert!(n_said <= EVIDENCE_MAX, "{} cites {n_said}", check.id);
    }
    let urgent = workspace.check(&RUBRIC, "BI-18");
    assert_eq!(urgent.sentence, "400 of 400 sound urgent");
    assert_eq!((urgent.evidence.len(), urgent.n_unlisted), (EVIDENCE_MAX, 400 - EVIDENCE_MAX as u32));
    let signals = |check: &throughline_model::CheckResult| -> Vec<_> {
        let ids = check.evidence.iter().filter_map(|citation| match citation {
            Citation::Signal { id, .. } => workspace.corpus.signals.iter().find(|signal| signal.id == *id),
            _ => None,
        });
        ids.collect()
    };
    let accounts: std::collections::BTreeSet<_> = signals(&urgent).iter().map(|signal| signal.account).collect();
    assert_eq!(accounts.len(), 9, "every account is heard");
}

#[test]
fn evidence_is_of_the_insight_itself() {
    let workspace = generated(3, Parts::ALL);
    for (insight, score) in workspace.insights.iter().zip(workspace.scores(&RUBRIC)) {
        for citation in score.checks.iter().flat_map(|check| &check.evidence) {
            if let Citation::Signal { id, .. } = citation {
                assert!(insight.members.contains(id), "{id} is of another insight");
            }
        }
    }
}
