//! The eight steps on the example product and on real texts: no rule of severity error is broken, statements rest on what
//! people said, and a strategy alone compiles to assumptions that feedback turns into evidence line by line.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking and prints what it measured")]

mod disk;

use disk::{Disk, Quiet};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use throughline_compiler::artifacts::Compiled;
use throughline_compiler::forward::{PATH, assumed};
use throughline_compiler::import::ImportOptions;
use throughline_compiler::{RunOptions, Session};
use throughline_model::{Basis, Citation};
use throughline_specify::from_strategy::{Line, State};
use throughline_specify::lint::Severity;

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/rotaboard")
}

fn workspace(settings: &str) -> (tempfile::TempDir, Session) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("throughline.toml"), settings).unwrap();
    let session = Session::open(folder.path(), &Disk).unwrap();
    (folder, session)
}

fn strategy() -> String {
    std::fs::read_to_string(example().join("throughline.toml")).unwrap()
}

fn import_and_run(session: &mut Session, path: &Path) {
    session.import(&Disk, &[path], &ImportOptions::default(), &mut Quiet).unwrap();
    session.run(&Disk, RunOptions::default(), &mut ()).unwrap();
}

fn demo() -> (tempfile::TempDir, Session) {
    let (folder, mut session) = workspace(&strategy());
    import_and_run(&mut session, &example().join("feedback"));
    (folder, session)
}

/// Specifications of the `n` insights with most signals; 0 means all.
fn largest(session: &Session, n: usize) -> Compiled {
    let mut ranked = session.ranked(0).unwrap();
    ranked.sort_by(|a, b| b.insight.n_signals.cmp(&a.insight.n_signals).then_with(|| a.insight.id.cmp(&b.insight.id)));
    let n = if n == 0 { ranked.len() } else { n };
    let ids: Vec<String> = ranked.iter().take(n).map(|ranked| ranked.insight.id.to_string()).collect();
    session.compile(&ids).unwrap()
}

/// Errors, and how often each rule could not be checked.
fn held(compiled: &Compiled) -> (Vec<String>, BTreeMap<String, usize>) {
    let findings = compiled.findings.iter().map(|finding| &finding.finding).chain(&compiled.workspace);
    let mut errors = Vec::new();
    let mut unknown: BTreeMap<String, usize> = BTreeMap::new();
    for finding in findings {
        match finding.severity {
            Severity::Error => errors.push(finding.to_string()),
            Severity::NotKnown => *unknown.entry(finding.rule.clone()).or_default() += 1,
            Severity::Warning => {}
        }
    }
    (errors, unknown)
}

#[test]
fn no_rule_is_broken_on_any_insight_of_the_example() {
    let (_folder, session) = demo();
    let compiled = largest(&session, 0);
    let (errors, unknown) = held(&compiled);
    println!(
        "example: {} specified, {} abstained, not known {unknown:?}",
        compiled.shares.len(),
        compiled.abstained.len()
    );
    assert!(errors.is_empty(), "{errors:#?}");
    assert!(compiled.shares.len() >= 20);
    // Strategy, terms, estimates and views are there, so their rules are checked.
    for rule in ["ST-1", "ST-2", "ST-5", "ST-7", "X-4", "PR-3", "PR-7", "PE-1", "US-1", "JB-2"] {
        assert!(!unknown.contains_key(rule), "{rule} is not known");
    }
    let (mut shown, mut all) = (0, 0);
    for share in &compiled.shares {
        let unit = share.first.shown_unit().unwrap();
        println!(
            "{:>4.0} % of problem, who and stories; {:>4.0} % of all: {}",
            unit * 100.0,
            share.all.shown_unit().unwrap() * 100.0,
            share.title
        );
        assert!(unit >= 0.6, "{}: {unit}", share.title);
        shown += share.first.n_shown;
        all += share.first.n_shown + share.first.n_strategy + share.first.n_unshown;
    }
    println!("example: {shown} of {all} statements of problem, who and stories rest on evidence or code");
}

#[test]
fn no_applicable_rule_is_broken_on_real_texts() {
    let Some(data) = std::env::var_os("THROUGHLINE_DATA").map(PathBuf::from) else {
        println!("skipped: THROUGHLINE_DATA is not set");
        return;
    };
    for file in ["banking77.csv", "gitbugs_seamonkey.csv"] {
        let (_folder, mut session) = workspace("");
        import_and_run(&mut session, &data.join(file));
        let compiled = largest(&session, 30);
        let (errors, unknown) = held(&compiled);
        println!(
            "{file}: {} specified, {} abstained, not known {unknown:?}",
            compiled.shares.len(),
            compiled.abstained.len()
        );
        assert!(errors.is_empty(), "{file}: {errors:#?}");
        assert_eq!(compiled.shares.len() + compiled.abstained.len(), 30);
        assert!(unknown.contains_key("ST-1") && unknown.contains_key("X-4"), "a missing input is never a pass");
    }
}

