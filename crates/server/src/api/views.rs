//! What programs are answered with.

use super::schema::view;
use serde_json::Value;
use throughline_compiler::queries::{Moved, Node, Said, Snapshot};
use throughline_compiler::revisions::RevisionDifference;
use throughline_model::CheckState;
use throughline_model::revision::{Kind, Revision};

view! {
    /// An insight in a list.
    InsightRow {
        /// Id, stable across runs.
        id: String,
        /// Name.
        label: String,
        /// One-based rank.
        rank: u32,
        /// Band: inside one the order is not certain.
        band: String,
        /// Request, problem, question, praise or other.
        kind: &'static str,
        /// Area of the product.
        area: String,
        /// Part of the business it touches most.
        category: &'static str,
        /// Rising, steady, falling, new or unknown.
        trend: &'static str,
        /// Now, next, later, not planned or never.
        horizon: &'static str,
        /// Points earned.
        earned: f64,
        /// Checks known, of 77.
        knowable: u32,
        /// The rank key, 0 to 77.
        total: f64,
        /// How far the evidence carries, 0 to 1.
        confidence: f64,
        /// Distinct voices.
        n_voices: u32,
        /// Distinct accounts.
        n_accounts: u32,
        /// Statements.
        n_statements: u32,
        /// Whether somebody hid it from lists.
        is_hidden: bool,
    }
}

view! {
    /// An insight with its words.
    InsightView {
        /// As in lists.
        insight: InsightRow,
        /// Why it stands where it stands.
        reason: String,
        /// Its most representative words.
        quotes: Vec<QuoteView>,
        /// Words of people who want the opposite.
        dissent: Vec<QuoteView>,
        /// Voices by month, oldest first.
        voices_by_month: Vec<MonthView>,
        /// Kinds of source it is heard through.
        channels: Vec<&'static str>,
        /// What is needed.
        needs: Vec<NeedView>,
    }
}

view! {
    /// Voices in a month.
    MonthView {
        /// YYYY-MM.
        month: String,
        /// Voices.
        n_voices: u32,
    }
}

view! {
    /// What is needed.
    NeedView {
        /// Id.
        id: String,
        /// The act, for instance export.
        frame: String,
        /// Statements that ask for it.
        n_statements: usize,
    }
}

view! {
    /// Words with the place they stand at.
    QuoteView {
        /// The statement.
        statement_id: String,
        /// The record.
        record_id: String,
        /// First byte in the record's text.
        start: u32,
        /// One past the last byte.
        end: u32,
        /// The words.
        text: String,
    }
}

view! {
    /// A statement with where it stands.
    StatementView {
        /// Id.
        id: String,
        /// Its words.
        text: String,
        /// Request, problem, question, praise or other.
        kind: &'static str,
        /// The record.
        record_id: String,
        /// First byte in the record's text.
        start: u32,
        /// One past the last byte.
        end: u32,
        /// Name of the source.
        source: String,
        /// The id the source gave.
        external_id: String,
        /// Kind of source.
        channel: &'static str,
        /// Who said it, as far as may be shown.
        speaker: String,
        /// When, RFC 3339.
        at: Option<String>,
        /// The insight it is in.
        insight_id: Option<String>,
    }
}

view! {
    /// A check's answer.
    CheckView {
        /// Id in the rubric.
        id: String,
        /// Name.
        name: String,
        /// Group.
        group: String,
        /// Whether it could be answered.
        is_known: bool,
        /// 0 to 1; 0 when unknown.
        points: f64,
        /// The answer in one sentence.
        sentence: String,
        /// What would make it known.
        missing: Option<String>,
        /// What it rests on.
        evidence: Vec<NodeView>,
    }
}

view! {
    /// A score.
    ScoreView {
        /// The insight.
        insight_id: String,
        /// Version of the rubric.
        rubric: String,
        /// Points earned.
        earned: f64,
        /// Checks known.
        knowable: u32,
        /// The rank key.
        total: f64,
        /// All 77 checks.
        checks: Vec<CheckView>,
    }
}

view! {
    /// A thing with its id.
    NodeView {
        /// What it is.
        what: &'static str,
        /// Id or path.
        id: String,
        /// What it says.
        words: String,
    }
}

view! {
    /// What rests on a thing, and what it rests on.
    TraceView {
        /// The thing.
        here: NodeView,
        /// What rests on it.
        above: Vec<NodeView>,
        /// What it rests on.
        below: Vec<NodeView>,
    }
}

