//! Every rule is broken once on purpose; every specification that is made breaks none.

mod fixture;

use throughline_frames::Frames;
use throughline_model::spec::{Case, Size, Spec};
use throughline_model::strategy::Strategy;
use throughline_model::{Basis, Corpus, Language};
use throughline_specify::lint::Severity;
use throughline_specify::{Input, Outcome, lint, playbook, specify};

fn spec_of(fixture: &fixture::Fixture) -> Spec {
    let outcome = specify(&Input {
        insight: &fixture.insight,
        needs: &fixture.needs,
        corpus: &fixture.corpus,
        score: None,
        place: None,
        strategy: &Strategy::default(),
        product_name: "Rotaboard",
        frames: Frames::builtin(),
    });
    match outcome {
        Outcome::Specified(spec) => *spec,
        Outcome::Abstained { why } => panic!("{why}"),
    }
}

fn export() -> (Spec, Corpus) {
    let fixture = fixture::build(&fixture::TOLD[0]);
    (spec_of(&fixture), fixture.corpus)
}

fn problems(spec: &Spec, corpus: &Corpus) -> Vec<String> {
    let findings = lint(spec, corpus);
    findings.iter().filter(|finding| finding.severity == Severity::Error).map(ToString::to_string).collect()
}

#[test]
fn specifications_that_read_like_real_ones_break_no_rule() {
    for told in fixture::TOLD {
        let fixture = fixture::build(told);
        let spec = spec_of(&fixture);
        let found = problems(&spec, &fixture.corpus);
        assert!(found.is_empty(), "{}: {found:#?}", spec.title);
    }
}

#[test]
fn all_frames_with_awkward_nouns_break_no_rule() {
    let nouns = [
        ("shifts", Language::En),
        ("CSV", Language::En),
        ("hour", Language::En),
        ("people", Language::En),
        ("staff", Language::En),
        ("our HR reports", Language::En),
        ("number of seats", Language::En),
        ("loading", Language::En),
        ("Dienstplan", Language::De),
        ("Überstunden", Language::De),
    ];
    let mut n_warnings = 0;
    for frame in playbook::frames() {
        for (noun, language) in nouns {
            let fixture = fixture::plain(frame, noun, language);
            let spec = spec_of(&fixture);
            let found = problems(&spec, &fixture.corpus);
            assert!(found.is_empty(), "{frame} / {noun}: {found:#?}");
            let warnings: Vec<String> = lint(&spec, &fixture.corpus)
                .iter()
                .filter(|finding| finding.severity == Severity::Warning)
                .map(ToString::to_string)
                .collect();
            assert!(warnings.len() <= 5, "{frame} / {noun}: {warnings:#?}");
            n_warnings += warnings.len();
        }
    }
    let n_specs = 54 * nouns.len();
    assert!(n_warnings <= n_specs, "{n_warnings} warnings over {n_specs} specifications");
}

/// Breaks a good specification and expects exactly the rule named.
#[track_caller]
fn broken(rule: &str, severity: Severity, damage: impl FnOnce(&mut Spec)) {
    let (mut spec, corpus) = export();
    let count = |spec: &Spec| lint(spec, &corpus).iter().filter(|f| f.rule == rule && f.severity == severity).count();
    let before = count(&spec);
    damage(&mut spec);
    assert!(count(&spec) > before, "{rule} was not noticed: {:#?}", lint(&spec, &corpus));
}

#[test]
fn broken_evidence_is_noticed() {
    use Severity::Error;
    broken("X-1", Error, |spec| spec.problem[0].citations.clear());
    broken("X-1", Error, |spec| spec.stories[0].criteria[0].citations.clear());
    broken("X-2", Error, |spec| spec.quotes[0].text.push('!'));
    broken("X-2", Error, |spec| spec.problem[2].text = "They say: “we never said any of this”".to_owned());
    broken("X-3", Error, |spec| spec.stories[1].id = spec.stories[0].id);
    broken("X-3", Error, |spec| spec.screens[0].regions[0].serves.push("US-9".to_owned()));
    broken("X-3", Error, |spec| "Nothing".clone_into(&mut spec.subject));
    broken("X-5", Error, |spec| spec.change[0].text = "The {object} is TODO.".to_owned());
    broken("X-5", Error, |spec| spec.change[0].text.clear());
}

