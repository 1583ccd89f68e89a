//! Names of days, months and units of time in the five languages, for telling a time from a thing.
//!
//! In: one word in lower case; accents do not matter. Out: which day or month it names, or whether it names a unit or a
//! part of a day. A word that means something else in another language ("mar", "sol") is not listed there.

use crate::token::fold;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// Monday first: English, German, French, Spanish, Portuguese.
const WEEKDAYS: [&str; 7] = [
    "monday montag lundi lunes segunda-feira",
    "tuesday dienstag mardi martes terca-feira",
    "wednesday mittwoch mercredi miercoles quarta-feira",
    "thursday donnerstag jeudi jueves quinta-feira",
    "friday freitag vendredi viernes sexta-feira",
    "saturday samstag sonnabend samedi sabado",
    "sunday sonntag dimanche domingo",
];

/// January first: English with its abbreviation, German, French, Spanish, Portuguese.
const MONTHS: [&str; 12] = [
    "january jan januar janvier enero janeiro",
    "february feb februar fevrier febrero fevereiro",
    "march marz mars marzo marco",
    "april apr avril abril",
    "may mai mayo maio",
    "june jun juni juin junio junho",
    "july jul juli juillet julio julho",
    "august aug aout agosto",
    "september sept sep septembre septiembre setembro",
    "october oct oktober octobre octubre outubro",
    "november nov novembre noviembre novembro",
    "december dec dezember decembre diciembre dezembro",
];

const UNITS: &str = "second seconds sec secs minute minutes min mins hour hours hrs day days week weeks month months \
    quarter quarters year years decade decades century centuries \
    sekunde sekunden minuten stunde stunden tag tage tagen woche wochen monat monate monaten jahr jahre jahren \
    seconde secondes heure heures jour jours semaine semaines mois annee annees an ans \
    segundo segundos minuto minutos hora horas dia dias semana semanas mes meses ano anos";

const PARTS: &str = "morning mornings noon afternoon evening evenings night nights midnight weekend weekends today \
    yesterday tomorrow tonight \
    morgen mittag nachmittag abend nacht wochenende heute gestern \
    matin midi apres-midi soir nuit aujourd'hui hier demain \
    manana tarde noche mediodia hoy ayer \
    manha noite meio-dia hoje ontem amanha";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Name {
    Weekday(u8),
    Month(u8),
    Unit,
    Part,
}

static NAMES: LazyLock<FxHashMap<&str, Name>> = LazyLock::new(|| {
    let mut names = FxHashMap::default();
    let mut add = |list: &'static str, name: Name| {
        for word in list.split_whitespace() {
            names.entry(word).or_insert(name);
        }
    };
    for (day, list) in (0..).zip(WEEKDAYS) {
        add(list, Name::Weekday(day));
    }
    for (month, list) in (1..).zip(MONTHS) {
        add(list, Name::Month(month));
    }
    add(UNITS, Name::Unit);
    add(PARTS, Name::Part);
    names
});

fn name(word: &str) -> Option<Name> {
    NAMES.get(fold(word).as_ref()).copied()
}

/// The day of the week that a word names, Monday being 0.
///
/// ```
/// assert_eq!(throughline_text::calendar::weekday("miércoles"), Some(2));
/// ```
pub fn weekday(word: &str) -> Option<u8> {
    match name(word) {
        Some(Name::Weekday(day)) => Some(day),
        _ => None,
    }
}

/// The month that a word names, 1..=12.
pub fn month(word: &str) -> Option<u8> {
    match name(word) {
        Some(Name::Month(month)) => Some(month),
        _ => None,
    }
}

/// Whether a word names a unit of time: "minutes", "Wochen".
pub fn is_unit(word: &str) -> bool {
    name(word) == Some(Name::Unit)
}

/// Whether a word names a part of a day or a day by its distance: "evening", "gestern".
pub fn is_part_of_day(word: &str) -> bool {
    name(word) == Some(Name::Part)
}

/// Whether a word names any time.
pub fn is_time(word: &str) -> bool {
    name(word).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_in_five_languages() {
        assert_eq!(weekday("friday"), Some(4));
        assert_eq!(weekday("terça-feira"), Some(1));
        assert_eq!(month("März"), Some(3));
        assert_eq!(month("août"), Some(8));
        assert!(is_unit("Wochen") && is_unit("años") && is_unit("hours"));
        assert!(is_part_of_day("tonight") && is_part_of_day("manhã"));
        assert!(!is_time("invoice") && !is_time("segunda"));
    }
}
