//! Attempts at a declared funnel, and where they stop.
//!
//! An attempt begins with the first step and goes on with each next one, all within the funnel's hours. One person's
//! first steps within an unfinished attempt belong to it: who opens a page three times before finishing tried once. That
//! is why attempts are counted, not people: somebody who plans a rota every week has thirteen goes in a quarter, and
//! what stops nine of them would not show among distinct people.
//!
//! Some funnels pass from hand to hand (one asks, another approves). Followed by person they would stop at the first
//! step, so attempts are followed within the account as well, where a step goes to the oldest attempt waiting for it;
//! that reading is taken where the other loses more than half of what it finds.

use super::{Told, phrase};
use std::collections::{BTreeMap, VecDeque};
use throughline_model::Timestamp;
use throughline_model::settings::Funnel;
use throughline_model::time::DAY_SECS;

/// Hours from the first step to the last where the funnel states none.
const DEFAULT_HOURS: f64 = 24.0;
/// Seconds in an hour, the grain in which attempts are filed by their start.
const HOUR_SECS: i64 = 3_600;
/// Attempts of one account that wait for a step; beyond this the oldest is given up.
const MOST_WAITING: usize = 4_096;

#[derive(Clone, Copy)]
struct Attempt {
    started: Timestamp,
    /// The last step reached.
    step: usize,
}

/// Attempts by the hour they began in, and how many of them reached each step.
#[derive(Default)]
struct Tally {
    reached_from_hour: BTreeMap<i64, Vec<u64>>,
}

impl Tally {
    fn add(&mut self, started: Timestamp, step: usize, n_steps: usize) {
        let hour = started.0.div_euclid(HOUR_SECS);
        let reached = self.reached_from_hour.entry(hour).or_insert_with(|| vec![0; n_steps]);
        reached[step] += 1;
        // What lies before the window cannot come back.
        let oldest = hour.saturating_sub(i64::from(super::WINDOW_DAYS + 2) * 24);
        while self.reached_from_hour.first_key_value().is_some_and(|(hour, _)| *hour < oldest) {
            self.reached_from_hour.pop_first();
        }
    }
}

/// One funnel and the attempts at it.
pub(super) struct Attempts {
    id: String,
    name: String,
    steps: Vec<String>,
    within_secs: i64,
    of_person: BTreeMap<u32, Attempt>,
    of_account: BTreeMap<u32, VecDeque<Attempt>>,
    by_person: Tally,
    by_account: Tally,
}

impl Attempts {
    /// None for a funnel without steps to go through.
    pub(super) fn new(funnel: &Funnel) -> Option<Self> {
        if funnel.steps.len() < 2 {
            return None;
        }
        let hours = funnel.within_hours.filter(|hours| hours.is_finite() && *hours > 0.0).unwrap_or(DEFAULT_HOURS);
        Some(Self {
            id: funnel.id.clone(),
            name: if funnel.name.is_empty() { funnel.id.clone() } else { funnel.name.clone() },
            steps: funnel.steps.clone(),
            within_secs: (hours * HOUR_SECS as f64) as i64,
            of_person: BTreeMap::new(),
            of_account: BTreeMap::new(),
            by_person: Tally::default(),
            by_account: Tally::default(),
        })
    }

    /// Its short name.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Takes an event; most are no step of it.
    pub(super) fn take(&mut self, name: &str, person: Option<u32>, account: Option<u32>, at: Timestamp) {
        // A name may stand for two steps; the later one is tried first, so that one event is one step.
        let steps: Vec<usize> = (0..self.steps.len()).rev().filter(|step| self.steps[*step] == name).collect();
        if steps.is_empty() {
            return;
        }
        if let Some(person) = person {
            self.take_of_person(person, &steps, at);
        }
        if let Some(account) = account {
            self.take_of_account(account, &steps, at);
        }
    }

