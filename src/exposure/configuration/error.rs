//! Why a configuration is refused.

/// Why a configuration is refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigurationError {
    /// A weight is not a factor from 0 to 2.5.
    #[error("weight {found} is not in 0..=2.5 (0..=250 percent)")]
    WeightOutOfRange {
        /// The factor that was given.
        found: f64,
    },
    /// A score to reach is negative or not a number.
    #[error("score {found} is not a number of at least 0")]
    ScoreOutOfRange {
        /// The score that was given.
        found: f64,
    },
    /// Each threshold must be larger than the one before it.
    #[error("attenuation thresholds {found:?} are not strictly increasing")]
    ThresholdsNotIncreasing {
        /// The thresholds that were given.
        found: [u8; 3],
    },
    /// The second threshold must not be smaller than the first.
    #[error("duration thresholds {found:?} are not increasing")]
    DurationThresholdsNotIncreasing {
        /// The thresholds that were given.
        found: [u8; 2],
    },
    /// A score of v1 is over 8.
    #[error("score {found} is not in 0..=8")]
    RiskScoreOutOfRange {
        /// The score that was given.
        found: u8,
    },
    /// A weight of v1 is not a number from 0 to 100.
    #[error("weight {found} is not in 0..=100")]
    RiskWeightOutOfRange {
        /// The weight that was given.
        found: f64,
    },
    /// A field of a platform's configuration breaks a rule.
    #[error("{field}: {problem}")]
    Field {
        /// The path of the field in the document.
        field: &'static str,
        /// The value that was found, and the rule that it breaks.
        problem: alloc::string::String,
    },
    /// The document lacks a block that the profile reads.
    #[error("there is no {block}, which the profile {profile} reads")]
    MissingBlock {
        /// The name of the block.
        block: &'static str,
        /// The name of the profile.
        profile: &'static str,
    },
}
