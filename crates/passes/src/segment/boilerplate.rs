//! Set phrases that say nothing about a product: what agents and help desks write to everybody, automatic replies, small
//! print, and courtesies that open or close a message.
//!
//! One automaton holds the phrases of all classes in five languages; a text without any of them costs one pass.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};
use std::ops::Range;
use std::sync::LazyLock;
use throughline_text::{sentence, token};

/// What a phrase gives away about the sentence it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    /// Somebody of a help desk writes to a customer.
    Agent,
    /// A program answers: absence, receipt, closing of a ticket.
    Automatic,
    /// Small print under a mail.
    Footer,
    /// A sentence of courtesy.
    Courtesy,
}

/// In lower case, with plain apostrophes; ASCII letters match in either case.
const PHRASES: [(Class, &[&str]); 4] = [
    (
        Class::Agent,
        &[
            "thanks for reaching out",
            "thank you for reaching out",
            "thanks for contacting",
            "thank you for contacting",
            "thanks for getting in touch",
            "thank you for getting in touch",
            "thanks for getting back to us",
            "thanks for your patience",
            "thank you for your patience",
            "thank you for your feedback",
            "thanks for your feedback",
            "thank you for bringing this to our attention",
            "thanks for bringing this to our attention",
            "thanks for letting us know",
            "thank you for letting us know",
            "thank you for taking the time",
            "thanks for taking the time",
            "just reply to this",
            "reply to this message if",
            "reply to this email if",
            "feel free to reach out",
            "don't hesitate to contact us",
            "do not hesitate to contact us",
            "don't hesitate to reach out",
            "do not hesitate to reach out",
            "is there anything else i can",
            "anything else i can help",
            "anything else we can help",
            "happy to assist",
            "glad to assist",
            "here to help you",
            "we're here to help",
            "i understand your frustration",
            "understand how frustrating",
            "we apologize for",
            "we apologise for",
            "i apologize for",
            "i apologise for",
            "sorry for the inconvenience",
            "sorry for any inconvenience",
            "apologies for the inconvenience",
            "we haven't heard back from you",
            "we have not heard back from you",
            "haven't heard from you",
            "i'm going to close this ticket",
            "i will close this ticket",
            "i'll close this ticket",
            "closing this ticket",
            "i've passed this on",
            "i have passed this on",
            "passed this on to our",
            "passed your feedback",
            "forwarded this to our",
            "forwarded your",
            "escalated this to",
            "escalated your",
            "we'll get back to you",
            "we will get back to you",
            "i'll be happy to help",
            "i'd be happy to help",
            "i would be happy to help",
            "can you please confirm your",
            "please dm us",
            "send us a dm",
            "send us a direct message",
            "we're sorry to hear",
            "we are sorry to hear",
            "sorry to hear that you",
            "how can i help you today",
            "how may i help you",
            "how may i assist",
            "vielen dank für ihre nachricht",
            "vielen dank für ihre anfrage",
            "danke für ihre nachricht",
            "danke für ihre anfrage",
            "vielen dank für ihr feedback",
            "für die unannehmlichkeiten",
            "bei fragen stehen wir",
            "bei weiteren fragen",
            "melden sie sich gerne",
            "antworten sie einfach auf diese",
            "wir haben ihr anliegen",
            "kann ich ihnen sonst noch",
            "merci de nous avoir contact",
            "merci pour votre message",
            "merci pour votre retour",
            "nous nous excusons pour",
            "désolés pour la gêne",
            "désolé pour la gêne",
            "n'hésitez pas à nous contacter",
            "répondez simplement à ce message",
            "nous reviendrons vers vous",
            "puis-je vous aider",
            "gracias por contactar",
            "gracias por ponerse en contacto",
            "gracias por su mensaje",
            "gracias por escribirnos",
            "lamentamos las molestias",
            "disculpe las molestias",
            "no dude en contactarnos",
            "responda a este mensaje",
            "en qué puedo ayudar",
            "obrigado por entrar em contato",
            "obrigada por entrar em contato",
            "obrigado por contactar",
            "lamentamos o inconveniente",
            "pedimos desculpa pel",
            "não hesite em contactar",
            "não hesite em entrar em contato",
            "responda a esta mensagem",
            "como posso ajudar",
        ],
    ),
    (
        Class::Automatic,
        &[
            "i am out of the office",
            "i'm out of the office",
            "i am currently out of",
            "i'm currently out of",
            "i am out of office",
            "i'm out of office",
            "out of office reply",
            "out of office:",
            "out of office until",
            "out of the office until",
            "out of the office from",
            "automatic reply",
            "auto-reply",
            "auto reply",
            "autoreply",
            "automated response",
            "automatic response",
            "automatische antwort",
            "abwesenheitsnotiz",
            "réponse automatique",
            "respuesta automática",
            "resposta automática",
            "undelivered mail",
            "undeliverable:",
            "delivery status notification",
            "delivery has failed",
            "mail delivery failed",
            "mail delivery subsystem",
            "ich bin derzeit nicht im büro",
            "ich bin nicht im büro",
            "ich bin derzeit nicht erreichbar",
            "ich bin abwesend",
            "ich befinde mich im urlaub",
            "bin ich nicht im büro",
            "bin ich nicht erreichbar",
            "je suis actuellement absent",
            "je suis absent",
            "estoy fuera de la oficina",
            "estou fora do escritório",
            "we have received your request",
            "we have received your message",
            "we have received your email",
            "we've received your",
            "we have received your ticket",
            "your request has been received",
            "your ticket has been",
            "your request has been",
            "this is an automated",
            "this is an automatic",
            "please do not reply to this",
            "do not reply to this email",
            "diese nachricht wurde automatisch",
            "dies ist eine automatische",
            "ceci est un message automatique",
            "este es un mensaje automático",
            "esta é uma mensagem automática",
            "has joined the channel",
            "has left the channel",
        ],
    ),
    (
        Class::Footer,
        &[
            "this email and any",
            "this e-mail and any",
            "this message and any",
            "this email is confidential",
            "this e-mail is confidential",
            "this message is confidential",
            "this email may contain",
            "this e-mail may contain",
            "this message may contain",
            "this email contains",
            "this message contains confidential",
            "intended solely for",
            "intended only for",
            "if you are not the intended",
            "if you have received this",
            "please consider the environment",
            "pensez à l'environnement",
            "diese e-mail enthält",
            "diese nachricht enthält",
            "diese e-mail ist vertraulich",
            "diese e-mail kann",
            "ce message et",
            "ce courriel et",
            "ce message est confidentiel",
            "este correo electrónico y",
            "este mensaje y",
            "este correo y",
            "esta mensagem e ",
            "esta mensagem pode",
            "you are receiving this",
            "you receive this",
            "you received this message because",
            "view this email in your browser",
            "view it on github",
            "reply to this email directly",
            "registered office",
            "registered in england",
            "handelsregister",
            "geschäftsführer:",
            "geschäftsführerin:",
            "amtsgericht",
            "please type your reply above",
            "unsubscribe from",
        ],
    ),
    (
        Class::Courtesy,
        &[
            "thanks in advance",
            "thank you in advance",
            "thank you for your help",
            "thanks for your help",
            "thanks for any help",
            "thank you for any help",
            "thanks for the help",
            "thank you very much for your",
            "many thanks for your",
            "thanks for your time",
            "thank you for your time",
            "thanks for looking",
            "looking forward to hearing",
            "look forward to hearing",
            "looking forward to your",
            "look forward to your",
            "hope you are well",
            "hope you're well",
            "hope you are doing well",
            "hope this finds you",
            "hope this email finds",
            "hope this message finds",
            "hope this helps",
            "hope you can help",
            "hope that helps",
            "let me know if you need",
            "let me know if you have any",
            "let me know if there's anything",
            "let me know if further",
            "let us know if you need",
            "happy to provide more",
            "happy to provide further",
            "can provide more info",
            "any help is appreciated",
            "any help would be appreciated",
            "any help appreciated",
            "any advice appreciated",
            "keep up the good work",
            "keep up the great work",
            "have a nice day",
            "have a great day",
            "have a good day",
            "have a nice weekend",
            "see below",
            "see attached",
            "see the attached",
            "please find attached",
            "find attached",
            "attached is",
            "attached are",
            "fyi",
            "for your information",
            "siehe unten",
            "siehe anhang",
            "anbei",
            "zur info",
            "voir ci-dessous",
            "ci-joint",
            "ver abajo",
            "adjunto",
            "ver abaixo",
            "em anexo",
            "segue anexo",
            "im voraus",
            "freue mich auf ihre",
            "freue mich auf eine",
            "ich hoffe, es geht",
            "einen schönen tag",
            "merci d'avance",
            "merci par avance",
            "dans l'attente de",
            "en vous remerciant",
            "bonne journée",
            "j'espère que vous allez bien",
            "gracias de antemano",
            "quedo a la espera",
            "espero su respuesta",
            "espero que esté bien",
            "que tenga un buen día",
            "desde já agradeço",
            "obrigado desde já",
            "fico no aguardo",
            "aguardo retorno",
            "aguardo resposta",
            "espero que esteja bem",
            "tenha um bom dia",
        ],
    ),
];

