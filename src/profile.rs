//! The two platforms' readings of one specification.

/// Whose behaviour to reproduce where the two platforms differ.
///
/// | | Google | Apple |
/// |---|---|---|
/// | a key with an explicit rolling period of 0 | is skipped | is valid for 144 intervals |
/// | number of signatures in a file | must be the number of signature infos | is free |
/// | transmit power of a match | -50..=20 dBm | -60..=20 dBm |
/// | a match with an attenuation of 0 dB | is kept | is dropped |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Profile {
    /// As Google's published snapshot of 2021.
    #[default]
    Google,
    /// As Apple's published snippets of 2020.
    Apple,
}
