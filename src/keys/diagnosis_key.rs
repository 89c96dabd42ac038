//! A key that its owner has published.
#![warn(clippy::arithmetic_side_effects, clippy::indexing_slicing)]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::indexing_slicing))]

use core::fmt;
use core::ops::RangeInclusive;

use zeroize::Zeroize;

use super::public_bytes;
#[cfg(feature = "alloc")]
use super::published::{PublishedIdentifiers, PublishedMetadata};
use super::secret::{AssociatedEncryptedMetadataKey, RollingProximityIdentifierKey, TemporaryExposureKey};
use crate::names::named;
use crate::time::RollingWindow;

/// The 16 bytes of a published key.
///
/// The bytes are public, so you may copy, compare and print them. A device's own key is a [`TemporaryExposureKey`],
/// which shows its bytes only through [`TemporaryExposureKey::expose_secret`].
///
/// ```
/// use gaen::keys::KeyData;
///
/// let key: KeyData = "75c734c6dd1a782de7a965da5eb93125".parse()?;
/// assert_eq!(key.as_bytes()[0], 0x75);
/// assert_eq!(key.to_string(), "75c734c6dd1a782de7a965da5eb93125");
/// assert_eq!(KeyData::from([7; 16]).to_string(), "07".repeat(16));
/// # Ok::<(), gaen::keys::HexError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Zeroize)]
pub struct KeyData([u8; 16]);

public_bytes!(KeyData, 16);

/// A published Temporary Exposure Key with the fields of its report.
///
/// The key is public, so you may copy, compare and print it, and the matcher may index tables by its bytes. A device's
/// own key becomes a diagnosis key only by [`DiagnosisKey::publish`],
/// [`KeyRing::release`](crate::device::KeyRing::release) or `publish::release`.
///
/// ```
/// use gaen::keys::{ReportType, TransmissionRiskLevel};
/// use gaen::time::RollingPeriod;
/// use gaen::{DiagnosisKey, EnIntervalNumber, RollingWindow};
///
/// let day = RollingWindow::new(EnIntervalNumber::new(2_642_976), RollingPeriod::FULL_DAY)?;
/// let key = DiagnosisKey {
///     report_type: ReportType::ConfirmedTest,
///     transmission_risk_level: TransmissionRiskLevel::new(4).expect("at most 8"),
///     ..DiagnosisKey::new([7; 16], day)
/// };
/// let heard = key.identifier_key().identifier(EnIntervalNumber::new(2_643_000));
/// assert_eq!(key.identifier_key().interval_of(&heard), Some(EnIntervalNumber::new(2_643_000)));
/// # Ok::<(), gaen::time::TimeError>(())
/// ```
///
/// Source: "Exposure Key export file format", message `TemporaryExposureKey`.
#[doc(alias = "TEK")]
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DiagnosisKey {
    /// The bytes of the key.
    pub key_data: KeyData,
    /// The intervals in which identifiers of the key were broadcast.
    pub window: RollingWindow,
    /// How risky the health authority considers the owner's contacts on the day of the key.
    pub transmission_risk_level: TransmissionRiskLevel,
    /// What the diagnosis rests on.
    pub report_type: ReportType,
    /// Days from the onset of symptoms to the day of the key. `None` if the file gives no number, or one that is not in
    /// -14..=14.
    pub days_since_onset_of_symptoms: Option<DaysSinceOnset>,
    /// The variant of concern that the owner was tested for.
    pub variant_of_concern: VariantOfConcern,
}

impl DiagnosisKey {
    /// Makes a published key with a window, and with no other field of its report set.
    #[must_use]
    pub fn new(key_data: impl Into<KeyData>, window: RollingWindow) -> Self {
        Self {
            key_data: key_data.into(),
            window,
            transmission_risk_level: TransmissionRiskLevel::UNSET,
            report_type: ReportType::Unknown,
            days_since_onset_of_symptoms: None,
            variant_of_concern: VariantOfConcern::NONE,
        }
    }

    /// Makes a device's own key public. From then on the bytes of the key are no secret.
    #[must_use]
    pub fn publish(key: &TemporaryExposureKey, window: RollingWindow) -> Self {
        Self::new(*key.expose_secret(), window)
    }

    /// Derives the key that encrypts interval numbers to identifiers.
    #[must_use]
    pub fn identifier_key(&self) -> RollingProximityIdentifierKey {
        TemporaryExposureKey::from_bytes(self.key_data.0).identifier_key()
    }

    /// Derives the key that encrypts the metadata beside the identifiers.
    #[must_use]
    pub fn metadata_key(&self) -> AssociatedEncryptedMetadataKey {
        TemporaryExposureKey::from_bytes(self.key_data.0).metadata_key()
    }

    #[cfg(feature = "alloc")]
    pub(crate) fn published_identifiers(&self) -> PublishedIdentifiers {
        PublishedIdentifiers::new(self.key_data.as_bytes())
    }

    #[cfg(feature = "alloc")]
    pub(crate) fn published_metadata(&self) -> PublishedMetadata {
        PublishedMetadata::new(self.key_data.as_bytes())
    }
}

