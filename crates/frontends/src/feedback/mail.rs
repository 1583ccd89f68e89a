//! Mailboxes (mbox) and single messages: one record per message, threads by their first message.
//!
//! Quoted replies and signatures stay in the text: taking them out is segmentation's work. The plain-text body is
//! preferred; an HTML body is flattened. Machines that answer by themselves say so in `Auto-Submitted` and the like.
//! Messages are cut at `From ` lines that follow an empty line, and `>From ` is unescaped (mboxrd).
//! Source: RFC 4155, RFC 5322, RFC 3834.

use crate::decode::{At, CHUNK_BYTES, find_byte};
use crate::fields::part_by;
use crate::html;
use crate::intake::Intake;
use mail_parser::{Address, Message, MessageParser, PartType};
use std::io::Read;
use throughline_model::{Author, PartRole, RawRecord, Side, SourceKind, Timestamp};

/// Bytes of a mailbox, line by line, with their place.
struct Lines<'a> {
    input: &'a mut dyn Read,
    buf: Vec<u8>,
    start: usize,
    is_ended: bool,
    line: u64,
    byte: u64,
    has_failed: bool,
}

impl<'a> Lines<'a> {
    fn new(head: Vec<u8>, input: &'a mut dyn Read) -> Self {
        Self { input, buf: head, start: 0, is_ended: false, line: 1, byte: 0, has_failed: false }
    }

    fn more(&mut self) -> bool {
        if self.is_ended {
            return false;
        }
        self.buf.drain(..self.start);
        self.start = 0;
        let before = self.buf.len();
        self.buf.resize(before + CHUNK_BYTES, 0);
        let n = loop {
            match self.input.read(&mut self.buf[before..]) {
                Ok(n) => break n,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(_) => {
                    self.has_failed = true;
                    break 0;
                }
            }
        };
        self.buf.truncate(before + n);
        self.is_ended = n == 0;
        n > 0
    }

    /// The next line with its end; at most a chunk and a bit at once.
    fn next(&mut self) -> Option<(Vec<u8>, At)> {
        let at = At { line: Some(self.line), byte: Some(self.byte) };
        loop {
            let data = &self.buf[self.start..];
            let found = find_byte(data, b'\n').map(|i| i + 1);
            let len = match found {
                Some(len) => len,
                None if data.len() > CHUNK_BYTES => data.len(),
                None => {
                    if self.more() {
                        continue;
                    }
                    self.buf.len() - self.start
                }
            };
            if len == 0 {
                return None;
            }
            let line = self.buf[self.start..self.start + len].to_vec();
            self.start += len;
            self.byte += len as u64;
            self.line += u64::from(line.ends_with(b"\n"));
            return Some((line, at));
        }
    }
}

/// Reads a mailbox or one message.
pub(crate) fn read(head: Vec<u8>, input: &mut dyn Read, intake: &mut Intake<'_>) {
    intake.set_format("mbox", SourceKind::Support);
    intake.set_encoding("per message".to_owned());
    let is_mbox = head.starts_with(b"From ");
    let max = intake.options.limits.max_item_bytes;
    let mut lines = Lines::new(head, input);
    let mut message: Vec<u8> = Vec::new();
    let mut place = At { line: Some(1), byte: Some(0) };
    let mut is_after_blank = true;
    let mut has_message = !is_mbox;
    let mut is_too_large = false;
    let mut n = 0u64;
    while let Some((line, at)) = lines.next() {
        if is_mbox && is_after_blank && line.starts_with(b"From ") {
            if has_message {
                hand_out(&message, is_too_large, place, n, intake);
                n += 1;
            }
            message.clear();
            has_message = true;
            is_too_large = false;
            place = at;
            is_after_blank = false;
            if intake.is_stopped() {
                return;
            }
            continue;
        }
        is_after_blank = matches!(line.as_slice(), b"\n" | b"\r\n");
        if message.len() + line.len() > max {
            is_too_large = true;
            continue;
        }
        let unquoted = line.iter().take_while(|&&b| b == b'>').count();
        let is_escaped = is_mbox && unquoted > 0 && line[unquoted..].starts_with(b"From ");
        message.extend_from_slice(if is_escaped { &line[1..] } else { &line });
    }
    if has_message {
        hand_out(&message, is_too_large, place, n, intake);
    }
    if lines.has_failed {
        let at = At { line: Some(lines.line), byte: Some(lines.byte) };
        intake.error("input-unreadable", "reading stopped here; what came before was taken", at);
    }
}

