//! The messages of the format, as `prost` reads and writes them.
//!
//! Source: "Exposure Key export file format", `export.proto` (proto2, every field optional).

use bytes::Bytes;

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
    pub(super) signatures: Vec<TekSignature>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct TekSignature {
    #[prost(message, optional, tag = "1")]
    pub(super) signature_info: Option<SignatureInfo>,
    #[prost(int32, optional, tag = "2")]
    pub(super) batch_num: Option<i32>,
    #[prost(int32, optional, tag = "3")]
    pub(super) batch_size: Option<i32>,
    #[prost(bytes = "bytes", optional, tag = "4")]
    pub(super) signature: Option<Bytes>,
}
