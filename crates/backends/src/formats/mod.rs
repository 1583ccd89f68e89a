//! Layouts of other tools: the same specification in the folders and under the headings that spec-kit, OpenSpec and Kiro
//! read.
//!
//! In: a dossier. Out: files below the root of a repository. Everything in them is in the specification; what a tool asks
//! for and the specification does not know is said to be open.
//! Source: the templates in `github/spec-kit`, `openspec validate --strict` of `@fission-ai/openspec`, and the pages on
//! specs at kiro.dev, all as of November 2026.

mod kiro;
mod openspec;
mod speckit;

use crate::dossier::Dossier;
use crate::slug;
use throughline_model::Basis;
use throughline_model::spec::{Artifact, Case, Criterion, Spec};

/// A tool whose layout is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// `specs/NNN-name/{spec,plan,data-model,tasks}.md`.
    SpecKit,
    /// `openspec/changes/name/{proposal,design,tasks}.md` and a delta for each capability.
    OpenSpec,
    /// `.kiro/specs/name/{requirements,design,tasks}.md`.
    Kiro,
}

impl Format {
    /// The files of one specification, by path. `known` is the name of a folder that it has already.
    #[must_use]
    pub fn print(self, dossier: &Dossier<'_>, known: Option<&str>) -> Vec<Artifact> {
        let name = known.map_or_else(|| slug::folder(&dossier.spec.title, dossier.spec.insight_id), str::to_owned);
        match self {
            Self::SpecKit if known.is_none() => {
                let rank = dossier.place.map_or(0, |place| place.rank);
                speckit::files(dossier, &format!("{rank:03}-{name}"))
            }
            Self::SpecKit => speckit::files(dossier, &name),
            Self::OpenSpec => openspec::files(dossier, &name),
            Self::Kiro => kiro::files(dossier, &name),
        }
    }
}

fn file(folder: &str, name: &str, text: &str) -> Artifact {
    let text = format!("{}\n", text.trim_end());
    Artifact { path: format!("{folder}/{name}"), bytes: text.into_bytes() }
}

/// What the product shall do, one for each result of a criterion: the words after `shall`.
fn responses(criterion: &Criterion) -> Vec<String> {
    let after = |line: &str| -> Option<String> {
        // The clause of the event may hold any word; the product's own `shall` comes after it.
        let from = line.find(&criterion.when).map_or(0, |at| at + criterion.when.len());
        line[from..].split_once(" shall ").map(|(_, response)| response.trim_end_matches('.').to_owned())
    };
    criterion.ears.lines().filter_map(after).collect()
}

/// Where a change meets the code, or why that is not known.
fn affected(spec: &Spec) -> String {
    let fix = spec.fix.iter().flat_map(|fix| &fix.place);
    let told = spec.dependencies.iter().chain(fix).find(|statement| statement.basis == Basis::Code);
    match told {
        Some(told) => told.text.trim_start_matches("In the code: ").trim_end_matches('.').to_owned(),
        None if is_read(spec) => "not known; nothing in the code that was read is near it".to_owned(),
        None => "not known; no code is connected".to_owned(),
    }
}

/// Whether a map of the code was read.
fn is_read(spec: &Spec) -> bool {
    spec.blueprint.as_ref().is_some_and(|blueprint| blueprint.is_delta || blueprint.is_unmapped)
}

/// Whether a criterion tells what must not go wrong.
const fn is_edge(case: Case) -> bool {
    !matches!(case, Case::Happy)
}

/// The day of the newest record; formats ask for a date, and none but the data's is known here.
fn day(dossier: &Dossier<'_>) -> String {
    dossier.corpus.as_of.map_or_else(|| "undated".to_owned(), |at| at.rfc3339().chars().take(10).collect())
}

/// Tasks in the order in which they can be done: data, operations, then story by story with its criteria as tests.
struct Task {
    text: String,
    /// Keys of the stories and criteria that it serves; empty for all.
    serves: Vec<String>,
    /// Position of its story; none for what all stories need.
    story: Option<usize>,
}

fn tasks(spec: &Spec) -> Vec<Task> {
    let mut out = Vec::new();
    for entity in &spec.entities {
        let fields: Vec<&str> = entity.fields.iter().map(|field| field.name.as_str()).collect();
        let verb = if entity.basis == throughline_model::Basis::Code { "Extend" } else { "Add" };
        out.push(Task {
            text: format!("{verb} {} with {}", entity.name, fields.join(", ")),
            serves: entity.story_keys.clone(),
            story: None,
        });
    }
    for (at, story) in spec.stories.iter().enumerate() {
        let of_story = |keys: &[String]| keys.first() == Some(&story.key);
        for criterion in &story.criteria {
            out.push(Task {
                text: format!("Write the failing test for “{}”", criterion.title),
                serves: vec![criterion.key.clone()],
                story: Some(at),
            });
        }
        for endpoint in spec.endpoints.iter().filter(|endpoint| of_story(&endpoint.story_keys)) {
            let codes: Vec<String> = endpoint.codes.iter().map(ToString::to_string).collect();
            out.push(Task {
                text: format!("Answer {} {} with {}", endpoint.method, endpoint.path, codes.join(", ")),
                serves: endpoint.story_keys.clone(),
                story: Some(at),
            });
        }
        for screen in &spec.screens {
            let serves: Vec<String> = screen.regions.iter().flat_map(|region| region.serves.clone()).collect();
            let is_first = spec.stories.iter().position(|other| serves.contains(&other.key)) == Some(at);
            if is_first {
                let text = format!("Build “{}” with its states", screen.title);
                out.push(Task { text, serves: vec![story.key.clone()], story: Some(at) });
            }
        }
        let text = format!("Make the tests of {} pass: {}", story.key, story.title);
        out.push(Task { text, serves: vec![story.key.clone()], story: Some(at) });
    }
    out
}
