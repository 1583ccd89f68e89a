//! The layout of Kiro: `.kiro/specs/name/` with `requirements.md` (EARS), `design.md` and `tasks.md`, whose tasks name
//! the numbers of the requirements.

use super::{affected, file, responses, tasks};
use crate::dossier::Dossier;
use crate::text::{markdown, story_sentence};
use std::collections::BTreeMap;
use throughline_model::spec::{Artifact, Case, Criterion, Spec, Statement};

pub(super) fn files(dossier: &Dossier<'_>, name: &str) -> Vec<Artifact> {
    let folder = format!(".kiro/specs/{name}");
    let (requirements, numbers) = requirements(dossier);
    vec![
        file(&folder, "requirements.md", &requirements),
        file(&folder, "design.md", &design(dossier.spec)),
        file(&folder, "tasks.md", &task_list(dossier.spec, &numbers)),
    ]
}

/// The document, and the numbers of its criteria by our keys.
fn requirements(dossier: &Dossier<'_>) -> (String, BTreeMap<String, Vec<String>>) {
    let spec = dossier.spec;
    let mut numbers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut out = String::from("# Requirements Document\n\n## Introduction\n\n");
    let intro: Vec<String> = spec.problem.iter().map(|statement| markdown(&statement.text)).collect();
    out.push_str(&format!(
        "{}: {} (insight `{}`)\n\n## Requirements\n",
        markdown(&spec.title),
        intro.join(" "),
        spec.insight_id
    ));
    for (at, story) in spec.stories.iter().enumerate() {
        out.push_str(&format!(
            "\n### Requirement {}: {}\n\n**User Story:** {}\n\n#### Acceptance Criteria\n\n",
            at + 1,
            markdown(&story.title),
            markdown(&story_sentence(story))
        ));
        let mut n = 0;
        for criterion in &story.criteria {
            for response in responses(criterion) {
                n += 1;
                let number = format!("{}.{n}", at + 1);
                numbers.entry(criterion.key.clone()).or_default().push(number.clone());
                numbers.entry(story.key.clone()).or_default().push(number);
                out.push_str(&format!("{n}. {}\n", markdown(&sentence(criterion, &response))));
            }
        }
    }
    (out, numbers)
}

/// `WHILE … WHEN … THE SYSTEM SHALL …`, as Kiro writes EARS.
fn sentence(criterion: &Criterion, response: &str) -> String {
    let state =
        if criterion.given.is_empty() { String::new() } else { format!("WHILE {} ", criterion.given.join(" AND ")) };
    match criterion.case {
        Case::Happy | Case::Empty => format!("{state}WHEN {} THE SYSTEM SHALL {response}", criterion.when),
        Case::Permission | Case::Limit | Case::Failure => {
            format!("{state}IF {} THEN THE SYSTEM SHALL {response}", criterion.when)
        }
    }
}

fn design(spec: &Spec) -> String {
    let lines =
        |statements: &[Statement]| statements.iter().map(|s| format!("- {}\n", markdown(&s.text))).collect::<String>();
    let mut out = String::from("# Design Document\n\n## Overview\n\n");
    out.push_str(&or_open(lines(&spec.change)));
    let known = match affected(spec) {
        unknown if unknown.starts_with("not known; ") => format!("Not known: {}", &unknown["not known; ".len()..]),
        places => format!("Meets the code at {}", markdown(&places)),
    };
    out.push_str(&format!("\n## Architecture\n\n- {known}. The change stays within what is there unless an operation below says otherwise.\n\n## Components and Interfaces\n\n"));
    let endpoints = spec.endpoints.iter().map(|endpoint| {
        let codes: Vec<String> = endpoint.codes.iter().map(ToString::to_string).collect();
        format!(
            "- `{} {}` answers {}; serves {}\n",
            endpoint.method,
            endpoint.path,
            codes.join(", "),
            endpoint.story_keys.join(", ")
        )
    });
    let screens = spec.screens.iter().map(|screen| {
        let regions: Vec<String> = screen.regions.iter().map(|region| markdown(&region.label)).collect();
        format!("- Screen **{}**: {}\n", markdown(&screen.title), regions.join("; "))
    });
    out.push_str(&or_open(endpoints.chain(screens).collect()));
    out.push_str("\n## Data Models\n\n");
    let entities = spec.entities.iter().map(|entity| {
        let fields: Vec<String> = entity
            .fields
            .iter()
            .map(|f| format!("`{}{}: {}`", f.name, if f.is_optional { "?" } else { "" }, f.type_name))
            .collect();
        format!("- **{}** ({}): {}\n", entity.name, entity.basis.word(), fields.join(", "))
    });
    out.push_str(&or_open(entities.collect()));
    out.push_str("\n## Error Handling\n\n");
    let failures = spec
        .stories
        .iter()
        .flat_map(|story| &story.criteria)
        .filter(|criterion| criterion.case == Case::Failure || criterion.case == Case::Limit);
    out.push_str(&or_open(
        failures.map(|c| format!("- {}: {}\n", markdown(&c.title), markdown(&c.then.join("; ")))).collect(),
    ));
    out.push_str("\n## Testing Strategy\n\n- Each acceptance criterion is a test that fails before the work and passes after it.\n");
    out.push_str(&lines(&spec.qualities));
    out.push_str("\n## Risks and Open Questions\n\n");
    out.push_str(&lines(&spec.risks));
    for question in &spec.questions {
        out.push_str(&format!(
            "- {} {} Decides: {}.\n",
            markdown(&question.text),
            markdown(&question.options.join(" / ")),
            markdown(&question.who_decides)
        ));
    }
    out
}

fn or_open(text: String) -> String {
    if text.is_empty() { "- Nothing is specified here.\n".to_owned() } else { text }
}

fn task_list(spec: &Spec, numbers: &BTreeMap<String, Vec<String>>) -> String {
    let tasks = tasks(spec);
    let mut out = String::from("# Implementation Plan\n\n");
    let served = |keys: &[String]| {
        let mut served: Vec<&str> =
            keys.iter().filter_map(|key| numbers.get(key)).flatten().map(String::as_str).collect();
        served.sort_by_key(|number| number.split('.').map(|n| n.parse::<u32>().unwrap_or(0)).collect::<Vec<_>>());
        served.dedup();
        served.join(", ")
    };
    let mut n = 0;
    let mut part = |title: &str, of: Vec<&super::Task>| {
        if of.is_empty() {
            return;
        }
        n += 1;
        out.push_str(&format!("- [ ] {n}. {title}\n"));
        for (i, task) in of.into_iter().enumerate() {
            out.push_str(&format!(
                "  - [ ] {n}.{} {}\n    - _Requirements: {}_\n",
                i + 1,
                markdown(&task.text),
                served(&task.serves)
            ));
        }
    };
    part("Lay the data", tasks.iter().filter(|task| task.story.is_none()).collect());
    for (at, story) in spec.stories.iter().enumerate() {
        part(&markdown(&story.title), tasks.iter().filter(|task| task.story == Some(at)).collect());
    }
    out
}
