//! The blueprint as one Markdown document that gathers the rest.

use super::{answered, mermaid};
use crate::dossier::Dossier;
use crate::text::{counted, markdown};
use throughline_model::Basis;
use throughline_model::blueprint::{Blueprint, Column, Decision, Must, Operation, Presence, Target};
use throughline_model::spec::{Spec, Statement};

/// The document.
pub(super) fn document(dossier: &Dossier<'_>, blueprint: &Blueprint) -> String {
    let spec = dossier.spec;
    let mut out = format!("# Technical blueprint: {}\n\n", markdown(&spec.title));
    out.push_str(&format!(
        "{}\n\n",
        match ground(blueprint) {
            Ground::Delta => changed(blueprint),
            Ground::Unmapped =>
                "A map of the code was read, and nothing in it is called as what this change needs, so what \
                                 exists already is not known. Entities, operations and figures are defaults of the \
                                 capability until somebody confirms them."
                    .to_owned(),
            Ground::Unread =>
                "No code was read, so what exists already is not known. Entities, operations and figures are \
                               defaults of the capability until somebody confirms them."
                    .to_owned(),
        }
    ));
    out.push_str(&data(blueprint));
    out.push_str(&interface(blueprint));
    for sequence in super::sequences(dossier) {
        out.push_str(&format!(
            "## How {} runs\n\n```mermaid\n{}```\n\n",
            sequence.story_key,
            mermaid::sequence(&sequence)
        ));
    }
    out.push_str(&placement(dossier, blueprint));
    out.push_str(&targets(spec, blueprint));
    if !blueprint.decisions.is_empty() {
        out.push_str("## Decisions\n\n");
        for (i, decision) in blueprint.decisions.iter().enumerate() {
            out.push_str(&format!(
                "- [{}](adr/{}): {}\n",
                markdown(&decision.title),
                file_name(i, decision),
                said(&decision.outcome)
            ));
        }
        out.push('\n');
    }
    out.push_str(&work(blueprint));
    out.push_str(&tests(spec, blueprint));
    out.push_str(&events(blueprint));
    out
}

/// What a blueprint stands on.
pub(super) enum Ground {
    /// A change of code that was read.
    Delta,
    /// Code was read, and nothing in it is near.
    Unmapped,
    /// No code was read.
    Unread,
}

/// What a blueprint stands on.
pub(super) const fn ground(blueprint: &Blueprint) -> Ground {
    if blueprint.is_delta {
        Ground::Delta
    } else if blueprint.is_unmapped {
        Ground::Unmapped
    } else {
        Ground::Unread
    }
}

/// Whether a call was taken for the one that is there by a part of its path alone.
pub(super) fn is_taken_by_name(call: &Operation) -> bool {
    matches!(call.presence, Presence::Exists { .. }) && !call.asked_as.is_empty()
}

/// What a change of the code uses and adds, in one sentence each.
fn changed(blueprint: &Blueprint) -> String {
    let is_there = |presence: &Presence| matches!(presence, Presence::Exists { .. });
    let sorted = |items: Vec<(String, &Presence)>| {
        let (there, rest): (Vec<_>, Vec<_>) = items.into_iter().partition(|(_, presence)| is_there(presence));
        let is_new = |(_, presence): &(String, &Presence)| **presence == Presence::New;
        let names = |all: Vec<(String, &Presence)>| all.into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        (names(there), names(rest.into_iter().filter(is_new).collect()))
    };
    let tables = blueprint.tables.iter().map(|table| (format!("`{}`", table.name), &table.presence)).collect();
    let calls = blueprint.operations.iter();
    let calls = calls.map(|call| (format!("`{} {}`", call.method, call.path), &call.presence)).collect();
    let ((tables_there, tables_new), (calls_there, calls_new)) = (sorted(tables), sorted(calls));
    let mut used = tables_there;
    used.extend(calls_there);
    let mut made = tables_new;
    made.extend(calls_new);
    let list = |names: &[String]| if names.is_empty() { "nothing".to_owned() } else { names.join(", ") };
    let base = match blueprint.base_path.as_deref() {
        Some(base) if !base.is_empty() && !blueprint.operations.is_empty() => {
            format!(" Paths are below `{base}`, as those that are there.")
        }
        _ => String::new(),
    };
    let tables = blueprint.tables.iter().filter(|table| table.is_likely);
    let likely = tables.map(|table| format!("`{}` for {}", table.name, markdown(&table.many)));
    let calls = blueprint.operations.iter().filter(|call| is_taken_by_name(call));
    let likely = likely.chain(calls.map(|call| {
        let Operation { method, path, summary, .. } = call;
        format!("`{method} {path}` to {}", markdown(&summary.to_lowercase()))
    }));
    let likely: Vec<String> = likely.collect();
    let mut out = format!(
        "A change of the code that was read: what exists is named with its file, the rest is new.{base}\n\n\
         - Used as it is there or changed: {}.\n- New: {}.",
        list(&used),
        list(&made)
    );
    if !likely.is_empty() {
        out.push_str(&format!(
            "\n- Taken for what is needed by a part of the name alone; confirm it first: {}.",
            likely.join(", ")
        ));
    }
    for table in blueprint.tables.iter().filter(|table| !table.left_out.is_empty()) {
        out.push_str(&format!(
            "\n- Not added to `{}`, though {} often have it, because nobody asked: {}.",
            table.name,
            markdown(&table.many),
            table.left_out.join(", ")
        ));
    }
    out
}

