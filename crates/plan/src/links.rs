//! Which insight must come before which: as declared, and where one capability is built on another of the same object.
//!
//! In: insights with their needs, and settings. Out: for each insight those it waits for, with the reason.
//! Invariant: nothing waits on itself, and of two that would wait on each other only the declared link stays.

use std::collections::{BTreeMap, BTreeSet};
use throughline_model::{InsightId, Need, Settings, SlotName};
use throughline_text::Language;
use throughline_text::token::content_words;

/// One capability that is built on another one of the same object, and why.
const BUILT_ON: [(&str, &str, &str); 9] = [
    ("schedule", "export", "a run by the clock needs the run by hand"),
    ("automate", "api_webhook", "automation needs something to call"),
    ("save_view", "filter", "a view that is kept needs the filter it keeps"),
    ("bulk_edit", "edit", "changing many needs changing one"),
    ("restore", "archive", "bringing back needs putting away"),
    ("undo", "version_history", "undoing needs what was there before"),
    ("share", "permission", "sharing needs to know who may see"),
    ("raise_limit", "performance", "more of it needs it to be fast enough"),
    ("offline", "mobile", "use without a network needs the app that is used so"),
];

/// What one insight waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The insight that must come first.
    pub first: InsightId,
    /// Why, in one clause.
    pub why: String,
    /// Whether somebody declared it.
    pub is_declared: bool,
}

/// For each insight of `needs` what it waits for, by id.
#[must_use]
pub fn links(settings: &Settings, needs: &[(InsightId, &[Need])]) -> BTreeMap<InsightId, Vec<Link>> {
    let ids: BTreeSet<InsightId> = needs.iter().map(|(id, _)| *id).collect();
    let mut links: BTreeMap<InsightId, Vec<Link>> = BTreeMap::new();
    for effort in &settings.effort {
        let Ok(own) = effort.insight.parse::<InsightId>() else { continue };
        let named = effort.needs.iter().filter_map(|name| name.parse::<InsightId>().ok());
        for first in named.filter(|first| *first != own && ids.contains(first) && ids.contains(&own)) {
            let why = format!("declared in [[effort]] of {own}");
            links.entry(own).or_default().push(Link { first, why, is_declared: true });
        }
    }
    // Who makes which capability of which object.
    let mut makers: BTreeMap<(&str, String), BTreeSet<InsightId>> = BTreeMap::new();
    for (id, needs) in needs {
        for need in *needs {
            if let Some(object) = object(need) {
                makers.entry((need.frame.as_str(), object)).or_default().insert(*id);
            }
        }
    }
    for (frame, basis, why) in BUILT_ON {
        for ((made, object), own) in makers.iter().filter(|((made, _), _)| *made == frame) {
            let Some(first) = makers.get(&(basis, object.clone())) else { continue };
            for (own, first) in own.iter().flat_map(|own| first.iter().map(move |first| (*own, *first))) {
                let waits = |a: InsightId, b: InsightId| {
                    links.get(&a).is_some_and(|links| links.iter().any(|link| link.first == b))
                };
                if own == first || waits(first, own) || waits(own, first) {
                    continue;
                }
                let why = format!("{why} ({basis} before {made} of “{object}”)");
                links.entry(own).or_default().push(Link { first, why, is_declared: false });
            }
        }
    }
    for links in links.values_mut() {
        links.sort_by_key(|link| link.first);
    }
    links
}

/// What a need is about, as stems in their order; none when it is open.
fn object(need: &Need) -> Option<String> {
    let words = content_words(need.filled(SlotName::Object)?, Language::English);
    let stems: Vec<String> = words.into_iter().map(|word| word.stem).collect();
    (!stems.is_empty()).then(|| stems.join(" "))
}
