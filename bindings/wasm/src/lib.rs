//! The desk for JavaScript: files in memory, what each is, and the documents that follow from them.
//!
//! Everything that has a meaning is in `gaen-desk`. Settings, overviews and documents cross the border as text, so that
//! documents are the command's byte for byte.
#![warn(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used)]

mod error;
mod helpers;
mod progress;

use gaen_app::FallibleObserver;
use gaen_desk::Settings;
use gaen_wasm_border::{bytes, coded};
use wasm_bindgen::prelude::*;

use crate::error::thrown;
use crate::progress::tell;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What a call throws: `code` stays the same from version to version, `message` is a sentence. */
export interface GaenError extends Error {
  readonly name: "GaenError";
  readonly code: string;
}

/** How far a search is. */
export interface Progress {
  /** The position of the file among those that are searched, from 0. */
  readonly file: number;
  /** The number of files that are searched. */
  readonly files: number;
  /** Bytes of this file's `export.bin` that were read. */
  readonly bytes: number;
  /** Bytes of this file's `export.bin` in all, as the file says. */
  readonly totalBytes: number;
  /** Keys that were found in this file. */
  readonly keys: number;
}

/** Is told how far a search is, at least at every MiB of a file. `false` stops the search, which then throws `cancelled`. */
export type Observer = (progress: Progress) => boolean | void;

/** The documents that there are. Each is the JSON that the command of this name prints. */
export type DocumentKind = "match" | "exposures" | "explain" | "log" | "judge" | "inspect" | "lint";

/** Carries tasks of a search to `Helper`s in other workers, and brings their answers. The package's `Helpers` is one. */
export interface TaskCarrier {
  /** How many tasks may be out at once. */
  readonly places: number;
  /** A search begins: tells every helper what was heard. No task or answer has over `taskBytes` bytes. */
  begin(heard: Uint8Array, taskBytes: number): void;
  /** Gives a task to an empty place; `false` if its helper takes none. */
  give(place: number, task: Uint8Array): boolean;
  /** Whether `answer` need not wait. */
  hasAnswered(place: number): boolean;
  /** Empties a place. Without an answer, the search does the task itself. */
  answer(place: number): Uint8Array | undefined;
  /** The search has ended. */
  end(): void;
}
"#;

#[wasm_bindgen]
extern "C" {
    /// A function that is told how far a search is.
    #[wasm_bindgen(extends = js_sys::Function, typescript_type = "Observer")]
    pub type Observer;
}

/// Files that somebody dropped, what each is, and the documents that follow from them.
///
/// A desk works on the thread that calls it: in a page, a worker's.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Desk(gaen_desk::Desk);

#[allow(clippy::needless_pass_by_value)] // What may be missing crosses the border by value alone.
#[wasm_bindgen]
impl Desk {
    /// An empty desk.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a file on the desk and returns its number. The content says what it is; the name is what documents call it.
    ///
    /// Throws `desk_full` if all files together would have over 256 MiB, and `not_bytes` for anything but a `Uint8Array`.
    ///
    /// # Errors
    /// As above.
    pub fn add(
        &mut self,
        name: String,
        #[wasm_bindgen(unchecked_param_type = "Uint8Array")] content: &JsValue,
    ) -> Result<u32, JsValue> {
        let content = bytes("content", content)?;
        self.0.add(name, content).map_err(|error| thrown(&error))
    }

    /// From now on, searches have helpers in other workers. Documents stay the same.
    #[wasm_bindgen(js_name = helpedBy)]
    pub fn helped_by(&mut self, helpers: helpers::TaskCarrier) {
        self.0.helped_by(helpers::Elsewhere(helpers));
    }

    /// Takes the file of this number off the desk. `false` if there is none.
    pub fn remove(&mut self, id: u32) -> bool {
        self.0.remove(id)
    }

    /// What lies on the desk, and which answers it allows, as JSON. `settings` is JSON, in which each field may be missing.
    ///
    /// # Errors
    /// Throws `settings` if they cannot be read.
    pub fn overview(&mut self, settings: &str) -> Result<String, JsValue> {
        let settings = Settings::read(settings).map_err(|error| thrown(&error))?;
        gaen_app::json(&self.0.overview(&settings)).map_err(|error| coded(error.code(), &error.to_string()))
    }

    /// A document, byte for byte as the command prints it for the same files. `id` is the number of the file that it is about.
    ///
    /// # Errors
    /// Throws `missing` if the desk lacks something that the document needs, and other codes.
    pub fn document(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "DocumentKind")] kind: &str,
        settings: &str,
        id: Option<u32>,
        progress: Option<Observer>,
    ) -> Result<String, JsValue> {
        let kind = kind.parse().map_err(|error| thrown(&error))?;
        let settings = Settings::read(settings).map_err(|error| thrown(&error))?;
        let mut observer = FallibleObserver::new(|done| tell(progress.as_deref(), &done));
        let written = self.0.document(kind, &settings, id, &mut observer);
        observer.outcome(written)?.map_err(|error| thrown(&error))
    }

    /// A document for a page to show: its fields are those of `document`, and its sentences are in the language of the settings.
    ///
    /// # Errors
    /// Those of `document`.
    pub fn shown(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "DocumentKind")] kind: &str,
        settings: &str,
        id: Option<u32>,
        progress: Option<Observer>,
    ) -> Result<String, JsValue> {
        let kind = kind.parse().map_err(|error| thrown(&error))?;
        let settings = Settings::read(settings).map_err(|error| thrown(&error))?;
        let mut observer = FallibleObserver::new(|done| tell(progress.as_deref(), &done));
        let written = self.0.shown(kind, &settings, id, &mut observer);
        observer.outcome(written)?.map_err(|error| thrown(&error))
    }

    /// The page of `gaen report`, which needs no network and no script.
    ///
    /// # Errors
    /// Those of `document`.
    pub fn report(&mut self, settings: &str, progress: Option<Observer>) -> Result<String, JsValue> {
        let settings = Settings::read(settings).map_err(|error| thrown(&error))?;
        let mut observer = FallibleObserver::new(|done| tell(progress.as_deref(), &done));
        let written = self.0.report(&settings, &mut observer);
        observer.outcome(written)?.map_err(|error| thrown(&error))
    }
}

/// Derives published identifiers and checks a published signature with this build. Throws `self_test` if an answer is wrong.
///
/// # Errors
/// As above.
#[wasm_bindgen(js_name = selfTest)]
pub fn self_test() -> Result<(), JsValue> {
    gaen_app::self_test().map(drop).map_err(|error| coded(error.code(), &error.to_string()))
}
