//! What can be called, and what is done then.

use super::schema::Described;
use super::views::{
    self, ColumnView, CostView, DecisionView, DifferenceView, DocumentsView, Done, FileView, InsightPage, InsightView,
    JudgementView, LineView, MonthView, MovePage, NeedView, PlaceView, PlanView, RevisionView, RunView, ScoreView,
    SentenceView, SourceView, SpecificationView, StatementPage, StatementView, TraceView, WindowView,
};
use super::{Act, Call, Input, Operation, Shape};
use crate::app::App;
use crate::jobs::Job;
use crate::pages::insight::find;
use crate::pages::plan::verdict;
use crate::pages::revisions;
use crate::pages::what_if::Sliders;
use crate::problem::Problem;
use crate::uploads::Staged;
use crate::{folders, uploads};
use axum::http::Method;
use axum::response::Response;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use throughline_compiler::queries::{Filter, Snapshot};
use throughline_compiler::{Session, judging};
use throughline_model::sentence::State;

const fn text(name: &'static str, about: &'static str) -> Input {
    Input { name, about, shape: Shape::Text, is_required: false }
}

const fn must(name: &'static str, about: &'static str) -> Input {
    Input { name, about, shape: Shape::Text, is_required: true }
}

const PAGE: Input =
    Input { name: "page", about: "Page, from 1.", shape: Shape::Whole(1, 1_000_000), is_required: false };
const PER_PAGE: Input =
    Input { name: "per_page", about: "Items on a page.", shape: Shape::Whole(1, 500), is_required: false };
const VERDICT: Input = Input {
    name: "verdict",
    about: "What is decided.",
    shape: Shape::OneOf(&["accept", "defer", "reject"]),
    is_required: true,
};
const BY: Input = must("by", "Who says so.");

const fn weight(name: &'static str) -> Input {
    Input { name, about: "How much the group counts; 1 as it is.", shape: Shape::Number(0.0, 3.0), is_required: false }
}

const fn get(
    path: &'static str,
    name: &'static str,
    about: &'static str,
    query: &'static [Input],
    answer: fn() -> Value,
    call: fn(&Arc<App>, &Call) -> Result<Value, Problem>,
) -> Operation {
    Operation { method: Method::GET, path, name, about, query, body: &[], status: 200, answer, act: Act::Json(call) }
}

const fn post(
    path: &'static str,
    name: &'static str,
    about: &'static str,
    body: &'static [Input],
    status: u16,
    answer: fn() -> Value,
    call: fn(&Arc<App>, &Call) -> Result<Value, Problem>,
) -> Operation {
    Operation { method: Method::POST, path, name, about, query: &[], body, status, answer, act: Act::Json(call) }
}

const fn folder(
    path: &'static str,
    name: &'static str,
    about: &'static str,
    call: fn(&Arc<App>, &Call) -> Result<Response, Problem>,
) -> Operation {
    Operation {
        method: Method::GET,
        path,
        name,
        about,
        query: &[],
        body: &[],
        status: 200,
        answer: any,
        act: Act::Folder(call),
    }
}

