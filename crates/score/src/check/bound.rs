//! What is kept of an answer's citations: a dozen, chosen so that as many voices as possible are among them.
//!
//! In: a case and the citations of one answer, in the check's own order. Out: those that are kept, in that order, and how
//! many are not. Kept first is what is cited once: the first words of each account, then of each person, then the rest.
//! Lines of the strategy and of data files are always kept: there are as many as somebody declared, and plans read them.
//!
//! Invariant: nothing is dropped before [`EVIDENCE_MAX`] are kept, so points above zero still cite something.
//! Cost: the memory of an answer does not grow with what is said.

use crate::facts::Case;
use rustc_hash::{FxHashMap, FxHashSet};
use throughline_model::{Citation, Signal, SignalId};

/// Citations kept with an answer, lines of the strategy and of data files not counted. As many as `explain` quotes.
pub const EVIDENCE_MAX: usize = 12;

/// How soon a citation is kept; the least first.
type Turn = (bool, bool, usize, usize);

/// The citations that are kept, and how many are not.
pub(super) fn kept(case: &Case<'_>, citations: Vec<Citation>) -> (Vec<Citation>, usize) {
    let n_bounded = citations.iter().filter(|citation| !is_declared(citation)).count();
    if n_bounded <= EVIDENCE_MAX {
        return (citations, 0);
    }
    let mut turns = turns(case, &citations);
    turns.sort_unstable();
    turns.truncate(EVIDENCE_MAX);
    let is_kept: FxHashSet<usize> = turns.into_iter().map(|(_, at)| at).collect();
    let kept = citations.into_iter().enumerate();
    let kept = kept.filter(|(at, citation)| is_declared(citation) || is_kept.contains(at)).map(|(_, c)| c).collect();
    (kept, n_bounded - EVIDENCE_MAX)
}

const fn is_declared(citation: &Citation) -> bool {
    matches!(citation, Citation::Strategy { .. } | Citation::Default { .. })
}

/// The turn of each citation that is bounded, with its position. Kinds of citation take turns, so that a list of accounts
/// does not leave out what they say.
fn turns(case: &Case<'_>, citations: &[Citation]) -> Vec<(Turn, usize)> {
    let mut seen_signals: FxHashSet<SignalId> = FxHashSet::default();
    let mut seen_accounts: FxHashSet<u64> = FxHashSet::default();
    let mut n_by_voice: FxHashMap<u64, usize> = FxHashMap::default();
    let mut n_by_kind: FxHashMap<std::mem::Discriminant<Citation>, usize> = FxHashMap::default();
    let mut turns = Vec::new();
    for (at, citation) in citations.iter().enumerate().filter(|(_, citation)| !is_declared(citation)) {
        let of_kind = n_by_kind.entry(std::mem::discriminant(citation)).or_default();
        let nth_of_kind = *of_kind;
        *of_kind += 1;
        let turn = if let Citation::Signal { id, .. } = citation {
            let (account, voice) = speaker(case, *id);
            let nth_of_voice = n_by_voice.entry(voice).or_default();
            *nth_of_voice += 1;
            (!seen_signals.insert(*id), !seen_accounts.insert(account), *nth_of_voice, nth_of_kind)
        } else {
            (false, false, 1, nth_of_kind)
        };
        turns.push((turn, at));
    }
    turns
}

/// The account and the person behind a statement; what is not named is stood for by the next finer thing.
fn speaker(case: &Case<'_>, id: SignalId) -> (u64, u64) {
    // Members are in the order of their ids.
    let signal: Option<&&Signal> =
        case.members.binary_search_by_key(&id, |signal| signal.id).ok().map(|at| &case.members[at]);
    let Some(signal) = signal else {
        return (id.0, id.0);
    };
    let voice = signal.person.map_or(signal.record_id.0, |person| person.0);
    (signal.account.map_or(voice, |account| account.0), voice)
}
