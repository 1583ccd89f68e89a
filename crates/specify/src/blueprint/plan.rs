//! Targets, tasks, tests and events: how the change is built and how it is known to be done.

use crate::statement::default;
use crate::words;
use throughline_model::blueprint::{
    Blueprint, Must, Operation, PlannedEvent, PlannedTest, Presence, Table, Target, Task,
};
use throughline_model::spec::{Case, Spec};

/// Headings of ISO 25010 by words of a quality, first hit wins; the last is for the rest.
const HEADINGS: [(&str, &[&str], &str); 7] = [
    ("Performance efficiency", &[" within ", "95 of 100", "slow", "quick", "load test"], "time from request to answer"),
    (
        "Security",
        &[
            "secret",
            "encrypt",
            "token",
            "right",
            "malware",
            "personal data",
            "signed",
            "escaped",
            "reveal",
            "card data",
            "append-only",
            "neutralised",
            "consent",
        ],
        "breaches found by the security tests",
    ),
    (
        "Interaction capability",
        &[
            "contrast",
            "colour",
            "focus",
            "css",
            "next step",
            "one-click",
            "address shall",
            "typo",
            "table with the same",
            "offered",
        ],
        "findings of the accessibility run",
    ),
    ("Compatibility", &["version", "redirect", "keep ids", "work"], "calls of older clients that fail"),
    ("Maintainability", &["regression", "testable"], "changes without a failing test first"),
    (
        "Reliability",
        &[
            "idempotency",
            "duplicate",
            "twice",
            "once",
            "stored",
            "safe",
            "survive",
            "clock change",
            "stable",
            "restart",
            "lost",
            "409",
            "half",
        ],
        "wrong outcomes in the fault tests",
    ),
    ("Functional suitability", &[], "criteria that fail"),
];

/// What a page of rows must be answered within. Chosen: the usual limit at which an answer still feels like one step.
const PAGE_MS: u32 = 300;

/// Qualities with how each is measured.
pub(super) fn targets(spec: &Spec, blueprint: &Blueprint) -> Vec<Target> {
    let mut out: Vec<Target> = Vec::new();
    for (i, quality) in spec.qualities.iter().enumerate() {
        let lower = quality.text.to_lowercase();
        let (heading, _, metric) = HEADINGS
            .into_iter()
            .find(|(_, words, _)| words.is_empty() || words.iter().any(|word| lower.contains(word)))
            .unwrap_or(HEADINGS[6]);
        let is_timed = heading == "Performance efficiency";
        out.push(Target {
            heading: heading.to_owned(),
            metric: metric.to_owned(),
            must: Must::AsQuality(i as u16),
            percentile: is_timed.then_some(95),
            load: if is_timed { "20 requests a second (default)" } else { "any" }.to_owned(),
            measured_by: if is_timed {
                "load test in the pipeline; then the service's histogram"
            } else {
                "a test in the pipeline"
            }
            .to_owned(),
        });
    }
    if !blueprint.operations.is_empty() {
        let stated = |text: String, what: &str| Must::AsStated(default(text, format!("blueprint.targets.{what}")));
        out.push(Target {
            heading: "Performance efficiency".to_owned(),
            metric: "time from request to answer".to_owned(),
            must: stated(format!("At most {PAGE_MS} ms for every call but those that answer 202."), "latency"),
            percentile: Some(95),
            load: "20 requests a second (default)".to_owned(),
            measured_by: "histogram http_request_seconds by operation".to_owned(),
        });
        out.push(Target {
            heading: "Reliability".to_owned(),
            metric: "share of calls that do not end in a 5xx".to_owned(),
            must: stated("At least 99.9 % over 28 days.".to_owned(), "availability"),
            percentile: None,
            load: "what people do".to_owned(),
            measured_by: "counter http_requests_total by status".to_owned(),
        });
    }
    out.sort_by(|a, b| a.heading.cmp(&b.heading));
    out
}

/// One test for each criterion.
pub(super) fn tests(spec: &Spec) -> Vec<PlannedTest> {
    let criteria = spec.stories.iter().flat_map(|story| &story.criteria);
    criteria
        .map(|criterion| PlannedTest {
            id: test_id(&criterion.key),
            criterion_key: criterion.key.clone(),
            level: match criterion.case {
                Case::Permission | Case::Limit => "interface",
                Case::Failure => "fault injection",
                Case::Happy | Case::Empty => "acceptance",
            }
            .to_owned(),
        })
        .collect()
}

fn test_id(key: &str) -> String {
    format!("test_{}", words::snake(&key.replace(['-', '.'], " ")))
}

/// The events that measures are counted from.
pub(super) fn events(spec: &Spec) -> Vec<PlannedEvent> {
    let mut out: Vec<PlannedEvent> = Vec::new();
    for measure in &spec.measures {
        for name in &measure.events {
            if out.iter().any(|event| event.name == *name) {
                continue;
            }
            let mut properties =
                vec![("account_id", "uuid"), ("user_id", "uuid"), ("at", "timestamp"), ("surface", "text")];
            if name.contains("fail") || name.contains("conflict") || name.contains("refused") {
                properties.push(("reason", "text"));
            }
            if name.contains("done") || name.contains("finish") || name.contains("ready") || name.contains("completed")
            {
                properties.push(("duration_ms", "int"));
            }
            out.push(PlannedEvent {
                name: name.clone(),
                when: "once each time, by the service".to_owned(),
                properties: properties.into_iter().map(|(name, kind)| (name.to_owned(), kind.to_owned())).collect(),
            });
        }
    }
    out
}

