//! JSON of any tool: the keys of the first elements tell whose it is.

use crate::decode::Text;
use crate::feedback::{table, zendesk};
use crate::intake::Intake;
use std::collections::BTreeSet;

/// The keys seen in the head of a file, as dotted paths; lists are passed through.
pub(crate) struct Shape {
    paths: BTreeSet<String>,
}

impl Shape {
    /// Whether every one of the paths occurs.
    pub(crate) fn has(&self, paths: &[&str]) -> bool {
        paths.iter().all(|path| self.paths.contains(*path))
    }

    /// Collects keys from text that may end anywhere.
    pub(crate) fn of(head: &str) -> Self {
        const MAX_DEPTH: usize = 6;
        let mut paths = BTreeSet::new();
        let mut stack: Vec<Option<String>> = Vec::new();
        let mut key: Option<String> = None;
        let mut chars = head.char_indices().peekable();
        while let Some((i, c)) = chars.next() {
            match c {
                '"' => {
                    let start = i + 1;
                    let mut end = None;
                    while let Some((j, c)) = chars.next() {
                        match c {
                            '\\' => {
                                chars.next();
                            }
                            '"' => {
                                end = Some(j);
                                break;
                            }
                            _ => {}
                        }
                    }
                    let Some(end) = end else {
                        break;
                    };
                    if head[end + 1..].trim_start().starts_with(':') && stack.len() <= MAX_DEPTH {
                        let name = &head[start..end];
                        let parents = stack.iter().flatten().map(String::as_str);
                        let path = parents.chain(std::iter::once(name)).collect::<Vec<_>>().join(".");
                        paths.insert(path);
                        key = Some(name.to_owned());
                    }
                }
                '{' => stack.push(key.take()),
                '[' => stack.push(key.take()),
                '}' | ']' => {
                    stack.pop();
                    key = None;
                }
                ',' => key = None,
                _ => {}
            }
            if paths.len() > 5000 {
                break;
            }
        }
        Self { paths }
    }
}

/// Reads JSON.
pub(crate) fn read(text: &mut Text<'_>, intake: &mut Intake<'_>) {
    let shape = Shape::of(text.shown());
    if zendesk::is_like(&shape) {
        zendesk::read(text, intake);
    } else {
        table::read_json(text, intake);
    }
}