/// All operations.
pub static OPERATIONS: &[Operation] = &[
    get(
        "/insights",
        "listInsights",
        "Insights in rank order, under filters; with q the best match first.",
        &[
            text("q", "Words that its name or statements hold."),
            Input {
                name: "by",
                about: "Whether q is looked for by words or by meaning.",
                shape: Shape::OneOf(&["words", "meaning"]),
                is_required: false,
            },
            Input {
                name: "kind",
                about: "Kind.",
                shape: Shape::OneOf(&["request", "problem", "question", "praise", "other"]),
                is_required: false,
            },
            text("area", "Area of the product."),
            text("channel", "Kind of source it is heard through."),
            text("source", "Source it is heard through."),
            text("segment", "Segment of an account that says it."),
            Input {
                name: "horizon",
                about: "When.",
                shape: Shape::OneOf(&["now", "next", "later", "not planned", "never"]),
                is_required: false,
            },
            Input {
                name: "trend",
                about: "Trend.",
                shape: Shape::OneOf(&["rising", "steady", "falling", "new", "unknown"]),
                is_required: false,
            },
            text("since", "Heard on or after this day, YYYY-MM-DD."),
            Input {
                name: "hidden",
                about: "Whether only what somebody hid is listed.",
                shape: Shape::OneOf(&["only"]),
                is_required: false,
            },
            PAGE,
            PER_PAGE,
        ],
        InsightPage::schema,
        insights,
    ),
    get("/insights/{id}", "getInsight", "One insight with its words.", &[], InsightView::schema, insight),
    get(
        "/insights/{id}/statements",
        "listStatements",
        "What was said, oldest first.",
        &[PAGE, PER_PAGE],
        StatementPage::schema,
        statements,
    ),
    get(
        "/insights/{id}/score",
        "getScore",
        "The 77 checks, each with its sentence and what it rests on.",
        &[],
        ScoreView::schema,
        score,
    ),
    get(
        "/insights/{id}/sensitivity",
        "getSensitivity",
        "How sure the rank is, and which fact would move it most.",
        &[],
        any,
        sensitivity,
    ),
    get(
        "/insights/{id}/specification",
        "getSpecification",
        "The specification, sentence by sentence.",
        &[],
        SpecificationView::schema,
        specification,
    ),
    get(
        "/insights/{id}/documents",
        "getDocuments",
        "The shorter views of the specification, in Markdown: one page and press release.",
        &[],
        DocumentsView::schema,
        documents,
    ),
    folder(
        "/insights/{id}/folder.zip",
        "getFolder",
        "All files of the specification: documents, blueprint with SQL, OpenAPI and diagrams, prototype.",
        |app, call| folders::one(app, &call.id),
    ),
    folder(
        "/specifications.zip",
        "getAllFolders",
        "One folder of all specifications, packed while it is sent.",
        |app, _| folders::all(app),
    ),
    get(
        "/revisions",
        "listRevisions",
        "What was accepted, oldest first.",
        &[],
        Vec::<RevisionView>::schema,
        all_revisions,
    ),
    get("/revisions/{id}", "getRevision", "One revision, by its number.", &[], RevisionView::schema, one_revision),
    post(
        "/revisions",
        "accept",
        "Keeps specifications as they read now as a numbered revision, with their files. Without insights those that a run writes.",
        &[
            Input { name: "insights", about: "Ids of insights.", shape: Shape::Texts, is_required: false },
            Input {
                name: "marks",
                about: "By id of an insight the mark of the specification as it was read; when it reads otherwise now, nothing is accepted.",
                shape: Shape::Named,
                is_required: false,
            },
            must("why", "Why."),
            BY,
        ],
        201,
        RevisionView::schema,
        accept,
    ),
    get(
        "/revisions/{id}/difference",
        "getDifference",
        "How a revision differs from another, or from what stands now.",
        &[Input { name: "to", about: "The other revision.", shape: Shape::Whole(1, 1_000_000), is_required: false }],
        DifferenceView::schema,
        difference,
    ),
    post(
        "/revisions/{id}/return",
        "returnTo",
        "Holds specifications against this revision; 0 holds them against none. Nothing is lost.",
        &[],
        200,
        Done::schema,
        return_to,
    ),
    folder(
        "/revisions/{id}/folder.zip",
        "getAccepted",
        "The files of a revision, byte for byte as they were accepted.",
        |app, call| folders::accepted(app, &call.id),
    ),
    get(
        "/statements/{id}",
        "getStatement",
        "One statement with where it stands.",
        &[],
        StatementView::schema,
        statement,
    ),
    get(
        "/trace/{id}",
        "trace",
        "Everything that rests on a thing, and what it rests on.",
        &[],
        TraceView::schema,
        trace,
    ),
    get("/options", "listOptions", "What can be filtered by, with counts.", &[], any, options),
    get(
        "/what-if",
        "whatIf",
        "The order under other weights and capacity. Nothing changes.",
        &[
            weight("business_impact"),
            weight("technical_effort"),
            weight("strategic_alignment"),
            Input {
                name: "capacity",
                about: "People-days in each period.",
                shape: Shape::Number(0.0, 100_000.0),
                is_required: false,
            },
            PAGE,
            PER_PAGE,
        ],
        MovePage::schema,
        what_if,
    ),
    get("/plan", "getPlan", "Now, next and later.", &[PAGE, PER_PAGE], PlanView::schema, plan),
    get(
        "/plan/cost",
        "getCost",
        "What a decision would do to the plan.",
        &[must("id", "The insight."), VERDICT],
        CostView::schema,
        cost,
    ),
    get(
        "/decisions",
        "listDecisions",
        "Decisions, oldest first, with how they stand.",
        &[],
        Vec::<DecisionView>::schema,
        decisions,
    ),
    post(
        "/decisions",
        "decide",
        "Records a decision. It counts from the next run.",
        &[must("insight", "The insight."), VERDICT, must("why", "Why."), BY],
        201,
        Done::schema,
        decide,
    ),
    get(
        "/judgements",
        "listJudgements",
        "What people said of the model.",
        &[],
        Vec::<JudgementView>::schema,
        judgements,
    ),
    post(
        "/insights/{id}/rename",
        "rename",
        "Gives an insight a name. It counts from the next run.",
        &[must("label", "The name."), BY],
        201,
        Done::schema,
        rename,
    ),
    post(
        "/insights/{id}/merge",
        "merge",
        "Puts another insight into this one. It counts from the next run.",
        &[must("other", "The other insight."), BY],
        201,
        Done::schema,
        merge,
    ),
    post(
        "/insights/{id}/move",
        "moveStatements",
        "Moves statements into this insight. It counts from the next run.",
        &[Input { name: "statements", about: "Ids of statements.", shape: Shape::Texts, is_required: true }, BY],
        201,
        Done::schema,
        move_in,
    ),
    post("/insights/{id}/hide", "hide", "Hides an insight from lists.", &[], 200, Done::schema, hide),
    post("/insights/{id}/show", "show", "Shows a hidden insight again.", &[], 200, Done::schema, show),
    post("/judgements/{id}/undo", "undoJudgement", "Takes a judgement back.", &[], 201, Done::schema, undo),
    post(
        "/sentences/{id}",
        "editSentence",
        "Replaces a sentence of a specification by a person's words.",
        &[must("text", "How it should read."), BY],
        201,
        Done::schema,
        edit,
    ),
    post("/edits/{id}/undo", "undoEdit", "Takes an edit back.", &[BY], 201, Done::schema, undo_edit),
    post(
        "/edits/{id}/accept",
        "acceptEdit",
        "Lets a person's words hold over what is compiled now, where the words they replaced changed.",
        &[BY],
        201,
        Done::schema,
        accept_edit,
    ),
    get("/sources", "listSources", "Sources with how much each gave.", &[], Vec::<SourceView>::schema, sources),
    get("/files", "listFiles", "Files that wait to be taken in.", &[], Vec::<FileView>::schema, files),
    Operation {
        method: Method::POST,
        path: "/files",
        name: "sendFiles",
        about: "Takes files to where files wait and says what each is read as. Nothing is taken in before a run. A file comes in place of one of the same name.",
        query: &[],
        body: &[],
        status: 201,
        answer: Vec::<FileView>::schema,
        act: Act::Files(sent),
    },
    post(
        "/files/{id}/columns",
        "chooseColumns",
        "Says what the columns of a waiting file hold, and reads it again.",
        &[
            Input {
                name: "columns",
                about: "By field the column it is taken from; a field that is not named is found as before.",
                shape: Shape::Named,
                is_required: false,
            },
            text("channel", "What it is heard through, for instance survey."),
        ],
        200,
        FileView::schema,
        choose_columns,
    ),
    post("/files/{id}/remove", "leaveOut", "Leaves a waiting file out.", &[], 200, Done::schema, leave_out),
    get("/run", "getRun", "The run that goes on, or the last one.", &[], RunView::schema, run),
    post("/run", "startRun", "Takes in what waits and runs.", &[], 202, RunView::schema, start),
];

