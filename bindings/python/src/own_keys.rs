//! `gaen.KeyRing` and what it lets go.

use gaen_app::Consent;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::error::raise;
use crate::files;
use crate::report::dictionary;
use crate::table::{Columns, Table};
use crate::time::unix_seconds;

/// The keys of a device, in memory. Their bytes stay inside until they may be published, and are wiped with the ring.
///
/// A ring in memory is for trying things out: what it broadcast cannot be published after the process has ended.
#[pyclass(module = "gaen", frozen)]
pub(crate) struct KeyRing {
    inner: gaen_app::KeyRing,
}

#[pymethods]
impl KeyRing {
    /// A ring without keys.
    #[new]
    fn new() -> Self {
        Self { inner: gaen_app::KeyRing::new() }
    }

    /// What to broadcast at the moment `now` with this transmit power, dBm. Makes the key of the day if there is none.
    ///
    /// Raises gaen.Error with the codes time and randomness.
    fn broadcast(&self, now: &Bound<'_, PyAny>, tx_power: i8) -> PyResult<Broadcast> {
        self.inner.broadcast(unix_seconds(now)?, tx_power).map(Broadcast::new).map_err(raise)
    }

    /// Releases what may be published at the moment `now`. Asking again gives the same keys again.
    ///
    /// - consent_given_at: the moment at which the owner agreed to publish every key whose embargo is over
    /// - with_today: whether the owner also agreed to end today's key now, for a server that holds it back
    ///
    /// Raises gaen.Error with the code time.
    #[pyo3(signature = (now, *, consent_given_at, with_today = false))]
    fn release(
        &self,
        now: &Bound<'_, PyAny>,
        consent_given_at: &Bound<'_, PyAny>,
        with_today: bool,
    ) -> PyResult<Release> {
        let consent = Consent::given(unix_seconds(consent_given_at)?);
        let consent = if with_today { consent.with_today() } else { consent };
        self.inner.release(unix_seconds(now)?, &consent).map(Release::new).map_err(raise)
    }

    /// Erases the keys whose 14 days are over, and says how many went. Call it every day.
    fn purge(&self, now: &Bound<'_, PyAny>) -> PyResult<usize> {
        Ok(self.inner.purge(unix_seconds(now)?))
    }

    /// Erases all keys, as when the user asks for it.
    fn clear(&self) {
        self.inner.clear();
    }

    /// The number of keys.
    fn __len__(&self) -> usize {
        self.inner.len()
    }

    /// Shows no byte of a key.
    fn __repr__(&self) -> String {
        format!("<gaen.KeyRing: {} keys>", self.inner.len())
    }
}

/// What a device broadcasts at a moment.
#[pyclass(module = "gaen", frozen)]
pub(crate) struct Broadcast {
    inner: gaen_app::Broadcast,
}

impl Broadcast {
    pub(crate) fn new(inner: gaen_app::Broadcast) -> Self {
        Self { inner }
    }
}

#[pymethods]
impl Broadcast {
    /// The identifier, 16 bytes.
    #[getter]
    fn rpi<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.inner.identifier())
    }

    /// The encrypted metadata, 4 bytes.
    #[getter]
    fn aem<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.inner.metadata())
    }

    /// The interval of the identifier.
    #[getter]
    fn interval(&self) -> i64 {
        self.inner.interval
    }

    /// When the interval ends, Unix seconds. Ask for another broadcast then, and change the radio's address with it.
    #[getter]
    fn until(&self) -> i64 {
        self.inner.until
    }

    /// True if this call made the key of the day.
    #[getter]
    fn is_new_key(&self) -> bool {
        self.inner.is_new_key
    }

    /// The service data of UUID 0xFD6F, 20 bytes.
    #[getter]
    fn service_data<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.inner.service_data())
    }

    /// The whole advertisement as Android sends it, 28 bytes.
    #[getter]
    fn android_frame<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.inner.android_frame())
    }

    /// The whole advertisement as iOS sends it, 31 bytes.
    #[getter]
    fn ios_frame<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.inner.ios_frame())
    }
}

/// What a key ring let go, and what stays.
#[pyclass(module = "gaen", frozen)]
pub(crate) struct Release {
    inner: gaen_app::Release,
}

impl Release {
    pub(crate) fn new(inner: gaen_app::Release) -> Self {
        Self { inner }
    }
}

#[pymethods]
impl Release {
    /// The keys whose embargo is over: a Table of key (binary), rolling_start_interval_number and rolling_period (int64).
    #[getter]
    fn keys(&self) -> PyResult<Table> {
        let keys = self.inner.keys();
        let mut columns = Columns::default();
        columns.bytes("key", keys.iter().map(|key| &key.key));
        columns.numbers("rolling_start_interval_number", keys.iter().map(|key| key.rolling_start_interval_number));
        columns.numbers("rolling_period", keys.iter().map(|key| key.rolling_period));
        columns.table()
    }

    /// The keys whose bytes stay inside, and why: a Table of rolling_start_interval_number and rolling_period (int64), code
    /// and reason (string).
    #[getter]
    fn held(&self) -> PyResult<Table> {
        let held = self.inner.held();
        let mut columns = Columns::default();
        columns.numbers("rolling_start_interval_number", held.iter().map(|key| key.rolling_start_interval_number));
        columns.numbers("rolling_period", held.iter().map(|key| key.rolling_period));
        columns.names("code", held.iter().map(|key| key.code));
        columns.names("reason", held.iter().map(|key| &key.reason));
        columns.table()
    }

    /// What a server by Google's rules would say of an upload of these keys at the moment `now`: the document of
    /// `gaen publish --check --json` as a dictionary. `onset` is the interval in which symptoms began.
    ///
    /// Raises gaen.Error with the code onset.
    #[pyo3(signature = (now, *, onset = None))]
    fn check<'py>(&self, now: &Bound<'py, PyAny>, onset: Option<i64>) -> PyResult<Bound<'py, PyAny>> {
        dictionary(now.py(), &self.inner.check_json(onset, unix_seconds(now)?).map_err(raise)?)
    }
}

/// What a server by Google's rules would say at the moment `now` of the body of an upload, or of keys in any form that
/// `gaen export` reads: the document of `gaen publish --check --json` as a dictionary.
///
/// - file: its path (str or os.PathLike), or its content (bytes)
/// - onset: the interval in which symptoms began
///
/// Raises OSError, and gaen.Error with the codes upload and onset.
#[pyfunction]
#[pyo3(signature = (file, now, *, onset = None))]
pub(crate) fn check_upload<'py>(
    py: Python<'py>,
    file: &Bound<'py, PyAny>,
    now: &Bound<'py, PyAny>,
    onset: Option<i64>,
) -> PyResult<Bound<'py, PyAny>> {
    let (name, content, now) = (files::name(file, 0)?, files::content(file)?, unix_seconds(now)?);
    let document = py.detach(|| gaen_app::check_upload_json(&name, &content, onset, now));
    dictionary(py, &document.map_err(raise)?)
}
