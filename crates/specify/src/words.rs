//! English word forms: articles, plurals, verb forms, casing; and enough German, French, Spanish and Portuguese to
//! put a customer's own noun into the plural.
//!
//! In: single words or short phrases. Out: the same in another form.
//! Invariant: `singular(plural(w)) == w` for every word of [`IRREGULAR_PLURALS`] and every regular English noun; the
//! property is tested on the nouns of the shipped frames.
//! Source: the rules are the usual ones of English spelling; the lists hold the exceptions that product feedback uses.

use throughline_model::Language;

/// Nouns whose plural no rule gives.
const IRREGULAR_PLURALS: &[(&str, &str)] = &[
    ("person", "people"),
    ("man", "men"),
    ("woman", "women"),
    ("child", "children"),
    ("foot", "feet"),
    ("tooth", "teeth"),
    ("mouse", "mice"),
    ("life", "lives"),
    ("leaf", "leaves"),
    ("half", "halves"),
    ("shelf", "shelves"),
    ("knife", "knives"),
    ("wife", "wives"),
    ("datum", "data"),
    ("medium", "media"),
    ("criterion", "criteria"),
    ("phenomenon", "phenomena"),
    ("index", "indexes"),
    ("analysis", "analyses"),
    ("basis", "bases"),
    ("diagnosis", "diagnoses"),
    ("hypothesis", "hypotheses"),
    ("axis", "axes"),
    ("quiz", "quizzes"),
    ("status", "statuses"),
    ("bus", "buses"),
    ("bonus", "bonuses"),
    ("menu", "menus"),
    ("photo", "photos"),
    ("memo", "memos"),
    ("logo", "logos"),
    ("video", "videos"),
    ("demo", "demos"),
    ("repo", "repos"),
    ("promo", "promos"),
    ("to-do", "to-dos"),
    ("gateway", "gateways"),
    ("series", "series"),
    ("species", "species"),
    ("means", "means"),
    ("news", "news"),
    ("aircraft", "aircraft"),
    ("movie", "movies"),
    ("cookie", "cookies"),
    ("zombie", "zombies"),
    ("tie", "ties"),
    ("pie", "pies"),
    ("cache", "caches"),
    ("address", "addresses"),
    ("process", "processes"),
    ("access", "access"),
    ("lens", "lenses"),
    ("gas", "gases"),
    ("canvas", "canvases"),
    ("atlas", "atlases"),
    ("bias", "biases"),
    ("chaos", "chaos"),
    ("alias", "aliases"),
    ("campus", "campuses"),
    ("virus", "viruses"),
    ("focus", "focuses"),
    ("invoice", "invoices"),
    ("expense", "expenses"),
    ("response", "responses"),
    ("purchase", "purchases"),
    ("database", "databases"),
    ("case", "cases"),
    ("base", "bases"),
    ("phase", "phases"),
    ("phrase", "phrases"),
    ("course", "courses"),
    ("house", "houses"),
    ("nurse", "nurses"),
    ("licence", "licences"),
    ("license", "licenses"),
    ("release", "releases"),
    ("lease", "leases"),
    ("warehouse", "warehouses"),
    ("increase", "increases"),
    ("use", "uses"),
    ("close", "closes"),
    ("size", "sizes"),
    ("prize", "prizes"),
];

/// Nouns that English does not count, with the unit that makes one of them. An empty unit leaves the noun alone.
const MASS: &[(&str, &str, &str)] = &[
    ("staff", "member of staff", "members of staff"),
    ("personnel", "member of staff", "members of staff"),
    ("crew", "crew member", "crew members"),
    ("data", "data record", "data records"),
    ("feedback", "piece of feedback", "pieces of feedback"),
    ("information", "piece of information", "pieces of information"),
    ("info", "piece of information", "pieces of information"),
    ("equipment", "piece of equipment", "pieces of equipment"),
    ("advice", "piece of advice", "pieces of advice"),
    ("content", "piece of content", "pieces of content"),
    ("payroll", "payroll run", "payroll runs"),
    ("money", "amount of money", "amounts of money"),
    ("cash", "cash amount", "cash amounts"),
    ("inventory", "inventory item", "inventory items"),
    ("stock", "stock item", "stock items"),
    ("overtime", "overtime entry", "overtime entries"),
    ("time", "time entry", "time entries"),
    ("leave", "leave request", "leave requests"),
    ("time off", "time-off request", "time-off requests"),
    ("attendance", "attendance record", "attendance records"),
    ("mail", "mail", "mails"),
    ("email", "email", "emails"),
    ("traffic", "traffic figure", "traffic figures"),
    ("text", "text", "texts"),
    ("music", "track", "tracks"),
    ("software", "program", "programs"),
    ("code", "code", "codes"),
    ("work", "work item", "work items"),
    ("homework", "homework task", "homework tasks"),
    ("availability", "availability entry", "availability entries"),
    ("progress", "progress entry", "progress entries"),
    ("revenue", "revenue figure", "revenue figures"),
    ("spending", "spending entry", "spending entries"),
    ("knowledge", "article", "articles"),
    ("furniture", "piece of furniture", "pieces of furniture"),
    ("luggage", "piece of luggage", "pieces of luggage"),
    ("access", "access right", "access rights"),
    ("security", "security rule", "security rules"),
    ("privacy", "privacy setting", "privacy settings"),
    ("support", "support request", "support requests"),
    ("help", "help article", "help articles"),
    ("training", "training", "trainings"),
    ("research", "study", "studies"),
    ("accounting", "accounting entry", "accounting entries"),
    ("analytics", "report", "reports"),
    ("history", "history entry", "history entries"),
    ("compliance", "compliance check", "compliance checks"),
    ("clutter", "finished item", "finished items"),
];

