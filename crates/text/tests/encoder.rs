//! The encoder with real weights, against torch: `THROUGHLINE_ENCODER` names the folder of all-MiniLM-L6-v2.
//!
//! `encoder_reference.tsv` holds made-up sentences with the first eight values of their vectors, made by
//! `tools/embedding/encoder_reference.py real`.

use throughline_text::encoder::{Encoder, FILES, Files};

#[test]
#[expect(clippy::print_stderr, reason = "a test that did not run says so")]
fn real_weights_give_the_vectors_that_torch_gives() {
    let Some(folder) = std::env::var_os("THROUGHLINE_ENCODER").map(std::path::PathBuf::from) else {
        eprintln!("SKIPPED: set THROUGHLINE_ENCODER to the folder of all-MiniLM-L6-v2 to compare with torch");
        return;
    };
    let files: Files = FILES.iter().filter_map(|file| Some((*file, std::fs::read(folder.join(file)).ok()?))).collect();
    let encoder = Encoder::from_files(&files).expect("THROUGHLINE_ENCODER names a model's folder");
    let lines: Vec<Vec<&str>> =
        include_str!("encoder_reference.tsv").lines().map(|line| line.split('\t').collect()).collect();
    assert!(lines.len() >= 50);
    let texts: Vec<&str> = lines.iter().map(|line| line[0]).collect();
    for (line, row) in lines.iter().zip(encoder.encode(&texts).rows()) {
        let wanted: Vec<f32> = line[1..].iter().map(|value| value.parse().expect("a number")).collect();
        let square: f32 = row.iter().map(|x| x * x).sum();
        assert!((square - 1.0).abs() < 1e-5, "{}: length {square}", line[0]);
        assert!(row.iter().zip(&wanted).all(|(a, b)| (a - b).abs() < 1e-5), "{}: {row:?} {wanted:?}", line[0]);
    }
}
