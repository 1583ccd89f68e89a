//! Slack exports: one record per thread, and one per burst of messages outside threads.
//!
//! A burst is a run of un-threaded messages of one conversation with pauses of at most half an hour: what people say
//! one after another belongs together. Users, mentions and links are resolved to names; bots and system messages are
//! the machine's side; guests from outside are customers. `n_items` is the number of messages.
//! Source: Slack help, "How to read Slack data exports"; Slack API, message and user objects.

use crate::archive::Archive;
use crate::decode::{At, Text};
use crate::feedback::json::Shape;
use crate::fields::{at, count, first_text, items, part_by, text as text_at};
use crate::intake::Intake;
use crate::json_stream::{self, Layout};
use serde_json::Value;
use std::collections::BTreeMap;
use throughline_model::{Author, PartRole, Side, SourceKind, Timestamp};

/// Longest pause within a burst, in seconds. Chosen: a coffee, not a lunch.
const MAX_PAUSE_SECS: f64 = 1800.0;

/// Files beside the channels that name them.
const CHANNEL_FILES: &[&str] = &["channels.json", "groups.json", "dms.json", "mpims.json"];
const USER_FILES: &[&str] = &["users.json", "org_users.json"];
/// Files of an export that hold no messages.
const OTHER_FILES: &[&str] =
    &["integration_logs.json", "canvases.json", "file_conversations.json", "lists.json", "huddle_transcripts.json"];

/// The folder that an archive's Slack files lie in, if it is a Slack export.
pub(crate) fn root_of(archive: &Archive) -> Option<String> {
    let names = archive.names();
    names.iter().find_map(|name| {
        let file = name.rsplit('/').next().unwrap_or(name);
        let root = &name[..name.len() - file.len()];
        let has = |files: &[&str]| files.iter().any(|file| archive.has(&format!("{root}{file}")));
        let has_days = names.iter().any(|name| is_day_file(name));
        (USER_FILES.contains(&file) && (has(CHANNEL_FILES) || has_days)).then(|| root.to_owned())
    })
}

#[expect(clippy::case_sensitive_file_extension_comparisons, reason = "Slack writes the names, always so")]
fn is_json(name: &str) -> bool {
    name.ends_with(".json")
}

fn is_day_file(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    file.len() == 15 && is_json(file) && crate::dates::in_file_name(file).is_some()
}

pub(crate) fn is_like(shape: &Shape) -> bool {
    shape.has(&["ts", "text"]) && (shape.has(&["user"]) || shape.has(&["bot_id"]) || shape.has(&["username"]))
}

#[derive(Default)]
struct Directory {
    users: BTreeMap<String, Author>,
    /// Id and name of a conversation, by its folder.
    channels: BTreeMap<String, (String, String)>,
    name_of_channel: BTreeMap<String, String>,
}

struct Message {
    ts: f64,
    ts_text: String,
    thread: Option<String>,
    author: Author,
    text: String,
    likes: u64,
    place: At,
    file: String,
}

/// Reads an export.
pub(crate) fn read(archive: &mut Archive, root: &str, intake: &mut Intake<'_>) {
    intake.set_format("slack", SourceKind::Chat);
    intake.set_encoding("UTF-8".to_owned());
    let directory = directory(archive, root, intake);
    let mut days: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for name in archive.names() {
        let Some(path) = name.strip_prefix(root) else {
            continue;
        };
        match path.split_once('/') {
            Some((folder, file)) if is_json(file) && !file.contains('/') => {
                days.entry(folder.to_owned()).or_default().push(name.clone());
            }
            None if CHANNEL_FILES.contains(&path) || USER_FILES.contains(&path) || OTHER_FILES.contains(&path) => {}
            _ => intake.note(
                "archive-entry-skipped",
                format!("'{}' holds no messages", crate::intake::shorten(&name, 80)),
                At::default(),
            ),
        }
    }
    let archive_name = intake.file.clone();
    for (folder, files) in days {
        let mut messages = Vec::new();
        for name in files {
            let Some(bytes) = archive.unpack(&name, intake) else {
                continue;
            };
            intake.file = format!("{archive_name}!/{name}");
            gather(&bytes, &directory, &mut messages, intake);
            if intake.is_stopped() {
                return;
            }
        }
        let (id, channel) =
            directory.channels.get(&folder).cloned().unwrap_or_else(|| (folder.clone(), folder.clone()));
        hand_out(messages, &id, &channel, intake);
        intake.file.clone_from(&archive_name);
    }
}

/// Reads the messages of one day file that came without its export.
pub(crate) fn read_day(text: &mut Text<'_>, intake: &mut Intake<'_>) {
    intake.set_format("slack", SourceKind::Chat);
    let channel = crate::source_name::folder(&intake.file).unwrap_or("chat").to_owned();
    let mut messages = Vec::new();
    gather_from(text, &Directory::default(), &mut messages, intake);
    hand_out(messages, &channel, &channel, intake);
}

