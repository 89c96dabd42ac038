//! Searches that have helpers in other workers: both sides.

use std::fmt;

use gaen_desk::{Helpers, TASK_BYTES};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Carries tasks to other workers.
    #[wasm_bindgen(typescript_type = "TaskCarrier")]
    pub type TaskCarrier;

    #[wasm_bindgen(method)]
    fn begin(this: &TaskCarrier, heard: &[u8], task_bytes: usize);

    #[wasm_bindgen(method, getter)]
    fn places(this: &TaskCarrier) -> usize;

    #[wasm_bindgen(method)]
    fn give(this: &TaskCarrier, place: usize, task: &[u8]) -> bool;

    #[wasm_bindgen(method, js_name = hasAnswered)]
    fn has_answered(this: &TaskCarrier, place: usize) -> bool;

    #[wasm_bindgen(method)]
    fn answer(this: &TaskCarrier, place: usize) -> Option<Vec<u8>>;

    #[wasm_bindgen(method)]
    fn end(this: &TaskCarrier);
}

/// Helpers in other workers, as the desk asks them.
pub(crate) struct Elsewhere(pub(crate) TaskCarrier);

impl fmt::Debug for Elsewhere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Elsewhere")
    }
}

impl Helpers for Elsewhere {
    fn begin(&mut self, heard: &[u8]) {
        self.0.begin(heard, TASK_BYTES);
    }

    fn places(&self) -> usize {
        self.0.places()
    }

    fn give(&mut self, place: usize, task: &[u8]) -> bool {
        self.0.give(place, task)
    }

    fn has_answered(&self, place: usize) -> bool {
        self.0.has_answered(place)
    }

    fn answer(&mut self, place: usize) -> Option<Vec<u8>> {
        self.0.answer(place)
    }

    fn end(&mut self) {
        self.0.end();
    }
}

/// Searches tasks of a search that another worker makes.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Helper(gaen_desk::Helper);

#[wasm_bindgen]
impl Helper {
    /// A helper of a search, which has told what was heard. `undefined` if no search tells it so.
    #[must_use]
    pub fn of(heard: &[u8]) -> Option<Self> {
        gaen_desk::Helper::new(heard).map(Self)
    }

    /// Searches a task. `undefined` if it is none, or finds more than an answer may hold.
    #[must_use]
    pub fn search(&self, task: &[u8]) -> Option<Vec<u8>> {
        self.0.search(task)
    }
}
