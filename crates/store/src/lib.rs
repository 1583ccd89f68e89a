//! The workspace store: what people gave us in one file, what was computed from it in another.
//!
//! - [`Inputs`]: raw records, accounts, events, lineage. The truth. A batch that [`Inputs::commit`] returned from is on
//!   disk (full synchronous writes) and survives the loss of power.
//! - [`Derived`]: the memo and the results of the last run. It may be deleted at any time; the next run makes it again.
//!
//! Both are interfaces; [`open`] gives the embedded SQLite store of one folder. Results do not depend on which one is used.
//!
//! Invariant: nothing above this crate sees SQL; nothing here knows what a stage is.

mod derived;
mod error;
mod inputs;
mod schema;

pub use derived::SqliteDerived;
pub use error::Error;
pub use inputs::SqliteInputs;

use std::path::Path;
use throughline_engine::{Fingerprint, Memo};
use throughline_model::{AccountId, Event, RawAccount, RawRecord, RecordId};

/// Facts that are written together.
#[derive(Debug, Default)]
pub struct Batch {
    /// Raw records with their ids.
    pub records: Vec<(RecordId, RawRecord)>,
    /// Rows of customer lists.
    pub accounts: Vec<(AccountId, RawAccount)>,
    /// Analytics events.
    pub events: Vec<Event>,
}

impl Batch {
    /// Source items in it: rows, cues, tickets, events.
    #[must_use]
    pub fn n_items(&self) -> u64 {
        self.records.iter().map(|(_, record)| record.n_items).sum::<u64>()
            + self.accounts.len() as u64
            + self.events.len() as u64
    }
}

/// What a batch changed, counted in source items. An updated record counts all its items as updated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Changes {
    /// Not seen before.
    pub n_stored: u64,
    /// Seen before, same content.
    pub n_unchanged: u64,
    /// Seen before, other content; replaced.
    pub n_updated: u64,
}

impl std::ops::AddAssign for Changes {
    fn add_assign(&mut self, other: Self) {
        self.n_stored += other.n_stored;
        self.n_unchanged += other.n_unchanged;
        self.n_updated += other.n_updated;
    }
}

/// A raw record as it lies in the store.
#[derive(Debug, Clone)]
pub struct StoredRecord {
    /// Its id.
    pub id: RecordId,
    /// Of its content.
    pub fingerprint: Fingerprint,
    /// Its binary form; see [`StoredRecord::decode`].
    pub bytes: Vec<u8>,
}

impl StoredRecord {
    /// The record itself.
    ///
    /// # Errors
    /// [`Error::Damaged`] when the bytes are not a record.
    pub fn decode(&self) -> Result<RawRecord, Error> {
        postcard::from_bytes(&self.bytes)
            .map_err(|source| Error::Damaged { what: format!("record {}", self.id), source: Box::new(source) })
    }
}

/// How much of what is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sizes {
    /// Raw records.
    pub n_records: u64,
    /// Accounts.
    pub n_accounts: u64,
    /// Events.
    pub n_events: u64,
}

/// What people gave us.
pub trait Inputs: Send {
    /// Writes a batch. When this returns, the batch is on disk.
    ///
    /// # Errors
    /// When the database refuses; then nothing of the batch is stored.
    fn commit(&mut self, batch: &Batch) -> Result<Changes, Error>;

    /// All raw records, by id.
    ///
    /// # Errors
    /// When the database cannot be read.
    fn records(&self) -> Result<Vec<StoredRecord>, Error>;

    /// All rows of customer lists, by id.
    ///
    /// # Errors
    /// When the database cannot be read.
    fn accounts(&self) -> Result<Vec<(AccountId, RawAccount)>, Error>;

    /// Hands out all events by time, then id, one at a time.
    ///
    /// # Errors
    /// When the database cannot be read.
    fn each_event(&self, take: &mut dyn FnMut(Event)) -> Result<(), Error>;