fn any() -> Value {
    json!({ "type": "object" })
}

fn value(view: impl Serialize) -> Result<Value, Problem> {
    serde_json::to_value(view).map_err(|_| Problem::broken())
}

/// Which part of a list is asked for: page, items on a page, and their range.
fn part(call: &Call, n: usize) -> (usize, usize, std::ops::Range<usize>) {
    let (page, per_page) = (call.whole("page").unwrap_or(1).max(1), call.whole("per_page").unwrap_or(50));
    let from = (page - 1).saturating_mul(per_page).min(n);
    (page, per_page, from..from.saturating_add(per_page).min(n))
}

fn at(app: &App, call: &Call) -> Result<(Arc<Snapshot>, usize), Problem> {
    let snapshot = app.read()?;
    let at = find(&snapshot, &call.id)?;
    Ok((snapshot, at))
}

fn insights(app: &Arc<App>, call: &Call) -> Result<Value, Problem> {
    let snapshot = app.read()?;
    let of = |name: &str| call.text(name).to_owned();
    let filter = Filter {
        q: of("q"),
        kind: of("kind"),
        area: of("area"),
        channel: of("channel"),
        source: of("source"),
        segment: of("segment"),
        horizon: of("horizon"),
        trend: of("trend"),
        since: of("since"),
        hidden: of("hidden"),
    };
    let found: Vec<usize> = if call.text("by") == "meaning" && !filter.q.is_empty() {
        snapshot.near(&filter.q).into_iter().map(|(at, _)| at).collect()
    } else {
        snapshot.list(&filter)
    };
    let (page, per_page, range) = part(call, found.len());
    let items = found[range].iter().map(|&at| views::insight_row(&snapshot, at)).collect();
    value(InsightPage { items, total: found.len(), page, per_page })
}

