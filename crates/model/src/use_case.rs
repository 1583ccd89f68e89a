//! Use cases, fully dressed: the conversation between an actor and the product, with everything that may go otherwise.
//!
//! Invariant: a use case is read from the criteria of its story, each step and extension names them, so that the two
//! cannot disagree.
//! Source: Cockburn, *Writing Effective Use Cases*.

use crate::spec::Statement;
use serde::{Deserialize, Serialize};

/// How large the goal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Several sittings.
    Summary,
    /// One sitting, after which the actor goes home content.
    UserGoal,
    /// A part of another goal.
    Subfunction,
}

impl Level {
    /// The word that artefacts print.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Summary => "summary",
            Self::UserGoal => "user goal",
            Self::Subfunction => "subfunction",
        }
    }
}

/// One step of the main scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// From 1.
    pub number: u32,
    /// A whole sentence that names who acts.
    pub text: String,
    /// Criteria that say the same; empty for the step that leads in.
    pub criterion_keys: Vec<String>,
}

/// How an extension ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The main scenario goes on.
    Rejoins,
    /// The goal is reached another way.
    Success,
    /// The goal is not reached.
    Failure,
}

/// What may go otherwise at a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// The step's number and a letter: `2a`.
    pub id: String,
    /// Under which condition, as a clause.
    pub condition: String,
    /// What then happens: whole sentences.
    pub handling: Vec<String>,
    /// How it ends.
    pub ending: Ending,
    /// Where it goes on, for an extension that rejoins.
    pub rejoins_at: Option<u32>,
    /// The criterion that says the same.
    pub criterion_key: String,
}

/// What holds, with the criteria that check it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Guarantee {
    /// What holds.
    pub statement: Statement,
    /// Criteria that check it.
    pub criterion_keys: Vec<String>,
}

/// One use case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UseCase {
    /// Short id within the spec, for instance `UC-1`.
    pub key: String,
    /// The story it dresses.
    pub story_key: String,
    /// The goal as a phrase with an active verb.
    pub title: String,
    /// Who wants it.
    pub primary_actor: String,
    /// The goal and what it is good for.
    pub goal: Statement,
    /// The system under discussion.
    pub scope: String,
    /// How large the goal is.
    pub level: Level,
    /// Who else has a stake, and which.
    pub stakeholders: Vec<Statement>,
    /// What is so before it begins.
    pub preconditions: Vec<Statement>,
    /// What holds however it ends.
    pub minimal_guarantees: Vec<Guarantee>,
    /// What holds when it ends well.
    pub success_guarantees: Vec<Guarantee>,
    /// What sets it off.
    pub trigger: Statement,
    /// Three to nine steps.
    pub steps: Vec<Step>,
    /// By step, then letter.
    pub extensions: Vec<Extension>,
    /// Forms in which the same may be done.
    pub variations: Vec<Statement>,
}

/// Which framework a step of the specification applied, and what followed from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Framework {
    /// `strategy personas jobs use-cases stories schema screens prototype`.
    pub step: String,
    /// The framework with its author.
    pub name: String,
    /// What followed from it here, in a sentence that one can disagree with.
    pub consequence: String,
}
