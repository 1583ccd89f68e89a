//! Leiden communities of a weighted graph: groups that are denser inside than chance, each of them connected.
//!
//! In: an undirected [`Graph`] and a resolution (higher gives more, smaller groups). Out: a group number for each node,
//! numbered by first appearance.
//! Cost: near linear in edges; 13,000 nodes with 200,000 edges take well under half a second on one core.
//! Invariant: nodes are visited in their order and ties go to the lower group, so the result depends on the graph and
//! on nothing else; each group is connected.
//! Source: Traag, Waltman, van Eck 2019, "From Louvain to Leiden". Quality is modularity with a resolution (Reichardt
//! and Bornholdt 2006). Refinement takes the best merge instead of a random one, as the authors' own library does by
//! default.

use std::borrow::Cow;
use std::collections::VecDeque;

/// Rounds of move, refine, aggregate before stopping even if something still moves; four are the rule.
const MAX_ROUNDS: usize = 24;
/// Gains smaller than this are rounding, not improvement.
const LEAST_GAIN: f64 = 1e-10;

/// An undirected weighted graph by rows; each edge stands in both of its rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Graph {
    starts: Vec<usize>,
    targets: Vec<u32>,
    weights: Vec<f64>,
    /// Weight at a node that counts against sharing a group, what lies inside it twice. Ties do not count.
    strength: Vec<f64>,
}

impl Graph {
    /// The graph of `n_nodes` with `edges` (a, b, weight), each pair given once with a < b; other edges are dropped.
    pub fn new(n_nodes: usize, edges: &[(u32, u32, f64)]) -> Self {
        let valid = |&&(a, b, weight): &&(u32, u32, f64)| a < b && (b as usize) < n_nodes && weight > 0.0;
        let mut starts = vec![0; n_nodes + 1];
        for &(a, b, _) in edges.iter().filter(valid) {
            starts[a as usize + 1] += 1;
            starts[b as usize + 1] += 1;
        }
        for node in 0..n_nodes {
            starts[node + 1] += starts[node];
        }
        let mut place = starts.clone();
        let mut targets = vec![0; starts[n_nodes]];
        let mut weights = vec![0.0; starts[n_nodes]];
        for &(a, b, weight) in edges.iter().filter(valid) {
            for (from, to) in [(a, b), (b, a)] {
                let at = &mut place[from as usize];
                targets[*at] = to;
                weights[*at] = weight;
                *at += 1;
            }
        }
        let strength = (0..n_nodes).map(|node| weights[starts[node]..starts[node + 1]].iter().sum()).collect();
        Self { starts, targets, weights, strength }
    }

    /// The graph with a node more for each of `n_groups` groups, to which the nodes of that group are tied by
    /// `share_unit` of their strength. A tie costs nothing and is lost by leaving: nodes stay together unless leaving
    /// gains more than it. Source: coupling in time of Mucha et al. 2010.
    #[must_use]
    pub fn tied(&self, group_of: &[Option<u32>], n_groups: usize, share_unit: f64) -> Self {
        let n = self.n_nodes();
        let mut tied = Self { strength: self.strength.clone(), starts: vec![0], ..Self::default() };
        tied.strength.resize(n + n_groups, 0.0);
        let mut members: Vec<Vec<u32>> = vec![Vec::new(); n_groups];
        for node in 0..n {
            let row = self.starts[node]..self.starts[node + 1];
            tied.targets.extend_from_slice(&self.targets[row.clone()]);
            tied.weights.extend_from_slice(&self.weights[row]);
            if let Some(group) = group_of.get(node).copied().flatten().filter(|&group| (group as usize) < n_groups) {
                tied.targets.push(n as u32 + group);
                tied.weights.push(share_unit * self.strength[node]);
                members[group as usize].push(node as u32);
            }
            tied.starts.push(tied.targets.len());
        }
        for nodes in members {
            for node in nodes {
                tied.targets.push(node);
                tied.weights.push(share_unit * self.strength[node as usize]);
            }
            tied.starts.push(tied.targets.len());
        }
        tied
    }

    /// Number of nodes.
    pub fn n_nodes(&self) -> usize {
        self.strength.len()
    }

    /// Neighbours of `node` with the weight of the edge.
    pub fn edges(&self, node: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let row = self.starts[node]..self.starts[node + 1];
        self.targets[row.clone()].iter().zip(&self.weights[row]).map(|(&target, &weight)| (target as usize, weight))
    }

