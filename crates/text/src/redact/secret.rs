//! Passwords, keys and tokens, found by their prefix or by the word before them; and postal addresses by the word in
//! them, because one automaton finds all these words in one pass.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};

use super::{Finding, Kind, address};

/// What a word of the automaton announces.
#[derive(Clone, Copy)]
enum Cue {
    /// A key with this prefix and at least so many characters in all.
    Prefix(usize),
    /// A password follows, after a colon, an equals sign or a word for "is".
    Password,
    /// A key or token follows, after a colon or an equals sign.
    Token,
    /// A token follows at once.
    Bearer,
    /// A key of whatever vendor, by the word for "not the test key" in it.
    Infix,
    /// The secret path of a web hook follows.
    Hook,
    /// A PEM block.
    Pem,
    /// A user name and password inside a URL.
    Url,
    /// An obfuscated e-mail address.
    At,
    /// A word of a postal address.
    Street,
}

const CUES: &[(&str, Cue)] = &[
    ("sk-", Cue::Prefix(20)),
    ("sk_live_", Cue::Prefix(20)),
    ("sk_test_", Cue::Prefix(20)),
    ("pk_live_", Cue::Prefix(20)),
    ("pk_test_", Cue::Prefix(20)),
    ("rk_live_", Cue::Prefix(20)),
    ("whsec_", Cue::Prefix(20)),
    ("ghp_", Cue::Prefix(30)),
    ("gho_", Cue::Prefix(30)),
    ("ghu_", Cue::Prefix(30)),
    ("ghs_", Cue::Prefix(30)),
    ("ghr_", Cue::Prefix(30)),
    ("github_pat_", Cue::Prefix(30)),
    ("glpat-", Cue::Prefix(20)),
    ("xoxb-", Cue::Prefix(20)),
    ("xoxp-", Cue::Prefix(20)),
    ("xoxa-", Cue::Prefix(20)),
    ("xoxs-", Cue::Prefix(20)),
    ("xapp-", Cue::Prefix(20)),
    ("akia", Cue::Prefix(20)),
    ("asia", Cue::Prefix(20)),
    ("aiza", Cue::Prefix(35)),
    ("ya29.", Cue::Prefix(24)),
    ("eyj", Cue::Prefix(24)),
    ("sg.", Cue::Prefix(40)),
    ("hf_", Cue::Prefix(24)),
    ("npm_", Cue::Prefix(30)),
    ("pypi-", Cue::Prefix(30)),
    ("dop_v1_", Cue::Prefix(40)),
    ("shpat_", Cue::Prefix(30)),
    ("lin_api_", Cue::Prefix(30)),
    ("key-", Cue::Prefix(32)),
    ("rk_test_", Cue::Prefix(20)),
    ("gocspx-", Cue::Prefix(24)),
    ("shpss_", Cue::Prefix(30)),
    ("shpca_", Cue::Prefix(30)),
    ("shppa_", Cue::Prefix(30)),
    ("sq0atp-", Cue::Prefix(24)),
    ("sq0csp-", Cue::Prefix(24)),
    ("atatt3x", Cue::Prefix(40)),
    ("dapi", Cue::Prefix(36)),
    ("nrak-", Cue::Prefix(24)),
    ("pat-na1-", Cue::Prefix(30)),
    ("pat-eu1-", Cue::Prefix(30)),
    ("ntn_", Cue::Prefix(30)),
    ("figd_", Cue::Prefix(30)),
    ("gsk_", Cue::Prefix(30)),
    ("r8_", Cue::Prefix(30)),
    ("hvs.", Cue::Prefix(24)),
    ("pmak-", Cue::Prefix(40)),
    ("pul-", Cue::Prefix(40)),
    ("doo_v1_", Cue::Prefix(40)),
    ("sntrys_", Cue::Prefix(30)),
    ("sntryu_", Cue::Prefix(30)),
    ("glc_", Cue::Prefix(30)),
    ("glsa_", Cue::Prefix(30)),
    ("glrt-", Cue::Prefix(20)),
    ("gldt-", Cue::Prefix(20)),
    ("glptt-", Cue::Prefix(30)),
    ("sbp_", Cue::Prefix(30)),
    ("pscale_tkn_", Cue::Prefix(30)),
    ("rubygems_", Cue::Prefix(40)),
    ("dckr_pat_", Cue::Prefix(24)),
    ("xoxe.", Cue::Prefix(24)),
    ("_live_", Cue::Infix),
    ("hooks.slack.com/services/", Cue::Hook),
    ("password", Cue::Password),
    ("passwd", Cue::Password),
    ("passphrase", Cue::Password),
    ("passcode", Cue::Password),
    ("pwd", Cue::Password),
    ("passwort", Cue::Password),
    ("kennwort", Cue::Password),
    ("mot de passe", Cue::Password),
    ("mdp", Cue::Password),
    ("contraseña", Cue::Password),
    ("contrasena", Cue::Password),
    ("clave", Cue::Password),
    ("senha", Cue::Password),
    ("palavra-passe", Cue::Password),
    ("api key", Cue::Token),
    ("api-key", Cue::Token),
    ("apikey", Cue::Token),
    ("api_key", Cue::Token),
    ("api-schlüssel", Cue::Token),
    ("clé api", Cue::Token),
    ("clé d'api", Cue::Token),
    ("clave de api", Cue::Token),
    ("clave api", Cue::Token),
    ("chave de api", Cue::Token),
    ("chave da api", Cue::Token),
    ("chave api", Cue::Token),
    ("secret", Cue::Token),
    ("access key", Cue::Token),
    ("access_key", Cue::Token),
    ("accesskey", Cue::Token),
    ("accountkey", Cue::Token),
    ("private_key", Cue::Token),
    ("token", Cue::Token),
    ("jeton", Cue::Token),
    ("bearer ", Cue::Bearer),
    ("basic ", Cue::Bearer),
    ("-----begin ", Cue::Pem),
    ("://", Cue::Url),
    ("(at)", Cue::At),
    ("[at]", Cue::At),
    ("straße", Cue::Street),
    ("strasse", Cue::Street),
    ("str. ", Cue::Street),
    ("weg ", Cue::Street),
    ("platz ", Cue::Street),
    ("allee ", Cue::Street),
    ("gasse ", Cue::Street),
    ("damm ", Cue::Street),
    ("rue ", Cue::Street),
    ("boulevard", Cue::Street),
    ("avenue", Cue::Street),
    ("avenida", Cue::Street),
    ("av. ", Cue::Street),
    ("calle ", Cue::Street),
    ("c/ ", Cue::Street),
    ("plaza ", Cue::Street),
    ("paseo ", Cue::Street),
    ("rua ", Cue::Street),
    ("travessa ", Cue::Street),
    ("praça ", Cue::Street),
    ("street", Cue::Street),
    (" road", Cue::Street),
    (" lane", Cue::Street),
    (" drive,", Cue::Street),
    (" drive ", Cue::Street),
    (" st,", Cue::Street),
    (" st.", Cue::Street),
    (" ave,", Cue::Street),
    (" ave.", Cue::Street),
    (" ave ", Cue::Street),
    (" blvd", Cue::Street),
    (" rd,", Cue::Street),
    (" court,", Cue::Street),
    (" way,", Cue::Street),
    (" dr,", Cue::Street),
];

