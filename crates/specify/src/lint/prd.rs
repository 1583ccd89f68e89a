//! Rules PR: sections, a problem without a solution, quotes and counts, measures, questions, plain words.

use super::{Beside, Report, Views, customers_words, prose};
use std::collections::BTreeSet;
use throughline_model::spec::{Size, Spec, Statement};
use throughline_model::{Citation, Corpus};

/// Most words of the problem section (rule PR-2).
const PROBLEM_WORDS: usize = 120;

/// Most words of the one-page view (rule PR-7).
const ONE_PAGE_WORDS: usize = 600;

/// Quotes and accounts that a full specification shows, where the evidence has as many (rule PR-3).
const QUOTES: usize = 3;

/// Highest reading grade outside technical parts (rule PR-8).
const GRADE: f64 = 10.0;

pub(super) fn check(spec: &Spec, corpus: &Corpus, beside: &Beside<'_>, report: &mut Report) {
    sections(spec, report);
    problem(spec, report);
    quotes(spec, corpus, report);
    measures(spec, report);
    questions(spec, report);
    if let Some(quote) = spec.dissent.first() {
        let shown =
            spec.risks.iter().map(|risk| &risk.text).chain(spec.questions.iter().map(|question| &question.text));
        let head: String = quote.text.chars().take(20).collect();
        if !shown.into_iter().any(|text| text.contains(&head)) {
            report.warn("PR-6", "risks", "A voice that disagrees is quoted in neither risks nor questions.");
        }
    }
    match &beside.views {
        Some(views) => same_data(spec, views, report),
        None => report.not_known("PR-7", "views", "No view was printed, so their length and agreement are not known."),
    }
    denominators(spec, corpus, report);
    let prose: Vec<String> =
        [&spec.problem, &spec.who, &spec.job, &spec.why_now, &spec.change, &spec.non_goals, &spec.risks]
            .into_iter()
            .flatten()
            .map(|statement| prose::without_quotes(&statement.text))
            .collect();
    match prose::reading_grade(&prose) {
        Some(grade) if grade > GRADE => {
            report.warn("PR-8", "prose", format!("It reads at grade {grade:.1}; {GRADE:.0} is the aim."));
        }
        Some(_) => {}
        None => report.not_known("PR-8", "prose", "Too few words to tell how plainly it reads."),
    }
}

/// Rule PR-7: one page is one page, and says nothing that the full view does not.
fn same_data(spec: &Spec, views: &Views<'_>, report: &mut Report) {
    let n_words = views.one_page.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count();
    if n_words > ONE_PAGE_WORDS {
        report.warn("PR-7", "one page", format!("It has {n_words} words; {ONE_PAGE_WORDS} are the most."));
    }
    let plain = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let full = plain(views.full);
    let one_page = plain(views.one_page);
    if !one_page.contains(&plain(&spec.title)) {
        report.warn("PR-7", "one page", format!("It is not titled “{}”.", spec.title));
    }
    for line in views.one_page.lines().filter(|line| !line.trim().is_empty()) {
        if !full.contains(&plain(line)) {
            report.warn("PR-7", "one page", format!("The full view does not say: “{}”", line.trim()));
        }
    }
}

/// Rule PR-3 on counts: of how many.
fn denominators(spec: &Spec, corpus: &Corpus, report: &mut Report) {
    if corpus.accounts.is_empty() {
        report.not_known("PR-3", "problem", "No customer list is there, so a count of accounts has no denominator.");
        return;
    }
    let names_accounts = spec.who.iter().any(|statement| statement.text.contains(" named: "));
    let is_counted = |statement: &Statement| prose::without_quotes(&statement.text).contains(" of ");
    if names_accounts && !spec.problem.iter().any(is_counted) {
        report.error("PR-3", "problem", "It counts accounts and does not say of how many.");
    }
}

