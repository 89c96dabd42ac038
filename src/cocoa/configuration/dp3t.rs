//! The configuration of DP-3T's apps: SwissCovid, Radar COVID's later versions and others.
//!
//! Source: DP-3T/dp3t-sdk-android 6566cebf, dp3t-sdk-ios 002a66ec; swisscovid-app-ios 6f52f16c,
//! `ConfigResponseBodyTests`.

use serde_json::{Map, Value};

use super::names::{Names, said, typed};
use super::platform;
use crate::cocoa::error::DocumentError;
use crate::exposure::Configuration;
use crate::exposure::decision::{Platform, WeightedRanges};
use crate::exposure::preset::apps::dp3t_rule;
use crate::profile::Profile;

/// The object of each platform in the app's whole configuration.
const fn block(platform: Platform) -> &'static str {
    match platform {
        Platform::Android => "androidGaenSdkConfig",
        Platform::Ios => "iOSGaenSdkConfig",
    }
}

/// The parameters of this profile's platform in the app's whole configuration, if this is one.
pub(super) fn parameters(object: &Map<String, Value>, profile: Profile) -> Result<Option<&Value>, DocumentError> {
    let of = |platform| object.get(block(platform)).filter(|value| !value.is_null());
    match (of(platform(profile)), of(Platform::Android).or_else(|| of(Platform::Ios))) {
        (Some(value), _) => Ok(Some(value)),
        (None, None) => Ok(None),
        (None, Some(_)) => {
            let (block, profile) = (block(platform(profile)), profile.name());
            let problem = format!("there is no {block}, which the profile {profile} reads");
            Err(DocumentError::Invalid { problem })
        }
    }
}

/// `true` if this object holds parameters.
pub(super) fn is_its_form(names: &Names<'_>) -> bool {
    names.has("lowerThreshold") || names.has("factorLow")
}

/// What the app of this profile's platform reads of it.
pub(super) fn read(names: &Names<'_>, profile: Profile) -> Result<Configuration, DocumentError> {
    let number = |name| names.needed(name, typed::<f64>);
    let decibels = |name| names.needed(name, typed::<u8>);
    let ends = [decibels("lowerThreshold")?, decibels("higherThreshold")?];
    let weights = [number("factorLow")?, number("factorHigh")?];
    let ranges = said(WeightedRanges::rising(&ends, &weights, true)).map_err(|problem| {
        let problem = format!("lowerThreshold, higherThreshold, factorLow and factorHigh: {problem}");
        DocumentError::Invalid { problem }
    })?;
    let trigger = names.needed("triggerThreshold", |value| {
        let trigger: f64 = typed(value)?;
        // Nothing would be every day.
        if trigger > 0.0 { Ok(trigger) } else { Err(format!("{trigger} is not over 0 minutes")) }
    })?;
    Ok(Configuration { rule: dp3t_rule("dp3t", platform(profile), ranges, trigger), ..Configuration::default() })
}