view! {
    /// How an insight moves.
    MoveView {
        /// The insight.
        id: String,
        /// Name.
        label: String,
        /// Rank as it is.
        rank_before: u32,
        /// Rank as it would be.
        rank: u32,
        /// Total as it is.
        total_before: f64,
        /// Total as it would be.
        total: f64,
        /// Period as it is.
        horizon_before: &'static str,
        /// Period as it would be.
        horizon: &'static str,
    }
}

view! {
    /// A place in the plan.
    PlaceView {
        /// The insight.
        id: String,
        /// Name.
        label: String,
        /// Rank.
        rank: u32,
        /// Period.
        horizon: &'static str,
        /// Why there.
        reason: String,
        /// Likely people-days.
        likely_days: Option<f64>,
    }
}

view! {
    /// A period of the plan.
    WindowView {
        /// Now or next.
        horizon: &'static str,
        /// What the team calls it.
        name: String,
        /// People-days free.
        capacity_days: f64,
        /// People-days taken.
        taken_days: f64,
    }
}

view! {
    /// The plan.
    PlanView {
        /// Periods.
        windows: Vec<WindowView>,
        /// Places, in rank order.
        items: Vec<PlaceView>,
        /// Of how many.
        total: usize,
        /// Page, from 1.
        page: usize,
        /// Items on a page.
        per_page: usize,
    }
}

view! {
    /// What a decision would cost.
    CostView {
        /// Points in now and next as they are; null without capacity.
        worth_before: Option<f64>,
        /// Points in now and next as they would be.
        worth: Option<f64>,
        /// Who changes the period.
        moves: Vec<MoveView>,
    }
}

view! {
    /// A sentence of a specification.
    SentenceView {
        /// Id.
        id: String,
        /// Where it stands.
        place: String,
        /// How it reads.
        text: String,
        /// Compiled, decided or conflict.
        state: &'static str,
    }
}

view! {
    /// A specification.
    SpecificationView {
        /// The insight.
        insight_id: String,
        /// Title.
        title: String,
        /// Of how it reads and what it was made from; to be given when it is accepted.
        mark: String,
        /// One page of it, Markdown.
        one_page: String,
        /// Every sentence.
        sentences: Vec<SentenceView>,
        /// Names of its files.
        files: Vec<String>,
    }
}

view! {
    /// What a person said.
    JudgementView {
        /// Id.
        id: String,
        /// Rename, move, together, apart, accept, reject or undo.
        act: String,
        /// The same in words.
        sentence: String,
        /// Stands, undone or idle.
        state: String,
        /// Who.
        by: Option<String>,
    }
}

view! {
    /// A decision.
    DecisionView {
        /// The insight.
        insight_id: String,
        /// Its name then.
        label: String,
        /// Accepted, rejected or deferred.
        verdict: &'static str,
        /// Why.
        why: String,
        /// Who.
        by: String,
        /// Holds, open again, superseded or gone.
        state: &'static str,
    }
}

view! {
    /// A source.
    SourceView {
        /// Name.
        name: String,
        /// Items.
        n_items: u64,
    }
}

view! {
    /// A file that waits.
    FileView {
        /// Name.
        name: String,
        /// Why it cannot be read, if it cannot.
        problem: Option<String>,
        /// What it is read as; null when it cannot be read.
        format: Option<String>,
        /// What it is heard through.
        channel: Option<&'static str>,
        /// Items that can be used.
        n_items: u64,
        /// Fields that a column can be named for; none where it is no table.
        fields: Vec<&'static str>,
        /// Its columns, where it is a table.
        columns: Vec<String>,
        /// What is taken from which column.
        mapping: Vec<ColumnView>,
        /// Words of the first items.
        samples: Vec<String>,
        /// Problems with their places.
        diagnostics: Vec<Value>,
    }
}

view! {
    /// A column with what it holds.
    ColumnView {
        /// What is needed, for instance text.
        field: String,
        /// The column it is taken from.
        column: String,
        /// What decided.
        why: String,
    }
}

view! {
    /// The shorter views of a specification.
    DocumentsView {
        /// Of how it reads and what it was made from.
        mark: String,
        /// One page, Markdown.
        one_page: String,
        /// The press release with its questions, Markdown; null for a fix.
        release: Option<String>,
    }
}

