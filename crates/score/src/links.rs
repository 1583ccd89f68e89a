//! Links between insights: which ones need the same missing part, so that building it once clears the way for all.
//!
//! In: insights with their needs. Out: for each insight the others that need a part it would bring. A part is an entity
//! that a wanted capability stands on whatever it is about (a schedule, a deletion record); what is to be mended or
//! removed brings no part. Cost: linear in needs, plus the number of links found.

use std::collections::{BTreeMap, BTreeSet};
use throughline_frames::Frames;
use throughline_model::{Insight, InsightId, Need, Polarity};

/// Who shares which missing part.
#[derive(Debug, Clone, Default)]
pub struct Links {
    parts_from_insight: BTreeMap<InsightId, BTreeSet<String>>,
    insights_from_part: BTreeMap<String, BTreeSet<InsightId>>,
}

impl Links {
    /// Finds the parts that each insight would bring.
    #[must_use]
    pub fn new(frames: &Frames, insights: &[Insight], needs: &[Vec<Need>]) -> Self {
        let mut links = Self::default();
        for (insight, needs) in insights.iter().zip(needs) {
            let parts: BTreeSet<String> = needs
                .iter()
                .filter(|need| need.polarity == Polarity::Want)
                .filter_map(|need| frames.get(&need.frame))
                .flat_map(|frame| &frame.entities)
                .filter_map(|entity| entity.as_str().split('(').next())
                .filter(|name| !name.contains('{'))
                .map(str::to_owned)
                .collect();
            for part in &parts {
                links.insights_from_part.entry(part.clone()).or_default().insert(insight.id);
            }
            links.parts_from_insight.insert(insight.id, parts);
        }
        links
    }

    /// The others that need a part of this one, each with the first such part; none for an insight not known here.
    #[must_use]
    pub fn unlocked_by(&self, insight: InsightId) -> Option<BTreeMap<InsightId, &str>> {
        let parts = self.parts_from_insight.get(&insight)?;
        let mut others = BTreeMap::new();
        for part in parts {
            for other in self.insights_from_part.get(part).into_iter().flatten().filter(|other| **other != insight) {
                others.entry(*other).or_insert(part.as_str());
            }
        }
        Some(others)
    }
}
