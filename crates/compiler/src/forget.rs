//! Forgetting: a source, a record or a person goes, and with it everything derived from it.
//!
//! Removal is from the inputs, whose pages are overwritten on disk; what was computed is emptied whole, because labels,
//! statistics and memo entries may hold words of what went. The next run computes it again from what is left.

use crate::Error;
use crate::judging::{self, Gone};
use crate::session::Session;
use serde::Serialize;
use throughline_model::event::EventKind;
use throughline_model::{Author, RawRecord, RecordId};
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
    /// Judgements removed, because they name what goes.
    pub judgements: u64,
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
    let Target { mut report, source, remove, replace, who } = found;
    // Before anything is removed: judgements are found by what is still there, and removing overwrites what was written.
    let mut gone = Gone { records: remove.iter().copied().collect(), ..Gone::default() };
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
    if is_dry_run {
        return Ok(report);
    }
    judging::write(session, &judgements)?;
    let (inputs, derived) = session.stores();
    inputs.set_value(crate::session::LINEAGE, None)?;
    if let Some(source) = source {
        let sizes = inputs.remove_source(&source)?;
        (report.records, report.accounts, report.events) = (sizes.n_records, sizes.n_accounts, sizes.n_events);
    }
    inputs.remove_records(&remove)?;
    inputs.commit(&Batch { records: replace, ..Batch::default() })?;
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
    who: Vec<String>,
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
    let mut target = person(name, decoded).unwrap_or_else(|| Target {
        report: Forgotten { taken_for: "person".to_owned(), ..Forgotten::default() },
        who: vec![name.to_owned()],
        ..Target::default()
    });
    let n_said = target.report.records + target.report.records_shortened;
    let mut n_events = 0_u64;
    inputs.each_event(&mut |event| {
        // Who says "this is ann@example.org" is that person in every other event.
        if event.kind == EventKind::Identity && is_same(&event.object, name) {
            target.who.push(event.who.clone());
        }
        n_events += u64::from(target.who.contains(&event.who));
    })?;
    target.who.sort();
    target.who.dedup();
    Ok((n_said > 0 || n_events > 0).then_some(target))
}

fn is_same(known: &str, name: &str) -> bool {
    known.trim().to_lowercase() == name.trim().to_lowercase()
}

/// Whether `name` means this author.
fn is_meant(author: &Author, name: &str) -> bool {
    [&author.email, &author.name, &author.handle].into_iter().flatten().any(|known| is_same(known, name))
}

fn person(name: &str, records: Vec<(RecordId, RawRecord)>) -> Option<Target> {
    let mut target = Target { who: vec![name.to_owned()], ..Target::default() };
    for (id, mut raw) in records {
        let is_theirs = |part: &throughline_model::RawPart| part.author.as_ref().is_some_and(|a| is_meant(a, name));
        let n_theirs = raw.parts.iter().filter(|part| is_theirs(part)).count();
        if n_theirs == 0 {
            continue;
        }
        target.who.extend(raw.parts.iter().filter(|p| is_theirs(p)).filter_map(|p| p.author.as_ref()?.handle.clone()));
        let others: Vec<_> =
            raw.parts.iter().filter(|part| !is_theirs(part) && part.author.is_some()).cloned().collect();
        if others.is_empty() {
            target.remove.push(id);
        } else {
            raw.parts.retain(|part| !is_theirs(part));
            target.replace.push((id, raw));
        }
    }
    target.who.sort();
    target.who.dedup();
    target.report = Forgotten {
        taken_for: "person".to_owned(),
        records: target.remove.len() as u64,
        records_shortened: target.replace.len() as u64,
        ..Forgotten::default()
    };
    (target.report.records + target.report.records_shortened > 0).then_some(target)
}
