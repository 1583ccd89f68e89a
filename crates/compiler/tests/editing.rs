//! What people change in specifications holds: through a second run, through new evidence, through `run --fresh`; where
//! the words underneath change both are shown; and taking it back gives what was there before, byte for byte.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod disk;
mod workspace;

use throughline_backends::Dossier;
use throughline_backends::folder::PARTS;
use throughline_compiler::artifacts::{Beside, Compiled};
use throughline_compiler::{Error, Format, RunOptions, Session, Specification, forget};
use throughline_model::sentence::{Sentence, State};
use throughline_model::spec::Artifact;
use throughline_model::{Basis, Citation, Status};
use workspace::Workspace;

const FRESH: RunOptions = RunOptions { is_fresh: true, as_of: None };

/// The first insight of which there is a specification with `has`.
fn specified(session: &Session, has: impl Fn(&Specification) -> bool) -> Specification {
    let ids = session.ranked(0).unwrap().into_iter().map(|ranked| ranked.insight.id.to_string());
    let mut found = ids.filter_map(|id| session.specification(&id).unwrap().ok());
    found.find(has).expect("a specification of this kind")
}

fn again(workspace: &Workspace, found: &Specification) -> Specification {
    workspace.session().specification(&found.ranked.insight.id.to_string()).unwrap().unwrap()
}

fn sentence(found: &Specification, has: impl Fn(&Sentence) -> bool) -> &Sentence {
    found.sentences.all.iter().find(|sentence| has(sentence)).expect("such a sentence")
}

fn file(workspace: &Workspace, found: &Specification, name: &str) -> String {
    let id = found.ranked.insight.id.to_string();
    let files = workspace.session().compile(std::slice::from_ref(&id)).unwrap().files;
    let is_it = |file: &&Artifact| file.path.contains(&id) && file.path.ends_with(name);
    String::from_utf8(files.iter().find(is_it).unwrap().bytes.clone()).unwrap()
}

#[test]
fn an_edit_holds_and_is_shown_as_a_persons() {
    let workspace = Workspace::begun();
    let found = specified(&workspace.session(), |found| !found.spec.risks.is_empty());
    let risk = sentence(&found, |sentence| sentence.place == "risks").clone();
    let words = "The wages office may not look at it";
    let done = workspace.session().edit(&risk.id.to_string(), words, "Ida", Some("asked them")).unwrap();
    assert_eq!((done.before.as_str(), done.after.as_str(), done.note), (risk.text.as_str(), words, None));
    let holds = |when: &str| {
        let found = again(&workspace, &found);
        let edited = sentence(&found, |sentence| sentence.text == words);
        assert!(matches!(&edited.state, State::Decided { by, .. } if by == "Ida"), "after {when}: {edited:?}");
        let statement = found.spec.risks.iter().find(|statement| statement.text == words).unwrap();
        assert_eq!(statement.basis, Basis::Decided, "after {when}");
        assert!(matches!(&statement.citations[0], Citation::Edit { by, .. } if by == "Ida"), "after {when}");
    };
    holds("the edit");
    let report = workspace.run();
    assert!(report.stages.iter().all(|stage| stage.n_cached == stage.n_in), "an edit is no reason to run anything");
    holds("a second run");
    workspace.import(&(24..30).collect::<Vec<_>>(), 0);
    workspace.run();
    holds("new evidence");
    workspace.import(&(0..24).collect::<Vec<_>>(), 0);
    workspace.run_with(FRESH);
    holds("a fresh run");
    let prd = file(&workspace, &found, "/prd.md");
    assert!(prd.contains(&format!("{words} *(decided by Ida)*")), "{prd}");
    assert!(prd.contains("## Changed by people"), "{prd}");
    assert!(file(&workspace, &found, "prd.html").contains("mk-decided"));
}

#[test]
fn an_edit_is_taken_back_without_a_trace() {
    let workspace = Workspace::begun();
    let found = specified(&workspace.session(), |_| true);
    let before = workspace.everything();
    let title = sentence(&found, |sentence| sentence.place == "title").id.to_string();
    let edit = workspace.session().edit(&title, "Another title", "Ida", None).unwrap().edit.id;
    assert!(workspace.everything() != before, "it does nothing");
    let undo = workspace.session().undo_edit(&edit.to_string(), "Ida").unwrap().id;
    assert!(workspace.everything() == before, "taking it back leaves a trace");
    workspace.session().undo_edit(&undo.to_string(), "Ida").unwrap();
    assert_eq!(again(&workspace, &found).spec.title, "Another title", "an undo can be taken back");
    let states: Vec<&str> = workspace.session().edits().unwrap().iter().map(|row| row.state).collect();
    assert_eq!(states, ["holds", "undone", "holds"], "the undo was taken back");
}

