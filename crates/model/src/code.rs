//! The code map: what scoring and blueprints read of the code that exists, as plain data.
//!
//! Whoever reads repositories fills it; the checks of technical effort and blueprints read it and nothing else. A team
//! without a repository has none, and those checks are then unknown. Paths are relative to the repository, with `/`.
//! Fields ending in `_unit` run from 0 to 1.

use crate::id::InsightId;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The code of a product and where each insight touches it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct CodeMap {
    /// Source files by path.
    pub files: BTreeMap<String, CodeFile>,
    /// The commits of the last twelve months, oldest first.
    pub commits: Vec<Commit>,
    /// Commits in the whole history that was read.
    pub n_commits: u64,
    /// Pairs of files that change together.
    pub coupling: Vec<Coupling>,
    /// What guards a release; none while the repository's configuration is not read.
    pub release: Option<Release>,
    /// Where each insight touches the code.
    pub touches: BTreeMap<InsightId, Touch>,
    /// Calls that the code answers.
    pub endpoints: Vec<CodeEndpoint>,
    /// Tables that the code keeps its data in.
    pub tables: Vec<CodeTable>,
}

/// A call that the code answers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CodeEndpoint {
    /// Upper-case.
    pub method: String,
    /// As routed, with `{name}` for each parameter.
    pub path: String,
    /// Where it is answered.
    pub place: CodePlace,
}

/// A table that the code keeps its data in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeTable {
    /// As in the database.
    pub name: String,
    /// In the table's order.
    pub columns: Vec<CodeColumn>,
    /// Where it is made.
    pub place: CodePlace,
}

/// A column of such a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeColumn {
    /// As in the database.
    pub name: String,
    /// Its type in the words of the database.
    pub type_name: String,
    /// Whether it may be empty.
    pub is_optional: bool,
    /// Whether it is the key, or a part of it.
    pub is_key: bool,
}

/// A line of code that can be cited.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct CodePlace {
    /// Path of the file.
    pub file: String,
    /// One-based.
    pub line: u32,
    /// Function, type, test or table that stands there.
    pub symbol: Option<String>,
}

/// One source file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct CodeFile {
    /// Lines of code, blank lines and comments left out.
    pub n_lines: u64,
    /// Commits that changed it in twelve months.
    pub churn: u64,
    /// Module, service or package it belongs to.
    pub module: String,
    /// Team that owns it, where declared.
    pub team: Option<String>,
    /// Sensitive zone it lies in: sign-in, money, personal data, secrets, permissions.
    pub zone: Option<String>,
    /// Its functions in order.
    pub functions: Vec<CodeFunction>,
    /// Lines that admit debt: TODO, FIXME, HACK, muted lints, duplicated blocks.
    pub debt: Vec<u32>,
    /// Paths of files that use it directly.
    pub used_by: Vec<String>,
    /// Who wrote it, largest share first.
    pub authors: Vec<Authorship>,
    /// Line of the first use of a feature flag.
    pub flag_at: Option<u32>,
    /// Line of the first log or metric.
    pub telemetry_at: Option<u32>,
}

/// One function.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CodeFunction {
    /// Its name.
    pub name: String,
    /// Line it begins at.
    pub line: u32,
    /// How many lines it has.
    pub n_lines: u64,
    /// Cognitive complexity.
    pub complexity: u32,
    /// Tests that run it.
    pub tests: Vec<CodePlace>,
}

/// One author's part in a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Authorship {
    /// Name as the history shows it.
    pub name: String,
    /// Share of the file's lines or commits.
    pub share_unit: f64,
    /// Last commit anywhere in the repository.
    pub last_active: Timestamp,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Commit {
    /// Its short hash.
    pub id: String,
    /// Whether it mends something.
    pub is_fix: bool,
    /// Paths it changed.
    pub files: Vec<String>,
    /// Hours from the first work on it to its release, where known.
    pub lead_hours: Option<f64>,
}

/// Two files that change together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Coupling {
    /// One path.
    pub a: String,
    /// The other.
    pub b: String,
    /// Share of the changes of either that change both.
    pub degree_unit: f64,
    /// Commits that changed both.
    pub shared: u32,
}

/// What guards a release, each with the line that shows it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Release {
    /// Checks that run on every change.
    pub ci: Option<CodePlace>,
    /// A deployment that can be staged or scaled.
    pub staged_deploy: Option<CodePlace>,
    /// A documented way back.
    pub rollback: Option<CodePlace>,
}

/// Where one insight touches the code.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Touch {
    /// How sure the mapping is.
    pub confidence_unit: f64,
    /// Paths with the probability that each must change, most probable first.
    pub files: Vec<(String, f64)>,
    /// Entities, endpoints and screen elements that the change needs, and where those that exist stand.
    pub parts: Vec<NeededPart>,
    /// What changes in the data model.
    pub data: Vec<DataChange>,
    /// What changes in the interface.
    pub interface: Vec<InterfaceChange>,
    /// How long it will take; none while nobody has estimated it.
    pub estimate: Option<Estimate>,
}

/// A part that the change needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NeededPart {
    /// Its name, for instance `POST /exports`.
    pub name: String,
    /// Where it stands, if it exists.
    pub found: Option<CodePlace>,
}

/// A step of a data model's change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum DataChange {
    /// A new entity of this name.
    NewEntity(String),
    /// A new field, as `Entity.field`.
    NewField(String),
    /// A field that is changed or removed, as `Entity.field`.
    ChangedField(String),
}

/// A step of an interface's change; the text is the endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum InterfaceChange {
    /// A new endpoint.
    New(String),
    /// An endpoint that keeps its contract.
    Changed(String),
    /// An endpoint whose callers must change.
    Breaking(String),
}

/// How long something will take, in people-days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// One in ten takes less.
    pub p10_days: f64,
    /// Half take less.
    pub p50_days: f64,
    /// One in ten takes more.
    pub p90_days: f64,
    /// Team that would build it.
    pub team: Option<String>,
}
