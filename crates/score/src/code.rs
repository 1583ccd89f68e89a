//! The code map as checks ask it: what an insight touches, with the ranks that need the whole repository made once.
//!
//! In: a [`CodeMap`]. Out: [`Code`], and per insight a [`Site`] where the mapping is sure enough.
//! Cost: linear in files and couplings once; per insight linear in what it touches and what depends on that.

use std::collections::{BTreeMap, BTreeSet};
use throughline_model::code::{CodeFile, CodeMap, Commit, Touch};
use throughline_model::{Citation, CodePlace, InsightId};

/// Below this certainty a mapping says nothing.
pub const MAPPED: f64 = 0.5;
/// From this probability on a file counts as touched.
const TOUCHED: f64 = 0.5;
/// No more files than these are expected to change.
const FILES_MAX: usize = 100;
/// Share of files that are hotspots.
const HOTSPOTS: f64 = 0.1;

/// What a code map says, and what it would need to say more.
pub struct Code<'a> {
    /// The map.
    pub map: &'a CodeMap,
    /// Rank of each hotspot, 1 the hottest; other files are not in it.
    pub rank_from_hotspot: BTreeMap<&'a str, usize>,
    /// Debt markers per thousand lines of each file, ascending.
    pub debt_densities: Vec<f64>,
    /// Share of fixes among all commits, 0..=1.
    pub fix_share: f64,
    /// Median lead time of all changes, hours.
    pub lead_hours_median: Option<f64>,
}

/// Where one insight touches the code.
pub struct Site<'a> {
    /// As mapped.
    pub touch: &'a Touch,
    /// Files that may change, with path and probability, most probable first; at most a hundred.
    pub expected: Vec<(&'a str, &'a CodeFile, f64)>,
    /// Paths that probably change: at least as likely as not, or else the likeliest one.
    pub touched: BTreeSet<&'a str>,
}

impl<'a> Code<'a> {
    /// Sums up a map.
    #[must_use]
    pub fn new(map: &'a CodeMap) -> Self {
        let mut heat: Vec<(u64, &str)> = map
            .files
            .iter()
            .map(|(path, file)| {
                (file.churn * file.functions.iter().map(|f| u64::from(f.complexity)).sum::<u64>(), path.as_str())
            })
            .collect();
        heat.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
        let n_hot = (HOTSPOTS * heat.len() as f64).ceil() as usize;
        let rank_from_hotspot = heat
            .iter()
            .take(n_hot)
            .filter(|(heat, _)| *heat > 0)
            .enumerate()
            .map(|(i, (_, path))| (*path, i + 1))
            .collect();
        let mut debt_densities: Vec<f64> = map.files.values().map(debt_density).collect();
        debt_densities.sort_by(f64::total_cmp);
        let n_fixes = map.commits.iter().filter(|commit| commit.is_fix).count();
        Self {
            map,
            rank_from_hotspot,
            debt_densities,
            fix_share: n_fixes as f64 / map.commits.len().max(1) as f64,
            lead_hours_median: median(map.commits.iter().filter_map(|commit| commit.lead_hours).collect()),
        }
    }

    /// Where an insight touches the code.
    ///
    /// # Errors
    /// The input that is missing, in words, when it is not mapped surely enough.
    pub fn site(&self, insight: InsightId) -> Result<Site<'a>, String> {
        let touch = self.map.touches.get(&insight).filter(|touch| !touch.files.is_empty());
        let touch = touch.ok_or("code that this is about: nothing in the code map is near it")?;
        if touch.confidence_unit < MAPPED {
            return Err(format!(
                "a surer mapping to code: its certainty is {:.2} and 0.5 is needed; name the files or the component",
                touch.confidence_unit
            ));
        }
        let mut expected: Vec<(&str, &CodeFile, f64)> = touch
            .files
            .iter()
            .filter_map(|(path, probability)| {
                let (path, file) = self.map.files.get_key_value(path)?;
                Some((path.as_str(), file, probability.clamp(0.0, 1.0)))
            })
            .collect();
        expected.sort_by(|a, b| b.2.total_cmp(&a.2).then(a.0.cmp(b.0)));
        expected.truncate(FILES_MAX);
        if expected.is_empty() {
            return Err("code that this is about: the mapped files are not in the code map".to_owned());
        }
        let probable = expected.iter().filter(|(_, _, p)| *p >= TOUCHED).count().max(1);
        let touched = expected.iter().take(probable).map(|(path, _, _)| *path).collect();
        Ok(Site { touch, expected, touched })
    }

    /// Commits of the last twelve months that changed a touched file.
    #[must_use]
    pub fn changes_at(&self, site: &Site<'_>) -> Vec<&'a Commit> {
        let is_here = |commit: &&Commit| commit.files.iter().any(|path| site.touched.contains(path.as_str()));
        self.map.commits.iter().filter(is_here).collect()
    }

    /// Files that use a touched one, directly or through others.
    #[must_use]
    pub fn dependents(&self, site: &Site<'a>) -> BTreeSet<&'a str> {
        let mut found: BTreeSet<&str> = BTreeSet::new();
        let mut next: Vec<&str> = site.touched.iter().copied().collect();
        while let Some(path) = next.pop() {
            for user in self.map.files.get(path).iter().flat_map(|file| &file.used_by) {
                if !site.touched.contains(user.as_str()) && found.insert(user) {
                    next.push(user);
                }
            }
        }
        found
    }

    /// Share of files with at most this density of debt, 0..=1.
    #[must_use]
    pub fn debt_rank(&self, density: f64) -> f64 {
        let below = self.debt_densities.partition_point(|x| *x <= density);
        below as f64 / self.debt_densities.len().max(1) as f64
    }
}

impl<'a> Site<'a> {
    /// Mean of `value` over the files that may change, weighted by probability times `weight`; none without weight.
    pub(crate) fn mean(
        &self,
        weight: impl Fn(&CodeFile) -> f64,
        value: impl Fn(&'a str, &'a CodeFile) -> f64,
    ) -> Option<f64> {
        let (sum, all) = self.expected.iter().fold((0.0, 0.0), |(sum, all), (path, file, p)| {
            let weight = p * weight(file);
            (sum + weight * value(path, file), all + weight)
        });
        (all > 0.0).then(|| sum / all)
    }

    /// The likeliest files, as citations.
    pub(crate) fn cite_files(&self, n: usize) -> Vec<Citation> {
        self.expected.iter().take(n).map(|(path, _, _)| cite_line(path, 1, None)).collect()
    }
}

/// Debt markers per thousand lines.
pub(crate) fn debt_density(file: &CodeFile) -> f64 {
    1000.0 * file.debt.len() as f64 / file.n_lines.max(1) as f64
}

/// Lower median for an even number of values.
pub(crate) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len().checked_sub(1)? / 2).copied()
}

/// A line of a file as a citation.
pub(crate) fn cite_line(file: &str, line: u32, symbol: Option<&str>) -> Citation {
    Citation::Code { file: file.to_owned(), line, symbol: symbol.map(str::to_owned) }
}

/// A place as a citation.
pub(crate) fn cite_place(place: &CodePlace) -> Citation {
    cite_line(&place.file, place.line, place.symbol.as_deref())
}
