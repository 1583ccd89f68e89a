//! The kind of channel that words of a file's name or header speak for.

use crate::fields::fold_header;
use throughline_model::SourceKind;

/// Words, folded, and the kind they speak for; the first kind with a word wins.
#[rustfmt::skip]
const WORDS: &[(SourceKind, &[&str])] = &[
    (SourceKind::Interview, &[
        "interview", "interviews", "interviewer", "interviewee", "discovery", "usability", "entretien", "entretiens",
        "entrevista", "entrevistas",
    ]),
    (SourceKind::Survey, &[
        "nps", "survey", "surveys", "csat", "questionnaire", "poll", "umfrage", "befragung", "sondage", "enquete",
        "encuesta", "pesquisa", "promoter", "typeform", "delighted",
    ]),
    (SourceKind::Review, &[
        "review", "reviews", "reviewer", "appstore", "playstore", "trustpilot", "capterra", "g2", "rezensionen",
        "bewertungen", "avis", "resenas", "avaliacoes", "stars",
    ]),
    (SourceKind::Support, &[
        "ticket", "tickets", "support", "helpdesk", "zendesk", "intercom", "freshdesk", "helpscout", "chatwoot",
        "requester", "anfragen", "soporte", "suporte", "inbox", "complaints",
    ]),
    (SourceKind::Community, &[
        "canny", "fider", "quackback", "uservoice", "portal", "ideas", "idea", "wishes", "upvotes", "voter",
        "requests", "roadmap", "forum", "community",
    ]),
    (SourceKind::Tracker, &[
        "issue", "issues", "bug", "bugs", "gitbugs", "jira", "github", "gitlab", "linear", "bugzilla", "tracker",
        "backlog", "assignee",
    ]),
    (SourceKind::Sales, &[
        "productboard", "crm", "salesforce", "hubspot", "csm",
    ]),
    (SourceKind::Chat, &[
        "slack", "teams", "chat", "channel", "discord",
    ]),
    (SourceKind::Call, &[
        "call", "calls", "demo", "gong", "zoom", "meeting", "meetings", "sales", "transcript", "transcripts",
        "recording", "qbr", "appels", "llamadas", "gespraech",
    ]),
];

/// The kind that the words of a text speak for.
pub(crate) fn of_words(text: &str) -> Option<SourceKind> {
    let folded = fold_header(text);
    let words: Vec<&str> = folded
        .split([' '])
        .flat_map(|word| {
            std::iter::once(word).chain(std::iter::once(word.trim_end_matches(|c: char| c.is_ascii_digit())))
        })
        .collect();
    WORDS.iter().find(|(_, known)| words.iter().any(|word| known.contains(word))).map(|(kind, _)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_speak_for_kinds() {
        for (text, kind) in [
            ("calls/acme-interview-2.vtt", Some(SourceKind::Interview)),
            ("calls/4329526.vtt", Some(SourceKind::Call)),
            ("NPS_2026.csv", Some(SourceKind::Survey)),
            ("gitbugs_seamonkey.csv", Some(SourceKind::Tracker)),
            ("banking77.csv", None),
        ] {
            assert_eq!(of_words(text), kind, "{text}");
        }
    }
}
