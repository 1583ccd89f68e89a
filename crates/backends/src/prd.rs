//! The product requirements document, in Markdown: one page for whoever decides, and the whole for whoever builds.

use crate::dossier::{Dossier, Evidence, attribution};
use crate::text::{count_words, markdown, stated, story_sentence};
use throughline_model::share::{Share, shares};
use throughline_model::spec::{Measure, Question, Size, Spec, Statement};

/// Most words of the one-page view (rule PR-7).
pub const ONE_PAGE_WORDS: usize = 600;

/// One page: at most [`ONE_PAGE_WORDS`] words.
#[must_use]
pub fn one_page(dossier: &Dossier<'_>) -> String {
    let evidence = Evidence::of(dossier);
    let spec = dossier.spec;
    let mut page = Page::new(&evidence);
    page.push(&format!("# {}\n", markdown(&spec.title)));
    page.push(&format!("{}\n", standing(dossier)));
    let conflicts = crate::changes::conflicts(dossier);
    if !conflicts.is_empty() {
        page.push(&conflicts);
    }
    page.run("Problem", &spec.problem);
    if let Some(fix) = &spec.fix {
        page.run("Expected", &fix.expected);
        page.run("Actual", &fix.actual);
        page.run("Where", &fix.place);
    }
    page.run("Who", &spec.who[..spec.who.len().min(2)]);
    page.run("Job", &spec.job);
    page.run("Why now", &spec.why_now);
    page.run("What changes", &spec.change);
    if spec.size != Size::Fix {
        let success: Vec<String> = spec.measures.iter().map(success_line).collect();
        page.push(&format!("**Success.** {}\n", success.join(" ")));
        page.run("Not now", &spec.non_goals);
    }
    if let Some(fix) = &spec.fix {
        page.push(&format!("**Regression criterion.** {}\n", regression(spec)));
        page.run("Until then", &fix.workaround);
        page.run("To be told", &fix.tell);
    }
    let open: Vec<String> = spec.questions.iter().enumerate().map(|(i, question)| open_line(i, question)).collect();
    if !open.is_empty() {
        page.push(&format!("**Open.** {}\n", open.join(" ")));
    }
    page.run("Decision", &spec.decision);
    page.fit()
}

/// The whole document.
#[must_use]
pub fn full(dossier: &Dossier<'_>) -> String {
    let evidence = Evidence::of(dossier);
    let spec = dossier.spec;
    let mut out = one_page(dossier);
    let mut section = |title: &str, body: String| {
        if !body.trim().is_empty() {
            out.push_str(&format!("\n## {title}\n\n{}\n", body.trim_end()));
        }
    };
    section("In their words", quotes(dossier, &evidence));
    if spec.size != Size::Fix {
        section("Goals and guardrails", measures(spec, &evidence));
        section("Not now, and why", list(&spec.non_goals, &evidence));
    }
    section("For whom", crate::persona::section(dossier, &evidence));
    section("Jobs", crate::job::section(dossier, &evidence));
    section("Stories", crate::stories::sections(dossier, &evidence, 3));
    section("Use cases", crate::use_case::section(dossier, &evidence, 3));
    section("Edge cases", edge_cases(spec));
    section("Qualities", list(&spec.qualities, &evidence));
    section("Data", entities(spec));
    section("Operations", endpoints(spec));
    section("Screens and their states", screens(spec));
    section("Roll-out and measurement", list(&spec.rollout, &evidence));
    section("Risks", list(&spec.risks, &evidence));
    section("Dependencies", list(&spec.dependencies, &evidence));
    section("Assumptions", list(&spec.assumptions, &evidence));
    section("Questions", questions(&spec.questions));
    section("What it rests on", rests_on(spec));
    section("How it was arrived at", crate::use_case::frameworks(dossier));
    section("Evidence", evidence_list(dossier, &evidence));
    section("Changed by people", crate::changes::decided(dossier));
    section("Change log", change_log(dossier));
    out
}

/// Which share of the statements rests on evidence or code.
pub(crate) fn rests_on(spec: &Spec) -> String {
    let (all, first) = shares(spec);
    let line = |name: &str, share: Share| {
        let Share { n_shown, n_strategy, n_unshown } = share;
        let percent = share.shown_unit().map_or_else(|| "none".to_owned(), |unit| format!("{:.0} %", unit * 100.0));
        format!(
            "{name}: {percent} evidence or code ({n_shown} of {}; strategy {n_strategy}; default, assumption or open \
             {n_unshown}).",
            n_shown + n_strategy + n_unshown
        )
    };
    format!("{} {}", line("Problem, who and stories", first), line("All statements", all))
}

