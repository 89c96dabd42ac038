//! What a search tells while it works.

use gaen_app::FallibleObserver;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

/// What an observer answers: whether a search goes on. Returning nothing goes on, too.
#[pyclass(module = "gaen", frozen, eq)]
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// Go on.
    #[pyo3(name = "CONTINUE")]
    Continue,
    /// Stop. The report then says that it is partial.
    #[pyo3(name = "STOP")]
    Stop,
}

/// How far a search is.
#[pyclass(module = "gaen", frozen, get_all)]
pub(crate) struct Progress {
    /// The position of the file among those given.
    file: usize,
    /// The number of files given.
    files: usize,
    /// Bytes of this file's export.bin that were read.
    bytes: u64,
    /// Bytes of this file's export.bin in all, as the file says.
    total_bytes: u64,
    /// Keys that were found in this file.
    keys: u64,
}

#[pymethods]
impl Progress {
    fn __repr__(&self) -> String {
        let Self { file, files, bytes, total_bytes, keys } = self;
        format!("<gaen.Progress: file {file} of {files}, {bytes} of {total_bytes} bytes, {keys} keys>")
    }
}

/// Asks an observer of Python. Its exception stops the search, and so does a signal such as that of Ctrl-C.
pub(crate) fn asking(
    observer: Option<&Bound<'_, PyAny>>,
) -> FallibleObserver<impl FnMut(gaen_app::Progress) -> PyResult<gaen_app::Next> + Send + use<>, PyErr> {
    let observer = observer.map(|observer| observer.clone().unbind());
    FallibleObserver::new(move |progress| {
        let next = Python::attach(|py| {
            py.check_signals()?;
            observer.as_ref().map_or(Ok(Next::Continue), |observer| ask(observer.bind(py), progress))
        });
        Ok(match next? {
            Next::Continue => gaen_app::Next::Continue,
            Next::Stop => gaen_app::Next::Stop,
        })
    })
}

fn ask(observer: &Bound<'_, PyAny>, progress: gaen_app::Progress) -> PyResult<Next> {
    let gaen_app::Progress { file, files, bytes, total_bytes, keys } = progress;
    let answer = observer.call1((Progress { file, files, bytes, total_bytes, keys },))?;
    if answer.is_none() {
        return Ok(Next::Continue);
    }
    match answer.cast::<Next>() {
        Ok(next) => Ok(*next.get()),
        Err(_) => {
            let text =
                format!("an observer returns None, gaen.Next.CONTINUE or gaen.Next.STOP, not {}", answer.repr()?);
            Err(PyTypeError::new_err(text))
        }
    }
}
