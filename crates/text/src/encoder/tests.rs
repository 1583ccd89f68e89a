//! A made-up model of two layers, against figures that `tools/embedding/encoder_reference.py tiny` computes.

use super::*;

const N_DIM: usize = 8;
const N_WIDE: usize = 12;
const PIECES: &str = "[PAD]\n[UNK]\n[CLS]\n[SEP]\nexport\n##s\nthe\nreport\nlate\n!\n";
const TEXTS: [&str; 3] = ["Exports the report!", "late zzz", ""];
const WANTED: [[f32; N_DIM]; 3] = [
    [-0.030_301, 0.138_569, -0.332_548, -0.740_970, 0.490_118, -0.044_678, 0.217_711, 0.175_059],
    [0.057_663, 0.002_253, -0.279_734, -0.651_196, 0.566_519, -0.241_702, 0.191_894, 0.279_599],
    [0.025_665, 0.035_238, -0.277_131, -0.711_978, 0.522_541, -0.177_810, 0.208_069, 0.257_733],
];

/// The model's arrays in the order in which the reference draws them.
fn shapes() -> Vec<(String, Vec<usize>)> {
    let mut shapes = vec![
        ("embeddings.word_embeddings.weight".to_owned(), vec![10, N_DIM]),
        ("embeddings.position_embeddings.weight".to_owned(), vec![10, N_DIM]),
        ("embeddings.token_type_embeddings.weight".to_owned(), vec![2, N_DIM]),
        ("embeddings.LayerNorm.weight".to_owned(), vec![N_DIM]),
        ("embeddings.LayerNorm.bias".to_owned(), vec![N_DIM]),
    ];
    for layer in 0..2 {
        for (part, shape) in [
            ("attention.self.query", vec![N_DIM, N_DIM]),
            ("attention.self.key", vec![N_DIM, N_DIM]),
            ("attention.self.value", vec![N_DIM, N_DIM]),
            ("attention.output.dense", vec![N_DIM, N_DIM]),
            ("attention.output.LayerNorm", vec![N_DIM]),
            ("intermediate.dense", vec![N_WIDE, N_DIM]),
            ("output.dense", vec![N_DIM, N_WIDE]),
            ("output.LayerNorm", vec![N_DIM]),
        ] {
            shapes.push((format!("encoder.layer.{layer}.{part}.weight"), shape.clone()));
            shapes.push((format!("encoder.layer.{layer}.{part}.bias"), vec![shape[0]]));
        }
    }
    shapes
}

fn weights(prefix: &str) -> Vec<u8> {
    let mut state = 1_u64;
    let (mut header, mut data) = (serde_json::Map::new(), Vec::new());
    for (name, shape) in shapes() {
        let start = data.len();
        let least = if name.ends_with("LayerNorm.weight") { 0.5 } else { -0.5 };
        for _ in 0..shape.iter().product::<usize>() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            data.extend(((state >> 41) as f32 / 8_388_608.0 + least).to_le_bytes());
        }
        let entry = serde_json::json!({"dtype": "F32", "shape": shape, "data_offsets": [start, data.len()]});
        header.insert(format!("{prefix}{name}"), entry);
    }
    let header = serde_json::to_vec(&header).unwrap();
    [(header.len() as u64).to_le_bytes().to_vec(), header, data].concat()
}

fn files() -> Files {
    let config = r#"{"model_type":"bert","_name_or_path":"made/up-2","hidden_size":8,"num_hidden_layers":2,
        "num_attention_heads":2,"intermediate_size":12,"vocab_size":10,"max_position_embeddings":10,"type_vocab_size":2,
        "layer_norm_eps":1e-12,"hidden_act":"gelu","torch_dtype":"float32"}"#;
    BTreeMap::from([
        (CONFIG, config.as_bytes().to_vec()),
        (VOCABULARY, PIECES.as_bytes().to_vec()),
        (WEIGHTS, weights("")),
    ])
}

fn changed(file: &'static str, bytes: &[u8]) -> Result<Encoder, EncoderError> {
    let mut files = files();
    files.insert(file, bytes.to_vec());
    Encoder::from_files(&files)
}

#[test]
fn vectors_are_those_of_an_independent_computation() {
    let encoder = Encoder::from_files(&files()).unwrap();
    assert_eq!((encoder.name(), encoder.dim()), ("up-2", N_DIM));
    let got = encoder.encode(&TEXTS);
    for ((text, got), wanted) in TEXTS.iter().zip(got.rows()).zip(&WANTED) {
        assert!(got.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 2e-6), "{text}: {got:?} {wanted:?}");
    }
}

