//! What a statement does: ask for something, report a problem, want to know, praise, or none of these.
//!
//! In: one statement in one language. Out: its [`Kind`] and how sure that is, 0..=1.
//! Each sentence collects points from the cues of its language's pack; within a cue class only the first hit counts in
//! full, so that a rant is not surer than a report. Sentences are then combined: the first stated need decides, a
//! question that follows or leads a problem belongs to it, and praise counts only where no need is stated.
//! Cost: one walk over the words, about five microseconds for a short text.

use crate::pack::Pack;
use crate::words::Words;
use throughline_model::{Kind, Language};

/// Kinds in the order in which points are kept.
pub(crate) const KINDS: [Kind; 5] = [Kind::Request, Kind::Problem, Kind::Question, Kind::Praise, Kind::Other];
/// What each further hit of the same class is worth, against the first.
const REPEAT_SHARE: f64 = 0.25;
/// Points of "other" when nothing speaks: below this a cue is not believed.
const FLOOR_POINTS: f64 = 1.6;

/// What a question mark is worth by itself: more than silence, less than any cue.
const QUESTION_MARK_POINTS: f64 = 1.8;
/// What "please" before what looks like a verb is worth.
const POLITE_POINTS: f64 = 2.0;
/// What a problem is worth that is only supposed: "what happens if the payment fails?"
const SUPPOSED_SHARE: f64 = 0.3;
/// What a sentence that begins with an order is worth: it says outright what is wanted.
const IMPERATIVE_POINTS: f64 = 4.5;

/// Points for each of [`KINDS`].
pub(crate) type Points = [f64; 5];

/// The kind of `text` and its certainty, 0..=1.
///
/// ```
/// use throughline_model::{Kind, Language};
/// assert_eq!(throughline_frames::kind("Please add dark mode", Language::En).0, Kind::Request);
/// assert_eq!(throughline_frames::kind("Export crashes on Monday", Language::En).0, Kind::Problem);
/// ```
pub fn kind(text: &str, language: Language) -> (Kind, f64) {
    crate::understand::kind(text, language)
}

/// Points of one sentence.
pub(crate) fn points(read: &Words, sentence: &str, pack: &Pack) -> Points {
    points_and_classes(read, sentence, pack).0
}

/// Points of one sentence, and the classes whose cues were found in it.
pub(crate) fn points_and_classes(read: &Words, sentence: &str, pack: &Pack) -> (Points, Vec<u16>) {
    let mut points = [0.0; 5];
    let hits = pack.kind_cues.find(&read.words, read.start);
    let mut seen: Vec<(u16, usize)> = Vec::new();
    let is_question = sentence.contains('?')
        || pack.asking_words.contains(read.words.get(read.start).map_or("", |word| word.lower.as_str()));
    let supposed = read.words.iter().position(|word| pack.supposing.contains(word.lower.as_str()));
    for hit in hits {
        let class = &pack.kind_classes[hit.payload as usize];
        let slot = slot(class.kind);
        let is_supposed = is_question && class.kind == Kind::Problem && supposed.is_some_and(|at| at < hit.first);
        let weight = if is_supposed { class.weight * SUPPOSED_SHARE } else { class.weight };
        match seen.iter_mut().find(|(payload, _)| *payload == hit.payload) {
            // Overlapping hits of one class are one observation.
            Some((_, last)) if hit.first < *last => {}
            Some((_, last)) => {
                points[slot] += weight * REPEAT_SHARE;
                *last = hit.last;
            }
            None => {
                points[slot] += weight;
                seen.push((hit.payload, hit.last));
            }
        }
    }
    if sentence.contains('?') {
        points[slot(Kind::Question)] += QUESTION_MARK_POINTS;
    }
    if is_imperative(read, pack) {
        points[slot(Kind::Request)] += IMPERATIVE_POINTS;
    } else if asks_politely(read, pack) {
        points[slot(Kind::Request)] += POLITE_POINTS;
    }
    (points, seen.into_iter().map(|(class, _)| class).collect())
}

/// Whether "please" is followed by a verb somewhere: "quote me, please" is not, "Good day, please quote me" is.
fn asks_politely(read: &Words, pack: &Pack) -> bool {
    read.words.windows(2).any(|pair| {
        pack.polite.contains(pair[0].lower.as_str())
            && !pack.after_verb.contains(pair[1].lower.as_str())
            && !pack.after_noun.contains(pair[1].lower.as_str())
    })
}

/// Whether a sentence begins with a verb that tells somebody to do something: "Add dark mode", but not "Search field is
/// blocked" nor "Transfer still pending".
pub(crate) fn is_imperative(read: &Words, pack: &Pack) -> bool {
    let words = &read.words[read.start.min(read.words.len())..];
    let Some(first) = words.first() else {
        return false;
    };
    if words.len() < 2 || !pack.imperatives.contains(first.lower.as_str()) {
        return false;
    }
    for (at, word) in words.iter().skip(1).take(5).enumerate() {
        if pack.after_verb.contains(word.lower.as_str()) {
            return true;
        }
        let is_finite = at > 0
            && word.lower.ends_with('s')
            && word.lower != word.lemma
            && pack.imperatives.contains(word.lemma.as_str());
        if is_finite || pack.after_noun.contains(word.lower.as_str()) {
            return false;
        }
    }
    true
}

/// Position of a kind in [`Points`].
pub(crate) fn slot(kind: Kind) -> usize {
    KINDS.iter().position(|&other| other == kind).unwrap_or(4)
}

/// Points of a text from those of its sentences; the first may be a title.
pub(crate) fn totals(sentences: &[Points], has_title: bool) -> Points {
    let mut total = [0.0_f64; 5];
    let mut weight = 1.0;
    for (at, points) in sentences.iter().enumerate() {
        for (sum, &own) in total.iter_mut().zip(points) {
            *sum += own * weight;
        }
        // A sentence that says something counts less and less for what follows: the first stated need decides.
        let spoke = points[..3].iter().fold(0.0, |most: f64, &own| most.max(own));
        if at == 0 && has_title && spoke >= 2.5 {
            weight = 0.3;
        } else if spoke >= 3.0 {
            weight *= 0.5;
        }
    }
    total
}

/// The kind that points alone make likely, and how likely.
pub(crate) fn decide(total: &Points) -> (Kind, f64) {
    let total = *total;
    let [request, problem, question, praise, other] = total;
    let need = request.max(problem).max(question);
    let mut adjusted = total;
    adjusted[4] += FLOOR_POINTS;
    // A question about something that went wrong is a problem.
    if problem >= 3.0 && question > problem && question < 2.2 * problem {
        adjusted[1] = question + 1.0;
    }
    if praise > 0.0 && need >= 3.0 {
        adjusted[3] = praise * 0.5;
    } else if praise >= 3.0 {
        adjusted[3] += 1.0;
    }
    if other > 3.5 && need < 6.0 {
        adjusted[4] += 3.0;
    }
    let mut best = 4;
    for at in 0..5 {
        if adjusted[at] > adjusted[best] {
            best = at;
        }
    }
    (KINDS[best], certainty(&adjusted, best))
}

/// The share of the best kind when points are taken as log odds at a fixed scale.
fn certainty(points: &Points, best: usize) -> f64 {
    const SCALE: f64 = 1.6;
    let top = points[best];
    let sum: f64 = points.iter().map(|&own| libm::exp((own - top) / SCALE)).sum();
    1.0 / sum
}
