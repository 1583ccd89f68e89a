//! Ids: newtypes over 64 bits of a content hash, printed as a letter and thirteen base-32 characters.
//!
//! An id depends on what it names and on nothing else, so the same input gives the same ids on every machine.
//! Cost: hashing a short text takes well under a microsecond. With a million ids of one kind the chance that any two
//! collide is about 3 in 100 million (birthday bound on 2^64).
//!
//! Source: base-32 digits are Crockford's (no i, l, o, u), so an id survives being read aloud.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const N_CHARS: usize = 13;

/// Hashes length-prefixed parts, so that `["ab", "c"]` and `["a", "bc"]` differ.
#[must_use]
pub fn hash_parts(domain: &str, parts: &[&[u8]]) -> u64 {
    let mut hasher = blake3::Hasher::new_derive_key(domain);
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    let bytes = hasher.finalize();
    let mut first = [0u8; 8];
    first.copy_from_slice(&bytes.as_bytes()[..8]);
    u64::from_le_bytes(first)
}

fn write_base32(prefix: char, value: u64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut text = [0u8; N_CHARS];
    let mut rest = value;
    for slot in text.iter_mut().rev() {
        *slot = DIGITS[(rest & 31) as usize];
        rest >>= 5;
    }
    write!(f, "{prefix}{}", text.iter().map(|&b| b as char).collect::<String>())
}

fn read_base32(prefix: char, text: &str) -> Option<u64> {
    let digits = text.strip_prefix(prefix)?;
    if digits.len() != N_CHARS {
        return None;
    }
    let mut value: u64 = 0;
    for byte in digits.bytes() {
        let digit = DIGITS.iter().position(|&d| d == byte.to_ascii_lowercase())? as u64;
        if value >> 59 != 0 {
            return None;
        }
        value = (value << 5) | digit;
    }
    Some(value)
}

/// The text given is not an id of the expected kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAnId {
    /// What was expected, for instance "insight id (i followed by 13 characters)".
    pub expected: &'static str,
    /// What was given.
    pub given: String,
}

impl fmt::Display for NotAnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "'{}' is not an {}", self.given, self.expected)
    }
}

impl std::error::Error for NotAnId {}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal, $domain:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u64);

        impl $name {
            /// The id of the thing that `parts` name, in order.
            #[must_use]
            pub fn of(parts: &[&[u8]]) -> Self {
                Self(hash_parts(concat!("throughline 2026 ", $domain), parts))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_base32($prefix, self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_base32($prefix, self.0, f)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                read_base32($prefix, text.trim()).map(Self).ok_or_else(|| NotAnId {
                    expected: concat!($domain, " id (", $prefix, " followed by 13 letters and digits)"),
                    given: text.to_owned(),
                })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    serializer.collect_str(self)
                } else {
                    serializer.serialize_u64(self.0)
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                if deserializer.is_human_readable() {
                    let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                    text.parse().map_err(serde::de::Error::custom)
                } else {
                    u64::deserialize(deserializer).map(Self)
                }
            }
        }
    };
}

id!(/** A raw item of one source: a ticket, a call, a review, a row. */ RecordId, 'r', "record");
id!(/** One statement: a byte range of a record. */ SignalId, 's', "signal");
id!(/** One person's say on one thing: signals that repeat each other share it. */ VoiceId, 'v', "voice");
id!(/** A theme with a stable identity; kept when evidence arrives, when it is renamed, split or merged. */ InsightId, 'i', "insight");
id!(/** A typed need: an instance of a capability frame. */ NeedId, 'n', "need");
id!(/** A person, resolved across sources. */ PersonId, 'p', "person");
id!(/** A customer account, resolved across sources. */ AccountId, 'a', "account");
id!(/** One analytics event. */ EventId, 'e', "event");
id!(/** Two things that are or may be one: of its two ends. */ LinkId, 'l', "link");
id!(/** Something a person said about the model. */ JudgementId, 'j', "judgement");
id!(/** Something a person changed in a specification. */ EditId, 'd', "edit");
id!(/** One item of a specification: a story, a criterion, an entity, a screen. */ SpecItemId, 'x', "specification item");

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn text_form_round_trips(value: u64) {
            let id = InsightId(value);
            prop_assert_eq!(id.to_string().parse::<InsightId>(), Ok(id));
        }

        #[test]
        fn order_of_text_is_order_of_value(a: u64, b: u64) {
            prop_assert_eq!(InsightId(a).to_string().cmp(&InsightId(b).to_string()), a.cmp(&b));
        }
    }

    #[test]
    fn another_kind_of_id_is_refused_in_words() {
        let error = RecordId(7).to_string().parse::<InsightId>().unwrap_err();
        assert!(error.to_string().contains("is not an insight id"), "{error}");
    }

    #[test]
    fn parts_are_kept_apart() {
        assert_ne!(RecordId::of(&[b"ab", b"c"]), RecordId::of(&[b"a", b"bc"]));
    }
}
