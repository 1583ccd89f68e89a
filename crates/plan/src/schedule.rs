//! Now, next and later: what is started when, within declared capacity, each with its reason.
//!
//! The order of claims: gates (must do, fix now), promises that fall due, what somebody accepted; then the solver fills
//! what is left of both periods so that their worth is highest. Nothing that was rejected, or is against a non-goal
//! and was not accepted, is ever placed.
//!
//! In: insights in rank order with needs, scores and totals, settings, decisions. Out: the same places with period,
//! reason and effort, the periods with what is taken, and the proof of the choice.
//! Invariant: what is placed by the solver keeps to capacity; only gates, promises and accepted work may run over the
//! end of a period, and then they take from the next. Order of input does not matter.

use crate::effort::{days, effort, people_days};
use crate::links::{Link, links};
use crate::solver::{self, Choice, N_PERIODS};
use std::collections::BTreeMap;
use throughline_model::decision::Verdict;
use throughline_model::plan::{Effort, Horizon, Place, Plan, Window};
use throughline_model::strategy::Commitment;
use throughline_model::{CheckState, Citation, Insight, InsightId, Need, Score, Settings, Timestamp};

/// So many more points double the worth: the checks of reach and revenue grow with the logarithm of what they count,
/// so points are factors and not addends. The value is chosen, untested.
const DOUBLES_AT: f64 = 6.0;
/// A promise that falls due within so many days after the last period is worked on within it.
const DUE_DAYS: i64 = 90;

/// A decision that counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Ruling {
    /// What was decided.
    pub verdict: Verdict,
    /// Who and why, in one clause.
    pub because: String,
}

/// One insight with what the plan reads of it.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// The insight.
    pub insight: &'a Insight,
    /// Its needs.
    pub needs: &'a [Need],
    /// Its score.
    pub score: &'a Score,
    /// Its total under the weights of the plan.
    pub total: f64,
}

