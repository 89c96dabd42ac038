//! Stands in place of `stored` where the command is built without stores: `--store` says so, and nothing comes after
//! that, because a [`Store`] has no values.

use std::path::{Path, PathBuf};

use gaen::export::{ReadOptions, Trust};
use gaen::exposure::Basis;
use gaen::{DiagnosisKey, Profile, Sighting};

use crate::error::Error;
use crate::store_search::{IfMissing, Stored};

pub(crate) enum Store {}

impl Store {
    pub(crate) fn profile(&self) -> Profile {
        match *self {}
    }

    pub(crate) fn sightings(&self) -> Result<Vec<Sighting>, Error> {
        match *self {}
    }

    pub(crate) fn revised_keys(&self) -> Result<Vec<DiagnosisKey>, Error> {
        match *self {}
    }

    pub(crate) fn basis(&self, _rejected: u64) -> Result<Basis, Error> {
        match *self {}
    }
}

pub(crate) fn open_to_search(path: &Path, _: Option<Profile>, _: IfMissing) -> Result<Store, Error> {
    let path = path.display();
    Err(Error::Usage(format!("{path}: this command is built without stores; `--features full` adds them")))
}

pub(crate) fn search(
    store: &mut Store,
    _: &[PathBuf],
    _: Option<&Trust>,
    _: &ReadOptions,
    _: u64,
) -> Result<Stored, Error> {
    match *store {}
}
