//! What is likely to be wrong with a configuration, with export files, or with both together, before a phone finds out.
//!
//! The largest possible score depends on the platform. With COCOA's configuration of 2020 and keys of transmission risk
//! level 0, an exposure scored up to 56 on an iPhone and up to 8 on Android, where the minimum was 21:
//!
//! ```
//! use gaen::exposure::{Configuration, RiskConfiguration, RiskScores, maximum_risk_product};
//! use gaen::Profile;
//! use gaen::keys::TransmissionRiskLevel;
//!
//! let risk = RiskConfiguration {
//!     transmission_scores: RiskScores::uniform(7),
//!     attenuation_scores: RiskScores::new([1, 2, 3, 4, 5, 6, 7, 8])?,
//!     duration_scores: RiskScores::new([0, 0, 0, 0, 1, 1, 1, 1])?,
//!     days_scores: RiskScores::uniform(1),
//!     minimum_risk_score: 21,
//!     ..RiskConfiguration::default()
//! };
//! let reached = |profile| maximum_risk_product(&risk, [TransmissionRiskLevel::UNSET], profile);
//! assert_eq!((reached(Profile::AppleV1), reached(Profile::Google)), (56.0, 8.0));
//!
//! let configuration = Configuration { risk, ..Configuration::default() };
//! let lints = gaen::lint::lint_configuration(&configuration, Profile::Google);
//! let names: Vec<_> = lints.iter().map(|lint| lint.code.name()).collect();
//! assert_eq!(names, ["attenuations_cannot_score", "durations_cannot_score", "levels_cannot_score"]);
//! assert_eq!(lints[2].sentence, "keys of level 0 cannot score: they reach 8 at most, and the minimum is 21");
//! # Ok::<(), gaen::exposure::ConfigurationError>(())
//! ```
//!
//! ```text
//! Configuration -------------------\
//!                                   lint -> Lints: a code, a sentence, what to do
//! files -> inspect -> InspectedFile /
//! ```
//!
//! Each [`Lint`] has a [`LintCode`]; the variants of that enum list everything that is checked. There are three
//! severities. An error means that something cannot work: nobody can be notified, or keys are lost. A warning means
//! that something works otherwise than most people want. A note is worth knowing. You may ignore a lint: COCOA's
//! configuration weighs the nearest scans less on purpose, and has a warning for it.
//!
//! `lint` does not check signatures. It looks at files as they are, whoever made them.
#![warn(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used)]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used))]

mod code;
mod encounters;
#[cfg(feature = "export")]
mod file;
#[cfg(feature = "export")]
mod keys;
mod mapping;
#[cfg(feature = "export")]
mod options;
mod risk;
mod rule;
#[cfg(feature = "export")]
mod sets;
mod windows;

pub use code::{LintCode, Severity};
#[cfg(feature = "export")]
pub use options::{InspectedFile, LintOptions};

use core::fmt;

use crate::exposure::{Configuration, DiagnosisKeysDataMapping, Encounter};
use crate::profile::Profile;

/// A likely fault of a configuration or a file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Lint {
    /// The code of the lint.
    pub code: LintCode,
    /// How bad the fault is.
    pub severity: Severity,
    /// The place of the fault.
    #[cfg_attr(feature = "serde", serde(rename = "where"))]
    pub place: Place,
    /// The fault as a sentence, with its numbers.
    pub sentence: String,
    /// What to do about it.
    pub advice: &'static str,
}

/// The place of a fault.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum Place {
    /// A field of the [`Configuration`], such as `risk.minimum_risk_score`.
    Field(&'static str),
    /// A file, by its name.
    File(String),
    /// Several files together, by their names.
    Files(Vec<String>),
    /// The sightings that were heard.
    Sightings,
}

impl Lint {
    fn new(code: LintCode, place: Place, sentence: impl Into<String>) -> Self {
        Self { code, severity: code.severity(), place, sentence: sentence.into(), advice: code.advice() }
    }

    fn field(code: LintCode, field: &'static str, sentence: impl Into<String>) -> Self {
        Self::new(code, Place::Field(field), sentence)
    }
}

impl fmt::Display for Lint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {} ({})", self.severity.name(), self.place, self.sentence, self.code.name())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(field) => f.write_str(field),
            Self::File(name) => f.write_str(name),
            Self::Files(names) => f.write_str(&names.join(", ")),
            Self::Sightings => f.write_str("sightings"),
        }
    }
}

/// Finds likely faults in a configuration, by the rules of this profile. Lints stand in the order of their codes.
#[must_use]
pub fn lint_configuration(configuration: &Configuration, profile: Profile) -> Vec<Lint> {
    let mut lints = risk::lint(&configuration.risk, profile);
    lints.extend(windows::lint(configuration, profile));
    lints.extend(mapping::lint(&configuration.mapping));
    lints.extend(rule::lint(configuration, profile));
    lints.sort_by_key(|lint| lint.code);
    lints
}

/// Finds likely faults in files, in each one and in all together. Give the files of one publication, or of one call of
/// a phone's framework. With a configuration, the function also checks what the keys come to under it.
///
/// Lints stand in the order of the files. Lints of several files come last.
#[cfg(feature = "export")]
#[must_use]
pub fn lint_files(files: &[InspectedFile], configuration: Option<&Configuration>, options: &LintOptions) -> Vec<Lint> {
    let mut lints = Vec::new();
    for file in files {
        let mut found = file::lint(file, options);
        found.extend(keys::lint(file, configuration, options));
        found.sort_by_key(|lint| lint.code);
        lints.extend(found);
    }
    lints.extend(sets::lint(files));
    lints
}

/// Does what [`lint_configuration`] and [`lint_files`] do, one after the other.
#[cfg(feature = "export")]
#[must_use]
pub fn lint(configuration: &Configuration, files: &[InspectedFile], options: &LintOptions) -> Vec<Lint> {
    let mut lints = lint_configuration(configuration, options.profile);
    lints.extend(lint_files(files, Some(configuration), options));
    lints
}

/// Finds encounters that this profile judges as the phones did, and that a safer profile judges otherwise. A safer
/// profile has no such lints. Lints name no key.
#[must_use]
pub fn lint_encounters(encounters: &[Encounter], mapping: &DiagnosisKeysDataMapping, profile: Profile) -> Vec<Lint> {
    encounters::lint(encounters, mapping, profile)
}

/// `a`, `a and b`, `a, b and c`.
fn listed<T: fmt::Display>(items: &[T]) -> String {
    match items {
        [] => String::new(),
        [only] => only.to_string(),
        [first @ .., last] => {
            let first: Vec<_> = first.iter().map(ToString::to_string).collect();
            format!("{} and {last}", first.join(", "))
        }
    }
}

/// All transmission risk levels: 0, which means none, to 8.
fn all_levels() -> impl Iterator<Item = crate::keys::TransmissionRiskLevel> {
    (0..=8).filter_map(crate::keys::TransmissionRiskLevel::new)
}
