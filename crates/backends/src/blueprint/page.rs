//! The blueprint as HTML: in short as a part of the printable page, and whole as a page of its own.

use super::{answered, document, drawing};
use crate::dossier::Dossier;
use crate::text::counted;
use maud::{Markup, html};
use throughline_model::blueprint::{
    Blueprint, Column, ColumnType, Decision, Deployable, Operation, Presence, Table, Task,
};
use throughline_model::spec::Statement;

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

/// How a statement is shown: with what it rests on, and to be changed where it stands.
pub(crate) type Said<'s> = &'s dyn Fn(&Statement) -> Markup;

/// All of it; nothing for a fix.
pub(crate) fn whole(dossier: &Dossier<'_>, said: Said<'_>) -> Markup {
    let Some(blueprint) = &dossier.spec.blueprint else { return html! {} };
    let sizes = [
        counted(blueprint.tables.len(), "table", "tables"),
        counted(blueprint.operations.len(), "operation", "operations"),
        counted(blueprint.decisions.len(), "decision", "decisions"),
        counted(blueprint.tasks.len(), "task", "tasks"),
        counted(blueprint.tests.len(), "test", "tests"),
    ];
    html! {
        p class="eyebrow" { "Technical blueprint" }
        h1 { (dossier.spec.title) }
        p class="lead" { (sizes.join(", ")) "." }
        p class="soft" {
            @match document::ground(blueprint) {
                document::Ground::Delta => "A change of the code that was read: what exists is named with its file, the rest is new.",
                document::Ground::Unmapped => "Nothing in the code that was read is near this, so what exists already is not known. Names and figures are defaults of the capability until somebody confirms them.",
                document::Ground::Unread => "No code was read, so what exists already is not known. Names and figures are defaults of the capability until somebody confirms them.",
            }
        }
        (data(blueprint))
        (interface(blueprint))
        (sequences(dossier))
        h2 id="placement" { "Where it runs" }
        p { @match &blueprint.deployable { Some(deployable) => { (placed(deployable, said)) } None => { "Nothing is deployed beside the core: the change stays in it." } } }
        (qualities(dossier, blueprint, said))
        @if !blueprint.decisions.is_empty() {
            h2 id="decisions" { "Decisions" }
            @for decision in &blueprint.decisions { (weighed(decision, said)) }
        }
        h2 id="work" { "Work in order" }
        p class="soft" { "Each task stands after what it needs." }
        ol class="tasks" { @for task in &blueprint.tasks { (work(task)) } }
        (tests(dossier, blueprint))
        (events(blueprint))
    }
}

/// A table that folds into cards on a narrow screen: each cell says what it is.
fn folding(name: &str, heads: &[&str], rows: &[Vec<Markup>]) -> Markup {
    html! {
        table class="fold" {
            caption class="sr" { (name) }
            thead { tr { @for head in heads { th scope="col" { (head) } } } }
            tbody { @for row in rows { tr { @for (head, cell) in heads.iter().zip(row) { td data-label=(head) { (cell) } } } } }
        }
    }
}

fn keys(all: &[String]) -> Markup {
    html! { span class="keys-of" { @for key in all { span class="key" { (key) } " " } } }
}

/// Whether it is there already, where somebody looked.
fn presence(of: &Presence) -> Markup {
    html! { @if !matches!(of, Presence::NotKnown) { " " span class="case" { (of.words()) } } }
}

/// What was taken for the one that is there by a part of its name alone.
fn likely(is: bool) -> Markup {
    html! { @if is { " " span class="soft small" { "by a part of its name alone; confirm it first" } } }
}

fn data(blueprint: &Blueprint) -> Markup {
    let rows: Vec<Vec<Markup>> = blueprint.tables.iter().map(row).collect();
    html! {
        h2 id="data" { "Data" }
        (figure("Tables and references", &drawing::entities(blueprint, "bp-er")))
        (folding("Tables", &["Table", "One row is", "Columns", "Serves"], &rows))
    }
}

fn row(table: &Table) -> Vec<Markup> {
    let columns = html! {
        details {
            summary { (counted(table.columns.len(), "column", "columns")) }
            ul class="columns-of" { @for column in &table.columns { (held(column)) } }
            @for unique in &table.unique { p class="soft small" { "Once only: " (unique.join(" with ")) "." } }
            @if !table.left_out.is_empty() { p class="soft small" { "Not added, because nobody asked: " (table.left_out.join(", ")) "." } }
            @for index in &table.indexes { p class="soft small" { "Looked up by " (index.join(" with ")) "." } }
        }
    };
    vec![
        html! { code { (table.name) } (presence(&table.presence)) (likely(table.is_likely)) },
        html! { (table.one) },
        columns,
        keys(&table.story_keys),
    ]
}

fn held(column: &Column) -> Markup {
    html! {
        li {
            code { (column.name) } " "
            @if column.is_added { span class="case" { "new" } " " }
            @match &column.holds {
                ColumnType::Reference(table) => { "refers to " code { (table) } }
                ColumnType::Choice(words) => { "one of " (words.join(", ")) }
                other => { (super::mermaid::type_word(other)) }
            }
            @if column.is_optional { span class="soft" { ", may be empty" } }
            @if column.is_set_by_service { span class="soft" { ", set by the service" } }
            @if !column.added_because.is_empty() { span class="soft" { "; added: " (column.added_because) } }
        }
    }
}

fn interface(blueprint: &Blueprint) -> Markup {
    let rows: Vec<Vec<Markup>> = blueprint.operations.iter().map(call).collect();
    html! {
        h2 id="operations" { "Operations" }
        @if rows.is_empty() { p { "No operation is added or changed." } }
        @else { (folding("Operations", &["Call", "Does", "Answers", "Refuses", "Serves"], &rows)) }
    }
}

