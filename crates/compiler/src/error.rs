//! What can go wrong with a workspace as a whole. Problems inside people's files are diagnostics, not errors.

use std::path::PathBuf;

/// An operation on a workspace failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no workspace in the folder.
    #[error("{folder} is not a throughline workspace: run `throughline init` there first")]
    NoWorkspace {
        /// The folder.
        folder: PathBuf,
    },
    /// A workspace is there already.
    #[error("{file} exists already and stays as it is")]
    Exists {
        /// Its settings file.
        file: PathBuf,
    },
    /// A path could not be read or written.
    #[error("{path} cannot be used")]
    Path {
        /// The path.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// A folder holds no encoder that can be used.
    #[error("{path} cannot be used as an encoder")]
    Encoder {
        /// The folder.
        path: PathBuf,
        /// The cause, with its remedy.
        source: throughline_text::encoder::EncoderError,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] throughline_store::Error),
    /// The engine failed or was stopped.
    #[error(transparent)]
    Engine(#[from] throughline_engine::Error),
    /// Nothing has that id.
    #[error("there is no {what} '{id}': {hint}")]
    NotFound {
        /// What was looked for.
        what: &'static str,
        /// The id given.
        id: String,
        /// Where to find the right one.
        hint: &'static str,
    },
    /// An edit cannot be made as it was asked for.
    #[error("{item} {problem}: {remedy}")]
    Edit {
        /// The item or the edit that was named.
        item: String,
        /// What is in the way.
        problem: String,
        /// What to do instead.
        remedy: String,
    },
    /// No run has been made yet.
    #[error("nothing has been computed yet: run `throughline run` first")]
    NotRun,
    /// A quote is not what stands in its record.
    #[error("{n_wrong} quotes do not match their records, the first being {first}: nothing was written")]
    Proof {
        /// How many.
        n_wrong: usize,
        /// The first of them.
        first: String,
    },
}

impl Error {
    /// Stable code in kebab-case.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoWorkspace { .. } => "no-workspace",
            Self::Exists { .. } => "workspace-exists",
            Self::Path { .. } => "path-unusable",
            Self::Encoder { .. } => "encoder-unusable",
            Self::Store(error) => error.code(),
            Self::Engine(error) => error.code(),
            Self::NotFound { .. } => "not-found",
            Self::Edit { .. } => "edit-refused",
            Self::NotRun => "not-run",
            Self::Proof { .. } => "proof-failed",
        }
    }

    /// Whether trying again may help.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Store(error) => error.is_retryable(),
            Self::Engine(error) => error.is_retryable(),
            _ => false,
        }
    }
}
