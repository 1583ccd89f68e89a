//! Exports: tables as CSV and JSON with stable columns, for spreadsheets, notebooks and measurements.
//!
//! Invariant: texts are written as they stand in the record, byte for byte, so that anyone can check a quote.

use crate::Error;
use crate::session::{Ranked, Session, SignalRow};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use throughline_model::{Corpus, InsightId, Record, RecordId, SlotName};

/// A table: names of columns, and rows of values.
#[derive(Debug, Clone)]
pub struct Table {
    /// Name of the table.
    pub name: &'static str,
    /// Names of the columns.
    pub columns: Vec<&'static str>,
    /// Rows, each as long as `columns`, or longer by the cells that JSON alone shows.
    pub rows: Vec<Vec<Value>>,
}

/// Records with their canonical text, by id.
///
/// # Errors
/// When nothing has been run yet, or the store fails.
pub fn records(session: &Session) -> Result<Table, Error> {
    let (corpus, rows) = session.corpus()?;
    let labels = labels(session)?;
    let mut by_record: BTreeMap<RecordId, Vec<&SignalRow>> = BTreeMap::new();
    for row in &rows {
        by_record.entry(row.signal.record_id).or_default().push(row);
    }
    let rows = corpus
        .records
        .iter()
        .map(|record| {
            let signals = by_record.get(&record.id).map_or(&[][..], Vec::as_slice);
            let insight = main_insight(signals);
            vec![
                json!(record.id),
                json!(record.external_id),
                json!(record.source),
                json!(record.source_kind.word()),
                json!(record.person),
                json!(account_name(&corpus, record)),
                json!(record.created_at.map(throughline_model::Timestamp::rfc3339)),
                json!(signals.len()),
                json!(insight),
                json!(insight.and_then(|id| labels.get(&id))),
                json!(record.text),
            ]
        })
        .collect();
    let columns = vec![
        "id",
        "external_id",
        "source",
        "source_kind",
        "person",
        "account",
        "created_at",
        "n_signals",
        "insight_id",
        "insight_label",
        "text",
    ];
    Ok(Table { name: "records", columns, rows })
}

/// The insight that most signals of a record are in; the surest where two have as many.
fn main_insight(signals: &[&SignalRow]) -> Option<InsightId> {
    let mut weight: BTreeMap<InsightId, (usize, f64)> = BTreeMap::new();
    for (id, confidence) in signals.iter().filter_map(|row| row.membership) {
        let entry = weight.entry(id).or_default();
        entry.0 += 1;
        entry.1 += confidence;
    }
    weight
        .into_iter()
        .max_by(|a, b| (a.1.0.cmp(&b.1.0)).then(a.1.1.total_cmp(&b.1.1)).then(b.0.cmp(&a.0)))
        .map(|(id, _)| id)
}

fn account_name(corpus: &Corpus, record: &Record) -> Option<String> {
    Some(corpus.accounts.get(&record.account?)?.facts.name.clone())
}

fn labels(session: &Session) -> Result<BTreeMap<InsightId, String>, Error> {
    Ok(session.ranked(0)?.into_iter().map(|ranked| (ranked.insight.id, ranked.insight.label)).collect())
}

/// Statements with their byte ranges, by record and place.
///
/// # Errors
/// When nothing has been run yet, or the store fails.
pub fn signals(session: &Session) -> Result<Table, Error> {
    let (corpus, rows) = session.corpus()?;
    let labels = labels(session)?;
    let rows = rows
        .iter()
        .map(|row| {
            let signal = &row.signal;
            let insight = row.membership.map(|(id, _)| id);
            vec![
                json!(signal.id),
                json!(signal.record_id),
                json!(corpus.record(signal.record_id).map(|record| &record.external_id)),
                json!(signal.span.start),
                json!(signal.span.end),
                json!(signal.kind.word()),
                json!(insight),
                json!(insight.and_then(|id| labels.get(&id))),
                json!(row.voice_id),
                json!(row.membership.map_or(0.0, |(_, confidence)| round(confidence))),
                json!(corpus.text(signal)),
                json!(signal.clock_ms),
                json!(signal.side),
            ]
        })
        .collect();
    let columns = vec![
        "id",
        "record_id",
        "external_id",
        "start_byte",
        "end_byte",
        "kind",
        "insight_id",
        "insight_label",
        "voice_id",
        "confidence",
        "text",
    ];
    Ok(Table { name: "signals", columns, rows })
}

