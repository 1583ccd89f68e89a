//! JSON of any tool: the keys of the first elements tell whose it is.

use crate::decode::{At, Text};
use crate::feedback::{events, github, gong, helpdesks, intercom, jira, portals, slack, stores, table, zendesk};
use crate::intake::Intake;
use std::collections::BTreeSet;
use throughline_model::SourceKind;

/// The keys seen in the head of a file, as dotted paths; lists are passed through.
pub(crate) struct Shape {
    paths: BTreeSet<String>,
}

impl Shape {
    /// Whether every one of the paths occurs.
    pub(crate) fn has(&self, paths: &[&str]) -> bool {
        paths.iter().all(|path| self.paths.contains(*path))
    }

    /// Whether every one of the paths occurs, at the top or inside something.
    pub(crate) fn ends(&self, paths: &[&str]) -> bool {
        paths.iter().all(|path| {
            self.paths
                .iter()
                .any(|known| known.strip_suffix(path).is_some_and(|before| before.is_empty() || before.ends_with('.')))
        })
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
                '{' | '[' => stack.push(key.take()),
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
    if let Some(what) = delivery(&shape) {
        intake.set_format(what, SourceKind::Other);
        let message = format!("the file holds {what}: they are read with the code, not as feedback");
        intake.note("understood-later", message, At::line(1));
        return;
    }
    // The more particular shapes come first.
    let reader: fn(&mut Text<'_>, &mut Intake<'_>) = if gong::is_like(&shape) {
        gong::read
    } else if stores::is_like_google_play(&shape) {
        stores::read_google_play
    } else if stores::is_like_app_store(&shape) {
        stores::read_app_store
    } else if jira::is_like(&shape) {
        jira::read
    } else if intercom::is_like(&shape) {
        intercom::read
    } else if zendesk::is_like(&shape) {
        zendesk::read
    } else if helpdesks::is_like_chatwoot(&shape) {
        helpdesks::read_chatwoot
    } else if helpdesks::is_like_help_scout(&shape) {
        helpdesks::read_help_scout
    } else if portals::is_like_productboard(&shape) {
        portals::read_productboard
    } else if portals::is_like_canny(&shape) {
        portals::read_canny
    } else if github::is_like(&shape) {
        github::read
    } else if events::is_like_posthog(&shape) {
        events::read_posthog
    } else if events::is_like_segment(&shape) {
        events::read_segment
    } else if slack::is_like(&shape) {
        slack::read_day
    } else {
        table::read_json
    };
    reader(text, intake);
}

/// Delivery data and other machine reports that are not feedback, by name.
fn delivery(shape: &Shape) -> Option<&'static str> {
    if shape.ends(&["deploymentCommits"])
        || shape.ends(&["displayTitle", "environment"])
        || shape.ends(&["attributes.git.commit_sha"])
    {
        Some("deployments")
    } else if shape.ends(&["issueKey"])
        && (shape.ends(&["originalStatus"]) || shape.ends(&["resolutionDate"]) || shape.ends(&["severity"]))
    {
        Some("incidents")
    } else if shape.ends(&["endpoints.method", "endpoints.url"]) {
        Some("endpoints")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_seen_in_a_head_that_ends_anywhere() {
        let shape = Shape::of(
            r#"{"count": 2, "tickets": [{"id": 7, "subject": "a: \"b\"", "via": {"channel": "email"}, "requester_id": 9, "descr"#,
        );
        assert!(shape.has(&["tickets.subject", "tickets.via.channel"]));
        assert!(shape.ends(&["requester_id", "via.channel"]));
        assert!(!shape.ends(&["annel"]));
    }
}
