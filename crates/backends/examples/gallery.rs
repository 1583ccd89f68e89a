//! Writes every page for made-up insights into a folder, to be looked at:
//! `cargo run -p throughline-backends --example gallery -- FOLDER`.
#![expect(clippy::print_stdout, reason = "says where it wrote")]

#[path = "../../specify/tests/fixture/mod.rs"]
mod fixture;

use std::collections::BTreeMap;
use std::path::Path;
use throughline_backends::{Artifact, Dossier, Listing, folder};
use throughline_frames::Frames;
use throughline_model::blueprint::Column;
use throughline_model::code::{
    CodeColumn, CodeEndpoint, CodeFile, CodeMap, CodePlace, CodeTable, DataChange, NeededPart, Touch,
};
use throughline_model::plan::{Horizon, Plan};
use throughline_model::spec::Spec;
use throughline_model::strategy::Strategy;
use throughline_model::{Corpus, Insight, Language, Polarity, Score};
use throughline_specify::{Input, Outcome, blueprint, playbook, specify};

fn main() -> std::io::Result<()> {
    let out = std::env::args().nth(1).unwrap_or_else(|| "gallery".to_owned());
    write(&Path::new(&out).join("told"), &fixture::TOLD.iter().map(fixture::build).collect::<Vec<_>>(), false)?;
    let mut plain: Vec<_> =
        playbook::frames().map(|frame| fixture::plain(frame, "open shifts", Language::En)).collect();
    // What is to go and what is to stay are asked for as a polarity of a need, not as a frame of their own.
    for (object, polarity) in [("pop-ups", Polarity::Remove), ("keyboard shortcuts", Polarity::Keep)] {
        let mut fixture = fixture::plain("view", object, Language::En);
        fixture.needs.iter_mut().for_each(|need| need.polarity = polarity);
        plain.push(fixture);
    }
    write(&Path::new(&out).join("frames"), &plain, false)?;
    write(&Path::new(&out).join("delta"), &plain, true)?;
    println!("wrote {out}/told/index.html, {out}/frames/index.html and {out}/delta/index.html");
    Ok(())
}

/// Writes specifications of all fixtures, beside code in which a part of what they need is there when `is_delta`.
fn write(out: &Path, fixtures: &[fixture::Fixture], is_delta: bool) -> std::io::Result<()> {
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
            Outcome::Specified(mut spec) => {
                if is_delta {
                    let code = code_for(&spec);
                    blueprint::ground(&mut spec, &code);
                }
                specs.push(*spec);
            }
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
    // Prototypes are the same with code and without.
    let files = folder(&listing, &dossiers, &abstained).into_iter();
    for Artifact { path, bytes } in files.filter(|file| !is_delta || !file.path.ends_with("prototype.html")) {
        let path = out.join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, bytes)?;
    }
    Ok(())
}

/// A map in which every second table and operation stands somewhere. Of every second such table it is said which field is
/// new; of the others their columns are named, all but the last, and some go by a number or have no id at all.
fn code_for(spec: &Spec) -> CodeMap {
    let mut touch = Touch { files: vec![("src/new.rs".to_owned(), 0.7)], ..Touch::default() };
    let mut code = CodeMap::default();
    let made = spec.blueprint.iter();
    let place = |line: usize| CodePlace { file: "src/there.rs".to_owned(), line: line as u32 + 1, symbol: None };
    for (i, table) in made.clone().flat_map(|made| &made.tables).enumerate() {
        let last = table.columns.last().map_or("id", |column| column.name.as_str());
        if i % 4 == 0 {
            let id = ["uuid", "bigint", ""][i / 4 % 3];
            let column = |column: &Column| CodeColumn {
                name: column.name.clone(),
                type_name: if column.name == "id" { id.to_owned() } else { "text".to_owned() },
                is_optional: column.is_optional,
                is_key: column.name == "id",
            };
            let columns = table.columns.iter().filter(|column| column.name != "id" || !id.is_empty());
            let columns = columns.filter(|column| column.name != last || column.name == "id").map(column).collect();
            code.tables.push(CodeTable { name: table.name.clone(), columns, place: place(i) });
        } else {
            let found = (i % 2 == 0).then(|| place(i));
            touch.parts.push(NeededPart { name: table.entity.clone(), found });
            touch.data.push(DataChange::NewField(format!("{}.{last}", table.entity)));
        }
    }
    for (i, operation) in made.flat_map(|made| &made.operations).enumerate() {
        let (method, path) = (operation.method.clone(), operation.path.clone());
        if i % 4 == 1 {
            code.endpoints.push(CodeEndpoint { method, path: format!("/api/v2{path}"), place: place(i) });
        } else {
            let found = (i % 4 == 3).then(|| place(i));
            touch.parts.push(NeededPart { name: format!("{method} {path}"), found });
        }
    }
    code.files.insert("src/there.rs".to_owned(), CodeFile::default());
    code.touches.insert(spec.insight_id, touch);
    code
}
