//! What people did, told in sentences: events counted into statements that stand beside the spoken ones.
//!
//! Three things are looked for: attempts at a declared funnel that stop half-way, days on a surface with errors or
//! angry clicks, and acts that somebody repeats by hand week after week. Each becomes one sentence with its
//! denominator; the same counts go to scoring as [`Usage`].
//!
//! In: events in order of time (one that is late is still placed on its day). Out: [`Observed`].
//! Cost: a few look-ups an event. Memory: one word of days for each person and surface they were on, and for each act
//! somebody repeats on a named thing within the window; nothing grows with the number of events.
//! Invariant: counted are the last [`WINDOW_DAYS`] days up to the newest event; the same events give the same sentences.

mod days;
mod funnel;
mod phrase;

use days::Days;
use funnel::Attempts;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use throughline_model::event::EventKind;
use throughline_model::settings::Surface;
use throughline_model::time::DAY_SECS;
use throughline_model::{Corpus, Event, PartRole, RawPart, RawRecord, Settings, Signal, SourceKind, Timestamp};

/// Days that statements are counted over, the newest event's included.
pub const WINDOW_DAYS: u32 = 90;
/// Days in which somebody counts as active: four weeks, so that every weekday weighs the same.
pub const ACTIVE_DAYS: u32 = 28;
/// Times that an act must come back at weekly intervals to be called a habit.
const LEAST_TIMES: usize = 3;
/// Accounts in which a habit must be seen before it is told.
const LEAST_ACCOUNTS: usize = 2;
/// Attempts or sessions below which a share says nothing.
const LEAST_CASES: u64 = 5;
/// Without declared surfaces each page is one, up to so many.
const MOST_PAGES: usize = 200;
/// Acts remembered before those out of the window are let go.
const PRUNE_AT: usize = 100_000;

/// What people did, as numbers. Everything is empty when there are no events.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Distinct people active in the last [`ACTIVE_DAYS`].
    pub n_active: u64,
    /// Distinct people on each surface in the last [`ACTIVE_DAYS`], by surface id.
    pub n_people_by_surface: BTreeMap<String, u64>,
    /// Sessions on each surface in the last [`WINDOW_DAYS`], and those with a failure or rage clicks. A session is one
    /// person's day there.
    pub friction_by_surface: BTreeMap<String, (u64, u64)>,
    /// Attempts that reached each step in the last [`WINDOW_DAYS`], by funnel id.
    pub funnel_counts: BTreeMap<String, Vec<u64>>,
}

/// What the events say.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Observed {
    /// One sentence each, with external ids that stay the same from run to run.
    pub statements: Vec<RawRecord>,
    /// The counts behind them.
    pub usage: Usage,
}

/// What is told of people's acts.
struct Told {
    id: String,
    /// What it is about, without the numbers and the words that all such sentences share: what is compared with what
    /// people say.
    about: String,
    sentence: String,
}

/// What a statement is about, for comparing it with others: its words, or, of a sentence that this module made, the
/// title without the numbers.
#[must_use]
pub fn about<'a>(corpus: &'a Corpus, signal: &Signal) -> &'a str {
    let title = || {
        let record = corpus.record(signal.record_id)?;
        let [title, observed] = &record.parts[..] else { return None };
        let is_ours = title.role == PartRole::Title && observed.role == PartRole::Observation;
        is_ours.then(|| record.slice(title.span))
    };
    let title = if signal.source_kind == SourceKind::Analytics { title() } else { None };
    title.unwrap_or_else(|| corpus.text(signal))
}

/// A place in the product.
struct Place {
    id: String,
    name: String,
}

/// A person, an act, and the name of the thing it was done to.
type Repeated = (u32, u32, Box<str>);

/// Gathers events one by one.
pub struct Observer {
    places: Vec<Place>,
    /// Whether surfaces were declared; otherwise every page is a place.
    is_declared: bool,
    /// Page patterns in pieces, with the place they belong to.
    pages: Vec<(Vec<String>, u32)>,
    place_from_event: BTreeMap<String, u32>,
    place_from_page: BTreeMap<String, u32>,
    funnels: Vec<Attempts>,
    people: Names,
    accounts: Names,
    acts: Names,
    /// Days of each person anywhere.
    days_of_person: BTreeMap<u32, Days>,
    /// Days of each person at each place, and which of them had trouble.
    days_at_place: BTreeMap<(u32, u32), (Days, Days)>,
    days_of_account: BTreeMap<u32, Days>,
    /// Days on which a person did an act to a named thing, in which account.
    repeats: BTreeMap<Repeated, (Option<u32>, Days)>,
    prune_at: usize,
    n_events_by_source: BTreeMap<String, u64>,
    newest: Option<Timestamp>,
}

