//! Use cases from the stories they dress.
//!
//! In: stories with their criteria, the job, the personas concerned. Out: one [`UseCase`] for each story that somebody
//! asked for. Steps are the event and the results of the criterion in which it works; extensions and guarantees are the
//! other criteria: nothing is written here that a criterion does not say, so the two cannot disagree.

use crate::statement::{default, open};
use crate::wording::{is_stated, sentence};
use crate::words;
use throughline_model::job::Job;
use throughline_model::persona::Concern;
use throughline_model::spec::{Case, Criterion, Spec, Statement, Story};
use throughline_model::use_case::{Ending, Extension, Guarantee, Level, Step, UseCase};
use throughline_model::{Basis, Citation, Need, SlotName};

/// Most minimal guarantees shown.
const MOST_GUARANTEES: usize = 3;

/// Most personas beside the actor whose stake is shown.
const MOST_BESIDE: usize = 2;

/// The step in which the actor acts.
const ACT: u32 = 2;

/// What a use case is dressed from.
pub(crate) struct Dressing<'a> {
    pub(crate) product: &'a str,
    pub(crate) need: &'a Need,
    pub(crate) story: &'a Story,
    pub(crate) job: &'a Job,
    pub(crate) objects: &'a str,
    pub(crate) secondary: &'a [Concern],
}

/// The use case of a story; none when no criterion says how it works.
pub(crate) fn dressed(dressing: &Dressing<'_>, key: &str) -> Option<UseCase> {
    let Dressing { product, need, story, job, .. } = dressing;
    let happy = story.criteria.iter().find(|criterion| criterion.case == Case::Happy)?;
    let actor = &story.actor.text;
    let ground = |criterion: &Criterion| (criterion.basis, criterion.citations.clone());
    let stated = |text: String, criterion: &Criterion| {
        let (basis, citations) = ground(criterion);
        Statement { text, basis, citations }
    };
    let guarantee = |text: String, criterion: &Criterion| Guarantee {
        statement: stated(text, criterion),
        criterion_keys: vec![criterion.key.clone()],
    };
    let unwanted = [Case::Failure, Case::Permission, Case::Limit];
    let minimal = unwanted
        .iter()
        .flat_map(|case| story.criteria.iter().filter(move |criterion| criterion.case == *case))
        .filter_map(|criterion| {
            let result = criterion.then.first()?;
            Some(guarantee(format!("If {}, {result}.", words::listed(&criterion.given)), criterion))
        })
        .take(MOST_GUARANTEES)
        .collect();
    Some(UseCase {
        key: key.to_owned(),
        story_key: story.key.clone(),
        title: story.title.clone(),
        primary_actor: actor.clone(),
        goal: Statement {
            text: format!(
                "The {actor} {}, so that {}.",
                third_person(&indicative(&story.means.text)),
                third_person(&story.benefit.text)
            ),
            ..story.means.clone()
        },
        scope: (*product).to_owned(),
        level: Level::UserGoal,
        stakeholders: stakeholders(dressing, happy),
        preconditions: happy.given.iter().map(|clause| stated(sentence(clause), happy)).collect(),
        minimal_guarantees: minimal,
        success_guarantees: happy.then.iter().map(|clause| guarantee(sentence(clause), happy)).collect(),
        trigger: Statement { text: sentence(&third_person(&job.circumstance.text)), ..job.circumstance.clone() },
        steps: steps(dressing, happy),
        extensions: extensions(product, story, happy),
        variations: variations(need),
    })
}

/// Makes jobs and use cases of a specification again from what they say the same as, after somebody has edited that; a
/// use case whose story is gone goes too. What a job is for is what its story is for, unless somebody worded it.
pub fn redress(spec: &mut Spec) {
    for (job, story) in spec.jobs.iter_mut().zip(&spec.stories) {
        if job.progress.basis != Basis::Decided {
            job.progress.clone_from(&story.benefit);
        }
    }
    if let [first, others @ ..] = spec.jobs.as_mut_slice() {
        others.iter_mut().for_each(|job| job.forces.clone_from(&first.forces));
        spec.job = vec![crate::job::story(first)];
    }
    let Spec { use_cases, stories, needs, jobs, secondary, .. } = spec;
    let again = use_cases.iter().enumerate().filter_map(|(i, case)| {
        let story = stories.iter().find(|story| story.key == case.story_key)?;
        let need = needs.iter().find(|need| need.id == story.need_id)?;
        let dressing = Dressing {
            product: &case.scope,
            need,
            story,
            job: jobs.get(i)?,
            objects: "",
            secondary: secondary.as_slice(),
        };
        let mut again = dressed(&dressing, &case.key)?;
        // Who else answers for it does not come from the story.
        let n = 1 + secondary.len().min(MOST_BESIDE);
        again.stakeholders.truncate(n);
        again.stakeholders.extend(case.stakeholders.iter().skip(n).cloned());
        Some(again)
    });
    *use_cases = again.collect();
}

