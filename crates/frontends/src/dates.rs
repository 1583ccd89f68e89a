//! Dates, in every shape that exports write them.
//!
//! In: a cell or a JSON value. Out: [`Timestamp`], or `None` where the text is no date.
//! Shapes: ISO 8601, RFC 2822, unix seconds, milli-, micro- and nanoseconds (told apart by size), month names in five
//! languages, and numeric dates whose order of day and month is decided per column by [`OrderEvidence`].
//! A date without an offset is taken as UTC.

use throughline_model::Timestamp;

/// Which of two numbers comes first in dates such as 03/04/2026.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    DayFirst,
    MonthFirst,
}

/// What the dates of a column say about their order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "counts, and counts are named n_")]
pub(crate) struct OrderEvidence {
    /// Dates that only make sense day first.
    pub(crate) n_day_first: u64,
    /// Dates that only make sense month first.
    pub(crate) n_month_first: u64,
    /// Dates that could be either.
    pub(crate) n_either: u64,
}

impl OrderEvidence {
    /// Takes one more cell of the column into account.
    pub(crate) fn see(&mut self, text: &str) {
        let Some(Pieces { date: Date::Numeric(a, b, _), meridiem, .. }) = dissect(text) else {
            return;
        };
        match (a > 12, b > 12) {
            (true, false) => self.n_day_first += 1,
            (false, true) => self.n_month_first += 1,
            (false, false) if a != b => {
                self.n_either += 1;
                // Twelve-hour clocks with a slash are an American habit; a hint, outweighed by any single proof.
                let _ = meridiem;
            }
            _ => {}
        }
    }

    /// The order, when at least one date proves it and no more dates prove the other.
    pub(crate) fn order(self) -> Option<Order> {
        match self.n_day_first.cmp(&self.n_month_first) {
            std::cmp::Ordering::Greater => Some(Order::DayFirst),
            std::cmp::Ordering::Less => Some(Order::MonthFirst),
            std::cmp::Ordering::Equal => None,
        }
    }

    /// Whether the order matters for some date and nothing tells it.
    pub(crate) fn is_undecided(self) -> bool {
        self.n_either > 0 && self.order().is_none()
    }
}

/// Parses a date; `order` is used where the text alone leaves it open (a date that proves the other order wins).
pub(crate) fn parse(text: &str, order: Order) -> Option<Timestamp> {
    let text = text.trim();
    if text.len() < 6 || text.len() > 64 || !text.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    if text.as_bytes().get(4) == Some(&b'-')
        && let Some(at) = Timestamp::parse_iso(text)
    {
        return Some(at);
    }
    if text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        if let Some(at) = compact_date(text) {
            return Some(at);
        }
        if text.bytes().filter(|&b| b == b'.').count() <= 1 {
            return from_unix(text.parse().ok()?);
        }
    }
    let pieces = dissect(text)?;
    let (year, month, day) = match pieces.date {
        Date::Named(year, month, day) | Date::YearFirst(year, month, day) => (year, month, day),
        Date::Numeric(a, b, year) => match (order, a > 12, b > 12) {
            (Order::DayFirst, _, false) | (Order::MonthFirst, true, false) => (year, b, a),
            _ => (year, a, b),
        },
    };
    let midnight = Timestamp::from_date(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?)?;
    let mut hour = i64::from(pieces.hour);
    match pieces.meridiem {
        Some(Meridiem::Pm) if hour < 12 => hour += 12,
        Some(Meridiem::Am) if hour == 12 => hour = 0,
        _ => {}
    }
    let secs = hour * 3600 + i64::from(pieces.minute) * 60 + i64::from(pieces.second);
    Some(Timestamp(midnight.0 + secs - pieces.offset_secs))
}

/// Parses a date for which no column speaks: day first where it is open.
pub(crate) fn parse_lone(text: &str) -> Option<Timestamp> {
    parse(text, Order::DayFirst)
}

/// A number of seconds, milli-, micro- or nanoseconds since 1970, told apart by size; years 2000 to 2100 only.
pub(crate) fn from_unix(number: f64) -> Option<Timestamp> {
    const FIRST: f64 = 946_684_800.0;
    const LAST: f64 = 4_102_444_800.0;
    [1.0, 1e3, 1e6, 1e9]
        .into_iter()
        .map(|scale| number / scale)
        .find(|secs| (FIRST..LAST).contains(secs))
        .map(|secs| Timestamp(libm_floor(secs)))
}

fn libm_floor(secs: f64) -> i64 {
    // Positive and far below 2^53, so truncation is floor.
    secs as i64
}

