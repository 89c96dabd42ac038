//! Names of rules.

use gaen_app::{ContainerRule, Profile};
use pyo3::prelude::*;

use crate::error::error;

/// The profile of this name.
pub(crate) fn profile(name: &str) -> PyResult<Profile> {
    name.parse::<Profile>().map_err(|unknown| error("profile", unknown.to_string()))
}

/// The rule for zips of this name.
pub(crate) fn container(name: &str) -> PyResult<ContainerRule> {
    match name {
        "strict" => Ok(ContainerRule::Strict),
        "tolerant" => Ok(ContainerRule::Tolerant),
        _ => Err(error("container", format!("no container {name:?}: there are strict and tolerant"))),
    }
}
