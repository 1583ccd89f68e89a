//! Artefacts: what a team reads, as files. Specifications are made on demand and held to their rules.
//!
//! In: the results of the last run. Out: a page of all insights, a folder per specified insight, a digest per department.
//! Invariant: nothing is written when a quote does not match its record.

use crate::Error;
use crate::editing::Made;
use crate::session::Ranked;
use crate::stages::Digest;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;
use throughline_backends::{Dossier, Listing, slug};
use throughline_model::plan::Plan;
use throughline_model::spec::Artifact;
use throughline_model::{Insight, InsightId, Score, Settings};

/// Files, and what could not be made.
#[derive(Debug, Clone, Default)]
pub struct Compiled {
    /// Below the output folder, by path.
    pub files: Vec<Artifact>,
    /// Insights that were not specified: name and reason.
    pub abstained: Vec<(String, String)>,
    /// Rules that a specification does not keep, or that could not be checked.
    pub findings: Vec<Finding>,
}

/// A rule that a specification does not keep.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// The insight.
    pub insight_id: InsightId,
    /// What the rule says.
    #[serde(flatten)]
    pub finding: throughline_specify::lint::Finding,
}

/// Compiles what was made of the chosen insights.
///
/// # Errors
/// When a quote does not match its record.
pub(crate) fn compile(
    settings: &Settings,
    all: &[Ranked],
    made: &[Made],
    digests: &[Digest],
) -> Result<Compiled, Error> {
    let mut compiled = Compiled::default();
    let mut reasons: BTreeMap<InsightId, String> = BTreeMap::new();
    let product_name = settings.product.name.as_deref().unwrap_or("the product");
    let mut dossiers: Vec<Dossier<'_>> = Vec::new();
    for Made { ranked, spec, slice } in made {
        match spec {
            Ok((spec, sentences)) => dossiers.push(Dossier {
                product_name,
                insight: &ranked.insight,
                spec,
                score: Some(&ranked.score),
                place: Some(&ranked.place),
                corpus: slice,
                sentences: Some(sentences),
            }),
            Err(why) => {
                compiled.abstained.push((ranked.insight.label.clone(), why.clone()));
                reasons.insert(ranked.insight.id, why.clone());
            }
        }
    }
    let quotes = dossiers.iter().flat_map(|dossier| {
        let quotes = dossier.spec.quotes.iter().chain(&dossier.spec.dissent);
        quotes.map(|quote| (quote, dossier.corpus))
    });
    let wrong: Vec<_> = quotes.filter(|(quote, corpus)| !corpus.check_quote(quote)).collect();
    if let Some((first, _)) = wrong.first() {
        return Err(Error::Proof { n_wrong: wrong.len(), first: format!("“{}”", first.text) });
    }
    for dossier in &dossiers {
        let found = throughline_specify::lint::lint(dossier.spec, dossier.corpus);
        compiled.findings.extend(found.into_iter().map(|finding| Finding { insight_id: dossier.insight.id, finding }));
    }
    let insights: Vec<Insight> = all.iter().map(|ranked| ranked.insight.clone()).collect();
    let scores: Vec<Score> = all.iter().map(|ranked| ranked.score.clone()).collect();
    let plan = Plan { places: all.iter().map(|ranked| ranked.place.clone()).collect(), ..Plan::default() };
    let listing = Listing { product_name, insights: &insights, scores: &scores, plan: &plan };
    compiled.files = throughline_backends::folder(&listing, &dossiers, &reasons);
    compiled.files.extend(digests.iter().filter(|digest| !digest.items.is_empty()).map(digest_file));
    compiled.files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(compiled)
}

/// What a department is told, as Markdown.
fn digest_file(digest: &Digest) -> Artifact {
    let mut text = format!("# For {}\n\nInsights that touch what concerns you, in rank order.\n\n", digest.department);
    for item in &digest.items {
        let _ = writeln!(text, "- **{}** ({}): {}", item.label, item.insight_id, item.because);
    }
    Artifact { path: format!("digests/{}.md", slug::words(&digest.department)), bytes: text.into_bytes() }
}