#[test]
fn where_the_words_underneath_change_both_are_shown_until_somebody_settles_it() {
    let workspace = Workspace::begun();
    let found = specified(&workspace.session(), |found| found.ranked.insight.n_voices >= 5);
    let voices = found.ranked.insight.n_voices;
    let counted = |sentence: &Sentence| sentence.place == "US-1 priority" && sentence.text.contains("voices");
    let replaced = sentence(&found, counted).clone();
    let edit = workspace.session().edit(&replaced.id.to_string(), "Everybody waits for it", "Ida", None).unwrap().edit;
    // One more voice that says the same.
    let quote = found.ranked.insight.members[0];
    let (corpus, _) = workspace.session().corpus().unwrap();
    let signal = corpus.signals.iter().find(|signal| signal.id == quote).unwrap();
    let more = format!("id,text\nm1,\"{} Please.\"\nm2,\"{} Thanks.\"\n", corpus.text(signal), corpus.text(signal));
    workspace.import_as("more.csv", &more);
    workspace.run();
    let now = again(&workspace, &found);
    assert!(now.ranked.insight.n_voices > voices, "the count changes");
    let conflict = now.sentences.conflicts().next().expect("a conflict");
    assert_eq!(conflict.text, "Everybody waits for it", "a person's words are not overwritten");
    let State::Conflict { compiled, replaced: was, .. } = &conflict.state else { unreachable!() };
    assert_eq!(was, &replaced.text);
    let prd = file(&workspace, &found, "/prd.md");
    assert!(prd.contains("Conflict in US-1 priority") && prd.contains(compiled.as_str()) && prd.contains(was), "{prd}");
    assert!(file(&workspace, &found, "prd.html").contains("Conflict in US-1 priority"));
    assert_eq!(workspace.session().edits().unwrap()[0].state, "conflict");
    // Kept: it holds over what is compiled now.
    let kept = workspace.session().settle_edit(&edit.id.to_string(), true, "Tomasz", None).unwrap();
    let now = again(&workspace, &found);
    assert_eq!(
        (now.sentences.conflicts().count(), now.spec.stories[0].priority_reason.as_str()),
        (0, "Everybody waits for it")
    );
    assert!(matches!(
        workspace.session().settle_edit(&kept.id.to_string(), true, "Tomasz", None),
        Err(Error::Edit { .. })
    ));
    // Taken back: as compiled, and the earlier edit, which is in conflict, does not come again unnoticed.
    workspace.session().settle_edit(&kept.id.to_string(), false, "Tomasz", None).unwrap();
    assert_eq!(again(&workspace, &found).sentences.conflicts().count(), 1);
    workspace.session().settle_edit(&edit.id.to_string(), false, "Tomasz", None).unwrap();
    assert_ne!(again(&workspace, &found).spec.stories[0].priority_reason, "Everybody waits for it");
}

#[test]
fn a_criterion_that_is_reworded_keeps_its_terms_and_says_so() {
    let workspace = Workspace::begun();
    let has = |found: &Specification| found.spec.stories[0].criteria.len() > 1;
    let found = specified(&workspace.session(), has);
    let criterion = found.spec.stories[0].criteria[0].clone();
    let of = |word: &str| {
        let place = format!("{} {word}", criterion.key);
        sentence(&found, |sentence| sentence.place == place).id.to_string()
    };
    let done = workspace.session().edit(&of("then"), "the accountant has the file by noon", "Ida", None).unwrap();
    assert!(done.note.unwrap().contains("typed terms"));
    workspace.session().edit(&of("when"), "the month ends", "Ida", None).unwrap();
    let now = again(&workspace, &found).spec.stories[0].criteria[0].clone();
    assert!(now.is_reworded() && !criterion.is_reworded());
    assert_eq!(now.steps, criterion.steps, "the typed terms stay");
    assert_eq!((now.when.as_str(), now.then[0].as_str()), ("the month ends", "the accountant has the file by noon"));
    let requirement = now.ears.lines().next().unwrap();
    assert!(requirement.ends_with("shall ensure that the accountant has the file by noon."), "{requirement}");
    assert!(requirement.contains("hen the month ends, "), "{requirement}");
    assert_eq!(now.ears.lines().count(), now.then.len());
    let features = file(&workspace, &found, ".feature");
    assert!(
        features.contains("@words-may-differ-from-terms") && features.contains("When the month ends"),
        "{features}"
    );
    // Those beside it say nothing of the kind.
    assert_eq!(features.matches("@words-may-differ").count(), 1);
}