#[test]
fn personas_of_the_example_are_few_apart_and_in_their_own_words() {
    let (_folder, session) = demo();
    let compiled = largest(&session, 1);
    let file = compiled.files.iter().find(|file| file.path == throughline_backends::persona::PATH).unwrap();
    let text = String::from_utf8(file.bytes.clone()).unwrap();
    let n = text.matches("\n## ").count();
    assert!((3..=5).contains(&n), "{text}");
    assert!(
        text.contains("## Payroll clerk") && text.contains("silhouette") && text.matches("“").count() > n,
        "{text}"
    );
    assert!(!text.to_lowercase().contains("## user"));
}

fn lines(session: &Session) -> BTreeMap<String, Line> {
    let compiled = session.compile(&[]).unwrap();
    compiled.lines.into_iter().flatten().map(|line| (line.key.clone(), line)).collect()
}

#[test]
fn a_strategy_alone_compiles_to_assumptions() {
    let (_folder, mut session) = workspace(&strategy());
    session.run(&Disk, RunOptions::default(), &mut ()).unwrap();
    let objectives = assumed(session.settings());
    assert_eq!(objectives.len(), 4);
    for objective in &objectives {
        let Ok(spec) = &objective.outcome else {
            println!("{}: asks", objective.objective);
            continue;
        };
        println!("{}: {}", objective.objective, spec.title);
        for statement in throughline_model::share::statements(spec) {
            assert!(matches!(statement.1.basis, Basis::Assumption | Basis::Open), "{statement:?}");
        }
        assert!(spec.quotes.is_empty() && !spec.stories.is_empty() && !spec.use_cases.is_empty());
        assert!(objective.lines.iter().all(|line| line.state == State::Assumed && !line.test.is_empty()));
        // The rules hold, but for those that ask for voices.
        let found = throughline_specify::lint::lint(spec, &throughline_model::Corpus::default());
        let broken: Vec<_> = found
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .filter(|finding| !(finding.rule == "PR-3" || finding.message.contains("rests on no signal")))
            .collect();
        assert!(broken.is_empty(), "{}: {broken:#?}", spec.title);
    }
    let n_made = objectives.iter().filter(|objective| objective.outcome.is_ok()).count();
    assert!(n_made >= 3, "{n_made}");
    let compiled = session.compile(&[]).unwrap();
    let paths: BTreeSet<&str> = compiled.files.iter().map(|file| file.path.rsplit('/').next().unwrap()).collect();
    for name in ["prd.md", "stories.md", "jobs.md", "use-cases.md", "prototype.html", "spec.json", "strategy.md"] {
        assert!(paths.contains(name), "{name} is not among {paths:?}");
    }
    let file = compiled.files.iter().find(|file| file.path == PATH).unwrap();
    let text = String::from_utf8(file.bytes.clone()).unwrap();
    assert!(!text.contains("| evidence |"), "{text}");
}

#[test]
fn feedback_turns_named_lines_into_evidence() {
    let (_folder, mut session) = workspace(&strategy());
    session.run(&Disk, RunOptions::default(), &mut ()).unwrap();
    let before = lines(&session);
    assert!(before.values().all(|line| line.state == State::Assumed && line.cause.is_empty()));
    import_and_run(&mut session, &example().join("feedback"));
    let after = lines(&session);
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>(), "lines keep their names");
    for (key, line) in after.iter().filter(|(_, line)| line.state != State::Assumed) {
        println!("{key}: {} ({})", line.state.word(), line.cause);
        assert!(!line.cause.is_empty() && !line.citations.is_empty(), "{line:?}");
    }
    let (corpus, _) = session.corpus().unwrap();
    let index = corpus.index_from_signal();
    let cited = after.values().flat_map(|line| &line.citations);
    for citation in cited {
        if let Citation::Signal { id, .. } = citation {
            assert!(index.contains_key(id), "{id} does not exist");
        }
    }
    let is = |key: &str, word: &str| assert_eq!(after[key].state.word(), word, "{:?}", after[key]);
    is("O1/persona", "evidence");
    // Payroll clerks were taken to be who it matters to first; most who speak of it run several sites.
    is("O2/persona", "changed");
    is("O2/US-1", "evidence");
    is("O2/US-1.1", "evidence");
    is("O2/entity PayrollRun", "changed");
    is("O2/US-1.5", "assumption");
    let n = |word: &str| after.values().filter(|line| line.state.word() == word).count();
    println!(
        "{} lines: {} evidence, {} changed, {} removed, {} assumed",
        after.len(),
        n("evidence"),
        n("changed"),
        n("removed"),
        n("assumption")
    );
    assert!(n("evidence") >= 4 && n("assumption") > 0);
}