/// The lead-in, the event, then each result.
fn steps(dressing: &Dressing<'_>, happy: &Criterion) -> Vec<Step> {
    let Dressing { product, story, .. } = dressing;
    let actor = &story.actor.text;
    let given = happy.given.first().map_or("", String::as_str);
    let own = format!("the {actor} ");
    let (lead, keys) = match given.strip_prefix(&own) {
        Some(rest) if happy.when.starts_with("the ") => {
            (format!("The {actor}, who {rest}, opens {product}."), vec![happy.key.clone()])
        }
        None if happy.when.starts_with(&own) => {
            (format!("The {actor} opens {product}; {given}."), vec![happy.key.clone()])
        }
        Some(_) | None => (sentence(given), vec![happy.key.clone()]),
    };
    let event = sentence(&happy.when);
    let texts = [(lead, keys), (event, vec![happy.key.clone()])]
        .into_iter()
        .chain(responses(product, happy).into_iter().map(|text| (text, vec![happy.key.clone()])));
    texts
        .take(9)
        .enumerate()
        .map(|(i, (text, criterion_keys))| Step { number: i as u32 + 1, text, criterion_keys })
        .collect()
}

/// What the product does, as sentences: its EARS responses in the indicative.
fn responses(product: &str, criterion: &Criterion) -> Vec<String> {
    let one = |line: &str| line.split_once(" shall ").map(|(_, response)| response.trim_end_matches('.').to_owned());
    criterion
        .ears
        .lines()
        .filter_map(one)
        .map(|response| sentence(&format!("{product} {}", indicative(&response))))
        .collect()
}

/// A verb phrase in the third person, with every verb that is joined to the first: `does it or says why not`.
fn indicative(phrase: &str) -> String {
    const JOINED: [&str; 9] = ["rely", "say", "tell", "offer", "keep", "show", "have", "find", "ask"];
    let mut out = String::new();
    let mut is_joined = false;
    let mut rest = words::third_person(phrase);
    while let Some((at, mark)) = [" and ", " or "].iter().filter_map(|mark| Some((rest.find(mark)?, *mark))).min() {
        let (head, tail) = rest.split_at(at + mark.len());
        out.push_str(&if is_joined { words::third_person(head) } else { head.to_owned() });
        is_joined = tail.split(' ').next().is_some_and(|word| JOINED.contains(&word));
        let tail = tail.to_owned();
        rest = tail;
    }
    out.push_str(&if is_joined { words::third_person(&rest) } else { rest });
    out
}

fn extensions(product: &str, story: &Story, happy: &Criterion) -> Vec<Extension> {
    let mut out: Vec<Extension> = Vec::new();
    for criterion in story.criteria.iter().filter(|criterion| criterion.key != happy.key) {
        let step = if criterion.case == Case::Failure { ACT + 1 } else { ACT };
        let n_before = out.iter().filter(|other| other.id.starts_with(&step.to_string())).count();
        let Some(letter) = ('a'..='z').nth(n_before) else { continue };
        let mut handling = responses(product, criterion);
        if criterion.case == Case::Failure && criterion.when != happy.when {
            handling.insert(0, sentence(&criterion.when));
        }
        let ending = ending(criterion);
        out.push(Extension {
            id: format!("{step}{letter}"),
            condition: words::listed(&criterion.given),
            handling,
            ending,
            rejoins_at: (ending == Ending::Rejoins).then_some(ACT),
            criterion_key: criterion.key.clone(),
        });
    }
    out.sort_by(|a, b| a.id.cmp(&b.id));
    out
}

