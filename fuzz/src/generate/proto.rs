//! The messages of the format, for `prost` alone: what the library's own walk is held against.

use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, encode_varint, skip_field};

/// A message of the format.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Export,
    Info,
    Key,
}

impl Kind {
    /// The wire type of a field that the format knows, and what kind of message it is.
    fn field(self, number: u32) -> Option<(WireType, Option<Self>)> {
        Some(match (self, number) {
            (Self::Export, 1 | 2) => (WireType::SixtyFourBit, None),
            (Self::Export, 4 | 5) | (Self::Key, 2..=6 | 8) => (WireType::Varint, None),
            (Self::Export, 6) => (WireType::LengthDelimited, Some(Self::Info)),
            (Self::Export, 7 | 8) => (WireType::LengthDelimited, Some(Self::Key)),
            (Self::Export, 3) | (Self::Info, 1..=5) | (Self::Key, 1) => (WireType::LengthDelimited, None),
            _ => return None,
        })
    }
}

/// The message without what readers of proto2 take for unknown, and `prost` alone does not: known fields of another
/// wire type, and values that an enum does not have after another value. What is malformed stays.
pub(crate) fn without_unknown(mut message: &[u8], kind: Kind) -> Vec<u8> {
    let (mut kept, mut enums) = (Vec::new(), [false; 2]);
    while !message.is_empty() {
        let start = message;
        let mut value = message;
        let field = decode_key(&mut message).and_then(|(number, wire_type)| {
            value = message;
            skip_field(wire_type, number, &mut message, DecodeContext::default()).map(|()| (number, wire_type))
        });
        let Ok((number, wire_type)) = field else {
            kept.extend_from_slice(start);
            break;
        };
        let known = kind.field(number);
        if known.is_some_and(|(expected, _)| expected != wire_type) {
            continue;
        }
        let number_of = |mut value: &[u8]| decode_varint(&mut value).unwrap_or_default() as i32;
        let enumerated = match (kind, number) {
            (Kind::Key, 5) => Some((&mut enums[0], 5)),
            (Kind::Key, 8) => Some((&mut enums[1], 4)),
            _ => None,
        };
        if let Some((had, last)) = enumerated {
            if *had && !(0..=last).contains(&number_of(value)) {
                continue;
            }
            *had = true;
        }
        let Some((_, Some(inner))) = known else {
            kept.extend_from_slice(&start[..start.len() - message.len()]);
            continue;
        };
        let length = decode_varint(&mut value).unwrap_or_default() as usize;
        let inner = without_unknown(&value[..length], inner);
        encode_varint((number << 3 | 2).into(), &mut kept);
        encode_varint(inner.len() as u64, &mut kept);
        kept.extend(inner);
    }
    kept
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct TemporaryExposureKeyExport {
    #[prost(fixed64, optional, tag = "1")]
    pub(crate) start_timestamp: Option<u64>,
    #[prost(fixed64, optional, tag = "2")]
    pub(crate) end_timestamp: Option<u64>,
    /// No text can make a file unreadable, so `prost` gets bytes to read where the format says text.
    #[prost(bytes = "vec", optional, tag = "3")]
    pub(crate) region: Option<Vec<u8>>,
    #[prost(int32, optional, tag = "4")]
    pub(crate) batch_num: Option<i32>,
    #[prost(int32, optional, tag = "5")]
    pub(crate) batch_size: Option<i32>,
    #[prost(message, repeated, tag = "6")]
    pub(crate) signature_infos: Vec<SignatureInfo>,
    #[prost(message, repeated, tag = "7")]
    pub(crate) keys: Vec<TemporaryExposureKey>,
    #[prost(message, repeated, tag = "8")]
    pub(crate) revised_keys: Vec<TemporaryExposureKey>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct SignatureInfo {
    #[prost(bytes = "vec", optional, tag = "1")]
    pub(crate) app_bundle_id: Option<Vec<u8>>,
    #[prost(bytes = "vec", optional, tag = "2")]
    pub(crate) android_package: Option<Vec<u8>>,
    #[prost(bytes = "vec", optional, tag = "3")]
    pub(crate) verification_key_version: Option<Vec<u8>>,
    #[prost(bytes = "vec", optional, tag = "4")]
    pub(crate) verification_key_id: Option<Vec<u8>>,
    #[prost(bytes = "vec", optional, tag = "5")]
    pub(crate) signature_algorithm: Option<Vec<u8>>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct TemporaryExposureKey {
    #[prost(bytes = "vec", optional, tag = "1")]
    pub(crate) key_data: Option<Vec<u8>>,
    #[prost(int32, optional, tag = "2")]
    pub(crate) transmission_risk_level: Option<i32>,
    #[prost(int32, optional, tag = "3")]
    pub(crate) rolling_start_interval_number: Option<i32>,
    #[prost(int32, optional, tag = "4")]
    pub(crate) rolling_period: Option<i32>,
    #[prost(int32, optional, tag = "5")]
    pub(crate) report_type: Option<i32>,
    #[prost(sint32, optional, tag = "6")]
    pub(crate) days_since_onset_of_symptoms: Option<i32>,
    #[prost(int32, optional, tag = "8")]
    pub(crate) variant_of_concern: Option<i32>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct TekSignatureList {
    #[prost(message, repeated, tag = "1")]
    pub(crate) signatures: Vec<TekSignature>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct TekSignature {
    #[prost(message, optional, tag = "1")]
    pub(crate) signature_info: Option<SignatureInfo>,
    #[prost(int32, optional, tag = "2")]
    pub(crate) batch_num: Option<i32>,
    #[prost(int32, optional, tag = "3")]
    pub(crate) batch_size: Option<i32>,
    #[prost(bytes = "vec", optional, tag = "4")]
    pub(crate) signature: Option<Vec<u8>>,
}

/// A list of signatures in the bytes in which each stands, since they need not be messages.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct EncodedSignatures {
    #[prost(bytes = "vec", repeated, tag = "1")]
    pub(crate) signatures: Vec<Vec<u8>>,
}
