//! Every rule is broken once on purpose; every specification that is made breaks none.

mod fixture;

use throughline_model::job::Opportunity;
use throughline_model::persona::Cast;
use throughline_model::plan::{Effort, EffortBasis};
use throughline_model::settings::Term;
use throughline_model::spec::{Call, Case, Size, Spec};
use throughline_model::strategy::Strategy;
use throughline_model::use_case::Level;
use throughline_model::{Basis, Corpus, Language, SlotName};
use throughline_specify::lint::{Beside, Severity, Views, lint_beside, lint_cast};
use throughline_specify::{Outcome, lint, persona, playbook};

fn spec_of(fixture: &fixture::Fixture) -> Spec {
    match fixture.outcome() {
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
fn broken_personas_are_noticed() {
    use Severity::{Error, NotKnown, Warning};
    broken("PE-3", Error, |spec| spec.primary = None);
    broken("PE-3", Error, |spec| spec.secondary = vec![spec.primary.clone().unwrap()]);
    broken("PE-6", Warning, |spec| "user".clone_into(&mut spec.primary.as_mut().unwrap().name));
    broken("US-1", Error, |spec| "wizard".clone_into(&mut spec.stories[0].actor.text));
    let fixture = fixture::build(&fixture::TOLD[0]);
    let asked = [(&fixture.insight, fixture.needs.as_slice())];
    let cast = persona::cast(&fixture.corpus, &asked, &Strategy::default());
    assert!((2..=5).contains(&cast.personas.len()), "{cast:?}");
    let count = |cast: &Cast, rule: &str, severity: Severity| {
        lint_cast(cast, &fixture.corpus).iter().filter(|f| f.rule == rule && f.severity == severity).count()
    };
    let broken = |rule: &str, severity: Severity, damage: &dyn Fn(&mut Cast)| {
        let mut worse = cast.clone();
        damage(&mut worse);
        let found = count(&worse, rule, severity);
        assert!(found > count(&cast, rule, severity), "{rule}: {:#?}", lint_cast(&worse, &fixture.corpus));
    };
    broken("PE-1", Error, &|cast| cast.personas[0].is_provisional = false);
    broken("PE-1", Warning, &|cast| {
        for persona in &mut cast.personas {
            persona.sources.truncate(1);
        }
    });
    broken("PE-2", Error, &|cast| cast.personas[0].workaround.text.clear());
    broken("PE-2", Error, &|cast| {
        cast.personas[0].is_provisional = false;
        cast.personas[0].goals.clear();
    });
    broken("PE-3", Error, &|cast| cast.personas[1].id = cast.personas[0].id);
    broken("PE-4", Warning, &|cast| cast.personas[0].context.text = "A married woman, 45 years old.".into());
    broken("PE-4", Warning, &|cast| {
        cast.personas[0].frequency.basis = Basis::Evidence;
        cast.personas[0].frequency.text = "“We never said any of this.”".into();
    });
    broken("PE-5", Warning, &|cast| cast.personas[0].silhouette = Some(0.02));
    broken("PE-5", NotKnown, &|cast| cast.personas[0].silhouette = None);
    broken("PE-6", Warning, &|cast| cast.personas[0].name = "user".into());
    assert!(count(&Cast::default(), "PE-1", NotKnown) == 1, "without a role nothing passes");
}

#[test]
fn broken_jobs_are_noticed() {
    use Severity::{Error, NotKnown, Warning};
    broken("JB-1", Error, |spec| spec.jobs.clear());
    broken("JB-1", Error, |spec| spec.jobs[0].circumstance.text = "as a payroll clerk at work".into());
    broken("JB-1", Error, |spec| spec.jobs[0].progress.text.clear());
    broken("JB-2", Error, |spec| spec.jobs[0].motivation.text = "use the export dashboard".into());
    broken("JB-3", Warning, |spec| drop(spec.jobs[0].forces.pop()));
    broken("JB-3", Warning, |spec| {
        let open = spec.jobs[0].forces.iter_mut().find(|force| force.statement.basis == Basis::Evidence).unwrap();
        open.statement.citations.clear();
    });
    broken("JB-4", Error, |spec| spec.jobs[0].outcomes[0].statement.text = "Make the export nicer.".into());
    broken("JB-4", Error, |spec| {
        spec.jobs[0].outcomes[0].statement.text.insert_str(12, "the cost and ");
    });
    broken("JB-4", Error, |spec| spec.jobs[0].outcomes.clear());
    let opportunity = |n| Opportunity {
        segment: "Clinic".into(),
        importance: Some(8.0),
        n_importance: n,
        satisfaction: Some(3.0),
        n_satisfaction: 4,
    };
    assert_eq!(opportunity(5).score(), Some(13.0));
    assert_eq!(Opportunity { satisfaction: None, ..opportunity(5) }.score(), None);
    broken("JB-5", Warning, |spec| spec.jobs[0].opportunities = vec![opportunity(0)]);
    let (mut spec, corpus) = export();
    spec.jobs[0].opportunities = vec![opportunity(5)];
    assert!(!lint(&spec, &corpus).iter().any(|f| f.rule == "JB-5" && f.severity == NotKnown));
}

#[test]
fn broken_use_cases_are_noticed() {
    use Severity::{Error, Warning};
    broken("UC-1", Error, |spec| spec.use_cases.clear());
    broken("UC-1", Error, |spec| spec.use_cases[0].stakeholders.clear());
    broken("UC-1", Error, |spec| spec.use_cases[0].primary_actor = "wizard".into());
    broken("UC-2", Error, |spec| spec.use_cases[0].steps.truncate(2));
    broken("UC-2", Error, |spec| spec.use_cases[0].steps[1].text = "export them".into());
    broken("UC-2", Error, |spec| spec.use_cases[0].steps[1].number = 7);
    broken("UC-3", Error, |spec| spec.use_cases[0].extensions[0].id = "8a".into());
    broken("UC-3", Error, |spec| spec.use_cases[0].extensions[0].handling.clear());
    broken("UC-3", Error, |spec| spec.use_cases[0].extensions[0].rejoins_at = Some(40));
    broken("UC-3", Error, |spec| spec.use_cases[0].extensions[0].criterion_key = "US-9.9".into());
    broken("UC-4", Warning, |spec| spec.use_cases[0].level = Level::Subfunction);
    broken("UC-5", Error, |spec| spec.use_cases[0].minimal_guarantees[0].criterion_keys = vec!["US-1.1".into()]);
}

#[test]
fn rules_with_their_inputs_are_broken_too() {
    use Severity::{Error, NotKnown, Warning};
    let (spec, corpus) = export();
    let found = |spec: &Spec, beside: &Beside<'_>, rule: &str, severity: Severity| {
        lint_beside(spec, &corpus, beside).iter().filter(|f| f.rule == rule && f.severity == severity).count()
    };
    // customers' other words for a declared term.
    let terms = [Term { term: "timesheet".into(), meaning: None, also: vec!["hours".into()] }];
    let beside = Beside { terms: &terms, ..Beside::default() };
    assert!(found(&spec, &beside, "X-4", Warning) > 0);
    let agreed = [Term { term: "hours".into(), meaning: None, also: vec!["timesheet".into()] }];
    let beside = Beside { terms: &agreed, ..Beside::default() };
    assert_eq!((found(&spec, &beside, "X-4", Warning), found(&spec, &beside, "X-4", NotKnown)), (0, 0));
    // US-9: the width of the estimate.
    let effort = |low: f64, high: f64| Effort {
        low_days: low,
        likely_days: 3.0,
        high_days: high,
        basis: EffortBasis::Declared,
        sentence: String::new(),
    };
    let (wide, narrow) = (effort(1.0, 9.0), effort(2.0, 8.0));
    assert_eq!(found(&spec, &Beside { effort: Some(&wide), ..Beside::default() }, "US-9", Warning), 1);
    let beside = Beside { effort: Some(&narrow), ..Beside::default() };
    assert_eq!((found(&spec, &beside, "US-9", Warning), found(&spec, &beside, "US-9", NotKnown)), (0, 0));
    // PR-7: the length of one page, and that both views say the same.
    let long = format!("# {}\n\n{}", spec.title, "word ".repeat(700));
    let views = Views { one_page: &long, full: &long };
    assert_eq!(found(&spec, &Beside { views: Some(views), ..Beside::default() }, "PR-7", Warning), 1);
    let title = format!("# {}", spec.title);
    let views = Views { one_page: &title, full: "something else" };
    assert_eq!(found(&spec, &Beside { views: Some(views), ..Beside::default() }, "PR-7", Warning), 1);
    // JB-2: the product's own name.
    let mut named = spec.clone();
    named.jobs[0].motivation.text = "have Rotaboard hand them over".into();
    let beside = Beside { product_name: Some("Rotaboard"), ..Beside::default() };
    assert_eq!((found(&spec, &beside, "JB-2", Error), found(&named, &beside, "JB-2", Error)), (0, 1));
}

#[test]
fn criteria_that_nothing_can_fail_are_noticed() {
    use Severity::{Error, Warning};
    broken("AC-6", Error, |spec| {
        let criterion = &mut spec.stories[0].criteria[0];
        let n_before = criterion.given.len() + 1;
        for calls in criterion.steps.iter_mut().skip(n_before) {
            *calls = vec![Call { verb: "tick".into(), args: Vec::new() }];
        }
    });
    broken("AC-6", Error, |spec| spec.stories[0].criteria[0].steps.iter_mut().for_each(Vec::clear));
    // A form is stated, and the criteria say what they would say without it.
    broken("AC-6", Warning, |spec| {
        spec.needs[0].slots.get_mut(&SlotName::Format).unwrap().value = "a PDF in A4".into();
    });
    // The criterion of something that is to go, in a story that wants it.
    broken("AC-6", Warning, |spec| {
        let mut gone = fixture::build(&fixture::TOLD[0]);
        gone.needs[0].polarity = throughline_model::Polarity::Remove;
        let other = spec_of(&gone);
        spec.stories[0].criteria[0] = other.stories[0].criteria[0].clone();
    });
}

#[test]
fn contradicting_needs_are_told() {
    broken("US-10", Severity::Warning, |spec| {
        let mut against = spec.needs[0].clone();
        against.polarity = throughline_model::Polarity::Remove;
        spec.needs.push(against);
    });
    broken("US-10", Severity::Warning, |spec| spec.stories[0].independent_test = "it works once US-2 does".into());
    broken("AC-4", Severity::Error, |spec| {
        let mut vague = spec.problem[0].clone();
        vague.text = "An export shall end within a short time.".into();
        spec.qualities.push(vague);
    });
    broken("PR-3", Severity::Error, |spec| {
        spec.problem.iter_mut().for_each(|statement| statement.text = statement.text.replace(" of ", " "));
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
    // No name of the product, no survey answers, no views, no estimate, no terms and no code lie beside it, and no browser
    // has seen it.
    assert_eq!(silent, ["BP-8", "BP-9", "JB-2", "JB-5", "PR-7", "SC-2", "SC-3", "SC-4", "US-9", "X-4"]);
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
    let Outcome::Specified(again) = fixture.outcome() else { panic!("abstained") };
    assert_eq!(*again, spec_of(&fixture), "the same input gives the same specification");
    fixture.needs.clear();
    assert!(matches!(fixture.outcome(), Outcome::Abstained { why } if why.contains("9 signals")));
    let mut praise = fixture::build(&fixture::TOLD[0]);
    praise.insight.kind = throughline_model::Kind::Praise;
    assert!(matches!(praise.outcome(), Outcome::Abstained { why } if why.contains("praise")));
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