/// A sentence of courtesy says no more than this many words beside its phrase.
const COURTESY_WORDS: usize = 16;

static FINDER: LazyLock<Option<(AhoCorasick, Vec<Class>)>> = LazyLock::new(|| {
    let classes = PHRASES.iter().flat_map(|(class, phrases)| phrases.iter().map(move |_| *class)).collect();
    let phrases = PHRASES.iter().flat_map(|(_, phrases)| phrases.iter());
    let finder = AhoCorasickBuilder::new()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        .build(phrases)
        .ok()?;
    Some((finder, classes))
});

/// The set phrases of a text in order: class and where it begins.
pub(super) fn find(text: &str) -> Vec<(Class, usize)> {
    let Some((finder, classes)) = FINDER.as_ref() else {
        return Vec::new();
    };
    if text.contains('’') {
        let straight = text.replace('’', "'");
        return find_straight(finder, classes, &straight)
            .into_iter()
            .map(|(class, at)| (class, widened(text, at)))
            .collect();
    }
    find_straight(finder, classes, text)
}

fn find_straight(finder: &AhoCorasick, classes: &[Class], text: &str) -> Vec<(Class, usize)> {
    finder
        .find_iter(text)
        .filter(|hit| !text[..hit.start()].ends_with(char::is_alphanumeric))
        .map(|hit| (classes[hit.pattern().as_usize()], hit.start()))
        .collect()
}

