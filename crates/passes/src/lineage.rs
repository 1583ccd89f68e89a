//! Identity of insights across runs: ids and names are kept where the members are, splits and merges are told.
//!
//! In: the groups of this run, the most central member of each, the insights of the last run, and those that judgements
//! name. Out: one id per group, and what became of earlier insights. Cost: linear in members.
//! An insight that a judgement names and the last run does not know (after `run --fresh`, after forgetting, after it went
//! into another) is looked for as it was when somebody spoke of it.
//!
//! Invariants: without a lineage ids depend on the members alone; identifying the same groups again with the lineage
//! that came of them changes nothing.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use throughline_model::{InsightId, SignalId};

/// An insight passes its id on to the group that holds at least this share of what is left of it, or that consists of
/// it to this share. Chosen so that at most one group can hold the majority.
const PASSES_ON: f64 = 0.5;

/// What is remembered of the last run: insights by id, and the groups they came from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Lineage {
    /// By id.
    pub insights: Vec<Known>,
    /// Groups as clustering found them, before single members left or joined: where the next clustering starts.
    pub groups: Vec<Vec<SignalId>>,
    /// Fingerprint of everything that was grouped: the same again is grouped the same again.
    pub grouped: [u8; 16],
}

/// One insight as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// Its id.
    pub id: InsightId,
    /// Its name.
    pub label: String,
    /// Its members, by id.
    pub members: Vec<SignalId>,
}

/// What became of an earlier insight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// Parts of it are now insights of their own.
    Split {
        /// The earlier insight; it lives on in one of the parts unless `is_gone`.
        from: InsightId,
        /// Insights that took at least a fifth of it, by id.
        into: Vec<InsightId>,
    },
    /// It went into another one.
    Merged {
        /// The earlier insight.
        from: InsightId,
        /// The one it went into.
        into: InsightId,
    },
    /// Nothing of it is left in any insight.
    Gone {
        /// The earlier insight.
        id: InsightId,
        /// Its name.
        label: String,
    },
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Split { from, into } => {
                let into: Vec<String> = into.iter().map(ToString::to_string).collect();
                write!(f, "{from} was split into {}", into.join(", "))
            }
            Self::Merged { from, into } => write!(f, "{from} went into {into}"),
            Self::Gone { id, label } => write!(f, "{id} ({label}) has no statements left"),
        }
    }
}

/// Ids of groups, and what changed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Identified {
    /// One per group, in the order of the groups.
    pub ids: Vec<InsightId>,
    /// The earlier name of each group whose id was kept.
    pub labels: Vec<Option<String>>,
    /// By earlier insight.
    pub changes: Vec<Change>,
    /// Where insights that are no more went, those that only judgements name included.
    pub went_into: BTreeMap<InsightId, InsightId>,
}

/// Insights that judgements name and `remembered` does not know, as they were.
#[must_use]
pub fn meant_beside(remembered: &[Known], meant: &BTreeMap<InsightId, Vec<SignalId>>) -> Vec<Known> {
    let known: BTreeSet<InsightId> = remembered.iter().map(|known| known.id).collect();
    let as_known =
        |(id, members): (&InsightId, &Vec<SignalId>)| Known { id: *id, label: String::new(), members: members.clone() };
    meant.iter().filter(|(id, _)| !known.contains(id)).map(as_known).collect()
}

/// Gives each group its id. `centres` are the most central members of `groups`, `meant` is what [`meant_beside`] gives.
#[must_use]
pub fn identify(groups: &[Vec<SignalId>], centres: &[SignalId], remembered: &[Known], meant: &[Known]) -> Identified {
    let mut group_from_signal: BTreeMap<SignalId, usize> = BTreeMap::new();
    for (group, members) in groups.iter().enumerate() {
        group_from_signal.extend(members.iter().map(|id| (*id, group)));
    }
    let earlier: Vec<&Known> = remembered.iter().chain(meant).collect();
    let shared: Vec<BTreeMap<usize, usize>> = earlier.iter().map(|known| tally(known, &group_from_signal)).collect();
    let heir = heirs(groups, &shared, &earlier);

    let mut ids: Vec<Option<InsightId>> = vec![None; groups.len()];
    let mut labels = vec![None; groups.len()];
    for (known, heir) in earlier.iter().zip(&heir) {
        if let Some(group) = heir {
            ids[*group] = Some(known.id);
            labels[*group] = Some(known.label.clone()).filter(|label| !label.is_empty());
        }
    }
    let mut taken: BTreeSet<InsightId> = ids.iter().flatten().copied().collect();
    let ids: Vec<InsightId> =
        ids.into_iter().zip(centres).map(|(id, centre)| id.unwrap_or_else(|| mint(*centre, &mut taken))).collect();
    let mut changes = Vec::new();
    let mut went_into = BTreeMap::new();
    for (at, known) in earlier.iter().enumerate() {
        if heir[at].is_none()
            && let Some(group) = most(&shared[at])
        {
            went_into.insert(known.id, ids[group]);
        }
        // Of what only a judgement names nobody needs to be told again in every run.
        if at < remembered.len() {
            changes.extend(change(known, &shared[at], heir[at], &ids));
        }
    }
    Identified { ids, labels, changes, went_into }
}