/// Nouns in -ing that English counts.
const COUNTED_ING: &[&str] = &[
    "booking",
    "building",
    "drawing",
    "ending",
    "filing",
    "finding",
    "heading",
    "hearing",
    "holding",
    "landing",
    "listing",
    "mapping",
    "marking",
    "meeting",
    "offering",
    "opening",
    "painting",
    "posting",
    "rating",
    "reading",
    "recording",
    "ruling",
    "setting",
    "sitting",
    "spelling",
    "string",
    "thing",
    "training",
    "viewing",
    "warning",
    "wedding",
    "ring",
    "king",
    "outing",
    "screening",
    "timing",
    "billing",
    "pricing",
    "ping",
    "briefing",
    "crossing",
];

/// Verbs with irregular past participles.
const IRREGULAR_PARTICIPLES: &[(&str, &str)] = &[
    ("be", "been"),
    ("have", "had"),
    ("do", "done"),
    ("go", "gone"),
    ("send", "sent"),
    ("make", "made"),
    ("get", "got"),
    ("see", "seen"),
    ("take", "taken"),
    ("give", "given"),
    ("keep", "kept"),
    ("leave", "left"),
    ("hold", "held"),
    ("find", "found"),
    ("tell", "told"),
    ("say", "said"),
    ("pay", "paid"),
    ("put", "put"),
    ("set", "set"),
    ("cut", "cut"),
    ("let", "let"),
    ("hide", "hidden"),
    ("write", "written"),
    ("overwrite", "overwritten"),
    ("choose", "chosen"),
    ("draw", "drawn"),
    ("withdraw", "withdrawn"),
    ("show", "shown"),
    ("know", "known"),
    ("lose", "lost"),
    ("run", "run"),
    ("begin", "begun"),
    ("break", "broken"),
    ("bring", "brought"),
    ("build", "built"),
    ("buy", "bought"),
    ("catch", "caught"),
    ("come", "come"),
    ("drop", "dropped"),
    ("feed", "fed"),
    ("forget", "forgotten"),
    ("grow", "grown"),
    ("hear", "heard"),
    ("read", "read"),
    ("sell", "sold"),
    ("spend", "spent"),
    ("split", "split"),
    ("swap", "swapped"),
    ("undo", "undone"),
    ("redo", "redone"),
    ("rebuild", "rebuilt"),
    ("reset", "reset"),
    ("upload", "uploaded"),
    ("teach", "taught"),
    ("think", "thought"),
    ("throw", "thrown"),
    ("understand", "understood"),
    ("win", "won"),
    ("meet", "met"),
    ("lend", "lent"),
    ("lock", "locked"),
    ("shut", "shut"),
    ("speak", "spoken"),
    ("steal", "stolen"),
    ("freeze", "frozen"),
    ("stick", "stuck"),
    ("bear", "borne"),
];

/// Verbs of more than one syllable whose last consonant doubles.
const DOUBLING: &[&str] = &[
    "submit", "permit", "admit", "commit", "refer", "prefer", "transfer", "defer", "occur", "control", "cancel",
    "label", "travel", "model", "unplug", "enrol", "patrol", "format", "backup", "forget", "begin", "debug", "rerun",
    "reset", "offset", "upset", "unzip", "signal", "total", "equip", "remit", "omit", "resubmit",
];

