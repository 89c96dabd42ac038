//! Columns from objects with the buffer protocol.
//!
//! The format of a buffer is checked here: the check of `pyo3::buffer::PyBuffer` takes numbers in the other order of bytes
//! for numbers of this machine.

use std::borrow::Cow;

use pyo3::buffer::PyUntypedBuffer;
use pyo3::prelude::*;

use crate::error::error;
use crate::memory::{Plain, numbers};

/// A column of a call.
pub(crate) struct Column {
    name: &'static str,
    buffer: PyUntypedBuffer,
}

/// What an item of a buffer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Item {
    Signed,
    Unsigned,
    /// A number of bytes without a meaning.
    Bytes,
}

impl Column {
    /// Opens the buffer of this object.
    pub(crate) fn open(name: &'static str, object: &Bound<'_, PyAny>) -> PyResult<Self> {
        let buffer = PyUntypedBuffer::get(object).map_err(|failure| {
            let kind = object.get_type();
            let hint = match object.hasattr("__arrow_c_stream__") {
                Ok(true) => "; give a whole table to `Sightings.from_arrow`",
                _ => "",
            };
            error("column_format", format!("the column {name}: {kind} has no buffer ({failure}){hint}"))
        })?;
        if !buffer.is_c_contiguous() || buffer.suboffsets().is_some() {
            return Err(error("column_format", format!("the column {name} has gaps between its items: copy it first")));
        }
        Ok(Self { name, buffer })
    }

    /// The whole numbers of a column with one dimension.
    pub(crate) fn numbers<'a, T>(&'a self, py: Python<'a>) -> PyResult<Cow<'a, [T]>>
    where
        T: Plain + TryFrom<i128>,
    {
        if self.buffer.dimensions() != 1 {
            return Err(self.wrong(&format!("has {} dimensions, not one", self.buffer.dimensions())));
        }
        let (item, size) = (self.item()?, self.buffer.item_size());
        let is_signed = T::try_from(-1_i128).is_ok();
        match item {
            Item::Bytes => Err(self.wrong(&format!("has the format {:?}, not that of whole numbers", self.format()))),
            // The very numbers that are asked for: nothing is copied.
            Item::Signed if is_signed && size == size_of::<T>() => self.borrowed(py),
            Item::Unsigned if !is_signed && size == size_of::<T>() => self.borrowed(py),
            Item::Signed => match size {
                1 => self.converted::<i8, T>(py),
                2 => self.converted::<i16, T>(py),
                4 => self.converted::<i32, T>(py),
                _ => self.converted::<i64, T>(py),
            },
            Item::Unsigned => match size {
                1 => self.converted::<u8, T>(py),
                2 => self.converted::<u16, T>(py),
                4 => self.converted::<u32, T>(py),
                _ => self.converted::<u64, T>(py),
            },
        }
    }

    fn borrowed<'a, T: Plain>(&'a self, py: Python<'a>) -> PyResult<Cow<'a, [T]>> {
        numbers(&self.buffer, py)
            .map(Cow::Borrowed)
            .ok_or_else(|| self.wrong("is not aligned in memory: copy it first"))
    }

    fn converted<'a, F, T>(&'a self, py: Python<'a>) -> PyResult<Cow<'a, [T]>>
    where
        F: Plain + Into<i128>,
        T: Plain + TryFrom<i128>,
    {
        let found = self.borrowed::<F>(py)?;
        let narrow = |(row, number): (usize, &F)| {
            let number: i128 = (*number).into();
            T::try_from(number).map_err(|_| out_of_range::<T>(self.name, row, number))
        };
        found.iter().enumerate().map(narrow).collect::<PyResult<_>>().map(Cow::Owned)
    }

