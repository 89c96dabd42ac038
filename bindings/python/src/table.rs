//! `gaen.Table`.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::types::{Date32Type, Int64Type, TimestampSecondType};
use arrow_array::{
    Array, ArrayRef, BinaryArray, Int64Array, RecordBatch, RecordBatchIterator, StringArray, TimestampSecondArray,
};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule, PyDict, PyList};

use crate::error::error;
use crate::memory::STREAM;

/// A table that data frames take: any library that knows __arrow_c_stream__, such as pyarrow, polars, pandas and duckdb.
#[pyclass(module = "gaen", frozen)]
pub(crate) struct Table {
    batch: RecordBatch,
}

impl Table {
    fn new(schema: SchemaRef, columns: Vec<ArrayRef>) -> PyResult<Self> {
        let batch = RecordBatch::try_new(schema, columns).map_err(|failure| error("table", failure.to_string()))?;
        Ok(Self { batch })
    }
}

/// Columns with their fields. Nothing in them is null.
#[derive(Default)]
pub(crate) struct Columns {
    fields: Vec<Field>,
    arrays: Vec<ArrayRef>,
}

impl Columns {
    pub(crate) fn add(&mut self, name: &str, array: ArrayRef) {
        self.fields.push(Field::new(name, array.data_type().clone(), false));
        self.arrays.push(array);
    }

    /// Whole numbers are signed and have 64 bits, all of them: so that their differences are right, and because every data
    /// frame has such numbers.
    pub(crate) fn numbers(&mut self, name: &str, numbers: impl Iterator<Item = i64>) {
        self.add(name, Arc::new(Int64Array::from_iter_values(numbers)));
    }

    pub(crate) fn times(&mut self, name: &str, seconds: impl Iterator<Item = i64>) {
        self.add(name, Arc::new(TimestampSecondArray::from_iter_values(seconds).with_timezone("UTC")));
    }

    pub(crate) fn bytes<'a>(&mut self, name: &str, bytes: impl Iterator<Item = &'a [u8; 16]>) {
        self.add(name, Arc::new(BinaryArray::from_iter_values(bytes)));
    }

    pub(crate) fn names(&mut self, name: &str, names: impl Iterator<Item = impl AsRef<str>>) {
        self.add(name, Arc::new(StringArray::from_iter_values(names)));
    }

    pub(crate) fn table(self) -> PyResult<Table> {
        Table::new(Arc::new(Schema::new(self.fields)), self.arrays)
    }
}

#[pymethods]
impl Table {
    /// The table as a stream of Arrow's C data interface, in a capsule. The schema is what it is, whatever is asked for.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let _ = requested_schema;
        let batches = RecordBatchIterator::new([Ok(self.batch.clone())], self.batch.schema());
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(batches)), STREAM)
    }

    /// The names of the columns.
    #[getter]
    fn columns(&self) -> Vec<String> {
        self.batch.schema().fields().iter().map(|field| field.name().clone()).collect()
    }

    /// The same table with bytes as text, in lower-case hexadecimal.
    ///
    /// A column of bytes compared with text finds nothing, in most libraries without an error.
    fn hexadecimal(&self) -> PyResult<Self> {
        let schema = self.batch.schema();
        let column = |(field, array): (&Arc<Field>, &ArrayRef)| -> (Field, ArrayRef) {
            match array.as_binary_opt::<i32>() {
                Some(bytes) => {
                    let text: StringArray = bytes.iter().map(|value| value.map(digits)).collect();
                    (Field::new(field.name(), DataType::Utf8, false), Arc::new(text))
                }
                None => (field.as_ref().clone(), array.clone()),
            }
        };
        let (fields, columns): (Vec<_>, _) = schema.fields().iter().zip(self.batch.columns()).map(column).unzip();
        Self::new(Arc::new(Schema::new(fields)), columns)
    }

    /// The rows as a list of dictionaries, for programs without data frames. Times are datetimes in UTC.
    fn rows<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let schema = self.batch.schema();
        let named: Vec<_> = schema.fields().iter().zip(self.batch.columns()).collect();
        let rows = PyList::empty(py);
        for row in 0..self.batch.num_rows() {
            rows.append(dictionary(py, named.iter().map(|(field, array)| (field.name().as_str(), *array)), row)?)?;
        }
        Ok(rows)
    }

    /// The number of rows.
    fn __len__(&self) -> usize {
        self.batch.num_rows()
    }

    fn __repr__(&self) -> String {
        format!("<gaen.Table: {} rows of {}>", self.batch.num_rows(), self.columns().join(", "))
    }
}

fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn dictionary<'py, 'a>(
    py: Python<'py>,
    columns: impl Iterator<Item = (&'a str, &'a ArrayRef)>,
    row: usize,
) -> PyResult<Bound<'py, PyDict>> {
    let fields = PyDict::new(py);
    for (name, array) in columns {
        fields.set_item(name, value(py, array, row)?)?;
    }
    Ok(fields)
}

/// One value of a column of a type that this package makes.
fn value<'py>(py: Python<'py>, array: &ArrayRef, row: usize) -> PyResult<Bound<'py, PyAny>> {
    let datetime = || py.import("datetime");
    Ok(match array.data_type() {
        DataType::Int64 => array.as_primitive::<Int64Type>().value(row).into_pyobject(py)?.into_any(),
        DataType::Utf8 => array.as_string::<i32>().value(row).into_pyobject(py)?.into_any(),
        DataType::Binary => PyBytes::new(py, array.as_binary::<i32>().value(row)).into_any(),
        DataType::Timestamp(..) => {
            let utc = datetime()?.getattr("timezone")?.getattr("utc")?;
            let seconds = array.as_primitive::<TimestampSecondType>().value(row);
            datetime()?.getattr("datetime")?.call_method1("fromtimestamp", (seconds, utc))?
        }
        DataType::Date32 => {
            // Day 1 of Python's calendar is the first of the year 1.
            let ordinal = i64::from(array.as_primitive::<Date32Type>().value(row)).saturating_add(719_163);
            datetime()?.getattr("date")?.call_method1("fromordinal", (ordinal,))?
        }
        DataType::List(_) => {
            let inner = array.as_list::<i32>().value(row);
            let list = PyList::empty(py);
            for at in 0..inner.len() {
                list.append(value(py, &inner, at)?)?;
            }
            list.into_any()
        }
        DataType::Struct(_) => {
            let inner = array.as_struct();
            let names = inner.column_names();
            dictionary(py, names.into_iter().zip(inner.columns()), row)?.into_any()
        }
        kind => return Err(error("table", format!("a column of {kind}"))),
    })
}
