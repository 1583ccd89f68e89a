//! Derived results in SQLite: the memo and the tables of the last run.
//!
//! Cost: about 2 µs to read and 5 µs to write an entry. Losing this file costs one run.

use crate::schema::{self, Durability};
use crate::{Derived, Error, Row};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use throughline_engine::{Key, Memo, MemoError};

/// The index by which one row is found.
const BY_ID: &str = "INDEXED BY result_id";
/// The index by which the rows of one group are found.
const BY_GROUP: &str = "INDEXED BY result_group";

/// The results of one workspace folder.
pub struct SqliteDerived {
    inner: Mutex<Inner>,
    file: PathBuf,
}

struct Inner {
    connection: Connection,
    touched: BTreeSet<i64>,
}

impl SqliteDerived {
    /// Opens or creates the database at `file`.
    ///
    /// # Errors
    /// When it is not a database of ours, or of a newer version.
    pub fn open(file: &Path) -> Result<Self, Error> {
        let connection = schema::open(file, schema::DERIVED, Durability::Normal)?;
        Ok(Self { inner: Mutex::new(Inner { connection, touched: BTreeSet::new() }), file: file.to_owned() })
    }

    fn locked(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn failed(&self, what: &'static str) -> impl Fn(rusqlite::Error) -> Error + use<> {
        let file = self.file.clone();
        move |source| Error::Database { file: file.clone(), what, source }
    }

    /// Rows by way of an index that is named: without statistics the planner takes the primary key for any question about
    /// one table, and reads all of its rows to find one.
    fn select(&self, index: &str, tail: &str, arguments: impl rusqlite::Params) -> Result<Vec<Row>, Error> {
        let failed = self.failed("read results");
        let inner = self.locked();
        let sql = format!("SELECT id, belongs_to, bytes FROM result {index} WHERE name = ?1 {tail}");
        let mut query = inner.connection.prepare_cached(&sql).map_err(&failed)?;
        let rows = query
            .query_map(arguments, |row| {
                Ok(Row {
                    id: row.get::<_, i64>(0)?.cast_unsigned(),
                    group: row.get::<_, i64>(1)?.cast_unsigned(),
                    bytes: row.get(2)?,
                })
            })
            .map_err(&failed)?;
        rows.collect::<Result<_, _>>().map_err(&failed)
    }
}

/// A key as two numbers.
fn halves(key: Key) -> (i64, i64) {
    let number = u128::from_le_bytes(key.0);
    (((number >> 64) as u64).cast_signed(), (number as u64).cast_signed())
}

impl Memo for SqliteDerived {
    fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Vec<u8>>>, MemoError> {
        let mut inner = self.locked();
        let mut found = Vec::with_capacity(keys.len());
        let mut touched = Vec::new();
        {
            let mut query = inner
                .connection
                .prepare_cached("SELECT bytes FROM memo WHERE half = ?1 AND rest = ?2")
                .map_err(MemoError::new)?;
            for &key in keys {
                let (half, rest) = halves(key);
                let bytes: Option<Vec<u8>> =
                    query.query_row([half, rest], |row| row.get(0)).optional().map_err(MemoError::new)?;
                if bytes.is_some() {
                    touched.push(half);
                }
                found.push(bytes);
            }
        }
        inner.touched.extend(touched);
        Ok(found)
    }

