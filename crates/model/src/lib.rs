//! The product model: ids, evidence, records, signals, insights, needs, scores, specs and diagnostics.
