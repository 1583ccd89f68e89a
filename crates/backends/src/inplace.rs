//! Documents that people edit where they lie: front matter, and sections between marks that say what was generated.
//!
//! A generated Markdown document is divided at its headings. Each section stands between two marks; the first holds the
//! section's id and a mark of its text. So whatever a person changed is seen without remembering anything: a section whose
//! text has another mark was edited, and what stands between sections was added.
//! In: documents as text. Out: documents as text, and what people changed. Invariant: no word of a person is dropped.

use crate::dossier::Dossier;
use crate::slug;
use crate::text::markdown;
use std::collections::BTreeMap;
use throughline_model::SpecItemId;
use throughline_model::edit::mark;
use throughline_model::sentence::{Sentence, is_derived, whole};

const OPENS: &str = "<!-- throughline ";
const ENDS: &str = "<!-- /throughline -->";

/// Keys of the front matter that are generated; a person's own keys stay.
const KEYS: [&str; 7] = ["id", "insight", "title", "status", "revision", "changed_lines", "generated_from"];

/// One section of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its id: words of its heading, or the id of its story.
    pub id: String,
    /// Mark of its text as it was generated.
    pub mark: String,
    /// Its text.
    pub body: String,
    /// One-based line of the text's first line.
    pub line: u64,
    /// What a person added after it.
    pub after: String,
}

impl Section {
    /// Whether a person changed it.
    #[must_use]
    pub fn is_edited(&self) -> bool {
        self.mark != text_mark(&self.body)
    }
}

/// A document in its parts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// Lines of the front matter.
    pub front: Vec<String>,
    /// What stands before the first section.
    pub before: String,
    /// Sections, in order.
    pub sections: Vec<Section>,
}

fn text_mark(text: &str) -> String {
    format!("{:08x}", mark(text) >> 32)
}

/// A generated document with its front matter and marks; as it is where nobody keeps a mark of it.
#[must_use]
pub fn document(dossier: &Dossier<'_>, text: &str) -> String {
    let (Some(sentences), Some(generated_from)) = (dossier.sentences, dossier.generated_from) else {
        return text.to_owned();
    };
    let spec = dossier.spec;
    let mut front = vec![
        format!("id: {}", whole(spec.insight_id)),
        format!("insight: {}", spec.insight_id),
        format!("title: {}", serde_json::Value::from(spec.title.as_str())),
        format!("status: {}", sentences.status().word()),
    ];
    match dossier.since {
        Some(since) => {
            front.push(format!("revision: {}", since.number));
            front.push(format!("changed_lines: {}", since.differences.len()));
        }
        None => front.push("revision: none".to_owned()),
    }
    front.push(format!("generated_from: {generated_from}"));
    let id_of: BTreeMap<&str, SpecItemId> = sentences.items.iter().map(|item| (item.key.as_str(), item.id)).collect();
    let mut n_by_id: BTreeMap<String, u32> = BTreeMap::new();
    let sections = divided(text).into_iter().map(|(heading, body)| {
        let key = heading.split(' ').next().unwrap_or_default();
        let id = id_of.get(key).map_or_else(|| slug::words(&heading), ToString::to_string);
        let id = if id.is_empty() { "section".to_owned() } else { id };
        let n = n_by_id.entry(id.clone()).or_default();
        *n += 1;
        let id = if *n == 1 { id } else { format!("{id}-{n}") };
        Section { id, mark: text_mark(&body), body, line: 0, after: String::new() }
    });
    print(&Document { front, before: String::new(), sections: sections.collect() })
}

/// A text at its headings: `#` lines and bold words at the start of a paragraph, code blocks aside. The first heading of a
/// document is called `title`, since its words may change.
fn divided(text: &str) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    let mut is_code = false;
    for line in text.lines() {
        if line.starts_with("```") {
            is_code = !is_code;
        }
        let heading = line.trim_start_matches('#').strip_prefix(' ').filter(|_| line.starts_with('#'));
        let bold = line.strip_prefix("**").and_then(|rest| rest.split_once(".**")).map(|(head, _)| head);
        match heading.or(bold).filter(|_| !is_code) {
            Some(heading) => {
                let id = if out.is_empty() { "title" } else { heading };
                out.push((id.to_owned(), String::new()));
            }
            None if out.is_empty() => out.push(("title".to_owned(), String::new())),
            None => {}
        }
        if let Some((_, body)) = out.last_mut() {
            body.push_str(line);
            body.push('\n');
        }
    }
    for (_, body) in &mut out {
        *body = format!("{}\n", body.trim_end());
    }
    out
}

