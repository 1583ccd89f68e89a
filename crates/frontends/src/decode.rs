//! Characters: bytes of any usual encoding in, UTF-8 out, as a window that slides over the file.
//!
//! In: a `Read` whose first bytes may be a byte-order mark. Out: [`Text`], UTF-8 with line and byte of its start.
//! A byte that is not UTF-8 in a file that otherwise is gets read as windows-1252 and remembered as a [`Fault`]; a file
//! whose first non-ASCII bytes are not UTF-8 is read as windows-1252 from there on. No byte is dropped.
//! Cost: one validation pass; the window holds one item of the file plus one chunk.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::io::Read;

/// How much is read at a time; also the size of the head that detection looks at.
pub(crate) const CHUNK_BYTES: usize = 64 * 1024;
const MAX_FAULTS_KEPT: usize = 100;

/// Where something is in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct At {
    /// One-based line.
    pub(crate) line: Option<u64>,
    /// Zero-based byte of the file; unknown where the file is not UTF-8.
    pub(crate) byte: Option<u64>,
}

impl At {
    /// A line whose byte is not known.
    pub(crate) const fn line(line: u64) -> Self {
        Self { line: Some(line), byte: None }
    }
}

/// Something about the bytes that had to be repaired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FaultKind {
    /// From here on the file is windows-1252.
    Switched,
    /// Single bytes were not valid in the file's encoding.
    Repaired,
    /// The input could not be read any further.
    Unreadable,
}

/// A repair and its place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fault {
    pub(crate) kind: FaultKind,
    pub(crate) at: At,
}

enum Mode {
    Utf8 { has_multibyte: bool },
    Other(encoding_rs::Decoder),
}

/// The decoded file, seen through a window that starts at the next unread character.
pub(crate) struct Text<'a> {
    input: &'a mut dyn Read,
    raw: Vec<u8>,
    mode: Mode,
    encoding: &'static Encoding,
    bom_bytes: u64,
    decoded_file_bytes: u64,
    decoded_lines: u64,
    is_input_ended: bool,
    is_byte_exact: bool,
    faults: Vec<Fault>,
    n_faults: u64,

    buf: Vec<u8>,
    start: usize,
    offset: u64,
    line: u64,
}

/// The encoding that the first bytes speak for, and the length of the byte-order mark.
pub(crate) fn sniff(head: &[u8]) -> (&'static Encoding, usize) {
    if let Some((encoding, bom)) = Encoding::for_bom(head) {
        return (encoding, bom);
    }
    // UTF-16 without a mark: Western text has a zero in every other byte.
    let sample = &head[..head.len().min(4096)];
    if sample.len() >= 16 {
        let zeros = |odd: usize| sample.iter().skip(odd).step_by(2).filter(|&&b| b == 0).count() * 2;
        let (even, odd) = (zeros(0), zeros(1));
        if odd * 10 > sample.len() * 4 && even * 20 < sample.len() {
            return (UTF_16LE, 0);
        }
        if even * 10 > sample.len() * 4 && odd * 20 < sample.len() {
            return (UTF_16BE, 0);
        }
    }
    (UTF_8, 0)
}

impl<'a> Text<'a> {
    /// Wraps `input`, whose first bytes have already been read into `head`.
    #[expect(clippy::needless_pass_by_value, reason = "the bytes are used up: they are part of the input from here on")]
    pub(crate) fn new(head: Vec<u8>, input: &'a mut dyn Read) -> Self {
        let (encoding, bom) = sniff(&head);
        let mode = if encoding == UTF_8 {
            Mode::Utf8 { has_multibyte: false }
        } else {
            Mode::Other(encoding.new_decoder_without_bom_handling())
        };
        let mut text = Self {
            input,
            raw: head[bom..].to_vec(),
            mode,
            encoding,
            bom_bytes: bom as u64,
            decoded_file_bytes: bom as u64,
            decoded_lines: 0,
            is_input_ended: head.is_empty(),
            is_byte_exact: encoding == UTF_8,
            faults: Vec::new(),
            n_faults: 0,
            buf: Vec::new(),
            start: 0,
            offset: 0,
            line: 1,
        };
        text.decode_raw();
        text
    }

    /// Name of the encoding, as a person would look it up.
    pub(crate) fn encoding_name(&self) -> String {
        let name = self.encoding.name();
        if self.bom_bytes > 0 && self.encoding == UTF_8 {
            format!("{name} with byte-order mark")
        } else {
            name.to_owned()
        }
    }

    /// Repairs made so far, the first hundred of them, and how many there were.
    pub(crate) fn faults(&self) -> (&[Fault], u64) {
        (&self.faults, self.n_faults)
    }

    /// What the window shows.
    pub(crate) fn data(&self) -> &[u8] {
        &self.buf[self.start..]
    }

    /// What the window shows, as text; the decoder only ever writes whole characters.
    pub(crate) fn shown(&self) -> &str {
        valid_prefix(self.data())
    }

