//! What people say of the model holds: through a second run, through new evidence, through `run --fresh`; and taking it
//! back gives what was there before, byte for byte.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod disk;
mod workspace;

use throughline_compiler::judging::{self, LinkRow};
use throughline_compiler::{RunOptions, forget};
use throughline_model::judgement::Ruling;
use throughline_model::{Insight, InsightId, SignalId};
use workspace::Workspace;

const FRESH: RunOptions = RunOptions { is_fresh: true, as_of: None };

/// Runs again, with new evidence, and from nothing; each time `holds` must hold.
fn through_all(workspace: &Workspace, holds: impl Fn(&str)) {
    workspace.run();
    holds("a second run");
    let again = workspace.run();
    assert!(again.stages.iter().all(|stage| stage.n_cached == stage.n_in), "{:?}", again.stages);
    holds("a run of what is known");
    workspace.import(&(24..30).collect::<Vec<_>>(), 0);
    workspace.run();
    holds("new evidence");
    workspace.import(&(0..24).collect::<Vec<_>>(), 0);
    workspace.run_with(FRESH);
    holds("a fresh run");
    workspace.run();
    holds("a run after a fresh one");
}

/// Says something, runs, takes it back, runs: everything is as it was.
fn and_back(workspace: &Workspace, say: impl Fn(&mut throughline_compiler::Session)) {
    workspace.run();
    let before = workspace.everything();
    say(&mut workspace.session());
    workspace.run();
    assert!(workspace.everything() != before, "it does nothing");
    let said = judging::list(&workspace.session()).unwrap().last().unwrap().id;
    judging::undo(&mut workspace.session(), &said.to_string(), None).unwrap();
    workspace.run();
    assert!(workspace.everything() == before, "taking it back leaves a trace");
}

/// The two insights that most statements are in.
fn largest(workspace: &Workspace) -> [Insight; 2] {
    let mut ranked: Vec<Insight> =
        workspace.session().ranked(0).unwrap().into_iter().map(|ranked| ranked.insight).collect();
    ranked.sort_by_key(|insight| (std::cmp::Reverse(insight.n_signals), insight.id));
    assert!(ranked[1].n_signals >= 2, "two insights of several statements");
    [ranked.remove(0), ranked.remove(0)]
}

fn insight_with(workspace: &Workspace, signal: SignalId) -> Option<InsightId> {
    let (_, rows) = workspace.session().corpus().unwrap();
    rows.iter().find(|row| row.signal.id == signal).unwrap().membership.map(|(id, _)| id)
}

#[test]
fn a_name_holds_and_follows_its_insight() {
    let workspace = Workspace::begun();
    let [insight, _] = largest(&workspace);
    let name = "Payroll runs by itself";
    judging::rename(&mut workspace.session(), &insight.id.to_string(), name, Some("Ida")).unwrap();
    let report = workspace.run();
    for step in ["collect", "segment", "enrich", "deduplicate", "cluster", "cluster.identify", "categorise"] {
        let log = report.log.step(step).unwrap();
        assert_eq!(log.n_cached(), log.n_in, "a name is no reason to run {step} again");
    }
    assert_eq!(report.log.step("frame").unwrap().missed, [insight.id.0], "only the renamed insight is read again");
    through_all(&workspace, |when| {
        let found = workspace.session().find(&insight.id.to_string()).unwrap().insight;
        let n_kept = insight.members.iter().filter(|signal| found.members.contains(signal)).count();
        assert!(found.label == name && 2 * n_kept >= insight.members.len(), "after {when}: {found:?}");
    });
    let listed = judging::list(&workspace.session()).unwrap();
    assert_eq!((listed[0].act, listed[0].state, listed[0].by.as_deref()), ("rename", "stands", Some("Ida")));
}

#[test]
fn a_name_is_taken_back_without_a_trace() {
    and_back(&Workspace::begun(), |session| {
        judging::rename(session, "1", "Another name", None).unwrap();
    });
}

#[test]
fn a_statement_stays_where_it_was_moved() {
    let workspace = Workspace::begun();
    let [from, to] = largest(&workspace);
    let (moved, out) = (from.members[0], from.members[1]);
    let mut session = workspace.session();
    judging::place(&mut session, &[moved.to_string()], Some(&to.id.to_string()), None).unwrap();
    judging::place(&mut session, &[out.to_string()], None, None).unwrap();
    drop(session);
    through_all(&workspace, |when| {
        assert_eq!(insight_with(&workspace, moved), Some(to.id), "after {when}");
        assert_eq!(insight_with(&workspace, out), None, "after {when}");
        let told = workspace.session().find(&to.id.to_string()).unwrap().insight;
        assert!(told.members.contains(&moved) && told.n_signals as usize == told.members.len(), "after {when}");
    });
}

#[test]
fn a_move_is_taken_back_without_a_trace() {
    let workspace = Workspace::begun();
    let [from, to] = largest(&workspace);
    // All of it: the insight has nothing left and comes back.
    let all: Vec<String> = from.members.iter().map(ToString::to_string).collect();
    and_back(&workspace, |session| {
        judging::place(session, &all, Some(&to.id.to_string()), None).unwrap();
    });
}

