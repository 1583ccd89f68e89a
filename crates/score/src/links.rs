//! Links between insights: which ones need the same missing part, so that building it once clears the way for all.
//!
//! In: insights with their needs. Out: for each insight how many others need a part it would bring, and the first of them.
//! A part is an entity that a wanted capability stands on whatever it is about (a schedule, a deletion record); what is to
//! be mended or removed brings no part. Insights that bring the same parts are looked at once for all.
//! Cost: linear in needs; squared in the sets of parts that differ, which the capability frames bound, not the insights.

use std::collections::{BTreeMap, BTreeSet};
use throughline_frames::Frames;
use throughline_model::{Insight, InsightId, Need, Polarity};

/// Others that are named of those an insight would unlock.
const NAMED_MAX: usize = 12;

/// Who shares which missing part.
#[derive(Debug, Clone, Default)]
pub struct Links {
    group_from_insight: BTreeMap<InsightId, usize>,
    groups: Vec<Group>,
}

/// Insights that would bring the same parts.
#[derive(Debug, Clone, Default)]
struct Group {
    n_members: usize,
    /// Insights outside that need a part of this group's.
    n_others: usize,
    /// Parts by which others are reached, each with whether somebody outside the group is.
    parts: Vec<(String, bool)>,
    /// The first of all that are reached, members included, one more than are named.
    first: Vec<InsightId>,
}

/// What one insight would clear the way for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unlocked<'a> {
    /// Other insights that need a part of it.
    pub n_others: usize,
    /// The first of them: those with most statements.
    pub named: Vec<InsightId>,
    /// The parts by which they are reached.
    pub parts: BTreeSet<&'a str>,
}

impl Links {
    /// Finds the parts that each insight would bring.
    #[must_use]
    pub fn new(frames: &Frames, insights: &[Insight], needs: &[Vec<Need>]) -> Self {
        // Those with most statements first: they are named first.
        let mut order: Vec<usize> = (0..insights.len().min(needs.len())).collect();
        order.sort_by_key(|&i| (std::cmp::Reverse(insights[i].n_signals), insights[i].id));
        let mut members_from_parts: BTreeMap<BTreeSet<&str>, Vec<(usize, InsightId)>> = BTreeMap::new();
        for (place, &i) in order.iter().enumerate() {
            members_from_parts.entry(parts(frames, &needs[i])).or_default().push((place, insights[i].id));
        }
        let mut links = Self::default();
        for (parts, members) in &members_from_parts {
            for (_, insight) in members {
                links.group_from_insight.insert(*insight, links.groups.len());
            }
            links.groups.push(group(parts, members.len(), &members_from_parts));
        }
        links
    }

    /// What building this insight would clear the way for; none for an insight not known here.
    #[must_use]
    pub fn unlocked_by(&self, insight: InsightId) -> Option<Unlocked<'_>> {
        let group = &self.groups[*self.group_from_insight.get(&insight)?];
        let is_alone = group.n_members <= 1;
        let parts = group.parts.iter().filter(|(_, is_outside)| *is_outside || !is_alone);
        Some(Unlocked {
            n_others: if group.parts.is_empty() { 0 } else { group.n_others + group.n_members - 1 },
            named: group.first.iter().copied().filter(|other| *other != insight).take(NAMED_MAX).collect(),
            parts: parts.map(|(part, _)| part.as_str()).collect(),
        })
    }
}

/// The parts that stand for themselves among those that needs would bring.
fn parts<'f>(frames: &'f Frames, needs: &[Need]) -> BTreeSet<&'f str> {
    let wanted = needs.iter().filter(|need| need.polarity == Polarity::Want);
    let entities = wanted.filter_map(|need| frames.get(&need.frame)).flat_map(|frame| &frame.entities);
    entities.filter_map(|entity| entity.as_str().split('(').next()).filter(|name| !name.contains('{')).collect()
}

/// What the insights that bring `parts` have in common; places are the order in which insights are named.
fn group(
    parts: &BTreeSet<&str>,
    n_members: usize,
    members_from_parts: &BTreeMap<BTreeSet<&str>, Vec<(usize, InsightId)>>,
) -> Group {
    let mut group = Group { n_members, ..Group::default() };
    let mut outside: BTreeSet<&str> = BTreeSet::new();
    let mut reached: Vec<(usize, InsightId)> = Vec::new();
    for (theirs, members) in members_from_parts {
        let Some(part) = parts.intersection(theirs).next() else { continue };
        reached.extend(members.iter().take(NAMED_MAX + 1));
        if theirs != parts {
            outside.insert(part);
            group.n_others += members.len();
        }
    }
    reached.sort_unstable();
    group.first = reached.into_iter().take(NAMED_MAX + 1).map(|(_, insight)| insight).collect();
    // Members reach each other by their first part.
    let named = parts.iter().enumerate().filter(|(at, part)| *at == 0 || outside.contains(*part));
    group.parts = named.map(|(_, part)| ((*part).to_owned(), outside.contains(part))).collect();
    group
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(sets: &[&[&str]]) -> Vec<(usize, Vec<u64>, Vec<String>)> {
        let mut members: BTreeMap<BTreeSet<&str>, Vec<(usize, InsightId)>> = BTreeMap::new();
        for (i, parts) in sets.iter().enumerate() {
            members.entry(parts.iter().copied().collect()).or_default().push((i, InsightId(i as u64)));
        }
        let mut links = Links::default();
        for (parts, of) in &members {
            of.iter().for_each(|(_, id)| {
                links.group_from_insight.insert(*id, links.groups.len());
            });
            links.groups.push(group(parts, of.len(), &members));
        }
        (0..sets.len())
            .map(|i| {
                let unlocked = links.unlocked_by(InsightId(i as u64)).unwrap();
                let parts = unlocked.parts.into_iter().map(str::to_owned).collect();
                (unlocked.n_others, unlocked.named.into_iter().map(|id| id.0).collect(), parts)
            })
            .collect()
    }

    #[test]
    fn others_are_those_that_share_a_part() {
        let found = found(&[&["Job", "Schedule"], &["Schedule"], &["Schedule"], &["Log"], &[]]);
        let parts = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(found[0], (2, vec![1, 2], parts(&["Schedule"])));
        assert_eq!(found[1], (2, vec![0, 2], parts(&["Schedule"])));
        assert_eq!(found[3], (0, vec![], vec![]));
        assert_eq!(found[4], (0, vec![], vec![]));
    }

    #[test]
    fn all_are_counted_and_a_dozen_named() {
        let sets = vec![["Schedule"].as_slice(); 40];
        let found = found(&sets);
        for (i, (n, named, _)) in found.iter().enumerate() {
            assert_eq!((*n, named.len()), (39, NAMED_MAX));
            assert!(!named.contains(&(i as u64)));
        }
    }
}
