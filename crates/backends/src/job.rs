//! Jobs: the story, the outcomes by which it is judged, the four forces, the opportunity where it is known.

use crate::dossier::{Dossier, Evidence};
use crate::text::{markdown, references, stated};
use maud::{Markup, html};
use throughline_model::job::{Job, Opportunity};
use throughline_model::spec::Statement;

/// Jobs as one document.
#[must_use]
pub fn document(dossier: &Dossier<'_>) -> String {
    let evidence = Evidence::of(dossier);
    format!("# Jobs: {}\n\n{}", markdown(&dossier.spec.title), section(dossier, &evidence))
}

/// The parts of a job story, each with its ground.
pub(crate) fn section(dossier: &Dossier<'_>, evidence: &Evidence) -> String {
    let mut out = String::new();
    for (i, job) in dossier.spec.jobs.iter().enumerate() {
        out.push_str(&format!(
            "**{}** When {}{}, I want to {}{}, so that {}{}.\n\nJudged by:\n\n",
            job.key,
            markdown(&job.circumstance.text),
            references(&job.circumstance, evidence),
            markdown(&job.motivation.text),
            references(&job.motivation, evidence),
            markdown(&job.progress.text),
            references(&job.progress, evidence),
        ));
        for outcome in &job.outcomes {
            out.push_str(&format!("- {}\n", stated(&outcome.statement, evidence)));
        }
        out.push('\n');
        // The forces are the insight's, so they stand once.
        if i == 0 {
            out.push_str("| force | what shows it |\n|---|---|\n");
            for force in &job.forces {
                out.push_str(&format!("| {} | {} |\n", force.kind.word(), stated(&force.statement, evidence)));
            }
            out.push_str(&format!("\n{}\n\n", opportunity(job)));
        }
    }
    out
}

/// The opportunity score by segment, or what is missing for it.
fn opportunity(job: &Job) -> String {
    if job.opportunities.is_empty() {
        return "Opportunity: not known. Nobody was asked how much it matters (n = 0) or how content they are (n = 0)."
            .to_owned();
    }
    let one = |opportunity: &Opportunity| {
        let Opportunity { segment, n_importance, n_satisfaction, .. } = opportunity;
        match opportunity.score() {
            Some(score) => format!(
                "{}: {score:.1} of 20 (importance n = {n_importance}, satisfaction n = {n_satisfaction})",
                markdown(segment)
            ),
            None => format!(
                "{}: not known (importance n = {n_importance}, satisfaction n = {n_satisfaction})",
                markdown(segment)
            ),
        }
    };
    format!("Opportunity by segment: {}.", job.opportunities.iter().map(one).collect::<Vec<_>>().join("; "))
}

/// The same as HTML.
pub(crate) fn markup(dossier: &Dossier<'_>, statement: &dyn Fn(&Statement) -> Markup) -> Markup {
    let jobs = &dossier.spec.jobs;
    html! {
        @if !jobs.is_empty() {
            h2 id="jobs" { "Jobs" }
            @for (i, job) in jobs.iter().enumerate() {
                p { strong { (job.key) } " When " (job.circumstance.text) ", I want to " (job.motivation.text) ", so that " (job.progress.text) "." }
                p { "Judged by:" }
                ul { @for outcome in &job.outcomes { li { (statement(&outcome.statement)) } } }
                @if i == 0 {
                    dl class="states" {
                        @for force in &job.forces { dt { (force.kind.word()) } dd { (statement(&force.statement)) } }
                    }
                    p class="small soft" { (opportunity(job).replace('\\', "")) }
                }
            }
        }
    }
}
