//! The truth of a simulated world, as `gaen simulate` writes it.

use std::collections::BTreeMap;
use std::io::Read;

use gaen::time::{SECONDS_PER_DAY, UtcDay, possible_time};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{ReadError, json};

/// Reads when a world ends, Unix seconds, from its `truth.json`.
///
/// # Errors
/// What is wrong with the document, or what `input` answers.
pub fn world_end(file: &str, input: impl Read) -> Result<u64, ReadError> {
    #[derive(Deserialize)]
    struct World {
        options: Options,
    }
    #[derive(Deserialize)]
    struct Options {
        start: u64,
        days: u64,
    }
    let World { options: Options { start, days } } = document(file, input)?;
    let end = start.saturating_add(days.saturating_mul(SECONDS_PER_DAY));
    possible_time(end).map_err(|error| ReadError::Wrong { place: file.to_owned(), what: error.to_string() })
}

/// Reads the true contacts of one person from their `truth.json`: for each day, the seconds within two metres of
/// infectious people who published their keys.
///
/// # Errors
/// What is wrong with the document, or what `input` answers.
pub fn near_seconds(file: &str, input: impl Read) -> Result<BTreeMap<UtcDay, u64>, ReadError> {
    #[derive(Deserialize)]
    struct Person {
        contacts: Vec<Contact>,
    }
    #[derive(Deserialize)]
    struct Contact {
        day: u64,
        near_seconds: u64,
    }
    let Person { contacts } = document(file, input)?;
    let mut days: BTreeMap<UtcDay, u64> = BTreeMap::new();
    for Contact { day, near_seconds } in contacts {
        let sum = days.entry(UtcDay::from_unix_seconds(day)).or_default();
        *sum = sum.saturating_add(near_seconds);
    }
    Ok(days)
}

fn document<T: DeserializeOwned>(file: &str, input: impl Read) -> Result<T, ReadError> {
    json::document(file, input, "no truth of a world")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contacts_of_one_day_add_up() {
        let json = br#"{"person": 1, "matches": [], "contacts": [{"day": 1656892800, "near_seconds": 600},
            {"day": 1656892800, "near_seconds": 400}, {"day": 1656979200, "near_seconds": 0}]}"#;
        let days: Vec<_> = near_seconds("truth.json", &json[..]).unwrap().into_iter().collect();
        let day = |text: &str| text.parse::<UtcDay>().unwrap();
        assert_eq!(days, [(day("2022-07-04"), 1000), (day("2022-07-05"), 0)]);
        let end = world_end("truth.json", &br#"{"options": {"start": 1656892800, "days": 2}}"#[..]);
        assert_eq!(end.unwrap(), day("2022-07-06").start());
        let error = near_seconds("truth.json", &b"{}"[..]).unwrap_err().to_string();
        assert!(error.starts_with("truth.json: no truth of a world: missing field `contacts`"), "{error}");
    }
}