    /// The graph whose nodes are the groups `0..n_groups` of `group_of`.
    fn aggregate(&self, group_of: &[u32], n_groups: usize) -> Self {
        let mut members = vec![Vec::new(); n_groups];
        for (node, &group) in group_of.iter().enumerate() {
            members[group as usize].push(node);
        }
        let mut starts = vec![0];
        let mut targets = Vec::new();
        let mut weights = Vec::new();
        let mut strength = vec![0.0; n_groups];
        let mut sums = Sums::new(n_groups);
        for (group, nodes) in members.iter().enumerate() {
            for &node in nodes {
                strength[group] += self.strength[node];
                for (other, weight) in self.edges(node) {
                    sums.add(group_of[other] as usize, weight);
                }
            }
            sums.touched.sort_unstable();
            for &other in &sums.touched {
                if other != group {
                    targets.push(other as u32);
                    weights.push(sums.weight[other]);
                }
            }
            sums.clear();
            starts.push(targets.len());
        }
        Self { starts, targets, weights, strength }
    }
}

/// Sums by group that are cleared in the time it took to fill them.
struct Sums {
    weight: Vec<f64>,
    is_touched: Vec<bool>,
    touched: Vec<usize>,
}

impl Sums {
    fn new(n: usize) -> Self {
        Self { weight: vec![0.0; n], is_touched: vec![false; n], touched: Vec::new() }
    }

    fn add(&mut self, group: usize, weight: f64) {
        if !self.is_touched[group] {
            self.is_touched[group] = true;
            self.touched.push(group);
        }
        self.weight[group] += weight;
    }

    fn clear(&mut self) {
        for group in self.touched.drain(..) {
            self.weight[group] = 0.0;
            self.is_touched[group] = false;
        }
    }
}

/// Groups the nodes of `graph`.
///
/// ```
/// use throughline_passes::cluster::leiden::{Graph, leiden};
/// // Two triangles joined by one edge.
/// let edges = [(0, 1), (0, 2), (1, 2), (2, 3), (3, 4), (3, 5), (4, 5)].map(|(a, b)| (a, b, 1.0));
/// assert_eq!(leiden(&Graph::new(6, &edges), 1.0), [0, 0, 0, 1, 1, 1]);
/// ```
pub fn leiden(graph: &Graph, resolution: f64) -> Vec<u32> {
    leiden_from(graph, resolution, (0..graph.n_nodes() as u32).collect())
}

/// Groups the nodes of `graph`, starting from `group_of` (a number below `u32::MAX` for each node): what is good of the
/// given groups stays.
pub fn leiden_from(graph: &Graph, resolution: f64, mut group_of: Vec<u32>) -> Vec<u32> {
    group_of.resize(graph.n_nodes(), 0);
    renumber(&mut group_of);
    for _ in 0..MAX_ROUNDS {
        let before = group_of.clone();
        round(graph, resolution, &mut group_of);
        if group_of == before {
            break;
        }
    }
    group_of
}

/// One round: from the given groups, through all levels of aggregation, back to groups of the original nodes.
fn round(graph: &Graph, resolution: f64, group_of: &mut [u32]) {
    let mut level = Cow::Borrowed(graph);
    // For each original node its node in `level`.
    let mut node_of: Vec<u32> = (0..graph.n_nodes() as u32).collect();
    let mut groups = group_of.to_vec();
    loop {
        let state = Strengths::new(&level, resolution);
        move_nodes(&level, &state, &mut groups);
        let n_groups = renumber(&mut groups);
        if n_groups == level.n_nodes() {
            break;
        }
        let mut refined = refine(&level, &state, &groups, n_groups);
        let n_refined = renumber(&mut refined);
        if n_refined == level.n_nodes() {
            // Nothing can be joined without breaking connection: the groups themselves are the next level.
            refined.clone_from(&groups);
        }
        let n_next = if n_refined == level.n_nodes() { n_groups } else { n_refined };
        let mut next_groups = vec![0; n_next];
        for (node, &part) in refined.iter().enumerate() {
            next_groups[part as usize] = groups[node];
        }
        for node in &mut node_of {
            *node = refined[*node as usize];
        }
        level = Cow::Owned(level.aggregate(&refined, n_next));
        groups = next_groups;
    }
    for (group, node) in group_of.iter_mut().zip(&node_of) {
        *group = groups[*node as usize];
    }
    renumber(group_of);
}

/// Numbers groups by first appearance and returns how many there are.
pub(super) fn renumber(groups: &mut [u32]) -> usize {
    let largest = groups.iter().copied().max().map_or(0, |largest| largest as usize + 1);
    let mut new_of = vec![u32::MAX; largest];
    let mut n_groups = 0;
    for group in groups {
        let new = &mut new_of[*group as usize];
        if *new == u32::MAX {
            *new = n_groups;
            n_groups += 1;
        }
        *group = *new;
    }
    n_groups as usize
}

