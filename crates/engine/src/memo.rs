//! The memo: bytes by key. The store keeps it on disk; tests and one-off runs keep it in memory.

use crate::{Fingerprint, Fold, Step};
use std::collections::BTreeMap;
use std::sync::Mutex;

/// A step and the fingerprint of its input, hashed together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub [u8; 16]);

impl Key {
    /// The key of `step` applied to `input`.
    #[must_use]
    pub fn of(step: Step, input: Fingerprint) -> Self {
        let mut fold = Fold::default();
        fold.bytes(step.name.as_bytes()).bytes(&step.version.to_le_bytes()).add(input);
        Self(fold.finish().0)
    }
}

/// The memo could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct MemoError(#[source] Box<dyn std::error::Error + Send + Sync>);

impl MemoError {
    /// Wraps the cause.
    pub fn new(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(cause.into())
    }
}

/// Bytes by key.
pub trait Memo: Sync {
    /// The values of `keys`, in order; `None` where there is none.
    ///
    /// # Errors
    /// When the memo cannot be read.
    fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Vec<u8>>>, MemoError>;

    /// Keeps all entries, or none.
    ///
    /// # Errors
    /// When the memo cannot be written.
    fn put_many(&self, entries: &[(Key, Vec<u8>)]) -> Result<(), MemoError>;
}

/// A memo that lives as long as the process.
#[derive(Debug, Default)]
pub struct InMemory(Mutex<BTreeMap<Key, Vec<u8>>>);

impl InMemory {
    fn locked(&self) -> std::sync::MutexGuard<'_, BTreeMap<Key, Vec<u8>>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Memo for InMemory {
    fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Vec<u8>>>, MemoError> {
        let entries = self.locked();
        Ok(keys.iter().map(|key| entries.get(key).cloned()).collect())
    }

    fn put_many(&self, entries: &[(Key, Vec<u8>)]) -> Result<(), MemoError> {
        self.locked().extend(entries.iter().cloned());
        Ok(())
    }
}