    fn put_many(&self, entries: &[(Key, Vec<u8>)]) -> Result<(), MemoError> {
        if entries.is_empty() {
            return Ok(());
        }
        let mut inner = self.locked();
        let step = inner.connection.transaction().map_err(MemoError::new)?;
        {
            let mut put = step
                .prepare_cached("INSERT OR REPLACE INTO memo (half, rest, bytes) VALUES (?1, ?2, ?3)")
                .map_err(MemoError::new)?;
            for (key, bytes) in entries {
                let (half, rest) = halves(*key);
                put.execute(params![half, rest, bytes]).map_err(MemoError::new)?;
            }
        }
        step.commit().map_err(MemoError::new)?;
        inner.touched.extend(entries.iter().map(|(key, _)| halves(*key).0));
        Ok(())
    }
}

impl Derived for SqliteDerived {
    fn replace(&mut self, table: &str, rows: &[Row]) -> Result<(), Error> {
        let failed = self.failed("store results");
        let mut inner = self.locked();
        let step = inner.connection.transaction().map_err(&failed)?;
        step.execute("DELETE FROM result WHERE name = ?1", [table]).map_err(&failed)?;
        {
            let mut put = step
                .prepare_cached("INSERT INTO result (name, id, place, belongs_to, bytes) VALUES (?1, ?2, ?3, ?4, ?5)")
                .map_err(&failed)?;
            for (place, row) in rows.iter().enumerate() {
                put.execute(params![table, row.id.cast_signed(), place as i64, row.group.cast_signed(), row.bytes])
                    .map_err(&failed)?;
            }
        }
        step.commit().map_err(&failed)
    }

    fn rows(&self, table: &str) -> Result<Vec<Row>, Error> {
        self.select("", "ORDER BY place", params![table])
    }

    fn first_rows(&self, table: &str, n: usize) -> Result<Vec<Row>, Error> {
        self.select("", "ORDER BY place LIMIT ?2", params![table, n as i64])
    }

    fn row(&self, table: &str, id: u64) -> Result<Option<Row>, Error> {
        let found = self.select(BY_ID, "AND id = ?2 LIMIT 1", params![table, id.cast_signed()])?;
        Ok(found.into_iter().next())
    }

    fn rows_of(&self, table: &str, group: u64) -> Result<Vec<Row>, Error> {
        self.select(BY_GROUP, "AND belongs_to = ?2 ORDER BY place", params![table, group.cast_signed()])
    }

    fn sweep(&mut self) -> Result<u64, Error> {
        let failed = self.failed("sweep the memo");
        let mut inner = self.locked();
        let n_all: i64 =
            inner.connection.query_row("SELECT count(*) FROM memo", [], |row| row.get(0)).map_err(&failed)?;
        if n_all as usize <= 2 * inner.touched.len() {
            return Ok(0);
        }
        let touched = std::mem::take(&mut inner.touched);
        let step = inner.connection.transaction().map_err(&failed)?;
        step.execute_batch("CREATE TEMP TABLE touched (half INTEGER PRIMARY KEY)").map_err(&failed)?;
        {
            let mut put = step.prepare("INSERT INTO touched VALUES (?1)").map_err(&failed)?;
            for half in &touched {
                put.execute([half]).map_err(&failed)?;
            }
        }
        let n = step.execute("DELETE FROM memo WHERE half NOT IN (SELECT half FROM touched)", []).map_err(&failed)?;
        step.execute_batch("DROP TABLE touched").map_err(&failed)?;
        step.commit().map_err(&failed)?;
        inner.touched = touched;
        Ok(n as u64)
    }

    fn clear(&mut self) -> Result<(), Error> {
        let failed = self.failed("be emptied");
        let mut inner = self.locked();
        inner.touched.clear();
        inner
            .connection
            .execute_batch("DELETE FROM memo; DELETE FROM result; VACUUM; PRAGMA wal_checkpoint(TRUNCATE)")
            .map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_row_is_found_by_its_index() {
        let folder = tempfile::tempdir().unwrap();
        let derived = SqliteDerived::open(&folder.path().join("derived.db")).unwrap();
        let plan = |index: &str, tail: &str| -> String {
            let sql = format!("EXPLAIN QUERY PLAN SELECT bytes FROM result {index} WHERE name = 'a' {tail}");
            derived.locked().connection.query_row(&sql, [], |row| row.get(3)).unwrap()
        };
        assert!(plan(BY_ID, "AND id = 1 LIMIT 1").contains("result_id (name=? AND id=?)"));
        assert!(plan(BY_GROUP, "AND belongs_to = 1 ORDER BY place").contains("result_group (name=? AND belongs_to=?)"));
    }
}
