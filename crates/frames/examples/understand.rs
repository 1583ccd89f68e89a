//! The `understand` filter: a line of JSON with `id` and `text` in, a line with what was understood out, same order.
//!
//! `cargo run -p throughline-frames --release --example understand < in.jsonl > out.jsonl`
use std::io::{BufRead, Write};

fn main() -> std::io::Result<()> {
    let mut records: Vec<serde_json::Value> = Vec::new();
    for line in std::io::stdin().lock().lines() {
        records.push(serde_json::from_str(&line?)?);
    }
    let texts: Vec<&str> = records.iter().map(|record| record["text"].as_str().unwrap_or_default()).collect();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for (record, understood) in records.iter().zip(throughline_frames::understand_all(&texts)) {
        let line = serde_json::json!({"id": record["id"], "kind": understood.kind, "needs": understood.needs});
        writeln!(out, "{line}")?;
    }
    out.flush()
}