/// The group that holds most of an earlier insight.
fn most(shared: &BTreeMap<usize, usize>) -> Option<usize> {
    shared.iter().max_by_key(|(group, n)| (**n, std::cmp::Reverse(**group))).map(|(group, _)| *group)
}

/// How many of an earlier insight's members each group holds.
fn tally(known: &Known, group_from_signal: &BTreeMap<SignalId, usize>) -> BTreeMap<usize, usize> {
    let mut n_by_group = BTreeMap::new();
    for group in known.members.iter().filter_map(|id| group_from_signal.get(id)) {
        *n_by_group.entry(*group).or_default() += 1;
    }
    n_by_group
}

/// The group that inherits each earlier insight's id: largest overlaps first, each insight and each group once.
fn heirs(groups: &[Vec<SignalId>], shared: &[BTreeMap<usize, usize>], earlier: &[&Known]) -> Vec<Option<usize>> {
    let mut claims: Vec<(usize, usize, usize)> = Vec::new();
    for (known, shared) in shared.iter().enumerate() {
        let left: usize = shared.values().sum();
        for (&group, &n) in shared {
            let of_known = n as f64 / left as f64;
            let of_group = n as f64 / groups[group].len() as f64;
            if of_known >= PASSES_ON || of_group >= PASSES_ON {
                claims.push((n, known, group));
            }
        }
    }
    claims.sort_by_key(|&(n, known, group)| (std::cmp::Reverse(n), earlier[known].id, group));
    let mut heirs = vec![None; shared.len()];
    let mut is_taken = vec![false; groups.len()];
    for (_, known, group) in claims {
        if heirs[known].is_none() && !is_taken[group] {
            heirs[known] = Some(group);
            is_taken[group] = true;
        }
    }
    heirs
}

/// A new id, of the most central member; of it and a number where an earlier insight still has that id.
fn mint(centre: SignalId, taken: &mut BTreeSet<InsightId>) -> InsightId {
    let centre = centre.0.to_le_bytes();
    let mut id = InsightId::of(&[&centre]);
    let mut nth: u32 = 1;
    while !taken.insert(id) {
        nth += 1;
        id = InsightId::of(&[&centre, &nth.to_le_bytes()]);
    }
    id
}

