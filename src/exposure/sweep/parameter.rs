//! The numbers of a configuration that a sweep can vary.

use alloc::borrow::ToOwned;
use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use super::SweepError;
use crate::exposure::configuration::Infectiousness;
use crate::exposure::configuration::rule::Value;
use crate::keys::ReportType;

/// A number of a configuration that a sweep varies.
///
/// ```
/// use gaen::exposure::sweep::Parameter;
///
/// for name in ["threshold.1", "weight.4", "infectiousness.standard", "report_type.self_report", "minimum_window_score",
///     "score_sum", "high.score_sum"] {
///     assert_eq!(name.parse::<Parameter>()?.to_string(), name);
/// }
/// assert!("weight.0".parse::<Parameter>().is_err());
/// # Ok::<(), gaen::exposure::sweep::SweepError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Parameter {
    /// `threshold.N`: the attenuation in dB at which range N ends and the next begins. The nearest range is 1.
    Threshold(usize),
    /// `weight.N`: what a second in range N weighs. The nearest range is 1.
    Weight(usize),
    /// `infectiousness.NAME`: the factor of this infectiousness.
    Infectiousness(Infectiousness),
    /// `report_type.NAME`: the factor of this report type.
    ReportType(ReportType),
    /// `minimum_window_score`: the smallest score with which a window counts.
    MinimumWindowScore,
    /// `VALUE` or `CLASS.VALUE`: the number with which a class compares this value of a day. Without the name of a
    /// class, the class that notifies.
    Compared {
        /// The name of the class; `None` for the one class that notifies and compares the value.
        class: Option<String>,
        /// The value.
        value: Value,
    },
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Threshold(number) => write!(f, "threshold.{number}"),
            Self::Weight(number) => write!(f, "weight.{number}"),
            Self::Infectiousness(infectiousness) => write!(f, "infectiousness.{infectiousness}"),
            Self::ReportType(report_type) => write!(f, "report_type.{report_type}"),
            Self::MinimumWindowScore => f.write_str("minimum_window_score"),
            Self::Compared { class: None, value } => value.fmt(f),
            Self::Compared { class: Some(class), value } => write!(f, "{class}.{value}"),
        }
    }
}

impl FromStr for Parameter {
    type Err = SweepError;

    fn from_str(text: &str) -> Result<Self, SweepError> {
        let unknown = || SweepError::UnknownParameter { found: text.to_owned() };
        if text == "minimum_window_score" {
            return Ok(Self::MinimumWindowScore);
        }
        let Some((before, after)) = text.rsplit_once('.') else {
            return Ok(Self::Compared { class: None, value: text.parse().map_err(|_| unknown())? });
        };
        let number = || after.parse().ok().filter(|number| *number > 0).ok_or_else(unknown);
        Ok(match before {
            "threshold" => Self::Threshold(number()?),
            "weight" => Self::Weight(number()?),
            "infectiousness" => Self::Infectiousness(after.parse().map_err(|_| unknown())?),
            "report_type" => Self::ReportType(after.parse().map_err(|_| unknown())?),
            class => Self::Compared { class: Some(class.to_owned()), value: after.parse().map_err(|_| unknown())? },
        })
    }
}