/// The file of a decision.
pub(super) fn file_name(i: usize, decision: &Decision) -> String {
    format!("{:04}-{}.md", i + 1, decision.key)
}

/// A decision after MADR.
pub(super) fn decision(dossier: &Dossier<'_>, decision: &Decision) -> String {
    let date = dossier.corpus.as_of.map_or_else(|| "undated".to_owned(), throughline_model::Timestamp::long_date);
    let mut out = format!(
        "# {}\n\n- Status: proposed\n- Date: {date} (of the newest feedback)\n\n## Context\n\n{}\n\n## Considered options\n\n",
        markdown(&decision.title),
        said(&decision.context),
    );
    for option in &decision.options {
        out.push_str(&format!("### {}\n\n", markdown(&option.name)));
        for pro in &option.pros {
            out.push_str(&format!("- Good: {pro}.\n"));
        }
        for con in &option.cons {
            out.push_str(&format!("- Bad: {con}.\n"));
        }
        out.push('\n');
    }
    out.push_str(&format!("## Decision\n\n{}\n\n## Consequences\n\n", said(&decision.outcome)));
    for consequence in decision.consequences.iter().chain([&decision.cost]) {
        out.push_str(&format!("- {}\n", said(consequence)));
    }
    out
}

fn said(statement: &Statement) -> String {
    let mark =
        if statement.basis == Basis::Evidence { String::new() } else { format!(" *{}*", statement.basis.word()) };
    format!("{}{mark}", markdown(&statement.text))
}

fn data(blueprint: &Blueprint) -> String {
    let mut out = "## Data\n\nWhole: [PostgreSQL](schema.postgres.sql), [SQLite](schema.sqlite.sql). Migrations: \
                   [PostgreSQL up](migrations/postgres.up.sql), [down](migrations/postgres.down.sql), \
                   [SQLite up](migrations/sqlite.up.sql), [down](migrations/sqlite.down.sql).\n\n"
        .to_owned();
    if blueprint.tables.iter().any(|table| matches!(table.presence, Presence::Exists { .. })) {
        out.push_str(
            "The migrations change tables that are there and make the rest. To try them on an empty database, make first \
             what they build on: [PostgreSQL](migrations/postgres.before.sql), \
             [SQLite](migrations/sqlite.before.sql).\n\n",
        );
    }
    out.push_str("| table | holds | columns | presence | serves |\n|---|---|---|---|---|\n");
    for table in &blueprint.tables {
        let is_there = matches!(table.presence, Presence::Exists { .. });
        let named = |column: &Column| match (column.is_added, column.stored_as.as_str()) {
            (true, _) => format!("**{}** (new)", column.name),
            (false, "") => column.name.clone(),
            (false, stored) if is_there => format!("{} ({})", column.name, one_line(stored)),
            (false, _) => column.name.clone(),
        };
        let names: Vec<String> = table.columns.iter().map(named).collect();
        out.push_str(&format!(
            "| `{}` | {} | {} | {} | {} |\n",
            table.name,
            markdown(&table.many),
            names.join(", "),
            present(&table.presence),
            table.story_keys.join(", ")
        ));
    }
    let added = blueprint.tables.iter().flat_map(|table| {
        table.columns.iter().filter(|column| !column.added_because.is_empty()).map(move |column| (table, column))
    });
    let added: Vec<String> = added
        .filter(|(table, _)| table.list_of.is_none())
        .map(|(table, column)| format!("- `{}.{}`: {}.\n", table.name, column.name, column.added_because))
        .collect();
    if !added.is_empty() {
        out.push_str(&format!("\nAdded beyond what the entities name:\n\n{}", added.concat()));
    }
    out.push_str(&format!("\n```mermaid\n{}```\n\n", mermaid::entities(blueprint)));
    out
}

/// Whether something is there, for a cell: names of files and symbols as code.
fn present(presence: &Presence) -> String {
    let code = |text: &str| text.replace(['`', '|', '\n', '\r'], " ");
    match presence {
        Presence::Exists { file, line, symbol } => {
            let symbol = symbol.as_deref().map(|symbol| format!(", `{}`", code(symbol))).unwrap_or_default();
            format!("exists at `{}:{line}`{symbol}", code(file))
        }
        other => other.words(),
    }
}

