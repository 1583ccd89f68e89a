//! Writes every page for made-up insights into a folder, to be looked at:
//! `cargo run -p throughline-backends --example gallery -- FOLDER`.
#![expect(clippy::print_stdout, reason = "says where it wrote")]

#[path = "../../specify/tests/fixture/mod.rs"]
mod fixture;

use std::collections::BTreeMap;
use std::path::Path;
use throughline_backends::{Artifact, Dossier, Listing, folder};
use throughline_frames::Frames;
use throughline_model::plan::{Horizon, Plan};
use throughline_model::strategy::Strategy;
use throughline_model::{Corpus, Insight, Language, Polarity, Score};
use throughline_specify::{Input, Outcome, playbook, specify};

fn main() -> std::io::Result<()> {
    let out = std::env::args().nth(1).unwrap_or_else(|| "gallery".to_owned());
    write(&Path::new(&out).join("told"), &fixture::TOLD.iter().map(fixture::build).collect::<Vec<_>>())?;
    let mut plain: Vec<_> =
        playbook::frames().map(|frame| fixture::plain(frame, "open shifts", Language::En)).collect();
    // What is to go and what is to stay are asked for as a polarity of a need, not as a frame of their own.
    for (object, polarity) in [("pop-ups", Polarity::Remove), ("keyboard shortcuts", Polarity::Keep)] {
        let mut fixture = fixture::plain("view", object, Language::En);
        fixture.needs.iter_mut().for_each(|need| need.polarity = polarity);
        plain.push(fixture);
    }
    write(&Path::new(&out).join("frames"), &plain)?;
    println!("wrote {out}/told/index.html and {out}/frames/index.html");
    Ok(())
}

fn write(out: &Path, fixtures: &[fixture::Fixture]) -> std::io::Result<()> {
    let mut corpus = Corpus::default();
    let (mut insights, mut scores): (Vec<Insight>, Vec<Score>) = (Vec::new(), Vec::new());
    let (mut plan, mut specs, mut abstained) = (Plan::default(), Vec::new(), BTreeMap::new());
    for fixture in fixtures {
        corpus.records.extend(fixture.corpus.records.clone());
        corpus.signals.extend(fixture.corpus.signals.clone());
        corpus.people.extend(fixture.corpus.people.clone());
        corpus.accounts.extend(fixture.corpus.accounts.clone());
        corpus.as_of = fixture.corpus.as_of;
    }
    corpus.records.sort_by_key(|record| record.id);
    corpus.signals.sort_by_key(|signal| (signal.record_id, signal.span.start));
    for (i, fixture) in fixtures.iter().enumerate() {
        let band = ["A", "A", "A", "B", "B", "C"].get(i).copied().unwrap_or("D");
        let horizon =
            [Horizon::Now, Horizon::Now, Horizon::Next, Horizon::Later].get(i).copied().unwrap_or(Horizon::Unplanned);
        let score = fixture::score(fixture, 46.8 - 2.3 * (i % 12) as f64, 71 - (i % 20) as u32);
        let place = fixture::place(fixture, i as u32 + 1, band, horizon);
        let outcome = specify(&Input {
            insight: &fixture.insight,
            needs: &fixture.needs,
            corpus: &corpus,
            score: Some(&score),
            place: Some(&place),
            strategy: &Strategy::default(),
            product_name: "Rotaboard",
            frames: Frames::builtin(),
            workspace: throughline_specify::Workspace::default(),
        });
        match outcome {
            Outcome::Specified(spec) => specs.push(*spec),
            Outcome::Abstained { why } => drop(abstained.insert(fixture.insight.id, why)),
        }
        insights.push(fixture.insight.clone());
        scores.push(score);
        plan.places.push(place);
    }
    let listing = Listing { product_name: "Rotaboard", insights: &insights, scores: &scores, plan: &plan };
    let dossiers: Vec<Dossier<'_>> = specs
        .iter()
        .filter_map(|spec| {
            Some(Dossier {
                product_name: "Rotaboard",
                insight: insights.iter().find(|insight| insight.id == spec.insight_id)?,
                spec,
                score: scores.iter().find(|score| score.insight_id == spec.insight_id),
                place: plan.places.iter().find(|place| place.insight_id == spec.insight_id),
                corpus: &corpus,
                sentences: None,
                since: None,
                generated_from: None,
            })
        })
        .collect();
    for Artifact { path, bytes } in folder(&listing, &dossiers, &abstained) {
        let path = out.join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, bytes)?;
    }
    Ok(())
}