/// Verbs that product feedback uses, base forms; the ground on which other forms are traced back.
const VERBS: &[&str] = &[
    "accept",
    "access",
    "activate",
    "add",
    "adjust",
    "allow",
    "announce",
    "answer",
    "apply",
    "approve",
    "archive",
    "arrange",
    "ask",
    "assign",
    "attach",
    "authorise",
    "automate",
    "balance",
    "bill",
    "block",
    "book",
    "break",
    "bring",
    "browse",
    "build",
    "buy",
    "calculate",
    "call",
    "cancel",
    "capture",
    "change",
    "charge",
    "chat",
    "check",
    "choose",
    "claim",
    "clear",
    "clock",
    "clone",
    "close",
    "collect",
    "combine",
    "comment",
    "compare",
    "complete",
    "compute",
    "configure",
    "confirm",
    "connect",
    "contact",
    "control",
    "convert",
    "copy",
    "correct",
    "count",
    "create",
    "customise",
    "cut",
    "deactivate",
    "debit",
    "decide",
    "decline",
    "delegate",
    "delete",
    "deliver",
    "deposit",
    "disable",
    "dispute",
    "distribute",
    "divide",
    "download",
    "draft",
    "drag",
    "draw",
    "drop",
    "duplicate",
    "edit",
    "enable",
    "enter",
    "erase",
    "escalate",
    "estimate",
    "exchange",
    "export",
    "extend",
    "fill",
    "filter",
    "find",
    "finish",
    "fix",
    "follow",
    "forward",
    "freeze",
    "generate",
    "get",
    "give",
    "go",
    "grant",
    "group",
    "handle",
    "have",
    "hide",
    "hold",
    "import",
    "inform",
    "insert",
    "install",
    "integrate",
    "invite",
    "join",
    "keep",
    "know",
    "label",
    "launch",
    "leave",
    "limit",
    "link",
    "list",
    "listen",
    "load",
    "lock",
    "log",
    "look",
    "make",
    "manage",
    "map",
    "mark",
    "match",
    "measure",
    "merge",
    "migrate",
    "modify",
    "monitor",
    "move",
    "mute",
    "notify",
    "open",
    "order",
    "organise",
    "pair",
    "paste",
    "pause",
    "pay",
    "pick",
    "pin",
    "place",
    "plan",
    "play",
    "post",
    "postpone",
    "preview",
    "print",
    "process",
    "protect",
    "publish",
    "pull",
    "purchase",
    "push",
    "put",
    "rank",
    "rate",
    "read",
    "receive",
    "record",
    "recover",
    "redeem",
    "refresh",
    "refund",
    "register",
    "reject",
    "release",
    "remind",
    "remove",
    "rename",
    "renew",
    "reopen",
    "repeat",
    "replace",
    "reply",
    "report",
    "request",
    "reschedule",
    "reserve",
    "reset",
    "resize",
    "resolve",
    "restore",
    "restrict",
    "resume",
    "retry",
    "return",
    "revert",
    "review",
    "revoke",
    "run",
    "save",
    "scan",
    "schedule",
    "score",
    "scroll",
    "search",
    "see",
    "select",
    "sell",
    "send",
    "set",
    "share",
    "ship",
    "show",
    "sign",
    "snooze",
    "sort",
    "split",
    "start",
    "stop",
    "store",
    "stream",
    "submit",
    "subscribe",
    "suggest",
    "swap",
    "switch",
    "sync",
    "synchronise",
    "tag",
    "take",
    "talk",
    "tell",
    "test",
    "top up",
    "track",
    "trade",
    "train",
    "transfer",
    "translate",
    "try",
    "turn",
    "type",
    "unblock",
    "undo",
    "unfreeze",
    "unlock",
    "unsubscribe",
    "update",
    "upgrade",
    "upload",
    "use",
    "validate",
    "verify",
    "view",
    "visit",
    "vote",
    "watch",
    "withdraw",
    "work",
    "write",
    "zoom",
    "clock in",
    "clock out",
    "log in",
    "log out",
    "sign in",
    "sign up",
    "sign out",
    "hand over",
    "fill in",
    "take over",
    "give away",
    "roll out",
    "shut down",
    "set up",
    "carry",
    "hand",
    "reach",
    "type in",
    "zoom in",
    "crash",
    "respond",
    "render",
    "display",
    "print out",
    "sign off",
];

