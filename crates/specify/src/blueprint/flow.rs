//! What runs where, and who says what to whom.
//!
//! Placement follows one rule: driven by requests and bursty is a function, steady is a service, by the clock is a
//! scheduled job, and everything else stays in the core. Which capability is which is listed in [`PLACED`].

use crate::statement::default;
use crate::words;
use throughline_model::blueprint::{Answer, Blueprint, Deployable, Message, Operation, Placement, Sequence};
use throughline_model::spec::{Case, Spec, Story};

/// A capability whose work does not belong into a request.
struct Placed {
    frame: &'static str,
    name: &'static str,
    does: &'static str,
    placement: Placement,
    why: &'static str,
    talks_to: &'static [&'static str],
}

/// All of them. Chosen; each reason is printed where it can be disputed.
const PLACED: [Placed; 10] = [
    Placed {
        frame: "export",
        name: "export-worker",
        does: "writes export files",
        placement: Placement::Function,
        why: "Exports come in bursts, at the end of a week or month, and none for hours: a function that scales to nothing costs nothing between them.",
        talks_to: &["file storage"],
    },
    Placed {
        frame: "import",
        name: "import-worker",
        does: "reads files that were handed in",
        placement: Placement::Function,
        why: "Imports are rare and large: a function with its own memory keeps one big file from slowing everyone down.",
        talks_to: &["file storage"],
    },
    Placed {
        frame: "migrate",
        name: "migration-worker",
        does: "takes over data from another product",
        placement: Placement::Function,
        why: "A migration runs once for an account and then never again: a function leaves nothing behind that must be paid for.",
        talks_to: &["the product that is left"],
    },
    Placed {
        frame: "bulk_edit",
        name: "bulk-worker",
        does: "carries out changes of many rows",
        placement: Placement::Function,
        why: "Changes of many rows are asked for by people, a few at a time and in bursts: a function starts when one is asked for.",
        talks_to: &[],
    },
    Placed {
        frame: "integrate",
        name: "connection-service",
        does: "keeps connected products in step",
        placement: Placement::Service,
        why: "Connections are watched all day and hold sessions with other products: a service that is always there keeps them open.",
        talks_to: &["the connected products"],
    },
    Placed {
        frame: "api_webhook",
        name: "webhook-sender",
        does: "delivers events to addresses of customers",
        placement: Placement::Function,
        why: "Deliveries follow what people do and come in bursts, and a slow receiver must not hold up the core: a function scales with what waits.",
        talks_to: &["receivers of customers"],
    },
    Placed {
        frame: "notify",
        name: "notification-sender",
        does: "sends notifications",
        placement: Placement::Function,
        why: "Notifications follow what people do and come in bursts: a function scales with them and rests at night.",
        talks_to: &["the mail and push services"],
    },
    Placed {
        frame: "schedule",
        name: "schedule-runner",
        does: "starts what is due",
        placement: Placement::Clock,
        why: "What is due is known by the clock: a job that is started every minute needs nothing that waits in between.",
        talks_to: &["the mail service"],
    },
    Placed {
        frame: "automate",
        name: "rule-runner",
        does: "carries out rules when something happens",
        placement: Placement::Service,
        why: "Events arrive all day and rules must see each within seconds and in order: a service that is always there reads them steadily.",
        talks_to: &[],
    },
    Placed {
        frame: "assist",
        name: "suggestion-function",
        does: "asks a model for suggestions",
        placement: Placement::Function,
        why: "Suggestions are asked for by people and take seconds each: a function keeps waiting requests out of the core.",
        talks_to: &["the model service"],
    },
];

/// What the change deploys beside the core, by its first need.
pub(super) fn deployable(spec: &Spec) -> Option<Deployable> {
    let frame = spec.needs.first()?.frame.as_str();
    let placed = PLACED.iter().find(|placed| placed.frame == frame)?;
    if spec.endpoints.is_empty() {
        return None;
    }
    Some(Deployable {
        name: placed.name.to_owned(),
        does: placed.does.to_owned(),
        placement: placed.placement,
        reason: default(placed.why, format!("placement.{frame}")),
        talks_to: placed.talks_to.iter().map(|&name| name.to_owned()).collect(),
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
        let answer = match operation.answer {
            Answer::Begun => "it began",
            Answer::Page => "a page",
            Answer::Nothing => "done",
            Answer::One | Answer::Health => "as it is now",
        };
        say(2, 1, &format!("{}, {answer}", operation.success), true, false);
        if operation.answer == Answer::Begun && lanes.len() > 4 {
            say(4, 3, "take what waits", false, false);
        }
    }
    say(1, 0, "shows the result", true, false);
    if let Some(refused) = story.criteria.iter().find(|criterion| criterion.case == Case::Permission) {
        say(2, 1, &format!("403, see {}", refused.key), true, true);
        say(1, 0, "nothing changed, and says why", true, true);
    }
    Sequence { story_key: story.key.clone(), lanes, messages }
}
