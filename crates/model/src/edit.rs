//! Edits: what people changed in specifications. They are inputs, and every compile lays them over what it made.
//!
//! A list that only grows, in order: what is said later goes before what was said earlier, and taking something back is
//! said, too. An edit names the sentence by its id and keeps the words it replaced, so that a later compile can tell
//! whether they still stand.
//! Invariant: an edit never changes what is compiled; [`crate::sentence`] lays it over a copy.

use crate::id::{EditId, JudgementId, SpecItemId};
use crate::judgement::Meant;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How far an item of a specification is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nobody agreed to it yet.
    Draft,
    /// The team agreed to it.
    Agreed,
    /// It is built.
    Done,
    /// It will not be built; it stays listed.
    Dropped,
}

impl Status {
    /// All, in the order in which items pass through them.
    pub const ALL: [Self; 4] = [Self::Draft, Self::Agreed, Self::Done, Self::Dropped];

    /// The word that commands take and documents print.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Agreed => "agreed",
            Self::Done => "done",
            Self::Dropped => "dropped",
        }
    }

    /// The status with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.word() == word)
    }
}

/// A sentence as it was when somebody changed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaced {
    /// Its id.
    pub item: SpecItemId,
    /// Where it stood, for instance `problem` or `US-1.2 then`; it is looked for there when its id is gone.
    pub place: String,
    /// Its words; empty when they were forgotten.
    pub words: String,
    /// Of its words, by [`mark`].
    pub mark: u64,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EditAct {
    /// A sentence reads otherwise.
    Text {
        /// The sentence as it was compiled.
        replaced: Replaced,
        /// How it reads.
        text: String,
    },
    /// An item is at this point.
    Status {
        /// A sentence, a story, a criterion, or the specification as a whole.
        item: SpecItemId,
        /// Where it stands, for people.
        place: String,
        /// How far it is.
        status: Status,
    },
    /// An earlier edit is taken back.
    Undo {
        /// Which.
        edit: EditId,
    },
}

/// Something a person changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// Of what was changed, and of the edit before it.
    pub id: EditId,
    /// Who.
    pub by: String,
    /// Why, if they said so.
    pub why: Option<String>,
    /// The insight whose specification it is, so that it is found again when ids are given anew.
    pub insight: Meant,
    /// What.
    pub act: EditAct,
}

impl Edit {
    /// An edit that follows on `before`. `spoken` is a binary form of the act, for the id.
    #[must_use]
    pub fn after(before: &[Self], by: &str, why: Option<&str>, insight: Meant, act: EditAct, spoken: &[u8]) -> Self {
        let last = before.last().map_or(0, |edit| edit.id.0);
        let id = EditId::of(&[&last.to_le_bytes(), spoken]);
        Self { id, by: by.to_owned(), why: why.map(str::to_owned), insight, act }
    }

    /// The item that it names; none for an undo.
    #[must_use]
    pub fn item(&self) -> Option<SpecItemId> {
        match &self.act {
            EditAct::Text { replaced, .. } => Some(replaced.item),
            EditAct::Status { item, .. } => Some(*item),
            EditAct::Undo { .. } => None,
        }
    }
}

/// A mark of words, by which it is seen whether they changed. Blanks do not count.
#[must_use]
pub fn mark(words: &str) -> u64 {
    let words: Vec<&str> = words.split_whitespace().collect();
    JudgementId::of(&[b"words", words.join(" ").as_bytes()]).0
}

/// Edits, undos among them, that were taken back.
#[must_use]
pub fn undone(edits: &[Edit]) -> BTreeSet<EditId> {
    let mut undone: BTreeSet<EditId> = BTreeSet::new();
    // From the last to the first: what takes something back may itself be taken back.
    for edit in edits.iter().rev() {
        if let EditAct::Undo { edit: target } = &edit.act
            && !undone.contains(&edit.id)
        {
            undone.insert(*target);
        }
    }
    undone
}

/// The edits that hold, undos aside, in order.
#[must_use]
pub fn not_undone(edits: &[Edit]) -> Vec<&Edit> {
    let undone = undone(edits);
    let is_said = |edit: &&Edit| !undone.contains(&edit.id) && !matches!(edit.act, EditAct::Undo { .. });
    edits.iter().filter(is_said).collect()
}

/// What holds of a list of edits: the last one of each sentence, and the status of each item.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Holding<'a> {
    /// Texts, in the order in which they were said last.
    pub texts: Vec<&'a Edit>,
    /// Status by item, with the edit that gave it.
    pub status: BTreeMap<SpecItemId, (Status, &'a Edit)>,
}

impl<'a> Holding<'a> {
    /// What holds.
    #[must_use]
    pub fn of(edits: &'a [Edit]) -> Self {
        let mut holding = Self::default();
        for edit in not_undone(edits) {
            match &edit.act {
                EditAct::Text { .. } => {
                    holding.texts.retain(|earlier| earlier.item() != edit.item());
                    holding.texts.push(edit);
                }
                EditAct::Status { item, status, .. } => {
                    holding.status.insert(*item, (*status, edit));
                }
                EditAct::Undo { .. } => {}
            }
        }
        holding
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::InsightId;

    fn said(list: &mut Vec<Edit>, act: EditAct) -> EditId {
        let spoken = format!("{act:?}");
        let insight = Meant { id: InsightId(1), label: String::new(), members: Vec::new() };
        let edit = Edit::after(list, "Ida", None, insight, act, spoken.as_bytes());
        let id = edit.id;
        list.push(edit);
        id
    }

    fn text(words: &str) -> EditAct {
        let replaced = Replaced { item: SpecItemId(7), place: "title".into(), words: "a".into(), mark: mark("a") };
        EditAct::Text { replaced, text: words.to_owned() }
    }

    #[test]
    fn the_last_text_of_a_sentence_holds_and_an_undo_brings_the_earlier_again() {
        let mut list = Vec::new();
        said(&mut list, text("one"));
        let second = said(&mut list, text("two"));
        let holds = |list: &[Edit]| Holding::of(list).texts.iter().map(|edit| edit.id).collect::<Vec<_>>();
        assert_eq!(holds(&list), [second]);
        let undo = said(&mut list, EditAct::Undo { edit: second });
        assert_eq!(holds(&list), [list[0].id]);
        said(&mut list, EditAct::Undo { edit: undo });
        assert_eq!(holds(&list), [second]);
    }

    #[test]
    fn blanks_do_not_change_a_mark() {
        assert_eq!(mark(" a  b\n"), mark("a b"));
        assert_ne!(mark("a b"), mark("ab"));
    }
}
