//! Signatures of texts that are the same, or nearly.
//!
//! [`fingerprint`] is equal for texts that differ only in case, accents, spacing and punctuation; [`simhash`] differs in
//! few bits for texts that share most of their words; [`minhash`] estimates the share of word triples two texts have in
//! common. All are fixed functions of the text, the same on every machine and in every version of this crate: they are
//! stored. Cost: linear in the text. Source: Charikar 2002 (SimHash); Broder 1997 (MinHash).

use crate::token::{fold, words};

/// Values in a [`minhash`]: the standard error of the estimate is 1 / sqrt(64), 0.125 at worst.
pub const MINHASH_LEN: usize = 64;

/// FNV-1a, 64 bits.
fn fnv(bytes: &[u8], seed: u64) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325 ^ seed, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The finaliser of SplitMix64: spreads what FNV leaves in the low bits.
fn mix(mut value: u64) -> u64 {
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

fn word_hashes(text: &str) -> Vec<u64> {
    words(text).map(|range| mix(fnv(fold(&text[range]).as_bytes(), 0))).collect()
}

/// A hash of the words of `text` in order, without case, accents, spacing and punctuation.
pub fn fingerprint(text: &str) -> u64 {
    word_hashes(text).into_iter().fold(0, |hash, word| mix(hash.rotate_left(5) ^ word))
}

/// 64 bits of which near-identical texts differ in few: single words and pairs vote for each bit.
///
/// ```
/// use throughline_text::signature::{distance, simhash};
/// let a = simhash("The export of the monthly report fails with an error since the last update");
/// let b = simhash("the export of the monthly report fails with an error since last update!");
/// assert!(distance(a, b) <= 12);
/// ```
pub fn simhash(text: &str) -> u64 {
    let hashes = word_hashes(text);
    let mut votes = [0_i32; 64];
    let mut vote = |hash: u64, weight: i32| {
        for (bit, votes) in votes.iter_mut().enumerate() {
            *votes += if hash >> bit & 1 == 1 { weight } else { -weight };
        }
    };
    for &hash in &hashes {
        vote(hash, 2);
    }
    for pair in hashes.windows(2) {
        vote(mix(pair[0].rotate_left(1) ^ pair[1]), 1);
    }
    votes.iter().enumerate().fold(0, |hash, (bit, &votes)| hash | u64::from(votes > 0) << bit)
}

/// Number of bits in which two [`simhash`]es differ, 0..=64.
pub fn distance(a: u64, b: u64) -> u32 {
    (a ^ b).count_ones()
}

/// Hashes of the text's word triples, ascending, each once; empty for a text without words. A text of fewer than three
/// words counts as one triple.
pub fn triples(text: &str) -> Vec<u64> {
    let hashes = word_hashes(text);
    let n_triples = hashes.len().saturating_sub(2).max(usize::from(!hashes.is_empty()));
    let mut triples: Vec<u64> = (0..n_triples)
        .map(|start| {
            let words = &hashes[start..hashes.len().min(start + 3)];
            words.iter().fold(0, |hash: u64, word| mix(hash.rotate_left(7) ^ word))
        })
        .collect();
    triples.sort_unstable();
    triples.dedup();
    triples
}

/// The least hash of the text's word triples under each of [`MINHASH_LEN`] orders; all `u32::MAX` for a text without
/// words.
pub fn minhash(text: &str) -> [u32; MINHASH_LEN] {
    let mut least = [u32::MAX; MINHASH_LEN];
    for triple in triples(text) {
        for (order, least) in least.iter_mut().enumerate() {
            *least = (*least).min((mix(triple ^ (order as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)) >> 32) as u32);
        }
    }
    least
}

/// The estimated share of word triples in common, 0..=1; 0 when either text had no words.
pub fn similarity(a: &[u32; MINHASH_LEN], b: &[u32; MINHASH_LEN]) -> f32 {
    let same = a.iter().zip(b).filter(|(a, b)| a == b && **a != u32::MAX).count();
    same as f32 / MINHASH_LEN as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str =
        "The export of the monthly report fails with an error since the last update of the application on my laptop";
    const B: &str =
        "The export of the monthly report fails with an error since the last update of the application on my phone";
    const C: &str = "Please let me change the colour of the chart and add a second axis for the revenue of each region";

    #[test]
    fn same_words_same_fingerprint() {
        assert_eq!(fingerprint("Can't  log in!"), fingerprint("can’t LOG in"));
        assert_ne!(fingerprint("log in"), fingerprint("in log"));
    }

    #[test]
    fn near_texts_have_near_signatures() {
        assert!(distance(simhash(A), simhash(B)) < 12);
        assert!(distance(simhash(A), simhash(C)) > 16);
        assert!(similarity(&minhash(A), &minhash(B)) > 0.7);
        assert!(similarity(&minhash(A), &minhash(C)) < 0.1);
        assert!(similarity(&minhash(""), &minhash("")) == 0.0);
    }

    #[test]
    fn stored_values_do_not_change() {
        // These are kept in databases: a change here needs a migration.
        assert_eq!(fingerprint("export fails"), FINGERPRINT);
        assert_eq!(simhash("export fails"), SIMHASH);
    }

    const FINGERPRINT: u64 = 0x8c29_9ed2_f361_9d2b;
    const SIMHASH: u64 = 0x5aae_f548_dd2c_f1ca;
}