fn directory(archive: &mut Archive, root: &str, intake: &mut Intake<'_>) -> Directory {
    let mut directory = Directory::default();
    let load = |file: &str, archive: &mut Archive, intake: &mut Intake<'_>| -> Vec<Value> {
        let name = format!("{root}{file}");
        if !archive.has(&name) {
            return Vec::new();
        }
        let Some(bytes) = archive.unpack(&name, intake) else {
            return Vec::new();
        };
        match serde_json::from_slice(&bytes) {
            Ok(Value::Array(items)) => items,
            Ok(_) => Vec::new(),
            Err(error) => {
                let at = At { line: Some(error.line() as u64), byte: None };
                intake.error("json-broken", format!("'{name}' is not read: {error}; names in it stay unresolved"), at);
                Vec::new()
            }
        }
    };
    for file in USER_FILES {
        for user in load(file, archive, intake) {
            if let Some(id) = text_at(&user, "id") {
                directory.users.insert(id.clone(), user_of(&user, id));
            }
        }
    }
    for file in CHANNEL_FILES {
        for channel in load(file, archive, intake) {
            let Some(id) = text_at(&channel, "id") else {
                continue;
            };
            let name = text_at(&channel, "name").unwrap_or_else(|| id.clone());
            directory.name_of_channel.insert(id.clone(), name.clone());
            directory.channels.insert(id.clone(), (id.clone(), name.clone()));
            directory.channels.insert(name.clone(), (id, name));
        }
    }
    directory
}

fn user_of(user: &Value, id: String) -> Author {
    let is = |path: &str| at(user, path) == &Value::Bool(true);
    let side = if is("is_bot") || is("is_workflow_bot") || id == "USLACKBOT" {
        Side::Machine
    } else if is("is_restricted") || is("is_ultra_restricted") || is("is_stranger") {
        Side::Customer
    } else {
        Side::Unknown
    };
    Author {
        name: first_text(user, &["profile.real_name", "real_name", "profile.display_name", "name"]),
        email: text_at(user, "profile.email"),
        handle: Some(id),
        role: text_at(user, "profile.title"),
        company: None,
        side,
    }
}

fn gather(bytes: &[u8], directory: &Directory, messages: &mut Vec<Message>, intake: &mut Intake<'_>) {
    let mut nothing: &[u8] = &[];
    let mut text = Text::new(bytes.to_vec(), &mut nothing);
    gather_from(&mut text, directory, messages, intake);
}

fn gather_from(text: &mut Text<'_>, directory: &Directory, messages: &mut Vec<Message>, intake: &mut Intake<'_>) {
    let layout = Layout { arrays: &["messages"], wrappers: &[] };
    json_stream::each_value(text, intake, &layout, &mut |intake, element, value| {
        if element.is_envelope {
            return;
        }
        let Some(ts_text) = text_at(&value, "ts") else {
            intake.reject(1, "not-feedback", "this element is no message: it has no time".to_owned(), element.at);
            return;
        };
        messages.push(Message {
            ts: ts_text.parse::<f64>().ok().filter(|ts| ts.is_finite()).unwrap_or(0.0),
            thread: text_at(&value, "thread_ts"),
            ts_text,
            author: author(&value, directory),
            text: words(&value, directory),
            likes: likes(&value),
            place: element.at,
            file: intake.file.clone(),
        });
    });
}

fn author(message: &Value, directory: &Directory) -> Author {
    let id = first_text(message, &["user", "bot_id"]);
    let mut author = id.as_ref().and_then(|id| directory.users.get(id)).cloned().unwrap_or_else(|| Author {
        name: first_text(message, &["user_profile.real_name", "username", "bot_profile.name"]),
        handle: id,
        ..Author::default()
    });
    let subtype = text_at(message, "subtype").unwrap_or_default();
    let is_system = matches!(
        subtype.as_str(),
        "bot_message"
            | "channel_join"
            | "channel_leave"
            | "channel_topic"
            | "channel_purpose"
            | "channel_name"
            | "channel_archive"
            | "channel_unarchive"
            | "channel_convert_to_private"
            | "channel_posting_permissions"
            | "group_join"
            | "group_leave"
            | "bot_add"
            | "bot_remove"
            | "pinned_item"
            | "unpinned_item"
            | "reminder_add"
            | "reply_broadcast"
            | "tombstone"
            | "sh_room_created"
            | "huddle_thread"
    );
    if is_system || !at(message, "bot_id").is_null() || !at(message, "bot_profile").is_null() {
        author.side = Side::Machine;
    }
    author
}

/// Reactions that agree.
fn likes(message: &Value) -> u64 {
    let agree = |name: &str| {
        let name = name.split("::").next().unwrap_or(name);
        matches!(
            name,
            "+1" | "thumbsup"
                | "heart"
                | "heavy_plus_sign"
                | "100"
                | "point_up"
                | "plus1"
                | "this"
                | "white_check_mark"
        )
    };
    items(message, "reactions")
        .iter()
        .filter(|reaction| text_at(reaction, "name").is_some_and(|name| agree(&name)))
        .map(|reaction| count(reaction, "count").unwrap_or(0))
        .sum()
}

