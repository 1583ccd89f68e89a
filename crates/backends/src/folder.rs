//! Every artefact as a file: `index.html`, and one folder for each specification.
//!
//! Paths are relative, with `/`; a folder's name ends in the insight's id, so a renamed insight keeps its identity.

use crate::dossier::Dossier;
use crate::index::{Entry, Listing};
use crate::{ears, gherkin, index, page, prd, prototype, slug, stories};
use std::collections::BTreeMap;
use throughline_model::InsightId;
use throughline_model::spec::Artifact;

/// All files, by path. `abstained` says for which insights there is no specification, and why.
#[must_use]
pub fn folder(
    listing: &Listing<'_>,
    dossiers: &[Dossier<'_>],
    abstained: &BTreeMap<InsightId, String>,
) -> Vec<Artifact> {
    let mut out = Vec::new();
    let mut entries = BTreeMap::new();
    for dossier in dossiers {
        let folder = format!("specs/{}", slug::folder(&dossier.spec.title, dossier.insight.id));
        entries.insert(dossier.insight.id, Entry { title: dossier.spec.title.clone(), folder: folder.clone() });
        out.extend(specification(dossier, &folder));
    }
    out.push(artifact("index.html", index::page(listing, &entries, abstained)));
    out.sort_by(|a, b| a.path.cmp(&b.path));
    out
}

/// The files of one specification, below `folder`.
#[must_use]
pub fn specification(dossier: &Dossier<'_>, folder: &str) -> Vec<Artifact> {
    let file = |name: &str, text: String| artifact(&format!("{folder}/{name}"), text);
    vec![
        file("prd.md", prd::full(dossier)),
        file("one-page.md", prd::one_page(dossier)),
        file("prd.html", page::page(dossier, "../../index.html", Some("prototype.html"))),
        file("stories.md", stories::document(dossier)),
        file("requirements.md", ears::document(dossier)),
        file("acceptance.feature", gherkin::feature(dossier)),
        file("spec.json", json(dossier)),
        file("prototype.html", prototype::html(dossier)),
    ]
}

/// The specification as JSON, for machines.
#[must_use]
pub fn json(dossier: &Dossier<'_>) -> String {
    serde_json::to_string_pretty(dossier.spec).map_or_else(|_| "{}\n".to_owned(), |text| text + "\n")
}

fn artifact(path: &str, text: String) -> Artifact {
    Artifact { path: path.to_owned(), bytes: text.into_bytes() }
}
