//! Phrase classes are found, and negated ones are not.

use proptest::prelude::*;

use super::*;

fn classes(text: &str, language: Language) -> Vec<&'static str> {
    let mut found: Vec<&str> = Lexicon::builtin().find(text, language).into_iter().map(|hit| hit.class).collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn has(text: &str, language: Language, class: &str) -> bool {
    classes(text, language).contains(&class)
}

#[test]
fn all_files_compile_and_share_their_classes() {
    let lexicon = Lexicon::builtin();
    let english = lexicon.classes(Language::English);
    assert!(english.len() >= 25, "{english:?}");
    for language in Language::KNOWN {
        assert_eq!(lexicon.classes(language), english, "{language:?}");
    }
}

#[test]
fn english_classes() {
    let en = Language::English;
    for (text, class) in [
        ("We need this ASAP", "urgency"),
        ("otherwise we’re switching to another tool", "churn"),
        ("I cant export anything", "blocked"),
        ("we copy and paste it by hand", "workaround"),
        ("it happens every time", "frequency"),
        ("how is this not a basic feature", "must_be"),
        ("I'd love a dark mode", "attractive"),
        ("no rush, it's minor", "indifferent"),
        ("this is a deal-breaker for us", "deal_block"),
        ("happy to pay extra for it", "expansion"),
        ("I was charged twice", "harm_money"),
        ("I lost all my work", "harm_data"),
        ("thank you", "thanks"),
        ("I would recommend you", "advocacy"),
        ("needed for GDPR", "regulation"),
        ("need ten more seats", "expansion"),
        ("need about five new seats", "expansion"),
    ] {
        assert!(has(text, en, class), "{text}: {class}, got {:?}", classes(text, en));
    }
}

#[test]
fn negated_and_hypothetical_hits_do_not_stand() {
    let en = Language::English;
    assert!(!has("this is not urgent", en, "urgency"));
    assert!(!has("I am not going to cancel my subscription", en, "churn"));
    assert!(!has("It isn't really a deal breaker", en, "deal_block"));
    assert!(has("It's not perfect, but it is urgent", en, "urgency"));
    assert!(has("This is not only urgent", en, "urgency"));
    assert!(!has(
        "What happens if a user cancels? Would users cancel their plan, or would they stop using it?",
        en,
        "churn"
    ));
    assert!(has("If people complain we will stop using it", en, "churn"));
    let lexicon = Lexicon::builtin();
    let hit = lexicon.find_all("not urgent", en).into_iter().find(|hit| hit.class == "urgency").unwrap();
    assert_eq!((hit.standing, hit.range), (Standing::Negated, 4..10));
}

#[test]
fn words_are_whole() {
    let en = Language::English;
    assert!(!has("the basically fine scrash", en, "must_be"));
    assert!(!has("scrash", en, "blocked"));
}

#[test]
fn declared_names() {
    let lexicon = Lexicon::builtin().with_names(&["Acme Board", "Linear"]).unwrap();
    let classes = |text| lexicon.find(text, Language::English).into_iter().map(|hit| hit.class).collect::<Vec<_>>();
    assert!(classes("Linear does this well").contains(&"competitor"));
    assert!(classes("we are moving to acme board").contains(&"churn"));
    assert!(classes("in linear it works").contains(&"competitor"));
    assert!(!classes("a linear scale").contains(&"competitor"));
    assert!(lexicon.with_names(&["--"]).is_err());
}

#[test]
fn other_languages() {
    use Language::{French, German, Portuguese, Spanish};
    for (language, text, class) in [
        (German, "Das ist dringend", "urgency"),
        (German, "Wir werden kündigen", "churn"),
        (German, "Ich kann nichts exportieren", "blocked"),
        (German, "Das müssen wir händisch übertragen", "workaround"),
        (German, "Vielen Dank", "thanks"),
        (French, "C'est urgent", "urgency"),
        (French, "Nous allons résilier notre abonnement", "churn"),
        (French, "Impossible de me connecter", "blocked"),
        (French, "on le fait à la main", "workaround"),
        (Spanish, "Es urgente", "urgency"),
        (Spanish, "Vamos a cancelar la suscripción", "churn"),
        (Spanish, "No puedo exportar", "blocked"),
        (Spanish, "lo hacemos a mano", "workaround"),
        (Portuguese, "É urgente", "urgency"),
        (Portuguese, "Vamos cancelar a assinatura", "churn"),
        (Portuguese, "Não consigo exportar", "blocked"),
        (Portuguese, "fazemos manualmente", "workaround"),
    ] {
        assert!(has(text, language, class), "{text}: {class}, got {:?}", classes(text, language));
    }
    assert!(!has("Das ist nicht dringend", German, "urgency"));
    assert!(!has("Wir kündigen nicht", German, "churn"));
    assert!(!has("Ce n'est pas urgent", French, "urgency"));
    assert!(!has("No es urgente", Spanish, "urgency"));
    assert!(!has("Não é urgente", Portuguese, "urgency"));
}

#[test]
fn ranges_are_those_of_the_text() {
    let text = "Très  pénible : c’est  URGENT…";
    let hit = Lexicon::builtin().find(text, Language::French).into_iter().find(|hit| hit.class == "urgency").unwrap();
    assert!(text[hit.range].ends_with("URGENT"));
}

#[test]
fn bad_files_name_their_fault() {
    let bad = Lexicon::from_toml(&[(Language::English, "[class.x]\nphrases = [\"a ... \"]")]).unwrap_err();
    assert_eq!(bad, LexiconError::Phrase { class: "x".to_owned(), phrase: "a ... ".to_owned() });
    assert!(matches!(Lexicon::from_toml(&[(Language::English, "[")]), Err(LexiconError::Toml { .. })));
}

proptest! {
    #[test]
    fn hits_lie_on_boundaries(text in "(can.t|not|urgent|é|İ|ß|  |\n|cancel my plan|,|’|a\u{301}| |need|seats|.){0,14}") {
        for language in Language::KNOWN {
            for hit in Lexicon::builtin().find_all(&text, language) {
                prop_assert!(hit.range.start < hit.range.end);
                prop_assert!(text.get(hit.range).is_some());
            }
        }
    }
}