/// Numbers for names, in order of appearance.
#[derive(Default)]
struct Names {
    number_from_name: BTreeMap<String, u32>,
}

impl Names {
    /// The number of a name; none for an empty one.
    fn number(&mut self, name: &str) -> Option<u32> {
        if name.is_empty() {
            return None;
        }
        if let Some(known) = self.number_from_name.get(name) {
            return Some(*known);
        }
        let next = self.number_from_name.len() as u32;
        self.number_from_name.insert(name.to_owned(), next);
        Some(next)
    }
}

impl Observer {
    /// An observer of the declared funnels and surfaces.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        let surfaces = &settings.surfaces;
        let numbered = || (0_u32..).zip(surfaces);
        let pieces = |page: &String| page.trim_matches('/').split('/').map(str::to_owned).collect::<Vec<_>>();
        Self {
            places: surfaces.iter().map(|surface| Place { id: surface.id.clone(), name: name_of(surface) }).collect(),
            is_declared: !surfaces.is_empty(),
            pages: numbered()
                .flat_map(|(at, surface)| surface.pages.iter().map(move |page| (pieces(page), at)))
                .collect(),
            // The first surface that names an event has it.
            place_from_event: numbered()
                .collect::<Vec<_>>()
                .into_iter()
                .rev()
                .flat_map(|(at, surface)| surface.events.iter().map(move |event| (event.clone(), at)))
                .collect(),
            place_from_page: BTreeMap::new(),
            funnels: settings.funnels.iter().filter_map(Attempts::new).collect(),
            people: Names::default(),
            accounts: Names::default(),
            acts: Names::default(),
            days_of_person: BTreeMap::new(),
            days_at_place: BTreeMap::new(),
            days_of_account: BTreeMap::new(),
            repeats: BTreeMap::new(),
            prune_at: PRUNE_AT,
            n_events_by_source: BTreeMap::new(),
            newest: None,
        }
    }

    /// Takes one event. Undated ones, and those that say who somebody is, are not counted.
    pub fn take(&mut self, event: &Event) {
        let Some(at) = event.at.filter(|_| event.kind != EventKind::Identity) else { return };
        let day = at.0.div_euclid(DAY_SECS);
        self.newest = self.newest.max(Some(at));
        match self.n_events_by_source.get_mut(&event.source) {
            Some(n) => *n += 1,
            None => {
                self.n_events_by_source.insert(event.source.clone(), 1);
            }
        }
        let person = self.people.number(&event.who);
        let account = self.accounts.number(&event.account);
        if let Some(account) = account {
            self.days_of_account.entry(account).or_default().mark(day);
        }
        for funnel in &mut self.funnels {
            funnel.take(&event.name, person, account, at);
        }
        let Some(person) = person else { return };
        self.days_of_person.entry(person).or_default().mark(day);
        if let Some(place) = self.place(event) {
            let (seen, troubled) = self.days_at_place.entry((person, place)).or_default();
            seen.mark(day);
            if matches!(event.kind, EventKind::Failure | EventKind::Rage) {
                troubled.mark(day);
            }
        }
        if event.kind == EventKind::Act
            && !event.object.is_empty()
            && let Some(act) = self.acts.number(&event.name)
        {
            let (of, days) = self.repeats.entry((person, act, event.object.as_str().into())).or_default();
            *of = account.or(*of);
            days.mark(day);
            self.prune(day);
        }
    }

    /// Lets acts go that are older than the window, each time their number has doubled.
    fn prune(&mut self, today: i64) {
        if self.repeats.len() >= self.prune_at {
            self.repeats.retain(|_, (_, days)| days.n_within(today, WINDOW_DAYS) > 0);
            self.prune_at = PRUNE_AT.max(2 * self.repeats.len());
        }
    }

    /// Where an event happened: on the surface of its page, else on the one that its name belongs to.
    fn place(&mut self, event: &Event) -> Option<u32> {
        let page = event.surface.trim_matches('/');
        if !self.is_declared {
            if page.is_empty() {
                return None;
            }
            if !self.place_from_page.contains_key(page) && self.places.len() < MOST_PAGES {
                self.place_from_page.insert(page.to_owned(), self.places.len() as u32);
                self.places.push(Place { id: event.surface.clone(), name: event.surface.clone() });
            }
            return self.place_from_page.get(page).copied();
        }
        let fits = |pattern: &[String]| {
            let mut pieces = page.split('/');
            pattern.iter().all(|wanted| pieces.next().is_some_and(|piece| wanted == "*" || wanted == piece))
                && pieces.next().is_none()
        };
        let of_page = self.pages.iter().find(|(pattern, _)| fits(pattern)).map(|(_, place)| *place);
        of_page.or_else(|| self.place_from_event.get(&event.name).copied())
    }

    /// The statements and counts.
    #[must_use]
    pub fn finish(self) -> Observed {
        let Some(newest) = self.newest else { return Observed::default() };
        let most = self.n_events_by_source.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)));
        let source = most.map_or("", |(source, _)| source.as_str());
        let mut sentences: Vec<Told> = Vec::new();
        let mut usage = Usage::default();
        let today = newest.0.div_euclid(DAY_SECS);
        let is_active = |days: &Days| days.n_within(today, ACTIVE_DAYS) > 0;
        usage.n_active = self.days_of_person.values().filter(|days| is_active(days)).count() as u64;
        for funnel in &self.funnels {
            sentences.extend(funnel.sentences(newest));
            usage.funnel_counts.insert(funnel.id().to_owned(), funnel.counts(newest));
        }
        self.tell_places(today, &mut usage, &mut sentences);
        self.tell_repeats(today, &mut sentences);
        let statements = sentences
            .into_iter()
            .map(|told| {
                let mut record = RawRecord::new(source, SourceKind::Analytics, &told.id, &told.sentence);
                record.created_at = Some(newest);
                for part in &mut record.parts {
                    part.role = PartRole::Observation;
                }
                let title = RawPart { role: PartRole::Title, author: None, at: None, clock_ms: None, text: told.about };
                record.parts.insert(0, title);
                record
            })
            .collect();
        Observed { statements, usage }
    }

    fn tell_places(&self, today: i64, usage: &mut Usage, sentences: &mut Vec<Told>) {
        for (at, place) in (0_u32..).zip(&self.places) {
            let on_it = self.days_at_place.iter().filter(|((_, other), _)| *other == at).map(|(_, days)| days);
            let (mut n_people, mut n_sessions, mut n_troubled) = (0, 0, 0);
            for (seen, troubled) in on_it {
                n_people += u64::from(seen.n_within(today, ACTIVE_DAYS) > 0);
                n_sessions += u64::from(seen.n_within(today, WINDOW_DAYS));
                n_troubled += u64::from(troubled.n_within(today, WINDOW_DAYS));
            }
            if n_sessions == 0 {
                continue;
            }
            usage.n_people_by_surface.insert(place.id.clone(), n_people);
            usage.friction_by_surface.insert(place.id.clone(), (n_sessions, n_troubled));
            if n_troubled > 0 && n_sessions >= LEAST_CASES {
                let sentence = format!(
                    "On {}, people ran into errors or clicked in anger in {n_troubled} of {n_sessions} sessions ({}) \
                     {}; a session is one person's day there.",
                    place.name,
                    phrase::percent(n_troubled, n_sessions),
                    phrase::between(today - i64::from(WINDOW_DAYS) + 1, today),
                );
                sentences.push(Told {
                    id: format!("surface:{}", place.id),
                    about: format!("Errors and angry clicks on {}", place.name),
                    sentence,
                });
            }
        }
    }

    /// Acts that people of several accounts repeat on the same thing week after week.
    fn tell_repeats(&self, today: i64, sentences: &mut Vec<Told>) {
        let is_active =
            |account: &u32| self.days_of_account.get(account).is_some_and(|days| days.n_within(today, ACTIVE_DAYS) > 0);
        let n_active = self.days_of_account.keys().filter(|account| is_active(account)).count();
        for (name, act) in &self.acts.number_from_name {
            let mut accounts = BTreeSet::new();
            let mut things = BTreeSet::new();
            let (mut first, mut last) = (i64::MAX, i64::MIN);
            for ((_, other, thing), (account, days)) in &self.repeats {
                let Some(account) = account.filter(|account| other == act && is_active(account)) else { continue };
                let habit = days.weekly(today, WINDOW_DAYS);
                if habit.n_times >= LEAST_TIMES {
                    accounts.insert(account);
                    things.insert(&**thing);
                    (first, last) = (first.min(habit.first), last.max(habit.last));
                }
            }
            if accounts.len() >= LEAST_ACCOUNTS {
                // A name that all of them share says more than "the same".
                let thing = things.first().filter(|_| things.len() == 1).map(|thing| (*thing).to_owned());
                let act = phrase::act(name, thing.as_deref());
                let sentence = format!(
                    "{} of {n_active} active accounts {act} at weekly intervals at least three times {}.",
                    accounts.len(),
                    phrase::between(first, last),
                );
                let about = format!("{act} every week");
                sentences.push(Told { id: format!("weekly:{}", phrase::slug(name)), about, sentence });
            }
        }
    }
}

fn name_of(surface: &Surface) -> String {
    if surface.name.is_empty() { surface.id.clone() } else { surface.name.clone() }
}

#[cfg(test)]
mod tests;