view! {
    /// A revision.
    RevisionView {
        /// Number, from 1.
        number: u32,
        /// Who accepted.
        by: String,
        /// Why.
        why: String,
        /// The newest record then, RFC 3339.
        as_of: Option<String>,
        /// Whether specifications are held against it.
        is_base: bool,
        /// Specifications that stand accepted in it.
        specifications: Vec<AcceptedView>,
        /// Specifications that went because what they rest on was forgotten.
        n_forgotten: usize,
    }
}

view! {
    /// A specification as it was accepted.
    AcceptedView {
        /// The insight.
        insight_id: String,
        /// Title.
        title: String,
        /// The revision in which it was accepted last.
        accepted_in: u32,
        /// Its files.
        files: Vec<String>,
    }
}

view! {
    /// How two revisions differ.
    DifferenceView {
        /// The earlier one.
        from: u32,
        /// The later one; null for what stands now.
        to: Option<u32>,
        /// Specifications that differ.
        specifications: Vec<SpecDifferenceView>,
        /// Places in the plan that differ.
        plan: Vec<PlanDifferenceView>,
    }
}

view! {
    /// How a specification differs.
    SpecDifferenceView {
        /// The insight.
        insight_id: String,
        /// Title.
        title: String,
        /// Added, removed or changed.
        kind: &'static str,
        /// Lines that differ; none when it came or went.
        lines: Vec<LineDifferenceView>,
    }
}

view! {
    /// How a line differs.
    LineDifferenceView {
        /// Its id.
        id: String,
        /// Where it stands.
        place: String,
        /// Added, removed or changed.
        kind: &'static str,
        /// How it read.
        before: String,
        /// How it reads.
        after: String,
        /// Why, in words.
        causes: Vec<&'static str>,
    }
}

view! {
    /// How the plan differs for an insight.
    PlanDifferenceView {
        /// The insight.
        insight_id: String,
        /// Its name.
        label: String,
        /// Rank and horizon before, in words; null when it was not there.
        before: Option<String>,
        /// Rank and horizon after, in words; null when it is not there.
        after: Option<String>,
    }
}

view! {
    /// A run.
    RunView {
        /// Number, from 1 since the server started.
        number: u64,
        /// Whether it goes on.
        is_going: bool,
        /// What went wrong, if anything.
        problem: Option<String>,
        /// Lines of progress.
        lines: Vec<LineView>,
    }
}

view! {
    /// A line of progress.
    LineView {
        /// File or stage.
        what: String,
        /// What came of it.
        said: String,
    }
}

view! {
    /// One page of insights.
    InsightPage {
        /// Insights.
        items: Vec<InsightRow>,
        /// Of how many.
        total: usize,
        /// Page, from 1.
        page: usize,
        /// Items on a page.
        per_page: usize,
    }
}

view! {
    /// One page of statements.
    StatementPage {
        /// Statements.
        items: Vec<StatementView>,
        /// Of how many.
        total: usize,
        /// Page, from 1.
        page: usize,
        /// Items on a page.
        per_page: usize,
    }
}

view! {
    /// One page of moves.
    MovePage {
        /// Insights in the new order.
        items: Vec<MoveView>,
        /// Of how many.
        total: usize,
        /// Page, from 1.
        page: usize,
        /// Items on a page.
        per_page: usize,
    }
}

view! {
    /// What was done.
    Done {
        /// Id of what was recorded.
        id: String,
        /// In words.
        said: String,
    }
}

/// An insight in a list.
#[must_use]
pub fn insight_row(snapshot: &Snapshot, at: usize) -> InsightRow {
    let ranked = &snapshot.ranked[at];
    let (insight, score, place) = (&ranked.insight, &ranked.score, &ranked.place);
    InsightRow {
        id: insight.id.to_string(),
        label: insight.label.clone(),
        rank: place.rank,
        band: place.band.clone(),
        kind: insight.kind.word(),
        area: insight.area.clone(),
        category: insight.category.word(),
        trend: insight.trend.word(),
        horizon: place.horizon.word(),
        earned: score.earned,
        knowable: score.knowable,
        total: score.total,
        confidence: score.confidence,
        n_voices: insight.n_voices,
        n_accounts: insight.n_accounts,
        n_statements: insight.n_signals,
        is_hidden: snapshot.hidden.contains(&insight.id),
    }
}

