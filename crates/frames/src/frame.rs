//! Capability frames: what products are asked for, as data with typed access.
//!
//! In: the frames file (`data/frames.toml`, or a workspace's own). Out: [`Frames`] in file order and diagnostics.
//! A frame that cannot be used (unknown slot, bad placeholder, bad cue, missing case) is told with its line and column
//! and the part at fault is left out; the other frames stand.
//! Invariant: every placeholder of every [`Template`] is a slot name or one of the derived names of the file.

use crate::pattern::Cues;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use throughline_model::spec::Case;
use throughline_model::{Diagnostic, Severity, SlotName};
use toml::Spanned;

const SOURCE: &str = include_str!("../data/frames.toml");
const FILE: &str = "frames.toml";

static BUILTIN: LazyLock<Frames> = LazyLock::new(|| Frames::parse(SOURCE).0);

/// Groups of frames, in the order in which ties are broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Making, changing and keeping records.
    Records,
    /// Finding and seeing.
    Find,
    /// Data in and out.
    Move,
    /// Acts and their timing.
    Act,
    /// People, rights and trust.
    People,
    /// Fitting the product to its users.
    Shape,
    /// How well it works, and where.
    Quality,
}

/// Text with placeholders in braces, each a slot or a derived name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Template(String);

impl Template {
    /// The text with its placeholders.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The names of its placeholders, in order, repeats kept.
    pub fn placeholders(&self) -> impl Iterator<Item = &str> {
        pieces(&self.0).filter_map(|piece| match piece {
            Piece::Placeholder(name, _) => Some(name),
            Piece::Text(_) => None,
        })
    }

    /// The text with each placeholder replaced by what `value` gives for its name; `None` leaves it as it stands.
    ///
    /// ```
    /// let frames = throughline_frames::Frames::builtin();
    /// let means = &frames.get("delete").unwrap().means;
    /// assert_eq!(means.fill(|name| (name == "a_object").then(|| "an invoice".to_owned())), "delete an invoice");
    /// ```
    pub fn fill(&self, mut value: impl FnMut(&str) -> Option<String>) -> String {
        let mut filled = String::with_capacity(self.0.len() + 16);
        for piece in pieces(&self.0) {
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Placeholder(name, whole) => match value(name) {
                    Some(value) => filled.push_str(&value),
                    None => filled.push_str(whole),
                },
            }
        }
        filled
    }
}

enum Piece<'a> {
    Text(&'a str),
    /// Name, and the placeholder with its braces.
    Placeholder(&'a str, &'a str),
}

/// Cuts a template at its braces; an unclosed brace is text.
fn pieces(template: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = template;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if rest.starts_with('{')
            && let Some(close) = rest.find('}')
        {
            let whole = &rest[..=close];
            rest = &rest[close + 1..];
            return Some(Piece::Placeholder(&whole[1..close], whole));
        }
        let end = rest[1..].find('{').map_or(rest.len(), |at| at + 1);
        let text = &rest[..end];
        rest = &rest[end..];
        Some(Piece::Text(text))
    })
}

/// An acceptance skeleton: a state, an event, an observable result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skeleton {
    /// Given.
    pub state: Template,
    /// When.
    pub event: Template,
    /// Then.
    pub result: Template,
}

/// One capability frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// Short name, for instance `export`; unique.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Its group.
    pub family: Family,
    /// What is done, as a verb phrase.
    pub means: Template,
    /// Base forms of its verbs.
    pub verbs: Vec<String>,
    /// Base forms of its nouns.
    pub nouns: Vec<String>,
    /// Word patterns that speak for it; [`crate::pattern`] says how they are written.
    pub cues: Vec<String>,
    /// Word patterns that speak against it.
    pub not_if: Vec<String>,
    /// Slots a need of this frame must have, filled or asked for.
    pub required: Vec<SlotName>,
    /// Slots it may have.
    pub optional: Vec<SlotName>,
    /// Values that stand in for slots nobody mentioned.
    pub defaults: BTreeMap<SlotName, Template>,
    /// The question to ask when something required is open.
    pub ask: Template,
    /// Acceptance skeletons by case; all five cases are present.
    pub ac: BTreeMap<Case, Skeleton>,
    /// Entities, in the notation of the file.
    pub entities: Vec<Template>,
    /// Endpoints, in the notation of the file.
    pub endpoints: Vec<Template>,
    /// Parts of the screen, each `kind:label`.
    pub screen: Vec<Template>,
    /// Measures, each `heading: what is counted`.
    pub metrics: Vec<Template>,
    /// Product events.
    pub events: Vec<Template>,
    /// Other requirements.
    pub nfr: Vec<Template>,
    /// Made-up sentences that ask for it.
    pub examples: Vec<String>,
}