/// Files that the work opens, with whether each is there; empty where nobody knows.
#[derive(Default)]
pub(super) struct Sites {
    /// Of the migration.
    pub(super) data: Vec<(String, Presence)>,
    /// Of each operation, in their order.
    pub(super) operations: Vec<Vec<(String, Presence)>>,
    /// Of everything else, and of what has none above.
    pub(super) rest: Vec<(String, Presence)>,
}

/// The work in an order in which each piece can be begun: data, then operations, then what is deployed, screens,
/// events, and the release at the end.
pub(super) fn tasks(spec: &Spec, blueprint: &Blueprint, sites: &Sites) -> Vec<Task> {
    let mut list = List { tasks: Vec::new(), tests: &blueprint.tests };
    let all: Vec<String> = spec.stories.iter().map(|story| story.key.clone()).collect();
    let changed: Vec<String> = blueprint.tables.iter().filter_map(of_table).collect();
    let data = if changed.is_empty() {
        Vec::new()
    } else {
        let text = format!("Migration up and down for {}.", words::listed(&changed));
        let key = list.add(text, Vec::new(), all.clone(), Some("test_migration_up_and_down"));
        list.opens(&sites.data);
        vec![key]
    };
    let operations: Vec<String> = blueprint
        .operations
        .iter()
        .enumerate()
        .map(|(i, operation)| {
            let (text, test) = (of_operation(operation), format!("test_{}", words::snake(&spaced(&operation.id))));
            let key = list.add(text, data.clone(), operation.story_keys.clone(), Some(&test));
            list.opens(sites.operations.get(i).map_or(&[], Vec::as_slice));
            key
        })
        .collect();
    let ground = if operations.is_empty() { data } else { operations };
    let mut before_release = Vec::new();
    if let Some(deployable) = &blueprint.deployable {
        let text = format!("Build and deploy {} ({}).", deployable.name, deployable.placement.word());
        before_release.push(list.add(text, ground.clone(), vec![all[0].clone()], Some("test_deployable_is_ready")));
    }
    for screen in &spec.screens {
        let mut serves: Vec<String> = screen.regions.iter().flat_map(|region| region.serves.clone()).collect();
        serves.sort();
        serves.dedup();
        if serves.is_empty() {
            serves.clone_from(&all);
        }
        let text = format!("Screen “{}” in its six states.", screen.title);
        before_release.push(list.add(text, ground.clone(), serves, None));
    }
    if !blueprint.events.is_empty() {
        let text = format!("Send {}.", words::counted(blueprint.events.len() as u32, "event"));
        before_release.push(list.add(text, ground.clone(), all.clone(), Some("test_events_are_sent")));
    }
    for story in &spec.stories {
        let after = if before_release.is_empty() { ground.clone() } else { before_release.clone() };
        let serves = std::iter::once(story.key.clone()).chain(story.criteria.iter().map(|c| c.key.clone())).collect();
        list.add(format!("Make the criteria of {} pass end to end.", story.key), after, serves, None);
    }
    for task in list.tasks.iter_mut().filter(|task| task.files.is_empty()) {
        task.files.clone_from(&sites.rest);
    }
    list.tasks
}

/// A table as the migration names it; nothing when it stays as it is.
fn of_table(table: &Table) -> Option<String> {
    let added = table.columns.iter().filter(|column| column.is_added).count() as u32;
    match &table.presence {
        Presence::New | Presence::NotKnown => Some(table.name.clone()),
        Presence::Exists { .. } if added > 0 => {
            Some(format!("{} of {}", words::counted(added, "new column"), table.name))
        }
        Presence::Exists { .. } | Presence::Assumed => None,
    }
}

fn of_operation(operation: &Operation) -> String {
    let does = operation.summary.to_lowercase();
    match &operation.presence {
        Presence::Exists { .. } => {
            format!(
                "Use {} {}, which is there: {does}. Change it only where it answers otherwise.",
                operation.method, operation.path
            )
        }
        _ => format!("{} {}: {does}.", operation.method, operation.path),
    }
}

fn spaced(id: &str) -> String {
    id.chars().flat_map(|c| if c.is_uppercase() { vec![' ', c] } else { vec![c] }).collect()
}

struct List<'a> {
    tasks: Vec<Task>,
    tests: &'a [PlannedTest],
}

impl List<'_> {
    /// The files that the task which was added last opens.
    fn opens(&mut self, files: &[(String, Presence)]) {
        if let Some(task) = self.tasks.last_mut() {
            task.files = files.to_vec();
        }
    }

    /// Adds a task and gives its key. Without a test of its own, the test of the first criterion it serves shows it.
    fn add(&mut self, text: String, after: Vec<String>, serves: Vec<String>, test: Option<&str>) -> String {
        let key = format!("T-{}", self.tasks.len() + 1);
        let of_criterion = || {
            let known = self.tests.iter().find(|test| {
                serves
                    .iter()
                    .any(|key| test.criterion_key == *key || test.criterion_key.starts_with(&format!("{key}.")))
            });
            known.map(|test| test.id.clone()).unwrap_or_default()
        };
        let test = test.map_or_else(of_criterion, str::to_owned);
        self.tasks.push(Task { key: key.clone(), text, after, serves, files: Vec::new(), test });
        key
    }
}
