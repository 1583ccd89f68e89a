//! What is kept of a record, and what is left out.

use super::*;
use proptest::prelude::*;
use throughline_model::{Author, RawPart, RawRecord, RecordId, Timestamp};

fn record(source_kind: SourceKind, parts: &[(PartRole, Side, &str, &str)]) -> Record {
    let mut raw = RawRecord::new("s", source_kind, "1", "");
    raw.created_at = Timestamp::from_date(2026, 5, 1);
    raw.parts = parts
        .iter()
        .enumerate()
        .map(|(i, (role, side, name, text))| RawPart {
            role: *role,
            author: Some(Author { name: Some((*name).to_owned()), side: *side, ..Author::default() }),
            at: None,
            clock_ms: (*role == PartRole::Utterance).then_some((i as u64 * 5_000, i as u64 * 5_000 + 4_000)),
            text: (*text).to_owned(),
        })
        .collect();
    let canonical = crate::collect::canonical(&raw, RecordId(7));
    crate::identity::Identities::new(
        std::slice::from_ref(&canonical),
        &[],
        &throughline_model::settings::Product::default(),
        &throughline_model::Standing::default(),
    )
    .resolve(&canonical)
}

fn said(source_kind: SourceKind, parts: &[(PartRole, Side, &str, &str)]) -> Vec<String> {
    let record = record(source_kind, parts);
    signals(&record).iter().map(|signal| record.slice(signal.span).to_owned()).collect()
}

fn ticket(title: &str, body: &str) -> Vec<String> {
    said(
        SourceKind::Support,
        &[(PartRole::Title, Side::Customer, "Ann", title), (PartRole::Body, Side::Customer, "Ann", body)],
    )
}

#[test]
fn a_short_ticket_is_one_statement_without_greeting_thanks_and_name() {
    let got = ticket(
        "Night allowance",
        "Hello,\nthe file for wages has only total hours. Is there a setting for that?\nMany thanks\nR. Oswald\nWerk 3 | Payroll",
    );
    assert_eq!(
        got,
        ["Night allowance\n\nHello,\nthe file for wages has only total hours. Is there a setting for that?"]
    );
    assert_eq!(ticket("", "Hi there, can you export it as CSV? Thanks!"), ["can you export it as CSV?"]);
    assert_eq!(
        ticket("", "The invoice is wrong again, please have a look.\nStuart Penn\nGreenlane Stores"),
        ["The invoice is wrong again, please have a look."]
    );
}

#[test]
fn quoted_replies_and_headers_are_left_out() {
    let reply = "It does, 9 seconds. But I plan across departments.\n\nOn Mon, 2 Feb 2026 at 11:12, Dev <[email 1]> wrote:\n> You could filter by department.\n> It loads less.";
    assert_eq!(ticket("", reply), ["It does, 9 seconds. But I plan across departments."]);
    let outlook = "Still broken for us, every morning.\n\nFrom: Support\nSent: Monday\nTo: Ann\nSubject: Re: it\n\nDear Ann, it should work now.";
    assert_eq!(ticket("", outlook), ["Still broken for us, every morning."]);
    let german =
        "Es geht immer noch nicht, seit dem Update.\n\nAm 02.02.2026 um 11:12 schrieb Support:\n> Bitte neu starten.";
    assert_eq!(ticket("", german), ["Es geht immer noch nicht, seit dem Update."]);
}

#[test]
fn what_was_passed_on_is_heard() {
    let body = "See below.\n\nFrom: Moira\nSent: Tuesday\nTo: Ann\nSubject: extra hour\n\nThe night nurses got an hour too much in the file.";
    let got = ticket("FW: extra hour", body);
    assert!(got.iter().any(|text| text.contains("an hour too much in the file")), "{got:?}");
    assert!(!got.iter().any(|text| text.contains("Sent: Tuesday") && !text.contains("extra hour")), "{got:?}");
}

#[test]
fn templates_steps_and_traces_are_left_out() {
    let body = "User Agent: Mozilla/5.0 (X11)\nBuild Identifier: 2.49\n\nThe page backgrounds disappear when an old page is edited, and the graphics move around.\n\nSteps to reproduce:\n1. Open a page\n2. Edit it\n\nActual Results:\nEverything moves and I have to restore the file from a backup before anybody can go on working with it at all.\n\n    at com.acme.Editor.run(Editor.java:12)\n    at com.acme.Main.main(Main.java:3)\n\nExpected Results:\nNothing should move when only the wording of a paragraph was changed by the person editing it.";
    let got = said(
        SourceKind::Tracker,
        &[
            (PartRole::Title, Side::Unknown, "x", "Editing breaks old pages"),
            (PartRole::Body, Side::Unknown, "x", body),
        ],
    );
    assert!(got[0].starts_with("Editing breaks old pages"), "{got:?}");
    for bad in ["Mozilla/5.0", "Open a page", "Editor.java", "Build Identifier"] {
        assert!(!got.iter().any(|text| text.contains(bad)), "{bad}: {got:?}");
    }
}

