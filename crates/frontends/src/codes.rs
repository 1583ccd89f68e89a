//! The diagnostics of this crate: code, what it means, and what to do, in one table.
//!
//! Pages under `docs/errors` are made from [`CODES`]; codes are stable and never reused.

/// Every code: `(code, what it means, remedy)`, in alphabetical order.
pub const CODES: &[(&str, &str, &str)] = &[
    (
        "account-without-name",
        "A row of a customer list names no account: it has neither an id nor a name nor a domain.",
        "Fill in the name, or name its column with --map company=COLUMN.",
    ),
    (
        "archive-entry-refused",
        "An entry of an archive was not read: its path leaves the archive, it is a link, encrypted, nested or of an unsupported packing.",
        "Unpack the archive yourself, look at the entry, and import the file it holds.",
    ),
    (
        "archive-entry-skipped",
        "An entry of an archive holds nothing to read, for instance a picture or a list of integrations.",
        "Nothing, unless the entry holds feedback: then import it as a file of its own.",
    ),
    (
        "archive-too-large",
        "An archive or one of its entries is larger than the limits allow, or expands suspiciously.",
        "Unpack it yourself and import the files it holds, or split the export.",
    ),
    (
        "archive-unreadable",
        "An archive could not be opened or an entry of it is damaged.",
        "Download or export it again; test it with `unzip -t`.",
    ),
    (
        "column-unknown",
        "A column or field named with --map does not exist.",
        "Use a header of the file as it is written there, and a field listed in the manual under import.",
    ),
    (
        "columns-without-text",
        "No column of the file looks like text that somebody wrote.",
        "Name the column with --map text=COLUMN.",
    ),
    (
        "csv-ragged-row",
        "A row has fewer or more cells than the header.",
        "Quote cells that hold the separator or line breaks, or export again; missing cells were taken as empty.",
    ),
    (
        "csv-unclosed-quote",
        "A quoted cell is never closed; the row was read with its quote taken literally.",
        "Double the quote inside the cell, or close it at the cell's end.",
    ),
    (
        "date-order-undecided",
        "Dates such as 03/04/2026 can be read day first or month first, and nothing in the column tells which.",
        "Add --map date_order=dmy or --map date_order=mdy.",
    ),
    (
        "date-unreadable",
        "A date could not be read; the item was taken without it.",
        "Write dates as 2026-09-30 or 2026-09-30T07:00:00Z.",
    ),
    (
        "duplicate-id",
        "An id occurs more than once in a file; the later item was kept under the id with a number appended.",
        "Export again with unique ids, or map another column with --map id=COLUMN.",
    ),
    (
        "encoding-repaired",
        "Some bytes were not valid in the file's encoding and were read as windows-1252.",
        "Export the file as UTF-8; check the characters at the place given.",
    ),
    (
        "encoding-switched",
        "The file is not UTF-8 and was read as windows-1252 (Latin-1).",
        "Export the file as UTF-8 if characters look wrong.",
    ),
    (
        "event-without-name",
        "An analytics event has neither a type nor a name and was left out.",
        "Check the destination or export that wrote the file: each event needs `event` or `type`.",
    ),
    (
        "format-unknown",
        "The file's content is of no kind that can be read.",
        "Export it as CSV, JSON or one of the formats listed in the manual under import.",
    ),
    (
        "input-empty",
        "The file holds nothing.",
        "Export it again and check that the filter of the export matches something.",
    ),
    (
        "input-unreadable",
        "Reading the file failed part way; what came before was taken.",
        "Check the disk or the network share and import the file again.",
    ),
    (
        "item-too-large",
        "A row, element or message is larger than the limit and was left out.",
        "Shorten or split it, or remove attachments from the export.",
    ),
    (
        "item-without-text",
        "An item holds neither text nor a rating, so there is nothing to learn from it.",
        "Nothing, if the item is meant to be empty; otherwise name the column with --map text=COLUMN.",
    ),
    (
        "json-broken",
        "A JSON element is not well-formed and was left out; reading went on with the next one.",
        "Fix the element at the place given, or export again.",
    ),
    (
        "json-truncated",
        "The JSON ends in the middle of an element; everything before it was taken.",
        "Export again: the download was probably cut off.",
    ),
    (
        "mail-broken",
        "A mail message could not be parsed and was left out.",
        "Export the mailbox again; other messages of it were taken.",
    ),
    (
        "not-feedback",
        "An item is of a kind that carries no feedback, for instance a status change or a single vote.",
        "Nothing: it is counted and left out.",
    ),
    (
        "number-unreadable",
        "A cell of a column of amounts holds no amount that can be read; the row was taken without it.",
        "Write amounts as 12000, 12,000.50 or 12.000,50, with or without a currency.",
    ),
    (
        "parts-missing",
        "The export leaves out part of a conversation: a list holds previews or a limited number of messages.",
        "Export the conversations in full, one by one through the tool's interface for single conversations.",
    ),
    (
        "spreadsheet-not-read",
        "Office files are not read directly.",
        "Save the sheet as CSV (UTF-8), or the document as plain text, and import that.",
    ),
    (
        "text-cut",
        "A text is longer than the limit; its beginning was taken and the tail cut.",
        "Split the text, or leave attachments and logs out of the export.",
    ),
    (
        "transcript-bad-cue",
        "A cue of a transcript has no readable times and was left out.",
        "Write times as 00:01:02.500 --> 00:01:05.000.",
    ),
    (
        "understood-later",
        "The file is of a kind that is not customer feedback but delivery data, such as deployments or incidents.",
        "Keep it: it is read with the code and its history, not here.",
    ),
];

/// The remedy of a code.
pub(crate) fn remedy(code: &str) -> &'static str {
    CODES.iter().find(|row| row.0 == code).map_or("", |row| row.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_written_in_full() {
        let mut seen = std::collections::BTreeSet::new();
        assert!(CODES.is_sorted_by_key(|row| row.0));
        for (code, what, remedy) in CODES {
            assert!(seen.insert(code), "{code} occurs twice");
            assert!(code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{code}");
            assert!(what.ends_with('.') && remedy.ends_with('.'), "{code}");
        }
    }
}