/// Sentences of jobs, use cases and personas are edited like those of stories, and follow what they are made from until
/// then.
#[test]
fn jobs_use_cases_and_personas_are_edited_like_stories() {
    let workspace = Workspace::begun();
    let has = |found: &Specification| !found.spec.use_cases.is_empty() && found.spec.primary.is_some();
    let found = specified(&workspace.session(), has);
    let edit = |place: &str, text: &str| {
        let found = again(&workspace, &found);
        let item = sentence(&found, |sentence| sentence.place == place).id.to_string();
        workspace.session().edit(&item, text, "Ida", None).unwrap().edit.id.to_string()
    };
    let ids: std::collections::BTreeSet<_> = found.sentences.all.iter().map(|sentence| sentence.id).collect();
    assert_eq!(ids.len(), found.sentences.all.len(), "every sentence has an id of its own");
    for kind in
        ["JB-1 circumstance", "JB-1 outcome", "JB-1 push", "UC-1 goal", "UC-1 step", "UC-1 condition", "persona "]
    {
        assert!(found.sentences.all.iter().any(|sentence| sentence.place.starts_with(kind)), "no {kind}");
    }
    // What a use case and a job say the same as a story follows it.
    edit("US-1 means", "get the file by mail");
    edit("US-1 benefit", "nobody waits for wages");
    let followed = again(&workspace, &found);
    let case = |found: &Specification| found.spec.use_cases[0].clone();
    assert!(case(&followed).goal.text.contains("gets the file by mail, so that nobody waits"), "{:?}", case(&followed));
    assert_eq!(followed.spec.jobs[0].progress.text, "nobody waits for wages");
    assert!(followed.spec.job[0].text.ends_with("so that nobody waits for wages."), "{:?}", followed.spec.job);
    // Worded themselves, they keep a person's words, and what is made from them follows in its turn.
    edit("JB-1 circumstance", "the month closes");
    let persona = sentence(&found, |sentence| sentence.place.starts_with("persona ")).place.clone();
    edit(&persona, "wages that are right the first time");
    let goal = edit("UC-1 goal", "The clerk has the file on the first of the month.");
    let step = sentence(&again(&workspace, &found), |sentence| sentence.place == "UC-1 step").text.clone();
    edit("UC-1 step", "The clerk signs in.");
    let holds = |when: &str| {
        let now = again(&workspace, &found);
        let one = case(&now);
        assert_eq!(now.spec.jobs[0].circumstance.text, "the month closes", "after {when}");
        assert!(one.trigger.text.contains("month closes"), "after {when}: {:?}", one.trigger);
        assert!(now.spec.job[0].text.starts_with("When the month closes, "), "after {when}: {:?}", now.spec.job);
        assert_eq!((now.spec.job[0].basis, one.goal.basis), (Basis::Decided, Basis::Decided), "after {when}");
        assert_eq!(one.goal.text, "The clerk has the file on the first of the month.", "after {when}");
        assert!(matches!(&one.goal.citations[0], Citation::Edit { by, .. } if by == "Ida"), "after {when}");
        assert_eq!(one.steps[0].text, "The clerk signs in.", "after {when}");
        assert_eq!(now.spec.primary.as_ref().unwrap().need.text, "wages that are right the first time", "after {when}");
        assert_eq!(now.sentences.conflicts().count(), 0, "after {when}");
    };
    holds("the edits");
    let report = workspace.run();
    assert!(report.stages.iter().all(|stage| stage.n_cached == stage.n_in), "an edit is no reason to run anything");
    workspace.run_with(FRESH);
    holds("a fresh run");
    for (name, words) in [
        ("/jobs.md", "When the month closes"),
        ("/use-cases.md", "The clerk has the file on the first of the month."),
        ("/use-cases.md", "1. The clerk signs in."),
        ("/prd.md", "wages that are right the first time"),
        ("/prd.html", "The clerk has the file on the first of the month."),
    ] {
        assert!(file(&workspace, &found, name).contains(words), "{name} does not say {words}");
    }
    let id = found.ranked.insight.id.to_string();
    for (format, words) in [
        (Format::SpecKit, "get the file by mail"),
        (Format::OpenSpec, "When the month closes, "),
        (Format::Kiro, "get the file by mail"),
    ] {
        let beside = Beside { format: Some(format), ..Beside::default() };
        let files = workspace.session().compile_as(std::slice::from_ref(&id), &beside).unwrap().files;
        let is_said = |file: &Artifact| String::from_utf8_lossy(&file.bytes).contains(words);
        assert!(files.iter().any(is_said), "{format:?} does not say {words}");
    }
    // Where what it is made from changes, both are shown.
    edit("US-1 means", "get the file in the app");
    let now = again(&workspace, &found);
    let conflict: Vec<&Sentence> = now.sentences.conflicts().collect();
    assert_eq!(conflict.iter().map(|sentence| sentence.place.as_str()).collect::<Vec<_>>(), ["UC-1 goal"]);
    assert_eq!(conflict[0].text, "The clerk has the file on the first of the month.");
    let State::Conflict { compiled, .. } = &conflict[0].state else { unreachable!() };
    assert!(compiled.contains("gets the file in the app"), "{compiled}");
    // Taken back, it reads as compiled.
    workspace.session().settle_edit(&goal, false, "Tomasz", None).unwrap();
    let now = again(&workspace, &found);
    assert_eq!((now.sentences.conflicts().count(), case(&now).steps[0].text.as_str()), (0, "The clerk signs in."));
    assert!(case(&now).goal.text.contains("gets the file in the app"), "{:?}", case(&now).goal);
    assert!(step != "The clerk signs in.");
}

