//! Lemmas and stems by rule: light for English, lighter for German, French, Spanish and Portuguese.
//!
//! [`lemma`] gives a readable base form ("exporting" is "export", "created" is "create"); [`stem`] goes one step
//! further so that inflections and near spellings share one key ("create", "creation" and "creating" are "creat").
//! Input is a lower-case word. Cost: constant per word, one allocation.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::language::Language;
use crate::token::strip_accents;

/// Irregular English forms: base form, then its inflections.
const IRREGULAR: &str = "be am is are was were been being;have has had having;do does did done doing;go goes went gone \
going;say says said;get gets got gotten getting;make makes made making;know knew known;think thought;take took taken \
taking;see saw seen seeing;come came coming;give gave given giving;find found;tell told;feel felt;become became \
becoming;leave left leaving;put putting;mean meant;keep kept;let letting;begin began begun beginning;show shown;hear \
heard;run ran running;bring brought;write wrote written writing;sit sat sitting;stand stood;lose lost losing;pay paid;\
meet met;set setting;learn learnt;lead led;understand understood;speak spoke spoken;read reading;spend spent;grow grew \
grown;win won winning;buy bought;send sent;fall fell fallen;cut cutting;build built;draw drew drawn;break broke broken;\
choose chose chosen choosing;hide hid hidden hiding;forget forgot forgotten forgetting;hold held;sell sold;throw threw \
thrown;catch caught;teach taught;eat ate eaten;drive drove driven driving;freeze froze frozen freezing;steal stole \
stolen;wake woke woken waking;withdraw withdrew withdrawn;overwrite overwrote overwritten overwriting;reset resetting;\
undo undid undone;redo redid redone;rebuild rebuilt;resend resent;mistake mistook mistaken;child children;person \
people;man men;woman women;datum data;medium media;index indices indexes;matrix matrices;analysis analyses;criterion \
criteria;series;news;status statuses;bus buses;address addresses;access accesses;process processes;focus focused \
focusing;bonus bonuses;menu menus;canvas canvases;alias aliases;invoice invoices;use uses used using;sync syncs synced \
syncing;login logins;die dies died dying;lie lies lied lying;tie ties tied tying;movie movies;cookie cookies;need needs \
needed;seed seeds;feed feeds fed;speed speeds;thing things;string strings;ring rings;king kings;spring springs;morning \
mornings;evening evenings;nothing;something;anything;everything;bring brings bringing;sing sings singing;red;bed;shed;\
embed embeds embedded embedding;hundred;exceed exceeds exceeded;proceed proceeds proceeded;succeed succeeds succeeded;\
agree agrees agreed;free frees freed;guarantee guarantees guaranteed;trash trashes;lens lenses;this;its;always;perhaps;\
across;yes;us;plus;versus;previous;various;gas;as;is;was;has;does;less;unless;business businesses;class classes;pass \
passes passed passing;miss misses missed missing;press presses pressed pressing;cross crosses;loss losses;boss bosses;\
toss;mess;stress;success successes;wireless;cancel cancels canceled cancelled canceling cancelling cancellation;travel \
travels traveled travelled traveling travelling;label labels labeled labelled labeling labelling;model models modelled \
modelling;signal signals signalled;control controls controlled controlling;install installs installed installing;\
scroll scrolls scrolled scrolling;roll rolls rolled rolling;fill fills filled filling;call calls called calling;kill \
kills killed killing;pull pulls pulled pulling;poll polls polled polling;spell spells spelled spelling;bill bills billed \
billing;add adds added adding;err errs erred;buzz buzzes";

static FORMS: LazyLock<FxHashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let mut forms = FxHashMap::default();
    for group in IRREGULAR.split(';') {
        let mut words = group.split_whitespace();
        if let Some(base) = words.next() {
            forms.insert(base, base);
            for form in words {
                forms.entry(form).or_insert(base);
            }
        }
    }
    forms
});

/// The base form of a lower-case word; for languages other than English, its light stem.
pub fn lemma(word: &str, language: Language) -> String {
    match language {
        Language::English | Language::Other => english(word),
        _ => stem(word, language),
    }
}

/// The key under which the inflections of a lower-case word meet. Not meant to be shown. Never empty for a non-empty
/// word.
pub fn stem(word: &str, language: Language) -> String {
    let cut = match language {
        Language::English | Language::Other => english_stem(word),
        Language::German => suffixes(&strip_accents(word), GERMAN, 4),
        Language::French => suffixes(&strip_accents(word), FRENCH, 4),
        Language::Spanish => suffixes(&strip_accents(word), SPANISH, 4),
        Language::Portuguese => suffixes(&strip_accents(word), PORTUGUESE, 4),
    };
    if cut.is_empty() { word.to_owned() } else { cut }
}

/// Endings tried longest first; one is cut when at least the given number of letters stays.
const GERMAN: &[&str] =
    &["ungen", "innen", "ung", "ern", "est", "en", "er", "es", "em", "et", "st", "e", "n", "s", "t"];
