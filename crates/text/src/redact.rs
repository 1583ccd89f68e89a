//! Masks personal data and secrets: e-mail addresses, phones, cards, IBANs, keys and passwords, national ids, postal
//! addresses, and IP addresses when asked for.
//!
//! In: any text. Out: a [`Masked`] text in which each finding is replaced by a placeholder such as `[email 1]`, and the
//! ranges before and after. The same value gets the same number within one text.
//! Whatever has a check digit is checked (cards by Luhn, IBANs by mod 97, CPF, DNI); whatever has none needs a shape or
//! a word that says what it is. A version, a date, an amount, an order number is none of these.
//! Cost: one pass of a byte scan and one of an automaton over a text with nothing to mask, about 200 MB a processor second; see
//! `examples/throughput`.
//! Invariant: masking a masked text changes nothing.

mod address;
mod number;
mod secret;

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

/// What was masked. The order is the one in which overlapping findings win.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A password, key or token.
    Secret,
    /// A payment card number.
    Card,
    /// An international bank account number.
    Iban,
    /// An e-mail address.
    Email,
    /// A national identity or tax number (US SSN, Brazilian CPF, Spanish DNI).
    Id,
    /// A phone number.
    Phone,
    /// A postal address.
    Address,
    /// An IPv4 address; only with [`Settings::ips`].
    Ip,
}

impl Kind {
    /// The word in the placeholder.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Card => "card",
            Self::Iban => "iban",
            Self::Email => "email",
            Self::Id => "id",
            Self::Phone => "phone",
            Self::Address => "address",
            Self::Ip => "ip",
        }
    }
}

/// One masked place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mask {
    /// What stood there.
    pub kind: Kind,
    /// The placeholder's byte range in the masked text.
    pub masked: Range<usize>,
    /// The byte range in the original text.
    pub original: Range<usize>,
}

/// A text after masking.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Masked {
    /// The text with placeholders.
    pub text: String,
    /// What was masked, in order.
    pub masks: Vec<Mask>,
}

impl Masked {
    /// How many places of each kind were masked.
    pub fn counts(&self) -> BTreeMap<Kind, usize> {
        let mut counts = BTreeMap::new();
        for mask in &self.masks {
            *counts.entry(mask.kind).or_default() += 1;
        }
        counts
    }

    /// The offset in the original text of an offset in the masked one; inside a placeholder, the start of what it
    /// replaced.
    pub fn to_original(&self, offset: usize) -> usize {
        let before = self.masks.partition_point(|mask| mask.masked.end <= offset);
        if let Some(mask) = self.masks.get(before).filter(|mask| mask.masked.start <= offset) {
            return mask.original.start;
        }
        match before.checked_sub(1).map(|last| &self.masks[last]) {
            Some(mask) => mask.original.end + (offset - mask.masked.end),
            None => offset,
        }
    }
}

/// What [`mask_with`] looks for beyond the standard kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Also mask IPv4 addresses. Off by default: four-part version numbers look the same.
    pub ips: bool,
}

/// Masks `text` with the default [`Settings`].
///
/// ```
/// let masked = throughline_text::redact::mask("Write to ann@example.org, v2.10.3 on 2024-05-01");
/// assert_eq!(masked.text, "Write to [email 1], v2.10.3 on 2024-05-01");
/// ```
pub fn mask(text: &str) -> Masked {
    mask_with(text, Settings::default())
}

/// Masks `text`.
pub fn mask_with(text: &str, settings: Settings) -> Masked {
    let mut findings = find(text, settings);
    if findings.is_empty() {
        return Masked { text: text.to_owned(), masks: Vec::new() };
    }
    // A placeholder can free what stood beside it ("+49 30 123456/7 0301234567"): look again until nothing is found.
    // Each round covers more of the text, so this ends; two rounds are the rule.
    loop {
        let masked = build(text, &findings);
        let more = find(&masked.text, settings);
        if more.is_empty() {
            return masked;
        }
        findings.extend(more.into_iter().map(|(range, kind)| {
            let start = masked.to_original(range.start);
            let end = masked.masks.iter().find(|mask| mask.masked.start < range.end && range.end <= mask.masked.end);
            (start..end.map_or_else(|| masked.to_original(range.end), |mask| mask.original.end), kind)
        }));
        findings = merge(findings);
    }
}

type Finding = (Range<usize>, Kind);

/// Every finding in `text`, in order, not overlapping.
fn find(text: &str, settings: Settings) -> Vec<Finding> {
    let mut findings = Vec::new();
    emails(text, &mut findings);
    number::find(text, settings, &mut findings);
    secret::find(text, &mut findings);
    if findings.len() > 1 { merge(findings) } else { findings }
}

/// Joins overlapping findings; the joined one takes the stronger kind.
fn merge(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by_key(|(range, kind)| (range.start, std::cmp::Reverse(range.end), *kind));
    let mut merged: Vec<Finding> = Vec::with_capacity(findings.len());
    for (range, kind) in findings {
        match merged.last_mut() {
            Some((last, last_kind)) if range.start < last.end => {
                last.end = last.end.max(range.end);
                *last_kind = kind.min(*last_kind);
            }
            _ => merged.push((range, kind)),
        }
    }
    merged
}

