//! The technical blueprint: how a change looks to those who build it, as typed items.
//!
//! The interface description, both SQL dialects, the diagrams, the tasks and the tests are printed from these items, so
//! that no two of them can disagree. Words that people may edit are [`Statement`]s or texts that the list of sentences
//! hands out.
//! Invariants: a table is named once; an operation's id is unique; a task's needs stand before it.

use crate::spec::Statement;
use serde::{Deserialize, Serialize};

/// Everything technical that is specified for a change.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Blueprint {
    /// Those that others refer to come first.
    pub tables: Vec<Table>,
    /// By path, then method.
    pub operations: Vec<Operation>,
    /// One for each story of the first priority.
    pub sequences: Vec<Sequence>,
    /// Decisions that the change forces.
    pub decisions: Vec<Decision>,
    /// Qualities by heading of ISO 25010.
    pub targets: Vec<Target>,
    /// In an order in which each can be begun.
    pub tasks: Vec<Task>,
    /// One for each criterion.
    pub tests: Vec<PlannedTest>,
    /// Events that the measures are counted from.
    pub events: Vec<PlannedEvent>,
    /// What is deployed beside the core; none when everything stays in it.
    pub deployable: Option<Deployable>,
    /// Whether a part of the code was found that this changes: otherwise nothing can be said of what exists.
    pub is_delta: bool,
    /// Whether a code map was read in which nothing is near this change.
    pub is_unmapped: bool,
    /// What stands before the path of every call that is there, for instance `/v1`; none where no call was read.
    pub base_path: Option<String>,
}

/// Whether something is there already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// In the code, at this file and line.
    Exists {
        /// Path in the repository.
        file: String,
        /// One-based.
        line: u32,
        /// Function or type that stands there, where known.
        symbol: Option<String>,
    },
    /// Not in the code.
    New,
    /// Taken to exist because other things refer to it.
    Assumed,
    /// Nobody read the code.
    NotKnown,
}

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnType {
    /// A random id.
    Uuid,
    /// Words.
    Text,
    /// A three-letter code of ISO 4217.
    Currency,
    /// A whole number.
    Integer,
    /// An amount of money, exact; its currency stands in another column.
    Money,
    /// Another exact number.
    Decimal,
    /// Yes or no.
    Boolean,
    /// A day.
    Date,
    /// An instant.
    Timestamp,
    /// A structure of its own.
    Json,
    /// One of these words.
    Choice(Vec<String>),
    /// A row of this table.
    Reference(String),
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// As in the entity.
    pub name: String,
    /// What it holds.
    pub holds: ColumnType,
    /// Whether it may be empty.
    pub is_optional: bool,
    /// Whether the service fills it in rather than who calls.
    pub is_set_by_service: bool,
    /// Why it is there though the entity does not name it; empty when the entity does.
    pub added_because: String,
    /// Whether the change adds it to a table that is there already.
    pub is_added: bool,
    /// Its type in the words of the database, where it is there already and the code says so; empty otherwise.
    pub stored_as: String,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// `snake_case`, plural.
    pub name: String,
    /// Name of its component in the interface, and of the entity when the specification has one.
    pub entity: String,
    /// One row in words.
    pub one: String,
    /// Several rows in words.
    pub many: String,
    /// In order; the first is the primary key.
    pub columns: Vec<Column>,
    /// Columns that together appear once.
    pub unique: Vec<Vec<String>>,
    /// Columns looked up together; references are indexed anyway.
    pub indexes: Vec<Vec<String>>,
    /// The table whose list it holds and the name of the list, where it does.
    pub list_of: Option<(String, String)>,
    /// Whether it is there already.
    pub presence: Presence,
    /// Stories that need it.
    pub story_keys: Vec<String>,
    /// Whether it is taken for the one that is there by a part of its name alone.
    pub is_likely: bool,
    /// What things of its kind usually hold and this one, which is there, does not; nobody asked for it.
    pub left_out: Vec<String>,
}

/// What an operation answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// A page of rows.
    Page,
    /// One row.
    One,
    /// That something began, and where to ask about it.
    Begun,
    /// Nothing.
    Nothing,
    /// The state of the service.
    Health,
}

/// What an operation is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// Nothing.
    None,
    /// What a new row holds.
    Create,
    /// What changes in a row.
    Change,
    /// What an act is told beside its path.
    Act,
}

/// A parameter in the query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Query {
    /// Its name.
    pub name: String,
    /// Whether it takes yes or no rather than words.
    pub is_flag: bool,
    /// A value it may have.
    pub example: String,
}

