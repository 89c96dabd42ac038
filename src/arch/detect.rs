//! What the CPU can do.

/// Whether the CPU has all these features. In debug builds, those named in the environment variable
/// `GAEN_MASK_FEATURES` (separated by commas) count as missing, so that every tier can be tested on one machine.
macro_rules! detected {
    ($($feature:tt),+ $(,)?) => {
        $($crate::arch::detect::one_detected!($feature))&&+
    };
}
#[cfg(feature = "std")]
macro_rules! one_detected {
    ($feature:tt) => {{
        #[cfg(target_arch = "x86_64")]
        let has = std::arch::is_x86_feature_detected!($feature);
        #[cfg(target_arch = "aarch64")]
        let has = std::arch::is_aarch64_feature_detected!($feature);
        has && !$crate::arch::detect::is_masked($feature)
    }};
}
#[cfg(not(feature = "std"))]
macro_rules! one_detected {
    ($feature:tt) => {
        cfg!(target_feature = $feature)
    };
}
pub(super) use {detected, one_detected};

#[cfg(feature = "std")]
pub(super) fn is_masked(feature: &str) -> bool {
    #[cfg(debug_assertions)]
    let masked = std::env::var("GAEN_MASK_FEATURES").is_ok_and(|mask| mask.split(',').any(|name| name == feature));
    #[cfg(not(debug_assertions))]
    let masked = {
        let _ = feature;
        false
    };
    masked
}
