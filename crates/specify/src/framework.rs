//! Frameworks named: which one each of the eight steps applied, and what followed from it for this insight.
//!
//! Every sentence is counted from the specification itself, so that a reader can hold it against what stands there and
//! disagree.

use crate::words;
use std::collections::BTreeSet;
use throughline_model::job::ForceKind;
use throughline_model::spec::{Case, Size, Spec};
use throughline_model::use_case::Framework;
use throughline_model::{Basis, Citation};

/// One for each step, in order.
pub(crate) fn named(spec: &Spec) -> Vec<Framework> {
    let framework = |step: &str, name: &str, consequence: String| Framework {
        step: step.to_owned(),
        name: name.to_owned(),
        consequence,
    };
    vec![
        framework("strategy", "Objectives and key results (Grove, Doerr)", strategy(spec)),
        framework("personas", "Goal-directed personas (Cooper)", personas(spec)),
        framework("jobs", "Jobs to be done (Christensen, Ulwick) with the four forces (Moesta)", jobs(spec)),
        framework("use-cases", "Fully dressed use cases (Cockburn)", use_cases(spec)),
        framework("stories", "INVEST (Wake) and the Quality User Story rules (Lucassen and others)", stories(spec)),
        framework("schema", "Entities and relations (Chen)", schema(spec)),
        framework("screens", "The UI stack (Hurff)", screens(spec)),
        framework("prototype", "Specification by example (Adzic)", prototype(spec)),
    ]
}

fn n(count: usize, noun: &str) -> String {
    words::counted_in_words(count as u32, noun)
}

fn strategy(spec: &Spec) -> String {
    let paths: BTreeSet<&str> = spec
        .why_now
        .iter()
        .flat_map(|statement| &statement.citations)
        .filter_map(|citation| match citation {
            Citation::Strategy { path } => {
                path.strip_prefix("strategy.objectives.").or_else(|| path.strip_prefix("objectives."))
            }
            _ => None,
        })
        .map(|path| path.split('.').next().unwrap_or(path))
        .collect();
    if paths.is_empty() {
        return "No declared objective is near enough to count as moved by this, so it is argued for by its voices \
                alone."
            .to_owned();
    }
    let names: Vec<String> = paths.into_iter().map(str::to_owned).collect();
    format!("It is taken to move {}; if it does not, it loses its claim on the plan.", words::listed(&names))
}

fn personas(spec: &Spec) -> String {
    let Some(primary) = &spec.primary else {
        return "No role is known, so nobody in particular is designed for yet.".to_owned();
    };
    let others = match spec.secondary.len() {
        0 => "nobody else is known to be heard".to_owned(),
        count => format!("what {} beside it needs is added only where it does not get in the way", n(count, "persona")),
    };
    let thin = if primary.is_provisional { " The persona is provisional." } else { "" };
    format!("Every screen is made for the {} first; {others}.{thin}", primary.name)
}

fn jobs(spec: &Spec) -> String {
    let Some(job) = spec.jobs.first() else {
        return "No job is written for a fix: what people expect is known already, and it has to hold.".to_owned();
    };
    let known: Vec<String> = job
        .forces
        .iter()
        .filter(|force| force.statement.basis != Basis::Open)
        .map(|force| force.kind.word().to_owned())
        .collect();
    let unknown = ForceKind::ALL.len() - known.len();
    let forces = if known.is_empty() {
        "none of the four forces is voiced".to_owned()
    } else if unknown == 0 {
        "all four forces are voiced".to_owned()
    } else {
        format!("of the four forces {} {} voiced", words::listed(&known), if known.len() == 1 { "is" } else { "are" })
    };
    let success = job.outcomes.first().map_or_else(String::new, |outcome| {
        let statement = outcome.statement.text.trim_end_matches('.');
        format!("; success is judged by this first: {}", lower_first(statement))
    });
    format!("{}{success}.", words::capitalised(&forces))
}

fn use_cases(spec: &Spec) -> String {
    if spec.use_cases.is_empty() {
        return "A fix needs no use case: one regression criterion says when it is done.".to_owned();
    }
    let n_extensions: usize = spec.use_cases.iter().map(|case| case.extensions.len()).sum();
    let n_guarantees: usize = spec.use_cases.iter().map(|case| case.minimal_guarantees.len()).sum();
    format!(
        "Asking at each step what may go otherwise gave {} to {}, and {} that must hold even then.",
        n(n_extensions, "extension"),
        n(spec.use_cases.len(), "use case"),
        n(n_guarantees, "guarantee")
    )
}

fn stories(spec: &Spec) -> String {
    let n_first = spec.stories.iter().filter(|story| story.priority == 1).count();
    let asked = spec.stories.iter().filter(|story| story.means.basis != Basis::Default).count();
    let unasked = spec.stories.len() - asked;
    let rest = match unasked {
        0 => String::new(),
        count => format!("; {} came with the capability though nobody asked", n(count, "story")),
    };
    format!(
        "The change was cut into {}, each shown to work without the others; {} must be there for the first release{rest}.",
        n(spec.stories.len(), "story"),
        words::number(n_first as u32)
    )
}

fn schema(spec: &Spec) -> String {
    let known = spec.entities.iter().filter(|entity| entity.basis == Basis::Code).count();
    let found = match known {
        0 => "none was found in the code, so all count as new until somebody says otherwise".to_owned(),
        count => format!("{} exist in the code already", words::number(count as u32)),
    };
    let n_entities = spec.entities.len();
    format!("Each thing people speak of is kept once: {}; {found}.", n(n_entities, "entity"))
}

fn screens(spec: &Spec) -> String {
    let n_states: usize = spec.screens.iter().map(|screen| screen.copy_by_state.len()).sum();
    if spec.size == Size::Fix && n_states == 0 || spec.screens.is_empty() {
        return "No screen changes.".to_owned();
    }
    format!(
        "Drawing each of {} in every state gave {} with words of their own, the empty, the failed and the refused one \
         among them.",
        n(spec.screens.len(), "screen"),
        n(n_states, "state")
    )
}

fn prototype(spec: &Spec) -> String {
    let criteria = || spec.stories.iter().flat_map(|story| &story.criteria);
    let plays = criteria().filter(|criterion| criterion.steps.iter().all(|calls| !calls.is_empty())).count();
    let unwanted =
        criteria().filter(|criterion| matches!(criterion.case, Case::Failure | Case::Limit | Case::Permission)).count();
    format!(
        "{} of {} play in the prototype from beginning to end; {} of them show what happens when something goes wrong.",
        words::capitalised(&words::number(plays as u32)),
        words::counted_in_words(criteria().count() as u32, "criterion"),
        words::number(unwanted as u32)
    )
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
