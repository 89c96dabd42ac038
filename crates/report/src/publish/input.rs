//! What is to be published, from a file.

use gaen::publish::{ExposureKey, Upload};
use gaen::{DiagnosisKey, KeyRing};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::read::{KeyList, ReadError, diagnosis_keys};

/// What is to be published. The content tells what it is.
#[derive(Debug)]
pub enum Input {
    /// A key ring of a device, as `serde` writes it.
    Ring(KeyRing),
    /// The body of an upload, or its list of keys alone.
    Upload(Box<Upload>),
    /// Keys in any form that `gaen export` reads.
    Keys(Vec<ExposureKey>),
}

/// The names that tell what an object is.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Shape {
    clock: Option<IgnoredAny>,
    temporary_exposure_keys: Option<IgnoredAny>,
}

impl Input {
    /// Reads a ring, an upload or keys. `file` is what errors call the file.
    ///
    /// # Errors
    /// A sentence that says where the file is none of these. It shows nothing of the file, which may be a secret.
    pub fn read(file: &str, bytes: &[u8]) -> Result<Self, String> {
        // An array may be taken for the fields of a struct in their order.
        let is_object = bytes.trim_ascii_start().starts_with(b"{");
        let shape: Option<Shape> = serde_json::from_slice(bytes).ok().filter(|_| is_object);
        match shape {
            Some(Shape { clock: Some(_), .. }) => {
                let ring: Result<KeyRing, _> = serde_json::from_slice(bytes);
                let place = |error: serde_json::Error| {
                    format!("{file}: not a key ring: line {}, column {}", error.line(), error.column())
                };
                ring.map(Self::Ring).map_err(place)
            }
            Some(Shape { temporary_exposure_keys: Some(_), .. }) => {
                let upload = Upload::from_json(bytes).map_err(|error| format!("{file}: {error}"))?;
                Ok(Self::Upload(Box::new(upload)))
            }
            _ => match serde_json::from_slice(bytes) {
                Ok(keys) => Ok(Self::Keys(keys)),
                Err(_) => {
                    let found = diagnosis_keys(file, bytes, KeyList::Keys).map_err(without_content)?;
                    let key = |key: &DiagnosisKey| {
                        ExposureKey::of(key).ok_or_else(|| format!("{file}: a start does not fit the format's int32"))
                    };
                    found.keys.iter().map(key).collect::<Result<_, _>>().map(Self::Keys)
                }
            },
        }
    }
}

/// What a reader says is wrong quotes what it found, such as the secret of an HMAC where the header of CSV has to be.
fn without_content(error: ReadError) -> String {
    match error {
        ReadError::Wrong { place, .. } => {
            format!("{place}: not a key ring, an upload or a key in a form that `gaen export` reads")
        }
        error => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_tells_what_is_to_be_published() {
        let read = |text: &str| Input::read("f", text.as_bytes());
        let ring = r#"{"keys":[],"clock":{"latest":null,"elapsed":0}}"#;
        assert!(matches!(read(ring), Ok(Input::Ring(_))));
        let key = r#"{"key":"AQIDBAUGBwgJCgsMDQ4PEA==","rollingStartNumber":2668464,"rollingPeriod":144}"#;
        assert!(matches!(read(&format!(r#"{{"temporaryExposureKeys":[{key}]}}"#)), Ok(Input::Upload(_))));
        for keys in [
            format!("[{key}]"),
            format!("[{key},{key}]"),
            r#"[{"key":"c2hvcnQ=","rollingStartNumber":-1,"rollingPeriod":0}]"#.to_owned(),
            r#"{"tek":"75c734c6dd1a782de7a965da5eb93125","rolling_start_interval_number":2668464}"#.to_owned(),
        ] {
            assert!(matches!(read(&keys), Ok(Input::Keys(keys)) if !keys.is_empty()), "{keys}");
        }
        for (text, error) in [
            (r#"{"keys":[7],"clock":{"latest":null,"elapsed":0}}"#, "f: not a key ring: line 1, column 10"),
            (
                r#"{"temporaryExposureKeys":[],"extra":1}"#,
                "f: not an upload: line 1, column 35: a field is missing, unknown",
            ),
            ("{}", "f, line 1: not a key ring, an upload or a key in a form that `gaen export` reads"),
            ("c2VjcmV0c2VjcmV0", "f, line 1: not a key"),
            ("\"c2VjcmV0c2VjcmV0\"", "f, line 1: not a key"),
            ("[\"c2VjcmV0c2VjcmV0\"]", "f, [0]: not a key"),
            (r#"{"hmacKey":"c2VjcmV0c2VjcmV0"}"#, "f, line 1: not a key"),
            ("tek,rolling_start_interval_number\nc2VjcmV0c2VjcmV0,7", "f, line 2: not a key"),
        ] {
            let found = read(text).unwrap_err();
            assert!(found.starts_with(error) && !found.contains("c2Vj"), "{found}");
        }
    }
}