/// Gives every place of `ranked` a period and a reason.
#[must_use]
pub fn schedule(
    settings: &Settings,
    as_of: Option<Timestamp>,
    ranked: Plan,
    candidates: &[Candidate<'_>],
    rulings: &BTreeMap<InsightId, Ruling>,
) -> Plan {
    let by_id: BTreeMap<InsightId, &Candidate<'_>> = candidates.iter().map(|c| (c.insight.id, c)).collect();
    let needs: Vec<(InsightId, &[Need])> = by_id.iter().map(|(id, candidate)| (*id, candidate.needs)).collect();
    let mut plan = ranked;
    let mut links = links(settings, &needs);
    let Some(windows) = windows(settings, as_of) else {
        for place in &mut plan.places {
            let candidate = by_id.get(&place.insight_id);
            place.effort = candidate.and_then(|c| effort(settings, c.insight.id, c.needs, c.score).ok());
            place.horizon = Horizon::Unplanned;
            "no capacity is declared: add people_days_per_period to [capacity], then a period can be promised"
                .clone_into(&mut place.reason);
        }
        return plan;
    };
    let order: Vec<InsightId> = plan.places.iter().map(|place| place.insight_id).collect();
    let mut board = Board::new(windows);
    let mut efforts: BTreeMap<InsightId, Effort> = BTreeMap::new();
    let mut open: Vec<InsightId> = Vec::new();
    for id in &order {
        let Some(candidate) = by_id.get(id) else { continue };
        match effort(settings, *id, candidate.needs, candidate.score) {
            Ok(effort) => drop(efforts.insert(*id, effort)),
            Err(why) => board.put(*id, Horizon::Unplanned, why),
        }
        if let Some((horizon, reason)) = closed(candidate, rulings.get(id)) {
            board.put(*id, horizon, reason);
        } else if efforts.contains_key(id) {
            open.push(*id);
        }
    }
    // What cannot be honoured is not waited for: its own place says why it is not planned.
    for (id, links) in &mut links {
        links.retain(|link| *id != link.first && (open.contains(&link.first) || link.is_declared));
    }
    let claims = claims(settings, as_of, &board.windows, &open, &by_id, rulings);
    for claim in &claims {
        board.claim(claim, efforts[&claim.id].likely_days);
    }
    // What comes first and cannot be sized is told with its claim: nobody should find a promise among the unplanned.
    let unsized_ids: Vec<InsightId> = order
        .iter()
        .filter(|id| matches!(board.placed.get(id), Some((Horizon::Unplanned, _))) && by_id.contains_key(id))
        .copied()
        .collect();
    for claim in self::claims(settings, as_of, &board.windows, &unsized_ids, &by_id, rulings) {
        if let Some((_, reason)) = board.placed.get_mut(&claim.id) {
            *reason = format!("{}; but {reason}", claim.because);
        }
    }
    open.retain(|id| !claims.iter().any(|claim| claim.id == *id));
    plan.proof = board.fill(&open, &by_id, &efforts, &links);
    for place in &mut plan.places {
        place.effort = efforts.remove(&place.insight_id);
        place.waits_for =
            links.get(&place.insight_id).map(|links| links.iter().map(|link| link.first).collect()).unwrap_or_default();
        if let Some((horizon, reason)) = board.placed.remove(&place.insight_id) {
            (place.horizon, place.reason) = (horizon, reason);
        }
    }
    plan.windows = board.windows;
    plan
}

/// The first two periods that have not ended; none when no capacity is declared.
fn windows(settings: &Settings, as_of: Option<Timestamp>) -> Option<Vec<Window>> {
    let capacity = settings.capacity.as_ref()?;
    let usual = capacity.people_days_per_period;
    let has_ended = |ends: Option<Timestamp>| ends.zip(as_of).is_some_and(|(ends, now)| ends < now);
    let mut windows: Vec<Window> = capacity
        .periods
        .iter()
        .filter(|period| !has_ended(period.ends_on.map(|day| day.0)))
        .filter_map(|period| {
            Some(Window {
                horizon: Horizon::Now,
                name: period.id.clone(),
                ends_on: period.ends_on.map(|day| day.0),
                capacity_days: (period.people_days.or(usual)? - period.committed_people_days.unwrap_or(0.0)).max(0.0),
                taken_days: 0.0,
            })
        })
        .take(N_PERIODS)
        .collect();
    while windows.len() < N_PERIODS {
        let name = if windows.is_empty() { "now" } else { "next" };
        let Some(usual) = usual else { break };
        windows.push(Window {
            horizon: Horizon::Now,
            name: name.to_owned(),
            ends_on: None,
            capacity_days: usual,
            taken_days: 0.0,
        });
    }
    for (window, horizon) in windows.iter_mut().zip([Horizon::Now, Horizon::Next]) {
        window.horizon = horizon;
    }
    (!windows.is_empty()).then_some(windows)
}

/// Why an insight is never placed, or not before later.
fn closed(candidate: &Candidate<'_>, ruling: Option<&Ruling>) -> Option<(Horizon, String)> {
    match ruling.map(|ruling| (ruling.verdict, &ruling.because)) {
        Some((Verdict::Reject, because)) => return Some((Horizon::Never, because.clone())),
        Some((Verdict::Defer, because)) => return Some((Horizon::Later, because.clone())),
        Some((Verdict::Accept, _)) => return None,
        None => {}
    }
    let (badge, reason) = candidate.score.badges.iter().find(|(badge, _)| badge == "against a non-goal")?;
    Some((
        Horizon::Never,
        format!("{badge}: {reason}; `throughline decide {} accept` overrides it, with a reason", candidate.insight.id),
    ))
}

/// Something that comes before the choice.
struct Claim {
    id: InsightId,
    /// First period that it may be placed in.
    period: usize,
    because: String,
}

/// Gates in rank order, then promises by day, then accepted work in rank order.
fn claims(
    settings: &Settings,
    as_of: Option<Timestamp>,
    windows: &[Window],
    open: &[InsightId],
    by_id: &BTreeMap<InsightId, &Candidate<'_>>,
    rulings: &BTreeMap<InsightId, Ruling>,
) -> Vec<Claim> {
    let mut claims: Vec<Claim> = Vec::new();
    let is_claimed = |claims: &[Claim], id: InsightId| claims.iter().any(|claim| claim.id == id);
    for gate in ["must do", "fix now"] {
        for id in open {
            let badge = by_id[id].score.badges.iter().find(|(badge, _)| badge == gate);
            if let Some((badge, reason)) = badge.filter(|_| !is_claimed(&claims, *id)) {
                claims.push(Claim { id: *id, period: 0, because: format!("{badge}: {reason}") });
            }
        }
    }
    let mut promised: Vec<(Timestamp, InsightId, usize, String)> = Vec::new();
    for id in open.iter().filter(|id| !is_claimed(&claims, **id)) {
        for promise in promises(settings, by_id[id].score) {
            let Some(due) = promise.due_on.map(|day| day.0) else { continue };
            if let Some(period) = due_in(due, windows, as_of) {
                let strength = promise.strength.as_deref().unwrap_or("stated");
                let because = format!("promised to {} by {} ({strength})", promise.customer, due.long_date());
                promised.push((due, *id, period, because));
            }
        }
    }
    promised.sort();
    for (_, id, period, because) in promised {
        if !is_claimed(&claims, id) {
            claims.push(Claim { id, period, because });
        }
    }
    for id in open {
        let accepted = rulings.get(id).filter(|ruling| ruling.verdict == Verdict::Accept);
        if let Some(ruling) = accepted.filter(|_| !is_claimed(&claims, *id)) {
            claims.push(Claim { id: *id, period: 0, because: ruling.because.clone() });
        }
    }
    claims
}

/// Promises in writing that the score found the insight to answer.
pub(crate) fn promises<'s>(settings: &'s Settings, score: &Score) -> Vec<&'s Commitment> {
    let check = score.checks.iter().find(|check| check.id == "SA-14" && check.state == CheckState::Scored);
    let cited = |promise: &Commitment| {
        check.is_some_and(|check| {
            let path = format!("strategy.commitments.{}", promise.id);
            check.evidence.iter().any(|c| matches!(c, Citation::Strategy { path: cited } if *cited == path))
        })
    };
    let all = settings.strategy.commitments.iter().flatten();
    all.filter(|promise| matches!(promise.strength.as_deref(), Some("contract" | "written")) && cited(promise))
        .collect()
}

