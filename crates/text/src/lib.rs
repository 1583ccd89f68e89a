//! Language understanding without a model: sentences, tokens, phrases, languages, redaction, embeddings, neighbours.
//!
//! The crate is pure and synchronous: no clock, randomness, environment or file system, and the same input gives the
//! same bytes on every machine. It knows nothing of feedback; it turns text into ranges, classes and vectors.
//!
//! | module | turns | into |
//! |---|---|---|
//! | [`language`] | text | one of five languages, other, or unknown |
//! | [`sentence`] | messy text | sentence ranges |
//! | [`token`], [`stem`], [`closed_class`] | text | words, lemmas, content words |
//! | [`redact`] | text | text with personal data masked, and the map back |
//! | [`phrase`] | text | hits of editable phrase classes |
//! | [`sentiment`] | text | -1..=1 |
//! | [`calendar`] | a word | the day, month or unit of time it names |
//! | [`chunk`] | text | noun phrases and head verbs |
//! | [`wordpiece`], [`embed`] | text | unit vectors |
//! | [`encoder`] | a model's files, text | unit vectors, better ones, at a thousand times the cost |
//! | [`matrix`], [`neighbour`] | vectors | nearest neighbours |
//! | [`lexical`], [`signature`] | texts | near-duplicate candidates |
//!
//! Every range is a byte range of the text given, on character boundaries.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, reason = "a failed unwrap in a test is the test's message")
)]

pub mod calendar;
pub mod chunk;
pub mod closed_class;
pub mod embed;
pub mod encoder;
pub mod language;
pub mod lexical;
pub mod matrix;
pub mod neighbour;
pub mod phrase;
pub mod redact;
pub mod sentence;
pub mod sentiment;
pub mod signature;
pub mod stem;
pub mod token;
pub mod wordpiece;

mod dot;

pub use language::Language;