#[test]
fn broken_stories_are_noticed() {
    use Severity::{Error, Warning};
    broken("US-1", Error, |spec| spec.stories[0].means.text = "the export of hours".to_owned());
    broken("US-1", Error, |spec| spec.stories[0].actor.text = "user".to_owned());
    broken("US-2", Error, |spec| spec.stories[0].means.text = "export hours and send them".to_owned());
    broken("US-3", Error, |spec| spec.stories[0].means.text.push_str(" (as CSV)"));
    broken("US-4", Error, |spec| {
        let (means, benefit) = (spec.stories[0].means.clone(), spec.stories[0].benefit.clone());
        spec.stories[1].means = means;
        spec.stories[1].benefit = benefit;
    });
    broken("US-4", Warning, |spec| spec.stories[0].benefit.text = "so much ".repeat(20));
    broken("US-5", Error, |spec| spec.stories[0].benefit.text = "hours export as CSV".to_owned());
    broken("US-6", Warning, |spec| spec.stories[0].means.text = "export hours through an API".to_owned());
    broken("US-7", Warning, |spec| spec.stories[0].means.text = "export hours in an easy way".to_owned());
    broken("US-8", Error, |spec| spec.stories[0].criteria.truncate(2));
    broken("US-8", Error, |spec| spec.stories[0].criteria.retain(|c| c.case != Case::Permission));
    broken("US-10", Warning, |spec| {
        let mut need = spec.needs[0].clone();
        need.id.0 ^= 1;
        spec.needs.push(need);
    });
    broken("US-11", Error, |spec| spec.stories[0].independent_test.clear());
}

#[test]
fn broken_criteria_are_noticed() {
    use Severity::{Error, Warning};
    broken("AC-1", Error, |spec| spec.stories[0].criteria[0].then.clear());
    broken("AC-1", Error, |spec| spec.stories[0].criteria[1].title = spec.stories[0].criteria[0].title.clone());
    broken("AC-1", Error, |spec| spec.stories[0].criteria[0].when = "I export my hours".to_owned());
    broken("AC-1", Warning, |spec| "Exports and sends".clone_into(&mut spec.stories[0].criteria[0].title));
    broken("AC-2", Error, |spec| spec.stories[0].criteria[0].when = "the clerk clicks the button".to_owned());
    broken("AC-2", Warning, |spec| spec.stories[0].criteria[0].then[0] = "it is quick".to_owned());
    broken("AC-3", Error, |spec| spec.stories[0].criteria[0].ears = "Rotaboard must export.".to_owned());
    broken("AC-3", Error, |spec| spec.stories[0].criteria[0].ears.push_str("\nWhen a, if b, Rotaboard shall c."));
    broken("AC-3", Error, |spec| {
        spec.stories[0].criteria[1].ears =
            spec.stories[0].criteria[1].ears.replace("make no file", "stop and delete the file");
    });
    broken("AC-4", Error, |spec| spec.stories[0].criteria.retain(|c| matches!(c.case, Case::Happy | Case::Empty)));
    broken("AC-5", Error, |spec| spec.needs[0].signals.clear());
    broken("AC-5", Error, |spec| spec.stories[0].criteria[0].steps.clear());
}

