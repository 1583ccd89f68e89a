//! Jobs: the progress somebody wants to make, apart from any product.
//!
//! Two forms, kept apart: the job story says the situation, the outcome statements say how one tells that it went well.
//! Source: Klement's job story; Ulwick, *What Customers Want*, for outcome statements and the opportunity score; the
//! four forces after Moesta and Spiek.

use crate::spec::Statement;
use serde::{Deserialize, Serialize};

/// Which way a figure should go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Less is better.
    Minimize,
    /// More is better.
    Increase,
}

impl Direction {
    /// The word that opens an outcome statement.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Minimize => "Minimize",
            Self::Increase => "Increase",
        }
    }
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// How long it takes.
    Time,
    /// How likely it is.
    Likelihood,
    /// How many there are.
    Number,
    /// How much work it is.
    Effort,
    /// What it costs.
    Cost,
}

impl Metric {
    /// The word, with what ties it to its object.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Time => "the time it takes to",
            Self::Likelihood => "the likelihood that",
            Self::Number => "the number of",
            Self::Effort => "the effort it takes to",
            Self::Cost => "the cost of",
        }
    }
}

/// One outcome statement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Which way.
    pub direction: Direction,
    /// What is counted.
    pub metric: Metric,
    /// What it is counted of.
    pub object: String,
    /// Under which circumstance: a clause after "when".
    pub context: String,
    /// The whole as one sentence, with what it rests on.
    pub statement: Statement,
}

/// One of the four forces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ForceKind {
    /// What drives away from today.
    Push,
    /// What draws to the new.
    Pull,
    /// What holds to today.
    Habit,
    /// What frightens of the new.
    Anxiety,
}

impl ForceKind {
    /// All, in the order in which they are printed.
    pub const ALL: [Self; 4] = [Self::Push, Self::Pull, Self::Habit, Self::Anxiety];

    /// The word that artefacts print.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Push => "push",
            Self::Pull => "pull",
            Self::Habit => "habit",
            Self::Anxiety => "anxiety",
        }
    }
}

/// A force with what shows it; open where nothing does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Force {
    /// Which.
    pub kind: ForceKind,
    /// What shows it.
    pub statement: Statement,
}

/// How much is to be won: `importance + max(importance - satisfaction, 0)`, both 0..=10, by segment only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Opportunity {
    /// The segment asked.
    pub segment: String,
    /// Mean importance, 0..=10.
    pub importance: Option<f64>,
    /// Answers behind it.
    pub n_importance: u32,
    /// Mean satisfaction, 0..=10.
    pub satisfaction: Option<f64>,
    /// Answers behind it.
    pub n_satisfaction: u32,
}

impl Opportunity {
    /// The score; none while either side is unknown.
    #[must_use]
    pub fn score(&self) -> Option<f64> {
        let (importance, satisfaction) = (self.importance?, self.satisfaction?);
        Some(importance + (importance - satisfaction).max(0.0))
    }
}

/// One job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// Short id within the spec, for instance `JB-1`.
    pub key: String,
    /// When: a situation, as a clause.
    pub circumstance: Statement,
    /// I want to: a verb phrase.
    pub motivation: Statement,
    /// So I can, or so that: a clause.
    pub progress: Statement,
    /// How one tells that it went well.
    pub outcomes: Vec<Outcome>,
    /// All four.
    pub forces: Vec<Force>,
    /// By segment; empty where nobody was asked.
    pub opportunities: Vec<Opportunity>,
}
