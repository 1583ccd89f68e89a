//! Function words (articles, pronouns, prepositions, auxiliaries ...) of the five languages, and decoys of others.
//!
//! They carry grammar, not topic: content words are what is left when they are taken away, and because a language
//! cannot be written without them they also tell languages apart ([`language_mask`]).
//! Words are lower case with accents; look-ups also accept the accent-less spelling of words of four letters and more.
//! Source: written for this project from general grammars.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::language::Language;

const ENGLISH: &str = "a an the this that these those i me my mine myself we us our ours ourselves you your yours \
yourself yourselves he him his himself she her hers herself it its itself they them their theirs themselves who whom \
whose which what where when why how and or but nor so yet if then else than as of at by for with about against between \
into through during before after above below to from up down in out on off over under again further once here there \
all any both each few more most other others another some such no not only own same too very just also even still \
already can could will would shall should may might must ought am is are was were be been being have has had having do \
does did doing done because while until unless since although though whether per via upon within without across along \
around among toward towards onto i'm i've i'd i'll you're you've you'd you'll he's she's it's it'd it'll we're we've \
we'd we'll they're they've they'd they'll that's there's what's who's where's how's let's isn't aren't wasn't weren't \
haven't hasn't hadn't don't doesn't didn't won't wouldn't can't cannot couldn't shouldn't mustn't ain't im ive dont \
doesnt didnt cant wont isnt wasnt anyone anything anybody someone something somebody everyone everything everybody \
nobody nothing none either neither every much many lot lots please";

const GERMAN: &str = "der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner keines \
ich mich mir mein meine meinen meinem meiner meines du dich dir dein deine deinen deinem deiner er ihn ihm sein seine \
seinen seinem seiner seines sie ihr ihre ihren ihrem ihrer ihres ihnen wir uns unser unsere unseren unserem unserer es \
man wer wen wem wessen was welche welcher welches welchen welchem wo wann warum wieso weshalb wie und oder aber denn \
sondern doch wenn falls ob dass weil da damit obwohl während bevor nachdem bis als seit sobald zu zum zur bei beim mit \
von vom für gegen ohne um aus auf an am in im ins nach über unter vor hinter neben zwischen durch wegen trotz hier dort \
dann nun jetzt schon noch nur auch sehr mehr so nicht nie niemals nichts etwas alles alle allen aller jeder jede jedes \
jeden jedem dieser diese dieses diesen diesem jener jene viele viel wenig einige mehrere andere anderen immer wieder \
mal eben halt ist sind war waren bin bist seid sein gewesen werde wird werden wurde wurden geworden habe hat haben hast \
hatte hatten hätte hätten gehabt kann kannst können könnt konnte konnten könnte könnten muss musst müssen musste \
müssten soll sollte sollten sollen will wollen wollte wollten möchte möchten darf dürfen durfte mag würde würden wäre \
wären bitte sich dazu dafür davon damit daran darauf darin hin her ja nein";

const FRENCH: &str = "le la les l un une des du de d au aux ce cet cette ces mon ma mes ton ta tes son sa ses notre nos \
votre vos leur leurs je j tu il elle on nous vous ils elles me m te t se s lui eux moi toi soi y en qui que qu quoi dont \
où quel quelle quels quelles lequel laquelle quand comment pourquoi combien et ou mais donc or ni car si alors comme \
lorsque lorsqu puisque puisqu parce afin pour par sur sous dans avec sans chez vers entre depuis pendant avant après \
contre jusque jusqu à est sont était étaient être été suis es sommes êtes sera seront serait seraient soit ai as a ont \
avons avez avait avaient avoir eu aura auront aurait fait faire fais font peut peux peuvent pouvons pouvez pourrait \
pourrais pouvoir doit dois doivent devons devez devrait devoir veux veut veulent voulons voulez voudrais voudrait \
faut ne n pas plus jamais rien aucun aucune personne tout toute tous toutes très trop peu beaucoup encore déjà aussi \
même autre autres quelque quelques chaque plusieurs ici là cela ça c ceci celui celle ceux celles toujours non oui \
merci svp bonjour n'est c'est j'ai qu'il d'un d'une l'on n'ai s'il";

const SPANISH: &str = "el la los las un una unos unas lo al del de a ante bajo con contra desde durante en entre hacia \
hasta para por según sin sobre tras y e o u ni pero sino aunque si porque pues como cuando donde dónde cómo cuándo \
cuánto cuánta cuántos qué quién quiénes cuál cuáles que quien quienes cual cuales cuyo yo tú él ella usted ustedes \
nosotros vosotros ellos ellas me te se nos os le les mi mis tu tus su sus nuestro nuestra nuestros nuestras mío mía \
este esta estos estas ese esa esos esas esto eso aquel aquella aquello es son era eran ser sido soy eres somos fue \
fueron será serían sería estoy está están estaba estaban estar estamos he has ha hemos han había habían haber hay \
hubo tengo tiene tienen tenemos tenía tener puedo puede pueden podemos podría podrían poder debo debe deben debería \
quiero quiere quieren queremos quisiera hago hace hacen hacer no nunca jamás nada nadie ninguno ninguna ningún algo \
alguien algún alguna algunos algunas todo toda todos todas cada mucho mucha muchos muchas muy más menos poco pocos \
tan tanto ya aún todavía también tampoco otro otra otros otras mismo misma aquí allí ahí entonces así sí favor";

