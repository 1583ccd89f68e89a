//! The one door to the outside: whoever runs the pipeline decides what files, clocks and replies exist.
//!
//! Passes never see a [`Host`]; only the session does, before and after the stages. Tests pass a host in memory.

use std::io::{Read, Result};
use std::path::{Path, PathBuf};

/// One file found under a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FoundFile {
    /// Path to open it by.
    pub path: PathBuf,
    /// Name to show, relative to what was asked for.
    pub shown: String,
    /// Size in bytes.
    pub size_bytes: u64,
}

/// Files, folders and cancellation, as the surroundings allow them.
pub trait Host: Sync {
    /// Opens a file for reading from its start.
    ///
    /// # Errors
    /// Whatever the surroundings answer: missing, not readable, not allowed.
    fn open(&self, path: &Path) -> Result<Box<dyn Read + Send>>;

    /// All files at or below a path, sorted by path; a file yields itself. Hidden files are left out, links are not followed.
    ///
    /// # Errors
    /// When the path does not exist or cannot be listed.
    fn list(&self, path: &Path) -> Result<Vec<FoundFile>>;

    /// Writes a file whole, creating its folders; readers see either the old or the new bytes.
    ///
    /// # Errors
    /// Whatever the surroundings answer: full, read-only, not allowed.
    fn write(&self, path: &Path, bytes: &[u8]) -> Result<()>;

    /// Seconds since an arbitrary instant, for measuring how long a stage took. Never an input to a result.
    fn elapsed_secs(&self) -> f64;

    /// Whether somebody asked the work to stop.
    fn is_cancelled(&self) -> bool;
}
