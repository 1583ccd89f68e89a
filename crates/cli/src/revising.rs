//! Commands with which people change specifications: edits, statuses, and what becomes of them.

use crate::End;
use crate::arguments::{Accept, Edit, EditsAct, One, Revisions, RevisionsAct, Status, Undo};
use crate::commands::print_json;
use crate::host::OsHost;
use crate::judging;
use crate::render::{Style, err, out};
use serde_json::json;
use std::path::Path;
use throughline_compiler::revisions::RevisionDifference;
use throughline_compiler::{EditRow, Edited, Error, Session, Specification};
use throughline_model::InsightId;
use throughline_model::id::EditId;
use throughline_model::revision::{Difference, Kind, Revision, Since};
use throughline_model::sentence::State;

/// `sentences`.
pub(crate) fn sentences(host: &OsHost, folder: &Path, arguments: &One) -> Result<End, Error> {
    let session = Session::open(folder, host)?;
    let found = match session.specification(&arguments.id)? {
        Ok(found) => found,
        Err(why) => {
            err(&format!("not specified: {why}"));
            return Ok(End::Findings);
        }
    };
    let Specification { ranked, spec, sentences, .. } = &found;
    if arguments.json {
        print_json(&json!({
            "insight_id": ranked.insight.id,
            "title": spec.title,
            "status": sentences.status(),
            "items": sentences.items,
            "sentences": sentences.all,
            "left": sentences.left,
        }));
        return Ok(End::Fine);
    }
    let style = Style::for_stdout();
    out(&style.bold(&spec.title));
    out(&style.dim(&format!("{} · {}", ranked.insight.id, sentences.status().word())));
    let mut last = "";
    for sentence in &sentences.all {
        let head = sentence.place.split(' ').next().unwrap_or_default();
        if head != last {
            let item = sentences.items.iter().find(|item| item.key == head);
            let of = item.map_or_else(String::new, |item| format!(" · {} · {}", item.id, item.status.word()));
            out(&format!("{}{}", style.bold(head), style.dim(&of)));
            last = head;
        }
        let part = sentence.place.strip_prefix(head).unwrap_or_default().trim();
        let part = if part.is_empty() { String::new() } else { format!("{part}: ") };
        let state = match &sentence.state {
            State::Compiled => String::new(),
            State::Decided { by, .. } => format!(" (decided by {by})"),
            State::Conflict { by, compiled, .. } => format!(" (by {by}; CONFLICT: it would now read “{compiled}”)"),
        };
        let status = sentence.status.map_or_else(String::new, |status| format!(" ({})", status.word()));
        out(&format!(
            "  {}  {}{}{}{status}",
            style.dim(&sentence.id.to_string()),
            style.dim(&part),
            sentence.text,
            style.accent(&state)
        ));
    }
    for left in &sentences.left {
        out(&style.accent(&format!("{} by {} is left without its sentence: “{}”", left.edit, left.by, left.text)));
    }
    out(&style.dim("change one: `throughline edit ID --text TEXT --by NAME`"));
    Ok(End::Fine)
}

/// `edit`.
pub(crate) fn edit(host: &OsHost, folder: &Path, arguments: &Edit) -> Result<End, Error> {
    let mut session = Session::open(folder, host)?;
    let done = session.edit(&arguments.item, &arguments.text, &arguments.by, arguments.why.as_deref())?;
    Ok(noted(&done, arguments.json))
}

/// `status`.
pub(crate) fn status(host: &OsHost, folder: &Path, arguments: &Status) -> Result<End, Error> {
    let mut session = Session::open(folder, host)?;
    let done = session.set_status(&arguments.item, arguments.is, &arguments.by, arguments.why.as_deref())?;
    Ok(noted(&done, arguments.json))
}

fn noted(done: &Edited, is_json: bool) -> End {
    if is_json {
        print_json(&json!(done));
        return End::Fine;
    }
    out(&format!("noted as {}: {}", done.edit.id, done.place));
    out(&format!("  before: {}", done.before));
    out(&format!("  now:    {}", done.after));
    if let Some(note) = done.note {
        out(&format!("  {note}"));
    }
    out("holds from the next `throughline compile` on");
    End::Fine
}

/// `undo`: of a judgement, or of an edit where the id is one.
pub(crate) fn undo(host: &OsHost, folder: &Path, arguments: &Undo) -> Result<End, Error> {
    if arguments.judgement.parse::<EditId>().is_err() {
        return judging::undo(host, folder, arguments);
    }
    let mut session = Session::open(folder, host)?;
    let by = arguments.said.by.as_deref().unwrap_or("somebody");
    let undone = session.undo_edit(&arguments.judgement, by)?;
    Ok(taken(undone.id, &arguments.judgement, "is taken back", arguments.said.json))
}