static AUTOMATON: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasickBuilder::new()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        .kind(Some(AhoCorasickKind::DFA))
        .build(CUES.iter().map(|(word, _)| word))
        .ok()
});

/// Words for "is" between "password" and the password.
const COPULAS: &[&str] = &["is", "was", "ist", "war", "lautet", "est", "es", "é", "era", "are", "son"];

/// Words that follow "password:" in reports and forms without being one.
const NOT_PASSWORDS: &[&str] = &[
    "incorrect",
    "invalid",
    "required",
    "wrong",
    "missing",
    "empty",
    "forgotten",
    "expired",
    "reset",
    "change",
    "changed",
    "none",
    "null",
    "true",
    "false",
    "hidden",
    "unknown",
    "optional",
    "rejected",
    "failed",
    "error",
    "falsch",
    "ungültig",
    "erforderlich",
    "vergessen",
    "abgelaufen",
    "leer",
    "incorrecte",
    "invalide",
    "oublié",
    "requis",
    "expiré",
    "perdu",
    "incorrecta",
    "inválida",
    "olvidada",
    "requerida",
    "caducada",
    "incorreta",
    "esquecida",
    "obrigatória",
    "expirada",
    "undefined",
    "string",
    "password",
    "passwort",
];

/// Adds the secrets and postal addresses of `text`.
pub(super) fn find(text: &str, findings: &mut Vec<Finding>) {
    let Some(automaton) = AUTOMATON.as_ref() else { return };
    for hit in automaton.find_iter(text) {
        let (start, end) = (hit.start(), hit.end());
        let (word, cue) = CUES[hit.pattern().as_usize()];
        let found = match cue {
            Cue::Prefix(least) => prefixed(text, start, word, least),
            Cue::Password => starts_word(text, start).then(|| after_password(text, end)).flatten(),
            Cue::Token => after_token(text, end),
            Cue::Bearer => starts_word(text, start).then(|| bearer(text, end)).flatten(),
            Cue::Infix => around_infix(text, start),
            Cue::Hook => {
                let path = key_len(&text[end..]);
                (path >= 20).then(|| end..end + path)
            }
            Cue::Pem => pem(text, start),
            Cue::Url => credentials(text, end),
            Cue::At => {
                findings.extend(obfuscated(text, start, end).map(|range| (range, Kind::Email)));
                None
            }
            Cue::Street => {
                findings.extend(address::around(text, start..end).map(|range| (range, Kind::Address)));
                None
            }
        };
        findings.extend(found.map(|range| (range, Kind::Secret)));
    }
}

