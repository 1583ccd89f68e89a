//! Word classes: closed classes in full, product verbs and common adjectives as a small lexicon, the rest by ending.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::closed_class::is_function_word;
use crate::language::Language;
use crate::stem::lemma;

/// The class a word plays in a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Determiner,
    Possessive,
    Number,
    Adjective,
    Noun,
    Verb,
    Be,
    Have,
    Modal,
    To,
    Negation,
    Preposition,
    Conjunction,
    Pronoun,
    /// A pronoun that can only be a subject.
    Subject,
    Adverb,
}

impl Class {
    /// Whether the class has a fixed set of words, so that position cannot change it.
    pub(super) fn is_closed(self) -> bool {
        !matches!(self, Self::Adjective | Self::Noun | Self::Verb)
    }
}

/// The classes a word may have; `first` is the one to take when nothing speaks for another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Classes {
    pub(super) first: Class,
    pub(super) verb: bool,
    pub(super) noun: bool,
    pub(super) adjective: bool,
}

const CLOSED: &[(Class, &str)] = &[
    (
        Class::Determiner,
        "the a an this that these those some any each every all both another no which what such several many few most more \
         less enough multiple various certain other",
    ),
    (Class::Possessive, "my our your his her its their whose"),
    (
        Class::Number,
        "one two three four five six seven eight nine ten twenty thirty fifty hundred thousand million first second third half",
    ),
    (
        Class::Be,
        "am is are was were be been being i'm you're we're they're it's he's she's that's there's isn't aren't wasn't weren't",
    ),
    (Class::Have, "have has had having i've we've you've they've haven't hasn't hadn't"),
    (
        Class::Modal,
        "can could will would shall should may might must can't cannot couldn't won't wouldn't shouldn't mustn't cant dont do \
         does did don't doesn't didn't doesnt didnt wont i'll we'll you'll they'll it'll i'd we'd you'd they'd let's lets",
    ),
    (Class::To, "to"),
    (Class::Negation, "not never n't"),
    (
        Class::Preposition,
        "of in on at by for with from into onto over under between through during before after about against without within \
         across along around via per than like as until since toward towards upon except inside outside behind beyond near off \
         up down out",
    ),
    (
        Class::Conjunction,
        "and or but so because if when whenever while whereas although though unless nor yet then whether where why how",
    ),
    (Class::Subject, "i we he she they who"),
    (
        Class::Pronoun,
        "you it me us him them mine ours yours theirs something anything nothing everything someone anyone everyone nobody \
         myself ourselves itself there here",
    ),
    (
        Class::Adverb,
        "please also just only still already even always often sometimes again too very really now soon later today tomorrow \
         yesterday maybe perhaps quite rather almost ever instead together however therefore actually currently \
         automatically well once twice much anymore",
    ),
];

/// Verbs of software and service talk, by base form. Those that are also nouns carry a mark.
const VERBS: &str = "accept access= account= activate add adjust aggregate allow apply approve archive= ask assign attach \
attempt= audit= authenticate authorise authorize automate back= backup= ban= block= book= break= bring browse build= buy \
calculate call= cancel capture= cause= change= charge= chart= chat= check= choose clean clear click= clone= close collapse \
collect combine come comment= compare complete configure confirm connect contact= contain control= convert copy= correct \
count= crash= create customise customize cut= deactivate debug decide declare decline= decrease= define delay= delete deliver \
deny deploy describe design= detect disable disappear disconnect discover display= divide do dock download= drag= draw drop= \
duplicate= edit= embed enable encrypt end= enter erase escape estimate= exclude execute expand expect experience= expire explain \
export= extend extract fail fax= feed= fetch fill filter= find finish fix= flag= flip focus= follow force= forget format= \
forward freeze= generate get give go grant= group= grow handle hang happen have hear help= hide highlight= hold= host= ignore \
implement import= improve include increase= indicate inform insert inspect install integrate invite= join keep know label= \
launch= lead= learn leave let limit= link= list= listen load= locate lock= log= login look= lose lower maintain make manage map= \
mark= match= measure= mention= merge= migrate miss= modify monitor= move= mute name= navigate need= notice= notify offer= \
open order= organise organize overwrite paste pause= pay= perform pick= pin= place= plan= play= plot= post= prefer prevent \
preview= print= process= project= promote propose protect provide publish pull= purchase= push= put query= queue= raise= rate= \
read receive recognise recognize record= recover redirect reduce refer refresh= refund= refuse register reject relate release= \
reload rely remember remind remove rename render reopen reorder reorganise repair= repeat= replace reply= report= request= \
require reschedule resend reset= resize resolve respond restart= restore restrict result= resume retry= return= reuse revert \
review= revoke rotate round run= save= say scale= scan= schedule= scroll= search= see select sell send separate serve set= \
share= ship= show= shrink sign= simplify skip= sleep slow snooze solve sort= speak specify speed= spend spin split= start= \
stay= stop= store= stream= submit subscribe suggest supply= support= suspend swap= switch= sync= synchronise synchronize tag= take \
talk= tell test= think throw toggle= top= touch= track= train= transfer= transform translate trash= treat trigger= troubleshoot \
try= turn= type= undo uninstall unlock unsubscribe update= upgrade= upload= use= validate verify view= visit= vote= wait= wake \
walk want warn wish= withdraw work= worry= wrap write zoom= happen confuse keep exist appear seem turn cost= load= wipe overcharge \
deposit= top-up= reorder refactor deprecate rebuild port= bump= declutter rearrange annotate paginate deduplicate bookmark= \
favourite= favorite= star= pin= mute unmute snooze escalate reassign triage= estimate= invoice= bill= book= reconcile";

