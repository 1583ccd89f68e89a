//! An encoder in a run: it changes the groups, its vectors are kept by model and text, and without it nothing is as it
//! would not have been.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod disk;

use disk::{Disk, Quiet};
use std::fs;
use std::path::{Path, PathBuf};
use throughline_compiler::import::ImportOptions;
use throughline_compiler::session::RunReport;
use throughline_compiler::{Error, RunOptions, Session, export};

const WORDS: [&str; 12] =
    ["export", "report", "slow", "late", "broken", "csv", "shift", "swap", "phone", "crash", "sso", "login"];

/// A model of one layer and eight values over [`WORDS`] whose numbers come from `seed`.
fn write_model(folder: &Path, seed: u64) {
    fs::create_dir_all(folder).unwrap();
    let pieces: Vec<&str> = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"].into_iter().chain(WORDS).collect();
    fs::write(folder.join("vocab.txt"), pieces.join("\n")).unwrap();
    let config = serde_json::json!({
        "model_type": "bert", "_name_or_path": "made/up", "hidden_size": 8, "num_hidden_layers": 1,
        "num_attention_heads": 2, "intermediate_size": 8, "vocab_size": pieces.len(), "max_position_embeddings": 32,
    });
    fs::write(folder.join("config.json"), config.to_string()).unwrap();
    let mut shapes = vec![("embeddings.word_embeddings.weight".to_owned(), vec![pieces.len(), 8])];
    shapes.push(("embeddings.position_embeddings.weight".to_owned(), vec![32, 8]));
    shapes.push(("embeddings.token_type_embeddings.weight".to_owned(), vec![1, 8]));
    let layer = "encoder.layer.0.";
    for part in ["query", "key", "value"]
        .map(|part| format!("attention.self.{part}"))
        .into_iter()
        .chain(["attention.output.dense", "intermediate.dense", "output.dense"].map(str::to_owned))
    {
        shapes.push((format!("{layer}{part}.weight"), vec![8, 8]));
        shapes.push((format!("{layer}{part}.bias"), vec![8]));
    }
    for norm in ["embeddings.", "encoder.layer.0.attention.output.", "encoder.layer.0.output."] {
        shapes.push((format!("{norm}LayerNorm.weight"), vec![8]));
        shapes.push((format!("{norm}LayerNorm.bias"), vec![8]));
    }
    let (mut state, mut header, mut data) = (seed, serde_json::Map::new(), Vec::new());
    for (name, shape) in shapes {
        let start = data.len();
        for _ in 0..shape.iter().product::<usize>() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            data.extend(((state >> 41) as f32 / 8_388_608.0 - 0.5).to_le_bytes());
        }
        let entry = serde_json::json!({"dtype": "F32", "shape": shape, "data_offsets": [start, data.len()]});
        header.insert(name, entry);
    }
    let header = serde_json::to_vec(&header).unwrap();
    let bytes = [(header.len() as u64).to_le_bytes().to_vec(), header, data].concat();
    fs::write(folder.join("model.safetensors"), bytes).unwrap();
}

fn import(folder: &Path, n: usize) {
    let mut rows = String::from("id,text,created_at\n");
    for i in 0..n {
        let word = |k: usize| WORDS[(i * 7 + k * (i / 12 + 1)) % 12];
        rows.push_str(&format!(
            "t{i},\"Please fix the {} {} and the {}.\",2026-01-{:02}\n",
            word(0),
            word(1),
            word(2),
            i % 28 + 1
        ));
    }
    let file = folder.join("tickets.csv");
    fs::write(&file, rows).unwrap();
    let mut session = Session::open(folder, &Disk).unwrap();
    session.import(&Disk, &[&file], &ImportOptions::default(), &mut Quiet).unwrap();
}

fn run(folder: &Path, encoder: Option<&Path>) -> Result<RunReport, Error> {
    let mut session = Session::open(folder, &Disk).unwrap();
    if let Some(encoder) = encoder {
        session.use_encoder(encoder);
    }
    session.run(&Disk, RunOptions { is_fresh: true, ..RunOptions::default() }, &mut ())
}

fn everything(folder: &Path) -> String {
    let session = Session::open(folder, &Disk).unwrap();
    export::signals(&session).unwrap().to_csv() + &export::records(&session).unwrap().to_csv()
}

/// Texts that the encode step had to compute.
fn n_encoded(report: &RunReport) -> usize {
    report.log.step("cluster.encode").map_or(0, |step| step.missed.len())
}

#[test]
fn an_encoder_changes_groups_and_encodes_what_is_new() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    Session::init(folder, &Disk).unwrap();
    import(folder, 60);
    let plain = run(folder, None).unwrap();
    assert!(plain.encoder.is_none() && plain.log.step("cluster.encode").is_none());
    let without = everything(folder);

    let (one, two) = (folder.join("one"), folder.join("two"));
    write_model(&one, 1);
    write_model(&two, 2);
    let first = run(folder, Some(&one)).unwrap();
    let id = first.encoder.clone().unwrap();
    assert!(id.starts_with("up-"), "{id}");
    let n_texts = n_encoded(&first);
    assert!(n_texts > 30, "{n_texts}");
    let with = everything(folder);
    assert_ne!(with, without);

    // The same again, by the settings and by the file of the weights: nothing is encoded twice.
    let settings = folder.join("throughline.toml");
    let text = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, format!("encoder = \"one\"\n{text}")).unwrap();
    let again = run(folder, None).unwrap();
    assert_eq!((again.encoder.as_ref(), n_encoded(&again)), (Some(&id), 0));
    assert_eq!(n_encoded(&run(folder, Some(&one.join("model.safetensors"))).unwrap()), 0);
    assert_eq!(everything(folder), with);
    import(folder, 62);
    let n_new = n_encoded(&run(folder, None).unwrap());
    assert!((1..=2).contains(&n_new), "{n_new}");

    // Another model shares nothing with it.
    let other = run(folder, Some(&two)).unwrap();
    assert_ne!(other.encoder.as_ref(), Some(&id));
    assert!(n_encoded(&other) >= n_texts);

    // And without one everything is as if there had been none.
    fs::write(&settings, text).unwrap();
    import(folder, 60);
    let clean = tempfile::tempdir().unwrap();
    Session::init(clean.path(), &Disk).unwrap();
    import(clean.path(), 60);
    run(clean.path(), None).unwrap();
    assert_eq!(everything(clean.path()), without);
}

#[test]
fn a_folder_without_a_model_is_told() {
    let folder = tempfile::tempdir().unwrap();
    Session::init(folder.path(), &Disk).unwrap();
    let nowhere: PathBuf = folder.path().join("nowhere");
    let error = run(folder.path(), Some(&nowhere)).unwrap_err();
    assert_eq!(error.code(), "encoder-unusable");
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.contains("config.json"), "{cause}");
}