fn starts_word(text: &str, at: usize) -> bool {
    !text[..at].ends_with(char::is_alphanumeric)
}

fn is_key_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '=' | '/' | '+' | '~')
}

/// Bytes of the key at the front of `rest`, without the full stop or slash that ends a sentence or a path.
fn key_len(rest: &str) -> usize {
    let raw = &rest[..rest.find(|c| !is_key_char(c)).unwrap_or(rest.len())];
    raw.trim_end_matches(['.', '/', '-']).len()
}

fn prefixed(text: &str, start: usize, prefix: &str, least: usize) -> Option<Range<usize>> {
    if text[..start].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '-') {
        return None;
    }
    let key = &text[start..start + key_len(&text[start..])];
    let digits = key.bytes().filter(u8::is_ascii_digit).count();
    let is_case = match prefix {
        // Prefixes that are also ordinary letters must be written in their own case.
        "akia" => key.starts_with("AKIA") && key.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()),
        "asia" => key.starts_with("ASIA") && key.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()),
        "aiza" => key.starts_with("AIza"),
        "eyj" => key.starts_with("eyJ") && (key.contains('.') || key.len() >= 60),
        "sg." => key.starts_with("SG."),
        "gocspx-" => key.starts_with("GOCSPX-"),
        "atatt3x" => key.starts_with("ATATT3x"),
        "nrak-" => key.starts_with("NRAK-"),
        "pmak-" => key.starts_with("PMAK-"),
        "dapi" => key.starts_with("dapi") && key.bytes().skip(4).all(|b| b.is_ascii_hexdigit() || b == b'-'),
        "key-" => key.bytes().skip(4).all(|b| b.is_ascii_hexdigit()),
        _ => key.starts_with(prefix),
    };
    (key.len() >= least && digits >= 1 && is_case).then(|| start..start + key.len())
}