/// Kind of change, area, voices, score and rank in one line.
#[must_use]
pub fn standing(dossier: &Dossier<'_>) -> String {
    let insight = dossier.insight;
    let size = match dossier.spec.size {
        Size::Fix => "fix",
        Size::Tweak => "small change",
        Size::Capability => "capability",
    };
    let mut parts = vec![size.to_owned(), markdown(&insight.area), format!("{} voices", insight.n_voices)];
    if insight.n_accounts > 0 {
        parts.push(format!("{} accounts", insight.n_accounts));
    }
    if let Some(score) = dossier.score {
        parts.push(format!("{:.1} of {} knowable points", score.earned, score.knowable));
    }
    if let Some(place) = dossier.place {
        parts.push(format!("rank {}, band {}", place.rank, markdown(&place.band)));
    }
    parts.join(" · ")
}

/// A page that drops its least needed sentences until it fits.
struct Page<'a> {
    evidence: &'a Evidence,
    parts: Vec<Part>,
}

struct Part {
    head: String,
    sentences: Vec<String>,
}

impl<'a> Page<'a> {
    fn new(evidence: &'a Evidence) -> Self {
        Self { evidence, parts: Vec::new() }
    }

    fn push(&mut self, text: &str) {
        self.parts.push(Part { head: text.to_owned(), sentences: Vec::new() });
    }

    fn run(&mut self, head: &str, statements: &[Statement]) {
        if statements.is_empty() {
            return;
        }
        let sentences = statements.iter().map(|statement| stated(statement, self.evidence)).collect();
        self.parts.push(Part { head: format!("**{head}.**"), sentences });
    }