/// The text of a document.
#[must_use]
pub fn print(document: &Document) -> String {
    let mut out = String::new();
    if !document.front.is_empty() {
        out.push_str(&format!("---\n{}\n---\n\n", document.front.join("\n")));
    }
    out.push_str(&document.before);
    for section in &document.sections {
        let Section { id, mark, body, after, .. } = section;
        let gap = if body.ends_with('\n') { "" } else { "\n" };
        out.push_str(&format!("{OPENS}{id} {mark} -->\n{body}{gap}{ENDS}\n\n{after}"));
    }
    format!("{}\n", out.trim_end())
}

/// Reads a document with marks; none when there is none in it.
#[must_use]
pub fn read(text: &str) -> Option<Document> {
    let mut document = Document::default();
    let mut lines = text.lines().enumerate().peekable();
    if text.starts_with("---\n") {
        lines.next();
        for (_, line) in lines.by_ref() {
            if line == "---" {
                break;
            }
            document.front.push(line.to_owned());
        }
    }
    let mut open: Option<Section> = None;
    for (at, line) in lines {
        let opens = line.trim().strip_prefix(OPENS).and_then(|rest| rest.strip_suffix("-->"));
        let named = opens.and_then(|rest| rest.trim().rsplit_once(' '));
        if let Some((id, mark)) = named {
            // A section whose end somebody removed ends where the next begins.
            document.sections.extend(open.take());
            let (id, mark) = (id.to_owned(), mark.to_owned());
            open = Some(Section { id, mark, body: String::new(), line: at as u64 + 2, after: String::new() });
        } else if line.trim() == ENDS {
            document.sections.extend(open.take());
        } else if let Some(section) = &mut open {
            section.body.push_str(line);
            section.body.push('\n');
        } else {
            let to = document.sections.last_mut().map_or(&mut document.before, |section| &mut section.after);
            to.push_str(line);
            to.push('\n');
        }
    }
    document.sections.extend(open.take());
    // Blank lines around sections are ours.
    let tidy = |text: &mut String| {
        let inner = text.trim_matches('\n');
        *text = if inner.is_empty() { String::new() } else { format!("{inner}\n\n") };
    };
    tidy(&mut document.before);
    document.sections.iter_mut().for_each(|section| tidy(&mut section.after));
    (!document.sections.is_empty()).then_some(document)
}

/// A document as generated now, with everything that people added to the one that lies there, and with those of its
/// sections that `stays` names as they wrote them. Sections that are generated no longer stay when they were edited.
#[must_use]
pub fn updated(generated: &Document, lying: &Document, stays: &dyn Fn(&Section) -> bool) -> Document {
    let mut out = generated.clone();
    let own = lying.front.iter().filter(|line| {
        let key = line.split(':').next().unwrap_or_default().trim();
        !KEYS.contains(&key)
    });
    out.front.extend(own.cloned());
    out.before.clone_from(&lying.before);
    let at: BTreeMap<String, usize> =
        out.sections.iter().enumerate().map(|(i, section)| (section.id.clone(), i)).collect();
    let mut last: Option<usize> = None;
    let mut inserted: Vec<(Option<usize>, Section)> = Vec::new();
    for section in &lying.sections {
        if let Some(&i) = at.get(&section.id) {
            if section.is_edited() && stays(section) {
                out.sections[i].body.clone_from(&section.body);
                out.sections[i].mark.clone_from(&section.mark);
            }
            out.sections[i].after.clone_from(&section.after);
            last = Some(i);
        } else if section.is_edited() {
            inserted.push((last, section.clone()));
        } else if !section.after.is_empty() {
            match last {
                Some(i) => out.sections[i].after.push_str(&section.after),
                None => out.before.push_str(&section.after),
            }
        }
    }
    for (after, section) in inserted.into_iter().rev() {
        out.sections.insert(after.map_or(0, |i| i + 1), section);
    }
    out
}

