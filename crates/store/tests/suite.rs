//! One suite for every store: what a workspace must hold to.

use proptest::prelude::*;
use std::collections::BTreeMap;
use throughline_engine::{Key, Memo};
use throughline_model::event::EventKind;
use throughline_model::{Event, EventId, RawRecord, RecordId, SourceKind, Timestamp};
use throughline_store::{Batch, Changes, Derived, Inputs, Row, open};

fn record(key: u8, text: &str) -> (RecordId, RawRecord) {
    let raw = RawRecord::new("tickets", SourceKind::Support, &key.to_string(), text);
    (RecordId::of(&[b"tickets", &[key]]), raw)
}

fn batch(records: Vec<(RecordId, RawRecord)>) -> Batch {
    Batch { records, ..Batch::default() }
}

#[test]
fn the_same_import_twice_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (mut inputs, _) = open(folder.path()).unwrap();
    let first = inputs.commit(&batch(vec![record(1, "a"), record(2, "b")])).unwrap();
    assert_eq!(first, Changes { n_stored: 2, ..Changes::default() });
    let second = inputs.commit(&batch(vec![record(1, "a"), record(2, "c")])).unwrap();
    assert_eq!(second, Changes { n_unchanged: 1, n_updated: 1, ..Changes::default() });
    assert_eq!(inputs.records().unwrap().len(), 2);
}

#[test]
fn what_was_committed_is_there_after_reopening() {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path()).unwrap().0.commit(&batch(vec![record(1, "kept")])).unwrap();
    let (inputs, _) = open(folder.path()).unwrap();
    let raw = inputs.records().unwrap()[0].decode().unwrap();
    assert_eq!(raw.parts[0].text, "kept");
}

#[test]
fn removed_words_are_gone_from_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let secret = "correct horse battery staple";
    let (mut inputs, _) = open(folder.path()).unwrap();
    inputs.commit(&batch(vec![record(1, secret), record(2, "stays")])).unwrap();
    assert_eq!(inputs.remove_records(&[record(1, secret).0]).unwrap(), 1);
    drop(inputs);
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()));
    }
}

#[test]
fn events_count_once_and_come_in_order_of_time() {
    let folder = tempfile::tempdir().unwrap();
    let (mut inputs, _) = open(folder.path()).unwrap();
    let event = |id: u64, at: i64| Event {
        id: EventId(id),
        source: "app".into(),
        at: Some(Timestamp(at)),
        kind: EventKind::Act,
        name: "export".into(),
        who: format!("u{id}"),
        account: String::new(),
        surface: String::new(),
        object: String::new(),
    };
    let events = vec![event(u64::MAX, 20), event(1, 10)];
    inputs.commit(&Batch { events: events.clone(), ..Batch::default() }).unwrap();
    let again = inputs.commit(&Batch { events, ..Batch::default() }).unwrap();
    assert_eq!(again.n_unchanged, 2);
    let mut at = Vec::new();
    inputs.each_event(&mut |event| at.push(event.at.unwrap().0)).unwrap();
    assert_eq!(at, [10, 20]);
    let before = inputs.events_fingerprint().unwrap();
    assert_eq!(inputs.remove_events_of(&["u1".to_owned()]).unwrap(), 1);
    assert_ne!(inputs.events_fingerprint().unwrap(), before);
}

#[test]
fn results_are_replaced_whole_and_keep_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let (_, mut derived) = open(folder.path()).unwrap();
    let row = |id, group| Row { id, group, bytes: vec![id as u8] };
    derived.replace("insight", &[row(9, 1), row(2, 2), row(5, 1)]).unwrap();
    derived.replace("signal", &[row(2, 7)]).unwrap();
    let ids = |rows: Vec<Row>| rows.into_iter().map(|row| row.id).collect::<Vec<_>>();
    assert_eq!(ids(derived.rows("insight").unwrap()), [9, 2, 5]);
    assert_eq!(ids(derived.first_rows("insight", 2).unwrap()), [9, 2]);
    assert_eq!(ids(derived.rows_of("insight", 1).unwrap()), [9, 5]);
    assert_eq!(derived.row("signal", 2).unwrap().unwrap().group, 7);
    derived.replace("insight", &[row(1, 0)]).unwrap();
    assert_eq!(ids(derived.rows("insight").unwrap()), [1]);
    assert_eq!(ids(derived.rows("signal").unwrap()), [2]);
}

#[test]
fn entries_no_longer_used_are_swept() {
    let folder = tempfile::tempdir().unwrap();
    let key = |n: u8| Key([n; 16]);
    {
        let (_, derived) = open(folder.path()).unwrap();
        derived.put_many(&(0..10).map(|n| (key(n), vec![n])).collect::<Vec<_>>()).unwrap();
    }
    let (_, mut derived) = open(folder.path()).unwrap();
    derived.get_many(&[key(3)]).unwrap();
    assert_eq!(derived.sweep().unwrap(), 9);
    assert_eq!(derived.get_many(&[key(3), key(4)]).unwrap(), [Some(vec![3]), None]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn any_sequence_leaves_the_last_content_of_each(steps in prop::collection::vec((0u8..8, prop::option::of("[a-c]{1,3}")), 1..30)) {
        let folder = tempfile::tempdir().unwrap();
        let (mut inputs, _) = open(folder.path()).unwrap();
        let mut want = BTreeMap::new();
        for (key, text) in steps {
            if let Some(text) = text {
                inputs.commit(&batch(vec![record(key, &text)])).unwrap();
                want.insert(record(key, "").0, text);
            } else {
                inputs.remove_records(&[record(key, "").0]).unwrap();
                want.remove(&record(key, "").0);
            }
        }
        let got: BTreeMap<_, _> = inputs
            .records()
            .unwrap()
            .iter()
            .map(|stored| (stored.id, stored.decode().unwrap().parts[0].text.clone()))
            .collect();
        prop_assert_eq!(got, want);
    }
}

#[test]
fn values_are_set_together() {
    let folder = tempfile::tempdir().unwrap();
    {
        let (mut inputs, _) = open(folder.path()).unwrap();
        inputs.set_value("old", Some(b"x")).unwrap();
        let values = [("a".to_owned(), Some(vec![1])), ("b".to_owned(), Some(vec![2])), ("old".to_owned(), None)];
        inputs.set_values(&values).unwrap();
    }
    let (inputs, _) = open(folder.path()).unwrap();
    let found = ["a", "b", "old"].map(|name| inputs.value(name).unwrap());
    assert_eq!(found, [Some(vec![1]), Some(vec![2]), None]);
}
