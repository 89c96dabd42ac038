//! Yes, or why not: each reason of an explanation has its code and its sentence here or beside the rule that it tells.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::exposure::configuration::Hidden;
use crate::exposure::weaknesses::Weaknesses;
use crate::matching::DropReason;

/// Yes, or the first reason for "no".
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Outcome {
    /// `true` for "yes".
    pub yes: bool,
    /// The first reason for "no"; `None` for "yes".
    pub reason: Option<Reason>,
}

impl Outcome {
    pub(super) const YES: Self = Self { yes: true, reason: None };

    pub(super) const fn no(reason: Reason) -> Self {
        Self { yes: false, reason: Some(reason) }
    }
}

/// A reason for "no", as a name for programs and as a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Reason {
    /// The name for programs: lower case, words joined by `_`.
    pub code: &'static str,
    /// The sentence. It holds no identifiers and no times.
    pub text: String,
}

impl Reason {
    pub(in crate::exposure) fn new(code: &'static str, text: impl Into<String>) -> Self {
        Self { code, text: text.into() }
    }

    /// Nothing of the key was heard, and no sighting was dropped.
    pub(super) fn not_heard() -> Self {
        Self::new("not_heard", "none of its identifiers was heard")
    }

    /// The key did not match, so that nothing else came of it.
    pub(super) fn not_matched() -> Self {
        Self::new("not_matched", "no sighting of it counts")
    }

    /// A rule of acceptance dropped the sighting.
    pub(super) fn dropped(reason: DropReason) -> Self {
        Self::new(reason.name(), reason.meaning())
    }

    /// The key is hidden.
    pub(super) fn hidden(hidden: Hidden) -> Self {
        match hidden {
            Hidden::Revoked => Self::new("revoked", "the report was withdrawn, so nothing of it is shown"),
            Hidden::Recursive => {
                Self::new("recursive", "it is a contact's key, and the configuration does not ask for those")
            }
            Hidden::OtherPeriod => Self::new(
                "other_period",
                "the same key is stored with another start or period, and a phone stores a key once",
            ),
        }
    }

    /// No scan of the key is left.
    pub(super) fn silenced() -> Self {
        let text =
            "a louder sighting whose metadata is not believed stood for each of its scans, so nothing of it counts";
        Self::new("key_silenced", text)
    }

    /// Where Google's phones and a safer reading part.
    pub(super) fn weaknesses(found: &Weaknesses) -> Vec<Self> {
        let Weaknesses { silenced_scans, displaced_scans, negative_scans, silences_key } = *found;
        let silenced = if silences_key {
            Some(Self::silenced())
        } else {
            let text =
                "of its scans do not count in v1: a louder sighting whose metadata is not believed stood for each";
            (silenced_scans > 0).then(|| Self::new("scan_silenced", format!("{silenced_scans} {text}")))
        };
        let displaced = (displaced_scans > 0).then(|| {
            let text = "of its scans count in v1 by their loudest sighting, which is not the nearest";
            Self::new("scan_displaced", format!("{displaced_scans} {text}"))
        });
        let negative = (negative_scans > 0).then(|| {
            let text = "of its scans count negative seconds, as the clock had stepped back";
            Self::new("seconds_negative", format!("{negative_scans} {text}"))
        });
        silenced.into_iter().chain(displaced).chain(negative).collect()
    }
}
