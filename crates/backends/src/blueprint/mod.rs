//! The technical blueprint as files: interface, SQL, diagrams, decisions, manifests and the document that gathers them.
//!
//! Everything is printed from the typed blueprint of the specification, so that no two files can disagree.
//!
//! | module | prints |
//! |---|---|
//! | `openapi`, `schemas` | the interface, OpenAPI 3.1 |
//! | `sql` | PostgreSQL and SQLite, whole and as migrations up and down |
//! | `mermaid`, `drawing` | entities, sequences, context and containers, as text and as drawings |
//! | `manifests` | Kubernetes and Knative, when something is deployed beside the core |
//! | `document` | `blueprint.md` and decisions |
//! | `page` | the part of the printable page |

mod document;
mod drawing;
mod manifests;
mod mermaid;
mod openapi;
pub(crate) mod page;
mod schemas;
mod sql;
mod yaml;

use crate::Artifact;
use crate::dossier::Dossier;
use sql::Dialect;
use throughline_model::blueprint::{Answer, Sequence};
use throughline_model::sentence::capitalised;

/// What a call answers with, as tables of calls say it.
const fn answered(answer: Answer) -> &'static str {
    match answer {
        Answer::Page => "a page",
        Answer::One => "one",
        Answer::Begun => "that it began",
        Answer::Nothing => "nothing",
        Answer::Health => "the state",
    }
}

/// Every file of the blueprint, below `folder`; none for a fix.
#[must_use]
pub fn files(dossier: &Dossier<'_>, folder: &str) -> Vec<Artifact> {
    let Some(blueprint) = &dossier.spec.blueprint else { return Vec::new() };
    let mut out = Vec::new();
    let mut add = |name: &str, text: String| {
        out.push(Artifact { path: format!("{folder}/blueprint/{name}"), bytes: text.into_bytes() });
    };
    add("blueprint.md", document::document(dossier, blueprint));
    if !blueprint.operations.is_empty() {
        add("openapi.yaml", openapi::document(dossier.product_name, &dossier.spec.title, blueprint));
    }
    for (name, dialect) in [("postgres", Dialect::Postgres), ("sqlite", Dialect::Sqlite)] {
        add(&format!("schema.{name}.sql"), sql::schema(blueprint, dialect));
        if let Some(before) = sql::before(blueprint, dialect) {
            add(&format!("migrations/{name}.before.sql"), before);
        }
        add(&format!("migrations/{name}.up.sql"), sql::up(blueprint, dialect));
        add(&format!("migrations/{name}.down.sql"), sql::down_migration(blueprint));
    }
    add("er.mmd", mermaid::entities(blueprint));
    add("er.svg", drawing::file(&drawing::entities(blueprint, "er")));
    for sequence in sequences(dossier) {
        let name = format!("sequence-{}", sequence.story_key.to_lowercase());
        add(&format!("{name}.mmd"), mermaid::sequence(&sequence));
        add(&format!("{name}.svg"), drawing::file(&drawing::sequence(&sequence, &name)));
    }
    for (i, decision) in blueprint.decisions.iter().enumerate() {
        add(&format!("adr/{}", document::file_name(i, decision)), document::decision(dossier, decision));
    }
    if let Some(deployable) = &blueprint.deployable {
        let actor = dossier.spec.stories.first().map_or("Member", |story| story.actor.text.as_str());
        add("c4-context.mmd", mermaid::context(dossier.product_name, actor, deployable));
        add("c4-container.mmd", mermaid::containers(dossier.product_name, actor, deployable));
        add(&format!("deploy/{}.yaml", deployable.name), manifests::manifests(deployable));
    }
    out
}

/// Sequences with the words of their stories.
fn sequences(dossier: &Dossier<'_>) -> Vec<Sequence> {
    let spec = dossier.spec;
    let mut out = spec.blueprint.as_ref().map_or_else(Vec::new, |blueprint| blueprint.sequences.clone());
    for sequence in &mut out {
        let Some(story) = spec.stories.iter().find(|story| story.key == sequence.story_key) else { continue };
        for lane in &mut sequence.lanes {
            *lane = lane.replace("{actor}", &capitalised(&story.actor.text));
        }
        for message in &mut sequence.messages {
            message.text = message.text.replace("{means}", &story.means.text);
        }
    }
    out
}
