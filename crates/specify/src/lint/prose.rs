//! Words and measures that several rules share: vague words, widget words, grade of reading, quotes in text.

use crate::words;

/// Words that promise without a measure (rule US-7).
const VAGUE: &[&str] = &[
    "easy",
    "easily",
    "quick",
    "quickly",
    "fast",
    "faster",
    "simple",
    "simply",
    "intuitive",
    "flexible",
    "robust",
    "user-friendly",
    "seamless",
    "seamlessly",
    "better",
    "appropriate",
    "appropriately",
    "etc",
    "several",
    "efficient",
    "efficiently",
    "smooth",
    "smoothly",
    "modern",
    "powerful",
    "convenient",
    "improved",
    "optimal",
    "properly",
    "adequate",
    "reasonable",
    "various",
    "nice",
    "user friendly",
    "as needed",
    "and so on",
    "state of the art",
];

/// Words of the surface rather than of the behaviour (rule AC-2).
const WIDGETS: &[&str] = &[
    "click",
    "clicks",
    "clicked",
    "clicking",
    "button",
    "buttons",
    "dropdown",
    "drop-down",
    "checkbox",
    "checkboxes",
    "modal",
    "popup",
    "pop-up",
    "tooltip",
    "toast",
    "tab",
    "sidebar",
    "icon",
    "css",
    "div",
    "hover",
    "hovers",
    "menu",
    "textbox",
    "radio",
    "accordion",
    "spinner",
    "navbar",
    "dialog",
    "dialogue",
];

/// Words of a solution (rule US-6).
const SOLUTIONS: &[&str] = &[
    "database",
    "api",
    "rest",
    "graphql",
    "dropdown",
    "button",
    "react",
    "sql",
    "endpoint",
    "microservice",
    "json",
    "table",
    "checkbox",
    "modal",
    "kafka",
    "redis",
    "postgres",
    "javascript",
    "backend",
    "frontend",
];

/// Vague words in a text, quotes aside.
pub(super) fn vague(text: &str) -> Vec<&'static str> {
    found(text, VAGUE)
}

/// Widget words in a text, quotes aside.
pub(super) fn widgets(text: &str) -> Vec<&'static str> {
    found(text, WIDGETS)
}

/// Solution words in a text, quotes aside.
pub(super) fn solutions(text: &str) -> Vec<&'static str> {
    found(text, SOLUTIONS)
}

fn found(text: &str, list: &[&'static str]) -> Vec<&'static str> {
    let text = without_quotes(text).to_lowercase();
    let padded: String = text.chars().map(|c| if c.is_alphanumeric() || c == '-' { c } else { ' ' }).collect();
    let padded = format!(" {} ", padded.split_whitespace().collect::<Vec<_>>().join(" "));
    list.iter().copied().filter(|word| padded.contains(&format!(" {word} "))).collect()
}

/// The text without what stands between quotation marks: customers may say what they like.
pub(super) fn without_quotes(text: &str) -> String {
    let mut out = String::new();
    let mut depth = 0_u32;
    for c in text.chars() {
        match c {
            '“' => {
                depth += 1;
                // A quote stands for one word, so that the sentence around it keeps its shape.
                out.push_str("quote");
            }
            '”' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// What stands between quotation marks.
pub(super) fn quotes_in(text: &str) -> Vec<&str> {
    text.split('“').skip(1).filter_map(|part| part.split_once('”').map(|(quote, _)| quote)).collect()
}

/// Whether "and" or "or" joins two verbs, as in "export and send".
pub(super) fn joined_verbs(text: &str) -> Option<String> {
    let words: Vec<String> = without_quotes(text)
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '/' && c != '&').to_lowercase())
        .collect();
    words.iter().enumerate().skip(1).find_map(|(i, word)| {
        let is_joint = matches!(word.as_str(), "and" | "or" | "&" | "and/or");
        let next = words.get(i + 1)?;
        let first = words.iter().find(|word| words::is_verb(word))?;
        // "name and address" joins nouns; many verbs are nouns too, so the word before must not be one of a list.
        let after_next = words.get(i + 2).map_or("", String::as_str);
        let takes_object =
            ["a", "an", "the", "it", "them", "my", "all", "each", "every", "those", "these"].contains(&after_next);
        (is_joint && words::is_verb(next) && takes_object).then(|| format!("{first} {word} {next}"))
    })
}

/// Flesch-Kincaid grade: `0.39 words/sentence + 11.8 syllables/word - 15.59`.
pub(super) fn reading_grade(sentences: &[String]) -> Option<f64> {
    let mut n_words = 0.0;
    let mut n_syllables = 0.0;
    let mut n_sentences = 0.0;
    for sentence in sentences {
        let words: Vec<&str> =
            sentence.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).collect();
        if words.is_empty() {
            continue;
        }
        n_sentences += sentence.matches(['.', ';', ':', '?', '!']).count().max(1) as f64;
        n_words += words.len() as f64;
        n_syllables += f64::from(words.iter().map(|word| syllables(word)).sum::<u32>());
    }
    (n_words >= 50.0).then(|| 0.39 * n_words / n_sentences + 11.8 * n_syllables / n_words - 15.59)
}

/// Syllables by groups of vowels, a silent final e aside; at least one.
fn syllables(word: &str) -> u32 {
    let word = word.to_lowercase();
    let letters: Vec<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
    let is_vowel = |c: char| "aeiouyäöüéèáíóú".contains(c);
    let groups =
        letters.iter().enumerate().filter(|&(i, &c)| is_vowel(c) && (i == 0 || !is_vowel(letters[i - 1]))).count();
    let is_silent = word.ends_with('e') && !word.ends_with("le") && groups > 1;
    (groups - usize::from(is_silent)).max(1) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_left_alone() {
        assert!(vague("They say: “it must be fast and easy”").is_empty());
        assert_eq!(vague("It must be fast."), ["fast"]);
        assert_eq!(quotes_in("a “b c” d “e”"), ["b c", "e"]);
    }

    #[test]
    fn verbs_that_are_joined_are_found() {
        assert!(joined_verbs("export hours and send them").is_some());
        assert!(joined_verbs("filter shifts by owner and status").is_none());
    }

    #[test]
    fn plain_words_read_at_a_low_grade() {
        let plain = vec!["The cat sat on the mat and it was glad to be there with us.".to_owned(); 5];
        let heavy = vec![
            "Organisational transformation necessitates comprehensive interdepartmental communication."
                .to_owned();
            10
        ];
        assert!(reading_grade(&plain).unwrap() < 5.0);
        assert!(reading_grade(&heavy).unwrap() > 12.0);
        assert_eq!(reading_grade(&["Short.".to_owned()]), None);
    }
}
