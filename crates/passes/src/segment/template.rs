//! The structure that forms, trackers and machines give a message: headings and what stands under them, `key: value`
//! lines, log and code lines, notes of integrations.
//!
//! Headings are told by how they are written (Markdown, wiki markup, bold, a short line with a colon) and by what they
//! say, in five languages; a heading in another form or with other words is no heading.
//! In: one line at a time. Out: what it is. Cost: a few comparisons a line; words are looked up in short lists.

use std::ops::Range;
use throughline_text::token;

/// What stands under a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    /// Somebody's own words: a summary, what happened, why it matters.
    Said,
    /// What should have happened.
    Expected,
    /// How to see it: context, not a statement.
    Steps,
    /// Where it was seen: versions, devices, settings.
    Environment,
    /// Logs, traces, screenshots, checklists.
    Attached,
}

/// A heading, alone on its line or with words after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heading {
    pub(super) section: Section,
    /// What is said after it on the same line; empty where nothing is.
    pub(super) rest: Range<usize>,
    /// Written as a heading (Markdown, wiki markup, bold) rather than as a plain line.
    pub(super) is_marked: bool,
}

/// Words of a label up to which it may be a heading.
const MOST_LABEL_WORDS: usize = 9;

/// Beginnings of headings, longest first within a section where one begins another. A label may go on for a few words.
const HEADINGS: [(Section, &[&str]); 5] = [
    (
        Section::Steps,
        &[
            "steps",
            "step by step",
            "str",
            "to reproduce",
            "how to reproduce",
            "reproduction",
            "repro",
            "minimal reproduction",
            "test case",
            "testcase",
            "what did you do",
            "what were you doing",
            "how to test",
            "code to reproduce",
            "schritte",
            "reproduktion",
            "so lässt es sich nachstellen",
            "étapes",
            "comment reproduire",
            "pour reproduire",
            "pasos",
            "cómo reproducir",
            "passos",
            "como reproduzir",
        ],
    ),
    (
        Section::Expected,
        &[
            "expected",
            "expectation",
            "what should happen",
            "what did you expect",
            "what do you expect",
            "what i expected",
            "desired behaviour",
            "desired behavior",
            "erwartet",
            "erwartung",
            "soll",
            "résultat attendu",
            "comportement attendu",
            "attendu",
            "resultado esperado",
            "comportamiento esperado",
            "comportamento esperado",
            "esperado",
        ],
    ),
    (
        Section::Environment,
        &[
            "environment",
            "env",
            "system info",
            "system",
            "your environment",
            "my environment",
            "setup",
            "platform",
            "configuration",
            "config",
            "versions",
            "version",
            "app version",
            "browser",
            "operating system",
            "os",
            "device",
            "devices",
            "model",
            "hardware",
            "software",
            "software version",
            "user agent",
            "useragent",
            "user-agent",
            "build",
            "build id",
            "build identifier",
            "build name",
            "build date",
            "buildid",
            "locale",
            "plan",
            "account id",
            "user id",
            "session id",
            "request id",
            "severity",
            "priority",
            "status",
            "component",
            "product",
            "reproducible",
            "reproducibility",
            "frequency",
            "regression range",
            "tested on",
            "tested with",
            "url",
            "link",
            "page",
            "date",
            "time",
            "timestamp",
            "first seen",
            "screen resolution",
            "umgebung",
            "betriebssystem",
            "gerät",
            "browserversion",
            "environnement",
            "navigateur",
            "appareil",
            "entorno",
            "navegador",
            "dispositivo",
            "ambiente",
            "versión",
            "versão",
            "which version",
            "what version",
            "which browser",
            "what browser",
            "which device",
            "problem type",
            "issue type",
            "labels",
            "assignee",
            "reporter",
            "reported by",
            "tested another browser",
        ],
    ),
    (
        Section::Attached,
        &[
            "log",
            "logs",
            "relevant log",
            "log output",
            "console",
            "error log",
            "stack trace",
            "stacktrace",
            "backtrace",
            "traceback",
            "call stack",
            "crash report",
            "crash id",
            "screenshot",
            "screenshots",
            "screen recording",
            "video",
            "videos",
            "attachment",
            "attachments",
            "files",
            "code of conduct",
            "checklist",
            "pre-flight",
            "preflight",
            "before submitting",
            "before you submit",
            "checks",
            "i have searched",
            "is there an existing issue",
            "duplicate check",
            "sample",
            "code sample",
            "sample code",
            "code example",
            "source code",
            "patch",
            "diff",
            "anhang",
            "anhänge",
            "bildschirmfoto",
            "protokoll",
            "captures",
            "capture d'écran",
            "journaux",
            "pièces jointes",
            "captura",
            "capturas",
            "adjuntos",
            "registros",
            "anexos",
            "related issues",
            "related bugs",
            "see also",
            "references",
            "links",
            "depends on",
            "blocks",
            "duplicates",
        ],
    ),
    (
        Section::Said,
        &[
            "actual",
            "current result",
            "current behaviour",
            "current behavior",
            "current situation",
            "observed",
            "what happened",
            "what happens",
            "what actually happened",
            "what is happening",
            "what went wrong",
            "what's wrong",
            "result",
            "results",
            "summary",
            "description",
            "describe",
            "detailed description",
            "details",
            "bug description",
            "problem description",
            "problem",
            "the problem",
            "issue",
            "bug",
            "question",
            "impact",
            "business impact",
            "effect",
            "consequence",
            "consequences",
            "severity and impact",
            "motivation",
            "use case",
            "use cases",
            "user story",
            "background",
            "context",
            "why",
            "goal",
            "proposal",
            "proposed solution",
            "suggested solution",
            "suggestion",
            "solution",
            "request",
            "feature request",
            "feature",
            "idea",
            "alternatives",
            "additional information",
            "additional info",
            "additional context",
            "additional comments",
            "additional notes",
            "additional details",
            "other information",
            "other info",
            "further information",
            "more info",
            "notes",
            "note",
            "comment",
            "comments",
            "message",
            "feedback",
            "your message",
            "your feedback",
            "review",
            "pros",
            "cons",
            "what do you like",
            "what do you dislike",
            "what could be better",
            "workaround",
            "workarounds",
            "is your feature request related",
            "is your feature request",
            "prerequisite",
            "prerequisites",
            "precondition",
            "preconditions",
            "original summary",
            "beschreibung",
            "zusammenfassung",
            "fehlerbeschreibung",
            "tatsächlich",
            "ist",
            "problembeschreibung",
            "auswirkung",
            "hintergrund",
            "anmerkung",
            "anmerkungen",
            "nachricht",
            "vorschlag",
            "résultat obtenu",
            "résultat actuel",
            "comportement actuel",
            "description du problème",
            "problème",
            "contexte",
            "remarque",
            "remarques",
            "impacto",
            "descripción",
            "resultado actual",
            "resultado obtenido",
            "comportamiento actual",
            "problema",
            "contexto",
            "comentario",
            "comentarios",
            "mensaje",
            "descrição",
            "resultado atual",
            "resultado obtido",
            "comportamento atual",
            "mensagem",
            "comentário",
            "observações",
        ],
    ),
];