/// All frames, in file order.
#[derive(Debug, Clone, Default)]
pub struct Frames {
    all: Vec<Frame>,
    index: BTreeMap<String, usize>,
    /// Cues of all frames; the payload is the frame's position times two, plus one for `not_if`.
    pub(crate) cues: Cues<u16>,
    /// Positions of the frames that a base form is a verb of, and a noun of.
    pub(crate) with_verb: FxHashMap<String, Vec<u16>>,
    pub(crate) with_noun: FxHashMap<String, Vec<u16>>,
}

impl Frames {
    /// The frames that come with the product.
    pub fn builtin() -> &'static Self {
        &BUILTIN
    }

    /// Reads a frames file. Problems name line and column; what can be read is kept.
    pub fn parse(source: &str) -> (Self, Vec<Diagnostic>) {
        let mut reader = Reader { source, derived: BTreeSet::new(), problems: Vec::new() };
        let file: File = match toml::from_str(source) {
            Ok(file) => file,
            Err(error) => {
                let at = error.span().map_or(0, |span| span.start);
                reader.tell(
                    "frames-unreadable",
                    error.message(),
                    at,
                    "Mend the file; no frame of it is used until then.",
                );
                return (Self::default(), reader.problems);
            }
        };
        reader.derived = file.ir.derived.into_keys().collect();
        let mut frames = Self::default();
        for raw in file.frame {
            reader.take(&mut frames, raw);
        }
        (frames, reader.problems)
    }

    /// The frame with this id.
    pub fn get(&self, id: &str) -> Option<&Frame> {
        self.index.get(id).map(|&at| &self.all[at])
    }

    /// All frames, in file order.
    pub fn iter(&self) -> std::slice::Iter<'_, Frame> {
        self.all.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Position of a frame in file order.
    pub(crate) fn position(&self, id: &str) -> Option<usize> {
        self.index.get(id).copied()
    }
}

impl<'a> IntoIterator for &'a Frames {
    type Item = &'a Frame;
    type IntoIter = std::slice::Iter<'a, Frame>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    ir: Ir,
    #[serde(default)]
    frame: Vec<RawFrame>,
}

#[derive(Deserialize, Default)]
struct Ir {
    #[serde(default)]
    derived: BTreeMap<String, String>,
}

type Text = Spanned<String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFrame {
    id: Text,
    name: String,
    family: Family,
    means: Text,
    verbs: Vec<String>,
    nouns: Vec<String>,
    cues: Vec<Text>,
    not_if: Vec<Text>,
    required: Vec<Text>,
    optional: Vec<Text>,
    defaults: BTreeMap<Spanned<String>, Text>,
    ask: Text,
    ac: BTreeMap<Spanned<String>, Text>,
    entities: Vec<Text>,
    endpoints: Vec<Text>,
    screen: Vec<Text>,
    metrics: Vec<Text>,
    events: Vec<Text>,
    nfr: Vec<Text>,
    examples: Vec<String>,
}

