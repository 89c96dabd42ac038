//! `gaen.Report` and `gaen.Assessment`.

mod tables;

use gaen_app::{AppConfiguration, Choice, KeyName, NotJudged};
use pyo3::exceptions::{PyIndexError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde::Serialize;

use crate::configuration::Configuration;
use crate::error::{error, raise};
use crate::table::Table;
use crate::time::unix_seconds;

/// What a search found. It may be used from any thread, and never changes.
#[pyclass(module = "gaen", frozen)]
pub(crate) struct Report {
    inner: gaen_app::Report,
}

impl Report {
    pub(crate) fn new(inner: gaen_app::Report) -> Self {
        Self { inner }
    }
}

#[pymethods]
impl Report {
    /// True if an observer stopped the search before its end. Then "no match" is no answer.
    #[getter]
    fn is_partial(&self) -> bool {
        self.inner.is_partial()
    }

    /// What became of each file, in the order given: the fields of files[] in the documents of the command.
    #[getter]
    fn files<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        told(py, self.inner.files())
    }

    /// How many sightings of published identifiers do not count, by the name of the reason.
    #[getter]
    fn dropped<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dropped = PyDict::new(py);
        for (reason, count) in self.inner.dropped() {
            dropped.set_item(reason, count)?;
        }
        Ok(dropped)
    }

    /// How many values of the keys of a file were out of range and read as missing, by the name of the value; `file` is the
    /// position of the file among those given. Raises IndexError if there is none.
    fn ignored_values<'py>(&self, py: Python<'py>, file: usize) -> PyResult<Bound<'py, PyDict>> {
        let files = self.inner.files();
        let outcome =
            files.get(file).ok_or_else(|| PyIndexError::new_err(format!("{file} of {} files", files.len())))?;
        let ignored = PyDict::new(py);
        for (value, count) in outcome.ignored_values.named() {
            ignored.set_item(value, count)?;
        }
        Ok(ignored)
    }

    /// The matches, in the order of the files: a Table with a row for each sighting of an identifier of a published key.
    ///
    /// | column | type | what |
    /// |---|---|---|
    /// | file | int64 | position of the file among those that were searched |
    /// | key | binary | the diagnosis key, 16 bytes |
    /// | rolling_start_interval_number | int64 | the first interval in which the key is valid |
    /// | rolling_period | int64 | the number of intervals in which it is valid |
    /// | interval | int64 | the interval of the identifier, of ten minutes |
    /// | interval_start | timestamp[s, UTC] | when that interval begins |
    /// | sighting | int64 | position of the sighting among those given |
    /// | time | timestamp[s, UTC] | when it was heard |
    /// | rssi | int64 | signal strength, dBm |
    /// | tx_power | int64 | the power that the sender sent with, dBm |
    /// | attenuation | int64 | max(tx_power - rssi, 0), dB |
    #[getter]
    fn matches(&self, py: Python<'_>) -> PyResult<Table> {
        py.detach(|| tables::matches(&self.inner.matches()))
    }

    /// The document of `gaen match --json` as a dictionary: docs/json.md has its fields.
    fn document<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        dictionary(py, &py.detach(|| self.inner.matches_json()).map_err(raise)?)
    }

    /// What the findings mean under this configuration at the moment `now`: Unix seconds, or a datetime with a time zone.
    fn assess(slf: Bound<'_, Self>, configuration: &Configuration, now: &Bound<'_, PyAny>) -> PyResult<Assessment> {
        Ok(Assessment { report: slf.unbind(), configuration: configuration.inner.clone(), now: unix_seconds(now)? })
    }

    /// What became of the files, as a notebook shows it.
    fn _repr_html_(&self) -> String {
        let rows = self.inner.files().iter().map(|file| {
            let (status, keys) = (format!("{:?}", file.status).to_lowercase(), file.keys);
            let error = file.error.as_deref().unwrap_or_default();
            format!(
                "<tr><td>{}</td><td>{status}</td><td>{keys}</td><td>{}</td></tr>",
                escaped(file.name()),
                escaped(error)
            )
        });
        let (rows, about) = (rows.collect::<String>(), self.__repr__());
        let head = "<tr><th>file</th><th>status</th><th>keys</th><th>error</th></tr>";
        format!("<p>{}</p><table>{head}{rows}</table>", escaped(about.trim_matches(['<', '>'])))
    }

    fn __repr__(&self) -> String {
        let partial = if self.inner.is_partial() { ", stopped before its end" } else { "" };
        format!("<gaen.Report: {} files, {} matches{partial}>", self.inner.files().len(), self.inner.matches().len())
    }
}

/// What the findings of a search mean under one configuration at one moment. It may be used from any thread.
#[pyclass(module = "gaen", frozen)]
pub(crate) struct Assessment {
    report: Py<Report>,
    configuration: AppConfiguration,
    /// Unix seconds.
    now: u64,
}

