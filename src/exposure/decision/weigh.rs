//! Scores of windows by an app's own weights.

use alloc::boxed::Box;

use super::found::{DayFound, Fate, RangeSeconds, WindowFound};
use super::window::{Scan, WindowView};
use crate::exposure::basis::NotJudged;
use crate::exposure::configuration::rule::{
    Attenuation, DayMinutes, DropMinutes, Factor, Filters, Identical, Precision, ProductFactor, SecondsRule, Sum, Unit,
    Weigh, Weighing, WeightedRange, WeightedRanges, WindowSum,
};
use crate::exposure::summary::{days_ago, float};
use crate::keys::ReportType;
use crate::time::UtcDay;

/// The place of a range that no attenuation is in.
const NO_RANGE: u8 = u8::MAX;

/// The weights of an app, ready to be asked.
#[derive(Clone, Debug)]
pub(super) struct Weigher {
    pub(super) weighing: Weighing,
    /// The place of the first range that holds each attenuation.
    places: Box<[u8; 256]>,
}

impl Weigher {
    pub(super) fn new(weighing: &Weighing) -> Self {
        let mut places = Box::new([NO_RANGE; 256]);
        for (attenuation, place) in (0..=u8::MAX).zip(places.iter_mut()) {
            let first = weighing.ranges.place(attenuation);
            *place = first.and_then(|first| u8::try_from(first).ok()).unwrap_or(NO_RANGE);
        }
        Self { weighing: weighing.clone(), places }
    }

    /// The ranges in order.
    pub(super) fn ranges(&self) -> &[WeightedRange] {
        self.weighing.ranges.as_slice()
    }

    /// The place of the range of this attenuation, if one holds it.
    pub(super) fn range(&self, attenuation: u8) -> Option<usize> {
        let place = self.places.get(usize::from(attenuation)).copied().unwrap_or(NO_RANGE);
        (place != NO_RANGE).then_some(place.into())
    }

    /// The weight of this range, in the numbers that the app computes with.
    pub(super) fn weight(&self, range: Option<usize>) -> f64 {
        let weighted = range.and_then(|range| self.ranges().get(range));
        self.precise(weighted.map_or(0.0, |weighted| weighted.weight.as_f64()))
    }

    /// The result of one operation, in the numbers that the app computes with. A double that is rounded to a `f32`
    /// after each `+`, `*` and `/` of two of them is what these have in 32 bits.
    #[allow(clippy::cast_possible_truncation)]
    pub(super) const fn precise(&self, result: f64) -> f64 {
        match self.weighing.precision {
            Precision::Double => result,
            Precision::Single => result as f32 as f64,
        }
    }

    /// The attenuation of the scan that counts.
    pub(super) const fn attenuation(&self, scan: &Scan) -> Result<u8, NotJudged> {
        let (attenuation, missing) = match self.weighing.attenuation {
            Attenuation::Typical => (scan.typical_attenuation, NotJudged::NoTypicalAttenuation),
            Attenuation::Minimum => (scan.min_attenuation, NotJudged::NoMinAttenuation),
        };
        match attenuation {
            Some(attenuation) => Ok(attenuation),
            None => Err(missing),
        }
    }

    /// The seconds that the scan counts; `None` if it is left out.
    pub(super) const fn seconds(&self, scan: &Scan) -> Option<i64> {
        seconds(self.weighing.seconds, scan)
    }

    /// What a window comes to, without its scores if the day adds up the ranges itself.
    pub(super) fn window(&self, window: &WindowView<'_>, today: UtcDay) -> WindowFound {
        match self.judge(window, today) {
            Ok(found) => found,
            Err(fate) => WindowFound { fate, ..WindowFound::default() },
        }
    }

    fn judge(&self, window: &WindowView<'_>, today: UtcDay) -> Result<WindowFound, Fate> {
        let Weighing { max_age_days, drop_infectiousness, drop_minutes, identical, sum, .. } = &self.weighing;
        let date = window.date.ok_or(NotJudged::NoDate)?;
        if max_age_days.is_some_and(|most| days_ago(date, today) > most.into()) {
            return Err(Fate::TooLongAgo);
        }
        if *identical == Identical::Once && window.is_repeated {
            return Err(Fate::Repeated);
        }
        if window.is_impossible {
            return Err(NotJudged::ImpossibleSeconds.into());
        }
        if !drop_infectiousness.is_empty()
            && drop_infectiousness.contains(&window.infectiousness.ok_or(NotJudged::NoInfectiousness)?)
        {
            return Err(Fate::Infectiousness);
        }
        if let Some(drop) = drop_minutes
            && self.is_dropped(drop, window.scans)?
        {
            return Err(Fate::Minutes);
        }
        match sum {
            Sum::Window(sum) => self.score(sum, window),
            Sum::Day(_) => Ok(WindowFound::default()),
        }
    }

