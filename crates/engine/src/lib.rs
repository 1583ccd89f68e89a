//! The incremental engine: a pure function is run again only when what goes into it has changed.
//!
//! A [`Step`] names a function and its version; a [`Fingerprint`] stands for everything that goes in. Their hash is
//! the key under which the result is kept. Nothing is ever invalidated: a changed input has another key, and entries
//! that a run did not touch can be swept. So the result after any sequence of changes is the result of a clean run.
//!
//! - [`Engine::each`] runs a function per item, in parallel, results in input order, kept in batches so that an
//!   interrupted run resumes where it stopped.
//! - [`Engine::whole`] runs a function once for all its input.
//! - [`Engine::log`] says for each step how many items went in, how many were already known, and which were not.
//!
//! Invariant: the engine does not know what an insight is, reads no clock and touches no file; [`Memo`] keeps bytes.

mod fingerprint;
mod log;
mod memo;

pub use fingerprint::{Fingerprint, Fold};
pub use log::{RunLog, StepLog};
pub use memo::{InMemory, Key, Memo, MemoError};

use rayon::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use std::sync::Mutex;

/// How many items are computed between two writes to the memo. Chosen so that a batch takes well under a second and
/// an interrupted run loses little; results do not depend on it.
const BATCH_ITEMS: usize = 4096;

/// A function's name and version. The version is raised when the function's code changes what it returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Step {
    /// Name, unique in the pipeline; the stage's name, or the stage's and a part's (`collect.resolve`).
    pub name: &'static str,
    /// Raised by hand with the code.
    pub version: u32,
}

/// Why a step has no result.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Somebody asked to stop; what was finished is kept.
    #[error("stopped on request; what was finished is kept and the next run goes on from there")]
    Cancelled,
    /// The memo could not be read or written.
    #[error("the memo of step '{step}' could not be used")]
    Memo {
        /// The step.
        step: &'static str,
        /// The cause.
        source: MemoError,
    },
}

impl Error {
    /// Stable code in kebab-case.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Cancelled => "run-cancelled",
            Self::Memo { .. } => "memo-unusable",
        }
    }

    /// Whether trying again may help.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        true
    }
}

/// One run of the pipeline over one memo.
pub struct Engine<'a> {
    memo: &'a dyn Memo,
    is_cancelled: &'a (dyn Fn() -> bool + Sync),
    log: Mutex<RunLog>,
}

impl<'a> Engine<'a> {
    /// An engine over `memo` that stops between batches when `is_cancelled` says so.
    #[must_use]
    pub fn new(memo: &'a dyn Memo, is_cancelled: &'a (dyn Fn() -> bool + Sync)) -> Self {
        Self { memo, is_cancelled, log: Mutex::new(RunLog::default()) }
    }

    /// What happened so far.
    #[must_use]
    pub fn log(&self) -> RunLog {
        self.locked_log().clone()
    }

    /// Runs `compute` for each item whose result is not known. `identify` gives the item's id for the log and the
    /// fingerprint of everything that `compute` reads for it, settings included.
    ///
    /// Results come in the order of `items`. Cost: one look-up per item, and one computation and one write per miss.
    ///
    /// # Errors
    /// [`Error::Cancelled`] between batches; [`Error::Memo`] when the memo fails.
    pub fn each<I, O>(
        &self,
        step: Step,
        items: &[I],
        identify: impl Fn(&I) -> (u64, Fingerprint) + Sync,
        compute: impl Fn(&I) -> O + Sync,
    ) -> Result<Vec<O>, Error>
    where
        I: Sync,
        O: Serialize + DeserializeOwned + Send,
    {
        let mut results = Vec::with_capacity(items.len());
        let mut log = StepLog::new(step.name);
        for batch in items.chunks(BATCH_ITEMS) {
            self.stop_if_asked()?;
            results.extend(self.batch(step, batch, &identify, &compute, &mut log)?);
        }
        self.locked_log().push(log);
        Ok(results)
    }

