//! The machine as tests see it: real files, no clock.

#![allow(dead_code, clippy::unwrap_used, reason = "each test uses its part, and fails by panicking")]

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use throughline_model::Host;
use throughline_model::host::FoundFile;

pub(crate) struct Disk;

impl Host for Disk {
    fn open(&self, path: &Path) -> std::io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(fs::File::open(path)?))
    }
    fn list(&self, path: &Path) -> std::io::Result<Vec<FoundFile>> {
        let mut found = Vec::new();
        let mut next: Vec<PathBuf> = vec![path.to_owned()];
        while let Some(path) = next.pop() {
            if path.is_dir() {
                for entry in fs::read_dir(&path)? {
                    next.push(entry?.path());
                }
            } else {
                let size_bytes = fs::metadata(&path)?.len();
                let shown = path.file_name().unwrap().to_string_lossy().into();
                found.push(FoundFile { path, shown, size_bytes });
            }
        }
        found.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(found)
    }
    fn write(&self, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
        fs::create_dir_all(path.parent().unwrap())?;
        fs::write(path, bytes)
    }
    fn elapsed_secs(&self) -> f64 {
        0.0
    }
    fn is_cancelled(&self) -> bool {
        false
    }
}

pub(crate) struct Quiet;
impl throughline_compiler::import::ImportProgress for Quiet {}