#[test]
fn of_an_issue_the_claim_what_happened_and_what_it_costs_are_kept() {
    let body = "## Steps to Reproduce\n1. Open the week\n2. Click on print\n\n**Actual behaviour:** the last two columns are cut off, so we tape a second sheet to the wall.\n\n### Expected behaviour\nThe page should fit the paper that is chosen in the settings of the site, also in landscape.\n\n### Environment\n- App 2.14.3\n- Browser: Firefox 120\n- OS: Windows 10\n\n### Relevant log output\n```shell\n12:00:01 ERROR print failed\n```\n\n### Code of Conduct\n- [x] I agree to follow this project's Code of Conduct\n\nCreated from https://tracker.example/issues/12";
    let got = said(
        SourceKind::Tracker,
        &[
            (PartRole::Title, Side::Unknown, "x", "Printed week is cut off at the right"),
            (PartRole::Body, Side::Unknown, "x", body),
        ],
    );
    assert_eq!(
        got,
        [
            "Printed week is cut off at the right",
            "the last two columns are cut off, so we tape a second sheet to the wall.",
            "The page should fit the paper that is chosen in the settings of the site, also in landscape.",
        ]
    );
}

#[test]
fn a_conversation_in_one_field_keeps_the_customers_turns() {
    let body = "Customer: The totals in the payroll file are wrong again for the night shift.\nAgent (Lucie): Thanks for reaching out! Could you send me the file?\nCustomer: I sent it twice. We cannot close the month without it.\nAgent (Lucie): I understand your frustration.";
    let got = ticket("Payroll", body);
    assert!(got.iter().any(|text| text.contains("cannot close the month")), "{got:?}");
    assert!(got.iter().all(|text| !text.contains("Thanks for reaching") && !text.contains("frustration")), "{got:?}");
}

#[test]
fn a_message_that_says_little_counts_only_where_nothing_else_is_said() {
    let reply = |text| {
        said(
            SourceKind::Support,
            &[
                (PartRole::Body, Side::Customer, "Kofi", "The swap still says pending on my phone."),
                (PartRole::Reply, Side::Customer, "Kofi", text),
            ],
        )
    };
    assert_eq!(reply("agent").len(), 1);
    assert_eq!(reply("Thanks in advance for your help").len(), 1);
    assert_eq!(reply("Now the app crashes as well").len(), 2);
    assert_eq!(said(SourceKind::Review, &[(PartRole::Body, Side::Customer, "Kofi", "Crashes")]), ["Crashes"]);
    assert!(said(SourceKind::Review, &[(PartRole::Body, Side::Customer, "Kofi", "ok thanks")]).is_empty());
}

#[test]
fn our_answers_are_not_heard_but_our_reports_are() {
    let got = said(
        SourceKind::Support,
        &[
            (PartRole::Body, Side::Customer, "Kofi", "The swap still says pending on my phone."),
            (PartRole::Reply, Side::Team, "Lucie", "Hi Kofi, swaps are confirmed by your manager in the web version."),
            (PartRole::Reply, Side::Customer, "Kofi", "ok thanks"),
        ],
    );
    assert_eq!(got, ["The swap still says pending on my phone."]);
    let got = said(
        SourceKind::Chat,
        &[
            (PartRole::Body, Side::Team, "Owen", "Hartwood asked about SAML before they even asked about the price."),
            (PartRole::Reply, Side::Team, "Ruth", "Not planned for this half."),
            (
                PartRole::Reply,
                Side::Team,
                "Owen",
                "The customer said our policy forbids systems with their own passwords.",
            ),
        ],
    );
    assert_eq!(got.len(), 2, "{got:?}");
}

#[test]
fn absence_notes_are_not_feedback() {
    assert!(
        ticket("Automatic reply: Rota", "I am out of the office until Monday. For urgent matters call the desk.")
            .is_empty()
    );
}