    /// Place of the first character of the window.
    pub(crate) fn at(&self) -> At {
        self.at_offset(0)
    }

    /// Place `n` bytes into the window.
    pub(crate) fn at_offset(&self, n: usize) -> At {
        let n = n.min(self.data().len());
        At {
            line: Some(self.line + count_lines(&self.data()[..n])),
            byte: self.is_byte_exact.then_some(self.bom_bytes + self.offset + n as u64),
        }
    }

    /// Widens the window by another chunk. False at the end of the file.
    pub(crate) fn more(&mut self) -> bool {
        if self.start > 0 && self.start >= self.buf.len() / 2 {
            self.buf.drain(..self.start);
            self.start = 0;
        }
        let before = self.buf.len();
        while !self.is_input_ended && self.buf.len() == before {
            self.read_chunk();
            self.decode_raw();
        }
        self.buf.len() > before
    }

    /// Widens the window to `n` bytes if the file has that many.
    pub(crate) fn fill(&mut self, n: usize) {
        while self.data().len() < n && self.more() {}
    }

    /// Moves the window's start forward over `n` bytes it shows.
    pub(crate) fn advance(&mut self, n: usize) {
        let n = n.min(self.data().len());
        self.line += count_lines(&self.data()[..n]);
        self.start += n;
        self.offset += n as u64;
    }

    /// Length of the line at the window's start, without its end, and with it; `None` at the end of the file.
    /// A line longer than `max` is given in pieces of about that length.
    pub(crate) fn line_len(&mut self, max: usize) -> Option<(usize, usize)> {
        let mut searched = 0;
        loop {
            let data = self.data();
            if let Some(i) = find_byte(&data[searched..], b'\n') {
                let end = searched + i;
                let bare = end - usize::from(end > 0 && data[end - 1] == b'\r');
                return Some((bare, end + 1));
            }
            searched = data.len();
            if searched >= max {
                let cut = valid_prefix(&data[..max]).len().max(1);
                return Some((cut, cut));
            }
            if !self.more() {
                let n = self.data().len();
                return (n > 0).then_some((n, n));
            }
        }
    }

    fn read_chunk(&mut self) {
        let before = self.raw.len();
        self.raw.resize(before + CHUNK_BYTES, 0);
        let n = loop {
            match self.input.read(&mut self.raw[before..]) {
                Ok(n) => break n,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(_) => {
                    self.fault(FaultKind::Unreadable, before);
                    break 0;
                }
            }
        };
        self.raw.truncate(before + n);
        self.is_input_ended = n == 0;
    }

    fn fault(&mut self, kind: FaultKind, raw_offset: usize) {
        self.n_faults += 1;
        if self.faults.len() < MAX_FAULTS_KEPT {
            self.faults.push(Fault {
                kind,
                at: At { line: Some(self.decoded_lines + 1), byte: Some(self.decoded_file_bytes + raw_offset as u64) },
            });
        }
    }

    fn push(&mut self, valid: &[u8]) {
        self.decoded_lines += count_lines(valid);
        self.buf.extend_from_slice(valid);
    }

    /// Decodes what `raw` holds, keeping an incomplete last character for the next chunk.
    fn decode_raw(&mut self) {
        let raw = std::mem::take(&mut self.raw);
        let mut rest = raw.as_slice();
        while !rest.is_empty() || self.is_input_ended {
            match &mut self.mode {
                Mode::Other(_) => {
                    self.decode_other(rest);
                    rest = &[];
                    break;
                }
                Mode::Utf8 { has_multibyte } => match std::str::from_utf8(rest) {
                    Ok(valid) => {
                        *has_multibyte |= !valid.is_ascii();
                        self.push(rest);
                        self.decoded_file_bytes += rest.len() as u64;
                        rest = &[];
                        break;
                    }
                    Err(error) => {
                        let (valid, broken) = rest.split_at(error.valid_up_to());
                        *has_multibyte |= !valid.is_ascii();
                        let is_utf8 = *has_multibyte;
                        self.push(valid);
                        self.decoded_file_bytes += valid.len() as u64;
                        rest = broken;
                        let n_bad = match error.error_len() {
                            None if !self.is_input_ended => break,
                            None => broken.len(),
                            Some(n) => n,
                        };
                        self.is_byte_exact = false;
                        if is_utf8 || speaks_for_utf8(broken) {
                            self.fault(FaultKind::Repaired, 0);
                            let (repaired, _) = WINDOWS_1252.decode_without_bom_handling(&broken[..n_bad]);
                            self.push(repaired.as_bytes());
                            self.decoded_file_bytes += n_bad as u64;
                            rest = &broken[n_bad..];
                        } else {
                            self.fault(FaultKind::Switched, 0);
                            self.encoding = WINDOWS_1252;
                            self.mode = Mode::Other(WINDOWS_1252.new_decoder_without_bom_handling());
                        }
                    }
                },
            }
            if rest.is_empty() {
                break;
            }
        }
        self.raw = rest.to_vec();
    }

