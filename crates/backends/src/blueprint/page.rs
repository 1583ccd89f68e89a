//! The blueprint's part of the printable page: drawings, decisions, qualities and work, in short.

use super::{document, drawing};
use crate::dossier::Dossier;
use maud::{Markup, html};
use throughline_model::blueprint::Decision;

/// The part; empty for a fix.
pub(crate) fn part(dossier: &Dossier<'_>) -> Markup {
    let Some(blueprint) = &dossier.spec.blueprint else { return html! {} };
    html! {
        h2 id="blueprint" { "Technical blueprint" }
        p class="soft small" {
            @match document::ground(blueprint) {
                document::Ground::Delta => "A change of the code that was read. ",
                document::Ground::Unmapped => "Nothing in the code that was read is near this, so what exists already is not known; these are defaults. ",
                document::Ground::Unread => "No code was read, so what exists already is not known; these are defaults. ",
            }
            "Interface, SQL, migrations, diagrams and decisions lie in " a href="blueprint/blueprint.md" { "the blueprint’s folder" } "."
        }
        (figure("Tables and references", &drawing::entities(blueprint, "bp-er")))
        @for sequence in super::sequences(dossier) {
            (figure(&format!("How {} runs", sequence.story_key), &drawing::sequence(&sequence, &format!("bp-{}", sequence.story_key.to_lowercase()))))
        }
        p {
            @match &blueprint.deployable {
                Some(deployable) => { b { (deployable.name) } ", a " (deployable.placement.word()) ": " (deployable.reason.text) " " }
                None => { "Nothing is deployed beside the core. " }
            }
        }
        @if !blueprint.decisions.is_empty() {
            details { summary { "Decisions that the change forces (" (blueprint.decisions.len()) ")" }
                @for decision in &blueprint.decisions { (decided(decision)) }
            }
        }
        details { summary { "Work in order (" (blueprint.tasks.len()) ")" }
            ol { @for task in &blueprint.tasks {
                li { (task.text) " " span class="soft" { "Serves " (task.serves.join(", ")) ". Shown by " code { (task.test) } "." } }
            } }
        }
        @if !blueprint.targets.is_empty() {
            details { summary { "How qualities are measured (" (blueprint.targets.len()) ")" }
                ul { @for target in &blueprint.targets {
                    @if let Some(must) = document::reached(dossier.spec, target) {
                        li { b { (target.heading) ". " } (must.text) " " span class="soft" { "Load: " (target.load) ". " (target.measured_by) ". " (must.basis.word()) "." } }
                    }
                } }
            }
        }
    }
}

fn decided(decision: &Decision) -> Markup {
    html! {
        p { b { (decision.title) ". " } (decision.outcome.text) " " span class="soft" { (decision.cost.text) } }
    }
}

/// A drawing that scrolls by itself on a narrow screen.
fn figure(name: &str, drawing: &Markup) -> Markup {
    html! {
        h3 { (name) }
        section class="scroll" tabindex="0" aria-label=(name) { (drawing) }
    }
}
