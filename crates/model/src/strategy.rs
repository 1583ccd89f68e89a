//! The declared strategy: what a team writes in the `[strategy]` and `[capacity]` parts of `throughline.toml`.
//!
//! Every field may be absent: what is not declared is unknown, never zero. Dates are `YYYY-MM-DD`.

use serde::{Deserialize, Serialize};

/// Where the company wants to go.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Strategy {
    /// The one metric that grows only when customers get value.
    pub north_star: Option<NorthStar>,
    /// One to five.
    pub objectives: Vec<Objective>,
    /// Segments the company works for, as written in the customer list.
    pub target_segments: Option<Vec<String>>,
    /// Personas the product is for.
    pub personas: Option<Vec<Persona>>,
    /// Part of the customer's life that this period is about: acquisition, activation, retention, expansion.
    pub stage_focus: Option<String>,
    /// Rules that decide between two good options.
    pub principles: Option<Vec<Principle>>,
    /// What will not be done.
    pub non_goals: Option<Vec<NonGoal>>,
    /// What was promised to whom.
    pub commitments: Option<Vec<Commitment>>,
    /// Laws, standards and contracts with dates.
    pub obligations: Option<Vec<Obligation>>,
    /// What makes the product different.
    pub differentiators: Option<Vec<String>>,
    /// Names of competitors.
    pub competitors: Option<Vec<String>>,
    /// Known risks.
    pub risks: Option<Vec<Risk>>,
    /// What the strategy takes for granted.
    pub assumptions: Option<Vec<Assumption>>,
    /// Share of capacity per kind of work, 0..=1, for instance `growth = 0.5`.
    pub investment_shares: Option<std::collections::BTreeMap<String, f64>>,
    /// Shipped and in-flight items.
    pub roadmap: Option<Vec<RoadmapItem>>,
}

/// The one metric that grows only when customers get value.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NorthStar {
    /// What is counted.
    pub metric: String,
    /// Three to six metrics that feed it.
    #[serde(default)]
    pub inputs: Vec<String>,
}

/// What is to be true, in words.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Objective {
    /// Short id, for instance `O1`.
    pub id: String,
    /// One sentence without numbers or feature names.
    pub title: String,
    /// Why, with what it rests on.
    #[serde(default)]
    pub because: Option<String>,
    /// End of the horizon.
    #[serde(default)]
    pub until: Option<String>,
    /// Two to five.
    #[serde(default)]
    pub key_results: Vec<KeyResult>,
}

/// How the objective is told reached.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyResult {
    /// Short id, for instance `O1-KR1`.
    pub id: String,
    /// What is measured.
    pub metric: String,
    /// Unit of the three numbers.
    #[serde(default)]
    pub unit: Option<String>,
    /// Where it started.
    #[serde(default)]
    pub start: Option<f64>,
    /// Where it should be.
    #[serde(default)]
    pub target: Option<f64>,
    /// Where it is.
    #[serde(default)]
    pub current: Option<f64>,
    /// By when.
    #[serde(default)]
    pub due: Option<String>,
    /// Where the reading comes from.
    #[serde(default)]
    pub source: Option<String>,
    /// `committed` or `aspirational`.
    #[serde(default)]
    pub ambition: Option<String>,
}

/// A persona the product is for.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Persona {
    /// Name of the role, for instance `operations manager`.
    pub name: String,
    /// Other words for the same role.
    #[serde(default)]
    pub also: Vec<String>,
    /// Whether the product is first of all for them.
    #[serde(default)]
    pub is_primary: bool,
}

/// A rule that decides between two good options.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Principle {
    /// The rule, phrased so that a violation can be told.
    pub rule: String,
    /// Capability frames or words it applies to.
    #[serde(default)]
    pub applies_to: Vec<String>,
}

/// What will not be done.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NonGoal {
    /// What.
    pub what: String,
    /// Why not.
    pub reason: String,
}

/// What was promised to whom.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commitment {
    /// Customer, as in the customer list.
    pub customer: String,
    /// What.
    pub what: String,
    /// By when.
    pub due: String,
}

/// A law, standard or contract.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Obligation {
    /// Name of the rule.
    pub what: String,
    /// From when it binds.
    pub due: Option<String>,
    /// Words that show that an insight touches it.
    #[serde(default)]
    pub words: Vec<String>,
}

/// A known risk.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Risk {
    /// What may happen.
    pub what: String,
    /// 0..=1.
    #[serde(default)]
    pub likelihood_unit: Option<f64>,
    /// 0..=1.
    #[serde(default)]
    pub impact_unit: Option<f64>,
}

/// What the strategy takes for granted.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assumption {
    /// The belief.
    pub belief: String,
    /// How sure, 0..=1.
    #[serde(default)]
    pub confidence_unit: Option<f64>,
}

/// A shipped or in-flight item.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoadmapItem {
    /// What.
    pub what: String,
    /// `shipped`, `in_flight` or `planned`.
    pub status: String,
    /// When shipped or due.
    #[serde(default)]
    pub date: Option<String>,
}

/// What a team can do in a period.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Capacity {
    /// People-days per period.
    pub people_days: f64,
    /// Length of a period, for instance `6 weeks`.
    #[serde(default)]
    pub period: Option<String>,
}
