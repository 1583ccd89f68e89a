//! Every format on a small file of its own: bytes in, a readable snapshot out, and what must hold of any file.

mod reading;

use reading::{check, read_bytes, zip_of};
use throughline_frontends::{Limits, Options};

fn options() -> Options {
    Options {
        team_domains: vec!["us.example".to_owned()],
        team_names: vec!["Ruth Vale".to_owned()],
        ..Options::default()
    }
}

macro_rules! fixtures {
    ($($name:ident: $file:literal,)*) => {
        $(#[test]
        fn $name() {
            insta::assert_snapshot!(stringify!($name), check($file, &options()));
        })*
    };
}

fixtures! {
    tickets_csv: "tickets.csv",
    nps_in_german: "nps-umfrage.csv",
    latin1_csv: "latin1.csv",
    play_console_csv_in_utf16: "play-console.csv",
    ragged_rows: "ragged.csv",
    open_quote: "open-quote.csv",
    csv_without_header: "headerless.csv",
    american_dates: "us-dates.csv",
    undecided_dates: "open-dates.csv",
    fider_csv: "fider.csv",
    quackback_posts: "quackback-posts.csv",
    quackback_comments: "quackback-comments.csv",
    quackback_votes: "quackback-votes.csv",
    jira_csv: "jira.csv",
    accounts_csv: "crm-accounts.csv",
    contacts_csv: "crm-contacts.csv",
    monthly_revenue_in_german: "mrr.csv",
    zendesk_page: "zendesk.json",
    zendesk_lines_with_a_broken_one: "zendesk.ndjson",
    truncated_page: "truncated.json",
    intercom: "intercom.json",
    help_scout: "helpscout.json",
    chatwoot: "chatwoot.ndjson",
    github: "github-issues.json",
    github_cli: "gh-cli.json",
    jira_json: "jira.json",
    app_store: "appstore-reviews.json",
    google_play: "play-reviews.json",
    canny: "canny.json",
    productboard: "productboard-notes.json",
    gong_in_seconds: "gong-calls.json",
    segment: "segment.ndjson",
    posthog: "posthog.json",
    slack_day_alone: "slack-day.json",
    json_of_an_unknown_tool: "feedback.jsonl",
    deployments: "deployments.json",
    webvtt: "call-2026-03-12.vtt",
    webvtt_of_zoom: "zoom.vtt",
    srt: "talk.srt",
    interview_text: "interview-ann.txt",
    teams_text: "teams.txt",
    notes_text: "notes.md",
    mailbox: "support.mbox",
    single_mail: "letter.eml",
    empty_file: "empty.csv",
    binary_file: "binary.bin",
}

#[test]
fn slack_export() {
    let users = r#"[{"id":"U1","name":"ann","real_name":"Ann Lee","profile":{"email":"ann@us.example","title":"support"}},
        {"id":"U2","name":"guest","is_restricted":true,"profile":{"real_name":"Guest Bo"}},{"id":"UB","is_bot":true,"name":"bot"}]"#;
    let day1 = r#"[{"type":"message","user":"U1","text":"<@U2> see <#C1|x>: <https://x.example/a|the page>","ts":"1772703720.000100","thread_ts":"1772703720.000100","reply_count":1,"reactions":[{"name":"+1","count":2}]},
        {"type":"message","user":"U2","text":"Un-threaded, on its own","ts":"1772703900.000100"},
        {"type":"message","user":"UB","subtype":"bot_message","text":"build green","ts":"1772704000.000100"}]"#;
    let day2 = r#"[{"type":"message","user":"U2","text":"late answer","ts":"1772790000.000100","thread_ts":"1772703720.000100"},
        {"type":"message","user":"U1","text":"a new day","ts":"1772790100.000100"}, {"type":"message", "broken"#;
    let bytes = zip_of(&[
        ("users.json", users),
        ("channels.json", r#"[{"id":"C1","name":"general"}]"#),
        ("general/2026-03-05.json", day1),
        ("general/2026-03-06.json", day2),
        ("integration_logs.json", "[]"),
        ("../evil.json", "[]"),
    ]);
    insta::assert_snapshot!(read_bytes("slack-export-2026-03.zip", &bytes, &options()));
}

#[test]
fn archive_of_files() {
    let bytes = zip_of(&[
        ("export/tickets.csv", "id,text\n1,Please add an export\n"),
        ("export/reviews.csv", "id,review,stars\n1,Too slow for me,2\n"),
        ("export/logo.png", "xx"),
    ]);
    insta::assert_snapshot!(read_bytes("all.zip", &bytes, &options()));
}

#[test]
fn hostile_archives() {
    let inner = zip_of(&[("a.csv", "id,text\n1,x\n")]);
    let inner = String::from_utf8_lossy(&inner).into_owned();
    let zeros = "0".repeat(8 << 20);
    let bytes = zip_of(&[
        ("../../etc/passwd", "id,text\n1,leaves\n"),
        ("/absolute.csv", "id,text\n1,leaves\n"),
        ("C:\\windows.csv", "id,text\n1,leaves\n"),
        ("bomb.csv", &zeros),
        ("nested.zip", &inner),
        ("good.csv", "id,text\n1,Please add an export\n"),
    ]);
    let options = Options { limits: Limits { max_expansion: 100, ..Limits::default() }, ..options() };
    insta::assert_snapshot!(read_bytes("hostile.zip", &bytes, &options));
}

#[test]
fn office_files_are_named() {
    let bytes = zip_of(&[("[Content_Types].xml", "<x/>"), ("xl/workbook.xml", "<x/>")]);
    insta::assert_snapshot!(read_bytes("tickets.xlsx", &bytes, &options()));
}

#[test]
fn columns_can_be_mapped_by_hand() {
    let csv = "a,b,when\nx1,My own words here,03/04/2026\n";
    let mut options = options();
    options.column_map = vec![
        ("text".to_owned(), "b".to_owned()),
        ("created_at".to_owned(), "When".to_owned()),
        ("date_order".to_owned(), "mdy".to_owned()),
        ("title".to_owned(), "missing".to_owned()),
        ("colour".to_owned(), "a".to_owned()),
    ];
    options.source = Some("my-source".to_owned());
    insta::assert_snapshot!(read_bytes("export.csv", csv.as_bytes(), &options));
}

#[test]
fn a_huge_cell_is_cut_and_the_rest_goes_on() {
    let huge = "word ".repeat(10 << 20);
    let csv = format!("id,text\n1,\"{huge}\"\n2,fine\n");
    insta::assert_snapshot!(read_bytes("huge.csv", csv.as_bytes(), &options()));
}

#[test]
fn a_row_beyond_the_limit_is_left_out() {
    let csv = format!("id,text\n1,{}\n2,fine\n3,\"{}\n4,never reached\n", "x".repeat(5000), "y".repeat(5000));
    let options = Options { limits: Limits { max_item_bytes: 4096, ..Limits::default() }, ..options() };
    insta::assert_snapshot!(read_bytes("long.csv", csv.as_bytes(), &options));
}

#[test]
fn floods_of_diagnostics_are_counted() {
    let csv = format!("id,text,mail\n{}", "1,x\n".repeat(100));
    insta::assert_snapshot!(
        read_bytes("flood.csv", csv.as_bytes(), &options())
            .lines()
            .filter(|line| line.starts_with('!'))
            .collect::<Vec<_>>()
            .join("\n")
    );
}
