//! Personas: of the workspace as a file of their own, and of one specification as a section.

use crate::dossier::{Dossier, Evidence};
use crate::text::{counted, markdown, references};
use maud::{Markup, html};
use throughline_model::persona::{Cast, Concern, LEAST_PEOPLE, LEAST_SIGNALS, Persona};
use throughline_model::sentence::capitalised;
use throughline_model::spec::{Artifact, Statement};
use throughline_model::{Basis, Citation};

/// Where the personas of a workspace stand, below the output folder.
pub const PATH: &str = "specs/personas.md";

/// All personas as a file.
#[must_use]
pub fn file(product: &str, cast: &Cast) -> Artifact {
    Artifact { path: PATH.to_owned(), bytes: document(product, cast).into_bytes() }
}

/// All personas as Markdown.
#[must_use]
pub fn document(product: &str, cast: &Cast) -> String {
    let mut out = format!("# Personas of {}\n\n", markdown(product));
    if cast.personas.is_empty() {
        out.push_str(&format!(
            "None. Nobody who speaks says what they do: {} without a role, {} without a name. A role in the customer \
             list, a column of the import or a question at the end of an interview would be enough.\n",
            counted(cast.n_without_role as usize, "person", "people"),
            counted(cast.n_without_person as usize, "statement", "statements"),
        ));
        return out;
    }
    out.push_str(&format!(
        "From what {} with a known role say, ask for and do. Left out: {} whose role is not known, {} without a name. \
         {}\n\n",
        counted(cast.n_people as usize, "person", "people"),
        counted(cast.n_without_role as usize, "person", "people"),
        counted(cast.n_without_person as usize, "statement", "statements"),
        silhouette(cast.silhouette),
    ));
    for persona in &cast.personas {
        out.push_str(&one(persona));
    }
    out
}

/// How well people are told apart, in words.
fn silhouette(value: Option<f64>) -> String {
    match value {
        None => "There is only one persona, so nothing tells it apart.".to_owned(),
        Some(value) => {
            let word = if value > 0.1 { "told apart" } else { "hardly told apart" };
            format!("By what they ask for, where and how, they are {word}: silhouette {value:.2} (above 0.1 counts).")
        }
    }
}

fn one(persona: &Persona) -> String {
    let mut out = format!("## {}\n\n`{}`", markdown(&capitalised(&persona.name)), persona.id);
    if persona.is_provisional {
        out.push_str(&format!(
            " · **provisional**: {} of {}; {LEAST_SIGNALS} of {LEAST_PEOPLE} are the least to go by",
            counted(persona.n_signals as usize, "signal", "signals"),
            counted(persona.people.len(), "person", "people"),
        ));
    } else {
        out.push_str(&format!(
            " · {} of {} at {}",
            counted(persona.n_signals as usize, "signal", "signals"),
            counted(persona.people.len(), "person", "people"),
            counted(persona.n_accounts as usize, "account", "accounts"),
        ));
    }
    if let Some(value) = persona.silhouette {
        out.push_str(&format!(" · silhouette {value:.2}"));
    }
    out.push_str("\n\n");
    if !persona.goals.is_empty() {
        out.push_str("**Wants, in their own words**\n\n");
        for goal in &persona.goals {
            out.push_str(&format!("- {}{}\n", markdown(&goal.text), ground(goal)));
        }
        out.push('\n');
    }
    for (name, statement) in
        [("Today", &persona.workaround), ("Where they work", &persona.context), ("How often", &persona.frequency)]
    {
        out.push_str(&format!("**{name}.** {}{}\n\n", markdown(&statement.text), ground(statement)));
    }
    let list = |items: Vec<String>| items.join(", ");
    let roles = persona.roles.iter().take(8).map(|(role, n)| format!("{} ({n})", markdown(role))).collect();
    out.push_str(&format!("**Roles as written.** {}.\n\n", list(roles)));
    if !persona.asks_for.is_empty() {
        let asks = persona.asks_for.iter().take(6).map(|(frame, n)| format!("{} ({n})", frame.replace('_', " ")));
        out.push_str(&format!("**Asks for**, by people: {}.\n\n", list(asks.collect())));
    }
    let sources = persona.sources.iter().map(|(kind, n)| format!("{} ({n})", kind.word())).collect();
    out.push_str(&format!("**Heard through**, by signals: {}.\n\n", list(sources)));
    out
}

/// What a statement rests on, by id.
fn ground(statement: &Statement) -> String {
    let ids: Vec<String> = statement
        .citations
        .iter()
        .map(|citation| match citation {
            Citation::Signal { id, .. } => format!("`{id}`"),
            Citation::Account { id, .. } => format!("`{id}`"),
            Citation::Strategy { path } => format!("`{path}`"),
            _ => String::new(),
        })
        .filter(|id| !id.is_empty())
        .collect();
    match statement.basis {
        Basis::Evidence if !ids.is_empty() => format!(" [{}]", ids.join(", ")),
        basis if ids.is_empty() => format!(" *({})*", basis.word()),
        basis => format!(" *({}: {})*", basis.word(), ids.join(", ")),
    }
}

/// Whom a specification is for, and who else is heard.
pub(crate) fn section(dossier: &Dossier<'_>, evidence: &Evidence) -> String {
    let spec = dossier.spec;
    let Some(primary) = &spec.primary else { return String::new() };
    let mut out = format!("**First: {}.** {}\n", markdown(&title(primary)), said(primary, evidence));
    if !spec.secondary.is_empty() {
        out.push_str("\nHeard beside them; their needs are additions, never conditions:\n\n");
        for concern in &spec.secondary {
            out.push_str(&format!("- {}\n", said(concern, evidence)));
        }
    }
    out
}

fn title(concern: &Concern) -> String {
    let provisional = if concern.is_provisional { " (provisional)" } else { "" };
    format!("{}{provisional}", concern.name)
}

fn said(concern: &Concern, evidence: &Evidence) -> String {
    format!("{}{}", markdown(&concern.need.text), references(&concern.need, evidence))
}

/// The same as HTML.
pub(crate) fn markup(dossier: &Dossier<'_>, statement: &dyn Fn(&Statement) -> Markup) -> Markup {
    let spec = dossier.spec;
    html! {
        @if let Some(primary) = &spec.primary {
            h2 id="personas" { "For whom" }
            p { strong { "First: " (title(primary)) ". " } (statement(&primary.need)) }
            @if !spec.secondary.is_empty() {
                p { "Heard beside them; their needs are additions, never conditions:" }
                ul { @for concern in &spec.secondary { li { (statement(&concern.need)) } } }
            }
        }
    }
}
