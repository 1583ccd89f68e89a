//! Fits the weights of the ranker and the object model to the example sentences and writes `data/ranker.bin`.
//!
//! `cargo run -p throughline-frames --release --example fit -- crates/frames/data/ranker.bin`
use throughline_frames::{example, fit};

fn main() -> std::io::Result<()> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "ranker.bin".to_owned());
    let (examples, _) = example::all();
    let weighted: Vec<_> = examples.into_iter().map(|example| (example, 1.0)).collect();
    std::fs::write(path, fit::fit(&weighted, &fit::Settings::default()))
}
