//! Prints how fast the parts of the crate are, and how well the approximate neighbour search finds.
//!
//! Run with `cargo run --release -p throughline-text --example throughput -- FILE.csv`: a header and `id,text` lines.
//! Texts are repeated with small changes up to 100,000 for the large runs.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use std::time::Instant;

use throughline_text::embed::Table;
use throughline_text::language::Language;
use throughline_text::lexical::{Document, Index};
use throughline_text::matrix::Int8Matrix;
use throughline_text::neighbour::{Cells, knn_cells, knn_exact};
use throughline_text::phrase::Lexicon;
use throughline_text::{chunk, language, neighbour, redact, sentence, sentiment, signature, token};

/// Processor seconds this process has used, all threads; `None` where /proc is not there. On a busy machine they say
/// more than the clock.
fn cpu_secs() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: f64 = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    Some(ticks / 100.0)
}

fn timed<T>(name: &str, n_texts: usize, n_bytes: usize, work: impl FnOnce() -> T) -> T {
    let (start, cpu_start) = (Instant::now(), cpu_secs());
    let result = work();
    let secs = start.elapsed().as_secs_f64();
    let cpu = cpu_secs().zip(cpu_start).map_or(secs, |(now, before)| now - before).max(0.005);
    println!(
        "{name:<34} {secs:>8.3} s {cpu:>8.2} cpu s {:>10.0} texts/cpu s {:>8.1} MB/cpu s",
        n_texts as f64 / cpu,
        n_bytes as f64 / cpu / 1e6
    );
    result
}

/// Share of the true neighbours found, over an even sample of the rows.
fn recall(found: &neighbour::Neighbours, large: &Int8Matrix, rows: &[usize], k: usize) -> f64 {
    let (mut hits, mut all) = (0, 0);
    for &row in rows {
        let vector: Vec<f32> = large.row(row)[..large.dim()].iter().map(|&v| f32::from(v) * large.scale(row)).collect();
        let mut want = neighbour::nearest(large, &vector, k + 1);
        want.retain(|hit| hit.0 as usize != row);
        want.truncate(k);
        // An equal score at the cut is as good as the one listed.
        let least = want.last().map_or(0.0, |last| last.1) - 1e-6;
        hits += found.row(row).iter().filter(|hit| hit.1 >= least).count().min(want.len());
        all += want.len();
    }
    f64::from(hits as u32) / f64::from(all.max(1) as u32)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("name a CSV file with lines of id,text")?;
    let file = std::fs::read_to_string(path)?;
    let base: Vec<&str> = file
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(',').map(|(_, text)| text.trim_matches('"')))
        .filter(|text| text.len() > 3)
        .collect();
    if base.len() < 100 {
        return Err("the file has fewer than 100 texts".into());
    }
    // Each repetition puts two texts together, so that no two of the 100,000 are the same.
    let many: Vec<String> = (0..100_000)
        .map(|i| {
            let (a, b) = (base[i % base.len()], base[(i * 7919 + i / base.len()) % base.len()]);
            if i < base.len() { a.to_owned() } else { format!("{a} {b}") }
        })
        .collect();
    let n = many.len();
    let bytes: usize = many.iter().map(String::len).sum();
    println!("{n} texts, {bytes} bytes, {} threads", rayon::current_num_threads());

    let clean: String =
        base.iter().filter(|text| redact::mask(text).masks.is_empty()).copied().collect::<Vec<_>>().join("\n");
    let long = clean.repeat(20_000_000 / clean.len().max(1) + 1);
    timed("redact, one text, nothing to mask", 1, long.len(), || redact::mask(&long).masks.len());
    timed("redact", n, bytes, || many.iter().map(|text| redact::mask(text).masks.len()).sum::<usize>());
    timed("sentence", n, bytes, || many.iter().map(|text| sentence::sentences(text).len()).sum::<usize>());
    timed("token::words", n, bytes, || many.iter().map(|text| token::words(text).count()).sum::<usize>());
    timed("token::content_words", n, bytes, || {
        many.iter().map(|text| token::content_words(text, Language::English).len()).sum::<usize>()
    });
    timed("language", n, bytes, || many.iter().filter(|text| language::detect(text).confidence > 0.5).count());
    let mut languages: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for text in &base {
        let detected = language::detect(text);
        let code = if detected.confidence >= 0.5 { detected.language.code() } else { "left to the default" };
        *languages.entry(code).or_default() += 1;
    }
    println!("    languages of the file: {languages:?}");
    timed("phrase, first call (builds)", 1, 0, || Lexicon::builtin().find("urgent", Language::English).len());
    timed("phrase", n, bytes, || {
        many.iter().map(|text| Lexicon::builtin().find(text, Language::English).len()).sum::<usize>()
    });
    timed("sentiment", n, bytes, || many.iter().map(|text| sentiment::score(text, Language::English)).sum::<f32>());
    timed("chunk", n, bytes, || {
        many.iter().map(|text| chunk::chunk(text, Language::English).phrases.len()).sum::<usize>()
    });
    timed("simhash", n, bytes, || many.iter().map(|text| signature::simhash(text)).fold(0, |a, b| a ^ b));
    timed("minhash", n, bytes, || many.iter().map(|text| u64::from(signature::minhash(text)[0])).sum::<u64>());

    timed("embedding table, reading", 1, 0, || Table::builtin().dim());
    let table = Table::builtin();
    println!("table {} with {} dimensions", table.model_id(), table.dim());
    let small =
        timed("embed (file)", base.len(), base.iter().map(|text| text.len()).sum(), || table.embed_all_int8(&base));
    let large = timed("embed (100,000)", n, bytes, || table.embed_all_int8(&many));
    timed("embed one by one (file)", base.len(), 0, || base.iter().map(|text| table.embed(text)[0]).sum::<f32>());

    let rows = small.n_rows();
    timed(&format!("knn_exact {rows} x {}, k 30", small.dim()), rows, 0, || knn_exact(&small, 30));
    let sample: Vec<usize> = (0..400).map(|i| i * n / 400).collect();
    for probed_unit in [0.03, Cells::default().probed_unit, 0.10] {
        let settings = Cells { probed_unit, ..Cells::default() };
        let found = timed(&format!("knn_cells probing {probed_unit}"), n, 0, || knn_cells(&large, 30, &settings));
        println!("    recall {:.4}", recall(&found, &large, &sample, 30));
    }
    timed("nearest, one query of 100,000", 1, 0, || neighbour::nearest(&large, &table.embed("card is lost"), 30));

    let documents: Vec<Document<'_>> = many.iter().map(|text| Document::plain(text, Language::English)).collect();
    let index = timed("lexical, building", n, bytes, || Index::build(&documents));
    timed("lexical, nearest 10 of all", n, bytes, || index.nearest_all(10).len());
    Ok(())
}