#[test]
fn what_cannot_be_edited_is_refused_with_a_remedy() {
    let workspace = Workspace::begun();
    let mut session = workspace.session();
    let found = specified(&session, |_| true);
    let story = &found.spec.stories[0];
    let refused = |result: Result<_, Error>| match result {
        Err(Error::Edit { problem, remedy, .. }) => format!("{problem}: {remedy}"),
        other => unreachable!("{other:?}"),
    };
    let whole = refused(session.edit(&story.id.to_string(), "x", "Ida", None));
    let means = sentence(&found, |sentence| sentence.place == "US-1 means");
    assert!(whole.contains("no single sentence") && whole.contains(&means.id.to_string()), "{whole}");
    assert!(refused(session.edit(&means.id.to_string(), "  ", "Ida", None)).contains("nothing"));
    assert!(refused(session.edit(&means.id.to_string(), &means.text, "Ida", None)).contains("already"));
    let unknown = session.edit("x0000000000000", "x", "Ida", None);
    assert!(matches!(unknown, Err(Error::NotFound { .. })));
    assert!(session.edits().unwrap().is_empty());
}

#[test]
fn a_status_stays_with_its_item() {
    let workspace = Workspace::begun();
    let found = specified(&workspace.session(), |_| true);
    let id = found.ranked.insight.id.to_string();
    let mut session = workspace.session();
    session.set_status(&id, Status::Agreed, "Ida", None).unwrap();
    session.set_status(&found.spec.stories[0].id.to_string(), Status::Done, "Ida", None).unwrap();
    session.set_status(&found.spec.stories[0].criteria[0].id.to_string(), Status::Dropped, "Ida", None).unwrap();
    drop(session);
    workspace.import(&(24..30).collect::<Vec<_>>(), 0);
    workspace.run();
    let now = again(&workspace, &found);
    let status = |key: &str| now.sentences.items.iter().find(|item| item.key == key).unwrap().status;
    let told = ["specification", "US-1", "US-1.1"].map(status);
    assert_eq!(told, [Status::Agreed, Status::Done, Status::Dropped]);
    assert!(workspace.session().edits().unwrap().iter().all(|row| row.state == "holds"));
}

#[test]
fn what_is_forgotten_is_in_no_edit() {
    let workspace = Workspace::begun();
    let found = specified(&workspace.session(), |found| !found.spec.risks.is_empty());
    let risk = sentence(&found, |sentence| sentence.place == "risks").clone();
    workspace.session().edit(&risk.id.to_string(), "Ask p1@x1.example first", "Ida", None).unwrap();
    let other = sentence(&found, |sentence| sentence.place == "US-1 means").clone();
    workspace.session().edit(&other.id.to_string(), "get it by mail", "Ida", None).unwrap();
    let gone = forget::forget(&mut workspace.session(), "p1@x1.example", false).unwrap();
    assert_eq!(gone.edits, 1, "the edit that names the person");
    workspace.run();
    let rows = workspace.session().edits().unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].said.as_str(), rows[0].replaced.as_str()), ("get it by mail", ""));
}

