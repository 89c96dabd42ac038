//! What is shown of Exposure Notification: JSON documents, sentences in English and Japanese, and the HTML page.
//!
//! The library reads no clock, no network, no environment and no file: callers hand in bytes and the time.

pub mod document;
mod language;
pub mod log;
pub mod page;
pub mod read;
pub mod text;

pub use language::Language;
