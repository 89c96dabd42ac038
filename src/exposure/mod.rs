//! From matches to exposures: what the phones' frameworks computed from a match, and the decision to notify.
//!
//! ```
//! use gaen::exposure::{Basis, Configuration, SearchedFiles, Verdict, assess};
//! use gaen::time::RollingPeriod;
//! use gaen::{DiagnosisKey, EnIntervalNumber, Matcher, Profile, RollingWindow, Sighting, SightingIndex};
//!
//! // Twenty minutes near somebody, a scan every five.
//! let window = RollingWindow::new(EnIntervalNumber::new(2_642_976), RollingPeriod::FULL_DAY)?;
//! let key = DiagnosisKey::new([7; 16], window);
//! let heard = (0..5).map(|scan| {
//!     let time = window.start().unix_seconds() + 300 * scan;
//!     let rpi = key.identifier_key().identifier(EnIntervalNumber::from_unix_seconds(time)?);
//!     let metadata = gaen::keys::BluetoothMetadata::v1_1(-20, gaen::keys::CalibrationConfidence::High);
//!     let aem = key.metadata_key().encrypt(&rpi, metadata);
//!     Ok(Sighting { previous_scan: Some(time - 300), ..Sighting::new(rpi, aem.as_bytes(), -70, time) })
//! });
//! let index = SightingIndex::new(heard.collect::<Result<Vec<_>, gaen::time::TimeError>>()?)?;
//! let report = Matcher::new(&index).match_keys(&[key]);
//!
//! let now = window.end().unix_seconds();
//! let basis = Basis::new(SearchedFiles::all(1), index.sightings());
//! let assessment = assess(&report.matches, &basis, &Configuration::default(), Profile::Google, now);
//! assert_eq!(assessment.windows.len(), 1);
//! assert_eq!(assessment.daily_summaries[0].day_total.score_sum, 1500.0);
//! assert_eq!(assessment.v1.exposures[0].duration, 1500);
//! assert_eq!(assessment.decision.verdict, Verdict::Notify);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! ```text
//! Matches -> Encounter, one a key -> ExposureWindows -> DailySummaries \
//!                       \-> exposures of v1 -> ExposureSummary --------> Decision
//! ```
//!
//! [`assess`] does all of it. That a key **matched**, that an exposure **scored** and that the user is to
//! be **notified** are three results; none follows from another. If nothing was searched or heard, or if times are
//! impossible, the [`Verdict`] is never "do not notify": it is "not judged", with the reason. [`explain`] says why each
//! key and each day counts as it does.
//!
//! Two platforms gave two answers. The [`Profile`](crate::Profile) chooses which one is computed, and every result
//! names it.
//!
//! Everything is computed in a canonical order, sums of doubles too, so that no result depends on the order of keys or
//! sightings. There are two exceptions. If one key was published with two reports, the first counts. If one identifier
//! was heard twice in one second, the first sighting says when the previous scan was.
//!
//! Source: Google's published snapshot of 2021, Apple's published snippets of 2020, the vendors' API documents.
#![warn(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used)]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used))]

mod assessment;
mod basis;
mod compare;
mod configuration;
pub mod decision;
#[cfg(feature = "serde")]
mod document;
mod encounter;
mod explain;
#[cfg(feature = "serde")]
pub(crate) mod platform;
pub(crate) mod preset;
mod reach;
mod revision;
mod risk;
mod summary;
pub mod sweep;
mod v1;
mod weaknesses;
mod window;

pub use assessment::{Assessment, assess, assess_encounters};
pub use basis::{Basis, NotJudged, SearchedFiles, Verdict};
pub use compare::{Change, ChangeCode, ComparedValue, Comparison, compare};
pub use configuration::{
    AttenuationThresholds, Condition, Configuration, ConfigurationError, DailySummariesConfiguration,
    DiagnosisKeysDataMapping, DurationThresholds, Hidden, Infectiousness, InfectiousnessMap, InfectiousnessWeights,
    Operator, ReportTypeWeights, RiskConfiguration, RiskScores, RiskWeights, Score, Weight,
};
pub use decision::{ConditionFound, Decision, DecisionReason};
pub use encounter::{Beacon, Encounter, calibrated_rssi};
pub use explain::{
    DayExplanation, ExplainedFile, Explanation, ExposureExplanation, FactorExplanation, Hit, KeyExplanation, Outcome,
    Reason, Records, ScanExplanation, ScanWeight, View, WindowExplanation, explain,
};
#[cfg(feature = "serde")]
pub use platform::PlatformConfiguration;
pub use preset::{About, Preset};
pub use reach::{maximum_risk_product, maximum_window_score};
pub use revision::{RevisionOutcome, StoredKey, StoredKeys};
pub use risk::{Factor, Risk, RiskVerdict};
pub use summary::{Bucket, DailySummary, Totals, WindowScore, WindowVerdict, daily_summaries, score_window};
pub use v1::{ExposureInformation, ExposureSummary, exposures};
pub use weaknesses::Weaknesses;
pub use window::{AssumedScans, ExposureWindow, ScanInstance, shuffle_windows, windows};

pub(crate) use reach::{RiskFactor, RiskReach, WindowReach};
pub(crate) use risk::{ATTENUATION_ABOVE, DAYS_FROM, MINUTES_UP_TO};
pub(crate) use v1::rules;
