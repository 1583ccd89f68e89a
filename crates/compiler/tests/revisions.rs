//! What is accepted can be returned to byte for byte, later compiles say what reads otherwise and why, and what is
//! forgotten is in no revision.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod disk;
mod workspace;

use disk::Disk;
use std::fs;
use throughline_compiler::{Error, Session, Specification, forget};
use throughline_model::decision::Verdict;
use throughline_model::revision::{Cause, Kind};
use throughline_model::spec::Artifact;
use workspace::Workspace;

fn specified(session: &Session) -> Specification {
    let mut ids = session.ranked(0).unwrap().into_iter().map(|ranked| ranked.insight.id.to_string());
    ids.find_map(|id| session.specification(&id).unwrap().ok()).expect("a specification")
}

fn sentence(found: &Specification, place: &str) -> String {
    found.sentences.all.iter().find(|sentence| sentence.place == place).expect(place).id.to_string()
}

fn files(session: &Session) -> Vec<Artifact> {
    session.compile(&[]).unwrap().files
}

#[test]
fn returning_to_a_revision_restores_its_bytes() {
    let workspace = Workspace::begun();
    let revision = workspace.session().accept(&[], "Ida", "agreed on Monday").unwrap();
    assert_eq!((revision.number, revision.specs.len()), (1, revision.accepted.len()));
    let accepted = workspace.session().revision_files(1).unwrap();
    assert_eq!(accepted, files(&workspace.session()), "a compile of what is accepted gives what was accepted");
    let folder = workspace.folder.path().join("specs");
    Session::write(&Disk, &folder, &accepted).unwrap();
    // Everything changes: evidence, an edit, a status, a second revision.
    let found = specified(&workspace.session());
    let mut session = workspace.session();
    session.edit(&sentence(&found, "US-1 means"), "get the file by mail", "Ida", None).unwrap();
    session.set_status(&found.ranked.insight.id.to_string(), throughline_model::Status::Agreed, "Ida", None).unwrap();
    drop(session);
    workspace.import(&(20..30).collect::<Vec<_>>(), 1);
    workspace.run();
    assert_ne!(files(&workspace.session()), accepted);
    workspace.session().accept(&[], "Ida", "again").unwrap();
    Session::write(&Disk, &folder, &files(&workspace.session())).unwrap();
    // And all that is computed is lost.
    drop(fs::remove_file(workspace.folder.path().join(".throughline/derived.db")));
    let returned = workspace.session().return_to(1).unwrap();
    Session::write(&Disk, &folder, &returned).unwrap();
    for file in &accepted {
        assert_eq!(fs::read(folder.join(&file.path)).unwrap(), file.bytes, "{}", file.path);
    }
    assert_eq!(returned, accepted);
    let (revisions, base) = workspace.session().revisions().unwrap();
    assert_eq!((revisions.len(), base), (2, Some(1)), "nothing is lost by returning");
    assert!(matches!(workspace.session().return_to(7), Err(Error::NotFound { .. })));
}

#[test]
fn a_later_compile_is_an_update_that_says_what_changed_and_why() {
    let workspace = Workspace::begun();
    workspace.session().accept(&[], "Ida", "agreed on Monday").unwrap();
    assert!(workspace.session().compile(&[]).unwrap().updates.is_empty());
    let found = specified(&workspace.session());
    let id = found.ranked.insight.id;
    workspace.session().edit(&sentence(&found, "US-1 means"), "get the file by mail", "Ida", None).unwrap();
    let compiled = workspace.session().compile(&[]).unwrap();
    let [(insight, _, since)] = &compiled.updates[..] else { unreachable!("{:?}", compiled.updates) };
    assert_eq!((*insight, since.number, since.differences.len()), (id, 1, 1));
    let difference = &since.differences[0];
    assert_eq!((difference.kind, difference.causes.as_slice()), (Kind::Changed, &[Cause::Edit][..]));
    assert_eq!((difference.place.as_str(), difference.after.as_str()), ("US-1 means", "get the file by mail"));
    let prd = compiled.files.iter().find(|file| file.path.contains(&id.to_string()) && file.path.ends_with("/prd.md"));
    let prd = String::from_utf8_lossy(&prd.unwrap().bytes).into_owned();
    assert!(prd.contains("Revision 1 was accepted by Ida: agreed on Monday"), "{prd}");
    assert!(prd.contains("(an edit)"), "{prd}");
    // Accepting takes it in; new evidence is another cause.
    workspace.session().accept(&[id.to_string()], "Ida", "with the edit").unwrap();
    assert!(workspace.session().compile(&[]).unwrap().updates.is_empty());
    workspace.import(&(24..30).collect::<Vec<_>>(), 0);
    let quote = found.ranked.insight.members[0];
    let (corpus, _) = workspace.session().corpus().unwrap();
    let words = corpus.text(corpus.signals.iter().find(|signal| signal.id == quote).unwrap()).to_owned();
    workspace.import_as("more.csv", &format!("id,text\nm1,\"{words} Please.\"\nm2,\"{words} Thanks.\"\n"));
    workspace.run();
    let compiled = workspace.session().compile(&[]).unwrap();
    let (_, _, since) = compiled.updates.iter().find(|(insight, ..)| *insight == id).expect("an update");
    assert!(since.differences.iter().all(|difference| difference.causes.contains(&Cause::Evidence)), "{since:?}");
    assert!(since.differences.iter().all(|difference| !difference.causes.contains(&Cause::Strategy)), "{since:?}");
}

