//! Which keys and days of an explanation are shown.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use gaen::exposure::{Explanation, KeyExplanation};
use gaen::time::UtcDay;

use crate::text::counted;

/// A key of an explanation: `3`, the number that it has there, or the first digits of its hexadecimal text, at least 8.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyName {
    /// Its number in the explanation, from 1.
    Number(usize),
    /// The first digits of its hexadecimal text, in lower case.
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

/// The choice leaves nothing to explain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NothingChosen {
    day: Option<UtcDay>,
    has_key: bool,
    /// How many keys the explanation has.
    keys: usize,
}

impl fmt::Display for NothingChosen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nothing to explain of ")?;
        match (self.has_key, self.day) {
            (true, Some(day)) => write!(f, "this key on UTC day {day}")?,
            (true, None) => f.write_str("this key")?,
            (false, Some(day)) => write!(f, "UTC day {day}")?,
            (false, None) => {}
        }
        write!(f, " among {}", counted(self.keys, "key"))
    }
}

impl std::error::Error for NothingChosen {}

/// Keeps only what belongs to this key and to this UTC day. The verdict stays: it counts everything that was heard.
///
/// # Errors
/// A choice that leaves nothing.
pub(super) fn narrow(
    explanation: &mut Explanation,
    day: Option<UtcDay>,
    name: Option<&KeyName>,
) -> Result<(), NothingChosen> {
    if day.is_none() && name.is_none() {
        return Ok(());
    }
    let keys = explanation.keys.len();
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
    let is_shown = |date: UtcDay| day.map_or_else(|| shown.contains(&date), |day| date == day);
    explanation.days.retain(|judged| is_shown(judged.date));
    if let Some(judgement) = &mut explanation.judgement {
        let windows: BTreeSet<_> =
            explanation.keys.iter().flat_map(|key| &key.windows).filter_map(|window| window.number).collect();
        judgement.windows.retain(|window| windows.contains(&window.number));
        // A window that is judged by itself belongs to its key; a day belongs to all keys that were heard on it.
        judgement.days.retain(|judged| match judged.window {
            Some(number) => windows.contains(&number),
            None => judged.date.is_some_and(is_shown),
        });
    }
    if explanation.keys.is_empty() {
        return Err(NothingChosen { day, has_key: name.is_some(), keys });
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
