//! Bytes as JavaScript gives them.

use js_sys::{Reflect, Symbol, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

/// The bytes of a `Uint8Array`; of anything else, a sentence that says what to give.
///
/// Without this check, an `ArrayBuffer` is an empty file: the glue asks it for `length`, which it does not have.
pub(crate) fn bytes(name: &str, given: &JsValue) -> Result<Vec<u8>, String> {
    // By its tag: an array that comes from another frame is no instance of this one's class.
    let tag = Reflect::get(given, &Symbol::to_string_tag()).ok().and_then(|tag| tag.as_string());
    match tag.as_deref() {
        Some("Uint8Array") => Ok(given.unchecked_ref::<Uint8Array>().to_vec()),
        Some("ArrayBuffer") => Err(format!("{name} is an ArrayBuffer: give new Uint8Array({name})")),
        _ => Err(format!("{name} is no Uint8Array")),
    }
}
