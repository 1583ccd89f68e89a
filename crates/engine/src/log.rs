//! What ran and what did not: for progress, for `cached` in the run's report, and for tests that name the items that
//! a change touched.

use crate::{Fingerprint, Fold, Key};

/// One step of one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepLog {
    /// The step's name.
    pub name: &'static str,
    /// Items that went in.
    pub n_in: usize,
    /// Ids of the items that had to be computed, in input order; empty for a step over everything.
    pub missed: Vec<u64>,
    /// Whether a step over everything had to be computed.
    pub is_whole_miss: bool,
    /// Of the keys of all its results, in input order: the same again means that the results are the same.
    pub results: Fingerprint,
}

impl StepLog {
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, n_in: 0, missed: Vec::new(), is_whole_miss: false, results: Fingerprint::default() }
    }

    pub(crate) fn note(&mut self, keys: &[Key]) {
        let mut fold = Fold::default();
        fold.add(self.results);
        for key in keys {
            fold.bytes(&key.0);
        }
        self.results = fold.finish();
    }

    /// Items whose result was already known.
    #[must_use]
    pub const fn n_cached(&self) -> usize {
        if self.is_whole_miss { 0 } else { self.n_in - self.missed.len() }
    }
}

/// All steps of one run, in the order in which they ended.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RunLog {
    steps: Vec<StepLog>,
}

impl RunLog {
    pub(crate) fn push(&mut self, step: StepLog) {
        self.steps.push(step);
    }

    /// The steps, in the order in which they ended.
    #[must_use]
    pub fn steps(&self) -> &[StepLog] {
        &self.steps
    }

    /// The step called `name`, if it ran.
    #[must_use]
    pub fn step(&self, name: &str) -> Option<&StepLog> {
        self.steps.iter().find(|step| step.name == name)
    }
}
