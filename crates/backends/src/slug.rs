//! Names of folders: readable, safe on every file system, and stable as long as the insight lives.

use throughline_model::InsightId;

/// Most bytes of the readable part. Chosen: paths stay well below the shortest limit in use (260).
const MOST_BYTES: usize = 48;

/// `export-hours-as-csv-i0123456789abc`: words of the title, then the insight's id, which alone decides identity.
#[must_use]
pub fn folder(title: &str, id: InsightId) -> String {
    let words = words(title);
    if words.is_empty() { id.to_string() } else { format!("{words}-{id}") }
}

/// Lower-case ASCII words joined by hyphens, cut at a word; empty when the title has none.
#[must_use]
pub fn words(title: &str) -> String {
    let mut out = String::new();
    for c in title.chars().flat_map(char::to_lowercase) {
        match c {
            'ä' | 'æ' => out.push_str("ae"),
            'ö' | 'œ' => out.push_str("oe"),
            'ü' => out.push_str("ue"),
            'ß' => out.push_str("ss"),
            'à' | 'á' | 'â' | 'ã' | 'å' => out.push('a'),
            'ç' => out.push('c'),
            'è' | 'é' | 'ê' | 'ë' => out.push('e'),
            'ì' | 'í' | 'î' | 'ï' => out.push('i'),
            'ñ' => out.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ø' => out.push('o'),
            'ù' | 'ú' | 'û' => out.push('u'),
            '\'' | '’' => {}
            _ if c.is_ascii_alphanumeric() => out.push(c),
            _ if out.ends_with('-') || out.is_empty() => {}
            _ => out.push('-'),
        }
    }
    if out.len() > MOST_BYTES {
        let cut = out[..MOST_BYTES].rfind('-').unwrap_or(MOST_BYTES);
        out.truncate(cut);
    }
    out.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe() {
        assert_eq!(words("Export “hours” as CSV / ../../etc"), "export-hours-as-csv-etc");
        assert_eq!(words("Dienstpläne früher sehen"), "dienstplaene-frueher-sehen");
        assert_eq!(words("予定"), "");
        assert!(words(&"word ".repeat(40)).len() <= MOST_BYTES);
        assert_eq!(folder("予定", InsightId(1)), InsightId(1).to_string());
    }
}
