//! The workspace's settings: what a team writes in `throughline.toml`, as typed data.
//!
//! Reading the file is for the compiler crate; unknown keys are refused there with file and line.

use crate::strategy::{Day, Strategy};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The whole file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// What is built.
    pub product: Product,
    /// Where the company wants to go.
    pub strategy: Strategy,
    /// How much it can build.
    pub capacity: Option<Capacity>,
    /// Who is told what.
    pub departments: Vec<Department>,
    /// Where feedback comes from.
    pub sources: Vec<Source>,
    /// Where the code is.
    pub repositories: Vec<Repository>,
    /// Deployments and incidents.
    pub delivery: Delivery,
    /// Steps people go through.
    pub funnels: Vec<Funnel>,
    /// Parts of the product that people pass through.
    pub surfaces: Vec<Surface>,
    /// What is shipped or being built.
    pub roadmap: Option<Vec<RoadmapItem>>,
    /// What single insights would take, where somebody knows it better than their size tells.
    pub effort: Vec<DeclaredEffort>,
    /// How insights are scored.
    pub score: Scoring,
    /// Folder of an encoder that reads the statements, relative to the file.
    pub encoder: Option<String>,
}

/// How insights are scored, where a team wants it otherwise.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scoring {
    /// A rubric of one's own, relative to the settings file.
    pub rubric: Option<String>,
    /// Weights by check or group; 1 where none is given. They change the weighted total, never the 77 points.
    pub weights: BTreeMap<String, f64>,
}

/// What is built.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Product {
    /// What people call it.
    pub name: Option<String>,
    /// One line: what it does, and for whom.
    pub what: Option<String>,
    /// Language of artefacts (BCP 47).
    pub language: Option<String>,
    /// Time zone in which days are counted.
    pub time_zone: Option<String>,
    /// Currency in which revenue is added up (ISO 4217).
    pub currency: Option<String>,
    /// Mail domains of our own people.
    pub team_domains: Vec<String>,
    /// Names of our own people, as transcripts and chats spell them.
    pub team_names: Vec<String>,
    /// What one unit of another currency is worth in `currency`.
    pub exchange_rates: BTreeMap<String, f64>,
    /// The plans on sale, cheapest first.
    pub plans: Vec<PricePlan>,
    /// The words the team uses.
    pub terms: Vec<Term>,
}

/// A plan on sale.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PricePlan {
    /// Name, as in the customer list.
    pub name: String,
    /// List price for one seat and month, in the product's currency.
    pub price_per_seat_month: Option<f64>,
    /// Most seats; none when there is no limit.
    pub max_seats: Option<u64>,
}

/// A word of the glossary.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Term {
    /// The word.
    pub term: String,
    /// What it stands for.
    pub meaning: Option<String>,
    /// Other words for it, in any language.
    pub also: Vec<String>,
}

/// How much can be built.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Capacity {
    /// People-days in a period of usual length.
    pub people_days_per_period: Option<f64>,
    /// People who can work side by side on one thing.
    pub people_in_parallel: Option<f64>,
    /// People-days that one data movement of functional size takes here, instead of the value that is built in.
    pub people_days_per_data_movement: Option<f64>,
    /// Periods planned for, first one first.
    pub periods: Vec<Period>,
    /// Teams that own parts of the code.
    pub teams: Vec<Team>,
}

/// A period planned for.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Period {
    /// Short name.
    pub id: String,
    /// First day.
    pub starts_on: Option<Day>,
    /// Last day.
    pub ends_on: Option<Day>,
    /// People-days available.
    pub people_days: Option<f64>,
    /// How many of them are spoken for.
    pub committed_people_days: Option<f64>,
}

/// A team.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Team {
    /// Name.
    pub name: String,
    /// How many.
    pub people: Option<f64>,
    /// Share of the people-days.
    pub share_unit: Option<f64>,
    /// What it looks after.
    pub owns: Option<String>,
}

/// A department that is told what concerns it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Department {
    /// Short name.
    pub id: String,
    /// Name in words.
    pub name: String,
    /// Mail address of who speaks for it.
    pub lead: Option<String>,
    /// What concerns it.
    pub concerns: Vec<String>,
}

/// A source of feedback.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Source {
    /// Short name; a record is known by it and the id the source gives.
    pub name: String,
    /// A file or a glob, relative to the settings file.
    pub path: String,
    /// Kind of source: support, call, interview, chat, review, survey, community, sales, tracker, analytics, crm.
    pub kind: Option<String>,
    /// Which column holds which field, where headers do not say it.
    pub columns: BTreeMap<String, String>,
    /// How dates are written, where not ISO (strftime).
    pub date_format: Option<String>,
}

/// Code.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Repository {
    /// Short name.
    pub name: String,
    /// A folder or a git bundle.
    pub path: String,
    /// What was read of it: a file in the shape of the manual's "Beside the code", relative to the settings file.
    pub map: Option<String>,
}

/// Deployments and incidents.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Delivery {
    /// File of deployments.
    pub deployments: Option<String>,
    /// File of incidents.
    pub incidents: Option<String>,
}

/// Steps people go through.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Funnel {
    /// Short name.
    pub id: String,
    /// Name in words.
    pub name: String,
    /// Event names, first step first.
    pub steps: Vec<String>,
    /// Longest time from the first step to the last.
    pub within_hours: Option<f64>,
    /// The surface it happens on.
    pub surface: Option<String>,
}

/// A part of the product that people pass through.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Surface {
    /// Short name.
    pub id: String,
    /// Name in words.
    pub name: String,
    /// Page paths; `*` stands for one segment.
    pub pages: Vec<String>,
    /// Events that belong to it.
    pub events: Vec<String>,
}

/// Something shipped or being built.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RoadmapItem {
    /// Short name.
    pub id: String,
    /// What it is.
    pub what: String,
    /// `shipped` or `in_flight`.
    pub state: String,
    /// The day it reached all customers.
    pub shipped_on: Option<Day>,
    /// People-days still to come.
    pub remaining_people_days: Option<f64>,
    /// Kind of work.
    pub bucket: Option<String>,
    /// Id of the deployment that brought it.
    pub deployment: Option<String>,
}

/// What one insight would take, as somebody who knows estimates it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DeclaredEffort {
    /// Id of the insight.
    pub insight: String,
    /// People-days, as likely to be passed as not.
    pub people_days: Option<f64>,
    /// People-days that nine in ten such works take at least.
    pub low_people_days: Option<f64>,
    /// People-days that nine in ten such works take at most.
    pub high_people_days: Option<f64>,
    /// Insights that must come first, by id.
    pub needs: Vec<String>,
    /// Who estimated it, or on what it rests.
    pub why: Option<String>,
}