/// Needs, by rank of their insight.
///
/// # Errors
/// When nothing has been run yet, or the store fails.
pub fn needs(session: &Session) -> Result<Table, Error> {
    let mut rows = Vec::new();
    for ranked in session.ranked(0)? {
        for need in &ranked.needs {
            let slot = |name| json!(need.filled(name));
            rows.push(vec![
                json!(need.id),
                json!(need.insight_id),
                json!(need.signals.first()),
                json!(need.frame),
                json!(need.kind.word()),
                json!(need.polarity),
                json!(need.strength),
                slot(SlotName::Object),
                slot(SlotName::Actor),
                slot(SlotName::Reason),
                slot(SlotName::Situation),
                json!(round(need.confidence)),
            ]);
        }
    }
    let columns = vec![
        "id",
        "insight_id",
        "signal_id",
        "frame",
        "kind",
        "polarity",
        "strength",
        "object",
        "actor",
        "reason",
        "situation",
        "confidence",
    ];
    Ok(Table { name: "needs", columns, rows })
}

/// Insights in rank order.
///
/// # Errors
/// When nothing has been run yet, or the store fails.
pub fn insights(session: &Session, top: usize) -> Result<Table, Error> {
    let columns = vec![
        "id",
        "label",
        "kind",
        "area",
        "category",
        "trend",
        "rank",
        "band",
        "earned",
        "knowable",
        "total",
        "coverage",
        "confidence",
        "n_voices",
        "n_accounts",
        "n_signals",
    ];
    let rows = session.ranked(top)?.iter().map(insight_row).collect();
    Ok(Table { name: "insights", columns, rows })
}

fn insight_row(ranked: &Ranked) -> Vec<Value> {
    let Ranked { insight, score, place, .. } = ranked;
    vec![
        json!(insight.id),
        json!(insight.label),
        json!(insight.kind.word()),
        json!(insight.area),
        json!(insight.category),
        json!(insight.trend.word()),
        json!(place.rank),
        json!(place.band),
        json!(round(score.earned)),
        json!(score.knowable),
        json!(round(score.total)),
        json!(round(score.coverage)),
        json!(round(score.confidence)),
        json!(insight.n_voices),
        json!(insight.n_accounts),
        json!(insight.n_signals),
    ]
}

/// All checks of all insights, by rank.
///
/// # Errors
/// When nothing has been run yet, or the store fails.
pub fn scores(session: &Session) -> Result<Table, Error> {
    let mut rows = Vec::new();
    for ranked in session.ranked(0)? {
        for check in &ranked.score.checks {
            rows.push(vec![
                json!(ranked.insight.id),
                json!(check.id),
                json!(check.state),
                json!(round(check.points)),
                json!(check.x),
                json!(check.sentence),
                json!(check.evidence.len() + check.n_unlisted as usize),
                json!(check.missing),
            ]);
        }
    }
    let columns = vec!["insight_id", "check", "state", "points", "x", "sentence", "n_evidence", "missing"];
    Ok(Table { name: "scores", columns, rows })
}

/// Duplicate candidates of records: for each at least its ten best where there are ten.
///
/// # Errors
/// When nothing has been run yet, or the store fails.
pub fn pairs(session: &Session) -> Result<Table, Error> {
    let (corpus, _) = session.corpus()?;
    let external = |id| corpus.record(id).map(|record| record.external_id.clone());
    let rows = throughline_passes::deduplicate::pairs(&corpus)
        .into_iter()
        .map(|pair| {
            vec![json!(external(pair.a)), json!(external(pair.b)), json!(round(pair.score)), json!(pair.decision)]
        })
        .collect();
    Ok(Table { name: "pairs", columns: vec!["a", "b", "score", "decision"], rows })
}

fn round(x: f64) -> f64 {
    (x * 1e6).round() / 1e6
}

/// Cells of statements that JSON alone shows: milliseconds into a recording, and on whose side it was said.
const JSON_ONLY: [&str; 2] = ["clock_ms", "side"];

impl Table {
    /// As comma-separated values with a header (RFC 4180).
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut out = String::new();
        let mut line = |cells: &mut dyn Iterator<Item = String>| {
            let cells: Vec<String> = cells.map(|cell| quoted(&cell)).collect();
            out.push_str(&cells.join(","));
            out.push_str("\r\n");
        };
        line(&mut self.columns.iter().map(|name| (*name).to_owned()));
        for row in &self.rows {
            line(&mut row.iter().take(self.columns.len()).map(cell));
        }
        out
    }

    /// As one object `{"NAME": [{column: value}]}`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let object = |row: &Vec<Value>| {
            let names = self.columns.iter().chain(&JSON_ONLY).map(|name| (*name).to_owned());
            let pairs = names.zip(row.iter().cloned());
            Value::Object(pairs.collect::<Map<_, _>>())
        };
        json!({ self.name: self.rows.iter().map(object).collect::<Vec<_>>() })
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}
