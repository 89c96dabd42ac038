//! Asking the CPU for its instructions.
//!
//! With `std`, the standard library asks. Without it, the crate `cpufeatures` does, as for `aes` and `sha2`. Both also
//! ask whether the operating system saves the registers that the instructions work on. Where `cpufeatures` cannot ask
//! (on bare metal, and on aarch64 outside of Linux, Android and Apple's systems), what the crate was compiled for
//! counts.

/// `true` if the CPU has all these features, written as in `#[target_feature]`. In debug builds with `std`, a feature
/// named in the environment variable `GAEN_MASK_FEATURES` (separated by commas) counts as missing, so that every tier
/// can be tested on one machine.
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
    ("vaes") => {
        $crate::arch::x86_64::has_vaes()
    };
    // Part of every aarch64 that has floating-point registers; `cpufeatures` does not know its name.
    ("neon") => {
        cfg!(target_feature = "neon")
    };
    ($feature:tt) => {{
        cpufeatures::new!(cpu, $feature);
        cpu::get()
    }};
}

pub(super) use {detected, one_detected};

#[cfg(feature = "std")]
pub(super) fn is_masked(feature: &str) -> bool {
    cfg!(debug_assertions)
        && std::env::var("GAEN_MASK_FEATURES").is_ok_and(|mask| mask.split(',').any(|name| name == feature))
}
