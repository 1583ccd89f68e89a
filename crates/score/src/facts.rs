//! What checks read: the corpus, the settings and the usage, with the sums over the whole workspace made once.

use crate::code::Code;
use crate::likeness::Likeness;
use crate::links::Links;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use throughline_frames::Frames;
use throughline_model::settings::Surface;
use throughline_model::time::DAY_SECS;
use throughline_model::{
    Account, AccountId, CodeMap, Corpus, Insight, Need, PersonId, Settings, Side, Signal, SignalId, SourceKind,
    Timestamp, VoiceId,
};

/// What people did, counted from events. Everything is empty when no events are connected.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Usage {
    /// Distinct people active in the last 28 days.
    pub n_active: u64,
    /// Distinct people on each surface in the last 28 days, by surface id.
    pub n_people_by_surface: BTreeMap<String, u64>,
    /// Sessions (a person's day) on each surface, failures and rage clicks in them.
    pub friction_by_surface: BTreeMap<String, Friction>,
    /// People who reached each step, by funnel id.
    pub funnel_counts: BTreeMap<String, Vec<u64>>,
}

/// Trouble on a surface.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Friction {
    /// A person's day on the surface.
    pub n_sessions: u64,
    /// Those with a failure or rage.
    pub n_troubled: u64,
}

/// Weight of the mean of all ratings in an area's own, as of the workspace's negativity in an insight's own (BI-16).
pub const RATING_WEIGHT: f64 = 5.0;

/// What is asked and how content people are in one area of the product.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Area {
    /// Signals that ask or complain.
    pub n_asks: usize,
    /// Records with a rating.
    pub n_ratings: usize,
    /// Mean rating, 0..=1, with the mean of all ratings as [`RATING_WEIGHT`] further ones.
    pub satisfaction_unit: f64,
    /// Share of areas with at most as many asks, 0..=1.
    pub ask_rank_unit: f64,
}

/// The inputs as they are connected.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    /// Records, signals, people, accounts.
    pub corpus: &'a Corpus,
    /// The voice of each signal, in the corpus's order; empty where each signal is a voice of its own.
    pub voices: &'a [VoiceId],
    /// What the team declared.
    pub settings: &'a Settings,
    /// What people did.
    pub usage: &'a Usage,
    /// The code; none until a repository is connected.
    pub code: Option<&'a CodeMap>,
}

/// Sums over all accounts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Accounts {
    /// Yearly revenue, in the product's currency.
    pub revenue: f64,
    /// Seats.
    pub seats: u64,
    /// Amounts of open deals.
    pub pipeline: f64,
    /// Distinct segments.
    pub n_segments: usize,
}

/// Everything that checks may read.
pub struct Facts<'a> {
    /// Records, signals, people, accounts.
    pub corpus: &'a Corpus,
    /// What the team declared.
    pub settings: &'a Settings,
    /// What people did.
    pub usage: &'a Usage,
    /// The code; none until a repository is connected.
    pub code: Option<Code<'a>>,
    /// Which insights need the same missing part.
    pub links: Links,
    /// Sums over all accounts.
    pub accounts: Accounts,
    /// The scoring instant; none when nothing is dated.
    pub as_of: Option<Timestamp>,
    /// Reference sizes by name.
    pub references: BTreeMap<String, f64>,
    /// Kinds of source connected.
    pub source_kinds: BTreeSet<SourceKind>,
    /// Yearly revenue of each account in the product's currency; accounts in a currency without a rate are left out.
    pub arr_from_account: BTreeMap<AccountId, f64>,
    /// First and last dated signal.
    pub span: Option<(Timestamp, Timestamp)>,
    /// Mean of `max(0, -sentiment)` over all signals.
    pub mean_negativity: f64,
    /// Mean rating over all records that hold one, with text or without; none where no record does.
    pub mean_rating_unit: Option<f64>,
    /// Support records of the last 90 days.
    pub n_tickets_90d: usize,
    /// Dated signals of the last 4 weeks and of the 8 weeks before.
    pub pace: (f64, f64),
    /// Asks and ratings by area.
    pub areas: BTreeMap<String, Area>,
    /// The capability frames.
    pub frames: &'static Frames,
    /// How near insights are to texts of the strategy.
    pub likeness: Likeness,
    role_from_person: BTreeMap<PersonId, String>,
    position_from_signal: Vec<(SignalId, u32)>,
    voices: &'a [VoiceId],
    /// Accounts that were lost or are leaving with the stems of the reason.
    losses: Vec<(AccountId, BTreeSet<String>)>,
}

