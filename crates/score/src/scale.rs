//! Scales: from a quantity to a share of a point.
//!
//! In: a [`Quantity`] in the unit that the rubric states. Out: 0..=1. All are monotone and total: any number, NaN
//! included, gives a value in range.
//! Source: Wilson's score interval (1927) for proportions; the others are as the rubric defines them.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a check measured.
#[derive(Debug, Clone, PartialEq)]
pub enum Quantity {
    /// A number.
    Number(f64),
    /// `k` of `n`.
    Share {
        /// How many have it.
        k: f64,
        /// Of how many.
        n: f64,
    },
    /// A named class.
    Class(String),
}

impl Quantity {
    /// As one number, where it is one: a share as `k / n`.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(x) => Some(*x),
            Self::Share { k, n } => (*n > 0.0).then(|| k / n),
            Self::Class(_) => None,
        }
    }

    /// Of how many, for a share.
    #[must_use]
    pub fn of(&self) -> Option<f64> {
        match self {
            Self::Share { n, .. } => Some(*n),
            Self::Number(_) | Self::Class(_) => None,
        }
    }
}

/// Where a scale reaches full marks: a number, or a reference size by name (`$accounts_full`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Full {
    /// A number.
    Number(f64),
    /// A reference size.
    Reference(String),
}

/// A scale as the rubric writes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fn", rename_all = "lowercase")]
pub enum Scale {
    /// `clamp((x - lo) / (hi - lo), 0, 1)`.
    Lin {
        /// Where points begin.
        lo: f64,
        /// Where they are full.
        hi: f64,
    },
    /// `min(1, ln(1 + x) / ln(1 + full))`: the first few count most.
    Logs {
        /// Where points are full.
        full: Full,
    },
    /// `min(1, sqrt(x / full))`: small shares still show.
    Sqrts {
        /// Where points are full.
        full: Full,
    },
    /// `min(1, wilson_lower(k, n, z = 1) / full)`: 1 of 1 is not 100 %.
    Wilson {
        /// Where points are full.
        full: Full,
    },
    /// Points of the last row whose threshold is at most x.
    Step {
        /// Rows of threshold and points, ascending.
        table: Vec<(f64, f64)>,
    },
    /// Points of the named class.
    Cat {
        /// Points by class.
        map: BTreeMap<String, f64>,
    },
}

impl Scale {
    /// The share of a point for `quantity`, 0..=1; `None` when the quantity is of a kind that this scale does not take,
    /// or names a class or reference that does not exist.
    #[must_use]
    pub fn apply(&self, quantity: &Quantity, references: &BTreeMap<String, f64>) -> Option<f64> {
        let full = |full: &Full| match full {
            Full::Number(x) => Some(*x),
            Full::Reference(name) => references.get(name.trim_start_matches('$')).copied(),
        };
        let points = match (self, quantity) {
            (Self::Cat { map }, Quantity::Class(class)) => *map.get(class)?,
            (Self::Wilson { full: f }, Quantity::Share { k, n }) => wilson_lower(*k, *n) / full(f)?,
            (Self::Lin { lo, hi }, q) => (q.number()? - lo) / (hi - lo),
            (Self::Logs { full: f }, q) => libm::log1p(q.number()?.max(0.0)) / libm::log1p(full(f)?),
            (Self::Sqrts { full: f }, q) => (q.number()?.max(0.0) / full(f)?).sqrt(),
            (Self::Step { table }, q) => {
                let x = q.number()?;
                table.iter().take_while(|(threshold, _)| *threshold <= x).last().map_or(0.0, |(_, points)| *points)
            }
            (Self::Cat { .. } | Self::Wilson { .. }, _) => return None,
        };
        Some(if points.is_nan() { 0.0 } else { points.clamp(0.0, 1.0) })
    }
}

/// Lower end of Wilson's interval for `k` of `n` at z = 1, 0..=1; 0 when nothing was tried.
#[must_use]
pub fn wilson_lower(k: f64, n: f64) -> f64 {
    if n <= 0.0 {
        return 0.0;
    }
    let p = (k / n).clamp(0.0, 1.0);
    let centre = p + 0.5 / n;
    let spread = (p * (1.0 - p) / n + 0.25 / (n * n)).sqrt();
    ((centre - spread) / (1.0 + 1.0 / n)).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_one_is_not_certain() {
        assert!(wilson_lower(1.0, 1.0) < 0.6);
        assert!(wilson_lower(90.0, 100.0) > 0.85);
        assert!(wilson_lower(0.0, 5.0).abs() < 1e-12);
    }

    #[test]
    fn odd_numbers_stay_in_range() {
        let scales = [
            Scale::Lin { lo: 0.0, hi: 1.0 },
            Scale::Logs { full: Full::Number(5.0) },
            Scale::Sqrts { full: Full::Number(0.1) },
            Scale::Step { table: vec![(1.0, 0.5)] },
        ];
        for x in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -3.0] {
            for scale in &scales {
                let points = scale.apply(&Quantity::Number(x), &BTreeMap::new()).unwrap();
                assert!((0.0..=1.0).contains(&points), "{scale:?} of {x}");
            }
        }
    }
}
