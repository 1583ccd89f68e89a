//! What the server holds: one session for what changes, a snapshot for what is read, files that wait, and work that goes on.
//!
//! Invariant: nobody who reads waits for the session; whoever changes something takes it, and the snapshot is swapped
//! whole when they are done.

use crate::jobs::{Job, Kind};
use crate::problem::Problem;
use crate::uploads::Staged;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use throughline_compiler::import::{ImportOptions, ImportReport};
use throughline_compiler::preview::{Preview, preview};
use throughline_compiler::queries::Snapshot;
use throughline_compiler::{Error, RunOptions, Session};
use throughline_model::revision::Revision;
use throughline_model::{Host, Settings};

/// Everything that handlers share.
pub struct App {
    /// Files, stopwatch and the wish to stop.
    pub host: Arc<dyn Host + Send + Sync>,
    /// Files of the example, by path.
    pub example: &'static [(&'static str, &'static [u8])],
    /// Where uploaded files wait.
    pub waiting: PathBuf,
    /// Where files lie while a run takes them in.
    pub taking: PathBuf,
    folder: PathBuf,
    /// The settings as the session read them: what a file is read as depends on nothing else.
    settings: RwLock<Arc<Settings>>,
    n_parts: AtomicU64,
    session: Mutex<Session>,
    snapshot: RwLock<Option<Arc<Snapshot>>>,
    /// Sources with how many items each gave.
    sources: RwLock<Vec<(String, u64)>>,
    staged: Mutex<Vec<Staged>>,
    imported: Mutex<Option<Arc<ImportReport>>>,
    job: Mutex<Option<Arc<Job>>>,
    /// What people said that the next run will heed.
    unheeded: Mutex<Vec<String>>,
    /// Answers to requests that may come twice.
    pub replies: Mutex<BTreeMap<String, (u64, u16, String)>>,
}

