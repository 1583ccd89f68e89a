//! A JSON value that borrows from its text: what the many small reads of one event need, without a map or a copy.
//!
//! Cost: one allocation per object and list; strings without escapes are borrowed.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// A borrowed JSON value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node<'a> {
    Null,
    Bool(bool),
    Number(f64),
    /// A whole number too large to be exact as `f64`, as written: ids may be.
    Whole(i128),
    Text(Cow<'a, str>),
    List(Vec<Node<'a>>),
    Map(Vec<(Cow<'a, str>, Node<'a>)>),
}

/// Whole numbers up to here are exact as `f64`.
const MAX_EXACT: u64 = 1 << 53;

impl<'a> Node<'a> {
    const NULL: Node<'static> = Node::Null;

    /// The value of a key; `Null` where there is none.
    pub(crate) fn get(&self, key: &str) -> &Node<'a> {
        match self {
            Self::Map(entries) => {
                entries.iter().find(|(known, _)| known == key).map_or(&Self::NULL, |(_, value)| value)
            }
            _ => &Self::NULL,
        }
    }

    /// The entries of an object.
    pub(crate) fn entries(&self) -> &[(Cow<'a, str>, Node<'a>)] {
        match self {
            Self::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The first item of a list; `Null` where there is none.
    pub(crate) fn first(&self) -> &Node<'a> {
        match self {
            Self::List(items) => items.first().unwrap_or(&Self::NULL),
            _ => &Self::NULL,
        }
    }

    /// Whether it is a string.
    pub(crate) fn is_text(&self) -> bool {
        matches!(self, Self::Text(_))
    }

    /// The string of a key.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        match self.get(key) {
            Node::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The string, number or boolean of a key as a word; empty ones are none.
    pub(crate) fn word(&self, key: &str) -> Option<String> {
        self.get(key).as_word()
    }

    /// This value as a word.
    pub(crate) fn as_word(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Self::Number(number) => Some(number.to_string()),
            Self::Whole(number) => Some(number.to_string()),
            Self::Bool(truth) => Some(truth.to_string()),
            _ => None,
        }
    }

    /// The first word among the entries.
    pub(crate) fn any_word(&self) -> Option<String> {
        self.entries().iter().find_map(|(_, value)| value.as_word())
    }

    /// The number of a key.
    pub(crate) fn number(&self, key: &str) -> Option<f64> {
        match self.get(key) {
            Node::Number(number) => Some(*number),
            _ => None,
        }
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }
    fn visit_unit<E>(self) -> Result<Node<'de>, E> {
        Ok(Node::Null)
    }
    fn visit_none<E>(self) -> Result<Node<'de>, E> {
        Ok(Node::Null)
    }
    fn visit_bool<E>(self, truth: bool) -> Result<Node<'de>, E> {
        Ok(Node::Bool(truth))
    }
    fn visit_f64<E>(self, number: f64) -> Result<Node<'de>, E> {
        Ok(Node::Number(number))
    }
    fn visit_u64<E>(self, number: u64) -> Result<Node<'de>, E> {
        Ok(if number <= MAX_EXACT { Node::Number(number as f64) } else { Node::Whole(i128::from(number)) })
    }
    fn visit_i64<E>(self, number: i64) -> Result<Node<'de>, E> {
        Ok(if number.unsigned_abs() <= MAX_EXACT {
            Node::Number(number as f64)
        } else {
            Node::Whole(i128::from(number))
        })
    }
    fn visit_str<E>(self, text: &str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Owned(text.to_owned())))
    }
    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Borrowed(text)))
    }
    fn visit_string<E>(self, text: String) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Owned(text)))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Node::List(items))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node<'de>, A::Error> {
        let mut entries = Vec::with_capacity(8);
        while let Some(Key(key)) = map.next_key()? {
            entries.push((key, map.next_value()?));
        }
        Ok(Node::Map(entries))
    }
}

impl<'de> Deserialize<'de> for Node<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

/// An object's key, borrowed where it has no escapes (`Cow` alone would always copy).
struct Key<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_str<E>(self, key: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(key.to_owned())))
            }
            fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(key)))
            }
        }
        deserializer.deserialize_str(KeyVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_without_loss() {
        let node: Node<'_> =
            serde_json::from_str(r#"{"a":{"b":"x\n"},"n":12,"id":18446744073709551615,"l":[1,null,true],"e":""}"#)
                .unwrap();
        assert_eq!(node.get("a").text("b"), Some("x\n"));
        assert_eq!(node.word("n").as_deref(), Some("12"));
        assert_eq!(node.word("id").as_deref(), Some("18446744073709551615"));
        assert_eq!(node.word("e"), None);
        assert_eq!(node.get("l").first(), &Node::Number(1.0));
        assert_eq!(node.get("missing").get("deeper"), &Node::Null);
    }
}