/// An operation of the interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    /// Unique, `lowerCamelCase`.
    pub id: String,
    /// Upper-case.
    pub method: String,
    /// With `{id}` parameters and without a query.
    pub path: String,
    /// Parameters of the query.
    pub query: Vec<Query>,
    /// The group it belongs to.
    pub tag: String,
    /// A few words.
    pub summary: String,
    /// Sentences.
    pub description: String,
    /// Name of the table it is about; empty for [`Answer::Health`].
    pub table: String,
    /// What it is sent.
    pub body: Body,
    /// What it answers with.
    pub answer: Answer,
    /// Status of success.
    pub success: u16,
    /// Statuses of refusal, ascending.
    pub refusals: Vec<u16>,
    /// Whether sending it twice must act once, told by a key.
    pub takes_idempotency_key: bool,
    /// Whether it is there already.
    pub presence: Presence,
    /// Stories that need it.
    pub story_keys: Vec<String>,
    /// Its path in the specification, where the code has it under another; empty otherwise.
    pub asked_as: String,
}

/// One message between two lanes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Index of the lane it leaves.
    pub from: u8,
    /// Index of the lane it reaches.
    pub to: u8,
    /// A few words; `{means}` stands for the story's.
    pub text: String,
    /// Whether it answers.
    pub is_answer: bool,
    /// Whether it is the other way that things may go.
    pub is_refusal: bool,
}

/// Who says what to whom for one story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sequence {
    /// The story.
    pub story_key: String,
    /// Who takes part, left to right; `{actor}` stands for the story's.
    pub lanes: Vec<String>,
    /// Top to bottom.
    pub messages: Vec<Message>,
}

/// One way to decide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionOption {
    /// Its name.
    pub name: String,
    /// What speaks for it.
    pub pros: Vec<String>,
    /// What speaks against it.
    pub cons: Vec<String>,
}

/// A decision of architecture that the change forces.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// Stable within the catalogue, for instance `async-work`.
    pub key: String,
    /// What is decided.
    pub title: String,
    /// What forces it.
    pub context: Statement,
    /// At least two.
    pub options: Vec<DecisionOption>,
    /// Which, and why.
    pub outcome: Statement,
    /// What follows.
    pub consequences: Vec<Statement>,
    /// What it costs.
    pub cost: Statement,
}

/// What a quality must reach.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Must {
    /// As the quality of this place in the specification says.
    AsQuality(u16),
    /// As said here.
    AsStated(Statement),
}

/// A quality with how it is measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// Heading of ISO 25010.
    pub heading: String,
    /// What is measured.
    pub metric: String,
    /// What it must reach.
    pub must: Must,
    /// For how many of a hundred cases; none where it holds always.
    pub percentile: Option<u8>,
    /// Under what load.
    pub load: String,
    /// How it is measured.
    pub measured_by: String,
}

/// One piece of work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// `T-1` and on.
    pub key: String,
    /// What is done.
    pub text: String,
    /// Tasks that come first.
    pub after: Vec<String>,
    /// Stories and criteria it serves.
    pub serves: Vec<String>,
    /// Files with whether each is there; none when nobody read the code.
    pub files: Vec<(String, Presence)>,
    /// The test that shows it is done.
    pub test: String,
}

/// One test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedTest {
    /// Its id.
    pub id: String,
    /// The criterion.
    pub criterion_key: String,
    /// `interface`, `acceptance` or `fault injection`.
    pub level: String,
}

/// One event with its properties.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedEvent {
    /// Its name.
    pub name: String,
    /// When it is sent.
    pub when: String,
    /// Name and type of each property.
    pub properties: Vec<(String, String)>,
}

/// Where something runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Placement {
    /// Driven by requests and bursty: scales to nothing.
    Function,
    /// Steady: always there.
    Service,
    /// By the clock.
    Clock,
}

impl Placement {
    /// The word that artefacts print.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Function => "function",
            Self::Service => "service",
            Self::Clock => "scheduled job",
        }
    }
}

/// Something that is deployed beside the core.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Deployable {
    /// `kebab-case`.
    pub name: String,
    /// What it does: a verb phrase.
    pub does: String,
    /// Where it runs.
    pub placement: Placement,
    /// Why there.
    pub reason: Statement,
    /// Systems outside that it talks to, each a noun phrase.
    pub talks_to: Vec<String>,
}

impl Table {
    /// A column by its name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

impl Presence {
    /// The words that artefacts print.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Exists { file, line, symbol: None } => format!("exists at {file}:{line}"),
            Self::Exists { file, line, symbol: Some(symbol) } => format!("exists at {file}:{line} ({symbol})"),
            Self::New => "new".to_owned(),
            Self::Assumed => "taken to exist".to_owned(),
            Self::NotKnown => "not known whether it exists".to_owned(),
        }
    }
}

impl Default for Table {
    fn default() -> Self {
        Self {
            name: String::new(),
            entity: String::new(),
            one: String::new(),
            many: String::new(),
            columns: Vec::new(),
            unique: Vec::new(),
            indexes: Vec::new(),
            list_of: None,
            presence: Presence::NotKnown,
            story_keys: Vec::new(),
            is_likely: false,
            left_out: Vec::new(),
        }
    }
}