/// Acronyms and names whose case is fixed, whatever the customer typed.
const FIXED_CASE: &[&str] = &[
    "API",
    "CRM",
    "CSV",
    "DATEV",
    "ERP",
    "FAQ",
    "GDPR",
    "GPS",
    "HR",
    "HTML",
    "ICS",
    "ID",
    "IDs",
    "IP",
    "IT",
    "JSON",
    "KPI",
    "MFA",
    "NFC",
    "OAuth",
    "OIDC",
    "OTP",
    "PDF",
    "PIN",
    "PNG",
    "POS",
    "PTO",
    "QR",
    "SAML",
    "SCIM",
    "SDK",
    "SLA",
    "SMS",
    "SQL",
    "SSO",
    "TOTP",
    "TV",
    "UI",
    "URL",
    "URLs",
    "USB",
    "UTC",
    "VAT",
    "VPN",
    "WCAG",
    "WhatsApp",
    "Wi-Fi",
    "XLSX",
    "XML",
    "iCal",
    "iOS",
    "iPad",
    "iPhone",
    "Android",
    "Excel",
    "Google",
    "Slack",
    "Outlook",
    "Jira",
    "Teams",
    "Salesforce",
    "HubSpot",
    "Zapier",
    "QuickBooks",
    "Xero",
    "Dropbox",
    "GitHub",
    "Okta",
    "Entra",
    "DocuSign",
    "2FA",
    "APIs",
    "PDFs",
    "CSVs",
    "KPIs",
    "NPS",
    "CEO",
    "CFO",
    "COO",
    "CTO",
    "Apple",
    "Microsoft",
    "Arabic",
    "Chinese",
    "Danish",
    "Dutch",
    "English",
    "Finnish",
    "French",
    "German",
    "Italian",
    "Japanese",
    "Norwegian",
    "Polish",
    "Portuguese",
    "Romanian",
    "Spanish",
    "Swedish",
    "Turkish",
    "Ukrainian",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
    "Christmas",
    "Easter",
    "CPO",
    "VP",
    "QA",
    "UX",
    "PM",
    "AI",
    "B2B",
];

/// `a` or `an`, by the sound with which `phrase` begins.
///
/// ```
/// use throughline_specify::words::article;
/// assert_eq!([article("hour"), article("CSV"), article("SSO login"), article("user")], ["an", "a", "an", "a"]);
/// ```
#[must_use]
pub fn article(phrase: &str) -> &'static str {
    let word = phrase
        .trim_start_matches(['“', '"', '‘', '\'', '(', '*'])
        .split([' ', '-', '/', ','])
        .next()
        .unwrap_or_default();
    let lower = word.to_lowercase();
    let Some(first) = lower.chars().next() else {
        return "a";
    };
    let is_vowel = |c: char| "aeiouäöüáéíóúâêîôûàèìòùœæå".contains(c);
    if first.is_ascii_digit() {
        let digits: String = lower.chars().take_while(char::is_ascii_digit).collect();
        let is_teen = ["11", "18"].iter().any(|d| digits.starts_with(d)) && digits.len() % 3 == 2;
        return if first == '8' || is_teen { "an" } else { "a" };
    }
    if is_acronym(word) {
        let spoken_as_word = word.chars().count() >= 4 && lower.chars().any(is_vowel);
        if !spoken_as_word {
            return if "aefhilmnorsx".contains(first) { "an" } else { "a" };
        }
    }
    let starts = |prefixes: &[&str]| prefixes.iter().any(|p| lower.starts_with(p));
    if starts(&["hour", "honest", "honour", "honor", "heir"]) {
        return "an";
    }
    if starts(&["uni", "use", "usa", "usu", "util", "eu", "ewe", "one", "once", "ubi", "ur", "uti"])
        && !starts(&["unin", "unim", "unid", "urg", "unil"])
    {
        return "a";
    }
    if is_vowel(first) { "an" } else { "a" }
}

/// Whether a word is written in capitals, as `CSV` or `IDs`.
#[must_use]
pub fn is_acronym(word: &str) -> bool {
    let stem = word.strip_suffix('s').unwrap_or(word);
    let n_letters = stem.chars().filter(|c| c.is_alphabetic()).count();
    n_letters >= 2 && stem.chars().all(|c| c.is_uppercase() || c.is_ascii_digit())
}

/// The plural of an English noun.
///
/// ```
/// use throughline_specify::words::plural;
/// assert_eq!(["company", "CSV", "person", "shift", "box"].map(plural), ["companies", "CSVs", "people", "shifts", "boxes"]);
/// ```
#[must_use]
pub fn plural(word: &str) -> String {
    if let Some(found) = irregular(word, true) {
        return found;
    }
    if is_acronym(word) {
        return if word.ends_with('s') { word.to_owned() } else { format!("{word}s") };
    }
    let lower = word.to_lowercase();
    let ends = |suffixes: &[&str]| suffixes.iter().any(|s| lower.ends_with(s));
    if ends(&["s", "x", "z", "ch", "sh"]) {
        return format!("{word}es");
    }
    if lower.ends_with('y') && !ends(&["ay", "ey", "iy", "oy", "uy"]) {
        return format!("{}ies", &word[..word.len() - 1]);
    }
    if ends(&["ato", "hero", "echo"]) {
        return format!("{word}es");
    }
    format!("{word}s")
}

