//! What the sections of a specification say of the code: that none is connected, or where the change meets it.
//!
//! Invariant: a place is named only where the blueprint or the map names it, and is cited.

use crate::statement::open;
use crate::words;
use throughline_model::blueprint::Presence;
use throughline_model::code::{CodeMap, Touch};
use throughline_model::spec::{Spec, Statement};
use throughline_model::{Basis, Citation};

/// Most places that a sentence names; the blueprint names all.
const MOST_PLACES: usize = 3;

/// Of a change, without code.
pub(crate) const NOT_TRACED: &str =
    "In the code: not known. No code is connected, so what this touches has not been traced.";

/// Of a fix, without code.
pub(crate) const NOT_LOCATED: &str = "In the code: not known. No code is connected.";

/// Of the cost, without code.
pub(crate) const NOT_COSTED: &str = "Cost: not known. No code is connected, so effort has not been estimated; connecting the repository is the next fact to get.";

/// Puts what the code tells in the place of what the sections say without it.
pub(crate) fn say(spec: &mut Spec, code: &CodeMap, touch: Option<&Touch>) {
    let place = place(spec, code, touch);
    let of_fix = spec.fix.iter_mut().flat_map(|fix| &mut fix.place);
    for statement in spec.dependencies.iter_mut().chain(of_fix) {
        if [NOT_TRACED, NOT_LOCATED].contains(&statement.text.as_str()) {
            statement.clone_from(&place);
        }
    }
    for statement in spec.decision.iter_mut().filter(|statement| statement.text == NOT_COSTED) {
        *statement = open("Cost: not known. Nobody has estimated the effort.");
    }
}

fn place(spec: &Spec, code: &CodeMap, touch: Option<&Touch>) -> Statement {
    let blueprint = spec.blueprint.iter();
    let tables = blueprint.clone().flat_map(|made| &made.tables).map(|table| (table.name.clone(), &table.presence));
    let calls = blueprint.flat_map(|made| &made.operations);
    let calls = calls.map(|call| (format!("{} {}", call.method, call.path), &call.presence));
    let mut named: Vec<String> = Vec::new();
    let mut citations: Vec<Citation> = Vec::new();
    for (name, presence) in calls.chain(tables) {
        if let Presence::Exists { file, line, symbol } = presence
            && named.len() < MOST_PLACES
        {
            named.push(format!("{name} in {file}"));
            citations.push(Citation::Code { file: file.clone(), line: *line, symbol: symbol.clone() });
        }
    }
    if named.is_empty() {
        let files = touch.iter().flat_map(|touch| touch.files.iter().map(|(file, _)| file));
        for file in files.filter(|file| code.files.contains_key(*file)).take(MOST_PLACES) {
            named.push(file.clone());
            citations.push(Citation::Code { file: file.clone(), line: 1, symbol: None });
        }
    }
    if named.is_empty() {
        return open("In the code: not known. Nothing in the map of it that was read is near this.");
    }
    Statement { text: format!("In the code: {}.", words::listed(&named)), basis: Basis::Code, citations }
}