impl Assessment {
    fn report(&self) -> &gaen_app::Report {
        &self.report.get().inner
    }
}

#[pymethods]
impl Assessment {
    /// "notify", "do_not_notify" or "not_judged".
    #[getter]
    fn verdict(&self, py: Python<'_>) -> &'static str {
        py.detach(|| self.report().verdict(&self.configuration, self.now).name())
    }

    /// Why no answer is possible, as a name for programs. None if there is an answer.
    #[getter]
    fn not_judged(&self, py: Python<'_>) -> Option<&'static str> {
        py.detach(|| self.report().verdict(&self.configuration, self.now).not_judged().map(NotJudged::code))
    }

    /// The exposure windows, in the order of start, then key: a Table with a row for each.
    ///
    /// | column | type | what |
    /// |---|---|---|
    /// | key | binary | the key that was heard, 16 bytes |
    /// | date | date32 | the UTC day of its start |
    /// | start | timestamp[s, UTC] | the time of the first sighting |
    /// | seconds | int64 | the sum of its scans' seconds |
    /// | report_type | string | a name, such as confirmed_test |
    /// | infectiousness | string | none, standard or high |
    /// | calibration_confidence | string | lowest, low, medium or high |
    /// | scan_instances | list of struct | typical_attenuation and min_attenuation (int64, dB), seconds_since_last_scan (int64) |
    #[getter]
    fn windows(&self, py: Python<'_>) -> PyResult<Table> {
        py.detach(|| tables::windows(&self.report().windows(&self.configuration, self.now)))
    }

    /// The daily summaries: daily_summaries[] of `gaen exposures --json`.
    #[getter]
    fn summaries<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        told(py, &py.detach(|| self.report().summaries(&self.configuration, self.now)))
    }

    /// Whether to notify, and because of which days: decision of `gaen exposures --json`.
    #[getter]
    fn decision<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.document(py, false)?.get_item("decision")
    }

    /// The document of `gaen exposures --json` as a dictionary, with an explanation or without one: docs/json.md has its
    /// fields.
    #[pyo3(signature = (*, explained = false))]
    fn document<'py>(&self, py: Python<'py>, explained: bool) -> PyResult<Bound<'py, PyAny>> {
        let text = py.detach(|| self.report().exposures_json(&self.configuration, self.now, explained));
        dictionary(py, &text.map_err(raise)?)
    }

    /// The document of `gaen explain --json` as a dictionary: docs/json.md has its fields.
    ///
    /// - day: only this UTC day, "YYYY-MM-DD"
    /// - key: only this key: its number in the explanation, from 1, or the first 8 to 32 digits of its hexadecimal text
    /// - near: also keys whose sightings were all dropped
    /// - redacted: without keys, identifiers, file names and minutes
    ///
    /// Raises gaen.Error with the code nothing_chosen, and ValueError for a day or key that is none.
    #[pyo3(signature = (*, day = None, key = None, near = false, redacted = false))]
    fn explanation<'py>(
        &self,
        py: Python<'py>,
        day: Option<&str>,
        key: Option<&str>,
        near: bool,
        redacted: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let day =
            day.map(|day| day.parse().map_err(|_| PyValueError::new_err(format!("{day:?} is no day, YYYY-MM-DD"))));
        let key = key.map(|key| key.parse::<KeyName>().map_err(PyValueError::new_err));
        let choice = Choice { day: day.transpose()?, key: key.transpose()?, near, redacted, brief: false };
        let text = py.detach(|| self.report().explanation_json(&self.configuration, self.now, &choice));
        dictionary(py, &text.map_err(raise)?)
    }

    /// The verdict and the days as a notebook shows them: without keys and file names, times to the hour, in UTC.
    fn _repr_html_(&self, py: Python<'_>) -> String {
        framed(&py.detach(|| self.report().summary_html(&self.configuration, self.now)))
    }

    fn __repr__(&self) -> String {
        let verdict = self.report().verdict(&self.configuration, self.now).name();
        format!("<gaen.Assessment: {verdict} by {} at {}>", self.configuration.name(), self.now)
    }
}

/// A record of the library, or several, as objects of Python.
pub(crate) fn told<'py>(py: Python<'py>, record: &(impl Serialize + ?Sized)) -> PyResult<Bound<'py, PyAny>> {
    let text = serde_json::to_string(record).map_err(|failure| error("document", failure.to_string()))?;
    dictionary(py, &text)
}

/// A document as objects of Python.
pub(crate) fn dictionary<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import("json")?.call_method1("loads", (text,))
}

/// A page within a page: its style stays inside, and nothing in it runs.
fn framed(page: &str) -> String {
    let page = escaped(page);
    format!(r#"<iframe sandbox srcdoc="{page}" style="width: 100%; height: 36rem; border: 0" title="gaen"></iframe>"#)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
