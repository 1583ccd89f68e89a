//! Customer accounts and people, as sources give them and as resolved.

use crate::id::{AccountId, PersonId};
use crate::record::{Author, Side};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// One row of a customer list.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RawAccount {
    /// Source that named it.
    pub source: String,
    /// The source's own id, or the domain, or the name.
    pub external_id: String,
    /// Name of the company.
    pub name: String,
    /// E-mail domains, lower-case.
    pub domains: Vec<String>,
    /// Plan, as written.
    pub plan: Option<String>,
    /// Seats, when a whole number is given.
    pub seats: Option<u64>,
    /// Yearly recurring revenue in `currency`.
    pub arr: Option<f64>,
    /// ISO 4217 code of `arr`; empty when not stated.
    pub currency: Option<String>,
    /// Segment, as written.
    pub segment: Option<String>,
    /// Country, as written.
    pub country: Option<String>,
    /// Next renewal.
    pub renewal_at: Option<Timestamp>,
    /// Life stage: trial, customer, churned, open deal..., as written.
    pub stage: Option<String>,
    /// Amount of an open deal in `currency`.
    pub deal_amount: Option<f64>,
    /// Reason of a lost deal or of leaving, as written.
    pub lost_reason: Option<String>,
    /// People of the company, where the row is of or lists contacts.
    pub contacts: Vec<Author>,
}

/// A customer account, resolved across sources.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The facts known of it; a company only named in feedback has a name and nothing else.
    pub facts: RawAccount,
}

/// A person, resolved across sources.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// Its id: of the e-mail address where one is known, else of the source and the handle or name there.
    pub id: PersonId,
    /// The fullest name seen, if any.
    pub name: Option<String>,
    /// Role at the customer, as written.
    pub role: Option<String>,
    /// The account the person speaks for.
    pub account: Option<AccountId>,
    /// Customer or team.
    pub side: Side,
}
