//! Cues: short word patterns, compiled into one automaton and found in a sentence in a single walk.
//!
//! A cue is words separated by spaces. `(a|b c)` is a choice, `x?` and `(x|y)?` may be left out, `word*` is any word
//! that begins so, `=word` any form of that lemma, `#` a number, `*` any one word, `..` up to three words. A leading
//! `^` ties the cue to the start of the sentence (greetings skipped), a trailing `$` to its end.
//!
//! Cost: one state per word of a cue; matching walks from each word of the sentence and rarely gets three words far.

use rustc_hash::FxHashMap;

/// A number standing for a class of words.
type Symbol = u32;
const ANY: Symbol = 0;
const NUMBER: Symbol = 1;
/// Longest prefix cue, in bytes; words are probed with each prefix length up to it.
const MAX_PREFIX: usize = 14;

/// One word of a sentence as cues see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// First byte in the text.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Lower case, straight apostrophe, common misspellings put right.
    pub lower: String,
    /// Base form.
    pub lemma: String,
}

impl Word {
    /// Whether it is written in digits, a currency sign apart.
    pub fn is_number(&self) -> bool {
        self.lower.bytes().next().is_some_and(|byte| byte.is_ascii_digit())
    }
}

/// A cue found: which payload, and the words it covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit<T> {
    /// What was filed under the cue.
    pub payload: T,
    /// Position of its first word.
    pub first: usize,
    /// One past its last word.
    pub last: usize,
}

/// Why a cue could not be compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadCue {
    /// What is wrong, without the cue itself.
    pub message: String,
    /// Byte in the cue.
    pub byte: usize,
}

/// A state: the words that lead on from it, sorted by symbol, and what ends in it.
#[derive(Debug, Clone)]
struct Node<T> {
    next: Vec<(Symbol, u32)>,
    found: Vec<T>,
    found_at_end: Vec<T>,
}

impl<T> Default for Node<T> {
    fn default() -> Self {
        Self { next: Vec::new(), found: Vec::new(), found_at_end: Vec::new() }
    }
}

/// Many cues, ready to be matched.
#[derive(Debug, Clone)]
pub struct Cues<T> {
    symbols: FxHashMap<String, Symbol>,
    n_symbols: Symbol,
    has_prefixes: [bool; MAX_PREFIX + 1],
    nodes: Vec<Node<T>>,
}

const ROOT: u32 = 0;
const START_ROOT: u32 = 1;

impl<T: Copy + PartialEq> Default for Cues<T> {
    fn default() -> Self {
        Self {
            symbols: FxHashMap::default(),
            n_symbols: 2,
            has_prefixes: [false; MAX_PREFIX + 1],
            nodes: vec![Node::default(), Node::default()],
        }
    }
}

impl<T: Copy + PartialEq> Cues<T> {
    /// Adds a cue under `payload`. A cue that cannot be read leaves nothing behind that could match.
    ///
    /// # Errors
    /// The cue is empty, unbalanced, or could match nothing.
    pub fn add(&mut self, cue: &str, payload: T) -> Result<(), BadCue> {
        let trimmed = cue.trim();
        let (body, at_start) = trimmed.strip_prefix('^').map_or((trimmed, false), |rest| (rest, true));
        let (body, at_end) = body.strip_suffix('$').map_or((body, false), |rest| (rest, true));
        let choices = parse(body)?;
        if !choices.iter().flatten().any(Piece::has_own_word) {
            return Err(bad("a cue needs at least one word of its own", 0));
        }
        let root = if at_start { START_ROOT } else { ROOT };
        let ends = self.grow_choice(&choices, &[root])?;
        if ends.contains(&root) {
            return Err(bad("the cue could match nothing at all", 0));
        }
        for end in ends {
            let node = &mut self.nodes[end as usize];
            let found = if at_end { &mut node.found_at_end } else { &mut node.found };
            if !found.contains(&payload) {
                found.push(payload);
            }
        }
        Ok(())
    }

    /// Adds the states of a choice after `from`; gives the states it can end in.
    fn grow_choice(&mut self, choices: &[Vec<Piece>], from: &[u32]) -> Result<Vec<u32>, BadCue> {
        let mut ends = Vec::new();
        // Choices of one word each share the state they lead to.
        let mut shared = None;
        for sequence in choices {
            let reached = if let [Piece::Word(word)] = sequence.as_slice() {
                let target = *shared.get_or_insert_with(|| {
                    self.nodes.push(Node::default());
                    self.nodes.len() as u32 - 1
                });
                let symbol = self.symbol(word)?;
                self.connect(from, symbol, target);
                vec![target]
            } else {
                let mut at = from.to_vec();
                for piece in sequence {
                    at = self.grow(piece, &at)?;
                }
                at
            };
            for end in reached {
                if !ends.contains(&end) {
                    ends.push(end);
                }
            }
        }
        Ok(ends)
    }

