//! Every term of art, explained where it stands and here.

use crate::app::App;
use crate::pages::layout::{Head, page};
use crate::problem::Problem;
use maud::{Markup, html};

const TERMS: &[(&str, &str, &str)] = &[
    (
        "account",
        "Account",
        "A company or customer, put together from everything that names it. Its revenue and renewal count only where a customer list says them.",
    ),
    (
        "band",
        "Band",
        "Insights whose order cannot be told apart. Inside a band the ranks change places when the weights change a little; between bands they hold.",
    ),
    (
        "capacity",
        "Capacity",
        "People-days that the team has free in a period. Declared in the settings; without it nothing can be promised for now or next.",
    ),
    (
        "channel",
        "Channel",
        "The kind of place that words come from: support, calls, reviews, surveys… Channels that agree independently are worth more than one that repeats itself.",
    ),
    (
        "check",
        "Check",
        "One of 77 questions asked of every insight, worth up to one point. Each answer is a sentence with the words it rests on.",
    ),
    (
        "confidence",
        "Confidence",
        "How far the evidence carries, from 0 to 100 %. It never changes the points; it says how much to trust them.",
    ),
    (
        "coverage",
        "Known",
        "How many of the 77 checks could be answered from what was connected. An unknown check counts neither for nor against.",
    ),
    (
        "diagnostic",
        "Diagnostic",
        "Something in a file that could not be read as it may have been meant, with its place and what to do about it. It never stops the work.",
    ),
    (
        "dissent",
        "Dissent",
        "Words of people who want the opposite, or do not want this. Shown beside the rest, never dropped.",
    ),
    (
        "evidence",
        "Evidence",
        "Words that somebody said, quoted byte for byte from where they stand. Every quote is checked on every run.",
    ),
    (
        "horizon",
        "Now, next, later",
        "When to start. What fits the capacity of the current period is now, of the following one next; the rest is later.",
    ),
    (
        "insight",
        "Insight",
        "One thing that customers say, found by putting together statements about the same thing. It keeps its identity when more is said.",
    ),
    ("need", "Need", "What an insight asks for: a typed act such as export or notify, with who, what, when and why."),
    (
        "points",
        "Points",
        "What an insight earned over the checks that are known. Compared with what was knowable, not with 77.",
    ),
    (
        "rank",
        "Rank",
        "The place by total. The total scales each group of checks by what is known, so that a missing input does not push an insight down.",
    ),
    (
        "record",
        "Record",
        "One item of a source: a ticket, a call, a review, a row. Personal data is masked before anything else reads it.",
    ),
    (
        "revision",
        "Revision",
        "Specifications and plan as somebody accepted them, numbered and kept with their files. Later readings are held against it, line by line, each difference with its cause.",
    ),
    ("segment", "Segment", "A group of accounts, as your customer list names it, for instance Enterprise."),
    (
        "sentence",
        "Sentence of a specification",
        "Every sentence says what it rests on: evidence, code, strategy, a default, an assumption, an open question, or a person's own words.",
    ),
    ("statement", "Statement", "One thing said in a record: a sentence or two that ask, complain, wonder or praise."),
    ("total", "Total", "What ranks are made of: the points of each group, scaled to what is known, on a scale of 77."),
    ("trend", "Trend", "Whether more or fewer people speak of it than before, by month."),
    ("voice", "Voice", "One person's say on one thing. Saying it three times, or in two channels, is still one voice."),
];

/// What a term means.
#[must_use]
pub fn meaning(id: &str) -> Option<&'static str> {
    TERMS.iter().find(|(known, ..)| *known == id).map(|(.., meaning)| *meaning)
}

/// All terms.
#[must_use]
pub fn all(app: &App) -> Markup {
    let body = html! {
        h1 { "Glossary" }
        p class="lead" { "Twenty-odd words are all there is to learn. Each is explained where it stands, too: a dotted underline opens it." }
        dl class="glossary" { @for (id, name, meaning) in TERMS { dt id=(id) { (name) } dd { (meaning) } } }
    };
    page(app, &Head { title: "Glossary", here: "Glossary" }, &body)
}

/// One term, for a drawer.
///
/// # Errors
/// When there is no such term.
pub fn one(app: &App, id: &str) -> Result<Markup, Problem> {
    let (_, name, meaning) =
        TERMS.iter().find(|(known, ..)| *known == id).ok_or_else(|| Problem::not_found("term", id))?;
    let body = html! { h1 { (name) } p class="lead" { (meaning) } p { a href="/glossary" { "All terms" } } };
    Ok(page(app, &Head { title: name, here: "Glossary" }, &body))
}
