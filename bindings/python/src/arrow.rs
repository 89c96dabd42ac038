//! Columns from objects with `__arrow_c_stream__`.

use std::borrow::Cow;

use arrow_array::cast::AsArray;
use arrow_array::ffi_stream::{ArrayStreamReader, RecordBatchStreamReader};
use arrow_array::types::{
    ArrowPrimitiveType, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, GenericBinaryArray, OffsetSizeTrait, RecordBatch};
use arrow_schema::{ArrowError, DataType, TimeUnit};
use gaen_app::{Columns, HeardRows, NO_PREVIOUS_SCAN};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::buffer::out_of_range;
use crate::error::{error, raise};
use crate::memory;

const IDENTIFIER_BYTES: usize = 16;
const METADATA_BYTES: usize = 4;

/// Reads the sightings of a table.
pub(crate) fn sightings(table: &Bound<'_, PyAny>, without_previous_scan: bool) -> PyResult<HeardRows> {
    let stream = stream(table, "table")?;
    // A stream may run code of Python on other threads.
    table.py().detach(|| {
        let mut rows = HeardRows::default();
        let mut before = 0;
        for batch in RecordBatchStreamReader::try_new(stream).map_err(broken)? {
            let batch = batch.map_err(broken)?;
            Batch { batch: &batch, before }.add(&mut rows, without_previous_scan)?;
            before = before.saturating_add(batch.num_rows());
        }
        Ok(rows)
    })
}

/// Reads a column of whole numbers.
pub(crate) fn numbers(name: &'static str, column: &Bound<'_, PyAny>) -> PyResult<Vec<i64>> {
    let stream = stream(column, "column")?;
    column.py().detach(|| {
        let mut numbers = Vec::new();
        for array in ArrayStreamReader::try_new(stream).map_err(broken)? {
            let array = array.map_err(broken)?;
            let column = Column { name, array: &array, before: numbers.len() };
            numbers.extend_from_slice(&column.without_nulls()?.numbers::<Int64Type>()?);
        }
        Ok(numbers)
    })
}

/// Whether an object is a source of Arrow data.
pub(crate) fn is_stream(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    object.hasattr("__arrow_c_stream__")
}

fn stream(object: &Bound<'_, PyAny>, wanted: &str) -> PyResult<arrow_array::ffi_stream::FFI_ArrowArrayStream> {
    if !is_stream(object)? {
        let kind = object.get_type();
        return Err(error("no_stream", format!("{kind} has no __arrow_c_stream__: it is no {wanted}")));
    }
    let capsule = object.call_method0("__arrow_c_stream__")?;
    memory::stream(capsule.cast::<PyCapsule>()?)
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn broken(failure: ArrowError) -> PyErr {
    error("stream", failure.to_string())
}

/// Some rows of a table.
struct Batch<'a> {
    batch: &'a RecordBatch,
    /// The number of rows before them.
    before: usize,
}

impl<'a> Batch<'a> {
    fn add(&self, rows: &mut HeardRows, without_previous_scan: bool) -> PyResult<()> {
        let identifiers = self.column("rpi")?.fixed(IDENTIFIER_BYTES)?;
        let (metadata, lengths) = self.column("aem")?.metadata()?;
        let rssi = self.column("rssi")?.without_nulls()?.numbers::<Int8Type>()?;
        let times = self.column("time")?.without_nulls()?.seconds()?;
        let previous_scans = match self.find("previous_scan") {
            Some(column) => Some(column.seconds_or(NO_PREVIOUS_SCAN)?),
            None if without_previous_scan => None,
            None => {
                let text = "there is no column previous_scan, and a verdict may differ without it: say \
                            `without_previous_scan=True` if it is not known";
                return Err(error("column_missing", text));
            }
        };
        rows.add_columns(&Columns {
            identifiers: &identifiers,
            metadata: &metadata,
            metadata_lengths: lengths.as_deref(),
            rssi: &rssi,
            times: &times,
            previous_scans: previous_scans.as_deref(),
        })
        .map_err(raise)
    }

    fn find(&self, name: &'static str) -> Option<Column<'a>> {
        let array = self.batch.column_by_name(name)?;
        Some(Column { name, array, before: self.before })
    }

    fn column(&self, name: &'static str) -> PyResult<Column<'a>> {
        self.find(name).ok_or_else(|| {
            let schema = self.batch.schema();
            let names: Vec<_> = schema.fields().iter().map(|field| field.name().as_str()).collect();
            error("column_missing", format!("there is no column {name} among {}", names.join(", ")))
        })
    }
}

/// Metadata, four bytes each, and their true lengths if one is not 4.
type Metadata<'a> = (Cow<'a, [u8]>, Option<Vec<u8>>);

/// Some rows of a column.
struct Column<'a> {
    name: &'static str,
    array: &'a ArrayRef,
    /// The number of rows before them.
    before: usize,
}

