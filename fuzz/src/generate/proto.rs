//! The messages of the format, for `prost` alone: what the library's own walk is held against.

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
