//! Why a text was understood as it was: the cues found, the clause cut, the candidates weighed. For people who mend data.

use crate::frame::Frames;
use crate::linear::softmax;
use crate::rank::Model;
use crate::{clause, gate, kind, object, pack, rank, understand};
use std::fmt::Write;
use throughline_text::embed::Table;

/// A report in plain lines on how [`crate::understand()`] reads `text`.
pub fn explain(text: &str) -> String {
    let mut out = String::new();
    let language = understand::language(text);
    let Some(pack) = pack::of(language) else {
        return format!("language: no pack for it ({language:?})\n");
    };
    let opened = clause::open(text, language, pack);
    let model = Model::builtin();
    let whole = Table::builtin().embed(&text[gate::gist(&opened)]);
    let (gate, vector) = if understand::is_english(language) {
        (&model.kind, Some(whole.as_slice()))
    } else {
        (&model.plain_kind, None)
    };
    let shares = gate::shares(gate, &gate::present(text, &opened, vector, pack, gate));
    let _ = writeln!(out, "request, problem, question, praise, other: {shares:.2?}");
    let (kind, sure) = understand::kind(text, language);
    let reading = clause::close(text, opened, kind, sure, pack, language);
    let _ = writeln!(out, "language {language:?}, kind {} {:.2}", reading.kind.word(), reading.kind_confidence);
    for (at, sentence) in reading.sentences.iter().enumerate() {
        let mark = if at == reading.asking { '*' } else { ' ' };
        let _ = writeln!(out, "{mark} {:?}", &text[sentence.range.clone()]);
        let (points, _) = kind::points_and_classes(&sentence.words, &text[sentence.range.clone()], pack);
        let _ = writeln!(out, "    request, problem, question, praise, other: {points:.1?}");
        for hit in pack.kind_cues.find(&sentence.words.words, sentence.words.start) {
            let words = &sentence.words.words[hit.first..hit.last];
            let found: Vec<&str> = words.iter().map(|word| word.lower.as_str()).collect();
            let class = &pack.kind_classes[hit.payload as usize];
            let _ = writeln!(out, "    {} {} {:+}: {}", class.kind.word(), class.name, class.weight, found.join(" "));
        }
    }
    let _ = writeln!(out, "clause {:?}", &text[reading.clause.clone()]);
    let show = |range: &Option<std::ops::Range<usize>>| range.clone().map(|range| &text[range]);
    let _ = writeln!(out, "reason {:?}, situation {:?}", show(&reading.reason), show(&reading.situation));
    let frames = Frames::builtin();
    let vector = Table::builtin().embed(rank::gist(text, &reading));
    let features = rank::features(&reading, language, &vector, frames, &model.frame);
    let shares = softmax(&model.scores(&features));
    let mut order: Vec<usize> = (0..shares.len()).collect();
    order.sort_by(|&a, &b| shares[b].total_cmp(&shares[a]).then(a.cmp(&b)));
    for &class in order.iter().take(4) {
        let name = model.header.frames.get(class).map_or("none", String::as_str);
        let shared: Vec<String> = features
            .shared
            .iter()
            .filter(|&&(of, ..)| of as usize == class)
            .map(|&(_, at, value)| {
                format!("{} {:+.2}", rank::SHARED_NAMES[at as usize], model.header.shared[at as usize] * value)
            })
            .collect();
        let _ = writeln!(out, "frame {name} {:.2} ({})", shares[class], shared.join(", "));
    }
    let frame = order.first().and_then(|&class| frames.get(model.header.frames.get(class)?));
    for candidate in object::candidates(text, &reading, frame, language) {
        let score = object::score(&candidate, &model.object);
        let names =
            object::FEATURE_NAMES.iter().map(|name| (*name).to_owned()).chain(model.object.keys.iter().cloned());
        let names: Vec<String> = names.collect();
        let why: Vec<String> = object::present(&candidate, &model.object)
            .into_iter()
            .filter_map(|(at, value)| {
                let weight = model.object.rows.get(at as usize)?;
                Some(format!("{} {:+.1}", names.get(at as usize)?, value * weight))
            })
            .collect();
        let _ = writeln!(out, "object {:?} {score:.1} ({})", &text[candidate.range.clone()], why.join(", "));
    }
    out
}