impl fmt::Debug for DiagnosisKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DiagnosisKey")
            .field("key_data", &format_args!("{}", self.key_data))
            .field("start", &self.window.start().as_u32())
            .field("period", &self.window.period().as_u32())
            .field("transmission_risk_level", &self.transmission_risk_level.as_u8())
            .field("report_type", &self.report_type)
            .field("days_since_onset_of_symptoms", &self.days_since_onset_of_symptoms.map(DaysSinceOnset::as_i8))
            .field("variant_of_concern", &self.variant_of_concern.as_u8())
            .finish()
    }
}

/// Own keys do not fit where published ones are wanted. Only one line differs between what compiles
///
/// ```
/// # use gaen::time::RollingPeriod;
/// # use gaen::{DiagnosisKey, EnIntervalNumber, KeyRing, Matcher, RollingWindow, SightingIndex};
/// # let index = SightingIndex::new(Vec::new()).unwrap();
/// # let key = gaen::TemporaryExposureKey::generate(&mut rand::rng());
/// # let window = RollingWindow::new(EnIntervalNumber::new(2_642_976), RollingPeriod::FULL_DAY).unwrap();
/// # let mut ring = KeyRing::new();
/// let _ = Matcher::new(&index).match_keys(&[DiagnosisKey::publish(&key, window)]);
/// Matcher::new(&index).search().add(0, &ring.release(1_601_121_600));
/// ```
/// and what does not: a key,
/// ```compile_fail,E0308
/// # use gaen::{Matcher, SightingIndex};
/// # let index = SightingIndex::new(Vec::new()).unwrap();
/// # let key = gaen::TemporaryExposureKey::generate(&mut rand::rng());
/// let _ = Matcher::new(&index).match_keys(&[key]);
/// ```
/// the keys of a ring,
/// ```compile_fail,E0277
/// # use gaen::{DiagnosisKey, KeyRing, Matcher, SightingIndex};
/// # let index = SightingIndex::new(Vec::new()).unwrap();
/// # let ring = KeyRing::new();
/// Matcher::new(&index).search().add(0, &ring.keys().collect::<Vec<DiagnosisKey>>());
/// ```
/// one of them,
/// ```compile_fail,E0308
/// # use gaen::{KeyRing, Matcher, SightingIndex};
/// # let index = SightingIndex::new(Vec::new()).unwrap();
/// # let ring = KeyRing::new();
/// Matcher::new(&index).search().add(0, std::slice::from_ref(ring.keys().next().unwrap()));
/// ```
/// and a conversion.
/// ```compile_fail,E0277
/// # let key = gaen::TemporaryExposureKey::generate(&mut rand::rng());
/// let key: gaen::DiagnosisKey = key.into();
/// ```
/// Nor does an own key do what would make a second one of it or show it: this compiles,
/// ```
/// # let key = gaen::TemporaryExposureKey::generate(&mut rand::rng());
/// let shown = format!("{key:?}");
/// let moved = key;
/// ```
/// and none of these does.
/// ```compile_fail,E0382
/// # let key = gaen::TemporaryExposureKey::generate(&mut rand::rng());
/// let moved = key;
/// let again = key;
/// ```
/// ```compile_fail,E0599
/// # let key = gaen::TemporaryExposureKey::generate(&mut rand::rng());
/// let moved: gaen::TemporaryExposureKey = key.clone();
/// ```
/// ```compile_fail,E0277
/// # let key = gaen::TemporaryExposureKey::generate(&mut rand::rng());
/// let shown = format!("{key}");
/// ```
/// ```compile_fail,E0277
/// # let key = gaen::TemporaryExposureKey::generate(&mut rand::rng());
/// let set = std::collections::HashSet::from([key]);
/// ```
#[cfg(all(doctest, feature = "alloc"))]
struct OwnKeysDoNotFit;

/// A transmission risk level, 1 to 8; 0 means that no level was set.
///
/// A reader takes every number outside `0..=8` in a file for 0, and counts it: one unexplained number must not change
/// what the other keys mean.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "i32", into = "i32"))]
pub struct TransmissionRiskLevel(u8);

impl TransmissionRiskLevel {
    /// 0: no level was set.
    pub const UNSET: Self = Self(0);

    /// Makes the level of this number. `None` unless `0 <= level <= 8`.
    #[must_use]
    pub const fn new(level: i32) -> Option<Self> {
        match level {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to 8
            0..=8 => Some(Self(level as u8)),
            _ => None,
        }
    }

    /// Returns the number of the level, 0 to 8.
    #[must_use]
    pub const fn as_u8(self) -> u8 {
        self.0
    }
}

/// How many days after the onset of symptoms the day of a key is, -14 to 14.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "i32", into = "i32"))]
pub struct DaysSinceOnset(i8);

impl DaysSinceOnset {
    const MOST: i32 = 14;

    /// The days that the format allows: -14 to 14.
    pub const RANGE: RangeInclusive<i32> = -Self::MOST..=Self::MOST;