/// Reads a line as a heading. `line` is a range of `text`.
pub(super) fn heading(text: &str, line: &Range<usize>) -> Option<Heading> {
    let whole = &text[line.clone()];
    let body = whole.trim();
    if body.len() < 2 {
        return None;
    }
    let (label, is_marked, rest) = label(body)?;
    let bare =
        label.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '#' | ':' | '?' | '.' | '-' | '='));
    if bare.is_empty() {
        return None;
    }
    let n_words = token::words(bare).count();
    let end = line.start + whole.trim_end().len();
    let rest = end - rest.len()..end;
    let lower = token::lower(bare);
    let known = section_of(&lower);
    let stands_alone = rest.is_empty();
    match known {
        // "Steps to reproduce with version 2 on a new profile:" is a heading however long it is.
        Some((Section::Steps, _)) if stands_alone && (body.ends_with(':') || has_user_agent(body)) => {
            Some(Heading { section: Section::Steps, rest, is_marked })
        }
        Some((section, entry)) if n_words <= MOST_LABEL_WORDS => {
            let n_more = n_words.saturating_sub(token::words(entry).count());
            // Without markup and colon a line is a heading only where it says nothing but the heading's words.
            let is_plain = !is_marked
                && !body[..body.len() - (end - rest.start)].trim_end().ends_with(':')
                && !label.trim_end().ends_with(':');
            let most_more = if is_marked {
                6
            } else if is_plain {
                2
            } else {
                3
            };
            if n_more > most_more || is_plain && (!stands_alone || body.ends_with(['.', '!', ','])) {
                return None;
            }
            // "Build: failed on Monday, nothing works" is said; only short values are filled in.
            Some(Heading { section, rest, is_marked })
        }
        None if is_marked && stands_alone && n_words <= MOST_LABEL_WORDS && !bare.ends_with(['!', ',']) => {
            // A title of the writer's own within the message: what stands under it is said.
            (!body.ends_with(['.', '!'])).then_some(Heading { section: Section::Said, rest, is_marked })
        }
        _ => None,
    }
}

