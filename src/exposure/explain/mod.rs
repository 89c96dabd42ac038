//! Why: from each sighting of a key to the verdict, with the first reason for "no".
//!
//! Nothing of this is computed when it is not asked for: [`explain`] takes what a search and an assessment were made of, and
//! goes the same way again with the same functions.

mod build;
mod day;
mod key;
mod reason;
mod redact;
mod text;
mod v1;
mod v2;

pub use build::{Records, explain};
pub use day::DayExplanation;
pub use key::{ExplainedFile, Hit, KeyExplanation};
pub use reason::{Outcome, Reason};
pub use v1::{ExposureExplanation, FactorExplanation};
pub use v2::{ScanExplanation, WindowExplanation};

use alloc::vec::Vec;

use crate::exposure::basis::{Basis, Verdict};
use crate::exposure::window::AssumedScans;
use crate::names::named;
use crate::profile::Profile;

/// Why the keys that matched, and those that nearly did, count as they do.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Explanation {
    /// Whose rules were followed.
    pub profile: Profile,
    /// How much it tells.
    pub view: View,
    /// Each key, in the order of start and key.
    pub keys: Vec<KeyExplanation>,
    /// Each day that was judged, in order.
    pub days: Vec<DayExplanation>,
    /// How many scans count a time that nobody measured.
    pub assumed_scans: AssumedScans,
    /// What the verdict rests on.
    pub basis: Basis,
    /// Whether the user is to be notified, if anybody can say.
    #[cfg_attr(feature = "serde", serde(flatten, serialize_with = "verdict"))]
    pub verdict: Verdict,
}

/// The verdict, and why there is none.
#[cfg(feature = "serde")]
fn verdict<S: serde::Serializer>(verdict: &Verdict, serializer: S) -> Result<S::Ok, S::Error> {
    use serde::ser::SerializeStruct;

    let reason = verdict.not_judged();
    let mut document = serializer.serialize_struct("Verdict", 3)?;
    document.serialize_field("verdict", verdict)?;
    document.serialize_field("code", &reason.map(crate::exposure::NotJudged::code))?;
    document.serialize_field("reason", &reason.map(|reason| alloc::string::ToString::to_string(&reason)))?;
    document.end()
}

/// How much an explanation tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum View {
    /// Everything: for developers.
    Full,
    /// No keys, identifiers, file names, hashes or radio values, and times cut to the hour: safe to show and to send.
    Redacted,
}

named! {
    View, "view":
    Full => "full",
    Redacted => "redacted",
}
