//! A condition on a value.

use core::fmt;

use crate::names::named;

/// The comparison of a value with a threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Operator {
    /// The condition asks nothing and always holds.
    #[default]
    #[cfg_attr(feature = "serde", serde(rename = "NOP"))]
    Nop,
    /// The value equals the threshold.
    #[cfg_attr(feature = "serde", serde(rename = "="))]
    Equal,
    /// The value is at least the threshold.
    #[cfg_attr(feature = "serde", serde(rename = ">="))]
    AtLeast,
    /// The value is more than the threshold.
    #[cfg_attr(feature = "serde", serde(rename = ">"))]
    MoreThan,
    /// The value is at most the threshold.
    #[cfg_attr(feature = "serde", serde(rename = "<="))]
    AtMost,
    /// The value is less than the threshold.
    #[cfg_attr(feature = "serde", serde(rename = "<"))]
    LessThan,
}

named! {
    Operator, "operator":
    Nop => "NOP",
    Equal => "=",
    AtLeast => ">=",
    MoreThan => ">",
    AtMost => "<=",
    LessThan => "<",
}

/// A condition on a value: `value op threshold`.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Condition {
    /// The comparison of the value with the threshold.
    pub op: Operator,
    /// The threshold with which the value is compared.
    #[cfg_attr(feature = "serde", serde(rename = "value"))]
    pub threshold: f64,
}

impl Condition {
    /// Returns `true` if this value meets the condition; `None` if the value or the threshold is no number.
    #[must_use]
    #[allow(clippy::float_cmp)] // that is what the operator is
    pub fn holds(self, value: f64) -> Option<bool> {
        if self.op != Operator::Nop && (value.is_nan() || self.threshold.is_nan()) {
            return None;
        }
        Some(match self.op {
            Operator::Nop => true,
            Operator::Equal => value == self.threshold,
            Operator::AtLeast => value >= self.threshold,
            Operator::MoreThan => value > self.threshold,
            Operator::AtMost => value <= self.threshold,
            Operator::LessThan => value < self.threshold,
        })
    }
}

/// Writes the operator and the threshold, such as `>= 1350`.
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.op, self.threshold)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operator_has_two_sides() {
        use Operator::{AtLeast, AtMost, Equal, LessThan, MoreThan, Nop};
        #[cfg(feature = "serde")]
        for operator in [Nop, Equal, AtLeast, MoreThan, AtMost, LessThan] {
            assert_eq!(serde_json::to_value(operator).unwrap(), operator.name(), "shown as it is written");
        }
        for (op, below, equal, above) in [
            (Nop, true, true, true),
            (Equal, false, true, false),
            (AtLeast, false, true, true),
            (MoreThan, false, false, true),
            (AtMost, true, true, false),
            (LessThan, true, false, false),
        ] {
            let condition = Condition { op, threshold: 1350.0 };
            assert_eq!(
                [1349.0, 1350.0, 1351.0].map(|value| condition.holds(value)),
                [below, equal, above].map(Some),
                "{op:?}"
            );
            for (threshold, value) in [(f64::NAN, 1.0), (1.0, f64::NAN), (f64::NAN, f64::NAN)] {
                let holds = Condition { op, threshold }.holds(value);
                assert_eq!(holds, (op == Nop).then_some(true), "{op:?} {threshold} {value}");
            }
        }
    }
}
