//! Files with one JSON document after the other.

use std::io::Read;

use serde::de::DeserializeOwned;
use serde_json::{Deserializer, Value};

use super::ReadError;
use crate::text::grouped;

/// What editors on Windows write at the beginning of a file.
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads the text of a file of at most `most` bytes, without its byte order mark.
pub(super) fn text(file: &str, input: impl Read, most: u64) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    let read = input.take(most.saturating_add(1)).read_to_end(&mut bytes);
    read.map_err(|error| ReadError::unreadable(file, error))?;
    if bytes.len() as u64 > most {
        let what = format!("over {} bytes of JSON", grouped(most));
        return Err(ReadError::Wrong { place: file.to_owned(), what });
    }
    if bytes.starts_with(BYTE_ORDER_MARK) {
        bytes.drain(..BYTE_ORDER_MARK.len());
    }
    Ok(bytes)
}

/// The longest document that is read whole: the truth of the largest world has some ten megabytes.
const MOST_BYTES: u64 = 256 << 20;

/// Reads a file with one document. An error begins with `otherwise`, which says what the file is not.
pub(crate) fn document<T: DeserializeOwned>(file: &str, input: impl Read, otherwise: &str) -> Result<T, ReadError> {
    let text = text(file, input, MOST_BYTES)?;
    serde_json::from_slice(&text)
        .map_err(|error| ReadError::Wrong { place: file.to_owned(), what: format!("{otherwise}: {error}") })
}

/// Hands each document to `take`, with the line on which it begins.
pub(super) fn documents(
    file: &str,
    text: &[u8],
    mut take: impl FnMut(u64, &Value) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let mut documents = Deserializer::from_slice(text).into_iter::<Value>();
    let (mut line, mut counted_to) = (1_u64, 0);
    loop {
        let rest = text.get(documents.byte_offset()..).unwrap_or_default();
        let start = documents.byte_offset().saturating_add(rest.len().saturating_sub(rest.trim_ascii_start().len()));
        let passed = text.get(counted_to..start).unwrap_or_default();
        line = line.saturating_add(passed.iter().filter(|byte| **byte == b'\n').count() as u64);
        counted_to = start;
        match documents.next() {
            None => return Ok(()),
            Some(Ok(value)) => take(line, &value)?,
            Some(Err(error)) if error.is_eof() => {
                return Err(ReadError::wrong(file, error.line() as u64, "the file ends within a JSON value"));
            }
            Some(Err(error)) => {
                let (detail, at, column) = (error.to_string(), error.line(), error.column());
                let detail = detail.strip_suffix(&format!(" at line {at} column {column}")).unwrap_or(&detail);
                return Err(ReadError::wrong(file, at as u64, &format!("column {column}: not JSON: {detail}")));
            }
        }
    }
}
