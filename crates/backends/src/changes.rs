//! What people made of a specification, as every document shows it: conflicts first, then whose words stand where.
//!
//! In: a dossier with its sentences. Out: Markdown and HTML; nothing where nobody changed anything.

use crate::dossier::Dossier;
use crate::text::markdown;
use maud::{Markup, html};
use throughline_model::revision::{Difference, Kind, Since};
use throughline_model::sentence::{Left, Sentence, State};

/// Sentences of which the words that a person replaced changed since: both readings, and how to say which holds.
#[must_use]
pub fn conflicts(dossier: &Dossier<'_>) -> String {
    let Some(sentences) = dossier.sentences else { return String::new() };
    let mut out = String::new();
    for sentence in sentences.conflicts() {
        let State::Conflict { edit, by, replaced, compiled } = &sentence.state else { continue };
        out.push_str(&format!(
            "> **Conflict in {}.** {} wrote “{}”{}. It would now read “{}”. Say which holds: `throughline edits accept {edit}` keeps what {} wrote, `throughline edits reject {edit}` takes it back.\n>\n",
            markdown(&sentence.place),
            markdown(by),
            markdown(&sentence.text),
            over(replaced),
            markdown(compiled),
            markdown(by),
        ));
    }
    for Left { edit, by, place, text, .. } in &sentences.left {
        out.push_str(&format!(
            "> **No longer said in {}.** {} wrote “{}” over a sentence that is gone. `throughline edits reject {edit}` takes it back.\n>\n",
            markdown(place),
            markdown(by),
            markdown(text),
        ));
    }
    out.trim_end_matches(">\n").to_owned()
}

fn over(replaced: &str) -> String {
    if replaced.is_empty() {
        " over words that were forgotten".to_owned()
    } else {
        format!(" over “{}”", markdown(replaced))
    }
}

/// Each sentence that a person decided, with what it would read otherwise.
#[must_use]
pub fn decided(dossier: &Dossier<'_>) -> String {
    let Some(sentences) = dossier.sentences else { return String::new() };
    sentences
        .decided()
        .filter_map(|sentence| {
            let (edit, by, compiled) = told(sentence)?;
            let (place, text) = (markdown(&sentence.place), markdown(&sentence.text));
            Some(format!("- {place}: “{text}” by {}, in place of “{}” (`{edit}`)\n", markdown(by), markdown(compiled)))
        })
        .collect()
}

fn told(sentence: &Sentence) -> Option<(String, &str, &str)> {
    match &sentence.state {
        State::Compiled => None,
        State::Decided { edit, by, compiled } | State::Conflict { edit, by, compiled, .. } => {
            Some((edit.to_string(), by, compiled))
        }
    }
}

/// Which revision was accepted, and each line that reads otherwise now, with its cause.
#[must_use]
pub fn since(since: &Since) -> String {
    let mut out = format!(
        "- Revision {} was accepted by {}: {}. {}\n",
        since.number,
        markdown(&since.by),
        markdown(since.why.trim_end_matches('.')),
        match since.differences.len() {
            0 => "Nothing reads otherwise since.".to_owned(),
            1 => "One line reads otherwise since:".to_owned(),
            n => format!("{n} lines read otherwise since:"),
        }
    );
    for difference in &since.differences {
        out.push_str(&format!("  - {}\n", markdown(&told_of(difference))));
    }
    out
}

fn told_of(difference: &Difference) -> String {
    let Difference { place, kind, before, after, causes, .. } = difference;
    let because: Vec<&str> = causes.iter().map(|cause| cause.words()).collect();
    let because = if because.is_empty() { String::new() } else { format!(" ({})", because.join(", ")) };
    match kind {
        Kind::Added => format!("{place}: new: “{after}”{because}"),
        Kind::Removed => format!("{place}: gone: “{before}”{because}"),
        Kind::Changed => format!("{place}: “{after}”, before “{before}”{because}"),
    }
}

/// The same as [`since`] for a page.
pub(crate) fn since_page(since: &Since) -> Markup {
    html! {
        li {
            "Revision " (since.number) " was accepted by " (since.by) ": " (since.why.trim_end_matches('.')) ". "
            @if since.differences.is_empty() { "Nothing reads otherwise since." } @else { "Since then:" }
            @if !since.differences.is_empty() {
                ul { @for difference in &since.differences { li { (told_of(difference)) } } }
            }
        }
    }
}

/// The same as [`conflicts`] for a page.
pub(crate) fn conflicts_page(dossier: &Dossier<'_>) -> Markup {
    html! {
        @if let Some(sentences) = dossier.sentences {
            @for sentence in sentences.conflicts() {
                @if let State::Conflict { edit, by, replaced, compiled } = &sentence.state {
                    div class="inplace" role="note" {
                        p {
                            b { "Conflict in " (sentence.place) ". " }
                            (by) " wrote “" (sentence.text) "”"
                            @if !replaced.is_empty() { " over “" (replaced) "”" }
                            ". It would now read “" (compiled) "”. "
                            code { "throughline edits accept " (edit) } " keeps what " (by) " wrote, "
                            code { "throughline edits reject " (edit) } " takes it back."
                        }
                    }
                }
            }
            @for left in &sentences.left {
                div class="inplace" role="note" {
                    p {
                        b { "No longer said in " (left.place) ". " }
                        (left.by) " wrote “" (left.text) "” over a sentence that is gone. "
                        code { "throughline edits reject " (left.edit) } " takes it back."
                    }
                }
            }
        }
    }
}

/// The same as [`decided`] for a page.
pub(crate) fn decided_page(dossier: &Dossier<'_>) -> Markup {
    let sentences: Vec<&Sentence> = dossier.sentences.iter().flat_map(|sentences| sentences.decided()).collect();
    html! {
        @if !sentences.is_empty() {
            h2 id="decided" { "Changed by people" }
            ul {
                @for sentence in sentences {
                    @if let Some((edit, by, compiled)) = told(sentence) {
                        li {
                            (sentence.place) ": “" (sentence.text) "” by " (by) ", in place of “" (compiled) "” "
                            span class="id" { (edit) }
                        }
                    }
                }
            }
        }
    }
}
