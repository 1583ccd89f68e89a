//! The requirements document as one page of HTML: readable on a phone, printable, its evidence in place.
//!
//! Every citation is a link to the words at the end of the page; a small script opens them where they are cited.
//! Every statement carries its mark, shown when the reader asks for it.

use crate::dossier::{Dossier, Evidence, Voice, attribution};
use crate::html;
use maud::{Markup, html};
use throughline_model::spec::{Case, Criterion, Measure, Size, Spec, Statement, Story};
use throughline_model::{Citation, Quote, Timestamp};

/// The page. `prototype` is its address relative to the page; none leaves the link out.
#[must_use]
pub fn page(dossier: &Dossier<'_>, home: &str, prototype: Option<&str>) -> String {
    let evidence = Evidence::of(dossier);
    let spec = dossier.spec;
    let view = View { dossier, evidence: &evidence };
    let tools = html! {
        label class="toggle" { input type="checkbox" id="marks"; "Show what each sentence rests on" }
        @if let Some(address) = prototype { a class="button main" href=(address) { "Open the prototype" } }
    };
    let body = html! {
        (html::top(dossier.product_name, home, &tools))
        div class="wrap cols" {
            main id="main" { (view.content()) }
            aside { (view.facts()) (toc(spec)) }
        }
    };
    html::document(&format!("{} · {}", spec.title, dossier.product_name), &body)
}

/// The middle of the page alone, for a frame that brings its own head, style and script.
#[must_use]
pub fn content(dossier: &Dossier<'_>) -> String {
    let evidence = Evidence::of(dossier);
    let view = View { dossier, evidence: &evidence };
    html! { (view.content()) }.into_string()
}

/// The technical blueprint whole, for the same frame; none for a fix.
#[must_use]
pub fn blueprint(dossier: &Dossier<'_>) -> Option<String> {
    dossier.spec.blueprint.as_ref()?;
    let evidence = Evidence::of(dossier);
    let view = View { dossier, evidence: &evidence };
    // Without numbers: the words they lead to stand in the document.
    let said = |statement: &Statement| {
        html! { span class="st" data-item=[view.item(&statement.text)] { (statement.text) (mark(statement)) } }
    };
    Some(crate::blueprint::page::whole(dossier, &said).into_string())
}

/// The kind of change in words.
pub(crate) const fn kind(size: Size) -> &'static str {
    match size {
        Size::Fix => "Fix",
        Size::Tweak => "Small change",
        Size::Capability => "Capability",
    }
}

fn said(dossier: &Dossier<'_>) -> String {
    let insight = dossier.insight;
    let plural = |n: u32, one: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") };
    let mut out = plural(insight.n_voices, "voice");
    if insight.n_accounts > 0 {
        out.push_str(&format!(" from {}", plural(insight.n_accounts, "account")));
    }
    if let Some((first, last)) = insight.heard {
        out.push_str(&format!(", {} to {}", first.long_date(), last.long_date()));
    }
    out.push('.');
    out
}

/// What the parts of the page share.
struct View<'a> {
    dossier: &'a Dossier<'a>,
    evidence: &'a Evidence,
}