fn taken(id: EditId, edit: &str, what: &str, is_json: bool) -> End {
    if is_json {
        print_json(&json!({ "id": id, "edit": edit, "sentence": format!("{edit} {what}") }));
    } else {
        out(&format!("noted as {id}: {edit} {what}; next: `throughline compile`"));
    }
    End::Fine
}

/// `edits`.
pub(crate) fn edits(host: &OsHost, folder: &Path, act: &EditsAct) -> Result<End, Error> {
    let mut session = Session::open(folder, host)?;
    match act {
        EditsAct::List(list) => {
            let rows = session.edits()?;
            if list.json {
                print_json(&json!({ "edits": rows }));
            } else {
                list_edits(&rows);
            }
            let is_settled = rows.iter().all(|row| row.state != "conflict");
            Ok(if is_settled { End::Fine } else { End::Findings })
        }
        EditsAct::Show(one) => {
            let not_found =
                || Error::NotFound { what: "edit", id: one.edit.clone(), hint: "`throughline edits list` lists them" };
            let rows = session.edits()?;
            let row = rows.iter().find(|row| row.id.to_string() == one.edit).ok_or_else(not_found)?;
            if one.json {
                print_json(&json!(row));
            } else {
                show_edit(row, Style::for_stdout());
            }
            Ok(End::Fine)
        }
        EditsAct::Accept(one) => {
            let edit = session.settle_edit(&one.edit, true, &one.by, None)?;
            Ok(taken(edit.id, &one.edit, "holds over what is compiled now", one.json))
        }
        EditsAct::Reject(one) => {
            let edit = session.settle_edit(&one.edit, false, &one.by, None)?;
            Ok(taken(edit.id, &one.edit, "is taken back", one.json))
        }
    }
}

fn list_edits(rows: &[EditRow]) {
    let style = Style::for_stdout();
    for row in rows {
        show_edit(row, style);
    }
    out(&style.dim(if rows.is_empty() {
        "nobody has changed anything yet: see `throughline sentences INSIGHT` and `throughline edit`"
    } else {
        "take one back: `throughline undo EDIT`; settle a conflict: `throughline edits accept|reject EDIT --by NAME`"
    }));
}

fn show_edit(row: &EditRow, style: Style) {
    let why = row.why.as_ref().map_or_else(String::new, |why| format!(", because {why}"));
    let what = match row.act {
        "text" => format!("{} reads “{}”", row.place, row.said),
        "status" => format!("{} is {}", row.place, row.said),
        _ => format!("{} is taken back", row.said),
    };
    let line = format!("{} {:<10} {what} ({}{why}) · {}", row.id, row.state, row.by, row.insight_id);
    out(&if row.state == "holds" || row.state == "conflict" { line } else { style.dim(&line) });
    if row.act == "text" {
        out(&style.dim(&format!("     it replaced “{}”", row.replaced)));
    }
    if let Some(compiled) = &row.compiled {
        out(&style.accent(&format!("     it would now read “{compiled}”")));
    }
}

/// `accept`.
pub(crate) fn accept(host: &OsHost, folder: &Path, arguments: &Accept) -> Result<End, Error> {
    let mut session = Session::open(folder, host)?;
    let revision = session.accept(&arguments.ids, &arguments.by, &arguments.why)?;
    if arguments.json {
        print_json(&brief(&revision, true));
        return Ok(End::Fine);
    }
    show_revision(&revision, true, Style::for_stdout());
    out("later compiles are updates against it: `throughline revisions diff` says what would read otherwise");
    Ok(End::Fine)
}

/// `revisions`.
pub(crate) fn revisions(host: &OsHost, folder: &Path, arguments: &Revisions) -> Result<End, Error> {
    let mut session = Session::open(folder, host)?;
    match &arguments.act {
        None => {
            let (revisions, base) = session.revisions()?;
            if arguments.json {
                let rows: Vec<_> = revisions.iter().map(|one| brief(one, base == Some(one.number))).collect();
                print_json(&json!({ "revisions": rows }));
                return Ok(End::Fine);
            }
            let style = Style::for_stdout();
            for one in &revisions {
                show_revision(one, base == Some(one.number), style);
            }
            if revisions.is_empty() {
                out("nothing was accepted yet: `throughline accept [ID]... --why TEXT --by NAME`");
            }
        }
        Some(RevisionsAct::Diff(diff)) => {
            let found = session.revision_difference(diff.from, diff.to)?;
            if arguments.json {
                print_json(&json!({ "from": diff.from, "to": diff.to, "specs": found.specs, "plan": found.plan }));
            } else {
                show_difference(&found);
            }
        }
        Some(RevisionsAct::Return(back)) => {
            let files = session.revision_files(back.number)?;
            let changed = Session::changed_by_people(host, &back.out, &files);
            if let Some(first) = changed.first() {
                return Err(Error::Edit {
                    item: first.clone(),
                    problem: "was changed in the folder, which returning would overwrite".to_owned(),
                    remedy: "take it in with `throughline compile`, or return into another folder with --out"
                        .to_owned(),
                });
            }
            let files = session.return_to(back.number)?;
            Session::write(host, &back.out, &files)?;
            if arguments.json {
                let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
                print_json(&json!({ "number": back.number, "out": back.out, "files": paths }));
            } else {
                let (n, shown) = (files.len(), back.out.display());
                out(&format!("wrote {n} files of revision {} to {shown}, byte for byte as accepted", back.number));
            }
        }
    }
    Ok(End::Fine)
}