/// The sentences that a person changed in a section: what was generated beside what they wrote. None when their words
/// cannot be told apart sentence by sentence.
#[must_use]
pub fn changed(generated: &str, theirs: &str, sentences: &[Sentence]) -> Option<Vec<(SpecItemId, String)>> {
    let pieces = pieces(generated, sentences);
    let mut out: BTreeMap<SpecItemId, String> = BTreeMap::new();
    let mut at = 0;
    for (i, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Fixed(text) => {
                let rest = theirs.get(at..)?;
                at += rest.starts_with(text).then_some(text.len())?;
            }
            Piece::Said { id, text, form } => {
                let rest = theirs.get(at..)?;
                let fixed = match pieces.get(i + 1) {
                    Some(Piece::Fixed(fixed)) => *fixed,
                    _ => "",
                };
                let is_last = i + 2 >= pieces.len();
                let is_kept = rest.strip_prefix(text).is_some_and(|rest| rest.starts_with(fixed));
                let n = match () {
                    () if is_kept => text.len(),
                    // Nothing but a blank tells this sentence from the next.
                    () if fixed.trim().is_empty() && !is_last => return None,
                    () if is_last => rest.strip_suffix(fixed)?.len(),
                    () => rest.find(fixed)?,
                };
                if !is_kept {
                    let said = form.back(rest.get(..n)?)?;
                    if out.insert(*id, said.clone()).is_some_and(|other| other != said) {
                        return None;
                    }
                }
                at += n;
            }
        }
    }
    (at == theirs.len()).then(|| out.into_iter().collect())
}

/// How a sentence stands in a document.
#[derive(Debug, Clone, Copy)]
enum Form {
    Escaped,
    Plain,
    LowerFirst,
}

impl Form {
    fn of(self, text: &str) -> String {
        match self {
            Self::Escaped => markdown(text),
            Self::Plain => text.split_whitespace().collect::<Vec<_>>().join(" "),
            Self::LowerFirst => first(&markdown(text), |c| c.to_lowercase().collect()),
        }
    }

    /// The sentence that a person wrote; none for an empty one and for one of several paragraphs.
    fn back(self, text: &str) -> Option<String> {
        let text = text.trim();
        if text.is_empty() || text.contains("\n\n") || text.contains("<!--") {
            return None;
        }
        let mut plain = String::with_capacity(text.len());
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let is_escape = c == '\\' && !matches!(self, Self::Plain);
            match chars.peek() {
                Some(next) if is_escape && next.is_ascii_punctuation() => {}
                _ => plain.push(if c == '\n' { ' ' } else { c }),
            }
        }
        Some(match self {
            Self::LowerFirst => first(&plain, |c| c.to_uppercase().collect()),
            Self::Escaped | Self::Plain => plain,
        })
    }
}

fn first(text: &str, to: impl Fn(char) -> String) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| to(c) + chars.as_str())
}

enum Piece<'t> {
    Fixed(&'t str),
    Said { id: SpecItemId, text: String, form: Form },
}

