//! Why an insight has its score and its rank, with the words behind every point.
//!
//! In: the results of the last run. Out: [`Explained`], [`WhyNot`]; what a terminal or a page prints is made from these
//! alone. Unlike other questions this one looks closer than a run does: how sure the rank is, and what the score was at
//! another instant, are computed when somebody asks, from what the run left and by the same functions.
//! Cost: reads the whole corpus once; see [`throughline_score::sensitivity()`].

use crate::Error;
use crate::session::{Before, Ranked, Scored, Session};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use throughline_model::plan::Place;
use throughline_model::time::DAY_SECS;
use throughline_model::{
    AccountId, CheckResult, CheckState, Citation, Insight, InsightId, Need, Quote, Record, RecordId, Score, Settings,
    Signal, SignalId, Timestamp, VoiceId,
};
pub use throughline_score::Sensitivity;
use throughline_score::rubric::Check;
use throughline_score::{Facts, Given, declared};

/// Quotes shown of what was cited.
const QUOTES_MAX: usize = 12;

/// One insight's score, explained.
#[derive(Debug, Clone, Serialize)]
pub struct Explained {
    /// The insight.
    pub insight: Insight,
    /// The instant it is scored at.
    pub as_of: Option<Timestamp>,
    /// `41.3 of 58 knowable points; 58 of 77 known`.
    pub headline: String,
    /// Its score.
    pub score: Score,
    /// Its place; none at another instant than the last run's.
    pub place: Option<Place>,
    /// By check, in the rubric's order.
    pub checks: Vec<ExplainedCheck>,
    /// How sure the rank is.
    pub sensitivity: Sensitivity,
    /// What has changed since the run before, each with its cause; none when there was no other run.
    pub changes: Option<Changes>,
}

/// What a check's citations lead to.
#[derive(Debug, Clone, Serialize)]
pub struct ExplainedCheck {
    /// Name of the check.
    pub name: String,
    /// The question it asks.
    pub asks: String,
    /// Its group.
    pub group: String,
    /// What is cited, each in words.
    pub sources: Vec<Source>,
    /// Customers' words: the cited ones; of a cited account what it says here; else the insight's own quotes.
    pub quotes: Vec<Quoted>,
}

/// A citation in words.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Source {
    /// The citation's id or path.
    pub id: String,
    /// What stands there; none when nothing does any more.
    pub words: Option<String>,
}

/// Words with the place they stand at.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Quoted {
    /// The statement.
    pub signal_id: SignalId,
    /// The record it is in.
    pub record_id: RecordId,
    /// Name of the source.
    pub source: String,
    /// The id the source gave.
    pub external_id: String,
    /// Day.
    pub at: Option<Timestamp>,
    /// First byte in the record's canonical text.
    pub start: u32,
    /// Byte after the last.
    pub end: u32,
    /// The words.
    pub text: String,
    /// `cited`, `account` (said by a cited account) or `insight` (said of the same thing).
    pub why: &'static str,
}

/// What has changed since the run before.
#[derive(Debug, Clone, Serialize)]
pub struct Changes {
    /// Its rank before.
    pub rank_before: u32,
    /// Its total before.
    pub total_before: f64,
    /// The instant of the run before.
    pub as_of_before: Option<Timestamp>,
    /// Checks that changed, the largest difference first.
    pub checks: Vec<Change>,
}

/// One check that changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// Id of the check.
    pub check: String,
    /// Points before; none when it was unknown.
    pub before: Option<f64>,
    /// Points now; none when it is unknown.
    pub now: Option<f64>,
    /// Why, in words.
    pub cause: String,
}

/// Why one insight stands above another.
#[derive(Debug, Clone, Serialize)]
pub struct WhyNot {
    /// The one that ranks higher.
    pub above: Side,
    /// The other.
    pub below: Side,
    /// Share of weightings in which this order holds.
    pub holds: f64,
    /// Checks that differ, those that speak most for the order first; those that speak against it last.
    pub checks: Vec<Difference>,
    /// By group: contribution to the total on the scale of 77, above and below.
    pub groups: Vec<(String, Option<f64>, Option<f64>)>,
}