impl View<'_> {
    /// Everything between head and foot.
    fn content(&self) -> Markup {
        let (dossier, spec, view) = (self.dossier, self.dossier.spec, self);
        html! {
            p class="eyebrow" { (crate::page::kind(spec.size)) " · " (dossier.insight.area) " · " (dossier.insight.category.word()) }
            h1 { (spec.title) }
            p class="lead" { "From “" (dossier.insight.label) "”: " (said(dossier)) }
            (crate::changes::conflicts_page(dossier))
            (view.brief())
            (view.words())
            @if spec.size != Size::Fix { (view.measures()) }
            (crate::persona::markup(dossier, &|statement| view.statement(statement)))
            (crate::job::markup(dossier, &|statement| view.statement(statement)))
            (view.stories())
            (crate::use_case::markup(dossier, &|statement| view.statement(statement)))
            (view.technical())
            (crate::blueprint::page::part(dossier))
            (view.after())
            (crate::changes::decided_page(dossier))
            (crate::use_case::frameworks_markup(dossier))
            (view.evidence_section())
        }
    }

    /// Links to the words that citations name, and the mark.
    fn references(&self, statement: &Statement) -> Markup {
        let numbers = self.evidence.numbers(&statement.citations);
        let is_counted = statement.citations.iter().any(|citation| matches!(citation, Citation::Insight { .. }));
        html! {
            @for number in &numbers {
                a class="cite" href=(format!("#e{number}")) aria-label=(format!("Evidence {number}")) { (number) }
            }
            @if numbers.is_empty() && is_counted { a class="cite" href="#evidence" aria-label="All evidence" { "all" } }
            (mark(statement))
        }
    }

    fn statement(&self, statement: &Statement) -> Markup {
        html! { span class="st" data-item=[self.item(&statement.text)] { (statement.text) (self.references(statement)) } }
    }

    /// The id under which a sentence can be changed.
    fn item(&self, text: &str) -> Option<String> {
        let all = self.dossier.sentences?.all.iter();
        all.clone().find(|sentence| sentence.text == text).map(|sentence| sentence.id.to_string())
    }

    fn paragraph(&self, statements: &[Statement]) -> Markup {
        let is_quoting = |statement: &&Statement| statement.text.contains('“');
        let n_plain = statements.iter().take_while(|statement| !is_quoting(statement)).count();
        let (plain, quoting) = statements.split_at(if statements.len() > 2 { n_plain } else { statements.len() });
        html! {
            @if !plain.is_empty() { p { @for statement in plain { (self.statement(statement)) } } }
            @if !quoting.is_empty() { (self.list(quoting)) }
        }
    }

    fn list(&self, statements: &[Statement]) -> Markup {
        html! { ul { @for statement in statements { li { (self.statement(statement)) } } } }
    }

    /// The one-page view: label on the left, words on the right.
    fn brief(&self) -> Markup {
        let spec = self.dossier.spec;
        let run = |name: &str, statements: &[Statement]| {
            html! { @if !statements.is_empty() { section { h2 { (name) } div { (self.paragraph(statements)) } } } }
        };
        html! {
            div class="brief" {
                (run("Problem", &spec.problem))
                @if let Some(fix) = &spec.fix {
                    (run("Expected", &fix.expected))
                    section { h2 { "Actual" } div { (self.list(&fix.actual)) } }
                    (run("Where", &fix.place))
                    (run("Until then", &fix.workaround))
                    (run("To be told", &fix.tell))
                }
                (run("Who", &spec.who))
                (run("Job", &spec.job))
                (run("Why now", &spec.why_now))
                (run("What changes", &spec.change))
                @if spec.size != Size::Fix {
                    section { h2 { "Success" } div { ul { @for measure in &spec.measures { li { (self.success(measure)) } } } } }
                }
                @if !spec.non_goals.is_empty() { section { h2 { "Not now" } div { (self.list(&spec.non_goals)) } } }
                @if !spec.questions.is_empty() {
                    section { h2 { "Open" } div { ol {
                        @for question in &spec.questions {
                            li {
                                (question.text)
                                @for number in self.evidence.numbers(&question.citations) {
                                    a class="cite" href=(format!("#e{number}")) aria-label=(format!("Evidence {number}")) { (number) }
                                }
                                " " span class="soft" { (question.options.join(" · ")) ". Decides: " (lower_first(&question.who_decides)) "." }
                            }
                        }
                    } } }
                }
                (run("Decision", &spec.decision))
            }
        }
    }

    fn success(&self, measure: &Measure) -> Markup {
        html! {
            @if measure.is_guardrail { b { "Guardrail. " } }
            (measure.metric) ": " (measure.target.text)
            @if !measure.is_guardrail { " within " (measure.window_days) " days of release" }
            span class="soft" { " (today: " (measure.baseline.text) ")" }
            (self.references(&measure.baseline))
        }
    }

    fn words(&self) -> Markup {
        let spec = self.dossier.spec;
        html! {
            @if !spec.quotes.is_empty() {
                h2 id="words" { "In their words" }
                @for quote in &spec.quotes { (self.quote(quote, false)) }
                @for quote in &spec.dissent { (self.quote(quote, true)) }
            }
        }
    }

    fn quote(&self, quote: &Quote, is_dissent: bool) -> Markup {
        html! {
            blockquote class=(if is_dissent { "quote against" } else { "quote" }) {
                p { "“" (quote.text) "”" }
                footer {
                    @if is_dissent { "Disagrees: " }
                    (attribution(self.dossier, quote))
                    @if let Some(number) = self.evidence.number(quote.signal_id) {
                        a class="cite" href=(format!("#e{number}")) aria-label=(format!("Evidence {number}")) { (number) }
                    }
                }
            }
        }
    }

    fn measures(&self) -> Markup {
        let spec = self.dossier.spec;
        html! {
            h2 id="measures" { "Goals and guardrails" }
            section class="scroll" tabindex="0" aria-label="Goals and guardrails" {
                table {
                    thead { tr { th scope="col" { "Measure" } th scope="col" { "From" } th scope="col" { "To" } th scope="col" { "Counted from" } } }
                    tbody {
                        @for measure in &spec.measures {
                            tr {
                                td { @if measure.is_guardrail { span class="soft" { "Guardrail: " } } (measure.metric) }
                                td { (self.statement(&measure.baseline)) }
                                td { (self.statement(&measure.target)) span class="soft" { ", " (measure.window_days) " days" } }
                                td { @if measure.events.is_empty() { "feedback" } @else { @for event in &measure.events { code { (event) } " " } } }
                            }
                        }
                    }
                }
            }
        }
    }

    fn stories(&self) -> Markup {
        html! {
            h2 id="stories" { "Stories" }
            @for story in &self.dossier.spec.stories { (self.story(story)) }
        }
    }

    fn story(&self, story: &Story) -> Markup {
        let article = crate::text::story_sentence(story);
        let article = if article.starts_with("As an ") { "an" } else { "a" };
        html! {
            article class="story" id=(story.key) {
                header { span class="key" { (story.key) } h3 { (story.title) } }
                p class="says" {
                    "As " (article) " " em { (story.actor.text) } (self.references(&story.actor))
                    ", I want to " em { (story.means.text) } (self.references(&story.means))
                    ", so that " em { (story.benefit.text) } "." (self.references(&story.benefit))
                }
                p class="small soft" { "P" (story.priority) ": " (story.priority_reason) " Test by itself: " (lower_first(&story.independent_test)) }
                @for criterion in &story.criteria { (scene(criterion)) }
            }
        }
    }

    fn technical(&self) -> Markup {
        let spec = self.dossier.spec;
        html! {
            @if !spec.qualities.is_empty() { h2 id="qualities" { "Qualities" } (self.list(&spec.qualities)) }
            @if !spec.entities.is_empty() && spec.size != Size::Fix {
                h2 id="data" { "Data and operations" }
                @for entity in &spec.entities {
                    h3 { (entity.name) " " span class="case" { (entity.basis.word()) ", serves " (entity.story_keys.join(", ")) } }
                    p class="fields" {
                        @for field in &entity.fields {
                            code { (field.name) @if field.is_optional { "?" } ": " (field.type_name) } " "
                        }
                    }
                }
            }
            @if !spec.endpoints.is_empty() && spec.size != Size::Fix {
                section class="scroll" tabindex="0" aria-label="Operations" {
                    table {
                        thead { tr { th scope="col" { "Call" } th scope="col" { "Answers" } th scope="col" { "Serves" } } }
                        tbody {
                            @for endpoint in &spec.endpoints {
                                tr {
                                    td { code { (endpoint.method) " " (endpoint.path) } }
                                    td class="num" { @for code in &endpoint.codes { (code) " " } }
                                    td { (endpoint.story_keys.join(", ")) }
                                }
                            }
                        }
                    }
                }
            }
            @if !spec.screens.is_empty() && spec.size != Size::Fix {
                h2 id="screens" { "Screens and their states" }
                @for screen in &spec.screens {
                    h3 { (screen.title) }
                    ul {
                        @for region in &screen.regions {
                            li { (region.label) " " span class="case" { (region.kind) ", serves " (region.serves.join(", ")) } }
                        }
                    }
                    details {
                        summary { "Words for each state" }
                        dl class="states" {
                            @for (state, copy) in screen.copy_by_state.iter().filter(|(state, _)| state != "ideal") {
                                dt { (state) } dd { (copy) }
                            }
                        }
                    }
                }
            }
        }
    }

    fn after(&self) -> Markup {
        let spec = self.dossier.spec;
        let part = |id: &str, name: &str, statements: &[Statement]| {
            html! { @if !statements.is_empty() { h2 id=(id) { (name) } (self.list(statements)) } }
        };
        html! {
            (part("rollout", "Roll-out and measurement", &spec.rollout))
            (part("risks", "Risks", &spec.risks))
            (part("dependencies", "Dependencies", &spec.dependencies))
            (part("assumptions", "Assumptions", &spec.assumptions))
        }
    }

    fn evidence_section(&self) -> Markup {
        let insight = self.dossier.insight;
        html! {
            h2 id="evidence" { "Evidence" }
            p class="soft small" {
                (self.evidence.voices.len()) " of " (insight.n_signals) " signals are cited. Marked words are quoted above; each "
                "quote is a byte range of its record and was checked when this page was built. “All” stands for a count over every signal of the insight."
            }
            ol class="voices" { @for voice in &self.evidence.voices { (voice_item(voice)) } }
            h2 id="log" { "Change log" }
            ul { li {
                @if self.dossier.since.is_none() { "First version, compiled from " } @else { "Compiled from " }
                (self.dossier.corpus.as_of.map_or_else(|| "undated feedback".to_owned(), |at| format!("feedback up to {}", at.long_date())))
                ": " (crate::text::counted(self.dossier.spec.stories.len(), "story", "stories")) ", " (crate::text::counted(crate::text::n_criteria(self.dossier.spec), "criterion", "criteria")) "."
                @if self.dossier.since.is_none() { " Nobody accepted it yet." }
            }
            @if let Some(since) = self.dossier.since { (crate::changes::since_page(since)) } }
        }
    }

    fn facts(&self) -> Markup {
        let insight = self.dossier.insight;
        html! {
            div class="facts" {
                dl {
                    @if let Some(place) = self.dossier.place {
                        dt { "Rank" } dd { (place.rank) ", band " (place.band) }
                    }
                    @if let Some(score) = self.dossier.score {
                        dt { "Score" } dd class="num" { b { (format!("{:.1}", score.earned)) } " of " (score.knowable) " knowable" }
                        dd class="wide" { (html::score_bar(score)) }
                        dt { "Confidence" } dd { (confidence(score.confidence)) }
                    }
                    dt { "Voices" } dd class="num" { (insight.n_voices) " in " (insight.n_signals) " signals" }
                    dt { "Accounts" } dd class="num" { (insight.n_accounts) }
                    dt { "Trend" } dd { (html::trend(insight)) }
                    dd class="wide" { (html::sparkline(insight)) }
                    @if let Some((first, last)) = insight.heard {
                        dt { "First heard" } dd class="num" { (Timestamp::long_date(first)) }
                        dt { "Last heard" } dd class="num" { (Timestamp::long_date(last)) }
                    }
                    dt { "Insight" } dd { span class="id" { (insight.id) } }
                }
            }
        }
    }
}

