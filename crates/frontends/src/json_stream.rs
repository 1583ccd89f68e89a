//! Elements of JSON, cut out of a stream one at a time and parsed each on its own.
//!
//! In: [`Text`] holding an array, objects one after another (one per line or not), or an object in which a known key
//! holds the array (`{"tickets": [...]}`). Out: [`Element`]s, in file order, to a callback.
//! A truncated file keeps what is whole; a broken element is left out and reading goes on at the next place that looks
//! like an element: it begins like the first one, parses, and shares half of its keys.
//! Cost: one scan plus one parse; memory of the longest element. After a break, the places that are looked at in vain
//! cost a bounded multiple of the bytes gone over, whatever they hold (`crates/frontends/tests/robust.rs`).

use crate::decode::{At, Text};
use crate::intake::Intake;
use serde_json::Value;
use std::collections::BTreeSet;

/// One element as cut.
pub(crate) struct Element<'e> {
    /// Key of the array it lies in; empty for top-level arrays and objects.
    pub(crate) key: &'e str,
    /// Whether this is what remains of an object after its known arrays were cut out of it.
    pub(crate) is_envelope: bool,
    /// Its JSON.
    pub(crate) json: &'e str,
    /// Where it starts.
    pub(crate) at: At,
}

/// What to look for.
pub(crate) struct Layout<'k> {
    /// Keys of arrays whose items are the elements.
    pub(crate) arrays: &'k [&'k str],
    /// Keys of objects inside which such arrays lie.
    pub(crate) wrappers: &'k [&'k str],
}

/// Takes an element; an error says that its JSON is broken.
pub(crate) type Take<'t> = dyn FnMut(&mut Intake<'_>, Element<'_>) -> Result<(), serde_json::Error> + 't;

/// Hands every element to `take`.
pub(crate) fn each(text: &mut Text<'_>, intake: &mut Intake<'_>, layout: &Layout<'_>, take: &mut Take<'_>) {
    let mut cutter = Cutter {
        text,
        layout,
        take,
        known: BTreeSet::new(),
        n_good: 0,
        is_plain: false,
        is_cut: false,
        n_judged_in_vain: 0,
    };
    cutter.top(intake);
}

/// Parses every element as a [`Value`] before it is taken.
pub(crate) fn each_value(
    text: &mut Text<'_>,
    intake: &mut Intake<'_>,
    layout: &Layout<'_>,
    take: &mut dyn FnMut(&mut Intake<'_>, &Element<'_>, Value),
) {
    each(text, intake, layout, &mut |intake, element| {
        let value = serde_json::from_str(element.json)?;
        take(intake, &element, value);
        Ok(())
    });
}

struct Cutter<'c, 't> {
    text: &'c mut Text<'t>,
    layout: &'c Layout<'c>,
    take: &'c mut Take<'c>,
    /// Keys of the first whole element: what a place to go on at must look like.
    known: BTreeSet<String>,
    n_good: u64,
    /// The file is objects one after another: no need to look for arrays in each.
    is_plain: bool,
    /// The end of the file was met inside an element, and said.
    is_cut: bool,
    /// Bytes looked at to judge places that turned out to be no element.
    n_judged_in_vain: u64,
}

/// Most bytes of one place that are looked at to judge it.
const MAX_JUDGED_BYTES: usize = 1 << 20;
/// Least bytes of a place that are looked at however much was in vain: a short element is always found again.
const MIN_JUDGED_BYTES: usize = 512;
/// Bytes that may be judged in vain for each byte gone over. Chosen: well above what real exports need.
const IN_VAIN_PER_BYTE: u64 = 16;

/// Why a value could not be cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    /// The file ends inside it.
    Ended,
    /// It is longer than the limit.
    TooLong,
    /// It is no JSON.
    Broken,
}

impl Cutter<'_, '_> {
    fn top(&mut self, intake: &mut Intake<'_>) {
        loop {
            if intake.is_stopped() {
                return;
            }
            match self.peek_past_blanks() {
                None => return,
                Some(b'[') => {
                    self.text.advance(1);
                    self.array(intake, "");
                }
                Some(b'{') if self.is_plain => self.element(intake, ""),
                Some(b'{') => {
                    let _ = self.object(intake, true);
                }
                // Left over from an array whose end was lost, or of a trailing bracket.
                Some(b']' | b'}') => self.text.advance(1),
                Some(_) => {
                    let at = self.text.at();
                    self.broken(intake, "there is something other than JSON here".to_owned(), at);
                }
            }
        }
    }

