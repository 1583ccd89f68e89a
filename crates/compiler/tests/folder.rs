//! The folder that a team commits: what people change there is taken in or reported, never lost; its files keep their
//! names; what machines read has the published shape; and other tools' layouts have what those tools ask for.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod disk;
mod workspace;

use disk::{Disk, Quiet};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use throughline_compiler::artifacts::Beside;
use throughline_compiler::emitting::Emitted;
use throughline_compiler::import::ImportOptions;
use throughline_compiler::queries::Snapshot;
use throughline_compiler::{Format, RunOptions, Session, Specification};
use throughline_model::spec::{Artifact, Size};
use workspace::Workspace;

fn emit(workspace: &Workspace) -> Emitted {
    let out = workspace.folder.path().join("specs");
    workspace.session().emit(&Disk, &out, &[], &Beside::default(), "Ida").unwrap()
}

fn specified(workspace: &Workspace) -> Specification {
    let session = workspace.session();
    let mut ids = session.ranked(0).unwrap().into_iter().map(|ranked| ranked.insight.id.to_string());
    ids.find_map(|id| session.specification(&id).unwrap().ok().filter(|found| !found.spec.risks.is_empty())).unwrap()
}

/// Where a file of a specification lies.
fn place(workspace: &Workspace, found: &Specification, name: &str) -> PathBuf {
    let id = found.ranked.insight.id.to_string();
    let folders = fs::read_dir(workspace.folder.path().join("specs/specs")).unwrap().map(|entry| entry.unwrap().path());
    let mut own: Vec<PathBuf> = folders.filter(|path| path.to_string_lossy().ends_with(&id)).collect();
    assert_eq!(own.len(), 1, "one folder for one specification");
    own.remove(0).join(name)
}

