//! Checks of this repository, run as `cargo xtask NAME`.
//!
//! - `tidy`: the layout holds (see [`tidy`]).
//! - `check`: format, clippy, tidy, tests, docs; what CI runs first.

mod tidy;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let root = root();
    let is_ok = match std::env::args().nth(1).as_deref() {
        Some("tidy") => run_tidy(&root),
        Some("check") => check(&root),
        _ => {
            say("usage: cargo xtask tidy | check");
            return ExitCode::from(2);
        }
    };
    if is_ok { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or_else(|| here.clone(), Path::to_path_buf)
}

fn run_tidy(root: &Path) -> bool {
    let findings = tidy::findings(root);
    for finding in &findings {
        say(&format!("tidy: {finding}"));
    }
    say(&format!("tidy: {} findings", findings.len()));
    findings.is_empty()
}

/// Runs every check even after one failed, so that one look shows all.
fn check(root: &Path) -> bool {
    const STEPS: [(&str, &str); 4] = [
        ("fmt", "fmt --all --check"),
        ("clippy", "clippy --workspace --all-targets --locked -- -D warnings"),
        ("test", "test --workspace --locked"),
        ("doc", "doc --workspace --no-deps --document-private-items --locked"),
    ];
    let mut failed = Vec::new();
    if !run_tidy(root) {
        failed.push("tidy");
    }
    for (name, words) in STEPS {
        let arguments = words.split(' ');
        // Only rustdoc reads the variable.
        let status = Command::new("cargo")
            .args(arguments)
            .env("RUSTDOCFLAGS", "-D warnings -A rustdoc::private_intra_doc_links")
            .current_dir(root)
            .status();
        if !status.is_ok_and(|status| status.success()) {
            failed.push(name);
        }
    }
    if failed.is_empty() {
        say("check: all passed");
    } else {
        say(&format!("check: failed: {}", failed.join(", ")));
    }
    failed.is_empty()
}

#[expect(clippy::print_stderr, reason = "this is a command line tool")]
fn say(line: &str) {
    eprintln!("{line}");
}
