//! The configuration that exposures are judged by.

use std::ffi::{c_char, c_int};
use std::mem::MaybeUninit;

use gaen_app::{AppConfiguration, Profile};

use crate::border::{Failure, hand_out_handle, slice_of, text};
use crate::error::{GaenError, GaenStatus};

/// The profile whose rules apply where the platforms differ.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GaenProfile {
    /// Google's published snapshot of 2021.
    Google = 1,
    /// Apple's published snippets of 2020.
    AppleV1 = 2,
    /// The API documents of version 2. Documented, not verified.
    DocumentedV2 = 3,
    /// Google's snapshot without two of its weaknesses. No phone behaved like this.
    GoogleGuarded = 4,
}

/// A number of a caller may be anything, and none of the names stands for 0.
pub(crate) fn profile(number: c_int) -> Result<Profile, Failure> {
    let profiles = [
        (GaenProfile::Google, Profile::Google),
        (GaenProfile::AppleV1, Profile::AppleV1),
        (GaenProfile::DocumentedV2, Profile::DocumentedV2),
        (GaenProfile::GoogleGuarded, Profile::GoogleGuarded),
    ];
    let found = profiles.into_iter().find(|(named, _)| *named as c_int == number);
    found.map(|(_, profile)| profile).ok_or_else(|| unknown("profile", number))
}

pub(crate) fn unknown(what: &'static str, number: c_int) -> Failure {
    Failure::Argument("unknown_value", format!("{number} is no {what}"))
}

/// The configuration of an app.
#[derive(Debug)]
pub struct GaenConfiguration {
    pub(crate) inner: AppConfiguration,
}

/// The configuration of a known app, such as "cocoa-v2". `profile` is a `GaenProfile`. Free `*out` with
/// `gaen_configuration_free`.
///
/// Codes: unknown_preset, whose sentence lists the names; unknown_value.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gaen_configuration_preset(
    name: *const c_char,
    profile: c_int,
    out: Option<&mut MaybeUninit<*mut GaenConfiguration>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    hand_out_handle(out, error, || {
        // SAFETY: the caller vouches for the text.
        let (name, profile) = (unsafe { text(name, "name") }?, self::profile(profile)?);
        Ok(GaenConfiguration { inner: AppConfiguration::preset(name, profile)? })
    })
}

/// Reads a file of an app's server, of `bytes` bytes, in any form that `--config` of the command reads. `name` is what
/// documents call the configuration. `profile` is a `GaenProfile`. Free `*out` with `gaen_configuration_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gaen_configuration_read(
    name: *const c_char,
    file: *const u8,
    bytes: usize,
    profile: c_int,
    out: Option<&mut MaybeUninit<*mut GaenConfiguration>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    hand_out_handle(out, error, || {
        // SAFETY: the caller vouches for the text and the bytes.
        let (name, file) = unsafe { (text(name, "name")?, slice_of(file, bytes, "file")?) };
        Ok(GaenConfiguration { inner: AppConfiguration::from_json(name, file, self::profile(profile)?)? })
    })
}

/// Frees a configuration. Null does nothing.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_configuration_free(configuration: Option<Box<GaenConfiguration>>) {
    drop(configuration);
}