/// The latest period whose work is out by the day: the last one that has ended by then, else the first; none when the
/// day is so far off that later will do.
fn due_in(due: Timestamp, windows: &[Window], as_of: Option<Timestamp>) -> Option<usize> {
    let last_end = windows.iter().filter_map(|window| window.ends_on).max().or(as_of);
    if last_end.is_some_and(|end| due.days_since(end) > DUE_DAYS) {
        return None;
    }
    let in_time = windows.iter().rposition(|window| window.ends_on.is_some_and(|ends| ends <= due));
    Some(in_time.unwrap_or(0))
}

/// Periods and what was put where.
struct Board {
    windows: Vec<Window>,
    placed: BTreeMap<InsightId, (Horizon, String)>,
}

impl Board {
    fn new(windows: Vec<Window>) -> Self {
        Self { windows, placed: BTreeMap::new() }
    }

    fn put(&mut self, id: InsightId, horizon: Horizon, reason: String) {
        self.placed.insert(id, (horizon, reason));
    }

    fn left(&self, at: usize) -> f64 {
        self.windows.get(at).map_or(0.0, |window| (window.capacity_days - window.taken_days).max(0.0))
    }

    /// Starts a claim in the first period from its own on with anything left; what is more runs over into the next.
    fn claim(&mut self, claim: &Claim, likely: f64) {
        let Some(at) = (claim.period..self.windows.len()).find(|at| self.left(*at) > 0.0) else {
            // A promise that may wait a period comes now when the next one is full.
            if let Some(at) = (0..claim.period.min(self.windows.len())).find(|at| self.left(*at) > 0.0) {
                self.start(claim, likely, at);
                return;
            }
            let because = &claim.because;
            self.put(
                claim.id,
                Horizon::Later,
                format!("{because}; but both periods are full of work that comes first: raise capacity, or decide what waits"),
            );
            return;
        };
        self.start(claim, likely, at);
    }

    fn start(&mut self, claim: &Claim, likely: f64, at: usize) {
        let mut rest = likely;
        let mut over = 0.0;
        for period in at..self.windows.len() {
            let takes = rest.min(self.left(period));
            self.windows[period].taken_days += takes;
            rest -= takes;
            if period > at {
                over += takes;
            }
        }
        let window = &self.windows[at];
        let mut reason =
            format!("{}; takes {} of {} people-days", claim.because, days(likely), days(window.capacity_days));
        if over > 0.0 {
            reason.push_str(&format!(", {} of them in the period after", days(over)));
        }
        if rest > 0.0 {
            reason.push_str(&format!("; {} find no room in either period", days(rest)));
        }
        let horizon = window.horizon;
        self.put(claim.id, horizon, reason);
    }