    /// The same for a function that is faster, or longer at work, on many items at once: `compute` gets up to
    /// `batch_items` items whose results are not known and gives as many results in their order. Between two calls
    /// results are kept and a wish to stop is heard.
    ///
    /// # Errors
    /// [`Error::Cancelled`] between batches; [`Error::Memo`] when the memo fails.
    ///
    /// # Panics
    /// When `compute` gives another number of results than it got items: a bug of the step.
    pub fn each_together<I, O>(
        &self,
        step: Step,
        items: &[I],
        batch_items: usize,
        identify: impl Fn(&I) -> (u64, Fingerprint) + Sync,
        compute: impl Fn(&[&I]) -> Vec<O>,
    ) -> Result<Vec<O>, Error>
    where
        I: Sync,
        O: Serialize + DeserializeOwned + Send,
    {
        let failed = |source| Error::Memo { step: step.name, source };
        let mut log = StepLog::new(step.name);
        let mut results: Vec<Option<O>> = Vec::with_capacity(items.len());
        for items in items.chunks(BATCH_ITEMS) {
            let named: Vec<(u64, Key)> = items
                .par_iter()
                .map(|item| {
                    let (id, fingerprint) = identify(item);
                    (id, Key::of(step, fingerprint))
                })
                .collect();
            let keys: Vec<Key> = named.iter().map(|&(_, key)| key).collect();
            log.note(&keys);
            let known = self.memo.get_many(&keys).map_err(failed)?;
            let first = results.len();
            results.extend(known.iter().map(|bytes| postcard::from_bytes(bytes.as_deref()?).ok()));
            let missing: Vec<usize> = (0..items.len()).filter(|&i| results[first + i].is_none()).collect();
            for batch in missing.chunks(batch_items.max(1)) {
                self.stop_if_asked()?;
                let computed = compute(&batch.iter().map(|&i| &items[i]).collect::<Vec<_>>());
                assert_eq!(computed.len(), batch.len(), "step '{}' gave another number of results", step.name);
                let mut fresh = Vec::with_capacity(batch.len());
                for (&i, value) in batch.iter().zip(computed) {
                    log.missed.push(named[i].0);
                    fresh.push((named[i].1, encode(step, &value)?));
                    results[first + i] = Some(value);
                }
                self.memo.put_many(&fresh).map_err(failed)?;
            }
        }
        log.n_in = items.len();
        self.locked_log().push(log);
        Ok(results.into_iter().flatten().collect())
    }

    fn batch<I, O>(
        &self,
        step: Step,
        items: &[I],
        identify: &(impl Fn(&I) -> (u64, Fingerprint) + Sync),
        compute: &(impl Fn(&I) -> O + Sync),
        log: &mut StepLog,
    ) -> Result<Vec<O>, Error>
    where
        I: Sync,
        O: Serialize + DeserializeOwned + Send,
    {
        let failed = |source| Error::Memo { step: step.name, source };
        let named: Vec<(u64, Key)> = items
            .par_iter()
            .map(|item| {
                let (id, fingerprint) = identify(item);
                (id, Key::of(step, fingerprint))
            })
            .collect();
        let keys: Vec<Key> = named.iter().map(|&(_, key)| key).collect();
        log.note(&keys);
        let known = self.memo.get_many(&keys).map_err(failed)?;
        let outcomes: Vec<(O, Option<Vec<u8>>)> = items
            .par_iter()
            .zip(known.into_par_iter())
            .map(|(item, bytes)| {
                if let Some(value) = bytes.and_then(|bytes| postcard::from_bytes(&bytes).ok()) {
                    return Ok((value, None));
                }
                let value = compute(item);
                let bytes = encode(step, &value)?;
                Ok((value, Some(bytes)))
            })
            .collect::<Result<_, Error>>()?;
        let mut fresh = Vec::new();
        let mut values = Vec::with_capacity(outcomes.len());
        for (&(id, key), (value, bytes)) in named.iter().zip(outcomes) {
            if let Some(bytes) = bytes {
                log.missed.push(id);
                fresh.push((key, bytes));
            }
            log.n_in += 1;
            values.push(value);
        }
        self.memo.put_many(&fresh).map_err(failed)?;
        Ok(values)
    }

