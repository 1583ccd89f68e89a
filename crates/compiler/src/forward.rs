//! Forward from the strategy: what each objective is taken to mean, and what feedback made of it.
//!
//! In: settings, the last run's results. Out: one document with every line, its state, its cause and the cheapest test;
//! and, while nobody has said anything at all, a folder of artefacts for each objective.

use crate::session::Ranked;
use std::collections::BTreeMap;
use std::fmt::Write;
use throughline_backends::{Dossier, folder, slug};
use throughline_frames::Frames;
use throughline_model::persona::Cast;
use throughline_model::spec::{Artifact, Spec};
use throughline_model::{CheckState, Citation, Corpus, InsightId, Settings};
use throughline_specify::from_strategy::{self, Assumed, Heard, Line, State};

/// Where the lines stand, below the output folder.
pub const PATH: &str = "specs/strategy.md";

/// What a strategy alone is compiled to.
#[must_use]
pub fn assumed(settings: &Settings) -> Vec<Assumed> {
    let product = settings.product.name.as_deref().unwrap_or("the product");
    from_strategy::assume(&settings.strategy, product, &settings.product.terms, Frames::builtin())
}

/// The lines of each objective as feedback left them.
#[must_use]
pub(crate) fn settled(
    all: &[Assumed],
    ranked: &[Ranked],
    specs: &BTreeMap<InsightId, &Spec>,
    corpus: &Corpus,
    cast: &Cast,
) -> Vec<Vec<Line>> {
    all.iter()
        .map(|assumed| {
            let mut near: Vec<&Ranked> = ranked.iter().filter(|ranked| is_near(ranked, &assumed.objective)).collect();
            near.sort_by(|a, b| {
                b.insight.n_voices.cmp(&a.insight.n_voices).then_with(|| a.insight.id.cmp(&b.insight.id))
            });
            let heard: Vec<Heard<'_>> = near
                .iter()
                .map(|ranked| Heard {
                    insight: &ranked.insight,
                    needs: &ranked.needs,
                    spec: specs.get(&ranked.insight.id).copied(),
                })
                .collect();
            from_strategy::settle(assumed, &heard, corpus, cast)
        })
        .collect()
}

/// Whether an insight was scored as touching an objective.
fn is_near(ranked: &Ranked, objective: &str) -> bool {
    let cites = |citation: &Citation| match citation {
        Citation::Strategy { path } => {
            path.strip_prefix("strategy.objectives.").or_else(|| path.strip_prefix("objectives.")) == Some(objective)
        }
        _ => false,
    };
    ranked.score.checks.iter().any(|check| {
        matches!(check.id.as_str(), "SA-01" | "SA-07")
            && check.state == CheckState::Scored
            && check.points > 0.0
            && check.evidence.iter().any(cites)
    })
}

/// Every line of every objective as Markdown.
#[must_use]
pub(crate) fn document(product: &str, all: &[Assumed], lines: &[Vec<Line>]) -> Artifact {
    let mut text = format!(
        "# What the strategy of {product} takes for granted\n\nFor each objective the eight steps as they follow from its \
         words alone. A line is an assumption until somebody says otherwise; beside it stands the cheapest test that \
         would settle it.\n"
    );
    for (assumed, lines) in all.iter().zip(lines) {
        let _ = write!(text, "\n## {}: {}\n\n", assumed.objective, assumed.text);
        if let Err(question) = &assumed.outcome {
            let _ = write!(text, "No capability fits these words, so nothing is assumed. {}\n\n", question.text);
            for option in &question.options {
                let _ = writeln!(text, "- {option}");
            }
            let _ = write!(text, "\nDecides: {}.\n", question.who_decides);
            continue;
        }
        let _ = write!(text, "{}\n\n", summary(lines));
        text.push_str("| line | step | what it says | state | cause, or cheapest test |\n|---|---|---|---|---|\n");
        for line in lines {
            text.push_str(&row(line));
        }
    }
    Artifact { path: PATH.to_owned(), bytes: text.into_bytes() }
}

fn summary(lines: &[Line]) -> String {
    let n = |word: &str| lines.iter().filter(|line| line.state.word() == word).count();
    format!(
        "{} lines: {} assumed, {} turned into evidence, {} changed, {} removed.",
        lines.len(),
        n("assumption"),
        n("evidence"),
        n("changed"),
        n("removed")
    )
}

fn row(line: &Line) -> String {
    let cell = |text: &str| text.replace('|', "\\|").replace(['\n', '\r'], " ");
    let says = match &line.state {
        State::Changed { to } => format!("~~{}~~ {}", cell(&line.text), cell(to)),
        State::Removed => format!("~~{}~~", cell(&line.text)),
        State::Assumed | State::Confirmed => cell(&line.text),
    };
    let why = if line.cause.is_empty() { format!("Test: {}.", cell(&line.test)) } else { cell(&line.cause) };
    let ids: Vec<String> = line
        .citations
        .iter()
        .filter_map(|citation| match citation {
            Citation::Signal { id, .. } => Some(format!("`{id}`")),
            _ => None,
        })
        .collect();
    let cited = if ids.is_empty() { String::new() } else { format!(" [{}]", ids.join(", ")) };
    format!("| {} | {} | {says} | {} | {why}{cited} |\n", cell(&line.key), line.step.word(), line.state.word())
}

/// The artefacts of each objective, while nobody has said anything.
#[must_use]
pub(crate) fn folders(product_name: &str, all: &[Assumed], corpus: &Corpus) -> Vec<Artifact> {
    let made = all.iter().filter_map(|assumed| Some((assumed, assumed.outcome.as_ref().ok()?)));
    made.flat_map(|(assumed, spec)| {
        let dossier = Dossier {
            product_name,
            insight: &assumed.insight,
            spec,
            score: None,
            place: None,
            corpus,
            sentences: None,
            since: None,
            generated_from: None,
        };
        let name = format!("specs/{}", slug::folder(&spec.title, assumed.insight.id));
        folder::specification(&dossier, &name)
    })
    .collect()
}
