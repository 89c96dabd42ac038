//! `gaen.Store`.

use std::path::PathBuf;

use gaen_app::{BackupSecret, Consent, ImportSource};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::error::{error, raise};
use crate::files;
use crate::names::{container, profile};
use crate::observer::asking;
use crate::own_keys::{Broadcast, Release};
use crate::report::{Report, told};
use crate::sightings::Sightings;
use crate::time::unix_seconds;
use crate::trust::TrustedKeys;

/// What a device has heard, its own keys, and what was found in which files: one SQLite file holds it all.
///
/// Several threads may use a store: one works at a time, and the others wait. An observer of a search must not call the
/// store that is searched. Each method raises gaen.Error with the codes of the store, such as busy, full and damaged.
#[pyclass(module = "gaen", frozen)]
pub(crate) struct Store {
    inner: gaen_app::Store,
}

impl Store {
    /// Works without the interpreter. A thread that waited for the store with it would keep out the observer of a search.
    fn call<T: Send>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&gaen_app::Store) -> Result<T, gaen_app::Error> + Send,
    ) -> PyResult<T> {
        py.detach(|| work(&self.inner)).map_err(raise)
    }
}

fn secret<'a>(passphrase: Option<&'a str>, key: Option<&'a str>) -> PyResult<BackupSecret<'a>> {
    match (passphrase, key) {
        (Some(passphrase), None) => Ok(BackupSecret::Passphrase(passphrase)),
        (None, Some(key)) => Ok(BackupSecret::Key(key)),
        _ => Err(PyTypeError::new_err("give either passphrase or key")),
    }
}

#[pymethods]
impl Store {
    /// Opens the store in this file, or makes one that its owner alone can read. Files are read by the rules of `profile`,
    /// for good. None opens a store that is there, whatever its profile.
    #[new]
    #[pyo3(signature = (path, *, profile = "google"))]
    fn new(py: Python<'_>, path: PathBuf, profile: Option<&str>) -> PyResult<Self> {
        let profile = profile.map(self::profile).transpose()?;
        let opened = py.detach(|| match profile {
            Some(profile) => gaen_app::Store::open(path, profile),
            None => gaen_app::Store::open_existing(path),
        });
        Ok(Self { inner: opened.map_err(raise)? })
    }

