//! Needs: the waist of the hourglass. A need is an instance of a capability frame with typed slots.

use crate::evidence::{Basis, Quote};
use crate::id::{InsightId, NeedId, SignalId};
use crate::signal::Kind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Whether something is wanted, to be mended, to go, or to stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Polarity {
    /// A new or changed thing.
    Want,
    /// Something that should work.
    Fix,
    /// Something that should go.
    Remove,
    /// Something that must stay as it is.
    Keep,
}

/// How strongly it is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// Without it, something stops: work, a deal, trust.
    Must,
    /// Plainly asked for.
    Should,
    /// Nice to have.
    Could,
}

/// Names of slots; the frames file says which are required.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlotName {
    /// Persona or role.
    Actor,
    /// The thing acted on.
    Object,
    /// Fields or aspects of the object.
    Attributes,
    /// The act or event meant.
    Trigger,
    /// A predicate under which it holds.
    Condition,
    /// File or display form.
    Format,
    /// Where or to whom it goes.
    Destination,
    /// Measurable target.
    Quality,
    /// Why: the benefit.
    Reason,
    /// When or where, verbatim.
    Situation,
}

impl SlotName {
    /// All, in the order in which artefacts list them.
    pub const ALL: [Self; 10] = [
        Self::Actor,
        Self::Object,
        Self::Attributes,
        Self::Trigger,
        Self::Condition,
        Self::Format,
        Self::Destination,
        Self::Quality,
        Self::Reason,
        Self::Situation,
    ];

    /// The word used in frames and artefacts.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Actor => "actor",
            Self::Object => "object",
            Self::Attributes => "attributes",
            Self::Trigger => "trigger",
            Self::Condition => "condition",
            Self::Format => "format",
            Self::Destination => "destination",
            Self::Quality => "quality",
            Self::Reason => "reason",
            Self::Situation => "situation",
        }
    }

    /// The slot named by `word`.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|slot| slot.word() == word)
    }
}

/// A slot's value and on what it rests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Slot {
    /// The value; for an open slot, the question.
    pub value: String,
    /// Where it came from.
    pub basis: Basis,
    /// The words it was read from; never empty when `basis` is evidence.
    pub quotes: Vec<Quote>,
    /// Certainty, 0..=1.
    pub confidence: f64,
}

/// A typed need of an insight.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Need {
    /// Of the insight, the frame and the object.
    pub id: NeedId,
    /// The insight it was read from.
    pub insight_id: InsightId,
    /// Capability frame, for instance `export`.
    pub frame: String,
    /// Other frames that came close, best first.
    pub alternatives: Vec<String>,
    /// What its voices do.
    pub kind: Kind,
    /// Wanted, to be mended, to go, to stay.
    pub polarity: Polarity,
    /// How strongly.
    pub strength: Strength,
    /// Its slots. Every required slot of the frame is present, open ones as questions.
    pub slots: BTreeMap<SlotName, Slot>,
    /// The signals it was read from, best first.
    pub signals: Vec<SignalId>,
    /// Certainty of the frame, 0..=1.
    pub confidence: f64,
}

impl Need {
    /// A slot's value where it is filled (not open).
    #[must_use]
    pub fn filled(&self, name: SlotName) -> Option<&str> {
        self.slots.get(&name).filter(|slot| slot.basis != Basis::Open).map(|slot| slot.value.as_str())
    }
}

/// What one text was understood to say (the `understand` filter); spans are bytes of the text given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Understood {
    /// What it does.
    pub kind: Kind,
    /// Needs, best first; empty when there is none or when unsure.
    pub needs: Vec<UnderstoodNeed>,
}

/// One need of one text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnderstoodNeed {
    /// Capability frame.
    pub frame: String,
    /// Other frames that came close, best first.
    pub alternatives: Vec<String>,
    /// Certainty of the frame, 0..=1.
    pub confidence: f64,
    /// The thing acted on, verbatim and lower-case.
    pub object: Option<String>,
    /// Stated role.
    pub actor: Option<String>,
    /// Stated benefit, verbatim.
    pub reason: Option<String>,
    /// Stated when or where, verbatim.
    pub situation: Option<String>,
    /// The asking clause.
    pub span: [u32; 2],
}
