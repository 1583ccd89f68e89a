//! One analytics event, compact: what the statements about behaviour are counted from.

use crate::id::EventId;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What an event says happened, beyond its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// Something was done.
    Act,
    /// A page or screen was shown.
    View,
    /// Something failed in front of the person.
    Failure,
    /// Repeated angry clicking.
    Rage,
    /// Who somebody is or belongs to.
    Identity,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Of the source's message id, or of the whole event where there is none.
    pub id: EventId,
    /// Source name.
    pub source: String,
    /// When it happened.
    pub at: Option<Timestamp>,
    /// What kind of happening.
    pub kind: EventKind,
    /// Name of the act, or of the page for views.
    pub name: String,
    /// Who, as the source knows them (user id, else anonymous id).
    pub who: String,
    /// Account as the source knows it; empty when unknown.
    pub account: String,
    /// Page or surface, without query; empty when unknown.
    pub surface: String,
    /// What the act was on, for instance a report's name; empty when unknown.
    pub object: String,
}
