//! Marks the printing code: a hash over the sources and the runtime files that are compiled in. What is kept of printed
//! files is keyed by it, so that no change of a printer can leave an old page in place.

use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let mut files = Vec::new();
    for folder in ["src", "runtime"] {
        println!("cargo::rerun-if-changed={folder}");
        list(&root.join(folder), &mut files);
    }
    files.sort();
    // FNV-1a, 64 bits: told apart are editions of one program, not what an attacker makes.
    let mut mark: u64 = 0xcbf2_9ce4_8422_2325;
    for file in &files {
        let name = file.strip_prefix(&root).unwrap_or(file).to_string_lossy().replace('\\', "/");
        let bytes = fs::read(file).unwrap_or_default();
        for &byte in name.as_bytes().iter().chain(&bytes) {
            mark = (mark ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    println!("cargo::rustc-env=THROUGHLINE_PRINTING={mark:016x}");
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            list(&path, files);
        } else {
            files.push(path);
        }
    }
}
