//! The compiler: eleven stages over one workspace, and the [`Session`] that everything above uses.
//!
//! [`pipeline::run`] is the whole product on one screen. It reads what the store holds, runs each stage through the
//! incremental engine, and returns an [`Outcome`]; the session stores that and answers questions from it.
//!
//! Invariant: stages are pure; files, clock and cancellation come in through [`Host`](throughline_model::Host) alone.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests fail by panicking"))]

pub mod artifacts;
mod code;
pub mod doctor;
pub mod editing;
pub mod emitting;
mod encoder;
mod error;
pub mod explain;
pub mod export;
pub mod forget;
pub mod forward;
pub mod import;
pub mod judging;
pub mod outcome;
pub mod pipeline;
pub mod planning;
pub mod preview;
pub mod queries;
pub mod revisions;
mod rules;
mod scoring;
pub mod session;
pub mod settings;
mod slices;
mod stages;

pub use editing::{EditRow, Edited, Specification};
pub use error::Error;
pub use pipeline::{Outcome, RunOptions, RunProgress, StageReport};
pub use session::Session;
pub use stages::{Digest, DigestItem, Specified};
pub use throughline_backends::Format;
pub use throughline_passes::place::{Decision, Placed};
pub use throughline_plan::view::{Method as PlanMethod, Seen as SeenThrough};

/// What each text asks for, in order; see [`throughline_model::need::Understood`].
#[must_use]
pub fn understand(texts: &[&str]) -> Vec<throughline_model::need::Understood> {
    throughline_frames::understand_all(texts)
}

/// Sets how many threads the stages use; 0 means one for each core. To be called once, before any work.
///
/// # Errors
/// When the threads cannot be started, or were started already.
pub fn set_threads(n: usize) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    Ok(rayon::ThreadPoolBuilder::new().num_threads(n).build_global()?)
}
