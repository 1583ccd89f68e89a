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
    /// Version, printed beside every score. A changed rubric that states the shipped one's version gets a mark of its
    /// content behind it.
    pub version: String,
    /// Fingerprint of the file's text.
    pub content: u64,
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

    /// Reads a rubric from its text; `file` is its name for diagnostics.
    ///
    /// # Errors
    /// One diagnostic per thing that does not hold together.
    pub fn parse(text: &str) -> Result<Self, Vec<Diagnostic>> {
        Self::read(text, "rubric.toml")
    }

    /// Reads a rubric that a team keeps in `file`.
    ///
    /// # Errors
    /// One diagnostic, with file, line and remedy, per thing that does not hold together.
    pub fn read(text: &str, file: &str) -> Result<Self, Vec<Diagnostic>> {
        let page = Page { text, file };
        let read: File = toml::from_str(text).map_err(|error| {
            let byte = error.span().map_or(0, |span| span.start);
            vec![page.problem("rubric-syntax", error.message(), "correct this line", byte)]
        })?;
        let content = throughline_model::id::hash_parts("throughline 2026 rubric", &[text.as_bytes()]);
        let mut version = read.rubric.version;
        if text != BUILTIN && BUILTIN.contains(&format!("\nversion = \"{version}\"\n")) {
            version = format!("{version}+{:08x}", content >> 32);
        }
        let rubric = Self {
            version,
            content,
            groups: GROUPS
                .iter()
                .map(|&group| (group.to_owned(), read.rubric.groups.get(group).copied().unwrap_or(0)))
                .collect(),
            checks: read.check,
            references: read.refs.into_iter().map(|(name, reference)| (name, reference.default)).collect(),
        };
        let found = rubric.problems(&page, read.rubric.total);
        if found.is_empty() { Ok(rubric) } else { Err(found) }
    }

    fn problems(&self, page: &Page<'_>, total: u32) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        if self.checks.len() as u32 != total {
            found.push(page.problem(
                "rubric-total",
                &format!("the rubric states {total} checks but has {}", self.checks.len()),
                "add or remove checks, or change rubric.total",
                page.find("total ="),
            ));
        }
        for (group, n) in &self.groups {
            let n_found = self.checks.iter().filter(|check| check.group == *group).count() as u32;
            if n_found != *n || n_found == 0 {
                found.push(page.problem(
                    "rubric-group",
                    &format!("group {group} states {n} checks but has {n_found}"),
                    "move checks between groups, or change rubric.groups; a group has at least one",
                    page.find("groups ="),
                ));
            }
        }
        let mut seen = std::collections::BTreeSet::new();
        for check in &self.checks {
            let at = page.find(&format!("id = \"{}\"", check.id));
            if !seen.insert(&check.id) {
                let message = format!("check {} is there twice", check.id);
                found.push(page.problem("rubric-id", &message, "give one another id", at));
            }
            if !GROUPS.contains(&check.group.as_str()) {
                let message = format!("check {} is in group '{}'", check.id, check.group);
                found.push(page.problem(
                    "rubric-group",
                    &message,
                    &format!("the groups are {}", GROUPS.join(", ")),
                    at,
                ));
            }
            for (x, points) in &check.vectors {
                let got = self.points(check, &vector_quantity(x), &self.references);
                if got.is_none_or(|got| (got - points).abs() > VECTOR_TOLERANCE) {
                    let got = got.map_or_else(|| "nothing".to_owned(), |got| format!("{got:.3}"));
                    found.push(page.problem(
                        "rubric-vector",
                        &format!("check {}: {x} should give {points} points but gives {got}", check.id),
                        "change the scale or the vector",
                        at,
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

/// A rubric's text with its name, to point into.
struct Page<'t> {
    text: &'t str,
    file: &'t str,
}

impl Page<'_> {
    /// Byte of the first line that begins with `start`; 0 when there is none.
    fn find(&self, start: &str) -> usize {
        if self.text.starts_with(start) {
            return 0;
        }
        self.text.find(&format!("\n{start}")).map_or(0, |at| at + 1)
    }

    fn problem(&self, code: &str, message: &str, remedy: &str, byte: usize) -> Diagnostic {
        let line = self.text.as_bytes()[..byte].iter().filter(|&&b| b == b'\n').count() as u64 + 1;
        let message = message.trim().replace('\n', ", ");
        Diagnostic::new(code, Severity::Error, message, remedy).at(self.file, Some(line), Some(byte as u64))
    }
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
        let total = found.iter().find(|d| d.code == "rubric-total").unwrap();
        assert!(total.message.contains("77") && total.message.contains("76"), "{total:?}");
        assert!(total.place.line.is_some_and(|line| line > 1), "{total:?}");
    }

    #[test]
    fn a_changed_rubric_is_not_taken_for_the_shipped_one() {
        let shipped = Rubric::builtin();
        let changed = Rubric::parse(&BUILTIN.replace("lo = 0.25, hi = 0.75", "lo = 0.25, hi = 0.750")).unwrap();
        assert!(changed.version.starts_with(&format!("{}+", shipped.version)), "{}", changed.version);
        assert_ne!(changed.content, shipped.content);
    }

    #[test]
    fn a_scale_that_its_vectors_contradict_is_refused() {
        let text = BUILTIN.replacen("vectors = [[1, 0.213]", "vectors = [[1, 0.9]", 1);
        let found = Rubric::parse(&text).unwrap_err();
        assert!(found.iter().any(|d| d.code == "rubric-vector" && d.message.contains("BI-01")));
    }
}