/// Adjectives of the same talk whose ending does not tell.
const ADJECTIVES: &str = "new old big small large long short high low fast slow easy hard good bad better best worse worst great nice \
simple clear clean dark light bright full empty open wrong right main own same different last next previous current daily weekly \
monthly yearly annual free cheap expensive extra single double public private shared common whole entire direct recent late \
early ready available online offline mobile native manual automatic dynamic static smart bulk custom default external internal \
foreign local global remote secure safe strong weak broken correct incorrect exact real true false own unable able happy \
unhappy busy common rare deep wide narrow hidden visible separate specific particular similar unique red green blue black white \
contactless virtual physical disposable";

/// Nouns whose ending looks like another class.
const NOUNS: &str = "setting settings string thing meeting billing pricing building listing heading mapping logging tracking \
onboarding booking funding rating training ticketing invoicing staging landing padding spacing password record feed need speed \
id data media api interval portal proposal approval renewal total manual signal terminal journal material email detail \
mail folder user customer manager number filter calendar browser server order letter header footer order member owner paper \
family company country city currency history category priority activity security privacy facility identity quality quantity \
opportunity supply reply copy query entry delivery summary inventory directory library battery gallery day way key survey display \
criteria metric topic traffic logic graphic music archive drive objective initiative executive executable variable table cable \
vegetable example article title cycle vehicle profile file tile module schedule mobile people keyboard dashboard board clipboard";

static CLOSED_WORDS: LazyLock<FxHashMap<&'static str, Class>> = LazyLock::new(|| {
    let mut words = FxHashMap::default();
    for &(class, list) in CLOSED {
        for word in list.split_whitespace() {
            words.entry(word).or_insert(class);
        }
    }
    words
});

/// Base form to whether it is a noun too.
static VERB_WORDS: LazyLock<FxHashMap<&'static str, bool>> = LazyLock::new(|| {
    VERBS.split_whitespace().map(|word| word.strip_suffix('=').map_or((word, false), |word| (word, true))).collect()
});
static ADJECTIVE_WORDS: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| ADJECTIVES.split_whitespace().collect());
static NOUN_WORDS: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| NOUNS.split_whitespace().collect());

