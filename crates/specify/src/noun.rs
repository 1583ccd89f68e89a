//! A customer's noun, made ready for running text: one, several, with its article, and as a name in code.
//!
//! In: a phrase as somebody wrote it (`my CSV exports`, `staff`, `Dienstplan`), the words around it and its language.
//! Out: a [`Noun`]. The words stay the customer's; only number, article and case are set.

use crate::words;
use throughline_model::Language;

/// Words that stand before a noun and do not belong to it.
const DETERMINERS: &[&str] = &[
    "a", "an", "the", "my", "our", "your", "their", "his", "her", "its", "this", "that", "these", "those", "all",
    "any", "each", "every", "some", "no", "more", "new", "same", "own", "whole", "entire", "such", "another", "other",
    "certain", "multiple", "many", "several", "few", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    "ten", "eleven", "twelve", "twenty", "thirty", "forty", "fifty", "sixty", "hundred", "hundreds", "dozen", "dozens",
    "der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einem", "einer", "mein", "meine", "meinen",
    "unser", "unsere", "unseren", "le", "la", "les", "un", "une", "mon", "ma", "mes", "notre", "nos", "el", "los",
    "las", "una", "mi", "mis", "nuestro", "nuestra", "o", "os", "as", "um", "uma", "meu", "minha",
];

/// Words that say that the thing is at fault. They belong to the complaint and not to the thing.
const COMPLAINTS: &[&str] = &[
    "wrong",
    "incorrect",
    "broken",
    "missing",
    "bad",
    "faulty",
    "buggy",
    "right",
    "correct",
    "falsche",
    "falschen",
    "falscher",
    "falsches",
    "kaputte",
    "kaputten",
    "fehlende",
    "fehlenden",
    "mauvais",
    "mauvaise",
    "faux",
    "fausse",
];

/// Words after which a phrase no longer names the thing but says more about it.
const LINKS: &[&str] = &[
    "of", "for", "in", "on", "to", "from", "with", "without", "at", "by", "per", "into", "within", "via", "when",
    "after", "before", "while", "that", "which", "who", "because", "so", "if", "as", "since", "until", "between",
    "about",
];

/// Whether a word is a number, or a time of day: `30`, `1,000`, `9am`. `2FA` and `3D` are parts of names.
fn is_quantity(word: &str) -> bool {
    let number = word.strip_suffix("am").or_else(|| word.strip_suffix("pm")).unwrap_or(word);
    number.chars().all(|c| c.is_ascii_digit() || ".,:%".contains(c)) && number.starts_with(|c: char| c.is_ascii_digit())
}

/// Most words of a phrase that still reads as one noun in the middle of a sentence. Chosen, untested.
const MAX_WORDS: usize = 5;

/// A noun in the forms that sentences and code need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noun {
    /// `shift`, `member of staff`.
    pub one: String,
    /// `shifts`, `members of staff`.
    pub many: String,
    /// `a shift`, `an hour`; without an article for activities and names.
    pub a_one: String,
}

