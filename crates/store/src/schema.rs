//! Numbered migrations and how a database is opened.
//!
//! A migration is never edited once released; a change is a new one at the end.

use crate::Error;
use rusqlite::Connection;
use std::path::Path;
use std::time::Duration;

/// How long to wait for another process that holds the database.
const BUSY_SECS: u64 = 10;

/// Of the inputs.
pub(crate) const INPUTS: &[&str] = &["
    CREATE TABLE record (
        id INTEGER PRIMARY KEY,
        source TEXT NOT NULL,
        fingerprint BLOB NOT NULL,
        raw BLOB NOT NULL
    ) STRICT;
    CREATE INDEX record_source ON record (source);
    CREATE TABLE account (
        id INTEGER PRIMARY KEY,
        source TEXT NOT NULL,
        raw BLOB NOT NULL
    ) STRICT;
    CREATE TABLE event (
        id INTEGER PRIMARY KEY,
        source TEXT NOT NULL,
        at INTEGER,
        who TEXT NOT NULL,
        raw BLOB NOT NULL
    ) STRICT;
    CREATE TABLE value (
        name TEXT PRIMARY KEY,
        bytes BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
"];

/// Of what is computed.
pub(crate) const DERIVED: &[&str] = &[
    "
    CREATE TABLE memo (
        half INTEGER PRIMARY KEY,   -- first half of the key
        rest INTEGER NOT NULL,      -- second half
        bytes BLOB NOT NULL
    ) STRICT;
    CREATE TABLE result (
        name TEXT NOT NULL,
        id INTEGER NOT NULL,
        place INTEGER NOT NULL,
        belongs_to INTEGER NOT NULL,
        bytes BLOB NOT NULL,
        PRIMARY KEY (name, place)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX result_id ON result (name, id);
    CREATE INDEX result_group ON result (name, belongs_to);
",
    "
    DELETE FROM result;             -- places have an effort and a plan has periods; the next run writes them
",
];

/// How careful writing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// A commit is on disk when it returns.
    Full,
    /// A commit survives the process, not the loss of power.
    Normal,
}

/// Opens a database and brings it to the newest version.
pub(crate) fn open(file: &Path, migrations: &[&str], durability: Durability) -> Result<Connection, Error> {
    let failed = |what| move |source| Error::Database { file: file.to_owned(), what, source };
    let mut connection = Connection::open(file).map_err(failed("be opened"))?;
    connection.busy_timeout(Duration::from_secs(BUSY_SECS)).map_err(failed("be configured"))?;
    let synchronous = match durability {
        Durability::Full => "FULL",
        Durability::Normal => "NORMAL",
    };
    connection
        .execute_batch(&format!(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous}; PRAGMA secure_delete = ON;
             PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;"
        ))
        .map_err(failed("be configured"))?;
    let known = migrations.len() as u32;
    let found: u32 =
        connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(failed("tell its version"))?;
    if found > known {
        return Err(Error::TooNew { file: file.to_owned(), found, known });
    }
    if found < known {
        let step = connection.transaction().map_err(failed("be migrated"))?;
        for migration in &migrations[found as usize..] {
            step.execute_batch(migration).map_err(failed("be migrated"))?;
        }
        step.execute_batch(&format!("PRAGMA user_version = {known}")).map_err(failed("be migrated"))?;
        step.commit().map_err(failed("be migrated"))?;
    }
    Ok(connection)
}
