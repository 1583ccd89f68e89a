//! What follows from scores: a strategy that holds, a plan within capacity, and decisions that know what they rest on.
//!
//! - [`strategy`]: the rules a declared strategy is held to.
//! - [`effort`]: what an insight takes, in people-days.
//! - [`links`]: which insight must come before which.
//! - [`solver`]: what fits into two periods and is worth most, with its proof.
//! - [`schedule`]: now, next and later, each with its reason.
//! - [`decision`]: what a decision rests on, and whether it still stands.
//! - [`view`]: Kano, MoSCoW, RICE and WSJF beside the plan.
//! - [`voice`]: how far claims are supported, and who nobody speaks for.
//! - [`weigh`]: totals under other weights.
//!
//! In: settings, insights, needs, scores. Out: findings and plans of the model. Invariant: the order of input does not
//! matter; nothing here reads a file, a clock or chance.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests fail by panicking"))]

pub mod decision;
pub mod effort;
pub mod links;
pub mod outcome;
pub mod schedule;
pub mod solver;
pub mod strategy;
pub mod view;
pub mod voice;
pub mod weigh;
