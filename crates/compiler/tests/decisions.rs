//! Decisions in a workspace: kept through runs and clean rebuilds, opened again by new evidence or a changed strategy
//! and by nothing else, and without words of what was forgotten.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod disk;

use disk::{Disk, Quiet};
use std::fs;
use throughline_compiler::import::ImportOptions;
use throughline_compiler::planning::WhatIf;
use throughline_compiler::session::RunReport;
use throughline_compiler::{RunOptions, Session, forget};
use throughline_model::decision::Verdict;
use throughline_model::plan::Horizon;

const EXPORT: [&str; 6] = [
    "Please let us schedule the payroll export, I do it by hand every Friday.",
    "The payroll export should run by itself at the end of the month.",
    "I forget to run the payroll export and then wages are late. Can it be scheduled?",
    "We export the hours to payroll manually each week, it takes an hour.",
    "An automatic export of hours to our payroll system would save us a day.",
    "Could the payroll file be sent to our accountant on the first of the month?",
];
const LOGIN: [&str; 5] = [
    "We need single sign-on with Azure before we can sign.",
    "Is SSO through Okta possible? Our IT requires it.",
    "SAML single sign-on is a must for our IT department.",
    "Without SSO we can't roll it out to the whole group.",
    "Please support login with our Microsoft accounts.",
];
const OTHERS: [&str; 17] = [
    "The Android app crashes when I open the rota.",
    "Since the update the app closes as soon as I open the rota on my Samsung.",
    "App crashes on start on Android 14, I cannot see my shifts.",
    "The rota will not open on my phone, the app just stops.",
    "My phone app keeps crashing after yesterday's update.",
    "Crash when opening the week view on Android.",
    "Reminders for my shift arrive twice.",
    "I get every shift reminder two times, once at night.",
    "Why do I receive the same notification twice?",
    "Duplicate reminders wake me up at 3 am.",
    "The shift reminder was sent twice again today.",
    "Two identical push notifications for one shift.",
    "I love how simple the rota is, great work!",
    "How do I print the rota as a PDF?",
    "Can the rota be printed for the wall in the kitchen?",
    "Printing the week cuts off the last column.",
    "The PDF of the rota is too small to read on the wall.",
];

const SETTINGS: &str = r#"
[capacity]
people_days_per_period = 40
[[strategy.principles]]
id = "P1"
text = "Payroll export runs by itself and is scheduled"
broken_when = "somebody exports payroll by hand"
[[strategy.principles]]
id = "P2"
text = "Submarines surface without a sound"
broken_when = "a submarine is heard"
"#;

struct Workspace(tempfile::TempDir);

impl Workspace {
    fn new() -> Self {
        let workspace = Self(tempfile::tempdir().unwrap());
        workspace.set_settings(SETTINGS);
        workspace.import("a", &EXPORT);
        workspace.import("b", &LOGIN);
        workspace.import("d", &OTHERS);
        workspace.run(false);
        workspace
    }

    fn set_settings(&self, text: &str) {
        fs::write(self.0.path().join("throughline.toml"), text).unwrap();
    }

    fn session(&self) -> Session {
        Session::open(self.0.path(), &Disk).unwrap()
    }

    fn import(&self, name: &str, texts: &[&str]) {
        let mut rows = String::from("id,text,created_at,email\n");
        for (i, text) in texts.iter().enumerate() {
            rows.push_str(&format!("{name}{i},\"{text}\",2026-05-{:02},p{i}@{name}{i}.example\n", i + 1));
        }
        let file = self.0.path().join(format!("{name}.csv"));
        fs::write(&file, rows).unwrap();
        self.session().import(&Disk, &[&file], &ImportOptions::default(), &mut Quiet).unwrap();
    }

    fn run(&self, is_fresh: bool) -> RunReport {
        self.session().run(&Disk, RunOptions { is_fresh, ..RunOptions::default() }, &mut ()).unwrap()
    }

    /// Rank of the insight that speaks of `word`.
    fn about(&self, word: &str) -> String {
        let session = self.session();
        let all = session.ranked(0).unwrap();
        let said = |ranked: &throughline_compiler::session::Ranked| {
            let voices = session.voices(ranked.insight.id).unwrap();
            voices.iter().any(|(row, record)| record.slice(row.signal.span).contains(word))
        };
        all.iter().find(|ranked| said(ranked)).unwrap().insight.id.to_string()
    }

    fn states(&self) -> Vec<&'static str> {
        self.session().decisions().unwrap().iter().map(throughline_compiler::planning::Held::state).collect()
    }
}

