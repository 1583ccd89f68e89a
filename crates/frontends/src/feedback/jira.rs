//! Jira issues: JSON of the search API (descriptions in the Atlassian Document Format or as wiki text), and CSV with
//! its repeated headers.
//!
//! One record per issue: summary, description, comments. A link of type "duplicate" is kept as such.
//! Source: Jira Cloud REST API v2 and v3, Issue search; "Export issues" of Jira Cloud; ADF structure, developer.atlassian.com.

use crate::csv_columns;
use crate::csv_rows::Row;
use crate::dates::{self, Order};
use crate::decode::Text;
use crate::feedback::json::Shape;
use crate::fields::{at, count, first_text, fold_header, items, names, part_by, text as text_at, time};
use crate::html::{self, Writer};
use crate::intake::Intake;
use crate::json_stream::{self, Layout};
use serde_json::Value;
use throughline_model::{Author, PartRole, RawRecord, Side, SourceKind};

pub(crate) fn is_like(shape: &Shape) -> bool {
    shape.ends(&["fields.summary"])
}

pub(crate) fn read(text: &mut Text<'_>, intake: &mut Intake<'_>) {
    intake.set_format("jira", SourceKind::Tracker);
    let layout = Layout { arrays: &["issues", "values"], wrappers: &[] };
    json_stream::each_value(text, intake, &layout, &mut |intake, element, value| {
        if element.is_envelope {
            return;
        }
        match issue(&value, intake) {
            Some(record) => intake.record(record, element.at),
            None => intake.reject(1, "not-feedback", "this element is no issue: it has no key".to_owned(), element.at),
        }
    });
}

fn person(value: &Value) -> Option<Author> {
    value.is_object().then(|| Author {
        name: text_at(value, "displayName"),
        email: text_at(value, "emailAddress"),
        handle: first_text(value, &["name", "accountId", "key"]),
        side: match text_at(value, "accountType").as_deref() {
            Some("app") => Side::Machine,
            // Portal customers of Jira Service Management.
            Some("customer") => Side::Customer,
            _ => Side::Unknown,
        },
        ..Author::default()
    })
}

fn issue(value: &Value, intake: &Intake<'_>) -> Option<RawRecord> {
    let fields = at(value, "fields");
    let mut record = intake.new_record(first_text(value, &["key", "id"])?);
    record.created_at = time(fields, "created");
    record.url = text_at(value, "self").map(|url| match url.split_once("/rest/api/") {
        Some((site, _)) => format!("{site}/browse/{}", record.external_id),
        None => url,
    });
    record.votes = count(fields, "votes.votes");
    record.tags = names(fields, "labels");
    record.tags.extend(names(fields, "components"));
    for (path, label) in [
        ("issuetype.name", "type"),
        ("status.name", "status"),
        ("priority.name", "priority"),
        ("resolution.name", "resolution"),
    ] {
        record.tags.extend(text_at(fields, path).map(|word| format!("{label}:{word}")));
    }
    for link in items(fields, "issuelinks") {
        if text_at(link, "type.name").is_some_and(|name| name.to_lowercase().contains("duplicate")) {
            record.duplicate_of.extend(first_text(link, &["outwardIssue.key", "inwardIssue.key"]));
        }
    }
    let reporter = person(at(fields, "reporter")).or_else(|| person(at(fields, "creator")));
    if let Some(summary) = text_at(fields, "summary") {
        record.parts.push(part_by(PartRole::Title, reporter.clone(), None, summary));
    }
    if let Some(description) = words_of(at(fields, "description")) {
        record.parts.push(part_by(PartRole::Body, reporter, None, description));
    }
    for comment in items(fields, "comment.comments") {
        let mut author = person(at(comment, "author"));
        if at(comment, "jsdPublic") == &Value::Bool(false)
            && let Some(author) = &mut author
        {
            author.side = Side::Team;
        }
        if let Some(body) = words_of(at(comment, "body")) {
            record.parts.push(part_by(PartRole::Reply, author, time(comment, "created"), body));
        }
    }
    Some(record)
}