    fn take_of_person(&mut self, person: u32, steps: &[usize], at: Timestamp) {
        let n_steps = self.steps.len();
        let open = self
            .of_person
            .get_mut(&person)
            .filter(|attempt| attempt.step + 1 < n_steps && is_within(attempt, at, self.within_secs));
        match open {
            Some(attempt) if steps.contains(&(attempt.step + 1)) => {
                attempt.step += 1;
                self.by_person.add(attempt.started, attempt.step, n_steps);
            }
            None if steps.contains(&0) => {
                self.of_person.insert(person, Attempt { started: at, step: 0 });
                self.by_person.add(at, 0, n_steps);
            }
            Some(_) | None => {}
        }
    }

    fn take_of_account(&mut self, account: u32, steps: &[usize], at: Timestamp) {
        let n_steps = self.steps.len();
        let waiting = self.of_account.entry(account).or_default();
        while waiting.front().is_some_and(|attempt| !is_within(attempt, at, self.within_secs)) {
            waiting.pop_front();
        }
        let next = steps.iter().find_map(|step| {
            let at = waiting.iter().position(|attempt| attempt.step + 1 == *step)?;
            Some((at, *step))
        });
        if let Some((position, step)) = next {
            self.by_account.add(waiting[position].started, step, n_steps);
            if step + 1 == n_steps {
                waiting.remove(position);
            } else {
                waiting[position].step = step;
            }
        } else if steps.contains(&0) {
            waiting.push_back(Attempt { started: at, step: 0 });
            self.by_account.add(at, 0, n_steps);
            if waiting.len() > MOST_WAITING {
                waiting.pop_front();
            }
        }
    }

    /// First and last hour in which counted attempts began: within the window, and long enough ago to have had their time.
    fn hours(&self, newest: Timestamp) -> (i64, i64) {
        let first_day = newest.0.div_euclid(DAY_SECS) - i64::from(super::WINDOW_DAYS) + 1;
        (first_day * 24, newest.0.saturating_sub(self.within_secs).div_euclid(HOUR_SECS))
    }

    fn sum(&self, tally: &Tally, newest: Timestamp) -> Vec<u64> {
        let (first, last) = self.hours(newest);
        let mut counts = vec![0; self.steps.len()];
        if first <= last {
            for reached in tally.reached_from_hour.range(first..=last).map(|(_, reached)| reached) {
                counts.iter_mut().zip(reached).for_each(|(sum, n)| *sum += n);
            }
        }
        counts
    }

    /// How many attempts reached each step.
    pub(super) fn counts(&self, newest: Timestamp) -> Vec<u64> {
        let by_person = self.sum(&self.by_person, newest);
        let by_account = self.sum(&self.by_account, newest);
        let share = |counts: &[u64], step: usize| counts[step] as f64 / counts[0].max(1) as f64;
        let passes_hands = (1..self.steps.len()).any(|step| share(&by_person, step) < 0.5 * share(&by_account, step));
        if passes_hands { by_account } else { by_person }
    }

    /// A sentence for each step at which attempts stop, with an id: steps are numbered from 1.
    pub(super) fn sentences(&self, newest: Timestamp) -> Vec<Told> {
        let counts = self.counts(newest);
        let (first, last) = self.hours(newest);
        let days = phrase::between(first.div_euclid(24), last.div_euclid(24));
        let hours = self.within_secs as f64 / HOUR_SECS as f64;
        let stops = |step: usize| {
            let (n_before, n_after) = (counts[step - 1], counts[step]);
            let n_lost = n_before.saturating_sub(n_after);
            if n_before < super::LEAST_CASES || n_lost == 0 {
                return None;
            }
            let (from, to) = (phrase::words(&self.steps[step - 1]), phrase::words(&self.steps[step]));
            let sentence = format!(
                "{}: {n_lost} of {n_before} attempts that got to \"{from}\" ({}) did not go on to \"{to}\" within {hours} hours \
                 of their start, counting attempts begun {days}.",
                self.name,
                phrase::percent(n_lost, n_before),
            );
            let about = format!("{}: {from}, then {to}", self.name);
            Some(Told { id: format!("funnel:{}:{}", self.id, step + 1), about, sentence })
        };
        (1..self.steps.len()).filter_map(stops).collect()
    }
}

fn is_within(attempt: &Attempt, at: Timestamp, secs: i64) -> bool {
    at.0.saturating_sub(attempt.started.0) <= secs
}