/// One of two insights.
#[derive(Debug, Clone, Serialize)]
pub struct Side {
    /// Its id.
    pub id: InsightId,
    /// Its name.
    pub label: String,
    /// Its rank.
    pub rank: u32,
    /// Its total.
    pub total: f64,
    /// Points earned.
    pub earned: f64,
    /// Checks known.
    pub knowable: u32,
}

/// A check that two insights answer differently.
#[derive(Debug, Clone, Serialize)]
pub struct Difference {
    /// Id of the check.
    pub check: String,
    /// Its name.
    pub name: String,
    /// Points of the one above; none when unknown.
    pub above: Option<f64>,
    /// Points of the one below; none when unknown.
    pub below: Option<f64>,
    /// What the answer is for the one above.
    pub above_says: String,
    /// What it is for the one below.
    pub below_says: String,
}

impl Difference {
    /// Points by which it speaks for the order; 0 where one of the two is unknown, for an unknown is no zero.
    #[must_use]
    pub fn points(&self) -> f64 {
        self.above.zip(self.below).map_or(0.0, |(above, below)| above - below)
    }
}

impl Session {
    /// Explains an insight's score, at the last run's instant or another.
    ///
    /// # Errors
    /// When there is no such insight, nothing has been run yet, or the store fails.
    pub fn explain(&self, name: &str, at: Option<Timestamp>) -> Result<Explained, Error> {
        let found = self.find(name)?;
        let stored = self.scored()?;
        let as_of = at.or(stored.corpus.as_of);
        let is_now = as_of == stored.corpus.as_of;
        let world = Replay::new(stored, at, self.settings());
        let scores = if at.is_some() { world.scores(self) } else { world.scores.clone() };
        let position = world.insights.iter().position(|insight| insight.id == found.insight.id);
        let Some(position) = position else {
            let day = as_of.map_or_else(String::new, |at| at.to_string());
            return Err(Error::NotFound {
                what: "insight",
                id: format!("{name} on {day}"),
                hint: "nobody had said it then; choose a later day",
            });
        };
        let facts = world.facts(self);
        let order = throughline_score::rank::order(&world.insights, &scores);
        let sensitivity = throughline_score::sensitivity(
            self.rubric(),
            &facts,
            &world.insights,
            &world.needs,
            &scores,
            &order,
            position,
        );
        let score = scores[position].clone();
        let n = score.checks.len();
        let changes = if is_now {
            self.before(found.insight.id)?.map(|before| self.changes(&before, &score, as_of))
        } else {
            None
        };
        let checks = score
            .checks
            .iter()
            .zip(&self.rubric().checks)
            .map(|(result, check)| self.explained(&world.insights[position], check, result))
            .collect::<Result<_, _>>()?;
        Ok(Explained {
            headline: format!(
                "{:.1} of {} knowable points; {} of {n} known",
                score.earned, score.knowable, score.knowable
            ),
            insight: world.insights[position].clone(),
            as_of,
            score,
            place: is_now.then_some(found.place),
            checks,
            sensitivity,
            changes,
        })
    }

    /// Why one of two insights ranks above the other.
    ///
    /// # Errors
    /// When one of them does not exist, nothing has been run yet, or the store fails.
    pub fn why_not(&self, one: &str, other: &str) -> Result<WhyNot, Error> {
        let (mut above, mut below) = (self.find(one)?, self.find(other)?);
        if above.place.rank > below.place.rank {
            std::mem::swap(&mut above, &mut below);
        }
        let says = |check: &CheckResult| match check.state {
            CheckState::Scored => check.sentence.clone(),
            CheckState::Unknown => format!("unknown: needs {}", check.missing.as_deref().unwrap_or("")),
        };
        let mut checks: Vec<Difference> = above
            .score
            .checks
            .iter()
            .zip(&below.score.checks)
            .zip(&self.rubric().checks)
            .filter(|((a, b), _)| known(a) != known(b))
            .map(|((a, b), check)| Difference {
                check: check.id.clone(),
                name: check.name.clone(),
                above: known(a),
                below: known(b),
                above_says: says(a),
                below_says: says(b),
            })
            .collect();
        checks.sort_by(|a, b| b.points().total_cmp(&a.points()).then(a.check.cmp(&b.check)));
        let all: Vec<Score> = self.ranked(0)?.into_iter().map(|ranked| ranked.score).collect();
        let holds = throughline_score::rank::beats(self.rubric(), &all, &above.score, &below.score);
        let groups =
            above.score.groups.iter().map(|(group, a)| (group.clone(), a.score, below.score.groups[group].score));
        Ok(WhyNot { holds, checks, groups: groups.collect(), above: side(above), below: side(below) })
    }

