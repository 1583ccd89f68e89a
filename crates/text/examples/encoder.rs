//! Vectors of lines from an encoder, and how long they take: `encoder FOLDER [--time] < LINES`.
//!
//! Prints one JSON array a line to standard output, or with `--time` only the rate to standard error; set
//! `RAYON_NUM_THREADS=1` for the rate of one core.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example prints what it found")]

use std::error::Error;
use std::io::Read;
use std::time::Instant;

use throughline_text::encoder::{Encoder, FILES, Files};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = std::path::Path::new(arguments.first().ok_or("give the folder of a model")?);
    let started = Instant::now();
    let files: Files = FILES.iter().filter_map(|file| Some((*file, std::fs::read(folder.join(file)).ok()?))).collect();
    let encoder = Encoder::from_files(&files)?;
    eprintln!("{} ({} values) read in {:.2} s", encoder.name(), encoder.dim(), started.elapsed().as_secs_f64());
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let lines: Vec<&str> = text.lines().collect();
    let started = Instant::now();
    let vectors = encoder.encode(&lines);
    let seconds = started.elapsed().as_secs_f64();
    eprintln!("{} texts in {seconds:.2} s: {:.0} a second", lines.len(), lines.len() as f64 / seconds);
    if !arguments.iter().any(|argument| argument == "--time") {
        for row in vectors.rows() {
            println!("{}", serde_json::to_string(row)?);
        }
    }
    Ok(())
}
