//! Back-ends: the product model in, artifacts out.
//!
//! Every function takes a [`Dossier`] and returns text; [`folder()`] lays all of it out as files. Nothing here decides
//! anything: what is printed is in the specification, the insight, the score and the plan.
//!
//! | module | prints |
//! |---|---|
//! | [`prd`] | the requirements document in Markdown, one page and full |
//! | [`stories`], [`gherkin`], [`ears`] | stories and criteria |
//! | [`prfaq`] | a press release from the future, with questions |
//! | [`inplace`] | front matter, and sections that people edit where they lie |
//! | [`persona`], [`job`], [`use_case`] | whom it is for, the progress they want, how they go about it |
//! | [`page`] | the requirements document as one page of HTML with its evidence in place |
//! | [`blueprint`] | interface, SQL, diagrams, decisions, manifests |
//! | [`changes`] | what people made of a specification |
//! | [`index`] | the ranked list |
//! | [`prototype`] | a clickable prototype that plays its own acceptance scenarios |
//! | [`formats`] | the layouts of spec-kit, OpenSpec and Kiro |
//! | [`folder`](mod@folder) | all of them as files |
//!
//! Invariants: the same input gives the same bytes; text from customers is escaped wherever it is printed; no page asks
//! for anything over the network.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, reason = "a failed unwrap in a test is the test's message")
)]
#![expect(clippy::format_push_string, reason = "documents are built line by line; the allocation is not felt")]

pub mod blueprint;
pub mod changes;
pub mod dossier;
pub mod ears;
pub mod folder;
pub mod formats;
pub mod gherkin;
mod html;
pub mod index;
pub mod inplace;
pub mod job;
pub mod page;
pub mod persona;
pub mod prd;
pub mod prfaq;
pub mod prototype;
pub mod slug;
pub mod stories;
pub mod text;
pub mod use_case;

/// Of the printing code: another edition of it prints otherwise.
pub const EDITION: &str = env!("THROUGHLINE_PRINTING");

pub use dossier::Dossier;
pub use folder::folder;
pub use formats::Format;
pub use index::Listing;
pub use throughline_model::spec::Artifact;
