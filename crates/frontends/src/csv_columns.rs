//! Which column means what: by the words of its header in five languages, and by what its cells look like.
//!
//! In: header and a sample of rows. Out: [`Columns`], a column for each field that was found, each choice with its
//! reason. A header that speaks for a field is believed unless the cells contradict it (a "comment" that holds only
//! numbers is no text); where no header speaks, the cells decide alone for dates, addresses, ids and long text.
//! What the caller maps by hand always wins.

use crate::csv_aliases::ALIASES;
use crate::csv_rows::Row;
use crate::dates::{self, OrderEvidence};
use crate::fields::fold_header;
use crate::intake::shorten;
use crate::{ColumnChoice, money};
use std::collections::{BTreeMap, BTreeSet};

/// What a column can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Field {
    Id,
    Title,
    Text,
    Reply,
    Comment,
    CreatedAt,
    AuthorName,
    AuthorEmail,
    AuthorId,
    AuthorRole,
    AuthorSide,
    Company,
    Rating,
    Votes,
    Tags,
    Status,
    Category,
    Priority,
    Url,
    Thread,
    DuplicateOf,
    Domain,
    Plan,
    Seats,
    Arr,
    Mrr,
    Currency,
    Segment,
    Country,
    RenewalAt,
    Stage,
    DealAmount,
    LostReason,
}

impl Field {
    /// The word `--map` and reports use.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Title => "title",
            Self::Text => "text",
            Self::Reply => "reply",
            Self::Comment => "comment",
            Self::CreatedAt => "created_at",
            Self::AuthorName => "author_name",
            Self::AuthorEmail => "author_email",
            Self::AuthorId => "author_id",
            Self::AuthorRole => "author_role",
            Self::AuthorSide => "author_side",
            Self::Company => "company",
            Self::Rating => "rating",
            Self::Votes => "votes",
            Self::Tags => "tags",
            Self::Status => "status",
            Self::Category => "category",
            Self::Priority => "priority",
            Self::Url => "url",
            Self::Thread => "thread",
            Self::DuplicateOf => "duplicate_of",
            Self::Domain => "domain",
            Self::Plan => "plan",
            Self::Seats => "seats",
            Self::Arr => "arr",
            Self::Mrr => "mrr",
            Self::Currency => "currency",
            Self::Segment => "segment",
            Self::Country => "country",
            Self::RenewalAt => "renewal_at",
            Self::Stage => "stage",
            Self::DealAmount => "deal_amount",
            Self::LostReason => "lost_reason",
        }
    }

    /// The field named by `--map`.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        ALIASES.iter().map(|(field, _)| *field).find(|field| field.word() == word)
    }

    /// Whether several columns may share it.
    const fn is_repeated(self) -> bool {
        matches!(self, Self::Tags | Self::Comment | Self::Text)
    }
}

/// What the cells of a column look like, over a sample.
#[derive(Debug, Clone, Default)]
pub(crate) struct Looks {
    n_rows: usize,
    n_filled: usize,
    n_distinct: usize,
    n_email: usize,
    n_date: usize,
    n_number: usize,
    n_url: usize,
    n_many_words: usize,
    n_words: usize,
    n_code: usize,
    max_number: f64,
    samples: Vec<String>,
}

impl Looks {
    pub(crate) fn of(rows: &[Row], column: usize) -> Self {
        let mut looks = Self { n_rows: rows.len(), max_number: f64::NEG_INFINITY, ..Self::default() };
        let mut distinct = BTreeSet::new();
        for row in rows {
            let cell = row.cell(column).trim();
            if cell.is_empty() {
                continue;
            }
            looks.n_filled += 1;
            if distinct.insert(cell) && looks.samples.len() < 3 {
                looks.samples.push(shorten(cell, 60));
            }
            let n_words = cell.split_whitespace().take(50).count();
            looks.n_words += n_words;
            let is_number = cell.len() <= 30 && money::parse(cell, money::Style::default()).is_some();
            let is_url = cell.starts_with("http://") || cell.starts_with("https://");
            let is_email = n_words == 1 && is_email(cell);
            let is_date = !is_email && (!is_plain_number(cell) || cell.len() >= 8) && dates::parse_lone(cell).is_some();
            looks.n_number += usize::from(is_number);
            looks.n_url += usize::from(is_url);
            looks.n_email += usize::from(is_email);
            looks.n_date += usize::from(is_date);
            looks.n_many_words += usize::from(n_words >= 4 && !is_date && !is_url);
            looks.n_code += usize::from(
                n_words == 1 && cell.len() <= 64 && cell.bytes().any(|b| b.is_ascii_digit()) && !is_email && !is_date,
            );
            if let Ok(number) = cell.replace(',', ".").parse::<f64>()
                && number.is_finite()
            {
                looks.max_number = looks.max_number.max(number);
            }
        }
        looks.n_distinct = distinct.len();
        looks
    }

