//! Likeness of insights to the texts of the strategy, by the static embedding.
//!
//! In: insights and settings. Out: cosines, 0..=1, read by checks through [`Likeness::to`]. An insight's vector is the
//! mean of its label and its quotes, so that likeness is to what people said and not to one unlucky word.
//! Cost: one embedding per insight and per declared text.

use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use throughline_model::{Insight, InsightId, Settings};
use throughline_text::embed::{Table, normalise};

/// How near insights are to declared texts.
pub struct Likeness {
    vector_from_insight: BTreeMap<InsightId, Vec<f32>>,
    vector_from_text: FxHashMap<String, Vec<f32>>,
}

impl Likeness {
    /// Embeds insights and everything declared.
    #[must_use]
    pub fn new(insights: &[Insight], settings: &Settings) -> Self {
        let table = Table::builtin();
        let vector_from_insight = insights
            .iter()
            .map(|insight| {
                let mut sum = table.embed(&insight.label);
                for quote in &insight.quotes {
                    sum.iter_mut().zip(table.embed(&quote.text)).for_each(|(sum, x)| *sum += x);
                }
                normalise(&mut sum);
                (insight.id, sum)
            })
            .collect();
        let vector_from_text =
            declared(settings).into_iter().map(|text| (text.to_owned(), table.embed(text))).collect();
        Self { vector_from_insight, vector_from_text }
    }

    /// Cosine of an insight and a declared text, 0..=1; 0 when either is unknown, and where they point apart.
    #[must_use]
    pub fn to(&self, insight: InsightId, text: &str) -> f64 {
        let (Some(a), Some(b)) = (self.vector_from_insight.get(&insight), self.vector_from_text.get(text)) else {
            return 0.0;
        };
        let dot: f32 = a.iter().zip(b).map(|(x, y)| x * y).sum();
        // Three places: the last bits of a sum must not decide a threshold.
        ((f64::from(dot) * 1000.0).round() / 1000.0).max(0.0)
    }
}

/// Every declared text that a check compares with.
fn declared(settings: &Settings) -> Vec<&str> {
    let strategy = &settings.strategy;
    let mut texts: Vec<&str> = Vec::new();
    for objective in &strategy.objectives {
        texts.push(&objective.text);
        texts.extend(objective.key_results.iter().map(|kr| kr.metric.as_str()));
    }
    texts.extend(strategy.north_star.iter().flat_map(|star| &star.inputs).map(|input| input.metric.as_str()));
    for principle in strategy.principles.iter().flatten() {
        texts.push(&principle.text);
        texts.extend(principle.broken_when.as_deref());
    }
    texts.extend(strategy.non_goals.iter().flatten().map(|goal| goal.text.as_str()));
    texts.extend(strategy.commitments.iter().flatten().map(|promise| promise.what.as_str()));
    for rule in strategy.obligations.iter().flatten() {
        texts.push(&rule.rule);
        texts.extend(rule.what.as_deref());
    }
    texts.extend(strategy.differentiators.iter().flatten().map(|item| item.text.as_str()));
    texts.extend(strategy.risks.iter().flatten().map(|risk| risk.text.as_str()));
    texts.extend(strategy.assumptions.iter().flatten().map(|belief| belief.text.as_str()));
    texts.extend(settings.roadmap.iter().flatten().map(|item| item.what.as_str()));
    texts.extend(settings.surfaces.iter().map(|surface| surface.name.as_str()));
    texts
}
