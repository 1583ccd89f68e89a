//! How long scoring takes and what it holds: `cargo run --release -p throughline-score --example scale`.
//!
//! Made-up workspaces of a thousand to ten thousand insights with a hundred statements each, by twenty thousand people in
//! two thousand accounts, against a declared strategy. Timed are the facts, the 77 checks of every insight, and rank with
//! bands under two thousand draws of weights; what they take of the processors is set against growth in proportion to the
//! smallest size. Then everything that `explain` says of how sure one rank is. Memory is the process's, statements
//! included; what scoring adds is its peak less what was held before. Linux only.

#![expect(clippy::print_stdout, reason = "this prints a measurement")]
#![expect(clippy::unwrap_used, reason = "a measurement fails by panicking")]

#[path = "../tests/workspace/mod.rs"]
mod workspace;

use std::fmt::Write;
use std::time::Instant;
use throughline_model::VoiceId;
use throughline_score::{Facts, Rubric, rank, sensitivity};
use workspace::Workspace;

const N_EACH: usize = 100;
const N_PEOPLE: usize = 20_000;
const N_ACCOUNTS: usize = 2_000;
const THINGS: [&str; 12] = [
    "payroll export",
    "shift swap",
    "week view",
    "staff import",
    "holiday balance",
    "invoice",
    "reminder",
    "calendar feed",
    "rota print",
    "clock-in screen",
    "audit log",
    "pay rates",
];
const SAYINGS: [&str; 10] = [
    "Please let us schedule the {}, I do it by hand every Friday.",
    "The {} fails every time and we cannot work.",
    "We will cancel if the {} does not get better.",
    "It takes me three hours each week to repair the {}.",
    "I would love to see the {} on my phone.",
    "Rosterly has a better {} than you do.",
    "Our deadline is the end of October, the {} is urgent.",
    "Is there a way to share the {} with our accountant?",
    "The {} showed the salaries of other people.",
    "We ended up with a spreadsheet instead of the {}.",
];
const STRATEGY: &str = "
    strategy.ends_on = 2026-12-31
    [capacity]
    people_days_per_period = 60
    people_in_parallel = 2
    [[strategy.competitors]]
    name = 'Rosterly'
    [[strategy.segments]]
    id = 'c'
    name = 'Care'
    crm_values = ['Care']
    is_target = true
    [[strategy.personas]]
    id = 'p'
    name = 'Clerk'
    is_primary = true
    roles = ['clerk']
    [[strategy.objectives]]
    id = 'O1'
    weight_unit = 1.0
    text = 'Hours reach payroll without anybody touching them'
    keywords = ['payroll']
    [[strategy.objectives.key_results]]
    id = 'O1-KR1'
    metric = 'payroll runs without a manual step'
    unit = 'percent'
    start = 0
    start_on = 2026-01-01
    target = 100
    due_on = 2026-12-31
    current = 40
    current_on = 2026-09-30
";

/// Sizes measured, in insights.
const SIZES: [usize; 4] = [1_000, 2_500, 5_000, 10_000];