/// The words of a field that is a document or wiki text.
fn words_of(value: &Value) -> Option<String> {
    let words = match value {
        Value::String(text) => wiki_to_text(text),
        Value::Object(_) => {
            let mut out = Writer::default();
            document(value, &mut out);
            out.into_text()
        }
        _ => return None,
    };
    Some(words).filter(|words| !words.trim().is_empty())
}

/// Writes the words of a document node. Depth is bounded by the JSON parser.
fn document(node: &Value, out: &mut Writer) {
    let kind = text_at(node, "type").unwrap_or_default();
    let is_block = match kind.as_str() {
        "text" => {
            if let Some(words) = at(node, "text").as_str() {
                out.text(words);
            }
            return;
        }
        "hardBreak" => {
            out.line_break();
            return;
        }
        "mention" | "emoji" | "status" => {
            if let Some(words) = first_text(node, &["attrs.text", "attrs.shortName"]) {
                out.text(&words);
            }
            return;
        }
        "inlineCard" | "blockCard" | "embedCard" => {
            if let Some(url) = text_at(node, "attrs.url") {
                out.text(&url);
            }
            return;
        }
        "date" => {
            if let Some(at) = time(node, "attrs.timestamp") {
                out.text(&at.date());
            }
            return;
        }
        "paragraph" | "heading" | "rule" | "panel" | "table" | "expand" | "bulletList" | "orderedList" | "taskList"
        | "decisionList" => 2,
        "listItem" | "taskItem" | "decisionItem" | "tableRow" => 1,
        "tableCell" | "tableHeader" => {
            out.text(" ");
            0
        }
        "codeBlock" => {
            out.preformatted(|out| items(node, "content").iter().for_each(|child| document(child, out)));
            return;
        }
        "blockquote" => {
            out.quote(|out| items(node, "content").iter().for_each(|child| document(child, out)));
            return;
        }
        _ => 0,
    };
    // Paragraphs inside list items and cells are lines, not paragraphs of their own.
    let is_tight = matches!(kind.as_str(), "listItem" | "tableCell" | "tableHeader");
    out.block(is_block);
    for child in items(node, "content") {
        if is_tight && text_at(child, "type").as_deref() == Some("paragraph") {
            items(child, "content").iter().for_each(|leaf| document(leaf, out));
            if kind == "listItem" {
                out.block(1);
            }
        } else {
            document(child, out);
        }
    }
    out.block(is_block);
}

