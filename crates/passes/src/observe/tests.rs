//! Events become counts, counts become statements.

use super::*;
use proptest::prelude::*;
use throughline_model::EventId;
use throughline_model::settings::Funnel;

const MONDAY: i64 = 1_782_691_200; // 29 Jun 2026

fn settings() -> Settings {
    let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    Settings {
        funnels: vec![
            Funnel {
                id: "plan".into(),
                name: "From an opened plan to a published one".into(),
                steps: words(&["plan_opened", "plan_edited", "plan_published"]),
                within_hours: Some(24.0),
                surface: Some("plans".into()),
            },
            Funnel {
                id: "settle".into(),
                name: "From a request to a decision".into(),
                steps: words(&["swap_requested", "swap_approved"]),
                within_hours: Some(48.0),
                surface: None,
            },
        ],
        surfaces: vec![
            Surface {
                id: "plans".into(),
                name: "Plans".into(),
                pages: words(&["/sites/*/plan"]),
                events: words(&["plan_opened", "plan_edited", "plan_published"]),
            },
            Surface {
                id: "hours".into(),
                name: "Hours".into(),
                pages: words(&["/hours"]),
                events: words(&["hours_exported"]),
            },
        ],
        ..Settings::default()
    }
}

/// An event on a day and hour counted from the first Monday.
fn event(day: i64, hour: i64, who: &str, account: &str, name: &str) -> Event {
    Event {
        id: EventId(0),
        source: "web".into(),
        at: Some(Timestamp(MONDAY + day * DAY_SECS + hour * 3_600)),
        kind: EventKind::Act,
        name: name.into(),
        who: who.into(),
        account: account.into(),
        surface: String::new(),
        object: String::new(),
    }
}

fn observed(mut events: Vec<Event>, settings: &Settings) -> Observed {
    events.sort_by_key(|event| event.at);
    let mut observer = Observer::new(settings);
    events.iter().for_each(|event| observer.take(event));
    observer.finish()
}

fn sentence<'o>(observed: &'o Observed, id: &str) -> Option<&'o str> {
    observed.statements.iter().find(|record| record.external_id == id).map(|record| record.parts[1].text.as_str())
}

#[test]
fn attempts_are_followed_by_person_and_within_their_hours() {
    let mut events = Vec::new();
    for week in 0..10 {
        let who = format!("u{week}");
        events.push(event(week * 7, 8, &who, "a", "plan_opened"));
        events.push(event(week * 7, 9, &who, "a", "plan_opened")); // The same attempt.
        if week < 8 {
            events.push(event(week * 7, 10, &who, "a", "plan_edited"));
        }
        if week < 4 {
            // Two in time, two a day late.
            events.push(event(week * 7 + i64::from(week >= 2) * 2, 11, &who, "a", "plan_published"));
        }
    }
    events.push(event(70, 0, "last", "a", "else"));
    let observed = observed(events, &settings());
    assert_eq!(observed.usage.funnel_counts["plan"], [10, 8, 2]);
    assert_eq!(
        sentence(&observed, "funnel:plan:3"),
        Some(
            "From an opened plan to a published one: 6 of 8 attempts that got to \"plan edited\" (75 %) did not go on to \
             \"plan published\" within 24 hours of their start, counting attempts begun between 10 Jun and 6 Sep 2026."
        )
    );
    assert_eq!(sentence(&observed, "funnel:plan:1"), None, "nobody is lost before the first step");
}

#[test]
fn a_funnel_that_passes_from_hand_to_hand_is_followed_within_the_account() {
    let mut events = Vec::new();
    for day in 0..20 {
        events.push(event(day, 8, &format!("worker{day}"), "a", "swap_requested"));
        if day % 2 == 0 {
            events.push(event(day, 18, "manager", "a", "swap_approved"));
        }
        // Another account's approvals settle nothing here.
        events.push(event(day, 19, "other", "b", "swap_approved"));
    }
    events.push(event(40, 0, "last", "a", "else"));
    assert_eq!(observed(events, &settings()).usage.funnel_counts["settle"], [20, 10]);
}

#[test]
fn attempts_that_had_no_time_yet_are_not_counted() {
    let mut events: Vec<Event> = (0..6).map(|day| event(day, 8, &format!("u{day}"), "a", "plan_opened")).collect();
    events.push(event(6, 8, "late", "a", "plan_opened"));
    assert_eq!(observed(events, &settings()).usage.funnel_counts["plan"], [6, 0, 0]);
}