/// The label of a trimmed line, whether it is marked up, and what stands after it.
fn label(body: &str) -> Option<(&str, bool, &str)> {
    let inner = body.trim_start_matches(['»', '›', '→', '•', '·', ' ']);
    // "# Title", "### Title ###"
    let n_hashes = inner.bytes().take_while(|&b| b == b'#').count();
    if (1..=6).contains(&n_hashes) && inner[n_hashes..].starts_with(' ') {
        let said = inner[n_hashes..].trim().trim_end_matches('#').trim_end();
        return Some(split_marked(said));
    }
    // "h3. Title"
    let bytes = inner.as_bytes();
    if bytes.len() > 4 && bytes[0] == b'h' && (b'1'..=b'6').contains(&bytes[1]) && &bytes[2..4] == b". " {
        return Some(split_marked(inner[4..].trim()));
    }
    // "== Title =="
    if inner.starts_with("==") && inner.ends_with("==") && inner.len() > 4 {
        return Some((inner.trim_matches('='), true, ""));
    }
    // "**Title**", "**Title:** said", "*Title*:", "__Title__", perhaps as a list item
    let item = inner.strip_prefix("- ").or_else(|| inner.strip_prefix("* ")).unwrap_or(inner);
    for mark in ["**", "__", "*", "_"] {
        if let Some(after) = item.strip_prefix(mark)
            && let Some(close) = after.find(mark)
            && close > 1
            && !after.starts_with([' ', '*', '_'])
        {
            let rest = after[close + mark.len()..].trim_start().trim_start_matches([':', '-', '–']).trim_start();
            let is_label = after[..close].ends_with(':') || after[close + mark.len()..].trim_start().starts_with(':');
            // "*Every* item is gone" stresses a word.
            return (rest.is_empty() || is_label).then_some((&after[..close], true, rest));
        }
    }
    // "[Title]", "[Title] said"
    if let Some(after) = item.strip_prefix('[')
        && let Some(close) = after.find(']')
        && close < 40
        && !after[close + 1..].starts_with('(')
    {
        return Some((&after[..close], true, after[close + 1..].trim_start_matches(':').trim_start()));
    }
    // "Label: said", "Label:", "Label - said"
    let reach = item.floor_char_boundary(220.min(item.len()));
    if let Some(colon) = item[..reach].find(':') {
        let after = &item[colon + 1..];
        if after.is_empty() || after.starts_with(char::is_whitespace) {
            return Some((&item[..=colon], false, after.trim_start()));
        }
        // A colon inside a time, an address or a scope closes no label.
    }
    Some((item, false, ""))
}

/// A marked heading with words after a colon on its line: "### Expected: a list".
fn split_marked(said: &str) -> (&str, bool, &str) {
    let said = said.trim_matches(['*', '_']);
    match said.split_once(": ") {
        Some((label, rest)) if section_of(&token::lower(label)).is_some() => (label, true, rest.trim_start()),
        _ => (said, true, ""),
    }
}

fn section_of(lower: &str) -> Option<(Section, &'static str)> {
    let mut best: Option<(Section, &'static str)> = None;
    for (section, entries) in HEADINGS {
        for &entry in entries {
            let is_start = lower
                .strip_prefix(entry)
                .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '\''));
            if is_start && best.is_none_or(|(_, longest)| entry.len() > longest.len()) {
                best = Some((section, entry));
            }
        }
    }
    // "Results of the test", "Bug fixes": one word of many meanings stands for a section only by itself or with a
    // word that says so, which the caller's count of further words holds down.
    best
}

/// A `key: value` line of up to three words before the colon and a short value that is no sentence.
pub(super) fn is_field(body: &str) -> bool {
    let body = body.trim_start_matches(['-', '*', '•', ' ']);
    let Some((key, value)) = body.split_once(':').or_else(|| body.split_once(" = ")) else {
        return false;
    };
    let key = key.trim().trim_matches('*');
    let value = value.trim();
    !value.is_empty()
        && key.len() >= 2
        && key.len() <= 32
        && !key.contains(['.', ',', '?', '!', '"', '/'])
        && token::words(key).count() <= 3
        && token::words(value).count() <= 6
        && !value.ends_with(['.', '?', '!'])
}

/// A line that a program wrote: log, compiler, shell, markup, table.
pub(super) fn is_machine_line(body: &str) -> bool {
    is_log(body) || is_place_in_code(body) || is_command(body) || is_markup(body) || is_table(body)
}

