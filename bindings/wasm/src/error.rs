//! Errors of the desk, as JavaScript throws them.

use gaen_wasm_border::coded;
use wasm_bindgen::JsValue;

/// The error of a call, as an `Error` with a code.
pub(crate) fn thrown(error: &gaen_desk::Error) -> JsValue {
    coded(error.code(), &error.to_string())
}