    /// Makes this number of days. `None` if `days` is not in [`DaysSinceOnset::RANGE`].
    #[must_use]
    pub const fn new(days: i32) -> Option<Self> {
        #[allow(clippy::cast_possible_truncation)] // -14 to 14
        if days.unsigned_abs() <= Self::MOST.unsigned_abs() { Some(Self(days as i8)) } else { None }
    }

    /// Returns the number of days.
    #[must_use]
    pub const fn as_i8(self) -> i8 {
        self.0
    }
}

/// A variant of concern, 1 to 4; 0 means that the file gives none. The format has no names for the numbers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "i32", into = "i32"))]
pub struct VariantOfConcern(u8);

impl VariantOfConcern {
    /// 0: the file gives no variant.
    pub const NONE: Self = Self(0);

    /// Makes the variant of this number. `None` unless `0 <= number <= 4`.
    #[must_use]
    pub const fn new(number: i32) -> Option<Self> {
        match number {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to 4
            0..=4 => Some(Self(number as u8)),
            _ => None,
        }
    }

    /// Returns the number of the variant, 0 to 4.
    #[must_use]
    pub const fn as_u8(self) -> u8 {
        self.0
    }
}

/// The three bounded numbers above convert in the same way.
macro_rules! bounded_number {
    ($name:ident, $range:literal) => {
        impl TryFrom<i32> for $name {
            type Error = OutOfRange;
            fn try_from(number: i32) -> Result<Self, OutOfRange> {
                Self::new(number).ok_or(OutOfRange { found: number, range: $range })
            }
        }

        impl From<$name> for i32 {
            fn from(number: $name) -> i32 {
                number.0.into()
            }
        }
    };
}

bounded_number!(TransmissionRiskLevel, "0..=8");
bounded_number!(DaysSinceOnset, "-14..=14");
bounded_number!(VariantOfConcern, "0..=4");

/// The field does not allow this number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{found} is not in {range}")]
pub struct OutOfRange {
    /// The number that was given.
    pub found: i32,
    /// The numbers that are allowed.
    pub range: &'static str,
}

/// What a diagnosis rests on.
///
/// Source: "Exposure Key export file format", enum `ReportType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum ReportType {
    /// The file gives no type, or a number that the format does not know.
    Unknown = 0,
    /// The owner's test was positive.
    ConfirmedTest = 1,
    /// A doctor diagnosed the owner.
    ConfirmedClinicalDiagnosis = 2,
    /// The owner says so.
    SelfReport = 3,
    /// The owner was exposed to a person who tested positive.
    Recursive = 4,
    /// The report is withdrawn.
    Revoked = 5,
}

named! {
    ReportType, "report type":
    Unknown => "unknown",
    ConfirmedTest => "confirmed_test",
    ConfirmedClinicalDiagnosis => "confirmed_clinical_diagnosis",
    SelfReport => "self_report",
    Recursive => "recursive",
    Revoked => "revoked",
}

impl ReportType {
    /// Returns the type that this number stands for in a file.
    #[must_use]
    pub const fn from_number(number: i32) -> Self {
        match number {
            1 => Self::ConfirmedTest,
            2 => Self::ConfirmedClinicalDiagnosis,
            3 => Self::SelfReport,
            4 => Self::Recursive,
            5 => Self::Revoked,
            _ => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Exactly the numbers from `first` to `last` are made by both ways, and come back as they were given.
    fn assert_exactly<T>(new: fn(i32) -> Option<T>, first: i32, last: i32)
    where
        T: Copy + PartialEq + fmt::Debug + TryFrom<i32, Error = OutOfRange> + Into<i32>,
    {
        for number in (-300..300).chain([i32::MIN, i32::MAX, 1 << 8, 1 << 16]) {
            let made = new(number);
            assert_eq!(made.map(Into::into), (first..=last).contains(&number).then_some(number));
            assert_eq!(T::try_from(number).ok(), made);
            if let Err(error) = T::try_from(number) {
                assert_eq!(error.to_string(), format!("{number} is not in {first}..={last}"));
            }
        }
    }

    #[test]
    fn exactly_the_numbers_that_the_format_allows_are_accepted() {
        assert_exactly(TransmissionRiskLevel::new, 0, 8);
        assert_exactly(DaysSinceOnset::new, -14, 14);
        assert_exactly(VariantOfConcern::new, 0, 4);
    }

    #[test]
    fn report_types_have_the_numbers_of_the_format() {
        use ReportType::{ConfirmedClinicalDiagnosis, ConfirmedTest, Recursive, Revoked, SelfReport, Unknown};
        let types = [Unknown, ConfirmedTest, ConfirmedClinicalDiagnosis, SelfReport, Recursive, Revoked];
        for (number, report_type) in (0..).zip(types) {
            assert_eq!((report_type as i32, ReportType::from_number(number)), (number, report_type));
        }
        for number in [i32::MIN, -1, 6, i32::MAX] {
            assert_eq!(ReportType::from_number(number), Unknown);
        }
    }
}
