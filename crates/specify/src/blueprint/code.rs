//! A blueprint beside the code that exists: what is there already, what is new, which files change.

use crate::words;
use throughline_model::InsightId;
use throughline_model::blueprint::{Blueprint, Presence};
use throughline_model::code::{CodeMap, CodePlace, NeededPart};

/// Makes a blueprint a delta over the code map of the product. Without a mapping of this insight nothing changes: what
/// exists is then not known.
pub fn ground(blueprint: &mut Blueprint, insight: InsightId, code: &CodeMap) {
    let Some(touch) = code.touches.get(&insight) else { return };
    blueprint.is_delta = true;
    let stands = |names: &[&str]| {
        let part = touch.parts.iter().find(|part| names.iter().any(|name| is_named(part, name)));
        match part.and_then(|part| part.found.as_ref()) {
            Some(CodePlace { file, line, .. }) => Presence::Exists { file: file.clone(), line: *line },
            None => Presence::New,
        }
    };
    for table in &mut blueprint.tables {
        let found = stands(&[&table.entity, &table.name]);
        if found != Presence::New || table.presence != Presence::Assumed {
            table.presence = found;
        }
    }
    for operation in &mut blueprint.operations {
        operation.presence = stands(&[&format!("{} {}", operation.method, operation.path)]);
    }
    let files: Vec<(String, Presence)> = touch
        .files
        .iter()
        .take(5)
        .map(|(path, _)| {
            let is_there = code.files.contains_key(path);
            let presence = if is_there { Presence::Exists { file: path.clone(), line: 1 } } else { Presence::New };
            (path.clone(), presence)
        })
        .collect();
    for task in &mut blueprint.tasks {
        task.files.clone_from(&files);
    }
}

fn is_named(part: &NeededPart, name: &str) -> bool {
    part.name == name || words::snake(&part.name) == words::snake(name)
}
