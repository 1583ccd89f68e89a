//! Every rule of screens and of terms is broken once on purpose.
#![allow(clippy::unwrap_used, reason = "a failed unwrap in a test is the test's message")]

mod fixture;

use throughline_model::spec::{Call, Region, Spec};
use throughline_specify::Outcome;
use throughline_specify::lint::{Finding, Seen, Severity, lint, screens};

const CLEAN: Seen = Seen {
    n_violations: 0,
    smallest_target_px: 24.0,
    lowest_contrast: 4.5,
    n_unreached: 0,
    sideways_px: 0,
    n_markup_errors: 0,
    n_leaks: 0,
};

fn export() -> (Spec, throughline_model::Corpus) {
    let fixture = fixture::build(&fixture::TOLD[0]);
    let outcome = fixture.outcome();
    match outcome {
        Outcome::Specified(spec) => (*spec, fixture.corpus),
        Outcome::Abstained { why } => panic!("{why}"),
    }
}

fn has(findings: &[Finding], rule: &str, severity: Severity) -> bool {
    findings.iter().any(|finding| finding.rule == rule && finding.severity == severity)
}

#[track_caller]
fn broken(rule: &str, severity: Severity, damage: impl FnOnce(&mut Spec)) {
    let (mut spec, _) = export();
    assert!(!has(&screens(&spec, Some(&CLEAN)), rule, severity), "{rule} is broken before");
    damage(&mut spec);
    assert!(has(&screens(&spec, Some(&CLEAN)), rule, severity), "{rule} was not noticed");
}

#[track_caller]
fn seen(rule: &str, seen: Seen) {
    assert!(has(&screens(&export().0, Some(&seen)), rule, Severity::Error), "{rule} was not noticed in {seen:?}");
}

#[test]
fn a_clean_look_leaves_nothing_to_say() {
    let found = screens(&export().0, Some(&CLEAN));
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn broken_screens_are_noticed() {
    use Severity::{Error, Warning};
    broken("SC-1", Error, |spec| drop(spec.screens[0].copy_by_state.remove(4)));
    broken("SC-1", Error, |spec| spec.screens[0].copy_by_state[1].1.clear());
    broken("SC-5", Warning, |spec| "No files yet.".clone_into(&mut spec.screens[0].copy_by_state[1].1));
    broken("SC-5", Warning, |spec| {
        "delete a file".clone_into(&mut spec.stories[0].means.text);
        spec.stories[0].criteria.truncate(1);
    });
    broken("SC-6", Error, |spec| {
        let region = Region { kind: "button".to_owned(), label: "Go".to_owned(), serves: Vec::new() };
        spec.screens[0].regions.push(region);
    });
    broken("SC-6", Error, |spec| spec.stories[0].criteria[0].steps[0].clear());
    broken("SC-7", Warning, |spec| "Nothing here. Add one.".clone_into(&mut spec.screens[0].copy_by_state[1].1));
    broken("SC-7", Warning, |spec| "Something went wrong.".clone_into(&mut spec.screens[0].copy_by_state[4].1));
    broken("SC-7", Warning, |spec| "Lorem ipsum".clone_into(&mut spec.screens[0].copy_by_state[0].1));
}

#[test]
fn what_a_browser_saw_counts() {
    seen("SC-2", Seen { n_violations: 1, ..CLEAN });
    seen("SC-3", Seen { smallest_target_px: 23.0, ..CLEAN });
    seen("SC-3", Seen { lowest_contrast: 4.4, ..CLEAN });
    seen("SC-3", Seen { n_unreached: 1, ..CLEAN });
    seen("SC-3", Seen { sideways_px: 1, ..CLEAN });
    seen("SC-4", Seen { n_markup_errors: 1, ..CLEAN });
    seen("SC-6", Seen { n_leaks: 1, ..CLEAN });
}

#[test]
fn without_a_look_what_needs_one_is_not_known() {
    let found = screens(&export().0, None);
    for rule in ["SC-2", "SC-3", "SC-4"] {
        assert!(has(&found, rule, Severity::NotKnown), "{rule}");
    }
}

#[test]
fn a_result_that_observes_nothing_is_noticed() {
    let (mut spec, corpus) = export();
    assert!(!has(&lint(&spec, &corpus), "AC-6", Severity::Error));
    let steps = &mut spec.stories[0].criteria[0].steps;
    *steps.last_mut().unwrap() = vec![Call { verb: "tick".to_owned(), args: Vec::new() }];
    assert!(has(&lint(&spec, &corpus), "AC-6", Severity::Error), "a result that only acts");
    spec.stories[0].criteria[0].steps.last_mut().unwrap().clear();
    assert!(has(&lint(&spec, &corpus), "AC-6", Severity::Error), "a result without terms");
}