/// Writes the masked text for findings that are in order and do not overlap.
fn build(text: &str, findings: &[Finding]) -> Masked {
    let mut masked = Masked { text: String::with_capacity(text.len()), masks: Vec::with_capacity(findings.len()) };
    let mut number_of: BTreeMap<(Kind, String), usize> = BTreeMap::new();
    let mut last_number: BTreeMap<Kind, usize> = BTreeMap::new();
    let mut at = 0;
    for (range, kind) in findings {
        masked.text.push_str(&text[at..range.start]);
        let value = canonical(&text[range.clone()], *kind);
        let number = *number_of.entry((*kind, value)).or_insert_with(|| {
            let number = last_number.entry(*kind).or_insert_with(|| largest_number(text, *kind));
            *number += 1;
            *number
        });
        let start = masked.text.len();
        masked.text.extend(["[", kind.name(), " ", &number.to_string(), "]"]);
        masked.masks.push(Mask { kind: *kind, masked: start..masked.text.len(), original: range.clone() });
        at = range.end;
    }
    masked.text.push_str(&text[at..]);
    masked
}

/// The value without the ways of writing it.
fn canonical(value: &str, kind: Kind) -> String {
    match kind {
        Kind::Email | Kind::Address => value.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" "),
        Kind::Phone => {
            let digits: String = value.chars().filter(char::is_ascii_digit).collect();
            // "+49 30 ..." and "0049 30 ..." are one number.
            digits.strip_prefix("00").map(str::to_owned).unwrap_or(digits)
        }
        Kind::Card | Kind::Iban | Kind::Id => {
            value.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
        }
        Kind::Secret | Kind::Ip => value.to_owned(),
    }
}

/// The largest number a placeholder of `kind` already has in `text`, so that new ones do not collide; else 0.
fn largest_number(text: &str, kind: Kind) -> usize {
    let opening = format!("[{} ", kind.name());
    text.match_indices(&opening)
        .filter_map(|(at, _)| {
            let rest = &text[at + opening.len()..];
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            if digits <= 6 && rest[digits..].starts_with(']') { rest[..digits].parse().ok() } else { None }
        })
        .max()
        .unwrap_or_default()
}

fn is_local(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, '.' | '_' | '%' | '+' | '-' | '\'')
        || (!c.is_ascii() && c.is_alphanumeric())
}

fn emails(text: &str, findings: &mut Vec<Finding>) {
    for (at, _) in text.match_indices('@') {
        let before = &text[..at];
        let local_start =
            before.char_indices().rev().take_while(|&(_, c)| is_local(c)).last().map_or(at, |(start, _)| start);
        let local = text[local_start..at].trim_start_matches(['.', '\'', '-', '+', '%']);
        if local.is_empty() || local.ends_with('.') || local.len() > 64 {
            continue;
        }
        let rest = &text[at + 1..];
        let domain =
            &rest[..rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-'))).unwrap_or(rest.len())];
        let Some(domain) = domain_of(domain) else { continue };
        if local == "git" || is_picture_name(domain) || is_password_of_url(&text[..at - local.len()]) {
            continue;
        }
        findings.push((at - local.len()..at + 1 + domain.len(), Kind::Email));
    }
}

/// The longest front of `raw` that is a host name with a letters-only last label of 2 to 24.
fn domain_of(raw: &str) -> Option<&str> {
    let mut domain = raw.trim_end_matches(['.', '-']);
    loop {
        let (front, last) = domain.rsplit_once('.')?;
        let labels_ok =
            front.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'));
        let n_last = last.chars().count();
        if labels_ok && (2..=24).contains(&n_last) && last.chars().all(char::is_alphabetic) {
            // "ann@example.com.Then" was "...com." and a new sentence: the last label is lower or all upper case.
            let is_sentence =
                last.starts_with(char::is_uppercase) && last.chars().any(char::is_lowercase) && front.contains('.');
            if !is_sentence {
                return Some(domain);
            }
        }
        domain = front.trim_end_matches(['.', '-']);
    }
}

/// In `https://user:word@host` the word is a password, and the secret's rule masks it without the host.
fn is_password_of_url(before: &str) -> bool {
    before.rsplit_once("://").is_some_and(|(_, user)| {
        user.ends_with(':') && !user.contains(|c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#'))
    })
}

/// "icon@2x.png" is a file name.
fn is_picture_name(domain: &str) -> bool {
    let first = domain.split('.').next().unwrap_or_default();
    matches!(first.len(), 2 | 3) && first.ends_with('x') && first[..first.len() - 1].bytes().all(|b| b.is_ascii_digit())
}

/// Whether one of `words` stands in the last `reach` bytes of `before`, at the start of a word.
fn has_word_before(before: &str, reach: usize, words: &[&str]) -> bool {
    let start = before.ceil_char_boundary(before.len().saturating_sub(reach));
    let window = before[start..].to_lowercase();
    words
        .iter()
        .any(|word| window.match_indices(word).any(|(at, _)| !window[..at].ends_with(|c: char| c.is_alphanumeric())))
}

#[cfg(test)]
mod tests;