/// The singular of an English noun; a noun that is singular already stays.
///
/// ```
/// use throughline_specify::words::singular;
/// assert_eq!(["companies", "people", "invoices", "address", "status"].map(singular),
///            ["company", "person", "invoice", "address", "status"]);
/// ```
#[must_use]
pub fn singular(word: &str) -> String {
    if IRREGULAR_PLURALS.iter().any(|(one, _)| word.eq_ignore_ascii_case(one)) {
        return word.to_owned();
    }
    if let Some(found) = irregular(word, false) {
        return found;
    }
    if is_acronym(word) {
        return word.strip_suffix('s').unwrap_or(word).to_owned();
    }
    let lower = word.to_lowercase();
    let cut = |n: usize| word[..word.len() - n].to_owned();
    if !lower.is_ascii() {
        return lower.strip_suffix('s').filter(|stem| stem.len() > 3).map_or(word.to_owned(), |_| cut(1));
    }
    if lower.len() < 4 || !lower.ends_with('s') || ["ss", "us", "is"].iter().any(|s| lower.ends_with(s)) {
        return word.to_owned();
    }
    if lower.ends_with("ies") {
        return format!("{}y", cut(3));
    }
    if ["xes", "ches", "shes", "sses", "zzes", "atoes"].iter().any(|s| lower.ends_with(s)) {
        return cut(2);
    }
    cut(1)
}

/// Whether a noun is in the plural.
#[must_use]
pub fn is_plural(word: &str) -> bool {
    singular(word) != word
}

/// The unit that makes one, and several, of a noun that English does not count.
#[must_use]
pub fn unit(noun: &str) -> Option<(&'static str, &'static str)> {
    MASS.iter().find(|(mass, ..)| noun.eq_ignore_ascii_case(mass)).map(|&(_, one, many)| (one, many))
}

/// Whether a noun in -ing names an activity that is not counted, such as `loading`.
#[must_use]
pub fn is_activity(noun: &str) -> bool {
    let last = noun.rsplit([' ', '-']).next().unwrap_or(noun).to_lowercase();
    last.ends_with("ing") && last.len() > 5 && !COUNTED_ING.contains(&last.as_str())
}

/// The plural of a noun in another language, by its commonest endings.
#[must_use]
pub fn plural_in(word: &str, language: Language) -> String {
    let lower = word.to_lowercase();
    let ends = |suffixes: &[&str]| suffixes.iter().any(|s| lower.ends_with(s));
    let cut = |n: usize| word.char_indices().rev().nth(n - 1).map_or("", |(at, _)| &word[..at]).to_owned();
    match language {
        Language::De => {
            if ends(&["plan", "gang", "satz", "platz", "stand", "antrag", "vertrag", "betrag", "vorschlag"]) {
                let at = lower.rfind('a').unwrap_or(0);
                let umlaut = format!("{}ä{}", &word[..at], &word[at + 1..]);
                return format!("{umlaut}e");
            }
            if ends(&["ung", "heit", "keit", "schaft", "ion", "tät", "ur"]) {
                format!("{word}en")
            } else if lower.ends_with("in") && lower.len() > 4 {
                format!("{word}nen")
            } else if lower.ends_with('e') {
                format!("{word}n")
            } else if ends(&["er", "en", "el", "chen"]) {
                word.to_owned()
            } else if ends(&["a", "i", "o", "u", "y"]) {
                format!("{word}s")
            } else {
                format!("{word}e")
            }
        }
        Language::Fr => {
            if ends(&["s", "x", "z"]) {
                word.to_owned()
            } else if ends(&["eau", "eu"]) {
                format!("{word}x")
            } else if lower.ends_with("al") {
                format!("{}aux", cut(2))
            } else {
                format!("{word}s")
            }
        }
        Language::Es => {
            if lower.ends_with("ión") {
                format!("{}iones", cut(3))
            } else if lower.ends_with('z') {
                format!("{}ces", cut(1))
            } else if lower.ends_with('s') {
                word.to_owned()
            } else if ends(&["a", "e", "i", "o", "u", "é"]) {
                format!("{word}s")
            } else {
                format!("{word}es")
            }
        }
        Language::Pt => {
            if lower.ends_with("ão") {
                format!("{}ões", cut(2))
            } else if lower.ends_with('m') {
                format!("{}ns", cut(1))
            } else if lower.ends_with('l') {
                format!("{}is", cut(1))
            } else if lower.ends_with('s') {
                word.to_owned()
            } else if ends(&["a", "e", "i", "o", "u"]) {
                format!("{word}s")
            } else {
                format!("{word}es")
            }
        }
        Language::En | Language::Other | Language::Unknown => plural(word),
    }
}

