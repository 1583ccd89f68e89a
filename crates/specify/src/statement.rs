//! Statements with what they rest on.

use throughline_model::spec::Statement;
use throughline_model::{Basis, Citation};

/// Rests on words, behaviour or counts.
pub(crate) fn evidence(text: impl Into<String>, citations: Vec<Citation>) -> Statement {
    Statement { text: text.into(), basis: Basis::Evidence, citations }
}

/// Rests on a data file shipped with the product.
pub(crate) fn default(text: impl Into<String>, path: impl Into<String>) -> Statement {
    Statement { text: text.into(), basis: Basis::Default, citations: vec![Citation::Default { path: path.into() }] }
}

/// Rests on the declared strategy.
pub(crate) fn strategy(text: impl Into<String>, path: impl Into<String>) -> Statement {
    Statement { text: text.into(), basis: Basis::Strategy, citations: vec![Citation::Strategy { path: path.into() }] }
}

/// Rests on nothing yet.
pub(crate) fn assumption(text: impl Into<String>) -> Statement {
    Statement { text: text.into(), basis: Basis::Assumption, citations: Vec::new() }
}

/// Is not known.
pub(crate) fn open(text: impl Into<String>) -> Statement {
    Statement { text: text.into(), basis: Basis::Open, citations: Vec::new() }
}