/// One insight with what checks ask of it again and again.
pub struct Case<'a> {
    /// The insight.
    pub insight: &'a Insight,
    /// Its needs, best first; may be empty.
    pub needs: &'a [Need],
    /// Its signals, by id; of what one voice repeats only the first.
    pub members: Vec<&'a Signal>,
    /// Accounts that speak in it.
    pub accounts: BTreeSet<AccountId>,
    /// People who speak in it.
    pub people: BTreeSet<PersonId>,
    /// How well each declared objective fits, once a check has asked.
    pub(crate) fits: OnceLock<Vec<f64>>,
}

impl<'a> Facts<'a> {
    /// Sums up the workspace.
    #[must_use]
    pub fn new(given: Given<'a>, insights: &[Insight], needs: &[Vec<Need>], defaults: &BTreeMap<String, f64>) -> Self {
        let Given { corpus, voices, settings, usage, code } = given;
        debug_assert!(voices.is_empty() || voices.len() == corpus.signals.len());
        let mut position_from_signal: Vec<(SignalId, u32)> =
            corpus.signals.iter().enumerate().map(|(i, signal)| (signal.id, i as u32)).collect();
        position_from_signal.sort_unstable();
        let times: Vec<Timestamp> = corpus.signals.iter().filter_map(|signal| signal.at).collect();
        let ages = |from_days: i64, to_days: i64| {
            let is_within = |at: &Timestamp| {
                corpus.as_of.is_some_and(|now| (from_days..to_days).contains(&(now.0 - at.0).div_euclid(DAY_SECS)))
            };
            times.iter().filter(|at| is_within(at)).count() as f64
        };
        let sentiments: Vec<f64> = corpus.signals.iter().filter_map(|signal| signal.sentiment).collect();
        let is_recent_ticket = |record: &throughline_model::Record| {
            record.source_kind == SourceKind::Support
                && corpus.as_of.zip(record.created_at).is_some_and(|(now, at)| now.days_since(at) < 90)
        };
        let mut facts = Self {
            corpus,
            settings,
            usage,
            code: code.map(Code::new),
            links: Links::new(Frames::builtin(), insights, needs),
            accounts: Accounts::default(),
            as_of: corpus.as_of,
            references: defaults.clone(),
            source_kinds: corpus.records.iter().map(|record| record.source_kind).collect(),
            arr_from_account: revenues(corpus, settings),
            span: times.iter().min().zip(times.iter().max()).map(|(first, last)| (*first, *last)),
            mean_negativity: sentiments.iter().map(|x| (-x).max(0.0)).sum::<f64>() / sentiments.len().max(1) as f64,
            mean_rating_unit: mean_rating(corpus),
            n_tickets_90d: corpus.records.iter().filter(|record| is_recent_ticket(record)).count(),
            pace: (ages(0, 28), ages(28, 84)),
            areas: BTreeMap::new(),
            frames: Frames::builtin(),
            likeness: Likeness::new(insights, settings),
            role_from_person: roles(corpus, settings),
            position_from_signal,
            voices,
            losses: corpus
                .accounts
                .values()
                .filter_map(|a| Some((a.id, stems(&a.facts.lost_reason.as_deref()?.to_lowercase()))))
                .collect(),
        };
        facts.accounts = facts.sum_accounts();
        facts.areas = facts.sum_areas(insights);
        facts.set_references(insights);
        facts
    }

    fn sum_accounts(&self) -> Accounts {
        let all = || self.corpus.accounts.values();
        Accounts {
            revenue: self.arr_from_account.values().sum(),
            seats: all().filter_map(|account| account.facts.seats).sum(),
            pipeline: all().filter_map(|account| self.open_deal(account.id)).sum(),
            n_segments: all().filter_map(|account| account.facts.segment.as_deref()).collect::<BTreeSet<_>>().len(),
        }
    }

    /// The amount of an account's open deal in the product's currency.
    #[must_use]
    pub fn open_deal(&self, account: AccountId) -> Option<f64> {
        let account = self.corpus.accounts.get(&account)?;
        let stage = account.facts.stage.as_deref().unwrap_or("").to_lowercase();
        let is_closed = ["lost", "churn", "won"].iter().any(|word| stage.contains(word));
        in_base(account.facts.deal_amount.filter(|_| !is_closed)?, account, self.settings)
    }

