//! Every rule of a strategy: a small broken example finds it, at the line that is at fault, and the example product and
//! the template break none.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use throughline_compiler::settings::{TEMPLATE, read};
use throughline_model::{Diagnostic, Severity};

/// A strategy without fault; tests change one line of it.
const GOOD: &str = r#"[product]
currency = "EUR"

[strategy]
starts_on = 2026-01-01
ends_on = 2026-12-31

[strategy.north_star]
metric = "weeks that stand"
why = "a week that stands lets people plan their lives"
[[strategy.north_star.inputs]]
id = "early"
metric = "weeks published early"
[[strategy.north_star.inputs]]
id = "clean"
metric = "weeks that break no rule"
[[strategy.north_star.inputs]]
id = "settled"
metric = "swaps settled within a day"

[[strategy.objectives]]
id = "O1"
text = "A published week can be relied on"
weight_unit = 1.0
[[strategy.objectives.key_results]]
id = "O1-KR1"
metric = "shifts changed after publishing"
unit = "changes a week"
start = 0.9
target = 0.4
due_on = 2026-12-31
source = "events"
kind = "committed"
feeds = ["clean"]
[[strategy.objectives.key_results]]
id = "O1-KR2"
metric = "swaps settled within a day"
unit = "%"
start = 24
start_on = 2026-01-01
target = 60
current = 30
current_on = 2026-09-30
source = "events"
kind = "aspirational"
feeds = ["settled"]

[[strategy.principles]]
id = "P1"
text = "Nothing changes silently"
broken_when = "a person is not told"

[[strategy.non_goals]]
id = "N1"
text = "Calculating pay"
reason = "payroll products do it well"

[[strategy.personas]]
id = "planner"
name = "Ward manager"
is_primary = true

[[strategy.segments]]
id = "clinics"
name = "Clinics"
is_target = true

[[strategy.commitments]]
id = "C1"
customer = "Fjordhelse"
what = "A warning"
due_on = 2026-12-01
made_on = 2026-02-12

[[strategy.buckets]]
name = "core"
target_share_unit = 0.7
[[strategy.buckets]]
name = "upkeep"
target_share_unit = 0.3

[capacity]
people_days_per_period = 90
[[capacity.periods]]
id = "Q4a"
starts_on = 2026-10-01
ends_on = 2026-11-13
people_days = 90
committed_people_days = 28
[[capacity.periods]]
id = "Q4b"
starts_on = 2026-11-16
ends_on = 2026-12-31
people_days = 80

[[effort]]
insight = "i00000000000001"
people_days = 8
low_people_days = 4
high_people_days = 16
"#;

fn told(text: &str) -> Vec<Diagnostic> {
    read(text).1
}

/// Replaces `from` by `to` and checks that exactly `code` is told, at the line that holds `at`.
fn check(from: &str, to: &str, code: &str, severity: Severity, at: &str) {
    assert_eq!(GOOD.matches(from).count(), 1, "`{from}` must be there once");
    let broken = GOOD.replace(from, to);
    let found = told(&broken);
    let [only] = &found[..] else { panic!("{from} -> {to}: {found:#?}") };
    assert_eq!((only.code.as_str(), only.severity), (code, severity), "{only:?}");
    let line = usize::try_from(only.place.line.unwrap()).unwrap();
    let shown = broken.lines().nth(line - 1).unwrap();
    assert!(shown.contains(at), "{code}: line {line} is `{shown}`, not `{at}`");
    assert!(!only.remedy.is_empty() && !only.message.is_empty());
}

#[test]
fn what_is_good_is_told_nothing() {
    let example = include_str!("../../../examples/rotaboard/throughline.toml");
    for text in [GOOD, TEMPLATE, example] {
        assert_eq!(told(text), []);
    }
}

#[test]
fn each_rule_is_told_at_its_line() {
    use Severity::{Error, Warning};
    let text = "text = \"A published week can be relied on\"";
    // ST-1
    check(text, "text = \"90 % of weeks stand\"", "strategy-objective", Error, "90 %");
    check(text, "text = \"Launch the swap screen\"", "strategy-objective", Error, "Launch");
    check(text, "text = \"\"", "strategy-objective", Error, "[[strategy.objectives]]");
    // ST-2
    let kr = "[[strategy.objectives.key_results]]";
    check("unit = \"changes a week\"\n", "", "strategy-key-result", Error, kr);
    check("source = \"events\"\nkind = \"committed\"", "kind = \"committed\"", "strategy-key-result", Error, kr);
    check("start = 0.9\n", "", "strategy-key-result", Error, kr);
    check("target = 0.4", "target = 0.9", "strategy-key-result", Error, "target = 0.9");
    // ST-3
    let metric = "metric = \"shifts changed after publishing\"";
    check(metric, "metric = \"shipping the new app\"", "strategy-outcome", Warning, "shipping");
    // ST-4
    check("kind = \"committed\"\n", "", "strategy-kind", Warning, kr);
    check("kind = \"aspirational\"", "kind = \"maybe\"", "strategy-kind", Warning, "maybe");
    // ST-5
    let star = "[strategy.north_star]";
    check(
        "metric = \"weeks that stand\"",
        "metric = \"monthly active users\"",
        "strategy-north-star",
        Warning,
        "active",
    );
    check("metric = \"weeks that stand\"\n", "", "strategy-north-star", Error, star);
    check("why = \"a week that stands lets people plan their lives\"\n", "", "strategy-north-star", Warning, star);
    let input = "[[strategy.north_star.inputs]]\nid = \"early\"\nmetric = \"weeks published early\"\n";
    check(input, "", "strategy-north-star", Error, star);
    // ST-6
    check("reason = \"payroll products do it well\"\n", "", "strategy-non-goals", Error, "[[strategy.non_goals]]");
    check("broken_when = \"a person is not told\"\n", "", "strategy-principle", Error, "[[strategy.principles]]");
}