/// Begins with a time and date, or with a level as loggers write it.
fn is_log(body: &str) -> bool {
    let inner = body.trim_start_matches(['[', '(', '<']);
    let bytes = inner.as_bytes();
    let digits = |range: Range<usize>| bytes.get(range).is_some_and(|part| part.iter().all(u8::is_ascii_digit));
    let is_clock = |at: usize| {
        digits(at..at + 2)
            && bytes.get(at + 2) == Some(&b':')
            && digits(at + 3..at + 5)
            && bytes.get(at + 5) == Some(&b':')
            && digits(at + 6..at + 8)
    };
    let is_stamp =
        digits(0..4) && bytes.get(4) == Some(&b'-') && digits(5..7) && (is_clock(11) || body.starts_with('['));
    if is_clock(0) || is_stamp {
        return true;
    }
    let level = inner.split([']', ':', ' ', '\t', '|']).next().unwrap_or_default();
    let is_level = matches!(level, "ERROR" | "WARN" | "WARNING" | "INFO" | "DEBUG" | "TRACE" | "FATAL");
    let after = &inner[level.len()..];
    // "ERROR when saving" is said; "ERROR [main] …" and "WARN  12 …" are written by a logger.
    let is_logged = after.starts_with([']', '|', '\t'])
        || after.trim_start_matches(' ').starts_with(|c: char| c == '[' || c == '(' || c.is_ascii_digit());
    is_level && (body.starts_with('[') || is_logged)
}