    fn share(&self, n: usize) -> f64 {
        if self.n_filled == 0 { 0.0 } else { n as f64 / self.n_filled as f64 }
    }

    /// Whether cells hold words somebody wrote, rather than codes, numbers, dates or addresses.
    pub(crate) fn is_prose(&self) -> bool {
        self.n_filled > 0
            && self.share(self.n_many_words) >= 0.3
            && (self.n_distinct * 2 >= self.n_filled || self.n_distinct >= 20)
    }

    /// Whether most cells are e-mail addresses.
    pub(crate) fn is_email(&self) -> bool {
        self.n_filled > 0 && self.share(self.n_email) >= 0.8
    }

    fn mean_words(&self) -> f64 {
        if self.n_filled == 0 { 0.0 } else { self.n_words as f64 / self.n_filled as f64 }
    }

    fn is_unique(&self) -> bool {
        self.n_filled > 0 && self.n_distinct == self.n_filled && self.n_filled == self.n_rows
    }
}

/// Whether a word is an e-mail address.
pub(crate) fn is_email(word: &str) -> bool {
    let Some((local, domain)) = word.split_once('@') else {
        return false;
    };
    !local.is_empty()
        && domain.contains('.')
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && !domain.contains('@')
        && word.len() <= 254
        && !word.contains(char::is_whitespace)
        && !word.contains(['<', '>', '(', ')', ','])
}

fn is_plain_number(cell: &str) -> bool {
    cell.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'-' | b'+'))
}

/// The chosen columns.
#[derive(Debug, Clone, Default)]
pub(crate) struct Columns {
    of_field: BTreeMap<Field, Vec<usize>>,
    /// The choices as reported.
    pub(crate) choices: Vec<ColumnChoice>,
}

impl Columns {
    /// The column of a field.
    pub(crate) fn get(&self, field: Field) -> Option<usize> {
        self.of_field.get(&field).and_then(|columns| columns.first()).copied()
    }

    /// All columns of a field that may be repeated.
    pub(crate) fn all(&self, field: Field) -> &[usize] {
        self.of_field.get(&field).map_or(&[], Vec::as_slice)
    }

    /// Whether a field has a column.
    pub(crate) fn has(&self, field: Field) -> bool {
        self.of_field.contains_key(&field)
    }

    /// Trimmed text of a field in a row, if there is any.
    pub(crate) fn text<'r>(&self, row: &'r Row, field: Field) -> Option<&'r str> {
        self.get(field).map(|i| row.cell(i).trim()).filter(|cell| !cell.is_empty())
    }
}

/// What choosing came to.
pub(crate) struct Chosen {
    pub(crate) columns: Columns,
    /// Names given with `--map` that fit nothing, each as a sentence.
    pub(crate) unknown: Vec<String>,
}

