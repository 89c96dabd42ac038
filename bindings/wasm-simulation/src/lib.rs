//! Makes worlds up for JavaScript: a module of its own, because few pages need one.
#![warn(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used)]

use gaen_wasm_border::coded;
use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A file that was made up. */
export interface MadeUpFile {
  readonly name: string;
  readonly content: Uint8Array;
}
"#;

#[wasm_bindgen]
extern "C" {
    /// Files that were made up.
    #[wasm_bindgen(typescript_type = "MadeUpFile[]")]
    pub type MadeUpFiles;
}

/// Files of a small made-up town: export files, their public key, and what one phone heard.
///
/// # Errors
/// Throws `simulation`, which no seed is known to cause.
#[wasm_bindgen]
pub fn simulated(seed: u64) -> Result<MadeUpFiles, JsValue> {
    let files = gaen_simulation::sample(seed).map_err(|error| coded("simulation", &error.to_string()))?;
    let made_up = Array::new();
    for (name, content) in files {
        let file = Object::new();
        Reflect::set(&file, &"name".into(), &name.into())?;
        Reflect::set(&file, &"content".into(), &Uint8Array::from(content.as_slice()).into())?;
        made_up.push(&file);
    }
    Ok(JsValue::from(made_up).unchecked_into())
}
