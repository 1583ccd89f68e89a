//! Passes over the product model: deduplicate, cluster, categorise, frame, score, prioritise.