/// Wiki text of Jira Server and API v2 without its marks; quoted blocks get `> `.
pub(crate) fn wiki_to_text(wiki: &str) -> String {
    let mut out = String::with_capacity(wiki.len());
    let mut is_quote = false;
    let mut is_code = false;
    for line in wiki.lines() {
        let mut line = line.trim_end();
        let bare = line.trim();
        if bare.starts_with("{quote}") && bare.matches("{quote}").count() == 1 {
            is_quote = !is_quote;
            line = bare.trim_start_matches("{quote}");
            if line.is_empty() {
                continue;
            }
        }
        let is_fence = ["{code", "{noformat", "{panel"].iter().any(|mark| bare.starts_with(mark))
            && bare.ends_with('}')
            && bare.matches('{').count() == 1;
        if is_fence {
            is_code = !is_code && !bare.starts_with("{panel");
            continue;
        }
        let ends_quote = is_quote && line.ends_with("{quote}");
        let mut quoted = is_quote;
        let mut words = line.trim_end_matches("{quote}").to_owned();
        if !is_code {
            if let Some(rest) = bare.strip_prefix("bq. ") {
                quoted = true;
                rest.clone_into(&mut words);
            }
            words = wiki_line(&words);
        }
        is_quote &= !ends_quote;
        if quoted && !words.trim().is_empty() {
            out.push_str("> ");
        }
        out.push_str(&words);
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out
}

fn wiki_line(line: &str) -> String {
    let mut rest = line.trim_start();
    let bytes = rest.as_bytes();
    if bytes.len() > 3 && bytes[0] == b'h' && (b'1'..=b'6').contains(&bytes[1]) && bytes[2] == b'.' {
        rest = rest[3..].trim_start();
    } else if let Some((marks, words)) = rest.split_once(' ')
        && !marks.is_empty()
        && marks.len() <= 4
        && marks.bytes().all(|b| matches!(b, b'*' | b'#' | b'-'))
    {
        rest = words;
    }
    if rest == "----" {
        return String::new();
    }
    let mut out = String::with_capacity(rest.len());
    while let Some(i) = rest.find(['[', '{', '|', '!']) {
        out.push_str(&rest[..i]);
        let mark = &rest[i..];
        rest = &mark[1..];
        match mark.as_bytes()[0] {
            b'[' => {
                let Some(end) = mark.find(']') else {
                    out.push('[');
                    continue;
                };
                let inner = &mark[1..end];
                if let Some(user) = inner.strip_prefix('~') {
                    out.push('@');
                    out.push_str(user.trim_start_matches("accountid:"));
                } else if let Some((words, target)) = inner.split_once('|') {
                    out.push_str(if words.is_empty() { target } else { words });
                } else if inner.contains("://") || inner.starts_with("mailto:") {
                    out.push_str(inner);
                } else {
                    out.push_str(&mark[..=end]);
                }
                rest = &mark[end + 1..];
            }
            b'{' => {
                let Some(end) = mark.find('}') else {
                    out.push('{');
                    continue;
                };
                let name = mark[1..end].split(':').next().unwrap_or_default();
                if matches!(name, "color" | "quote" | "code" | "noformat" | "panel" | "anchor") {
                    rest = &mark[end + 1..];
                } else {
                    out.push('{');
                }
            }
            b'|' => out.push(' '),
            _ => {
                // `!screenshot.png|thumbnail!` is an image.
                let image = rest.find('!').filter(|end| {
                    let inner = &rest[..*end];
                    inner.contains('.') && !inner.contains(' ') && !inner.is_empty()
                });
                match image {
                    Some(end) => rest = &rest[end + 1..],
                    None => out.push('!'),
                }
            }
        }
    }
    out.push_str(rest);
    out
}

/// Whether a CSV header is Jira's.
pub(crate) fn is_header(header: &[String]) -> bool {
    let has = |wanted: &str| header.iter().any(|name| fold_header(name) == wanted);
    has("summary") && (has("issue key") || has("key")) && (has("issue type") || has("issue id") || has("project key"))
}

/// Rows of a Jira CSV.
pub(crate) struct Table {
    columns: Vec<(String, usize)>,
    order: Order,
}

impl Table {
    pub(crate) fn new(header: &[String], sample: &[Row]) -> Self {
        let columns: Vec<(String, usize)> = header.iter().enumerate().map(|(i, name)| (fold_header(name), i)).collect();
        let created = columns.iter().find(|(name, _)| name == "created").map(|(_, i)| *i);
        let order =
            created.and_then(|column| csv_columns::date_order(sample, column).order()).unwrap_or(Order::DayFirst);
        Self { columns, order }
    }

    fn all<'r>(&self, row: &'r Row, name: &str) -> impl Iterator<Item = &'r str> {
        self.columns
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, i)| row.cell(*i).trim())
            .filter(|cell| !cell.is_empty())
    }

    fn first<'r>(&self, row: &'r Row, names: &[&str]) -> Option<&'r str> {
        names.iter().find_map(|name| self.all(row, name).next())
    }

    pub(crate) fn row(&self, row: &Row, intake: &mut Intake<'_>) {
        let Some(key) = self.first(row, &["issue key", "key", "issue id"]) else {
            intake.reject(1, "not-feedback", "this row has no issue key".to_owned(), row.at);
            return;
        };
        let mut record = intake.new_record(key);
        record.created_at = self.first(row, &["created"]).and_then(|cell| dates::parse(cell, self.order));
        record.votes = self.first(row, &["votes"]).and_then(|cell| cell.parse().ok());
        for name in ["labels", "component s", "components"] {
            // One cell may hold several labels; labels themselves hold no blanks.
            record.tags.extend(
                self.all(row, name).flat_map(|cell| cell.split([' ', ',']).map(str::to_owned).collect::<Vec<_>>()),
            );
        }
        for (name, label) in
            [("issue type", "type"), ("status", "status"), ("priority", "priority"), ("resolution", "resolution")]
        {
            record.tags.extend(self.first(row, &[name]).map(|word| format!("{label}:{word}")));
        }
        for (name, i) in &self.columns {
            if name.contains("issue link") && name.contains("duplicate") {
                let keys =
                    row.cell(*i).split([',', ';']).map(|key| key.trim().to_owned()).filter(|key| !key.is_empty());
                record.duplicate_of.extend(keys);
            }
        }
        let reporter = self.first(row, &["reporter", "creator"]).map(|name| {
            let is_email = csv_columns::is_email(name);
            Author {
                name: (!is_email).then(|| name.to_owned()),
                email: is_email.then(|| name.to_owned()),
                handle: self.first(row, &["reporter id"]).map(str::to_owned),
                ..Author::default()
            }
        });
        if let Some(summary) = self.first(row, &["summary"]) {
            record.parts.push(part_by(PartRole::Title, reporter.clone(), None, summary));
        }
        if let Some(description) = self.first(row, &["description"]) {
            record.parts.push(part_by(
                PartRole::Body,
                reporter,
                None,
                wiki_to_text(&html::to_text_if_html(description.to_owned())),
            ));
        }
        for cell in self.all(row, "comment").chain(self.all(row, "comments")) {
            record.parts.push(self.comment(cell));
        }
        intake.record(record, row.at);
    }

    /// `date;author;text`, or only text.
    fn comment(&self, cell: &str) -> throughline_model::RawPart {
        let mut pieces = cell.splitn(3, ';');
        if let (Some(date), Some(author), Some(words)) = (pieces.next(), pieces.next(), pieces.next())
            && let Some(when) = dates::parse(date, self.order)
        {
            let author = Author { handle: Some(author.trim().to_owned()), ..Author::default() };
            return part_by(PartRole::Reply, Some(author), Some(when), wiki_to_text(words));
        }
        part_by(PartRole::Reply, None, None, wiki_to_text(cell))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wiki_marks_go_and_words_stay() {
        let wiki = "h2. Steps\n* open [the page|https://x.example]\n# click {color:red}red{color} !shot.png|thumbnail!\n{quote}\nhe said\n{quote}\nbq. and more\n{code:java}\nint x[1];\n{code}\n[~ann.lee] wow! It works [sic]";
        assert_eq!(
            wiki_to_text(wiki),
            "Steps\nopen the page\nclick red \n> he said\n> and more\nint x[1];\n@ann.lee wow! It works [sic]"
        );
    }

    #[test]
    fn documents_become_lines() {
        let node: Value = serde_json::from_str(
            r#"{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"One "},{"type":"text","text":"bold","marks":[{"type":"strong"}]},{"type":"hardBreak"},{"type":"mention","attrs":{"text":"@Ann"}}]},{"type":"bulletList","content":[{"type":"listItem","content":[{"type":"paragraph","content":[{"type":"text","text":"a"}]}]},{"type":"listItem","content":[{"type":"paragraph","content":[{"type":"text","text":"b"}]}]}]},{"type":"blockquote","content":[{"type":"paragraph","content":[{"type":"text","text":"q"}]}]}]}"#,
        )
        .unwrap();
        assert_eq!(words_of(&node).as_deref(), Some("One bold\n@Ann\n\na\nb\n\n> q"));
    }
}