#[test]
fn nonsense_in_numbers_days_and_names_is_told_at_its_line() {
    use Severity::{Error, Warning};
    check("weight_unit = 1.0", "weight_unit = 3.5", "strategy-weights", Error, "3.5");
    check("weight_unit = 1.0", "weight_unit = 0.2", "strategy-weights", Error, "[[strategy.objectives]]");
    check("target_share_unit = 0.7", "target_share_unit = 0.2", "strategy-weights", Error, "[[strategy.buckets]]");
    check("due_on = 2026-12-31", "due_on = 2025-12-31", "strategy-dates", Error, "due_on = 2025");
    check("made_on = 2026-02-12", "made_on = 2027-02-12", "strategy-dates", Error, "due_on = 2026-12-01");
    check("ends_on = 2026-11-13", "ends_on = 2026-09-13", "strategy-dates", Error, "ends_on = 2026-09-13");
    check("starts_on = 2026-11-16", "starts_on = 2026-11-01", "capacity-value", Warning, "starts_on = 2026-11-01");
    check("committed_people_days = 28", "committed_people_days = 128", "capacity-value", Error, "[[capacity.periods]]");
    check("people_days_per_period = 90", "people_days_per_period = -9", "capacity-value", Error, "-9");
    check("low_people_days = 4", "low_people_days = 40", "capacity-value", Error, "[[effort]]");
    check("feeds = [\"clean\"]", "feeds = [\"tidy\"]", "strategy-reference", Error, "tidy");
    check("id = \"O1-KR2\"", "id = \"O1-KR1\"", "strategy-reference", Error, "O1-KR1");
    check("is_primary = true\n", "", "strategy-people", Warning, "[[strategy.personas]]");
    check("name = \"Ward manager\"", "name = \"User\"", "strategy-people", Warning, "User");
    check("is_target = true\n", "", "strategy-people", Warning, "[[strategy.segments]]");
}

#[test]
fn what_is_missing_is_told_of_a_strategy_that_was_begun_and_of_no_other() {
    assert_eq!(told("[strategy]\ncommitments = []\n"), []);
    let begun = "[[strategy.objectives]]\nid = \"O1\"\ntext = \"People trust the week\"\n";
    let codes: Vec<String> = told(begun).into_iter().map(|diagnostic| diagnostic.code).collect();
    for code in ["strategy-objective", "strategy-north-star", "strategy-non-goals"] {
        assert!(codes.iter().any(|told| told == code), "{code} is not in {codes:?}");
    }
}

#[test]
fn what_cannot_be_used_counts_as_not_declared_and_the_rest_is_used() {
    let (settings, _) = read(&GOOD.replace("unit = \"changes a week\"\n", ""));
    let results = &settings.strategy.objectives[0].key_results;
    assert_eq!((results[0].start, results[0].target), (None, None));
    assert_eq!((results[1].start, results[1].current), (Some(24.0), Some(30.0)));
    let (settings, _) = read(&GOOD.replace("weight_unit = 1.0", "weight_unit = 0.2"));
    assert_eq!(settings.strategy.objectives[0].weight_unit, None);
    let (settings, _) = read(&GOOD.replace("committed_people_days = 28", "committed_people_days = 128"));
    let periods: Vec<String> = settings.capacity.unwrap().periods.into_iter().map(|period| period.id).collect();
    assert_eq!(periods, ["Q4b"]);
    let (settings, _) = read(GOOD);
    assert_eq!(settings.strategy.objectives[0].weight_unit, Some(1.0));
}

#[test]
fn the_example_on_each_page_is_told_its_code() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/errors");
    let mut n = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let code = path.file_stem().unwrap().to_string_lossy().into_owned();
        // These two show only beside records and accounts; `beside_the_data` of the plan crate holds them.
        if !(code.starts_with("strategy-") || code == "capacity-value")
            || ["strategy-untouched", "strategy-currency"].contains(&code.as_str())
        {
            continue;
        }
        let page = std::fs::read_to_string(&path).unwrap();
        let example = page.split("```toml throughline.toml\n").nth(1).unwrap().split("```").next().unwrap();
        let codes: Vec<String> = told(example).into_iter().map(|diagnostic| diagnostic.code).collect();
        assert!(codes.contains(&code), "{code} is not told of its example, but {codes:?}");
        n += 1;
    }
    assert_eq!(n, 12);
}