    /// The next byte that is neither blank nor a comma; the window's start moves to it.
    fn peek_past_blanks(&mut self) -> Option<u8> {
        loop {
            let data = self.text.data();
            let n = data.iter().take_while(|&&b| b.is_ascii_whitespace() || matches!(b, b',' | 0x1e | 0)).count();
            let found = data.get(n).copied();
            self.text.advance(n);
            if found.is_some() || !self.text.more() {
                return found;
            }
        }
    }

    /// Elements up to the closing bracket.
    fn array(&mut self, intake: &mut Intake<'_>, key: &str) {
        loop {
            if intake.is_stopped() {
                return;
            }
            match self.peek_past_blanks() {
                None => {
                    if !self.is_cut {
                        let at = self.text.at();
                        intake.error("json-truncated", "the file ends inside a list that is never closed", at);
                        self.is_cut = true;
                    }
                    return;
                }
                Some(b']') => {
                    self.text.advance(1);
                    return;
                }
                Some(_) => self.element(intake, key),
            }
        }
    }

    /// One element at the window's start.
    fn element(&mut self, intake: &mut Intake<'_>, key: &str) {
        match self.value_end(0, intake.options.limits.max_item_bytes) {
            Ok(end) => {
                let at = self.text.at();
                let json = std::str::from_utf8(&self.text.data()[..end]).unwrap_or_default();
                if self.known.is_empty() {
                    self.known = keys_of(json);
                }
                let element = Element { key, is_envelope: false, json, at };
                match (self.take)(intake, element) {
                    Ok(()) => {
                        self.n_good += 1;
                        self.text.advance(end);
                    }
                    Err(error) => {
                        if self.n_good == 0 {
                            self.known.clear();
                        }
                        let fault = offset_of(json_of(self.text, end), &error);
                        let at = self.text.at_offset(fault);
                        let why = error.to_string();
                        let why = why.split(" at line ").next().unwrap_or_default();
                        self.broken(intake, format!("{why}, in the element that begins {fault} bytes before"), at);
                    }
                }
            }
            Err(stop) => self.stopped(intake, stop),
        }
    }

    fn stopped(&mut self, intake: &mut Intake<'_>, stop: Stop) {
        match stop {
            Stop::Ended => {
                let (at, n) = (self.text.at(), self.text.data().len());
                if self.resync(1) {
                    intake.reject(1, "json-broken", "this element is never closed".to_owned(), at);
                } else {
                    let message =
                        format!("the file ends inside the element that starts here, {n} bytes before the end");
                    intake.reject(1, "json-truncated", message, at);
                    self.is_cut = true;
                    self.drain();
                }
            }
            Stop::TooLong => {
                let max = intake.options.limits.max_item_bytes;
                let at = self.text.at();
                intake.reject(1, "item-too-large", format!("an element is longer than {max} bytes"), at);
                if !self.resync(1) {
                    self.drain();
                }
            }
            Stop::Broken => {
                let at = self.text.at();
                self.broken(intake, "this element is not well-formed".to_owned(), at);
            }
        }
    }

    /// Rejects what starts here and moves on to the next element.
    fn broken(&mut self, intake: &mut Intake<'_>, why: String, at: At) {
        let before = self.text.at().byte;
        if self.resync(1) {
            intake.reject(1, "json-broken", why, at);
        } else {
            self.drain();
            let rest = match (before, self.text.at().byte) {
                (Some(before), Some(after)) if after > before + 1 => {
                    format!("; nothing like an element follows in the remaining {} bytes", after - before)
                }
                _ => String::new(),
            };
            intake.reject(1, "json-broken", why + &rest, at);
        }
    }

    fn drain(&mut self) {
        loop {
            let n = self.text.data().len();
            self.text.advance(n);
            if !self.text.more() {
                return;
            }
        }
    }

