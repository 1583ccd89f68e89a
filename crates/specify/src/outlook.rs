//! What follows from building it: measures, limits, roll-out, risks, assumptions, questions, the decision asked.

use crate::Input;
use crate::facts::{Facts, cite};
use crate::in_code;
use crate::playbook::{Entry, split};
use crate::statement::{assumption, default, evidence, open, strategy};
use crate::story::MOST_CITED;
use crate::wording::{Wording, is_stated, sentence};
use crate::words;
use std::collections::BTreeSet;
use throughline_frames::{Frame, Template};
use throughline_model::plan::Horizon;
use throughline_model::spec::{Measure, Question, Statement};
use throughline_model::{Basis, Citation, Need, Quote, SlotName};

/// Days after release in which a goal is to be reached. Chosen: long enough for two monthly rhythms.
const WINDOW_DAYS: u32 = 60;

/// Days after release in which complaints are to fall: one quarter, as they lag behind use.
const VOICES_WINDOW_DAYS: u32 = 90;

/// What is printed where nobody has measured.
pub const UNKNOWN_BASELINE: &str = "unknown, measure first";

/// Goals and guardrails.
pub(crate) fn measures(
    facts: &Facts<'_>,
    need: &Need,
    entry: &Entry,
    frame: Option<&Frame>,
    wording: &Wording,
) -> Vec<Measure> {
    let events = event_names(frame, wording);
    let goal = |text: &str, is_guardrail: bool| {
        let (metric, target) = split(text, " -> ");
        Measure {
            metric: words::capitalised(&wording.fill(metric)),
            baseline: open(UNKNOWN_BASELINE),
            target: default(wording.fill(target), format!("playbook.{}.goal", need.frame)),
            window_days: WINDOW_DAYS,
            events: events.clone(),
            is_guardrail,
        }
    };
    let mut out = vec![goal(&entry.goal, false)];
    if let Some(behaviour) = facts.behaviours().next() {
        let quote = facts.excerpt(behaviour, None);
        if let Some((share, of_what)) = share_in(&quote.text) {
            out.push(Measure {
                metric: format!("{} that show the observed pattern", words::capitalised(&of_what)),
                baseline: evidence(share, vec![cite(&quote)]),
                target: default("half of that", "playbook.goal.pattern"),
                window_days: WINDOW_DAYS,
                events: events.clone(),
                is_guardrail: false,
            });
        }
    }
    if let Some(rate) = facts.voices_a_month() {
        let rate = format!("{rate:.1}");
        out.push(Measure {
            metric: "Voices a month about this".to_owned(),
            baseline: evidence(
                format!("{} a month over the last three months", rate.strip_suffix(".0").unwrap_or(&rate)),
                vec![facts.citation()],
            ),
            target: default("at most one", "playbook.goal.voices"),
            window_days: VOICES_WINDOW_DAYS,
            events: Vec::new(),
            is_guardrail: false,
        });
    }
    out.push(goal(&entry.guard, true));
    out
}

/// What is left out, with reasons.
pub(crate) fn non_goals(
    input: &Input<'_>,
    facts: &Facts<'_>,
    need: &Need,
    entry: &Entry,
    wording: &Wording,
) -> Vec<Statement> {
    let mut out: Vec<Statement> = entry
        .out
        .iter()
        .map(|text| {
            let (what, why) = split(text, ":");
            let text = format!("{}: {why}", words::capitalised(what));
            default(wording.sentence(&text), format!("playbook.{}.out", need.frame))
        })
        .collect();
    let about = content_words(&format!("{} {}", facts.insight.label, wording.object.many));
    for non_goal in input.strategy.non_goals.iter().flatten() {
        if content_words(&non_goal.text).intersection(&about).next().is_some() {
            out.push(strategy(
                sentence(&format!("{}: {}", non_goal.text.trim_end_matches('.'), non_goal.reason)),
                format!("non_goals.{}", non_goal.id),
            ));
        }
    }
    if let Some(near) = &facts.insight.nearest
        && near.similarity >= 0.5
    {
        let apart = if near.words_there.is_empty() {
            "it is about something else".to_owned()
        } else {
            let words: Vec<String> = near.words_there.iter().take(3).map(|word| format!("“{word}”")).collect();
            format!("its voices speak of {}, these do not", words::listed(&words))
        };
        out.push(evidence(
            format!("{}: kept apart, {apart}.", words::capitalised(&near.label)),
            vec![Citation::Insight { id: near.id }],
        ));
    }
    out
}

