//! The layout of OpenSpec: a change under `openspec/changes/` with `proposal.md`, `design.md`, `tasks.md` and the
//! requirements that it adds, for the capability it is about.

use super::{affected, file, responses, tasks};
use crate::dossier::Dossier;
use crate::slug;
use crate::text::{markdown, story_sentence};
use std::collections::BTreeSet;
use throughline_model::spec::{Artifact, Spec, Statement};

pub(super) fn files(dossier: &Dossier<'_>, name: &str) -> Vec<Artifact> {
    let spec = dossier.spec;
    let folder = format!("openspec/changes/{name}");
    let capability = capability(spec);
    vec![
        file(&folder, "proposal.md", &proposal(dossier, &capability)),
        file(&folder, "design.md", &design(spec)),
        file(&folder, "tasks.md", &task_list(spec)),
        file(&folder, &format!("specs/{capability}/spec.md"), &delta(spec)),
    ]
}

/// The capability that the change is about: what its subject is called.
fn capability(spec: &Spec) -> String {
    let subject = spec.entities.iter().find(|entity| entity.name == spec.subject);
    let words = slug::words(subject.map_or(&spec.title, |subject| &subject.many));
    if words.is_empty() { "product".to_owned() } else { words }
}

fn proposal(dossier: &Dossier<'_>, capability: &str) -> String {
    let spec = dossier.spec;
    let run = |statements: &[Statement]| {
        statements.iter().map(|statement| markdown(&statement.text)).collect::<Vec<_>>().join(" ")
    };
    let mut out = format!(
        "# {}\n\n## Why\n\n{}\n\n{}\n\n## What Changes\n\n",
        markdown(&spec.title),
        run(&spec.problem),
        run(&spec.why_now)
    );
    let changes: Vec<&Statement> = spec.change.iter().chain(spec.fix.iter().flat_map(|fix| &fix.expected)).collect();
    for change in changes {
        out.push_str(&format!("- {}\n", markdown(&change.text)));
    }
    for story in &spec.stories {
        out.push_str(&format!("- {}: {}\n", story.key, markdown(&story_sentence(story))));
    }
    out.push_str(&format!(
        "\n## Impact\n\n- Affected specs: `{capability}`\n- Affected code: {}\n",
        markdown(&affected(spec))
    ));
    for endpoint in &spec.endpoints {
        out.push_str(&format!("- Operation: `{} {}`\n", endpoint.method, endpoint.path));
    }
    for who in &spec.who {
        out.push_str(&format!("- {}\n", markdown(&who.text)));
    }
    out.push_str(&format!(
        "- Insight: `{}`, {} voices, {} accounts\n",
        spec.insight_id, dossier.insight.n_voices, dossier.insight.n_accounts
    ));
    out
}

fn design(spec: &Spec) -> String {
    let mut out = format!("# Design: {}\n", markdown(&spec.title));
    let mut list = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            out.push_str(&format!(
                "\n## {title}\n\n{}",
                lines.iter().map(|line| format!("- {line}\n")).collect::<String>()
            ));
        }
    };
    let said = |statements: &[Statement]| statements.iter().map(|s| markdown(&s.text)).collect::<Vec<_>>();
    list("Context", said(&spec.job));
    let goals = spec.measures.iter().map(|measure| {
        format!(
            "{}: {} (today: {})",
            markdown(&measure.metric),
            markdown(&measure.target.text),
            markdown(&measure.baseline.text)
        )
    });
    list("Goals", goals.collect());
    list("Non-Goals", said(&spec.non_goals));
    let entities = spec.entities.iter().map(|entity| {
        let fields: Vec<String> =
            entity.fields.iter().map(|field| format!("`{} {}`", field.name, field.type_name)).collect();
        format!("**{}** ({}): {}", entity.name, entity.basis.word(), fields.join(", "))
    });
    list("Decisions", said(&spec.qualities).into_iter().chain(entities).collect());
    list("Risks / Trade-offs", said(&spec.risks));
    list("Migration Plan", said(&spec.rollout));
    let questions = spec.questions.iter().map(|question| {
        format!(
            "{} {} Decides: {}.",
            markdown(&question.text),
            markdown(&question.options.join(" / ")),
            markdown(&question.who_decides)
        )
    });
    list("Open Questions", questions.collect());
    out
}

fn task_list(spec: &Spec) -> String {
    let tasks = tasks(spec);
    let mut out = String::from("# Tasks\n\n## 1. Data\n\n");
    for (n, task) in tasks.iter().filter(|task| task.story.is_none()).enumerate() {
        out.push_str(&format!("- [ ] 1.{} {}\n", n + 1, markdown(&task.text)));
    }
    for (at, story) in spec.stories.iter().enumerate() {
        out.push_str(&format!("\n## {}. {} {}\n\n", at + 2, story.key, markdown(&story.title)));
        for (n, task) in tasks.iter().filter(|task| task.story == Some(at)).enumerate() {
            out.push_str(&format!("- [ ] {}.{} {}\n", at + 2, n + 1, markdown(&task.text)));
        }
    }
    out
}

/// One requirement for each story, one scenario for each criterion.
fn delta(spec: &Spec) -> String {
    let mut out = String::from("## ADDED Requirements\n");
    let mut known = BTreeSet::new();
    for story in &spec.stories {
        let title = if known.insert(story.title.clone()) {
            story.title.clone()
        } else {
            format!("{} ({})", story.title, story.key)
        };
        // A requirement says SHALL; the rest of what shall be is in its scenarios.
        let first = story.criteria.first().map(|criterion| {
            let response =
                responses(criterion).into_iter().next().unwrap_or_else(|| "do what the scenarios say".to_owned());
            format!("When {}, the system SHALL {}.", markdown(&criterion.when), markdown(&response))
        });
        out.push_str(&format!(
            "\n### Requirement: {}\n\n{}\n\n{}\n",
            markdown(&title),
            first.unwrap_or_else(|| "The system SHALL do what the story says.".to_owned()),
            markdown(&story_sentence(story))
        ));
        for criterion in &story.criteria {
            out.push_str(&format!("\n#### Scenario: {} ({})\n\n", markdown(&criterion.title), criterion.key));
            let steps =
                criterion.given.iter().enumerate().map(|(i, text)| (if i == 0 { "GIVEN" } else { "AND" }, text));
            let steps = steps.chain([("WHEN", &criterion.when)]);
            let steps = steps
                .chain(criterion.then.iter().enumerate().map(|(i, text)| (if i == 0 { "THEN" } else { "AND" }, text)));
            for (word, text) in steps {
                out.push_str(&format!("- **{word}** {}\n", markdown(text)));
            }
        }
    }
    out
}
