//! Numbers that point at a person: cards, IBANs, phones, national ids, IPv4 addresses.
//!
//! A *run* is a maximal stretch of digit groups joined by single separators, with a leading `+` or `(`. A run is judged
//! by its groups, its check digits and the words before it; most runs in ordinary text are too short to be anything and
//! cost a few comparisons.

use std::ops::Range;

use super::{Finding, Kind, Settings, has_word_before};

/// Words that say that a phone number follows.
const PHONE_WORDS: &[&str] = &[
    "phone",
    "tel",
    "call me",
    "call us",
    "call back",
    "call",
    "mobile",
    "cell",
    "whatsapp",
    "text me",
    "reach me",
    "reach us",
    "fax",
    "ring me",
    "number is",
    "my number",
    "handy",
    "anruf",
    "ruf",
    "mobil",
    "rückruf",
    "nummer ist",
    "portable",
    "appel",
    "joindre",
    "rappel",
    "numéro est",
    "mon numéro",
    "fixe",
    "móvil",
    "movil",
    "llam",
    "teléfono",
    "número es",
    "mi número",
    "celular",
    "telefone",
    "telemóvel",
    "telemovel",
    "ligar",
    "ligue",
    "liga",
    "contacto",
    "contato",
    "meu número",
    "número é",
    "sms",
    "contact me",
];

/// Words that say that the number is something else, unless it begins with `+`.
const OTHER_WORDS: &[&str] = &[
    "order",
    "ticket",
    "invoice",
    "version",
    "build",
    "ref",
    "case",
    "serial",
    "part",
    "sku",
    "id",
    "bug",
    "issue",
    "rev",
    "bestell",
    "rechnung",
    "vorgang",
    "kunden",
    "auftrag",
    "commande",
    "facture",
    "dossier",
    "pedido",
    "factura",
    "fatura",
    "encomenda",
    "chamado",
    "protocolo",
    "rfc",
    "isbn",
    "tracking",
    "parcel",
    "hash",
    "timestamp",
    "row",
    "error",
    "code",
    "fehler",
    "erreur",
    "erro",
    "transaction",
    "transaktion",
];

/// Units and currencies after a number: an amount, not a phone.
const UNITS: &[&str] = &[
    "€", "$", "£", "%", "eur", "usd", "gbp", "brl", "chf", "kb", "mb", "gb", "bytes", "ms", "sec", "px", "users",
    "rows", "records", "lines", "zeilen", "lignes", "filas", "linhas", "times", "items", "km",
];

/// IBAN lengths by country (ISO 13616 registry).
const IBAN_LENGTHS: &[(&str, usize)] = &[
    ("AD", 24),
    ("AE", 23),
    ("AL", 28),
    ("AT", 20),
    ("AZ", 28),
    ("BA", 20),
    ("BE", 16),
    ("BG", 22),
    ("BH", 22),
    ("BR", 29),
    ("BY", 28),
    ("CH", 21),
    ("CR", 22),
    ("CY", 28),
    ("CZ", 24),
    ("DE", 22),
    ("DK", 18),
    ("DO", 28),
    ("EE", 20),
    ("EG", 29),
    ("ES", 24),
    ("FI", 18),
    ("FO", 18),
    ("FR", 27),
    ("GB", 22),
    ("GE", 22),
    ("GI", 23),
    ("GL", 18),
    ("GR", 27),
    ("GT", 28),
    ("HR", 21),
    ("HU", 28),
    ("IE", 22),
    ("IL", 23),
    ("IQ", 23),
    ("IS", 26),
    ("IT", 27),
    ("JO", 30),
    ("KW", 30),
    ("KZ", 20),
    ("LB", 28),
    ("LC", 32),
    ("LI", 21),
    ("LT", 20),
    ("LU", 20),
    ("LV", 21),
    ("MC", 27),
    ("MD", 24),
    ("ME", 22),
    ("MK", 19),
    ("MR", 27),
    ("MT", 31),
    ("MU", 30),
    ("NL", 18),
    ("NO", 15),
    ("PK", 24),
    ("PL", 28),
    ("PS", 29),
    ("PT", 25),
    ("QA", 29),
    ("RO", 24),
    ("RS", 22),
    ("SA", 24),
    ("SC", 31),
    ("SE", 24),
    ("SI", 19),
    ("SK", 24),
    ("SM", 27),
    ("ST", 25),
    ("SV", 28),
    ("TL", 23),
    ("TN", 24),
    ("TR", 26),
    ("UA", 29),
    ("VA", 22),
    ("VG", 24),
    ("XK", 20),
];

