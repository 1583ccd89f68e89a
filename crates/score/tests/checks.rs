//! Each of the 77 checks on three small workspaces: known above zero, known at zero, unknown. Quantities, points and
//! citations were worked out by hand from the rubric's words; the arithmetic stands beside each.
//!
//! Some quantities cannot be zero once they are known (who speaks is at least one account), and two checks are always
//! known; those fixtures show the least that is possible, and say so.

#![allow(clippy::unwrap_used, clippy::too_many_lines, reason = "a test fails by panicking; a table reads best whole")]

mod workspace;

use throughline_model::CheckState;
use throughline_model::code::{
    Authorship, CodeFile, CodeFunction, CodeMap, Commit, Coupling, DataChange, Estimate, InterfaceChange, NeededPart,
    Release, Touch,
};
use throughline_model::{CodePlace, InsightId, Timestamp};
use throughline_score::Rubric;
use throughline_score::facts::Friction;
use workspace::Workspace;

enum Expected {
    /// Quantity (none for classes and where it is a likeness of unlike texts), points, citations.
    Known(Option<f64>, f64, &'static [&'static str]),
    /// A part of what is missing.
    Unknown(&'static str),
}

struct Fixture {
    check: &'static str,
    workspace: Workspace,
    expected: Expected,
}

fn some(check: &'static str, workspace: Workspace, x: f64, points: f64, cites: &'static [&'static str]) -> Fixture {
    Fixture { check, workspace, expected: Expected::Known(Some(x), points, cites) }
}

/// For classes, and for likenesses that are worked out as a range only.
fn class(check: &'static str, workspace: Workspace, points: f64, cites: &'static [&'static str]) -> Fixture {
    Fixture { check, workspace, expected: Expected::Known(None, points, cites) }
}

fn unknown(check: &'static str, workspace: Workspace, missing: &'static str) -> Fixture {
    Fixture { check, workspace, expected: Expected::Unknown(missing) }
}

fn ws(text: &str) -> Workspace {
    Workspace::read(text)
}

/// One statement, no date, nobody named: the least there can be.
const BARE: &str = "insight Payroll\ns1 - - support: Payroll please.";

/// Three statements without any phrase.
const PLAIN: &str = "
    insight Payroll
    s1 - - support: Payroll for July.
    s2 - - support: Payroll for August.
    s3 - - support: Payroll for September.";

fn reach() -> Vec<Fixture> {
    vec![
        // ln(1+3) / ln(1+5): the reference is max(5, 10 % of 3 accounts).
        some(
            "BI-01",
            ws("
            account Acme
            account Bolt
            account Core
            insight Payroll
            s1 2026-09-01 @Acme support: a
            s2 2026-09-02 @Bolt support: b
            s3 2026-09-03 @Core support: c
            s4 2026-08-01 @Acme support: d"),
            3.0,
            0.7737,
            &["s1", "s2", "s3"],
        ),
        // The least: one account; ln 2 / ln 6.
        some(
            "BI-01",
            ws("
            account Acme
            insight Payroll
            s1 - @Acme support: a"),
            1.0,
            0.3869,
            &["s1"],
        ),
        unknown("BI-01", ws(BARE), "the account behind a statement"),
        // ln 3 / ln 9: max(8, 2 % of people).
        some(
            "BI-02",
            ws("
            person Ann
            person Bob
            insight Payroll
            s1 - Ann support: a
            s2 - Bob support: b"),
            2.0,
            0.5,
            &["s1", "s2"],
        ),
        // The least: one person; ln 2 / ln 9.
        some(
            "BI-02",
            ws("
            person Ann
            insight Payroll
            s1 - Ann support: a"),
            1.0,
            0.3155,
            &["s1"],
        ),
        unknown("BI-02", ws(BARE), "who said it"),
        // ln 4 / ln 16.
        some("BI-03", ws(PLAIN), 3.0, 0.5, &["s1", "s2", "s3"]),
        // Nothing said, nothing scored.
        some("BI-03", ws("insight Payroll"), 0.0, 0.0, &[]),
        // Always known: one bare statement counts; ln 2 / ln 16.
        some("BI-03", ws(BARE), 1.0, 0.25, &["s1"]),
        // exp(ln 2) - 1 = 1 of 3.
        some(
            "BI-04",
            ws("
            account Acme segment=Hotel
            account Bolt segment=Clinic
            insight Payroll
            s1 - @Acme support: a
            s2 - @Bolt support: b"),
            1.0,
            0.3333,
            &["s1", "s2"],
        ),
        // Both in one segment of two: exp(0) - 1.
        some(
            "BI-04",
            ws("
            account Acme segment=Hotel
            account Bolt segment=Hotel
            account Core segment=Clinic
            insight Payroll
            s1 2026-09-01 @Acme support: a
            s2 2026-09-02 @Bolt support: b"),
            0.0,
            0.0,
            &["s2"],
        ),
        unknown(
            "BI-04",
            ws("
            account Acme segment=Hotel
            account Bolt segment=Clinic
            insight Payroll
            s1 - @Acme support: a"),
            "add a segment column",
        ),
        // Two kinds: the row of 2.
        some(
            "BI-05",
            ws("
            insight Payroll
            s1 - - support: a
            s2 - - review: b"),
            2.0,
            0.5,
            &["s1", "s2"],
        ),
        some(
            "BI-05",
            ws("
            insight Payroll
            s1 - - support: a
            other
            s2 - - review: b"),
            1.0,
            0.0,
            &["s1"],
        ),
        unknown("BI-05", ws(PLAIN), "a second kind of source"),
        some(
            "BI-06",
            ws("
            person Ann role=Clerk
            person Bob role=Manager
            insight Payroll
            s1 - Ann support: a
            s2 - Bob support: b"),
            2.0,
            0.6,
            &["s1", "s2"],
        ),
        // The least: two authors of one role.
        some(
            "BI-06",
            ws("
            person Ann role=Clerk
            person Bob role=Clerk
            insight Payroll
            s1 2026-09-01 Ann support: a
            s2 2026-09-02 Bob support: b"),
            1.0,
            0.2,
            &["s2"],
        ),
        unknown("BI-06", ws(BARE), "add roles to contacts"),
        // 2 of 4: 1 - (0.5 - 0.2) / 0.8.
        some(
            "BI-07",
            ws("
            account Acme
            account Bolt
            insight Payroll
            s1 - @Acme support: a
            s2 - @Acme support: b
            s3 - @Bolt support: c
            s4 - - support: d"),
            0.5,
            0.625,
            &["s1", "s2", "s3", "s4"],
        ),
        some(
            "BI-07",
            ws("
            account Acme
            insight Payroll
            s1 - @Acme support: a
            s2 - @Acme support: b
            s3 - @Acme support: c"),
            1.0,
            0.0,
            &["s1", "s2"],
        ),
        unknown("BI-07", ws(PLAIN), "one of them with an account"),
    ]
}

const SURFACES: &str = "
    [[surfaces]]
    id = 'payroll'
    name = 'Payroll export'
    [[surfaces]]
    id = 'rota'
    name = 'Rota'
    [[surfaces]]
    id = 'staff'
    name = 'Staff'
    [[funnels]]
    id = 'pay'
    name = 'Pay'
    steps = ['opened', 'exported']
    surface = 'payroll'
    [[funnels]]
    id = 'plan'
    name = 'Plan'
    steps = ['opened', 'published']
    surface = 'rota'";

fn used(n_people: u64, pay: [u64; 2], sessions: [(u64, u64); 3]) -> Workspace {
    ws(BARE).settings(SURFACES).usage(|usage| {
        usage.n_active = 100;
        usage.n_people_by_surface.insert("payroll".into(), n_people);
        usage.funnel_counts.insert("pay".into(), pay.to_vec());
        usage.funnel_counts.insert("plan".into(), vec![100, 60]);
        for (surface, (n_sessions, n_troubled)) in ["payroll", "rota", "staff"].into_iter().zip(sessions) {
            usage.friction_by_surface.insert(surface.into(), Friction { n_sessions, n_troubled });
        }
    })
}

fn behaviour() -> Vec<Fixture> {
    let calm = [(999, 39), (999, 39), (999, 39)];
    vec![
        // 10 of 100: sqrt(0.1 / 0.5).
        some("BI-08", used(10, [200, 100], calm), 0.1, 0.4472, &["surfaces.payroll"]),
        some("BI-08", used(0, [200, 100], calm), 0.0, 0.0, &["surfaces.payroll"]),
        unknown("BI-08", ws(BARE).settings(SURFACES), "import product events"),
        // Half of 200 drop: 0.5 - sqrt(0.25 / 200) = 0.46464, above the other step's 0.4 by 0.06464; / 0.25.
        some("BI-32", used(10, [200, 100], calm), 0.06464, 0.2586, &["surfaces.payroll"]),
        // A fifth drops: below the other step.
        some("BI-32", used(10, [200, 160], calm), 0.2 - 0.02828 - 0.4, 0.0, &["surfaces.payroll"]),
        unknown("BI-32", used(10, [50, 20], calm), "at least 100 entries"),
        // 79.5 of 1000 against a median of 39.5 of 1000: log2(2.01266) = 1.00910; / 3.
        some("BI-33", used(10, [200, 100], [(999, 79), (999, 39), (999, 39)]), 1.0091, 0.3364, &["surfaces.payroll"]),
        some("BI-33", used(10, [200, 100], calm), 0.0, 0.0, &["surfaces.payroll"]),
        unknown("BI-33", used(10, [200, 100], [(400, 9), (999, 39), (999, 39)]), "at least 500 sessions"),
    ]
}

fn revenue() -> Vec<Fixture> {
    let acme = |facts: &str, text: &str| {
        ws(&format!(
            "as-of 2026-09-30\naccount Acme {facts}\naccount Rest arr=490 seats=240 deal=980\ninsight Payroll\n\
             s1 2026-09-01 @Acme sales: {text}"
        ))
    };
    vec![
        // 10 of 500: sqrt(0.02 / 0.25).
        some("BI-09", acme("arr=10", "a"), 0.02, 0.2828, &["Acme.arr"]),
        some("BI-09", acme("arr=0", "a"), 0.0, 0.0, &["Acme.arr"]),
        unknown("BI-09", acme("", "a"), "add an ARR column"),
        // 10 of 500: sqrt(0.02 / 0.1).
        some("BI-10", acme("arr=10", "We will leave."), 0.02, 0.4472, &["s1“We will leave”"]),
        some("BI-10", ws(PLAIN), 0.0, 0.0, &[]),
        unknown("BI-10", ws(BARE), "at least three statements"),
        // In 90 days: 2^-1 = 0.5; / 0.6.
        some("BI-11", acme("renewal=2026-12-29", "a"), 0.5, 0.8333, &["Acme.renewal_at"]),
        // In twenty years: 2^-81, which rounds to no points.
        some("BI-11", acme("renewal=2046-09-30", "a"), 0.0, 0.0, &["Acme.renewal_at"]),
        unknown("BI-11", acme("", "a"), "add a renewal column"),
        // 20 of 1000: sqrt(0.02 / 0.1).
        some("BI-12", acme("deal=20", "It is a deal breaker."), 0.02, 0.4472, &["s1“deal breaker”"]),
        some("BI-12", acme("deal=20", "a"), 0.0, 0.0, &[]),
        unknown("BI-12", ws(PLAIN), "a sales source"),
        // ln 3 / ln 6.
        some(
            "BI-13",
            ws("
            account Acme
            account Bolt
            insight Payroll
            s1 - @Acme support: We would upgrade.
            s2 - @Bolt support: We need more seats."),
            2.0,
            0.6131,
            &["s1“would upgrade”", "s2“need more seats”"],
        ),
        some("BI-13", ws(PLAIN), 0.0, 0.0, &[]),
        unknown("BI-13", ws(BARE), "at least three statements"),
        // 10 of 250: sqrt(0.04 / 0.25).
        some("BI-14", acme("seats=10", "a"), 0.04, 0.4, &["Acme.seats"]),
        some("BI-14", acme("seats=0", "a"), 0.0, 0.0, &["Acme.seats"]),
        unknown("BI-14", acme("", "a"), "add a seats column"),
        // 1 of 1: (1.5 - 0.5) / 2 = 0.5; / 0.8.
        some("BI-15", acme("plan=Team", "a"), 1.0, 0.625, &["Acme.plan"]),
        some("BI-15", acme("plan=Free", "a"), 0.0, 0.0, &["Acme.plan"]),
        unknown("BI-15", acme("", "a"), "add a plan column"),
        // One reason shares "payroll" and "export" with the label: ln 2 / ln 5.
        some(
            "BI-31",
            ws("
            account Gone lost=\"no payroll export\"
            insight Payroll export
            s1 - - support: a"),
            1.0,
            0.4307,
            &["Gone.lost_reason"],
        ),
        some(
            "BI-31",
            ws("
            account Gone lost=\"too expensive\"
            insight Payroll export
            s1 - - support: a"),
            0.0,
            0.0,
            &[],
        ),
        unknown("BI-31", ws(BARE), "add a reason column"),
    ]
}

fn pain() -> Vec<Fixture> {
    let one_of_three =
        |text: &str| ws(&format!("insight Payroll\ns1 - - support: {text}\ns2 - - support: b\ns3 - - support: c"));
    vec![
        // Mean 0.6 here and everywhere: (1.8 + 5 * 0.6) / 8 = 0.6; (0.6 - 0.1) / 0.6.
        some(
            "BI-16",
            ws("
            insight Payroll
            s1 - - support~-0.6: a
            s2 - - support~-0.6: b
            s3 - - support~-0.6: c"),
            0.6,
            0.8333,
            &["s1", "s2", "s3"],
        ),
        some(
            "BI-16",
            ws("
            insight Payroll
            s1 - - support~0.6: a
            s2 - - support~0.2: b
            s3 - - support~0.4: c"),
            0.0,
            0.0,
            &["s1", "s2", "s3"],
        ),
        unknown("BI-16", ws(PLAIN), "sentiment in at least three"),
        // 1 of 4 tickets in 90 days is above the 5 % of full marks.
        some(
            "BI-17",
            ws("
            as-of 2026-09-30
            insight Payroll
            s1 2026-09-01 - support: a
            s2 2026-01-01 - support: too old to count
            other
            o1 2026-09-01 - support: b
            o2 2026-09-01 - support: c
            o3 2026-09-01 - support: d"),
            0.25,
            1.0,
            &["s1"],
        ),
        some(
            "BI-17",
            ws("
            as-of 2026-09-30
            insight Payroll
            s1 2026-09-01 - review: a
            other
            o1 2026-09-01 - support: b"),
            0.0,
            0.0,
            &[],
        ),
        unknown(
            "BI-17",
            ws("
            as-of 2026-09-30
            insight Payroll
            s1 2026-09-01 - review: a"),
            "import a ticket export",
        ),
        // Wilson of 1 in 3: (1/3 + 1/6 - sqrt(2/27 + 1/36)) / (4/3) = 0.13564; / 0.5.
        some("BI-18", one_of_three("This is urgent."), 0.3333, 0.2713, &["s1“urgent”"]),
        some("BI-18", ws(PLAIN), 0.0, 0.0, &[]),
        unknown("BI-18", ws(BARE), "at least three statements"),
        // The same share; / 0.6.
        some("BI-19", one_of_three("We are stuck."), 0.3333, 0.2261, &["s1“stuck”"]),
        some("BI-19", ws(PLAIN), 0.0, 0.0, &[]),
        unknown("BI-19", ws(BARE), "at least three statements"),
        // 0.6 * 0.13564 / 0.4 + 0.4 * ln(1 + 2 h * 4 a month) / ln 21 = 0.20346 + 0.28868.
        some(
            "BI-20",
            one_of_three("We type it in by hand, every week it takes 2 hours."),
            0.4921,
            0.4921,
            &["s1“by hand”", "s1“We type it in by hand, every week it takes 2 hours.”"],
        ),
        some("BI-20", ws(PLAIN), 0.0, 0.0, &[]),
        unknown("BI-20", ws(BARE), "at least three statements"),
        // Weekly is four times a month: ln 5 / ln 21.
        some("BI-21", one_of_three("It happens every week."), 4.0, 0.5286, &["s1“every week”"]),
        // The least: an author who came back after ten months of 30.4 days, twice in them; ln 1.2 / ln 21.
        some(
            "BI-21",
            ws("
            person Ann
            insight Payroll
            s1 2025-11-30 Ann support: a
            s2 2026-09-30 Ann support: b"),
            0.2,
            0.0599,
            &["s1", "s2"],
        ),
        unknown("BI-21", ws(PLAIN), "how often it happens"),
        class(
            "BI-22",
            ws("
            insight Payroll
            s1 - - support: It shows the wrong total.
            s2 - - support: Again a wrong total."),
            0.6,
            &["s1“shows the wrong”", "s2“wrong total”"],
        ),
        class("BI-22", ws(PLAIN), 0.0, &[]),
        // Always known: one unconfirmed statement counts one class lower.
        class("BI-22", one_of_three("It shows a wrong total."), 0.3, &["s1“wrong total”"]),
        // Five asks against six: 1 of 2 areas, importance 5. Ratings of 0.2: satisfaction 2. 5 + 3 = 8; (8 - 5) / 10.
        some("BI-23", areas(5, "0.2"), 8.0, 0.3, &["s1", "s2"]),
        // Ratings of 1: 5 + 0.
        some("BI-23", areas(5, "1"), 5.0, 0.0, &["s1", "s2"]),
        // Five ratings of 0.2 in the area, five of 1 elsewhere: the mean of all is 0.6 and counts as five more, so
        // satisfaction is (5 × 0.2 + 5 × 0.6) / 10 = 0.4, on the scale of ten 4. 5 + 1 = 6; (6 - 5) / 10.
        some("BI-23", areas_beside(5, "0.2", "1"), 6.0, 0.1, &["s1", "s2"]),
        unknown("BI-23", areas(4, "0.2"), "five asks and five satisfaction readings"),
    ]
}

/// An area with `n` asks that carry a rating, beside one with six asks.
fn areas(n: usize, rating: &str) -> Workspace {
    ws(&area_lines(n, rating))
}

/// The same, with as many ratings of another value that belong to no insight.
fn areas_beside(n: usize, rating: &str, other: &str) -> Workspace {
    let mut text = area_lines(n, rating) + "other\n";
    for i in 1..=n {
        text += &format!("r{i} - - survey/{other}: c\n");
    }
    ws(&text)
}

fn area_lines(n: usize, rating: &str) -> String {
    let mut text = "insight [Hours] Payroll\n".to_owned();
    for i in 1..=n {
        text += &format!("s{i} - - survey/{rating}: a\n");
    }
    text += "insight [Plans] Rota\n";
    for i in 1..=6 {
        text += &format!("o{i} - - survey: b\n");
    }
    text
}

fn momentum() -> Vec<Fixture> {
    let growing = |recent: &str, before: &str| {
        let mut text = "as-of 2026-09-30\ninsight Payroll\n".to_owned();
        for (i, day) in recent.split(' ').chain(before.split(' ')).enumerate() {
            text += &format!("s{} {day} - support: a\n", i + 1);
        }
        text += "other\n";
        for i in 0..8 {
            text += &format!("o{i} 2026-08-0{} - support: b\n", i + 1);
        }
        ws(&text)
    };
    vec![
        // 2 must-be and 2 attractive cues: 2 / 4; / 0.8.
        some("BI-24", kano(2, 2), 0.5, 0.625, &["s1“should just”", "s2“should just”"]),
        some("BI-24", kano(0, 4), 0.0, 0.0, &[]),
        unknown("BI-24", kano(1, 2), "at least four statements"),
        some("BI-25", kano(2, 2), 0.5, 0.625, &["s3“would love”", "s4“would love”"]),
        some("BI-25", kano(4, 0), 0.0, 0.0, &[]),
        unknown("BI-25", kano(1, 2), "at least four statements"),
        // 4 recent less sqrt(4), 2 before: (2/4 + 1/8) / (2/8 + 1/8) = 1.6667. The workspace: (4/4 + 1/8) / (10/8 + 1/8)
        // = 0.8182. log2 of their ratio 2.0370; / 2.
        some(
            "BI-26",
            growing("2026-09-26 2026-09-27 2026-09-28 2026-09-29", "2026-07-20 2026-08-20"),
            1.0265,
            0.5133,
            &["s3", "s4"],
        ),
        // 1 recent less 1, 5 before: falls.
        some(
            "BI-26",
            growing("2026-09-29", "2026-07-20 2026-07-21 2026-07-22 2026-07-23 2026-07-24"),
            // (0 + 1/8) / (5/8 + 1/8) over (1/4 + 1/8) / (13/8 + 1/8)
            libm::log2((0.125 / 0.75) / (0.375 / 1.75)),
            0.0,
            &["s1", "s6"],
        ),
        unknown("BI-26", ws(PLAIN), "import exports that carry a date"),
        // 45 days old: 0.5; / 0.7.
        some(
            "BI-27",
            ws("
            as-of 2026-09-30
            insight Payroll
            s1 2026-08-16 - support: a"),
            0.5,
            0.7143,
            &["s1"],
        ),
        // Ten years old: 2^-81, which rounds to no points.
        some(
            "BI-27",
            ws("
            as-of 2026-09-30
            insight Payroll
            s1 2016-09-30 - support: a"),
            0.0,
            0.0,
            &["s1"],
        ),
        unknown("BI-27", ws(BARE), "import exports that carry a date"),
        // 3 months: (3 - 1) / 7.
        some(
            "BI-28",
            ws("
            as-of 2026-09-30
            insight Payroll
            s1 2026-06-30 - support: a
            s2 2026-08-16 - support: b
            s3 2026-09-30 - support: c
            s4 2026-09-29 - support: d"),
            3.0,
            0.2857,
            &["s1", "s2", "s3"],
        ),
        some(
            "BI-28",
            ws("
            as-of 2026-09-30
            insight Payroll
            s1 2026-09-29 - support: a
            other
            o1 2026-01-01 - support: b"),
            1.0,
            0.0,
            &["s1"],
        ),
        unknown(
            "BI-28",
            ws("
            as-of 2026-09-30
            insight Payroll
            s1 2026-09-01 - support: a
            s2 2026-09-30 - support: a"),
            "spans three months",
        ),
        // One account came in the last 28 days: ln 2 / ln 9.
        some(
            "BI-29",
            ws("
            as-of 2026-09-30
            account Acme
            account Bolt
            insight Payroll
            s1 2026-06-30 @Acme support: a
            s2 2026-09-29 @Acme support: b
            s3 2026-09-29 @Bolt support: c"),
            1.0,
            0.3155,
            &["s3"],
        ),
        some(
            "BI-29",
            ws("
            as-of 2026-09-30
            account Acme
            insight Payroll
            s1 2026-06-30 @Acme support: a
            s2 2026-09-29 @Acme support: b"),
            0.0,
            0.0,
            &[],
        ),
        unknown(
            "BI-29",
            ws("
            as-of 2026-09-30
            insight Payroll
            s1 2026-06-30 - support: a
            s2 2026-09-29 - support: b"),
            "dated statements with accounts",
        ),
        // ln 3 / ln 6.
        some(
            "BI-30",
            ws("
            account Acme
            account Bolt
            insight Payroll
            s1 - @Acme support: Rosterly does it.
            s2 - @Bolt support: See Rosterly.")
            .settings("[[strategy.competitors]]\nname = 'Rosterly'"),
            2.0,
            0.6131,
            &["s1“Rosterly”", "s2“Rosterly”"],
        ),
        some("BI-30", ws(PLAIN), 0.0, 0.0, &[]),
        unknown("BI-30", ws(BARE), "at least three statements"),
    ]
}

/// Statements with must-be cues, then some with attractive cues.
fn kano(n_must: usize, n_attractive: usize) -> Workspace {
    let mut text = "insight Payroll\n".to_owned();
    for i in 1..=n_must + n_attractive {
        text +=
            &format!("s{i} - - support: {}\n", if i <= n_must { "It should just work." } else { "I would love it." });
    }
    ws(&text)
}

/// A file of 100 lines with one function of complexity 10.
fn file(module: &str) -> CodeFile {
    CodeFile {
        n_lines: 100,
        module: module.into(),
        functions: vec![CodeFunction { name: "run".into(), line: 7, n_lines: 50, complexity: 10, tests: Vec::new() }],
        ..CodeFile::default()
    }
}

fn place(file: &str, line: u32, symbol: &str) -> CodePlace {
    CodePlace { file: file.into(), line, symbol: Some(symbol.into()) }
}

/// Ten files `0.rs` to `9.rs` of two modules, of which the first insight surely touches `0.rs` and, as likely as not,
/// `1.rs`; `change` has the last word.
fn coded(workspace: Workspace, change: impl FnOnce(&mut CodeMap, &mut Touch)) -> Workspace {
    workspace.code(|map, insight: InsightId| {
        for i in 0..10 {
            map.files.insert(format!("{i}.rs"), file(if i < 5 { "web" } else { "jobs" }));
        }
        map.n_commits = 100;
        let mut touch =
            Touch { confidence_unit: 0.9, files: vec![("0.rs".into(), 1.0), ("1.rs".into(), 0.5)], ..Touch::default() };
        change(map, &mut touch);
        map.touches.insert(insight, touch);
    })
}

fn touch(change: impl FnOnce(&mut CodeMap, &mut Touch)) -> Workspace {
    coded(
        ws("as-of 2026-09-30\ninsight Payroll\nneed delete want actor object\ns1 - - support: Payroll please."),
        change,
    )
}

/// A part of `map.files` by number.
fn at(map: &mut CodeMap, i: usize) -> &mut CodeFile {
    map.files.get_mut(&format!("{i}.rs")).unwrap()
}

fn commits(n: usize, n_fixes: usize, lead_hours: Option<f64>, path: &str) -> Vec<Commit> {
    (0..n).map(|i| Commit { id: format!("c{i}"), is_fix: i < n_fixes, files: vec![path.into()], lead_hours }).collect()
}

const MAP: &str = "a code map: connect a repository";

fn size() -> Vec<Fixture> {
    let needs = |frames: &str| {
        let lines = frames.split(' ').map(|frame| format!("need {frame} want")).collect::<Vec<_>>().join("\n");
        ws(&format!("insight Payroll\n{lines}\ns1 - - support: Payroll please."))
    };
    vec![
        // 1 + 0.5 files: 1 - ln 2.5 / ln 41.
        some("TE-01", touch(|_, _| ()), 1.5, 0.7533, &["0.rs:1", "1.rs:1"]),
        some(
            "TE-01",
            touch(|map, touch| {
                for i in 0..40 {
                    map.files.insert(format!("{i}.rs"), file("web"));
                }
                touch.files = (0..40).map(|i| (format!("{i}.rs"), 1.0)).collect();
            }),
            40.0,
            0.0,
            &["0.rs:1", "1.rs:1", "10.rs:1", "11.rs:1", "12.rs:1", "13.rs:1", "14.rs:1", "15.rs:1"],
        ),
        unknown("TE-01", ws(BARE), MAP),
        // 3.95 + 0.05 thousand lines: 1 - ln 5 / ln 21.
        some("TE-02", touch(|map, _| at(map, 0).n_lines = 3950), 4.0, 0.4714, &["0.rs:1", "1.rs:1"]),
        some("TE-02", touch(|map, _| at(map, 0).n_lines = 20_000), 20.05, 0.0, &["0.rs:1", "1.rs:1"]),
        unknown("TE-02", ws(BARE), MAP),
        // DELETE reads, writes, enters and exits, and one entity is new: 1 - ln 6 / ln 61.
        some("TE-03", needs("delete"), 5.0, 0.5641, &["frames.delete"]),
        // 13 + 13 + 13 + 14 + 8 movements.
        some(
            "TE-03",
            needs("integrate notify schedule sso_login export"),
            61.0,
            0.0,
            &["frames.export", "frames.integrate", "frames.notify", "frames.schedule", "frames.sso_login"],
        ),
        unknown("TE-03", ws(BARE), "a capability frame"),
        // A new entity and a new field: 4; 1 - ln 5 / ln 21.
        some(
            "TE-04",
            touch(|_, touch| {
                touch.data = vec![DataChange::NewEntity("Export".into()), DataChange::NewField("Shift.code".into())];
            }),
            4.0,
            0.4714,
            &["0.rs:1", "1.rs:1"],
        ),
        some(
            "TE-04",
            touch(|_, touch| {
                touch.data = (0..10).map(|i| DataChange::ChangedField(format!("Shift.f{i}"))).collect();
            }),
            20.0,
            0.0,
            &["0.rs:1", "1.rs:1"],
        ),
        unknown("TE-04", ws(BARE), MAP),
        // One new, one changed: 3; 1 - ln 4 / ln 21.
        some(
            "TE-05",
            touch(|_, touch| {
                touch.interface =
                    vec![InterfaceChange::New("POST /exports".into()), InterfaceChange::Changed("GET /hours".into())];
            }),
            3.0,
            0.5447,
            &["0.rs:1", "1.rs:1"],
        ),
        some(
            "TE-05",
            touch(|_, touch| {
                touch.interface = (0..4).map(|i| InterfaceChange::Breaking(format!("GET /{i}"))).collect();
            }),
            20.0,
            0.0,
            &["0.rs:1", "1.rs:1"],
        ),
        unknown("TE-05", ws(BARE), MAP),
        // A dialog, a button and a toast: 3 + 2; 1 - ln 6 / ln 16.
        some("TE-06", needs("delete"), 5.0, 0.3538, &["frames.delete"]),
        // Two pages and two parts, one page and four parts: 8 + 7.
        some("TE-06", needs("sso_login integrate"), 15.0, 0.0, &["frames.integrate", "frames.sso_login"]),
        unknown("TE-06", ws(BARE), "a capability frame"),
    ]
}

fn health() -> Vec<Fixture> {
    vec![
        // All functions have 10: 1 - (10 - 5) / 25.
        some("TE-07", touch(|_, _| ()), 10.0, 0.8, &["0.rs:7#run", "1.rs:7#run"]),
        // 40 in the sure file, 10 in the other, half as heavy: (40 + 5) / 1.5.
        some(
            "TE-07",
            touch(|map, _| at(map, 0).functions[0].complexity = 40),
            30.0,
            0.0,
            &["0.rs:7#run", "1.rs:7#run"],
        ),
        unknown("TE-07", ws(BARE), MAP),
        // One file in ten is a hotspot. It is the less likely one: 0.5 / 1.5; 1 - 0.3333 / 0.6.
        some("TE-08", touch(|map, _| at(map, 1).churn = 9), 0.3333, 0.4444, &["1.rs:1"]),
        // It is the sure one: 1 / 1.5.
        some("TE-08", touch(|map, _| at(map, 0).churn = 9), 0.6667, 0.0, &["0.rs:1"]),
        unknown("TE-08", touch(|map, _| map.n_commits = 9), "at least 50 commits"),
        // No marker here, none in eight of ten files: 1 - (0.8 - 0.2) / 0.8.
        some(
            "TE-09",
            touch(|map, _| {
                at(map, 8).debt = vec![3];
                at(map, 9).debt = vec![3];
            }),
            0.8,
            0.25,
            &["0.rs:1", "1.rs:1"],
        ),
        some("TE-09", touch(|map, _| at(map, 0).debt = vec![3, 4]), 0.9, 0.125, &["0.rs:3", "0.rs:4"]),
        // As much as anywhere.
        some(
            "TE-09",
            touch(|map, _| {
                at(map, 0).debt = vec![3];
                at(map, 1).debt = vec![4];
            }),
            1.0,
            0.0,
            &["0.rs:3", "1.rs:4"],
        ),
        unknown("TE-09", ws(BARE), MAP),
        // 2 fixes of 20, and so in all: (2 + 1) / 30 = 0.1; 1 - 0.05 / 0.45.
        some(
            "TE-10",
            touch(|map, _| map.commits = commits(20, 2, None, "0.rs")),
            0.1,
            0.8889,
            &["0.rs:1#c0", "0.rs:1#c1"],
        ),
        some(
            "TE-10",
            touch(|map, _| map.commits = commits(20, 20, None, "0.rs")),
            1.0,
            0.0,
            &["0.rs:1#c15", "0.rs:1#c16", "0.rs:1#c17", "0.rs:1#c18", "0.rs:1#c19"],
        ),
        unknown(
            "TE-10",
            touch(|map, _| map.commits = commits(9, 0, None, "0.rs")),
            "at least 20 commits on the touched",
        ),
        // 1 of 2 parts: 0.5 / 0.8.
        some(
            "TE-11",
            touch(|_, touch| {
                touch.parts = vec![
                    NeededPart { name: "Export".into(), found: Some(place("0.rs", 3, "Export")) },
                    NeededPart { name: "POST /exports".into(), found: None },
                ];
            }),
            0.5,
            0.625,
            &["0.rs:3#Export"],
        ),
        some(
            "TE-11",
            touch(|_, touch| {
                touch.parts = vec![NeededPart { name: "Export".into(), found: None }];
            }),
            0.0,
            0.0,
            &[],
        ),
        unknown("TE-11", touch(|_, _| ()), "the parts that a change needs"),
    ]
}

fn coupling() -> Vec<Fixture> {
    vec![
        // 2.rs uses 0.rs, 3.rs uses 2.rs: 2 of 10; 1 - sqrt(0.2 / 0.5).
        some(
            "TE-12",
            touch(|map, _| {
                at(map, 0).used_by = vec!["2.rs".into()];
                at(map, 2).used_by = vec!["3.rs".into(), "0.rs".into()];
            }),
            0.2,
            0.3675,
            &["2.rs:1", "3.rs:1"],
        ),
        some(
            "TE-12",
            touch(|map, _| at(map, 0).used_by = (2..7).map(|i| format!("{i}.rs")).collect()),
            0.5,
            0.0,
            &["2.rs:1", "3.rs:1", "4.rs:1", "5.rs:1", "6.rs:1"],
        ),
        unknown("TE-12", ws(BARE), MAP),
        // One file outside, often enough; the others are too loose, too rare or inside: 1 - ln 2 / ln 16.
        some(
            "TE-13",
            touch(|map, _| map.coupling = pairs(&[(0, 2, 0.3, 5), (0, 3, 0.2, 9), (0, 4, 0.9, 4), (0, 1, 0.9, 9)])),
            1.0,
            0.75,
            &["2.rs:1"],
        ),
        some(
            "TE-13",
            touch(|map, _| map.coupling = pairs(&(2..17).map(|i| (0, i, 0.5, 5)).collect::<Vec<_>>())),
            15.0,
            0.0,
            &["10.rs:1", "11.rs:1", "12.rs:1", "13.rs:1", "14.rs:1"],
        ),
        unknown("TE-13", touch(|map, _| map.n_commits = 9), "at least 50 commits"),
        // Two modules: the row of 1; 1 - 0.3.
        some(
            "TE-14",
            touch(|_, touch| touch.files = vec![("0.rs".into(), 1.0), ("9.rs".into(), 0.8)]),
            1.0,
            0.7,
            &["0.rs:1", "9.rs:1"],
        ),
        some(
            "TE-14",
            touch(|map, touch| {
                touch.files = (0..5).map(|i| (format!("{i}.rs"), 1.0)).collect();
                (0..5).for_each(|i| at(map, i).module = format!("m{i}"));
            }),
            4.0,
            0.0,
            &["0.rs:1", "1.rs:1", "2.rs:1", "3.rs:1", "4.rs:1"],
        ),
        unknown("TE-14", ws(BARE), MAP),
        // An integration needs the other product's interface: 1 - 0.4.
        some("TE-15", ws("insight Payroll\nneed integrate want\ns1 - - support: a"), 1.0, 0.6, &["frames.integrate"]),
        some(
            "TE-15",
            ws("
            insight Payroll
            need integrate want
            need sso_login want
            need notify want
            s1 - - support: a"),
            3.0,
            0.0,
            &["frames.integrate", "frames.notify", "frames.sso_login"],
        ),
        unknown("TE-15", ws(BARE), "a capability frame"),
    ]
}

fn pairs(of: &[(usize, usize, f64, u32)]) -> Vec<Coupling> {
    let pair = |&(a, b, degree_unit, shared): &(usize, usize, f64, u32)| Coupling {
        a: format!("{b}.rs"),
        b: format!("{a}.rs"),
        degree_unit,
        shared,
    };
    of.iter().map(pair).collect()
}

fn author(name: &str, share_unit: f64, last: &str) -> Authorship {
    Authorship { name: name.into(), share_unit, last_active: Timestamp::parse_iso(last).unwrap() }
}

fn safety_and_people() -> Vec<Fixture> {
    vec![
        // The less likely of two functions is tested: 0.5 / 1.5; / 0.8.
        some(
            "TE-16",
            touch(|map, _| at(map, 1).functions[0].tests = vec![place("t.rs", 2, "runs")]),
            0.3333,
            0.4167,
            &["t.rs:2#runs"],
        ),
        some("TE-16", touch(|_, _| ()), 0.0, 0.0, &[]),
        unknown("TE-16", ws(BARE), MAP),
        // Comments are new records beside the old ones.
        class("TE-17", ws("insight Payroll\nneed comment want\ns1 - - support: a"), 0.85, &["frames.comment"]),
        class("TE-17", ws("insight Payroll\nneed delete want\ns1 - - support: a"), 0.0, &["frames.delete"]),
        unknown("TE-17", ws(BARE), "a capability frame"),
        some("TE-18", touch(|map, _| at(map, 0).zone = Some("money".into())), 1.0, 0.5, &["0.rs:1"]),
        some(
            "TE-18",
            touch(|map, touch| {
                touch.files = (0..3).map(|i| (format!("{i}.rs"), 1.0)).collect();
                (0..3).for_each(|i| at(map, i).zone = Some(format!("zone {i}")));
            }),
            3.0,
            0.0,
            &["0.rs:1", "1.rs:1", "2.rs:1"],
        ),
        unknown("TE-18", ws(BARE), MAP),
        // Checks on changes, and logs on the path: 2 of 5.
        some(
            "TE-19",
            touch(|map, _| {
                map.release = Some(Release { ci: Some(place("ci.yml", 1, "test")), ..Release::default() });
                at(map, 1).telemetry_at = Some(9);
            }),
            0.4,
            0.4,
            &["1.rs:9", "ci.yml:1#test"],
        ),
        some("TE-19", touch(|map, _| map.release = Some(Release::default())), 0.0, 0.0, &[]),
        unknown("TE-19", touch(|_, _| ()), "the repository's configuration"),
        // 0.rs: active main author, alone: 0.6. 1.rs: one gone, two know it: 0.4. The mean.
        some(
            "TE-20",
            touch(|map, _| {
                at(map, 0).authors = vec![author("Ann", 0.9, "2026-09-01"), author("Bob", 0.1, "2026-09-01")];
                at(map, 1).authors = vec![author("Cas", 0.8, "2026-01-01"), author("Bob", 0.2, "2026-09-01")];
            }),
            0.5,
            0.5,
            &["0.rs:1#Ann", "1.rs:1#Cas"],
        ),
        some(
            "TE-20",
            touch(|map, _| at(map, 0).authors = vec![author("Ann", 1.0, "2026-01-01")]),
            0.0,
            0.0,
            &["0.rs:1#Ann"],
        ),
        unknown("TE-20", touch(|_, _| ()), "authors of the touched files"),
        // Half the usual time: log2(10 / 20) = -1.
        some(
            "TE-21",
            touch(|map, _| {
                map.commits = commits(5, 0, Some(10.0), "0.rs");
                map.commits.extend(commits(9, 0, Some(20.0), "9.rs"));
            }),
            -1.0,
            1.0,
            &["0.rs:1#c0", "0.rs:1#c1", "0.rs:1#c2", "0.rs:1#c3", "0.rs:1#c4"],
        ),
        // Four times.
        some(
            "TE-21",
            touch(|map, _| {
                map.commits = commits(5, 0, Some(80.0), "0.rs");
                map.commits.extend(commits(9, 0, Some(20.0), "9.rs"));
            }),
            2.0,
            0.0,
            &["0.rs:1#c0", "0.rs:1#c1", "0.rs:1#c2", "0.rs:1#c3", "0.rs:1#c4"],
        ),
        unknown("TE-21", touch(|map, _| map.commits = commits(5, 0, None, "0.rs")), "lead times"),
        // Both required slots are filled, and the range is half of the middle: 1 * (1 - 0.5 / 2).
        some(
            "TE-22",
            touch(|_, touch| {
                touch.estimate = Some(Estimate { p10_days: 5.0, p50_days: 10.0, p90_days: 10.0, team: None });
            }),
            0.75,
            0.75,
            &["s1“Payroll please.”", "s1“Payroll please.”"],
        ),
        some("TE-22", ws("insight Payroll\nneed delete want\ns1 - - support: a"), 0.0, 0.0, &[]),
        unknown("TE-22", ws(BARE), "a capability frame"),
    ]
}

/// A text is as like itself as can be: 1. “…” has no words, and no likeness: 0.
const SELF: &str = "Payroll export";

fn planned(toml: &str) -> Workspace {
    ws("
        as-of 2026-09-30
        account Acme segment=Hotel arr=40
        account Bolt segment=Shop arr=60
        person Ann Acme role=Clerk
        insight Payroll export
        s1 2026-09-01 Ann support: Hours to payroll, please.
        s2 2026-09-02 @Bolt support: Our hours as well.")
    .settings(toml)
}

fn objectives() -> Vec<Fixture> {
    let objective =
        |id: &str, text: &str, more: &str| format!("[[strategy.objectives]]\nid = '{id}'\ntext = '{text}'\n{more}\n");
    let key_result = |metric: &str, more: &str| {
        objective("O1", "…", &format!("[[strategy.objectives.key_results]]\nid = 'K1'\nmetric = '{metric}'\n{more}"))
    };
    let mine = objective("O1", SELF, "");
    let other = objective("O1", "…", "");
    let reading = |current: u32| {
        format!(
            "start = 0\nstart_on = 2026-01-01\ntarget = 100\ndue_on = 2027-06-30\ncurrent = {current}\ncurrent_on = 2026-09-30"
        )
    };
    let estimated = |due: &str, p50_days: f64, team: Option<&str>| {
        let toml = format!(
            "strategy.ends_on = {due}\n\
             [capacity]\npeople_in_parallel = 2\n\
             [[capacity.periods]]\nid = 'P'\nends_on = 2026-12-31\npeople_days = 40\ncommitted_people_days = 10\n\
             [[capacity.periods]]\nid = 'past'\nends_on = 2026-06-30\npeople_days = 400\n\
             [[capacity.teams]]\nname = 'Hours'\nshare_unit = 0.5\n{mine}"
        );
        coded(planned(&toml), |_, touch| {
            touch.estimate = Some(Estimate { p10_days: 1.0, p50_days, p90_days: 30.0, team: team.map(str::to_owned) });
        })
    };
    vec![
        // 0.5 * 1 + 0 + 0: (0.5 - 0.25) / 0.5.
        some("SA-01", planned(&mine), 0.5, 0.5, &["strategy.objectives.O1", "s1", "s2"]),
        some("SA-01", planned(&other), 0.0, 0.0, &["strategy.objectives.O1", "s1", "s2"]),
        unknown("SA-01", planned(""), "declare strategy.objectives"),
        // Three quarters of the weight fit by 0.5: (0.375 - 0.1) / 0.5.
        some(
            "SA-02",
            planned(&format!(
                "{}{}",
                objective("O1", SELF, "weight_unit = 0.75"),
                objective("O2", "…", "weight_unit = 0.25")
            )),
            0.375,
            0.55,
            &["strategy.objectives.O1", "strategy.objectives.O2"],
        ),
        some("SA-02", planned(&other), 0.0, 0.0, &["strategy.objectives.O1"]),
        unknown("SA-02", planned(""), "declare strategy.objectives"),
        class("SA-03", planned(&key_result(SELF, "")), 1.0, &["strategy.objectives.key_results.K1"]),
        class("SA-03", planned(&key_result("…", "")), 0.0, &["strategy.objectives.key_results.K1"]),
        unknown("SA-03", planned(&mine), "a key result with a metric"),
        // 272 of 545 days have passed, 10 of 100 are reached: 0.49908 - 0.1; / 0.5.
        some(
            "SA-04",
            planned(&key_result(SELF, &reading(10))),
            0.3991,
            0.7982,
            &["strategy.objectives.key_results.K1"],
        ),
        some(
            "SA-04",
            planned(&key_result(SELF, &reading(60))),
            0.4991 - 0.6,
            0.0,
            &["strategy.objectives.key_results.K1"],
        ),
        unknown("SA-04", planned(&key_result(SELF, "")), "start, current, target and dates of K1"),
        // 10 days by two people and 10 to measure, in six weeks of five days: 15 / 30; 1 - (0.5 - 0.3) / 0.9.
        some(
            "SA-05",
            estimated("2026-11-11", 10.0, None),
            0.5,
            0.7778,
            &["strategy.objectives.O1", "0.rs:1", "1.rs:1"],
        ),
        // In two weeks: 15 / 10.
        some("SA-05", estimated("2026-10-14", 10.0, None), 1.5, 0.0, &["strategy.objectives.O1", "0.rs:1", "1.rs:1"]),
        unknown(
            "SA-05",
            planned(&format!("strategy.ends_on = 2026-12-31\n{mine}")),
            "an estimate of effort: connect a repository",
        ),
        class(
            "SA-06",
            planned(&north_star(SELF)),
            1.0,
            &["strategy.north_star.metric", "strategy.north_star.inputs.I1"],
        ),
        class("SA-06", planned(&north_star("…")), 0.0, &["strategy.north_star.metric"]),
        unknown("SA-06", planned(""), "declare strategy.north_star"),
        some("SA-07", planned(&format!("{mine}{}", objective("O2", "…", ""))), 1.0, 0.4, &["strategy.objectives.O1"]),
        some("SA-07", planned(&format!("{other}{}", objective("O2", "…", ""))), 0.0, 0.0, &[]),
        unknown("SA-07", planned(&mine), "a second objective"),
        // 10 people-days of half of the 30 that are free: 0.6667; 1 - 0.4667 / 1.
        some(
            "SA-17",
            estimated("2026-11-11", 10.0, Some("Hours")),
            0.6667,
            0.5333,
            &["capacity.periods", "0.rs:1", "1.rs:1"],
        ),
        some(
            "SA-17",
            estimated("2026-11-11", 20.0, Some("Hours")),
            1.3333,
            0.0,
            &["capacity.periods", "0.rs:1", "1.rs:1"],
        ),
        unknown(
            "SA-17",
            planned("[capacity]\npeople_days_per_period = 90"),
            "an estimate of effort: connect a repository",
        ),
    ]
}

fn north_star(metric: &str) -> String {
    format!("[strategy.north_star]\nmetric = 'weeks'\n[[strategy.north_star.inputs]]\nid = 'I1'\nmetric = '{metric}'")
}

fn customers_and_limits() -> Vec<Fixture> {
    let segments = |value: &str| {
        format!("[[strategy.segments]]\nid = 'g'\nname = 'Group'\ncrm_values = ['{value}']\nis_target = true")
    };
    let personas = |role: &str| {
        format!("[[strategy.personas]]\nid = 'p'\nname = 'Payroll'\nis_primary = true\nroles = ['{role}']")
    };
    let one = |list: &str, key: &str, text: &str, more: &str| {
        format!("[[strategy.{list}]]\nid = 'X'\n{key} = '{text}'\n{more}")
    };
    let promise = "customer = 'Acme'\nstrength = 'written'\ndue_on = 2026-11-29";
    let wish =
        |toml: &str| ws("as-of 2026-09-30\ninsight Payroll export\nneed export want\ns1 - - support: a").settings(toml);
    vec![
        // 1 of 2: (1/2 + 1/4 - sqrt(1/8 + 1/16)) / 1.5 = 0.21132; / 0.7.
        some("SA-08", planned(&segments("hotel")), 0.5, 0.3019, &["s1"]),
        some("SA-08", planned(&segments("clinic")), 0.0, 0.0, &[]),
        unknown("SA-08", planned(""), "target segments"),
        // 40 of 100: 0.4 / 0.8.
        some("SA-09", planned(&segments("Hotel")), 0.4, 0.5, &["Acme.arr"]),
        some("SA-09", planned(&segments("clinic")), 0.0, 0.0, &[]),
        unknown("SA-09", planned(""), "target segments"),
        // 1 of 1: 0.5; / 0.7.
        some("SA-10", planned(&personas("clerk")), 1.0, 0.7143, &["s1"]),
        some("SA-10", planned(&personas("nurse")), 0.0, 0.0, &[]),
        unknown("SA-10", planned(""), "declare strategy.personas"),
        some(
            "SA-11",
            planned("[strategy.stage_focus]\nretain_unit = 0.4\nacquire_unit = 0.8"),
            0.5,
            0.5,
            &["strategy.stage_focus.retain_unit", "s1", "s2"],
        ),
        some(
            "SA-11",
            planned("[strategy.stage_focus]\nretain_unit = 0.0\nacquire_unit = 0.8"),
            0.0,
            0.0,
            &["strategy.stage_focus.retain_unit", "s1", "s2"],
        ),
        unknown("SA-11", planned(""), "declare strategy.stage_focus"),
        some("SA-12", planned(&one("principles", "text", SELF, "")), 1.0, 1.0, &["strategy.principles.X", "s1"]),
        // It is wished for just what would break it.
        some(
            "SA-12",
            wish(&one("principles", "text", "…", &format!("broken_when = '{SELF}'"))),
            -1.0,
            0.0,
            &["strategy.principles.X", "s1"],
        ),
        unknown("SA-12", planned(&one("principles", "text", "…", "")), "a principle that applies"),
        some("SA-13", planned(&one("non_goals", "text", "…", "reason = 'r'")), 0.0, 1.0, &["strategy.non_goals.X"]),
        some("SA-13", planned(&one("non_goals", "text", SELF, "reason = 'r'")), 1.0, 0.0, &["strategy.non_goals.X"]),
        unknown("SA-13", planned(""), "declare strategy.non_goals"),
        // Written, due in 60 days: 0.7 / 2.
        some("SA-14", planned(&one("commitments", "what", SELF, promise)), 0.35, 0.35, &["strategy.commitments.X"]),
        some("SA-14", planned("strategy.commitments = []"), 0.0, 0.0, &[]),
        unknown("SA-14", planned(""), "declare strategy.commitments"),
        // In force from six months on.
        class(
            "SA-15",
            planned(&one("obligations", "rule", SELF, "kind = 'law'\napplies_from = 2027-03-30")),
            0.8,
            &["strategy.obligations.X"],
        ),
        class("SA-15", planned("strategy.obligations = []"), 0.0, &[]),
        unknown("SA-15", planned(""), "declare strategy.obligations"),
        class("SA-16", planned(&one("differentiators", "text", SELF, "")), 1.0, &["strategy.differentiators.X"]),
        // Customers want that gone which sets the product apart.
        class(
            "SA-16",
            ws("insight Payroll export\nneed export remove\ns1 - - support: a").settings(&one(
                "differentiators",
                "text",
                SELF,
                "",
            )),
            0.0,
            &["strategy.differentiators.X"],
        ),
        unknown("SA-16", planned(""), "declare strategy.differentiators"),
    ]
}

fn portfolio() -> Vec<Fixture> {
    let bucket = |target: f64, committed: f64| {
        format!("[[strategy.buckets]]\nname = 'core'\ntarget_share_unit = {target}\ncommitted_share_unit = {committed}")
    };
    let one = |list: &str, more: &str| format!("[[strategy.{list}]]\nid = 'X'\ntext = '{SELF}'\n{more}");
    let item = |what: &str| format!("[[roadmap]]\nid = 'M1'\nwhat = '{what}'\nstate = 'shipped'");
    let linked = |second: &str| {
        ws(&format!(
            "insight Payroll\nneed restore want\ns1 - - support: a\ninsight Rota\nneed {second}\ns2 - - support: b"
        ))
    };
    vec![
        // 0.25 - 0.15 = 0.1: (0.1 + 0.1) / 0.3.
        some("SA-18", planned(&bucket(0.25, 0.15)), 0.1, 0.6667, &["strategy.buckets.core"]),
        some("SA-18", planned(&bucket(0.15, 0.30)), -0.15, 0.0, &["strategy.buckets.core"]),
        unknown("SA-18", planned(""), "declare strategy.buckets"),
        // Deleting and restoring both need a record of what was deleted: ln 2 / ln 7.
        some("SA-19", linked("delete want"), 1.0, 0.3562, &["insight 2"]),
        // A delete that is to be mended brings no part.
        some("SA-19", linked("delete fix"), 0.0, 0.0, &[]),
        unknown("SA-19", ws(BARE), "links to other insights"),
        // 0.5 * 0.6 = 0.3; / 0.6.
        some(
            "SA-20",
            planned(&one("risks", "severity_unit = 0.5\nlikelihood_unit = 0.6")),
            0.3,
            0.5,
            &["strategy.risks.X"],
        ),
        some("SA-20", planned("strategy.risks = []"), 0.0, 0.0, &[]),
        unknown("SA-20", planned(""), "declare strategy.risks"),
        // 4 * 0.9 * 0.1.
        some("SA-21", planned(&one("assumptions", "belief_unit = 0.9")), 0.36, 0.36, &["strategy.assumptions.X"]),
        some("SA-21", planned("strategy.assumptions = []"), 0.0, 0.0, &[]),
        unknown("SA-21", planned(""), "declare strategy.assumptions"),
        some("SA-22", planned(&item("…")), 0.0, 1.0, &["roadmap.M1"]),
        some("SA-22", planned(&item(SELF)), 1.0, 0.0, &["roadmap.M1"]),
        unknown("SA-22", planned(""), "declare the roadmap"),
    ]
}

fn all() -> Vec<Fixture> {
    [
        reach(),
        behaviour(),
        revenue(),
        pain(),
        momentum(),
        size(),
        health(),
        coupling(),
        safety_and_people(),
        objectives(),
        customers_and_limits(),
        portfolio(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[test]
fn each_check_measures_what_the_rubric_says() {
    let rubric = Rubric::builtin();
    let mut wrong = Vec::new();
    for (i, Fixture { check, workspace, expected }) in all().iter().enumerate() {
        let found = workspace.check(&rubric, check);
        let mut cites: Vec<String> = found.evidence.iter().map(|citation| workspace.shown(citation)).collect();
        cites.sort();
        let problem = match expected {
            Expected::Unknown(missing) => {
                let is_right = found.state == CheckState::Unknown
                    && found.points == 0.0
                    && found.missing.as_deref().is_some_and(|found| found.contains(missing));
                (!is_right).then(|| format!("should be unknown for want of '{missing}'"))
            }
            Expected::Known(x, points, expected) => {
                let mut expected = expected.to_vec();
                expected.sort_unstable();
                let is_near = |a: f64, b: f64| (a - b).abs() < 0.0006;
                let is_right = found.state == CheckState::Scored
                    && x.is_none_or(|x| found.x.is_some_and(|found| is_near(found, x)))
                    && is_near(found.points, *points)
                    && cites == expected;
                (!is_right).then(|| format!("should have x {x:?}, {points} points, {expected:?}"))
            }
        };
        if let Some(problem) = problem {
            wrong.push(format!(
                "{check} (fixture {i}): {problem}\n  found {:?} x {:?} points {} cites {cites:?}\n  “{}” missing {:?}",
                found.state, found.x, found.points, found.sentence, found.missing
            ));
        }
    }
    assert!(wrong.is_empty(), "{} fixtures fail:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn each_check_has_three_fixtures() {
    let fixtures = all();
    for check in &Rubric::builtin().checks {
        let own: Vec<&Fixture> = fixtures.iter().filter(|fixture| fixture.check == check.id).collect();
        assert!(own.len() >= 3, "{} has {} fixtures", check.id, own.len());
        let is_scored = |fixture: &&&Fixture| matches!(fixture.expected, Expected::Known(_, points, _) if points > 0.0);
        assert!(own.iter().any(|fixture| is_scored(&fixture)), "{} never scores", check.id);
        let has_unknown = own.iter().any(|fixture| matches!(fixture.expected, Expected::Unknown(_)));
        assert_eq!(has_unknown, !["BI-03", "BI-22"].contains(&check.id.as_str()), "{}: {}", check.id, check.known_when);
    }
}

#[test]
fn what_one_voice_repeats_counts_once() {
    let rubric = Rubric::builtin();
    let mut workspace = ws(PLAIN);
    workspace.voices[2] = workspace.voices[0];
    assert_eq!(workspace.check(&rubric, "BI-03").x, Some(2.0));
}