/// How a criterion that is not the main one ends, told from what its results do.
fn ending(criterion: &Criterion) -> Ending {
    let calls = criterion.steps.iter().skip(criterion.given.len() + 1).flatten();
    let can_retry = calls.clone().any(|call| call.verb == "offers" && call.args.iter().any(|arg| arg == "retry"));
    let refuses = calls.clone().any(|call| {
        call.verb == "same"
            || call.verb == "told" && call.args.iter().any(|arg| ["denied", "limit"].contains(&arg.as_str()))
    });
    match criterion.case {
        _ if can_retry => Ending::Rejoins,
        Case::Happy => Ending::Success,
        Case::Limit if !refuses => Ending::Success,
        // What was missed is made up for.
        Case::Failure if calls.clone().any(|call| call.verb == "runs") => Ending::Success,
        _ => Ending::Failure,
    }
}

fn stakeholders(dressing: &Dressing<'_>, happy: &Criterion) -> Vec<Statement> {
    let Dressing { need, story, objects, secondary, .. } = dressing;
    let mut out = vec![Statement {
        text: sentence(&format!(
            "{}: that {}",
            words::capitalised(&story.actor.text),
            third_person(&story.benefit.text)
        )),
        ..story.benefit.clone()
    }];
    out.extend(secondary.iter().take(MOST_BESIDE).map(|concern| concern.need.clone()));
    if story.criteria.iter().any(|criterion| criterion.case == Case::Permission) {
        out.push(default(
            format!("Whoever answers for access: that nobody gets at {objects} without the right to."),
            format!("playbook.{}.scenes", need.frame),
        ));
    }
    if out.iter().all(|statement| statement.text.is_empty()) {
        out.push(open(format!("Not known for {}.", happy.key)));
    }
    out
}

/// Forms in which the same may be done: what people named, or what was taken for granted.
fn variations(need: &Need) -> Vec<Statement> {
    let names =
        [(SlotName::Format, "Form"), (SlotName::Destination, "Where it goes"), (SlotName::Condition, "When it holds")];
    let mut out: Vec<Statement> = names
        .iter()
        .filter_map(|(name, title)| {
            let slot = need.slots.get(name).filter(|slot| slot.basis != Basis::Open)?;
            let citations = if is_stated(slot) {
                slot.quotes.iter().map(crate::facts::cite).collect()
            } else {
                vec![Citation::Default { path: format!("frames.{}.defaults.{}", need.frame, name.word()) }]
            };
            let basis = if is_stated(slot) { slot.basis } else { Basis::Default };
            let value = crate::wording::tidy(slot.value.trim());
            let is_clean = !value.is_empty() && !value.contains(['{', '}', '[', ']']);
            is_clean.then(|| Statement { text: sentence(&format!("{title}: {value}")), basis, citations })
        })
        .collect();
    if out.is_empty() {
        out.push(open("No other form is named by anybody."));
    }
    out
}

/// A text of the first person as one of the third: `I am away` becomes `they are away`.
pub(crate) fn third_person(text: &str) -> String {
    let mut out: Vec<&str> = Vec::new();
    for word in text.split(' ') {
        let (core, tail) = word.split_at(word.trim_end_matches([',', '.', ';', ':']).len());
        let changed = match core {
            "I" | "we" => "they",
            "am" if out.last() == Some(&"they") => "are",
            "was" if out.last() == Some(&"they") => "were",
            "my" | "our" => "their",
            "me" | "us" => "them",
            "mine" | "ours" => "theirs",
            "myself" | "ourselves" => "themselves",
            "I'm" | "we're" => "they are",
            _ => {
                out.push(word);
                continue;
            }
        };
        if tail.is_empty() {
            out.push(changed);
        } else {
            // The mark after a pronoun stays with it.
            out.push(changed);
            out.push(tail);
        }
    }
    crate::wording::tidy(&out.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_verbs_agree() {
        assert_eq!(indicative("do it or say why not"), "does it or says why not");
        assert_eq!(indicative("use hours and rely on it"), "uses hours and relies on it");
        assert_eq!(
            indicative("list it with its owner, links and history"),
            "lists it with its owner, links and history"
        );
    }

    #[test]
    fn the_first_person_becomes_the_third() {
        assert_eq!(third_person("I am away from my desk"), "they are away from their desk");
        assert_eq!(third_person("the way it is does not suit us"), "the way it is does not suit them");
        assert_eq!(third_person("set attributes myself, at once"), "set attributes themselves, at once");
    }
}
