//! What can go wrong with a store.

use std::path::PathBuf;

/// A store operation failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The folder cannot be made.
    #[error("the folder {folder} cannot be made")]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The database refused.
    #[error("the database {file} refused to {what}")]
    Database {
        /// The database file.
        file: PathBuf,
        /// What was tried.
        what: &'static str,
        /// The cause.
        source: rusqlite::Error,
    },
    /// Written by a newer version of the program.
    #[error("{file} was written by a newer version (schema {found}, this one knows {known}): update throughline")]
    TooNew {
        /// The database file.
        file: PathBuf,
        /// Its version.
        found: u32,
        /// The newest version known.
        known: u32,
    },
    /// Bytes are not what they should be.
    #[error("{what} is damaged in the store: import its source again")]
    Damaged {
        /// What.
        what: String,
        /// The cause.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Error {
    /// Stable code in kebab-case.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Folder { .. } => "store-folder",
            Self::Database { .. } => "store-database",
            Self::TooNew { .. } => "store-too-new",
            Self::Damaged { .. } => "store-damaged",
        }
    }

    /// Whether trying again may help.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Database { source, .. } => matches!(
                source.sqlite_error_code(),
                Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked)
            ),
            Self::Folder { .. } | Self::TooNew { .. } | Self::Damaged { .. } => false,
        }
    }
}
