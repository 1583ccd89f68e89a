//! What people said of insights, laid over what clustering found.
//!
//! Clustering and lineage never see it, so that taking a judgement back gives what was there before, byte for byte.
//! In: groups with their ids, and what holds of the judgements. Out: the groups as people want them.
//! Cost: linear in members where there are judgements, nothing where there are none.
//! Invariant: a statement stays in at most one group; what names an insight or a statement that is not there does nothing.

use crate::insight::Group;
use std::collections::{BTreeMap, BTreeSet};
use throughline_model::{Corpus, Insight, InsightId, SignalId, Standing};

/// A group, and how surely each of its members belongs (0..=1).
pub type Held = (Group, Vec<f64>);

/// Certainty of a member that a person put there.
const STATED: f64 = 1.0;

/// Puts statements and insights where people said they belong. `went_into` tells where insights that are no more went.
/// Groups come back by id, without those that have no member left.
#[must_use]
pub fn arranged(
    corpus: &Corpus,
    groups: Vec<Held>,
    standing: &Standing,
    went_into: &BTreeMap<InsightId, InsightId>,
) -> Vec<Held> {
    let Standing { places, together, apart, joined, divided, meant, .. } = standing;
    if places.is_empty() && together.is_empty() && apart.is_empty() && joined.is_empty() && divided.is_empty() {
        return groups;
    }
    let position = corpus.index_from_signal();
    let mut arranged = Arranged::new(groups, went_into);
    for (first, second) in joined {
        arranged.join(*first, *second);
    }
    for (first, second) in divided {
        arranged.divide([*first, *second], meant, &position);
    }
    for (signal, to) in places {
        if let Some(&at) = position.get(signal) {
            arranged.place(at, *to);
        }
    }
    let both = |(a, b): &(SignalId, SignalId)| position.get(a).copied().zip(position.get(b).copied());
    for (a, b) in together.iter().filter_map(both) {
        if let Some(&group) = arranged.group_of.get(&a) {
            arranged.group_of.insert(b, group);
            arranged.stated.insert(b);
        }
    }
    for (a, b) in apart.iter().filter_map(both) {
        if arranged.group_of.contains_key(&b) && arranged.group_of.get(&a) == arranged.group_of.get(&b) {
            arranged.group_of.remove(&b);
        }
    }
    arranged.groups()
}

/// Groups while they are rearranged.
struct Arranged<'a> {
    labels: BTreeMap<InsightId, Option<String>>,
    group_of: BTreeMap<usize, InsightId>,
    certainty: BTreeMap<usize, f64>,
    stated: BTreeSet<usize>,
    went_into: BTreeMap<InsightId, InsightId>,
    before: &'a BTreeMap<InsightId, InsightId>,
}

impl<'a> Arranged<'a> {
    fn new(groups: Vec<Held>, before: &'a BTreeMap<InsightId, InsightId>) -> Self {
        let mut arranged = Self {
            labels: BTreeMap::new(),
            group_of: BTreeMap::new(),
            certainty: BTreeMap::new(),
            stated: BTreeSet::new(),
            went_into: BTreeMap::new(),
            before,
        };
        for (group, certainty) in groups {
            arranged.labels.insert(group.id, group.label);
            arranged.group_of.extend(group.members.iter().map(|&at| (at, group.id)));
            arranged.certainty.extend(group.members.into_iter().zip(certainty));
        }
        arranged
    }

    /// The insight of this id, or the one that it went into.
    fn living(&self, mut id: InsightId) -> Option<InsightId> {
        // As many steps as there are insights that went somewhere: no circle is walked twice.
        for _ in 0..=self.went_into.len() + self.before.len() {
            if self.labels.contains_key(&id) && !self.went_into.contains_key(&id) {
                return Some(id);
            }
            id = *self.went_into.get(&id).or_else(|| self.before.get(&id))?;
        }
        None
    }

    fn join(&mut self, first: InsightId, second: InsightId) {
        let (Some(first), Some(second)) = (self.living(first), self.living(second)) else { return };
        if first != second {
            for group in self.group_of.values_mut().filter(|group| **group == second) {
                *group = first;
            }
            self.went_into.insert(second, first);
        }
    }

    /// Where one of two insights is in the other, what was its own is its own again.
    fn divide(
        &mut self,
        pair: [InsightId; 2],
        meant: &BTreeMap<InsightId, Vec<SignalId>>,
        position: &BTreeMap<SignalId, usize>,
    ) {
        let [Some(first), Some(second)] = pair.map(|id| self.living(id)) else { return };
        if first != second {
            return;
        }
        let lost = if pair[0] == first { pair[1] } else { pair[0] };
        let own = meant.get(&lost).into_iter().flatten().filter_map(|signal| position.get(signal).copied());
        let own: Vec<usize> = own.filter(|at| self.group_of.get(at) == Some(&first)).collect();
        self.labels.entry(lost).or_insert(None);
        self.went_into.remove(&lost);
        for at in own {
            self.group_of.insert(at, lost);
            self.stated.insert(at);
        }
    }