#[test]
fn of_a_call_the_customer_is_kept_and_an_answer_with_its_question() {
    let turns = [
        (PartRole::Utterance, Side::Team, "Aiko", "Good morning Maeve. Is the sound okay?"),
        (PartRole::Utterance, Side::Customer, "Maeve", "Yes. Okay."),
        (PartRole::Utterance, Side::Customer, "Maeve", "The problem is that every house manager can"),
        (PartRole::Utterance, Side::Customer, "Maeve", "open a carer in another home and read what she earns."),
        (PartRole::Utterance, Side::Team, "Aiko", "Mm."),
        (
            PartRole::Utterance,
            Side::Team,
            "Aiko",
            "So you need rates of her own house to show and everyone else's hidden?",
        ),
        (PartRole::Utterance, Side::Customer, "Maeve", "Yes, that is what we need."),
    ];
    let record = record(SourceKind::Call, &turns);
    let signals = signals(&record);
    let got: Vec<&str> = signals.iter().map(|signal| record.slice(signal.span)).collect();
    assert!(got[0].starts_with("The problem is") && got[0].ends_with("what she earns."), "{got:?}");
    assert!(got.iter().any(|text| text.starts_with("So you need") && text.ends_with("what we need.")), "{got:?}");
    assert!(got.iter().all(|text| !text.contains("sound okay")), "{got:?}");
    assert_eq!(signals[0].clock_ms, Some((10_000, 19_000)));
    assert!(signals.iter().all(|signal| signal.side == Side::Customer));
}

#[test]
fn of_a_call_that_an_operator_leads_the_audience_is_kept() {
    let house =
        "We grew in every market this year, and our margin rose because we sell more of the better tiers. ".repeat(8);
    let turns = [
        (PartRole::Utterance, Side::Unknown, "S1", "Welcome to the conference call, now I turn it over to our host."),
        (PartRole::Utterance, Side::Unknown, "S2", house.as_str()),
        (PartRole::Utterance, Side::Unknown, "S1", "Our first question comes from Ann with Northwind."),
        (
            PartRole::Utterance,
            Side::Unknown,
            "S3",
            "Hi. Good morning, everyone. Can you explain why the invoices for the new tier",
        ),
        (PartRole::Utterance, Side::Unknown, "S2", "Yes."),
        (PartRole::Utterance, Side::Unknown, "S3", "still show the old price for our branches?"),
        (
            PartRole::Utterance,
            Side::Unknown,
            "S2",
            "We cannot say much about the invoices, we need to look at the old price first.",
        ),
        (PartRole::Utterance, Side::Unknown, "S1", "Our next question comes from Bob with Fabrikam. Please go ahead."),
        (
            PartRole::Utterance,
            Side::Unknown,
            "S4",
            "The export to our warehouse fails every week since the last update, when will that be fixed?",
        ),
    ];
    let got = said(SourceKind::Call, &turns);
    assert_eq!(got.len(), 2, "{got:?}");
    assert!(got[0].starts_with("Can you explain") && got[0].ends_with("for our branches?"), "{got:?}");
    assert!(got[1].starts_with("The export to our warehouse"), "{got:?}");
}

#[test]
fn text_above_moves_no_id() {
    let one = record(SourceKind::Support, &[(PartRole::Body, Side::Customer, "A", "The export fails every Monday.")]);
    let mut two = one.clone();
    two.text = format!("Subject\n\n{}", one.text);
    for part in &mut two.parts {
        part.span = Span::new(part.span.start as usize + 9, part.span.end as usize + 9);
    }
    assert_eq!(signals(&one)[0].id, signals(&two)[0].id);
}

proptest! {
    #[test]
    fn ranges_are_ordered_on_boundaries_and_inside_parts(bodies in prop::collection::vec("[ -~äß€\n>:.?!-]{0,300}", 1..6), is_call: bool) {
        let (kind, role) = if is_call { (SourceKind::Call, PartRole::Utterance) } else { (SourceKind::Support, PartRole::Reply) };
        let parts: Vec<_> = bodies.iter().map(|body| (role, Side::Customer, "A", body.as_str())).collect();
        let record = record(kind, &parts);
        let mut last = 0;
        for signal in signals(&record) {
            prop_assert!(record.text.get(signal.span.range()).is_some());
            prop_assert!(!signal.span.is_empty() && signal.span.start >= last);
            prop_assert!(record.part_at(signal.span.start).is_some() && record.part_at(signal.span.end - 1).is_some());
            last = signal.span.end;
        }
    }
}
