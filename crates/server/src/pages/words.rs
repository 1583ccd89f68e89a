//! Words and numbers as pages write them.

use throughline_compiler::StageReport;
use throughline_compiler::import::FileReport;
use throughline_model::plan::Horizon;
pub use throughline_model::sentence::capitalised;
use throughline_model::{Insight, SourceKind, Trend};

/// `13,083`.
#[must_use]
pub fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 voice`, `13,083 voices`.
#[must_use]
pub fn count(n: impl TryInto<u64>, one: &str) -> String {
    let n = n.try_into().unwrap_or_default();
    let many = match one.strip_suffix('y') {
        Some(stem) if !one.ends_with("ay") => format!("{stem}ies"),
        _ => format!("{one}s"),
    };
    if n == 1 { format!("1 {one}") } else { format!("{} {many}", number(n)) }
}

/// What a stage does, for people.
#[must_use]
pub fn stage(name: &str) -> &'static str {
    match name {
        "collect" => "Reading what was taken in",
        "segment" => "Cutting it into statements",
        "enrich" => "Hearing what each statement does",
        "deduplicate" => "Finding what one person said twice",
        "cluster" => "Putting together what is about the same thing",
        "categorise" => "Naming each insight and its area",
        "frame" => "Reading what is needed",
        "score" => "Asking 77 questions of each insight",
        "prioritise" => "Ranking and planning",
        "specify" => "Writing specifications of the first insights",
        _ => "Telling each department what concerns it",
    }
}

/// What came of a stage.
#[must_use]
pub fn stage_done(stage: &StageReport) -> String {
    let (n_in, n_out) = (stage.n_in as u64, stage.n_out as u64);
    let said = match stage.stage.as_str() {
        "collect" => count(n_out, "record"),
        "segment" => format!("{} from {}", count(n_out, "statement"), count(n_in, "record")),
        "enrich" => format!("{} understood", count(n_out, "statement")),
        "deduplicate" => {
            format!("{}; {} said more than once", count(n_out, "voice"), number(n_in.saturating_sub(n_out)))
        }
        "cluster" | "categorise" => count(n_out, "insight"),
        "frame" => count(n_out, "need"),
        "score" => format!("{} scored", count(n_out, "insight")),
        "prioritise" => format!("{} ranked", count(n_out, "insight")),
        "specify" => count(n_out, "specification"),
        _ => count(n_out, "digest"),
    };
    let known = match stage.n_cached as u64 {
        0 => String::new(),
        n if n == n_in => ", all known from before".to_owned(),
        n => format!(", {} known from before", number(n)),
    };
    format!("{said}{known} · {}", seconds(stage.seconds))
}

/// `0.3 s`.
#[must_use]
pub fn seconds(secs: f64) -> String {
    if secs < 0.05 { "at once".to_owned() } else { format!("{secs:.1} s") }
}

/// How a file was taken in.
#[must_use]
pub fn taken(file: &FileReport) -> String {
    let mut parts = vec![format!("{} new", number(file.stored))];
    for (n, word) in [(file.unchanged, "known"), (file.updated, "updated"), (file.rejected, "left out")] {
        if n > 0 {
            parts.push(format!("{} {word}", number(n)));
        }
    }
    format!("{} seen: {}", number(file.seen), parts.join(", "))
}

/// What a file was read as, for people.
#[must_use]
pub fn format(name: &str) -> String {
    let known = match name {
        "zendesk" => "Zendesk tickets",
        "intercom" => "Intercom conversations",
        "jira" => "Jira issues",
        "github" => "GitHub issues",
        "slack" => "a Slack export",
        "mbox" | "mail" => "a mailbox",
        "csv" | "table" => "a table of feedback",
        "accounts" => "a list of customers",
        "contacts" => "a list of people at customers",
        "canny" => "Canny posts",
        "fider" => "Fider posts",
        "productboard" => "Productboard notes",
        "app-store" | "appstore" => "App Store reviews",
        "google-play" | "play" => "Google Play reviews",
        "gong" => "Gong calls",
        "vtt" | "srt" | "transcript" => "a transcript",
        "events" | "segment" | "posthog" => "product events",
        "nps" | "survey" => "survey answers",
        "text" | "lines" => "plain text",
        "zip" => "an archive",
        other => return other.replace(['-', '_'], " "),
    };
    known.to_owned()
}

/// The channel in words.
#[must_use]
pub const fn channel(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Support => "Support",
        SourceKind::Call => "Calls",
        SourceKind::Interview => "Interviews",
        SourceKind::Chat => "Team chat",
        SourceKind::Review => "Reviews",
        SourceKind::Survey => "Surveys",
        SourceKind::Community => "Community",
        SourceKind::Sales => "Sales notes",
        SourceKind::Tracker => "Issue tracker",
        SourceKind::Analytics => "Usage",
        SourceKind::Other => "Other",
    }
}

/// The name of a group of checks.
#[must_use]
pub fn group(id: &str) -> &'static str {
    match id {
        "business_impact" => "Business impact",
        "technical_effort" => "Low effort",
        "strategic_alignment" => "Strategic fit",
        _ => "Other",
    }
}

/// A horizon as a heading.
#[must_use]
pub const fn horizon(horizon: Horizon) -> &'static str {
    match horizon {
        Horizon::Now => "Now",
        Horizon::Next => "Next",
        Horizon::Later => "Later",
        Horizon::Unplanned => "Not planned",
        Horizon::Never => "Never",
    }
}

/// Where the number of voices is going.
#[must_use]
pub const fn trend(insight: &Insight) -> &'static str {
    match insight.trend {
        Trend::Unknown => "too few dates to tell",
        trend => trend.word(),
    }
}

/// A value as a part of an address.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!([0, 12, 999, 1000, 13_083, 1_000_000].map(number).join(" "), "0 12 999 1,000 13,083 1,000,000");
        assert_eq!((count(1u64, "voice"), count(2u64, "reply")), ("1 voice".to_owned(), "2 replies".to_owned()));
        assert_eq!(count(2u64, "day"), "2 days");
    }

    #[test]
    fn addresses_hold_no_separators_of_their_own() {
        assert_eq!(escaped("a b&c=ü"), "a%20b%26c%3D%C3%BC");
    }
}
