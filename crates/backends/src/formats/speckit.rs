//! The layout of spec-kit: `specs/NNN-name/` with `spec.md`, `plan.md`, `data-model.md` and `tasks.md`.

use super::{day, file, is_edge, is_read, responses, tasks};
use crate::dossier::Dossier;
use crate::text::{markdown, story_sentence};
use throughline_model::sentence::capitalised;
use throughline_model::spec::{Artifact, Spec};

/// Most marks of what is not clear that spec-kit allows in one specification.
const MOST_UNCLEAR: usize = 3;

pub(super) fn files(dossier: &Dossier<'_>, branch: &str) -> Vec<Artifact> {
    let folder = format!("specs/{branch}");
    vec![
        file(&folder, "spec.md", &specification(dossier, branch)),
        file(&folder, "plan.md", &plan(dossier, branch)),
        file(&folder, "data-model.md", &data_model(dossier.spec)),
        file(&folder, "tasks.md", &task_list(dossier.spec, branch)),
    ]
}

fn specification(dossier: &Dossier<'_>, branch: &str) -> String {
    let spec = dossier.spec;
    let status = dossier.sentences.map_or("draft", |sentences| sentences.status().word());
    let mut out = format!(
        "# Feature Specification: {}\n\n**Feature Branch**: `{branch}`\n**Created**: {}\n**Status**: {}\n**Input**: Insight {}: {} voices, {} accounts\n\n",
        markdown(&spec.title),
        day(dossier),
        capitalised(status),
        spec.insight_id,
        dossier.insight.n_voices,
        dossier.insight.n_accounts
    );
    for statement in &spec.problem {
        out.push_str(&format!("{} ", markdown(&statement.text)));
    }
    out.push_str("\n\n## User Scenarios & Testing *(mandatory)*\n");
    for (i, story) in spec.stories.iter().enumerate() {
        out.push_str(&format!(
            "\n### User Story {} - {} (Priority: P{})\n\n{}\n\n**Why this priority**: {}\n\n**Independent Test**: {}\n\n**Acceptance Scenarios**:\n\n",
            i + 1,
            markdown(&story.title),
            story.priority,
            markdown(&story_sentence(story)),
            markdown(&story.priority_reason),
            markdown(&story.independent_test)
        ));
        for (n, criterion) in story.criteria.iter().enumerate() {
            let given = joined(&criterion.given);
            let given = if given.is_empty() { String::new() } else { format!("**Given** {}, ", markdown(&given)) };
            out.push_str(&format!(
                "{}. {given}**When** {}, **Then** {}\n",
                n + 1,
                markdown(&criterion.when),
                markdown(&joined(&criterion.then))
            ));
        }
    }
    out.push_str("\n### Edge Cases\n\n");
    let edges = spec.stories.iter().flat_map(|story| &story.criteria).filter(|criterion| is_edge(criterion.case));
    for criterion in edges {
        out.push_str(&format!("- {}: {}\n", markdown(&criterion.title), markdown(&joined(&criterion.then))));
    }
    out.push_str("\n## Requirements *(mandatory)*\n\n### Functional Requirements\n\n");
    let mut n = 0;
    for criterion in spec.stories.iter().flat_map(|story| &story.criteria) {
        for response in responses(criterion) {
            n += 1;
            out.push_str(&format!(
                "- **FR-{n:03}**: When {}, the system MUST {} ({})\n",
                markdown(&criterion.when),
                markdown(&response),
                criterion.key
            ));
        }
    }
    for question in spec.questions.iter().take(MOST_UNCLEAR) {
        n += 1;
        out.push_str(&format!(
            "- **FR-{n:03}**: [NEEDS CLARIFICATION: {} {}]\n",
            markdown(&question.text),
            markdown(&question.options.join(" or "))
        ));
    }
    if !spec.entities.is_empty() {
        out.push_str("\n### Key Entities\n\n");
        for entity in &spec.entities {
            let fields: Vec<String> = entity.fields.iter().map(|field| field.name.replace('_', " ")).collect();
            out.push_str(&format!("- **{}**: one {}; {}\n", entity.name, markdown(&entity.one), fields.join(", ")));
        }
    }
    out.push_str("\n## Success Criteria *(mandatory)*\n\n### Measurable Outcomes\n\n");
    for (i, measure) in spec.measures.iter().enumerate() {
        let guard = if measure.is_guardrail { "guardrail, " } else { "" };
        out.push_str(&format!(
            "- **SC-{:03}**: {}: {} ({guard}today: {}; within {} days)\n",
            i + 1,
            markdown(&measure.metric),
            markdown(&measure.target.text),
            markdown(&measure.baseline.text),
            measure.window_days
        ));
    }
    out.push_str("\n## Assumptions\n\n");
    for assumption in &spec.assumptions {
        out.push_str(&format!("- {}\n", markdown(&assumption.text)));
    }
    for question in spec.questions.iter().skip(MOST_UNCLEAR) {
        out.push_str(&format!("- Open: {} Decides: {}.\n", markdown(&question.text), markdown(&question.who_decides)));
    }
    out
}

