//! A configuration while a sweep sets its numbers.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::ops::Bound;

use super::parameter::Parameter;
use crate::exposure::configuration::rule::{
    Class, Decides, Factor, Operator, Range, RangeError, Scores, Sum, Test, Value, Weighing, WeightedRange,
    WeightedRanges, When, WindowsRule,
};
use crate::exposure::configuration::{
    AttenuationThresholds, Configuration, Infectiousness, InfectiousnessWeights, ReportTypeWeights, Score, Weight,
};
use crate::keys::ReportType;

/// A configuration while its numbers are set. Thresholds need to be in order only when all of them are set.
pub(super) struct Draft {
    configuration: Configuration,
    thresholds: Thresholds,
}

/// Where ranges of attenuation end.
enum Thresholds {
    /// Of daily summaries, dB.
    Summaries([u8; 3]),
    /// Both ends and the weight of each range of the rule.
    Ranges(Vec<(Bound<f64>, Bound<f64>, Score)>),
    None,
}

/// Why a number cannot be set.
pub(super) enum Fault {
    /// The configuration has no such number.
    Absent(String),
    /// The number is outside its limits.
    Limits(String),
}

impl Fault {
    fn absent(why: &str) -> Self {
        Self::Absent(why.into())
    }

    #[allow(clippy::needless_pass_by_value)] // it stands where an error is mapped
    fn limits(error: impl ToString) -> Self {
        Self::Limits(error.to_string())
    }
}

impl Draft {
    pub(super) fn new(configuration: &Configuration) -> Self {
        let thresholds = match &configuration.rule.decides {
            Decides::Windows(WindowsRule { scores: Scores::DailySummaries, .. }) => {
                Thresholds::Summaries(configuration.daily_summaries.thresholds.as_array())
            }
            Decides::Windows(WindowsRule { scores: Scores::Weighted(weighing), .. }) => {
                let ranges = weighing.ranges.as_slice().iter().map(|WeightedRange { range, weight }| {
                    let (from, to) = range.bounds();
                    (from, to, *weight)
                });
                Thresholds::Ranges(ranges.collect())
            }
            _ => Thresholds::None,
        };
        Self { configuration: configuration.clone(), thresholds }
    }

    /// Sets one number.
    pub(super) fn set(&mut self, parameter: &Parameter, number: f64) -> Result<(), Fault> {
        let Configuration { daily_summaries: daily, rule, .. } = &mut self.configuration;
        let Decides::Windows(rule) = &mut rule.decides else {
            return Err(Fault::absent("its rule judges risk scores of version 1, which windows do not tell"));
        };
        match (parameter, &mut rule.scores) {
            (Parameter::Compared { class, value }, _) => compare(&mut rule.classes, class.as_deref(), *value, number),
            (Parameter::Threshold(place), _) => self.thresholds.set(*place, number),
            (Parameter::Weight(place), Scores::DailySummaries) => {
                let found = place.checked_sub(1).and_then(|place| daily.bucket_weights.get_mut(place));
                *found.ok_or_else(|| Fault::absent("daily summaries have the weights 1 to 4"))? = weight(number)?;
                Ok(())
            }
            (Parameter::Weight(place), _) => {
                let Thresholds::Ranges(ranges) = &mut self.thresholds else {
                    return Err(Fault::absent("the distance model has no weights"));
                };
                let count = ranges.len();
                let found = place.checked_sub(1).and_then(|place| ranges.get_mut(place));
                let (.., found) =
                    found.ok_or_else(|| Fault::Absent(format!("the rule has the weights 1 to {count}")))?;
                *found = score(number)?;
                Ok(())
            }
            (Parameter::Infectiousness(infectiousness), scores) => {
                let weights = match scores {
                    Scores::DailySummaries => Some(&mut daily.infectiousness_weights),
                    Scores::Weighted(weighing) => product(weighing).and_then(|(infectiousness, _)| infectiousness),
                    Scores::NhsDistance(_) => None,
                };
                let weights = weights.ok_or_else(|| Fault::absent("the rule has no weights of infectiousness"))?;
                *of_infectiousness(weights, *infectiousness)? = weight(number)?;
                Ok(())
            }
            (Parameter::ReportType(report_type), scores) => {
                let weights = match scores {
                    Scores::DailySummaries => Some(&mut daily.report_type_weights),
                    Scores::Weighted(weighing) => product(weighing).and_then(|(_, report_type)| report_type),
                    Scores::NhsDistance(_) => None,
                };
                let weights = weights.ok_or_else(|| Fault::absent("the rule has no weights of report types"))?;
                *of_report_type(weights, *report_type)? = weight(number)?;
                Ok(())
            }
            (Parameter::MinimumWindowScore, Scores::DailySummaries) => {
                daily.minimum_window_score = score(number)?;
                Ok(())
            }
            (Parameter::MinimumWindowScore, Scores::Weighted(Weighing { sum: Sum::Window(window), .. })) => {
                window.minimum_score = score(number)?;
                Ok(())
            }
            (Parameter::MinimumWindowScore, _) => Err(Fault::absent("the rule has no minimum score of a window")),
        }
    }

    /// The configuration, if its thresholds are in order.
    pub(super) fn finish(mut self) -> Result<Configuration, Fault> {
        match (self.thresholds, &mut self.configuration.rule.decides) {
            (Thresholds::Summaries(thresholds), _) => {
                let thresholds = AttenuationThresholds::new(thresholds).map_err(Fault::limits)?;
                self.configuration.daily_summaries.thresholds = thresholds;
            }
            (
                Thresholds::Ranges(ends),
                Decides::Windows(WindowsRule { scores: Scores::Weighted(Weighing { ranges, .. }), .. }),
            ) => {
                let range = |(from, to, weight)| Ok(WeightedRange { range: Range::new(from, to)?, weight });
                let moved =
                    ends.into_iter().map(range).collect::<Result<Vec<_>, RangeError>>().and_then(WeightedRanges::new);
                *ranges = moved.map_err(Fault::limits)?;
            }
            _ => {}
        }
        Ok(self.configuration)
    }
}

