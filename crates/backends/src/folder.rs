//! Every artefact as a file: `index.html`, and one folder for each specification.
//!
//! Paths are relative, with `/`; a folder's name ends in the insight's id, so a renamed insight keeps its identity.
//! The files of a specification are printed in [`PARTS`]: each is handed the sentences it prints and no other, so that it
//! has to be printed again only when one of those changed.

use crate::dossier::Dossier;
use crate::index::{Entry, Listing};
use crate::{blueprint, ears, gherkin, index, inplace, job, page, prd, prfaq, prototype, slug, stories, use_case};
use std::collections::BTreeMap;
use throughline_model::revision::Since;
use throughline_model::sentence::{Sentences, each};
use throughline_model::spec::{Artifact, Size, Spec};
use throughline_model::{Basis, Citation, InsightId};

/// Files that print the same sentences.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// Its name.
    pub name: &'static str,
    /// Whether it prints the sentences of a place.
    reads: fn(&str) -> bool,
    print: fn(&Dossier<'_>, &str) -> Vec<Artifact>,
}

/// The parts of a specification's folder.
pub const PARTS: [Part; 5] = [
    Part { name: "document", reads: |_| true, print: document },
    Part {
        name: "stories",
        reads: is_story,
        print: |dossier, folder| {
            vec![file(folder, "stories.md", inplace::document(dossier, &stories::document(dossier)))]
        },
    },
    Part { name: "criteria", reads: is_story, print: criteria },
    Part {
        name: "prototype",
        reads: is_played,
        print: |dossier, folder| vec![file(folder, "prototype.html", prototype::html(dossier))],
    },
    Part { name: "blueprint", reads: is_technical, print: blueprint::files },
];

impl Part {
    /// The specification, its sentences and what changed since it was accepted, as this part reads them: other sentences
    /// are empty.
    #[must_use]
    pub fn of(&self, dossier: &Dossier<'_>) -> (Spec, Option<Sentences>, Option<Since>) {
        let mut spec = dossier.spec.clone();
        each(&mut spec, &mut |said| {
            if !(self.reads)(&said.place) {
                said.text.clear();
                if let Some((basis, citations)) = said.grounds {
                    // What is cited is numbered through the whole specification; by whom it was worded is not.
                    *basis = Basis::Open;
                    citations.retain(|citation| !matches!(citation, Citation::Edit { .. }));
                }
            }
        });
        if self.name != "document" {
            // Only documents print these. What personas, jobs and use cases cite is numbered with the rest.
            spec.frameworks.clear();
        }
        let sentences = dossier.sentences.cloned().map(|mut sentences| {
            sentences.all.retain(|sentence| (self.reads)(&sentence.place));
            sentences.left.retain(|left| (self.reads)(&left.place));
            sentences
        });
        let since = dossier.since.cloned().map(|mut since| {
            since.differences.retain(|difference| (self.reads)(&difference.place));
            since
        });
        (spec, sentences, since)
    }

    /// Its files, from what [`Part::of`] gives.
    #[must_use]
    pub fn print(&self, dossier: &Dossier<'_>, folder: &str) -> Vec<Artifact> {
        (self.print)(dossier, folder)
    }
}

/// Title and stories with their criteria.
fn is_story(place: &str) -> bool {
    place == "title" || place.starts_with("US-")
}

/// What a prototype shows.
fn is_played(place: &str) -> bool {
    is_story(place)
        || place.starts_with("screen ")
        || ["expected", "actual", "place", "workaround", "tell"].contains(&place)
}

/// What the blueprint says and refers to.
fn is_technical(place: &str) -> bool {
    is_story(place) || place == "qualities" || place.starts_with("blueprint ")
}

fn document(dossier: &Dossier<'_>, folder: &str) -> Vec<Artifact> {
    let mut out = vec![
        file(folder, "prd.md", inplace::document(dossier, &prd::full(dossier))),
        file(folder, "one-page.md", inplace::document(dossier, &prd::one_page(dossier))),
        file(folder, "prd.html", page::page(dossier, "../../index.html", Some("prototype.html"))),
        file(folder, "spec.json", json(dossier)),
    ];
    if dossier.spec.size != Size::Fix {
        out.push(file(folder, "jobs.md", job::document(dossier)));
        out.push(file(folder, "use-cases.md", use_case::document(dossier)));
    }
    out
}

