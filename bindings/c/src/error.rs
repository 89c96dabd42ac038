//! What a call answers.

use std::ffi::{CString, c_char};

/// What a function answers. Whatever is not `GAEN_STATUS_OK` made an error, which says more.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GaenStatus {
    /// The call did what it should.
    Ok = 0,
    /// An argument, a file or a store is at fault.
    Error = 1,
    /// A pointer is null that must not be.
    NullPointer = 2,
    /// The library has a fault, and stopped the call. Nothing that you hold is damaged. Please report it.
    Panic = 3,
}

/// Why a call failed: a stable code for programs, and a sentence for people.
#[derive(Debug)]
pub struct GaenError {
    pub(crate) code: CString,
    pub(crate) message: CString,
}

/// The code of an error, such as "row" or "no_rows". It stays the same from version to version. The text belongs to the
/// error. NULL if `error` is null.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_error_code(error: Option<&GaenError>) -> *const c_char {
    error.map_or(std::ptr::null(), |error| error.code.as_ptr())
}

/// The sentence of an error: what was found, where, and which rule it broke. The text belongs to the error. NULL if `error`
/// is null.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_error_message(error: Option<&GaenError>) -> *const c_char {
    error.map_or(std::ptr::null(), |error| error.message.as_ptr())
}

/// Frees an error and its texts. Null does nothing.
#[unsafe(no_mangle)]
pub extern "C" fn gaen_error_free(error: Option<Box<GaenError>>) {
    drop(error);
}
