//! What is known of an insight's voices: who, how many, when, how much they pay, and what they say about it.
//!
//! In: an insight and the corpus. Out: [`Facts`], every figure with what it is counted from.
//! Cost: one pass over the insight's members. Invariant: figures are counted here and nowhere else, so that two
//! sentences cannot disagree.

use crate::telling::Topic;
use crate::words;
use std::collections::{BTreeMap, BTreeSet};
use throughline_model::{
    Account, AccountId, Citation, Corpus, Insight, Kind, Quote, Signal, SignalId, SourceKind, Span, Timestamp, Trend,
};

/// Most bytes of a quote shown in running text. Chosen: about two lines.
const QUOTE_BYTES: usize = 180;

/// Counted facts about one insight.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The insight.
    pub insight: &'a Insight,
    corpus: &'a Corpus,
    /// Member signals that exist, in the insight's order.
    pub signals: Vec<&'a Signal>,
    /// Accounts named, by id.
    pub accounts: Vec<&'a Account>,
    /// Roles of the people who speak, most frequent first, lower-case.
    pub roles: Vec<(String, u32)>,
    /// Kinds of source, most frequent first.
    pub sources: Vec<(SourceKind, u32)>,
    /// Accounts known in the workspace, where told.
    pub n_known: Option<u32>,
    topic: Topic,
}

/// A sum of money with how many accounts it covers.
#[derive(Debug, Clone, PartialEq)]
pub struct Revenue {
    /// Sum over the accounts for which it is known.
    pub amount: f64,
    /// ISO 4217.
    pub currency: String,
    /// Accounts with a known figure in that currency.
    pub n_known: u32,
}

impl<'a> Facts<'a> {
    /// Counts.
    #[must_use]
    pub fn new(insight: &'a Insight, corpus: &'a Corpus) -> Self {
        let index = corpus.index_from_signal();
        let signals: Vec<&Signal> =
            insight.members.iter().filter_map(|id| index.get(id).map(|&i| &corpus.signals[i])).collect();
        let account_ids: BTreeSet<AccountId> = signals.iter().filter_map(|signal| signal.account).collect();
        let accounts = account_ids.iter().filter_map(|id| corpus.accounts.get(id)).collect();
        let people: BTreeSet<_> = signals.iter().filter_map(|signal| signal.person).collect();
        let mut n_by_role: BTreeMap<String, u32> = BTreeMap::new();
        for person in people.iter().filter_map(|id| corpus.people.get(id)) {
            if let Some(role) = person.role.as_deref().map(str::trim).filter(|role| !role.is_empty()) {
                let role: Vec<String> = role.split_whitespace().map(words::recase).collect();
                *n_by_role.entry(role.join(" ")).or_default() += 1;
            }
        }
        let mut n_by_source: BTreeMap<SourceKind, u32> = BTreeMap::new();
        for signal in &signals {
            *n_by_source.entry(signal.source_kind).or_default() += 1;
        }
        let mut roles: Vec<(String, u32)> = n_by_role.into_iter().collect();
        roles.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let mut sources: Vec<(SourceKind, u32)> = n_by_source.into_iter().collect();
        sources.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let said = signals.iter().filter(|signal| signal.source_kind != SourceKind::Analytics);
        let topic = Topic::new(&insight.label, said.map(|signal| (corpus.text(signal), signal.language)));
        Self { insight, corpus, signals, accounts, roles, sources, n_known: None, topic }
    }

    /// The insight itself, as what a count rests on.
    #[must_use]
    pub fn citation(&self) -> Citation {
        Citation::Insight { id: self.insight.id }
    }

    /// Signals with a phrase of `class`, with its span.
    pub fn with_phrase(&self, class: &str) -> impl Iterator<Item = (&'a Signal, Span)> {
        self.signals.iter().filter_map(move |signal| {
            let hit = signal.phrases.iter().find(|hit| hit.class == class)?;
            Some((*signal, hit.span))
        })
    }

    /// The words of a phrase class that most statements share, lower-case; none when each has its own.
    #[must_use]
    pub fn commonest(&self, class: &str) -> Option<String> {
        let mut n_by_words: BTreeMap<String, u32> = BTreeMap::new();
        for signal in self.words() {
            let said: BTreeSet<String> = signal
                .phrases
                .iter()
                .filter(|hit| hit.class == class)
                .map(|hit| self.corpus.quote_span(signal, hit.span).text.to_lowercase())
                .collect();
            for words in said {
                *n_by_words.entry(words).or_default() += 1;
            }
        }
        let best = n_by_words.into_iter().rev().max_by_key(|(_, n)| *n)?;
        (best.1 >= 2).then_some(best.0)
    }

