//! The messages of the format, as `prost` reads and writes them.
//!
//! Source: "Exposure Key export file format", `export.proto` (proto2, every field optional).

use core::fmt::Debug;
use core::ops::RangeInclusive;

use bytes::{Buf, BufMut, Bytes};
use prost::encoding::{DecodeContext, WireType, skip_field};
use prost::{DecodeError, Message};

/// The values of `ReportType`.
pub(super) const REPORT_TYPES: RangeInclusive<i32> = 0..=5;
/// The values of `VariantOfConcern`.
pub(super) const VARIANTS: RangeInclusive<i32> = 0..=4;

/// A message that is read as Google's readers of proto2 do: a known field of another wire type is an unknown field.
/// `prost` alone refuses the whole message.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Lenient<M>(pub(super) M);

/// The fields that the format knows of a message.
pub(super) trait Known: Message + Default + Debug {
    /// The wire type of a known field.
    fn wire_type(field: u32) -> Option<WireType>;

    /// Reads a known field of the right wire type.
    fn merge_known(
        &mut self,
        field: u32,
        wire_type: WireType,
        buf: &mut impl Buf,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        self.merge_field(field, wire_type, buf, context)
    }
}

impl<M: Known> Message for Lenient<M> {
    fn encode_raw(&self, buf: &mut impl BufMut) {
        self.0.encode_raw(buf);
    }

    fn merge_field(
        &mut self,
        field: u32,
        wire_type: WireType,
        buf: &mut impl Buf,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        match M::wire_type(field) {
            Some(expected) if expected == wire_type => self.0.merge_known(field, wire_type, buf, context),
            _ => skip_field(wire_type, field, buf, context),
        }
    }

    fn encoded_len(&self) -> usize {
        self.0.encoded_len()
    }

    fn clear(&mut self) {
        self.0.clear();
    }
}

/// What a field of a closed enum holds after one more value: in proto2 an unknown value is an unknown field, and the
/// value before it stays. Without one, the unknown value is kept to be counted.
#[inline]
pub(super) fn closed(before: Option<i32>, found: i32, known: &RangeInclusive<i32>) -> Option<i32> {
    if known.contains(&found) { Some(found) } else { before.or(Some(found)) }
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct TemporaryExposureKeyExport {
    #[prost(fixed64, optional, tag = "1")]
    pub(super) start_timestamp: Option<u64>,
    #[prost(fixed64, optional, tag = "2")]
    pub(super) end_timestamp: Option<u64>,
    #[prost(string, optional, tag = "3")]
    pub(super) region: Option<String>,
    #[prost(int32, optional, tag = "4")]
    pub(super) batch_num: Option<i32>,
    #[prost(int32, optional, tag = "5")]
    pub(super) batch_size: Option<i32>,
    #[prost(message, repeated, tag = "6")]
    pub(super) signature_infos: Vec<SignatureInfo>,
    #[prost(message, repeated, tag = "7")]
    pub(super) keys: Vec<TemporaryExposureKey>,
    #[prost(message, repeated, tag = "8")]
    pub(super) revised_keys: Vec<TemporaryExposureKey>,
}

/// Its texts are taken as bytes: those of one signer must not make the signatures of all others unreadable.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct SignatureInfo {
    #[prost(bytes = "bytes", optional, tag = "1")]
    pub(super) app_bundle_id: Option<Bytes>,
    #[prost(bytes = "bytes", optional, tag = "2")]
    pub(super) android_package: Option<Bytes>,
    #[prost(bytes = "bytes", optional, tag = "3")]
    pub(super) verification_key_version: Option<Bytes>,
    #[prost(bytes = "bytes", optional, tag = "4")]
    pub(super) verification_key_id: Option<Bytes>,
    #[prost(bytes = "bytes", optional, tag = "5")]
    pub(super) signature_algorithm: Option<Bytes>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct TemporaryExposureKey {
    #[prost(bytes = "bytes", optional, tag = "1")]
    pub(super) key_data: Option<Bytes>,
    #[prost(int32, optional, tag = "2")]
    pub(super) transmission_risk_level: Option<i32>,
    #[prost(int32, optional, tag = "3")]
    pub(super) rolling_start_interval_number: Option<i32>,
    #[prost(int32, optional, tag = "4")]
    pub(super) rolling_period: Option<i32>,
    #[prost(int32, optional, tag = "5")]
    pub(super) report_type: Option<i32>,
    #[prost(sint32, optional, tag = "6")]
    pub(super) days_since_onset_of_symptoms: Option<i32>,
    #[prost(int32, optional, tag = "8")]
    pub(super) variant_of_concern: Option<i32>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct TekSignatureList {
    #[prost(message, repeated, tag = "1")]
    pub(super) signatures: Vec<Lenient<TekSignature>>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct TekSignature {
    #[prost(message, optional, tag = "1")]
    pub(super) signature_info: Option<Lenient<SignatureInfo>>,
    #[prost(int32, optional, tag = "2")]
    pub(super) batch_num: Option<i32>,
    #[prost(int32, optional, tag = "3")]
    pub(super) batch_size: Option<i32>,
    #[prost(bytes = "bytes", optional, tag = "4")]
    pub(super) signature: Option<Bytes>,
}

impl Known for SignatureInfo {
    fn wire_type(field: u32) -> Option<WireType> {
        matches!(field, 1..=5).then_some(WireType::LengthDelimited)
    }
}

impl Known for TemporaryExposureKey {
    fn wire_type(field: u32) -> Option<WireType> {
        match field {
            1 => Some(WireType::LengthDelimited),
            2..=6 | 8 => Some(WireType::Varint),
            _ => None,
        }
    }

    fn merge_known(
        &mut self,
        field: u32,
        wire_type: WireType,
        buf: &mut impl Buf,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        let (report_type, variant) = (self.report_type, self.variant_of_concern);
        self.merge_field(field, wire_type, buf, context)?;
        self.report_type = self.report_type.and_then(|found| closed(report_type, found, &REPORT_TYPES));
        self.variant_of_concern = self.variant_of_concern.and_then(|found| closed(variant, found, &VARIANTS));
        Ok(())
    }
}

impl Known for TekSignatureList {
    fn wire_type(field: u32) -> Option<WireType> {
        (field == 1).then_some(WireType::LengthDelimited)
    }
}

impl Known for TekSignature {
    fn wire_type(field: u32) -> Option<WireType> {
        match field {
            1 | 4 => Some(WireType::LengthDelimited),
            2 | 3 => Some(WireType::Varint),
            _ => None,
        }
    }
}
