//! JSON schemas from the types that are answered with: one definition gives the type, its JSON and its description.

use serde_json::{Value, json};

/// A type that says what its JSON looks like.
pub trait Described {
    /// Its schema, OpenAPI 3.1.
    fn schema() -> Value;
}

macro_rules! described {
    ($($type:ty => $schema:tt;)*) => { $(impl Described for $type { fn schema() -> Value { json!($schema) } })* };
}

described! {
    String => { "type": "string" };
    &'static str => { "type": "string" };
    bool => { "type": "boolean" };
    u32 => { "type": "integer", "minimum": 0 };
    u64 => { "type": "integer", "minimum": 0 };
    usize => { "type": "integer", "minimum": 0 };
    f64 => { "type": "number" };
    Value => {};
}

impl<T: Described> Described for Vec<T> {
    fn schema() -> Value {
        json!({ "type": "array", "items": T::schema() })
    }
}

impl<T: Described> Described for Option<T> {
    fn schema() -> Value {
        json!({ "anyOf": [T::schema(), { "type": "null" }] })
    }
}

/// Defines a type that is answered with: its fields, their words, its JSON and its schema.
macro_rules! view {
    ($(#[doc = $about:literal])* $name:ident { $($(#[doc = $doc:literal])* $field:ident: $type:ty,)* }) => {
        $(#[doc = $about])*
        #[derive(Debug, Clone, serde::Serialize)]
        pub struct $name { $($(#[doc = $doc])* pub $field: $type,)* }

        impl $crate::api::schema::Described for $name {
            fn schema() -> serde_json::Value {
                let mut properties = serde_json::Map::new();
                $(
                    let mut of_field = <$type as $crate::api::schema::Described>::schema();
                    of_field["description"] = concat!($($doc),*).trim().into();
                    properties.insert(stringify!($field).to_owned(), of_field);
                )*
                serde_json::json!({
                    "type": "object",
                    "description": concat!($($about),*).trim(),
                    "properties": properties,
                    "required": [$(stringify!($field)),*],
                    "additionalProperties": false,
                })
            }
        }
    };
}
pub(crate) use view;
