//! Word overlap between texts by TF-IDF: candidates for near-duplicates that share rare words.
//!
//! In: documents of weighted fields (a title counts more than a body). Out: for each document its most similar others
//! by cosine of TF-IDF vectors of stems, 0..=1, best first, ties by lower index.
//! Candidates come from an inverted index: a document asks with its rarest terms until a budget of postings is spent, so
//! that the words everybody uses cost nothing; what they find is then scored in full.
//! Cost: linear in documents for short texts (100,000 of twelve words: see `examples/throughput`).
//! Invariant: the result depends on the documents and their order alone, not on threads.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::language::Language;
use crate::token::content_words;

/// Postings a document may read to find candidates. Chosen so that 100,000 short texts take seconds.
const BUDGET_POSTINGS: usize = 4_000;
/// Terms a document asks with at most, rarest first.
const ASKING_TERMS: usize = 12;
/// Candidates scored in full for each wanted neighbour.
const SCORED_PER_WANTED: usize = 4;

/// One field of a document.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// The text.
    pub text: &'a str,
    /// How much its words count; a body has 1.
    pub weight: f32,
}

/// A document: its fields and the language to stem them by.
#[derive(Clone, Debug)]
pub struct Document<'a> {
    /// The fields.
    pub fields: Vec<Field<'a>>,
    /// Language of all of them.
    pub language: Language,
}

impl<'a> Document<'a> {
    /// A document of one field.
    pub fn plain(text: &'a str, language: Language) -> Self {
        Self { fields: vec![Field { text, weight: 1.0 }], language }
    }
}

/// An inverted index over documents.
#[derive(Clone, Debug, Default)]
pub struct Index {
    /// Unit vectors as (term, weight), by ascending term.
    vectors: Vec<Vec<(u32, f32)>>,
    /// Documents of each term, ascending.
    postings: Vec<Vec<u32>>,
}

