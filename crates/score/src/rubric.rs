//! The rubric: which 77 questions are asked and how answers become points, as data.
//!
//! A user may copy the file and change it; the version then says so beside every score. A rubric that does not hold
//! together (76 checks, a group that does not add up, a scale that its vectors contradict) is refused with reasons.

use crate::scale::{Quantity, Scale};
use serde::Deserialize;
use std::collections::BTreeMap;
use throughline_model::{Diagnostic, Severity};

/// The rubric shipped with the program.
pub const BUILTIN: &str = include_str!("../data/rubric.toml");

/// How close a scale must come to a vector's points; the vectors are written to three places.
const VECTOR_TOLERANCE: f64 = 0.0006;

/// A rubric that holds together.
#[derive(Debug, Clone)]
pub struct Rubric {
    /// Version, printed beside every score.
    pub version: String,
    /// Groups with their number of checks, in order.
    pub groups: Vec<(String, u32)>,
    /// Checks in order.
    pub checks: Vec<Check>,
    /// Default reference sizes by name.
    pub references: BTreeMap<String, f64>,
}

/// One question.
#[derive(Debug, Clone, Deserialize)]
pub struct Check {
    /// Id, for instance `BI-01`.
    pub id: String,
    /// Group id.
    pub group: String,
    /// Theme within the group.
    pub theme: String,
    /// Short name.
    pub name: String,
    /// The question in words.
    pub asks: String,
    /// Inputs it needs, for instance `account.arr`.
    pub needs: Vec<String>,
    /// When it can be answered, in words.
    pub known_when: String,
    /// The quantity, in words.
    pub x: String,
    /// From quantity to points.
    pub scale: Scale,
    /// Whether points are 1 minus the scale.
    #[serde(default)]
    pub invert: bool,
    /// What is cited, in words.
    pub cites: String,
    /// Quantities with the points they must give.
    pub vectors: Vec<(toml::Value, f64)>,
}

#[derive(Debug, Deserialize)]
struct File {
    rubric: Head,
    refs: BTreeMap<String, Reference>,
    check: Vec<Check>,
}

#[derive(Debug, Deserialize)]
struct Head {
    version: String,
    total: u32,
    groups: BTreeMap<String, u32>,
}

#[derive(Debug, Deserialize)]
struct Reference {
    default: f64,
}

/// Names of the three groups, in the order in which they are shown.
pub const GROUPS: [&str; 3] = ["business_impact", "technical_effort", "strategic_alignment"];

impl Rubric {
    /// The rubric shipped with the program.
    ///
    /// # Panics
    /// Never in a released build: a test reads the file.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the file is part of the program and a test reads it")]
    pub fn builtin() -> Self {
        Self::parse(BUILTIN).expect("the shipped rubric holds together")
    }

    /// Reads a rubric.
    ///
    /// # Errors
    /// One diagnostic per thing that does not hold together.
    pub fn parse(text: &str) -> Result<Self, Vec<Diagnostic>> {
        let file: File = toml::from_str(text).map_err(|error| {
            let byte = error.span().map_or(0, |span| span.start);
            let line = text.as_bytes()[..byte].iter().filter(|&&b| b == b'\n').count() as u64 + 1;
            vec![wrong("rubric-syntax", error.message().to_owned(), "correct this line").at(
                "rubric.toml",
                Some(line),
                Some(byte as u64),
            )]
        })?;
        let rubric = Self {
            version: file.rubric.version,
            groups: GROUPS
                .iter()
                .map(|&group| (group.to_owned(), file.rubric.groups.get(group).copied().unwrap_or(0)))
                .collect(),
            checks: file.check,
            references: file.refs.into_iter().map(|(name, reference)| (name, reference.default)).collect(),
        };
        let found = rubric.problems(file.rubric.total);
        if found.is_empty() { Ok(rubric) } else { Err(found) }
    }

    fn problems(&self, total: u32) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        if self.checks.len() as u32 != total {
            found.push(wrong(
                "rubric-total",
                format!("the rubric states {total} checks but has {}", self.checks.len()),
                "add or remove checks, or change rubric.total",
            ));
        }
        for (group, n) in &self.groups {
            let n_found = self.checks.iter().filter(|check| check.group == *group).count() as u32;
            if n_found != *n {
                found.push(wrong(
                    "rubric-group",
                    format!("group {group} states {n} checks but has {n_found}"),
                    "move checks between groups, or change rubric.groups",
                ));
            }
        }
        let mut seen = std::collections::BTreeSet::new();
        for check in &self.checks {
            if !seen.insert(&check.id) {
                found.push(wrong("rubric-id", format!("check {} is there twice", check.id), "give one another id"));
            }
            for (x, points) in &check.vectors {
                let got = self.points(check, &vector_quantity(x), &self.references);
                if got.is_none_or(|got| (got - points).abs() > VECTOR_TOLERANCE) {
                    found.push(wrong(
                        "rubric-vector",
                        format!("check {}: {x} should give {points} points but gives {got:?}", check.id),
                        "change the scale or the vector",
                    ));
                }
            }
        }
        found
    }

    /// Points for a quantity, 0..=1; `None` when the check's scale does not take it.
    #[must_use]
    pub fn points(&self, check: &Check, quantity: &Quantity, references: &BTreeMap<String, f64>) -> Option<f64> {
        let points = check.scale.apply(quantity, references)?;
        Some(if check.invert { 1.0 - points } else { points })
    }
}

/// A vector's quantity: a number, a class, or `[k, n]`.
fn vector_quantity(value: &toml::Value) -> Quantity {
    let number = |value: &toml::Value| value.as_float().or_else(|| value.as_integer().map(|x| x as f64));
    match value {
        toml::Value::String(class) => Quantity::Class(class.clone()),
        toml::Value::Array(pair) if pair.len() == 2 => {
            Quantity::Share { k: number(&pair[0]).unwrap_or(f64::NAN), n: number(&pair[1]).unwrap_or(f64::NAN) }
        }
        other => Quantity::Number(number(other).unwrap_or(f64::NAN)),
    }
}

fn wrong(code: &str, message: String, remedy: &str) -> Diagnostic {
    Diagnostic::new(code, Severity::Error, message, remedy).at("rubric.toml", None, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_rubric_holds_together_with_all_its_vectors() {
        let rubric = Rubric::parse(BUILTIN).unwrap_or_else(|found| panic!("{found:#?}"));
        assert_eq!(rubric.checks.len(), 77);
        assert_eq!(rubric.checks.iter().map(|check| check.vectors.len()).sum::<usize>(), 231);
    }

    #[test]
    fn a_missing_check_is_refused_with_the_count() {
        let at = BUILTIN.rfind("[[check]]").unwrap();
        let end = BUILTIN[at..].find("\n\n").map_or(BUILTIN.len(), |n| at + n);
        let text = format!("{}{}", &BUILTIN[..at], &BUILTIN[end..]);
        let found = Rubric::parse(&text).unwrap_err();
        assert!(found.iter().any(|d| d.message.contains("77") && d.message.contains("76")), "{found:?}");
    }

    #[test]
    fn a_scale_that_its_vectors_contradict_is_refused() {
        let text = BUILTIN.replacen("vectors = [[1, 0.213]", "vectors = [[1, 0.9]", 1);
        let found = Rubric::parse(&text).unwrap_err();
        assert!(found.iter().any(|d| d.code == "rubric-vector" && d.message.contains("BI-01")));
    }
}