/// A date in ISO form somewhere in a file's name, for instance `call-2026-09-14` or `20260914`.
pub(crate) fn in_file_name(stem: &str) -> Option<Timestamp> {
    let bytes = stem.as_bytes();
    for start in 0..bytes.len() {
        if start > 0 && bytes[start - 1].is_ascii_digit() {
            continue;
        }
        for (len, is_dashed) in [(10, true), (8, false)] {
            let Some(piece) = stem.get(start..start + len) else {
                continue;
            };
            if bytes.get(start + len).is_some_and(u8::is_ascii_digit) {
                continue;
            }
            let date = if is_dashed {
                let shape = piece.bytes().enumerate().all(|(i, b)| match i {
                    4 | 7 => matches!(b, b'-' | b'_' | b'.'),
                    _ => b.is_ascii_digit(),
                });
                shape.then(|| Timestamp::parse_iso(&piece.replace(['_', '.'], "-"))).flatten()
            } else {
                compact_date(piece)
            };
            if date.is_some() {
                return date;
            }
        }
    }
    None
}

/// `20260930` or `20260930120000`.
fn compact_date(text: &str) -> Option<Timestamp> {
    if (text.len() != 8 && text.len() != 14) || !(text.starts_with("19") || text.starts_with("20")) {
        return None;
    }
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let day = Timestamp::from_date(
        i16::try_from(number(0, 4)?).ok()?,
        i8::try_from(number(4, 6)?).ok()?,
        i8::try_from(number(6, 8)?).ok()?,
    )?;
    if text.len() == 8 {
        return Some(day);
    }
    let (hour, minute, second) = (number(8, 10)?, number(10, 12)?, number(12, 14)?);
    (hour < 24 && minute < 60 && second < 60).then(|| Timestamp(day.0 + hour * 3600 + minute * 60 + second))
}

