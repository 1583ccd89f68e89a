//! How much of a specification rests on what somebody said or on code, and how much on nothing yet.

use crate::evidence::Basis;
use crate::spec::{Spec, Statement};
use serde::{Deserialize, Serialize};

/// Counts of statements by what they rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Share {
    /// Words, behaviour, code.
    pub n_shown: u32,
    /// The declared strategy, and what a person decided.
    pub n_strategy: u32,
    /// Defaults, assumptions and open questions.
    pub n_unshown: u32,
}

impl Share {
    /// Share that rests on evidence or code, 0..=1; none of nothing.
    #[must_use]
    pub fn shown_unit(&self) -> Option<f64> {
        let all = self.n_shown + self.n_strategy + self.n_unshown;
        (all > 0).then(|| f64::from(self.n_shown) / f64::from(all))
    }

    fn add(&mut self, basis: Basis) {
        match basis {
            Basis::Evidence | Basis::Code => self.n_shown += 1,
            Basis::Strategy | Basis::Decided => self.n_strategy += 1,
            Basis::Default | Basis::Assumption | Basis::Open => self.n_unshown += 1,
        }
    }
}

/// Shares of the whole specification, and of its problem, who and stories alone. Of a story count its role, means and
/// benefit.
#[must_use]
pub fn shares(spec: &Spec) -> (Share, Share) {
    let (mut all, mut first) = (Share::default(), Share::default());
    for (item, statement) in statements(spec) {
        all.add(statement.basis);
        if item == "problem" || item == "who" || item.starts_with("US-") {
            first.add(statement.basis);
        }
    }
    (all, first)
}

/// Every statement with the name of the section or the key of the story it stands in.
#[must_use]
pub fn statements(spec: &Spec) -> Vec<(String, &Statement)> {
    let mut out: Vec<(String, &Statement)> = Vec::new();
    let sections = [
        ("problem", &spec.problem),
        ("who", &spec.who),
        ("job", &spec.job),
        ("why now", &spec.why_now),
        ("change", &spec.change),
        ("non-goals", &spec.non_goals),
        ("qualities", &spec.qualities),
        ("roll-out", &spec.rollout),
        ("risks", &spec.risks),
        ("assumptions", &spec.assumptions),
        ("dependencies", &spec.dependencies),
        ("decision", &spec.decision),
    ];
    for (name, part) in sections {
        out.extend(part.iter().map(|statement| (name.to_owned(), statement)));
    }
    if let Some(fix) = &spec.fix {
        let parts = [
            ("expected", &fix.expected),
            ("actual", &fix.actual),
            ("place", &fix.place),
            ("workaround", &fix.workaround),
            ("tell", &fix.tell),
        ];
        for (name, part) in parts {
            out.extend(part.iter().map(|statement| (name.to_owned(), statement)));
        }
    }
    for measure in &spec.measures {
        out.push(("measures".to_owned(), &measure.baseline));
        out.push(("measures".to_owned(), &measure.target));
    }
    for story in &spec.stories {
        for statement in [&story.actor, &story.means, &story.benefit] {
            out.push((story.key.clone(), statement));
        }
    }
    for concern in spec.primary.iter().chain(&spec.secondary) {
        out.push(("personas".to_owned(), &concern.need));
    }
    for job in &spec.jobs {
        let parts = [&job.circumstance, &job.motivation, &job.progress].into_iter();
        let parts = parts.chain(job.outcomes.iter().map(|outcome| &outcome.statement));
        let parts = parts.chain(job.forces.iter().map(|force| &force.statement));
        out.extend(parts.map(|statement| (job.key.clone(), statement)));
    }
    for case in &spec.use_cases {
        let guarantees = case.minimal_guarantees.iter().chain(&case.success_guarantees);
        let parts = [&case.goal, &case.trigger].into_iter().chain(&case.stakeholders).chain(&case.preconditions);
        let parts = parts.chain(guarantees.map(|guarantee| &guarantee.statement)).chain(&case.variations);
        out.extend(parts.map(|statement| (case.key.clone(), statement)));
    }
    out
}