/// Chooses columns for `fields`, from `header` and a sample of rows.
pub(crate) fn choose(header: &[String], rows: &[Row], fields: &[Field], column_map: &[(String, String)]) -> Chosen {
    let looks: Vec<Looks> = (0..header.len()).map(|i| Looks::of(rows, i)).collect();
    let folded: Vec<String> = header.iter().map(|name| fold_header(name)).collect();
    let mut chosen = Chooser { header, looks: &looks, taken: vec![false; header.len()], columns: Columns::default() };
    let mut unknown = Vec::new();
    for (word, column) in column_map {
        if word == "date_order" {
            continue;
        }
        let field = Field::from_word(word);
        let index = header
            .iter()
            .position(|name| name == column)
            .or_else(|| folded.iter().position(|name| *name == fold_header(column)));
        match (field, index) {
            (Some(field), Some(i)) => chosen.take(field, i, "named with --map".to_owned()),
            (None, _) => unknown.push(format!("there is no field '{word}'")),
            (_, None) => unknown.push(format!("the file has no column '{column}'")),
        }
    }
    // "response" is the team's where the file also says who responded, and the customer's everywhere else.
    if folded.iter().any(|name| matches!(name.as_str(), "responded by" | "responded at" | "response by" | "replied at"))
        && let Some(i) = folded.iter().position(|name| matches!(name.as_str(), "response" | "reply"))
        && fields.contains(&Field::Reply)
        && !chosen.taken[i]
        && !chosen.columns.has(Field::Reply)
    {
        chosen.take(Field::Reply, i, "the file also says who responded".to_owned());
    }
    for &(field, aliases) in ALIASES {
        if !fields.contains(&field) || chosen.columns.has(field) {
            continue;
        }
        let candidate = aliases.iter().find_map(|alias| {
            let i = folded
                .iter()
                .enumerate()
                .position(|(i, name)| name == alias && !chosen.taken[i] && fits(field, &looks[i]))?;
            Some(i)
        });
        if let Some(i) = candidate {
            chosen.take(field, i, format!("its header '{}' is a usual name for it", header[i]));
            if field.is_repeated() && field != Field::Text {
                for j in 0..header.len() {
                    if !chosen.taken[j] && folded[j] == folded[i] {
                        chosen.take(field, j, "the header occurs again".to_owned());
                    }
                }
            }
        }
    }
    chosen.by_words(fields, &folded);
    chosen.by_content(fields, &folded);
    Chosen { columns: chosen.columns, unknown }
}

/// Whether the cells of a column allow a field; an empty column allows any.
fn fits(field: Field, looks: &Looks) -> bool {
    if looks.n_filled == 0 {
        return true;
    }
    let mostly = |n: usize| looks.share(n) >= 0.7;
    match field {
        Field::Text => {
            !mostly(looks.n_number) && !mostly(looks.n_date) && !mostly(looks.n_email) && !mostly(looks.n_url)
        }
        Field::Title | Field::Reply => !mostly(looks.n_date) && !mostly(looks.n_email),
        Field::CreatedAt | Field::RenewalAt => looks.share(looks.n_date) >= 0.5,
        Field::AuthorEmail => looks.share(looks.n_email) >= 0.5,
        Field::AuthorName | Field::Company => {
            !mostly(looks.n_number) && !mostly(looks.n_date) && looks.mean_words() < 8.0
        }
        Field::Rating => looks.mean_words() < 4.0 && !mostly(looks.n_date) && !looks.is_prose(),
        Field::Votes | Field::Seats | Field::Arr | Field::Mrr | Field::DealAmount => looks.share(looks.n_number) >= 0.5,
        Field::Url => looks.share(looks.n_url) >= 0.5,
        Field::Id => looks.mean_words() < 3.0 && !looks.is_prose() && !mostly(looks.n_date),
        Field::Domain => looks.mean_words() < 2.0 && looks.samples.iter().any(|cell| cell.contains('.')),
        Field::Country | Field::Plan | Field::Currency | Field::Status | Field::Priority => looks.mean_words() < 6.0,
        _ => true,
    }
}

/// Headers of columns that may hold sentences, but none that the author of a row wrote about the product.
fn is_beside_the_point(folded: &str) -> bool {
    const WORDS: &[&str] = &[
        "original",
        "merged",
        "assignee",
        "agent",
        "owner",
        "internal",
        "private",
        "macro",
        "template",
        "translated",
        "translation",
        "signature",
        "device",
        "browser",
        "os",
        "address",
        "url",
        "referrer",
        "campaign",
        "subject",
        "form",
        "question",
        "survey",
        "path",
        "page",
        "plan",
        "company",
        "organization",
        "product",
        "group",
        "team",
        "link",
        "links",
        "attachment",
        "attachments",
        "status",
        "resolution",
        "sprint",
    ];
    folded.split(' ').any(|word| WORDS.contains(&word))
}

