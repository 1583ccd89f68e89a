//! Serves a made-up workspace of a size that no example has, to be measured from another process.
//!
//! `cargo run --release -p throughline-server --example large -- 10000 1000000` serves so many insights from so many
//! statements, one a record, and prints the address; `node tests/server/latency.mjs ADDRESS` measures every page.
#![expect(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;
use std::fs::{self, File};
use std::io::{Read, Result as IoResult};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use throughline_compiler::session::Ranked;
use throughline_compiler::{Outcome, Session};
use throughline_model::host::FoundFile;
use throughline_model::plan::{Horizon, Place};
use throughline_model::{
    Account, AccountId, Category, CheckResult, CheckState, Citation, Corpus, Host, Insight, InsightId, Kind, Language,
    Part, PartRole, Quote, RawAccount, Record, RecordId, Score, Side, Signal, SignalId, SourceKind, Span, Timestamp,
    Trend, VoiceId,
};
use throughline_score::Rubric;
use throughline_server::app::App;

const WORDS: [&str; 24] = [
    "export",
    "payroll",
    "hours",
    "shift",
    "swap",
    "calendar",
    "approve",
    "invoice",
    "report",
    "filter",
    "search",
    "alert",
    "mobile",
    "offline",
    "permission",
    "import",
    "template",
    "reminder",
    "holiday",
    "contract",
    "budget",
    "roster",
    "language",
    "printer",
];
const ACCOUNTS: u64 = 2_000;
/// Insights of which needs are read, so that they have a specification: as many as the measurement asks for.
const SPECIFIED: usize = 500;

struct Here(Instant);

impl Host for Here {
    fn open(&self, path: &Path) -> IoResult<Box<dyn Read + Send>> {
        Ok(Box::new(File::open(path)?))
    }

