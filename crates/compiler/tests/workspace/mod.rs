//! A workspace of thirty statements on a few themes, and everything that can be asked of it.

#![allow(clippy::unwrap_used, dead_code, reason = "a test fails by panicking, and not every test asks everything")]

use crate::disk::{Disk, Quiet};
use std::fs;
use std::path::PathBuf;
use throughline_compiler::import::{ImportOptions, ImportReport};
use throughline_compiler::session::STORE_FOLDER;
use throughline_compiler::{RunOptions, Session, export};
use throughline_store::Inputs;

/// Statements on a few themes, each worded differently.
pub(crate) const TEXTS: [&str; 30] = [
    "Please let us schedule the payroll export, I do it by hand every Friday.",
    "The payroll export should run by itself at the end of the month.",
    "I forget to run the payroll export and then wages are late. Can it be scheduled?",
    "We export the hours to payroll manually each week, it takes an hour.",
    "An automatic export of hours to our payroll system would save us a day.",
    "Could the payroll file be sent to our accountant on the first of the month?",
    "The Android app crashes when I open the rota.",
    "Since the update the app closes as soon as I open the rota on my Samsung.",
    "App crashes on start on Android 14, I cannot see my shifts.",
    "The rota will not open on my phone, the app just stops.",
    "My phone app keeps crashing after yesterday's update.",
    "Crash when opening the week view on Android.",
    "Reminders for my shift arrive twice.",
    "I get every shift reminder two times, once at night.",
    "Why do I receive the same notification twice?",
    "Duplicate reminders wake me up at 3 am.",
    "The shift reminder was sent twice again today.",
    "Two identical push notifications for one shift.",
    "We need single sign-on with Azure before we can sign.",
    "Is SSO through Okta possible? Our IT requires it.",
    "SAML single sign-on is a must for our IT department.",
    "Without SSO we can't roll it out to the whole group.",
    "Please support login with our Microsoft accounts.",
    "Our security team asks for single sign-on and SCIM.",
    "I love how simple the rota is, great work!",
    "Thank you, support was quick and friendly.",
    "How do I print the rota as a PDF?",
    "Can the rota be printed for the wall in the kitchen?",
    "Printing the week cuts off the last column.",
    "The PDF of the rota is too small to read on the wall.",
];

pub(crate) fn csv(ids: &[usize], edition: usize) -> String {
    let mut rows = String::from("id,text,created_at,email\n");
    for &id in ids {
        let extra = if edition % 2 == 1 { " We are waiting for this." } else { "" };
        let day = id % 28 + 1;
        rows.push_str(&format!(
            "t{id},\"{}{extra}\",2026-0{}-{day:02},p{}@x{}.example\n",
            TEXTS[id],
            id % 9 + 1,
            id % 11,
            id % 7
        ));
    }
    rows
}

pub(crate) struct Workspace {
    pub(crate) folder: tempfile::TempDir,
}

impl Workspace {
    /// Twenty-four of the thirty statements read and run, so that there is new evidence to come.
    pub(crate) fn begun() -> Self {
        let workspace = Self::new();
        workspace.import(&(0..24).collect::<Vec<_>>(), 0);
        workspace.run();
        workspace
    }

    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Session::init(folder.path(), &Disk).unwrap();
        Self { folder }
    }

    pub(crate) fn session(&self) -> Session {
        Session::open(self.folder.path(), &Disk).unwrap()
    }

    pub(crate) fn import(&self, ids: &[usize], edition: usize) {
        self.import_as("tickets.csv", &csv(ids, edition));
    }

    pub(crate) fn import_as(&self, name: &str, text: &str) -> ImportReport {
        let file: PathBuf = self.folder.path().join(name);
        fs::write(&file, text).unwrap();
        self.session().import(&Disk, &[&file], &ImportOptions::default(), &mut Quiet).unwrap()
    }

    pub(crate) fn run(&self) -> throughline_compiler::session::RunReport {
        self.run_with(RunOptions::default())
    }

    pub(crate) fn run_with(&self, options: RunOptions) -> throughline_compiler::session::RunReport {
        self.session().run(&Disk, options, &mut ()).unwrap()
    }

    pub(crate) fn lineage(&self) -> Option<Vec<u8>> {
        let (inputs, _) = throughline_store::open(&self.folder.path().join(STORE_FOLDER)).unwrap();
        inputs.value("lineage").unwrap()
    }

    pub(crate) fn set_lineage(&self, lineage: Option<&[u8]>) {
        let (mut inputs, _) = throughline_store::open(&self.folder.path().join(STORE_FOLDER)).unwrap();
        inputs.set_value("lineage", lineage).unwrap();
    }

    /// Everything that can be asked of a workspace, as one text.
    pub(crate) fn everything(&self) -> String {
        let session = self.session();
        let mut all = String::new();
        for table in [export::records, export::signals, export::needs, export::scores, export::pairs] {
            all.push_str(&table(&session).unwrap().to_csv());
        }
        all.push_str(&export::insights(&session, 0).unwrap().to_csv());
        for file in session.compile(&[]).unwrap().files {
            all.push_str(&file.path);
            all.push_str(&String::from_utf8_lossy(&file.bytes));
        }
        all
    }
}
