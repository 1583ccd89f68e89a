//! Specs: what a team reads before building, as typed items that every artefact is printed from.
//!
//! No artefact holds a fact that is not here, so no two artefacts can disagree.
//! Invariant: every [`Statement`] either cites evidence, code or strategy, or says that it is a default, an
//! assumption or an open question.

use crate::blueprint::Blueprint;
use crate::evidence::{Basis, Citation, Quote};
use crate::id::{InsightId, NeedId, SpecItemId};
use crate::job::Job;
use crate::need::Need;
use crate::persona::Concern;
use crate::use_case::{Framework, UseCase};
use serde::{Deserialize, Serialize};

/// How much specification a change deserves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Size {
    /// A bug: one page.
    Fix,
    /// A small change of something that exists: half a page and its criteria.
    Tweak,
    /// A real capability: the full set.
    Capability,
}

/// One sentence with what it rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// The sentence.
    pub text: String,
    /// On what kind of thing it rests.
    pub basis: Basis,
    /// The things themselves; never empty for evidence, code and strategy.
    pub citations: Vec<Citation>,
}

/// A question that somebody must answer before or while building.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// The question.
    pub text: String,
    /// Possible answers; at least two.
    pub options: Vec<String>,
    /// Who decides, as a role.
    pub who_decides: String,
    /// What it rests on.
    pub citations: Vec<Citation>,
}

/// Which case a criterion covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Case {
    /// It works.
    Happy,
    /// There is nothing yet.
    Empty,
    /// The actor may not.
    Permission,
    /// A limit is reached.
    Limit,
    /// Something fails.
    Failure,
}

impl Case {
    /// All, in the order in which criteria are listed.
    pub const ALL: [Self; 5] = [Self::Happy, Self::Empty, Self::Permission, Self::Limit, Self::Failure];

    /// The word used in frames and ids.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Happy => "happy",
            Self::Empty => "empty",
            Self::Permission => "permission",
            Self::Limit => "limit",
            Self::Failure => "failure",
        }
    }
}

/// One act or check that a prototype's runtime can carry out, for instance `seed 3` or `told denied`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// What to do or to look at.
    pub verb: String,
    /// With what, in the verb's order.
    pub args: Vec<String>,
}

/// One acceptance criterion: state, event, result. Gherkin and EARS are both printed from these three.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Criterion {
    /// Its id.
    pub id: SpecItemId,
    /// Short id within the spec, for instance `US-1.3`.
    pub key: String,
    /// Title, unique within the spec.
    pub title: String,
    /// Which case.
    pub case: Case,
    /// Given: the state, as clauses.
    pub given: Vec<String>,
    /// When: the one event.
    pub when: String,
    /// Then: observable results, as clauses.
    pub then: Vec<String>,
    /// The same as EARS: one sentence for each result, one a line.
    pub ears: String,
    /// For each clause, in the order given, when, then: what a prototype does to play it. An empty list means that no
    /// runtime verb says what the clause says, so the criterion is not executable.
    pub steps: Vec<Vec<Call>>,
    /// On what it rests.
    pub basis: Basis,
    /// What it rests on.
    pub citations: Vec<Citation>,
}

impl Criterion {
    /// Whether a person wrote a clause of it, so that its words may say other than its calls, which are kept.
    #[must_use]
    pub fn is_reworded(&self) -> bool {
        self.citations.iter().any(|citation| matches!(citation, Citation::Edit { .. }))
    }
}

/// One user story.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Story {
    /// Its id.
    pub id: SpecItemId,
    /// Short id within the spec, for instance `US-1`.
    pub key: String,
    /// The need it answers.
    pub need_id: NeedId,
    /// Title: a verb phrase.
    pub title: String,
    /// Who, with article-free role name.
    pub actor: Statement,
    /// What they want to do: a verb phrase.
    pub means: Statement,
    /// So that: a clause.
    pub benefit: Statement,
    /// 1 is first.
    pub priority: u8,
    /// Why that priority.
    pub priority_reason: String,
    /// How the story is shown to work without any other story.
    pub independent_test: String,
    /// At least three, covering success and failure.
    pub criteria: Vec<Criterion>,
}

/// A field of an entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// snake_case.
    pub name: String,
    /// `uuid text int decimal bool date timestamp json`, `enum[a|b]`, `ref[Entity]`, `list[type]`.
    pub type_name: String,
    /// Whether it may be empty.
    pub is_optional: bool,
}

/// An entity that the change needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entity {
    /// Its id.
    pub id: SpecItemId,
    /// PascalCase.
    pub name: String,
    /// One of it in words, for instance `payroll export`.
    pub one: String,
    /// Several of it in words.
    pub many: String,
    /// In order.
    pub fields: Vec<Field>,
    /// Stories that need it.
    pub story_keys: Vec<String>,
    /// On what it rests: code when it exists already, else default.
    pub basis: Basis,
}

