//! The team's own words: where customers name a thing by another word for a declared term, our sentences use the term.
//!
//! Only a whole noun is replaced, never a word inside another phrase, and never inside a quote (rule X-4).

use crate::noun::Noun;
use std::borrow::Cow;
use throughline_model::settings::Term;
use throughline_model::{Language, Need, SlotName};

/// The term for which a noun is another word.
#[must_use]
pub fn term_for<'a>(noun: &str, terms: &'a [Term]) -> Option<&'a Term> {
    let forms = |text: &str| {
        Noun::parse(text, Language::En)
            .map_or_else(Vec::new, |noun| vec![noun.one.to_lowercase(), noun.many.to_lowercase()])
    };
    let own = forms(noun);
    let is_same = |text: &str| text.eq_ignore_ascii_case(noun) || forms(text).iter().any(|form| own.contains(form));
    terms.iter().find(|term| !is_same(&term.term) && term.also.iter().any(|also| is_same(also)))
}

/// A need as our sentences put it, with the language of its object.
///
/// Who says "it" of the product names no thing in it: then the object stays unnamed.
pub(crate) fn worded<'a>(
    need: &'a Need,
    product: &str,
    terms: &[Term],
    language: Language,
) -> (Cow<'a, Need>, Language) {
    let own =
        |object: &str| Noun::parse(object, Language::En).is_some_and(|noun| noun.one.eq_ignore_ascii_case(product));
    if need.filled(SlotName::Object).is_some_and(own) {
        let mut need = need.clone();
        need.slots.remove(&SlotName::Object);
        return (Cow::Owned(need), Language::En);
    }
    let term = need.filled(SlotName::Object).and_then(|object| term_for(object, terms));
    let Some(term) = term else { return (Cow::Borrowed(need), language) };
    let mut need = need.clone();
    if let Some(slot) = need.slots.get_mut(&SlotName::Object) {
        slot.value.clone_from(&term.term);
    }
    (Cow::Owned(need), Language::En)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_words_for_a_term_are_found_whole() {
        let terms = [Term { term: "rota".into(), meaning: None, also: vec!["roster".into(), "Dienstplan".into()] }];
        assert_eq!(term_for("rosters", &terms).map(|term| term.term.as_str()), Some("rota"));
        assert_eq!(term_for("Dienstplan", &terms).map(|term| term.term.as_str()), Some("rota"));
        assert_eq!(term_for("rota", &terms), None);
        assert_eq!(term_for("roster history", &terms), None);
    }
}