    /// An object at the window's start: itself an element, unless known arrays lie in it. False when it was broken.
    fn object(&mut self, intake: &mut Intake<'_>, is_top: bool) -> bool {
        let max = intake.options.limits.max_item_bytes;
        let start_at = self.text.at();
        let mut envelope: Vec<u8> = Vec::new();
        let mut has_arrays = false;
        let mut i = 1;
        loop {
            let Some(byte) = self.skip_blanks(&mut i) else {
                if has_arrays {
                    if !self.is_cut {
                        let at = self.text.at();
                        intake.error("json-truncated", "the file ends inside the object around a list", at);
                        self.is_cut = true;
                    }
                    self.drain();
                } else {
                    self.stopped(intake, Stop::Ended);
                }
                return false;
            };
            if byte == b'}' {
                i += 1;
                break;
            }
            let key_start = i;
            let value_start = match self.key_end(&mut i, max) {
                Ok(key_end) => (key_end, i),
                Err(stop) => {
                    self.stopped(intake, stop);
                    return false;
                }
            };
            let (key_end, value_at) = value_start;
            let key = String::from_utf8_lossy(&self.text.data()[key_start + 1..key_end - 1]).into_owned();
            let first = self.text.data().get(value_at).copied();
            if first == Some(b'[') && self.layout.arrays.contains(&key.as_str()) {
                has_arrays = true;
                envelope.extend_from_slice(&self.text.data()[..value_at]);
                envelope.extend_from_slice(b"[]");
                self.text.advance(value_at + 1);
                self.array(intake, &key);
                if intake.is_stopped() {
                    return false;
                }
                i = 0;
            } else if first == Some(b'{') && self.layout.wrappers.contains(&key.as_str()) && self.holds_arrays(value_at)
            {
                has_arrays = true;
                envelope.extend_from_slice(&self.text.data()[..value_at]);
                envelope.extend_from_slice(b"{}");
                self.text.advance(value_at);
                if !self.object(intake, false) {
                    return false;
                }
                i = 0;
            } else {
                match self.value_end(value_at, max) {
                    Ok(end) => i = end,
                    Err(stop) => {
                        self.stopped(intake, stop);
                        return false;
                    }
                }
            }
            if i > max || envelope.len() > max {
                self.stopped(intake, Stop::TooLong);
                return false;
            }
        }
        if !has_arrays {
            // The same bytes, now as one element.
            self.is_plain |= is_top;
            self.element(intake, "");
            return true;
        }
        envelope.extend_from_slice(&self.text.data()[..i]);
        self.text.advance(i);
        if is_top && let Ok(json) = std::str::from_utf8(&envelope) {
            let element = Element { key: "", is_envelope: true, json, at: start_at };
            // An envelope whose rest is broken costs nothing: its elements have been taken.
            let _ = (self.take)(intake, element);
        }
        true
    }

    /// Whether an object that starts at `i` of the window has a known array among its first keys.
    fn holds_arrays(&mut self, i: usize) -> bool {
        self.text.fill(i + 4096);
        let window = &self.text.data()[i..];
        let head = String::from_utf8_lossy(&window[..window.len().min(4096)]).into_owned();
        self.layout.arrays.iter().any(|key| {
            head.match_indices(&format!("\"{key}\"")).any(|(at, found)| {
                let after = head[at + found.len()..].trim_start();
                after.strip_prefix(':').is_some_and(|after| after.trim_start().starts_with('['))
            })
        })
    }

    /// Moves `i` over blanks and commas; the byte there.
    fn skip_blanks(&mut self, i: &mut usize) -> Option<u8> {
        loop {
            while let Some(&byte) = self.text.data().get(*i) {
                if !byte.is_ascii_whitespace() && byte != b',' {
                    return Some(byte);
                }
                *i += 1;
            }
            if !self.text.more() {
                return None;
            }
        }
    }

    /// From a key's quote over its colon to the value; the end of the key.
    fn key_end(&mut self, i: &mut usize, max: usize) -> Result<usize, Stop> {
        if self.text.data().get(*i) != Some(&b'"') {
            return Err(Stop::Broken);
        }
        let key_end = self.value_end(*i, max)?;
        *i = key_end;
        match self.skip_blanks(i) {
            None => return Err(Stop::Ended),
            Some(b':') => *i += 1,
            Some(_) => return Err(Stop::Broken),
        }
        match self.skip_blanks(i) {
            None => Err(Stop::Ended),
            Some(_) => Ok(key_end),
        }
    }

    /// End of the value that starts at `i` of the window.
    fn value_end(&mut self, start: usize, max: usize) -> Result<usize, Stop> {
        let mut scan = Scan::default();
        let mut i = start;
        loop {
            let seen = self.text.data().len().min(start + max + 1);
            match scan.run(&self.text.data()[i..seen.max(i)]) {
                Some(n) => return if i + n > start { Ok(i + n) } else { Err(Stop::Broken) },
                None => i = seen.max(i),
            }
            if i - start > max {
                return Err(Stop::TooLong);
            }
            if !self.text.more() {
                // A bare number may end with the file.
                return if scan.is_scalar && i > start { Ok(i) } else { Err(Stop::Ended) };
            }
        }
    }

