//! Stories with their criteria in Markdown, in the order in which they are to be built.

use crate::dossier::{Dossier, Evidence};
use crate::text::{markdown, story_sentence};
use throughline_model::spec::Criterion;

/// All stories as one document.
#[must_use]
pub fn document(dossier: &Dossier<'_>) -> String {
    let evidence = Evidence::of(dossier);
    format!(
        "# Stories: {}\n\n{}\n\n{}",
        markdown(&dossier.spec.title),
        crate::prd::standing(dossier),
        sections(dossier, &evidence, 2)
    )
}

/// One section for each story; `level` is that of its heading.
pub(crate) fn sections(dossier: &Dossier<'_>, evidence: &Evidence, level: usize) -> String {
    let mut out = String::new();
    for story in &dossier.spec.stories {
        let mut cited = evidence.numbers(&story.means.citations);
        cited.extend(evidence.numbers(&story.benefit.citations));
        cited.sort_unstable();
        cited.dedup();
        let cited: Vec<String> = cited.iter().map(ToString::to_string).collect();
        let ground = if cited.is_empty() {
            format!("*{}*", story.means.basis.word())
        } else {
            format!("[{}]", cited.join(", "))
        };
        out.push_str(&format!(
            "{} {} {}\n\n{} {ground}\n\n*P{}: {}* Test by itself: {}\n\n",
            "#".repeat(level),
            story.key,
            markdown(&story.title),
            markdown(&story_sentence(story)),
            story.priority,
            markdown(&story.priority_reason),
            markdown(&lower_first(&story.independent_test)),
        ));
        if story.benefit.basis != story.means.basis {
            out.push_str(&format!("The benefit is a *{}*.\n\n", story.benefit.basis.word()));
        }
        out.push_str("```gherkin\n");
        let scenarios: Vec<String> = story.criteria.iter().map(|criterion| scenario(criterion, "")).collect();
        out.push_str(&scenarios.join("\n"));
        out.push_str("```\n\n");
        for criterion in &story.criteria {
            for sentence in criterion.ears.lines() {
                out.push_str(&format!("- **{}** {}\n", criterion.key, markdown(sentence)));
            }
            if criterion.is_reworded() {
                out.push_str(&format!(
                    "- **{}** *was worded by a person: its words may differ from the typed terms that the prototype plays.*\n",
                    criterion.key
                ));
            }
        }
        out.push('\n');
    }
    out
}

/// One scenario in Gherkin, indented.
pub(crate) fn scenario(criterion: &Criterion, indent: &str) -> String {
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut out = format!("{indent}Scenario: {} ({})\n", one_line(&criterion.title), criterion.key);
    let mut steps = |word: &str, clauses: &[String]| {
        for (i, clause) in clauses.iter().enumerate() {
            let word = if i == 0 { word } else { "And" };
            out.push_str(&format!("{indent}  {word} {}\n", one_line(clause)));
        }
    };
    steps("Given", &criterion.given);
    steps("When", std::slice::from_ref(&criterion.when));
    steps("Then", &criterion.then);
    out
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
