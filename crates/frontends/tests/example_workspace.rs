//! The bundled example imports: every file is recognised, every item is counted, nothing in it is an error.

mod reading;

use reading::gather;
use std::path::Path;
use throughline_frontends::{Fact, Options};
use throughline_model::Severity;

/// File, format, items, records, accounts: counted in the files themselves, not by these readers.
const FILES: &[(&str, &str, u64, usize, usize)] = &[
    ("zendesk-tickets.json", "zendesk", 137, 137, 0),
    ("intercom-conversations.json", "intercom", 49, 49, 0),
    ("support.mbox", "mbox", 15, 15, 0),
    ("calls/2026-05-18-larkfield.vtt", "webvtt", 106, 1, 0),
    ("calls/2026-08-26-quaymed.vtt", "webvtt", 106, 1, 0),
    ("calls/2026-09-03-hartwood.vtt", "webvtt", 103, 1, 0),
    ("calls/2026-06-11-fjordhelse.srt", "srt", 77, 1, 0),
    ("calls/gong-transcripts.json", "gong", 112, 1, 0),
    ("interviews/2026-04-28-marcus-bell.txt", "transcript", 22, 1, 0),
    ("interviews/2026-05-06-orla-fitzgerald.txt", "transcript", 22, 1, 0),
    ("interviews/2026-07-08-anja-tiedemann.txt", "transcript", 18, 1, 0),
    ("slack-export.zip", "slack", 60, 30, 0),
    ("github-issues.json", "github", 20, 20, 0),
    ("jira.json", "jira", 15, 15, 0),
    ("jira.csv", "jira", 12, 12, 0),
    ("appstore-reviews.json", "appstore", 20, 20, 0),
    ("google-play-reviews.json", "google-play", 20, 20, 0),
    ("nps.csv", "csv", 65, 65, 0),
    ("canny-posts.json", "canny", 51, 12, 0),
    ("fider.csv", "fider", 8, 8, 0),
    ("productboard-notes.json", "productboard", 10, 10, 0),
    ("analytics/segment.ndjson", "segment", 15_386, 0, 0),
    ("analytics/posthog.ndjson", "posthog", 4_614, 12, 0),
    ("crm-accounts.csv", "accounts", 60, 0, 60),
    ("crm-contacts.csv", "contacts", 108, 0, 108),
];

#[test]
fn every_file_of_the_example_is_understood() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/rotaboard/feedback");
    let options = Options { team_domains: vec!["rotaboard.example".to_owned()], ..Options::default() };
    for (file, format, n_items, n_records, n_accounts) in FILES {
        let bytes = std::fs::read(folder.join(file)).unwrap();
        let (gathered, report) = gather(file, &bytes, &options);
        let is_error = |d: &&throughline_model::Diagnostic| d.severity == Severity::Error;
        assert_eq!(gathered.diagnostics.iter().find(is_error), None, "{file}");
        let records = gathered.facts.iter().filter(|fact| matches!(fact, Fact::Record(_))).count();
        let accounts = gathered.facts.iter().filter(|fact| matches!(fact, Fact::Account(_))).count();
        assert_eq!(
            (report.format, report.n_seen, records, accounts),
            (*format, *n_items, *n_records, *n_accounts),
            "{file}"
        );
    }
}

#[test]
fn the_ragged_file_of_the_example_keeps_its_tickets() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/rotaboard/feedback/tickets-legacy.csv");
    let (gathered, report) = gather("tickets-legacy.csv", &std::fs::read(path).unwrap(), &Options::default());
    assert_eq!(gathered.facts.len(), 18);
    assert_eq!(report.encoding, "windows-1252");
    let Fact::Record(first) = &gathered.facts[0] else { panic!("a record was expected") };
    assert_eq!(first.external_id, "DE-3301");
    assert_eq!(first.parts[0].text, "Nachtzuschläge");
}
