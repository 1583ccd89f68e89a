//! Whether the rubric measures 77 things or one thing 77 times, over the example product with every input connected and 300
//! generated workspaces. Prints the closest pairs and the total against mentions for each, and for both together.
//!
//! The limits hold for both together: over the few dozen insights of one product two
//! checks may agree by chance, and those that read a surface do, where all insights lie on two of them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod connected;
#[path = "../../score/tests/correlation/mod.rs"]
mod correlation;
mod disk;
#[path = "../../score/tests/generated/mod.rs"]
mod generated;
#[path = "../../score/tests/workspace/mod.rs"]
mod workspace;

use correlation::{OVERLAP_MAX, Row, SIZE_BIAS_MAX, generated_rows, measured, row};
use throughline_score::Rubric;

#[test]
fn checks_do_not_repeat_each_other_over_the_example_and_300_workspaces() {
    let rubric = Rubric::builtin();
    let (_folder, session) = connected::with_every_input();
    let example: Vec<Row> =
        session.ranked(0).unwrap().iter().map(|ranked| row(&ranked.insight, &ranked.score)).collect();
    let of_example = measured(&rubric, "example", &example);
    let generated = generated_rows(&rubric);
    measured(&rubric, "generated", &generated);
    let all: Vec<Row> = example.into_iter().chain(generated).collect();
    let found = measured(&rubric, "both", &all);
    assert_eq!(found.repeated(), 0, "pairs of checks are closer than {OVERLAP_MAX}");
    assert!(found.size_bias <= SIZE_BIAS_MAX, "{}", found.size_bias);
    assert!(of_example.size_bias <= SIZE_BIAS_MAX, "{}", of_example.size_bias);
}
