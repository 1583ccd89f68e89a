//! What runs where, and who says what to whom.
//!
//! Placement follows one rule: driven by requests and bursty is a function, steady is a service, by the clock is a
//! scheduled job, and everything else stays in the core. Which capability is which is listed in [`PLACED`].

use crate::statement::default;
use crate::words;
use throughline_model::blueprint::{Answer, Blueprint, Deployable, Message, Operation, Placement, Sequence};
use throughline_model::spec::{Case, Spec, Story};

/// Capabilities whose work does not belong into a request: frame, name, what it does, where, why, what it talks to.
const PLACED: [(&str, &str, &str, Placement, &str, &[&str]); 10] = [
    (
        "export",
        "export-worker",
        "writes export files",
        Placement::Function,
        "Exports come in bursts, at the end of a week or month, and none for hours: a function that scales to nothing costs nothing between them.",
        &["file storage"],
    ),
    (
        "import",
        "import-worker",
        "reads files that were handed in",
        Placement::Function,
        "Imports are rare and large: a function with its own memory keeps one big file from slowing everyone down.",
        &["file storage"],
    ),
    (
        "migrate",
        "migration-worker",
        "takes over data from another product",
        Placement::Function,
        "A migration runs once for an account and then never again: a function leaves nothing behind that must be paid for.",
        &["the product that is left"],
    ),
    (
        "bulk_edit",
        "bulk-worker",
        "carries out changes of many rows",
        Placement::Function,
        "Changes of many rows are asked for by people, a few at a time and in bursts: a function starts when one is asked for.",
        &[],
    ),
    (
        "integrate",
        "connection-service",
        "keeps connected products in step",
        Placement::Service,
        "Connections are watched all day and hold sessions with other products: a service that is always there keeps them open.",
        &["the connected products"],
    ),
    (
        "api_webhook",
        "webhook-sender",
        "delivers events to addresses of customers",
        Placement::Function,
        "Deliveries follow what people do and come in bursts, and a slow receiver must not hold up the core: a function scales with what waits.",
        &["receivers of customers"],
    ),
    (
        "notify",
        "notification-sender",
        "sends notifications",
        Placement::Function,
        "Notifications follow what people do and come in bursts: a function scales with them and rests at night.",
        &["the mail and push services"],
    ),
    (
        "schedule",
        "schedule-runner",
        "starts what is due",
        Placement::Clock,
        "What is due is known by the clock: a job that is started every minute needs nothing that waits in between.",
        &["the mail service"],
    ),
    (
        "automate",
        "rule-runner",
        "carries out rules when something happens",
        Placement::Service,
        "Events arrive all day and rules must see each within seconds and in order: a service that is always there reads them steadily.",
        &[],
    ),
    (
        "assist",
        "suggestion-function",
        "asks a model for suggestions",
        Placement::Function,
        "Suggestions are asked for by people and take seconds each: a function keeps waiting requests out of the core.",
        &["the model service"],
    ),
];

/// What the change deploys beside the core, by its first need.
pub(super) fn deployable(spec: &Spec) -> Option<Deployable> {
    let frame = spec.needs.first()?.frame.as_str();
    let (_, name, does, placement, why, talks_to) = PLACED.into_iter().find(|(of, ..)| *of == frame)?;
    if spec.endpoints.is_empty() {
        return None;
    }
    Some(Deployable {
        name: name.to_owned(),
        does: does.to_owned(),
        placement,
        reason: default(why, format!("placement.{frame}")),
        talks_to: talks_to.iter().map(|&name| name.to_owned()).collect(),
    })
}

/// One sequence for each story of the first priority.
pub(super) fn sequences(spec: &Spec, blueprint: &Blueprint) -> Vec<Sequence> {
    spec.stories.iter().filter(|story| story.priority == 1).map(|story| sequence(story, spec, blueprint)).collect()
}

fn sequence(story: &Story, spec: &Spec, blueprint: &Blueprint) -> Sequence {
    let screen = spec.screens.first().map_or("Screen", |screen| screen.title.as_str());
    let mut lanes = vec!["{actor}".to_owned(), screen.to_owned(), "Service".to_owned(), "Database".to_owned()];
    let deployable = blueprint.deployable.as_ref();
    lanes.extend(deployable.map(|deployable| words::capitalised(&deployable.name.replace('-', " "))));
    let mut messages = Vec::new();
    let mut say = |from, to, text: &str, is_answer, is_refusal| {
        messages.push(Message { from, to, text: text.to_owned(), is_answer, is_refusal });
    };
    // Filled in where it is printed, so that an edited story reads the same here.
    say(0, 1, "{means}", false, false);
    let operations: Vec<&Operation> =
        blueprint.operations.iter().filter(|operation| operation.story_keys.contains(&story.key)).collect();
    // Acts first: what is read afterwards shows what they did.
    let (acts, reads): (Vec<&Operation>, Vec<&Operation>) =
        operations.into_iter().partition(|operation| operation.method != "GET");
    for operation in acts.into_iter().take(2).chain(reads.into_iter().take(1)) {
        say(1, 2, &format!("{} {}", operation.method, operation.path), false, false);
        let table = if operation.table.is_empty() { "what is known" } else { operation.table.as_str() };
        let table = table.replace('_', " ");
        let act =
            if operation.method == "GET" { format!("read {table}") } else { format!("check rights, write {table}") };
        say(2, 3, &act, false, false);
        say(3, 2, "rows", true, false);
        if operation.answer == Answer::Begun && lanes.len() > 4 {
            say(4, 3, "take what waits", false, false);
        }
        say(2, 1, &format!("{} {}", operation.success, operation.summary.to_lowercase()), true, false);
    }
    say(1, 0, "shows the result", true, false);
    if let Some(refused) = story.criteria.iter().find(|criterion| criterion.case == Case::Permission) {
        say(2, 1, &format!("403, see {}", refused.key), true, true);
        say(1, 0, "nothing changed, and says why", true, true);
    }
    Sequence { story_key: story.key.clone(), lanes, messages }
}
