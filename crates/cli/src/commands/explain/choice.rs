//! Which keys and days of an explanation are shown.

use std::str::FromStr;

use gaen::exposure::{Explanation, KeyExplanation};
use gaen::time::UtcDay;
use gaen_report::text::counted;

use crate::error::Error;

/// A key of an explanation: `3`, the number that it has there, or the first digits of its hexadecimal text, at least 8.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum KeyName {
    Number(usize),
    Digits(String),
}

impl KeyName {
    const LEAST_DIGITS: usize = 8;

    fn names(&self, key: &KeyExplanation) -> bool {
        match self {
            Self::Number(number) => key.number == *number,
            Self::Digits(digits) => key.tek.as_ref().is_some_and(|tek| tek.to_string().starts_with(digits)),
        }
    }
}

impl FromStr for KeyName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_hexadecimal = text.chars().all(|digit| digit.is_ascii_hexdigit());
        if is_hexadecimal && (Self::LEAST_DIGITS..=32).contains(&text.len()) {
            return Ok(Self::Digits(text.to_ascii_lowercase()));
        }
        match text.parse() {
            Ok(number @ 1..) => Ok(Self::Number(number)),
            _ => Err(
                "a key is its number in the explanation, from 1, or the first 8 to 32 digits of its hexadecimal text"
                    .into(),
            ),
        }
    }
}

/// Keeps what is of this key and of this UTC day; an explanation of which nothing is left is an error.
///
/// The verdict stays: it is of all that was heard.
pub(super) fn narrow(explanation: &mut Explanation, day: Option<UtcDay>, name: Option<&KeyName>) -> Result<(), Error> {
    let all = explanation.keys.len();
    explanation.keys.retain(|key| name.is_none_or(|name| name.names(key)));
    if let Some(day) = day {
        for key in &mut explanation.keys {
            key.windows.retain(|window| window.date == day);
            key.exposures.retain(|exposure| exposure.date == day);
            key.hits.retain(|hit| UtcDay::from_unix_seconds(hit.time) == day);
        }
        let is_heard =
            |key: &KeyExplanation| !(key.windows.is_empty() && key.exposures.is_empty() && key.hits.is_empty());
        explanation.keys.retain(is_heard);
    }
    let shown: Vec<_> = explanation.keys.iter().flat_map(days).collect();
    if day.is_some() || name.is_some() {
        explanation.days.retain(|judged| day.map_or_else(|| shown.contains(&judged.date), |day| judged.date == day));
        if explanation.keys.is_empty() {
            return Err(Error::Input(format!(
                "nothing to explain of {} among {}",
                match (name, day) {
                    (Some(_), Some(day)) => format!("this key on UTC day {day}"),
                    (Some(_), None) => "this key".to_owned(),
                    (None, day) => day.map_or_else(String::new, |day| format!("UTC day {day}")),
                },
                counted(all, "key")
            )));
        }
    }
    Ok(())
}

/// The days that a key was heard on.
fn days(key: &KeyExplanation) -> impl Iterator<Item = UtcDay> {
    key.windows.iter().map(|window| window.date).chain(key.exposures.iter().map(|exposure| exposure.date))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_number_or_digits() {
        assert_eq!("12".parse(), Ok(KeyName::Number(12)));
        assert_eq!("12345678".parse(), Ok(KeyName::Digits("12345678".into())));
        assert_eq!("C8A3B4BD".parse(), Ok(KeyName::Digits("c8a3b4bd".into())));
        for wrong in ["0", "-1", "c8a3", "", &"a".repeat(33), "c8a3b4bx"] {
            assert!(wrong.parse::<KeyName>().is_err(), "{wrong}");
        }
    }
}
