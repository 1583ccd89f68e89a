//! The commands: each opens the workspace, asks the session, and renders what it answers.

use crate::End;
use crate::arguments::{Compile, Export, Forget, Format, Import, Insights, Layout, One, Run, Table};
use crate::host::OsHost;
use crate::render::progress::{Importing, Running};
use crate::render::table::{Align, lay_out};
use crate::render::{Style, diagnostics, err, out, out_raw};
use serde_json::{Value, json};
use std::path::Path;
use throughline_compiler::artifacts::Beside;
use throughline_compiler::import::{ImportOptions, ImportReport, Mapping};
use throughline_compiler::session::{Ranked, RunReport, SignalRow};
use throughline_compiler::{
    Decision, Error, RunOptions, Session, doctor as diagnosis, export as tables, forget as forgetting,
};
use throughline_model::{Record, Severity};

const WIDTH: usize = 110;

/// `init`.
pub(crate) fn init(host: &OsHost, folder: &Path) -> Result<End, Error> {
    let file = Session::init(folder, host)?;
    out(&format!("wrote {}", file.display()));
    out("next: declare what you know of product and strategy there, then `throughline import PATH...`");
    Ok(End::Fine)
}

/// `import`.
pub(crate) fn import(host: &OsHost, folder: &Path, arguments: &Import) -> Result<End, Error> {
    let mut session = Session::open(folder, host)?;
    let options = ImportOptions {
        column_map: arguments.column_map.clone(),
        source: arguments.source.clone(),
        source_kind: arguments.kind,
    };
    let paths: Vec<&Path> = arguments.paths.iter().map(std::path::PathBuf::as_path).collect();
    let report = session.import(host, &paths, &options, &mut Importing { is_quiet: false })?;
    let style = Style::for_stderr();
    for file in &report.files {
        diagnostics::show(&file.diagnostics, style);
    }
    diagnostics::show(session.diagnostics(), style);
    if arguments.judged.json {
        print_json(&json!(report));
    } else {
        show_import(&report);
        show_mapping(&report);
        show_provisional(&report);
    }
    let is_clean = report.files.iter().all(|file| file.diagnostics.iter().all(|d| d.severity == Severity::Note));
    Ok(if arguments.judged.strict && !(is_clean && session.diagnostics().is_empty()) {
        End::Findings
    } else {
        End::Fine
    })
}

/// What was read, as a table.
pub(crate) fn show_import(report: &ImportReport) {
    let style = Style::for_stdout();
    let header = [
        ("file", Align::Left),
        ("read as", Align::Left),
        ("source", Align::Left),
        ("seen", Align::Right),
        ("stored", Align::Right),
        ("unchanged", Align::Right),
        ("updated", Align::Right),
        ("rejected", Align::Right),
    ];
    let rows: Vec<Vec<String>> = report
        .files
        .iter()
        .map(|file| {
            let counts = [file.seen, file.stored, file.unchanged, file.updated, file.rejected].map(|n| n.to_string());
            let mut row =
                vec![file.file.clone(), file.format.clone(), format!("{} ({})", file.source, file.source_kind.word())];
            row.extend(counts);
            row
        })
        .collect();
    for line in lay_out(&header, &rows, WIDTH, style) {
        out(&line);
    }
    out(&format!(
        "{} seen = {} stored + {} unchanged + {} updated + {} rejected",
        report.seen, report.stored, report.unchanged, report.updated, report.rejected
    ));
}

/// Where the records of a small import belong until the next run.
fn show_provisional(report: &ImportReport) {
    for placed in &report.provisional {
        let verb = match placed.decision {
            Decision::Joins => "joins",
            Decision::Ask => "may belong to",
            Decision::New => "says something new; nearest is",
        };
        out(&format!("until the next run, {} {verb} “{}”", placed.external_id, placed.label));
    }
}

/// Which columns were taken for which fields, with samples.
fn show_mapping(report: &ImportReport) {
    let style = Style::for_stdout();
    for file in report.files.iter().filter(|file| !file.mapping.is_empty()) {
        out("");
        out(&style.bold(&format!("columns of {}", file.file)));
        let header =
            [("field", Align::Left), ("column", Align::Left), ("for instance", Align::Left), ("because", Align::Left)];
        let row = |choice: &Mapping| {
            vec![choice.field.clone(), choice.column.clone(), choice.samples.join(" | "), choice.why.clone()]
        };
        let rows: Vec<Vec<String>> = file.mapping.iter().map(row).collect();
        for line in lay_out(&header, &rows, 132, style) {
            out(&line);
        }
        out(&style.dim("another column: --map FIELD=COLUMN"));
    }
}