fn sections(spec: &Spec, report: &mut Report) {
    let always: [(&str, bool); 4] = [
        ("title", spec.title.trim().is_empty()),
        ("problem", spec.problem.is_empty()),
        ("who", spec.who.is_empty()),
        ("stories", spec.stories.is_empty()),
    ];
    let full: [(&str, bool); 9] = [
        ("job", spec.job.is_empty()),
        ("why now", spec.why_now.is_empty()),
        ("change", spec.change.is_empty()),
        ("measures", spec.measures.is_empty()),
        ("non-goals", spec.non_goals.is_empty()),
        ("roll-out", spec.rollout.is_empty()),
        ("risks", spec.risks.is_empty()),
        ("dependencies", spec.dependencies.is_empty()),
        ("assumptions", spec.assumptions.is_empty()),
    ];
    let missing =
        always.iter().chain(full.iter().filter(|_| spec.size != Size::Fix)).filter(|(_, is_missing)| *is_missing);
    for (name, _) in missing {
        report.error("PR-1", name, "The section is empty.");
    }
    if spec.size == Size::Fix {
        let complete = |part: &[Statement]| !part.is_empty();
        let fix = spec.fix.as_ref();
        let is_complete = fix.is_some_and(|fix| {
            [&fix.expected, &fix.actual, &fix.place, &fix.workaround, &fix.tell].into_iter().all(|part| complete(part))
        });
        if !is_complete {
            report.error("PR-1", "fix", "It lacks expected, actual, place, workaround or whom to tell.");
        }
    }
}

fn problem(spec: &Spec, report: &mut Report) {
    let n_words: usize = spec.problem.iter().map(|statement| statement.text.split_whitespace().count()).sum();
    if n_words > PROBLEM_WORDS {
        report.error("PR-2", "problem", format!("It has {n_words} words; {PROBLEM_WORDS} are the most."));
    }
    let customers = customers_words(spec);
    for statement in &spec.problem {
        let own = prose::without_quotes(&statement.text).to_lowercase();
        let words: Vec<&str> = own.split_whitespace().collect();
        let solution = ["we", "shall", "feature", "button", "dashboard", "integration", "implement"]
            .into_iter()
            .find(|word| words.contains(word) && !customers.contains(*word));
        if let Some(word) = solution {
            report.error("PR-2", "problem", format!("“{}” names a solution: “{word}”.", statement.text));
        }
    }
}

fn quotes(spec: &Spec, corpus: &Corpus, report: &mut Report) {
    let signal = |id| corpus.signals.iter().find(|signal| signal.id == id);
    let shown: Vec<_> = spec.quotes.iter().filter_map(|quote| signal(quote.signal_id)).collect();
    let accounts: BTreeSet<_> = shown.iter().filter_map(|signal| signal.account).collect();
    let available: BTreeSet<_> = spec
        .needs
        .iter()
        .flat_map(|need| &need.signals)
        .filter_map(|id| signal(*id))
        .filter_map(|signal| signal.account)
        .collect();
    if spec.quotes.is_empty() {
        report.error("PR-3", "quotes", "No customer is quoted.");
    } else if spec.quotes.len() < QUOTES || accounts.len() < QUOTES {
        let text = format!(
            "{} quotes from {} accounts; the evidence names {}.",
            spec.quotes.len(),
            accounts.len(),
            available.len()
        );
        if available.len() >= QUOTES && spec.size == Size::Capability {
            report.error("PR-3", "quotes", text);
        } else {
            report.warn("PR-3", "quotes", text);
        }
    }
    if shown.iter().any(|signal| signal.at.is_none()) {
        report.warn("PR-3", "quotes", "A quote has no date.");
    }
}

fn measures(spec: &Spec, report: &mut Report) {
    if spec.measures.is_empty() || !spec.measures.iter().any(|measure| measure.is_guardrail) {
        report.error("PR-4", "measures", "There is no guardrail.");
    }
    for measure in &spec.measures {
        let is_number = |text: &str| {
            text.chars().any(|c| c.is_ascii_digit())
                || ["half", "one", "unknown", "desk", "above"].iter().any(|word| text.contains(word))
        };
        if measure.metric.trim().is_empty() || !is_number(&measure.baseline.text) || !is_number(&measure.target.text) {
            report.error(
                "PR-4",
                "measures",
                format!("“{}” lacks a baseline or a target with a number.", measure.metric),
            );
        }
        let is_counted_here = measure.baseline.citations.iter().any(|c| matches!(c, Citation::Insight { .. }));
        if spec.size == Size::Capability && measure.events.is_empty() && !is_counted_here {
            report.warn("PR-4", "measures", format!("“{}” names no event it is counted from.", measure.metric));
        }
        if measure.window_days == 0 {
            report.error("PR-4", "measures", format!("“{}” has no window.", measure.metric));
        }
    }
}

fn questions(spec: &Spec, report: &mut Report) {
    if spec.questions.len() > 5 {
        report.error("PR-5", "questions", format!("{} questions; five are the most.", spec.questions.len()));
    }
    for question in &spec.questions {
        if question.options.len() < 2 || question.who_decides.trim().is_empty() {
            report.error("PR-5", "questions", format!("“{}” lacks options or somebody who decides.", question.text));
        }
    }
}
