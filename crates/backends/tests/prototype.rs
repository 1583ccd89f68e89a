//! What every prototype must hold, whatever its capability: one safe file that asks for nothing and loses no criterion.
#![allow(clippy::unwrap_used, reason = "a failed unwrap in a test is the test's message")]

#[path = "../../specify/tests/fixture/mod.rs"]
mod fixture;

use fixture::Fixture;
use throughline_backends::{Dossier, prototype};
use throughline_model::Language;
use throughline_model::spec::Spec;
use throughline_specify::playbook;

/// Text that breaks out of a script, an attribute or an element when it is not escaped.
const HOSTILE: &str = "</script><script>alert(1)</script><!-- \"'><img src=x onerror=alert(1)> \u{2028}&amp;";

fn printed(fixture: &Fixture, spec: &Spec, product_name: &str) -> String {
    prototype::html(&Dossier {
        product_name,
        insight: &fixture.insight,
        spec,
        score: None,
        place: None,
        corpus: &fixture.corpus,
        sentences: None,
        since: None,
        generated_from: None,
    })
}

/// Every made-up insight that becomes a specification, and one for each capability frame.
fn all() -> Vec<(Fixture, Spec)> {
    let told = fixture::TOLD.iter().map(fixture::build);
    let plain = playbook::frames().map(|frame| fixture::plain(frame, "open shifts", Language::En));
    let out: Vec<_> = told.chain(plain).filter_map(|f| f.spec().map(|spec| (f, spec))).collect();
    assert!(out.len() > 50, "only {} of the insights were specified", out.len());
    out
}

/// The data of the page, read as its script reads it: up to the first closing tag.
fn data(html: &str) -> serde_json::Value {
    let start = html.find("type=\"application/json\"").unwrap();
    let body = &html[start..];
    let body = &body[body.find('>').unwrap() + 1..];
    serde_json::from_str(&body[..body.find("</script>").unwrap()]).unwrap()
}

/// Whether `key` stands there as a whole, so that `US-1.1` is not found in `US-1.10`.
fn names(html: &str, key: &str) -> bool {
    html.match_indices(key).any(|(at, _)| !html[at + key.len()..].starts_with(|c: char| c.is_ascii_digit() || c == '.'))
}

#[test]
fn the_same_specification_gives_the_same_bytes() {
    for (fixture, spec) in all().iter().take(4) {
        assert_eq!(printed(fixture, spec, "Rotaboard"), printed(fixture, spec, "Rotaboard"));
    }
}

#[test]
fn no_criterion_is_lost() {
    for (fixture, spec) in &all() {
        let html = printed(fixture, spec, "Rotaboard");
        for criterion in spec.stories.iter().flat_map(|story| &story.criteria) {
            assert!(names(&html, &criterion.key), "{}: {} is not in its prototype", spec.title, criterion.key);
        }
    }
}

#[test]
fn nothing_is_asked_of_the_network() {
    for (fixture, spec) in &all() {
        let html = printed(fixture, spec, "Rotaboard");
        for way in [
            "http://",
            "https://",
            "fetch(",
            "XMLHttpRequest",
            "WebSocket",
            "@import",
            "<link",
            "<iframe",
            "src=\"/",
            "url(/",
        ] {
            assert!(!html.contains(way), "{}: holds {way}", spec.title);
        }
        assert!(html.contains("default-src 'none'"), "{}: no policy", spec.title);
    }
}

#[test]
fn nothing_is_left_to_chance_or_to_the_clock() {
    let (fixture, spec) = &all()[0];
    let html = printed(fixture, spec, "Rotaboard");
    for source in ["Math.random", "Date.now", "new Date()", "crypto."] {
        assert!(!html.contains(source), "holds {source}");
    }
}

#[test]
fn hostile_text_stays_text() {
    let (fixture, mut spec) = all().into_iter().next().unwrap();
    let n_scripts = printed(&fixture, &spec, "Rotaboard").matches("<script").count();
    HOSTILE.clone_into(&mut spec.title);
    for entity in &mut spec.entities {
        HOSTILE.clone_into(&mut entity.one);
        HOSTILE.clone_into(&mut entity.many);
        entity.fields.iter_mut().for_each(|field| field.type_name.push_str(HOSTILE));
    }
    for story in &mut spec.stories {
        for text in [&mut story.title, &mut story.actor.text, &mut story.means.text, &mut story.benefit.text] {
            HOSTILE.clone_into(text);
        }
        for criterion in &mut story.criteria {
            HOSTILE.clone_into(&mut criterion.title);
            HOSTILE.clone_into(&mut criterion.when);
            criterion.then = vec![HOSTILE.to_owned(); criterion.then.len()];
        }
    }
    for screen in &mut spec.screens {
        screen.copy_by_state.iter_mut().for_each(|(_, text)| HOSTILE.clone_into(text));
        screen.regions.iter_mut().for_each(|region| HOSTILE.clone_into(&mut region.label));
    }
    let html = printed(&fixture, &spec, HOSTILE);
    assert_eq!(html.matches("<script").count(), n_scripts);
    assert!(!html.contains("<img"));
    assert!(data(&html).to_string().contains("alert(1)"), "the text itself is kept");
}

#[test]
fn one_document_one_language_one_set_of_ids() {
    for (fixture, spec) in all().iter().take(6) {
        let html = printed(fixture, spec, "Rotaboard");
        assert!(html.starts_with("<!DOCTYPE html>") && html.contains("<html lang=\"en\""));
        let markup = &html[..html.find("<script").unwrap()];
        let mut ids: Vec<&str> = markup
            .match_indices(" id=\"")
            .filter_map(|(at, start)| markup[at + start.len()..].split('"').next())
            .collect();
        let n_ids = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), n_ids, "an id stands twice");
    }
}

/// Names of the checks that a result may use, as the runtime spells them.
fn checks() -> Vec<&'static str> {
    let source = include_str!("../runtime/play.js");
    let table = &source[source.find("const THEN = {").unwrap()..];
    let table = &table[..table.find("\n};").unwrap()];
    table
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.trim().split_once(": ("))
        .map(|(name, _)| name.trim_matches('\''))
        .collect()
}

#[test]
fn a_result_that_is_played_looks_at_something() {
    let mut checks = checks();
    checks.sort_unstable();
    assert_eq!(checks, throughline_specify::lint::OBSERVATIONS, "the linter and the runtime know the same checks");
    for (_, spec) in &all() {
        for criterion in spec.stories.iter().flat_map(|story| &story.criteria) {
            let results = &criterion.steps[criterion.steps.len().saturating_sub(criterion.then.len())..];
            for (calls, text) in results.iter().zip(&criterion.then) {
                let looks = calls.iter().any(|call| checks.contains(&call.verb.as_str()));
                assert!(looks, "{}: {} observes nothing: {text}", spec.title, criterion.key);
            }
        }
    }
}
