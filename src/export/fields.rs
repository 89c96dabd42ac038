//! A walk over the top-level fields of `export.bin`, one at a time, so that limits hold before anything is collected.

use bytes::{Buf, Bytes};
use prost::DecodeError;
use prost::encoding::{DecodeContext, WireType, decode_key, fixed64, int32, skip_field};

use super::HEADER;
use super::error::{ExportError, shown};

/// One field of `TemporaryExposureKeyExport`. Nested messages are the bytes in which they stand.
pub(super) enum Field {
    StartTimestamp(u64),
    EndTimestamp(u64),
    Region(String),
    BatchNum(i32),
    BatchSize(i32),
    SignatureInfo(Bytes),
    Key(Bytes),
    RevisedKey(Bytes),
    Unknown(u32),
}

impl Field {
    /// Its number on the wire.
    pub(super) fn number(&self) -> u32 {
        match self {
            Self::StartTimestamp(_) => 1,
            Self::EndTimestamp(_) => 2,
            Self::Region(_) => 3,
            Self::BatchNum(_) => 4,
            Self::BatchSize(_) => 5,
            Self::SignatureInfo(_) => 6,
            Self::Key(_) => 7,
            Self::RevisedKey(_) => 8,
            Self::Unknown(number) => *number,
        }
    }
}

/// The fields of `export.bin` in the order in which they stand. Ends after the first error.
pub(super) struct Fields {
    rest: Bytes,
    total: usize,
}

impl Fields {
    /// Checks the header.
    pub(super) fn new(export_bin: &Bytes) -> Result<Self, ExportError> {
        check_header(export_bin)?;
        let mut rest = export_bin.clone();
        rest.advance(HEADER.len());
        Ok(Self { rest, total: export_bin.len() })
    }

    fn decode(&mut self) -> Result<Field, DecodeError> {
        let buf = &mut self.rest;
        let (number, wire_type) = decode_key(buf)?;
        let context = DecodeContext::default();
        Ok(match number {
            1 => Field::StartTimestamp(scalar(|value| fixed64::merge(wire_type, value, buf, context))?),
            2 => Field::EndTimestamp(scalar(|value| fixed64::merge(wire_type, value, buf, context))?),
            // No text in a file can make it unreadable, as in other readers of proto2.
            3 => Field::Region(String::from_utf8_lossy(&nested(wire_type, buf)?).into_owned()),
            4 => Field::BatchNum(scalar(|value| int32::merge(wire_type, value, buf, context))?),
            5 => Field::BatchSize(scalar(|value| int32::merge(wire_type, value, buf, context))?),
            6 => Field::SignatureInfo(nested(wire_type, buf)?),
            7 => Field::Key(nested(wire_type, buf)?),
            8 => Field::RevisedKey(nested(wire_type, buf)?),
            _ => {
                skip_field(wire_type, number, buf, context)?;
                Field::Unknown(number)
            }
        })
    }
}

impl Iterator for Fields {
    /// The field, and where it begins in `export.bin`.
    type Item = Result<(usize, Field), ExportError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let offset = self.total.saturating_sub(self.rest.len());
        let field = self.decode().map(|field| (offset, field)).map_err(|error| {
            self.rest = Bytes::new();
            malformed(offset, &error)
        });
        Some(field)
    }
}

/// The error of a field that begins at this offset.
pub(super) fn malformed(offset: usize, error: &DecodeError) -> ExportError {
    ExportError::ProtobufMalformed { offset, detail: detail(error) }
}

/// What `prost` found, without the words that stand before all of its errors.
pub(super) fn detail(error: &DecodeError) -> String {
    let text = error.to_string();
    text.strip_prefix("failed to decode Protobuf message: ").unwrap_or(&text).to_owned()
}

/// Whether the 16 bytes of the header are there: the same container is used for other payloads without it.
pub(super) fn check_header(export_bin: &[u8]) -> Result<(), ExportError> {
    if export_bin.starts_with(HEADER) {
        return Ok(());
    }
    let head = export_bin.get(..HEADER.len()).unwrap_or(export_bin);
    Err(ExportError::HeaderMissing { found: shown(head) })
}

/// A field's value by one of `prost`'s merging readers.
fn scalar<T: Default>(merge: impl FnOnce(&mut T) -> Result<(), DecodeError>) -> Result<T, DecodeError> {
    let mut value = T::default();
    merge(&mut value)?;
    Ok(value)
}

/// The bytes of a nested message or a text.
fn nested(wire_type: WireType, buf: &mut Bytes) -> Result<Bytes, DecodeError> {
    let mut bytes = Bytes::new();
    prost::encoding::bytes::merge(wire_type, &mut bytes, buf, DecodeContext::default())?;
    Ok(bytes)
}

/// The numbers of the first 32 fields of a nested message, in order. A key has eight.
pub(super) fn field_numbers(message: &Bytes) -> Result<Vec<u32>, DecodeError> {
    let mut rest = message.clone();
    let mut numbers = Vec::new();
    while rest.has_remaining() && numbers.len() < 32 {
        let (number, wire_type) = decode_key(&mut rest)?;
        skip_field(wire_type, number, &mut rest, DecodeContext::default())?;
        numbers.push(number);
    }
    Ok(numbers)
}