fn insight(app: &Arc<App>, call: &Call) -> Result<Value, Problem> {
    let (snapshot, at) = at(app, call)?;
    let ranked = &snapshot.ranked[at];
    value(InsightView {
        insight: views::insight_row(&snapshot, at),
        reason: ranked.place.reason.clone(),
        quotes: ranked.insight.quotes.iter().map(views::quote).collect(),
        dissent: ranked.insight.dissent.iter().map(views::quote).collect(),
        voices_by_month: ranked
            .insight
            .voices_by_month
            .iter()
            .map(|(month, n)| MonthView { month: month.clone(), n_voices: *n })
            .collect(),
        channels: snapshot.channels(at).map(throughline_model::SourceKind::word).collect(),
        needs: ranked
            .needs
            .iter()
            .map(|need| NeedView {
                id: need.id.to_string(),
                frame: need.frame.clone(),
                n_statements: need.signals.len(),
            })
            .collect(),
    })
}

fn statements(app: &Arc<App>, call: &Call) -> Result<Value, Problem> {
    let (snapshot, at) = at(app, call)?;
    let total = snapshot.said(at).len();
    let (page, per_page, range) = part(call, total);
    let items =
        snapshot.said(at).skip(range.start).take(range.len()).map(|said| views::statement(&snapshot, &said)).collect();
    value(StatementPage { items, total, page, per_page })
}

fn score(app: &Arc<App>, call: &Call) -> Result<Value, Problem> {
    let (snapshot, at) = at(app, call)?;
    value(views::score(&snapshot, at))
}

fn sensitivity(app: &Arc<App>, call: &Call) -> Result<Value, Problem> {
    let (snapshot, at) = at(app, call)?;
    value(&*snapshot.sensitivity(at))
}

fn specification(app: &Arc<App>, call: &Call) -> Result<Value, Problem> {
    let (snapshot, at) = at(app, call)?;
    let found = snapshot.specified(at)?;
    let spec = found.as_ref().as_ref().map_err(|why| Problem::not_specified(why))?;
    let state = |state: &State| match state {
        State::Compiled => "compiled",
        State::Decided { .. } => "decided",
        State::Conflict { .. } => "conflict",
    };
    value(SpecificationView {
        insight_id: spec.spec.insight_id.to_string(),
        title: spec.spec.title.clone(),
        mark: spec.mark.clone(),
        one_page: spec.one_page.clone(),
        sentences: spec
            .sentences
            .all
            .iter()
            .map(|one| SentenceView {
                id: one.id.to_string(),
                place: one.place.clone(),
                text: one.text.clone(),
                state: state(&one.state),
            })
            .collect(),
        files: spec
            .files
            .iter()
            .chain(&spec.release_file)
            .map(|file| file.path.rsplit('/').next().unwrap_or_default().to_owned())
            .collect(),
    })
}

