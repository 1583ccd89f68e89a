//! Acceptance criteria as a Gherkin feature: one rule for each story, one scenario for each criterion.
//! Source: Gherkin reference, version 6 and later (`Rule`).

use crate::dossier::Dossier;
use crate::stories::scenario;
use crate::text::story_sentence;
use throughline_model::spec::{Case, Criterion};

/// The feature file.
#[must_use]
pub fn feature(dossier: &Dossier<'_>) -> String {
    let spec = dossier.spec;
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut out = format!("Feature: {}\n", one_line(&spec.title));
    out.push_str(&format!("  Insight {}: {}\n", spec.insight_id, one_line(&dossier.insight.label)));
    for story in &spec.stories {
        out.push_str(&format!("\n  @{}\n", story.key));
        out.push_str(&format!("  Rule: {} {}\n", story.key, one_line(&story.title)));
        out.push_str(&format!("    {}\n", one_line(&story_sentence(story))));
        for criterion in &story.criteria {
            out.push_str(&format!("\n    {}\n{}", tags(criterion), scenario(criterion, "    ")));
        }
    }
    out
}

fn tags(criterion: &Criterion) -> String {
    let case = match criterion.case {
        Case::Happy => "success",
        case => case.word(),
    };
    let reworded = if criterion.is_reworded() { " @words-may-differ-from-terms" } else { "" };
    format!("@{} @{case} @{}{reworded}", criterion.key, criterion.basis.word())
}
