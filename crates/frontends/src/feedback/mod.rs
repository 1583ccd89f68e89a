//! Feedback formats: what customers and the team said, and what people did.
//!
//! One module per format; [`read`] is the switchboard: it looks at the bytes, then at the decoded text, and hands over.

pub(crate) mod accounts;
pub(crate) mod events;
pub(crate) mod github;
pub(crate) mod gong;
pub(crate) mod helpdesks;
pub(crate) mod intercom;
pub(crate) mod jira;
pub(crate) mod json;
pub(crate) mod kind;
pub(crate) mod mail;
pub(crate) mod node;
pub(crate) mod portals;
pub(crate) mod slack;
pub(crate) mod stores;
pub(crate) mod table;
pub(crate) mod transcript;
pub(crate) mod zendesk;

use crate::archive::{self, Archive};
use crate::decode::{At, CHUNK_BYTES, FaultKind, Text};
use crate::detect::{self, Family, TextKind};
use crate::intake::Intake;
use std::io::Read;
use throughline_model::SourceKind;

/// Reads one file.
pub(crate) fn read(input: &mut dyn Read, intake: &mut Intake<'_>) {
    let head = read_head(input, intake);
    match detect::family(&head) {
        Family::Empty => intake.error("input-empty", "the file is empty", At::default()),
        Family::Packed => {
            let message = "the file is packed in a way that is not read; only ZIP archives are";
            intake.error("format-unknown", message, At::default());
        }
        Family::Binary => {
            intake.error("format-unknown", "the file holds binary data, not text", At::default());
        }
        Family::Mail => mail::read(head, input, intake),
        Family::Zip => {
            if let Some(archive) = archive::open(head, input, intake) {
                zip(archive, intake);
            }
        }
        Family::Text => text(Text::new(head, input), intake),
    }
}

/// An archive: a Slack export as a whole, anything else entry by entry.
fn zip(mut archive: Archive, intake: &mut Intake<'_>) {
    if let Some(root) = slack::root_of(&archive) {
        slack::read(&mut archive, &root, intake);
        return;
    }
    intake.set_format("zip", SourceKind::Other);
    if archive.has("[Content_Types].xml") || archive.has("mimetype") {
        intake.error("spreadsheet-not-read", "this is an office document", At::default());
        return;
    }
    for name in archive.names() {
        if intake.is_stopped() {
            return;
        }
        if is_beside_the_point(&name) {
            let message = format!("'{}' was not looked at", crate::intake::shorten(&name, 80));
            intake.note("archive-entry-skipped", message, At::default());
            continue;
        }
        let Some(bytes) = archive.unpack(&name, intake) else {
            continue;
        };
        if detect::family(&bytes[..bytes.len().min(CHUNK_BYTES)]) == Family::Zip {
            let message =
                format!("entry '{}' was not read: it is an archive itself", crate::intake::shorten(&name, 80));
            intake.error("archive-entry-refused", message, At::default());
            continue;
        }
        intake.within(&name, |inner| read(&mut bytes.as_slice(), inner));
    }
}

/// Files that archives carry along: system files, pictures, attachments.
fn is_beside_the_point(name: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "png", "jpg", "jpeg", "gif", "webp", "svg", "pdf", "mp3", "mp4", "m4a", "mov", "wav", "ico", "css", "js",
        "woff", "woff2", "ds_store",
    ];
    let file = name.rsplit('/').next().unwrap_or(name);
    let ending = file.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    name.starts_with("__MACOSX/") || file.starts_with('.') || ENDINGS.contains(&ending.as_str())
}

/// The first 64 KiB, or all of a shorter file.
fn read_head(input: &mut dyn Read, intake: &mut Intake<'_>) -> Vec<u8> {
    let mut head = Vec::new();
    if let Err(error) = input.take(CHUNK_BYTES as u64).read_to_end(&mut head) {
        let at = At { line: None, byte: Some(head.len() as u64) };
        intake.error("input-unreadable", format!("reading stopped: {error}"), at);
    }
    head
}

fn text(mut text: Text<'_>, intake: &mut Intake<'_>) {
    text.fill(1);
    if text.data().iter().all(u8::is_ascii_whitespace) && !text.more() {
        intake.error("input-empty", "the file holds nothing but blanks", At::default());
        return;
    }
    match detect::text_kind(&mut text, &intake.file) {
        TextKind::WebVtt => transcript::cues(&mut text, intake, "webvtt"),
        TextKind::Srt => transcript::cues(&mut text, intake, "srt"),
        TextKind::Transcript => transcript::turns(&mut text, intake),
        TextKind::Prose => prose(&mut text, intake),
        TextKind::Rows(separator) => table::read(&mut text, separator, intake),
        TextKind::Json => json::read(&mut text, intake),
    }
    intake.set_encoding(text.encoding_name());
    report_faults(&text, intake);
}

/// One record of running text: notes, a letter, minutes.
fn prose(text: &mut Text<'_>, intake: &mut Intake<'_>) {
    let kind = kind::of_words(&intake.file).unwrap_or(SourceKind::Other);
    intake.set_format("text", kind);
    let max = intake.options.limits.max_item_bytes;
    let at = text.at();
    text.fill(max);
    let whole = text.shown().to_owned();
    let mut record = intake.new_record(crate::source_name::stem(&intake.file));
    record.created_at = crate::dates::in_file_name(crate::source_name::stem(&intake.file));
    record.parts.push(crate::fields::part(throughline_model::PartRole::Body, whole));
    intake.record(record, at);
}

fn report_faults(text: &Text<'_>, intake: &mut Intake<'_>) {
    let (faults, n) = text.faults();
    for fault in faults {
        match fault.kind {
            FaultKind::Switched => {
                let message = "from this byte on the file is not UTF-8 and was read as windows-1252";
                intake.warn("encoding-switched", message, fault.at);
            }
            FaultKind::Repaired => {
                let message = "a byte here is not valid in the file's encoding and was read as windows-1252";
                intake.warn("encoding-repaired", message, fault.at);
            }
            FaultKind::Unreadable => {
                intake.error("input-unreadable", "reading stopped here; what came before was taken", fault.at);
            }
        }
    }
    if n > faults.len() as u64 {
        let message = format!("{} more bytes had to be repaired", n - faults.len() as u64);
        intake.warn("encoding-repaired", message, At::default());
    }
}
