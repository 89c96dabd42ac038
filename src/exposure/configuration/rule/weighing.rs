//! How an app makes scores of exposure windows by its own arithmetic.

use alloc::string::String;
use alloc::vec::Vec;

use super::super::daily::{InfectiousnessWeights, ReportTypeWeights, Score};
use super::super::infectiousness::Infectiousness;
use super::range::{Range, WeightedRanges};
use crate::keys::ReportType;

/// Which attenuation of a scan counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Attenuation {
    /// The mean of the scan's beacons.
    Typical,
    /// The smallest of the scan's beacons.
    Minimum,
}

/// What negative seconds of a scan count. A clock that stepped back makes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum SecondsRule {
    /// They are 0.
    Clamp,
    /// They are subtracted.
    #[default]
    Keep,
    /// Scans of 0 or fewer seconds are left out.
    Drop,
}

/// Scores of exposure windows by weights of attenuation ranges.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct Weighing {
    /// Which attenuation chooses the range.
    pub attenuation: Attenuation,
    /// What negative seconds count.
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
    /// Whether equal windows of a day count each.
    #[cfg_attr(feature = "serde", serde(default))]
    pub identical: Identical,
    /// The weights; the first range that holds the attenuation counts, and an attenuation in none weighs 0.
    pub ranges: WeightedRanges,
    /// What is added up.
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

/// Whether windows of a day that are equal in every field count each, or once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Identical {
    /// Each counts.
    #[default]
    Each,
    /// Only the first counts.
    Once,
}

/// The numbers that an app computes with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Precision {
    /// 64 bits.
    #[default]
    Double,
    /// 32 bits: every result is rounded to a `f32`.
    Single,
}

/// Drops windows by the minutes that they spent in a range of attenuations.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct DropMinutes {
    /// Which filters are asked.
    pub which: Filters,
    /// `true` if only whole minutes count.
    pub whole_minutes: bool,
    /// The filters in order.
    pub filters: Vec<MinutesFilter>,
}

/// Which filters of several are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Filters {
    /// Only the first.
    First,
    /// All; one that holds is enough.
    Any,
}

/// A window is dropped if its minutes at these attenuations lie in this range.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct MinutesFilter {
    /// Attenuations in dB.
    pub attenuation: Range,
    /// Minutes.
    pub minutes: Range,
}

/// What is added up.
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
    /// What is multiplied by its weight before it is added.
    pub weigh: Weigh,
    /// The unit of the score.
    pub unit: Unit,
    /// What the weighted time is multiplied by.
    pub factor: Factor,
    /// The smallest score with which a window counts.
    #[cfg_attr(feature = "serde", serde(default))]
    pub minimum_score: Score,
    /// Levels by score, the first range that holds the score; a window without a level is dropped. `None` for no levels.
    #[cfg_attr(feature = "serde", serde(default))]
    pub levels: Option<Vec<WindowLevel>>,
}

/// What is multiplied by its weight before it is added. The two may differ in the last bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Weigh {
    /// The seconds of each scan.
    Scans,
    /// The seconds of each range, which are added first.
    Ranges,
}

/// The unit of a weighted time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Unit {
    /// Seconds.
    Seconds,
    /// Minutes: the sum is divided by 60.
    Minutes,
}

/// The unit in which a day weighs the time in each range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum DayMinutes {
    /// Seconds.
    Seconds,
    /// Minutes with their fraction.
    Minutes,
    /// Whole minutes, each range rounded up by itself.
    MinutesUp,
}

/// What the weighted time of a window is multiplied by.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Factor {
    /// The weight of the report type, then that of the infectiousness.
    Product(ProductFactor),
    /// The value of a level, which follows from report type and infectiousness.
    Table(LevelTable),
}

/// `report type weight * infectiousness weight`. What is `None` is not asked of a window.
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
    /// What each level is worth, the first entry of several; a level without an entry is worth 0.
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
    /// The report type.
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

/// What a level is worth.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct LevelValue {
    /// The level.
    pub level: u32,
    /// What a weighted minute or second is multiplied by.
    pub value: Score,
}

/// The level of windows with a score in this range.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(deny_unknown_fields))]
pub struct WindowLevel {
    /// Scores.
    pub score: Range,
    /// The name of the level; encounters are counted by it.
    pub level: String,
}