#[test]
fn company_changes_nothing() {
    let encoder = Encoder::from_files(&files()).unwrap();
    let texts: Vec<String> = (0..300)
        .map(|i: usize| (0..i % 13).map(|j| ["the ", "report ", "exports! ", "odd "][(i * 7 + j * j) % 4]).collect())
        .collect();
    let together = encoder.encode(&texts);
    assert_eq!(together.n_rows(), texts.len());
    for (text, row) in texts.iter().zip(together.rows()) {
        assert_eq!(encoder.encode(&[text]).row(0), row, "{text}");
    }
    assert_eq!(encoder.encode::<&str>(&[]).n_rows(), 0);
}

#[test]
fn long_texts_are_cut_at_the_limit() {
    let encoder = Encoder::from_files(&files()).unwrap();
    // Ten positions hold two marks and eight pieces.
    let (eight, nine) = ("late ".repeat(8), "late ".repeat(9) + "report");
    assert_eq!(encoder.encode(&[eight]), encoder.encode(&[nine]));
    let shorter = changed("sentence_bert_config.json", br#"{"max_seq_length":4,"do_lower_case":false}"#).unwrap();
    assert_eq!(shorter.encode(&["late report"]), shorter.encode(&["late report the export"]));
}

#[test]
fn other_layouts_of_the_same_model_give_the_same_vectors() {
    let wanted = Encoder::from_files(&files()).unwrap().encode(&TEXTS);
    assert_eq!(changed(WEIGHTS, &weights("bert.")).unwrap().encode(&TEXTS), wanted);
    let mut other = files();
    other.remove(VOCABULARY);
    let vocab: serde_json::Map<String, serde_json::Value> =
        PIECES.lines().enumerate().map(|(id, piece)| (piece.to_owned(), id.into())).collect();
    let tokenizer = serde_json::json!({"model": {"type": "WordPiece", "unk_token": "[UNK]", "vocab": vocab}});
    other.insert(TOKENIZER, tokenizer.to_string().into_bytes());
    assert_eq!(Encoder::from_files(&other).unwrap().encode(&TEXTS), wanted);
}

#[test]
fn the_first_row_is_taken_where_the_model_says_so() {
    let pooling = br#"{"word_embedding_dimension":8,"pooling_mode_cls_token":true,"pooling_mode_mean_tokens":false}"#;
    let first = changed(POOLING, pooling).unwrap().encode(&TEXTS);
    assert_ne!(first, Encoder::from_files(&files()).unwrap().encode(&TEXTS));
    let neither = br#"{"pooling_mode_cls_token":false,"pooling_mode_mean_tokens":false}"#;
    assert!(matches!(changed(POOLING, neither), Err(EncoderError::Unsupported(_))));
}

#[test]
fn what_cannot_be_used_is_told() {
    for file in [CONFIG, VOCABULARY, WEIGHTS] {
        let mut files = files();
        files.remove(file);
        assert_eq!(Encoder::from_files(&files).unwrap_err(), EncoderError::Missing(file));
    }
    let config = String::from_utf8(files()[CONFIG].clone()).unwrap();
    let told = |from: &str, to: &str| {
        assert!(config.contains(from));
        changed(CONFIG, config.replace(from, to).as_bytes()).unwrap_err().to_string()
    };
    assert!(told("\"bert\"", "\"mpnet\"").contains("mpnet"));
    assert!(told("gelu", "relu").contains("relu"));
    assert!(told("heads\":2", "heads\":3").contains("num_attention_heads"));
    assert!(told("heads\":2", "heads\":0").contains("size is 0"));
    assert!(told("hidden_layers\":2", "hidden_layers\":3").contains("encoder.layer.2"));
    assert!(told("hidden_size\":8", "hidden_size\":16").contains("[10, 8] instead of [10, 16]"));
    assert!(told("vocab_size\":10", "vocab_size\":9").contains("10 pieces"));
    assert!(told("{", "").contains("config.json"));
    let cased = changed("tokenizer_config.json", br#"{"do_lower_case":false}"#).unwrap_err();
    assert!(cased.to_string().contains("upper"));
    assert!(changed(VOCABULARY, b"[UNK]\n[CLS]\n").unwrap_err().to_string().contains("[SEP]"));
    for cut in (0..weights("").len()).step_by(97) {
        assert!(changed(WEIGHTS, &weights("")[..cut]).is_err(), "cut at {cut}");
    }
}
