//! The 77-point score and the plan that follows from it.
//!
//! A score is 77 checks of one point each: 33 for business impact, 22 for technical effort (earned by being cheap and
//! safe), 22 for strategic alignment. Each check is a small function ([`check`]) from facts to a quantity with its
//! evidence; the rubric ([`rubric`]) turns the quantity into points; [`aggregate`] sums them without ever counting an
//! unknown as zero; [`rank`] orders insights and says which neighbours cannot be told apart.
//!
//! In: insights, their needs, the corpus, settings and usage. Out: one [`Score`] per insight
//! and a [`Plan`](throughline_model::plan::Plan). Invariant: points above zero cite evidence that resolves; the order of
//! input does not matter; no clock, no chance (the weight draws are seeded by the rubric's version).

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests fail by panicking"))]

pub mod aggregate;
pub mod check;
pub mod code;
pub mod declared;
pub mod facts;
pub mod likeness;
pub mod links;
pub mod rank;
pub mod rubric;
pub mod scale;
pub mod sensitivity;
pub mod total;

pub use facts::{Facts, Given, Usage};
pub use rank::plan;
pub use rubric::Rubric;
pub use sensitivity::{Sensitivity, sensitivity};

use throughline_model::{Insight, Need, Score};

/// The scores of `insights`, in their order. `needs[i]` are the needs of `insights[i]`.
#[must_use]
pub fn scores(rubric: &Rubric, facts: &Facts<'_>, insights: &[Insight], needs: &[Vec<Need>]) -> Vec<Score> {
    let cases: Vec<_> = insights.iter().zip(needs).map(|(insight, needs)| facts.case(insight, needs)).collect();
    let results = check::answer_all(rubric, facts, &cases);
    aggregate::scores(rubric, facts, &cases, results)
}
