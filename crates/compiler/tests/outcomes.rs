//! What became of insights: recorded by hand, told by the roadmap and by deployments, and held against what was said.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod disk;

use disk::{Disk, Quiet};
use std::fmt::Write;
use std::fs;
use throughline_compiler::import::ImportOptions;
use throughline_compiler::outcome::{Outcomes, Told, Verdict};
use throughline_compiler::session::Ranked;
use throughline_compiler::{RunOptions, Session};
use throughline_model::Timestamp;
use throughline_model::outcome::Fate;

const SETTINGS: &str = "
[delivery]
deployments = \"deployments.json\"
[[roadmap]]
id = \"M1\"
what = \"Export the payroll hours to a file\"
state = \"shipped\"
shipped_on = 2026-06-01
deployment = \"dep-1\"
[[roadmap]]
id = \"M2\"
what = \"A museum of lawnmowers\"
state = \"shipped\"
shipped_on = 2026-06-01
";

/// Two themes from March to August: the first is not heard of after 1 June, the second goes on.
fn workspace(deployments: &str) -> (tempfile::TempDir, Session) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("throughline.toml"), SETTINGS).unwrap();
    fs::write(folder.path().join("deployments.json"), deployments).unwrap();
    let mut csv = String::from("id,created_at,author_email,text\n");
    for (i, text) in [
        "Please add an export of the payroll hours, I copy them by hand.",
        "We need to export payroll hours to a file for our accountant.",
        "There is no way to export the payroll hours of a month.",
        "Exporting payroll hours takes me all morning without a file.",
        "I want a file with the payroll hours to send to the accountant.",
        "Can you export payroll hours as a file?",
    ]
    .iter()
    .enumerate()
    {
        let _ = writeln!(csv, "p{i},2026-0{}-1{i},p{i}@acme{i}.example,\"{text}\"", 3 + i / 2);
    }
    for (i, text) in [
        "The calendar does not show the night shift in the right colour.",
        "Night shifts have the wrong colour in the calendar.",
        "Please let me choose the colour of a night shift in the calendar.",
        "The colour of the night shift is too pale in the calendar view.",
        "I cannot see which shift is a night shift, the colour is the same.",
        "Night shift and late shift share one colour in the calendar.",
        "Calendar colours: the night shift should be dark.",
        "Could the night shift get a colour of its own in the calendar?",
        "My calendar shows every night shift in the same colour as a day off.",
        "A clearer colour for the night shift in the calendar, please.",
    ]
    .iter()
    .enumerate()
    {
        let _ = writeln!(csv, "c{i},2026-0{}-2{i},c{i}@bolt{i}.example,\"{text}\"", 3 + i.div_ceil(2));
    }
    fs::write(folder.path().join("texts.csv"), csv).unwrap();
    let mut session = Session::open(folder.path(), &Disk).unwrap();
    session.import(&Disk, &[&folder.path().join("texts.csv")], &ImportOptions::default(), &mut Quiet).unwrap();
    session.run(&Disk, RunOptions::default(), &mut ()).unwrap();
    (folder, session)
}

fn about(session: &Session, word: &str) -> Ranked {
    let of = |ranked: &Ranked| ranked.insight.quotes.iter().filter(|quote| quote.text.contains(word)).count();
    session.ranked(0).unwrap().into_iter().max_by_key(of).unwrap()
}

const LIVE: &str =
    r#"[{"id": "dep-1", "result": "SUCCESS", "environment": "PRODUCTION", "finishedDate": "2026-06-01T09:00:00Z"}]"#;

fn outcomes(session: &Session) -> Outcomes {
    session.outcomes(&Disk).unwrap()
}

fn told(fate: Fate, day: &str) -> Told {
    Told { fate, on: Timestamp::parse_iso(day).unwrap(), why: Some("version 3".into()), by: Some("Ruth".into()) }
}