/// A quote.
#[must_use]
pub fn quote(quote: &throughline_model::Quote) -> QuoteView {
    QuoteView {
        statement_id: quote.signal_id.to_string(),
        record_id: quote.record_id.to_string(),
        start: quote.start,
        end: quote.end,
        text: quote.text.clone(),
    }
}

/// A statement.
#[must_use]
pub fn statement(snapshot: &Snapshot, said: &Said<'_>) -> StatementView {
    StatementView {
        id: said.signal.id.to_string(),
        text: said.text().to_owned(),
        kind: said.signal.kind.word(),
        record_id: said.record.id.to_string(),
        start: said.signal.span.start,
        end: said.signal.span.end,
        source: said.record.source.clone(),
        external_id: said.record.external_id.clone(),
        channel: said.signal.source_kind.word(),
        speaker: snapshot.speaker(said),
        at: said.signal.at.map(throughline_model::Timestamp::rfc3339),
        insight_id: said.membership.map(|(id, _)| id.to_string()),
    }
}

const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Added => "added",
        Kind::Removed => "removed",
        Kind::Changed => "changed",
    }
}

/// A revision.
#[must_use]
pub fn revision(revision: &Revision, base: Option<u32>) -> RevisionView {
    let accepted = revision.specs.iter().map(|spec| AcceptedView {
        insight_id: spec.insight_id.to_string(),
        title: spec.title.clone(),
        accepted_in: spec.number,
        files: spec.files.iter().map(|file| file.path.clone()).collect(),
    });
    RevisionView {
        number: revision.number,
        by: revision.by.clone(),
        why: revision.why.clone(),
        as_of: revision.as_of.map(throughline_model::Timestamp::rfc3339),
        is_base: base == Some(revision.number),
        specifications: accepted.collect(),
        n_forgotten: revision.forgotten.len(),
    }
}

/// How two revisions differ.
#[must_use]
pub fn difference(from: u32, to: Option<u32>, found: RevisionDifference) -> DifferenceView {
    let place = |place: Option<(u32, String)>| place.map(|(rank, horizon)| format!("rank {rank}, {horizon}"));
    let specifications = found.specs.into_iter().map(|spec| SpecDifferenceView {
        insight_id: spec.insight_id.to_string(),
        title: spec.title,
        kind: kind(spec.kind),
        lines: spec
            .differences
            .into_iter()
            .map(|line| LineDifferenceView {
                id: line.id.to_string(),
                place: line.place,
                kind: kind(line.kind),
                before: line.before,
                after: line.after,
                causes: line.causes.iter().map(|cause| cause.words()).collect(),
            })
            .collect(),
    });
    let plan = found.plan.into_iter().map(|moved| PlanDifferenceView {
        insight_id: moved.insight_id.to_string(),
        label: moved.label,
        before: place(moved.before),
        after: place(moved.after),
    });
    DifferenceView { from, to, specifications: specifications.collect(), plan: plan.collect() }
}

/// A thing with its id.
#[must_use]
pub fn node(node: Node) -> NodeView {
    NodeView { what: node.what, id: node.id, words: node.words }
}

/// How an insight moves.
#[must_use]
pub fn moved(one: &Moved) -> MoveView {
    MoveView {
        id: one.id.to_string(),
        label: one.label.clone(),
        rank_before: one.rank_before,
        rank: one.rank,
        total_before: one.total_before,
        total: one.total,
        horizon_before: one.horizon_before.word(),
        horizon: one.horizon.word(),
    }
}

/// A score.
#[must_use]
pub fn score(snapshot: &Snapshot, at: usize) -> ScoreView {
    let score = &snapshot.ranked[at].score;
    let checks = score.checks.iter().zip(&snapshot.rubric.checks);
    ScoreView {
        insight_id: score.insight_id.to_string(),
        rubric: score.rubric_version.clone(),
        earned: score.earned,
        knowable: score.knowable,
        total: score.total,
        checks: checks
            .map(|(result, check)| CheckView {
                id: result.id.clone(),
                name: check.name.clone(),
                group: check.group.clone(),
                is_known: result.state == CheckState::Scored,
                points: result.points,
                sentence: result.sentence.clone(),
                missing: result.missing.clone(),
                evidence: result.evidence.iter().map(|citation| node(snapshot.cited(citation))).collect(),
            })
            .collect(),
    }
}