/// Qualities with measure and target.
pub(crate) fn qualities(need: &Need, frame: Option<&Frame>, wording: &Wording) -> Vec<Statement> {
    let mut out = Vec::new();
    if let Some(slot) = need.slots.get(&SlotName::Quality).filter(|slot| is_stated(slot)) {
        let citations = slot.quotes.iter().map(cite).collect();
        out.push(Statement {
            text: sentence(&format!("Stated by customers: {}", slot.value.trim())),
            basis: slot.basis,
            citations,
        });
    }
    for text in frame.iter().flat_map(|frame| &frame.nfr).map(Template::as_str) {
        let text = text.replace("(default)", "").replace("p95", "95 of 100 times");
        let text = if text.contains(" shall ") || text.contains(',') {
            wording.sentence(&text)
        } else {
            wording.sentence(&text.replace(" within ", " shall end within "))
        };
        out.push(default(text, format!("frames.{}.nfr", need.frame)));
    }
    out
}

/// How it is released and watched.
pub(crate) fn rollout(
    facts: &Facts<'_>,
    need: &Need,
    frame: Option<&Frame>,
    wording: &Wording,
    title: &str,
) -> Vec<Statement> {
    let path = |what: &str| format!("playbook.rollout.{what}");
    let flag = words::kebab(title);
    let names = facts.account_names();
    let first = if names.is_empty() {
        "one account in ten".to_owned()
    } else {
        format!("the {} that asked", words::counted(names.len() as u32, "account"))
    };
    let mut out = vec![default(
        format!(
            "Behind the flag “{flag}”: first for {first}, two weeks later for everyone unless a guardrail is broken."
        ),
        path("flag"),
    )];
    let events = event_names(frame, wording);
    if !events.is_empty() {
        out.push(default(
            format!("Watched by the events {}.", words::listed(&events)),
            format!("frames.{}.events", need.frame),
        ));
    }
    out.push(default("Taken back by switching the flag off; nothing that was saved meanwhile is lost.", path("back")));
    if !names.is_empty() {
        let shown: Vec<String> = names.iter().take(6).cloned().collect();
        let more = names.len() - shown.len();
        let list = if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { words::listed(&shown) };
        let citations = facts
            .accounts
            .iter()
            .take(MOST_CITED)
            .map(|account| Citation::Account { id: account.id, field: "name".to_owned() })
            .collect();
        out.push(evidence(format!("To be told when it is there, because they asked: {list}."), citations));
    }
    out
}

/// What may go wrong.
pub(crate) fn risks(
    input: &Input<'_>,
    facts: &Facts<'_>,
    need: &Need,
    entry: &Entry,
    wording: &Wording,
) -> Vec<Statement> {
    let mut out = vec![default(wording.sentence(&entry.risk), format!("playbook.{}.risk", need.frame))];
    if let Some(quote) = facts.insight.dissent.first() {
        let text = format!("Not everyone wants it: “{}” Ask them before it becomes the only way.", quote.text);
        out.push(evidence(text, vec![cite(quote)]));
    }
    let about = content_words(&format!("{} {}", facts.insight.label, wording.object.many));
    for risk in input.strategy.risks.iter().flatten() {
        if content_words(&risk.text).intersection(&about).next().is_some() {
            out.push(strategy(sentence(&risk.text), format!("risks.{}", risk.id)));
        }
    }
    if facts.insight.n_accounts <= 1 {
        let text = format!(
            "{} from {}: what holds there may not hold elsewhere.",
            words::capitalised(&words::counted(facts.insight.n_voices, "voice")),
            if facts.insight.n_accounts == 0 { "no named account".to_owned() } else { "one account".to_owned() }
        );
        out.push(evidence(text, vec![facts.citation()]));
    }
    out
}