fn voice_item(voice: &Voice) -> Markup {
    html! {
        li class="voice" id=(format!("e{}", voice.number)) {
            b { (voice.number) }
            p { "“" (marked(voice)) "”" }
            footer {
                (voice.speaker) " · " (voice.source)
                @if !voice.date.is_empty() { " · " (voice.date) }
                " · " span class="id" { (voice.signal_id) }
            }
        }
    }
}

/// The words with the quoted ones marked.
fn marked(voice: &Voice) -> Markup {
    let mut at = 0;
    html! {
        @for &(start, end) in &voice.marked {
            (&voice.text[at..start]) mark { (&voice.text[start..end]) }
            ({ at = end; "" })
        }
        (&voice.text[at..])
    }
}

/// A criterion as a scene, with its requirements folded away.
fn scene(criterion: &Criterion) -> Markup {
    html! {
        section class="scene" id=(criterion.key) {
            header {
                h4 { (criterion.title) }
                span class="case" { span class="key" { (criterion.key) } " " (case_word(criterion.case)) }
                @if criterion.is_reworded() { span class="mk mk-decided" { "words may differ from terms" } }
            }
            dl class="steps" {
                (steps("Given", &criterion.given))
                (steps("When", std::slice::from_ref(&criterion.when)))
                (steps("Then", &criterion.then))
            }
            details {
                summary { "As requirements" }
                ul class="ears" { @for sentence in criterion.ears.lines() { li { (sentence) } } }
            }
        }
    }
}