#[test]
fn a_session_is_a_persons_day_and_trouble_is_counted_once_in_it() {
    let mut events = Vec::new();
    for day in 0..10 {
        let mut seen = event(day, 8, "u1", "a", "page");
        (seen.kind, seen.surface) = (EventKind::View, "/sites/:id/plan".into());
        for hour in 9..12 {
            let mut failed = seen.clone();
            failed.kind = if hour == 9 { EventKind::Failure } else { EventKind::Rage };
            if day < 3 {
                events.push(failed);
            }
        }
        events.push(seen);
    }
    events.push(event(60, 8, "u2", "a", "plan_edited"));
    let observed = observed(events, &settings());
    assert_eq!(observed.usage.friction_by_surface["plans"], (11, 3));
    assert_eq!(observed.usage.n_people_by_surface["plans"], 1, "the other was there more than four weeks ago");
    assert_eq!(observed.usage.n_active, 1);
    let text = sentence(&observed, "surface:plans").unwrap();
    assert!(
        text.starts_with("On Plans, people ran into errors or clicked in anger in 3 of 11 sessions (27 %)"),
        "{text}"
    );
    let record = &observed.statements[0];
    assert_eq!((record.source.as_str(), record.source_kind), ("web", SourceKind::Analytics));
    assert_eq!((record.parts[0].role, record.parts[1].role), (PartRole::Title, PartRole::Observation));
    assert_eq!(record.created_at, Some(Timestamp(MONDAY + 60 * DAY_SECS + 8 * 3_600)));
}

#[test]
fn what_is_done_by_hand_week_after_week_is_told() {
    let mut events = Vec::new();
    let mut export = |day: i64, account: &str, report: &str| {
        let mut exported = event(day, 9, &format!("clerk of {account}"), account, "hours_exported");
        exported.object = report.into();
        events.push(exported);
    };
    for week in 0..5 {
        export(week * 7, "a", "hours");
        export(week * 7 + week % 2, "b", "hours");
        export(week * 14, "fortnight", "hours");
        export(week * 7, "various", &format!("report {week}"));
    }
    for day in 0..30 {
        export(day, "daily", "hours");
    }
    events.push(event(60, 9, "x", "c", "else"));
    for account in ["a", "b", "daily", "fortnight", "various"] {
        events.push(event(50, 9, "x", account, "else"));
    }
    let observed = observed(events, &settings());
    assert_eq!(
        sentence(&observed, "weekly:hours-exported"),
        Some(
            "2 of 6 active accounts exported the same hours by hand at weekly intervals at least three times between 29 \
             Jun and 27 Jul 2026."
        )
    );
}

#[test]
fn no_events_no_statements_and_undated_ones_do_not_count() {
    let settings = settings();
    assert_eq!(observed(Vec::new(), &settings), Observed::default());
    let undated = Event { at: None, ..event(0, 0, "u", "a", "plan_opened") };
    assert_eq!(observed(vec![undated], &settings), Observed::default());
}

#[test]
fn without_declared_surfaces_each_page_is_one() {
    let seen = (0..6).map(|day| Event { surface: "/inbox".into(), ..event(day, 8, "u", "a", "open") }).collect();
    assert_eq!(observed(seen, &Settings::default()).usage.friction_by_surface["/inbox"], (6, 0));
}

proptest! {
    #[test]
    fn counts_never_rise_along_a_funnel(steps in prop::collection::vec((0_i64..100, 0_i64..24, 0_u8..4, 0_u8..3, 0_usize..5), 0..200)) {
        const NAMES: [&str; 5] = ["plan_opened", "plan_edited", "plan_published", "swap_requested", "swap_approved"];
        let events = steps
            .iter()
            .map(|(day, hour, who, account, name)| event(*day, *hour, &format!("u{who}"), &format!("a{account}"), NAMES[*name]))
            .collect();
        let observed = observed(events, &settings());
        for counts in observed.usage.funnel_counts.values() {
            prop_assert!(counts.windows(2).all(|pair| pair[0] >= pair[1]), "{counts:?}");
        }
        for (n_sessions, n_troubled) in observed.usage.friction_by_surface.values() {
            prop_assert!(n_troubled <= n_sessions);
        }
    }

    #[test]
    fn no_event_is_too_odd(ats in prop::collection::vec(any::<i64>(), 0..20), name in "\\PC{0,12}", surface in "\\PC{0,12}") {
        let mut observer = Observer::new(&settings());
        for at in ats {
            observer.take(&Event { at: Some(Timestamp(at)), surface: surface.clone(), object: name.clone(), ..event(0, 0, "u", "a", &name) });
        }
        let _ = observer.finish();
    }
}