fn statement(app: &Arc<App>, call: &Call) -> Result<Value, Problem> {
    let snapshot = app.read()?;
    let said = call
        .id
        .parse()
        .ok()
        .and_then(|id| snapshot.statement(id))
        .ok_or_else(|| Problem::not_found("statement", &call.id))?;
    value(views::statement(&snapshot, &said))
}

fn trace(app: &Arc<App>, call: &Call) -> Result<Value, Problem> {
    let found = app.read()?.trace(&call.id)?.ok_or_else(|| Problem::not_found("id", &call.id))?;
    let nodes = |all: Vec<_>| all.into_iter().map(views::node).collect();
    value(TraceView { here: views::node(found.here), above: nodes(found.above), below: nodes(found.below) })
}

fn options(app: &Arc<App>, _call: &Call) -> Result<Value, Problem> {
    value(app.read()?.options())
}

fn what_if(app: &Arc<App>, call: &Call) -> Result<Value, Problem> {
    let sliders = Sliders {
        business_impact: call.number("business_impact"),
        technical_effort: call.number("technical_effort"),
        strategic_alignment: call.number("strategic_alignment"),
        capacity: call.number("capacity"),
    };
    let moved = app.read()?.rerank(&sliders.weights(), sliders.days());
    let (page, per_page, range) = part(call, moved.len());
    value(MovePage { items: moved[range].iter().map(views::moved).collect(), total: moved.len(), page, per_page })
}

fn plan(app: &Arc<App>, call: &Call) -> Result<Value, Problem> {
    let snapshot = app.read()?;
    let (page, per_page, range) = part(call, snapshot.ranked.len());
    let windows = snapshot.windows.iter().map(|window| WindowView {
        horizon: window.horizon.word(),
        name: window.name.clone(),
        capacity_days: window.capacity_days,
        taken_days: window.taken_days,
    });
    let items = snapshot.ranked[range].iter().map(|ranked| PlaceView {
        id: ranked.insight.id.to_string(),
        label: ranked.insight.label.clone(),
        rank: ranked.place.rank,
        horizon: ranked.place.horizon.word(),
        reason: ranked.place.reason.clone(),
        likely_days: ranked.place.effort.as_ref().map(|effort| effort.likely_days),
    });
    value(PlanView { windows: windows.collect(), items: items.collect(), total: snapshot.ranked.len(), page, per_page })
}

fn cost(app: &Arc<App>, call: &Call) -> Result<Value, Problem> {
    let snapshot = app.read()?;
    let at = find(&snapshot, call.text("id"))?;
    let verdict =
        verdict(call.text("verdict")).ok_or_else(|| Problem::bad("A decision is accept, defer or reject."))?;
    let cost = snapshot.cost(at, verdict);
    let (worth_before, worth) = cost.worth.unzip();
    value(CostView { worth_before, worth, moves: cost.moves.iter().map(views::moved).collect() })
}

fn decisions(app: &Arc<App>, _call: &Call) -> Result<Value, Problem> {
    app.read()?;
    let held = app.ask(Session::decisions)?;
    let view = |held: &throughline_compiler::planning::Held| DecisionView {
        insight_id: held.decision.insight_id.to_string(),
        label: held.decision.label.clone(),
        verdict: held.decision.verdict.past(),
        why: held.decision.why.clone(),
        by: held.decision.by.clone(),
        state: held.state(),
    };
    value(held.iter().map(view).collect::<Vec<_>>())
}

fn decide(app: &Arc<App>, call: &Call) -> Result<Value, Problem> {
    let verdict =
        verdict(call.text("verdict")).ok_or_else(|| Problem::bad("A decision is accept, defer or reject."))?;
    let done =
        app.change(|session| session.decide(call.text("insight"), verdict, call.text("why"), call.text("by")))?;
    let said = format!("“{}” is {}", done.label, done.verdict.past());
    app.note(said.clone());
    value(Done { id: done.insight_id.to_string(), said })
}

