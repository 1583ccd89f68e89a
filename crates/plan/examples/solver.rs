//! How long the choice takes and how near the bound it comes: `cargo run --release -p throughline-plan --example solver`.
//!
//! Made-up work: totals between 20 and 45, 1 to 40 people-days, one link for every ten insights, a third of it fits.

#![expect(clippy::print_stdout, reason = "this prints a measurement")]

use std::time::Instant;
use throughline_plan::solver::{Choice, is_feasible, solve};

/// SplitMix64: the same numbers on every machine.
struct Numbers(u64);

impl Numbers {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}

fn main() {
    println!("{:>8} {:>12} {:>12} {:>9} {:>9}  method", "insights", "worth", "bound", "gap %", "seconds");
    for n in [20_usize, 40, 50, 400, 2_000, 10_000] {
        let mut numbers = Numbers(n as u64);
        let choices: Vec<Choice> = (0..n)
            .map(|i| {
                let days = (2.0 + 78.0 * numbers.unit() * numbers.unit()).round() / 2.0;
                let worth = libm::exp2((20.0 + 25.0 * numbers.unit()) / 6.0);
                let has_link = i > 0 && numbers.unit() < 0.1;
                let needs = if has_link { vec![(numbers.unit() * i as f64) as usize] } else { Vec::new() };
                Choice { worth, days, earliest: 0, needs }
            })
            .collect();
        let all: f64 = choices.iter().map(|choice| choice.days).sum();
        let capacity = [(all * 0.15).round(), (all * 0.2).round()];
        let started = Instant::now();
        let solved = solve(&choices, capacity);
        let seconds = started.elapsed().as_secs_f64();
        assert!(is_feasible(&choices, &solved.period, capacity));
        let proof = solved.proof;
        println!(
            "{n:>8} {:>12.1} {:>12.1} {:>9.4} {seconds:>9.3}  {:?}",
            proof.worth,
            proof.bound,
            proof.gap * 100.0,
            proof.method
        );
    }
}
