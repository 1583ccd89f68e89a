//! Links: two things that are taken for one, or may be, with the reason, so that a person can say otherwise.
//!
//! Every merge of voices and every identity of people and companies is a link. Its id is of its two ends alone: it stays
//! when the reason, the score or the rest of the workspace change, and so does what a person said of it.

use crate::id::{AccountId, LinkId, PersonId, RecordId, SignalId};
use serde::{Deserialize, Serialize};

/// What is done about two things that may be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// They are taken for one.
    Auto,
    /// Worth asking somebody; until then they are two.
    Ask,
    /// They are two.
    New,
}

impl Decision {
    /// The word that tables print.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Ask => "ask",
            Self::New => "new",
        }
    }
}

/// The two ends of a link, the smaller id first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ends {
    /// Two statements: one voice.
    Statements(SignalId, SignalId),
    /// Two records: what they say alike is one voice.
    Records(RecordId, RecordId),
    /// Two appearances of somebody, each of one source: one person.
    People(PersonId, PersonId),
    /// Two companies as they are named: one account.
    Companies(AccountId, AccountId),
}

impl Ends {
    /// Of two statements.
    #[must_use]
    pub fn statements(a: SignalId, b: SignalId) -> Self {
        Self::Statements(a.min(b), a.max(b))
    }

    /// Of two records.
    #[must_use]
    pub fn records(a: RecordId, b: RecordId) -> Self {
        Self::Records(a.min(b), a.max(b))
    }

    /// Of two appearances.
    #[must_use]
    pub fn people(a: PersonId, b: PersonId) -> Self {
        Self::People(a.min(b), a.max(b))
    }

    /// Of two companies.
    #[must_use]
    pub fn companies(a: AccountId, b: AccountId) -> Self {
        Self::Companies(a.min(b), a.max(b))
    }

    /// The link's id.
    #[must_use]
    pub fn id(self) -> LinkId {
        let (kind, a, b): (&[u8], u64, u64) = match self {
            Self::Statements(a, b) => (b"statements", a.0, b.0),
            Self::Records(a, b) => (b"records", a.0, b.0),
            Self::People(a, b) => (b"people", a.0, b.0),
            Self::Companies(a, b) => (b"companies", a.0, b.0),
        };
        LinkId::of(&[kind, &a.to_le_bytes(), &b.to_le_bytes()])
    }
}

/// On what a link rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// Somebody said so.
    Stated,
    /// The same words twice.
    SameCopy,
    /// The same words twice in one conversation that was read from two places.
    SameThread,
    /// Nearly the same words.
    NearCopy,
    /// One person says nearly the same again.
    SaidAgain,
    /// A short remark to what the same person said first in a conversation.
    Remark,
    /// One of our own people quotes a customer.
    Quotation,
    /// Two records that are alike.
    AlikeRecords,
    /// One e-mail address.
    SameEmail,
    /// One id at one source.
    SameHandle,
    /// One id and one full name at two sources.
    SameHandleAndName,
    /// One full name at one company.
    SameNameAndCompany,
    /// One full name, and nothing that says more.
    SameName,
    /// One mail domain.
    SameDomain,
    /// One name but for case, punctuation and legal form.
    SameCompanyName,
    /// A mail domain that reads like the company's name.
    DomainLikeName,
}

impl LinkKind {
    /// The words that tables print.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::SameCopy => "same copy",
            Self::SameThread => "same thread",
            Self::NearCopy => "near-identical text",
            Self::SaidAgain => "said again",
            Self::Remark => "remark",
            Self::Quotation => "quotation",
            Self::AlikeRecords => "alike records",
            Self::SameEmail => "same e-mail",
            Self::SameHandle => "same id at the source",
            Self::SameHandleAndName => "same id and name",
            Self::SameNameAndCompany => "same name and company",
            Self::SameName => "same name",
            Self::SameDomain => "same domain",
            Self::SameCompanyName => "same company name",
            Self::DomainLikeName => "domain like the name",
        }
    }

    /// The reason in a sentence.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Stated => "somebody said that they are one",
            Self::SameCopy => "the same words, and no two people of different names claim them",
            Self::SameThread => "the same words in the same conversation, read from two places",
            Self::NearCopy => {
                "the same words but for a typing error or what one adds, and no two people of different names claim them"
            }
            Self::SaidAgain => "one person says nearly the same again",
            Self::Remark => "a short remark to what the same person said in the same conversation",
            Self::Quotation => "one of our own people quotes the customer's sentence",
            Self::AlikeRecords => "their words and what they are about are alike",
            Self::SameEmail => "the same e-mail address",
            Self::SameHandle => "the same id at one source, which knows one e-mail address for it",
            Self::SameHandleAndName => "the same id and the same full name at two sources",
            Self::SameNameAndCompany => "the same full name at the same company",
            Self::SameName => "the same full name, and nothing that says more",
            Self::SameDomain => "who writes from this mail domain is of that company",
            Self::SameCompanyName => "the same name but for case, punctuation and legal form",
            Self::DomainLikeName => "the mail domain reads like the company's name",
        }
    }
}

/// Two things that are taken for one, or may be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// Of its ends.
    pub id: LinkId,
    /// On what it rests.
    pub kind: LinkKind,
    /// What it joins.
    pub ends: Ends,
    /// What is done about it.
    pub decision: Decision,
    /// How alike the two are, or how much the rule is worth, 0..=1.
    pub score: f64,
    /// What there is to say beyond the kind's reason; empty where that is all.
    pub detail: String,
    /// The two ends as people know them; empty where they are statements or records, which are looked up.
    pub shown: (String, String),
}

impl Link {
    /// Why the two are taken for one, or may be.
    #[must_use]
    pub fn reason(&self) -> String {
        if self.detail.is_empty() {
            return self.kind.reason().to_owned();
        }
        format!("{}; {}", self.kind.reason(), self.detail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_of_the_ends_in_any_order_and_of_what_they_are() {
        assert_eq!(Ends::records(RecordId(1), RecordId(2)).id(), Ends::records(RecordId(2), RecordId(1)).id());
        assert_ne!(Ends::records(RecordId(1), RecordId(2)).id(), Ends::statements(SignalId(1), SignalId(2)).id());
    }
}