    /// Runs `compute` once unless its result for this input is known. `n_in` is the number of items that go in, for
    /// the log.
    ///
    /// # Errors
    /// [`Error::Cancelled`] before it starts; [`Error::Memo`] when the memo fails.
    pub fn whole<O>(&self, step: Step, n_in: usize, input: Fingerprint, compute: impl FnOnce() -> O) -> Result<O, Error>
    where
        O: Serialize + DeserializeOwned,
    {
        let result = self.try_whole(step, n_in, input, || Ok::<O, std::convert::Infallible>(compute()))?;
        Ok(result.unwrap_or_else(|never| match never {}))
    }

    /// The same for a function that may fail; a failure is handed back and never kept.
    ///
    /// # Errors
    /// [`Error::Cancelled`] before it starts; [`Error::Memo`] when the memo fails. The inner result is the function's.
    pub fn try_whole<O, E>(
        &self,
        step: Step,
        n_in: usize,
        input: Fingerprint,
        compute: impl FnOnce() -> Result<O, E>,
    ) -> Result<Result<O, E>, Error>
    where
        O: Serialize + DeserializeOwned,
    {
        self.stop_if_asked()?;
        let failed = |source| Error::Memo { step: step.name, source };
        let key = Key::of(step, input);
        let mut log = StepLog::new(step.name);
        log.n_in = n_in;
        log.note(&[key]);
        let known = self.memo.get_many(&[key]).map_err(failed)?.into_iter().next().flatten();
        let value = if let Some(value) = known.and_then(|bytes| postcard::from_bytes(&bytes).ok()) {
            value
        } else {
            log.is_whole_miss = true;
            match compute() {
                Ok(value) => {
                    self.keep(step, input, &value)?;
                    value
                }
                Err(error) => return Ok(Err(error)),
            }
        };
        self.locked_log().push(log);
        Ok(Ok(value))
    }

    /// Keeps a result that is known without computing it, such as the fixed point of a step.
    ///
    /// # Errors
    /// [`Error::Memo`] when the memo fails.
    pub fn keep<O: Serialize + DeserializeOwned>(
        &self,
        step: Step,
        input: Fingerprint,
        value: &O,
    ) -> Result<(), Error> {
        let bytes = encode(step, value)?;
        self.memo.put_many(&[(Key::of(step, input), bytes)]).map_err(|source| Error::Memo { step: step.name, source })
    }

    fn stop_if_asked(&self) -> Result<(), Error> {
        if (self.is_cancelled)() { Err(Error::Cancelled) } else { Ok(()) }
    }

