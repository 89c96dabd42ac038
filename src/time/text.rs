//! All of them are texts in `serde`'s formats, the same that `Display` and `FromStr` have.

use core::fmt;
use core::marker::PhantomData;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{CivilDate, CivilDateTime, UtcDay, UtcOffset};

struct Text<T>(PhantomData<T>);

impl<T: FromStr<Err: fmt::Display>> de::Visitor<'_> for Text<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

macro_rules! text {
    ($($name:ty),*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(Text(PhantomData))
            }
        }
    )*};
}

text!(CivilDate, CivilDateTime, UtcDay, UtcOffset);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_as_they_are_shown() {
        let day: UtcDay = serde_json::from_str("\"2020-08-20\"").unwrap();
        let range = serde_json::to_string(&day.local_range(UtcOffset::JST)).unwrap();
        assert_eq!(range, r#"{"start":"2020-08-20 09:00","end":"2020-08-21 09:00","offset":"+09:00"}"#);
        assert_eq!(serde_json::to_string(&day).unwrap(), "\"2020-08-20\"");
        assert!(serde_json::from_str::<UtcDay>("\"2020-02-30\"").is_err());
        assert!(serde_json::from_str::<UtcDay>("20200820").is_err());
        assert!(serde_json::from_str::<UtcOffset>("\"+09:00\"").is_ok());
    }
}
