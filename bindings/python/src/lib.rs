//! Exposure Notification for Python: the package `gaen` calls the facade `gaen-app` and computes nothing of its own.
//!
//! Each call works without the interpreter's lock. Objects never change, and may be used from any thread.
#![warn(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used)]

mod arrow;
mod buffer;
mod configuration;
mod error;
mod files;
mod frames;
mod known_answers;
mod memory;
mod names;
mod near;
mod observer;
mod own_keys;
mod report;
mod search;
mod sightings;
#[cfg(feature = "store")]
mod store;
mod table;
mod time;
mod trust;

use pyo3::prelude::*;

/// Exposure Notification (GAEN v1.2): what phones heard, signed files of published keys, and what both mean together.
#[pymodule]
mod _gaen {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::configuration::Configuration;
    #[pymodule_export]
    use crate::frames::HeardFrame;
    #[pymodule_export]
    use crate::known_answers::{kit_answer, published_identifiers, published_metadata, self_test};
    #[pymodule_export]
    use crate::near::near;
    #[pymodule_export]
    use crate::observer::{Next, Progress};
    #[pymodule_export]
    use crate::own_keys::{Broadcast, KeyRing, Release, check_upload};
    #[pymodule_export]
    use crate::report::{Assessment, Report};
    #[pymodule_export]
    use crate::search::search;
    #[pymodule_export]
    use crate::sightings::Sightings;
    #[cfg(feature = "store")]
    #[pymodule_export]
    use crate::store::Store;
    #[pymodule_export]
    use crate::table::Table;
    #[pymodule_export]
    use crate::trust::TrustedKeys;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        module.add("Error", crate::error::error_type(module.py())?)
    }
}
