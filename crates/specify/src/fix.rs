//! A bug stays small: expected, actual, where, who is hit, the regression criterion, workaround, whom to tell.

use crate::facts::{Facts, cite, cite_signals};
use crate::in_code;
use crate::narrative::Who;
use crate::schema::item_id;
use crate::statement::{assumption, evidence, open};
use crate::story::{MOST_CITED, ears};
use crate::wording::{Trigger, Wording, is_stated, sentence};
use crate::words;
use throughline_model::spec::{Call, Case, Criterion, Fix, Statement, Story};
use throughline_model::{Basis, Need, Quote, SlotName};

/// Words by which people say what they expected.
const EXPECTATION: [&str; 7] =
    ["should", "supposed to", "expected", "used to work", "used to be", "ought to", "normally"];

/// Share of the statements that must name what is done before a fix speaks of it as what they all do.
const NAMED_BY: f64 = 0.2;

/// What is done when the fault shows, where several voices name it. One voice's verb is not everybody's act: without
/// agreement a fix speaks of "what is reported" and lets the quotes say it.
fn act<'a>(facts: &Facts<'_>, wording: &'a Wording) -> Option<&'a Trigger> {
    let said = wording.trigger.infinitive();
    let thing = said.rsplit(' ').next().map(|word| words::singular(&word.to_lowercase()))?;
    let names_it = |text: &str| {
        let lower = text.to_lowercase();
        lower.split(|c: char| !c.is_alphanumeric()).any(|word| words::singular(word) == thing)
    };
    let n_all = facts.words().count();
    let n_naming = facts.words().filter(|signal| names_it(&facts.excerpt(signal, None).text)).count();
    (n_naming >= 2 && n_naming as f64 >= NAMED_BY * n_all as f64 || n_all == 1).then_some(&wording.trigger)
}

/// What hurts, in one sentence: the act that fails, or the name under which it is reported.
pub(crate) fn pain(facts: &Facts<'_>, wording: &Wording) -> String {
    match act(facts, wording) {
        Some(trigger) => sentence(&format!("{} fails", trigger.gerund())),
        None => match facts.commonest("malfunction") {
            Some(said) => format!(
                "{}: {} of {} report something broken, most often as “{said}”.",
                words::capitalised(&facts.insight.label),
                words::number(facts.with_phrase("malfunction").count() as u32),
                words::counted_in_words(facts.words().count() as u32, "statement")
            ),
            None => sentence(&format!("Reported as a fault: {}", facts.insight.label)),
        },
    }
}

/// The body of a fix.
pub(crate) fn fix(facts: &Facts<'_>, needs: &[Need], quotes: &[Quote], wording: &Wording) -> Fix {
    let expectation = act(facts, wording).map_or_else(
        || "What is reported no longer happens".to_owned(),
        |trigger| format!("{} works", words::capitalised(&trigger.gerund())),
    );
    let expected_words = facts.words().find_map(|signal| {
        let quote = facts.excerpt(signal, None);
        let lower = quote.text.to_lowercase();
        EXPECTATION.iter().any(|word| lower.contains(word)).then_some(quote)
    });
    let expected = match expected_words {
        Some(quote) => vec![evidence(format!("In a customer's words: “{}”", quote.text), vec![cite(&quote)])],
        None => vec![assumption(format!(
            "{expectation}, and nothing is missing from its result. No voice says what it expected. Cheapest test: ask the newest reporter."
        ))],
    };
    let actual = quotes.iter().take(3).map(|quote| evidence(format!("“{}”", quote.text), vec![cite(quote)])).collect();
    Fix { expected, actual, place: place(needs), workaround: workaround(facts), tell: tell(facts) }
}

