//! Rule AC-6: a criterion that no change of the specification can make fail is decoration.
//!
//! The specification is changed as somebody might misread it (its polarity turned, a stated slot forgotten) and its
//! criteria are made anew: one that reads the same cannot tell the change. That a result looks at nothing is told by `term`.
//! Whether the prototype can be broken so that a criterion fails is tried in a browser, not here.

use super::Report;
use crate::noun::Noun;
use crate::playbook::{self, Scene};
use crate::wording::{Wording, is_stated};
use std::collections::BTreeSet;
use throughline_model::spec::{Criterion, Size, Spec, Story};
use throughline_model::{Language, Need, Polarity, SlotName};

/// What a criterion says, for comparing.
type Said = (Vec<String>, String, Vec<String>);

pub(super) fn check(spec: &Spec, report: &mut Report) {
    // A fix has one criterion, which fails today by its nature.
    if spec.size == Size::Fix {
        return;
    }
    for need in &spec.needs {
        let Some(story) = spec.stories.iter().find(|story| story.need_id == need.id) else { continue };
        mutants(need, story, report);
    }
}

fn mutants(need: &Need, story: &Story, report: &mut Report) {
    let Some(entry) = playbook::entry_for(&need.frame, need.polarity) else { return };
    let said: Vec<(&str, Said)> =
        story.criteria.iter().map(|criterion| (criterion.key.as_str(), of(criterion))).collect();
    let Some(actor) = Noun::parse(&story.actor.text, Language::En) else { return };
    let product = product_in(story);
    let wording = |need: &Need| Wording::new(need, entry, &actor, true, Language::Unknown, &product);
    let as_said = wording(need);
    let turned = Need {
        polarity: match need.polarity {
            Polarity::Want | Polarity::Fix | Polarity::Keep => Polarity::Remove,
            Polarity::Remove => Polarity::Keep,
        },
        ..need.clone()
    };
    let mutant = criteria_of(&turned, story);
    for (key, said) in said.iter().filter(|(_, said)| mutant.contains(said)) {
        report.warn("AC-6", key, format!("It holds as well when {} is turned round: “{}”", need.frame, said.1));
    }
    for (name, slot) in need.slots.iter().filter(|(_, slot)| is_stated(slot)) {
        let mark = format!("{{{}", name.word());
        let is_promised = entry.means.contains(&mark) || entry.title.contains(&mark);
        if !is_promised || *name == SlotName::Actor {
            continue;
        }
        let mut forgetful = need.clone();
        forgetful.slots.remove(name);
        // What was stated may be what would have been taken anyway.
        if as_said.fill(&format!("{mark}}}")) == wording(&forgetful).fill(&format!("{mark}}}")) {
            continue;
        }
        let mutant = criteria_of(&forgetful, story);
        if !said.is_empty() && said.iter().all(|(_, said)| mutant.contains(said)) {
            report.warn(
                "AC-6",
                &story.key,
                format!("No criterion fails when {} “{}” is forgotten.", name.word(), slot.value.trim()),
            );
        }
    }
}

fn of(criterion: &Criterion) -> Said {
    (criterion.given.clone(), criterion.when.clone(), criterion.then.clone())
}

/// What the criteria of a story would say for another need.
fn criteria_of(need: &Need, story: &Story) -> BTreeSet<Said> {
    let Some(entry) = playbook::entry_for(&need.frame, need.polarity) else { return BTreeSet::new() };
    let Some(actor) = Noun::parse(&story.actor.text, Language::En) else { return BTreeSet::new() };
    let product = product_in(story);
    let wording = Wording::new(need, entry, &actor, true, Language::Unknown, &product);
    let said = |scene: &Scene| {
        let fill = |line: &playbook::Line| wording.fill(&line.text);
        (scene.given.iter().map(fill).collect(), fill(&scene.when), scene.then.iter().map(fill).collect())
    };
    playbook::scenes(&entry.scenes).unwrap_or_default().iter().map(said).collect()
}

/// The product's name as the criteria use it.
fn product_in(story: &Story) -> String {
    let line = story.criteria.iter().flat_map(|criterion| criterion.ears.lines()).next().unwrap_or_default();
    let head = line.split(" shall ").next().unwrap_or_default();
    head.rsplit(", ").next().unwrap_or_default().trim_start_matches("then ").to_owned()
}