/// What the quality function needs of a level: the strength of each node and the price of sharing a group.
struct Strengths<'g> {
    of_node: &'g [f64],
    /// Resolution over twice the total weight.
    price: f64,
}

impl<'g> Strengths<'g> {
    fn new(graph: &'g Graph, resolution: f64) -> Self {
        let of_node = &graph.strength[..];
        let total: f64 = of_node.iter().sum();
        Self { of_node, price: if total > 0.0 { resolution / total } else { 0.0 } }
    }
}

/// Moves single nodes to the neighbouring group that gains most, until no move gains.
fn move_nodes(graph: &Graph, state: &Strengths<'_>, groups: &mut [u32]) {
    let n = graph.n_nodes();
    let largest = groups.iter().copied().max().map_or(0, |largest| largest as usize + 1);
    let n_slots = largest.max(n) + 1;
    let mut strength = vec![0.0; n_slots];
    let mut size = vec![0_u32; n_slots];
    for (node, &group) in groups.iter().enumerate() {
        strength[group as usize] += state.of_node[node];
        size[group as usize] += 1;
    }
    let mut empty: Vec<usize> = (0..n_slots).rev().filter(|&group| size[group] == 0).collect();
    let mut queue: VecDeque<usize> = (0..n).collect();
    let mut is_queued = vec![true; n];
    let mut sums = Sums::new(n_slots);
    while let Some(node) = queue.pop_front() {
        is_queued[node] = false;
        let old = groups[node] as usize;
        strength[old] -= state.of_node[node];
        size[old] -= 1;
        if size[old] == 0 {
            strength[old] = 0.0;
            empty.push(old);
        }
        for (other, weight) in graph.edges(node) {
            sums.add(groups[other] as usize, weight);
        }
        let gain = |group: usize| sums.weight[group] - state.price * state.of_node[node] * strength[group];
        let mut best = (old, gain(old));
        for &group in &sums.touched {
            let value = gain(group);
            if value > best.1 + LEAST_GAIN || (group < best.0 && best.0 != old && value > best.1 - LEAST_GAIN) {
                best = (group, value);
            }
        }
        if best.1 < -LEAST_GAIN
            && let Some(&alone) = empty.last()
        {
            best = (alone, 0.0);
        }
        sums.clear();
        let new = best.0;
        if size[new] == 0
            && let Some(at) = empty.iter().rposition(|&group| group == new)
        {
            empty.swap_remove(at);
        }
        strength[new] += state.of_node[node];
        size[new] += 1;
        groups[node] = new as u32;
        if new != old {
            for (other, _) in graph.edges(node) {
                if groups[other] as usize != new && !is_queued[other] {
                    is_queued[other] = true;
                    queue.push_back(other);
                }
            }
        }
    }
}

