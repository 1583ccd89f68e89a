//! Feedback formats: what customers and the team said, and what people did.
//!
//! One module per format; [`read`] is the switchboard: it looks at the bytes, then at the decoded text, and hands over.

pub(crate) mod json;
pub(crate) mod kind;
pub(crate) mod table;
pub(crate) mod transcript;
pub(crate) mod zendesk;

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
        Family::Zip | Family::Mail => {
            intake.error("format-unknown", "this kind of file is not read", At::default());
        }
        Family::Text => text(Text::new(head, input), intake),
    }
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