impl Thresholds {
    /// Moves the end of a range, and with it the beginning of the range that follows.
    fn set(&mut self, place: usize, number: f64) -> Result<(), Fault> {
        let decibels = || {
            let whole = (0.0..=255.0).contains(&number) && number.fract() == 0.0;
            if whole { Ok(number) } else { Err(Fault::limits("a threshold is a whole number of dB from 0 to 255")) }
        };
        match self {
            Self::Summaries(thresholds) => {
                let found = place.checked_sub(1).and_then(|place| thresholds.get_mut(place));
                let found = found.ok_or_else(|| Fault::absent("daily summaries have the thresholds 1 to 3"))?;
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // whole, and from 0 to 255
                let threshold = decibels()? as u8;
                *found = threshold;
                Ok(())
            }
            Self::Ranges(ends) => {
                let count = ends.len();
                let absent =
                    || Fault::Absent(format!("the rule has {count} ranges, and only ends that are numbers move"));
                let (_, end, _) = place.checked_sub(1).and_then(|place| ends.get_mut(place)).ok_or_else(absent)?;
                let old = *end;
                *end = moved(old, number).ok_or_else(absent)?;
                // Ranges touch where one begins as the other ends.
                if let (Some((begin, ..)), Bound::Included(old) | Bound::Excluded(old)) = (ends.get_mut(place), old)
                    && matches!(*begin, Bound::Included(number) | Bound::Excluded(number) if number.total_cmp(&old).is_eq())
                {
                    *begin = moved(*begin, number).ok_or_else(absent)?;
                }
                Ok(())
            }
            Self::None => Err(Fault::absent("the rule has no thresholds of attenuation")),
        }
    }
}

/// The same kind of bound at another number; `None` if it is unbounded.
fn moved(bound: Bound<f64>, number: f64) -> Option<Bound<f64>> {
    match bound {
        Bound::Included(_) => Some(Bound::Included(number)),
        Bound::Excluded(_) => Some(Bound::Excluded(number)),
        Bound::Unbounded => None,
    }
}

/// Sets the number with which a class compares the value: the lower end, of a class that asks for both.
fn compare(classes: &mut [Class], name: Option<&str>, value: Value, number: f64) -> Result<(), Fault> {
    if !number.is_finite() {
        return Err(Fault::limits("a number to compare with is finite"));
    }
    let is_meant = |class: &Class| name.map_or(class.notifies, |name| class.name == name);
    let mut found: Vec<&mut Test> = Vec::new();
    let mut in_classes = Vec::new();
    for class in classes.iter_mut().filter(|class| is_meant(class)) {
        let Class { name, when: When::All(tests) | When::Any(tests), .. } = class;
        let before = found.len();
        found.extend(tests.iter_mut().filter(|test| test.value == value && test.condition.op != Operator::Nop));
        if found.len() > before {
            in_classes.push(name.as_str());
        }
    }
    if found.len() > 1 {
        found.retain(|test| matches!(test.condition.op, Operator::AtLeast | Operator::MoreThan));
    }
    match (&mut found[..], name) {
        ([], None) => Err(Fault::Absent(format!("no class that notifies compares {value}"))),
        ([], Some(name)) => Err(Fault::Absent(format!("no class {name:?} compares {value}"))),
        ([only], _) => {
            only.condition.threshold = number;
            Ok(())
        }
        (_, _) => Err(Fault::Absent(format!("{value} is compared more than once, in {}", in_classes.join(", ")))),
    }
}

/// The weights of a rule whose factors are a product.
type ProductWeights<'w> = (Option<&'w mut InfectiousnessWeights>, Option<&'w mut ReportTypeWeights>);

fn product(weighing: &mut Weighing) -> Option<ProductWeights<'_>> {
    match &mut weighing.sum {
        Sum::Window(window) => match &mut window.factor {
            Factor::Product(product) => Some((product.infectiousness.as_mut(), product.report_type.as_mut())),
            Factor::Table(_) => None,
        },
        Sum::Day(_) => None,
    }
}

fn of_infectiousness(
    weights: &mut InfectiousnessWeights,
    infectiousness: Infectiousness,
) -> Result<&mut Weight, Fault> {
    match infectiousness {
        Infectiousness::None => Err(Fault::absent("infectiousness \"none\" always weighs 0")),
        Infectiousness::Standard => Ok(&mut weights.standard),
        Infectiousness::High => Ok(&mut weights.high),
    }
}

fn of_report_type(weights: &mut ReportTypeWeights, report_type: ReportType) -> Result<&mut Weight, Fault> {
    match report_type {
        ReportType::ConfirmedTest => Ok(&mut weights.confirmed_test),
        ReportType::ConfirmedClinicalDiagnosis => Ok(&mut weights.confirmed_clinical_diagnosis),
        ReportType::SelfReport => Ok(&mut weights.self_report),
        ReportType::Recursive => Ok(&mut weights.recursive),
        ReportType::Unknown | ReportType::Revoked => Err(Fault::absent("windows of this report type have no scores")),
    }
}

fn weight(number: f64) -> Result<Weight, Fault> {
    Weight::new(number).map_err(Fault::limits)
}

fn score(number: f64) -> Result<Score, Fault> {
    Score::new(number).map_err(Fault::limits)
}