    fn sum_areas(&self, insights: &[Insight]) -> BTreeMap<String, Area> {
        let mut areas: BTreeMap<String, Area> = BTreeMap::new();
        let mut ratings: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
        for insight in insights {
            let area = areas.entry(insight.area.clone()).or_default();
            let mut rated = BTreeSet::new();
            for signal in self.voiced(insight) {
                area.n_asks += usize::from(signal.is_need());
                let rating = self.corpus.record(signal.record_id).and_then(|record| record.rating_unit);
                if let Some(rating) = rating.filter(|_| rated.insert(signal.record_id)) {
                    area.n_ratings += 1;
                    ratings.entry(&insight.area).or_default().push(rating);
                }
            }
        }
        let asks: Vec<usize> = areas.values().map(|area| area.n_asks).collect();
        for (name, area) in &mut areas {
            // Added up in an order of their own: a sum of fractions depends on it, and the order of insights says nothing.
            let mut own = ratings.remove(name.as_str()).unwrap_or_default();
            own.sort_by(f64::total_cmp);
            let own: f64 = own.iter().sum();
            // Read beside the mean of all ratings: those without a word belong to no area, and tell of the whole.
            let (prior, weight) =
                self.mean_rating_unit.map_or((0.0, 0.0), |mean| (RATING_WEIGHT * mean, RATING_WEIGHT));
            area.satisfaction_unit = (own + prior) / (area.n_ratings as f64 + weight).max(1.0);
            area.ask_rank_unit = asks.iter().filter(|n| **n <= area.n_asks).count() as f64 / asks.len() as f64;
        }
        areas
    }

    /// Where full marks are reached, by the rubric's rules; a reference without data keeps its default.
    fn set_references(&mut self, insights: &[Insight]) {
        let n_accounts = self.corpus.accounts.len() as f64;
        if n_accounts > 0.0 {
            self.references.insert("accounts_full".into(), (0.10 * n_accounts).ceil().max(5.0));
        }
        let n_people = self.corpus.people.values().filter(|person| person.side != Side::Team).count() as f64;
        if n_people > 0.0 {
            self.references.insert("people_full".into(), (0.02 * n_people).ceil().max(8.0));
        }
        let mut volumes: Vec<u32> = insights.iter().map(|insight| insight.n_signals).collect();
        volumes.sort_unstable();
        if let Some(last) = volumes.len().checked_sub(1) {
            // The smallest volume that at least 95 % of insights do not exceed.
            let at = (0.95 * volumes.len() as f64).ceil() as usize;
            self.references.insert("volume_full".into(), f64::from(volumes[at.saturating_sub(1).min(last)]).max(15.0));
        }
    }

    /// The signal with this id.
    #[must_use]
    pub fn signal(&self, id: SignalId) -> Option<&'a Signal> {
        let at = self.position_from_signal.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        self.corpus.signals.get(self.position_from_signal[at].1 as usize)
    }

    /// An insight's signals, by id.
    #[must_use]
    pub fn members(&self, insight: &Insight) -> Vec<&'a Signal> {
        insight.members.iter().filter_map(|id| self.signal(*id)).collect()
    }

    /// An insight's signals, by id; of what one voice repeats only the first in time.
    #[must_use]
    pub fn voiced(&self, insight: &Insight) -> Vec<&'a Signal> {
        let mut all = self.members(insight);
        all.sort_by_key(|signal| signal.id);
        if self.voices.is_empty() {
            return all;
        }
        let voice = |signal: &Signal| {
            let at = self.position_from_signal.binary_search_by_key(&signal.id, |(id, _)| *id).ok()?;
            self.voices.get(self.position_from_signal[at].1 as usize)
        };
        let rank = |signal: &Signal| (signal.at.is_none(), signal.at, signal.id);
        let mut first: FxHashMap<VoiceId, &Signal> = FxHashMap::default();
        for signal in &all {
            if let Some(voice) = voice(signal) {
                let kept = first.entry(*voice).or_insert(signal);
                if rank(signal) < rank(kept) {
                    *kept = signal;
                }
            }
        }
        all.into_iter().filter(|signal| voice(signal).is_none_or(|voice| first[voice].id == signal.id)).collect()
    }

    /// A person's role: the declared persona that their job title means, else the job title.
    #[must_use]
    pub fn role(&self, person: PersonId) -> Option<String> {
        self.role_from_person.get(&person).cloned()
    }

    /// For each list of words, the share of a case's members that hold at least one of them, 0..=1.
    #[must_use]
    pub fn shares_with(&self, case: &Case<'_>, lists: &[Vec<String>]) -> Vec<f64> {
        let mut counts = vec![0usize; lists.len()];
        for signal in &case.members {
            let text = self.corpus.text(signal).to_lowercase();
            for (count, words) in counts.iter_mut().zip(lists) {
                *count += usize::from(words.iter().any(|word| text.contains(word.as_str())));
            }
        }
        counts.into_iter().map(|n| n as f64 / case.members.len().max(1) as f64).collect()
    }

    /// The declared surface that a case is about: the one that shares most telling words with its label, then with its
    /// quotes, each quote counted; none when no word is shared.
    #[must_use]
    pub fn surface_of(&self, case: &Case<'_>) -> Option<&'a Surface> {
        let label = stems(&case.insight.label.to_lowercase());
        let quotes: Vec<_> = case.insight.quotes.iter().map(|quote| stems(&quote.text.to_lowercase())).collect();
        let shared = |surface: &Surface| {
            let named = stems(&format!("{} {}", surface.name, surface.id).to_lowercase());
            let of = |said: &BTreeSet<String>| named.intersection(said).count();
            (of(&label), quotes.iter().map(of).sum::<usize>())
        };
        let best = self.settings.surfaces.iter().map(|surface| (shared(surface), surface));
        best.filter(|(n, _)| *n > (0, 0))
            .max_by(|a, b| a.0.cmp(&b.0).then(b.1.id.cmp(&a.1.id)))
            .map(|(_, surface)| surface)
    }

    /// Whether any account states why it was lost or is leaving.
    #[must_use]
    pub fn knows_losses(&self) -> bool {
        !self.losses.is_empty()
    }

    /// Accounts whose stated reason of loss shares at least two telling words with the case.
    #[must_use]
    pub fn losses_like(&self, case: &Case<'_>) -> Vec<AccountId> {
        let said = said(case);
        let is_like = |reason: &BTreeSet<String>| reason.intersection(&said).count() >= 2;
        self.losses.iter().filter(|(_, reason)| is_like(reason)).map(|(id, _)| *id).collect()
    }

    /// An insight as checks see it.
    #[must_use]
    pub fn case(&self, insight: &'a Insight, needs: &'a [Need]) -> Case<'a> {
        let members = self.voiced(insight);
        let accounts = members.iter().filter_map(|signal| signal.account).collect();
        let people = members.iter().filter_map(|signal| signal.person).collect();
        Case { insight, needs, members, accounts, people, fits: OnceLock::new() }
    }
}