fn hand_out(bytes: &[u8], is_too_large: bool, place: At, n: u64, intake: &mut Intake<'_>) {
    if is_too_large {
        let message =
            format!("a message is longer than {} bytes; its beginning was taken", intake.options.limits.max_item_bytes);
        intake.warn("text-cut", message, place);
    }
    let Some(message) = MessageParser::default().parse(bytes).filter(|message| !message.headers().is_empty()) else {
        intake.reject(1, "mail-broken", "this message has no headers".to_owned(), place);
        return;
    };
    let record = record_of(&message, n, intake);
    intake.record(record, place);
}

fn record_of(message: &Message<'_>, n: u64, intake: &Intake<'_>) -> RawRecord {
    let id = message.message_id().map(str::to_owned);
    let mut record = intake.new_record(id.clone().unwrap_or_else(|| n.to_string()));
    record.is_keyed = id.is_some();
    record.created_at = message.date().map(|date| Timestamp(date.to_timestamp()));
    // The first reference is the message that began the thread.
    record.thread = message
        .references()
        .as_text_list()
        .and_then(|list| list.first().map(ToString::to_string))
        .or_else(|| message.in_reply_to().as_text_list().and_then(|list| list.first().map(ToString::to_string)))
        .or(id);
    let mut author = message.from().and_then(author_of).unwrap_or_default();
    if is_automatic(message) {
        author.side = Side::Machine;
    }
    if let Some(subject) = message.subject() {
        record.parts.push(part_by(PartRole::Title, Some(author.clone()), None, without_prefixes(subject)));
    }
    let body = body_of(message);
    record.parts.push(part_by(PartRole::Body, Some(author), None, body));
    record
}

fn author_of(address: &Address<'_>) -> Option<Author> {
    let first = address.first()?;
    Some(Author {
        name: first.name().map(str::to_owned),
        email: first.address().map(str::to_owned),
        ..Author::default()
    })
}

/// The text parts, or the flattened HTML parts where there is no text.
fn body_of(message: &Message<'_>) -> String {
    let mut pieces = Vec::new();
    for index in 0..message.text_body_count() {
        let part = message.text_body.get(index).and_then(|id| message.parts.get(*id as usize));
        match part.map(|part| &part.body) {
            Some(PartType::Text(text)) => pieces.push(text.to_string()),
            Some(PartType::Html(html)) => pieces.push(html::to_text(html)),
            _ => {}
        }
    }
    pieces.join("\n")
}

/// Whether the headers say that no person wrote this.
fn is_automatic(message: &Message<'_>) -> bool {
    let header = |name: &'static str| message.header(name).and_then(|value| value.as_text()).map(str::to_lowercase);
    header("Auto-Submitted").is_some_and(|value| value.trim() != "no")
        || header("X-Autoreply").is_some()
        || header("X-Autorespond").is_some()
        || header("Precedence").is_some_and(|value| matches!(value.trim(), "auto_reply" | "bulk" | "junk"))
        || header("X-Failed-Recipients").is_some()
        || message.from().and_then(Address::first).and_then(|from| from.address()).is_some_and(|address| {
            let local = address.split('@').next().unwrap_or_default().to_lowercase();
            matches!(
                local.as_str(),
                "mailer-daemon" | "postmaster" | "noreply" | "no-reply" | "donotreply" | "do-not-reply"
            )
        })
}

/// A subject without `Re:`, `Fwd:`, `AW:`, `WG:`, `TR:`, `RV:` and list names, so that a thread has one title.
fn without_prefixes(subject: &str) -> String {
    let mut rest = subject.trim();
    while let Some((prefix, words)) = rest.split_once(':') {
        let word = prefix.trim().to_lowercase();
        let word = word.split(['[', '(']).next().unwrap_or_default();
        if !matches!(word, "re" | "fw" | "fwd" | "aw" | "wg" | "tr" | "rv" | "sv" | "vs" | "antw" | "res" | "enc") {
            break;
        }
        rest = words.trim();
    }
    rest.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_lose_their_prefixes() {
        assert_eq!(without_prefixes("Re: AW: Fwd: Printing"), "Printing");
        assert_eq!(without_prefixes("Urgent: printing"), "Urgent: printing");
        assert_eq!(without_prefixes("RE[2]: x"), "x");
    }
}
