//! Groups statements that are about the same thing; how many groups there are is found, not given.

pub mod leiden;
mod linear;
pub(crate) mod neighbourhood;
pub mod space;



/// Edges of the shared-neighbour graph (for measuring).
pub fn edges(neighbours: &throughline_text::neighbour::Neighbours, k: usize, least: f32) -> Vec<(u32, u32, f64)> {
    neighbourhood::shared(neighbours, k, least)
}