fn judgements(app: &Arc<App>, _call: &Call) -> Result<Value, Problem> {
    let all = app.ask(judging::list)?;
    value(
        all.into_iter()
            .map(|one| JudgementView {
                id: one.id.to_string(),
                act: one.act.to_owned(),
                sentence: one.sentence,
                state: one.state.to_owned(),
                by: one.by,
            })
            .collect::<Vec<_>>(),
    )
}

fn said(app: &App, judgement: &throughline_model::Judgement) -> Result<Value, Problem> {
    let said = judging::told(&judgement.act).1;
    app.note(said.clone());
    value(Done { id: judgement.id.to_string(), said })
}

fn rename(app: &Arc<App>, call: &Call) -> Result<Value, Problem> {
    let done = app.change(|session| judging::rename(session, &call.id, call.text("label"), Some(call.text("by"))))?;
    said(app, &done)
}

fn merge(app: &Arc<App>, call: &Call) -> Result<Value, Problem> {
    let done =
        app.change(|session| judging::pin(session, [&call.id, call.text("other")], true, Some(call.text("by"))))?;
    said(app, &done)
}

fn move_in(app: &Arc<App>, call: &Call) -> Result<Value, Problem> {
    let signals = call.texts("statements");
    let done = app.change(|session| judging::place(session, &signals, Some(&call.id), Some(call.text("by"))))?;
    said(app, &done)
}

fn hide(app: &Arc<App>, call: &Call) -> Result<Value, Problem> {
    let id = app.change(|session| session.hide(&call.id, true))?;
    value(Done { id: id.to_string(), said: "hidden from lists".to_owned() })
}

fn show(app: &Arc<App>, call: &Call) -> Result<Value, Problem> {
    let id = app.change(|session| session.hide(&call.id, false))?;
    value(Done { id: id.to_string(), said: "in lists again".to_owned() })
}

fn undo(app: &Arc<App>, call: &Call) -> Result<Value, Problem> {
    let done = app.change(|session| judging::undo(session, &call.id, None))?;
    said(app, &done)
}

fn edit(app: &Arc<App>, call: &Call) -> Result<Value, Problem> {
    let done = app.change(|session| session.edit(&call.id, call.text("text"), call.text("by"), None))?;
    value(Done { id: done.edit.id.to_string(), said: format!("{} reads “{}”", done.place, done.after) })
}

fn undo_edit(app: &Arc<App>, call: &Call) -> Result<Value, Problem> {
    let done = app.change(|session| session.undo_edit(&call.id, call.text("by")))?;
    value(Done { id: done.id.to_string(), said: "taken back".to_owned() })
}

fn accept_edit(app: &Arc<App>, call: &Call) -> Result<Value, Problem> {
    let done = app.change(|session| session.settle_edit(&call.id, true, call.text("by"), None))?;
    value(Done { id: done.id.to_string(), said: "holds over what is compiled now".to_owned() })
}

fn sources(app: &Arc<App>, _call: &Call) -> Result<Value, Problem> {
    value(app.sources().into_iter().map(|(name, n_items)| SourceView { name, n_items }).collect::<Vec<_>>())
}

fn file_view(file: &Staged) -> FileView {
    let preview = file.preview.as_ref().ok();
    let mapping = preview.iter().flat_map(|preview| &preview.report.mapping);
    FileView {
        name: file.name.clone(),
        problem: file.preview.as_ref().err().cloned(),
        format: preview.map(|preview| preview.report.format.clone()),
        channel: preview.map(|preview| preview.report.source_kind.word()),
        n_items: preview.map_or(0, |preview| preview.report.stored),
        fields: preview.map(|preview| preview.fields.clone()).unwrap_or_default(),
        columns: preview.map(|preview| preview.columns.clone()).unwrap_or_default(),
        mapping: mapping
            .map(|one| ColumnView { field: one.field.clone(), column: one.column.clone(), why: one.why.clone() })
            .collect(),
        samples: preview.map(|preview| preview.samples.clone()).unwrap_or_default(),
        diagnostics: preview
            .map(|preview| preview.report.diagnostics.iter().map(|one| json!(one)).collect())
            .unwrap_or_default(),
    }
}