    fn explained(&self, insight: &Insight, check: &Check, result: &CheckResult) -> Result<ExplainedCheck, Error> {
        let mut sources = Vec::new();
        let mut quotes = Vec::new();
        let accounts: BTreeSet<_> = result
            .evidence
            .iter()
            .filter_map(|citation| match citation {
                Citation::Account { id, .. } => Some(*id),
                _ => None,
            })
            .collect();
        for citation in &result.evidence {
            sources.push(self.source(citation)?);
            if let Citation::Signal { id, span, .. } = citation
                && quotes.len() < QUOTES_MAX
                && let Some((signal, record)) = self.statement(*id)?
            {
                let span = span.unwrap_or(signal.span);
                quotes.push(quoted(&signal, &record, span, "cited"));
            }
        }
        if quotes.is_empty() && !accounts.is_empty() {
            for (row, record) in self.voices(insight.id)? {
                if quotes.len() < QUOTES_MAX && row.signal.account.is_some_and(|id| accounts.contains(&id)) {
                    quotes.push(quoted(&row.signal, &record, row.signal.span, "account"));
                }
            }
        }
        if quotes.is_empty() && result.points > 0.0 {
            for Quote { signal_id, start, end, .. } in &insight.quotes {
                if let Some((signal, record)) = self.statement(*signal_id)? {
                    quotes.push(quoted(
                        &signal,
                        &record,
                        throughline_model::Span { start: *start, end: *end },
                        "insight",
                    ));
                }
            }
        }
        Ok(ExplainedCheck {
            name: check.name.clone(),
            asks: check.asks.clone(),
            group: check.group.clone(),
            sources,
            quotes,
        })
    }

    /// What a citation leads to, in words.
    fn source(&self, citation: &Citation) -> Result<Source, Error> {
        let (id, words) = match citation {
            Citation::Signal { id, quote, .. } => {
                let whole = || {
                    Ok::<_, Error>(self.statement(*id)?.map(|(signal, record)| record.slice(signal.span).to_owned()))
                };
                (id.to_string(), quote.clone().map_or_else(whole, |quote| Ok(Some(quote)))?)
            }
            Citation::Record { id } => (id.to_string(), self.record(*id)?.map(|record| record.text)),
            Citation::Account { id, field } => {
                let who = self.who()?;
                let words = who.accounts.get(id).map(|account| account_words(account, field));
                (format!("{id}.{field}"), words)
            }
            Citation::Insight { id } => (id.to_string(), Some(self.label(*id)?)),
            Citation::Strategy { path } => (path.clone(), declared::words(self.settings(), path)),
            Citation::Default { path } => {
                let frames = throughline_frames::Frames::builtin();
                let name = path.strip_prefix("frames.").and_then(|id| frames.get(id)).map(|frame| frame.name.clone());
                (path.clone(), name)
            }
            Citation::Code { file, line, symbol } => (format!("{file}:{line}"), symbol.clone()),
            Citation::Edit { id, by } => (id.to_string(), Some(format!("in the words of {by}"))),
        };
        Ok(Source { id, words })
    }