fn change(known: &Known, shared: &BTreeMap<usize, usize>, heir: Option<usize>, ids: &[InsightId]) -> Option<Change> {
    let left: usize = shared.values().sum();
    if left == 0 {
        return Some(Change::Gone { id: known.id, label: known.label.clone() });
    }
    // A fifth is a part worth telling; single strays are not.
    let mut parts: Vec<InsightId> =
        shared.iter().filter(|(_, n)| **n * 5 >= left).map(|(group, _)| ids[*group]).collect();
    parts.sort_unstable();
    match heir {
        _ if parts.len() > 1 => Some(Change::Split { from: known.id, into: parts }),
        Some(_) => None,
        None => most(shared).map(|group| Change::Merged { from: known.id, into: ids[group] }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn signals(ids: &[u64]) -> Vec<SignalId> {
        ids.iter().map(|id| SignalId(*id)).collect()
    }

    fn run(groups: &[&[u64]], previous: &Lineage) -> (Identified, Lineage) {
        let groups: Vec<Vec<SignalId>> = groups.iter().map(|ids| signals(ids)).collect();
        let centres: Vec<SignalId> = groups.iter().map(|members| members[0]).collect();
        let found = identify(&groups, &centres, &previous.insights, &[]);
        let lineage = Lineage {
            insights: found
                .ids
                .iter()
                .zip(groups)
                .map(|(id, members)| Known { id: *id, label: id.to_string(), members })
                .collect(),
            ..Lineage::default()
        };
        (found, lineage)
    }

    #[test]
    fn new_evidence_moves_no_id() {
        let (before, lineage) = run(&[&[1, 2, 3], &[4, 5]], &Lineage::default());
        let (after, _) = run(&[&[9, 1, 2, 3], &[4, 5, 6]], &lineage);
        assert_eq!(after.ids, before.ids);
        assert_eq!(after.changes, []);
    }

    #[test]
    fn the_larger_part_of_a_split_keeps_the_id() {
        let (before, lineage) = run(&[&[1, 2, 3, 4, 5]], &Lineage::default());
        let (after, _) = run(&[&[1, 2], &[3, 4, 5]], &lineage);
        assert_eq!(after.ids[1], before.ids[0]);
        assert!(matches!(&after.changes[..], [Change::Split { into, .. }] if into.len() == 2));
    }

    #[test]
    fn a_merge_keeps_the_id_of_the_larger_and_tells_of_the_other() {
        let (before, lineage) = run(&[&[1, 2, 3], &[4, 5]], &Lineage::default());
        let (after, _) = run(&[&[1, 2, 3, 4, 5]], &lineage);
        assert_eq!(after.ids, [before.ids[0]]);
        assert_eq!(after.changes, [Change::Merged { from: before.ids[1], into: before.ids[0] }]);
    }

    #[test]
    fn what_is_gone_is_told() {
        let (before, lineage) = run(&[&[1, 2], &[3]], &Lineage::default());
        let (after, _) = run(&[&[1, 2]], &lineage);
        assert_eq!(after.changes, [Change::Gone { id: before.ids[1], label: before.ids[1].to_string() }]);
    }

    #[test]
    fn what_a_judgement_names_is_found_again_without_a_lineage() {
        let (before, _) = run(&[&[1, 2, 3], &[4, 5]], &Lineage::default());
        let meant = meant_beside(&[], &BTreeMap::from([(before.ids[0], signals(&[1, 2, 3]))]));
        let groups = [signals(&[9, 1, 2]), signals(&[4, 5, 3])];
        let centres = [SignalId(9), SignalId(4)];
        let found = identify(&groups, &centres, &[], &meant);
        assert_eq!(found.ids[0], before.ids[0]);
        assert_eq!((found.labels[0].clone(), found.changes), (None, vec![]));
        // Where it went into another, that is known to whoever moves something there.
        let remembered = [Known { id: InsightId(7), label: "seven".into(), members: signals(&[1, 2, 3, 4, 5]) }];
        let found = identify(&[signals(&[1, 2, 3, 4, 5])], &centres[..1], &remembered, &meant);
        assert_eq!(found.ids, [InsightId(7)]);
        assert_eq!(found.went_into, BTreeMap::from([(before.ids[0], InsightId(7))]));
    }

    proptest! {
        #[test]
        fn identifying_again_changes_nothing(old in prop::collection::vec(0usize..5, 1..40), new in prop::collection::vec(0usize..5, 1..40)) {
            let groups = |assignment: &[usize]| {
                let mut groups: BTreeMap<usize, Vec<u64>> = BTreeMap::new();
                for (i, group) in assignment.iter().enumerate() {
                    groups.entry(*group).or_default().push(i as u64);
                }
                groups.into_values().collect::<Vec<_>>()
            };
            let (old, new) = (groups(&old), groups(&new));
            let slices = |groups: &[Vec<u64>]| groups.to_vec();
            let (old, new) = (slices(&old), slices(&new));
            let old: Vec<&[u64]> = old.iter().map(Vec::as_slice).collect();
            let new: Vec<&[u64]> = new.iter().map(Vec::as_slice).collect();
            let (_, lineage) = run(&old, &Lineage::default());
            let (first, lineage) = run(&new, &lineage);
            let (second, _) = run(&new, &lineage);
            prop_assert_eq!(&second.ids, &first.ids);
            prop_assert_eq!(second.changes, []);
            let distinct: BTreeSet<_> = first.ids.iter().collect();
            prop_assert_eq!(distinct.len(), first.ids.len());
        }
    }
}
