//! The demo: the example product that comes with the program, from its exports to artefacts.
//!
//! The example's files are part of the binary, so that the demo runs from any folder.

use crate::End;
use crate::arguments::Demo;
use crate::commands::{follow_run, print_json, show_import, show_insights};
use crate::host::OsHost;
use crate::render::progress::Importing;
use crate::render::{Style, diagnostics, err, out};
use serde_json::json;
use std::path::Path;
use throughline_compiler::import::ImportOptions;
use throughline_compiler::{Error, RunOptions, Session, export};
use throughline_model::Host;

// The list of files is made by build.rs from examples/rotaboard: (path, content).
include!(concat!(env!("OUT_DIR"), "/example.rs"));

/// Runs the demo.
pub(crate) fn run(host: &OsHost, arguments: &Demo) -> Result<End, Error> {
    let folder = &arguments.out;
    let style = Style::for_stderr();
    err(&style.bold("Rotaboard, an example: shift planning for hotels, clinics, care homes and shops"));
    for (path, bytes) in EXAMPLE {
        let path = folder.join(path);
        host.write(&path, bytes).map_err(|source| Error::Path { path, source })?;
    }
    let mut session = Session::open(folder, host)?;
    let feedback = folder.join("feedback");
    let imported =
        session.import(host, &[feedback.as_path()], &ImportOptions::default(), &mut Importing { is_quiet: true })?;
    if !arguments.json {
        show_import(&imported);
        out("");
    }
    for file in &imported.files {
        diagnostics::show(&file.diagnostics, style);
    }
    let report = follow_run(host, &mut session, RunOptions::default())?;
    let compiled = session.compile(&[])?;
    let specs = folder.join("specs");
    Session::write(host, &specs, &compiled.files)?;
    if arguments.json {
        let mut insights = export::insights(&session, 12)?.to_json();
        if let Some(object) = insights.as_object_mut() {
            object.insert("workspace".into(), json!(folder));
            object.insert("artefacts".into(), json!(specs));
            object.insert("import".into(), json!({ "seen": imported.seen, "stored": imported.stored, "unchanged": imported.unchanged, "updated": imported.updated, "rejected": imported.rejected }));
            object.insert("run".into(), json!(report));
        }
        print_json(&insights);
        return Ok(End::Fine);
    }
    show_insights(&session.ranked(12)?);
    next(folder, &specs, compiled.files.len());
    if arguments.serve {
        drop(session);
        return crate::serve::serve(host, folder, &arguments.address);
    }
    Ok(End::Fine)
}

fn next(folder: &Path, specs: &Path, n_files: usize) {
    let here = folder.display();
    out("");
    out(&format!(
        "{n_files} files are in {}. Open {} in a browser.",
        specs.display(),
        specs.join("index.html").display()
    ));
    out("What to try next:");
    out(&format!("  throughline -C {here} show 1        the first insight, with the words it rests on"));
    out(&format!("  throughline -C {here} explain 1     its score, check by check"));
    out(&format!("  throughline -C {here} doctor        what is missing, and what it would make known"));
    out(&format!("  throughline -C {here} serve         all of it in a browser"));
    out("  throughline init my-product        a workspace of your own");
}