/// A lock that a panic elsewhere does not take away: what it holds is replaced whole.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl App {
    /// Reads what the last run left.
    ///
    /// # Errors
    /// When the store fails.
    pub fn new(
        host: Arc<dyn Host + Send + Sync>,
        session: Session,
        folder: PathBuf,
        example: &'static [(&'static str, &'static [u8])],
    ) -> Result<Self, Error> {
        let snapshot = session.snapshot()?.map(Arc::new);
        let sources = sources(&session)?;
        let store = folder.join(throughline_compiler::session::STORE_FOLDER);
        let app = Self {
            host,
            example,
            waiting: store.join("waiting"),
            taking: store.join("taking"),
            folder,
            settings: RwLock::new(Arc::new(session.settings().clone())),
            n_parts: AtomicU64::new(0),
            session: Mutex::new(session),
            snapshot: RwLock::new(snapshot),
            sources: RwLock::new(sources),
            staged: Mutex::default(),
            imported: Mutex::default(),
            job: Mutex::default(),
            unheeded: Mutex::default(),
            replies: Mutex::default(),
        };
        *lock(&app.staged) = crate::uploads::left(&app);
        Ok(app)
    }

    /// What is read; a problem in words when nothing has been run yet.
    ///
    /// # Errors
    /// When nothing has been run yet.
    pub fn read(&self) -> Result<Arc<Snapshot>, Problem> {
        self.snapshot().ok_or_else(Problem::not_run)
    }

    /// What is read, if anything is there.
    #[must_use]
    pub fn snapshot(&self) -> Option<Arc<Snapshot>> {
        self.snapshot.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Sources with how many items each gave.
    #[must_use]
    pub fn sources(&self) -> Vec<(String, u64)> {
        self.sources.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The session, as soon as nobody else changes or asks something; refused while a run goes on.
    fn session(&self) -> Result<MutexGuard<'_, Session>, Problem> {
        if self.job().is_some_and(|job| job.is_going()) {
            return Err(Problem::busy());
        }
        Ok(lock(&self.session))
    }

    /// Changes something, then lets readers see it.
    ///
    /// # Errors
    /// When work is going on, or the session refuses.
    pub fn change<T>(&self, act: impl FnOnce(&mut Session) -> Result<T, Error>) -> Result<T, Problem> {
        let mut session = self.session()?;
        let out = act(&mut session)?;
        self.refresh(&session)?;
        Ok(out)
    }

    /// Accepts specifications as somebody saw them; without any, those that a run writes. With the name of an insight
    /// comes the mark of what was shown, if it was.
    ///
    /// # Errors
    /// When one reads otherwise than it was shown, work is going on, or the session refuses.
    pub fn accept(&self, shown: &[(String, Option<String>)], by: &str, why: &str) -> Result<Revision, Problem> {
        let mut session = self.session()?;
        // Whoever changes something holds the session, so that nothing changes between looking and accepting.
        let snapshot = self.read()?;
        for (name, mark) in shown {
            let Some(mark) = mark else { continue };
            let at = crate::pages::insight::find(&snapshot, name)?;
            if let Ok(specified) = snapshot.specified(at)?.as_ref()
                && specified.mark != *mark
            {
                return Err(Problem::reads_otherwise(&specified.spec.title));
            }
        }
        let names: Vec<String> = shown.iter().map(|(name, _)| name.clone()).collect();
        let revision = session.accept(&names, by, why)?;
        self.refresh(&session)?;
        Ok(revision)
    }

    /// Asks the session something that changes nothing, waiting for its turn.
    ///
    /// # Errors
    /// When work is going on, or the session refuses.
    pub fn ask<T>(&self, question: impl FnOnce(&Session) -> Result<T, Error>) -> Result<T, Problem> {
        let session = self.session()?;
        Ok(question(&session)?)
    }

    /// Lets readers see what the session holds now. What a run found is not read again for what people say of it.
    fn refresh(&self, session: &Session) -> Result<(), Error> {
        let snapshot = session.snapshot()?.map(Arc::new);
        *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = snapshot;
        Ok(())
    }

    /// Notes that the next run will heed something.
    pub fn note(&self, what: String) {
        lock(&self.unheeded).push(what);
    }

    /// What the next run will heed.
    #[must_use]
    pub fn unheeded(&self) -> Vec<String> {
        lock(&self.unheeded).clone()
    }

    /// What a file would be read as. It waits for nobody.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn preview(&self, file: &Path, options: &ImportOptions) -> Result<Preview, Error> {
        let settings = Arc::clone(&self.settings.read().unwrap_or_else(PoisonError::into_inner));
        preview(&settings, &self.folder, &*self.host, file, options)
    }

    /// A number that no other upload has.
    pub fn next_part(&self) -> u64 {
        self.n_parts.fetch_add(1, Ordering::Relaxed)
    }

    /// Files that wait to be taken in.
    pub fn staged(&self) -> MutexGuard<'_, Vec<Staged>> {
        lock(&self.staged)
    }

    /// How the last import went.
    #[must_use]
    pub fn imported(&self) -> Option<Arc<ImportReport>> {
        lock(&self.imported).clone()
    }

    /// Work that goes on, or the last that did.
    #[must_use]
    pub fn job(&self) -> Option<Arc<Job>> {
        lock(&self.job).clone()
    }

    /// Begins a job: what waits is taken in, then everything is run.
    ///
    /// # Errors
    /// When another is going on.
    pub fn start(self: &Arc<Self>) -> Result<Arc<Job>, Problem> {
        let mut current = lock(&self.job);
        if current.as_ref().is_some_and(|job| job.is_going()) {
            return Err(Problem::busy());
        }
        // What waits at this moment is taken: a file that comes a moment later waits for the next run.
        let failed = |source| Error::Path { path: self.taking.clone(), source };
        let taken = crate::uploads::taken(self).map_err(failed)?;
        let number = current.as_ref().map_or(1, |job| job.number + 1);
        let job = Arc::new(Job::new(number));
        *current = Some(Arc::clone(&job));
        drop(current);
        let (app, of, files) = (Arc::clone(self), Arc::clone(&job), taken.clone());
        let work = move || {
            let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| app.work(&of, &files)));
            // What was not taken in waits again, however the work ended.
            crate::uploads::put_back(&app, files);
            match done {
                Ok(Ok(())) => of.end(Ok(())),
                Ok(Err(error)) => of.end(Err(crate::problem::told(&error))),
                Err(_) => {
                    of.end(Err("something broke that should not: nothing that was there before is lost".to_owned()));
                }
            }
        };
        if let Err(error) = std::thread::Builder::new().spawn(work) {
            crate::uploads::put_back(self, taken);
            job.end(Err(format!("no thread could be started for it: {error}")));
        }
        Ok(job)
    }

    fn work(&self, job: &Job, taken: &[Staged]) -> Result<(), Error> {
        let mut session = lock(&self.session);
        let mut report = ImportReport::default();
        for file in taken {
            let of_file =
                session.import(&*self.host, &[&file.path], &file.options(), &mut job.importing(&file.name))?;
            // An import that was stopped is no error, and not whole: the run below says that it was stopped.
            if self.host.is_cancelled() {
                break;
            }
            for mut of_file in of_file.files {
                of_file.file.clone_from(&file.name);
                report.seen += of_file.seen;
                report.stored += of_file.stored;
                report.unchanged += of_file.unchanged;
                report.updated += of_file.updated;
                report.rejected += of_file.rejected;
                job.say(Kind::Taken, &file.name, &crate::pages::words::taken(&of_file));
                report.files.push(of_file);
            }
            // What was taken in lies in the workspace; a second copy would outlive what is forgotten there.
            let _ = std::fs::remove_file(&file.path);
        }
        if !report.files.is_empty() {
            *lock(&self.imported) = Some(Arc::new(report));
        }
        let ran = session.run(&*self.host, RunOptions::default(), &mut job.running())?;
        for change in ran.changes.iter().chain(&ran.reopened).take(40) {
            job.say(Kind::Note, "", change);
        }
        job.say(Kind::Stage, "Getting the pages ready", "");
        self.refresh(&session)?;
        *self.sources.write().unwrap_or_else(PoisonError::into_inner) = sources(&session)?;
        lock(&self.unheeded).clear();
        Ok(())
    }

    /// Loads the example: its settings where there are none of a team's own, and its files as if they had been dropped.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn load_example(&self) -> Result<(), Problem> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| Error::Path { path, source }
        };
        let mut session = self.session()?;
        let mut written = Vec::new();
        for (name, bytes) in self.example {
            if *name == throughline_compiler::settings::FILE_NAME {
                let file = self.folder.join(name);
                let is_untouched =
                    std::fs::read_to_string(&file).is_ok_and(|text| text == throughline_compiler::settings::TEMPLATE);
                if is_untouched && session.sources()?.is_empty() {
                    self.host.write(&file, bytes).map_err(failed(&file))?;
                    *session = Session::open(&self.folder, &*self.host)?;
                    let settings = Arc::new(session.settings().clone());
                    *self.settings.write().unwrap_or_else(PoisonError::into_inner) = settings;
                }
            } else if let Some(name) = name.strip_prefix("feedback/") {
                let name = crate::uploads::safe_name(name);
                let path = self.waiting.join(&name);
                self.host.write(&path, bytes).map_err(failed(&path))?;
                written.push(Staged::at(name, path));
            }
        }
        drop(session);
        for file in written {
            crate::uploads::put(self, crate::uploads::read(self, file));
        }
        Ok(())
    }
}

fn sources(session: &Session) -> Result<Vec<(String, u64)>, Error> {
    let all = session.sources()?.into_iter();
    Ok(all.map(|(name, sizes)| (name, sizes.n_records + sizes.n_accounts + sizes.n_events)).collect())
}
