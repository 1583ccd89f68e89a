//! What a compiler does not check but the house rests on: arrows run down, modules say what they are for, pure crates
//! stay pure, and the architecture page names what exists.
//!
//! In: the repository's folder. Out: one sentence per finding, sorted.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Which crates of ours each crate may use. A crate that is not here may not exist.
const ARROWS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("text", &[]),
    ("engine", &[]),
    ("frontends", &["model"]),
    ("frames", &["model", "text"]),
    ("passes", &["frames", "model", "text"]),
    ("score", &["frames", "model", "text"]),
    ("plan", &["frames", "model", "text"]),
    ("specify", &["frames", "model", "text"]),
    ("backends", &["model", "text"]),
    ("store", &["engine", "model"]),
    (
        "compiler",
        &["backends", "engine", "frames", "frontends", "model", "passes", "plan", "score", "specify", "store", "text"],
    ),
    ("server", &["compiler", "model"]),
    ("cli", &["compiler", "engine", "model", "server", "store"]),
];

/// Crates whose functions depend on their arguments alone.
const PURE: &[&str] =
    &["model", "text", "engine", "frontends", "frames", "passes", "score", "plan", "specify", "backends"];

/// What a pure crate must not name: files, clocks, environment, network, chance.
const IMPURE: &[&str] =
    &["std::fs", "std::env", "std::net", "std::process", "SystemTime", "Instant::now", "std::thread::sleep"];

const ARCHITECTURE_MAX_LINES: usize = 300;

/// Everything that is not as it should be.
pub(crate) fn findings(root: &Path) -> Vec<String> {
    let mut found = BTreeSet::new();
    let page = fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap_or_default();
    check_page(root, &page, &mut found);
    for name in crate_names(root) {
        check_arrows(root, &name, &mut found);
        if !page.contains(&format!("`crates/{name}`")) {
            found.insert(format!("ARCHITECTURE.md does not name `crates/{name}`"));
        }
        for file in rust_files(&root.join("crates").join(&name).join("src")) {
            check_file(root, &name, &file, &mut found);
        }
    }
    found.into_iter().collect()
}

fn crate_names(root: &Path) -> Vec<String> {
    let entries = fs::read_dir(root.join("crates")).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .filter(|entry| entry.path().join("Cargo.toml").exists())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn check_page(root: &Path, page: &str, found: &mut BTreeSet<String>) {
    let n_lines = page.lines().count();
    if n_lines == 0 || n_lines > ARCHITECTURE_MAX_LINES {
        found.insert(format!("ARCHITECTURE.md has {n_lines} lines; it must have 1 to {ARCHITECTURE_MAX_LINES}"));
    }
    for code in page.split('`').skip(1).step_by(2) {
        let is_path = code.contains('/') && code.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
        if is_path && !root.join(code).exists() {
            found.insert(format!("ARCHITECTURE.md names `{code}`, which does not exist"));
        }
        // `crates/x/src/y.rs:function` must hold a function of that name.
        if let Some((path, function)) = code.split_once(".rs:") {
            let text = fs::read_to_string(root.join(format!("{path}.rs"))).unwrap_or_default();
            if !text.contains(&format!("fn {function}")) {
                found.insert(format!("ARCHITECTURE.md names `{code}`, but there is no such function"));
            }
        }
    }
}

fn check_arrows(root: &Path, name: &str, found: &mut BTreeSet<String>) {
    let Some((_, allowed)) = ARROWS.iter().find(|(known, _)| *known == name) else {
        found.insert(format!("crates/{name} is not in the table of arrows (xtask/src/tidy.rs)"));
        return;
    };
    let manifest = fs::read_to_string(root.join("crates").join(name).join("Cargo.toml")).unwrap_or_default();
    let mut section = "";
    for line in manifest.lines() {
        if line.starts_with('[') {
            section = line;
        }
        let Some(rest) = line.strip_prefix("throughline-") else {
            continue;
        };
        let used = rest.split(['.', ' ', '=']).next().unwrap_or_default();
        if section == "[dependencies]" && !allowed.contains(&used) {
            found.insert(format!("crates/{name} uses crates/{used}: that arrow is not in the design"));
        }
    }
}

fn check_file(root: &Path, crate_name: &str, file: &Path, found: &mut BTreeSet<String>) {
    let shown = file.strip_prefix(root).unwrap_or(file).display().to_string();
    let text = fs::read_to_string(file).unwrap_or_default();
    let opens_with_doc = text.lines().find(|line| !line.starts_with("#![")).is_some_and(|line| line.starts_with("//!"));
    if !opens_with_doc {
        found.insert(format!("{shown} does not open with //! saying what it is for"));
    }
    if !PURE.contains(&crate_name) {
        return;
    }
    let product_code = text.split("#[cfg(test)]").next().unwrap_or_default();
    for word in IMPURE {
        let is_named = product_code.lines().any(|line| !line.trim_start().starts_with("//") && line.contains(word));
        if is_named && !shown.ends_with("tests.rs") {
            found.insert(format!("{shown} names {word}; crates/{crate_name} is pure"));
        }
    }
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arrow_that_runs_up_is_found() {
        let root = std::env::temp_dir().join(format!("tidy-{}", std::process::id()));
        let folder = root.join("crates/model/src");
        fs::create_dir_all(&folder).unwrap();
        fs::write(root.join("crates/model/Cargo.toml"), "[dependencies]\nthroughline-store.workspace = true\n")
            .unwrap();
        fs::write(folder.join("lib.rs"), "use std::fs;\n").unwrap();
        fs::write(root.join("ARCHITECTURE.md"), "See `crates/gone/src/lib.rs` and `crates/model`.\n").unwrap();
        let found = findings(&root);
        fs::remove_dir_all(&root).unwrap();
        assert_eq!(found.len(), 4, "{found:#?}");
    }
}
