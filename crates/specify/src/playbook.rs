//! The playbook: what a good specification says for each capability, as data that a product manager can edit.
//!
//! In: `data/playbook/*.toml`, one table for each capability frame. Out: [`Entry`] by frame id.
//! Scenes are written as given / when / then lines and parsed here into [`Scene`]; nothing is filled in yet, see
//! [`crate::wording`].
//! Invariant: every shipped entry parses, and every scene has one event and at least one result (tested).

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use throughline_model::Polarity;
use throughline_model::spec::{Call, Case};

const FILES: [&str; 8] = [
    include_str!("../data/playbook/records.toml"),
    include_str!("../data/playbook/find.toml"),
    include_str!("../data/playbook/move.toml"),
    include_str!("../data/playbook/act.toml"),
    include_str!("../data/playbook/people.toml"),
    include_str!("../data/playbook/shape.toml"),
    include_str!("../data/playbook/quality.toml"),
    include_str!("../data/playbook/polarity.toml"),
];

/// How much a capability is when it stands alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// Half a page.
    Tweak,
    /// The full set.
    #[default]
    Capability,
}

/// What is said for one capability. All texts are templates.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// How much it is when it stands alone.
    #[serde(default)]
    pub size: Weight,
    /// Title of the specification: a verb phrase.
    pub title: String,
    /// What the actor wants to do: a verb phrase for the story.
    pub means: String,
    /// Why, when nobody said why: a clause for "so that".
    pub benefit: String,
    /// What hurts, without a solution.
    pub pain: String,
    /// The circumstance of the job, when nobody named one: a clause for "when".
    pub when: String,
    /// The progress wanted, without a feature name: a verb phrase.
    pub want: String,
    /// What will be different: sentences.
    pub change: Vec<String>,
    /// `metric -> target`.
    pub goal: String,
    /// `metric -> target` of what must not get worse.
    pub guard: String,
    /// `what: why not`.
    pub out: Vec<String>,
    /// What may go wrong, and what to do about it.
    pub risk: String,
    /// The question that matters most.
    pub ask: String,
    /// Its possible answers.
    pub options: Vec<String>,
    /// The role that decides.
    pub decides: String,
    /// How the story is shown to work by itself: a clause.
    pub test: String,
    /// What is taken for granted, where saying so slot by slot does not read well: clauses.
    #[serde(default)]
    pub assume: Vec<String>,
    /// Phrases for slots that nobody filled, where the frame's own do not read well.
    #[serde(default)]
    pub defaults: BTreeMap<String, String>,
    /// Stories that belong to it though nobody asks for them in words.
    #[serde(default)]
    pub companion: Vec<Companion>,
    /// Acceptance scenes, as text; see [`scenes`].
    pub scenes: String,
}

/// A story that comes with a capability.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Companion {
    /// A verb phrase.
    pub title: String,
    /// A verb phrase.
    pub means: String,
    /// A clause for "so that".
    pub benefit: String,
    /// Why it is there although nobody asked.
    pub why: String,
    /// How it is shown to work by itself: a clause.
    pub test: String,
    /// Acceptance scenes, as text.
    pub scenes: String,
}

/// One line of a scene.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// As a Gherkin clause.
    pub text: String,
    /// For results: what follows "shall".
    pub shall: String,
    /// How a prototype plays it; empty when it cannot.
    pub calls: Vec<Call>,
}

/// One acceptance scene, not yet filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scene {
    /// Which case.
    pub case: Case,
    /// Title.
    pub title: String,
    /// Given: clauses.
    pub given: Vec<Line>,
    /// When: one clause.
    pub when: Line,
    /// Then: clauses.
    pub then: Vec<Line>,
}

static ENTRIES: LazyLock<BTreeMap<String, Entry>> = LazyLock::new(|| {
    FILES.iter().flat_map(|file| toml::from_str::<BTreeMap<String, Entry>>(file).unwrap_or_default()).collect()
});

/// The entry of a capability frame.
#[must_use]
pub fn entry(frame: &str) -> Option<&'static Entry> {
    ENTRIES.get(frame)
}