fn call(operation: &Operation) -> Vec<Markup> {
    let answer = answered(operation.answer);
    let refusals: Vec<String> = operation.refusals.iter().map(ToString::to_string).collect();
    vec![
        html! { code class="call" { b { (operation.method) } " " (operation.path) } (presence(&operation.presence)) (likely(document::is_taken_by_name(operation))) },
        html! {
            (operation.summary)
            @if operation.takes_idempotency_key { span class="soft" { "; sent twice it acts once" } }
            @if !operation.query.is_empty() { span class="soft" { "; filters: " @for (i, query) in operation.query.iter().enumerate() { @if i > 0 { ", " } (query.name) } } }
        },
        html! { span class="num" { (operation.success) } " " (answer) },
        html! { span class="num" { (refusals.join(" ")) } },
        keys(&operation.story_keys),
    ]
}

fn sequences(dossier: &Dossier<'_>) -> Markup {
    let all = super::sequences(dossier);
    html! {
        @if !all.is_empty() {
            h2 id="sequences" { "How it runs" }
            @for sequence in &all {
                @let story = dossier.spec.stories.iter().find(|story| story.key == sequence.story_key);
                (figure(&format!("{}{}", sequence.story_key, story.map_or_else(String::new, |story| format!(": {}", story.means.text))), &drawing::sequence(sequence, &format!("bp-{}", sequence.story_key.to_lowercase()))))
            }
        }
    }
}

fn placed(deployable: &Deployable, said: Said<'_>) -> Markup {
    html! {
        b { (deployable.name) } ", a " (deployable.placement.word()) " that " (deployable.does) ". " (said(&deployable.reason))
        @if !deployable.talks_to.is_empty() { " It talks to " (deployable.talks_to.join(", ")) "." }
    }
}

fn qualities(dossier: &Dossier<'_>, blueprint: &Blueprint, said: Said<'_>) -> Markup {
    let known = blueprint.targets.iter().filter_map(|target| Some((target, document::reached(dossier.spec, target)?)));
    let rows: Vec<Vec<Markup>> = known
        .map(|(target, must)| {
            vec![
                html! { b { (target.heading) } },
                html! { (target.metric) },
                said(&must),
                html! { @match target.percentile { Some(percentile) => { (percentile) " of 100" } None => { "all" } } },
                html! { (target.load) },
                html! { (target.measured_by) },
            ]
        })
        .collect();
    html! {
        @if !rows.is_empty() {
            h2 id="qualities" { "Qualities" }
            p class="soft" { "By the headings of ISO 25010, each with how it is measured." }
            (folding("Qualities", &["Quality", "Measured", "Must", "Holds for", "Under", "By"], &rows))
        }
    }
}

/// A decision with its options side by side.
fn weighed(decision: &Decision, said: Said<'_>) -> Markup {
    html! {
        article class="decision" id={ "decision-" (decision.key) } {
            h3 { (decision.title) }
            p { (said(&decision.context)) }
            div class="options" {
                @for option in &decision.options {
                    section {
                        h4 { (option.name) }
                        ul {
                            @for pro in &option.pros { li class="pro" { span class="sr" { "For: " } (pro) } }
                            @for con in &option.cons { li class="con" { span class="sr" { "Against: " } (con) } }
                        }
                    }
                }
            }
            p class="outcome" { b { "Decided: " } (said(&decision.outcome)) }
            ul { @for consequence in decision.consequences.iter().chain([&decision.cost]) { li { (said(consequence)) } } }
        }
    }
}

fn work(task: &Task) -> Markup {
    html! {
        li id=(task.key) {
            p { span class="key" { (task.key) } " " (task.text) }
            p class="soft small" {
                "Serves " (task.serves.join(", ")) "."
                @if !task.after.is_empty() { " After " @for (i, key) in task.after.iter().enumerate() { @if i > 0 { ", " } a href={ "#" (key) } { (key) } } "." }
                " Shown by " code { (task.test) } "."
                @if task.files.is_empty() { " Files: not known." }
                @else { " Files: " @for (i, (path, of)) in task.files.iter().enumerate() { @if i > 0 { ", " } code { (path) } @if *of == Presence::New { " (new)" } } "." }
            }
        }
    }
}

fn tests(dossier: &Dossier<'_>, blueprint: &Blueprint) -> Markup {
    let criteria: Vec<_> = dossier.spec.stories.iter().flat_map(|story| &story.criteria).collect();
    let rows: Vec<Vec<Markup>> = blueprint
        .tests
        .iter()
        .map(|test| {
            let criterion = criteria.iter().find(|criterion| criterion.key == test.criterion_key);
            vec![
                html! { span class="key" { (test.criterion_key) } },
                html! { (criterion.map_or("", |criterion| criterion.title.as_str())) },
                html! { code { (test.id) } },
                html! { (test.level) },
            ]
        })
        .collect();
    html! {
        h2 id="tests" { "Tests" }
        @if rows.is_empty() { p { "No criterion asks for a test." } }
        @else { (folding("Tests", &["Criterion", "Says", "Test", "Level"], &rows)) }
    }
}

fn events(blueprint: &Blueprint) -> Markup {
    let rows: Vec<Vec<Markup>> = blueprint
        .events
        .iter()
        .map(|event| {
            let properties = html! { @for (i, (name, kind)) in event.properties.iter().enumerate() { @if i > 0 { ", " } code { (name) } " " (kind) } };
            vec![html! { code { (event.name) } }, html! { (event.when) }, properties]
        })
        .collect();
    html! {
        h2 id="events" { "Events" }
        @if rows.is_empty() { p { "No measure is counted from events." } }
        @else { (folding("Events", &["Event", "Sent", "Properties"], &rows)) }
    }
}
