//! Checks of this repository: `cargo xtask check` and `cargo xtask tidy`.
fn main() {}