/// What is made from a sentence is a line of its own, and the edit of that sentence is its cause.
#[test]
fn what_follows_an_edit_has_it_as_its_cause() {
    let workspace = Workspace::begun();
    let session = workspace.session();
    let ids = session.ranked(0).unwrap().into_iter().map(|ranked| ranked.insight.id.to_string());
    let mut all = ids.filter_map(|id| session.specification(&id).unwrap().ok());
    let found = all.find(|found| !found.spec.use_cases.is_empty()).unwrap();
    let id = found.ranked.insight.id.to_string();
    let mut session = workspace.session();
    session.accept(std::slice::from_ref(&id), "Ida", "first").unwrap();
    session.edit(&sentence(&found, "US-1 means"), "get the file by mail", "Ida", None).unwrap();
    let difference = session.revision_difference(1, None).unwrap();
    let [spec] = &difference.specs[..] else { unreachable!("{difference:?}") };
    let places: Vec<&str> = spec.differences.iter().map(|line| line.place.as_str()).collect();
    assert_eq!(places, ["US-1 means", "UC-1 goal"]);
    assert!(spec.differences.iter().all(|line| line.causes == [Cause::Edit]), "{spec:?}");
    assert!(spec.differences[1].after.contains("the file by mail"), "{spec:?}");
}

#[test]
fn revisions_differ_line_by_line() {
    let workspace = Workspace::begun();
    let found = specified(&workspace.session());
    let id = found.ranked.insight.id.to_string();
    let mut session = workspace.session();
    session.accept(std::slice::from_ref(&id), "Ida", "first").unwrap();
    session.edit(&sentence(&found, "US-1 means"), "get the file by mail", "Ida", None).unwrap();
    let second = session.accept(&[], "Ida", "all of them").unwrap();
    let difference = session.revision_difference(1, Some(2)).unwrap();
    let of_kind = |kind| difference.specs.iter().filter(|spec| spec.kind == kind).count();
    assert_eq!((of_kind(Kind::Changed), of_kind(Kind::Added)), (1, second.specs.len() - 1));
    let changed = difference.specs.iter().find(|spec| spec.kind == Kind::Changed).unwrap();
    assert_eq!((changed.insight_id, changed.differences.len()), (found.ranked.insight.id, 1));
    assert_eq!(session.revision_difference(2, None).unwrap().specs, [], "nothing changed since");
    let back = session.revision_difference(2, Some(1)).unwrap();
    assert_eq!(back.specs.iter().filter(|spec| spec.kind == Kind::Removed).count(), second.specs.len() - 1);
}

#[test]
fn deciding_for_an_insight_keeps_a_revision_of_it() {
    let workspace = Workspace::begun();
    let found = specified(&workspace.session());
    let id = found.ranked.insight.id;
    workspace.session().decide(&id.to_string(), Verdict::Accept, "it pays", "Ida").unwrap();
    let (revisions, base) = workspace.session().revisions().unwrap();
    assert_eq!((revisions.len(), base), (1, Some(1)));
    assert_eq!((revisions[0].accepted.as_slice(), revisions[0].why.as_str()), (&[id][..], "it pays"));
    workspace.session().decide(&id.to_string(), Verdict::Defer, "not yet", "Ida").unwrap();
    assert_eq!(workspace.session().revisions().unwrap().0.len(), 1, "only accepting keeps a revision");
}

#[test]
fn what_is_forgotten_is_in_no_revision() {
    let workspace = Workspace::begun();
    let revision = workspace.session().accept(&[], "Ida", "agreed").unwrap();
    let record = revision.specs[0].records[0];
    let (corpus, _) = workspace.session().corpus().unwrap();
    let words = corpus.record(record).unwrap().text.clone();
    let holds = |session: &Session| {
        session.revision_files(1).unwrap().iter().any(|file| String::from_utf8_lossy(&file.bytes).contains(&words))
    };
    assert!(holds(&workspace.session()));
    forget::forget(&mut workspace.session(), &record.to_string(), false).unwrap();
    let session = workspace.session();
    assert!(!holds(&session));
    let left = session.revision(1).unwrap();
    assert!(left.forgotten.contains(&revision.specs[0].insight_id) && left.specs.len() < revision.specs.len());
    drop(session);
    for name in ["workspace.db", "derived.db"] {
        let bytes = fs::read(workspace.folder.path().join(".throughline").join(name)).unwrap_or_default();
        assert!(
            !bytes.windows(words.len()).any(|window| window == words.as_bytes()),
            "{name} holds what was forgotten"
        );
    }
}