/// Headers of ids of something other than the row.
fn is_of_another(folded: &str) -> bool {
    const WORDS: &[&str] = &[
        "user", "author", "customer", "account", "contact", "session", "device", "product", "person", "member",
        "company", "parent", "order", "phone", "version", "code", "agent", "assignee", "kunde", "kunden", "client",
        "cliente", "usuario",
    ];
    folded.split(' ').any(|word| WORDS.contains(&word))
}

struct Chooser<'c> {
    header: &'c [String],
    looks: &'c [Looks],
    taken: Vec<bool>,
    columns: Columns,
}

impl Chooser<'_> {
    fn take(&mut self, field: Field, i: usize, why: String) {
        self.taken[i] = true;
        self.columns.of_field.entry(field).or_default().push(i);
        self.columns.choices.push(ColumnChoice {
            field: field.word(),
            column: self.header[i].clone(),
            why,
            samples: self.looks[i].samples.clone(),
        });
    }

    fn best(&self, score: impl Fn(&Looks) -> Option<f64>) -> Option<usize> {
        let mut best: Option<(usize, f64)> = None;
        for (i, looks) in self.looks.iter().enumerate() {
            if !self.taken[i]
                && let Some(score) = score(looks)
                && best.is_none_or(|(_, most)| score > most)
            {
                best = Some((i, score));
            }
        }
        best.map(|(i, _)| i)
    }

    /// Fields that no header names outright, from words in headers such as `How likely are you to recommend us? (0-10)`.
    fn by_words(&mut self, fields: &[Field], folded: &[String]) {
        const WORDS: &[(Field, &[&str])] = &[
            (
                Field::Rating,
                &[
                    "recommend",
                    "rating",
                    "score",
                    "stars",
                    "satisfied",
                    "satisfaction",
                    "nps",
                    "csat",
                    "bewertung",
                    "weiterempfehlen",
                    "empfehlen",
                    "recommander",
                    "recommanderiez",
                    "recomendar",
                    "recomendaria",
                    "puntuacion",
                    "nota",
                ],
            ),
            (Field::Id, &["id", "nr", "nummer", "number", "uuid", "numero"]),
            (Field::CreatedAt, &["date", "time", "created", "submitted", "datum", "fecha", "timestamp", "eingang"]),
            (Field::AuthorEmail, &["email", "mail", "correo", "courriel"]),
            (
                Field::Company,
                &[
                    "company",
                    "organization",
                    "organisation",
                    "account",
                    "firma",
                    "unternehmen",
                    "entreprise",
                    "empresa",
                ],
            ),
            (
                Field::Text,
                &[
                    "reason",
                    "comment",
                    "comments",
                    "feedback",
                    "why",
                    "improve",
                    "describe",
                    "tell",
                    "grund",
                    "warum",
                    "kommentar",
                    "raison",
                    "pourquoi",
                    "commentaire",
                    "razon",
                    "comentario",
                    "motivo",
                ],
            ),
        ];
        for (field, words) in WORDS {
            if !fields.contains(field) || self.columns.has(*field) {
                continue;
            }
            let found = (0..folded.len()).find(|&i| {
                let looks = &self.looks[i];
                // A word in a header proves less than a name, so the cells must agree.
                let agrees = match field {
                    Field::Rating => looks.share(looks.n_number) >= 0.7 && looks.max_number <= 100.0,
                    Field::Text => looks.is_prose(),
                    Field::Id => {
                        looks.is_unique() && looks.n_rows > 1 && fits(*field, looks) && !is_of_another(&folded[i])
                    }
                    _ => fits(*field, looks) && looks.n_filled > 0,
                };
                !self.taken[i] && agrees && folded[i].split(' ').any(|word| words.contains(&word))
            });
            if let Some(i) = found {
                self.take(*field, i, "words of its header speak for it, and its cells agree".to_owned());
            }
        }
    }

    /// Fields that no header spoke for, from what the cells look like.
    fn by_content(&mut self, fields: &[Field], folded: &[String]) {
        let wants = |columns: &Columns, field: Field| fields.contains(&field) && !columns.has(field);
        if wants(&self.columns, Field::AuthorEmail)
            && let Some(i) = self.best(|looks| (looks.share(looks.n_email) >= 0.8).then(|| looks.share(looks.n_email)))
        {
            self.take(Field::AuthorEmail, i, "its cells are e-mail addresses".to_owned());
        }
        if wants(&self.columns, Field::CreatedAt)
            && let Some(i) = self.best(|looks| (looks.share(looks.n_date) >= 0.8).then_some(looks.n_filled as f64))
        {
            self.take(Field::CreatedAt, i, "its cells are dates".to_owned());
        }
        if wants(&self.columns, Field::Text)
            && let Some(i) = self.best(|looks| looks.is_prose().then_some(looks.n_words as f64))
        {
            self.take(Field::Text, i, "its cells are the longest texts".to_owned());
        }
        if wants(&self.columns, Field::Id) {
            let is_id = |looks: &Looks| looks.is_unique() && looks.n_rows > 1 && looks.share(looks.n_code) >= 0.9;
            if let Some(first) = self.looks.first()
                && !self.taken[0]
                && is_id(first)
            {
                self.take(
                    Field::Id,
                    0,
                    "it is the first column, and its cells are short codes that never repeat".to_owned(),
                );
            }
        }
        if fields.contains(&Field::Text) {
            // Surveys put each open question into a column of its own.
            for (i, name) in folded.iter().enumerate() {
                if !self.taken[i] && self.looks[i].is_prose() && !is_beside_the_point(name) {
                    self.take(Field::Text, i, "its cells are texts that somebody wrote".to_owned());
                }
            }
        }
    }
}