fn steps(word: &str, clauses: &[String]) -> Markup {
    html! {
        @for (i, clause) in clauses.iter().enumerate() {
            dt { (if i == 0 { word } else { "And" }) }
            dd { (clause) }
        }
    }
}

/// What a statement rests on, shown when the reader asks for it.
fn mark(statement: &Statement) -> Markup {
    html! { span class=(format!("mk mk-{}", statement.basis.word())) title=(grounds(statement)) { (statement.basis.word()) } }
}

/// Everything a statement rests on, for the mark's tooltip.
fn grounds(statement: &Statement) -> String {
    let parts: Vec<String> = statement
        .citations
        .iter()
        .map(|citation| match citation {
            Citation::Signal { id, .. } => format!("signal {id}"),
            Citation::Record { id } => format!("record {id}"),
            Citation::Account { id, field } => format!("account {id}, {field}"),
            Citation::Insight { id } => format!("counted over insight {id}"),
            Citation::Strategy { path } => format!("strategy: {path}"),
            Citation::Default { path } => format!("default: {path}"),
            Citation::Code { file, line, .. } => format!("{file}:{line}"),
            Citation::Edit { id, by } => format!("edit {id} by {by}"),
        })
        .collect();
    if parts.is_empty() { "rests on nothing yet".to_owned() } else { parts.join("; ") }
}