/// `run`.
pub(crate) fn run(host: &OsHost, folder: &Path, arguments: &Run) -> Result<End, Error> {
    let mut session = Session::open(folder, host)?;
    let options = RunOptions { is_fresh: arguments.fresh, as_of: arguments.as_of };
    if let Some(encoder) = &arguments.encoder {
        session.use_encoder(encoder);
    }
    let report = follow_run(host, &mut session, options)?;
    diagnostics::show(&report.diagnostics, Style::for_stderr());
    if arguments.judged.json {
        print_json(&json!(report));
    } else {
        show_run(&report);
    }
    Ok(if arguments.judged.strict && !report.diagnostics.is_empty() { End::Findings } else { End::Fine })
}

/// Runs with a progress bar.
pub(crate) fn follow_run(host: &OsHost, session: &mut Session, options: RunOptions) -> Result<RunReport, Error> {
    let mut progress = Running::new();
    let report = session.run(host, options, &mut progress);
    progress.finish();
    report
}

fn show_run(report: &RunReport) {
    let n_in: usize = report.stages.iter().map(|stage| stage.n_in).sum();
    let n_cached: usize = report.stages.iter().map(|stage| stage.n_cached).sum();
    if n_in == n_cached {
        out("nothing has changed: every result was known");
    }
    for change in report.changes.iter().chain(&report.reopened) {
        out(change);
    }
    out(&format!("{} stages in {:.2} s; next: `throughline insights`", report.stages.len(), report.seconds));
}

/// `insights`.
pub(crate) fn insights(host: &OsHost, folder: &Path, arguments: &Insights) -> Result<End, Error> {
    let session = Session::open(folder, host)?;
    if arguments.json {
        print_json(&tables::insights(&session, arguments.top)?.to_json());
    } else {
        show_insights(&session.ranked(arguments.top)?);
    }
    Ok(End::Fine)
}

/// The ranked list.
pub(crate) fn show_insights(ranked: &[Ranked]) {
    let style = Style::for_stdout();
    let header = [
        ("#", Align::Right),
        ("band", Align::Left),
        ("insight", Align::Left),
        ("kind", Align::Left),
        ("voices", Align::Right),
        ("accounts", Align::Right),
        ("trend", Align::Left),
        ("score", Align::Right),
        ("known", Align::Right),
        ("id", Align::Left),
    ];
    let rows: Vec<Vec<String>> = ranked
        .iter()
        .map(|Ranked { insight, score, place, .. }| {
            vec![
                place.rank.to_string(),
                place.band.clone(),
                insight.label.clone(),
                insight.kind.word().to_owned(),
                insight.n_voices.to_string(),
                insight.n_accounts.to_string(),
                insight.trend.word().to_owned(),
                format!("{:.1} of {}", score.earned, score.knowable),
                format!("{}/{}", score.knowable, score.checks.len()),
                insight.id.to_string(),
            ]
        })
        .collect();
    for line in lay_out(&header, &rows, 132, style) {
        out(&line);
    }
}