fn rewrite(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{from} is not in {text}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

#[test]
fn a_sentence_changed_in_the_folder_becomes_an_edit() {
    let workspace = Workspace::begun();
    assert_eq!(emit(&workspace).n_unchanged, 0);
    let again = emit(&workspace);
    assert_eq!((again.n_written, again.imported.len()), (0, 0), "nothing is written twice");
    let found = specified(&workspace);
    let risk = found.spec.risks[0].text.clone();
    let prd = place(&workspace, &found, "prd.md");
    rewrite(&prd, &throughline_backends::text::markdown(&risk), "Clerks may not trust it.");
    rewrite(&prd, "status: draft", "status: draft\nowner: Ida");
    rewrite(&prd, "<!-- throughline risks", "A note of ours.\n\n<!-- throughline risks");
    let taken = emit(&workspace);
    assert_eq!(taken.diagnostics, [], "{:?}", taken.diagnostics);
    let [edited] = &taken.imported[..] else { unreachable!("{:?}", taken.imported) };
    assert_eq!(
        (edited.place.as_str(), edited.before.as_str(), edited.after.as_str()),
        ("risks", risk.as_str(), "Clerks may not trust it.")
    );
    assert_eq!(edited.edit.by, "Ida");
    let text = fs::read_to_string(&prd).unwrap();
    for words in
        ["Clerks may not trust it. *(decided by Ida)*", "A note of ours.", "owner: Ida", "## Changed by people"]
    {
        assert!(text.contains(words), "{words} is not in {text}");
    }
    // It is an edit like any other: it is in every file, it holds, and it is taken in once.
    assert!(fs::read_to_string(place(&workspace, &found, "spec.json")).unwrap().contains("Clerks may not trust it."));
    let last = emit(&workspace);
    assert_eq!((last.n_written, last.imported.len(), last.diagnostics.len()), (0, 0, 0));
    workspace.import(&(24..30).collect::<Vec<_>>(), 0);
    workspace.run();
    emit(&workspace);
    let text = fs::read_to_string(&prd).unwrap();
    assert!(text.contains("Clerks may not trust it.") && text.contains("A note of ours."), "{text}");
}

#[test]
fn what_cannot_be_told_apart_stays_and_is_reported_with_its_line() {
    let workspace = Workspace::begun();
    emit(&workspace);
    let found = specified(&workspace);
    let prd = place(&workspace, &found, "prd.md");
    rewrite(&prd, "## Risks\n", "## Risks\n\nAll of this is wrong, see the wiki.\n");
    let line = fs::read_to_string(&prd).unwrap().lines().position(|line| line == "## Risks").unwrap() as u64 + 1;
    for _ in 0..2 {
        let emitted = emit(&workspace);
        let [diagnostic] = &emitted.diagnostics[..] else { unreachable!("{:?}", emitted.diagnostics) };
        assert_eq!((diagnostic.code.as_str(), diagnostic.place.line), ("section-unclear", Some(line)));
        assert!(diagnostic.place.file.ends_with("prd.md"), "{diagnostic:?}");
        assert!(fs::read_to_string(&prd).unwrap().contains("see the wiki"), "a person's words are not overwritten");
    }
    assert!(workspace.session().edits().unwrap().is_empty());
}

#[test]
fn what_changed_on_both_sides_stays_and_is_reported() {
    let workspace = Workspace::begun();
    emit(&workspace);
    let found = specified(&workspace);
    let prd = place(&workspace, &found, "prd.md");
    let text = fs::read_to_string(&prd).unwrap();
    let counted = text.lines().find(|line| line.starts_with("**Problem.**")).unwrap().to_owned();
    rewrite(&prd, "**Problem.**", "**Problem.** We know better:");
    let quote = found.ranked.insight.members[0];
    let (corpus, _) = workspace.session().corpus().unwrap();
    let words = corpus.text(corpus.signals.iter().find(|signal| signal.id == quote).unwrap()).to_owned();
    workspace.import_as("more.csv", &format!("id,text\nm1,\"{words} Please.\"\nm2,\"{words} Thanks.\"\n"));
    workspace.run();
    let emitted = emit(&workspace);
    let codes: Vec<&str> = emitted.diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect();
    assert_eq!(codes, ["section-conflict"], "{:?}", emitted.diagnostics);
    let after = fs::read_to_string(&prd).unwrap();
    assert!(after.contains(&counted.replace("**Problem.**", "**Problem.** We know better:")), "{after}");
    // Returning to a revision does not run over it either.
    workspace.session().accept(&[], "Ida", "as it is").unwrap();
    let files = workspace.session().revision_files(1).unwrap();
    let out = workspace.folder.path().join("specs");
    assert!(Session::changed_by_people(&Disk, &out, &files).iter().any(|path| path.ends_with("prd.md")));
}

#[test]
fn a_folder_keeps_its_name_when_the_title_changes() {
    let workspace = Workspace::begun();
    emit(&workspace);
    let found = specified(&workspace);
    let before = place(&workspace, &found, "prd.md");
    let title = found.sentences.all.iter().find(|sentence| sentence.place == "title").unwrap().id.to_string();
    workspace.session().edit(&title, "Something else altogether", "Ida", None).unwrap();
    emit(&workspace);
    assert_eq!(place(&workspace, &found, "prd.md"), before);
    let index = fs::read_to_string(workspace.folder.path().join("specs/index.html")).unwrap();
    assert!(index.contains("Something else altogether"));
    assert!(index.contains(before.parent().unwrap().file_name().unwrap().to_str().unwrap()));
}

#[test]
fn front_matter_says_what_a_file_is() {
    let workspace = Workspace::begun();
    let found = specified(&workspace);
    let id = found.ranked.insight.id.to_string();
    emit(&workspace);
    let front = |name: &str| {
        let text = fs::read_to_string(place(&workspace, &found, name)).unwrap();
        let (front, _) = text.strip_prefix("---\n").expect(name).split_once("\n---\n").expect(name);
        front.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    for name in ["prd.md", "one-page.md", "stories.md", "requirements.md"] {
        let lines = front(name);
        assert!(lines.contains(&format!("insight: {id}")) && lines.contains(&"revision: none".to_owned()), "{lines:?}");
        assert!(lines.iter().any(|line| line.starts_with("generated_from: ")), "{lines:?}");
    }
    let mut session = workspace.session();
    session.set_status(&id, throughline_model::Status::Agreed, "Ida", None).unwrap();
    session.accept(&[], "Ida", "agreed").unwrap();
    drop(session);
    emit(&workspace);
    let lines = front("prd.md");
    for line in ["revision: 1", "status: agreed", "changed_lines: 0"] {
        assert!(lines.contains(&line.to_owned()), "{lines:?}");
    }
}

/// The example product, with every insight specified that can be.
fn example() -> (tempfile::TempDir, Session, Vec<Artifact>) {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/rotaboard");
    let folder = tempfile::tempdir().unwrap();
    fs::copy(example.join("throughline.toml"), folder.path().join("throughline.toml")).unwrap();
    let mut session = Session::open(folder.path(), &Disk).unwrap();
    session.import(&Disk, &[&example.join("feedback")], &ImportOptions::default(), &mut Quiet).unwrap();
    session.run(&Disk, RunOptions::default(), &mut ()).unwrap();
    // With something of everything: an edit, a status, a revision.
    let found = session.specification("1").unwrap().unwrap();
    let title = found.sentences.all[0].id.to_string();
    session.accept(&[], "Ida", "agreed").unwrap();
    session.edit(&title, "Payroll without carrying", "Ida", None).unwrap();
    session.set_status("1", throughline_model::Status::Agreed, "Ida", None).unwrap();
    let all: Vec<String> = (1..=session.ranked(0).unwrap().len()).map(|rank| rank.to_string()).collect();
    let files = session.compile_as(&all, &Beside { with_release: true, ..Beside::default() }).unwrap().files;
    (folder, session, files)
}

fn named<'f>(files: &'f [Artifact], name: &str) -> Vec<(&'f str, String)> {
    let of = files.iter().filter(|file| file.path.ends_with(name));
    of.map(|file| (file.path.as_str(), String::from_utf8(file.bytes.clone()).unwrap())).collect()
}

#[test]
fn every_spec_json_has_the_published_shape() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schema/spec.schema.json");
    let schema: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let (_folder, _session, files) = example();
    let specs = named(&files, "/spec.json");
    assert!(specs.len() > 12, "{}", specs.len());
    let described: BTreeSet<&String> = schema["properties"].as_object().unwrap().keys().collect();
    for (path, text) in &specs {
        let spec: Value = serde_json::from_str(text).unwrap();
        let mut wrong = Vec::new();
        validate(&schema, &schema, &spec, "", &mut wrong);
        assert!(wrong.is_empty(), "{path}: {wrong:#?}");
        for key in spec.as_object().unwrap().keys() {
            assert!(described.contains(key), "docs/schema/spec.schema.json does not describe “{key}”: add it there");
        }
    }
    // The check can fail.
    let mut broken: Value = serde_json::from_str(&specs[0].1).unwrap();
    broken["size"] = "huge".into();
    broken["stories"][0].as_object_mut().unwrap().remove("means");
    let mut wrong = Vec::new();
    validate(&schema, &schema, &broken, "", &mut wrong);
    assert_eq!(wrong.len(), 2, "{wrong:?}");
}

