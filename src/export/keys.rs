//! From a key as it stands in a file to a [`DiagnosisKey`], or the reason why it is none.

use bytes::Bytes;

use super::proto;
use super::raw_key::RawKey;
use crate::keys::{DaysSinceOnset, DiagnosisKey, ReportType, TransmissionRiskLevel, VariantOfConcern};
use crate::names::named;
use crate::profile::Profile;
use crate::tally::Tally;
use crate::time::{EnIntervalNumber, RollingPeriod, RollingWindow};

/// The reason why a key of a file was left out. The other keys of the file stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum SkipReason {
    /// `key_data` is not 16 bytes.
    KeyDataLength,
    /// `rolling_start_interval_number` is missing, so no identifier can be derived.
    RollingStartMissing,
    /// `rolling_start_interval_number` is negative.
    RollingStartNegative,
    /// `rolling_period` is negative.
    RollingPeriodNegative,
    /// `rolling_period` is an explicit 0, which Google's profile does not accept.
    RollingPeriodZero,
    /// `rolling_period` is over 144.
    RollingPeriodTooLong,
}

named! {
    SkipReason, "skip reason":
    KeyDataLength => "key_data_length",
    RollingStartMissing => "rolling_start_missing",
    RollingStartNegative => "rolling_start_negative",
    RollingPeriodNegative => "rolling_period_negative",
    RollingPeriodZero => "rolling_period_zero",
    RollingPeriodTooLong => "rolling_period_too_long",
}

impl SkipReason {
    /// Returns what the reason means, in words.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::KeyDataLength => "key_data is not 16 bytes",
            Self::RollingStartMissing => "no rolling_start_interval_number",
            Self::RollingStartNegative => "rolling_start_interval_number is negative",
            Self::RollingPeriodNegative => "rolling_period is negative",
            Self::RollingPeriodZero => "rolling_period is 0 (Google's profile skips such keys)",
            Self::RollingPeriodTooLong => "rolling_period is over 144",
        }
    }
}

/// A field of a kept key that was read as missing, because its value is out of range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum IgnoredValue {
    /// `transmission_risk_level` is not in 0..=8.
    TransmissionRiskLevel,
    /// `report_type` is not in 0..=5.
    ReportType,
    /// `days_since_onset_of_symptoms` is not in -14..=14.
    DaysSinceOnset,
    /// `variant_of_concern` is not in 0..=4.
    VariantOfConcern,
}

named! {
    IgnoredValue, "ignored value":
    TransmissionRiskLevel => "transmission_risk_level",
    ReportType => "report_type",
    DaysSinceOnset => "days_since_onset_of_symptoms",
    VariantOfConcern => "variant_of_concern",
}

/// The key of this message, by the rules of the table in the specification's part on keys.
#[inline]
pub(super) fn diagnosis_key(
    raw: &RawKey<'_>,
    profile: Profile,
    ignored: &mut Tally<IgnoredValue>,
) -> Result<DiagnosisKey, SkipReason> {
    let key_data: [u8; 16] = raw.key_data.unwrap_or_default().try_into().map_err(|_| SkipReason::KeyDataLength)?;

    let start = raw.rolling_start_interval_number.ok_or(SkipReason::RollingStartMissing)?;
    let start = u32::try_from(start).map_err(|_| SkipReason::RollingStartNegative)?;
    let period = match raw.rolling_period {
        None => RollingPeriod::FULL_DAY,
        Some(0) if profile.reads_period_zero_as_a_day() => RollingPeriod::FULL_DAY,
        Some(0) => return Err(SkipReason::RollingPeriodZero),
        Some(period) => {
            let period = u32::try_from(period).map_err(|_| SkipReason::RollingPeriodNegative)?;
            RollingPeriod::new(period).map_err(|_| SkipReason::RollingPeriodTooLong)?
        }
    };
    #[allow(clippy::unreachable)] // `start` came from an `i32`, and `period` is checked
    let Ok(window) = RollingWindow::new(EnIntervalNumber::new(start), period) else {
        unreachable!("a start of 31 bits and at most 144 intervals do not reach 2^32");
    };

    let mut bounded = |value: Option<i32>, holds: bool, reason| {
        if value.is_some() && !holds {
            ignored.add(reason);
        }
    };
    let level = raw.transmission_risk_level.and_then(TransmissionRiskLevel::new);
    bounded(raw.transmission_risk_level, level.is_some(), IgnoredValue::TransmissionRiskLevel);
    let days = raw.days_since_onset_of_symptoms.and_then(DaysSinceOnset::new);
    bounded(raw.days_since_onset_of_symptoms, days.is_some(), IgnoredValue::DaysSinceOnset);
    let variant = raw.variant_of_concern.and_then(VariantOfConcern::new);
    bounded(raw.variant_of_concern, variant.is_some(), IgnoredValue::VariantOfConcern);
    let report_type = raw.report_type.map_or(ReportType::Unknown, ReportType::from_number);
    bounded(raw.report_type, raw.report_type == Some(report_type as i32), IgnoredValue::ReportType);

    Ok(DiagnosisKey {
        key_data: key_data.into(),
        window,
        transmission_risk_level: level.unwrap_or(TransmissionRiskLevel::UNSET),
        report_type,
        days_since_onset_of_symptoms: days,
        variant_of_concern: variant.unwrap_or(VariantOfConcern::NONE),
    })
}

/// The message of a key, as Google's server writes it: a period of 144 and fields that say nothing are left out.
///
/// `None` when the start does not fit the format's `int32`.
pub(super) fn message(key: &DiagnosisKey) -> Option<proto::TemporaryExposureKey> {
    let start = i32::try_from(key.window.start().as_u32()).ok()?;
    let some_unless = |value: i32, default: i32| (value != default).then_some(value);
    let period = key.window.period();
    Some(proto::TemporaryExposureKey {
        key_data: Some(Bytes::copy_from_slice(key.key_data.as_bytes())),
        transmission_risk_level: some_unless(key.transmission_risk_level.into(), 0),
        rolling_start_interval_number: Some(start),
        rolling_period: (period != RollingPeriod::FULL_DAY).then(|| period.as_u32().cast_signed()),
        report_type: some_unless(key.report_type as i32, 0),
        days_since_onset_of_symptoms: key.days_since_onset_of_symptoms.map(i32::from),
        variant_of_concern: some_unless(key.variant_of_concern.into(), 0),
    })
}