    /// Signals that state observed behaviour, in words made from events.
    pub fn behaviours(&self) -> impl Iterator<Item = &'a Signal> {
        self.signals.iter().copied().filter(|signal| signal.source_kind == SourceKind::Analytics)
    }

    /// Signals that say something, rather than were counted.
    pub fn words(&self) -> impl Iterator<Item = &'a Signal> {
        self.signals
            .iter()
            .copied()
            .filter(|signal| signal.source_kind != SourceKind::Analytics && signal.kind != Kind::Other)
    }

    /// Yearly revenue of the accounts named, in the currency most of them use.
    #[must_use]
    pub fn revenue(&self) -> Option<Revenue> {
        self.sum(|account| account.facts.arr)
    }

    /// Amount of the open deals among the accounts named.
    #[must_use]
    pub fn deals(&self) -> Option<Revenue> {
        self.sum(|account| account.facts.deal_amount)
    }

    /// Accounts that renew within `days` after the newest input.
    #[must_use]
    pub fn renewing_within(&self, days: i64) -> Vec<(&'a Account, Timestamp)> {
        let Some(now) = self.corpus.as_of else { return Vec::new() };
        let mut out: Vec<(&Account, Timestamp)> = self
            .accounts
            .iter()
            .filter_map(|account| account.facts.renewal_at.map(|at| (*account, at)))
            .filter(|(_, at)| (0..=days).contains(&at.days_since(now)))
            .collect();
        out.sort_by(|a, b| a.1.cmp(&b.1).then_with(|| a.0.id.cmp(&b.0.id)));
        out
    }

    /// Names of the accounts, those that pay most first.
    #[must_use]
    pub fn account_names(&self) -> Vec<String> {
        let mut accounts = self.accounts.clone();
        accounts.sort_by(|a, b| {
            let arr = |account: &Account| account.facts.arr.unwrap_or(0.0);
            arr(b).total_cmp(&arr(a)).then_with(|| a.facts.name.cmp(&b.facts.name))
        });
        accounts.iter().map(|account| account.facts.name.clone()).filter(|name| !name.is_empty()).collect()
    }

    /// How many voices, from how many accounts, since when, and where it is going, as one clause.
    #[must_use]
    pub fn counts(&self) -> String {
        let insight = self.insight;
        let mut out = words::counted_in_words(insight.n_voices, "voice");
        if insight.n_accounts > 0 {
            let n_all = self.n_known.unwrap_or(self.corpus.accounts.len() as u32);
            let own = words::number(insight.n_accounts);
            if n_all > insight.n_accounts {
                out.push_str(&format!(" from {own} of {} known accounts", words::number(n_all)));
            } else {
                out.push_str(&format!(" from {}", words::counted_in_words(insight.n_accounts, "account")));
                if n_all > 1 && n_all == insight.n_accounts {
                    out.push_str(", all of those known");
                }
            }
        }
        if let Some((first, _)) = insight.heard {
            out.push_str(&format!("; first heard {}", full_date(first)));
        }
        match insight.trend {
            Trend::Unknown => {}
            Trend::New => out.push_str("; new"),
            trend => out.push_str(&format!("; {}", trend.word())),
        }
        out
    }

    /// Voices in the last `n` calendar months of the series, and in all of it.
    #[must_use]
    pub fn recent(&self, n: usize) -> (u32, u32) {
        let series = &self.insight.voices_by_month;
        let last = series.iter().rev().take(n).map(|(_, voices)| voices).sum();
        (last, series.iter().map(|(_, voices)| voices).sum())
    }

    /// Voices a month over the last three whole months of the series; none when it is shorter.
    #[must_use]
    pub fn voices_a_month(&self) -> Option<f64> {
        let series = &self.insight.voices_by_month;
        (series.len() >= 3).then(|| f64::from(self.recent(3).0) / 3.0)
    }

    /// Who said a signal: role and account, as far as known and fit to be shown.
    #[must_use]
    pub fn speaker(&self, signal: &Signal) -> String {
        let role = signal
            .person
            .and_then(|id| self.corpus.people.get(&id))
            .and_then(|person| person.role.as_deref())
            .map(|role| role.split_whitespace().map(words::recase).collect::<Vec<_>>().join(" "))
            .filter(|role| !role.is_empty());
        let account = signal
            .account
            .and_then(|id| self.corpus.accounts.get(&id))
            .map(|account| account.facts.name.as_str())
            .filter(|name| !name.is_empty());
        match (role, account) {
            (Some(role), Some(account)) => format!("{} {role} at {account}", words::article(&role)),
            (Some(role), None) => format!("{} {role}", words::article(&role)),
            (None, Some(account)) => format!("someone at {account}"),
            (None, None) => match signal.source_kind {
                SourceKind::Review => "a reviewer".to_owned(),
                _ => "a customer".to_owned(),
            },
        }
    }

    /// The part of a signal worth quoting: the sentence around `around`, or the one that tells most of what the insight
    /// is about, within two lines.
    #[must_use]
    pub fn excerpt(&self, signal: &Signal, around: Option<Span>) -> Quote {
        let told = if around.is_none() { self.topic.sentence(signal, self.corpus.text(signal)) } else { None };
        let Some(range) = told else { return excerpt(self.corpus, signal, around) };
        let (start, end) = trimmed(self.corpus.text(signal), range.start, range.end);
        let at = signal.span.start as usize;
        self.corpus.quote_span(signal, Span::new(at + start, at + end))
    }

    /// Quotes from as many accounts, then people, as possible; `preferred` signals first.
    #[must_use]
    pub fn quotes(&self, preferred: &[SignalId], n: usize) -> Vec<Quote> {
        let of = |id: &SignalId| self.signals.iter().copied().find(|signal| signal.id == *id);
        let order = self.insight.quotes.iter().map(|quote| &quote.signal_id).chain(preferred).filter_map(of);
        let candidates: Vec<&Signal> = order.chain(self.words().filter(|signal| signal.is_need())).collect();
        let mut taken: Vec<(&Signal, Quote)> = Vec::new();
        for round in 0..3 {
            for signal in &candidates {
                let is_new_account = !taken.iter().any(|(other, _)| other.account == signal.account);
                let is_new_person =
                    !taken.iter().any(|(other, _)| other.person == signal.person && other.person.is_some());
                let is_new = !taken.iter().any(|(other, _)| other.id == signal.id);
                let fits = match round {
                    0 => is_new_account && signal.account.is_some(),
                    1 => is_new_person,
                    _ => true,
                };
                if taken.len() < n && is_new && fits {
                    let quote = self.excerpt(signal, None);
                    let is_repeated = taken.iter().any(|(_, other)| other.text == quote.text);
                    if quote.text.split_whitespace().count() >= 4 && !is_repeated {
                        taken.push((signal, quote));
                    }
                }
            }
        }
        taken.into_iter().map(|(_, quote)| quote).collect()
    }

    /// The signal a quote is from.
    #[must_use]
    pub fn signal(&self, id: SignalId) -> Option<&'a Signal> {
        self.signals.iter().copied().find(|signal| signal.id == id)
    }

    fn sum(&self, figure: impl Fn(&Account) -> Option<f64>) -> Option<Revenue> {
        let mut by_currency: BTreeMap<String, (f64, u32)> = BTreeMap::new();
        for account in &self.accounts {
            if let Some(amount) = figure(account).filter(|amount| *amount > 0.0) {
                let entry = by_currency.entry(account.facts.currency.clone().unwrap_or_default()).or_default();
                entry.0 += amount;
                entry.1 += 1;
            }
        }
        by_currency
            .into_iter()
            .max_by(|a, b| a.1.1.cmp(&b.1.1).then_with(|| b.0.cmp(&a.0)))
            .map(|(currency, (amount, n_known))| Revenue { amount, currency, n_known })
    }
}

