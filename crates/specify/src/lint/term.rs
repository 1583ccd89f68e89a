//! Rule AC-6: a criterion can be played, and each of its results looks at something.
//!
//! A criterion that no change of the product can fail is decoration; one whose result observes nothing is the plainest
//! case. How many changes are noticed is measured on the prototypes themselves (`tests/browser/mutate.sh`).

use super::Report;
use throughline_model::spec::Spec;

/// Verbs of a result that look at the product rather than act on it, by name.
/// Invariant: the same as the table `THEN` of the prototype's runtime (tested there).
pub const OBSERVATIONS: [&str; 62] = [
    "announced",
    "answered",
    "arrives",
    "asked",
    "changed",
    "charged",
    "code",
    "columns",
    "columns-has",
    "comments",
    "complete",
    "counts",
    "files",
    "flag",
    "focusable",
    "hidden",
    "in-force",
    "kept",
    "kept-steps",
    "lacks",
    "last",
    "leads",
    "linked",
    "listed",
    "listed-at-home",
    "listed-bad",
    "localised",
    "members",
    "more",
    "named",
    "noflag",
    "nosideways",
    "offers",
    "only",
    "order",
    "own",
    "owned",
    "owned-fewer",
    "persists",
    "progress",
    "quick",
    "ran-on",
    "reads",
    "rows",
    "runs",
    "same",
    "says",
    "sees",
    "setting",
    "starts",
    "tagged",
    "tags",
    "talked",
    "told",
    "told-in-box",
    "total",
    "trail",
    "trail-of",
    "unseen",
    "unused",
    "versions",
    "within",
];

pub(super) fn check(spec: &Spec, report: &mut Report) {
    for criterion in spec.stories.iter().flat_map(|story| &story.criteria) {
        let clauses = criterion.given.iter().chain([&criterion.when]).chain(&criterion.then);
        let n_before_results = criterion.given.len() + 1;
        for (i, (clause, calls)) in clauses.zip(&criterion.steps).enumerate() {
            if calls.is_empty() {
                report.error("AC-6", &criterion.key, format!("No term plays “{clause}”."));
            } else if i >= n_before_results && !calls.iter().any(|call| OBSERVATIONS.contains(&call.verb.as_str())) {
                report.error("AC-6", &criterion.key, format!("“{clause}” observes nothing, so it cannot fail."));
            }
        }
    }
}