/// Splits each group into well-connected parts: every node starts alone and joins, at most once, the part of its own
/// group that gains most, where both it and the part are well connected to the rest of the group.
fn refine(graph: &Graph, state: &Strengths<'_>, groups: &[u32], n_groups: usize) -> Vec<u32> {
    let n = graph.n_nodes();
    let mut group_strength = vec![0.0; n_groups];
    for (node, &group) in groups.iter().enumerate() {
        group_strength[group as usize] += state.of_node[node];
    }
    let mut part_of: Vec<u32> = (0..n as u32).collect();
    let mut strength = state.of_node.to_vec();
    let mut is_single = vec![true; n];
    // Weight between a part and the rest of its group.
    let mut outward: Vec<f64> = (0..n)
        .map(|node| {
            graph.edges(node).filter(|&(other, _)| groups[other] == groups[node]).map(|(_, weight)| weight).sum()
        })
        .collect();
    let well_connected =
        |outward: f64, strength: f64, whole: f64| outward + LEAST_GAIN >= state.price * strength * (whole - strength);
    let mut sums = Sums::new(n);
    for node in 0..n {
        let whole = group_strength[groups[node] as usize];
        let own = state.of_node[node];
        if !is_single[node] || !well_connected(outward[node], own, whole) {
            continue;
        }
        for (other, weight) in graph.edges(node) {
            if groups[other] == groups[node] {
                sums.add(part_of[other] as usize, weight);
            }
        }
        let mut best = (node, 0.0);
        for &part in &sums.touched {
            if part == node || !well_connected(outward[part], strength[part], whole) {
                continue;
            }
            let value = sums.weight[part] - state.price * own * strength[part];
            if value > best.1 + LEAST_GAIN || (best.0 != node && part < best.0 && value > best.1 - LEAST_GAIN) {
                best = (part, value);
            }
        }
        let part = best.0;
        if part != node {
            outward[part] += outward[node] - 2.0 * sums.weight[part];
            strength[part] += own;
            strength[node] = 0.0;
            is_single[part] = false;
            is_single[node] = false;
            part_of[node] = part as u32;
        }
        sums.clear();
    }
    part_of
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Rings of cliques, the classic case that a resolution must keep apart.
    fn cliques(n_cliques: usize, size: usize) -> Graph {
        let mut edges = Vec::new();
        for clique in 0..n_cliques {
            let first = clique * size;
            for a in first..first + size {
                for b in a + 1..first + size {
                    edges.push((a as u32, b as u32, 1.0));
                }
            }
            let next = (clique + 1) % n_cliques * size;
            let (a, b) = (first.min(next), first.max(next));
            edges.push((a as u32, b as u32 + 1, 1.0));
        }
        Graph::new(n_cliques * size, &edges)
    }

    #[test]
    fn cliques_stay_whole_and_apart() {
        let groups = leiden(&cliques(12, 6), 2.0);
        for (node, group) in groups.iter().enumerate() {
            assert_eq!(*group as usize, node / 6);
        }
    }

    #[test]
    fn nodes_without_edges_stay_alone() {
        assert_eq!(leiden(&Graph::new(3, &[]), 1.0), [0, 1, 2]);
        assert_eq!(leiden(&Graph::new(0, &[]), 1.0), [0_u32; 0]);
        assert_eq!(leiden(&Graph::new(2, &[(0, 5, 1.0), (1, 0, 1.0)]), 1.0), [0, 1]);
    }

    #[test]
    fn ties_hold_what_is_undecided_and_give_way_to_what_is_not() {
        // A node between two cliques, a little nearer to the second.
        let mut edges = vec![(0, 8, 1.0), (1, 8, 1.0), (4, 8, 1.1), (5, 8, 1.1)];
        for first in [0, 4] {
            for a in first..first + 4 {
                edges.extend((a + 1..first + 4).map(|b| (a, b, 1.0)));
            }
        }
        let graph = Graph::new(9, &edges);
        let was: Vec<u32> = vec![0, 0, 0, 0, 1, 1, 1, 1, 0];
        let known: Vec<Option<u32>> = was.iter().map(|&group| Some(group)).collect();
        let start = [&was[..], &[0, 1]].concat();
        let after = |share_unit| leiden_from(&graph.tied(&known, 2, share_unit), 1.0, start.clone());
        assert_eq!(after(0.2)[8], after(0.2)[0], "an undecided node stays");
        assert_eq!(after(0.01)[8], after(0.01)[4], "a weak tie holds nothing");
    }

    fn is_connected(graph: &Graph, members: &[usize]) -> bool {
        let mut seen = vec![members[0]];
        let mut at = 0;
        while at < seen.len() {
            for (other, _) in graph.edges(seen[at]) {
                if members.contains(&other) && !seen.contains(&other) {
                    seen.push(other);
                }
            }
            at += 1;
        }
        seen.len() == members.len()
    }

    fn modularity(graph: &Graph, groups: &[u32]) -> f64 {
        let state = Strengths::new(graph, 1.0);
        let total: f64 = state.of_node.iter().sum();
        let mut quality = 0.0;
        for a in 0..graph.n_nodes() {
            quality += graph.edges(a).filter(|&(b, _)| groups[a] == groups[b]).map(|(_, w)| w).sum::<f64>();
            for b in 0..graph.n_nodes() {
                if groups[a] == groups[b] {
                    quality -= state.of_node[a] * state.of_node[b] / total;
                }
            }
        }
        quality
    }

    proptest! {
        #[test]
        fn groups_are_connected_and_better_than_apart(pairs in proptest::collection::vec((0_u32..30, 0_u32..30, 1_u32..5), 1..120)) {
            let mut edges: Vec<(u32, u32, f64)> =
                pairs.into_iter().filter(|(a, b, _)| a < b).map(|(a, b, w)| (a, b, f64::from(w))).collect();
            edges.sort_by_key(|edge| (edge.0, edge.1));
            edges.dedup_by_key(|edge| (edge.0, edge.1));
            prop_assume!(!edges.is_empty());
            let graph = Graph::new(30, &edges);
            let groups = leiden(&graph, 1.0);
            for group in 0..30 {
                let members: Vec<usize> = (0..30).filter(|&node| groups[node] == group).collect();
                prop_assert!(members.is_empty() || is_connected(&graph, &members));
            }
            let alone: Vec<u32> = (0..30).collect();
            prop_assert!(modularity(&graph, &groups) >= modularity(&graph, &alone));
        }
    }
}
