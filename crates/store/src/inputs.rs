//! Inputs in SQLite: one durable transaction per batch.
//!
//! Cost: about 10 µs a record and 3 µs an event, and one disk flush a batch; `benches/` has the figures.
//! Invariant: ids are the bits of an unsigned number kept in SQLite's signed one; order is always by the unsigned.

use crate::schema::{self, Durability};
use crate::{Batch, Changes, Error, Inputs, Sizes, StoredRecord};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use throughline_engine::{Fingerprint, Fold};
use throughline_model::{AccountId, Event, RawAccount, RecordId};

/// The inputs of one workspace folder.
pub struct SqliteInputs {
    connection: Connection,
    file: PathBuf,
}

impl SqliteInputs {
    /// Opens or creates the database at `file`.
    ///
    /// # Errors
    /// When it is not a database of ours, or of a newer version.
    pub fn open(file: &Path) -> Result<Self, Error> {
        let connection = schema::open(file, schema::INPUTS, Durability::Full)?;
        Ok(Self { connection, file: file.to_owned() })
    }

    fn failed(&self, what: &'static str) -> impl Fn(rusqlite::Error) -> Error + use<> {
        let file = self.file.clone();
        move |source| Error::Database { file: file.clone(), what, source }
    }

    fn count_by_source(&self, table: &str) -> Result<Vec<(String, u64)>, Error> {
        let failed = self.failed("count");
        let sql = format!("SELECT source, count(*) FROM {table} GROUP BY source");
        let mut query = self.connection.prepare(&sql).map_err(&failed)?;
        let rows = query.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)? as u64))).map_err(&failed)?;
        rows.collect::<Result<_, _>>().map_err(&failed)
    }
}

fn to_sql(id: u64) -> i64 {
    id.cast_signed()
}

fn from_sql(id: i64) -> u64 {
    id.cast_unsigned()
}

fn encode<T: serde::Serialize>(what: &str, value: &T) -> Result<Vec<u8>, Error> {
    postcard::to_allocvec(value).map_err(|source| Error::Damaged { what: what.to_owned(), source: Box::new(source) })
}

fn decode<T: serde::de::DeserializeOwned>(what: &str, bytes: &[u8]) -> Result<T, Error> {
    postcard::from_bytes(bytes).map_err(|source| Error::Damaged { what: what.to_owned(), source: Box::new(source) })
}

impl Inputs for SqliteInputs {
    fn commit(&mut self, batch: &Batch) -> Result<Changes, Error> {
        let failed = self.failed("store a batch");
        let mut changes = Changes::default();
        let step = self.connection.transaction().map_err(&failed)?;
        {
            let mut known = step.prepare_cached("SELECT fingerprint FROM record WHERE id = ?1").map_err(&failed)?;
            let mut put = step
                .prepare_cached("INSERT OR REPLACE INTO record (id, source, fingerprint, raw) VALUES (?1, ?2, ?3, ?4)")
                .map_err(&failed)?;
            for (id, record) in &batch.records {
                let bytes = encode("a record", record)?;
                let fingerprint = Fingerprint::of_bytes(&bytes);
                let old: Option<[u8; 16]> =
                    known.query_row([to_sql(id.0)], |row| row.get(0)).optional().map_err(&failed)?;
                match old {
                    Some(old) if old == fingerprint.0 => changes.n_unchanged += record.n_items,
                    Some(_) => changes.n_updated += record.n_items,
                    None => changes.n_stored += record.n_items,
                }
                if old != Some(fingerprint.0) {
                    put.execute(params![to_sql(id.0), record.source, fingerprint.0, bytes]).map_err(&failed)?;
                }
            }
            let mut known = step.prepare_cached("SELECT raw FROM account WHERE id = ?1").map_err(&failed)?;
            let mut put = step
                .prepare_cached("INSERT OR REPLACE INTO account (id, source, raw) VALUES (?1, ?2, ?3)")
                .map_err(&failed)?;
            for (id, account) in &batch.accounts {
                let bytes = encode("an account", account)?;
                let old: Option<Vec<u8>> =
                    known.query_row([to_sql(id.0)], |row| row.get(0)).optional().map_err(&failed)?;
                match old {
                    Some(old) if old == bytes => changes.n_unchanged += 1,
                    Some(_) => changes.n_updated += 1,
                    None => changes.n_stored += 1,
                }
                put.execute(params![to_sql(id.0), account.source, bytes]).map_err(&failed)?;
            }
            let mut put = step
                .prepare_cached("INSERT OR IGNORE INTO event (id, source, at, who, raw) VALUES (?1, ?2, ?3, ?4, ?5)")
                .map_err(&failed)?;
            for event in &batch.events {
                let bytes = encode("an event", event)?;
                let at = event.at.map(|at| at.0);
                let n =
                    put.execute(params![to_sql(event.id.0), event.source, at, event.who, bytes]).map_err(&failed)?;
                if n == 1 {
                    changes.n_stored += 1;
                } else {
                    changes.n_unchanged += 1;
                }
            }
        }
        step.commit().map_err(&failed)?;
        Ok(changes)
    }

