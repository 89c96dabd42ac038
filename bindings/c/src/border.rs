//! The border: what is taken from a caller in C, and what is handed out.

use std::any::Any;
use std::ffi::{CStr, CString, c_char};
use std::mem::MaybeUninit;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::{self, NonNull};
use std::slice;

use crate::error::{GaenError, GaenStatus};

/// Where a result goes. Its memory may be uninitialized.
pub(crate) type Out<'a, T> = Option<&'a mut MaybeUninit<T>>;

/// Where an error goes. Null if nobody asks.
pub(crate) type ErrorOut<'a> = Out<'a, *mut GaenError>;

/// Why a call fails.
pub(crate) enum Failure {
    /// The pointer of this name is null.
    Null(&'static str),
    /// An argument that the facade does not know: a code, and a sentence.
    Argument(&'static str, String),
    Facade(gaen_app::Error),
}

impl From<gaen_app::Error> for Failure {
    fn from(error: gaen_app::Error) -> Self {
        Self::Facade(error)
    }
}

/// Does the work of a call. A panic ends here.
pub(crate) fn call(error: ErrorOut<'_>, work: impl FnOnce() -> Result<(), Failure>) -> GaenStatus {
    // What a panic leaves behind is dropped here, or guarded by the locks of the facade.
    let outcome = catch_unwind(AssertUnwindSafe(work));
    let (status, code, message) = match outcome {
        Ok(Ok(())) => (GaenStatus::Ok, "", String::new()),
        Ok(Err(Failure::Null(name))) => (GaenStatus::NullPointer, "null_pointer", format!("{name} is null")),
        Ok(Err(Failure::Argument(code, message))) => (GaenStatus::Error, code, message),
        Ok(Err(Failure::Facade(error))) => (GaenStatus::Error, error.code(), error.to_string()),
        Err(panic) => (GaenStatus::Panic, "panic", told(&*panic)),
    };
    if let Some(place) = error {
        place.write(match status {
            GaenStatus::Ok => ptr::null_mut(),
            _ => Box::into_raw(Box::new(GaenError { code: text_of(code), message: text_of(&message) })),
        });
    }
    status
}

/// What a panic says.
fn told(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("a panic without words").to_owned()
}

/// A text for C. Texts of the library have no byte of zero; one that had would end before it.
pub(crate) fn text_of(text: &str) -> CString {
    let end = text.bytes().position(|byte| byte == 0).unwrap_or(text.len());
    CString::new(text.as_bytes().get(..end).unwrap_or_default()).unwrap_or_default()
}

/// What a handle points to.
pub(crate) fn some<T>(handle: Option<T>, name: &'static str) -> Result<T, Failure> {
    handle.ok_or(Failure::Null(name))
}

/// Does the work of a call that hands out a pointer. The place holds null until then, and after a failure of any kind.
pub(crate) fn hand_out<T>(
    out: Out<'_, *mut T>,
    error: ErrorOut<'_>,
    work: impl FnOnce() -> Result<*mut T, Failure>,
) -> GaenStatus {
    call(error, || {
        let place = some(out, "out")?;
        place.write(ptr::null_mut());
        place.write(work()?);
        Ok(())
    })
}

/// Does the work of a call that hands out a handle, which the function for this kind frees.
pub(crate) fn hand_out_handle<T>(
    out: Out<'_, *mut T>,
    error: ErrorOut<'_>,
    make: impl FnOnce() -> Result<T, Failure>,
) -> GaenStatus {
    hand_out(out, error, || Ok(Box::into_raw(Box::new(make()?))))
}

/// Does the work of a call that hands out a text, which `gaen_string_free` frees.
pub(crate) fn hand_out_text(
    out: Out<'_, *mut c_char>,
    error: ErrorOut<'_>,
    make: impl FnOnce() -> Result<String, Failure>,
) -> GaenStatus {
    hand_out(out, error, || Ok(text_of(&make()?).into_raw()))
}

/// Does the work of a call that writes a plain value. Nothing is done without a place for it.
pub(crate) fn write_out<T>(
    out: Out<'_, T>,
    name: &'static str,
    error: ErrorOut<'_>,
    work: impl FnOnce() -> Result<T, Failure>,
) -> GaenStatus {
    call(error, || {
        let place = some(out, name)?;
        place.write(work()?);
        Ok(())
    })
}

/// The bytes of a caller, or elements of another plain type. Null is allowed where there are none.
///
/// # Safety
/// If `data` is not null, it points to `count` initialized elements that nobody changes while the result is in use.
pub(crate) unsafe fn slice_of<'a, T>(data: *const T, count: usize, name: &'static str) -> Result<&'a [T], Failure> {
    let start = elements(data.cast_mut(), count, name)?;
    // SAFETY: `elements` checked what can be checked, and the caller vouches for the elements.
    Ok(unsafe { slice::from_raw_parts(start.as_ptr(), count) })
}

/// Memory to write at most `capacity` elements to. Null is allowed where there is no capacity.
///
/// # Safety
/// If `data` is not null, it points to memory for `capacity` elements that nobody else uses while the result is in use.
pub(crate) unsafe fn room<'a, T>(
    data: *mut T,
    capacity: usize,
    name: &'static str,
) -> Result<&'a mut [MaybeUninit<T>], Failure> {
    let start = elements(data, capacity, name)?;
    // SAFETY: `elements` checked what can be checked, the caller vouches for the memory, and `MaybeUninit` asks for nothing of
    // what is in it.
    Ok(unsafe { slice::from_raw_parts_mut(start.cast().as_ptr(), capacity) })
}

