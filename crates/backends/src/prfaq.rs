//! A press release from the future with the questions it raises: one page, then questions from outside and from within.
//!
//! In: a dossier of a change that people will see. Out: Markdown; none for a fix, which needs no announcement.
//! Invariants: the customer's words are verbatim; nothing is promised that the specification does not say; each claim has
//! its reference or its mark. Source: Amazon's working-backwards form (press release, external and internal questions).

use crate::dossier::{Dossier, Evidence, attribution};
use crate::text::{count_words, markdown, stated, story_sentence};
use throughline_model::Timestamp;
use throughline_model::spec::{Case, Size, Statement};

/// Most words of the release itself.
pub const RELEASE_WORDS: usize = 400;

/// Days from the newest record to the day that the release is dated. Chosen: a quarter.
const AHEAD_DAYS: i64 = 90;

/// The document.
#[must_use]
pub fn document(dossier: &Dossier<'_>) -> Option<String> {
    (dossier.spec.size != Size::Fix).then(|| {
        let evidence = Evidence::of(dossier);
        format!("{}\n{}\n{}", release(dossier, &evidence), external(dossier, &evidence), internal(dossier, &evidence))
    })
}

fn release(dossier: &Dossier<'_>, evidence: &Evidence) -> String {
    let spec = dossier.spec;
    let product = markdown(dossier.product_name);
    let first = spec.stories.first();
    let mut lead = format!("# {product}: {}\n", markdown(&spec.title));
    if let Some(story) = first {
        lead.push_str(&format!("\n*{}*\n", markdown(&story_sentence(story))));
    }
    let day = dossier.corpus.as_of.map(|at| Timestamp(at.0 + AHEAD_DAYS * 86_400).long_date());
    lead.push_str(&format!(
        "\n**{}** (a draft dated ahead, nothing of this is released)\n",
        day.unwrap_or_else(|| "On the day of release".to_owned())
    ));
    let mut paragraphs: Vec<Vec<String>> = vec![
        spec.change.iter().map(|statement| stated(statement, evidence)).collect(),
        spec.problem.iter().map(|statement| stated(statement, evidence)).collect(),
    ];
    let mut words = String::new();
    // Somebody who asked, in their own words; names of people never, of accounts only where the documents have them.
    if let Some(quote) = spec.quotes.first() {
        let number = evidence.number(quote.signal_id).map_or_else(String::new, |n| format!(" [{n}]"));
        words = format!(
            "\n> “{}”  \n> {}{number}\n\nThese words were said before the change; publish them with the customer's consent alone.\n",
            markdown(&quote.text),
            markdown(&attribution(dossier, quote))
        );
    }
    let begin = first.map_or_else(String::new, |story| {
        let place =
            spec.screens.first().map_or_else(String::new, |screen| format!("Under “{}”: ", markdown(&screen.title)));
        format!("\n**To begin.** {place}{}\n", markdown(&story.independent_test))
    });
    loop {
        let body: Vec<String> = paragraphs.iter().filter(|p| !p.is_empty()).map(|p| p.join(" ")).collect();
        let text = format!("{lead}\n{}\n{words}{begin}", body.join("\n\n"));
        let longest = paragraphs.iter_mut().filter(|p| p.len() > 1).max_by_key(|p| count_words(&p.join(" ")));
        match longest {
            Some(paragraph) if count_words(&text) > RELEASE_WORDS => drop(paragraph.pop()),
            _ => return text,
        }
    }
}

fn external(dossier: &Dossier<'_>, evidence: &Evidence) -> String {
    let spec = dossier.spec;
    let mut out = String::from("## Questions from outside\n");
    let mut ask = |question: &str, lines: Vec<String>| answer(&mut out, question, lines);
    ask("Whom is it for?", list(&spec.who, evidence));
    ask("What can I do with it?", spec.stories.iter().map(|story| markdown(&story_sentence(story))).collect());
    ask("What does it not do?", list(&spec.non_goals, evidence));
    let criteria = || spec.stories.iter().flat_map(|story| &story.criteria);
    let of = |case: Case| {
        let found = criteria().filter(move |criterion| criterion.case == case);
        found
            .map(|criterion| {
                format!(
                    "When {}: {} ({})",
                    markdown(&criterion.when),
                    markdown(&criterion.then.join("; ")),
                    criterion.key
                )
            })
            .collect()
    };
    ask("Where are its limits?", of(Case::Limit));
    ask("Who may use it?", of(Case::Permission));
    ask("What happens when something fails?", of(Case::Failure));
    out
}

fn internal(dossier: &Dossier<'_>, evidence: &Evidence) -> String {
    let spec = dossier.spec;
    let insight = dossier.insight;
    let mut out = String::from("## Questions from within\n");
    let mut ask = |question: &str, lines: Vec<String>| answer(&mut out, question, lines);
    ask(
        "Who asks for it?",
        vec![format!("{} voices from {} accounts, insight `{}`.", insight.n_voices, insight.n_accounts, insight.id)],
    );
    ask("Why now?", list(&spec.why_now, evidence));
    let disagree = spec
        .dissent
        .iter()
        .map(|quote| format!("“{}” {}", markdown(&quote.text), markdown(&attribution(dossier, quote))));
    ask("Who disagrees?", disagree.collect());
    let measures = spec.measures.iter().map(|measure| {
        let kind = if measure.is_guardrail { "Guardrail: " } else { "" };
        format!(
            "{kind}{}: from {} to {}, within {} days",
            markdown(&measure.metric),
            stated(&measure.baseline, evidence),
            stated(&measure.target, evidence),
            measure.window_days
        )
    });
    ask("How shall we know that it worked?", measures.collect());
    ask("What does it cost, and what is asked?", list(&spec.decision, evidence));
    ask("What may go wrong?", list(&spec.risks, evidence));
    ask("What do we take for granted?", list(&spec.assumptions, evidence));
    ask("What must be there first?", list(&spec.dependencies, evidence));
    let open = spec.questions.iter().map(|question| {
        format!(
            "{} {} *Decides: {}.*",
            markdown(&question.text),
            markdown(&question.options.join(" / ")),
            markdown(&question.who_decides)
        )
    });
    ask("What is not decided?", open.collect());
    out
}

fn list(statements: &[Statement], evidence: &Evidence) -> Vec<String> {
    statements.iter().map(|statement| stated(statement, evidence)).collect()
}

/// A question with its answer; nothing when nothing is known.
fn answer(out: &mut String, question: &str, lines: Vec<String>) {
    if lines.is_empty() {
        return;
    }
    out.push_str(&format!("\n### {question}\n\n"));
    out.extend(lines.into_iter().map(|line| format!("- {line}\n")));
}
