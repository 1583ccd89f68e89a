//! Whether the rubric measures 77 things or one thing 77 times: rank correlation of checks with each other, and of the
//! total with how much is said, over 300 generated workspaces. `crates/compiler/tests/health.rs` adds the example product.
//!
//! Source: Spearman's rank correlation; the limits are the rubric's `[health]`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod correlation;
mod generated;
mod workspace;

use correlation::{SIZE_BIAS_MAX, generated_rows, measured};
use throughline_score::Rubric;

#[test]
fn checks_do_not_repeat_each_other_and_the_total_is_no_counter() {
    let rubric = Rubric::builtin();
    let rows = generated_rows(&rubric);
    let found = measured(&rubric, "generated", &rows);
    assert_eq!(found.repeated(), 0, "pairs of checks repeat each other");
    assert!(found.size_bias <= SIZE_BIAS_MAX, "{}", found.size_bias);
    // A check that gives every insight the same tells nothing.
    for (at, check) in rubric.checks.iter().enumerate() {
        let known: Vec<f64> = rows.iter().filter_map(|(points, _, _)| points[at]).collect();
        let mean = known.iter().sum::<f64>() / known.len().max(1) as f64;
        let spread = (known.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / known.len().max(1) as f64).sqrt();
        assert!(
            known.len() < 30 || spread >= 0.05,
            "{}: standard deviation {spread:.3} over {}",
            check.id,
            known.len()
        );
    }
}
