//! Personas: the people a product is built for, as far as their own words and acts show them.
//!
//! Invariant: every trait is a [`Statement`] and cites what it rests on, or says that it is
//! open. Nothing is said of age, gender, looks or leisure.
//! Source: Cooper and others, *About Face*: personas are distilled from field work and end in goals.

use crate::evidence::Quote;
use crate::id::{PersonId, SpecItemId};
use crate::record::SourceKind;
use crate::spec::Statement;
use serde::{Deserialize, Serialize};

/// Signals below which a persona is provisional. Chosen, untested.
pub const LEAST_SIGNALS: u32 = 5;

/// People below which a persona is provisional. Chosen, untested.
pub const LEAST_PEOPLE: u32 = 3;

/// Most personas of a workspace: more cannot be kept in mind. Chosen.
pub const MOST_PERSONAS: usize = 5;

/// One persona.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Persona {
    /// Of the declared persona or the role it is named after; kept while the name is.
    pub id: SpecItemId,
    /// A role in running text: `ward manager`.
    pub name: String,
    /// Several of them.
    pub many: String,
    /// Id of the declared persona it answers to, where there is one.
    pub declared: Option<String>,
    /// Roles as written by those who have them, most people first.
    pub roles: Vec<(String, u32)>,
    /// People, by id.
    pub people: Vec<PersonId>,
    /// Signals of these people.
    pub n_signals: u32,
    /// Accounts they speak for.
    pub n_accounts: u32,
    /// Kinds of source in which they speak, most signals first.
    pub sources: Vec<(SourceKind, u32)>,
    /// Segments of their accounts, most people first.
    pub segments: Vec<(String, u32)>,
    /// Capability frames they ask for, most people first.
    pub asks_for: Vec<(String, u32)>,
    /// What they want to have achieved, in their own words: at most three.
    pub goals: Vec<Statement>,
    /// What they do today instead.
    pub workaround: Statement,
    /// Where and when they work.
    pub context: Statement,
    /// How often it comes up.
    pub frequency: Statement,
    /// Whether fewer than [`LEAST_SIGNALS`] signals or [`LEAST_PEOPLE`] people stand behind it.
    pub is_provisional: bool,
    /// Mean silhouette of its people by what they ask for, where and how, -1..=1: how much nearer they are to their own
    /// centre than to the next persona's. None where there is no other persona.
    pub silhouette: Option<f64>,
}

/// All personas of a workspace.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Cast {
    /// At most [`MOST_PERSONAS`], most people first.
    pub personas: Vec<Persona>,
    /// People who speak and whose role is known.
    pub n_people: u32,
    /// People who speak and whose role is not known.
    pub n_without_role: u32,
    /// Signals without a person.
    pub n_without_person: u32,
    /// Mean silhouette over all people.
    pub silhouette: Option<f64>,
}

impl Cast {
    /// The persona that people of a role belong to.
    #[must_use]
    pub fn of_role(&self, role: &str) -> Option<&Persona> {
        let same = |name: &str| name.eq_ignore_ascii_case(role);
        self.personas.iter().find(|persona| same(&persona.name) || persona.roles.iter().any(|(role, _)| same(role)))
    }

    /// The persona that a person belongs to.
    #[must_use]
    pub fn of_person(&self, person: PersonId) -> Option<&Persona> {
        self.personas.iter().find(|persona| persona.people.binary_search(&person).is_ok())
    }
}

/// What one persona has to do with one insight.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Concern {
    /// The persona; an id of its own where the role is named and nobody of it has spoken.
    pub persona_id: SpecItemId,
    /// Its name.
    pub name: String,
    /// Whether the persona is provisional or only named.
    pub is_provisional: bool,
    /// Voices of it in this insight.
    pub n_voices: u32,
    /// What it needs here, in its own words where it has spoken.
    pub need: Statement,
    /// The words themselves.
    pub quotes: Vec<Quote>,
}
