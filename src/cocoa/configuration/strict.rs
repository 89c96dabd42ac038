//! A JSON value whose structs are objects.

use std::cell::Cell;

use serde::de::value::{BorrowedStrDeserializer, MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, Error as _, IntoDeserializer, Unexpected, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Error, Value};

/// Reads a JSON value, but no struct from an array.
///
/// `serde` would take the values of such an array for the fields in the order of our code. No document says what they
/// mean, so whoever was judged by them would be judged by chance.
#[derive(Clone, Copy)]
pub(super) struct Strict<'l, 'de> {
    value: &'de Value,
    /// Where the name of the field is kept that was taken last: of the outermost object only.
    last: Option<&'l Cell<Option<&'de str>>>,
}

impl<'l, 'de> Strict<'l, 'de> {
    pub(super) fn new(value: &'de Value, last: &'l Cell<Option<&'de str>>) -> Self {
        Self { value, last: Some(last) }
    }

    /// The error that says what the value is, and what was expected.
    fn refused<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        // No type is read here from null.
        self.value.deserialize_unit(visitor)
    }

    // In the generic functions below, these closures would be other types for each visitor, and so would all that reads
    // from them.

    fn items(values: &'de [Value]) -> impl Iterator<Item = Self> {
        values.iter().map(|value| Self { value, last: None })
    }

    fn fields(self, object: &'de serde_json::Map<String, Value>) -> impl Iterator<Item = (Name<'de>, Self)> {
        object.iter().map(move |(name, value)| {
            if let Some(last) = self.last {
                last.set(Some(name));
            }
            (Name(name), Self { value, last: None })
        })
    }
}

/// Reads what is neither an array nor an object.
macro_rules! plain {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.value.$method(visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for Strict<'_, 'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            Value::Array(_) => self.deserialize_seq(visitor),
            Value::Object(_) => self.deserialize_map(visitor),
            plain => plain.deserialize_any(visitor),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let Value::Array(items) = self.value else { return self.refused(visitor) };
        let mut items = SeqDeserializer::new(Self::items(items));
        let read = visitor.visit_seq(&mut items)?;
        items.end()?;
        Ok(read)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            Value::Object(object) => visitor.visit_map(MapDeserializer::new(self.fields(object))),
            _ => self.refused(visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.value {
            Value::Object(object) if object.len() == 1 => {
                visitor.visit_enum(MapAccessDeserializer::new(MapDeserializer::new(self.fields(object))))
            }
            Value::Object(_) => Err(Error::invalid_value(Unexpected::Map, &"map with a single key")),
            Value::String(text) => BorrowedStrDeserializer::new(text).deserialize_enum(name, variants, visitor),
            _ => self.refused(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.value.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    // Forwarded to `deserialize_any`, every type would be compiled with arrays and objects too.
    plain! {
        deserialize_bool deserialize_i32 deserialize_i64 deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
        deserialize_f32 deserialize_f64 deserialize_str deserialize_string deserialize_identifier
    }

    forward_to_deserialize_any! { i8 i16 i128 u128 char bytes byte_buf unit unit_struct tuple_struct }
}

impl<'de> IntoDeserializer<'de, Error> for Strict<'_, 'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// The name of a field, or a number that is the key of a table.
struct Name<'de>(&'de str);

impl<'de> Deserializer<'de> for Name<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_borrowed_str(self.0)
    }

    fn deserialize_i32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        // As JSON writes a number: without a plus sign and zeros before it.
        match self.0.parse::<i32>().ok().filter(|number| number.to_string() == self.0) {
            Some(number) => visitor.visit_i32(number),
            None => Err(Error::invalid_type(Unexpected::Str(self.0), &visitor)),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, Error> for Name<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
