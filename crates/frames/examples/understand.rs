//! The `understand` filter: a line of JSON with `id` and `text` in, a line with what was understood out, same order.
//!
//! `cargo run -p throughline-frames --release --example understand < in.jsonl > out.jsonl`
use std::io::{BufRead, Write};
use throughline_model::Language;

fn main() -> std::io::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let record: serde_json::Value = serde_json::from_str(&line)?;
        let text = record["text"].as_str().unwrap_or_default();
        let (kind, confidence) = throughline_frames::kind(text, Language::En);
        writeln!(
            out,
            "{}",
            serde_json::json!({"id": record["id"], "kind": kind, "kind_confidence": confidence, "needs": []})
        )?;
    }
    out.flush()
}