/// As much of JSON Schema 2020-12 as the schema uses.
fn validate(root: &Value, schema: &Value, value: &Value, at: &str, wrong: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        let definition = &root["$defs"][name.rsplit('/').next().unwrap()];
        assert!(definition.is_object(), "{name} is not defined");
        return validate(root, definition, value, at, wrong);
    }
    if let Some(options) = schema["anyOf"].as_array() {
        let fits = |option: &Value| {
            let mut found = Vec::new();
            validate(root, option, value, at, &mut found);
            found.is_empty()
        };
        if !options.iter().any(fits) {
            wrong.push(format!("{at}: {value} is none of what it may be"));
        }
        return;
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let is_of_kind = kinds.is_empty() || kinds.contains(&kind) || (kind == "integer" && kinds.contains(&"number"));
    let is_listed = schema["enum"].as_array().is_none_or(|all| all.contains(value));
    let is_const = schema.get("const").is_none_or(|only| only == value);
    let head = schema["pattern"].as_str().and_then(|p| p.strip_prefix('^')).and_then(|p| p.chars().next());
    let is_pattern =
        head.is_none_or(|head| value.as_str().is_none_or(|text| text.starts_with(head) && text.len() == 14));
    if !(is_of_kind && is_listed && is_const && is_pattern) {
        wrong.push(format!("{at}: {value} is not {schema}"));
    }
    for key in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if value.is_object() && value.get(key).is_none() {
            wrong.push(format!("{at}: {key} is missing"));
        }
    }
    for (key, inner) in schema["properties"].as_object().into_iter().flatten() {
        if let Some(value) = value.get(key) {
            validate(root, inner, value, &format!("{at}/{key}"), wrong);
        }
    }
    if let Some(items) = schema.get("items") {
        for (i, value) in value.as_array().into_iter().flatten().enumerate() {
            validate(root, items, value, &format!("{at}/{i}"), wrong);
        }
    }
}