    /// The bytes of a column with `width` bytes for each row: rows of so many bytes, or items of so many.
    pub(crate) fn bytes<'a>(&'a self, py: Python<'a>, width: usize) -> PyResult<&'a [u8]> {
        let (item, size, shape) = (self.item()?, self.buffer.item_size(), self.buffer.shape());
        let is_right = match (size, shape) {
            (1, [bytes]) => bytes.is_multiple_of(width),
            (1, [_, columns]) => *columns == width,
            (_, [_]) => item == Item::Bytes && size == width,
            _ => false,
        };
        if !is_right {
            let found = format!("has the shape {shape:?} of items of {size} bytes, not {width} bytes for each row");
            return Err(self.wrong(&found));
        }
        numbers(&self.buffer, py).ok_or_else(|| self.wrong("has gaps between its items: copy it first"))
    }

    /// What the items are, after their order of bytes and their size were checked.
    ///
    /// Source: the module `struct` of Python, format strings.
    fn item(&self) -> PyResult<Item> {
        let (format, size) = (self.format(), self.buffer.item_size());
        let (order, rest) = match format.as_bytes() {
            [order @ (b'@' | b'=' | b'<' | b'>' | b'!'), rest @ ..] => (*order, rest),
            rest => (b'@', rest),
        };
        let is_native = order == b'@';
        let (item, expected) = match rest {
            b"b" | b"c" => (Item::Signed, 1),
            b"B" => (Item::Unsigned, 1),
            b"h" => (Item::Signed, 2),
            b"H" => (Item::Unsigned, 2),
            b"i" => (Item::Signed, 4),
            b"I" => (Item::Unsigned, 4),
            b"l" => (Item::Signed, if is_native { size_of::<std::ffi::c_long>() } else { 4 }),
            b"L" => (Item::Unsigned, if is_native { size_of::<std::ffi::c_ulong>() } else { 4 }),
            b"q" => (Item::Signed, 8),
            b"Q" => (Item::Unsigned, 8),
            b"n" if is_native => (Item::Signed, size_of::<isize>()),
            b"N" if is_native => (Item::Unsigned, size_of::<usize>()),
            // `w` is text, of four bytes a sign.
            [digits @ .., b's' | b'x'] if digits.iter().all(u8::is_ascii_digit) => (Item::Bytes, size),
            _ => {
                return Err(self.wrong(&format!("has the format {format:?}, which is neither whole numbers nor bytes")));
            }
        };
        let foreign = if cfg!(target_endian = "little") { matches!(order, b'>' | b'!') } else { order == b'<' };
        if foreign && expected > 1 && item != Item::Bytes {
            let found = format!("has the format {format:?}: its bytes stand in the other order than this machine's");
            return Err(self.wrong(&found));
        }
        if size != expected {
            return Err(self.wrong(&format!("has items of {size} bytes, but its format {format:?} means {expected}")));
        }
        Ok(item)
    }

    fn format(&self) -> Cow<'_, str> {
        self.buffer.format().to_string_lossy()
    }

    fn wrong(&self, found: &str) -> PyErr {
        error("column_format", format!("the column {} {found}", self.name))
    }
}

/// The error of a number that its column has no place for.
pub(crate) fn out_of_range<T>(name: &str, row: usize, number: i128) -> PyErr {
    error("row", format!("row {row}: {name} {number} does not fit in {} bits", size_of::<T>().saturating_mul(8)))
}

/// `true` for an object with the buffer protocol.
pub(crate) fn has_bytes(object: &Bound<'_, PyAny>) -> bool {
    PyUntypedBuffer::get(object).is_ok()
}

/// The bytes of an object with the buffer protocol, copied. `None` if it has none.
pub(crate) fn copied(object: &Bound<'_, PyAny>) -> Option<PyResult<Vec<u8>>> {
    has_bytes(object)
        .then(|| Column::open("content", object).and_then(|column| Ok(column.bytes(object.py(), 1)?.to_vec())))
}

/// The bytes of an argument that has so many.
pub(crate) fn exactly<const N: usize>(name: &'static str, object: &Bound<'_, PyAny>) -> PyResult<[u8; N]> {
    let column = Column::open(name, object)?;
    let bytes = column.bytes(object.py(), 1)?;
    bytes.try_into().map_err(|_| error("length", format!("{name} has {} bytes, not {N}", bytes.len())))
}
