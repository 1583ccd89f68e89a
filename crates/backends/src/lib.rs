//! Back-ends: the product model in, artifacts out.