fn mean_rating(corpus: &Corpus) -> Option<f64> {
    let ratings: Vec<f64> = corpus.records.iter().filter_map(|record| record.rating_unit).collect();
    (!ratings.is_empty()).then(|| ratings.iter().sum::<f64>() / ratings.len() as f64)
}

/// Yearly revenue by account; unknown for all when it is in several currencies and nothing says in which to add up.
fn revenues(corpus: &Corpus, settings: &Settings) -> BTreeMap<AccountId, f64> {
    let stated = corpus.accounts.values().filter(|account| account.facts.arr.is_some());
    let currencies: BTreeSet<&str> = stated.filter_map(|account| account.facts.currency.as_deref()).collect();
    if settings.product.currency.is_none() && currencies.len() > 1 {
        return BTreeMap::new();
    }
    corpus.accounts.values().filter_map(|account| Some((account.id, revenue(account, settings)?))).collect()
}

/// An account's yearly revenue in the product's currency; none when not stated or in a currency without a rate.
fn revenue(account: &Account, settings: &Settings) -> Option<f64> {
    in_base(account.facts.arr?, account, settings)
}

/// An amount of an account in the product's currency; none in a currency without a rate.
fn in_base(amount: f64, account: &Account, settings: &Settings) -> Option<f64> {
    let base = settings.product.currency.as_deref();
    match account.facts.currency.as_deref() {
        Some(currency) if Some(currency) != base && base.is_some() => {
            settings.product.exchange_rates.get(currency).map(|rate| amount * rate)
        }
        _ => Some(amount),
    }
}

/// Stems of what a case says: its label and its quotes.
fn said(case: &Case<'_>) -> BTreeSet<String> {
    let mut said = case.insight.label.to_lowercase();
    for quote in &case.insight.quotes {
        said.push(' ');
        said.push_str(&quote.text.to_lowercase());
    }
    stems(&said)
}

/// Stems of the content words of a text.
fn stems(text: &str) -> BTreeSet<String> {
    use throughline_text::Language;
    let words = throughline_text::token::content_words(text, Language::English);
    words.into_iter().map(|word| word.stem).collect()
}

/// Roles by person: declared personas know several job titles each.
fn roles(corpus: &Corpus, settings: &Settings) -> BTreeMap<PersonId, String> {
    let personas = settings.strategy.personas.as_deref().unwrap_or(&[]);
    let role = |title: &str| {
        let title = title.trim().to_lowercase();
        let is_meant = |word: &String| title.contains(&word.to_lowercase());
        let persona = personas.iter().find(|persona| persona.roles.iter().any(is_meant) || is_meant(&persona.name));
        persona.map_or(title.clone(), |persona| persona.name.clone())
    };
    let people = corpus.people.values().filter(|person| person.side != Side::Team);
    people.filter_map(|person| Some((person.id, role(person.role.as_deref()?)))).collect()
}
