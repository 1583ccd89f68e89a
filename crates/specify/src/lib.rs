//! From needs to a specification: stories, criteria, entities, screens, and the rules they are held to.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a failed unwrap in a test is the test's message"
    )
)]

pub mod noun;
pub mod playbook;
pub mod words;
pub mod wording;