const FRENCH: &[&str] = &[
    "issements",
    "issement",
    "ations",
    "ements",
    "ation",
    "ement",
    "aient",
    "eront",
    "erait",
    "ions",
    "ante",
    "ants",
    "ees",
    "ent",
    "ais",
    "ait",
    "ant",
    "era",
    "ons",
    "ez",
    "er",
    "ir",
    "ee",
    "es",
    "e",
    "s",
    "x",
];
const SPANISH: &[&str] = &[
    "aciones", "amiento", "imiento", "acion", "ieron", "aron", "aban", "ando", "iendo", "adas", "ados", "idas", "idos",
    "ada", "ado", "ida", "ido", "aba", "ara", "era", "ria", "ar", "er", "ir", "as", "os", "es", "an", "en", "a", "o",
    "e", "s",
];
const PORTUGUESE: &[&str] = &[
    "amentos", "imentos", "amento", "imento", "acoes", "acao", "aram", "eram", "iram", "avam", "ando", "endo", "indo",
    "adas", "ados", "idas", "idos", "ada", "ado", "ida", "ido", "ava", "ria", "ais", "ar", "er", "ir", "as", "os",
    "es", "am", "em", "a", "o", "e", "s",
];

fn suffixes(word: &str, endings: &[&str], keep: usize) -> String {
    let mut kept = word;
    for ending in endings {
        if let Some(rest) = word.strip_suffix(ending)
            && rest.len() >= keep - usize::from(ending.len() == 1)
        {
            kept = rest;
            break;
        }
    }
    kept.to_owned()
}

fn is_vowel(byte: u8) -> bool {
    matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

fn has_vowel(word: &str) -> bool {
    word.bytes().any(is_vowel)
}

fn english(word: &str) -> String {
    if let Some(&base) = FORMS.get(word) {
        return base.to_owned();
    }
    let word = word.strip_suffix("'s").unwrap_or(word);
    if word.len() < 4 || !word.is_ascii() {
        return word.to_owned();
    }
    if let Some(rest) = word.strip_suffix("ies").filter(|rest| rest.len() >= 2) {
        return format!("{rest}y");
    }
    if let Some(rest) = word.strip_suffix("es")
        && ["s", "x", "z", "ch", "sh"].iter().any(|end| rest.ends_with(end))
        && rest.len() >= 3
    {
        // "caches" and "databases" keep their e: the bare forms "cach" and "databas" end no English word.
        return if rest.ends_with("cach")
            || rest.ends_with("as")
            || rest.ends_with("os")
            || rest.ends_with("is")
            || rest.ends_with("us")
            || rest.ends_with("rs")
            || rest.ends_with("ns")
            || (rest.ends_with('z') && !rest.ends_with("zz"))
        {
            format!("{rest}e")
        } else {
            rest.to_owned()
        };
    }
    if let Some(rest) = word.strip_suffix('s')
        && !["ss", "us", "is", "ous"].iter().any(|end| word.ends_with(end))
    {
        return rest.to_owned();
    }
    if let Some(rest) = word.strip_suffix("ied").filter(|rest| rest.len() >= 2) {
        return format!("{rest}y");
    }
    for ending in ["ing", "ed"] {
        if let Some(rest) = word.strip_suffix(ending)
            && rest.len() >= 2
            && has_vowel(rest)
            && !rest.ends_with('e')
        {
            return restore(rest);
        }
    }
    word.to_owned()
}

/// Verbs whose base form ends in e where the rules of [`restore`] would not put one back.
const ENDING_IN_E: &str = "create recreate delete complete share compare prepare declare care store restore ignore explore \
score schedule rule compile profile file style scale enable handle change arrange range manage merge charge purge \
challenge encourage package page stage engage message exchange acknowledge judge bridge upgrade downgrade trade fade \
decide provide hide divide guide slide override include exclude conclude code encode decode explode mode take make \
wake like use reuse refuse confuse excuse pause cause close choose lose purchase release increase decrease browse parse \
collapse expose propose suppose compose impose raise praise advise revise promise exercise surprise license sense \
reverse traverse erase please rename name time resume assume consume define refine combine determine decline join line \
examine imagine phone clone postpone tune undefine type copytype shape scrape escape wipe pipe swipe scope hope cope \
require expire retire hire fire inquire acquire configure secure measure ensure insure capture feature figure picture \
structure assure write rewrite invite cite unite site execute compute route mute distribute attribute contribute \
substitute constitute vote note quote promote denote rotate remote paste taste waste haste cache breathe describe \
subscribe unsubscribe prescribe subscribe bribe guide size dare stare spare aware square hare bake joke invoke revoke \
provoke stroke evoke strike smoke poke bulldoze freeze sneeze squeeze seize";

static E_VERBS: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| ENDING_IN_E.split_whitespace().collect());