/// Third person singular of a verb phrase: `publish the rota` becomes `publishes the rota`.
#[must_use]
pub fn third_person(phrase: &str) -> String {
    inflect(phrase, |base| match base {
        "be" => "is".to_owned(),
        "have" => "has".to_owned(),
        "do" => "does".to_owned(),
        "go" => "goes".to_owned(),
        "undo" => "undoes".to_owned(),
        "redo" => "redoes".to_owned(),
        _ if ["s", "x", "z", "ch", "sh"].iter().any(|s| base.ends_with(s)) => format!("{base}es"),
        _ if ends_in_consonant_y(base) => format!("{}ies", &base[..base.len() - 1]),
        _ => format!("{base}s"),
    })
}

/// The -ing form of a verb phrase: `publish the rota` becomes `publishing the rota`.
#[must_use]
pub fn gerund(phrase: &str) -> String {
    inflect(phrase, |base| {
        if let Some(stem) = base.strip_suffix("ie") {
            format!("{stem}ying")
        } else if base.ends_with('e') && !base.ends_with("ee") && !base.ends_with("oe") && base != "be" {
            format!("{}ing", &base[..base.len() - 1])
        } else if doubles(base) {
            format!("{base}{}ing", &base[base.len() - 1..])
        } else {
            format!("{base}ing")
        }
    })
}

/// The past participle of a verb: `publish` becomes `published`.
#[must_use]
pub fn participle(phrase: &str) -> String {
    inflect(phrase, |base| {
        if let Some((_, form)) = IRREGULAR_PARTICIPLES.iter().find(|(verb, _)| *verb == base) {
            return (*form).to_owned();
        }
        if base.ends_with('e') {
            format!("{base}d")
        } else if ends_in_consonant_y(base) {
            format!("{}ied", &base[..base.len() - 1])
        } else if doubles(base) {
            format!("{base}{}ed", &base[base.len() - 1..])
        } else {
            format!("{base}ed")
        }
    })
}

/// The verb phrase in its base form when `phrase` begins with a known verb in any form.
///
/// ```
/// use throughline_specify::words::base_phrase;
/// assert_eq!(base_phrase("publishing the rota").as_deref(), Some("publish the rota"));
/// assert_eq!(base_phrase("the rota"), None);
/// ```
#[must_use]
pub fn base_phrase(phrase: &str) -> Option<String> {
    let phrase = phrase.strip_prefix("to ").unwrap_or(phrase);
    let (first, rest) = phrase.split_once(' ').unwrap_or((phrase, ""));
    let lower = first.to_lowercase();
    let base = VERBS
        .iter()
        .filter(|verb| !verb.contains(' '))
        .find(|&&verb| lower == verb || lower == gerund(verb) || lower == third_person(verb))?;
    Some(if rest.is_empty() { (*base).to_owned() } else { format!("{base} {rest}") })
}

/// Whether a word is the base form of a verb that product feedback uses.
#[must_use]
pub fn is_verb(word: &str) -> bool {
    VERBS.contains(&word)
}

/// The base form behind a past participle, when it is one of a known verb.
#[must_use]
pub fn base_of_participle(word: &str) -> Option<&'static str> {
    VERBS
        .iter()
        .copied()
        .chain(["lead", "name", "state", "offer", "refuse", "erase", "mask", "explain", "produce", "gather", "warn"])
        .find(|verb| participle(verb) == word)
}

/// A word in the case that its writers mean: acronyms and product names keep theirs, all else is lower-case.
#[must_use]
pub fn recase(word: &str) -> String {
    if let Some(fixed) = FIXED_CASE.iter().find(|fixed| fixed.eq_ignore_ascii_case(word)) {
        // "it", "pm" and "apple" are words too; the name is meant only when it was written as one.
        let is_ambiguous = ["IT", "PM", "Teams", "Slack", "POS", "PIN", "Apple"].contains(fixed);
        return if is_ambiguous && word != *fixed { word.to_lowercase() } else { (*fixed).to_owned() };
    }
    if is_acronym(word) || word.chars().skip(1).any(char::is_uppercase) { word.to_owned() } else { word.to_lowercase() }
}

/// Whether a word's case is fixed: an acronym or a name.
#[must_use]
pub fn has_fixed_case(word: &str) -> bool {
    FIXED_CASE.contains(&word)
}

