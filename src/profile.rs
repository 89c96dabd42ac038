//! The two platforms' readings of one specification.

use crate::names::named;
use core::ops::RangeInclusive;

/// Whose rules apply where the platforms differ. `Google` is the base. The other profiles are Google's except in the
/// rows where they differ. Each row is one method of this type.
///
/// | | `Google` | `AppleV1` | `DocumentedV2` |
/// |---|---|---|---|
/// | a key with an explicit rolling period of 0 | is skipped | is valid for 144 intervals | is skipped |
/// | number of signatures in a file | must be the number of signature infos | is free | must be the number |
/// | of a key that a search was given twice | the first counts, of each start and period | the last counts | the last counts |
/// | transmit power of a match | -50..=20 dBm | -60..=20 dBm | -50..=20 dBm |
/// | a match with an attenuation of 0 dB | is kept | is dropped | is kept |
/// | a sighting's metadata is judged | after scans are grouped | before the replay rule | before the replay rule |
/// | seconds since the last scan, when the clock stepped back | are negative | are 0 | are 0 |
/// | calibration confidence of a beacon before v1.1 | its bits | low | low |
/// | exposure windows of keys of infectiousness "none" | are kept, with a weight of 0 | are kept | are left out |
/// | exposure windows of keys without a report type | are kept | are kept | are left out |
/// | a day whose windows are all below the minimum score | has a summary of zeros | has none | has none |
/// | daily results | are exact | are exact | are rounded up to the minute |
/// | exposures and risk scores of v1 | Google's | Apple's | Apple's |
///
/// `GoogleGuarded` is `Google` but for two rows, in which it is safer than the phones were: metadata is judged after
/// the replay rule and **before** scans are grouped, and the nearest good sighting stands for its scan, so that a
/// louder replay with bent metadata silences nobody; and a clock that stepped back counts 0 seconds.
///
/// Sources: `Google` is read from Google's published snapshot of its implementation (2021). `AppleV1` is read from
/// Apple's published snippets (2020), which show v1 alone. `DocumentedV2` is what the vendors' API documents say of v2:
/// **documented, not verified** against any published code; where they are silent, its v1 is Apple's and its v2
/// Google's. `GoogleGuarded` is nobody's: no phone answered so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Profile {
    /// Google's published snapshot of 2021.
    #[default]
    Google,
    /// Apple's published snippets of 2020.
    #[cfg_attr(feature = "serde", serde(rename = "apple_v1", alias = "apple"))]
    AppleV1,
    /// The API documents of v2. Documented, not verified.
    #[cfg_attr(feature = "serde", serde(rename = "documented_v2"))]
    DocumentedV2,
    /// Google's snapshot without two of its weaknesses. No phone behaved like this.
    GoogleGuarded,
}

/// At which of the rules of acceptance a sighting's metadata is judged: its length, the transmit power, the
/// attenuation. The clock window comes before, always.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MetadataJudged {
    /// Apple's: before the replay rule, which counts from the first sighting with good metadata.
    BeforeReplay,
    /// After the replay rule, and before the sightings of an identifier are grouped into scans. The nearest of the good
    /// ones stands for its scan.
    BeforeScans,
    /// Google's: at the end. The loudest sighting stands for its scan, and takes the scan with it if its metadata is
    /// bad.
    AfterScans,
}

/// The platform whose exposures and risk scores are computed in v1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RiskRules {
    /// Google's: exposures end at gaps, the attenuation is told in dB, a level of 0 counts as factor 1.
    Google,
    /// Apple's: one exposure a key, the attenuation is told as a mean of level values, a level of 0 has a value of its
    /// own.
    Apple,
}

named! {
    Profile, "profile":
    Google => "google",
    AppleV1 => "apple_v1",
    DocumentedV2 => "documented_v2",
    GoogleGuarded => "google_guarded",
}

impl Profile {
    /// `true` if a key with an explicit rolling period of 0 is valid for a full day.
    #[must_use]
    pub const fn reads_period_zero_as_a_day(self) -> bool {
        matches!(self, Self::AppleV1)
    }

