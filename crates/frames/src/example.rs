//! The example sentences under `data/examples`: what the weights are fitted to, and what tests read.
//!
//! A line is a kind (`r`, `p`, `q`; `a` praise, `o` other, `c` a chore of the makers), further acceptable frames after
//! plus signs, then the text with the thing acted on in square brackets and line breaks as `\\n`; `## frame` begins the
//! lines of a frame, or of no one frame in particular: then each line names its own after a colon (`r:share+invite`).

use std::ops::Range;
use throughline_model::Kind;

const SOURCES: &[&str] = &[
    include_str!("../data/examples/records.txt"),
    include_str!("../data/examples/find.txt"),
    include_str!("../data/examples/move.txt"),
    include_str!("../data/examples/act.txt"),
    include_str!("../data/examples/people.txt"),
    include_str!("../data/examples/shape.txt"),
    include_str!("../data/examples/quality.txt"),
    include_str!("../data/examples/longer.txt"),
    include_str!("../data/examples/mixed.txt"),
    include_str!("../data/examples/wider.txt"),
    include_str!("../data/examples/forms.txt"),
    include_str!("../data/examples/formerly.txt"),
    include_str!("../data/examples/none.txt"),
];

/// One example sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// Without its brackets.
    pub text: String,
    /// What it does; a chore is a request without a frame.
    pub kind: Kind,
    /// Acceptable frames, best first; empty where no frame fits. `reliability` comes before any other.
    pub frames: Vec<String>,
    /// Where the thing acted on stands in `text`.
    pub object: Option<Range<usize>>,
}

/// All of them, in file order. Lines that cannot be read are given back with the reason, for the test that holds them.
pub fn all() -> (Vec<Example>, Vec<String>) {
    parse(SOURCES)
}

/// The examples of `sources`, texts of such files, in order; then the lines that cannot be read.
pub fn parse(sources: &[&str]) -> (Vec<Example>, Vec<String>) {
    let mut found = Vec::new();
    let mut bad = Vec::new();
    for source in sources {
        let mut frame = "";
        for line in source.lines().map(str::trim) {
            if let Some(name) = line.strip_prefix("## ") {
                frame = name;
            } else if !line.is_empty() && !line.starts_with('#') {
                match read(line, frame) {
                    Some(example) => found.push(example),
                    None => bad.push(line.to_owned()),
                }
            }
        }
    }
    (found, bad)
}

fn read(line: &str, frame: &str) -> Option<Example> {
    let (head, text) = line.split_once(' ')?;
    // A line that names its frames itself stands under no frame.
    let (head, frame) = match head.split_once(':') {
        Some((kind, frames)) => match frames.split_once('+') {
            Some((first, more)) => (format!("{kind}+{more}"), first),
            None => (kind.to_owned(), frames),
        },
        None => (head.to_owned(), frame),
    };
    let text = text.replace("\\n", "\n");
    let mut parts = head.split('+');
    let kind = match parts.next()? {
        "r" | "c" => Kind::Request,
        "p" => Kind::Problem,
        "q" => Kind::Question,
        "a" => Kind::Praise,
        "o" => Kind::Other,
        _ => return None,
    };
    let mut frames: Vec<String> = Vec::new();
    if frame != "none" {
        frames.push(frame.to_owned());
        frames.extend(parts.map(str::to_owned));
        // What should work and does not is a matter of reliability first, wherever the line stands.
        if let Some(at) = frames.iter().position(|frame| frame == "reliability") {
            frames[..=at].rotate_right(1);
        }
    }
    let object = text.find('[').zip(text.find(']')).map(|(open, close)| open..close - 1);
    Some(Example { text: text.replace(['[', ']'], ""), kind, frames, object })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Frames;

    #[test]
    fn every_line_reads_and_names_known_frames() {
        let (examples, bad) = all();
        assert!(bad.is_empty(), "{bad:?}");
        assert!(examples.len() > 1000);
        for example in &examples {
            assert!(example.frames.iter().all(|frame| Frames::builtin().get(frame).is_some()), "{example:?}");
            if let Some(object) = &example.object {
                assert!(example.text.get(object.clone()).is_some_and(|object| !object.is_empty()), "{example:?}");
            }
        }
        for frame in Frames::builtin() {
            let n = examples.iter().filter(|example| example.frames.contains(&frame.id)).count();
            assert!(n >= 10, "{} has {n} examples", frame.id);
        }
    }
}
