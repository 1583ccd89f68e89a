//! Files that people drop: streamed to disk, bounded, under a name of ours, read once to say what they are.
//!
//! In: a form with files. Out: [`Staged`] files with what each would be read as. Nothing is taken in before somebody says
//! so, and once it is, the waiting copy goes.
//!
//! A run first moves what it takes in to a folder of its own ([`taken`]). So files can be dropped while a run goes on, even
//! one of the same name: they wait for the next. Reading a file for what it is needs the settings and not the session.
//! Invariants: no byte of a name reaches a path but letters, digits, dots, hyphens and underscores; a file lies in one of
//! the two folders until it is taken in or left out, whatever ends in between.

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

/// Takes the files of a form to where files wait, and reads each; gives their names.
///
/// # Errors
/// When the form breaks off, a file is too large, or the disk refuses.
pub async fn take(app: &Arc<App>, mut form: Multipart) -> Result<Vec<String>, Problem> {
    let broken =
        |error: &dyn std::fmt::Display| Problem::bad(format!("The upload broke off: {error}. Please try again."));
    let disk = |error: std::io::Error| {
        Problem::new(StatusCode::INSUFFICIENT_STORAGE, "disk", "The disk refused", format!("It said: {error}."))
    };
    tokio::fs::create_dir_all(&app.waiting).await.map_err(disk)?;
    let mut names: Vec<String> = Vec::new();
    while let Some(mut field) = form.next_field().await.map_err(|error| broken(&error))? {
        let Some(name) = field.file_name().map(safe_name).filter(|_| field.name() == Some("files")) else { continue };
        if app.staged().len() >= MAX_FILES {
            return Err(Problem::bad(format!("{MAX_FILES} files wait already. Take them in first.")));
        }
        let path = app.waiting.join(&name);
        // Two uploads of one name at a time write to parts of their own; the later one stays.
        let part = app.waiting.join(format!(".{name}.{}.part", app.next_part()));
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
        let staged = staged.await.map_err(|_| Problem::broken())?;
        if !names.contains(&staged.name) {
            names.push(staged.name.clone());
        }
        put(app, staged);
    }
    Ok(names)
}

impl Staged {
    pub(crate) fn at(name: String, path: PathBuf) -> Self {
        Self { name, path, column_map: Vec::new(), source_kind: None, preview: Err("not read yet".to_owned()) }
    }
}

/// Reads a file for what it is.
#[must_use]
pub fn read(app: &App, mut staged: Staged) -> Staged {
    let preview = app.preview(&staged.path, &staged.options());
    staged.preview = preview.map(Arc::new).map_err(|error| crate::problem::told(&error));
    staged
}

/// Says what the columns of a waiting file hold and what it is heard through, and reads it again.
///
/// # Errors
/// When there is no such file, field, column or channel.
pub fn choose(app: &App, name: &str, column_map: Vec<(String, String)>, channel: &str) -> Result<Staged, Problem> {
    let found = app.staged().iter().find(|file| file.name == name).cloned();
    let mut staged = found.ok_or_else(|| Problem::not_found("file", name))?;
    if let Ok(preview) = &staged.preview {
        for (field, column) in &column_map {
            let (fields, columns) = (&preview.fields, &preview.columns);
            if !fields.contains(&field.as_str()) {
                let known = fields.join(", ");
                return Err(Problem::bad(format!("There is no field “{field}” to be named. There are: {known}.")));
            }
            if !columns.contains(column) {
                let known = columns.join(", ");
                return Err(Problem::bad(format!("“{name}” has no column “{column}”. It has: {known}.")));
            }
        }
    }
    if !channel.is_empty() {
        let kind = SourceKind::from_word(channel);
        let known = || SourceKind::ALL.map(SourceKind::word).join(", ");
        let refused = || Problem::bad(format!("“{channel}” is nothing to be heard through. There are: {}.", known()));
        staged.source_kind = Some(kind.ok_or_else(refused)?);
    }
    staged.column_map = column_map;
    let staged = read(app, staged);
    put(app, staged.clone());
    Ok(staged)
}

/// Leaves a waiting file out.
///
/// # Errors
/// When there is no such file.
pub fn leave_out(app: &App, name: &str) -> Result<(), Problem> {
    let mut staged = app.staged();
    let at = staged.iter().position(|file| file.name == name).ok_or_else(|| Problem::not_found("file", name))?;
    let gone = staged.remove(at);
    let _ = std::fs::remove_file(gone.path);
    Ok(())
}

/// Moves what waits and can be used to where a run takes it in, so that more files can wait meanwhile.
///
/// # Errors
/// When the disk refuses.
pub fn taken(app: &App) -> std::io::Result<Vec<Staged>> {
    let mut staged = app.staged();
    std::fs::create_dir_all(&app.taking)?;
    let mut out = Vec::new();
    let mut left = Vec::new();
    for mut file in std::mem::take(&mut *staged) {
        let path = app.taking.join(&file.name);
        if file.is_wanted() && std::fs::rename(&file.path, &path).is_ok() {
            file.path = path;
            out.push(file);
        } else if file.path.exists() {
            left.push(file);
        }
    }
    *staged = left;
    Ok(out)
}

/// Puts back what a run did not take in, which still lies where it was taken from; what was dropped meanwhile under the
/// same name is newer and stays.
pub fn put_back(app: &App, files: Vec<Staged>) {
    let mut staged = app.staged();
    for mut file in files.into_iter().filter(|file| file.path.exists()) {
        let path = app.waiting.join(&file.name);
        if path.exists() || staged.iter().any(|other| other.name == file.name) {
            let _ = std::fs::remove_file(&file.path);
        } else if std::fs::rename(&file.path, &path).is_ok() {
            file.path = path;
            staged.push(file);
        }
    }
}

/// Puts a file among those that wait, in place of one of the same name; not when a run took it in before it was read.
pub fn put(app: &App, staged: Staged) {
    let mut all = app.staged();
    if !staged.path.exists() {
        return;
    }
    match all.iter().position(|other| other.name == staged.name) {
        Some(at) => all[at] = staged,
        None => all.push(staged),
    }
}

/// The files that wait on disk, read; those of a run that ended in between wait again, and parts of uploads go.
#[must_use]
pub fn left(app: &App) -> Vec<Staged> {
    for file in app.host.list(&app.taking).unwrap_or_default() {
        let path = app.waiting.join(&file.shown);
        let _ = if path.exists() { std::fs::remove_file(&file.path) } else { std::fs::rename(&file.path, path) };
    }
    for part in std::fs::read_dir(&app.waiting).into_iter().flatten().flatten() {
        // A file that somebody sent never begins with a dot.
        let name = part.file_name();
        if name.to_string_lossy().starts_with('.') && name.to_string_lossy().ends_with(".part") {
            let _ = std::fs::remove_file(part.path());
        }
    }
    let found = app.host.list(&app.waiting).unwrap_or_default();
    found.into_iter().map(|file| read(app, Staged::at(file.shown, file.path))).collect()
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
