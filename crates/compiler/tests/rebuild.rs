//! The promises of the incremental pipeline: any history equals a clean rebuild, threads and order do not show, a second
//! run computes nothing, and one new record touches what it must.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod disk;
mod workspace;

use proptest::prelude::*;
use throughline_compiler::{Decision, export, forget};
use workspace::{TEXTS, Workspace};

#[test]
fn a_second_run_computes_nothing_and_says_so() {
    let workspace = Workspace::new();
    workspace.import(&(0..30).collect::<Vec<_>>(), 0);
    workspace.run();
    let before = workspace.everything();
    let second = workspace.run();
    for stage in &second.stages {
        assert_eq!(stage.n_cached, stage.n_in, "{stage:?}");
    }
    assert_eq!(second.stages.len(), 11);
    assert_eq!(second.changes, Vec::<String>::new());
    assert_eq!(workspace.everything(), before);
}

/// Somebody's own sorting of the texts is kept with the records, and what is understood is understood without it.
#[test]
fn columns_of_labels_never_reach_what_is_understood() {
    let with_labels = |label: &dyn Fn(usize) -> String| {
        let workspace = Workspace::new();
        let mut rows = String::from("id,text,label,category,intent,tags,cluster\n");
        for (id, text) in TEXTS.iter().enumerate() {
            let label = label(id);
            rows.push_str(&format!("t{id},\"{text}\",{label},{label},{label},{label},{label}\n"));
        }
        workspace.import_as("tickets.csv", &rows);
        workspace.run();
        let session = workspace.session();
        let tables = [export::records, export::signals, export::needs, export::scores, export::pairs];
        let mut all: String = tables.iter().map(|table| table(&session).unwrap().to_csv()).collect();
        all.push_str(&export::insights(&session, 0).unwrap().to_csv());
        all
    };
    let true_to_the_texts = with_labels(&|id| format!("theme {}", id / 6));
    assert!(true_to_the_texts.contains("payroll"));
    for step in [1, 7, 11, 13] {
        assert_eq!(true_to_the_texts, with_labels(&|id| format!("theme {}", id * step % 30 / 6)), "step {step}");
    }
    assert_eq!(true_to_the_texts, with_labels(&|_| "one and the same".to_owned()));
}

#[test]
fn one_new_record_touches_only_what_reads_it() {
    let workspace = Workspace::new();
    workspace.import(&(0..29).collect::<Vec<_>>(), 0);
    workspace.run();
    workspace.import(&[29], 0);
    let report = workspace.run();
    let missed = |step: &str| report.log.step(step).unwrap().missed.len();
    assert_eq!(missed("collect"), 1);
    assert_eq!(missed("segment"), 1);
    assert_eq!(missed("enrich"), 1);
    assert_eq!(report.log.step("collect.observe").unwrap().n_cached(), 1);
    assert!(report.log.step("cluster").unwrap().is_whole_miss);
    // Insights whose members did not change keep their needs.
    let frame = report.log.step("frame").unwrap();
    assert!(frame.n_cached() > 0, "{frame:?}");
}

#[test]
fn neither_threads_nor_the_order_of_import_show() {
    let run = |n_threads: usize, parts: &[Vec<usize>]| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
        pool.install(|| {
            let workspace = Workspace::new();
            for part in parts {
                workspace.import(part, 0);
            }
            workspace.run();
            workspace.everything()
        })
    };
    let whole: Vec<usize> = (0..30).collect();
    let reversed: Vec<usize> = (0..30).rev().collect();
    let one = run(1, std::slice::from_ref(&whole));
    assert!(one == run(2, std::slice::from_ref(&whole)), "two threads give another result than one");
    assert!(one == run(2, &[reversed[..7].to_vec(), reversed[7..].to_vec()]), "the order of import shows");
}

