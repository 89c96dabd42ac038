//! Memory of other libraries. All `unsafe` code of this crate is in this file.
#![expect(unsafe_code, reason = "buffers and Arrow streams are pointers of other libraries")]

use std::slice;

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use pyo3::buffer::PyUntypedBuffer;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

/// What the protocol calls a capsule with a stream.
pub(crate) const STREAM: &std::ffi::CStr = c"arrow_array_stream";

/// Numbers that any bytes are one of.
pub(crate) trait Plain: sealed::Sealed + Copy {}

impl<T: sealed::Sealed + Copy> Plain for T {}

mod sealed {
    pub(crate) trait Sealed {}
    impl Sealed for u8 {}
    impl Sealed for i8 {}
    impl Sealed for u16 {}
    impl Sealed for i16 {}
    impl Sealed for u32 {}
    impl Sealed for i32 {}
    impl Sealed for u64 {}
    impl Sealed for i64 {}
}

/// The memory of a buffer as numbers of the machine. `None` if it has gaps, is no whole number of them, or begins at an
/// address where none may begin.
///
/// Whoever calls this has checked that the buffer means such numbers. The slice ends before another thread of Python runs:
/// it borrows `py`.
pub(crate) fn numbers<'a, T: Plain>(buffer: &'a PyUntypedBuffer, _py: Python<'a>) -> Option<&'a [T]> {
    let (start, bytes) = (buffer.buf_ptr().cast::<T>(), buffer.len_bytes());
    let whole = bytes.is_multiple_of(size_of::<T>()) && buffer.is_c_contiguous() && buffer.suboffsets().is_none();
    if !whole || !start.is_aligned() {
        return None;
    }
    let Some(length) = bytes.checked_div(size_of::<T>()).filter(|length| *length > 0) else {
        return Some(&[]);
    };
    // SAFETY: The buffer is contiguous, so its `len_bytes` bytes lie one after the other from its start, which is aligned.
    // They stay while `buffer` is borrowed, because an exporter may not move what it has exported. Any bytes are a `Plain`.
    // Code of Python may change them, but none runs while `py` is borrowed, and nothing here calls any. A thread of numpy that
    // works without the interpreter may write meanwhile, as into any array that a program gives away: each item is read once,
    // and any bytes are an item.
    Some(unsafe { slice::from_raw_parts(start, length) })
}

/// Takes the stream out of a capsule of `__arrow_c_stream__`. A second call finds one that was released.
pub(crate) fn stream(capsule: &Bound<'_, PyCapsule>) -> PyResult<FFI_ArrowArrayStream> {
    let stream = capsule.pointer_checked(Some(STREAM))?.cast::<FFI_ArrowArrayStream>();
    // SAFETY: A capsule of this name holds a valid stream: Arrow's PyCapsule interface says so, and there is nothing else to
    // check. `from_raw` moves the stream out and leaves a released one, which the capsule's destructor passes over.
    Ok(unsafe { FFI_ArrowArrayStream::from_raw(stream.as_ptr()) })
}