/// Adds the findings among the numbers of `text`.
pub(super) fn find(text: &str, settings: Settings, findings: &mut Vec<Finding>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(offset) = bytes[at..].iter().position(u8::is_ascii_digit) {
        let start = at + offset;
        if let Some(range) = iban(bytes, start) {
            at = range.end;
            findings.push((range, Kind::Iban));
            continue;
        }
        let run = Run::read(bytes, start);
        at = run.range.end.max(start + 1);
        if run.n_digits < 7 {
            continue;
        }
        // Glued to a word ("abc12345678", "v1.2.3456789", "#123456789"): a name, not a number of these kinds.
        if text[..run.range.start].ends_with(|c: char| {
            c.is_alphanumeric() || matches!(c, '_' | '#' | '/' | '\\' | '=' | '.' | '-' | '[' | '@')
        }) {
            let is_field = text[..run.range.start].ends_with(['=', '/']) && run.has_plus;
            let is_scheme = has_word_before(&text[..run.range.start], 4, &["tel:"]);
            if !is_field && !is_scheme {
                continue;
            }
        }
        if let Some(finding) = judge(text, &run, settings) {
            findings.push(finding);
        }
    }
}

/// An IBAN whose check digits begin at `digits`.
fn iban(bytes: &[u8], digits: usize) -> Option<Range<usize>> {
    let start = digits.checked_sub(2)?;
    let country = bytes.get(start..digits)?;
    if !country.iter().all(u8::is_ascii_alphabetic) || (start > 0 && bytes[start - 1].is_ascii_alphanumeric()) {
        return None;
    }
    let country = [country[0].to_ascii_uppercase(), country[1].to_ascii_uppercase()];
    let &(_, length) = IBAN_LENGTHS.iter().find(|(code, _)| code.as_bytes() == country)?;
    let mut compact = Vec::with_capacity(34);
    let mut end = start;
    while compact.len() < length {
        let byte = *bytes.get(end)?;
        if byte.is_ascii_alphanumeric() {
            compact.push(byte.to_ascii_uppercase());
        } else if !(matches!(byte, b' ' | b'-' | b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric)) {
            return None;
        }
        end += 1;
    }
    if bytes.get(end).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let remainder = compact[4..].iter().chain(&compact[..4]).fold(0_u32, |rest, &byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        _ => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
    });
    (remainder == 1).then_some(start..end)
}

/// A stretch of digit groups.
struct Run {
    range: Range<usize>,
    has_plus: bool,
    has_bracket: bool,
    n_digits: usize,
    /// Lengths of the groups.
    groups: Vec<u8>,
    digits: Vec<u8>,
    /// The separators between the groups, the first byte of each.
    separators: Vec<u8>,
}

impl Run {
    fn read(bytes: &[u8], first_digit: usize) -> Self {
        let mut start = first_digit;
        let mut has_bracket = false;
        if start > 0 && bytes[start - 1] == b'(' {
            start -= 1;
            has_bracket = true;
        }
        let mut has_plus = false;
        if start > 0 && bytes[start - 1] == b'+' {
            start -= 1;
            has_plus = true;
            // "(+49) 30 ..."
            if start > 0 && bytes[start - 1] == b'(' {
                start -= 1;
                has_bracket = true;
            }
        }
        let mut run = Self {
            range: start..first_digit,
            has_plus,
            has_bracket,
            n_digits: 0,
            groups: Vec::new(),
            digits: Vec::new(),
            separators: Vec::new(),
        };
        let mut at = first_digit;
        loop {
            let group = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            run.digits.extend_from_slice(&bytes[at..at + group]);
            run.groups.push(group.min(255) as u8);
            run.n_digits += group;
            at += group;
            run.range.end = at;
            let gap = separator(&bytes[at..]);
            if gap == 0 || run.n_digits > 24 {
                break;
            }
            run.has_bracket |= bytes[at..at + gap].contains(&b'(');
            run.separators.push(bytes[at..at + gap].iter().copied().find(|byte| *byte != b' ').unwrap_or(b' '));
            at += gap;
        }
        if run.range.start < first_digit && bytes[run.range.start] == b'(' && !bytes[run.range.clone()].contains(&b')')
        {
            // "(123 4567)": the bracket belongs to the sentence.
            run.range.start += 1;
            run.has_bracket = false;
        }
        run
    }

    fn number(&self, group: usize) -> u32 {
        let first: usize = self.groups[..group].iter().map(|&n| usize::from(n)).sum();
        let digits = &self.digits[first..first + usize::from(self.groups[group])];
        digits.iter().take(6).fold(0, |value, digit| value * 10 + u32::from(digit - b'0'))
    }
}