/// The whole key around a word inside it: "ab_live_sk_9f2c…".
fn around_infix(text: &str, at: usize) -> Option<Range<usize>> {
    const LEAST_BYTES: usize = 24;
    let front = text[..at]
        .rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .map_or(0, |before| before + text[before..].chars().next().map_or(1, char::len_utf8));
    let end = front + key_len(&text[front..]);
    let key = &text[front..end];
    (key.len() >= LEAST_BYTES && key.bytes().filter(u8::is_ascii_digit).count() >= 4).then_some(front..end)
}

/// The byte offset after a colon, equals sign or arrow (with spaces and quotes around it) at the front of `rest`.
fn after_mark(rest: &str) -> Option<usize> {
    let trimmed = rest.trim_start_matches([' ', '"', '\'', '`', '*']);
    let marked = trimmed.strip_prefix("=>").or_else(|| trimmed.strip_prefix([':', '=', '：']))?;
    let value = marked.trim_start_matches([' ', '\t', '"', '\'', '`', '*', '“', '„', '«']);
    (rest.len() - trimmed.len() <= 3).then(|| rest.len() - value.len())
}

/// The value at `at`: a run without white space, less closing quotes and sentence ends.
fn value_at(text: &str, at: usize) -> &str {
    let rest = &text[at..];
    let quoted = text[..at].ends_with(['"', '\'', '`', '“', '„', '«']);
    let raw = if quoted {
        &rest[..rest.find(['"', '\'', '`', '”', '“', '»', '\n']).unwrap_or(rest.len())]
    } else {
        &rest[..rest
            .find(|c: char| c.is_whitespace() || matches!(c, '"' | '<' | '&' | '`' | '“' | '”'))
            .unwrap_or(rest.len())]
    };
    if quoted { raw } else { raw.trim_end_matches(['.', ',', ';', ')', '\'', '}', ']', ':', '?', '*']) }
}

fn after_password(text: &str, end: usize) -> Option<Range<usize>> {
    let rest = &text[end..];
    let strong = |value: &str| {
        value.bytes().any(|b| b.is_ascii_digit()) || value.contains(['!', '@', '#', '$', '%', '^', '&', '*', '_', '+'])
    };
    if let Some(offset) = after_mark(rest) {
        let value = value_at(text, end + offset);
        let n_chars = value.chars().count();
        let tail = text[end + offset + value.len()..].trim_start_matches(['.', ',', ';', ')', '"', '\'', '`', '”']);
        // A lone plain word is a password only if it ends its line or sentence: "password: the field is red" goes on.
        let lone = n_chars >= 6
            && (tail.is_empty()
                || tail.len() < text[end + offset + value.len()..].len()
                || tail.starts_with(['\n', '\r']));
        let plain = NOT_PASSWORDS.contains(&value.to_lowercase().as_str())
            || crate::closed_class::language_mask(&value.to_lowercase()) != 0;
        let masked = value.contains('[') || value.chars().all(|c| matches!(c, '*' | '•' | '.' | 'x' | 'X'));
        let is_url = value.contains("://");
        return (n_chars >= 4 && !masked && !is_url && !plain && (strong(value) || lone))
            .then(|| end + offset..end + offset + value.len());
    }
    // "my password is hunter2": only what cannot be a word.
    let trimmed = rest.trim_start();
    let word = trimmed.split(' ').next().unwrap_or_default();
    if !COPULAS.contains(&word.to_lowercase().as_str()) {
        return None;
    }
    let value_start = rest.len() - trimmed.len() + word.len();
    let lead = rest[value_start..].len()
        - rest[value_start..].trim_start_matches([' ', '"', '\'', '`', '“', '„', '«', ':']).len();
    let value = value_at(text, end + value_start + lead);
    let n_digits = value.bytes().filter(u8::is_ascii_digit).count();
    let mixed = n_digits > 0 && n_digits < value.len() && value.bytes().any(|b| b.is_ascii_alphabetic());
    let long_number = n_digits >= 4 && n_digits == value.len();
    (value.chars().count() >= 4 && !value.contains('[') && (mixed || long_number) && !value.contains("://"))
        .then(|| end + value_start + lead..end + value_start + lead + value.len())
}

