//! Rules PE: personas rest on enough signals, say their goals in people's own words, and are somebody in particular.

use super::{Report, Severity};
use std::collections::BTreeSet;
use throughline_model::persona::{Cast, LEAST_PEOPLE, LEAST_SIGNALS, MOST_PERSONAS, Persona};
use throughline_model::spec::{Size, Spec, Statement};
use throughline_model::{Basis, Citation, Corpus};

/// Silhouette above which personas are told apart (rule PE-5).
const APART: f64 = 0.1;

/// Words of age, gender, looks and leisure (rule PE-4).
const DEMOGRAPHIC: [&str; 16] = [
    "male",
    "female",
    "years old",
    "year-old",
    "aged",
    "married",
    "single mother",
    "photo",
    "hobby",
    "hobbies",
    "gender",
    "millennial",
    "boomer",
    "generation z",
    "loves hiking",
    "children",
];

/// Names that are nobody in particular (rule PE-6).
pub(super) const NOBODY: [&str; 8] =
    ["user", "users", "customer", "customers", "end user", "everyone", "somebody", "person"];

/// The personas of a workspace.
pub(super) fn check_cast(cast: &Cast, corpus: &Corpus, report: &mut Report) {
    if cast.personas.is_empty() {
        for rule in ["PE-1", "PE-2", "PE-4", "PE-5", "PE-6"] {
            report.not_known(rule, "personas", "Nobody's role is known, so there is no persona to look at.");
        }
        return;
    }
    if cast.personas.len() > MOST_PERSONAS {
        report.warn("PE-5", "personas", format!("{} personas; {MOST_PERSONAS} are the most.", cast.personas.len()));
    }
    for persona in &cast.personas {
        one(persona, corpus, report);
        match persona.silhouette {
            Some(value) if value <= APART => report.warn(
                "PE-5",
                &persona.name,
                format!("Its people are hardly nearer to each other than to the next persona: silhouette {value:.2}."),
            ),
            Some(_) => {}
            None => report.not_known("PE-5", &persona.name, "There is no other persona to tell it apart from."),
        }
    }
    let mut ids = BTreeSet::new();
    for persona in cast.personas.iter().filter(|persona| !ids.insert(persona.id)) {
        report.error("PE-3", &persona.name, format!("The id {} stands for two personas.", persona.id));
    }
}

fn one(persona: &Persona, corpus: &Corpus, report: &mut Report) {
    let name = &persona.name;
    let n_people = persona.people.len() as u32;
    let is_thin = persona.n_signals < LEAST_SIGNALS || n_people < LEAST_PEOPLE;
    if is_thin && !persona.is_provisional {
        let text = format!("{} signals of {n_people} people, and it is not called provisional.", persona.n_signals);
        report.error("PE-1", name, text);
    }
    if persona.sources.len() < 2 {
        report.warn("PE-1", name, "It is heard through one kind of source only.");
    }
    if persona.goals.is_empty() || persona.goals.len() > 3 {
        let severity = if persona.is_provisional { Severity::Warning } else { Severity::Error };
        report.add("PE-2", severity, name, format!("It has {} goals; one to three are told.", persona.goals.len()));
    }
    let traits = persona.goals.iter().chain([&persona.workaround, &persona.context, &persona.frequency]);
    for statement in traits {
        if statement.text.trim().is_empty() {
            report.error("PE-2", name, "A goal, the workaround, the context or the frequency is left blank.");
        }
        let needs_ground = matches!(statement.basis, Basis::Evidence | Basis::Code | Basis::Strategy);
        if needs_ground && statement.citations.is_empty() {
            report.error("PE-2", name, format!("“{}” cites nothing.", statement.text));
        }
        invented(name, statement, corpus, report);
        let own = super::prose::without_quotes(&statement.text).to_lowercase();
        if let Some(word) = DEMOGRAPHIC.iter().find(|word| own.contains(**word)) {
            report.warn(
                "PE-4",
                name,
                format!("“{}” speaks of “{word}”, which nothing shows to matter.", statement.text),
            );
        }
    }
    if NOBODY.contains(&name.to_lowercase().as_str()) {
        report.warn("PE-6", name, format!("“{name}” is nobody in particular."));
    }
}

/// Quotes that nobody said.
fn invented(name: &str, statement: &Statement, corpus: &Corpus, report: &mut Report) {
    if statement.basis != Basis::Evidence {
        return;
    }
    let holds = |quote: &str| {
        statement.citations.iter().any(|citation| match citation {
            Citation::Signal { id, quote: Some(words), .. } => {
                words.contains(quote)
                    && corpus.signals.iter().any(|signal| signal.id == *id && corpus.text(signal).contains(quote))
            }
            _ => false,
        })
    };
    for quote in super::prose::quotes_in(&statement.text).into_iter().filter(|quote| !holds(quote)) {
        report.warn("PE-4", name, format!("“{quote}” is nobody's words."));
    }
}

/// Whom a specification is for.
pub(super) fn check(spec: &Spec, report: &mut Report) {
    let Some(primary) = &spec.primary else {
        report.error("PE-3", "personas", "Nobody is named whom it is for first.");
        return;
    };
    if spec.secondary.iter().any(|concern| concern.persona_id == primary.persona_id || concern.name == primary.name) {
        report.error("PE-3", "personas", format!("“{}” is both the first and one beside it.", primary.name));
    }
    for concern in spec.secondary.iter().filter(|concern| concern.need.text.trim().is_empty()) {
        report.error("PE-3", "personas", format!("What the {} needs beside it is not said.", concern.name));
    }
    if NOBODY.contains(&primary.name.to_lowercase().as_str()) {
        report.warn("PE-6", "personas", format!("“{}” is nobody in particular.", primary.name));
    }
    // Roles of a fix are for whom to tell; there is no story of theirs to resolve.
    let names: BTreeSet<&str> = spec.secondary.iter().chain([primary]).map(|concern| concern.name.as_str()).collect();
    for story in spec.stories.iter().filter(|_| spec.size != Size::Fix) {
        if story.actor.basis == Basis::Assumption && primary.need.basis == Basis::Assumption {
            report.not_known("US-1", &story.key, "Nobody's role is known, so its role resolves to no persona.");
        } else if !names.contains(story.actor.text.as_str()) {
            report.error("US-1", &story.key, format!("“{}” is none of the personas it is for.", story.actor.text));
        }
    }
}
