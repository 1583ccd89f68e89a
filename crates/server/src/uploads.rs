//! Files that people drop: streamed to disk, bounded, under a name of ours, read once to say what they are.
//!
//! In: a form with files. Out: [`Staged`] files with what each would be read as. Nothing is taken in before somebody says
//! so, and once it is, the waiting copy goes.
//! Invariant: no byte of a name reaches a path but letters, digits, dots, hyphens and underscores.

use crate::app::App;
use crate::problem::Problem;
use axum::extract::Multipart;
use axum::http::StatusCode;
use std::path::PathBuf;
use std::sync::Arc;
use throughline_compiler::import::ImportOptions;
use throughline_compiler::preview::Preview;
use throughline_model::SourceKind;
use tokio::io::AsyncWriteExt;

/// Largest file.
pub const MAX_BYTES: u64 = 500 << 20;
/// Most files that wait at once.
const MAX_FILES: usize = 200;
/// Longest name kept.
const MAX_NAME_BYTES: usize = 120;

/// A file that waits.
#[derive(Clone)]
pub struct Staged {
    /// Its name, as shown and as on disk.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
    /// Columns somebody chose.
    pub column_map: Vec<(String, String)>,
    /// Kind of source somebody chose.
    pub source_kind: Option<SourceKind>,
    /// What it would be read as, or why it cannot be read.
    pub preview: Result<Arc<Preview>, String>,
}

impl Staged {
    /// Whether there is something in it.
    #[must_use]
    pub fn is_wanted(&self) -> bool {
        self.preview.as_ref().is_ok_and(|preview| preview.report.stored > 0)
    }

    /// What is told to an import.
    #[must_use]
    pub fn options(&self) -> ImportOptions {
        ImportOptions { column_map: self.column_map.clone(), source: None, source_kind: self.source_kind }
    }
}

/// A name that is no path.
#[must_use]
pub fn safe_name(name: &str) -> String {
    let name = name.trim_matches('/').replace(['/', '\\'], "--");
    let safe: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' }).collect();
    let safe = safe.trim_start_matches('.').trim_start_matches('-');
    // The end tells the kind, so the front is cut.
    let cut = &safe[safe.len().saturating_sub(MAX_NAME_BYTES)..];
    let cut = cut.trim_start_matches(['.', '-']);
    if cut.is_empty() { "file".to_owned() } else { cut.to_owned() }
}

/// Takes the files of a form to where files wait, and reads each.
///
/// # Errors
/// When the form breaks off, a file is too large, or the disk refuses.
pub async fn take(app: &Arc<App>, mut form: Multipart) -> Result<usize, Problem> {
    let broken =
        |error: &dyn std::fmt::Display| Problem::bad(format!("The upload broke off: {error}. Please try again."));
    let disk = |error: std::io::Error| {
        Problem::new(StatusCode::INSUFFICIENT_STORAGE, "disk", "The disk refused", format!("It said: {error}."))
    };
    tokio::fs::create_dir_all(&app.waiting).await.map_err(disk)?;
    let mut n_taken = 0;
    while let Some(mut field) = form.next_field().await.map_err(|error| broken(&error))? {
        let Some(name) = field.file_name().map(safe_name).filter(|_| field.name() == Some("files")) else { continue };
        if app.staged().len() >= MAX_FILES {
            return Err(Problem::bad(format!("{MAX_FILES} files wait already. Take them in first.")));
        }
        let path = app.waiting.join(&name);
        let part = app.waiting.join(format!(".{name}.part"));
        let mut file = tokio::fs::File::create(&part).await.map_err(disk)?;
        let mut n_bytes = 0u64;
        loop {
            let chunk = match field.chunk().await {
                Ok(Some(chunk)) => chunk,
                Ok(None) => break,
                Err(error) => {
                    let _ = tokio::fs::remove_file(&part).await;
                    return Err(broken(&error));
                }
            };
            n_bytes += chunk.len() as u64;
            if n_bytes > MAX_BYTES {
                let _ = tokio::fs::remove_file(&part).await;
                let detail = format!(
                    "“{name}” is larger than {} MB and was not kept. Export a shorter time, or split it.",
                    MAX_BYTES >> 20
                );
                return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "That file is too large", detail));
            }
            file.write_all(&chunk).await.map_err(disk)?;
        }
        file.flush().await.map_err(disk)?;
        drop(file);
        if n_bytes == 0 {
            // A form without a chosen file sends an empty one.
            let _ = tokio::fs::remove_file(&part).await;
            continue;
        }
        tokio::fs::rename(&part, &path).await.map_err(disk)?;
        let app_ = Arc::clone(app);
        let staged = tokio::task::spawn_blocking(move || read(&app_, Staged::at(name, path)));
        let staged = staged.await.map_err(|_| Problem::broken())??;
        put(app, staged);
        n_taken += 1;
    }
    Ok(n_taken)
}

impl Staged {
    fn at(name: String, path: PathBuf) -> Self {
        Self { name, path, column_map: Vec::new(), source_kind: None, preview: Err("not read yet".to_owned()) }
    }
}

/// Reads a file for what it is.
///
/// # Errors
/// When a run is going on.
pub fn read(app: &App, mut staged: Staged) -> Result<Staged, Problem> {
    let options = staged.options();
    let preview = app.ask(|session| Ok(session.preview(&*app.host, &staged.path, &options)))?;
    staged.preview = preview.map(Arc::new).map_err(|error| crate::problem::told(&error));
    Ok(staged)
}

/// Puts a file among those that wait, in place of one of the same name.
pub fn put(app: &App, staged: Staged) {
    let mut all = app.staged();
    match all.iter().position(|other| other.name == staged.name) {
        Some(at) => all[at] = staged,
        None => all.push(staged),
    }
}

/// The files that wait on disk, read.
#[must_use]
pub fn left(app: &App) -> Vec<Staged> {
    let Ok(found) = app.host.list(&app.waiting) else { return Vec::new() };
    let files = found.into_iter().map(|file| Staged::at(file.shown, file.path));
    files.filter_map(|staged| read(app, staged).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::safe_name;

    #[test]
    fn names_are_no_paths() {
        for (name, safe) in [
            ("tickets.csv", "tickets.csv"),
            ("../../etc/passwd", "etc--passwd"),
            ("..\\..\\windows\\win.ini", "windows--win.ini"),
            (".bashrc", "bashrc"),
            ("", "file"),
            ("<script>alert(1)</script>.csv", "_script_alert_1__--script_.csv"),
            ("résumé 2026.csv", "r_sum__2026.csv"),
        ] {
            let found = safe_name(name);
            assert!(!found.contains('/') && !found.contains('\\') && !found.starts_with('.'), "{found}");
            assert_eq!(found, safe);
        }
        assert_eq!(safe_name(&"x".repeat(500)).len(), 120);
    }
}