/// Bytes of a separator that is followed by a digit: one of space, dot, dash, slash, or a bracket with a space.
fn separator(rest: &[u8]) -> usize {
    let n = rest.iter().take(4).take_while(|byte| matches!(byte, b' ' | b'.' | b'-' | b'/' | b'(' | b')')).count();
    let gap = &rest[..n];
    let allowed = matches!(
        gap,
        b" " | b"." | b"-" | b"/" | b")" | b") " | b" (" | b"(" | b" - " | b" / " | b")-" | b")/" | b") - "
    );
    // No-break spaces are what typographers put there.
    if n == 0 && (rest.starts_with(&[0xC2, 0xA0]) && rest.get(2).is_some_and(u8::is_ascii_digit)) {
        return 2;
    }
    if allowed && rest.get(n).is_some_and(u8::is_ascii_digit) { n } else { 0 }
}

fn judge(text: &str, run: &Run, settings: Settings) -> Option<Finding> {
    let before = &text[..run.range.start];
    let after = &text[run.range.end..];
    let glued = after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    if is_spanish_dni(run, after) {
        return Some((
            run.range.start..run.range.end + after.len() - after.trim_start_matches('-').len() + 1,
            Kind::Id,
        ));
    }
    if glued {
        return None;
    }
    if settings.ips && is_ip(run) && !has_word_before(before, 12, &["version", "build", "ver", "rv:", "rev", "v"]) {
        return Some((run.range.clone(), Kind::Ip));
    }
    if let Some(range) = card(run) {
        return Some((range, Kind::Card));
    }
    if is_cpf(run) || is_ssn(run, before) {
        return Some((run.range.clone(), Kind::Id));
    }
    phone(run, before, after).map(|range| (range, Kind::Phone))
}

/// 13 to 19 digits in one piece or in a card's groups, an issuer's first digits, and Luhn. A card may be followed by
/// its expiry or its code ("4111 1111 1111 1111 12/27"), which is masked with it.
fn card(run: &Run) -> Option<Range<usize>> {
    if run.has_plus || run.has_bracket {
        return None;
    }
    let groups = run.groups.as_slice();
    let n_groups = match groups {
        [13..=19, ..] => 1,
        [4, 4, 4, 4, 1..=3] if groups.len() == 5 && luhn(&run.digits) => 5,
        [4, 4, 4, 4, ..] => 4,
        [4, 6, 4 | 5, ..] => 3,
        _ => return None,
    };
    let n_digits: usize = groups[..n_groups].iter().map(|&n| usize::from(n)).sum();
    let digits = &run.digits[..n_digits];
    let prefix = digits[..4].iter().fold(0_u32, |value, digit| value * 10 + u32::from(digit - b'0'));
    let issuer = matches!(prefix, 2221..=2720 | 3000..=3999 | 4000..=4999 | 5000..=5999 | 6000..=6999);
    (issuer && luhn(digits)).then(|| run.range.clone())
}

/// The check of ISO/IEC 7812. All digits equal passes it for some lengths and is nobody's card.
fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let value = u32::from(digit - b'0') << (place % 2);
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    sum.is_multiple_of(10) && digits.iter().any(|digit| digit != &digits[0])
}

fn is_ip(run: &Run) -> bool {
    run.groups.len() == 4
        && run.separators.iter().all(|&separator| separator == b'.')
        && (0..4).all(|group| run.groups[group] <= 3 && run.number(group) <= 255)
        && run.number(0) > 0
}

/// Brazilian CPF, `123.456.789-09`, by its two check digits.
fn is_cpf(run: &Run) -> bool {
    if run.groups != [3, 3, 3, 2] || run.separators != *b"..-" {
        return false;
    }
    let check = |n: usize| {
        let sum: u32 =
            run.digits[..n].iter().enumerate().map(|(i, d)| u32::from(d - b'0') * (n as u32 + 1 - i as u32)).sum();
        let rest = sum * 10 % 11 % 10;
        rest == u32::from(run.digits[n] - b'0')
    };
    check(9) && check(10)
}

/// US social security number, `123-45-6789`, in the ranges that are issued, when a word says so.
fn is_ssn(run: &Run, before: &str) -> bool {
    run.groups == [3, 2, 4]
        && run.separators == *b"--"
        && !matches!(run.number(0), 0 | 666 | 900..)
        && run.number(1) != 0
        && run.number(2) != 0
        && has_word_before(before, 40, &["ssn", "social security", "social"])
}

/// Spanish DNI: eight digits and the letter they determine.
fn is_spanish_dni(run: &Run, after: &str) -> bool {
    const LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    if run.groups.last() != Some(&8) || run.groups.len() != 1 || run.has_plus {
        return false;
    }
    let tail = after.strip_prefix('-').unwrap_or(after).as_bytes();
    let number = run.digits.iter().fold(0_u64, |value, digit| value * 10 + u64::from(digit - b'0'));
    tail.first() == Some(&LETTERS[(number % 23) as usize]) && !tail.get(1).is_some_and(u8::is_ascii_alphanumeric)
}