fn main() {
    if let Some(n) = std::env::args().nth(1) {
        measure(n.parse().unwrap());
        return;
    }
    println!(
        "{:>9} {:>11} {:>7} {:>7} {:>6} {:>6} {:>6} {:>9} {:>8} {:>8} {:>6}",
        "insights",
        "statements",
        "facts s",
        "score s",
        "rank s",
        "sum s",
        "CPU s",
        "to linear",
        "held MB",
        "added MB",
        "sure s"
    );
    // Each size in a process of its own: what an earlier one left behind would be counted as held.
    let program = std::env::current_exe().unwrap();
    let mut first = None;
    for n in SIZES {
        let output = std::process::Command::new(&program).arg(n.to_string()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let figures = String::from_utf8(output.stdout).unwrap();
        let figures: Vec<f64> = figures.split_whitespace().map(|figure| figure.parse().unwrap()).collect();
        let [statements, facts, score, rank, cpu, held, added, sure] = figures[..] else { panic!("{figures:?}") };
        let sum = facts + score + rank;
        // By the time of the processors: others that run beside it do not count.
        let per_insight = *first.get_or_insert(cpu / n as f64);
        let to_linear = cpu / (per_insight * n as f64);
        println!(
            "{n:>9} {statements:>11} {facts:>7.2} {score:>7.2} {rank:>6.2} {sum:>6.2} {cpu:>6.2} {to_linear:>9.2} {held:>8.0} {added:>8.0} {sure:>6.2}"
        );
    }
}

/// Prints the figures of one size.
fn measure(n: usize) {
    let rubric = Rubric::builtin();
    let workspace = made(n);
    let held = memory_mb("VmRSS:");
    // From here on the peak is that of scoring.
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    let cpu = cpu_s();
    let start = Instant::now();
    let facts = Facts::new(workspace.given(), &workspace.insights, &workspace.needs, &rubric.references);
    let facts_s = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let scores = throughline_score::scores(&rubric, &facts, &workspace.insights, &workspace.needs);
    let score_s = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let plan = rank::plan(&rubric, &workspace.insights, &scores);
    let rank_s = start.elapsed().as_secs_f64();
    let cpu = cpu_s() - cpu;
    assert_eq!(plan.places.len(), n);
    let order = rank::order(&workspace.insights, &scores);
    let start = Instant::now();
    let (insights, needs) = (&workspace.insights, &workspace.needs);
    let sure = sensitivity::sensitivity(&rubric, &facts, insights, needs, &scores, &order, order[0]);
    let sure_s = start.elapsed().as_secs_f64();
    assert_eq!(sure.n_insights, n);
    let added = memory_mb("VmHWM:") - held;
    println!("{} {facts_s} {score_s} {rank_s} {cpu} {held} {added} {sure_s}", workspace.corpus.signals.len());
}

/// A workspace of `n` insights; a pure function of the number.
fn made(n: usize) -> Workspace {
    let mut text = String::from("as-of 2026-09-30\n");
    let mut state = 1_u64;
    let mut below = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n
    };
    for account in 0..N_ACCOUNTS {
        let segment = ["Care", "Retail", "Hotel"][account % 3];
        writeln!(text, "account A{account} segment={segment} arr={} seats={}", 1_000 + below(90_000), 5 + below(400))
            .unwrap();
    }
    for person in 0..N_PEOPLE {
        writeln!(text, "person P{person} A{} role=\"{}\"", below(N_ACCOUNTS), ["clerk", "owner", "nurse"][person % 3])
            .unwrap();
    }
    for insight in 0..n {
        let thing = THINGS[insight % THINGS.len()];
        writeln!(text, "insight [{thing}] {thing} of ward {insight}\nneed export want actor object").unwrap();
        for statement in 0..N_EACH {
            let saying = SAYINGS[(insight + below(4)) % SAYINGS.len()].replace("{}", thing);
            let kind = ["support", "call", "review", "survey", "community"][below(5)];
            writeln!(
                text,
                "s{insight}-{statement} 2026-0{}-{:02} P{} {kind}~-0.{}: {saying}",
                1 + below(9),
                1 + below(28),
                below(N_PEOPLE),
                below(9)
            )
            .unwrap();
        }
    }
    let mut workspace = Workspace::read(&text).settings(STRATEGY);
    workspace.names = std::collections::BTreeMap::new();
    // One person is one voice.
    workspace.voices = workspace
        .corpus
        .signals
        .iter()
        .map(|signal| VoiceId(signal.person.map_or(signal.id.0, |person| person.0)))
        .collect();
    workspace
}

/// What this process has taken of the processors, in seconds: user and system time, in hundredths.
fn cpu_s() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields = stat.rsplit(')').next().unwrap().split_whitespace().skip(11).take(2);
    fields.map(|ticks| ticks.parse::<f64>().unwrap() / 100.0).sum()
}

fn memory_mb(field: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(field)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
}
