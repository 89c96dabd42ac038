//! What the modules for JavaScript share: bytes as it gives them, and errors as it throws them.
#![warn(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used)]

use js_sys::{Reflect, Symbol, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

/// The bytes of a `Uint8Array`.
///
/// Without this check, an `ArrayBuffer` is an empty file: the glue asks it for `length`, which it does not have.
///
/// # Errors
/// `not_bytes` for anything else, with a sentence that says what to give.
pub fn bytes(name: &str, given: &JsValue) -> Result<Vec<u8>, JsValue> {
    // By its tag: an array that comes from another frame is no instance of this one's class.
    let tag = Reflect::get(given, &Symbol::to_string_tag()).ok().and_then(|tag| tag.as_string());
    let message = match tag.as_deref() {
        Some("Uint8Array") => return Ok(given.unchecked_ref::<Uint8Array>().to_vec()),
        Some("ArrayBuffer") => format!("{name} is an ArrayBuffer: give new Uint8Array({name})"),
        _ => format!("{name} is no Uint8Array"),
    };
    Err(coded("not_bytes", &message))
}

/// An `Error` with a code.
#[must_use]
pub fn coded(code: &str, message: &str) -> JsValue {
    let error = js_sys::Error::new(message);
    error.set_name("GaenError");
    // A new object takes any property.
    let _ = Reflect::set(&error, &"code".into(), &code.into());
    error.into()
}

/// An `Error` with a code, in the reader's language: the Japanese sentence if that is `ja` and there is one, else the English.
#[must_use]
pub fn told(code: &str, language: &str, english: &str, japanese: Option<&str>) -> JsValue {
    coded(code, japanese.filter(|_| language == "ja").unwrap_or(english))
}
