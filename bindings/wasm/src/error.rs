//! Errors as JavaScript throws them.

use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// The error of a call, as an `Error` with a code.
pub(crate) fn thrown(error: &gaen_desk::Error) -> JsValue {
    coded(error.code(), &error.to_string())
}

/// An `Error` with a code.
pub(crate) fn coded(code: &str, message: &str) -> JsValue {
    let error = js_sys::Error::new(message);
    error.set_name("GaenError");
    // A new object takes any property.
    let _ = Reflect::set(&error, &"code".into(), &code.into());
    error.into()
}