/// A text as sentences and what stands between them. At each place the longest sentence that stands there is taken.
fn pieces<'t>(text: &'t str, sentences: &[Sentence]) -> Vec<Piece<'t>> {
    let mut forms: Vec<(String, SpecItemId, Form, bool)> = Vec::new();
    // What is made from other sentences is found where none of those stands, or where its own key does.
    let is_second = |sentence: &Sentence| {
        let key = sentence.place.split(' ').next().unwrap_or_default();
        is_derived(&sentence.place) && !text.contains(key)
    };
    for sentence in sentences.iter().filter(|sentence| !sentence.text.trim().is_empty()) {
        for form in [Form::Escaped, Form::Plain, Form::LowerFirst] {
            forms.push((form.of(&sentence.text), sentence.id, form, is_second(sentence)));
        }
    }
    forms.sort_by_key(|(said, .., is_second)| (*is_second, std::cmp::Reverse(said.len())));
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let mut out = Vec::new();
    let (mut at, mut from) = (0, 0);
    while at < text.len() {
        let rest = &text[at..];
        let before = text[..at].chars().next_back();
        let found = forms.iter().find(|(said, ..)| {
            rest.starts_with(said.as_str())
                && !(is_word(before) && is_word(said.chars().next()))
                && !(is_word(said.chars().next_back()) && is_word(rest[said.len()..].chars().next()))
        });
        if let Some((said, id, form, _)) = found {
            out.push(Piece::Fixed(&text[from..at]));
            out.push(Piece::Said { id: *id, text: said.clone(), form: *form });
            at += said.len();
            from = at;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    out.push(Piece::Fixed(&text[from..]));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use throughline_model::sentence::State;

    fn sentence(id: u64, text: &str) -> Sentence {
        let (place, state) = ("problem".to_owned(), State::Compiled);
        Sentence { id: SpecItemId(id), place, text: text.to_owned(), state, status: None }
    }

    fn generated() -> Document {
        let sections = divided(
            "# A title\n\nA line.\n\n**Problem.** Files are late. [1] Nobody knows. [2]\n\n## Risks\n\n- One.\n",
        );
        let section = |(id, body): (String, String)| Section {
            id: slug::words(&id),
            mark: text_mark(&body),
            body,
            line: 0,
            after: String::new(),
        };
        let front = vec!["id: x1".to_owned()];
        Document { front, before: String::new(), sections: sections.into_iter().map(section).collect() }
    }

    #[test]
    fn what_was_generated_is_read_back_and_not_taken_for_edited() {
        let text = print(&generated());
        let document = read(&text).unwrap();
        let ids: Vec<&str> = document.sections.iter().map(|section| section.id.as_str()).collect();
        assert_eq!(ids, ["title", "problem", "risks"]);
        assert!(document.sections.iter().all(|section| !section.is_edited()));
        assert_eq!(print(&document), text);
        assert!(read("# Nothing of ours\n").is_none());
    }

    #[test]
    fn what_people_wrote_is_found_and_kept() {
        let text = print(&generated())
            .replace("id: x1", "id: x1\nowner: Ida")
            .replace("Files are late.", "Files come a day late.")
            .replace("<!-- throughline risks", "A note between sections.\n\n<!-- throughline risks");
        let lying = read(&text).unwrap();
        let edited: Vec<(&str, u64)> =
            lying.sections.iter().filter(|s| s.is_edited()).map(|s| (s.id.as_str(), s.line)).collect();
        let line = text.lines().position(|line| line.contains("a day late")).unwrap() as u64 + 1;
        assert_eq!(edited, [("problem", line)]);
        let kept = print(&updated(&generated(), &lying, &|_| true));
        for words in ["owner: Ida", "a day late", "A note between sections."] {
            assert_eq!(kept.matches(words).count(), 1, "{kept}");
        }
        assert_eq!(
            print(&updated(&generated(), &read(&kept).unwrap(), &|_| true)),
            kept,
            "a second time changes nothing"
        );
        // A section that is generated no longer stays when somebody edited it, and goes when nobody did.
        let mut later = generated();
        later.sections.retain(|section| section.id == "title");
        let text = print(&updated(&later, &lying, &|_| true));
        assert!(text.contains("a day late") && text.contains("A note between") && !text.contains("- One."), "{text}");
    }

    #[test]
    fn a_changed_sentence_is_told_from_its_neighbours() {
        let sentences = [sentence(1, "Files are late."), sentence(2, "Nobody_knows."), sentence(3, "One risk")];
        let base = "**Problem.** Files are late. [1] Nobody\\_knows. [2]\n\n- one risk\n";
        let of = |theirs: &str| changed(base, theirs, &sentences);
        assert_eq!(of(base), Some(Vec::new()));
        let edit = |from: &str, to: &str| of(&base.replace(from, to));
        assert_eq!(
            edit("Files are late", "Files come a day late"),
            Some(vec![(SpecItemId(1), "Files come a day late.".into())])
        );
        assert_eq!(edit("Nobody\\_knows", "They \\*do\\* know"), Some(vec![(SpecItemId(2), "They *do* know.".into())]));
        assert_eq!(edit("one risk", "another risk"), Some(vec![(SpecItemId(3), "Another risk".into())]));
        assert_eq!(edit("Files are late. [1] ", ""), None, "a sentence that was removed");
        assert_eq!(edit("[2]\n", "[2] And more.\n"), None, "a sentence that was added");
    }
}
