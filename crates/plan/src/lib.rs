//! What follows from scores: a strategy that holds, a plan within capacity, and decisions that know what they rest on.
//!
//! - [`strategy`]: the rules a declared strategy is held to.
//!
//! In: settings, insights, needs, scores. Out: findings and plans of the model. Invariant: the order of input does not
//! matter; nothing here reads a file, a clock or chance.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests fail by panicking"))]

pub mod strategy;
