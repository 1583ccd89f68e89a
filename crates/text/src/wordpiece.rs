//! The WordPiece tokenizer of uncased BERT models, written for speed.
//!
//! Steps, as the reference does them: drop control characters, space out CJK ideographs, lower-case, decompose and drop
//! accents, cut at white space and around punctuation, then split each word greedily into the longest pieces of the
//! vocabulary (`##` marks a piece that does not begin a word). A word with no such split, or of more than 100
//! characters, is unknown and gives no piece at all, or the one named by [`Vocabulary::with_unknown`].
//!
//! Cost: one pass over the bytes with a class table for ASCII; a [`Splitter`] remembers the pieces of each word it has
//! seen, so that most words cost one hash and one look-up. No allocation per token.
//! Source: Wu et al. 2016 (WordPiece); the rules of `BertTokenizer` with `do_lower_case`.

use rustc_hash::FxHashMap;
use std::hash::Hasher;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// Longest word in characters that is looked up at all (`max_input_chars_per_word` of the reference).
const LONGEST_WORD: usize = 100;
/// Words a [`Splitter`] remembers before it starts afresh: bounds its memory at a few megabytes.
const REMEMBERED: usize = 1 << 16;

/// Pieces by their bytes, word-initial and continuing ones apart.
#[derive(Debug, Default)]
pub struct Vocabulary {
    arena: Vec<u8>,
    initial: Slots,
    inner: Slots,
    n_pieces: usize,
    unknown: Option<u32>,
}

/// An open-addressing hash table from piece to id; the bytes lie in the vocabulary's arena.
#[derive(Debug, Default)]
struct Slots {
    /// (arena start, length, id); length 0 marks a free slot. The table's length is a power of two.
    table: Vec<(u32, u32, u32)>,
    longest: usize,
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(bytes);
    hasher.finish()
}

impl Slots {
    fn build(pieces: &[(u32, u32, u32)], arena: &[u8]) -> Self {
        let size = (pieces.len() * 2).next_power_of_two().max(2);
        let mut slots = Self { table: vec![(0, 0, 0); size], longest: 0 };
        for &(start, len, id) in pieces {
            let bytes = &arena[start as usize..(start + len) as usize];
            slots.longest = slots.longest.max(bytes.len());
            let mut at = slots.place(bytes);
            while slots.table[at].1 != 0 {
                let (start, len, _) = slots.table[at];
                if &arena[start as usize..(start + len) as usize] == bytes {
                    break;
                }
                at = (at + 1) & (size - 1);
            }
            // Of two equal pieces the first keeps the id.
            if slots.table[at].1 == 0 {
                slots.table[at] = (start, len, id);
            }
        }
        slots
    }

    fn place(&self, bytes: &[u8]) -> usize {
        // The high bits of an Fx hash are the mixed ones.
        (hash(bytes) >> 32) as usize & (self.table.len() - 1)
    }

    fn get(&self, bytes: &[u8], arena: &[u8]) -> Option<u32> {
        if self.table.is_empty() || bytes.is_empty() {
            return None;
        }
        let mut at = self.place(bytes);
        loop {
            let (start, len, id) = self.table[at];
            if len == 0 {
                return None;
            }
            if len as usize == bytes.len() && &arena[start as usize..(start + len) as usize] == bytes {
                return Some(id);
            }
            at = (at + 1) & (self.table.len() - 1);
        }
    }
}

