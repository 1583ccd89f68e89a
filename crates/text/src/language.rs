//! Tells which language a text is written in: English, German, French, Spanish, Portuguese, or something else.
//!
//! In: any text. Out: a [`Detected`]; `Language::Other` with confidence 0 means "cannot tell".
//! Function words decide first, because they are right on five-word tickets where letter statistics guess wildly;
//! letter trigrams (whatlang) are asked only for longer texts on which function words are silent.
//! Cost: one pass over the first 4 KiB; the trigram model only when needed.
//! Invariant: a text without any cue is never assigned; the caller's default stands in ([`detect_or`]).

use serde::{Deserialize, Serialize};

use crate::{closed_class, token};

/// The languages the word lists know. `Other` stands for any other language and for "unknown".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English, `en`.
    #[default]
    #[serde(rename = "en")]
    English,
    /// German, `de`.
    #[serde(rename = "de")]
    German,
    /// French, `fr`.
    #[serde(rename = "fr")]
    French,
    /// Spanish, `es`.
    #[serde(rename = "es")]
    Spanish,
    /// Portuguese, `pt`.
    #[serde(rename = "pt")]
    Portuguese,
    /// Any other language, or not known; `und` as in BCP 47.
    #[serde(rename = "und")]
    Other,
}

impl Language {
    /// The five languages with word lists, in a fixed order.
    pub const KNOWN: [Self; 5] = [Self::English, Self::German, Self::French, Self::Spanish, Self::Portuguese];

    /// The ISO 639-1 code; `und` for [`Language::Other`].
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::French => "fr",
            Self::Spanish => "es",
            Self::Portuguese => "pt",
            Self::Other => "und",
        }
    }

    /// Reads a BCP 47 tag by its primary part: `pt-BR` is Portuguese. An unknown tag is [`Language::Other`].
    pub fn from_code(tag: &str) -> Self {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Self::KNOWN.into_iter().find(|known| known.code().eq_ignore_ascii_case(primary)).unwrap_or(Self::Other)
    }

    /// Position in [`Language::KNOWN`]; `None` for [`Language::Other`].
    pub(crate) fn index(self) -> Option<usize> {
        Self::KNOWN.into_iter().position(|known| known == self)
    }
}

/// What [`detect`] concluded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detected {
    /// The language; [`Language::Other`] with confidence 0 when nothing speaks for any.
    pub language: Language,
    /// 0..=1; at least 0.5 means "act on it".
    pub confidence: f32,
}

/// No more than this many bytes are read: language does not change the answer further in, and time does.
const READ_BYTES: usize = 4096;
/// Letters needed before the trigram model may decide alone (chosen on banking77 and hwu64: below this it errs often).
const TRIGRAM_LETTERS: usize = 48;
/// Score a language needs from function words and marks.
const ENOUGH: f32 = 1.5;