    fn changes(&self, before: &Before, score: &Score, as_of: Option<Timestamp>) -> Changes {
        let was: BTreeMap<&str, &CheckResult> =
            before.score.checks.iter().map(|check| (check.id.as_str(), check)).collect();
        let mut checks: Vec<Change> = score
            .checks
            .iter()
            .zip(&self.rubric().checks)
            .filter_map(|(now, check)| {
                let was = was.get(now.id.as_str())?;
                (known(was) != known(now)).then(|| Change {
                    check: now.id.clone(),
                    before: known(was),
                    now: known(now),
                    cause: self.cause(before, was, now, check, score, as_of),
                })
            })
            .collect();
        let size = |change: &Change| (change.now.unwrap_or(0.0) - change.before.unwrap_or(0.0)).abs();
        checks.sort_by(|a, b| size(b).total_cmp(&size(a)).then(a.check.cmp(&b.check)));
        Changes { rank_before: before.place.rank, total_before: before.score.total, as_of_before: before.as_of, checks }
    }

    fn cause(
        &self,
        before: &Before,
        was: &CheckResult,
        now: &CheckResult,
        check: &Check,
        score: &Score,
        as_of: Option<Timestamp>,
    ) -> String {
        if before.score.rubric_version != score.rubric_version {
            return format!("the rubric changed from {} to {}", before.score.rubric_version, score.rubric_version);
        }
        match (was.state, now.state) {
            (CheckState::Unknown, CheckState::Scored) => {
                return format!("known now; it needed {}", was.missing.as_deref().unwrap_or("an input"));
            }
            (CheckState::Scored, CheckState::Unknown) => {
                return format!("no longer known; it needs {}", now.missing.as_deref().unwrap_or("an input"));
            }
            _ => {}
        }
        let cited = |result: &CheckResult| -> BTreeSet<Citation> {
            result
                .evidence
                .iter()
                .filter(|citation| matches!(citation, Citation::Signal { .. } | Citation::Account { .. }))
                .cloned()
                .collect()
        };
        let (old, new) = (cited(was), cited(now));
        let (n_new, n_gone) = (new.difference(&old).count(), old.difference(&new).count());
        // Of much evidence a part is listed, so that what is listed may stay while there is more or less of it.
        let all = |result: &CheckResult| result.evidence.len() + result.n_unlisted as usize;
        let n_new = n_new.max(all(now).saturating_sub(all(was)));
        let n_gone = n_gone.max(all(was).saturating_sub(all(now)));
        let reads_strategy =
            check.needs.iter().any(|need| need.starts_with("strategy.") || need.starts_with("roadmap."));
        if reads_strategy && before.strategy != self.strategy_mark() {
            return "the strategy changed".to_owned();
        }
        if n_new > 0 {
            return format!("new evidence: {n_new} cited that were not before");
        }
        if n_gone > 0 {
            return format!("evidence went: {n_gone} are no longer cited");
        }
        let ages = check.needs.iter().any(|need| {
            need.contains("date")
                || need.contains("current")
                || need.contains("commitments")
                || need.contains("support")
        });
        if ages && before.as_of != as_of {
            let days = before.as_of.zip(as_of).map_or(0, |(was, now)| now.days_since(was));
            return format!("{days} days went by");
        }
        format!("the quantity moved (“{}”, before “{}”) with the rest of the workspace", now.sentence, was.sentence)
    }
}

/// A field of an account in words.
pub(crate) fn account_words(account: &throughline_model::Account, field: &str) -> String {
    let facts = serde_json::to_value(&account.facts).unwrap_or_default();
    let value = match facts.get(field) {
        Some(serde_json::Value::Number(at)) if field.ends_with("_at") => {
            at.as_i64().map_or_else(String::new, |at| Timestamp(at).to_string())
        }
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
        None => String::new(),
    };
    format!("{}: {} {value}", account.facts.name, field.trim_end_matches("_at").replace('_', " "))
}

fn known(check: &CheckResult) -> Option<f64> {
    (check.state == CheckState::Scored).then_some(check.points)
}

fn side(Ranked { insight, score, place, .. }: Ranked) -> Side {
    Side {
        id: insight.id,
        label: insight.label,
        rank: place.rank,
        total: score.total,
        earned: score.earned,
        knowable: score.knowable,
    }
}