/// The part of a signal worth quoting: the sentence around `around`, or the first that asks, within two lines.
#[must_use]
pub fn excerpt(corpus: &Corpus, signal: &Signal, around: Option<Span>) -> Quote {
    let whole = corpus.text(signal);
    let anchor = around.map_or(0, |span| span.start.saturating_sub(signal.span.start) as usize);
    let (start, end) = sentence_at(whole, anchor);
    let (start, end) = trimmed(whole, start, end);
    let start = signal.span.start as usize + start;
    let end = signal.span.start as usize + end;
    corpus.quote_span(signal, Span::new(start, end))
}

/// A quote as what a statement rests on.
#[must_use]
pub fn cite(quote: &Quote) -> Citation {
    Citation::Signal {
        id: quote.signal_id,
        span: Some(Span { start: quote.start, end: quote.end }),
        quote: Some(quote.text.clone()),
    }
}

/// Whole signals as what a statement rests on.
#[must_use]
pub fn cite_signals(ids: &[SignalId], most: usize) -> Vec<Citation> {
    ids.iter().take(most).map(|&id| Citation::Signal { id, span: None, quote: None }).collect()
}

/// `€48k`, `€1.2m`, `EUR 950`.
#[must_use]
pub fn money(amount: f64, currency: &str) -> String {
    let sign = match currency {
        "EUR" => "€",
        "USD" => "$",
        "GBP" => "£",
        "" => "",
        other => return format!("{other} {}", short_amount(amount)),
    };
    format!("{sign}{}", short_amount(amount))
}

