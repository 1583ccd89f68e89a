//! The 77-point rubric, its checks, aggregation and sensitivity, and the plan that follows.
