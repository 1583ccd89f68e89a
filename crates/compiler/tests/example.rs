//! What is known of the example product: with every input connected, as the demo connects it, and with texts alone. And
//! what a changed weight, a changed rubric and another instant do to its scores.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking and prints what it measured")]

mod connected;
mod disk;

use connected::{example, import, run, settings, with_every_input, workspace};
use disk::Disk;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use throughline_compiler::session::Ranked;
use throughline_compiler::{Session, doctor};
use throughline_model::CheckState;

fn demo() -> (tempfile::TempDir, Session) {
    let (folder, mut session) = workspace(&settings());
    import(&mut session, &example().join("feedback"));
    run(&mut session);
    (folder, session)
}

fn known(ranked: &[Ranked]) -> BTreeSet<String> {
    let checks = ranked.iter().flat_map(|ranked| &ranked.score.checks);
    checks.filter(|check| check.state == CheckState::Scored).map(|check| check.id.clone()).collect()
}

fn most(ranked: &[Ranked]) -> u32 {
    ranked.iter().map(|ranked| ranked.score.knowable).max().unwrap()
}

#[test]
fn the_demo_knows_what_can_be_known_without_code() {
    let (_folder, session) = demo();
    let ranked = session.ranked(0).unwrap();
    let diagnosis = doctor::diagnose(&session).unwrap();
    println!("demo: {} checks of one insight, {} of any", most(&ranked), known(&ranked).len());
    assert!((52..=55).contains(&most(&ranked)), "{}", most(&ranked));
    assert_eq!(diagnosis.best_known.unwrap().knowable, most(&ranked));
    // The first thing to connect is the one that most checks wait for.
    let first = &diagnosis.missing[0];
    assert_eq!((first.input.as_str(), first.checks.len()), ("a code map: connect a repository", 17));
    // Somebody speaks for everybody whom the example declares.
    assert_eq!((diagnosis.blind_spots.n, diagnosis.blind_spots.first.len()), (0, 0));
    assert!(diagnosis.blind_spots.n_groups > 10 && diagnosis.blind_spots.unknown.is_empty());
    let explained = session.explain("1", None).unwrap();
    let score = &explained.score;
    assert_eq!(
        explained.headline,
        format!("{:.1} of {} knowable points; {} of 77 known", score.earned, score.knowable, score.knowable)
    );
    assert_eq!(explained.sensitivity.missing[0].input, first.input);
}

#[test]
fn the_doctor_names_the_first_who_are_not_heard_and_counts_all() {
    let mut more = String::new();
    for name in ["Astronaut", "Beekeeper", "Cartographer", "Diver"] {
        let _ = write!(more, "\n[[strategy.personas]]\nid = \"{name}\"\nname = \"{name}\"\nroles = [\"{name}\"]\n");
    }
    let (_folder, mut session) = workspace(&(settings() + &more));
    assert_eq!(doctor::diagnose(&session).unwrap().blind_spots.n_groups, 0, "nothing is told before a run");
    import(&mut session, &example().join("feedback"));
    run(&mut session);
    let spots = doctor::diagnose(&session).unwrap().blind_spots;
    assert_eq!((spots.n, spots.first.len()), (4, 3));
    assert!(spots.first.iter().all(|spot| spot.kind == "persona" && spot.known == 0 && !spot.to_fill.is_empty()));
}

#[test]
fn each_point_of_the_demo_leads_to_customers_words_in_one_step() {
    let (_folder, session) = demo();
    let (corpus, _) = session.corpus().unwrap();
    for rank in 1..=session.ranked(0).unwrap().len() {
        let explained = session.explain(&rank.to_string(), None).unwrap();
        for (result, check) in explained.score.checks.iter().zip(&explained.checks) {
            assert!(check.sources.iter().all(|source| source.words.is_some()), "{}: {:?}", result.id, check.sources);
            assert!(result.points == 0.0 || !check.quotes.is_empty(), "rank {rank}: {} has no words", result.id);
            for quote in &check.quotes {
                let record = corpus.record(quote.record_id).unwrap();
                assert_eq!(&record.text[quote.start as usize..quote.end as usize], quote.text);
            }
        }
    }
}