#[test]
fn what_the_roadmap_shipped_is_held_against_what_was_said_afterwards() {
    let (_folder, session) = workspace(LIVE);
    let payroll = about(&session, "payroll").insight;
    let found = outcomes(&session);
    assert_eq!(found.diagnostics, []);
    let [one] = found.shipped.as_slice() else { panic!("{:?}", found.shipped) };
    assert_eq!((one.id, one.on.date().as_str(), one.is_recorded), (payroll.id, "2026-06-01", false));
    assert!(one.because.contains("roadmap M1") && one.because.ends_with("deployed as dep-1"), "{}", one.because);
    assert_eq!(one.followed.verdict, Verdict::Resolved, "{}", one.followed.sentence);
    assert_eq!((one.followed.n_before, one.followed.n_after), (6, 0));
    assert!(found.notes[0].starts_with("M2") && found.notes[0].contains("no insight is near"), "{:?}", found.notes);
    // One of each kind would be needed, and five of each to say anything.
    assert!(found.checks.iter().all(|check| !check.is_sayable() && check.n_others == 0));
    let known = found.checks.iter().find(|check| check.check == "BI-03").unwrap();
    assert_eq!(known.n_resolved, 1);
    // The score is that of the day before, from what had been said by then.
    let before = session.explain(&payroll.id.to_string(), Timestamp::parse_iso("2026-05-31")).unwrap().score;
    assert_eq!(one.score.as_ref().unwrap().checks, before.checks);
}

#[test]
fn what_somebody_records_goes_before_the_roadmap_and_is_kept_over_runs() {
    let (folder, mut session) = workspace(LIVE);
    let (payroll, colour) = (about(&session, "payroll").insight.id, about(&session, "colour").insight.id);
    session.record_outcome(&payroll.to_string(), told(Fate::Withdrawn, "2026-06-02")).unwrap();
    session.record_outcome(&colour.to_string(), told(Fate::Shipped, "2026-05-31T13:00:00Z")).unwrap();
    drop(session);
    let mut session = Session::open(folder.path(), &Disk).unwrap();
    session.run(&Disk, RunOptions { is_fresh: true, ..RunOptions::default() }, &mut ()).unwrap();
    let found = outcomes(&session);
    let [one] = found.shipped.as_slice() else { panic!("{:?}", found.shipped) };
    assert_eq!((one.id, one.on.date().as_str(), one.is_recorded), (colour, "2026-05-31", true));
    assert_eq!(one.because, "recorded by Ruth: version 3");
    assert_ne!(one.followed.verdict, Verdict::Resolved, "{}", one.followed.sentence);
    // The last word counts.
    session.record_outcome(&colour.to_string(), told(Fate::Withdrawn, "2026-06-02")).unwrap();
    assert!(outcomes(&session).shipped.is_empty());
    // The weights are what they were.
    assert!(session.settings().score.weights.is_empty());
}

#[test]
fn a_deployment_counts_when_it_names_an_insight_and_went_live() {
    let (folder, session) = workspace(LIVE);
    let colour = about(&session, "colour").insight.id;
    let deployments = format!(
        r#"[{{"id": "dep-1", "result": "FAILURE", "finishedDate": "2026-06-01T09:00:00Z"}},
            {{"id": "dep-2", "result": "SUCCESS", "environment": "PRODUCTION", "finishedDate": "2026-05-20T09:00:00Z",
              "deploymentCommits": [{{"commitMsg": "Night colours\nFixes {colour}."}}]}},
            {{"id": "dep-3", "result": "SUCCESS", "environment": "STAGING", "finishedDate": "2026-05-21T09:00:00Z",
              "displayTitle": "{colour}"}}]"#
    );
    fs::write(folder.path().join("deployments.json"), deployments).unwrap();
    let found = outcomes(&session);
    let [one] = found.shipped.as_slice() else { panic!("{:?}", found.shipped) };
    assert_eq!((one.id, one.on.date().as_str()), (colour, "2026-05-20"));
    assert_eq!(one.because, "deployment dep-2 names it");
    assert!(found.notes[0].contains("dep-1 did not reach production"), "{:?}", found.notes);
}

#[test]
fn deployments_that_cannot_be_read_are_told_and_the_roadmap_counts() {
    let (folder, session) = workspace("[{\"id\": \"dep-1\",\n oops");
    let found = outcomes(&session);
    let [problem] = found.diagnostics.as_slice() else { panic!("{:?}", found.diagnostics) };
    assert_eq!((problem.code.as_str(), problem.place.file.as_str()), ("deployments-unreadable", "deployments.json"));
    assert!(problem.message.contains("line 2") && !problem.remedy.is_empty(), "{problem:?}");
    assert_eq!(found.shipped.len(), 1);
    fs::remove_file(folder.path().join("deployments.json")).unwrap();
    assert_eq!(outcomes(&session).diagnostics.len(), 1);
}