/// The classes of an English word in lower case.
pub(super) fn english(word: &str) -> Classes {
    if let Some(&class) = CLOSED_WORDS.get(word) {
        return Classes { first: class, verb: false, noun: false, adjective: false };
    }
    if word.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',')) {
        return Classes { first: Class::Number, verb: false, noun: false, adjective: false };
    }
    if NOUN_WORDS.contains(word) {
        let verb = VERB_WORDS.get(word).is_some();
        return Classes { first: Class::Noun, verb, noun: true, adjective: false };
    }
    let base = lemma(word, Language::English);
    let known = VERB_WORDS.get(base.as_str()).copied();
    let adjective_known = ADJECTIVE_WORDS.contains(word);
    if adjective_known && known.is_none() {
        return Classes { first: Class::Adjective, verb: false, noun: false, adjective: true };
    }
    let is_form = word.ends_with("ing") || word.ends_with("ed");
    if let Some(also_noun) = known {
        // "exporting" may stand for the act; "exported" only beside a noun.
        let noun = (also_noun && !is_form) || word.ends_with("ing");
        return Classes { first: Class::Verb, verb: true, noun, adjective: adjective_known || word.ends_with("ed") };
    }
    if word.ends_with("ly") && word.len() > 4 {
        return Classes { first: Class::Adverb, verb: false, noun: false, adjective: false };
    }
    let adjective_ending = ["ous", "ful", "ive", "able", "ible", "ical", "less", "ish", "ary", "ic", "al"]
        .iter()
        .any(|end| word.ends_with(end) && word.len() > end.len() + 2);
    if adjective_ending {
        return Classes {
            first: Class::Adjective,
            verb: false,
            noun: word.ends_with("al") || word.ends_with("ic"),
            adjective: true,
        };
    }
    if is_form && word.len() > 5 {
        return Classes { first: Class::Verb, verb: true, noun: word.ends_with("ing"), adjective: true };
    }
    Classes { first: Class::Noun, verb: false, noun: true, adjective: false }
}

/// The class of a word of the other languages: closed classes by a few lists and the function words, else a noun to be
/// looked at again.
pub(super) fn simple(word: &str, written: &str, language: Language) -> Class {
    let in_list = |list: &str| list.split_whitespace().any(|entry| entry == word);
    let (determiners, possessives, negations, to) = match language {
        Language::German => (
            "der die das den dem des ein eine einen einem einer eines kein keine keinen diese dieser dieses diesen jede jeder jedes alle mehrere \
             viele",
            "mein meine meinen meinem meiner unser unsere unseren unserem ihr ihre ihren dein deine sein seine seinen",
            "nicht nie niemals",
            "zu",
        ),
        Language::French => (
            "le la les l un une des du au aux ce cet cette ces chaque plusieurs quelques tous toutes tout toute",
            "mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs",
            "ne n pas jamais plus",
            "à",
        ),
        Language::Spanish => (
            "el la los las un una unos unas este esta estos estas ese esa esos esas cada varios varias todos todas al del",
            "mi mis tu tus su sus nuestro nuestra nuestros nuestras",
            "no nunca jamás",
            "",
        ),
        _ => (
            "o a os as um uma uns umas este esta estes estas esse essa esses essas cada vários várias todos todas ao aos do da dos das \
             no na nos nas",
            "meu minha meus minhas seu sua seus suas nosso nossa nossos nossas",
            "não nunca jamais",
            "",
        ),
    };
    if in_list(negations) {
        Class::Negation
    } else if in_list(to) {
        Class::To
    } else if in_list(determiners) {
        Class::Determiner
    } else if in_list(possessives) {
        Class::Possessive
    } else if word.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',')) {
        Class::Number
    } else if is_function_word(word, language)
        && !(language == Language::German && written.starts_with(char::is_uppercase) && word.len() > 6)
    {
        Class::Preposition
    } else {
        Class::Noun
    }
}

/// Whether a lower-case word has an infinitive's ending.
pub(super) fn is_infinitive(word: &str, language: Language) -> bool {
    let long = word.chars().count() >= 5;
    match language {
        Language::German => long && (word.ends_with("en") || word.ends_with("ern") || word.ends_with("eln")),
        Language::French => {
            long && (word.ends_with("er")
                || word.ends_with("ir")
                || word.ends_with("re") && !word.ends_with("aire") && !word.ends_with("ure"))
        }
        Language::Spanish | Language::Portuguese => {
            long && (word.ends_with("ar") || word.ends_with("er") || word.ends_with("ir"))
                || matches!(word, "ver" | "usar" | "abrir")
        }
        _ => false,
    }
}

/// Whether a German lower-case word has an attributive adjective's ending.
pub(super) fn is_german_adjective(word: &str) -> bool {
    ["e", "en", "er", "es", "em"].iter().any(|end| word.ends_with(end)) && word.len() > 4
}
