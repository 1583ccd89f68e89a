//! Use cases, fully dressed, and the frameworks that the steps applied.

use crate::dossier::{Dossier, Evidence};
use crate::text::{markdown, stated};
use maud::{Markup, html};
use throughline_model::sentence::capitalised;
use throughline_model::spec::Statement;
use throughline_model::use_case::{Ending, Extension, Guarantee, UseCase};

/// Use cases as one document.
#[must_use]
pub fn document(dossier: &Dossier<'_>) -> String {
    let evidence = Evidence::of(dossier);
    format!("# Use cases: {}\n\n{}", markdown(&dossier.spec.title), section(dossier, &evidence, 2))
}

/// One section for each use case; `level` is that of its heading.
pub(crate) fn section(dossier: &Dossier<'_>, evidence: &Evidence, level: usize) -> String {
    dossier.spec.use_cases.iter().map(|case| one(case, evidence, level)).collect()
}

fn one(case: &UseCase, evidence: &Evidence, level: usize) -> String {
    let mut out = format!("{} {} {} ({})\n\n", "#".repeat(level), case.key, markdown(&case.title), case.story_key);
    out.push_str(&format!(
        "**Primary actor.** {}. **Scope.** {}. **Level.** {}.\n\n**Goal in context.** {}\n\n",
        markdown(&capitalised(&case.primary_actor)),
        markdown(&case.scope),
        case.level.word(),
        stated(&case.goal, evidence)
    ));
    let mut list = |name: &str, statements: Vec<String>| {
        if !statements.is_empty() {
            out.push_str(&format!("**{name}**\n\n"));
            for text in statements {
                out.push_str(&format!("- {text}\n"));
            }
            out.push('\n');
        }
    };
    let all = |statements: &[Statement]| statements.iter().map(|statement| stated(statement, evidence)).collect();
    let checked = |guarantees: &[Guarantee]| {
        let one = |guarantee: &Guarantee| {
            format!("{} (checked by {})", markdown(&guarantee.statement.text), guarantee.criterion_keys.join(", "))
        };
        guarantees.iter().map(one).collect()
    };
    list("Stakeholders and interests", all(&case.stakeholders));
    list("Preconditions", all(&case.preconditions));
    list("Holds however it ends", checked(&case.minimal_guarantees));
    list("Holds when it ends well", checked(&case.success_guarantees));
    out.push_str(&format!("**Trigger.** {}\n\n**Main scenario**\n\n", stated(&case.trigger, evidence)));
    for step in &case.steps {
        out.push_str(&format!("{}. {}\n", step.number, markdown(&step.text)));
    }
    out.push_str("\n**Extensions**\n\n");
    for extension in &case.extensions {
        out.push_str(&format!("- {}\n", markdown(&told(extension))));
    }
    out.push_str("\n**Variations**\n\n");
    for variation in &case.variations {
        out.push_str(&format!("- {}\n", stated(variation, evidence)));
    }
    out.push('\n');
    out
}

/// An extension as one line.
fn told(extension: &Extension) -> String {
    let ending = match (extension.ending, extension.rejoins_at) {
        (Ending::Rejoins, Some(step)) => format!("Goes on at step {step}."),
        (Ending::Rejoins, None) => "Goes on.".to_owned(),
        (Ending::Success, _) => "Ends well.".to_owned(),
        (Ending::Failure, _) => "Ends without the goal.".to_owned(),
    };
    format!(
        "{}. {}: {} {ending} ({})",
        extension.id,
        capitalised(&extension.condition),
        extension.handling.join(" "),
        extension.criterion_key
    )
}

/// The same as HTML.
pub(crate) fn markup(dossier: &Dossier<'_>, statement: &dyn Fn(&Statement) -> Markup) -> Markup {
    let cases = &dossier.spec.use_cases;
    html! {
        @if !cases.is_empty() {
            h2 id="use-cases" { "Use cases" }
            @for case in cases {
                h3 { (case.key) " " (case.title) " " span class="case" { (case.story_key) ", " (case.level.word()) } }
                p { (statement(&case.goal)) }
                p { strong { "Trigger. " } (statement(&case.trigger)) }
                p { strong { "Before. " } @for condition in &case.preconditions { (condition.text) " " } }
                ol { @for step in &case.steps { li { (step.text) } } }
                details {
                    summary { "What may go otherwise, who has a stake, what holds" }
                    ul {
                        @for extension in &case.extensions { li { (told(extension)) } }
                    }
                    p { strong { "Stakes" } }
                    ul { @for stake in &case.stakeholders { li { (statement(stake)) } } }
                    p { strong { "Holds however it ends" } }
                    ul {
                        @for guarantee in &case.minimal_guarantees {
                            li { (guarantee.statement.text) " " span class="case" { (guarantee.criterion_keys.join(", ")) } }
                        }
                    }
                    p { strong { "Holds when it ends well" } }
                    ul {
                        @for guarantee in &case.success_guarantees {
                            li { (guarantee.statement.text) " " span class="case" { (guarantee.criterion_keys.join(", ")) } }
                        }
                    }
                }
            }
        }
    }
}

/// Which framework each step applied, as a list.
pub(crate) fn frameworks(dossier: &Dossier<'_>) -> String {
    let one = |framework: &throughline_model::use_case::Framework| {
        format!(
            "- **{}**, {}: {}\n",
            capitalised(&framework.step.replace('-', " ")),
            markdown(&framework.name),
            markdown(&framework.consequence)
        )
    };
    dossier.spec.frameworks.iter().map(one).collect()
}

/// The same as HTML.
pub(crate) fn frameworks_markup(dossier: &Dossier<'_>) -> Markup {
    html! {
        h2 id="frameworks" { "How it was arrived at" }
        p { (crate::prd::rests_on(dossier.spec)) }
        dl class="states" {
            @for framework in &dossier.spec.frameworks {
                dt { (framework.step.replace('-', " ")) } dd { em { (framework.name) ". " } (framework.consequence) }
            }
        }
    }
}