    fn grow(&mut self, piece: &Piece, from: &[u32]) -> Result<Vec<u32>, BadCue> {
        match piece {
            Piece::Word(word) => {
                let symbol = self.symbol(word)?;
                Ok(vec![self.step(from, symbol)])
            }
            Piece::UpToThree => {
                let mut ends = from.to_vec();
                let mut at = from.to_vec();
                for _ in 0..3 {
                    at = vec![self.step(&at, ANY)];
                    ends.extend(&at);
                }
                Ok(ends)
            }
            Piece::Choice(choices) => self.grow_choice(choices, from),
            Piece::Maybe(inner) => {
                let mut ends = self.grow(inner, from)?;
                ends.extend(from.iter().filter(|state| !ends.contains(state)).copied().collect::<Vec<_>>());
                Ok(ends)
            }
        }
    }

    fn step(&mut self, from: &[u32], symbol: Symbol) -> u32 {
        self.nodes.push(Node::default());
        let target = self.nodes.len() as u32 - 1;
        self.connect(from, symbol, target);
        target
    }

    fn connect(&mut self, from: &[u32], symbol: Symbol, target: u32) {
        for &state in from {
            let next = &mut self.nodes[state as usize].next;
            let at = next.partition_point(|&edge| edge < (symbol, target));
            if next.get(at) != Some(&(symbol, target)) {
                next.insert(at, (symbol, target));
            }
        }
    }

    /// Words are filed as written, lemmas under `=`, prefixes with their star.
    fn symbol(&mut self, word: &str) -> Result<Symbol, BadCue> {
        match word {
            "*" => return Ok(ANY),
            "#" => return Ok(NUMBER),
            _ => {}
        }
        if let Some(prefix) = word.strip_suffix('*') {
            if prefix.len() > MAX_PREFIX || prefix.len() < 2 {
                return Err(bad(&format!("`{word}`: a prefix has 2 to {MAX_PREFIX} bytes"), 0));
            }
            self.has_prefixes[prefix.len()] = true;
        }
        let next = self.n_symbols;
        let symbol = *self.symbols.entry(word.to_owned()).or_insert(next);
        if symbol == next {
            self.n_symbols += 1;
        }
        Ok(symbol)
    }

    /// The symbols each word may stand for, in one flat list with offsets.
    fn read(&self, words: &[Word]) -> (Vec<Symbol>, Vec<u32>) {
        let mut symbols = Vec::with_capacity(words.len() * 3);
        let mut offsets = Vec::with_capacity(words.len() + 1);
        offsets.push(0);
        let mut key = String::new();
        for word in words {
            if let Some(&symbol) = self.symbols.get(word.lower.as_str()) {
                symbols.push(symbol);
            }
            key.clear();
            key.push('=');
            key.push_str(&word.lemma);
            if let Some(&symbol) = self.symbols.get(key.as_str()) {
                symbols.push(symbol);
            }
            for len in 2..=MAX_PREFIX.min(word.lower.len()) {
                if self.has_prefixes[len] && word.lower.is_char_boundary(len) {
                    key.clear();
                    key.push_str(&word.lower[..len]);
                    key.push('*');
                    if let Some(&symbol) = self.symbols.get(key.as_str()) {
                        symbols.push(symbol);
                    }
                }
            }
            if word.is_number() {
                symbols.push(NUMBER);
            }
            symbols.push(ANY);
            offsets.push(symbols.len() as u32);
        }
        (symbols, offsets)
    }

    /// All hits in `words`, in order of their first word, longer first, each payload once per first word.
    /// `start` is the position that counts as the sentence's start; position 0 always does.
    pub fn find(&self, words: &[Word], start: usize) -> Vec<Hit<T>> {
        let (symbols, offsets) = self.read(words);
        let of = |at: usize| &symbols[offsets[at] as usize..offsets[at + 1] as usize];
        let mut hits: Vec<Hit<T>> = Vec::new();
        let mut open: Vec<(u32, usize)> = Vec::new();
        for first in 0..words.len() {
            let before = hits.len();
            open.clear();
            open.push((ROOT, first));
            if first == 0 || first == start {
                open.push((START_ROOT, first));
            }
            while let Some((node, at)) = open.pop() {
                let here = &self.nodes[node as usize];
                let ended: &[T] = if at == words.len() { &here.found_at_end } else { &[] };
                for &payload in here.found.iter().chain(ended) {
                    match hits[before..].iter_mut().find(|hit| hit.payload == payload) {
                        Some(hit) => hit.last = hit.last.max(at),
                        None => hits.push(Hit { payload, first, last: at }),
                    }
                }
                if at < words.len() && !here.next.is_empty() {
                    for &symbol in of(at) {
                        let edges = here.next.partition_point(|&(own, _)| own < symbol);
                        for &(own, child) in &here.next[edges..] {
                            if own != symbol {
                                break;
                            }
                            open.push((child, at + 1));
                        }
                    }
                }
            }
            hits[before..].sort_by_key(|hit| std::cmp::Reverse(hit.last));
        }
        hits
    }
}