#[test]
fn insights_and_statements_are_pinned() {
    let workspace = Workspace::begun();
    let [one, two] = largest(&workspace);
    let ids = [one.id.to_string(), two.id.to_string()];
    and_back(&workspace, |session| {
        judging::pin(session, [ids[0].as_str(), ids[1].as_str()], true, None).unwrap();
    });
    let pair = [two.members[0].to_string(), two.members[1].to_string()];
    and_back(&workspace, |session| {
        judging::pin(session, [pair[0].as_str(), pair[1].as_str()], false, None).unwrap();
    });
    judging::pin(&mut workspace.session(), [ids[0].as_str(), ids[1].as_str()], true, None).unwrap();
    through_all(&workspace, |when| {
        assert_eq!(insight_with(&workspace, two.members[0]), Some(one.id), "after {when}");
    });
}

/// The same long complaint from two sources, and a third that says all but the same.
fn with_copies() -> Workspace {
    let workspace = Workspace::begun();
    let long = "The export of the monthly hours fails with an error since the last update and nobody answers my mails";
    let near = long.replace("update", "udpate");
    workspace.import_as("portal.csv", &format!("id,text\np1,{long}\np2,{near}\n"));
    workspace.import_as("mails.csv", &format!("id,text\nm1,{long}\n"));
    workspace.run();
    workspace
}

fn links(workspace: &Workspace) -> Vec<LinkRow> {
    judging::links(&workspace.session(), false).unwrap().into_iter().filter(|link| link.joins == "statements").collect()
}

fn n_voices(workspace: &Workspace) -> usize {
    let (_, rows) = workspace.session().corpus().unwrap();
    rows.iter().map(|row| row.voice_id).collect::<std::collections::BTreeSet<_>>().len()
}

#[test]
fn a_rejected_link_stays_rejected() {
    let workspace = with_copies();
    let found = links(&workspace);
    let kinds: Vec<&str> = found.iter().map(|link| link.kind).collect();
    assert_eq!(kinds, ["same copy", "near-identical text"], "{found:?}");
    judging::rule(&mut workspace.session(), &found[0].id.to_string(), Ruling::Reject, None).unwrap();
    let report = workspace.run();
    let cluster = report.log.step("cluster").unwrap();
    assert_eq!(cluster.n_cached(), cluster.n_in, "who said it does not change what it is about");
    through_all(&workspace, |when| {
        let link = links(&workspace).into_iter().find(|link| link.id == found[0].id).unwrap();
        assert_eq!((link.ruling, link.decision.word()), (Some("rejected"), "new"), "after {when}");
        let (_, rows) = workspace.session().corpus().unwrap();
        let voice = |id: &str| rows.iter().find(|row| row.signal.id.to_string() == id).unwrap().voice_id;
        assert_ne!(voice(&link.a.id), voice(&link.b.id), "after {when}");
    });
    let n_apart = n_voices(&workspace);
    judging::undo_link(&mut workspace.session(), &found[0].id.to_string(), None).unwrap();
    workspace.run();
    assert_eq!(links(&workspace).iter().filter(|link| link.ruling.is_some()).count(), 0);
    assert_eq!(n_voices(&workspace), n_apart - 1, "what was two is one again");
}

#[test]
fn a_link_is_taken_back_without_a_trace() {
    let workspace = with_copies();
    let found = links(&workspace)[0].id.to_string();
    and_back(&workspace, |session| {
        judging::rule(session, &found, Ruling::Reject, None).unwrap();
    });
}

#[test]
fn an_open_pair_can_be_accepted() {
    let workspace = Workspace::begun();
    let open = judging::links(&workspace.session(), true).unwrap();
    let pair = open.iter().find(|link| link.joins == "records").expect("records that are alike are asked about");
    let n_before = n_voices(&workspace);
    judging::rule(&mut workspace.session(), &pair.id.to_string(), Ruling::Accept, None).unwrap();
    workspace.run();
    assert_eq!(n_voices(&workspace), n_before - 1);
    let open = judging::links(&workspace.session(), true).unwrap();
    assert!(open.iter().all(|link| link.id != pair.id), "what was answered is not asked again");
    assert!(judging::links(&workspace.session(), false).unwrap().iter().any(|link| link.ruling == Some("accepted")));
}

#[test]
fn forgetting_removes_judgements_that_name_what_goes() {
    let workspace = Workspace::begun();
    let [from, to] = largest(&workspace);
    let (_, rows) = workspace.session().corpus().unwrap();
    let record = rows.iter().find(|row| row.signal.id == from.members[0]).unwrap().signal.record_id;
    let mut session = workspace.session();
    judging::place(&mut session, &[from.members[0].to_string()], Some(&to.id.to_string()), None).unwrap();
    judging::rename(&mut session, &to.id.to_string(), "What Sofia P3 asks for", Some("p3@x3.example")).unwrap();
    judging::rename(&mut session, &from.id.to_string(), "Payroll", Some("p3@x3.example")).unwrap();
    let gone = forget::forget(&mut session, &record.to_string(), true).unwrap();
    assert_eq!((gone.judgements, judging::list(&session).unwrap().len()), (1, 3), "a dry run removes nothing");
    forget::forget(&mut session, &record.to_string(), false).unwrap();
    assert_eq!(judging::list(&session).unwrap().len(), 2);
    drop(session);
    workspace.run();
    let person = "p3@x3.example";
    forget::forget(&mut workspace.session(), person, false).unwrap();
    let left = judging::list(&workspace.session()).unwrap();
    assert!(left.iter().all(|judgement| judgement.by.is_none()), "{left:?}");
    workspace.run();
    let found = workspace.session().find(&from.id.to_string()).unwrap().insight;
    assert_eq!(found.label, "Payroll", "what does not name them stands, and its insight is found again");
}
