//! Forgetting: a source, a record or a person goes, and with it everything derived from it.
//!
//! Removal is from the inputs, whose pages are overwritten on disk; what was computed is emptied whole, because labels,
//! statistics and memo entries may hold words of what went. The next run computes it again from what is left.

use crate::Error;
use crate::editing;
use crate::judging::{self, Gone};
use crate::session::Session;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use throughline_model::event::EventKind;
use throughline_model::{AccountId, Author, PersonId, RawAccount, RawRecord, RecordId};
use throughline_passes::identity;
use throughline_store::Batch;

/// What is or would be removed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Forgotten {
    /// What the name was taken for: source, record or person.
    pub taken_for: String,
    /// Records removed whole.
    pub records: u64,
    /// Records of several people from which one person's words were removed.
    pub records_shortened: u64,
    /// Rows of customer lists removed.
    pub accounts: u64,
    /// Events removed.
    pub events: u64,
    /// Contacts of customer lists removed.
    pub contacts: u64,
    /// Judgements removed, because they name what goes.
    pub judgements: u64,
    /// Edits of specifications removed, because they name what goes.
    pub edits: u64,
}

/// Removes what `name` stands for: a source, else a record (our id or its source's), else a person (e-mail address, name
/// or handle). With `is_dry_run` nothing is removed.
///
/// # Errors
/// When nothing has that name, or the store refuses.
pub fn forget(session: &mut Session, name: &str, is_dry_run: bool) -> Result<Forgotten, Error> {
    let found = find(session, name)?.ok_or_else(|| Error::NotFound {
        what: "source, record or person",
        id: name.to_owned(),
        hint: "`throughline doctor` lists the sources; records are known by their id, people by e-mail address or name",
    })?;
    let Target { mut report, source, remove, replace, shortened, who, seen, n_events } = found;
    // Before anything is removed: judgements are found by what is still there, and removing overwrites what was written.
    let mut gone = Gone { records: remove.iter().copied().collect(), people: seen, ..Gone::default() };
    if let Some(source) = &source {
        for stored in session.inputs().records()? {
            if stored.decode()?.source == *source {
                gone.records.insert(stored.id);
            }
        }
    }
    if report.taken_for == "person" {
        gone.names = who.iter().map(String::as_str).collect();
    }
    let (judgements, n_judgements) = judging::without(session, &gone)?;
    report.judgements = n_judgements;
    let (edits, n_edits) = editing::without(session, &gone)?;
    report.edits = n_edits;
    if is_dry_run {
        report.events += n_events;
        return Ok(report);
    }
    judging::write(session, &judgements)?;
    editing::write(session, &edits)?;
    session.forget_in_revisions(&gone)?;
    crate::planning::forget_labels(session)?;
    crate::outcome::forget_labels(session)?;
    let (inputs, derived) = session.stores();
    inputs.set_value(crate::session::LINEAGE, None)?;
    if let Some(source) = source {
        let sizes = inputs.remove_source(&source)?;
        (report.records, report.accounts, report.events) = (sizes.n_records, sizes.n_accounts, sizes.n_events);
    }
    inputs.remove_records(&remove)?;
    inputs.commit(&Batch { records: replace, accounts: shortened, ..Batch::default() })?;
    // Last, because it overwrites what the steps before it left in the log of the database.
    report.events += inputs.remove_events_of(&who)?;
    derived.clear()?;
    Ok(report)
}

#[derive(Default)]
struct Target {
    report: Forgotten,
    source: Option<String>,
    remove: Vec<RecordId>,
    replace: Vec<(RecordId, RawRecord)>,
    /// Rows of customer lists without a contact.
    shortened: Vec<(AccountId, RawAccount)>,
    /// Everything that a person is called: name, addresses, ids.
    who: Vec<String>,
    /// Appearances of a person in sources.
    seen: BTreeSet<PersonId>,
    n_events: u64,
}