const fn case_word(case: Case) -> &'static str {
    match case {
        Case::Happy => "success",
        Case::Empty => "nothing there",
        Case::Permission => "without the right",
        Case::Limit => "limit",
        Case::Failure => "failure",
    }
}

fn confidence(unit: f64) -> String {
    let word = if unit >= 0.7 {
        "high"
    } else if unit >= 0.4 {
        "medium"
    } else {
        "low"
    };
    format!("{word} ({unit:.2})")
}

fn toc(spec: &Spec) -> Markup {
    let is_fix = spec.size == Size::Fix;
    let parts: [(&str, &str, bool); 16] = [
        ("words", "In their words", !spec.quotes.is_empty()),
        ("measures", "Goals and guardrails", !is_fix),
        ("personas", "For whom", spec.primary.is_some()),
        ("jobs", "Jobs", !spec.jobs.is_empty()),
        ("stories", "Stories", true),
        ("use-cases", "Use cases", !spec.use_cases.is_empty()),
        ("qualities", "Qualities", !spec.qualities.is_empty()),
        ("data", "Data and operations", !is_fix && !spec.entities.is_empty()),
        ("screens", "Screens", !is_fix && !spec.screens.is_empty()),
        ("blueprint", "Technical blueprint", spec.blueprint.is_some()),
        ("rollout", "Roll-out", !spec.rollout.is_empty()),
        ("risks", "Risks", !spec.risks.is_empty()),
        ("assumptions", "Assumptions", !spec.assumptions.is_empty()),
        ("frameworks", "How it was arrived at", true),
        ("evidence", "Evidence", true),
        ("log", "Change log", true),
    ];
    html! {
        nav class="toc" aria-label="On this page" {
            p class="eyebrow" { "On this page" }
            ol { @for (id, name, is_there) in parts { @if is_there { li { a href=(format!("#{id}")) { (name) } } } } }
        }
    }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
