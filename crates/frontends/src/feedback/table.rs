//! Tables of feedback: any CSV, TSV or semicolon file, and JSON whose elements are flat like rows.
//!
//! One record per row. Which column means what is chosen by [`csv_columns`] and reported with reasons. A column of ids
//! makes records keyed; without one the zero-based row number is a label, and identity is content.
//! A header of nothing but `id,text` says nothing of its channel: the kind is [`SourceKind::Other`] unless a word of
//! the file's name or header speaks for another.

use crate::csv_aliases::ALIASES;
use crate::csv_columns::{self, Columns, Field};
use crate::csv_rows::{self, Next, Row};
use crate::dates::{self, Order};
use crate::decode::{At, Text};
use crate::feedback::accounts::{self, Accounts, Listing};
use crate::feedback::{jira, kind};
use crate::fields::{fold, fold_header, part_by};
use crate::html;
use crate::intake::{Intake, shorten};
use crate::json_stream::{self, Layout};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use throughline_model::{Author, PartRole, RawRecord, Side, SourceKind};

/// Rows that columns are chosen from.
const SAMPLE_ROWS: usize = 500;
const SAMPLE_BYTES: usize = 8 << 20;
/// How far to look for a date that settles the order of day and month.
const ORDER_BYTES: usize = 64 << 20;

const FEEDBACK: &[Field] = &[
    Field::Id,
    Field::Text,
    Field::Title,
    Field::Reply,
    Field::CreatedAt,
    Field::AuthorEmail,
    Field::AuthorName,
    Field::AuthorId,
    Field::AuthorRole,
    Field::AuthorSide,
    Field::Company,
    Field::Rating,
    Field::Votes,
    Field::Tags,
    Field::Status,
    Field::Category,
    Field::Priority,
    Field::Url,
    Field::Thread,
    Field::DuplicateOf,
];