fn bad(message: &str, byte: usize) -> BadCue {
    BadCue { message: message.to_owned(), byte }
}

/// A part of a cue.
#[derive(Debug)]
enum Piece {
    Word(String),
    UpToThree,
    Choice(Vec<Vec<Piece>>),
    Maybe(Box<Piece>),
}

impl Piece {
    fn has_own_word(&self) -> bool {
        match self {
            Self::Word(word) => word != "*",
            Self::UpToThree | Self::Maybe(_) => false,
            Self::Choice(choices) => choices.iter().all(|sequence| sequence.iter().any(Self::has_own_word)),
        }
    }
}

/// Reads a whole cue.
fn parse(cue: &str) -> Result<Vec<Vec<Piece>>, BadCue> {
    let mut at = 0;
    let choices = choice(cue, &mut at, 0)?;
    if at < cue.len() {
        return Err(bad("a closing bracket without its opening one", at));
    }
    Ok(choices)
}

/// Reads `a b|c` up to a closing bracket or the end.
fn choice(cue: &str, at: &mut usize, depth: usize) -> Result<Vec<Vec<Piece>>, BadCue> {
    let mut all = Vec::new();
    loop {
        all.push(sequence(cue, at, depth)?);
        if cue[*at..].starts_with('|') {
            *at += 1;
        } else {
            return Ok(all);
        }
    }
}

/// Reads words and groups up to `|`, `)` or the end.
fn sequence(cue: &str, at: &mut usize, depth: usize) -> Result<Vec<Piece>, BadCue> {
    let mut pieces = Vec::new();
    while let Some(c) = cue[*at..].chars().next() {
        let piece = match c {
            ' ' => {
                *at += 1;
                continue;
            }
            '|' | ')' => break,
            '(' => {
                let open = *at;
                if depth > 4 {
                    return Err(bad("brackets are nested too deeply", open));
                }
                *at += 1;
                let inner = choice(cue, at, depth + 1)?;
                if !cue[*at..].starts_with(')') {
                    return Err(bad("an opening bracket without its closing one", open));
                }
                *at += 1;
                Piece::Choice(inner)
            }
            _ => {
                let rest = &cue[*at..];
                let len = rest.find([' ', '|', '(', ')', '?']).unwrap_or(rest.len());
                if len == 0 {
                    return Err(bad("a question mark follows the word that may be left out", *at));
                }
                *at += len;
                match &rest[..len] {
                    ".." => Piece::UpToThree,
                    word => Piece::Word(word.to_lowercase()),
                }
            }
        };
        if cue[*at..].starts_with('?') {
            if matches!(&piece, Piece::Word(word) if word.ends_with('s')) {
                return Err(bad("`words?` leaves the whole word out; write `(word|words)`", *at));
            }
            *at += 1;
            pieces.push(Piece::Maybe(Box::new(piece)));
        } else {
            pieces.push(piece);
        }
    }
    if pieces.is_empty() {
        return Err(bad("nothing to match between the bars", *at));
    }
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words;
    use throughline_model::Language;

    fn find(cue: &str, text: &str) -> bool {
        let mut cues = Cues::default();
        cues.add(cue, 1u8).unwrap();
        let read = words::read(text, 0, Language::En);
        !cues.find(&read.words, read.start).is_empty()
    }

    #[test]
    fn forms_of_a_cue() {
        assert!(find("export (to|as) (csv|excel)", "Please export this to Excel... export to Excel"));
        assert!(find("can't find", "I can’t find it"));
        assert!(find("approv*", "needs approval"));
        assert!(find("=export", "exporting the list"));
        assert!(find("more than #", "more than 20 boards"));
        assert!(find("turn it? off", "turn off the sound"));
        assert!(find("if .. then", "if a ticket closes then mail me"));
        assert!(!find("if .. then", "if a ticket closes and goes then mail me"));
        assert!(find("^export", "Hi, export my list"));
        assert!(!find("^export", "the export"));
        assert!(find("no undo$", "there is no undo"));
        assert!(!find("no undo$", "no undo here"));
    }

    #[test]
    fn bad_cues_are_told() {
        for cue in ["", "(a|b", "a)", "a? ", "? b", "*", "x*", "a? b?", "dark modes?"] {
            assert!(Cues::default().add(cue, 1u8).is_err(), "{cue}");
        }
    }
}