#[test]
fn broken_documents_are_noticed() {
    use Severity::{Error, Warning};
    broken("PR-1", Error, |spec| spec.risks.clear());
    broken("PR-1", Error, |spec| spec.size = Size::Fix);
    broken("PR-2", Error, |spec| spec.problem[0].text = "word ".repeat(130));
    broken("PR-2", Error, |spec| spec.problem[0].text = "We will build a feature for this.".to_owned());
    broken("PR-3", Error, |spec| spec.quotes.truncate(1));
    broken("PR-4", Error, |spec| spec.measures.retain(|measure| !measure.is_guardrail));
    broken("PR-4", Error, |spec| spec.measures[0].target.text = "more".to_owned());
    broken("PR-5", Error, |spec| spec.questions[0].options.truncate(1));
    broken("PR-6", Warning, |spec| {
        spec.risks.retain(|risk| !risk.text.contains('“'));
        spec.questions.retain(|question| !question.text.contains('“'));
    });
    broken("PR-8", Warning, |spec| {
        let heavy =
            "Organisational transformation necessitates comprehensive interdepartmental communication strategies.";
        spec.change.iter_mut().for_each(|statement| heavy.clone_into(&mut statement.text));
        spec.risks.iter_mut().for_each(|statement| heavy.clone_into(&mut statement.text));
        spec.non_goals.iter_mut().for_each(|statement| heavy.clone_into(&mut statement.text));
        spec.why_now.iter_mut().for_each(|statement| heavy.clone_into(&mut statement.text));
        spec.problem.iter_mut().for_each(|statement| heavy.clone_into(&mut statement.text));
    });
}

#[test]
fn rules_without_input_say_so() {
    let (spec, corpus) = export();
    let silent: Vec<String> = lint(&spec, &corpus)
        .iter()
        .filter(|finding| finding.severity == Severity::NotKnown)
        .map(|finding| finding.rule.clone())
        .collect();
    assert_eq!(silent, ["AC-6", "PR-7", "US-9", "X-4"]);
}

#[test]
fn a_bug_stays_small() {
    let fixture = fixture::build(&fixture::TOLD[2]);
    let spec = spec_of(&fixture);
    assert_eq!(spec.size, Size::Fix);
    let fix = spec.fix.as_ref().unwrap();
    assert!(fix.expected[0].text.contains("should be in the March file"));
    assert_eq!(fix.expected[0].basis, Basis::Evidence);
    assert!(fix.workaround[0].text.contains("delete a day by hand"));
    assert!(fix.place[0].text.contains("Helsinki"));
    assert!(fix.tell[0].text.contains("Osmo Care"));
    assert_eq!(spec.stories.len(), 1);
    assert_eq!(spec.stories[0].criteria.len(), 1);
    assert!(spec.change.is_empty() && spec.rollout.is_empty());
}

#[test]
fn small_changes_are_small_and_capabilities_whole() {
    let sizes: Vec<Size> = fixture::TOLD.iter().map(|told| spec_of(&fixture::build(told)).size).collect();
    assert_eq!(sizes[0], Size::Capability);
    assert_eq!(sizes[3], Size::Tweak);
}

#[test]
fn nothing_is_specified_from_nothing() {
    let mut fixture = fixture::build(&fixture::TOLD[0]);
    let input = |fixture: &fixture::Fixture| {
        specify(&Input {
            insight: &fixture.insight,
            needs: &fixture.needs,
            corpus: &fixture.corpus,
            score: None,
            place: None,
            strategy: &Strategy::default(),
            product_name: "Rotaboard",
            frames: Frames::builtin(),
        })
    };
    let Outcome::Specified(again) = input(&fixture) else { panic!("abstained") };
    assert_eq!(*again, spec_of(&fixture), "the same input gives the same specification");
    fixture.needs.clear();
    assert!(matches!(input(&fixture), Outcome::Abstained { why } if why.contains("9 signals")));
    let mut praise = fixture::build(&fixture::TOLD[0]);
    praise.insight.kind = throughline_model::Kind::Praise;
    assert!(matches!(input(&praise), Outcome::Abstained { why } if why.contains("praise")));
}

#[test]
fn things_to_remove_or_keep_have_words_of_their_own() {
    for (polarity, begins) in [
        (throughline_model::Polarity::Remove, "Take hours away"),
        (throughline_model::Polarity::Keep, "Keep hours as they are"),
    ] {
        let mut fixture = fixture::build(&fixture::TOLD[0]);
        fixture.needs[0].polarity = polarity;
        let spec = spec_of(&fixture);
        assert_eq!(spec.title, begins);
        let found = problems(&spec, &fixture.corpus);
        assert!(found.is_empty(), "{found:#?}");
    }
}