fn files(app: &Arc<App>, _call: &Call) -> Result<Value, Problem> {
    value(app.staged().iter().map(file_view).collect::<Vec<_>>())
}

fn sent(app: &Arc<App>, names: &[String]) -> Result<Value, Problem> {
    value(app.staged().iter().filter(|file| names.contains(&file.name)).map(file_view).collect::<Vec<_>>())
}

fn choose_columns(app: &Arc<App>, call: &Call) -> Result<Value, Problem> {
    let (columns, channel) = (call.named("columns"), call.text("channel"));
    value(file_view(&uploads::choose(app, &call.id, columns, channel)?))
}

fn leave_out(app: &Arc<App>, call: &Call) -> Result<Value, Problem> {
    uploads::leave_out(app, &call.id)?;
    value(Done { id: call.id.clone(), said: "left out".to_owned() })
}

fn documents(app: &Arc<App>, call: &Call) -> Result<Value, Problem> {
    let (snapshot, at) = at(app, call)?;
    let found = snapshot.specified(at)?;
    let spec = found.as_ref().as_ref().map_err(|why| Problem::not_specified(why))?;
    value(DocumentsView { mark: spec.mark.clone(), one_page: spec.one_page.clone(), release: spec.release.clone() })
}

fn all_revisions(app: &Arc<App>, _call: &Call) -> Result<Value, Problem> {
    let snapshot = app.read()?;
    let base = snapshot.base();
    value(snapshot.revisions.iter().map(|one| views::revision(one, base)).collect::<Vec<_>>())
}

fn one_revision(app: &Arc<App>, call: &Call) -> Result<Value, Problem> {
    let snapshot = app.read()?;
    value(views::revision(revisions::find(&snapshot, &call.id)?, snapshot.base()))
}

fn accept(app: &Arc<App>, call: &Call) -> Result<Value, Problem> {
    let marks: BTreeMap<String, String> = call.named("marks").into_iter().collect();
    let insights = call.texts("insights");
    if let Some(unknown) = marks.keys().find(|id| !insights.contains(id)) {
        return Err(Problem::bad(format!("“marks” names {unknown}, which is not among “insights”.")));
    }
    let shown: Vec<_> = insights.into_iter().map(|id| (id.clone(), marks.get(&id).cloned())).collect();
    let revision = app.accept(&shown, call.text("by"), call.text("why"))?;
    value(views::revision(&revision, Some(revision.number)))
}

fn difference(app: &Arc<App>, call: &Call) -> Result<Value, Problem> {
    let snapshot = app.read()?;
    let before = revisions::find(&snapshot, &call.id)?.number;
    let to = call.whole("to").map(|to| revisions::find(&snapshot, &to.to_string()).map(|to| to.number)).transpose()?;
    let found = snapshot.difference(before, to)?.ok_or_else(|| Problem::not_found("revision", &call.id))?;
    value(views::difference(before, to, found))
}

fn return_to(app: &Arc<App>, call: &Call) -> Result<Value, Problem> {
    let said = if call.id == "0" {
        app.change(Session::stand_free)?;
        "specifications are held against no revision".to_owned()
    } else {
        let number = revisions::find(&*app.read()?, &call.id)?.number;
        app.change(|session| session.return_to(number))?;
        format!("specifications are held against revision {number}")
    };
    value(Done { id: call.id.clone(), said })
}

fn run_view(job: &Job) -> Result<Value, Problem> {
    let state = job.state();
    value(RunView {
        number: job.number,
        is_going: state.ended.is_none(),
        problem: state.ended.filter(|why| !why.is_empty()),
        lines: state.lines.into_iter().map(|line| LineView { what: line.what, said: line.said }).collect(),
    })
}

fn run(app: &Arc<App>, _call: &Call) -> Result<Value, Problem> {
    run_view(&*app.job().ok_or_else(|| Problem::not_found("run", "yet"))?)
}

fn start(app: &Arc<App>, _call: &Call) -> Result<Value, Problem> {
    run_view(&*app.start()?)
}