impl<'a> Column<'a> {
    fn wrong(&self, wanted: &str) -> PyErr {
        let (name, kind) = (self.name, self.array.data_type());
        let hint = match kind {
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => ": decode its hexadecimal digits first",
            DataType::Timestamp(_, None) => ", which says no instant: give it the time zone UTC first",
            _ => "",
        };
        error("column_type", format!("the column {name} is {wanted}, not {kind}{hint}"))
    }

    fn without_nulls(self) -> PyResult<Self> {
        if self.array.null_count() == 0 {
            return Ok(self);
        }
        let first = (0..self.array.len()).find(|row| self.array.is_null(*row)).unwrap_or_default();
        Err(error("column_null", format!("row {}: {} is null", self.before.saturating_add(first), self.name)))
    }

    /// The values of a binary column without nulls.
    fn binary(&self, wanted: &str) -> PyResult<Binary<'a>> {
        let array: &'a ArrayRef = self.array;
        Ok(match array.data_type() {
            DataType::FixedSizeBinary(width) => {
                let array = array.as_fixed_size_binary();
                Binary::Fixed(array.value_data(), usize::try_from(*width).unwrap_or_default())
            }
            DataType::Binary => Binary::of(array.as_binary::<i32>()),
            DataType::LargeBinary => Binary::of(array.as_binary::<i64>()),
            DataType::BinaryView => Binary::Any(Box::new(array.as_binary_view().iter().map(Option::unwrap_or_default))),
            _ => return Err(self.wrong(wanted)),
        })
    }

    /// The values of a column of `width` bytes a row.
    fn fixed(self, width: usize) -> PyResult<Cow<'a, [u8]>> {
        let column = self.without_nulls()?;
        let rows = column.array.len();
        let wrong_length = |row: usize, bytes: usize| {
            let row = column.before.saturating_add(row);
            error("row", format!("row {row}: {} has {bytes} bytes, not {width}", column.name))
        };
        match column.binary("binary, 16 bytes a row")? {
            Binary::Fixed(bytes, found) if found == width => {
                let whole = bytes.get(..rows.saturating_mul(width));
                Ok(Cow::Borrowed(whole.ok_or_else(|| wrong_length(rows, 0))?))
            }
            Binary::Fixed(_, found) => Err(wrong_length(0, found)),
            Binary::Any(values) => {
                let mut bytes = Vec::with_capacity(rows.saturating_mul(width));
                for (row, value) in values.enumerate() {
                    if value.len() != width {
                        return Err(wrong_length(row, value.len()));
                    }
                    bytes.extend_from_slice(value);
                }
                Ok(Cow::Owned(bytes))
            }
        }
    }

    /// The metadata, filled up with zeros, and their true lengths if one is not 4.
    fn metadata(self) -> PyResult<Metadata<'a>> {
        let column = self.without_nulls()?;
        let rows = column.array.len();
        let values: Box<dyn Iterator<Item = &'a [u8]>> = match column.binary("binary")? {
            Binary::Fixed(bytes, METADATA_BYTES) => {
                let whole = bytes.get(..rows.saturating_mul(METADATA_BYTES)).unwrap_or_default();
                return Ok((Cow::Borrowed(whole), None));
            }
            Binary::Fixed(bytes, width) => Box::new(bytes.chunks_exact(width.max(1)).take(rows)),
            Binary::Any(values) => values,
        };
        let mut bytes = Vec::with_capacity(rows.saturating_mul(METADATA_BYTES));
        let mut lengths = None;
        for (row, value) in values.enumerate() {
            if let Ok(four) = <[u8; METADATA_BYTES]>::try_from(value) {
                bytes.extend_from_slice(&four);
            } else {
                // What is too long counts for nothing but its length.
                bytes.extend_from_slice(&[0; METADATA_BYTES]);
                let lengths = lengths.get_or_insert_with(|| vec![4; rows]);
                if let Some(length) = lengths.get_mut(row) {
                    *length = u8::try_from(value.len()).unwrap_or(u8::MAX);
                }
            }
        }
        Ok((Cow::Owned(bytes), lengths))
    }

    /// The whole numbers. Those that are asked for are borrowed, others are converted.
    fn numbers<T: ArrowPrimitiveType<Native: TryFrom<i128>>>(&self) -> PyResult<Cow<'a, [T::Native]>> {
        let array: &'a ArrayRef = self.array;
        if let Some(same) = array.as_primitive_opt::<T>() {
            return Ok(Cow::Borrowed(same.values()));
        }
        Ok(Cow::Owned(match array.data_type() {
            DataType::Int8 => self.narrowed::<Int8Type, T::Native>()?,
            DataType::Int16 => self.narrowed::<Int16Type, T::Native>()?,
            DataType::Int32 => self.narrowed::<Int32Type, T::Native>()?,
            DataType::Int64 => self.narrowed::<Int64Type, T::Native>()?,
            DataType::UInt8 => self.narrowed::<UInt8Type, T::Native>()?,
            DataType::UInt16 => self.narrowed::<UInt16Type, T::Native>()?,
            DataType::UInt32 => self.narrowed::<UInt32Type, T::Native>()?,
            DataType::UInt64 => self.narrowed::<UInt64Type, T::Native>()?,
            _ => return Err(self.wrong("whole numbers")),
        }))
    }

    fn narrowed<A: ArrowPrimitiveType<Native: Into<i128>>, T: TryFrom<i128>>(&self) -> PyResult<Vec<T>> {
        let narrow = |(row, number): (usize, &A::Native)| {
            let number: i128 = (*number).into();
            T::try_from(number).map_err(|_| out_of_range::<T>(self.name, self.before.saturating_add(row), number))
        };
        self.array.as_primitive::<A>().values().iter().enumerate().map(narrow).collect()
    }

    /// Unix seconds: numbers of them, or timestamps with a time zone.
    fn seconds(&self) -> PyResult<Cow<'a, [i64]>> {
        let values: (&'a [i64], i64) = match self.array.data_type() {
            DataType::Timestamp(unit, Some(_)) => match unit {
                TimeUnit::Second => (self.array.as_primitive::<TimestampSecondType>().values(), 1),
                TimeUnit::Millisecond => (self.array.as_primitive::<TimestampMillisecondType>().values(), 1_000),
                TimeUnit::Microsecond => (self.array.as_primitive::<TimestampMicrosecondType>().values(), 1_000_000),
                TimeUnit::Nanosecond => (self.array.as_primitive::<TimestampNanosecondType>().values(), 1_000_000_000),
            },
            kind if kind.is_integer() => return self.numbers::<Int64Type>(),
            _ => return Err(self.wrong("Unix seconds or a timestamp with a time zone")),
        };
        Ok(match values {
            (seconds, 1) => Cow::Borrowed(seconds),
            (parts, in_a_second) => Cow::Owned(parts.iter().map(|part| part.div_euclid(in_a_second)).collect()),
        })
    }

    /// The same, with this number where there is none.
    fn seconds_or(&self, missing: i64) -> PyResult<Cow<'a, [i64]>> {
        // A column of nothing else has no type.
        if *self.array.data_type() == DataType::Null {
            return Ok(Cow::Owned(vec![missing; self.array.len()]));
        }
        let mut seconds = self.seconds()?;
        if self.array.null_count() > 0 {
            for (row, time) in seconds.to_mut().iter_mut().enumerate() {
                if self.array.is_null(row) {
                    *time = missing;
                }
            }
        }
        Ok(seconds)
    }
}

/// Values of a binary column.
enum Binary<'a> {
    /// All of this many bytes, one after the other.
    Fixed(&'a [u8], usize),
    Any(Box<dyn Iterator<Item = &'a [u8]> + 'a>),
}

impl<'a> Binary<'a> {
    /// The values of a column without nulls, which may each have another number of bytes.
    fn of<O: OffsetSizeTrait>(array: &'a GenericBinaryArray<O>) -> Self {
        // Columns of identifiers and metadata nearly always have one width. Then nothing is copied.
        if let offsets @ [first, ends @ ..] = array.value_offsets() {
            let widths = offsets.iter().zip(ends).map(|(start, end)| end.as_usize().wrapping_sub(start.as_usize()));
            let width = widths.clone().next().unwrap_or_default();
            let bytes = array.value_data().get(first.as_usize()..).unwrap_or_default();
            if width > 0 && widths.fold(true, |same, found| same & (found == width)) {
                return Self::Fixed(bytes, width);
            }
        }
        Self::Any(Box::new(array.iter().map(Option::unwrap_or_default)))
    }
}