/// Whether `value` looks made by a machine: long enough, and digits among its letters or no vowel pattern to it.
fn looks_random(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let upper = value.bytes().filter(u8::is_ascii_uppercase).count();
    let lower = value.bytes().filter(u8::is_ascii_lowercase).count();
    value.len() >= 8 && digits >= 2 && (upper > 0 || lower > 0) || (value.len() >= 16 && upper >= 3 && lower >= 3)
}

fn after_token(text: &str, end: usize) -> Option<Range<usize>> {
    let rest = &text[end..];
    // "client_secret_key = ...", "tokens: ..." : the rest of the identifier belongs to the word.
    let name = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
    let offset = if let Some(offset) = after_mark(&rest[name..]) {
        name + offset
    } else {
        let trimmed = rest[name..].trim_start();
        let word = trimmed.split(' ').next().unwrap_or_default();
        let spaced = rest.len() - trimmed.len();
        if COPULAS.contains(&word.to_lowercase().as_str()) {
            let tail = &rest[spaced + word.len()..];
            spaced + word.len() + tail.len() - tail.trim_start_matches([' ', '"', '\'', '`', ':']).len()
        } else if looks_random(word) && word.len() >= 20 {
            spaced
        } else {
            return None;
        }
    };
    let at = end + offset;
    let quoted_rest = &text[at..];
    let value = &quoted_rest[..key_len(quoted_rest)];
    let scheme = ["bearer", "basic"].iter().find(|scheme| value.eq_ignore_ascii_case(scheme));
    if scheme.is_some() {
        return None;
    }
    (looks_random(value) && !value.starts_with("//")).then(|| at..at + value.len())
}

fn bearer(text: &str, end: usize) -> Option<Range<usize>> {
    let rest = &text[end..];
    let value = &rest[..key_len(rest)];
    (value.len() >= 16 && looks_random(value)).then(|| end..end + value.len())
}

/// A PEM private key, to its end line or, when cut off, to the last line that is still base64.
fn pem(text: &str, start: usize) -> Option<Range<usize>> {
    let rest = &text[start..];
    let head_end = rest.find('\n').unwrap_or(rest.len()).min(80);
    if !rest.get(..head_end)?.contains("PRIVATE KEY") {
        return None;
    }
    if let Some(tail) = rest.find("-----END ") {
        let after = &rest[tail + 9..];
        let close = after.find("-----").map_or(after.len(), |at| at + 5);
        return Some(start..start + tail + 9 + close);
    }
    let body = rest.len() - rest[head_end..].trim_start_matches(|c: char| is_key_char(c) || c.is_whitespace()).len();
    Some(start..start + rest[..body].trim_end().len())
}

/// The `user:password` of a URL; `at` is just after `://`.
fn credentials(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = &text[at..];
    let authority = &rest
        [..rest.find(|c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"' | '<')).unwrap_or(rest.len())];
    let (user, _) = authority.rsplit_once('@')?;
    (user.contains(':') && !user.contains('[')).then(|| at..at + user.len())
}

/// `ann (at) example (dot) org`, `ann[at]example.org`.
fn obfuscated(text: &str, start: usize, end: usize) -> Option<Range<usize>> {
    let before = text[..start].trim_end_matches(' ');
    let local = before.char_indices().rev().take_while(|&(_, c)| super::is_local(c)).last().map(|(at, _)| at)?;
    let after = &text[end..];
    let host = after.trim_start_matches(' ');
    let label = host.find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-'))).unwrap_or(host.len());
    let begin = text.len() - host.len();
    if let Some(domain) = super::domain_of(&host[..label]) {
        return Some(local..begin + domain.len());
    }
    let rest = host[label..].trim_start_matches(' ');
    let dotted =
        ["(dot)", "[dot]", "(punkt)", "(point)", "(punto)", "(ponto)"].iter().find_map(|dot| rest.strip_prefix(dot))?;
    let last = dotted.trim_start_matches(' ');
    let n = last.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(last.len());
    (label > 0 && n >= 2).then(|| local..text.len() - last.len() + n)
}
