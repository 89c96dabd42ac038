//! Decrypts backups for JavaScript: a module of its own, because few databases are encrypted.
#![warn(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used)]

mod words;

use gaen_app::{BackupSecret, Error, database_of_backup};
use gaen_wasm_border::{bytes, told};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

/// Decrypts a backup of a store, and returns the database of the store, not encrypted.
///
/// `language` is that of errors: `en` or `ja`. `secret` opens the backup: a passphrase, or a key that begins with
/// `AGE-SECRET-KEY-1`. Give the database to `sightingsOf`, with an empty `log`: none belongs to it. Then overwrite it
/// (`database.fill(0)`): it holds the device's own keys too.
///
/// # Errors
/// Throws an `Error` with a `code`: `wrong_key`, `not_a_backup`, `damaged_backup`, `not_bytes`, `too_much_work` and others.
#[wasm_bindgen(js_name = databaseOf)]
pub fn database_of(
    #[wasm_bindgen(unchecked_param_type = "Uint8Array")] backup: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "\"en\" | \"ja\"")] language: &str,
    secret: &str,
) -> Result<Uint8Array, JsValue> {
    let backup = bytes("backup", backup)?;
    let secret = match secret.trim() {
        key if key.starts_with("AGE-SECRET-KEY-1") => BackupSecret::Key(key),
        _ => BackupSecret::Passphrase(secret),
    };
    let told = |error: Error| told(error.code(), language, &error.to_string(), words::japanese(error.code()));
    let database = database_of_backup(&backup, &secret).map_err(told)?;
    Ok(Uint8Array::from(database.as_slice()))
}
