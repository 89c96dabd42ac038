//! What is shown of Exposure Notification: JSON documents, sentences in English and Japanese, and the HTML page.
//!
//! A [`Document`](document::Document) has two forms: JSON for programs, and text for people. [`matching`],
//! [`exposures`], [`explain`], [`compare`], [`inspect`], [`lint`] and [`log`] have one document each. [`page`] makes
//! the HTML page.
//!
//! The library reads no clock, no network, no environment and no file: callers hand in bytes and the time.

pub mod compare;
pub mod document;
mod dropped;
pub mod explain;
pub mod exposures;
pub mod findings;
pub mod inspect;
pub mod judge;
pub mod kit;
mod language;
pub mod lint;
pub mod log;
pub mod matching;
pub mod page;
mod problem;
pub mod publish;
pub mod read;
#[cfg(feature = "store")]
pub mod stored;
pub mod sweep;
pub mod text;
pub mod verdict;

pub use language::Language;
pub use problem::problem;