impl Index {
    /// Builds the index.
    pub fn build(documents: &[Document<'_>]) -> Self {
        let counted: Vec<Vec<(String, f32)>> = documents.par_iter().map(count).collect();
        let mut id_of: FxHashMap<&str, u32> = FxHashMap::default();
        let mut postings: Vec<Vec<u32>> = Vec::new();
        let mut vectors: Vec<Vec<(u32, f32)>> = Vec::with_capacity(counted.len());
        for (document, terms) in counted.iter().enumerate() {
            let mut vector = Vec::with_capacity(terms.len());
            for (term, weight) in terms {
                let id = *id_of.entry(term).or_insert_with(|| {
                    postings.push(Vec::new());
                    postings.len() as u32 - 1
                });
                postings[id as usize].push(document as u32);
                vector.push((id, *weight));
            }
            vectors.push(vector);
        }
        let n_documents = counted.len() as f64;
        let idf: Vec<f32> = postings
            .iter()
            .map(|list| (libm::log((1.0 + n_documents) / (1.0 + list.len() as f64)) + 1.0) as f32)
            .collect();
        vectors.par_iter_mut().for_each(|vector| {
            vector.sort_unstable_by_key(|&(term, _)| term);
            for (term, weight) in vector.iter_mut() {
                *weight = libm::logf(1.0 + *weight) * idf[*term as usize];
            }
            let norm = vector.iter().map(|&(_, weight)| weight * weight).sum::<f32>().sqrt();
            if norm > 0.0 {
                for (_, weight) in vector.iter_mut() {
                    *weight /= norm;
                }
            }
        });
        Self { vectors, postings }
    }

    /// Number of documents.
    pub fn n_documents(&self) -> usize {
        self.vectors.len()
    }

    /// Cosine of two documents, 0..=1; 0 when there is no such document.
    pub fn cosine(&self, a: usize, b: usize) -> f32 {
        let (Some(a), Some(b)) = (self.vectors.get(a), self.vectors.get(b)) else { return 0.0 };
        let (mut i, mut j, mut sum) = (0, 0, 0.0);
        while i < a.len() && j < b.len() {
            match a[i].0.cmp(&b[j].0) {
                std::cmp::Ordering::Less => i += 1,
                std::cmp::Ordering::Greater => j += 1,
                std::cmp::Ordering::Equal => {
                    sum += a[i].1 * b[j].1;
                    i += 1;
                    j += 1;
                }
            }
        }
        sum
    }

    /// The up to `k` most similar other documents of `document`, best first.
    pub fn nearest(&self, document: usize, k: usize) -> Vec<(u32, f32)> {
        self.nearest_with(document, k, &mut vec![0.0; self.vectors.len()])
    }

    /// `sums` holds a zero for each document, before and after.
    fn nearest_with(&self, document: usize, k: usize, sums: &mut [f32]) -> Vec<(u32, f32)> {
        let Some(vector) = self.vectors.get(document) else { return Vec::new() };
        let mut terms: Vec<(u32, f32)> = vector.clone();
        let n_postings = |term: u32| self.postings[term as usize].len();
        terms.sort_unstable_by(|a, b| n_postings(a.0).cmp(&n_postings(b.0)).then(a.0.cmp(&b.0)));
        let mut touched: Vec<u32> = Vec::new();
        let mut budget = BUDGET_POSTINGS;
        for (term, weight) in terms.into_iter().take(ASKING_TERMS) {
            let list = &self.postings[term as usize];
            if list.len() > budget {
                break;
            }
            budget -= list.len();
            for &other in list {
                let sum = &mut sums[other as usize];
                if *sum == 0.0 {
                    touched.push(other);
                }
                *sum += weight;
            }
        }
        let mut candidates: Vec<(u32, f32)> = Vec::with_capacity(touched.len());
        for other in touched {
            let sum = std::mem::take(&mut sums[other as usize]);
            if other as usize != document {
                candidates.push((other, sum));
            }
        }
        let best_first = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        let n_scored = (k * SCORED_PER_WANTED).max(16);
        if candidates.len() > n_scored {
            candidates.select_nth_unstable_by(n_scored, best_first);
            candidates.truncate(n_scored);
        }
        for (other, score) in &mut candidates {
            *score = self.cosine(document, *other as usize);
        }
        candidates.sort_unstable_by(best_first);
        candidates.truncate(k);
        candidates
    }

    /// [`Index::nearest`] of every document, in order, in parallel.
    pub fn nearest_all(&self, k: usize) -> Vec<Vec<(u32, f32)>> {
        let n = self.vectors.len();
        (0..n)
            .into_par_iter()
            .with_min_len(256)
            .map_init(|| vec![0.0; n], |sums, document| self.nearest_with(document, k, sums))
            .collect()
    }
}

/// The stems of a document with their summed field weights, in order of first appearance.
fn count(document: &Document<'_>) -> Vec<(String, f32)> {
    let mut counted: Vec<(String, f32)> = Vec::new();
    let mut place_of: FxHashMap<String, usize> = FxHashMap::default();
    for field in &document.fields {
        for word in content_words(field.text, document.language) {
            if let Some(&place) = place_of.get(&word.stem) {
                counted[place].1 += field.weight;
            } else {
                place_of.insert(word.stem.clone(), counted.len());
                counted.push((word.stem, field.weight));
            }
        }
    }
    counted
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTS: [&str; 6] = [
        "Exporting the dashboard as CSV fails",
        "dashboard export to CSV failing again",
        "Please add dark mode",
        "dark mode please",
        "the invoice has a wrong total",
        "",
    ];

    fn index() -> Index {
        let documents: Vec<Document<'_>> = TEXTS.iter().map(|text| Document::plain(text, Language::English)).collect();
        Index::build(&documents)
    }

    #[test]
    fn duplicates_find_each_other() {
        let index = index();
        assert_eq!(index.nearest(0, 3)[0].0, 1);
        assert_eq!(index.nearest(2, 3)[0].0, 3);
        assert!(index.nearest(5, 3).is_empty());
        assert!(index.nearest(99, 3).is_empty());
        assert!((index.cosine(0, 0) - 1.0).abs() < 1e-5);
    }

    #[test]
    fn threads_do_not_matter() {
        let index = index();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        assert_eq!(pool.install(|| index.nearest_all(3)), index.nearest_all(3));
    }

    #[test]
    fn a_title_counts_more() {
        let title = |text| Field { text, weight: 3.0 };
        let body = |text| Field { text, weight: 1.0 };
        let documents = [
            Document { fields: vec![title("invoice"), body("report")], language: Language::English },
            Document { fields: vec![title("invoice")], language: Language::English },
            Document { fields: vec![title("report")], language: Language::English },
        ];
        assert_eq!(Index::build(&documents).nearest(0, 1)[0].0, 1);
    }
}
