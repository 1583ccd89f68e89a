//! Records: the raw items of the sources, and their canonical text.
//!
//! A front-end makes a [`RawRecord`] (decoded, HTML flattened, nothing masked). The collect stage turns it into a
//! [`Record`]: parts joined into one canonical text in which personal data is masked. All spans are bytes of that text.

use crate::evidence::Span;
use crate::id::{AccountId, PersonId, RecordId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What kind of channel a source is. Independent channels that agree are worth more than one that repeats itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// Tickets, support mail and support chat.
    Support,
    /// Sales and customer-success calls.
    Call,
    /// Research interviews.
    Interview,
    /// The team's own discussions.
    Chat,
    /// Public reviews.
    Review,
    /// Surveys, NPS.
    Survey,
    /// Idea portals, forums and communities.
    Community,
    /// Notes that sales and success people take for customers.
    Sales,
    /// Issue trackers.
    Tracker,
    /// What people did.
    Analytics,
    /// Anything else.
    Other,
}

impl SourceKind {
    /// All, in the order in which lists name them.
    pub const ALL: [Self; 11] = [
        Self::Support,
        Self::Call,
        Self::Interview,
        Self::Chat,
        Self::Review,
        Self::Survey,
        Self::Community,
        Self::Sales,
        Self::Tracker,
        Self::Analytics,
        Self::Other,
    ];

    /// The word that tables and sentences print.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Support => "support",
            Self::Call => "call",
            Self::Interview => "interview",
            Self::Chat => "chat",
            Self::Review => "review",
            Self::Survey => "survey",
            Self::Community => "community",
            Self::Sales => "sales",
            Self::Tracker => "tracker",
            Self::Analytics => "analytics",
            Self::Other => "other",
        }
    }

    /// The kind named by `word`, as people write it in settings.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word.trim().to_ascii_lowercase())
    }
}

/// On whose side somebody speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// A customer or prospect.
    Customer,
    /// Our own staff.
    Team,
    /// A machine: bot, auto-reply, system note.
    Machine,
    /// Not known.
    #[default]
    Unknown,
}

/// Who wrote or said something, as the source knows them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Author {
    /// Name as shown.
    pub name: Option<String>,
    /// E-mail address, lower-case. Used to recognise people, never shown.
    pub email: Option<String>,
    /// Id in the source.
    pub handle: Option<String>,
    /// Role at the customer, as written.
    pub role: Option<String>,
    /// Company, as written.
    pub company: Option<String>,
    /// Side, where the source says it.
    pub side: Side,
}

/// What a part of a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartRole {
    /// Subject or headline.
    Title,
    /// The first message.
    Body,
    /// A later message.
    Reply,
    /// One speaker's words in a call or chat.
    Utterance,
    /// A statement that the product itself derived from events.
    Observation,
}

/// One message, utterance or field of a raw record.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RawPart {
    /// What it is.
    pub role: PartRole,
    /// Who.
    pub author: Option<Author>,
    /// When, where it differs from the record's time.
    pub at: Option<Timestamp>,
    /// Milliseconds into a recording: start and end.
    pub clock_ms: Option<(u64, u64)>,
    /// Decoded plain text, not masked.
    pub text: String,
}

/// One item of a source, as a front-end read it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RawRecord {
    /// Source name: one per stream of exports that replace each other.
    pub source: String,
    /// Kind of channel.
    pub source_kind: SourceKind,
    /// The id the source gave; for sources without ids, a label such as the row number.
    pub external_id: String,
    /// Whether `external_id` identifies the item. Otherwise identity is content and occurrence.
    pub is_keyed: bool,
    /// How many of the source's own items (rows, cues, tickets) it holds; at least 1.
    pub n_items: u64,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// Rating as given, scaled to 0..=1 (1 star of 5 is 0, 5 of 5 is 1; NPS 0..=10 by ten).
    pub rating_unit: Option<f64>,
    /// Votes or likes.
    pub votes: Option<u64>,
    /// Labels, tags, status words.
    pub tags: Vec<String>,
    /// Address of the item in its source.
    pub url: Option<String>,
    /// Key of the conversation it belongs to, for cross-posts.
    pub thread: Option<String>,
    /// External ids that the source itself says are the same thing.
    pub duplicate_of: Vec<String>,
    /// Its texts in order; never empty.
    pub parts: Vec<RawPart>,
}

impl RawRecord {
    /// A record with one body and nothing else known.
    #[must_use]
    pub fn new(source: &str, source_kind: SourceKind, external_id: &str, text: &str) -> Self {
        Self {
            source: source.to_owned(),
            source_kind,
            external_id: external_id.to_owned(),
            is_keyed: true,
            n_items: 1,
            created_at: None,
            rating_unit: None,
            votes: None,
            tags: Vec::new(),
            url: None,
            thread: None,
            duplicate_of: Vec::new(),
            parts: vec![RawPart {
                role: PartRole::Body,
                author: None,
                at: None,
                clock_ms: None,
                text: text.to_owned(),
            }],
        }
    }
}

/// One part of a record, as a span of its canonical text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What it is.
    pub role: PartRole,
    /// Where in the canonical text.
    pub span: Span,
    /// Who.
    pub person: Option<PersonId>,
    /// On which side.
    pub side: Side,
    /// When.
    pub at: Option<Timestamp>,
    /// Milliseconds into a recording: start and end.
    pub clock_ms: Option<(u64, u64)>,
}

/// One item of a source, canonical: masked, joined, with people and accounts resolved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Of the source name and the external id (or content and occurrence).
    pub id: RecordId,
    /// The id the source gave, or a label.
    pub external_id: String,
    /// Source name.
    pub source: String,
    /// Kind of channel.
    pub source_kind: SourceKind,
    /// The person it is from: the first customer who speaks in it.
    pub person: Option<PersonId>,
    /// The account it is from.
    pub account: Option<AccountId>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// Rating scaled to 0..=1.
    pub rating_unit: Option<f64>,
    /// Votes or likes.
    pub votes: Option<u64>,
    /// Labels, tags, status words.
    pub tags: Vec<String>,
    /// Key of the conversation it belongs to.
    pub thread: Option<String>,
    /// How many pieces of personal data were masked, by kind.
    pub n_masked: Vec<(String, u32)>,
    /// The canonical text.
    pub text: String,
    /// Its parts, in order; spans do not overlap.
    pub parts: Vec<Part>,
}

impl Record {
    /// The words of a span.
    ///
    /// # Panics
    /// When the span is not on character boundaries of this record's text: a bug in whoever made it.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        &self.text[span.range()]
    }

    /// The part that a byte lies in.
    #[must_use]
    pub fn part_at(&self, byte: u32) -> Option<&Part> {
        let after = self.parts.partition_point(|part| part.span.start <= byte);
        after.checked_sub(1).map(|i| &self.parts[i]).filter(|part| byte < part.span.end)
    }
}
