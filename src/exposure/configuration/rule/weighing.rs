//! How an app makes scores of exposure windows by its own arithmetic.

use alloc::string::String;
use alloc::vec::Vec;

use super::super::daily::{InfectiousnessWeights, ReportTypeWeights, Score};
use super::super::infectiousness::Infectiousness;
use super::range::{Range, WeightedRanges};
use crate::keys::ReportType;

/// The attenuation of a scan that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Attenuation {
    /// The mean attenuation of the scan's beacons counts.
    Typical,
    /// The smallest attenuation of the scan's beacons counts.
    Minimum,
}

/// The treatment of negative seconds of a scan. A clock that stepped back makes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum SecondsRule {
    /// Negative seconds count 0.
    Clamp,
    /// Negative seconds are subtracted.
    #[default]
    Keep,
    /// Scans of 0 or fewer seconds are left out.
    Drop,
}

/// Scores of exposure windows by weights of attenuation ranges.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Weighing {
    /// The attenuation that chooses the range.
    pub attenuation: Attenuation,
    /// The treatment of negative seconds.
    #[cfg_attr(feature = "serde", serde(default))]
    pub seconds: SecondsRule,
    /// The most days ago that a window may be to count; `None` for no limit.
    #[cfg_attr(feature = "serde", serde(default))]
    pub max_age_days: Option<u32>,
    /// Windows of these infectiousnesses are dropped.
    #[cfg_attr(feature = "serde", serde(default))]
    pub drop_infectiousness: Vec<Infectiousness>,
    /// Windows are dropped by the minutes that they spent in a range; `None` to drop none.
    #[cfg_attr(feature = "serde", serde(default))]
    pub drop_minutes: Option<DropMinutes>,
    /// The treatment of equal windows of a day.
    #[cfg_attr(feature = "serde", serde(default))]
    pub identical: Identical,
    /// The weights; the first range that holds the attenuation counts, and an attenuation in none weighs 0.
    pub ranges: WeightedRanges,
    /// The sum: of each window, or of the ranges of a whole day.
    pub sum: Sum,
    /// The numbers that the app computes with.
    #[cfg_attr(feature = "serde", serde(default))]
    pub precision: Precision,
}

impl Weighing {
    /// Weighs typical attenuations without any filter, in double precision.
    #[must_use]
    pub fn new(ranges: WeightedRanges, sum: Sum) -> Self {
        Self {
            attenuation: Attenuation::Typical,
            seconds: SecondsRule::Keep,
            max_age_days: None,
            drop_infectiousness: Vec::new(),
            drop_minutes: None,
            identical: Identical::Each,
            ranges,
            sum,
            precision: Precision::Double,
        }
    }
}

/// The treatment of windows of a day that are equal in every field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Identical {
    /// Each of the equal windows counts.
    #[default]
    Each,
    /// Only the first of the equal windows counts.
    Once,
}

/// The numbers that an app computes with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Precision {
    /// The app computes with 64 bits.
    #[default]
    Double,
    /// The app computes with 32 bits: every result is rounded to a `f32`.
    Single,
}

/// Drops windows by the minutes that they spent in a range of attenuations.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct DropMinutes {
    /// The filters that are asked.
    pub which: Filters,
    /// `true` if only whole minutes count.
    pub whole_minutes: bool,
    /// The filters in order.
    pub filters: Vec<MinutesFilter>,
}

/// The filters of several that are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Filters {
    /// Only the first filter is asked.
    First,
    /// All filters are asked; one that holds is enough.
    Any,
}

/// A window is dropped if its minutes at these attenuations lie in this range.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct MinutesFilter {
    /// The attenuations of the range, dB.
    pub attenuation: Range,
    /// The minutes with which a window is dropped.
    pub minutes: Range,
}

/// The sum: of each window, or of the ranges of a whole day.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Sum {
    /// Each window has a score; the day adds up the scores of its windows in their order.
    Window(WindowSum),
    /// The day adds up the seconds of each range over all of its windows, and then weighs them.
    Day(DayMinutes),
}