#[test]
fn editing_one_sentence_makes_and_prints_only_what_reads_it() {
    let workspace = Workspace::begun();
    let compile = || workspace.session().compile(&[]).unwrap();
    let missed = |compiled: &Compiled, step: &str| compiled.log.step(step).unwrap().missed.clone();
    let steps = ["specify", "lint", "render.document", "render.stories", "render.criteria", "render.prototype"];
    let first = compile();
    let n = first.log.step("lint").unwrap().n_in;
    assert!(n >= 2, "specifications to tell apart");
    assert_eq!(missed(&first, "specify"), Vec::<u64>::new(), "the run specified them");
    assert_eq!(missed(&first, "render.document").len(), n);
    let second = compile();
    assert!(steps.iter().all(|step| missed(&second, step).is_empty()), "nothing is printed a second time");
    assert!(!second.log.step("render.index").unwrap().is_whole_miss);
    assert_eq!(second.files, first.files);
    // A sentence of a story: its own specification is not made again, and of others nothing is.
    let found = specified(&workspace.session(), |_| true);
    let id = found.ranked.insight.id;
    let edit = |place: &str, text: &str| {
        let item = sentence(&found, |sentence| sentence.place == place).id.to_string();
        workspace.session().edit(&item, text, "Ida", None).unwrap();
    };
    edit("US-1 means", "get the file by mail");
    let edited = compile();
    assert_eq!(missed(&edited, "specify"), Vec::<u64>::new(), "no specification is made again");
    for step in &steps[1..] {
        assert_eq!(missed(&edited, step), [id.0], "{step}");
    }
    assert!(!edited.log.step("render.index").unwrap().is_whole_miss, "the list of insights does not read stories");
    let changed: Vec<&str> = edited
        .files
        .iter()
        .zip(&second.files)
        .filter(|(now, before)| now != before)
        .map(|(now, _)| now.path.rsplit('/').next().unwrap())
        .collect();
    // The front matter of a file names what it was printed from, and requirements are printed from stories.
    let all = [
        "acceptance.feature",
        "one-page.md",
        "prd.html",
        "prd.md",
        "prototype.html",
        "requirements.md",
        "spec.json",
        "stories.md",
    ];
    assert!(changed.iter().all(|file| all.contains(file)), "{changed:?}");
    assert!(changed.contains(&"stories.md") && changed.contains(&"prd.md"), "{changed:?}");
    // A sentence that only the document prints: stories, criteria and prototype are not printed again.
    edit("decision", "Start in spring.");
    let edited = compile();
    assert_eq!(missed(&edited, "render.document"), [id.0]);
    for step in ["specify", "render.stories", "render.criteria", "render.prototype"] {
        assert_eq!(missed(&edited, step), Vec::<u64>::new(), "{step}");
    }
}

/// A part is handed the sentences it prints and no other: what it prints must be what it prints of the whole.
#[test]
fn parts_read_no_more_than_they_are_handed() {
    let workspace = Workspace::begun();
    let session = workspace.session();
    let (corpus, _) = session.corpus().unwrap();
    for ranked in session.ranked(0).unwrap() {
        let Ok(found) = session.specification(&ranked.insight.id.to_string()).unwrap() else { continue };
        let whole = Dossier {
            product_name: "Rotaboard",
            insight: &ranked.insight,
            spec: &found.spec,
            score: Some(&ranked.score),
            place: Some(&ranked.place),
            corpus: &corpus,
            sentences: Some(&found.sentences),
            since: None,
            generated_from: None,
        };
        for part in PARTS {
            let (spec, sentences, _) = part.of(&whole);
            let handed = Dossier { spec: &spec, sentences: sentences.as_ref(), ..whole };
            for (of_part, of_whole) in part.print(&handed, "x").iter().zip(part.print(&whole, "x")) {
                let (of_part, of_whole) =
                    (String::from_utf8_lossy(&of_part.bytes), String::from_utf8_lossy(&of_whole.bytes));
                let same = of_part.bytes().zip(of_whole.bytes()).take_while(|(a, b)| a == b).count();
                let near = |text: &str| {
                    text.get(same.saturating_sub(60)..).map(|from| from.chars().take(160).collect::<String>())
                };
                assert!(of_part == of_whole, "{} reads more: {:?} {:?}", part.name, near(&of_part), near(&of_whole));
            }
        }
    }
}