fn phone(run: &Run, before: &str, after: &str) -> Option<Range<usize>> {
    let n = run.n_digits;
    let groups = run.groups.as_slice();
    let named = has_word_before(before, 32, PHONE_WORDS);
    if run.has_plus {
        let plausible = (8..=15).contains(&n) && run.digits[0] != b'0' && !is_amount(before, after);
        return plausible.then(|| run.range.clone());
    }
    if !(7..=15).contains(&n) || starts_like_date(run) || is_amount(before, after) {
        return None;
    }
    if !named && has_word_before(before, 20, OTHER_WORDS) {
        return None;
    }
    let separated = groups.len() > 1;
    let dotted = run.separators.contains(&b'.');
    let range = || Some(run.range.clone());
    if named && n >= 7 && (separated || n >= 8) && !(dotted && groups.iter().all(|&g| g <= 2) && groups.len() <= 4) {
        return range();
    }
    match groups {
        // North America: (555) 123-4567, 555-123-4567, 555.123.4567, 1-800-555-0199.
        [3, 3, 4] | [1, 3, 3, 4] => {
            let lead = usize::from(groups.len() == 4);
            let spaced = run.separators.iter().all(|&s| s == b' ') && !run.has_bracket;
            let plausible = run.number(lead) >= 200 && (lead == 0 || run.digits[0] == b'1');
            if plausible && !spaced { range() } else { None }
        }
        // Brazil: (11) 91234-5678, 11 91234-5678, 11 3123-4567.
        [2, 4 | 5, 4]
            if run.separators.last() == Some(&b'-') && run.separators[0] != b'-' && run.separators[0] != b'.' =>
        {
            range()
        }
        // Spain: 912 34 56 78.
        [3, 2, 2, 2] if matches!(run.digits[0], b'6' | b'7' | b'8' | b'9') && !dotted => range(),
        _ if run.digits[0] == b'0' && groups[0] >= 2 && separated && n >= 9 => {
            // National numbers with a trunk zero, and 00 for the exit code. A zero also fills up dates, times and part
            // numbers; those have dots and short groups.
            let pairs = groups.iter().all(|&g| g == 2);
            let plausible = if pairs { groups.len() == 5 } else { groups.len() <= 6 && !(dotted && n > 11) };
            if plausible { range() } else { None }
        }
        _ if run.has_bracket && run.digits[0] == b'0' && n >= 8 => range(),
        _ => None,
    }
}

fn is_amount(before: &str, after: &str) -> bool {
    let after = after.trim_start_matches([' ', '\u{A0}']);
    before.trim_end().ends_with(['€', '$', '£', '¥', '≈', '~', '±', '<', '='])
        || has_word_before(before, 5, &["eur", "usd", "gbp", "brl", "r$", "chf"])
        || UNITS.iter().any(|unit| {
            after.get(..unit.len()).is_some_and(|head| head.eq_ignore_ascii_case(unit))
                && !after[unit.len()..].starts_with(|c: char| c.is_alphanumeric())
        })
}

/// A date in front, in any order of its parts: 2024-05-01, 01.05.2024, 5/1/2024, 20240501.
fn starts_like_date(run: &Run) -> bool {
    let year = |value: u32| (1900..=2099).contains(&value);
    if run.groups.len() >= 3 {
        let (a, b, c) = (run.number(0), run.number(1), run.number(2));
        let sizes = (run.groups[0], run.groups[1], run.groups[2]);
        let day_month = |d: u32, m: u32| (1..=31).contains(&d) && (1..=12).contains(&m);
        match sizes {
            (4, 1..=2, 1..=2) if year(a) && day_month(c, b) => return true,
            (1..=2, 1..=2, 4) if year(c) && (day_month(a, b) || day_month(b, a)) => return true,
            (1..=2, 1..=2, 2) if run.groups.len() == 3 && (day_month(a, b) || day_month(b, a)) => return true,
            _ => {}
        }
    }
    let compact = run.groups[0] == 8 || run.groups[0] == 14 || run.groups[0] == 12;
    if compact {
        let digits = &run.digits;
        let value = |from: usize, to: usize| digits[from..to].iter().fold(0, |v, d| v * 10 + u32::from(d - b'0'));
        return year(value(0, 4)) && (1..=12).contains(&value(4, 6)) && (1..=31).contains(&value(6, 8));
    }
    // Two years: 2019-2024, and a year with a long number after it: 2024-000123.
    run.groups.len() <= 2 && run.groups[0] == 4 && year(run.number(0))
}
