//! The declared strategy: what a team writes in the `[strategy]` part of `throughline.toml`.
//!
//! Everything may be absent. What is not declared is unknown, never zero: lists that may be declared empty are
//! `Option<Vec<_>>`. Fields ending in `_unit` run from 0 to 1.

use crate::time::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A day as people write it in settings: a TOML date or a text `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub Timestamp);

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.date())
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> serde::de::Visitor<'de> for Reader {
            type Value = Day;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a day such as 2026-09-30")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Day, E> {
                Timestamp::parse_iso(text)
                    .map(Day)
                    .ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
            }
            // A TOML date arrives as a map of one private key to its text.
            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Day, A::Error> {
                let entry: Option<(String, String)> = map.next_entry()?;
                let (_, text) = entry.ok_or_else(|| serde::de::Error::custom("an empty table is not a day"))?;
                self.visit_str(&text)
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

/// Where the company wants to go.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Strategy {
    /// First day of the plan.
    pub starts_on: Option<Day>,
    /// Last day of the plan.
    pub ends_on: Option<Day>,
    /// The one number that rises only when customers get what they came for.
    pub north_star: Option<NorthStar>,
    /// One to five.
    pub objectives: Vec<Objective>,
    /// The kinds of customer, as the customer list knows them.
    pub segments: Option<Vec<Segment>>,
    /// The people the product is designed for.
    pub personas: Option<Vec<Persona>>,
    /// Rules that decide between two good options.
    pub principles: Option<Vec<Principle>>,
    /// What will not be done.
    pub non_goals: Option<Vec<NonGoal>>,
    /// What was promised to whom.
    pub commitments: Option<Vec<Commitment>>,
    /// Laws and rules that bind.
    pub obligations: Option<Vec<Obligation>>,
    /// Products that customers compare with.
    pub competitors: Option<Vec<Competitor>>,
    /// Where the company chooses to be different.
    pub differentiators: Option<Vec<Differentiator>>,
    /// Risks it keeps an eye on.
    pub risks: Option<Vec<Risk>>,
    /// What the plan takes for true without having tested it.
    pub assumptions: Option<Vec<Assumption>>,
    /// Stage of the customer's life that the period is about.
    pub stage_focus: Option<StageFocus>,
    /// How the work should be spread.
    pub buckets: Option<Vec<Bucket>>,
}

/// The one number that rises only when customers get what they came for.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NorthStar {
    /// What is counted.
    pub metric: String,
    /// Unit of the readings.
    pub unit: Option<String>,
    /// Why this number and no other.
    pub why: Option<String>,
    /// The reading when the plan began.
    pub start: Option<f64>,
    /// The reading aimed at.
    pub target: Option<f64>,
    /// The newest reading.
    pub current: Option<f64>,
    /// Day of the newest reading.
    pub current_on: Option<Day>,
    /// Where the reading comes from.
    pub source: Option<String>,
    /// What it is made of: three to six.
    pub inputs: Vec<NorthStarInput>,
}

/// A part of the north star.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NorthStarInput {
    /// Short name; key results point at it with `feeds`.
    pub id: String,
    /// What is counted.
    pub metric: String,
    /// Unit of the reading.
    pub unit: Option<String>,
    /// Newest reading.
    pub current: Option<f64>,
    /// Where the reading comes from.
    pub source: Option<String>,
}

/// What is to be true, in words.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Objective {
    /// Short name, for instance `O1`.
    pub id: String,
    /// The objective as people say it: no numbers, no feature names.
    pub text: String,
    /// How much it counts beside the others.
    pub weight_unit: Option<f64>,
    /// Words that show feedback to be about it.
    pub keywords: Vec<String>,
    /// Two to five.
    pub key_results: Vec<KeyResult>,
}

/// How an objective is told reached.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KeyResult {
    /// Short name, for instance `O1-KR1`.
    pub id: String,
    /// What is measured: an outcome, never a thing to build.
    pub metric: String,
    /// Unit of the readings.
    pub unit: Option<String>,
    /// The reading when the plan began.
    pub start: Option<f64>,
    /// Its day.
    pub start_on: Option<Day>,
    /// The reading aimed at.
    pub target: Option<f64>,
    /// The day it is due.
    pub due_on: Option<Day>,
    /// The newest reading.
    pub current: Option<f64>,
    /// Its day.
    pub current_on: Option<Day>,
    /// Where the reading comes from.
    pub source: Option<String>,
    /// `committed` or `aspirational`.
    pub kind: Option<String>,
    /// Inputs of the north star that it moves.
    pub feeds: Vec<String>,
}

/// A kind of customer.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Segment {
    /// Short name.
    pub id: String,
    /// Name in words.
    pub name: String,
    /// Values of the customer list's segment column that mean it.
    pub crm_values: Vec<String>,
    /// Whether the plan is made for it.
    pub is_target: bool,
    /// Why, or why not.
    pub why: Option<String>,
}

/// A person the product is designed for.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Persona {
    /// Short name.
    pub id: String,
    /// Name in words: a role.
    pub name: String,
    /// Exactly one is.
    pub is_primary: bool,
    /// Roles and job titles that mean it.
    pub roles: Vec<String>,
    /// What they want to have achieved.
    pub goals: Vec<String>,
}

/// A rule that decides between two good options.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Principle {
    /// Short name.
    pub id: String,
    /// The rule.
    pub text: String,
    /// What would break it.
    pub broken_when: Option<String>,
}

/// What will not be done.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NonGoal {
    /// Short name.
    pub id: String,
    /// What.
    pub text: String,
    /// Why not.
    pub reason: String,
}

/// What was promised to whom.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Commitment {
    /// Short name.
    pub id: String,
    /// Account, as in the customer list.
    pub customer: String,
    /// What was promised.
    pub what: String,
    /// The day it is due.
    pub due_on: Option<Day>,
    /// `contract`, `written` or `verbal`.
    pub strength: Option<String>,
    /// Who promised it.
    pub made_by: Option<String>,
    /// When.
    pub made_on: Option<Day>,
}

/// A law or rule that binds.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Obligation {
    /// Short name.
    pub id: String,
    /// The rule, as it is cited.
    pub rule: String,
    /// What it asks.
    pub what: Option<String>,
    /// ISO 3166 codes; none means everywhere.
    pub countries: Option<Vec<String>>,
    /// The day from which it applies.
    pub applies_from: Option<Day>,
    /// `law` or `guidance`.
    pub kind: Option<String>,
}

/// A product that customers compare with.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Competitor {
    /// The name.
    pub name: String,
    /// Other spellings.
    pub also: Vec<String>,
    /// What it is known for.
    pub known_for: Option<String>,
}

/// Where the company chooses to be different.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Differentiator {
    /// Short name.
    pub id: String,
    /// The difference, as a customer would notice it.
    pub text: String,
}

/// A known risk.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Risk {
    /// Short name.
    pub id: String,
    /// What may happen.
    pub text: String,
    /// How bad.
    pub severity_unit: Option<f64>,
    /// How likely.
    pub likelihood_unit: Option<f64>,
}

/// A belief that nobody has tested.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Assumption {
    /// Short name.
    pub id: String,
    /// The belief.
    pub text: String,
    /// How sure.
    pub belief_unit: Option<f64>,
}

/// Weight of each stage of the customer's life; 1 is the strongest.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StageFocus {
    /// Winning customers.
    pub acquire_unit: Option<f64>,
    /// Getting them to first value.
    pub activate_unit: Option<f64>,
    /// Keeping them.
    pub retain_unit: Option<f64>,
    /// Earning more with them.
    pub earn_unit: Option<f64>,
    /// Being recommended by them.
    pub refer_unit: Option<f64>,
}

/// A kind of work with its share.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Bucket {
    /// Name.
    pub name: String,
    /// What belongs to it.
    pub what: Option<String>,
    /// Share aimed at.
    pub target_share_unit: Option<f64>,
    /// Share already committed.
    pub committed_share_unit: Option<f64>,
}