/// An operation that the change needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// Its id.
    pub id: SpecItemId,
    /// Upper-case.
    pub method: String,
    /// With `{id}` parameters.
    pub path: String,
    /// Status codes of success, then of errors.
    pub codes: Vec<u16>,
    /// Stories that need it.
    pub story_keys: Vec<String>,
    /// On what it rests: code when it exists already, else default.
    pub basis: Basis,
}

/// A part of a screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    /// `page list table form field button badge chip panel dialog toast link chart`.
    pub kind: String,
    /// Its words.
    pub label: String,
    /// Stories and criteria it serves.
    pub serves: Vec<String>,
}

/// A screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Screen {
    /// Its id.
    pub id: SpecItemId,
    /// Title.
    pub title: String,
    /// What is on it, top to bottom.
    pub regions: Vec<Region>,
    /// Words for each state of the screen: ideal, empty, loading, partial, error, permission.
    pub copy_by_state: Vec<(String, String)>,
}

/// A goal with how it is measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// What is measured.
    pub metric: String,
    /// Where it stands; `unknown, measure first` when nobody has measured.
    pub baseline: Statement,
    /// Where it should go.
    pub target: Statement,
    /// Within how many days after release.
    pub window_days: u32,
    /// Events it is counted from.
    pub events: Vec<String>,
    /// Whether it must not get worse rather than improve.
    pub is_guardrail: bool,
}

/// What a fix says beyond problem and criterion.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Fix {
    /// What should happen.
    pub expected: Vec<Statement>,
    /// What happens.
    pub actual: Vec<Statement>,
    /// Where it happens: device, version, site, step, source code.
    pub place: Vec<Statement>,
    /// What helps until then.
    pub workaround: Vec<Statement>,
    /// Who is to be told when it is done.
    pub tell: Vec<Statement>,
}

/// Everything specified for one insight.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spec {
    /// The insight.
    pub insight_id: InsightId,
    /// Title: a verb phrase, or the fault for a fix.
    pub title: String,
    /// How much was specified.
    pub size: Size,
    /// The needs it was compiled from.
    pub needs: Vec<Need>,
    /// What hurts, without a solution.
    pub problem: Vec<Statement>,
    /// Words of customers, verbatim, from different accounts where possible.
    pub quotes: Vec<Quote>,
    /// Words that disagree.
    pub dissent: Vec<Quote>,
    /// Who it is for.
    pub who: Vec<Statement>,
    /// The job, as a job story.
    pub job: Vec<Statement>,
    /// Why now: trend, deals, renewals.
    pub why_now: Vec<Statement>,
    /// For a fix: expected, actual, place, workaround, tell.
    pub fix: Option<Fix>,
    /// What will be different.
    pub change: Vec<Statement>,
    /// Goals and guardrails.
    pub measures: Vec<Measure>,
    /// What is left out, with reasons.
    pub non_goals: Vec<Statement>,
    /// In priority order.
    pub stories: Vec<Story>,
    /// Name of the entity that the change is about.
    pub subject: String,
    /// By name.
    pub entities: Vec<Entity>,
    /// By path, then method.
    pub endpoints: Vec<Endpoint>,
    /// In order of use.
    pub screens: Vec<Screen>,
    /// Qualities with measure and target.
    pub qualities: Vec<Statement>,
    /// How it is released and watched.
    pub rollout: Vec<Statement>,
    /// What may go wrong.
    pub risks: Vec<Statement>,
    /// What is taken for granted, with the cheapest test.
    pub assumptions: Vec<Statement>,
    /// What must exist or be agreed first.
    pub dependencies: Vec<Statement>,
    /// What is asked of whoever decides, and what is known of the cost.
    pub decision: Vec<Statement>,
    /// At most five.
    pub questions: Vec<Question>,
    /// The persona it is for first of all.
    pub primary: Option<Concern>,
    /// Other personas among its voices, with what they need beside.
    pub secondary: Vec<Concern>,
    /// The progress wanted, apart from any product; none for a fix.
    pub jobs: Vec<Job>,
    /// The stories asked for, fully dressed; none for a fix.
    pub use_cases: Vec<UseCase>,
    /// Which framework each step applied, and what followed.
    pub frameworks: Vec<Framework>,
    /// How it looks to those who build it; none for a fix.
    pub blueprint: Option<Blueprint>,
}

/// One file of an artefact folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Artifact {
    /// Path below the output folder, with `/`.
    pub path: String,
    /// Content.
    pub bytes: Vec<u8>,
}