#[derive(Debug, Clone)]
enum Act {
    Import(Vec<usize>, usize),
    Forget(usize),
    Run,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (prop::collection::btree_set(0usize..30, 1..25), 0usize..3).prop_map(|(ids, e)| Act::Import(ids.into_iter().collect(), e)),
        2 => (0usize..30).prop_map(Act::Forget),
        3 => Just(Act::Run),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, max_shrink_iters: 20, ..ProptestConfig::default() })]
    #[test]
    fn any_history_equals_a_clean_rebuild(acts in prop::collection::vec(act(), 1..8)) {
        let workspace = Workspace::new();
        let mut editions: [Option<usize>; 30] = [None; 30];
        for act in acts {
            match act {
                Act::Import(ids, edition) => {
                    workspace.import(&ids, edition);
                    ids.iter().for_each(|&id| editions[id] = Some(edition % 2));
                }
                Act::Forget(id) => {
                    let gone = forget::forget(&mut workspace.session(), &format!("t{id}"), false);
                    prop_assert_eq!(gone.is_ok(), editions[id].is_some());
                    editions[id] = None;
                }
                Act::Run => {
                    workspace.run();
                }
            }
        }
        let lineage = workspace.lineage();
        workspace.run();
        let clean = Workspace::new();
        for edition in 0..2 {
            let ids: Vec<usize> = (0..30).rev().filter(|&id| editions[id] == Some(edition)).collect();
            if !ids.is_empty() {
                clean.import(&ids, edition);
            }
        }
        clean.set_lineage(lineage.as_deref());
        clean.run();
        prop_assert!(workspace.everything() == clean.everything(), "the history shows");
    }
}

/// A team with a dozen messages sees its themes, too.
#[test]
fn a_dozen_texts_of_two_themes_are_two_insights() {
    let workspace = Workspace::new();
    let themes = [0..6, 12..18];
    workspace.import(&themes.iter().cloned().flatten().collect::<Vec<_>>(), 0);
    workspace.run();
    let session = workspace.session();
    let (corpus, rows) = session.corpus().unwrap();
    let theme_of = |record| {
        let id: usize = corpus.record(record).unwrap().external_id[1..].parse().unwrap();
        themes.iter().position(|theme| theme.contains(&id)).unwrap()
    };
    let mut themes_of = std::collections::BTreeMap::new();
    for row in rows.iter().filter(|row| row.membership.is_some()) {
        let insight = row.membership.unwrap().0;
        themes_of.entry(insight).or_insert_with(Vec::new).push(theme_of(row.signal.record_id));
    }
    assert_eq!(themes_of.len(), 2, "{themes_of:?}");
    assert!(
        themes_of.values().all(|themes| themes.len() >= 5 && themes.iter().all(|theme| *theme == themes[0])),
        "{themes_of:?}"
    );
}

/// Somebody who files one more message sees at once who else said it, and nothing is computed for it.
#[test]
fn a_new_text_is_placed_before_the_next_run() {
    let workspace = Workspace::new();
    workspace.import(&(0..29).collect::<Vec<_>>(), 0);
    let told = |file: &str, rows: &str| workspace.import_as(file, rows).provisional;
    let one = "id,text\nn1,\"A payroll export that is scheduled would spare me the Fridays.\"\n";
    assert!(told("before.csv", one).is_empty(), "before the first run there is nothing to belong to");
    workspace.run();
    let session = workspace.session();
    let insight_of = |id: &str| {
        let (corpus, rows) = session.corpus().unwrap();
        let row = rows.iter().find(|row| corpus.record(row.signal.record_id).unwrap().external_id == id).unwrap();
        row.membership.unwrap().0
    };
    let placed = &told("after.csv", &one.replace("n1", "n2"))[0];
    assert_eq!((placed.external_id.as_str(), placed.insight_id), ("n2", insight_of("t0")));
    assert_eq!(placed.decision, Decision::Joins);
    let nearest = session.nearest(&["Why do I get each shift reminder twice?", "", "qqq zzz"]).unwrap();
    assert_eq!(nearest[0].unwrap().insight_id, insight_of("t12"));
    assert!(nearest[1].is_none(), "nothing is said");
    // An import of many is not told text by text.
    let mut many = String::from("id,text\n");
    (0..21).for_each(|i| many.push_str(&format!("m{i},\"Text number {i} about the payroll export.\"\n")));
    assert!(told("many.csv", &many).is_empty());
}
