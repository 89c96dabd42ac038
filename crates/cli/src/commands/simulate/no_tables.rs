//! Stands in place of `tables` where the command is built without Parquet: `--parquet` says so, and makes nothing.

use std::path::Path;

use gaen_simulation::{KeyTruth, Population};

use crate::error::Error;

pub(super) fn check() -> Result<(), Error> {
    Err(Error::Usage("--parquet: this command is built without Parquet; `--features parquet` adds it".to_owned()))
}

pub(super) fn write(_: &Population, _: &Path, _: impl FnMut(usize, usize, &[KeyTruth])) -> Result<(), Error> {
    check()
}
