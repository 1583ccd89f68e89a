//! What a statement asks for: kind, asking clause, capability frame and slots.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, reason = "a failed unwrap in a test is the test's message")
)]

mod beside;
mod clause;
pub mod example;
mod explain;
pub mod fit;
pub mod frame;
mod gate;
mod kind;
mod linear;
mod mend;
mod needs;
mod noun;
mod object;
mod pack;
pub mod pattern;
mod rank;
mod slot;
mod understand;
mod verb;
mod words;

pub use explain::explain;
pub use frame::{Family, Frame, Frames, Skeleton, Template};
pub use kind::kind;
pub use needs::needs;
pub use slot::Found;
pub use understand::{Asked, Statement, statements, understand, understand_all};
