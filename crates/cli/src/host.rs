//! The operating system as the pipeline's host: files, folders, a stopwatch, and Ctrl-C.

use std::fs::{self, File};
use std::io::{Read, Result};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;
use throughline_model::host::{FoundFile, Host};

/// This machine. Copies share the wish to stop.
#[derive(Clone)]
pub(crate) struct OsHost {
    started: Instant,
    is_cancelled: Arc<AtomicBool>,
}

impl OsHost {
    /// Starts the stopwatch and listens for Ctrl-C and SIGTERM: the first asks to stop at the next safe point, a second
    /// one ends the process at once.
    pub(crate) fn new() -> Self {
        let is_cancelled = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&is_cancelled);
        // Without a handler the process still ends on Ctrl-C, only less gently, so a failure to set one is no error.
        let _ = ctrlc::set_handler(move || {
            if flag.swap(true, Ordering::SeqCst) {
                std::process::exit(130);
            }
        });
        Self { started: Instant::now(), is_cancelled }
    }
}

impl Host for OsHost {
    fn open(&self, path: &Path) -> Result<Box<dyn Read + Send>> {
        Ok(Box::new(File::open(path)?))
    }

    fn list(&self, path: &Path) -> Result<Vec<FoundFile>> {
        let found = fs::metadata(path)?;
        let mut files = Vec::new();
        if found.is_dir() {
            walk(path, path, &mut files)?;
            files.sort();
        } else {
            files.push(FoundFile { path: path.to_owned(), shown: path.display().to_string(), size_bytes: found.len() });
        }
        Ok(files)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut unfinished = path.as_os_str().to_owned();
        unfinished.push(".part");
        fs::write(&unfinished, bytes)?;
        fs::rename(&unfinished, path)
    }

    fn elapsed_secs(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }

    fn is_cancelled(&self) -> bool {
        self.is_cancelled.load(Ordering::SeqCst)
    }
}

fn walk(root: &Path, folder: &Path, files: &mut Vec<FoundFile>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        let kind = entry.file_type()?;
        let path = entry.path();
        if kind.is_dir() {
            walk(root, &path, files)?;
        } else if kind.is_file() {
            let shown = path.strip_prefix(root).unwrap_or(&path).display().to_string();
            files.push(FoundFile { shown, size_bytes: entry.metadata()?.len(), path });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_listed_in_order_without_hidden_files() {
        let folder = tempfile::tempdir().unwrap();
        let host = OsHost::new();
        for name in ["b/2.csv", "a.csv", ".git/config", "b/1.csv"] {
            host.write(&folder.path().join(name), b"x").unwrap();
        }
        let shown: Vec<String> = host.list(folder.path()).unwrap().into_iter().map(|file| file.shown).collect();
        assert_eq!(shown, ["a.csv", "b/1.csv", "b/2.csv"]);
    }
}