/// The text with its first letter in upper case.
#[must_use]
pub fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) if !FIXED_CASE.iter().any(|fixed| text.starts_with(fixed) && fixed.starts_with(first)) => {
            first.to_uppercase().chain(chars).collect()
        }
        _ => text.to_owned(),
    }
}

/// A list in running text: `a`, `a and b`, `a, b and c`.
#[must_use]
pub fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [init @ .., last] => format!("{} and {last}", init.join(", ")),
    }
}

/// A count in words up to twelve, in digits from there.
#[must_use]
pub fn number(n: u32) -> String {
    const WORDS: [&str; 13] =
        ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    WORDS.get(n as usize).map_or_else(|| grouped(u64::from(n)), |word| (*word).to_owned())
}

/// Digits in groups of three, parted by a comma.
#[must_use]
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A count with its noun: `1 voice`, `9 voices`.
#[must_use]
pub fn counted(n: u32, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{} {}", grouped(u64::from(n)), plural(noun)) }
}

/// A count in words with its noun, for the start of a sentence: `nine voices`.
#[must_use]
pub fn counted_in_words(n: u32, noun: &str) -> String {
    if n == 1 { format!("one {noun}") } else { format!("{} {}", number(n), plural(noun)) }
}

/// Lower-case ASCII words of a phrase, for paths and names; umlauts and accents are written out.
#[must_use]
pub fn ascii_words(phrase: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    for c in phrase.chars().flat_map(char::to_lowercase) {
        let folded = match c {
            'ä' | 'æ' => "ae",
            'ö' | 'œ' => "oe",
            'ü' => "ue",
            'ß' => "ss",
            'à' | 'á' | 'â' | 'ã' | 'å' => "a",
            'ç' => "c",
            'è' | 'é' | 'ê' | 'ë' => "e",
            'ì' | 'í' | 'î' | 'ï' => "i",
            'ñ' => "n",
            'ò' | 'ó' | 'ô' | 'õ' | 'ø' => "o",
            'ù' | 'ú' | 'û' => "u",
            'ý' => "y",
            '\'' | '’' => continue,
            _ if c.is_ascii_alphanumeric() => {
                if let Some(word) = out.last_mut() {
                    word.push(c);
                }
                continue;
            }
            _ => {
                out.push(String::new());
                continue;
            }
        };
        if let Some(word) = out.last_mut() {
            word.push_str(folded);
        }
    }
    out.retain(|word| !word.is_empty());
    out
}

/// `payroll-exports`.
#[must_use]
pub fn kebab(phrase: &str) -> String {
    ascii_words(phrase).join("-")
}

/// `payroll_exports`.
#[must_use]
pub fn snake(phrase: &str) -> String {
    ascii_words(phrase).join("_")
}

/// `PayrollExports`.
#[must_use]
pub fn pascal(phrase: &str) -> String {
    ascii_words(phrase).iter().map(|word| throughline_model::sentence::capitalised(word)).collect()
}

fn irregular(word: &str, to_plural: bool) -> Option<String> {
    let lower = word.to_lowercase();
    let (_, to) = IRREGULAR_PLURALS
        .iter()
        .map(|&(one, many)| if to_plural { (one, many) } else { (many, one) })
        .find(|(from, _)| *from == lower)?;
    let is_capital = word.chars().next().is_some_and(char::is_uppercase);
    Some(if is_capital { throughline_model::sentence::capitalised(to) } else { to.to_owned() })
}

/// Applies `form` to the first word of a phrase, and keeps what follows.
fn inflect(phrase: &str, form: impl Fn(&str) -> String) -> String {
    match phrase.split_once(' ') {
        Some((verb, rest)) => format!("{} {rest}", form(verb)),
        None => form(phrase),
    }
}

fn ends_in_consonant_y(base: &str) -> bool {
    base.ends_with('y') && !["ay", "ey", "oy", "uy"].iter().any(|s| base.ends_with(s))
}