fn find(session: &Session, name: &str) -> Result<Option<Target>, Error> {
    let inputs = session.inputs();
    if let Some((source, sizes)) = inputs.sources()?.into_iter().find(|(source, _)| source == name) {
        let report = Forgotten {
            taken_for: "source".to_owned(),
            records: sizes.n_records,
            accounts: sizes.n_accounts,
            events: sizes.n_events,
            ..Forgotten::default()
        };
        return Ok(Some(Target { report, source: Some(source), ..Target::default() }));
    }
    let records = inputs.records()?;
    let decoded = records.iter().map(|stored| Ok((stored.id, stored.decode()?))).collect::<Result<Vec<_>, Error>>()?;
    let id: Option<RecordId> = name.parse().ok();
    let remove: Vec<RecordId> = decoded
        .iter()
        .filter(|(record_id, raw)| id == Some(*record_id) || (raw.is_keyed && raw.external_id == name))
        .map(|(record_id, _)| *record_id)
        .collect();
    if !remove.is_empty() {
        let report = Forgotten { taken_for: "record".to_owned(), records: remove.len() as u64, ..Forgotten::default() };
        return Ok(Some(Target { report, remove, ..Target::default() }));
    }
    let mut target = person(name, decoded, inputs.accounts()?);
    let n_said = target.report.records + target.report.records_shortened + target.report.contacts;
    // Who says "this is ann@example.org" is that person in every other event, also in earlier ones.
    let mut called: BTreeSet<String> = target.who.iter().map(|who| who.trim().to_lowercase()).collect();
    let mut acts: BTreeMap<String, u64> = BTreeMap::new();
    inputs.each_event(&mut |event| {
        if event.kind == EventKind::Identity && called.contains(&event.object.trim().to_lowercase()) {
            called.insert(event.who.trim().to_lowercase());
            target.who.push(event.who.clone());
        }
        *acts.entry(event.who).or_default() += 1;
    })?;
    target.who.sort();
    target.who.dedup();
    target.n_events = target.who.iter().filter_map(|who| acts.get(who)).sum();
    Ok((n_said > 0 || target.n_events > 0).then_some(target))
}

fn is_same(known: &str, name: &str) -> bool {
    known.trim().to_lowercase() == name.trim().to_lowercase()
}

/// Whether `name` means this author.
fn is_meant(author: &Author, name: &str) -> bool {
    [&author.email, &author.name, &author.handle].into_iter().flatten().any(|known| is_same(known, name))
}

/// What is there of a person: parts of records, contacts of customer lists, and everything they are called.
fn person(name: &str, records: Vec<(RecordId, RawRecord)>, accounts: Vec<(AccountId, RawAccount)>) -> Target {
    let mut target = Target { who: vec![name.to_owned()], ..Target::default() };
    let mut meet = |author: &Author, source: &str| {
        let called = [&author.email, &author.handle].into_iter().flatten().cloned();
        target.who.extend(called);
        target.seen.extend(identity::appearance(author, source));
    };
    for (id, mut raw) in records {
        let is_theirs = |part: &throughline_model::RawPart| part.author.as_ref().is_some_and(|a| is_meant(a, name));
        let n_theirs = raw.parts.iter().filter(|part| is_theirs(part)).count();
        if n_theirs == 0 {
            continue;
        }
        raw.parts.iter().filter(|p| is_theirs(p)).filter_map(|p| p.author.as_ref()).for_each(|a| meet(a, &raw.source));
        let others: Vec<_> =
            raw.parts.iter().filter(|part| !is_theirs(part) && part.author.is_some()).cloned().collect();
        if others.is_empty() {
            target.remove.push(id);
        } else {
            raw.parts.retain(|part| !is_theirs(part));
            target.replace.push((id, raw));
        }
    }
    let mut n_contacts = 0;
    for (id, mut row) in accounts {
        let theirs: Vec<Author> = row.contacts.iter().filter(|contact| is_meant(contact, name)).cloned().collect();
        if theirs.is_empty() {
            continue;
        }
        n_contacts += theirs.len() as u64;
        for contact in &theirs {
            // A list of contacts may know its rows by address.
            if is_meant(contact, &row.external_id) {
                row.external_id.clone_from(&row.name);
            }
            meet(&Author { company: Some(row.name.clone()), ..contact.clone() }, &row.source);
        }
        row.contacts.retain(|contact| !is_meant(contact, name));
        target.shortened.push((id, row));
    }
    target.who.sort();
    target.who.dedup();
    target.report = Forgotten {
        taken_for: "person".to_owned(),
        records: target.remove.len() as u64,
        records_shortened: target.replace.len() as u64,
        contacts: n_contacts,
        ..Forgotten::default()
    };
    target
}