/// Finds the language of `text`.
///
/// ```
/// use throughline_text::language::{Language, detect};
/// assert_eq!(detect("Ich kann die Datei nicht mehr öffnen").language, Language::German);
/// assert_eq!(detect("CSV export").confidence, 0.0);
/// ```
pub fn detect(text: &str) -> Detected {
    let text = &text[..text.floor_char_boundary(READ_BYTES)];
    // One slot per known language and one for all decoys (Dutch, Italian, ...), whose words must not count for us.
    let mut score = [0.0_f32; 6];
    let mut n_letters = 0_usize;
    let mut n_foreign = 0_usize;
    let mut folded = String::new();
    for range in token::words(text) {
        let word = &text[range];
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        folded.clear();
        folded.extend(word.chars().flat_map(char::to_lowercase).map(|c| if c == '’' { '\'' } else { c }));
        for c in folded.chars() {
            n_letters += 1;
            match c {
                'ß' => score[1] += 1.0,
                'ä' | 'ö' | 'ü' => {
                    score[1] += 0.4;
                    score[5] += 0.15;
                }
                'ñ' => score[3] += 1.0,
                'ã' | 'õ' => score[4] += 1.0,
                'œ' | 'è' | 'ê' | 'û' | 'î' => score[2] += 0.3,
                'ł' | 'ż' | 'ő' | 'ű' | 'ş' | 'ğ' | 'ı' | 'ø' | 'å' | 'æ' | 'č' | 'ř' | 'ț' | 'ș' => {
                    score[5] += 0.7;
                }
                c if !c.is_ascii() && !closed_class::is_latin(c) => n_foreign += 1,
                _ => {}
            }
        }
        let mask = closed_class::language_mask(&folded);
        if mask != 0 {
            // A word shared by k languages speaks 1/k^2 for each: "de" must not decide anything.
            let share = mask.count_ones() as f32;
            for (slot, points) in score.iter_mut().enumerate() {
                if mask >> slot & 1 == 1 {
                    *points += 1.0 / (share * share);
                }
            }
        }
    }
    if text.contains(['¿', '¡']) {
        score[3] += 1.0;
    }
    if n_foreign * 2 > n_letters && n_letters > 0 {
        return Detected { language: Language::Other, confidence: 0.95 };
    }
    let (first, second) = two_best(&score);
    let enough = score[first] >= ENOUGH || (score[first] >= 0.9 && score[second] <= 0.3);
    if enough && score[first] >= 1.3 * score[second] {
        let lead = (score[first] - score[second]) / score[first];
        let mass = score[first] / (score[first] + 1.0);
        let language = Language::KNOWN.get(first).copied().unwrap_or(Language::Other);
        return Detected { language, confidence: (0.5 + 0.5 * lead * mass).min(1.0) };
    }
    if n_letters >= TRIGRAM_LETTERS
        && let Some(info) = whatlang::detect(text)
        && info.is_reliable()
    {
        let language = match info.lang() {
            whatlang::Lang::Eng => Language::English,
            whatlang::Lang::Deu => Language::German,
            whatlang::Lang::Fra => Language::French,
            whatlang::Lang::Spa => Language::Spanish,
            whatlang::Lang::Por => Language::Portuguese,
            _ => Language::Other,
        };
        return Detected { language, confidence: 0.6 };
    }
    // A weak lead is reported below 0.5, so that a caller without a better default may still use it.
    if score[first] > 0.5 && score[first] > score[second] {
        let language = Language::KNOWN.get(first).copied().unwrap_or(Language::Other);
        return Detected { language, confidence: 0.3 };
    }
    Detected { language: Language::Other, confidence: 0.0 }
}

/// The detected language when its confidence is at least 0.5, else `default`.
pub fn detect_or(text: &str, default: Language) -> Language {
    let detected = detect(text);
    if detected.confidence >= 0.5 { detected.language } else { default }
}

fn two_best(score: &[f32; 6]) -> (usize, usize) {
    let mut order = [0, 1, 2, 3, 4, 5];
    order.sort_by(|&a, &b| score[b].total_cmp(&score[a]).then(a.cmp(&b)));
    (order[0], order[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_tickets_find_their_language() {
        let cases = [
            (Language::English, "the export is broken"),
            (Language::English, "How do I reset my password?"),
            (Language::English, "I can't log in"),
            (Language::German, "Der Export geht nicht"),
            (Language::German, "Ich kann mich nicht anmelden"),
            (Language::German, "Bitte eine Funktion zum Filtern hinzufügen"),
            (Language::French, "Impossible de me connecter avec mon compte"),
            (Language::French, "Je ne peux pas exporter les factures"),
            (Language::Spanish, "No puedo iniciar sesión"),
            (Language::Spanish, "¿Cómo exporto los datos?"),
            (Language::Portuguese, "Não consigo exportar os dados"),
            (Language::Portuguese, "Como faço para mudar a senha?"),
            (Language::Other, "Ik kan niet inloggen met mijn account"),
            (Language::Other, "Non riesco ad accedere al mio account"),
            (Language::Other, "Не могу войти в аккаунт"),
            (Language::Other, "ログインできません"),
        ];
        for (want, text) in cases {
            let got = detect(text);
            assert_eq!(got.language, want, "{text}: {got:?}");
            assert!(got.confidence >= 0.5, "{text}: {got:?}");
        }
    }

    #[test]
    fn without_a_cue_the_default_stands() {
        for text in ["", "CSV", "export csv", "12345", "https://example.com/a?b=c", "Dashboard v2.3"] {
            assert_eq!(detect_or(text, Language::French), Language::French, "{text}");
        }
    }

    #[test]
    fn tags_are_read_by_their_primary_part() {
        assert_eq!(Language::from_code("pt-BR"), Language::Portuguese);
        assert_eq!(Language::from_code("EN_us"), Language::English);
        assert_eq!(Language::from_code("ja"), Language::Other);
    }
}