fn short_amount(amount: f64) -> String {
    let one_decimal = |value: f64| {
        let text = format!("{value:.1}");
        text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
    };
    if amount >= 1_000_000.0 {
        format!("{}m", one_decimal(amount / 1_000_000.0))
    } else if amount >= 10_000.0 {
        format!("{:.0}k", amount / 1000.0)
    } else if amount >= 1000.0 {
        format!("{}k", one_decimal(amount / 1000.0))
    } else {
        format!("{amount:.0}")
    }
}

/// `4 June 2026`: months in full, as in running text.
#[must_use]
pub fn full_date(at: Timestamp) -> String {
    const MONTHS: [(&str, &str); 12] = [
        ("Jan", "January"),
        ("Feb", "February"),
        ("Mar", "March"),
        ("Apr", "April"),
        ("May", "May"),
        ("Jun", "June"),
        ("Jul", "July"),
        ("Aug", "August"),
        ("Sep", "September"),
        ("Oct", "October"),
        ("Nov", "November"),
        ("Dec", "December"),
    ];
    let date = at.long_date();
    MONTHS
        .iter()
        .find(|(short, _)| date.contains(short))
        .map_or(date.clone(), |(short, long)| date.replace(short, long))
}

/// Bounds of the sentence of `text` that holds byte `at`.
fn sentence_at(text: &str, at: usize) -> (usize, usize) {
    let mut start = 0;
    let bytes = text.as_bytes();
    for (i, c) in text.char_indices() {
        let is_end = matches!(c, '.' | '!' | '?' | '\n' | '…');
        let next = i + c.len_utf8();
        let is_boundary = c == '\n' || bytes.get(next).is_none_or(u8::is_ascii_whitespace);
        if !(is_end && is_boundary) {
            continue;
        }
        // Short openings such as "Hi." are no sentence worth quoting.
        let is_long_enough = text[start..next].split_whitespace().count() >= 4;
        if next > at && is_long_enough {
            return (start, next);
        }
        if next <= at || !is_long_enough {
            start = next;
        }
    }
    if text[start..].trim().is_empty() { (0, text.len()) } else { (start, text.len()) }
}

/// Without spaces at the ends, and cut at a word within two lines.
fn trimmed(text: &str, start: usize, end: usize) -> (usize, usize) {
    let part = &text[start..end];
    let start = start + (part.len() - part.trim_start().len());
    let mut end = start + text[start..end].trim_end().len();
    if end - start > QUOTE_BYTES {
        let mut cut = start + QUOTE_BYTES;
        while !text.is_char_boundary(cut) {
            cut -= 1;
        }
        let head = &text[start..cut];
        end = start
            + head
                .rfind([',', ';', ':'])
                .filter(|at| *at > QUOTE_BYTES / 2)
                .or_else(|| head.rfind(' '))
                .unwrap_or(head.len());
    }
    (start, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_worth_quoting() {
        let text = "Hi. Every Monday I export each report. It takes an hour!";
        let (start, end) = sentence_at(text, 0);
        assert_eq!(text[start..end].trim(), "Every Monday I export each report.");
        let (start, end) = sentence_at(text, 45);
        assert_eq!(text[start..end].trim(), "It takes an hour!");
    }

    #[test]
    fn long_words_are_cut_at_a_word() {
        let text = "ä ".repeat(200);
        let (start, end) = trimmed(&text, 0, text.len());
        assert!(text.is_char_boundary(end) && end - start <= QUOTE_BYTES);
    }

    #[test]
    fn amounts_are_short() {
        assert_eq!(money(48_000.0, "EUR"), "€48k");
        assert_eq!(money(1_250_000.0, "USD"), "$1.2m");
        assert_eq!(money(600.0, "CHF"), "CHF 600");
        assert_eq!(money(3_500.0, "GBP"), "£3.5k");
    }
}