fn plan(dossier: &Dossier<'_>, branch: &str) -> String {
    let spec = dossier.spec;
    let run = |statements: &[throughline_model::spec::Statement]| {
        statements.iter().map(|statement| markdown(&statement.text)).collect::<Vec<_>>().join(" ")
    };
    let unknown = if is_read(spec) {
        "NEEDS CLARIFICATION (the map of the code does not say)"
    } else {
        "NEEDS CLARIFICATION (no code is connected)"
    };
    let mut out = format!(
        "# Implementation Plan: {}\n\n**Branch**: `{branch}` | **Date**: {} | **Spec**: [spec.md](spec.md)\n**Input**: Feature specification from `/specs/{branch}/spec.md`\n\n## Summary\n\n{}\n\n## Technical Context\n\n",
        markdown(&spec.title),
        day(dossier),
        if spec.change.is_empty() { run(&spec.problem) } else { run(&spec.change) }
    );
    for field in ["Language/Version", "Primary Dependencies", "Storage", "Testing", "Target Platform", "Project Type"] {
        out.push_str(&format!("**{field}**: {unknown}\n"));
    }
    out.push_str(&format!(
        "**Performance Goals**: {}\n**Constraints**: {}\n**Scale/Scope**: {} operations, {} entities, {} screens\n\n## Constitution Check\n\n*GATE: to be checked against the project's constitution, which is not known here.*\n\n## Project Structure\n\n### Documentation (this feature)\n\n```text\nspecs/{branch}/\n├── spec.md\n├── plan.md\n├── data-model.md\n└── tasks.md\n```\n\n## Operations\n\n",
        or_none(&run(&spec.qualities)),
        or_none(&run(&spec.dependencies)),
        spec.endpoints.len(),
        spec.entities.len(),
        spec.screens.len()
    ));
    for endpoint in &spec.endpoints {
        let codes: Vec<String> = endpoint.codes.iter().map(ToString::to_string).collect();
        out.push_str(&format!(
            "- `{} {}`: {} ({})\n",
            endpoint.method,
            endpoint.path,
            codes.join(", "),
            endpoint.story_keys.join(", ")
        ));
    }
    out.push_str("\n## Risks\n\n");
    for risk in &spec.risks {
        out.push_str(&format!("- {}\n", markdown(&risk.text)));
    }
    out
}

fn data_model(spec: &Spec) -> String {
    let mut out = format!("# Data Model: {}\n", markdown(&spec.title));
    for entity in &spec.entities {
        out.push_str(&format!(
            "\n## {}\n\n{}, *{}*; serves {}.\n\n| field | type | may be empty |\n|---|---|---|\n",
            entity.name,
            capitalised(&markdown(&entity.one)),
            entity.basis.word(),
            entity.story_keys.join(", ")
        ));
        for field in &entity.fields {
            let kind = field.type_name.replace('|', "\\|");
            out.push_str(&format!(
                "| `{}` | `{kind}` | {} |\n",
                field.name,
                if field.is_optional { "yes" } else { "no" }
            ));
        }
    }
    out
}

fn task_list(spec: &Spec, branch: &str) -> String {
    let tasks = tasks(spec);
    let mut out = format!(
        "# Tasks: {}\n\n**Input**: Design documents from `/specs/{branch}/`\n**Prerequisites**: plan.md, spec.md, data-model.md\n\n## Format: `[ID] [P?] [Story] Description`\n\n- **[P]**: can run in parallel\n- **[Story]**: the user story it belongs to\n\n## Phase 1: Foundational (Blocking Prerequisites)\n\n**Purpose**: what every story needs\n\n",
        markdown(&spec.title)
    );
    let mut n = 0;
    for task in tasks.iter().filter(|task| task.story.is_none()) {
        n += 1;
        out.push_str(&format!("- [ ] T{n:03} [P] {}\n", markdown(&task.text)));
    }
    for (at, story) in spec.stories.iter().enumerate() {
        out.push_str(&format!(
            "\n## Phase {}: User Story {} - {} (Priority: P{})\n\n**Goal**: {}\n\n**Independent Test**: {}\n\n",
            at + 2,
            at + 1,
            markdown(&story.title),
            story.priority,
            markdown(&story_sentence(story)),
            markdown(&story.independent_test)
        ));
        for task in tasks.iter().filter(|task| task.story == Some(at)) {
            n += 1;
            let parallel = if task.text.starts_with("Write") { "[P] " } else { "" };
            out.push_str(&format!(
                "- [ ] T{n:03} {parallel}[US{}] {} ({})\n",
                at + 1,
                markdown(&task.text),
                task.serves.join(", ")
            ));
        }
    }
    out.push_str("\n## Dependencies & Execution Order\n\n- The foundational phase comes first; then stories in the order of their priority, each by itself.\n- Within a story tests are written first and fail before the work begins.\n");
    out
}

fn joined(clauses: &[String]) -> String {
    clauses.join(" and ")
}

fn or_none(text: &str) -> &str {
    if text.is_empty() { "none stated" } else { text }
}
