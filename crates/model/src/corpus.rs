//! The corpus: all records and signals of a run, with the people and accounts behind them.
//!
//! Invariant: `records` are sorted by id and `signals` by (record id, start), so the same set gives the same order
//! whatever the order of import.

use crate::account::{Account, Person};
use crate::evidence::{Quote, Span};
use crate::id::{AccountId, PersonId, RecordId, SignalId};
use crate::record::Record;
use crate::signal::Signal;
use crate::time::Timestamp;
use std::collections::BTreeMap;

/// What passes read.
#[derive(Debug, Clone, Default)]
pub struct Corpus {
    /// Sorted by id.
    pub records: Vec<Record>,
    /// Sorted by record id, then start.
    pub signals: Vec<Signal>,
    /// By id.
    pub people: BTreeMap<PersonId, Person>,
    /// By id.
    pub accounts: BTreeMap<AccountId, Account>,
    /// The scoring instant: the newest dated input unless stated otherwise. None when nothing is dated.
    pub as_of: Option<Timestamp>,
}

impl Corpus {
    /// The record with this id.
    #[must_use]
    pub fn record(&self, id: RecordId) -> Option<&Record> {
        self.records.binary_search_by_key(&id, |record| record.id).ok().map(|i| &self.records[i])
    }

    /// The words of a signal; empty when its record is gone.
    #[must_use]
    pub fn text(&self, signal: &Signal) -> &str {
        self.record(signal.record_id).map_or("", |record| record.slice(signal.span))
    }

    /// Positions in `signals` by id.
    #[must_use]
    pub fn index_from_signal(&self) -> BTreeMap<SignalId, usize> {
        self.signals.iter().enumerate().map(|(i, signal)| (signal.id, i)).collect()
    }

    /// The whole signal as a quote.
    #[must_use]
    pub fn quote(&self, signal: &Signal) -> Quote {
        self.quote_span(signal, signal.span)
    }

    /// A part of a signal as a quote; `span` is in the record's canonical text.
    #[must_use]
    pub fn quote_span(&self, signal: &Signal, span: Span) -> Quote {
        let text = self.record(signal.record_id).map_or("", |record| record.slice(span));
        Quote {
            signal_id: signal.id,
            record_id: signal.record_id,
            start: span.start,
            end: span.end,
            text: text.to_owned(),
        }
    }

    /// Whether a quote is, byte for byte, what stands at its span.
    #[must_use]
    pub fn check_quote(&self, quote: &Quote) -> bool {
        let range = quote.start as usize..quote.end as usize;
        self.record(quote.record_id).and_then(|record| record.text.get(range)) == Some(quote.text.as_str())
    }
}
