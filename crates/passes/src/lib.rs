//! Passes from records to insights: canonical text, segments, duplicates, clusters, labels, identity.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests fail by panicking"))]

pub mod area;
pub mod cluster;
pub mod collect;
pub mod deduplicate;
pub mod enrich;
pub mod identity;
pub mod insight;
mod joined;
pub mod judged;
pub mod label;
pub mod lineage;
pub mod observe;
pub mod place;
pub mod segment;