#[test]
fn with_texts_alone_about_twenty_are_known() {
    let (_folder, session) = demo();
    let mut csv = String::from("text\n");
    for record in session.corpus().unwrap().0.records {
        if record.source_kind != throughline_model::SourceKind::Analytics {
            let _ = writeln!(csv, "\"{}\"", record.text.replace('"', "'"));
        }
    }
    let (folder, mut bare) = workspace("");
    fs::write(folder.path().join("texts.csv"), csv).unwrap();
    import(&mut bare, &folder.path().join("texts.csv"));
    run(&mut bare);
    let ranked = bare.ranked(0).unwrap();
    println!("texts alone: {} checks of one insight, {} of any", most(&ranked), known(&ranked).len());
    assert!((15..=24).contains(&most(&ranked)), "{}", most(&ranked));
    let missing = doctor::diagnose(&bare).unwrap().missing;
    let all: BTreeSet<&String> = missing.iter().flat_map(|missing| &missing.checks).collect();
    assert_eq!(all.len() + known(&ranked).len(), 77, "each unknown check is told with what it needs");
}

#[test]
fn with_every_input_connected_one_insight_knows_all_77() {
    let (_folder, session) = with_every_input();
    let ranked = session.ranked(0).unwrap();
    let best = ranked.iter().max_by_key(|ranked| ranked.score.knowable).unwrap();
    println!("every input: {} checks of one insight, {} of any", most(&ranked), known(&ranked).len());
    let unknown: Vec<_> = best.score.checks.iter().filter(|check| check.state == CheckState::Unknown).collect();
    assert!(unknown.is_empty(), "of “{}” is not known: {unknown:#?}", best.insight.label);
    assert_eq!((best.score.knowable, best.score.coverage), (77, 1.0));
    assert!(best.insight.label.contains("swap"), "{}", best.insight.label);
    assert!(ranked.iter().all(|ranked| ranked.score.groups["technical_effort"].score.is_some()));
    blueprints_are_changes_of_the_code(&session);
}

/// Every blueprint names the files it changes, and the rule that looks names up in the code has what it needs.
fn blueprints_are_changes_of_the_code(session: &Session) {
    let compiled = session.compile(&[]).unwrap();
    let mut n = 0;
    for file in compiled.files.iter().filter(|file| file.path.ends_with("blueprint.md")) {
        let text = std::str::from_utf8(&file.bytes).unwrap();
        assert!(text.contains("A change of the code that was read"), "{}", file.path);
        assert!(text.contains("Files: `src/rota.rs`, `src/hours.rs`."), "{}", file.path);
        n += 1;
    }
    assert!(n > 5, "{n} blueprints");
    let wrong: Vec<_> = compiled.findings.iter().filter(|found| found.finding.rule == "BP-8").collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_changed_weight_recomputes_scores_only() {
    let (folder, _session) = demo();
    let file = folder.path().join("throughline.toml");
    fs::write(&file, settings() + "\n[score.weights]\nBI-10 = 3.0\nstrategic_alignment = 0.5\n").unwrap();
    let mut session = Session::open(folder.path(), &Disk).unwrap();
    assert_eq!(session.diagnostics(), []);
    let before: BTreeMap<_, _> = session.ranked(0).unwrap().into_iter().map(|r| (r.insight.id, r.score)).collect();
    let report = run(&mut session);
    let ran: Vec<&str> =
        report.stages.iter().filter(|stage| stage.n_cached < stage.n_in).map(|s| s.stage.as_str()).collect();
    assert_eq!(ran, ["score"], "every other stage had nothing to do");
    let mut differ = 0;
    for Ranked { insight, score, .. } in session.ranked(0).unwrap() {
        let weighted = score.weighted_total.unwrap();
        differ += usize::from((weighted - score.total).abs() > 0.01);
        assert_eq!(
            (score.total, &score.checks),
            (before[&insight.id].total, &before[&insight.id].checks),
            "the 77 stay"
        );
    }
    assert!(differ > 0);
}

#[test]
fn a_rubric_that_does_not_hold_together_is_told_and_the_shipped_one_used() {
    let shipped = throughline_score::rubric::BUILTIN;
    let last = shipped.rfind("[[check]]").unwrap();
    let of = |rubric: &str| {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("my-rubric.toml"), rubric).unwrap();
        fs::write(
            folder.path().join("throughline.toml"),
            "[score]\nrubric = \"my-rubric.toml\"\n[score.weights]\nBI-10 = -1.0\nBI-99 = 2.0\n",
        )
        .unwrap();
        let session = Session::open(folder.path(), &Disk).unwrap();
        (session.rubric().version.clone(), session.diagnostics().to_vec())
    };
    let (version, found) = of(&shipped[..last]);
    assert_eq!(version, throughline_score::Rubric::builtin().version);
    let total = found.iter().find(|d| d.code == "rubric-total").unwrap();
    assert_eq!((total.place.file.as_str(), total.message.contains("76")), ("my-rubric.toml", true));
    assert!(total.place.line.is_some() && !total.remedy.is_empty());
    let refused = found.iter().find(|d| d.code == "rubric-refused").unwrap();
    assert_eq!((refused.place.file.as_str(), refused.place.line), ("throughline.toml", Some(2)));
    let weights: Vec<Option<u64>> = found.iter().filter(|d| d.code == "score-weight").map(|d| d.place.line).collect();
    assert_eq!(weights, [Some(4), Some(5)]);
    // One's own version is in force, and shown.
    let (version, found) = of(&shipped.replacen("version = \"", "version = \"acme ", 1));
    assert!(version.starts_with("acme "), "{version}");
    assert!(found.iter().all(|d| d.code == "score-weight"), "{found:?}");
}

