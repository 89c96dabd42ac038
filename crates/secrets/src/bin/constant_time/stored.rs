//! A stored key in a format that hands texts over as they are, so that only our reading of them is looked at.

use serde::de::value::{Error, SeqDeserializer};
use serde::de::{Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

/// A value of the format. A struct is its fields in their order.
#[derive(Clone, Copy)]
pub(crate) enum Value<'a> {
    Text(&'a str),
    Number(u32),
    Bool(bool),
    Window,
    Key(&'a str),
}

/// A key of these digits.
pub(crate) fn key(digits: &str) -> Value<'_> {
    Value::Key(digits)
}

impl<'de> Deserializer<'de> for Value<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        use Value::{Bool, Key, Number, Text, Window};
        match self {
            Text(text) => visitor.visit_str(text),
            Number(number) => visitor.visit_u32(number),
            Bool(bool) => visitor.visit_bool(bool),
            Window => visitor.visit_seq(SeqDeserializer::new([Number(2_642_976), Number(144)].into_iter())),
            Key(digits) => {
                let fields = [Text(digits), Window, Number(2_642_976), Bool(false), Number(0)];
                visitor.visit_seq(SeqDeserializer::new(fields.into_iter()))
            }
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, Error> for Value<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