impl Vocabulary {
    /// Takes pieces in id order. Special tokens (`[CLS]`, `[UNK]`, `[unused7]`) keep their id and are never produced.
    pub fn new<'a>(pieces: impl IntoIterator<Item = &'a str>) -> Self {
        let mut arena = Vec::new();
        let (mut initial, mut inner) = (Vec::new(), Vec::new());
        let mut n_pieces = 0;
        for (id, piece) in pieces.into_iter().enumerate() {
            n_pieces = id + 1;
            let special = piece.len() > 2 && piece.starts_with('[') && piece.ends_with(']');
            let (list, bytes) = match piece.strip_prefix("##") {
                Some(rest) if !rest.is_empty() => (&mut inner, rest),
                _ => (&mut initial, piece),
            };
            if special || bytes.is_empty() {
                continue;
            }
            list.push((arena.len() as u32, bytes.len() as u32, id as u32));
            arena.extend_from_slice(bytes.as_bytes());
        }
        let (initial, inner) = (Slots::build(&initial, &arena), Slots::build(&inner, &arena));
        Self { arena, initial, inner, n_pieces, unknown: None }
    }

    /// Lets a word that cannot be split give the piece `unknown`, as encoders expect it.
    #[must_use]
    pub fn with_unknown(mut self, unknown: u32) -> Self {
        self.unknown = Some(unknown);
        self
    }

    /// Number of pieces, special ones included.
    pub fn n_pieces(&self) -> usize {
        self.n_pieces
    }

    /// Splits one normalised word into `out`; the unknown piece, or nothing, when it cannot be split to its end.
    fn split(&self, word: &[u8], out: &mut Vec<u32>) {
        let first = out.len();
        let mut start = 0;
        while start < word.len() {
            let slots = if start == 0 { &self.initial } else { &self.inner };
            let mut end = word.len().min(start + slots.longest);
            let id = loop {
                // A piece is whole characters; a cut inside one can match nothing, so only boundaries are tried.
                while end > start && end < word.len() && word[end] & 0xC0 == 0x80 {
                    end -= 1;
                }
                if end <= start {
                    break None;
                }
                if let Some(id) = slots.get(&word[start..end], &self.arena) {
                    break Some(id);
                }
                end -= 1;
            };
            let Some(id) = id else {
                out.truncate(first);
                out.extend(self.unknown);
                return;
            };
            out.push(id);
            start = end;
        }
    }
}

/// A tokenizer with its memory of words; one per thread.
#[derive(Debug)]
pub struct Splitter<'v> {
    vocabulary: &'v Vocabulary,
    word: Vec<u8>,
    pieces: Vec<u32>,
    known: FxHashMap<Box<[u8]>, (u32, u32)>,
}

/// What an ASCII byte does; anything else goes the long way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Keep,
    Upper,
    Space,
    Punctuation,
    Control,
    Wide,
}

const CLASS: [Class; 256] = {
    let mut class = [Class::Wide; 256];
    let mut byte = 0;
    while byte < 128 {
        class[byte] = match byte as u8 {
            b' ' | b'\t' | b'\n' | b'\r' => Class::Space,
            0..=31 | 127 => Class::Control,
            b'A'..=b'Z' => Class::Upper,
            b'a'..=b'z' | b'0'..=b'9' => Class::Keep,
            _ => Class::Punctuation,
        };
        byte += 1;
    }
    class
};

impl<'v> Splitter<'v> {
    /// A tokenizer over `vocabulary` that has seen no word yet.
    pub fn new(vocabulary: &'v Vocabulary) -> Self {
        Self { vocabulary, word: Vec::with_capacity(64), pieces: Vec::new(), known: FxHashMap::default() }
    }

    /// Calls `each` with the piece ids of every word of `text` that has some, in order.
    ///
    /// ```
    /// use throughline_text::wordpiece::{Splitter, Vocabulary};
    /// let vocabulary = Vocabulary::new(["[UNK]", "export", "##ing", "!"]);
    /// let mut ids = Vec::new();
    /// Splitter::new(&vocabulary).for_each_word("Exporting it!", |word| ids.extend_from_slice(word));
    /// assert_eq!(ids, [1, 2, 3]);
    /// ```
    pub fn for_each_word(&mut self, text: &str, mut each: impl FnMut(&[u32])) {
        let bytes = text.as_bytes();
        let mut at = 0;
        self.word.clear();
        while at < bytes.len() {
            let byte = bytes[at];
            match CLASS[byte as usize] {
                Class::Keep => self.word.push(byte),
                Class::Upper => self.word.push(byte | 0x20),
                Class::Space => self.flush(&mut each),
                Class::Control => {}
                Class::Punctuation => {
                    self.flush(&mut each);
                    self.word.push(byte);
                    self.flush(&mut each);
                }
                Class::Wide => {
                    let Some(c) = text[at..].chars().next() else { break };
                    self.wide(c, &mut each);
                    at += c.len_utf8();
                    continue;
                }
            }
            at += 1;
        }
        self.flush(&mut each);
    }