/// What is taken for granted, with the cheapest test.
pub(crate) fn assumptions(facts: &Facts<'_>, need: &Need, entry: &Entry, wording: &Wording) -> Vec<Statement> {
    let names = facts.account_names();
    let ask = match names.as_slice() {
        [] => "ask the newest two who wrote".to_owned(),
        [one] => format!("ask {one}"),
        [one, two, ..] => format!("ask {one} and {two}"),
    };
    let templates = format!("{} {} {} {}", entry.means, entry.change.join(" "), entry.scenes, entry.title);
    let test =
        |claim: &str| assumption(format!("{}. Cheapest test: {ask}.", words::capitalised(claim.trim_end_matches('.'))));
    let mut out: Vec<Statement> = entry.assume.iter().map(|claim| test(&wording.fill(claim))).collect();
    let claims = [
        (SlotName::Format, "{format} is the form that people need"),
        (SlotName::Attributes, "what matters about {objects} is {attributes}"),
        (SlotName::Destination, "it has to reach {destination}"),
        (SlotName::Trigger, "the act meant is {triggering}"),
        (SlotName::Quality, "{quality} is good enough"),
        (SlotName::Condition, "the case meant is {condition}"),
    ];
    for (slot, claim) in claims {
        let is_used = templates.contains(&format!("{{{}", slot.word()));
        let is_said = need.slots.get(&slot).is_some_and(is_stated);
        let is_worth_saying = entry.defaults.contains_key(slot.word()) && entry.assume.is_empty();
        if is_used && is_worth_saying && !is_said {
            out.push(test(&format!("{}; nobody has said so", wording.fill(claim))));
        }
    }
    out.truncate(3);
    if facts.behaviours().next().is_none() {
        out.push(assumption(
            "People who ask for it will use it; no behaviour has been observed. Cheapest test: give five of them the \
             prototype and count who plays the first scenario to its end.",
        ));
    }
    out.push(assumption(
        "The targets can be reached; nobody has measured where things stand. Cheapest test: record the events for two \
         weeks before building.",
    ));
    out
}

/// Questions, the one that matters most first.
pub(crate) fn questions(facts: &Facts<'_>, needs: &[(&Need, &Entry, &Wording)]) -> Vec<Question> {
    let mut out: Vec<Question> = Vec::new();
    for (need, entry, wording) in needs {
        let question = Question {
            text: words::capitalised(&wording.fill(&entry.ask)),
            options: entry.options.iter().map(|option| words::capitalised(&wording.fill(option))).collect(),
            who_decides: words::capitalised(&entry.decides),
            citations: vec![Citation::Default { path: format!("playbook.{}.ask", need.frame) }],
        };
        if !out.iter().any(|other| other.text == question.text) {
            out.push(question);
        }
    }
    if let Some(quote) = facts.insight.dissent.first() {
        out.push(Question {
            text: format!("One voice declines: “{}” Does that hold for others?", quote.text),
            options: vec![
                "Build it as asked, with a way to leave it off".to_owned(),
                "Ask ten more accounts first".to_owned(),
            ],
            who_decides: "Product manager".to_owned(),
            citations: vec![cite(quote)],
        });
    }
    for (need, ..) in needs {
        let open_object = need.slots.get(&SlotName::Object).filter(|slot| slot.basis == Basis::Open);
        if open_object.is_some() {
            out.push(Question {
                text: "What exactly is it about? No voice names the thing in words that agree.".to_owned(),
                options: vec![
                    "As shown here, with a neutral word".to_owned(),
                    "Ask the newest two who wrote".to_owned(),
                ],
                who_decides: "Product manager".to_owned(),
                citations: need
                    .signals
                    .iter()
                    .take(2)
                    .map(|&id| Citation::Signal { id, span: None, quote: None })
                    .collect(),
            });
        }
    }
    out.truncate(4);
    out
}

/// What must exist or be agreed first.
pub(crate) fn dependencies(need: &Need, wording: &Wording) -> Vec<Statement> {
    let path = format!("playbook.{}.depends", need.frame);
    let known = match need.frame.as_str() {
        "integrate" | "migrate" => Some("A test account with {destination} that may be written to."),
        "sso_login" => Some("A test tenant with {destination}."),
        "billing" => Some("The payment provider's test mode."),
        "notify" | "invite" => Some("A sending service for mail with a test address."),
        "localise" => Some("Somebody who writes the other language natively."),
        _ => None,
    };
    let mut out: Vec<Statement> = known.map(|text| default(wording.sentence(text), path)).into_iter().collect();
    out.push(open(in_code::NOT_TRACED));
    out
}