fn brief(revision: &Revision, is_base: bool) -> serde_json::Value {
    let specs = revision.specs.iter().map(|spec| {
        json!({ "insight_id": spec.insight_id, "title": spec.title, "accepted_in": spec.number, "files": spec.files.len() })
    });
    json!({
        "number": revision.number,
        "by": revision.by,
        "why": revision.why,
        "as_of": revision.as_of.map(throughline_model::Timestamp::rfc3339),
        "is_base": is_base,
        "accepted": revision.accepted,
        "specs": specs.collect::<Vec<_>>(),
        "forgotten": revision.forgotten,
    })
}

fn show_revision(revision: &Revision, is_base: bool, style: Style) {
    let on = revision.as_of.map_or_else(String::new, |day| format!(", on records until {}", day.long_date()));
    let mark = if is_base { " · compiles are held against it" } else { "" };
    out(&format!(
        "{} by {}: {}{}",
        style.bold(&format!("revision {}", revision.number)),
        revision.by,
        revision.why,
        style.dim(&format!("{on}{mark}"))
    ));
    for spec in &revision.specs {
        let new = if spec.number == revision.number { "" } else { "stands since " };
        let since = if new.is_empty() { String::new() } else { format!(" ({new}revision {})", spec.number) };
        out(&format!("  {}{since} {}", spec.title, style.dim(&spec.insight_id.to_string())));
    }
    if !revision.forgotten.is_empty() {
        out(&style.dim(&format!("  {} specifications were forgotten", revision.forgotten.len())));
    }
}

fn show_difference(found: &RevisionDifference) {
    let style = Style::for_stdout();
    for spec in &found.specs {
        let how = match spec.kind {
            Kind::Added => " (new)",
            Kind::Removed => " (no longer there)",
            Kind::Changed => "",
        };
        out(&format!("{}{how} {}", style.bold(&spec.title), style.dim(&spec.insight_id.to_string())));
        spec.differences.iter().for_each(|difference| show_line(difference, style));
    }
    if found.specs.is_empty() {
        out("every specification reads the same");
    }
    for moved in &found.plan {
        let told = |place: &Option<(u32, String)>| {
            place.as_ref().map_or_else(|| "not there".to_owned(), |(rank, horizon)| format!("rank {rank}, {horizon}"))
        };
        out(&format!("plan: {}: {}, before {}", moved.label, told(&moved.after), told(&moved.before)));
    }
}

fn show_line(difference: &Difference, style: Style) {
    let causes: Vec<&str> = difference.causes.iter().map(|cause| cause.words()).collect();
    let because = if causes.is_empty() { String::new() } else { format!(" ({})", causes.join(", ")) };
    out(&format!("  {}{} {}", difference.place, style.accent(&because), style.dim(&difference.id.to_string())));
    if difference.kind != Kind::Added {
        out(&style.dim(&format!("    - {}", difference.before)));
    }
    if difference.kind != Kind::Removed {
        out(&format!("    + {}", difference.after));
    }
}

/// What a compile says of specifications that were accepted and read otherwise now.
pub(crate) fn show_updates(updates: &[(InsightId, String, Since)]) {
    for (insight, title, since) in updates {
        let mut causes: Vec<&str> =
            since.differences.iter().flat_map(|difference| &difference.causes).map(|cause| cause.words()).collect();
        causes.sort_unstable();
        causes.dedup();
        let n = since.differences.len();
        let lines = if n == 1 { "line reads" } else { "lines read" };
        err(&format!(
            "update of revision {}: {title}: {n} {lines} otherwise ({}); `throughline show {insight}`, `throughline revisions diff {}`",
            since.number,
            causes.join(", "),
            since.number
        ));
    }
}