    fn wide(&mut self, c: char, each: &mut impl FnMut(&[u32])) {
        if c.is_whitespace() {
            self.flush(each);
        } else if is_ideograph(c) || is_punctuation(c) {
            self.flush(each);
            self.push_char(c);
            self.flush(each);
        } else if !is_control(c) {
            for lower in c.to_lowercase() {
                decompose_canonical(lower, |part| {
                    if !is_combining_mark(part) {
                        let mut buffer = [0; 4];
                        self.word.extend_from_slice(part.encode_utf8(&mut buffer).as_bytes());
                    }
                });
            }
        }
    }

    fn push_char(&mut self, c: char) {
        let mut buffer = [0; 4];
        self.word.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
    }

    fn flush(&mut self, each: &mut impl FnMut(&[u32])) {
        if self.word.is_empty() {
            return;
        }
        let (start, end) = match self.known.get(self.word.as_slice()) {
            Some(&span) => span,
            None => self.learn(),
        };
        if start < end {
            each(&self.pieces[start as usize..end as usize]);
        }
        self.word.clear();
    }

    #[cold]
    fn learn(&mut self) -> (u32, u32) {
        if self.known.len() >= REMEMBERED {
            self.known.clear();
            self.pieces.clear();
        }
        let start = self.pieces.len() as u32;
        let n_chars = self.word.iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
        if n_chars <= LONGEST_WORD {
            self.vocabulary.split(&self.word, &mut self.pieces);
        } else {
            self.pieces.extend(self.vocabulary.unknown);
        }
        let span = (start, self.pieces.len() as u32);
        self.known.insert(self.word.as_slice().into(), span);
        span
    }
}

/// The CJK ideograph blocks the reference spaces out (not kana, not Hangul).
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{2A6DF}'
        | '\u{2A700}'..='\u{2CEAF}' | '\u{2F800}'..='\u{2FA1F}')
}

/// Characters the reference drops: category C (controls, format characters, private use), and U+FFFD.
fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{AD}' | '\u{600}'..='\u{605}' | '\u{61C}' | '\u{6DD}' | '\u{70F}' | '\u{180E}'
            | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{E000}'..='\u{F8FF}'
            | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{FFFD}' | '\u{E0000}'..='\u{E0FFF}' | '\u{F0000}'..)
}

/// Unicode category P beyond ASCII.
fn is_punctuation(c: char) -> bool {
    let code = c as u32;
    let after = PUNCTUATION.partition_point(|&(first, _)| first <= code);
    after > 0 && code <= PUNCTUATION[after - 1].1
}