#[test]
fn a_decision_counts_holds_and_is_opened_by_new_evidence() {
    let workspace = Workspace::new();
    let (export, login) = (workspace.about("payroll export"), workspace.about("single sign-on"));
    assert_ne!(export, login);
    workspace.session().decide(&export, Verdict::Reject, "we tried", "Ann").unwrap();
    workspace.session().decide(&login, Verdict::Accept, "three deals", "Ann").unwrap();
    assert_eq!(workspace.run(false).reopened, Vec::<String>::new());
    let horizon = |id: &str| workspace.session().find(id).unwrap().place.horizon;
    assert_eq!((horizon(&export), horizon(&login)), (Horizon::Never, Horizon::Now));
    // A clean rebuild and a second run change nothing.
    assert_eq!(workspace.run(true).reopened, Vec::<String>::new());
    assert_eq!(workspace.run(false).reopened, Vec::<String>::new());
    assert_eq!(workspace.states(), ["holds", "holds"]);
    // New evidence for one opens that one.
    workspace.import("c", &["Please schedule the payroll export for every Friday by itself."]);
    let report = workspace.run(false);
    let open = report.reopened.iter().find(|told| told.contains(&export)).unwrap();
    assert!(open.contains("evidence: ") && open.contains(": 1 new, 0 gone"), "{open}");
    assert_eq!(workspace.states()[0], "open again");
    let place = workspace.session().find(&export).unwrap().place;
    assert_ne!(place.horizon, Horizon::Never);
    assert!(place.reason.contains("it was rejected by Ann, which is open again"), "{}", place.reason);
    // Deciding again settles it.
    workspace.session().decide(&export, Verdict::Defer, "after login", "Ann").unwrap();
    workspace.run(false);
    let states = workspace.states();
    assert_eq!((states[0], states[2]), ("superseded", "holds"));
}

#[test]
fn a_decision_is_opened_by_the_part_of_the_strategy_it_rests_on() {
    let workspace = Workspace::new();
    let export = workspace.about("payroll export");
    let decision = workspace.session().decide(&export, Verdict::Accept, "clear", "Ann").unwrap();
    assert!(decision.premises.strategy.contains_key("strategy.principles.P1"), "{:?}", decision.premises);
    assert!(!decision.premises.strategy.contains_key("strategy.principles.P2"));
    // Another principle, and capacity: not what it rests on.
    workspace.set_settings(&SETTINGS.replace("Submarines surface", "Boats surface").replace("= 40", "= 50"));
    assert_eq!(workspace.run(false).reopened, Vec::<String>::new());
    workspace.set_settings(&SETTINGS.replace("and is scheduled", "and is scheduled weekly"));
    let report = workspace.run(false);
    let [open] = &report.reopened[..] else { panic!("{:?}", report.reopened) };
    assert!(
        open.contains("strategy.principles.P1: text was “Payroll export runs by itself and is scheduled”"),
        "{open}"
    );
    // As it was, it holds again: a clean rebuild could say nothing else.
    workspace.set_settings(SETTINGS);
    assert_eq!(workspace.run(true).reopened, Vec::<String>::new());
}

#[test]
fn decisions_survive_forgetting_without_words_of_what_went() {
    let workspace = Workspace::new();
    let login = workspace.about("single sign-on");
    workspace.session().decide(&login, Verdict::Accept, "three deals", "Ann").unwrap();
    forget::forget(&mut workspace.session(), "p0@a0.example", false).unwrap();
    workspace.run(false);
    let held = workspace.session().decisions().unwrap();
    let [held] = &held[..] else { panic!("{held:?}") };
    assert!(held.decision.label.is_empty());
    assert!(held.decision.alternatives.iter().all(|other| other.label.is_empty()));
    assert_eq!(held.state(), "holds");
}

#[test]
fn what_if_changes_nothing_and_says_what_would_move() {
    let workspace = Workspace::new();
    let session = workspace.session();
    let before = session.plan().unwrap();
    let asked = |question: WhatIf| session.what_if(&question).unwrap();
    // The question that is none gives the plan as it is.
    let same = asked(WhatIf { weights: [("business_impact".to_owned(), 1.0)].into(), ..WhatIf::default() });
    assert_eq!(same.plan.places, before.places);
    let tight = asked(WhatIf { capacity: Some(0.5), ..WhatIf::default() });
    assert!(tight.moves.iter().any(|moved| moved.horizon.1 == Some(Horizon::Later) && !moved.why.is_empty()));
    let login = session.find(&workspace.about("single sign-on")).unwrap().insight;
    let account = session.voices(login.id).unwrap()[0].0.signal.account.unwrap().to_string();
    let without = asked(WhatIf { without: Some(account), ..WhatIf::default() });
    let moved = without.moves.iter().find(|moved| moved.id == login.id).unwrap();
    let (n, left) = (login.members.len(), login.members.len() - 1);
    assert!(moved.why.contains(&format!("{left} of {n} statements would be left")), "{moved:?}");
    let unknown = WhatIf { without: Some("nobody".to_owned()), ..WhatIf::default() };
    assert_eq!(session.what_if(&unknown).unwrap_err().code(), "not-found");
    let unknown = WhatIf { weights: [("BI-99".to_owned(), 2.0)].into(), ..WhatIf::default() };
    assert_eq!(session.what_if(&unknown).unwrap_err().code(), "not-found");
    assert_eq!(session.plan().unwrap(), before);
}