/// The place in `text` of an offset in the same text with one-byte apostrophes.
fn widened(text: &str, at: usize) -> usize {
    let mut squeezed = 0;
    for (place, c) in text.char_indices() {
        if squeezed >= at {
            return place;
        }
        squeezed += if c == '’' { 1 } else { c.len_utf8() };
    }
    text.len()
}

/// Whether a whole message was written by a program: its title begins with a phrase of programs, or its text soon does.
pub(super) fn is_automatic(title: &str, text: &str) -> bool {
    const TITLE_BYTES: usize = 4;
    const OPENING_BYTES: usize = 160;
    let begins = |text: &str, within: usize| {
        let opening = &text[..text.floor_char_boundary((within + 80).min(text.len()))];
        find(opening).iter().any(|(class, at)| *class == Class::Automatic && *at <= within)
    };
    begins(title, TITLE_BYTES) || begins(text, OPENING_BYTES)
}

/// Whether a message is a help desk's answer: two of its phrases, or one that opens it.
pub(super) fn is_answer(text: &str) -> bool {
    const OPENING_BYTES: usize = 60;
    let hits: Vec<usize> =
        find(text).into_iter().filter(|(class, _)| *class == Class::Agent).map(|(_, at)| at).collect();
    hits.len() >= 2 || hits.first().is_some_and(|&at| at < OPENING_BYTES && is_thanks(&text[at..]))
}

/// Whether an agent's phrase is one that only agents open with: thanks for having been written to.
fn is_thanks(phrase: &str) -> bool {
    let lower = token::lower(&phrase[..phrase.floor_char_boundary(40.min(phrase.len()))]).into_owned();
    [
        "reaching out",
        "contacting",
        "getting in touch",
        "ihre nachricht",
        "ihre anfrage",
        "nous avoir contact",
        "votre message",
        "por contactar",
        "ponerse en contacto",
        "su mensaje",
        "entrar em contato",
    ]
    .iter()
    .any(|words| lower.contains(words))
}

/// The sentences of `range` that are courtesy, an agent's or a program's phrase and little else.
pub(super) fn empty_sentences(text: &str, range: &Range<usize>) -> Vec<Range<usize>> {
    let hits = find(&text[range.clone()]);
    if hits.is_empty() {
        return Vec::new();
    }
    sentence::sentences(&text[range.clone()])
        .into_iter()
        .filter(|sentence| {
            hits.iter().any(|(_, at)| sentence.contains(at))
                && token::words(&text[range.clone()][sentence.clone()]).count() <= COURTESY_WORDS
        })
        .map(|sentence| range.start + sentence.start..range.start + sentence.end)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_in_either_case_and_with_either_apostrophe() {
        assert_eq!(find("Well, We’re here to help."), [(Class::Agent, 6)]);
        assert_eq!(find("THANKS IN ADVANCE")[0].0, Class::Courtesy);
        assert!(find("Rückfragen bei weiteren Fragen").iter().all(|(class, _)| *class == Class::Agent));
        assert!(find("the export is broken").is_empty());
    }

    #[test]
    fn answers_are_told_from_complaints() {
        assert!(is_answer("Hi Ann, thanks for reaching out! Which version do you use?"));
        assert!(is_answer(
            "We haven't heard back from you, so I'm going to close this ticket for now. Just reply to this message if you need more."
        ));
        assert!(is_answer("Vielen Dank für Ihre Anfrage. Bitte starten Sie neu."));
        assert!(!is_answer("Nobody ever says sorry for the inconvenience, and the export fails."));
        assert!(!is_answer("I asked your team and our team will leave if it is not fixed"));
    }
}
