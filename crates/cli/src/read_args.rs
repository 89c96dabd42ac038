//! The options that say how export files are read.

use clap::{Args, ValueEnum};
use gaen::Profile;
use gaen::export::{ContainerRule, Limits, ReadOptions};

/// How export files are read.
#[derive(Debug, Args)]
pub(crate) struct ReadArgs {
    /// Whose rules to follow where the platforms differ [default: google; with --store, the store's]
    #[arg(long, value_enum)]
    profile: Option<Platform>,

    /// Accept zips with other entries beside export.bin and export.sig
    #[arg(long)]
    tolerant: bool,

    /// Accept files of up to N keys, and of 64 bytes for each [default: 2500000, and 64 MiB]
    #[arg(long, value_name = "N")]
    max_keys: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Platform {
    /// Google's published code of 2021, its weaknesses included
    Google,
    /// Apple's published code of 2020
    #[value(alias = "apple")]
    AppleV1,
    /// The vendors' documents of version 2 (not verified)
    DocumentedV2,
    /// Google's, except that a louder replay with bad metadata silences nobody and no scan counts negative seconds
    GoogleGuarded,
}

impl From<Platform> for Profile {
    fn from(platform: Platform) -> Self {
        match platform {
            Platform::Google => Self::Google,
            Platform::AppleV1 => Self::AppleV1,
            Platform::DocumentedV2 => Self::DocumentedV2,
            Platform::GoogleGuarded => Self::GoogleGuarded,
        }
    }
}

impl ReadArgs {
    /// The profile that was asked for, if one was.
    pub(crate) fn given_profile(&self) -> Option<Profile> {
        self.profile.map(Profile::from)
    }

    /// The profile that was asked for, or the default.
    pub(crate) fn profile(&self) -> Profile {
        self.given_profile().unwrap_or_default()
    }

    pub(crate) fn options(&self) -> ReadOptions {
        let container = if self.tolerant { ContainerRule::Tolerant } else { ContainerRule::Strict };
        ReadOptions { container, profile: self.profile(), limits: self.limits() }
    }

    fn limits(&self) -> Limits {
        /// A key takes about half of it.
        const BYTES_PER_KEY: u64 = 64;

        let default = Limits::default();
        let Some(keys) = self.max_keys else { return default };
        let bytes = u64::from(keys) * BYTES_PER_KEY;
        Limits {
            keys: keys.try_into().unwrap_or(usize::MAX),
            file_bytes: default.file_bytes.max(bytes),
            export_bin_bytes: default.export_bin_bytes.max(bytes),
            ..default
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_grow_with_the_number_of_keys() {
        let limits = |max_keys| ReadArgs { profile: None, tolerant: false, max_keys }.limits();
        let default = Limits::default();
        assert_eq!(limits(None), default);
        assert_eq!(limits(Some(10)), Limits { keys: 10, ..default.clone() });
        let (file_bytes, export_bin_bytes) = (640_000_000, 640_000_000);
        assert_eq!(limits(Some(10_000_000)), Limits { keys: 10_000_000, file_bytes, export_bin_bytes, ..default });
    }
}