/// `src/main.rs:12:5: error`, `/usr/bin/tool: line 140`.
fn is_place_in_code(body: &str) -> bool {
    let first = body.split(char::is_whitespace).next().unwrap_or_default();
    let has_path = first.contains('/') || first.contains('\\');
    let has_line = first.split(':').skip(1).any(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    let is_lone_path = first.len() == body.len() && first.matches(['/', '\\']).count() >= 2;
    // Compilers begin in lower case, people do not.
    let is_verdict = ["error:", "error[", "warning:", "fatal:", "fatal error:", "undefined reference"]
        .iter()
        .any(|word| body.starts_with(word));
    let is_place = has_line && (has_path || first.contains('.')) && !first.contains("://");
    is_place
        || has_path && first.starts_with('/') && first.ends_with(':')
        || is_lone_path
        || is_verdict
        || first.starts_with(':') && has_line
}

/// A shell's prompt with a command.
fn is_command(body: &str) -> bool {
    [
        "$ ", "# ./", "> npm ", "% ", "C:\\", "PS C:", "sudo ", "git ", "npm ", "curl ", "./", "cargo ", "docker ",
        "pip ", "gdb ",
    ]
    .iter()
    .any(|start| body.starts_with(start))
        && !body.ends_with(['.', '?', '!'])
}

/// Tags, directives and task boxes.
fn is_markup(body: &str) -> bool {
    body.starts_with("- [ ]")
        || body.starts_with("- [x]")
        || body.starts_with("- [X]")
        || body.starts_with("* [ ]")
        || body.starts_with("* [x]")
        || body.starts_with("![")
        || body.starts_with('<') && body.ends_with('>')
        || body == "_No response_"
        || matches!(body, "N/A" | "n/a" | "None" | "none" | "-" | "---" | "***")
        || body.starts_with('!') && body.ends_with('!') && body.contains('.') && !body.contains(' ')
}

/// A row of a table.
fn is_table(body: &str) -> bool {
    body.len() > 2 && body.starts_with('|') && body.ends_with('|') || body.matches('\t').count() >= 2
}

/// What an integration notes about where an item came from: "Created from …", "Imported via …".
pub(super) fn is_provenance(lower: &str) -> bool {
    const STARTS: [&str; 22] = [
        "created from",
        "created by",
        "created via",
        "created attachment",
        "from github",
        "from gitlab",
        "from jira",
        "imported from",
        "imported by",
        "migrated from",
        "moved from",
        "moved to",
        "change performed by",
        "changes performed by",
        "submitted via",
        "submitted by",
        "submitted from",
        "generated by",
        "posted via",
        "sent via",
        "synced from",
        "this issue was migrated",
    ];
    lower.len() < 200 && STARTS.iter().any(|start| lower.starts_with(start))
}

/// Words left when addresses are taken away; `None` where there is no address.
pub(super) fn words_beside_address(body: &str) -> Option<usize> {
    if !body.contains("://") && !body.contains("www.") {
        return None;
    }
    // "[text](address)" says its text.
    let is_address = |word: &str| word.contains("://") || word.trim_start_matches(['<', '(', '"']).starts_with("www.");
    Some(body.split_whitespace().filter(|word| !is_address(word) && word.chars().any(char::is_alphabetic)).count())
}

/// A line of names and numbers of versions without anything said: "App 2.53.18.2", "Build 20230710 (64 bit)".
pub(super) fn is_version(body: &str) -> bool {
    if body.len() > 160 || body.ends_with(['?', '!']) {
        return false;
    }
    let (mut n_words, mut n_numbers, mut n_lower) = (0, 0, 0);
    for range in token::words(body) {
        let word = &body[range];
        n_words += 1;
        if word.bytes().any(|b| b.is_ascii_digit()) && (word.len() > 1) {
            n_numbers += 1;
        } else if word.starts_with(char::is_lowercase) {
            n_lower += 1;
        }
    }
    n_words > 0 && n_numbers > 0 && (n_words <= 4 && n_lower == 0 || n_numbers * 2 >= n_words && n_lower <= 2)
}

/// How browsers name themselves.
pub(super) fn has_user_agent(body: &str) -> bool {
    body.contains("Mozilla/5.0") || body.contains("AppleWebKit/") || body.contains("Gecko/20")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Option<(Section, &str)> {
        heading(line, &(0..line.len())).map(|found| (found.section, &line[found.rest]))
    }

    #[test]
    fn headings_of_any_tracker_are_told() {
        for (line, section) in [
            ("Steps to reproduce:", Section::Steps),
            ("## Steps to Reproduce", Section::Steps),
            ("**To Reproduce**", Section::Steps),
            ("h3. Schritte zum Reproduzieren", Section::Steps),
            (
                "Steps how to reproduce with a fresh install of 2.4 on Windows 10 64bit in German, default theme, new profile:",
                Section::Steps,
            ),
            (
                "Steps to reproduce with a fresh install Mozilla/5.0 (X11; rv:60.0) Gecko/20100101 on a 64bit system",
                Section::Steps,
            ),
            ("### Expected behaviour", Section::Expected),
            ("Expected Results:", Section::Expected),
            ("What did you expect to happen?", Section::Expected),
            ("*Environment:*", Section::Environment),
            ("### Relevant log output", Section::Attached),
            ("Actual results", Section::Said),
            ("== Beschreibung ==", Section::Said),
            ("### Why we need this", Section::Said),
        ] {
            assert_eq!(read(line), Some((section, "")), "{line}");
        }
        assert_eq!(read("**Actual result:** nothing is shown"), Some((Section::Said, "nothing is shown")));
        assert_eq!(read("  » Expected: a list of rooms"), Some((Section::Expected, "a list of rooms")));
        assert_eq!(read("Browser: Firefox 120"), Some((Section::Environment, "Firefox 120")));
        for said in [
            "Results of the export are wrong since Monday",
            "The problem: nobody can log in at 8:00",
            "*Every* thing I click is slow",
            "Version two of the report is empty, please help",
            "Description of the bug that cost us a week of work.",
            "Browser hangs whenever I open the week",
        ] {
            assert!(
                read(said).is_none_or(|(section, rest)| section == Section::Said && !rest.is_empty()),
                "{said}: {:?}",
                read(said)
            );
        }
    }

    #[test]
    fn machine_lines_are_told_from_words() {
        for line in [
            "2024-03-01 12:00:01 ERROR failed to load",
            "[2024-03-01T12:00:01Z] start",
            "12:00:01.123 connecting",
            "[WARN] low memory",
            "src/main.rs:12:5: error: expected one of",
            "/usr/bin/tool: line 140: killed",
            "$ npm install",
            "| a | b |",
            "- [x] I have searched the existing issues",
            "<details>",
            "![shot](x.png)",
        ] {
            assert!(is_machine_line(line), "{line}");
        }
        for line in [
            "The 12:00 shift is missing",
            "I get an error",
            "Error: could not save the rota",
            "- the export is slow",
            "ERROR when saving.",
        ] {
            assert!(!is_machine_line(line), "{line}");
        }
        assert!(
            is_version("SeaMonkey 2.53.18.2")
                && is_version("Build 20240109203033")
                && is_version("Win 10, iOS 17.2, 64bit")
        );
        assert!(
            !is_version("It fails on version 2.4")
                && !is_version("Since 2.4 nothing works")
                && !is_version("no export")
        );
        assert!(is_field("Device: iPhone 12") && is_field("- Plan = Team"));
        assert!(!is_field("The problem: it never works for anybody in our team") && !is_field("Note: it fails."));
        assert_eq!(words_beside_address("From: https://x.example/1"), Some(1));
        assert_eq!(words_beside_address("no address"), None);
    }
}
