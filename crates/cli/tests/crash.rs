//! What import acknowledged survives `kill -9` at any instant.
//!
//! The program is started on a generated export, killed after a pseudo-random time, and asked how much it holds: never
//! less than the last `ack N` it wrote. Then the same import is finished, and every row is there exactly once.
//! `THROUGHLINE_KILLS` sets the number of kills (default 12; the full check runs 200).

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking, and its figures are read in the log"
)]

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

const N_ROWS: u64 = 40_000;

fn throughline(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_throughline"));
    command.arg("-C").arg(folder);
    command
}

fn stored(folder: &Path) -> u64 {
    let output = throughline(folder).args(["doctor", "--json"]).output().unwrap();
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    json["sources"].as_array().unwrap().iter().map(|source| source["records"].as_u64().unwrap()).sum()
}

/// Imports, kills after `delay`, and returns the last acknowledged count.
fn import_and_kill(folder: &Path, file: &Path, delay: Duration) -> u64 {
    let mut child =
        throughline(folder).arg("import").arg(file).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let acknowledged = Arc::new(AtomicU64::new(0));
    let (started, has_started) = mpsc::channel();
    let stderr = child.stderr.take().unwrap();
    let reader = {
        let acknowledged = Arc::clone(&acknowledged);
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                let _ = started.send(());
                if let Some(n) = line.strip_prefix("ack ").and_then(|n| n.parse().ok()) {
                    acknowledged.store(n, Ordering::SeqCst);
                }
            }
        })
    };
    let _ = has_started.recv_timeout(Duration::from_secs(20));
    std::thread::sleep(delay);
    let _ = child.kill();
    child.wait().unwrap();
    reader.join().unwrap();
    acknowledged.load(Ordering::SeqCst)
}

#[test]
fn nothing_acknowledged_is_lost() {
    let n_kills: u64 = std::env::var("THROUGHLINE_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(12);
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("tickets.csv");
    let mut rows = String::from("id,text\n");
    for i in 0..N_ROWS {
        writeln!(rows, "t{i},\"ticket {i}: the export of report {} stops after page {}\"", i % 97, i % 13).unwrap();
    }
    fs::write(&file, rows).unwrap();
    let mut chance: u64 = 0x5eed;
    let (mut n_partial, mut n_acknowledged) = (0, 0);
    for kill in 0..n_kills {
        let folder = root.path().join(format!("w{kill}"));
        assert!(throughline(&folder).arg("init").arg(&folder).output().unwrap().status.success());
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let acknowledged = import_and_kill(&folder, &file, Duration::from_micros((chance >> 33) % 400_000));
        let held = stored(&folder);
        assert!(held >= acknowledged, "kill {kill}: {acknowledged} acknowledged, {held} held");
        n_partial += u64::from(held > 0 && held < N_ROWS);
        n_acknowledged += acknowledged;
        // A few are finished: nothing is there twice, nothing is missing.
        if kill % 20 == 0 {
            let output = throughline(&folder).args(["import", "--json"]).arg(&file).output().unwrap();
            let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
            assert_eq!(report["unchanged"].as_u64().unwrap(), held);
            assert_eq!(report["stored"].as_u64().unwrap(), N_ROWS - held);
            assert_eq!(stored(&folder), N_ROWS);
        }
        fs::remove_dir_all(&folder).unwrap();
    }
    println!("{n_kills} kills, {n_partial} in the middle of an import, {n_acknowledged} acknowledged items, 0 lost");
    assert!(n_partial > 0, "no kill fell into an import: the test showed nothing");
}