/// What is asked of whoever decides.
pub(crate) fn decision(input: &Input<'_>, facts: &Facts<'_>) -> Vec<Statement> {
    let mut out = Vec::new();
    if let Some(score) = input.score {
        let place = input.place.map_or_else(String::new, |place| format!("Rank {}, band {}: ", place.rank, place.band));
        let text = format!(
            "{place}{:.1} of {} knowable points; {} of 77 known.",
            score.earned, score.knowable, score.knowable
        );
        out.push(evidence(words::capitalised(&text), vec![facts.citation()]));
    }
    match input.place.and_then(|place| place.effort.as_ref()) {
        Some(effort) => out.push(assumption(format!("Cost: {}.", effort.sentence))),
        None => out.push(open(in_code::NOT_COSTED)),
    }
    let Some(place) = input.place else {
        out.push(open("Asked: whether this goes into the ranked plan."));
        return out;
    };
    let asked = match place.horizon {
        Horizon::Now => "Asked: start in the current period.",
        Horizon::Next => "Asked: start in the next period.",
        Horizon::Later => "Asked: agree that this waits, and when it is looked at again.",
        Horizon::Never => "Asked: nothing; this is not to be built.",
        Horizon::Unplanned => "Asked: name effort and capacity, so that this can be given a period.",
    };
    let reason = place.reason.trim();
    let text = if reason.is_empty() { asked.to_owned() } else { format!("{asked} {}", sentence(reason)) };
    out.push(evidence(text, vec![facts.citation()]));
    out
}

/// Names of the events of a frame.
fn event_names(frame: Option<&Frame>, wording: &Wording) -> Vec<String> {
    frame
        .iter()
        .flat_map(|frame| &frame.events)
        .map(|event| event.as_str().replace("{object}", &wording.object.snake()))
        .collect()
}

/// `41 of 212 active accounts` in a statement about behaviour, and what was counted.
fn share_in(text: &str) -> Option<(String, String)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.windows(3).enumerate().find_map(|(i, three)| {
        let is_count = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_digit() || c == ',');
        if !(three[1] == "of" && is_count(three[0]) && is_count(three[2])) {
            return None;
        }
        let follows: Vec<&str> =
            words[i + 3..].iter().take(2).map(|word| word.trim_matches([',', '.', ';', ':'])).collect();
        let noun = match follows[..] {
            [thing, ..] if thing.ends_with('s') => thing.to_owned(),
            [how, thing] if thing.ends_with('s') || thing == "people" => format!("{how} {thing}"),
            _ => return None,
        };
        Some((format!("{} of {} {noun}", three[0], three[2]), noun))
    })
}

/// Words that carry meaning, in lower case and singular.
pub(crate) fn content_words(text: &str) -> BTreeSet<String> {
    const EMPTY: &[&str] = &[
        "a", "an", "the", "and", "or", "of", "for", "to", "in", "on", "at", "by", "with", "from", "as", "is", "are",
        "be", "it", "its", "that", "this", "these", "those", "not", "no", "i", "we", "they", "who", "which", "what",
        "when", "can", "my", "our", "their", "so", "than", "more", "own", "me", "them", "us", "you", "your", "into",
        "one", "all", "any", "each", "do", "does", "done", "have", "has", "will", "would", "may", "must", "through",
        "without", "there", "here", "where",
    ];
    words::ascii_words(text)
        .iter()
        .filter(|word| word.len() > 1 && !EMPTY.contains(&word.as_str()))
        .map(|word| words::singular(word))
        .collect()
}

/// Citations of a dissenting voice, as quotes to show.
pub(crate) fn dissent(facts: &Facts<'_>) -> Vec<Quote> {
    facts.insight.dissent.iter().take(3).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_read_from_statements_about_behaviour() {
        let share = |text: &str| share_in(text).map(|(share, of_what)| [share, of_what]);
        let told = |share: &str, of_what: &str| Some([share.to_owned(), of_what.to_owned()]);
        assert_eq!(
            share("41 of 212 active accounts exported it"),
            told("41 of 212 active accounts", "active accounts")
        );
        assert_eq!(share("they ran into errors in 79 of 916 sessions (9 %)"), told("79 of 916 sessions", "sessions"));
        assert_eq!(share("most of them did"), None);
    }
}