/// Which of day and month comes first in a column.
pub(crate) fn date_order(rows: &[Row], column: usize) -> OrderEvidence {
    let mut evidence = OrderEvidence::default();
    for row in rows {
        evidence.see(row.cell(column));
    }
    evidence
}

/// How the numbers of a column are written.
pub(crate) fn money_style(rows: &[Row], column: Option<usize>) -> money::Style {
    let mut style = money::Style::default();
    if let Some(column) = column {
        rows.iter().for_each(|row| style.see(row.cell(column)));
    }
    style
}

/// The top of a rating column's scale, and its bottom.
pub(crate) fn rating_scale(header: &str, rows: &[Row], column: usize) -> (f64, f64) {
    let looks = Looks::of(rows, column);
    let header = fold_header(header);
    const OF_TEN: &[&str] = &["nps", "recomm", "recomend", "empfehl", "promoter"];
    if OF_TEN.iter().any(|word| header.contains(word)) {
        return (0.0, 10.0);
    }
    let has_zero = rows.iter().any(|row| row.cell(column).trim() == "0");
    match looks.max_number {
        max if max > 10.0 => (0.0, 100.0),
        max if max > 7.0 => (if has_zero { 0.0 } else { 1.0 }, 10.0),
        max if max > 5.0 => (1.0, 7.0),
        _ => (if has_zero { 0.0 } else { 1.0 }, 5.0),
    }
}

/// A rating cell on a scale of 0 to 1.
pub(crate) fn rating_unit(cell: &str, (bottom, top): (f64, f64)) -> Option<f64> {
    let cell = cell.trim();
    let n_stars = cell.chars().filter(|c| *c == '★').count();
    let (value, bottom, top) = if n_stars > 0 {
        (n_stars as f64, 1.0, 5.0)
    } else {
        let number_end = cell.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(cell.len());
        match cell[..number_end].replace(',', ".").parse::<f64>() {
            Ok(value) => {
                match cell[number_end..].trim_start().strip_prefix('/').and_then(|rest| rest.trim().parse::<f64>().ok())
                {
                    Some(of) if of > 0.0 => (value, if of <= 5.0 { 1.0 } else { 0.0 }, of),
                    _ => (value, bottom, top),
                }
            }
            Err(_) => {
                return match crate::fields::fold(cell).as_str() {
                    "good" | "great" | "satisfied" | "happy" | "positive" | "thumbs up" | "yes" | "promoter" => {
                        Some(1.0)
                    }
                    "bad" | "poor" | "unsatisfied" | "dissatisfied" | "unhappy" | "negative" | "thumbs down" | "no"
                    | "detractor" => Some(0.0),
                    "neutral" | "ok" | "okay" | "passive" => Some(0.5),
                    _ => None,
                };
            }
        }
    };
    (value.is_finite() && top > bottom && value >= bottom.min(0.0) && value <= top)
        .then(|| ((value - bottom) / (top - bottom)).clamp(0.0, 1.0))
}