fn quoted(signal: &Signal, record: &Record, span: throughline_model::Span, why: &'static str) -> Quoted {
    Quoted {
        signal_id: signal.id,
        record_id: record.id,
        source: record.source.clone(),
        external_id: record.external_id.clone(),
        at: signal.at,
        start: span.start,
        end: span.end,
        text: record.slice(span).to_owned(),
        why,
    }
}

/// What scoring read at an instant: everything said and known until then, in the groups of the last run.
pub(crate) struct Replay {
    /// What of the settings can be used at that instant.
    settings: Settings,
    corpus: throughline_model::Corpus,
    voices: Vec<VoiceId>,
    usage: throughline_score::Usage,
    insights: Vec<Insight>,
    needs: Vec<Vec<Need>>,
    scores: Vec<Score>,
}

impl Replay {
    pub(crate) fn new(scored: Scored, at: Option<Timestamp>, settings: &Settings) -> Self {
        let Scored { mut ranked, mut corpus, mut voices, usage } = scored;
        // Scoring reads insights by id, as a run hands them over.
        ranked.sort_by_key(|ranked| ranked.insight.id);
        if let Some(at) = at.filter(|at| corpus.as_of.is_none_or(|as_of| *at < as_of)) {
            // A day holds everything until its last second; an instant ends at itself.
            let is_day = at.0.rem_euclid(DAY_SECS) == 0;
            let end = Timestamp(at.0 + if is_day { DAY_SECS - 1 } else { 0 });
            let is_said = |when: Option<Timestamp>| when.is_none_or(|when| when <= end);
            voices =
                corpus.signals.iter().zip(voices).filter(|(signal, _)| is_said(signal.at)).map(|(_, v)| v).collect();
            corpus.signals.retain(|signal| is_said(signal.at));
            let of = |records: &[Record]| -> BTreeSet<AccountId> { records.iter().filter_map(|r| r.account).collect() };
            let spoke = of(&corpus.records);
            corpus.records.retain(|record| is_said(record.created_at));
            // An account that is known by later words alone was not there yet; one of a customer list was.
            let spoke_by_then = of(&corpus.records);
            corpus.accounts.retain(|id, account| {
                let facts = &account.facts;
                let is_listed =
                    facts.plan.is_some() || facts.arr.is_some() || facts.segment.is_some() || facts.stage.is_some();
                is_listed || spoke_by_then.contains(id) || !spoke.contains(id)
            });
            let kept: BTreeSet<SignalId> = corpus.signals.iter().map(|signal| signal.id).collect();
            for Ranked { insight, .. } in &mut ranked {
                insight.members.retain(|id| kept.contains(id));
                insight.quotes.retain(|quote| kept.contains(&quote.signal_id));
                insight.dissent.retain(|quote| kept.contains(&quote.signal_id));
                insight.n_signals = insight.members.len() as u32;
                insight.heard = insight.heard.map(|(first, last)| (first, last.min(end)));
            }
            ranked.retain(|ranked| !ranked.insight.members.is_empty());
            // Needs are read again from what had been said.
            let personas = crate::stages::personas(settings);
            for Ranked { insight, needs, .. } in &mut ranked {
                *needs = throughline_frames::needs(insight, &corpus, &personas);
            }
        }
        corpus.as_of = at.or(corpus.as_of);
        let settings = throughline_plan::strategy::usable(settings, corpus.as_of);
        let mut replay =
            Self { settings, corpus, voices, usage, insights: Vec::new(), needs: Vec::new(), scores: Vec::new() };
        for Ranked { insight, needs, score, .. } in ranked {
            replay.insights.push(insight);
            replay.needs.push(needs);
            replay.scores.push(score);
        }
        replay
    }

    fn facts<'a>(&'a self, session: &'a Session) -> Facts<'a> {
        let (rubric, settings, code) = (session.rubric(), &self.settings, session.code_map());
        let given = Given { corpus: &self.corpus, voices: &self.voices, settings, usage: &self.usage, code };
        Facts::new(given, &self.insights, &self.needs, &rubric.references)
    }

    pub(crate) fn scores(&self, session: &Session) -> Vec<Score> {
        throughline_score::scores(session.rubric(), &self.facts(session), &self.insights, &self.needs)
    }
}