    /// The name of the profile by which the store reads files.
    #[getter]
    fn profile(&self, py: Python<'_>) -> &'static str {
        py.detach(|| self.inner.profile().name())
    }

    /// True if others than the owner may write to the file: then they decide what the store says.
    #[getter]
    fn others_may_write(&self, py: Python<'_>) -> bool {
        py.detach(|| self.inner.others_may_write())
    }

    /// Stores these sightings, all or none of them. The same one twice is two sightings.
    fn insert(&self, py: Python<'_>, sightings: &Sightings) -> PyResult<()> {
        self.call(py, |store| store.insert(&sightings.inner))
    }

    /// Imports what another program has heard, and says how much. The same database again adds nothing.
    ///
    /// - source: "microg" (exposure.db, with exposure.db-wal beside it), "google" (the folder
    ///   app_contact-tracing-contact-record-db) or "ramble" (an exported database)
    fn import_database<'py>(&self, py: Python<'py>, source: &str, path: PathBuf) -> PyResult<Bound<'py, PyAny>> {
        let source = match source {
            "microg" => ImportSource::MicroG,
            "google" => ImportSource::Google,
            "ramble" => ImportSource::Ramble,
            _ => return Err(error("source", format!("no source {source:?}: there are microg, google and ramble"))),
        };
        told(py, &self.call(py, |store| store.import(source, path))?)
    }

    /// Searches files for all sightings for which they were not searched yet, at the moment `now`. The report is of all that
    /// was found so far: the given files come first, then the others that the store knows.
    ///
    /// Give all files that the server lists, every time: one that was searched for everything costs a hash over its bytes.
    #[pyo3(signature = (files, now, *, trust, container = "strict", observer = None))]
    fn search(
        &self,
        py: Python<'_>,
        files: &Bound<'_, PyAny>,
        now: &Bound<'_, PyAny>,
        trust: &TrustedKeys,
        container: &str,
        observer: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Report> {
        let (container, now) = (self::container(container)?, unix_seconds(now)?);
        let files = files::exports(files)?;
        let mut observer = asking(observer);
        let report = py.detach(|| self.inner.search(files, trust.inner(), container, now, &mut observer));
        observer.outcome(report)?.map(Report::new).map_err(raise)
    }

    /// The report of all that was found so far. No file is read.
    fn report(&self, py: Python<'_>) -> PyResult<Report> {
        self.call(py, gaen_app::Store::report).map(Report::new)
    }

    /// The files of restored backups that were not given again, a dictionary each. What was found in them counts only when
    /// they are.
    fn awaited_files<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        told(py, &self.call(py, gaen_app::Store::awaited_files)?)
    }

    /// What to broadcast at the moment `now` with this transmit power, dBm. A key that it makes is on the disk when it
    /// returns.
    fn broadcast(&self, py: Python<'_>, now: &Bound<'_, PyAny>, tx_power: i8) -> PyResult<Broadcast> {
        let now = unix_seconds(now)?;
        self.call(py, |store| store.broadcast(now, tx_power)).map(Broadcast::new)
    }

    /// Releases what may be published at the moment `now`, as KeyRing.release. That it was released is on the disk when it
    /// returns.
    #[pyo3(signature = (now, *, consent_given_at, with_today = false))]
    fn release(
        &self,
        py: Python<'_>,
        now: &Bound<'_, PyAny>,
        consent_given_at: &Bound<'_, PyAny>,
        with_today: bool,
    ) -> PyResult<Release> {
        let (now, consent) = (unix_seconds(now)?, Consent::given(unix_seconds(consent_given_at)?));
        let consent = if with_today { consent.with_today() } else { consent };
        self.call(py, |store| store.release(now, &consent)).map(Release::new)
    }

    /// Erases all own keys, as when the user asks for it.
    fn clear_own_keys(&self, py: Python<'_>) -> PyResult<()> {
        self.call(py, gaen_app::Store::clear_own_keys)
    }

    /// Erases what is 14 days old at the moment `now`, and says how much. Call it every day.
    ///
    /// Raises gaen.Error with the code clock_jumped if the clock may be wrong: then nothing is erased. By a clock that is
    /// known to be right, say clock_is_right=True.
    #[pyo3(signature = (now, *, clock_is_right = false))]
    fn purge<'py>(
        &self,
        py: Python<'py>,
        now: &Bound<'py, PyAny>,
        clock_is_right: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let now = unix_seconds(now)?;
        let purge = if clock_is_right { gaen_app::Store::purge_by_this_clock } else { gaen_app::Store::purge };
        told(py, &self.call(py, |store| purge(store, now))?)
    }

    /// An encrypted backup of everything, the device's own keys included, as bytes.
    ///
    /// - passphrase: a long one: everything rests on it
    /// - key: or a public key of age, "age1..."
    ///
    /// Raises gaen.Error with the codes not_a_key and empty_passphrase.
    #[pyo3(signature = (*, passphrase = None, key = None))]
    fn back_up<'py>(
        &self,
        py: Python<'py>,
        passphrase: Option<&str>,
        key: Option<&str>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let secret = secret(passphrase, key)?;
        let mut backup = Vec::new();
        self.call(py, |store| store.back_up(&secret, &mut backup))?;
        Ok(PyBytes::new(py, &backup))
    }

    /// Adds a backup to what is in the store, and says how much. The same backup again changes nothing. Give all export
    /// files again afterwards: a backup does not prove what was found in them.
    ///
    /// - backup: its path (str or os.PathLike), or its content (bytes)
    /// - passphrase: what it was encrypted with
    /// - key: or the secret key of age, "AGE-SECRET-KEY-1..."
    ///
    /// Raises gaen.Error with the codes wrong_key, not_a_backup, damaged_backup, other_profile and not_a_key.
    #[pyo3(signature = (backup, *, passphrase = None, key = None))]
    fn restore<'py>(
        &self,
        py: Python<'py>,
        backup: &Bound<'py, PyAny>,
        passphrase: Option<&str>,
        key: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (secret, backup) = (secret(passphrase, key)?, files::content(backup)?);
        told(py, &self.call(py, |store| store.restore(&secret, backup.as_slice()))?)
    }

    /// How much there is of each: sightings, files, matched_keys, hits, revised_keys, own_keys, unfinished_searches and
    /// awaited_files.
    fn counts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        told(py, &self.call(py, gaen_app::Store::counts)?)
    }

    /// Reads every page and says what is wrong, a sentence each. It is empty if the store is sound.
    fn check(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        self.call(py, gaen_app::Store::check)
    }
}