const PORTUGUESE: &str = "o a os as um uma uns umas ao aos à às do da dos das no na nos nas num numa dum duma pelo pela \
pelos pelas de em por para com sem sob sobre entre até desde contra após ante e ou mas porém nem se porque pois que \
quem qual quais quando onde como quanto quanta quantos eu tu ele ela você vocês nós eles elas me te lhe lhes nosso \
nossa nossos nossas meu minha meus minhas teu tua seu sua seus suas este esta estes estas esse essa esses essas isto \
isso aquele aquela aquilo é são era eram ser sido sou somos foi foram será seria seriam estou está estão estava \
estavam estar estamos tenho tem têm temos tinha tinham ter teve há havia houve haver posso pode podem podemos poderia \
poder devo deve devem deveria quero quer querem queremos queria gostaria faço faz fazem fazer consigo consegue \
conseguimos não nunca jamais nada ninguém nenhum nenhuma algo alguém algum alguma alguns algumas todo toda todos todas \
tudo cada muito muita muitos muitas mais menos pouco poucos tão tanto já ainda também outro outra outros outras mesmo \
mesma aqui ali lá então assim sim só obrigado obrigada dele dela deles delas neste nesta nesse nessa";

/// Words of languages we do not serve, so that their texts are recognised as such and not as a neighbour of ours.
const DECOYS: &str = "ik je jij hij zij wij jullie het een van niet met voor maar ook naar zijn heeft hebben wordt kan \
kunnen mijn deze dit dat er bij nog wel geen uit aan op om te door als dan zou moet werkt \
io tu lui lei noi voi loro il lo gli una uno del della dello dei delle degli nel nella nei nelle sul sulla sono è sei \
siamo siete non che chi cosa come quando dove perché più anche ma però con per tra fra questo questa questi queste ho \
hai ha abbiamo avete hanno posso può possono devo deve vorrei mio mia miei mie tuo suo ad al alla allo ai agli dal \
dalla ed c'è di \
jag du han hon vi ni de det den att och är var inte med för på av till om när hur kan har hade ska skulle min mitt mina \
jeg ikke og er som til fra på kan har vil skal men den det denne dette hvor hvordan \
ja ty on ona my wy oni nie się jest są był była czy jak gdzie kiedy ale lub z w na do od po przez dla mój moja moje to \
ve bir bu şu ben sen o biz siz onlar için ile değil var yok ama çok nasıl ne neden da de mi \
ei se on minä sinä hän me te he ja tai mutta kun jos että \
nem és egy ez az hogy van volt lesz de ha mint csak már meg \
og ekki að ég þú \
si nu este sunt eu tu el ea noi voi ei și sau dar cu pe în la din pentru care cum unde când mai foarte";

/// Bit of the decoys in a [`language_mask`].
const DECOY_BIT: u8 = 1 << 5;

static WORDS: LazyLock<FxHashMap<String, u8>> = LazyLock::new(|| {
    let mut words: FxHashMap<String, u8> = FxHashMap::default();
    for (slot, list) in [ENGLISH, GERMAN, FRENCH, SPANISH, PORTUGUESE, DECOYS].into_iter().enumerate() {
        for word in list.split_whitespace() {
            *words.entry(word.to_owned()).or_default() |= 1 << slot;
        }
    }
    // People leave accents out; "nao" and "tambien" are still what they are. Short forms would collide ("où"/"ou").
    for (slot, list) in [GERMAN, FRENCH, SPANISH, PORTUGUESE].into_iter().enumerate() {
        for word in list.split_whitespace().filter(|word| !word.is_ascii() && word.chars().count() >= 3) {
            let plain = crate::token::strip_accents(word);
            let known = words.get(&plain).copied().unwrap_or_default();
            if known == 0 || plain.len() >= 4 {
                words.insert(plain, known | 1 << (slot + 1));
            }
        }
    }
    words
});

/// One bit per language that uses `word` (lower case) as a function word: bits 0..=4 in the order of
/// [`Language::KNOWN`], bit 5 for any language we do not serve.
pub fn language_mask(word: &str) -> u8 {
    WORDS.get(word).copied().unwrap_or_default()
}

/// Whether `word` (lower case) is a function word of `language`; for [`Language::Other`], of any of the five.
pub fn is_function_word(word: &str, language: Language) -> bool {
    let mask = language_mask(word);
    match language.index() {
        Some(slot) => mask >> slot & 1 == 1,
        None => mask & !DECOY_BIT != 0,
    }
}

/// Letters of the Latin script, its supplements and the apostrophes people type inside words.
pub(crate) fn is_latin(c: char) -> bool {
    c.is_ascii() || matches!(c, '\u{00AA}'..='\u{024F}' | '\u{1E00}'..='\u{1EFF}' | '\u{0300}'..='\u{036F}' | '’' | 'ʼ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn function_words_are_per_language() {
        assert!(is_function_word("the", Language::English));
        assert!(!is_function_word("the", Language::German));
        assert!(is_function_word("nicht", Language::German));
        assert!(is_function_word("nao", Language::Portuguese));
        assert!(!is_function_word("export", Language::Other));
    }
}