/// The score of a window: `weighted seconds * factor`.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct WindowSum {
    /// The unit that is multiplied by its weight before it is added.
    pub weigh: Weigh,
    /// The unit of the score.
    pub unit: Unit,
    /// The factor of the weighted time.
    pub factor: Factor,
    /// The smallest score with which a window counts.
    #[cfg_attr(feature = "serde", serde(default))]
    pub minimum_score: Score,
    /// Levels by score, the first range that holds the score; a window without a level is dropped. `None` for no
    /// levels.
    #[cfg_attr(feature = "serde", serde(default))]
    pub levels: Option<Vec<WindowLevel>>,
}

/// The unit that is multiplied by its weight before it is added. The two may differ in the last bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Weigh {
    /// The seconds of each scan are multiplied.
    Scans,
    /// The seconds of each range are added first, and their sum is multiplied.
    Ranges,
}

/// The unit of a weighted time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Unit {
    /// The time is in seconds.
    Seconds,
    /// The time is in minutes: the sum is divided by 60.
    Minutes,
}

/// The unit in which a day weighs the time in each range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum DayMinutes {
    /// The time is in seconds.
    Seconds,
    /// The time is in minutes with their fraction.
    Minutes,
    /// The time is in whole minutes, each range rounded up by itself.
    MinutesUp,
}

/// The factor of the weighted time of a window.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Factor {
    /// The factor is the weight of the report type times the weight of the infectiousness.
    Product(ProductFactor),
    /// The factor is the value of a level, which follows from report type and infectiousness.
    Table(LevelTable),
}

/// `report type weight * infectiousness weight`. A weight that is `None` is 1 and asks nothing of a window.
#[derive(Clone, Debug, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields, default))]
pub struct ProductFactor {
    /// The weights of report types; types without a weight count 0.
    pub report_type: Option<ReportTypeWeights>,
    /// The weights of infectiousnesses; "none" counts 0.
    pub infectiousness: Option<InfectiousnessWeights>,
}

/// Levels by report type and infectiousness, and what each level is worth.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct LevelTable {
    /// The levels of each report type. A window of another type cannot be judged.
    pub levels: Vec<TypeLevels>,
    /// Windows of levels in one of these ranges are dropped.
    #[cfg_attr(feature = "serde", serde(default))]
    pub drop_levels: Vec<Range>,
    /// The worth of each level, the first entry of several; a level without an entry is worth 0.
    pub values: Vec<LevelValue>,
}

impl LevelTable {
    /// Returns the level of a window of this report type and infectiousness; `None` if the table has no such type.
    #[must_use]
    pub fn level(&self, report_type: ReportType, infectiousness: Infectiousness) -> Option<u32> {
        let levels = self.levels.iter().find(|levels| levels.report_type == report_type)?;
        Some(levels.of(infectiousness))
    }

    /// Returns what this level is worth.
    #[must_use]
    pub fn value(&self, level: u32) -> f64 {
        self.values.iter().find(|value| value.level == level).map_or(0.0, |value| value.value.as_f64())
    }

    /// Returns `true` if windows of this level are dropped.
    #[must_use]
    pub fn drops(&self, level: u32) -> bool {
        self.drop_levels.iter().any(|range| range.contains(f64::from(level)))
    }
}

/// The levels of a report type by infectiousness.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct TypeLevels {
    /// The report type that has these levels.
    pub report_type: ReportType,
    /// The level without infectiousness.
    pub none: u32,
    /// The level of standard infectiousness.
    pub standard: u32,
    /// The level of high infectiousness.
    pub high: u32,
}

impl TypeLevels {
    /// Returns the level of this infectiousness.
    #[must_use]
    pub const fn of(&self, infectiousness: Infectiousness) -> u32 {
        match infectiousness {
            Infectiousness::None => self.none,
            Infectiousness::Standard => self.standard,
            Infectiousness::High => self.high,
        }
    }
}

/// The worth of a level.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct LevelValue {
    /// The level that has this worth.
    pub level: u32,
    /// The factor of a weighted minute or second.
    pub value: Score,
}

/// The level of windows with a score in this range.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct WindowLevel {
    /// The scores that have this level.
    pub score: Range,
    /// The name of the level; encounters are counted by it.
    pub level: String,
}