/// `show`.
pub(crate) fn show(host: &OsHost, folder: &Path, arguments: &One) -> Result<End, Error> {
    let session = Session::open(folder, host)?;
    let found = session.find(&arguments.id)?;
    let voices = session.voices(found.insight.id)?;
    let claim = session.claim(found.insight.id)?;
    if arguments.json {
        let quotes: Vec<Value> = voices.iter().map(|(row, record)| quote_json(row, record)).collect();
        let Ranked { insight, needs, place, .. } = &found;
        let standing =
            json!({ "standing": claim.standing.word(), "because": claim.because, "to_raise": claim.to_raise });
        print_json(&json!({ "insight": insight, "place": place, "needs": needs, "claim": standing, "quotes": quotes }));
        return Ok(End::Fine);
    }
    let who = session.who()?;
    let style = Style::for_stdout();
    let Ranked { insight, score, place, needs } = &found;
    out(&style.bold(&insight.label));
    out(&format!(
        "{} · {} · {} · area {} · rank {} (band {}) · {:.1} of {} knowable points",
        insight.id,
        insight.kind.word(),
        insight.category.word(),
        insight.area,
        place.rank,
        place.band,
        score.earned,
        score.knowable
    ));
    let heard = insight.heard.map_or_else(String::new, |(first, last)| {
        format!("; first heard {}, last {}: {}", first.long_date(), last.long_date(), insight.trend.word())
    });
    out(&format!(
        "{} voices, {} accounts, {} statements{heard}",
        insight.n_voices, insight.n_accounts, insight.n_signals
    ));
    out(&format!("{}: {}; to raise it: {}", claim.standing.word(), claim.because, claim.to_raise));
    out(&style.dim(&insight.category_reason));
    if let Some(near) = &insight.nearest {
        out(&style.dim(&format!(
            "nearest: {} ({:.2}); here more of: {}; there more of: {}",
            near.label,
            near.similarity,
            near.words_here.join(", "),
            near.words_there.join(", ")
        )));
    }
    for need in needs {
        let object = need.filled(throughline_model::SlotName::Object).unwrap_or("?");
        out(&format!("need: {} {object} (certainty {:.2})", need.frame, need.confidence));
    }
    out("");
    for (row, record) in &voices {
        let signal = &row.signal;
        let name = signal.person.and_then(|id| who.people.get(&id)?.name.clone());
        let account = signal.account.and_then(|id| Some(who.accounts.get(&id)?.facts.name.clone()));
        let date = signal.at.map_or_else(|| "undated".to_owned(), throughline_model::Timestamp::long_date);
        let from = [name, account].into_iter().flatten().collect::<Vec<_>>().join(", ");
        let place = format!(
            "{} {} · {date} · {from} · {} · {}:{}-{}",
            record.source, record.external_id, signal.id, signal.record_id, signal.span.start, signal.span.end
        );
        let clock =
            signal.clock_ms.map_or_else(String::new, |(from, to)| format!(" · {} to {}", clock(from), clock(to)));
        out(&style.dim(&format!("{}{clock}", place.replace(" ·  · ", " · ").trim_end())));
        out(&format!("  “{}”", record.slice(signal.span).replace('\n', "\n   ")));
    }
    Ok(End::Fine)
}

/// A place in a recording, `h:mm:ss`.
fn clock(ms: u64) -> String {
    let secs = ms / 1000;
    format!("{}:{:02}:{:02}", secs / 3600, secs / 60 % 60, secs % 60)
}

fn quote_json(row: &SignalRow, record: &Record) -> Value {
    let signal = &row.signal;
    json!({
        "signal_id": signal.id,
        "record_id": signal.record_id,
        "external_id": record.external_id,
        "source": record.source,
        "start": signal.span.start,
        "end": signal.span.end,
        "text": record.slice(signal.span),
        "kind": signal.kind.word(),
        "at": signal.at.map(throughline_model::Timestamp::rfc3339),
        "clock_ms": signal.clock_ms,
    })
}

/// `compile`.
pub(crate) fn compile(host: &OsHost, folder: &Path, arguments: &Compile) -> Result<End, Error> {
    let mut session = Session::open(folder, host)?;
    let format = arguments.format.map(|layout| match layout {
        Layout::Speckit => throughline_compiler::Format::SpecKit,
        Layout::Openspec => throughline_compiler::Format::OpenSpec,
        Layout::Kiro => throughline_compiler::Format::Kiro,
    });
    let beside = Beside { format, with_release: arguments.prfaq, ..Beside::default() };
    let emitted = session.emit(host, &arguments.out, &arguments.ids, &beside, &arguments.by)?;
    let compiled = &emitted.compiled;
    if arguments.json {
        let files: Vec<&str> = compiled.files.iter().map(|file| file.path.as_str()).collect();
        let updates: Vec<Value> = compiled
            .updates
            .iter()
            .map(|(id, title, since)| {
                json!({ "insight_id": id, "title": title, "revision": since.number, "differences": since.differences })
            })
            .collect();
        print_json(&json!({
            "out": arguments.out, "files": files, "written": emitted.n_written, "unchanged": emitted.n_unchanged,
            "abstained": compiled.abstained, "findings": compiled.findings, "updates": updates,
            "workspace": compiled.workspace, "shares": compiled.shares,
            "imported": emitted.imported,
            "diagnostics": session.diagnostics().iter().chain(&emitted.diagnostics).collect::<Vec<_>>(),
        }));
    } else {
        let (n, shown) = (emitted.n_written, arguments.out.display());
        let unchanged = match emitted.n_unchanged {
            0 => String::new(),
            n => format!(", {n} are as they were"),
        };
        match arguments.format {
            None => {
                out(&format!(
                    "wrote {n} files to {shown}{unchanged}; open {}",
                    arguments.out.join("index.html").display()
                ));
            }
            Some(_) => out(&format!("wrote {n} files below {shown}{unchanged}")),
        }
        for edited in &emitted.imported {
            out(&format!("taken from the folder as {}: {}: {}", edited.edit.id, edited.place, edited.after));
        }
    }
    diagnostics::show(session.diagnostics(), Style::for_stderr());
    diagnostics::show(&emitted.diagnostics, Style::for_stderr());
    crate::revising::show_updates(&compiled.updates);
    for (label, why) in &compiled.abstained {
        err(&format!("not specified: {label}: {why}"));
    }
    Ok(End::Fine)
}