/// Repairs what was left by cutting -ing or -ed: "stopp" to "stop", "creat" to "create", "export" as it is.
fn restore(rest: &str) -> String {
    let with_e = format!("{rest}e");
    if E_VERBS.contains(with_e.as_str()) {
        return with_e;
    }
    let bytes = rest.as_bytes();
    let n = bytes.len();
    let (last, before) = (bytes[n - 1], bytes[n - 2]);
    if last == before && !is_vowel(last) && !matches!(last, b's' | b'l' | b'z' | b'f') {
        return rest[..n - 1].to_owned();
    }
    // A vowel pair before the last consonant means that no e was lost: "treat", "repeat", "explain".
    let pair = n >= 3 && is_vowel(before) && is_vowel(bytes[n - 3]);
    let lost_e = match last {
        b'v' | b'u' | b'c' => true,
        b'z' => before != b'z',
        b'l' => !is_vowel(before) && before != b'r' && before != b'l' && before != b'w',
        b't' => before == b'a' && !pair,
        b's' => matches!(before, b'r' | b'n'),
        b'g' => before == b'd' || before == b'r',
        _ => false,
    };
    if lost_e { with_e } else { rest.to_owned() }
}

/// English derivational endings, the first that fits is cut when at least so many letters stay.
const ENDINGS: [(&str, usize); 20] = [
    ("ization", 3),
    ("isation", 3),
    ("ation", 4),
    ("ition", 4),
    ("ement", 4),
    ("ment", 4),
    ("ness", 4),
    ("ally", 4),
    ("ably", 4),
    ("ible", 4),
    ("able", 4),
    ("ion", 4),
    ("ive", 4),
    ("ize", 3),
    ("ise", 4),
    ("ate", 4),
    ("al", 4),
    ("ly", 4),
    ("or", 4),
    ("e", 3),
];

fn english_stem(word: &str) -> String {
    let mut base = english(word);
    // "-ication" goes back to "-y": notification, notify.
    if let Some(rest) = base.strip_suffix("ication").filter(|rest| rest.len() >= 3) {
        base = format!("{rest}y");
    }
    for (ending, keep) in ENDINGS {
        if let Some(rest) = base.strip_suffix(ending)
            && rest.len() >= keep
        {
            let n = rest.len();
            base.truncate(n);
            break;
        }
    }
    if base.len() > 3 && base.ends_with('y') {
        base.pop();
        base.push('i');
    }
    base
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_lemmas() {
        for (base, forms) in [
            ("export", "exports exported exporting export"),
            ("create", "creates created creating create"),
            ("delete", "deletes deleted deleting"),
            ("share", "shares shared sharing"),
            ("stop", "stops stopped stopping"),
            ("copy", "copies copied copying"),
            ("upload", "uploads uploaded uploading"),
            ("filter", "filters filtered filtering"),
            ("schedule", "schedules scheduled scheduling"),
            ("change", "changes changed changing"),
            ("handle", "handles handled handling"),
            ("crash", "crashes crashed crashing"),
            ("sync", "syncs synced syncing"),
            ("freeze", "froze frozen freezing freezes"),
            ("edit", "edits edited editing"),
            ("submit", "submits submitted submitting"),
            ("import", "imports imported importing"),
            ("configure", "configures configured configuring"),
            ("restore", "restored restoring restores"),
            ("require", "required requires requiring"),
            ("close", "closes closed closing"),
            ("save", "saves saved saving"),
            ("invite", "invites invited inviting"),
            ("update", "updates updated updating"),
            ("notify", "notifies notified notifying"),
            ("report", "reports reported reporting"),
            ("load", "loads loaded loading"),
            ("fail", "fails failed failing"),
            ("rename", "renames renamed renaming"),
            ("print", "prints printed printing"),
            ("merge", "merges merged merging"),
            ("duplicate", "duplicates duplicated duplicating"),
            ("cancel", "cancels cancelled canceling"),
            ("log", "logs logged logging"),
            ("need", "needs needed"),
            ("dashboard", "dashboards"),
            ("category", "categories"),
            ("address", "addresses"),
            ("invoice", "invoices"),
            ("database", "databases"),
            ("box", "boxes"),
            ("process", "processes processed processing"),
            ("use", "uses used using"),
            ("add", "adds added adding"),
            ("type", "types typed typing"),
            ("provide", "provides provided providing"),
            ("enable", "enabled enables enabling"),
            ("complete", "completed completing"),
            ("manage", "managed managing manages"),
            ("purchase", "purchased purchasing purchases"),
            ("respond", "responded responding"),
            ("reset", "resets resetting"),
            ("pay", "pays paid paying"),
            ("vote", "voted voting votes"),
            ("activate", "activated activating"),
            ("receive", "received receiving"),
        ] {
            for form in forms.split_whitespace() {
                assert_eq!(lemma(form, Language::English), base, "{form}");
            }
        }
    }

    #[test]
    fn stems_join_noun_and_verb() {
        let stem = |word| stem(word, Language::English);
        assert_eq!(stem("creation"), stem("creating"));
        assert_eq!(stem("notification"), stem("notifications"));
        assert_ne!(stem("import"), stem("export"));
    }

    #[test]
    fn other_languages_join_inflections() {
        assert_eq!(stem("rechnungen", Language::German), stem("rechnung", Language::German));
        assert_eq!(stem("exporter", Language::French), stem("exportez", Language::French));
        assert_eq!(stem("facturas", Language::Spanish), stem("factura", Language::Spanish));
        assert_eq!(stem("relatórios", Language::Portuguese), stem("relatorio", Language::Portuguese));
    }
}
