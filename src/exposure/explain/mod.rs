//! Explanations: from each sighting of a key to the verdict, with the first reason for "no".
//!
//! An explanation costs nothing unless you request it. [`explain`] takes the records of a search and an assessment, and
//! computes them again with the same functions.

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
pub use v2::{ScanExplanation, ScanWeight, WindowExplanation};

use alloc::vec::Vec;

use crate::exposure::basis::{Basis, Verdict};
use crate::exposure::decision::{JudgedWindow, Judgement};
use crate::exposure::window::AssumedScans;
use crate::names::named;
use crate::profile::Profile;

/// Why the keys that matched, and the keys that nearly matched, count as they do. Its [`Display`](core::fmt::Display)
/// is a tree with one fact a line.
///
/// ```
/// use gaen::Profile;
/// use gaen::exposure::{Basis, Configuration, Records, SearchedFiles, Verdict, View, explain};
///
/// // Nothing matched, so that no key is explained, but the verdict is.
/// let basis = Basis::of_times(SearchedFiles::all(1), [1_599_999_000]);
/// let records = Records { basis: &basis, encounters: &[], dropped: &[], files: &[] };
/// let explanation = explain(&records, &Configuration::default(), Profile::Google, 1_600_000_000);
/// assert!(explanation.keys.is_empty());
/// assert_eq!(explanation.verdict, Verdict::DoNotNotify);
/// assert_eq!(explanation.to_string(), "Decision: do not notify (profile google)\n");
/// assert_eq!(explanation.redacted().view, View::Redacted);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Explanation {
    /// The profile whose rules were followed.
    pub profile: Profile,
    /// The amount that the explanation tells.
    pub view: View,
    /// The keys, in the order of start and key.
    pub keys: Vec<KeyExplanation>,
    /// The days that were judged, in order.
    pub days: Vec<DayExplanation>,
    /// Each step of the app's own arithmetic; `None` if the rule reads daily summaries or risk scores, which are
    /// explained with the keys.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub judgement: Option<Judgement>,
    /// The number of scans whose time no phone measured, so that an assumed time counts.
    pub assumed_scans: AssumedScans,
    /// The files that were searched and the sightings that were heard.
    pub basis: Basis,
    /// The answer, if one is possible.
    #[cfg_attr(feature = "serde", serde(flatten, serialize_with = "crate::exposure::basis::with_reason"))]
    pub verdict: Verdict,
}

impl Explanation {
    /// Returns how the app's own arithmetic judged this window; `None` if daily summaries or risk scores decide.
    #[must_use]
    pub fn judged_window(&self, window: &WindowExplanation) -> Option<&JudgedWindow> {
        let number = window.number?;
        self.judgement.as_ref()?.windows.iter().find(|judged| judged.number == number)
    }

    /// Returns the score of this window by the arithmetic that decides; `None` if the rule gives windows no scores.
    #[must_use]
    pub fn score(&self, window: &WindowExplanation) -> Option<f64> {
        match &window.score {
            Some(score) => Some(score.score),
            None => self.judged_window(window)?.score,
        }
    }
}

/// The amount that an explanation tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum View {
    /// The full explanation, for developers.
    Full,
    /// No keys, identifiers, file names, hashes or radio values, and times cut to the hour. It is safe to show and to
    /// send.
    Redacted,
}

named! {
    View, "view":
    Full => "full",
    Redacted => "redacted",
}
