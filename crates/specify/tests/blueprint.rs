//! Every rule of the blueprint is broken once on purpose; every blueprint that is made breaks none.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod fixture;

use throughline_model::blueprint::{Blueprint, ColumnType, Must, Presence};
use throughline_model::code::{CodeFile, CodeMap, CodePlace, DataChange, NeededPart, Touch};
use throughline_model::spec::{Size, Spec};
use throughline_model::{Corpus, Language};
use throughline_specify::lint::{Beside, Severity, lint_beside};
use throughline_specify::{blueprint, playbook, words};

fn export() -> (Spec, Corpus) {
    let fixture = fixture::plain("export", "open shifts", Language::En);
    let Some(spec) = fixture.spec() else { panic!("an export is specified") };
    (spec, fixture.corpus)
}

fn count(spec: &Spec, corpus: &Corpus, code: Option<&CodeMap>, rule: &str, severity: Severity) -> usize {
    lint_beside(spec, corpus, &Beside { code, ..Beside::default() })
        .iter()
        .filter(|found| found.rule == rule && found.severity == severity)
        .count()
}

#[test]
fn every_frame_has_a_blueprint_that_breaks_no_rule() {
    for frame in playbook::frames() {
        for noun in ["open shifts", "invoices", "Überstunden", "users", "orders", "hour"] {
            let fixture = fixture::plain(frame, noun, Language::En);
            let Some(spec) = fixture.spec() else { continue };
            assert_eq!(spec.blueprint.is_some(), spec.size != Size::Fix, "{frame}");
            let found: Vec<String> = lint_beside(&spec, &fixture.corpus, &Beside::default())
                .iter()
                .filter(|found| found.rule.starts_with("BP-") && found.severity != Severity::NotKnown)
                .map(ToString::to_string)
                .collect();
            assert!(found.is_empty(), "{frame}, {noun}: {found:#?}");
        }
    }
}

#[test]
fn each_rule_notices_what_breaks_it() {
    type Break = fn(&mut Blueprint);
    let breaks: [(&str, Severity, Break); 16] = [
        ("BP-1", Severity::Error, |b| b.operations[0].summary.clear()),
        ("BP-1", Severity::Error, |b| b.operations[0].refusals.clear()),
        ("BP-1", Severity::Error, |b| b.operations.iter_mut().for_each(|o| o.takes_idempotency_key = false)),
        ("BP-1", Severity::Error, |b| b.operations[0].path = "/{any}/{id}".to_owned()),
        ("BP-2", Severity::Error, |b| b.tables.reverse()),
        ("BP-2", Severity::Error, |b| drop(b.tables[0].columns.remove(0))),
        ("BP-2", Severity::Error, |b| b.tables.iter_mut().for_each(|t| t.columns[0].holds = ColumnType::Money)),
        ("BP-3", Severity::Error, |b| b.tables.iter_mut().for_each(|t| t.columns.truncate(1))),
        ("BP-3", Severity::Error, |b| drop(b.operations.pop())),
        ("BP-4", Severity::Error, |b| b.sequences.clear()),
        ("BP-5", Severity::Error, |b| b.decisions[0].options.truncate(1)),
        ("BP-5", Severity::Error, |b| b.decisions[0].cost.text.clear()),
        ("BP-6", Severity::Error, |b| b.targets.retain(|t| !matches!(t.must, Must::AsQuality(_)))),
        ("BP-7", Severity::Error, |b| b.deployable.as_mut().unwrap().reason.text.clear()),
        ("BP-9", Severity::Warning, |b| b.tasks.reverse()),
        ("BP-9", Severity::Warning, |b| b.tasks[0].serves = vec!["US-99".to_owned()]),
    ];
    for (i, (rule, severity, change)) in breaks.into_iter().enumerate() {
        let (mut spec, corpus) = export();
        let before = count(&spec, &corpus, None, rule, severity);
        change(spec.blueprint.as_mut().unwrap());
        assert!(count(&spec, &corpus, None, rule, severity) > before, "{i}: {rule} was not noticed");
    }
}

#[test]
fn without_code_what_exists_is_not_known() {
    let (spec, corpus) = export();
    assert_eq!(count(&spec, &corpus, None, "BP-8", Severity::NotKnown), 1);
    assert_eq!(count(&spec, &corpus, None, "BP-9", Severity::NotKnown), 1);
}

