//! The example product: its folder, its settings, and a workspace with every input connected.

#![allow(dead_code, clippy::unwrap_used, reason = "each test uses its part, and fails by panicking")]

use crate::disk::{Disk, Quiet};
use std::fs;
use std::path::{Path, PathBuf};
use throughline_compiler::import::ImportOptions;
use throughline_compiler::session::Ranked;
use throughline_compiler::{RunOptions, Session};
use throughline_model::code::{
    Authorship, CodeFile, CodeFunction, CodeMap, Commit, Coupling, Estimate, InterfaceChange, NeededPart, Release,
    Touch,
};
use throughline_model::{CodePlace, Timestamp};

pub(crate) fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/rotaboard")
}

/// A workspace with the example's settings, to which `more` is added.
pub(crate) fn workspace(settings: &str) -> (tempfile::TempDir, Session) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("throughline.toml"), settings).unwrap();
    let session = Session::open(folder.path(), &Disk).unwrap();
    (folder, session)
}

pub(crate) fn settings() -> String {
    fs::read_to_string(example().join("throughline.toml")).unwrap()
}

pub(crate) fn import(session: &mut Session, path: &Path) {
    session.import(&Disk, &[path], &ImportOptions::default(), &mut Quiet).unwrap();
}

pub(crate) fn run(session: &mut Session) -> throughline_compiler::session::RunReport {
    session.run(&Disk, RunOptions::default(), &mut ()).unwrap()
}

/// Beside the example's own: a principle that bears on what is said, a survey of what is expected, and code.
pub(crate) fn with_every_input() -> (tempfile::TempDir, Session) {
    let more = "\n[[strategy.principles]]\nid = \"P9\"\ntext = \"Swap requests are approved on the phone\"\n";
    let (folder, mut session) = workspace(&(settings() + more));
    import(&mut session, &example().join("feedback"));
    import(&mut session, &example().join("survey"));
    run(&mut session);
    let code = code_for(&session);
    session.use_code_map(code);
    run(&mut session);
    (folder, session)
}

/// A map in which every insight touches two files that have everything a check may ask for.
fn code_for(session: &Session) -> CodeMap {
    let place = |file: &str, line| CodePlace { file: file.into(), line, symbol: None };
    let newest = Timestamp::parse_iso("2026-09-01").unwrap();
    let mut map = CodeMap { n_commits: 120, ..CodeMap::default() };
    for name in ["src/rota.rs", "src/hours.rs", "src/other.rs"] {
        let file = CodeFile {
            n_lines: 300,
            churn: 9,
            module: name[4..8].into(),
            functions: vec![CodeFunction {
                name: "run".into(),
                line: 3,
                n_lines: 40,
                complexity: 8,
                tests: vec![place("tests/a.rs", 1)],
            }],
            debt: vec![12],
            used_by: vec!["src/other.rs".into()],
            authors: vec![Authorship { name: "Tomasz".into(), share_unit: 0.8, last_active: newest }],
            flag_at: Some(4),
            telemetry_at: Some(5),
            ..CodeFile::default()
        };
        map.files.insert(name.into(), file);
        for i in 0..30 {
            map.commits.push(Commit {
                id: format!("{name}{i}"),
                is_fix: i % 5 == 0,
                files: vec![name.into()],
                lead_hours: Some(30.0),
            });
        }
    }
    map.coupling = vec![Coupling { a: "src/rota.rs".into(), b: "src/other.rs".into(), degree_unit: 0.5, shared: 9 }];
    map.release = Some(Release { ci: Some(place("ci.yml", 1)), ..Release::default() });
    for Ranked { insight, .. } in session.ranked(0).unwrap() {
        let touch = Touch {
            confidence_unit: 0.8,
            files: vec![("src/rota.rs".into(), 0.9), ("src/hours.rs".into(), 0.6)],
            parts: vec![NeededPart { name: "GET /hours".into(), found: Some(place("src/hours.rs", 3)) }],
            interface: vec![InterfaceChange::Changed("GET /hours".into())],
            estimate: Some(Estimate { p10_days: 3.0, p50_days: 6.0, p90_days: 12.0, team: Some("Planning".into()) }),
            ..Touch::default()
        };
        map.touches.insert(insight.id, touch);
    }
    map
}