fn criteria(dossier: &Dossier<'_>, folder: &str) -> Vec<Artifact> {
    vec![
        file(folder, "requirements.md", inplace::document(dossier, &ears::document(dossier))),
        file(folder, "acceptance.feature", gherkin::feature(dossier)),
    ]
}

/// All files, by path. `abstained` says for which insights there is no specification, and why.
#[must_use]
pub fn folder(
    listing: &Listing<'_>,
    dossiers: &[Dossier<'_>],
    abstained: &BTreeMap<InsightId, String>,
) -> Vec<Artifact> {
    let mut out: Vec<Artifact> =
        dossiers.iter().flat_map(|dossier| specification(dossier, &folder_of(dossier.spec))).collect();
    out.push(index(listing, &entries(dossiers.iter().map(|dossier| dossier.spec)), abstained));
    out.sort_by(|a, b| a.path.cmp(&b.path));
    out
}

/// The folder of a specification.
#[must_use]
pub fn folder_of(spec: &Spec) -> String {
    format!("specs/{}", slug::folder(&spec.title, spec.insight_id))
}

/// What the index says of specifications.
#[must_use]
pub fn entries<'s>(specs: impl Iterator<Item = &'s Spec>) -> BTreeMap<InsightId, Entry> {
    specs.map(|spec| (spec.insight_id, Entry { title: spec.title.clone(), folder: folder_of(spec) })).collect()
}

/// The page of all insights.
#[must_use]
pub fn index(
    listing: &Listing<'_>,
    entries: &BTreeMap<InsightId, Entry>,
    abstained: &BTreeMap<InsightId, String>,
) -> Artifact {
    Artifact { path: "index.html".to_owned(), bytes: index::page(listing, entries, abstained).into_bytes() }
}

/// The files of one specification, below `folder`.
#[must_use]
pub fn specification(dossier: &Dossier<'_>, folder: &str) -> Vec<Artifact> {
    let printed = PARTS.iter().flat_map(|part| {
        let (spec, sentences, since) = part.of(dossier);
        let (sentences, since) = (sentences.as_ref(), since.as_ref());
        part.print(&Dossier { spec: &spec, sentences, since, ..*dossier }, folder)
    });
    printed.collect()
}

/// The press release of one specification with its questions; nothing for a fix.
#[must_use]
pub fn release(dossier: &Dossier<'_>, folder: &str) -> Vec<Artifact> {
    let text = prfaq::document(dossier);
    text.map(|text| file(folder, "pr-faq.md", inplace::document(dossier, &text))).into_iter().collect()
}

/// The specification as JSON, for machines: its fields, and with them what people made of it. The shape is published as
/// `docs/schema/spec.schema.json`.
#[must_use]
pub fn json(dossier: &Dossier<'_>) -> String {
    let mut spec = serde_json::to_value(dossier.spec).unwrap_or_default();
    if let (Some(object), Some(sentences)) = (spec.as_object_mut(), dossier.sentences) {
        object.insert("schema".into(), SCHEMA.into());
        object.insert("status".into(), sentences.status().word().into());
        object.insert("revision".into(), dossier.since.map(|since| since.number).into());
        object.insert("generated_from".into(), dossier.generated_from.into());
        object.insert("items".into(), serde_json::to_value(&sentences.items).unwrap_or_default());
        object.insert("sentences".into(), serde_json::to_value(&sentences.all).unwrap_or_default());
        object.insert("left".into(), serde_json::to_value(&sentences.left).unwrap_or_default());
        let differences = dossier.since.map(|since| &since.differences);
        object.insert("differences".into(), serde_json::to_value(differences).unwrap_or_default());
    }
    serde_json::to_string_pretty(&spec).map_or_else(|_| "{}\n".to_owned(), |text| text + "\n")
}

/// Name and version of the shape of `spec.json`. The version is raised when a key is renamed or removed.
pub const SCHEMA: &str = "throughline.spec/1";

fn file(folder: &str, name: &str, text: String) -> Artifact {
    Artifact { path: format!("{folder}/{name}"), bytes: text.into_bytes() }
}