    fn print(&self) -> String {
        let lines = self.parts.iter().map(|part| {
            if part.sentences.is_empty() {
                part.head.clone()
            } else {
                format!("{} {}\n", part.head, part.sentences.join(" "))
            }
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Shortens the longest run by its last sentence until the page fits; every run keeps its first.
    fn fit(mut self) -> String {
        loop {
            let text = self.print();
            if count_words(&text) <= ONE_PAGE_WORDS {
                return text;
            }
            let words = |part: &Part| part.sentences.iter().map(|sentence| count_words(sentence)).sum::<usize>();
            let longest = self.parts.iter_mut().filter(|part| part.sentences.len() > 1).max_by_key(|part| words(part));
            match longest {
                Some(part) => drop(part.sentences.pop()),
                None => return text,
            }
        }
    }
}

fn success_line(measure: &Measure) -> String {
    let metric = markdown(&measure.metric);
    if measure.is_guardrail {
        return format!("Guardrail: {}: {}.", lower_first(&metric), measure.target.text);
    }
    format!(
        "{metric}: from {} to {} within {} days of release.",
        measure.baseline.text, measure.target.text, measure.window_days
    )
}

fn open_line(i: usize, question: &Question) -> String {
    format!("({}) {} *{}.*", i + 1, markdown(&question.text), markdown(&question.who_decides))
}

/// Given, when and then of the first criterion as one sentence.
fn regression(spec: &Spec) -> String {
    spec.stories.first().and_then(|story| story.criteria.first()).map_or_else(String::new, |criterion| {
        format!(
            "*Given {}, when {}, then {}.*",
            markdown(&criterion.given.join(" and ")),
            markdown(&criterion.when),
            markdown(&criterion.then.join(" and "))
        )
    })
}

fn quotes(dossier: &Dossier<'_>, evidence: &Evidence) -> String {
    let spec = dossier.spec;
    let mut out = String::new();
    for (quote, is_dissent) in spec.quotes.iter().map(|q| (q, false)).chain(spec.dissent.iter().map(|q| (q, true))) {
        let number = evidence.number(quote.signal_id).map_or_else(String::new, |n| format!(" [{n}]"));
        let against = if is_dissent { " *(disagrees)*" } else { "" };
        out.push_str(&format!(
            "> “{}”  \n> {}{number}{against}\n\n",
            markdown(&quote.text),
            markdown(&attribution(dossier, quote))
        ));
    }
    out
}

fn measures(spec: &Spec, evidence: &Evidence) -> String {
    let mut out = String::from("| measure | from | to | within | counted from |\n|---|---|---|---|---|\n");
    for measure in &spec.measures {
        let events = if measure.events.is_empty() {
            "feedback".to_owned()
        } else {
            format!("`{}`", measure.events.join("`, `"))
        };
        let kind = if measure.is_guardrail { "Guardrail: " } else { "" };
        out.push_str(&format!(
            "| {kind}{} | {} | {} | {} days | {events} |\n",
            markdown(&measure.metric),
            stated(&measure.baseline, evidence),
            stated(&measure.target, evidence),
            measure.window_days
        ));
    }
    out
}

fn list(statements: &[Statement], evidence: &Evidence) -> String {
    statements.iter().map(|statement| format!("- {}\n", stated(statement, evidence))).collect()
}

fn edge_cases(spec: &Spec) -> String {
    let criteria = spec.stories.iter().flat_map(|story| &story.criteria);
    criteria
        .filter(|criterion| criterion.case != throughline_model::spec::Case::Happy)
        .map(|criterion| {
            format!("- {} ({}): {}\n", markdown(&criterion.title), criterion.key, markdown(&criterion.then.join("; ")))
        })
        .collect()
}

fn entities(spec: &Spec) -> String {
    let mut out = String::new();
    for entity in &spec.entities {
        let fields: Vec<String> = entity
            .fields
            .iter()
            .map(|field| format!("`{}{} {}`", field.name, if field.is_optional { "?" } else { "" }, field.type_name))
            .collect();
        out.push_str(&format!("- **{}** ({}): {}\n", entity.name, entity.basis.word(), fields.join(", ")));
    }
    out
}

fn endpoints(spec: &Spec) -> String {
    if spec.endpoints.is_empty() {
        return String::new();
    }
    let mut out = String::from("| call | answers | serves |\n|---|---|---|\n");
    for endpoint in &spec.endpoints {
        let codes: Vec<String> = endpoint.codes.iter().map(ToString::to_string).collect();
        out.push_str(&format!(
            "| `{} {}` | {} | {} |\n",
            endpoint.method,
            endpoint.path,
            codes.join(" "),
            endpoint.story_keys.join(" ")
        ));
    }
    out
}

fn screens(spec: &Spec) -> String {
    let mut out = String::new();
    for screen in &spec.screens {
        out.push_str(&format!("**{}**\n\n", markdown(&screen.title)));
        for region in &screen.regions {
            out.push_str(&format!("- {}: {} ({})\n", region.kind, markdown(&region.label), region.serves.join(" ")));
        }
        for (state, copy) in screen.copy_by_state.iter().filter(|(state, _)| state != "ideal") {
            out.push_str(&format!("- *{state}*: {}\n", markdown(copy)));
        }
        out.push('\n');
    }
    out
}

fn questions(questions: &[Question]) -> String {
    let mut out = String::new();
    for (i, question) in questions.iter().enumerate() {
        out.push_str(&format!(
            "{}. {} *Decides: {}.*\n",
            i + 1,
            markdown(&question.text),
            markdown(&question.who_decides)
        ));
        for option in &question.options {
            out.push_str(&format!("   - {}\n", markdown(option)));
        }
    }
    out
}

fn evidence_list(dossier: &Dossier<'_>, evidence: &Evidence) -> String {
    let mut out = format!(
        "{} of {} signals are cited; `[all]` means all of them, counted.\n\n",
        evidence.voices.len(),
        dossier.insight.n_signals
    );
    for voice in &evidence.voices {
        let date = if voice.date.is_empty() { "undated" } else { &voice.date };
        out.push_str(&format!(
            "{}. “{}”  \n   {}; {}, {date}; `{}`\n",
            voice.number,
            markdown(&voice.text),
            markdown(&voice.speaker),
            markdown(&voice.source),
            voice.signal_id
        ));
    }
    out
}

fn change_log(dossier: &Dossier<'_>) -> String {
    let as_of = dossier
        .corpus
        .as_of
        .map_or_else(|| "undated feedback".to_owned(), |at| format!("feedback up to {}", at.long_date()));
    let counts = format!(
        "{}, {}",
        crate::text::counted(dossier.spec.stories.len(), "story", "stories"),
        crate::text::counted(crate::text::n_criteria(dossier.spec), "criterion", "criteria")
    );
    match dossier.since {
        None => format!("- First version, compiled from {as_of}: {counts}. Nobody accepted it yet.\n"),
        Some(since) => format!("- Compiled from {as_of}: {counts}.\n{}", crate::changes::since(since)),
    }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), text.chars().nth(1)) {
        (Some(first), Some(second)) if !second.is_uppercase() => first.to_lowercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}

/// The first story as a sentence; shown where one line must stand for the whole.
#[must_use]
pub fn first_story(spec: &Spec) -> String {
    spec.stories.first().map(story_sentence).unwrap_or_default()
}