/// Where so many elements begin: aligned, and no more of them than an object can have.
fn elements<T>(data: *mut T, count: usize, name: &'static str) -> Result<NonNull<T>, Failure> {
    let Some(start) = NonNull::new(data) else {
        return if count == 0 { Ok(NonNull::dangling()) } else { Err(Failure::Null(name)) };
    };
    // No object has more bytes than `isize::MAX`.
    if count.checked_mul(size_of::<T>()).is_none_or(|bytes| isize::try_from(bytes).is_err()) {
        return Err(Failure::Argument("length", format!("{name} cannot have {count} elements: a negative length?")));
    }
    if !start.is_aligned() {
        return Err(Failure::Argument("unaligned", format!("{name} is not aligned for its elements")));
    }
    Ok(start)
}

/// Writes as many rows as there is room for, and how many there are.
pub(crate) fn fill<T>(
    room: &mut [MaybeUninit<T>],
    rows: impl ExactSizeIterator<Item = T>,
    count: Out<'_, usize>,
) -> Result<(), Failure> {
    some(count, "count")?.write(rows.len());
    for (place, row) in room.iter_mut().zip(rows) {
        place.write(row);
    }
    Ok(())
}

/// A text of a caller.
///
/// # Safety
/// If `text` is not null, it points to bytes that end with a zero, and that nobody changes while the result is in use.
pub(crate) unsafe fn text<'a>(text: *const c_char, name: &'static str) -> Result<&'a str, Failure> {
    if text.is_null() {
        return Err(Failure::Null(name));
    }
    // SAFETY: it is not null, and the caller vouches for the rest.
    let text = unsafe { CStr::from_ptr(text) };
    text.to_str().map_err(|error| Failure::Argument("utf8", format!("{name} is not UTF-8: {error}")))
}

/// Copies a name into a field of so many bytes, with a zero at its end.
pub(crate) fn name_field<const N: usize>(name: &str) -> [c_char; N] {
    let mut field = [0; N];
    // The last byte stays zero. Names of the library are ASCII, and shorter.
    for (to, from) in field.iter_mut().take(N.saturating_sub(1)).zip(name.bytes()) {
        *to = c_char::from_ne_bytes([from]);
    }
    field
}

/// Frees a text that a function handed out. Null does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gaen_string_free(text: *mut c_char) {
    if !text.is_null() {
        // SAFETY: the caller got it from a function of this library, which made it by `CString::into_raw`, and gives it back once.
        drop(unsafe { CString::from_raw(text) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{gaen_error_code, gaen_error_free, gaen_error_message};

    fn told_of(work: impl FnOnce() -> Result<(), Failure>) -> (GaenStatus, String, String) {
        let mut error = MaybeUninit::uninit();
        let status = call(Some(&mut error), work);
        // SAFETY: `call` always writes it: null, or a box that nobody else has.
        let error = unsafe { error.assume_init() };
        assert!(!error.is_null());
        // SAFETY: as above.
        let error = unsafe { Box::from_raw(error) };
        let read = |text: *const c_char| {
            // SAFETY: a text of the error, which is alive.
            unsafe { CStr::from_ptr(text) }.to_str().unwrap().to_owned()
        };
        let told = (status, read(gaen_error_code(Some(&error))), read(gaen_error_message(Some(&error))));
        gaen_error_free(Some(error));
        told
    }

    #[test]
    #[allow(clippy::panic)]
    fn a_panic_ends_at_the_border() {
        let expected = (GaenStatus::Panic, "panic".to_owned(), "row 7".to_owned());
        assert_eq!(told_of(|| panic!("row {}", 7)), expected);
        assert_eq!(told_of(|| std::panic::panic_any(7)).2, "a panic without words");
        assert_eq!(call(None, || panic!("nobody asks")), GaenStatus::Panic);
    }

    #[test]
    fn null_and_lengths_that_cannot_be_are_named() {
        assert_eq!(told_of(|| some(None::<()>, "trust")).1, "null_pointer");
        let byte = [1_u8];
        // SAFETY: nothing is read: the pointer is null, or the length is refused.
        let bytes = |data, count| told_of(|| unsafe { slice_of::<u64>(data, count, "rows") }.map(|_| ()));
        assert_eq!(bytes(ptr::null(), 1).2, "rows is null");
        assert_eq!(bytes(ptr::dangling(), usize::MAX).1, "length");
        let misaligned = byte.as_ptr().map_addr(|address| address | 1).cast();
        assert_eq!(bytes(misaligned, 1).1, "unaligned");
        // SAFETY: a text of this program.
        assert_eq!(told_of(|| unsafe { text(c"\xff".as_ptr(), "id") }.map(|_| ())).1, "utf8");
    }

    #[test]
    fn after_a_failure_a_place_for_a_pointer_holds_null() {
        let mut place = MaybeUninit::new(ptr::dangling_mut::<u8>());
        let status = hand_out_handle(Some(&mut place), None, || Err(Failure::Null("trust")));
        // SAFETY: it was initialized above.
        assert_eq!((status, unsafe { place.assume_init() }), (GaenStatus::NullPointer, ptr::null_mut()));
    }

    #[test]
    fn names_end_with_a_zero_however_long_they_are() {
        assert_eq!(name_field::<4>("ab"), [97, 98, 0, 0]);
        assert_eq!(name_field::<4>("abcdef"), [97, 98, 99, 0]);
        assert_eq!(text_of("a\0b").as_bytes(), b"a");
    }
}
