//! Prints why texts are understood as they are: `cargo run -p throughline-frames --example explain -- "Some text"`.
use std::io::Write;

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for text in std::env::args().skip(1) {
        writeln!(out, "{}", throughline_frames::explain(&text.replace("\\n", "\n")))?;
    }
    Ok(())
}
