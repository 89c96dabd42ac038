//! What a sweep varies, and through which numbers.

use alloc::borrow::ToOwned;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use super::SweepError;
use super::parameter::Parameter;

/// A parameter and the numbers that it takes, at least one.
///
/// ```
/// use gaen::exposure::sweep::Axis;
///
/// assert_eq!("score_sum=900..1200:100".parse::<Axis>()?.values(), [900.0, 1000.0, 1100.0, 1200.0]);
/// assert_eq!("weight.2=0.5,1,2.5".parse::<Axis>()?.values(), [0.5, 1.0, 2.5]);
/// assert_eq!("weight.2=0.1..0.3:0.1".parse::<Axis>()?.values(), [0.1, 0.2, 0.3]);
/// # Ok::<(), gaen::exposure::sweep::SweepError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    parameter: Parameter,
    values: Vec<f64>,
}

impl Axis {
    /// The most numbers of one axis.
    pub const MOST_VALUES: usize = 10_000;

    /// Makes an axis of these numbers.
    ///
    /// # Errors
    /// [`SweepError::Values`] if there is none, or if one is not finite.
    pub fn new(parameter: Parameter, values: Vec<f64>) -> Result<Self, SweepError> {
        let is_good = (1..=Self::MOST_VALUES).contains(&values.len()) && values.iter().all(|value| value.is_finite());
        if is_good {
            Ok(Self { parameter, values })
        } else {
            Err(SweepError::Values { found: alloc::format!("{values:?}") })
        }
    }

    /// Returns the parameter that varies.
    #[must_use]
    pub const fn parameter(&self) -> &Parameter {
        &self.parameter
    }

    /// Returns the numbers that the parameter takes.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }
}

/// Writes the parameter and its numbers.
impl fmt::Display for Axis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}=", self.parameter)?;
        self.values.iter().enumerate().try_for_each(|(place, value)| {
            let comma = if place > 0 { "," } else { "" };
            write!(f, "{comma}{value}")
        })
    }
}

/// Reads `PARAMETER=FROM..TO:STEP`, both ends included, or `PARAMETER=A,B,C`.
impl FromStr for Axis {
    type Err = SweepError;

    fn from_str(text: &str) -> Result<Self, SweepError> {
        let (parameter, values) = text.split_once('=').ok_or_else(|| SweepError::Values { found: text.to_owned() })?;
        let wrong = || SweepError::Values { found: values.to_owned() };
        let number = |text: &str| text.trim().parse::<f64>().ok().filter(|number| number.is_finite()).ok_or_else(wrong);
        let numbers = match values.split_once("..") {
            Some((from, rest)) => {
                let (to, step) = rest.split_once(':').ok_or_else(wrong)?;
                steps(number(from)?, number(to)?, number(step)?).ok_or_else(wrong)?
            }
            None => values.split(',').map(number).collect::<Result<_, _>>()?,
        };
        Self::new(parameter.trim().parse()?, numbers)
    }
}

/// The numbers from one to another. `None` if there are none, or too many.
fn steps(from: f64, to: f64, step: f64) -> Option<Vec<f64>> {
    /// A number of steps that lacks less than this to be whole is whole: 0.2 / 0.1 is a little more than 2.
    const NEARLY: f64 = 1e-9;
    /// Decimals of a number, so that 3 times 0.1 is 0.3.
    const DECIMALS: f64 = 1e9;

    let count = ((to - from) / step + NEARLY).floor();
    #[allow(clippy::cast_precision_loss)] // 10,000
    if step <= 0.0 || !(0.0..Axis::MOST_VALUES as f64).contains(&count) {
        return None;
    }
    let decimal = |value: f64| {
        let rounded = (value * DECIMALS).round() / DECIMALS;
        if rounded.is_finite() { rounded } else { value }
    };
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to 10,000
    let last = count as u32;
    Some((0..=last).map(|place| decimal(step.mul_add(place.into(), from))).collect())
}
