//! Rows of delimited text, with the line and byte of each.
//!
//! In: [`Text`]. Out: [`Row`]s, one at a time, in a buffer that is used again.
//! RFC 4180, read leniently: quotes inside an unquoted cell are literal, characters after a closing quote are kept, any
//! line end counts. A quote that is never closed would swallow the rest of the file; here the row is read again with
//! its quotes taken literally, and the caller is told.
//! Cost: one pass over runs of bytes between separators; memory of the longest row.

use crate::decode::{At, Text, find_byte};

/// One row.
#[derive(Debug, Default)]
pub(crate) struct Row {
    text: Vec<u8>,
    ends: Vec<usize>,
    /// Where it starts.
    pub(crate) at: At,
    /// Whether a quote was never closed.
    pub(crate) has_open_quote: bool,
}

impl Row {
    /// Number of cells.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The cell at a column; empty where the row is too short.
    pub(crate) fn cell(&self, i: usize) -> &str {
        let Some(&end) = self.ends.get(i) else {
            return "";
        };
        let start = if i == 0 { 0 } else { self.ends[i - 1] };
        // Cells are cut at ASCII bytes of valid UTF-8.
        std::str::from_utf8(&self.text[start..end]).unwrap_or_default()
    }

    /// All cells.
    pub(crate) fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|i| self.cell(i))
    }

    /// Whether no cell holds anything.
    pub(crate) fn is_blank(&self) -> bool {
        self.text.iter().all(u8::is_ascii_whitespace)
    }

    /// A row of given cells.
    pub(crate) fn of<'c>(cells: impl IntoIterator<Item = &'c str>, at: At) -> Self {
        let mut row = Self { at, ..Self::default() };
        for cell in cells {
            row.text.extend_from_slice(cell.as_bytes());
            row.ends.push(row.text.len());
        }
        row
    }

    /// A copy that outlives the buffer.
    pub(crate) fn to_owned_row(&self) -> Self {
        Self { text: self.text.clone(), ends: self.ends.clone(), at: self.at, has_open_quote: self.has_open_quote }
    }

    /// Bytes it holds.
    pub(crate) fn size_bytes(&self) -> usize {
        self.text.len() + self.ends.len() * 8
    }

    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.has_open_quote = false;
    }

    fn end_cell(&mut self) {
        self.ends.push(self.text.len());
    }
}

/// What came of reading a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// A row was read.
    Row,
    /// A row was longer than the limit and was skipped to its line's end.
    TooLong,
    /// The file is at its end.
    End,
}

/// Reads the next row that is not an empty line.
pub(crate) fn next_row(
    text: &mut Text<'_>,
    separator: u8,
    max_bytes: usize,
    n_columns: Option<usize>,
    row: &mut Row,
) -> Next {
    loop {
        text.fill(1);
        match text.data().first() {
            None => return Next::End,
            Some(b'\n' | b'\r') => text.advance(1),
            Some(_) => break,
        }
    }
    row.at = text.at();
    match scan(text, separator, max_bytes, Quotes::Meant, row) {
        Scan::Row { len, is_suspect: false } => {
            text.advance(len);
            return Next::Row;
        }
        Scan::Row { len, is_suspect: true } => {
            // Text right after a closing quote, in a cell that spans lines: either sloppy quoting, or an open quote
            // that met the next quote of the file. The number of cells tells.
            if n_columns.is_none_or(|n| n == row.len()) {
                text.advance(len);
                return Next::Row;
            }
            let mut literal = Row::default();
            if let Scan::Row { len: literal_len, .. } = scan(text, separator, max_bytes, Quotes::Literal, &mut literal)
                && n_columns.is_some_and(|n| n == literal.len())
            {
                literal.at = row.at;
                literal.has_open_quote = true;
                *row = literal;
                text.advance(literal_len);
            } else {
                text.advance(len);
            }
            return Next::Row;
        }
        Scan::OpenQuote | Scan::TooLong => {}
    }
    match scan(text, separator, max_bytes, Quotes::Literal, row) {
        Scan::Row { len, .. } => {
            row.has_open_quote = true;
            text.advance(len);
            Next::Row
        }
        Scan::OpenQuote | Scan::TooLong => {
            skip_line(text, max_bytes);
            Next::TooLong
        }
    }
}