    fn list(&self, _path: &Path) -> IoResult<Vec<FoundFile>> {
        Ok(Vec::new())
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> IoResult<()> {
        fs::write(path, bytes)
    }

    fn elapsed_secs(&self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }

    fn is_cancelled(&self) -> bool {
        false
    }
}

/// A number that looks like chance and is the same each time.
fn mixed(n: u64) -> u64 {
    let z = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z ^ (z >> 31)
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut sizes = std::env::args().skip(1).map(|size| size.parse::<u64>());
    let (n_insights, n_signals) = (sizes.next().unwrap_or(Ok(10_000))?, sizes.next().unwrap_or(Ok(1_000_000))?);
    let host: Arc<dyn Host + Send + Sync> = Arc::new(Here(Instant::now()));
    let folder = tempfile::tempdir()?;
    Session::init(folder.path(), &*host)?;
    let mut session = Session::open(folder.path(), &*host)?;
    let mut began = Instant::now();
    let mut took = || {
        let secs = began.elapsed().as_secs_f64();
        began = Instant::now();
        secs
    };
    let outcome = made(&Rubric::builtin(), n_insights, n_signals);
    println!("{n_insights} insights, {n_signals} statements made in {:.1} s", took());
    session.hold(&outcome)?;
    drop(outcome);
    println!("kept in the workspace in {:.1} s", took());
    let app = App::new(host, session, folder.path().to_owned(), &[])?;
    println!("read into a snapshot in {:.1} s", took());
    throughline_server::serve_app(Arc::new(app), "127.0.0.1:0".parse()?, |at| println!("http://{at}"))?;
    Ok(())
}

fn made(rubric: &Rubric, n_insights: u64, n_signals: u64) -> Outcome {
    let mut corpus = Corpus { as_of: Timestamp::from_date(2026, 9, 30), ..Corpus::default() };
    for n in 0..ACCOUNTS {
        let facts = RawAccount {
            name: format!("Account {n}"),
            segment: Some(["Small", "Middle", "Large"][(n % 3) as usize].to_owned()),
            ..RawAccount::default()
        };
        corpus.accounts.insert(AccountId(n), Account { id: AccountId(n), facts });
    }
    let kinds = [SourceKind::Support, SourceKind::Call, SourceKind::Review, SourceKind::Survey];
    let mut members: Vec<Vec<SignalId>> = vec![Vec::new(); n_insights as usize];
    let mut membership = Vec::with_capacity(n_signals as usize);
    for n in 0..n_signals {
        let insight = mixed(n) % n_insights;
        let word = |k: u64| WORDS[(mixed(insight * 7 + k) % 24) as usize];
        let text =
            format!("We need to {} the {} for every {} in place {}, please.", word(0), word(1), word(2), n % 977);
        let span = Span::new(0, text.len());
        let (kind, at) = (kinds[(n % 4) as usize], Timestamp(1_760_000_000 + (mixed(n + 1) % 30_000_000) as i64));
        let account = Some(AccountId(mixed(n + 2) % ACCOUNTS));
        corpus.records.push(Record {
            id: RecordId(n),
            external_id: n.to_string(),
            source: format!("source {}", n % 8),
            source_kind: kind,
            person: None,
            account,
            created_at: Some(at),
            rating_unit: None,
            votes: None,
            tags: Vec::new(),
            thread: Some(format!("t{}", n / 3)),
            n_masked: Vec::new(),
            text,
            parts: vec![Part {
                role: PartRole::Body,
                span,
                person: None,
                side: Side::Customer,
                at: None,
                clock_ms: None,
            }],
        });
        let signal = Signal {
            id: SignalId(n),
            record_id: RecordId(n),
            span,
            kind: Kind::Request,
            kind_confidence: 0.9,
            language: Language::En,
            sentiment: None,
            phrases: Vec::new(),
            person: None,
            account,
            side: Side::Customer,
            source_kind: kind,
            at: Some(at),
            clock_ms: None,
        };
        members[insight as usize].push(signal.id);
        corpus.signals.push(signal);
        membership.push(Some((InsightId(insight), 0.9)));
    }
    let ranked: Vec<Ranked> = members
        .into_iter()
        .enumerate()
        .map(|(n, members)| ranked(rubric, &corpus, n as u64, n_insights, members))
        .collect();
    let mut outcome = Outcome { voices: (0..n_signals).map(VoiceId).collect(), membership, ..Outcome::default() };
    for (n, Ranked { insight, score, place, .. }) in ranked.into_iter().enumerate() {
        let has_needs = n < SPECIFIED;
        let needs = has_needs.then(|| throughline_frames::needs(&insight, &part(&corpus, &insight), &[]));
        outcome.needs.push(needs.unwrap_or_default());
        outcome.insights.push(insight);
        outcome.scores.push(score);
        outcome.plan.places.push(place);
    }
    outcome.corpus = corpus;
    outcome
}

/// What needs of an insight are read from.
fn part(corpus: &Corpus, insight: &Insight) -> Corpus {
    Corpus {
        records: insight.members.iter().map(|id| corpus.records[id.0 as usize].clone()).collect(),
        signals: insight.members.iter().map(|id| corpus.signals[id.0 as usize].clone()).collect(),
        ..Corpus::default()
    }
}

fn ranked(rubric: &Rubric, corpus: &Corpus, n: u64, n_insights: u64, members: Vec<SignalId>) -> Ranked {
    let id = InsightId(n);
    let quote = |id: &SignalId| {
        let signal = &corpus.signals[id.0 as usize];
        Quote {
            signal_id: *id,
            record_id: signal.record_id,
            start: 0,
            end: signal.span.end,
            text: corpus.text(signal).to_owned(),
        }
    };
    let checks: Vec<CheckResult> = rubric
        .checks
        .iter()
        .enumerate()
        .map(|(k, check)| {
            let chance = mixed(n * 77 + k as u64);
            let is_known = !chance.is_multiple_of(4);
            CheckResult {
                id: check.id.clone(),
                state: if is_known { CheckState::Scored } else { CheckState::Unknown },
                points: if is_known { (chance >> 8) as f64 % 1000.0 / 1000.0 } else { 0.0 },
                x: None,
                of: None,
                sentence: format!("{} of {} voices say so.", chance % 90, members.len()),
                evidence: members
                    .iter()
                    .take(12)
                    .map(|id| Citation::Signal { id: *id, span: None, quote: None })
                    .collect(),
                n_unlisted: members.len().saturating_sub(12) as u32,
                missing: (!is_known).then(|| "a customer list".to_owned()),
            }
        })
        .collect();
    let earned: f64 = checks.iter().map(|check| check.points).sum();
    let knowable = checks.iter().filter(|check| check.state == CheckState::Scored).count() as u32;
    let word = |k: u64| WORDS[(mixed(n * 7 + k) % 24) as usize];
    Ranked {
        insight: Insight {
            id,
            label: format!("{} the {} for every {}", word(0), word(1), word(2)),
            kind: Kind::Request,
            area: word(1).to_owned(),
            category: Category::Retention,
            category_reason: String::new(),
            trend: Trend::Steady,
            voices_by_month: (1..=12)
                .map(|month| (format!("2026-{month:02}"), (mixed(n + month) % 20) as u32))
                .collect(),
            quotes: members.iter().take(3).map(quote).collect(),
            dissent: Vec::new(),
            n_voices: members.len() as u32,
            n_accounts: members.len() as u32 / 2,
            n_signals: members.len() as u32,
            heard: None,
            nearest: None,
            members,
        },
        score: Score {
            insight_id: id,
            rubric_version: rubric.version.clone(),
            checks,
            groups: std::collections::BTreeMap::new(),
            earned,
            knowable,
            coverage: f64::from(knowable) / 77.0,
            floor: earned,
            ceiling: earned,
            total: earned,
            confidence: 0.5,
            weighted_total: None,
            badges: Vec::new(),
        },
        place: Place {
            insight_id: id,
            rank: n as u32 + 1,
            band: ["A", "B", "C", "D"][(n * 4 / n_insights) as usize].to_owned(),
            beats_next: 0.6,
            horizon: Horizon::Unplanned,
            reason: "no capacity is declared".to_owned(),
            effort: None,
            waits_for: Vec::new(),
        },
        needs: Vec::new(),
    }
}