#[test]
fn beside_code_a_blueprint_names_what_is_there_and_marks_the_rest_new() {
    let (mut spec, corpus) = export();
    let place = CodePlace { file: "src/exports.rs".to_owned(), line: 12, symbol: Some("Export".to_owned()) };
    let mut code = CodeMap::default();
    code.files.insert("src/exports.rs".to_owned(), CodeFile::default());
    let parts = vec![NeededPart { name: "Export".to_owned(), found: Some(place) }];
    let files = vec![("src/exports.rs".to_owned(), 0.9)];
    code.touches.insert(spec.insight_id, Touch { parts, files, ..Touch::default() });
    blueprint::ground(&mut spec, &code);
    let made = spec.blueprint.as_ref().unwrap();
    let exports = made.tables.iter().find(|table| table.entity == "Export").unwrap();
    assert_eq!(
        exports.presence,
        Presence::Exists { file: "src/exports.rs".to_owned(), line: 12, symbol: Some("Export".to_owned()) }
    );
    assert!(made.operations.iter().all(|operation| operation.presence == Presence::New));
    for severity in [Severity::Error, Severity::NotKnown] {
        assert_eq!(count(&spec, &corpus, Some(&code), "BP-8", severity), 0);
    }
    // The table and the file that tasks change.
    assert_eq!(count(&spec, &corpus, Some(&CodeMap::default()), "BP-8", Severity::Error), 2);
}

/// The first table that holds more than its key.
fn filled(made: &Blueprint) -> Option<usize> {
    made.tables.iter().position(|table| table.columns.len() > 1 && table.list_of.is_none())
}

/// A map in which that table and the first operation stand in one file, and the table lacks its last column.
fn code_for(spec: &Spec) -> CodeMap {
    let made = spec.blueprint.as_ref().unwrap();
    let (table, operation) = (&made.tables[filled(made).unwrap()], &made.operations[0]);
    let place = |line| Some(CodePlace { file: "src/a.rs".to_owned(), line, symbol: None });
    let parts = vec![
        NeededPart { name: words::snake(&table.one), found: place(3) },
        NeededPart { name: format!("{} {}", operation.method, operation.path), found: place(9) },
    ];
    let data = vec![DataChange::NewField(format!("{}.{}", table.entity, table.columns.last().unwrap().name))];
    let mut code = CodeMap::default();
    code.files.insert("src/a.rs".to_owned(), CodeFile::default());
    code.touches
        .insert(spec.insight_id, Touch { parts, data, files: vec![("src/b.rs".to_owned(), 0.8)], ..Touch::default() });
    code
}

#[test]
fn a_table_that_is_there_gains_columns_and_an_operation_that_is_there_is_used() {
    let mut n = 0;
    for frame in playbook::frames() {
        let fixture = fixture::plain(frame, "open shifts", Language::En);
        let Some(mut spec) = fixture.spec() else { continue };
        let Some(at) = spec.blueprint.as_ref().filter(|made| !made.operations.is_empty()).and_then(filled) else {
            continue;
        };
        n += 1;
        let code = code_for(&spec);
        blueprint::ground(&mut spec, &code);
        let made = spec.blueprint.as_ref().unwrap();
        let table = &made.tables[at];
        assert!(matches!(table.presence, Presence::Exists { line: 3, .. }), "{frame}: {table:?}");
        assert!(table.columns.last().unwrap().is_added && !table.columns[0].is_added, "{frame}");
        let first = &made.operations[0];
        assert!(matches!(first.presence, Presence::Exists { line: 9, .. }), "{frame}");
        let task = made.tasks.iter().find(|task| task.text.contains(&format!("{} {},", first.method, first.path)));
        let task = task.unwrap_or_else(|| panic!("{frame}: {:#?}", made.tasks));
        assert_eq!(task.files[0].0, "src/a.rs", "{frame}");
        assert!(made.tasks.iter().all(|task| !task.files.is_empty()), "{frame}");
        assert!(made.tasks.iter().any(|task| task.files[0] == ("src/b.rs".to_owned(), Presence::New)), "{frame}");
        let found: Vec<String> =
            lint_beside(&spec, &fixture.corpus, &Beside { code: Some(&code), ..Beside::default() })
                .iter()
                .filter(|found| found.rule.starts_with("BP-"))
                .map(ToString::to_string)
                .collect();
        assert!(found.is_empty(), "{frame}: {found:#?}");
        // What is read of the map says the same as the whole.
        let mut again = fixture.spec().unwrap();
        blueprint::ground(&mut again, &blueprint::read_of(&code, spec.insight_id));
        assert_eq!(again, spec, "{frame}");
    }
    assert!(n > 40, "only {n} frames have a table and an operation");
}

#[test]
fn a_column_that_is_there_cannot_refer_to_a_table_that_is_not() {
    let (mut spec, corpus) = export();
    let code = code_for(&spec);
    blueprint::ground(&mut spec, &code);
    assert_eq!(count(&spec, &corpus, Some(&code), "BP-8", Severity::Error), 0);
    let made = spec.blueprint.as_mut().unwrap();
    let at = filled(made).unwrap();
    let mut other = made.tables[at].clone();
    (other.name, other.presence) = ("others".to_owned(), Presence::New);
    made.tables[at].columns[1].holds = ColumnType::Reference("others".to_owned());
    made.tables[at].columns[1].is_added = false;
    made.tables.push(other);
    assert!(count(&spec, &corpus, Some(&code), "BP-8", Severity::Error) > 0);
}