    fn records(&self) -> Result<Vec<StoredRecord>, Error> {
        let failed = self.failed("read records");
        let mut query = self.connection.prepare("SELECT id, fingerprint, raw FROM record").map_err(&failed)?;
        let rows = query
            .query_map([], |row| {
                Ok(StoredRecord {
                    id: RecordId(from_sql(row.get(0)?)),
                    fingerprint: Fingerprint(row.get(1)?),
                    bytes: row.get(2)?,
                })
            })
            .map_err(&failed)?;
        let mut records = rows.collect::<Result<Vec<_>, _>>().map_err(&failed)?;
        records.sort_unstable_by_key(|record| record.id);
        Ok(records)
    }

    fn accounts(&self) -> Result<Vec<(AccountId, RawAccount)>, Error> {
        let failed = self.failed("read accounts");
        let mut query = self.connection.prepare("SELECT id, raw FROM account").map_err(&failed)?;
        let rows = query
            .query_map([], |row| Ok((from_sql(row.get(0)?), row.get::<_, Vec<u8>>(1)?)))
            .map_err(&failed)?
            .collect::<Result<Vec<_>, _>>()
            .map_err(&failed)?;
        let mut accounts = rows
            .into_iter()
            .map(|(id, bytes)| Ok((AccountId(id), decode("an account", &bytes)?)))
            .collect::<Result<Vec<_>, Error>>()?;
        accounts.sort_by_key(|(id, _)| *id);
        Ok(accounts)
    }

    fn each_event(&self, take: &mut dyn FnMut(Event)) -> Result<(), Error> {
        let failed = self.failed("read events");
        let mut query = self.connection.prepare("SELECT raw FROM event ORDER BY at, id").map_err(&failed)?;
        let mut rows = query.query([]).map_err(&failed)?;
        while let Some(row) = rows.next().map_err(&failed)? {
            let bytes = row.get_ref(0).and_then(|value| Ok(value.as_blob()?)).map_err(&failed)?;
            take(decode("an event", bytes)?);
        }
        Ok(())
    }

    fn events_fingerprint(&self) -> Result<Fingerprint, Error> {
        let failed = self.failed("read events");
        let mut query = self.connection.prepare("SELECT id FROM event ORDER BY id").map_err(&failed)?;
        let mut rows = query.query([]).map_err(&failed)?;
        let mut fold = Fold::default();
        while let Some(row) = rows.next().map_err(&failed)? {
            fold.bytes(&row.get::<_, i64>(0).map_err(&failed)?.to_le_bytes());
        }
        Ok(fold.finish())
    }

    fn sources(&self) -> Result<Vec<(String, Sizes)>, Error> {
        let mut sizes: BTreeMap<String, Sizes> = BTreeMap::new();
        for (source, n) in self.count_by_source("record")? {
            sizes.entry(source).or_default().n_records = n;
        }
        for (source, n) in self.count_by_source("account")? {
            sizes.entry(source).or_default().n_accounts = n;
        }
        for (source, n) in self.count_by_source("event")? {
            sizes.entry(source).or_default().n_events = n;
        }
        Ok(sizes.into_iter().collect())
    }

    fn remove_records(&mut self, ids: &[RecordId]) -> Result<u64, Error> {
        let failed = self.failed("remove records");
        let step = self.connection.transaction().map_err(&failed)?;
        let mut n = 0;
        {
            let mut remove = step.prepare_cached("DELETE FROM record WHERE id = ?1").map_err(&failed)?;
            for id in ids {
                n += remove.execute([to_sql(id.0)]).map_err(&failed)? as u64;
            }
        }
        step.commit().map_err(&failed)?;
        self.connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").map_err(&failed)?;
        Ok(n)
    }

    fn remove_source(&mut self, source: &str) -> Result<Sizes, Error> {
        let failed = self.failed("remove a source");
        let step = self.connection.transaction().map_err(&failed)?;
        let remove = |table: &str| {
            step.execute(&format!("DELETE FROM {table} WHERE source = ?1"), [source]).map(|n| n as u64).map_err(&failed)
        };
        let sizes = Sizes { n_records: remove("record")?, n_accounts: remove("account")?, n_events: remove("event")? };
        step.commit().map_err(&failed)?;
        self.connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").map_err(&failed)?;
        Ok(sizes)
    }

    fn remove_events_of(&mut self, who: &[String]) -> Result<u64, Error> {
        let failed = self.failed("remove events");
        let step = self.connection.transaction().map_err(&failed)?;
        let mut n = 0;
        for who in who {
            n += step.execute("DELETE FROM event WHERE who = ?1", [who]).map_err(&failed)? as u64;
        }
        step.commit().map_err(&failed)?;
        self.connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").map_err(&failed)?;
        Ok(n)
    }

    fn value(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        self.connection
            .query_row("SELECT bytes FROM value WHERE name = ?1", [name], |row| row.get(0))
            .optional()
            .map_err(self.failed("read a value"))
    }

    fn set_values(&mut self, values: &[(String, Option<Vec<u8>>)]) -> Result<(), Error> {
        let failed = self.failed("write a value");
        let mut write = || {
            let step = self.connection.transaction()?;
            for (name, value) in values {
                match value {
                    Some(bytes) => step
                        .execute("INSERT OR REPLACE INTO value (name, bytes) VALUES (?1, ?2)", params![name, bytes])?,
                    None => step.execute("DELETE FROM value WHERE name = ?1", [name])?,
                };
            }
            step.commit()
        };
        write().map_err(failed)
    }
}