#[test]
fn a_press_release_is_a_page_with_a_customers_own_words() {
    let (_folder, session, files) = example();
    let releases = named(&files, "/pr-faq.md");
    let (corpus, _) = session.corpus().unwrap();
    let mut n_wanted = 0;
    for ranked in session.ranked(0).unwrap() {
        let id = ranked.insight.id.to_string();
        let Ok(found) = session.specification(&id).unwrap() else { continue };
        let release = releases.iter().find(|(path, _)| path.contains(&id));
        assert_eq!(release.is_some(), found.spec.size != Size::Fix, "{}", found.spec.title);
        let Some((path, text)) = release else { continue };
        n_wanted += 1;
        let (page, questions) = text.split_once("## Questions from outside").expect(path);
        assert!(questions.contains("## Questions from within"), "{path}");
        let body = throughline_backends::inplace::read(text).unwrap();
        let n_words: usize = body
            .sections
            .iter()
            .take_while(|section| !section.id.starts_with("questions-from"))
            .map(|section| throughline_backends::text::count_words(&section.body))
            .sum();
        assert!(n_words <= throughline_backends::prfaq::RELEASE_WORDS, "{path}: {n_words} words");
        let quote = found.spec.quotes.first().expect(path);
        assert!(
            corpus.check_quote(quote) && page.contains(&throughline_backends::text::markdown(&quote.text)),
            "{path}"
        );
        assert!(page.contains("a draft dated ahead"), "{path}");
    }
    assert!(n_wanted >= 5, "{n_wanted}");
}

#[test]
fn other_tools_find_what_they_ask_for() {
    let (_folder, session, _) = example();
    let files = |format| session.compile_as(&[], &Beside { format: Some(format), ..Beside::default() }).unwrap().files;
    let all_have = |files: &[Artifact], name: &str, headings: &[&str]| {
        let found = named(files, name);
        assert!(found.len() >= 8, "{name}: {}", found.len());
        for (path, text) in found {
            for heading in headings {
                assert!(text.lines().any(|line| line.starts_with(heading)), "{path} has no {heading}");
            }
            assert!(!text.contains("[FEATURE") && !text.contains("TODO"), "{path} has something left to fill in");
        }
    };
    let speckit = files(Format::SpecKit);
    all_have(
        &speckit,
        "/spec.md",
        &[
            "# Feature Specification: ",
            "**Feature Branch**: `",
            "## User Scenarios & Testing *(mandatory)*",
            "### User Story 1 - ",
            "**Why this priority**: ",
            "**Independent Test**: ",
            "**Acceptance Scenarios**:",
            "1. **Given** ",
            "### Edge Cases",
            "## Requirements *(mandatory)*",
            "### Functional Requirements",
            "- **FR-001**: ",
            "## Success Criteria *(mandatory)*",
            "- **SC-001**: ",
        ],
    );
    all_have(
        &speckit,
        "/plan.md",
        &["# Implementation Plan: ", "## Summary", "## Technical Context", "## Project Structure"],
    );
    all_have(&speckit, "/tasks.md", &["# Tasks: ", "## Phase 1: ", "- [ ] T001 ", "## Phase 2: User Story 1 - "]);
    for (path, text) in named(&speckit, "/spec.md") {
        assert!(text.matches("[NEEDS CLARIFICATION").count() <= 3, "{path}");
        let number = path.split('/').nth(1).unwrap().get(..4).unwrap();
        assert!(number.ends_with('-') && number[..3].parse::<u32>().is_ok(), "{path}");
    }
    let openspec = files(Format::OpenSpec);
    all_have(&openspec, "/proposal.md", &["## Why", "## What Changes", "## Impact"]);
    all_have(
        &openspec,
        "/spec.md",
        &["## ADDED Requirements", "### Requirement: ", "#### Scenario: ", "- **WHEN** ", "- **THEN** "],
    );
    all_have(&openspec, "/tasks.md", &["## 1. ", "- [ ] 1.1 "]);
    for (path, text) in named(&openspec, "/spec.md") {
        for requirement in text.split("### Requirement: ").skip(1) {
            let (said, scenarios) = requirement.split_once("#### Scenario: ").expect(path);
            assert!(said.contains(" SHALL ") && !scenarios.is_empty(), "{path}: {said}");
        }
    }
    let kiro = files(Format::Kiro);
    all_have(
        &kiro,
        "/requirements.md",
        &[
            "# Requirements Document",
            "## Introduction",
            "### Requirement 1",
            "**User Story:** As a",
            "#### Acceptance Criteria",
        ],
    );
    all_have(
        &kiro,
        "/design.md",
        &[
            "# Design Document",
            "## Overview",
            "## Architecture",
            "## Components and Interfaces",
            "## Data Models",
            "## Error Handling",
            "## Testing Strategy",
        ],
    );
    all_have(&kiro, "/tasks.md", &["# Implementation Plan", "- [ ] 1. ", "  - [ ] 1.1 ", "    - _Requirements: 1."]);
    for (path, text) in named(&kiro, "/requirements.md") {
        let criteria = text.lines().filter(|line| line.split_once(". ").is_some_and(|(n, _)| n.parse::<u32>().is_ok()));
        for line in criteria {
            let has_event = line.contains("WHEN ") || line.contains("IF ");
            assert!(has_event && line.matches("THE SYSTEM SHALL").count() == 1, "{path}: {line}");
        }
    }
}