    fn is_dropped(&self, drop: &DropMinutes, scans: &[Scan]) -> Result<bool, NotJudged> {
        let asked = match drop.which {
            Filters::First => drop.filters.get(..1).unwrap_or_default(),
            Filters::Any => &drop.filters,
        };
        for filter in asked {
            let mut sum = 0_i64;
            for scan in scans {
                let attenuation = self.attenuation(scan)?;
                if let Some(seconds) = self.seconds(scan)
                    && filter.attenuation.contains(attenuation.into())
                {
                    sum = sum.saturating_add(seconds);
                }
            }
            let minutes = if drop.whole_minutes { float(sum / 60) } else { float(sum) / 60.0 };
            if filter.minutes.contains(minutes) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn score(&self, sum: &WindowSum, window: &WindowView<'_>) -> Result<WindowFound, Fate> {
        let (level, factors) = factors(&sum.factor, window)?;
        let seconds = match sum.weigh {
            Weigh::Scans => {
                let mut weighted = 0.0;
                for scan in window.scans {
                    let range = self.range(self.attenuation(scan)?);
                    if let Some(seconds) = self.seconds(scan) {
                        weighted = self.precise(weighted + self.precise(float(seconds) * self.weight(range)));
                    }
                }
                weighted
            }
            Weigh::Ranges => {
                let mut ranges = [0; WeightedRanges::MOST];
                self.add(window.scans, &mut ranges)?;
                self.weighed(&ranges, float)
            }
        };
        let weighted = match sum.unit {
            Unit::Seconds => seconds,
            Unit::Minutes => self.precise(seconds / 60.0),
        };
        let score = factors.iter().fold(weighted, |score, factor| self.precise(score * self.precise(*factor)));
        let mut found = WindowFound { weighted, level, factors, score, window_level: None, fate: Fate::Counts };
        if let Factor::Table(table) = &sum.factor
            && table.drops(level.unwrap_or_default())
        {
            found.fate = Fate::Level;
        } else if score.is_nan() {
            found.fate = Fate::NotJudged(NotJudged::NotANumber);
        } else if matches!(sum.factor, Factor::Product(ProductFactor { report_type: Some(_), .. }))
            && matches!(window.report_type, Some(ReportType::Unknown | ReportType::Revoked))
        {
            found.fate = Fate::ReportType;
        } else if score < sum.minimum_score.as_f64() {
            found.fate = Fate::BelowMinimum;
        } else if let Some(levels) = &sum.levels {
            found.window_level = levels.iter().position(|level| level.score.contains(score));
            if found.window_level.is_none() {
                found.fate = Fate::NoLevel;
            }
        }
        Ok(found)
    }

    /// Adds the seconds of these scans to those of their ranges.
    pub(super) fn add(&self, scans: &[Scan], ranges: &mut RangeSeconds) -> Result<(), NotJudged> {
        for scan in scans {
            let range = self.range(self.attenuation(scan)?).and_then(|range| ranges.get_mut(range));
            if let (Some(seconds), Some(sum)) = (self.seconds(scan), range) {
                *sum = sum.saturating_add(seconds);
            }
        }
        Ok(())
    }

    /// `sum(unit(seconds) * weight)`, in the order of the ranges.
    fn weighed(&self, ranges: &RangeSeconds, unit: impl Fn(i64) -> f64) -> f64 {
        (0..self.ranges().len()).zip(ranges).fold(0.0, |sum, (range, seconds)| {
            self.precise(sum + self.precise(self.precise(unit(*seconds)) * self.weight(Some(range))))
        })
    }

    /// The weighted time of a day whose ranges hold these seconds; `None` if windows have scores of their own.
    pub(super) fn day(&self, ranges: &RangeSeconds) -> Option<f64> {
        match self.weighing.sum {
            Sum::Day(minutes) => Some(self.weighed(ranges, |seconds| self.minutes(minutes, seconds))),
            Sum::Window(_) => None,
        }
    }

    /// The seconds of a range in the unit that a day weighs.
    pub(super) fn minutes(&self, minutes: DayMinutes, seconds: i64) -> f64 {
        match minutes {
            DayMinutes::Seconds => float(seconds),
            DayMinutes::Minutes => self.precise(float(seconds) / 60.0),
            DayMinutes::MinutesUp => (float(seconds) / 60.0).ceil(),
        }
    }

    /// Adds a window that counts to its day.
    pub(super) fn add_to_day(&self, window: &WindowView<'_>, found: &WindowFound, day: &mut DayFound) {
        match self.weighing.sum {
            Sum::Window(_) => day.add(window.report_type, found.score, found.weighted, &self.weighing.precision),
            Sum::Day(_) => {
                day.is_judged = true;
                if let Err(missing) = self.add(window.scans, &mut day.ranges) {
                    day.not_judged.get_or_insert(missing);
                }
            }
        }
    }
}

/// The seconds that a scan counts by this rule; `None` if it is left out.
pub(super) const fn seconds(rule: SecondsRule, scan: &Scan) -> Option<i64> {
    match (rule, scan.seconds) {
        (SecondsRule::Drop, ..=0) => None,
        (SecondsRule::Clamp, ..0) => Some(0),
        (_, seconds) => Some(seconds),
    }
}

/// The level of a window, if there is one, and what its weighted time is multiplied by.
fn factors(factor: &Factor, window: &WindowView<'_>) -> Result<(Option<u32>, [f64; 2]), NotJudged> {
    match factor {
        Factor::Product(ProductFactor { report_type, infectiousness }) => {
            let report_type = match report_type {
                None => 1.0,
                Some(weights) => weights.of(window.report_type.ok_or(NotJudged::NoReportType)?).unwrap_or_default(),
            };
            let infectiousness = match infectiousness {
                None => 1.0,
                Some(weights) => weights.of(window.infectiousness.ok_or(NotJudged::NoInfectiousness)?),
            };
            Ok((None, [report_type, infectiousness]))
        }
        Factor::Table(table) => {
            let report_type = window.report_type.ok_or(NotJudged::NoReportType)?;
            let infectiousness = window.infectiousness.ok_or(NotJudged::NoInfectiousness)?;
            let level = table.level(report_type, infectiousness).ok_or(NotJudged::ReportTypeNotJudged)?;
            Ok((Some(level), [table.value(level), 1.0]))
        }
    }
}
