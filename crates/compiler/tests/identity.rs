//! One person in exports of several kinds: counted once, however often they are read, and forgotten everywhere.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod disk;
mod workspace;

use std::collections::BTreeSet;
use throughline_compiler::session::STORE_FOLDER;
use throughline_compiler::{forget, judging};
use throughline_model::judgement::Ruling;
use throughline_model::{PersonId, VoiceId};
use workspace::Workspace;

const ACCOUNTS: &str = "Account ID,Account Name,Website,Plan,Seats,ARR,Currency\n\
    ACC-1,Larkfield Care Group Ltd,larkfield.example,Business,420,19400,GBP\n\
    ACC-2,Halden Hotels,halden.example,Business,80,4100,GBP\n";
const CONTACTS: &str = "Contact ID,Full Name,Email,Job Title,Account ID,Account Name\n\
    CON-1,Maeve Doran,maeve@larkfield.example,operations manager,ACC-1,Larkfield Care Group\n\
    CON-2,Tom Fox,tom@halden.example,owner,ACC-2,Halden Hotels\n";
const TICKETS: &str = "id,text,created_at,name,email\n\
    t1,Please schedule the payroll export.,2026-01-05,Maeve Doran,Maeve@larkfield.example\n\
    t2,The rota cannot be printed for the wall.,2026-01-06,Tom Fox,tom@halden.example\n";
const CONVERSATIONS: &str = r#"{"type":"conversation.list","conversations":[{"type":"conversation","id":"215","created_at":1767780660,
    "source":{"type":"conversation","id":"9","body":"<p>Please schedule the payroll export.</p>",
    "author":{"type":"user","id":"bac86","name":"Maeve Doran","email":"maeve@larkfield.example"}},
    "conversation_parts":{"type":"conversation_part.list","conversation_parts":[]}}]}"#;
const CALL: &str = "WEBVTT\n\n1\n00:00:02.000 --> 00:00:07.000\n<v Maeve Doran>We at Larkfield want you to schedule \
    the payroll export, please.\n\n2\n00:00:08.000 --> 00:00:12.000\n<v Sam Roe>Thank \
    you, that is clear.\n";
const EVENTS: &str = concat!(
    r#"{"messageId":"w1","type":"track","userId":"u-7","event":"rota_opened","timestamp":"2026-01-05T06:59:43Z","properties":{}}"#,
    "\n",
    r#"{"messageId":"w2","type":"identify","userId":"u-7","timestamp":"2026-01-05T07:15:20Z","traits":{"email":"maeve@larkfield.example","name":"Maeve Doran"}}"#,
    "\n",
    r#"{"messageId":"w3","type":"track","userId":"u-8","event":"rota_opened","timestamp":"2026-01-05T08:59:43Z","properties":{}}"#,
    "\n"
);

fn everywhere() -> Workspace {
    let workspace = Workspace::new();
    workspace.import_as("crm-accounts.csv", ACCOUNTS);
    workspace.import_as("crm-contacts.csv", CONTACTS);
    workspace.import_as("tickets.csv", TICKETS);
    workspace.import_as("conversations.json", CONVERSATIONS);
    workspace.import_as("call.vtt", CALL);
    workspace.import_as("events.ndjson", EVENTS);
    workspace.run();
    workspace
}

/// People and voices of the statements about payroll.
fn of_payroll(workspace: &Workspace) -> (BTreeSet<Option<PersonId>>, BTreeSet<VoiceId>, usize) {
    let (corpus, rows) = workspace.session().corpus().unwrap();
    let of: Vec<_> = rows.iter().filter(|row| corpus.text(&row.signal).contains("payroll export")).collect();
    assert!(of.iter().all(|row| row.signal.account == of[0].signal.account && row.signal.account.is_some()));
    (of.iter().map(|row| row.signal.person).collect(), of.iter().map(|row| row.voice_id).collect(), of.len())
}

#[test]
fn one_person_counts_once_wherever_they_write_and_however_often_it_is_read() {
    let workspace = everywhere();
    let (people, voices, n_said) = of_payroll(&workspace);
    assert_eq!((people.len(), voices.len(), n_said), (1, 1, 3), "a ticket, a conversation and a call");
    // The same export once more, under another name; and the same file again.
    workspace.import_as("tickets-of-january.csv", TICKETS);
    workspace.import_as("conversations.json", CONVERSATIONS);
    workspace.run();
    let (people, voices, n_said) = of_payroll(&workspace);
    assert_eq!((people.len(), voices.len(), n_said), (1, 1, 4));
}

#[test]
fn an_identity_can_be_rejected_and_taken_back() {
    let workspace = everywhere();
    let before = workspace.everything();
    let links = judging::links(&workspace.session(), false).unwrap();
    let talk = links.iter().find(|link| link.kind == "same name and company" && link.joins == "people").unwrap();
    judging::rule(&mut workspace.session(), &talk.id.to_string(), Ruling::Reject, None).unwrap();
    workspace.run();
    let (people, voices, _) = of_payroll(&workspace);
    assert_eq!((people.len(), voices.len()), (2, 2), "who speaks in the call is somebody else now");
    judging::undo_link(&mut workspace.session(), &talk.id.to_string(), None).unwrap();
    workspace.run();
    assert!(workspace.everything() == before, "taking it back leaves a trace");
}

#[test]
fn who_is_forgotten_is_forgotten_in_lists_events_and_rulings() {
    let workspace = everywhere();
    let links = judging::links(&workspace.session(), false).unwrap();
    let mails = links.iter().find(|link| link.kind == "same e-mail" && link.a.text.contains("Maeve")).unwrap();
    judging::rule(&mut workspace.session(), &mails.id.to_string(), Ruling::Accept, None).unwrap();
    let would = forget::forget(&mut workspace.session(), "Maeve Doran", true).unwrap();
    let gone = forget::forget(&mut workspace.session(), "Maeve Doran", false).unwrap();
    assert_eq!(would, gone);
    assert_eq!((gone.records, gone.records_shortened, gone.contacts, gone.events, gone.judgements), (2, 1, 1, 2, 1));
    for name in ["workspace.db", "workspace.db-wal", "derived.db", "derived.db-wal"] {
        let bytes = std::fs::read(workspace.folder.path().join(STORE_FOLDER).join(name)).unwrap_or_default();
        let holds = |word: &[u8]| bytes.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word));
        assert!(!holds(b"maeve"), "{name} still names her");
    }
    workspace.run();
    assert!(workspace.everything().contains("printed"), "what others said stays");
}