    /// Of the set of events, whatever the order of import.
    ///
    /// # Errors
    /// When the database cannot be read.
    fn events_fingerprint(&self) -> Result<Fingerprint, Error>;

    /// Sources by name, with how many records, accounts and events each has.
    ///
    /// # Errors
    /// When the database cannot be read.
    fn sources(&self) -> Result<Vec<(String, Sizes)>, Error>;

    /// Removes records. Their bytes are overwritten on disk.
    ///
    /// # Errors
    /// When the database refuses; then nothing is removed.
    fn remove_records(&mut self, ids: &[RecordId]) -> Result<u64, Error>;

    /// Removes everything a source gave: records, accounts, events.
    ///
    /// # Errors
    /// When the database refuses; then nothing is removed.
    fn remove_source(&mut self, source: &str) -> Result<Sizes, Error>;

    /// Removes the events of people, by the ids under which their source knows them.
    ///
    /// # Errors
    /// When the database refuses; then nothing is removed.
    fn remove_events_of(&mut self, who: &[String]) -> Result<u64, Error>;

    /// A named value that belongs to the inputs, such as the lineage.
    ///
    /// # Errors
    /// When the database cannot be read.
    fn value(&self, name: &str) -> Result<Option<Vec<u8>>, Error>;

    /// Sets a named value; `None` removes it.
    ///
    /// # Errors
    /// When the database refuses.
    fn set_value(&mut self, name: &str, value: Option<&[u8]>) -> Result<(), Error> {
        self.set_values(&[(name.to_owned(), value.map(<[u8]>::to_vec))])
    }

    /// Sets several named values at once; `None` removes one.
    ///
    /// # Errors
    /// When the database refuses; then all stay as they were.
    fn set_values(&mut self, values: &[(String, Option<Vec<u8>>)]) -> Result<(), Error>;
}

/// One row of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its id, unique in the table.
    pub id: u64,
    /// What it belongs to, for instance the insight of a signal; 0 for nothing.
    pub group: u64,
    /// Its binary form.
    pub bytes: Vec<u8>,
}

/// What was computed.
pub trait Derived: Memo + Send {
    /// Replaces a result table by `rows`; their order is kept.
    ///
    /// # Errors
    /// When the database refuses; then the old rows stay.
    fn replace(&mut self, table: &str, rows: &[Row]) -> Result<(), Error>;

    /// All rows of a table, in the order given.
    ///
    /// # Errors
    /// When the database cannot be read.
    fn rows(&self, table: &str) -> Result<Vec<Row>, Error>;

    /// The first `n` rows of a table, in the order given.
    ///
    /// # Errors
    /// When the database cannot be read.
    fn first_rows(&self, table: &str, n: usize) -> Result<Vec<Row>, Error>;

    /// One row.
    ///
    /// # Errors
    /// When the database cannot be read.
    fn row(&self, table: &str, id: u64) -> Result<Option<Row>, Error>;

    /// Rows that belong to `group`, in the order given.
    ///
    /// # Errors
    /// When the database cannot be read.
    fn rows_of(&self, table: &str, group: u64) -> Result<Vec<Row>, Error>;

    /// Drops memo entries that were neither read nor written since this store was opened, once they outnumber those
    /// that were.
    ///
    /// # Errors
    /// When the database refuses.
    fn sweep(&mut self) -> Result<u64, Error>;

    /// Removes everything; the next run makes it again.
    ///
    /// # Errors
    /// When the database refuses.
    fn clear(&mut self) -> Result<(), Error>;
}

/// Opens both stores in a folder, creating them if need be.
///
/// # Errors
/// When the folder cannot be made, or the files are not ours or of a newer version.
pub fn open(folder: &Path) -> Result<(SqliteInputs, SqliteDerived), Error> {
    std::fs::create_dir_all(folder).map_err(|source| Error::Folder { folder: folder.to_owned(), source })?;
    let inputs = SqliteInputs::open(&folder.join("workspace.db"))?;
    let derived = SqliteDerived::open(&folder.join("derived.db"))?;
    Ok((inputs, derived))
}
