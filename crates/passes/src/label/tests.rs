//! Labels read as a person would write them, whatever the statements are.

use super::*;

fn group(texts: &[&'static str]) -> Vec<Said<'static>> {
    said_in(Language::English, texts)
}

fn said_in(language: Language, texts: &[&'static str]) -> Vec<Said<'static>> {
    texts
        .iter()
        .enumerate()
        .map(|(i, text)| Said { text, language, voice: i as u64, title: None, is_spoken: true })
        .collect()
}

fn named(groups: &[Vec<Said<'_>>], kept: &[Option<&str>]) -> Vec<Label> {
    Groups::new(groups).labels(groups, kept)
}

fn named_alone(groups: &[Vec<Said<'_>>]) -> Vec<Label> {
    named(groups, &[])
}

/// All phrases that a statement gives, longest first, as words with blanks between.
fn phrases(text: &str, language: Language) -> Vec<String> {
    let said = Said { text, language, voice: 0, title: None, is_spoken: true };
    let mut found = BTreeMap::new();
    gather(text, &said, false, &mut found, &mut Noted::default());
    let mut phrases: Vec<String> = found.into_keys().collect();
    phrases.sort_by_key(|phrase| (std::cmp::Reverse(phrase.len()), phrase.clone()));
    phrases
}

fn check(language: Language, cases: &[(&str, &str)]) {
    let failures: Vec<String> = cases
        .iter()
        .filter(|(text, wanted)| !phrases(text, language).contains(&(*wanted).to_owned()))
        .map(|(text, wanted)| format!("“{text}” does not give “{wanted}” but {:?}", phrases(text, language)))
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn questions_give_what_is_asked_for() {
    check(
        Language::English,
        &[
            ("How do I get a refund?", "get a refund"),
            ("Hi, can you please tell me how I can export the monthly report?", "export the monthly report"),
            ("Is there a way to swap a shift from the phone?", "swap a shift from the phone"),
            ("can you add CSV export", "add csv export"),
            ("Why was I charged a fee for withdrawing cash?", "charged a fee for withdrawing cash"),
            ("Why is my card not working?", "card not working"),
            ("Why isn't the calendar syncing with Outlook?", "calendar isn't syncing with outlook"),
            ("Why does the upload stop at half?", "upload stops at half"),
            ("Why did my transfer fail?", "transfer failed"),
            ("Why can't I delete a folder?", "can't delete a folder"),
            ("What is the limit for uploads?", "limit for uploads"),
            ("How long does a transfer take?", "how long a transfer takes"),
            ("Where can I find the invoice?", "where to find the invoice"),
            ("When will my card arrive?", "when the card will arrive"),
            ("Which currencies can I exchange?", "exchange currencies"),
            ("Is it possible to sign in with SAML?", "sign in with saml"),
            ("what should I do to reset my password", "reset password"),
            ("Do you offer student discounts?", "student discounts"),
        ],
    );
}

#[test]
fn statements_lose_the_writer_and_the_courtesy() {
    check(
        Language::English,
        &[
            ("My card hasn't arrived yet", "card hasn't arrived"),
            ("I would like to change my address, please.", "change address"),
            ("I lost my phone yesterday", "lost phone"),
            ("I was charged twice for one payment", "charged twice for one payment"),
            ("We are unable to print the rota", "unable to print the rota"),
            ("I cannot log in with my work account", "can't log in with work account"),
            ("It would be great if we could lock a published week", "lock a published week"),
            ("Please let us export payroll every week", "export payroll every week"),
            ("Unfortunately the app crashes when opening a second tab", "app crashes when opening a second tab"),
            ("There is a payment on my statement that I don't recognise", "payment on statement"),
            ("I don't know how to set up direct debit", "set up direct debit"),
            ("Feature request: dark mode for the mobile app", "dark mode for the mobile app"),
            ("I'm trying to merge two accounts", "merge two accounts"),
            ("I have been waiting for a refund for two weeks", "waiting for a refund"),
        ],
    );
}

#[test]
fn other_languages_lose_their_openings_too() {
    check(
        Language::German,
        &[
            ("Wie kann ich eine Schicht tauschen?", "schicht tauschen"),
            ("Ich möchte den Dienstplan exportieren", "dienstplan exportieren"),
            ("Ich kann die Datei nicht öffnen", "kann die datei nicht öffnen"),
        ],
    );
    check(Language::French, &[("Comment puis-je exporter le planning ?", "exporter le planning")]);
    check(
        Language::Spanish,
        &[
            ("¿Cómo puedo cambiar mi turno?", "cambiar mi turno"),
            ("No puedo abrir el archivo", "no puedo abrir el archivo"),
        ],
    );
    check(
        Language::Portuguese,
        &[
            ("Como posso trocar de turno?", "trocar de turno"),
            ("Não consigo abrir o ficheiro", "não consigo abrir o ficheiro"),
        ],
    );
}

#[test]
fn what_cannot_stand_alone_is_no_phrase() {
    let texts = [
        "How long until my transaction will be done?",
        "I was wondering about that, and what is it for?",
        "It is there because of the",
        "See https://example.org/a?b=c or call 555 0100 on 28 Sep",
        "Steps to reproduce:\n1. Open\nActual results:\nUser Agent: Mozilla/5.0 (X11)",
        "Thanks!",
        "Which one is it?",
        "He said you do not.",
    ];
    for text in texts {
        for phrase in phrases(text, Language::English) {
            let words: Vec<&str> = phrase.split(' ').collect();
            let (first, last) = (words[0], words[words.len() - 1]);
            assert!(!["the", "of", "be", "to", "is", "a", "and", "my", "will"].contains(&last), "{text}: {phrase}");
            assert!(!["the", "of", "be", "to", "is", "a", "and", "my", "it", "i"].contains(&first), "{text}: {phrase}");
            assert!(
                !phrase.contains("http") && !phrase.contains("mozilla") && !phrase.contains("reproduce"),
                "{text}: {phrase}"
            );
            assert!(!phrase.contains("transaction be"), "{text}: {phrase}");
        }
    }
}

#[test]
fn labels_tell_groups_apart() {
    let groups = [
        group(&[
            "Please let us schedule the payroll export every month",
            "I have to run the payroll export by hand every Friday",
            "Can the payroll export be scheduled?",
            "schedule the payroll export",
        ]),
        group(&[
            "The payroll export misses the night allowance column",
            "night allowance is not in the payroll file",
            "Our night allowance does not show up in the export",
        ]),
    ];
    let labels = named_alone(&groups);
    assert!(labels[1].text.to_lowercase().contains("night allowance"), "{}", labels[1].text);
    assert!(labels[0].text.to_lowercase().contains("schedule"), "{}", labels[0].text);
}

#[test]
fn no_two_groups_get_one_name() {
    let texts = ["How do I reset my password?", "Reset password", "I need to reset the password for the portal"];
    let labels = named_alone(&[group(&texts), group(&texts), group(&texts)]);
    let names: BTreeSet<&str> = labels.iter().map(|label| label.text.as_str()).collect();
    assert_eq!(names.len(), 3, "{names:?}");
}

#[test]
fn names_that_are_taken_stay_with_their_owners() {
    let texts = ["How do I reset my password?", "Reset password", "I need to reset the password for the portal"];
    let label = &named(&[group(&texts), Vec::new()], &[None, Some("Reset password")])[0];
    assert_ne!(label.text, "Reset password");
}

#[test]
fn a_greeting_names_nothing() {
    let texts = ["Buenos días, the rota is empty", "Guten Tag, the rota is empty again", "Bonjour, the rota is empty"];
    let label = &named_alone(&[group(&texts)])[0];
    assert!(label.text.to_lowercase().contains("rota"), "{}", label.text);
}

#[test]
fn a_group_without_phrases_still_has_a_name() {
    let labels = named_alone(&[group(&["???", "!!"])]);
    assert!(!labels[0].text.is_empty());
}

#[test]
fn words_are_spelt_as_most_people_spell_them() {
    let texts = ["How do I sync with Outlook?", "SYNC WITH OUTLOOK", "please sync with Outlook", "sync with outlook"];
    assert_eq!(named_alone(&[group(&texts)])[0].text, "Sync with Outlook");
}

#[test]
fn a_group_that_says_no_one_thing_is_named_by_its_two_topics() {
    let broad = group(&[
        "the folder is gone after the move",
        "a picture stays in the outbox",
        "my folder cannot be renamed",
        "printing a picture cuts the last line",
        "the folder count is wrong",
        "a picture shows the wrong sender",
        "each folder is read again at every start",
        "the picture list jumps",
        "sorting the folder by size does nothing",
        "deleting a picture leaves a hole",
        "the folder icon is tiny",
        "copying a picture takes a minute",
        "sharing the folder asks for a password",
        "quoting the picture loses its colours",
    ]);
    let other = group(&["How do I get a refund?", "I want a refund", "When does my refund come?"]);
    let read = Groups::new(&[broad, other]);
    let words = |at: usize| {
        let pair = topic::pair(&read.read[at], &read.rarity)?;
        Some(pair.tokens.into_iter().map(|token| token.low).collect::<Vec<_>>().join(" "))
    };
    assert_eq!(words(0).as_deref(), Some("folder and picture"));
    assert_eq!(words(1), None, "a refund is the one thing that all of them speak of");
}

#[test]
fn areas_are_named_by_what_their_groups_alone_speak_of() {
    let groups = [
        group(&["the card is lost", "my cards were stolen", "a new card please", "is the card free"]),
        group(&["the card was declined", "a card was refused", "cards do not work abroad"]),
        group(&["the transfer is late", "a transfer failed", "my transfers are pending"]),
    ];
    let topics = Groups::new(&groups).topics(&[vec![0, 1], vec![2]]);
    assert_eq!(topics[1].as_deref(), Some("Transfer"));
    assert!(topics[0].as_deref().is_some_and(|name| name.starts_with("Card")), "{topics:?}");
}