    fn locked_log(&self) -> std::sync::MutexGuard<'_, RunLog> {
        self.log.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// A result's binary form. In debug builds it is read back at once: a type that cannot be would never be cached, and
/// nobody would notice.
fn encode<O: Serialize + DeserializeOwned>(step: Step, value: &O) -> Result<Vec<u8>, Error> {
    let bytes =
        postcard::to_allocvec(value).map_err(|cause| Error::Memo { step: step.name, source: MemoError::new(cause) })?;
    debug_assert!(postcard::from_bytes::<O>(&bytes).is_ok(), "results of step '{}' cannot be read back", step.name);
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DOUBLE: Step = Step { name: "double", version: 1 };

    fn double(engine: &Engine<'_>, items: &[u64]) -> Vec<u64> {
        engine.each(DOUBLE, items, |&i| (i, Fingerprint::of(&i)), |&i| i * 2).unwrap()
    }

    fn never() -> bool {
        false
    }

    #[test]
    fn only_what_is_new_is_computed() {
        let memo = InMemory::default();
        double(&Engine::new(&memo, &never), &[1, 2, 3]);
        let second = Engine::new(&memo, &never);
        assert_eq!(double(&second, &[3, 4, 1]), [6, 8, 2]);
        let log = second.log();
        assert_eq!(log.step("double").unwrap().missed, [4]);
        assert_eq!(log.step("double").unwrap().n_cached(), 2);
        let results = |items: &[u64]| {
            let engine = Engine::new(&memo, &never);
            double(&engine, items);
            engine.log().step("double").unwrap().results
        };
        assert_eq!(results(&[3, 4, 1]), log.step("double").unwrap().results);
        assert_ne!(results(&[3, 4]), log.step("double").unwrap().results);
    }

    #[test]
    fn together_equals_one_by_one_and_only_what_is_new_is_computed() {
        let memo = InMemory::default();
        let items: Vec<u64> = (0..5000).collect();
        double(&Engine::new(&memo, &never), &items[1000..2000]);
        let engine = Engine::new(&memo, &never);
        let largest = std::cell::Cell::new(0);
        let together = engine.each_together(
            DOUBLE,
            &items,
            64,
            |&i| (i, Fingerprint::of(&i)),
            |batch| {
                largest.set(largest.get().max(batch.len()));
                batch.iter().map(|&&i| i * 2).collect()
            },
        );
        assert_eq!(together.unwrap(), items.iter().map(|i| i * 2).collect::<Vec<_>>());
        assert_eq!((engine.log().step("double").unwrap().n_cached(), largest.get()), (1000, 64));
        let stopped = Engine::new(&memo, &|| true);
        let result = stopped.each_together(DOUBLE, &[9999], 64, |&i| (i, Fingerprint::of(&i)), |_| vec![0]);
        assert!(matches!(result, Err(Error::Cancelled)));
    }

    #[test]
    fn another_version_of_the_code_starts_afresh() {
        let memo = InMemory::default();
        double(&Engine::new(&memo, &never), &[1]);
        let engine = Engine::new(&memo, &never);
        let next = Step { version: 2, ..DOUBLE };
        engine.each(next, &[1u64], |&i| (i, Fingerprint::of(&i)), |&i| i * 2).unwrap();
        assert_eq!(engine.log().step("double").unwrap().missed, [1]);
    }

    #[test]
    fn a_stopped_run_keeps_its_finished_batches() {
        let memo = InMemory::default();
        let items: Vec<u64> = (0..10_000).collect();
        let batches = std::sync::atomic::AtomicUsize::new(0);
        let stop = || batches.fetch_add(1, std::sync::atomic::Ordering::SeqCst) >= 1;
        let stopped = Engine::new(&memo, &stop);
        let result = stopped.each(DOUBLE, &items, |&i| (i, Fingerprint::of(&i)), |&i| i * 2);
        assert!(matches!(result, Err(Error::Cancelled)));
        let resumed = Engine::new(&memo, &never);
        double(&resumed, &items);
        assert_eq!(resumed.log().step("double").unwrap().n_cached(), BATCH_ITEMS);
    }

    #[test]
    fn a_damaged_entry_is_computed_again() {
        let memo = InMemory::default();
        let input = Fingerprint::of(&"x");
        memo.put_many(&[(Key::of(DOUBLE, input), vec![0xff; 3])]).unwrap();
        let engine = Engine::new(&memo, &never);
        let value: String = engine.whole(DOUBLE, 1, input, || "computed".to_owned()).unwrap();
        assert_eq!(value, "computed");
    }

    #[test]
    fn a_failure_is_not_kept() {
        let memo = InMemory::default();
        let engine = Engine::new(&memo, &never);
        let input = Fingerprint::of(&1u8);
        assert_eq!(engine.try_whole::<u8, &str>(DOUBLE, 1, input, || Err("disk")).unwrap(), Err("disk"));
        assert_eq!(engine.try_whole::<u8, &str>(DOUBLE, 1, input, || Ok(7)).unwrap(), Ok(7));
    }

    proptest! {
        #[test]
        fn any_history_equals_a_clean_run(history in prop::collection::vec(prop::collection::vec(0u64..50, 0..40), 1..6)) {
            let memo = InMemory::default();
            let mut last = Vec::new();
            for items in &history {
                last = double(&Engine::new(&memo, &never), items);
            }
            let clean = InMemory::default();
            prop_assert_eq!(last, double(&Engine::new(&clean, &never), &history[history.len() - 1]));
        }
    }
}
