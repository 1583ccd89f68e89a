//! Passes from records to insights: canonical text, segments, duplicates, clusters, labels, identity.
pub mod cluster;