/// Where rows come from.
trait Rows {
    /// Reads the next row into the buffer; problems go to the intake.
    fn next(&mut self, intake: &mut Intake<'_>, row: &mut Row) -> bool;
}

struct Delimited<'d, 't> {
    text: &'d mut Text<'t>,
    separator: u8,
    n_columns: Option<usize>,
}

impl Rows for Delimited<'_, '_> {
    fn next(&mut self, intake: &mut Intake<'_>, row: &mut Row) -> bool {
        loop {
            let max = intake.options.limits.max_item_bytes;
            match csv_rows::next_row(self.text, self.separator, max, self.n_columns, row) {
                Next::End => return false,
                Next::TooLong => {
                    intake.reject(1, "item-too-large", format!("a row is longer than {max} bytes"), row.at);
                }
                Next::Row => {
                    if row.has_open_quote {
                        intake.warn("csv-unclosed-quote", "a quote of this row is never closed", row.at);
                    }
                    if !row.is_blank() {
                        return true;
                    }
                }
            }
        }
    }
}

/// Reads delimited text.
pub(crate) fn read(text: &mut Text<'_>, separator: u8, intake: &mut Intake<'_>) {
    intake.set_format("csv", SourceKind::Other);
    let mut rows = Delimited { text, separator, n_columns: None };
    let mut first = Row::default();
    if !rows.next(intake, &mut first) {
        intake.error("input-empty", "the file holds no rows", At::default());
        return;
    }
    rows.n_columns = Some(first.len());
    if is_header(&first) {
        let header: Vec<String> = first.cells().map(|cell| cell.trim().to_owned()).collect();
        read_rows(&mut rows, header, Vec::new(), "csv", intake);
    } else {
        let header = (1..=first.len()).map(|i| format!("column {i}")).collect();
        read_rows(&mut rows, header, vec![first], "csv", intake);
    }
}

/// Whether a first row names columns: a known name is among its cells, or nothing in it looks like data.
fn is_header(row: &Row) -> bool {
    let is_known = |cell: &str| ALIASES.iter().any(|(_, aliases)| aliases.contains(&fold_header(cell).as_str()));
    let is_data = |cell: &str| {
        let cell = cell.trim();
        csv_columns::is_email(cell)
            || cell.starts_with("http")
            || (cell.split_whitespace().count() == 1 && cell.bytes().any(|b| b.is_ascii_digit()))
            || dates::parse_lone(cell).is_some()
    };
    row.cells().any(is_known) || !row.cells().any(is_data)
}

fn read_rows(
    rows: &mut dyn Rows,
    header: Vec<String>,
    mut sample: Vec<Row>,
    format: &'static str,
    intake: &mut Intake<'_>,
) {
    let mut row = Row::default();
    let mut is_ended = false;
    let mut n_bytes = 0;
    while sample.len() < SAMPLE_ROWS && n_bytes < SAMPLE_BYTES {
        if !rows.next(intake, &mut row) {
            is_ended = true;
            break;
        }
        n_bytes += row.size_bytes();
        sample.push(row.to_owned_row());
    }
    if jira::is_header(&header) {
        intake.set_format("jira", SourceKind::Tracker);
        let table = jira::Table::new(&header, &sample);
        each_row(rows, sample, is_ended, intake, |row, intake| table.row(row, intake));
        return;
    }
    intake.set_columns(&header);
    if let Some(listing) = accounts::listing(&header, &sample) {
        intake.set_format(if listing == Listing::Accounts { "accounts" } else { "contacts" }, SourceKind::Other);
        let chosen = csv_columns::choose(&header, &sample, accounts::FIELDS, &intake.options.column_map);
        report_unknown(chosen.unknown, intake);
        intake.set_mapping(chosen.columns.choices.clone());
        let table = Accounts::new(&header, chosen.columns, &sample, listing);
        each_row(rows, sample, is_ended, intake, |row, intake| table.row(row, intake));
        return;
    }
    if is_votes(&header) {
        intake.set_format("votes", SourceKind::Community);
        each_row(rows, sample, is_ended, intake, |row, intake| {
            intake.leave_out(
                1,
                "not-feedback",
                "a single vote holds no words; posts carry their number".to_owned(),
                row.at,
            );
        });
        return;
    }
    let chosen = csv_columns::choose(&header, &sample, FEEDBACK, &intake.options.column_map);
    report_unknown(chosen.unknown, intake);
    let columns = chosen.columns;
    let mut order = mapped_order(&intake.options.column_map);
    if order.is_none()
        && let Some(column) = columns.get(Field::CreatedAt)
    {
        let mut evidence = csv_columns::date_order(&sample, column);
        while evidence.is_undecided() && !is_ended && n_bytes < ORDER_BYTES {
            if !rows.next(intake, &mut row) {
                is_ended = true;
                break;
            }
            evidence.see(row.cell(column));
            n_bytes += row.size_bytes();
            sample.push(row.to_owned_row());
        }
        if evidence.is_undecided() {
            let message = format!(
                "column '{}' holds {} dates that can be read day first or month first; they were read day first",
                header[column], evidence.n_either
            );
            intake.warn("date-order-undecided", message, At::line(1));
        }
        order = evidence.order();
    }
    let (format, kind) = tool_of_header(&header).unwrap_or_else(|| {
        let kind =
            kind::of_words(&intake.file).or_else(|| kind_of_columns(&header, &columns)).unwrap_or(SourceKind::Other);
        (format, kind)
    });
    intake.set_format(format, kind);
    intake.set_mapping(columns.choices.clone());
    if !columns.has(Field::Text) && !columns.has(Field::Title) {
        let mut n = sample.len() as u64;
        while !is_ended && rows.next(intake, &mut row) {
            n += 1;
        }
        let message =
            format!("none of the columns {} looks like text that somebody wrote", shorten(&header.join(", "), 200));
        intake.reject(n, "columns-without-text", message, At::line(1));
        return;
    }
    let mut table = Table::new(header, columns, &sample, order.unwrap_or(Order::DayFirst));
    each_row(rows, sample, is_ended, intake, |row, intake| table.row(row, intake));
}

/// Hands the rows of the sample to `take`, then the rest of the file.
fn each_row(
    rows: &mut dyn Rows,
    sample: Vec<Row>,
    is_ended: bool,
    intake: &mut Intake<'_>,
    mut take: impl FnMut(&Row, &mut Intake<'_>),
) {
    for row in sample {
        take(&row, intake);
    }
    let mut row = Row::default();
    while !is_ended && !intake.is_stopped() && rows.next(intake, &mut row) {
        take(&row, intake);
    }
}

fn report_unknown(unknown: Vec<String>, intake: &mut Intake<'_>) {
    for problem in unknown {
        intake.error("column-unknown", problem, At::line(1));
    }
}

/// A list of who voted for what, without words.
fn is_votes(header: &[String]) -> bool {
    let folded: Vec<String> = header.iter().map(|name| fold_header(name)).collect();
    let has = |wanted: &str| folded.iter().any(|name| name == wanted);
    (has("post id") || has("post")) && (has("voter email") || has("voter") || has("voter name")) && header.len() <= 6
}

/// The tool whose export has this header, and its kind of channel.
fn tool_of_header(header: &[String]) -> Option<(&'static str, SourceKind)> {
    let folded: Vec<String> = header.iter().map(|name| fold_header(name)).collect();
    let has = |wanted: &[&str]| wanted.iter().all(|name| folded.iter().any(|known| known == name));
    if has(&["votes count", "original number"]) || has(&["votes count", "responded by"]) {
        Some(("fider", SourceKind::Community))
    } else if has(&["vote count", "author email", "board"]) || has(&["post id", "is staff"]) {
        Some(("quackback", SourceKind::Community))
    } else if has(&["package name", "star rating"]) {
        Some(("google-play", SourceKind::Review))
    } else if has(&["reviewer nickname"]) {
        Some(("appstore", SourceKind::Review))
    } else {
        None
    }
}

fn mapped_order(column_map: &[(String, String)]) -> Option<Order> {
    let (_, value) = column_map.iter().find(|(field, _)| field == "date_order")?;
    match value.trim().to_ascii_lowercase().as_str() {
        "dmy" => Some(Order::DayFirst),
        "mdy" => Some(Order::MonthFirst),
        _ => None,
    }
}

fn kind_of_columns(header: &[String], columns: &Columns) -> Option<SourceKind> {
    let words = header.join(" ");
    let named = kind::of_words(&words);
    if named.is_some() {
        return named;
    }
    if columns.has(Field::Votes) && columns.has(Field::Title) {
        return Some(SourceKind::Community);
    }
    if columns.has(Field::Rating) {
        return Some(SourceKind::Survey);
    }
    None
}

/// Rows with chosen columns into records.
struct Table {
    header: Vec<String>,
    category_label: String,
    columns: Columns,
    order: Order,
    rating_scale: (f64, f64),
    votes_style: crate::money::Style,
    is_keyed: bool,
    n_by_id: HashMap<String, u32>,
    n_rows: u64,
}

impl Table {
    fn new(header: Vec<String>, columns: Columns, sample: &[Row], order: Order) -> Self {
        let rating_scale = columns
            .get(Field::Rating)
            .map_or((1.0, 5.0), |column| csv_columns::rating_scale(&header[column], sample, column));
        let votes_style = csv_columns::money_style(sample, columns.get(Field::Votes));
        // Ids that repeat all over name conversations, not items.
        let is_keyed = columns.get(Field::Id).is_some_and(|column| {
            let ids: Vec<&str> = sample.iter().map(|row| row.cell(column).trim()).filter(|id| !id.is_empty()).collect();
            let n_distinct = ids.iter().collect::<std::collections::BTreeSet<_>>().len();
            let n_repeated = ids.len() - n_distinct;
            n_repeated < 3 || n_distinct * 20 >= ids.len() * 19
        });
        // `Issue Type` is a type, `Product Area` an area.
        let category_label = columns
            .get(Field::Category)
            .and_then(|column| fold_header(&header[column]).split(' ').next_back().map(str::to_owned))
            .unwrap_or_default();
        Self {
            category_label,
            header,
            columns,
            order,
            rating_scale,
            votes_style,
            is_keyed,
            n_by_id: HashMap::new(),
            n_rows: 0,
        }
    }

    fn row(&mut self, row: &Row, intake: &mut Intake<'_>) {
        let number = self.n_rows;
        self.n_rows += 1;
        let aligned;
        let row = if row.len() == self.header.len() {
            row
        } else {
            aligned = self.align(row, intake);
            &aligned
        };
        let mut record = self.identify(row, number, intake);
        let author = self.author(row, intake.source_kind());
        record.created_at = self.columns.text(row, Field::CreatedAt).and_then(|cell| {
            let at = dates::parse(cell, self.order);
            if at.is_none() {
                let message = format!(
                    "'{}' in column '{}' is no date",
                    shorten(cell, 40),
                    self.header[self.columns.get(Field::CreatedAt).unwrap_or(0)]
                );
                intake.warn("date-unreadable", message, row.at);
            }
            at
        });
        record.rating_unit =
            self.columns.text(row, Field::Rating).and_then(|cell| csv_columns::rating_unit(cell, self.rating_scale));
        record.votes =
            self.columns.text(row, Field::Votes).and_then(|cell| crate::money::parse_count(cell, self.votes_style));
        record.url = self.columns.text(row, Field::Url).map(str::to_owned);
        record.thread = record.thread.or_else(|| self.columns.text(row, Field::Thread).map(str::to_owned));
        record.duplicate_of.extend(self.columns.text(row, Field::DuplicateOf).map(str::to_owned));
        for &column in self.columns.all(Field::Tags) {
            let cell = row.cell(column).trim().trim_start_matches('[').trim_end_matches(']');
            record.tags.extend(cell.split([',', ';', '|']).map(|tag| tag.trim().trim_matches(['"', '\'']).to_owned()));
        }
        for (field, label) in
            [(Field::Category, self.category_label.as_str()), (Field::Status, "status"), (Field::Priority, "priority")]
        {
            if let Some(word) = self.columns.text(row, field) {
                record.tags.push(format!("{label}:{word}"));
            }
        }
        if let Some(title) = self.columns.text(row, Field::Title) {
            let role = if self.columns.has(Field::Text) { PartRole::Title } else { PartRole::Body };
            record.parts.push(part_by(role, author.clone(), None, html::to_text_if_html(title.to_owned())));
        }
        for &column in self.columns.all(Field::Text) {
            let cell = row.cell(column).trim();
            if !cell.is_empty() {
                record.parts.push(part_by(
                    PartRole::Body,
                    author.clone(),
                    None,
                    html::to_text_if_html(cell.to_owned()),
                ));
            }
        }
        if let Some(reply) = self.columns.text(row, Field::Reply)
            && !record.parts.is_empty()
        {
            let team = crate::fields::on_side(Side::Team);
            record.parts.push(part_by(PartRole::Reply, Some(team), None, html::to_text_if_html(reply.to_owned())));
        }
        intake.record(record, row.at);
    }

    fn identify(&mut self, row: &Row, number: u64, intake: &mut Intake<'_>) -> RawRecord {
        let id = self.columns.text(row, Field::Id);
        let Some(id) = id.filter(|_| self.is_keyed) else {
            let mut record = intake.new_record(number.to_string());
            record.is_keyed = false;
            record.thread = id.map(str::to_owned);
            return record;
        };
        let n = self.n_by_id.entry(id.to_owned()).or_insert(0);
        *n += 1;
        if *n == 1 {
            return intake.new_record(id);
        }
        let given = format!("{id}~{n}");
        intake.warn(
            "duplicate-id",
            format!("id '{}' occurs again; this row is kept as '{}'", shorten(id, 40), shorten(&given, 44)),
            row.at,
        );
        intake.new_record(given)
    }

    fn author(&self, row: &Row, kind: SourceKind) -> Option<Author> {
        let text = |field| self.columns.text(row, field).map(str::to_owned);
        let mut author = Author {
            name: text(Field::AuthorName),
            email: text(Field::AuthorEmail),
            handle: text(Field::AuthorId),
            role: text(Field::AuthorRole),
            company: text(Field::Company),
            side: self.columns.text(row, Field::AuthorSide).map_or(Side::Unknown, side_of_word),
        };
        // `Ann Lee <ann@x.example>` in either column.
        let addressed = [&author.name, &author.email].into_iter().find_map(|field| {
            let (name, rest) = field.as_deref()?.split_once('<')?;
            let (email, _) = rest.split_once('>')?;
            csv_columns::is_email(email.trim())
                .then(|| (name.trim().trim_matches('"').to_owned(), email.trim().to_owned()))
        });
        if let Some((name, email)) = addressed {
            author.name = Some(name);
            author.email = Some(email);
        }
        if author.name.as_deref().is_some_and(csv_columns::is_email) && author.email.is_none() {
            author.email = author.name.take();
        }
        if author.email.as_deref().is_some_and(|email| !csv_columns::is_email(email)) {
            let word = author.email.take();
            author.name = author.name.or(word);
        }
        if author == Author::default() {
            return None;
        }
        if author.side == Side::Unknown && matches!(kind, SourceKind::Review | SourceKind::Survey) {
            author.side = Side::Customer;
        }
        Some(author)
    }

    /// A row whose number of cells is not the header's, made to fit as well as can be told.
    fn align(&self, row: &Row, intake: &mut Intake<'_>) -> Row {
        let n = self.header.len();
        let cells: Vec<&str> = row.cells().collect();
        if cells.len() > n && cells[n..].iter().all(|cell| cell.trim().is_empty()) {
            return Row::of(cells[..n].iter().copied(), row.at);
        }
        let message = format!("this row has {} cells, the header has {n}", cells.len());
        intake.warn("csv-ragged-row", message, row.at);
        let n_extra = cells.len().saturating_sub(n);
        let text_column = self.columns.get(Field::Text).or_else(|| self.columns.get(Field::Title));
        if let (1.., Some(column)) = (n_extra, text_column) {
            // Unquoted separators in the text: its pieces belong together if what follows then fits again.
            let joined = cells[column..=column + n_extra].join(",");
            let mut fixed: Vec<&str> = cells[..column].to_vec();
            fixed.push(&joined);
            fixed.extend(&cells[column + n_extra + 1..]);
            return Row::of(fixed, row.at);
        }
        Row::of(cells, row.at)
    }
}

fn side_of_word(word: &str) -> Side {
    match fold(word).as_str() {
        "true" | "yes" | "1" | "agent" | "staff" | "admin" | "team" | "outgoing" | "outbound" | "employee"
        | "internal" => Side::Team,
        "false" | "no" | "0" | "customer" | "user" | "end-user" | "end user" | "contact" | "lead" | "incoming"
        | "inbound" | "external" => Side::Customer,
        "bot" | "system" | "automation" | "app" => Side::Machine,
        _ => Side::Unknown,
    }
}

/// Elements of JSON as rows: nested objects become dotted columns.
struct Flattened {
    rows: std::vec::IntoIter<(Vec<(usize, String)>, At)>,
    n_columns: usize,
}

impl Rows for Flattened {
    fn next(&mut self, _intake: &mut Intake<'_>, row: &mut Row) -> bool {
        let Some((cells, at)) = self.rows.next() else {
            return false;
        };
        let mut by_column = vec![""; self.n_columns];
        for (column, cell) in &cells {
            by_column[*column] = cell;
        }
        *row = Row::of(by_column, at);
        true
    }
}

/// Most columns that a table made of JSON may have; fields beyond them are of no use to anyone.
const MAX_JSON_COLUMNS: usize = 500;

/// Reads JSON of an unknown tool as if it were a table. The elements are held, for any of them may bring a new column.
pub(crate) fn read_json(text: &mut Text<'_>, intake: &mut Intake<'_>) {
    intake.set_format("json", SourceKind::Other);
    let layout = Layout {
        arrays: &[
            "data",
            "items",
            "results",
            "records",
            "rows",
            "feedback",
            "responses",
            "entries",
            "values",
            "messages",
            "comments",
            "posts",
            "notes",
        ],
        wrappers: &["data", "result", "_embedded", "response"],
    };
    let mut rows = Vec::new();
    let mut column_of_key: BTreeMap<String, usize> = BTreeMap::new();
    let mut header: Vec<String> = Vec::new();
    json_stream::each_value(text, intake, &layout, &mut |intake, element, value| {
        if element.is_envelope {
            return;
        }
        if !value.is_object() {
            intake.reject(1, "not-feedback", "this element is no object".to_owned(), element.at);
            return;
        }
        let mut fields = Vec::new();
        flatten("", &value, 0, &mut fields);
        let mut cells = Vec::with_capacity(fields.len());
        for (key, cell) in fields {
            let column = match column_of_key.get(&key) {
                Some(&column) => column,
                None if header.len() < MAX_JSON_COLUMNS => {
                    column_of_key.insert(key.clone(), header.len());
                    header.push(key);
                    header.len() - 1
                }
                None => continue,
            };
            cells.push((column, cell));
        }
        rows.push((cells, element.at));
    });
    if rows.is_empty() {
        return;
    }
    let mut rows = Flattened { rows: rows.into_iter(), n_columns: header.len() };
    read_rows(&mut rows, header, Vec::new(), "json", intake);
}

fn flatten(prefix: &str, value: &Value, depth: usize, out: &mut Vec<(String, String)>) {
    match value {
        Value::Object(map) if depth < 4 => {
            for (key, value) in map {
                let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
                flatten(&path, value, depth + 1, out);
            }
        }
        Value::Array(items) => {
            let words: Vec<String> = items
                .iter()
                .filter_map(|item| {
                    crate::fields::word(item).or_else(|| crate::fields::first_text(item, &["name", "label"]))
                })
                .collect();
            if !words.is_empty() {
                out.push((prefix.to_owned(), words.join(", ")));
            }
        }
        Value::Null | Value::Object(_) => {}
        Value::String(text) => out.push((prefix.to_owned(), text.clone())),
        other => out.push((prefix.to_owned(), other.to_string())),
    }
}