/// `export`.
pub(crate) fn export(host: &OsHost, folder: &Path, arguments: &Export) -> Result<End, Error> {
    let session = Session::open(folder, host)?;
    let table = match arguments.table {
        Table::Records => tables::records(&session)?,
        Table::Signals => tables::signals(&session)?,
        Table::Needs => tables::needs(&session)?,
        Table::Pairs => tables::pairs(&session)?,
        Table::Insights => tables::insights(&session, 0)?,
        Table::Scores => tables::scores(&session)?,
    };
    if arguments.json || matches!(arguments.format, Format::Json) {
        print_json(&table.to_json());
    } else {
        out_raw(&table.to_csv());
    }
    Ok(End::Fine)
}

/// `forget`.
pub(crate) fn forget(host: &OsHost, folder: &Path, arguments: &Forget) -> Result<End, Error> {
    let mut session = Session::open(folder, host)?;
    let gone = forgetting::forget(&mut session, &arguments.what, arguments.dry_run)?;
    if arguments.json {
        print_json(&json!(gone));
        return Ok(End::Fine);
    }
    let verb = if arguments.dry_run { "would remove" } else { "removed" };
    out(&format!(
        "{verb} {}: {} records, {} more shortened, {} accounts, {} contacts, {} events, {} judgements, {} edits, and all that was computed; next: `throughline run`",
        gone.taken_for,
        gone.records,
        gone.records_shortened,
        gone.accounts,
        gone.contacts,
        gone.events,
        gone.judgements,
        gone.edits
    ));
    Ok(End::Fine)
}

/// `doctor`.
pub(crate) fn doctor(host: &OsHost, folder: &Path, is_json: bool) -> Result<End, Error> {
    let session = Session::open(folder, host)?;
    let found = diagnosis::diagnose(&session)?;
    if is_json {
        print_json(&json!(found));
        return Ok(End::Fine);
    }
    let style = Style::for_stdout();
    diagnostics::show(&found.settings, Style::for_stderr());
    out(&style.bold("connected"));
    for source in &found.sources {
        out(&format!(
            "  {:<24} {:>8} records {:>8} accounts {:>8} events",
            source.name, source.records, source.accounts, source.events
        ));
    }
    if found.sources.is_empty() {
        out("  nothing yet: `throughline import PATH...`");
    }
    out(&style.bold(&format!("known: {} of {} checks", found.checks_known, found.checks)));
    if let Some(best) = &found.best_known {
        out(&format!("  most of one insight: {} of “{}”; rubric {}", best.knowable, best.label, found.rubric_version));
    }
    for missing in &found.missing {
        out(&format!("  {} would make known: {}", missing.input, missing.checks.join(", ")));
    }
    let spots = &found.blind_spots;
    if spots.n_groups > 0 || !spots.unknown.is_empty() {
        let which = "segments, personas, life stages";
        out(&style.bold(&match spots.n {
            0 => format!("somebody speaks for each of {} groups ({which})", spots.n_groups),
            n => format!("nobody speaks for {n} of {} groups ({which})", spots.n_groups),
        }));
    }
    for spot in &spots.first {
        out(&format!("  {} {} ({} known): {}", spot.kind, spot.name, spot.known, spot.to_fill));
    }
    if spots.n > spots.first.len() {
        out(&format!("  and {} more: `throughline blind-spots`", spots.n - spots.first.len()));
    }
    for spot in &spots.unknown {
        out(&format!("  {}s cannot be told: {}", spot.kind, spot.to_fill));
    }
    Ok(End::Fine)
}

/// One object on standard output.
pub(crate) fn print_json(value: &Value) {
    out(&value.to_string());
}