    fn place(&mut self, at: usize, to: Option<InsightId>) {
        match to {
            None => _ = self.group_of.remove(&at),
            Some(to) => {
                if let Some(to) = self.living(to) {
                    self.group_of.insert(at, to);
                    self.stated.insert(at);
                }
            }
        }
    }

    fn groups(self) -> Vec<Held> {
        let mut members: BTreeMap<InsightId, Vec<usize>> = BTreeMap::new();
        for (&at, &group) in &self.group_of {
            members.entry(group).or_default().push(at);
        }
        members
            .into_iter()
            .map(|(id, members)| {
                let certainty = |at: &usize| match self.certainty.get(at) {
                    Some(&certainty) if !self.stated.contains(at) => certainty,
                    _ => STATED,
                };
                let certainty = members.iter().map(certainty).collect();
                (Group { id, label: self.labels.get(&id).cloned().flatten(), members }, certainty)
            })
            .collect()
    }
}

/// Gives insights the names that people gave them, wherever the names stand.
pub fn rename(insights: &mut [Insight], names: &BTreeMap<InsightId, String>) {
    let changed: Vec<(InsightId, String, &String)> = insights
        .iter()
        .filter_map(|insight| Some((insight.id, insight.label.clone(), names.get(&insight.id)?)))
        .collect();
    if changed.is_empty() {
        return;
    }
    let area_from_label: BTreeMap<&str, &String> = changed.iter().map(|(_, old, new)| (old.as_str(), *new)).collect();
    for insight in insights {
        if let Some(name) = names.get(&insight.id) {
            insight.label.clone_from(name);
        }
        // An insight that shares its area with no other gives it its name.
        if let Some(name) = area_from_label.get(insight.area.as_str()) {
            insight.area.clone_from(name);
        }
        if let Some(near) = &mut insight.nearest
            && let Some(name) = names.get(&near.id)
        {
            near.label.clone_from(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use throughline_model::{RecordId, Signal, Span};

    /// Six statements, three in each of two insights.
    fn world() -> (Corpus, Vec<Held>) {
        let signal = |id: u64| Signal {
            id: SignalId(id),
            record_id: RecordId(id),
            span: Span::new(0, 0),
            kind: throughline_model::Kind::Request,
            kind_confidence: 1.0,
            language: throughline_model::Language::En,
            sentiment: None,
            phrases: Vec::new(),
            person: None,
            account: None,
            side: throughline_model::Side::Unknown,
            source_kind: throughline_model::SourceKind::Support,
            at: None,
            clock_ms: None,
        };
        let corpus = Corpus { signals: (0..6).map(signal).collect(), ..Corpus::default() };
        let group = |id: u64, members: [usize; 3]| {
            (Group { id: InsightId(id), label: Some(format!("label {id}")), members: members.to_vec() }, vec![0.7; 3])
        };
        (corpus, vec![group(1, [0, 1, 2]), group(2, [3, 4, 5])])
    }

    fn members(standing: &Standing, went_into: &[(u64, u64)]) -> Vec<(u64, Vec<usize>)> {
        let (corpus, groups) = world();
        let went_into = went_into.iter().map(|&(from, into)| (InsightId(from), InsightId(into))).collect();
        let arranged = arranged(&corpus, groups, standing, &went_into);
        assert!(arranged.iter().all(|(group, certainty)| group.members.len() == certainty.len()));
        arranged.into_iter().map(|(group, _)| (group.id.0, group.members)).collect()
    }

    #[test]
    fn statements_go_where_they_were_moved_also_after_their_insight_went_into_another() {
        let places = BTreeMap::from([
            (SignalId(0), Some(InsightId(2))),
            (SignalId(1), None),
            (SignalId(2), Some(InsightId(9))),
            (SignalId(99), Some(InsightId(2))),
        ]);
        let standing = Standing { places, ..Standing::default() };
        assert_eq!(members(&standing, &[]), [(1, vec![2]), (2, vec![0, 3, 4, 5])]);
        assert_eq!(members(&standing, &[(9, 2)]), [(2, vec![0, 2, 3, 4, 5])]);
    }

    #[test]
    fn insights_are_joined_and_divided_as_people_say() {
        let joined = vec![(InsightId(2), InsightId(1))];
        let standing = Standing { joined, ..Standing::default() };
        assert_eq!(members(&standing, &[]), [(2, vec![0, 1, 2, 3, 4, 5])]);
        // Insight 3 went into insight 2, and somebody wants the two apart.
        let meant = BTreeMap::from([(InsightId(3), vec![SignalId(4), SignalId(5), SignalId(0)])]);
        let divided = vec![(InsightId(2), InsightId(3))];
        let standing = Standing { divided, meant, ..Standing::default() };
        assert_eq!(members(&standing, &[(3, 2)]), [(1, vec![0, 1, 2]), (2, vec![3]), (3, vec![4, 5])]);
    }

    #[test]
    fn statements_are_kept_together_and_apart() {
        let standing = Standing {
            together: vec![(SignalId(0), SignalId(5))],
            apart: vec![(SignalId(3), SignalId(4)), (SignalId(1), SignalId(3))],
            ..Standing::default()
        };
        assert_eq!(members(&standing, &[]), [(1, vec![0, 1, 2, 5]), (2, vec![3])]);
    }
}
