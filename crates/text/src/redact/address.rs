//! Postal addresses, only where street, number, postcode and place all stand: a street name alone is no address.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// How far around the street word an address may reach, in bytes.
const REACH_BYTES: usize = 96;

static SHAPES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let name = r"\p{Lu}[\p{L}'’.-]+";
    let place = r"\p{Lu}[\p{L}'’-]+(?:[ -](?:\p{Lu}[\p{L}'’-]+|am|an|der|de|do|da|dos|del|la|le|les|sur|en|upon)){0,4}";
    [
        // Hauptstraße 12a, 10115 Berlin
        format!(
            r"\b(?:(?:{name}[ -]){{1,3}}(?:Straße|Strasse|Str\.|Weg|Platz|Allee|Gasse|Damm|Ring|Ufer)|\p{{Lu}}[\p{{L}}-]*(?:straße|strasse|str\.|weg|platz|allee|gasse|damm|ring|ufer))\s\d{{1,4}}\s?[a-z]?\b,?\s*(?:D-|A-|CH-)?\d{{4,5}}\s{place}"
        ),
        // 12 bis, rue de la Paix, 75002 Paris
        format!(
            r"\b\d{{1,4}}(?:\s(?:bis|ter))?,?\s(?i:rue|avenue|av\.|boulevard|bd|place|allée|chemin|impasse|quai|route)\s[\p{{L}}\s'’.-]{{2,50}},?\s*\d{{5}}\s{place}"
        ),
        // Calle Mayor 5, 3º B, 28013 Madrid; Rua Augusta, 123, 1100-048 Lisboa; Av. Paulista, 1000, São Paulo - SP, 01310-100
        format!(
            r"\b(?i:calle|c/|plaza|paseo|avenida|av\.|avda\.|ronda|rua|travessa|praça|alameda|estrada)\s[\p{{L}}\s'’.ªº-]{{2,50}},?\s(?:n[ºo°.]+\s?)?\d{{1,5}}(?:,?\s?\d{{1,2}}[ºª°]\s?\p{{L}}{{0,3}})?[,\s-]+(?:\d{{5}}|\d{{4}}-\d{{3}})\s{place}"
        ),
        format!(
            r"\b(?i:rua|av\.|avenida|travessa|praça|alameda|estrada)\s[\p{{L}}\s'’.ªº-]{{2,50}},?\s(?:n[ºo°.]+\s?)?\d{{1,5}}[,\s-]+{place}(?:[\s,/-]+[A-Z]{{2}})?[\s,-]+(?:CEP:?\s)?\d{{5}}-\d{{3}}\b"
        ),
        // 221B Baker Street, London NW1 6XE; 1600 Pennsylvania Avenue NW, Washington, DC 20500
        format!(
            r"\b\d{{1,5}}[A-Za-z]?\s(?:{name}\s|[NSEW]\.?\s|\d{{1,3}}(?:st|nd|rd|th)\s){{1,4}}?(?i:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|way|place|pl)\b\.?(?:\s(?:NW|NE|SW|SE|N|S|E|W))?(?:,?\s(?i:apt|suite|unit|flat|#)\.?\s?\w{{1,5}})?[,\s]+{place}[,\s]+(?:[A-Z]{{2}}\s\d{{5}}(?:-\d{{4}})?|[A-Z]{{1,2}}\d[A-Z\d]?\s?\d[A-Z]{{2}})\b"
        ),
    ]
    .iter()
    .filter_map(|shape| Regex::new(shape).ok())
    .collect()
});

/// The address around a street word, if there is a whole one.
pub(super) fn around(text: &str, word: Range<usize>) -> Option<Range<usize>> {
    let start = text.ceil_char_boundary(word.start.saturating_sub(REACH_BYTES / 2));
    let end = text.floor_char_boundary((word.end + REACH_BYTES).min(text.len()));
    let window = &text[start..end];
    // Every shape has a house number and a postcode.
    if window.bytes().filter(u8::is_ascii_digit).count() < 5 {
        return None;
    }
    SHAPES
        .iter()
        .flat_map(|shape| shape.find_iter(window))
        .map(|found| start + found.start()..start + found.end())
        .find(|range| range.start < word.end && word.start < range.end)
}