#[test]
fn pages_hand_out_what_is_compiled() {
    let (_folder, session, _) = example();
    // Before anything is read whole: what is compiled from the store is what is made from memory.
    let files = session.compile(&[]).unwrap().files;
    let snapshot = session.snapshot().unwrap().unwrap();
    assert_eq!(session.compile(&[]).unwrap().files, files, "compiled from memory");
    let mut n_compared = 0;
    for at in 0..snapshot.ranked.len() {
        let Ok(specified) = &*snapshot.specified(at).unwrap() else { continue };
        for own in &specified.files {
            // What is compiled by default is the head of the list.
            if let Some(compiled) = files.iter().find(|file| file.path == own.path) {
                assert!(compiled.bytes == own.bytes, "{} differs", own.path);
                n_compared += 1;
            }
        }
    }
    assert!(n_compared > 100, "{n_compared} files compared");
}

#[test]
fn a_change_reads_itself_alone_and_a_run_reads_all() {
    let (_folder, mut session, _) = example();
    let before = session.snapshot().unwrap().unwrap();
    let at = (0..before.ranked.len()).find(|at| before.specified(*at).unwrap().is_ok()).unwrap();
    let id = before.ranked[at].insight.id;
    let sentence = before.specified(at).unwrap().as_ref().as_ref().unwrap().sentences.all[1].id;
    session.edit(&sentence.to_string(), "Words of our own.", "Ida", None).unwrap();
    session.hide(&id.to_string(), true).unwrap();
    let after = session.snapshot().unwrap().unwrap();
    assert_eq!(before.ranked.as_ptr(), after.ranked.as_ptr(), "what the run found is shared");
    let content = |of: &Snapshot| of.specified(at).unwrap().as_ref().as_ref().unwrap().content.clone();
    assert!(content(&after).contains("Words of our own.") && !content(&before).contains("Words of our own."));
    assert!(after.hidden.contains(&id) && !before.hidden.contains(&id));
    // Differences are what the session says they are, whichever it reads from.
    let number = after.revisions.last().unwrap().number;
    let found = after.difference(number, None).unwrap().unwrap();
    let fresh = Session::open(session.folder(), &Disk).unwrap();
    assert_eq!(found, fresh.revision_difference(number, None).unwrap());
    assert_eq!(found, session.revision_difference(number, None).unwrap());
    assert!(after.difference(number + 1, None).unwrap().is_none());
    session.stand_free().unwrap();
    assert_eq!(session.snapshot().unwrap().unwrap().base(), None);
    session.return_to(number).unwrap();
    assert_eq!(session.snapshot().unwrap().unwrap().base(), Some(number));
    // Another run has other results, and they are read.
    throughline_compiler::judging::rename(&mut session, &id.to_string(), "A name of ours", Some("Ida")).unwrap();
    session.run(&Disk, RunOptions::default(), &mut ()).unwrap();
    let later = session.snapshot().unwrap().unwrap();
    assert_eq!(later.ranked[later.position(id).unwrap()].insight.label, "A name of ours");
    assert_ne!(before.ranked[at].insight.label, "A name of ours");
}
