//! The whole meaning behind a browser's page: what dropped files are, what is missing for an answer, and the answers.
//!
//! ```
//! use gaen_desk::{Desk, DocumentKind, Settings};
//!
//! let mut desk = Desk::new();
//! for name in ["440-v1.pem", "day-1.zip", "day-2.zip", "sightings.jsonl"] {
//!     desk.add(name, std::fs::read(format!("../../demo/{name}"))?)?;
//! }
//! let settings = Settings::read(r#"{"now": 1601251200, "rules": [{"preset": "cocoa-v2"}]}"#)?;
//! let overview = desk.overview(&settings);
//! assert!(overview.answers[0].ready, "{:?}", overview.answers[0].missing);
//! let exposures = desk.document(DocumentKind::Exposures, &settings, None, &mut gaen_desk::NoObserver)?;
//! assert!(exposures.contains("notify"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A file is recognised by its content, never by its name. Documents equal those of the command byte for byte, because
//! the same parts write them. The desk reads no clock, no file and no network, and starts no thread. [`Helpers`] bring
//! threads of their own.
#![warn(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used)]
#![cfg_attr(
    test,
    allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used)
)]

mod answers;
mod content;
mod desk;
mod documents;
mod error;
mod export;
mod item;
mod material;
mod overview;
mod recognise;
mod rules;
mod settings;
#[cfg(test)]
mod tests;
mod trust;
mod words;

pub use gaen::matching::{Helper, Helpers, TASK_BYTES};
pub use gaen_app::{Next, NoObserver, Observer, Progress};

pub use answers::{Answer, AnswerKind};
pub use desk::{Desk, MOST_BYTES};
pub use documents::DocumentKind;
pub use error::Error;
pub use overview::{ItemView, Overview, PresetView, Problem, RuleView};
pub use settings::{RuleChoice, Settings};
