//! Files that a run was to take in are there after it, however it ended.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

#[path = "../../compiler/tests/disk/mod.rs"]
mod disk;

use disk::Disk;
use std::io::{Read, Result};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use throughline_compiler::Session;
use throughline_model::Host;
use throughline_model::host::FoundFile;
use throughline_server::app::App;
use throughline_server::jobs::Job;

/// A machine on which somebody asks for the end as soon as `second.csv` is opened.
#[derive(Default)]
struct Stopped {
    is_armed: AtomicBool,
    is_over: AtomicBool,
}

impl Host for Stopped {
    fn open(&self, path: &Path) -> Result<Box<dyn Read + Send>> {
        if self.is_armed.load(Ordering::Relaxed) && path.ends_with("second.csv") {
            self.is_over.store(true, Ordering::Relaxed);
        }
        Disk.open(path)
    }
    fn list(&self, path: &Path) -> Result<Vec<FoundFile>> {
        Disk.list(path)
    }
    fn write(&self, path: &Path, bytes: &[u8]) -> Result<()> {
        Disk.write(path, bytes)
    }
    fn elapsed_secs(&self) -> f64 {
        0.0
    }
    fn is_cancelled(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }
}

fn wait(job: &Job) {
    let begun = Instant::now();
    while job.is_going() {
        assert!(begun.elapsed() < Duration::from_secs(30), "the run does not end");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn what_a_stopped_run_did_not_take_in_waits_again() {
    let folder = tempfile::tempdir().unwrap();
    let waiting = folder.path().join(".throughline/waiting");
    for name in ["first.csv", "second.csv", "third.csv"] {
        let text = format!("id,text\n{name},Please let me export the calendar of {name}\n");
        Disk.write(&waiting.join(name), text.as_bytes()).unwrap();
    }
    let host = Arc::new(Stopped::default());
    Session::init(folder.path(), &*host).unwrap();
    let session = Session::open(folder.path(), &*host).unwrap();
    let app = Arc::new(App::new(Arc::clone(&host) as _, session, folder.path().to_owned(), &[]).unwrap());
    assert_eq!(app.staged().len(), 3);
    host.is_armed.store(true, Ordering::Relaxed);
    let job = app.start().unwrap();
    wait(&job);
    let names: Vec<String> = app.staged().iter().map(|file| file.name.clone()).collect();
    assert_eq!(names, ["second.csv", "third.csv"]);
    assert!(waiting.join("second.csv").exists() && waiting.join("third.csv").exists());
    // Nothing is in the way of the next one.
    host.is_over.store(false, Ordering::Relaxed);
    host.is_armed.store(false, Ordering::Relaxed);
    let again = app.start().unwrap();
    wait(&again);
    assert_eq!(app.sources().iter().map(|(_, n)| n).sum::<u64>(), 3);
    assert!(app.staged().is_empty());
}