/// Whether the last consonant doubles before -ing and -ed: one syllable of consonant, vowel, consonant, or on the list.
fn doubles(base: &str) -> bool {
    if DOUBLING.contains(&base) {
        return true;
    }
    let letters: Vec<char> = base.chars().collect();
    let is_vowel = |c: char| "aeiou".contains(c);
    let [.., before, vowel, last] = letters[..] else {
        return false;
    };
    let n_vowel_groups =
        letters.iter().enumerate().filter(|&(i, &c)| is_vowel(c) && (i == 0 || !is_vowel(letters[i - 1]))).count();
    n_vowel_groups == 1 && !is_vowel(before) && is_vowel(vowel) && !is_vowel(last) && !"wxy".contains(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_follow_the_sound() {
        let cases = [
            ("hour", "an"),
            ("user", "a"),
            ("unpaid invoice", "an"),
            ("export", "an"),
            ("CSV", "a"),
            ("SSO login", "an"),
            ("HR manager", "an"),
            ("URL", "a"),
            ("SAML", "a"),
            ("XLSX file", "an"),
            ("one-off shift", "a"),
            ("8 o'clock", "an"),
            ("11 %", "an"),
            ("100", "a"),
            ("unique id", "a"),
            ("European rota", "a"),
            ("urgent case", "an"),
            ("Überstunde", "an"),
            ("ID", "an"),
            ("open shift", "an"),
            ("uninvited guest", "an"),
        ];
        for (phrase, wanted) in cases {
            assert_eq!(article(phrase), wanted, "{phrase}");
        }
    }

    #[test]
    fn plurals_and_back() {
        let cases = [
            ("shift", "shifts"),
            ("company", "companies"),
            ("day", "days"),
            ("address", "addresses"),
            ("box", "boxes"),
            ("person", "people"),
            ("CSV", "CSVs"),
            ("invoice", "invoices"),
            ("status", "statuses"),
            ("batch", "batches"),
            ("hour", "hours"),
            ("photo", "photos"),
            ("analysis", "analyses"),
            ("key", "keys"),
            ("expense", "expenses"),
            ("branch", "branches"),
            ("site", "sites"),
            ("rota", "rotas"),
            ("schedule", "schedules"),
            ("price", "prices"),
        ];
        for (one, many) in cases {
            assert_eq!(plural(one), many);
            assert_eq!(singular(many), one);
            assert_eq!(singular(one), one);
        }
        for (one, many) in IRREGULAR_PLURALS {
            assert_eq!(plural(one), *many);
        }
    }

    #[test]
    fn other_languages_have_their_plurals() {
        assert_eq!(plural_in("Dienstplan", Language::De), "Dienstpläne");
        assert_eq!(plural_in("Schicht", Language::De), "Schichte");
        assert_eq!(plural_in("Rechnung", Language::De), "Rechnungen");
        assert_eq!(plural_in("tableau", Language::Fr), "tableaux");
        assert_eq!(plural_in("acción", Language::Es), "acciones");
        assert_eq!(plural_in("relatório", Language::Pt), "relatórios");
    }

    #[test]
    fn verbs_take_their_forms() {
        let cases = [
            ("publish the rota", "publishes the rota", "publishing the rota", "published the rota"),
            ("swap", "swaps", "swapping", "swapped"),
            ("send", "sends", "sending", "sent"),
            ("copy", "copies", "copying", "copied"),
            ("approve", "approves", "approving", "approved"),
            ("submit", "submits", "submitting", "submitted"),
            ("edit", "edits", "editing", "edited"),
            ("open", "opens", "opening", "opened"),
            ("show", "shows", "showing", "shown"),
            ("see", "sees", "seeing", "seen"),
            ("cancel", "cancels", "cancelling", "cancelled"),
            ("filter", "filters", "filtering", "filtered"),
            ("clock in", "clocks in", "clocking in", "clocked in"),
            ("undo", "undoes", "undoing", "undone"),
        ];
        for (base, third, ing, done) in cases {
            assert_eq!(third_person(base), third);
            assert_eq!(gerund(base), ing);
            assert_eq!(participle(base), done);
        }
        assert_eq!(base_of_participle("published"), Some("publish"));
        assert_eq!(base_phrase("Swapping shifts").as_deref(), Some("swap shifts"));
    }

    #[test]
    fn names_are_safe_in_paths_and_code() {
        assert_eq!(kebab("Dienstpläne & Überstunden"), "dienstplaene-ueberstunden");
        assert_eq!(snake("payroll export"), "payroll_export");
        assert_eq!(pascal("client's CSV"), "ClientsCsv");
    }

    #[test]
    fn case_is_what_writers_mean() {
        assert_eq!(recase("csv"), "CSV");
        assert_eq!(recase("it"), "it");
        assert_eq!(recase("Export"), "export");
        assert_eq!(capitalised("iPhone photos"), "iPhone photos");
        assert_eq!(capitalised("shifts"), "Shifts");
    }

    #[test]
    fn counts_read_well() {
        assert_eq!(counted(1, "voice"), "1 voice");
        assert_eq!(counted(1200, "company"), "1,200 companies");
        assert_eq!(number(8), "eight");
        assert_eq!(listed(&["a".into(), "b".into(), "c".into()]), "a, b and c");
    }
}