/// The story of a fix, with the one criterion that fails until it is mended.
pub(crate) fn story(
    facts: &Facts<'_>,
    need: &Need,
    wording: &Wording,
    who: &Who,
    quotes: &[Quote],
    product: &str,
) -> Story {
    let act = act(facts, wording).map(Trigger::infinitive);
    let means =
        act.as_ref().map_or_else(|| "work without this fault".to_owned(), |act| format!("{act} and rely on it"));
    let reported = quotes.first().map_or_else(
        || "the case is set up as reported".to_owned(),
        |quote| {
            let words: Vec<&str> = quote.text.trim_end_matches(['.', '!', '?']).split_whitespace().collect();
            format!("the case is set up as reported: “{}”", words.join(" "))
        },
    );
    let situation = need.slots.get(&SlotName::Situation).filter(|slot| is_stated(slot));
    let mut given = vec![reported];
    if let Some(slot) = situation.filter(|slot| tells_when(&slot.value)) {
        given.push(format!("it is as they say: “{}”", slot.value.trim().trim_end_matches(['.', ','])));
    }
    let when = act.map_or_else(
        || format!("the {} does what is reported", who.actor.one),
        |act| format!("the {} sets out to {act}", who.actor.one),
    );
    let then = vec!["each of ten tries completes, with nothing missing from the result".to_owned()];
    let cited = cite_signals(&need.signals, MOST_CITED);
    let call = |verb: &str, args: &[&str]| Call {
        verb: verb.to_owned(),
        args: args.iter().map(|a| (*a).to_owned()).collect(),
    };
    let mut steps = vec![vec![call("seed", &["4"]), call("may", &[]), call("reported", &[])]];
    steps.extend(given.iter().skip(1).map(|_| vec![call("reported", &[])]));
    // The prototype shows what passing looks like and, switched to today, that the criterion can fail. Whether the fault
    // is gone is told by the product alone.
    steps.push(vec![call("try", &["10"])]);
    steps.push(vec![call("complete", &["10"])]);
    let criterion = Criterion {
        id: item_id(facts.insight.id, "criterion", "regression"),
        key: "US-1.1".to_owned(),
        title: format!("As reported: {}", words::capitalised(&facts.insight.label)),
        case: Case::Happy,
        ears: ears(
            Case::Happy,
            &given,
            &when,
            &["complete each of ten tries, with nothing missing from the result".to_owned()],
            product,
        ),
        given,
        when,
        then,
        steps,
        basis: Basis::Evidence,
        citations: cited.clone(),
    };
    let voices = words::counted(facts.insight.n_voices, "voice");
    Story {
        id: item_id(facts.insight.id, "story", "fix"),
        key: "US-1".to_owned(),
        need_id: need.id,
        title: words::capitalised(&means),
        actor: who.role.clone(),
        means: Statement { text: means, basis: Basis::Evidence, citations: cited },
        benefit: crate::statement::default("the work does not have to be done twice", "playbook.reliability.benefit"),
        priority: 1,
        priority_reason: format!("{voices} report it."),
        independent_test: "The regression criterion fails before the fix and passes after it.".to_owned(),
        criteria: vec![criterion],
    }
}

/// Whether a situation reads as one: it begins with the word that makes it a time, a place or a condition.
fn tells_when(situation: &str) -> bool {
    const OPENINGS: [&str; 17] = [
        "when", "whenever", "while", "after", "before", "since", "if", "on", "in", "at", "during", "with", "for", "as",
        "once", "every", "each",
    ];
    let lower = situation.trim().to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    words.first().is_some_and(|first| OPENINGS.contains(first))
        && (2..=14).contains(&words.len())
        && (matches!(words[0], "when" | "whenever" | "while" | "after" | "before" | "since" | "if" | "once" | "as")
            || !words.iter().any(|word| ["is", "are", "was", "were", "has", "have"].contains(word)))
}

/// Whether a situation says where somebody is or what they use: as above, or said of oneself (`we're in Helsinki`).
fn tells_where(situation: &str) -> bool {
    const OF_ONESELF: [&str; 6] = ["we're ", "we are ", "i'm ", "i am ", "we’re ", "i’m "];
    let lower = situation.trim().to_lowercase();
    tells_when(situation) || OF_ONESELF.iter().filter_map(|head| lower.strip_prefix(head)).any(tells_when)
}

fn place(needs: &[Need]) -> Vec<Statement> {
    let mut out: Vec<Statement> = Vec::new();
    let situations = needs.iter().filter_map(|need| need.slots.get(&SlotName::Situation));
    for slot in situations.filter(|slot| is_stated(slot) && tells_where(&slot.value)) {
        let text = format!("Reported with: “{}”", slot.value.trim());
        if !slot.quotes.is_empty() && !out.iter().any(|other| other.text == text) {
            out.push(evidence(text, slot.quotes.iter().map(cite).collect()));
        }
    }
    if out.is_empty() {
        out.push(open("No voice names a device, version or place. Ask the newest reporter."));
    }
    out.push(open(in_code::NOT_LOCATED));
    out
}

fn workaround(facts: &Facts<'_>) -> Vec<Statement> {
    let found = facts.with_phrase("workaround").next().map(|(signal, span)| facts.excerpt(signal, Some(span)));
    match found {
        Some(quote) => vec![evidence(format!("In a customer's words: “{}”", quote.text), vec![cite(&quote)])],
        None => vec![open("None is known. Ask support what they tell people today.")],
    }
}

fn tell(facts: &Facts<'_>) -> Vec<Statement> {
    let names = facts.account_names();
    if names.is_empty() {
        return vec![open("No account is named in these reports; answer them where they were written.")];
    }
    let shown: Vec<String> = names.iter().take(8).cloned().collect();
    let more = names.len() - shown.len();
    let list = if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { words::listed(&shown) };
    let citations = facts
        .accounts
        .iter()
        .take(8)
        .map(|account| throughline_model::Citation::Account { id: account.id, field: "name".to_owned() })
        .collect();
    vec![evidence(sentence(&format!("{}: {list}", words::counted_in_words(names.len() as u32, "account"))), citations)]
}