/// The entry for a need: that of its polarity when something is to go or to stay, else that of its frame.
#[must_use]
pub fn entry_for(frame: &str, polarity: Polarity) -> Option<&'static Entry> {
    match polarity {
        Polarity::Remove => entry("_remove"),
        Polarity::Keep => entry("_keep"),
        Polarity::Want | Polarity::Fix => entry(frame),
    }
}

/// All frame ids with an entry, sorted.
pub fn frames() -> impl Iterator<Item = &'static str> {
    ENTRIES.keys().map(String::as_str).filter(|id| !id.starts_with('_'))
}

/// Parses scenes.
///
/// # Errors
/// A sentence that names the line that is not understood.
pub fn scenes(text: &str) -> Result<Vec<Scene>, String> {
    let mut out: Vec<Scene> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        if let Some(case) = word.strip_suffix(':').and_then(case_named) {
            out.push(Scene {
                case,
                title: rest.to_owned(),
                given: Vec::new(),
                when: Line { text: String::new(), shall: String::new(), calls: Vec::new() },
                then: Vec::new(),
            });
            continue;
        }
        let scene = out.last_mut().ok_or_else(|| format!("'{line}' stands before any scene"))?;
        match word {
            "given" => scene.given.push(parse_line(rest)),
            "when" if scene.when.text.is_empty() => scene.when = parse_line(rest),
            "then" => {
                let result = parse_line(rest);
                if result.shall.is_empty() {
                    return Err(format!("'{line}' has no form for \"shall\""));
                }
                scene.then.push(result);
            }
            _ => return Err(format!("'{line}' is no given, when or then line")),
        }
    }
    match out.iter().find(|scene| scene.when.text.is_empty() || scene.then.is_empty() || scene.given.is_empty()) {
        Some(scene) => Err(format!("'{}' lacks a given, a when or a then line", scene.title)),
        None => Ok(out),
    }
}

fn case_named(word: &str) -> Option<Case> {
    Case::ALL.into_iter().find(|case| case.word() == word)
}

fn parse_line(line: &str) -> Line {
    let (words, calls) = line.split_once(" @ ").unwrap_or((line, ""));
    let calls = calls
        .split(';')
        .filter_map(|call| {
            let mut words = call.split_whitespace().map(str::to_owned);
            Some(Call { verb: words.next()?, args: words.collect() })
        })
        .collect();
    if let Some(act) = words.strip_prefix("> ") {
        let act = act.trim();
        return Line { text: format!("{{product}} {}", crate::words::third_person(act)), shall: act.to_owned(), calls };
    }
    let (text, shall) = words.split_once(" ~ ").unwrap_or((words, ""));
    Line { text: text.trim().to_owned(), shall: shall.trim().to_owned(), calls }
}

/// Parts of `metric -> target` and `what: why`.
#[must_use]
pub fn split<'a>(text: &'a str, mark: &str) -> (&'a str, &'a str) {
    text.split_once(mark).map_or((text, ""), |(a, b)| (a.trim(), b.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_parses() {
        for file in FILES {
            toml::from_str::<BTreeMap<String, Entry>>(file).unwrap();
        }
        assert_eq!(frames().count(), 54);
    }

    #[test]
    fn every_entry_covers_the_five_cases() {
        for frame in frames().chain(["_keep", "_remove"]) {
            let entry = entry(frame).unwrap();
            let found = scenes(&entry.scenes).unwrap_or_else(|e| panic!("{frame}: {e}"));
            for case in Case::ALL {
                assert!(found.iter().any(|scene| scene.case == case), "{frame} lacks {}", case.word());
            }
            for companion in &entry.companion {
                assert!(scenes(&companion.scenes).unwrap_or_else(|e| panic!("{frame}: {e}")).len() >= 3);
            }
            assert!(entry.options.len() >= 2, "{frame}");
            assert!(entry.goal.contains(" -> ") && entry.guard.contains(" -> "), "{frame}");
            assert!(entry.out.iter().all(|out| out.contains(':')), "{frame}: {:?}", entry.out);
        }
    }

    #[test]
    fn a_line_outside_a_scene_is_named() {
        assert!(scenes("given nothing").unwrap_err().contains("before any scene"));
        assert!(scenes("happy: x\n given a\n when b").unwrap_err().contains("lacks"));
        assert!(scenes("happy: x\n given a\n when b\n then c").unwrap_err().contains("shall"));
    }
}