/// Ranges of category P above U+007F (Unicode 15), ascending.
#[rustfmt::skip]
const PUNCTUATION: &[(u32, u32)] = &[
    (0xA1, 0xA1), (0xA7, 0xA7), (0xAB, 0xAB), (0xB6, 0xB7), (0xBB, 0xBB), (0xBF, 0xBF), (0x37E, 0x37E),
    (0x387, 0x387), (0x55A, 0x55F), (0x589, 0x58A), (0x5BE, 0x5BE), (0x5C0, 0x5C0), (0x5C3, 0x5C3), (0x5C6, 0x5C6),
    (0x5F3, 0x5F4), (0x609, 0x60A), (0x60C, 0x60D), (0x61B, 0x61B), (0x61D, 0x61F), (0x66A, 0x66D), (0x6D4, 0x6D4),
    (0x700, 0x70D), (0x7F7, 0x7F9), (0x830, 0x83E), (0x85E, 0x85E), (0x964, 0x965), (0x970, 0x970), (0x9FD, 0x9FD),
    (0xA76, 0xA76), (0xAF0, 0xAF0), (0xC77, 0xC77), (0xC84, 0xC84), (0xDF4, 0xDF4), (0xE4F, 0xE4F), (0xE5A, 0xE5B),
    (0xF04, 0xF12), (0xF14, 0xF14), (0xF3A, 0xF3D), (0xF85, 0xF85), (0xFD0, 0xFD4), (0xFD9, 0xFDA),
    (0x104A, 0x104F), (0x10FB, 0x10FB), (0x1360, 0x1368), (0x1400, 0x1400), (0x166E, 0x166E), (0x169B, 0x169C),
    (0x16EB, 0x16ED), (0x1735, 0x1736), (0x17D4, 0x17D6), (0x17D8, 0x17DA), (0x1800, 0x180A), (0x1944, 0x1945),
    (0x1A1E, 0x1A1F), (0x1AA0, 0x1AA6), (0x1AA8, 0x1AAD), (0x1B5A, 0x1B60), (0x1B7D, 0x1B7E), (0x1BFC, 0x1BFF),
    (0x1C3B, 0x1C3F), (0x1C7E, 0x1C7F), (0x1CC0, 0x1CC7), (0x1CD3, 0x1CD3), (0x2010, 0x2027), (0x2030, 0x2043),
    (0x2045, 0x2051), (0x2053, 0x205E), (0x207D, 0x207E), (0x208D, 0x208E), (0x2308, 0x230B), (0x2329, 0x232A),
    (0x2768, 0x2775), (0x27C5, 0x27C6), (0x27E6, 0x27EF), (0x2983, 0x2998), (0x29D8, 0x29DB), (0x29FC, 0x29FD),
    (0x2CF9, 0x2CFC), (0x2CFE, 0x2CFF), (0x2D70, 0x2D70), (0x2E00, 0x2E2E), (0x2E30, 0x2E4F), (0x2E52, 0x2E5D),
    (0x3001, 0x3003), (0x3008, 0x3011), (0x3014, 0x301F), (0x3030, 0x3030), (0x303D, 0x303D), (0x30A0, 0x30A0),
    (0x30FB, 0x30FB), (0xA4FE, 0xA4FF), (0xA60D, 0xA60F), (0xA673, 0xA673), (0xA67E, 0xA67E), (0xA6F2, 0xA6F7),
    (0xA874, 0xA877), (0xA8CE, 0xA8CF), (0xA8F8, 0xA8FA), (0xA8FC, 0xA8FC), (0xA92E, 0xA92F), (0xA95F, 0xA95F),
    (0xA9C1, 0xA9CD), (0xA9DE, 0xA9DF), (0xAA5C, 0xAA5F), (0xAADE, 0xAADF), (0xAAF0, 0xAAF1), (0xABEB, 0xABEB),
    (0xFD3E, 0xFD3F), (0xFE10, 0xFE19), (0xFE30, 0xFE52), (0xFE54, 0xFE61), (0xFE63, 0xFE63), (0xFE68, 0xFE68),
    (0xFE6A, 0xFE6B), (0xFF01, 0xFF03), (0xFF05, 0xFF0A), (0xFF0C, 0xFF0F), (0xFF1A, 0xFF1B), (0xFF1F, 0xFF20),
    (0xFF3B, 0xFF3D), (0xFF3F, 0xFF3F), (0xFF5B, 0xFF5B), (0xFF5D, 0xFF5D), (0xFF5F, 0xFF65), (0x10100, 0x10102),
    (0x1039F, 0x1039F), (0x103D0, 0x103D0), (0x1056F, 0x1056F), (0x10857, 0x10857), (0x1091F, 0x1091F),
    (0x1093F, 0x1093F), (0x10A50, 0x10A58), (0x10A7F, 0x10A7F), (0x10AF0, 0x10AF6), (0x10B39, 0x10B3F),
    (0x10B99, 0x10B9C), (0x10EAD, 0x10EAD), (0x10F55, 0x10F59), (0x10F86, 0x10F89), (0x11047, 0x1104D),
    (0x110BB, 0x110BC), (0x110BE, 0x110C1), (0x11140, 0x11143), (0x11174, 0x11175), (0x111C5, 0x111C8),
    (0x111CD, 0x111CD), (0x111DB, 0x111DB), (0x111DD, 0x111DF), (0x11238, 0x1123D), (0x112A9, 0x112A9),
    (0x1144B, 0x1144F), (0x1145A, 0x1145B), (0x1145D, 0x1145D), (0x114C6, 0x114C6), (0x115C1, 0x115D7),
    (0x11641, 0x11643), (0x11660, 0x1166C), (0x116B9, 0x116B9), (0x1173C, 0x1173E), (0x1183B, 0x1183B),
    (0x11944, 0x11946), (0x119E2, 0x119E2), (0x11A3F, 0x11A46), (0x11A9A, 0x11A9C), (0x11A9E, 0x11AA2),
    (0x11C41, 0x11C45), (0x11C70, 0x11C71), (0x11EF7, 0x11EF8), (0x11FFF, 0x11FFF), (0x12470, 0x12474),
    (0x12FF1, 0x12FF2), (0x16A6E, 0x16A6F), (0x16AF5, 0x16AF5), (0x16B37, 0x16B3B), (0x16B44, 0x16B44),
    (0x16E97, 0x16E9A), (0x16FE2, 0x16FE2), (0x1BC9F, 0x1BC9F), (0x1DA87, 0x1DA8B), (0x1E95E, 0x1E95F),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pieces(text: &str) -> Vec<&'static str> {
        const VOCABULARY: [&str; 16] = [
            "[UNK]", "[CLS]", "un", "##aff", "##able", "cafe", "!", "日", "’", "ss", "o", "##k", "[", "cls", "]", "##a",
        ];
        let vocabulary = Vocabulary::new(VOCABULARY);
        let mut found = Vec::new();
        Splitter::new(&vocabulary)
            .for_each_word(text, |word| found.extend(word.iter().map(|&id| VOCABULARY[id as usize])));
        found
    }

    #[test]
    fn greedy_longest_match() {
        assert_eq!(pieces("UNaffable!"), ["un", "##aff", "##able", "!"]);
        assert_eq!(pieces("unaffx ok"), ["o", "##k"]);
        assert_eq!(pieces("Café CAFE\u{301}"), ["cafe", "cafe"]);
        assert_eq!(pieces("o\u{200B}k\u{0}a"), ["o", "##k", "##a"]);
        assert_eq!(pieces("日ok’ok"), ["日", "o", "##k", "’", "o", "##k"]);
        assert_eq!(pieces("[CLS]"), ["[", "cls", "]"]);
        assert_eq!(pieces(&"o".repeat(101)), Vec::<&str>::new());
    }

    proptest! {
        #[test]
        fn memory_changes_nothing(texts in proptest::collection::vec("[uno kaf!éß日]{0,24}", 1..8)) {
            let vocabulary = Vocabulary::new(["[UNK]", "u", "##n", "##o", "o", "k", "##a", "##k", "f", "!", "e", "日"]);
            let mut warm = Splitter::new(&vocabulary);
            for text in texts.iter().chain(&texts) {
                let (mut a, mut b) = (Vec::new(), Vec::new());
                warm.for_each_word(text, |word| a.extend_from_slice(word));
                Splitter::new(&vocabulary).for_each_word(text, |word| b.extend_from_slice(word));
                prop_assert_eq!(a, b);
            }
        }
    }
}
