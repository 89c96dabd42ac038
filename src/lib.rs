#![doc = include_str!("../README.md")]
#![cfg_attr(not(any(feature = "std", test)), no_std)]
#![deny(missing_docs, unsafe_code)]
#![warn(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::unreachable, clippy::todo)]
#![warn(clippy::string_slice)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::unreachable,
        clippy::string_slice,
        clippy::cast_possible_truncation,
        clippy::missing_panics_doc
    )
)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "alloc")]
extern crate alloc;

#[cfg(feature = "alloc")]
mod arch;
#[cfg(feature = "cocoa")]
pub mod cocoa;
mod crypto;
mod day;
mod device;
mod diagnosis_key;
#[cfg(feature = "export")]
pub mod export;
#[cfg(feature = "exposure")]
pub mod exposure;
#[cfg(feature = "exposure")]
pub mod lint;
#[cfg(feature = "alloc")]
mod matching;
mod profile;
#[cfg(feature = "export")]
mod scan;
mod self_test;
#[cfg(feature = "stages")]
pub mod stages;
#[cfg(feature = "store")]
pub mod store;
#[cfg(feature = "alloc")]
mod tally;
mod time;

#[cfg(feature = "alloc")]
pub use arch::{Probe, Tier, UnknownTier};
pub use crypto::{
    AssociatedEncryptedMetadata, AssociatedEncryptedMetadataKey, BluetoothMetadata, CalibrationConfidence, HexError,
    RollingProximityIdentifier, RollingProximityIdentifierKey, TemporaryExposureKey,
};
pub use day::{
    CivilDate, CivilDateTime, DayError, ImpossibleTime, LocalRange, POSSIBLE_TIMES, SECONDS_PER_DAY, UtcDay, UtcOffset,
    possible_time,
};
pub use device::frame;
#[cfg(feature = "alloc")]
pub use device::{CurrentKey, KeyRing, OwnKey};
pub use diagnosis_key::{
    DaysSinceOnset, DiagnosisKey, OutOfRange, ReportType, TransmissionRiskLevel, VariantOfConcern,
};
#[cfg(feature = "alloc")]
pub use matching::{
    DropReason, DroppedSighting, HeardMetadata, ImpossibleRssi, ImpossibleSighting, LaterReport, Match, MatchReport,
    Matcher, Search, Sighting, SightingIndex, TooManySightings, possible_rssi,
};
pub use profile::{MetadataJudged, Profile, RiskRules};
#[cfg(feature = "export")]
pub use scan::ScanOptions;
pub use self_test::{KnownAnswers, SelfTestError, self_test};
#[cfg(feature = "alloc")]
pub use tally::{Reason, Tally};
pub use time::{EnIntervalNumber, INTERVAL_SECONDS, INTERVALS_PER_DAY, RollingPeriod, RollingWindow, TimeError};