impl Noun {
    /// Reads a noun from a phrase. None when nothing is left of it.
    #[must_use]
    pub fn parse(phrase: &str, language: Language) -> Option<Self> {
        let mut words: Vec<String> = phrase
            .split(|c: char| c.is_whitespace() || ",;:!?()[]{}<>\"“”„«»|/\\*_#".contains(c))
            .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned())
            .filter(|word| !word.is_empty())
            .collect();
        let is_apart = |word: &str| DETERMINERS.contains(&word) || COMPLAINTS.contains(&word) || is_quantity(word);
        while words.len() > 1 && is_apart(words[0].to_lowercase().as_str()) {
            words.remove(0);
        }
        if words.len() == 1 && DETERMINERS.contains(&words[0].to_lowercase().as_str()) {
            return None;
        }
        for word in &mut words {
            let possessive = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).map(str::to_owned);
            if let Some(owner) = possessive {
                *word = owner;
            }
        }
        let first_link = words.iter().position(|word| LINKS.contains(&word.to_lowercase().as_str()));
        let is_of = first_link.is_some_and(|at| words[at].eq_ignore_ascii_case("of"));
        match first_link {
            Some(0) => return None,
            Some(at) if !is_of || words.len() > MAX_WORDS => words.truncate(at),
            _ => {}
        }
        if let Some(at) = words.iter().position(|word| word == "and" || word == "und" || word == "or") {
            words.truncate(at);
        }
        let is_german = language == Language::De;
        if words.len() > MAX_WORDS {
            words.drain(..words.len() - MAX_WORDS);
        }
        let words: Vec<String> =
            words.iter().map(|word| if is_german { word.clone() } else { words::recase(word) }).collect();
        if words.is_empty() {
            return None;
        }
        Some(Self::inflected(&words, language))
    }

    /// Without a last word that only names what is done with it: of a "payroll export" that is to be exported, the
    /// payroll.
    #[must_use]
    pub fn without_act(self, act: &str, language: Language) -> Self {
        match self.one.rsplit_once(' ') {
            Some((thing, last)) if last == act => Self::parse(thing, language).unwrap_or(self),
            _ => self,
        }
    }

    /// PascalCase, of one.
    #[must_use]
    pub fn pascal(&self) -> String {
        words::pascal(&self.one)
    }

    /// snake_case, of one.
    #[must_use]
    pub fn snake(&self) -> String {
        words::snake(&self.one)
    }

    /// kebab-case, of several: a path segment.
    #[must_use]
    pub fn kebab_many(&self) -> String {
        words::kebab(&self.many)
    }

    fn inflected(words: &[String], language: Language) -> Self {
        let phrase = words.join(" ");
        let head_at = words.iter().position(|word| word == "of").unwrap_or(words.len()) - 1;
        let head = &words[head_at];
        let with_head = |form: &str| {
            let mut out = words.to_vec();
            form.clone_into(&mut out[head_at]);
            out.join(" ")
        };
        let is_english = matches!(language, Language::En | Language::Unknown | Language::Other);
        if !is_english {
            let one = phrase;
            let many = with_head(&words::plural_in(head, language));
            return Self::with_article(one, many);
        }
        if let Some((one, many)) = words::unit(&phrase) {
            return Self::with_article(one.to_owned(), many.to_owned());
        }
        if let Some((one, many)) = words::unit(head).filter(|_| head_at + 1 == words.len()) {
            let before = words[..head_at].join(" ");
            // "night staff" becomes "member of night staff"; "sales data" becomes "sales data record".
            let join = |unit: &str| match unit.strip_suffix(head.as_str()) {
                Some(of) => format!("{of}{before} {head}"),
                None => format!("{before} {unit}"),
            };
            return Self::with_article(join(one).trim().to_owned(), join(many).trim().to_owned());
        }
        if words::is_activity(head) {
            return Self { one: phrase.clone(), many: phrase.clone(), a_one: phrase };
        }
        if words::has_fixed_case(head) && !words::is_acronym(head) {
            return Self { one: phrase.clone(), many: phrase.clone(), a_one: phrase };
        }
        let one_head = words::singular(head);
        let one = with_head(&one_head);
        let many = with_head(&words::plural(&one_head));
        Self::with_article(one, many)
    }

    fn with_article(one: String, many: String) -> Self {
        let a_one = format!("{} {one}", words::article(&one));
        Self { one, many, a_one }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_complaint_nor_act_is_part_of_the_thing() {
        let one = |phrase: &str| Noun::parse(phrase, Language::En).map(|noun| noun.one);
        assert_eq!(one("the wrong week").as_deref(), Some("week"));
        assert_eq!(one("wrong").as_deref(), Some("wrong"));
        assert_eq!(one("the 30 9am shifts").as_deref(), Some("shift"));
        assert_eq!(one("2FA codes").as_deref(), Some("2FA code"));
        let export = Noun::parse("payroll exports", Language::En).unwrap();
        assert_eq!(export.clone().without_act("export", Language::En).one, "payroll run");
        assert_eq!(export.without_act("filter", Language::En).one, "payroll export");
    }

    #[track_caller]
    fn check(phrase: &str, one: &str, many: &str, a_one: &str) {
        let noun = Noun::parse(phrase, Language::En).unwrap();
        assert_eq!((noun.one.as_str(), noun.many.as_str(), noun.a_one.as_str()), (one, many, a_one));
    }

    #[test]
    fn customers_words_become_nouns() {
        check("my shifts", "shift", "shifts", "a shift");
        check("CSV", "CSV", "CSVs", "a CSV");
        check("the csv export", "CSV export", "CSV exports", "a CSV export");
        check("hour", "hour", "hours", "an hour");
        check("hours", "hour", "hours", "an hour");
        check("people", "person", "people", "a person");
        check("staff", "member of staff", "members of staff", "a member of staff");
        check("night staff", "member of night staff", "members of night staff", "a member of night staff");
        check("sales data", "sales data record", "sales data records", "a sales data record");
        check("number of shifts", "number of shifts", "numbers of shifts", "a number of shifts");
        check("invoices for clients", "invoice", "invoices", "an invoice");
        check("loading", "loading", "loading", "loading");
        check("client's address", "client address", "client addresses", "a client address");
        check("names and addresses", "name", "names", "a name");
        check("Excel", "Excel", "Excel", "Excel");
    }

    #[test]
    fn other_languages_keep_their_spelling() {
        let noun = Noun::parse("den Dienstplan", Language::De).unwrap();
        assert_eq!((noun.one.as_str(), noun.many.as_str()), ("Dienstplan", "Dienstpläne"));
        assert_eq!(noun.kebab_many(), "dienstplaene");
        assert_eq!(noun.pascal(), "Dienstplan");
    }

    #[test]
    fn nothing_yields_nothing() {
        assert_eq!(Noun::parse(" ?! ", Language::En), None);
        assert_eq!(Noun::parse("to the site", Language::En), None);
        assert_eq!(Noun::parse("its", Language::En), None);
    }
}
