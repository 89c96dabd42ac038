//! `gaen.near`.

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyMemoryView};

use crate::arrow;
use crate::buffer::Column;
use crate::error::raise;

const _: () = assert!(gaen_app::TWO_HOURS == 12, "the default of `within`, which signatures show");

/// Says for each pair of two columns of intervals whether they are near one another: abs(a - b) <= within.
///
/// - a, b: columns of whole numbers of the same length, shape (n,): with the buffer protocol, as arrays of numpy, or with
///   __arrow_c_stream__, as series of polars and pandas
/// - within: the largest difference, intervals of ten minutes; 12 by default, which is two hours
///
/// Returns n truth values as a memoryview, which numpy.asarray takes without a copy and list() as bools. Data frames
/// subtract unsigned columns without a sign, so that abs(a - b) <= 12 misses half of the pairs there.
///
/// Raises gaen.Error with the codes column_format, column_type, column_null, column_length and row.
#[pyfunction]
#[pyo3(signature = (a, b, /, within = 12))]
pub(crate) fn near<'py>(
    py: Python<'py>,
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    within: u32,
) -> PyResult<Bound<'py, PyAny>> {
    let (a, b) = (intervals("a", a)?, intervals("b", b)?);
    let near = py.detach(|| gaen_app::near(&a, &b, within)).map_err(raise)?;
    let bytes: Vec<u8> = near.into_iter().map(u8::from).collect();
    PyMemoryView::from(&PyBytes::new(py, &bytes))?.call_method1("cast", ("?",))
}

fn intervals(name: &'static str, column: &Bound<'_, PyAny>) -> PyResult<Vec<i64>> {
    if arrow::is_stream(column)? {
        return arrow::numbers(name, column);
    }
    Ok(Column::open(name, column)?.numbers(column.py())?.into_owned())
}