struct Reader<'s> {
    source: &'s str,
    derived: BTreeSet<String>,
    problems: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn tell(&mut self, code: &str, message: &str, byte: usize, remedy: &str) {
        let before = &self.source[..self.source.floor_char_boundary(byte)];
        let line = before.matches('\n').count() as u64 + 1;
        let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
        let message = format!("{message} (line {line}, column {column})");
        let diagnostic = Diagnostic::new(code, Severity::Error, message, remedy);
        self.problems.push(diagnostic.at(FILE, Some(line), Some(byte as u64)));
    }

    fn take(&mut self, frames: &mut Frames, raw: RawFrame) {
        let at = frames.all.len();
        let (id_byte, id) = (raw.id.span().start, raw.id.into_inner());
        if frames.index.contains_key(&id) {
            let message = format!("frame `{id}` stands twice; the second is left out");
            self.tell("frames-twice", &message, id_byte, "Give each frame an id of its own.");
            return;
        }
        let cues = self.cues(&mut frames.cues, raw.cues, at as u16 * 2);
        let not_if = self.cues(&mut frames.cues, raw.not_if, at as u16 * 2 + 1);
        let mut defaults = BTreeMap::new();
        for (slot, value) in raw.defaults {
            let slot = self.slot(&slot);
            let value = self.template(value);
            if let Some(slot) = slot {
                defaults.insert(slot, value);
            }
        }
        let frame = Frame {
            name: raw.name,
            family: raw.family,
            means: self.template(raw.means),
            verbs: raw.verbs,
            nouns: raw.nouns,
            cues,
            not_if,
            required: raw.required.iter().filter_map(|slot| self.slot(slot)).collect(),
            optional: raw.optional.iter().filter_map(|slot| self.slot(slot)).collect(),
            defaults,
            ask: self.template(raw.ask),
            ac: self.skeletons(&id, id_byte, raw.ac),
            entities: self.templates(raw.entities),
            endpoints: self.templates(raw.endpoints),
            screen: self.templates(raw.screen),
            metrics: self.templates(raw.metrics),
            events: self.templates(raw.events),
            nfr: self.templates(raw.nfr),
            examples: raw.examples,
            id,
        };
        frames.index.insert(frame.id.clone(), at);
        for verb in &frame.verbs {
            frames.with_verb.entry(verb.clone()).or_default().push(at as u16);
        }
        for noun in &frame.nouns {
            frames.with_noun.entry(noun.clone()).or_default().push(at as u16);
        }
        frames.all.push(frame);
    }

    fn cues(&mut self, all: &mut Cues<u16>, raw: Vec<Text>, payload: u16) -> Vec<String> {
        let mut kept = Vec::with_capacity(raw.len());
        for cue in raw {
            let byte = cue.span().start;
            let cue = cue.into_inner();
            match all.add(&cue, payload) {
                Ok(()) => kept.push(cue),
                Err(bad) => {
                    let message = format!("cue `{cue}`: {}", bad.message);
                    self.tell("frames-cue", &message, byte + 1 + bad.byte, "Mend the cue; it is left out until then.");
                }
            }
        }
        kept
    }

    fn slot(&mut self, name: &Text) -> Option<SlotName> {
        let slot = SlotName::from_word(name.get_ref());
        if slot.is_none() {
            let known: Vec<&str> = SlotName::ALL.iter().map(|slot| slot.word()).collect();
            let message = format!("`{}` is not a slot", name.get_ref());
            let remedy = format!("Use one of {}.", known.join(", "));
            self.tell("frames-slot", &message, name.span().start, &remedy);
        }
        slot
    }

    fn templates(&mut self, raw: Vec<Text>) -> Vec<Template> {
        raw.into_iter().map(|text| self.template(text)).collect()
    }

    /// Checks placeholders; a bad one is told and stays as text.
    fn template(&mut self, raw: Text) -> Template {
        let start = raw.span().start + 1;
        let template = Template(raw.into_inner());
        let mut bad = Vec::new();
        let mut open = None;
        for (at, c) in template.0.char_indices() {
            match (c, open) {
                ('{', None) => open = Some(at),
                ('{', Some(_)) => bad.push((at, "a brace is opened inside another".to_owned())),
                ('}', None) => bad.push((at, "a brace is closed that was not opened".to_owned())),
                ('}', Some(from)) => {
                    let name = &template.0[from + 1..at];
                    if SlotName::from_word(name).is_none() && !self.derived.contains(name) {
                        bad.push((from, format!("`{{{name}}}` is neither a slot nor a derived name")));
                    }
                    open = None;
                }
                _ => {}
            }
        }
        if let Some(from) = open {
            bad.push((from, "a brace is opened and never closed".to_owned()));
        }
        for (at, message) in bad {
            self.tell("frames-placeholder", &message, start + at, "Name a slot, or add the name under [ir.derived].");
        }
        template
    }

    fn skeletons(
        &mut self,
        id: &str,
        id_byte: usize,
        raw: BTreeMap<Spanned<String>, Text>,
    ) -> BTreeMap<Case, Skeleton> {
        let mut cases = BTreeMap::new();
        for (name, text) in raw {
            let Some(case) = Case::ALL.into_iter().find(|case| case.word() == name.get_ref()) else {
                let message = format!("`{}` is not a case", name.get_ref());
                self.tell(
                    "frames-case",
                    &message,
                    name.span().start,
                    "Use happy, empty, permission, limit or failure.",
                );
                continue;
            };
            let byte = text.span().start;
            let template = self.template(text);
            let parts: Vec<&str> = template.0.split('|').map(str::trim).collect();
            if let [state, event, result] = parts[..]
                && parts.iter().all(|part| !part.is_empty())
            {
                let part = |text: &str| Template(text.to_owned());
                cases.insert(case, Skeleton { state: part(state), event: part(event), result: part(result) });
            } else {
                let message = format!("the {} case of `{id}` is not `state|event|result`", case.word());
                self.tell("frames-skeleton", &message, byte, "Write three parts, split by two bars.");
            }
        }
        for case in Case::ALL.into_iter().filter(|case| !cases.contains_key(case)).collect::<Vec<_>>() {
            let message = format!("frame `{id}` has no {} case", case.word());
            self.tell("frames-case", &message, id_byte, "Add the case as `state|event|result`.");
        }
        cases
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_builtin_file_reads_without_a_problem() {
        let (frames, problems) = Frames::parse(SOURCE);
        assert!(problems.is_empty(), "{problems:#?}");
        assert_eq!(frames.len(), 54);
        for frame in &frames {
            assert_eq!(frame.ac.len(), 5, "{}", frame.id);
            assert!(!frame.cues.is_empty() && !frame.verbs.is_empty() && frame.required.contains(&SlotName::Actor));
            let described = frame.required.iter().chain(&frame.optional).collect::<BTreeSet<_>>();
            assert_eq!(described.len(), frame.required.len() + frame.optional.len(), "{}: a slot twice", frame.id);
        }
    }

    #[test]
    fn problems_name_their_line_and_column() {
        let broken = SOURCE
            .replacen("create {a_object} with", "create {an_object} with", 1)
            .replacen("required = [\"actor\", \"object\"]", "required = [\"actor\", \"thing\"]", 1)
            .replacen(
                "ac.happy = \"{a_object} the {actor} may change|",
                "ac.happy = \"{a_object} the {actor may change|",
                1,
            );
        let (frames, problems) = Frames::parse(&broken);
        assert_eq!(frames.len(), 54, "a broken part does not take its frame with it");
        let codes: Vec<&str> = problems.iter().map(|problem| problem.code.as_str()).collect();
        assert!(codes.contains(&"frames-placeholder") && codes.contains(&"frames-slot"), "{problems:#?}");
        let lines: Vec<&str> = broken.lines().collect();
        for problem in &problems {
            let line = problem.place.line.unwrap() as usize;
            let column: usize =
                problem.message.rsplit("column ").next().unwrap().trim_end_matches(')').parse().unwrap();
            assert!(column <= lines[line - 1].chars().count() + 1, "{problem:?}");
        }
        let slot = problems.iter().find(|problem| problem.code == "frames-slot").unwrap();
        assert!(lines[slot.place.line.unwrap() as usize - 1].contains("thing"));
    }

    #[test]
    fn an_unreadable_file_is_told() {
        let (frames, problems) = Frames::parse("frame = [");
        assert!(frames.is_empty());
        assert_eq!(problems[0].code, "frames-unreadable");
    }
}