#[derive(Debug, Clone, Copy)]
enum Date {
    /// Year, month by name, day.
    Named(i16, u16, u16),
    YearFirst(i16, u16, u16),
    /// Two numbers in an order to be decided, and the year.
    Numeric(u16, u16, i16),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meridiem {
    Am,
    Pm,
}

struct Pieces {
    date: Date,
    hour: u16,
    minute: u16,
    second: u16,
    meridiem: Option<Meridiem>,
    offset_secs: i64,
}

/// Month names in English, German, French, Spanish and Portuguese, by their first letters (accents folded).
const MONTHS: [&[&str]; 12] = [
    &["jan", "ene", "janv"],
    &["feb", "fev", "fevr"],
    &["mar", "mrz", "maerz", "mars"],
    &["apr", "avr", "abr"],
    &["may", "mai", "mayo", "maio"],
    &["jun", "juin"],
    &["jul", "juil"],
    &["aug", "aou", "ago"],
    &["sep", "set"],
    &["oct", "okt", "out"],
    &["nov"],
    &["dec", "dez", "dic"],
];

fn month_of(word: &str) -> Option<u16> {
    if word.chars().count() < 3 {
        return None;
    }
    let word = crate::fields::fold(word);
    // "juin" and "juillet" share "jui" only; "mar" covers march, marzo, marco and mars.
    let exact = MONTHS.iter().position(|names| names.contains(&word.as_str()));
    exact
        .or_else(|| MONTHS.iter().position(|names| names.iter().any(|name| word.starts_with(name))))
        .and_then(|i| u16::try_from(i + 1).ok())
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Token<'t> {
    Number(u32, usize),
    Word(&'t str),
    Mark(char),
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let len = if first.is_ascii_digit() {
            rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())
        } else if first.is_alphabetic() {
            rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (piece, after) = rest.split_at(len);
        if first.is_ascii_digit() {
            out.push(Token::Number(piece.parse().unwrap_or(u32::MAX), len));
        } else if first.is_alphabetic() {
            out.push(Token::Word(piece));
        } else if !first.is_whitespace() {
            out.push(Token::Mark(first));
        } else if out.last() != Some(&Token::Mark(' ')) {
            out.push(Token::Mark(' '));
        }
        rest = after;
    }
    out
}

/// Takes a text apart into a date and a time, or finds that it is none.
fn dissect(text: &str) -> Option<Pieces> {
    let text = text.trim();
    if text.len() < 6 || text.len() > 64 {
        return None;
    }
    let all = tokens(text);
    if all.len() > 30 {
        return None;
    }
    let mut pieces =
        Pieces { date: Date::YearFirst(0, 0, 0), hour: 0, minute: 0, second: 0, meridiem: None, offset_secs: 0 };
    let mut numbers: Vec<(u32, usize)> = Vec::new();
    let mut month = None;
    let mut has_time = false;
    let mut i = 0;
    while i < all.len() {
        match all[i] {
            Token::Number(hour, _)
                if !has_time
                    && (all.get(i + 1) == Some(&Token::Mark(':')))
                    && matches!(all.get(i + 2), Some(Token::Number(..))) =>
            {
                let Some(Token::Number(minute, _)) = all.get(i + 2) else {
                    return None;
                };
                if hour > 23 || *minute > 59 {
                    return None;
                }
                pieces.hour = hour as u16;
                pieces.minute = *minute as u16;
                has_time = true;
                i += 3;
                if all.get(i) == Some(&Token::Mark(':'))
                    && let Some(Token::Number(second, _)) = all.get(i + 1)
                {
                    pieces.second = u16::try_from(*second).ok().filter(|s| *s < 61)?;
                    i += 2;
                    if matches!(all.get(i), Some(Token::Mark('.' | ',')))
                        && matches!(all.get(i + 1), Some(Token::Number(..)))
                    {
                        i += 2;
                    }
                }
                continue;
            }
            Token::Number(number, len) => numbers.push((number, len)),
            Token::Mark(sign @ ('+' | '-' | '−')) if has_time && matches!(all.get(i + 1), Some(Token::Number(..))) => {
                let Some(Token::Number(number, len)) = all.get(i + 1) else {
                    return None;
                };
                let (hours, minutes, used) = match (len, all.get(i + 2), all.get(i + 3)) {
                    (4, ..) => (number / 100, number % 100, 2),
                    (1 | 2, Some(Token::Mark(':')), Some(Token::Number(minutes, 2))) => (*number, *minutes, 4),
                    (1 | 2, ..) => (*number, 0, 2),
                    _ => return None,
                };
                let secs = i64::from(hours) * 3600 + i64::from(minutes) * 60;
                if secs > 15 * 3600 {
                    return None;
                }
                pieces.offset_secs = if sign == '+' { secs } else { -secs };
                i += used;
                continue;
            }
            Token::Word(word) => {
                if month.is_none()
                    && let Some(found) = month_of(word)
                    && !is_weekday(word)
                {
                    month = Some(found);
                } else if has_time && let Some(meridiem) = meridiem_of(word, &all[i + 1..]) {
                    pieces.meridiem = Some(meridiem);
                } else if has_time && let Some(offset) = zone_offset(word) {
                    pieces.offset_secs = offset;
                } else if !is_filler(word) {
                    return None;
                }
            }
            Token::Mark(c) if " ,/.-()T'’|:[]º°".contains(c) => {}
            Token::Mark(_) => return None,
        }
        i += 1;
    }
    pieces.date = date_of(&numbers, month)?;
    Some(pieces)
}

fn date_of(numbers: &[(u32, usize)], month: Option<u16>) -> Option<Date> {
    let full_year = |(number, len): (u32, usize)| match len {
        4 if (1970..2200).contains(&number) => Some(number as i16),
        2 => Some(if number < 70 { 2000 } else { 1900 } + number as i16),
        _ => None,
    };
    let small = |(number, len): (u32, usize)| (len <= 2 && (1..=31).contains(&number)).then_some(number as u16);
    match (numbers, month) {
        ([a, b], Some(month)) => {
            if a.1 == 4 {
                Some(Date::Named(full_year(*a)?, month, small(*b)?))
            } else {
                Some(Date::Named(full_year(*b)?, month, small(*a)?))
            }
        }
        ([a, b, c], None) => {
            if a.1 == 4 {
                let (month, day) = (small(*b)?, small(*c)?);
                (month <= 12).then_some(Date::YearFirst(full_year(*a)?, month, day))
            } else {
                let (a, b, year) = (small(*a)?, small(*b)?, full_year(*c)?);
                (a <= 12 || b <= 12).then_some(Date::Numeric(a, b, year))
            }
        }
        _ => None,
    }
}

fn meridiem_of(word: &str, after: &[Token<'_>]) -> Option<Meridiem> {
    match word.to_ascii_lowercase().as_str() {
        "am" => Some(Meridiem::Am),
        "pm" => Some(Meridiem::Pm),
        // "a.m." and "p. m."
        letter @ ("a" | "p") if after.iter().any(|t| matches!(t, Token::Word(m) if m.eq_ignore_ascii_case("m"))) => {
            Some(if letter == "a" { Meridiem::Am } else { Meridiem::Pm })
        }
        _ => None,
    }
}

fn zone_offset(word: &str) -> Option<i64> {
    let hours = match word {
        "Z" | "UTC" | "GMT" | "WET" => 0,
        "BST" | "CET" | "MEZ" | "WEST" => 1,
        "CEST" | "MESZ" | "EET" => 2,
        "EEST" => 3,
        "EDT" => -4,
        "EST" | "CDT" => -5,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        _ => return None,
    };
    Some(hours * 3600)
}

fn is_weekday(word: &str) -> bool {
    // Names that begin like a month: mardi, martes, marti (Tuesday).
    matches!(crate::fields::fold(word).as_str(), "mardi" | "martes" | "marti")
}

fn is_filler(word: &str) -> bool {
    const FILLERS: &[&str] = &[
        "at", "of", "de", "del", "um", "uhr", "a", "à", "m", "th", "st", "nd", "rd", "t", "z", "y", "on", "el", "le",
        "der", "den", "kl", "h", "às", "as", "er", "la", "o",
    ];
    const WEEKDAYS: &[&str] = &[
        "mon", "tue", "wed", "thu", "fri", "sat", "sun", "lun", "mie", "jue", "vie", "dom", "sab", "mer", "jeu", "ven",
        "dim", "seg", "ter", "qua", "qui", "sex", "die", "mit", "don", "fre", "sam", "son", "mo", "di", "mi", "do",
        "fr", "sa", "so", "mar",
    ];
    let word = crate::fields::fold(word);
    FILLERS.contains(&word.as_str())
        || WEEKDAYS.iter().any(|day| word == *day || (word.len() > 4 && word.starts_with(day)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day_first(text: &str) -> String {
        parse(text, Order::DayFirst).map_or_else(|| "-".to_owned(), Timestamp::rfc3339)
    }

    #[test]
    fn one_instant_in_many_shapes() {
        for text in [
            "2026-03-12T14:05:00Z",
            "2026-03-12 14:05:00",
            "2026-03-12 14:05",
            "2026-03-12 14:05:00 UTC",
            "2026-03-12T15:05:00.000+01:00",
            "2026-03-12T15:05:00.123+0100",
            "2026/03/12 14:05",
            "Thu, 12 Mar 2026 15:05:00 +0100",
            "12 Mar 2026, 14:05",
            "Mar 12, 2026 2:05 PM",
            "March 12th, 2026 at 2:05 pm",
            "12/Mar/26 2:05 PM",
            "12. März 2026 14:05 Uhr",
            "12 mars 2026 à 14:05",
            "12 de marzo de 2026 14:05",
            "12 de março de 2026, 14:05",
            "12/03/2026 14:05",
            "12.03.2026 14:05",
            "12-03-26 14:05:00",
            "12/03/2026 2:05 p. m.",
            "1773324300",
            "1773324300000",
            "1773324300000000000",
            "1773324300.5",
            "20260312140500",
            "Thu Mar 12 2026 09:05:00 EST",
        ] {
            assert_eq!(day_first(text), "2026-03-12T14:05:00Z", "{text}");
        }
    }

    #[test]
    fn no_date_is_made_of_other_texts() {
        for text in [
            "",
            "12",
            "3.5",
            "2026",
            "v1.2.3",
            "12:30",
            "Marketing 5",
            "call 12 May",
            "31/31/2026",
            "2026-02-30",
            "1234567",
            "10.0.0.1",
            "+49 170 123456",
            "ABC-123",
            "12 apples and 2026 pears",
            "5/5 great",
        ] {
            assert_eq!(day_first(text), "-", "{text}");
        }
    }

    #[test]
    fn order_is_decided_by_evidence() {
        let see = |cells: &[&str]| {
            let mut evidence = OrderEvidence::default();
            cells.iter().for_each(|cell| evidence.see(cell));
            (evidence.order(), evidence.is_undecided())
        };
        assert_eq!(see(&["03/04/2026", "25/04/2026"]), (Some(Order::DayFirst), false));
        assert_eq!(see(&["03/04/2026", "04/25/2026 1:00 PM"]), (Some(Order::MonthFirst), false));
        assert_eq!(see(&["03/04/2026", "05/06/2026"]), (None, true));
        assert_eq!(see(&["2026-04-03", "Apr 3, 2026"]), (None, false));
        assert_eq!(parse("03/04/2026", Order::MonthFirst), Timestamp::from_date(2026, 3, 4));
        assert_eq!(parse("25/04/2026", Order::MonthFirst), Timestamp::from_date(2026, 4, 25));
    }

    #[test]
    fn file_names_may_hold_a_date() {
        let at = |stem: &str| in_file_name(stem).map(Timestamp::date);
        assert_eq!(at("acme-2026-09-14-discovery").as_deref(), Some("2026-09-14"));
        assert_eq!(at("GMT20260914-120000_Recording").as_deref(), Some("2026-09-14"));
        assert_eq!(at("4329526"), None);
        assert_eq!(at("é-99999999"), None);
    }
}
