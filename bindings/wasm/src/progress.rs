//! Tells a function of JavaScript how far a search is.

use gaen_desk::{Next, Progress};
use js_sys::{Function, Object, Reflect};
use wasm_bindgen::JsValue;

/// Tells the function, if there is one, and passes on what it answers or throws. Only `false` stops.
pub(crate) fn tell(function: Option<&Function>, progress: &Progress) -> Result<Next, JsValue> {
    let Some(function) = function else { return Ok(Next::Continue) };
    let answer = function.call1(&JsValue::UNDEFINED, &described(progress)?)?;
    Ok(if answer.as_bool() == Some(false) { Next::Stop } else { Next::Continue })
}

/// The progress as an object. No file here has more bytes than a number of JavaScript counts exactly.
#[allow(clippy::cast_precision_loss)]
fn described(progress: &Progress) -> Result<JsValue, JsValue> {
    let &Progress { file, files, bytes, total_bytes, keys } = progress;
    let object = Object::new();
    for (name, value) in [
        ("file", file as f64),
        ("files", files as f64),
        ("bytes", bytes as f64),
        ("totalBytes", total_bytes as f64),
        ("keys", keys as f64),
    ] {
        Reflect::set(&object, &name.into(), &value.into())?;
    }
    Ok(object.into())
}
