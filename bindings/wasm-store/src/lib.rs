//! Reads the sightings of databases for JavaScript: a module of its own, because SQLite is as large as all else together.
#![warn(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used)]

mod words;

use gaen_app::{Error, sightings_of_database};
use gaen_wasm_border::{bytes, told};
use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** The sightings of a database, for the desk. */
export interface FoundSightings {
  /** The program that wrote the database, as a name of a file. */
  readonly name: "microg.jsonl" | "ramble.jsonl" | "gaen.jsonl";
  /** JSON lines, byte for byte as `gaen store export DATABASE sightings` prints them. */
  readonly content: Uint8Array;
  /** The number of sightings. */
  readonly sightings: number;
  /** The number of rows with a wrong signal strength, which was replaced as the program itself does. */
  readonly repaired: number;
  /** The number of rows that cannot be sightings, by the name of the reason. */
  readonly skipped: Readonly<Record<string, number>>;
}
"#;

#[wasm_bindgen]
extern "C" {
    /// The sightings that were found.
    #[wasm_bindgen(typescript_type = "FoundSightings[]")]
    pub type Found;
}

/// Reads the sightings of a database of microG, of RaMBLE or of a store.
///
/// `language` is that of errors: `en` or `ja`. `log` is the file beside the database whose name ends in `-wal`. An empty `log`
/// says that there is no such file. Without `log`, a database that may have one throws `log_missing`: it could lack its newest
/// rows. An encrypted backup throws `backup_secret`: `databaseOf` of `loadBackup()` decrypts it.
///
/// # Errors
/// Throws an `Error` with a `code`: `backup_secret`, `log_missing`, `not_bytes`, `not_importable` and others.
#[allow(clippy::needless_pass_by_value)] // What may be missing crosses the border by value alone.
#[wasm_bindgen(js_name = sightingsOf)]
pub fn sightings_of(
    #[wasm_bindgen(unchecked_param_type = "Uint8Array")] database: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "\"en\" | \"ja\"")] language: &str,
    #[wasm_bindgen(unchecked_optional_param_type = "Uint8Array")] log: JsValue,
) -> Result<Found, JsValue> {
    let database = bytes("database", database)?;
    let log = (!log.is_null() && !log.is_undefined()).then(|| bytes("log", &log)).transpose()?;
    let told = |error: Error| told(error.code(), language, &error.to_string(), words::japanese(error.code()));
    let found = sightings_of_database(&database, log.as_deref()).map_err(told)?;
    let skipped = Object::new();
    for (reason, count) in found.skipped {
        set(&skipped, reason, number(count))?;
    }
    let object = Object::new();
    set(&object, "name", format!("{}.jsonl", found.program))?;
    set(&object, "content", Uint8Array::from(found.json_lines.as_slice()))?;
    set(&object, "sightings", number(found.sightings))?;
    set(&object, "repaired", number(found.repaired))?;
    set(&object, "skipped", skipped)?;
    Ok(JsValue::from(Array::of1(&object)).unchecked_into())
}

fn set(object: &Object, name: &str, value: impl Into<JsValue>) -> Result<bool, JsValue> {
    Reflect::set(object, &name.into(), &value.into())
}

/// A count of rows. A database here has fewer than a number of JavaScript counts exactly.
#[allow(clippy::cast_precision_loss)]
fn number(count: u64) -> f64 {
    count as f64
}