#[test]
fn a_past_score_is_replayed_to_the_bit_and_its_change_has_a_cause() {
    let (folder, mut session) = demo();
    let then = session.corpus().unwrap().0.as_of;
    let before = session.ranked(0).unwrap();
    // Two months later somebody writes again, of something else.
    let later = "id,created_at,email,text\nz1,2026-11-30,z@z.example,The museum opens at nine on rainy days.\n";
    fs::write(folder.path().join("later.csv"), later).unwrap();
    import(&mut session, &folder.path().join("later.csv"));
    run(&mut session);
    let now: BTreeMap<_, _> = session.ranked(0).unwrap().into_iter().map(|r| (r.insight.id, r)).collect();
    let is_same = |was: &&Ranked| {
        let now = now.get(&was.insight.id);
        now.is_some_and(|now| now.insight.members == was.insight.members && now.insight.area == was.insight.area)
    };
    let same: Vec<&Ranked> = before.iter().filter(is_same).take(5).collect();
    assert!(!same.is_empty());
    for was in same {
        let id = was.insight.id.to_string();
        assert_ne!(now[&was.insight.id].score.earned.to_bits(), was.score.earned.to_bits(), "two months went by");
        let again = session.explain(&id, then).unwrap().score;
        for (again, was) in again.checks.iter().zip(&was.score.checks) {
            assert_eq!(again, was);
        }
        assert_eq!(again.total.to_bits(), was.score.total.to_bits());
        let changes = session.explain(&id, None).unwrap().changes.unwrap();
        assert_eq!(changes.total_before.to_bits(), was.score.total.to_bits());
        let recency = changes.checks.iter().find(|change| change.check == "BI-27").unwrap();
        assert!(recency.cause.ends_with("days went by"), "{recency:?}");
    }
}

#[test]
fn an_order_is_explained_check_by_check() {
    let (_folder, session) = demo();
    let found = session.why_not("9", "2").unwrap();
    assert_eq!((found.above.rank, found.below.rank), (2, 9));
    let points: Vec<f64> = found.checks.iter().map(throughline_compiler::explain::Difference::points).collect();
    assert!(points.is_sorted_by(|a, b| a >= b), "the largest difference first");
    assert!(found.holds > 0.5 && found.above.total > found.below.total);
}
