//! Sets that grow together, remember why, and keep apart what somebody said is two.
//!
//! In: joins, the strongest first. Out: the set of each member, and the joins that made the sets: a forest.
//! Cost: near constant a join (union by smaller index, path halving).

use rustc_hash::FxHashMap;
use throughline_model::link::LinkKind;

/// Two members that are one, and why.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Join {
    pub(crate) a: usize,
    pub(crate) b: usize,
    pub(crate) kind: LinkKind,
    /// How alike they are, 0..=1.
    pub(crate) score: f64,
}

pub(crate) struct Joined {
    parent: Vec<usize>,
    made_by: Vec<Join>,
    /// Members that the set of a root may not hold.
    foes: FxHashMap<usize, Vec<usize>>,
}

impl Joined {
    pub(crate) fn new(n: usize) -> Self {
        Self { parent: (0..n).collect(), made_by: Vec::new(), foes: FxHashMap::default() }
    }

    pub(crate) fn root(&mut self, mut at: usize) -> usize {
        while self.parent[at] != at {
            self.parent[at] = self.parent[self.parent[at]];
            at = self.parent[at];
        }
        at
    }

    /// From now on no set holds both. To be said before any join.
    pub(crate) fn keep_apart(&mut self, a: usize, b: usize) {
        self.foes.entry(a).or_default().push(b);
        self.foes.entry(b).or_default().push(a);
    }

    pub(crate) fn join(&mut self, join: Join) {
        let (a, b) = (self.root(join.a), self.root(join.b));
        if a == b || self.are_foes(a, b) {
            return;
        }
        let (kept, gone) = (a.min(b), a.max(b));
        self.parent[gone] = kept;
        if let Some(foes) = self.foes.remove(&gone) {
            self.foes.entry(kept).or_default().extend(foes);
        }
        self.made_by.push(join);
    }

    /// Whether two members are one, or somebody said that their sets are two.
    pub(crate) fn are_one_or_foes(&mut self, a: usize, b: usize) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        a == b || self.are_foes(a, b)
    }

    fn are_foes(&mut self, a: usize, b: usize) -> bool {
        if self.foes.is_empty() {
            return false;
        }
        let foes = self.foes.get(&a).cloned().unwrap_or_default();
        foes.into_iter().any(|foe| self.root(foe) == b)
    }

    /// The joins that made the sets.
    pub(crate) fn made_by(&self) -> &[Join] {
        &self.made_by
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn join(a: usize, b: usize) -> Join {
        Join { a, b, kind: LinkKind::SameCopy, score: 1.0 }
    }

    #[test]
    fn what_is_kept_apart_is_not_joined_by_a_third() {
        let mut joined = Joined::new(4);
        joined.keep_apart(0, 2);
        [join(0, 1), join(1, 2), join(2, 3), join(3, 0)].into_iter().for_each(|join| joined.join(join));
        let roots: Vec<usize> = (0..4).map(|at| joined.root(at)).collect();
        assert_eq!(roots, [0, 0, 2, 2]);
        assert_eq!(joined.made_by.len(), 2, "one join less than members, for each set");
    }
}
