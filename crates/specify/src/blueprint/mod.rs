//! From a specification to its technical blueprint.
//!
//! In: a specification without one. Out: tables, operations, sequences, decisions, targets, tasks, tests, events and,
//! where work does not belong into a request, what is deployed beside the core. Nobody asked for any of it in these
//! words: everything is a default unless the code has it already.
//! Cost: linear in entities, endpoints and criteria.
//! Invariant: pure; the same specification gives the same blueprint.

mod code;
mod decisions;
mod flow;
mod operations;
mod plan;
mod tables;

pub use code::{ground, read_of};
pub(crate) use operations::shape;
pub(crate) use tables::{column_name, holds, inside};

use throughline_model::blueprint::Blueprint;
use throughline_model::spec::{Size, Spec};

/// The blueprint of a specification; none for a fix, which changes neither data nor interface.
#[must_use]
pub fn blueprint(spec: &Spec) -> Option<Blueprint> {
    if spec.size == Size::Fix {
        return None;
    }
    let tables = tables::tables(&spec.entities, false);
    let mut out = Blueprint {
        operations: operations::operations(&spec.endpoints, &tables, &spec.subject, false),
        tables,
        deployable: flow::deployable(spec),
        tests: plan::tests(spec),
        events: plan::events(spec),
        ..Blueprint::default()
    };
    out.sequences = flow::sequences(spec, &out);
    out.targets = plan::targets(spec, &out);
    out.decisions = decisions::decisions(&out);
    out.tasks = plan::tasks(spec, &out, &plan::Sites::default());
    Some(out)
}
