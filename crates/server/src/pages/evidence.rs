//! A statement in its place: the whole record with the words marked, and its neighbours in the conversation.

use crate::app::App;
use crate::pages::layout::{Head, page, term};
use crate::pages::words;
use crate::problem::Problem;
use maud::{Markup, html};
use serde::Deserialize;
use throughline_compiler::queries::{Said, Snapshot};
use throughline_model::{PartRole, Record, RecordId, SignalId, Span};

/// Which words are meant, when fewer than the whole statement.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Meant {
    /// First byte.
    pub from: Option<u32>,
    /// One past the last byte.
    pub to: Option<u32>,
}

/// Who said it, where and when.
#[must_use]
pub fn attribution(snapshot: &Snapshot, said: &Said<'_>) -> String {
    let day = said.signal.at.map(throughline_model::Timestamp::long_date);
    let parts = [Some(snapshot.speaker(said)), Some(words::channel(said.signal.source_kind).to_lowercase()), day];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The page.
///
/// # Errors
/// When there is no such statement.
pub fn statement(app: &App, id: &str, meant: &Meant) -> Result<Markup, Problem> {
    let snapshot = app.read()?;
    let missing = || Problem::not_found("statement", id);
    let signal_id: SignalId = id.parse().map_err(|_| missing())?;
    let said = snapshot.statement(signal_id).ok_or_else(missing)?;
    let whole = said.signal.span;
    let inner = meant.from.zip(meant.to).map(|(start, end)| Span { start, end });
    let mark = inner
        .filter(|span| span.start < span.end && whole.contains(*span) && said.record.text.get(span.range()).is_some());
    let body = html! {
        p class="eyebrow" { (said.record.source) " · " (said.record.external_id) }
        h1 { "In its place" }
        p class="soft" { (attribution(&snapshot, &said)) }
        (place(&snapshot, said.record, Some((whole, mark.unwrap_or(whole)))))
        dl class="slots" {
            dt { (term("statement", "Statement")) } dd { (said.signal.kind.word()) @if let Some(mood) = said.signal.sentiment { ", mood " (format!("{mood:+.1}")) } }
            @if let Some((insight, sure)) = said.membership { @if let Some(at) = snapshot.position(insight) {
                dt { (term("insight", "Insight")) } dd { a href={ "/insights/" (insight) } { (snapshot.ranked[at].insight.label) } span class="soft" { " " (format!("{:.0}", sure * 100.0)) " % sure" } }
            } }
            dt { "Trace" } dd { a href={ "/trace/" (signal_id) } { (signal_id) } }
        }
    };
    Ok(page(app, &Head { title: "In its place", here: "Insights" }, &body))
}

/// A whole record.
///
/// # Errors
/// When there is no such record.
pub fn record(app: &App, id: &str) -> Result<Markup, Problem> {
    let snapshot = app.read()?;
    let missing = || Problem::not_found("record", id);
    let record_id: RecordId = id.parse().map_err(|_| missing())?;
    let record = snapshot.corpus.record(record_id).ok_or_else(missing)?;
    let body = html! {
        p class="eyebrow" { (record.source) " · " (record.external_id) }
        h1 { "Record" }
        @if let Some(at) = record.created_at { p class="soft" { (words::channel(record.source_kind)) " · " (at.long_date()) } }
        (place(&snapshot, record, None))
        p { a href={ "/trace/" (record.id) } { "Trace it" } }
    };
    Ok(page(app, &Head { title: "Record", here: "Insights" }, &body))
}

/// A record with its neighbours; marked is the statement, and the words meant of it.
fn place(snapshot: &Snapshot, record: &Record, marked: Option<(Span, Span)>) -> Markup {
    let (before, after) = snapshot.neighbours(record);
    html! {
        div class="inrecord" {
            @if let Some(before) = before { (neighbour(before, "Before it in the conversation")) }
            @if record.parts.len() > 1 {
                @for part in &record.parts {
                    @let is_theirs = marked.is_some_and(|(whole, _)| part.span.contains(Span { start: whole.start, end: whole.start }));
                    div class=(if is_theirs { "part here" } else { "part" }) {
                        p class="soft small" { (whose(part)) @if let Some(at) = part.at { " · " (at.long_date()) } @if let Some((from, _)) = part.clock_ms { " · " (clock(from)) } }
                        (text(record, part.span, marked))
                    }
                }
            } @else { div class="part here" { (text(record, Span::new(0, record.text.len()), marked)) } }
            @if let Some(after) = after { (neighbour(after, "After it in the conversation")) }
            @if !record.n_masked.is_empty() {
                p class="soft small" { "Masked before anything read it: " (record.n_masked.iter().map(|(kind, n)| format!("{n} {}", kind.replace('_', " "))).collect::<Vec<_>>().join(", ")) "." }
            }
        }
    }
}

fn neighbour(record: &Record, what: &str) -> Markup {
    html! { details class="part" { summary { (what) } p { (record.text) } } }
}

fn text(record: &Record, span: Span, marked: Option<(Span, Span)>) -> Markup {
    let slice = |start: u32, end: u32| record.text.get(start as usize..end as usize).unwrap_or_default();
    let mark = marked.map(|(_, mark)| mark).filter(|mark| mark.start < span.end && span.start < mark.end);
    html! {
        p class="asis" {
            @match mark {
                Some(mark) => {
                    (slice(span.start, mark.start.max(span.start)))
                    mark { (slice(mark.start.max(span.start), mark.end.min(span.end))) }
                    (slice(mark.end.min(span.end), span.end))
                },
                None => (slice(span.start, span.end)),
            }
        }
    }
}

const fn whose(part: &throughline_model::Part) -> &'static str {
    match part.role {
        PartRole::Observation => return "Counted from what people did",
        PartRole::Title => return "Title",
        PartRole::Body | PartRole::Reply | PartRole::Utterance => {}
    }
    match part.side {
        throughline_model::Side::Customer => "Customer",
        throughline_model::Side::Team => "Team",
        throughline_model::Side::Machine => "Automatic",
        throughline_model::Side::Unknown => "Somebody",
    }
}

fn clock(ms: u64) -> String {
    format!("{}:{:02}", ms / 60_000, ms / 1000 % 60)
}