    /// `true` if a file has to have as many signatures as signature infos.
    #[must_use]
    pub const fn counts_signatures(self) -> bool {
        !matches!(self, Self::AppleV1)
    }

    /// `true` if the last of several equal keys in a search counts, whatever its start and period. Otherwise the first
    /// counts, for each start and period.
    ///
    /// The last is the last that matches: a search remembers no key that was not heard. iPhones chose among 256 keys of
    /// a file before they searched, and counted a key of two files twice.
    #[must_use]
    pub const fn counts_last_of_equal_keys(self) -> bool {
        matches!(self, Self::AppleV1 | Self::DocumentedV2)
    }

    /// The transmit powers that are believed, dBm.
    #[must_use]
    pub const fn believable_tx_power(self) -> RangeInclusive<i8> {
        match self {
            Self::AppleV1 => -60..=20,
            Self::Google | Self::DocumentedV2 | Self::GoogleGuarded => -50..=20,
        }
    }

    /// `true` if an attenuation of 0 dB counts. A saturated reading (127) gives 0 dB.
    #[must_use]
    pub const fn believes_zero_attenuation(self) -> bool {
        !matches!(self, Self::AppleV1)
    }

    /// When a sighting's metadata is judged. The documents do not say; `DocumentedV2` keeps Apple's order, as its v1 is
    /// Apple's.
    #[must_use]
    pub const fn judges_metadata(self) -> MetadataJudged {
        match self {
            Self::Google => MetadataJudged::AfterScans,
            Self::GoogleGuarded => MetadataJudged::BeforeScans,
            Self::AppleV1 | Self::DocumentedV2 => MetadataJudged::BeforeReplay,
        }
    }

    /// `true` if the seconds since the last scan are negative when the clock stepped back between the scans. Otherwise
    /// they are 0. Google's code subtracts; no document and no other code has a negative duration.
    #[must_use]
    pub const fn counts_seconds_back(self) -> bool {
        matches!(self, Self::Google)
    }

    /// The attenuations that a match can have, dB: from 148, which is the weakest signal (-128 dBm) at the largest
    /// transmit power that is believed, down to 0, if that is believed.
    #[must_use]
    pub const fn possible_attenuations(self) -> RangeInclusive<u8> {
        let nearest = if self.believes_zero_attenuation() { 0 } else { 1 };
        nearest..=self.believable_tx_power().end().abs_diff(i8::MIN)
    }

    /// `true` if the confidence of a beacon before v1.1 is read from its bits, which had no meaning then. Otherwise it
    /// is low.
    ///
    /// The documents say "medium" of iPhones and "low" of others; a beacon does not tell which it comes from.
    #[must_use]
    pub const fn reads_confidence_of_old_beacons(self) -> bool {
        matches!(self, Self::Google | Self::GoogleGuarded)
    }

    /// `true` if keys of infectiousness "none" and without a report type make exposure windows. The documents say that
    /// such keys are ignored; Google's code keeps their windows with a weight of 0, and counts their duration.
    #[must_use]
    pub const fn keeps_windows_without_weight(self) -> bool {
        !matches!(self, Self::DocumentedV2)
    }

    /// `true` if a day whose windows are all below the minimum score has a summary. It has zeros, which may still meet
    /// a rule.
    #[must_use]
    pub const fn keeps_days_of_zeros(self) -> bool {
        matches!(self, Self::Google | Self::GoogleGuarded)
    }

    /// `true` if the results of a day are rounded up to the minute. Documented, not verified.
    #[must_use]
    pub const fn rounds_daily_results_up(self) -> bool {
        matches!(self, Self::DocumentedV2)
    }

    /// Returns whose rules make exposures and risk scores in v1. `DocumentedV2` reads Apple's configuration, whose
    /// tables mean what Apple's rules say.
    #[must_use]
    pub const fn risk_rules(self) -> RiskRules {
        match self {
            Self::Google | Self::GoogleGuarded => RiskRules::Google,
            Self::AppleV1 | Self::DocumentedV2 => RiskRules::Apple,
        }
    }
}