    fn decode_other(&mut self, raw: &[u8]) {
        let Mode::Other(decoder) = &mut self.mode else {
            return;
        };
        let room = decoder.max_utf8_buffer_length(raw.len()).unwrap_or(raw.len() * 4 + 16);
        let mut out = vec![0; room];
        let (_, _, written, had_errors) = decoder.decode_to_utf8(raw, &mut out, self.is_input_ended);
        if had_errors {
            self.fault(FaultKind::Repaired, 0);
        }
        self.decoded_file_bytes += raw.len() as u64;
        out.truncate(written);
        self.push(&out);
    }
}

/// Whether a chunk that begins with a broken byte is nevertheless mostly UTF-8: more of its non-ASCII characters are
/// valid than not.
fn speaks_for_utf8(chunk: &[u8]) -> bool {
    let (mut n_valid, mut n_broken) = (0usize, 0usize);
    for piece in chunk.utf8_chunks() {
        n_valid += piece.valid().chars().filter(|c| !c.is_ascii()).count();
        n_broken += usize::from(!piece.invalid().is_empty());
    }
    n_valid > n_broken
}

fn count_lines(bytes: &[u8]) -> u64 {
    bytes.iter().map(|&b| u64::from(b == b'\n')).sum()
}

/// The longest valid UTF-8 prefix.
pub(crate) fn valid_prefix(bytes: &[u8]) -> &str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(),
    }
}

/// Index of the first `wanted` byte.
pub(crate) fn find_byte(bytes: &[u8], wanted: u8) -> Option<usize> {
    bytes.iter().position(|&b| b == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hands out one byte at a time, so that every character is split somewhere.
    struct Dripping<'a>(&'a [u8]);
    impl Read for Dripping<'_> {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            let n = self.0.len().min(1).min(out.len());
            out[..n].copy_from_slice(&self.0[..n]);
            self.0 = &self.0[n..];
            Ok(n)
        }
    }

    type Place = (FaultKind, Option<u64>, Option<u64>);

    fn decode(bytes: &[u8]) -> (String, String, Vec<Place>) {
        let read = |head: usize| {
            let mut input = Dripping(&bytes[head..]);
            let mut text = Text::new(bytes[..head].to_vec(), &mut input);
            while text.more() {}
            let faults = text.faults().0.iter().map(|f| (f.kind, f.at.line, f.at.byte)).collect();
            (text.shown().to_owned(), text.encoding_name(), faults)
        };
        let whole = read(bytes.len());
        assert_eq!(whole.0, read(bytes.len().min(20)).0, "chunking must not matter");
        whole
    }

    #[test]
    fn usual_encodings_are_told_apart() {
        assert_eq!(decode("é\n".as_bytes()).1, "UTF-8");
        let marked = decode(b"\xEF\xBB\xBFa,b\n");
        assert_eq!((marked.0.as_str(), marked.1.as_str()), ("a,b\n", "UTF-8 with byte-order mark"));
        let utf16: Vec<u8> = "\u{feff}id,text\n1,Schön\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&utf16).0, "id,text\n1,Schön\n");
        let unmarked: Vec<u8> = "id,text\n1,Schön\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let unmarked = decode(&unmarked);
        assert_eq!((unmarked.0.as_str(), unmarked.1.as_str()), ("id,text\n1,Schön\n", "UTF-16BE"));
    }

    #[test]
    fn latin_files_are_switched_and_stray_bytes_repaired() {
        let (text, name, faults) = decode(b"id,text\n1,Sch\xF6n teuer \x80\n");
        assert_eq!((text.as_str(), name.as_str()), ("id,text\n1,Schön teuer €\n", "windows-1252"));
        assert_eq!(faults, [(FaultKind::Switched, Some(2), Some(13))]);

        let mut mixed = "é ü ö à\n".as_bytes().to_vec();
        mixed.extend_from_slice(b"caf\xE9\n");
        let (text, name, faults) = decode(&mixed);
        assert_eq!((text.as_str(), name.as_str()), ("é ü ö à\ncafé\n", "UTF-8"));
        assert_eq!(faults, [(FaultKind::Repaired, Some(2), Some(15))]);
    }

    #[test]
    fn lines_have_places() {
        let mut rest: &[u8] = &[];
        let mut text = Text::new(b"one\r\ntwo\nthree".to_vec(), &mut rest);
        assert_eq!(text.line_len(100), Some((3, 5)));
        text.advance(5);
        assert_eq!((text.at().line, text.at().byte), (Some(2), Some(5)));
        text.advance(4);
        assert_eq!(text.line_len(100), Some((5, 5)));
        text.advance(5);
        assert_eq!(text.line_len(100), None);
    }
}