/// What a message says: its text, else what is attached to it.
fn words(message: &Value, directory: &Directory) -> String {
    let mut pieces: Vec<String> = Vec::new();
    if let Some(text) = text_at(message, "text") {
        pieces.push(text);
    }
    for attachment in items(message, "attachments") {
        // Shared messages and mail relays quote what somebody else wrote.
        if let Some(text) = first_text(attachment, &["text", "pretext", "fallback"])
            && !pieces.iter().any(|known| known.contains(&text))
        {
            pieces.push(text);
        }
    }
    pieces.iter().map(|piece| unmark(piece, directory)).collect::<Vec<_>>().join("\n")
}

/// Slack's `<...>` marks as people see them.
fn unmark(text: &str, directory: &Directory) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        out.push_str(&rest[..start]);
        let Some(len) = rest[start..].find('>') else {
            rest = &rest[start..];
            break;
        };
        let inner = &rest[start + 1..start + len];
        rest = &rest[start + len + 1..];
        let (target, label) = inner.split_once('|').map_or((inner, None), |(target, label)| (target, Some(label)));
        match target.chars().next() {
            Some('@') => {
                let id = &target[1..];
                let name = directory.users.get(id).and_then(|user| user.name.clone());
                out.push('@');
                out.push_str(&name.or_else(|| label.map(str::to_owned)).unwrap_or_else(|| id.to_owned()));
            }
            Some('#') => {
                let id = &target[1..];
                let name = directory.name_of_channel.get(id).map(String::as_str);
                out.push('#');
                out.push_str(name.or(label.filter(|label| !label.is_empty())).unwrap_or(id));
            }
            Some('!') => {
                out.push('@');
                out.push_str(label.map_or(&target[1..], |label| label.trim_start_matches('@')));
            }
            _ => out.push_str(label.unwrap_or_else(|| target.trim_start_matches("mailto:"))),
        }
    }
    out.push_str(rest);
    out.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// Groups the messages of one conversation and hands the groups out by the time of their first message.
fn hand_out(mut messages: Vec<Message>, id: &str, channel: &str, intake: &mut Intake<'_>) {
    messages.sort_by(|a, b| a.ts.total_cmp(&b.ts).then_with(|| a.ts_text.cmp(&b.ts_text)));
    let mut groups: Vec<(Option<String>, Vec<Message>)> = Vec::new();
    let mut index_of_thread: BTreeMap<String, usize> = BTreeMap::new();
    let mut burst: Option<(usize, f64)> = None;
    for message in messages {
        if let Some(thread) = message.thread.clone() {
            let index = *index_of_thread.entry(thread.clone()).or_insert_with(|| {
                groups.push((Some(thread), Vec::new()));
                groups.len() - 1
            });
            groups[index].1.push(message);
            continue;
        }
        let index = match burst {
            Some((index, last)) if message.ts - last <= MAX_PAUSE_SECS => index,
            _ => {
                groups.push((None, Vec::new()));
                groups.len() - 1
            }
        };
        burst = Some((index, message.ts));
        groups[index].1.push(message);
    }
    let archive_file = intake.file.clone();
    for (thread, messages) in groups {
        let Some(first) = messages.first() else {
            continue;
        };
        let key = thread.clone().unwrap_or_else(|| first.ts_text.clone());
        let mut record = intake.new_record(format!("{id}:{key}"));
        record.n_items = messages.len() as u64;
        record.created_at = timestamp(first.ts);
        record.thread = thread.map(|thread| format!("{id}:{thread}"));
        record.tags.push(format!("channel:{channel}"));
        record.votes = Some(first.likes).filter(|likes| *likes > 0);
        intake.file.clone_from(&first.file);
        let place = first.place;
        for (i, message) in messages.into_iter().enumerate() {
            let role = if i == 0 { PartRole::Body } else { PartRole::Reply };
            record.parts.push(part_by(role, Some(message.author), timestamp(message.ts), message.text));
        }
        intake.record(record, place);
    }
    intake.file = archive_file;
}

fn timestamp(ts: f64) -> Option<Timestamp> {
    (ts > 0.0 && ts < 1e11).then_some(Timestamp(ts as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_resolved() {
        let mut directory = Directory::default();
        directory.users.insert("U1".to_owned(), Author { name: Some("Ann Lee".to_owned()), ..Author::default() });
        directory.name_of_channel.insert("C1".to_owned(), "sales".to_owned());
        assert_eq!(
            unmark(
                "<@U1> see <#C1|> &amp; <https://x.example/a|the page> <!here> <mailto:a@x.example|a@x.example> 1 &lt; 2 <@U2|bo>",
                &directory
            ),
            "@Ann Lee see #sales & the page @here a@x.example 1 < 2 @bo"
        );
    }
}
