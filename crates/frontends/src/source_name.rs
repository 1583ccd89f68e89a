//! Source names: one per stream of exports that replace each other.
//!
//! `zendesk-2026-09.json` and `zendesk-2026-10 (1).json` are both `zendesk`; `export_2026.json` of the same tool is
//! `zendesk-export`. Dates, numbers and words such as "copy" or "final" carry no identity.

/// Words of file names that say when or how often something was saved, not what it is.
const EMPTY_WORDS: &[&str] = &[
    "copy",
    "final",
    "latest",
    "new",
    "old",
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "q1",
    "q2",
    "q3",
    "q4",
    "utc",
    "v1",
    "v2",
    "v3",
];

/// Formats whose own word says nothing about where the file came from.
const GENERIC: &[&str] = &["csv", "json", "text", "unknown", "zip", "accounts", "mbox", "events"];

/// The last name of a path without its ending.
pub(crate) fn stem(file: &str) -> &str {
    let last = file.rsplit(['/', '\\']).next().unwrap_or(file);
    match last.rfind('.') {
        Some(dot) if dot > 0 => &last[..dot],
        _ => last,
    }
}

/// The folder a file lies in, if its name holds one.
pub(crate) fn folder(file: &str) -> Option<&str> {
    let (path, _) = file.rsplit_once(['/', '\\'])?;
    path.rsplit(['/', '\\'])
        .next()
        .filter(|name| !name.is_empty() && *name != "." && *name != ".." && !name.ends_with('!'))
}

/// `text` as lower-case words joined by `-`, without dates and numbers.
pub(crate) fn slug(text: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for word in text.split(|c: char| !c.is_alphanumeric()) {
        let word = word.to_lowercase();
        let n_digits = word.chars().filter(char::is_ascii_digit).count();
        let is_empty = word.is_empty()
            || n_digits == word.len()
            || (n_digits >= 4 && n_digits * 2 >= word.len())
            || (word.starts_with('t') || word.ends_with('z')) && n_digits + 2 >= word.len() && n_digits > 0
            || EMPTY_WORDS.contains(&word.as_str());
        if !is_empty {
            words.push(word);
        }
    }
    words.join("-")
}

/// Source name of a file of a format.
pub(crate) fn of_file(file: &str, format: &str) -> String {
    let slug = slug(stem(file));
    match (slug.is_empty(), GENERIC.contains(&format)) {
        (true, true) => folder(file).map(self::slug).filter(|s| !s.is_empty()).unwrap_or_else(|| format.to_owned()),
        (true, false) => format.to_owned(),
        (false, true) => slug,
        (false, false)
            if slug.contains(format) || slug.split('-').any(|word| format.split('-').any(|known| known == word)) =>
        {
            slug
        }
        (false, false) => format!("{format}-{slug}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newer_exports_keep_the_name() {
        for (file, format, expected) in [
            ("zendesk-2026-09.json", "zendesk", "zendesk"),
            ("exports/zendesk-2026-10 (1).json", "zendesk", "zendesk"),
            ("export_2026.json", "zendesk", "zendesk-export"),
            ("tickets-2026-09.csv", "csv", "tickets"),
            ("NPS Q3 2026.csv", "csv", "nps"),
            ("nps/20260930T120000Z.csv", "csv", "nps"),
            ("2026.csv", "csv", "csv"),
            ("-", "json", "json"),
            ("banking77.csv", "csv", "banking77"),
            ("s3-emea.csv", "csv", "s3-emea"),
        ] {
            assert_eq!(of_file(file, format), expected, "{file}");
        }
    }
}