fn skip_line(text: &mut Text<'_>, max_bytes: usize) {
    while let Some((bare, whole)) = text.line_len(max_bytes.clamp(1, 1 << 20)) {
        text.advance(whole);
        if whole > bare {
            break;
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Quotes {
    Meant,
    Literal,
}

enum Scan {
    /// A row that takes `len` bytes of the window; suspect when text follows a quote that closed a cell of many lines.
    Row {
        len: usize,
        is_suspect: bool,
    },
    OpenQuote,
    TooLong,
}

/// Reads one row from the window's start without moving it.
fn scan(text: &mut Text<'_>, separator: u8, max_bytes: usize, quotes: Quotes, row: &mut Row) -> Scan {
    row.clear();
    let mut i = 0;
    let mut is_suspect = false;
    // Makes the byte at `i` visible, or says that the file ends there.
    macro_rules! at {
        ($i:expr) => {{ if $i >= text.data().len() && !text.more() { None } else { Some(text.data()[$i]) } }};
    }
    'cells: loop {
        if quotes == Quotes::Meant && at!(i) == Some(b'"') {
            i += 1;
            let mut spans_lines = false;
            loop {
                if i > max_bytes {
                    return Scan::TooLong;
                }
                let run = &text.data()[i.min(text.data().len())..];
                let Some(n) = find_byte(run, b'"') else {
                    spans_lines |= run.contains(&b'\n');
                    row.text.extend_from_slice(run);
                    i += run.len();
                    if text.more() {
                        continue;
                    }
                    return Scan::OpenQuote;
                };
                spans_lines |= run[..n].contains(&b'\n');
                row.text.extend_from_slice(&run[..n]);
                i += n + 1;
                if at!(i) == Some(b'"') {
                    row.text.push(b'"');
                    i += 1;
                } else {
                    break;
                }
            }
            match at!(i) {
                None | Some(b'\n' | b'\r') => {}
                Some(b) if b == separator => {}
                Some(b' ') => {}
                Some(_) => is_suspect |= spans_lines,
            }
        }
        loop {
            if i > max_bytes {
                return Scan::TooLong;
            }
            let run = &text.data()[i.min(text.data().len())..];
            let Some(n) = run.iter().position(|&b| b == separator || b == b'\n' || b == b'\r') else {
                row.text.extend_from_slice(run);
                i += run.len();
                if text.more() {
                    continue;
                }
                if i > max_bytes {
                    return Scan::TooLong;
                }
                row.end_cell();
                return Scan::Row { len: i, is_suspect };
            };
            let stop = run[n];
            row.text.extend_from_slice(&run[..n]);
            i += n + 1;
            row.end_cell();
            if stop == separator {
                continue 'cells;
            }
            if i > max_bytes {
                return Scan::TooLong;
            }
            if stop == b'\r' && at!(i) == Some(b'\n') {
                i += 1;
            }
            return Scan::Row { len: i, is_suspect };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
        let mut rest: &[u8] = &[];
        let mut text = Text::new(bytes.to_vec(), &mut rest);
        let mut row = Row::default();
        let mut out = Vec::new();
        let mut n_columns = None;
        while next_row(&mut text, b',', 1 << 20, n_columns, &mut row) != Next::End {
            out.push(row.cells().map(str::to_owned).collect::<Vec<_>>());
            n_columns = n_columns.or(Some(row.len()));
        }
        out
    }

    #[test]
    fn lenient_reading() {
        assert_eq!(
            rows(b"a,b\r\n1,\"x, \"\"y\"\"\nz\"\r\n\r\n2,"),
            [vec!["a", "b"], vec!["1", "x, \"y\"\nz"], vec!["2", ""]]
        );
        assert_eq!(rows(b"a,b\n1,5\" screen\n"), [["a", "b"], ["1", "5\" screen"]]);
        assert_eq!(rows(b"a,b\r1,2\r3,4"), [["a", "b"], ["1", "2"], ["3", "4"]]);
    }

    #[test]
    fn an_open_quote_costs_one_row() {
        let text = b"a,b\n1,\"open\n2,fine\n3,\"quoted, too\"\n4,last\n";
        assert_eq!(rows(text), [["a", "b"], ["1", "\"open"], ["2", "fine"], ["3", "quoted, too"], ["4", "last"]]);
        assert_eq!(rows(b"a,b\n1,\"open\n2,fine\n"), [["a", "b"], ["1", "\"open"], ["2", "fine"]]);
    }

    proptest! {
        #[test]
        fn well_formed_rows_agree_with_the_csv_crate(table in prop::collection::vec(prop::collection::vec("[a-z,\"\n\r é]{0,8}", 3), 1..8)) {
            let mut writer = csv::Writer::from_writer(Vec::new());
            for row in &table {
                writer.write_record(row).unwrap();
            }
            let bytes = writer.into_inner().unwrap();
            let expected: Vec<Vec<String>> = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice())
                .records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect();
            prop_assert_eq!(rows(&bytes), expected);
        }
    }
}