/// A type as it stands in somebody's database, harmless in a cell.
fn one_line(text: &str) -> String {
    markdown(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn interface(blueprint: &Blueprint) -> String {
    if blueprint.operations.is_empty() {
        return "## Interface\n\nNo operation is added or changed.\n\n".to_owned();
    }
    let mut out = "## Interface\n\nWhole: [OpenAPI 3.1](openapi.yaml).\n\n| call | does | answers | refuses | presence | serves |\n|---|---|---|---|---|---|\n".to_owned();
    for operation in &blueprint.operations {
        let answer = answered(operation.answer);
        let refusals: Vec<String> = operation.refusals.iter().map(ToString::to_string).collect();
        out.push_str(&format!(
            "| `{} {}` | {} | {} {answer} | {} | {} | {} |\n",
            operation.method,
            operation.path,
            markdown(&operation.summary),
            operation.success,
            refusals.join(" "),
            present(&operation.presence),
            operation.story_keys.join(", ")
        ));
    }
    out + "\n"
}

fn placement(dossier: &Dossier<'_>, blueprint: &Blueprint) -> String {
    let Some(deployable) = &blueprint.deployable else {
        return "## Where it runs\n\nNothing is deployed beside the core: the change stays in it.\n\n".to_owned();
    };
    let actor = dossier.spec.stories.first().map_or("Member", |story| story.actor.text.as_str());
    format!(
        "## Where it runs\n\n`{}` as a {}; the core stays where it is. {} Manifests: [{name}](deploy/{name}).\n\n```mermaid\n{}```\n\n```mermaid\n{}```\n\n",
        deployable.name,
        deployable.placement.word(),
        said(&deployable.reason),
        mermaid::context(dossier.product_name, actor, deployable),
        mermaid::containers(dossier.product_name, actor, deployable),
        name = format_args!("{}.yaml", deployable.name),
    )
}

/// What a target must reach, in words.
pub(super) fn reached(spec: &Spec, target: &Target) -> Option<Statement> {
    match &target.must {
        Must::AsQuality(i) => spec.qualities.get(usize::from(*i)).cloned(),
        Must::AsStated(statement) => Some(statement.clone()),
    }
}

fn targets(spec: &Spec, blueprint: &Blueprint) -> String {
    let mut out = "## Qualities\n\nHeadings of ISO 25010.\n\n| heading | measure | must | of 100 | under | measured by |\n|---|---|---|---|---|---|\n".to_owned();
    for target in &blueprint.targets {
        let Some(must) = reached(spec, target) else { continue };
        out.push_str(&format!(
            "| {} | {} | {} | {} | {} | {} |\n",
            target.heading,
            target.metric,
            said(&must),
            target.percentile.map_or_else(|| "all".to_owned(), |percentile| percentile.to_string()),
            target.load,
            target.measured_by
        ));
    }
    out + "\n"
}

fn work(blueprint: &Blueprint) -> String {
    let mut out =
        format!("## Work\n\n{}, each after what it needs.\n\n", counted(blueprint.tasks.len(), "task", "tasks"));
    for task in &blueprint.tasks {
        let after = if task.after.is_empty() { String::new() } else { format!(" After {}.", task.after.join(", ")) };
        let files: Vec<String> = task
            .files
            .iter()
            .map(|(path, presence)| format!("`{path}`{}", if *presence == Presence::New { " (new)" } else { "" }))
            .collect();
        let files =
            if files.is_empty() { "Files: not known.".to_owned() } else { format!("Files: {}.", files.join(", ")) };
        out.push_str(&format!(
            "- **{}** {} Serves {}.{after} {files} Shown by `{}`.\n",
            task.key,
            markdown(&task.text),
            task.serves.join(", "),
            task.test
        ));
    }
    out + "\n"
}

fn tests(spec: &Spec, blueprint: &Blueprint) -> String {
    let criteria: Vec<_> = spec.stories.iter().flat_map(|story| &story.criteria).collect();
    let mut out = "## Tests\n\n| criterion | says | test | level |\n|---|---|---|---|\n".to_owned();
    for test in &blueprint.tests {
        let title = criteria.iter().find(|criterion| criterion.key == test.criterion_key).map(|c| c.title.as_str());
        out.push_str(&format!(
            "| {} | {} | `{}` | {} |\n",
            test.criterion_key,
            markdown(title.unwrap_or_default()),
            test.id,
            test.level
        ));
    }
    out + "\n"
}

fn events(blueprint: &Blueprint) -> String {
    if blueprint.events.is_empty() {
        return "## Events\n\nNo measure is counted from events.\n".to_owned();
    }
    let mut out = "## Events\n\n| event | sent | properties |\n|---|---|---|\n".to_owned();
    for event in &blueprint.events {
        let properties: Vec<String> = event.properties.iter().map(|(name, kind)| format!("`{name}` {kind}")).collect();
        out.push_str(&format!("| `{}` | {} | {} |\n", event.name, markdown(&event.when), properties.join(", ")));
    }
    out
}