    /// Lets the solver fill what is left.
    fn fill(
        &mut self,
        open: &[InsightId],
        by_id: &BTreeMap<InsightId, &Candidate<'_>>,
        efforts: &BTreeMap<InsightId, Effort>,
        links: &BTreeMap<InsightId, Vec<Link>>,
    ) -> Option<throughline_model::plan::Proof> {
        let of = |id: &InsightId| links.get(id).map_or(&[][..], Vec::as_slice);
        // What waits on something that is in neither period waits as long; in the end only open ones and placed ones are left.
        let mut open: Vec<InsightId> = open.to_vec();
        loop {
            let is_out = |id: &InsightId| {
                of(id).iter().find(|link| {
                    !open.contains(&link.first)
                        && !matches!(self.placed.get(&link.first), Some((Horizon::Now | Horizon::Next, _)))
                })
            };
            let Some((at, link)) = open.iter().enumerate().find_map(|(at, id)| Some((at, is_out(id)?))) else { break };
            let reason = format!("waits for {}, which is not planned yet: {}", named(link.first, by_id), link.why);
            let id = open.remove(at);
            self.put(id, Horizon::Later, reason);
        }
        open.sort_by(|a, b| by_id[b].total.total_cmp(&by_id[a].total).then(a.cmp(b)));
        let position: BTreeMap<InsightId, usize> = open.iter().enumerate().map(|(at, id)| (*id, at)).collect();
        let choices: Vec<Choice> = open
            .iter()
            .map(|id| Choice {
                worth: libm::exp2(by_id[id].total / DOUBLES_AT),
                days: efforts[id].likely_days.max(f64::EPSILON),
                earliest: of(id)
                    .iter()
                    .map(|link| usize::from(matches!(self.placed.get(&link.first), Some((Horizon::Next, _)))))
                    .max()
                    .unwrap_or(0),
                needs: of(id).iter().filter_map(|link| position.get(&link.first).copied()).collect(),
            })
            .collect();
        let left = [self.left(0), self.left(1)];
        let solved = solver::solve(&choices, left);
        let mut after = left;
        for (choice, period) in choices.iter().zip(&solved.period) {
            if let Some(at) = period {
                after[*at] -= choice.days;
                self.windows[*at].taken_days += choice.days;
            }
        }
        let lowest = |at: usize| {
            let within = choices.iter().zip(&solved.period).filter(|(_, period)| **period == Some(at));
            within.map(|(choice, _)| choice.worth / choice.days).fold(f64::INFINITY, f64::min)
        };
        let lowest = [lowest(0), lowest(1)];
        let is_all = solved.period.iter().all(|period| *period == Some(0));
        let beats = if is_all { "" } else { ", and worth more than what waits" };
        for ((id, choice), period) in open.iter().zip(&choices).zip(&solved.period) {
            let takes = people_days(choice.days);
            let waits = of(id).iter().map(|link| format!("; after {}: {}", named(link.first, by_id), link.why));
            let waits: String = waits.collect();
            let (horizon, reason) = match period {
                Some(0) => (
                    Horizon::Now,
                    format!("fits: {takes} of the {} left after what comes first{beats}{waits}", days(left[0])),
                ),
                Some(_) => (
                    Horizon::Next,
                    if choice.days > left[0] {
                        format!("next: {takes} are more than the {} that now has left{waits}", days(left[0]))
                    } else {
                        format!(
                            "next: now is filled with work that is worth more a day; {takes} of {} here{waits}",
                            days(left[1])
                        )
                    },
                ),
                None => {
                    let room = left[0].max(left[1]);
                    let why = if choice.days > room {
                        format!(
                            "{takes} are more than the {} that either period has left: split it or raise capacity",
                            days(room)
                        )
                    } else if choice.worth / choice.days < lowest[0].min(lowest[1]) {
                        format!("{takes} buy less than anything that was placed")
                    } else {
                        format!(
                            "{takes} do not fit beside what is worth more together; now has {} left and next {}",
                            days(after[0].max(0.0)),
                            days(after[1].max(0.0))
                        )
                    };
                    (Horizon::Later, format!("later: {why}{waits}"))
                }
            };
            self.put(*id, horizon, reason);
        }
        (!choices.is_empty()).then_some(solved.proof)
    }
}

fn named(id: InsightId, by_id: &BTreeMap<InsightId, &Candidate<'_>>) -> String {
    by_id.get(&id).map_or_else(|| id.to_string(), |candidate| format!("“{}”", candidate.insight.label))
}

/// The same places in the order of other totals, for what-if questions; ties by id, bands left as they are.
#[must_use]
pub fn reordered(plan: &Plan, totals: &BTreeMap<InsightId, f64>) -> Plan {
    let mut places: Vec<Place> = plan.places.clone();
    let total = |place: &Place| totals.get(&place.insight_id).copied().unwrap_or(0.0);
    places.sort_by(|a, b| total(b).total_cmp(&total(a)).then(a.rank.cmp(&b.rank)));
    for (at, place) in places.iter_mut().enumerate() {
        place.rank = at as u32 + 1;
    }
    Plan { places, ..Plan::default() }
}