    /// Moves the window to the next place, at least `from` bytes on, that looks like an element.
    fn resync(&mut self, from: usize) -> bool {
        let mut i = from;
        loop {
            while let Some(n) = self.text.data().get(i..).and_then(|rest| rest.iter().position(|&b| b == b'{')) {
                let candidate = i + n;
                if self.may_start(candidate) && self.looks_known(candidate) {
                    self.text.advance(candidate);
                    return true;
                }
                i = candidate + 1;
            }
            // Keep only what a candidate needs to be judged by: the byte before it.
            let n = self.text.data().len();
            let keep = n.min(64);
            self.text.advance(n - keep);
            i = keep;
            if !self.text.more() {
                return false;
            }
        }
    }

    /// Whether what stands before a brace allows an element to start there.
    fn may_start(&self, candidate: usize) -> bool {
        let before = self.text.data()[..candidate].iter().rev().find(|b| !matches!(b, b' ' | b'\t' | b'\r'));
        matches!(before, None | Some(b',' | b'\n' | b'['))
    }

    /// Whether the object at `candidate` parses and has half of the first element's keys.
    fn looks_known(&mut self, candidate: usize) -> bool {
        let gone_over = self.text.at().byte.unwrap_or_default() + candidate as u64;
        let allowed = (IN_VAIN_PER_BYTE * gone_over + MAX_JUDGED_BYTES as u64).saturating_sub(self.n_judged_in_vain);
        let most = (allowed as usize).clamp(MIN_JUDGED_BYTES, MAX_JUDGED_BYTES);
        let Ok(end) = self.value_end(candidate, most) else {
            self.n_judged_in_vain += (self.text.data().len() - candidate).min(most) as u64;
            return false;
        };
        let json = std::str::from_utf8(&self.text.data()[candidate..end]).unwrap_or_default();
        let keys = keys_of(json);
        let is_known = !keys.is_empty()
            && (self.known.is_empty() || self.known.intersection(&keys).count() * 2 >= self.known.len());
        if !is_known {
            self.n_judged_in_vain += (end - candidate) as u64;
        }
        is_known
    }
}

/// The first bytes of a window as text.
fn json_of<'w>(text: &'w Text<'_>, end: usize) -> &'w str {
    crate::decode::valid_prefix(&text.data()[..end])
}

/// Byte of a text that a parser's error points at.
fn offset_of(json: &str, error: &serde_json::Error) -> usize {
    let before: usize = json.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    (before + error.column().saturating_sub(1)).min(json.len())
}

/// Keys of an object; none when it is broken or no object.
fn keys_of(json: &str) -> BTreeSet<String> {
    let object: Result<serde_json::Map<String, Value>, _> = serde_json::from_str(json);
    object.map(|object| object.into_iter().map(|(key, _)| key).collect()).unwrap_or_default()
}

/// Finds the end of a value across chunks.
#[derive(Default)]
struct Scan {
    depth: u32,
    is_in_string: bool,
    is_escaped: bool,
    is_scalar: bool,
}

impl Scan {
    /// Continues over `bytes`; how many of them belong to the value once its end is found.
    fn run(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut i = 0;
        while i < bytes.len() {
            if self.is_in_string {
                if self.is_escaped {
                    self.is_escaped = false;
                    i += 1;
                    continue;
                }
                i += bytes[i..].iter().position(|&b| b == b'"' || b == b'\\' || b == b'\n')? + 1;
                if bytes[i - 1] == b'\\' {
                    self.is_escaped = true;
                } else {
                    // A string never spans lines: an open quote ends here, so that it costs one element and not all.
                    self.is_in_string = false;
                    if self.depth == 0 {
                        return Some(i);
                    }
                }
                continue;
            }
            let byte = bytes[i];
            if self.is_scalar {
                if matches!(byte, b',' | b']' | b'}' | b':' | b'"' | b'{' | b'[') || byte.is_ascii_whitespace() {
                    return Some(i);
                }
                i += 1;
                continue;
            }
            match byte {
                b'"' => self.is_in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => {
                    if self.depth <= 1 {
                        return Some(if self.depth == 1 { i + 1 } else { i });
                    }
                    self.depth -= 1;
                }
                _ if self.depth == 0 && !byte.is_ascii_whitespace() => self.is_scalar = true,
                _ => {}
            }
            i += 1;
        }
        None
    }
}
