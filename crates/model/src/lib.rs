//! The product model: the one language that front-ends, passes and back-ends share.
//!
//! Everything here is plain data (`Clone + Serialize`), in a fixed order, with ids that depend on content alone.
//! The flow is `RawRecord → Record → Signal → Insight → Need → Spec`, and every step keeps [`evidence`] by id and
//! byte span, so that any sentence the system prints can be traced to the words it rests on.
//!
//! Invariant: this crate does no I/O and reads no clock; [`host::Host`] is the door through which others may.

pub mod account;
pub mod blueprint;
pub mod code;
pub mod corpus;
pub mod decision;
pub mod diagnostic;
pub mod edit;
pub mod event;
pub mod evidence;
pub mod host;
pub mod id;
pub mod insight;
pub mod job;
pub mod judgement;
pub mod link;
pub mod need;
pub mod outcome;
pub mod persona;
pub mod plan;
pub mod record;
pub mod revision;
pub mod score;
pub mod sentence;
pub mod settings;
pub mod share;
pub mod signal;
pub mod spec;
pub mod strategy;
pub mod time;
pub mod use_case;

pub use account::{Account, Person, RawAccount};
pub use code::{CodeMap, CodePlace, Touch};
pub use corpus::Corpus;
pub use diagnostic::{Diagnostic, Place, Severity};
pub use edit::{Edit, EditAct, Status};
pub use event::Event;
pub use evidence::{Basis, Citation, Quote, Span};
pub use host::Host;
pub use id::{
    AccountId, EditId, EventId, InsightId, JudgementId, LinkId, NeedId, PersonId, RecordId, SignalId, SpecItemId,
    VoiceId,
};
pub use insight::{Category, Insight, Trend};
pub use judgement::{Judgement, Standing};
pub use link::Link;
pub use need::{Need, Polarity, Slot, SlotName, Strength};
pub use record::{Author, Part, PartRole, RawPart, RawRecord, Record, Side, SourceKind};
pub use score::{CheckResult, CheckState, Score};
pub use settings::Settings;
pub use signal::{Kind, Language, PhraseHit, Signal};
pub use strategy::Strategy;
pub use time::Timestamp;
